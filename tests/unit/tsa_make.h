/*
 * For unit tests: a time-stamp authority inside the program, which signs what
 * no honest one would.  Include after cmocka.h; tsa_setup first.
 *
 *	struct tsa_token t = { .version = 2 };
 *	struct bytes_buf b = tsa_sign(&t);
 *
 * All that is not said is as an honest authority has it.
 */
#ifndef SQ_TESTS_TSA_MAKE_H
#define SQ_TESTS_TSA_MAKE_H

#include <string.h>

#include <openssl/pem.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>

#include "crypto/bytes.h"
#include "crypto/digest.h"
#include "crypto/secret.h"
#include "crypto/tsp.h"

#define TSA_UNUSED __attribute__((unused))
#define TSA_TEXT "a line that was stamped\n"
#define TSA_FROM "20200101000000Z"
#define TSA_TO "20491231000000Z"
#define TSA_TIME "20260314102200Z"

/* A certificate; NULL is what an honest authority has, "" is nothing. */
struct tsa_cert {
	const char *usage;	/* extended key usage */
	const char *from, *to;	/* GeneralizedTime, written as it is */
	const char *unit;	/* of its name, three times over */
};

/* A token; 0 and NULL are as above. */
struct tsa_token {
	const struct tsa_cert *cert;
	const char *time;
	int hash;		/* NID of what hashed the text */
	int hash_len;		/* of it, said and not true */
	int kind;		/* NID of what is signed */
	int signer_hash;	/* NID */
	int said_hash;		/* NID, written over it when signed */
	int signers;		/* how many; -1: none */
	long version;
	uint8_t nonce;		/* 0: none */
	bool behind;		/* a byte behind what is signed */
	bool detached;		/* what is signed is elsewhere */
	bool text;		/* what is signed is a text, not octets */
	bool bare;		/* its certificate is elsewhere */
};

static EVP_PKEY *tsa_key;	/* one for all: names and serials differ */
static X509 *tsa_root;
static long tsa_serial = 1000;

static void
tsa_time(ASN1_TIME *t, const char *s, const char *usual)
{
	assert_int_equal(ASN1_STRING_set(t, s == NULL ? usual : s, -1), 1);
	t->type = V_ASN1_GENERALIZEDTIME;
}

static void
tsa_extend(X509 *c, int nid, const char *value)
{
	X509_EXTENSION *x = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

	assert_non_null(x);
	assert_int_equal(X509_add_ext(c, x, -1), 1);
	X509_EXTENSION_free(x);
}

/* A certificate over the key, by the root or (the root's own) by itself. */
static X509 *
tsa_certify(const struct tsa_cert *w, const char *who, X509 *by)
{
	X509 *c = X509_new();
	X509_NAME *name = X509_get_subject_name(c);

	assert_non_null(c);
	assert_int_equal(X509_set_version(c, 2), 1);
	ASN1_INTEGER_set(X509_get_serialNumber(c), tsa_serial++);
	assert_int_equal(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
	    (const uint8_t *)who, -1, -1, 0), 1);
	for (int i = 0; w->unit != NULL && i < 3; i++)
		assert_int_equal(X509_NAME_add_entry_by_txt(name, "OU",
		    MBSTRING_UTF8, (const uint8_t *)w->unit, -1, -1, 0), 1);
	X509_set_issuer_name(c, by == NULL ? name :
	    X509_get_subject_name(by));
	tsa_time(X509_getm_notBefore(c), w->from, TSA_FROM);
	tsa_time(X509_getm_notAfter(c), w->to, TSA_TO);
	X509_set_pubkey(c, tsa_key);
	tsa_extend(c, NID_basic_constraints, by == NULL ?
	    "critical,CA:true" : "critical,CA:false");
	if (by != NULL && (w->usage == NULL || w->usage[0] != '\0'))
		tsa_extend(c, NID_ext_key_usage, w->usage != NULL ?
		    w->usage : "critical,timeStamping");
	assert_true(X509_sign(c, tsa_key, EVP_sha256()) > 0);
	return c;
}

/* The hash of the text, as it is stamped and asked for. */
static TS_MSG_IMPRINT *
tsa_imprint(int nid, int len)
{
	TS_MSG_IMPRINT *mi = TS_MSG_IMPRINT_new();
	X509_ALGOR *alg = X509_ALGOR_new();
	uint8_t h[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	if (nid == 0)
		nid = NID_sha256;
	assert_int_equal(EVP_Digest(TSA_TEXT, strlen(TSA_TEXT), h, &n,
	    EVP_get_digestbynid(nid), NULL), 1);
	assert_int_equal(X509_ALGOR_set0(alg, OBJ_nid2obj(nid), V_ASN1_NULL,
	    NULL), 1);
	assert_int_equal(TS_MSG_IMPRINT_set_algo(mi, alg), 1);
	assert_int_equal(TS_MSG_IMPRINT_set_msg(mi, h, len == 0 ? (int)n :
	    len), 1);
	X509_ALGOR_free(alg);
	return mi;
}

static ASN1_INTEGER *
tsa_int(long v)
{
	ASN1_INTEGER *n = ASN1_INTEGER_new();

	assert_int_equal(ASN1_INTEGER_set(n, v), 1);
	return n;
}

/* What is asked: hash and nonce as in a token, and which version it is. */
TSA_UNUSED static struct bytes_buf
tsa_ask(const struct tsa_token *w)
{
	TS_REQ *req = TS_REQ_new();
	TS_MSG_IMPRINT *mi = tsa_imprint(w->hash, w->hash_len);
	ASN1_INTEGER *nonce = tsa_int(w->nonce);
	struct bytes_buf b = { 0 };
	uint8_t *der = NULL;
	int n;

	TS_REQ_set_version(req, w->version == 0 ? 1 : w->version);
	TS_REQ_set_msg_imprint(req, mi);
	if (w->nonce != 0)
		TS_REQ_set_nonce(req, nonce);
	n = i2d_TS_REQ(req, &der);
	assert_true(n > 0);
	bytes_put(&b, der, (size_t)n);
	OPENSSL_free(der);
	ASN1_INTEGER_free(nonce);
	TS_MSG_IMPRINT_free(mi);
	TS_REQ_free(req);
	return b;
}

/* What is signed. */
static TS_TST_INFO *
tsa_state(const struct tsa_token *w)
{
	TS_TST_INFO *t = TS_TST_INFO_new();
	TS_MSG_IMPRINT *mi = tsa_imprint(w->hash, w->hash_len);
	ASN1_INTEGER *serial = tsa_int(7), *nonce = tsa_int(w->nonce);
	ASN1_GENERALIZEDTIME *g = ASN1_GENERALIZEDTIME_new();
	ASN1_OBJECT *policy = OBJ_txt2obj("1.2.3.4.1", 1);

	tsa_time(g, w->time, TSA_TIME);
	TS_TST_INFO_set_version(t, w->version == 0 ? 1 : w->version);
	TS_TST_INFO_set_policy_id(t, policy);
	TS_TST_INFO_set_msg_imprint(t, mi);
	TS_TST_INFO_set_serial(t, serial);
	TS_TST_INFO_set_time(t, g);
	if (w->nonce != 0)
		TS_TST_INFO_set_nonce(t, nonce);
	ASN1_OBJECT_free(policy);
	ASN1_GENERALIZEDTIME_free(g);
	ASN1_INTEGER_free(nonce);
	ASN1_INTEGER_free(serial);
	TS_MSG_IMPRINT_free(mi);
	return t;
}

/* One signer more, bound to its certificate by ESSCertIDv2. */
static void
tsa_signer(PKCS7 *p7, const struct tsa_token *w, X509 *c)
{
	uint8_t ess[8 + DIGEST_LEN] = { 0x30, 0x26, 0x30, 0x24, 0x30, 0x22,
	    0x04, 0x20 };
	ASN1_STRING *seq = ASN1_STRING_type_new(V_ASN1_SEQUENCE);
	PKCS7_SIGNER_INFO *si;

	assert_int_equal(X509_digest(c, EVP_sha256(), ess + 8, NULL), 1);
	assert_int_equal(ASN1_STRING_set(seq, ess, sizeof(ess)), 1);
	si = PKCS7_add_signature(p7, c, tsa_key, EVP_get_digestbynid(
	    w->signer_hash == 0 ? NID_sha256 : w->signer_hash));
	assert_non_null(si);
	assert_int_equal(PKCS7_add_attrib_content_type(si,
	    OBJ_nid2obj(w->kind)), 1);
	assert_int_equal(PKCS7_add_signed_attribute(si,
	    NID_id_smime_aa_signingCertificateV2, V_ASN1_SEQUENCE, seq), 1);
}

/* The envelope around nothing yet. */
static PKCS7 *
tsa_envelope(const struct tsa_token *w)
{
	PKCS7 *p7 = PKCS7_new(), *in = PKCS7_new();

	assert_int_equal(PKCS7_set_type(p7, NID_pkcs7_signed), 1);
	if (w->kind == NID_pkcs7_data) {
		assert_int_equal(PKCS7_set_type(in, NID_pkcs7_data), 1);
	} else {
		in->type = OBJ_nid2obj(w->kind);
		in->d.other = ASN1_TYPE_new();
		ASN1_TYPE_set(in->d.other, V_ASN1_OCTET_STRING,
		    ASN1_OCTET_STRING_new());
	}
	assert_int_equal(PKCS7_set_content(p7, in), 1);
	return p7;
}

/* Say of every signer that it hashed otherwise. */
static void
tsa_relabel(PKCS7 *p7, int nid)
{
	STACK_OF(PKCS7_SIGNER_INFO) *infos = p7->d.sign->signer_info;
	X509_ALGOR *alg;

	for (int i = 0; nid != 0 && i < sk_PKCS7_SIGNER_INFO_num(infos); i++) {
		PKCS7_SIGNER_INFO_get0_algs(sk_PKCS7_SIGNER_INFO_value(infos,
		    i), NULL, &alg, NULL);
		assert_int_equal(X509_ALGOR_set0(alg, OBJ_nid2obj(nid),
		    V_ASN1_NULL, NULL), 1);
	}
}

/* The bytes of a finished token; it is freed. */
static struct bytes_buf
tsa_bytes(PKCS7 *p7)
{
	struct bytes_buf b = { 0 };
	uint8_t *der = NULL;
	int n = i2d_PKCS7(p7, &der);

	assert_true(n > 0);
	bytes_put(&b, der, (size_t)n);
	OPENSSL_free(der);
	PKCS7_free(p7);
	return b;
}

/* Sign; the token without a response around it, which the caller frees. */
TSA_UNUSED static struct bytes_buf
tsa_sign(const struct tsa_token *given)
{
	static const struct tsa_cert usual;
	struct tsa_token w = *given;
	TS_TST_INFO *tst = tsa_state(&w);
	X509 *c = tsa_certify(w.cert != NULL ? w.cert : &usual,
	    "Authority", tsa_root);
	PKCS7 *p7;
	BIO *bio;

	if (w.kind == 0)
		w.kind = NID_id_smime_ct_TSTInfo;
	p7 = tsa_envelope(&w);
	if (!w.bare)
		assert_int_equal(PKCS7_add_certificate(p7, c), 1);
	for (int i = 0; i < (w.signers == 0 ? 1 : w.signers); i++)
		tsa_signer(p7, &w, c);
	bio = PKCS7_dataInit(p7, NULL);
	assert_non_null(bio);
	assert_int_equal(i2d_TS_TST_INFO_bio(bio, tst), 1);
	if (w.behind)
		assert_int_equal(BIO_write(bio, "", 1), 1);
	assert_int_equal(PKCS7_dataFinal(p7, bio), 1);
	tsa_relabel(p7, w.said_hash);
	if (w.text)
		p7->d.sign->contents->d.other->type = V_ASN1_UTF8STRING;
	if (w.detached) {
		ASN1_TYPE_free(p7->d.sign->contents->d.other);
		p7->d.sign->contents->d.other = NULL;
	}
	BIO_free_all(bio);
	TS_TST_INFO_free(tst);
	X509_free(c);
	return tsa_bytes(p7);
}

/* The answer of an authority around a token, or around nothing. */
TSA_UNUSED static struct bytes_buf
tsa_answer(uint8_t status, const struct bytes_buf *token)
{
	const uint8_t info[5] = { 0x30, 3, 2, 1, status };
	struct bytes_buf b = { 0 };
	size_t n = sizeof(info) + (token == NULL ? 0 : token->len);

	bytes_put(&b, (uint8_t[]){ 0x30, 0x82, (uint8_t)(n >> 8),
	    (uint8_t)n }, 4);
	bytes_put(&b, info, sizeof(info));
	if (token != NULL)
		bytes_put(&b, token->p, token->len);
	return b;
}

/* --- what is asked of it ----------------------------------------------- */

static struct bytes_buf tsa_der;	/* the root in DER */

/* What is checked: the text, a token over it, and the root. */
TSA_UNUSED static struct tsp_in
tsa_given(const struct bytes_buf *token)
{
	struct tsp_in in = { .data = { TSA_TEXT, strlen(TSA_TEXT) },
	    .token = { token->p, token->len },
	    .roots = { tsa_der.p, tsa_der.len } };

	return in;
}

/* The check fails in this way and for this reason, and tells nothing else. */
TSA_UNUSED static void
tsa_fails(const char *name, const struct tsp_in *in, enum sq_err want,
    const char *words)
{
	struct tsp_token t;
	struct why why = { "" };
	enum sq_err e = tsp_check(in, &t, &why);

	if (e != want || strstr(why.text, words) == NULL)
		fail_msg("%s: error %d, \"%s\"", name, e, why.text);
	assert_false(t.trusted);
}

/* All holds, and the root vouches for it. */
TSA_UNUSED static void
tsa_holds(const char *name, const struct tsp_in *in, const char *time)
{
	struct tsp_token t;
	struct why why = { "" };

	if (tsp_check(in, &t, &why) != SQ_OK || !t.trusted)
		fail_msg("%s: %s%s", name, why.text, t.doubt);
	assert_string_equal(t.time, time);
	assert_string_equal(t.doubt, "");
}

/* Group setup and teardown. */
TSA_UNUSED static int
tsa_setup(void **state)
{
	static const struct tsa_cert usual;
	uint8_t *der = NULL;
	int n;

	(void)state;
	if (secret_init() != SQ_OK ||
	    (tsa_key = EVP_EC_gen("P-256")) == NULL)
		return 1;
	tsa_root = tsa_certify(&usual, "Root", NULL);
	n = i2d_X509(tsa_root, &der);
	assert_true(n > 0);
	bytes_put(&tsa_der, der, (size_t)n);
	OPENSSL_free(der);
	return 0;
}

TSA_UNUSED static int
tsa_teardown(void **state)
{
	(void)state;
	bytes_free(&tsa_der);
	X509_free(tsa_root);
	EVP_PKEY_free(tsa_key);
	return 0;
}

#endif
