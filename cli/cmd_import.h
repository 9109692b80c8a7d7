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
	CMD_IMPORT_TRUST
};

/** cmd_import_bundle(c, o): merge a bundle of another vault into this one. */
enum sq_err cmd_import_bundle(struct cli *c, const struct opts *o);

#endif
