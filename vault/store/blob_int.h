/*
 * What the files of blob share, and nobody else includes.
 */
#ifndef SQ_VAULT_STORE_BLOB_INT_H
#define SQ_VAULT_STORE_BLOB_INT_H

#include <pthread.h>

#include "vault/store/blob.h"

/* Chunks are handed from thread to thread by the batch: 512 KiB. */
#define BLOB_BATCH 8
#define BLOB_PLAIN ((size_t)BLOB_BATCH * OBJECT_CHUNK)
#define BLOB_SEALED ((size_t)BLOB_BATCH * OBJECT_SEALED)
/* room for fsio_bulk_read of a batch and the head before it */
#define BLOB_ROOM (BLOB_SEALED + OBJECT_HEAD + 2 * FSIO_ALIGN + FSIO_ALIGN)
#define BLOB_NAME (2 * OBJECT_ID + 1)

/* An object open for reading, its head and length checked. */
struct blob_file {
	struct fsio_bulk *f;
	struct object *o;
	const struct blob_info *info;
	uint64_t plain;			/* length of the padded plaintext */
	uint64_t chunks;
};

/** blob_buffer(n): aligned memory for fsio_bulk; free with blob_unbuffer. */
uint8_t *blob_buffer(size_t n);

/**
 * blob_unbuffer(p, n, used):
 * Give back a buffer of ${n} bytes, the first ${used} wiped; NULL is fine.
 */
void blob_unbuffer(uint8_t *p, size_t n, size_t used);

/** blob_tags_new(ret): the running hash over all tags. */
enum sq_err blob_tags_new(struct digest **ret);

/** blob_new_dir(bs, ret_fd, why): store/new, held or made if missing. */
enum sq_err blob_new_dir(const struct blob_store *bs, int *ret_fd,
    struct why *why);

/** blob_shard(id, out): the two digits that name its folder in store/. */
void blob_shard(const uint8_t id[OBJECT_ID], char out[3]);

/**
 * blob_file_open(bs, info, fresh, ret, why):
 * Open an object in its place, or in store/new if ${fresh} (then what the page
 * cache holds of it is dropped first); length, head and commitment are
 * checked.  Close with blob_file_close.
 */
enum sq_err blob_file_open(const struct blob_store *bs,
    const struct blob_info *info, bool fresh, struct blob_file *ret,
    struct why *why);

/** blob_file_close(bf): NULL members are fine. */
void blob_file_close(struct blob_file *bf);

/**
 * blob_file_batch(bf, first, n, buf, pt, tags, why):
 * Read ${n} chunks from ${first} on into ${buf} (BLOB_ROOM) and open each into
 * ${pt} (BLOB_PLAIN, may be NULL: in place); padding is checked.  Their tags
 * go to ${tags}, ${n} * AEAD_TAG bytes.  Any thread may, also several at once.
 * SQ_EDAMAGE: all of ${pt} is zero.
 */
enum sq_err blob_file_batch(struct blob_file *bf, uint64_t first, size_t n,
    uint8_t *buf, uint8_t *pt, uint8_t *tags, struct why *why);

/** blob_damage(why, id, what): SQ_EDAMAGE that names the object. */
enum sq_err blob_damage(struct why *why, const uint8_t id[OBJECT_ID],
    const char *what);

/* --- sealing and writing behind (blob_pipe.c) --------------------------- */

struct blob_pipe;

/**
 * blob_pipe_new(o, f, head, tags, ret):
 * Start threads that seal what is given into ${f} behind ${head}, feed
 * ${tags}, and re-read from the disk.  All are the caller's, and used by the
 * threads until blob_pipe_end or blob_pipe_free.
 */
enum sq_err blob_pipe_new(const struct object *o, struct fsio_bulk *f,
    const uint8_t head[OBJECT_HEAD], struct digest *tags,
    struct blob_pipe **ret);

/**
 * blob_pipe_room(p, ret, why):
 * Wait for an empty buffer of BLOB_PLAIN bytes; the failure of a thread.
 */
enum sq_err blob_pipe_room(struct blob_pipe *p, uint8_t **ret,
    struct why *why);

/** blob_pipe_give(p, n, last): the buffer is filled with ${n} bytes. */
void blob_pipe_give(struct blob_pipe *p, size_t n, bool last);

/**
 * blob_pipe_end(p, why):
 * After the last: wait until all is written and re-read.
 */
enum sq_err blob_pipe_end(struct blob_pipe *p, struct why *why);

/** blob_pipe_free(p): stop the threads at once; NULL is fine. */
void blob_pipe_free(struct blob_pipe *p);

#endif
