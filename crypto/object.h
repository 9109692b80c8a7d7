/*
 * One attachment as sealed bytes (docs/FORMAT.md section 14): key derivation,
 * chunks of 64 KiB, padding.  XChaCha20-Poly1305 computed as HChaCha20
 * (libsodium) once for each of the two flags and libcrypto's ChaCha20-Poly1305
 * for the chunks: the same bytes at three times the speed.  Pure.
 */
#ifndef SQ_CRYPTO_OBJECT_H
#define SQ_CRYPTO_OBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/aead.h"
#include "crypto/err.h"
#include "crypto/secret.h"

#define OBJECT_ID 16
#define OBJECT_SALT 24
#define OBJECT_COMMIT 32
#define OBJECT_HEAD (OBJECT_SALT + OBJECT_COMMIT)
#define OBJECT_CHUNK 65536
#define OBJECT_SEALED (OBJECT_CHUNK + AEAD_TAG)
#define OBJECT_TRAILER 16	/* u64 true length | u64 chunk count */
#define OBJECT_MIN 4096
#define OBJECT_MAX ((uint64_t)1 << 60)	/* of content; lengths never wrap */

struct object;

/**
 * object_new(k_blob, vault_id, id, salt, ret_o):
 * Derive the keys of one object: BLAKE2b-512(key K_blob, "sandyq/blob/1" |
 * vault id | object id | salt) = K_obj | commitment.  Free with object_free.
 */
enum sq_err object_new(const struct secret *k_blob,
    const uint8_t vault_id[16], const uint8_t id[OBJECT_ID],
    const uint8_t salt[OBJECT_SALT], struct object **ret_o);

/**
 * object_free(o):
 * Wipe, and free or keep empty for the next; NULL is fine.
 */
void object_free(struct object *o);

/** object_commit(o, out): the commitment. */
void object_commit(const struct object *o, uint8_t out[OBJECT_COMMIT]);

/**
 * object_seal(o, index, final, pt, n, out):
 * Seal chunk ${index} of ${n} bytes (65,536 unless ${final}, then 1 to 65,536)
 * into n + 16 bytes that do not overlap ${pt}, or are the same place.  Any
 * thread may, also several at once.
 */
enum sq_err object_seal(const struct object *o, uint64_t index, bool final,
    const void *pt, size_t n, uint8_t *out);

/**
 * object_open(o, index, final, ct, n, pt):
 * The inverse, of ${n} sealed bytes.  SQ_EAUTH: altered, or not the chunk of
 * that place; ${pt} is then all zero.
 */
enum sq_err object_open(const struct object *o, uint64_t index, bool final,
    const void *ct, size_t n, uint8_t *pt);

/**
 * object_check(o, index, final, ct, n):
 * Would object_open succeed?  Works out the tag alone, a third of the time.
 */
enum sq_err object_check(const struct object *o, uint64_t index, bool final,
    const void *ct, size_t n);

/**
 * object_plain_len(content):
 * Length of the padded plaintext of ${content} <= OBJECT_MAX bytes: content,
 * zeros, trailer; the Padme length, at least OBJECT_MIN.
 */
uint64_t object_plain_len(uint64_t content);

/** object_chunks(content): in how many chunks that is sealed. */
uint64_t object_chunks(uint64_t content);

/** object_file_len(content): length of the sealed file. */
uint64_t object_file_len(uint64_t content);

/**
 * object_pad(content, pos, p, n):
 * Fill ${p} with the ${n} bytes of plaintext from position ${pos} on, which
 * lies behind the content: zeros and, at the very end, the trailer.
 */
void object_pad(uint64_t content, uint64_t pos, uint8_t *p, size_t n);

/**
 * object_pad_ok(content, pos, p, n):
 * True if the ${n} bytes at position ${pos} of the plaintext are, where they
 * lie behind the content, what object_pad writes.
 */
bool object_pad_ok(uint64_t content, uint64_t pos, const uint8_t *p,
    size_t n);

#endif
