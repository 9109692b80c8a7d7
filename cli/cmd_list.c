#include <stdio.h>
#include <stdlib.h>

#include "cli/cmd.h"
#include "cli/dispatch.h"
#include "cli/out.h"
#include "cli/session.h"
#include "cli/ui.h"
#include "cli/view.h"
#include "vault/vault.h"

enum { LIMIT, CSV, OUT };

const struct opts_def cmd_list_opts[] = {
	{ "limit", 0, OPTS_TEXT, "N", "at most N records" },
	{ "csv", 0, OPTS_FLAG, NULL, "all fields of one type, to a plain "
	    "file" },
	{ "output", 'o', OPTS_TEXT, "FILE", "that file" },
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

/* All of a type as a plain file, loudly. */
static enum sq_err
csv(struct cli *c, const char *type, const char *file)
{
	char *path = NULL;
	size_t n = 0;
	enum sq_err e;

	if ((e = out_path(c, file, &path)) != SQ_OK ||
	    (e = session_open(c)) != SQ_OK)
		goto out;
	ui_warn("this writes a plain file, which anybody who gets at the disk "
	    "can read, also after it was deleted");
	if ((e = vault_sheet_write(c->vault, type, path, &n, &c->why)) !=
	    SQ_OK)
		goto out;
	if (ui_json())
		ui_doc(json_pack("{s:o,s:o}", "path", ui_str(path), "records",
		    ui_num(n)));
	else
		ui_line("%s", path);
out:
	free(path);
	return e;
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
	if ((o->value[CSV] != NULL) != (o->value[OUT] != NULL) ||
	    (o->value[CSV] != NULL && (type == NULL ||
	    o->value[LIMIT] != NULL)))
		return dispatch_usage(c, "list TYPE --csv -o FILE: all three "
		    "belong together");
	if (o->value[CSV] != NULL)
		return csv(c, type, o->value[OUT]);
	e = opts_num(cmd_list_opts, o, LIMIT, 1, UINT32_MAX, &limit, &c->why);
	if (e != SQ_OK || (e = session_open(c)) != SQ_OK)
		return e;
	view_rows_begin(&rows, 5, head, 2);
	e = vault_list(c->vault, type, (size_t)limit, row, &rows, &c->why);
	view_rows_end(&rows, e == SQ_OK);
	return e;
}
