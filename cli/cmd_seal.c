#include <stdlib.h>

#include "cli/cmd.h"
#include "cli/dispatch.h"
#include "cli/out.h"
#include "cli/pass.h"
#include "cli/ui.h"
#include "vault/bundle/seal.h"
#include "vault/bundle/verify.h"

enum { OUT, TO, NEWPASS };
enum { IDENTITY = 1, PASSFILE, PASSFD };

const struct opts_def cmd_seal_opts[] = {
	{ "output", 'o', OPTS_TEXT, "OUT", "the new file to write" },
	{ "to", 0, OPTS_TEXT, "age1...", "the recipient's key" },
	{ "new-passphrase-file", 0, OPTS_TEXT, "F", "or a passphrase" },
	OPTS_END
};

const struct opts_def cmd_seal_unseal_opts[] = {
	{ "output", 'o', OPTS_TEXT, "OUT", "the new file to write" },
	{ "identity", 'i', OPTS_TEXT, "IDENTITY", "your age identity file" },
	{ "passphrase-file", 0, OPTS_TEXT, "F", "the file's passphrase" },
	{ "passphrase-fd", 0, OPTS_TEXT, "N", "the same, from a descriptor" },
	OPTS_END
};

static void
put(const char *out)
{
	if (ui_json())
		ui_doc(json_pack("{s:o}", "path", ui_str(out)));
}

/* see cmd.h */
enum sq_err
cmd_seal(struct cli *c, const struct opts *o)
{
	const char *to = o->value[TO], *file = o->value[NEWPASS];
	struct secret *pass = NULL;
	char *out = NULL;
	enum sq_err e;

	if (o->value[OUT] == NULL)
		return dispatch_usage(c, "-o OUT says where it goes");
	if (to != NULL && file != NULL)
		return dispatch_usage(c, "give either --to or "
		    "--new-passphrase-file");
	if (to == NULL && file == NULL && !pass_terminal())
		return dispatch_usage(c, "give --to or --new-passphrase-file: "
		    "there is no terminal to ask for a passphrase at");
	if ((e = out_path(c, o->value[OUT], &out)) != SQ_OK)
		return e;
	if (file != NULL)
		e = verify_read_pass(file, -1, &pass, &c->why);
	else if (to == NULL)
		e = pass_new("the file", &pass, &c->why);
	out_shut(c, NULL);
	if (e == SQ_OK)
		e = seal_file(o->arg[0], to, pass, out, &c->why);
	if (e == SQ_OK)
		put(out);
	secret_free(pass);
	free(out);
	return e;
}

/* The passphrase of a sealed file. */
static enum sq_err
passphrase(struct cli *c, const struct opts *o, struct secret **ret)
{
	uint64_t fd = 0;
	enum sq_err e;

	if (o->value[PASSFILE] == NULL && o->value[PASSFD] == NULL)
		return pass_terminal() ? pass_read("Passphrase of the file: ",
		    ret, &c->why) : dispatch_usage(c, "give -i or "
		    "--passphrase-file: there is no terminal to ask at");
	e = opts_num(cmd_seal_unseal_opts, o, PASSFD, 0, 1023, &fd, &c->why);
	if (e != SQ_OK)
		return e;
	return verify_read_pass(o->value[PASSFILE], (int)fd, ret, &c->why);
}

/* see cmd.h */
enum sq_err
cmd_seal_unseal(struct cli *c, const struct opts *o)
{
	struct age_keys keys = { 0 };
	struct secret *pass = NULL;
	char *out = NULL;
	enum sq_err e;

	if (o->value[OUT] == NULL)
		return dispatch_usage(c, "-o OUT says where it goes");
	if ((o->value[PASSFILE] != NULL) + (o->value[PASSFD] != NULL) +
	    (o->value[IDENTITY] != NULL) > 1)
		return dispatch_usage(c, "give only one of -i, "
		    "--passphrase-file and --passphrase-fd");
	if ((e = out_path(c, o->value[OUT], &out)) != SQ_OK)
		return e;
	if (o->value[IDENTITY] != NULL)
		e = seal_identities(o->value[IDENTITY], &keys.identity,
		    &keys.n_identity, &c->why);
	else
		e = passphrase(c, o, &pass);
	keys.passphrase = pass;
	out_shut(c, NULL);
	if (e == SQ_OK)
		e = seal_open_file(o->arg[0], &keys, out, &c->why);
	if (e == SQ_OK)
		put(out);
	if (e == SQ_EDAMAGE)
		e = SQ_EAUTH;
	seal_identities_free(keys.identity, keys.n_identity);
	secret_free(pass);
	free(out);
	return e;
}
