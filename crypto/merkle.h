/*
 * Merkle trees of RFC 6962 section 2.1 / RFC 9162 section 2.1 with SHA-256:
 * hashes of leaves and nodes, tree heads, inclusion and consistency proofs,
 * over hashes that a caller stores by (level, index).
 */
#ifndef SQ_CRYPTO_MERKLE_H
#define SQ_CRYPTO_MERKLE_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/err.h"

#define MERKLE_LEN 32
#define MERKLE_PROOF_MAX 64	/* hashes in one proof */

struct merkle_proof {
	size_t n;
	uint8_t hash[MERKLE_PROOF_MAX][MERKLE_LEN];
};

/*
 * Perfect subtrees: the hash at (level, index) covers the 2^level leaves from
 * index * 2^level on.  get returns SQ_ENOENT for one that is not stored.
 */
struct merkle_store {
	enum sq_err (*get)(void *arg, unsigned level, uint64_t index,
	    uint8_t out[MERKLE_LEN]);
	enum sq_err (*put)(void *arg, unsigned level, uint64_t index,
	    const uint8_t hash[MERKLE_LEN]);
	void *arg;
};

/** merkle_leaf(out, data, n): SHA-256(0x00 | data). */
void merkle_leaf(uint8_t out[MERKLE_LEN], const void *data, size_t n);

/** merkle_node(out, left, right): SHA-256(0x01 | left | right). */
void merkle_node(uint8_t out[MERKLE_LEN], const uint8_t left[MERKLE_LEN],
    const uint8_t right[MERKLE_LEN]);

/**
 * merkle_head(out, leaves, n):
 * Head over ${n} leaf hashes in memory; of none, SHA-256("").
 */
void merkle_head(uint8_t out[MERKLE_LEN],
    const uint8_t (*leaves)[MERKLE_LEN], size_t n);

/**
 * merkle_append(st, size, leaf):
 * Store leaf number ${size} (so that the size becomes ${size} + 1) and every
 * perfect subtree that it completes.  O(log n) reads, amortised one write.
 */
enum sq_err merkle_append(const struct merkle_store *st, uint64_t size,
    const uint8_t leaf[MERKLE_LEN]);

/** merkle_root(st, size, out): head of the first ${size} leaves. */
enum sq_err merkle_root(const struct merkle_store *st, uint64_t size,
    uint8_t out[MERKLE_LEN]);

/**
 * merkle_include(st, index, size, ret_proof):
 * RFC 9162 section 2.1.3.1.  SQ_EUSAGE unless ${index} < ${size}.
 */
enum sq_err merkle_include(const struct merkle_store *st, uint64_t index,
    uint64_t size, struct merkle_proof *ret_proof);

/**
 * merkle_consist(st, old, size, ret_proof):
 * RFC 9162 section 2.1.4.1.  SQ_EUSAGE unless 0 < ${old} <= ${size}; equal
 * sizes give an empty proof.
 */
enum sq_err merkle_consist(const struct merkle_store *st, uint64_t old,
    uint64_t size, struct merkle_proof *ret_proof);

/**
 * merkle_include_check(leaf, index, size, proof, root):
 * RFC 9162 section 2.1.3.2.  SQ_OK or SQ_EAUTH.
 */
enum sq_err merkle_include_check(const uint8_t leaf[MERKLE_LEN],
    uint64_t index, uint64_t size, const struct merkle_proof *proof,
    const uint8_t root[MERKLE_LEN]);

/**
 * merkle_consist_check(old, root1, size, root2, proof):
 * RFC 9162 section 2.1.4.2.  Equal sizes want an empty proof and equal roots;
 * ${old} of 0 is SQ_EAUTH: it would prove nothing.
 */
enum sq_err merkle_consist_check(uint64_t old,
    const uint8_t root1[MERKLE_LEN], uint64_t size,
    const uint8_t root2[MERKLE_LEN], const struct merkle_proof *proof);

#endif
