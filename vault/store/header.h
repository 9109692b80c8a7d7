/*
 * HEADER: 4,096 bytes with the key slots, twice on disk.  FORMAT.md section 3.
 * Parsing and emitting are pure; header_load and header_store go to the disk.
 */
#ifndef SQ_VAULT_STORE_HEADER_H
#define SQ_VAULT_STORE_HEADER_H

#include <stdbool.h>
#include <stdint.h>

#include "crypto/err.h"
#include "crypto/kdf.h"
#include "crypto/keyslot.h"
#include "crypto/secret.h"

#define HEADER_LEN 4096
#define HEADER_MAJOR 1
#define HEADER_NAME "HEADER"
#define HEADER_NAME2 "HEADER.2"

/* The whole header in memory; fields of FORMAT.md section 3. */
struct header {
	uint16_t major, minor;
	uint8_t vault_id[16];
	struct kdf_set set_a;
	bool has_b;
	struct kdf_set set_b;
	uint64_t generation;
	uint32_t min_reader;
	uint32_t flags;
	uint8_t slot[KEYSLOT_COUNT][KEYSLOT_LEN];
	uint8_t reserve[1808];
	uint8_t mac[32];
};

/**
 * header_new(set, ret):
 * A fresh header: random id, slots, reserve, start of generation.
 */
void header_new(const struct kdf_set *set, struct header *ret);

/**
 * header_parse(p, ret, why):
 * Read HEADER_LEN bytes: magic, checksum, version, zero bytes, KDF bounds.
 * SQ_EFORMAT not a header at all, SQ_EDAMAGE the checksum does not hold,
 * SQ_EUNSUPPORTED a newer format, SQ_ELIMIT costs out of bounds.
 */
enum sq_err header_parse(const uint8_t p[HEADER_LEN], struct header *ret,
    struct why *why);

/**
 * header_emit(h, k_hdr, out):
 * Compute both checks and write the bytes; h->mac is set.
 */
enum sq_err header_emit(struct header *h, const struct secret *k_hdr,
    uint8_t out[HEADER_LEN]);

/** header_mac_ok(h, k_hdr): does the keyed MAC hold? */
bool header_mac_ok(const struct header *h, const struct secret *k_hdr);

/**
 * header_ctx(h, set, index, ret):
 * What slot ${index} is bound to under set A (0) or B (1).
 */
void header_ctx(const struct header *h, int set, unsigned index,
    struct keyslot_ctx *ret);

/* What was found on disk. */
struct header_pair {
	struct header h[2];
	enum sq_err e[2];	/* SQ_OK where h[i] could be parsed */
	bool same;		/* both readable and byte-identical */
};

/**
 * header_load(dirfd, ret, why):
 * Read both copies.  SQ_OK if at least one parses; else the error of the first.
 */
enum sq_err header_load(int dirfd, struct header_pair *ret, struct why *why);

/**
 * header_unlock(pair, pass, ret_slot, ret_copy, why):
 * Try every slot under every KDF set of every readable copy that differs, no
 * early exit among the slots of one derivation.  A copy counts only if its
 * keyed MAC holds; SQ_EDAMAGE if a slot opened but no copy's MAC holds, or if
 * nothing opened and a copy is damaged; SQ_EPASS otherwise.
 * ${ret_slot}->master is the 32-byte master key (owned by the caller).
 * ${ret_copy}: 0 or 1.
 */
enum sq_err header_unlock(const struct header_pair *pair,
    const struct secret *pass, struct keyslot *ret_slot, int *ret_copy,
    struct why *why);

/**
 * header_store(dirfd, h, k_hdr, why):
 * HEADER, then HEADER.2, each by fsio_replace.
 */
enum sq_err header_store(int dirfd, struct header *h,
    const struct secret *k_hdr, struct why *why);

/**
 * header_put_back(dirfd, h, k_hdr, why):
 * After a header_store that failed or is to be undone: write ${h} over the
 * copies that are not it already, in place, one after the other, so that it
 * needs no space; one of both is whole at any time.
 */
enum sq_err header_put_back(int dirfd, struct header *h,
    const struct secret *k_hdr, struct why *why);

#endif
