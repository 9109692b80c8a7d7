#include "cli/cmd.h"
#include "cli/dispatch.h"
#include "cli/session.h"
#include "cli/view.h"
#include "vault/vault.h"

enum { ORG, PASSPHRASE };

const struct opts_def cmd_recipient_opts[] = {
	{ "org", 0, OPTS_TEXT, "TEXT", "the organisation" },
	{ "passphrase", 0, OPTS_FLAG, NULL, "sealed to a passphrase, which is "
	    "asked for at each export" },
	OPTS_END
};

/* see cmd.h */
enum sq_err
cmd_recipient_add(struct cli *c, const struct opts *o)
{
	bool pass = o->value[PASSPHRASE] != NULL;
	struct model_inputs in = { 0 };
	struct vault_made made;
	enum sq_err e;

	if (o->arg[0][0] == '\0')
		return dispatch_usage(c, "the name is empty");
	if ((o->n == 2) == pass)
		return dispatch_usage(c, "give either a key (age1...) or "
		    "--passphrase");
	e = model_inputs_add(&in, "name", NULL, o->arg[0]);
	if (e == SQ_OK)
		e = model_inputs_add(&in, "key", NULL, pass ? "scrypt" :
		    o->arg[1]);
	if (e == SQ_OK && o->value[ORG] != NULL)
		e = model_inputs_add(&in, "org", NULL, o->value[ORG]);
	if (e == SQ_OK && (e = session_open(c)) == SQ_OK)
		e = vault_add(c->vault, "recipient", &in, NULL, &made,
		    &c->why);
	if (e == SQ_OK)
		view_made(&made);
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
		    model_record_first(r, "name"),
		    model_record_first(r, "org"),
		    model_record_first(r, "key") });
	return SQ_OK;
}

/* see cmd.h */
enum sq_err
cmd_recipient_list(struct cli *c, const struct opts *o)
{
	static const char *const head[] = { "REF", "NAME", "ORGANISATION",
	    "KEY" };
	struct view_rows rows;
	enum sq_err e;

	(void)o;
	if ((e = session_open(c)) != SQ_OK)
		return e;
	view_rows_begin(&rows, 4, head, 3);
	e = vault_list(c->vault, "recipient", 0, row, &rows, &c->why);
	view_rows_end(&rows, e == SQ_OK);
	return e;
}
