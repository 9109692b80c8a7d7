#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/bn.h>
#include <sodium.h>

#include "crypto/aead.h"
#include "crypto/digest.h"
#include "crypto/keyslot.h"
#include "tests/unit/vec.h"

/*
 * One slot for two passphrases.  XChaCha20-Poly1305 is not key-committing:
 * whoever knows two keys can make a ciphertext that opens under both, here by
 * solving for two blocks modulo 2^130 - 5.  The slot's commitment must stop it.
 */

#define BIND (8 + 2 + 16 + KDF_SET_LEN + 1)

static struct keyslot_ctx
some_ctx(void)
{
	struct keyslot_ctx ctx = { .major = 1, .index = 3 };

	memcpy(ctx.magic, "\x89SDYQ\r\n\x1a", 8);
	memset(ctx.vault_id, 0x11, sizeof(ctx.vault_id));
	memset(ctx.set, 0x22, sizeof(ctx.set));
	return ctx;
}

static struct keyslot
some_slot(struct secret *master)
{
	struct keyslot slot = { .master = master,
	    .kind = KEYSLOT_RECOVERY, .flags = 0x5A,
	    .generation = 0x0102030405060708 };

	strcpy(slot.label, "sheet in the safe");
	return slot;
}

/* Opening must fail as stated and leave the result alone. */
static void
refused(const struct keyslot_ctx *ctx, const struct secret *ikm,
    const uint8_t in[KEYSLOT_LEN], enum sq_err want)
{
	struct keyslot got = { 0 };
	enum sq_err e = keyslot_open(ctx, ikm, in, &got);

	assert_null(got.master);
	assert_int_equal(e, want);
}

/* The key and the bound bytes of a slot, as an attacker with ikm has them. */
static struct secret *
kek_of(const struct keyslot_ctx *ctx, const struct secret *ikm,
    uint8_t b[BIND])
{
	struct digest_part parts[] = { { "sandyq/slot/1", 13 }, { b, BIND } };
	struct secret *kek = NULL;

	memcpy(b, ctx->magic, 8);
	bytes_le16(b + 8, ctx->major);
	memcpy(b + 10, ctx->vault_id, 16);
	memcpy(b + 26, ctx->set, KDF_SET_LEN);
	b[74] = ctx->index;
	assert_int_equal(digest_blake2b_key(ikm, parts, 2, &kek), SQ_OK);
	return kek;
}

/* Poly1305 of one key over the slot: tag = (sum of c_i r^i mod p) + s. */
struct poly {
	BIGNUM *r, *s;
	BIGNUM *a, *b;		/* coefficients of the two free blocks */
	BIGNUM *rest;		/* the sum of all other blocks */
};

/* All of what Poly1305 sees: B padded, 160 bytes of ciphertext, lengths. */
#define MAC_LEN (80 + 160 + 16)

static BIGNUM *
little(const uint8_t *p, int n)
{
	BIGNUM *v = BN_lebin2bn(p, n, NULL);

	assert_non_null(v);
	return v;
}

/* A block as a number, with the bit that Poly1305 sets above it. */
static BIGNUM *
block(const uint8_t *p)
{
	BIGNUM *v = little(p, 16);

	assert_int_equal(BN_set_bit(v, 128), 1);
	return v;
}

static void
poly_init(struct poly *y, const struct secret *kek, const uint8_t *nonce,
    const uint8_t mac[MAC_LEN], const BIGNUM *p, BN_CTX *bn)
{
	uint8_t sub[32], n12[12] = { 0 }, rs[32];
	BIGNUM *c, *k = BN_new(), *t = BN_new();

	assert_int_equal(crypto_core_hchacha20(sub, nonce,
	    secret_cbytes(kek), NULL), 0);
	memcpy(n12 + 4, nonce + 16, 8);
	assert_int_equal(crypto_stream_chacha20_ietf(rs, 32, n12, sub), 0);
	for (int i = 3; i < 16; i += 4)
		rs[i] &= 15;
	for (int i = 4; i < 16; i += 4)
		rs[i] &= 252;
	y->r = little(rs, 16);
	y->s = little(rs + 16, 16);
	y->rest = BN_new();
	y->a = y->b = NULL;
	BN_zero(y->rest);
	for (int i = 0; i < MAC_LEN / 16; i++) {
		assert_int_equal(BN_set_word(k, (BN_ULONG)(16 - i)), 1);
		assert_int_equal(BN_mod_exp(t, y->r, k, p, bn), 1);
		if (i == 5)
			y->a = BN_dup(t);	/* ct block 0 */
		else if (i == 6)
			y->b = BN_dup(t);	/* ct block 1 */
		else {
			c = block(mac + 16 * i);
			BN_mod_mul(t, t, c, p, bn);
			BN_mod_add(y->rest, y->rest, t, p, bn);
			BN_free(c);
		}
	}
	BN_free(k);
	BN_free(t);
}

static void
poly_free(struct poly *y)
{
	BN_free(y->r);
	BN_free(y->s);
	BN_free(y->a);
	BN_free(y->b);
	BN_free(y->rest);
}

/* What the free blocks must add up to for this tag. */
static BIGNUM *
target(const struct poly *y, const BIGNUM *tag, const BIGNUM *p, BN_CTX *bn)
{
	BIGNUM *v = BN_new();

	BN_mod_sub(v, tag, y->s, p, bn);
	BN_mod_sub(v, v, y->rest, p, bn);
	return v;
}

/* x = (u * d - v * b) / det mod p, the rule of Cramer. */
static BIGNUM *
cramer(const BIGNUM *u, const BIGNUM *d, const BIGNUM *v, const BIGNUM *b,
    const BIGNUM *inv, const BIGNUM *p, BN_CTX *bn)
{
	BIGNUM *x = BN_new(), *t = BN_new();

	BN_mod_mul(x, u, d, p, bn);
	BN_mod_mul(t, v, b, p, bn);
	BN_mod_sub(x, x, t, p, bn);
	BN_mod_mul(x, x, inv, p, bn);
	BN_free(t);
	return x;
}

/* Store a block if the number is one: its bit 128 set, none above. */
static bool
store(BIGNUM *x, uint8_t out[16])
{
	if (BN_num_bits(x) != 129)
		return false;
	BN_clear_bit(x, 128);
	return BN_bn2lebinpad(x, out, 16) == 16;
}

/*
 * Choose the first two ciphertext blocks (they hide the master key, where any
 * bytes will do) and the tag so that the tag holds under both keys.  The true
 * carry of adding s is guessed to be none; tags are tried until it fits.
 */
static bool
collide(const struct poly *y, uint8_t ct[160], uint8_t tag[16],
    const BIGNUM *p, BN_CTX *bn)
{
	BIGNUM *t, *u, *v, *x1, *x2, *inv;
	bool ok;

	bytes_random(tag, 16);
	t = little(tag, 16);
	u = target(&y[0], t, p, bn);
	v = target(&y[1], t, p, bn);
	x1 = BN_new();
	BN_one(x1);
	inv = cramer(y[0].a, y[1].b, y[0].b, y[1].a, x1, p, bn);
	assert_non_null(BN_mod_inverse(inv, inv, p, bn));
	BN_free(x1);
	x1 = cramer(u, y[1].b, v, y[0].b, inv, p, bn);
	x2 = cramer(v, y[0].a, u, y[1].a, inv, p, bn);
	ok = store(x1, ct) && store(x2, ct + 16);
	BN_free(t);
	BN_free(u);
	BN_free(v);
	BN_free(x1);
	BN_free(x2);
	BN_free(inv);
	return ok;
}

/* Turn the slot s of kek[0] into one whose tag holds under kek[1] as well. */
static void
forge(struct secret *kek[2], uint8_t b[2][BIND], uint8_t s[KEYSLOT_LEN])
{
	uint8_t mac[MAC_LEN] = { 0 }, pt[160];
	struct poly y[2];
	BN_CTX *bn = BN_CTX_new();
	BIGNUM *p = BN_new();
	bool found = false;

	BN_one(p);
	BN_lshift(p, p, 130);
	BN_sub_word(p, 5);
	memcpy(mac, b[0], BIND);
	memcpy(mac + 80, s + 56, 160);
	bytes_le64(mac + 240, BIND);
	bytes_le64(mac + 248, 160);
	for (int i = 0; i < 2; i++)
		poly_init(&y[i], kek[i], s, mac, p, bn);
	for (int i = 0; i < 10000 && !found; i++)
		found = collide(y, s + 56, s + 216, p, bn) &&
		    aead_xopen(kek[0], s, b[0], BIND, s + 56, 160, s + 216,
		    pt) == SQ_OK &&
		    aead_xopen(kek[1], s, b[1], BIND, s + 56, 160, s + 216,
		    pt) == SQ_OK;
	assert_true(found);
	for (int i = 0; i < 2; i++)
		poly_free(&y[i]);
	BN_free(p);
	BN_CTX_free(bn);
}

/*
 * TM10 of the hazards: a slot whose tag holds under two passphrases exists and
 * is made here; the commitment stops it at the second.
 */
static void
two_passphrases_one_slot(void **state)
{
	struct keyslot_ctx ctx = some_ctx();
	struct secret *ikm[2] = { vec_fill(7, 32), vec_fill(9, 32) };
	struct secret *master = vec_fill(8, 32), *kek[2];
	struct keyslot slot = some_slot(master), got;
	uint8_t s[KEYSLOT_LEN], b[2][BIND], commit[32];
	struct digest_part com[] = { { "sandyq/commit/1", 15 },
	    { b[0], BIND }, { s, 24 } };

	(void)state;
	assert_int_equal(keyslot_make(&ctx, ikm[0], &slot, s), SQ_OK);
	for (int i = 0; i < 2; i++)
		kek[i] = kek_of(&ctx, ikm[i], b[i]);
	forge(kek, b, s);
	/* the forged slot is a good one for the first key ... */
	assert_int_equal(keyslot_open(&ctx, ikm[0], s, &got), SQ_OK);
	assert_string_equal(got.label, slot.label);
	assert_false(secret_eq(got.master, master));
	secret_free(got.master);
	/* ... and none for the second, though the AEAD alone would open it */
	refused(&ctx, ikm[1], s, SQ_EPASS);
	/* committed to the second key instead, the first is shut out */
	digest_blake2b(commit, 32, kek[1], com, 3);
	memcpy(s + 24, commit, 32);
	refused(&ctx, ikm[0], s, SQ_EPASS);
	for (int i = 0; i < 2; i++) {
		secret_free(ikm[i]);
		secret_free(kek[i]);
	}
	secret_free(master);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_passphrases_one_slot),
	};

	return cmocka_run_group_tests_name("keyslot_collision", tests,
	    vec_setup, NULL);
}
