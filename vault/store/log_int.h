/*
 * What the files of log share, and nobody else includes.
 */
#ifndef SQ_VAULT_STORE_LOG_INT_H
#define SQ_VAULT_STORE_LOG_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/bytes.h"
#include "vault/store/log.h"

#define LOG_LEVELS 64

/* The newest link of one record's chain. */
struct log_chain {
	uint8_t id[LOG_RECORD_ID];
	uint8_t c[32];
	bool changed;		/* not yet in the table */
};

/* The chains of one bucket, sorted by id, once they were checked. */
struct log_bucket {
	struct log_chain *v;
	size_t n, cap;
	bool loaded, dirty;
};

/*
 * The right edge of the tree: of each level the newest perfect subtree that is
 * a left child.  No other is needed for appending or for the head.
 */
struct log_edge {
	uint8_t hash[LOG_LEVELS][MERKLE_LEN];
	uint64_t at[LOG_LEVELS];
	bool have[LOG_LEVELS];
};

struct log {
	struct db *db;		/* borrowed */
	uint64_t size;
	struct log_edge edge;
	struct merkle_store tree;
	struct log_bucket bucket[LOG_BUCKETS];
	uint8_t hash[LOG_BUCKETS][32];
	uint8_t heads[32];
	struct bytes_buf buf;	/* scratch */
};

/** log_load(lg): read size, edge and buckets from the database. */
enum sq_err log_load(struct log *lg);

/** log_blank(db, ret): a log of nothing, whatever the database holds. */
enum sq_err log_blank(struct db *db, struct log **ret);

/** log_forget(lg): as log_blank, in place. */
void log_forget(struct log *lg);

/**
 * log_advance(lg, root, ids, n):
 * Entry number size is stored: add it to the tree and to the chains of ${ids}.
 */
enum sq_err log_advance(struct log *lg, const uint8_t root[ENTRY_ROOT],
    const uint8_t (*ids)[LOG_RECORD_ID], size_t n);

/**
 * log_edge_put(edge, level, index, hash):
 * Keep a subtree if it is a left one.
 */
void log_edge_put(struct log_edge *edge, unsigned level, uint64_t index,
    const uint8_t hash[MERKLE_LEN]);

/**
 * log_node_stored(lg, level, index, out):
 * A subtree's hash as the database has it; level 0: of the entry's root.
 * SQ_ENOENT.
 */
enum sq_err log_node_stored(struct log *lg, unsigned level, uint64_t index,
    uint8_t out[MERKLE_LEN]);

/**
 * log_count(lg, which, ret):
 * The number that a statement without parameters yields.
 */
enum sq_err log_count(struct log *lg, enum db_stmt which, uint64_t *ret);

/** log_chain_step(c, index, root): extend a chain in place. */
void log_chain_step(uint8_t c[32], uint64_t index,
    const uint8_t root[ENTRY_ROOT]);

/** log_bucket_of(id): its bucket. */
unsigned log_bucket_of(const uint8_t id[LOG_RECORD_ID]);

/**
 * log_bucket_load(lg, k):
 * Have the chains of bucket ${k} in memory, checked against heads.
 */
enum sq_err log_bucket_load(struct log *lg, unsigned k);

/**
 * log_bucket_find(b, id):
 * The chain of a record in a loaded bucket, or NULL.
 */
struct log_chain *log_bucket_find(const struct log_bucket *b,
    const uint8_t id[LOG_RECORD_ID]);

/** log_bucket_step(lg, id, index, root): advance the chain of a record. */
enum sq_err log_bucket_step(struct log *lg, const uint8_t id[LOG_RECORD_ID],
    uint64_t index, const uint8_t root[ENTRY_ROOT]);

/** log_bucket_all(lg): read the hashes of all buckets and compute heads. */
enum sq_err log_bucket_all(struct log *lg);

/** log_bucket_forget(lg): no bucket is loaded; all are empty. */
void log_bucket_forget(struct log *lg);

#endif
