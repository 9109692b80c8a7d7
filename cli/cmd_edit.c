#include <limits.h>

#include "cli/cmd.h"
#include "cli/cmd_dup.h"
#include "cli/dispatch.h"
#include "cli/fields.h"
#include "cli/session.h"
#include "cli/ui.h"
#include "vault/vault.h"

enum { UNSET, REASON, TAKE };

const struct opts_def cmd_edit_opts[] = {
	{ "unset", 0, OPTS_LIST, "FIELD", "drop a field" },
	{ "reason", 0, OPTS_TEXT, "TEXT", "why, kept with the revision" },
	{ "take", 0, OPTS_TEXT, "N", "of several newest revisions: what is "
	    "not given is as in revision N" },
	OPTS_END
};

/* Does a number not agree with what is stated now? */
static void
doubts(struct cli *c, const char *ref)
{
	struct record r = { 0 };
	struct why why;

	if (vault_show(c->vault, ref, 0, &r, &why) == SQ_OK)
		cmd_dup_doubts(&r, NULL);
	model_record_free(&r);
}

/* see cmd.h */
enum sq_err
cmd_edit(struct cli *c, const struct opts *o)
{
	const struct opts_list *unset = &o->list[UNSET];
	const struct model_type *type;
	struct model_inputs in = { 0 };
	struct vault_made made;
	uint64_t take = 0;
	enum sq_err e;

	if ((e = fields_type(c, o->arg[0], &type)) != SQ_OK)
		return e;
	if ((e = opts_num(cmd_edit_opts, o, TAKE, 1, UINT_MAX, &take,
	    &c->why)) != SQ_OK)
		return e;
	if (o->n == 1 && unset->n == 0 && take == 0)
		return dispatch_usage(c, "nothing to change: write FIELD=VALUE "
		    "or --unset FIELD");
	for (size_t i = 0; i < unset->n; i++)
		if (model_field(type, unset->v[i]) == NULL)
			return dispatch_usage(c, "%s has no field \"%s\"",
			    type->name, unset->v[i]);
	if ((e = fields_parse(c, type, o->arg + 1, o->n - 1, &in)) != SQ_OK)
		goto out;
	if ((e = session_open(c)) != SQ_OK)
		goto out;
	e = vault_edit_join(c->vault, o->arg[0], (unsigned)take, &in,
	    unset->v, unset->n, o->value[REASON], &made, &c->why);
	if (e != SQ_OK)
		goto out;
	if (ui_json())
		ui_doc(json_pack("{s:s,s:s,s:s,s:i}", "ref", made.ref, "id",
		    made.id, "entry", made.entry, "rev", (int)made.rev));
	else
		ui_line("%s rev %u", made.ref, made.rev);
	if (type->prefix == 'P' && !ui_json())
		doubts(c, made.ref);
out:
	model_inputs_free(&in);
	return e;
}
