#include <sys/stat.h>
#include <sys/vfs.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vault/fsio.h"
#include "vault/fsio_int.h"

#define NAME_CAP 256
#define PIECE ((size_t)256 << 10)

/* File systems that keep no owner and no rights of a file, by their magic. */
static const struct {
	unsigned long magic;
	bool fat;
} bare[] = {
	{ 0x4d44, true },		/* FAT */
	{ 0x2011bab0, false },		/* exFAT */
	{ 0x5346544e, false },		/* NTFS */
	{ 0x7366746e, false },		/* NTFS, the newer driver */
	{ 0x65735546, false },		/* FUSE: NTFS and exFAT of old */
	{ 0xff534d42, false },		/* CIFS */
	{ 0xfe534d42, false },		/* SMB 2 */
};

/* see fsio.h */
enum sq_err
fsio_medium(int fd, struct fsio_medium *ret, struct why *why)
{
	struct statfs fs;

	memset(ret, 0, sizeof(*ret));
	ret->file_max = UINT64_MAX;
	if (fstatfs(fd, &fs) != 0)
		return fsio_fail(why, "examine", "the medium");
	for (size_t i = 0; i < sizeof(bare) / sizeof(*bare); i++) {
		if ((unsigned long)fs.f_type != bare[i].magic)
			continue;
		ret->bare = true;
		if (bare[i].fat)
			ret->file_max = UINT32_MAX;
	}
	ret->room = (uint64_t)fs.f_bavail * (uint64_t)fs.f_bsize;
	return SQ_OK;
}

/* see fsio.h */
enum sq_err
fsio_medium_open(const char *path, int *ret_fd, struct fsio_medium *ret,
    struct why *why)
{
	enum sq_err e;
	int fd;

	if ((e = fsio_path_open_dir(path, &fd, why)) != SQ_OK)
		return e;
	if ((e = fsio_medium(fd, ret, why)) == SQ_OK && !ret->bare) {
		fsio_close(fd);
		return fsio_dir_open(path, ret_fd, why);
	}
	if (e == SQ_OK)
		*ret_fd = fd;
	else
		fsio_close(fd);
	return e;
}

/* see fsio.h */
bool
fsio_same_folder(int a, int b)
{
	struct stat x, y;

	return fstat(a, &x) == 0 && fstat(b, &y) == 0 &&
	    x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* see fsio.h */
bool
fsio_same_medium(int a, int b)
{
	struct stat x, y;

	return fstat(a, &x) == 0 && fstat(b, &y) == 0 &&
	    x.st_dev == y.st_dev;
}

/* Does ${is} hold of an open folder, or of one above it?  Closes ${at}. */
static bool
upward(int at, bool (*is)(int at, const void *arg), const void *arg)
{
	bool in = false, top = false;
	int up;

	while (at >= 0 && !in && !top) {
		in = is(at, arg);
		up = openat(at, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		top = up >= 0 && fsio_same_folder(at, up);
		fsio_close(at);
		at = up;
	}
	fsio_close(at);
	return in;
}

static bool
is_folder(int at, const void *folder)
{
	return fsio_same_folder(at, *(const int *)folder);
}

static bool
has_name(int at, const void *name)
{
	return fsio_exists(at, name);
}

/* see fsio.h */
bool
fsio_inside(int fd, int folder)
{
	return upward(openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC),
	    is_folder, &folder);
}

/* see fsio.h */
bool
fsio_path_below(const char *path, const char *name)
{
	int at;

	if (fsio_path_is_dir(path) ? fsio_path_open_dir(path, &at, NULL) !=
	    SQ_OK : fsio_path_parent(path, &at, NULL) != SQ_OK)
		return false;
	return upward(at, has_name, name);
}

/* see fsio.h */
bool
fsio_exists(int dirfd, const char *name)
{
	return faccessat(dirfd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/* see fsio.h */
bool
fsio_path_exists(const char *path)
{
	return fsio_exists(fsio_start(), path);
}

/* see fsio.h */
enum sq_err
fsio_path_parent(const char *path, int *ret_fd, struct why *why)
{
	char base[NAME_CAP];

	return fsio_parent(path, ret_fd, base, sizeof(base), why);
}

/* see fsio.h */
enum sq_err
fsio_path_can(const char *path, struct why *why)
{
	char base[NAME_CAP], part[NAME_CAP];
	int dir;
	enum sq_err e;

	/* room for ".part" */
	if ((e = fsio_parent(path, &dir, base, NAME_CAP - 5, why)) != SQ_OK)
		return e;
	(void)snprintf(part, sizeof(part), "%.250s.part", base);
	if (fsio_exists(dir, base))
		e = err_why(why, SQ_EEXIST, "%s is there already; nothing was"
		    " written", path);
	else if (fsio_exists(dir, part))
		e = fsio_part_left(path, why);
	else if (faccessat(dir, ".", W_OK | X_OK, 0) != 0)
		e = fsio_fail(why, "write to", path);
	fsio_close(dir);
	return e;
}

/* see fsio.h */
enum sq_err
fsio_same_file(int a, const char *name, int b, const char *name2,
    struct why *why)
{
	struct fsio_bulk *x = NULL, *y = NULL;
	size_t room = PIECE + 3 * FSIO_ALIGN, n;
	uint8_t *buf[2] = { NULL, NULL }, *p, *q;
	uint64_t size = 0, size2 = 0;
	enum sq_err e;

	if ((e = fsio_bulk_open(a, name, &x, why)) != SQ_OK ||
	    (e = fsio_bulk_open(b, name2, &y, why)) != SQ_OK ||
	    (e = fsio_bulk_size(x, &size)) != SQ_OK ||
	    (e = fsio_bulk_size(y, &size2)) != SQ_OK)
		goto out;
	buf[0] = aligned_alloc(FSIO_ALIGN, room);
	buf[1] = aligned_alloc(FSIO_ALIGN, room);
	if (buf[0] == NULL || buf[1] == NULL) {
		e = SQ_ENOMEM;
		goto out;
	}
	fsio_bulk_forget(y, false);
	if (size != size2)
		e = SQ_EDAMAGE;
	for (uint64_t at = 0; at < size && e == SQ_OK; at += n) {
		n = size - at < PIECE ? (size_t)(size - at) : PIECE;
		if ((e = fsio_bulk_read(x, at, buf[0], n, &p, why)) != SQ_OK ||
		    (e = fsio_bulk_read(y, at, buf[1], n, &q, why)) != SQ_OK)
			goto out;
		if (memcmp(p, q, n) != 0)
			e = SQ_EDAMAGE;
	}
	if (e != SQ_OK)
		e = err_why(why, SQ_EIO, "%s reads back differently from what "
		    "was written: the medium or the memory may be failing",
		    name2);
out:
	free(buf[0]);
	free(buf[1]);
	(void)fsio_bulk_close(x, NULL);
	(void)fsio_bulk_close(y, NULL);
	return e;
}
