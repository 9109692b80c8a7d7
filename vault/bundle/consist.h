/*
 * proofs/consistency.txt: that the log of this bundle extends the log of an
 * earlier one.  Text, one form only:
 *
 *	sandyq-consistency/v1
 *	<old size, decimal>
 *	<old root, base64>
 *	<new size, decimal>
 *	<hash, base64>		one line each, RFC 9162 2.1.4; may be none
 */
#ifndef SQ_VAULT_BUNDLE_CONSIST_H
#define SQ_VAULT_BUNDLE_CONSIST_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/bytes.h"
#include "crypto/err.h"
#include "crypto/merkle.h"

#define CONSIST_MAX 8192	/* bytes */

struct consist {
	uint64_t old_size;
	uint8_t old_root[MERKLE_LEN];
	uint64_t new_size;
	struct merkle_proof proof;
};

/** consist_emit(c, out): append the text. */
enum sq_err consist_emit(const struct consist *c, struct bytes_buf *out);

/** consist_parse(p, n, ret): read it strictly; SQ_EFORMAT. */
enum sq_err consist_parse(const char *p, size_t n, struct consist *ret);

#endif
