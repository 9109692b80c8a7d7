#include <sys/file.h>
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vault/fsio.h"
#include "vault/fsio_int.h"

#define NAME_CAP 256

/* The directory of the program's start; the one global of this layer. */
static int start_fd = AT_FDCWD;

/* see fsio.h */
enum sq_err
fsio_init(void)
{
	(void)umask(077);
	if (start_fd != AT_FDCWD)
		return SQ_OK;
	start_fd = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (start_fd >= 0)
		return SQ_OK;
	start_fd = AT_FDCWD;
	return SQ_EIO;
}

/* see fsio.h */
int
fsio_start(void)
{
	return start_fd;
}

/* see fsio_int.h */
enum sq_err
fsio_fail(struct why *why, const char *verb, const char *name)
{
	int no = errno;
	enum sq_err e = SQ_EIO;

	switch (no) {
	case ENOENT:
		e = SQ_ENOENT;
		break;
	case EEXIST:
		e = SQ_EEXIST;
		break;
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		e = SQ_ENOSPC;
		break;
	case EROFS:
		e = SQ_EREADONLY;
		break;
	case ENOMEM:
		e = SQ_ENOMEM;
		break;
	}
	return err_why(why, e, "cannot %s %s: %s", verb, name, strerror(no));
}

/* see fsio_int.h */
bool
fsio_put(int fd, const void *p, size_t n)
{
	const uint8_t *s = p;
	ssize_t got;

	while (n > 0) {
		got = write(fd, s, n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			if (got == 0)
				errno = EIO;
			return false;
		}
		s += got;
		n -= (size_t)got;
	}
	return true;
}

/* see fsio_int.h */
enum sq_err
fsio_take(int fd, size_t max, struct bytes_buf *out, struct why *why,
    const char *name)
{
	uint8_t buf[16384];
	size_t total = 0;
	ssize_t got;
	enum sq_err e = SQ_OK;

	for (;;) {
		got = read(fd, buf, sizeof(buf));
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			e = fsio_fail(why, "read", name);
		if (got <= 0)
			break;
		if ((size_t)got > max - total) {
			e = err_why(why, SQ_ELIMIT, "%s is larger than the"
			    " %zu bytes that are allowed here", name, max);
			break;
		}
		total += (size_t)got;
		bytes_put(out, buf, (size_t)got);
	}
	explicit_bzero(buf, sizeof(buf));
	return e != SQ_OK ? e : bytes_done(out);
}

/* see fsio_int.h */
bool
fsio_sync(int fd)
{
	return fsync(fd) == 0;
}

/* see fsio_int.h */
bool
fsio_move(int from, const char *name, int to, const char *toname)
{
	if (renameat2(from, name, to, toname, RENAME_NOREPLACE) == 0)
		return true;
	if (errno != EINVAL && errno != ENOSYS)
		return false;
	/* a file system that cannot promise it: look first */
	if (faccessat(to, toname, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
		errno = EEXIST;
		return false;
	}
	return renameat(from, name, to, toname) == 0;
}

/* see fsio.h */
void
fsio_close(int fd)
{
	if (fd >= 0)
		(void)close(fd);
}

/* see fsio_int.h */
enum sq_err
fsio_open_at(int dirfd, const char *name, int flags, int *ret_fd,
    struct why *why)
{
	struct stat st;
	const char *bad = NULL;
	int fd;

	/* O_NONBLOCK: a fifo put in the file's place must not hang us */
	fd = openat(dirfd, name, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 && (errno == ELOOP || errno == ENXIO || errno == EISDIR))
		return err_why(why, SQ_EDAMAGE, "%s is not a regular file",
		    name);
	if (fd < 0)
		return fsio_fail(why, "open", name);
	if (fstat(fd, &st) != 0)
		bad = "cannot be examined";
	else if (!S_ISREG(st.st_mode))
		bad = "is not a regular file";
	else if (st.st_nlink != 1)
		bad = "has a second name (hard link)";
	else if (st.st_uid != geteuid())
		bad = "belongs to another user";
	if (bad != NULL) {
		fsio_close(fd);
		return err_why(why, SQ_EDAMAGE, "%s %s", name, bad);
	}
	*ret_fd = fd;
	return SQ_OK;
}

/* see fsio.h */
enum sq_err
fsio_dir_enter(int fd)
{
	return fchdir(fd) == 0 ? SQ_OK : SQ_EIO;
}

/* see fsio.h */
enum sq_err
fsio_mkdir(int dirfd, const char *name, struct why *why)
{
	if (mkdirat(dirfd, name, 0700) != 0 && errno != EEXIST)
		return fsio_fail(why, "make the folder", name);
	if (!fsio_sync(dirfd))
		return fsio_fail(why, "make durable the folder", name);
	return SQ_OK;
}

/* see fsio.h */
enum sq_err
fsio_subdir(int dirfd, const char *name, int *ret_fd, struct why *why)
{
	int fd = openat(dirfd, name,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0 && (errno == ELOOP || errno == ENOTDIR))
		return err_why(why, SQ_EDAMAGE, "%s is not a folder", name);
	if (fd < 0)
		return fsio_fail(why, "open the folder", name);
	*ret_fd = fd;
	return SQ_OK;
}

static int
by_name(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

/* Read all names of a folder; the caller frees them and the list. */
static enum sq_err
names_of(int dirfd, char ***ret_list, size_t *ret_n)
{
	char **list = NULL, **grown;
	size_t n = 0, cap = 0;
	struct dirent *d;
	int fd = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	enum sq_err e = SQ_OK;

	if (dir == NULL) {
		fsio_close(fd);
		return SQ_EIO;
	}
	while (errno = 0, (d = readdir(dir)) != NULL) {
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		if (n == cap) {
			cap = cap == 0 ? 16 : 2 * cap;
			grown = reallocarray(list, cap, sizeof(*list));
			if (grown == NULL)
				break;
			list = grown;
		}
		if ((list[n] = strdup(d->d_name)) == NULL)
			break;
		n++;
	}
	if (errno != 0 || d != NULL)
		e = d != NULL ? SQ_ENOMEM : SQ_EIO;
	(void)closedir(dir);
	*ret_list = list;
	*ret_n = n;
	return e;
}

/* see fsio.h */
enum sq_err
fsio_each(int dirfd, enum sq_err (*cb)(void *arg, const char *name), void *arg)
{
	char **list = NULL;
	size_t n = 0;
	enum sq_err e = names_of(dirfd, &list, &n);

	if (e == SQ_OK && n > 1)
		qsort(list, n, sizeof(*list), by_name);
	for (size_t i = 0; i < n; i++) {
		if (e == SQ_OK)
			e = cb(arg, list[i]);
		free(list[i]);
	}
	free(list);
	return e;
}

/* see fsio.h */
bool
fsio_writable(int dirfd)
{
	return faccessat(dirfd, ".", W_OK, AT_EACCESS) == 0;
}

/* see fsio.h */
enum sq_err
fsio_size(int dirfd, const char *name, uint64_t *ret_size, struct why *why)
{
	struct stat st;
	enum sq_err e;
	int fd;

	if ((e = fsio_open_at(dirfd, name, O_RDONLY, &fd, why)) != SQ_OK)
		return e;
	if (fstat(fd, &st) != 0)
		e = fsio_fail(why, "examine", name);
	else
		*ret_size = (uint64_t)st.st_size;
	fsio_close(fd);
	return e;
}

/* see fsio.h */
enum sq_err
fsio_read(int dirfd, const char *name, size_t max, struct bytes_buf *out,
    struct why *why)
{
	enum sq_err e;
	int fd;

	if ((e = fsio_open_at(dirfd, name, O_RDONLY, &fd, why)) != SQ_OK)
		return e;
	e = fsio_take(fd, max, out, why, name);
	fsio_close(fd);
	return e;
}

/* see fsio.h */
enum sq_err
fsio_peek(int dirfd, const char *name, uint64_t off, void *p, size_t n,
    struct why *why)
{
	ssize_t got = 0;
	size_t done = 0;
	enum sq_err e;
	int fd;

	if ((e = fsio_open_at(dirfd, name, O_RDONLY, &fd, why)) != SQ_OK)
		return e;
	while (done < n) {
		got = pread(fd, (uint8_t *)p + done, n - done,
		    (off_t)(off + done));
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		done += (size_t)got;
	}
	if (got < 0)
		e = fsio_fail(why, "read", name);
	else if (done < n)
		e = err_why(why, SQ_EDAMAGE, "%s ends early", name);
	fsio_close(fd);
	return e;
}

/* Make a new file with its content, synced; nothing is left on failure. */
static enum sq_err
make_file(int dirfd, const char *name, const void *p, size_t n,
    struct why *why)
{
	int fd = openat(dirfd, name,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	bool ok;
	enum sq_err e;

	if (fd < 0)
		return fsio_fail(why, "create", name);
	ok = fsio_put(fd, p, n) && fsio_sync(fd);
	e = ok ? SQ_OK : fsio_fail(why, "write", name);
	if (close(fd) != 0 && ok)
		e = fsio_fail(why, "finish writing", name);
	if (e != SQ_OK)
		(void)unlinkat(dirfd, name, 0);
	return e;
}

/* see fsio.h */
enum sq_err
fsio_create(int dirfd, const char *name, const void *p, size_t n,
    struct why *why)
{
	enum sq_err e = make_file(dirfd, name, p, n, why);

	if (e == SQ_OK && !fsio_sync(dirfd)) {
		e = fsio_fail(why, "make durable", name);
		(void)unlinkat(dirfd, name, 0);
	}
	return e;
}

/* Read back what was just put in place. */
static enum sq_err
same_on_disk(int dirfd, const char *name, const void *p, size_t n,
    struct why *why)
{
	struct bytes_buf b = { 0 };
	enum sq_err e = fsio_read(dirfd, name, n, &b, why);

	if (e != SQ_OK)
		e = err_more(why, SQ_EUNSURE, "reading back");
	else if (b.len != n || (n > 0 && memcmp(b.p, p, n) != 0))
		e = err_why(why, SQ_EUNSURE, "%s reads back differently from"
		    " what was written: the disk or memory may be failing",
		    name);
	bytes_free(&b);
	return e;
}

/* see fsio.h */
enum sq_err
fsio_replace(int dirfd, const char *name, const void *p, size_t n,
    struct why *why)
{
	char tmp[NAME_CAP];
	enum sq_err e;

	if (snprintf(tmp, sizeof(tmp), "%s.new", name) >= (int)sizeof(tmp))
		return err_why(why, SQ_EINTERNAL, "file name too long");
	/* one left by a crash was never the file */
	if (unlinkat(dirfd, tmp, 0) != 0 && errno != ENOENT)
		return fsio_fail(why, "remove", tmp);
	if ((e = make_file(dirfd, tmp, p, n, why)) != SQ_OK)
		return e;
	if (renameat(dirfd, tmp, dirfd, name) != 0) {
		e = errno == EISDIR ? err_why(why, SQ_EDAMAGE, "a folder "
		    "stands in the place of %s", name) :
		    fsio_fail(why, "put in place", name);
		(void)unlinkat(dirfd, tmp, 0);
		return e;
	}
	if (!fsio_sync(dirfd)) {
		(void)fsio_fail(why, "make durable", name);
		return SQ_EUNSURE;
	}
	return same_on_disk(dirfd, name, p, n, why);
}

/* see fsio.h */
enum sq_err
fsio_overwrite(int dirfd, const char *name, const void *p, size_t n,
    struct why *why)
{
	struct stat st;
	enum sq_err e;
	int fd;

	if ((e = fsio_open_at(dirfd, name, O_WRONLY, &fd, why)) != SQ_OK)
		return e;
	if (fstat(fd, &st) != 0 || (uint64_t)st.st_size != n)
		e = err_why(why, SQ_EDAMAGE, "%s is not %zu bytes long", name,
		    n);
	else if (!fsio_put(fd, p, n) || fdatasync(fd) != 0)
		e = fsio_fail(why, "write", name);
	if (close(fd) != 0 && e == SQ_OK)
		e = fsio_fail(why, "finish writing", name);
	return e;
}

/* see fsio.h */
enum sq_err
fsio_rename(int from, const char *name, int to, const char *toname, bool over,
    struct why *why)
{
	bool ok = over ? renameat(from, name, to, toname) == 0 :
	    fsio_move(from, name, to, toname);

	if (!ok)
		return fsio_fail(why, "rename", name);
	if (!fsio_sync(to) || !fsio_sync(from)) {
		(void)fsio_fail(why, "make durable", toname);
		return SQ_EUNSURE;
	}
	return SQ_OK;
}

/* see fsio.h */
enum sq_err
fsio_unlink(int dirfd, const char *name, struct why *why)
{
	if (unlinkat(dirfd, name, 0) != 0) {
		if (errno == ENOENT)
			return SQ_OK;
		return fsio_fail(why, "remove", name);
	}
	if (!fsio_sync(dirfd)) {
		(void)fsio_fail(why, "make durable the removal of", name);
		return SQ_EUNSURE;
	}
	return SQ_OK;
}
