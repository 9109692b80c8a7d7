/*
 * A call of libcrypto or libsodium fails at its n-th time, for every n, which
 * no lack of memory could bring about: it is said, or what came of it is right.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <dlfcn.h>
#include <signal.h>

#include <cmocka.h>
#include <jansson.h>
#include <openssl/evp.h>
#include <sodium.h>

#include "crypto/digest.h"
#include "crypto/entry.h"
#include "crypto/sshsig.h"
#include "tests/unit/scarce.h"
#include "tests/unit/vec.h"

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

/* --- the calls ----------------------------------------------------------- */

static enum call {
	NONE, FETCH, CONTEXT, INIT, UPDATE, FINAL, BLAKE_INIT, BLAKE_UPDATE,
	BLAKE_FINAL, SIGN, JSON
} failing;
static bool always;		/* not once, but each time */

/* Is it this call's turn to fail? */
static bool
fails(enum call c)
{
	return failing == c && (always || scarce_now());
}

/* The function called name that comes after ours. */
static void
next(const char *name, void *ret)
{
	*(void **)ret = dlsym(RTLD_NEXT, name);
	if (*(void **)ret == NULL)
		abort();
}

EVP_MD *
EVP_MD_fetch(OSSL_LIB_CTX *lib, const char *alg, const char *properties)
{
	EVP_MD *(*real)(OSSL_LIB_CTX *, const char *, const char *);

	next(__func__, &real);
	return fails(FETCH) ? NULL : real(lib, alg, properties);
}

EVP_MD_CTX *
EVP_MD_CTX_new(void)
{
	EVP_MD_CTX *(*real)(void);

	next(__func__, &real);
	return fails(CONTEXT) ? NULL : real();
}

int
EVP_DigestInit_ex2(EVP_MD_CTX *ctx, const EVP_MD *md,
    const OSSL_PARAM params[])
{
	int (*real)(EVP_MD_CTX *, const EVP_MD *, const OSSL_PARAM *);

	next(__func__, &real);
	return fails(INIT) ? 0 : real(ctx, md, params);
}

int
EVP_DigestUpdate(EVP_MD_CTX *ctx, const void *p, size_t n)
{
	int (*real)(EVP_MD_CTX *, const void *, size_t);

	next(__func__, &real);
	return fails(UPDATE) ? 0 : real(ctx, p, n);
}

int
EVP_DigestFinal_ex(EVP_MD_CTX *ctx, unsigned char *out, unsigned *n)
{
	int (*real)(EVP_MD_CTX *, unsigned char *, unsigned *);

	next(__func__, &real);
	return fails(FINAL) ? 0 : real(ctx, out, n);
}

int
crypto_generichash_init(crypto_generichash_state *st,
    const unsigned char *key, size_t nkey, size_t n)
{
	int (*real)(crypto_generichash_state *, const unsigned char *, size_t,
	    size_t);

	next(__func__, &real);
	return fails(BLAKE_INIT) ? -1 : real(st, key, nkey, n);
}

int
crypto_generichash_update(crypto_generichash_state *st,
    const unsigned char *p, unsigned long long n)
{
	int (*real)(crypto_generichash_state *, const unsigned char *,
	    unsigned long long);

	next(__func__, &real);
	return fails(BLAKE_UPDATE) ? -1 : real(st, p, n);
}

int
crypto_generichash_final(crypto_generichash_state *st, unsigned char *out,
    size_t n)
{
	int (*real)(crypto_generichash_state *, unsigned char *, size_t);

	next(__func__, &real);
	return fails(BLAKE_FINAL) ? -1 : real(st, out, n);
}

int
crypto_sign_detached(unsigned char *sig, unsigned long long *n,
    const unsigned char *m, unsigned long long len, const unsigned char *sk)
{
	int (*real)(unsigned char *, unsigned long long *,
	    const unsigned char *, unsigned long long, const unsigned char *);

	next(__func__, &real);
	return fails(SIGN) ? -1 : real(sig, n, m, len, sk);
}

/* A JSON library of a later day knows a kind of value that we do not. */
json_t *
json_loadb(const char *p, size_t n, size_t flags, json_error_t *err)
{
	static json_t later = { .type = (json_type)99,
	    .refcount = (size_t)-1 };
	json_t *(*real)(const char *, size_t, size_t, json_error_t *);

	next(__func__, &real);
	return fails(JSON) ? &later : real(p, n, flags, err);
}

/* --- what is done -------------------------------------------------------- */

static struct secret *seed;
static uint8_t want256[DIGEST_LEN];

/* A digest that is used twice, over two pieces. */
static bool
work_digest(enum digest_alg alg)
{
	uint8_t out[2][64];
	struct digest *d = NULL;
	enum sq_err e = digest_new(alg, &d);

	for (size_t i = 0; e == SQ_OK && i < 2; i++)
		if ((e = digest_add(d, "mess", 4)) == SQ_OK &&
		    (e = digest_add(d, "", 0)) == SQ_OK &&
		    (e = digest_add(d, "age", 3)) == SQ_OK)
			e = digest_end(d, out[i]);
	if (e == SQ_OK) {
		assert_memory_equal(out[0], out[1], 32);
		assert_true(alg != DIGEST_SHA256 ||
		    memcmp(out[0], want256, 32) == 0);
	} else
		assert_true(e == SQ_ENOMEM || e == SQ_EINTERNAL);
	digest_free(d);
	return e == SQ_OK;
}

static bool
work_sha256(void)
{
	return work_digest(DIGEST_SHA256);
}

static bool
work_blake2b(void)
{
	return work_digest(DIGEST_BLAKE2B_512);
}

/* Signed and checked; never a signature that does not hold. */
static bool
work_sshsig(void)
{
	struct bytes_buf b = { 0 };
	uint8_t pk[SIGN_PK], got[SIGN_PK];
	enum sq_err e = sshsig_make(seed, "ns", "message", 7, &b);

	assert_int_equal(sign_public(seed, pk), SQ_OK);
	if (e == SQ_OK)
		e = sshsig_check((char *)b.p, b.len, "ns", "message", 7, got);
	else
		assert_int_equal(b.len, 0);
	bytes_free(&b);
	if (e != SQ_OK) {
		assert_true(e == SQ_ENOMEM || e == SQ_EINTERNAL);
		return false;
	}
	assert_memory_equal(got, pk, sizeof(pk));
	return true;
}

static bool
work_sign(void)
{
	uint8_t pk[SIGN_PK], sig[SIGN_SIG];

	if (sign_make_pk(seed, "m", 1, pk, sig) != SQ_OK)
		return false;
	assert_int_equal(sign_check(pk, "m", 1, sig), SQ_OK);
	return true;
}

static bool
work_json(void)
{
	struct bytes_buf b = { 0 };
	enum sq_err e = entry_canon("7", 1, &b);

	assert_int_equal(b.len, e == SQ_OK ? 1 : 0);
	assert_true(e == SQ_OK || e == SQ_EFORMAT);
	bytes_free(&b);
	return e == SQ_OK;
}

static void
test_told(void **state)
{
	static const struct {
		const char *name;
		enum call call;
		bool (*work)(void);
	} c[] = {
		{ "SHA-256, a context", CONTEXT, work_sha256 },
		{ "SHA-256, a beginning", INIT, work_sha256 },
		{ "SHA-256, a piece", UPDATE, work_sha256 },
		{ "SHA-256, an end", FINAL, work_sha256 },
		{ "BLAKE2b, a beginning", BLAKE_INIT, work_blake2b },
		{ "BLAKE2b, a piece", BLAKE_UPDATE, work_blake2b },
		{ "BLAKE2b, an end", BLAKE_FINAL, work_blake2b },
		{ "sshsig, a beginning", INIT, work_sshsig },
		{ "sshsig, a piece", UPDATE, work_sshsig },
		{ "sshsig, an end", FINAL, work_sshsig },
		{ "sshsig, a signature", SIGN, work_sshsig },
		{ "a signature", SIGN, work_sign },
		{ "a kind of JSON", JSON, work_json },
	};

	(void)state;
	for (size_t i = 0; i < LEN(c); i++) {
		failing = c[i].call;
		starve(c[i].name, c[i].work);
		failing = NONE;
	}
}

/* The digest that cannot fail: whatever libcrypto does, it is right. */
static void
test_right(void **state)
{
	static const enum call c[] = { INIT, UPDATE, FINAL };
	const struct digest_part parts[] = { { "mess", 4 }, { "", 0 },
	    { "age", 3 } };
	uint8_t out[DIGEST_LEN];

	(void)state;
	for (size_t i = 0; i < LEN(c); i++) {
		failing = c[i];
		for (long n = 0; n < 4; n++) {
			scarce_left = n;
			digest_sha256v(out, parts, LEN(parts));
			scarce_left = -1;
			assert_memory_equal(out, want256, sizeof(out));
		}
		failing = NONE;
	}
}

/* --- a program that has only just begun ----------------------------------- */

static void
ended(int sig)
{
	scarce_count();
	(void)signal(sig, SIG_DFL);
	(void)raise(sig);
}

/* Do it in a child; how that ended. */
static int
child(void (*work)(void))
{
	pid_t pid;
	int st;

	(void)fflush(NULL);
	if ((pid = fork()) == 0) {
		work();
		scarce_count();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &st, 0), pid);
	return st;
}

/* libcrypto has no SHA-2 at all, and then no contexts. */
static void
without(enum call c)
{
	static const uint8_t want[DIGEST_LEN] = { 0xAB, 0x53, 0x0A, 0x13,
	    0xE4, 0x59, 0x14, 0x98, 0x2B, 0x79, 0xF9, 0xB7, 0xE3, 0xFB, 0xA9,
	    0x94, 0xCF, 0xD1, 0xF3, 0xFB, 0x22, 0xF7, 0x1C, 0xEA, 0x1A, 0xFB,
	    0xF0, 0x2B, 0x46, 0x0C, 0x6D, 0x1D };
	struct digest *d = NULL;
	uint8_t out[DIGEST_LEN];

	failing = c;
	always = true;
	assert_int_equal(digest_new(DIGEST_SHA256, &d), SQ_ENOMEM);
	assert_int_equal(digest_new(DIGEST_SHA512, &d), SQ_ENOMEM);
	assert_null(d);
	digest_sha256(out, "message", 7);
	assert_memory_equal(out, want, sizeof(out));
}

static void
without_sha(void)
{
	without(FETCH);
}

static void
without_contexts(void)
{
	without(CONTEXT);
}

static void
no_such_length(void)
{
	uint8_t out[DIGEST_LEN];

	(void)signal(SIGABRT, ended);
	digest_blake2b(out, 0, NULL, NULL, 0);
}

/* First of all: what is fetched is fetched once. */
static void
test_bare(void **state)
{
	int st;

	(void)state;
	assert_int_equal(child(without_sha), 0);
	assert_int_equal(child(without_contexts), 0);
	/* a length of no digest is a bug of ours, and the end */
	st = child(no_such_length);
	assert_true(WIFSIGNALED(st) && WTERMSIG(st) == SIGABRT);
}

static int
setup(void **state)
{
	if (vec_setup(state) != 0)
		return -1;
	seed = vec_fill(7, SIGN_SEED);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	secret_free(seed);
	return 0;
}

/* What the others compare with. */
static int
know(void **state)
{
	(void)state;
	digest_sha256(want256, "message", 7);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bare),
		cmocka_unit_test_setup(test_told, know),
		cmocka_unit_test_setup(test_right, know),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
