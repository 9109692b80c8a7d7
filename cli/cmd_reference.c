#include <stdio.h>
#include <stdlib.h>

#include "cli/cmd.h"
#include "cli/dispatch.h"
#include "cli/fields.h"
#include "cli/session.h"
#include "cli/ui.h"
#include "cli/view.h"
#include "vault/vault.h"

enum { FILE_OPT, URL };

const struct opts_def cmd_reference_opts[] = {
	{ "file", 0, OPTS_TEXT, "FILE", "a file; its hash and size are taken" },
	{ "url", 0, OPTS_TEXT, "URL", "an address; nothing is fetched" },
	OPTS_END
};

/* As attach will answer: what was made, with the hash and size of it. */
static enum sq_err
answer(struct cli *c, const struct vault_made *made)
{
	const char *hash, *size, *name;
	struct record r = { 0 };
	json_t *o;
	enum sq_err e;

	e = vault_show(c->vault, made->ref, 0, &r, &c->why);
	if (e != SQ_OK)
		return e;
	hash = model_record_first(&r, "sha256");
	size = model_record_first(&r, "size");
	name = model_record_first(&r, "original_name");
	if (ui_json()) {
		o = json_pack("{s:s,s:o,s:o,s:o}", "ref", made->ref,
		    "sha256", ui_str(hash), "size", size == NULL ?
		    json_null() : ui_num(strtoull(size, NULL, 10)),
		    "original_name", ui_str(name));
		ui_doc(o == NULL ? NULL : json_pack("[o]", o));
	} else
		ui_line("%s", made->ref);
	model_record_free(&r);
	return SQ_OK;
}

/* see cmd.h */
enum sq_err
cmd_reference(struct cli *c, const struct opts *o)
{
	struct model_inputs in = { 0 };
	struct vault_made made;
	enum sq_err e;

	if ((o->value[FILE_OPT] == NULL) == (o->value[URL] == NULL))
		return dispatch_usage(c, "give either --file or --url");
	e = fields_parse(c, model_type("media"), o->arg + 1, o->n - 1, &in);
	if (e != SQ_OK || (e = session_open(c)) != SQ_OK)
		goto out;
	e = vault_reference(c->vault, o->arg[0], o->value[FILE_OPT],
	    o->value[URL], &in, &made, &c->why);
	if (e == SQ_OK)
		e = answer(c, &made);
out:
	model_inputs_free(&in);
	return e;
}
