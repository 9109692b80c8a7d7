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
#include "vault/bundle/export_consent.h"
#include "vault/bundle/statement.h"
#include "vault/record/record.h"
#include "vault/store/blob.h"

#define EXPORT_ITEMS_MAX (RECORD_ABOUT_MAX - 1)

/* What may be said: a profile, and exceptions by field. */
struct export_rules {
	const char *profile;		/* public, lawyer, court, full */
	const char *const *withhold;
	size_t n_withhold;
	const char *const *disclose;
	size_t n_disclose;
	bool only;		/* nothing but what is disclosed by name */
	bool hide;		/* names too, as in the public profile */
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
 * export_rules_file(r, pseudonym, type, ref, en, ret, why, cap):
 * May the file attached to the record ${en} go?  Its bytes tell what the
 * fields flagged MODEL_INSIDE tell, and whom they show: it goes if all of
 * these may be told, or if «file» is disclosed, and never if «file» is
 * withheld; with ${pseudonym} only if it is disclosed.  If not, ${why} (${cap}
 * bytes) says so to the recipient.
 */
enum sq_err export_rules_file(const struct export_rules *r, bool pseudonym,
    const struct model_type *type, const char *ref, const struct entry *en,
    bool *ret, char *why, size_t cap);

/**
 * export_rules_said(r, pseudonym, type, ref, name):
 * As export_rules_open; with ${pseudonym} nothing is disclosed that tells who
 * somebody is, whatever the profile and the exceptions say.
 */
bool export_rules_said(const struct export_rules *r, bool pseudonym,
    const struct model_type *type, const char *ref, const char *name);

/**
 * export_rules_apply(r, pseudonym, type, ref, en, ret_withheld):
 * Withhold from ${en} what is not disclosed (hide it in the public profile)
 * and count the fields.
 */
enum sq_err export_rules_apply(const struct export_rules *r, bool pseudonym,
    const struct model_type *type, const char *ref, struct entry *en,
    uint64_t *ret_withheld);

/* One record on its way out. */
struct export_item {
	uint8_t id[LOG_RECORD_ID];
	/* its newest revision, redacted later */
	struct record_at at;
	const struct model_type *type;
	char ref[MODEL_REF_MAX];
	bool file;			/* its attachment goes too */
	struct blob_info object;	/* what holds it */
	const char *ext;		/* in the bundle */
	bool pseudonym;		/* nothing that tells who somebody is */
};

/* What stays, and why. */
enum export_stays {
	EXPORT_STAYS_RECORD,
	EXPORT_STAYS_FILE,	/* the record goes, its attached file stays */
	EXPORT_STAYS_IDENTITY	/* it goes without who somebody is */
};

struct export_left {
	char ref[MODEL_REF_MAX];
	char why[256];
	char ask[MODEL_REF_MAX];	/* a decision to confirm, or "" */
	enum export_stays what;
};

struct export_plan {
	struct export_item *item;
	size_t n, cap;
	const struct export_item **by_id;
	struct export_left *left;
	size_t n_left, cap_left;
};

/**
 * export_plan_file(p, ref, reason):
 * Say that the file attached to item ${ref} is not in the bundle.
 */
enum sq_err export_plan_file(struct export_plan *p, const char *ref,
    const char *reason);

/**
 * export_plan_make(g, refs, n, ret, why):
 * What is named, what the cases named hold, and the media of both, each asked
 * for consent at the gate; newest revisions, verified.  SQ_EREFUSED if nothing
 * may leave.  Caller frees with export_plan_free.
 */
enum sq_err export_plan_make(struct export_gate *g, const char *const *refs,
    size_t n, struct export_plan *ret, struct why *why);

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

/* The earlier bundle whose fields are opened. */
struct export_opens {
	char bundle[33];
	uint8_t statement[32];
	uint64_t log_size;
	char (*about)[MODEL_ID_HEX];	/* records it holds */
	size_t n_about;
};

/** export_plan_sort(p): items in the order of the log. */
enum sq_err export_plan_sort(struct export_plan *p);

/**
 * export_disclose_plan(cx, o, r, p, why):
 * Put the revisions that bundle ${o} held in the place of the newest, and check
 * that each field of r->disclose (all REF.FIELD) can be opened: SQ_EREFUSED.
 */
enum sq_err export_disclose_plan(struct record_ctx *cx,
    const struct export_opens *o, const struct export_rules *r,
    struct export_plan *p, struct why *why);

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

/* A file of the bundle, in memory, or the attachment of an item. */
struct export_file {
	char *path;			/* "bundle/STATEMENT.txt" */
	struct bytes_buf body;
	const struct export_item *of;	/* or NULL */
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

/**
 * export_file_original(l, item, it):
 * Another file: the attachment of ${it}, item number ${item}.
 */
enum sq_err export_file_original(struct export_files *l, uint64_t item,
    const struct export_item *it);

/** export_files_free(l): wipe and free. */
void export_files_free(struct export_files *l);

/* How far it is: records while name is NULL, then bytes of attachments. */
struct export_progress {
	const char *name;		/* reference of the one at work */
	uint64_t done, of;
	uint64_t all_done, all_of;
	uint64_t file, files;		/* from 1 */
};

/* False: stop; then nothing is exported. */
typedef bool export_progress_fn(void *arg, const struct export_progress *p);

/* Everything an export stands on. */
struct export_in {
	struct record_ctx *cx;
	const struct blob_store *blobs;	/* if any item has a file */
	const struct secret *seed;	/* identity of the log */
	uint32_t epoch;			/* of its keys */
	const struct card *card;
	const char *checkpoint;		/* the signed note */
	size_t n_checkpoint;
	const struct export_rules *rules;
	bool history;			/* earlier revisions go too */
	struct export_plan *plan;	/* its entries are redacted */
	const struct export_gate *gate;	/* what it rests on */
	const struct export_opens *opens;	/* or NULL: a bundle as such */
	const struct export_to *to;
	const struct secret *passphrase;/* if to->age is "-" */
	const char *purpose;		/* or NULL */
	const char *now;		/* RFC 3339 */
	export_progress_fn *progress;	/* or NULL */
	void *arg;
};

struct export_result {
	char bundle[33];
	uint64_t attachments;
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
 * export_content_plan(p, rules):
 * Of the items with a file, which go: those that ${rules} let go and whose
 * record states the SHA-256 and size of its object; of the others it is said
 * that they stay.
 */
enum sq_err export_content_plan(struct export_plan *p,
    const struct export_rules *rules);

/* Attachments on their way out, one after the other. */
struct export_content {
	const struct export_in *in;
	struct export_progress p;
	uint64_t before;		/* bytes of those before this one */
	struct why *why;
};

/** export_content_new(in, why, ret): count what is to go. */
void export_content_new(const struct export_in *in, struct why *why,
    struct export_content *ret);

/**
 * export_content_write(x, it, write, arg):
 * The file of one item to ${write}: each chunk authenticated, and the SHA-256
 * of all held against the record.  SQ_EDAMAGE says which one is not as it was;
 * what was written until then must be thrown away.
 */
enum sq_err export_content_write(struct export_content *x,
    const struct export_item *it, age_write_fn *write, void *arg);

/**
 * export_keys(in, l, why):
 * Append proofs/keys/: every change of keys of the log.
 */
enum sq_err export_keys(const struct export_in *in, struct export_files *l,
    struct why *why);

/**
 * export_anchors(in, st, l, why):
 * Append proofs/anchors/ and trust/tsa-chain.pem to ${l}: the time stamps that
 * say something about the items.
 */
enum sq_err export_anchors(const struct export_in *in,
    const struct statement *st, struct export_files *l, struct why *why);

/**
 * export_write(in, write, arg, ret, why):
 * Build the whole bundle and hand the sealed bytes to ${write}.
 */
enum sq_err export_write(const struct export_in *in, age_write_fn *write,
    void *arg, struct export_result *ret, struct why *why);

#endif
