/*
 * QR codes: of the form a scanner wants, the same each time, and nothing but
 * the characters that a page may hold.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "crypto/digest.h"
#include "vault/bundle/qr.h"

#define SIDE_MAX 177
#define KNOWN \
	"fa01c1fd9a401fd82470853718ce50e20e226125f569a2c916137daca8099670"

static uint8_t grid[SIDE_MAX][SIDE_MAX];

/* Draw path data; returns the number of dark modules. */
static size_t
draw(const struct bytes_buf *b, unsigned side)
{
	char *s = strndup((const char *)b->p, b->len), *at = s;
	int x, y, n, m, got;
	size_t dark = 0;

	assert_non_null(s);
	memset(grid, 0, sizeof(grid));
	while (*at != '\0') {
		got = 0;
		assert_int_equal(sscanf(at, "M%d %dh%dv1h-%dz%n", &x, &y, &n,
		    &m, &got), 4);
		assert_true(got > 0 && n == m && n > 0 && x >= 0 && y >= 0);
		assert_true(x + n <= (int)side && y < (int)side);
		for (; n > 0; n--, x++, dark++)
			grid[y][x]++;
		at += got;
	}
	free(s);
	return dark;
}

/* The square by which a scanner finds the code, its corner at x, y. */
static void
finder(int x, int y)
{
	bool want;

	for (int i = 0; i < 7; i++)
		for (int j = 0; j < 7; j++) {
			want = i == 0 || i == 6 || j == 0 || j == 6 ||
			    (i > 1 && i < 5 && j > 1 && j < 5);
			assert_int_equal(grid[y + i][x + j], want);
		}
}

static void
test_form(void **state)
{
	static uint8_t in[QR_MAX];
	const size_t size[] = { 1, 14, 15, 200, 666, QR_MAX };
	struct bytes_buf b = { 0 };
	unsigned side;
	size_t dark;

	(void)state;
	for (size_t i = 0; i < sizeof(in); i++)
		in[i] = (uint8_t)(i * 31);
	for (size_t i = 0; i < sizeof(size) / sizeof(size[0]); i++) {
		assert_int_equal(qr_path(in, size[i], &side, &b), SQ_OK);
		assert_int_equal((side - 17) % 4, 0);
		assert_true(side <= SIDE_MAX);
		dark = draw(&b, side);
		finder(0, 0);
		finder((int)side - 7, 0);
		finder(0, (int)side - 7);
		/* the mask keeps dark and light near each other */
		assert_true(dark * 10 > side * side * 4);
		assert_true(dark * 10 < side * side * 6);
		bytes_free(&b);
	}
}

/* What a scanner read out of this very code, when the test was written. */
static void
test_known(void **state)
{
	static const char text[] = "sandyq: a chest for testimony";
	struct bytes_buf b = { 0 };
	uint8_t h[DIGEST_LEN];
	char hex[2 * DIGEST_LEN + 1];
	unsigned side;

	(void)state;
	assert_int_equal(qr_path(text, strlen(text), &side, &b), SQ_OK);
	assert_int_equal(side, 29);
	draw(&b, side);
	digest_sha256(h, grid, sizeof(grid));
	bytes_hex(hex, h, sizeof(h));
	assert_string_equal(hex, KNOWN);
	bytes_free(&b);
}

static void
test_page(void **state)
{
	static const char text[] = "sandyq: a chest for testimony";
	struct bytes_buf b = { 0 };
	size_t lines = 0;

	(void)state;
	assert_int_equal(qr_svg(text, strlen(text), 10, 20, 30, &b), SQ_OK);
	assert_memory_equal(b.p, "<svg x=\"10\" y=\"20\" width=\"30\"", 29);
	assert_non_null(memmem(b.p, b.len, "viewBox=\"-4 -4 37 37\"", 21));
	bytes_free(&b);

	assert_int_equal(qr_text(text, strlen(text), &b), SQ_OK);
	for (size_t i = 0; i < b.len; i++)
		lines += b.p[i] == '\n';
	assert_int_equal(lines, (29 + 8 + 1) / 2);
	/* two lines of quiet zone above */
	assert_int_equal(strspn((const char *)b.p, " \n"), 2 * 38 + 4);
	bytes_free(&b);
}

static void
test_limits(void **state)
{
	static uint8_t in[QR_MAX + 1];
	struct bytes_buf b = { 0 };
	unsigned side;

	(void)state;
	assert_int_equal(qr_path(in, 0, &side, &b), SQ_ELIMIT);
	assert_int_equal(qr_path(in, QR_MAX + 1, &side, &b), SQ_ELIMIT);
	assert_int_equal(qr_svg(in, 0, 0, 0, 1, &b), SQ_ELIMIT);
	assert_int_equal(qr_text(in, QR_MAX + 1, &b), SQ_ELIMIT);
	assert_int_equal(b.len, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_form),
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_page),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
