/*
 * Ed25519 (RFC 8032) through libsodium; its strict verification decides
 * (BUNDLE.md, "Ed25519 rule").  What is signed always carries the format's own
 * label or namespace, and no key signs in two formats.
 */
#ifndef SQ_CRYPTO_SIGN_H
#define SQ_CRYPTO_SIGN_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/err.h"
#include "crypto/secret.h"

#define SIGN_PK 32
#define SIGN_SIG 64
#define SIGN_SEED 32

/** sign_public(seed, pk): the public key of the 32-byte ${seed}. */
enum sq_err sign_public(const struct secret *seed, uint8_t pk[SIGN_PK]);

/** sign_make(seed, msg, n, sig): sign ${n} bytes. */
enum sq_err sign_make(const struct secret *seed, const void *msg, size_t n,
    uint8_t sig[SIGN_SIG]);

/**
 * sign_make_pk(seed, msg, n, pk, sig):
 * sign_make and sign_public at the price of one of them.
 */
enum sq_err sign_make_pk(const struct secret *seed, const void *msg, size_t n,
    uint8_t pk[SIGN_PK], uint8_t sig[SIGN_SIG]);

/** sign_check(pk, msg, n, sig): SQ_OK, or SQ_EAUTH. */
enum sq_err sign_check(const uint8_t pk[SIGN_PK], const void *msg, size_t n,
    const uint8_t sig[SIGN_SIG]);

/**
 * sign_seed(identity, use, epoch, ret_seed):
 * The signing seed of FORMAT.md section 6: BLAKE2b-256(key = identity,
 * "sandyq/identity/1/" | use | u32 epoch); use is note, minisign, ssh or age.
 */
enum sq_err sign_seed(const struct secret *identity, const char *use,
    uint32_t epoch, struct secret **ret_seed);

#endif
