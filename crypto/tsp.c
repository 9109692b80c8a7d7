#include <stdio.h>
#include <string.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ts.h>

#include "crypto/tsp.h"

#define NONCE_LEN 8		/* some authorities take no longer one */

/* A token taken apart; free with token_free. */
struct token {
	TS_RESP *resp;
	PKCS7 *bare;		/* if it came without a response around */
	PKCS7 *p7;		/* borrowed from one of the two */
	TS_TST_INFO *tst;
	X509 *signer;		/* borrowed */
	time_t time;
};

static void
token_free(struct token *t)
{
	TS_RESP_free(t->resp);
	PKCS7_free(t->bare);
	TS_TST_INFO_free(t->tst);
	memset(t, 0, sizeof(*t));
	ERR_clear_error();
}

/* --- asking -------------------------------------------------------------- */

/* Fill an empty request. */
static bool
fill_request(TS_REQ *req, TS_MSG_IMPRINT *mi, X509_ALGOR *alg,
    const uint8_t hash[DIGEST_LEN])
{
	uint8_t raw[NONCE_LEN];
	BIGNUM *bn = NULL;
	ASN1_INTEGER *nonce = NULL;
	bool ok;

	do
		bytes_random(raw, sizeof(raw));
	while (raw[0] == 0 || raw[0] > 0x7F);	/* eight bytes, positive */
	ok = X509_ALGOR_set0(alg, OBJ_nid2obj(NID_sha256), V_ASN1_NULL,
	    NULL) == 1 && TS_MSG_IMPRINT_set_algo(mi, alg) == 1 &&
	    TS_MSG_IMPRINT_set_msg(mi, (uint8_t *)(uintptr_t)hash,
	    DIGEST_LEN) == 1 && TS_REQ_set_version(req, 1) == 1 &&
	    TS_REQ_set_msg_imprint(req, mi) == 1 &&
	    (bn = BN_bin2bn(raw, sizeof(raw), NULL)) != NULL &&
	    (nonce = BN_to_ASN1_INTEGER(bn, NULL)) != NULL &&
	    TS_REQ_set_nonce(req, nonce) == 1 &&
	    TS_REQ_set_cert_req(req, 1) == 1;
	BN_free(bn);
	ASN1_INTEGER_free(nonce);
	return ok;
}

/* see tsp.h */
enum sq_err
tsp_request(const uint8_t hash[DIGEST_LEN], struct bytes_buf *out)
{
	TS_REQ *req = TS_REQ_new();
	TS_MSG_IMPRINT *mi = TS_MSG_IMPRINT_new();
	X509_ALGOR *alg = X509_ALGOR_new();
	uint8_t *der = NULL;
	int n = -1;

	if (req != NULL && mi != NULL && alg != NULL &&
	    fill_request(req, mi, alg, hash))
		n = i2d_TS_REQ(req, &der);
	if (n > 0)
		bytes_put(out, der, (size_t)n);
	OPENSSL_free(der);
	X509_ALGOR_free(alg);
	TS_MSG_IMPRINT_free(mi);
	TS_REQ_free(req);
	ERR_clear_error();
	return n > 0 ? bytes_done(out) : SQ_ENOMEM;
}

/* Read a request of exactly these bytes, or NULL. */
static TS_REQ *
read_request(const void *p, size_t n)
{
	const unsigned char *at = p;
	TS_REQ *req;

	if (p == NULL || n > TSP_MAX)
		return NULL;
	req = d2i_TS_REQ(NULL, &at, (long)n);
	if (req != NULL && (at != (const unsigned char *)p + n ||
	    TS_REQ_get_version(req) != 1)) {
		TS_REQ_free(req);
		req = NULL;
	}
	ERR_clear_error();
	return req;
}

/* The hash of an imprint; its digest, or NULL for one that is not taken. */
static const EVP_MD *
imprint(TS_MSG_IMPRINT *mi, const ASN1_OCTET_STRING **ret)
{
	const ASN1_OBJECT *alg = NULL;
	const EVP_MD *md;

	X509_ALGOR_get0(&alg, NULL, NULL, TS_MSG_IMPRINT_get_algo(mi));
	*ret = TS_MSG_IMPRINT_get_msg(mi);
	switch (OBJ_obj2nid(alg)) {
	case NID_sha256:
		md = EVP_sha256();
		break;
	case NID_sha384:
		md = EVP_sha384();
		break;
	case NID_sha512:
		md = EVP_sha512();
		break;
	default:
		return NULL;
	}
	return ASN1_STRING_length(*ret) == EVP_MD_get_size(md) ? md : NULL;
}

/* see tsp.h */
enum sq_err
tsp_request_of(const void *p, size_t n, uint8_t hash[DIGEST_LEN])
{
	TS_REQ *req = read_request(p, n);
	const ASN1_OCTET_STRING *msg;
	enum sq_err e = SQ_EFORMAT;

	if (req != NULL && imprint(TS_REQ_get_msg_imprint(req), &msg) ==
	    EVP_sha256()) {
		memcpy(hash, ASN1_STRING_get0_data(msg), DIGEST_LEN);
		e = SQ_OK;
	}
	TS_REQ_free(req);
	return e;
}

/* --- taking a token apart ------------------------------------------------ */

/* The response, if the authority granted anything. */
static enum sq_err
read_response(struct token *t, struct why *why)
{
	const TS_STATUS_INFO *st = TS_RESP_get_status_info(t->resp);
	long status = ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(st));

	t->p7 = TS_RESP_get_token(t->resp);
	if (status != 0 && status != 1)
		return err_why(why, SQ_EREFUSED, "the time-stamp authority "
		    "did not grant it: it answered with status %ld", status);
	if (t->p7 == NULL)
		return err_why(why, SQ_EFORMAT, "the answer holds no time "
		    "stamp");
	return SQ_OK;
}

/* The time that the token states, in whole seconds, never too early. */
static bool
read_time(struct token *t)
{
	const ASN1_GENERALIZEDTIME *g = TS_TST_INFO_get_time(t->tst);
	struct tm tm;

	if (g == NULL || ASN1_TIME_to_tm(g, &tm) != 1)
		return false;
	t->time = timegm(&tm);
	if (memchr(ASN1_STRING_get0_data(g), '.',
	    (size_t)ASN1_STRING_length(g)) != NULL)
		t->time++;
	return t->time > 0;
}

/* True if what is signed is one TSTInfo and nothing behind it. */
static bool
content_exact(const struct token *t)
{
	const PKCS7 *in = t->p7->d.sign->contents;
	const ASN1_OCTET_STRING *s;

	if (in == NULL || OBJ_obj2nid(in->type) != NID_id_smime_ct_TSTInfo ||
	    in->d.other == NULL || in->d.other->type != V_ASN1_OCTET_STRING)
		return false;
	s = in->d.other->value.octet_string;
	return i2d_TS_TST_INFO(t->tst, NULL) == ASN1_STRING_length(s);
}

static enum sq_err
read_token(const struct tsp_bytes *b, struct token *t, struct why *why)
{
	const unsigned char *at = b->p, *end;
	enum sq_err e;

	memset(t, 0, sizeof(*t));
	if (b->p == NULL || b->n == 0)
		return err_why(why, SQ_EFORMAT, "the time stamp is empty");
	if (b->n > TSP_MAX)
		return err_why(why, SQ_ELIMIT, "the time stamp is too large");
	end = at + b->n;
	if ((t->resp = d2i_TS_RESP(NULL, &at, (long)b->n)) == NULL) {
		at = b->p;
		t->bare = d2i_PKCS7(NULL, &at, (long)b->n);
		t->p7 = t->bare;
	}
	if (t->resp == NULL && t->bare == NULL)
		return err_why(why, SQ_EFORMAT, "this is not the answer of a "
		    "time-stamp authority");
	if (at != end)
		return err_why(why, SQ_EFORMAT, "there are %zu bytes behind "
		    "the time stamp", (size_t)(end - at));
	if (t->resp != NULL && (e = read_response(t, why)) != SQ_OK)
		return e;
	if (!PKCS7_type_is_signed(t->p7) || PKCS7_get_detached(t->p7) ||
	    (t->tst = PKCS7_to_TS_TST_INFO(t->p7)) == NULL ||
	    !content_exact(t) || TS_TST_INFO_get_version(t->tst) != 1 ||
	    !read_time(t))
		return err_why(why, SQ_EFORMAT, "what was signed is not a "
		    "time stamp of RFC 3161");
	return SQ_OK;
}

/* Is the token about the hash and nonce of the request? */
static enum sq_err
same_request(const struct token *t, const struct tsp_bytes *b)
{
	TS_REQ *req = read_request(b->p, b->n);
	const ASN1_OCTET_STRING *asked, *got;
	const EVP_MD *md;
	const ASN1_INTEGER *nonce;
	enum sq_err e = SQ_ENOENT;

	if (req == NULL)
		return SQ_EFORMAT;
	md = imprint(TS_REQ_get_msg_imprint(req), &asked);
	nonce = TS_REQ_get_nonce(req);
	if (md != NULL && imprint(TS_TST_INFO_get_msg_imprint(t->tst),
	    &got) == md && ASN1_OCTET_STRING_cmp(asked, got) == 0 &&
	    (nonce == NULL || (TS_TST_INFO_get_nonce(t->tst) != NULL &&
	    ASN1_INTEGER_cmp(nonce, TS_TST_INFO_get_nonce(t->tst)) == 0)))
		e = SQ_OK;
	TS_REQ_free(req);
	return e;
}

/* see tsp.h */
enum sq_err
tsp_answers(const struct tsp_bytes *request, const struct tsp_bytes *token)
{
	struct token t;
	enum sq_err e;

	if ((e = read_token(token, &t, NULL)) == SQ_OK)
		e = same_request(&t, request);
	token_free(&t);
	return e;
}

/* --- who signed it ------------------------------------------------------- */

/* Append the certificates of a PEM text, or the one in DER; false if none. */
static bool
read_certs(const struct tsp_bytes *b, STACK_OF(X509) *certs)
{
	const unsigned char *der = b->p;
	BIO *bio;
	X509 *c;
	bool ok = false;

	if (b->n > INT32_MAX || (bio = BIO_new_mem_buf(b->p, (int)b->n)) ==
	    NULL)
		return false;
	while ((c = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL) {
		ok = sk_X509_push(certs, c) > 0;
		if (!ok) {
			X509_free(c);
			break;
		}
	}
	BIO_free(bio);
	if (!ok && (c = d2i_X509(NULL, &der, (long)b->n)) != NULL) {
		ok = der == (const unsigned char *)b->p + b->n &&
		    sk_X509_push(certs, c) > 0;
		if (!ok)
			X509_free(c);
	}
	ERR_clear_error();
	return ok;
}

/* One extended key usage, timeStamping, and it is critical. */
static bool
sole_usage(X509 *c)
{
	EXTENDED_KEY_USAGE *u;
	int crit = 0;
	bool ok;

	u = X509_get_ext_d2i(c, NID_ext_key_usage, &crit, NULL);
	ok = u != NULL && crit == 1 && sk_ASN1_OBJECT_num(u) == 1 &&
	    OBJ_obj2nid(sk_ASN1_OBJECT_value(u, 0)) == NID_time_stamp;
	EXTENDED_KEY_USAGE_free(u);
	return ok;
}

/* The subject of a certificate as a line. */
static void
name_of(X509 *c, char *out, size_t cap)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *p;
	long n;

	out[0] = '\0';
	if (bio != NULL && X509_NAME_print_ex(bio, X509_get_subject_name(c),
	    0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) >= 0) {
		n = BIO_get_mem_data(bio, &p);
		(void)snprintf(out, cap, "%.*s", (int)n, p);
	}
	BIO_free(bio);
	/* cut on a character, not inside one */
	for (size_t k = strlen(out); k > 0 && !bytes_utf8(out, k); k--)
		out[k - 1] = '\0';
}

/* Find the one signer, by issuer and serial, and look at its certificate. */
static enum sq_err
find_signer(struct token *t, STACK_OF(X509) *certs, struct why *why)
{
	STACK_OF(PKCS7_SIGNER_INFO) *infos = PKCS7_get_signer_info(t->p7);
	STACK_OF(X509) *signers;
	X509_ALGOR *alg = NULL;
	const ASN1_OBJECT *md = NULL;

	if (infos == NULL || sk_PKCS7_SIGNER_INFO_num(infos) != 1)
		return err_why(why, SQ_EFORMAT, "a time stamp has one signer, "
		    "this one has another number");
	signers = PKCS7_get0_signers(t->p7, certs, 0);
	t->signer = signers == NULL ? NULL : sk_X509_value(signers, 0);
	sk_X509_free(signers);
	if (t->signer == NULL)
		return err_why(why, SQ_EAUTH, "the certificate of its signer "
		    "is not there");
	PKCS7_SIGNER_INFO_get0_algs(sk_PKCS7_SIGNER_INFO_value(infos, 0),
	    NULL, &alg, NULL);
	X509_ALGOR_get0(&md, NULL, NULL, alg);
	if (OBJ_obj2nid(md) == NID_sha1 || OBJ_obj2nid(md) == NID_md5)
		return err_why(why, SQ_EUNSUPPORTED, "it was signed with a "
		    "broken hash");
	if (!sole_usage(t->signer))
		return err_why(why, SQ_EAUTH, "the certificate of its signer "
		    "is not for time stamps alone (sole, critical usage)");
	if (X509_cmp_time(X509_get0_notBefore(t->signer), &t->time) != -1 ||
	    X509_cmp_time(X509_get0_notAfter(t->signer), &t->time) != 1)
		return err_why(why, SQ_EAUTH, "the certificate of its signer "
		    "was not valid at the time it states");
	return SQ_OK;
}

/* A store that judges at the time of the token. */
static X509_STORE *
store_new(const struct token *t, STACK_OF(X509) *a, STACK_OF(X509) *b,
    unsigned long flags)
{
	X509_STORE *s = X509_STORE_new();
	bool ok = s != NULL;

	for (int i = 0; ok && i < sk_X509_num(a); i++)
		ok = X509_STORE_add_cert(s, sk_X509_value(a, i)) == 1;
	for (int i = 0; ok && i < sk_X509_num(b); i++)
		ok = X509_STORE_add_cert(s, sk_X509_value(b, i)) == 1;
	if (!ok) {
		X509_STORE_free(s);
		return NULL;
	}
	X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(s), t->time);
	X509_STORE_set_flags(s, flags);
	return s;
}

/*
 * Signature, binding to the certificate, and a chain into the store.  libcrypto
 * takes the signer from certs first, then from the token.
 */
static bool
holds(const struct token *t, STACK_OF(X509) *certs, X509_STORE *s)
{
	X509 *signer = NULL;
	bool ok;

	if (s == NULL)
		return false;
	ok = TS_RESP_verify_signature(t->p7, certs, s, &signer) == 1 &&
	    signer != NULL && X509_cmp(signer, t->signer) == 0;
	X509_free(signer);
	X509_STORE_free(s);
	ERR_clear_error();
	return ok;
}

/* What is signed, as far as certificates go. */
static enum sq_err
judge(struct token *t, const struct tsp_in *in, struct tsp_token *ret,
    struct why *why)
{
	STACK_OF(X509) *roots = sk_X509_new_null();
	STACK_OF(X509) *certs = sk_X509_new_null();
	enum sq_err e = SQ_ENOMEM;

	if (roots == NULL || certs == NULL)
		goto out;
	if (in->chain.p != NULL)
		(void)read_certs(&in->chain, certs);
	if (in->roots.p != NULL && (!read_certs(&in->roots, certs) ||
	    !read_certs(&in->roots, roots))) {
		e = err_why(why, SQ_EUSAGE, "the roots are not certificates "
		    "in PEM or DER");
		goto out;
	}
	if ((e = find_signer(t, certs, why)) != SQ_OK)
		goto out;
	name_of(t->signer, ret->who, sizeof(ret->who));
	ret->trusted = in->roots.p != NULL && holds(t, certs,
	    store_new(t, roots, NULL, 0));
	/* without a root: is it signed by whom it says, whoever that is? */
	if (!ret->trusted && !holds(t, certs, store_new(t, certs,
	    t->p7->d.sign->cert, X509_V_FLAG_PARTIAL_CHAIN)))
		e = err_why(why, SQ_EAUTH, "its signature does not hold, or "
		    "its certificate is not the one it names");
	(void)snprintf(ret->doubt, sizeof(ret->doubt), "%s", ret->trusted ?
	    "" : in->roots.p == NULL ? "no root of a time-stamp authority "
	    "was given" : "no root that was given vouches for it");
out:
	sk_X509_pop_free(roots, X509_free);
	sk_X509_pop_free(certs, X509_free);
	return e;
}

/* Is it the hash of these bytes? */
static enum sq_err
same_data(const struct token *t, const struct tsp_in *in, struct why *why)
{
	const struct tsp_bytes *data = &in->data;
	const ASN1_OCTET_STRING *msg;
	const EVP_MD *md;
	uint8_t h[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	md = imprint(TS_TST_INFO_get_msg_imprint(t->tst), &msg);
	if (md == NULL)
		return err_why(why, SQ_EUNSUPPORTED, "it stamps another hash "
		    "than SHA-256, -384 or -512");
	if (data->p == NULL && in->sha256 != NULL) {
		if (md == EVP_sha256())
			memcpy(h, in->sha256, n = DIGEST_LEN);
	} else if (EVP_Digest(data->p, data->n, h, &n, md, NULL) != 1)
		return SQ_ENOMEM;
	if ((int)n != ASN1_STRING_length(msg) ||
	    !bytes_eq(h, ASN1_STRING_get0_data(msg), n))
		return err_why(why, SQ_EAUTH, "it stamps other bytes");
	return SQ_OK;
}

/* see tsp.h */
enum sq_err
tsp_check(const struct tsp_in *in, struct tsp_token *ret, struct why *why)
{
	struct token t;
	struct tm tm;
	enum sq_err e;

	memset(ret, 0, sizeof(*ret));
	if ((e = read_token(&in->token, &t, why)) != SQ_OK ||
	    (e = same_data(&t, in, why)) != SQ_OK)
		goto out;
	if (in->request.p != NULL && (e = same_request(&t, &in->request)) !=
	    SQ_OK) {
		e = err_why(why, SQ_EAUTH, e == SQ_ENOENT ? "it answers "
		    "another request (hash or nonce)" : "the request beside "
		    "it is not one");
		goto out;
	}
	ret->unix_time = (int64_t)t.time;
	if (gmtime_r(&t.time, &tm) == NULL || strftime(ret->time,
	    sizeof(ret->time), "%Y-%m-%dT%H:%M:%SZ", &tm) == 0) {
		e = err_why(why, SQ_EFORMAT, "its time is none");
		goto out;
	}
	e = judge(&t, in, ret, why);
out:
	token_free(&t);
	return e;
}
