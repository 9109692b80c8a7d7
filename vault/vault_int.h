/*
 * The open vault, for the files vault/vault*.c only.
 */
#ifndef SQ_VAULT_VAULT_INT_H
#define SQ_VAULT_VAULT_INT_H

#include <stdbool.h>
#include <stdint.h>

#include "vault/bundle/card.h"
#include "vault/probe.h"
#include "vault/record/record.h"
#include "vault/store/blob.h"
#include "vault/store/db.h"
#include "vault/store/header.h"
#include "vault/store/log.h"
#include "vault/store/state.h"
#include "vault/vault.h"

#define VAULT_LOCK "LOCK"
#define VAULT_RECOVER "recover"

/* Keys derived from the master key, FORMAT.md section 4. */
struct vault_keys {
	struct secret *master;
	struct secret *db, *salt, *blob, *hdr, *state, *dedup, *identity;
};

/* What was shown while the vault is open, and what of it is recorded. */
struct vault_views {
	char types[256];		/* the setting */
	bool loaded, set;
	bool told;			/* that it cannot be recorded */
	struct {
		uint8_t id[LOG_RECORD_ID];
		bool played;
	} *seen;
	size_t n;
};

struct vault {
	int dirfd, lockfd;
	struct header hdr;
	struct vault_keys k;
	struct secret *seed;		/* the identity of this log */
	uint32_t epoch;			/* of its keys */
	struct secret *note_seed;	/* of checkpoints; NULL until signed */
	struct db *db;
	struct log *lg;
	struct state state;		/* newest pinned */
	uint64_t generation;		/* of the database */
	struct record_ctx cx;
	char actor[KEYSLOT_LABEL + 1];
	unsigned slot;			/* 0..7, the one that opened it */
	enum keyslot_kind slot_kind;
	bool readonly;			/* medium, or as it is */
	bool as_is;			/* not what was pinned */
	bool stopped;			/* a write failed: no more writing */
	bool newer_header;		/* than the copy that opened */
	uint64_t restored;		/* entries of the copy; 0: no doubt */
	bool restored_new;		/* to be stored with the next commit */
	struct vault_views views;
	char note[VAULT_NOTES_MAX][384];
	unsigned n_notes;
};

/** vault_say(v, fmt, ...): add a note for the user. */
void vault_say(struct vault *v, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/** vault_keys_derive(k, why): fill the sub-keys from k->master. */
enum sq_err vault_keys_derive(struct vault_keys *k, struct why *why);

/** vault_keys_free(k): wipe all. */
void vault_keys_free(struct vault_keys *k);

/**
 * vault_begin(v, why):
 * Start a change; SQ_EREADONLY or why writing has stopped. Sets the time of
 * v->cx.
 */
enum sq_err vault_begin(struct vault *v, struct why *why);

/**
 * vault_commit(v, why):
 * Heads, checkpoint, COMMIT, STATE: the moment it is saved.
 */
enum sq_err vault_commit(struct vault *v, struct why *why);

/** vault_abort(v): undo what vault_begin began. */
void vault_abort(struct vault *v);

/** vault_new_costs(in, set, why): as asked for, or as this machine allows. */
enum sq_err vault_new_costs(const struct vault_init *in, struct kdf_set *set,
    struct why *why);

/**
 * vault_new_slot(v, in, pass, why):
 * Put the first slot into a new header: any of the eight, nobody can tell.
 */
enum sq_err vault_new_slot(struct vault *v, const struct vault_init *in,
    const struct secret *pass, struct why *why);

/**
 * vault_new_end(v, why):
 * Commit the first transaction of a new vault and make its STATE.
 */
enum sq_err vault_new_end(struct vault *v, struct why *why);

/**
 * vault_identity_carry(from, to):
 * Bring the meta of one vault into another of the same log, inside a
 * transaction: wrapped secrets are wrapped under the other key.
 */
enum sq_err vault_identity_carry(struct vault *from, struct vault *to);

/**
 * vault_identity_make(v, why):
 * New identity and recovery key, wrapped into the database.
 */
enum sq_err vault_identity_make(struct vault *v, struct why *why);

/** vault_log_named(v, why): which log this is, as its database says. */
enum sq_err vault_log_named(struct vault *v, struct why *why);

/** vault_identity_load(v, why): unwrap the identity; may it sign? */
enum sq_err vault_identity_load(struct vault *v, struct why *why);

/** vault_genesis(v, why): append entry 0, inside a transaction. */
enum sq_err vault_genesis(struct vault *v, struct why *why);

/**
 * vault_seen_doubt(v):
 * For whatever puts a copy of the vault in its place: with the transaction that
 * comes next it is stored that the vault signs nothing until vault_log_seen or
 * vault_log_lost.
 */
void vault_seen_doubt(struct vault *v);

/**
 * vault_seen_load(v, why), vault_seen_save(v): that doubt, from the database
 * and into it, the latter inside a transaction.
 */
enum sq_err vault_seen_load(struct vault *v, struct why *why);
enum sq_err vault_seen_save(struct vault *v);

/**
 * vault_seen_may_sign(v, why):
 * SQ_OK if a checkpoint may leave the vault.
 */
enum sq_err vault_seen_may_sign(const struct vault *v, struct why *why);

/**
 * vault_key_note(v, note, n, ret_text_len):
 * As note_check, with any key that signed for this log.
 */
enum sq_err vault_key_note(struct vault *v, const char *note, size_t n,
    size_t *ret_text_len);

/**
 * vault_sign_checkpoint(v, out):
 * Append the signed checkpoint of the log as it stands.
 */
enum sq_err vault_sign_checkpoint(struct vault *v, struct bytes_buf *out);

/**
 * vault_key_wrap(v, use, s), vault_key_unwrap(v, use, ret):
 * Seal a 32-byte secret under K_identity into the database, bound to its use
 * and the log; and the inverse.  With the identity comes the epoch of its keys.
 */
enum sq_err vault_key_wrap(struct vault *v, const char *use,
    const struct secret *s);
enum sq_err vault_key_unwrap(struct vault *v, const char *use,
    struct secret **ret);

/**
 * vault_key_card_of(v, seed, epoch, ret):
 * The public keys that an identity has in an epoch.
 */
enum sq_err vault_key_card_of(struct vault *v, const struct secret *seed,
    uint32_t epoch, struct card *ret);

/** vault_rotate_load(v): the epoch of the keys, from the database. */
enum sq_err vault_rotate_load(struct vault *v);

/**
 * vault_rotate_was(v, c, why):
 * SQ_OK: the keys of this vault, or ones that it replaced.  SQ_EREFUSED: ones
 * that were compromised.  SQ_EAUTH: none of its keys.
 */
enum sq_err vault_rotate_was(struct vault *v, const struct card *c,
    struct why *why);

/**
 * vault_rotate_recovery(v, pk, why):
 * The public half of the recovery signing key, as entry 0 has it.
 */
enum sq_err vault_rotate_recovery(struct vault *v, uint8_t pk[32],
    struct why *why);

/** vault_card(v, ret): all public keys of the present epoch. */
enum sq_err vault_card(struct vault *v, struct card *ret);

/**
 * vault_unlock_with(pair, typed, ret_slot, ret_copy, why):
 * As header_unlock, with what a person typed.
 */
enum sq_err vault_unlock_with(const struct header_pair *pair,
    const struct secret *typed, struct keyslot *ret_slot, int *ret_copy,
    struct why *why);

/**
 * vault_db_open(v, pair, flags, why):
 * Database, log and STATE of an unlocked vault: the open protocol of FORMAT.md
 * section 7.
 */
enum sq_err vault_db_open(struct vault *v, const struct header_pair *pair,
    unsigned flags, struct why *why);

/**
 * vault_rebuild_in(v, why):
 * Inside a transaction, the projections emptied by db_remake: derive them from
 * the entries.  v->lg is then a new log; who calls compares it with the pin.
 */
enum sq_err vault_rebuild_in(struct vault *v, struct why *why);

/**
 * vault_rebuild_compare(v, ret_which, why):
 * Derive everything anew, compare it with what is there, and undo it.
 * SQ_EDAMAGE: ${ret_which} names the first table that is not what the entries
 * give.
 */
enum sq_err vault_rebuild_compare(struct vault *v, const char **ret_which,
    struct why *why);

/**
 * vault_made_of(d, root, index, ret):
 * What record_store made, for the caller.
 */
void vault_made_of(const struct record_draft *d,
    const uint8_t root[ENTRY_ROOT], uint64_t index, struct vault_made *ret);

/**
 * vault_put(v, mk, ret, why):
 * Compose and store one entry within a transaction of its own.
 */
enum sq_err vault_put(struct vault *v, const struct record_make *mk,
    struct vault_made *ret, struct why *why);

/* The decisions that a new decision answers. */
#define VAULT_PARENTS_MAX 16
struct vault_parents {
	uint8_t root[VAULT_PARENTS_MAX][ENTRY_ROOT];
	size_t n;
};

/**
 * vault_parents(v, mk, ret, why):
 * The latest decisions of its scope about each record that a new consent
 * decision is about; none for other types.
 */
enum sq_err vault_parents(struct vault *v, const struct record_make *mk,
    struct vault_parents *ret, struct why *why);

struct export_gate;
struct export_opens;

/**
 * vault_export_as(v, o, opens, hide, ret, why):
 * vault_export, or with ${opens} a later opening of fields of that bundle, all
 * of them in o->disclose; ${hide}: it hid the names of its fields.
 */
enum sq_err vault_export_as(struct vault *v, const struct vault_export *o,
    const struct export_opens *opens, bool hide, struct vault_exported *ret,
    struct why *why);

/**
 * vault_gate(v, o, to, today, ret, why):
 * The gate of an export with what ${o} confirms.  Caller frees with
 * export_consent_free.
 */
enum sq_err vault_gate(struct vault *v, const struct vault_export *o,
    const uint8_t to[LOG_RECORD_ID], const char *today,
    struct export_gate *ret, struct why *why);

/**
 * vault_gate_log(g, room, in):
 * What an export rests on, as fields of its entry: at most ${room} of them,
 * the confirmations first.
 */
enum sq_err vault_gate_log(const struct export_gate *g, size_t room,
    struct model_inputs *in);

/** vault_gate_told(g, ret): the conditions that were met, for the caller. */
enum sq_err vault_gate_told(const struct export_gate *g,
    struct vault_exported *ret);

/* What joins the heads of a record. */
struct vault_join {
	const struct model_inputs *set;	/* as given */
	const char *const *unset;
	size_t n_unset;
	struct model_inputs all;	/* taken from one of the heads */
	const char **drop;		/* that it does not have */
	size_t n_drop;
	struct vault_parents parents;	/* all heads but the newest */
};

/**
 * vault_heads_join(v, id, newest, take, j, why):
 * If the record has several heads: is each field on which they differ decided
 * by j->set and j->unset, or to be taken from revision ${take}?  SQ_EREFUSED
 * names those that are not.  The caller frees with vault_heads_free.
 */
enum sq_err vault_heads_join(struct vault *v, const uint8_t id[LOG_RECORD_ID],
    const struct record_at *newest, unsigned take, struct vault_join *j,
    struct why *why);
void vault_heads_free(struct vault_join *j);

/** vault_put_in(v, mk, ret, why): the same inside the caller's transaction. */
enum sq_err vault_put_in(struct vault *v, const struct record_make *mk,
    struct vault_made *ret, struct why *why);

/**
 * vault_slots_save(v, slots):
 * Store the table of slots, inside a transaction.
 */
struct vault_slot_table {
	uint8_t kind[KEYSLOT_COUNT];	/* 0: unused */
	char label[KEYSLOT_COUNT][KEYSLOT_LABEL + 1];
};
enum sq_err vault_slots_save(struct vault *v,
    const struct vault_slot_table *t);

/** vault_seconds(): the device's clock, Unix seconds. */
uint64_t vault_seconds(void);

/**
 * vault_slots_put(v, kind, label, code, why):
 * Put a code into the one slot of this kind, over an earlier one.
 */
enum sq_err vault_slots_put(struct vault *v, enum keyslot_kind kind,
    const char *label, const struct secret *code, struct why *why);

/**
 * vault_slots_try(v, kind, code, why):
 * Does the code open the slot of this kind?  SQ_EPASS.
 */
enum sq_err vault_slots_try(struct vault *v, enum keyslot_kind kind,
    const struct secret *code, struct why *why);

/**
 * vault_slots_leave(v, what, why):
 * Blank every slot but those of a recovery sheet and of trustees, one of which
 * there must be; ${what} is logged.
 */
enum sq_err vault_slots_leave(struct vault *v, const char *what,
    struct why *why);

/** vault_rfc3339(t, out): Unix seconds as RFC 3339 in UTC. */
void vault_rfc3339(uint64_t t, char out[MODEL_TIME_MAX]);

/** vault_blobs(v, ret): the store of attachments of this vault. */
void vault_blobs(const struct vault *v, struct blob_store *ret);

/**
 * vault_object_of(en, ret):
 * What an entry of kind object binds; SQ_ENOENT if it is of another kind.
 */
enum sq_err vault_object_of(const struct entry *en, struct blob_info *ret);

/**
 * vault_object_of_media(v, id, ret, why):
 * The object of a media record, from its verified entries; SQ_ENOENT if it has
 * none.
 */
enum sq_err vault_object_of_media(struct vault *v,
    const uint8_t id[LOG_RECORD_ID], struct blob_info *ret, struct why *why);

/**
 * vault_object_by_content(v, sha256, full, ret, why):
 * A whole object that holds this content already; SQ_ENOENT.  ${full}: every
 * byte of it is read, because something else will be deleted for it.
 */
enum sq_err vault_object_by_content(struct vault *v, const uint8_t sha256[32],
    bool full, struct blob_info *ret, struct why *why);

/**
 * vault_object_note(v, b, index):
 * Remember where a new object is bound, inside a transaction.
 */
enum sq_err vault_object_note(struct vault *v, const struct blob_info *b,
    uint64_t index);

/**
 * vault_object_media(v, owner, object, name, ref, why):
 * The media record of ${owner} that holds this object under this original
 * name; "" if there is none.
 */
enum sq_err vault_object_media(struct vault *v,
    const uint8_t owner[LOG_RECORD_ID], const uint8_t object[OBJECT_ID],
    const char *name, char ref[MODEL_REF_MAX], struct why *why);

/**
 * vault_unfinished(v):
 * What a crash left: files of erased records are deleted, and the user is told
 * if an attach was cut off and left files in store/new/.
 */
void vault_unfinished(struct vault *v);

/**
 * vault_said(in, ret, why):
 * Ask a file that looks like a photograph, film, recording or document what it
 * says of itself; ${*ret} is NULL if it does not look so.  The caller frees it
 * with free.  SQ_ECANNOT: it could not be asked, and ${*ret} is NULL.
 */
enum sq_err vault_said(const struct fsio_in *in, struct probe_result **ret,
    struct why *why);

/**
 * vault_said_fields(r, in):
 * What it stated (${r} may be NULL) as fields of its media record.
 */
enum sq_err vault_said_fields(const struct probe_result *r,
    struct model_inputs *in);

/**
 * vault_media_size(v, ref, ret, why):
 * Bytes of the content that media ${ref} holds; SQ_ENOENT if it holds none.
 */
enum sq_err vault_media_size(struct vault *v, const char *ref, uint64_t *ret,
    struct why *why);

/**
 * vault_custody_ok(type, in, why):
 * May a person record this?  SQ_EREFUSED for a custody event of a kind that
 * the program alone records; other types are not its business.
 */
enum sq_err vault_custody_ok(const struct model_type *type,
    const struct model_inputs *in, struct why *why);

/**
 * vault_custody_event(v, action, ref, entry, why):
 * Record what happened to ${ref} (its revision ${entry}, or NULL: the newest),
 * in a transaction of its own.
 */
enum sq_err vault_custody_event(struct vault *v, const char *action,
    const char *ref, const char *entry, struct why *why);

/** vault_memory_kib(): KiB of memory that are available; 0: unknown. */
uint64_t vault_memory_kib(void);

/**
 * vault_name_text(name):
 * A file name as text: what is not UTF-8, a control or a backslash as \xNN.
 * Caller frees; NULL: no memory.
 */
char *vault_name_text(const char *name);

#include "vault/vault_copy_int.h"
#include "vault/vault_erase_int.h"

#endif
