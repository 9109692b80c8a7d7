/*
 * Chinese renderings of names: characters to syllables to the sounds that they
 * may stand for.  See names_int.h for the sounds, docs/NAMES.md for the rules.
 */
#include <stdlib.h>
#include <string.h>

#include "vault/record/names_int.h"
#include "vault/record/text.h"

/* --- a syllable --------------------------------------------------------- */

struct rule {
	const char *py, *sounds;
};

/* What a syllable begins with; the longest first. */
static const struct rule initials[] = {
	{ "zh", "V" }, { "ch", "Q" }, { "sh", "X" }, { "b", "B" },
	{ "p", "P" }, { "m", "M" }, { "f", "F" }, { "d", "D" }, { "t", "T" },
	{ "n", "N" }, { "l", "L" }, { "g", "G" }, { "k", "K" }, { "h", "H" },
	{ "j", "J" }, { "q", "Q" }, { "x", "X" }, { "r", "R" }, { "z", "Z" },
	{ "c", "C" }, { "s", "S" }, { "y", "Y" }, { "w", "W" }, { NULL, NULL }
};

/* What it ends with, whatever the beginning. */
static const struct rule finals[] = {
	{ "a", "A" }, { "o", "O" }, { "e", "E" }, { "i", "I" }, { "u", "U" },
	{ "v", "U" }, { "ai", "E" }, { "ei", "E" }, { "ao", "O" },
	{ "ou", "O" }, { "an", "AN" }, { "en", "EN" }, { "ang", "AN%" },
	{ "eng", "EN%" }, { "ong", "ON%" }, { "ia", "A" }, { "ie", "E" },
	{ "iao", "O" }, { "iu", "YU" }, { "ian", "AN" }, { "in", "IN" },
	{ "iang", "AN%" }, { "ing", "IN%" }, { "iong", "ON%" }, { "ua", "UA" },
	{ "uo", "O" }, { "uai", "UE" }, { "ui", "UI" }, { "uan", "UAN" },
	{ "un", "UN" }, { "uang", "UAN%" }, { "ue", "O" }, { "ve", "O" },
	{ NULL, NULL }
};

/*
 * Whole syllables that are not the sum of their parts: those that render a
 * single consonant get the vowel that only fills it, written as a digit.
 */
static const struct rule whole[] = {
	{ "er", "R" }, { "yi", "I" }, { "wu", "U" }, { "yin", "IN" },
	{ "ying", "IN%" }, { "you", "YU" }, { "wei", "WI" }, { "a", "A" },
	{ "ai", "E" }, { "e", "E" }, { "ou", "O" }, { "ao", "O" },
	{ "bian", "BEN" }, { "pian", "PEN" }, { "mian", "MEN" },
	{ "dian", "DEN" }, { "tian", "TEN" }, { "nian", "NEN" },
	{ "lian", "LEN" }, { "ke", "K3" }, { "te", "T3" }, { "de", "D3" },
	{ "ge", "G3" }, { "le", "L3" }, { "ze", "Z3" }, { "se", "S3" },
	{ "he", "H3" }, { "si", "S1" }, { "zi", "Z1" }, { "ci", "C1" },
	{ "zha", "ZA" },
	{ "shi", "X1" }, { "zhi", "V1" }, { "chi", "Q1" }, { "ri", "R1" },
	{ "mu", "M2" }, { "bu", "B2" }, { "pu", "P2" }, { "fu", "F2" },
	{ "ti", "T1" }, { "li", "L1" }, { "di", "D1" }, { "qi", "Q1" },
	{ "ji", "J1" }, { "xi", "X1" }, { "ku", "K2" }, { NULL, NULL }
};

static const char *
rule_of(const struct rule *r, const char *py)
{
	for (; r->py != NULL; r++)
		if (strcmp(r->py, py) == 0)
			return r->sounds;
	return NULL;
}

/* see names_int.h */
bool
names_han_syllable(const char *py, struct names_reading *r)
{
	const struct rule *in;
	const char *s = rule_of(whole, py);
	size_t n = 0;

	if (s != NULL) {
		names_reading_put(r, s);
		return true;
	}
	for (in = initials; in->py != NULL; in++)
		if (strncmp(py, in->py, n = strlen(in->py)) == 0)
			break;
	if (in->py == NULL)
		n = 0;
	if ((s = rule_of(finals, py + n)) == NULL)
		return false;
	if (n > 0)
		names_reading_put(r, in->sounds);
	names_reading_put(r, s);
	return true;
}

/* --- pinyin ------------------------------------------------------------- */

/* Part s[0..n) into syllables, the longest first; how many, or 0. */
static unsigned
part(const char *s, size_t n, const char **syl, unsigned at, unsigned max)
{
	unsigned got;
	size_t len;

	if (n == 0)
		return at;
	if (at == max)
		return 0;
	for (const char *const *p = names_data_syllables; *p != NULL; p++) {
		len = strlen(*p);
		if (len > n || memcmp(s, *p, len) != 0)
			continue;
		syl[at] = *p;
		if ((got = part(s + len, n - len, syl, at + 1, max)) > 0)
			return got;
	}
	return 0;
}

/* see names_int.h */
bool
names_han_pinyin(const char *s, size_t n, struct names_reading *r)
{
	const char *syl[10];
	unsigned k;

	if (n > 30 || (k = part(s, n, syl, 0, 10)) == 0)
		return false;
	for (unsigned i = 0; i < k; i++)
		if (!names_han_syllable(syl[i], r))
			return false;
	return true;
}

/* --- characters --------------------------------------------------------- */

#define CHARS 2048

static struct names_char table[CHARS];
static size_t n_table;

static int
char_cmp(const void *a, const void *b)
{
	const struct names_char *x = a, *y = b;

	return (x->c > y->c) - (x->c < y->c);
}

static void
fill(void)
{
	const struct names_chars *d;

	for (d = names_data_chars; d->py != NULL; d++) {
		const uint8_t *p = (const uint8_t *)d->chars;
		size_t n = strlen(d->chars);

		for (size_t at = 0; at < n && n_table < CHARS; n_table++) {
			at += text_char(p + at, n - at, &table[n_table].c);
			table[n_table].py = d->py;
		}
	}
	qsort(table, n_table, sizeof(*table), char_cmp);
}

/* see names_int.h */
const char *
names_han_of(uint32_t c)
{
	const struct names_char key = { c, NULL }, *at;

	if (n_table == 0)
		fill();
	at = bsearch(&key, table, n_table, sizeof(*table), char_cmp);
	return at == NULL ? NULL : at->py;
}

/* see names_int.h */
const char *
names_han_surname(const uint32_t *w, size_t n, size_t *ret_used)
{
	const struct names_surname *d;

	for (d = names_data_surnames; d->chars != NULL; d++) {
		const uint8_t *p = (const uint8_t *)d->chars;
		size_t len = strlen(d->chars), at = 0, k = 0;
		uint32_t c;

		for (; at < len && k < n; k++) {
			size_t one = text_char(p + at, len - at, &c);

			if (c != w[k])
				break;
			at += one;
		}
		/* a surname alone is no name */
		if (at == len && k < n) {
			*ret_used = k;
			return d->py;
		}
	}
	return NULL;
}
