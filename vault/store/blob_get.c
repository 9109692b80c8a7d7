/*
 * Content out: two threads read and open ahead, the caller's thread writes in
 * order.  Nothing is handed to the writer that was not authenticated, chunk by
 * chunk.
 */
#include <string.h>

#include "crypto/bytes.h"
#include "crypto/secret.h"
#include "vault/store/blob_int.h"
#include "vault/thread.h"

#define OUTS 6				/* batches opened ahead */
#define THREADS 2

/* One opened batch, or why it cannot be. */
struct out {
	uint8_t *pt;
	uint8_t tag[BLOB_BATCH * AEAD_TAG];
	size_t chunks;
	bool ready;
	enum sq_err e;
	struct why why;
};

struct get {
	struct blob_file bf;
	uint64_t from, to;		/* of the content */
	uint64_t first, last;		/* chunks; last is not among them */
	struct digest *tags;		/* NULL: not read whole */
	age_write_fn *write;
	void *warg;
	blob_progress_fn *progress;
	void *arg;
	struct why *why;

	struct out out[OUTS];
	pthread_mutex_t mu;		/* guards ready and all below */
	pthread_cond_t cv;
	uint64_t taken, written;	/* batches */
	bool stop;
};

static uint64_t
batches(const struct get *g)
{
	return (g->last - g->first + BLOB_BATCH - 1) / BLOB_BATCH;
}

/* Open batch number ${batch} of the range into its place. */
static void
open_batch(struct get *g, uint64_t batch, uint8_t *buf)
{
	struct out *o = &g->out[batch % OUTS];
	uint64_t i = g->first + batch * BLOB_BATCH;

	o->chunks = g->last - i < BLOB_BATCH ? (size_t)(g->last - i) :
	    BLOB_BATCH;
	o->why.text[0] = '\0';
	o->e = buf == NULL ? SQ_ENOMEM : blob_file_batch(&g->bf, i, o->chunks,
	    buf, o->pt, o->tag, &o->why);
}

/* Write what of an opened batch lies in the range; its tags; progress. */
static enum sq_err
write_batch(struct get *g, uint64_t batch)
{
	const struct out *o = &g->out[batch % OUTS];
	uint64_t at = (g->first + batch * BLOB_BATCH) * OBJECT_CHUNK;
	uint64_t from = at < g->from ? g->from : at;
	uint64_t to = at + BLOB_PLAIN < g->to ? at + BLOB_PLAIN : g->to;
	enum sq_err e = o->e;

	if (e != SQ_OK)
		return err_why(g->why, e, "%s", o->why.text);
	if (g->tags != NULL)
		e = digest_add(g->tags, o->tag, o->chunks * AEAD_TAG);
	if (e != SQ_OK || from >= to)
		return e;
	e = g->write(g->warg, o->pt + (from - at), (size_t)(to - from));
	if (e == SQ_OK && g->progress != NULL &&
	    !g->progress(g->arg, to - g->from))
		e = err_why(g->why, SQ_EREFUSED, "stopped");
	return e;
}

static void *
work(void *arg)
{
	struct get *g = arg;
	uint8_t *buf = blob_buffer(BLOB_ROOM);
	uint64_t batch;

	(void)pthread_mutex_lock(&g->mu);
	while (!g->stop && g->taken < batches(g)) {
		if (g->taken - g->written >= OUTS) {
			(void)pthread_cond_wait(&g->cv, &g->mu);
			continue;
		}
		batch = g->taken++;
		(void)pthread_mutex_unlock(&g->mu);
		open_batch(g, batch, buf);
		(void)pthread_mutex_lock(&g->mu);
		g->out[batch % OUTS].ready = true;
		(void)pthread_cond_broadcast(&g->cv);
	}
	(void)pthread_mutex_unlock(&g->mu);
	blob_unbuffer(buf, BLOB_ROOM, 0);
	return NULL;
}

/* The caller's side of the pipeline. */
static enum sq_err
drain(struct get *g)
{
	uint64_t all = batches(g);
	struct out *o;
	enum sq_err e = SQ_OK;

	(void)pthread_mutex_lock(&g->mu);
	while (e == SQ_OK && g->written < all) {
		o = &g->out[g->written % OUTS];
		if (!o->ready) {
			(void)pthread_cond_wait(&g->cv, &g->mu);
			continue;
		}
		(void)pthread_mutex_unlock(&g->mu);
		e = write_batch(g, g->written);
		(void)pthread_mutex_lock(&g->mu);
		o->ready = false;
		g->written++;
		(void)pthread_cond_broadcast(&g->cv);
	}
	g->stop = true;
	(void)pthread_cond_broadcast(&g->cv);
	(void)pthread_mutex_unlock(&g->mu);
	return e;
}

static enum sq_err
run_threads(struct get *g)
{
	pthread_t t[THREADS];
	size_t n = 0;
	enum sq_err e = SQ_ENOMEM;

	(void)pthread_mutex_init(&g->mu, NULL);
	(void)pthread_cond_init(&g->cv, NULL);
	while (n < THREADS && thread_start(&t[n], work, g) == SQ_OK)
		n++;
	if (n > 0)
		e = drain(g);
	while (n > 0)
		(void)pthread_join(t[--n], NULL);
	(void)pthread_cond_destroy(&g->cv);
	(void)pthread_mutex_destroy(&g->mu);
	return e;
}

/* One batch needs no thread. */
static enum sq_err
run_alone(struct get *g)
{
	uint8_t *buf = blob_buffer(BLOB_ROOM);
	enum sq_err e;

	open_batch(g, 0, buf);
	e = write_batch(g, 0);
	blob_unbuffer(buf, BLOB_ROOM, 0);
	return e;
}

static enum sq_err
run(struct get *g)
{
	size_t room = batches(g) > 1 ? OUTS : 1;
	uint8_t sum[DIGEST_LEN], *pt = blob_buffer(room * BLOB_PLAIN);
	enum sq_err e;

	if (pt == NULL)
		return SQ_ENOMEM;
	for (size_t i = 0; i < room; i++)
		g->out[i].pt = pt + i * BLOB_PLAIN;
	e = room > 1 ? run_threads(g) : run_alone(g);
	blob_unbuffer(pt, room * BLOB_PLAIN, room * BLOB_PLAIN);
	if (e != SQ_OK || g->tags == NULL)
		return e;
	if ((e = digest_end(g->tags, sum)) != SQ_OK)
		return e;
	return bytes_eq(sum, g->bf.info->tags, sizeof(sum)) ? SQ_OK :
	    blob_damage(g->why, g->bf.info->id, "is not the one that the log"
	    " speaks of: the tags of its chunks differ");
}

/* see blob.h */
enum sq_err
blob_get(const struct blob_store *bs, const struct blob_info *info,
    uint64_t offset, uint64_t length, age_write_fn *write, void *warg,
    blob_progress_fn *progress, void *arg, struct why *why)
{
	struct get g = { .from = offset, .write = write, .warg = warg,
	    .progress = progress, .arg = arg, .why = why };
	enum sq_err e;

	if (offset > info->size)
		return err_why(why, SQ_EREFUSED, "there are only %llu bytes",
		    (unsigned long long)info->size);
	g.to = info->size - offset < length ? info->size : offset + length;
	if ((e = blob_file_open(bs, info, false, &g.bf, why)) != SQ_OK)
		return e;
	g.first = offset / OBJECT_CHUNK;
	g.last = (g.to + OBJECT_CHUNK - 1) / OBJECT_CHUNK;
	if (offset == 0 && g.to == info->size) {
		g.last = g.bf.chunks;
		e = blob_tags_new(&g.tags);
	}
	if (e == SQ_OK && g.first < g.last)
		e = run(&g);
	digest_free(g.tags);
	blob_file_close(&g.bf);
	return e;
}

static enum sq_err
into_hash(void *arg, const uint8_t *p, size_t n)
{
	return digest_add(arg, p, n);
}

/* Read whole from the disk; the content's own hash as well. */
static enum sq_err
check_full(const struct blob_store *bs, const struct blob_info *info,
    blob_progress_fn *progress, void *arg, struct why *why)
{
	struct blob_file bf;
	struct digest *d = NULL;
	uint8_t sum[DIGEST_LEN];
	enum sq_err e;

	if ((e = blob_file_open(bs, info, false, &bf, why)) != SQ_OK)
		return e;
	/* what the cache holds says nothing of the disk */
	fsio_bulk_forget(bf.f, false);
	blob_file_close(&bf);
	if ((e = digest_new(DIGEST_SHA256, &d)) != SQ_OK)
		return e;
	e = blob_get(bs, info, 0, UINT64_MAX, into_hash, d, progress, arg, why);
	if (e == SQ_OK && (e = digest_end(d, sum)) == SQ_OK &&
	    !bytes_eq(sum, info->sha256, sizeof(sum)))
		e = blob_damage(why, info->id, "is not the one that the log"
		    " speaks of: its SHA-256 differs");
	digest_free(d);
	return e;
}

/* The 16 bytes of each tag, and nothing between them. */
static enum sq_err
check_tags(struct blob_file *bf, struct digest *tags, uint8_t *buf,
    blob_progress_fn *progress, void *arg, struct why *why)
{
	uint64_t end, done;
	uint8_t *tag = NULL;
	enum sq_err e = SQ_OK;

	for (uint64_t i = 0; i < bf->chunks && e == SQ_OK; i++) {
		end = i + 1 < bf->chunks ? OBJECT_HEAD + (i + 1) *
		    OBJECT_SEALED : object_file_len(bf->info->size);
		e = fsio_bulk_read(bf->f, end - AEAD_TAG, buf, AEAD_TAG, &tag,
		    why);
		if (e == SQ_OK)
			e = digest_add(tags, tag, AEAD_TAG);
		done = (i + 1) * OBJECT_CHUNK;
		if (e == SQ_OK && progress != NULL && i % BLOB_BATCH == 0 &&
		    !progress(arg, done < bf->info->size ? done :
		    bf->info->size))
			e = err_why(why, SQ_EREFUSED, "stopped");
	}
	return e;
}

static enum sq_err
check_quick(const struct blob_store *bs, const struct blob_info *info,
    blob_progress_fn *progress, void *arg, struct why *why)
{
	struct blob_file bf = { .f = NULL };
	struct digest *tags = NULL;
	uint8_t sum[DIGEST_LEN], *buf = blob_buffer(3 * FSIO_ALIGN);
	enum sq_err e = SQ_ENOMEM;

	if (buf == NULL || (e = blob_tags_new(&tags)) != SQ_OK ||
	    (e = blob_file_open(bs, info, false, &bf, why)) != SQ_OK)
		goto out;
	fsio_bulk_forget(bf.f, true);
	if ((e = check_tags(&bf, tags, buf, progress, arg, why)) != SQ_OK ||
	    (e = digest_end(tags, sum)) != SQ_OK)
		goto out;
	if (!bytes_eq(sum, info->tags, sizeof(sum)))
		e = blob_damage(why, info->id, "was altered: the tags of its"
		    " chunks differ");
out:
	blob_file_close(&bf);
	digest_free(tags);
	blob_unbuffer(buf, 3 * FSIO_ALIGN, 0);
	return e;
}

/* see blob.h */
enum sq_err
blob_check(const struct blob_store *bs, const struct blob_info *info,
    bool full, blob_progress_fn *progress, void *arg, struct why *why)
{
	return full ? check_full(bs, info, progress, arg, why) :
	    check_quick(bs, info, progress, arg, why);
}
