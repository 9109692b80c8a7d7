/*
 * sandyq-probe at work: what the files of probe.h share.
 */
#ifndef SQ_VAULT_PROBE_INT_H
#define SQ_VAULT_PROBE_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "crypto/err.h"

struct probe_child {
	pid_t pid;
	int pipe, timer;
};

/**
 * probe_start(fd, args, seconds, ret, why):
 * Start it with ${fd} as its input and the words ${args} (ends with NULL)
 * behind its name; it is killed after ${seconds}.  SQ_ECANNOT.
 */
enum sq_err probe_start(int fd, char *const *args, unsigned seconds,
    struct probe_child *ret, struct why *why);

/**
 * probe_hear(c, p, max):
 * The next bytes that it says, at most ${max}; 0 at the end, or when its time
 * is over.
 */
size_t probe_hear(const struct probe_child *c, uint8_t *p, size_t max);

/** probe_end(c): end it; true if it had ended by itself, in good order. */
bool probe_end(struct probe_child *c);

#endif
