/*
 * Likely duplicates and doubtful numbers, told where persons come in.
 */
#ifndef SQ_CLI_CMD_DUP_H
#define SQ_CLI_CMD_DUP_H

#include <jansson.h>

#include "cli/cmd.h"

/**
 * cmd_dup_tell(c, ref, doc):
 * Say of a person just saved who may be the same, and what is odd about the
 * identity numbers: as lines on standard error, or as members "similar" and
 * "doubts" of ${doc}.  Never in the way: a failure is silence.
 */
void cmd_dup_tell(struct cli *c, const char *ref, json_t *doc);

/**
 * cmd_dup_doubts(r, doc):
 * The second part of that, of a record at hand.
 */
void cmd_dup_doubts(const struct record *r, json_t *doc);

#endif
