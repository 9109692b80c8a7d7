/*
 * The stretch of a text around the words searched for.  The text is folded as
 * the index folds it, character by character with the place each came from, so
 * that what is shown is the original, marks and case and all.
 */
#include <stdlib.h>
#include <string.h>

#include "vault/record/text_int.h"
#include "vault/record/text_terms.h"

#define GAP ((uint32_t)' ')	/* one or more characters that are no word */

/* A folded character and where the original begins. */
struct folded {
	uint32_t c;
	uint32_t at;
};

struct folding {
	struct folded *v;
	size_t n;
};

/* How far back or forth a cut may move to fall between words. */
#define SLACK 16

/* The marks that text_index lets NFC put together with their letter. */
static bool
combining(uint32_t c)
{
	return (c >= 0x300 && c < 0x370) || (c >= 0x653 && c <= 0x655);
}

/*
 * What stands for c when searching.  Most letters are below U+0800 and are
 * asked for again and again, hence remembered; 0 is not asked for yet.
 */
static uint32_t
folded_char(uint32_t c)
{
	static uint32_t known[0x800];
	uint32_t r;

	if (c < 0x800 && known[c] != 0)
		return known[c];
	r = text_char_word(c) || text_char_han(c) ? text_char_fold(c) : GAP;
	if (c < 0x800)
		known[c] = r;
	return r;
}

/* As text_char, of text that is UTF-8 mostly of one or two bytes. */
static inline size_t
next_char(const uint8_t *p, size_t n, uint32_t *ret_c)
{
	if (*p < 0x80) {
		*ret_c = *p;
		return 1;
	}
	if (*p >= 0xc2 && *p < 0xe0 && n > 1 && (p[1] & 0xc0) == 0x80) {
		*ret_c = (*p & 0x1fu) << 6 | (p[1] & 0x3fu);
		return 2;
	}
	return text_char(p, n, ret_c);
}

static enum sq_err
fold(const char *s, size_t len, struct folding *f)
{
	const uint8_t *p = (const uint8_t *)s;
	uint32_t c, base = 0, both;
	size_t n;

	f->n = 0;
	if (len > UINT32_MAX / 2)
		return SQ_ELIMIT;
	if ((f->v = malloc((len + 1) * sizeof(*f->v))) == NULL)
		return SQ_ENOMEM;
	for (size_t at = 0; at < len; at += n) {
		n = next_char(p + at, len - at, &c);
		if (f->n > 0 && combining(c) &&
		    (both = text_char_compose(base, c)) != 0) {
			base = both;
			f->v[f->n - 1].c = text_char_fold(both);
			continue;
		}
		if (text_char_mark(c))
			continue;
		base = c;
		c = folded_char(c);
		if (c == GAP && f->n > 0 && f->v[f->n - 1].c == GAP)
			continue;
		f->v[f->n].c = c;
		f->v[f->n++].at = (uint32_t)at;
	}
	return SQ_OK;
}

static void
folding_free(struct folding *f)
{
	if (f->v != NULL)
		secret_wipe(f->v, f->n * sizeof(*f->v));
	free(f->v);
	f->v = NULL;
	f->n = 0;
}

/* Take the gaps off both ends. */
static void
trim(struct folding *f, size_t *ret_from)
{
	*ret_from = f->n > 0 && f->v[0].c == GAP ? 1 : 0;
	if (f->n > *ret_from && f->v[f->n - 1].c == GAP)
		f->n--;
}

/* May a word begin at a[i], respectively end before it? */
static bool
edge(const struct folding *a, size_t i)
{
	return i == 0 || i == a->n || a->v[i].c == GAP ||
	    a->v[i - 1].c == GAP || text_char_han(a->v[i].c) ||
	    text_char_han(a->v[i - 1].c);
}

/* The first place of the term in the text, or n. */
static size_t
find(const struct folding *text, const struct folding *term, size_t from,
    bool prefix)
{
	size_t m = term->n - from, k;

	for (size_t i = 0; m > 0 && i + m <= text->n; i++) {
		if (text->v[i].c != term->v[from].c || !edge(text, i))
			continue;
		for (k = 1; k < m; k++)
			if (text->v[i + k].c != term->v[from + k].c)
				break;
		if (k == m && (prefix || edge(text, i + m)))
			return i;
	}
	return text->n;
}

/* A query: its terms, folded, without the gaps at both ends. */
struct text_sought {
	struct {
		struct folding f;
		size_t from;
		bool prefix;
	} v[TEXT_TERMS_MAX];
	unsigned n;
};

/* see text.h */
void
text_sought_free(struct text_sought *s)
{
	if (s == NULL)
		return;
	for (unsigned i = 0; i < s->n; i++)
		folding_free(&s->v[i].f);
	free(s);
}

/* see text.h */
unsigned
text_sought_words(const struct text_sought *s)
{
	return s->n;
}

/* see text.h */
bool
text_sought_prefixes(const struct text_sought *s)
{
	const struct folding *f;

	for (unsigned i = 0; i < s->n; i++) {
		f = &s->v[i].f;
		if (!s->v[i].prefix && (f->n != s->v[i].from + 1 ||
		    !text_char_han(f->v[s->v[i].from].c)))
			return false;
	}
	return s->n > 0;
}

/* see text.h */
enum sq_err
text_sought_new(const char *query, struct text_sought **ret)
{
	struct text_sought *s = calloc(1, sizeof(*s));
	struct text_terms t = { .text = NULL };
	enum sq_err e;

	if (s == NULL)
		return SQ_ENOMEM;
	/* what cannot be looked for is found nowhere */
	if ((e = text_terms_parse(query, &t)) == SQ_EFORMAT ||
	    e == SQ_ELIMIT) {
		t.n = 0;
		e = SQ_OK;
	}
	for (size_t i = 0; e == SQ_OK && i < t.n; i++) {
		if ((e = fold(t.v[i].s, t.v[i].n, &s->v[i].f)) != SQ_OK)
			break;
		s->n++;
		trim(&s->v[i].f, &s->v[i].from);
		s->v[i].prefix = t.v[i].prefix;
	}
	text_terms_free(&t);
	if (e != SQ_OK) {
		text_sought_free(s);
		return e;
	}
	*ret = s;
	return SQ_OK;		/* transferred */
}

/* The first match of all terms; how many occur at all. */
static void
match(const struct folding *text, const struct text_sought *s,
    size_t *ret_at, unsigned *ret_hits)
{
	size_t at;

	*ret_at = text->n;
	*ret_hits = 0;
	for (unsigned i = 0; i < s->n; i++) {
		at = find(text, &s->v[i].f, s->v[i].from, s->v[i].prefix);
		if (at == text->n)
			continue;
		(*ret_hits)++;
		if (at < *ret_at)
			*ret_at = at;
	}
}

/* Move a cut by up to SLACK characters to where a word begins. */
static size_t
between(const struct folding *f, size_t at, size_t min)
{
	for (size_t i = at; i > min && at - i < SLACK; i--)
		if (edge(f, i) && f->v[i].c != GAP)
			return i;
	return at;
}

/* The original from byte a to byte b: control characters as one space. */
static void
plain(const char *s, size_t a, size_t b, struct bytes_buf *out)
{
	bool gap = true;
	uint32_t c;
	size_t n;

	for (; a < b; a += n) {
		n = text_char((const uint8_t *)s + a, b - a, &c);
		if (c <= 0x20 || (c >= 0x7f && c <= 0xa0) || c == 0x2028 ||
		    c == 0x2029) {
			if (!gap)
				bytes_put_u8(out, ' ');
			gap = true;
			continue;
		}
		gap = false;
		if (c == 0xfffd)	/* as it is, or what was no UTF-8 */
			text_char_put(out, c);
		else
			bytes_put(out, s + a, n);
	}
	if (gap && out->len > 0 && out->p[out->len - 1] == ' ')
		out->len--;
}

/* see text.h */
enum sq_err
text_sought_in(const struct text_sought *sought, const char *text,
    size_t max_chars, char **ret, unsigned *ret_hits)
{
	struct folding f = { NULL, 0 };
	struct bytes_buf out = { 0 };
	size_t at, start = 0, end, len = strlen(text);
	unsigned hits;
	enum sq_err e;
	char *s;

	if ((e = fold(text, len, &f)) != SQ_OK)
		goto out;
	match(&f, sought, &at, &hits);
	if (hits > 0 && f.n > max_chars && at > max_chars / 3)
		start = between(&f, at - max_chars / 3, 0);
	end = start + max_chars < f.n ? start + max_chars : f.n;
	if (end < f.n)
		end = between(&f, end, start + 1);
	if (start > 0)
		bytes_puts(&out, "…");
	plain(text, start > 0 ? f.v[start].at : 0,
	    end < f.n ? f.v[end].at : len, &out);
	if (end < f.n)
		bytes_puts(&out, "…");
	if ((s = bytes_str(&out)) == NULL) {
		e = SQ_ENOMEM;
		goto out;
	}
	*ret = s;
	*ret_hits = hits;
out:
	bytes_free(&out);
	folding_free(&f);
	return e;
}

/* see text.h */
enum sq_err
text_snippet(const char *text, const char *query, size_t max_chars,
    char **ret, unsigned *ret_hits)
{
	struct text_sought *s;
	enum sq_err e;

	if ((e = text_sought_new(query, &s)) != SQ_OK)
		return e;
	e = text_sought_in(s, text, max_chars, ret, ret_hits);
	text_sought_free(s);
	return e;
}
