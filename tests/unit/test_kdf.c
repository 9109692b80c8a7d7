#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <sys/resource.h>

#include <argon2.h>
#include <cmocka.h>

#include "crypto/kdf.h"
#include "tests/unit/vec.h"

/* The cheapest set within the bounds. */
static struct kdf_set
cheap(void)
{
	struct kdf_set set = { .id = KDF_ARGON2ID, .kib = KDF_MIN_KIB,
	    .passes = KDF_MIN_PASSES, .lanes = 4 };

	memset(set.salt, 2, sizeof(set.salt));
	return set;
}

/* Peak memory of this process so far, in KiB. */
static long
peak_kib(void)
{
	struct rusage ru;

	assert_int_equal(getrusage(RUSAGE_SELF, &ru), 0);
	return ru.ru_maxrss;
}

/* Costs out of bounds are refused by each door, before any memory is used. */
static void
extremes_are_refused(void **state)
{
	static const uint32_t kib[] = { 0, 1, KDF_MIN_KIB - 1,
	    KDF_MAX_KIB + 1, 0x7FFFFFFF, UINT32_MAX };
	static const uint32_t passes[] = { 0, 1, KDF_MIN_PASSES - 1,
	    KDF_MAX_PASSES + 1, UINT32_MAX };
	static const uint32_t lanes[] = { 0, KDF_MAX_LANES + 1, 0x00FFFFFF,
	    0x01000000, UINT32_MAX };
	struct secret *pass = vec_fill('x', 8), *ikm = NULL;
	struct kdf_set set, back;
	uint8_t disk[KDF_SET_LEN];
	long before = peak_kib();

	(void)state;
	for (size_t i = 0; i < 6 + 5 + 5; i++) {
		set = cheap();
		if (i < 6)
			set.kib = kib[i];
		else if (i < 11)
			set.passes = passes[i - 6];
		else
			set.lanes = lanes[i - 11];
		memset(&back, 0xEE, sizeof(back));
		kdf_emit(&set, disk);
		assert_int_equal(kdf_check(&set), SQ_ELIMIT);
		assert_int_equal(kdf_parse(disk, &back), SQ_ELIMIT);
		assert_int_equal(back.id, 0xEEEEEEEE);
		assert_int_equal(kdf_derive(&set, pass, &ikm), SQ_ELIMIT);
		assert_null(ikm);
	}
	assert_in_range(peak_kib() - before, 0, 8 * 1024);
	secret_free(pass);
}

/* The bounds themselves are within. */
static void
bounds_are_accepted(void **state)
{
	static const uint32_t good[][3] = {
		{ KDF_MIN_KIB, KDF_MIN_PASSES, 1 },
		{ KDF_MAX_KIB, KDF_MAX_PASSES, KDF_MAX_LANES }
	};
	struct kdf_set set, back;
	uint8_t disk[KDF_SET_LEN];

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		set = cheap();
		set.kib = good[i][0];
		set.passes = good[i][1];
		set.lanes = good[i][2];
		kdf_emit(&set, disk);
		assert_int_equal(kdf_parse(disk, &back), SQ_OK);
		assert_memory_equal(&set, &back, sizeof(set));
	}
	/* the disk's order, FORMAT.md section 3 */
	assert_memory_equal(disk + 32, "\x13\x00\x02\x00\x00\x00\x20\x00"
	    "\x10\x00\x00\x00\x08\x00\x00\x00", 16);
}

/* Any algorithm but Argon2id v1.3 is refused, whatever its costs. */
static void
other_algorithms_are_refused(void **state)
{
	static const uint32_t id[] = { 0, 1, 0x00020010, 0x00010013,
	    0x00000013, 0x13000200, UINT32_MAX };
	struct secret *pass = vec_fill('x', 8), *ikm = NULL;
	struct kdf_set set;
	uint8_t disk[KDF_SET_LEN];

	(void)state;
	for (size_t i = 0; i < sizeof(id) / sizeof(id[0]); i++) {
		set = cheap();
		set.id = id[i];
		kdf_emit(&set, disk);
		assert_int_equal(kdf_parse(disk, &set), SQ_EUNSUPPORTED);
		assert_int_equal(kdf_derive(&set, pass, &ikm),
		    SQ_EUNSUPPORTED);
	}
	assert_null(ikm);
	secret_free(pass);
}

/* 1 to 1,024 bytes of passphrase. */
static void
passphrase_lengths(void **state)
{
	struct secret *none = vec_fill('x', 1), *most, *more, *ikm = NULL;
	struct kdf_set set = cheap();

	(void)state;
	secret_shorten(none, 0);
	most = vec_fill('x', KDF_PASS_MAX);
	more = vec_fill('x', KDF_PASS_MAX + 1);
	assert_int_equal(kdf_derive(&set, none, &ikm), SQ_ELIMIT);
	assert_int_equal(kdf_derive(&set, more, &ikm), SQ_ELIMIT);
	assert_null(ikm);
	assert_int_equal(kdf_derive(&set, most, &ikm), SQ_OK);
	secret_free(ikm);
	secret_free(none);
	secret_free(most);
	secret_free(more);
}

/*
 * The same key as a plain call of the library gives with one thread; each
 * parameter changes it; the passphrase is left as it was.
 */
static void
derives_what_the_library_does(void **state)
{
	struct secret *pass = vec_fill('p', 9), *ikm[6] = { NULL };
	struct kdf_set set = cheap();
	uint8_t want[32];
	argon2_context ctx = { .out = want, .outlen = 32,
	    .pwd = (uint8_t *)"ppppppppp", .pwdlen = 9, .salt = set.salt,
	    .saltlen = 32, .t_cost = 3, .m_cost = KDF_MIN_KIB, .lanes = 4,
	    .threads = 1, .version = ARGON2_VERSION_13 };

	(void)state;
	assert_int_equal(argon2_ctx(&ctx, Argon2_id), ARGON2_OK);
	assert_int_equal(kdf_derive(&set, pass, &ikm[0]), SQ_OK);
	assert_int_equal(secret_len(ikm[0]), 32);
	assert_memory_equal(secret_cbytes(ikm[0]), want, 32);
	assert_memory_equal(secret_cbytes(pass), "ppppppppp", 9);
	set.lanes = 3;
	assert_int_equal(kdf_derive(&set, pass, &ikm[1]), SQ_OK);
	set = cheap();
	set.passes++;
	assert_int_equal(kdf_derive(&set, pass, &ikm[2]), SQ_OK);
	set = cheap();
	set.kib += 1024;
	assert_int_equal(kdf_derive(&set, pass, &ikm[3]), SQ_OK);
	set = cheap();
	set.salt[31] ^= 0x80;
	assert_int_equal(kdf_derive(&set, pass, &ikm[4]), SQ_OK);
	set = cheap();
	secret_bytes(pass)[8] = 'q';
	assert_int_equal(kdf_derive(&set, pass, &ikm[5]), SQ_OK);
	for (size_t i = 0; i < 6; i++)
		for (size_t k = 0; k < i; k++)
			assert_false(secret_eq(ikm[i], ikm[k]));
	for (size_t i = 0; i < 6; i++)
		secret_free(ikm[i]);
	secret_free(pass);
}

/* Memory that cannot be had is said to be so, never a wrong passphrase. */
static void
no_memory_is_said(void **state)
{
	struct secret *pass, *ikm = NULL;
	struct kdf_set set = cheap();
	struct rlimit old, tight;

	(void)state;
#if defined(__SANITIZE_ADDRESS__)
	skip();			/* needs its own address space */
#endif
	pass = vec_fill('x', 8);
	assert_int_equal(getrlimit(RLIMIT_AS, &old), 0);
	tight = old;
	tight.rlim_cur = (rlim_t)512 * 1024 * 1024;
	set.kib = KDF_MAX_KIB;
	assert_int_equal(setrlimit(RLIMIT_AS, &tight), 0);
	assert_int_equal(kdf_derive(&set, pass, &ikm), SQ_ENOMEM);
	assert_int_equal(setrlimit(RLIMIT_AS, &old), 0);
	assert_null(ikm);
	secret_free(pass);
}

/* Costs for a new vault step down with the memory, never below 256 MiB. */
static void
choice_steps_down(void **state)
{
	static const struct { uint64_t available; uint32_t kib; } want[] = {
		{ UINT64_MAX, 1u << 20 }, { 2u << 20, 1u << 20 },
		{ (2u << 20) - 1, 1u << 19 }, { 1u << 20, 1u << 19 },
		{ (1u << 20) - 1, 1u << 18 }, { 1u << 19, 1u << 18 },
		{ 0, 1u << 18 }
	};
	struct kdf_set a, b;

	(void)state;
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		kdf_choose(want[i].available, &a);
		kdf_choose(want[i].available, &b);
		assert_int_equal(a.kib, want[i].kib);
		assert_int_equal(a.passes, 3);
		assert_int_equal(a.lanes, 4);
		assert_int_equal(kdf_check(&a), SQ_OK);
		assert_memory_not_equal(a.salt, b.salt, 32);
	}
}

/*
 * The PHC vector has a secret and associated data, which our derivation does
 * not use: it is put to the linked library itself.
 */
static void
phc_vector_of_the_library(void **state)
{
	uint8_t out[32], pwd[32], salt[16], key[8], ad[12];
	argon2_context ctx = { .out = out, .outlen = 32, .pwd = pwd,
	    .pwdlen = 32, .salt = salt, .saltlen = 16, .secret = key,
	    .secretlen = 8, .ad = ad, .adlen = 12, .t_cost = 3, .m_cost = 32,
	    .lanes = 4, .threads = 4, .version = ARGON2_VERSION_13 };
	char line[256], want[160] = "", got[160];
	size_t n = 0;
	FILE *f;

	(void)state;
	vec_need("argon2-phc/argon2id");
	assert_non_null(f = fopen(vec_path("argon2-phc/argon2id"), "r"));
	while (fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line, "Tag: ", 5) == 0)
			memcpy(want, line + 5, sizeof(want) - 1);
	fclose(f);
	memset(pwd, 1, sizeof(pwd));
	memset(salt, 2, sizeof(salt));
	memset(key, 3, sizeof(key));
	memset(ad, 4, sizeof(ad));
	assert_int_equal(argon2_ctx(&ctx, Argon2_id), ARGON2_OK);
	for (size_t i = 0; i < 32; i++)
		n += (size_t)snprintf(got + n, sizeof(got) - n, "%02x ",
		    out[i]);
	assert_int_equal(n, 96);
	assert_memory_equal(want, got, 96);
	vec_took("argon2", "argon2-phc/argon2id", true, true);
}

/*
 * Sub-keys 1 and 2 of 32 bytes 01, from another BLAKE2b (Python's hashlib):
 * empty message, the number as salt, "sandyq01" as personalisation.
 */
static const char sub1[] = "f7cfb2e571ae95426428168fa8d99526"
    "d8af3dd80a9ab10dcfdff7aff249eac9";
static const char sub2[] = "da9c5860192dda36495b9c2668a8ab07";

/* Sub-keys: each its own, of the stated length, and no others. */
static void
subkeys_differ(void **state)
{
	struct secret *m = vec_fill(1, 32), *k[8] = { NULL }, *no = NULL;
	struct secret *brief = vec_fill(1, 31);
	struct vec one = vec_unhex(sub1), two = vec_unhex(sub2);

	(void)state;
	for (unsigned i = 1; i < 8; i++) {
		assert_int_equal(kdf_subkey(m, (enum kdf_use)i, &k[i]), SQ_OK);
		assert_int_equal(secret_len(k[i]), i == 2 ? 16 : 32);
		for (unsigned o = 1; o < i; o++)
			assert_memory_not_equal(secret_cbytes(k[i]),
			    secret_cbytes(k[o]), 16);
	}
	assert_memory_equal(secret_cbytes(k[1]), one.p, 32);
	assert_memory_equal(secret_cbytes(k[2]), two.p, 16);
	assert_int_equal(kdf_subkey(m, (enum kdf_use)0, &no), SQ_EINTERNAL);
	assert_int_equal(kdf_subkey(m, (enum kdf_use)8, &no), SQ_EINTERNAL);
	assert_int_equal(kdf_subkey(brief, KDF_USE_DB, &no), SQ_EINTERNAL);
	assert_null(no);
	for (unsigned i = 1; i < 8; i++)
		secret_free(k[i]);
	vec_free(&one);
	vec_free(&two);
	secret_free(m);
	secret_free(brief);
}

/* RFC 7914 section 12: its third vector (r = 8, p = 1), the first 32 bytes. */
static void
scrypt_of_the_rfc(void **state)
{
	static const char p[] = "pleaseletmein";
	struct secret *pass = vec_secret((const uint8_t *)p, 13), *key = NULL;
	struct vec want = vec_unhex("7023bdcb3afd7348461c06cd81fd38eb"
	    "fda8fbba904f8e3ea9b543f6545da1f2");

	(void)state;
	assert_int_equal(kdf_scrypt(pass, "SodiumChloride", 14, 14, &key),
	    SQ_OK);
	assert_int_equal(secret_len(key), 32);
	assert_memory_equal(secret_cbytes(key), want.p, 32);
	secret_free(key);
	key = NULL;
	assert_int_equal(kdf_scrypt(pass, "s", 1, 0, &key), SQ_ELIMIT);
	assert_int_equal(kdf_scrypt(pass, "s", 1, 64, &key), SQ_ELIMIT);
	assert_null(key);
	vec_free(&want);
	secret_free(pass);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(extremes_are_refused),
		cmocka_unit_test(bounds_are_accepted),
		cmocka_unit_test(other_algorithms_are_refused),
		cmocka_unit_test(passphrase_lengths),
		cmocka_unit_test(derives_what_the_library_does),
		cmocka_unit_test(no_memory_is_said),
		cmocka_unit_test(choice_steps_down),
		cmocka_unit_test(phc_vector_of_the_library),
		cmocka_unit_test(subkeys_differ),
		cmocka_unit_test(scrypt_of_the_rfc),
	};

	return cmocka_run_group_tests_name("kdf", tests, vec_setup, NULL);
}
