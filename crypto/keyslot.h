/*
 * Key slot: 256 bytes that hold the master key under one passphrase, and look
 * like random bytes when they hold nothing.  FORMAT.md section 3.  The
 * commitment is checked before the ciphertext, so that no slot opens under two
 * passphrases.
 */
#ifndef SQ_CRYPTO_KEYSLOT_H
#define SQ_CRYPTO_KEYSLOT_H

#include <stdbool.h>
#include <stdint.h>

#include "crypto/err.h"
#include "crypto/kdf.h"
#include "crypto/secret.h"

#define KEYSLOT_LEN 256
#define KEYSLOT_COUNT 8
#define KEYSLOT_LABEL 64	/* bytes of UTF-8, zero padded */

enum keyslot_kind {
	KEYSLOT_PASSPHRASE = 1,
	KEYSLOT_RECOVERY = 2,
	KEYSLOT_TRUSTEES = 3,
	KEYSLOT_TOKEN = 4
};

/* What the bytes B of FORMAT.md bind a slot to. */
struct keyslot_ctx {
	uint8_t magic[8];
	uint16_t major;
	uint8_t vault_id[16];
	uint8_t set[KDF_SET_LEN];
	uint8_t index;		/* 0..7 */
};

struct keyslot {
	struct secret *master;	/* 32 bytes, owned */
	enum keyslot_kind kind;
	uint8_t flags;
	uint8_t index;
	uint64_t generation;
	char label[KEYSLOT_LABEL + 1];
};

/**
 * keyslot_make(ctx, ikm, slot, out):
 * Seal ${slot} under the key derived from ${ikm} into the 256 bytes ${out}.
 * The index written is that of ${ctx}.  SQ_ELIMIT if the label is not UTF-8 of
 * at most 64 bytes.
 */
enum sq_err keyslot_make(const struct keyslot_ctx *ctx,
    const struct secret *ikm, const struct keyslot *slot,
    uint8_t out[KEYSLOT_LEN]);

/**
 * keyslot_open(ctx, ikm, in, ret_slot):
 * Open the slot ${in}.  SQ_EPASS if its commitment is not that of this key;
 * SQ_EAUTH if it is but the content was altered; SQ_EUNSUPPORTED or
 * SQ_EFORMAT if it is authentic but not of format 1.0.  On success the caller
 * frees ret_slot->master.  The last 24 bytes of a slot are fill, checked by
 * the header's MAC and not here.
 */
enum sq_err keyslot_open(const struct keyslot_ctx *ctx,
    const struct secret *ikm, const uint8_t in[KEYSLOT_LEN],
    struct keyslot *ret_slot);

/** keyslot_blank(out): an unused slot: random bytes. */
void keyslot_blank(uint8_t out[KEYSLOT_LEN]);

#endif
