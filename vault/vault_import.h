/*
 * Sheets of others, taken in: read by sandyq-probe, mapped to fields, created
 * or updated in one transaction, each record with its file and row as source.
 * A part of vault.h.
 */
#ifndef SQ_VAULT_VAULT_IMPORT_H
#define SQ_VAULT_VAULT_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/bytes.h"
#include "crypto/err.h"
#include "vault/record/model.h"

struct vault;
struct vault_made;
struct vault_sheet;

/* What a sheet is, and its first row. */
struct vault_sheet_info {
	const char *name;	/* of the file */
	const char *format, *encoding, *delimiter, *sheet;
	bool sure;		/* of the encoding */
	char sha256[65];
	uint64_t size;
	size_t rows;		/* with the first */
	char *const *head;
	size_t n_head;
};

/**
 * vault_sheet_read(path, encoding, delimiter, sheet, ret, why):
 * Read a .csv or .xlsx; each of the three may be NULL: found out.  SQ_EREFUSED
 * says why it cannot be.  The vault may still be locked.  Free with
 * vault_sheet_free.
 */
enum sq_err vault_sheet_read(const char *path, const char *encoding,
    const char *delimiter, const char *sheet, struct vault_sheet **ret,
    struct why *why);

/** vault_sheet_free(s): wipe and free; NULL is fine. */
void vault_sheet_free(struct vault_sheet *s);

/** vault_sheet_info(s, ret): what it is; valid as long as ${s}. */
void vault_sheet_info(const struct vault_sheet *s,
    struct vault_sheet_info *ret);

/**
 * vault_sheet_line(s, i, reason, out):
 * Append row ${i} (0: the headings) as a line of CSV, with a last cell
 * ${reason} (NULL: none); what would be a formula is made harmless.
 */
void vault_sheet_line(const struct vault_sheet *s, size_t i,
    const char *reason, struct bytes_buf *out);

struct vault_import {
	const char *type;
	const char *const *map;		/* FIELD=COLUMN */
	size_t n_map;
	const char *match;		/* a field, "ref"; NULL: only create */
	const char *dates;		/* NULL, "dmy", "mdy" */
	const char *reason;
	bool dry;			/* say what would happen */
	void (*progress)(void *arg, uint64_t done, uint64_t of);
	void *arg;			/* of progress */
};

enum vault_import_did {
	VAULT_IMPORT_CREATED,
	VAULT_IMPORT_UPDATED,
	VAULT_IMPORT_SAME,		/* nothing in it is new */
	VAULT_IMPORT_REFUSED
};

/* What became of one row. */
struct vault_imported {
	size_t i;			/* its place in the sheet */
	uint64_t row;			/* its number there */
	enum vault_import_did did;
	const char *ref;		/* "" of a dry run's new records */
	const char *why;		/* of a refusal */
	const char *title;
};

/**
 * vault_import_columns(s, in, cb, arg, why):
 * Which heading becomes which field ("" none, else name or name.lang).
 */
enum sq_err vault_import_columns(const struct vault_sheet *s,
    const struct vault_import *in,
    void (*cb)(void *arg, const char *head, const char *field), void *arg,
    struct why *why);

/* A date of a sheet that can be read in two ways. */
struct vault_import_either {
	uint64_t row;			/* its number in the sheet; 0: none */
	char field[64], date[48];
	unsigned first, second;		/* its numbers, each a month or a day */
};

/**
 * vault_import_either(s, in, ret, why):
 * The first of them, which ${in}->dates would have to say how to read.
 */
enum sq_err vault_import_either(const struct vault_sheet *s,
    const struct vault_import *in, struct vault_import_either *ret,
    struct why *why);

/**
 * vault_import(v, s, in, cb, arg, ret, why):
 * Every row but the first: a new record, or with ${match} an update of the one
 * record whose field has the same value.  What is refused is left out, the rest
 * is saved in one transaction, or nothing if none of it was good, or it was a
 * dry run.  ${cb} hears of each row in order, before it is saved; its failure
 * undoes all.  ${ret} is the source record; its ref is "" if nothing was
 * saved.
 */
enum sq_err vault_import(struct vault *v, const struct vault_sheet *s,
    const struct vault_import *in,
    enum sq_err (*cb)(void *arg, const struct vault_imported *x), void *arg,
    struct vault_made *ret, struct why *why);

/**
 * vault_sheet_write(v, type, path, ret_n, why):
 * All records of a type as a plain CSV file that import takes back: a column
 * for the reference, and for each field and language; several values parted by
 * semicolons; what would be a formula made harmless.  Logged before it is
 * written.  SQ_EEXIST: never over another file.
 */
enum sq_err vault_sheet_write(struct vault *v, const char *type,
    const char *path, size_t *ret_n, struct why *why);

#endif
