/*
 * Secrets: keys, passphrases and anything derived from them that opens
 * something.  A secret is a type, never an array on a caller's stack: it lives
 * between guards, in memory that the kernel itself cannot reach where there is
 * such (memfd_secret(2)), locked elsewhere; it is wiped when freed.  Until it
 * calls exec, a child shares the former: it must not free what is not its own.
 */
#ifndef SQ_CRYPTO_SECRET_H
#define SQ_CRYPTO_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/err.h"

struct secret;

/**
 * secret_init():
 * Make libsodium ready; call once, first.  SQ_EINTERNAL if it cannot be.
 */
enum sq_err secret_init(void);

/**
 * secret_new(len, ret_s):
 * Allocate ${len} bytes (1 to 2^20), zeroed, in guarded memory.  On failure
 * SQ_ENOMEM and ${*ret_s} is untouched.  The caller frees with secret_free.
 */
enum sq_err secret_new(size_t len, struct secret **ret_s);

/**
 * secret_copy(bytes, len, ret_s):
 * As secret_new, filled from ${bytes}; the caller wipes its own copy.
 */
enum sq_err secret_copy(const uint8_t *bytes, size_t len,
    struct secret **ret_s);

/**
 * secret_random(len, ret_s):
 * As secret_new, filled with randomness.
 */
enum sq_err secret_random(size_t len, struct secret **ret_s);

/** secret_free(s): wipe and free ${s}; NULL is fine. */
void secret_free(struct secret *s);

/** secret_bytes(s): the bytes, writable, valid until secret_free. */
uint8_t *secret_bytes(struct secret *s);

/** secret_cbytes(s): the bytes, for reading. */
const uint8_t *secret_cbytes(const struct secret *s);

/** secret_len(s): the number of bytes. */
size_t secret_len(const struct secret *s);

/**
 * secret_shorten(s, len):
 * Make ${s} appear ${len} bytes long (at most what it was allocated with);
 * the rest is wiped.
 */
void secret_shorten(struct secret *s, size_t len);

/** secret_eq(a, b): same length and bytes, compared in constant time. */
bool secret_eq(const struct secret *a, const struct secret *b);

/**
 * secret_locked():
 * False once locking memory has failed in this process: keys may then reach
 * swap, and the user must be told.
 */
bool secret_locked(void);

/**
 * secret_beyond():
 * False once a secret lay in memory that the kernel, and with it root, can
 * read: there is no memfd_secret, or no more of it (RLIMIT_MEMLOCK).
 */
bool secret_beyond(void);

/** secret_wipe(p, len): wipe memory that is not a struct secret. */
void secret_wipe(void *p, size_t len);

/**
 * secret_wipe_stack():
 * Wipe the stack below the caller, where functions that have returned left
 * what they worked on, and the wide registers.
 */
void secret_wipe_stack(void);

#endif
