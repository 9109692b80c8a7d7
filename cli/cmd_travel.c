#include <stdlib.h>

#include "cli/cmd.h"
#include "cli/dispatch.h"
#include "cli/out.h"
#include "cli/session.h"
#include "cli/ui.h"
#include "cli/watch.h"
#include "vault/vault.h"

enum { BACKUP };

const struct opts_def cmd_travel_opts[] = {
	{ "backup", 0, OPTS_TEXT, "DIR", "a backup that stays elsewhere" },
	OPTS_END
};

static void
bad(void *arg, const char *ref, enum sq_err e)
{
	(void)arg;
	ui_warn("in the backup the attachment of %s is %s", ref,
	    e == SQ_ENOENT ? "missing" : "altered");
}

/* see cmd.h */
enum sq_err
cmd_travel(struct cli *c, const struct opts *o)
{
	struct vault_backup b = { .progress = watch_progress, .found = bad };
	struct vault_backed r = { .path = NULL };
	char *path = NULL;
	enum sq_err e;

	if (o->value[BACKUP] == NULL)
		return dispatch_usage(c, "--backup DIR names the backup that "
		    "stays elsewhere");
	if ((e = out_also(c, o->value[BACKUP])) != SQ_OK ||
	    (e = session_path(c, &path)) != SQ_OK ||
	    (e = session_open(c)) != SQ_OK)
		goto out;
	b.path = path;
	b.dest = o->value[BACKUP];
	watch_begin();
	e = vault_travel(c->vault, &b, &r, &c->why);
	watch_end();
	if (e != SQ_OK)
		goto out;
	if (r.same_disk)
		ui_warn("the backup lies on the same disk as the vault: it "
		    "must stay behind");
	if (ui_json())
		ui_doc(json_pack("{s:b}", "travels", 1));
	else
		ui_line("no passphrase opens this vault any more");
	ui_note("note: the recovery sheet and the trustees still do; so does "
	    "the backup with every passphrase, and so do older copies of this "
	    "folder. After the journey restore the backup");
	session_close(c);
out:
	free(r.path);
	free(path);
	return e;
}
