/*
 * What the files of names.h share: readings, the sounds they are written in,
 * and the tables of Chinese.  Included by names*.c only.
 *
 * A reading is a string of sounds, one byte each:
 *   p b f w t d s z x c j k q g h r l m n y   consonants (x: sh, c: ch, j: j
 *		and zh, w: v too, h: kh too, q: the deep k)
 *   a @ e i o u				vowels (@: ä)
 *   P B F T D S Z V X C J Q K G H R L M N Y W	of a Chinese rendering, which
 *		may stand for several (V: zh, Q: ch or q, C: c, X: sh or x)
 *   A E I O U, 1 2 3				its vowels; those that often
 *		only fill a syllable (i, u, e)
 *   %	a g that may be part of ng		+  a patronymic ending
 */
#ifndef SQ_VAULT_RECORD_NAMES_INT_H
#define SQ_VAULT_RECORD_NAMES_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vault/record/names.h"

#define NAMES_READING_MAX 64	/* sounds of one word, with NUL */
#define NAMES_WORD_MAX 48	/* characters of one word */

enum names_script {
	NAMES_NONE,
	NAMES_LATIN,
	NAMES_CYRILLIC,
	NAMES_ARABIC,
	NAMES_HAN,
	NAMES_OTHER
};

/* A reading under way: what does not fit is left off. */
struct names_reading {
	char s[NAMES_READING_MAX];
	size_t n;
};

/** names_reading_put(r, s): append the sounds of ${s}; none twice in a row. */
void names_reading_put(struct names_reading *r, const char *s);

/**
 * names_read_latin(w, n, soft, r):
 * Read the characters ${w}, case-folded, as any of the Latin alphabets: c as
 * in Turkish, q and x as in Kazakh and ULY; or with ${soft} c as in English,
 * q and x as in the New Script of before 1983.
 */
void names_read_latin(const uint32_t *w, size_t n, bool soft,
    struct names_reading *r);

/**
 * names_read_cyrillic(w, n, chinese, r):
 * Of Kazakh, Uyghur, Russian and kin; with ${chinese} as Russian writes names
 * of Chinese.
 */
void names_read_cyrillic(const uint32_t *w, size_t n, bool chinese,
    struct names_reading *r);

/** names_read_arabic(w, n, r): of Uyghur and Kazakh, Persian if need be. */
void names_read_arabic(const uint32_t *w, size_t n, struct names_reading *r);

/** names_read_ending(r): a patronymic ending becomes +. */
void names_read_ending(struct names_reading *r);

/**
 * names_han_pinyin(s, n, r):
 * Read a Latin word as pinyin; false unless all of it is syllables.
 */
bool names_han_pinyin(const char *s, size_t n, struct names_reading *r);

/**
 * names_han_syllable(py, r):
 * Append what a syllable of pinyin, without tone, stands for in a name;
 * false if there is no such syllable.
 */
bool names_han_syllable(const char *py, struct names_reading *r);

/** names_han_of(c): the reading of a character in names; NULL if not here. */
const char *names_han_of(uint32_t c);

/**
 * names_han_surname(w, n, ret_used):
 * Where the word begins with a surname that is read unlike its character: its
 * syllables, parted by a space, and how many characters it is.  NULL if not.
 */
const char *names_han_surname(const uint32_t *w, size_t n, size_t *ret_used);

/** names_minor(s, n): a title or particle: Haji, aka, uly, bin ... */
bool names_minor(const char *s, size_t n);

struct names_char {
	uint32_t c;
	const char *py;
};

struct names_chars {
	const char *py;
	const char *chars;	/* UTF-8 */
};

/* Readings of the characters of names, by syllable; ends with NULL. */
extern const struct names_chars names_data_chars[];

struct names_surname {
	const char *chars;
	const char *py;
};

/* Surnames not read as their characters elsewhere; ends with NULL. */
extern const struct names_surname names_data_surnames[];

/* Every syllable of pinyin, without tones, ü as v; ends with NULL. */
extern const char *const names_data_syllables[];

/** names_score_init(): the table of costs, once. */
void names_score_init(void);

#endif
