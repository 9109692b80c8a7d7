/*
 * Search: full text and names in any script, best first, and why.  The indexes
 * find, the log vouches: every hit shown was read from a verified newest
 * revision, and its names and filters were compared with that.
 */
#ifndef SQ_VAULT_RECORD_SEARCH_H
#define SQ_VAULT_RECORD_SEARCH_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/err.h"
#include "vault/record/record.h"
#include "vault/record/text_terms.h"

/*
 * A query of nothing but beginnings of words may find most of a vault.  Of its
 * hits only this many, those of the newest records, are ranked and shown; a
 * query with a whole word ranks all it finds.
 */
#define SEARCH_RANKED 4096

/* A name at most this far (per mille) stands above every text, */
#define SEARCH_SURE 120u
/* and one at most this far behind them; of a single word, nearer. */
#define SEARCH_NEAR 240u
#define SEARCH_NEAR_ONE 170u
/* A single word that is one of several of a name: so near is that one. */
#define SEARCH_NEAR_PART 120u

#define SEARCH_MARKS 16

struct search_hit {
	char ref[MODEL_REF_MAX];
	const struct model_type *type;
	const char *title;
	const char *field;
	const char *snippet;
	const struct text_mark *mark;	/* the matches in the snippet */
	size_t n_mark;
	const char *why;	/* "name, other script, distance 0.08" */
	int64_t score;
};

/**
 * search_run(cx, query, type, limit, cb, arg, why):
 * Call ${cb} with at most ${limit} hits, best first; ${type} may be NULL.  The
 * query is words (text_terms.h) and filters (query.h); filters alone find the
 * newest records.  SQ_EUSAGE if there is nothing to search for.  What search
 * does not find is not proved absent: the indexes are projections
 * (SECURITY.md).
 */
enum sq_err search_run(struct record_ctx *cx, const char *query,
    const struct model_type *type, size_t limit,
    enum sq_err (*cb)(void *arg, const struct search_hit *hit), void *arg,
    struct why *why);

#endif
