/*
 * The load file that litigation software imports: rows in Concordance
 * delimiters, UTF-8 with a byte order mark, CRLF.  BUNDLE.md section 6.  Pure.
 */
#ifndef SQ_VAULT_BUNDLE_LOADFILE_H
#define SQ_VAULT_BUNDLE_LOADFILE_H

#include <stddef.h>

#include "crypto/bytes.h"

#define LOADFILE_CELLS 20
#define LOADFILE_NUMBER_MAX 32	/* of an item, with its NUL */

/** loadfile_head(out): the byte order mark and the names of the columns. */
void loadfile_head(struct bytes_buf *out);

/**
 * loadfile_row(cells, out):
 * One row of LOADFILE_CELLS cells (NULL: an empty one).  What would be read as
 * a delimiter is replaced: line ends inside a cell become U+00AE, as the
 * format has it; U+00AE itself becomes "(R)", U+00FE "th", and other control
 * characters a space.
 */
void loadfile_row(const char *const cells[LOADFILE_CELLS],
    struct bytes_buf *out);

/**
 * loadfile_number(bundle, item, out):
 * The number of an item, unlike that of any other bundle: "SQ", eight digits
 * of the bundle, the item.
 */
void loadfile_number(const char *bundle, size_t item,
    char out[LOADFILE_NUMBER_MAX]);

/**
 * loadfile_date(edtf, out):
 * YYYYMMDD of a date or time that tells a whole day, else "".
 */
void loadfile_date(const char *edtf, char out[9]);

#endif
