#include <stdlib.h>

#include "cli/cmd.h"
#include "cli/dispatch.h"
#include "cli/out.h"
#include "cli/session.h"
#include "cli/ui.h"
#include "cli/ui_table.h"
#include "vault/vault.h"

enum { OUT, BUNDLE };
const struct opts_def cmd_stamp_opts[] = {
	{ "output", 'o', OPTS_TEXT, "F.tsq", "the request to carry" },
	{ "bundle", 0, OPTS_TEXT, "ID", "a bundle that left, not the log" },
	OPTS_END
};
const struct opts_def cmd_stamp_import_opts[] = {
	{ "roots", 0, OPTS_TEXT, "PEM", "who must vouch for the authority" },
	OPTS_END
};

/* see cmd.h */
enum sq_err
cmd_stamp_request(struct cli *c, const struct opts *o)
{
	struct vault_stamp st;
	char *out = NULL;
	enum sq_err e;

	if (o->value[OUT] == NULL)
		return dispatch_usage(c, "-o F.tsq says where the request "
		    "goes");
	if ((e = out_path(c, o->value[OUT], &out)) != SQ_OK ||
	    (e = session_open(c)) != SQ_OK ||
	    (e = vault_stamp_request(c->vault, o->value[BUNDLE], out, &st,
	    &c->why)) != SQ_OK)
		goto out;
	if (ui_json())
		ui_doc(json_pack("{s:s,s:o,s:s}", "ref", st.ref, "path",
		    ui_str(out), "sha256", st.sha256));
	else
		ui_line("%s", out);
	ui_note("carry it to a time-stamp authority; file what it answers "
	    "with: sandyq stamp import F.tsr");
out:
	free(out);
	return e;
}

static void
put(const struct vault_stamp *st)
{
	static const char *const head[] = { "STAMP", "TIME", "AUTHORITY" };
	struct ui_table *t = ui_table_new(3, head, 2);

	ui_table_row(t, (const char *const[]){ st->ref, st->time,
	    st->authority });
	ui_table_end(t);
}

/* see cmd.h */
enum sq_err
cmd_stamp_import(struct cli *c, const struct opts *o)
{
	struct vault_stamp st;
	enum sq_err e;

	if ((e = session_open(c)) != SQ_OK || (e = vault_stamp_import(
	    c->vault, o->arg[0], o->value[0], &st, &c->why)) != SQ_OK)
		return e;
	if (ui_json())
		ui_doc(json_pack("{s:s,s:s,s:o,s:b,s:s}", "ref", st.ref,
		    "time", st.time, "authority", ui_str(st.authority),
		    "trusted", (int)st.trusted, "sha256", st.sha256));
	else
		put(&st);
	if (!st.trusted)
		ui_note("it holds, but %s: whoever gets it must know the "
		    "authority", st.doubt);
	return SQ_OK;
}
