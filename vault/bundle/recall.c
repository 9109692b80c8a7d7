#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/minisig.h"
#include "crypto/sign.h"
#include "crypto/sshsig.h"
#include "vault/bundle/recall.h"

/*
 * As with the statement of a bundle there is one spelling: what was read is
 * written again and compared.
 */

static const char first[] = "recall-notice/v1\n";
static const char closing[] =
    "Consent to this use of these records was withdrawn.  Stop using them, "
    "and what\nbelongs to them.  Delete your copies, tell whom you passed "
    "them to, and confirm\nthat you did.  What was handed to a court is for "
    "the court to decide.\n";

/* Make room for one more in a list that doubles. */
static enum sq_err
grow(void **list, size_t n, size_t size)
{
	void *p;

	if ((n & (n - 1)) != 0)
		return SQ_OK;
	if ((p = realloc(*list, (n == 0 ? 1 : 2 * n) * size)) == NULL)
		return SQ_ENOMEM;
	*list = p;
	return SQ_OK;
}

/* see recall.h */
enum sq_err
recall_record(struct recall *r, const char *ref, const char *id)
{
	void *p = r->record;
	enum sq_err e;

	if (strlen(ref) >= sizeof(r->record->ref) ||
	    strlen(id) >= sizeof(r->record->id))
		return SQ_EFORMAT;
	if ((e = grow(&p, r->n_record, sizeof(*r->record))) != SQ_OK)
		return e;
	r->record = p;
	memcpy(r->record[r->n_record].ref, ref, strlen(ref) + 1);
	memcpy(r->record[r->n_record++].id, id, strlen(id) + 1);
	return SQ_OK;
}

/* see recall.h */
enum sq_err
recall_bundle(struct recall *r, const char *bundle,
    const uint8_t statement[DIGEST_LEN])
{
	void *p = r->bundle;
	enum sq_err e;

	if (strlen(bundle) >= sizeof(r->bundle->bundle))
		return SQ_EFORMAT;
	if ((e = grow(&p, r->n_bundle, sizeof(*r->bundle))) != SQ_OK)
		return e;
	r->bundle = p;
	memcpy(r->bundle[r->n_bundle].bundle, bundle, strlen(bundle) + 1);
	memcpy(r->bundle[r->n_bundle++].statement, statement, DIGEST_LEN);
	return SQ_OK;
}

/* see recall.h */
void
recall_free(struct recall *r)
{
	free(r->record);
	free(r->bundle);
	memset(r, 0, sizeof(*r));
}

/* One printable ASCII word, or words parted by single spaces. */
static bool
is_words(const char *s, bool spaces)
{
	if (*s == '\0' || *s == ' ')
		return false;
	for (; *s != '\0'; s++)
		if (*s < ' ' || *s > '~' || (*s == ' ' && (!spaces ||
		    s[1] == ' ' || s[1] == '\0')))
			return false;
	return true;
}

static bool
is_hex(const char *s, size_t n)
{
	return strlen(s) == n && strspn(s, "0123456789abcdef") == n;
}

static bool
good(const struct recall *r)
{
	bool ok = is_hex(r->notice, 32) && is_words(r->created, false) &&
	    is_hex(r->log, 32) && is_words(r->key.note, false) &&
	    is_words(r->key.minisign, false) && is_words(r->key.ssh, false) &&
	    is_words(r->recipient, false) && is_words(r->scope, false) &&
	    is_words(r->program, true) && r->n_record > 0 && r->n_bundle > 0;

	for (size_t i = 0; i < r->n_record && ok; i++)
		ok = is_words(r->record[i].ref, false) &&
		    is_hex(r->record[i].id, 32);
	for (size_t i = 0; i < r->n_bundle && ok; i++)
		ok = is_hex(r->bundle[i].bundle, 32);
	return ok;
}

/* see recall.h */
enum sq_err
recall_emit(const struct recall *r, struct bytes_buf *out)
{
	if (!good(r))
		return SQ_EFORMAT;
	bytes_puts(out, first);
	bytes_putf(out, "notice: %s\ncreated: %s\nlog: %s\n", r->notice,
	    r->created, r->log);
	bytes_putf(out, "key-note: %s\nkey-minisign: %s\nkey-ssh: %s\n",
	    r->key.note, r->key.minisign, r->key.ssh);
	bytes_putf(out, "recipient: %s\nscope: %s\n", r->recipient, r->scope);
	for (size_t i = 0; i < r->n_record; i++)
		bytes_putf(out, "record: %s %s\n", r->record[i].ref,
		    r->record[i].id);
	for (size_t i = 0; i < r->n_bundle; i++) {
		bytes_putf(out, "bundle: %s ", r->bundle[i].bundle);
		bytes_put_hex(out, r->bundle[i].statement, DIGEST_LEN);
		bytes_puts(out, "\n");
	}
	bytes_putf(out, "program: %s\n", r->program);
	bytes_puts(out, closing);
	return bytes_done(out);
}

/* --- reading ------------------------------------------------------------ */

struct lines {
	const char *p, *end;
};

/* If the next line begins with ${key}, copy its rest to ${out}. */
static bool
line(struct lines *l, const char *key, char *out, size_t cap)
{
	size_t k = strlen(key), n;
	const char *lf;

	if ((size_t)(l->end - l->p) < k || memcmp(l->p, key, k) != 0 ||
	    (lf = memchr(l->p, '\n', (size_t)(l->end - l->p))) == NULL)
		return false;
	n = (size_t)(lf - l->p) - k;
	if (n >= cap || memchr(l->p, '\0', (size_t)(lf - l->p)) != NULL)
		return false;
	memcpy(out, l->p + k, n);
	out[n] = '\0';
	l->p = lf + 1;
	return true;
}

/* The lists, each line two words. */
static enum sq_err
read_lists(struct lines *l, struct recall *r)
{
	uint8_t sum[DIGEST_LEN];
	char v[128], *space;
	enum sq_err e;

	while (line(l, "record: ", v, sizeof(v))) {
		if ((space = strchr(v, ' ')) == NULL)
			return SQ_EFORMAT;
		*space = '\0';
		if ((e = recall_record(r, v, space + 1)) != SQ_OK)
			return e;
	}
	while (line(l, "bundle: ", v, sizeof(v))) {
		if ((space = strchr(v, ' ')) == NULL ||
		    strlen(space + 1) != 2 * DIGEST_LEN ||
		    bytes_unhex(sum, sizeof(sum), space + 1) != SQ_OK)
			return SQ_EFORMAT;
		*space = '\0';
		if ((e = recall_bundle(r, v, sum)) != SQ_OK)
			return e;
	}
	return SQ_OK;
}

/* Read all lines in their order. */
static enum sq_err
read_all(struct lines *l, struct recall *r)
{
	char none[2];
	enum sq_err e;

	if (!line(l, "recall-notice/v1", none, sizeof(none)) ||
	    !line(l, "notice: ", r->notice, sizeof(r->notice)) ||
	    !line(l, "created: ", r->created, sizeof(r->created)) ||
	    !line(l, "log: ", r->log, sizeof(r->log)) ||
	    !line(l, "key-note: ", r->key.note, sizeof(r->key.note)) ||
	    !line(l, "key-minisign: ", r->key.minisign,
	    sizeof(r->key.minisign)) ||
	    !line(l, "key-ssh: ", r->key.ssh, sizeof(r->key.ssh)) ||
	    !line(l, "recipient: ", r->recipient, sizeof(r->recipient)) ||
	    !line(l, "scope: ", r->scope, sizeof(r->scope)))
		return SQ_EFORMAT;
	if ((e = read_lists(l, r)) != SQ_OK)
		return e;
	return line(l, "program: ", r->program, sizeof(r->program)) ?
	    SQ_OK : SQ_EFORMAT;
}

/* see recall.h */
enum sq_err
recall_parse(const char *p, size_t n, struct recall *ret, struct why *why)
{
	struct lines l = { p, p + n };
	struct bytes_buf again = { 0 };
	struct recall r;
	enum sq_err e;

	memset(&r, 0, sizeof(r));
	if (n > RECALL_MAX)
		return err_why(why, SQ_ELIMIT, RECALL_TEXT " is too large");
	if ((e = read_all(&l, &r)) == SQ_OK &&
	    (e = recall_emit(&r, &again)) == SQ_OK && (again.len != n ||
	    memcmp(again.p, p, n) != 0))
		e = SQ_EFORMAT;
	if (e == SQ_OK) {
		*ret = r;
		memset(&r, 0, sizeof(r));	/* transferred */
	} else if (e == SQ_EFORMAT)
		err_why(why, e, RECALL_TEXT " is not of the form it must "
		    "have");
	bytes_free(&again);
	recall_free(&r);
	return e;
}

/* --- signing ------------------------------------------------------------ */

/* see recall.h */
enum sq_err
recall_sign(const struct secret *seed, uint32_t epoch,
    const struct card *card, const struct recall *r,
    const struct bytes_buf *text, struct bytes_buf *mini,
    struct bytes_buf *ssh)
{
	const struct digest_part part = { text->p, text->len };
	struct secret *m = NULL, *s = NULL;
	char trusted[160];
	uint8_t hash[64];
	enum sq_err e;

	digest_blake2b(hash, sizeof(hash), NULL, &part, 1);
	(void)snprintf(trusted, sizeof(trusted), RECALL_COMMENT, r->notice,
	    r->created, r->log);
	if ((e = sign_seed(seed, "minisign", epoch, &m)) == SQ_OK &&
	    (e = sign_seed(seed, "ssh", epoch, &s)) == SQ_OK &&
	    (e = minisig_make(&card->minisign, m, hash, trusted, mini)) ==
	    SQ_OK)
		e = sshsig_make(s, RECALL_NS, text->p, text->len, ssh);
	secret_free(m);
	secret_free(s);
	return e;
}
