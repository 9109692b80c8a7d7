#include <string.h>

#include "cli/cmd.h"
#include "cli/out.h"
#include "cli/session.h"
#include "cli/ui.h"
#include "cli/ui_table.h"
#include "cli/watch.h"
#include "vault/vault.h"

enum { MOVE, DRY_RUN };

const struct opts_def cmd_attach_opts[] = {
	{ "move", 0, OPTS_FLAG, NULL, "delete each file once it is saved" },
	{ "dry-run", 0, OPTS_FLAG, NULL, "only say what would be attached" },
	OPTS_END
};

/* What was answered so far. */
struct answer {
	struct ui_table *table;
	json_t *list;
	size_t saved, moved;
};

static void
put(void *arg, const struct vault_attached *a)
{
	struct answer *x = arg;
	bool dry = a->ref[0] == '\0';

	x->saved += !dry;
	x->moved += a->moved;
	if (a->size == 0)
		ui_note("note: %s is empty: nothing is in it; if it should "
		    "not be, copy it from its source again", a->name);
	else if (a->linked)
		ui_note("note: the content of %s was in the vault already; %s "
		    "is linked to it", a->name, a->ref);
	if (x->list == NULL)
		ui_table_row(x->table, (const char *const[]){ a->ref,
		    a->sha256, a->name });
	else if (json_array_append_new(x->list, json_pack(
	    "{s:o,s:o,s:o,s:o}", "ref", ui_str(dry ? NULL : a->ref),
	    "sha256", ui_str(dry ? NULL : a->sha256), "size",
	    ui_num(a->size), "original_name", ui_str(a->name))) != 0)
		ui_doc(NULL);
}

static void
note(void *arg, const char *text)
{
	(void)arg;
	ui_note("note: %s", text);
}

/* The end of the answer: of what is saved also if the rest is not. */
static void
finish(struct answer *x, enum sq_err e, bool move)
{
	ui_table_end(x->table);
	if (x->list != NULL && (e == SQ_OK || x->saved > 0))
		ui_doc(x->list);
	else
		json_decref(x->list);
	if (e != SQ_OK && x->saved > 0)
		ui_note("note: %zu %s saved; the rest is not in the vault",
		    x->saved, ui_many(x->saved, "file is", "files are"));
	if (move && x->moved > 0)
		ui_note("note: %zu %s deleted where they lay; on "
		    "flash storage (a phone, a card, an SSD) deleting is not "
		    "erasing: what was there can be found again", x->moved,
		    ui_many(x->moved, "file was", "files were"));
}

/* see cmd.h */
enum sq_err
cmd_attach(struct cli *c, const struct opts *o)
{
	static const char *const head[] = { "REF", "SHA-256", "NAME" };
	struct answer x = { 0 };
	struct vault_attach a = { .ref = o->arg[0], .paths = o->arg + 1,
	    .n = o->n - 1, .move = o->value[MOVE] != NULL,
	    .dry_run = o->value[DRY_RUN] != NULL,
	    .progress = watch_progress, .note = note };
	enum sq_err e = SQ_OK;

	if (a.move && c->shell)
		return err_why(&c->why, SQ_EREFUSED, "this shell deletes "
		    "nothing outside the vault; attach with --move outside of "
		    "the shell");
	for (size_t i = 0; i < a.n && a.move && e == SQ_OK; i++)
		e = out_also(c, a.paths[i]);
	if (e != SQ_OK || (e = session_open(c)) != SQ_OK)
		return e;
	if (ui_json())
		x.list = json_array();
	else
		x.table = ui_table_new(3, head, 2);
	watch_begin();
	e = vault_attach(c->vault, &a, put, &x, &c->why);
	watch_end();
	finish(&x, e, a.move);
	return e;
}
