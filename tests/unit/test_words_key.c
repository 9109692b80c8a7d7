/*
 * A recovery key as words: there and back, forgiving what does not matter, and
 * naming the group that does not fit.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "crypto/bytes.h"
#include "crypto/digest.h"
#include "crypto/words.h"

/* The words of a key of 32 bytes, NUL-terminated. */
static void
words_of(const uint8_t raw[32], char *out, size_t cap)
{
	struct secret *key = NULL, *w = NULL;

	assert_int_equal(secret_copy(raw, 32, &key), SQ_OK);
	assert_int_equal(words_key(key, &w), SQ_OK);
	assert_true(secret_len(w) < cap);
	memcpy(out, secret_cbytes(w), secret_len(w));
	out[secret_len(w)] = '\0';
	secret_free(key);
	secret_free(w);
}

static enum sq_err
back(const char *s, const uint8_t want[32], struct why *why)
{
	struct secret *key = NULL;
	enum sq_err e = words_key_parse(s, strlen(s), &key, why);

	if (e == SQ_OK) {
		assert_int_equal(secret_len(key), 32);
		assert_memory_equal(secret_cbytes(key), want, 32);
	} else
		assert_null(key);
	secret_free(key);
	return e;
}

static void
test_round(void **state)
{
	uint8_t raw[32];
	char s[512];
	size_t spaces;

	(void)state;
	for (unsigned k = 0; k < 200; k++) {
		for (unsigned i = 0; i < 32; i++)
			raw[i] = k == 0 ? 0 : k == 1 ? 0xFF :
			    (uint8_t)(k * 131 + i * 37 * k + (i * i));
		words_of(raw, s, sizeof(s));
		spaces = 0;
		for (const char *p = s; *p != '\0'; p++)
			spaces += *p == ' ';
		assert_int_equal(spaces, 24);
		assert_int_equal(back(s, raw, NULL), SQ_OK);
	}
	/* zero is twenty times the first word, but for the checks */
	memset(raw, 0, sizeof(raw));
	words_of(raw, s, sizeof(s));
	assert_memory_equal(s, words_get(0), strlen(words_get(0)));
}

/* Worked out by other means: big integers, and b2sum -l 256 for the checks. */
static void
test_known(void **state)
{
	static const char want[] = "abacus amniotic starring shabby curtly "
	    "kilometer chaffing sugar gnat freemason lived operating unstuck "
	    "secluded exchange payee attention foe multitude paralegal "
	    "heroism crucial mumbo muster undertake";
	uint8_t raw[32];
	char s[512];

	(void)state;
	for (unsigned i = 0; i < 32; i++)
		raw[i] = (uint8_t)i;
	words_of(raw, s, sizeof(s));
	assert_string_equal(s, want);
	assert_int_equal(back(want, raw, NULL), SQ_OK);
}

static void
test_forgiven(void **state)
{
	uint8_t raw[32];
	char s[512], t[1024];
	unsigned n = 0;
	size_t at = 0;

	(void)state;
	for (unsigned i = 0; i < 32; i++)
		raw[i] = (uint8_t)(i * 7 + 1);
	words_of(raw, s, sizeof(s));
	/* as a sheet: numbers, lines, upper case */
	at = (size_t)snprintf(t, sizeof(t), "  1.  ");
	for (const char *p = s; *p != '\0'; p++) {
		if (*p == ' ' && ++n % 5 == 0)
			at += (size_t)snprintf(t + at, sizeof(t) - at,
			    "\r\n  %u.  ", n / 5 + 1);
		else
			t[at++] = *p >= 'a' && *p <= 'z' ? (char)(*p - 32) :
			    *p;
	}
	t[at] = '\0';
	assert_int_equal(back(t, raw, NULL), SQ_OK);
}

static void
test_damaged(void **state)
{
	struct why why = { "" };
	uint8_t raw[32];
	char s[512], t[5001];
	const char *p, *q;
	struct secret *key = NULL;

	(void)state;
	for (unsigned i = 0; i < 32; i++)
		raw[i] = (uint8_t)(200 - i * 5);
	words_of(raw, s, sizeof(s));
	/* another word in group 2 */
	p = s;
	for (unsigned i = 0; i < 6; i++)
		p = strchr(p, ' ') + 1;
	q = strchr(p, ' ');
	(void)snprintf(t, sizeof(t), "%.*szoom%s", (int)(p - s), s, q);
	assert_int_equal(back(t, raw, &why), SQ_EFORMAT);
	assert_non_null(strstr(why.text, "group 2"));
	/* two words of a group changed places */
	(void)snprintf(t, sizeof(t), "%.*s %.*s%s", (int)(strchr(q + 1, ' ') -
	    q - 1), q + 1, (int)(q - p), p, strchr(q + 1, ' '));
	assert_int_not_equal(back(t, raw, &why), SQ_OK);
	/* one missing, one too many, one that is none, nothing */
	assert_int_equal(back(strchr(s, ' ') + 1, raw, &why), SQ_EFORMAT);
	assert_non_null(strstr(why.text, "24 words"));
	(void)snprintf(t, sizeof(t), "%s zoom", s);
	assert_int_equal(back(t, raw, &why), SQ_EFORMAT);
	(void)snprintf(t, sizeof(t), "qqqq %s", s);
	assert_int_equal(back(t, raw, &why), SQ_EFORMAT);
	assert_non_null(strstr(why.text, "word 1"));
	assert_int_equal(back("", raw, &why), SQ_EFORMAT);
	/* longer than any word, and more text than a sheet has */
	(void)snprintf(t, sizeof(t), "abcdefghijklmnop %s", s);
	assert_int_equal(back(t, raw, &why), SQ_EFORMAT);
	assert_non_null(strstr(why.text, "word 1"));
	memset(t, ' ', sizeof(t) - 1);
	t[sizeof(t) - 1] = '\0';
	assert_int_equal(words_key_parse(t, 5000, &key, &why), SQ_ELIMIT);
	assert_null(key);
	/* a recovery sheet of the other kind */
	assert_int_equal(back("drier trodden suggest ammonium", raw, &why),
	    SQ_EFORMAT);
}

/* Twenty words say more than 256 bits: what is above is no key. */
static void
test_above(void **state)
{
	struct why why = { "" };
	struct secret *short_key = NULL, *words = NULL;
	uint8_t h[32], raw[32] = { 0 };
	char s[512] = "", four[64];
	struct bytes_buf b = { 0 };
	uint64_t v;

	(void)state;
	for (unsigned g = 1; g <= 5; g++) {
		/* the check of a group, as words.h says */
		(void)snprintf(four, sizeof(four), "%s %s %s %s",
		    words_get(7775), words_get(7775), words_get(7775),
		    words_get(7775));
		bytes_puts(&b, "sandyq/recovery-key/1");
		bytes_put_u8(&b, (uint8_t)g);
		bytes_puts(&b, four);
		digest_blake2b(h, sizeof(h), NULL, (struct digest_part[]){
		    { b.p, b.len } }, 1);
		b.len = 0;
		v = 0;
		for (unsigned i = 0; i < 8; i++)
			v = v << 8 | h[i];
		(void)snprintf(s + strlen(s), sizeof(s) - strlen(s), "%s%s %s",
		    g > 1 ? " " : "", four, words_get((uint32_t)(v % 7776)));
	}
	bytes_free(&b);
	assert_int_equal(back(s, raw, &why), SQ_EFORMAT);
	assert_non_null(strstr(why.text, "no recovery key"));
	/* and a key of another length has no words */
	assert_int_equal(secret_copy(raw, 31, &short_key), SQ_OK);
	assert_int_not_equal(words_key(short_key, &words), SQ_OK);
	assert_null(words);
	secret_free(short_key);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round),
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_forgiven),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_above),
	};

	if (secret_init() != SQ_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
