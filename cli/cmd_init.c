#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/cmd_recovery.h"
#include "cli/dispatch.h"
#include "cli/pass.h"
#include "cli/session.h"
#include "cli/ui.h"
#include "crypto/words.h"
#include "vault/vault.h"

#define GIB 1048576u		/* in KiB */

enum { LABEL, MEMORY, PASSES, LANES, WORDS };

const struct opts_def cmd_init_opts[] = {
	{ "label", 0, OPTS_TEXT, "WHO", "who this passphrase belongs to" },
	{ "kdf-memory", 0, OPTS_TEXT, "MIB", "memory of Argon2id" },
	{ "kdf-passes", 0, OPTS_TEXT, "T", "its passes" },
	{ "kdf-lanes", 0, OPTS_TEXT, "P", "its lanes" },
	{ "words", 0, OPTS_TEXT, "N", "words of a generated passphrase (6)" },
	OPTS_END
};

/* Generated words, shown once and typed back; Enter alone: one's own. */
static enum sq_err
offer(struct cli *c, unsigned n, struct secret **ret)
{
	struct secret *words = NULL, *typed = NULL;
	enum sq_err e;

	if ((e = words_passphrase(n, &words)) != SQ_OK)
		return e;
	e = pass_show("A passphrase for this vault. Learn it, or write it down "
	    "and keep it\nfar from the computer. It is shown only now.\n\n    ",
	    words, &c->why);
	while (e == SQ_OK) {
		e = pass_read("\nType it (or Enter alone for one of your "
		    "own): ", &typed, &c->why);
		if (e == SQ_EUSAGE) {
			e = pass_new("the vault", ret, &c->why);
			break;
		}
		if (e == SQ_OK && secret_eq(words, typed)) {
			*ret = typed;
			typed = NULL;	/* transferred */
			break;
		}
		secret_free(typed);
		typed = NULL;
		if (e == SQ_OK)
			ui_warn("that was not the same");
	}
	secret_free(words);
	secret_free(typed);
	return e;
}

/* Where the passphrase of a new vault comes from. */
static enum sq_err
passphrase(struct cli *c, const struct opts *o, const char *path,
    struct secret **ret)
{
	struct vault_peek peek;
	uint64_t n = 6;
	enum sq_err e;

	e = opts_num(cmd_init_opts, o, WORDS, 4, WORDS_PASS_MAX, &n, &c->why);
	if (e != SQ_OK)
		return e;
	if (session_has_pass(c)) {
		if (o->value[WORDS] != NULL)
			return dispatch_usage(c, "--words and a passphrase "
			    "from elsewhere exclude each other");
		return session_pass(c, ret);
	}
	if (!pass_terminal())
		return dispatch_usage(c, "no passphrase: there is no terminal "
		    "to ask at; give --passphrase-file or --passphrase-fd "
		    "before init");
	/* no passphrase is learned for nothing */
	if ((e = vault_peek(path, &peek, &c->why)) != SQ_ENOENT)
		return err_why(&c->why, SQ_EEXIST, "%s is there already; for "
		    "a further vault: sandyq --vault NAME.sandyq init", path);
	return offer(c, (unsigned)n, ret);
}

/* The costs of Argon2id, if they were given. */
static enum sq_err
costs(struct cli *c, const struct opts *o, struct vault_init *in)
{
	uint64_t mib = 0, passes = 0, lanes = 0;
	enum sq_err e;

	e = opts_num(cmd_init_opts, o, MEMORY, 1, 4096, &mib, &c->why);
	if (e == SQ_OK)
		e = opts_num(cmd_init_opts, o, PASSES, 1, 255, &passes,
		    &c->why);
	if (e == SQ_OK)
		e = opts_num(cmd_init_opts, o, LANES, 1, 255, &lanes, &c->why);
	in->kib = (uint32_t)(mib * 1024);
	in->passes = (uint32_t)passes;
	in->lanes = (uint32_t)lanes;
	return e;
}

/* A person may have a recovery sheet at once. */
static enum sq_err
sheet(struct cli *c, const struct secret *pass)
{
	enum sq_err e;

	if (session_has_pass(c) || !ui_terminal() ||
	    !pass_yes("Make a recovery sheet now, for a forgotten passphrase? "
	    "[y/N] "))
		return SQ_OK;
	if ((e = session_open_with(c, pass, 0)) == SQ_OK)
		e = cmd_recovery_sheet(c, NULL);
	return e;
}

/* see cmd.h */
enum sq_err
cmd_init(struct cli *c, const struct opts *o)
{
	struct vault_init in = { 0 };
	struct secret *pass = NULL;
	char log_id[33], *path = NULL;
	uint32_t kib = 0;
	enum sq_err e;

	if ((e = costs(c, o, &in)) != SQ_OK)
		return e;
	in.path = c->vault_path != NULL ? c->vault_path :
	    getenv("SANDYQ_VAULT");
	if (in.path == NULL || in.path[0] == '\0')
		in.path = "vault.sandyq";
	in.label = o->value[LABEL];
	if ((path = strdup(in.path)) == NULL)
		return SQ_ENOMEM;
	if ((e = passphrase(c, o, path, &pass)) != SQ_OK)
		goto out;
	in.passphrase = pass;
	if ((e = vault_init(&in, log_id, &kib, &c->why)) != SQ_OK)
		goto out;
	if (ui_json())
		ui_doc(json_pack("{s:o,s:s}", "vault", ui_str(path), "log",
		    log_id));
	else
		ui_line("%s", path);
	if (o->value[MEMORY] == NULL && kib < GIB)
		ui_note("note: this machine is short of memory, so guessing "
		    "the passphrase costs an attacker %" PRIu32 " MiB, not "
		    "1024", kib / 1024);
	c->vault_path = path;
	e = sheet(c, pass);
	c->vault_path = in.path;
out:
	secret_free(pass);
	free(path);
	return e;
}
