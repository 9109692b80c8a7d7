/*
 * The recovery sheet, as init and recovery make it.
 */
#ifndef SQ_CLI_CMD_RECOVERY_H
#define SQ_CLI_CMD_RECOVERY_H

#include "cli/cmd.h"

/**
 * cmd_recovery_sheet(c, out):
 * A new recovery code in the open vault; its sheet goes to the new file
 * ${out}, or to standard output.
 */
enum sq_err cmd_recovery_sheet(struct cli *c, const char *out);

#endif
