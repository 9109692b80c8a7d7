/*
 * A sheet as a file: hashed, then read by sandyq-probe, and not changed in
 * between.  See vault_import.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/digest.h"
#include "vault/bundle/csv.h"
#include "vault/fsio.h"
#include "vault/vault_import_int.h"

#define FILE_MAX ((uint64_t)1 << 30)

/* SHA-256 of the whole file. */
static enum sq_err
hash(struct fsio_in *in, char hex[65], struct why *why)
{
	static uint8_t buf[65536];
	uint8_t sum[DIGEST_LEN];
	struct digest *d = NULL;
	size_t got = 0;
	enum sq_err e;

	if ((e = digest_new(DIGEST_SHA256, &d)) != SQ_OK)
		return e;
	while ((e = fsio_in_read(in, buf, sizeof(buf), &got)) == SQ_OK &&
	    got > 0)
		if ((e = digest_add(d, buf, got)) != SQ_OK)
			break;
	if (e != SQ_OK)
		err_why(why, e, "it could not be read to its end");
	else if ((e = digest_end(d, sum)) == SQ_OK)
		bytes_hex(hex, sum, sizeof(sum));
	secret_wipe(buf, sizeof(buf));
	digest_free(d);
	return e;
}

/* see vault_import.h */
enum sq_err
vault_sheet_read(const char *path, const char *encoding,
    const char *delimiter, const char *sheet, struct vault_sheet **ret,
    struct why *why)
{
	const char *base = strrchr(path, '/');
	struct vault_sheet *s = calloc(1, sizeof(*s));
	struct fsio_in *in = NULL;
	struct fsio_mark mark;
	enum sq_err e = SQ_ENOMEM;

	if (s == NULL || (s->name = vault_name_text(base == NULL ? path :
	    base + 1)) == NULL)
		goto out;
	if ((e = fsio_in_regular(path, &in, why)) != SQ_OK ||
	    (e = fsio_in_mark(in, &mark)) != SQ_OK)
		goto out;
	s->size = fsio_in_size(in);
	if (s->size > FILE_MAX)
		e = err_why(why, SQ_ELIMIT, "it is larger than a gigabyte");
	if (e == SQ_OK && (e = hash(in, s->sha256, why)) == SQ_OK)
		e = probe_sheet_read(fsio_in_fd(in), encoding, delimiter,
		    sheet, &s->cells, why);
	if (e == SQ_OK && !fsio_in_same(in, &mark))
		e = err_why(why, SQ_EREFUSED, "it changed while it was read");
out:
	fsio_in_close(in);
	if (e != SQ_OK) {
		if (why != NULL && why->text[0] != '\0')
			(void)err_more(why, e, "%s", path);
		vault_sheet_free(s);
		return e;
	}
	*ret = s;
	return SQ_OK;		/* transferred */
}

/* see vault_import.h */
void
vault_sheet_free(struct vault_sheet *s)
{
	if (s == NULL)
		return;
	probe_sheet_free(&s->cells);
	free(s->name);
	free(s);
}

/* see vault_import.h */
void
vault_sheet_info(const struct vault_sheet *s, struct vault_sheet_info *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->name = s->name;
	ret->format = s->cells.format;
	ret->encoding = s->cells.encoding;
	ret->delimiter = s->cells.delimiter;
	ret->sheet = s->cells.sheet;
	ret->sure = s->cells.sure;
	memcpy(ret->sha256, s->sha256, sizeof(ret->sha256));
	ret->size = s->size;
	ret->rows = s->cells.n;
	if (s->cells.n > 0) {
		ret->head = s->cells.row[0].cell;
		ret->n_head = s->cells.row[0].n;
	}
}

/* see vault_import.h */
void
vault_sheet_line(const struct vault_sheet *s, size_t i, const char *reason,
    struct bytes_buf *out)
{
	size_t n = s->cells.n > 0 ? s->cells.row[0].n : 0;
	const struct probe_sheet_row *r = &s->cells.row[i];

	/* as many cells as there are headings, so that reasons are aligned */
	for (size_t k = 0; k < (n > r->n ? n : r->n); k++) {
		if (k > 0)
			bytes_puts(out, ",");
		csv_cell(out, k < r->n ? r->cell[k] : "");
	}
	if (reason != NULL) {
		bytes_puts(out, ",");
		csv_cell(out, reason);
	}
	bytes_puts(out, "\n");
}
