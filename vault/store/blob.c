/*
 * Names, opening and reading of objects; what is in store/.
 *
 * An object's length follows from the size of its content, which an entry of
 * the log binds: so every place in the file has one meaning, the final flag of
 * a chunk is known before it is read, and nothing in the file is believed.
 */
#include <sys/mman.h>

#include <string.h>

#include "crypto/bytes.h"
#include "crypto/secret.h"
#include "vault/store/blob_int.h"

#define STORE "store"
#define FRESH "new"
#define HUGE_PAGE ((size_t)2 << 20)

/* see blob_int.h */
uint8_t *
blob_buffer(size_t n)
{
	/*
	 * Mapped, not allocated: the allocator keeps an arena for each thread
	 * and would hold on to what a big file needed once.
	 */
	void *p = mmap(NULL, n, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	/* around the cache each page is pinned: better few and large */
	if (n >= HUGE_PAGE)
		(void)madvise(p, n, MADV_HUGEPAGE);
	return p;
}

/* see blob_int.h */
void
blob_unbuffer(uint8_t *p, size_t n, size_t used)
{
	if (p == NULL)
		return;
	secret_wipe(p, used);
	(void)munmap(p, n);
}

/* see blob_int.h */
enum sq_err
blob_damage(struct why *why, const uint8_t id[OBJECT_ID], const char *what)
{
	char hex[BLOB_NAME];

	bytes_hex(hex, id, OBJECT_ID);
	return err_why(why, SQ_EDAMAGE, "attachment %s %s", hex, what);
}

/* see blob_int.h */
enum sq_err
blob_tags_new(struct digest **ret)
{
	static const char label[] = "sandyq/tags/1";
	struct digest *d;
	enum sq_err e;

	if ((e = digest_new(DIGEST_SHA256, &d)) != SQ_OK)
		return e;
	if ((e = digest_add(d, label, sizeof(label) - 1)) != SQ_OK) {
		digest_free(d);
		return e;
	}
	*ret = d;
	return SQ_OK;
}

/* see blob_int.h */
enum sq_err
blob_new_dir(const struct blob_store *bs, int *ret_fd, struct why *why)
{
	return bs->fresh != NULL ? fsio_again(*bs->fresh, ret_fd) :
	    blob_hold(bs, ret_fd, why);
}

/* see blob.h */
enum sq_err
blob_hold(const struct blob_store *bs, int *ret_fd, struct why *why)
{
	bool made = false;
	enum sq_err e;
	int store, fd = -1;

	if ((e = fsio_subdir_make(bs->dirfd, STORE, &store, &made, why)) !=
	    SQ_OK)
		return e;
	e = fsio_subdir_make(store, FRESH, &fd, &made, why);
	if (e == SQ_OK && made && ((e = fsio_sync_dir(store, why)) != SQ_OK ||
	    (e = fsio_sync_dir(bs->dirfd, why)) != SQ_OK)) {
		fsio_close(fd);
		fd = -1;
	}
	fsio_close(store);
	if (e == SQ_OK)
		*ret_fd = fd;
	return e;
}

/* see blob_int.h */
void
blob_shard(const uint8_t id[OBJECT_ID], char out[3])
{
	bytes_hex(out, id, 1);
}

/* Open the folder that holds an object. */
static enum sq_err
folder(const struct blob_store *bs, const uint8_t id[OBJECT_ID], bool fresh,
    int *ret_fd, struct why *why)
{
	char shard[3];
	enum sq_err e;
	int store;

	if (fresh && bs->fresh != NULL)
		return fsio_again(*bs->fresh, ret_fd);
	blob_shard(id, shard);
	if ((e = fsio_subdir(bs->dirfd, STORE, &store, why)) != SQ_OK)
		return e;
	e = fsio_subdir(store, fresh ? FRESH : shard, ret_fd, why);
	fsio_close(store);
	return e;
}

/* Length, head and commitment: is this the object of the entry? */
static enum sq_err
identify(struct blob_file *bf, const struct blob_store *bs, struct why *why)
{
	const struct blob_info *info = bf->info;
	_Alignas(FSIO_ALIGN) uint8_t buf[3 * FSIO_ALIGN];
	uint8_t commit[OBJECT_COMMIT], *head = NULL;
	uint64_t size;
	enum sq_err e;

	if ((e = fsio_bulk_size(bf->f, &size)) != SQ_OK)
		return e;
	if (info->size > OBJECT_MAX || size != object_file_len(info->size))
		return blob_damage(why, info->id, "has another length than the"
		    " log says");
	if ((e = fsio_bulk_read(bf->f, 0, buf, OBJECT_HEAD, &head, why)) !=
	    SQ_OK || (e = object_new(bs->k_blob, bs->vault_id, info->id,
	    head, &bf->o)) != SQ_OK)
		return e;
	object_commit(bf->o, commit);
	if (!bytes_eq(commit, head + OBJECT_SALT, OBJECT_COMMIT) ||
	    !bytes_eq(commit, info->commit, OBJECT_COMMIT))
		e = blob_damage(why, info->id, "is not what the log says: its"
		    " head was altered, or it is another's");
	return e;
}

/* see blob_int.h */
enum sq_err
blob_file_open(const struct blob_store *bs, const struct blob_info *info,
    bool fresh, struct blob_file *ret, struct why *why)
{
	struct blob_file bf = { .info = info };
	char name[BLOB_NAME];
	enum sq_err e;
	int dir = -1;

	bytes_hex(name, info->id, OBJECT_ID);
	if ((e = folder(bs, info->id, fresh, &dir, why)) == SQ_OK)
		e = fsio_bulk_open(dir, name, &bf.f, why);
	fsio_close(dir);
	if (e == SQ_ENOENT)
		return err_why(why, SQ_ENOENT, "attachment %s is missing from"
		    " the vault's store", name);
	/* re-reading what was just written: from the disk, head and all */
	if (e == SQ_OK && fresh)
		fsio_bulk_forget(bf.f, false);
	if (e == SQ_OK)
		e = identify(&bf, bs, why);
	if (e != SQ_OK) {
		blob_file_close(&bf);
		return e;
	}
	bf.plain = object_plain_len(info->size);
	bf.chunks = object_chunks(info->size);
	*ret = bf;
	return SQ_OK;
}

/* see blob_int.h */
void
blob_file_close(struct blob_file *bf)
{
	(void)fsio_bulk_close(bf->f, NULL);
	object_free(bf->o);
	bf->f = NULL;
	bf->o = NULL;
}

/* Open chunk i of n sealed bytes; its padding. */
static enum sq_err
one_chunk(struct blob_file *bf, uint64_t i, uint8_t *ct, size_t n, uint8_t *pt)
{
	enum sq_err e = object_open(bf->o, i, i + 1 == bf->chunks, ct, n, pt);

	if (e == SQ_OK && !object_pad_ok(bf->info->size, i * OBJECT_CHUNK, pt,
	    n - AEAD_TAG))
		e = SQ_EAUTH;
	return e;
}

/* see blob_int.h */
enum sq_err
blob_file_batch(struct blob_file *bf, uint64_t first, size_t n, uint8_t *buf,
    uint8_t *pt, uint8_t *tags, struct why *why)
{
	uint64_t from = first * OBJECT_CHUNK, to = from + n * OBJECT_CHUNK;
	size_t left, len;
	uint8_t *ct = NULL, *to_pt;
	enum sq_err e;

	if (to > bf->plain)
		to = bf->plain;
	left = (size_t)(to - from) + n * AEAD_TAG;
	e = fsio_bulk_read(bf->f, OBJECT_HEAD + first * OBJECT_SEALED, buf,
	    left, &ct, why);
	if (e != SQ_OK)
		return e;
	for (size_t i = 0; i < n; i++, left -= len, ct += len) {
		len = left < OBJECT_SEALED ? left : OBJECT_SEALED;
		to_pt = pt == NULL ? ct : pt + i * OBJECT_CHUNK;
		memcpy(tags + i * AEAD_TAG, ct + len - AEAD_TAG, AEAD_TAG);
		e = one_chunk(bf, first + i, ct, len, to_pt);
		if (e == SQ_OK)
			continue;
		if (pt != NULL)
			secret_wipe(pt, n * OBJECT_CHUNK);
		return e != SQ_EAUTH ? e : blob_damage(why, bf->info->id,
		    "was altered; nothing of the altered part is shown");
	}
	return SQ_OK;
}

/* see blob.h */
void
blob_drop(const struct blob_store *bs, const uint8_t id[OBJECT_ID])
{
	char name[BLOB_NAME];
	int dir;

	bytes_hex(name, id, OBJECT_ID);
	for (int fresh = 0; fresh < 2; fresh++) {
		if (folder(bs, id, fresh != 0, &dir, NULL) != SQ_OK)
			continue;
		fsio_drop(dir, name);
		(void)fsio_sync_dir(dir, NULL);
		fsio_close(dir);
	}
}

/* see blob.h */
bool
blob_gone(const struct blob_store *bs, const uint8_t id[OBJECT_ID])
{
	char name[BLOB_NAME];
	uint64_t size;
	int dir;
	bool gone = true;

	bytes_hex(name, id, OBJECT_ID);
	if (folder(bs, id, false, &dir, NULL) != SQ_OK)
		return true;
	gone = fsio_size(dir, name, &size, NULL) == SQ_ENOENT;
	fsio_close(dir);
	return gone;
}

struct each {
	int store;
	int dir;
	const char *shard;		/* "new" or two digits */
	enum sq_err (*cb)(void *arg, const uint8_t id[OBJECT_ID],
	    uint64_t bytes, bool fresh);
	void *arg;
	struct why *why;
};

static enum sq_err
each_file(void *arg, const char *name)
{
	struct each *x = arg;
	bool fresh = strcmp(x->shard, FRESH) == 0;
	uint8_t id[OBJECT_ID];
	uint64_t bytes;
	enum sq_err e;

	if (bytes_unhex(id, OBJECT_ID, name) != SQ_OK ||
	    (!fresh && strncmp(name, x->shard, 2) != 0))
		return SQ_OK;
	e = fsio_size(x->dir, name, &bytes, x->why);
	if (e == SQ_EDAMAGE) {
		bytes = UINT64_MAX;
		e = SQ_OK;
	}
	return e != SQ_OK ? e : x->cb(x->arg, id, bytes, fresh);
}

static enum sq_err
each_shard(void *arg, const char *name)
{
	struct each *x = arg;
	uint8_t byte;
	enum sq_err e;

	if (strcmp(name, FRESH) != 0 && bytes_unhex(&byte, 1, name) != SQ_OK)
		return SQ_OK;
	if ((e = fsio_subdir(x->store, name, &x->dir, x->why)) != SQ_OK)
		return e;
	x->shard = name;
	e = fsio_each(x->dir, each_file, x);
	fsio_close(x->dir);
	return e;
}

/* see blob.h */
enum sq_err
blob_each(const struct blob_store *bs, enum sq_err (*cb)(void *arg,
    const uint8_t id[OBJECT_ID], uint64_t bytes, bool fresh), void *arg,
    struct why *why)
{
	struct each x = { .cb = cb, .arg = arg, .why = why };
	enum sq_err e = fsio_subdir(bs->dirfd, STORE, &x.store, why);

	if (e == SQ_ENOENT)
		return SQ_OK;
	if (e != SQ_OK)
		return e;
	e = fsio_each(x.store, each_shard, &x);
	fsio_close(x.store);
	return e;
}
