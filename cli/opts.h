/*
 * Options of a command, from a table: long (--name VALUE, --name=VALUE) and
 * one letter (-o VALUE, -oVALUE), anywhere after the command; "--" ends them.
 * The same table makes the help.
 */
#ifndef SQ_CLI_OPTS_H
#define SQ_CLI_OPTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/err.h"

#define OPTS_MAX 16		/* options of one command */

enum opts_kind {
	OPTS_FLAG,
	OPTS_TEXT,		/* one value */
	OPTS_LIST		/* one value each time it is given */
};

struct opts_def {
	const char *name;	/* without the dashes; NULL ends the table */
	char letter;		/* or 0 */
	enum opts_kind kind;
	const char *arg;	/* "FILE", for the help; flags: NULL */
	const char *help;
};

#define OPTS_END { NULL, 0, OPTS_FLAG, NULL, NULL }

struct opts_list {
	const char **v;
	size_t n;
};

/* What was given.  Strings belong to argv. */
struct opts {
	const char *value[OPTS_MAX];	/* by place in the table; or NULL */
	struct opts_list list[OPTS_MAX];
	const char **arg;		/* what is no option */
	size_t n;
};

/**
 * opts_parse(def, argc, argv, ret, why):
 * Read the words after the command.  ${def} may be NULL: no options.  SQ_EUSAGE
 * says which word is off.  The caller frees with opts_free, also on failure.
 */
enum sq_err opts_parse(const struct opts_def *def, int argc, char **argv,
    struct opts *ret, struct why *why);

/** opts_free(o): free the lists; empty again. */
void opts_free(struct opts *o);

/**
 * opts_num(def, o, i, min, max, ret, why):
 * The value of option ${i} as a decimal number between ${min} and ${max}; if it
 * was not given ${*ret} is left as it is.  SQ_EUSAGE.
 */
enum sq_err opts_num(const struct opts_def *def, const struct opts *o,
    size_t i, uint64_t min, uint64_t max, uint64_t *ret, struct why *why);

/**
 * opts_number(what, s, min, max, ret, why):
 * The same of any string; ${what} names it.
 */
enum sq_err opts_number(const char *what, const char *s, uint64_t min,
    uint64_t max, uint64_t *ret, struct why *why);

#endif
