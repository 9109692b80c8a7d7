#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/session.h"
#include "cli/ui.h"
#include "cli/view.h"
#include "vault/vault.h"

/* The object of show, with what came before it. */
static json_t *
entry_json(const struct record *r)
{
	json_t *o = view_json(r), *list = json_array();

	for (size_t i = 0; i < r->n_parent; i++)
		if (json_array_append_new(list, ui_str(r->parent[i])) != 0)
			ui_doc(NULL);
	if (o == NULL || json_object_set_new(o, "index", ui_num(r->index)) !=
	    0 || json_object_set_new(o, "kind", ui_str(r->kind)) != 0 ||
	    json_object_set_new(o, "parents", list) != 0 ||
	    (r->log[0] != '\0' && json_object_set_new(o, "log",
	    ui_str(r->log)) != 0))
		ui_doc(NULL);
	return o;
}

/* What happened, in one line. */
static char *
what(const struct record *r)
{
	const char *who = model_record_first(r, "counterparty");
	const char *place = model_record_first(r, "place");
	const char *note = model_record_first(r, "note");
	struct bytes_buf b = { 0 };

	if (r->type->prefix != 'Y') {
		bytes_puts(&b, r->reason != NULL ? r->reason :
		    model_record_title(r));
		return bytes_str(&b);
	}
	bytes_puts(&b, model_record_title(r));
	if (who != NULL)
		bytes_putf(&b, ": %s", who);
	if (place != NULL)
		bytes_putf(&b, ", %s", place);
	if (note != NULL)
		bytes_putf(&b, ": %s", note);
	if (r->reason != NULL)
		bytes_putf(&b, ": %s", r->reason);
	return bytes_str(&b);
}

static enum sq_err
row(void *arg, const struct record *r)
{
	struct view_rows *rows = arg;
	char rev[16], index[32], *text;

	if (view_rows_json(rows)) {
		view_rows_add(rows, entry_json(r));
		return SQ_OK;
	}
	if ((text = what(r)) == NULL)
		return SQ_ENOMEM;
	(void)snprintf(rev, sizeof(rev), "%u", r->rev);
	(void)snprintf(index, sizeof(index), "%" PRIu64, r->index);
	ui_table_row(rows->table, (const char *const[]){ index, r->ref, rev,
	    r->kind, r->time, r->actor, text, r->entry });
	free(text);
	return SQ_OK;
}

/* A gap stands between two rows. */
static void
gap(void *arg, const char *name, const char *text)
{
	struct view_rows *rows = arg;

	if (view_rows_json(rows))
		view_rows_add(rows, json_pack("{s:s,s:s}", "gap", name,
		    "detail", text));
	else
		ui_table_row(rows->table, (const char *const[]){ "-", "", "",
		    "gap", "", "", text, "" });
}

/* see cmd.h */
enum sq_err
cmd_history(struct cli *c, const struct opts *o)
{
	static const char *const head[] = { "ENTRY", "REF", "REV", "KIND",
	    "TIME", "BY", "WHAT", "ROOT" };
	struct view_rows rows;
	enum sq_err e;

	if ((e = session_open(c)) != SQ_OK)
		return e;
	view_rows_begin(&rows, 8, head, 7);
	e = vault_history(c->vault, o->arg[0], row, gap, &rows, &c->why);
	view_rows_end(&rows, e == SQ_OK);
	return e;
}
