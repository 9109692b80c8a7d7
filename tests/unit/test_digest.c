#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <pthread.h>

#include <cmocka.h>

#include "crypto/digest.h"
#include "tests/unit/vec.h"

#define ABC_256 \
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define EMPTY_256 \
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

/* True if the n bytes are these in hexadecimal. */
static void
assert_hex(const uint8_t *p, size_t n, const char *hex)
{
	struct vec v = vec_unhex(hex);

	assert_int_equal(v.n, n);
	assert_memory_equal(p, v.p, n);
	vec_free(&v);
}

/* FIPS 180-4 and RFC 7693 examples. */
static void
known_answers(void **state)
{
	static const struct {
		enum digest_alg alg;
		size_t n;
		const char *hex;
	} abc[] = {
		{ DIGEST_SHA256, 32, ABC_256 },
		{ DIGEST_SHA512, 64,
		    "ddaf35a193617abacc417349ae204131"
		    "12e6fa4e89a97ea20a9eeee64b55d39a"
		    "2192992a274fc1a836ba3c23a3feebbd"
		    "454d4423643ce80e2a9ac94fa54ca49f" },
		{ DIGEST_BLAKE2B_512, 64,
		    "ba80a53f981c4d0d6a2797b69f12f6e9"
		    "4c212f14685ac4b74b12bb6fdbffa2d1"
		    "7d87c5392aab792dc252d5de4533cc95"
		    "18d38aa8dbf1925ab92386edd4009923" }
	};
	struct digest *d = NULL;
	uint8_t out[64];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(digest_new(abc[i].alg, &d), SQ_OK);
		/* twice, in pieces: the end starts afresh */
		for (int again = 0; again < 2; again++) {
			assert_int_equal(digest_add(d, "a", 1), SQ_OK);
			assert_int_equal(digest_add(d, NULL, 0), SQ_OK);
			assert_int_equal(digest_add(d, "bc", 2), SQ_OK);
			assert_int_equal(digest_end(d, out), SQ_OK);
			assert_hex(out, abc[i].n, abc[i].hex);
		}
		digest_free(d);
	}
	digest_free(NULL);
	digest_sha256(out, "", 0);
	assert_hex(out, 32, EMPTY_256);
	digest_sha256(out, NULL, 0);
	assert_hex(out, 32, EMPTY_256);
	digest_sha256(out, "abc", 3);
	assert_hex(out, 32, ABC_256);
}

/* One-shot, in parts and running agree for all lengths around the block. */
static void
parts_are_the_concatenation(void **state)
{
	uint8_t in[300], a[32], b[32], c[32];
	struct digest_part parts[3];
	struct digest *d = NULL;

	(void)state;
	bytes_random(in, sizeof(in));
	assert_int_equal(digest_new(DIGEST_SHA256, &d), SQ_OK);
	for (size_t n = 0; n <= sizeof(in); n++) {
		parts[0] = (struct digest_part){ in, n / 3 };
		parts[1] = (struct digest_part){ NULL, 0 };
		parts[2] = (struct digest_part){ in + n / 3, n - n / 3 };
		digest_sha256(a, in, n);
		digest_sha256v(b, parts, 3);
		assert_int_equal(digest_add(d, in, n), SQ_OK);
		assert_int_equal(digest_end(d, c), SQ_OK);
		assert_memory_equal(a, b, 32);
		assert_memory_equal(a, c, 32);
	}
	digest_free(d);
}

static void *
hash_in_a_thread(void *arg)
{
	uint8_t out[32], want[32];

	(void)bytes_unhex(want, 32, ABC_256);
	for (int i = 0; i < 20000; i++) {
		digest_sha256(out, "abc", 3);
		if (memcmp(out, want, 32) != 0)
			*(bool *)arg = true;
	}
	return NULL;
}

/* The idle context is shared by threads, yet never by two at once. */
static void
threads_do_not_meet(void **state)
{
	pthread_t t[4];
	bool wrong[4] = { false };

	(void)state;
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&t[i], NULL,
		    hash_in_a_thread, &wrong[i]), 0);
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_join(t[i], NULL), 0);
	for (int i = 0; i < 4; i++)
		assert_false(wrong[i]);
}

/* BLAKE2b: key, length and every part matter. */
static void
blake2b_binds_all(void **state)
{
	struct digest_part parts[] = { { "ab", 2 }, { "c", 1 } };
	struct digest_part whole = { "abc", 3 };
	struct secret *k = vec_fill(1, 32), *k2 = vec_fill(2, 32), *s = NULL;
	uint8_t a[64], b[64];

	(void)state;
	digest_blake2b(a, 32, NULL, parts, 2);
	assert_hex(a, 32, "bddd813c634239723171ef3fee98579b"
	    "94964e3bb1cb3e427262c8c068d52319");
	digest_blake2b(b, 32, NULL, &whole, 1);
	assert_memory_equal(a, b, 32);
	digest_blake2b(b, 32, k, parts, 2);
	assert_memory_not_equal(a, b, 32);
	digest_blake2b(a, 32, k2, parts, 2);
	assert_memory_not_equal(a, b, 32);
	assert_int_equal(digest_blake2b_key(k, parts, 2, &s), SQ_OK);
	assert_int_equal(secret_len(s), 32);
	assert_memory_equal(secret_cbytes(s), b, 32);
	digest_blake2b(a, 64, k, parts, 2);
	assert_memory_not_equal(a, b, 32);	/* not a mere prefix */
	secret_free(s);
	secret_free(k);
	secret_free(k2);
}

/* Wycheproof: a tag holds exactly if the vector says so. */
static void
wycheproof_hmac(void **state)
{
	json_t *j = vec_json("wycheproof/hmac_sha256_test.json"), *g, *t;
	size_t gi, ti, n = 0, valid = 0, bytes;
	uint8_t out[DIGEST_LEN];

	(void)state;
	json_array_foreach(json_object_get(j, "testGroups"), gi, g) {
		bytes = (size_t)vec_u64(g, "tagSize") / 8;
		json_array_foreach(json_object_get(g, "tests"), ti, t) {
			struct vec key = vec_hex(t, "key");
			struct vec msg = vec_hex(t, "msg");
			struct vec tag = vec_hex(t, "tag");
			struct secret *k = vec_secret(key.p, key.n);
			bool ok;

			digest_hmac256(out, k, msg.p, msg.n);
			ok = tag.n == bytes && bytes_eq(out, tag.p, bytes);
			assert_int_equal(ok, vec_is(t, "result", "valid"));
			vec_took_id("hmac and hkdf",
			    "wycheproof/hmac_sha256_test.json", n + 1,
			    vec_is(t, "result", "valid"), ok);
			valid += ok;
			n++;
			secret_free(k);
			vec_free(&key);
			vec_free(&msg);
			vec_free(&tag);
		}
	}
	json_decref(j);
	assert_int_equal(n, 174);
	assert_int_equal(valid, 66);
}

/* Wycheproof: the key as stated; too long a one is refused. */
static void
wycheproof_hkdf(void **state)
{
	json_t *j = vec_json("wycheproof/hkdf_sha256_test.json"), *g, *t;
	size_t gi, ti, n = 0, refused = 0;
	enum sq_err e;

	(void)state;
	json_array_foreach(json_object_get(j, "testGroups"), gi, g)
		json_array_foreach(json_object_get(g, "tests"), ti, t) {
			struct vec ikm = vec_hex(t, "ikm");
			struct vec salt = vec_hex(t, "salt");
			struct vec info = vec_hex(t, "info");
			struct vec okm = vec_hex(t, "okm");
			struct secret *k = vec_secret(ikm.p, ikm.n);
			struct secret *s = NULL;

			e = digest_hkdf256(k, salt.p, salt.n, info.p, info.n,
			    (size_t)vec_u64(t, "size"), &s);
			if (vec_is(t, "result", "valid")) {
				assert_int_equal(e, SQ_OK);
				assert_int_equal(secret_len(s), okm.n);
				assert_memory_equal(secret_cbytes(s), okm.p,
				    okm.n);
			} else {
				assert_int_equal(e, SQ_ELIMIT);
				refused++;
			}
			vec_took_id("hmac and hkdf",
			    "wycheproof/hkdf_sha256_test.json", n + 1,
			    vec_is(t, "result", "valid"), e == SQ_OK);
			n++;
			secret_free(s);
			secret_free(k);
			vec_free(&ikm);
			vec_free(&salt);
			vec_free(&info);
			vec_free(&okm);
		}
	json_decref(j);
	assert_int_equal(n, 86);
	assert_int_equal(refused, 3);
}

/* The bounds of RFC 5869 themselves. */
static void
hkdf_bounds(void **state)
{
	struct secret *k = vec_fill(7, 32), *s = NULL;

	(void)state;
	assert_int_equal(digest_hkdf256(k, NULL, 0, NULL, 0, 0, &s),
	    SQ_ELIMIT);
	assert_int_equal(digest_hkdf256(k, NULL, 0, NULL, 0, 255 * 32 + 1, &s),
	    SQ_ELIMIT);
	assert_int_equal(digest_hkdf256(k, NULL, 0, NULL, 0, SIZE_MAX, &s),
	    SQ_ELIMIT);
	assert_null(s);
	assert_int_equal(digest_hkdf256(k, NULL, 0, NULL, 0, 255 * 32, &s),
	    SQ_OK);
	assert_int_equal(secret_len(s), 255 * 32);
	secret_free(s);
	secret_free(k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_answers),
		cmocka_unit_test(parts_are_the_concatenation),
		cmocka_unit_test(threads_do_not_meet),
		cmocka_unit_test(blake2b_binds_all),
		cmocka_unit_test(wycheproof_hmac),
		cmocka_unit_test(wycheproof_hkdf),
		cmocka_unit_test(hkdf_bounds),
	};

	return cmocka_run_group_tests_name("digest", tests, vec_setup, NULL);
}
