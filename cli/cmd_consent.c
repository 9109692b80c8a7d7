#include "cli/cmd.h"
#include "cli/dispatch.h"
#include "cli/fields.h"
#include "cli/form.h"
#include "cli/session.h"
#include "cli/view.h"
#include "vault/vault.h"

/* see cmd.h */
enum sq_err
cmd_consent(struct cli *c, const struct opts *o)
{
	const struct model_type *type = model_type("consent");
	struct model_inputs in = { 0 };
	struct vault_made made;
	enum sq_err e;

	if (o->n == 1 && !form_wanted())
		return dispatch_usage(c, "no decision: write scope=S "
		    "decision=D");
	if ((e = fields_parse(c, type, o->arg + 1, o->n - 1, &in)) != SQ_OK ||
	    (e = session_open(c)) != SQ_OK)
		goto out;
	if (o->n == 1 && (e = form_fill(c, type, "about", &in)) != SQ_OK)
		goto out;
	e = vault_consent(c->vault, o->arg[0], &in, &made, &c->why);
	if (e == SQ_OK)
		view_made(&made);
out:
	model_inputs_free(&in);
	return e;
}

static enum sq_err
row(void *arg, const struct record *r)
{
	struct view_rows *rows = arg;

	if (view_rows_json(rows))
		view_rows_add(rows, view_json(r));
	else
		ui_table_row(rows->table, (const char *const[]){ r->ref,
		    model_record_first(r, "scope"),
		    model_record_first(r, "decision"),
		    model_record_first(r, "until"),
		    model_record_first(r, "conditions"), r->time });
	return SQ_OK;
}

/* see cmd.h */
enum sq_err
cmd_consent_show(struct cli *c, const struct opts *o)
{
	static const char *const head[] = { "REF", "SCOPE", "DECISION",
	    "UNTIL", "CONDITIONS", "TIME" };
	struct view_rows rows;
	enum sq_err e;

	if ((e = session_open(c)) != SQ_OK)
		return e;
	view_rows_begin(&rows, 6, head, 4);
	e = vault_consents(c->vault, o->arg[0], row, &rows, &c->why);
	view_rows_end(&rows, e == SQ_OK);
	return e;
}
