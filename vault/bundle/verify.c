#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/bundle/verify_int.h"

/* Was it sealed to the one who opened it? */
static void
judge_address(struct verify *v)
{
	const struct verify_source *s = &v->source;
	const enum verify_claim c = VERIFY_ADDRESSED_TO;

	if (s->folder)
		verify_int_set(v, c, VERIFY_NOT_CHECKED,
		    "a folder that was opened before: nothing shows for whom "
		    "it was sealed");
	else if (s->shared)
		verify_int_no(v, c, "it was sealed to more than one "
		    "recipient: somebody else can open it, and could have "
		    "made it");
	else if (s->by_passphrase && strcmp(v->st.recipient, "-") == 0)
		verify_int_set(v, c, VERIFY_YES,
		    "whoever knows the passphrase");
	else if (!s->by_passphrase &&
	    strcmp(v->st.recipient, s->opener) == 0)
		verify_int_set(v, c, VERIFY_YES, "you (%s)", s->opener);
	else
		verify_int_no(v, c, "the signed statement names another "
		    "recipient: this bundle was made for somebody else and "
		    "passed on");
}

/*
 * Where the signatures do not hold, a `yes` would be about the words of a
 * stranger: nothing is said but what is wrong.
 */
static void
unsay(struct verify *v)
{
	for (int c = 0; c < VERIFY_CLAIMS; c++)
		verify_int_set(v, (enum verify_claim)c, VERIFY_NOT_CHECKED,
		    "the signatures do not hold");
}

/* After the last member: everything that needs the whole. */
static enum sq_err
judge(struct verify *v, struct verify_known *k, struct why *why)
{
	enum sq_err e;

	if (!v->has_st) {
		verify_int_no(v, VERIFY_INTACT, "STATEMENT.txt is missing");
		return SQ_EFORMAT;
	}
	if ((e = verify_members_bag(v)) != SQ_OK ||
	    (e = verify_items_end(v)) != SQ_OK ||
	    (e = verify_proof_signatures(v)) != SQ_OK)
		return e;
	verify_keys_end(v);
	judge_address(v);
	if ((e = verify_time_judge(v, why)) != SQ_OK)
		return e;
	if ((e = verify_trust_judge(v, k)) != SQ_OK)
		return e;
	if (!v->signatures)
		unsay(v);
	return SQ_OK;
}

/* Turn a failure of the source into a claim; true if it was one. */
static bool
finding(struct verify *v, enum sq_err e, const char *detail)
{
	if (e == SQ_EFORMAT || e == SQ_EAUTH || e == SQ_ELIMIT) {
		verify_int_no(v, VERIFY_INTACT, "%s", detail[0] != '\0' ?
		    detail : err_str(e));
		return true;
	}
	if (e == SQ_EPASS && v->o->passphrase == NULL) {
		verify_int_no(v, VERIFY_ADDRESSED_TO, "it was not sealed to "
		    "this identity");
		return true;
	}
	return false;
}

/* The error that the claims add up to. */
static enum sq_err
verdict(const struct verify *v, struct why *why)
{
	const struct verify_finding *f;

	for (int c = 0; c < VERIFY_CLAIMS; c++) {
		f = &v->r->claim[c];
		if (f->result == VERIFY_NO)
			return err_why(why, SQ_EAUTH, "%s: %s",
			    verify_claim_name((enum verify_claim)c),
			    f->detail);
	}
	if (v->o->roots != NULL &&
	    v->r->claim[VERIFY_EXISTED_BEFORE].result != VERIFY_YES)
		return err_why(why, SQ_ECANNOT, "%s: %s",
		    verify_claim_name(VERIFY_EXISTED_BEFORE),
		    v->r->claim[VERIFY_EXISTED_BEFORE].detail);
	return SQ_OK;
}

/* see verify_int.h */
enum sq_err
verify_int_run(struct verify *v, const struct verify_opts *o,
    struct verify_report *ret, struct why *why)
{
	struct verify_known known;
	struct verify *later;
	struct verify_sink sink;
	struct why own = { "" };
	bool recall;
	enum sq_err e;

	later = v->later;
	memset(v, 0, sizeof(*v));
	v->later = later;
	memset(&known, 0, sizeof(known));
	memset(ret, 0, sizeof(*ret));
	v->o = v->source.o = o;
	v->r = ret;
	csv_read_init(&v->csv, verify_items_row, v);
	(void)snprintf(ret->claim[VERIFY_CONTENT_TRUE].detail,
	    sizeof(ret->claim[0].detail), "whether the content is true; later "
	    "revisions; who held the device; the device's clock");
	if ((e = verify_receipt_want(o, why)) != SQ_OK ||
	    (e = verify_trust_load(o, &known, why)) != SQ_OK ||
	    (e = digest_new(DIGEST_SHA256, &v->sha)) != SQ_OK)
		goto out;
	if ((e = verify_recall_is(o->path, &recall, why)) != SQ_OK)
		goto out;
	if (recall) {
		if ((e = verify_recall(v, &known, why)) == SQ_OK)
			e = verdict(v, why);
		goto out;
	}
	sink = verify_members_sink(v);
	if ((e = verify_source_each(&v->source, &sink, &own)) == SQ_OK)
		e = judge(v, &known, &own);
	if (e == SQ_OK && v->later == NULL)
		e = verify_disclose_bind(v, &own);
	if (e != SQ_OK && !finding(v, e, own.text)) {
		e = err_why(why, e, "%s", own.text);
		goto out;
	}
	if ((e = verdict(v, why)) == SQ_OK && o->remember != NULL)
		e = verify_trust_save(v, &known, why);
	if (e == SQ_OK && o->receipt != NULL)
		e = verify_receipt_write(v, why);
out:
	verify_trust_free(&known);
	return e;
}

/* see verify_int.h */
void
verify_int_free(struct verify *v)
{
	bag_free(&v->all);
	digest_free(v->sha);
	bytes_free(&v->body);
	csv_read_free(&v->csv);
	verify_time_free(v);
	verify_keys_free(&v->rotations);
	for (size_t i = 0; i < VERIFY_BODIES; i++)
		bytes_free(&v->kept[i]);
	statement_free(&v->st);
	for (size_t i = 0; i < v->n_item; i++)
		free(v->item[i].open);
	free(v->item);
}

/* see verify.h */
enum sq_err
verify_bundle(const struct verify_opts *o, struct verify_report *ret,
    struct why *why)
{
	struct verify v = { .later = NULL };
	enum sq_err e = verify_int_run(&v, o, ret, why);

	verify_int_free(&v);
	return e;
}
