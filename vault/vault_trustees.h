/*
 * Opening the vault without its passphrase, and travelling with one that
 * cannot be opened.  A part of vault.h.
 */
#ifndef SQ_VAULT_VAULT_TRUSTEES_H
#define SQ_VAULT_VAULT_TRUSTEES_H

#include "crypto/bytes.h"
#include "crypto/err.h"
#include "crypto/secret.h"

struct vault;
struct vault_backup;
struct vault_backed;

#define VAULT_TRUSTEES_MAX 16

/**
 * vault_trustees_split(v, need, of, ret, why):
 * Make a slot of which ${of} people hold shares, any ${need} of them open it;
 * an earlier set opens nothing from then on.  ret[0] to ret[of - 1]: the
 * shares as text; the caller frees.
 */
enum sq_err vault_trustees_split(struct vault *v, unsigned need, unsigned of,
    struct secret *ret[VAULT_TRUSTEES_MAX], struct why *why);

/**
 * vault_trustees_need(text, ret_need, ret_x, why):
 * How many shares are needed, and which number this one is.
 */
enum sq_err vault_trustees_need(const struct secret *text,
    unsigned *ret_need, unsigned *ret_x, struct why *why);

/**
 * vault_trustees_join(text, n, ret, why):
 * The passphrase of the trustees' slot, for vault_open.  SQ_EREFUSED names the
 * share that is wrong, missing, there twice, or of another set.
 */
enum sq_err vault_trustees_join(const struct secret *const text[],
    unsigned n, struct secret **ret, struct why *why);

/**
 * vault_trustees_test(v, text, n, why):
 * Rehearse: would these shares open the vault?  Logged.
 */
enum sq_err vault_trustees_test(struct vault *v,
    const struct secret *const text[], unsigned n, struct why *why);

/**
 * vault_qr(s, out, why):
 * Append the QR code of a secret text, for a sheet that is printed.
 */
enum sq_err vault_qr(const struct secret *s, struct bytes_buf *out,
    struct why *why);

/**
 * vault_travel(v, o, ret, why):
 * Rehearse the backup o->dest, which must be up to date; then blank every slot
 * but those of the recovery sheet and of trustees.  SQ_EREFUSED, and nothing
 * changed, if there is neither, or the backup would not do.
 */
enum sq_err vault_travel(struct vault *v, const struct vault_backup *o,
    struct vault_backed *ret, struct why *why);

#endif
