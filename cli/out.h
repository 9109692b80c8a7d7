/*
 * Where a command may write: anywhere the user names, but in the shell only
 * below its --out folder, so that an unlocked shell cannot be talked into
 * leaving plaintext elsewhere.  Once a command has said where, the sandbox is
 * closed around that and the vault.
 */
#ifndef SQ_CLI_OUT_H
#define SQ_CLI_OUT_H

#include "cli/cmd.h"

/**
 * out_path(c, path, ret):
 * The path to write to; ${path} NULL: the folder itself (the working directory
 * outside the shell: then NULL again).  SQ_EREFUSED outside of --out, and
 * in the folder of a vault.  Caller frees.  To be called before the vault is
 * opened: see out_shut.
 */
enum sq_err out_path(struct cli *c, const char *path, char **ret);

/**
 * out_vault(c, path, ret):
 * The same of what is a vault itself, or becomes one.
 */
enum sq_err out_vault(struct cli *c, const char *path, char **ret);

/**
 * out_check(c, path):
 * SQ_EREFUSED if ${path} (NULL: the working directory) lies in the folder of
 * a vault: plain words among what is sealed would be found by no check.
 */
enum sq_err out_check(struct cli *c, const char *path);

/**
 * out_also(c, path):
 * Something else that the user named is changed: a source that is moved, a
 * file that is brought up to date.
 */
enum sq_err out_also(struct cli *c, const char *path);

/**
 * out_shut(c, vault):
 * Close the sandbox: from now on only below ${vault} (NULL: none) and what
 * out_path and out_also were told is written to.  The second time nothing
 * happens.
 */
void out_shut(struct cli *c, const char *vault);

/** out_free(c): forget what was named. */
void out_free(struct cli *c);

#endif
