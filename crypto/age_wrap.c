/*
 * The file key, wrapped for one X25519 recipient or one passphrase.  A wrap
 * key is used once, so its nonce is all zero.
 */
#include <string.h>

#include <sodium.h>

#include "crypto/age_int.h"
#include "crypto/kdf.h"

#define INFO_X25519 "age-encryption.org/v1/X25519"
#define LABEL_SCRYPT "age-encryption.org/v1/scrypt"

static const uint8_t zero_nonce[AEAD_NONCE];

/* see age_int.h */
enum sq_err
age_wrap_dh(const struct secret *scalar, const uint8_t point[AGE_KEY],
    struct secret **ret_shared)
{
	struct secret *shared = NULL;
	enum sq_err e;

	if (secret_len(scalar) != AGE_KEY)
		return SQ_EINTERNAL;
	if ((e = secret_new(AGE_KEY, &shared)) != SQ_OK)
		return e;
	if (crypto_scalarmult(secret_bytes(shared), secret_cbytes(scalar),
	    point) != 0 || bytes_zero(secret_cbytes(shared), AGE_KEY)) {
		secret_free(shared);
		return SQ_EFORMAT;
	}
	*ret_shared = shared;
	return SQ_OK;
}

/* see age_int.h */
enum sq_err
age_wrap_public(const struct secret *scalar, uint8_t point[AGE_KEY])
{
	if (secret_len(scalar) != AGE_KEY ||
	    crypto_scalarmult_base(point, secret_cbytes(scalar)) != 0)
		return SQ_EINTERNAL;
	return SQ_OK;
}

/* The wrap key: bound to both halves of the exchange. */
static enum sq_err
wrap_key(const struct secret *shared, const uint8_t share[AGE_KEY],
    const uint8_t point[AGE_KEY], struct secret **ret)
{
	uint8_t salt[2 * AGE_KEY];

	memcpy(salt, share, AGE_KEY);
	memcpy(salt + AGE_KEY, point, AGE_KEY);
	return digest_hkdf256(shared, salt, sizeof(salt), INFO_X25519,
	    sizeof(INFO_X25519) - 1, AEAD_KEY, ret);
}

/* see age_int.h */
enum sq_err
age_wrap_to_key(const uint8_t point[AGE_KEY], const struct secret *file_key,
    struct age_x25519 *ret)
{
	struct secret *eph = NULL, *shared = NULL, *key = NULL;
	enum sq_err e;

	if ((e = secret_random(AGE_KEY, &eph)) != SQ_OK)
		goto out;
	if ((e = age_wrap_public(eph, ret->share)) != SQ_OK)
		goto out;
	if ((e = age_wrap_dh(eph, point, &shared)) != SQ_OK)
		goto out;
	if ((e = wrap_key(shared, ret->share, point, &key)) != SQ_OK)
		goto out;
	e = aead_seal(key, zero_nonce, NULL, 0, secret_cbytes(file_key),
	    AGE_FILE_KEY, ret->body);
out:
	secret_free(eph);
	secret_free(shared);
	secret_free(key);
	return e;
}

/* Open a body; a tag that does not hold means that it is not for this key. */
static enum sq_err
open_body(const struct secret *key, const uint8_t body[AGE_BODY],
    struct secret **ret)
{
	struct secret *file_key = NULL;
	enum sq_err e;

	if ((e = secret_new(AGE_FILE_KEY, &file_key)) != SQ_OK)
		return e;
	if ((e = aead_open(key, zero_nonce, NULL, 0, body, AGE_BODY,
	    secret_bytes(file_key))) != SQ_OK) {
		secret_free(file_key);
		return e == SQ_EAUTH ? SQ_EPASS : e;
	}
	*ret = file_key;
	return SQ_OK;
}

/* see age_int.h */
enum sq_err
age_wrap_by_key(const struct secret *identity, const uint8_t point[AGE_KEY],
    const struct age_x25519 *x, struct secret **ret_file_key)
{
	struct secret *shared = NULL, *key = NULL;
	enum sq_err e;

	if ((e = age_wrap_dh(identity, x->share, &shared)) != SQ_OK)
		goto out;
	if ((e = wrap_key(shared, x->share, point, &key)) != SQ_OK)
		goto out;
	e = open_body(key, x->body, ret_file_key);
out:
	secret_free(shared);
	secret_free(key);
	return e;
}

static enum sq_err
scrypt_key(const struct secret *pass, const uint8_t salt[AGE_SALT],
    unsigned log_n, struct secret **ret)
{
	uint8_t s[sizeof(LABEL_SCRYPT) - 1 + AGE_SALT];

	memcpy(s, LABEL_SCRYPT, sizeof(LABEL_SCRYPT) - 1);
	memcpy(s + sizeof(LABEL_SCRYPT) - 1, salt, AGE_SALT);
	return kdf_scrypt(pass, s, sizeof(s), log_n, ret);
}

/* see age_int.h */
enum sq_err
age_wrap_to_pass(const struct secret *pass, const uint8_t salt[AGE_SALT],
    unsigned log_n, const struct secret *file_key, uint8_t body[AGE_BODY])
{
	struct secret *key = NULL;
	enum sq_err e;

	if ((e = scrypt_key(pass, salt, log_n, &key)) == SQ_OK)
		e = aead_seal(key, zero_nonce, NULL, 0,
		    secret_cbytes(file_key), AGE_FILE_KEY, body);
	secret_free(key);
	return e;
}

/* see age_int.h */
enum sq_err
age_wrap_by_pass(const struct secret *pass, const struct age_header *h,
    struct secret **ret_file_key)
{
	struct secret *key = NULL;
	enum sq_err e;

	if ((e = scrypt_key(pass, h->salt, h->log_n, &key)) == SQ_OK)
		e = open_body(key, h->body, ret_file_key);
	secret_free(key);
	return e;
}
