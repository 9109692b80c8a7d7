#include <inttypes.h>
#include <stdio.h>

#include "cli/cmd.h"
#include "cli/session.h"
#include "cli/view.h"
#include "vault/vault.h"

static enum sq_err
row(void *arg, const struct record *r)
{
	struct view_rows *rows = arg;
	char rev[16], index[32];

	if (view_rows_json(rows)) {
		view_rows_add(rows, view_json(r));
		return SQ_OK;
	}
	(void)snprintf(rev, sizeof(rev), "%u", r->rev);
	(void)snprintf(index, sizeof(index), "%" PRIu64, r->index);
	ui_table_row(rows->table, (const char *const[]){ index, r->ref, rev,
	    r->kind, r->time, r->actor, r->reason != NULL ? r->reason :
	    model_record_title(r), r->entry });
	return SQ_OK;
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
	e = vault_history(c->vault, o->arg[0], row, &rows, &c->why);
	view_rows_end(&rows, e == SQ_OK);
	return e;
}
