/*
 * age's STREAM: 64 KiB chunks of ChaCha20-Poly1305, an 11-byte big-endian
 * counter and a final flag as nonce.  C2SP age.md, "Payload".
 */
#ifndef SQ_CRYPTO_STREAM_H
#define SQ_CRYPTO_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/aead.h"
#include "crypto/err.h"
#include "crypto/secret.h"

#define STREAM_CHUNK 65536
#define STREAM_SEALED (STREAM_CHUNK + AEAD_TAG)

struct stream;

/**
 * stream_new(key, ret):
 * A stream from its first chunk on; takes a copy of ${key}.
 */
enum sq_err stream_new(const struct secret *key, struct stream **ret);

/**
 * stream_seal(s, pt, n, final, out):
 * Seal the next chunk: ${n} is 65,536 unless ${final}; ${out} gets n + 16.
 * An empty final chunk is only right when it is the first.
 */
enum sq_err stream_seal(struct stream *s, const void *pt, size_t n,
    bool final, uint8_t *out);

/**
 * stream_open(s, ct, n, final, pt):
 * Open the next chunk of ${n} sealed bytes.  SQ_EAUTH if it does not hold,
 * SQ_EFORMAT for an impossible length or a chunk after the final one.
 */
enum sq_err stream_open(struct stream *s, const void *ct, size_t n,
    bool final, uint8_t *pt);

/** stream_free(s): wipe and free; NULL is fine. */
void stream_free(struct stream *s);

#endif
