/*
 * What the two kinds of import share.
 */
#ifndef SQ_CLI_CMD_IMPORT_H
#define SQ_CLI_CMD_IMPORT_H

#include "cli/cmd.h"

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

#endif
