/*
 * Records through the facade: each change one transaction, each read from
 * verified entries.  See vault_records.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "vault/record/from.h"
#include "vault/record/search.h"
#include "vault/vault_int.h"

/* see vault_int.h */
void
vault_made_of(const struct record_draft *d, const uint8_t root[ENTRY_ROOT],
    uint64_t index, struct vault_made *ret)
{
	(void)snprintf(ret->ref, sizeof(ret->ref), "%s", d->ref);
	bytes_hex(ret->id, d->ids[0], LOG_RECORD_ID);
	bytes_hex(ret->entry, root, ENTRY_ROOT);
	ret->index = index;
	ret->rev = d->rev;
}

/* see vault_int.h */
enum sq_err
vault_put_in(struct vault *v, const struct record_make *mk,
    struct vault_made *ret, struct why *why)
{
	struct record_draft d = { 0 };
	struct record_make m = *mk;
	struct vault_parents parents;
	uint8_t root[ENTRY_ROOT];
	uint64_t index;
	enum sq_err e;

	if ((e = vault_parents(v, mk, &parents, why)) != SQ_OK)
		return e;
	if (m.n_parents == 0) {
		m.parents = (const uint8_t (*)[ENTRY_ROOT])parents.root;
		m.n_parents = parents.n;
	}
	if ((e = record_compose(&v->cx, &m, &d, why)) == SQ_OK &&
	    (e = record_store(&v->cx, &d, mk->base, &index, root, why)) ==
	    SQ_OK)
		vault_made_of(&d, root, index, ret);
	record_draft_free(&d);
	return e;
}

/* see vault_int.h */
enum sq_err
vault_put(struct vault *v, const struct record_make *mk,
    struct vault_made *ret, struct why *why)
{
	enum sq_err e;

	if ((e = vault_begin(v, why)) != SQ_OK)
		return e;
	if ((e = vault_put_in(v, mk, ret, why)) != SQ_OK) {
		vault_abort(v);
		return e;
	}
	return vault_commit(v, why);
}

/* The type a user named. */
static enum sq_err
find_type(const char *name, const struct model_type **ret, struct why *why)
{
	if ((*ret = model_type(name)) == NULL)
		return err_why(why, SQ_EUSAGE, "there is no record type "
		    "«%s»; see: sandyq types", name);
	return SQ_OK;
}

/* The same, of records that a person makes. */
static enum sq_err
find_type_by_hand(const char *name, const struct model_type **ret,
    struct why *why)
{
	enum sq_err e = find_type(name, ret, why);

	if (e == SQ_OK && !model_by_hand(*ret))
		return err_why(why, SQ_EREFUSED, "a %s is recorded by the "
		    "command that makes it, not by hand", name);
	return e;
}

/* see vault_records.h */
enum sq_err
vault_add(struct vault *v, const char *type, const struct model_inputs *in,
    const char *reason, struct vault_made *ret, struct why *why)
{
	struct record_make mk = { .in = in, .reason = reason };
	enum sq_err e;

	if ((e = find_type_by_hand(type, &mk.type, why)) != SQ_OK)
		return e;
	if ((e = vault_custody_ok(mk.type, in, why)) != SQ_OK)
		return e;
	return vault_put(v, &mk, ret, why);
}

/* --- add --from --------------------------------------------------------- */

struct batch {
	struct vault *v;
	const struct model_inputs *more;
	struct record_make mk;
	struct vault_made *made;
	size_t n, cap;
	struct why *why;
};

/* One record of a --from file: its fields and those of the command line. */
static enum sq_err
batch_one(void *arg, struct model_inputs *in)
{
	struct batch *b = arg;
	size_t cap;
	void *p;
	enum sq_err e;

	for (size_t i = 0; b->more != NULL && i < b->more->n; i++)
		if ((e = model_inputs_add(in, b->more->v[i].name,
		    b->more->v[i].lang, b->more->v[i].value)) != SQ_OK)
			return e;
	if (b->n == b->cap) {
		cap = b->cap ? 2 * b->cap : 64;
		if ((p = realloc(b->made, cap * sizeof(*b->made))) == NULL)
			return SQ_ENOMEM;
		b->made = p;
		b->cap = cap;
	}
	b->mk.in = in;
	if ((e = vault_custody_ok(b->mk.type, in, b->why)) != SQ_OK)
		return e;
	if ((e = vault_put_in(b->v, &b->mk, &b->made[b->n], b->why)) != SQ_OK)
		return e;
	b->n++;
	return SQ_OK;
}

/* see vault_records.h */
enum sq_err
vault_add_from(struct vault *v, const char *type, const char *p, size_t n,
    const struct model_inputs *more, const char *reason,
    void (*cb)(void *arg, const struct vault_made *made), void *arg,
    struct why *why)
{
	struct batch b = { .v = v, .more = more, .why = why };
	enum sq_err e;

	b.mk.reason = reason;
	if ((e = find_type_by_hand(type, &b.mk.type, why)) != SQ_OK)
		return e;
	if ((e = vault_begin(v, why)) != SQ_OK)
		return e;
	if ((e = from_parse(b.mk.type, p, n, batch_one, &b, why)) != SQ_OK) {
		vault_abort(v);
		goto out;
	}
	if ((e = vault_commit(v, why)) == SQ_OK || e == SQ_EUNSURE)
		for (size_t i = 0; i < b.n; i++)
			cb(arg, &b.made[i]);
out:
	free(b.made);
	return e;
}

/* --- reading and revising ----------------------------------------------- */

/*
 * The revision that a user named.  The table found it; its own entry says
 * whether it is the one.
 */
static enum sq_err
get(struct vault *v, const char *ref, unsigned rev, struct record_at *ret,
    uint8_t id[LOG_RECORD_ID], struct why *why)
{
	char *own;
	enum sq_err e;

	if ((e = record_find(&v->cx, ref, id, why)) != SQ_OK ||
	    (e = record_get(&v->cx, id, rev, ret, why)) != SQ_OK)
		return e;
	own = entry_str(&ret->en, "_ref");
	if (own == NULL || strcspn(ref, "@") != strlen(own) ||
	    strncasecmp(own, ref, strlen(own)) != 0) {
		e = err_why(why, SQ_EDAMAGE, "the table of records takes %s "
		    "for %s: pages of the database were altered", own == NULL ?
		    "another record" : own, ref);
		record_at_free(ret);
	}
	free(own);
	return e;
}

/* The type of an entry. */
static const struct model_type *
type_of(const struct record_at *at)
{
	char *s = entry_str(&at->en, "_type");
	const struct model_type *t = s == NULL ? NULL : model_type(s);

	free(s);
	return t;
}

/* Store a revision that follows all heads, as was given and taken. */
static enum sq_err
put_joined(struct vault *v, const struct record_make *given,
    const struct vault_join *j, struct vault_made *ret, struct why *why)
{
	struct model_inputs in = { 0 };
	struct record_make mk = *given;
	const char **unset = NULL;
	enum sq_err e = SQ_OK;

	for (size_t i = 0; i < j->set->n && e == SQ_OK; i++)
		e = model_inputs_add(&in, j->set->v[i].name,
		    j->set->v[i].lang, j->set->v[i].value);
	for (size_t i = 0; i < j->all.n && e == SQ_OK; i++)
		e = model_inputs_add(&in, j->all.v[i].name,
		    j->all.v[i].lang, j->all.v[i].value);
	unset = calloc(j->n_unset + j->n_drop + 1, sizeof(*unset));
	if (unset == NULL)
		e = SQ_ENOMEM;
	for (size_t i = 0; i < j->n_unset && e == SQ_OK; i++)
		unset[i] = j->unset[i];
	for (size_t i = 0; i < j->n_drop && e == SQ_OK; i++)
		unset[j->n_unset + i] = j->drop[i];
	mk.in = &in;
	mk.unset = unset;
	mk.n_unset = j->n_unset + j->n_drop;
	mk.parents = (const uint8_t (*)[ENTRY_ROOT])j->parents.root;
	mk.n_parents = j->parents.n;
	if (e == SQ_OK)
		e = vault_put(v, &mk, ret, why);
	model_inputs_free(&in);
	free(unset);
	return e;
}

/* see vault_records.h */
enum sq_err
vault_edit(struct vault *v, const char *ref, const struct model_inputs *set,
    const char *const *unset, size_t n_unset, const char *reason,
    struct vault_made *ret, struct why *why)
{
	return vault_edit_join(v, ref, 0, set, unset, n_unset, reason, ret,
	    why);
}

/* see vault_records.h */
enum sq_err
vault_edit_join(struct vault *v, const char *ref, unsigned take,
    const struct model_inputs *set, const char *const *unset, size_t n_unset,
    const char *reason, struct vault_made *ret, struct why *why)
{
	struct vault_join j = { .set = set, .unset = unset,
	    .n_unset = n_unset };
	struct record_at base = { 0 };
	struct record_make mk = { .base = &base, .reason = reason };
	uint8_t id[LOG_RECORD_ID];
	enum sq_err e;

	if ((e = get(v, ref, 0, &base, id, why)) != SQ_OK)
		return e;
	if ((mk.type = type_of(&base)) == NULL) {
		e = err_why(why, SQ_EUNSUPPORTED, "%s is of a type that this "
		    "version does not know", ref);
		goto out;
	}
	if (strcmp(mk.type->kind, "revision") != 0) {
		e = err_why(why, SQ_EREFUSED, "%s: a %s is never revised; "
		    "append a new one instead", ref, mk.type->name);
		goto out;
	}
	if ((e = vault_heads_join(v, id, &base, take, &j, why)) == SQ_OK)
		e = put_joined(v, &mk, &j, ret, why);
out:
	vault_heads_free(&j);
	record_at_free(&base);
	return e;
}

/* see vault_records.h */
enum sq_err
vault_show(struct vault *v, const char *ref, unsigned rev,
    struct record *ret, struct why *why)
{
	struct record_at at = { 0 };
	uint8_t id[LOG_RECORD_ID];
	enum sq_err e;

	if ((e = get(v, ref, rev, &at, id, why)) != SQ_OK)
		return e;
	e = record_read(&v->cx, &at, ret, why);
	record_at_free(&at);
	return e;
}

/* Hand the newest revision of a record to a callback. */
static enum sq_err
hand_newest(struct vault *v, const uint8_t id[LOG_RECORD_ID],
    vault_record_fn *cb, void *arg, struct why *why)
{
	struct record_at at = { 0 };
	struct record r = { 0 };
	enum sq_err e;

	if ((e = record_get(&v->cx, id, 0, &at, why)) != SQ_OK)
		return e;
	if ((e = record_read(&v->cx, &at, &r, why)) == SQ_OK)
		e = cb(arg, &r);
	record_at_free(&at);
	model_record_free(&r);
	return e;
}

/* see vault_records.h */
enum sq_err
vault_list(struct vault *v, const char *type, size_t limit,
    vault_record_fn *cb, void *arg, struct why *why)
{
	const struct model_type *t = NULL;
	uint8_t (*ids)[LOG_RECORD_ID] = NULL;
	size_t n = 0;
	enum sq_err e;

	if (type != NULL && (e = find_type(type, &t, why)) != SQ_OK)
		return e;
	if ((e = record_audit(&v->cx, why)) != SQ_OK)
		return e;
	if ((e = record_list(&v->cx, t, limit, &ids, &n)) != SQ_OK)
		return err_why(why, e, "the list could not be read: %s",
		    db_why(v->db));
	for (size_t i = 0; i < n && e == SQ_OK; i++)
		e = hand_newest(v, ids[i], cb, arg, why);
	free(ids);
	return e;
}

/* A walk over decisions that hands each on as a record. */
struct walk {
	struct vault *v;
	vault_record_fn *cb;
	void *arg;
	struct why *why;
};

static enum sq_err
walk_one(void *arg, const struct record_at *at)
{
	struct walk *w = arg;
	struct record r = { 0 };
	enum sq_err e;

	if ((e = record_read(&w->v->cx, at, &r, w->why)) != SQ_OK)
		return e;
	if (r.kind != NULL && strcmp(r.kind, "consent") == 0)
		e = w->cb(w->arg, &r);
	model_record_free(&r);
	return e;
}

/* see vault_records.h */
enum sq_err
vault_consents(struct vault *v, const char *ref, vault_record_fn *cb,
    void *arg, struct why *why)
{
	struct walk w = { v, cb, arg, why };
	uint8_t id[LOG_RECORD_ID];
	enum sq_err e;

	if ((e = record_find(&v->cx, ref, id, why)) != SQ_OK)
		return e;
	return record_each(&v->cx, id, walk_one, &w, why);
}

/* --- search ------------------------------------------------------------- */

struct hits {
	enum sq_err (*cb)(void *arg, const struct vault_hit *hit);
	void *arg;
};

static enum sq_err
hit(void *arg, const struct search_hit *h)
{
	struct hits *hs = arg;
	struct vault_hit vh = { .type = h->type, .title = h->title,
	    .field = h->field, .snippet = h->snippet, .why = h->why,
	    .score = h->score };

	(void)snprintf(vh.ref, sizeof(vh.ref), "%s", h->ref);
	for (; vh.n_mark < h->n_mark && vh.n_mark < VAULT_MARKS; vh.n_mark++) {
		vh.mark[vh.n_mark].at = h->mark[vh.n_mark].at;
		vh.mark[vh.n_mark].len = h->mark[vh.n_mark].len;
	}
	return hs->cb(hs->arg, &vh);
}

/* see vault_records.h */
enum sq_err
vault_search(struct vault *v, const char *query, const char *type,
    size_t limit, enum sq_err (*cb)(void *arg, const struct vault_hit *hit),
    void *arg, struct why *why)
{
	const struct model_type *t = NULL;
	struct hits hs = { cb, arg };
	enum sq_err e;

	if (type != NULL && (e = find_type(type, &t, why)) != SQ_OK)
		return e;
	vault_now(v->cx.time);
	return search_run(&v->cx, query, t, limit == 0 ? 20 : limit, hit, &hs,
	    why);
}
