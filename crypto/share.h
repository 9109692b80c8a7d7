/*
 * One trustee's share as text, and several of them put together again.
 * FORMAT.md section 18.  A share that was mistyped, is of another set or
 * vault, or is there twice is named before anything is tried; of more shares
 * than are needed a wrong one is found by the others.
 */
#ifndef SQ_CRYPTO_SHARE_H
#define SQ_CRYPTO_SHARE_H

#include <stdint.h>

#include "crypto/err.h"
#include "crypto/secret.h"
#include "crypto/shamir.h"

#define SHARE_SET 8		/* bytes that name a set */
#define SHARE_LOG 4		/* first bytes of the log id */
#define SHARE_MAX 512		/* characters of a typed share */

struct share {
	unsigned need, of, x;		/* any need of 1 .. of; this is x */
	uint8_t set[SHARE_SET];
	uint8_t log[SHARE_LOG];
	struct secret *y;		/* owned */
};

/**
 * share_text(s, ret):
 * The share as Bech32 in groups of four characters, in lower case.
 */
enum sq_err share_text(const struct share *s, struct secret **ret);

/**
 * share_parse(p, n, ret, why):
 * Read it back: case, white space and hyphens between characters do not
 * matter.  SQ_EFORMAT if it is no share, SQ_EAUTH if a character of it is
 * wrong, SQ_EUNSUPPORTED if it is of a later version.  Free with share_free.
 */
enum sq_err share_parse(const uint8_t *p, size_t n, struct share *ret,
    struct why *why);

/** share_free(s): wipe and free what it holds. */
void share_free(struct share *s);

/**
 * share_join(s, n, ret, why):
 * The secret of which ${n} shares are given.  SQ_EREFUSED names what is wrong:
 * too few, two of one number, of different sets, one that the others disprove.
 * Whether the secret is the right one only a slot can tell.
 */
enum sq_err share_join(const struct share *s, unsigned n, struct secret **ret,
    struct why *why);

#endif
