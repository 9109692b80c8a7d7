/*
 * May two person records be of one person?  What is compared is said in words;
 * nothing is decided.
 */
#ifndef SQ_VAULT_RECORD_ALIKE_H
#define SQ_VAULT_RECORD_ALIKE_H

#include <stddef.h>

#include "crypto/err.h"
#include "vault/record/record.h"

#define ALIKE_LIKELY 450u	/* of 1000: from here on it is worth a look */
#define ALIKE_REASONS 400

struct alike {
	unsigned score;		/* 0 to 1000 */
	char reasons[ALIKE_REASONS];
};

/**
 * alike_compare(a, b, ret):
 * By identity numbers, names in any script, dates of birth, places, sex.
 */
enum sq_err alike_compare(const struct record *a, const struct record *b,
    struct alike *ret);

/**
 * alike_find(cx, r, ret, ret_n):
 * The records of other persons that may be the same as ${r}: those with a near
 * name or the same number.  Found by projections; not complete.  Caller frees.
 */
enum sq_err alike_find(struct record_ctx *cx, const struct record *r,
    uint8_t (**ret)[LOG_RECORD_ID], size_t *ret_n);

#endif
