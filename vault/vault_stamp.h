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
struct vault_made;

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

/**
 * vault_log_seen(v, path, ret_size, why):
 * Hold the log against a checkpoint of it in ${path}: a signed note, a receipt,
 * or the folder of an opened bundle; its size goes to *ret_size.  SQ_EROLLBACK
 * if the log does not extend it: from then on the vault signs nothing.  If the
 * vault was in doubt because it was restored, and the checkpoint is not older
 * than the copy, it signs again, and that is logged.  SQ_EAUTH: not signed by
 * this vault.
 */
enum sq_err vault_log_seen(struct vault *v, const char *path,
    uint64_t *ret_size, struct why *why);

/**
 * vault_log_lost(v, reason, why):
 * The newest checkpoint is lost: sign again all the same, and log who says so
 * and why.  SQ_EREFUSED if nothing is in doubt.
 */
enum sq_err vault_log_lost(struct vault *v, const char *reason,
    struct why *why);

/**
 * vault_log_receipt(v, path, ret, recipient, why):
 * As vault_log_seen with a receipt, and file it; whose it is goes to
 * ${recipient}.  SQ_EREFUSED for a stranger's, or another key than before.
 */
enum sq_err vault_log_receipt(struct vault *v, const char *path,
    struct vault_made *ret, char recipient[MODEL_REF_MAX], struct why *why);

#endif
