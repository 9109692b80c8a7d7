#include "cli/cmd.h"
#include "cli/session.h"
#include "cli/ui.h"
#include "vault/vault.h"

/* see cmd.h */
enum sq_err
cmd_play(struct cli *c, const struct opts *o)
{
	bool well = true;
	enum sq_err e;

	if ((e = session_viewer(c)) != SQ_OK ||
	    (e = session_open(c)) != SQ_OK ||
	    (e = session_viewed(c, o->arg[0], NULL, true)) != SQ_OK)
		return e;
	e = vault_play(c->vault, c->viewer, o->arg[0], &well, &c->why);
	if (e == SQ_OK && !well)
		e = err_why(&c->why, SQ_EREFUSED, "the viewer says that it "
		    "failed");
	return e;
}
