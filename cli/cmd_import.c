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
	{ "type", 0, OPTS_TEXT, "TYPE", "of a sheet: what its rows are" },
	{ "map", 0, OPTS_LIST, "FIELD=COLUMN", "which column is which field; "
	    "-=COLUMN leaves one out" },
	{ "match", 0, OPTS_TEXT, "FIELD", "update the record with the same "
	    "value" },
	{ "dry-run", 0, OPTS_FLAG, NULL, "only say what would happen" },
	{ "encoding", 0, OPTS_TEXT, "NAME", "utf-8, gb18030, windows-1251 "
	    "..." },
	{ "delimiter", 0, OPTS_TEXT, "C", "what parts the cells" },
	{ "sheet", 0, OPTS_TEXT, "NAME|N", "which sheet of a workbook" },
	{ "dates", 0, OPTS_TEXT, "dmy|mdy", "how 03/04/2018 is read" },
	{ "refused", 0, OPTS_TEXT, "FILE", "write the refused rows, with "
	    "reasons" },
	{ "save-map", 0, OPTS_TEXT, "NAME", "keep the map under a name" },
	{ "use-map", 0, OPTS_TEXT, "NAME", "a map kept before" },
	{ "reason", 0, OPTS_TEXT, "TEXT", "why, kept with each revision" },
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
	return cmd_import_sheet(c, o);
}
