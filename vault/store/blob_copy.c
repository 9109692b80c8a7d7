/*
 * Objects from one folder to another of the same vault, sealed as they are:
 * backups, and mending from one.  See blob.h.
 */
#include <stdio.h>

#include "crypto/bytes.h"
#include "vault/store/blob_int.h"

#define PIECE ((size_t)1 << 20)
#define ROOM (PIECE + 3 * FSIO_ALIGN)

/* see blob.h */
enum sq_err
blob_has(const struct blob_store *bs, const struct blob_info *info,
    struct why *why)
{
	struct blob_file bf;
	enum sq_err e;

	if ((e = blob_file_open(bs, info, false, &bf, why)) == SQ_OK)
		blob_file_close(&bf);
	return e;
}

/* Every byte of it, in order. */
static enum sq_err
pour(struct fsio_bulk *in, struct fsio_bulk *out, uint64_t size,
    blob_progress_fn *progress, void *arg, struct why *why)
{
	uint8_t *buf = blob_buffer(ROOM), *p;
	uint64_t at = 0;
	size_t n;
	enum sq_err e = buf == NULL ? SQ_ENOMEM : SQ_OK;

	for (; at < size && e == SQ_OK; at += n) {
		n = size - at < PIECE ? (size_t)(size - at) : PIECE;
		if (progress != NULL && !progress(arg, at))
			e = err_why(why, SQ_EREFUSED, "stopped");
		else if ((e = fsio_bulk_read(in, at, buf, n, &p, why)) ==
		    SQ_OK)
			e = fsio_bulk_write(out, at, p, n, why);
	}
	blob_unbuffer(buf, ROOM, 0);
	return e;
}

/* see blob.h */
enum sq_err
blob_carry(const struct blob_store *from, const struct blob_store *to,
    const struct blob_info *info, blob_progress_fn *progress, void *arg,
    struct why *why)
{
	struct blob_file bf = { .f = NULL };
	struct fsio_bulk *out = NULL;
	char name[BLOB_NAME];
	int dir = -1;
	enum sq_err e;

	bytes_hex(name, info->id, OBJECT_ID);
	if ((e = blob_file_open(from, info, false, &bf, why)) != SQ_OK ||
	    (e = blob_new_dir(to, &dir, why)) != SQ_OK)
		goto out;
	fsio_drop(dir, name);	/* of a run that was cut off */
	if ((e = fsio_bulk_new(dir, name, object_file_len(info->size), false,
	    &out, why)) != SQ_OK)
		goto out;
	e = pour(bf.f, out, object_file_len(info->size), progress, arg, why);
out:
	blob_file_close(&bf);
	if (out != NULL && fsio_bulk_close(out, e == SQ_OK ? why : NULL) !=
	    SQ_OK && e == SQ_OK)
		e = SQ_EIO;
	if (e != SQ_OK && out != NULL)
		fsio_drop(dir, name);
	fsio_close(dir);
	return e;
}

/* see blob.h */
enum sq_err
blob_aside(const struct blob_store *bs, const uint8_t id[OBJECT_ID],
    int to, struct why *why)
{
	char name[BLOB_NAME], shard[3];
	int store = -1, dir = -1;
	enum sq_err e;

	bytes_hex(name, id, OBJECT_ID);
	blob_shard(id, shard);
	if ((e = fsio_subdir(bs->dirfd, "store", &store, why)) == SQ_OK &&
	    (e = fsio_subdir(store, shard, &dir, why)) == SQ_OK)
		e = fsio_rename(dir, name, to, name, false, why);
	fsio_close(dir);
	fsio_close(store);
	return e;
}
