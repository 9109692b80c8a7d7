/*
 * Recipients and identities: Bech32 as BIP 173 has it, the strings of the age
 * specification, and everything that is nearly one.
 */
#include <stdio.h>

#include "tests/unit/age_help.h"

#include "crypto/age_int.h"
#include "crypto/bech32.h"

#define SPEC_ID "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFP" \
    "YYSJZGFPQ4EGAEX"
#define SPEC_RCPT "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73eq" \
    "unujwj"

static void
test_bip173(void **state)
{
	static const char *const good[] = { "a12uel5l",
	    ("an83characterlonghumanreadablepartthatcontainsthenumber1and"
	    "theexcludedcharactersbio1tt5tgs"),
	    "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw",
	    "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w",
	    "?1ezyfcl" };
	static const char *const bad[] = { "A12UEL5L", "pzry9x0s0muk",
	    "1pzry9x0s0muk", "x1b4n0q5v", "li1dgmt3", "de1lg7wt\xff",
	    "A1G7SGD8", "10a06t8", "1qzzfhee", "a12uel5m", "", "a1", "1" };
	struct bytes_buf b = { 0 };
	uint8_t out[32];

	(void)state;
	for (size_t i = 0; i < 5; i++)
		assert_true(bech32_check(good[i], strlen(good[i])));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(bech32_check(bad[i], strlen(bad[i])));
	assert_int_equal(bech32_decode("A", "A12UEL5L", 8, out, 0), SQ_OK);
	assert_int_equal(bech32_decode("a", "A12UEL5L", 8, out, 0),
	    SQ_EFORMAT);
	assert_int_equal(bech32_decode("abcdef", good[2], strlen(good[2]),
	    out, 20), SQ_OK);
	bytes_put_hex(&b, out, 20);
	assert_memory_equal(b.p, "00443214c74254b635cf84653a56d7c675be77df",
	    40);
	b.len = 0;
	bech32_encode("abcdef", out, 20, &b);
	assert_int_equal(b.len, strlen(good[2]));
	assert_memory_equal(b.p, good[2], b.len);
	bytes_free(&b);
}

/* Every length comes back, and one wrong character never does. */
static void
test_bech32_trip(void **state)
{
	struct bytes_buf b = { 0 };
	const char *padded = "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdccce"
	    "fvpysxf3pjxtptv";
	uint8_t in[40], out[40], was;

	(void)state;
	for (size_t n = 0; n <= sizeof(in); n++) {
		bytes_random(in, n);
		bech32_encode("AGE-X-", in, n, &b);
		assert_int_equal(bech32_decode("AGE-X-", (char *)b.p, b.len,
		    out, n), SQ_OK);
		assert_memory_equal(in, out, n);
		for (size_t i = 0; i < b.len; i++) {
			was = b.p[i];
			b.p[i] = was == 'Q' ? 'P' : 'Q';
			assert_int_equal(bech32_decode("AGE-X-", (char *)b.p,
			    b.len, out, n), SQ_EFORMAT);
			b.p[i] = was;
		}
		assert_int_equal(bech32_decode("AGE-X-", (char *)b.p,
		    b.len - 1, out, n), SQ_EFORMAT);
		b.len = 0;
	}
	/* a true checksum, but what is over behind 33 bytes is not zero */
	assert_true(bech32_check(padded, strlen(padded)));
	assert_int_equal(bech32_decode("tb", padded, strlen(padded), out, 33),
	    SQ_EFORMAT);
	bytes_free(&b);
}

static void
test_spec_strings(void **state)
{
	struct secret **list = NULL;
	struct bytes_buf b = { 0 };
	char rcpt[AGE_RECIPIENT_MAX];
	size_t n = 0;

	(void)state;
	assert_int_equal(age_identity_parse(SPEC_ID, strlen(SPEC_ID), &list,
	    &n), SQ_OK);
	assert_int_equal(n, 1);
	assert_int_equal(age_public(list[0], rcpt), SQ_OK);
	assert_string_equal(rcpt, SPEC_RCPT);
	assert_int_equal(age_identity_emit(list[0], &b), SQ_OK);
	assert_int_equal(b.len, strlen(SPEC_ID));
	assert_memory_equal(b.p, SPEC_ID, b.len);
	bytes_free(&b);
	free_identities(list, n);
}

static void
test_recipients(void **state)
{
	char s[128], *c;

	(void)state;
	assert_int_equal(age_recipient_check(SPEC_RCPT), SQ_OK);
	(void)snprintf(s, sizeof(s), "%s", SPEC_RCPT);
	for (c = s; *c != '\0'; c++) {
		/* one letter in capitals, one letter wrong */
		if (*c >= 'a' && *c <= 'z') {
			*c = (char)(*c - 'a' + 'A');
			assert_int_equal(age_recipient_check(s), SQ_EFORMAT);
			*c = (char)(*c - 'A' + 'a');
		}
		char was = *c;

		*c = was == 'q' ? 'p' : 'q';
		assert_int_equal(age_recipient_check(s), SQ_EFORMAT);
		*c = was;
	}
	for (c = s; *c != '\0'; c++)
		if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - 'a' + 'A');
	assert_int_equal(age_recipient_check(s), SQ_EFORMAT);
	assert_int_equal(age_recipient_check(""), SQ_EFORMAT);
	assert_int_equal(age_recipient_check("age1"), SQ_EFORMAT);
	assert_int_equal(age_recipient_check(SPEC_RCPT " "), SQ_EFORMAT);
	assert_int_equal(age_recipient_check(" " SPEC_RCPT), SQ_EFORMAT);
	assert_int_equal(age_recipient_check(SPEC_RCPT "\n"), SQ_EFORMAT);
	assert_int_equal(age_recipient_check(SPEC_ID), SQ_EFORMAT);
}

/* Points of low order make the shared secret known to everybody. */
static void
test_low_order(void **state)
{
	static const char *const points[] = {
	    "0000000000000000000000000000000000000000000000000000000000000000",
	    "0100000000000000000000000000000000000000000000000000000000000000",
	    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
	    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
	    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
	};
	struct bytes_buf b = { 0 };
	uint8_t p[32];
	char *s;

	(void)state;
	for (size_t i = 0; i < 7; i++) {
		assert_int_equal(bytes_unhex(p, 32, points[i]), SQ_OK);
		bech32_encode("age", p, 32, &b);
		s = bytes_str(&b);
		assert_non_null(s);
		assert_int_equal(age_recipient_check(s), SQ_EFORMAT);
		free(s);
	}
}

static void
test_other_recipients(void **state)
{
	struct bytes_buf b = { 0 };
	char *s;

	(void)state;
	assert_int_equal(age_recipient_check("age1tag1qt8lw0ual6avlwmwatk888"
	    "yqnmdamm7xfd0wak53ut6elz5c4swx2yqdj4e"), SQ_EUNSUPPORTED);
	assert_int_equal(age_recipient_check("age1pq1qqqq"), SQ_EUNSUPPORTED);
	assert_int_equal(age_recipient_check("age1tagpq1qq"),
	    SQ_EUNSUPPORTED);
	assert_int_equal(age_recipient_check("ssh-ed25519 AAAA x"),
	    SQ_EUNSUPPORTED);
	/* a plugin's, well formed; and the same with a slip of the pen */
	bech32_encode("age1yubikey", "0123456789abcdef0123456789abcdef0", 33,
	    &b);
	s = bytes_str(&b);
	assert_non_null(s);
	assert_int_equal(age_recipient_check(s), SQ_EUNSUPPORTED);
	s[strlen(s) - 1] = s[strlen(s) - 1] == 'q' ? 'p' : 'q';
	assert_int_equal(age_recipient_check(s), SQ_EFORMAT);
	free(s);
}

static enum sq_err
parse(const char *s, size_t want)
{
	struct secret **list = NULL;
	size_t n = 0;
	enum sq_err e = age_identity_parse(s, strlen(s), &list, &n);

	if (e != SQ_OK)
		assert_null(list);
	assert_int_equal(n, e == SQ_OK ? want : 0);
	free_identities(list, n);
	return e;
}

static void
test_identity_files(void **state)
{
	(void)state;
	assert_int_equal(parse(SPEC_ID "\n", 1), SQ_OK);
	assert_int_equal(parse("# created: x\n# public key: y\n" SPEC_ID "\n",
	    1), SQ_OK);
	assert_int_equal(parse("\r\n#\r\n" SPEC_ID "\r\n\r\n" SPEC_ID, 2),
	    SQ_OK);
	assert_int_equal(parse("", 0), SQ_EFORMAT);
	assert_int_equal(parse("# only a comment\n", 0), SQ_EFORMAT);
	assert_int_equal(parse(" " SPEC_ID "\n", 0), SQ_EFORMAT);
	assert_int_equal(parse(SPEC_ID " \n", 0), SQ_EFORMAT);
	assert_int_equal(parse(SPEC_ID "Q\n", 0), SQ_EFORMAT);
	assert_int_equal(parse(SPEC_ID "\n" SPEC_RCPT "\n", 0), SQ_EFORMAT);
	assert_int_equal(parse("AGE-SECRET-KEY-1GFPYYSJZ\n", 0), SQ_EFORMAT);
	assert_int_equal(parse("age-secret-key-1gfpyysjzgfpyysjzgfpyysjzgfpyy"
	    "sjzgfpyysjzgfpyysjzgfpyysjzgfpq4egaex\n", 0), SQ_EFORMAT);
	assert_int_equal(parse("AGE-SECRET-KEY-PQ-1XX76JRALNLXDMEW0CRK45QMCCH"
	    "4X06SE84UN3VPM33W6HWDX0H3SK3ZQFR\n", 0), SQ_EUNSUPPORTED);
	assert_int_equal(parse(SPEC_ID "\nAGE-PLUGIN-YUBIKEY-1QQQ\n", 0),
	    SQ_EUNSUPPORTED);
	assert_int_equal(parse("-----BEGIN AGE ENCRYPTED FILE-----\nAAAA\n",
	    0), SQ_EUNSUPPORTED);
	assert_int_equal(parse("age-encryption.org/v1\n", 0),
	    SQ_EUNSUPPORTED);
}

static void
test_keygen(void **state)
{
	struct secret *a = NULL, *b = NULL, **list = NULL;
	struct bytes_buf s = { 0 };
	char pa[AGE_RECIPIENT_MAX], pb[AGE_RECIPIENT_MAX];
	size_t n = 0;

	(void)state;
	assert_int_equal(age_keygen(&a), SQ_OK);
	assert_int_equal(age_keygen(&b), SQ_OK);
	assert_false(secret_eq(a, b));
	assert_int_equal(age_public(a, pa), SQ_OK);
	assert_int_equal(age_public(b, pb), SQ_OK);
	assert_string_not_equal(pa, pb);
	assert_int_equal(strlen(pa), 62);
	assert_int_equal(age_recipient_check(pa), SQ_OK);
	assert_int_equal(age_identity_emit(a, &s), SQ_OK);
	assert_int_equal(age_identity_parse((char *)s.p, s.len, &list, &n),
	    SQ_OK);
	assert_true(secret_eq(a, list[0]));
	free_identities(list, n);
	bytes_free(&s);
	secret_free(a);
	secret_free(b);
}

/*
 * Only the 64 characters are base64.  (libsodium also reads the bytes
 * 0xAB and 0xAF as + and /, so that a header's MAC would have several forms.)
 */
static void
test_base64_alphabet(void **state)
{
	uint8_t out[3];
	char s[4] = "AAAA";
	size_t good = 0, n;

	(void)state;
	for (int at = 0; at < 4; at++)
		for (int c = 0; c < 256; c++) {
			memcpy(s, "AAAA", 4);
			s[at] = (char)c;
			if (bytes_unb64(out, 3, s, 4, false, &n) == SQ_OK)
				good++;
		}
	assert_int_equal(good, 4 * 64);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bip173),
		cmocka_unit_test(test_bech32_trip),
		cmocka_unit_test(test_spec_strings),
		cmocka_unit_test(test_recipients),
		cmocka_unit_test(test_low_order),
		cmocka_unit_test(test_other_recipients),
		cmocka_unit_test(test_identity_files),
		cmocka_unit_test(test_keygen),
		cmocka_unit_test(test_base64_alphabet),
	};

	if (secret_init() != SQ_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
