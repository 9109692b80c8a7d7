/*
 * Which records go out: those named, those the cases named hold, their media;
 * and whether the people concerned agreed.  See export.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/bundle/export.h"

#define NEST_MAX 64		/* cases in cases */

/* see export.h */
void
export_plan_free(struct export_plan *p)
{
	for (size_t i = 0; i < p->n; i++)
		record_at_free(&p->item[i].at);
	free(p->item);
	free(p->by_id);
	free(p->left);
	memset(p, 0, sizeof(*p));
}

/* A record id and an item of by_id. */
static int
find_cmp(const void *id, const void *it)
{
	return memcmp(id, (*(const struct export_item *const *)it)->id,
	    LOG_RECORD_ID);
}

static int
by_id_cmp(const void *a, const void *b)
{
	return find_cmp((*(const struct export_item *const *)a)->id, b);
}

/* Order the items for export_plan_find. */
static enum sq_err
index_items(struct export_plan *p)
{
	if ((p->by_id = calloc(p->n, sizeof(*p->by_id))) == NULL)
		return SQ_ENOMEM;
	for (size_t i = 0; i < p->n; i++)
		p->by_id[i] = &p->item[i];
	qsort(p->by_id, p->n, sizeof(*p->by_id), by_id_cmp);
	return SQ_OK;
}

/* see export.h */
const struct export_item *
export_plan_find(const struct export_plan *p, const uint8_t id[LOG_RECORD_ID])
{
	const struct export_item *const *it;

	if (p->n == 0 || p->by_id == NULL)
		return NULL;
	it = bsearch(id, p->by_id, p->n, sizeof(*p->by_id), find_cmp);
	return it == NULL ? NULL : *it;
}

struct planner {
	struct record_ctx *cx;
	struct export_plan plan;
	struct export_gate *gate;
	struct why *why;
	uint8_t (*seen)[LOG_RECORD_ID];	/* taken or left, open addressing */
	size_t n_seen, cap_seen;
	unsigned nested;	/* in how many cases we are */
};

/* Remember a record; false if it was seen before. */
static enum sq_err
first_time(struct planner *p, const uint8_t id[LOG_RECORD_ID], bool *ret)
{
	static const uint8_t none[LOG_RECORD_ID];
	size_t at, cap = p->cap_seen;
	uint8_t (*old)[LOG_RECORD_ID] = p->seen;

	if (2 * p->n_seen >= cap) {
		p->cap_seen = cap ? 2 * cap : 1024;
		p->seen = calloc(p->cap_seen, sizeof(*p->seen));
		if (p->seen == NULL) {
			p->seen = old;
			p->cap_seen = cap;
			return SQ_ENOMEM;
		}
		p->n_seen = 0;
		for (size_t i = 0; i < cap; i++)
			if (memcmp(old[i], none, sizeof(none)) != 0)
				(void)first_time(p, old[i], ret);
		free(old);
	}
	/* ids are random: their own bytes are the hash */
	at = ((size_t)id[0] | (size_t)id[1] << 8 | (size_t)id[2] << 16) &
	    (p->cap_seen - 1);
	while (memcmp(p->seen[at], none, sizeof(none)) != 0) {
		if (memcmp(p->seen[at], id, LOG_RECORD_ID) == 0) {
			*ret = false;
			return SQ_OK;
		}
		at = (at + 1) & (p->cap_seen - 1);
	}
	memcpy(p->seen[at], id, LOG_RECORD_ID);
	p->n_seen++;
	*ret = true;
	return SQ_OK;
}

static enum sq_err
leave_in(struct export_plan *pl, const char *ref, const char *reason,
    const char *ask, enum export_stays what)
{
	size_t cap;
	void *q;

	if (pl->n_left == pl->cap_left) {
		cap = pl->cap_left ? 2 * pl->cap_left : 16;
		if ((q = realloc(pl->left, cap * sizeof(*pl->left))) == NULL)
			return SQ_ENOMEM;
		pl->left = q;
		pl->cap_left = cap;
	}
	pl->left[pl->n_left].what = what;
	(void)snprintf(pl->left[pl->n_left].ask, MODEL_REF_MAX, "%s", ask);
	(void)snprintf(pl->left[pl->n_left].ref, MODEL_REF_MAX, "%s", ref);
	(void)snprintf(pl->left[pl->n_left++].why, 256, "%s", reason);
	return SQ_OK;
}

/* see export.h */
enum sq_err
export_plan_file(struct export_plan *p, const char *ref, const char *reason)
{
	return leave_in(p, ref, reason, "", EXPORT_STAYS_FILE);
}

static enum sq_err
take(struct planner *p, const struct export_item *it)
{
	struct export_plan *pl = &p->plan;
	size_t cap;
	void *q;

	if (pl->n == EXPORT_ITEMS_MAX)
		return err_why(p->why, SQ_ELIMIT, "one bundle holds at most "
		    "%d items; export in parts", EXPORT_ITEMS_MAX);
	if (pl->n == pl->cap) {
		cap = pl->cap ? 2 * pl->cap : 64;
		if ((q = realloc(pl->item, cap * sizeof(*pl->item))) == NULL)
			return SQ_ENOMEM;
		pl->item = q;
		pl->cap = cap;
	}
	pl->item[pl->n++] = *it;
	return SQ_OK;
}

static enum sq_err plan_record(struct planner *p,
    const uint8_t id[LOG_RECORD_ID]);

/* The records that a list field of an entry names. */
static enum sq_err
plan_list(struct planner *p, const struct entry *en, const char *field)
{
	uint8_t id[LOG_RECORD_ID];
	char name[64];
	char *s;
	enum sq_err e;

	for (size_t i = 0;; i++) {
		if ((e = entry_element(name, sizeof(name), field, i)) !=
		    SQ_OK || (s = entry_str(en, name)) == NULL)
			return e;
		e = bytes_unhex(id, sizeof(id), s);
		free(s);
		if (e != SQ_OK)
			return SQ_EDAMAGE;
		if ((e = plan_record(p, id)) != SQ_OK)
			return e;
	}
}

/* Records of one type found in the chain of another. */
struct media_of {
	struct planner *p;
	const char *type;
	uint8_t (*id)[LOG_RECORD_ID];
	size_t n;
};

static enum sq_err
note_media(void *arg, const struct record_at *at)
{
	struct media_of *m = arg;
	char *type = entry_str(&at->en, "_type");
	char *hex = entry_str(&at->en, "_record");
	void *q;
	enum sq_err e = SQ_OK;

	if (type == NULL || hex == NULL || strcmp(type, m->type) != 0)
		goto out;
	if ((m->n & (m->n - 1)) == 0) {
		q = realloc(m->id, (m->n ? 2 * m->n : 1) * sizeof(*m->id));
		if (q == NULL) {
			e = SQ_ENOMEM;
			goto out;
		}
		m->id = q;
	}
	if (bytes_unhex(m->id[m->n++], LOG_RECORD_ID, hex) != SQ_OK)
		e = SQ_EDAMAGE;
out:
	free(type);
	free(hex);
	return e;
}

/* Does the newest revision of a media record still belong to ${owner}? */
static bool
belongs(const struct entry *en, const uint8_t owner[LOG_RECORD_ID])
{
	char hex[MODEL_ID_HEX], name[32];
	char *s;
	bool is;

	bytes_hex(hex, owner, LOG_RECORD_ID);
	for (size_t i = 0; entry_element(name, sizeof(name), "_about", i) ==
	    SQ_OK && (s = entry_str(en, name)) != NULL; i++) {
		is = strcmp(s, hex) == 0;
		free(s);
		if (is)
			return true;
	}
	return false;
}

/* The media of a record, or decisions about it, as its chain proves them. */
static enum sq_err
plan_about(struct planner *p, const uint8_t id[LOG_RECORD_ID],
    const char *what)
{
	struct media_of m = { .p = p, .type = what };
	struct record_at at;
	enum sq_err e;

	if ((e = record_each(p->cx, id, note_media, &m, p->why)) != SQ_OK)
		goto out;
	for (size_t i = 0; i < m.n && e == SQ_OK; i++) {
		memset(&at, 0, sizeof(at));
		if (memcmp(m.id[i], id, LOG_RECORD_ID) == 0)
			continue;
		if ((e = record_get(p->cx, m.id[i], 0, &at, p->why)) == SQ_OK
		    && belongs(&at.en, id))
			e = plan_record(p, m.id[i]);
		record_at_free(&at);
	}
out:
	free(m.id);
	return e;
}

/* What comes along: of a case what it holds; media; decisions. */
static enum sq_err
plan_with(struct planner *p, const uint8_t id[LOG_RECORD_ID],
    const struct export_item *it)
{
	enum sq_err e = SQ_OK;

	if (p->gate->alone)
		return e;
	if (it->type->prefix == 'C') {
		if (p->nested++ == NEST_MAX)
			e = err_why(p->why, SQ_ELIMIT, "%s: cases hold cases "
			    "more than %d deep; export in parts", it->ref,
			    NEST_MAX);
		else
			e = plan_list(p, &it->at.en, "item");
		p->nested--;
	}
	if (e == SQ_OK)
		e = plan_about(p, id, "media");
	/* a vault that merges it must know what was decided */
	if (e == SQ_OK && p->gate->full)
		e = plan_about(p, id, "consent");
	return e;
}

/* Of two newest revisions neither goes for the other. */
static enum sq_err
one_head(struct planner *p, const uint8_t id[LOG_RECORD_ID], const char *ref,
    bool *ret)
{
	struct record_heads h;
	enum sq_err e;

	if ((e = record_heads(p->cx, id, &h, p->why)) != SQ_OK)
		return e;
	*ret = h.n < 2;
	record_heads_free(&h);
	return *ret ? SQ_OK : leave_in(&p->plan, ref, "it was revised in two "
	    "vaults and the revisions were not joined yet (show, edit)", "",
	    EXPORT_STAYS_RECORD);
}

/* Is it allowed out, and if so what comes with it? */
static enum sq_err
plan_record(struct planner *p, const uint8_t id[LOG_RECORD_ID])
{
	struct export_item it;
	struct export_verdict v;
	char *type = NULL;
	bool first;
	enum sq_err e;

	if ((e = first_time(p, id, &first)) != SQ_OK || !first)
		return e;
	memset(&it, 0, sizeof(it));
	memcpy(it.id, id, LOG_RECORD_ID);
	if ((e = record_get(p->cx, id, 0, &it.at, p->why)) != SQ_OK)
		return e;
	type = entry_str(&it.at.en, "_type");
	if ((e = record_shown(p->cx, &it.at.en, it.ref)) != SQ_OK ||
	    type == NULL) {
		e = err_why(p->why, SQ_EDAMAGE, "a record of the case and the "
		    "table of references do not fit each other; see: sandyq "
		    "check --full");
		goto out;
	}
	if ((it.type = model_type(type)) == NULL) {
		e = err_why(p->why, SQ_EUNSUPPORTED, "%s is of a type that "
		    "this version does not know", it.ref);
		goto out;
	}
	if ((e = export_consent_judge(p->gate, id, &it.at, it.type, &v)) !=
	    SQ_OK)
		goto out;
	if (v.say != EXPORT_REFUSED && (e = one_head(p, id, it.ref, &first)) !=
	    SQ_OK)
		goto out;
	if (!first)
		goto out;
	it.pseudonym = v.say == EXPORT_PSEUDONYM;
	if (v.say < EXPORT_IDENTITY && (e = leave_in(&p->plan, it.ref, v.reason,
	    v.ask, it.pseudonym ? EXPORT_STAYS_IDENTITY :
	    EXPORT_STAYS_RECORD)) != SQ_OK)
		goto out;
	if (v.say == EXPORT_REFUSED) {
		if (it.type->prefix == 'T' && !p->gate->alone)
			e = plan_about(p, id, "media");
		goto out;
	}
	if ((e = plan_with(p, id, &it)) == SQ_OK && (e = take(p, &it)) == SQ_OK)
		memset(&it.at, 0, sizeof(it.at));	/* transferred */
out:
	record_at_free(&it.at);
	free(type);
	return e;
}

static int
item_cmp(const void *a, const void *b)
{
	const struct export_item *x = a, *y = b;

	return (x->at.index > y->at.index) - (x->at.index < y->at.index);
}

/* see export.h */
enum sq_err
export_plan_sort(struct export_plan *p)
{
	free(p->by_id);
	p->by_id = NULL;
	if (p->n == 0)
		return SQ_OK;
	qsort(p->item, p->n, sizeof(*p->item), item_cmp);
	return index_items(p);
}

/* Not one record may leave: the first of them, and what can be done. */
static enum sq_err
nothing(const struct export_left *l, bool more, struct why *why)
{
	const char *also = more ? " (and more)" : "";

	if (l->ask[0] != '\0')
		return err_why(why, SQ_EREFUSED, "nothing may leave: %s: %s; "
		    "if it is so, give --confirm %s%s", l->ref, l->why, l->ask,
		    also);
	if (strncmp(l->why, "no consent to ", 14) == 0)
		return err_why(why, SQ_EREFUSED, "nothing may leave: %s: %s%s; "
		    "write down what was answered: sandyq consent %s", l->ref,
		    l->why, also, l->ref);
	return err_why(why, SQ_EREFUSED, "nothing may leave: %s: %s%s", l->ref,
	    l->why, also);
}

/* see export.h */
enum sq_err
export_plan_make(struct export_gate *g, const char *const *refs, size_t n,
    struct export_plan *ret, struct why *why)
{
	struct planner p = { .cx = g->cx, .gate = g, .why = why };
	uint8_t id[LOG_RECORD_ID];
	bool content = false;
	enum sq_err e = SQ_OK;

	for (size_t i = 0; i < n && e == SQ_OK; i++)
		if ((e = record_find(g->cx, refs[i], id, why)) == SQ_OK)
			e = plan_record(&p, id);
	for (size_t i = 0; i < p.plan.n; i++)
		content |= p.plan.item[i].type->prefix != 'C';
	if (e == SQ_OK && !content && p.plan.n_left > 0)
		e = nothing(p.plan.left, p.plan.n_left > 1, why);
	if (e == SQ_OK && p.plan.n == 0)
		e = err_why(why, SQ_EUSAGE, "name at least one case or "
		    "record to export");
	free(p.seen);
	if (e == SQ_OK) {
		e = export_plan_sort(&p.plan);
	}
	if (e != SQ_OK) {
		export_plan_free(&p.plan);
		return e;
	}
	*ret = p.plan;
	return SQ_OK;		/* transferred */
}
