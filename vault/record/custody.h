/*
 * One record's life, as the entries that name it tell it, and where that tale
 * has a gap: a clock that went back, values that were erased, a stretch that
 * lies in another vault's log, a vault accepted as older than its own record.
 * A gap is stated, never passed over.
 */
#ifndef SQ_VAULT_RECORD_CUSTODY_H
#define SQ_VAULT_RECORD_CUSTODY_H

#include <stdbool.h>

#include "vault/record/record.h"

enum custody_gap {
	CUSTODY_CLOCK,
	CUSTODY_FOREIGN,
	CUSTODY_ERASED,
	CUSTODY_RESTORED,
	CUSTODY_GAPS
};

/* A walk over the entries of one record, oldest first. */
struct custody_walk {
	uint64_t *restored;	/* where the vault was accepted as older */
	size_t n_restored;
	char own[MODEL_ID_HEX];	/* this log */
	char log[MODEL_ID_HEX];	/* of the entry before */
	char time[MODEL_TIME_MAX];
	uint64_t index;
	bool any;
};

/**
 * custody_begin(cx, ret, why):
 * Begin a walk; where the vault was accepted as older is looked up once, and
 * the walk can be used for one record after another with custody_again.
 */
enum sq_err custody_begin(struct record_ctx *cx, struct custody_walk *ret,
    struct why *why);

/** custody_again(w): begin with another record. */
void custody_again(struct custody_walk *w);

/**
 * custody_next(w, at):
 * The next entry: one bit (1u << CUSTODY_CLOCK ...) for each gap right before
 * it; ${at} NULL: what lies behind the last one.
 */
unsigned custody_next(struct custody_walk *w, const struct record_at *at);

/** custody_end(w): free what it holds. */
void custody_end(struct custody_walk *w);

/** custody_name(g), custody_text(g): one word, one sentence.  Static. */
const char *custody_name(enum custody_gap g);
const char *custody_text(enum custody_gap g);

#endif
