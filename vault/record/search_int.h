/*
 * What the files of search.h share: filters, and showing a hit.
 */
#ifndef SQ_VAULT_RECORD_SEARCH_INT_H
#define SQ_VAULT_RECORD_SEARCH_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vault/record/query.h"
#include "vault/record/search.h"
#include "vault/record/text_terms.h"

/* Of a filtered search only so many of the best hits are looked through. */
#define SEARCH_LOOKED 4096

/* The filters of a query, and the rows that the indexes let through. */
struct search_filter {
	const struct query *q;
	const struct model_type *type;	/* of the option, or NULL */
	uint8_t *rows;			/* a bit a row; NULL: all */
	size_t n_rows;
	struct text_sought *place[QUERY_FILTERS];	/* as in q->v */
	uint8_t (*spot)[LOG_RECORD_ID];	/* places of that name */
	size_t n_spot;
};

/**
 * search_filter_make(cx, q, type, ret, why):
 * Ask the indexes what the filters let through.  Free in any case.
 */
enum sq_err search_filter_make(struct record_ctx *cx, const struct query *q,
    const struct model_type *type, struct search_filter *ret,
    struct why *why);

/** search_filter_free(f): empty again. */
void search_filter_free(struct search_filter *f);

/** search_filter_any(f): is there any filter but the type? */
bool search_filter_any(const struct search_filter *f);

/** search_filter_row(f, rid): do the indexes let this row through? */
bool search_filter_row(const struct search_filter *f, int64_t rid);

/**
 * search_filter_pass(cx, f, id, at, type, ret, why):
 * Does the verified record itself?  The indexes are not believed.
 */
enum sq_err search_filter_pass(struct record_ctx *cx,
    const struct search_filter *f, const uint8_t id[LOG_RECORD_ID],
    const struct record_at *at, const struct model_type *type, bool *ret,
    struct why *why);

/**
 * search_filter_types(f, out):
 * Append the types asked for as an FTS5 expression; nothing if there are none.
 */
void search_filter_types(const struct search_filter *f,
    struct bytes_buf *out);

/** search_filter_names(f): "date", "place" ... or "filters".  Static. */
const char *search_filter_names(const struct search_filter *f);

/** search_filter_tier(f): the tier a match must stand in, or -1. */
int search_filter_tier(const struct search_filter *f);

/* A row to be shown. */
struct search_row {
	int64_t rid;
	int64_t score;
	bool named;		/* found by name */
};

struct search_show {
	struct record_ctx *cx;
	const struct search_filter *filter;
	const struct text_sought *sought;	/* NULL: no words */
	const char *key;			/* of the name; or NULL */
	size_t n_key;
	enum sq_err (*cb)(void *arg, const struct search_hit *hit);
	void *arg;
};

/**
 * search_hit_show(s, row, ret_shown, why):
 * Read a row's record from the log and hand it on, unless the filters or its
 * names say otherwise.
 */
enum sq_err search_hit_show(const struct search_show *s,
    const struct search_row *row, bool *ret_shown, struct why *why);

#endif
