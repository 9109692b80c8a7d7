#include <stdlib.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/session.h"
#include "cli/ui.h"
#include "cli/view.h"
#include "crypto/bytes.h"
#include "vault/vault.h"

enum { SAME };

const struct opts_def cmd_timeline_opts[] = {
	{ "same", 0, OPTS_FLAG, NULL, "also of records linked as the same "
	    "person" },
	OPTS_END
};

/* All values of a field, parted by commas; never NULL but out of memory. */
static char *
joined(const struct record *r, const char *field)
{
	const struct record_field *f = model_record_field(r, field);
	struct bytes_buf b = { 0 };

	for (size_t i = 0; f != NULL && i < f->n; i++)
		bytes_putf(&b, "%s%s", i > 0 ? ", " : "", f->v[i].text);
	return bytes_str(&b);
}

static json_t *
list_json(const struct record *r, const char *field)
{
	const struct record_field *f = model_record_field(r, field);
	json_t *a = json_array();

	for (size_t i = 0; f != NULL && i < f->n; i++)
		if (json_array_append_new(a, ui_str(f->v[i].text)) != 0)
			ui_doc(NULL);
	return a;
}

static json_t *
first_json(const struct record *r, const char *field)
{
	return ui_str(model_record_first(r, field));
}

/* Whose it is: the field differs by type. */
static const char *
whose(const struct record *r)
{
	const char *s = model_record_first(r, r->type->prefix == 'A' ?
	    "victim" : "person");

	return s == NULL ? "" : s;
}

/* Where: in words, or the record of the place. */
static const char *
where(const struct record *r)
{
	static const char *const names[] = { "facility_text", "place",
	    "facility", "site", NULL };
	const char *s = NULL;

	for (size_t i = 0; names[i] != NULL && s == NULL; i++)
		s = model_record_first(r, names[i]);
	return s == NULL ? "" : s;
}

static json_t *
by_json(const struct vault_fact *f)
{
	json_t *a = json_array();

	for (size_t i = 0; i < f->n_by; i++)
		if (json_array_append_new(a, json_pack(
		    "{s:s,s:o,s:o,s:o,s:o,s:o,s:o}", "ref", f->by[i]->ref,
		    "perpetrator", first_json(f->by[i], "perpetrator"),
		    "perpetrator_text", first_json(f->by[i],
		    "perpetrator_text"), "degree", first_json(f->by[i],
		    "degree"), "source", list_json(f->by[i], "source"),
		    "source_text", first_json(f->by[i], "source_text"),
		    "reliability", first_json(f->by[i], "reliability"))) != 0)
			ui_doc(NULL);
	return a;
}

/* "P-7 ordered (T-1), a guard carried-out (T-2)" */
static char *
by_text(const struct vault_fact *f)
{
	struct bytes_buf b = { 0 };
	const char *who;
	char *src;

	for (size_t i = 0; i < f->n_by; i++) {
		who = model_record_first(f->by[i], "perpetrator");
		if (who == NULL)
			who = model_record_first(f->by[i], "perpetrator_text");
		src = joined(f->by[i], "source");
		bytes_putf(&b, "%s%s %s%s%s%s", i > 0 ? "; " : "", who == NULL
		    ? "" : who, model_record_first(f->by[i], "degree"), src !=
		    NULL && *src != '\0' ? " (" : "", src == NULL ? "" : src,
		    src != NULL && *src != '\0' ? ")" : "");
		free(src);
	}
	return bytes_str(&b);
}

static enum sq_err
row(void *arg, const struct vault_fact *f)
{
	struct view_rows *rows = arg;
	const char *rel = model_record_first(f->r, "reliability");
	char *source = NULL, *by = NULL;
	const char *words;

	rows->n++;
	if (view_rows_json(rows)) {
		view_rows_add(rows, json_pack(
		    "{s:o,s:s,s:s,s:s,s:o,s:o,s:o,s:o,s:o,s:o,s:o}",
		    "date", ui_str(f->date), "role", f->role, "ref",
		    f->r->ref, "type", f->r->type->name, "person",
		    ui_str(whose(f->r)), "what",
		    ui_str(model_record_title(f->r)), "place",
		    ui_str(where(f->r)), "source", list_json(f->r, "source"),
		    "source_text", first_json(f->r, "source_text"),
		    "reliability", first_json(f->r, "reliability"), "by",
		    by_json(f)));
		return SQ_OK;
	}
	source = joined(f->r, "source");
	by = by_text(f);
	if (source == NULL || by == NULL)
		ui_doc(NULL);
	words = model_record_first(f->r, "source_text");
	if (source != NULL && *source != '\0')
		words = source;
	ui_table_row(rows->table, (const char *const[]){ f->date != NULL ?
	    f->date : "", f->role, f->r->ref, whose(f->r),
	    model_record_title(f->r), where(f->r), words == NULL ? "" : words,
	    rel == NULL ? "" : rel, by == NULL ? "" : by });
	free(source);
	free(by);
	return SQ_OK;
}

static enum sq_err
also(void *arg, const struct vault_same *s)
{
	(void)arg;
	ui_note("%s says that %s is the same person%s%s: --same adds what is "
	    "claimed of them", s->link, s->person, s->certainty[0] != '\0' ?
	    ", " : "", s->certainty);
	return SQ_OK;
}

/* see cmd.h */
enum sq_err
cmd_timeline(struct cli *c, const struct opts *o)
{
	static const char *const head[] = { "DATE", "", "REF", "WHO", "WHAT",
	    "WHERE", "SOURCE", "RELIABILITY", "BY WHOM" };
	bool same = o->value[SAME] != NULL;
	const char *ref = o->arg[0];
	struct view_rows rows;
	enum sq_err e;

	if ((e = session_open(c)) != SQ_OK)
		return e;
	view_rows_begin(&rows, 9, head, 4);
	e = vault_timeline(c->vault, ref, same, row, &rows, &c->why);
	view_rows_end(&rows, e == SQ_OK);
	if (e == SQ_OK && rows.n == 0)
		ui_note("no event, act or other fact is claimed of %s yet",
		    ref);
	if (e == SQ_OK && !same && (ref[0] == 'P' || ref[0] == 'p'))
		e = vault_same_as(c->vault, ref, also, NULL, &c->why);
	return e;
}
