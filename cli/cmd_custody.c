#include <string.h>

#include "cli/cmd.h"
#include "cli/dispatch.h"
#include "cli/fields.h"
#include "cli/form.h"
#include "cli/session.h"
#include "cli/view.h"
#include "vault/vault.h"

/*
 * The action may stand alone behind the reference: "custody M-1 received
 * counterparty=...".
 */
static enum sq_err
words(struct cli *c, const struct opts *o, const struct model_type *type,
    struct model_inputs *in)
{
	size_t from = 1;
	enum sq_err e = SQ_OK;

	if (o->n > 1 && strchr(o->arg[1], '=') == NULL) {
		e = model_inputs_add(in, "action", NULL, o->arg[1]);
		from = 2;
	}
	return e == SQ_OK ? fields_parse(c, type, o->arg + from, o->n - from,
	    in) : e;
}

/* see cmd.h */
enum sq_err
cmd_custody(struct cli *c, const struct opts *o)
{
	const struct model_type *type = model_type("custody");
	struct model_inputs in = { 0 };
	struct vault_made made;
	enum sq_err e;

	if (o->n == 1 && !form_wanted())
		return dispatch_usage(c, "what happened? Write received or "
		    "handed-over, and counterparty=WHO place=WHERE");
	if ((e = words(c, o, type, &in)) != SQ_OK ||
	    (e = session_open(c)) != SQ_OK)
		goto out;
	if (o->n == 1 && (e = form_fill(c, type, "about", &in)) != SQ_OK)
		goto out;
	e = vault_custody(c->vault, o->arg[0], &in, &made, &c->why);
	if (e == SQ_OK)
		view_made(&made);
out:
	model_inputs_free(&in);
	return e;
}
