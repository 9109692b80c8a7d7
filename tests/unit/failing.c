/* see failing.h */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <execinfo.h>
#include <argon2.h>
#include <openssl/evp.h>
#include <openssl/ts.h>
#include <sodium.h>

#include "tests/unit/failing.h"

#define CALLS_MAX 1000000
#define DEEP 7			/* callers that make a place */
#define QUICK 120		/* tries of one work; FAILING_ALL: all */
#define LEAK 7
#define HERE __builtin_return_address(0)

/* of a build that counts branches; of one that looks for leaks */
extern void __gcov_dump(void) __attribute__((weak));
extern const char __executable_start;	/* of the linker */
extern int __lsan_do_recoverable_leak_check(void) __attribute__((weak));

/* Shared with the child that counts. */
struct count {
	atomic_size_t n;
	struct place {
		const void *at;
		uint64_t callers;
	} place[CALLS_MAX];
};

/* see failing.h */
bool failing_old_kernel;

static struct count *count;	/* NULL: nothing is counted */
static atomic_long left = -1;	/* calls until one fails; -1: none does */

/* Who called whom to come here: the same function has many users. */
static uint64_t
callers(void)
{
	void *at[DEEP + 2];
	uint64_t h = 14695981039346656037u;
	int n = backtrace(at, DEEP + 2);

	/* past this and failing_turn */
	for (int i = 2; i < n; i++)
		h = (h ^ (uintptr_t)at[i]) * 1099511628211u;
	return h;
}

/* see failing.h */
bool
failing_turn(const void *place)
{
	size_t n;

	/* the test's own calls do not fail: it is linked before this */
	if ((uintptr_t)place < (uintptr_t)failing_turn)
		return false;
	if (count != NULL) {
		n = atomic_fetch_add(&count->n, 1);
		if (n < CALLS_MAX)
			count->place[n] = (struct place){ place, callers() };
		return false;
	}
	return left >= 0 && atomic_fetch_sub(&left, 1) == 0;
}

/* see failing.h */
void
failing_stop(void)
{
	count = NULL;
	left = -1;
}

/* --- one try ------------------------------------------------------------- */

/* The work in a child, its call number ${turn} failing; -1: it is counted. */
static int
child(enum failing_end (*work)(void), struct count *counting, long turn)
{
	pid_t pid;
	int st = 0;

	(void)fflush(NULL);
	if ((pid = fork()) == 0) {
		/* cmocka would go on with the other tests */
		(void)signal(SIGSEGV, SIG_DFL);
		(void)signal(SIGABRT, SIG_DFL);
		(void)signal(SIGBUS, SIG_DFL);
		count = counting;
		left = turn;
		st = (int)work();
		failing_stop();
		if (st != FAILING_WRONG &&
		    __lsan_do_recoverable_leak_check != NULL &&
		    __lsan_do_recoverable_leak_check() != 0)
			st = LEAK;
		if (__gcov_dump != NULL)
			__gcov_dump();
		_exit(st);
	}
	assert_int_equal(waitpid(pid, &st, 0), pid);
	return st;
}

/* Is this the first or the last call from where it came? */
static bool
worth(const struct count *c, size_t i)
{
	bool before = false, after = false;

	for (size_t k = 0; k < i && !before; k++)
		before = c->place[k].callers == c->place[i].callers;
	for (size_t k = i + 1; before && k < c->n && !after; k++)
		after = c->place[k].callers == c->place[i].callers;
	return !before || !after;
}

/* The calls that are tried, in ${turn}; their number. */
static size_t
choose(const struct count *c, size_t *turn)
{
	size_t all = 0, n = 0;

	for (size_t i = 0; i < c->n; i++)
		if (worth(c, i))
			turn[all++] = i;
	if (getenv("FAILING_ALL") != NULL || all <= QUICK)
		return all;
	/* evenly, so that it is always the same ones */
	for (; n < QUICK; n++)
		turn[n] = turn[n * all / QUICK];
	return n;
}

/* see failing.h */
void
failing_try(const char *name, enum failing_end (*work)(void))
{
	struct count *c = mmap(NULL, sizeof(*c), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	unsigned told = 0, wrong = 0;
	size_t *turn, tried;
	int st;

	(void)callers();		/* what unwinds is loaded now */
	assert_true(c != MAP_FAILED);
	st = child(work, c, -1);
	if (st != 0)
		fail_msg("%s: undisturbed it ends with %#x", name,
		    (unsigned)st);
	assert_true(c->n < CALLS_MAX);
	turn = calloc(c->n + 1, sizeof(*turn));
	assert_non_null(turn);
	tried = choose(c, turn);
	for (size_t i = 0; i < tried; i++) {
		st = child(work, NULL, (long)turn[i]);
		/* where nothing can be told the program itself ends with 1 */
		if (!WIFEXITED(st) || (WEXITSTATUS(st) != FAILING_DONE &&
		    WEXITSTATUS(st) != FAILING_TOLD)) {
			print_error("%s: call %zu of %zu, from +%#tx: it ends "
			    "with %#x\n", name, turn[i], (size_t)c->n,
			    (const char *)c->place[turn[i]].at -
			    &__executable_start,
			    (unsigned)st);
			wrong++;
		}
		told += WEXITSTATUS(st) == FAILING_TOLD;
	}
	print_message("%s: %zu calls, %zu tried, %u failures told\n", name,
	    (size_t)c->n, tried, told);
	assert_true(told > 0 && wrong == 0);
	free(turn);
	(void)munmap(c, sizeof(*c));
}

/* --- what may fail besides our own ---------------------------------------- */

/* FAILS(type, function, on failure, parameters, arguments) */
#define FAILS(type, f, no, params, args)				\
	type __real_##f params;						\
	type __wrap_##f params;						\
	type __wrap_##f params						\
	{								\
		return failing_turn(HERE) ? (no) : __real_##f args;	\
	}

FAILS(void *, malloc, NULL, (size_t n), (n))
FAILS(void *, calloc, NULL, (size_t n, size_t size), (n, size))
FAILS(void *, realloc, NULL, (void *p, size_t n), (p, n))
FAILS(void *, reallocarray, NULL, (void *p, size_t n, size_t size),
    (p, n, size))
FAILS(void *, aligned_alloc, NULL, (size_t to, size_t n), (to, n))
FAILS(char *, strdup, NULL, (const char *s), (s))
FAILS(char *, strndup, NULL, (const char *s, size_t n), (s, n))

FAILS(void *, sodium_malloc, NULL, (size_t n), (n))
FAILS(int, sodium_init, -1, (void), ())
FAILS(int, crypto_sign_detached, -1, (unsigned char *sig,
    unsigned long long *n_sig, const unsigned char *m, unsigned long long n,
    const unsigned char *sk), (sig, n_sig, m, n, sk))
FAILS(int, crypto_sign_seed_keypair, -1, (unsigned char *pk,
    unsigned char *sk, const unsigned char *seed), (pk, sk, seed))
FAILS(int, crypto_scalarmult_base, -1, (unsigned char *q,
    const unsigned char *n), (q, n))
FAILS(int, crypto_aead_xchacha20poly1305_ietf_encrypt_detached, -1,
    (unsigned char *c, unsigned char *mac, unsigned long long *n_mac,
    const unsigned char *m, unsigned long long n, const unsigned char *ad,
    unsigned long long nad, const unsigned char *none,
    const unsigned char *nonce, const unsigned char *key),
    (c, mac, n_mac, m, n, ad, nad, none, nonce, key))
FAILS(int, crypto_pwhash_scryptsalsa208sha256_ll, -1, (const uint8_t *pass,
    size_t n_pass, const uint8_t *salt, size_t n_salt, uint64_t n, uint32_t r,
    uint32_t p, uint8_t *out, size_t n_out),
    (pass, n_pass, salt, n_salt, n, r, p, out, n_out))
/* No thread to be had is no failure: it then goes on with one. */
FAILS(int, argon2_ctx, failing_old_kernel ? ARGON2_MEMORY_ALLOCATION_ERROR :
    ARGON2_THREAD_FAIL, (argon2_context *ctx, argon2_type type), (ctx, type))

FAILS(EVP_CIPHER_CTX *, EVP_CIPHER_CTX_new, NULL, (void), ())
FAILS(int, EVP_CipherInit_ex2, 0, (EVP_CIPHER_CTX *ctx, const EVP_CIPHER *c,
    const unsigned char *key, const unsigned char *iv, int enc,
    const OSSL_PARAM params[]), (ctx, c, key, iv, enc, params))
FAILS(int, EVP_CipherUpdate, 0, (EVP_CIPHER_CTX *ctx, unsigned char *out,
    int *n_out, const unsigned char *in, int n), (ctx, out, n_out, in, n))
FAILS(int, EVP_CIPHER_CTX_ctrl, 0, (EVP_CIPHER_CTX *ctx, int type, int arg,
    void *p), (ctx, type, arg, p))
FAILS(EVP_MAC_CTX *, EVP_MAC_CTX_new, NULL, (EVP_MAC *mac), (mac))
FAILS(int, EVP_MAC_init, 0, (EVP_MAC_CTX *ctx, const unsigned char *key,
    size_t n, const OSSL_PARAM params[]), (ctx, key, n, params))
FAILS(int, EVP_MAC_update, 0, (EVP_MAC_CTX *ctx, const unsigned char *p,
    size_t n), (ctx, p, n))
FAILS(int, EVP_MAC_final, 0, (EVP_MAC_CTX *ctx, unsigned char *out,
    size_t *n_out, size_t cap), (ctx, out, n_out, cap))
FAILS(EVP_MD_CTX *, EVP_MD_CTX_new, NULL, (void), ())
FAILS(int, EVP_DigestInit_ex2, 0, (EVP_MD_CTX *ctx, const EVP_MD *md,
    const OSSL_PARAM params[]), (ctx, md, params))
FAILS(int, EVP_DigestUpdate, 0, (EVP_MD_CTX *ctx, const void *p, size_t n),
    (ctx, p, n))
FAILS(int, EVP_DigestFinal_ex, 0, (EVP_MD_CTX *ctx, unsigned char *out,
    unsigned *n_out), (ctx, out, n_out))
FAILS(int, EVP_Digest, 0, (const void *p, size_t n, unsigned char *out,
    unsigned *n_out, const EVP_MD *md, ENGINE *engine),
    (p, n, out, n_out, md, engine))
FAILS(BIO *, BIO_new_mem_buf, NULL, (const void *p, int n), (p, n))
FAILS(TS_REQ *, TS_REQ_new, NULL, (void), ())
FAILS(int, TS_REQ_set_nonce, 0, (TS_REQ *req, const ASN1_INTEGER *nonce),
    (req, nonce))
FAILS(X509_STORE *, X509_STORE_new, NULL, (void), ())

/* A kernel without memfd_secret leaves secrets to sodium_malloc. */
int __real_ftruncate(int fd, off_t n);
int __wrap_ftruncate(int fd, off_t n);
int
__wrap_ftruncate(int fd, off_t n)
{
	return failing_old_kernel ? -1 : __real_ftruncate(fd, n);
}
