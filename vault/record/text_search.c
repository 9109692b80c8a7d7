/*
 * The full-text index seen from both sides: what goes in, and what a person's
 * words become.  Invariants, kept by text_index and query_put together:
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

/* Add the term s[0..n) unless nothing in it can be found. */
static enum sq_err
term_add(struct text_terms *t, const char *s, size_t n, bool prefix)
{
	if (!wordy(s, n))
		return SQ_OK;
	if (t->n == TEXT_TERMS_MAX)
		return SQ_ELIMIT;
	t->v[t->n].s = s;
	t->v[t->n].n = n;
	t->v[t->n++].prefix = prefix;
	return SQ_OK;
}

static bool
space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* see text_terms.h */
enum sq_err
text_terms_parse(const char *q, struct text_terms *ret)
{
	enum sq_err e;
	size_t n;

	ret->n = 0;
	if (strlen(q) > TEXT_QUERY_MAX)
		return SQ_ELIMIT;
	if ((e = text_nfc(q, &ret->text)) != SQ_OK)
		return e;
	for (q = ret->text; *q != '\0'; q += n) {
		if (space(*q)) {
			n = 1;
			continue;
		}
		if (*q == '"') {
			q++;
			n = strcspn(q, "\"");
			if ((e = term_add(ret, q, n, false)) != SQ_OK)
				return e;
			n += q[n] == '"';
			continue;
		}
		n = strcspn(q, " \t\n\v\f\r\"");
		/* what the star of a prefix leaves is the word */
		if ((e = q[n - 1] == '*' ? term_add(ret, q, n - 1, true) :
		    term_add(ret, q, n, false)) != SQ_OK)
			return e;
	}
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
	t->n = 0;
}

/* One term between quotes; (2) and (3). */
static void
query_put(const struct text_term *t, struct bytes_buf *out)
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

/* see text.h */
enum sq_err
text_query(const char *q, struct bytes_buf *out, struct why *why)
{
	struct text_terms t = { .text = NULL };
	enum sq_err e;

	e = text_terms_parse(q, &t);
	if (e == SQ_ELIMIT)
		e = err_why(why, SQ_EUSAGE, "a search takes at most %d words "
		    "and %d bytes", TEXT_TERMS_MAX, TEXT_QUERY_MAX);
	else if (e == SQ_EFORMAT)
		e = err_why(why, SQ_EUSAGE, "the search is not UTF-8 text");
	else if (e == SQ_OK && t.n == 0)
		e = err_why(why, SQ_EUSAGE, "nothing to search for: a search "
		    "needs a letter or a digit");
	if (e != SQ_OK)
		goto out;
	bytes_puts(out, "{title name text} : (");
	for (size_t i = 0; i < t.n; i++) {
		if (i > 0)
			bytes_puts(out, " AND ");
		query_put(&t.v[i], out);
	}
	bytes_put_u8(out, ')');
	e = bytes_done(out);
out:
	text_terms_free(&t);
	return e;
}
