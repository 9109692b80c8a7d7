/*
 * Timeline and accounts.  They are complete: every record of the types asked
 * for is looked at, in verified entries; the table of links, which nothing
 * vouches for, only hints (vault_accounts_before).  See vault_facts.h.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/record/text.h"
#include "vault/vault_facts_int.h"
#include "vault/vault_int.h"

static int
id_cmp(const void *a, const void *b)
{
	return memcmp(a, b, LOG_RECORD_ID);
}

/* see vault_facts_int.h */
enum sq_err
vault_facts_id(struct vault_facts_ids *s, const uint8_t id[LOG_RECORD_ID])
{
	size_t cap = s->cap;
	void *p;

	if (vault_facts_has(s, id))
		return SQ_OK;
	if (s->n == cap) {
		cap = cap ? 2 * cap : 16;
		if ((p = realloc(s->id, cap * sizeof(*s->id))) == NULL)
			return SQ_ENOMEM;
		s->id = p;
		s->cap = cap;
	}
	memcpy(s->id[s->n++], id, LOG_RECORD_ID);
	qsort(s->id, s->n, sizeof(*s->id), id_cmp);
	return SQ_OK;
}

/* see vault_facts_int.h */
bool
vault_facts_has(const struct vault_facts_ids *s,
    const uint8_t id[LOG_RECORD_ID])
{
	return s->n > 0 && bsearch(id, s->id, s->n, sizeof(*s->id), id_cmp) !=
	    NULL;
}

/* see vault_facts_int.h */
bool
vault_facts_names(const struct entry *en, const char *field,
    uint8_t id[LOG_RECORD_ID])
{
	char *s = entry_str(en, field);
	bool is = s != NULL && bytes_unhex(id, LOG_RECORD_ID, s) == SQ_OK;

	free(s);
	return is;
}

/* see vault_facts_int.h */
void
vault_facts_free(struct vault_facts_found *f)
{
	for (size_t i = 0; i < f->n; i++)
		model_record_free(&f->r[i]);
	free(f->r);
	memset(f, 0, sizeof(*f));
}

static enum sq_err
keep(struct vault *v, const struct record_at *at,
    struct vault_facts_found *ret, struct why *why)
{
	size_t cap = ret->cap;
	void *p;
	enum sq_err e;

	if (ret->n == cap) {
		cap = cap ? 2 * cap : 16;
		if ((p = realloc(ret->r, cap * sizeof(*ret->r))) == NULL)
			return SQ_ENOMEM;
		ret->r = p;
		ret->cap = cap;
	}
	memset(&ret->r[ret->n], 0, sizeof(*ret->r));
	if ((e = record_read(&v->cx, at, &ret->r[ret->n], why)) == SQ_OK)
		ret->n++;
	return e;
}

/* see vault_facts_int.h */
enum sq_err
vault_facts_collect(struct vault *v, const char *type, const char *field,
    const struct vault_facts_ids *of, struct vault_facts_found *ret,
    struct why *why)
{
	uint8_t (*ids)[LOG_RECORD_ID] = NULL, named[LOG_RECORD_ID];
	struct record_at at = { 0 };
	size_t n = 0;
	enum sq_err e;

	if ((e = record_audit(&v->cx, why)) != SQ_OK ||
	    (e = record_list(&v->cx, model_type(type), 0, &ids, &n)) != SQ_OK)
		return e;
	/* the list is newest first */
	while (n-- > 0 && e == SQ_OK) {
		if ((e = record_newest(&v->cx, ids[n], &at, why)) != SQ_OK)
			break;
		if (of == NULL || (vault_facts_names(&at.en, field, named) &&
		    vault_facts_has(of, named)))
			e = keep(v, &at, ret, why);
		record_at_free(&at);
	}
	free(ids);
	return e;
}

/* --- the timeline ------------------------------------------------------- */

struct row {
	unsigned day;		/* first one it may be; UINT_MAX: none */
	size_t order;
	struct vault_fact f;
};

struct line {
	struct row *row;
	size_t n, cap;
};

static enum sq_err
put(struct line *l, const char *role, const char *date,
    const struct record *r)
{
	size_t cap = l->cap;
	struct row *p;

	if (l->n == cap) {
		cap = cap ? 2 * cap : 32;
		if ((p = realloc(l->row, cap * sizeof(*p))) == NULL)
			return SQ_ENOMEM;
		l->row = p;
		l->cap = cap;
	}
	p = &l->row[l->n];
	memset(p, 0, sizeof(*p));
	p->order = l->n++;
	p->day = UINT_MAX;
	if (date != NULL && !text_edtf_begin(date, &p->day))
		p->day = UINT_MAX;
	p->f.role = role;
	p->f.date = date;
	p->f.r = r;
	return SQ_OK;
}

static int
row_cmp(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->day != y->day)
		return x->day < y->day ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

/* What stands on the timeline of a person, but acts. */
static const struct {
	const char *type, *field, *role, *date;
} kinds[] = {
	{ "status", "person", "status", "as_of" },
	{ "detention", "person", "entered", "entered" },
	{ "injury", "person", "injury", "date" }
};

#define NKINDS (sizeof(kinds) / sizeof(kinds[0]))

struct facts {
	struct vault_facts_found kind[NKINDS], act, involved, did;
	struct line line;
	const struct record **by;	/* of each act in turn */
};

static void
facts_free(struct facts *f)
{
	for (size_t i = 0; i < NKINDS; i++)
		vault_facts_free(&f->kind[i]);
	vault_facts_free(&f->act);
	vault_facts_free(&f->involved);
	vault_facts_free(&f->did);
	free(f->line.row);
	free(f->by);
}

/* The ids of records, or of what one field of them names. */
static enum sq_err
ids_of(const struct vault_facts_found *f, const char *field,
    struct vault_facts_ids *ret)
{
	const struct record_field *rf;
	uint8_t id[LOG_RECORD_ID];
	const char *hex;
	enum sq_err e = SQ_OK;

	for (size_t i = 0; i < f->n && e == SQ_OK; i++) {
		hex = f->r[i].id;
		if (field != NULL) {
			rf = model_record_field(&f->r[i], field);
			hex = rf == NULL || rf->n == 0 ? NULL : rf->v[0].raw;
		}
		if (hex != NULL && bytes_unhex(id, sizeof(id), hex) == SQ_OK)
			e = vault_facts_id(ret, id);
	}
	return e;
}

/* Beside each act on the line, those involved in it. */
static enum sq_err
put_by(struct facts *f)
{
	const struct record_field *act;
	size_t at = 0;

	f->by = calloc((f->involved.n + 1) * (f->line.n + 1), sizeof(*f->by));
	if (f->by == NULL)
		return SQ_ENOMEM;
	for (size_t i = 0; i < f->line.n; i++) {
		struct vault_fact *x = &f->line.row[i].f;

		if (x->r->type->prefix != 'A')
			continue;
		x->by = &f->by[at];
		for (size_t k = 0; k < f->involved.n; k++) {
			act = model_record_field(&f->involved.r[k], "act");
			if (act == NULL || strcmp(act->v[0].raw, x->r->id) !=
			    0)
				continue;
			f->by[at++] = &f->involved.r[k];
			x->n_by++;
		}
	}
	return SQ_OK;
}

/* The acts found, and who is said to have done them. */
static enum sq_err
put_acts(struct vault *v, struct facts *f, struct why *why)
{
	struct vault_facts_ids acts = { 0 };
	enum sq_err e;

	for (size_t i = 0; i < f->act.n; i++)
		if ((e = put(&f->line, "act", model_record_first(&f->act.r[i],
		    "date"), &f->act.r[i])) != SQ_OK)
			return e;
	for (size_t i = 0; i < f->did.n; i++)
		if ((e = put(&f->line, "did", model_record_first(&f->did.r[i],
		    "date"), &f->did.r[i])) != SQ_OK)
			return e;
	if ((e = ids_of(&f->act, NULL, &acts)) == SQ_OK &&
	    (e = ids_of(&f->did, NULL, &acts)) == SQ_OK && acts.n > 0 &&
	    (e = vault_facts_collect(v, "involvement", "act", &acts,
	    &f->involved, why)) == SQ_OK)
		e = put_by(f);
	free(acts.id);
	return e;
}

/* The acts that these persons are said to have been involved in. */
static enum sq_err
find_did(struct vault *v, const struct vault_facts_ids *who, struct facts *f,
    struct why *why)
{
	struct vault_facts_found in = { 0 };
	struct vault_facts_ids acts = { 0 };
	struct record_at at = { 0 };
	enum sq_err e;

	if ((e = vault_facts_collect(v, "involvement", "perpetrator", who,
	    &in, why)) == SQ_OK)
		e = ids_of(&in, "act", &acts);
	for (size_t i = 0; i < acts.n && e == SQ_OK; i++) {
		if ((e = record_newest(&v->cx, acts.id[i], &at, why)) == SQ_OK)
			e = keep(v, &at, &f->did, why);
		record_at_free(&at);
	}
	vault_facts_free(&in);
	free(acts.id);
	return e;
}

static enum sq_err
of_person(struct vault *v, const struct vault_facts_ids *who, struct facts *f,
    struct why *why)
{
	const struct record *r;
	enum sq_err e;

	for (size_t i = 0; i < NKINDS; i++) {
		if ((e = vault_facts_collect(v, kinds[i].type, kinds[i].field,
		    who, &f->kind[i], why)) != SQ_OK)
			return e;
		for (size_t k = 0; k < f->kind[i].n; k++) {
			r = &f->kind[i].r[k];
			if ((e = put(&f->line, kinds[i].role,
			    model_record_first(r, kinds[i].date), r)) !=
			    SQ_OK)
				return e;
			if (model_record_first(r, "left") != NULL &&
			    (e = put(&f->line, "left", model_record_first(r,
			    "left"), r)) != SQ_OK)
				return e;
		}
	}
	if ((e = vault_facts_collect(v, "act", "victim", who, &f->act,
	    why)) != SQ_OK)
		return e;
	return find_did(v, who, f, why);
}

/* see vault_facts.h */
enum sq_err
vault_timeline(struct vault *v, const char *ref, bool same,
    enum sq_err (*cb)(void *arg, const struct vault_fact *f), void *arg,
    struct why *why)
{
	struct vault_facts_ids who = { 0 };
	struct facts f = { 0 };
	uint8_t id[LOG_RECORD_ID];
	char kind = ref[0] >= 'a' ? (char)(ref[0] - 32) : ref[0];
	enum sq_err e;

	if ((e = record_find(&v->cx, ref, id, why)) != SQ_OK)
		return e;
	if (kind != 'P' && kind != 'E')
		return err_why(why, SQ_EUSAGE, "%s is neither a person nor an "
		    "event, and only these have a timeline", ref);
	if ((e = vault_facts_id(&who, id)) != SQ_OK ||
	    (kind == 'P' && same && (e = vault_same_all(v, &who, why)) !=
	    SQ_OK))
		goto out;
	e = kind == 'P' ? of_person(v, &who, &f, why) :
	    vault_facts_collect(v, "act", "event", &who, &f.act, why);
	if (e != SQ_OK || (e = put_acts(v, &f, why)) != SQ_OK)
		goto out;
	if (f.line.n > 0)
		qsort(f.line.row, f.line.n, sizeof(*f.line.row), row_cmp);
	for (size_t i = 0; i < f.line.n && e == SQ_OK; i++)
		e = cb(arg, &f.line.row[i].f);
out:
	facts_free(&f);
	free(who.id);
	return e;
}

/* see vault_facts.h */
enum sq_err
vault_accounts(struct vault *v, const char *ref, vault_record_fn *cb,
    void *arg, struct why *why)
{
	struct vault_facts_ids who = { 0 };
	struct vault_facts_found found = { 0 };
	struct line line = { 0 };
	uint8_t id[LOG_RECORD_ID];
	enum sq_err e;

	if ((e = vault_facts_person(v, ref, id, why)) != SQ_OK ||
	    (e = vault_facts_id(&who, id)) != SQ_OK ||
	    (e = vault_same_all(v, &who, why)) != SQ_OK ||
	    (e = vault_facts_collect(v, "testimony", "witness", &who, &found,
	    why)) != SQ_OK)
		goto out;
	for (size_t i = 0; i < found.n && e == SQ_OK; i++)
		e = put(&line, "account", model_record_first(&found.r[i],
		    "date"), &found.r[i]);
	if (line.n > 0)
		qsort(line.row, line.n, sizeof(*line.row), row_cmp);
	for (size_t i = 0; i < line.n && e == SQ_OK; i++)
		e = cb(arg, line.row[i].f.r);
out:
	vault_facts_free(&found);
	free(line.row);
	free(who.id);
	return e;
}
