/*
 * A later opening of fields that an earlier bundle withheld: the same entries,
 * with nothing open but what every item shows and the fields named.  See
 * export.h and BUNDLE.md section 15.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "vault/bundle/export.h"

/* The revision of a record that a log of this size held last. */
struct as_of {
	const uint8_t *id;
	uint64_t size, index;
	unsigned rev;		/* 0: there was none */
};

static enum sq_err
look(void *arg, const struct record_at *at)
{
	struct as_of *a = arg;

	if (at->index < a->size && record_is(at, a->id)) {
		a->rev = at->rev;
		a->index = at->index;
	}
	return SQ_OK;
}

/* Was the record in the earlier bundle? */
static bool
was_inside(const struct export_opens *o, const uint8_t id[LOG_RECORD_ID])
{
	char hex[MODEL_ID_HEX];

	bytes_hex(hex, id, LOG_RECORD_ID);
	for (size_t i = 0; i < o->n_about; i++)
		if (strcmp(o->about[i], hex) == 0)
			return true;
	return false;
}

/* Put the revision of that time in the place of the newest. */
static enum sq_err
go_back(struct record_ctx *cx, const struct export_opens *o,
    struct export_item *it, struct why *why)
{
	struct as_of a = { .id = it->id, .size = o->log_size };
	struct record_at at = { .index = 0 };
	enum sq_err e;

	if (!was_inside(o, it->id))
		return err_why(why, SQ_EREFUSED, "%s is not in bundle %s; "
		    "nothing was disclosed", it->ref, o->bundle);
	if ((e = record_each(cx, it->id, look, &a, why)) != SQ_OK)
		return e;
	if (a.rev == 0)
		return err_why(why, SQ_EDAMAGE, "%s is newer than the bundle "
		    "that holds it", it->ref);
	if ((e = record_get(cx, it->id, a.rev, &at, why)) != SQ_OK)
		return e;
	record_at_free(&it->at);
	it->at = at;
	return SQ_OK;		/* transferred */
}

/* The entry field of a name as a person writes it; the first of a list. */
static const struct entry_field *
field_of(const struct entry *en, const char *name)
{
	char full[ENTRY_MAX_NAME + 1];
	const struct entry_field *f;

	if (strcmp(name, "about") == 0)
		name = "_about";
	if ((f = entry_find(en, name)) != NULL ||
	    entry_element(full, sizeof(full), name, 0) != SQ_OK)
		return f;
	return entry_find(en, full);
}

/* Can this field be opened: is it there, not erased, and agreed to? */
static enum sq_err
check_field(const struct export_rules *r, const struct export_item *it,
    const char *name, struct why *why)
{
	const struct entry_field *f = field_of(&it->at.en, name);

	if (f == NULL)
		return err_why(why, SQ_EREFUSED, "%s had no %s in that "
		    "bundle; nothing was disclosed", it->ref, name);
	if (f->form != ENTRY_OPEN)
		return err_why(why, SQ_EREFUSED, "%s.%s was erased: nothing "
		    "can open it any more", it->ref, name);
	if (!export_rules_said(r, it->pseudonym, it->type, it->ref, name))
		return err_why(why, SQ_EREFUSED, "%s.%s tells who somebody "
		    "is, and only a pseudonym was agreed to; nothing was "
		    "disclosed", it->ref, name);
	return SQ_OK;
}

/* see export.h */
enum sq_err
export_disclose_plan(struct record_ctx *cx, const struct export_opens *o,
    const struct export_rules *r, struct export_plan *p, struct why *why)
{
	enum sq_err e = SQ_OK;

	for (size_t i = 0; i < p->n && e == SQ_OK; i++)
		e = go_back(cx, o, &p->item[i], why);
	for (size_t k = 0; k < r->n_disclose && e == SQ_OK; k++) {
		const char *dot = strchr(r->disclose[k], '.');

		for (size_t i = 0; i < p->n && e == SQ_OK; i++)
			if (strncasecmp(p->item[i].ref, r->disclose[k],
			    (size_t)(dot - r->disclose[k])) == 0 &&
			    p->item[i].ref[dot - r->disclose[k]] == '\0')
				e = check_field(r, &p->item[i], dot + 1, why);
	}
	/* an older revision may stand elsewhere in the log */
	return e == SQ_OK ? export_plan_sort(p) : e;
}
