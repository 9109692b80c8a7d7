#include <stdlib.h>

#include "cli/cmd.h"
#include "cli/dispatch.h"
#include "cli/out.h"
#include "cli/pass.h"
#include "cli/session.h"
#include "cli/ui.h"
#include "cli/watch.h"
#include "vault/vault.h"

enum { NEWPASS, LABEL, MEMORY, PASSES, LANES };

const struct opts_def cmd_rekey_opts[] = {
	{ "new-passphrase-file", 0, OPTS_TEXT, "F", "the new passphrase" },
	{ "label", 0, OPTS_TEXT, "WHO", "who it belongs to" },
	{ "kdf-memory", 0, OPTS_TEXT, "MIB", "memory of Argon2id" },
	{ "kdf-passes", 0, OPTS_TEXT, "T", "its passes" },
	{ "kdf-lanes", 0, OPTS_TEXT, "P", "its lanes" },
	OPTS_END
};

static enum sq_err
costs(struct cli *c, const struct opts *o, struct vault_rekey *r)
{
	uint64_t mib = 0, passes = 0, lanes = 0;
	enum sq_err e;

	if ((e = opts_num(cmd_rekey_opts, o, MEMORY, 1, 4096, &mib,
	    &c->why)) == SQ_OK && (e = opts_num(cmd_rekey_opts, o, PASSES, 1,
	    255, &passes, &c->why)) == SQ_OK)
		e = opts_num(cmd_rekey_opts, o, LANES, 1, 255, &lanes,
		    &c->why);
	r->kib = (uint32_t)(mib * 1024);
	r->passes = (uint32_t)passes;
	r->lanes = (uint32_t)lanes;
	return e;
}

static void
put(const struct vault_backed *b)
{
	if (ui_json())
		ui_doc(json_pack("{s:o,s:o,s:o,s:o}", "path", ui_str(b->path),
		    "entries", ui_num(b->entries), "attachments",
		    ui_num(b->objects), "copied", ui_num(b->copied)));
	else
		ui_line("%s", b->path);
	ui_note("note: the new vault opens with the new passphrase alone; make "
	    "it a recovery sheet, trustees and a backup of its own. The old "
	    "vault, every backup and every copy of it still open with the old "
	    "passphrases: destroy those that you can");
}

/* see cmd.h */
enum sq_err
cmd_rekey(struct cli *c, const struct opts *o)
{
	struct vault_rekey r = { .progress = watch_progress,
	    .label = o->value[LABEL] };
	struct vault_backed b = { .path = NULL };
	struct secret *pass = NULL;
	char *path = NULL;
	enum sq_err e;

	if (o->value[NEWPASS] == NULL && !pass_terminal())
		return dispatch_usage(c, "no new passphrase: there is no "
		    "terminal to ask at; give --new-passphrase-file");
	if ((e = costs(c, o, &r)) != SQ_OK ||
	    (e = out_vault(c, o->arg[0], &path)) != SQ_OK ||
	    (e = session_open(c)) != SQ_OK)
		goto out;
	e = o->value[NEWPASS] != NULL ? vault_read_pass(o->value[NEWPASS], -1,
	    &pass, &c->why) : pass_new("the new vault", &pass, &c->why);
	if (e != SQ_OK)
		goto out;
	r.path = path;
	r.passphrase = pass;
	watch_begin();
	e = vault_rekey(c->vault, &r, &b, &c->why);
	watch_end();
	if (e == SQ_OK)
		put(&b);
out:
	free(b.path);
	free(path);
	secret_free(pass);
	return e;
}
