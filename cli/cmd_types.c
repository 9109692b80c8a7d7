#include <stdlib.h>

#include "cli/cmd.h"
#include "cli/dispatch.h"
#include "cli/ui.h"
#include "cli/view.h"
#include "crypto/bytes.h"

static const char *const tiers[] = { "public", "team", "recipient",
    "identity", "contact" };

/* All types. */
static void
all(struct view_rows *rows)
{
	static const char *const head[] = { "TYPE", "PREFIX", "LABEL" };
	const struct model_type *t;
	size_t n;

	t = model_types(&n);
	view_rows_begin(rows, 3, head, 2);
	for (size_t i = 0; i < n; i++) {
		char prefix[2] = { t[i].prefix, '\0' };

		if (view_rows_json(rows))
			view_rows_add(rows, json_pack("{s:s,s:s,s:s}",
			    "type", t[i].name, "prefix", prefix, "label",
			    t[i].label));
		else
			ui_table_row(rows->table, (const char *const[]){
			    t[i].name, prefix, t[i].label });
	}
	view_rows_end(rows, true);
}

/* The terms of a vocabulary as one cell. */
static char *
terms(const struct model_field *f)
{
	struct bytes_buf b = { 0 };

	if (f->kind == MODEL_TERM)
		for (const struct model_term *t = f->vocab->term;
		    t->term != NULL; t++)
			bytes_putf(&b, "%s%s", t->term,
			    t[1].term != NULL ? "," : "");
	else if (f->kind == MODEL_REF)
		bytes_puts(&b, f->refs);
	return bytes_str(&b);
}

/* The same as an array with codes and labels. */
static json_t *
vocabulary(const struct model_field *f)
{
	json_t *list;

	if (f->kind != MODEL_TERM)
		return json_null();
	list = json_array();
	for (const struct model_term *t = f->vocab->term; t->term != NULL; t++)
		if (json_array_append_new(list, json_pack("{s:s,s:s,s:s}",
		    "term", t->term, "code", t->code, "label", t->label)) != 0)
			ui_doc(NULL);
	return list;
}

/* What is to be said of a field besides. */
static const char *
flags(const struct model_field *f)
{
	bool list = (f->flags & MODEL_LIST) != 0;

	if ((f->flags & MODEL_AUTO) != 0)
		return list ? "set by the program, list" : "set by the program";
	if ((f->flags & MODEL_REQUIRED) != 0)
		return list ? "required, list" : "required";
	return list ? "list" : "";
}

static void
field_json(struct view_rows *rows, const struct model_field *f)
{
	view_rows_add(rows, json_pack(
	    "{s:s,s:s,s:i,s:s,s:o,s:o,s:b,s:b,s:b,s:o,s:s}",
	    "field", f->name, "kind", model_kind_name(f->kind),
	    "tier", (int)f->tier, "tier_name", tiers[f->tier],
	    "vocabulary", vocabulary(f),
	    "refs", f->kind == MODEL_REF ? json_string(f->refs) : json_null(),
	    "required", (f->flags & MODEL_REQUIRED) != 0,
	    "list", (f->flags & MODEL_LIST) != 0,
	    "auto", (f->flags & MODEL_AUTO) != 0, "needs",
	    f->needs != NULL ? json_string(f->needs) : json_null(),
	    "label", f->label));
}

/* The fields of one type. */
static enum sq_err
one(struct view_rows *rows, const struct model_type *type)
{
	static const char *const head[] = { "FIELD", "KIND", "TIER",
	    "ALLOWED", "LABEL", "" };
	char *allowed;

	view_rows_begin(rows, 6, head, 3);
	ui_table_wrap(rows->table);
	for (const struct model_field *f = type->field; f->name != NULL; f++) {
		if (view_rows_json(rows)) {
			field_json(rows, f);
			continue;
		}
		if ((allowed = terms(f)) == NULL)
			ui_doc(NULL);
		ui_table_row(rows->table, (const char *const[]){ f->name,
		    model_kind_name(f->kind), tiers[f->tier], allowed,
		    f->label, flags(f) });
		free(allowed);
	}
	view_rows_end(rows, true);
	return SQ_OK;
}

/* see cmd.h */
enum sq_err
cmd_types(struct cli *c, const struct opts *o)
{
	struct view_rows rows;
	const struct model_type *type;

	if (o->n == 0) {
		all(&rows);
		return SQ_OK;
	}
	if ((type = model_type(o->arg[0])) == NULL)
		return dispatch_usage(c, "there is no type \"%s\" (sandyq "
		    "types lists them)", o->arg[0]);
	return one(&rows, type);
}
