#include <stdio.h>

#include "cli/cmd.h"
#include "cli/cmd_dup.h"
#include "cli/session.h"
#include "cli/ui.h"
#include "cli/view.h"
#include "vault/vault.h"

enum { LIMIT };

const struct opts_def cmd_dup_opts[] = {
	{ "limit", 0, OPTS_TEXT, "N", "at most N pairs (100)" },
	OPTS_END
};

static enum sq_err
row(void *arg, const struct vault_alike *x)
{
	struct view_rows *rows = arg;
	char score[16];

	rows->n++;
	if (view_rows_json(rows)) {
		view_rows_add(rows, json_pack("{s:s,s:s,s:o,s:o,s:i,s:o}",
		    "a", x->a, "b", x->b, "name_a", ui_str(x->name_a),
		    "name_b", ui_str(x->name_b), "score", (int)x->score,
		    "reasons", ui_str(x->reasons)));
		return SQ_OK;
	}
	(void)snprintf(score, sizeof(score), "%u", x->score);
	ui_table_row(rows->table, (const char *const[]){ x->a, x->b, score,
	    x->name_a, x->name_b, x->reasons });
	return SQ_OK;
}

static void
progress(void *arg, uint64_t done, uint64_t of)
{
	static const char *const what = "persons compared";
	const char *name = what;

	(void)arg;
	ui_progress(&name, done, of);
}

/* see cmd.h */
enum sq_err
cmd_dup(struct cli *c, const struct opts *o)
{
	static const char *const head[] = { "A", "B", "OF 1000", "NAME OF A",
	    "NAME OF B", "WHY" };
	struct view_rows rows;
	uint64_t limit = 100;
	enum sq_err e;

	e = opts_num(cmd_dup_opts, o, LIMIT, 1, 100000, &limit, &c->why);
	if (e != SQ_OK || (e = session_open(c)) != SQ_OK)
		return e;
	view_rows_begin(&rows, 6, head, 5);
	if (o->n > 0)
		e = vault_alike(c->vault, o->arg[0], row, &rows, &c->why);
	else
		e = vault_alike_all(c->vault, (size_t)limit, progress, row,
		    &rows, &c->why);
	view_rows_end(&rows, e == SQ_OK);
	if (e == SQ_OK && rows.n == 0)
		ui_note("nobody found who may be the same person");
	else if (e == SQ_OK)
		ui_note("to link two: sandyq same A B; nothing is merged");
	return e;
}

/* --- told in passing ---------------------------------------------------- */

static enum sq_err
similar(void *arg, const struct vault_alike *x)
{
	json_t *list = arg;

	if (list == NULL)
		ui_note("%s may be the same person (%s): %s; to link: sandyq "
		    "same %s %s", x->b, x->name_b, x->reasons, x->a, x->b);
	else if (json_array_append_new(list, json_pack("{s:s,s:i,s:o}", "ref",
	    x->b, "score", (int)x->score, "reasons", ui_str(x->reasons))) !=
	    0)
		ui_doc(NULL);
	return SQ_OK;
}

static void
doubt(void *arg, const char *text)
{
	json_t *list = arg;

	if (list == NULL)
		ui_note("identity number %s", text);
	else if (json_array_append_new(list, ui_str(text)) != 0)
		ui_doc(NULL);
}

/* Put a list into the document, or drop it if there is nothing in it. */
static void
put(json_t *doc, const char *name, json_t *list)
{
	if (json_array_size(list) == 0)
		json_decref(list);
	else if (json_object_set_new(doc, name, list) != 0)
		ui_doc(NULL);
}

/* see cmd_dup.h */
void
cmd_dup_doubts(const struct record *r, json_t *doc)
{
	json_t *list = doc == NULL ? NULL : json_array();

	vault_doubts(r, doubt, list);
	if (list != NULL)
		put(doc, "doubts", list);
}

/* see cmd_dup.h */
void
cmd_dup_tell(struct cli *c, const char *ref, json_t *doc)
{
	json_t *list = doc == NULL ? NULL : json_array();
	struct record r = { 0 };
	struct why why;

	(void)vault_alike(c->vault, ref, similar, list, &why);
	if (list != NULL)
		put(doc, "similar", list);
	if (vault_show(c->vault, ref, 0, &r, &why) == SQ_OK)
		cmd_dup_doubts(&r, doc);
	model_record_free(&r);
}
