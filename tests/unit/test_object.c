/*
 * Objects: the same bytes as libsodium's XChaCha20-Poly1305 with the nonce of
 * docs/FORMAT.md section 14; nothing altered, moved, cut or lengthened opens.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "crypto/bytes.h"
#include "crypto/object.h"

static const uint8_t vault_a[16] = "vault a, 16 byte";
static const uint8_t vault_b[16] = "vault b, 16 byte";
static const uint8_t id_a[OBJECT_ID] = "object a, 16 byt";
static const uint8_t id_b[OBJECT_ID] = "object b, 16 byt";
static const uint8_t salt_a[OBJECT_SALT] = "salt a, twenty-four byte";
static const uint8_t salt_b[OBJECT_SALT] = "salt b, twenty-four byte";
static struct secret *k_blob, *k_other;

static int
setup(void **state)
{
	(void)state;
	return secret_init() != SQ_OK || secret_random(32, &k_blob) != SQ_OK ||
	    secret_random(32, &k_other) != SQ_OK;
}

static int
teardown(void **state)
{
	(void)state;
	secret_free(k_blob);
	secret_free(k_other);
	return 0;
}

static struct object *
make(const struct secret *k, const uint8_t *vault, const uint8_t *id,
    const uint8_t *salt)
{
	struct object *o = NULL;

	assert_int_equal(object_new(k, vault, id, salt, &o), SQ_OK);
	return o;
}

/* A sealed object in memory: chunks only, without the head. */
struct sealed {
	uint8_t *p;
	size_t n;
	uint64_t chunks;
	uint64_t content;
};

static uint8_t *
plain_of(uint64_t content)
{
	size_t n = (size_t)object_plain_len(content);
	uint8_t *p = malloc(n);

	assert_non_null(p);
	for (size_t i = 0; i < content; i++)
		p[i] = (uint8_t)(i * 7 + i / 251);
	object_pad(content, content, p + content, n - (size_t)content);
	return p;
}

static struct sealed
seal(const struct object *o, uint64_t content)
{
	struct sealed s = { .content = content };
	uint64_t plain = object_plain_len(content), at = 0;
	uint8_t *pt = plain_of(content);
	size_t take;

	s.chunks = object_chunks(content);
	s.p = malloc((size_t)object_file_len(content));
	assert_non_null(s.p);
	for (uint64_t i = 0; i < s.chunks; i++, at += take) {
		take = plain - at < OBJECT_CHUNK ? (size_t)(plain - at) :
		    OBJECT_CHUNK;
		assert_int_equal(object_seal(o, i, i + 1 == s.chunks, pt + at,
		    take, s.p + s.n), SQ_OK);
		s.n += take + AEAD_TAG;
	}
	assert_int_equal(OBJECT_HEAD + s.n, object_file_len(content));
	free(pt);
	return s;
}

static size_t
chunk_len(const struct sealed *s, uint64_t i)
{
	return i + 1 < s->chunks ? OBJECT_SEALED :
	    s->n - (size_t)i * OBJECT_SEALED;
}

static enum sq_err
unseal(const struct object *o, const struct sealed *s, uint64_t i, uint8_t *pt)
{
	const uint8_t *ct = s->p + i * OBJECT_SEALED;
	bool final = i + 1 == s->chunks;
	enum sq_err e = object_open(o, i, final, ct, chunk_len(s, i), pt);

	/* the tag alone says the same */
	assert_int_equal(object_check(o, i, final, ct, chunk_len(s, i)), e);
	return e;
}

/* Nothing of a chunk that failed may be left. */
static void
refused(enum sq_err e, const uint8_t *pt, size_t n)
{
	assert_int_equal(e, SQ_EAUTH);
	assert_true(bytes_zero(pt, n));
}

static void
same_as_libsodium(void **state)
{
	struct object *o = make(k_blob, vault_a, id_a, salt_a);
	crypto_generichash_state st;
	uint8_t both[64], commit[OBJECT_COMMIT], nonce[24], ad[32];
	static uint8_t ours[OBJECT_SEALED], theirs[OBJECT_SEALED];
	static uint8_t pt[OBJECT_CHUNK];
	static const uint64_t index[] = { 0, 1, 255, 256, 0x0102030405060708,
	    UINT64_MAX };
	unsigned long long len;

	(void)state;
	(void)crypto_generichash_init(&st, secret_cbytes(k_blob), 32, 64);
	(void)crypto_generichash_update(&st, (const uint8_t *)"sandyq/blob/1",
	    13);
	(void)crypto_generichash_update(&st, vault_a, 16);
	(void)crypto_generichash_update(&st, id_a, 16);
	(void)crypto_generichash_update(&st, salt_a, 24);
	(void)crypto_generichash_final(&st, both, 64);
	object_commit(o, commit);
	assert_memory_equal(commit, both + 32, 32);
	memcpy(ad, vault_a, 16);
	memcpy(ad + 16, id_a, 16);
	randombytes_buf(pt, sizeof(pt));
	for (size_t i = 0; i < 12; i++) {
		memset(nonce, 0, 15);
		nonce[15] = i & 1;
		bytes_le64(nonce + 16, index[i / 2]);
		(void)crypto_aead_xchacha20poly1305_ietf_encrypt(theirs, &len,
		    pt, sizeof(pt), ad, sizeof(ad), NULL, nonce, both);
		assert_int_equal(object_seal(o, index[i / 2], i & 1, pt,
		    sizeof(pt), ours), SQ_OK);
		assert_memory_equal(ours, theirs, sizeof(ours));
	}
	/* and what they seal we open, short and final */
	(void)crypto_aead_xchacha20poly1305_ietf_encrypt(theirs, &len, pt, 5,
	    ad, sizeof(ad), NULL, nonce, both);
	assert_int_equal(object_open(o, UINT64_MAX, true, theirs, 21, ours),
	    SQ_OK);
	assert_memory_equal(ours, pt, 5);
	object_free(o);
}

static void
lengths(void **state)
{
	/* content, padded plaintext, chunks: worked out by hand */
	static const uint64_t t[][3] = {
		{ 0, 4096, 1 }, { 1, 4096, 1 }, { 4079, 4096, 1 },
		{ 4080, 4096, 1 }, { 4081, 4352, 1 }, { 4336, 4352, 1 },
		{ 4337, 4608, 1 }, { 8176, 8192, 1 }, { 8177, 8704, 1 },
		{ 63472, 63488, 1 }, { 63473, 65536, 1 }, { 65519, 65536, 1 },
		{ 65520, 65536, 1 }, { 65521, 67584, 2 }, { 65536, 67584, 2 },
		{ 65537, 67584, 2 }, { 67568, 67584, 2 }, { 67569, 69632, 2 },
		{ 131056, 131072, 2 }, { 131057, 135168, 3 },
		{ 5242880, 5373952, 82 }, { 1048560, 1048576, 16 },
		{ 1073741808, 1073741824, 16384 },
		{ 1073741824, 1107296256, 16896 },
		{ (uint64_t)20 << 30, 21743271936, 331776 },
		{ OBJECT_MAX, (uint64_t)1 << 60 | (uint64_t)1 << 54,
		    (uint64_t)1 << 44 | (uint64_t)1 << 38 },
	};
	uint64_t last = 0, n;

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		assert_int_equal(object_plain_len(t[i][0]), t[i][1]);
		assert_int_equal(object_chunks(t[i][0]), t[i][2]);
		assert_int_equal(object_file_len(t[i][0]),
		    56 + t[i][1] + 16 * t[i][2]);
	}
	for (uint64_t c = 0; c < 2000000; c += 13) {
		n = object_plain_len(c);
		assert_true(n >= c + 16 && n >= last && n >= 4096);
		/* never more than an eighth is added */
		assert_true(c < 4096 || n - c - 16 <= (c + 16) / 8);
		last = n;
	}
}

static void
padding(void **state)
{
	static const uint64_t content[] = { 0, 4080, 65519, 65521, 131056,
	    131057, 200000 };

	(void)state;
	for (size_t k = 0; k < sizeof(content) / sizeof(content[0]); k++) {
		uint64_t c = content[k], n = object_plain_len(c);
		uint8_t *p = plain_of(c), part[1000], tail[16];

		bytes_le64(tail, c);
		bytes_le64(tail + 8, object_chunks(c));
		assert_memory_equal(p + n - 16, tail, 16);
		assert_true(bytes_zero(p + c, (size_t)(n - c) - 16));
		/* by pieces the same, wherever they are cut */
		for (uint64_t at = c; at < n; at += 997) {
			size_t take = n - at < 1000 ? (size_t)(n - at) : 1000;

			object_pad(c, at, part, take);
			assert_memory_equal(part, p + at, take);
		}
		assert_true(object_pad_ok(c, 0, p, (size_t)n));
		for (uint64_t at = c; at < n; at += at + 40 < n ? 31 : 1) {
			p[at] ^= 0x10;
			assert_false(object_pad_ok(c, 0, p, (size_t)n));
			assert_false(object_pad_ok(c, at, p + at, 1));
			p[at] ^= 0x10;
		}
		if (c > 0) {
			p[c - 1] ^= 1;	/* content is not ours to judge */
			assert_true(object_pad_ok(c, 0, p, (size_t)n));
		}
		free(p);
	}
}

/* TAMPER_ALL: each bit; else one bit of each byte, each bit of the ends. */
static void
every_bit(void **state)
{
	struct object *o = make(k_blob, vault_a, id_a, salt_a);
	struct sealed s = seal(o, 131057);
	static uint8_t pt[OBJECT_CHUNK];
	bool all = getenv("TAMPER_ALL") != NULL;
	size_t tried = 0;

	(void)state;
	assert_int_equal(s.chunks, 3);
	for (size_t at = 0; at < s.n; at++) {
		size_t i = at / OBJECT_SEALED, in = at % OBJECT_SEALED;
		size_t len = chunk_len(&s, i);
		bool edge = in < 32 || in + 32 >= len;

		for (size_t bit = 0; bit < 8; bit++) {
			if (!all && !edge && bit != at % 8)
				continue;
			s.p[at] ^= (uint8_t)(1u << bit);
			pt[0] = pt[len - AEAD_TAG - 1] = 0xEE;
			if (unseal(o, &s, i, pt) != SQ_EAUTH || pt[0] != 0 ||
			    pt[len - AEAD_TAG - 1] != 0)
				fail_msg("byte %zu, bit %zu", at, bit);
			s.p[at] ^= (uint8_t)(1u << bit);
			tried++;
		}
	}
	assert_true(tried >= s.n);
	print_message("TM2: %zu bits changed, all refused\n", tried);
	for (uint64_t i = 0; i < 3; i++)
		assert_int_equal(unseal(o, &s, i, pt), SQ_OK);
	free(s.p);
	object_free(o);
}

static void
chunks_swapped_within(void **state)
{
	struct object *o = make(k_blob, vault_a, id_a, salt_a);
	struct sealed s = seal(o, 131057);
	static uint8_t pt[OBJECT_CHUNK];

	(void)state;
	for (uint64_t from = 0; from < 3; from++)
		for (uint64_t to = 0; to < 4; to++)
			for (int final = 0; final < 2; final++) {
				enum sq_err e = object_open(o, to, final != 0,
				    s.p + from * OBJECT_SEALED,
				    chunk_len(&s, from), pt);

				if (from == to && final == (from == 2))
					assert_int_equal(e, SQ_OK);
				else
					assert_int_equal(e, SQ_EAUTH);
			}
	free(s.p);
	object_free(o);
}

static void
chunks_swapped_between(void **state)
{
	struct object *o = make(k_blob, vault_a, id_a, salt_a);
	struct object *other[] = {
		make(k_blob, vault_a, id_b, salt_a),
		make(k_blob, vault_b, id_a, salt_a),
		make(k_blob, vault_a, id_a, salt_b),
		make(k_other, vault_a, id_a, salt_a),
	};
	struct sealed s = seal(o, 131057);
	uint8_t mine[OBJECT_COMMIT], theirs[OBJECT_COMMIT];
	static uint8_t pt[OBJECT_CHUNK];

	(void)state;
	object_commit(o, mine);
	for (size_t k = 0; k < 4; k++) {
		object_commit(other[k], theirs);
		assert_memory_not_equal(mine, theirs, OBJECT_COMMIT);
		for (uint64_t i = 0; i < s.chunks; i++) {
			memset(pt, 0xEE, sizeof(pt));
			refused(unseal(other[k], &s, i, pt), pt,
			    chunk_len(&s, i) - AEAD_TAG);
		}
		object_free(other[k]);
	}
	free(s.p);
	object_free(o);
}

static void
final_flag_is_bound(void **state)
{
	struct object *o = make(k_blob, vault_a, id_a, salt_a);
	struct sealed s = seal(o, 65000);	/* one full chunk, final */
	static uint8_t pt[OBJECT_CHUNK];

	(void)state;
	assert_int_equal(s.n, OBJECT_SEALED);
	assert_int_equal(object_open(o, 0, true, s.p, s.n, pt), SQ_OK);
	refused(object_open(o, 0, false, s.p, s.n, pt), pt, OBJECT_CHUNK);
	free(s.p);
	object_free(o);
}

static void
cut_and_lengthened(void **state)
{
	struct object *o = make(k_blob, vault_a, id_a, salt_a);
	struct sealed s = seal(o, 5000);
	static uint8_t longer[OBJECT_SEALED + 1], pt[OBJECT_CHUNK];

	(void)state;
	for (size_t n = 0; n < s.n; n++) {
		assert_int_equal(object_open(o, 0, true, s.p, n, pt),
		    SQ_EAUTH);
		assert_int_equal(object_check(o, 0, true, s.p, n), SQ_EAUTH);
	}
	memcpy(longer, s.p, s.n);
	for (size_t n = s.n + 1; n <= sizeof(longer); n += 61)
		assert_int_equal(object_open(o, 0, true, longer, n, pt),
		    SQ_EAUTH);
	free(s.p);
	object_free(o);
}

/* What no reader accepts no writer makes. */
static void
lengths_refused(void **state)
{
	struct object *o = make(k_blob, vault_a, id_a, salt_a);
	static uint8_t pt[OBJECT_CHUNK + 1], ct[OBJECT_SEALED + 1];

	(void)state;
	assert_int_equal(object_seal(o, 0, true, pt, 0, ct), SQ_EINTERNAL);
	assert_int_equal(object_seal(o, 0, true, pt, OBJECT_CHUNK + 1, ct),
	    SQ_EINTERNAL);
	assert_int_equal(object_seal(o, 0, false, pt, OBJECT_CHUNK - 1, ct),
	    SQ_EINTERNAL);
	assert_int_equal(object_seal(o, 0, true, pt, 1, ct), SQ_OK);
	assert_int_equal(object_open(o, 0, true, ct, 17, pt), SQ_OK);
	assert_int_equal(object_check(o, 0, true, ct, 17), SQ_OK);
	/* in place as well */
	memset(pt, 7, OBJECT_CHUNK);
	memcpy(ct, pt, OBJECT_CHUNK);
	assert_int_equal(object_seal(o, 3, false, ct, OBJECT_CHUNK, ct),
	    SQ_OK);
	assert_int_equal(object_open(o, 3, false, ct, OBJECT_SEALED, ct),
	    SQ_OK);
	assert_memory_equal(ct, pt, OBJECT_CHUNK);
	object_free(o);
	object_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_as_libsodium),
		cmocka_unit_test(lengths),
		cmocka_unit_test(padding),
		cmocka_unit_test(every_bit),
		cmocka_unit_test(chunks_swapped_within),
		cmocka_unit_test(chunks_swapped_between),
		cmocka_unit_test(final_flag_is_bound),
		cmocka_unit_test(cut_and_lengthened),
		cmocka_unit_test(lengths_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
