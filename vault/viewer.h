/*
 * Showing an attachment with a program that the user trusts for it, given as a
 * descriptor and never as a plain file.  Knows no vault.
 */
#ifndef SQ_VAULT_VIEWER_H
#define SQ_VAULT_VIEWER_H

#include <stdbool.h>
#include <sys/types.h>

#include "crypto/err.h"

/**
 * viewer_start(player, dir, fd, stream, ret_pid, why):
 * Start ${player} (NULL: the first there is of mpv, vlc and ffplay), without a
 * shell, in the folder ${dir}.  ${stream}: it reads ${fd} as its standard
 * input; else it gets ${fd} as descriptor 3 and opens /proc/self/fd/3.  No
 * other descriptor above the standard three is left to it.  SQ_EREFUSED if
 * none could be started.
 */
enum sq_err viewer_start(const char *player, int dir, int fd,
    bool stream, pid_t *ret_pid, struct why *why);

/**
 * viewer_wait(pid):
 * Until it ends; meanwhile Ctrl-C is for it and not for us.  False if it
 * failed.
 */
bool viewer_wait(pid_t pid);

#endif
