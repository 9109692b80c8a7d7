#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/aead.h"
#include "crypto/digest.h"
#include "crypto/keyslot.h"
#include "tests/unit/vec.h"

#define BIND (8 + 2 + 16 + KDF_SET_LEN + 1)
#define FILL 24			/* random bytes at the end of a slot */

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

/* What was sealed comes back. */
static void
round_trip(void **state)
{
	struct keyslot_ctx ctx = some_ctx();
	struct secret *ikm = vec_fill(7, 32), *master = vec_fill(8, 32);
	struct keyslot slot = some_slot(master), got;
	uint8_t a[KEYSLOT_LEN], b[KEYSLOT_LEN];

	(void)state;
	for (int kind = 1; kind <= 4; kind++)
		for (ctx.index = 0; ctx.index < KEYSLOT_COUNT; ctx.index++) {
			slot.kind = (enum keyslot_kind)kind;
			assert_int_equal(keyslot_make(&ctx, ikm, &slot, a),
			    SQ_OK);
			assert_int_equal(keyslot_open(&ctx, ikm, a, &got),
			    SQ_OK);
			assert_true(secret_eq(got.master, master));
			assert_int_equal(got.kind, kind);
			assert_int_equal(got.flags, 0x5A);
			assert_int_equal(got.index, ctx.index);
			assert_true(got.generation == slot.generation);
			assert_string_equal(got.label, slot.label);
			secret_free(got.master);
		}
	ctx = some_ctx();
	assert_int_equal(keyslot_make(&ctx, ikm, &slot, a), SQ_OK);
	assert_int_equal(keyslot_make(&ctx, ikm, &slot, b), SQ_OK);
	assert_memory_not_equal(a, b, AEAD_XNONCE);
	secret_free(ikm);
	secret_free(master);
}

/* The bytes are those of FORMAT.md, computed here step by step. */
static void
bytes_of_the_format(void **state)
{
	struct keyslot_ctx ctx = some_ctx();
	struct secret *ikm = vec_fill(7, 32), *master = vec_fill(8, 32);
	struct secret *kek = NULL;
	struct keyslot slot = some_slot(master);
	uint8_t s[KEYSLOT_LEN], b[BIND], commit[32], pt[160], want[160] = { 0 };
	struct digest_part key[] = { { "sandyq/slot/1", 13 }, { b, BIND } };
	struct digest_part com[] = { { "sandyq/commit/1", 15 }, { b, BIND },
	    { s, 24 } };

	(void)state;
	memcpy(b, ctx.magic, 8);
	memcpy(b + 8, "\x01\x00", 2);
	memset(b + 10, 0x11, 16);
	memset(b + 26, 0x22, 48);
	b[74] = 3;
	assert_int_equal(keyslot_make(&ctx, ikm, &slot, s), SQ_OK);
	assert_int_equal(digest_blake2b_key(ikm, key, 2, &kek), SQ_OK);
	digest_blake2b(commit, 32, kek, com, 3);
	assert_memory_equal(s + 24, commit, 32);
	assert_int_equal(aead_xopen(kek, s, b, BIND, s + 56, 160, s + 216,
	    pt), SQ_OK);
	memset(want, 8, 32);
	memcpy(want + 32, "\x02\x5A\x03\x00\x08\x07\x06\x05\x04\x03\x02\x01",
	    12);
	memcpy(want + 76, "sheet in the safe", 17);
	assert_memory_equal(pt, want, 160);
	secret_free(kek);
	secret_free(ikm);
	secret_free(master);
}

/*
 * No bit of nonce, commitment, ciphertext or tag may change.  The fill at the
 * end belongs to nothing here: the header's MAC covers it.
 */
static void
every_bit_counts(void **state)
{
	struct keyslot_ctx ctx = some_ctx();
	struct secret *ikm = vec_fill(7, 32), *master = vec_fill(8, 32);
	struct keyslot slot = some_slot(master), got;
	uint8_t s[KEYSLOT_LEN];
	size_t bit;

	(void)state;
	assert_int_equal(keyslot_make(&ctx, ikm, &slot, s), SQ_OK);
	for (bit = 0; bit < 8 * (KEYSLOT_LEN - FILL); bit++) {
		s[bit / 8] ^= (uint8_t)(1 << bit % 8);
		refused(&ctx, ikm, s, bit < 8 * 56 ? SQ_EPASS : SQ_EAUTH);
		s[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	for (; bit < 8 * KEYSLOT_LEN; bit++) {
		s[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_equal(keyslot_open(&ctx, ikm, s, &got), SQ_OK);
		assert_true(secret_eq(got.master, master));
		secret_free(got.master);
		s[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	secret_free(ikm);
	secret_free(master);
}

/* A slot opens only where it was made: each bit of what it is bound to. */
static void
bound_to_its_place(void **state)
{
	struct keyslot_ctx ctx = some_ctx();
	struct secret *ikm = vec_fill(7, 32), *master = vec_fill(8, 32);
	struct keyslot slot = some_slot(master);
	struct { uint8_t *p; size_t n; } in[] = { { ctx.magic, 8 },
	    { ctx.vault_id, 16 }, { ctx.set, KDF_SET_LEN } };
	uint8_t s[KEYSLOT_LEN];

	(void)state;
	assert_int_equal(keyslot_make(&ctx, ikm, &slot, s), SQ_OK);
	for (size_t i = 0; i < 3; i++)
		for (size_t bit = 0; bit < 8 * in[i].n; bit++) {
			in[i].p[bit / 8] ^= (uint8_t)(1 << bit % 8);
			refused(&ctx, ikm, s, SQ_EPASS);
			in[i].p[bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
	for (unsigned bit = 0; bit < 16; bit++) {
		ctx.major = (uint16_t)(1 ^ 1u << bit);
		refused(&ctx, ikm, s, SQ_EPASS);
	}
	ctx.major = 1;
	for (ctx.index = 0; ctx.index < KEYSLOT_COUNT; ctx.index++)
		if (ctx.index != 3)
			refused(&ctx, ikm, s, SQ_EPASS);
	ctx.index = 8;
	refused(&ctx, ikm, s, SQ_EINTERNAL);
	secret_free(ikm);
	secret_free(master);
}

/* Another key opens nothing, not even one that differs in one bit. */
static void
other_keys_open_nothing(void **state)
{
	struct keyslot_ctx ctx = some_ctx();
	struct secret *ikm = vec_fill(7, 32), *master = vec_fill(8, 32);
	struct keyslot slot = some_slot(master);
	uint8_t s[KEYSLOT_LEN];

	(void)state;
	assert_int_equal(keyslot_make(&ctx, ikm, &slot, s), SQ_OK);
	for (size_t bit = 0; bit < 256; bit++) {
		secret_bytes(ikm)[bit / 8] ^= (uint8_t)(1 << bit % 8);
		refused(&ctx, ikm, s, SQ_EPASS);
		secret_bytes(ikm)[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	keyslot_blank(s);
	refused(&ctx, ikm, s, SQ_EPASS);
	memset(s, 0, sizeof(s));
	refused(&ctx, ikm, s, SQ_EPASS);
	secret_shorten(ikm, 31);
	refused(&ctx, ikm, s, SQ_EINTERNAL);
	secret_free(ikm);
	secret_free(master);
}

/* What cannot be said in a slot is not written. */
static void
nonsense_is_not_sealed(void **state)
{
	struct keyslot_ctx ctx = some_ctx();
	struct secret *ikm = vec_fill(7, 32), *master = vec_fill(8, 32);
	struct secret *brief = vec_fill(8, 31);
	struct keyslot slot = some_slot(master), got;
	uint8_t s[KEYSLOT_LEN];

	(void)state;
	slot.kind = (enum keyslot_kind)0;
	assert_int_equal(keyslot_make(&ctx, ikm, &slot, s), SQ_EINTERNAL);
	slot.kind = (enum keyslot_kind)5;
	assert_int_equal(keyslot_make(&ctx, ikm, &slot, s), SQ_EINTERNAL);
	slot = some_slot(brief);
	assert_int_equal(keyslot_make(&ctx, ikm, &slot, s), SQ_EINTERNAL);
	slot = some_slot(master);
	strcpy(slot.label, "\xFF");
	assert_int_equal(keyslot_make(&ctx, ikm, &slot, s), SQ_ELIMIT);
	memset(slot.label, 'x', sizeof(slot.label));
	assert_int_equal(keyslot_make(&ctx, ikm, &slot, s), SQ_ELIMIT);
	/* 64 bytes fill the field and still come back as a string */
	slot.label[KEYSLOT_LABEL] = '\0';
	assert_int_equal(keyslot_make(&ctx, ikm, &slot, s), SQ_OK);
	assert_int_equal(keyslot_open(&ctx, ikm, s, &got), SQ_OK);
	assert_string_equal(got.label, slot.label);
	secret_free(got.master);
	secret_free(ikm);
	secret_free(master);
	secret_free(brief);
}

/* --- a payload of our own choice, well sealed ---------------------------- */

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

/* A later program's slot, or a crooked one, is not misread as ours. */
static void
crooked_payloads(void **state)
{
	static const struct {
		size_t at;
		uint8_t v;
		enum sq_err want;
	} bad[] = {
		{ 32, 0, SQ_EUNSUPPORTED }, { 32, 5, SQ_EUNSUPPORTED },
		{ 35, 1, SQ_EUNSUPPORTED }, { 44, 1, SQ_EUNSUPPORTED },
		{ 75, 1, SQ_EUNSUPPORTED }, { 140, 1, SQ_EUNSUPPORTED },
		{ 159, 1, SQ_EUNSUPPORTED }, { 34, 4, SQ_EFORMAT },
		{ 76, 0xFF, SQ_EFORMAT }, { 139, 'x', SQ_EFORMAT },
		{ 76, 0, SQ_EFORMAT }
	};
	struct keyslot_ctx ctx = some_ctx();
	struct secret *ikm = vec_fill(7, 32), *master = vec_fill(8, 32), *kek;
	struct keyslot slot = some_slot(master);
	uint8_t s[KEYSLOT_LEN], b[BIND], pt[160];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		kek = kek_of(&ctx, ikm, b);
		assert_int_equal(keyslot_make(&ctx, ikm, &slot, s), SQ_OK);
		assert_int_equal(aead_xopen(kek, s, b, BIND, s + 56, 160,
		    s + 216, pt), SQ_OK);
		pt[bad[i].at] = bad[i].v;
		assert_int_equal(aead_xseal(kek, s, b, BIND, pt, 160, s + 56,
		    s + 216), SQ_OK);
		refused(&ctx, ikm, s, bad[i].want);
		secret_free(kek);
	}
	secret_free(ikm);
	secret_free(master);
}

/*
 * Used and unused slots look alike: over many of each, every bit is set about
 * half the time, so none gives the kind away.
 */
static void
unused_looks_like_used(void **state)
{
	enum { MANY = 1024 };
	static uint8_t s[2][MANY][KEYSLOT_LEN];
	struct keyslot_ctx ctx = some_ctx();
	struct secret *ikm = vec_fill(7, 32), *master = vec_fill(8, 32);
	struct keyslot slot = some_slot(master);
	unsigned ones;

	(void)state;
	for (int i = 0; i < MANY; i++) {
		assert_int_equal(keyslot_make(&ctx, ikm, &slot, s[0][i]),
		    SQ_OK);
		keyslot_blank(s[1][i]);
	}
	/* half of 1,024 give or take six standard deviations of 16 */
	for (int used = 0; used < 2; used++)
		for (size_t bit = 0; bit < 8 * KEYSLOT_LEN; bit++) {
			ones = 0;
			for (int i = 0; i < MANY; i++)
				ones += (unsigned)s[used][i][bit / 8] >>
				    bit % 8 & 1u;
			assert_in_range(ones, 512 - 96, 512 + 96);
		}
	secret_free(ikm);
	secret_free(master);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trip),
		cmocka_unit_test(bytes_of_the_format),
		cmocka_unit_test(every_bit_counts),
		cmocka_unit_test(bound_to_its_place),
		cmocka_unit_test(other_keys_open_nothing),
		cmocka_unit_test(nonsense_is_not_sealed),
		cmocka_unit_test(crooked_payloads),
		cmocka_unit_test(unused_looks_like_used),
	};

	return cmocka_run_group_tests_name("keyslot", tests, vec_setup, NULL);
}
