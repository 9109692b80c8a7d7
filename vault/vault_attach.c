/*
 * Attachments coming in: sealed, synced, re-read, then logged and pinned, and
 * only then acknowledged.  See vault_media.h and, for the bytes, store/blob.h.
 *
 * Files are taken in groups: one sync and one transaction for many small
 * files, one each for large ones.  What a group has not finished is removed
 * when it fails; what was acknowledged before stays.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/fsio.h"
#include "vault/store/blob.h"
#include "vault/vault_int.h"

#define GROUP_FILES 4096u
#define SEEN (2 * GROUP_FILES)	/* slots, open addressing */
#define GROUP_BYTES ((uint64_t)64 << 20)

/* One file on its way in. */
struct incoming {
	char *path;		/* as a user would name it */
	uint64_t size;		/* as the folder says, for the progress */
	struct fsio_mark mark;	/* as it stood when it was read */
	char mtime[MODEL_TIME_MAX];
	struct blob_info info;
	struct probe_result *said;	/* of itself; or NULL */
	char *name;		/* original name, as text */
	bool put;		/* it lies in store/new/ */
	bool linked;		/* its content is in the vault already */
	char known[MODEL_REF_MAX];	/* the record has it already: as this */
	struct vault_made made;
};

struct intake {
	struct vault *v;
	const struct vault_attach *o;
	void (*cb)(void *arg, const struct vault_attached *a);
	void *arg;
	struct why *why;
	uint8_t ref_id[LOG_RECORD_ID];
	struct blob_store bs;
	struct incoming *f;
	size_t n, cap;
	size_t at;		/* the one being read */
	size_t *seen;		/* by content, of this group: index + 1 */
	bool noted;		/* that files cannot be asked */
	uint64_t all_of, all_done;
};

static const char *
base_name(const char *path)
{
	const char *p = strrchr(path, '/');

	return p == NULL ? path : p + 1;
}

/* --- which files ----------------------------------------------------- */

static enum sq_err
add_file(struct intake *k, const char *dir, const char *rel, uint64_t size)
{
	struct incoming *f;
	size_t cap, len;
	void *p;

	if (k->n == k->cap) {
		cap = k->cap ? 2 * k->cap : 64;
		if ((p = realloc(k->f, cap * sizeof(*k->f))) == NULL)
			return SQ_ENOMEM;
		k->f = p;
		k->cap = cap;
	}
	f = &k->f[k->n];
	memset(f, 0, sizeof(*f));
	len = strlen(dir) + strlen(rel) + 2;
	if ((f->path = malloc(len)) == NULL)
		return SQ_ENOMEM;
	(void)snprintf(f->path, len, "%s%s%s", dir, *dir == '\0' ? "" : "/",
	    rel);
	f->size = size == UINT64_MAX ? 0 : size;
	k->all_of += f->size;
	k->n++;
	return SQ_OK;
}

struct folder {
	struct intake *k;
	const char *path;
};

static enum sq_err
in_folder(void *arg, const char *rel, uint64_t size)
{
	struct folder *d = arg;

	return add_file(d->k, d->path, rel, size);
}

/* A file, or all files below a folder. */
static enum sq_err
collect(struct intake *k, const char *path)
{
	struct folder d = { k, path };
	struct fsio_in *in = NULL;
	int fd = -1;
	enum sq_err e;

	if (fsio_path_is_dir(path)) {
		if ((e = fsio_path_open_dir(path, &fd, k->why)) == SQ_OK)
			e = fsio_walk(fd, in_folder, &d, k->why);
		fsio_close(fd);
		return e;
	}
	if ((e = fsio_in_regular(path, &in, k->why)) != SQ_OK)
		return e;
	e = add_file(k, "", path, fsio_in_size(in));
	fsio_in_close(in);
	return e;
}

/* --- one file -------------------------------------------------------- */

static bool
told(void *arg, uint64_t done)
{
	struct intake *k = arg;
	const struct incoming *f = &k->f[k->at];
	struct vault_progress p = { .name = base_name(f->path),
	    .done = done, .of = f->size, .all_done = k->all_done + done,
	    .all_of = k->all_of, .file = k->at + 1, .files = k->n };

	return k->o->progress == NULL || k->o->progress(k->o->arg, &p);
}

/* Is this content in the vault?  If so, its object is taken instead. */
static enum sq_err
find_twin(struct intake *k, struct incoming *f)
{
	struct blob_info old;
	enum sq_err e;

	e = vault_object_by_content(k->v, f->info.sha256, k->o->move, &old,
	    k->why);
	if (e == SQ_ENOENT)
		return SQ_OK;
	if (e != SQ_OK)
		return e;
	blob_drop(&k->bs, f->info.id);
	f->put = false;
	f->linked = true;
	f->info = old;
	return vault_object_media(k->v, k->ref_id, old.id, f->name, f->known,
	    k->why);
}

/* The same content twice in one group: the second is linked to the first. */
static bool
twin_in_group(struct intake *k, struct incoming *f)
{
	size_t at = ((size_t)f->info.sha256[0] | (size_t)f->info.sha256[1] <<
	    8) % SEEN;
	const struct incoming *old;

	for (; k->seen[at] != 0; at = (at + 1) % SEEN) {
		old = &k->f[k->seen[at] - 1];
		if (!old->put || memcmp(old->info.sha256, f->info.sha256,
		    32) != 0)
			continue;
		blob_drop(&k->bs, f->info.id);
		f->put = false;
		f->linked = true;
		f->info = old->info;
		return true;
	}
	k->seen[at] = (size_t)(f - k->f) + 1;
	return false;
}

/* What it says of itself; that it cannot be asked is no reason to stop. */
static enum sq_err
ask(struct intake *k, const struct fsio_in *in, struct incoming *f)
{
	struct why w = { "" };
	enum sq_err e = vault_said(in, &f->said, &w);

	if (e != SQ_ECANNOT)
		return e;
	if (k->o->note != NULL && !k->noted)
		k->o->note(k->o->arg, w.text);
	k->noted = true;
	return SQ_OK;
}

static enum sq_err
put_one(struct intake *k, struct incoming *f)
{
	struct fsio_in *in = NULL;
	enum sq_err e;

	if ((e = fsio_in_regular(f->path, &in, k->why)) != SQ_OK)
		return e;
	if ((e = fsio_in_mark(in, &f->mark)) != SQ_OK)
		goto out;
	vault_rfc3339((uint64_t)f->mark.mtime, f->mtime);
	if ((e = blob_put(&k->bs, in, told, k, &f->info, k->why)) != SQ_OK)
		goto out;
	f->put = true;
	if ((f->name = vault_name_text(base_name(f->path))) == NULL) {
		e = SQ_ENOMEM;
		goto out;
	}
	k->all_done += f->info.size;
	if (!twin_in_group(k, f) && (e = find_twin(k, f)) != SQ_OK)
		goto out;
	/* of a record that is there already nothing new is said */
	if (f->known[0] == '\0')
		e = ask(k, in, f);
out:
	fsio_in_close(in);
	if (e != SQ_OK)
		err_more(k->why, e, "%s", f->path);
	return e;
}

/* --- what is logged -------------------------------------------------- */

static enum sq_err
add_hex(struct model_inputs *in, const char *name, const uint8_t *p, size_t n)
{
	char hex[65];

	bytes_hex(hex, p, n);
	return model_inputs_add(in, name, NULL, hex);
}

static enum sq_err
add_size(struct model_inputs *in, uint64_t size)
{
	char num[24];

	(void)snprintf(num, sizeof(num), "%llu", (unsigned long long)size);
	return model_inputs_add(in, "size", NULL, num);
}

/* The media record of a file. */
static enum sq_err
log_media(struct intake *k, struct incoming *f)
{
	struct model_inputs in = { 0 };
	struct record_make mk = { .in = &in };
	enum sq_err e;

	mk.type = model_type("media");
	if ((e = model_inputs_add(&in, "about", NULL, k->o->ref)) == SQ_OK &&
	    (e = model_inputs_add(&in, "original_name", NULL, f->name)) ==
	    SQ_OK &&
	    (e = add_hex(&in, "sha256", f->info.sha256, 32)) == SQ_OK &&
	    (e = add_size(&in, f->info.size)) == SQ_OK &&
	    (e = model_inputs_add(&in, "file_time", NULL, f->mtime)) ==
	    SQ_OK && (e = vault_said_fields(f->said, &in)) == SQ_OK)
		e = vault_put_in(k->v, &mk, &f->made, k->why);
	model_inputs_free(&in);
	return e;
}

/* Everything of a group in one transaction. */
static enum sq_err
log_group(struct intake *k, size_t from, size_t to)
{
	const uint64_t objects = k->v->state.objects;
	const uint64_t bytes = k->v->state.bytes;
	enum sq_err e;

	if ((e = vault_begin(k->v, k->why)) != SQ_OK)
		return e;
	for (size_t i = from; i < to && e == SQ_OK; i++) {
		if (k->f[i].known[0] != '\0')
			continue;
		if ((e = log_media(k, &k->f[i])) == SQ_OK)
			e = vault_bound_add(k->v, k->f[i].made.ref,
			    &k->f[i].info, k->f[i].put, k->why);
		if (e == SQ_OK && k->f[i].put) {
			k->v->state.objects++;
			k->v->state.bytes += object_file_len(
			    k->f[i].info.size);
		}
	}
	if (e != SQ_OK) {
		if (k->why->text[0] == '\0')
			err_why(k->why, e, "not saved: %s", err_str(e));
		vault_abort(k->v);
	} else
		e = vault_commit(k->v, k->why);
	if (e != SQ_OK && e != SQ_EUNSURE) {
		k->v->state.objects = objects;
		k->v->state.bytes = bytes;
	}
	return e;
}

/* --- a group --------------------------------------------------------- */

/* Say that a file is saved; only now may its source go. */
static enum sq_err
acknowledge(struct intake *k, struct incoming *f)
{
	struct vault_attached a = { .size = f->info.size,
	    .name = f->name, .linked = f->linked };
	struct why w = { "" };
	enum sq_err e = SQ_OK;

	(void)snprintf(a.ref, sizeof(a.ref), "%s", f->known[0] != '\0' ?
	    f->known : f->made.ref);
	bytes_hex(a.sha256, f->info.sha256, 32);
	if (k->o->move) {
		e = fsio_path_unlink(f->path, &f->mark, &w);
		a.moved = e == SQ_OK;
	}
	k->cb(k->arg, &a);
	return e == SQ_OK ? e : err_why(k->why, SQ_EREFUSED, "%s, so it was "
	    "not deleted; it is saved as %s", w.text, a.ref);
}

/*
 * Memory that fails may alter what was hashed before it is sealed; each chunk
 * is authentic then, and false.  Where the source is to go, the content itself
 * is held against its hash once more, from the disk.
 */
static enum sq_err
is_what_was_read(struct intake *k, const struct blob_info *info, size_t n)
{
	enum sq_err e = SQ_OK;

	for (size_t i = 0; i < n && e == SQ_OK; i++)
		e = blob_check(&k->bs, &info[i], true, NULL, NULL, k->why);
	return e != SQ_EDAMAGE ? e : err_why(k->why, e, "what was sealed is "
	    "not what was read: the memory or the disk of this computer is "
	    "failing; nothing was saved and nothing deleted");
}

/* Seal, sync, log and acknowledge the files from..to. */
static enum sq_err
take_group(struct intake *k, size_t from, size_t to)
{
	struct blob_info *info;
	size_t n = 0;
	bool saved;
	enum sq_err e = SQ_OK, moved;

	if ((info = calloc(to - from, sizeof(*info))) == NULL)
		return SQ_ENOMEM;
	memset(k->seen, 0, SEEN * sizeof(*k->seen));
	for (k->at = from; k->at < to && e == SQ_OK; k->at++)
		e = put_one(k, &k->f[k->at]);
	for (size_t i = from; i < to; i++)
		if (k->f[i].put)
			info[n++] = k->f[i].info;
	if (e == SQ_OK && n > 0 &&
	    (e = blob_settle(&k->bs, info, n, k->why)) != SQ_OK)
		n = 0;			/* settle has removed them */
	if (e == SQ_OK && k->o->move)
		e = is_what_was_read(k, info, n);
	if (e == SQ_OK)
		e = log_group(k, from, to);
	/* where a commit may have been, an entry may speak of them */
	if (e != SQ_OK && !k->v->stopped)
		for (size_t i = 0; i < n; i++)
			blob_drop(&k->bs, info[i].id);
	/* what cannot be deleted keeps no other from being told */
	saved = e == SQ_OK;
	for (size_t i = from; i < to && saved; i++)
		if ((moved = acknowledge(k, &k->f[i])) != SQ_OK)
			e = moved;
	for (size_t i = from; i < to; i++) {
		free(k->f[i].said);
		k->f[i].said = NULL;
	}
	free(info);
	return e;
}

/* Where the group that begins with file ${from} ends. */
static size_t
group_end(const struct intake *k, size_t from)
{
	uint64_t bytes = 0;
	size_t i = from;

	while (i < k->n && i - from < GROUP_FILES &&
	    (i == from || bytes + k->f[i].size <= GROUP_BYTES))
		bytes += k->f[i++].size;
	return i;
}

static enum sq_err
take_all(struct intake *k)
{
	int fresh = -1;
	enum sq_err e;

	if ((k->seen = calloc(SEEN, sizeof(*k->seen))) == NULL)
		return SQ_ENOMEM;
	if ((e = blob_hold(&k->bs, &fresh, k->why)) == SQ_OK)
		k->bs.fresh = &fresh;
	for (size_t i = 0, end; i < k->n && e == SQ_OK; i = end) {
		end = group_end(k, i);
		e = take_group(k, i, end);
	}
	k->bs.fresh = NULL;
	fsio_close(fresh);
	free(k->seen);
	return e;
}

static void
say_dry(struct intake *k)
{
	for (size_t i = 0; i < k->n; i++) {
		struct vault_attached a = { .size = k->f[i].size,
		    .name = k->f[i].path };

		k->cb(k->arg, &a);
	}
}

/* see vault_media.h */
enum sq_err
vault_attach(struct vault *v, const struct vault_attach *o,
    void (*cb)(void *arg, const struct vault_attached *a), void *arg,
    struct why *why)
{
	struct intake k = { .v = v, .o = o, .cb = cb, .arg = arg,
	    .why = why };
	enum sq_err e;

	vault_blobs(v, &k.bs);
	if ((e = record_find(&v->cx, o->ref, k.ref_id, why)) != SQ_OK)
		return e;
	for (size_t i = 0; i < o->n && e == SQ_OK; i++)
		e = collect(&k, o->paths[i]);
	if (e == SQ_OK && k.n == 0)
		e = err_why(why, SQ_EREFUSED, "there is no file to attach");
	if (e == SQ_OK && o->dry_run)
		say_dry(&k);
	else if (e == SQ_OK && v->readonly)
		e = err_why(why, SQ_EREADONLY, "the vault is open read-only");
	else if (e == SQ_OK)
		e = take_all(&k);
	for (size_t i = 0; i < k.n; i++) {
		free(k.f[i].path);
		free(k.f[i].name);
		free(k.f[i].said);
	}
	free(k.f);
	return e;
}
