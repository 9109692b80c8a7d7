/*
 * Trustees: a key slot whose passphrase nobody knows, shared among N people of
 * whom any K can open the vault together.  FORMAT.md section 18.  See
 * vault_trustees.h.
 */
#include <stdio.h>
#include <string.h>

#include "crypto/share.h"
#include "vault/bundle/qr.h"
#include "vault/vault_int.h"

/* The passphrase of the slot: the shared secret as text. */
static enum sq_err
passphrase(const struct secret *s, struct secret **ret)
{
	struct secret *p;
	enum sq_err e;

	if ((e = secret_new(2 * SHAMIR_LEN + 1, &p)) != SQ_OK)
		return e;
	bytes_hex((char *)secret_bytes(p), secret_cbytes(s), SHAMIR_LEN);
	secret_shorten(p, 2 * SHAMIR_LEN);
	*ret = p;
	return SQ_OK;		/* transferred */
}

/* The shares as text. */
static enum sq_err
texts(struct vault *v, struct secret *const y[], unsigned need, unsigned of,
    struct secret *ret[])
{
	struct share s = { .need = need, .of = of };
	enum sq_err e = SQ_OK;

	bytes_random(s.set, sizeof(s.set));
	if (bytes_unhex(s.log, SHARE_LOG, (char[2 * SHARE_LOG + 1]){
	    v->cx.log_id[0], v->cx.log_id[1], v->cx.log_id[2],
	    v->cx.log_id[3], v->cx.log_id[4], v->cx.log_id[5],
	    v->cx.log_id[6], v->cx.log_id[7], '\0' }) != SQ_OK)
		return SQ_EINTERNAL;
	for (unsigned i = 0; i < of && e == SQ_OK; i++) {
		s.x = i + 1;
		s.y = y[i];
		e = share_text(&s, &ret[i]);
	}
	return e;
}

/* see vault_trustees.h */
enum sq_err
vault_trustees_split(struct vault *v, unsigned need, unsigned of,
    struct secret *ret[VAULT_TRUSTEES_MAX], struct why *why)
{
	struct secret *s = NULL, *coeffs = NULL, *pass = NULL;
	struct secret *y[SHAMIR_MAX] = { NULL };
	char label[KEYSLOT_LABEL + 1];
	enum sq_err e;

	for (unsigned i = 0; i < VAULT_TRUSTEES_MAX; i++)
		ret[i] = NULL;
	if (need < 2 || need > of || of > VAULT_TRUSTEES_MAX)
		return err_why(why, SQ_EUSAGE, "at least 2 must be needed, of "
		    "at most %d", VAULT_TRUSTEES_MAX);
	(void)snprintf(label, sizeof(label), "trustees, %u of %u", need, of);
	if ((e = secret_random(SHAMIR_LEN, &s)) != SQ_OK ||
	    (e = secret_random((size_t)(need - 1) * SHAMIR_LEN, &coeffs)) !=
	    SQ_OK || (e = shamir_split(s, need, of, coeffs, y)) != SQ_OK ||
	    (e = texts(v, y, need, of, ret)) != SQ_OK ||
	    (e = passphrase(s, &pass)) != SQ_OK) {
		err_why(why, e, "the shares could not be made");
		goto out;
	}
	e = vault_slots_put(v, KEYSLOT_TRUSTEES, label, pass, why);
out:
	for (unsigned i = 0; i < SHAMIR_MAX; i++)
		secret_free(y[i]);
	for (unsigned i = 0; i < VAULT_TRUSTEES_MAX && e != SQ_OK; i++) {
		secret_free(ret[i]);
		ret[i] = NULL;
	}
	secret_free(s);
	secret_free(coeffs);
	secret_free(pass);
	return e;
}

/* see vault_trustees.h */
enum sq_err
vault_trustees_need(const struct secret *text, unsigned *ret_need,
    unsigned *ret_x, struct why *why)
{
	struct share s;
	enum sq_err e;

	e = share_parse(secret_cbytes(text), secret_len(text), &s, why);
	if (e != SQ_OK)
		return SQ_EREFUSED;
	*ret_need = s.need;
	*ret_x = s.x;
	share_free(&s);
	return SQ_OK;
}

/* see vault_trustees.h */
enum sq_err
vault_trustees_join(const struct secret *const text[], unsigned n,
    struct secret **ret, struct why *why)
{
	struct share s[VAULT_TRUSTEES_MAX] = { 0 };
	struct secret *joined = NULL;
	enum sq_err e = n <= VAULT_TRUSTEES_MAX ? SQ_OK : SQ_EUSAGE;

	for (unsigned i = 0; i < n && e == SQ_OK; i++)
		if ((e = share_parse(secret_cbytes(text[i]),
		    secret_len(text[i]), &s[i], why)) != SQ_OK &&
		    e != SQ_ENOMEM)
			e = err_more(why, SQ_EREFUSED, "the %u%s given",
			    i + 1, i == 0 ? "st" : i == 1 ? "nd" : i == 2 ?
			    "rd" : "th");
	if (e == SQ_OK)
		e = share_join(s, n, &joined, why);
	if (e == SQ_OK)
		e = passphrase(joined, ret);
	secret_free(joined);
	for (unsigned i = 0; i < n && i < VAULT_TRUSTEES_MAX; i++)
		share_free(&s[i]);
	return e;
}

/* see vault_trustees.h */
enum sq_err
vault_trustees_test(struct vault *v, const struct secret *const text[],
    unsigned n, struct why *why)
{
	struct secret *pass = NULL;
	char note[128];
	enum sq_err e;

	if ((e = vault_trustees_join(text, n, &pass, why)) != SQ_OK)
		return e;
	e = vault_slots_try(v, KEYSLOT_TRUSTEES, pass, why);
	secret_free(pass);
	if (e == SQ_EPASS)
		return err_why(why, e, "the shares fit together, but do not "
		    "open this vault: they are of an earlier set or of another "
		    "vault, or one of them is wrong");
	if (e != SQ_OK || v->readonly)
		return e;
	(void)snprintf(note, sizeof(note), "trustees rehearsed: %u shares "
	    "open the vault", n);
	return vault_event(v, "rehearsed", note, VAULT_MARK_TRUSTEES, why);
}

/* see vault_trustees.h */
enum sq_err
vault_qr(const struct secret *s, struct bytes_buf *out, struct why *why)
{
	enum sq_err e = qr_text(secret_cbytes(s), secret_len(s), out);

	return e == SQ_OK ? e : err_why(why, e, "the QR code could not be "
	    "made");
}
