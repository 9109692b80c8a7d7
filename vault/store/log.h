/*
 * The log: every entry, its RFC 6962 tree with stored subtree hashes, and the
 * heads that prove that nothing newer is missing.
 * FORMAT.md sections 10 and 11.
 */
#ifndef SQ_VAULT_STORE_LOG_H
#define SQ_VAULT_STORE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/entry.h"
#include "crypto/err.h"
#include "crypto/merkle.h"
#include "vault/store/db.h"

#define LOG_RECORD_ID 16
#define LOG_BUCKETS 4096

struct log;

/**
 * log_new(db, ret):
 * Load size, root and buckets of ${db} (borrowed); computes heads from the
 * stored buckets.
 */
enum sq_err log_new(struct db *db, struct log **ret);

/** log_free(lg): NULL is fine. */
void log_free(struct log *lg);

/**
 * log_recover(db, ret, why):
 * For a database whose projections may be stale or damaged: a log from the
 * entries alone, by log_rebuild, inside a transaction.  The caller compares
 * its root with the one that was pinned.
 */
enum sq_err log_recover(struct db *db, struct log **ret, struct why *why);

/** log_db(lg): the database it stands on. */
struct db *log_db(struct log *lg);

/**
 * log_size(lg), log_root(lg, out), log_heads(lg, out): as of the last append;
 * heads only after log_settle.
 */
uint64_t log_size(const struct log *lg);
enum sq_err log_root(struct log *lg, uint8_t out[MERKLE_LEN]);
void log_heads(const struct log *lg, uint8_t out[32]);

/** log_root_at(lg, size, out): head of the first ${size} entries. */
enum sq_err log_root_at(struct log *lg, uint64_t size,
    uint8_t out[MERKLE_LEN]);

/**
 * log_leaf(out, root):
 * Leaf hash of an entry: leaf data is "sandyq/entry/1" LF root.
 */
void log_leaf(uint8_t out[MERKLE_LEN], const uint8_t root[ENTRY_ROOT]);

/** log_id_cmp(a, b): order record ids as bytes, for qsort and bsearch. */
int log_id_cmp(const void *a, const void *b);

/**
 * log_ids(en, ret_ids, ret_n):
 * The record ids that a sorted entry names: 32 hexadecimal digits in _record,
 * in _about and in its list elements _about[00000] and on.  Ascending, each
 * once; NULL if there are none.  SQ_EFORMAT if one cannot be read: chains could
 * then not be derived from the entries.  Caller frees.
 */
enum sq_err log_ids(const struct entry *en, uint8_t (**ret_ids)[LOG_RECORD_ID],
    size_t *ret_n);

/**
 * log_append(lg, en, ids, n, ret_index, root):
 * Inside a transaction: store the (sorted) entry, append it to the tree, link
 * it to the ${n} record ids that it names in _record and _about and advance
 * their chains.  SQ_EEXIST if its root is in the log already (nothing changed);
 * SQ_EINTERNAL if ${ids} are not those of log_ids, in any order; SQ_EDAMAGE if
 * a bucket it touches is not the one in heads.  After any other failure than
 * SQ_EEXIST roll back and log_reload.
 */
enum sq_err log_append(struct log *lg, const struct entry *en,
    const uint8_t (*ids)[LOG_RECORD_ID], size_t n, uint64_t *ret_index,
    uint8_t root[ENTRY_ROOT]);

/**
 * log_erase(lg, index, en, why):
 * Inside a transaction: rewrite entry ${index} in place as ${en}, the same
 * entry with values erased.  SQ_EINTERNAL if it has not the same root.
 */
enum sq_err log_erase(struct log *lg, uint64_t index, const struct entry *en,
    struct why *why);

/**
 * log_settle(lg):
 * Recompute and store the buckets that changed, and heads; before COMMIT.
 */
enum sq_err log_settle(struct log *lg);

/** log_reload(lg): forget what a rolled-back transaction appended. */
enum sq_err log_reload(struct log *lg);

/**
 * log_get(lg, index, ret_en, root, why):
 * Read entry ${index}, recompute its root from its fields and compare:
 * SQ_EDAMAGE names the entry if it does not fit.  Caller frees ${ret_en}.
 */
enum sq_err log_get(struct log *lg, uint64_t index, struct entry *ret_en,
    uint8_t root[ENTRY_ROOT], struct why *why);

/**
 * log_each(lg, cb, arg, why):
 * Call ${cb} with every entry, oldest first, each as log_get gives it; the
 * entry is the callee's only during the call.  Stops at the first failure.
 */
enum sq_err log_each(struct log *lg, enum sq_err (*cb)(void *arg,
    uint64_t index, const struct entry *en), void *arg, struct why *why);

/**
 * log_of_record(lg, id, ret_index, ret_n, why):
 * All log indices naming the record, ascending, after checking that their
 * chain is the one in heads: SQ_EDAMAGE if anything is missing or altered.
 * SQ_ENOENT if the (verified) bucket does not know the record.  Caller frees.
 */
enum sq_err log_of_record(struct log *lg, const uint8_t id[LOG_RECORD_ID],
    uint64_t **ret_index, size_t *ret_n, struct why *why);

/**
 * log_records(lg, cb, arg, why):
 * Call ${cb} with every record id of the log, each bucket checked against
 * heads first: the list is complete or SQ_EDAMAGE.
 */
enum sq_err log_records(struct log *lg,
    enum sq_err (*cb)(void *arg, const uint8_t id[LOG_RECORD_ID]), void *arg,
    struct why *why);

/**
 * log_root_of(lg, index, root):
 * The stored root of entry ${index}, unchecked.
 */
enum sq_err log_root_of(struct log *lg, uint64_t index,
    uint8_t root[ENTRY_ROOT]);

/** log_index_of(lg, root, ret_index): where an entry root stands; SQ_ENOENT. */
enum sq_err log_index_of(struct log *lg, const uint8_t root[ENTRY_ROOT],
    uint64_t *ret_index);

/**
 * log_include(lg, index, ret), log_consist(lg, old, ret): proofs against the
 * present size.
 */
enum sq_err log_include(struct log *lg, uint64_t index,
    struct merkle_proof *ret);
enum sq_err log_consist(struct log *lg, uint64_t old,
    struct merkle_proof *ret);

/**
 * log_roots(lg, ret_roots, why):
 * The roots of all entries, once they have been found to give the head of the
 * log; the caller frees.  SQ_EDAMAGE if they do not.
 */
enum sq_err log_roots(struct log *lg, uint8_t (**ret_roots)[ENTRY_ROOT],
    struct why *why);

/**
 * log_audit(lg, cb, arg, why):
 * Read every entry, recompute roots, the whole tree and all chains from the
 * entries alone and compare with what is stored; ${cb} (may be NULL) hears
 * progress.  After log_settle, not in the middle of appending.  SQ_EDAMAGE with
 * the first finding.
 */
enum sq_err log_audit(struct log *lg,
    void (*cb)(void *arg, uint64_t done, uint64_t of), void *arg,
    struct why *why);

/**
 * log_rebuild(lg, why):
 * re-derive links, chains and buckets from the entries, inside a transaction;
 * roots and tree are checked.
 */
enum sq_err log_rebuild(struct log *lg, struct why *why);

#endif
