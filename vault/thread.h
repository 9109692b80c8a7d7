/*
 * Threads that help: they seal, open and write while the caller's own thread
 * reads and hashes, which is what everybody waits for.
 */
#ifndef SQ_VAULT_THREAD_H
#define SQ_VAULT_THREAD_H

#include <pthread.h>

#include "crypto/err.h"

/**
 * thread_start(ret, fn, arg):
 * Run ${fn} with ${arg} in a thread that no signal is delivered to and that,
 * when it wakes, waits its turn instead of pushing the caller aside
 * (SCHED_BATCH, sched(7)).  Join it.  SQ_ENOMEM: there is none.
 */
enum sq_err thread_start(pthread_t *ret, void *(*fn)(void *), void *arg);

#endif
