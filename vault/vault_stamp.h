/*
 * Facade, part: what others vouch for about the log: time stamps, receipts,
 * and the newest checkpoint that was seen.  Comes with vault/vault.h.
 */
#ifndef SQ_VAULT_VAULT_STAMP_H
#define SQ_VAULT_VAULT_STAMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/bytes.h"
#include "crypto/err.h"
#include "vault/record/model.h"

struct vault;

struct vault_stamp {
	char ref[MODEL_REF_MAX];	/* of its record, Z-1 */
	char sha256[65];		/* of what is stamped */
	char time[MODEL_TIME_MAX];	/* stamped at; empty: not yet */
	char authority[320];		/* may be hostile */
	bool trusted;			/* a root that was named vouches */
	char doubt[160];		/* if not: why */
};

/**
 * vault_stamp_request(v, bundle, path, ret, why):
 * Write a request for a time stamp (RFC 3161, DER) to the new file ${path} and
 * keep it in the vault: over the signed checkpoint of the log as it stands, or
 * over the statement of ${bundle} (a reference B-1, or its id), if that is not
 * NULL.
 */
enum sq_err vault_stamp_request(struct vault *v, const char *bundle,
    const char *path, struct vault_stamp *ret, struct why *why);

/**
 * vault_stamp_import(v, answer, roots, ret, why):
 * File the answer in file ${answer}, once it was found to answer a request of
 * this vault and to hold (BUNDLE.md, time stamps).  With ${roots}, a file of
 * certificates, one of them must vouch for it; without, the list of the system
 * may.  SQ_EREFUSED, SQ_EEXIST, SQ_EFORMAT, SQ_EAUTH: nothing was filed.
 */
enum sq_err vault_stamp_import(struct vault *v, const char *answer,
    const char *roots, struct vault_stamp *ret, struct why *why);

#endif
