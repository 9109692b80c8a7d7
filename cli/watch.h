/*
 * A command that takes long: it tells how far it is, and Ctrl-C stops it in
 * good order instead of killing it.
 */
#ifndef SQ_CLI_WATCH_H
#define SQ_CLI_WATCH_H

#include "vault/vault.h"

/** watch_begin(): from now on SIGINT and SIGTERM are only remembered. */
void watch_begin(void);

/**
 * watch_progress(arg, p):
 * A vault_progress_fn: show how far it is; false once a signal came.  ${arg} is
 * not used.
 */
bool watch_progress(void *arg, const struct vault_progress *p);

/**
 * watch_end():
 * In the shell, as before watch_begin, and a SIGTERM then still ends it; else
 * the command is at its end and has only to tell what it did.
 */
void watch_end(void);

#endif
