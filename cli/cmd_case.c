#include "cli/cmd.h"
#include "cli/dispatch.h"
#include "cli/session.h"
#include "cli/view.h"
#include "vault/vault.h"

/* see cmd.h */
enum sq_err
cmd_case_new(struct cli *c, const struct opts *o)
{
	struct model_inputs in = { 0 };
	struct vault_made made;
	enum sq_err e;

	if (o->arg[0][0] == '\0')
		return dispatch_usage(c, "the title is empty");
	if ((e = model_inputs_add(&in, "title", NULL, o->arg[0])) != SQ_OK ||
	    (e = session_open(c)) != SQ_OK)
		goto out;
	e = vault_add(c->vault, "case", &in, NULL, &made, &c->why);
	if (e == SQ_OK)
		view_made(&made);
out:
	model_inputs_free(&in);
	return e;
}

static enum sq_err
change(struct cli *c, const struct opts *o, bool add)
{
	struct vault_made made;
	enum sq_err e;

	if ((e = session_open(c)) != SQ_OK)
		return e;
	e = vault_case(c->vault, o->arg[0], add, o->arg + 1, o->n - 1, &made,
	    &c->why);
	if (e == SQ_OK)
		view_made(&made);
	return e;
}

/* see cmd.h */
enum sq_err
cmd_case_add(struct cli *c, const struct opts *o)
{
	return change(c, o, true);
}

/* see cmd.h */
enum sq_err
cmd_case_remove(struct cli *c, const struct opts *o)
{
	return change(c, o, false);
}

/* see cmd.h */
enum sq_err
cmd_case_show(struct cli *c, const struct opts *o)
{
	struct record r = { 0 };
	enum sq_err e;

	if (o->arg[0][0] != 'C')
		return dispatch_usage(c, "\"%s\" is not the reference of a "
		    "case", o->arg[0]);
	if ((e = session_open(c)) != SQ_OK)
		return e;
	e = vault_show(c->vault, o->arg[0], 0, &r, &c->why);
	if (e == SQ_OK)
		view_record(&r);
	model_record_free(&r);
	return e;
}
