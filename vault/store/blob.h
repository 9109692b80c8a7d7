/*
 * Attachments on disk: write-once sealed files in store/.  docs/FORMAT.md
 * section 14.  Leaf store: takes the vault's directory descriptor and a key,
 * never a struct vault; knows nothing of records or of the database.
 */
#ifndef SQ_VAULT_STORE_BLOB_H
#define SQ_VAULT_STORE_BLOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/age.h"
#include "crypto/digest.h"
#include "crypto/err.h"
#include "crypto/object.h"
#include "vault/fsio.h"

/* What binds an object; kept in an entry of kind object. */
struct blob_info {
	uint8_t id[OBJECT_ID];
	uint8_t commit[OBJECT_COMMIT];
	uint8_t tags[DIGEST_LEN];	/* SHA-256("sandyq/tags/1" | all) */
	uint8_t sha256[DIGEST_LEN];	/* of the content */
	uint64_t size;			/* of the content */
	bool reread;	/* from blob_put to blob_settle: verified on disk */
};

struct blob_store {
	int dirfd;			/* the vault's folder */
	const struct secret *k_blob;
	const uint8_t *vault_id;	/* 16 bytes */
	const int *fresh;	/* of blob_hold; NULL: opened for each object */
};

/**
 * blob_hold(bs, ret, why):
 * Make store/new if need be and open it, once for many objects: point
 * bs->fresh at ${*ret}.  Close with fsio_close.
 */
enum sq_err blob_hold(const struct blob_store *bs, int *ret, struct why *why);

/*
 * Progress: bytes of content done so far; false stops with SQ_EREFUSED.  Only
 * ever called from the thread of the caller, and so are the writers below.
 */
typedef bool blob_progress_fn(void *arg, uint64_t done);

/**
 * blob_put(bs, in, progress, arg, ret, why):
 * Read ${in}, just opened, to its end, hash and seal it into
 * store/new/<id>.  What is larger than half a MiB is sealed, written and
 * re-read from the disk by other threads meanwhile, around the page cache
 * where the file system can.  Not yet durable, not yet named.  SQ_EREFUSED if
 * the source changed while it was read, or ${progress} (may be NULL) said so.
 * On failure nothing is left.
 */
enum sq_err blob_put(const struct blob_store *bs, struct fsio_in *in,
    blob_progress_fn *progress, void *arg, struct blob_info *ret,
    struct why *why);

/**
 * blob_settle(bs, info, n, why):
 * Make ${n} put objects durable (many: one sync for all), re-read from disk
 * and verify every chunk of each that blob_put did not, rename each to its
 * place, sync the folders.  All or nothing: on failure all are removed.
 */
enum sq_err blob_settle(const struct blob_store *bs,
    const struct blob_info *info, size_t n, struct why *why);

/**
 * blob_drop(bs, id):
 * Remove an object that is not in the log, from store/new/ or its place.
 */
void blob_drop(const struct blob_store *bs, const uint8_t id[OBJECT_ID]);

/** blob_gone(bs, id): is no file of this name there any more? */
bool blob_gone(const struct blob_store *bs, const uint8_t id[OBJECT_ID]);

/**
 * blob_get(bs, info, offset, length, write, warg, progress, arg, why):
 * Write ${length} bytes of content from ${offset} (UINT64_MAX: to the end),
 * each chunk authenticated before a byte of it is written; a range that goes
 * beyond the end is cut there, one that begins beyond is SQ_EREFUSED.  Read
 * whole, padding and the hash over all tags are checked at the end.
 * SQ_EDAMAGE: altered, SQ_ENOENT: missing; a failure of ${write} is handed on.
 */
enum sq_err blob_get(const struct blob_store *bs,
    const struct blob_info *info, uint64_t offset, uint64_t length,
    age_write_fn *write, void *warg, blob_progress_fn *progress, void *arg,
    struct why *why);

/**
 * blob_check(bs, info, full, progress, arg, why):
 * Quick: header, length and the hash over all tags; full: from the disk, every
 * chunk opened, padding, and the content's SHA-256.  SQ_EDAMAGE names the
 * object, SQ_ENOENT if it is missing.
 */
enum sq_err blob_check(const struct blob_store *bs,
    const struct blob_info *info, bool full, blob_progress_fn *progress,
    void *arg, struct why *why);

/**
 * blob_has(bs, info, why):
 * Is the object in its place, its length, head and commitment right?  Its
 * chunks are not read.  SQ_ENOENT, SQ_EDAMAGE.
 */
enum sq_err blob_has(const struct blob_store *bs,
    const struct blob_info *info, struct why *why);

/**
 * blob_carry(from, to, info, progress, arg, why):
 * Copy a sealed object into store/new/ of another folder of the same vault;
 * blob_settle then verifies it there and gives it its place.  ${progress}
 * hears sealed bytes.  SQ_ENOENT, SQ_EDAMAGE: it is not whole in ${from}.
 */
enum sq_err blob_carry(const struct blob_store *from,
    const struct blob_store *to, const struct blob_info *info,
    blob_progress_fn *progress, void *arg, struct why *why);

/**
 * blob_reseal(from, info, to, progress, arg, ret, why):
 * Seal an object anew, under a new id and the key of another vault, into
 * store/new/ of ${to}; blob_settle then verifies it there.  Every chunk, the
 * tags and the content's SHA-256 are compared with ${info} on the way.
 */
enum sq_err blob_reseal(const struct blob_store *from,
    const struct blob_info *info, const struct blob_store *to,
    blob_progress_fn *progress, void *arg, struct blob_info *ret,
    struct why *why);

/**
 * blob_aside(bs, id, to, why):
 * Move an object out of its place into the open folder ${to}, whatever it
 * holds; never over a file.
 */
enum sq_err blob_aside(const struct blob_store *bs,
    const uint8_t id[OBJECT_ID], int to, struct why *why);

/**
 * blob_each(bs, cb, arg, why):
 * Every object file in store/, and every file in store/new/ (${fresh} true),
 * for finding orphans; ${bytes} is UINT64_MAX for what has the name of an
 * object and is no good file (a link, a device, another owner).  Names that
 * are none of an object are passed over.
 */
enum sq_err blob_each(const struct blob_store *bs,
    enum sq_err (*cb)(void *arg, const uint8_t id[OBJECT_ID], uint64_t bytes,
    bool fresh), void *arg, struct why *why);

#endif
