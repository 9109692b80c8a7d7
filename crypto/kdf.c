#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <argon2.h>
#include <sodium.h>

#include "crypto/bytes.h"
#include "crypto/kdf.h"

_Static_assert(KDF_SET_LEN == 32 + 4 * 4, "docs/FORMAT.md section 3");

#define IKM_LEN 32
#define MASTER_LEN crypto_kdf_KEYBYTES
#define GIB (1024u * 1024)	/* KiB */

/* see kdf.h */
enum sq_err
kdf_check(const struct kdf_set *set)
{
	if (set->id != KDF_ARGON2ID)
		return SQ_EUNSUPPORTED;
	if (set->kib < KDF_MIN_KIB || set->kib > KDF_MAX_KIB ||
	    set->passes < KDF_MIN_PASSES || set->passes > KDF_MAX_PASSES ||
	    set->lanes < 1 || set->lanes > KDF_MAX_LANES)
		return SQ_ELIMIT;
	return SQ_OK;
}

/* see kdf.h */
void
kdf_emit(const struct kdf_set *set, uint8_t out[KDF_SET_LEN])
{
	memcpy(out, set->salt, 32);
	bytes_le32(out + 32, set->id);
	bytes_le32(out + 36, set->kib);
	bytes_le32(out + 40, set->passes);
	bytes_le32(out + 44, set->lanes);
}

/* see kdf.h */
enum sq_err
kdf_parse(const uint8_t in[KDF_SET_LEN], struct kdf_set *ret_set)
{
	struct kdf_set set;
	struct bytes_rd r;
	enum sq_err e;

	bytes_rd_init(&r, in, KDF_SET_LEN);
	bytes_rd_copy(&r, set.salt, sizeof(set.salt));
	set.id = bytes_rd_u32(&r);
	set.kib = bytes_rd_u32(&r);
	set.passes = bytes_rd_u32(&r);
	set.lanes = bytes_rd_u32(&r);
	if ((e = bytes_rd_done(&r)) != SQ_OK || (e = kdf_check(&set)) != SQ_OK)
		return e;
	*ret_set = set;
	return SQ_OK;
}

/* see kdf.h */
void
kdf_choose(uint64_t available_kib, struct kdf_set *set)
{
	uint64_t half = available_kib / 2;

	bytes_random(set->salt, sizeof(set->salt));
	set->id = KDF_ARGON2ID;
	set->kib = half >= GIB ? GIB : half >= GIB / 2 ? GIB / 2 : GIB / 4;
	set->passes = 3;
	set->lanes = 4;
}

/* How many threads pay off; the result does not depend on it. */
static uint32_t
threads(uint32_t lanes)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	if (cores < 1)
		return 1;
	return cores < (long)lanes ? (uint32_t)cores : lanes;
}

/* see kdf.h */
enum sq_err
kdf_derive(const struct kdf_set *set, const struct secret *pass,
    struct secret **ret_ikm)
{
	struct secret *ikm = NULL, *copy = NULL;
	struct kdf_set own = *set;
	argon2_context ctx = { 0 };
	enum sq_err e;
	int rc;

	if ((e = kdf_check(&own)) != SQ_OK)
		return e;
	if (secret_len(pass) < 1 || secret_len(pass) > KDF_PASS_MAX)
		return SQ_ELIMIT;
	if ((e = secret_new(IKM_LEN, &ikm)) != SQ_OK)
		goto out;
	/* libargon2 takes a writable passphrase: it gets one of its own. */
	if ((e = secret_copy(secret_cbytes(pass), secret_len(pass),
	    &copy)) != SQ_OK)
		goto out;
	ctx.out = secret_bytes(ikm);
	ctx.outlen = IKM_LEN;
	ctx.pwd = secret_bytes(copy);
	ctx.pwdlen = (uint32_t)secret_len(copy);
	ctx.salt = own.salt;
	ctx.saltlen = sizeof(own.salt);
	ctx.t_cost = own.passes;
	ctx.m_cost = own.kib;
	ctx.lanes = own.lanes;
	ctx.threads = threads(own.lanes);
	ctx.version = ARGON2_VERSION_13;
	ctx.flags = ARGON2_DEFAULT_FLAGS;
	rc = argon2_ctx(&ctx, Argon2_id);
	if (rc == ARGON2_THREAD_FAIL) {
		/* No threads to be had (a process limit): alone, slower. */
		ctx.threads = 1;
		rc = argon2_ctx(&ctx, Argon2_id);
	}
	if (rc != ARGON2_OK) {
		e = rc == ARGON2_MEMORY_ALLOCATION_ERROR ? SQ_ENOMEM :
		    SQ_EINTERNAL;
		goto out;
	}
	*ret_ikm = ikm;
	ikm = NULL;		/* transferred */
out:
	secret_free(copy);
	secret_free(ikm);
	return e;
}

/* see kdf.h */
enum sq_err
kdf_subkey(const struct secret *master, enum kdf_use use,
    struct secret **ret_key)
{
	size_t len = use == KDF_USE_DBSALT ? 16 : 32;
	enum sq_err e;

	if (secret_len(master) != MASTER_LEN || use < KDF_USE_DB ||
	    use > KDF_USE_IDENTITY)
		return SQ_EINTERNAL;
	if ((e = secret_new(len, ret_key)) != SQ_OK)
		return e;
	(void)crypto_kdf_derive_from_key(secret_bytes(*ret_key), len,
	    (uint64_t)use, "sandyq01", secret_cbytes(master));
	return SQ_OK;
}

/* see kdf.h */
enum sq_err
kdf_scrypt(const struct secret *pass, const void *salt, size_t nsalt,
    unsigned log_n, struct secret **ret_key)
{
	struct secret *key = NULL;
	enum sq_err e;

	if (log_n < 1 || log_n > 30)
		return SQ_ELIMIT;
	if ((e = secret_new(32, &key)) != SQ_OK)
		return e;
	errno = 0;
	if (crypto_pwhash_scryptsalsa208sha256_ll(secret_cbytes(pass),
	    secret_len(pass), salt, nsalt, (uint64_t)1 << log_n, 8, 1,
	    secret_bytes(key), 32) != 0) {
		e = errno == ENOMEM ? SQ_ENOMEM : SQ_EINTERNAL;
		secret_free(key);
		return e;
	}
	*ret_key = key;		/* transferred */
	return SQ_OK;
}
