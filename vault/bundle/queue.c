#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/secret.h"
#include "vault/bundle/queue.h"
#include "vault/thread.h"

#define BLOCKS 8
#define BLOCK (QUEUE_BYTES / BLOCKS)

/*
 * Blocks go round.  The filling side owns block ${filled}, the draining side
 * block ${drained}; numbers only grow.  ${len} of a block is written before it
 * is handed over.
 */
struct queue {
	age_write_fn *write;
	age_read_fn *read;
	void *arg;
	uint8_t *p;
	size_t len[BLOCKS];
	size_t pos;		/* of the caller, in its block */
	bool used;		/* the block that it drains was begun */

	pthread_t thread;
	pthread_mutex_t mu;	/* guards all below */
	pthread_cond_t cv;
	uint64_t filled, drained;
	bool ended;		/* nothing more is filled */
	bool stop;
	enum sq_err e;		/* of the thread */
};

/* Wait until there is a block to fill, or none will be wanted. */
static bool
room(struct queue *q)
{
	bool ok;

	(void)pthread_mutex_lock(&q->mu);
	while (q->filled - q->drained == BLOCKS && !q->stop &&
	    (q->read != NULL || q->e == SQ_OK))
		(void)pthread_cond_wait(&q->cv, &q->mu);
	ok = !q->stop && (q->read != NULL || q->e == SQ_OK);
	(void)pthread_mutex_unlock(&q->mu);
	return ok;
}

/* Wait until there is a block to drain, or none will come. */
static bool
work(struct queue *q)
{
	bool ok;

	(void)pthread_mutex_lock(&q->mu);
	while (q->filled == q->drained && !q->ended && !q->stop)
		(void)pthread_cond_wait(&q->cv, &q->mu);
	ok = q->filled != q->drained && !q->stop;
	(void)pthread_mutex_unlock(&q->mu);
	return ok;
}

/*
 * A block is filled or drained, or the side that does it is at its end.  Each
 * number is written by one side, which may read its own without the lock.
 */
static void
hand_over(struct queue *q, bool filled, bool drained, bool ended,
    enum sq_err e)
{
	(void)pthread_mutex_lock(&q->mu);
	if (filled)
		q->filled++;
	if (drained)
		q->drained++;
	q->ended |= ended;
	if (q->e == SQ_OK)
		q->e = e;
	(void)pthread_cond_broadcast(&q->cv);
	(void)pthread_mutex_unlock(&q->mu);
}

static void *
writer(void *arg)
{
	struct queue *q = arg;
	size_t at;
	enum sq_err e = SQ_OK;

	while (e == SQ_OK && work(q)) {
		at = q->drained % BLOCKS;
		e = q->write(q->arg, q->p + at * BLOCK, q->len[at]);
		hand_over(q, false, true, false, e);
	}
	return NULL;
}

static void *
reader(void *arg)
{
	struct queue *q = arg;
	size_t at, got = 1;
	enum sq_err e = SQ_OK;

	while (e == SQ_OK && got > 0 && room(q)) {
		at = q->filled % BLOCKS;
		for (q->len[at] = 0; q->len[at] < BLOCK; q->len[at] += got)
			if ((e = q->read(q->arg, q->p + at * BLOCK +
			    q->len[at], BLOCK - q->len[at], &got)) != SQ_OK ||
			    got == 0)
				break;
		hand_over(q, q->len[at] > 0, false, e != SQ_OK || got == 0, e);
	}
	return NULL;
}

/* A queue, its thread running. */
static enum sq_err
start(age_write_fn *write, age_read_fn *read, void *arg, struct queue **ret)
{
	struct queue *q = calloc(1, sizeof(*q));

	if (q == NULL || (q->p = malloc(QUEUE_BYTES)) == NULL) {
		free(q);
		return SQ_ENOMEM;
	}
	q->write = write;
	q->read = read;
	q->arg = arg;
	(void)pthread_mutex_init(&q->mu, NULL);
	(void)pthread_cond_init(&q->cv, NULL);
	if (thread_start(&q->thread, write != NULL ? writer : reader, q) !=
	    SQ_OK) {
		(void)pthread_cond_destroy(&q->cv);
		(void)pthread_mutex_destroy(&q->mu);
		free(q->p);
		free(q);
		return SQ_ENOMEM;
	}
	*ret = q;
	return SQ_OK;
}

/* see queue.h */
enum sq_err
queue_out(age_write_fn *write, void *arg, struct queue **ret)
{
	return start(write, NULL, arg, ret);
}

/* see queue.h */
enum sq_err
queue_in(age_read_fn *read, void *arg, struct queue **ret)
{
	return start(NULL, read, arg, ret);
}

/* see queue.h */
enum sq_err
queue_put(void *arg, const uint8_t *p, size_t n)
{
	struct queue *q = arg;
	size_t take, at;

	for (; n > 0; p += take, n -= take) {
		if (q->pos == 0 && !room(q))
			return q->e != SQ_OK ? q->e : SQ_EINTERNAL;
		at = q->filled % BLOCKS;
		take = BLOCK - q->pos < n ? BLOCK - q->pos : n;
		memcpy(q->p + at * BLOCK + q->pos, p, take);
		q->pos += take;
		if (q->pos == BLOCK) {
			q->len[at] = BLOCK;
			q->pos = 0;
			hand_over(q, true, false, false, SQ_OK);
		}
	}
	return SQ_OK;
}

/* see queue.h */
enum sq_err
queue_end(struct queue *q)
{
	enum sq_err e;

	/* an untouched block may still be the other side's */
	if (q->pos > 0)
		q->len[q->filled % BLOCKS] = q->pos;
	hand_over(q, q->pos > 0, false, true, SQ_OK);
	q->pos = 0;
	(void)pthread_mutex_lock(&q->mu);
	while (q->drained != q->filled && q->e == SQ_OK)
		(void)pthread_cond_wait(&q->cv, &q->mu);
	e = q->e;
	(void)pthread_mutex_unlock(&q->mu);
	return e;
}

/* see queue.h */
enum sq_err
queue_get(void *arg, uint8_t *p, size_t n, size_t *ret)
{
	struct queue *q = arg;
	size_t at;

	*ret = 0;
	if (!q->used && !(q->used = work(q)))
		return q->e;
	at = q->drained % BLOCKS;
	*ret = q->len[at] - q->pos < n ? q->len[at] - q->pos : n;
	memcpy(p, q->p + at * BLOCK + q->pos, *ret);
	q->pos += *ret;
	if (q->pos == q->len[at]) {
		q->pos = 0;
		q->used = false;
		hand_over(q, false, true, false, SQ_OK);
	}
	return SQ_OK;
}

/* see queue.h */
void
queue_free(struct queue *q)
{
	if (q == NULL)
		return;
	(void)pthread_mutex_lock(&q->mu);
	q->stop = true;
	(void)pthread_cond_broadcast(&q->cv);
	(void)pthread_mutex_unlock(&q->mu);
	(void)pthread_join(q->thread, NULL);
	(void)pthread_cond_destroy(&q->cv);
	(void)pthread_mutex_destroy(&q->mu);
	secret_wipe(q->p, QUEUE_BYTES);
	free(q->p);
	free(q);
}
