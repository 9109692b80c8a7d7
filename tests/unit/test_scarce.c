/*
 * libcrypto gets no memory at its n-th request, for every n until the work is
 * done without one: what stands on it says that it failed, or gives the right
 * answer; never another one, and never an end of the program.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <openssl/crypto.h>
#include <openssl/pem.h>

#include "crypto/aead.h"
#include "crypto/digest.h"
#include "crypto/object.h"
#include "crypto/tsp.h"
#include "tests/unit/scarce.h"
#include "tests/unit/vec.h"

#define OWN "rfc3161-openssl-selfmade/"

/* --- memory that runs out ------------------------------------------------ */

static void *
get(size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return scarce_now() ? NULL : malloc(n);
}

static void *
more(void *p, size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return scarce_now() ? NULL : realloc(p, n);
}

static void
give(void *p, const char *file, int line)
{
	(void)file;
	(void)line;
	free(p);
}

/* --- what is done --------------------------------------------------------- */

static const char said[] = "what was said in the first year";

static bool
work_digest(void)
{
	static const enum digest_alg alg[] = { DIGEST_SHA256 };
	uint8_t out[64], want[DIGEST_LEN];
	struct digest *d = NULL;
	enum sq_err e;

	digest_sha256(want, said, sizeof(said));
	if ((e = digest_new(alg[0], &d)) == SQ_OK &&
	    (e = digest_add(d, said, sizeof(said))) == SQ_OK &&
	    (e = digest_end(d, out)) == SQ_OK)
		assert_memory_equal(out, want, sizeof(want));
	digest_free(d);
	return e == SQ_OK;
}

static struct secret *key;

static bool
work_hkdf(void)
{
	static uint8_t want[40];
	static bool known;
	struct secret *s = NULL;

	if (digest_hkdf256(key, "salt", 4, "info", 4, sizeof(want), &s) !=
	    SQ_OK) {
		assert_null(s);
		return false;
	}
	if (!known)
		memcpy(want, secret_cbytes(s), sizeof(want));
	known = true;
	assert_memory_equal(secret_cbytes(s), want, sizeof(want));
	secret_free(s);
	return true;
}

static bool
work_aead(void)
{
	static const uint8_t nonce[AEAD_NONCE];
	uint8_t ct[sizeof(said) + AEAD_TAG], pt[sizeof(said)];

	if (aead_seal(key, nonce, "ad", 2, said, sizeof(said), ct) != SQ_OK ||
	    aead_check(key, nonce, "ad", 2, ct, sizeof(ct)) != SQ_OK ||
	    aead_open(key, nonce, "ad", 2, ct, sizeof(ct), pt) != SQ_OK)
		return false;
	assert_memory_equal(pt, said, sizeof(said));
	return true;
}

/* One byte is another: it must not open, however little memory there is. */
static bool
work_forged(void)
{
	static const uint8_t nonce[AEAD_NONCE];
	uint8_t ct[sizeof(said) + AEAD_TAG], pt[sizeof(said)];
	enum sq_err e;

	if (aead_seal(key, nonce, "ad", 2, said, sizeof(said), ct) != SQ_OK)
		return false;
	ct[3] ^= 1;
	e = aead_open(key, nonce, "ad", 2, ct, sizeof(ct), pt);
	assert_int_not_equal(e, SQ_OK);
	assert_int_not_equal(aead_check(key, nonce, "ad", 2, ct, sizeof(ct)),
	    SQ_OK);
	return e == SQ_EAUTH;
}

static bool
work_object(void)
{
	static const uint8_t id[OBJECT_ID], salt[OBJECT_SALT], vault[16];
	uint8_t ct[sizeof(said) + AEAD_TAG], pt[sizeof(said)];
	struct object *o = NULL;
	bool ok = object_new(key, vault, id, salt, &o) == SQ_OK &&
	    object_seal(o, 0, true, said, sizeof(said), ct) == SQ_OK &&
	    object_check(o, 0, true, ct, sizeof(ct)) == SQ_OK &&
	    object_open(o, 0, true, ct, sizeof(ct), pt) == SQ_OK;

	if (ok)
		assert_memory_equal(pt, said, sizeof(said));
	object_free(o);
	return ok;
}

static void
test_primitives(void **state)
{
	(void)state;
	starve("SHA-256", work_digest);
	starve("HKDF", work_hkdf);
	starve("sealing", work_aead);
	starve("a forged chunk", work_forged);
	starve("an object", work_object);
}

/* --- time stamps --------------------------------------------------------- */

static struct {
	uint8_t *p;
	size_t n;
} token, lone, data, query, other, roots, der;

static void
load(const char *name, uint8_t **ret_p, size_t *ret_n)
{
	FILE *f = fopen(vec_path(name), "rb");

	assert_non_null(f);
	*ret_p = malloc(65536);
	assert_non_null(*ret_p);
	*ret_n = fread(*ret_p, 1, 65536, f);
	(void)fclose(f);
	assert_in_range(*ret_n, 1, 65535);
}

/* The root in its other form. */
static void
pem_to_der(void)
{
	BIO *bio = BIO_new_mem_buf(roots.p, (int)roots.n);
	X509 *c = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	uint8_t *at;

	assert_non_null(c);
	der.n = (size_t)i2d_X509(c, NULL);
	at = der.p = malloc(der.n);
	assert_non_null(at);
	assert_int_equal(i2d_X509(c, &at), der.n);
	X509_free(c);
	BIO_free(bio);
}

static void
need(void)
{
	vec_need(OWN "cases.tsv");
	if (token.p != NULL)
		return;
	load(OWN "valid.tsr", &token.p, &token.n);
	load(OWN "valid-no-embedded-cert.tsr", &lone.p, &lone.n);
	load(OWN "data", &data.p, &data.n);
	load(OWN "query.tsq", &query.p, &query.n);
	load(OWN "othernonce.tsq", &other.p, &other.n);
	load(OWN "root.pem", &roots.p, &roots.n);
	pem_to_der();
}

static bool
work_request(void)
{
	struct bytes_buf out = { 0 };
	uint8_t hash[DIGEST_LEN], of[DIGEST_LEN];
	bool ok;

	digest_sha256(hash, said, sizeof(said));
	ok = tsp_request(hash, &out) == SQ_OK &&
	    tsp_request_of(out.p, out.len, of) == SQ_OK;
	if (ok)
		assert_memory_equal(of, hash, sizeof(of));
	bytes_free(&out);
	return ok;
}

static bool
work_answers(void)
{
	struct tsp_bytes q = { query.p, query.n }, t = { token.p, token.n };

	return tsp_answers(&q, &t) == SQ_OK;
}

/* The answer to another question is never one to this. */
static bool
work_answers_not(void)
{
	struct tsp_bytes q = { other.p, other.n }, t = { token.p, token.n };
	enum sq_err e = tsp_answers(&q, &t);

	assert_int_not_equal(e, SQ_OK);
	return e == SQ_ENOENT;
}

static bool
work_token(void)
{
	struct tsp_in in = { .data = { data.p, data.n },
	    .token = { token.p, token.n }, .request = { query.p, query.n },
	    .roots = { roots.p, roots.n } };
	struct tsp_token t;
	struct why why = { "" };
	static char when[sizeof(t.time)];

	if (tsp_check(&in, &t, &why) != SQ_OK || !t.trusted)
		return false;
	if (when[0] == '\0')
		(void)snprintf(when, sizeof(when), "%s", t.time);
	assert_string_equal(t.time, when);
	return true;
}

/* The root as one certificate in DER, and nobody to be vouched for by it. */
static bool
work_token_der(void)
{
	struct tsp_in in = { .data = { data.p, data.n },
	    .token = { lone.p, lone.n }, .roots = { der.p, der.n } };
	struct tsp_token t;
	struct why why = { "" };
	enum sq_err e = tsp_check(&in, &t, &why);

	assert_int_not_equal(e, SQ_OK);
	return e == SQ_EAUTH;
}

/* Stamped was something else. */
static bool
work_token_other(void)
{
	struct tsp_in in = { .data = { (const uint8_t *)said, sizeof(said) },
	    .token = { token.p, token.n }, .roots = { roots.p, roots.n } };
	struct tsp_token t;
	struct why why = { "" };
	enum sq_err e = tsp_check(&in, &t, &why);

	assert_int_not_equal(e, SQ_OK);
	return e == SQ_EAUTH;
}

static void
test_stamps(void **state)
{
	(void)state;
	need();
	starve("a request", work_request);
	starve("an answer", work_answers);
	starve("no answer", work_answers_not);
	starve("a token", work_token);
	starve("a lone token and a root in DER", work_token_der);
	starve("a token of something else", work_token_other);
}

static int
setup(void **state)
{
	(void)state;
	return secret_init() != SQ_OK || secret_random(32, &key) != SQ_OK;
}

static int
teardown(void **state)
{
	(void)state;
	secret_free(key);
	free(token.p);
	free(lone.p);
	free(data.p);
	free(query.p);
	free(other.p);
	free(roots.p);
	free(der.p);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_primitives),
		cmocka_unit_test(test_stamps),
	};

	/* before libcrypto asks for anything */
	if (CRYPTO_set_mem_functions(get, more, give) != 1)
		return 1;
	return cmocka_run_group_tests(tests, setup, teardown);
}
