/*
 * Persons who are said to be the same: a relationship between two records that
 * both stay as they are.  What one of them decided counts for the other.
 */
#ifndef SQ_VAULT_RECORD_SAME_H
#define SQ_VAULT_RECORD_SAME_H

#include <stdbool.h>
#include <stddef.h>

#include "vault/record/record.h"

/* All that is said, as pairs. */
struct same {
	uint8_t (*pair)[2][LOG_RECORD_ID];
	size_t n, cap;
};

/** same_says(en): does this relationship say that two persons are one? */
bool same_says(const struct entry *en);

/** same_load(cx, ret, why): read them all from the log; free: same_free. */
enum sq_err same_load(struct record_ctx *cx, struct same *ret,
    struct why *why);

/** same_free(s): empty again; NULL is fine. */
void same_free(struct same *s);

/**
 * same_as(s, id, ret, ret_n):
 * Everyone said to be ${id}, over any number of steps, itself first.  The
 * caller frees ${*ret}.
 */
enum sq_err same_as(const struct same *s, const uint8_t id[LOG_RECORD_ID],
    uint8_t (**ret)[LOG_RECORD_ID], size_t *ret_n);

#endif
