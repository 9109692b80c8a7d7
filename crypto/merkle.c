#include <stdbool.h>
#include <string.h>

#include "crypto/bytes.h"
#include "crypto/digest.h"
#include "crypto/merkle.h"

_Static_assert(MERKLE_LEN == DIGEST_LEN, "SHA-256");

/* see merkle.h */
void
merkle_leaf(uint8_t out[MERKLE_LEN], const void *data, size_t n)
{
	const struct digest_part parts[] = { { "\0", 1 }, { data, n } };

	digest_sha256v(out, parts, 2);
}

/* see merkle.h */
void
merkle_node(uint8_t out[MERKLE_LEN], const uint8_t left[MERKLE_LEN],
    const uint8_t right[MERKLE_LEN])
{
	uint8_t b[1 + 2 * MERKLE_LEN];

	b[0] = 1;
	memcpy(b + 1, left, MERKLE_LEN);
	memcpy(b + 1 + MERKLE_LEN, right, MERKLE_LEN);
	digest_sha256(out, b, sizeof(b));
}

/* see merkle.h */
void
merkle_head(uint8_t out[MERKLE_LEN], const uint8_t (*leaves)[MERKLE_LEN],
    size_t n)
{
	uint8_t stack[64][MERKLE_LEN];
	size_t top = 0;

	if (n == 0) {
		digest_sha256(out, "", 0);
		return;
	}
	/* The stack holds one perfect subtree for each bit set in i. */
	for (size_t i = 0; i < n; i++) {
		memcpy(stack[top++], leaves[i], MERKLE_LEN);
		for (size_t bits = i; bits & 1; bits >>= 1, top--)
			merkle_node(stack[top - 2], stack[top - 2],
			    stack[top - 1]);
	}
	for (; top > 1; top--)
		merkle_node(stack[top - 2], stack[top - 2], stack[top - 1]);
	memcpy(out, stack[0], MERKLE_LEN);
}

/* see merkle.h */
enum sq_err
merkle_append(const struct merkle_store *st, uint64_t size,
    const uint8_t leaf[MERKLE_LEN])
{
	uint8_t h[MERKLE_LEN], left[MERKLE_LEN];
	uint64_t i = size;
	enum sq_err e;

	if (size == UINT64_MAX)
		return SQ_ELIMIT;
	memcpy(h, leaf, MERKLE_LEN);
	for (unsigned level = 0;; level++, i >>= 1) {
		if ((e = st->put(st->arg, level, i, h)) != SQ_OK)
			return e;
		if ((i & 1) == 0)
			return SQ_OK;
		if ((e = st->get(st->arg, level, i - 1, left)) != SQ_OK)
			return e;
		merkle_node(h, left, h);
	}
}

/*
 * Head of the leaves [lo, hi), hi > lo, where lo is a multiple of a power of
 * two not below hi - lo: so are all subtrees of RFC 9162.  Perfect subtrees
 * are folded from the smallest, at the right end, to the left.
 */
static enum sq_err
range(const struct merkle_store *st, uint64_t lo, uint64_t hi,
    uint8_t out[MERKLE_LEN])
{
	uint8_t h[MERKLE_LEN];
	uint64_t n = hi - lo;
	bool first = true;
	enum sq_err e;

	for (unsigned level = 0; n >> level != 0; level++) {
		if ((n >> level & 1) == 0)
			continue;
		hi -= (uint64_t)1 << level;
		if ((e = st->get(st->arg, level, hi >> level, h)) != SQ_OK)
			return e;
		if (first)
			memcpy(out, h, MERKLE_LEN);
		else
			merkle_node(out, h, out);
		first = false;
		if (level == 63)
			break;
	}
	return SQ_OK;
}

/* see merkle.h */
enum sq_err
merkle_root(const struct merkle_store *st, uint64_t size,
    uint8_t out[MERKLE_LEN])
{
	if (size == 0) {
		digest_sha256(out, "", 0);
		return SQ_OK;
	}
	return range(st, 0, size, out);
}

/* The largest power of two below n; n > 1. */
static uint64_t
split(uint64_t n)
{
	uint64_t k = 1;

	while (k < n - k)
		k <<= 1;
	return k;
}

/* Append the head of [lo, hi) to the proof. */
static enum sq_err
step(const struct merkle_store *st, uint64_t lo, uint64_t hi,
    struct merkle_proof *proof)
{
	enum sq_err e;

	if (proof->n == MERKLE_PROOF_MAX)
		return SQ_ELIMIT;
	if ((e = range(st, lo, hi, proof->hash[proof->n])) == SQ_OK)
		proof->n++;
	return e;
}

/* Proofs are found from the head down and written from the leaf up. */
static void
reverse(struct merkle_proof *proof)
{
	uint8_t h[MERKLE_LEN];

	for (size_t i = 0, j = proof->n; i + 1 < j; i++) {
		j--;
		memcpy(h, proof->hash[i], MERKLE_LEN);
		memcpy(proof->hash[i], proof->hash[j], MERKLE_LEN);
		memcpy(proof->hash[j], h, MERKLE_LEN);
	}
}

/* see merkle.h */
enum sq_err
merkle_include(const struct merkle_store *st, uint64_t index, uint64_t size,
    struct merkle_proof *ret_proof)
{
	uint64_t lo = 0, hi = size, mid;
	enum sq_err e;

	ret_proof->n = 0;
	if (index >= size)
		return SQ_EUSAGE;
	while (hi - lo > 1) {
		mid = lo + split(hi - lo);
		if (index < mid) {
			e = step(st, mid, hi, ret_proof);
			hi = mid;
		} else {
			e = step(st, lo, mid, ret_proof);
			lo = mid;
		}
		if (e != SQ_OK)
			return e;
	}
	reverse(ret_proof);
	return SQ_OK;
}

/* see merkle.h */
enum sq_err
merkle_consist(const struct merkle_store *st, uint64_t old, uint64_t size,
    struct merkle_proof *ret_proof)
{
	uint64_t lo = 0, hi = size, mid;
	enum sq_err e;

	ret_proof->n = 0;
	if (old == 0 || old > size)
		return SQ_EUSAGE;
	/* SUBPROOF of the RFC: down to the subtree that ends where old did. */
	while (hi != old) {
		mid = lo + split(hi - lo);
		if (old <= mid) {
			e = step(st, mid, hi, ret_proof);
			hi = mid;
		} else {
			e = step(st, lo, mid, ret_proof);
			lo = mid;
		}
		if (e != SQ_OK)
			return e;
	}
	/* From lo 0 that subtree is the old tree, whose head is known. */
	if (lo != 0 && (e = step(st, lo, hi, ret_proof)) != SQ_OK)
		return e;
	reverse(ret_proof);
	return SQ_OK;
}

/* see merkle.h */
enum sq_err
merkle_include_check(const uint8_t leaf[MERKLE_LEN], uint64_t index,
    uint64_t size, const struct merkle_proof *proof,
    const uint8_t root[MERKLE_LEN])
{
	uint8_t r[MERKLE_LEN];
	uint64_t fn = index, sn = size - 1;

	if (index >= size || proof->n > MERKLE_PROOF_MAX)
		return SQ_EAUTH;
	memcpy(r, leaf, MERKLE_LEN);
	for (size_t i = 0; i < proof->n; i++) {
		if (sn == 0)
			return SQ_EAUTH;
		if ((fn & 1) != 0 || fn == sn) {
			merkle_node(r, proof->hash[i], r);
			while ((fn & 1) == 0 && fn != 0) {
				fn >>= 1;
				sn >>= 1;
			}
		} else
			merkle_node(r, r, proof->hash[i]);
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && bytes_eq(r, root, MERKLE_LEN) ? SQ_OK : SQ_EAUTH;
}

/* see merkle.h */
enum sq_err
merkle_consist_check(uint64_t old, const uint8_t root1[MERKLE_LEN],
    uint64_t size, const uint8_t root2[MERKLE_LEN],
    const struct merkle_proof *proof)
{
	uint8_t fr[MERKLE_LEN], sr[MERKLE_LEN];
	uint64_t fn = old - 1, sn = size - 1;
	size_t i = 0;

	if (old == 0 || old > size || proof->n > MERKLE_PROOF_MAX)
		return SQ_EAUTH;
	if (old == size)
		return proof->n == 0 && bytes_eq(root1, root2, MERKLE_LEN) ?
		    SQ_OK : SQ_EAUTH;
	if (proof->n == 0)
		return SQ_EAUTH;
	/* An old tree that is one perfect subtree starts from its own head. */
	memcpy(fr, (old & (old - 1)) == 0 ? root1 : proof->hash[i++],
	    MERKLE_LEN);
	memcpy(sr, fr, MERKLE_LEN);
	for (; (fn & 1) != 0; fn >>= 1)
		sn >>= 1;
	for (; i < proof->n; i++, fn >>= 1, sn >>= 1) {
		if (sn == 0)
			return SQ_EAUTH;
		if ((fn & 1) == 0 && fn != sn) {
			merkle_node(sr, sr, proof->hash[i]);
			continue;
		}
		merkle_node(fr, proof->hash[i], fr);
		merkle_node(sr, proof->hash[i], sr);
		while ((fn & 1) == 0 && fn != 0) {
			fn >>= 1;
			sn >>= 1;
		}
	}
	return sn == 0 && bytes_eq(fr, root1, MERKLE_LEN) &&
	    bytes_eq(sr, root2, MERKLE_LEN) ? SQ_OK : SQ_EAUTH;
}
