/*
 * A record asked for field by field, drawn from the table of types.
 */
#ifndef SQ_CLI_FORM_H
#define SQ_CLI_FORM_H

#include "cli/cmd.h"

/** form_wanted(): is standard input a terminal, so that somebody can answer? */
bool form_wanted(void);

/**
 * form_line(c):
 * A line of standard input without its end; NULL at the end of input, or when
 * nobody answers and the shell has to lock.  The caller wipes and frees.
 */
char *form_line(const struct cli *c);

/**
 * form_fill(c, type, skip, ret):
 * Ask for each field that a person fills but for ${skip} (or NULL); an empty
 * answer skips it, a refused one is asked again.
 * SQ_EREFUSED when the input ends before the last field.
 */
enum sq_err form_fill(struct cli *c, const struct model_type *type,
    const char *skip, struct model_inputs *ret);

#endif
