/*
 * Looking records up by name, in any script and spelling: the tables sound (by
 * which candidates are found) and name (with which they are scored).  Both are
 * projections: what is found is read from the log before it is shown.
 */
#ifndef SQ_VAULT_RECORD_LOOKUP_H
#define SQ_VAULT_RECORD_LOOKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/err.h"
#include "vault/record/names.h"
#include "vault/record/record.h"

struct lookup_hit {
	int64_t rid;			/* record_of_rid */
	struct names_match match;	/* with its nearest name */
};

/**
 * lookup_index(cx, rid, en, type, add):
 * Put the names of an entry into the index, or take them out.
 */
enum sq_err lookup_index(struct record_ctx *cx, int64_t rid,
    const struct entry *en, const struct model_type *type, bool add);

/**
 * lookup_find(cx, name, type, max, limit, ret, ret_n):
 * The records (of ${type}, or any if NULL) with a name at most ${max} (per
 * mille, see names.h) from ${name}, the nearest first, at most ${limit}.  The
 * caller frees ${ret}.  None, if the name has no letters.  Not complete: a name
 * that differs by more than a few sounds is not found.
 */
enum sq_err lookup_find(struct record_ctx *cx, const char *name,
    const struct model_type *type, unsigned max, size_t limit,
    struct lookup_hit **ret, size_t *ret_n);

/**
 * lookup_why(match, out, cap):
 * In words: "name, other script, other order, distance 0.08".
 */
void lookup_why(const struct names_match *match, char *out, size_t cap);

#endif
