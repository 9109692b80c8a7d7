#include "cli/cmd.h"
#include "cli/session.h"
#include "cli/ui.h"
#include "cli/view.h"
#include "vault/vault.h"

enum { CERTAINTY, REASON };

const struct opts_def cmd_same_opts[] = {
	{ "certainty", 0, OPTS_TEXT, "HOW", "certain, probable or possible" },
	{ "reason", 0, OPTS_TEXT, "TEXT", "what it rests on" },
	OPTS_END
};

/* see cmd.h */
enum sq_err
cmd_same(struct cli *c, const struct opts *o)
{
	struct vault_made made;
	enum sq_err e;

	if ((e = session_open(c)) != SQ_OK)
		return e;
	e = vault_same(c->vault, o->arg[0], o->arg[1], o->value[CERTAINTY],
	    o->value[REASON], &made, &c->why);
	if (e == SQ_OK) {
		view_made(&made);
		ui_note("both records stay as they are");
	}
	return e;
}
