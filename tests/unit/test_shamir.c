/*
 * Shamir's scheme and the shares made of it: the field against FIPS 197, every
 * subset of up to seven shares, every bit of a share changed, and shares that
 * do not belong together, each by its name.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/share.h"

static struct secret *
of_byte(uint8_t byte, size_t n)
{
	struct secret *s;

	assert_int_equal(secret_new(n, &s), SQ_OK);
	memset(secret_bytes(s), byte, n);
	return s;
}

/* FIPS 197, sections 4.2 and 4.2.1. */
static void
field(void **state)
{
	(void)state;
	assert_int_equal(shamir_mul(0x57, 0x83), 0xc1);
	assert_int_equal(shamir_mul(0x57, 0x13), 0xfe);
	assert_int_equal(shamir_mul(0x57, 0x02), 0xae);
	assert_int_equal(shamir_mul(0x57, 0x10), 0x07);
	/* section 5.1.1: the inverse of 53 is ca */
	assert_int_equal(shamir_inv(0x53), 0xca);
	assert_int_equal(shamir_inv(0), 0);
	for (unsigned a = 0; a < 256; a++) {
		assert_int_equal(shamir_mul((uint8_t)a, 1), a);
		assert_int_equal(shamir_mul((uint8_t)a, 0), 0);
		if (a > 0)
			assert_int_equal(shamir_mul((uint8_t)a,
			    shamir_inv((uint8_t)a)), 1);
		for (unsigned b = 0; b < a; b++)
			assert_int_equal(shamir_mul((uint8_t)a, (uint8_t)b),
			    shamir_mul((uint8_t)b, (uint8_t)a));
	}
}

/* By hand: secret 42, coefficient 17: the line 42 + 17 x. */
static void
line(void **state)
{
	struct secret *s = of_byte(0x42, SHAMIR_LEN), *y[SHAMIR_MAX];
	struct secret *c = of_byte(0x17, SHAMIR_LEN);

	(void)state;
	assert_int_equal(shamir_split(s, 2, 3, c, y), SQ_OK);
	assert_int_equal(secret_cbytes(y[0])[0], 0x42 ^ 0x17);
	assert_int_equal(secret_cbytes(y[1])[0], 0x42 ^ 0x2e);
	assert_int_equal(secret_cbytes(y[2])[31], 0x42 ^ 0x39);
	for (int i = 0; i < 3; i++)
		secret_free(y[i]);
	secret_free(s);
	secret_free(c);
}

/* Every subset of k of n shares, n up to 7, gives the secret; fewer do not. */
static void
all_subsets(struct secret *s)
{
	struct secret *y[SHAMIR_MAX], *c, *got;
	const struct secret *part[SHAMIR_MAX];
	uint8_t x[SHAMIR_MAX];

	for (unsigned n = 2; n <= 7; n++)
		for (unsigned k = 2; k <= n; k++) {
			assert_int_equal(secret_random((size_t)(k - 1) *
			    SHAMIR_LEN, &c), SQ_OK);
			assert_int_equal(shamir_split(s, k, n, c, y), SQ_OK);
			for (unsigned m = 0; m < 1u << n; m++) {
				unsigned have = 0;

				for (unsigned i = 0; i < n; i++)
					if (m >> i & 1) {
						x[have] = (uint8_t)(i + 1);
						part[have++] = y[i];
					}
				if (have < 2 || have > k)
					continue;
				assert_int_equal(shamir_value(x, part, have, 0,
				    &got), SQ_OK);
				assert_int_equal(secret_eq(got, s), have == k);
				secret_free(got);
			}
			for (unsigned i = 0; i < n; i++)
				secret_free(y[i]);
			secret_free(c);
		}
}

static void
subsets(void **state)
{
	static const uint8_t bytes[] = { 0x00, 0xff, 0x80, 0x01 };
	struct secret *s;

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++) {
		s = of_byte(bytes[i], SHAMIR_LEN);
		all_subsets(s);
		secret_free(s);
	}
	/* leading zeros stay */
	s = of_byte(0, SHAMIR_LEN);
	secret_bytes(s)[31] = 1;
	all_subsets(s);
	secret_free(s);
}

static void
refused(void **state)
{
	struct secret *s = of_byte(1, SHAMIR_LEN), *y[SHAMIR_MAX], *got;
	struct secret *c = of_byte(2, SHAMIR_LEN), *no = of_byte(2, 31);
	const struct secret *two[2];
	uint8_t x[2] = { 1, 2 };

	(void)state;
	assert_int_equal(shamir_split(s, 1, 3, c, y), SQ_EUSAGE);
	assert_int_equal(shamir_split(s, 2, 1, c, y), SQ_EUSAGE);
	assert_int_equal(shamir_split(s, 2, 17, c, y), SQ_EUSAGE);
	assert_int_equal(shamir_split(s, 3, 3, c, y), SQ_EUSAGE);
	assert_int_equal(shamir_split(no, 2, 3, c, y), SQ_EUSAGE);
	assert_int_equal(shamir_split(s, 2, 2, c, y), SQ_OK);
	two[0] = y[0];
	two[1] = y[1];
	x[0] = 0;		/* the secret itself would be the share */
	assert_int_equal(shamir_value(x, two, 2, 0, &got), SQ_EUSAGE);
	x[0] = 2;
	assert_int_equal(shamir_value(x, two, 2, 0, &got), SQ_EUSAGE);
	x[0] = 17;
	assert_int_equal(shamir_value(x, two, 2, 0, &got), SQ_EUSAGE);
	secret_free(y[0]);
	secret_free(y[1]);
	secret_free(s);
	secret_free(c);
	secret_free(no);
}

/* The coefficients decide: equal ones give equal shares, others do not. */
static void
spread(void **state)
{
	struct secret *s = of_byte(0x5a, SHAMIR_LEN), *y[SHAMIR_MAX], *c;
	unsigned seen[256] = { 0 }, most = 0;

	(void)state;
	for (unsigned i = 0; i < 2000; i++) {
		assert_int_equal(secret_random(SHAMIR_LEN, &c), SQ_OK);
		assert_int_equal(shamir_split(s, 2, 2, c, y), SQ_OK);
		for (size_t b = 0; b < SHAMIR_LEN; b++)
			seen[secret_cbytes(y[0])[b]]++;
		secret_free(y[0]);
		secret_free(y[1]);
		secret_free(c);
	}
	/* 64,000 bytes: 250 of each; no value is missing or frequent */
	for (unsigned i = 0; i < 256; i++) {
		assert_true(seen[i] > 150);
		most = seen[i] > most ? seen[i] : most;
	}
	assert_true(most < 350);
	secret_free(s);
}

/* --- shares as text ------------------------------------------------------- */

static struct secret *secret_of_set;

static void
make(struct share *s, unsigned need, unsigned of, uint8_t set)
{
	struct secret *c, *y[SHAMIR_MAX];

	assert_int_equal(secret_random((size_t)(need - 1) * SHAMIR_LEN, &c),
	    SQ_OK);
	assert_int_equal(shamir_split(secret_of_set, need, of, c, y), SQ_OK);
	for (unsigned i = 0; i < of; i++) {
		memset(&s[i], 0, sizeof(s[i]));
		s[i].need = need;
		s[i].of = of;
		s[i].x = i + 1;
		memset(s[i].set, set, SHARE_SET);
		memset(s[i].log, 0xab, SHARE_LOG);
		s[i].y = y[i];
	}
	secret_free(c);
}

static void
drop(struct share *s, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		share_free(&s[i]);
}

static void
text(void **state)
{
	struct share s[3], t;
	struct secret *p;
	struct why why;
	char other[512];
	size_t n;

	(void)state;
	make(s, 2, 3, 7);
	assert_int_equal(share_text(&s[1], &p), SQ_OK);
	n = secret_len(p);
	assert_memory_equal(secret_cbytes(p), "sandyqshare1 ", 13);
	assert_int_equal(share_parse(secret_cbytes(p), n, &t, &why), SQ_OK);
	assert_int_equal(t.need, 2);
	assert_int_equal(t.of, 3);
	assert_int_equal(t.x, 2);
	assert_memory_equal(t.set, s[1].set, SHARE_SET);
	assert_memory_equal(t.log, s[1].log, SHARE_LOG);
	assert_true(secret_eq(t.y, s[1].y));
	share_free(&t);
	/* as people type: upper case, hyphens, lines */
	memcpy(other, secret_cbytes(p), n);
	for (size_t i = 0; i < n; i++) {
		if (other[i] >= 'a' && other[i] <= 'z')
			other[i] = (char)(other[i] - 'a' + 'A');
		if (other[i] == ' ')
			other[i] = i % 3 == 0 ? '-' : i % 3 == 1 ? '\n' : '\t';
	}
	assert_int_equal(share_parse((uint8_t *)other, n, &t, &why), SQ_OK);
	assert_true(secret_eq(t.y, s[1].y));
	share_free(&t);
	secret_free(p);
	drop(s, 3);
}

/* Every bit of the text flipped, every character left out: it is noticed. */
static void
every_bit(void **state)
{
	struct share s[2], t;
	struct secret *p;
	struct why why;
	uint8_t b[512];
	size_t n;

	(void)state;
	make(s, 2, 2, 7);
	assert_int_equal(share_text(&s[0], &p), SQ_OK);
	n = secret_len(p);
	for (size_t i = 0; i < n; i++)
		for (int bit = 0; bit < 8; bit++) {
			memcpy(b, secret_cbytes(p), n);
			b[i] ^= (uint8_t)(1u << bit);
			if (share_parse(b, n, &t, &why) != SQ_OK) {
				assert_true(why.text[0] != '\0');
				continue;
			}
			/* another case, another blank: the same share */
			assert_true(secret_eq(t.y, s[0].y) && t.x == 1);
			share_free(&t);
		}
	for (size_t i = 0; i < n; i++) {
		memcpy(b, secret_cbytes(p), n);
		if (b[i] == ' ')
			continue;
		memmove(b + i, b + i + 1, n - i - 1);
		assert_int_not_equal(share_parse(b, n - 1, &t, &why), SQ_OK);
	}
	for (size_t i = 0; i < n; i++)
		assert_int_not_equal(share_parse(secret_cbytes(p), i, &t,
		    &why), SQ_OK);
	secret_free(p);
	drop(s, 2);
}

/* Right by its checksum, but no share: numbers that split never makes. */
static void
numbers(void **state)
{
	static const unsigned bad[][3] = { { 1, 3, 1 }, { 0, 3, 1 },
	    { 4, 3, 1 }, { 2, 17, 1 }, { 2, 3, 0 }, { 2, 3, 4 } };
	struct share s[2], t;
	struct secret *p;
	struct why why;

	(void)state;
	make(s, 2, 2, 7);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		s[0].need = bad[i][0];
		s[0].of = bad[i][1];
		s[0].x = bad[i][2];
		assert_int_equal(share_text(&s[0], &p), SQ_OK);
		assert_int_equal(share_parse(secret_cbytes(p), secret_len(p),
		    &t, &why), SQ_EFORMAT);
		secret_free(p);
	}
	drop(s, 2);
}

static void
says(const struct share *s, unsigned n, const char *what)
{
	struct secret *got = NULL;
	struct why why = { "" };

	assert_int_equal(share_join(s, n, &got, &why), SQ_EREFUSED);
	if (strstr(why.text, what) == NULL)
		fail_msg("«%s» is not in «%s»", what, why.text);
}

static void
joined(const struct share *s, unsigned n)
{
	struct secret *got = NULL;
	struct why why = { "" };

	assert_int_equal(share_join(s, n, &got, &why), SQ_OK);
	assert_true(secret_eq(got, secret_of_set));
	secret_free(got);
}

static void
join(void **state)
{
	struct share s[5], other[5], mix[5];

	(void)state;
	make(s, 3, 5, 1);
	make(other, 3, 5, 2);
	joined(s, 3);
	joined(s, 4);
	joined(s, 5);
	joined(s + 2, 3);
	says(s, 2, "2 shares are given, 3 are needed");
	says(s, 0, "no shares");
	memcpy(mix, s, sizeof(mix));
	mix[1] = s[0];
	says(mix, 3, "share 1 is given twice");
	mix[1] = other[1];
	says(mix, 3, "share 1 and share 2 are of two sets");
	mix[1] = s[1];
	mix[1].need = 2;
	says(mix, 3, "two sets");
	mix[1] = s[1];
	mix[1].log[0] ^= 1;
	says(mix, 3, "two vaults");
	/* a wrong one that says it is of the set, found by the others */
	mix[1] = s[1];
	mix[3].y = other[3].y;
	says(mix, 5, "share 4 is wrong");
	says(mix, 4, "do not agree");
	memcpy(mix, s, sizeof(mix));
	drop(s, 5);
	drop(other, 5);
}

static int
setup(void **state)
{
	(void)state;
	assert_int_equal(secret_init(), SQ_OK);
	return secret_random(SHAMIR_LEN, &secret_of_set) == SQ_OK ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	secret_free(secret_of_set);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(field),
		cmocka_unit_test(line),
		cmocka_unit_test(subsets),
		cmocka_unit_test(refused),
		cmocka_unit_test(spread),
		cmocka_unit_test(text),
		cmocka_unit_test(every_bit),
		cmocka_unit_test(numbers),
		cmocka_unit_test(join),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
