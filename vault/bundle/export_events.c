/*
 * custody.csv and consents.csv: what happened to each item and what the people
 * concerned decided, each line an entry of the log.  See export_int.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/digest.h"
#include "vault/bundle/csv.h"
#include "vault/bundle/export_int.h"
#include "vault/record/custody.h"

#define DATA "bundle/bag/data/"

/* see export_int.h */
void
export_int_pseudonym(struct export_data *x,
    const uint8_t id[LOG_RECORD_ID], char *out)
{
	static const char digit[] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
	const struct export_item *it = export_plan_find(x->in->plan, id);
	const char *key = x->in->to->age;
	const struct digest_part part[] = {
		{ "sandyq/pseudonym/1", 18 }, { x->in->to->id, LOG_RECORD_ID },
		{ key, strlen(key) }, { id, LOG_RECORD_ID }
	};
	uint8_t sum[DIGEST_LEN];
	char ref[MODEL_ID_HEX];
	size_t n;
	enum sq_err e;

	if (it != NULL) {
		(void)snprintf(out, 32, "%s", it->ref);
		return;
	}
	digest_sha256v(sum, part, 4);
	e = record_ref(x->in->cx, id, ref);
	if (x->e == SQ_OK)
		x->e = e;
	n = (size_t)snprintf(out, 32, "%c-", ref[0]);
	for (size_t i = 0; i < 6; i++)
		out[n++] = digit[sum[i] & 31];
	out[n] = '\0';
}

struct walk {
	struct custody_walk life;
	struct export_data *x;
	size_t item;
	struct bytes_buf *custody, *consents;
};

/* What kind of event an entry is, in the words of custody. */
static char *
action_of(const struct record_at *at, const struct export_item *it)
{
	char *kind = entry_str(&at->en, "_kind"), *type, *s = NULL;

	if (kind == NULL)
		return NULL;
	if (strcmp(kind, "custody") == 0 || strcmp(kind, "erase") == 0 ||
	    strcmp(kind, "imported") == 0)
		s = entry_str(&at->en, "action");
	else if (strcmp(kind, "consent") == 0)
		s = strdup("consent-changed");
	else if (strcmp(kind, "export") == 0)
		s = strdup("exported");
	else if (record_is(at, it->id))
		s = strdup(at->rev == 1 ? "recorded" : "revised");
	else if ((type = entry_str(&at->en, "_type")) != NULL) {
		if (strcmp(type, "custody") == 0)
			s = entry_str(&at->en, "action");
		else
			s = strdup(strcmp(type, "media") == 0 ?
			    "media-added" : "named");
		free(type);
	}
	free(kind);
	return s;
}

/* A field of an event, if the rules let it be said. */
static char *
event_said(const struct walk *w, const struct record_at *at,
    const struct model_type *type, const char *ref, const char *name)
{
	if (type == NULL || !export_rules_said(w->x->in->rules,
	    w->x->in->plan->item[w->item].pseudonym, type, ref, name))
		return NULL;
	return entry_str(&at->en, name);
}

/*
 * Is everything that an event concerns in the bundle?  If not, what it says
 * may be about what stayed: only its kind and time are told.
 */
static bool
all_inside(const struct walk *w, const struct record_at *at,
    const struct model_type *type)
{
	const struct export_plan *p = w->x->in->plan;
	uint8_t id[LOG_RECORD_ID];
	char name[32];
	char *s;

	if (type->prefix == 'M') {
		s = entry_str(&at->en, "_record");
		if (s == NULL || bytes_unhex(id, sizeof(id), s) != SQ_OK)
			memset(id, 0, sizeof(id));
		free(s);
		return export_plan_find(p, id) != NULL;
	}
	for (size_t i = 0; entry_element(name, sizeof(name), "_about", i) ==
	    SQ_OK && entry_find(&at->en, name) != NULL; i++) {
		s = entry_str(&at->en, name);
		if (s == NULL || bytes_unhex(id, sizeof(id), s) != SQ_OK ||
		    export_plan_find(p, id) == NULL) {
			free(s);
			return false;
		}
		free(s);
	}
	return true;
}

/*
 * A hash or a file's name that an event repeats is said only where the record
 * of the file says it: each that the event concerns and that has ${field}.
 */
static bool
repeats(const struct walk *w, const struct record_at *at, const char *field)
{
	const struct export_item *it;
	uint8_t id[LOG_RECORD_ID];
	char name[32];
	bool tells = true;
	char *s;

	for (size_t i = 0; entry_element(name, sizeof(name), "_about", i) ==
	    SQ_OK && (s = entry_str(&at->en, name)) != NULL; i++) {
		if (bytes_unhex(id, sizeof(id), s) == SQ_OK &&
		    (it = export_plan_find(w->x->in->plan, id)) != NULL &&
		    model_field(it->type, field) != NULL)
			tells &= export_rules_said(w->x->in->rules,
			    it->pseudonym, it->type, it->ref, field);
		free(s);
	}
	return tells;
}

/* Keep an event for the report; what is in ${s} and ${action} is taken. */
static enum sq_err
keep_event(struct export_events *ev, uint64_t index, char *action,
    char *s[6])
{
	void *p = realloc(ev->v, (ev->n + 1) * sizeof(*ev->v));

	if (p == NULL)
		return SQ_ENOMEM;
	ev->v = p;
	ev->v[ev->n++] = (struct report_event){ .time = s[0],
	    .action = action, .actor = s[1], .object = s[2], .sha256 = s[3],
	    .place = s[4], .note = s[5], .index = index };
	return SQ_OK;
}

/* see export_int.h */
void
export_int_events_free(struct export_data *x)
{
	const struct report_event *v;

	for (size_t i = 0; i < x->in->plan->n; i++) {
		for (size_t k = 0; k < x->event[i].n; k++) {
			v = &x->event[i].v[k];
			free((char *)(uintptr_t)v->time);
			free((char *)(uintptr_t)v->action);
			free((char *)(uintptr_t)v->actor);
			free((char *)(uintptr_t)v->object);
			free((char *)(uintptr_t)v->sha256);
			free((char *)(uintptr_t)v->place);
			free((char *)(uintptr_t)v->note);
		}
		free(x->event[i].v);
	}
	free(x->event);
}

/* One line of custody.csv. */
static enum sq_err
custody_row(struct walk *w, const struct record_at *at,
    const struct model_type *type, const char *ref)
{
	static const char *const names[] = { "_time", "_actor", "object",
	    "sha256", "place", "note" };
	const struct export_item *it = &w->x->in->plan->item[w->item];
	char num[24], index[24];
	char *action = action_of(at, it), *s[6] = { NULL };
	const char *cell[9];
	bool inside;
	enum sq_err e = SQ_ENOMEM;

	if (action == NULL)
		goto out;
	inside = type != NULL && strchr("YM", type->prefix) != NULL &&
	    all_inside(w, at, type);
	for (size_t i = 0; i < 6; i++)
		if (i < 2 || (inside && (type->prefix == 'Y' || i == 3) &&
		    (i != 2 || repeats(w, at, "original_name")) &&
		    (i != 3 || repeats(w, at, "sha256"))))
			s[i] = event_said(w, at, type, ref, names[i]);
	(void)snprintf(num, sizeof(num), "%06zu", w->item + 1);
	(void)snprintf(index, sizeof(index), "%llu",
	    (unsigned long long)at->index);
	cell[0] = num;
	cell[1] = index;
	cell[2] = s[0];
	cell[3] = action;
	for (size_t i = 1; i < 6; i++)
		cell[3 + i] = s[i];
	csv_row(w->custody, cell, 9);
	e = keep_event(&w->x->event[w->item], at->index, action, s);
	if (e == SQ_OK)
		return e;		/* transferred */
out:
	free(action);
	for (size_t i = 0; i < 6; i++)
		free(s[i]);
	return e;
}

/* A line for each gap: no tale without its holes. */
static enum sq_err
gap_rows(struct walk *w, const struct record_at *at)
{
	unsigned gaps = custody_next(&w->life, at);
	char num[24], *s[6] = { NULL }, *action;
	const char *cell[9] = { num, "", "", "gap", "", "", "", "", NULL };
	enum sq_err e = SQ_OK;

	(void)snprintf(num, sizeof(num), "%06zu", w->item + 1);
	for (int g = 0; g < CUSTODY_GAPS && e == SQ_OK; g++) {
		if ((gaps >> g & 1) == 0)
			continue;
		cell[8] = custody_text((enum custody_gap)g);
		csv_row(w->custody, cell, 9);
		s[5] = strdup(cell[8]);
		action = strdup("gap");
		if (s[5] != NULL && action != NULL && keep_event(
		    &w->x->event[w->item], at == NULL ? 0 : at->index, action,
		    s) == SQ_OK)
			continue;
		free(s[5]);
		free(action);
		e = SQ_ENOMEM;
	}
	return e;
}

/* One line of consents.csv. */
static enum sq_err
consent_row(struct walk *w, const struct record_at *at,
    const struct model_type *type, const char *ref)
{
	static const char *const names[] = { "scope", "decision", "until",
	    "conditions" };
	char num[24], root[65];
	char *s[4];
	const char *cell[6];

	(void)snprintf(num, sizeof(num), "%06zu", w->item + 1);
	bytes_hex(root, at->root, ENTRY_ROOT);
	for (size_t i = 0; i < 4; i++)
		s[i] = event_said(w, at, type, ref, names[i]);
	cell[0] = num;
	for (size_t i = 0; i < 4; i++)
		cell[1 + i] = s[i];
	cell[5] = root;
	csv_row(w->consents, cell, 6);
	for (size_t i = 0; i < 4; i++)
		free(s[i]);
	return bytes_done(w->consents);
}

/* Is a decision about other recipients alone? */
static bool
for_others(const struct walk *w, const struct record_at *at)
{
	char hex[MODEL_ID_HEX], name[32];
	bool names = false, is = false;
	char *s;

	bytes_hex(hex, w->x->in->to->id, LOG_RECORD_ID);
	for (size_t i = 0; entry_element(name, sizeof(name), "recipient", i)
	    == SQ_OK && entry_find(&at->en, name) != NULL; i++) {
		names = true;
		s = entry_str(&at->en, name);
		is |= s != NULL && strcmp(s, hex) == 0;
		free(s);
	}
	return names && !is;
}

/*
 * May this event be told at all?  That and when another got something is said
 * only to whom the bundle records are open: who knows the times of an export
 * can ask who it was for.  So with a decision about others alone.
 */
static bool
is_told(const struct walk *w, const struct record_at *at,
    const struct model_type *type, const char *ref)
{
	const struct export_rules *r = w->x->in->rules;

	if (type != NULL && type->prefix == 'N' && for_others(w, at))
		return export_rules_open(r, type, ref, "recipient");
	return type == NULL || strcmp(type->kind, "export") != 0 ||
	    export_rules_open(r, type, ref, "about");
}

static enum sq_err
one_event(void *arg, const struct record_at *at)
{
	struct walk *w = arg;
	char *name = entry_str(&at->en, "_type");
	char ref[MODEL_REF_MAX];
	const struct model_type *type = name == NULL ? NULL :
	    model_type(name);
	enum sq_err e;

	e = record_shown(w->x->in->cx, &at->en, ref);
	if ((e != SQ_OK && e != SQ_ENOENT) ||
	    (e = gap_rows(w, at)) != SQ_OK || !is_told(w, at, type, ref))
		goto out;
	e = custody_row(w, at, type, ref);
	/* a decision that is an item itself is not about itself */
	if (e == SQ_OK && type != NULL && type->prefix == 'N' &&
	    !record_is(at, w->x->in->plan->item[w->item].id))
		e = consent_row(w, at, type, ref);
out:
	free(name);
	return e;
}

/* see export_int.h */
enum sq_err
export_int_events(struct export_data *x)
{
	struct bytes_buf custody = { 0 }, consents = { 0 }, *b;
	struct walk w = { .x = x, .custody = &custody,
	    .consents = &consents };
	enum sq_err e = SQ_OK;

	bytes_puts(&custody, CSV_CUSTODY);
	bytes_puts(&consents, CSV_CONSENTS);
	e = custody_begin(x->in->cx, &w.life, x->why);
	for (w.item = 0; w.item < x->in->plan->n && e == SQ_OK; w.item++) {
		custody_again(&w.life);
		if ((e = record_each(x->in->cx, x->in->plan->item[w.item].id,
		    one_event, &w, x->why)) == SQ_OK)
			e = gap_rows(&w, NULL);
	}
	custody_end(&w.life);
	if (e != SQ_OK || (e = bytes_done(&custody)) != SQ_OK ||
	    (e = bytes_done(&consents)) != SQ_OK)
		goto out;
	if ((e = export_file(x->files, DATA "custody.csv", &b)) != SQ_OK)
		goto out;
	*b = custody;
	memset(&custody, 0, sizeof(custody));	/* transferred */
	if ((e = export_file(x->files, DATA "consents.csv", &b)) != SQ_OK)
		goto out;
	*b = consents;
	memset(&consents, 0, sizeof(consents));	/* transferred */
out:
	bytes_free(&custody);
	bytes_free(&consents);
	return e;
}
