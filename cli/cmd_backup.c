#include <inttypes.h>
#include <stdlib.h>

#include "cli/cmd.h"
#include "cli/dispatch.h"
#include "cli/out.h"
#include "cli/pass.h"
#include "cli/session.h"
#include "cli/ui.h"
#include "cli/watch.h"
#include "vault/vault.h"

enum { FULL, TEST };

const struct opts_def cmd_backup_opts[] = {
	{ "full", 0, OPTS_FLAG, NULL, "read every byte that is there already" },
	{ "test", 0, OPTS_FLAG, NULL, "rehearse: would this backup do?" },
	OPTS_END
};

const struct opts_def cmd_restore_opts[] = {
	{ "damaged", 0, OPTS_FLAG, NULL, "restore what is whole, if not all "
	    "is" },
	OPTS_END
};

static void
bad(void *arg, const char *ref, enum sq_err e)
{
	(void)arg;
	ui_warn("the attachment of %s is %s", ref, e == SQ_ENOENT ? "missing" :
	    "altered");
}

static bool
progress(void *arg, const struct vault_progress *p)
{
	return watch_progress(arg, p);
}

/* What was copied, and what to know about where it lies. */
static void
put(const struct vault_backed *b, const char *path)
{
	if (ui_json()) {
		ui_doc(json_pack("{s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "path",
		    ui_str(path), "entries", ui_num(b->entries),
		    "attachments", ui_num(b->objects), "copied",
		    ui_num(b->copied), "bytes", ui_num(b->bytes), "mended",
		    ui_num(b->mended), "bad", ui_num(b->bad)));
		return;
	}
	ui_line("%s", path);
	ui_note("%" PRIu64 " %s, %" PRIu64 " %s, %" PRIu64 " copied now",
	    b->entries, ui_many(b->entries, "entry", "entries"), b->objects,
	    ui_many(b->objects, "attachment", "attachments"), b->copied);
}

static void
advise(const struct vault_backed *b)
{
	if (b->mended > 0)
		ui_note("note: %" PRIu64 " altered %s in the backup: moved to "
		    "its recover/, and good ones put in their place",
		    b->mended, ui_many(b->mended, "attachment",
		    "attachments"));
	if (b->bare)
		ui_note("note: this medium keeps no access rights: any user "
		    "of a computer it is put into can copy or delete the "
		    "backup; to read it takes a passphrase");
	if (b->same_disk)
		ui_note("note: the backup lies on the same disk as the vault "
		    "and dies with it");
}

/* see cmd.h */
enum sq_err
cmd_backup(struct cli *c, const struct opts *o)
{
	struct vault_backup b = { .full = o->value[FULL] != NULL,
	    .progress = progress, .found = bad };
	struct vault_backed r = { .path = NULL };
	char *path = NULL, *dest = NULL;
	bool test = o->value[TEST] != NULL;
	enum sq_err e;

	if ((e = out_vault(c, o->arg[0], &dest)) != SQ_OK ||
	    (e = session_path(c, &path)) != SQ_OK ||
	    (e = session_open(c)) != SQ_OK)
		goto out;
	b.path = path;
	b.dest = dest;
	watch_begin();
	e = test ? vault_backup_test(c->vault, &b, &r, &c->why) :
	    vault_backup(c->vault, &b, &r, &c->why);
	watch_end();
	if (e == SQ_OK || (e == SQ_EDAMAGE && r.path != NULL)) {
		put(&r, r.path);
		advise(&r);
	}
out:
	free(r.path);
	free(path);
	free(dest);
	return e;
}

/* The passphrase of a backup. */
static enum sq_err
passphrase(struct cli *c, struct secret **ret)
{
	if (session_has_pass(c))
		return session_pass(c, ret);
	if (pass_terminal())
		return pass_read("Passphrase of the backup: ", ret, &c->why);
	return dispatch_usage(c, "no passphrase: there is no terminal to ask "
	    "at; give --passphrase-file or --passphrase-fd before restore");
}

/* see cmd.h */
enum sq_err
cmd_restore(struct cli *c, const struct opts *o)
{
	struct vault_restore r = { .src = o->arg[0], .dest = o->arg[1],
	    .progress = progress, .found = bad,
	    .damaged = o->value[0] != NULL };
	struct vault_backed b = { .path = NULL };
	struct secret *pass = NULL;
	enum sq_err e;

	/* of the backup only its lock is opened for writing */
	if ((e = out_also(c, r.src)) != SQ_OK ||
	    (e = out_also(c, r.dest)) != SQ_OK)
		return e;
	out_shut(c, NULL);
	if ((e = passphrase(c, &pass)) != SQ_OK)
		goto out;
	r.passphrase = pass;
	watch_begin();
	e = vault_restore(&r, &b, &c->why);
	watch_end();
	if (e == SQ_OK || (e == SQ_EDAMAGE && b.path != NULL))
		put(&b, b.path);
out:
	free(b.path);
	secret_free(pass);
	return e;
}
