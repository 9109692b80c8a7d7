/*
 * Custody: who had, saw and passed on what.  A part of vault.h.
 */
#ifndef SQ_VAULT_VAULT_CUSTODY_H
#define SQ_VAULT_VAULT_CUSTODY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/err.h"
#include "vault/record/model.h"

struct vault;
struct vault_made;

/**
 * vault_history(v, ref, cb, gap, arg, why):
 * Every entry that names the record, oldest first, to ${cb}; and where the
 * tale has a gap, ${gap} (or NULL) hears a word and a sentence for it right
 * before the entry behind it.
 */
enum sq_err vault_history(struct vault *v, const char *ref,
    enum sq_err (*cb)(void *arg, const struct record *r),
    void (*gap)(void *arg, const char *name, const char *text), void *arg,
    struct why *why);

/**
 * vault_custody(v, ref, in, ret, why):
 * Record by hand what happened to ${ref}: received, handed over and the like.
 * Its present revision, and of an attachment SHA-256 and size, are added.
 * SQ_EREFUSED for what only the program itself records.
 */
enum sq_err vault_custody(struct vault *v, const char *ref,
    const struct model_inputs *in, struct vault_made *ret, struct why *why);

/**
 * vault_viewed(v, ref, entry, played, why):
 * ${ref} (its revision ${entry}, or NULL: the newest) was shown; ${played}: its
 * content was handed out.  Recorded if the setting says so, once for each
 * record while the vault is open.  SQ_EREADONLY, once, if it cannot be: to be
 * told, not to be failed for.
 */
enum sq_err vault_viewed(struct vault *v, const char *ref, const char *entry,
    bool played, struct why *why);

struct vault_setting {
	const char *name;
	const char *value;
	const char *about;		/* what it is for */
	bool set;			/* not as a new vault has it */
};

/** vault_settings(v, cb, arg, why): every setting as it is. */
enum sq_err vault_settings(struct vault *v,
    void (*cb)(void *arg, const struct vault_setting *s), void *arg,
    struct why *why);

/**
 * vault_set(v, name, value, why):
 * Change a setting: an entry of the log.  SQ_EUSAGE says what is allowed.
 */
enum sq_err vault_set(struct vault *v, const char *name, const char *value,
    struct why *why);

#endif
