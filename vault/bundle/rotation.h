/*
 * A change of keys: a signed note in which the keys of one epoch vouch for
 * those of the next; or, after a compromise, the offline recovery signing key
 * does, because a thief holds the old ones.  The new note key signs as well, so
 * that who trusts the new keys learns which ones they replaced.  BUNDLE.md
 * section 13.  Pure.
 */
#ifndef SQ_VAULT_BUNDLE_ROTATION_H
#define SQ_VAULT_BUNDLE_ROTATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/bytes.h"
#include "crypto/err.h"
#include "vault/bundle/card.h"

#define ROTATION_MAX 8192	/* bytes of one */
#define ROTATION_EPOCHS 999u

struct rotation {
	uint32_t epoch;			/* of the new keys, from 1 */
	struct card old, new;		/* their log is the same */
	char time[40];			/* RFC 3339, the device's claim */
	char since[40];			/* old keys count before; or "" */
	struct bytes_buf note;		/* the whole note, as it is */
};

/**
 * rotation_make(r, by, new_seed, out):
 * Append the note of ${r} (its note is not looked at), signed with the seed
 * ${by}: of the old note key, or if ${r} has a since, of the recovery key; and
 * with that of the new note key.
 */
enum sq_err rotation_make(const struct rotation *r, const struct secret *by,
    const struct secret *new_seed, struct bytes_buf *out);

/**
 * rotation_parse(p, n, ret):
 * Read one, strictly, and check that the new note key signed it.  SQ_EFORMAT,
 * SQ_EAUTH.  Free with rotation_free.
 */
enum sq_err rotation_parse(const char *p, size_t n, struct rotation *ret);

/** rotation_free(r): NULL is fine. */
void rotation_free(struct rotation *r);

/**
 * rotation_vouched(r, from):
 * Is it a change away from the keys of card ${from}, vouched for by them, or by
 * the recovery key of the card if ${r} has a since?  SQ_ENOENT: from other
 * keys; SQ_ECANNOT: the card has no recovery key; SQ_EAUTH.
 */
enum sq_err rotation_vouched(const struct rotation *r,
    const struct card *from);

/** rotation_same(a, b): are all three keys of two cards the same? */
bool rotation_same(const struct card *a, const struct card *b);

#endif
