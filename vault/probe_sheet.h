/*
 * The cells of a sheet, read by sandyq-probe and held in memory.  What it says
 * is not believed: a line out of form and none of it counts.
 */
#ifndef SQ_VAULT_PROBE_SHEET_H
#define SQ_VAULT_PROBE_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/err.h"

#define PROBE_SHEET_BYTES ((size_t)256 << 20)	/* of all cells */

struct probe_sheet_row {
	uint64_t number;	/* in the sheet, from 1 */
	char **cell;		/* UTF-8; "" where there is nothing */
	size_t n;
};

struct probe_sheet {
	char format[16];	/* "text", "xlsx" */
	char encoding[32], delimiter[16], sheet[256];
	bool sure;		/* of the encoding */
	struct probe_sheet_row *row;
	size_t n;
	char **block;		/* where the cells are */
	size_t n_block, bytes;
};

/**
 * probe_sheet_read(fd, encoding, delimiter, sheet, ret, why):
 * Have the seekable file ${fd} read; each may be NULL: found out.  SQ_EREFUSED
 * says why it cannot be, SQ_ELIMIT that it is too much, SQ_ECANNOT that the
 * program could not be started.  Free with probe_sheet_free.
 */
enum sq_err probe_sheet_read(int fd, const char *encoding,
    const char *delimiter, const char *sheet, struct probe_sheet *ret,
    struct why *why);

/** probe_sheet_free(s): wipe and free; empty again. */
void probe_sheet_free(struct probe_sheet *s);

#endif
