/*
 * Erasing by right of the witness.  A part of vault.h.
 */
#ifndef SQ_VAULT_VAULT_ERASE_H
#define SQ_VAULT_VAULT_ERASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/err.h"
#include "vault/record/model.h"

struct vault;

struct vault_erase {
	const char *ref;
	const char *const *fields;	/* none: everything that it says */
	size_t n_fields;
	bool attachments;	/* also the media that belong to it alone */
	const char *reason;
};

struct vault_erased {
	char entry[MODEL_ROOT_HEX];	/* of the erase entry; "" if none */
	uint64_t entries, values, files;
	/* records that name it: what they say stays */
	char (*others)[MODEL_REF_MAX];
	size_t n_others;
};

/**
 * vault_erase_may(v, o, why):
 * Is there such a record, with such fields, that may be erased?  As vault_erase
 * would say, but nothing is.
 */
enum sq_err vault_erase_may(struct vault *v, const struct vault_erase *o,
    struct why *why);

/**
 * vault_erase(v, o, ret, why):
 * Remove values and salts from all revisions of a record, and its attachment
 * with the last record that holds it.  Names and commitments stay, so that the
 * log and every proof made of it still hold; an entry says who erased what,
 * when and why.  All in one transaction; files are deleted after it, or at the
 * next opening.  Nothing left to erase is no failure: then ret->entries is 0.
 * Caller frees with vault_erased_free.
 */
enum sq_err vault_erase(struct vault *v, const struct vault_erase *o,
    struct vault_erased *ret, struct why *why);

/** vault_erased_free(x): free what it holds. */
void vault_erased_free(struct vault_erased *x);

#endif
