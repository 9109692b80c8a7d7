/*
 * Cases, consent decisions and references to media through the facade: each a
 * record with something of its own.  See vault_records.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/digest.h"
#include "vault/fsio.h"
#include "vault/record/consent.h"
#include "vault/vault_int.h"

/* The items of a case as they will be: the old ones, more or fewer. */
static enum sq_err
case_items(const struct record *c, bool add, const char *const *refs,
    size_t n, struct model_inputs *in, struct why *why)
{
	const struct record_field *f = model_record_field(c, "item");
	bool hit_one;
	enum sq_err e;

	for (size_t i = 0; f != NULL && i < f->n; i++) {
		hit_one = false;
		for (size_t k = 0; k < n; k++)
			hit_one |= strcasecmp(refs[k], f->v[i].text) == 0;
		if ((!hit_one || add) && (e = model_inputs_add(in, "item",
		    NULL, f->v[i].text)) != SQ_OK)
			return e;
	}
	for (size_t k = 0; k < n; k++) {
		hit_one = false;
		for (size_t i = 0; f != NULL && i < f->n; i++)
			hit_one |= strcasecmp(refs[k], f->v[i].text) == 0;
		for (size_t i = 0; add && i < k; i++)
			hit_one |= strcasecmp(refs[k], refs[i]) == 0;
		if (!add && !hit_one)
			return err_why(why, SQ_ENOENT, "%s is not in %s",
			    refs[k], c->ref);
		if (add && !hit_one && (e = model_inputs_add(in, "item",
		    NULL, refs[k])) != SQ_OK)
			return e;
	}
	return SQ_OK;
}

/* see vault_records.h */
enum sq_err
vault_case(struct vault *v, const char *ref, bool add,
    const char *const *refs, size_t n, struct vault_made *ret,
    struct why *why)
{
	struct model_inputs in = { 0 };
	const char *unset = "item";
	struct record c = { 0 };
	enum sq_err e;

	if ((e = vault_show(v, ref, 0, &c, why)) != SQ_OK)
		return e;
	if (c.type->prefix != 'C') {
		e = err_why(why, SQ_EUSAGE, "%s is not a case", ref);
		goto out;
	}
	if ((e = case_items(&c, add, refs, n, &in, why)) != SQ_OK)
		goto out;
	e = vault_edit(v, ref, &in, &unset, in.n == 0 ? 1 : 0, NULL, ret,
	    why);
out:
	model_inputs_free(&in);
	model_record_free(&c);
	return e;
}

/* Note one decision, once. */
static enum sq_err
note_root(struct vault_parents *p, const uint8_t root[ENTRY_ROOT],
    struct why *why)
{
	for (size_t i = 0; i < p->n; i++)
		if (memcmp(p->root[i], root, ENTRY_ROOT) == 0)
			return SQ_OK;
	if (p->n == VAULT_PARENTS_MAX)
		return err_why(why, SQ_ELIMIT, "one decision can follow at "
		    "most %d others; split it", VAULT_PARENTS_MAX);
	memcpy(p->root[p->n++], root, ENTRY_ROOT);
	return SQ_OK;
}

/* Note the standing decisions of a scope about one record. */
static enum sq_err
note_parent(struct vault *v, const char *ref, const char *scope,
    struct vault_parents *p, struct why *why)
{
	struct consent_set s = { 0 };
	uint8_t id[LOG_RECORD_ID];
	enum sq_err e;

	/* a reference that is none is refused by record_compose */
	if ((e = record_find(&v->cx, ref, id, why)) != SQ_OK)
		return e == SQ_EUSAGE || e == SQ_ENOENT ? SQ_OK : e;
	e = consent_standing(&v->cx, id, scope, NULL, &s, why);
	for (size_t i = 0; i < s.n && e == SQ_OK; i++)
		e = note_root(p, s.v[i].root, why);
	consent_free(&s);
	return e;
}

/* see vault_int.h */
enum sq_err
vault_parents(struct vault *v, const struct record_make *mk,
    struct vault_parents *ret, struct why *why)
{
	const struct model_term *scope = NULL;
	const struct model_input *in;
	enum sq_err e = SQ_OK;

	ret->n = 0;
	if (strcmp(mk->type->kind, "consent") != 0 || mk->in == NULL)
		return SQ_OK;
	for (in = mk->in->v; in < mk->in->v + mk->in->n; in++)
		if (strcmp(in->name, "scope") == 0)
			scope = model_term(model_field(mk->type,
			    "scope")->vocab, in->value);
	for (in = mk->in->v; scope != NULL && e == SQ_OK &&
	    in < mk->in->v + mk->in->n; in++)
		if (strcmp(in->name, "about") == 0)
			e = note_parent(v, in->value, scope->term, ret, why);
	return e;
}

/* see vault_records.h */
enum sq_err
vault_consent(struct vault *v, const char *ref, const struct model_inputs *in,
    struct vault_made *ret, struct why *why)
{
	struct model_inputs all = { 0 };
	struct record_make mk = { .in = &all };
	uint8_t id[LOG_RECORD_ID];
	enum sq_err e;

	mk.type = model_type("consent");
	if ((e = record_find(&v->cx, ref, id, why)) != SQ_OK)
		return e;
	e = model_inputs_add(&all, "about", NULL, ref);
	for (size_t i = 0; i < in->n && e == SQ_OK; i++)
		e = model_inputs_add(&all, in->v[i].name, in->v[i].lang,
		    in->v[i].value);
	if (e == SQ_OK)
		e = vault_put(v, &mk, ret, why);
	model_inputs_free(&all);
	return e;
}

/* SHA-256 and size of a file that stays outside. */
static enum sq_err
hash_file(const char *path, char hex[DIGEST_HEX], uint64_t *ret_size,
    struct why *why)
{
	static uint8_t buf[65536];
	uint8_t sum[DIGEST_LEN];
	struct fsio_in *in = NULL;
	struct digest *d = NULL;
	size_t got;
	enum sq_err e;

	*ret_size = 0;
	if ((e = fsio_in_open(path, &in, why)) != SQ_OK ||
	    (e = digest_new(DIGEST_SHA256, &d)) != SQ_OK)
		goto out;
	while ((e = fsio_in_read(in, buf, sizeof(buf), &got)) == SQ_OK &&
	    got > 0) {
		*ret_size += got;
		if ((e = digest_add(d, buf, got)) != SQ_OK)
			break;
	}
	if (e != SQ_OK)
		err_why(why, e, "%s could not be read to its end", path);
	else if ((e = digest_end(d, sum)) == SQ_OK)
		bytes_hex(hex, sum, sizeof(sum));
out:
	secret_wipe(buf, sizeof(buf));
	digest_free(d);
	fsio_in_close(in);
	return e;
}

/* The fields that a file says of itself. */
static enum sq_err
file_fields(const char *path, struct model_inputs *all, struct why *why)
{
	const char *name = strrchr(path, '/');
	char hex[DIGEST_HEX], num[24];
	uint64_t size;
	enum sq_err e;

	if ((e = hash_file(path, hex, &size, why)) != SQ_OK)
		return e;
	(void)snprintf(num, sizeof(num), "%llu", (unsigned long long)size);
	if ((e = model_inputs_add(all, "original_name", NULL, name == NULL ?
	    path : name + 1)) == SQ_OK &&
	    (e = model_inputs_add(all, "sha256", NULL, hex)) == SQ_OK)
		e = model_inputs_add(all, "size", NULL, num);
	return e;
}

/* see vault_records.h */
enum sq_err
vault_reference(struct vault *v, const char *ref, const char *file,
    const char *url, const struct model_inputs *in, struct vault_made *ret,
    struct why *why)
{
	struct model_inputs all = { 0 };
	struct record_make mk = { .in = &all };
	uint8_t id[LOG_RECORD_ID];
	enum sq_err e;

	if ((file == NULL) == (url == NULL))
		return err_why(why, SQ_EUSAGE, "give either --file or --url");
	mk.type = model_type("media");
	if ((e = record_find(&v->cx, ref, id, why)) != SQ_OK ||
	    (e = model_inputs_add(&all, "about", NULL, ref)) != SQ_OK ||
	    (e = file != NULL ? file_fields(file, &all, why) :
	    model_inputs_add(&all, "url", NULL, url)) != SQ_OK)
		goto out;
	for (size_t i = 0; i < in->n && e == SQ_OK; i++)
		e = model_inputs_add(&all, in->v[i].name, in->v[i].lang,
		    in->v[i].value);
	if (e == SQ_OK)
		e = vault_put(v, &mk, ret, why);
out:
	model_inputs_free(&all);
	return e;
}
