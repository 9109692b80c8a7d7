#include <stdlib.h>

#include "cli/cmd_export.h"
#include "cli/dispatch.h"
#include "cli/out.h"
#include "cli/session.h"
#include "cli/watch.h"
#include "crypto/secret.h"

enum { FIELD, TO, PROFILE, CONFIRM, PURPOSE, DIR, NEWPASS };

const struct opts_def cmd_disclose_opts[] = {
	{ "field", 0, OPTS_LIST, "REF.FIELD", "what to open" },
	{ "to", 0, OPTS_TEXT, "NAME", "a recipient, by name or reference" },
	{ "profile", 0, OPTS_TEXT, "full|lawyer|court|public",
	    "whose consent is asked (that of the bundle)" },
	{ "confirm", 0, OPTS_LIST, "N=REASON",
	    "the conditions of decision N are met, and why" },
	{ "purpose", 0, OPTS_TEXT, "TEXT", "what for, stated in the bundle" },
	{ "output", 'o', OPTS_TEXT, "DIR", "the folder to write to" },
	{ "new-passphrase-file", 0, OPTS_TEXT, "F",
	    "the passphrase of a passphrase recipient" },
	OPTS_END
};

/* see cmd.h */
enum sq_err
cmd_disclose(struct cli *c, const struct opts *o)
{
	struct vault_exported x = { 0 };
	struct secret *pass = NULL;
	char *dir = NULL;
	enum sq_err e;

	if ((e = cmd_export_profile(c, o->value[PROFILE])) != SQ_OK)
		return e;
	if (o->value[TO] == NULL || o->list[FIELD].n == 0)
		return dispatch_usage(c, "--field REF.FIELD says what, --to "
		    "NAME for whom");
	if ((e = out_path(c, o->value[DIR], &dir)) != SQ_OK ||
	    (e = session_open(c)) != SQ_OK || (e = cmd_export_pass(c,
	    o->value[TO], o->value[NEWPASS], &pass)) != SQ_OK)
		goto out;
	watch_begin();
	e = vault_disclose(c->vault, o->arg[0], &(struct vault_export){
	    .to = o->value[TO], .passphrase = pass,
	    .profile = o->value[PROFILE], .disclose = o->list[FIELD].v,
	    .n_disclose = o->list[FIELD].n, .confirm = o->list[CONFIRM].v,
	    .n_confirm = o->list[CONFIRM].n, .purpose = o->value[PURPOSE],
	    .dir = dir, .progress = watch_progress }, &x, &c->why);
	watch_end();
	cmd_export_put(&x, e);
out:
	vault_exported_free(&x);
	secret_free(pass);
	free(dir);
	return e;
}
