/*
 * Sharing a secret among N people so that any K of them have it and fewer have
 * nothing: Shamir's scheme over GF(256).  FORMAT.md section 18.
 *
 * A primitive of our own, because no library of Debian has it: so it is small,
 * exactly specified, without tables or branches that depend on a secret.  It
 * does not tell a wrong share from a right one; share.h and the commitment of
 * the key slot do.
 */
#ifndef SQ_CRYPTO_SHAMIR_H
#define SQ_CRYPTO_SHAMIR_H

#include <stdint.h>

#include "crypto/err.h"
#include "crypto/secret.h"

#define SHAMIR_LEN 32		/* bytes of the secret and of each share */
#define SHAMIR_MAX 16		/* shares */

/**
 * shamir_split(s, k, n, coeffs, ret):
 * Make ${n} shares of ${s}, ret[0] for x = 1 and so on, of which any ${k} give
 * it back; 2 <= ${k} <= ${n} <= SHAMIR_MAX.  ${coeffs}: (${k} - 1) * SHAMIR_LEN
 * uniformly random bytes (secret_random), of the power 1 first.  The caller
 * frees; on failure all are NULL.
 */
enum sq_err shamir_split(const struct secret *s, unsigned k, unsigned n,
    const struct secret *coeffs, struct secret *ret[]);

/**
 * shamir_value(x, y, k, at, ret):
 * The value at ${at} of the polynomial through the ${k} points x[i], y[i]: at
 * 0 the secret, elsewhere what a further share must be.  SQ_EUSAGE if an x is
 * 0, above SHAMIR_MAX or there twice.
 */
enum sq_err shamir_value(const uint8_t x[], const struct secret *const y[],
    unsigned k, uint8_t at, struct secret **ret);

/** shamir_mul(a, b): product in GF(256), modulus x^8 + x^4 + x^3 + x + 1. */
uint8_t shamir_mul(uint8_t a, uint8_t b);

/** shamir_inv(a): the inverse; of 0 it is 0. */
uint8_t shamir_inv(uint8_t a);

#endif
