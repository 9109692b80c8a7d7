#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/text.h"

#define LANGS 4
#define WORDS 150000		/* of each language */
#define BYTES 2000

static const struct {
	const char *tag;
	const char *consonant[20], *vowel[10];
	unsigned share;		/* of documents, percent */
} langs[LANGS] = {
	{ "kk-Cyrl", { "б", "ғ", "д", "ж", "з", "к", "қ", "л", "м", "н", "ң",
	    "п", "р", "с", "т", "ш", "й", "у", "г", "т" },
	    { "а", "ә", "е", "о", "ө", "ұ", "ү", "ы", "і", "а" }, 45 },
	{ "ru", { "б", "в", "г", "д", "ж", "з", "к", "л", "м", "н", "п", "р",
	    "с", "т", "ф", "х", "ц", "ч", "ш", "щ" },
	    { "а", "е", "и", "о", "у", "ы", "э", "ю", "я", "о" }, 25 },
	{ "en", { "b", "c", "d", "f", "g", "h", "j", "k", "l", "m", "n", "p",
	    "r", "s", "t", "v", "w", "th", "sh", "st" },
	    { "a", "e", "i", "o", "u", "ea", "ou", "ai", "e", "a" }, 15 },
	{ "zh-Hans", { NULL }, { NULL }, 15 },
};

struct word {
	char s[40];
	unsigned docs, last;
};

struct text {
	uint64_t state;
	struct word *word[LANGS];
	double *sum;		/* of the frequencies up to a rank */
	unsigned docs;
};

static uint64_t
next(struct text *t)
{
	uint64_t z = t->state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static unsigned
below(struct text *t, unsigned n)
{
	return (unsigned)(next(t) % n);
}

static void
make_word(struct text *t, unsigned lang, char *out, size_t cap)
{
	unsigned parts = 2 + below(t, 3), c;
	size_t n = 0;

	for (unsigned i = 0; i < parts; i++) {
		if (langs[lang].vowel[0] != NULL) {
			n += (size_t)snprintf(out + n, cap - n, "%s%s",
			    langs[lang].consonant[below(t, 20)],
			    langs[lang].vowel[below(t, 10)]);
			continue;
		}
		if (i == 3)
			break;
		c = 0x4e00 + below(t, 1 + below(t, 3000));
		out[n++] = (char)(0xe0 | c >> 12);
		out[n++] = (char)(0x80 | (c >> 6 & 0x3f));
		out[n++] = (char)(0x80 | (c & 0x3f));
		out[n] = '\0';
	}
	if (langs[lang].vowel[0] != NULL && below(t, 2) == 0)
		(void)snprintf(out + n, cap - n, "%s",
		    langs[lang].consonant[below(t, 20)]);
}

/* Fill one language's words, each once. */
static void
make_words(struct text *t, unsigned lang)
{
	const size_t cap = 1u << 19;
	unsigned *at = calloc(cap, sizeof(*at));
	struct word *w = calloc(WORDS, sizeof(*w));
	uint64_t h;

	if (at == NULL || w == NULL)
		abort();
	for (unsigned i = 0; i < WORDS; ) {
		make_word(t, lang, w[i].s, sizeof(w[i].s));
		h = 14695981039346656037u;
		for (const char *p = w[i].s; *p != '\0'; p++)
			h = (h ^ (unsigned char)*p) * 1099511628211u;
		for (h &= cap - 1; at[h] != 0; h = (h + 1) & (cap - 1))
			if (strcmp(w[at[h] - 1].s, w[i].s) == 0)
				break;
		if (at[h] == 0)
			at[h] = ++i;
	}
	t->word[lang] = w;
	free(at);
}

struct text *
text_new(uint64_t seed)
{
	struct text *t = calloc(1, sizeof(*t));
	double all = 0;

	if (t == NULL || (t->sum = calloc(WORDS, sizeof(*t->sum))) == NULL)
		abort();
	t->state = seed;
	for (unsigned i = 0; i < LANGS; i++)
		make_words(t, i);
	for (unsigned i = 0; i < WORDS; i++)
		t->sum[i] = all += 1.0 / (i + 3.7);
	return t;
}

void
text_free(struct text *t)
{
	if (t == NULL)
		return;
	for (unsigned i = 0; i < LANGS; i++)
		free(t->word[i]);
	free(t->sum);
	free(t);
}

static struct word *
draw(struct text *t, unsigned lang)
{
	double x = (double)(next(t) >> 11) / 9007199254740992.0 *
	    t->sum[WORDS - 1];
	size_t lo = 0, hi = WORDS - 1, mid;

	while (lo < hi) {
		mid = (lo + hi) / 2;
		if (t->sum[mid] < x)
			lo = mid + 1;
		else
			hi = mid;
	}
	return &t->word[lang][lo];
}

/* Words up to ${bytes}; one in twelve of another language. */
static char *
make_text(struct text *t, unsigned lang, size_t bytes)
{
	char *s = calloc(1, bytes + 64);
	size_t n = 0;
	unsigned l, before = LANGS;
	struct word *w;

	if (s == NULL)
		abort();
	while (n < bytes) {
		l = below(t, 12) == 0 ? below(t, LANGS) : lang;
		w = draw(t, l);
		if (w->last != t->docs) {
			w->last = t->docs;
			w->docs++;
		}
		n += (size_t)snprintf(s + n, bytes + 64 - n, "%s%s%s",
		    n == 0 || (l == 3 && before == 3) ? "" : " ", w->s,
		    below(t, 11) == 0 ? l == 3 ? "，" : "." : "");
		before = l;
	}
	return s;
}

void
text_next(struct text *t, struct text_doc *d)
{
	unsigned x = below(t, 100), lang = 0;

	while (lang + 1 < LANGS && x >= langs[lang].share)
		x -= langs[lang++].share;
	t->docs++;
	d->lang = langs[lang].tag;
	d->title = make_text(t, lang, 40);
	d->text = make_text(t, lang, BYTES);
}

size_t
text_pick(const struct text *t, unsigned lo, unsigned hi, size_t want,
    const char **out)
{
	size_t all = 0, seen = 0, n = 0;

	for (unsigned pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < 3u * WORDS; i++) {
			const struct word *w = &t->word[i % 3][i / 3];

			if (w->docs < lo || w->docs > hi)
				continue;
			if (pass == 0)
				all++;
			else if (n < want && seen++ * want >= n * all)
				out[n++] = w->s;
		}
	return n;
}

static size_t
han(const char *s)
{
	unsigned char c = (unsigned char)s[0];

	return c >= 0xe4 && c <= 0xe9 ? 3 : 0;
}

char *
text_pairs(const char *s)
{
	char *out = malloc(5 * strlen(s) + 8), *p = out;

	if (out == NULL)
		abort();
	while (*s != '\0') {
		if (han(s) == 0) {
			*p++ = *s++;
			continue;
		}
		for (; han(s) != 0; s += 3) {
			size_t n = 3 + han(s + 3);

			*p++ = ' ';
			memcpy(p, s, n);
			p += n;
		}
		*p++ = ' ';
	}
	*p = '\0';
	return out;
}
