/*
 * Power cuts by replay.  A run of the program is traced; from the trace every
 * change it made to files is known, in order, with what was synced and when it
 * said that it had saved.  Of that any state a disk may be left in can be made:
 *
 *	a cut after the first n changes, for any n; of the changes that nothing
 *	synced since, any may be lost.  A write may be lost in any of its
 *	sectors of 512 bytes, and the growth of its file be kept or lost apart
 *	from it; a name that was made, moved or removed is there or not unless
 *	its folder was synced since.
 *
 * Which of them are lost is drawn from a seed, the name of the operation and
 * the number of the state: the same three give the same state again.
 *
 * The trace is strace's: it misses nothing that a preloaded library would, not
 * even what the C library does by itself; and pw_record proves it by holding
 * what it makes of the whole trace against the files as they are.
 */
#ifndef SQ_TESTS_POWER_H
#define SQ_TESTS_POWER_H

#include "crypto/digest.h"
#include "tests/unit/tamper.h"

#define SECTOR 512
#define PW_NODES 512
#define PW_NAMES 512
#define PW_NAME 96
#define PW_CALLS "trace=write,pwrite64,writev,pwritev,ftruncate,truncate," \
	"fallocate,fsync,fdatasync,syncfs,rename,renameat,renameat2,link," \
	"linkat,unlink,unlinkat,rmdir,mkdir,mkdirat,open,openat,openat2," \
	"creat,lseek,chdir,fchdir,copy_file_range,sendfile"

enum pw_kind { PW_WRITE, PW_SIZE, PW_SYNC, PW_SYNC_ALL, PW_MAKE, PW_REMOVE,
	PW_MOVE, PW_ACK };

struct pw_op {
	enum pw_kind kind;
	int node;		/* file or folder; of a name: what it names */
	int dir, dir2;		/* of a name, and where it is moved to */
	char name[PW_NAME], name2[PW_NAME];
	size_t off, n;		/* PW_SIZE: the new size is n */
	bool grow;		/* PW_SIZE: never smaller than before */
	uint8_t *p;
	size_t settled;		/* number of the change that synced it */
};

struct pw_node {
	bool dir, own;		/* own: the bytes are this tree's */
	uint8_t *p;
	size_t n;
};

struct pw_tree {
	struct pw_node node[PW_NODES];
	int nodes;
	struct {
		int dir, node;
		char name[PW_NAME];
	} at[PW_NAMES];
	int names;
};

struct pw_log {
	char root[96];		/* node 0 */
	char cwd[256];
	struct pw_tree base, live;
	struct pw_op *op;
	size_t n, cap;
	size_t pos[1024];	/* of descriptors */
};

/* --- a tree of files ------------------------------------------------------ */

TM int
pw_find(const struct pw_tree *t, int dir, const char *name)
{
	for (int i = 0; i < t->names; i++)
		if (t->at[i].dir == dir && strcmp(t->at[i].name, name) == 0)
			return i;
	return -1;
}

/* The name stands for this from now on; -1: for nothing. */
TM void
pw_name(struct pw_tree *t, int dir, const char *name, int node)
{
	int i = pw_find(t, dir, name);

	if (node < 0) {
		if (i >= 0)
			t->at[i] = t->at[--t->names];
		return;
	}
	if (i < 0) {
		assert_true(t->names < PW_NAMES);
		i = t->names++;
		t->at[i].dir = dir;
		(void)snprintf(t->at[i].name, PW_NAME, "%.90s", name);
	}
	t->at[i].node = node;
}

TM int
pw_new(struct pw_tree *t, bool dir)
{
	assert_true(t->nodes < PW_NODES);
	memset(&t->node[t->nodes], 0, sizeof(t->node[0]));
	t->node[t->nodes].dir = dir;
	return t->nodes++;
}

/* Room for n bytes that may be written to; what is new is zeros. */
TM void
pw_room(struct pw_node *f, size_t n)
{
	uint8_t *p = calloc(1, n + 1);

	assert_non_null(p);
	if (f->n > 0)
		memcpy(p, f->p, f->n < n ? f->n : n);
	if (f->own)
		free(f->p);
	f->p = p;
	f->n = n;
	f->own = true;
}

TM void
pw_free(struct pw_tree *t)
{
	for (int i = 0; i < t->nodes; i++)
		if (t->node[i].own)
			free(t->node[i].p);
	t->nodes = t->names = 0;
}

/* A copy that shares the bytes; ${from} must outlive it. */
TM void
pw_copy(struct pw_tree *to, const struct pw_tree *from)
{
	*to = *from;
	for (int i = 0; i < to->nodes; i++)
		to->node[i].own = false;
}

TM void
pw_load(struct pw_tree *t, int dir, const char *path)
{
	char sub[512];
	struct dirent *d;
	struct stat st;
	DIR *dh = opendir(path);
	int k;

	assert_non_null(dh);
	while ((d = readdir(dh)) != NULL) {
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") ==
		    0)
			continue;
		(void)snprintf(sub, sizeof(sub), "%s/%s", path, d->d_name);
		assert_int_equal(lstat(sub, &st), 0);
		k = pw_new(t, S_ISDIR(st.st_mode));
		pw_name(t, dir, d->d_name, k);
		if (S_ISDIR(st.st_mode)) {
			pw_load(t, k, sub);
			continue;
		}
		t->node[k].p = tm_read(sub, &t->node[k].n);
		t->node[k].own = true;
	}
	(void)closedir(dh);
}

/* Write it out below path, which is there and empty. */
TM void
pw_store(const struct pw_tree *t, int dir, const char *path)
{
	char sub[512];

	for (int i = 0; i < t->names; i++) {
		const struct pw_node *f = &t->node[t->at[i].node];

		if (t->at[i].dir != dir)
			continue;
		(void)snprintf(sub, sizeof(sub), "%s/%s", path, t->at[i].name);
		if (f->dir) {
			assert_int_equal(mkdir(sub, 0700), 0);
			pw_store(t, t->at[i].node, sub);
		} else
			tm_write(sub, f->n == 0 ? (const uint8_t *)"" : f->p,
			    f->n);
	}
}

/* The node of a path below the root, -1 if there is none. */
TM int
pw_walk(const struct pw_tree *t, const char *path)
{
	char name[PW_NAME];
	int node = 0, i;
	size_t n;

	while (*path != '\0') {
		n = strcspn(path, "/");
		if (n >= PW_NAME)
			return -1;
		memcpy(name, path, n);
		name[n] = '\0';
		path += n + (path[n] == '/');
		if (n == 0)
			continue;
		if ((i = pw_find(t, node, name)) < 0)
			return -1;
		node = t->at[i].node;
	}
	return node;
}

/* Is everything in a also in b, and the same? */
TM bool
pw_within(const struct pw_tree *a, int da, const struct pw_tree *b, int db,
    char *where, size_t cap)
{
	for (int i = 0; i < a->names; i++) {
		const struct pw_node *f = &a->node[a->at[i].node], *g;
		int k;

		if (a->at[i].dir != da)
			continue;
		(void)snprintf(where, cap, "%s", a->at[i].name);
		if ((k = pw_find(b, db, a->at[i].name)) < 0)
			return false;
		g = &b->node[b->at[k].node];
		if (f->dir != g->dir || (f->dir ? !pw_within(a,
		    a->at[i].node, b, b->at[k].node, where, cap) : f->n !=
		    g->n || (f->n > 0 && memcmp(f->p, g->p, f->n) != 0)))
			return false;
	}
	return true;
}

/* One number for all of it; what was never written to stands for itself. */
TM uint64_t
pw_print(const struct pw_tree *t, int dir)
{
	uint64_t sum = 0, h;
	uint8_t out[DIGEST_LEN];

	for (int i = 0; i < t->names; i++) {
		const struct pw_node *f = &t->node[t->at[i].node];

		if (t->at[i].dir != dir)
			continue;
		h = (uintptr_t)f->p;
		if (f->dir)
			h = pw_print(t, t->at[i].node);
		else if (f->own) {
			digest_sha256(out, f->p, f->n);
			memcpy(&h, out, sizeof(h));
		}
		for (const char *s = t->at[i].name; *s != '\0'; s++)
			h = (h ^ (unsigned char)*s) * 0x100000001B3u;
		sum += (h ^ h >> 29) * 0xBF58476D1CE4E5B9u;
	}
	return sum;
}

/* --- what is lost --------------------------------------------------------- */

enum pw_mode { PW_ALL, PW_NONE, PW_HALF, PW_FEW, PW_MODES };

struct pw_dice {
	uint64_t x;
	enum pw_mode mode;
};

TM uint64_t
pw_roll(struct pw_dice *d)
{
	uint64_t z = d->x += 0x9E3779B97F4A7C15u;

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return z ^ z >> 31;
}

/* Has it reached the disk? */
TM bool
pw_kept(struct pw_dice *d)
{
	switch (d->mode) {
	case PW_ALL:
		return true;
	case PW_HALF:
		return pw_roll(d) % 2 == 0;
	case PW_FEW:
		return pw_roll(d) % 8 != 0;
	case PW_NONE:
	case PW_MODES:
		break;
	}
	return false;
}

/* A write, whole if there are no dice. */
TM void
pw_put(struct pw_node *f, const struct pw_op *o, struct pw_dice *d)
{
	size_t end = o->off + o->n, at, n;
	bool whole = d == NULL || d->mode == PW_ALL;

	if (d != NULL && d->mode == PW_NONE)
		return;
	if (!whole && pw_roll(d) % 3 == 0)
		whole = pw_kept(d);
	else if (!whole && end > f->n && pw_kept(d))
		pw_room(f, end);	/* the size alone */
	for (at = o->off; at < end; at += n) {
		n = SECTOR - at % SECTOR;
		if (n > end - at)
			n = end - at;
		if (!whole && !pw_kept(d))
			continue;
		if (!f->own || at + n > f->n)
			pw_room(f, at + n > f->n ? (whole ? end : at + n) :
			    f->n);
		memcpy(f->p + at, o->p + (at - o->off), n);
	}
}

/* One change; without dice as the program saw it. */
TM void
pw_apply(struct pw_tree *t, const struct pw_op *o, struct pw_dice *d)
{
	struct pw_node *f = &t->node[o->node];

	switch (o->kind) {
	case PW_WRITE:
		pw_put(f, o, d);
		break;
	case PW_SIZE:
		if ((d == NULL || pw_kept(d)) && !(o->grow && f->n >= o->n))
			pw_room(f, o->n);
		break;
	case PW_MAKE:
		while (t->nodes <= o->node)
			(void)pw_new(t, false);
		t->node[o->node].dir = o->grow;
		if (d == NULL || pw_kept(d))
			pw_name(t, o->dir, o->name, o->node);
		break;
	case PW_REMOVE:
		if (d == NULL || pw_kept(d))
			pw_name(t, o->dir, o->name, -1);
		break;
	case PW_MOVE:
		if (d == NULL || pw_kept(d)) {
			pw_name(t, o->dir, o->name, -1);
			pw_name(t, o->dir2, o->name2, o->node);
		}
		break;
	case PW_SYNC:
	case PW_SYNC_ALL:
	case PW_ACK:
		break;
	}
}

/* What the disk holds after a cut behind the first n changes. */
TM void
pw_cut(const struct pw_log *l, size_t n, struct pw_dice *d,
    struct pw_tree *ret)
{
	pw_copy(ret, &l->base);
	for (size_t i = 0; i < n; i++)
		pw_apply(ret, &l->op[i], l->op[i].settled < n ? NULL : d);
}

/* --- reading the trace ---------------------------------------------------- */

/* Decode \xHH... up to the end sign into out; its length. */
TM size_t
pw_hex(const char *s, char end, uint8_t *out)
{
	size_t n = 0;
	unsigned v;

	while (*s != end && *s != '\0') {
		if (s[0] != '\\' || s[1] != 'x' ||
		    sscanf(s + 2, "%2x", &v) != 1)
			fail_msg("a trace that is not understood: %.40s", s);
		out[n++] = (uint8_t)v;
		s += 4;
	}
	out[n] = '\0';
	return n;
}

/* The path behind a descriptor, relative to the root; false: not below it. */
TM bool
pw_below(const struct pw_log *l, const char *path, char *out, size_t cap)
{
	size_t n = strlen(l->root);

	if (strncmp(path, l->root, n) != 0 || (path[n] != '/' &&
	    path[n] != '\0'))
		return false;
	(void)snprintf(out, cap, "%s", path + n);
	return true;
}

TM bool
pw_fd(const char *arg, char *out, size_t cap)
{
	uint8_t buf[4096];
	const char *p = strchr(arg, '<');

	if (p == NULL || p[1] != '\\' || strlen(p) > 4 * sizeof(buf))
		return false;
	(void)pw_hex(p + 1, '>', buf);
	(void)snprintf(out, cap, "%s", (const char *)buf);
	return true;
}

/* The folder and the last name of a path argument. */
TM bool
pw_where(const struct pw_log *l, const char *dirarg, const char *arg,
    int *ret_dir, char name[PW_NAME])
{
	char path[4096], full[8300], rel[4096], base[4096], *p;

	if (arg[0] != '"' || strlen(arg) > sizeof(path))
		return false;
	(void)pw_hex(arg + 1, '"', (uint8_t *)path);
	(void)snprintf(base, sizeof(base), "%s", l->cwd);
	if (dirarg != NULL)
		(void)pw_fd(dirarg, base, sizeof(base));
	if (path[0] == '/')
		(void)snprintf(full, sizeof(full), "%s", path);
	else
		(void)snprintf(full, sizeof(full), "%s/%s", base, path);
	if (!pw_below(l, full, rel, sizeof(rel)) ||
	    (p = strrchr(rel, '/')) == NULL || strlen(p + 1) >= PW_NAME)
		return false;
	*p++ = '\0';
	(void)snprintf(name, PW_NAME, "%.90s", p);
	if (strcmp(name, ".") == 0 || name[0] == '\0')
		return false;
	*ret_dir = pw_walk(&l->live, rel);
	return *ret_dir >= 0;
}

TM int
pw_file(const struct pw_log *l, const char *arg)
{
	char path[4096], rel[4096];

	if (!pw_fd(arg, path, sizeof(path)) ||
	    !pw_below(l, path, rel, sizeof(rel)))
		return -1;
	return pw_walk(&l->live, rel);
}

TM struct pw_op *
pw_add(struct pw_log *l, enum pw_kind kind, int node)
{
	if (l->n == l->cap) {
		l->cap = l->cap * 2 + 64;
		l->op = realloc(l->op, l->cap * sizeof(l->op[0]));
		assert_non_null(l->op);
	}
	memset(&l->op[l->n], 0, sizeof(l->op[0]));
	l->op[l->n].kind = kind;
	l->op[l->n].node = node;
	return &l->op[l->n++];
}

/* A name for a new file or folder. */
TM void
pw_made(struct pw_log *l, int dir, const char *name, bool folder)
{
	struct pw_op *o = pw_add(l, PW_MAKE, l->live.nodes);

	o->dir = dir;
	o->grow = folder;
	memcpy(o->name, name, PW_NAME);
	pw_apply(&l->live, o, NULL);
}

TM void
pw_opened(struct pw_log *l, char **a, long ret)
{
	char name[PW_NAME];
	int dir, i;
	struct pw_op *o;

	if (ret < 1024)
		l->pos[ret] = 0;
	if (!pw_where(l, a[0], a[1], &dir, name) || a[2] == NULL)
		return;
	i = pw_find(&l->live, dir, name);
	if (i < 0 && strstr(a[2], "O_CREAT") != NULL)
		pw_made(l, dir, name, false);
	else if (i >= 0 && strstr(a[2], "O_TRUNC") != NULL) {
		o = pw_add(l, PW_SIZE, l->live.at[i].node);
		pw_apply(&l->live, o, NULL);
	}
}

TM void
pw_wrote(struct pw_log *l, char **a, long ret, bool at)
{
	long fd = strtol(a[0], NULL, 10);
	int node = pw_file(l, a[0]);
	char path[4096] = "";
	struct pw_op *o;

	if (node < 0) {
		/* what it says goes to a file; pipes are its children's */
		if (fd == 1 && ret > 0 && pw_fd(a[0], path, sizeof(path)) &&
		    path[0] == '/')
			(void)pw_add(l, PW_ACK, 0);
		return;
	}
	assert_in_range(fd, 0, 1023);
	o = pw_add(l, PW_WRITE, node);
	o->p = malloc(strlen(a[1]) / 4 + 1);
	assert_non_null(o->p);
	(void)pw_hex(a[1] + 1, '"', o->p);
	o->n = (size_t)ret;
	if (at)
		o->off = strtoul(a[3], NULL, 10);
	else {
		o->off = l->pos[fd];
		l->pos[fd] += (size_t)ret;
	}
	pw_apply(&l->live, o, NULL);
}

TM void
pw_removed(struct pw_log *l, const char *dirarg, const char *arg)
{
	struct pw_op *o;
	char name[PW_NAME];
	int dir, i;

	if (!pw_where(l, dirarg, arg, &dir, name) ||
	    (i = pw_find(&l->live, dir, name)) < 0)
		return;
	o = pw_add(l, PW_REMOVE, l->live.at[i].node);
	o->dir = dir;
	memcpy(o->name, name, PW_NAME);
	pw_apply(&l->live, o, NULL);
}

TM void
pw_moved(struct pw_log *l, const char *d1, const char *a1, const char *d2,
    const char *a2)
{
	char name[PW_NAME], name2[PW_NAME];
	int dir, dir2, i;
	struct pw_op *o;

	if (!pw_where(l, d1, a1, &dir, name) || !pw_where(l, d2, a2, &dir2,
	    name2) || (i = pw_find(&l->live, dir, name)) < 0)
		return;
	o = pw_add(l, PW_MOVE, l->live.at[i].node);
	o->dir = dir;
	o->dir2 = dir2;
	memcpy(o->name, name, PW_NAME);
	memcpy(o->name2, name2, PW_NAME);
	pw_apply(&l->live, o, NULL);
}

TM void
pw_sized(struct pw_log *l, const char *arg, size_t n, bool grow)
{
	int node = pw_file(l, arg);
	struct pw_op *o;

	if (node < 0)
		return;
	o = pw_add(l, PW_SIZE, node);
	o->n = n;
	o->grow = grow;
	pw_apply(&l->live, o, NULL);
}

/* Calls about names. */
TM bool
pw_call_name(struct pw_log *l, const char *call, char **a, long ret)
{
	char name[PW_NAME];
	int dir;

	if (strcmp(call, "openat") == 0 || strcmp(call, "openat2") == 0)
		pw_opened(l, a, ret);
	else if (strcmp(call, "open") == 0) {
		char *b[] = { NULL, a[0], a[1] };

		pw_opened(l, b, ret);
	} else if (strcmp(call, "mkdirat") == 0 || strcmp(call, "mkdir") == 0) {
		bool at = call[5] != '\0';

		if (pw_where(l, at ? a[0] : NULL, a[at], &dir, name))
			pw_made(l, dir, name, true);
	} else if (strcmp(call, "unlinkat") == 0)
		pw_removed(l, a[0], a[1]);
	else if (strcmp(call, "unlink") == 0 || strcmp(call, "rmdir") == 0)
		pw_removed(l, NULL, a[0]);
	else if (strncmp(call, "renameat", 8) == 0)
		pw_moved(l, a[0], a[1], a[2], a[3]);
	else if (strcmp(call, "rename") == 0)
		pw_moved(l, NULL, a[0], NULL, a[1]);
	else
		return false;
	return true;
}

TM void
pw_call(struct pw_log *l, const char *call, char **a, long ret)
{
	long fd = strtol(a[0], NULL, 10);

	if (pw_call_name(l, call, a, ret))
		return;
	if (strcmp(call, "write") == 0)
		pw_wrote(l, a, ret, false);
	else if (strcmp(call, "pwrite64") == 0)
		pw_wrote(l, a, ret, true);
	else if (strcmp(call, "ftruncate") == 0)
		pw_sized(l, a[0], strtoul(a[1], NULL, 10), false);
	else if (strcmp(call, "fallocate") == 0) {
		if (strcmp(a[1], "0") == 0)
			pw_sized(l, a[0], strtoul(a[2], NULL, 10) +
			    strtoul(a[3], NULL, 10), true);
	} else if (strcmp(call, "fsync") == 0 || strcmp(call, "fdatasync") ==
	    0) {
		int node = pw_file(l, a[0]);

		if (node >= 0)
			(void)pw_add(l, PW_SYNC, node);
	} else if (strcmp(call, "syncfs") == 0)
		(void)pw_add(l, PW_SYNC_ALL, 0);
	else if (strcmp(call, "lseek") == 0 && fd >= 0 && fd < 1024)
		l->pos[fd] = (size_t)ret;
	else if (strcmp(call, "fchdir") == 0)
		(void)pw_fd(a[0], l->cwd, sizeof(l->cwd));
	else if (strcmp(call, "chdir") == 0 && a[0][0] == '"')
		(void)pw_hex(a[0] + 1, '"', (uint8_t *)l->cwd);
}

/* "name(a, b, c) = ret" */
TM void
pw_line(struct pw_log *l, char *s)
{
	char *call = s, *a[8] = { NULL }, *p, *end = NULL;
	bool quote = false, angle = false;
	size_t n = 0;

	for (p = s; (p = strstr(p, ") = ")) != NULL; p++)
		end = p;
	if (end == NULL || (p = strchr(s, '(')) == NULL || end[4] == '-')
		return;
	*p++ = *end = '\0';
	for (a[n++] = p; *p != '\0' && n < 7; p++) {
		quote ^= *p == '"';
		angle = !quote && (*p == '<' || (angle && *p != '>'));
		if (*p == ',' && !quote && !angle) {
			*p++ = '\0';
			a[n++] = p + 1;
		}
	}
	pw_call(l, call, a, strtol(end + 4, NULL, 10));
}

/* Lines of several threads: "<unfinished ...>" and "<... call resumed>". */
TM void
pw_parse(struct pw_log *l, const char *path)
{
	static struct {
		long pid;
		char *s;
	} open_call[256];
	FILE *f = fopen(path, "r");
	char *line = NULL, *p, *q, *whole;
	size_t cap = 0;
	long pid;

	assert_non_null(f);
	while (getline(&line, &cap, f) > 0) {
		pid = strtol(line, &p, 10);
		p += strspn(p, " ");
		if ((q = strstr(p, " <unfinished ...>")) != NULL) {
			*q = '\0';
			for (int i = 0; i < 256; i++)
				if (open_call[i].s == NULL) {
					open_call[i].pid = pid;
					open_call[i].s = strdup(p);
					break;
				}
			continue;
		}
		if (strncmp(p, "<... ", 5) != 0) {
			pw_line(l, p);
			continue;
		}
		if ((q = strstr(p, " resumed>")) == NULL)
			continue;
		for (int i = 0; i < 256; i++)
			if (open_call[i].s != NULL && open_call[i].pid ==
			    pid) {
				assert_true(asprintf(&whole, "%s%s",
				    open_call[i].s, q + 9) > 0);
				pw_line(l, whole);
				free(whole);
				free(open_call[i].s);
				open_call[i].s = NULL;
				break;
			}
	}
	free(line);
	(void)fclose(f);
}

/* Of every change the one that synced it. */
TM void
pw_settle(struct pw_log *l)
{
	for (size_t i = 0; i < l->n; i++) {
		struct pw_op *o = &l->op[i];
		bool name = o->kind == PW_MAKE || o->kind == PW_REMOVE ||
		    o->kind == PW_MOVE;
		size_t j = i + 1;

		for (; j < l->n; j++)
			if (l->op[j].kind == PW_SYNC_ALL ||
			    (l->op[j].kind == PW_SYNC && (name ?
			    l->op[j].node == o->dir || (o->kind == PW_MOVE &&
			    l->op[j].node == o->dir2) : l->op[j].node ==
			    o->node)))
				break;
		o->settled = j < l->n ? j : SIZE_MAX;
	}
}

TM void
pw_log_free(struct pw_log *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->op[i].p);
	free(l->op);
	pw_free(&l->live);
	pw_free(&l->base);
	memset(l, 0, sizeof(*l));
}

/*
 * Everything below ${root} is what it was before; ${log} is what strace wrote
 * of the run that is to follow; call ${run}.  Afterwards ${l} has its changes.
 */
TM void
pw_record(struct pw_log *l, const char *root, const char *log,
    void (*run)(void *arg), void *arg)
{
	struct pw_tree *end = calloc(1, sizeof(*end));
	char where[PW_NAME] = "";

	assert_non_null(end);
	memset(l, 0, sizeof(*l));
	(void)snprintf(l->root, sizeof(l->root), "%s", root);
	(void)snprintf(l->cwd, sizeof(l->cwd), "%s", root);
	(void)pw_new(&l->base, true);
	pw_load(&l->base, 0, root);
	pw_copy(&l->live, &l->base);
	run(arg);
	pw_parse(l, log);
	pw_settle(l);
	(void)pw_new(end, true);
	pw_load(end, 0, root);
	if (!pw_within(end, 0, &l->live, 0, where, sizeof(where)) ||
	    !pw_within(&l->live, 0, end, 0, where, sizeof(where)))
		fail_msg("the trace does not explain %s", where);
	pw_free(end);
	free(end);
}

#endif
