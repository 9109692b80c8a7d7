/*
 * Showing an attachment with a program that the user trusts for it, given as a
 * descriptor and never as a plain file.  Such a program needs more than the
 * sandbox leaves to us, so it is started by a launcher: a child that was
 * forked before the vault was opened and the sandbox closed, and that holds no
 * key.  It gets the content through a pipe.  Knows no vault.
 */
#ifndef SQ_VAULT_VIEWER_H
#define SQ_VAULT_VIEWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/err.h"

struct viewer;

/**
 * viewer_new(dir, player, ret, why):
 * Fork the launcher; it starts ${player} (NULL: the first there is of mpv, vlc
 * and ffplay), without a shell, in the folder ${dir}, and nothing else,
 * whatever it is asked later.  To be called while no secret is in memory and
 * before anything foreign was read.  Free with viewer_free.
 */
enum sq_err viewer_new(int dir, const char *player, struct viewer **ret,
    struct why *why);

/**
 * viewer_begin(w, stream, why):
 * Something will be shown.  ${stream}: the viewer is started now and reads the
 * content from its standard input; else it is started when the content is
 * whole, and opens /proc/self/fd/3, a sealed file in memory.
 */
enum sq_err viewer_begin(struct viewer *w, bool stream, struct why *why);

/**
 * viewer_give(arg, p, n):
 * The next bytes of the content; ${arg} is the struct viewer.  SQ_EREFUSED:
 * it was closed, or could not be started, and wants no more.
 */
enum sq_err viewer_give(void *arg, const uint8_t *p, size_t n);

/**
 * viewer_end(w, whole, ret_well, why):
 * The content was given (${whole}), or there will be no more of it: then a
 * file is not shown at all.  Waits until the viewer ends; meanwhile Ctrl-C is
 * for it and not for us.  ${*ret_well}: it ended well.  SQ_EREFUSED if none
 * could be started.
 */
enum sq_err viewer_end(struct viewer *w, bool whole, bool *ret_well,
    struct why *why);

/** viewer_free(w): end the launcher; NULL is fine. */
void viewer_free(struct viewer *w);

#endif
