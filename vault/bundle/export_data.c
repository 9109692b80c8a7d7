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

/* see export_int.h */
void
export_int_title(const struct model_type *type, char *out, size_t cap)
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

	if ((e = export_rules_apply(x->in->rules, it->pseudonym,
	    it->type, it->ref, &it->at.en, &x->withheld)) != SQ_OK)
		return e;
	(void)snprintf(path, sizeof(path), DATA "items/%06zu/record.json",
	    i + 1);
	if (it->file && (e = export_file_original(x->files, i + 1, it)) !=
	    SQ_OK)
		return e;
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
	char file[BAG_ORIGINAL_MAX] = "";
	char *s[7] = { NULL };
	int64_t size;
	const char *cell[12];
	enum sq_err e = SQ_ENOMEM;

	export_int_title(it->type, title, sizeof(title));
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
	if (it->file)
		bag_original(i + 1, it->ext, file);
	cell[5] = file;
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

/* see export_int.h */
const char *
export_int_left_why(const struct export_data *x, size_t i)
{
	const struct export_left *l = &x->in->plan->left[i];
	const struct model_type *t = model_type("consent");
	const struct export_rules *r = x->in->rules;

	if (l->what == EXPORT_STAYS_FILE ||
	    (export_rules_open(r, t, "", "decision") &&
	    export_rules_open(r, t, "", "until")))
		return l->why;
	return l->what == EXPORT_STAYS_IDENTITY ?
	    "may be shared under a pseudonym only" : "may not be shared";
}

/* A line for each reason: what was left out, or left without identity. */
static size_t
put_left(const struct export_data *x, bool identity, struct bytes_buf *b)
{
	const struct export_plan *p = x->in->plan;
	size_t n = 0;

	for (size_t i = 0; i < p->n_left; i++) {
		if ((p->left[i].what == EXPORT_STAYS_IDENTITY) != identity)
			continue;
		if (n++ == 0 && identity)
			bytes_puts(b, "\nWithout what tells who somebody "
			    "is\n");
		bytes_putf(b, "  %s: %s\n", p->left[i].ref,
		    export_int_left_why(x, i));
	}
	return n;
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
	if (put_left(x, false, b) == 0)
		bytes_puts(b, "  nothing\n");
	(void)put_left(x, true, b);
	bytes_puts(b, "\nWithheld in each item\n");
	for (size_t i = 0; i < p->n; i++) {
		bytes_putf(b, "  %06zu %s: ", i + 1, p->item[i].ref);
		withheld_of(&p->item[i], b);
		bytes_putf(b, "\n");
	}
	return bytes_done(b);
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
		if ((e = item_json(&x, i)) == SQ_OK)
			e = export_int_history(&x, i);
		if (e == SQ_OK && in->progress != NULL &&
		    !in->progress(in->arg, &(struct export_progress){
		    .done = i + 1, .of = in->plan->n }))
			e = err_why(why, SQ_EREFUSED, "stopped; nothing was "
			    "exported");
	}
	/* a later opening says nothing but what it opens */
	if (e == SQ_OK && in->opens == NULL &&
	    (e = export_int_events(&x)) == SQ_OK)
		e = export_papers(&x, st);
	if (e == SQ_OK && (e = items_csv(&x)) == SQ_OK &&
	    (e = withheld_txt(&x)) == SQ_OK)
		e = export_report(&x, st);
	if (e == SQ_OK)
		e = x.e;
	*ret_withheld = x.withheld;
	export_int_events_free(&x);
	return e;
}
