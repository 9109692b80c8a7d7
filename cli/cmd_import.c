/*
 * One word for what comes in from outside: what the file is says what is done
 * with it.  A folder or a file that age sealed is a bundle of another vault
 * (cmd_import_bundle.c); everything else is a sheet.
 */
#include "cli/cmd.h"
#include "cli/cmd_import.h"
#include "vault/bundle/verify.h"

const struct opts_def cmd_import_opts[] = {
	{ "identity", 'i', OPTS_TEXT, "IDENTITY", "your age identity file" },
	{ "passphrase-file", 0, OPTS_TEXT, "F", "the bundle's passphrase" },
	{ "passphrase-fd", 0, OPTS_TEXT, "N", "the same, from a descriptor" },
	{ "trust", 0, OPTS_TEXT, "CARD", "the key card of the other vault" },
	OPTS_END
};

/* see cmd.h */
enum sq_err
cmd_import(struct cli *c, const struct opts *o)
{
	bool bundle = false;
	enum sq_err e;

	if ((e = verify_look(o->arg[0], &bundle, &c->why)) != SQ_OK)
		return e;
	if (bundle)
		return cmd_import_bundle(c, o);
	return err_why(&c->why, SQ_EUSAGE, "%s is no bundle, and this version "
	    "does not read sheets yet", o->arg[0]);
}
