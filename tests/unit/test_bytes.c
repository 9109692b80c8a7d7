#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/bytes.h"
#include "tests/unit/vec.h"

/* Integers come out as they went in, in the stated order. */
static void
integers_round_trip(void **state)
{
	static const uint8_t want[] = { 0xAB, 0x34, 0x12, 0x78, 0x56, 0x34,
	    0x12, 8, 7, 6, 5, 4, 3, 2, 1, 0x12, 0x34, 0x56, 0x78 };
	struct bytes_buf b = { 0 };
	struct bytes_rd r;

	(void)state;
	bytes_put_u8(&b, 0xAB);
	bytes_put_u16(&b, 0x1234);
	bytes_put_u32(&b, 0x12345678);
	bytes_put_u64(&b, 0x0102030405060708);
	bytes_put_u32be(&b, 0x12345678);
	assert_int_equal(bytes_done(&b), SQ_OK);
	assert_int_equal(b.len, sizeof(want));
	assert_memory_equal(b.p, want, sizeof(want));
	bytes_rd_init(&r, b.p, b.len);
	assert_int_equal(bytes_rd_u8(&r), 0xAB);
	assert_int_equal(bytes_rd_u16(&r), 0x1234);
	assert_int_equal(bytes_rd_u32(&r), 0x12345678);
	assert_true(bytes_rd_u64(&r) == 0x0102030405060708);
	assert_int_equal(bytes_rd_u32be(&r), 0x12345678);
	assert_int_equal(bytes_rd_done(&r), SQ_OK);
	bytes_free(&b);
}

/* Reading past the end is an error that stays, and yields zeros. */
static void
short_input_stays_bad(void **state)
{
	static const uint8_t in[] = { 1, 2, 3 };
	uint8_t out[4] = { 9, 9, 9, 9 };
	struct bytes_rd r;

	(void)state;
	bytes_rd_init(&r, in, sizeof(in));
	assert_int_equal(bytes_rd_u32(&r), 0);
	assert_int_equal(bytes_rd_u8(&r), 0);
	bytes_rd_copy(&r, out, sizeof(out));
	assert_true(bytes_zero(out, sizeof(out)));
	assert_null(bytes_rd_ref(&r, 0));
	assert_int_equal(bytes_rd_done(&r), SQ_EFORMAT);
	/* a length near the top of the address space must not wrap */
	bytes_rd_init(&r, in, sizeof(in));
	assert_null(bytes_rd_ref(&r, SIZE_MAX));
	assert_int_equal(bytes_rd_done(&r), SQ_EFORMAT);
}

/* Bytes left over are an error. */
static void
long_input_is_bad(void **state)
{
	static const uint8_t in[] = { 1, 2, 3 };
	struct bytes_rd r;

	(void)state;
	bytes_rd_init(&r, in, sizeof(in));
	assert_int_equal(bytes_rd_u16(&r), 0x0201);
	assert_int_equal(bytes_rd_done(&r), SQ_EFORMAT);
	assert_int_equal(bytes_rd_u8(&r), 3);
	assert_int_equal(bytes_rd_done(&r), SQ_OK);
}

/* A buffer grows past its first block and keeps what it held. */
static void
buffer_grows(void **state)
{
	struct bytes_buf b = { 0 };
	char *s;

	(void)state;
	for (int i = 0; i < 1000; i++)
		bytes_putf(&b, "%03d,", i);
	bytes_put_hex(&b, "\x0F\xF0", 2);
	bytes_puts(&b, "");
	assert_int_equal(b.len, 4004);
	assert_memory_equal(b.p + 3996, "999,0ff0", 8);
	s = bytes_str(&b);
	assert_non_null(s);
	assert_int_equal(strlen(s), 4004);
	assert_null(b.p);
	free(s);
}

/* What cannot be had is an error that stays; nothing is half appended. */
static void
buffer_refuses_the_impossible(void **state)
{
	struct bytes_buf b = { 0 };

	(void)state;
	bytes_puts(&b, "abc");
	bytes_put(&b, "x", SIZE_MAX / 2);
	bytes_puts(&b, "def");
	assert_int_equal(bytes_done(&b), SQ_ENOMEM);
	assert_int_equal(b.len, 3);
	assert_null(bytes_str(&b));
	assert_int_equal(bytes_done(&b), SQ_OK);	/* usable again */
}

/* Hexadecimal is lower case, of exactly the length asked for. */
static void
hex_is_strict(void **state)
{
	static const char *const bad[] = { "", "0", "00f", "00ff0", "00FF",
	    "00fg", " 00f", "00f ", "0x00", "00:ff", "00ff00" };
	uint8_t out[2];
	char text[5];

	(void)state;
	assert_int_equal(bytes_unhex(out, 2, "00ff"), SQ_OK);
	assert_memory_equal(out, "\x00\xFF", 2);
	bytes_hex(text, out, 2);
	assert_string_equal(text, "00ff");
	assert_int_equal(bytes_unhex(out, 0, ""), SQ_OK);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(bytes_unhex(out, 2, bad[i]), SQ_EFORMAT);
}

/* Base64 has one spelling only. */
static void
base64_is_canonical(void **state)
{
	static const struct {
		const char *s;
		bool padded;
	} bad[] = {
		{ "AB==", true },	/* trailing bits set */
		{ "AAB=", true },
		{ "AA", true }, { "AA=", true }, { "AA===", true },
		{ "AA==", false }, { "A", false }, { "A", true },
		{ "AA==AA==", true }, { "AAAA=", true }, { "AAAA====", true },
		{ "A A=", true }, { "AA==\n", true }, { "\nAA==", true },
		{ "A-A=", true }, { "A_A=", true }, { "A.A=", true },
		{ "AAAAAAAA", true }	/* more than the room of four */
	};
	struct bytes_buf b = { 0 };
	uint8_t out[4];
	size_t n;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (bytes_unb64(out, sizeof(out), bad[i].s, strlen(bad[i].s),
		    bad[i].padded, &n) != SQ_EFORMAT)
			fail_msg("accepted: %s", bad[i].s);
	for (size_t len = 0; len <= 4; len++)
		for (int padded = 0; padded < 2; padded++) {
			bytes_free(&b);
			bytes_put_b64(&b, "\xFB\xEF\xBE\x00", len, padded);
			assert_int_equal(bytes_unb64(out, 4, (char *)b.p,
			    b.len, padded, &n), SQ_OK);
			assert_int_equal(n, len);
			assert_memory_equal(out, "\xFB\xEF\xBE\x00", len);
		}
	assert_memory_equal(b.p, "++++AA==", 8);
	bytes_free(&b);
}

/* Well-formed UTF-8 only, as the table of RFC 3629 draws it. */
static void
utf8_is_strict(void **state)
{
	static const char *const good[] = { "", "a", "\x7F", "\xC2\x80",
	    "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
	    "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF",
	    "\xD2\x9B\xD0\xB0\xD0\xB7 \xE5\x90\x90" };
	static const char *const bad[] = { "\x80", "\xBF", "\xC0\x80",
	    "\xC1\xBF", "\xC2", "\xC2\x41", "\xE0\x9F\xBF", "\xE2\x82",
	    "\xED\xA0\x80", "\xED\xBF\xBF", "\xF0\x8F\xBF\xBF",
	    "\xF0\x9F\x98", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80",
	    "\xF8\x88\x80\x80\x80", "\xFE", "\xFF", "ok\xC2" };

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(bytes_utf8(good[i], strlen(good[i])));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(bytes_utf8(bad[i], strlen(bad[i])));
	assert_false(bytes_utf8("a\0b", 3));
}

/* Equality looks at every byte; so does the test for zero. */
static void
comparisons_see_every_byte(void **state)
{
	uint8_t a[64] = { 0 }, b[64] = { 0 };

	(void)state;
	assert_true(bytes_eq(a, b, sizeof(a)));
	for (size_t i = 0; i < 8 * sizeof(a); i++) {
		b[i / 8] = (uint8_t)(1 << i % 8);
		assert_false(bytes_eq(a, b, sizeof(a)));
		assert_false(bytes_zero(b, sizeof(b)));
		b[i / 8] = 0;
	}
	assert_true(bytes_zero(b, sizeof(b)));
}

/* Uniform numbers stay in range and reach every value. */
static void
uniform_stays_in_range(void **state)
{
	unsigned seen[7] = { 0 };
	uint32_t v;

	(void)state;
	for (int i = 0; i < 7000; i++) {
		v = bytes_uniform(7);
		assert_in_range(v, 0, 6);
		seen[v]++;
	}
	for (int i = 0; i < 7; i++)
		assert_in_range(seen[i], 700, 1300);
	assert_int_equal(bytes_uniform(1), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(integers_round_trip),
		cmocka_unit_test(short_input_stays_bad),
		cmocka_unit_test(long_input_is_bad),
		cmocka_unit_test(buffer_grows),
		cmocka_unit_test(buffer_refuses_the_impossible),
		cmocka_unit_test(hex_is_strict),
		cmocka_unit_test(base64_is_canonical),
		cmocka_unit_test(utf8_is_strict),
		cmocka_unit_test(comparisons_see_every_byte),
		cmocka_unit_test(uniform_stays_in_range),
	};

	return cmocka_run_group_tests_name("bytes", tests, vec_setup, NULL);
}
