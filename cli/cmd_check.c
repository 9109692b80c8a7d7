#include "cli/cmd.h"
#include "cli/session.h"
#include "cli/ui.h"
#include "cli/ui_table.h"
#include "cli/watch.h"
#include "vault/vault.h"

enum { FULL, REBUILD };

const struct opts_def cmd_check_opts[] = {
	{ "full", 0, OPTS_FLAG, NULL, "read every byte of every attachment" },
	{ "rebuild", 0, OPTS_FLAG, NULL, "first make all indexes anew from the "
	    "log" },
	OPTS_END
};

struct answer {
	struct ui_table *table;
	json_t *list;
};

static void
put(void *arg, const struct vault_found *f)
{
	struct answer *x = arg;

	if (x->list == NULL)
		ui_table_row(x->table, (const char *const[]){ f->what,
		    f->where, f->severity });
	else if (json_array_append_new(x->list, json_pack("{s:o,s:o,s:o}",
	    "what", ui_str(f->what), "where", ui_str(f->where), "severity",
	    ui_str(f->severity))) != 0)
		ui_doc(NULL);
}

/* Open the vault; its indexes are made anew while it opens, or after. */
static enum sq_err
open_for(struct cli *c, bool rebuild)
{
	enum sq_err e;

	if (c->vault != NULL)
		return rebuild ? vault_rebuild(c->vault, &c->why) : SQ_OK;
	c->rebuild = rebuild;
	e = session_open(c);
	c->rebuild = false;
	return e;
}

/* see cmd.h */
enum sq_err
cmd_check(struct cli *c, const struct opts *o)
{
	static const char *const head[] = { "WHAT", "WHERE", "SEVERITY" };
	struct answer x = { 0 };
	enum sq_err e;

	if ((e = open_for(c, o->value[REBUILD] != NULL)) != SQ_OK)
		return e;
	if (ui_json())
		x.list = json_array();
	else
		x.table = ui_table_new(3, head, 1);
	ui_table_wrap(x.table);
	watch_begin();
	e = vault_check(c->vault, o->value[FULL] != NULL, watch_progress, put,
	    &x, &c->why);
	watch_end();
	ui_table_end(x.table);
	if (x.list != NULL && (e == SQ_OK || e == SQ_EDAMAGE))
		ui_doc(x.list);
	else
		json_decref(x.list);
	if (e == SQ_OK && ui_person())
		ui_note("no damage found");
	return e;
}
