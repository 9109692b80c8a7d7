/*
 * The alphabets: letters to sounds.  What two spellings of one language write
 * differently must come out alike; what they cannot tell apart (Kazakh y and i,
 * u and w in Arabic letters) is left to the distance.
 */
#include <string.h>

#include "vault/record/names_int.h"

/* see names_int.h */
void
names_reading_put(struct names_reading *r, const char *s)
{
	for (; *s != '\0'; s++) {
		if (r->n > 0 && r->s[r->n - 1] == *s)
			continue;	/* doubled letters are one */
		if (r->n + 1 < NAMES_READING_MAX)
			r->s[r->n++] = *s;
	}
	r->s[r->n] = '\0';
}

struct letter {
	uint32_t c;
	const char *sounds;
};

static const char *
letter_of(const struct letter *t, uint32_t c)
{
	for (; t->c != 0; t++)
		if (t->c == c)
			return t->sounds;
	return NULL;
}

/* --- Latin -------------------------------------------------------------- */

/*
 * Letters with marks and of their own, of Kazakh (2021 and the drafts before),
 * Uyghur (ULY, and the New Script of before 1983), Turkish and kin, as a letter
 * of the rules below: capitals are sounds already.
 */
static const struct letter latin_marks[] = {
	{ 0xe4, "@" }, { 0x259, "@" }, { 0xe6, "@" }, { 0x275, "o" },
	{ 0xf8, "o" }, { 0xfc, "u" }, { 0xfd, "u" }, { 0x131, "i" },
	{ 0xe7, "C" }, { 0x107, "C" }, { 0x10d, "C" }, { 0x15b, "S" },
	{ 0x15f, "S" }, { 0x161, "S" }, { 0x17c, "J" }, { 0x17e, "J" },
	{ 0x1a3, "g" }, { 0x14b, "n" }, { 0x142, "l" }, { 0x111, "d" },
	{ 0x2c68, "h" }, { 0x2c6a, "q" }, { 0x2c6c, "J" }, { 0, NULL }
};

struct spelling {
	const char *letters, *sounds;
};

/* Groups of letters, the longest first where one begins another. */
static const struct spelling latin_groups[] = {
	{ "shch", "x" }, { "tsch", "c" }, { "dzh", "j" }, { "sch", "x" },
	{ "tch", "c" }, { "tzh", "tj" }, { "tsh", "tx" }, { "zh", "j" },
	{ "sh", "x" }, { "ch", "c" }, { "kh", "h" }, { "gh", "g" },
	{ "ph", "f" }, { "th", "t" }, { "dj", "j" }, { "ts", "s" },
	{ "tz", "s" }, { "ck", "k" }, { "ee", "i" }, { "oo", "u" },
	{ "ou", "u" }, { NULL, NULL }
};

static bool
vowel(char c)
{
	return c != '\0' && strchr("aeiou@y", c) != NULL;
}

/* The letters of a word as bytes: a-z, or a capital or @ of the tables. */
static size_t
latin_letters(const uint32_t *w, size_t n, char *out, size_t cap)
{
	const char *s;
	size_t k = 0;

	for (size_t i = 0; i < n && k + 1 < cap; i++) {
		if (w[i] >= 'a' && w[i] <= 'z')
			out[k++] = (char)w[i];
		else if ((s = letter_of(latin_marks, w[i])) != NULL && *s)
			out[k++] = *s;
	}
	out[k] = '\0';
	return k;
}

/* One letter that is part of no group. */
static void
latin_one(const char *s, char before, bool soft, struct names_reading *r)
{
	char one[2] = { *s, '\0' };

	switch (*s) {
	case 'v':
		one[0] = 'w';
		break;
	case 'x':
		one[0] = soft ? 'x' : 'h';
		break;
	case 'q':
		one[0] = soft ? 'c' : 'q';
		break;
	case 'C':
		one[0] = 'c';
		break;
	case 'S':
		one[0] = 'x';
		break;
	case 'J':
		one[0] = 'j';
		break;
	case 'c':
		one[0] = !soft ? 'j' : vowel(s[1]) && s[1] != 'a' &&
		    s[1] != 'o' && s[1] != 'u' ? 's' : 'k';
		break;
	case 'y':
		if (!vowel(before) && !vowel(s[1]))
			one[0] = 'i';
		break;
	default:
		break;
	}
	names_reading_put(r, one);
}

/* see names_int.h */
void
names_read_latin(const uint32_t *w, size_t n, bool soft,
    struct names_reading *r)
{
	char s[NAMES_WORD_MAX + 1];
	size_t k = latin_letters(w, n, s, sizeof(s)), len;

	/* Abdullah, Fatimah: written, not spoken */
	if (k > 4 && s[k - 1] == 'h' && (s[k - 2] == 'a' || s[k - 2] == 'e'))
		k--;
	for (size_t i = 0; i < k; i += len) {
		const struct spelling *g;

		for (g = latin_groups; g->letters != NULL; g++)
			if (strncmp(s + i, g->letters,
			    len = strlen(g->letters)) == 0)
				break;
		if (g->letters != NULL) {
			names_reading_put(r, g->sounds);
			continue;
		}
		len = 1;
		if (s[i] == 'n' && s[i + 1] == 'g' && s[i + 2] != 'h') {
			names_reading_put(r, vowel(s[i + 2]) ? "n%" : "n");
			len = 2;
			continue;
		}
		latin_one(s + i, i > 0 ? s[i - 1] : '\0', soft, r);
	}
}

/* --- Cyrillic ----------------------------------------------------------- */

static const struct letter cyrillic[] = {
	{ 0x430, "a" }, { 0x431, "b" }, { 0x432, "w" }, { 0x433, "g" },
	{ 0x434, "d" }, { 0x435, "e" }, { 0x436, "j" }, { 0x437, "z" },
	{ 0x438, "i" }, { 0x439, "y" }, { 0x43a, "k" }, { 0x43b, "l" },
	{ 0x43c, "m" }, { 0x43d, "n" }, { 0x43e, "o" }, { 0x43f, "p" },
	{ 0x440, "r" }, { 0x441, "s" }, { 0x442, "t" }, { 0x443, "u" },
	{ 0x444, "f" }, { 0x445, "h" }, { 0x446, "s" }, { 0x447, "c" },
	{ 0x448, "x" }, { 0x449, "x" }, { 0x44a, "" }, { 0x44b, "i" },
	{ 0x44c, "" }, { 0x44d, "e" }, { 0x44e, "yu" }, { 0x44f, "ya" },
	{ 0x451, "yo" }, { 0x454, "e" }, { 0x456, "i" }, { 0x457, "i" },
	{ 0x45e, "w" }, { 0x493, "g" }, { 0x497, "j" }, { 0x49b, "q" },
	{ 0x4a3, "n" }, { 0x4af, "u" }, { 0x4b1, "u" }, { 0x4b3, "h" },
	{ 0x4b7, "j" }, { 0x4bb, "h" }, { 0x4d9, "@" }, { 0x4e9, "o" },
	{ 0x4e3, "i" }, { 0x4ef, "u" }, { 0x491, "g" }, { 0, NULL }
};

static bool
cyrillic_vowel(uint32_t c)
{
	const char *s = letter_of(cyrillic, c);

	return s != NULL && *s != '\0' && vowel(s[strlen(s) - 1]);
}

/* see names_int.h */
void
names_read_cyrillic(const uint32_t *w, size_t n, bool chinese,
    struct names_reading *r)
{
	const char *s;

	for (size_t i = 0; i < n; i++) {
		uint32_t next = i + 1 < n ? w[i + 1] : 0;

		if (w[i] == 0x434 && (next == 0x436 || next == 0x497)) {
			names_reading_put(r, "j");	/* dzh */
			i++;
		} else if ((w[i] == 0x447 && next == 0x436) ||
		    (w[i] == 0x446 && next == 0x437)) {
			/* of Chinese names: zh, and j or z */
			names_reading_put(r, "j");
			i++;
		} else if (chinese && (w[i] == 0x446 || w[i] == 0x436)) {
			names_reading_put(r, w[i] == 0x446 ? "c" : "r");
		} else if (w[i] == 0x43d && next == 0x433) {
			names_reading_put(r, i + 2 < n &&
			    cyrillic_vowel(w[i + 2]) ? "n%" : "n");
			i++;
		} else if ((s = letter_of(cyrillic, w[i])) != NULL) {
			/* after a consonant only softens it */
			if (s[0] == 'y' && s[1] != '\0' && i > 0 &&
			    !cyrillic_vowel(w[i - 1]) && w[i - 1] != 0x44c)
				s++;
			names_reading_put(r, s);
		}
	}
}

/* --- Arabic ------------------------------------------------------------- */

static const struct letter arabic[] = {
	{ 0x621, "" }, { 0x622, "a" }, { 0x623, "a" }, { 0x624, "u" },
	{ 0x625, "i" }, { 0x626, "" }, { 0x627, "a" }, { 0x628, "b" },
	{ 0x629, "e" }, { 0x62a, "t" }, { 0x62b, "s" }, { 0x62c, "j" },
	{ 0x62d, "h" }, { 0x62e, "h" }, { 0x62f, "d" }, { 0x630, "z" },
	{ 0x631, "r" }, { 0x632, "z" }, { 0x633, "s" }, { 0x634, "x" },
	{ 0x635, "s" }, { 0x636, "z" }, { 0x637, "t" }, { 0x638, "z" },
	{ 0x639, "" }, { 0x63a, "g" }, { 0x641, "f" }, { 0x642, "q" },
	{ 0x643, "k" }, { 0x644, "l" }, { 0x645, "m" }, { 0x646, "n" },
	{ 0x647, "h" }, { 0x648, "o" }, { 0x649, "i" }, { 0x64a, "y" },
	{ 0x67e, "p" }, { 0x686, "c" }, { 0x698, "j" }, { 0x6a9, "k" },
	{ 0x6ad, "n" }, { 0x6af, "g" }, { 0x6be, "h" }, { 0x6c6, "o" },
	{ 0x6c7, "u" }, { 0x6c8, "u" }, { 0x6c9, "u" }, { 0x6c5, "o" },
	{ 0x6cb, "w" }, { 0x6cc, "i" }, { 0x6d0, "e" }, { 0x6d5, "e" },
	{ 0x6c1, "e" }, { 0, NULL }
};

static bool
arabic_vowel(uint32_t c)
{
	const char *s = letter_of(arabic, c);

	return s != NULL && *s != '\0' && vowel(*s) && *s != 'y';
}

/*
 * The letter of ayn is gh in Kazakh, which writes its vowels with letters that
 * Arabic does not have, or not there; elsewhere it may be nothing.
 */
static const char *
ayn(const uint32_t *w, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (w[i] == 0x6d5 || w[i] == 0x6c7 || w[i] == 0x6cb ||
		    w[i] == 0x6c6 || w[i] == 0x6ad || w[i] == 0x6af ||
		    (w[i] == 0x649 && i + 1 < n))
			return "g";
	return "%";
}

/* see names_int.h */
void
names_read_arabic(const uint32_t *w, size_t n, struct names_reading *r)
{
	const char *s;

	for (size_t i = 0; i < n; i++) {
		bool before = i > 0 && arabic_vowel(w[i - 1]);
		bool after = i + 1 < n && arabic_vowel(w[i + 1]);

		/* Kazakh v is the letter of Uyghur oe, u that of w */
		if (w[i] == 0x6c6 && (before || after))
			names_reading_put(r, "w");
		else if (w[i] == 0x6cb && !before && !after)
			names_reading_put(r, "u");
		else if (w[i] == 0x64a && !before && !after)
			names_reading_put(r, "i");
		else if (w[i] == 0x639)
			names_reading_put(r, ayn(w, n));
		else if ((s = letter_of(arabic, w[i])) != NULL)
			names_reading_put(r, s);
	}
}

/* --- endings and titles ------------------------------------------------- */

/* Of patronymics and of surnames made from them; the longest first. */
static const char *const endings[] = {
	"owic", "ewic", "owna", "ewna", "yewic", "yewna", "kizi", "qizi",
	"gizi", "ogli", "uglu", "ugli", "oglu", "zade", "zada", "yewa", "uli",
	"owa", "ewa", "yew", "ow", "ew", "of", "ef", "OWA", "EWA", "YEWA",
	"UWA", "IWA", "OF2", "EF2", "YEF2", "IF2", "K3Z1", "UL3", "UL1", NULL
};

/* see names_int.h */
void
names_read_ending(struct names_reading *r)
{
	size_t n;

	for (const char *const *p = endings; *p != NULL; p++) {
		n = strlen(*p);
		if (r->n < n + 3 || memcmp(r->s + r->n - n, *p, n) != 0)
			continue;
		/* nor are gul, flower, and qul, servant, of a patronymic */
		if (((*p)[0] == 'u' || (*p)[0] == 'U') &&
		    strchr("gG%qH", r->s[r->n - n - 1]) != NULL)
			continue;
		r->n -= n;
		/* -ev is hardly ever meant for -ov */
		r->s[r->n++] = strpbrk(*p, "eE") != NULL &&
		    strpbrk(*p, "wfWF") != NULL ? '&' : '+';
		r->s[r->n] = '\0';
		return;
	}
}

/*
 * Titles, kinship words said with a name, and particles, as readings: they may
 * be there or not.  bek, khan, jan and gul are parts of names.
 */
static const char *const minor[] = {
	"aka", "apa", "aga", "ake", "haji", "hajim", "qaji",
	"qajim", "qari", "kari", "ahun", "ahunum", "molla", "mulla", "moldo",
	"molda", "hanim", "hanum", "begim", "hezret", "damolla", "mawlana",
	"uli", "ugli", "ogli", "oglu", "kizi", "qizi", "gizi", "bin", "binti",
	"bint", "ibn", "al", "el", "ul", "ud", "mr", "mrs", "ms", "dr", "prof",
	"AK3A", "AKA", "AHON", "HAJ1", "AJ1", "AHUN",
	"MOLA", "KAR1", "KAZ1", NULL
};

/* see names_int.h */
bool
names_minor(const char *s, size_t n)
{
	for (const char *const *p = minor; *p != NULL; p++)
		if (strlen(*p) == n && memcmp(*p, s, n) == 0)
			return true;
	return false;
}
