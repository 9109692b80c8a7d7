#include "cli/cmd.h"
#include "cli/out.h"
#include "cli/session.h"
#include "cli/shell.h"
#include "vault/vault.h"

enum { OUT, IDLE };

const struct opts_def cmd_shell_opts[] = {
	{ "out", 0, OPTS_TEXT, "DIR", "the only folder that is written to" },
	{ "idle", 0, OPTS_TEXT, "SECONDS", "lock after so long (300)" },
	OPTS_END
};

/* see cmd.h */
enum sq_err
cmd_shell(struct cli *c, const struct opts *o)
{
	uint64_t idle = 300;
	enum sq_err e;

	e = opts_num(cmd_shell_opts, o, IDLE, 1, 86400, &idle, &c->why);
	if (e != SQ_OK || (o->value[OUT] != NULL &&
	    ((e = out_check(c, o->value[OUT])) != SQ_OK ||
	    (e = out_also(c, o->value[OUT])) != SQ_OK)) ||
	    (e = session_viewer(c)) != SQ_OK ||
	    (e = session_open(c)) != SQ_OK)
		return e;
	c->shell = true;
	c->out = o->value[OUT];
	e = shell_run(c, (unsigned)idle);
	c->shell = false;
	c->out = NULL;
	return e;
}
