/*
 * RFC 3161: foreign tokens with the results stated of them, and forgeries by
 * an authority of our own, one at a time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "crypto/tsp.h"
#include "tests/unit/peer.h"
#include "tests/unit/vec.h"

/* --- foreign tokens ------------------------------------------------------- */

struct foreign {
	const char *name;	/* of the case, unique */
	const char *dir;
	const char *token, *data, *request, *roots;
	bool stated, ours;
};

#define OWN "rfc3161-openssl-selfmade"
#define TOB "rfc3161-trailofbits"

static const struct foreign foreign[] = {
	{ OWN "/valid", OWN, "valid.tsr", "data", NULL, "root.pem",
	    true, true },
	{ OWN "/valid-by-query", OWN, "valid.tsr", "data", "query.tsq",
	    "root.pem", true, true },
	{ OWN "/other-nonce", OWN, "valid.tsr", "data", "othernonce.tsq",
	    "root.pem", false, false },
	{ OWN "/wrong-data", OWN, "valid.tsr", "data-other", NULL,
	    "root.pem", false, false },
	{ OWN "/no-cert", OWN, "valid-no-embedded-cert.tsr", "data", NULL,
	    "root.pem", false, false },
	{ OWN "/bad-signature", OWN, "bad-signature.tsr", "data", NULL,
	    "root.pem", false, false },
	{ OWN "/trailing-garbage", OWN, "valid-with-trailing-garbage.tsr",
	    "data", NULL, "root.pem", true, false },
	{ OWN "/expired-at-gentime", OWN, "expired-tsa.tsr", "data", NULL,
	    "old-root.pem", true, true },
	{ OWN "/after-expiry-at-gentime", OWN, "signed-after-expiry.tsr",
	    "data", NULL, "old-root.pem", false, false },
	{ OWN "/after-expiry-attime-lie", OWN, "signed-after-expiry.tsr",
	    "data", NULL, "old-root.pem", true, false },
	{ OWN "/forged-non-tsa-cert", OWN, "forged-nontsa.tok", "data", NULL,
	    "root.pem", false, false },
	{ TOB "/sigstage-sha256", TOB "/sigstage", "response-sha256.tsr",
	    "=hello", NULL, "ts_chain.pem", true, true },
	{ TOB "/sigstage-sha384", TOB "/sigstage", "response-sha384.tsr",
	    "=hello", NULL, "ts_chain.pem", true, true },
	{ TOB "/sigstage-sha512", TOB "/sigstage", "response-sha512.tsr",
	    "=hello", NULL, "ts_chain.pem", true, true },
	{ TOB "/sigstage-invalid-signature", TOB "/sigstage",
	    "response-invalid-signature.tsr", "=hello", NULL,
	    "ts_chain.pem", false, false },
	{ TOB "/sigstage-no-embedded-cert", TOB "/sigstage",
	    "response-no-embedded-cert.tsr", "=hello", NULL, "ts_chain.pem",
	    true, true },
	{ TOB "/test-tsa", TOB "/test_tsa", "response.tsr", "=hello",
	    "request.der", "ts_chain.pem", true, true },
	{ TOB "/test-tsa-other-request", TOB "/test_tsa", "response.tsr",
	    "=hello", "other_request.der", "ts_chain.pem", false, false },
	{ TOB "/test-tsa-other-authority", TOB "/test_tsa",
	    "other_response.tsr", "=hello", NULL, "ts_chain.pem", false,
	    false },
	{ TOB "/test-tsa-injected-certs", TOB "/test_tsa",
	    "response-injected-certs.tsr", "=hello", NULL, "ts_chain.pem",
	    true, true },
	{ TOB "/mock-expired", TOB "/sigstore.mock", "response-expired.tsr",
	    "payload", NULL, "ts_chain.pem", false, true },
	{ TOB "/identrust-issue-104", TOB "/identrust", "issue-104.tsr",
	    "=hello", NULL, "ts_chain.pem", true, true },
};

/* A file of the vectors, or the text behind "=". */
static struct tsp_bytes
piece(const struct foreign *f, const char *name)
{
	struct tsp_bytes b = { NULL, 0 };
	char path[256];

	if (name == NULL)
		return b;
	if (name[0] == '=') {
		b.p = strdup(name + 1);
		b.n = strlen(name + 1);
		return b;
	}
	(void)snprintf(path, sizeof(path), "%s/%s", f->dir, name);
	b.p = peer_read(vec_path(path), &b.n);
	return b;
}

static void
test_foreign(void **state)
{
	struct tsp_in in;
	struct tsp_token t;
	struct why why;
	enum sq_err e;
	bool ours;
	size_t bad = 0;

	(void)state;
	vec_need(OWN "/cases.tsv");
	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
		const struct foreign *f = &foreign[i];

		memset(&in, 0, sizeof(in));
		why.text[0] = '\0';
		in.data = piece(f, f->data);
		in.token = piece(f, f->token);
		in.request = piece(f, f->request);
		in.roots = piece(f, f->roots);
		e = tsp_check(&in, &t, &why);
		ours = e == SQ_OK && t.trusted;
		vec_said("rfc3161", f->name, f->stated ? "OK" : "FAILED",
		    ours ? "OK" : "FAILED");
		if (ours != f->ours) {
			print_error("%s: %s%s\n", f->name, why.text,
			    e == SQ_OK ? t.doubt : "");
			bad++;
		}
		/* the certificate that was slipped in is not who signed */
		if (strstr(f->name, "injected") != NULL)
			assert_string_equal(t.who,
			    "CN=Test TSA Timestamping,O=local");
		/* what is refused is refused with a reason */
		if (e != SQ_OK)
			assert_true(why.text[0] != '\0');
		free((void *)(uintptr_t)in.data.p);
		free((void *)(uintptr_t)in.token.p);
		free((void *)(uintptr_t)in.request.p);
		free((void *)(uintptr_t)in.roots.p);
	}
	assert_int_equal(bad, 0);
}

/* --- an authority of our own ---------------------------------------- */

static const char text[] = "a line that was stamped\n";
static const char *dir;
static struct {
	struct bytes_buf q;
	char *r;
	size_t n;
	char *root, *root2;
	size_t n_root, n_root2;
} a;

/* Run the script of the authority in its folder. */
static void
tsa(const char *words)
{
	char cmd[512], here[256];

	assert_non_null(getcwd(here, sizeof(here)));
	(void)snprintf(cmd, sizeof(cmd), "sh '%s/tests/tsa.sh' . %s", here,
	    words);
	if (peer_run(dir, cmd) != 0)
		fail_msg("tsa.sh %s", words);
}

static char *
from_dir(const char *name, size_t *n)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	return peer_read(path, n);
}

static int
setup(void **state)
{
	uint8_t h[DIGEST_LEN];

	(void)state;
	dir = peer_dir();
	tsa("make");
	digest_sha256(h, text, strlen(text));
	assert_int_equal(tsp_request(h, &a.q), SQ_OK);
	peer_write(dir, "q.tsq", a.q.p, a.q.len);
	tsa("stamp tsa q.tsq r.tsr");
	a.r = from_dir("r.tsr", &a.n);
	a.root = from_dir("root.pem", &a.n_root);
	a.root2 = from_dir("root2.pem", &a.n_root2);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	bytes_free(&a.q);
	free(a.r);
	free(a.root);
	free(a.root2);
	peer_done(dir);
	return 0;
}

/* What is right, to be spoilt. */
static struct tsp_in
good(void)
{
	struct tsp_in in = { .data = { text, strlen(text) },
	    .request = { a.q.p, a.q.len }, .token = { a.r, a.n },
	    .roots = { a.root, a.n_root } };

	return in;
}

/* The check fails, and says words. */
static void
fails(const struct tsp_in *in, enum sq_err want, const char *words)
{
	struct tsp_token t;
	struct why why = { "" };

	assert_int_equal(tsp_check(in, &t, &why), want);
	assert_false(t.trusted);
	if (strstr(why.text, words) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", words, why.text);
}

static void
test_request(void **state)
{
	struct bytes_buf again = { 0 };
	uint8_t h[DIGEST_LEN], got[DIGEST_LEN];

	(void)state;
	digest_sha256(h, text, strlen(text));
	assert_int_equal(tsp_request_of(a.q.p, a.q.len, got), SQ_OK);
	assert_memory_equal(got, h, DIGEST_LEN);
	/* another nonce each time */
	assert_int_equal(tsp_request(h, &again), SQ_OK);
	assert_int_equal(again.len, a.q.len);
	assert_memory_not_equal(again.p, a.q.p, a.q.len);
	assert_int_equal(tsp_request_of(again.p, again.len - 1, got),
	    SQ_EFORMAT);
	bytes_put_u8(&again, 0);
	assert_int_equal(tsp_request_of(again.p, again.len, got),
	    SQ_EFORMAT);
	assert_int_equal(tsp_request_of("", 0, got), SQ_EFORMAT);
	bytes_free(&again);
	/* openssl reads it: SHA-256, a nonce, the certificate wanted */
	assert_int_equal(peer_run(dir, "openssl ts -query -in q.tsq -text >t "
	    "&& grep -q 'Hash Algorithm: sha256' t && grep -q 'Nonce: 0x' t "
	    "&& grep -q 'Certificate required: yes' t"), 0);
}

static void
test_good(void **state)
{
	struct tsp_in in = good();
	struct tsp_token t;
	struct why why;

	(void)state;
	assert_int_equal(tsp_check(&in, &t, &why), SQ_OK);
	assert_true(t.trusted);
	assert_string_equal(t.who, "CN=Test Authority");
	assert_int_equal(strlen(t.time), 20);
	assert_true(t.unix_time > 1700000000);
	assert_int_equal(tsp_answers(&in.request, &in.token), SQ_OK);
	/* the token alone, as some authorities hand it out */
	assert_int_equal(peer_run(dir, "openssl ts -reply -in r.tsr "
	    "-token_out -out r.tok"), 0);
	in.token.p = from_dir("r.tok", &in.token.n);
	assert_int_equal(tsp_check(&in, &t, &why), SQ_OK);
	assert_true(t.trusted);
	free((void *)(uintptr_t)in.token.p);
}

/* Nobody vouches for who signed: everything else holds, and that is said. */
static void
test_unknown_authority(void **state)
{
	struct tsp_in in = good();
	struct tsp_token t;
	struct why why;

	(void)state;
	in.roots = (struct tsp_bytes){ NULL, 0 };
	assert_int_equal(tsp_check(&in, &t, &why), SQ_OK);
	assert_false(t.trusted);
	assert_true(t.doubt[0] != '\0');
	in.roots = (struct tsp_bytes){ a.root2, a.n_root2 };
	assert_int_equal(tsp_check(&in, &t, &why), SQ_OK);
	assert_false(t.trusted);
	assert_true(t.doubt[0] != '\0');
	in.roots = (struct tsp_bytes){ "not PEM", 7 };
	fails(&in, SQ_EUSAGE, "PEM");
}

static void
test_other_bytes(void **state)
{
	struct tsp_in in = good();

	(void)state;
	in.data = (struct tsp_bytes){ "another line\n", 13 };
	fails(&in, SQ_EAUTH, "other bytes");
}

static void
test_wrong_nonce(void **state)
{
	struct bytes_buf q = { 0 };
	struct tsp_in in = good();
	uint8_t h[DIGEST_LEN];

	(void)state;
	digest_sha256(h, text, strlen(text));
	assert_int_equal(tsp_request(h, &q), SQ_OK);
	in.request = (struct tsp_bytes){ q.p, q.len };
	fails(&in, SQ_EAUTH, "another request");
	assert_int_equal(tsp_answers(&in.request, &in.token), SQ_ENOENT);
	bytes_free(&q);
}

static void
test_trailing(void **state)
{
	struct tsp_in in = good();
	char *longer = calloc(1, a.n + 1);

	(void)state;
	memcpy(longer, a.r, a.n);
	in.token = (struct tsp_bytes){ longer, a.n + 1 };
	fails(&in, SQ_EFORMAT, "behind");
	in.token.n = a.n - 1;
	fails(&in, SQ_EFORMAT, "answer");
	in.token.n = 0;
	fails(&in, SQ_EFORMAT, "empty");
	in.token.n = TSP_MAX + 1;
	fails(&in, SQ_ELIMIT, "large");
	free(longer);
}

/* Any byte changed: it does not hold, or nobody vouches for it. */
static void
test_flip(void **state)
{
	struct tsp_in in = good();
	char *t = malloc(a.n);
	struct tsp_token got;
	size_t held = 0;

	(void)state;
	memcpy(t, a.r, a.n);
	in.token.p = t;
	for (size_t i = 0; i < a.n; i += 3) {
		t[i] ^= 1;
		held += tsp_check(&in, &got, NULL) == SQ_OK && got.trusted;
		t[i] ^= 1;
	}
	/* some bytes are said by nobody: the status text, parameters */
	assert_in_range(held, 0, 12);
	free(t);
}

/* Sign what the good token states as somebody who may not. */
static void
forged(const char *who, enum sq_err want, const char *words)
{
	struct tsp_in in = good();
	char cmd[64];

	(void)snprintf(cmd, sizeof(cmd), "forge %s r.tsr f.tok", who);
	tsa(cmd);
	in.token.p = from_dir("f.tok", &in.token.n);
	fails(&in, want, words);
	free((void *)(uintptr_t)in.token.p);
}

static void
test_expired(void **state)
{
	(void)state;
	forged("past", SQ_EAUTH, "not valid at the time");
}

static void
test_not_critical(void **state)
{
	(void)state;
	forged("noncrit", SQ_EAUTH, "alone");
}

static void
test_extra_usage(void **state)
{
	(void)state;
	forged("extra", SQ_EAUTH, "alone");
}

static void
test_server(void **state)
{
	(void)state;
	forged("server", SQ_EAUTH, "alone");
}

/* The certificate of another signer of the same root in its place. */
static void
test_signer_swapped(void **state)
{
	struct tsp_in in = good();
	struct tsp_token t;

	(void)state;
	/* a good token of another root's authority is not of this one */
	tsa("stamp tsa2 q.tsq r2.tsr");
	in.token.p = from_dir("r2.tsr", &in.token.n);
	assert_int_equal(tsp_check(&in, &t, NULL), SQ_OK);
	assert_false(t.trusted);
	free((void *)(uintptr_t)in.token.p);
	/* signed by one, carrying the certificate of the other */
	assert_int_equal(peer_run(dir, "openssl ts -reply -in r.tsr "
	    "-token_out -out s.tok && openssl cms -verify -noverify -inform "
	    "DER -in s.tok -binary -out s.tst && openssl cms -sign -binary "
	    "-nodetach -cades -nosmimecap -nocerts -econtent_type "
	    "1.2.840.113549.1.9.16.1.4 -outform DER -signer tsa2.pem -inkey "
	    "tsa2.key -in s.tst -out s2.tok"), 0);
	in = good();
	in.token.p = from_dir("s2.tok", &in.token.n);
	in.chain.p = from_dir("tsa.pem", &in.chain.n);
	fails(&in, SQ_EAUTH, "certificate of its signer is not there");
	free((void *)(uintptr_t)in.token.p);
	free((void *)(uintptr_t)in.chain.p);
	/* our own forger without a trick makes a token that holds */
	tsa("forge tsa r.tsr ok.tok");
	in = good();
	in.token.p = from_dir("ok.tok", &in.token.n);
	assert_int_equal(tsp_check(&in, &t, NULL), SQ_OK);
	assert_true(t.trusted);
	free((void *)(uintptr_t)in.token.p);
}

static void
test_refused(void **state)
{
	static const char der[] = "\x30\x05\x30\x03\x02\x01\x02";
	struct tsp_in in = good();

	(void)state;
	in.token = (struct tsp_bytes){ der, 7 };
	fails(&in, SQ_EREFUSED, "status 2");
	assert_int_equal(tsp_answers(&in.request, &in.token), SQ_EREFUSED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_foreign),
		cmocka_unit_test(test_request),
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_unknown_authority),
		cmocka_unit_test(test_other_bytes),
		cmocka_unit_test(test_wrong_nonce),
		cmocka_unit_test(test_trailing),
		cmocka_unit_test(test_flip),
		cmocka_unit_test(test_expired),
		cmocka_unit_test(test_not_critical),
		cmocka_unit_test(test_extra_usage),
		cmocka_unit_test(test_server),
		cmocka_unit_test(test_signer_swapped),
		cmocka_unit_test(test_refused),
	};

	if (secret_init() != SQ_OK)
		return 1;
	return cmocka_run_group_tests(tests, setup, teardown);
}
