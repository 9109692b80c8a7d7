/*
 * The vault: the one door of everything that needs one.  A command of the
 * command line is one call here.  Nothing is printed; what happened is a
 * return code, a result, and a sentence in struct why.
 */
#ifndef SQ_VAULT_VAULT_H
#define SQ_VAULT_VAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/bytes.h"
#include "crypto/err.h"
#include "crypto/kdf.h"
#include "crypto/keyslot.h"
#include "crypto/secret.h"
#include "vault/record/model.h"

#define VAULT_WORDS_MAX 64	/* four words of the log head */
#define VAULT_NOTES_MAX 8

struct vault;

/* --- the program and its surroundings ----------------------------------- */

/**
 * vault_now(out):
 * The device's clock, RFC 3339 in UTC.  SANDYQ has no other clock.
 */
void vault_now(char out[MODEL_TIME_MAX]);

/**
 * vault_harden():
 * Umask 077, no core dumps, not dumpable, no new privileges, memory locks,
 * working directory remembered.  First call of main.
 */
enum sq_err vault_harden(void);

/**
 * vault_find(ret_path, why):
 * The only *.sandyq folder of the working directory. Caller frees.
 */
enum sq_err vault_find(char **ret_path, struct why *why);

/**
 * vault_read(path, max, out, why):
 * Append a file a user named ("-": standard input).
 */
enum sq_err vault_read(const char *path, size_t max, struct bytes_buf *out,
    struct why *why);

/**
 * vault_read_pass(path, fd, ret, why):
 * A passphrase: the first line of file ${path}, or of descriptor ${fd} when
 * ${path} is NULL.  An empty line is SQ_EUSAGE.
 */
enum sq_err vault_read_pass(const char *path, int fd, struct secret **ret,
    struct why *why);

/**
 * vault_write(path, p, n, why):
 * Write a new file 0600, whole or not at all, never over another.
 */
enum sq_err vault_write(const char *path, const void *p, size_t n,
    struct why *why);

/* --- life of a vault ---------------------------------------------------- */

struct vault_init {
	const char *path;
	const struct secret *passphrase;
	/* who: goes into slot and log; NULL: "owner" */
	const char *label;
	uint32_t kib, passes, lanes;	/* 0: chosen for this machine */
};

/**
 * vault_init(in, log_id, ret_kib, why):
 * Make a vault.  SQ_EEXIST if anything stands at the path; on any failure
 * nothing is left there.  ${ret_kib}: the Argon2 memory that was taken, so that
 * the caller can say when it is less than 1 GiB.
 */
enum sq_err vault_init(const struct vault_init *in, char log_id[33],
    uint32_t *ret_kib, struct why *why);

/* reading is enough: a read-only medium is fine */
#define VAULT_READ	0x01u
/* open read-only even if older than its record */
#define VAULT_AS_IS	0x02u

/**
 * vault_open(path, pass, flags, ret, why):
 * Unlock.  SQ_EPASS, SQ_EBUSY (another process), SQ_ENOENT (no vault there),
 * SQ_EDAMAGE, SQ_EROLLBACK (only VAULT_AS_IS goes on, read-only),
 * SQ_EUNSUPPORTED (newer format).  Nothing was changed on failure, save that an
 * interrupted transaction may have been finished or undone.
 */
enum sq_err vault_open(const char *path, const struct secret *pass,
    unsigned flags, struct vault **ret, struct why *why);

/** vault_close(v): close the database and wipe all keys; NULL is fine. */
void vault_close(struct vault *v);

/** vault_note(v, i): the i-th thing to tell the user after opening, or NULL. */
const char *vault_note(const struct vault *v, unsigned i);

/** vault_readonly(v): opened read-only? */
bool vault_readonly(const struct vault *v);
/** vault_hold(v): from now on nothing of the vault is changed. */
void vault_hold(struct vault *v);

/**
 * vault_accept(v, reason, why):
 * Take a vault opened with VAULT_AS_IS as it is: logged, pinned, writable from
 * now on.
 */
enum sq_err vault_accept(struct vault *v, const char *reason,
    struct why *why);

/* What can be known without a passphrase. */
struct vault_peek {
	unsigned major, minor;
	uint64_t db_bytes, store_bytes, store_files;
	char changed[MODEL_TIME_MAX];	/* newest change of STATE or vault.db */
	bool header_ok[2], state_ok[2];	/* checksums only */
	bool hot_journal, busy;
	uint32_t kib, passes, lanes;
};

/** vault_peek(path, ret, why): as above; needs no key and changes nothing. */
enum sq_err vault_peek(const char *path, struct vault_peek *ret,
    struct why *why);

struct vault_status {
	char log_id[33];
	uint64_t entries, records, slots;
	uint64_t by_type[32];		/* in the order of model_types */
	char saved[MODEL_TIME_MAX];	/* last commit, the device's claim */
	char head[MODEL_ROOT_HEX];	/* log root */
	char words[VAULT_WORDS_MAX];	/* four words of it */
	bool memory_locked, swap;	/* keys could reach swap? */
	bool recovery;			/* a recovery slot exists */
	char actor[KEYSLOT_LABEL + 1];	/* label of the slot that opened it */
};

/** vault_status(v, ret, why): counts and the line to compare. */
enum sq_err vault_status(struct vault *v, struct vault_status *ret,
    struct why *why);

/* --- records ------------------------------------------------------------ */

/* What a change made. */
struct vault_made {
	char ref[MODEL_REF_MAX];
	char id[MODEL_ID_HEX];
	char entry[MODEL_ROOT_HEX];
	uint64_t index;			/* in the log */
	unsigned rev;
};

/**
 * vault_add(v, type, in, reason, ret, why):
 * A new record; SQ_EREFUSED names the field and changes nothing.
 */
enum sq_err vault_add(struct vault *v, const char *type,
    const struct model_inputs *in, const char *reason,
    struct vault_made *ret, struct why *why);

/**
 * vault_add_from(v, type, p, n, more, reason, cb, arg, why):
 * Records from the bytes of a --from file (from.h), each with the fields of
 * ${more} added, all in one transaction: the failure of one undoes all.  ${cb}
 * hears each result after the commit.
 */
enum sq_err vault_add_from(struct vault *v, const char *type, const char *p,
    size_t n, const struct model_inputs *more, const char *reason,
    void (*cb)(void *arg, const struct vault_made *made), void *arg,
    struct why *why);

/**
 * vault_edit(v, ref, set, unset, n_unset, reason, ret, why):
 * A new revision: ${set} replaces whole fields, ${unset} drops them.
 */
enum sq_err vault_edit(struct vault *v, const char *ref,
    const struct model_inputs *set, const char *const *unset, size_t n_unset,
    const char *reason, struct vault_made *ret, struct why *why);

/**
 * vault_show(v, ref, rev, ret, why):
 * A revision (0: the newest), its root recomputed and nothing newer missing.
 * Caller frees with model_record_free.
 */
enum sq_err vault_show(struct vault *v, const char *ref, unsigned rev,
    struct record *ret, struct why *why);

typedef enum sq_err vault_record_fn(void *arg, const struct record *r);

/**
 * vault_list(v, type, limit, cb, arg, why):
 * Newest revision of each record, newest record first; ${type} may be NULL,
 * ${limit} 0.
 */
enum sq_err vault_list(struct vault *v, const char *type, size_t limit,
    vault_record_fn *cb, void *arg, struct why *why);

/**
 * vault_history(v, ref, cb, arg, why):
 * Every entry that names the record, oldest first.
 */
enum sq_err vault_history(struct vault *v, const char *ref,
    vault_record_fn *cb, void *arg, struct why *why);

struct vault_hit {
	char ref[MODEL_REF_MAX];
	const struct model_type *type;
	const char *title;
	const char *field;	/* name of the field that matched */
	const char *snippet;	/* plain text */
	int64_t score;		/* higher is better */
};

/**
 * vault_search(v, query, type, limit, cb, arg, why):
 * Best first; ${limit} 0 means 20.
 */
enum sq_err vault_search(struct vault *v, const char *query,
    const char *type, size_t limit,
    enum sq_err (*cb)(void *arg, const struct vault_hit *hit), void *arg,
    struct why *why);

/**
 * vault_case(v, ref, add, refs, n, ret, why):
 * Put records into a case (or take them out): a new revision of the case.
 */
enum sq_err vault_case(struct vault *v, const char *ref, bool add,
    const char *const *refs, size_t n, struct vault_made *ret,
    struct why *why);

/** vault_consent(v, ref, in, ret, why): append a decision about ${ref}. */
enum sq_err vault_consent(struct vault *v, const char *ref,
    const struct model_inputs *in, struct vault_made *ret, struct why *why);

/**
 * vault_consents(v, ref, cb, arg, why):
 * Every decision about ${ref}, oldest first.
 */
enum sq_err vault_consents(struct vault *v, const char *ref,
    vault_record_fn *cb, void *arg, struct why *why);

/**
 * vault_reference(v, ref, file, url, in, ret, why):
 * A media record of ${ref} pointing at a file (SHA-256 and size are taken) or a
 * URL; exactly one of the two.
 */
enum sq_err vault_reference(struct vault *v, const char *ref,
    const char *file, const char *url, const struct model_inputs *in,
    struct vault_made *ret, struct why *why);

/* --- attachments ---------------------------------------------------------- */

/* How far an attach, extract or check has come. */
struct vault_progress {
	const char *name;		/* of the file at work */
	uint64_t done, of;		/* bytes of it; of is 0 if unknown */
	uint64_t all_done, all_of;	/* bytes of everything */
	uint64_t file, files;		/* from 1 */
};

/* False asks to stop: what is not yet acknowledged is undone. */
typedef bool vault_progress_fn(void *arg, const struct vault_progress *p);

struct vault_attach {
	const char *ref;		/* what the files belong to */
	const char *const *paths;	/* files and folders */
	size_t n;
	bool move;		/* delete each source once it is saved */
	bool dry_run;			/* only say what would be done */
	vault_progress_fn *progress;	/* or NULL */
	void (*note)(void *arg, const char *text);	/* or NULL */
	void *arg;			/* of both */
};

struct vault_attached {
	char ref[MODEL_REF_MAX];	/* of its record; dry run: "" */
	char sha256[65];		/* "" in a dry run */
	uint64_t size;
	const char *name;		/* original name; dry run: its path */
	bool linked;		/* the content was in the vault already */
	bool moved;			/* the source is gone */
};

/**
 * vault_attach(v, o, cb, arg, why):
 * Hash and seal files into the vault as media records of o->ref.  ${cb} hears
 * of each file when it is saved: sealed, synced, re-read, logged and pinned.
 * SQ_EREFUSED if a source changed while it was read, or progress asked to
 * stop.  On failure what was not acknowledged is not there.
 */
enum sq_err vault_attach(struct vault *v, const struct vault_attach *o,
    void (*cb)(void *arg, const struct vault_attached *a), void *arg,
    struct why *why);

/* Takes bytes that were authenticated, in order. */
typedef enum sq_err vault_write_fn(void *arg, const uint8_t *p, size_t n);

/**
 * vault_cat(v, ref, offset, length, write, arg, why):
 * Hand the content of media ${ref} (${length} UINT64_MAX: to its end) to
 * ${write}; nothing unauthenticated is handed over.
 */
enum sq_err vault_cat(struct vault *v, const char *ref, uint64_t offset,
    uint64_t length, vault_write_fn *write, void *arg, struct why *why);

/**
 * vault_play(v, ref, player, ret_well, why):
 * Show media ${ref} with ${player} (NULL: see viewer.h) from memory or through
 * a pipe, never a plain file, until it ends; ${*ret_well}: it ended well.
 */
enum sq_err vault_play(struct vault *v, const char *ref, const char *player,
    bool *ret_well, struct why *why);

/**
 * vault_extract(v, refs, n, dir, progress, cb, arg, why):
 * Write attachments as plain files into the folder ${dir}, under their names
 * (made safe, never over another file).  ${cb} hears each path.  Logged.
 */
enum sq_err vault_extract(struct vault *v, const char *const *refs, size_t n,
    const char *dir, vault_progress_fn *progress,
    void (*cb)(void *arg, const char *ref, const char *path), void *arg,
    struct why *why);

struct vault_found {
	const char *what;		/* "altered", "missing", "orphan" ... */
	char where[MODEL_REF_MAX + 64];
	const char *severity;		/* "damage", "note" */
};

/**
 * vault_check(v, full, progress, cb, arg, why):
 * Hold the log, the tables and every object against each other; quick reads
 * tags and lengths, full every byte.  ${cb} hears each finding.  A check that
 * found no damage is logged as a fixity check.  SQ_EDAMAGE if there is any.
 */
enum sq_err vault_check(struct vault *v, bool full, vault_progress_fn *progress,
    void (*cb)(void *arg, const struct vault_found *f), void *arg,
    struct why *why);

/* --- export ------------------------------------------------------------- */

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
	const char *purpose;		/* or NULL */
	const char *dir;		/* NULL: the working directory */
	void (*progress)(void *arg, uint64_t done, uint64_t of);
	void *arg;
};

struct vault_left {
	char ref[MODEL_REF_MAX];
	char *why;
};

struct vault_exported {
	char *path;
	char bundle[33];
	uint64_t items, attachments, withheld;	/* withheld: fields */
	struct vault_left *left;		/* left out, with the reason */
	size_t n_left;
};

/**
 * vault_export(v, o, ret, why):
 * consent-checked, redacted, signed, sealed, logged.  SQ_EREFUSED if nothing
 * may leave.  Caller frees with vault_exported_free.
 */
enum sq_err vault_export(struct vault *v, const struct vault_export *o,
    struct vault_exported *ret, struct why *why);

/** vault_exported_free(x): free what it holds. */
void vault_exported_free(struct vault_exported *x);

/**
 * vault_recipient_kind(v, name, ret_pass, why):
 * Does exporting to ${name} need a passphrase?
 */
enum sq_err vault_recipient_kind(struct vault *v, const char *name,
    bool *ret_pass, struct why *why);

/*
 * --- keys and log ----------------------------------------------------------
 */

/** vault_key_card(v, out, why): append the key card. */
enum sq_err vault_key_card(struct vault *v, struct bytes_buf *out,
    struct why *why);

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

/*
 * --- slots ------------------------------------------------------------------
 */

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
 * A further passphrase or recovery code.
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
