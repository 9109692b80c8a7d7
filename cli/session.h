/*
 * The vault of a command: which one, its passphrase, and what to say when it
 * opens.  In the shell it stays open from one command to the next.
 */
#ifndef SQ_CLI_SESSION_H
#define SQ_CLI_SESSION_H

#include "cli/cmd.h"
#include "crypto/secret.h"

/**
 * session_path(c, ret):
 * --vault, $SANDYQ_VAULT, or the only *.sandyq folder here.  Caller frees.
 */
enum sq_err session_path(struct cli *c, char **ret);

/**
 * session_has_pass(c):
 * Is there a source of the vault's passphrase other than the terminal?
 */
bool session_has_pass(const struct cli *c);

/**
 * session_pass(c, ret):
 * The vault's passphrase from that source.  Caller frees.
 */
enum sq_err session_pass(struct cli *c, struct secret **ret);

/**
 * session_open(c):
 * Unlock the vault for the command that runs; nothing to do if it is open.
 */
enum sq_err session_open(struct cli *c);

/**
 * session_open_with(c, pass, flags):
 * The same with a passphrase at hand and flags of vault_open.
 */
enum sq_err session_open_with(struct cli *c, const struct secret *pass,
    unsigned flags);

/**
 * session_viewed(c, ref, entry, played):
 * Have it recorded that a record was shown (its revision ${entry}, or NULL) or
 * its content handed out; what was shown is flushed first.  That a read-only
 * vault cannot record it is said once and is no failure.
 */
enum sq_err session_viewed(struct cli *c, const char *ref, const char *entry,
    bool played);

/**
 * session_viewer(c):
 * Have what starts viewers, with $SANDYQ_PLAYER; before the vault is opened.
 */
enum sq_err session_viewer(struct cli *c);

/** session_close(c): lock; nothing to do if it is not open. */
void session_close(struct cli *c);

/** session_end(c): lock, and free all that a run of the program held. */
void session_end(struct cli *c);

#endif
