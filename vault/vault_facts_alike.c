/*
 * Who may be the same person.  Candidates come from the indexes of names and
 * words; what they are compared by is read from their verified entries.  See
 * vault_facts.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/record/alike.h"
#include "vault/record/prcid.h"
#include "vault/vault_facts_int.h"
#include "vault/vault_int.h"

#define PAIRS_MAX 200000	/* kept while all persons are compared */

struct pair {
	struct alike alike;
	char a[MODEL_REF_MAX], b[MODEL_REF_MAX];
	char *name_a, *name_b;
};

struct pairs {
	struct pair *v;
	size_t n, cap;
};

static void
pairs_free(struct pairs *p)
{
	for (size_t i = 0; i < p->n; i++) {
		free(p->v[i].name_a);
		free(p->v[i].name_b);
	}
	free(p->v);
}

static int
pair_cmp(const void *x, const void *y)
{
	const struct pair *a = x, *b = y;

	return (b->alike.score > a->alike.score) - (b->alike.score <
	    a->alike.score);
}

static enum sq_err
put(struct pairs *p, const struct record *a, const struct record *b,
    const struct alike *alike)
{
	struct pair *q;
	size_t cap = p->cap;

	if (p->n == PAIRS_MAX)
		return SQ_OK;
	if (p->n == cap) {
		cap = cap ? 2 * cap : 32;
		if ((q = realloc(p->v, cap * sizeof(*q))) == NULL)
			return SQ_ENOMEM;
		p->v = q;
		p->cap = cap;
	}
	q = &p->v[p->n];
	q->alike = *alike;
	memcpy(q->a, a->ref, sizeof(q->a));
	memcpy(q->b, b->ref, sizeof(q->b));
	q->name_a = strdup(model_record_title(a));
	q->name_b = strdup(model_record_title(b));
	if (q->name_a == NULL || q->name_b == NULL) {
		free(q->name_a);
		free(q->name_b);
		return SQ_ENOMEM;
	}
	p->n++;
	return SQ_OK;
}

struct linked {
	const char *other;
	bool is;
};

static enum sq_err
see_link(void *arg, const struct vault_same *s)
{
	struct linked *l = arg;

	l->is = l->is || strcmp(s->person, l->other) == 0;
	return SQ_OK;
}

/* Read a person's newest revision. */
static enum sq_err
person(struct vault *v, const uint8_t id[LOG_RECORD_ID], struct record *ret,
    struct why *why)
{
	struct record_at at = { 0 };
	enum sq_err e;

	if ((e = record_newest(&v->cx, id, &at, why)) != SQ_OK)
		return e;
	e = record_read(&v->cx, &at, ret, why);
	record_at_free(&at);
	return e;
}

/* Compare one person with its candidates; ${after}: only with later ones. */
static enum sq_err
compare(struct vault *v, const struct record *a, bool after, struct pairs *p,
    struct why *why)
{
	uint8_t (*ids)[LOG_RECORD_ID] = NULL;
	struct record b = { 0 };
	struct linked l;
	struct alike x;
	size_t n = 0;
	enum sq_err e;

	if ((e = alike_find(&v->cx, a, &ids, &n)) != SQ_OK)
		return err_why(why, e, "the index of names: %s",
		    db_why(v->db));
	for (size_t i = 0; i < n && e == SQ_OK; i++) {
		if ((e = person(v, ids[i], &b, why)) != SQ_OK)
			break;
		l = (struct linked){ b.ref, false };
		if (!after || b.index > a->index)
			e = alike_compare(a, &b, &x);
		else
			x.score = 0;
		if (e == SQ_OK && x.score >= ALIKE_LIKELY &&
		    (e = vault_same_as(v, a->ref, see_link, &l, why)) ==
		    SQ_OK && !l.is)
			e = put(p, a, &b, &x);
		model_record_free(&b);
	}
	free(ids);
	return e;
}

static enum sq_err
hand(struct pairs *p, size_t limit,
    enum sq_err (*cb)(void *arg, const struct vault_alike *x), void *arg)
{
	struct vault_alike x;
	enum sq_err e = SQ_OK;

	if (p->n > 0)
		qsort(p->v, p->n, sizeof(*p->v), pair_cmp);
	for (size_t i = 0; i < p->n && i < limit && e == SQ_OK; i++) {
		memcpy(x.a, p->v[i].a, sizeof(x.a));
		memcpy(x.b, p->v[i].b, sizeof(x.b));
		x.name_a = p->v[i].name_a;
		x.name_b = p->v[i].name_b;
		x.score = p->v[i].alike.score;
		x.reasons = p->v[i].alike.reasons;
		e = cb(arg, &x);
	}
	return e;
}

/* see vault_facts.h */
enum sq_err
vault_alike(struct vault *v, const char *ref,
    enum sq_err (*cb)(void *arg, const struct vault_alike *x), void *arg,
    struct why *why)
{
	uint8_t id[LOG_RECORD_ID];
	struct record r = { 0 };
	struct pairs p = { 0 };
	enum sq_err e;

	if ((e = vault_facts_person(v, ref, id, why)) != SQ_OK ||
	    (e = person(v, id, &r, why)) != SQ_OK)
		return e;
	if ((e = compare(v, &r, false, &p, why)) == SQ_OK)
		e = hand(&p, SIZE_MAX, cb, arg);
	model_record_free(&r);
	pairs_free(&p);
	return e;
}

/* see vault_facts.h */
enum sq_err
vault_alike_all(struct vault *v, size_t limit,
    void (*progress)(void *arg, uint64_t done, uint64_t of),
    enum sq_err (*cb)(void *arg, const struct vault_alike *x), void *arg,
    struct why *why)
{
	uint8_t (*ids)[LOG_RECORD_ID] = NULL;
	struct record r = { 0 };
	struct pairs p = { 0 };
	size_t n = 0;
	enum sq_err e;

	if ((e = record_audit(&v->cx, why)) != SQ_OK ||
	    (e = record_list(&v->cx, model_type("person"), 0, &ids, &n)) !=
	    SQ_OK)
		return e;
	for (size_t i = 0; i < n && e == SQ_OK; i++) {
		if ((e = person(v, ids[n - 1 - i], &r, why)) == SQ_OK)
			e = compare(v, &r, true, &p, why);
		model_record_free(&r);
		if (progress != NULL)
			progress(arg, i + 1, n);
	}
	if (e == SQ_OK)
		e = hand(&p, limit, cb, arg);
	free(ids);
	pairs_free(&p);
	return e;
}

/* see vault_facts.h */
void
vault_doubts(const struct record *r,
    void (*cb)(void *arg, const char *text), void *arg)
{
	const struct record_field *f = model_record_field(r, "prc_id");
	char say[400], text[512];

	for (size_t i = 0; f != NULL && i < f->n; i++) {
		prcid_doubt(f->v[i].text, model_record_first(r, "birth_date"),
		    model_record_first(r, "sex"), say, sizeof(say));
		if (say[0] == '\0')
			continue;
		(void)snprintf(text, sizeof(text), "%.40s: %s",
		    f->v[i].text, say);
		cb(arg, text);
	}
}
