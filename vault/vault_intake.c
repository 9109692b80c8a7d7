/*
 * See vault_intake.h.  The drafts stand in the table meta, under the keys
 * «draft» and «draft-line»: encrypted with everything else, and overwritten
 * with zeros when they go (secure_delete).
 */
#include <stdlib.h>
#include <string.h>

#include "vault/vault_int.h"

#define HOLE "@TESTIMONY@"

static const char *const draft[] = { "draft", "draft-line" };

/* Inside a transaction. */
static enum sq_err
put_draft(struct vault *v, enum vault_draft which, const void *p, size_t n,
    struct why *why)
{
	enum sq_err e;

	if (n > VAULT_DRAFT_MAX)
		return err_why(why, SQ_ELIMIT, "the interview is longer than "
		    "8 MiB; save it and go on in a further one");
	if ((e = db_meta_set(v->db, draft[which], p, n)) != SQ_OK)
		return err_why(why, e, "the draft could not be kept: %s",
		    db_why(v->db));
	return SQ_OK;
}

/* see vault_intake.h */
enum sq_err
vault_draft_save(struct vault *v, enum vault_draft which, const void *p,
    size_t n, struct why *why)
{
	enum sq_err e;

	if ((e = vault_begin(v, why)) != SQ_OK)
		return e;
	if ((e = put_draft(v, which, n == 0 ? "" : p, n, why)) != SQ_OK) {
		vault_abort(v);
		return e;
	}
	return vault_commit(v, why);
}

/* see vault_intake.h */
enum sq_err
vault_draft_load(struct vault *v, enum vault_draft which,
    struct bytes_buf *out, struct why *why)
{
	uint8_t *p = malloc(VAULT_DRAFT_MAX);
	size_t n = 0;
	enum sq_err e;

	if (p == NULL)
		return SQ_ENOMEM;
	e = db_meta_get(v->db, draft[which], p, VAULT_DRAFT_MAX, &n);
	if (e == SQ_OK && n == 0)
		e = SQ_ENOENT;
	else if (e == SQ_OK) {
		bytes_put(out, p, n);
		e = bytes_done(out);
	}
	secret_wipe(p, n);
	free(p);
	return e == SQ_OK || e == SQ_ENOENT ? e : err_why(why, e, "the draft "
	    "could not be read: %s", db_why(v->db));
}

/* The decisions, each about the testimony. */
static enum sq_err
put_consents(struct vault *v, const struct vault_intake *in, const char *ref,
    const char *witness, struct why *why)
{
	struct model_inputs all = { 0 };
	struct record_make mk = { .type = model_type("consent"), .in = &all };
	struct vault_made made;
	enum sq_err e = SQ_OK;

	for (size_t i = 0; i < in->n_consent && e == SQ_OK; i++) {
		e = model_inputs_add(&all, "about", NULL, ref);
		if (e == SQ_OK && witness != NULL)
			e = model_inputs_add(&all, "given_by", NULL, witness);
		for (size_t k = 0; k < in->consent[i].n && e == SQ_OK; k++)
			e = model_inputs_add(&all, in->consent[i].v[k].name,
			    in->consent[i].v[k].lang,
			    in->consent[i].v[k].value);
		if (e == SQ_OK)
			e = vault_put_in(v, &mk, &made, why);
		model_inputs_free(&all);
	}
	return e;
}

/* Inside the transaction. */
static enum sq_err
put_all(struct vault *v, const struct vault_intake *in,
    struct vault_made *person, struct vault_made *ret, struct why *why)
{
	struct model_inputs all = { 0 };
	struct record_make pk = { .type = model_type("person"),
	    .in = in->person };
	struct record_make tk = { .type = model_type("testimony"),
	    .in = &all };
	struct bytes_buf b = { 0 };
	const char *witness = NULL, *at, *p = in->draft;
	enum sq_err e = SQ_OK;

	if (in->person != NULL && (e = vault_put_in(v, &pk, person, why)) ==
	    SQ_OK) {
		witness = person->ref;
		e = model_inputs_add(&all, "witness", NULL, witness);
	}
	for (size_t i = 0; i < in->testimony->n && e == SQ_OK; i++) {
		if (strcmp(in->testimony->v[i].name, "witness") == 0)
			witness = in->testimony->v[i].value;
		e = model_inputs_add(&all, in->testimony->v[i].name,
		    in->testimony->v[i].lang, in->testimony->v[i].value);
	}
	if (e != SQ_OK || (e = vault_put_in(v, &tk, ret, why)) != SQ_OK ||
	    (e = put_consents(v, in, ret->ref, witness, why)) != SQ_OK)
		goto out;
	while ((at = strstr(p, HOLE)) != NULL) {
		bytes_put(&b, p, (size_t)(at - p));
		bytes_puts(&b, ret->ref);
		p = at + strlen(HOLE);
	}
	bytes_puts(&b, p);
	if ((e = bytes_done(&b)) == SQ_OK)
		e = put_draft(v, VAULT_DRAFT, b.p == NULL ?
		    (const uint8_t *)"" : b.p, b.len, why);
	if (e == SQ_OK)
		e = put_draft(v, VAULT_DRAFT_LINE, "", 0, why);
out:
	model_inputs_free(&all);
	bytes_free(&b);
	return e;
}

/* see vault_intake.h */
enum sq_err
vault_intake(struct vault *v, const struct vault_intake *in,
    struct vault_made *ret_person, struct vault_made *ret, struct why *why)
{
	enum sq_err e;

	memset(ret_person, 0, sizeof(*ret_person));
	if ((e = vault_begin(v, why)) != SQ_OK)
		return e;
	if ((e = put_all(v, in, ret_person, ret, why)) != SQ_OK) {
		vault_abort(v);
		return e;
	}
	return vault_commit(v, why);
}
