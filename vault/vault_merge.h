/*
 * Merging what another vault exported.  A part of vault.h.
 */
#ifndef SQ_VAULT_VAULT_MERGE_H
#define SQ_VAULT_VAULT_MERGE_H

#include <stdbool.h>
#include <stdint.h>

#include "crypto/err.h"
#include "crypto/secret.h"
#include "vault/record/model.h"

struct vault;

struct vault_merge {
	const char *path;		/* a sealed bundle, or its folder */
	const char *identity;		/* file of age identities, or NULL */
	const struct secret *passphrase;/* or NULL */
	const char *trust;		/* key card, or NULL */
	void (*progress)(void *arg, uint64_t done, uint64_t of);
	void *arg;
};

struct vault_merged {
	char bundle[33];
	char log[33];			/* of the other vault */
	char signer[64];		/* fingerprint of its key */
	bool trusted;			/* by the card, or the vault's own */
	uint64_t entries;		/* taken in; 0: all were here */
	uint64_t known;			/* were here */
	uint64_t left;			/* of kinds that stay where they are */
	uint64_t files;			/* attachments taken in */
	uint64_t conflicts;		/* records with more than one head */
	char (*conflict)[MODEL_REF_MAX];
};

/**
 * vault_merge(v, o, ret, why):
 * Verify a bundle of profile full and take in what this vault does not have:
 * entries keep their ids, attachments are sealed into the store, and an entry
 * says where each came from and with which proof.  All in one transaction; the
 * same bundle twice changes nothing.  SQ_EAUTH or SQ_EFORMAT: altered, forged,
 * or not this one's; SQ_EREFUSED: not for merging.  Caller frees with
 * vault_merge_free.
 */
enum sq_err vault_merge(struct vault *v, const struct vault_merge *o,
    struct vault_merged *ret, struct why *why);

/** vault_merge_free(x): free what it holds. */
void vault_merge_free(struct vault_merged *x);

#endif
