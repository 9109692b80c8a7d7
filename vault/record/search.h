/*
 * Search: full text and names, best first.  The index finds, the log vouches:
 * every hit shown was read from a verified newest revision.
 */
#ifndef SQ_VAULT_RECORD_SEARCH_H
#define SQ_VAULT_RECORD_SEARCH_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/err.h"
#include "vault/record/record.h"

/*
 * A query of nothing but beginnings of words may find most of a vault.  Of its
 * hits only this many, those of the newest records, are ranked and shown; a
 * query with a whole word ranks all it finds.
 */
#define SEARCH_RANKED 4096

struct search_hit {
	char ref[MODEL_REF_MAX];
	const struct model_type *type;
	const char *title;
	const char *field;
	const char *snippet;
	int64_t score;
};

/**
 * search_run(cx, query, type, limit, cb, arg, why):
 * Call ${cb} with at most ${limit} hits, best first; ${type} may be NULL.
 * SQ_EUSAGE if there is nothing to search for.  What search does not find is
 * not proved absent: the index is a projection (SECURITY.md).
 */
enum sq_err search_run(struct record_ctx *cx, const char *query,
    const struct model_type *type, size_t limit,
    enum sq_err (*cb)(void *arg, const struct search_hit *hit), void *arg,
    struct why *why);

#endif
