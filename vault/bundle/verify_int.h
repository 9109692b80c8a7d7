/*
 * What the files of the verifier share, and nobody else includes.
 *
 * A bundle is read once, member by member in the order of its paths, from a
 * sealed file or a folder alike (verify_source.c).  Members are hashed into a
 * table and looked at on the way (verify_members.c, verify_items.c); the
 * signatures come last, and only then is anything said (verify_proof.c,
 * verify_trust.c).  A finding is not an error: it turns its claim to `no`, and
 * the reading goes on as long as that makes sense.
 */
#ifndef SQ_VAULT_BUNDLE_VERIFY_INT_H
#define SQ_VAULT_BUNDLE_VERIFY_INT_H

#include "crypto/digest.h"
#include "crypto/entry.h"
#include "crypto/minisig.h"
#include "crypto/note.h"
#include "vault/bundle/bag.h"
#include "vault/bundle/card.h"
#include "vault/bundle/csv.h"
#include "vault/bundle/rotation.h"
#include "vault/bundle/statement.h"
#include "vault/bundle/tar.h"
#include "vault/bundle/verify.h"

#define VERIFY_ITEMS_MAX 999999u	/* six digits */
#define VERIFY_FILES_MAX 4000000u

/* --- verify_source.c: where the members come from ----------------------- */

struct verify_sink {
	enum sq_err (*begin)(void *arg, const char *path, uint64_t size);
	enum sq_err (*data)(void *arg, const uint8_t *p, size_t n);
	enum sq_err (*end)(void *arg);
	void *arg;
};

struct verify_source {
	const struct verify_opts *o;
	bool folder;
	bool by_passphrase;
	bool shared;			/* sealed to more than one recipient */
	char opener[AGE_RECIPIENT_MAX];	/* of the identity that opened it */
	uint64_t done, of;		/* bytes, for the progress */
};

/**
 * verify_source_each(s, sink, why):
 * Hand every member to ${sink}, paths ascending and good.  SQ_EFORMAT,
 * SQ_EAUTH or SQ_ELIMIT: the input is not as it must be.  SQ_EPASS: neither
 * the passphrase nor an identity opens it.
 */
enum sq_err verify_source_each(struct verify_source *s,
    const struct verify_sink *sink, struct why *why);

/* --- verify.c: the state of one verification ---------------------------- */

enum verify_kind {
	VERIFY_README,
	VERIFY_STATEMENT,
	VERIFY_BAGIT,		/* these four in the order of their names */
	VERIFY_BAGINFO,
	VERIFY_MANIFEST,
	VERIFY_TAGMANIFEST,
	VERIFY_MINISIG,
	VERIFY_SSHSIG,
	VERIFY_CHECKPOINT,
	VERIFY_CONSISTENCY,
	VERIFY_CARD,
	VERIFY_SIGNERS,
	VERIFY_PUB,
	VERIFY_CHAIN,
	VERIFY_BODIES,		/* the kinds above are kept until the end */
	VERIFY_CSV,
	VERIFY_RECORD,
	VERIFY_ORIGINAL,
	VERIFY_DATA,
	VERIFY_PROOF,
	VERIFY_ANCHOR,
	VERIFY_ROTATION,
	VERIFY_STRANGE
};

enum verify_anchor_part {	/* in the order of their names */
	VERIFY_ANCHOR_CONSIST,
	VERIFY_ANCHOR_NOTE,
	VERIFY_ANCHOR_TSQ,
	VERIFY_ANCHOR_TSR,
	VERIFY_ANCHOR_PARTS
};

struct verify_anchor {
	uint64_t number;
	struct bytes_buf part[VERIFY_ANCHOR_PARTS];
	bool seen[VERIFY_ANCHOR_PARTS];
};

struct verify_item {
	uint8_t root[ENTRY_ROOT];
	uint64_t index;
	uint8_t row_root[ENTRY_ROOT];	/* of items.csv */
	char row_ref[32];
	char row_type[24];
	char row_file[BAG_ORIGINAL_MAX];
	char row_sha256[DIGEST_HEX];
	char row_size[24];
	bool row;
	bool record, proof;
	char *open;		/* of a later opening: names, LF between */
	bool bound;		/* and it was in the earlier bundle */
};

struct verify_rotations {	/* changes of keys */
	struct rotation *v;
	size_t n, cap;
};

struct verify {
	const struct verify_opts *o;
	struct verify *later;		/* this is the earlier bundle of it */
	struct verify_report *r;
	struct verify_source source;
	struct bag_list all;		/* every member, "bundle/..." */

	enum verify_kind kind;		/* of the member being read */
	char path[TAR_PATH_MAX + 1];
	uint64_t size;
	uint64_t number;		/* of its item */
	struct digest *sha;
	struct bytes_buf body;
	struct csv_reader csv;
	uint64_t rows;			/* of items.csv, its head included */

	struct bytes_buf kept[VERIFY_BODIES];
	bool seen[VERIFY_BODIES];
	struct statement st;
	bool has_st;
	struct note_key note;
	struct minisig_key minisign;
	uint8_t ssh[SIGN_PK];
	bool signatures;		/* both hold */
	bool checkpoint;		/* it holds and is the statement's */

	struct verify_item *item;
	size_t n_item, cap_item;
	uint64_t original;		/* item of the last attachment read */
	char original_path[BAG_ORIGINAL_MAX];	/* below data/ */
	uint8_t original_sha[DIGEST_LEN];
	uint64_t original_size;
	uint64_t attachments;
	enum verify_anchor_part part;	/* of the member being read */
	struct verify_anchor *anchor;
	size_t n_anchor, cap_anchor, anchor_bytes;
	struct verify_rotations rotations;	/* of the bundle, ascending */
	int64_t existed;		/* all items, before this; 0: unknown */
	uint64_t disclosed, withheld, hidden;
	uint64_t foreign;		/* items of another log */
};

/**
 * verify_int_run(v, o, ret, why):
 * All of verify_bundle; ${v} stays, for verify_open.
 */
enum sq_err verify_int_run(struct verify *v, const struct verify_opts *o,
    struct verify_report *ret, struct why *why);

/** verify_int_free(v): wipe and free what it holds. */
void verify_int_free(struct verify *v);

/* --- verify_claim.c ------------------------------------------------------ */

/**
 * verify_int_had(e):
 * ${e}, for what then says only whether something holds.  A lack of memory, or
 * a library that fails of it, must not be taken for a forgery: then the program
 * ends, by err_no_memory.
 */
enum sq_err verify_int_had(enum sq_err e);

/** verify_int_no(v, c, fmt, ...): the claim is `no`; the first detail stays. */
void verify_int_no(struct verify *v, enum verify_claim c, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/**
 * verify_int_set(v, c, result, fmt, ...):
 * A result, unless it is `no` already.
 */
void verify_int_set(struct verify *v, enum verify_claim c,
    enum verify_result result, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* --- verify_members.c --------------------------------------------------- */

/** verify_members_sink(v): a sink that looks at every member. */
struct verify_sink verify_members_sink(struct verify *v);

/** verify_members_bag(v): after the last one: the closed world of the bag. */
enum sq_err verify_members_bag(struct verify *v);

/* --- verify_items.c ----------------------------------------------------- */

/**
 * verify_items_row(arg, cell, n):
 * A row of items.csv; ${arg} is a struct verify.
 */
enum sq_err verify_items_row(void *arg, char *const *cell, size_t n);

/** verify_items_record(v): the record.json just read. */
enum sq_err verify_items_record(struct verify *v);

/** verify_items_proof(v): the tlog-proof just read. */
enum sq_err verify_items_proof(struct verify *v);

/** verify_items_end(v): after the last one: complete, disclosed. */
enum sq_err verify_items_end(struct verify *v);

/* --- verify_proof.c ----------------------------------------------------- */

/**
 * verify_proof_statement(v):
 * The STATEMENT.txt just read; on failure nothing else can be checked.
 */
enum sq_err verify_proof_statement(struct verify *v);

/**
 * verify_proof_checkpoint(v):
 * The checkpoint just read, against the statement.
 */
enum sq_err verify_proof_checkpoint(struct verify *v);

/** verify_proof_keys_bad(v): NULL if the three keys are three; else why not. */
const char *verify_proof_keys_bad(const struct verify *v);

/** verify_proof_signatures(v): both, the keys, and trust/ that repeats them. */
enum sq_err verify_proof_signatures(struct verify *v);

/**
 * verify_proof_history(v, ret_held):
 * Consistency with the bundle before; true in *ret_held if it is there and
 * holds.
 */
enum sq_err verify_proof_history(struct verify *v, bool *ret_held);

/* --- verify_time.c ------------------------------------------------------ */

/** verify_time_part(v): keep the part of an anchor just read. */
enum sq_err verify_time_part(struct verify *v);

/**
 * verify_time_judge(v, why):
 * existed-before.  SQ_EUSAGE, or what reading them says: the roots are none.
 */
enum sq_err verify_time_judge(struct verify *v, struct why *why);

/** verify_time_free(v): free what it kept. */
void verify_time_free(struct verify *v);

/* --- verify_receipt.c --------------------------------------------------- */

/** verify_receipt_want(o, why): could a receipt be signed?  SQ_EUSAGE. */
enum sq_err verify_receipt_want(const struct verify_opts *o, struct why *why);

/**
 * verify_receipt_write(v, why):
 * After everything held: sign the checkpoint as its recipient.
 */
enum sq_err verify_receipt_write(const struct verify *v, struct why *why);

/* --- verify_trust.c ----------------------------------------------------- */

struct verify_known {		/* what the recipient holds: card and memory */
	bool has_card;
	struct card card;
	struct bytes_buf memory;	/* the whole file, checked */
	bool has_past;			/* memory has a line of this log */
	struct card past;		/* its keys; date: first seen */
	char seen[MINISIG_COMMENT_MAX];	/* when the newest was seen */
	uint64_t size;
	uint8_t root[MERKLE_LEN];
	struct verify_rotations rotations;	/* the memory has of this log */
	bool older;			/* the bundle is of before the memory */
};

/**
 * verify_trust_load(o, ret, why):
 * Read --trust and --remember before anything else; SQ_EUSAGE for a file
 * that is none.
 */
enum sq_err verify_trust_load(const struct verify_opts *o,
    struct verify_known *ret, struct why *why);

/**
 * verify_trust_note(v, note, n, ret_text_len):
 * As note_check, with any key that signed for this log.
 */
enum sq_err verify_trust_note(const struct verify *v, const char *note,
    size_t n, size_t *ret_text_len);

/** verify_trust_signer(v, k): signed-by, where the signatures hold. */
void verify_trust_signer(struct verify *v, struct verify_known *k);

/** verify_trust_judge(v, k): signed-by and same-history. */
enum sq_err verify_trust_judge(struct verify *v, struct verify_known *k);

/** verify_trust_save(v, k, why): remember this log's keys and newest head. */
enum sq_err verify_trust_save(struct verify *v, const struct verify_known *k,
    struct why *why);

/** verify_trust_free(k): wipe and free what it holds. */
void verify_trust_free(struct verify_known *k);

/* --- verify_keys.c ------------------------------------------------------ */

enum verify_path {		/* from trusted keys to those that signed */
	VERIFY_PATH_NONE,
	VERIFY_PATH_SAME,
	VERIFY_PATH_ON,		/* they were changed since, and vouch for it */
	VERIFY_PATH_BACK	/* they replaced the ones that signed */
};

/** verify_keys_add(l, p, n): read a change of keys; not twice the same. */
enum sq_err verify_keys_add(struct verify_rotations *l, const char *p,
    size_t n);

/** verify_keys_free(l): free what it holds. */
void verify_keys_free(struct verify_rotations *l);

/** verify_keys_part(v): the change of keys just read. */
enum sq_err verify_keys_part(struct verify *v);

/** verify_keys_end(v): do they end with the keys that signed? */
void verify_keys_end(struct verify *v);

/**
 * verify_keys_path(v, k, from, ret):
 * How the keys of the bundle follow from ${from}; *ret is the change that says
 * most about it, or NULL.
 */
enum verify_path verify_keys_path(const struct verify *v,
    const struct verify_known *k, const struct card *from,
    const struct rotation **ret);

/**
 * verify_keys_in_time(v, r):
 * True unless ${r} says that the keys of the bundle were compromised, and no
 * trusted time stamp shows all items before that.
 */
bool verify_keys_in_time(const struct verify *v, const struct rotation *r);

/* --- verify_recall.c ---------------------------------------------------- */

/** verify_recall_is(path, ret, why): is it the folder of a recall notice? */
enum sq_err verify_recall_is(const char *path, bool *ret, struct why *why);

/**
 * verify_recall(v, k, why):
 * Check the notice at v->o->path instead of a bundle.
 */
enum sq_err verify_recall(struct verify *v, struct verify_known *k,
    struct why *why);

/* --- verify_disclose.c -------------------------------------------------- */

/**
 * verify_disclose_note(v, en, it):
 * Of a record just read: keep what a later opening opens, or find it again in
 * the earlier bundle.
 */
enum sq_err verify_disclose_note(struct verify *v, const struct entry *en,
    struct verify_item *it);

/**
 * verify_disclose_bind(v, why):
 * Check the earlier bundle of --with, and that this one opens fields of it.
 */
enum sq_err verify_disclose_bind(struct verify *v, struct why *why);

#endif
