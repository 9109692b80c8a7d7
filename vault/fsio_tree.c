#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vault/fsio.h"
#include "vault/fsio_int.h"

#define NAME_CAP 256
#define DEPTH_MAX 32
#define FILES_MAX 1000000

/* see fsio_int.h */
enum sq_err
fsio_descend(int dirfd, const char *relpath, bool make, int *ret_fd,
    char *base, size_t cap, struct why *why)
{
	const char *p = relpath;
	size_t n;
	enum sq_err e = SQ_OK;
	int dir = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), next;

	if (dir < 0)
		return fsio_fail(why, "open the folder of", relpath);
	for (;; p += n + 1) {
		n = strcspn(p, "/");
		if (n == 0 || n >= cap || (n == 1 && p[0] == '.') ||
		    (n == 2 && p[0] == '.' && p[1] == '.')) {
			e = err_why(why, SQ_EREFUSED,
			    "'%s' is not a path inside the folder", relpath);
			break;
		}
		memcpy(base, p, n);
		base[n] = '\0';
		if (p[n] == '\0')
			break;
		if (make && mkdirat(dir, base, 0700) != 0 && errno != EEXIST) {
			e = fsio_fail(why, "make the folder", relpath);
			break;
		}
		e = fsio_subdir(dir, base, &next, why);
		if (e == SQ_EDAMAGE)
			e = SQ_EREFUSED;
		if (e != SQ_OK)
			break;
		fsio_close(dir);
		dir = next;
	}
	if (e != SQ_OK) {
		fsio_close(dir);
		return e;
	}
	*ret_fd = dir;
	return SQ_OK;
}

/* Open the folder that holds PATH, and the two names PATH and PATH.part. */
static enum sq_err
tree_names(const char *path, int *ret_dir, char base[NAME_CAP],
    char part[NAME_CAP], struct why *why)
{
	enum sq_err e = fsio_parent(path, ret_dir, base, NAME_CAP - 5, why);

	if (e == SQ_OK)
		(void)snprintf(part, NAME_CAP, "%.250s.part", base);
	return e;
}

/* Make PATH.part, or go on with the one that is there. */
static enum sq_err
tree_begin(const char *path, bool again, int *ret_fd, struct why *why)
{
	char base[NAME_CAP], part[NAME_CAP];
	enum sq_err e;
	int dir;

	if ((e = tree_names(path, &dir, base, part, why)) != SQ_OK)
		return e;
	if (faccessat(dir, base, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		e = err_why(why, SQ_EEXIST, "%s is there already; nothing was"
		    " written", path);
	else if (mkdirat(dir, part, 0700) == 0) {
		/* one that cannot be used would be in the next one's way */
		e = fsio_subdir(dir, part, ret_fd, why);
		if (e != SQ_OK)
			(void)unlinkat(dir, part, AT_REMOVEDIR);
	} else if (errno == EEXIST && again)
		e = fsio_subdir(dir, part, ret_fd, why);
	else
		e = errno == EEXIST ? fsio_part_left(path, why) :
		    fsio_fail(why, "make the folder", path);
	fsio_close(dir);
	return e;
}

/* see fsio.h */
enum sq_err
fsio_tree_new(const char *path, int *ret_fd, struct why *why)
{
	return tree_begin(path, false, ret_fd, why);
}

/* see fsio.h */
enum sq_err
fsio_tree_again(const char *path, int *ret_fd, struct why *why)
{
	return tree_begin(path, true, ret_fd, why);
}

/* see fsio.h */
enum sq_err
fsio_tree_end(const char *path, int fd, struct why *why)
{
	char base[NAME_CAP], part[NAME_CAP];
	enum sq_err e;
	int dir;

	if ((e = tree_names(path, &dir, base, part, why)) != SQ_OK)
		return e;
	/* one sync of the file system is far cheaper than one a file */
	if (syncfs(fd) != 0)
		e = fsio_fail(why, "make durable", part);
	else if (!fsio_move(dir, part, dir, base))
		e = fsio_fail(why, "put in place", path);
	else if (!fsio_sync(dir)) {
		(void)fsio_fail(why, "make durable", path);
		e = SQ_EUNSURE;
	}
	fsio_close(dir);
	return e;
}

struct drop {
	int dirfd;
	unsigned depth;
};

/* Remove a name and, if it is a folder, what is in it. */
static enum sq_err
drop_one(void *arg, const char *name)
{
	struct drop *d = arg, in;

	if (unlinkat(d->dirfd, name, 0) == 0 || d->depth >= DEPTH_MAX)
		return SQ_OK;
	if (fsio_subdir(d->dirfd, name, &in.dirfd, NULL) != SQ_OK)
		return SQ_OK;
	in.depth = d->depth + 1;
	(void)fsio_each(in.dirfd, drop_one, &in);
	fsio_close(in.dirfd);
	(void)unlinkat(d->dirfd, name, AT_REMOVEDIR);
	return SQ_OK;
}

/* see fsio.h */
void
fsio_tree_drop(const char *path)
{
	char base[NAME_CAP], part[NAME_CAP];
	struct drop d = { -1, 0 };

	if (tree_names(path, &d.dirfd, base, part, NULL) != SQ_OK)
		return;
	(void)drop_one(&d, part);
	fsio_close(d.dirfd);
}

/* One file found by a walk. */
struct found {
	char *path;
	uint64_t size;
};

struct walk {
	struct found *list;
	size_t n, cap;
	int dirfd;		/* of the folder being read */
	const char *prefix;
	unsigned depth;
	struct why *why;
};

static enum sq_err walk_one(void *arg, const char *name);

static enum sq_err
keep(struct walk *w, char *path, uint64_t size)
{
	struct found *grown;

	if (w->n >= FILES_MAX)
		return err_why(w->why, SQ_ELIMIT, "more than %d files",
		    FILES_MAX);
	if (w->n == w->cap) {
		w->cap = w->cap == 0 ? 64 : 2 * w->cap;
		grown = reallocarray(w->list, w->cap, sizeof(*grown));
		if (grown == NULL)
			return SQ_ENOMEM;
		w->list = grown;
	}
	w->list[w->n].path = path;
	w->list[w->n++].size = size;
	return SQ_OK;
}

/* Go into the folder ${name}, whose path from the top is ${path}. */
static enum sq_err
walk_into(struct walk *w, const char *name, const char *path)
{
	int outer = w->dirfd, fd;
	const char *prefix = w->prefix;
	enum sq_err e;

	if (w->depth >= DEPTH_MAX)
		return err_why(w->why, SQ_ELIMIT, "%s: folders too deep",
		    path);
	if ((e = fsio_subdir(outer, name, &fd, w->why)) != SQ_OK)
		return e;
	w->dirfd = fd;
	w->prefix = path;
	w->depth++;
	e = fsio_each(fd, walk_one, w);
	w->depth--;
	w->prefix = prefix;
	w->dirfd = outer;
	fsio_close(fd);
	return e;
}

static enum sq_err
walk_one(void *arg, const char *name)
{
	struct walk *w = arg;
	struct stat st;
	char *path = NULL;
	enum sq_err e;

	if (asprintf(&path, "%s%s%s", w->prefix, w->prefix[0] != '\0' ? "/" :
	    "", name) < 0)
		return SQ_ENOMEM;
	if (fstatat(w->dirfd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		e = fsio_fail(w->why, "examine", path);
	else if (S_ISDIR(st.st_mode))
		e = walk_into(w, name, path);
	else if (!S_ISREG(st.st_mode))
		e = err_why(w->why, SQ_EREFUSED, "%s is neither a file nor a"
		    " folder", path);
	else if ((e = keep(w, path, (uint64_t)st.st_size)) == SQ_OK)
		path = NULL;	/* transferred */
	free(path);
	return e;
}

static int
by_path(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	return strcmp(x->path, y->path);
}

/* see fsio.h */
enum sq_err
fsio_walk(int dirfd, enum sq_err (*cb)(void *arg, const char *relpath,
    uint64_t size), void *arg, struct why *why)
{
	struct walk w = { NULL, 0, 0, dirfd, "", 0, why };
	enum sq_err e = fsio_each(dirfd, walk_one, &w);

	if (w.n > 1)
		qsort(w.list, w.n, sizeof(*w.list), by_path);
	for (size_t i = 0; i < w.n; i++) {
		if (e == SQ_OK)
			e = cb(arg, w.list[i].path, w.list[i].size);
		free(w.list[i].path);
	}
	free(w.list);
	return e;
}
