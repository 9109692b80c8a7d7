/*
 * Names to readings; see names.h.  A home of ICU: compatibility forms, case
 * and marks are taken off with it, and what has no rules of its own here is
 * transliterated by it: rare characters of Chinese, Greek, Georgian, kana.
 */
#include <stdlib.h>
#include <string.h>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

#include "vault/record/names_int.h"
#include "vault/record/text.h"

#define NAME_MAX_BYTES 4096

/* --- characters --------------------------------------------------------- */

/* The words of a name: runs of one script, case-folded. */
struct word {
	uint32_t c[NAMES_WORD_MAX];
	size_t n;
	enum names_script script;
};

static enum names_script
script_of(uint32_t c)
{
	if (c < 0x80)
		return (c >= 'a' && c <= 'z') ? NAMES_LATIN : NAMES_NONE;
	if ((c >= 0xc0 && c < 0x250 && c != 0xd7 && c != 0xf7) ||
	    (c >= 0x1e00 && c < 0x1f00) || (c >= 0x250 && c < 0x2b0) ||
	    (c >= 0x2c60 && c < 0x2c80))
		return NAMES_LATIN;
	if (c >= 0x400 && c < 0x530)
		return NAMES_CYRILLIC;
	if ((c >= 0x620 && c < 0x660 && c != 0x640) ||
	    (c >= 0x66e && c < 0x6d4) || c == 0x6d5)
		return c >= 0x64b && c < 0x660 ? NAMES_NONE : NAMES_ARABIC;
	if (text_char_han(c))
		return NAMES_HAN;
	return u_isalpha((UChar32)c) ? NAMES_OTHER : NAMES_NONE;
}

/* Within a word and of no account: apostrophes, marks, hamza, joiners. */
static bool
ignored(uint32_t c)
{
	return c == '\'' || c == '`' || c == 0xb4 || c == 0x2bc ||
	    c == 0x2bb || c == 0x2be || c == 0x2bf || c == 0x2018 ||
	    c == 0x2019 || c == 0x2b9 || c == 0x640 || c == 0x674 ||
	    (c >= 0x300 && c < 0x370) || (c >= 0x64b && c < 0x660) ||
	    c == 0x670 || (c >= 0x200b && c <= 0x200f) || c == 0xad ||
	    c == 0xfeff;
}

/* A letter whose marks say nothing here as the letter alone. */
static uint32_t
bare(uint32_t c)
{
	UErrorCode u = U_ZERO_ERROR;
	const UNormalizer2 *norm;
	UChar d[8];
	int32_t n;

	if (c < 0xc0 || (c >= 0x250 && c < 0x1e00) || c >= 0x1f00 ||
	    (norm = unorm2_getNFCInstance(&u)) == NULL || U_FAILURE(u))
		return c;
	switch (c) {
	case 0xe4: case 0xe7: case 0xfc: case 0xfd: case 0x107: case 0x10d:
	case 0x15b: case 0x15f: case 0x161: case 0x17c: case 0x17e:
		return c;	/* to these the mark makes another sound */
	default:
		break;
	}
	while (c >= 0x80) {
		u = U_ZERO_ERROR;
		n = unorm2_getRawDecomposition(norm, (UChar32)c, d, 8, &u);
		if (U_FAILURE(u) || n < 1 || (d[0] & 0xf800) == 0xd800)
			return c;
		c = d[0];
	}
	return c;
}

static char *
folded_by_icu(const char *s, size_t n, size_t *ret_n)
{
	UErrorCode u = U_ZERO_ERROR;
	const UNormalizer2 *norm = unorm2_getNFKCCasefoldInstance(&u);
	int32_t na = 0, nb, cap = (int32_t)(4 * n + 16), nc = 0;
	UChar *a = calloc(n + 1, sizeof(*a));
	UChar *b = calloc((size_t)cap, sizeof(*b));
	char *out = calloc(3, (size_t)cap);

	if (a == NULL || b == NULL || out == NULL || norm == NULL) {
		u = U_MEMORY_ALLOCATION_ERROR;
		goto out;
	}
	(void)u_strFromUTF8WithSub(a, (int32_t)n + 1, &na, s, (int32_t)n,
	    0xfffd, NULL, &u);
	nb = unorm2_normalize(norm, a, na, b, cap, &u);
	(void)u_strToUTF8(out, 3 * cap, &nc, b, nb, &u);
out:
	if (a != NULL)
		secret_wipe(a, (n + 1) * sizeof(*a));
	if (b != NULL)
		secret_wipe(b, (size_t)cap * sizeof(*b));
	free(a);
	free(b);
	if (U_FAILURE(u)) {
		free(out);
		return NULL;
	}
	*ret_n = (size_t)nc;
	return out;
}

/* Small letters of which NFKC and folding of case make nothing else. */
static bool
plain(const char *s, size_t n)
{
	uint32_t c;

	for (size_t at = 0; at < n; ) {
		at += text_char((const uint8_t *)s + at, n - at, &c);
		if (!(c < 0x80 && !(c >= 'A' && c <= 'Z')) &&
		    !(c >= 0x430 && c < 0x460) && !(c >= 0x627 && c < 0x64b) &&
		    !(c >= 0x67e && c < 0x6d4 && c != 0x6c0 && c != 0x6c2) &&
		    c != 0x6d5)
			return false;
	}
	return true;
}

/* ${s} in NFKC and folded case; NULL without memory. */
static char *
folded(const char *s, size_t n, size_t *ret_n)
{
	char *same;

	*ret_n = n;
	if (!plain(s, n))
		return folded_by_icu(s, n, ret_n);
	if ((same = malloc(n + 1)) != NULL && n > 0)
		memcpy(same, s, n);
	return same;
}

/* The next word from ${*at} on; false at the end. */
static bool
next_word(const char *s, size_t n, size_t *at, struct word *w)
{
	enum names_script sc;
	uint32_t c;
	size_t from;

	w->n = 0;
	w->script = NAMES_NONE;
	while (*at < n) {
		from = *at;
		*at += text_char((const uint8_t *)s + *at, n - *at, &c);
		if (ignored(c))
			continue;
		sc = script_of(c);
		if (sc == NAMES_NONE && w->n == 0)
			continue;
		if (w->n > 0 && sc != w->script) {
			*at = sc == NAMES_NONE ? *at : from;
			break;
		}
		w->script = sc;
		if (w->n < NAMES_WORD_MAX)
			w->c[w->n++] = sc == NAMES_LATIN ? bare(c) : c;
	}
	return w->n > 0;
}

/* --- what ICU reads ----------------------------------------------------- */

static UTransliterator *
transliterator(void)
{
	static const char name[] = "Any-Latin; NFD; [:M:] Remove; Lower";
	UErrorCode u = U_ZERO_ERROR;
	UTransliterator *t;
	UChar id[sizeof(name)];

	u_uastrcpy(id, name);
	t = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &u);
	return U_SUCCESS(u) ? t : NULL;
}

static void
utf16_put(UChar *s, int32_t *n, uint32_t c)
{
	if (c >= 0x10000) {
		s[(*n)++] = (UChar)(0xd7c0 + (c >> 10));
		c = 0xdc00 | (c & 0x3ff);
	}
	s[(*n)++] = (UChar)c;
}

/* Characters as Latin letters without marks, a-z alone. */
static size_t
by_icu(const uint32_t *w, size_t n, char *out, size_t cap)
{
	/* kept: opening costs a tenth of a second */
	static UTransliterator *any;
	static bool tried;
	UErrorCode u = U_ZERO_ERROR;
	UChar s[512];
	int32_t len = 0, limit;
	size_t k = 0;

	if (!tried)
		any = transliterator();
	tried = true;
	if (any == NULL)
		return 0;
	for (size_t i = 0; i < n; i++)
		utf16_put(s, &len, w[i]);
	limit = len;
	utrans_transUChars(any, s, &len, 512, 0, &limit, &u);
	for (int32_t i = 0; U_SUCCESS(u) && i < len && k + 1 < cap; i++)
		if (s[i] >= 'a' && s[i] <= 'z')
			out[k++] = (char)s[i];
	out[k] = '\0';
	return k;
}

/* --- Chinese ------------------------------------------------------------ */

/* Append the readings of characters. */
static void
read_han(const uint32_t *w, size_t n, struct names_reading *r)
{
	char py[16];
	const char *s;

	for (size_t i = 0; i < n; i++) {
		if ((s = names_han_of(w[i])) == NULL) {
			(void)by_icu(w + i, 1, py, sizeof(py));
			s = py;
		}
		(void)names_han_syllable(s, r);
	}
}

/* As read_han, but the surname that the word may begin with as such. */
static bool
read_surname(const uint32_t *w, size_t n, struct names_reading *r)
{
	size_t used, len;
	const char *s = names_han_surname(w, n, &used);
	char py[16];

	/* longer words are renderings of names without surnames */
	if (s == NULL || n > used + 3)
		return false;
	for (; *s != '\0'; s += len + (s[len] == ' ')) {
		len = strcspn(s, " ");
		memcpy(py, s, len);
		py[len] = '\0';
		(void)names_han_syllable(py, r);
	}
	read_han(w + used, n - used, r);
	return true;
}

/* --- words -------------------------------------------------------------- */

#define READINGS 4

/* A Russian word with ts, or zh before e, may be of a name in Chinese. */
static bool
maybe_chinese(const struct word *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->c[i] == 0x446 || (w->c[i] == 0x436 && i + 1 < w->n &&
		    (w->c[i + 1] == 0x44d || w->c[i + 1] == 0x443)))
			return true;
	return false;
}

/*
 * Endings are looked for in renderings: what Chinese writes in three
 * characters is a name of its own, and so is pinyin.
 */
static bool
has_ending(const struct word *w, const struct names_reading *r)
{
	return w->script == NAMES_HAN ? w->n > 3 : r->s[0] < 'A' ||
	    r->s[0] > 'Z';
}

/* The readings of a word, or the first alone; how many. */
static size_t
read_word(const struct word *w, bool all, struct names_reading r[READINGS])
{
	char s[NAMES_WORD_MAX * 4];
	uint32_t c[NAMES_WORD_MAX];
	size_t n = 1, len;

	memset(r, 0, READINGS * sizeof(*r));
	switch (w->script) {
	case NAMES_LATIN:
		names_read_latin(w->c, w->n, false, &r[0]);
		if (!all)
			break;
		for (len = 0; len < w->n; len++)
			s[len] = (char)(w->c[len] == 0xfc ? 'v' : w->c[len] <
			    0x80 ? w->c[len] : '?');
		n += names_han_pinyin(s, len, &r[n]);
		if (memchr(s, 'c', len) != NULL ||
		    memchr(s, 'x', len) != NULL ||
		    memchr(s, 'q', len) != NULL) {
			names_read_latin(w->c, w->n, true, &r[n]);
			n += strcmp(r[n].s, r[0].s) != 0;
		}
		break;
	case NAMES_CYRILLIC:
		names_read_cyrillic(w->c, w->n, false, &r[0]);
		if (!all || !maybe_chinese(w))
			break;
		names_read_cyrillic(w->c, w->n, true, &r[n]);
		n += strcmp(r[n].s, r[0].s) != 0;
		break;
	case NAMES_ARABIC:
		names_read_arabic(w->c, w->n, &r[0]);
		break;
	case NAMES_HAN:
		read_han(w->c, w->n, &r[0]);
		n += read_surname(w->c, w->n, &r[1]);
		break;
	case NAMES_NONE:
	case NAMES_OTHER:
		len = by_icu(w->c, w->n, s, sizeof(s));
		len = len > NAMES_WORD_MAX ? NAMES_WORD_MAX : len;
		for (size_t i = 0; i < len; i++)
			c[i] = (unsigned char)s[i];
		names_read_latin(c, len, false, &r[0]);
		break;
	}
	return n;
}

/* see names.h */
enum sq_err
names_key(const char *s, size_t n, struct bytes_buf *out)
{
	struct names_reading r[READINGS];
	struct word w;
	size_t len = 0, at = 0, parts = 0, k, got;
	char *u;

	n = n > NAME_MAX_BYTES ? NAME_MAX_BYTES : n;
	if ((u = folded(s, n, &len)) == NULL)
		return SQ_ENOMEM;
	while (parts < NAMES_PARTS && next_word(u, len, &at, &w)) {
		k = read_word(&w, true, r);
		got = 0;
		for (size_t i = 0; i < k; i++) {
			bool small = names_minor(r[i].s, r[i].n);

			if (r[i].n == 0)
				continue;
			if (!small && has_ending(&w, &r[i]))
				names_read_ending(&r[i]);
			if (got == 0 && parts > 0)
				bytes_put_u8(out, ' ');
			bytes_puts(out, got > 0 ? "/" : small ? "-" : "=");
			bytes_puts(out, r[i].s);
			got++;
		}
		parts += got > 0;
	}
	secret_wipe(r, sizeof(r));
	secret_wipe(&w, sizeof(w));
	secret_wipe(u, len);
	free(u);
	return bytes_done(out);
}

/* The sounds of a reading that all alphabets of a language tell apart. */
static void
fold_reading(const struct names_reading *r, struct bytes_buf *out)
{
	static const char from[] = "@eiyuwoqhjxczsptkbdgfrlmna";
	static const char to[] =   "aaiiuuokhjxczsptkbdgfrlmna";
	const char *at;
	char last = '\0', c;

	for (size_t i = 0; i < r->n; i++) {
		if ((at = strchr(from, r->s[i])) == NULL)
			continue;
		c = to[at - from];
		if (c != last)
			bytes_put_u8(out, (uint8_t)c);
		last = c;
	}
}

/* see names.h */
enum sq_err
names_fold(const char *s, size_t n, struct bytes_buf *out)
{
	struct names_reading r[READINGS];
	struct word w;
	size_t len = 0, at = 0;
	bool first = true;
	char *u;

	n = n > NAME_MAX_BYTES ? NAME_MAX_BYTES : n;
	if ((u = folded(s, n, &len)) == NULL)
		return SQ_ENOMEM;
	while (next_word(u, len, &at, &w)) {
		if (!first)
			bytes_put_u8(out, ' ');
		first = false;
		if (w.script == NAMES_HAN) {
			for (size_t i = 0; i < w.n; i++)
				text_char_put(out, w.c[i]);
			continue;
		}
		memset(r, 0, sizeof(r[0]));
		(void)read_word(&w, false, r);
		fold_reading(&r[0], out);
	}
	secret_wipe(r, sizeof(r));
	secret_wipe(&w, sizeof(w));
	secret_wipe(u, len);
	free(u);
	return bytes_done(out);
}
