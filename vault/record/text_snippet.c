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

/* A term, or another spelling of it, folded, without the gaps at both ends. */
struct form {
	struct folding f;
	size_t from;
	unsigned term;
	bool prefix, quoted, other;
};

#define FORMS_MAX 256

struct text_sought {
	struct form v[FORMS_MAX];
	unsigned n, terms;
};

/* see text_terms.h */
void
text_sought_free(struct text_sought *s)
{
	if (s == NULL)
		return;
	for (unsigned i = 0; i < s->n; i++)
		folding_free(&s->v[i].f);
	free(s);
}

/* see text_terms.h */
unsigned
text_sought_words(const struct text_sought *s)
{
	return s->terms;
}

/* Add one spelling; those beyond the limit are only not shown. */
static enum sq_err
form_add(struct text_sought *s, const struct text_term *t, const char *p,
    size_t n, bool other)
{
	struct form *v = &s->v[s->n];
	enum sq_err e;

	if (s->n == FORMS_MAX)
		return SQ_OK;
	if ((e = fold(p, n, &v->f)) != SQ_OK)
		return e;
	s->n++;
	trim(&v->f, &v->from);
	v->term = s->terms;
	v->prefix = t->prefix && !other;
	v->quoted = t->quoted;
	v->other = other;
	return SQ_OK;
}

/* see text_terms.h */
enum sq_err
text_sought_new(const struct text_terms *t, struct text_sought **ret)
{
	struct text_sought *s = calloc(1, sizeof(*s));
	enum sq_err e = SQ_OK;
	size_t n;

	if (s == NULL)
		return SQ_ENOMEM;
	for (size_t i = 0; e == SQ_OK && i < t->n; i++) {
		if (t->v[i].not)
			continue;
		e = form_add(s, &t->v[i], t->v[i].s, t->v[i].n, false);
		for (const char *p = t->v[i].other; e == SQ_OK && p != NULL &&
		    *p != '\0'; p += n + (p[n] == ' ')) {
			n = strcspn(p, " ");
			e = form_add(s, &t->v[i], p, n, true);
		}
		s->terms++;
	}
	if (e != SQ_OK) {
		text_sought_free(s);
		return e;
	}
	*ret = s;
	return SQ_OK;		/* transferred */
}

/* The first match of all terms, and what occurs. */
static void
match(const struct folding *text, const struct text_sought *s,
    size_t *ret_at, struct text_found *ret)
{
	bool seen[TEXT_TERMS_MAX] = { false };
	bool exact[TEXT_TERMS_MAX] = { false };
	size_t at;

	*ret_at = text->n;
	for (unsigned i = 0; i < s->n; i++) {
		const struct form *v = &s->v[i];

		/* one spelling found, the others need not be */
		if (seen[v->term] && v->other)
			continue;
		at = find(text, &v->f, v->from, v->prefix);
		if (at == text->n)
			continue;
		seen[v->term] = true;
		exact[v->term] = exact[v->term] || !v->other;
		ret->phrase = ret->phrase || v->quoted;
		if (at < *ret_at)
			*ret_at = at;
	}
	for (unsigned i = 0; i < s->terms; i++) {
		ret->hits += seen[i];
		ret->other = ret->other || (seen[i] && !exact[i]);
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

/* see text_terms.h */
enum sq_err
text_sought_in(const struct text_sought *sought, const char *text,
    size_t max_chars, struct text_found *ret)
{
	struct folding f = { NULL, 0 };
	struct bytes_buf out = { 0 };
	struct text_found found = { .hits = 0 };
	size_t at, start = 0, end, len = strlen(text);
	enum sq_err e;

	if ((e = fold(text, len, &f)) != SQ_OK)
		goto out;
	match(&f, sought, &at, &found);
	if (found.hits > 0 && f.n > max_chars && at > max_chars / 3)
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
	if ((found.snippet = bytes_str(&out)) == NULL) {
		e = SQ_ENOMEM;
		goto out;
	}
	*ret = found;
out:
	bytes_free(&out);
	folding_free(&f);
	return e;
}

/* Characters of s[0..n). */
static unsigned
chars(const char *s, size_t n)
{
	unsigned k = 0;

	for (size_t i = 0; i < n; i++)
		k += ((unsigned char)s[i] & 0xc0) != 0x80;
	return k;
}

/* The longest form that matches at the i-th folded character; its length. */
static size_t
form_at(const struct text_sought *s, const struct folding *f, size_t i)
{
	size_t best = 0, m, k;

	for (unsigned j = 0; j < s->n; j++) {
		const struct form *v = &s->v[j];

		m = v->f.n - v->from;
		if (m <= best || i + m > f->n)
			continue;
		for (k = 0; k < m; k++)
			if (f->v[i + k].c != v->f.v[v->from + k].c)
				break;
		if (k == m && (v->prefix || edge(f, i + m)))
			best = m;
	}
	return best;
}

/* see text_terms.h */
enum sq_err
text_sought_marks(const struct text_sought *s, const char *snippet,
    struct text_mark *marks, size_t max, size_t *ret_n)
{
	struct folding f = { NULL, 0 };
	size_t n = strlen(snippet), k = 0, m, a, b;
	enum sq_err e;

	if ((e = fold(snippet, n, &f)) != SQ_OK)
		return e;
	for (size_t i = 0; i < f.n && k < max; i += m == 0 ? 1 : m) {
		m = f.v[i].c != GAP && edge(&f, i) ? form_at(s, &f, i) : 0;
		if (m == 0)
			continue;
		a = f.v[i].at;
		b = i + m < f.n ? f.v[i + m].at : n;
		marks[k].at = chars(snippet, a);
		marks[k++].len = chars(snippet + a, b - a);
	}
	folding_free(&f);
	*ret_n = k;
	return SQ_OK;
}
