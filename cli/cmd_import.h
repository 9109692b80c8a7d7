/*
 * What the two kinds of import share.
 */
#ifndef SQ_CLI_CMD_IMPORT_H
#define SQ_CLI_CMD_IMPORT_H

#include <stdbool.h>

#include "cli/cmd.h"
#include "vault/vault.h"

/* Places in cmd_import_opts. */
enum cmd_import_opt {
	CMD_IMPORT_IDENTITY,
	CMD_IMPORT_PASSFILE,
	CMD_IMPORT_PASSFD,
	CMD_IMPORT_TRUST,
	CMD_IMPORT_TYPE,
	CMD_IMPORT_MAP,
	CMD_IMPORT_MATCH,
	CMD_IMPORT_DRY,
	CMD_IMPORT_ENCODING,
	CMD_IMPORT_DELIMITER,
	CMD_IMPORT_SHEET,
	CMD_IMPORT_DATES,
	CMD_IMPORT_REFUSED,
	CMD_IMPORT_SAVE_MAP,
	CMD_IMPORT_USE_MAP,
	CMD_IMPORT_REASON
};

/** cmd_import_bundle(c, o): merge a bundle of another vault into this one. */
enum sq_err cmd_import_bundle(struct cli *c, const struct opts *o);

/** cmd_import_sheet(c, o): create or update records from a sheet. */
enum sq_err cmd_import_sheet(struct cli *c, const struct opts *o);

/**
 * cmd_import_tell_encoding(i, who):
 * Which encoding it is, ${who} says so, and what it makes of the first row.
 */
void cmd_import_tell_encoding(const struct vault_sheet_info *i,
    const char *who);

/**
 * cmd_import_ask_encoding(c, i, dry):
 * Somebody has to say that a guess is right.  Where nobody is there, a dry run
 * shows what the guess would give; else SQ_EREFUSED: nothing is saved on its
 * word.
 */
enum sq_err cmd_import_ask_encoding(struct cli *c,
    const struct vault_sheet_info *i, bool dry);

/**
 * cmd_import_ask_dates(c, s, in):
 * Somebody who is there is asked once how dates such as 03/04/2017 are read,
 * if the sheet has one: ${in}->dates.  With an empty answer their rows are
 * refused, as where nobody is there; SQ_EREFUSED if the input ends.
 */
enum sq_err cmd_import_ask_dates(struct cli *c, const struct vault_sheet *s,
    struct vault_import *in);

#endif
