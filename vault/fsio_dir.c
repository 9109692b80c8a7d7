#include <sys/file.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vault/fsio.h"
#include "vault/fsio_int.h"

#define NAME_CAP 256

/* see fsio_int.h */
enum sq_err
fsio_part_left(const char *path, struct why *why)
{
	return err_why(why, SQ_EEXIST, "%s.part is there, left by an "
	    "interrupted run: look at it and remove it", path);
}

/* see fsio_int.h */
enum sq_err
fsio_parent(const char *path, int *ret_fd, char *base, size_t cap,
    struct why *why)
{
	size_t n = strlen(path), cut;
	char *dir;
	int fd;

	while (n > 1 && path[n - 1] == '/')
		n--;
	for (cut = n; cut > 0 && path[cut - 1] != '/';)
		cut--;
	if (n - cut == 0 || n - cut >= cap || strncmp(path + cut, ".", n -
	    cut) == 0 || strncmp(path + cut, "..", n - cut) == 0)
		return err_why(why, SQ_EUSAGE, "'%s' names no file", path);
	memcpy(base, path + cut, n - cut);
	base[n - cut] = '\0';
	dir = cut == 0 ? strdup(".") : strndup(path, cut);
	if (dir == NULL)
		return SQ_ENOMEM;
	fd = openat(fsio_start(), dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(dir);
	if (fd < 0 && errno == ENOENT)
		return err_why(why, SQ_ENOENT, "the folder of %s is not there;"
		    " make it first, or name another", path);
	if (fd < 0)
		return fsio_fail(why, "open the folder of", path);
	*ret_fd = fd;
	return SQ_OK;
}

/* see fsio.h */
enum sq_err
fsio_dir_private(int fd, const char *path, struct why *why)
{
	struct fsio_medium m;
	struct stat st;

	if (fstat(fd, &st) != 0)
		return fsio_fail(why, "examine", path);
	if (st.st_uid == geteuid() && (st.st_mode & 077) == 0)
		return SQ_OK;
	/* there chmod would be of no use */
	if (fsio_medium(fd, &m, NULL) == SQ_OK && m.bare)
		return err_why(why, SQ_EREFUSED, "%s lies on a medium that "
		    "keeps no access rights, so any user may enter it; a vault"
		    " belongs on a disk of this computer: sandyq restore "
		    "brings a backup there", path);
	if (st.st_uid != geteuid())
		return err_why(why, SQ_EREFUSED, "%s belongs to another user",
		    path);
	return err_why(why, SQ_EREFUSED, "other users may enter %s;"
	    " first run: chmod 700 '%s'", path, path);
}

/* see fsio.h */
enum sq_err
fsio_dir_open(const char *path, int *ret_fd, struct why *why)
{
	size_t n = strlen(path);
	enum sq_err e;
	char *bare;
	int fd;

	/* "x/" would follow a link x in spite of O_NOFOLLOW */
	while (n > 1 && path[n - 1] == '/')
		n--;
	if ((bare = strndup(path, n)) == NULL)
		return SQ_ENOMEM;
	fd = openat(fsio_start(), bare,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	free(bare);
	if (fd < 0 && (errno == ELOOP || errno == ENOTDIR))
		return err_why(why, SQ_EREFUSED, "%s is not a folder", path);
	if (fd < 0)
		return fsio_fail(why, "open", path);
	if ((e = fsio_dir_private(fd, path, why)) != SQ_OK) {
		fsio_close(fd);
		return e;
	}
	*ret_fd = fd;
	return SQ_OK;
}

struct find {
	const char *suffix;
	int dirfd;
	char *found;
	size_t n;
};

static enum sq_err
find_one(void *arg, const char *name)
{
	struct find *f = arg;
	size_t n = strlen(name), ns = strlen(f->suffix);
	struct stat st;

	if (n <= ns || strcmp(name + n - ns, f->suffix) != 0 ||
	    fstatat(f->dirfd, name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
	    !S_ISDIR(st.st_mode))
		return SQ_OK;
	if (f->n++ == 0 && (f->found = strdup(name)) == NULL)
		return SQ_ENOMEM;
	return SQ_OK;
}

/* see fsio.h */
enum sq_err
fsio_dir_find(const char *suffix, char **ret_path, struct why *why)
{
	struct find f = { suffix, fsio_start(), NULL, 0 };
	enum sq_err e = fsio_each(f.dirfd, find_one, &f);

	if (e != SQ_OK)
		e = err_why(why, e, "cannot read this folder");
	else if (f.n == 0)
		e = err_why(why, SQ_ENOENT, "no folder here ends in %s; "
		    "name the vault with --vault DIR", suffix);
	else if (f.n > 1)
		e = err_why(why, SQ_EUSAGE, "%zu folders here end in %s: say"
		    " which one is meant, with --vault DIR", f.n, suffix);
	if (e != SQ_OK) {
		free(f.found);
		return e;
	}
	*ret_path = f.found;
	return SQ_OK;
}

/* Who holds the lock, from the kernel's own table; 0 where it does not say. */
static long
lock_holder(int fd)
{
	char line[256], kind[16], mode[16], how[16];
	unsigned major, minor;
	uint64_t inode;
	struct stat st;
	long pid, holder = 0;
	FILE *f;

	if (fstat(fd, &st) != 0 || (f = fopen("/proc/locks", "re")) == NULL)
		return 0;
	while (holder == 0 && fgets(line, sizeof(line), f) != NULL)
		if (sscanf(line, "%*u: %15s %15s %15s %ld %x:%x:%" SCNu64,
		    kind, how, mode, &pid, &major, &minor, &inode) == 7 &&
		    strcmp(kind, "FLOCK") == 0 &&
		    inode == (uint64_t)st.st_ino && pid > 0)
			holder = pid;
	(void)fclose(f);
	return holder;
}

/* see fsio.h */
enum sq_err
fsio_lock(int dirfd, const char *name, int *ret_fd, struct why *why)
{
	int fd, op = LOCK_EX;
	long pid;
	enum sq_err e;

	e = fsio_open_at(dirfd, name, O_RDWR, &fd, why);
	if (e == SQ_ENOENT) {
		fd = openat(dirfd, name, O_RDWR | O_CREAT | O_NOFOLLOW |
		    O_CLOEXEC, 0600);
		e = fd >= 0 ? SQ_OK : fsio_fail(why, "create", name);
	}
	if (e != SQ_OK && e != SQ_EDAMAGE && !fsio_writable(dirfd)) {
		op = LOCK_SH;
		e = fsio_open_at(dirfd, name, O_RDONLY, &fd, why);
		if (e == SQ_ENOENT)
			e = fsio_subdir(dirfd, ".", &fd, why);
	}
	if (e != SQ_OK)
		return e;
	if (flock(fd, op | LOCK_NB) == 0) {
		*ret_fd = fd;
		return SQ_OK;
	}
	if (errno != EWOULDBLOCK)
		e = fsio_fail(why, "lock", name);
	else if ((pid = lock_holder(fd)) > 0)
		e = err_why(why, SQ_EBUSY, "process %ld has it open", pid);
	else
		e = err_why(why, SQ_EBUSY, "another process has it open");
	fsio_close(fd);
	return e;
}

/* see fsio.h */
enum sq_err
fsio_copy(int from, const char *name, int to, const char *toname,
    struct why *why)
{
	uint8_t buf[65536];
	ssize_t got = 0;
	bool ok = true;
	enum sq_err e;
	int in, out;

	if ((e = fsio_open_at(from, name, O_RDONLY, &in, why)) != SQ_OK)
		return e;
	out = openat(to, toname, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW |
	    O_CLOEXEC, 0600);
	if (out < 0) {
		e = fsio_fail(why, "create", toname);
		fsio_close(in);
		return e;
	}
	while (ok && (got = read(in, buf, sizeof(buf))) != 0)
		ok = got > 0 ? fsio_put(out, buf, (size_t)got) :
		    errno == EINTR;
	if (!ok || !fsio_sync(out))
		e = fsio_fail(why, "copy", name);
	if (close(out) != 0 && e == SQ_OK)
		e = fsio_fail(why, "finish copying", name);
	if (e == SQ_OK && !fsio_sync(to))
		e = fsio_fail(why, "make durable", toname);
	if (e != SQ_OK)
		(void)unlinkat(to, toname, 0);
	fsio_close(in);
	return e;
}

/* see fsio.h */
enum sq_err
fsio_rmdir(int dirfd, const char *name, struct why *why)
{
	if (unlinkat(dirfd, name, AT_REMOVEDIR) != 0)
		return errno == ENOENT ? SQ_OK :
		    fsio_fail(why, "remove the folder", name);
	return SQ_OK;
}

/* see fsio.h */
enum sq_err
fsio_mtime(int dirfd, const char *name, uint64_t *ret)
{
	struct stat st;

	if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? SQ_ENOENT : SQ_EIO;
	*ret = st.st_mtime < 0 ? 0 : (uint64_t)st.st_mtime;
	return SQ_OK;
}

/* see fsio.h */
enum sq_err
fsio_path_unlink(const char *path, const struct fsio_mark *mark,
    struct why *why)
{
	char name[NAME_CAP];
	struct stat st;
	enum sq_err e;
	int fd;

	if ((e = fsio_parent(path, &fd, name, sizeof(name), why)) != SQ_OK)
		return e;
	if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		e = fsio_fail(why, "examine", path);
	else if (!S_ISREG(st.st_mode) || st.st_dev != mark->dev ||
	    st.st_ino != mark->ino || (uint64_t)st.st_size != mark->size ||
	    st.st_mtim.tv_sec != mark->mtime ||
	    st.st_mtim.tv_nsec != mark->mtime_ns ||
	    st.st_ctim.tv_sec != mark->ctime ||
	    st.st_ctim.tv_nsec != mark->ctime_ns)
		e = err_why(why, SQ_EREFUSED, "%s has changed since it was "
		    "read", path);
	else if (unlinkat(fd, name, 0) != 0)
		e = fsio_fail(why, "remove", path);
	fsio_close(fd);
	return e;
}

/* see fsio.h */
int
fsio_path_mark(const char *path, bool folder)
{
	return openat(fsio_start(), path, O_PATH | O_CLOEXEC |
	    (folder ? O_DIRECTORY : 0));
}
