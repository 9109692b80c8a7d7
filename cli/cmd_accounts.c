#include <stdlib.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/session.h"
#include "cli/ui.h"
#include "cli/view.h"
#include "vault/vault.h"

/* What lies side by side. */
static const char *const fields[] = { "date", "interviewer", "first_account",
    "place", "setting", "language", "summary", NULL };

struct accounts {
	struct view_rows rows;
	size_t n;
};

static const char *
first(const struct record *r, const char *field)
{
	const char *s = model_record_first(r, field);

	return s == NULL ? "" : s;
}

static enum sq_err
row(void *arg, const struct record *r)
{
	struct accounts *a = arg;

	a->n++;
	if (view_rows_json(&a->rows)) {
		view_rows_add(&a->rows, view_json(r));
		return SQ_OK;
	}
	ui_table_row(a->rows.table, (const char *const[]){ r->ref,
	    first(r, "witness"), first(r, fields[0]), first(r, fields[1]),
	    first(r, fields[2]), first(r, fields[3]), first(r, fields[4]),
	    first(r, fields[5]), model_record_title(r) });
	return SQ_OK;
}

/* see cmd.h */
enum sq_err
cmd_accounts(struct cli *c, const struct opts *o)
{
	static const char *const head[] = { "REF", "WITNESS", "DATE",
	    "INTERVIEWER", "FIRST?", "PLACE", "SETTING", "LANGUAGE",
	    "SUMMARY" };
	struct accounts a = { .n = 0 };
	enum sq_err e;

	if ((e = session_open(c)) != SQ_OK)
		return e;
	view_rows_begin(&a.rows, 9, head, 8);
	e = vault_accounts(c->vault, o->arg[0], row, &a, &c->why);
	view_rows_end(&a.rows, e == SQ_OK);
	if (e == SQ_OK && a.n == 0)
		ui_note("no account of %s is recorded", o->arg[0]);
	return e;
}

/* see cmd_accounts.h */
void
cmd_accounts_warn(struct cli *c, const struct model_inputs *in)
{
	char last[MODEL_REF_MAX];
	struct why why;
	size_t n;

	for (size_t i = 0; i < in->n; i++) {
		if (strcmp(in->v[i].name, "witness") != 0)
			continue;
		if (vault_accounts_before(c->vault, in->v[i].value, &n, last,
		    &why) == SQ_OK && n > 0)
			ui_warn("%s has given %zu account%s before (newest: "
			    "%s); being asked again can harm a witness and be "
			    "used against them: see sandyq accounts %s",
			    in->v[i].value, n, n == 1 ? "" : "s", last,
			    in->v[i].value);
	}
}
