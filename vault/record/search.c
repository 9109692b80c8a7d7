#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/bytes.h"
#include "vault/record/search.h"
#include "vault/record/text.h"

#define SNIPPET_CHARS 80

struct found {
	int64_t rid;
	int64_t score;
};

/* Ask the index: rows and scores, best first. */
static enum sq_err
ask(struct record_ctx *cx, const struct bytes_buf *match, bool newest,
    size_t limit, struct found *f, size_t *ret_n)
{
	struct db_st *st;
	bool row;
	size_t k = 0;
	enum sq_err e;

	if ((e = db_use(log_db(cx->lg), newest ? DB_FTS_FIND_NEW :
	    DB_FTS_FIND, &st)) != SQ_OK)
		return e;
	db_bind_text(st, 1, (const char *)match->p, match->len);
	db_bind_int(st, 2, (int64_t)limit);
	if (newest)
		db_bind_int(st, 3, limit > SEARCH_RANKED ? (int64_t)limit :
		    SEARCH_RANKED);
	while ((e = db_step(st, &row)) == SQ_OK && row) {
		f[k].rid = db_int(st, 0);
		f[k++].score = db_int(st, 1);
		if (k == limit) {
			db_reset(st);
			break;
		}
	}
	*ret_n = k;
	return e;
}

/* The field of an entry in which most of the query is found. */
static enum sq_err
best_field(const struct entry *en, const struct model_type *type,
    const struct text_sought *sought, const struct model_field **ret_f,
    char **ret_snippet)
{
	char base[ENTRY_MAX_NAME + 1];
	unsigned hits, best = 0, all = text_sought_words(sought);
	enum sq_err e = SQ_OK;

	*ret_f = NULL;
	*ret_snippet = NULL;
	for (size_t i = 0; i < en->n && e == SQ_OK && best < all; i++) {
		const struct model_field *f;
		char *s, *snip = NULL;

		(void)snprintf(base, sizeof(base), "%.*s",
		    (int)strcspn(en->fields[i].name, "["),
		    en->fields[i].name);
		f = model_field(type, base);
		if (f == NULL || (f->kind != MODEL_TEXT &&
		    f->kind != MODEL_LINE) ||
		    (s = entry_value_str(&en->fields[i])) == NULL)
			continue;
		e = text_sought_in(sought, s, SNIPPET_CHARS, &snip, &hits);
		free(s);
		if (e == SQ_OK && hits > best) {
			best = hits;
			*ret_f = f;
			free(*ret_snippet);
			*ret_snippet = snip;
			snip = NULL;	/* transferred */
		}
		free(snip);
	}
	return e;
}

/* Read a found row from the log and hand it on. */
static enum sq_err
report(struct record_ctx *cx, const struct found *f,
    const struct text_sought *sought,
    enum sq_err (*cb)(void *arg, const struct search_hit *hit), void *arg,
    struct why *why)
{
	struct search_hit hit = { .score = f->score };
	struct record_at at = { 0 };
	const struct model_field *field = NULL, *title;
	uint8_t id[LOG_RECORD_ID];
	char name[ENTRY_MAX_NAME + 1];
	char *snippet = NULL, *ref = NULL, *type = NULL, *t = NULL;
	enum sq_err e;

	if ((e = record_of_rid(cx, f->rid, id)) != SQ_OK) {
		if (e == SQ_ENOENT)
			e = err_why(why, SQ_EDAMAGE, "the full-text index "
			    "names a record that the tables do not hold");
		return e;
	}
	if ((e = record_newest(cx, id, &at, why)) != SQ_OK)
		return e;
	ref = entry_str(&at.en, "_ref");
	type = entry_str(&at.en, "_type");
	if (ref == NULL || type == NULL ||
	    (hit.type = model_type(type)) == NULL) {
		e = SQ_EDAMAGE;
		goto out;
	}
	(void)snprintf(hit.ref, sizeof(hit.ref), "%s", ref);
	title = model_flagged(hit.type, MODEL_TITLE);
	(void)snprintf(name, sizeof(name), "%s%s", title == NULL ? "" :
	    record_name(title), title != NULL &&
	    (title->flags & MODEL_LIST) != 0 ? "[00000]" : "");
	t = entry_str(&at.en, name);
	if ((e = best_field(&at.en, hit.type, sought, &field, &snippet)) !=
	    SQ_OK)
		goto out;
	hit.title = t == NULL ? "" : t;
	hit.field = field == NULL ? "" : field->name;
	hit.snippet = snippet == NULL ? "" : snippet;
	e = cb(arg, &hit);
out:
	record_at_free(&at);
	free(snippet);
	free(ref);
	free(type);
	free(t);
	return e;
}

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

/* see search.h */
enum sq_err
search_run(struct record_ctx *cx, const char *query,
    const struct model_type *type, size_t limit,
    enum sq_err (*cb)(void *arg, const struct search_hit *hit), void *arg,
    struct why *why)
{
	struct bytes_buf match = { 0 };
	struct text_sought *sought = NULL;
	struct found *f = NULL;
	size_t n = 0;
	enum sq_err e;

	if ((e = audit(cx, why)) != SQ_OK)
		return e;
	if (type != NULL)
		bytes_putf(&match, "kind : \"%s\" AND ", type->name);
	bytes_puts(&match, "(");
	if ((e = text_query(query, &match, why)) != SQ_OK)
		goto out;
	bytes_puts(&match, ")");
	if ((e = bytes_done(&match)) != SQ_OK)
		goto out;
	if ((e = text_sought_new(query, &sought)) != SQ_OK)
		goto out;
	if ((f = calloc(limit, sizeof(*f))) == NULL) {
		e = SQ_ENOMEM;
		goto out;
	}
	if ((e = ask(cx, &match, text_sought_prefixes(sought), limit, f,
	    &n)) != SQ_OK) {
		err_why(why, e, "search: %s", db_why(log_db(cx->lg)));
		goto out;
	}
	for (size_t i = 0; i < n && e == SQ_OK; i++)
		e = report(cx, &f[i], sought, cb, arg, why);
out:
	bytes_free(&match);
	text_sought_free(sought);
	free(f);
	return e;
}
