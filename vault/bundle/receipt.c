#include <string.h>

#include "crypto/age.h"
#include "crypto/digest.h"
#include "vault/bundle/receipt.h"

#define LABEL "sandyq/cosign/1"

static const char head[] = "sandyq-receipt/v1\n";

/* see receipt.h */
enum sq_err
receipt_make(const struct secret *identity, uint64_t time, const char *note,
    size_t n, struct bytes_buf *out)
{
	const struct digest_part part = { LABEL, sizeof(LABEL) - 1 };
	char name[AGE_RECIPIENT_MAX];
	struct secret *seed = NULL;
	struct note_key key;
	uint8_t pk[SIGN_PK];
	enum sq_err e;

	if ((e = age_public(identity, name)) != SQ_OK ||
	    (e = digest_blake2b_key(identity, &part, 1, &seed)) != SQ_OK ||
	    (e = sign_public(seed, pk)) != SQ_OK ||
	    (e = note_cosigner(name, pk, &key)) != SQ_OK)
		goto out;
	bytes_puts(out, head);
	if ((e = note_vkey(&key, out)) != SQ_OK)
		goto out;
	bytes_puts(out, "\n\n");
	e = note_cosign(name, seed, time, note, n, out);
out:
	secret_free(seed);
	return e;
}

/* see receipt.h */
bool
receipt_is(const char *p, size_t n)
{
	return n > sizeof(head) && memcmp(p, head, sizeof(head) - 1) == 0;
}

/* see receipt.h */
enum sq_err
receipt_parse(const char *p, size_t n, struct receipt *ret)
{
	char text[NOTE_VKEY_MAX + 1];
	const char *at = p + sizeof(head) - 1, *lf;
	size_t len;
	enum sq_err e;

	if (n > NOTE_MAX_BYTES || !receipt_is(p, n))
		return SQ_EFORMAT;
	lf = memchr(at, '\n', (size_t)(p + n - at));
	if (lf == NULL || (size_t)(lf - at) > NOTE_VKEY_MAX ||
	    lf + 1 >= p + n || lf[1] != '\n')
		return SQ_EFORMAT;
	len = (size_t)(lf - at);
	memcpy(text, at, len);
	text[len] = '\0';
	if (strlen(text) != len || (e = note_cosigner_parse(text,
	    &ret->cosigner)) != SQ_OK)
		return SQ_EFORMAT;
	ret->note = (size_t)(lf + 2 - p);
	e = note_cosign_check(p + ret->note, n - ret->note, &ret->cosigner,
	    &ret->text, &ret->time);
	return e == SQ_ENOENT ? SQ_EAUTH : e;
}
