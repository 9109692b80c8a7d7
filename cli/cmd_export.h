/*
 * What export and disclose share: both make a bundle and say what is in it.
 */
#ifndef SQ_CLI_CMD_EXPORT_H
#define SQ_CLI_CMD_EXPORT_H

#include "cli/cmd.h"
#include "vault/vault.h"

/**
 * cmd_export_profile(c, s):
 * Is ${s} a profile?  NULL is: the default.  SQ_EUSAGE names those there are.
 */
enum sq_err cmd_export_profile(struct cli *c, const char *s);

/**
 * cmd_export_pass(c, to, file, ret):
 * A passphrase recipient needs one now; nobody else may be given one.
 */
enum sq_err cmd_export_pass(struct cli *c, const char *to, const char *file,
    struct secret **ret);

/**
 * cmd_export_put(x, e):
 * The conditions that were met, and if ${e} is SQ_OK the answer.
 */
void cmd_export_put(const struct vault_exported *x, enum sq_err e);

#endif
