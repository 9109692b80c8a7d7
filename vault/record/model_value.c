/*
 * Records and inputs as values.  All text in them is wiped when freed: it is
 * what the vault is for.
 */
#include <stdlib.h>
#include <string.h>

#include "crypto/secret.h"
#include "vault/record/model.h"

static void
wipe(char **s)
{
	if (*s != NULL)
		secret_wipe(*s, strlen(*s));
	free(*s);
	*s = NULL;
}

static void
input_free(struct model_input *in)
{
	wipe(&in->name);
	wipe(&in->lang);
	wipe(&in->value);
}

/* see model.h */
enum sq_err
model_inputs_add(struct model_inputs *in, const char *name, const char *lang,
    const char *value)
{
	struct model_input *v, new = { NULL, NULL, NULL };
	size_t cap;

	if (in->n == in->cap) {
		cap = in->cap == 0 ? 16 : 2 * in->cap;
		if ((v = reallocarray(in->v, cap, sizeof(*v))) == NULL)
			return SQ_ENOMEM;
		in->v = v;
		in->cap = cap;
	}
	new.name = strdup(name);
	new.value = strdup(value);
	if (lang != NULL)
		new.lang = strdup(lang);
	if (new.name == NULL || new.value == NULL ||
	    (lang != NULL && new.lang == NULL)) {
		input_free(&new);
		return SQ_ENOMEM;
	}
	in->v[in->n++] = new;
	return SQ_OK;
}

/* see model.h */
void
model_inputs_free(struct model_inputs *in)
{
	for (size_t i = 0; i < in->n; i++)
		input_free(&in->v[i]);
	free(in->v);
	memset(in, 0, sizeof(*in));
}

/* see model.h */
const struct record_field *
model_record_field(const struct record *r, const char *name)
{
	for (size_t i = 0; i < r->n; i++)
		if (strcmp(r->field[i].def->name, name) == 0)
			return &r->field[i];
	return NULL;
}

/* see model.h */
const char *
model_record_first(const struct record *r, const char *name)
{
	const struct record_field *f = model_record_field(r, name);

	return f == NULL || f->n == 0 ? NULL : f->v[0].text;
}

/* see model.h */
const char *
model_record_title(const struct record *r)
{
	const struct model_field *f = model_flagged(r->type, MODEL_TITLE);
	const char *s = f == NULL ? NULL : model_record_first(r, f->name);

	if (s != NULL)
		return s;
	/* what may stand instead: a pseudonym, a URL, the account itself */
	for (size_t i = 0; i < r->n; i++)
		if ((r->field[i].def->flags & MODEL_ONE_OF) != 0 &&
		    r->field[i].n > 0)
			return r->field[i].v[0].text;
	return "";
}

/* see model.h */
void
model_record_free(struct record *r)
{
	for (size_t i = 0; i < r->n; i++) {
		for (size_t k = 0; k < r->field[i].n; k++) {
			wipe(&r->field[i].v[k].text);
			wipe(&r->field[i].v[k].raw);
			wipe(&r->field[i].v[k].lang);
		}
		free(r->field[i].v);
	}
	free(r->parent);
	free(r->field);
	wipe(&r->actor);
	wipe(&r->reason);
	wipe(&r->kind);
	memset(r, 0, sizeof(*r));
}
