#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <ctype.h>

#include <cmocka.h>

#include "crypto/words.h"
#include "tests/unit/vec.h"

/*
 * A sheet whose check words were computed with Python's hashlib from the
 * definition in words.h; its groups hold each hyphenated word of the list.
 */
#define SHEET_WORDS \
	SHEET_G1, SHEET_G2, SHEET_G3, SHEET_G4, SHEET_G5
#define SHEET_G1 "drop-down", "zoom", "abacus", "slicing"
#define SHEET_G2 "felt-tip", "down", "clay", "relapse"
#define SHEET_G3 "rival", "t-shirt", "shirt", "defendant"
#define SHEET_G4 "yo-yo", "yoyo", "saddled", "blot"
#define SHEET_G5 "anthem", "cargo", "pebble", "affiliate"
static const char *const sheet[WORDS_SHEET] = { SHEET_WORDS };

/* A simple generator with a fixed seed, so that a failure can be repeated. */
static uint32_t seed;

static uint32_t
next(uint32_t n)
{
	seed = seed * 1664525u + 1013904223u;
	return (uint32_t)(((uint64_t)seed * n) >> 32);
}

/* Join words with the separator; static memory. */
static const char *
joined(const char *const *word, size_t n, const char *between)
{
	static char text[4096];
	size_t len = 0;

	for (size_t i = 0; i < n; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
		    "%s%s", i > 0 ? between : "", word[i]);
	return text;
}

/* True if the text is read as the sheet above. */
static bool
reads(const char *text, struct why *why)
{
	struct secret *code = NULL;
	const char *want;
	enum sq_err e;
	bool same;

	memset(why, 0, sizeof(*why));
	e = words_sheet_parse(text, strlen(text), &code, why);
	if (e != SQ_OK) {
		assert_int_equal(e, SQ_EFORMAT);
		assert_null(code);
		assert_string_not_equal(why->text, "");
		return false;
	}
	want = joined(sheet, WORDS_SHEET, " ");
	same = secret_len(code) == strlen(want) &&
	    memcmp(secret_cbytes(code), want, strlen(want)) == 0;
	secret_free(code);
	return same;
}

/* The text is refused, and the reason holds these words. */
static void
refused(const char *text, const char *because)
{
	struct why why;

	assert_false(reads(text, &why));
	if (strstr(why.text, because) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", why.text, because);
}

/* The list: 7,776 words, sorted, distinct, plain, and each found. */
static void
list_is_sound(void **state)
{
	const char *w, *before = "";

	(void)state;
	for (uint32_t i = 0; i < WORDS_COUNT; i++) {
		w = words_get(i);
		assert_non_null(w);
		assert_true(strcmp(before, w) < 0);
		assert_in_range(strlen(w), 3, WORDS_LONGEST);
		assert_int_equal(strspn(w, "abcdefghijklmnopqrstuvwxyz-"),
		    strlen(w));
		assert_int_equal(words_find(w, strlen(w)), i);
		before = w;
	}
	assert_null(words_get(WORDS_COUNT));
	assert_null(words_get(UINT32_MAX));
	assert_string_equal(words_get(0), "abacus");
	assert_string_equal(words_get(WORDS_COUNT - 1), "zoom");
}

/* Beginnings, extensions and foreign text are not words. */
static void
other_text_is_not_found(void **state)
{
	static const char *const no[] = { "", "a", "ab", "abacu", "abacuss",
	    "zoo", "zooms", "zzz", "Abacus", "abacus ", " abacus", "-",
	    "drop", "down-drop", "felt", "t-", "xylophones" };

	(void)state;
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		assert_int_equal(words_find(no[i], strlen(no[i])), -1);
	assert_int_equal(words_find("abacus\0", 7), -1);
	assert_int_equal(words_find("ab\0cus", 6), -1);
	assert_int_equal(words_find("abacusxyz", 6), 0);
}

/*
 * What the reading of hyphens rests on: no first half of a hyphenated word is
 * a word of its own.
 */
static void
hyphens_are_unambiguous(void **state)
{
	const char *hyphen;
	unsigned n = 0;

	(void)state;
	for (uint32_t i = 0; i < WORDS_COUNT; i++)
		if ((hyphen = strchr(words_get(i), '-')) != NULL) {
			assert_int_equal(words_find(words_get(i),
			    (size_t)(hyphen - words_get(i))), -1);
			n++;
		}
	assert_int_equal(n, 4);
}

/* n words of the list, one space between, never twice the same. */
static void
passphrases(void **state)
{
	struct secret *a = NULL, *b = NULL;
	const char *p, *end, *space;
	unsigned words;

	(void)state;
	for (unsigned n = 1; n <= WORDS_PASS_MAX; n++) {
		assert_int_equal(words_passphrase(n, &a), SQ_OK);
		p = (const char *)secret_cbytes(a);
		end = p + secret_len(a);
		for (words = 1;; words++, p = space + 1) {
			space = memchr(p, ' ', (size_t)(end - p));
			if (space == NULL)
				break;
			assert_true(words_find(p, (size_t)(space - p)) >= 0);
		}
		assert_true(words_find(p, (size_t)(end - p)) >= 0);
		assert_int_equal(words, n);
		if (n >= 6) {
			assert_int_equal(words_passphrase(n, &b), SQ_OK);
			assert_false(secret_eq(a, b));
			secret_free(b);
		}
		secret_free(a);
		a = NULL;
	}
	assert_int_equal(words_passphrase(0, &a), SQ_ELIMIT);
	assert_int_equal(words_passphrase(WORDS_PASS_MAX + 1, &a), SQ_ELIMIT);
	assert_null(a);
}

/* A new sheet reads back as itself, and no two are alike. */
static void
new_sheets_read_back(void **state)
{
	struct secret *a = NULL, *b = NULL, *last = NULL;

	(void)state;
	for (int i = 0; i < 200; i++) {
		assert_int_equal(words_sheet_new(&a), SQ_OK);
		assert_int_equal(words_sheet_parse((const char *)
		    secret_cbytes(a), secret_len(a), &b, NULL), SQ_OK);
		assert_true(secret_eq(a, b));
		if (last != NULL)
			assert_false(secret_eq(a, last));
		secret_free(b);
		secret_free(last);
		last = a;
	}
	secret_free(last);
}

/* The check words are those of the definition, by another program. */
static void
check_words_of_the_definition(void **state)
{
	struct why why;

	(void)state;
	assert_true(reads(joined(sheet, WORDS_SHEET, " "), &why));
}

/* What does not matter is forgiven. */
static void
forgiving(void **state)
{
	static const char *const between[] = { "  ", "\t", "\n", "\r\n", "-",
	    " - ", ", ", "; ", "\xC2\xA0", "\xE2\x80\x90", "\xE2\x80\x94",
	    " \xE2\x80\x93 " };
	static const char *const number[] = { "%d ", "%d. ", "%d.", "%d) ",
	    "(%d) ", "%d: ", "%d.\t", "%d - " };
	char text[8192];
	struct why why;
	size_t n;

	(void)state;
	for (size_t i = 0; i < sizeof(between) / sizeof(between[0]); i++)
		assert_true(reads(joined(sheet, WORDS_SHEET, between[i]),
		    &why));
	for (size_t i = 0; i < sizeof(number) / sizeof(number[0]); i++) {
		n = 0;
		for (int g = 0; g < 5; g++) {
			n += (size_t)snprintf(text + n, sizeof(text) - n,
			    number[i], g + 1);
			n += (size_t)snprintf(text + n, sizeof(text) - n,
			    "%s\n", joined(sheet + 4 * g, 4, "  "));
		}
		assert_true(reads(text, &why));
	}
	(void)snprintf(text, sizeof(text), "\n\n  %s \n",
	    joined(sheet, WORDS_SHEET, "\n"));
	for (size_t i = 0; text[i] != '\0'; i++)
		text[i] = (char)toupper((unsigned char)text[i]);
	assert_true(reads(text, &why));
}

/*
 * A word replaced by another of the list: its group is named, and no word is
 * repeated in the message.  By construction one change in 7,776 passes: of
 * 20 * 1,500 seeded changes about 4; more than 16 would be a fault.
 */
static void
one_word_changed(void **state)
{
	const char *word[WORDS_SHEET];
	char want[64];
	struct why why;
	struct secret *code = NULL;
	unsigned missed = 0, tried = 0;
	const char *text;
	uint32_t other;

	(void)state;
	seed = 20260314;
	for (unsigned i = 0; i < WORDS_SHEET; i++)
		for (int k = 0; k < 1500; k++) {
			memcpy(word, sheet, sizeof(word));
			other = next(WORDS_COUNT);
			word[i] = words_get(other);
			if (strcmp(word[i], sheet[i]) == 0)
				continue;
			tried++;
			text = joined(word, WORDS_SHEET, " ");
			if (words_sheet_parse(text, strlen(text), &code,
			    &why) == SQ_OK) {
				secret_free(code);
				missed++;
				continue;
			}
			(void)snprintf(want, sizeof(want),
			    "group %u does not fit its check word", i / 4 + 1);
			assert_int_equal(strncmp(why.text, want,
			    strlen(want)), 0);
		}
	print_message("%u of %u single changes passed (expected %.1f)\n",
	    missed, tried, tried / 7776.0);
	assert_in_range(missed, 0, 16);
	assert_true(tried > 29900);
}

/* Two words of the sheet exchanged, each of the 190 pairs. */
static void
words_exchanged(void **state)
{
	const char *word[WORDS_SHEET];
	char want[64];
	struct why why;

	(void)state;
	for (unsigned i = 0; i < WORDS_SHEET; i++)
		for (unsigned k = 0; k < i; k++) {
			memcpy(word, sheet, sizeof(word));
			word[i] = sheet[k];
			word[k] = sheet[i];
			assert_false(reads(joined(word, WORDS_SHEET, " "),
			    &why));
			if (i / 4 == k / 4)
				(void)snprintf(want, sizeof(want),
				    "group %u does", i / 4 + 1);
			else
				(void)snprintf(want, sizeof(want),
				    "groups %u, %u do", k / 4 + 1, i / 4 + 1);
			assert_int_equal(strncmp(why.text, want,
			    strlen(want)), 0);
		}
}

/* Two whole groups exchanged, each of the ten pairs. */
static void
groups_exchanged(void **state)
{
	const char *word[WORDS_SHEET];
	char want[64];

	(void)state;
	for (unsigned i = 0; i < WORDS_GROUPS; i++)
		for (unsigned k = 0; k < i; k++) {
			memcpy(word, sheet, sizeof(word));
			memcpy(word + 4 * i, sheet + 4 * k,
			    4 * sizeof(word[0]));
			memcpy(word + 4 * k, sheet + 4 * i,
			    4 * sizeof(word[0]));
			(void)snprintf(want, sizeof(want), "groups %u, %u do",
			    k + 1, i + 1);
			refused(joined(word, WORDS_SHEET, " "), want);
		}
}

/* A word left out, written twice, or misspelt is located. */
static void
words_missing_or_misspelt(void **state)
{
	const char *word[WORDS_SHEET + 1];
	char want[64], bad[16];

	(void)state;
	for (unsigned i = 0; i < WORDS_SHEET; i++) {
		memcpy(word, sheet, i * sizeof(word[0]));
		memcpy(word + i, sheet + i + 1,
		    (WORDS_SHEET - 1 - i) * sizeof(word[0]));
		refused(joined(word, WORDS_SHEET - 1, " "),
		    "19 words were read");
		memcpy(word + i, sheet + i,
		    (WORDS_SHEET - i) * sizeof(word[0]));
		memcpy(word + i + 1, sheet + i,
		    (WORDS_SHEET - i) * sizeof(word[0]));
		refused(joined(word, WORDS_SHEET + 1, " "),
		    "21 words were read");
		memcpy(word, sheet, sizeof(sheet));
		(void)snprintf(bad, sizeof(bad), "q%s", sheet[i]);
		word[i] = bad;
		(void)snprintf(want, sizeof(want), "word %u of group %u is "
		    "not in the word list", i % 4 + 1, i / 4 + 1);
		refused(joined(word, WORDS_SHEET, " "), want);
	}
}

/* Numbers of groups must be right, and find a word that is missing. */
static void
wrong_numbers(void **state)
{
	(void)state;
	refused("2. abacus", "group 2 stands where group 1 is expected");
	refused("1. abacus 2. abacus", "look at group 1 again");
	refused("1. abacus zoom zoom zoom zoom 2.", "look at group 1 again");
	refused("1. zoom zoom zoom zoom 3.", "group 3 stands where group 2");
	refused("zoom 1. zoom", "stand before group 1");
	refused("6. zoom", "numbered 1 to 5");
	refused("0. zoom", "numbered 1 to 5");
	refused("11. zoom", "numbered 1 to 5");
	refused("zo0m", "word 1 of group 1");
	refused("99999999999999999999", "numbered 1 to 5");
}

/* Anything else is refused in words, without reading out of bounds. */
static void
foreign_text(void **state)
{
	static char large[5000];
	struct secret *code = NULL;
	struct why why;

	(void)state;
	refused("", "no words");
	refused("   \n\n - ", "0 words were read");
	refused("abacus", "1 words were read");
	refused("drop", "word 1 of group 1");
	refused("abacus drop", "word 2 of group 1");
	refused("abacusabacusabacus", "word 1 of group 1");
	refused("abacus zoom!", "after word 2");
	refused("\xD1\x81\xD0\xB0\xD0\xBD", "after word 0");
	refused("abacus\xE2", "after word 1");
	refused("abacus\xE2\x80", "after word 1");
	refused("abacus\xC2", "after word 1");
	assert_int_equal(words_sheet_parse("abacus\0zoom", 11, &code, &why),
	    SQ_EFORMAT);
	memset(large, ' ', sizeof(large));
	assert_int_equal(words_sheet_parse(large, sizeof(large), &code, NULL),
	    SQ_ELIMIT);
	memset(large, 'z', 4096);
	assert_int_equal(words_sheet_parse(large, 4096, &code, &why),
	    SQ_EFORMAT);
	for (size_t i = 0; i + 5 <= 4095; i += 5)
		memcpy(large + i, "zoom ", 5);
	assert_int_equal(words_sheet_parse(large, 4095, &code, &why),
	    SQ_EFORMAT);
	assert_non_null(strstr(why.text, "819 words were read"));
	assert_null(code);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(list_is_sound),
		cmocka_unit_test(other_text_is_not_found),
		cmocka_unit_test(hyphens_are_unambiguous),
		cmocka_unit_test(passphrases),
		cmocka_unit_test(new_sheets_read_back),
		cmocka_unit_test(check_words_of_the_definition),
		cmocka_unit_test(forgiving),
		cmocka_unit_test(one_word_changed),
		cmocka_unit_test(words_exchanged),
		cmocka_unit_test(groups_exchanged),
		cmocka_unit_test(words_missing_or_misspelt),
		cmocka_unit_test(wrong_numbers),
		cmocka_unit_test(foreign_text),
	};

	return cmocka_run_group_tests_name("words", tests, vec_setup, NULL);
}
