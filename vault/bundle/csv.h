/*
 * CSV (RFC 4180) with LF line ends: the tables of a bundle.  A written cell
 * that a spreadsheet would take for a formula gets an apostrophe in front.
 * Pure.
 */
#ifndef SQ_VAULT_BUNDLE_CSV_H
#define SQ_VAULT_BUNDLE_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "crypto/bytes.h"
#include "crypto/err.h"

#define CSV_CELLS_MAX 32
#define CSV_ROW_MAX (1u << 20)	/* bytes of one row, when reading */

#define CSV_ITEMS "item,ref,type,entry,title,file,original_name,mime,size," \
    "sha256,collected_by,collected_at\n"
#define CSV_CUSTODY "item,index,time,action,actor,object,sha256,place,note\n"
#define CSV_CONSENTS "item,scope,decision,until,conditions,entry\n"

/**
 * csv_cell(out, s):
 * Append one cell (NULL is an empty one), quoted where it holds a comma, a
 * semicolon, a quote, a line end, a tab or white space at either end.  A cell
 * that begins with = + - @ | % or a tab or line end, or with the full-width
 * forms of the first four, is defused: an apostrophe goes before it.
 */
void csv_cell(struct bytes_buf *out, const char *s);

/** csv_row(out, cells, n): ${n} cells, commas between them, LF. */
void csv_row(struct bytes_buf *out, const char *const *cells, size_t n);

/* A reader fed piece by piece; one row at a time is held. */
typedef enum sq_err csv_row_fn(void *arg, char *const *cell, size_t n);

struct csv_reader {
	csv_row_fn *row;
	void *arg;
	/* cells of this row, each with its NUL */
	struct bytes_buf text;
	size_t start[CSV_CELLS_MAX];
	size_t n;			/* cells ended so far */
	int state;
};

/** csv_read_init(r, row, arg): begin; free with csv_read_free. */
void csv_read_init(struct csv_reader *r, csv_row_fn *row, void *arg);

/**
 * csv_read_add(r, p, n):
 * The next bytes; SQ_EFORMAT for a stray quote, CR or NUL, SQ_ELIMIT for a row
 * too large, or what ${row} returned.
 */
enum sq_err csv_read_add(struct csv_reader *r, const void *p, size_t n);

/** csv_read_end(r): SQ_EFORMAT if the last line was not ended. */
enum sq_err csv_read_end(struct csv_reader *r);

/** csv_read_free(r): wipe and free; empty again. */
void csv_read_free(struct csv_reader *r);

#endif
