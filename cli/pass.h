/*
 * The one door to the person at the keyboard for what must not be seen: the
 * terminal itself, never standard input.  Echo is off while a secret is typed
 * and comes back whatever signal arrives.
 */
#ifndef SQ_CLI_PASS_H
#define SQ_CLI_PASS_H

#include <stdbool.h>

#include "crypto/err.h"
#include "crypto/secret.h"

/** pass_terminal(): is there a terminal to ask at? */
bool pass_terminal(void);

/**
 * pass_read(prompt, ret, why):
 * A line typed without echo, 1 to 1,024 bytes.  SQ_EUSAGE without a terminal
 * or for an empty line, SQ_EREFUSED when it was interrupted or is too long.
 * The caller frees.
 */
enum sq_err pass_read(const char *prompt, struct secret **ret,
    struct why *why);

/**
 * pass_new(what, ret, why):
 * A new passphrase for ${what}, typed twice; asked again until both are the
 * same.
 */
enum sq_err pass_new(const char *what, struct secret **ret, struct why *why);

/**
 * pass_typed(prompt, ret, why):
 * A line typed with echo; *ret is NULL for an empty one.
 */
enum sq_err pass_typed(const char *prompt, struct secret **ret,
    struct why *why);

/** pass_show(head, s, why): show a secret on the terminal, and nowhere else. */
enum sq_err pass_show(const char *head, const struct secret *s,
    struct why *why);

/**
 * pass_yes(question):
 * Ask at the terminal; true for an answer that begins with y.
 */
bool pass_yes(const char *question);

#endif
