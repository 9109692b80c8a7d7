/*
 * Bytes from one thread to another, in order: so that what is sealed or opened
 * and what is hashed are worked at together.  One side is a thread of the
 * queue's own, the other the caller's.  Holds at most QUEUE_BYTES; what it
 * held is wiped.
 */
#ifndef SQ_VAULT_BUNDLE_QUEUE_H
#define SQ_VAULT_BUNDLE_QUEUE_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/age.h"
#include "crypto/err.h"

#define QUEUE_BYTES ((size_t)2 << 20)

struct queue;

/**
 * queue_out(write, arg, ret):
 * What is put in is handed to ${write} by a thread.  Free with queue_free.
 */
enum sq_err queue_out(age_write_fn *write, void *arg, struct queue **ret);

/**
 * queue_put(arg, p, n):
 * An age_write_fn; ${arg} is a struct queue of queue_out.  The failure of
 * ${write} comes back here, or from queue_end.
 */
enum sq_err queue_put(void *arg, const uint8_t *p, size_t n);

/** queue_end(q): wait until all that was put in is written. */
enum sq_err queue_end(struct queue *q);

/**
 * queue_in(read, arg, ret):
 * A thread reads ahead from ${read}.  Free with queue_free.
 */
enum sq_err queue_in(age_read_fn *read, void *arg, struct queue **ret);

/**
 * queue_get(arg, p, n, ret):
 * An age_read_fn; ${arg} is a struct queue of queue_in.  All that ${read} gave
 * before it failed comes first, then its failure.
 */
enum sq_err queue_get(void *arg, uint8_t *p, size_t n, size_t *ret);

/** queue_free(q): stop the thread, wipe, free; NULL is fine. */
void queue_free(struct queue *q);

#endif
