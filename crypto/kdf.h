/*
 * From a passphrase to a key (Argon2id, RFC 9106, libargon2), from the master
 * key to its sub-keys (crypto_kdf of libsodium), and scrypt (RFC 7914) for age
 * files.  Costs read from a file are bounded before anything is allocated.
 */
#ifndef SQ_CRYPTO_KDF_H
#define SQ_CRYPTO_KDF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/err.h"
#include "crypto/secret.h"

#define KDF_SET_LEN 48		/* FORMAT.md section 3, a KDF set on disk */
#define KDF_ARGON2ID 0x00020013u
#define KDF_MIN_KIB (64u * 1024)
#define KDF_MAX_KIB (2u * 1024 * 1024)
#define KDF_MIN_PASSES 3u
#define KDF_MAX_PASSES 16u
#define KDF_MAX_LANES 8u
#define KDF_PASS_MAX 1024	/* bytes of an NFC passphrase */

struct kdf_set {
	uint8_t salt[32];
	uint32_t id;
	uint32_t kib;
	uint32_t passes;
	uint32_t lanes;
};

/* Sub-keys of the master key, by number; FORMAT.md section 4. */
enum kdf_use {
	KDF_USE_DB = 1,		/* 32 bytes */
	KDF_USE_DBSALT = 2,	/* 16 bytes */
	KDF_USE_BLOB = 3,
	KDF_USE_HDR = 4,
	KDF_USE_STATE = 5,
	KDF_USE_DEDUP = 6,
	KDF_USE_IDENTITY = 7
};

/**
 * kdf_check(set):
 * SQ_OK within the bounds above, else SQ_ELIMIT; an unknown id is
 * SQ_EUNSUPPORTED.
 */
enum sq_err kdf_check(const struct kdf_set *set);

/** kdf_emit(set, out): the 48 bytes on disk. */
void kdf_emit(const struct kdf_set *set, uint8_t out[KDF_SET_LEN]);

/** kdf_parse(in, ret_set): read the 48 bytes and kdf_check them. */
enum sq_err kdf_parse(const uint8_t in[KDF_SET_LEN], struct kdf_set *ret_set);

/**
 * kdf_choose(available_kib, set):
 * Fill the costs for a new vault: 1 GiB, 3 passes, 4 lanes, stepping down to
 * 512 and 256 MiB so that at most half of ${available_kib} is used; a random
 * salt.  The caller says so when kib is less than 1 GiB.
 */
void kdf_choose(uint64_t available_kib, struct kdf_set *set);

/**
 * kdf_derive(set, pass, ret_ikm):
 * Argon2id of ${pass} (1 to 1,024 bytes) to 32 bytes.  kdf_check runs first.
 * SQ_ENOMEM when the memory cannot be had: never reported as a wrong
 * passphrase.
 */
enum sq_err kdf_derive(const struct kdf_set *set, const struct secret *pass,
    struct secret **ret_ikm);

/** kdf_subkey(master, use, ret_key): a sub-key, 32 bytes (16 for the salt). */
enum sq_err kdf_subkey(const struct secret *master, enum kdf_use use,
    struct secret **ret_key);

/**
 * kdf_scrypt(pass, salt, nsalt, log_n, ret_key):
 * scrypt with N = 2^${log_n}, r = 8, p = 1 to 32 bytes, as age uses it.  The
 * caller bounds ${log_n}.
 */
enum sq_err kdf_scrypt(const struct secret *pass, const void *salt,
    size_t nsalt, unsigned log_n, struct secret **ret_key);

#endif
