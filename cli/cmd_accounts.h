/*
 * A further account of a witness who gave one before: shared by the commands
 * that take accounts.
 */
#ifndef SQ_CLI_CMD_ACCOUNTS_H
#define SQ_CLI_CMD_ACCOUNTS_H

#include "cli/cmd.h"

/**
 * cmd_accounts_warn(c, in):
 * Say so, if the witness among the fields of a new testimony gave accounts
 * before (Murad Code: avoid repeated interviews).  Never in the way.
 */
void cmd_accounts_warn(struct cli *c, const struct model_inputs *in);

#endif
