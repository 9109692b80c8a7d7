/*
 * The filters of a search.  Each first asks an index which rows may pass, and
 * then the record itself: see search_int.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/bytes.h"
#include "vault/record/consent.h"
#include "vault/record/lookup.h"
#include "vault/record/search_int.h"
#include "vault/record/spelling.h"
#include "vault/record/text.h"

#define PLACE_NEAR 120u		/* a place's name in another spelling */

/* --- sets of rows ------------------------------------------------------- */

struct set {
	uint8_t *bits;
	size_t n;
};

static enum sq_err
set_put(struct set *s, int64_t rid)
{
	size_t at = (size_t)rid / 8, n;
	void *p;

	if (rid < 0 || rid > INT32_MAX)
		return SQ_EDAMAGE;
	if (at >= s->n) {
		n = 2 * at + 1024;
		if ((p = realloc(s->bits, n)) == NULL)
			return SQ_ENOMEM;
		s->bits = p;
		memset(s->bits + s->n, 0, n - s->n);
		s->n = n;
	}
	s->bits[at] |= (uint8_t)(1u << (rid % 8));
	return SQ_OK;
}

/* Add the rows that a statement, bound, yields. */
static enum sq_err
set_read(struct set *s, struct db_st *st)
{
	enum sq_err e;
	bool row;

	while ((e = db_step(st, &row)) == SQ_OK && row)
		if ((e = set_put(s, db_int(st, 0))) != SQ_OK) {
			db_reset(st);
			return e;
		}
	return e;
}

/* What both let through; ${s} is used up. */
static enum sq_err
both(struct search_filter *f, struct set *s)
{
	if (s->bits == NULL && (s->bits = calloc(1, 1)) == NULL)
		return SQ_ENOMEM;
	if (f->rows == NULL) {
		f->rows = s->bits;
		f->n_rows = s->n;
		s->bits = NULL;		/* transferred */
		return SQ_OK;
	}
	for (size_t i = 0; i < f->n_rows; i++)
		f->rows[i] &= i < s->n ? s->bits[i] : 0;
	free(s->bits);
	s->bits = NULL;
	return SQ_OK;
}

/* --- asking the indexes ------------------------------------------------- */

static enum sq_err
by_date(struct record_ctx *cx, const struct query_filter *q, struct set *s)
{
	struct db_st *st;
	enum sq_err e;

	if ((e = db_use(log_db(cx->lg), DB_DAY_WITHIN, &st)) != SQ_OK)
		return e;
	db_bind_int(st, 1, q->first);
	db_bind_int(st, 2, q->last);
	return set_read(s, st);
}

/* Records with any decision about them; of «none» all others. */
static enum sq_err
by_consent(struct record_ctx *cx, struct set *s)
{
	struct db_st *st;
	enum sq_err e;

	if ((e = db_use(log_db(cx->lg), DB_FILTER_DECIDED, &st)) != SQ_OK)
		return e;
	db_bind_int(st, 1, model_type("consent")->prefix);
	return set_read(s, st);
}

static enum sq_err
spot_add(struct record_ctx *cx, struct search_filter *f, struct set *s,
    int64_t rid)
{
	struct db_st *st;
	enum sq_err e;
	void *p;

	p = realloc(f->spot, (f->n_spot + 1) * sizeof(*f->spot));
	if (p == NULL)
		return SQ_ENOMEM;
	f->spot = p;
	if ((e = record_of_rid(cx, rid, f->spot[f->n_spot])) != SQ_OK)
		return e == SQ_ENOENT ? SQ_EDAMAGE : e;
	f->n_spot++;
	if ((e = set_put(s, rid)) != SQ_OK ||
	    (e = db_use(log_db(cx->lg), DB_FILTER_LINKED, &st)) != SQ_OK)
		return e;
	db_bind_blob(st, 1, f->spot[f->n_spot - 1], LOG_RECORD_ID);
	return set_read(s, st);
}

/* Texts that have the words, and records that refer to a place so named. */
static enum sq_err
by_place(struct record_ctx *cx, struct search_filter *f, size_t i,
    struct set *s, struct why *why)
{
	struct bytes_buf match = { 0 };
	struct text_terms t = { .n = 0 };
	struct lookup_hit *hit = NULL;
	struct db_st *st;
	size_t n = 0;
	enum sq_err e;

	if ((e = text_terms_read(f->q->v[i].value, &t, why)) != SQ_OK ||
	    (e = spelling_expand(cx, &t)) != SQ_OK ||
	    (e = text_terms_query(&t, &match)) != SQ_OK ||
	    (e = text_sought_new(&t, &f->place[i])) != SQ_OK ||
	    (e = db_use(log_db(cx->lg), DB_FILTER_WORDS, &st)) != SQ_OK)
		goto out;
	db_bind_text(st, 1, (const char *)match.p, match.len);
	if ((e = set_read(s, st)) == SQ_OK && model_type("place") != NULL)
		e = lookup_find(cx, f->q->v[i].value, model_type("place"),
		    PLACE_NEAR, 256, &hit, &n);
	for (size_t k = 0; k < n && e == SQ_OK; k++)
		e = spot_add(cx, f, s, hit[k].rid);
out:
	free(hit);
	text_terms_free(&t);
	bytes_free(&match);
	return e;
}

/* see search_int.h */
enum sq_err
search_filter_make(struct record_ctx *cx, const struct query *q,
    const struct model_type *type, struct search_filter *ret,
    struct why *why)
{
	struct set s = { NULL, 0 };
	enum sq_err e = SQ_OK;

	*ret = (struct search_filter){ .q = q, .type = type };
	for (size_t i = 0; i < q->n && e == SQ_OK; i++) {
		s = (struct set){ NULL, 0 };
		switch (q->v[i].key) {
		case QUERY_TYPE:
		case QUERY_TIER:
			continue;
		case QUERY_DATE:
			e = by_date(cx, &q->v[i], &s);
			break;
		case QUERY_CONSENT:
			if (strcmp(q->v[i].value, "none") == 0)
				continue;
			e = by_consent(cx, &s);
			break;
		case QUERY_PLACE:
			e = by_place(cx, ret, i, &s, why);
			break;
		}
		if (e == SQ_OK)
			e = both(ret, &s);
		free(s.bits);
	}
	if (e != SQ_OK && why != NULL && why->text[0] == '\0')
		err_why(why, e, "search: %s", db_why(log_db(cx->lg)));
	return e;
}

/* see search_int.h */
void
search_filter_free(struct search_filter *f)
{
	free(f->rows);
	free(f->spot);
	for (size_t i = 0; i < QUERY_FILTERS; i++)
		text_sought_free(f->place[i]);
	memset(f, 0, sizeof(*f));
}

/* see search_int.h */
bool
search_filter_any(const struct search_filter *f)
{
	for (size_t i = 0; i < f->q->n; i++)
		if (f->q->v[i].key != QUERY_TYPE)
			return true;
	return false;
}

/* see search_int.h */
bool
search_filter_row(const struct search_filter *f, int64_t rid)
{
	size_t at = (size_t)rid / 8;

	return f->rows == NULL || (at < f->n_rows && (f->rows[at] & 1u <<
	    (rid % 8)) != 0);
}

/* see search_int.h */
void
search_filter_types(const struct search_filter *f, struct bytes_buf *out)
{
	bool some = false;

	if (f->type != NULL)
		bytes_putf(out, "kind : \"%s\" AND ", f->type->name);
	for (size_t i = 0; i < f->q->n; i++)
		if (f->q->v[i].key == QUERY_TYPE) {
			bytes_putf(out, "%s\"%s\"", some ? " OR " :
			    "kind : (", f->q->v[i].type->name);
			some = true;
		}
	bytes_puts(out, some ? ") AND " : "");
}

/* see search_int.h */
const char *
search_filter_names(const struct search_filter *f)
{
	static const char *const name[] = { [QUERY_TYPE] = "type",
	    [QUERY_PLACE] = "place", [QUERY_DATE] = "date",
	    [QUERY_TIER] = "tier", [QUERY_CONSENT] = "consent" };

	return f->q->n == 1 ? name[f->q->v[0].key] : "filters";
}

/* see search_int.h */
int
search_filter_tier(const struct search_filter *f)
{
	for (size_t i = 0; i < f->q->n; i++)
		if (f->q->v[i].key == QUERY_TIER)
			return f->q->v[i].tier;
	return -1;
}

/* --- asking the record -------------------------------------------------- */

/* Of its type, or one of the types? */
static bool
type_passes(const struct search_filter *f, const struct model_type *type)
{
	bool asked = false, is = false;

	for (size_t i = 0; i < f->q->n; i++)
		if (f->q->v[i].key == QUERY_TYPE) {
			asked = true;
			is = is || f->q->v[i].type == type;
		}
	return (f->type == NULL || f->type == type) && (!asked || is);
}

/* Is it one of the places so named? */
static bool
spot_of(const struct search_filter *f, const uint8_t id[LOG_RECORD_ID])
{
	for (size_t i = 0; i < f->n_spot; i++)
		if (memcmp(id, f->spot[i], LOG_RECORD_ID) == 0)
			return true;
	return false;
}

static bool
is_spot(const struct search_filter *f, const char *hex)
{
	uint8_t id[LOG_RECORD_ID];

	return bytes_unhex(id, sizeof(id), hex) == SQ_OK && spot_of(f, id);
}

/* Does one value of the record pass the filter? */
static enum sq_err
value_passes(const struct search_filter *f, size_t i,
    const struct model_field *def, const struct model_type *type,
    const char *s, bool *ret)
{
	const struct query_filter *q = &f->q->v[i];
	struct text_found found = { .hits = 0 };
	unsigned first, last;
	enum sq_err e = SQ_OK;

	switch (q->key) {
	case QUERY_DATE:
		*ret = def->kind == MODEL_DATE && text_edtf_span(s, &first,
		    &last) && first <= q->last && last >= q->first;
		break;
	case QUERY_TIER:
		*ret = (int)def->tier == q->tier;
		break;
	case QUERY_PLACE:
		if (def->kind == MODEL_REF) {
			*ret = is_spot(f, s);
			break;
		}
		if ((def->kind != MODEL_TEXT && def->kind != MODEL_LINE) ||
		    (strstr(def->name, "place") == NULL &&
		    strcmp(type->name, "place") != 0))
			break;
		e = text_sought_in(f->place[i], s, 8, &found);
		*ret = e == SQ_OK && found.hits ==
		    text_sought_words(f->place[i]);
		free(found.snippet);
		break;
	case QUERY_TYPE:
	case QUERY_CONSENT:
		break;
	}
	return e;
}

/* Does any value? */
static enum sq_err
values_pass(const struct search_filter *f, size_t i,
    const struct record_at *at, const struct model_type *type,
    bool *ret)
{
	const struct model_field *def;
	char base[ENTRY_MAX_NAME + 1];
	enum sq_err e = SQ_OK;
	char *s;

	*ret = false;
	for (size_t k = 0; k < at->en.n && e == SQ_OK && !*ret; k++) {
		(void)snprintf(base, sizeof(base), "%.*s",
		    (int)strcspn(at->en.fields[k].name, "["),
		    at->en.fields[k].name);
		if ((def = model_field(type, base)) == NULL ||
		    (s = entry_value_str(&at->en.fields[k])) == NULL)
			continue;
		e = value_passes(f, i, def, type, s, ret);
		free(s);
	}
	return e;
}

static enum sq_err
is_decision(void *arg, const struct record_at *at)
{
	char *kind = entry_str(&at->en, "_kind");

	if (kind != NULL && strcmp(kind, "consent") == 0)
		*(bool *)arg = true;
	free(kind);
	return SQ_OK;
}

/* Does what stands of a scope today say so?  Of a yes all of it must. */
static bool
stands(const struct consent_set *s, const char *decision, const char *today)
{
	bool yes = decision == NULL || strcmp(decision, "yes") == 0;

	for (size_t i = 0; i < s->n; i++)
		if (yes && consent_says(&s->v[i], today) != CONSENT_YES)
			return false;
		else if (!yes && strcmp(s->v[i].decision, decision) == 0)
			return true;
	return yes && s->n > 0;
}

static enum sq_err
consent_passes(struct record_ctx *cx, const struct query_filter *q,
    const uint8_t id[LOG_RECORD_ID], const struct model_type *type,
    bool *ret, struct why *why)
{
	const char *about = model_field(model_type("consent"), "about")->refs;
	struct consent_set s = { 0 };
	bool any = false;
	enum sq_err e;

	*ret = false;
	/* nobody is asked about a case or a bundle */
	if (strchr(about, type->prefix) == NULL)
		return SQ_OK;
	if (strcmp(q->value, "none") == 0) {
		e = record_each(cx, id, is_decision, &any, why);
		*ret = !any;
		return e;
	}
	if ((e = consent_standing(cx, id, q->value, NULL, &s, why)) == SQ_OK)
		*ret = stands(&s, q->decision, cx->time);
	consent_free(&s);
	return e;
}

/* see search_int.h */
enum sq_err
search_filter_pass(struct record_ctx *cx, const struct search_filter *f,
    const uint8_t id[LOG_RECORD_ID], const struct record_at *at,
    const struct model_type *type, bool *ret, struct why *why)
{
	enum sq_err e = SQ_OK;

	*ret = type_passes(f, type);
	for (size_t i = 0; i < f->q->n && *ret && e == SQ_OK; i++) {
		if (f->q->v[i].key == QUERY_TYPE)
			continue;
		if (f->q->v[i].key == QUERY_PLACE && spot_of(f, id))
			continue;
		if (f->q->v[i].key == QUERY_CONSENT)
			e = consent_passes(cx, &f->q->v[i], id, type, ret,
			    why);
		else
			e = values_pass(f, i, at, type, ret);
	}
	return e;
}
