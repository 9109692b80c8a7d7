/*
 * The payload of a bundle: record.json of each item, the tables, the report,
 * and what was withheld.  Everything a reader sees of a record is taken from
 * its redacted entry, so that no table says more than the rules allow.  See
 * export.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/bundle/csv.h"
#include "vault/bundle/export.h"
#include "vault/bundle/export_int.h"
#include "vault/bundle/report.h"

#define DATA "bundle/bag/data/"

/* A field of the redacted entry, "" if it is absent or not disclosed. */
static char *
said(const struct entry *en, const char *name)
{
	char *s = entry_str(en, name);

	return s != NULL ? s : strdup("");
}

/* The first of several fields that is disclosed. */
static char *
first_said(const struct entry *en, const char *const *names)
{
	char *s = NULL;

	for (; *names != NULL && s == NULL; names++)
		s = entry_str(en, *names);
	return s != NULL ? s : strdup("");
}

/* The entry's name of what stands for a record in a list. */
static void
title_name(const struct model_type *type, char *out, size_t cap)
{
	const struct model_field *f = model_flagged(type, MODEL_TITLE);

	(void)snprintf(out, cap, "%s%s", f == NULL ? "" : record_name(f),
	    f != NULL && (f->flags & MODEL_LIST) != 0 ? "[00000]" : "");
}

/* record.json of one item, redacting its entry. */
static enum sq_err
item_json(struct export_data *x, size_t i)
{
	struct export_item *it = &x->in->plan->item[i];
	struct bytes_buf *b;
	char path[64];
	enum sq_err e;

	if ((e = export_rules_apply(x->in->rules, it->type, it->ref,
	    &it->at.en, &x->withheld)) != SQ_OK)
		return e;
	(void)snprintf(path, sizeof(path), DATA "items/%06zu/record.json",
	    i + 1);
	if ((e = export_file(x->files, path, &b)) != SQ_OK)
		return e;
	return entry_emit_json(&it->at.en, it->at.root, it->at.index, b);
}

/* One line of items.csv. */
static enum sq_err
item_row(const struct export_item *it, size_t i, struct bytes_buf *b)
{
	static const char *const by[] = { "collector[00000]", "interviewer",
	    "interviewer[00000]", "_actor", NULL };
	static const char *const at[] = { "captured_at", "date", "_time",
	    NULL };
	const struct entry *en = &it->at.en;
	char num[24], root[65], title[ENTRY_MAX_NAME + 1];
	char *s[7] = { NULL };
	int64_t size;
	const char *cell[12];
	enum sq_err e = SQ_ENOMEM;

	title_name(it->type, title, sizeof(title));
	s[0] = said(en, title);
	s[1] = said(en, "original_name");
	s[2] = said(en, "mime");
	s[3] = calloc(1, 24);
	s[4] = said(en, "sha256");
	s[5] = first_said(en, by);
	s[6] = first_said(en, at);
	for (size_t k = 0; k < 7; k++)
		if (s[k] == NULL)
			goto out;
	if (it->type->prefix == 'M' &&
	    entry_value_int(entry_find(en, "size"), &size))
		(void)snprintf(s[3], 24, "%lld", (long long)size);
	(void)snprintf(num, sizeof(num), "%06zu", i + 1);
	bytes_hex(root, it->at.root, ENTRY_ROOT);
	cell[0] = num;
	cell[1] = it->ref;
	cell[2] = it->type->name;
	cell[3] = root;
	cell[4] = s[0];
	cell[5] = "";
	for (size_t k = 1; k < 7; k++)
		cell[5 + k] = s[k];
	csv_row(b, cell, 12);
	e = bytes_done(b);
out:
	for (size_t k = 0; k < 7; k++)
		free(s[k]);
	return e;
}

static enum sq_err
items_csv(struct export_data *x)
{
	const struct export_plan *p = x->in->plan;
	struct bytes_buf *b;
	enum sq_err e;

	if ((e = export_file(x->files, DATA "items.csv", &b)) != SQ_OK)
		return e;
	bytes_puts(b, CSV_ITEMS);
	for (size_t i = 0; i < p->n && e == SQ_OK; i++)
		e = item_row(&p->item[i], i, b);
	return e;
}

/* --- withheld.txt ------------------------------------------------------- */

/* The names of the fields of one item that are not disclosed, in order. */
static void
withheld_of(const struct export_item *it, struct bytes_buf *b)
{
	const struct entry *en = &it->at.en;
	size_t hidden = 0, n = 0;

	for (size_t i = 0; i < en->n; i++) {
		if (en->fields[i].form == ENTRY_HIDDEN)
			hidden++;
		else if (en->fields[i].form != ENTRY_OPEN)
			bytes_putf(b, "%s%s%s", n++ == 0 ? "" : ", ",
			    en->fields[i].name, en->fields[i].form ==
			    ENTRY_ERASED ? " (erased)" : "");
	}
	if (hidden > 0)
		bytes_putf(b, "%zu fields, without their names", hidden);
	if (hidden + n == 0)
		bytes_puts(b, "nothing");
}

/*
 * Why a record stayed.  The reason tells what somebody decided, so it is told
 * only to whom decisions are told.
 */
static const char *
left_why(const struct export_data *x, size_t i)
{
	const struct model_type *t = model_type("consent");
	const struct export_rules *r = x->in->rules;

	return x->in->plan->left[i].file ||
	    (export_rules_open(r, t, "", "decision") &&
	    export_rules_open(r, t, "", "until")) ?
	    x->in->plan->left[i].why : "may not be shared";
}

static enum sq_err
withheld_txt(struct export_data *x)
{
	const struct export_plan *p = x->in->plan;
	struct bytes_buf *b;
	enum sq_err e;

	if ((e = export_file(x->files, DATA "withheld.txt", &b)) != SQ_OK)
		return e;
	bytes_putf(b, "Profile: %s.  What a field held can be opened later; "
	    "its hash in\nrecord.json binds it to the same log.\n%s\n"
	    "Left out\n", x->in->rules->profile,
	    strcmp(x->in->rules->profile, "full") == 0 ? "" :
	    "Exports to others, if there were any, are not told.\n");
	if (p->n_left == 0)
		bytes_puts(b, "  nothing\n");
	for (size_t i = 0; i < p->n_left; i++)
		bytes_putf(b, "  %s: %s\n", p->left[i].ref, left_why(x, i));
	bytes_puts(b, "\nWithheld in each item\n");
	for (size_t i = 0; i < p->n; i++) {
		bytes_putf(b, "  %06zu %s: ", i + 1, p->item[i].ref);
		withheld_of(&p->item[i], b);
		bytes_putf(b, "\n");
	}
	return bytes_done(b);
}

/* --- report.html -------------------------------------------------------- */

/* One value as the report shows it; the caller frees what is returned. */
static char *
shown(struct export_data *x, const struct model_field *f,
    const struct entry_field *ef, char **ret_lang)
{
	uint8_t id[LOG_RECORD_ID];
	char buf[64];
	char *s, *t = NULL;
	int64_t v;
	bool yes;

	*ret_lang = NULL;
	if (f->kind == MODEL_TEXT && entry_text(ef, ret_lang, &t))
		return t;
	if (f->kind == MODEL_INT && entry_value_int(ef, &v)) {
		(void)snprintf(buf, sizeof(buf), "%lld", (long long)v);
		return strdup(buf);
	}
	if (f->kind == MODEL_BOOL && entry_value_bool(ef, &yes))
		return strdup(yes ? "yes" : "no");
	s = entry_value_str(ef);
	if (f->kind != MODEL_REF || s == NULL ||
	    bytes_unhex(id, sizeof(id), s) != SQ_OK)
		return s;
	free(s);
	export_int_pseudonym(x, id, buf);
	return strdup(buf);
}

struct shown_field {
	struct report_field rf;
	struct report_value *v;
	char **text, **lang;
	size_t n;
};

/* Room for one more value. */
static enum sq_err
grow_field(struct shown_field *sf)
{
	size_t cap = sf->n == 0 ? 4 : 2 * sf->n;
	void *v, *text, *lang;

	if ((sf->n & (sf->n - 1)) != 0 || (sf->n > 0 && sf->n < 4))
		return SQ_OK;
	if ((v = realloc(sf->v, cap * sizeof(*sf->v))) != NULL)
		sf->v = v;
	if ((text = realloc(sf->text, cap * sizeof(*sf->text))) != NULL)
		sf->text = text;
	if ((lang = realloc(sf->lang, cap * sizeof(*sf->lang))) != NULL)
		sf->lang = lang;
	return v == NULL || text == NULL || lang == NULL ? SQ_ENOMEM : SQ_OK;
}

/* All values of one field of the table; none if the record has no such. */
static enum sq_err
show_field(struct export_data *x, const struct entry *en,
    const struct model_field *f, struct shown_field *sf, bool *ret_any)
{
	const struct entry_field *ef;
	char name[ENTRY_MAX_NAME + 1];
	enum sq_err e;

	*ret_any = false;
	for (size_t i = 0;; i++) {
		if ((f->flags & MODEL_LIST) == 0 && i > 0)
			break;
		if (f->flags & MODEL_LIST)
			(void)entry_element(name, sizeof(name),
			    record_name(f), i);
		else
			(void)snprintf(name, sizeof(name), "%s",
			    record_name(f));
		if ((ef = entry_find(en, name)) == NULL)
			break;
		*ret_any = true;
		if (ef->form != ENTRY_OPEN)
			continue;
		if ((e = grow_field(sf)) != SQ_OK)
			return e;
		sf->text[sf->n] = shown(x, f, ef, &sf->lang[sf->n]);
		sf->v[sf->n].text = sf->text[sf->n] == NULL ? "" :
		    sf->text[sf->n];
		sf->v[sf->n].lang = sf->lang[sf->n];
		sf->n++;
	}
	sf->rf.label = f->label;
	sf->rf.v = sf->v;
	sf->rf.n = sf->n;
	return SQ_OK;
}

static void
free_field(struct shown_field *sf)
{
	for (size_t i = 0; i < sf->n; i++) {
		free(sf->text[i]);
		free(sf->lang[i]);
	}
	free(sf->v);
	free(sf->text);
	free(sf->lang);
	free(sf);
}

/* One item of the report, with its events. */
static enum sq_err
report_one(struct export_data *x, size_t i, struct bytes_buf *b)
{
	const struct export_item *it = &x->in->plan->item[i];
	struct shown_field *sf[96] = { NULL };
	struct report_field rf[96];
	struct report_item ri = { .number = i + 1, .ref = it->ref,
	    .type = it->type->label, .index = it->at.index, .field = rf };
	char title[ENTRY_MAX_NAME + 1], root[65];
	char *t = NULL, *lang = NULL;
	size_t n = 0;
	bool any;
	enum sq_err e;

	bytes_hex(root, it->at.root, ENTRY_ROOT);
	ri.entry = root;
	title_name(it->type, title, sizeof(title));
	if (!entry_text(entry_find(&it->at.en, title), &lang, &t))
		t = entry_str(&it->at.en, title);
	ri.title = t;
	ri.lang = lang;
	for (const struct model_field *f = it->type->field;
	    f->name != NULL && n < 96; f++) {
		if ((sf[n] = calloc(1, sizeof(*sf[n]))) == NULL) {
			e = SQ_ENOMEM;
			goto out;
		}
		if ((e = show_field(x, &it->at.en, f, sf[n], &any)) != SQ_OK)
			goto out;
		if (!any) {
			free_field(sf[n]);
			sf[n] = NULL;
			continue;
		}
		rf[n] = sf[n]->rf;
		n++;
	}
	ri.n_field = n;
	ri.custody = (const char *const *)x->event[i].line;
	ri.n_custody = x->event[i].n;
	e = report_item(&ri, b);
out:
	for (size_t k = 0; k < 96; k++)
		if (sf[k] != NULL)
			free_field(sf[k]);
	free(t);
	free(lang);
	return e;
}

static enum sq_err
report_html(struct export_data *x, const struct statement *st)
{
	const struct export_plan *p = x->in->plan;
	struct bytes_buf *b;
	char **line;
	size_t len;
	enum sq_err e;

	if ((line = calloc(p->n_left + 1, sizeof(*line))) == NULL)
		return SQ_ENOMEM;
	for (size_t i = 0; i < p->n_left; i++) {
		len = strlen(p->left[i].ref) + strlen(left_why(x, i)) + 3;
		if ((line[i] = malloc(len)) != NULL)
			(void)snprintf(line[i], len, "%s: %s", p->left[i].ref,
			    left_why(x, i));
	}
	if ((e = export_file(x->files, DATA "report.html", &b)) != SQ_OK ||
	    (e = report_begin(st, b)) != SQ_OK)
		goto out;
	for (size_t i = 0; i < p->n && e == SQ_OK; i++)
		e = report_one(x, i, b);
	if (e == SQ_OK)
		e = report_section("Left out, and why",
		    (const char *const *)line, p->n_left, b);
	if (e == SQ_OK)
		e = report_end(st, b);
out:
	for (size_t i = 0; i < p->n_left; i++)
		free(line[i]);
	free(line);
	return e;
}

/* see export.h */
enum sq_err
export_data(const struct export_in *in, const struct statement *st,
    struct export_files *l, uint64_t *ret_withheld, struct why *why)
{
	struct export_data x = { .in = in, .files = l, .why = why };
	enum sq_err e = SQ_OK;

	if ((x.event = calloc(in->plan->n + 1, sizeof(*x.event))) == NULL)
		return SQ_ENOMEM;
	for (size_t i = 0; i < in->plan->n && e == SQ_OK; i++) {
		e = item_json(&x, i);
		if (in->progress != NULL)
			in->progress(in->arg, i + 1, in->plan->n);
	}
	if (e == SQ_OK && (e = export_int_events(&x)) == SQ_OK &&
	    (e = items_csv(&x)) == SQ_OK && (e = withheld_txt(&x)) == SQ_OK)
		e = report_html(&x, st);
	if (e == SQ_OK)
		e = x.e;
	*ret_withheld = x.withheld;
	for (size_t i = 0; i < in->plan->n; i++) {
		for (size_t k = 0; k < x.event[i].n; k++)
			free(x.event[i].line[k]);
		free(x.event[i].line);
	}
	free(x.event);
	return e;
}
