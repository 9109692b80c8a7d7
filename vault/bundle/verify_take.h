/*
 * Taking entries and attachments out of a bundle that passed every check, for
 * merging it into a vault.  Needs no vault and no database itself.
 */
#ifndef SQ_VAULT_BUNDLE_VERIFY_TAKE_H
#define SQ_VAULT_BUNDLE_VERIFY_TAKE_H

#include "crypto/bytes.h"
#include "crypto/digest.h"
#include "crypto/entry.h"
#include "crypto/merkle.h"
#include "vault/bundle/card.h"
#include "vault/bundle/verify.h"

struct verify_taken_item {
	struct entry en;
	uint8_t root[ENTRY_ROOT];
	uint64_t index;			/* in the log of the bundle */
	uint64_t number;		/* of its item */
	bool proven;		/* itself; else by what follows it */
	struct merkle_proof proof;
};

struct verify_taken {
	char bundle[33];
	char profile[32];
	struct card card;		/* log and keys; date: created */
	bool trusted;			/* by the card that was given */
	uint8_t statement[DIGEST_LEN];	/* hash of STATEMENT.txt */
	struct bytes_buf checkpoint;
	/* what is followed stands before what follows it */
	struct verify_taken_item *item;
	size_t n, cap;
};

/* Hears of attachments; of one that is not wanted the bytes are skipped. */
struct verify_take_files {
	/* every check has passed; a failure stops it */
	enum sq_err (*ready)(void *arg, const struct verify_taken *t,
	    struct why *why);
	enum sq_err (*begin)(void *arg, uint64_t number,
	    const uint8_t root[ENTRY_ROOT], const uint8_t sha256[DIGEST_LEN],
	    uint64_t size, bool *ret_wanted);
	enum sq_err (*data)(void *arg, const uint8_t *p, size_t n);
	enum sq_err (*end)(void *arg);
	void *arg;
};

/**
 * verify_take(o, f, ret, report, why):
 * verify_bundle; only if it passed, read it again, hashing every byte against
 * what was verified: attachments go to ${f} as they come, entries to ${ret}.
 * Of history each entry must be followed by one that is proven.  The caller
 * frees ${ret} with verify_take_free, also on failure.
 */
enum sq_err verify_take(const struct verify_opts *o,
    const struct verify_take_files *f, struct verify_taken *ret,
    struct verify_report *report, struct why *why);

/** verify_take_free(t): wipe and free what it holds. */
void verify_take_free(struct verify_taken *t);

#endif
