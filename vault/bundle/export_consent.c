#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "vault/bundle/export_consent.h"
#include "vault/bundle/profile.h"

/*
 * A record has a voice if decisions may be about it: those that are count.
 * Besides, it speaks through the records that its fields name:
 *
 *	MODEL_OWNER	it belongs to them, and goes only where each of them
 *			may go; judged in the same way, and so on
 *	MODEL_VOICE	it concerns them: what they decided binds, but they
 *			need not have decided; without their record only a
 *			pseudonym stands for them
 *
 * The least that any of them says is what counts.  If all are silent that
 * could speak, so is the record, and nothing leaves on silence.
 *
 * A person whom only an earlier revision names keeps the no, but not the yes:
 * its words may still be about whoever was taken out.
 */

#define ASKED_MAX 8000

/* see export_consent.h */
enum sq_err
export_consent_gate(struct export_gate *g, const char *profile)
{
	const struct profile *p = profile_find(profile);

	if (p == NULL)
		return SQ_EINTERNAL;
	g->full = p->full;
	g->scope = p->scope;
	g->pseudonym = p->pseudonym;
	return SQ_OK;
}

/* Remember a decision that the export rests on, once. */
static enum sq_err
rest_on(struct export_gate *g, const char *ref)
{
	size_t cap;
	void *p;

	for (size_t i = g->n_basis; i-- > 0;)
		if (strcmp(g->basis[i], ref) == 0)
			return SQ_OK;
	if (g->n_basis == g->cap_basis) {
		cap = g->cap_basis ? 2 * g->cap_basis : 16;
		if ((p = realloc(g->basis, cap * sizeof(*g->basis))) == NULL)
			return SQ_ENOMEM;
		g->basis = p;
		g->cap_basis = cap;
	}
	(void)snprintf(g->basis[g->n_basis++], MODEL_REF_MAX, "%s", ref);
	return SQ_OK;
}

/* Keep the words of a decision that asks for a confirmation, once. */
static enum sq_err
meet(struct export_gate *g, const struct consent_decision *d,
    const char *reason)
{
	struct export_condition *c;
	void *p;

	for (size_t i = 0; i < g->n_condition; i++)
		if (strcmp(g->condition[i].ref, d->ref) == 0)
			return SQ_OK;
	p = realloc(g->condition, (g->n_condition + 1) * sizeof(*c));
	if (p == NULL)
		return SQ_ENOMEM;
	g->condition = p;
	c = &g->condition[g->n_condition];
	memset(c, 0, sizeof(*c));
	memcpy(c->ref, d->ref, sizeof(c->ref));
	memcpy(c->decision, d->decision, sizeof(c->decision));
	c->reason = reason;
	if (d->conditions != NULL &&
	    (c->words = strdup(d->conditions)) == NULL)
		return SQ_ENOMEM;
	g->n_condition++;
	return SQ_OK;
}

/* Is a decision confirmed that asks for it? */
static enum sq_err
confirmed(struct export_gate *g, const struct consent_decision *d,
    bool *ret)
{
	const char *reason = NULL;

	for (size_t i = 0; i < g->n_confirm && reason == NULL; i++)
		if (strcasecmp(g->confirm[i].ref, d->ref) == 0) {
			g->confirm[i].used = true;
			reason = g->confirm[i].reason;
		}
	*ret = reason != NULL;
	return meet(g, d, reason);
}

/* What the decisions of one scope about a record say together. */
static enum sq_err
ask_scope(struct export_gate *g, const uint8_t id[LOG_RECORD_ID],
    const char *scope, enum export_say yes, struct export_verdict *v)
{
	struct consent_set s = { 0 };
	bool ok;
	enum sq_err e;

	v->say = EXPORT_SILENT;
	e = consent_standing(g->cx, id, scope, g->to, &s, g->why);
	for (size_t i = 0; i < s.n && e == SQ_OK; i++) {
		const struct consent_decision *d = &s.v[i];
		enum consent_word w = consent_says(d, g->today);

		ok = w == CONSENT_YES;
		if (w == CONSENT_IF &&
		    (e = confirmed(g, d, &ok)) != SQ_OK)
			break;
		if (ok && v->say != EXPORT_REFUSED) {
			v->say = yes;
			e = rest_on(g, d->ref);
		} else if (!ok) {
			v->say = EXPORT_REFUSED;
			consent_why(d, scope, g->today, v->reason,
			    sizeof(v->reason));
			(void)snprintf(v->ask, sizeof(v->ask), "%s",
			    w == CONSENT_IF ? d->ref : "");
		}
	}
	if (v->say == EXPORT_SILENT)
		(void)snprintf(v->reason, sizeof(v->reason), "no consent to "
		    "%s is recorded", scope);
	consent_free(&s);
	return e;
}

/* What the decisions about a record itself say. */
static enum sq_err
ask_one(struct export_gate *g, const uint8_t id[LOG_RECORD_ID],
    struct export_verdict *ret)
{
	struct export_verdict v = { .say = EXPORT_SILENT };
	enum sq_err e;

	memset(ret, 0, sizeof(*ret));
	e = ask_scope(g, id, g->scope, EXPORT_IDENTITY, ret);
	if (e != SQ_OK || ret->say == EXPORT_IDENTITY ||
	    g->pseudonym == NULL)
		return e;
	e = ask_scope(g, id, g->pseudonym, EXPORT_PSEUDONYM, &v);
	if (v.say == EXPORT_PSEUDONYM)
		ret->say = v.say;	/* the reason why not more stays */
	else if (v.say == EXPORT_REFUSED && ret->say == EXPORT_SILENT)
		*ret = v;
	else if (ret->say == EXPORT_SILENT)
		(void)snprintf(ret->reason, sizeof(ret->reason), "no consent "
		    "to %s or %s is recorded", g->scope, g->pseudonym);
	return e;
}

/* Take the stricter of two; what is said of another is said with its name. */
static void
narrow(struct export_verdict *v, const struct export_verdict *more,
    const char *how, const char *ref)
{
	char inner[160];

	if (more->say >= v->say)
		return;
	(void)snprintf(inner, sizeof(inner), "%.159s", more->reason);
	v->say = more->say;
	/* of a long way only the end is of interest */
	if (strncmp(inner, "it ", 3) == 0)
		(void)snprintf(v->reason, sizeof(v->reason), "%s", inner);
	else
		(void)snprintf(v->reason, sizeof(v->reason), "%s %s: %s", how,
		    ref, inner);
	memcpy(v->ask, more->ask, sizeof(v->ask));
}

/*
 * What the decisions about a record say, and about those that are said to be
 * the same person: of these a no counts, but a yes does not, for «the same»
 * may be a mistake.
 */
static enum sq_err
ask(struct export_gate *g, const uint8_t id[LOG_RECORD_ID],
    struct export_verdict *ret)
{
	uint8_t (*who)[LOG_RECORD_ID] = NULL;
	struct export_verdict more;
	char ref[MODEL_ID_HEX];
	size_t n = 0;
	enum sq_err e;

	if (!g->same_known && (e = same_load(g->cx, &g->same, g->why)) !=
	    SQ_OK)
		return e;
	g->same_known = true;
	if ((e = ask_one(g, id, ret)) != SQ_OK || g->same.n == 0 ||
	    (e = same_as(&g->same, id, &who, &n)) != SQ_OK)
		return e;
	for (size_t i = 1; i < n && e == SQ_OK; i++)
		if ((e = ask_one(g, who[i], &more)) == SQ_OK &&
		    more.say != EXPORT_SILENT && more.say < ret->say &&
		    (e = record_ref(g->cx, who[i], ref)) == SQ_OK)
			narrow(ret, &more, "it is said to be the same as",
			    ref);
	free(who);
	return e;
}

/* Can decisions be about a record of this type? */
static bool
has_voice(const struct model_type *type)
{
	const struct model_field *about = model_field(model_type("consent"),
	    "about");

	return strchr(about->refs, type->prefix) != NULL;
}

static enum sq_err judge(struct export_gate *g,
    const uint8_t id[LOG_RECORD_ID], const struct entry *en,
    const struct model_type *type, unsigned depth,
    struct export_verdict *ret);

/* An owner, judged as the record itself is: its type is what the log says. */
static enum sq_err
judge_owner(struct export_gate *g, const uint8_t id[LOG_RECORD_ID],
    unsigned depth, struct export_verdict *v, bool *ret_spoke)
{
	struct export_verdict more = { .say = EXPORT_REFUSED };
	struct record_at at = { .index = 0 };
	const struct model_type *type;
	char *name = NULL, ref[MODEL_REF_MAX];
	enum sq_err e;

	if ((e = record_newest(g->cx, id, &at, g->why)) != SQ_OK)
		return e;
	name = entry_str(&at.en, "_type");
	if (record_shown(g->cx, &at.en, ref) != SQ_OK || name == NULL) {
		e = SQ_EDAMAGE;
		goto out;
	}
	if ((type = model_type(name)) == NULL) {
		e = err_why(g->why, SQ_EUNSUPPORTED, "%s is of a type that "
		    "this version does not know", ref);
		goto out;
	}
	if (depth == EXPORT_DEPTH_MAX || g->asked++ == ASKED_MAX)
		(void)snprintf(more.reason, sizeof(more.reason), "it belongs "
		    "to others in too many steps");
	else if ((e = judge(g, id, &at.en, type, depth, &more)) != SQ_OK)
		goto out;
	*ret_spoke |= more.say == EXPORT_PSEUDONYM ||
	    more.say == EXPORT_IDENTITY;
	/* an owner's silence is no */
	if (more.say == EXPORT_SILENT)
		more.say = EXPORT_REFUSED;
	narrow(v, &more, "it belongs to", ref);
out:
	free(name);
	record_at_free(&at);
	return e;
}

/* Somebody it concerns: what was decided counts, silence does not. */
static enum sq_err
judge_voice(struct export_gate *g, const uint8_t id[LOG_RECORD_ID],
    const char *how, struct export_verdict *v)
{
	struct export_verdict more;
	char ref[MODEL_ID_HEX];
	enum sq_err e;

	if ((e = ask(g, id, &more)) != SQ_OK || more.say == EXPORT_SILENT ||
	    more.say >= v->say)
		return e;
	if ((e = record_ref(g->cx, id, ref)) == SQ_OK)
		narrow(v, &more, how, ref);
	return e;
}

/* Whom the value of a field names; one that was erased may not be skipped. */
static enum sq_err
named(const struct model_field *f, const struct entry_field *ef,
    uint8_t id[LOG_RECORD_ID], struct export_verdict *v)
{
	char *s;
	enum sq_err e;

	if (ef->form == ENTRY_ERASED) {
		v->say = EXPORT_REFUSED;
		(void)snprintf(v->reason, sizeof(v->reason), "its %s was "
		    "erased, and cannot be asked", f->name);
		return SQ_OK;
	}
	s = entry_value_str(ef);
	e = s == NULL ? SQ_EDAMAGE : bytes_unhex(id, LOG_RECORD_ID, s);
	free(s);
	return e == SQ_OK ? SQ_OK : SQ_EDAMAGE;
}

/* All records that one field of the table names. */
static enum sq_err
judge_field(struct export_gate *g, const struct entry *en,
    const struct model_field *f, unsigned depth, struct export_verdict *v,
    bool *ret_spoke)
{
	const struct entry_field *ef;
	uint8_t id[LOG_RECORD_ID];
	enum sq_err e = SQ_OK;

	for (size_t i = 0; e == SQ_OK && v->say != EXPORT_REFUSED &&
	    (ef = record_value(en, f, i)) != NULL; i++) {
		if ((e = named(f, ef, id, v)) != SQ_OK ||
		    v->say == EXPORT_REFUSED)
			break;
		e = (f->flags & MODEL_OWNER) != 0 ? judge_owner(g, id,
		    depth + 1, v, ret_spoke) : judge_voice(g, id,
		    "it concerns", v);
	}
	return e;
}

/* A record whose earlier revisions are asked. */
struct earlier {
	struct export_gate *g;
	const uint8_t *id;
	const struct entry *now;	/* whom it names has been asked */
	const struct model_type *type;
	struct export_verdict *v;
};

/* Does the revision name the record in this field? */
static bool
names(const struct entry *en, const struct model_field *f,
    const uint8_t id[LOG_RECORD_ID])
{
	const struct entry_field *ef;
	uint8_t other[LOG_RECORD_ID];
	struct export_verdict none;
	bool is = false;

	for (size_t i = 0; !is && (ef = record_value(en, f, i)) != NULL; i++)
		is = ef->form != ENTRY_ERASED &&
		    named(f, ef, other, &none) == SQ_OK &&
		    memcmp(other, id, sizeof(other)) == 0;
	return is;
}

static enum sq_err
is_person(struct export_gate *g, const uint8_t id[LOG_RECORD_ID], bool *ret)
{
	struct record_at at = { .index = 0 };
	char *type;
	enum sq_err e;

	if ((e = record_newest(g->cx, id, &at, g->why)) != SQ_OK)
		return e;
	type = entry_str(&at.en, "_type");
	*ret = type == NULL || strcmp(type, "person") == 0;
	free(type);
	record_at_free(&at);
	return SQ_OK;
}

/* Persons whom an earlier revision names, and the present one does not. */
static enum sq_err
judge_earlier(void *arg, const struct record_at *at)
{
	struct earlier *x = arg;
	const struct entry_field *ef;
	uint8_t id[LOG_RECORD_ID];
	bool person = false;
	enum sq_err e = SQ_OK;

	if (!record_is(at, x->id))
		return SQ_OK;
	for (const struct model_field *f = x->type->field; f->name != NULL;
	    f++) {
		if ((f->flags & (MODEL_OWNER | MODEL_VOICE)) == 0)
			continue;
		for (size_t i = 0; e == SQ_OK && x->v->say != EXPORT_REFUSED &&
		    (ef = record_value(&at->en, f, i)) != NULL; i++)
			if ((e = named(f, ef, id, x->v)) == SQ_OK &&
			    x->v->say != EXPORT_REFUSED &&
			    !names(x->now, f, id) &&
			    (e = is_person(x->g, id, &person)) == SQ_OK &&
			    person)
				e = judge_voice(x->g, id, "an earlier "
				    "revision concerns", x->v);
	}
	return e;
}

static enum sq_err
judge(struct export_gate *g, const uint8_t id[LOG_RECORD_ID],
    const struct entry *en, const struct model_type *type, unsigned depth,
    struct export_verdict *ret)
{
	struct export_verdict v = { .say = EXPORT_NOBODY }, own;
	bool voice = has_voice(type), spoke = false;
	enum sq_err e;

	memset(&own, 0, sizeof(own));
	if (voice && (e = ask(g, id, &own)) != SQ_OK)
		return e;
	if (voice && own.say != EXPORT_SILENT) {
		spoke = own.say != EXPORT_REFUSED;
		v = own;
	}
	for (const struct model_field *f = type->field; f->name != NULL; f++)
		if ((f->flags & (MODEL_OWNER | MODEL_VOICE)) != 0 &&
		    (e = judge_field(g, en, f, depth, &v, &spoke)) != SQ_OK)
			return e;
	if ((e = record_each(g->cx, id, judge_earlier, &(struct earlier){
	    .g = g, .id = id, .now = en, .type = type, .v = &v }, g->why)) !=
	    SQ_OK)
		return e;
	if (voice && !spoke && v.say > EXPORT_SILENT)
		v = own;		/* nobody has said yes */
	*ret = v;
	return SQ_OK;
}

/* see export_consent.h */
enum sq_err
export_consent_judge(struct export_gate *g, const uint8_t id[LOG_RECORD_ID],
    const struct record_at *at, const struct model_type *type,
    struct export_verdict *ret)
{
	size_t mark = g->n_basis;
	enum sq_err e;

	g->asked = 0;
	memset(ret, 0, sizeof(*ret));
	if ((e = judge(g, id, &at->en, type, 0, ret)) != SQ_OK)
		return e;
	if (ret->say == EXPORT_SILENT)
		ret->say = EXPORT_REFUSED;
	if (ret->say == EXPORT_REFUSED)
		g->n_basis = mark;
	return SQ_OK;
}

/* see export_consent.h */
enum sq_err
export_consent_used(const struct export_gate *g)
{
	for (size_t i = 0; i < g->n_confirm; i++)
		if (!g->confirm[i].used)
			return err_why(g->why, SQ_EUSAGE, "--confirm %s: this "
			    "export asks for no such confirmation; nothing "
			    "was exported", g->confirm[i].ref);
	return SQ_OK;
}

/* see export_consent.h */
void
export_consent_free(struct export_gate *g)
{
	for (size_t i = 0; i < g->n_condition; i++)
		free(g->condition[i].words);
	free(g->condition);
	free(g->confirm);
	free(g->basis);
	same_free(&g->same);
	memset(g, 0, sizeof(*g));
}
