/*
 * Lines of an intake.  On a terminal what is typed of one is kept in the vault
 * key by key, so that whoever is cut off in the middle of it finds it again.
 */
#ifndef SQ_CLI_INTAKE_LINE_H
#define SQ_CLI_INTAKE_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/cmd.h"

struct intake_line {
	struct cli *c;
	uint64_t draft;		/* the line belongs to this one alone */
	bool keys;		/* a person types: key by key */
	bool own;		/* begun here, not by the shell */
	enum sq_err e;		/* the line could not be kept */
};

/** intake_line_begin(l, c): from now on lines are asked for. */
void intake_line_begin(struct intake_line *l, struct cli *c);

/** intake_line_end(l): no more. */
void intake_line_end(struct intake_line *l);

/**
 * intake_line_resume(l):
 * The next line begins with what was typed for draft ${l->draft}, if anything
 * was.
 */
enum sq_err intake_line_resume(struct intake_line *l);

/**
 * intake_line_get(l, ask):
 * Ask, and take a line without its end; NULL at the end of input, when nobody
 * answers, or someone wants it to end.  The caller wipes and frees.
 */
char *intake_line_get(struct intake_line *l, const char *ask);

#endif
