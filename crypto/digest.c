#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <sodium.h>

#include "crypto/digest.h"

/*
 * A running digest: libcrypto's context for the SHA-2 family, libsodium's
 * state for BLAKE2b (ctx is then NULL).  The state wants 64-byte alignment.
 */
struct digest {
	crypto_generichash_state blake;
	EVP_MD_CTX *ctx;
};

/*
 * libcrypto looks an algorithm up by name each time unless it was fetched,
 * which costs more than hashing a field does.  Fetched once, never freed.
 */
static EVP_MD *md256;
static EVP_MD *md512;
static pthread_once_t fetched = PTHREAD_ONCE_INIT;

/*
 * One idle context for the one-shot functions: taken and put back by exchange,
 * so that any thread may, and who finds none makes another.
 */
static _Atomic(EVP_MD_CTX *) spare;

static void
fetch(void)
{
	md256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	md512 = EVP_MD_fetch(NULL, "SHA512", NULL);
}

static EVP_MD *
md_of(enum digest_alg alg)
{
	(void)pthread_once(&fetched, fetch);
	return alg == DIGEST_SHA256 ? md256 : md512;
}

/* Make d ready for a new message. */
static enum sq_err
start(struct digest *d, EVP_MD *md)
{
	if (d->ctx != NULL)
		return EVP_DigestInit_ex2(d->ctx, md, NULL) == 1 ? SQ_OK :
		    SQ_EINTERNAL;
	return crypto_generichash_init(&d->blake, NULL, 0,
	    crypto_generichash_BYTES_MAX) == 0 ? SQ_OK : SQ_EINTERNAL;
}

/* see digest.h */
enum sq_err
digest_new(enum digest_alg alg, struct digest **ret_d)
{
	struct digest *d;
	EVP_MD *md = NULL;
	enum sq_err e = SQ_ENOMEM;

	if ((d = aligned_alloc(_Alignof(struct digest), sizeof(*d))) == NULL)
		return SQ_ENOMEM;
	memset(d, 0, sizeof(*d));
	if (alg != DIGEST_BLAKE2B_512) {
		if ((md = md_of(alg)) == NULL)
			goto out;
		if ((d->ctx = EVP_MD_CTX_new()) == NULL)
			goto out;
	}
	if ((e = start(d, md)) != SQ_OK)
		goto out;
	*ret_d = d;
	d = NULL;		/* transferred */
out:
	digest_free(d);
	return e;
}

/* see digest.h */
enum sq_err
digest_add(struct digest *d, const void *p, size_t n)
{
	int ok;

	if (n == 0)
		return SQ_OK;
	ok = d->ctx != NULL ? EVP_DigestUpdate(d->ctx, p, n) == 1 :
	    crypto_generichash_update(&d->blake, p, n) == 0;
	return ok ? SQ_OK : SQ_EINTERNAL;
}

/* see digest.h */
enum sq_err
digest_end(struct digest *d, uint8_t *out)
{
	int ok;

	ok = d->ctx != NULL ? EVP_DigestFinal_ex(d->ctx, out, NULL) == 1 :
	    crypto_generichash_final(&d->blake, out,
	    crypto_generichash_BYTES_MAX) == 0;
	return ok ? start(d, NULL) : SQ_EINTERNAL;
}

/* see digest.h */
void
digest_free(struct digest *d)
{
	if (d == NULL)
		return;
	EVP_MD_CTX_free(d->ctx);
	sodium_memzero(d, sizeof(*d));
	free(d);
}

/* SHA-256 of the parts through libcrypto; false if it would not. */
static bool
evp_sha256(EVP_MD_CTX *ctx, uint8_t out[DIGEST_LEN],
    const struct digest_part *parts, size_t n)
{
	EVP_MD *md = md_of(DIGEST_SHA256);

	if (ctx == NULL || md == NULL ||
	    EVP_DigestInit_ex2(ctx, md, NULL) != 1)
		return false;
	for (size_t i = 0; i < n; i++)
		if (parts[i].n > 0 &&
		    EVP_DigestUpdate(ctx, parts[i].p, parts[i].n) != 1)
			return false;
	return EVP_DigestFinal_ex(ctx, out, NULL) == 1;
}

/* The same through libsodium: slower, but needs no memory and cannot fail. */
static void
sodium_sha256(uint8_t out[DIGEST_LEN], const struct digest_part *parts,
    size_t n)
{
	crypto_hash_sha256_state st;

	(void)crypto_hash_sha256_init(&st);
	for (size_t i = 0; i < n; i++)
		if (parts[i].n > 0)
			(void)crypto_hash_sha256_update(&st, parts[i].p,
			    parts[i].n);
	(void)crypto_hash_sha256_final(&st, out);
	sodium_memzero(&st, sizeof(st));
}

/* see digest.h */
void
digest_sha256v(uint8_t out[DIGEST_LEN], const struct digest_part *parts,
    size_t n)
{
	EVP_MD_CTX *ctx = atomic_exchange(&spare, NULL);

	if (ctx == NULL)
		ctx = EVP_MD_CTX_new();
	if (!evp_sha256(ctx, out, parts, n))
		sodium_sha256(out, parts, n);
	EVP_MD_CTX_free(atomic_exchange(&spare, ctx));
}

/* see digest.h */
void
digest_sha256(uint8_t out[DIGEST_LEN], const void *p, size_t n)
{
	struct digest_part part = { p, n };

	digest_sha256v(out, &part, 1);
}

/* see digest.h */
void
digest_blake2b(uint8_t *out, size_t outlen, const struct secret *key,
    const struct digest_part *parts, size_t n)
{
	crypto_generichash_state st;

	/* Lengths out of range are a bug of ours; no digest is made up. */
	if (crypto_generichash_init(&st,
	    key == NULL ? NULL : secret_cbytes(key),
	    key == NULL ? 0 : secret_len(key), outlen) != 0)
		abort();
	for (size_t i = 0; i < n; i++)
		if (parts[i].n > 0)
			(void)crypto_generichash_update(&st, parts[i].p,
			    parts[i].n);
	(void)crypto_generichash_final(&st, out, outlen);
	sodium_memzero(&st, sizeof(st));
}

/* see digest.h */
enum sq_err
digest_blake2b_key(const struct secret *key, const struct digest_part *parts,
    size_t n, struct secret **ret_s)
{
	enum sq_err e;

	if ((e = secret_new(DIGEST_LEN, ret_s)) == SQ_OK)
		digest_blake2b(secret_bytes(*ret_s), DIGEST_LEN, key, parts, n);
	return e;
}

/* see digest.h */
void
digest_hmac256(uint8_t out[DIGEST_LEN], const struct secret *key,
    const void *p, size_t n)
{
	crypto_auth_hmacsha256_state st;

	(void)crypto_auth_hmacsha256_init(&st, secret_cbytes(key),
	    secret_len(key));
	if (n > 0)
		(void)crypto_auth_hmacsha256_update(&st, p, n);
	(void)crypto_auth_hmacsha256_final(&st, out);
	sodium_memzero(&st, sizeof(st));
}

/* RFC 5869 section 2.2: PRK = HMAC(salt, IKM). */
static enum sq_err
hkdf_extract(const struct secret *ikm, const void *salt, size_t nsalt,
    struct secret **ret_prk)
{
	crypto_auth_hmacsha256_state st;
	enum sq_err e;

	if ((e = secret_new(DIGEST_LEN, ret_prk)) != SQ_OK)
		return e;
	/* No salt is 32 zero bytes: HMAC pads a short key with zeros. */
	(void)crypto_auth_hmacsha256_init(&st, nsalt > 0 ? salt : "", nsalt);
	(void)crypto_auth_hmacsha256_update(&st, secret_cbytes(ikm),
	    secret_len(ikm));
	(void)crypto_auth_hmacsha256_final(&st, secret_bytes(*ret_prk));
	sodium_memzero(&st, sizeof(st));
	return SQ_OK;
}

/* see digest.h */
enum sq_err
digest_hkdf256(const struct secret *ikm, const void *salt, size_t nsalt,
    const void *info, size_t ninfo, size_t outlen, struct secret **ret_s)
{
	crypto_auth_hmacsha256_state st;
	struct secret *prk = NULL, *okm = NULL;
	size_t nblocks = (outlen + DIGEST_LEN - 1) / DIGEST_LEN;
	uint8_t *t, i;
	enum sq_err e;

	if (outlen == 0 || outlen > 255 * DIGEST_LEN)
		return SQ_ELIMIT;
	if ((e = hkdf_extract(ikm, salt, nsalt, &prk)) != SQ_OK)
		goto out;
	if ((e = secret_new(nblocks * DIGEST_LEN, &okm)) != SQ_OK)
		goto out;
	t = secret_bytes(okm);
	for (i = 1; i <= nblocks; i++, t += DIGEST_LEN) {
		(void)crypto_auth_hmacsha256_init(&st, secret_cbytes(prk),
		    DIGEST_LEN);
		if (i > 1)
			(void)crypto_auth_hmacsha256_update(&st,
			    t - DIGEST_LEN, DIGEST_LEN);
		if (ninfo > 0)
			(void)crypto_auth_hmacsha256_update(&st, info, ninfo);
		(void)crypto_auth_hmacsha256_update(&st, &i, 1);
		(void)crypto_auth_hmacsha256_final(&st, t);
		if (i == 255)
			break;	/* a u8 cannot go beyond */
	}
	sodium_memzero(&st, sizeof(st));
	secret_shorten(okm, outlen);
	*ret_s = okm;
	okm = NULL;		/* transferred */
out:
	secret_free(prk);
	secret_free(okm);
	return e;
}
