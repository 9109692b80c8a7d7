/*
 * Spellings: the words of the full-text index by their folded form, so that a
 * word is found as another alphabet of its language writes it.  A projection
 * beside that index, which forgets a word with the last text that has it.
 */
#ifndef SQ_VAULT_RECORD_SPELLING_H
#define SQ_VAULT_RECORD_SPELLING_H

#include <stddef.h>

#include "crypto/err.h"
#include "vault/record/record.h"
#include "vault/record/text_terms.h"

/**
 * spelling_learn(cx, s, n):
 * Note the words of an indexed text (as text_index made it).
 */
enum sq_err spelling_learn(struct record_ctx *cx, const char *s, size_t n);

/**
 * spelling_forget(cx, s, n):
 * Drop those words of a text taken out of the index that no other text has.
 */
enum sq_err spelling_forget(struct record_ctx *cx, const char *s, size_t n);

/**
 * spelling_expand(cx, t):
 * Give every term that is one whole word its other spellings in the index.
 */
enum sq_err spelling_expand(struct record_ctx *cx, struct text_terms *t);

/** spelling_reset(cx): forget what was noted: at the end, or after undoing. */
void spelling_reset(struct record_ctx *cx);

#endif
