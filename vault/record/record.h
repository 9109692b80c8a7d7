/*
 * Records: what entries mean.  A record is the fold of the entries that name
 * it in _record; everything here is composed into an entry on the way in and
 * read back from a verified entry on the way out.  The tables record, link and
 * fts are projections: found by, never believed.
 */
#ifndef SQ_VAULT_RECORD_RECORD_H
#define SQ_VAULT_RECORD_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/bytes.h"
#include "crypto/entry.h"
#include "crypto/err.h"
#include "vault/record/model.h"
#include "vault/store/log.h"

/* Records named by one entry: its own and those it is about. */
#define RECORD_ABOUT_MAX 4000

/* Who writes, when, into which log. */
struct record_ctx {
	struct log *lg;
	char log_id[33];
	const char *actor;
	char time[MODEL_TIME_MAX];
	bool audited;		/* record_audit has passed in this session */
	bool indexed;		/* search_audit has */
	struct spelling_known *known;	/* words in spelling; or NULL */
	struct record_cache *cache;	/* long entries, verified; or NULL */
	unsigned walking;	/* record_each within record_each */
};

/* An entry on its way into the log. */
struct record_draft {
	struct entry en;
	const struct model_type *type;
	uint8_t (*ids)[LOG_RECORD_ID];	/* [0] is the record itself */
	size_t n_ids;
	int64_t num;			/* in the table: see record_number */
	unsigned rev;
	char ref[MODEL_REF_MAX];
};

/* A verified entry of a record, with where it stands. */
struct record_at {
	struct entry en;
	uint8_t root[ENTRY_ROOT];
	uint64_t index;
	unsigned rev;
	bool newest;
};

/**
 * record_find(cx, ref, ret_id, why):
 * The record id of a reference "T-1". SQ_EUSAGE if it is none, SQ_ENOENT if
 * there is no such record: said only after every record of the log was seen.
 */
enum sq_err record_find(struct record_ctx *cx, const char *ref,
    uint8_t ret_id[LOG_RECORD_ID], struct why *why);

/**
 * record_ref(cx, id, out):
 * The reference of a record id; the id in hex if no record of the log has it.
 * SQ_EDAMAGE if the log knows the record and the tables do not: then nobody
 * may conclude anything from what ${out} is not.
 */
enum sq_err record_ref(struct record_ctx *cx,
    const uint8_t id[LOG_RECORD_ID], char out[MODEL_ID_HEX]);

/**
 * record_ref_own(cx, id, ref, out):
 * The reference of a record, its id in hex, as it is shown: that of its entry,
 * ${ref}, and of one from another log with the digits that the table knows it
 * by.  SQ_EDAMAGE if the table says another.
 */
enum sq_err record_ref_own(struct record_ctx *cx, const char *id,
    const char *ref, char out[MODEL_REF_MAX]);

/**
 * record_shown(cx, en, out):
 * The reference of the record that an entry is of, as it is shown.  SQ_ENOENT
 * and "" if the entry is of none, SQ_EDAMAGE and "" if the table says another
 * one: a reference that cannot be had is never left out in silence.
 */
enum sq_err record_shown(struct record_ctx *cx, const struct entry *en,
    char out[MODEL_REF_MAX]);

/**
 * record_is_here(cx, id, ret, why):
 * Does the log hold an entry of this record, not only entries that name it?
 */
enum sq_err record_is_here(struct record_ctx *cx,
    const uint8_t id[LOG_RECORD_ID], bool *ret, struct why *why);

/**
 * record_number(cx, prefix, en, ret_num):
 * The number that a new record of the table gets from its first entry: that of
 * its reference, and of one from another log also the first digits of that.
 */
enum sq_err record_number(struct record_ctx *cx, char prefix,
    const struct entry *en, int64_t *ret_num);

/**
 * record_list(cx, type, limit, ret, ret_n):
 * The ids of the records of a type (NULL: all), newest first, at most ${limit}
 * (0: all).  Complete only after record_audit.  Caller frees.
 */
enum sq_err record_list(struct record_ctx *cx, const struct model_type *type,
    size_t limit, uint8_t (**ret)[LOG_RECORD_ID], size_t *ret_n);

/**
 * record_audit(cx, why):
 * Every record of the (verified) log stands in the record table once;
 * SQ_EDAMAGE.  Once a session.
 */
enum sq_err record_audit(struct record_ctx *cx, struct why *why);

/**
 * record_get(cx, id, rev, ret, why):
 * Revision ${rev} (0: the newest) of a record, its root recomputed and the
 * record's chain checked.  Caller frees ret->en.
 */
enum sq_err record_get(struct record_ctx *cx, const uint8_t id[LOG_RECORD_ID],
    unsigned rev, struct record_at *ret, struct why *why);

/**
 * record_newest(cx, id, ret, why):
 * As record_get of the newest, but ret->rev is not counted (0): the older
 * entries are vouched for by the chain and not read.
 */
enum sq_err record_newest(struct record_ctx *cx,
    const uint8_t id[LOG_RECORD_ID], struct record_at *ret, struct why *why);

/* Revisions of a record that no other follows. */
struct record_heads {
	uint8_t (*root)[ENTRY_ROOT];
	unsigned *rev;
	size_t n;
};

/**
 * record_heads(cx, id, ret, why):
 * The heads of a record, in the order of the log: more than one if two vaults
 * revised it.  The caller frees with record_heads_free.
 */
enum sq_err record_heads(struct record_ctx *cx,
    const uint8_t id[LOG_RECORD_ID], struct record_heads *ret,
    struct why *why);

/** record_heads_free(h): free what it holds. */
void record_heads_free(struct record_heads *h);

/**
 * record_forget(cx):
 * Wipe the long entries kept since they were verified: before the first change
 * of a transaction.
 */
void record_forget(struct record_ctx *cx);

/**
 * record_reset(cx):
 * Wipe all that is kept between calls: after a transaction was undone, and at
 * the end.
 */
void record_reset(struct record_ctx *cx);

/**
 * record_each(cx, id, cb, arg, why):
 * Every verified entry that names the record, oldest first; the entry is the
 * callee's only during the call.
 */
enum sq_err record_each(struct record_ctx *cx,
    const uint8_t id[LOG_RECORD_ID],
    enum sq_err (*cb)(void *arg, const struct record_at *at), void *arg,
    struct why *why);

/**
 * record_read(cx, at, ret, why):
 * An entry as fields of the model.  Caller frees with model_record_free.
 */
enum sq_err record_read(struct record_ctx *cx, const struct record_at *at,
    struct record *ret, struct why *why);

/**
 * record_naming(cx, id, type, ret, ret_n):
 * The records of a type whose fields name ${id}, as the table of links has it:
 * a hint, which nothing vouches for.  Caller frees.
 */
enum sq_err record_naming(struct record_ctx *cx,
    const uint8_t id[LOG_RECORD_ID], char type,
    uint8_t (**ret)[LOG_RECORD_ID], size_t *ret_n);

/** record_rid(cx, id, ret): its row in the projections; SQ_ENOENT. */
enum sq_err record_rid(struct record_ctx *cx, const uint8_t id[LOG_RECORD_ID],
    int64_t *ret);

/** record_of_rid(cx, rid, ret_id): the record of a row; SQ_ENOENT. */
enum sq_err record_of_rid(struct record_ctx *cx, int64_t rid,
    uint8_t ret_id[LOG_RECORD_ID]);

/* What a composed entry is made of. */
struct record_make {
	const struct model_type *type;
	const struct model_inputs *in;
	const struct record_at *base;	/* the revision it follows, or NULL */
	const char *const *unset;	/* fields of base to drop */
	size_t n_unset;
	const char *reason;		/* or NULL */
	const char *kind;		/* NULL: as the type says */
	const uint8_t (*parents)[ENTRY_ROOT];	/* if not just base */
	size_t n_parents;
	/* the record that its values were taken from, or NULL; which row */
	const uint8_t *source;
	uint64_t row;
};

/**
 * record_compose(cx, mk, ret, why):
 * Check all inputs and build the entry of a new record or revision.  SQ_EUSAGE
 * (unknown field, empty value, given twice) or SQ_EREFUSED name the field;
 * nothing was changed.  Caller frees with record_draft_free.
 */
enum sq_err record_compose(struct record_ctx *cx,
    const struct record_make *mk, struct record_draft *ret, struct why *why);

/**
 * record_store(cx, d, base, ret_index, root, why):
 * Append it to the log and bring the projections up to date, inside a
 * transaction.
 */
enum sq_err record_store(struct record_ctx *cx, const struct record_draft *d,
    const struct record_at *base, uint64_t *ret_index,
    uint8_t root[ENTRY_ROOT], struct why *why);

/**
 * record_derive(cx, d, base, index):
 * Bring all projections up to date with entry ${index}: the one place where
 * what is found by is made of what was written (sql.h, the rule of changes).
 */
enum sq_err record_derive(struct record_ctx *cx,
    const struct record_draft *d, const struct record_at *base,
    uint64_t index);

/**
 * record_amend(cx, was, is, index, why):
 * Values of entry ${index} were erased: if it is what its record is found by,
 * make that anew.
 */
enum sq_err record_amend(struct record_ctx *cx, const struct entry *was,
    const struct entry *is, uint64_t index, struct why *why);

/**
 * record_replay(cx, en, index, why):
 * Derive the projections from an entry of the log, inside a transaction in
 * which they were emptied and all entries before it replayed.
 */
enum sq_err record_replay(struct record_ctx *cx, const struct entry *en,
    uint64_t index, struct why *why);

/** record_draft_free(d): free what it holds. */
void record_draft_free(struct record_draft *d);

/**
 * record_bytes(en, name, out):
 * Append what a field of kind bytes holds; SQ_ENOENT where it is not open.
 */
enum sq_err record_bytes(const struct entry *en, const char *name,
    struct bytes_buf *out);

/** record_at_free(at): free its entry. */
void record_at_free(struct record_at *at);

/**
 * record_is(at, id):
 * Is this entry a revision of the record itself (not only about it)?
 */
bool record_is(const struct record_at *at, const uint8_t id[LOG_RECORD_ID]);

/**
 * record_name(def):
 * The entry's name of a field: "about" is kept as "_about".  Static.
 */
const char *record_name(const struct model_field *def);

/**
 * record_value(en, def, i):
 * Value ${i} (from 0) of a field, open or not; NULL beyond the last.  It stays
 * with the (sorted) entry.
 */
const struct entry_field *record_value(const struct entry *en,
    const struct model_field *def, size_t i);

/**
 * record_index(cx, rid, en, type, add):
 * Put the text of an entry into the full-text index, or take it out.
 */
enum sq_err record_index(struct record_ctx *cx, int64_t rid,
    const struct entry *en, const struct model_type *type, bool add);

/**
 * record_unlearn(cx, en, type):
 * Forget the spellings of words that no text has since the entry was taken out.
 */
enum sq_err record_unlearn(struct record_ctx *cx, const struct entry *en,
    const struct model_type *type);

/**
 * record_days(cx, rid, en, type, add):
 * Put the dates of an entry into their index, or take them out.
 */
enum sq_err record_days(struct record_ctx *cx, int64_t rid,
    const struct entry *en, const struct model_type *type, bool add);

/**
 * record_project(cx, d, base, index, ret_rid):
 * Bring the tables record and link up to date.
 */
enum sq_err record_project(struct record_ctx *cx,
    const struct record_draft *d, const struct record_at *base,
    uint64_t index, int64_t *ret_rid);

#endif
