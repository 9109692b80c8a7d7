#include <stddef.h>
#include <string.h>

#include "crypto/aead.h"
#include "crypto/bytes.h"
#include "crypto/digest.h"
#include "crypto/keyslot.h"

#define MASTER 32
#define BIND (8 + 2 + 16 + KDF_SET_LEN + 1)	/* B of FORMAT.md */

/* A slot on disk.  FORMAT.md section 3. */
struct slot_disk {
	uint8_t nonce[AEAD_XNONCE];
	uint8_t commit[32];
	uint8_t ct[160];
	uint8_t tag[AEAD_TAG];
	uint8_t fill[24];
};
_Static_assert(sizeof(struct slot_disk) == KEYSLOT_LEN,
    "docs/FORMAT.md section 3");

/* What the ciphertext holds; it is only ever laid over a struct secret. */
struct payload {
	uint8_t master[MASTER];
	uint8_t kind;
	uint8_t flags;
	uint8_t index;
	uint8_t zero;
	uint8_t generation[8];
	uint8_t second[32];
	uint8_t label[KEYSLOT_LABEL];
	uint8_t zeros[20];
};
_Static_assert(sizeof(struct payload) == 160, "docs/FORMAT.md section 3");
_Static_assert(offsetof(struct payload, label) == 76, "no padding");

static const char label_slot[] = "sandyq/slot/1";
static const char label_commit[] = "sandyq/commit/1";

/* Write B, to which key, commitment and ciphertext are all bound. */
static void
bind_ctx(const struct keyslot_ctx *ctx, uint8_t b[BIND])
{
	memcpy(b, ctx->magic, 8);
	bytes_le16(b + 8, ctx->major);
	memcpy(b + 10, ctx->vault_id, 16);
	memcpy(b + 26, ctx->set, KDF_SET_LEN);
	b[26 + KDF_SET_LEN] = ctx->index;
}

/* KEK_i, from the passphrase's key. */
static enum sq_err
kek_of(const struct secret *ikm, const uint8_t b[BIND],
    struct secret **ret_kek)
{
	const struct digest_part parts[] = {
		{ label_slot, sizeof(label_slot) - 1 }, { b, BIND }
	};

	return digest_blake2b_key(ikm, parts, 2, ret_kek);
}

/* The commitment of a slot with this nonce to kek. */
static void
commit_of(const struct secret *kek, const uint8_t b[BIND],
    const uint8_t nonce[AEAD_XNONCE], uint8_t out[32])
{
	const struct digest_part parts[] = {
		{ label_commit, sizeof(label_commit) - 1 }, { b, BIND },
		{ nonce, AEAD_XNONCE }
	};

	digest_blake2b(out, 32, kek, parts, 3);
}

static bool
kind_ok(unsigned kind)
{
	return kind >= KEYSLOT_PASSPHRASE && kind <= KEYSLOT_TOKEN;
}

/* see keyslot.h */
enum sq_err
keyslot_make(const struct keyslot_ctx *ctx, const struct secret *ikm,
    const struct keyslot *slot, uint8_t out[KEYSLOT_LEN])
{
	struct slot_disk d;
	struct secret *kek = NULL, *plain = NULL;
	struct payload *p;
	uint8_t b[BIND];
	size_t n = strnlen(slot->label, sizeof(slot->label));
	enum sq_err e;

	if (slot->master == NULL || secret_len(slot->master) != MASTER ||
	    secret_len(ikm) != 32 || !kind_ok(slot->kind) ||
	    ctx->index >= KEYSLOT_COUNT)
		return SQ_EINTERNAL;
	if (n > KEYSLOT_LABEL || !bytes_utf8(slot->label, n))
		return SQ_ELIMIT;
	bind_ctx(ctx, b);
	if ((e = kek_of(ikm, b, &kek)) != SQ_OK)
		goto out;
	if ((e = secret_new(sizeof(*p), &plain)) != SQ_OK)
		goto out;
	p = (struct payload *)secret_bytes(plain);
	memcpy(p->master, secret_cbytes(slot->master), MASTER);
	p->kind = (uint8_t)slot->kind;
	p->flags = slot->flags;
	p->index = ctx->index;
	bytes_le64(p->generation, slot->generation);
	memcpy(p->label, slot->label, n);
	bytes_random(&d, sizeof(d));
	commit_of(kek, b, d.nonce, d.commit);
	if ((e = aead_xseal(kek, d.nonce, b, sizeof(b), p, sizeof(*p), d.ct,
	    d.tag)) != SQ_OK)
		goto out;
	memcpy(out, &d, sizeof(d));
out:
	secret_free(plain);
	secret_free(kek);
	return e;
}

/* Read the authenticated payload; ret_slot is written on success only. */
static enum sq_err
unpack(const struct payload *p, uint8_t index, struct keyslot *ret_slot)
{
	struct keyslot slot = { 0 };
	struct bytes_rd r;
	size_t n = strnlen((const char *)p->label, KEYSLOT_LABEL);
	enum sq_err e;

	if (p->index != index || !bytes_utf8(p->label, n) ||
	    !bytes_zero(p->label + n, KEYSLOT_LABEL - n))
		return SQ_EFORMAT;
	/* Well sealed, but by a later program: not to be misread. */
	if (!kind_ok(p->kind) || p->zero != 0 ||
	    !bytes_zero(p->second, sizeof(p->second)) ||
	    !bytes_zero(p->zeros, sizeof(p->zeros)))
		return SQ_EUNSUPPORTED;
	bytes_rd_init(&r, p->generation, sizeof(p->generation));
	slot.kind = (enum keyslot_kind)p->kind;
	slot.flags = p->flags;
	slot.index = p->index;
	slot.generation = bytes_rd_u64(&r);
	memcpy(slot.label, p->label, n);
	if ((e = secret_copy(p->master, MASTER, &slot.master)) != SQ_OK)
		return e;
	*ret_slot = slot;	/* master is transferred */
	return SQ_OK;
}

/* see keyslot.h */
enum sq_err
keyslot_open(const struct keyslot_ctx *ctx, const struct secret *ikm,
    const uint8_t in[KEYSLOT_LEN], struct keyslot *ret_slot)
{
	struct slot_disk d;
	struct secret *kek = NULL, *plain = NULL;
	uint8_t b[BIND], commit[32];
	enum sq_err e;

	if (secret_len(ikm) != 32 || ctx->index >= KEYSLOT_COUNT)
		return SQ_EINTERNAL;
	memcpy(&d, in, sizeof(d));
	bind_ctx(ctx, b);
	if ((e = kek_of(ikm, b, &kek)) != SQ_OK)
		goto out;
	if ((e = secret_new(sizeof(struct payload), &plain)) != SQ_OK)
		goto out;
	commit_of(kek, b, d.nonce, commit);
	if (!bytes_eq(commit, d.commit, sizeof(commit))) {
		e = SQ_EPASS;
		goto out;
	}
	if ((e = aead_xopen(kek, d.nonce, b, sizeof(b), d.ct, sizeof(d.ct),
	    d.tag, secret_bytes(plain))) != SQ_OK)
		goto out;
	e = unpack((const struct payload *)secret_cbytes(plain), ctx->index,
	    ret_slot);
out:
	secret_free(plain);
	secret_free(kek);
	return e;
}

/* see keyslot.h */
void
keyslot_blank(uint8_t out[KEYSLOT_LEN])
{
	bytes_random(out, KEYSLOT_LEN);
}
