#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "crypto/bytes.h"
#include "crypto/digest.h"
#include "crypto/object.h"

static const char label[] = "sandyq/blob/1";

/*
 * XChaCha20-Poly1305 is ChaCha20-Poly1305 under HChaCha20(key, first 16 bytes
 * of the nonce).  Ours are 15 zeros and the final flag: two keys in all.
 */
struct object {
	struct secret *both;	/* K_obj | commitment, while deriving */
	struct secret *sub[2];	/* by the final flag */
	uint8_t ad[16 + OBJECT_ID];
	uint8_t commit[OBJECT_COMMIT];
};

/*
 * Guarded memory costs a dozen system calls to get and to give back, more than
 * sealing a small file.  A few objects, wiped, are kept for the next: taken and
 * put back by exchange, so that any thread may.
 */
#define SPARES 4
static _Atomic(struct object *) spare[SPARES];

static void
destroy(struct object *o)
{
	if (o == NULL)
		return;
	secret_free(o->both);
	secret_free(o->sub[0]);
	secret_free(o->sub[1]);
	free(o);
}

static enum sq_err
create(struct object **ret_o)
{
	struct object *o = NULL;
	enum sq_err e;

	for (size_t i = 0; i < SPARES && o == NULL; i++)
		o = atomic_exchange(&spare[i], NULL);
	if (o == NULL) {
		if ((o = calloc(1, sizeof(*o))) == NULL)
			return SQ_ENOMEM;
		if ((e = secret_new(AEAD_KEY + OBJECT_COMMIT, &o->both)) !=
		    SQ_OK || (e = secret_new(AEAD_KEY, &o->sub[0])) != SQ_OK ||
		    (e = secret_new(AEAD_KEY, &o->sub[1])) != SQ_OK) {
			destroy(o);
			return e;
		}
	}
	*ret_o = o;
	return SQ_OK;
}

static void
subkey(struct object *o, bool final)
{
	uint8_t in[crypto_core_hchacha20_INPUTBYTES] = { 0 };

	_Static_assert(crypto_core_hchacha20_INPUTBYTES == 16,
	    "docs/FORMAT.md section 14");
	in[15] = final;
	(void)crypto_core_hchacha20(secret_bytes(o->sub[final]), in,
	    secret_cbytes(o->both), NULL);
}

/* see object.h */
enum sq_err
object_new(const struct secret *k_blob, const uint8_t vault_id[16],
    const uint8_t id[OBJECT_ID], const uint8_t salt[OBJECT_SALT],
    struct object **ret_o)
{
	const struct digest_part parts[] = {
		{ label, sizeof(label) - 1 }, { vault_id, 16 },
		{ id, OBJECT_ID }, { salt, OBJECT_SALT }
	};
	struct object *o;
	enum sq_err e;

	if ((e = create(&o)) != SQ_OK)
		return e;
	digest_blake2b(secret_bytes(o->both), secret_len(o->both), k_blob,
	    parts, sizeof(parts) / sizeof(parts[0]));
	memcpy(o->commit, secret_cbytes(o->both) + AEAD_KEY, OBJECT_COMMIT);
	memcpy(o->ad, vault_id, 16);
	memcpy(o->ad + 16, id, OBJECT_ID);
	subkey(o, false);
	subkey(o, true);
	secret_wipe(secret_bytes(o->both), secret_len(o->both));
	*ret_o = o;
	return SQ_OK;
}

/* see object.h */
void
object_free(struct object *o)
{
	if (o == NULL)
		return;
	secret_wipe(secret_bytes(o->sub[0]), AEAD_KEY);
	secret_wipe(secret_bytes(o->sub[1]), AEAD_KEY);
	secret_wipe(o->ad, sizeof(o->ad));
	secret_wipe(o->commit, sizeof(o->commit));
	for (size_t i = 0; i < SPARES && o != NULL; i++)
		o = atomic_exchange(&spare[i], o);
	destroy(o);
}

/* see object.h */
void
object_commit(const struct object *o, uint8_t out[OBJECT_COMMIT])
{
	memcpy(out, o->commit, OBJECT_COMMIT);
}

/* What is left of the 24-byte nonce, behind the four zeros of RFC 8439. */
static void
nonce_of(uint64_t index, uint8_t out[AEAD_NONCE])
{
	memset(out, 0, 4);
	bytes_le64(out + 4, index);
}

/* see object.h */
enum sq_err
object_seal(const struct object *o, uint64_t index, bool final,
    const void *pt, size_t n, uint8_t *out)
{
	uint8_t nonce[AEAD_NONCE];

	if (n == 0 || n > OBJECT_CHUNK || (!final && n != OBJECT_CHUNK))
		return SQ_EINTERNAL;
	nonce_of(index, nonce);
	return aead_seal(o->sub[final], nonce, o->ad, sizeof(o->ad), pt, n,
	    out);
}

/* Can n sealed bytes be a chunk? */
static bool
chunk_len_ok(bool final, size_t n)
{
	return final ? n > AEAD_TAG && n <= OBJECT_SEALED :
	    n == OBJECT_SEALED;
}

/* see object.h */
enum sq_err
object_open(const struct object *o, uint64_t index, bool final,
    const void *ct, size_t n, uint8_t *pt)
{
	uint8_t nonce[AEAD_NONCE];

	if (!chunk_len_ok(final, n))
		return SQ_EAUTH;
	nonce_of(index, nonce);
	return aead_open(o->sub[final], nonce, o->ad, sizeof(o->ad), ct, n,
	    pt);
}

/* see object.h */
enum sq_err
object_check(const struct object *o, uint64_t index, bool final,
    const void *ct, size_t n)
{
	uint8_t nonce[AEAD_NONCE];

	if (!chunk_len_ok(final, n))
		return SQ_EAUTH;
	nonce_of(index, nonce);
	return aead_check(o->sub[final], nonce, o->ad, sizeof(o->ad), ct, n);
}

/* see object.h */
uint64_t
object_plain_len(uint64_t content)
{
	uint64_t n = bytes_padme(content + OBJECT_TRAILER);

	return n < OBJECT_MIN ? OBJECT_MIN : n;
}

/* see object.h */
uint64_t
object_chunks(uint64_t content)
{
	return (object_plain_len(content) + OBJECT_CHUNK - 1) / OBJECT_CHUNK;
}

/* see object.h */
uint64_t
object_file_len(uint64_t content)
{
	return OBJECT_HEAD + object_plain_len(content) +
	    object_chunks(content) * AEAD_TAG;
}

/* see object.h */
void
object_pad(uint64_t content, uint64_t pos, uint8_t *p, size_t n)
{
	uint64_t trailer = object_plain_len(content) - OBJECT_TRAILER;
	uint8_t t[OBJECT_TRAILER];

	bytes_le64(t, content);
	bytes_le64(t + 8, object_chunks(content));
	memset(p, 0, n);
	for (size_t i = 0; i < OBJECT_TRAILER; i++)
		if (trailer + i >= pos && trailer + i - pos < n)
			p[trailer + i - pos] = t[i];
}

/* see object.h */
bool
object_pad_ok(uint64_t content, uint64_t pos, const uint8_t *p, size_t n)
{
	uint8_t want[4096];
	size_t take;

	if (pos < content) {
		if (content - pos >= n)
			return true;
		p += content - pos;
		n -= (size_t)(content - pos);
		pos = content;
	}
	for (; n > 0; n -= take, p += take, pos += take) {
		take = n < sizeof(want) ? n : sizeof(want);
		object_pad(content, pos, want, take);
		if (memcmp(p, want, take) != 0)
			return false;
	}
	return true;
}
