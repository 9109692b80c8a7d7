/*
 * Sheets through the facade.  Rules:
 *
 * (1) One transaction: a row is good and saved with all other good ones, or
 *     refused and named; a failure of anything else undoes all.
 * (2) An update never takes a value away: what holds one is replaced, what
 *     holds a list is added to.  The older revision stays in any case.
 * (3) A dry run is the same work, undone at the end.
 *
 * See vault_import.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "vault/record/sheet.h"
#include "vault/vault_import_int.h"

struct work {
	struct vault *v;
	const struct vault_sheet *s;
	const struct vault_import *in;
	const struct model_type *type;
	struct sheet_column *col;
	size_t n_col;
	enum sheet_order order;
	struct vault_import_keys keys;
	struct vault_import_seen seen;	/* keys of rows of this sheet */
	uint8_t source[LOG_RECORD_ID];
	uint64_t count[4];		/* by enum vault_import_did */
};

/* The value that a row is matched by, or NULL. */
static enum sq_err
key_of(const struct work *w, const struct model_inputs *in, size_t i,
    char **ret, struct why *why)
{
	const struct probe_sheet_row *row = &w->s->cells.row[i];
	char lang[MODEL_LANG_MAX];

	*ret = NULL;
	if (strcasecmp(w->in->match, "ref") == 0) {
		for (size_t k = 0; k < w->n_col && k < row->n; k++)
			if (w->col[k].ref && row->cell[k][0] != '\0' &&
			    (*ret = strdup(row->cell[k])) == NULL)
				return SQ_ENOMEM;
		for (char *p = *ret; p != NULL && *p != '\0'; p++)
			if (*p >= 'a' && *p <= 'z' && *p - 32 ==
			    w->type->prefix)
				*p = w->type->prefix;
		return SQ_OK;
	}
	for (size_t k = 0; k < in->n; k++)
		if (strcmp(in->v[k].name, w->in->match) == 0)
			return model_check(w->type, &in->v[k], ret, lang, why);
	return SQ_OK;
}

/* Which record does the row update?  ${*ret} is NULL for a new one. */
static enum sq_err
match(struct work *w, const struct model_inputs *in, size_t i,
    struct vault_import_key **ret, struct why *why)
{
	char *key = NULL;
	bool first;
	enum sq_err e;

	*ret = NULL;
	if (w->in->match == NULL)
		return SQ_OK;
	if ((e = key_of(w, in, i, &key, why)) != SQ_OK || key == NULL)
		return e;
	if ((e = vault_import_see(&w->seen, key, &first)) == SQ_OK && !first)
		e = err_why(why, SQ_EREFUSED, "another row of the sheet has "
		    "the same %s, «%.64s»", w->in->match, key);
	if (e != SQ_OK) {
		free(key);
		return e;
	}
	if ((*ret = vault_import_keys_find(&w->keys, key)) != NULL &&
	    (*ret)->many)
		e = err_why(why, SQ_EREFUSED, "several records have the %s "
		    "«%.64s»", w->in->match, key);
	else if (*ret == NULL && strcasecmp(w->in->match, "ref") == 0)
		e = err_why(why, SQ_EREFUSED, "there is no %s %.32s",
		    w->type->name, key);
	free(key);
	return e;
}

/* Does the record hold this value already? */
static bool
holds(const struct record_field *f, const struct model_type *type,
    const struct model_input *in)
{
	char lang[MODEL_LANG_MAX], *v = NULL;
	bool is = false;

	if (f == NULL || model_check(type, in, &v, lang, NULL) != SQ_OK)
		return false;
	for (size_t i = 0; i < f->n && !is; i++)
		is = strcmp(f->v[i].text, v) == 0 && (in->lang == NULL ||
		    f->v[i].lang == NULL || strcmp(f->v[i].lang, lang) == 0);
	free(v);
	return is;
}

/* See (2): what a revision is to hold, and whether anything is new. */
static enum sq_err
merge(const struct model_type *type, const struct record *r,
    const struct model_inputs *in, struct model_inputs *ret, bool *ret_new)
{
	const struct record_field *f;
	enum sq_err e = SQ_OK;
	size_t k;

	*ret_new = false;
	for (size_t i = 0; i < in->n && e == SQ_OK; i++) {
		f = model_record_field(r, in->v[i].name);
		if (holds(f, type, &in->v[i]))
			continue;
		*ret_new = true;
		/* before the first new value of a list stand the old ones */
		for (k = 0; k < ret->n && strcmp(ret->v[k].name,
		    in->v[i].name) != 0; k++)
			;
		if (k == ret->n && f != NULL && (f->def->flags & MODEL_LIST))
			for (k = 0; k < f->n && e == SQ_OK; k++)
				e = model_inputs_add(ret, f->def->name,
				    f->v[k].lang == NULL || strcmp(
				    f->v[k].lang, "und") == 0 ? NULL :
				    f->v[k].lang, f->v[k].text);
		if (e == SQ_OK)
			e = model_inputs_add(ret, in->v[i].name,
			    in->v[i].lang, in->v[i].value);
	}
	return e;
}

/* A revision of the record that the row matches. */
static enum sq_err
update(struct work *w, const struct model_inputs *in, uint64_t row,
    const struct vault_import_key *key, struct vault_imported *x,
    struct vault_made *made, struct why *why)
{
	struct record_at base = { 0 };
	struct record r = { 0 };
	struct model_inputs all = { 0 };
	struct record_make mk = { .type = w->type, .in = &all, .base = &base,
	    .reason = w->in->reason, .source = w->source, .row = row };
	bool is_new = false;
	enum sq_err e;

	if ((e = record_get(&w->v->cx, key->id, 0, &base, why)) != SQ_OK ||
	    (e = record_read(&w->v->cx, &base, &r, why)) != SQ_OK ||
	    (e = merge(w->type, &r, in, &all, &is_new)) != SQ_OK)
		goto out;
	(void)snprintf(made->ref, sizeof(made->ref), "%s", r.ref);
	x->did = is_new ? VAULT_IMPORT_UPDATED : VAULT_IMPORT_SAME;
	if (is_new)
		e = vault_put_in(w->v, &mk, made, why);
out:
	record_at_free(&base);
	model_record_free(&r);
	model_inputs_free(&all);
	return e;
}

/* What stands for the row in a table. */
static const char *
title(const struct work *w, const struct model_inputs *in)
{
	const struct model_field *f = model_flagged(w->type, MODEL_TITLE);

	for (size_t i = 0; f != NULL && i < in->n; i++)
		if (strcmp(in->v[i].name, f->name) == 0)
			return in->v[i].value;
	return in->n > 0 ? in->v[0].value : "";
}

/* One row; a refusal is an outcome, not a failure. */
static enum sq_err
one(struct work *w, size_t i, enum sq_err (*cb)(void *arg,
    const struct vault_imported *x), void *arg, struct why *why)
{
	const struct probe_sheet_row *row = &w->s->cells.row[i];
	struct model_inputs in = { 0 };
	struct record_make mk = { .type = w->type, .in = &in,
	    .reason = w->in->reason, .source = w->source,
	    .row = row->number };
	struct vault_imported x = { .i = i, .row = row->number };
	struct vault_import_key *key = NULL;
	struct vault_made made = { .ref = "" };
	enum sq_err e;

	why->text[0] = '\0';
	e = sheet_row(w->type, w->col, w->n_col, row->cell, row->n, w->order,
	    &in, why);
	if (e == SQ_OK && in.n == 0)
		e = err_why(why, SQ_EREFUSED, "there is nothing in it for a "
		    "%s", w->type->name);
	if (e == SQ_OK)
		e = match(w, &in, i, &key, why);
	if (e == SQ_OK && key != NULL)
		e = update(w, &in, row->number, key, &x, &made, why);
	else if (e == SQ_OK)
		e = vault_put_in(w->v, &mk, &made, why);
	if (e == SQ_EREFUSED || e == SQ_EUSAGE || e == SQ_ENOENT) {
		x.did = VAULT_IMPORT_REFUSED;
		x.why = why->text;
		e = SQ_OK;
	}
	if (e == SQ_OK) {
		w->count[x.did]++;
		x.ref = w->in->dry && x.did == VAULT_IMPORT_CREATED ? "" :
		    made.ref;
		x.title = title(w, &in);
		e = cb(arg, &x);
	} else
		(void)err_more(why, e, "row %llu",
		    (unsigned long long)row->number);
	model_inputs_free(&in);
	return e;
}

/* --- what it came from -------------------------------------------------- */

/* The source record of this very file: made once, found again. */
static enum sq_err
source(struct work *w, struct vault_made *ret, struct why *why)
{
	struct vault_import_keys k = { 0 };
	const struct vault_import_key *have;
	struct model_inputs in = { 0 };
	struct record_make mk = { .type = model_type("source"), .in = &in };
	char size[24], ref[MODEL_ID_HEX];
	enum sq_err e;

	(void)snprintf(size, sizeof(size), "%llu",
	    (unsigned long long)w->s->size);
	if ((e = vault_import_keys_load(w->v, mk.type, "sha256", &k, why)) !=
	    SQ_OK)
		goto out;
	if ((have = vault_import_keys_find(&k, w->s->sha256)) != NULL) {
		memcpy(w->source, have->id, LOG_RECORD_ID);
		if ((e = record_ref(&w->v->cx, have->id, ref)) == SQ_OK)
			(void)snprintf(ret->ref, sizeof(ret->ref), "%.31s",
			    ref);
		goto out;
	}
	if ((e = model_inputs_add(&in, "title", NULL, w->s->name)) != SQ_OK ||
	    (e = model_inputs_add(&in, "kind", NULL, "spreadsheet")) !=
	    SQ_OK ||
	    (e = model_inputs_add(&in, "original_name", NULL, w->s->name)) !=
	    SQ_OK ||
	    (e = model_inputs_add(&in, "sha256", NULL, w->s->sha256)) !=
	    SQ_OK || (e = model_inputs_add(&in, "size", NULL, size)) !=
	    SQ_OK || (w->s->cells.sheet[0] != '\0' &&
	    (e = model_inputs_add(&in, "locator", NULL,
	    w->s->cells.sheet)) != SQ_OK))
		goto out;
	if ((e = vault_put_in(w->v, &mk, ret, why)) == SQ_OK)
		e = bytes_unhex(w->source, LOG_RECORD_ID, ret->id);
out:
	vault_import_keys_free(&k);
	model_inputs_free(&in);
	return e;
}

/* The event: what came in, and what became of it. */
static enum sq_err
custody(struct work *w, const char *ref, struct why *why)
{
	struct model_inputs in = { 0 };
	struct record_make mk = { .type = model_type("custody"), .in = &in };
	struct vault_made made;
	char note[160];
	enum sq_err e;

	(void)snprintf(note, sizeof(note), "%s: %llu created, %llu updated, "
	    "%llu unchanged, %llu refused", w->type->name,
	    (unsigned long long)w->count[VAULT_IMPORT_CREATED],
	    (unsigned long long)w->count[VAULT_IMPORT_UPDATED],
	    (unsigned long long)w->count[VAULT_IMPORT_SAME],
	    (unsigned long long)w->count[VAULT_IMPORT_REFUSED]);
	if ((e = model_inputs_add(&in, "action", NULL, "imported")) == SQ_OK &&
	    (e = model_inputs_add(&in, "about", NULL, ref)) == SQ_OK &&
	    (e = model_inputs_add(&in, "object", NULL, w->s->name)) == SQ_OK &&
	    (e = model_inputs_add(&in, "sha256", NULL, w->s->sha256)) ==
	    SQ_OK && (e = model_inputs_add(&in, "note", NULL, note)) == SQ_OK)
		e = vault_put_in(w->v, &mk, &made, why);
	model_inputs_free(&in);
	return e;
}

/* --- all of it ---------------------------------------------------------- */

/* The type, the columns, the order of dates. */
static enum sq_err
prepare(struct work *w, struct why *why)
{
	const struct probe_sheet_row *head;
	enum sq_err e;

	if ((w->type = model_type(w->in->type)) == NULL)
		return err_why(why, SQ_EUSAGE, "there is no record type "
		    "«%s»; see: sandyq types", w->in->type);
	if (strcmp(w->type->kind, "revision") != 0)
		return err_why(why, SQ_EREFUSED, "a %s is not imported from "
		    "a sheet", w->type->name);
	if (w->in->dates != NULL && strcmp(w->in->dates, "dmy") != 0 &&
	    strcmp(w->in->dates, "mdy") != 0)
		return err_why(why, SQ_EUSAGE, "--dates is dmy or mdy");
	w->order = w->in->dates == NULL ? SHEET_ASK :
	    w->in->dates[0] == 'd' ? SHEET_DMY : SHEET_MDY;
	if (w->s->cells.n < 2)
		return err_why(why, SQ_EREFUSED, "%s: it has no row beside "
		    "its headings", w->s->name);
	head = &w->s->cells.row[0];
	w->n_col = head->n;
	if ((w->col = calloc(head->n, sizeof(*w->col))) == NULL)
		return SQ_ENOMEM;
	if ((e = sheet_map(w->type, head->cell, head->n, w->in->map,
	    w->in->n_map, w->col, why)) != SQ_OK)
		return e;
	for (size_t i = 0; i < head->n; i++)
		if (w->col[i].field != NULL)
			goto some;
	return err_why(why, SQ_EUSAGE, "no heading of the first row is known "
	    "as a field; say which with --map FIELD=COLUMN");
some:
	if (w->in->match != NULL && strcasecmp(w->in->match, "ref") != 0 &&
	    model_field(w->type, w->in->match) == NULL)
		return err_why(why, SQ_EUSAGE, "--match: %s %s has no field "
		    "«%.64s»", model_article(w->type), w->type->name,
		    w->in->match);
	for (size_t i = 0; w->in->match != NULL && i < head->n; i++)
		if (w->col[i].ref ? strcasecmp(w->in->match, "ref") == 0 :
		    w->col[i].field != NULL && strcmp(w->col[i].field->name,
		    w->in->match) == 0)
			return SQ_OK;
	return w->in->match == NULL ? SQ_OK : err_why(why, SQ_EUSAGE,
	    "--match: no column is %s", w->in->match);
}

/* see vault_import.h */
enum sq_err
vault_import_columns(const struct vault_sheet *s,
    const struct vault_import *in,
    void (*cb)(void *arg, const char *head, const char *field), void *arg,
    struct why *why)
{
	struct work w = { .s = s, .in = in };
	char name[128];
	enum sq_err e;

	if ((e = prepare(&w, why)) == SQ_OK)
		for (size_t i = 0; i < w.n_col; i++) {
			(void)snprintf(name, sizeof(name), "%s%s%s",
			    w.col[i].ref ? "ref" : w.col[i].field == NULL ?
			    "" : w.col[i].field->name, w.col[i].lang[0] ==
			    '\0' ? "" : ".", w.col[i].lang);
			cb(arg, s->cells.row[0].cell[i], name);
		}
	free(w.col);
	return e;
}

/* see vault_import.h */
enum sq_err
vault_import_either(const struct vault_sheet *s, const struct vault_import *in,
    struct vault_import_either *ret, struct why *why)
{
	struct work w = { .s = s, .in = in };
	const struct probe_sheet_row *row;
	struct sheet_either x;
	bool is = false;
	enum sq_err e;

	memset(ret, 0, sizeof(*ret));
	if ((e = prepare(&w, why)) != SQ_OK || w.order != SHEET_ASK)
		goto out;
	for (size_t i = 1; i < s->cells.n && !is; i++) {
		row = &s->cells.row[i];
		if ((e = sheet_either(w.col, w.n_col, row->cell, row->n, &x,
		    &is)) != SQ_OK)
			goto out;
		ret->row = is ? row->number : 0;
	}
	if (is) {
		(void)snprintf(ret->field, sizeof(ret->field), "%s", x.field);
		(void)snprintf(ret->date, sizeof(ret->date), "%s", x.date);
		ret->first = x.first;
		ret->second = x.second;
	}
out:
	free(w.col);
	return e;
}

/* All rows, inside the transaction. */
static enum sq_err
rows(struct work *w, enum sq_err (*cb)(void *arg,
    const struct vault_imported *x), void *arg, struct vault_made *ret,
    struct why *why)
{
	size_t n = w->s->cells.n;
	enum sq_err e;

	if ((e = source(w, ret, why)) != SQ_OK)
		return e;
	for (size_t i = 1; i < n && e == SQ_OK; i++) {
		e = one(w, i, cb, arg, why);
		if (w->in->progress != NULL && (i % 256 == 0 || i + 1 == n))
			w->in->progress(w->in->arg, i, n - 1);
	}
	return e == SQ_OK ? custody(w, ret->ref, why) : e;
}

/* see vault_import.h */
enum sq_err
vault_import(struct vault *v, const struct vault_sheet *s,
    const struct vault_import *in,
    enum sq_err (*cb)(void *arg, const struct vault_imported *x), void *arg,
    struct vault_made *ret, struct why *why)
{
	struct work w = { .v = v, .s = s, .in = in };
	bool none;
	enum sq_err e;

	memset(ret, 0, sizeof(*ret));
	if ((e = prepare(&w, why)) != SQ_OK || (in->match != NULL &&
	    (e = vault_import_keys_load(v, w.type, strcasecmp(in->match,
	    "ref") == 0 ? "_ref" : in->match, &w.keys, why)) != SQ_OK) ||
	    (e = vault_begin(v, why)) != SQ_OK)
		goto out;
	e = rows(&w, cb, arg, ret, why);
	none = w.count[VAULT_IMPORT_CREATED] + w.count[VAULT_IMPORT_UPDATED] ==
	    0;
	if (e != SQ_OK || in->dry || none) {
		vault_abort(v);
		memset(ret, 0, sizeof(*ret));
	} else
		e = vault_commit(v, why);
out:
	vault_import_keys_free(&w.keys);
	vault_import_unsee(&w.seen);
	free(w.col);
	return e;
}
