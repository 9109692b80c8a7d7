#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#include <openssl/evp.h>
#include <sodium.h>

#include "crypto/aead.h"
#include "crypto/bytes.h"

/* The 32-bit block counter of RFC 8439, less the block for the Poly1305 key. */
#define MESSAGE_MAX (64ull * 0xFFFFFFFFull)

/* libcrypto counts in int: long messages go through in pieces. */
#define PIECE_MAX ((size_t)1 << 30)

/* Fetched once, as in digest.c: a lookup per 64 KiB chunk would be felt. */
static EVP_CIPHER *chacha;
static EVP_MAC *poly;
static pthread_once_t fetched = PTHREAD_ONCE_INIT;

static void
fetch(void)
{
	chacha = EVP_CIPHER_fetch(NULL, "ChaCha20-Poly1305", NULL);
	poly = EVP_MAC_fetch(NULL, "POLY1305", NULL);
}

/* see aead.h */
enum sq_err
aead_xseal(const struct secret *key, const uint8_t nonce[AEAD_XNONCE],
    const void *ad, size_t nad, const void *pt, size_t n, uint8_t *ct,
    uint8_t tag[AEAD_TAG])
{
	if (secret_len(key) != AEAD_KEY)
		return SQ_EINTERNAL;
	if (n > MESSAGE_MAX)
		return SQ_ELIMIT;
	if (crypto_aead_xchacha20poly1305_ietf_encrypt_detached(ct, tag, NULL,
	    pt, n, ad, nad, NULL, nonce, secret_cbytes(key)) != 0)
		return SQ_EINTERNAL;
	return SQ_OK;
}

/* see aead.h */
enum sq_err
aead_xopen(const struct secret *key, const uint8_t nonce[AEAD_XNONCE],
    const void *ad, size_t nad, const void *ct, size_t n,
    const uint8_t tag[AEAD_TAG], uint8_t *pt)
{
	if (secret_len(key) != AEAD_KEY)
		return SQ_EINTERNAL;
	if (n <= MESSAGE_MAX &&
	    crypto_aead_xchacha20poly1305_ietf_decrypt_detached(pt, NULL, ct,
	    n, tag, ad, nad, nonce, secret_cbytes(key)) == 0)
		return SQ_OK;
	if (n > 0)
		sodium_memzero(pt, n);
	return SQ_EAUTH;
}

/* Feed n bytes; out is NULL for associated data. */
static bool
feed(EVP_CIPHER_CTX *ctx, uint8_t *out, const uint8_t *in, size_t n)
{
	size_t piece;
	int got;

	for (; n > 0; n -= piece, in += piece) {
		piece = n < PIECE_MAX ? n : PIECE_MAX;
		if (EVP_CipherUpdate(ctx, out, &got, in, (int)piece) != 1)
			return false;
		if (out != NULL)
			out += piece;
	}
	return true;
}

/* A context ready for one message, or NULL. */
static EVP_CIPHER_CTX *
begin(const struct secret *key, const uint8_t nonce[AEAD_NONCE], int seal)
{
	EVP_CIPHER_CTX *ctx;

	(void)pthread_once(&fetched, fetch);
	if (chacha == NULL || (ctx = EVP_CIPHER_CTX_new()) == NULL)
		return NULL;
	if (EVP_CipherInit_ex2(ctx, chacha, secret_cbytes(key), nonce, seal,
	    NULL) == 1)
		return ctx;
	EVP_CIPHER_CTX_free(ctx);
	return NULL;
}

/* see aead.h */
enum sq_err
aead_seal(const struct secret *key, const uint8_t nonce[AEAD_NONCE],
    const void *ad, size_t nad, const void *pt, size_t n, uint8_t *out)
{
	EVP_CIPHER_CTX *ctx;
	uint8_t none[AEAD_TAG];
	enum sq_err e = SQ_EINTERNAL;
	int got;

	if (secret_len(key) != AEAD_KEY)
		return SQ_EINTERNAL;
	if (n > MESSAGE_MAX)
		return SQ_ELIMIT;
	if ((ctx = begin(key, nonce, 1)) == NULL)
		return SQ_ENOMEM;
	if (feed(ctx, NULL, ad, nad) && feed(ctx, out, pt, n) &&
	    EVP_CipherFinal_ex(ctx, none, &got) == 1 &&
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, AEAD_TAG,
	    out + n) == 1)
		e = SQ_OK;
	EVP_CIPHER_CTX_free(ctx);
	return e;
}

/* see aead.h */
enum sq_err
aead_open(const struct secret *key, const uint8_t nonce[AEAD_NONCE],
    const void *ad, size_t nad, const void *ct, size_t n, uint8_t *pt)
{
	EVP_CIPHER_CTX *ctx;
	uint8_t tag[AEAD_TAG], none[AEAD_TAG];
	enum sq_err e = SQ_EINTERNAL;
	int got;

	if (secret_len(key) != AEAD_KEY)
		return SQ_EINTERNAL;
	if (n < AEAD_TAG || n - AEAD_TAG > MESSAGE_MAX)
		return SQ_EAUTH;
	n -= AEAD_TAG;
	memcpy(tag, (const uint8_t *)ct + n, AEAD_TAG);
	if ((ctx = begin(key, nonce, 0)) == NULL)
		e = SQ_ENOMEM;
	else if (EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, AEAD_TAG,
	    tag) == 1 &&
	    feed(ctx, NULL, ad, nad) && feed(ctx, pt, ct, n))
		e = EVP_CipherFinal_ex(ctx, none, &got) == 1 ? SQ_OK :
		    SQ_EAUTH;
	/* libcrypto has decrypted before it knows: take it back. */
	if (e != SQ_OK && n > 0)
		sodium_memzero(pt, n);
	EVP_CIPHER_CTX_free(ctx);
	return e;
}

/* Feed n bytes and the zeros up to a multiple of 16. */
static bool
feed_mac(EVP_MAC_CTX *ctx, const uint8_t *p, size_t n)
{
	static const uint8_t zeros[16];

	return (n == 0 || EVP_MAC_update(ctx, p, n) == 1) && (n % 16 == 0 ||
	    EVP_MAC_update(ctx, zeros, 16 - n % 16) == 1);
}

/* see aead.h */
enum sq_err
aead_check(const struct secret *key, const uint8_t nonce[AEAD_NONCE],
    const void *ad, size_t nad, const void *ct, size_t n)
{
	uint8_t once[32], tag[AEAD_TAG], lens[16];
	EVP_MAC_CTX *ctx = NULL;
	size_t got;
	enum sq_err e = SQ_EINTERNAL;

	if (secret_len(key) != AEAD_KEY)
		return SQ_EINTERNAL;
	if (n < AEAD_TAG || n - AEAD_TAG > MESSAGE_MAX)
		return SQ_EAUTH;
	n -= AEAD_TAG;
	(void)pthread_once(&fetched, fetch);
	if (poly == NULL || (ctx = EVP_MAC_CTX_new(poly)) == NULL)
		return SQ_ENOMEM;
	bytes_le64(lens, nad);
	bytes_le64(lens + 8, n);
	/* RFC 8439 section 2.6: the first block of the stream */
	(void)crypto_stream_chacha20_ietf(once, sizeof(once), nonce,
	    secret_cbytes(key));
	if (EVP_MAC_init(ctx, once, sizeof(once), NULL) == 1 &&
	    feed_mac(ctx, ad, nad) && feed_mac(ctx, ct, n) &&
	    feed_mac(ctx, lens, sizeof(lens)) &&
	    EVP_MAC_final(ctx, tag, &got, sizeof(tag)) == 1)
		e = bytes_eq(tag, (const uint8_t *)ct + n, AEAD_TAG) ? SQ_OK :
		    SQ_EAUTH;
	sodium_memzero(once, sizeof(once));
	sodium_memzero(tag, sizeof(tag));
	EVP_MAC_CTX_free(ctx);
	return e;
}
