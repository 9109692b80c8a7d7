/*
 * Export: what leaves the vault.  A part of vault.h.
 */
#ifndef SQ_VAULT_VAULT_EXPORT_H
#define SQ_VAULT_VAULT_EXPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/err.h"
#include "crypto/secret.h"
#include "vault/record/model.h"

struct vault;
struct vault_progress;

struct vault_export {
	const char *const *refs;	/* cases and records */
	size_t n_refs;
	const char *to;			/* name or reference of a recipient */
	const struct secret *passphrase;/* for a passphrase recipient */
	const char *profile;		/* NULL: lawyer */
	const char *const *withhold;	/* FIELD, TYPE.FIELD, REF.FIELD */
	size_t n_withhold;
	const char *const *disclose;
	size_t n_disclose;
	/* N-3=REASON: the conditions of this decision are met */
	const char *const *confirm;
	size_t n_confirm;
	const char *purpose;		/* or NULL */
	const char *dir;		/* NULL: the working directory */
	bool (*progress)(void *arg, const struct vault_progress *p);
	void *arg;			/* false: stop, nothing leaves */
};

struct vault_left {
	char ref[MODEL_REF_MAX];
	char *why;
	bool file;		/* its record goes, its file stays */
	bool identity;		/* it left, but under a pseudonym only */
};

/* A decision that asks for a confirmation, in its own words. */
struct vault_condition {
	char ref[MODEL_REF_MAX];
	bool ask;		/* to be asked each time, not conditions */
	char *words;		/* or NULL: none were written down */
	char *reason;		/* of the confirmation; NULL: there is none */
};

struct vault_exported {
	char *path;
	char bundle[33];
	uint64_t items, attachments, withheld;	/* withheld: fields */
	struct vault_left *left;		/* left out, with the reason */
	size_t n_left;
	struct vault_condition *condition;
	size_t n_condition;
};

/**
 * vault_export(v, o, ret, why):
 * consent-checked, redacted, signed, sealed, logged.  SQ_EREFUSED if nothing
 * may leave (then ${ret} holds the conditions that were met) or progress asked
 * to stop, SQ_EDAMAGE if an attachment is not as it was; then there is no file.
 * Caller frees with vault_exported_free, on failure too.
 */
enum sq_err vault_export(struct vault *v, const struct vault_export *o,
    struct vault_exported *ret, struct why *why);

/**
 * vault_disclose(v, bundle, o, ret, why):
 * A small bundle that opens fields which ${bundle} (its id, the beginning of
 * it, or B-3) withheld: o->disclose, each REF.FIELD; o->refs and o->withhold
 * are not looked at, and without o->profile it is that of ${bundle}.  As
 * vault_export otherwise.
 */
enum sq_err vault_disclose(struct vault *v, const char *bundle,
    const struct vault_export *o, struct vault_exported *ret,
    struct why *why);

/** vault_exported_free(x): free what it holds. */
void vault_exported_free(struct vault_exported *x);

/**
 * vault_recipient_kind(v, name, ret_pass, why):
 * Does exporting to ${name} need a passphrase?
 */
enum sq_err vault_recipient_kind(struct vault *v, const char *name,
    bool *ret_pass, struct why *why);

#endif
