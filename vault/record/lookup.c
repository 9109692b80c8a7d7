/*
 * See lookup.h.  A name is indexed by its terms (names.h) in a full-text index
 * without positions, whose lists are short to keep and quick to intersect: a
 * candidate shares a term of two words of the name, or of the only one.  Then
 * the keys of the candidates are compared with the name, sound by sound.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/bytes.h"
#include "vault/record/lookup.h"

#define CANDIDATES 4096		/* of one question to the index */
#define PARTS_ASKED 4		/* words of a name that are looked up */

/* --- indexing ----------------------------------------------------------- */

/* The first value of a field of the entry, or NULL; the caller frees. */
static char *
first(const struct entry *en, const char *field)
{
	char name[ENTRY_MAX_NAME + 1];

	(void)snprintf(name, sizeof(name), "%s[00000]", field);
	return entry_str(en, name);
}

/* A name's key as a line. */
static enum sq_err
put_key(const char *name, size_t n, struct bytes_buf *keys)
{
	size_t before = keys->len;
	enum sq_err e = names_key(name, n, keys);

	if (e == SQ_OK && keys->len > before)
		bytes_put_u8(keys, '\n');
	return e;
}

/* Given and family name, kept in two fields, are one name too. */
static enum sq_err
put_whole(const struct entry *en, struct bytes_buf *keys)
{
	char *given = first(en, "given_name");
	char *family = first(en, "family_name");
	struct bytes_buf both = { 0 };
	enum sq_err e = SQ_OK;

	if (given != NULL && family != NULL) {
		bytes_putf(&both, "%s %s", given, family);
		if ((e = bytes_done(&both)) == SQ_OK)
			e = put_key((const char *)both.p, both.len, keys);
	}
	bytes_free(&both);
	free(given);
	free(family);
	return e;
}

/* The keys of all names in the entry, one a line. */
static enum sq_err
keys_of(const struct entry *en, const struct model_type *type,
    struct bytes_buf *keys)
{
	const struct model_field *f;
	char base[ENTRY_MAX_NAME + 1];
	enum sq_err e = SQ_OK;
	char *s;

	for (size_t i = 0; i < en->n && e == SQ_OK; i++) {
		(void)snprintf(base, sizeof(base), "%.*s",
		    (int)strcspn(en->fields[i].name, "["),
		    en->fields[i].name);
		f = model_field(type, base);
		if (f == NULL || (f->flags & MODEL_NAME) == 0 ||
		    (s = entry_value_str(&en->fields[i])) == NULL)
			continue;
		e = put_key(s, strlen(s), keys);
		free(s);
	}
	if (e == SQ_OK && model_field(type, "given_name") != NULL)
		e = put_whole(en, keys);
	return e == SQ_OK ? bytes_done(keys) : e;
}

static void
put_group(const struct names_group *g, struct bytes_buf *out)
{
	bytes_putf(out, "%s %s ", g->exact, g->near);
}

/* All terms of all keys. */
static enum sq_err
terms_of(const struct bytes_buf *keys, struct bytes_buf *out)
{
	const char *p = (const char *)keys->p;
	struct names_terms t;
	size_t len;
	enum sq_err e;

	for (size_t at = 0; at < keys->len; at += len + 1) {
		for (len = 0; p[at + len] != '\n'; len++)
			continue;
		if ((e = names_terms(p + at, len, &t)) != SQ_OK)
			return e;
		for (size_t i = 0; i < t.n; i++)
			put_group(&t.part[i], out);
		put_group(&t.whole, out);
		names_terms_free(&t);
	}
	return bytes_done(out);
}

/* Write one row of both tables, or drop it. */
static enum sq_err
put_rows(struct record_ctx *cx, int64_t rid, const struct model_type *type,
    const struct bytes_buf *keys, const struct bytes_buf *terms, bool add)
{
	struct db_st *st;
	enum sq_err e;

	if ((e = db_use(log_db(cx->lg), add ? DB_SOUND_ADD : DB_SOUND_DROP,
	    &st)) != SQ_OK)
		return e;
	db_bind_int(st, 1, rid);
	db_bind_text(st, 2, (const char *)terms->p, terms->len);
	if ((e = db_run(st)) != SQ_OK ||
	    (e = db_use(log_db(cx->lg), add ? DB_NAME_ADD : DB_NAME_DROP,
	    &st)) != SQ_OK)
		return e;
	db_bind_int(st, 1, rid);
	if (add) {
		db_bind_int(st, 2, type->prefix);
		db_bind_text(st, 3, (const char *)keys->p, keys->len);
	}
	return db_run(st);
}

/* see lookup.h */
enum sq_err
lookup_index(struct record_ctx *cx, int64_t rid, const struct entry *en,
    const struct model_type *type, bool add)
{
	struct bytes_buf keys = { 0 }, terms = { 0 };
	enum sq_err e;

	if ((e = keys_of(en, type, &keys)) == SQ_OK && keys.len > 0 &&
	    (e = terms_of(&keys, &terms)) == SQ_OK)
		e = put_rows(cx, rid, type, &keys, &terms, add);
	bytes_free(&keys);
	bytes_free(&terms);
	return e;
}

/* --- finding ------------------------------------------------------------ */

struct finding {
	struct record_ctx *cx;
	const char *key;
	size_t n;
	const struct model_type *type;
	unsigned max;
	int64_t *seen;		/* rows asked for already, in order */
	size_t n_seen, cap_seen;
	struct lookup_hit *hit;
	size_t n_hit, cap_hit;
	unsigned best;
};

/* Terms parted by spaces as alternatives; false if there are none. */
static bool
any_of(const char *exact, const char *near, struct bytes_buf *out)
{
	const char *const list[2] = { exact, near };
	bool some = false;

	for (int i = 0; i < 2; i++)
		for (const char *p = list[i]; p != NULL && *p != '\0'; ) {
			size_t n = strcspn(p, " ");

			bytes_puts(out, some ? " OR " : "(");
			bytes_put(out, p, n);
			some = true;
			p += n + (p[n] == ' ');
		}
	if (some)
		bytes_puts(out, ")");
	return some;
}

/* Two words of the name in any of its pairs, or the only one. */
static void
pairs(const struct names_terms *t, bool near, struct bytes_buf *out)
{
	size_t n = t->n > PARTS_ASKED ? PARTS_ASKED : t->n;

	if (n == 1)
		(void)any_of(t->part[0].exact, near ? t->part[0].near : NULL,
		    out);
	for (size_t i = 0; i < n; i++)
		for (size_t k = i + 1; k < n; k++) {
			bytes_puts(out, out->len > 0 ? " OR (" : "(");
			(void)any_of(t->part[i].exact, near ?
			    t->part[i].near : NULL, out);
			bytes_puts(out, " AND ");
			(void)any_of(t->part[k].exact, near ?
			    t->part[k].near : NULL, out);
			bytes_puts(out, ")");
		}
}

static int
rid_cmp(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static bool
seen(const struct finding *f, size_t n, int64_t rid)
{
	return n > 0 && bsearch(&rid, f->seen, n, sizeof(rid), rid_cmp) !=
	    NULL;
}

/* Ask the index; rows not seen before are added behind ${n_seen}. */
static enum sq_err
ask(struct finding *f, const struct bytes_buf *match)
{
	size_t before = f->n_seen;
	struct db_st *st;
	int64_t rid;
	bool row;
	void *p;
	enum sq_err e;

	if (f->cap_seen < before + CANDIDATES) {
		p = realloc(f->seen, (before + CANDIDATES) * sizeof(*f->seen));
		if (p == NULL)
			return SQ_ENOMEM;
		f->seen = p;
		f->cap_seen = before + CANDIDATES;
	}
	if ((e = db_use(log_db(f->cx->lg), DB_SOUND_FIND, &st)) != SQ_OK)
		return e;
	db_bind_text(st, 1, (const char *)match->p, match->len);
	db_bind_int(st, 2, CANDIDATES);
	while ((e = db_step(st, &row)) == SQ_OK && row) {
		rid = db_int(st, 0);
		if (!seen(f, before, rid) && f->n_seen < f->cap_seen)
			f->seen[f->n_seen++] = rid;
	}
	return e;
}

/* The nearest of the names in one row, one key a line. */
static void
nearest(const struct finding *f, const char *keys, size_t n,
    struct names_match *best)
{
	struct names_match m;
	size_t len;

	best->distance = 1000;
	for (size_t at = 0; at < n; at += len + 1) {
		for (len = 0; at + len < n && keys[at + len] != '\n'; len++)
			continue;
		names_compare(f->key, f->n, keys + at, len, &m);
		if (m.distance < best->distance)
			*best = m;
	}
}

/* Keep what is near enough. */
static enum sq_err
keep(struct finding *f, int64_t rid, const struct names_match *m)
{
	size_t cap;
	void *p;

	if (m->distance > f->max)
		return SQ_OK;
	if (f->n_hit == f->cap_hit) {
		cap = f->cap_hit == 0 ? 64 : 2 * f->cap_hit;
		if ((p = realloc(f->hit, cap * sizeof(*f->hit))) == NULL)
			return SQ_ENOMEM;
		f->hit = p;
		f->cap_hit = cap;
	}
	f->hit[f->n_hit].rid = rid;
	f->hit[f->n_hit++].match = *m;
	if (m->distance < f->best)
		f->best = m->distance;
	return SQ_OK;
}

/* Compare the candidates from ${from} on with the name. */
static enum sq_err
score(struct finding *f, size_t from)
{
	struct names_match m;
	struct db_st *st;
	const char *keys;
	size_t n;
	bool row;
	enum sq_err e = SQ_OK;

	for (size_t i = from; i < f->n_seen && e == SQ_OK; i++) {
		if ((e = db_use(log_db(f->cx->lg), DB_NAME_GET, &st)) != SQ_OK)
			return e;
		db_bind_int(st, 1, f->seen[i]);
		if ((e = db_step(st, &row)) != SQ_OK)
			return e;
		if (!row)
			continue;
		keys = db_text(st, 1, &n);
		if (f->type == NULL || db_int(st, 0) == f->type->prefix) {
			nearest(f, keys, n, &m);
			e = keep(f, f->seen[i], &m);
		}
		db_reset(st);
	}
	return e;
}

/* What is asked, the most telling first: each has its own limit. */
enum round {
	WHOLE,			/* the words as one */
	EXACT,			/* two words by their own terms */
	WHOLE_NEAR,		/* the same, and with a sound less */
	NEAR,
	ROUNDS
};

static enum sq_err
round_of(struct finding *f, const struct names_terms *t, enum round which)
{
	struct bytes_buf match = { 0 };
	size_t from = f->n_seen;
	enum sq_err e;

	if (which == WHOLE || which == WHOLE_NEAR)
		(void)any_of(t->whole.exact, which == WHOLE ? NULL :
		    t->whole.near, &match);
	else
		pairs(t, which == NEAR, &match);
	if ((e = bytes_done(&match)) == SQ_OK && match.len > 0 &&
	    (e = ask(f, &match)) == SQ_OK)
		e = score(f, from);
	if (f->n_seen > 0)
		qsort(f->seen, f->n_seen, sizeof(*f->seen), rid_cmp);
	bytes_free(&match);
	return e;
}

/* Of names with several words, those who share one of them alone. */
static enum sq_err
singles(struct finding *f, const struct names_terms *t)
{
	struct bytes_buf match = { 0 };
	size_t from = f->n_seen;
	enum sq_err e;

	for (size_t i = 0; i < t->n && i < PARTS_ASKED; i++) {
		bytes_puts(&match, i > 0 ? " OR " : "");
		(void)any_of(t->part[i].exact, NULL, &match);
	}
	if ((e = bytes_done(&match)) == SQ_OK &&
	    (e = ask(f, &match)) == SQ_OK)
		e = score(f, from);
	bytes_free(&match);
	return e;
}

static int
hit_cmp(const void *a, const void *b)
{
	const struct lookup_hit *x = a, *y = b;

	if (x->match.distance != y->match.distance)
		return x->match.distance < y->match.distance ? -1 : 1;
	return (x->rid > y->rid) - (x->rid < y->rid);
}

/* see lookup.h */
enum sq_err
lookup_find(struct record_ctx *cx, const char *name,
    const struct model_type *type, unsigned max, size_t limit,
    struct lookup_hit **ret, size_t *ret_n)
{
	struct finding f = { .cx = cx, .type = type, .max = max,
	    .best = 1000 };
	struct bytes_buf key = { 0 };
	struct names_terms t = { .n = 0 };
	enum sq_err e;

	*ret = NULL;
	*ret_n = 0;
	if ((e = names_key(name, strlen(name), &key)) != SQ_OK ||
	    key.len == 0)
		goto out;
	f.key = (const char *)key.p;
	f.n = key.len;
	if ((e = names_terms(f.key, f.n, &t)) != SQ_OK || t.n == 0)
		goto out;
	for (enum round i = WHOLE; i < ROUNDS; i++)
		if ((e = round_of(&f, &t, i)) != SQ_OK)
			goto out;
	if (t.n > 1 && f.best > NAMES_NEAR &&
	    (e = singles(&f, &t)) != SQ_OK)
		goto out;
	if (f.n_hit > 0)
		qsort(f.hit, f.n_hit, sizeof(*f.hit), hit_cmp);
	*ret_n = f.n_hit > limit ? limit : f.n_hit;
	*ret = f.hit;
	f.hit = NULL;		/* transferred */
out:
	names_terms_free(&t);
	bytes_free(&key);
	free(f.seen);
	free(f.hit);
	return e;
}

/* see lookup.h */
void
lookup_why(const struct names_match *match, char *out, size_t cap)
{
	(void)snprintf(out, cap, "name%s%s%s%s%s, distance %u.%02u",
	    match->reasons & NAMES_SCRIPT ? ", other script" : "",
	    match->reasons & NAMES_SWAPPED ? ", other order" : "",
	    match->reasons & NAMES_JOINED ? ", written as one" : "",
	    match->reasons & NAMES_MISSING ? ", part missing" : "",
	    match->reasons & NAMES_ENDING ? ", ending or title" : "",
	    match->distance / 1000, match->distance % 1000 / 10);
}
