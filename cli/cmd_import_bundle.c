#include <inttypes.h>

#include "cli/cmd_import.h"
#include "cli/dispatch.h"
#include "cli/pass.h"
#include "cli/session.h"
#include "cli/ui.h"
#include "vault/bundle/verify.h"
#include "vault/vault.h"

/* The passphrase of the bundle, if a source of it was named. */
static enum sq_err
passphrase(struct cli *c, const struct opts *o, struct secret **ret)
{
	const char *file = o->value[CMD_IMPORT_PASSFILE];
	uint64_t fd = 0;
	enum sq_err e;

	if ((file != NULL) + (o->value[CMD_IMPORT_PASSFD] != NULL) +
	    (o->value[CMD_IMPORT_IDENTITY] != NULL) > 1)
		return dispatch_usage(c, "give only one of -i, "
		    "--passphrase-file and --passphrase-fd");
	if (file == NULL && o->value[CMD_IMPORT_PASSFD] == NULL)
		return SQ_OK;
	e = opts_num(cmd_import_opts, o, CMD_IMPORT_PASSFD, 0, 1023, &fd,
	    &c->why);
	return e == SQ_OK ? verify_read_pass(file, (int)fd, ret, &c->why) : e;
}

/* Once, and where it needs a passphrase that nobody named, asked for it. */
static enum sq_err
merge(struct cli *c, struct vault_merge *in, struct vault_merged *x)
{
	struct secret *pass = NULL;
	enum sq_err e = vault_merge(c->vault, in, x, &c->why);

	if (e != SQ_EUSAGE || in->passphrase != NULL || in->identity != NULL ||
	    !pass_terminal())
		return e;
	if ((e = pass_read("Passphrase of the bundle: ", &pass, &c->why)) ==
	    SQ_OK) {
		in->passphrase = pass;
		e = vault_merge(c->vault, in, x, &c->why);
	}
	secret_free(pass);
	return e;
}

static void
put(const struct vault_merged *x)
{
	json_t *list = ui_json() ? json_array() : NULL;

	if (!x->trusted)
		ui_warn("the signer is unknown: vault %.8s, key %s; compare it "
		    "with the key card of that vault (--trust CARD)", x->log,
		    x->signer);
	for (uint64_t i = 0; i < x->conflicts; i++)
		if (list == NULL)
			ui_warn("%s was revised in both vaults; see show %s, "
			    "and join the revisions with edit",
			    x->conflict[i], x->conflict[i]);
		else if (json_array_append_new(list, ui_str(x->conflict[i])) !=
		    0)
			ui_doc(NULL);
	if (x->left > 0)
		ui_note("note: %" PRIu64 " %s not taken in: of records that "
		    "were erased here, or what that vault keeps of itself",
		    x->left, ui_many(x->left, "entry", "entries"));
	if (list != NULL)
		ui_doc(json_pack("{s:s,s:s,s:o,s:b,s:o,s:o,s:o,s:o,s:o}",
		    "bundle", x->bundle, "log", x->log, "key",
		    ui_str(x->signer), "trusted", x->trusted, "entries",
		    ui_num(x->entries),
		    "known", ui_num(x->known), "left", ui_num(x->left),
		    "files", ui_num(x->files), "conflicts", list));
	else
		ui_line("%" PRIu64 " %s and %" PRIu64 " %s taken in from "
		    "vault %.8s; already here: %" PRIu64, x->entries,
		    ui_many(x->entries, "entry", "entries"), x->files,
		    ui_many(x->files, "attachment", "attachments"), x->log,
		    x->known);
}

/* see cmd_import.h */
enum sq_err
cmd_import_bundle(struct cli *c, const struct opts *o)
{
	char title[] = "checking";
	struct vault_merge in = { .path = o->arg[0],
	    .identity = o->value[CMD_IMPORT_IDENTITY],
	    .trust = o->value[CMD_IMPORT_TRUST], .progress = ui_progress,
	    .arg = title };
	struct vault_merged x = { .entries = 0 };
	struct secret *pass = NULL;
	enum sq_err e;

	if ((e = passphrase(c, o, &pass)) != SQ_OK ||
	    (e = session_open(c)) != SQ_OK)
		goto out;
	in.passphrase = pass;
	if ((e = merge(c, &in, &x)) == SQ_OK)
		put(&x);
	vault_merge_free(&x);
out:
	secret_free(pass);
	return e;
}
