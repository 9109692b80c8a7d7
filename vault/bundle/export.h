/*
 * Export: from records to one sealed, signed file.  BUNDLE.md.  Three steps,
 * each in a file of its own: what goes (export_plan.c), what of it is said
 * (export_rules.c), and the bytes (export_data.c, export.c).
 */
#ifndef SQ_VAULT_BUNDLE_EXPORT_H
#define SQ_VAULT_BUNDLE_EXPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/age.h"
#include "crypto/secret.h"
#include "vault/bundle/bag.h"
#include "vault/bundle/card.h"
#include "vault/bundle/statement.h"
#include "vault/record/record.h"

#define EXPORT_ITEMS_MAX (RECORD_ABOUT_MAX - 1)

/* What may be said: a profile, and exceptions by field. */
struct export_rules {
	const char *profile;		/* public, lawyer, court, full */
	const char *const *withhold;
	size_t n_withhold;
	const char *const *disclose;
	size_t n_disclose;
};

/**
 * export_rules_check(r, why):
 * Is the profile known, and does each exception name a field that exists?  A
 * slip here would leak: SQ_EUSAGE.
 */
enum sq_err export_rules_check(const struct export_rules *r,
    struct why *why);

/**
 * export_rules_open(r, type, ref, name):
 * Is the entry field ${name} of record ${ref} disclosed?  An exception that
 * withholds beats one that discloses, and both beat the profile.
 */
bool export_rules_open(const struct export_rules *r,
    const struct model_type *type, const char *ref, const char *name);

/**
 * export_rules_apply(r, type, ref, en, ret_withheld):
 * Withhold from ${en} what is not disclosed (hide it in the public profile)
 * and count the fields.
 */
enum sq_err export_rules_apply(const struct export_rules *r,
    const struct model_type *type, const char *ref, struct entry *en,
    uint64_t *ret_withheld);

/* One record on its way out. */
struct export_item {
	uint8_t id[LOG_RECORD_ID];
	/* its newest revision, redacted later */
	struct record_at at;
	const struct model_type *type;
	char ref[MODEL_REF_MAX];
};

/* One record that stays, and why. */
struct export_left {
	char ref[MODEL_REF_MAX];
	char why[256];
	bool file;		/* the record goes, its attached file stays */
};

struct export_plan {
	struct export_item *item;
	size_t n, cap;
	const struct export_item **by_id;
	struct export_left *left;
	size_t n_left, cap_left;
};

/**
 * export_plan_file(p, ref):
 * Say that the file attached to item ${ref} is not in the bundle.
 */
enum sq_err export_plan_file(struct export_plan *p, const char *ref);

/**
 * export_plan_make(cx, refs, n, today, ret, why):
 * What is named, what the cases named hold, and the media of both, each asked
 * for consent to share; newest revisions, verified.  SQ_EREFUSED if nothing
 * may leave.  Caller frees with export_plan_free.
 */
enum sq_err export_plan_make(struct record_ctx *cx, const char *const *refs,
    size_t n, const char *today, struct export_plan *ret, struct why *why);

/**
 * export_rules_fit(r, p, why):
 * Does each exception of the form REF.FIELD name a record of the plan (taken
 * or left)?  A slip in a number would leak: SQ_EUSAGE.
 */
enum sq_err export_rules_fit(const struct export_rules *r,
    const struct export_plan *p, struct why *why);

/** export_plan_free(p): free what it holds. */
void export_plan_free(struct export_plan *p);

/** export_plan_find(p, id): the item of a record, or NULL. */
const struct export_item *export_plan_find(const struct export_plan *p,
    const uint8_t id[LOG_RECORD_ID]);

/* To whom. */
struct export_to {
	uint8_t id[LOG_RECORD_ID];	/* the recipient's record */
	char ref[MODEL_REF_MAX];
	char *name;
	char age[AGE_RECIPIENT_MAX];	/* age1..., or "-" for a passphrase */
	bool has_previous;		/* a bundle went there before */
	uint64_t previous_size;
	uint8_t previous_root[32];
};

/**
 * export_to_find(cx, name, ret, why):
 * The recipient of this name or reference and the last checkpoint it got.
 * Caller frees with export_to_free.
 */
enum sq_err export_to_find(struct record_ctx *cx, const char *name,
    struct export_to *ret, struct why *why);

/** export_to_free(t): free what it holds. */
void export_to_free(struct export_to *t);

/* A file of the bundle, in memory. */
struct export_file {
	char *path;			/* "bundle/STATEMENT.txt" */
	struct bytes_buf body;
};

struct export_files {
	struct export_file *v;
	size_t n, cap;
};

/**
 * export_file(l, path, ret):
 * Begin another file; its empty body is valid until the next call.
 */
enum sq_err export_file(struct export_files *l, const char *path,
    struct bytes_buf **ret);

/** export_files_free(l): wipe and free. */
void export_files_free(struct export_files *l);

/* Everything an export stands on. */
struct export_in {
	struct record_ctx *cx;
	const struct secret *seed;	/* identity of the log */
	const struct card *card;
	const char *checkpoint;		/* the signed note */
	size_t n_checkpoint;
	const struct export_rules *rules;
	struct export_plan *plan;	/* its entries are redacted */
	const struct export_to *to;
	const struct secret *passphrase;/* if to->age is "-" */
	const char *purpose;		/* or NULL */
	const char *now;		/* RFC 3339 */
	void (*progress)(void *arg, uint64_t done, uint64_t of);
	void *arg;
};

struct export_result {
	char bundle[33];
	uint64_t withheld;		/* fields */
	uint8_t tagmanifest[32], statement[32];
	uint64_t log_size;
	uint8_t log_root[32];
};

/**
 * export_data(in, st, l, ret_withheld, why):
 * Append bag/data/ to ${l}: items, tables, report; redacts the plan.
 */
enum sq_err export_data(const struct export_in *in,
    const struct statement *st, struct export_files *l,
    uint64_t *ret_withheld, struct why *why);

/**
 * export_write(in, write, arg, ret, why):
 * Build the whole bundle and hand the sealed bytes to ${write}.
 */
enum sq_err export_write(const struct export_in *in, age_write_fn *write,
    void *arg, struct export_result *ret, struct why *why);

#endif
