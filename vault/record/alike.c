/*
 * See alike.h.  A number that is the same outweighs everything; a near name
 * alone is worth a look, with a date of birth or a village more so, and a date
 * or sex that differs speaks against it.  All parts are said.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/record/alike.h"
#include "vault/record/lookup.h"
#include "vault/record/text.h"

#define PER_NAME 24		/* candidates looked at for each name */

static const char *const numbers[] = { "prc_id", "prc_passport", "kz_iin",
    "kz_passport", "residence_permit", "other_id", NULL };
static const char *const names[] = { "name", "document_name", "nickname",
    "given_name", "family_name", NULL };
static const char *const places[] = { "birthplace", "residence", NULL };

static void
reason(struct alike *r, const char *s)
{
	size_t n = strlen(r->reasons);

	(void)snprintf(r->reasons + n, sizeof(r->reasons) - n, "%s%s",
	    n > 0 ? "; " : "", s);
}

/* A number without what people put between its digits. */
static void
bare(const char *s, char *out, size_t cap)
{
	size_t n = 0;

	for (; *s != '\0' && n + 1 < cap; s++)
		if (*s != ' ' && *s != '-')
			out[n++] = *s == 'x' ? 'X' : *s;
	out[n] = '\0';
}

static unsigned
by_number(const struct record *a, const struct record *b, struct alike *ret)
{
	const struct record_field *x, *y;
	char p[64], q[64], say[96];

	for (size_t k = 0; numbers[k] != NULL; k++) {
		x = model_record_field(a, numbers[k]);
		y = model_record_field(b, numbers[k]);
		for (size_t i = 0; x != NULL && i < x->n; i++)
			for (size_t j = 0; y != NULL && j < y->n; j++) {
				bare(x->v[i].text, p, sizeof(p));
				bare(y->v[j].text, q, sizeof(q));
				if (strcmp(p, q) != 0)
					continue;
				(void)snprintf(say, sizeof(say), "the same "
				    "%s", x->def->label);
				reason(ret, say);
				return 1000;
			}
	}
	return 0;
}

/* The distance of the nearest two names; parts of names only with theirs. */
static enum sq_err
by_name(const struct record *a, const struct record *b,
    struct names_match *best)
{
	const struct record_field *x, *y;
	struct names_match m;
	enum sq_err e = SQ_OK;

	best->distance = 1000;
	best->reasons = 0;
	for (size_t k = 0; names[k] != NULL; k++)
		for (size_t l = 0; names[l] != NULL; l++) {
			/* a given name is none of the others */
			if ((k >= 3 || l >= 3) && k != l)
				continue;
			x = model_record_field(a, names[k]);
			y = model_record_field(b, names[l]);
			for (size_t i = 0; x != NULL && i < x->n; i++)
				for (size_t j = 0; y != NULL && j < y->n; j++) {
					struct bytes_buf p = { 0 }, q = { 0 };

					e = names_key(x->v[i].text,
					    strlen(x->v[i].text), &p);
					if (e == SQ_OK)
						e = names_key(y->v[j].text,
						    strlen(y->v[j].text), &q);
					if (e == SQ_OK && p.len > 0 &&
					    q.len > 0) {
						names_compare((char *)p.p,
						    p.len, (char *)q.p, q.len,
						    &m);
						/* half a name is half a hint */
						if (k >= 3)
							m.distance += 150;
						if (m.distance <
						    best->distance)
							*best = m;
					}
					bytes_free(&p);
					bytes_free(&q);
					if (e != SQ_OK)
						return e;
				}
		}
	return SQ_OK;
}

/* What two dates of birth add or take away. */
static int
by_birth(const struct record *a, const struct record *b, struct alike *ret)
{
	const char *x = model_record_first(a, "birth_date");
	const char *y = model_record_first(b, "birth_date");
	unsigned x0, x1, y0, y1, apart;
	char say[160];

	if (x == NULL || y == NULL || !text_edtf_begin(x, &x0) ||
	    !text_edtf_end(x, &x1) || !text_edtf_begin(y, &y0) ||
	    !text_edtf_end(y, &y1))
		return 0;
	if (strcmp(x, y) == 0 && x0 == x1) {
		(void)snprintf(say, sizeof(say), "the same date of birth");
		reason(ret, say);
		return 250;
	}
	if (x0 <= y1 && y0 <= x1) {
		(void)snprintf(say, sizeof(say), "dates of birth agree "
		    "(%.40s, %.40s)", x, y);
		reason(ret, say);
		return 100;
	}
	(void)snprintf(say, sizeof(say), "dates of birth differ (%.40s, "
	    "%.40s)", x, y);
	reason(ret, say);
	apart = (x0 > y1 ? x0 - y1 : y0 - x1) / 10000;
	return apart <= 1 ? -60 : apart <= 3 ? -150 : -400;
}

/* Do two places share a word of at least four letters, or characters? */
static enum sq_err
by_place(const struct record *a, const struct record *b, bool *ret)
{
	const struct record_field *x, *y;
	enum sq_err e = SQ_OK;

	*ret = false;
	for (size_t k = 0; places[k] != NULL && e == SQ_OK; k++)
		for (size_t l = 0; places[l] != NULL && e == SQ_OK; l++) {
			x = model_record_field(a, places[k]);
			y = model_record_field(b, places[l]);
			for (size_t i = 0; x != NULL && y != NULL &&
			    i < x->n * y->n && e == SQ_OK; i++) {
				const char *s = x->v[i / y->n].text;
				const char *t = y->v[i % y->n].text;
				struct bytes_buf p = { 0 }, q = { 0 };

				e = names_fold(s, strlen(s), &p);
				if (e == SQ_OK)
					e = names_fold(t, strlen(t), &q);
				if (e == SQ_OK && p.len >= 3 && q.len >= 3 &&
				    (memmem(p.p, p.len, q.p, q.len) != NULL ||
				    memmem(q.p, q.len, p.p, p.len) != NULL))
					*ret = true;
				bytes_free(&p);
				bytes_free(&q);
			}
		}
	return e;
}

/* see alike.h */
enum sq_err
alike_compare(const struct record *a, const struct record *b,
    struct alike *ret)
{
	const char *s = model_record_first(a, "sex");
	const char *t = model_record_first(b, "sex");
	struct names_match m;
	char say[128];
	bool place;
	int sum;
	enum sq_err e;

	memset(ret, 0, sizeof(*ret));
	sum = (int)by_number(a, b, ret);
	if ((e = by_name(a, b, &m)) != SQ_OK ||
	    (e = by_place(a, b, &place)) != SQ_OK)
		return e;
	if (m.distance <= NAMES_NEAR) {
		lookup_why(&m, say, sizeof(say));
		reason(ret, say);
		sum += 650 - (int)m.distance;
	}
	sum += by_birth(a, b, ret);
	if (place) {
		reason(ret, "the same place");
		sum += 150;
	}
	if (s != NULL && t != NULL && strcmp(s, t) != 0 &&
	    strcmp(s, "unknown") != 0 && strcmp(t, "unknown") != 0) {
		reason(ret, "sex differs");
		sum -= 300;
	}
	ret->score = sum < 0 ? 0 : sum > 1000 ? 1000 : (unsigned)sum;
	return SQ_OK;
}

/* --- candidates --------------------------------------------------------- */

struct set {
	uint8_t (*id)[LOG_RECORD_ID];
	size_t n, cap;
	const char *own;	/* id in hex of who is asked about */
};

static enum sq_err
put(struct record_ctx *cx, struct set *s, int64_t rid)
{
	uint8_t id[LOG_RECORD_ID];
	char hex[MODEL_ID_HEX];
	size_t cap = s->cap;
	void *p;
	enum sq_err e;

	/* what a projection names and the table lacks is no candidate */
	if ((e = record_of_rid(cx, rid, id)) != SQ_OK)
		return e == SQ_ENOENT ? SQ_OK : e;
	bytes_hex(hex, id, sizeof(id));
	if (strcmp(hex, s->own) == 0)
		return SQ_OK;
	for (size_t i = 0; i < s->n; i++)
		if (memcmp(s->id[i], id, sizeof(id)) == 0)
			return SQ_OK;
	if (s->n == cap) {
		cap = cap ? 2 * cap : 32;
		if ((p = realloc(s->id, cap * sizeof(*s->id))) == NULL)
			return SQ_ENOMEM;
		s->id = p;
		s->cap = cap;
	}
	memcpy(s->id[s->n++], id, sizeof(id));
	return SQ_OK;
}

/* Persons whose text holds this number, by the index of words. */
static enum sq_err
put_number(struct record_ctx *cx, struct set *s, const char *number)
{
	char match[128], word[64];
	struct db_st *st;
	int64_t rid[PER_NAME];
	size_t n = 0;
	bool row;
	enum sq_err e;

	bare(number, word, sizeof(word));
	if (strlen(word) < 5 || word[strspn(word, "0123456789"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")] != '\0')
		return SQ_OK;
	(void)snprintf(match, sizeof(match), "kind : \"person\" AND text : "
	    "\"%s\"", word);
	if ((e = db_use(log_db(cx->lg), DB_FTS_OF_KIND, &st)) != SQ_OK)
		return e;
	db_bind_text(st, 1, match, strlen(match));
	while ((e = db_step(st, &row)) == SQ_OK && row && n < PER_NAME)
		rid[n++] = db_int(st, 0);
	db_reset(st);
	for (size_t i = 0; i < n && e == SQ_OK; i++)
		e = put(cx, s, rid[i]);
	return e;
}

static enum sq_err
put_name(struct record_ctx *cx, struct set *s, const char *name)
{
	struct lookup_hit *hit = NULL;
	size_t n = 0;
	enum sq_err e;

	e = lookup_find(cx, name, model_type("person"), NAMES_NEAR, PER_NAME,
	    &hit, &n);
	for (size_t i = 0; i < n && e == SQ_OK; i++)
		e = put(cx, s, hit[i].rid);
	free(hit);
	return e;
}

/* see alike.h */
enum sq_err
alike_find(struct record_ctx *cx, const struct record *r,
    uint8_t (**ret)[LOG_RECORD_ID], size_t *ret_n)
{
	struct set s = { .own = r->id };
	const struct record_field *f;
	enum sq_err e = SQ_OK;

	for (size_t k = 0; names[k] != NULL && k < 3 && e == SQ_OK; k++) {
		f = model_record_field(r, names[k]);
		for (size_t i = 0; f != NULL && i < f->n && e == SQ_OK; i++)
			e = put_name(cx, &s, f->v[i].text);
	}
	for (size_t k = 0; numbers[k] != NULL && e == SQ_OK; k++) {
		f = model_record_field(r, numbers[k]);
		for (size_t i = 0; f != NULL && i < f->n && e == SQ_OK; i++)
			e = put_number(cx, &s, f->v[i].text);
	}
	if (e != SQ_OK) {
		free(s.id);
		return e;
	}
	*ret = s.id;
	*ret_n = s.n;
	return SQ_OK;
}
