#include <string.h>

#include "cli/cmd.h"
#include "cli/dispatch.h"
#include "cli/session.h"
#include "cli/ui.h"
#include "cli/view.h"
#include "vault/vault.h"

struct asked {
	struct view_rows rows;
	const char *name;		/* NULL: all */
	bool found;
};

static void
row(void *arg, const struct vault_setting *s)
{
	struct asked *a = arg;

	if (a->name != NULL && strcmp(a->name, s->name) != 0)
		return;
	a->found = true;
	if (view_rows_json(&a->rows))
		view_rows_add(&a->rows, json_pack("{s:o,s:o,s:o}", "setting",
		    ui_str(s->name), "value", ui_str(s->value), "about",
		    ui_str(s->about)));
	else
		ui_table_row(a->rows.table, (const char *const[]){ s->name,
		    s->value, s->about });
}

/* see cmd.h */
enum sq_err
cmd_setting(struct cli *c, const struct opts *o)
{
	static const char *const head[] = { "SETTING", "VALUE", "" };
	struct asked a = { .name = o->n > 0 ? o->arg[0] : NULL };
	enum sq_err e;

	if ((e = session_open(c)) != SQ_OK)
		return e;
	if (o->n == 2 && (e = vault_set(c->vault, o->arg[0], o->arg[1],
	    &c->why)) != SQ_OK)
		return e;
	view_rows_begin(&a.rows, 3, head, 2);
	e = vault_settings(c->vault, row, &a, &c->why);
	view_rows_end(&a.rows, e == SQ_OK);
	if (e == SQ_OK && a.name != NULL && !a.found)
		return dispatch_usage(c, "there is no setting \"%s\"",
		    a.name);
	return e;
}
