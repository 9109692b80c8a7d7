/*
 * Sealing plain files: age files for exchange with anyone who has age.  Needs
 * no vault.  An output appears under its name only when all of it is there
 * and, when opening, authenticated; nothing is ever overwritten.
 */
#ifndef SQ_VAULT_BUNDLE_SEAL_H
#define SQ_VAULT_BUNDLE_SEAL_H

#include <stddef.h>

#include "crypto/age.h"
#include "crypto/err.h"
#include "crypto/secret.h"

/**
 * seal_file(in, recipient, pass, out, why):
 * Seal the file ${in} to the X25519 ${recipient}, or when that is NULL to the
 * passphrase ${pass}, as the new file ${out}.  SQ_EEXIST if ${out} is there;
 * SQ_EREFUSED or SQ_EUNSUPPORTED for a recipient that cannot be used.
 */
enum sq_err seal_file(const char *in, const char *recipient,
    const struct secret *pass, const char *out, struct why *why);

/**
 * seal_bytes(p, n, recipient, out, why):
 * Seal ${n} bytes to the X25519 ${recipient} as the new file ${out}, as
 * seal_file does.
 */
enum sq_err seal_bytes(const void *p, size_t n, const char *recipient,
    const char *out, struct why *why);

/**
 * seal_open_file(in, keys, out, why):
 * The inverse.  SQ_EFORMAT or SQ_EAUTH for a file that is altered, cut or no
 * age file; SQ_EPASS for a wrong passphrase; SQ_EREFUSED for a file that is
 * not sealed for what ${keys} holds.  On failure no ${out} is left.
 */
enum sq_err seal_open_file(const char *in, const struct age_keys *keys,
    const char *out, struct why *why);

/**
 * seal_keygen(out, created, recipient, why):
 * Make a new identity as the new file ${out}, 0600, with comment lines that
 * give ${created} (a time, as text) and its public half, which also goes to
 * ${recipient}.
 */
enum sq_err seal_keygen(const char *out, const char *created,
    char recipient[AGE_RECIPIENT_MAX], struct why *why);

/**
 * seal_key_public(path, recipient, why):
 * The public half of the one identity in a file; SQ_EREFUSED if it holds more.
 */
enum sq_err seal_key_public(const char *path,
    char recipient[AGE_RECIPIENT_MAX], struct why *why);

/**
 * seal_identities(path, ret, ret_n, why):
 * Read an identity file.  Free with seal_identities_free.
 */
enum sq_err seal_identities(const char *path, struct secret ***ret,
    size_t *ret_n, struct why *why);

/** seal_identities_free(list, n): wipe and free all of it; NULL is fine. */
void seal_identities_free(struct secret **list, size_t n);

#endif
