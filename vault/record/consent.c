#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/record/consent.h"
#include "vault/record/text.h"

/* One decision found in the chain of a record, with what tells its rank. */
struct found {
	struct consent_decision d;
	char **parent;		/* roots in hex */
	size_t n_parent;
	bool holds;		/* for the recipient asked about */
	bool answered;		/* by a later one */
	bool walked;
};

struct finding {
	struct record_ctx *cx;
	const uint8_t *id;
	const char *scope;
	const uint8_t *to;
	struct found *v;
	size_t n;
};

/* True if the field is the string ${want}, or can no longer be read. */
static bool
may_be(const struct entry *en, const char *name, const char *want)
{
	const struct entry_field *f = entry_find(en, name);
	char *s = entry_value_str(f);
	bool is = f != NULL && (s == NULL || strcmp(s, want) == 0);

	free(s);
	return is;
}

static void
copy_str(const struct entry *en, const char *name, char *out, size_t cap)
{
	char *s = entry_str(en, name);

	(void)snprintf(out, cap, "%s", s == NULL ? "" : s);
	free(s);
}

/* Does it name a recipient other than all, and if so this one? */
static bool
names_to(const struct entry *en, const uint8_t *to, bool *ret_names)
{
	char hex[MODEL_ID_HEX], name[32];
	const struct entry_field *f;
	bool is = false;
	char *s;

	*ret_names = false;
	bytes_hex(hex, to, LOG_RECORD_ID);
	for (size_t i = 0; entry_element(name, sizeof(name), "recipient", i)
	    == SQ_OK && (f = entry_find(en, name)) != NULL; i++) {
		*ret_names = true;
		s = entry_value_str(f);
		is |= s != NULL && strcmp(s, hex) == 0;
		free(s);
	}
	return is;
}

/*
 * A decision that names recipients is about them alone.  Where the name was
 * erased, a refusal is taken to hold for everybody and a yes for nobody.
 */
static bool
holds(const struct entry *en, const char *decision, const uint8_t *to)
{
	const struct entry_field *f;
	char name[32];
	bool names;

	if (to == NULL || names_to(en, to, &names) || !names)
		return true;
	if (strcmp(decision, "no") != 0 && strcmp(decision, "withdrawn") != 0)
		return false;
	for (size_t i = 0; entry_element(name, sizeof(name), "recipient", i)
	    == SQ_OK && (f = entry_find(en, name)) != NULL; i++)
		if (f->form != ENTRY_OPEN)
			return true;
	return false;
}

/* Called in the order of the log. */
static enum sq_err
look(void *arg, const struct record_at *at)
{
	struct finding *w = arg;
	struct found *f;
	void *p;
	enum sq_err e;

	/* a decision is not about itself; one without a scope is of any */
	if (!may_be(&at->en, "_kind", "consent") || record_is(at, w->id) ||
	    !may_be(&at->en, "scope", w->scope))
		return SQ_OK;
	if ((w->n & (w->n - 1)) == 0) {
		p = realloc(w->v, (w->n ? 2 * w->n : 1) * sizeof(*w->v));
		if (p == NULL)
			return SQ_ENOMEM;
		w->v = p;
	}
	f = &w->v[w->n];
	memset(f, 0, sizeof(*f));
	e = entry_value_strs(entry_find(&at->en, "_parents"), &f->parent,
	    &f->n_parent);
	if (e != SQ_OK)
		return e == SQ_ENOMEM ? e : SQ_EDAMAGE;
	w->n++;
	copy_str(&at->en, "decision", f->d.decision, sizeof(f->d.decision));
	copy_str(&at->en, "until", f->d.until, sizeof(f->d.until));
	if ((e = record_shown(w->cx, &at->en, f->d.ref)) != SQ_OK)
		return SQ_EDAMAGE;
	f->d.conditions = entry_str(&at->en, "conditions");
	memcpy(f->d.root, at->root, ENTRY_ROOT);
	f->holds = holds(&at->en, f->d.decision, w->to);
	/* an end that cannot be read is past */
	if (entry_find(&at->en, "until") != NULL && f->d.until[0] == '\0')
		(void)snprintf(f->d.until, sizeof(f->d.until), "?");
	return SQ_OK;
}

/*
 * Mark everything that a decision answers which holds, through others too.
 * Answers stand behind what they answer, so one walk back is enough; after a
 * merge they may not, hence until nothing changes.
 */
static void
mark_answered(struct finding *w)
{
	char hex[MODEL_ROOT_HEX];
	bool again = true;

	while (again) {
		again = false;
		for (size_t i = w->n; i-- > 0;) {
			struct found *f = &w->v[i];

			if (f->walked || !(f->holds || f->answered))
				continue;
			f->walked = again = true;
			for (size_t k = 0; k < w->n; k++) {
				bytes_hex(hex, w->v[k].d.root, ENTRY_ROOT);
				for (size_t p = 0; p < f->n_parent; p++)
					w->v[k].answered |=
					    strcmp(hex, f->parent[p]) == 0;
			}
		}
	}
}

/* Keep those that hold and stand; free the rest. */
static enum sq_err
keep_standing(struct finding *w, struct consent_set *ret)
{
	mark_answered(w);
	if ((ret->v = calloc(w->n + 1, sizeof(*ret->v))) == NULL)
		return SQ_ENOMEM;
	for (size_t i = 0; i < w->n; i++)
		if (w->v[i].holds && !w->v[i].answered) {
			ret->v[ret->n++] = w->v[i].d;
			w->v[i].d.conditions = NULL;	/* transferred */
		}
	return SQ_OK;
}

/* see consent.h */
enum sq_err
consent_standing(struct record_ctx *cx, const uint8_t id[LOG_RECORD_ID],
    const char *scope, const uint8_t *to, struct consent_set *ret,
    struct why *why)
{
	struct finding w = { .cx = cx, .id = id, .scope = scope, .to = to };
	enum sq_err e;

	memset(ret, 0, sizeof(*ret));
	if ((e = record_each(cx, id, look, &w, why)) == SQ_OK)
		e = keep_standing(&w, ret);
	for (size_t i = 0; i < w.n; i++) {
		entry_free_strs(w.v[i].parent, w.v[i].n_parent);
		free(w.v[i].d.conditions);
	}
	free(w.v);
	return e;
}

/* see consent.h */
void
consent_free(struct consent_set *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->v[i].conditions);
	free(s->v);
	memset(s, 0, sizeof(*s));
}

/*
 * Is ${today} past the EDTF date ${until}?  Of a year or month its last day
 * counts; what cannot be understood is past.
 */
static bool
is_past(const char *until, const char *today)
{
	char day[9];
	unsigned end;

	if (strlen(today) < 10 || !text_edtf_end(until, &end))
		return true;
	(void)snprintf(day, sizeof(day), "%.4s%.2s%.2s", today, today + 5,
	    today + 8);
	return strtoul(day, NULL, 10) > end;
}

/* see consent.h */
enum consent_word
consent_says(const struct consent_decision *d, const char *today)
{
	if (d->until[0] != '\0' && is_past(d->until, today))
		return CONSENT_NO;
	if (strcmp(d->decision, "yes") == 0)
		return CONSENT_YES;
	return strcmp(d->decision, "conditions") == 0 ||
	    strcmp(d->decision, "ask") == 0 ? CONSENT_IF : CONSENT_NO;
}

/* see consent.h */
void
consent_why(const struct consent_decision *d, const char *scope,
    const char *today, char *out, size_t cap)
{
	if (d->decision[0] == '\0')
		(void)snprintf(out, cap, "the decision on %s, %s, was erased",
		    scope, d->ref);
	else if (consent_says(d, today) == CONSENT_IF)
		(void)snprintf(out, cap, "%s on %s, %s, and nobody confirmed "
		    "it", strcmp(d->decision, "ask") == 0 ? "asks to be asked "
		    "each time" : "agreed on conditions", scope, d->ref);
	else if (strcmp(d->decision, "no") != 0 &&
	    strcmp(d->decision, "withdrawn") != 0)
		(void)snprintf(out, cap, "the consent to %s, %s, ended on %s",
		    scope, d->ref, d->until);
	else
		(void)snprintf(out, cap, "the latest decision on %s, %s, is "
		    "«%s»", scope, d->ref, d->decision);
}
