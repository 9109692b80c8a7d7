#include <stdlib.h>
#include <string.h>

#include "cli/intake.h"
#include "crypto/secret.h"
#include "vault/vault.h"

const struct intake_q intake_q[] = {
	{ "interviewer", "Interviewer", "testimony", "interviewer",
	    INTAKE_CARRY },
	{ "interpreter", "Interpreter, if there is one", "testimony",
	    "interpreter", INTAKE_CARRY },
	{ "date", "Date (2026-03-12)", "testimony", "date", INTAKE_CARRY },
	{ "place", "Town or region, no address", "testimony", "place",
	    INTAKE_CARRY },
	{ "setting", "Setting: in-person, phone, video-call ...", "testimony",
	    "setting", INTAKE_CARRY },
	{ "language", "Language spoken (kk-Cyrl, ug-Arab, ru ...)",
	    "testimony", "language", INTAKE_CARRY },
	{ "how_given", "Consent is given how: spoken, signed, thumbprint, "
	    "witnessed", "consent", "how_given", INTAKE_CARRY },
	{ "explained", "Explained before: purpose, who, risks, stop, limits "
	    "(with commas)", "consent", "explained", INTAKE_CARRY },
	{ "witness", "Witness: full name, or P-3 if known", "person", "name",
	    INTAKE_WITNESS },
	{ "pseudonym", "Pseudonym", "person", "pseudonym", INTAKE_NEW },
	{ "sex", "Sex: male, female, other, unknown", "person", "sex",
	    INTAKE_NEW },
	{ "birth_date", "Date of birth (1975, 1975-03-12, 1975~)", "person",
	    "birth_date", INTAKE_NEW },
	{ "residence", "Where they lived: village, town", "person",
	    "residence", INTAKE_NEW },
	{ "first_account", "First detailed account? first, repeat, unknown",
	    "testimony", "first_account", 0 },
	{ "store", "Agrees that it is stored? y, n, c (on conditions), a "
	    "(ask each time)", "consent", "store", INTAKE_CONSENT },
	{ "share", "... shared with a lawyer?", "consent", "share",
	    INTAKE_CONSENT },
	{ "court", "... given to a court, with identity?", "consent",
	    "court", INTAKE_CONSENT },
	{ "court-pseudonym", "... given to a court, under a pseudonym?",
	    "consent", "court-pseudonym", INTAKE_CONSENT },
	{ "publish", "... published, with identity?", "consent", "publish",
	    INTAKE_CONSENT },
	{ "recontact", "... to be contacted again?", "consent", "recontact",
	    INTAKE_CONSENT },
	{ "conditions", "Conditions, in the words of the witness", "consent",
	    "conditions", 0 },
	{ "summary", "Summary, one line", "testimony", "summary", 0 },
	{ "text", "Account", "testimony", "text", 0 },
	{ "file", "Recording: a file", NULL, NULL, INTAKE_FILES },
	{ NULL, NULL, NULL, NULL, 0 }
};

/* see intake.h */
const char *
intake_get(const json_t *doc, const char *key, size_t i)
{
	return json_string_value(json_array_get(json_object_get(
	    json_object_get(doc, "answers"), key), i));
}

/* see intake.h */
bool
intake_known(const json_t *doc)
{
	const char *w = intake_get(doc, "witness", 0);

	return w != NULL && (w[0] == 'P' || w[0] == 'p') && w[1] == '-' &&
	    w[2] != '\0' && w[2 + strspn(w + 2, "0123456789")] == '\0';
}

/* see intake.h */
bool
intake_set(json_t *doc, const char *key, const char *value)
{
	json_t *all = json_object_get(doc, "answers");

	if (value == NULL) {
		(void)json_object_del(all, key);
		return true;
	}
	return json_object_set_new(all, key, json_pack("[s]", value)) == 0;
}

/* see intake.h */
bool
intake_add(json_t *doc, const char *key, const char *value)
{
	json_t *list = json_object_get(json_object_get(doc, "answers"), key);

	return list == NULL ? intake_set(doc, key, value) :
	    json_array_append_new(list, json_string(value)) == 0;
}

/* see intake.h */
json_t *
intake_next(const json_t *doc)
{
	json_t *next = json_pack("{s:i,s:i,s:{}}", "v", 1, "at", 0,
	    "answers");
	bool any = false;

	for (const struct intake_q *q = intake_q; next != NULL &&
	    q->key != NULL; q++) {
		const char *s = (q->flags & INTAKE_CARRY) == 0 ? NULL :
		    intake_get(doc, q->key, 0);

		if (s != NULL && !intake_set(next, q->key, s)) {
			json_decref(next);
			return NULL;
		}
		any = any || s != NULL;
	}
	/* what is carried is not asked again */
	for (int i = 0; any && next != NULL && intake_q[i].key != NULL; i++)
		if ((intake_q[i].flags & INTAKE_CARRY) == 0) {
			(void)json_object_set_new(next, "at",
			    json_integer(i));
			break;
		}
	return next;
}

/* The decision that a letter stands for, or NULL. */
static const char *
decision(const char *s)
{
	return s[0] == '\0' || s[1] != '\0' ? NULL : s[0] == 'y' ? "yes" :
	    s[0] == 'n' ? "no" : s[0] == 'c' ? "conditions" : s[0] == 'a' ?
	    "ask" : NULL;
}

/* One value of a field by the table. */
static enum sq_err
check(struct cli *c, const char *type, const char *field, const char *value)
{
	char lang[MODEL_LANG_MAX], *v = NULL;
	struct model_input in = { .name = (char *)(uintptr_t)field,
	    .value = (char *)(uintptr_t)value };
	enum sq_err e = model_check(model_type(type), &in, &v, lang, &c->why);

	if (v != NULL)
		secret_wipe(v, strlen(v));
	free(v);
	return e;
}

/* The terms of a list, parted by commas, each handed to ${cb}. */
static enum sq_err
each_term(const char *s, enum sq_err (*cb)(void *arg, const char *one),
    void *arg)
{
	char *copy = strdup(s), *at = copy, *one;
	enum sq_err e = copy == NULL ? SQ_ENOMEM : SQ_OK;

	while (e == SQ_OK && (one = strsep(&at, ",")) != NULL) {
		one += strspn(one, " ");
		one[strcspn(one, " ")] = '\0';
		if (*one != '\0')
			e = cb(arg, one);
	}
	free(copy);
	return e;
}

static enum sq_err
check_explained(void *arg, const char *one)
{
	return check(arg, "consent", "explained", one);
}

/* see intake.h */
enum sq_err
intake_check(struct cli *c, const struct intake_q *q, const char *value)
{
	json_t *doc;
	struct record r = { 0 };
	bool known;
	enum sq_err e;

	if (q->flags & INTAKE_CONSENT)
		return decision(value) != NULL ? SQ_OK : err_why(&c->why,
		    SQ_EREFUSED, "y (agrees), n (refuses), c (on conditions), "
		    "a (ask each time), or Enter if it was not asked");
	if (q->flags & INTAKE_FILES)
		return SQ_OK;
	if (strcmp(q->key, "explained") == 0)
		return each_term(value, check_explained, c);
	if ((q->flags & INTAKE_WITNESS) == 0)
		return check(c, q->type, q->field, value);
	doc = json_pack("{s:{s:[s]}}", "answers", "witness", value);
	known = intake_known(doc);
	json_decref(doc);
	if (!known)
		return check(c, "person", "name", value);
	e = vault_show(c->vault, value, 0, &r, &c->why);
	model_record_free(&r);
	return e == SQ_ENOENT ? SQ_EREFUSED : e;
}

/* --- saving ------------------------------------------------------------- */

struct into {
	struct model_inputs *in;
};

static enum sq_err
add_explained(void *arg, const char *one)
{
	struct into *i = arg;

	return model_inputs_add(i->in, "explained", NULL, one);
}

/* All answers that become fields of one type. */
static enum sq_err
fields(const json_t *doc, const char *type, struct model_inputs *ret)
{
	const char *s;
	enum sq_err e = SQ_OK;

	for (const struct intake_q *q = intake_q; q->key != NULL; q++) {
		if (q->type == NULL || strcmp(q->type, type) != 0 ||
		    (q->flags & (INTAKE_CONSENT | INTAKE_FILES)) != 0)
			continue;
		if ((q->flags & (INTAKE_NEW | INTAKE_WITNESS)) != 0 &&
		    intake_known(doc))
			continue;
		for (size_t i = 0; e == SQ_OK && (s = intake_get(doc, q->key,
		    i)) != NULL; i++) {
			if (strcmp(q->key, "explained") == 0)
				e = each_term(s, add_explained,
				    &(struct into){ ret });
			else
				e = model_inputs_add(ret, q->field, NULL, s);
		}
	}
	return e;
}

/* Each scope that was asked becomes a decision of its own. */
static enum sq_err
consents(const json_t *doc, struct model_inputs *ret, size_t *ret_n)
{
	const char *s, *who = intake_get(doc, "interviewer", 0);
	const char *date = intake_get(doc, "date", 0);
	struct model_inputs *in;
	enum sq_err e = SQ_OK;

	for (const struct intake_q *q = intake_q; q->key != NULL &&
	    e == SQ_OK; q++) {
		if ((q->flags & INTAKE_CONSENT) == 0 ||
		    (s = intake_get(doc, q->key, 0)) == NULL)
			continue;
		in = &ret[(*ret_n)++];
		if ((e = fields(doc, "consent", in)) == SQ_OK &&
		    (e = model_inputs_add(in, "scope", NULL, q->field)) ==
		    SQ_OK && (e = model_inputs_add(in, "decision", NULL,
		    decision(s))) == SQ_OK && who != NULL)
			e = model_inputs_add(in, "taken_by", NULL, who);
		if (e == SQ_OK && date != NULL)
			e = model_inputs_add(in, "date", NULL, date);
	}
	return e;
}

#define SCOPES_MAX 16

/* see intake.h */
enum sq_err
intake_store(struct cli *c, const json_t *doc, const json_t *next,
    char person[MODEL_REF_MAX], char ret[MODEL_REF_MAX])
{
	struct model_inputs p = { 0 }, t = { 0 }, n[SCOPES_MAX] = { 0 };
	struct vault_intake in = { .testimony = &t, .consent = n };
	struct vault_made made_p, made;
	char *draft = json_dumps(next, JSON_COMPACT);
	enum sq_err e;

	if (draft == NULL)
		return SQ_ENOMEM;
	in.draft = draft;
	if ((e = fields(doc, "person", &p)) != SQ_OK ||
	    (e = fields(doc, "testimony", &t)) != SQ_OK ||
	    (e = consents(doc, n, &in.n_consent)) != SQ_OK)
		goto out;
	if (intake_known(doc))
		e = model_inputs_add(&t, "witness", NULL, intake_get(doc,
		    "witness", 0));
	else if (p.n > 0)
		in.person = &p;
	if (e == SQ_OK && (e = vault_intake(c->vault, &in, &made_p, &made,
	    &c->why)) == SQ_OK) {
		memcpy(person, made_p.ref, MODEL_REF_MAX);
		memcpy(ret, made.ref, MODEL_REF_MAX);
	}
out:
	model_inputs_free(&p);
	model_inputs_free(&t);
	for (size_t i = 0; i < SCOPES_MAX; i++)
		model_inputs_free(&n[i]);
	secret_wipe(draft, strlen(draft));
	free(draft);
	return e;
}
