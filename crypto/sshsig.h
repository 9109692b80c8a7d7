/*
 * SSHSIG (OpenSSH PROTOCOL.sshsig) with ssh-ed25519 and SHA-512; other key
 * types are SQ_EUNSUPPORTED.
 */
#ifndef SQ_CRYPTO_SSHSIG_H
#define SQ_CRYPTO_SSHSIG_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/bytes.h"
#include "crypto/err.h"
#include "crypto/secret.h"
#include "crypto/sign.h"

/** sshsig_pub(pk, comment, out): append "ssh-ed25519 AAAA... comment" LF. */
enum sq_err sshsig_pub(const uint8_t pk[SIGN_PK], const char *comment,
    struct bytes_buf *out);

/** sshsig_pub_parse(p, n, pk): read such a line (or its first two words). */
enum sq_err sshsig_pub_parse(const char *p, size_t n, uint8_t pk[SIGN_PK]);

/**
 * sshsig_fingerprint(pk, out):
 * Append "SHA256:..." as ssh-keygen -l prints it.
 */
enum sq_err sshsig_fingerprint(const uint8_t pk[SIGN_PK],
    struct bytes_buf *out);

/** sshsig_make(seed, ns, msg, n, out): append the armored signature. */
enum sq_err sshsig_make(const struct secret *seed, const char *ns,
    const void *msg, size_t n, struct bytes_buf *out);

/**
 * sshsig_check(sig, nsig, ns, msg, n, ret_pk):
 * Verify an armored signature over ${msg}; ${ret_pk} receives the signer's key
 * (who it is, the caller decides).  SQ_EFORMAT, SQ_EUNSUPPORTED, SQ_EAUTH
 * (also: other namespace).  sha256 and sha512 are read, sha512 is written.
 */
enum sq_err sshsig_check(const char *sig, size_t nsig, const char *ns,
    const void *msg, size_t n, uint8_t ret_pk[SIGN_PK]);

#endif
