/*
 * Authenticated encryption of one message held in memory: XChaCha20-Poly1305
 * (draft-irtf-cfrg-xchacha, libsodium) and ChaCha20-Poly1305 (RFC 8439,
 * libcrypto for bulk).  Not key-committing: who needs commitment adds one.
 */
#ifndef SQ_CRYPTO_AEAD_H
#define SQ_CRYPTO_AEAD_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/err.h"
#include "crypto/secret.h"

#define AEAD_KEY 32
#define AEAD_XNONCE 24
#define AEAD_NONCE 12
#define AEAD_TAG 16

/**
 * aead_xseal(key, nonce, ad, nad, pt, n, ct, tag):
 * XChaCha20-Poly1305: encrypt ${n} bytes of ${pt} into ${ct} (may be the same
 * place) and write the tag.
 */
enum sq_err aead_xseal(const struct secret *key,
    const uint8_t nonce[AEAD_XNONCE], const void *ad, size_t nad,
    const void *pt, size_t n, uint8_t *ct, uint8_t tag[AEAD_TAG]);

/**
 * aead_xopen(key, nonce, ad, nad, ct, n, tag, pt):
 * The inverse.  SQ_EAUTH if the tag does not hold; ${pt} is then all zero.
 */
enum sq_err aead_xopen(const struct secret *key,
    const uint8_t nonce[AEAD_XNONCE], const void *ad, size_t nad,
    const void *ct, size_t n, const uint8_t tag[AEAD_TAG], uint8_t *pt);

/**
 * aead_seal(key, nonce, ad, nad, pt, n, out) / aead_open(...):
 * ChaCha20-Poly1305 with a 12-byte nonce; the 16-byte tag follows the
 * ciphertext: ${out} has ${n} + 16 bytes.  aead_open takes ${n} including the
 * tag and fails with SQ_EAUTH, ${pt} zeroed.
 */
enum sq_err aead_seal(const struct secret *key,
    const uint8_t nonce[AEAD_NONCE], const void *ad, size_t nad,
    const void *pt, size_t n, uint8_t *out);
enum sq_err aead_open(const struct secret *key,
    const uint8_t nonce[AEAD_NONCE], const void *ad, size_t nad,
    const void *ct, size_t n, uint8_t *pt);

/**
 * aead_check(key, nonce, ad, nad, ct, n):
 * Would aead_open succeed?  Only the tag is worked out, nothing decrypted: a
 * third of the time.  ${nad} and ${n} - 16 of any length.
 */
enum sq_err aead_check(const struct secret *key,
    const uint8_t nonce[AEAD_NONCE], const void *ad, size_t nad,
    const void *ct, size_t n);

#endif
