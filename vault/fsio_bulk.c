#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vault/fsio.h"
#include "vault/fsio_int.h"

#define NAME_CAP 256
#define BEHIND ((uint64_t)256 << 10)

/*
 * Two descriptors of one file: the direct one takes aligned pieces only, the
 * other whatever is left (the end of the file).  They never touch the same
 * block, so that cache and disk do not disagree.
 */
struct fsio_bulk {
	int fd;
	int direct;		/* -1: not offered here */
	atomic_bool around;
	char name[NAME_CAP];
};

static enum sq_err
bulk_wrap(int fd, const char *name, struct fsio_bulk **ret)
{
	struct fsio_bulk *b = calloc(1, sizeof(*b));

	if (b == NULL) {
		fsio_close(fd);
		return SQ_ENOMEM;
	}
	b->fd = fd;
	b->direct = -1;
	(void)snprintf(b->name, sizeof(b->name), "%s", name);
	*ret = b;
	return SQ_OK;
}

/* see fsio.h */
enum sq_err
fsio_bulk_new(int dirfd, const char *name, uint64_t size, bool around,
    struct fsio_bulk **ret, struct why *why)
{
	int fd = openat(dirfd, name,
	    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	struct fsio_bulk *b = NULL;
	enum sq_err e;

	if (fd < 0)
		return fsio_fail(why, "create", name);
	if ((e = bulk_wrap(fd, name, &b)) != SQ_OK)
		goto out;
	/* known room: no surprise at the end, and fewer pieces */
	if (size > 0 && fallocate(fd, 0, 0, (off_t)size) != 0 &&
	    (errno == ENOSPC || errno == EDQUOT || errno == EFBIG)) {
		e = fsio_fail(why, "set aside room for", name);
		goto out;
	}
	/* not with O_CREAT: a refusal would leave the file */
	if (around)
		b->direct = openat(dirfd, name,
		    O_RDWR | O_DIRECT | O_NOFOLLOW | O_CLOEXEC);
	b->around = b->direct >= 0;
	*ret = b;
	b = NULL;		/* transferred */
out:
	if (e != SQ_OK)
		(void)unlinkat(dirfd, name, 0);
	(void)fsio_bulk_close(b, NULL);
	return e;
}

/* see fsio.h */
enum sq_err
fsio_bulk_open(int dirfd, const char *name, struct fsio_bulk **ret,
    struct why *why)
{
	enum sq_err e;
	int fd;

	if ((e = fsio_open_at(dirfd, name, O_RDONLY, &fd, why)) != SQ_OK)
		return e;
	return bulk_wrap(fd, name, ret);
}

/* see fsio.h */
enum sq_err
fsio_again(int fd, int *ret)
{
	*ret = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	return *ret < 0 ? SQ_ENOMEM : SQ_OK;
}

/* see fsio.h */
enum sq_err
fsio_bulk_size(const struct fsio_bulk *b, uint64_t *ret)
{
	struct stat st;

	if (fstat(b->fd, &st) != 0)
		return SQ_EIO;
	*ret = (uint64_t)st.st_size;
	return SQ_OK;
}

/* see fsio.h */
bool
fsio_bulk_around(const struct fsio_bulk *b)
{
	return b->around;
}

/* Write all; *p, *n and *off move on.  False: errno. */
static bool
put_at(int fd, const uint8_t **p, size_t *n, uint64_t *off, size_t upto)
{
	ssize_t got;

	while (upto > 0) {
		got = pwrite(fd, *p, upto, (off_t)*off);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			if (got == 0)
				errno = EIO;
			return false;
		}
		*p += got;
		*n -= (size_t)got;
		*off += (uint64_t)got;
		upto -= (size_t)got;
	}
	return true;
}

/* see fsio.h */
enum sq_err
fsio_bulk_write(struct fsio_bulk *b, uint64_t off, const void *p, size_t n,
    struct why *why)
{
	const uint8_t *s = p;
	uint64_t from = off;
	size_t whole = n / FSIO_ALIGN * FSIO_ALIGN;

	if (b->around && whole > 0 &&
	    !put_at(b->direct, &s, &n, &off, whole)) {
		if (errno != EINVAL)
			return fsio_fail(why, "write", b->name);
		/* it took the flag but not the deed: the cache will do */
		b->around = false;
	}
	if (n == 0)
		return SQ_OK;
	if (!put_at(b->fd, &s, &n, &off, n))
		return fsio_fail(why, "write", b->name);
	/* begin now, so that the sync at the end is short; small ones batch */
	if (off - from >= BEHIND)
		(void)sync_file_range(b->fd, (off_t)from, (off_t)(off - from),
		    SYNC_FILE_RANGE_WRITE);
	return SQ_OK;
}

/* Read at least need bytes of room at off; false: errno, or 0 at the end. */
static bool
take_at(int fd, uint8_t *buf, size_t need, size_t room, uint64_t off)
{
	size_t done = 0;
	ssize_t got;

	while (done < need) {
		got = pread(fd, buf + done, room - done,
		    (off_t)(off + done));
		if (got < 0 && errno == EINTR)
			continue;
		if (got == 0)
			errno = 0;
		if (got <= 0)
			return false;
		done += (size_t)got;
	}
	return true;
}

/* see fsio.h */
enum sq_err
fsio_bulk_read(struct fsio_bulk *b, uint64_t off, uint8_t *buf, size_t n,
    uint8_t **ret_p, struct why *why)
{
	size_t skip = (size_t)(off % FSIO_ALIGN);
	size_t need = skip + n;
	size_t room = (need + FSIO_ALIGN - 1) / FSIO_ALIGN * FSIO_ALIGN;
	bool ok = false;

	if (b->around) {
		ok = take_at(b->direct, buf, need, room, off - skip);
		if (!ok && errno == EINVAL)
			b->around = false;
		else if (!ok)
			goto bad;
	}
	if (!ok && !take_at(b->fd, buf, need, need, off - skip))
		goto bad;
	*ret_p = buf + skip;
	return SQ_OK;
bad:
	if (errno == 0)
		return err_why(why, SQ_EDAMAGE, "%s ends early", b->name);
	return fsio_fail(why, "read", b->name);
}

/* see fsio.h */
enum sq_err
fsio_bulk_sync(struct fsio_bulk *b, struct why *why)
{
	return fsio_sync(b->fd) ? SQ_OK :
	    fsio_fail(why, "make durable", b->name);
}

/* see fsio.h */
void
fsio_bulk_forget(struct fsio_bulk *b, bool random)
{
	(void)posix_fadvise(b->fd, 0, 0, POSIX_FADV_DONTNEED);
	if (random)
		(void)posix_fadvise(b->fd, 0, 0, POSIX_FADV_RANDOM);
}

/* see fsio.h */
enum sq_err
fsio_bulk_close(struct fsio_bulk *b, struct why *why)
{
	enum sq_err e = SQ_OK;

	if (b == NULL)
		return SQ_OK;
	fsio_close(b->direct);
	if (close(b->fd) != 0)
		e = fsio_fail(why, "finish with", b->name);
	free(b);
	return e;
}

/* see fsio.h */
enum sq_err
fsio_sync_dir(int fd, struct why *why)
{
	return fsio_sync(fd) ? SQ_OK :
	    fsio_fail(why, "make durable", "the folder");
}

/* see fsio.h */
enum sq_err
fsio_sync_all(int fd, struct why *why)
{
	return syncfs(fd) == 0 ? SQ_OK :
	    fsio_fail(why, "make durable", "what was written");
}

/* see fsio.h */
enum sq_err
fsio_subdir_make(int dirfd, const char *name, int *ret_fd, bool *ret_made,
    struct why *why)
{
	if (mkdirat(dirfd, name, 0700) == 0)
		*ret_made = true;
	else if (errno != EEXIST)
		return fsio_fail(why, "make the folder", name);
	return fsio_subdir(dirfd, name, ret_fd, why);
}

/* see fsio.h */
enum sq_err
fsio_shift(int from, const char *name, int to, struct why *why)
{
	return fsio_move(from, name, to, name) ? SQ_OK :
	    fsio_fail(why, "rename", name);
}

/* see fsio.h */
void
fsio_drop(int dirfd, const char *name)
{
	(void)unlinkat(dirfd, name, 0);
}
