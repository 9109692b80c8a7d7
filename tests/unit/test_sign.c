#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/digest.h"
#include "crypto/sign.h"
#include "tests/unit/vec.h"

/* RFC 8032 section 7.1, test 2. */
static void
rfc8032_example(void **state)
{
	struct vec seed = vec_unhex("4ccd089b28ff96da9db6c346ec114e0f"
	    "5b8a319f35aba624da8cf6ed4fb8a6fb");
	struct vec pk = vec_unhex("3d4017c3e843895a92b70aa74d1b7ebc"
	    "9c982ccf2ec4968cc0cd55f12af4660c");
	struct vec want = vec_unhex("92a009a9f0d4cab8720e820b5f642540"
	    "a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
	    "387b2eaeb4302aeeb00d291612bb0c00");
	struct secret *s = vec_secret(seed.p, seed.n);
	uint8_t got[SIGN_PK], sig[SIGN_SIG];

	(void)state;
	assert_int_equal(sign_public(s, got), SQ_OK);
	assert_memory_equal(got, pk.p, SIGN_PK);
	assert_int_equal(sign_make(s, "\x72", 1, sig), SQ_OK);
	assert_memory_equal(sig, want.p, SIGN_SIG);
	assert_int_equal(sign_check(got, "\x72", 1, sig), SQ_OK);
	secret_free(s);
	vec_free(&seed);
	vec_free(&pk);
	vec_free(&want);
}

/* Every bit of the signature, the key and the message counts. */
static void
every_bit_counts(void **state)
{
	struct secret *s = vec_fill(9, SIGN_SEED);
	uint8_t msg[] = "checkpoint", pk[SIGN_PK], sig[SIGN_SIG];
	struct vec in[] = { { sig, SIGN_SIG }, { pk, SIGN_PK }, { msg, 10 } };

	(void)state;
	assert_int_equal(sign_public(s, pk), SQ_OK);
	assert_int_equal(sign_make(s, msg, 10, sig), SQ_OK);
	for (size_t i = 0; i < 3; i++)
		for (size_t bit = 0; bit < 8 * in[i].n; bit++) {
			in[i].p[bit / 8] ^= (uint8_t)(1 << bit % 8);
			assert_int_equal(sign_check(pk, msg, 10, sig),
			    SQ_EAUTH);
			in[i].p[bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
	assert_int_equal(sign_check(pk, msg, 9, sig), SQ_EAUTH);
	assert_int_equal(sign_check(pk, msg, 10, sig), SQ_OK);
	secret_free(s);
}

/* One seed per format and epoch, by the formula of FORMAT.md section 6. */
static void
seeds_differ_by_use(void **state)
{
	static const char *const use[] = { "note", "minisign", "ssh", "age" };
	static const char text[] = "sandyq/identity/1/ssh\x02\x01\x00\x00";
	struct digest_part part = { text, sizeof(text) - 1 };
	struct secret *id = vec_fill(5, SIGN_SEED), *got[8], *want = NULL;
	struct secret *none = NULL, *brief = vec_fill(5, 31);

	(void)state;
	for (unsigned i = 0; i < 8; i++)
		assert_int_equal(sign_seed(id, use[i % 4], i / 4, &got[i]),
		    SQ_OK);
	for (unsigned i = 0; i < 8; i++)
		for (unsigned k = 0; k < i; k++)
			assert_false(secret_eq(got[i], got[k]));
	for (unsigned i = 0; i < 8; i++)
		secret_free(got[i]);
	assert_int_equal(sign_seed(id, "ssh", 0x102, &got[0]), SQ_OK);
	assert_int_equal(digest_blake2b_key(id, &part, 1, &want), SQ_OK);
	assert_true(secret_eq(got[0], want));
	assert_int_equal(sign_seed(id, "tls", 0, &none), SQ_EINTERNAL);
	assert_int_equal(sign_seed(id, "", 0, &none), SQ_EINTERNAL);
	assert_int_equal(sign_seed(brief, "ssh", 0, &none), SQ_EINTERNAL);
	assert_null(none);
	secret_free(got[0]);
	secret_free(want);
	secret_free(id);
	secret_free(brief);
}

/* Check one signature given in hexadecimal; another length never holds. */
static bool
holds(const struct vec *pk, const struct vec *msg, const struct vec *sig)
{
	assert_int_equal(pk->n, SIGN_PK);
	return sig->n == SIGN_SIG &&
	    sign_check(pk->p, msg->p, msg->n, sig->p) == SQ_OK;
}

static void
wycheproof_ed25519(void **state)
{
	json_t *j = vec_json("wycheproof/ed25519_test.json"), *g, *t;
	size_t gi, ti, valid = 0, invalid = 0;
	bool ok;

	(void)state;
	json_array_foreach(json_object_get(j, "testGroups"), gi, g) {
		struct vec pk = vec_hex(json_object_get(g, "publicKey"), "pk");

		json_array_foreach(json_object_get(g, "tests"), ti, t) {
			struct vec msg = vec_hex(t, "msg");
			struct vec sig = vec_hex(t, "sig");

			ok = holds(&pk, &msg, &sig);
			vec_took_id("ed25519", "wycheproof/ed25519_test.json",
			    vec_u64(t, "tcId"), vec_is(t, "result", "valid"),
			    ok);
			assert_int_equal(ok, vec_is(t, "result", "valid"));
			valid += ok;
			invalid += !ok;
			vec_free(&msg);
			vec_free(&sig);
		}
		vec_free(&pk);
	}
	json_decref(j);
	assert_int_equal(valid, 88);
	assert_int_equal(invalid, 63);
}

static bool
flagged(const json_t *t, const char *flag)
{
	json_t *f;
	size_t i;

	json_array_foreach(json_object_get(t, "flags"), i, f)
		if (strcmp(json_string_value(f), flag) == 0)
			return true;
	return false;
}

/*
 * The rule: libsodium's strict verification decides.  In the terms of these
 * vectors it refuses any point of low order, as key or as R (and with them all
 * non-canonical encodings, which exist only of such points), and, having no
 * cofactor in its equation, any low-order residue.  It accepts a mere
 * component of low order.
 */
static void
cctv_strict_rule(void **state)
{
	json_t *j = vec_json("ed25519-cctv/ed25519vectors.json"), *t;
	size_t i, accepted = 0, refused = 0;
	bool ok, want;

	(void)state;
	json_array_foreach(j, i, t) {
		const char *text = json_string_value(json_object_get(t,
		    "msg"));
		struct vec pk = vec_hex(t, "key"), sig = vec_hex(t, "sig");
		struct vec msg = { NULL, strlen(text) };

		msg.p = (uint8_t *)strdup(text);
		want = !flagged(t, "low_order_A") &&
		    !flagged(t, "low_order_R") &&
		    !flagged(t, "low_order_residue");
		if (want) {
			assert_false(flagged(t, "non_canonical_A"));
			assert_false(flagged(t, "non_canonical_R"));
		}
		ok = holds(&pk, &msg, &sig);
		vec_took_id("ed25519",
		    "ed25519-cctv/ed25519vectors.json, libsodium's rule", i,
		    want, ok);
		assert_int_equal(ok, want);
		accepted += ok;
		refused += !ok;
		vec_free(&pk);
		vec_free(&sig);
		vec_free(&msg);
	}
	json_decref(j);
	assert_int_equal(accepted, 43);
	assert_int_equal(refused, 871);
}

/* The twelve cases of "Taming the many EdDSAs": only number 3 is accepted. */
static void
speccheck_strict_rule(void **state)
{
	json_t *j = vec_json("tlog-proofbundle/tests/fixtures/"
	    "ed25519_speccheck_cases.json"), *t;
	size_t i;

	(void)state;
	assert_int_equal(json_array_size(j), 12);
	json_array_foreach(j, i, t) {
		struct vec pk = vec_hex(t, "pub_key");
		struct vec msg = vec_hex(t, "message");
		struct vec sig = vec_hex(t, "signature");

		assert_int_equal(holds(&pk, &msg, &sig), i == 3);
		vec_took_id("ed25519",
		    "ed25519_speccheck_cases.json, libsodium's rule", i,
		    i == 3, i == 3);
		vec_free(&pk);
		vec_free(&msg);
		vec_free(&sig);
	}
	json_decref(j);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc8032_example),
		cmocka_unit_test(every_bit_counts),
		cmocka_unit_test(seeds_differ_by_use),
		cmocka_unit_test(wycheproof_ed25519),
		cmocka_unit_test(cctv_strict_rule),
		cmocka_unit_test(speccheck_strict_rule),
	};

	return cmocka_run_group_tests_name("sign", tests, vec_setup, NULL);
}
