/*
 * The full-text index seen from both sides: what goes in, and what a person's
 * words become.  Invariants, kept by text_index and term_put together:
 *
 * (1) A run of Han characters c1 ... cn is indexed as c1c2 c2c3 ... cn-1cn cn:
 *     every character begins a term, so one alone is found as a prefix.
 * (2) A run that ends a phrase is asked for without its last single term, for
 *     in the text it may go on; a run that something follows, with it.
 * (3) Everything of a person's that reaches FTS5 stands between double quotes,
 *     in which nothing but a double quote means anything, and none is let
 *     through.
 */
#include <stdlib.h>
#include <string.h>

#include "vault/record/text_int.h"
#include "vault/record/text_terms.h"

/* Marks that NFC puts together with their letter: U+0300 on, and hamzas. */
static bool
has_marks(const char *s, size_t n)
{
	const uint8_t *p = (const uint8_t *)s;

	for (size_t i = 0; i + 1 < n; i++)
		if (p[i] == 0xcc || p[i] == 0xcd ||
		    (p[i] == 0xd9 && p[i + 1] >= 0x93 && p[i + 1] <= 0x95))
			return true;
	return false;
}

/* The pairs of the Han run at p; its length in bytes is returned. */
static size_t
han_run(const uint8_t *p, size_t n, struct bytes_buf *out, bool whole,
    bool *ret_single)
{
	size_t at, len, prev = 0, count = 0;
	uint32_t c;

	for (at = 0; at < n; at += len) {
		len = text_char(p + at, n - at, &c);
		if (!text_char_han(c))
			break;
		if (count++ > 0) {
			bytes_put_u8(out, ' ');
			bytes_put(out, p + at - prev, prev + len);
		}
		prev = len;
	}
	if (count == 1 || whole) {
		bytes_put_u8(out, ' ');
		bytes_put(out, p + at - prev, prev);
	}
	*ret_single = count == 1;
	return at;
}

/*
 * text_index of what is in NFC already.  open: rule (2) for a run at the very
 * end; ret_prefix then says that it was a single character, which (1) makes
 * the beginning of terms.
 */
static void
index_put(const char *s, size_t n, struct bytes_buf *out, bool open,
    bool *ret_prefix)
{
	const uint8_t *p = (const uint8_t *)s;
	size_t at = 0, from = 0, len, end;
	struct bytes_buf run = { 0 };
	uint32_t c;
	bool single;

	*ret_prefix = false;
	while (at < n) {
		if (p[at] < 0xe3) {	/* no Han begins so */
			at++;
			continue;
		}
		len = text_char(p + at, n - at, &c);
		if (!text_char_han(c)) {
			at += len;
			continue;
		}
		bytes_put(out, p + from, at - from);
		run.len = 0;
		end = at + han_run(p + at, n - at, &run, true, &single);
		if (open && end == n) {
			run.len = 0;
			(void)han_run(p + at, n - at, &run, false, ret_prefix);
		}
		out->bad = out->bad || run.bad;
		bytes_put(out, run.p, run.len);
		bytes_put_u8(out, ' ');
		from = at = end;
	}
	bytes_put(out, p + from, n - from);
	bytes_free(&run);
}

/* see text.h */
enum sq_err
text_index(const char *s, size_t n, struct bytes_buf *out)
{
	char *copy = NULL, *norm = NULL;
	enum sq_err e = SQ_OK;
	bool ignored;

	if (!has_marks(s, n)) {
		index_put(s, n, out, false, &ignored);
		return bytes_done(out);
	}
	if ((copy = malloc(n + 1)) == NULL)
		return SQ_ENOMEM;
	memcpy(copy, s, n);
	copy[n] = '\0';
	if ((e = text_nfc(copy, &norm)) == SQ_OK) {
		index_put(norm, strlen(norm), out, false, &ignored);
		secret_wipe(norm, strlen(norm));
	} else if (e == SQ_EFORMAT) {
		index_put(s, n, out, false, &ignored);
		e = SQ_OK;
	}
	secret_wipe(copy, n);
	free(copy);
	free(norm);
	return e != SQ_OK ? e : bytes_done(out);
}

/* Does the term hold anything FTS5 would look for? */
static bool
wordy(const char *s, size_t n)
{
	uint32_t c;

	for (size_t at = 0; at < n; ) {
		at += text_char((const uint8_t *)s + at, n - at, &c);
		if (text_char_word(c) || text_char_han(c))
			return true;
	}
	return false;
}

/* How a term ends while the search is split. */
struct splitting {
	struct text_terms *t;
	unsigned group;
	bool not, some;		/* some: this group has a term to find */
	const char *after;	/* the operator that waits for a term */
};

/* Add the term s[0..n) unless nothing in it can be found. */
static enum sq_err
term_add(struct splitting *sp, const char *s, size_t n, bool prefix,
    bool quoted)
{
	struct text_term *v;

	if (!wordy(s, n))
		return SQ_OK;
	if (sp->t->n == TEXT_TERMS_MAX)
		return SQ_ELIMIT;
	v = &sp->t->v[sp->t->n++];
	*v = (struct text_term){ .s = s, .n = n, .prefix = prefix,
	    .quoted = quoted, .not = sp->not, .group = sp->group };
	sp->some = sp->some || !sp->not;
	sp->not = false;
	sp->after = NULL;
	return SQ_OK;
}

static bool
space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool
is(const char *s, size_t n, const char *word)
{
	return strlen(word) == n && memcmp(s, word, n) == 0;
}

/* AND, OR or NOT; true if it is one.  ${e}: it has nothing before it. */
static bool
operator(struct splitting *sp, const char *s, size_t n, enum sq_err *e,
    struct why *why)
{
	const char *op = is(s, n, "AND") ? "AND" : is(s, n, "OR") ? "OR" :
	    is(s, n, "NOT") ? "NOT" : NULL;

	if (op == NULL)
		return false;
	/* "a AND NOT b" is how many people write it */
	if (!sp->some || (sp->after != NULL && (op[0] != 'N' ||
	    sp->after[0] != 'A')))
		*e = err_why(why, SQ_EUSAGE, "%s needs a word before it; to "
		    "find the word itself write \"%s\"", op, op);
	sp->after = op;
	sp->not = op[0] == 'N';
	if (op[0] == 'O') {
		sp->group++;
		sp->some = false;
	}
	return true;
}

/* One term or operator at ${q}; its length. */
static size_t
split_one(struct splitting *sp, const char *q, enum sq_err *e,
    struct why *why)
{
	size_t n;

	if (*q == '"') {
		n = strcspn(q + 1, "\"");
		*e = term_add(sp, q + 1, n, false, true);
		return 1 + n + (q[1 + n] == '"');
	}
	n = strcspn(q, " \t\n\v\f\r\"");
	if (operator(sp, q, n, e, why))
		return n;
	/* what the star of a prefix leaves is the word */
	*e = q[n - 1] == '*' ? term_add(sp, q, n - 1, true, false) :
	    term_add(sp, q, n, false, false);
	return n;
}

/* see text_terms.h */
enum sq_err
text_terms_read(const char *q, struct text_terms *ret, struct why *why)
{
	struct splitting sp = { .t = ret };
	enum sq_err e = SQ_ELIMIT;
	size_t n;

	ret->n = 0;
	ret->text = NULL;
	if (strlen(q) <= TEXT_QUERY_MAX)
		e = text_nfc(q, &ret->text);
	if (e == SQ_EFORMAT)
		return err_why(why, SQ_EUSAGE, "the search is not UTF-8 text");
	for (q = ret->text; e == SQ_OK && *q != '\0'; q += n)
		n = space(*q) ? 1 : split_one(&sp, q, &e, why);
	if (e == SQ_ELIMIT)
		return err_why(why, SQ_EUSAGE, "a search takes at most %d "
		    "words and %d bytes", TEXT_TERMS_MAX, TEXT_QUERY_MAX);
	if (e != SQ_OK)
		return e;
	if (sp.after != NULL)
		return err_why(why, SQ_EUSAGE, "%s needs a word after it; to "
		    "find the word itself write \"%s\"", sp.after, sp.after);
	if (ret->n == 0)
		return err_why(why, SQ_EUSAGE, "nothing to search for: a "
		    "search needs a letter or a digit");
	return SQ_OK;
}

/* see text_terms.h */
void
text_terms_free(struct text_terms *t)
{
	if (t->text != NULL)
		secret_wipe(t->text, strlen(t->text));
	free(t->text);
	t->text = NULL;
	for (size_t i = 0; i < t->n; i++)
		free(t->v[i].other);
	t->n = 0;
}

/* One term between quotes; (2) and (3). */
static void
term_put(const struct text_term *t, struct bytes_buf *out)
{
	size_t n = t->n, last = 0, at;
	uint32_t c;
	bool single;

	/* what follows the last character that counts would hide a run's end */
	for (at = 0; at < n; ) {
		at += text_char((const uint8_t *)t->s + at, n - at, &c);
		if (text_char_word(c) || text_char_han(c))
			last = at;
	}
	bytes_put_u8(out, '"');
	index_put(t->s, last, out, true, &single);
	bytes_puts(out, single || t->prefix ? "\" *" : "\"");
}

/* A term, or any of its spellings. */
static void
spellings_put(const struct text_term *t, struct bytes_buf *out)
{
	struct text_term o = { .prefix = false };

	if (t->other == NULL) {
		term_put(t, out);
		return;
	}
	bytes_puts(out, "(");
	term_put(t, out);
	for (const char *p = t->other; *p != '\0'; p += o.n + (p[o.n] == ' ')) {
		o.s = p;
		o.n = strcspn(p, " ");
		bytes_puts(out, " OR ");
		term_put(&o, out);
	}
	bytes_puts(out, ")");
}

/* The terms of a group that are, or are not, excluded. */
static bool
group_put(const struct text_terms *t, unsigned group, bool not,
    struct bytes_buf *out)
{
	bool some = false;

	for (size_t i = 0; i < t->n; i++) {
		if (t->v[i].group != group || t->v[i].not != not)
			continue;
		bytes_puts(out, some ? not ? " OR " : " AND " : not ?
		    " NOT (" : "(");
		spellings_put(&t->v[i], out);
		some = true;
	}
	if (some)
		bytes_puts(out, ")");
	return some;
}

/* see text_terms.h */
enum sq_err
text_terms_query(const struct text_terms *t, struct bytes_buf *out)
{
	unsigned last = t->n == 0 ? 0 : t->v[t->n - 1].group;
	bool some = false;

	bytes_puts(out, "{title name text} : (");
	for (unsigned g = 0; g <= last; g++) {
		size_t before = out->len;

		bytes_puts(out, some ? " OR (" : "(");
		if (group_put(t, g, false, out)) {
			(void)group_put(t, g, true, out);
			bytes_puts(out, ")");
			some = true;
		} else
			out->len = before;	/* of nothing to be found */
	}
	bytes_puts(out, ")");
	return bytes_done(out);
}

/* see text_terms.h */
bool
text_terms_prefixes(const struct text_terms *t)
{
	for (size_t i = 0; i < t->n; i++) {
		uint32_t c;

		if (t->v[i].not || t->v[i].prefix)
			continue;
		if (text_char((const uint8_t *)t->v[i].s, t->v[i].n, &c) !=
		    t->v[i].n || !text_char_han(c))
			return false;
	}
	return true;
}

/* see text_terms.h */
enum sq_err
text_words(const char *s, size_t n,
    enum sq_err (*cb)(void *arg, const struct text_word *w), void *arg)
{
	struct bytes_buf b = { 0 };
	struct text_word w;
	enum sq_err e = SQ_OK;
	bool han = false;
	size_t len, from = 0;
	uint32_t c;

	for (size_t at = 0; at <= n && e == SQ_OK; at += len) {
		c = ' ';
		len = at < n ? text_char((const uint8_t *)s + at, n - at, &c) :
		    1;
		if (text_char_word(c)) {
			from = b.len == 0 ? at : from;
			han = han || text_char_han(c);
			text_char_put(&b, text_char_fold(c));
		} else if (b.len > 0 && !text_char_mark(c)) {
			w = (struct text_word){ (const char *)b.p, s + from,
			    b.len, at - from };
			if (!han && !b.bad)
				e = cb(arg, &w);
			e = e == SQ_OK && b.bad ? SQ_ENOMEM : e;
			b.len = 0;
			han = false;
		}
	}
	bytes_free(&b);
	return e;
}
