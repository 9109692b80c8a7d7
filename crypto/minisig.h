/*
 * minisign signatures, prehashed (ED, BLAKE2b-512) only.  Reader and writer
 * are strict: four lines, LF, nothing after.  The untrusted comment is read
 * past and never shown.
 */
#ifndef SQ_CRYPTO_MINISIG_H
#define SQ_CRYPTO_MINISIG_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/bytes.h"
#include "crypto/digest.h"
#include "crypto/err.h"
#include "crypto/secret.h"
#include "crypto/sign.h"

#define MINISIG_COMMENT_MAX 1024

struct minisig_key {
	uint8_t id[8];
	uint8_t pk[SIGN_PK];
};

/** minisig_key(pk, ret): key id = first 8 bytes of BLAKE2b-256(pk). */
void minisig_key(const uint8_t pk[SIGN_PK], struct minisig_key *ret);

/**
 * minisig_pub_line(key, out):
 * Append the base64 line of a public key alone, without LF.
 */
enum sq_err minisig_pub_line(const struct minisig_key *key,
    struct bytes_buf *out);

/** minisig_pub_emit(key, out): append a public key file of two lines. */
enum sq_err minisig_pub_emit(const struct minisig_key *key,
    struct bytes_buf *out);

/**
 * minisig_pub_parse(p, n, ret):
 * A public key file, or its base64 line alone.
 */
enum sq_err minisig_pub_parse(const char *p, size_t n,
    struct minisig_key *ret);

/**
 * minisig_make(key, seed, hash, trusted, out):
 * Sign a BLAKE2b-512 ${hash} (64 bytes).
 */
enum sq_err minisig_make(const struct minisig_key *key,
    const struct secret *seed, const uint8_t hash[64], const char *trusted,
    struct bytes_buf *out);

/**
 * minisig_check(sig, n, key, hash, trusted):
 * SQ_EFORMAT (not the strict form, or legacy Ed), SQ_ENOENT (other key id),
 * SQ_EAUTH.  ${trusted} (may be NULL) receives the trusted comment.
 */
enum sq_err minisig_check(const char *sig, size_t n,
    const struct minisig_key *key, const uint8_t hash[64],
    char trusted[MINISIG_COMMENT_MAX + 1]);

#endif
