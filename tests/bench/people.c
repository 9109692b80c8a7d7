/*
 * What a paper does to a name, beside its alphabet: another order (half of
 * them), a patronymic ending where Russian is written (a third), a part left
 * out of three, a title added (three in a hundred), Chinese without the dot (a
 * sixth) and with one of several characters for a sound, an r or another final
 * not written (one in twenty), one letter left out (one part in a hundred).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/people.h"
#include "tests/bench/people_data.h"

enum { UG, KK, RU, TR, HAN, LANGS };
enum { ARAB, LATN, CYRL, ZH, RUS, ENG, PINYIN, SCRIPTS };

struct people {
	uint64_t state;
};

unsigned
people_below(struct people *p, unsigned n)
{
	uint64_t z = p->state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return (unsigned)((z ^ z >> 31) % n);
}

struct people *
people_new(uint64_t seed)
{
	struct people *p = calloc(1, sizeof(*p));

	if (p == NULL)
		abort();
	p->state = seed;
	return p;
}

void
people_free(struct people *p)
{
	free(p);
}

const char *
people_script(int s)
{
	static const char *const name[SCRIPTS] = { "Arabic", "Latin",
	    "Cyrillic", "Chinese", "Russian", "English", "pinyin" };

	return name[s];
}

/* --- who ---------------------------------------------------------------- */

static const char *
one_of(struct people *p, const char *const *list)
{
	unsigned n = 0;

	while (list[n] != NULL)
		n++;
	return list[people_below(p, n)];
}

/* A given name: one of the usual, or two elements joined. */
static void
given(struct people *p, const struct people_lang *l, char *out, size_t cap)
{
	if (people_below(p, 100) < 45)
		(void)snprintf(out, cap, "%s", one_of(p, people_below(p, 2) ?
		    l->man : l->woman));
	else if (l->family != NULL)
		(void)snprintf(out, cap, "%s", one_of(p, people_below(p, 2) ?
		    l->man : l->woman));
	else
		(void)snprintf(out, cap, "%s%s", one_of(p, l->first),
		    one_of(p, l->last));
}

static void
family(struct people *p, const struct people_lang *l, char *out, size_t cap)
{
	if (l->family != NULL || people_below(p, 100) < 50)
		(void)snprintf(out, cap, "%s%s", one_of(p, l->first),
		    one_of(p, l->last));
	else
		(void)snprintf(out, cap, "%s", one_of(p, l->man));
}

/* Characters by their number in the table. */
static void
han(struct people *p, struct people_one *one)
{
	unsigned n = 0, s = 0;

	while (people_chars[n].c != NULL)
		n++;
	while (people_surnames[s].c != NULL)
		s++;
	(void)snprintf(one->family, sizeof(one->family), "%u",
	    people_below(p, s));
	(void)snprintf(one->given, sizeof(one->given), "%u %u",
	    people_below(p, n), people_below(p, n));
}

static uint64_t
hash(const char *s)
{
	uint64_t h = 14695981039346656037u;

	for (; *s != '\0'; s++)
		h = (h ^ (unsigned char)*s) * 1099511628211u;
	return h;
}

void
people_next(struct people *p, struct people_one *one)
{
	unsigned x = people_below(p, 100);

	one->lang = x < 48 ? UG : x < 84 ? KK : x < 91 ? RU : x < 96 ? TR :
	    HAN;
	if (one->lang == HAN)
		han(p, one);
	else {
		given(p, &people_langs[one->lang], one->given,
		    sizeof(one->given));
		family(p, &people_langs[one->lang], one->family,
		    sizeof(one->family));
	}
	/* papers swap the order, so that it tells nobody apart */
	one->who = hash(one->given) + hash(one->family) + one->lang;
}

/* --- alphabets ---------------------------------------------------------- */

/* One of the alternatives of a letter. */
static size_t
letter(struct people *p, const char *s, char *out, size_t cap)
{
	unsigned n = 1, k;
	size_t len;

	for (const char *q = s; *q != '\0'; q++)
		n += *q == '|';
	/* most write the first */
	k = n > 1 && people_below(p, 10) < 4 ? people_below(p, n) : 0;
	while (k-- > 0)
		s = strchr(s, '|') + 1;
	len = strcspn(s, "|");
	return (size_t)snprintf(out, cap, "%.*s", (int)len, s);
}

static const char *
in_script(const struct people_letter *l, unsigned lang, int script)
{
	switch (script) {
	case ARAB:
		return lang == KK ? l->kk_arab : l->ug_arab;
	case LATN:
		return lang == KK ? l->kk_latn : lang == TR ? l->tr :
		    lang == RU ? l->en : l->ug_latn;
	case CYRL:
		return lang == KK ? l->kk_cyrl : lang == UG ? l->ug_cyrl :
		    l->ru;
	case RUS:
		return l->ru;
	default:
		return l->en;
	}
}

static bool
vowel(char c)
{
	return c != '\0' && strchr("aEeiIoOuU", c) != NULL;
}

/* First letter large, where there is such a thing. */
static void
capital(char *s)
{
	unsigned char c = (unsigned char)s[0], d = (unsigned char)s[1];

	if (c >= 'a' && c <= 'z')
		s[0] = (char)(c - 32);
	else if (c == 0xd0 && d >= 0xb0)
		s[1] = (char)(d - 32);
	else if (c == 0xd1 && d < 0x90) {
		s[0] = (char)0xd0;
		s[1] = (char)(d + 32);
	}
}

static void
alphabet(struct people *p, const char *sounds, unsigned lang, int script,
    char *out, size_t cap)
{
	size_t n = 0, len = strlen(sounds);
	unsigned slip = people_below(p, 100) == 0 && len > 4 ? 1 +
	    people_below(p, (unsigned)len - 2) : 0;

	out[0] = '\0';
	for (size_t i = 0; i < len; i++) {
		const struct people_letter *l = people_letters;

		while (l->c != '\0' && l->c != sounds[i])
			l++;
		if (l->c == '\0' || (slip > 0 && i == slip))
			continue;
		if (script == ARAB && lang != KK && vowel(sounds[i]) &&
		    (i == 0 || vowel(sounds[i - 1])))
			n += (size_t)snprintf(out + n, cap - n, "ئ");
		n += letter(p, in_script(l, lang, script), out + n, cap - n);
	}
	capital(out);
}

/* --- Chinese ------------------------------------------------------------ */

static const struct people_row *
row_of(char c)
{
	const struct people_row *r = people_rows;

	while (r->c != '\0' && r->c != c)
		r++;
	return r;
}

static const char *
cell(const struct people_row *r, char v, bool n)
{
	switch (v) {
	case 'a':
		return n ? r->an : r->a;
	case 'E':
	case 'e':
		return n ? r->an : r->e;
	case 'i':
	case 'I':
		return n ? r->in : r->i;
	case 'o':
	case 'O':
		return n ? r->un : r->o;
	default:
		return n ? r->un : r->u;
	}
}

/* One character of a cell, of three bytes each. */
static size_t
pick(struct people *p, const char *c, char *out, size_t cap)
{
	size_t n = strlen(c) / 3, k;

	if (n == 0)
		return 0;
	k = people_below(p, 10) < 7 ? 0 : people_below(p, (unsigned)n);
	return (size_t)snprintf(out, cap, "%.3s", c + 3 * k);
}

static void
chinese(struct people *p, const char *s, char *out, size_t cap)
{
	size_t n = 0, i = 0, len = strlen(s);
	bool nasal;

	out[0] = '\0';
	while (i < len) {
		const struct people_row *r = row_of(vowel(s[i]) ? '-' : s[i]);
		char v = vowel(s[i]) ? s[i] : s[i + 1];

		if (r->c == '\0') {
			i++;
			continue;
		}
		if (!vowel(v)) {	/* ends a syllable */
			if (people_below(p, 20) != 0)
				n += pick(p, r->alone, out + n, cap - n);
			i++;
			continue;
		}
		i += vowel(s[i]) ? 1 : 2;
		nasal = (s[i] == 'n' || s[i] == 'N') && !vowel(s[i + 1]);
		n += pick(p, cell(r, v, nasal), out + n, cap - n);
		i += nasal;
	}
}

/* Han names, by the numbers of their characters. */
static void
han_part(const char *num, const struct people_char *t, int script, char *out,
    size_t cap)
{
	size_t n = 0;
	char *end;

	out[0] = '\0';
	for (; *num != '\0'; num = *end == ' ' ? end + 1 : end) {
		unsigned long k = strtoul(num, &end, 10);

		n += (size_t)snprintf(out + n, cap - n, "%s", script == ZH ?
		    t[k].c : script == RUS ? t[k].ru : t[k].py);
	}
	capital(out);
}

/* --- papers ------------------------------------------------------------- */

static void
part(struct people *p, const struct people_one *one, bool is_family,
    int script, char *out, size_t cap)
{
	const char *s = is_family ? one->family : one->given;

	if (one->lang == HAN)
		han_part(s, is_family ? people_surnames : people_chars, script,
		    out, cap);
	else if (script == ZH)
		chinese(p, s, out, cap);
	else
		alphabet(p, s, one->lang, script, out, cap);
}

static int
script_for(struct people *p, unsigned lang, int not)
{
	static const int of[LANGS][6] = {
		{ ARAB, ZH, LATN, CYRL, RUS, ENG },
		{ CYRL, ZH, LATN, ARAB, RUS, ENG },
		{ RUS, ENG, RUS, ENG, ZH, ENG },
		{ LATN, RUS, ENG, RUS, LATN, ENG },
		{ ZH, PINYIN, RUS, ZH, PINYIN, PINYIN } };
	int s;

	do
		s = of[lang][people_below(p, 6)];
	while (s == not);
	return s;
}

int
people_write(struct people *p, const struct people_one *one, int not_script,
    char out[PEOPLE_NAME])
{
	int s = script_for(p, one->lang, not_script);
	char given_[96], family_[112], both[PEOPLE_NAME - 16];
	bool swap = people_below(p, 2) != 0;
	bool native = one->lang == UG || one->lang == KK;

	part(p, one, false, s, given_, sizeof(given_));
	part(p, one, true, s, family_, sizeof(family_) - 8);
	if (s == RUS && native && people_below(p, 3) == 0)
		(void)strcat(family_, people_below(p, 2) ? "ов" : "ова");
	if (one->lang == HAN && s == ZH)
		(void)snprintf(both, sizeof(both), "%s%s", family_, given_);
	else if (s == ZH)	/* never the family name first */
		(void)snprintf(both, sizeof(both), "%s%s%s", given_,
		    people_below(p, 6) == 0 ? "" : "·", family_);
	else
		(void)snprintf(both, sizeof(both), "%s %s", swap ? family_ :
		    given_, swap ? given_ : family_);
	(void)snprintf(out, PEOPLE_NAME, "%s%s", both, !native ||
	    people_below(p, 33) != 0 ? "" : s == ZH ? "·哈吉" : s == ENG ?
	    " Haji" : s == RUS ? " ака" : "");
	return s;
}
