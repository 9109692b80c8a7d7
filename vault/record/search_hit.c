/*
 * Showing a hit: its record, read from the log; where in it the search is
 * found; and why.  See search_int.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/bytes.h"
#include "vault/record/lookup.h"
#include "vault/record/search_int.h"

#define SNIPPET_CHARS 80

/* What is best of a record. */
struct best {
	const struct model_field *field;
	struct text_found found;
	struct names_match match;	/* of a name */
};

static void
best_take(struct best *b, const struct model_field *f,
    struct text_found *found)
{
	free(b->found.snippet);
	b->found = *found;
	b->field = f;
	found->snippet = NULL;		/* transferred */
}

/* The field of an entry in which most of the query is found. */
static enum sq_err
best_text(const struct search_show *s, const struct model_field *f,
    const char *text, struct best *b)
{
	struct text_found found = { .hits = 0 };
	enum sq_err e;

	if (s->sought == NULL ||
	    (f->kind != MODEL_TEXT && f->kind != MODEL_LINE))
		return SQ_OK;
	e = text_sought_in(s->sought, text, SNIPPET_CHARS, &found);
	if (e == SQ_OK && found.hits > b->found.hits)
		best_take(b, f, &found);
	free(found.snippet);
	return e;
}

/* The name of an entry that is nearest. */
static enum sq_err
best_name(const struct search_show *s, const struct model_field *f,
    const char *name, struct best *b)
{
	struct text_found found = { .hits = 1 };
	struct names_match m;
	struct bytes_buf key = { 0 };
	enum sq_err e;

	if ((f->flags & MODEL_NAME) == 0)
		return SQ_OK;
	if ((e = names_key(name, strlen(name), &key)) == SQ_OK) {
		names_compare(s->key, s->n_key, (const char *)key.p, key.len,
		    &m);
		if (m.distance < b->match.distance) {
			b->match = m;
			if ((found.snippet = strdup(name)) == NULL)
				e = SQ_ENOMEM;
			best_take(b, f, &found);
		}
	}
	bytes_free(&key);
	return e;
}

/* Given and family name as one. */
static enum sq_err
best_whole(const struct search_show *s, const struct entry *en,
    const struct model_type *type, struct best *b)
{
	char *given = entry_str(en, "given_name[00000]");
	char *family = entry_str(en, "family_name[00000]");
	const struct model_field *f = model_field(type, "given_name");
	struct bytes_buf both = { 0 };
	enum sq_err e = SQ_OK;
	char *name;

	if (f != NULL && given != NULL && family != NULL) {
		bytes_putf(&both, "%s %s", given, family);
		if ((name = bytes_str(&both)) == NULL)
			e = SQ_ENOMEM;
		else
			e = best_name(s, f, name, b);
		free(name);
	}
	free(given);
	free(family);
	return e;
}

/* Look through an entry: for a name, or for words. */
static enum sq_err
look(const struct search_show *s, const struct record_at *at,
    const struct model_type *type, bool named, struct best *b)
{
	int tier = search_filter_tier(s->filter);
	char base[ENTRY_MAX_NAME + 1];
	const struct model_field *f;
	enum sq_err e = SQ_OK;
	char *v;

	b->match.distance = 1000;
	for (size_t i = 0; i < at->en.n && e == SQ_OK; i++) {
		(void)snprintf(base, sizeof(base), "%.*s",
		    (int)strcspn(at->en.fields[i].name, "["),
		    at->en.fields[i].name);
		f = model_field(type, base);
		if (f == NULL || (tier >= 0 && (int)f->tier != tier) ||
		    (v = entry_value_str(&at->en.fields[i])) == NULL)
			continue;
		e = named ? best_name(s, f, v, b) : best_text(s, f, v, b);
		free(v);
		if (!named && s->sought != NULL &&
		    b->found.hits == text_sought_words(s->sought))
			break;
	}
	if (e == SQ_OK && named)
		e = best_whole(s, &at->en, type, b);
	return e;
}

/* In a few words, why this is a hit. */
static void
reason(const struct search_show *s, bool named, const struct best *b,
    char *out, size_t cap)
{
	const char *where = b->field == NULL ? "text" :
	    b->field->flags & MODEL_TITLE ? "title" :
	    b->field->flags & MODEL_NAME ? "name" : "text";

	if (named)
		lookup_why(&b->match, out, cap);
	else if (s->sought == NULL)
		(void)snprintf(out, cap, "%s", search_filter_names(s->filter));
	else
		(void)snprintf(out, cap, "%s, %s%s", where, b->found.phrase ?
		    "phrase" : text_sought_words(s->sought) > 1 ? "words" :
		    "word", b->found.other ? ", other spelling" : "");
}

/* The matches in the snippet. */
static enum sq_err
mark(const struct search_show *s, bool named, const char *snippet,
    struct text_mark *marks, size_t *ret_n)
{
	unsigned n = 0;

	*ret_n = 0;
	if (!named)
		return s->sought == NULL ? SQ_OK : text_sought_marks(s->sought,
		    snippet, marks, SEARCH_MARKS, ret_n);
	/* a name is all of it */
	for (const char *p = snippet; *p != '\0'; p++)
		n += ((unsigned char)*p & 0xc0) != 0x80;
	marks[0] = (struct text_mark){ 0, n };
	*ret_n = n > 0;
	return SQ_OK;
}

/* What stands for the record in lists; the caller frees. */
static char *
title_of(const struct entry *en, const struct model_type *type)
{
	const struct model_field *f = model_flagged(type, MODEL_TITLE);
	char name[ENTRY_MAX_NAME + 1];

	if (f == NULL)
		return NULL;
	(void)snprintf(name, sizeof(name), "%s%s", record_name(f),
	    (f->flags & MODEL_LIST) != 0 ? "[00000]" : "");
	return entry_str(en, name);
}

/* Hand a hit on, unless it turned out to be none. */
static enum sq_err
hand_on(const struct search_show *s, const struct search_row *row,
    const struct record_at *at, struct search_hit *hit, bool *ret_shown)
{
	struct text_mark marks[SEARCH_MARKS];
	struct best b = { .field = NULL };
	char why[96];
	char *title = NULL;
	enum sq_err e;

	if ((e = look(s, at, hit->type, row->named, &b)) != SQ_OK)
		goto out;
	/* an index may say so; the record does not */
	if (row->named ? b.match.distance > NAMES_NEAR : s->sought != NULL &&
	    b.field == NULL && search_filter_tier(s->filter) >= 0)
		goto out;
	hit->snippet = b.found.snippet == NULL ? "" : b.found.snippet;
	if ((e = mark(s, row->named, hit->snippet, marks, &hit->n_mark)) !=
	    SQ_OK)
		goto out;
	reason(s, row->named, &b, why, sizeof(why));
	title = title_of(&at->en, hit->type);
	hit->title = title == NULL ? "" : title;
	hit->field = b.field == NULL ? "" : b.field->name;
	hit->mark = marks;
	hit->why = why;
	*ret_shown = true;
	e = s->cb(s->arg, hit);
out:
	free(b.found.snippet);
	free(title);
	return e;
}

/* see search_int.h */
enum sq_err
search_hit_show(const struct search_show *s, const struct search_row *row,
    bool *ret_shown, struct why *why)
{
	struct search_hit hit = { .score = row->score };
	struct record_at at = { 0 };
	uint8_t id[LOG_RECORD_ID];
	char *type = NULL;
	enum sq_err e;
	bool pass;

	*ret_shown = false;
	if ((e = record_of_rid(s->cx, row->rid, id)) != SQ_OK) {
		if (e == SQ_ENOENT)
			e = err_why(why, SQ_EDAMAGE, "the full-text index "
			    "names a record that the tables do not hold");
		return e;
	}
	if ((e = record_newest(s->cx, id, &at, why)) != SQ_OK)
		return e;
	type = entry_str(&at.en, "_type");
	if (record_shown(s->cx, &at.en, hit.ref) != SQ_OK || type == NULL ||
	    (hit.type = model_type(type)) == NULL) {
		e = SQ_EDAMAGE;
		goto out;
	}
	if ((e = search_filter_pass(s->cx, s->filter, id, &at, hit.type,
	    &pass, why)) == SQ_OK && pass)
		e = hand_on(s, row, &at, &hit, ret_shown);
out:
	record_at_free(&at);
	free(type);
	return e;
}
