/*
 * RFC 3161 over a libcrypto that looks less closely than ours does today: what
 * we look at ourselves still holds.  And the nonce of a request.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <dlfcn.h>

#include <cmocka.h>
#include <sodium.h>

#include "tests/unit/tsa_make.h"

#define LEN(a) (sizeof(a) / sizeof((a)[0]))
#define NOT_STAMP "what was signed is not a time stamp"

/* --- a libcrypto that is less careful ------------------------------------ */

static enum lax {
	AS_IT_IS,
	ANY_CONTENT,		/* reads a TSTInfo out of anything */
	ANY_DETACHED,		/* and takes nothing for a content */
	NO_TIME,		/* finds no time in it */
	NO_TOKEN,		/* finds none in the answer */
	NO_INFOS,		/* finds no list of signers */
	NO_SIGNER,		/* holds, of nobody */
	OTHER_SIGNER,		/* holds, of somebody else */
	NO_CERT_REQ,		/* asks for no certificate */
	NO_DATE,		/* the C library: there is no such day */
	FAR_DATE		/* it is too far to be written */
} lax;

/* The function called name that comes after ours. */
static void
next(const char *name, void *ret)
{
	*(void **)ret = dlsym(RTLD_NEXT, name);
	assert_non_null(*(void **)ret);
}

TS_TST_INFO *
PKCS7_to_TS_TST_INFO(PKCS7 *p7)
{
	TS_TST_INFO *(*real)(PKCS7 *);
	const struct tsa_token usual = { 0 };

	if (lax == ANY_CONTENT || lax == ANY_DETACHED)
		return tsa_state(&usual);
	next("PKCS7_to_TS_TST_INFO", &real);
	return real(p7);
}

long
PKCS7_ctrl(PKCS7 *p7, int cmd, long n, char *p)
{
	long (*real)(PKCS7 *, int, long, char *);

	if (lax == ANY_DETACHED)
		return 0;
	next("PKCS7_ctrl", &real);
	return real(p7, cmd, n, p);
}

int
TS_REQ_set_cert_req(TS_REQ *req, int wanted)
{
	int (*real)(TS_REQ *, int);

	if (lax == NO_CERT_REQ)
		return 0;
	next("TS_REQ_set_cert_req", &real);
	return real(req, wanted);
}

const ASN1_GENERALIZEDTIME *
TS_TST_INFO_get_time(const TS_TST_INFO *t)
{
	const ASN1_GENERALIZEDTIME *(*real)(const TS_TST_INFO *);

	if (lax == NO_TIME)
		return NULL;
	next("TS_TST_INFO_get_time", &real);
	return real(t);
}

PKCS7 *
TS_RESP_get_token(TS_RESP *r)
{
	PKCS7 *(*real)(TS_RESP *);

	if (lax == NO_TOKEN)
		return NULL;
	next("TS_RESP_get_token", &real);
	return real(r);
}

STACK_OF(PKCS7_SIGNER_INFO) *
PKCS7_get_signer_info(PKCS7 *p7)
{
	STACK_OF(PKCS7_SIGNER_INFO) *(*real)(PKCS7 *);

	if (lax == NO_INFOS)
		return NULL;
	next("PKCS7_get_signer_info", &real);
	return real(p7);
}

int
TS_RESP_verify_signature(PKCS7 *p7, STACK_OF(X509) *certs, X509_STORE *s,
    X509 **ret)
{
	int (*real)(PKCS7 *, STACK_OF(X509) *, X509_STORE *, X509 **);

	if (lax == NO_SIGNER || lax == OTHER_SIGNER) {
		*ret = lax == NO_SIGNER ? NULL : tsa_root;
		return *ret == NULL ? 1 : X509_up_ref(*ret);
	}
	next("TS_RESP_verify_signature", &real);
	return real(p7, certs, s, ret);
}

struct tm *
gmtime_r(const time_t *t, struct tm *tm)
{
	struct tm *(*real)(const time_t *, struct tm *);

	if (lax == NO_DATE)
		return NULL;
	next("gmtime_r", &real);
	real(t, tm);
	if (lax == FAR_DATE)
		tm->tm_year = 99999999;
	return tm;
}

/* --- libcrypto lets through what it does not today ----------------------- */

static const struct {
	const char *name;
	enum lax lax;
	struct tsa_token t;
	bool answer;
	enum sq_err want;
	const char *words;
} loose[] = {
	{ "any content", ANY_CONTENT, { .kind = NID_id_smime_ct_receipt },
	    false, SQ_EFORMAT, NOT_STAMP },
	{ "any type", ANY_CONTENT, { .text = true }, false, SQ_EFORMAT,
	    NOT_STAMP },
	{ "any detached", ANY_DETACHED, { .detached = true }, false,
	    SQ_EFORMAT, NOT_STAMP },
	{ "no time", NO_TIME, { .nonce = 0 }, false, SQ_EFORMAT, NOT_STAMP },
	{ "no token", NO_TOKEN, { .nonce = 0 }, true, SQ_EFORMAT,
	    "no time stamp" },
	{ "no signers", NO_INFOS, { .nonce = 0 }, false, SQ_EFORMAT,
	    "one signer" },
	{ "signed by nobody", NO_SIGNER, { .nonce = 0 }, false, SQ_EAUTH,
	    "does not hold" },
	{ "signed by another", OTHER_SIGNER, { .nonce = 0 }, false, SQ_EAUTH,
	    "does not hold" },
	{ "no such day", NO_DATE, { .nonce = 0 }, false, SQ_EFORMAT,
	    "its time is none" },
	{ "too far a day", FAR_DATE, { .nonce = 0 }, false, SQ_EFORMAT,
	    "its time is none" },
};

static void
test_lax(void **state)
{
	const uint8_t hash[DIGEST_LEN] = { 0 };
	struct bytes_buf b, r, q = { 0 };
	struct tsp_in in;

	(void)state;
	for (size_t i = 0; i < LEN(loose); i++) {
		b = tsa_sign(&loose[i].t);
		r = tsa_answer(0, &b);
		in = tsa_given(loose[i].answer ? &r : &b);
		lax = loose[i].lax;
		tsa_fails(loose[i].name, &in, loose[i].want, loose[i].words);
		lax = AS_IT_IS;
		bytes_free(&r);
		bytes_free(&b);
	}
	/* and a request that cannot be made is none at all */
	lax = NO_CERT_REQ;
	assert_int_equal(tsp_request(hash, &q), SQ_ENOMEM);
	lax = AS_IT_IS;
	assert_int_equal(q.len, 0);
}

/* --- the nonce of a request ---------------------------------------------- */

static unsigned asked_random;

/* Randomness that begins with what may not be a first byte. */
static void
random_bytes(void *p, size_t n)
{
	static const uint8_t first[] = { 0x00, 0x80, 0xFF, 0x7F };

	memset(p, 0x11, n);
	*(uint8_t *)p = first[asked_random++ % sizeof(first)];
}

static const char *
random_name(void)
{
	return "test";
}

static uint32_t
random_word(void)
{
	return 4;
}

/* It is positive and has all its bytes. */
static void
test_nonce(void **state)
{
	static struct randombytes_implementation ours = {
		.implementation_name = random_name, .random = random_word,
		.buf = random_bytes };
	struct bytes_buf q = { 0 };
	const uint8_t hash[DIGEST_LEN] = { 0 };

	(void)state;
	assert_int_equal(randombytes_set_implementation(&ours), 0);
	assert_int_equal(tsp_request(hash, &q), SQ_OK);
	assert_int_equal(randombytes_set_implementation(
	    &randombytes_sysrandom_implementation), 0);
	assert_int_equal(asked_random, 4);
	assert_non_null(memmem(q.p, q.len,
	    "\x02\x08\x7F\x11\x11\x11\x11\x11\x11\x11", 10));
	bytes_free(&q);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lax),
		cmocka_unit_test(test_nonce),
	};

	return cmocka_run_group_tests(tests, tsa_setup, tsa_teardown);
}
