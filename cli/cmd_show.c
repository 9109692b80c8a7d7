#include <limits.h>

#include "cli/cmd.h"
#include "cli/session.h"
#include "cli/view.h"
#include "vault/vault.h"

const struct opts_def cmd_show_opts[] = {
	{ "rev", 0, OPTS_TEXT, "N", "an earlier revision" },
	OPTS_END
};

/* see cmd.h */
enum sq_err
cmd_show(struct cli *c, const struct opts *o)
{
	struct record r = { 0 };
	uint64_t rev = 0;
	enum sq_err e;

	e = opts_num(cmd_show_opts, o, 0, 1, UINT_MAX, &rev, &c->why);
	if (e != SQ_OK || (e = session_open(c)) != SQ_OK)
		return e;
	e = vault_show(c->vault, o->arg[0], (unsigned)rev, &r, &c->why);
	if (e == SQ_OK)
		view_record(&r);
	model_record_free(&r);
	return e;
}
