/*
 * Persons who are said to be the same: a relationship between two records that
 * both stay as they are.  See vault_facts.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/record/same.h"
#include "vault/vault_facts_int.h"
#include "vault/vault_int.h"

/* see vault_facts_int.h */
enum sq_err
vault_facts_person(struct vault *v, const char *ref,
    uint8_t ret_id[LOG_RECORD_ID], struct why *why)
{
	if (ref[0] != 'P' && ref[0] != 'p')
		return err_why(why, SQ_EUSAGE, "%s is not a person; a person "
		    "is P and a number, like P-3", ref);
	return record_find(&v->cx, ref, ret_id, why);
}

/* see vault_facts_int.h */
enum sq_err
vault_same_all(struct vault *v, struct vault_facts_ids *who, struct why *why)
{
	const size_t asked = who->n;
	uint8_t (*from)[LOG_RECORD_ID] = calloc(asked + 1, sizeof(*from));
	uint8_t (*all)[LOG_RECORD_ID];
	struct same s = { NULL, 0, 0 };
	size_t n;
	enum sq_err e;

	if (from == NULL)
		return SQ_ENOMEM;
	if (asked > 0)
		memcpy(from, who->id, asked * sizeof(*from));
	e = same_load(&v->cx, &s, why);
	for (size_t i = 0; i < asked && e == SQ_OK; i++) {
		if ((e = same_as(&s, from[i], &all, &n)) != SQ_OK)
			break;
		for (size_t k = 0; k < n && e == SQ_OK; k++)
			e = vault_facts_id(who, all[k]);
		free(all);
	}
	same_free(&s);
	free(from);
	return e;
}

/* --- what the table of links hints at ----------------------------------- */

/* A record that names another, as it stands now. */
typedef enum sq_err link_fn(void *arg, const struct record_at *at);

/*
 * Each record of ${type} that the table of links says names ${id}; what it
 * says is believed as far as the record itself says it.
 */
static enum sq_err
each_link(struct vault *v, const uint8_t id[LOG_RECORD_ID], char type,
    link_fn *cb, void *arg, struct why *why)
{
	uint8_t (*src)[LOG_RECORD_ID] = NULL;
	struct record_at at = { 0 };
	size_t n = 0;
	enum sq_err e;

	if ((e = record_naming(&v->cx, id, type, &src, &n)) != SQ_OK)
		return e;
	for (size_t i = 0; i < n && e == SQ_OK; i++) {
		if ((e = record_newest(&v->cx, src[i], &at, why)) == SQ_OK)
			e = cb(arg, &at);
		record_at_free(&at);
	}
	free(src);
	return e;
}

struct before {
	const uint8_t *witness;
	size_t n;
	char *last;
};

static enum sq_err
count_account(void *arg, const struct record_at *at)
{
	struct before *b = arg;
	uint8_t id[LOG_RECORD_ID];
	char *ref;

	if (!vault_facts_names(&at->en, "witness", id) ||
	    memcmp(id, b->witness, sizeof(id)) != 0)
		return SQ_OK;
	b->n++;
	ref = entry_str(&at->en, "_ref");
	(void)snprintf(b->last, MODEL_REF_MAX, "%s", ref == NULL ? "" : ref);
	free(ref);
	return SQ_OK;
}

/* see vault_facts.h */
enum sq_err
vault_accounts_before(struct vault *v, const char *ref, size_t *ret,
    char last[MODEL_REF_MAX], struct why *why)
{
	uint8_t id[LOG_RECORD_ID];
	struct before b = { id, 0, last };
	enum sq_err e;

	last[0] = '\0';
	if ((e = vault_facts_person(v, ref, id, why)) == SQ_OK)
		e = each_link(v, id, 'T', count_account, &b, why);
	*ret = b.n;
	return e;
}

struct linked {
	struct vault *v;
	const uint8_t *id;
	enum sq_err (*cb)(void *arg, const struct vault_same *s);
	void *arg;
};

static enum sq_err
hand_same(void *arg, const struct record_at *at)
{
	struct linked *s = arg;
	uint8_t a[LOG_RECORD_ID], b[LOG_RECORD_ID];
	struct vault_same out = { "", "", "" };
	char ref[MODEL_ID_HEX];
	char *sure;
	enum sq_err e;

	if (!same_says(&at->en) || !vault_facts_names(&at->en, "person", a) ||
	    !vault_facts_names(&at->en, "other", b))
		return SQ_OK;
	if (memcmp(a, s->id, sizeof(a)) != 0 &&
	    memcmp(b, s->id, sizeof(b)) != 0)
		return SQ_OK;
	if ((e = record_ref(&s->v->cx, memcmp(a, s->id, sizeof(a)) == 0 ? b :
	    a, ref)) != SQ_OK)
		return e;
	if (record_shown(&s->v->cx, &at->en, out.link) != SQ_OK)
		return SQ_EDAMAGE;
	sure = entry_str(&at->en, "certainty");
	(void)snprintf(out.person, sizeof(out.person), "%.31s", ref);
	(void)snprintf(out.certainty, sizeof(out.certainty), "%s",
	    sure == NULL ? "" : sure);
	free(sure);
	return s->cb(s->arg, &out);
}

/* see vault_facts.h */
enum sq_err
vault_same_as(struct vault *v, const char *ref,
    enum sq_err (*cb)(void *arg, const struct vault_same *s), void *arg,
    struct why *why)
{
	uint8_t id[LOG_RECORD_ID];
	struct linked s = { v, id, cb, arg };
	enum sq_err e;

	if ((e = vault_facts_person(v, ref, id, why)) != SQ_OK)
		return e;
	return each_link(v, id, 'L', hand_same, &s, why);
}

/* --- saying so ---------------------------------------------------------- */

struct wanted {
	const char *other;
	struct vault_same found;
};

static enum sq_err
is_there(void *arg, const struct vault_same *s)
{
	struct wanted *w = arg;

	if (strcmp(s->person, w->other) == 0)
		w->found = *s;
	return SQ_OK;
}

/* see vault_facts.h */
enum sq_err
vault_same(struct vault *v, const char *a, const char *b,
    const char *certainty, const char *reason, struct vault_made *ret,
    struct why *why)
{
	uint8_t id[2][LOG_RECORD_ID];
	struct model_inputs in = { 0 };
	struct record_make mk = { .type = model_type("relationship"),
	    .in = &in };
	char other[MODEL_ID_HEX];
	struct wanted w = { .other = other };
	enum sq_err e;

	if ((e = vault_facts_person(v, a, id[0], why)) != SQ_OK ||
	    (e = vault_facts_person(v, b, id[1], why)) != SQ_OK ||
	    (e = record_ref(&v->cx, id[1], other)) != SQ_OK)
		return e;
	if (memcmp(id[0], id[1], LOG_RECORD_ID) == 0)
		return err_why(why, SQ_EUSAGE, "%s and %s are one record; "
		    "name two", a, b);
	if ((e = vault_same_as(v, a, is_there, &w, why)) != SQ_OK)
		return e;
	if (w.found.link[0] != '\0')
		return err_why(why, SQ_EEXIST, "%s says so already%s%s; to "
		    "change it: sandyq edit %s", w.found.link,
		    w.found.certainty[0] != '\0' ? ", as " : "",
		    w.found.certainty, w.found.link);
	if ((e = model_inputs_add(&in, "person", NULL, a)) == SQ_OK &&
	    (e = model_inputs_add(&in, "kind", NULL, "same-person")) ==
	    SQ_OK && (e = model_inputs_add(&in, "other", NULL, b)) == SQ_OK &&
	    (certainty == NULL || (e = model_inputs_add(&in, "certainty",
	    NULL, certainty)) == SQ_OK) &&
	    (reason == NULL || (e = model_inputs_add(&in, "why", NULL,
	    reason)) == SQ_OK))
		e = vault_put(v, &mk, ret, why);
	model_inputs_free(&in);
	return e;
}
