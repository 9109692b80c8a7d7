/*
 * From words to a command: find its row, read its options, run it.  The help
 * is generated from the same rows.
 */
#ifndef SQ_CLI_DISPATCH_H
#define SQ_CLI_DISPATCH_H

#include "cli/cmd.h"

/**
 * dispatch_run(c, argc, argv):
 * Run the command argv[0].  On failure c->why has the words.
 */
enum sq_err dispatch_run(struct cli *c, int argc, char **argv);

/**
 * dispatch_help(c, globals):
 * All commands; ${globals} is a text about what comes before them.
 */
void dispatch_help(const struct cli *c, const char *globals);

/**
 * dispatch_usage(c, fmt, ...):
 * SQ_EUSAGE with these words and where to read more.
 */
enum sq_err dispatch_usage(struct cli *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/**
 * dispatch_fail(c, e):
 * Tell the failure ${e} of a command; returns the exit code.
 */
int dispatch_fail(struct cli *c, enum sq_err e);

#endif
