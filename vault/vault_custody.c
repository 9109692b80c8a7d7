/*
 * Custody through the facade: what the program records of itself, what people
 * record by hand, and one record's life with its gaps.  See vault_custody.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/record/custody.h"
#include "vault/vault_int.h"

/* Actions that only the program itself records. */
static const char *const own_actions[] = { "hashed", "exported", "merged",
    "consent-changed", "key-slot-changed", "erased", "setting-changed",
    "restored" };

/* see vault_int.h */
enum sq_err
vault_custody_ok(const struct model_type *type, const struct model_inputs *in,
    struct why *why)
{
	const struct model_field *f;
	const struct model_term *t;

	if (strcmp(type->name, "custody") != 0 || in == NULL)
		return SQ_OK;
	for (size_t i = 0; i < in->n; i++) {
		f = model_field(type, in->v[i].name);
		if (f != NULL && (f->flags & MODEL_AUTO) != 0)
			return err_why(why, SQ_EREFUSED, "%s: the program "
			    "sets it itself", f->name);
		if (f == NULL || strcmp(f->name, "action") != 0)
			continue;
		t = model_term(f->vocab, in->v[i].value);
		for (size_t k = 0; t != NULL && k < sizeof(own_actions) /
		    sizeof(*own_actions); k++)
			if (strcmp(t->term, own_actions[k]) == 0)
				return err_why(why, SQ_EREFUSED, "action: "
				    "«%s» is recorded by the program itself, "
				    "never by hand", t->term);
	}
	return SQ_OK;
}

static enum sq_err
add_hex(struct model_inputs *in, const char *name, const uint8_t *p, size_t n)
{
	char hex[65];

	bytes_hex(hex, p, n);
	return model_inputs_add(in, name, NULL, hex);
}

static bool
given(const struct model_inputs *in, const char *name)
{
	for (size_t i = 0; i < in->n; i++)
		if (strcmp(in->v[i].name, name) == 0)
			return true;
	return false;
}

/* What it is about: the record, its revision, and of a file its hash. */
static enum sq_err
add_object(struct vault *v, const char *ref, const char *entry,
    struct model_inputs *in, struct why *why)
{
	struct record_at at = { 0 };
	struct blob_info b;
	uint8_t id[LOG_RECORD_ID];
	char num[24];
	enum sq_err e;

	if ((e = record_find(&v->cx, ref, id, why)) != SQ_OK ||
	    (e = record_newest(&v->cx, id, &at, why)) != SQ_OK)
		return e;
	if ((e = model_inputs_add(in, "about", NULL, ref)) == SQ_OK)
		e = entry != NULL ? model_inputs_add(in, "entry", NULL,
		    entry) : add_hex(in, "entry", at.root, ENTRY_ROOT);
	record_at_free(&at);
	if (e != SQ_OK || (ref[0] | 0x20) != 'm' || given(in, "sha256"))
		return e;
	if ((e = vault_object_of_media(v, id, &b, why)) != SQ_OK)
		return e == SQ_ENOENT ? SQ_OK : e;
	(void)snprintf(num, sizeof(num), "%llu", (unsigned long long)b.size);
	if ((e = add_hex(in, "sha256", b.sha256, 32)) == SQ_OK)
		e = model_inputs_add(in, "size", NULL, num);
	return e;
}

/* see vault_int.h */
enum sq_err
vault_custody_event(struct vault *v, const char *action, const char *ref,
    const char *entry, struct why *why)
{
	struct model_inputs in = { 0 };
	struct record_make mk = { .in = &in };
	struct vault_made made;
	enum sq_err e;

	mk.type = model_type("custody");
	if ((e = model_inputs_add(&in, "action", NULL, action)) == SQ_OK &&
	    (e = add_object(v, ref, entry, &in, why)) == SQ_OK)
		e = vault_put(v, &mk, &made, why);
	model_inputs_free(&in);
	return e;
}

/* see vault_custody.h */
enum sq_err
vault_custody(struct vault *v, const char *ref, const struct model_inputs *in,
    struct vault_made *ret, struct why *why)
{
	struct model_inputs all = { 0 };
	struct record_make mk = { .in = &all };
	enum sq_err e;

	mk.type = model_type("custody");
	if ((e = vault_custody_ok(mk.type, in, why)) != SQ_OK)
		return e;
	for (size_t i = 0; i < in->n && e == SQ_OK; i++)
		e = model_inputs_add(&all, in->v[i].name, in->v[i].lang,
		    in->v[i].value);
	if (e == SQ_OK && (e = add_object(v, ref, NULL, &all, why)) == SQ_OK)
		e = vault_put(v, &mk, ret, why);
	model_inputs_free(&all);
	return e;
}

/* --- one record's life --------------------------------------------------- */

struct life {
	struct vault *v;
	struct custody_walk w;
	vault_record_fn *cb;
	void (*gap)(void *arg, const char *name, const char *text);
	void *arg;
	struct why *why;
};

static void
tell_gaps(const struct life *l, unsigned gaps)
{
	for (int g = 0; g < CUSTODY_GAPS && l->gap != NULL; g++)
		if ((gaps >> g & 1) != 0)
			l->gap(l->arg, custody_name((enum custody_gap)g),
			    custody_text((enum custody_gap)g));
}

static enum sq_err
one(void *arg, const struct record_at *at)
{
	struct life *l = arg;
	struct record r = { 0 };
	enum sq_err e;

	tell_gaps(l, custody_next(&l->w, at));
	if ((e = record_read(&l->v->cx, at, &r, l->why)) == SQ_OK)
		e = l->cb(l->arg, &r);
	model_record_free(&r);
	return e;
}

/* see vault_custody.h */
enum sq_err
vault_history(struct vault *v, const char *ref, vault_record_fn *cb,
    void (*gap)(void *arg, const char *name, const char *text), void *arg,
    struct why *why)
{
	struct life l = { .v = v, .cb = cb, .gap = gap, .arg = arg,
	    .why = why };
	uint8_t id[LOG_RECORD_ID];
	enum sq_err e;

	if ((e = record_find(&v->cx, ref, id, why)) != SQ_OK ||
	    (e = custody_begin(&v->cx, &l.w, why)) != SQ_OK)
		return e;
	if ((e = record_each(&v->cx, id, one, &l, why)) == SQ_OK)
		tell_gaps(&l, custody_next(&l.w, NULL));
	custody_end(&l.w);
	return e;
}
