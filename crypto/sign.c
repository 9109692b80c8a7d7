#include <string.h>

#include <sodium.h>

#include "crypto/bytes.h"
#include "crypto/digest.h"
#include "crypto/sign.h"

/* Expand the seed into libsodium's 64-byte key, and the public key. */
static enum sq_err
expand(const struct secret *seed, uint8_t pk[SIGN_PK],
    struct secret **ret_sk)
{
	enum sq_err e;

	if (secret_len(seed) != SIGN_SEED)
		return SQ_EINTERNAL;
	if ((e = secret_new(crypto_sign_SECRETKEYBYTES, ret_sk)) != SQ_OK)
		return e;
	(void)crypto_sign_seed_keypair(pk, secret_bytes(*ret_sk),
	    secret_cbytes(seed));
	return SQ_OK;
}

/* see sign.h */
enum sq_err
sign_public(const struct secret *seed, uint8_t pk[SIGN_PK])
{
	struct secret *sk = NULL;
	enum sq_err e = expand(seed, pk, &sk);

	secret_free(sk);
	return e;
}

/* see sign.h */
enum sq_err
sign_make_pk(const struct secret *seed, const void *msg, size_t n,
    uint8_t pk[SIGN_PK], uint8_t sig[SIGN_SIG])
{
	struct secret *sk = NULL;
	enum sq_err e;

	if ((e = expand(seed, pk, &sk)) != SQ_OK)
		return e;
	if (crypto_sign_detached(sig, NULL, msg, n, secret_cbytes(sk)) != 0)
		e = SQ_EINTERNAL;
	secret_free(sk);
	return e;
}

/* see sign.h */
enum sq_err
sign_make(const struct secret *seed, const void *msg, size_t n,
    uint8_t sig[SIGN_SIG])
{
	uint8_t pk[SIGN_PK];

	return sign_make_pk(seed, msg, n, pk, sig);
}

/* see sign.h */
enum sq_err
sign_check(const uint8_t pk[SIGN_PK], const void *msg, size_t n,
    const uint8_t sig[SIGN_SIG])
{
	return crypto_sign_verify_detached(sig, msg, n, pk) == 0 ? SQ_OK :
	    SQ_EAUTH;
}

/* see sign.h */
enum sq_err
sign_seed(const struct secret *identity, const char *use, uint32_t epoch,
    struct secret **ret_seed)
{
	static const char *const uses[] = { "note", "minisign", "ssh", "age" };
	static const char label[] = "sandyq/identity/1/";
	uint8_t le[4];
	struct digest_part parts[] = { { label, sizeof(label) - 1 },
	    { use, strlen(use) }, { le, sizeof(le) } };

	if (secret_len(identity) != SIGN_SEED)
		return SQ_EINTERNAL;
	bytes_le32(le, epoch);
	for (size_t i = 0; i < sizeof(uses) / sizeof(uses[0]); i++)
		if (strcmp(use, uses[i]) == 0)
			return digest_blake2b_key(identity, parts, 3,
			    ret_seed);
	return SQ_EINTERNAL;
}
