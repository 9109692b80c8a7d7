/*
 * An object sealed anew for another vault: opened chunk by chunk under one
 * key, each authenticated, and sealed under the other, never plain on a disk.
 * See blob.h.
 */
#include <string.h>

#include "crypto/bytes.h"
#include "crypto/secret.h"
#include "vault/store/blob_int.h"

struct reseal {
	struct blob_file from;
	const struct blob_store *to;
	struct object *o;
	struct fsio_bulk *f;
	struct digest *tags, *hash, *old;
	int dir;
	char name[BLOB_NAME];
	uint8_t head[OBJECT_HEAD];
	blob_progress_fn *progress;
	void *arg;
	struct why *why;
};

/* Open the next batch of chunks and hand it on to be sealed. */
static enum sq_err
batch(struct reseal *r, struct blob_pipe *p, uint64_t first, uint8_t *room)
{
	uint64_t left = r->from.chunks - first, size = r->from.info->size;
	size_t n = left < BLOB_BATCH ? (size_t)left : BLOB_BATCH;
	uint64_t at = first * OBJECT_CHUNK, to = at + n * OBJECT_CHUNK;
	uint8_t tags[BLOB_BATCH * AEAD_TAG], *pt;
	enum sq_err e;

	if (to > r->from.plain)
		to = r->from.plain;
	if ((e = blob_pipe_room(p, &pt, r->why)) != SQ_OK ||
	    (e = blob_file_batch(&r->from, first, n, room, pt, tags,
	    r->why)) != SQ_OK ||
	    (e = digest_add(r->old, tags, n * AEAD_TAG)) != SQ_OK)
		return e;
	if (at < size && (e = digest_add(r->hash, pt, (size_t)((to < size ?
	    to : size) - at))) != SQ_OK)
		return e;
	blob_pipe_give(p, (size_t)(to - at), first + n == r->from.chunks);
	if (r->progress != NULL && !r->progress(r->arg, to < size ? to : size))
		return err_why(r->why, SQ_EREFUSED, "stopped");
	return SQ_OK;
}

static enum sq_err
begin(struct reseal *r, const struct blob_store *from,
    const struct blob_info *info, struct blob_info *fresh)
{
	enum sq_err e;

	bytes_random(fresh->id, OBJECT_ID);
	bytes_hex(r->name, fresh->id, OBJECT_ID);
	bytes_random(r->head, OBJECT_SALT);
	if ((e = blob_file_open(from, info, false, &r->from, r->why)) !=
	    SQ_OK || (e = object_new(r->to->k_blob, r->to->vault_id,
	    fresh->id, r->head, &r->o)) != SQ_OK ||
	    (e = blob_tags_new(&r->tags)) != SQ_OK ||
	    (e = blob_tags_new(&r->old)) != SQ_OK ||
	    (e = digest_new(DIGEST_SHA256, &r->hash)) != SQ_OK ||
	    (e = blob_new_dir(r->to, &r->dir, r->why)) != SQ_OK)
		return e;
	object_commit(r->o, r->head + OBJECT_SALT);
	return fsio_bulk_new(r->dir, r->name, object_file_len(info->size),
	    true, &r->f, r->why);
}

/* All of it was what the log says, and is what was sealed. */
static enum sq_err
finish(struct reseal *r, const struct blob_info *info,
    struct blob_info *fresh)
{
	uint8_t old[DIGEST_LEN];
	enum sq_err e;

	if ((e = digest_end(r->old, old)) != SQ_OK ||
	    (e = digest_end(r->hash, fresh->sha256)) != SQ_OK ||
	    (e = digest_end(r->tags, fresh->tags)) != SQ_OK)
		return e;
	if (!bytes_eq(old, info->tags, DIGEST_LEN) ||
	    !bytes_eq(fresh->sha256, info->sha256, DIGEST_LEN))
		return blob_damage(r->why, info->id, "is not what the log "
		    "says");
	object_commit(r->o, fresh->commit);
	fresh->size = info->size;
	return SQ_OK;
}

/* see blob.h */
enum sq_err
blob_reseal(const struct blob_store *from, const struct blob_info *info,
    const struct blob_store *to, blob_progress_fn *progress, void *arg,
    struct blob_info *ret, struct why *why)
{
	struct reseal r = { .from = { .f = NULL }, .to = to, .dir = -1,
	    .progress = progress, .arg = arg, .why = why };
	struct blob_info fresh = { .reread = false };
	struct blob_pipe *p = NULL;
	uint8_t *room = blob_buffer(BLOB_ROOM);
	enum sq_err e = room == NULL ? SQ_ENOMEM : SQ_OK;

	if (e != SQ_OK || (e = begin(&r, from, info, &fresh)) != SQ_OK ||
	    (e = blob_pipe_new(r.o, r.f, r.head, r.tags, &p)) != SQ_OK)
		goto out;
	for (uint64_t i = 0; i < r.from.chunks && e == SQ_OK; i += BLOB_BATCH)
		e = batch(&r, p, i, room);
	if (e == SQ_OK && (e = blob_pipe_end(p, why)) == SQ_OK &&
	    (e = finish(&r, info, &fresh)) == SQ_OK)
		*ret = fresh;
out:
	blob_pipe_free(p);
	if (r.f != NULL && e != SQ_OK)
		fsio_drop(r.dir, r.name);
	(void)fsio_bulk_close(r.f, NULL);
	blob_file_close(&r.from);
	object_free(r.o);
	digest_free(r.tags);
	digest_free(r.old);
	digest_free(r.hash);
	fsio_close(r.dir);
	blob_unbuffer(room, BLOB_ROOM, 0);
	return e;
}
