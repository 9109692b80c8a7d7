/*
 * RFC 3161, by an authority that signs anything: each token is off in one way,
 * and is refused for that one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/tsa_make.h"

#define LEN(a) (sizeof(a) / sizeof((a)[0]))
#define NOT_STAMP "what was signed is not a time stamp"

/* --- tokens -------------------------------------------------------------- */

static const struct tsa_cert no_usage = { .usage = "" };
static const struct tsa_cert later = { .from = "20260314102201Z" };
static const struct tsa_cert over = { .to = "20260314102159Z" };
static const struct tsa_cert no_from = { .from = "in the spring" };
static const struct tsa_cert no_to = { .to = "20491331000000Z" };

static const struct {
	const char *name;
	struct tsa_token t;
	enum sq_err want;
	const char *words;
} bad[] = {
	{ "version 2", { .version = 2 }, SQ_EFORMAT, NOT_STAMP },
	{ "a month 13", { .time = "20261301000000Z" }, SQ_EFORMAT,
	    NOT_STAMP },
	{ "a time without a form", { .time = "today" }, SQ_EFORMAT,
	    NOT_STAMP },
	{ "the first second of all", { .time = "19700101000000Z" },
	    SQ_EFORMAT, NOT_STAMP },
	{ "a time before 1970", { .time = "19691231235959Z" }, SQ_EFORMAT,
	    NOT_STAMP },
	{ "the last fraction of 9999", { .time = "99991231235959.5Z" },
	    SQ_EAUTH, "not valid at the time" },
	{ "plain data signed", { .kind = NID_pkcs7_data }, SQ_EFORMAT,
	    NOT_STAMP },
	{ "a receipt signed", { .kind = NID_id_smime_ct_receipt },
	    SQ_EFORMAT, NOT_STAMP },
	{ "a byte behind", { .behind = true }, SQ_EFORMAT, NOT_STAMP },
	{ "a text signed", { .text = true }, SQ_EFORMAT, NOT_STAMP },
	{ "detached", { .detached = true }, SQ_EFORMAT, NOT_STAMP },
	{ "two signers", { .signers = 2 }, SQ_EFORMAT, "one signer" },
	{ "no signer", { .signers = -1 }, SQ_EFORMAT, "one signer" },
	{ "no certificate", { .bare = true }, SQ_EAUTH,
	    "certificate of its signer is not there" },
	{ "signed over SHA-1", { .signer_hash = NID_sha1 }, SQ_EUNSUPPORTED,
	    "broken hash" },
	{ "signed over MD5", { .said_hash = NID_md5 }, SQ_EUNSUPPORTED,
	    "broken hash" },
	{ "a stamp over SHA-1", { .hash = NID_sha1 }, SQ_EUNSUPPORTED,
	    "another hash" },
	{ "a hash cut short", { .hash_len = 31 }, SQ_EUNSUPPORTED,
	    "another hash" },
	{ "a short hash of a long name", { .hash = NID_sha512,
	    .hash_len = 32 }, SQ_EUNSUPPORTED, "another hash" },
	{ "no usage", { .cert = &no_usage }, SQ_EAUTH, "alone" },
	{ "signed before it was valid", { .cert = &later }, SQ_EAUTH,
	    "not valid at the time" },
	{ "signed after it was valid", { .cert = &over }, SQ_EAUTH,
	    "not valid at the time" },
	{ "valid from no time", { .cert = &no_from }, SQ_EAUTH,
	    "not valid at the time" },
	{ "valid to no time", { .cert = &no_to }, SQ_EAUTH,
	    "not valid at the time" },
};

static void
test_bad(void **state)
{
	struct bytes_buf b, r;
	struct tsp_in in;

	(void)state;
	for (size_t i = 0; i < LEN(bad); i++) {
		b = tsa_sign(&bad[i].t);
		in = tsa_given(&b);
		tsa_fails(bad[i].name, &in, bad[i].want, bad[i].words);
		/* in a response the same, or libcrypto takes it for none */
		r = tsa_answer(0, &b);
		in = tsa_given(&r);
		in.roots.p = NULL;
		assert_int_not_equal(tsp_check(&in, &(struct tsp_token){ 0 },
		    NULL), SQ_OK);
		bytes_free(&r);
		bytes_free(&b);
	}
}

static const struct {
	const char *name;
	struct tsa_token t;
	const char *time;
} good[] = {
	{ "as it should be", { .nonce = 9 }, "2026-03-14T10:22:00Z" },
	{ "without a nonce", { .version = 1 }, "2026-03-14T10:22:00Z" },
	{ "SHA-384", { .hash = NID_sha384 }, "2026-03-14T10:22:00Z" },
	{ "SHA-512", { .hash = NID_sha512 }, "2026-03-14T10:22:00Z" },
	{ "a fraction", { .time = "20260314102200.001Z" },
	    "2026-03-14T10:22:01Z" },
};

/* Bare, granted, and granted with modifications. */
static void
test_good(void **state)
{
	struct bytes_buf b, r;
	struct tsp_in in;

	(void)state;
	for (size_t i = 0; i < LEN(good); i++) {
		b = tsa_sign(&good[i].t);
		in = tsa_given(&b);
		tsa_holds(good[i].name, &in, good[i].time);
		for (uint8_t status = 0; status < 2; status++) {
			r = tsa_answer(status, &b);
			in = tsa_given(&r);
			tsa_holds(good[i].name, &in, good[i].time);
			bytes_free(&r);
		}
		bytes_free(&b);
	}
}

/* What is not a token at all, or is one and the authority says no. */
static void
test_answers(void **state)
{
	static const uint8_t data[] = { 0x30, 0x0F, 0x06, 0x09, 0x2A, 0x86,
	    0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x01, 0xA0, 0x02, 0x04, 0 };
	const struct tsa_token usual = { 0 };
	struct bytes_buf b = tsa_sign(&usual), r = tsa_answer(0, NULL);
	struct tsp_in in = tsa_given(&r);

	(void)state;
	/* granted, and nothing there */
	tsa_fails("no token", &in, SQ_EFORMAT, "not the answer");
	in.token = (struct tsp_bytes){ "\x30\x05\x30\x03\x02\x01", 7 };
	tsa_fails("no token, short", &in, SQ_EFORMAT, "not the answer");
	bytes_free(&r);
	/* waiting, and a token beside it: one of the two is a lie */
	r = tsa_answer(3, &b);
	in = tsa_given(&r);
	tsa_fails("waiting with a token", &in, SQ_EFORMAT, "not the answer");
	bytes_free(&r);
	r = tsa_answer(3, NULL);
	in = tsa_given(&r);
	tsa_fails("waiting", &in, SQ_EREFUSED, "status 3");
	in.token = (struct tsp_bytes){ data, sizeof(data) };
	tsa_fails("plain data", &in, SQ_EFORMAT, NOT_STAMP);
	in.token = (struct tsp_bytes){ NULL, 5 };
	tsa_fails("nothing", &in, SQ_EFORMAT, "empty");
	bytes_free(&r);
	bytes_free(&b);
}

/* --- what is beside the token -------------------------------------------- */

static const struct {
	const char *name;
	struct tsa_token asked, got;
	enum sq_err want;
} asked[] = {
	{ "the same nonce", { .nonce = 9 }, { .nonce = 9 }, SQ_OK },
	{ "a nonce that nobody asked for", { .nonce = 0 }, { .nonce = 9 },
	    SQ_OK },
	{ "another nonce", { .nonce = 9 }, { .nonce = 8 }, SQ_ENOENT },
	{ "a nonce left out", { .nonce = 9 }, { .nonce = 0 }, SQ_ENOENT },
	{ "another kind of hash", { .hash = NID_sha512 }, { .nonce = 0 },
	    SQ_ENOENT },
	{ "a hash not taken", { .hash = NID_sha1 }, { .hash = NID_sha1 },
	    SQ_ENOENT },
	{ "a hash of another length", { .hash_len = 20 },
	    { .hash_len = 20 }, SQ_ENOENT },
	{ "a request of version 2", { .version = 2 }, { .nonce = 0 },
	    SQ_EFORMAT },
};

static void
test_asked(void **state)
{
	struct bytes_buf q, b;
	struct tsp_bytes none = { NULL, 0 };
	uint8_t hash[DIGEST_LEN];
	struct tsp_in in;
	enum sq_err e;

	(void)state;
	for (size_t i = 0; i < LEN(asked); i++) {
		q = tsa_ask(&asked[i].asked);
		b = tsa_sign(&asked[i].got);
		in = tsa_given(&b);
		in.request = (struct tsp_bytes){ q.p, q.len };
		e = tsp_answers(&in.request, &in.token);
		if (e != asked[i].want)
			fail_msg("%s: %d", asked[i].name, e);
		if (e == SQ_OK)
			tsa_holds(asked[i].name, &in, "2026-03-14T10:22:00Z");
		else if (asked[i].got.hash == 0 && asked[i].got.hash_len == 0)
			tsa_fails(asked[i].name, &in, SQ_EAUTH, e == SQ_ENOENT ?
			    "another request" : "is not one");
		/* only a SHA-256 is one of ours */
		assert_int_equal(tsp_request_of(q.p, q.len, hash),
		    asked[i].asked.hash == 0 && asked[i].asked.hash_len == 0
		    && asked[i].asked.version == 0 ? SQ_OK : SQ_EFORMAT);
		assert_int_equal(tsp_answers(&none, &in.token), SQ_EFORMAT);
		in.request.n = TSP_MAX + 1;
		assert_int_equal(tsp_answers(&in.request, &in.token),
		    SQ_EFORMAT);
		bytes_free(&q);
		bytes_free(&b);
	}
}

/* The same nonce, the same kind of hash, and other bytes. */
static void
test_asked_other(void **state)
{
	const struct tsa_token w = { .nonce = 9 };
	struct bytes_buf q = tsa_ask(&w), b = tsa_sign(&w);
	struct tsp_in in = tsa_given(&b);
	uint8_t hash[DIGEST_LEN], *at;

	(void)state;
	digest_sha256(hash, TSA_TEXT, strlen(TSA_TEXT));
	at = memmem(q.p, q.len, hash, sizeof(hash));
	assert_non_null(at);
	*at ^= 1;
	in.request = (struct tsp_bytes){ q.p, q.len };
	assert_int_equal(tsp_answers(&in.request, &in.token), SQ_ENOENT);
	tsa_fails("other bytes asked", &in, SQ_EAUTH, "another request");
	bytes_free(&q);
	bytes_free(&b);
}

/* Of what is too large to be at hand the hash alone is given. */
static void
test_hash_alone(void **state)
{
	const struct tsa_token usual = { 0 }, wide = { .hash = NID_sha512 };
	struct bytes_buf b = tsa_sign(&usual), w = tsa_sign(&wide);
	uint8_t hash[DIGEST_LEN];
	struct tsp_in in = tsa_given(&b);

	(void)state;
	digest_sha256(hash, TSA_TEXT, strlen(TSA_TEXT));
	in.data.p = NULL;
	in.sha256 = hash;
	tsa_holds("by its hash", &in, "2026-03-14T10:22:00Z");
	hash[31] ^= 1;
	tsa_fails("another hash", &in, SQ_EAUTH, "other bytes");
	hash[31] ^= 1;
	/* whether it is their SHA-512 cannot be said: then it does not hold */
	in = tsa_given(&w);
	in.data.p = NULL;
	in.sha256 = hash;
	tsa_fails("a wider hash", &in, SQ_EAUTH, "other bytes");
	/* neither: the hash of nothing */
	in = tsa_given(&b);
	in.data = (struct tsp_bytes){ NULL, 0 };
	tsa_fails("no data", &in, SQ_EAUTH, "other bytes");
	bytes_free(&w);
	bytes_free(&b);
}

static void
test_roots(void **state)
{
	const struct tsa_token usual = { 0 };
	struct bytes_buf b = tsa_sign(&usual);
	struct tsp_in in = tsa_given(&b);

	(void)state;
	bytes_put_u8(&tsa_der, 0);
	in.roots = (struct tsp_bytes){ tsa_der.p, tsa_der.len };
	tsa_fails("a byte behind a root", &in, SQ_EUSAGE, "PEM or DER");
	in.roots.n = --tsa_der.len - 1;
	tsa_fails("a root cut short", &in, SQ_EUSAGE, "PEM or DER");
	in.roots.n = (size_t)INT32_MAX + 1;
	tsa_fails("a root beyond any size", &in, SQ_EUSAGE, "PEM or DER");
	/* a chain that is none only does not help */
	in = tsa_given(&b);
	in.chain = (struct tsp_bytes){ "none", 4 };
	tsa_holds("no chain", &in, "2026-03-14T10:22:00Z");
	bytes_free(&b);
}

/* A name too long for its place is cut between two characters. */
static void
test_long_name(void **state)
{
	char unit[120] = "x";		/* and then letters of two bytes */
	const struct tsa_cert c = { .unit = unit };
	const struct tsa_token w = { .cert = &c };
	struct bytes_buf b;
	struct tsp_in in;
	struct tsp_token t;

	(void)state;
	for (size_t i = 1; i + 2 < sizeof(unit); i += 2)
		memcpy(unit + i, "\xD2\x9B", 3);
	b = tsa_sign(&w);
	in = tsa_given(&b);
	assert_int_equal(tsp_check(&in, &t, NULL), SQ_OK);
	assert_int_equal(strlen(t.who), sizeof(t.who) - 2);
	assert_true(bytes_utf8(t.who, strlen(t.who)));
	bytes_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_asked),
		cmocka_unit_test(test_asked_other),
		cmocka_unit_test(test_hash_alone),
		cmocka_unit_test(test_roots),
		cmocka_unit_test(test_long_name),
	};

	return cmocka_run_group_tests(tests, tsa_setup, tsa_teardown);
}
