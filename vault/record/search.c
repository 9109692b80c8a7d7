/*
 * See search.h.  In this order: names that are surely the one asked for, texts
 * by rank, names that may be it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/bytes.h"
#include "vault/record/lookup.h"
#include "vault/record/search_int.h"
#include "vault/record/spelling.h"
#include "vault/record/text.h"

#define NAME_WORDS 6		/* more is no name */
#define LOOKED_AT 400u		/* far enough for a part of a name */
#define NAME_HITS 512		/* that are merged with the texts */
#define SCORE_NAME 1000000	/* above any text's */

/* A search under way. */
struct run {
	struct record_ctx *cx;
	struct query q;
	struct text_terms t;
	struct search_filter filter;
	struct text_sought *sought;
	struct bytes_buf key;	/* of the name that the words may be */
	struct search_row *row;
	size_t n, cap, limit;
	size_t sure;		/* rows that were found by name first */
	struct why *why;
};

/* The next row's first column; false at the end. */
static enum sq_err
next_int(struct db_st *st, int64_t *ret, bool *ret_row)
{
	enum sq_err e = db_step(st, ret_row);

	if (e == SQ_OK && *ret_row)
		*ret = db_int(st, 0);
	return e;
}

/* Does the index hold exactly the records of one type? */
static enum sq_err
audit_type(struct record_ctx *cx, const struct model_type *type)
{
	struct db_st *want, *have;
	char match[64];
	int64_t a = 0, b = 0;
	bool more_a, more_b;
	enum sq_err e;

	if ((e = db_use(log_db(cx->lg), DB_RECORD_RIDS, &want)) != SQ_OK ||
	    (e = db_use(log_db(cx->lg), DB_FTS_OF_KIND, &have)) != SQ_OK)
		return e;
	(void)snprintf(match, sizeof(match), "kind : \"%s\"", type->name);
	db_bind_int(want, 1, type->prefix);
	db_bind_text(have, 1, match, strlen(match));
	do {
		if ((e = next_int(want, &a, &more_a)) != SQ_OK ||
		    (e = next_int(have, &b, &more_b)) != SQ_OK)
			break;
		if (more_a != more_b || (more_a && a != b))
			e = SQ_EDAMAGE;
	} while (e == SQ_OK && more_a);
	db_reset(want);
	db_reset(have);
	return e;
}

/*
 * The index of words is not vouched for by the log.  Before it is first
 * believed, it must at least hold every record that the log holds, each under
 * its type: an older part of it put back to hide records does not.
 */
static enum sq_err
audit(struct record_ctx *cx, struct why *why)
{
	const struct model_type *types;
	size_t n;
	enum sq_err e;

	if (cx->indexed)
		return SQ_OK;
	if ((e = record_audit(cx, why)) != SQ_OK)
		return e;
	types = model_types(&n);
	for (size_t i = 0; i < n; i++)
		if ((e = audit_type(cx, &types[i])) != SQ_OK)
			return e != SQ_EDAMAGE ? err_why(why, e, "search: %s",
			    db_why(log_db(cx->lg))) :
			    err_why(why, e, "the index of words does not "
			    "hold what the log holds: pages of the database "
			    "were altered or put back; list and show do not "
			    "need it");
	cx->indexed = true;
	return SQ_OK;
}

/* Add a row unless it is there. */
static enum sq_err
add(struct run *r, int64_t rid, int64_t score, bool named)
{
	size_t cap;
	void *p;

	/* what comes twice comes by name, and of those there are few */
	for (size_t i = 0; i < (named ? r->n : r->sure); i++)
		if (r->row[i].rid == rid)
			return SQ_OK;
	if (r->n == r->cap) {
		cap = r->cap == 0 ? 64 : 2 * r->cap;
		if ((p = realloc(r->row, cap * sizeof(*r->row))) == NULL)
			return SQ_ENOMEM;
		r->row = p;
		r->cap = cap;
	}
	r->row[r->n++] = (struct search_row){ rid, score, named };
	return SQ_OK;
}

/* --- by words ----------------------------------------------------------- */

/* The rows of a statement, bound, that the filters let through. */
static enum sq_err
rows(struct run *r, struct db_st *st, bool scored, size_t max)
{
	size_t from = r->n;
	enum sq_err e;
	bool more;

	while ((e = db_step(st, &more)) == SQ_OK && more) {
		int64_t rid = db_int(st, 0), score = scored ? db_int(st, 1) :
		    0;

		if (!search_filter_row(&r->filter, rid))
			continue;
		if (score >= SCORE_NAME)
			score = SCORE_NAME - 1;
		if ((e = add(r, rid, score, false)) != SQ_OK ||
		    r->n - from == max) {
			db_reset(st);
			break;
		}
	}
	return e;
}

/* Ask the index of words, best first. */
static enum sq_err
by_words(struct run *r)
{
	bool some = search_filter_any(&r->filter);
	bool newest = !some && text_terms_prefixes(&r->t);
	/* of those that names found as many may come again */
	size_t max = some ? SEARCH_LOOKED : r->limit + r->n;
	struct bytes_buf match = { 0 };
	struct db_st *st;
	enum sq_err e;

	search_filter_types(&r->filter, &match);
	bytes_puts(&match, "(");
	if ((e = text_terms_query(&r->t, &match)) != SQ_OK)
		goto out;
	bytes_puts(&match, ")");
	if ((e = bytes_done(&match)) != SQ_OK ||
	    (e = db_use(log_db(r->cx->lg), some ? DB_FTS_RANKED : newest ?
	    DB_FTS_FIND_NEW : DB_FTS_FIND, &st)) != SQ_OK)
		goto out;
	db_bind_text(st, 1, (const char *)match.p, match.len);
	if (!some)
		db_bind_int(st, 2, (int64_t)max);
	if (newest)
		db_bind_int(st, 3, max > SEARCH_RANKED ? (int64_t)max :
		    SEARCH_RANKED);
	e = rows(r, st, true, max);
out:
	bytes_free(&match);
	return e;
}

/* Filters alone: the newest first. */
static enum sq_err
by_filters(struct run *r)
{
	const struct model_type *type = r->filter.type;
	struct db_st *st;
	enum sq_err e;

	for (size_t i = 0; i < r->q.n && type == NULL; i++)
		if (r->q.v[i].key == QUERY_TYPE)
			type = r->q.v[i].type;
	/* of several types: all, each asked for its own */
	for (size_t i = 0; i < r->q.n; i++)
		if (r->q.v[i].key == QUERY_TYPE && r->q.v[i].type != type)
			type = NULL;
	if ((e = db_use(log_db(r->cx->lg), type == NULL ? DB_FILTER_ALL :
	    DB_FILTER_TYPE, &st)) != SQ_OK)
		return e;
	if (type != NULL)
		db_bind_int(st, 1, type->prefix);
	return rows(r, st, false, search_filter_any(&r->filter) ||
	    type == NULL ? SEARCH_LOOKED : r->limit);
}

/* --- by name ------------------------------------------------------------ */

/* May the words be a name?  Then its key. */
static enum sq_err
name_key(struct run *r)
{
	if (r->t.n == 0 || r->t.n > NAME_WORDS)
		return SQ_OK;
	for (size_t i = 0; i < r->t.n; i++) {
		const struct text_term *t = &r->t.v[i];

		if (t->prefix || t->quoted || t->not || t->group > 0)
			return SQ_OK;
		for (size_t k = 0; k < t->n; k++)
			if (t->s[k] >= '0' && t->s[k] <= '9')
				return SQ_OK;
	}
	return names_key(r->q.words, strlen(r->q.words), &r->key);
}

/* What a name may be away that is shown for these words. */
struct reach {
	unsigned whole;		/* all of it */
	unsigned part;		/* the word, of a name that has more */
};

/* Of few consonants only the same, for many names are as near as that. */
static struct reach
reach(const struct bytes_buf *key)
{
	unsigned n = 0;

	if (key->len == 0 || memchr(key->p, ' ', key->len) != NULL)
		return (struct reach){ SEARCH_NEAR, 0 };
	for (size_t i = 1; i < key->len && key->p[i] != '/'; i++)
		n += strchr("aeiou@yAEIOUY123%+&", key->p[i]) == NULL;
	return n < 2 ? (struct reach){ 20, 20 } : n < 3 ? (struct reach){ 80,
	    60 } : (struct reach){ SEARCH_NEAR_ONE, SEARCH_NEAR_PART };
}

static bool
reaches(const struct reach *to, const struct names_match *m)
{
	return m->distance <= to->whole || ((m->reasons & NAMES_MISSING) != 0 &&
	    to->part > 0 && m->distance - m->missing <= to->part);
}

/* Names up to a distance, or beyond it, the nearest first. */
static enum sq_err
by_name(struct run *r, const struct lookup_hit *hit, size_t n, bool sure,
    const struct reach *to)
{
	enum sq_err e = SQ_OK;

	for (size_t i = 0; i < n && e == SQ_OK; i++) {
		unsigned d = hit[i].match.distance;

		if ((d <= SEARCH_SURE) != sure || (!sure && !reaches(to,
		    &hit[i].match)) ||
		    !search_filter_row(&r->filter, hit[i].rid))
			continue;
		e = add(r, hit[i].rid, sure ? SCORE_NAME + 1000 - d :
		    -(int64_t)d, true);
	}
	return e;
}

/* Names and words, in the order of the head of this file. */
static enum sq_err
by_all(struct run *r)
{
	const struct model_type *type = r->filter.type;
	struct lookup_hit *hit = NULL;
	struct reach to;
	size_t n = 0;
	enum sq_err e;

	if ((e = name_key(r)) != SQ_OK)
		return e;
	to = reach(&r->key);
	if (r->q.n == 1 && r->q.v[0].key == QUERY_TYPE && type == NULL)
		type = r->q.v[0].type;
	if (r->key.len > 0)
		e = lookup_find(r->cx, r->q.words, type, to.part == 0 ?
		    to.whole : LOOKED_AT, r->limit < NAME_HITS &&
		    !search_filter_any(&r->filter) ? r->limit : NAME_HITS,
		    &hit, &n);
	if (e == SQ_OK)
		e = by_name(r, hit, n, true, &to);
	r->sure = r->n;
	if (e == SQ_OK && (r->n < r->limit || search_filter_any(&r->filter)) &&
	    (e = by_words(r)) == SQ_OK)
		e = by_name(r, hit, n, false, &to);
	free(hit);
	return e;
}

/* --- the whole ---------------------------------------------------------- */

/* Understand the query. */
static enum sq_err
begin(struct run *r, const char *query, const struct model_type *type)
{
	enum sq_err e;

	if ((e = query_read(query, &r->q, r->why)) != SQ_OK)
		return e;
	/* no words and no filter is refused there */
	if ((r->q.any || r->q.n == 0) &&
	    ((e = text_terms_read(r->q.words, &r->t, r->why)) != SQ_OK ||
	    (e = spelling_expand(r->cx, &r->t)) != SQ_OK ||
	    (e = text_sought_new(&r->t, &r->sought)) != SQ_OK))
		return e;
	return search_filter_make(r->cx, &r->q, type, &r->filter, r->why);
}

static void
end(struct run *r)
{
	query_free(&r->q);
	text_terms_free(&r->t);
	search_filter_free(&r->filter);
	text_sought_free(r->sought);
	bytes_free(&r->key);
	free(r->row);
}

/* see search.h */
enum sq_err
search_run(struct record_ctx *cx, const char *query,
    const struct model_type *type, size_t limit,
    enum sq_err (*cb)(void *arg, const struct search_hit *hit), void *arg,
    struct why *why)
{
	struct run r = { .cx = cx, .limit = limit, .why = why };
	struct search_show show = { .cx = cx, .filter = &r.filter, .cb = cb,
	    .arg = arg };
	size_t shown = 0;
	enum sq_err e;
	bool is;

	if ((e = audit(cx, why)) != SQ_OK)
		return e;
	if (why != NULL)
		why->text[0] = '\0';
	if ((e = begin(&r, query, type)) != SQ_OK)
		goto out;
	e = r.t.n == 0 ? by_filters(&r) : by_all(&r);
	if (e != SQ_OK) {
		err_why(why, e, "search: %s", db_why(log_db(cx->lg)));
		goto out;
	}
	show.sought = r.sought;
	show.key = (const char *)r.key.p;
	show.n_key = r.key.len;
	for (size_t i = 0; i < r.n && shown < limit && e == SQ_OK; i++) {
		e = search_hit_show(&show, &r.row[i], &is, why);
		shown += e == SQ_OK && is;
	}
out:
	end(&r);
	return e;
}
