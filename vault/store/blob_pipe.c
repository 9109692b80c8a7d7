/*
 * Sealing and writing behind the reader.  One thread (the caller's) reads and
 * hashes and is the limit; a few workers do all else, whatever is due first:
 *
 *   write   a slot of the ring goes to the disk, at its own place
 *   seal    a batch of plaintext becomes bytes of the ring; one at a time,
 *           in order, for the hash over the tags
 *   check   a batch whose bytes are written is re-read and verified
 *
 * The ring holds the file's bytes from ${freed} on; its slots are aligned, so
 * that the file system can take them around the page cache.  What is re-read
 * then comes from the disk: on file systems that cannot, nothing is re-read
 * here, and blob_settle does it after the sync.
 */
#include <stdlib.h>
#include <string.h>

#include "crypto/bytes.h"
#include "crypto/secret.h"
#include "vault/store/blob_int.h"
#include "vault/thread.h"

#define INS 4				/* batches of plaintext */
#define SLOT ((size_t)1 << 20)		/* one write */
#define SLOTS 8
#define RING (SLOTS * SLOT)
#define WORKERS 4			/* they mostly wait for the disk */
#define WRITERS 2			/* at most: others seal and check */

struct blob_pipe {
	const struct object *o;
	struct fsio_bulk *f;
	struct digest *tags;
	uint8_t head[OBJECT_HEAD];
	uint8_t *in;			/* INS of BLOB_PLAIN */
	uint8_t *ring;

	pthread_mutex_t mu;		/* guards all below */
	pthread_cond_t cv;
	uint64_t given, sealing, sealed;	/* batches */
	uint64_t checking, checked;		/* batches */
	uint64_t bytes;				/* of the file, sealed */
	uint64_t taken, freed;			/* slots: being written, done */
	bool done[SLOTS];
	unsigned writers;
	size_t last_n;			/* plaintext of the last batch */
	bool ended;			/* ${given} is final */
	bool stop;
	enum sq_err e;
	struct why why;

	pthread_t thread[WORKERS];
	size_t threads;
};

static bool
all_sealed(const struct blob_pipe *p)
{
	return p->ended && p->sealed == p->given;
}

/* Slots that hold something to write, the last one perhaps not full. */
static uint64_t
slots(const struct blob_pipe *p)
{
	return (p->bytes + (all_sealed(p) ? SLOT - 1 : 0)) / SLOT;
}

static bool
all_written(const struct blob_pipe *p)
{
	return all_sealed(p) && p->freed == slots(p);
}

static bool
finished(const struct blob_pipe *p)
{
	return p->e != SQ_OK || p->stop || (all_written(p) &&
	    (p->checked == p->given || !fsio_bulk_around(p->f)));
}

static bool
can_write(const struct blob_pipe *p)
{
	return p->taken < slots(p) && p->writers < WRITERS;
}

static bool
can_seal(const struct blob_pipe *p)
{
	return p->sealing == p->sealed && p->sealing < p->given &&
	    p->bytes + BLOB_SEALED - p->freed * SLOT <= RING;
}

/* A batch lies on the disk when the block that it ends in does. */
static bool
can_check(const struct blob_pipe *p)
{
	uint64_t end = OBJECT_HEAD + (p->checking + 1) * BLOB_SEALED;

	return p->checking < p->sealed && fsio_bulk_around(p->f) &&
	    (all_written(p) || end + FSIO_ALIGN <= p->freed * SLOT);
}

static void
fail(struct blob_pipe *p, enum sq_err e, const struct why *why)
{
	if (e == SQ_OK || p->e != SQ_OK)
		return;
	p->e = e;
	p->why = *why;
}

/* Called and left with the lock held, as its kin below. */
static void
do_write(struct blob_pipe *p)
{
	struct why why = { "" };
	uint64_t slot = p->taken++, off = slot * SLOT;
	size_t n = p->bytes - off < SLOT ? (size_t)(p->bytes - off) : SLOT;
	enum sq_err e;

	p->writers++;
	(void)pthread_mutex_unlock(&p->mu);
	e = fsio_bulk_write(p->f, off, p->ring + off % RING, n, &why);
	(void)pthread_mutex_lock(&p->mu);
	p->writers--;
	fail(p, e, &why);
	p->done[slot % SLOTS] = true;
	while (p->freed < p->taken && p->done[p->freed % SLOTS])
		p->done[p->freed++ % SLOTS] = false;
}

/* Seal one chunk to its place in the ring, around the end of it if need be. */
static enum sq_err
seal_to(struct blob_pipe *p, uint64_t index, bool final, const uint8_t *pt,
    size_t n, uint64_t at)
{
	uint8_t over[OBJECT_SEALED], *to = p->ring + at % RING;
	size_t len = n + AEAD_TAG, room = RING - (size_t)(at % RING);
	enum sq_err e;

	e = object_seal(p->o, index, final, pt, n, len <= room ? to : over);
	if (e != SQ_OK)
		return e;
	if (len <= room)
		return digest_add(p->tags, to + n, AEAD_TAG);
	memcpy(to, over, room);
	memcpy(p->ring, over + room, len - room);
	return digest_add(p->tags, over + n, AEAD_TAG);
}

static void
do_seal(struct blob_pipe *p)
{
	static const struct why none = { "" };
	uint64_t batch = p->sealing++, index = batch * BLOB_BATCH;
	uint64_t at = p->bytes;
	uint8_t *pt = p->in + batch % INS * BLOB_PLAIN;
	bool last = p->ended && p->sealing == p->given, final = false;
	size_t left = last ? p->last_n : BLOB_PLAIN, n;
	enum sq_err e = SQ_OK;

	(void)pthread_mutex_unlock(&p->mu);
	while (e == SQ_OK && left > 0) {
		n = left < OBJECT_CHUNK ? left : OBJECT_CHUNK;
		final = last && n == left;
		e = seal_to(p, index++, final, pt, n, at);
		at += n + AEAD_TAG;
		pt += n;
		left -= n;
	}
	(void)pthread_mutex_lock(&p->mu);
	fail(p, e, &none);
	p->bytes = at;
	p->sealed++;
}

/*
 * Re-read a batch, and the head before the first, and work out the tags; to
 * decrypt as well would tell no more and take three times as long.
 */
static enum sq_err
check_batch(struct blob_pipe *p, uint64_t batch, bool last, size_t n,
    uint8_t *buf, struct why *why)
{
	uint64_t index = batch * BLOB_BATCH;
	size_t head = batch == 0 ? OBJECT_HEAD : 0, len;
	size_t left = n + (n + OBJECT_CHUNK - 1) / OBJECT_CHUNK * AEAD_TAG;
	uint8_t *ct = NULL;
	enum sq_err e;

	e = fsio_bulk_read(p->f, OBJECT_HEAD - head + batch * BLOB_SEALED,
	    buf, head + left, &ct, why);
	if (e != SQ_OK)
		return e;
	if (head > 0 && memcmp(ct, p->head, head) != 0)
		e = SQ_EAUTH;
	for (ct += head; e == SQ_OK && left > 0; ct += len, left -= len) {
		len = left < OBJECT_SEALED ? left : OBJECT_SEALED;
		e = object_check(p->o, index++, last && len == left, ct, len);
	}
	return e != SQ_EAUTH ? e : err_why(why, SQ_EIO, "what was written"
	    " reads back differently: the disk or memory may be failing");
}

static void
do_check(struct blob_pipe *p, uint8_t *buf)
{
	struct why why = { "" };
	uint64_t batch = p->checking++;
	bool last = p->ended && p->checking == p->given;
	size_t n = last ? p->last_n : BLOB_PLAIN;
	enum sq_err e;

	(void)pthread_mutex_unlock(&p->mu);
	e = check_batch(p, batch, last, n, buf, &why);
	(void)pthread_mutex_lock(&p->mu);
	fail(p, e, &why);
	p->checked++;
}

static void *
work(void *arg)
{
	struct blob_pipe *p = arg;
	struct why why = { "no memory for re-reading" };
	uint8_t *buf = blob_buffer(BLOB_ROOM);

	(void)pthread_mutex_lock(&p->mu);
	if (buf == NULL)
		fail(p, SQ_ENOMEM, &why);
	while (!finished(p)) {
		if (can_write(p))
			do_write(p);
		else if (can_seal(p))
			do_seal(p);
		else if (can_check(p))
			do_check(p, buf);
		else {
			(void)pthread_cond_wait(&p->cv, &p->mu);
			continue;
		}
		(void)pthread_cond_broadcast(&p->cv);
	}
	(void)pthread_cond_broadcast(&p->cv);
	(void)pthread_mutex_unlock(&p->mu);
	blob_unbuffer(buf, BLOB_ROOM, 0);
	return NULL;
}

/* see blob_int.h */
enum sq_err
blob_pipe_new(const struct object *o, struct fsio_bulk *f,
    const uint8_t head[OBJECT_HEAD], struct digest *tags,
    struct blob_pipe **ret)
{
	struct blob_pipe *p = calloc(1, sizeof(*p));
	enum sq_err e = SQ_ENOMEM;

	if (p == NULL)
		return SQ_ENOMEM;
	(void)pthread_mutex_init(&p->mu, NULL);
	(void)pthread_cond_init(&p->cv, NULL);
	p->o = o;
	p->f = f;
	p->tags = tags;
	p->in = blob_buffer(INS * BLOB_PLAIN);
	p->ring = blob_buffer(RING);
	if (p->in == NULL || p->ring == NULL)
		goto out;
	memcpy(p->head, head, OBJECT_HEAD);
	memcpy(p->ring, head, OBJECT_HEAD);
	p->bytes = OBJECT_HEAD;
	/* one is enough where no more can be had */
	while (p->threads < WORKERS &&
	    thread_start(&p->thread[p->threads], work, p) == SQ_OK)
		p->threads++;
	if (p->threads == 0)
		goto out;
	*ret = p;
	p = NULL;		/* transferred */
	e = SQ_OK;
out:
	blob_pipe_free(p);
	return e;
}

/* see blob_int.h */
enum sq_err
blob_pipe_room(struct blob_pipe *p, uint8_t **ret, struct why *why)
{
	enum sq_err e;

	(void)pthread_mutex_lock(&p->mu);
	while (p->e == SQ_OK && p->given - p->sealed >= INS)
		(void)pthread_cond_wait(&p->cv, &p->mu);
	if ((e = p->e) != SQ_OK)
		(void)err_why(why, e, "%s", p->why.text);
	*ret = p->in + p->given % INS * BLOB_PLAIN;
	(void)pthread_mutex_unlock(&p->mu);
	return e;
}

/* see blob_int.h */
void
blob_pipe_give(struct blob_pipe *p, size_t n, bool last)
{
	(void)pthread_mutex_lock(&p->mu);
	p->given++;
	p->last_n = n;
	p->ended = last;
	(void)pthread_cond_broadcast(&p->cv);
	(void)pthread_mutex_unlock(&p->mu);
}

static void
join(struct blob_pipe *p)
{
	while (p->threads > 0)
		(void)pthread_join(p->thread[--p->threads], NULL);
}

/* see blob_int.h */
enum sq_err
blob_pipe_end(struct blob_pipe *p, struct why *why)
{
	join(p);
	if (p->e != SQ_OK)
		(void)err_why(why, p->e, "%s", p->why.text);
	return p->e;
}

/* see blob_int.h */
void
blob_pipe_free(struct blob_pipe *p)
{
	if (p == NULL)
		return;
	(void)pthread_mutex_lock(&p->mu);
	p->stop = true;
	(void)pthread_cond_broadcast(&p->cv);
	(void)pthread_mutex_unlock(&p->mu);
	join(p);
	blob_unbuffer(p->in, INS * BLOB_PLAIN, INS * BLOB_PLAIN);
	blob_unbuffer(p->ring, RING, 0);
	(void)pthread_cond_destroy(&p->cv);
	(void)pthread_mutex_destroy(&p->mu);
	free(p);
}
