/*
 * Bech32 (BIP 173) without its length limit, as age uses it.  The case of the
 * human-readable part decides the case of the whole string.
 */
#ifndef SQ_CRYPTO_BECH32_H
#define SQ_CRYPTO_BECH32_H

#include <stdbool.h>
#include <stddef.h>

#include "crypto/bytes.h"
#include "crypto/err.h"

/**
 * bech32_encode(hrp, p, n, out):
 * Append the Bech32 string of ${n} bytes, in the case of ${hrp}, no NUL.
 */
void bech32_encode(const char *hrp, const void *p, size_t n,
    struct bytes_buf *out);

/**
 * bech32_decode(hrp, s, len, out, n):
 * Decode the ${len} characters ${s}, which must be of exactly this ${hrp}, in
 * its case, and of exactly ${n} bytes.  SQ_EFORMAT otherwise; ${out} is then
 * wiped.
 */
enum sq_err bech32_decode(const char *hrp, const char *s, size_t len,
    void *out, size_t n);

/**
 * bech32_check(s, len):
 * True if ${s} is lower-case Bech32 of any human-readable part and length.
 */
bool bech32_check(const char *s, size_t len);

#endif
