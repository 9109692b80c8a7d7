/*
 * Where a command may write: anywhere the user names, but in the shell only
 * below its --out folder, so that an unlocked shell cannot be talked into
 * leaving plaintext elsewhere.
 */
#ifndef SQ_CLI_OUT_H
#define SQ_CLI_OUT_H

#include "cli/cmd.h"

/**
 * out_path(c, path, ret):
 * The path to write to; ${path} NULL: the folder itself (the working directory
 * outside the shell: then NULL again).  SQ_EREFUSED outside of --out.  Caller
 * frees.
 */
enum sq_err out_path(struct cli *c, const char *path, char **ret);

#endif
