#include <stdio.h>

#include "cli/cmd.h"
#include "cli/dispatch.h"
#include "cli/session.h"
#include "cli/view.h"
#include "vault/vault.h"

const struct opts_def cmd_list_opts[] = {
	{ "limit", 0, OPTS_TEXT, "N", "at most N records" },
	OPTS_END
};

static enum sq_err
row(void *arg, const struct record *r)
{
	struct view_rows *rows = arg;
	char rev[16];

	if (view_rows_json(rows)) {
		view_rows_add(rows, view_json(r));
		return SQ_OK;
	}
	(void)snprintf(rev, sizeof(rev), "%u", r->rev);
	ui_table_row(rows->table, (const char *const[]){ r->ref,
	    r->type->name, model_record_title(r), rev, r->time });
	return SQ_OK;
}

/* see cmd.h */
enum sq_err
cmd_list(struct cli *c, const struct opts *o)
{
	static const char *const head[] = { "REF", "TYPE", "TITLE", "REV",
	    "TIME" };
	const char *type = o->n > 0 ? o->arg[0] : NULL;
	struct view_rows rows;
	uint64_t limit = 0;
	enum sq_err e;

	if (type != NULL && model_type(type) == NULL)
		return dispatch_usage(c, "there is no type \"%s\" (sandyq "
		    "types lists them)", type);
	e = opts_num(cmd_list_opts, o, 0, 1, UINT32_MAX, &limit, &c->why);
	if (e != SQ_OK || (e = session_open(c)) != SQ_OK)
		return e;
	view_rows_begin(&rows, 5, head, 2);
	e = vault_list(c->vault, type, (size_t)limit, row, &rows, &c->why);
	view_rows_end(&rows, e == SQ_OK);
	return e;
}
