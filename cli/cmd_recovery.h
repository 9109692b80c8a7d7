/*
 * The recovery sheet, as init and recovery make it.
 */
#ifndef SQ_CLI_CMD_RECOVERY_H
#define SQ_CLI_CMD_RECOVERY_H

#include "cli/cmd.h"
#include "crypto/secret.h"

/**
 * cmd_recovery_sheet(c, out):
 * A new recovery code in the open vault; its sheet goes to the new file
 * ${out}, or to standard output.
 */
enum sq_err cmd_recovery_sheet(struct cli *c, const char *out);

/**
 * cmd_recovery_words(c, path, ret):
 * Words from a sheet: of file ${path} (of a whole sheet the numbered lines), or
 * if that is NULL typed group by group at the terminal.  Caller frees.
 */
enum sq_err cmd_recovery_words(struct cli *c, const char *path,
    struct secret **ret);

#endif
