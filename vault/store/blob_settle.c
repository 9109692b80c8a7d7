/*
 * From store/new/ to their places.  Invariants, in the order that a crash can
 * interrupt them:
 *
 * (1) Content is on the disk before it is re-read (blob_put may have re-read
 *     around the page cache already), and re-read before it has its name.
 * (2) Names are on the disk before blob_settle returns; only then may an entry
 *     of the log speak of the object.
 * (3) What a crash leaves, in store/new/ or in place, no entry speaks of.
 *
 * One file is synced alone; many are synced with their file system, which
 * costs one journal commit and not one for each.
 */
#include <stdatomic.h>
#include <string.h>

#include "crypto/bytes.h"
#include "vault/store/blob_int.h"
#include "vault/thread.h"

#define FEW 4		/* so many are synced one by one */
#define THREADS 4	/* re-reading waits for the disk, not for the core */
#define SHARDS 256

/* Re-read one whole object: every chunk, and all tags. */
static enum sq_err
reread(const struct blob_store *bs, const struct blob_info *info,
    uint8_t *buf, struct why *why)
{
	struct blob_file bf = { .f = NULL };
	struct digest *tags = NULL;
	uint8_t sum[DIGEST_LEN], tag[BLOB_BATCH * AEAD_TAG];
	size_t n;
	enum sq_err e;

	if ((e = blob_tags_new(&tags)) != SQ_OK ||
	    (e = blob_file_open(bs, info, true, &bf, why)) != SQ_OK)
		goto out;
	for (uint64_t i = 0; i < bf.chunks; i += n) {
		n = bf.chunks - i < BLOB_BATCH ? (size_t)(bf.chunks - i) :
		    BLOB_BATCH;
		e = blob_file_batch(&bf, i, n, buf, NULL, tag, why);
		if (e == SQ_OK)
			e = digest_add(tags, tag, n * AEAD_TAG);
		if (e != SQ_OK)
			goto out;
	}
	if ((e = digest_end(tags, sum)) == SQ_OK &&
	    !bytes_eq(sum, info->tags, sizeof(sum)))
		e = SQ_EDAMAGE;
out:
	if (e == SQ_EDAMAGE)
		e = err_why(why, SQ_EIO, "what was written reads back"
		    " differently: the disk or memory may be failing");
	blob_file_close(&bf);
	digest_free(tags);
	return e;
}

/* Work shared by the re-reading threads. */
struct job {
	const struct blob_store *bs;
	const struct blob_info *info;
	size_t n;
	atomic_size_t next;
	atomic_bool stop;
};

struct hand {
	struct job *job;
	enum sq_err e;
	struct why why;
};

static void *
work(void *arg)
{
	struct hand *h = arg;
	struct job *j = h->job;
	uint8_t *buf = blob_buffer(BLOB_ROOM);
	size_t i;

	if (buf == NULL)
		h->e = SQ_ENOMEM;
	while (h->e == SQ_OK && !j->stop &&
	    (i = atomic_fetch_add(&j->next, 1)) < j->n)
		if (!j->info[i].reread)
			h->e = reread(j->bs, &j->info[i], buf, &h->why);
	if (h->e != SQ_OK)
		j->stop = true;
	blob_unbuffer(buf, BLOB_ROOM, BLOB_ROOM);
	return NULL;
}

static enum sq_err
reread_all(const struct blob_store *bs, const struct blob_info *info, size_t n,
    struct why *why)
{
	struct job j = { .bs = bs, .info = info, .n = n };
	struct hand h[THREADS] = { { .job = NULL } };
	pthread_t t[THREADS];
	size_t hands = 1, todo = 0;
	enum sq_err e = SQ_OK;

	for (size_t i = 0; i < n; i++)
		todo += !info[i].reread;
	if (todo == 0)
		return SQ_OK;
	for (size_t i = 0; i < THREADS; i++)
		h[i].job = &j;
	/* the first hand is ours */
	while (hands < THREADS && hands < todo &&
	    thread_start(&t[hands], work, &h[hands]) == SQ_OK)
		hands++;
	(void)work(&h[0]);
	for (size_t i = 1; i < hands; i++)
		(void)pthread_join(t[i], NULL);
	for (size_t i = 0; i < hands && e == SQ_OK; i++)
		if ((e = h[i].e) != SQ_OK)
			(void)err_why(why, e, "%s", h[i].why.text);
	return e;
}

/* The content of all on the disk. */
static enum sq_err
sync_content(const struct blob_store *bs, int fresh,
    const struct blob_info *info, size_t n, struct why *why)
{
	struct fsio_bulk *f;
	char name[BLOB_NAME];
	enum sq_err e = SQ_OK;

	if (n > FEW)
		return fsio_sync_all(bs->dirfd, why);
	for (size_t i = 0; i < n && e == SQ_OK; i++) {
		bytes_hex(name, info[i].id, OBJECT_ID);
		if ((e = fsio_bulk_open(fresh, name, &f, why)) != SQ_OK)
			break;
		e = fsio_bulk_sync(f, why);
		(void)fsio_bulk_close(f, NULL);
	}
	return e;
}

struct shelf {
	int store;
	int fresh;			/* store/new */
	int shard[SHARDS];		/* folders opened so far, or -1 */
	bool made;			/* one of them is new in store/ */
};

static enum sq_err
shelf_open(const struct blob_store *bs, struct shelf *s, struct why *why)
{
	enum sq_err e;

	s->store = s->fresh = -1;
	s->made = false;
	for (size_t i = 0; i < SHARDS; i++)
		s->shard[i] = -1;
	if ((e = blob_new_dir(bs, &s->fresh, why)) != SQ_OK)
		return e;
	return fsio_subdir(bs->dirfd, "store", &s->store, why);
}

static void
shelf_close(struct shelf *s)
{
	for (size_t i = 0; i < SHARDS; i++)
		fsio_close(s->shard[i]);
	fsio_close(s->fresh);
	fsio_close(s->store);
}

/* Give one object its name; not synced. */
static enum sq_err
place(struct shelf *s, const struct blob_info *info, struct why *why)
{
	char name[BLOB_NAME], shard[3];
	int *dir = &s->shard[info->id[0]];
	enum sq_err e = SQ_OK;

	blob_shard(info->id, shard);
	bytes_hex(name, info->id, OBJECT_ID);
	if (*dir < 0)
		e = fsio_subdir_make(s->store, shard, dir, &s->made, why);
	return e != SQ_OK ? e : fsio_shift(s->fresh, name, *dir, why);
}

/* The names of all on the disk. */
static enum sq_err
sync_names(const struct blob_store *bs, struct shelf *s, size_t n,
    struct why *why)
{
	enum sq_err e = SQ_OK;

	if (n > FEW)
		return fsio_sync_all(bs->dirfd, why);
	for (size_t i = 0; i < SHARDS && e == SQ_OK; i++)
		if (s->shard[i] >= 0)
			e = fsio_sync_dir(s->shard[i], why);
	if (e == SQ_OK && s->made)
		e = fsio_sync_dir(s->store, why);
	return e != SQ_OK ? e : fsio_sync_dir(s->fresh, why);
}

/* Take all back, wherever each of them is by now. */
static void
take_back(const struct shelf *s, const struct blob_info *info, size_t n)
{
	char name[BLOB_NAME];

	for (size_t i = 0; i < n; i++) {
		bytes_hex(name, info[i].id, OBJECT_ID);
		if (s->shard[info[i].id[0]] >= 0)
			fsio_drop(s->shard[info[i].id[0]], name);
		fsio_drop(s->fresh, name);
	}
}

/* see blob.h */
enum sq_err
blob_settle(const struct blob_store *bs, const struct blob_info *info,
    size_t n, struct why *why)
{
	struct shelf s;
	enum sq_err e;

	if ((e = shelf_open(bs, &s, why)) != SQ_OK ||
	    (e = sync_content(bs, s.fresh, info, n, why)) != SQ_OK ||
	    (e = reread_all(bs, info, n, why)) != SQ_OK)
		goto out;
	for (size_t i = 0; i < n && e == SQ_OK; i++)
		e = place(&s, &info[i], why);
	if (e == SQ_OK)
		e = sync_names(bs, &s, n, why);
out:
	if (e != SQ_OK && s.fresh >= 0)
		take_back(&s, info, n);
	shelf_close(&s);
	return e;
}
