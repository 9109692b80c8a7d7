/*
 * Digests: SHA-256 and SHA-512 (FIPS 180-4, through libcrypto: five times
 * libsodium's speed), BLAKE2b (RFC 7693, through libsodium), HMAC-SHA-256
 * (RFC 2104) and HKDF-SHA-256 (RFC 5869).
 */
#ifndef SQ_CRYPTO_DIGEST_H
#define SQ_CRYPTO_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/err.h"
#include "crypto/secret.h"

#define DIGEST_LEN 32		/* SHA-256 and BLAKE2b-256, bytes */
#define DIGEST_HEX 65		/* the same in hexadecimal, with its NUL */

struct digest;			/* a running SHA-256 or SHA-512 */
enum digest_alg { DIGEST_SHA256, DIGEST_SHA512, DIGEST_BLAKE2B_512 };

/** One piece of a hashed concatenation. */
struct digest_part {
	const void *p;
	size_t n;
};

/** digest_new(alg, ret_d): start a running digest; free with digest_free. */
enum sq_err digest_new(enum digest_alg alg, struct digest **ret_d);

/** digest_add(d, p, n): feed ${n} bytes. */
enum sq_err digest_add(struct digest *d, const void *p, size_t n);

/**
 * digest_end(d, out):
 * Write the digest (32 bytes, or 64 for the 512-bit algorithms) and start
 * afresh, so that ${d} can be used for the next message.
 */
enum sq_err digest_end(struct digest *d, uint8_t *out);

/** digest_free(d): wipe and free; NULL is fine. */
void digest_free(struct digest *d);

/** digest_sha256(out, p, n): one-shot SHA-256. */
void digest_sha256(uint8_t out[DIGEST_LEN], const void *p, size_t n);

/** digest_sha256v(out, parts, n): SHA-256 of the concatenation. */
void digest_sha256v(uint8_t out[DIGEST_LEN], const struct digest_part *parts,
    size_t n);

/**
 * digest_blake2b(out, outlen, key, parts, n):
 * Keyed (NULL: unkeyed) BLAKE2b.
 */
void digest_blake2b(uint8_t *out, size_t outlen, const struct secret *key,
    const struct digest_part *parts, size_t n);

/**
 * digest_blake2b_key(key, parts, n, ret_s):
 * Keyed BLAKE2b-256 of the concatenation as a new 32-byte secret.
 */
enum sq_err digest_blake2b_key(const struct secret *key,
    const struct digest_part *parts, size_t n, struct secret **ret_s);

/** digest_hmac256(out, key, p, n): HMAC-SHA-256. */
void digest_hmac256(uint8_t out[DIGEST_LEN], const struct secret *key,
    const void *p, size_t n);

/**
 * digest_hkdf256(ikm, salt, nsalt, info, ninfo, outlen, ret_s):
 * HKDF-SHA-256, extract and expand; ${outlen} at most 255 * 32.
 */
enum sq_err digest_hkdf256(const struct secret *ikm, const void *salt,
    size_t nsalt, const void *info, size_t ninfo, size_t outlen,
    struct secret **ret_s);

#endif
