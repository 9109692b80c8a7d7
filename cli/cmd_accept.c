#include <stdlib.h>

#include "cli/cmd.h"
#include "cli/dispatch.h"
#include "cli/pass.h"
#include "cli/session.h"
#include "cli/ui.h"
#include "vault/vault.h"

const struct opts_def cmd_accept_opts[] = {
	{ "reason", 0, OPTS_TEXT, "TEXT", "why, kept in the log" },
	OPTS_END
};

/* see cmd.h */
enum sq_err
cmd_accept(struct cli *c, const struct opts *o)
{
	struct secret *pass = NULL;
	enum sq_err e;

	if (o->value[0] == NULL)
		return dispatch_usage(c, "--reason TEXT says why; it is kept "
		    "in the log");
	if (session_has_pass(c))
		e = session_pass(c, &pass);
	else if (pass_terminal())
		e = pass_read("Passphrase of the vault: ", &pass, &c->why);
	else
		e = dispatch_usage(c, "no passphrase: there is no terminal to "
		    "ask at");
	if (e == SQ_OK)
		e = session_open_with(c, pass, VAULT_AS_IS);
	if (e == SQ_OK)
		e = vault_accept(c->vault, o->value[0], &c->why);
	if (e == SQ_OK && ui_json())
		ui_doc(json_pack("{s:b}", "accepted", 1));
	else if (e == SQ_OK)
		ui_line("accepted");
	secret_free(pass);
	return e;
}
