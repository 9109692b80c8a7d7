#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crypto/secret.h"
#include "vault/fsio.h"
#include "vault/fsio_int.h"

#define NAME_CAP 256

struct fsio_in {
	int fd;
	bool own;		/* not standard input */
};

/* see fsio.h */
bool
fsio_path_is_dir(const char *path)
{
	struct stat st;

	return fstatat(fsio_start(), path, &st, 0) == 0 && S_ISDIR(st.st_mode);
}

/* see fsio.h */
bool
fsio_path_is_file(const char *path)
{
	struct stat st;

	return fstatat(fsio_start(), path, &st, 0) == 0 && S_ISREG(st.st_mode);
}

/* see fsio.h */
enum sq_err
fsio_path_open_dir(const char *path, int *ret_fd, struct why *why)
{
	int fd = openat(fsio_start(), path,
	    O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return fsio_fail(why, "open the folder", path);
	*ret_fd = fd;
	return SQ_OK;
}

/* Reading evidence should not mark it as read; only an owner may ask so. */
static void
keep_atime(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags >= 0)
		(void)fcntl(fd, F_SETFL, flags | O_NOATIME);
}

/* Open what a user named for reading: a file, a pipe, "-"; not a folder. */
static enum sq_err
open_typed(const char *path, int *ret_fd, struct why *why)
{
	struct stat st;
	int fd;

	if (strcmp(path, "-") == 0) {
		*ret_fd = STDIN_FILENO;
		return SQ_OK;
	}
	fd = openat(fsio_start(), path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fsio_fail(why, "open", path);
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		fsio_close(fd);
		return err_why(why, SQ_EREFUSED, "%s is a folder, not a file",
		    path);
	}
	keep_atime(fd);
	*ret_fd = fd;
	return SQ_OK;
}

static void
close_typed(int fd)
{
	if (fd != STDIN_FILENO)
		fsio_close(fd);
}

/* see fsio.h */
enum sq_err
fsio_path_read(const char *path, size_t max, struct bytes_buf *out,
    struct why *why)
{
	enum sq_err e;
	int fd;

	if ((e = open_typed(path, &fd, why)) != SQ_OK)
		return e;
	e = fsio_take(fd, max, out, why, path);
	close_typed(fd);
	return e;
}

/* see fsio.h */
enum sq_err
fsio_fd_line(int fd, size_t max, uint8_t *p, size_t *ret_n, struct why *why)
{
	size_t n = 0;
	ssize_t got;
	uint8_t c = 0;
	enum sq_err e = SQ_OK;

	for (;;) {
		got = read(fd, &c, 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			e = fsio_fail(why, "read", "the line");
		if (got <= 0 || c == '\n')
			break;
		if (n == max) {
			e = err_why(why, SQ_ELIMIT,
			    "the line is longer than %zu bytes", max);
			break;
		}
		p[n++] = c;
	}
	secret_wipe(&c, 1);
	if (e != SQ_OK) {
		secret_wipe(p, n);
		return e;
	}
	if (n > 0 && p[n - 1] == '\r')
		p[--n] = 0;
	*ret_n = n;
	return SQ_OK;
}

/* see fsio.h */
enum sq_err
fsio_path_line(const char *path, size_t max, uint8_t *p, size_t *ret_n,
    struct why *why)
{
	enum sq_err e;
	int fd;

	if ((e = open_typed(path, &fd, why)) != SQ_OK)
		return e;
	e = fsio_fd_line(fd, max, p, ret_n, why);
	close_typed(fd);
	return e;
}

/* see fsio.h */
enum sq_err
fsio_in_take(int fd, struct fsio_in **ret)
{
	struct fsio_in *in = malloc(sizeof(*in));

	if (in == NULL) {
		close_typed(fd);
		return SQ_ENOMEM;
	}
	in->fd = fd;
	in->own = fd != STDIN_FILENO;
	*ret = in;
	return SQ_OK;
}

/* see fsio.h */
enum sq_err
fsio_in_open(const char *path, struct fsio_in **ret, struct why *why)
{
	enum sq_err e;
	int fd;

	if ((e = open_typed(path, &fd, why)) != SQ_OK)
		return e;
	return fsio_in_take(fd, ret);
}

/* see fsio.h */
enum sq_err
fsio_in_regular(const char *path, struct fsio_in **ret, struct why *why)
{
	struct stat st;
	/* O_NONBLOCK: opening a fifo must not wait for its writer */
	int fd = openat(fsio_start(), path, O_RDONLY | O_NONBLOCK |
	    O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0 && errno == ELOOP)
		return err_why(why, SQ_EREFUSED, "%s is a symbolic link; name "
		    "the file itself", path);
	if (fd < 0)
		return fsio_fail(why, "open", path);
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		fsio_close(fd);
		return err_why(why, SQ_EREFUSED, "%s is not a regular file",
		    path);
	}
	keep_atime(fd);
	(void)posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	return fsio_in_take(fd, ret);
}

/* see fsio.h */
int
fsio_in_fd(const struct fsio_in *in)
{
	return in->fd;
}

/* see fsio.h */
size_t
fsio_in_head(const struct fsio_in *in, uint8_t *p, size_t n)
{
	ssize_t got = pread(in->fd, p, n, 0);

	return got < 0 ? 0 : (size_t)got;
}

/* see fsio.h */
enum sq_err
fsio_in_mark(const struct fsio_in *in, struct fsio_mark *ret)
{
	struct stat st;

	memset(ret, 0, sizeof(*ret));
	if (fstat(in->fd, &st) != 0)
		return SQ_EIO;
	if (!S_ISREG(st.st_mode))
		return SQ_OK;
	ret->dev = st.st_dev;
	ret->ino = st.st_ino;
	ret->size = (uint64_t)st.st_size;
	ret->mtime = st.st_mtim.tv_sec;
	ret->ctime = st.st_ctim.tv_sec;
	ret->mtime_ns = (uint32_t)st.st_mtim.tv_nsec;
	ret->ctime_ns = (uint32_t)st.st_ctim.tv_nsec;
	ret->regular = true;
	return SQ_OK;
}

/* see fsio.h */
bool
fsio_in_same(const struct fsio_in *in, const struct fsio_mark *mark)
{
	struct fsio_mark now;

	return fsio_in_mark(in, &now) == SQ_OK &&
	    now.regular == mark->regular && now.dev == mark->dev &&
	    now.ino == mark->ino && now.size == mark->size &&
	    now.mtime == mark->mtime && now.mtime_ns == mark->mtime_ns &&
	    now.ctime == mark->ctime && now.ctime_ns == mark->ctime_ns;
}

/* see fsio.h */
enum sq_err
fsio_at_in(int dirfd, const char *relpath, struct fsio_in **ret,
    struct why *why)
{
	char base[NAME_CAP];
	struct stat st;
	enum sq_err e;
	int dir, fd;

	e = fsio_descend(dirfd, relpath, false, &dir, base, sizeof(base), why);
	if (e != SQ_OK)
		return e;
	fd = openat(dir, base, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		e = fsio_fail(why, "open", relpath);
	fsio_close(dir);
	if (e != SQ_OK)
		return e;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		fsio_close(fd);
		return err_why(why, SQ_EREFUSED, "%s is not a regular file",
		    relpath);
	}
	return fsio_in_take(fd, ret);
}

/* see fsio.h */
enum sq_err
fsio_in_read(void *arg, uint8_t *p, size_t n, size_t *ret)
{
	struct fsio_in *in = arg;
	size_t done = 0;
	ssize_t got;

	while (done < n) {
		got = read(in->fd, p + done, n - done);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return SQ_EIO;
		if (got == 0)
			break;
		done += (size_t)got;
	}
	*ret = done;
	return SQ_OK;
}

/* see fsio.h */
uint64_t
fsio_in_size(const struct fsio_in *in)
{
	struct stat st;

	if (fstat(in->fd, &st) != 0 || !S_ISREG(st.st_mode))
		return UINT64_MAX;
	return (uint64_t)st.st_size;
}

/* see fsio.h */
void
fsio_in_close(struct fsio_in *in)
{
	if (in == NULL)
		return;
	if (in->own)
		fsio_close(in->fd);
	free(in);
}
