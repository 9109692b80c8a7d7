#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "vault/bundle/receipt.h"
#include "vault/bundle/seal.h"
#include "vault/bundle/verify_int.h"
#include "vault/fsio.h"

/* Seconds since 1970 of what the caller's clock says. */
static uint64_t
unix_of(const char *rfc3339)
{
	struct tm tm = { .tm_sec = 0 };
	time_t t;

	if (rfc3339 == NULL ||
	    strptime(rfc3339, "%Y-%m-%dT%H:%M:%SZ", &tm) == NULL)
		return 0;
	t = timegm(&tm);
	return t < 0 ? 0 : (uint64_t)t;
}

/* The identity that opened the bundle; of a folder, the only one. */
static const struct secret *
pick(const struct verify *v, struct secret **list, size_t n)
{
	char name[AGE_RECIPIENT_MAX];

	if (v->source.folder)
		return n == 1 ? list[0] : NULL;
	for (size_t i = 0; i < n; i++)
		if (age_public(list[i], name) == SQ_OK &&
		    strcmp(name, v->source.opener) == 0)
			return list[i];
	return NULL;
}

/* Write a new file, whole or not at all. */
static enum sq_err
write_new(const char *path, const struct bytes_buf *b, struct why *why)
{
	struct fsio_out *out = NULL;
	enum sq_err e;

	if ((e = fsio_out_new(path, &out, why)) == SQ_OK &&
	    (e = fsio_out_write(out, b->p, b->len)) == SQ_OK)
		e = fsio_out_end(out, why);
	fsio_out_free(out);
	return e;
}

/* see verify_int.h */
enum sq_err
verify_receipt_want(const struct verify_opts *o, struct why *why)
{
	if (o->receipt != NULL && o->identity == NULL)
		return err_why(why, SQ_EUSAGE, "a receipt is signed with a key "
		    "made from your identity file: give it with -i");
	return SQ_OK;
}

/* see verify_int.h */
enum sq_err
verify_receipt_write(const struct verify *v, struct why *why)
{
	const struct bytes_buf *note = &v->kept[VERIFY_CHECKPOINT];
	struct secret **list = NULL;
	struct bytes_buf b = { 0 };
	const struct secret *id;
	size_t n = 0;
	enum sq_err e;

	if ((e = seal_identities(v->o->identity, &list, &n, why)) != SQ_OK)
		return e;
	if ((id = pick(v, list, n)) == NULL)
		e = err_why(why, SQ_EUSAGE, "%s holds %zu identities, and the "
		    "folder does not tell which is yours", v->o->identity, n);
	else if ((e = receipt_make(id, unix_of(v->o->now),
	    (const char *)note->p, note->len, &b)) == SQ_OK)
		e = write_new(v->o->receipt, &b, why);
	bytes_free(&b);
	seal_identities_free(list, n);
	return e;
}
