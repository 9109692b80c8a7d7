#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/bundle/verify_int.h"

/*
 * A later bundle opens fields of an earlier one.  Both hold the same entries,
 * and an entry's root binds every field of it, open or not: so it is enough
 * that the roots are the same, and that the later one was signed for this very
 * statement.  What is counted as opened was not open before.
 */

/* Keep the names of the open fields of a record. */
static enum sq_err
keep_open(const struct entry *en, struct verify_item *it)
{
	struct bytes_buf b = { 0 };

	for (size_t i = 0; i < en->n; i++)
		if (en->fields[i].form == ENTRY_OPEN)
			bytes_putf(&b, "%s\n", en->fields[i].name);
	free(it->open);
	it->open = bytes_str(&b);
	return it->open == NULL ? SQ_ENOMEM : SQ_OK;
}

/* Take out of ${list} the names that are open in the earlier record too. */
static enum sq_err
drop_open(const struct entry *en, char **list)
{
	struct bytes_buf b = { 0 };
	const struct entry_field *f;
	char name[ENTRY_MAX_NAME + 1];
	size_t n;

	for (const char *p = *list; *p != '\0'; p += n + 1) {
		n = strcspn(p, "\n");
		(void)snprintf(name, sizeof(name), "%.*s", (int)n, p);
		f = entry_find(en, name);
		if (f == NULL || f->form != ENTRY_OPEN)
			bytes_putf(&b, "%s\n", name);
	}
	free(*list);
	*list = b.len == 0 ? strdup("") : bytes_str(&b);
	bytes_free(&b);
	return *list == NULL ? SQ_ENOMEM : SQ_OK;
}

/* see verify_int.h */
enum sq_err
verify_disclose_note(struct verify *v, const struct entry *en,
    struct verify_item *it)
{
	struct verify *later = v->later;
	struct verify_item *x;
	enum sq_err e = SQ_OK;

	if (later == NULL)
		return v->st.opens[0] == '\0' || v->o->with == NULL ? SQ_OK :
		    keep_open(en, it);
	for (size_t i = 0; i < later->n_item && e == SQ_OK; i++) {
		x = &later->item[i];
		if (x->open == NULL || memcmp(x->root, it->root,
		    ENTRY_ROOT) != 0)
			continue;
		x->bound = true;
		e = drop_open(en, &x->open);
	}
	return e;
}

/* What of the earlier bundle does not fit, or NULL. */
static const char *
unfit(const struct verify *v, const struct verify *old)
{
	uint8_t sum[DIGEST_LEN];
	const struct bytes_buf *text = &old->kept[VERIFY_STATEMENT];

	digest_sha256(sum, text->p, text->len);
	if (strcmp(v->st.log, old->st.log) != 0)
		return "the earlier bundle is of another vault";
	if (strcmp(v->st.opens, old->st.bundle) != 0)
		return "it opens fields of another bundle than the one given";
	if (memcmp(sum, v->st.opens_statement, sizeof(sum)) != 0)
		return "the earlier bundle has another statement than the one "
		    "whose fields are opened";
	/* after a change of keys only what is trusted ties the two */
	if ((memcmp(v->note.pk, old->note.pk, SIGN_PK) != 0 ||
	    memcmp(&v->minisign, &old->minisign, sizeof(v->minisign)) != 0 ||
	    memcmp(v->ssh, old->ssh, SIGN_PK) != 0) &&
	    (v->r->claim[VERIFY_SIGNED_BY].result != VERIFY_YES ||
	    old->r->claim[VERIFY_SIGNED_BY].result != VERIFY_YES))
		return "the earlier bundle was signed with other keys, and "
		    "no --trust card ties them";
	return NULL;
}

/* Say what was opened, by item and name, as far as a line holds it. */
static void
say_opened(struct verify *v)
{
	char detail[400] = "";
	size_t used = 0, fields = 0, n;

	for (size_t i = 0; i < v->n_item; i++) {
		const char *p = v->item[i].open;

		if (!v->item[i].bound)
			verify_int_no(v, VERIFY_DISCLOSED, "item %06zu is not "
			    "in the earlier bundle", i + 1);
		for (; p != NULL && *p != '\0'; p += n + 1) {
			n = strcspn(p, "\n");
			fields++;
			if (used + n + 40 < sizeof(detail))
				used += (size_t)snprintf(detail + used,
				    sizeof(detail) - used, "%s%s.%.*s",
				    used == 0 ? "" : ", ", v->item[i].row_ref,
				    (int)n, p);
		}
	}
	verify_int_set(v, VERIFY_DISCLOSED, VERIFY_YES, "opens %zu fields of "
	    "bundle %.8s, bound to the same entries: %s", fields, v->st.opens,
	    detail);
}

/* The first claim of a report that is no. */
static const struct verify_finding *
first_no(const struct verify_report *r)
{
	for (int c = 0; c < VERIFY_CLAIMS; c++)
		if (r->claim[c].result == VERIFY_NO)
			return &r->claim[c];
	return NULL;
}

/* see verify_int.h */
enum sq_err
verify_disclose_bind(struct verify *v, struct why *why)
{
	struct verify_opts o = *v->o;
	struct verify old = { .later = v };
	struct verify_report r;
	const struct verify_finding *f;
	const char *bad;
	enum sq_err e;

	if (v->st.opens[0] == '\0' && v->o->with == NULL)
		return SQ_OK;
	if (v->o->with == NULL) {
		verify_int_set(v, VERIFY_DISCLOSED,
		    v->r->claim[VERIFY_DISCLOSED].result, "opens fields of "
		    "bundle %.8s; to bind them to it: --with THAT-BUNDLE",
		    v->st.opens);
		return SQ_OK;
	}
	if (v->st.opens[0] == '\0') {
		verify_int_no(v, VERIFY_DISCLOSED, "it opens fields of no "
		    "other bundle");
		return SQ_OK;
	}
	o.path = v->o->with;
	o.with = o.remember = o.roots = o.receipt = NULL;
	e = verify_int_run(&old, &o, &r, why);
	if ((f = first_no(&r)) != NULL) {
		verify_int_no(v, VERIFY_DISCLOSED, "the earlier bundle does "
		    "not hold: %.500s", f->detail);
		e = SQ_OK;
	} else if (e == SQ_OK && (bad = unfit(v, &old)) != NULL)
		verify_int_no(v, VERIFY_DISCLOSED, "%s", bad);
	else if (e == SQ_OK && v->signatures)
		say_opened(v);
	verify_int_free(&old);
	return e;
}
