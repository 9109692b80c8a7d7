/*
 * The sandbox: what this process, and all that it starts from then on, can
 * still do when it has been taken over by what it reads.  It may read; it may
 * write only where it was told to; it may run nothing but sandyq-probe; it may
 * speak to nobody.  Knows no vault.
 *
 * Landlock (Linux 5.19 or newer) holds files and TCP, a seccomp filter all
 * sockets and the ways into other processes.  Where the kernel lacks one, the
 * other still holds, and the caller says what is missing.
 */
#ifndef SQ_VAULT_SANDBOX_H
#define SQ_VAULT_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

#include "crypto/err.h"

/* What holds. */
struct sandbox {
	unsigned landlock;	/* version of its interface; 0: it does not */
	bool files;		/* writing only where it was told to */
	bool network;		/* no socket */
};

/**
 * sandbox_close(path, n, run, ret):
 * From now on write only below the ${n} folders ${path}, to files there, or,
 * of a path that is no folder (yet), below the folder that it lies in; and run
 * only the program ${run} (NULL: none).  The terminal can still be asked.
 * Cannot be undone.  ${ret} says what holds; it never fails: a kernel without
 * a sandbox is a warning, not a reason to lose a testimony.
 */
void sandbox_close(const char *const *path, size_t n, const char *run,
    struct sandbox *ret);

#endif
