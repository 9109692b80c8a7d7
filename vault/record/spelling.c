#include <stdlib.h>
#include <string.h>

#include "crypto/bytes.h"
#include "vault/record/names.h"
#include "vault/record/spelling.h"

#define SHORTEST 3		/* bytes of a fold that is worth a row */
#define LONGEST 96
#define SPELLINGS 24		/* of one word that a search looks for */
#define KNOWN (1u << 19)

/*
 * Words that surely stand in the table, by a hash of 64 bits, so that the many
 * that each text repeats cost no look-up.  What falls out is only looked up.
 */
struct spelling_known {
	uint64_t v[KNOWN];
};

static uint64_t
hash(const char *s, size_t n)
{
	uint64_t h = 14695981039346656037u;

	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)s[i]) * 1099511628211u;
	h ^= h >> 29;
	return h == 0 ? 1 : h;
}

/* Where the word would be noted; NULL without memory. */
static uint64_t *
slot(struct record_ctx *cx, uint64_t h)
{
	if (cx->known == NULL)
		cx->known = calloc(1, sizeof(*cx->known));
	return cx->known == NULL ? NULL : &cx->known->v[h % KNOWN];
}

/* see spelling.h */
void
spelling_reset(struct record_ctx *cx)
{
	if (cx->known != NULL)
		secret_wipe(cx->known, sizeof(*cx->known));
	free(cx->known);
	cx->known = NULL;
}

/*
 * The fold of one word as it was written, for the index takes marks off that
 * make another sound; false if it has none worth a row.
 */
static bool
fold_of(const struct text_word *t, struct bytes_buf *out)
{
	bool digits = true;

	out->len = 0;
	if (t->n > LONGEST || names_fold(t->raw, t->n_raw, out) != SQ_OK)
		return false;
	for (size_t i = 0; i < t->n; i++)
		digits = digits && t->s[i] >= '0' && t->s[i] <= '9';
	return !digits && out->len >= SHORTEST && memchr(out->p, ' ',
	    out->len) == NULL;
}

struct each {
	struct record_ctx *cx;
	struct bytes_buf fold, match;
};

static enum sq_err
run(struct each *w, enum db_stmt id, const struct text_word *t)
{
	struct db_st *st;
	enum sq_err e;

	if ((e = db_use(log_db(w->cx->lg), id, &st)) != SQ_OK)
		return e;
	db_bind_text(st, 1, (const char *)w->fold.p, w->fold.len);
	db_bind_text(st, 2, t->s, t->n);
	return db_run(st);
}

static enum sq_err
learn(void *arg, const struct text_word *t)
{
	struct each *w = arg;
	uint64_t h = hash(t->raw, t->n_raw), *at = slot(w->cx, h);
	enum sq_err e = SQ_OK;

	if (at != NULL && *at == h)
		return SQ_OK;
	if (fold_of(t, &w->fold))
		e = run(w, DB_SPELLING_ADD, t);
	if (e == SQ_OK && at != NULL)
		*at = h;
	return e;
}

/* Does any text still have the word? */
static enum sq_err
used(struct each *w, const struct text_word *t, bool *ret)
{
	struct db_st *st;
	enum sq_err e;

	w->match.len = 0;
	bytes_puts(&w->match, "{title name text} : \"");
	bytes_put(&w->match, t->s, t->n);
	bytes_puts(&w->match, "\"");
	if ((e = bytes_done(&w->match)) != SQ_OK ||
	    (e = db_use(log_db(w->cx->lg), DB_FTS_HAS, &st)) != SQ_OK)
		return e;
	db_bind_text(st, 1, (const char *)w->match.p, w->match.len);
	if ((e = db_step(st, ret)) == SQ_OK && *ret)
		db_reset(st);
	return e;
}

static enum sq_err
forget(void *arg, const struct text_word *t)
{
	struct each *w = arg;
	uint64_t h = hash(t->raw, t->n_raw), *at = slot(w->cx, h);
	bool some = true;
	enum sq_err e = SQ_OK;

	if (!fold_of(t, &w->fold) ||
	    (e = used(w, t, &some)) != SQ_OK || some)
		return e;
	if (at != NULL && *at == h)
		*at = 0;
	return run(w, DB_SPELLING_DROP, t);
}

static enum sq_err
each_word(struct record_ctx *cx, const char *s, size_t n,
    enum sq_err (*cb)(void *arg, const struct text_word *t))
{
	struct each w = { .cx = cx };
	enum sq_err e = text_words(s, n, cb, &w);

	bytes_free(&w.fold);
	bytes_free(&w.match);
	return e;
}

/* see spelling.h */
enum sq_err
spelling_learn(struct record_ctx *cx, const char *s, size_t n)
{
	return each_word(cx, s, n, learn);
}

/* see spelling.h */
enum sq_err
spelling_forget(struct record_ctx *cx, const char *s, size_t n)
{
	return each_word(cx, s, n, forget);
}

/* --- searching ---------------------------------------------------------- */

/* The only word of a term, and its fold; of several none. */
struct only {
	struct bytes_buf word, fold;
	unsigned n;
	bool some;
};

static enum sq_err
only(void *arg, const struct text_word *t)
{
	struct only *o = arg;

	if (o->n++ > 0)
		return SQ_OK;
	bytes_put(&o->word, t->s, t->n);
	o->some = fold_of(t, &o->fold);
	return bytes_done(&o->word);
}

static enum sq_err
expand(struct record_ctx *cx, struct text_term *t)
{
	struct bytes_buf all = { 0 };
	struct only o = { .n = 0 };
	struct db_st *st;
	const char *p;
	size_t n;
	bool row;
	enum sq_err e;

	if ((e = text_words(t->s, t->n, only, &o)) != SQ_OK || o.n != 1 ||
	    !o.some ||
	    (e = db_use(log_db(cx->lg), DB_SPELLING_OF, &st)) != SQ_OK)
		goto out;
	db_bind_text(st, 1, (const char *)o.fold.p, o.fold.len);
	db_bind_text(st, 2, (const char *)o.word.p, o.word.len);
	db_bind_int(st, 3, SPELLINGS);
	while ((e = db_step(st, &row)) == SQ_OK && row) {
		p = db_text(st, 0, &n);
		/* of a table that is not vouched for */
		if (memchr(p, '"', n) != NULL || memchr(p, ' ', n) != NULL)
			continue;
		bytes_puts(&all, all.len > 0 ? " " : "");
		bytes_put(&all, p, n);
	}
	if (e == SQ_OK && all.len > 0 && (t->other = bytes_str(&all)) == NULL)
		e = SQ_ENOMEM;
out:
	bytes_free(&o.fold);
	bytes_free(&all);
	bytes_free(&o.word);
	return e;
}

/* see spelling.h */
enum sq_err
spelling_expand(struct record_ctx *cx, struct text_terms *t)
{
	enum sq_err e = SQ_OK;

	for (size_t i = 0; i < t->n && e == SQ_OK; i++)
		if (!t->v[i].prefix && !t->v[i].quoted)
			e = expand(cx, &t->v[i]);
	return e;
}
