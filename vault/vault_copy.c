/*
 * Objects copied between two folders of one vault, each verified where it
 * arrives before it gets its place there.  See vault_copy_int.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/vault_int.h"

#define GROUP_FILES 256u
#define GROUP_BYTES ((uint64_t)64 << 20)

/* A copy under way. */
struct run {
	struct vault_copy *o;
	struct vault_progress p;
	uint64_t before;		/* bytes of the objects so far */
	struct blob_info group[GROUP_FILES];
	size_t n;
	uint64_t bytes;			/* of the group */
	int aside;			/* recover/N, once it is needed */
	struct why *why;
};

static bool
tell(void *arg, uint64_t done)
{
	struct run *r = arg;

	r->p.done = done;
	r->p.all_done = r->before + done;
	return r->o->progress == NULL || r->o->progress(r->o->arg, &r->p);
}

/* What cannot be copied is named; everything else is copied all the same. */
static void
bad(struct run *r, const char *ref, enum sq_err e)
{
	r->o->bad++;
	if (r->o->found != NULL)
		r->o->found(r->o->found_arg, ref, e);
}

static bool
is_bad(enum sq_err e)
{
	return e == SQ_ENOENT || e == SQ_EDAMAGE;
}

/* Alone: it is bad where it comes from, or the medium it goes to fails. */
static enum sq_err
settle_one(struct run *r, const struct blob_info *info)
{
	const struct vault_bound *b;
	enum sq_err e, at_home;

	if ((e = blob_carry(&r->o->from, &r->o->to, info, NULL, NULL,
	    r->why)) == SQ_OK)
		e = blob_settle(&r->o->to, info, 1, r->why);
	if (e == SQ_OK) {
		r->o->copied++;
		return e;
	}
	at_home = blob_check(&r->o->from, info, true, NULL, NULL, NULL);
	if (!is_bad(at_home))
		return e;
	b = vault_bound_find(r->o->list, r->o->n, info->id);
	bad(r, b->ref, at_home);
	return SQ_OK;
}

/* Give the group its places; if one does not verify, each alone. */
static enum sq_err
settle(struct run *r)
{
	enum sq_err e;
	size_t n = r->n;

	r->n = 0;
	r->bytes = 0;
	if (n == 0 || (e = blob_settle(&r->o->to, r->group, n, r->why)) ==
	    SQ_OK) {
		r->o->copied += n;
		return SQ_OK;
	}
	if (e == SQ_ENOSPC || e == SQ_ENOMEM || e == SQ_EREADONLY)
		return e;
	e = SQ_OK;
	for (size_t i = 0; i < n && e == SQ_OK; i++)
		e = settle_one(r, &r->group[i]);
	return e;
}

static enum sq_err
last_number(void *arg, const char *name)
{
	unsigned *n = arg;
	unsigned long v = strtoul(name, NULL, 10);

	if (v > *n && v < 1000000)
		*n = (unsigned)v;
	return SQ_OK;
}

/* see vault_copy_int.h */
enum sq_err
vault_copy_aside(int dirfd, char name[16], int *ret_fd, struct why *why)
{
	unsigned n = 0;
	int dir = -1;
	enum sq_err e;

	if ((e = fsio_mkdir(dirfd, VAULT_RECOVER, why)) != SQ_OK ||
	    (e = fsio_subdir(dirfd, VAULT_RECOVER, &dir, why)) != SQ_OK ||
	    (e = fsio_each(dir, last_number, &n)) != SQ_OK)
		goto out;
	(void)snprintf(name, 16, "%u", n + 1);
	if ((e = fsio_mkdir(dir, name, why)) == SQ_OK)
		e = fsio_subdir(dir, name, ret_fd, why);
out:
	fsio_close(dir);
	return e;
}

/* Is it there already?  What is there and is not it is moved aside. */
static enum sq_err
there(struct run *r, const struct vault_bound *b, bool *ret)
{
	char name[16];
	enum sq_err e;

	*ret = false;
	e = r->o->full ? blob_check(&r->o->to, &b->info, true, tell, r,
	    r->why) : blob_has(&r->o->to, &b->info, r->why);
	if (e == SQ_OK)
		*ret = true;
	if (e == SQ_OK || e == SQ_ENOENT)
		return SQ_OK;
	if (e != SQ_EDAMAGE)
		return e;
	e = blob_check(&r->o->from, &b->info, true, NULL, NULL, r->why);
	if (is_bad(e)) {	/* then the one that is there stays */
		bad(r, b->ref, e);
		*ret = true;
		return SQ_OK;
	}
	if (e != SQ_OK)
		return e;
	/* never over it, never away with it: nobody knows yet */
	if (r->aside < 0 && (e = vault_copy_aside(r->o->to.dirfd, name,
	    &r->aside, r->why)) != SQ_OK)
		return e;
	if ((e = blob_aside(&r->o->to, b->info.id, r->aside, r->why)) == SQ_OK)
		r->o->mended++;
	return e;
}

static enum sq_err
one(struct run *r, const struct vault_bound *b)
{
	bool have;
	enum sq_err e;

	r->p.name = b->ref;
	r->p.of = object_file_len(b->info.size);
	if ((e = there(r, b, &have)) != SQ_OK || have)
		return e;
	if (r->p.of > r->o->file_max)
		return err_why(r->why, SQ_EREFUSED, "%s needs a file of %llu "
		    "bytes, and the file system there (FAT) holds none over "
		    "4 GiB; format the medium as ext4 or exFAT", b->ref,
		    (unsigned long long)r->p.of);
	e = blob_carry(&r->o->from, &r->o->to, &b->info, tell, r, r->why);
	if (is_bad(e)) {
		bad(r, b->ref, e);
		return SQ_OK;
	}
	if (e != SQ_OK)
		return e;
	r->group[r->n++] = b->info;
	r->group[r->n - 1].reread = false;
	r->bytes += r->p.of;
	r->o->bytes += r->p.of;
	if (r->n == GROUP_FILES || r->bytes >= GROUP_BYTES)
		return settle(r);
	return SQ_OK;
}

/* see vault_copy_int.h */
enum sq_err
vault_copy_objects(struct vault_copy *o, struct why *why)
{
	struct run *r = calloc(1, sizeof(*r));
	const struct vault_bound *b = o->list;
	enum sq_err e = r == NULL ? SQ_ENOMEM : SQ_OK;

	if (r == NULL)
		return e;
	r->o = o;
	r->aside = -1;
	r->why = why;
	r->p.files = o->n;
	for (size_t i = 0; i < o->n; i++)
		r->p.all_of += object_file_len(b[i].info.size);
	for (size_t i = 0; i < o->n && e == SQ_OK; i++) {
		r->p.file = i + 1;
		/* shared by several records: once is enough */
		if (i == 0 || memcmp(b[i].info.id, b[i - 1].info.id,
		    OBJECT_ID) != 0)
			e = one(r, &b[i]);
		r->before += object_file_len(b[i].info.size);
	}
	if (e == SQ_OK)
		e = settle(r);
	fsio_close(r->aside);
	free(r);
	return e;
}
