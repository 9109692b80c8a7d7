/*
 * A file being made: its bytes go to PATH.part, around the page cache where
 * the file system can, and take their name when all are durable.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crypto/secret.h"
#include "vault/fsio.h"
#include "vault/fsio_int.h"

#define NAME_CAP 256
#define OUT_BUF ((size_t)1 << 20)

struct fsio_out {
	int dirfd;
	struct fsio_bulk *f;	/* NULL: closed */
	bool part;		/* PATH.part, to be renamed and synced */
	bool done;
	bool failed;
	char name[NAME_CAP];
	char tmp[NAME_CAP];
	uint64_t off;		/* of ${buf} in the file */
	size_t n;
	uint8_t *buf;		/* OUT_BUF, aligned */
};

/* A file not yet made. */
static struct fsio_out *
out_alloc(void)
{
	struct fsio_out *out = calloc(1, sizeof(*out));

	if (out == NULL)
		return NULL;
	out->dirfd = -1;
	if ((out->buf = aligned_alloc(FSIO_ALIGN, OUT_BUF)) == NULL) {
		free(out);
		return NULL;
	}
	return out;
}

static void
out_free(struct fsio_out *out)
{
	if (out == NULL)
		return;
	(void)fsio_bulk_close(out->f, NULL);
	fsio_close(out->dirfd);
	secret_wipe(out->buf, OUT_BUF);
	free(out->buf);
	free(out);
}

/* see fsio.h */
enum sq_err
fsio_out_new(const char *path, struct fsio_out **ret, struct why *why)
{
	struct fsio_out *out = out_alloc();
	enum sq_err e;

	if (out == NULL)
		return SQ_ENOMEM;
	/* room for ".part" */
	e = fsio_parent(path, &out->dirfd, out->name, NAME_CAP - 5, why);
	if (e != SQ_OK)
		goto out;
	(void)snprintf(out->tmp, sizeof(out->tmp), "%.250s.part", out->name);
	if (faccessat(out->dirfd, out->name, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
		e = err_why(why, SQ_EEXIST, "%s is there already; nothing was"
		    " written", path);
		goto out;
	}
	/* around the cache: a bundle of gigabytes leaves others theirs */
	e = fsio_bulk_new(out->dirfd, out->tmp, 0, true, &out->f, why);
	if (e == SQ_EEXIST)
		e = fsio_part_left(path, why);
	if (e != SQ_OK)
		goto out;
	out->part = true;
	*ret = out;
	out = NULL;		/* transferred */
out:
	out_free(out);
	return e;
}

/* see fsio.h */
enum sq_err
fsio_at_out(int dirfd, const char *relpath, struct fsio_out **ret,
    struct why *why)
{
	struct fsio_out *out = out_alloc();
	enum sq_err e;

	if (out == NULL)
		return SQ_ENOMEM;
	if ((e = fsio_descend(dirfd, relpath, true, &out->dirfd, out->tmp,
	    sizeof(out->tmp), why)) == SQ_OK &&
	    (e = fsio_bulk_new(out->dirfd, out->tmp, 0, false, &out->f,
	    why)) == SQ_OK) {
		*ret = out;
		out = NULL;	/* transferred */
	}
	out_free(out);
	return e;
}

static enum sq_err
flush(struct fsio_out *out, struct why *why)
{
	enum sq_err e;

	if (out->failed)
		return SQ_EIO;
	e = fsio_bulk_write(out->f, out->off, out->buf, out->n, why);
	out->off += out->n;
	out->n = 0;
	out->failed = e != SQ_OK;
	return e;
}

/* see fsio.h */
enum sq_err
fsio_out_write(void *arg, const uint8_t *p, size_t n)
{
	struct fsio_out *out = arg;
	size_t take;
	enum sq_err e;

	while (n > 0) {
		take = OUT_BUF - out->n < n ? OUT_BUF - out->n : n;
		memcpy(out->buf + out->n, p, take);
		out->n += take;
		p += take;
		n -= take;
		if (out->n == OUT_BUF && (e = flush(out, NULL)) != SQ_OK)
			return e;
	}
	return out->failed ? SQ_EIO : SQ_OK;
}

/* see fsio.h */
enum sq_err
fsio_out_sync(struct fsio_out *out, struct why *why)
{
	enum sq_err e;

	if ((e = flush(out, why)) != SQ_OK)
		return err_why(why, e, "cannot write %s: %s", out->tmp,
		    e == SQ_ENOSPC ? "the disk is full" : "the write failed");
	return out->part ? fsio_bulk_sync(out->f, why) : SQ_OK;
}

/* see fsio.h */
enum sq_err
fsio_out_end(struct fsio_out *out, struct why *why)
{
	struct fsio_bulk *f;
	enum sq_err e;

	if ((e = fsio_out_sync(out, why)) != SQ_OK)
		return e;
	f = out->f;
	out->f = NULL;
	if ((e = fsio_bulk_close(f, why)) != SQ_OK)
		return e;
	if (!out->part) {
		out->done = true;
		return SQ_OK;
	}
	if (!fsio_move(out->dirfd, out->tmp, out->dirfd, out->name))
		return fsio_fail(why, "put in place", out->name);
	out->done = true;
	if (!fsio_sync(out->dirfd)) {
		(void)fsio_fail(why, "make durable", out->name);
		return SQ_EUNSURE;
	}
	return SQ_OK;
}

/* see fsio.h */
void
fsio_out_free(struct fsio_out *out)
{
	if (out == NULL)
		return;
	if (!out->done)
		(void)unlinkat(out->dirfd, out->tmp, 0);
	out_free(out);
}
