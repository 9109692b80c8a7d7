/*
 * HEADER: no altered bit passes, no forged copy blocks the good one, and
 * «incorrect passphrase» is said only when that is what it is.
 */
#include <sys/stat.h>

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "crypto/bytes.h"
#include "crypto/digest.h"
#include "vault/fsio.h"
#include "vault/store/header.h"

static char dir[] = "/tmp/sandyq-test-header.XXXXXX";
static int dirfd = -1;
static struct secret *master, *k_hdr, *pass, *pass_b, *wrong;
/* pass in slot 0 under A, pass_b in slot 5 under B */
static struct header good;
static uint8_t image[HEADER_LEN];
static struct why why;

static struct secret *
words(const char *s)
{
	struct secret *p = NULL;

	assert_int_equal(secret_copy((const uint8_t *)s, strlen(s), &p), SQ_OK);
	return p;
}

static struct kdf_set
cheap(void)
{
	struct kdf_set set = { .id = KDF_ARGON2ID, .kib = KDF_MIN_KIB,
	    .passes = KDF_MIN_PASSES, .lanes = 4 };

	bytes_random(set.salt, sizeof(set.salt));
	return set;
}

/* Fill slot ${i} of the header under set ${set}. */
static void
fill(struct header *h, int set, unsigned i, const struct secret *p,
    const char *label)
{
	struct keyslot slot = { .master = master, .kind = KEYSLOT_PASSPHRASE,
	    .index = (uint8_t)i, .generation = h->generation };
	struct keyslot_ctx ctx;
	struct secret *ikm = NULL;

	(void)snprintf(slot.label, sizeof(slot.label), "%s", label);
	header_ctx(h, set, i, &ctx);
	assert_int_equal(kdf_derive(set == 0 ? &h->set_a : &h->set_b, p, &ikm),
	    SQ_OK);
	assert_int_equal(keyslot_make(&ctx, ikm, &slot, h->slot[i]), SQ_OK);
	secret_free(ikm);
}

static int
setup(void **state)
{
	struct kdf_set a, b;

	(void)state;
	if (secret_init() != SQ_OK || fsio_init() != SQ_OK ||
	    mkdtemp(dir) == NULL)
		return -1;
	dirfd = open(dir, O_RDONLY | O_DIRECTORY);
	a = cheap();
	b = cheap();
	pass = words("six words");
	pass_b = words("costs raised");
	wrong = words("six swords");
	assert_int_equal(secret_random(32, &master), SQ_OK);
	assert_int_equal(kdf_subkey(master, KDF_USE_HDR, &k_hdr), SQ_OK);
	header_new(&a, &good);
	good.has_b = true;
	good.set_b = b;
	fill(&good, 0, 0, pass, "Aigul");
	fill(&good, 1, 5, pass_b, "Bolat");
	assert_int_equal(header_emit(&good, k_hdr, image), SQ_OK);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	(void)fsio_unlink(dirfd, HEADER_NAME, NULL);
	(void)fsio_unlink(dirfd, HEADER_NAME2, NULL);
	(void)close(dirfd);
	secret_free(master);
	secret_free(k_hdr);
	secret_free(pass);
	secret_free(pass_b);
	secret_free(wrong);
	return rmdir(dir);
}

static void
put(const char *name, const uint8_t *p, size_t n)
{
	(void)unlinkat(dirfd, name, 0);
	if (p != NULL)
		assert_int_equal(fsio_create(dirfd, name, p, n, &why), SQ_OK);
}

/* Both copies on disk (NULL: missing); what unlocking says. */
static enum sq_err
attempt(const uint8_t *one, const uint8_t *two, const struct secret *p,
    int *ret_copy)
{
	struct header_pair pair;
	struct keyslot slot;
	int copy = -1;
	enum sq_err e;

	put(HEADER_NAME, one, HEADER_LEN);
	put(HEADER_NAME2, two, HEADER_LEN);
	if ((e = header_load(dirfd, &pair, &why)) != SQ_OK)
		return e;
	e = header_unlock(&pair, p, &slot, &copy, &why);
	if (e == SQ_OK) {
		assert_true(secret_eq(slot.master, master));
		secret_free(slot.master);
	}
	if (ret_copy != NULL)
		*ret_copy = copy;
	return e;
}

/* Make the unkeyed checksum right, as anybody can. */
static void
fix_sum(uint8_t p[HEADER_LEN])
{
	const struct digest_part part = { p, 0xFE0 };

	digest_blake2b(p + 0xFE0, 32, NULL, &part, 1);
}

static void
round_trips(void **state)
{
	struct header h;
	uint8_t again[HEADER_LEN];

	(void)state;
	assert_int_equal(header_parse(image, &h, &why), SQ_OK);
	assert_true(header_mac_ok(&h, k_hdr));
	assert_int_equal(header_emit(&h, k_hdr, again), SQ_OK);
	assert_memory_equal(image, again, HEADER_LEN);
	assert_memory_equal(h.reserve, good.reserve, sizeof(h.reserve));
	assert_memory_equal(h.slot, good.slot, sizeof(h.slot));
	assert_int_equal(h.generation, good.generation);
}

static void
an_unused_slot_looks_random(void **state)
{
	struct kdf_set a = cheap();
	struct header h;
	unsigned ones = 0;

	(void)state;
	header_new(&a, &h);
	for (size_t i = 0; i < sizeof(h.slot); i++)
		ones += (unsigned)__builtin_popcount(
		    h.slot[i / KEYSLOT_LEN][i % KEYSLOT_LEN]);
	/* 16,384 fair bits: 8,192 within twelve deviations */
	assert_in_range(ones, 8192 - 768, 8192 + 768);
}

static void
every_bit_of_a_copy_is_noticed(void **state)
{
	struct header h;
	uint8_t p[HEADER_LEN];
	enum sq_err e;

	(void)state;
	memcpy(p, image, sizeof(p));
	for (size_t bit = 0; bit < 8 * HEADER_LEN; bit++) {
		p[bit / 8] ^= (uint8_t)(1 << bit % 8);
		e = header_parse(p, &h, &why);
		assert_int_equal(e, bit < 64 ? SQ_EFORMAT : SQ_EDAMAGE);
		p[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
}

/* Through the disk: the other copy opens, or «damaged», not «incorrect». */
static void
a_damaged_copy_leaves_the_other(void **state)
{
	uint8_t p[HEADER_LEN];
	struct header_pair pair;
	int copy;

	(void)state;
	memcpy(p, image, sizeof(p));
	for (size_t at = 0; at < HEADER_LEN; at += 331) {
		p[at] ^= 4;
		put(HEADER_NAME, p, sizeof(p));
		put(HEADER_NAME2, image, sizeof(image));
		assert_int_equal(header_load(dirfd, &pair, &why), SQ_OK);
		assert_int_not_equal(pair.e[0], SQ_OK);
		assert_int_equal(pair.e[1], SQ_OK);
		put(HEADER_NAME2, p, sizeof(p));
		assert_int_not_equal(header_load(dirfd, &pair, &why), SQ_OK);
		p[at] ^= 4;
	}
	p[2000] ^= 1;
	assert_int_equal(attempt(p, image, pass, &copy), SQ_OK);
	assert_int_equal(copy, 1);
	assert_int_equal(attempt(image, p, pass, &copy), SQ_OK);
	assert_int_equal(copy, 0);
	assert_int_equal(attempt(NULL, image, pass, &copy), SQ_OK);
	assert_int_equal(attempt(image, NULL, pass, &copy), SQ_OK);
	assert_int_equal(attempt(p, p, pass, NULL), SQ_EDAMAGE);
	assert_int_equal(attempt(NULL, p, pass, NULL), SQ_EDAMAGE);
	assert_int_equal(attempt(NULL, NULL, pass, NULL), SQ_ENOENT);
	assert_int_equal(attempt(p, image, wrong, NULL), SQ_EDAMAGE);
	assert_int_equal(attempt(image, image, wrong, NULL), SQ_EPASS);
}

static void
opens_slots_under_both_sets(void **state)
{
	struct header_pair pair = { .same = true };
	struct keyslot slot;
	int copy;

	(void)state;
	pair.h[0] = pair.h[1] = good;
	assert_int_equal(header_unlock(&pair, pass, &slot, &copy, &why), SQ_OK);
	assert_int_equal(slot.index, 0);
	assert_string_equal(slot.label, "Aigul");
	secret_free(slot.master);
	assert_int_equal(header_unlock(&pair, pass_b, &slot, &copy, &why),
	    SQ_OK);
	assert_int_equal(slot.index, 5);
	assert_string_equal(slot.label, "Bolat");
	secret_free(slot.master);
}

/* Truncated, longer, a link, a fifo: never «incorrect», never a hang. */
static void
odd_files_are_damage(void **state)
{
	uint8_t longer[HEADER_LEN + 1] = { 0 };
	char p[256];

	(void)state;
	memcpy(longer, image, HEADER_LEN);
	put(HEADER_NAME2, NULL, 0);
	for (size_t n = 0; n <= sizeof(longer); n += 241) {
		struct header_pair pair;

		put(HEADER_NAME, longer, n);
		assert_int_not_equal(header_load(dirfd, &pair, &why), SQ_OK);
		put(HEADER_NAME, longer, sizeof(longer));
		assert_int_equal(header_load(dirfd, &pair, &why), SQ_EDAMAGE);
	}
	put(HEADER_NAME, NULL, 0);
	(void)snprintf(p, sizeof(p), "%s/%s", dir, HEADER_NAME);
	assert_int_equal(symlink(HEADER_NAME2, p), 0);
	put(HEADER_NAME2, image, HEADER_LEN);
	{
		struct header_pair pair;

		assert_int_equal(header_load(dirfd, &pair, &why), SQ_OK);
		assert_int_equal(pair.e[0], SQ_EDAMAGE);
		put(HEADER_NAME, NULL, 0);
		assert_int_equal(mkfifo(p, 0600), 0);
		assert_int_equal(header_load(dirfd, &pair, &why), SQ_OK);
		assert_int_equal(pair.e[0], SQ_EDAMAGE);
	}
}

/* With the checksum made right: the keyed MAC and the slots still notice. */
static void
the_keyed_mac_notices(void **state)
{
	static const size_t at[] = { 0x0A, 0x10, 0x50, 0x57, 0x80 + 24 + 5,
	    0x80 + 90, 0x80 + 230, 0x180, 0x7FF, 0x8B0, 0xFBF, 0xFC0, 0xFDF };
	uint8_t p[HEADER_LEN];
	struct header h;
	enum sq_err e;

	(void)state;
	for (size_t i = 0; i < 8 * HEADER_LEN; i += 7) {
		memcpy(p, image, sizeof(p));
		p[i / 8] ^= (uint8_t)(1 << i % 8);
		if (i / 8 >= 0xFE0)
			break;
		fix_sum(p);
		if (header_parse(p, &h, &why) == SQ_OK)
			assert_false(header_mac_ok(&h, k_hdr));
	}
	for (size_t i = 0; i < sizeof(at) / sizeof(*at); i++) {
		memcpy(p, image, sizeof(p));
		p[at[i]] ^= 1;
		fix_sum(p);
		e = attempt(p, p, pass, NULL);
		/* an altered commitment is like that of another word */
		assert_true(e == SQ_EDAMAGE || e == SQ_EPASS);
		if (at[i] >= 0x180 || at[i] == 0x50 || at[i] == 0x57)
			assert_int_equal(e, SQ_EDAMAGE);
	}
}

static void
a_forged_copy_does_not_block(void **state)
{
	struct header forged = good;
	struct secret *k = NULL;
	uint8_t p[HEADER_LEN];
	int copy;

	(void)state;
	/* a higher generation, random slots, its own key, a good checksum */
	assert_int_equal(secret_random(32, &k), SQ_OK);
	forged.generation += 100;
	for (unsigned i = 0; i < KEYSLOT_COUNT; i++)
		keyslot_blank(forged.slot[i]);
	assert_int_equal(header_emit(&forged, k, p), SQ_OK);
	assert_int_equal(attempt(p, image, pass, &copy), SQ_OK);
	assert_int_equal(copy, 1);
	assert_int_equal(attempt(image, p, pass, &copy), SQ_OK);
	assert_int_equal(copy, 0);
	assert_int_equal(attempt(p, image, wrong, NULL), SQ_EPASS);
	/* the same with our slots taken over: they open, the MAC does not */
	memcpy(forged.slot, good.slot, sizeof(forged.slot));
	assert_int_equal(header_emit(&forged, k, p), SQ_OK);
	assert_int_equal(attempt(p, image, pass, &copy), SQ_OK);
	assert_int_equal(copy, 1);
	assert_int_equal(attempt(p, p, pass, NULL), SQ_EDAMAGE);
	/* and with other costs, within bounds */
	forged.set_a.passes++;
	assert_int_equal(header_emit(&forged, k, p), SQ_OK);
	assert_int_equal(attempt(p, image, pass, &copy), SQ_OK);
	assert_int_equal(copy, 1);
	secret_free(k);
}

/* A slot that was removed must not open through an older second copy alone. */
static void
the_newer_copy_is_taken(void **state)
{
	struct header newer = good;
	uint8_t p[HEADER_LEN];
	int copy;

	(void)state;
	newer.generation++;
	assert_int_equal(header_emit(&newer, k_hdr, p), SQ_OK);
	assert_int_equal(attempt(image, p, pass, &copy), SQ_OK);
	assert_int_equal(copy, 1);
	assert_int_equal(attempt(p, image, pass, &copy), SQ_OK);
	assert_int_equal(copy, 0);
}

/* RS1: costs beyond the bounds are refused before anything is allocated. */
static void
extreme_costs_are_refused(void **state)
{
	static const uint32_t kib[] = { 0, 1, KDF_MIN_KIB - 1, KDF_MAX_KIB + 1,
	    0xFFFFFFFF };
	uint8_t p[HEADER_LEN];
	struct header h;

	(void)state;
	for (size_t i = 0; i < sizeof(kib) / sizeof(*kib); i++) {
		memcpy(p, image, sizeof(p));
		bytes_le32(p + 0x20 + 36, kib[i]);
		fix_sum(p);
		assert_int_equal(header_parse(p, &h, &why), SQ_ELIMIT);
		memcpy(p, image, sizeof(p));
		bytes_le32(p + 0x880 + 36, kib[i]);
		fix_sum(p);
		assert_int_equal(header_parse(p, &h, &why), SQ_ELIMIT);
	}
	for (size_t off = 40; off <= 44; off += 4) {
		memcpy(p, image, sizeof(p));
		bytes_le32(p + 0x20 + off, 0xFFFFFFFF);
		fix_sum(p);
		assert_int_equal(header_parse(p, &h, &why), SQ_ELIMIT);
	}
	memcpy(p, image, sizeof(p));
	bytes_le32(p + 0x20 + 32, 0x00010013);		/* Argon2i */
	fix_sum(p);
	assert_int_equal(header_parse(p, &h, &why), SQ_EUNSUPPORTED);
}

static void
newer_formats_are_named(void **state)
{
	uint8_t p[HEADER_LEN];
	struct header h;

	(void)state;
	memcpy(p, image, sizeof(p));
	p[8] = 2;
	fix_sum(p);
	assert_int_equal(header_parse(p, &h, &why), SQ_EUNSUPPORTED);
	memcpy(p, image, sizeof(p));
	p[0x58] = 9;
	fix_sum(p);
	assert_int_equal(header_parse(p, &h, &why), SQ_EUNSUPPORTED);
	memcpy(p, image, sizeof(p));
	p[0x5C] = 1;
	fix_sum(p);
	assert_int_equal(header_parse(p, &h, &why), SQ_EUNSUPPORTED);
	for (size_t at = 0x60; at < 0x80; at++) {
		memcpy(p, image, sizeof(p));
		p[at] = 1;
		fix_sum(p);
		assert_int_equal(header_parse(p, &h, &why), SQ_EFORMAT);
	}
}

static void
is_stored_twice(void **state)
{
	struct header h = good;
	struct header_pair pair;

	(void)state;
	put(HEADER_NAME, NULL, 0);
	put(HEADER_NAME2, NULL, 0);
	h.generation++;
	assert_int_equal(header_store(dirfd, &h, k_hdr, &why), SQ_OK);
	assert_int_equal(header_load(dirfd, &pair, &why), SQ_OK);
	assert_true(pair.same);
	assert_int_equal(pair.h[1].generation, good.generation + 1);
	assert_true(header_mac_ok(&pair.h[0], k_hdr));
	assert_int_equal(faccessat(dirfd, "HEADER.new", F_OK, 0), -1);
	assert_int_equal(faccessat(dirfd, "HEADER.2.new", F_OK, 0), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trips),
		cmocka_unit_test(an_unused_slot_looks_random),
		cmocka_unit_test(every_bit_of_a_copy_is_noticed),
		cmocka_unit_test(a_damaged_copy_leaves_the_other),
		cmocka_unit_test(opens_slots_under_both_sets),
		cmocka_unit_test(odd_files_are_damage),
		cmocka_unit_test(the_keyed_mac_notices),
		cmocka_unit_test(a_forged_copy_does_not_block),
		cmocka_unit_test(the_newer_copy_is_taken),
		cmocka_unit_test(extreme_costs_are_refused),
		cmocka_unit_test(newer_formats_are_named),
		cmocka_unit_test(is_stored_twice),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
