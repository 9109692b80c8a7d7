/*
 * Keys, log and slots: who signs, what was signed, who can open the vault.  A
 * part of vault.h.
 */
#ifndef SQ_VAULT_VAULT_KEYS_H
#define SQ_VAULT_VAULT_KEYS_H

#include <stdbool.h>
#include <stdint.h>

#include "crypto/bytes.h"
#include "crypto/err.h"
#include "crypto/keyslot.h"
#include "crypto/secret.h"
#include "vault/record/model.h"

struct vault;
struct vault_made;

/* --- keys and log ------------------------------------------------------- */

/**
 * vault_key_card(v, form, out, why):
 * Append the key card: ${form} "svg" or "html" is a page with a QR code to be
 * printed, anything else (or NULL) text.
 */
enum sq_err vault_key_card(struct vault *v, const char *form,
    struct bytes_buf *out, struct why *why);

struct vault_rotate {
	const char *reason;		/* kept in the log */
	/* RFC 3339, UTC: the old keys count only before; or NULL */
	const char *since;
	const struct secret *recovery;	/* then: the words on paper */
};

/**
 * vault_key_rotate(v, o, ret, why):
 * New keys for the log from here on, vouched for by the old ones; or, with a
 * since, by the recovery signing key.  The old identity is forgotten.
 * SQ_EPASS: not the recovery key of this vault.
 */
enum sq_err vault_key_rotate(struct vault *v, const struct vault_rotate *o,
    struct vault_made *ret, struct why *why);

/**
 * vault_recovery_key(v, take, arg, why):
 * Hand the recovery signing key, as words, to ${take}, and when that succeeded
 * forget it: it is on paper alone from then on.  SQ_ENOENT: it left before.
 */
enum sq_err vault_recovery_key(struct vault *v, enum sq_err (*take)(void *arg,
    const struct secret *words), void *arg, struct why *why);

/**
 * vault_checkpoint(v, out, why):
 * Append the signed checkpoint of the last commit.
 */
enum sq_err vault_checkpoint(struct vault *v, struct bytes_buf *out,
    struct why *why);

struct vault_entry {
	uint64_t index;
	char root[MODEL_ROOT_HEX];
	char kind[16];
	char type[16];		/* or "" */
	char ref[MODEL_REF_MAX];/* or "" */
	char time[MODEL_TIME_MAX];
	char *actor;
};

/**
 * vault_log(v, cb, arg, why):
 * Every entry, oldest first, each root recomputed.
 */
enum sq_err vault_log(struct vault *v,
    enum sq_err (*cb)(void *arg, const struct vault_entry *en), void *arg,
    struct why *why);

/**
 * vault_log_proof(v, index, out, why):
 * Append a tlog-proof of entry ${index}.
 */
enum sq_err vault_log_proof(struct vault *v, uint64_t index,
    struct bytes_buf *out, struct why *why);

/**
 * vault_log_consistency(v, old, out, why):
 * Append the consistency proof from size ${old} (docs/BUNDLE.md,
 * consistency.txt).
 */
enum sq_err vault_log_consistency(struct vault *v, uint64_t old,
    struct bytes_buf *out, struct why *why);

/* --- slots -------------------------------------------------------------- */

struct vault_slot {
	unsigned index;			/* 1..8, as a person counts */
	enum keyslot_kind kind;
	char label[KEYSLOT_LABEL + 1];
	bool current;			/* the one that opened the vault */
};

/**
 * vault_slots(v, cb, arg, why):
 * The slots in use as this vault's log and the opening slot know them.
 */
enum sq_err vault_slots(struct vault *v,
    void (*cb)(void *arg, const struct vault_slot *s), void *arg,
    struct why *why);

/**
 * vault_slot_add(v, label, pass, kind, ret_index, why):
 * A further passphrase or recovery code.  ${label}: whose it is; NULL: the
 * number of its slot stands for the name.
 */
enum sq_err vault_slot_add(struct vault *v, const char *label,
    const struct secret *pass, enum keyslot_kind kind, unsigned *ret_index,
    struct why *why);

/**
 * vault_slot_change(v, pass, why):
 * A new passphrase for the slot that opened the vault.
 */
enum sq_err vault_slot_change(struct vault *v, const struct secret *pass,
    struct why *why);

/** vault_slot_remove(v, index, why): refused for the last one that opens. */
enum sq_err vault_slot_remove(struct vault *v, unsigned index,
    struct why *why);

/**
 * vault_recovery_new(v, ret_code, why):
 * Put a new recovery code (crypto/words.h) into a slot of its own, replacing
 * an earlier recovery slot; the caller prints the sheet from ${ret_code}.
 */
enum sq_err vault_recovery_new(struct vault *v, struct secret **ret_code,
    struct why *why);

/**
 * vault_recovery_test(v, typed, why):
 * Does what a person typed from the sheet open the recovery slot?  SQ_EPASS
 * names the group that does not fit.  The rehearsal is logged.
 */
enum sq_err vault_recovery_test(struct vault *v, const struct secret *typed,
    struct why *why);

#endif
