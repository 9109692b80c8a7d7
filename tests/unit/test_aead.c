#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/aead.h"
#include "tests/unit/vec.h"

/* The two algorithms behind one shape: tag after the ciphertext. */
struct alg {
	size_t nonce;
	bool x;
};

static const struct alg plain = { AEAD_NONCE, false };
static const struct alg extended = { AEAD_XNONCE, true };

static enum sq_err
seal(const struct alg *a, const struct secret *k, const uint8_t *nonce,
    const struct vec *ad, const struct vec *pt, uint8_t *out)
{
	if (a->x)
		return aead_xseal(k, nonce, ad->p, ad->n, pt->p, pt->n, out,
		    out + pt->n);
	return aead_seal(k, nonce, ad->p, ad->n, pt->p, pt->n, out);
}

static enum sq_err
unseal(const struct alg *a, const struct secret *k, const uint8_t *nonce,
    const struct vec *ad, const uint8_t *ct, size_t n, uint8_t *pt)
{
	if (a->x)
		return aead_xopen(k, nonce, ad->p, ad->n, ct, n, ct + n, pt);
	return aead_open(k, nonce, ad->p, ad->n, ct, n + AEAD_TAG, pt);
}

/* One vector with a nonce of the right length. */
static bool
one_vector(const struct alg *a, const json_t *t)
{
	struct vec key = vec_hex(t, "key"), iv = vec_hex(t, "iv");
	struct vec ad = vec_hex(t, "aad"), msg = vec_hex(t, "msg");
	struct vec ct = vec_hex(t, "ct"), tag = vec_hex(t, "tag");
	struct secret *k = vec_secret(key.p, key.n);
	uint8_t *sealed = malloc(ct.n + AEAD_TAG);
	uint8_t *pt = malloc(ct.n + 1);
	bool valid = vec_is(t, "result", "valid");
	enum sq_err e;

	assert_non_null(sealed);
	assert_non_null(pt);
	assert_int_equal(tag.n, AEAD_TAG);
	memcpy(sealed, ct.p, ct.n);
	memcpy(sealed + ct.n, tag.p, AEAD_TAG);
	memset(pt, 0xEE, ct.n + 1);
	e = unseal(a, k, iv.p, &ad, sealed, ct.n, pt);
	if (!a->x)
		assert_int_equal(aead_check(k, iv.p, ad.p, ad.n, sealed,
		    ct.n + AEAD_TAG), e);
	assert_int_equal(e, valid ? SQ_OK : SQ_EAUTH);
	assert_int_equal(pt[ct.n], 0xEE);
	if (valid) {
		assert_int_equal(msg.n, ct.n);
		assert_memory_equal(pt, msg.p, msg.n);
		memset(sealed, 0, ct.n + AEAD_TAG);
		assert_int_equal(seal(a, k, iv.p, &ad, &msg, sealed), SQ_OK);
		assert_memory_equal(sealed, ct.p, ct.n);
		assert_memory_equal(sealed + ct.n, tag.p, AEAD_TAG);
		/* and in place */
		memcpy(pt, msg.p, msg.n);
		assert_int_equal(unseal(a, k, iv.p, &ad, sealed, ct.n,
		    sealed), SQ_OK);
		assert_memory_equal(sealed, msg.p, msg.n);
	} else
		for (size_t i = 0; i < ct.n; i++)
			assert_int_equal(pt[i], 0);
	free(sealed);
	free(pt);
	secret_free(k);
	vec_free(&key);
	vec_free(&iv);
	vec_free(&ad);
	vec_free(&msg);
	vec_free(&ct);
	vec_free(&tag);
	return valid;
}

/*
 * All vectors of a file.  A nonce of another length cannot be said through
 * our interface; the vectors call every such case invalid.
 */
static void
all_vectors(const struct alg *a, const char *name, size_t want_valid,
    size_t want_invalid, size_t want_nonce)
{
	json_t *j = vec_json(name), *g, *t;
	size_t gi, ti, valid = 0, invalid = 0, nonce = 0;

	json_array_foreach(json_object_get(j, "testGroups"), gi, g)
		json_array_foreach(json_object_get(g, "tests"), ti, t) {
			if (vec_u64(g, "ivSize") != 8 * a->nonce) {
				assert_true(vec_is(t, "result", "invalid"));
				nonce++;
			} else if (one_vector(a, t))
				valid++;
			else
				invalid++;
			/* one_vector fails the test where they differ */
			vec_took_id("aead", name, vec_u64(t, "tcId"),
			    vec_is(t, "result", "valid"), vec_is(t, "result",
			    "valid"));
		}
	json_decref(j);
	assert_int_equal(valid, want_valid);
	assert_int_equal(invalid, want_invalid);
	assert_int_equal(nonce, want_nonce);
}

static void
wycheproof_chacha20(void **state)
{
	(void)state;
	all_vectors(&plain, "wycheproof/chacha20_poly1305_test.json", 256, 60,
	    9);
}

static void
wycheproof_xchacha20(void **state)
{
	(void)state;
	all_vectors(&extended, "wycheproof/xchacha20_poly1305_test.json", 246,
	    60, 9);
}

/* Every bit of what is sealed, of the nonce, the data and the key counts. */
static void
every_bit_counts_of(const struct alg *a)
{
	uint8_t text[] = "testimony", adata[] = "bound to", out[25], pt[9];
	uint8_t nonce[AEAD_XNONCE] = { 1 };
	struct vec ad = { adata, 8 }, msg = { text, 9 };
	struct secret *k = vec_fill(3, AEAD_KEY);
	struct { uint8_t *p; size_t n; } in[] = { { out, sizeof(out) },
	    { nonce, a->nonce }, { adata, 8 }, { secret_bytes(k), AEAD_KEY } };

	assert_int_equal(seal(a, k, nonce, &ad, &msg, out), SQ_OK);
	for (size_t i = 0; i < 4; i++)
		for (size_t bit = 0; bit < 8 * in[i].n; bit++) {
			in[i].p[bit / 8] ^= (uint8_t)(1 << bit % 8);
			memset(pt, 0xEE, sizeof(pt));
			assert_int_equal(unseal(a, k, nonce, &ad, out, 9, pt),
			    SQ_EAUTH);
			assert_true(bytes_zero(pt, sizeof(pt)));
			in[i].p[bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
	assert_int_equal(unseal(a, k, nonce, &ad, out, 9, pt), SQ_OK);
	assert_memory_equal(pt, text, 9);
	secret_free(k);
}

static void
every_bit_counts(void **state)
{
	(void)state;
	every_bit_counts_of(&plain);
	every_bit_counts_of(&extended);
}

/* Shorter than a tag, and keys of another length, never reach a cipher. */
static void
lengths_are_checked(void **state)
{
	struct secret *k = vec_fill(3, AEAD_KEY), *k31 = vec_fill(3, 31);
	uint8_t nonce[AEAD_XNONCE] = { 0 }, out[32], pt[32];

	(void)state;
	for (size_t n = 0; n < AEAD_TAG; n++)
		assert_int_equal(aead_open(k, nonce, NULL, 0, out, n, pt),
		    SQ_EAUTH);
	assert_int_equal(aead_seal(k31, nonce, NULL, 0, pt, 1, out),
	    SQ_EINTERNAL);
	assert_int_equal(aead_open(k31, nonce, NULL, 0, out, 17, pt),
	    SQ_EINTERNAL);
	assert_int_equal(aead_xseal(k31, nonce, NULL, 0, pt, 1, out, out + 1),
	    SQ_EINTERNAL);
	assert_int_equal(aead_xopen(k31, nonce, NULL, 0, out, 1, out + 1, pt),
	    SQ_EINTERNAL);
	assert_int_equal(aead_check(k31, nonce, NULL, 0, out, 17),
	    SQ_EINTERNAL);
	assert_int_equal(aead_check(k, nonce, NULL, 0, out, 15), SQ_EAUTH);
	secret_free(k);
	secret_free(k31);
}

/* More than a nonce may seal, 256 GiB, is refused before a byte is read. */
static void
too_much_for_a_nonce(void **state)
{
	struct secret *k = vec_fill(1, AEAD_KEY);
	const size_t most = (size_t)0xFFFFFFFF * 64, n = most + 1;
	static const uint8_t nonce[AEAD_XNONCE];
	uint8_t none[AEAD_TAG] = { 0 };

	(void)state;
	assert_int_equal(aead_seal(k, nonce, NULL, 0, none, n, none),
	    SQ_ELIMIT);
	assert_int_equal(aead_xseal(k, nonce, NULL, 0, none, n, none, none),
	    SQ_ELIMIT);
	assert_int_equal(aead_open(k, nonce, NULL, 0, none, n + AEAD_TAG,
	    none), SQ_EAUTH);
	assert_int_equal(aead_check(k, nonce, NULL, 0, none, n + AEAD_TAG),
	    SQ_EAUTH);
	secret_free(k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wycheproof_chacha20),
		cmocka_unit_test(wycheproof_xchacha20),
		cmocka_unit_test(every_bit_counts),
		cmocka_unit_test(lengths_are_checked),
		cmocka_unit_test(too_much_for_a_nonce),
	};

	return cmocka_run_group_tests_name("aead", tests, vec_setup, NULL);
}
