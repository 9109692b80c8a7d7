/*
 * A record that two vaults revised has two newest revisions.  They are shown
 * side by side, never one for the other, and joined by a revision that follows
 * both.  See vault_records.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/vault_int.h"

/* One head as a record. */
static enum sq_err
read_head(struct vault *v, const uint8_t id[LOG_RECORD_ID], unsigned rev,
    struct record *ret, struct why *why)
{
	struct record_at at = { 0 };
	enum sq_err e;

	if ((e = record_get(&v->cx, id, rev, &at, why)) != SQ_OK)
		return e;
	e = record_read(&v->cx, &at, ret, why);
	record_at_free(&at);
	return e;
}

/* see vault_records.h */
enum sq_err
vault_heads(struct vault *v, const char *ref, vault_record_fn *cb, void *arg,
    struct why *why)
{
	struct record_heads h;
	struct record r;
	uint8_t id[LOG_RECORD_ID];
	enum sq_err e;

	if ((e = record_find(&v->cx, ref, id, why)) != SQ_OK ||
	    (e = record_heads(&v->cx, id, &h, why)) != SQ_OK)
		return e;
	for (size_t i = 0; i < h.n && h.n > 1 && e == SQ_OK; i++) {
		memset(&r, 0, sizeof(r));
		if ((e = read_head(v, id, h.rev[i], &r, why)) == SQ_OK)
			e = cb(arg, &r);
		model_record_free(&r);
	}
	record_heads_free(&h);
	return e;
}

/* --- joining ------------------------------------------------------------- */

static bool
same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* see vault_records.h */
bool
vault_heads_same(const struct record *a, const struct record *b,
    const char *field)
{
	const struct record_field *x = model_record_field(a, field);
	const struct record_field *y = model_record_field(b, field);

	if (x == NULL || y == NULL)
		return x == y;
	if (x->n != y->n)
		return false;
	for (size_t i = 0; i < x->n; i++)
		if (!same_text(x->v[i].text, y->v[i].text) ||
		    !same_text(x->v[i].lang, y->v[i].lang))
			return false;
	return true;
}

static bool
is_given(const struct vault_join *j, const char *name)
{
	for (size_t i = 0; i < j->set->n; i++)
		if (strcmp(j->set->v[i].name, name) == 0)
			return true;
	for (size_t i = 0; i < j->n_unset; i++)
		if (strcmp(j->unset[i], name) == 0)
			return true;
	return false;
}

/* Take a field as one head has it. */
static enum sq_err
take_field(struct vault_join *j, const struct record *from, const char *name)
{
	const struct record_field *f = model_record_field(from, name);
	void *p;
	enum sq_err e = SQ_OK;

	for (size_t i = 0; f != NULL && i < f->n && e == SQ_OK; i++)
		if (!f->v[i].erased && !f->v[i].withheld)
			e = model_inputs_add(&j->all, name, f->v[i].lang,
			    f->v[i].text);
	if (f != NULL || e != SQ_OK)
		return e;
	p = realloc(j->drop, (j->n_drop + 1) * sizeof(*j->drop));
	if (p == NULL)
		return SQ_ENOMEM;
	j->drop = p;
	j->drop[j->n_drop++] = name;
	return SQ_OK;
}

/* Every field on which the heads differ was decided, or is taken from one. */
static enum sq_err
decide(struct vault_join *j, const struct record *head, size_t n,
    const struct record *taken, struct why *why)
{
	char open[240] = "";
	size_t at = 0;
	enum sq_err e = SQ_OK;

	for (const struct model_field *f = head->type->field; f->name != NULL &&
	    e == SQ_OK; f++) {
		bool differ = false;

		for (size_t i = 1; i < n; i++)
			differ |= !vault_heads_same(&head[0], &head[i],
			    f->name);
		if (!differ || is_given(j, f->name))
			continue;
		if (taken != NULL)
			e = take_field(j, taken, f->name);
		else if (at < sizeof(open) - 40)
			at += (size_t)snprintf(open + at, sizeof(open) - at,
			    "%s%.32s", at > 0 ? ", " : "", f->name);
	}
	if (e != SQ_OK || at == 0)
		return e;
	return err_why(why, SQ_EREFUSED, "%s has %zu newest revisions, which "
	    "differ in: %s; see show %s, and write what each shall be, or "
	    "take the rest from one with --take N", head->ref, n, open,
	    head->ref);
}

/* see vault_int.h */
enum sq_err
vault_heads_join(struct vault *v, const uint8_t id[LOG_RECORD_ID],
    const struct record_at *newest, unsigned take, struct vault_join *j,
    struct why *why)
{
	struct record_heads h;
	struct record *head = NULL, *taken = NULL;
	size_t n = 0;
	enum sq_err e;

	if ((e = record_heads(&v->cx, id, &h, why)) != SQ_OK)
		return e;
	if (h.n < 2) {
		if (take != 0)
			e = err_why(why, SQ_EUSAGE, "--take is for a record "
			    "with several newest revisions; this one has one");
		goto out;
	}
	if (h.n > VAULT_PARENTS_MAX) {
		e = err_why(why, SQ_ELIMIT, "more than %d newest revisions",
		    VAULT_PARENTS_MAX);
		goto out;
	}
	if ((head = calloc(h.n, sizeof(*head))) == NULL) {
		e = SQ_ENOMEM;
		goto out;
	}
	for (; n < h.n && e == SQ_OK; n++) {
		e = read_head(v, id, h.rev[n], &head[n], why);
		if (h.rev[n] == take)
			taken = &head[n];
		if (memcmp(h.root[n], newest->root, ENTRY_ROOT) != 0)
			memcpy(j->parents.root[j->parents.n++], h.root[n],
			    ENTRY_ROOT);
	}
	if (e == SQ_OK && take != 0 && taken == NULL)
		e = err_why(why, SQ_EUSAGE, "--take %u: that is none of the "
		    "newest revisions", take);
	if (e == SQ_OK)
		e = decide(j, head, n, taken, why);
out:
	for (size_t i = 0; i < n; i++)
		model_record_free(&head[i]);
	free(head);
	record_heads_free(&h);
	return e;
}

/* see vault_int.h */
void
vault_heads_free(struct vault_join *j)
{
	model_inputs_free(&j->all);
	free(j->drop);
}
