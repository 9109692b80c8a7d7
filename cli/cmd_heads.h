/*
 * A record that two vaults revised, on the screen.
 */
#ifndef SQ_CLI_CMD_HEADS_H
#define SQ_CLI_CMD_HEADS_H

#include <jansson.h>

#include "cli/cmd.h"

/**
 * cmd_heads_show(c, r, doc):
 * If the record whose newest revision ${r} was shown has several: all of them
 * side by side, or as "heads" in ${doc} (NULL: not JSON).
 */
enum sq_err cmd_heads_show(struct cli *c, const struct record *r,
    json_t *doc);

#endif
