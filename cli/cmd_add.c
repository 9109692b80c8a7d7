#include <string.h>

#include "cli/cmd.h"
#include "cli/cmd_accounts.h"
#include "cli/cmd_dup.h"
#include "cli/dispatch.h"
#include "cli/fields.h"
#include "cli/form.h"
#include "cli/session.h"
#include "cli/ui.h"
#include "cli/view.h"
#include "vault/vault.h"

#define FROM_MAX (512u << 20)	/* of a --from file */

enum { FROM, REASON };

const struct opts_def cmd_add_opts[] = {
	{ "from", 0, OPTS_TEXT, "FILE|-", "fields and body, JSON, or JSON "
	    "Lines" },
	{ "reason", 0, OPTS_TEXT, "TEXT", "why, kept with the revision" },
	OPTS_END
};

/* What --from made: one object, or an array when it was more than one. */
struct made {
	json_t *list;
	size_t n;
};

static void
hear(void *arg, const struct vault_made *m)
{
	struct made *made = arg;

	made->n++;
	if (!ui_json())
		view_made(m);
	else if (json_array_append_new(made->list, view_made_json(m)) != 0)
		ui_doc(NULL);
}

/* All records of a file, in one transaction. */
static enum sq_err
add_from(struct cli *c, const char *type, const char *path,
    const struct model_inputs *more, const char *reason)
{
	struct bytes_buf b = { 0 };
	struct made made = { NULL, 0 };
	enum sq_err e;

	if ((e = vault_read(path, FROM_MAX, &b, &c->why)) != SQ_OK)
		goto out;
	if (ui_json() && (made.list = json_array()) == NULL) {
		e = SQ_ENOMEM;
		goto out;
	}
	e = vault_add_from(c->vault, type, b.p == NULL ? "" :
	    (const char *)b.p, b.len, more, reason, hear, &made, &c->why);
	if (e == SQ_EREFUSED || e == SQ_EUSAGE)
		(void)err_more(&c->why, e, "%s", path);
	if (e != SQ_OK)
		goto out;
	if (made.n == 1 && made.list != NULL)
		ui_doc(json_incref(json_array_get(made.list, 0)));
	else if (made.list != NULL)
		ui_doc(json_incref(made.list));
out:
	json_decref(made.list);
	bytes_free(&b);
	return e;
}

/* What was made; of a person also who may be the same. */
static void
tell(struct cli *c, const struct model_type *type,
    const struct vault_made *made)
{
	json_t *doc;

	if (type->prefix != 'P' || !ui_json()) {
		view_made(made);
		if (type->prefix == 'P')
			cmd_dup_tell(c, made->ref, NULL);
		return;
	}
	if ((doc = view_made_json(made)) != NULL)
		cmd_dup_tell(c, made->ref, doc);
	ui_doc(doc);
}

/* see cmd.h */
enum sq_err
cmd_add(struct cli *c, const struct opts *o)
{
	const struct model_type *type = model_type(o->arg[0]);
	const char *from = o->value[FROM], *reason = o->value[REASON];
	struct model_inputs in = { 0 };
	struct vault_made made;
	enum sq_err e;

	if (type == NULL)
		return dispatch_usage(c, "there is no type \"%s\" (sandyq "
		    "types lists them)", o->arg[0]);
	if (o->n == 1 && from == NULL && !form_wanted())
		return dispatch_usage(c, "no fields: write FIELD=VALUE, or "
		    "--from FILE");
	if ((e = fields_parse(c, type, o->arg + 1, o->n - 1, &in)) != SQ_OK)
		goto out;
	if ((e = session_open(c)) != SQ_OK)
		goto out;
	if (from != NULL) {
		e = add_from(c, type->name, from, &in, reason);
		goto out;
	}
	if (o->n == 1 && (e = form_fill(c, type, NULL, &in)) != SQ_OK)
		goto out;
	cmd_accounts_warn(c, &in);
	e = vault_add(c->vault, type->name, &in, reason, &made, &c->why);
	if (e == SQ_OK)
		tell(c, type, &made);
out:
	model_inputs_free(&in);
	return e;
}
