/*
 * From the cells of a sheet to the fields of a record: which column is which
 * field, dates as people write them, terms in any language.  Pure.
 */
#ifndef SQ_VAULT_RECORD_SHEET_H
#define SQ_VAULT_RECORD_SHEET_H

#include <stdbool.h>
#include <stddef.h>

#include "crypto/err.h"
#include "vault/record/model.h"

/* How 03/04/2018 is to be read. */
enum sheet_order { SHEET_ASK, SHEET_DMY, SHEET_MDY };

/**
 * sheet_date(s, order, ret, why):
 * A date as it is written in Kazakhstan, Russia, China or by a program, as
 * EDTF: 12.03.2018, 2018/3/12, 2018年3月12日, 43171, «март 2018», «около 2017»,
 * 2017-2018.  SQ_EREFUSED says what is wrong; day and month that could be
 * either are refused unless ${order} says which.  Caller frees.
 */
enum sq_err sheet_date(const char *s, enum sheet_order order, char **ret,
    struct why *why);

/**
 * sheet_date_either(s, ret):
 * Would sheet_date refuse ${s} only because day and month could be either?
 * Then ${ret} is the first and the second of these numbers.
 */
bool sheet_date_either(const char *s, unsigned ret[2]);

/**
 * sheet_term(vocab, s, ret, why):
 * The term that ${s} is: by term, code or label in English, Russian, Kazakh,
 * Chinese or Uyghur, in any case.  SQ_EREFUSED.  ${*ret} is static.
 */
enum sq_err sheet_term(const struct model_vocab *vocab, const char *s,
    const char **ret, struct why *why);

struct sheet_column {
	const struct model_field *field;	/* NULL: is not taken */
	char lang[MODEL_LANG_MAX];		/* "" if none is given */
	bool ref;				/* holds references */
};

/**
 * sheet_map(type, head, n, map, n_map, ret, why):
 * Which column is which field: as ${map} says ("FIELD=COLUMN", a heading or
 * #3), and else by a heading that is a field's name or label.  ${ret} has ${n}
 * elements.  SQ_EUSAGE.
 */
enum sq_err sheet_map(const struct model_type *type, char *const *head,
    size_t n, const char *const *map, size_t n_map, struct sheet_column *ret,
    struct why *why);

/**
 * sheet_row(type, col, n_col, cell, n, order, ret, why):
 * The fields of one row; an empty cell is none.  SQ_EREFUSED names the column's
 * field.  What is left of ${ret} on failure the caller frees.
 */
enum sq_err sheet_row(const struct model_type *type,
    const struct sheet_column *col, size_t n_col, char *const *cell, size_t n,
    enum sheet_order order, struct model_inputs *ret, struct why *why);

/* A date that can be read in two ways. */
struct sheet_either {
	const char *field;	/* static */
	char date[48];
	unsigned first, second;
};

/**
 * sheet_either(col, n_col, cell, n, ret, ret_is):
 * Is there one in this row?  The first of them.
 */
enum sq_err sheet_either(const struct sheet_column *col, size_t n_col,
    char *const *cell, size_t n, struct sheet_either *ret, bool *ret_is);

#endif
