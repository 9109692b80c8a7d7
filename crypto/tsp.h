/*
 * RFC 3161 time stamps, through libcrypto: the request that is carried to an
 * authority, and the token that comes back.  Pure: no clock, no files.  The
 * time by which certificates are judged is the token's own, never another;
 * whether they were revoked is not looked at.
 */
#ifndef SQ_CRYPTO_TSP_H
#define SQ_CRYPTO_TSP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/bytes.h"
#include "crypto/digest.h"
#include "crypto/err.h"

#define TSP_MAX (1u << 20)	/* bytes of a request, a token, a chain */

struct tsp_bytes {
	const void *p;		/* NULL: there are none */
	size_t n;
};

struct tsp_in {
	struct tsp_bytes data;		/* the exact bytes that were stamped */
	const uint8_t *sha256;		/* or, if data.p is NULL, their hash */
	struct tsp_bytes request;	/* what was asked, DER; or NULL */
	struct tsp_bytes token;		/* the response, or its token alone */
	/* PEM, or one in DER: who is trusted (what is not self-signed only
	 * helps on the way), and certificates that help and are not believed */
	struct tsp_bytes roots;
	struct tsp_bytes chain;
};

struct tsp_token {
	char time[24];		/* genTime, RFC 3339; a fraction rounds up */
	int64_t unix_time;	/* the same, seconds since 1970 */
	char who[320];		/* subject of the signer; may be hostile */
	bool trusted;		/* its chain ends in one of the roots */
	char doubt[160];	/* if not: why */
};

/**
 * tsp_request(hash, out):
 * Append a request (DER) for a time stamp over the SHA-256 ${hash}: with a
 * fresh random nonce, and asking for the certificate.
 */
enum sq_err tsp_request(const uint8_t hash[DIGEST_LEN],
    struct bytes_buf *out);

/**
 * tsp_request_of(p, n, hash):
 * The SHA-256 that a request of ours asks for; SQ_EFORMAT if it is none.
 */
enum sq_err tsp_request_of(const void *p, size_t n, uint8_t hash[DIGEST_LEN]);

/**
 * tsp_answers(request, token):
 * SQ_OK if the token, still unchecked, has the hash and the nonce of the
 * request; SQ_ENOENT if it answers another one; SQ_EREFUSED if the authority
 * refused; SQ_EFORMAT.
 */
enum sq_err tsp_answers(const struct tsp_bytes *request,
    const struct tsp_bytes *token);

/**
 * tsp_check(in, ret, why):
 * Does the token stamp these bytes?  One form of DER with nothing behind it;
 * the hash (SHA-256, -384 or -512) of the data; hash and nonce of the request,
 * if it is given; one signer, found by issuer and serial and bound by its
 * ESSCertID or ESSCertIDv2, with timeStamping as its sole and critical extended
 * key usage, valid at genTime; its signature.  The policy is not judged.
 * SQ_OK: all that holds; whether a root vouches for the signer at genTime is
 * ret->trusted.  SQ_EFORMAT, SQ_EAUTH, SQ_EREFUSED (the authority refused),
 * SQ_EUNSUPPORTED, SQ_ELIMIT: ${why} says what does not hold.  SQ_EUSAGE: the
 * roots are no certificates.
 */
enum sq_err tsp_check(const struct tsp_in *in, struct tsp_token *ret,
    struct why *why);

#endif
