/*
 * Taking a file in: read, hash, seal into store/new/.  Nothing is believed of
 * the source but its bytes: if its size, times or identity differ after they
 * were read, it was written to meanwhile, and what was read may be neither
 * the old nor the new; it is refused.
 */
#include <string.h>

#include "crypto/bytes.h"
#include "crypto/secret.h"
#include "vault/store/blob_int.h"

#define PIECE ((size_t)64 << 10)	/* BLOB_PLAIN is a multiple */

struct put {
	const struct blob_store *bs;
	struct fsio_in *in;
	struct fsio_mark mark;
	struct digest *hash;
	struct digest *tags;
	struct object *o;
	struct fsio_bulk *f;
	int dir;			/* store/new */
	char name[BLOB_NAME];
	uint8_t head[OBJECT_HEAD];
	uint64_t got;			/* of the content */
	uint64_t pos;			/* of the plaintext, padding included */
	uint64_t plain;			/* its length, once the end was seen */
	blob_progress_fn *progress;
	void *arg;
	struct why *why;
};

/* Piece by piece: each is hashed while the nearest cache still holds it. */
static enum sq_err
read_hash(struct put *u, uint8_t *p, size_t *ret_n)
{
	size_t n = 0, got = PIECE;
	enum sq_err e = SQ_OK;

	for (; e == SQ_OK && got == PIECE && n < BLOB_PLAIN; n += got) {
		if ((e = fsio_in_read(u->in, p + n, PIECE, &got)) != SQ_OK)
			return err_why(u->why, e, "the source cannot be read"
			    " to its end");
		e = digest_add(u->hash, p + n, got);
	}
	*ret_n = n;
	return e;
}

/* Fill one batch: content, then padding.  ${*ret_last}: nothing follows. */
static enum sq_err
fill(struct put *u, uint8_t *p, size_t *ret_n, bool *ret_last)
{
	size_t n = 0, take = BLOB_PLAIN;
	enum sq_err e = SQ_OK;

	if (u->plain == 0) {
		if ((e = read_hash(u, p, &n)) != SQ_OK)
			return e;
		u->got += n;
		if (u->got > OBJECT_MAX)
			return SQ_ELIMIT;
		if (n < BLOB_PLAIN)
			u->plain = object_plain_len(u->got);
	}
	if (u->plain > 0) {
		if (u->plain - u->pos < take)
			take = (size_t)(u->plain - u->pos);
		object_pad(u->got, u->pos + n, p + n, take - n);
	}
	u->pos += take;
	*ret_n = take;
	*ret_last = u->pos == u->plain;
	if (u->progress != NULL && !u->progress(u->arg, u->got))
		return err_why(u->why, SQ_EREFUSED, "stopped");
	return SQ_OK;
}

/* A file of one batch: no threads, one write. */
static enum sq_err
put_small(struct put *u, const uint8_t *pt, size_t n)
{
	size_t cap = OBJECT_HEAD + BLOB_SEALED, at = OBJECT_HEAD, take;
	uint8_t *out = blob_buffer(cap);
	enum sq_err e;

	if (out == NULL)
		return SQ_ENOMEM;
	if ((e = fsio_bulk_new(u->dir, u->name, 0, false, &u->f, u->why)) !=
	    SQ_OK)
		goto out;
	memcpy(out, u->head, OBJECT_HEAD);
	for (uint64_t i = 0; e == SQ_OK && n > 0; i++, n -= take, pt += take) {
		take = n < OBJECT_CHUNK ? n : OBJECT_CHUNK;
		e = object_seal(u->o, i, take == n, pt, take, out + at);
		at += take + AEAD_TAG;
		if (e == SQ_OK)
			e = digest_add(u->tags, out + at - AEAD_TAG, AEAD_TAG);
	}
	if (e == SQ_OK)
		e = fsio_bulk_write(u->f, 0, out, at, u->why);
out:
	blob_unbuffer(out, cap, 0);
	return e;
}

static enum sq_err
put_big(struct put *u, const uint8_t *first, bool *ret_reread)
{
	uint64_t room = u->mark.regular && u->mark.size <= OBJECT_MAX ?
	    object_file_len(u->mark.size) : 0;
	struct blob_pipe *p = NULL;
	size_t n = BLOB_PLAIN;
	bool last = false;
	uint8_t *buf;
	enum sq_err e;

	if ((e = fsio_bulk_new(u->dir, u->name, room, true, &u->f, u->why)) !=
	    SQ_OK || (e = blob_pipe_new(u->o, u->f, u->head, u->tags, &p)) !=
	    SQ_OK || (e = blob_pipe_room(p, &buf, u->why)) != SQ_OK)
		goto out;
	memcpy(buf, first, BLOB_PLAIN);
	blob_pipe_give(p, n, last);
	while (!last) {
		if ((e = blob_pipe_room(p, &buf, u->why)) != SQ_OK ||
		    (e = fill(u, buf, &n, &last)) != SQ_OK)
			goto out;
		blob_pipe_give(p, n, last);
	}
	if ((e = blob_pipe_end(p, u->why)) == SQ_OK)
		*ret_reread = fsio_bulk_around(u->f);
out:
	blob_pipe_free(p);
	return e;
}

/* Keys, names and running hashes of a new object. */
static enum sq_err
begin(struct put *u, uint8_t id[OBJECT_ID])
{
	enum sq_err e;

	bytes_random(id, OBJECT_ID);
	bytes_hex(u->name, id, OBJECT_ID);
	bytes_random(u->head, OBJECT_SALT);
	if ((e = fsio_in_mark(u->in, &u->mark)) != SQ_OK ||
	    (e = object_new(u->bs->k_blob, u->bs->vault_id, id, u->head,
	    &u->o)) != SQ_OK ||
	    (e = digest_new(DIGEST_SHA256, &u->hash)) != SQ_OK ||
	    (e = blob_tags_new(&u->tags)) != SQ_OK)
		return e;
	object_commit(u->o, u->head + OBJECT_SALT);
	return blob_new_dir(u->bs, &u->dir, u->why);
}

/* Is what was read what the source is, and what was written whole? */
static enum sq_err
agree(const struct put *u)
{
	uint64_t len;
	enum sq_err e;

	if ((u->mark.regular && u->got != u->mark.size) ||
	    !fsio_in_same(u->in, &u->mark))
		return err_why(u->why, SQ_EREFUSED, "the source changed while"
		    " it was read; nothing was stored");
	if ((e = fsio_bulk_size(u->f, &len)) != SQ_OK)
		return e;
	return len == object_file_len(u->got) ? SQ_OK : err_why(u->why,
	    SQ_EIO, "what was written has another length than it should");
}

static void
end(struct put *u, bool keep)
{
	if (u->f != NULL && !keep)
		fsio_drop(u->dir, u->name);
	(void)fsio_bulk_close(u->f, NULL);
	fsio_close(u->dir);
	object_free(u->o);
	digest_free(u->hash);
	digest_free(u->tags);
}

/* see blob.h */
enum sq_err
blob_put(const struct blob_store *bs, struct fsio_in *in,
    blob_progress_fn *progress, void *arg, struct blob_info *ret,
    struct why *why)
{
	struct put u = { .bs = bs, .in = in, .dir = -1, .progress = progress,
	    .arg = arg, .why = why };
	struct blob_info info = { .reread = false };
	uint8_t *first = blob_buffer(BLOB_PLAIN);
	size_t n = 0;
	bool last = false;
	enum sq_err e = SQ_ENOMEM;

	if (first == NULL || (e = begin(&u, info.id)) != SQ_OK ||
	    (e = fill(&u, first, &n, &last)) != SQ_OK)
		goto out;
	if (last)
		e = put_small(&u, first, n);
	else
		e = put_big(&u, first, &info.reread);
	if (e != SQ_OK || (e = agree(&u)) != SQ_OK ||
	    (e = digest_end(u.hash, info.sha256)) != SQ_OK ||
	    (e = digest_end(u.tags, info.tags)) != SQ_OK)
		goto out;
	object_commit(u.o, info.commit);
	info.size = u.got;
	*ret = info;
out:
	end(&u, e == SQ_OK);
	blob_unbuffer(first, BLOB_PLAIN, e == SQ_OK ? n : BLOB_PLAIN);
	return e;
}
