#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/tsp.h"
#include "vault/bundle/consist.h"
#include "vault/bundle/roots.h"
#include "vault/bundle/verify_int.h"

/*
 * Time that a third party vouches for.  An anchor is a checkpoint (.note) that
 * was stamped (.tsq, .tsr), with the proof from it to the log of this bundle
 * (.consistency); a .tsr without a .note stamps STATEMENT.txt.  The tokens are
 * judged by crypto/tsp; here is what they say something about: an item existed
 * before the time of a token only if its index is below the size that was
 * stamped and that log is the beginning of this one.
 */

#define ANCHORS_MAX 1000u
#define ANCHORS_BYTES ((size_t)64 << 20)	/* kept, all together */

/* What one good token says. */
struct said {
	uint64_t size;		/* items below; UINT64_MAX: all */
	struct tsp_token t;
};

/* see verify_int.h */
enum sq_err
verify_time_part(struct verify *v)
{
	struct verify_anchor *a = v->n_anchor == 0 ? NULL :
	    &v->anchor[v->n_anchor - 1];
	size_t cap;
	void *p;

	if (a == NULL || a->number != v->number) {
		if (v->n_anchor == v->cap_anchor) {
			cap = v->cap_anchor == 0 ? 8 : 2 * v->cap_anchor;
			if ((p = realloc(v->anchor, cap * sizeof(*a))) ==
			    NULL)
				return SQ_ENOMEM;
			v->anchor = p;
			v->cap_anchor = cap;
		}
		a = &v->anchor[v->n_anchor++];
		memset(a, 0, sizeof(*a));
		a->number = v->number;
	}
	v->anchor_bytes += v->body.len;
	if (v->n_anchor > ANCHORS_MAX || v->anchor_bytes > ANCHORS_BYTES) {
		verify_int_no(v, VERIFY_INTACT, "too many time stamps");
		return SQ_ELIMIT;
	}
	a->part[v->part] = v->body;
	memset(&v->body, 0, sizeof(v->body));	/* transferred */
	a->seen[v->part] = true;
	return SQ_OK;
}

/* see verify_int.h */
void
verify_time_free(struct verify *v)
{
	for (size_t i = 0; i < v->n_anchor; i++)
		for (size_t k = 0; k < VERIFY_ANCHOR_PARTS; k++)
			bytes_free(&v->anchor[i].part[k]);
	free(v->anchor);
}

/* The checkpoint that was stamped, and that this log begins with its log. */
static const char *
checkpoint_bad(const struct verify *v, const struct verify_anchor *a,
    uint64_t *ret_size)
{
	const struct bytes_buf *note = &a->part[VERIFY_ANCHOR_NOTE];
	const struct bytes_buf *text = &a->part[VERIFY_ANCHOR_CONSIST];
	struct note_checkpoint cp;
	struct consist c;
	size_t n;

	if (!a->seen[VERIFY_ANCHOR_CONSIST] || !a->seen[VERIFY_ANCHOR_TSQ])
		return "is not whole: .note, .tsq, .tsr and .consistency "
		    "belong together";
	if (verify_trust_note(v, (const char *)note->p, note->len, &n) !=
	    SQ_OK)
		return "is a checkpoint that no key of this log signed";
	if (note_checkpoint_parse((const char *)note->p, n, &cp) != SQ_OK ||
	    strcmp(cp.origin, v->st.log_origin) != 0 || cp.size == 0)
		return "is not a checkpoint of this log";
	if (verify_int_had(consist_parse((const char *)text->p, text->len,
	    &c)) != SQ_OK)
		return "has a proof that is not of the form it must have";
	if (c.old_size != cp.size || c.new_size != v->st.log_size ||
	    memcmp(c.old_root, cp.root, MERKLE_LEN) != 0 ||
	    merkle_consist_check(c.old_size, c.old_root, c.new_size,
	    v->st.log_root, &c.proof) != SQ_OK)
		return "does not prove that the log of this bundle extends "
		    "the one that was stamped";
	*ret_size = cp.size;
	return NULL;
}

static struct tsp_bytes
piece(const struct bytes_buf *b)
{
	return (struct tsp_bytes){ b->p, b->len };
}

/* Judge one anchor; SQ_OK with *ret_good false: it does not hold, and says. */
static enum sq_err
judge_one(struct verify *v, const struct verify_anchor *a,
    const struct bytes_buf *roots, struct said *ret, bool *ret_good,
    struct why *why)
{
	struct tsp_in in = { .token = piece(&a->part[VERIFY_ANCHOR_TSR]),
	    .roots = piece(roots), .chain = piece(&v->kept[VERIFY_CHAIN]) };
	const char *bad = NULL;
	struct why own = { "" };
	enum sq_err e;

	*ret_good = false;
	ret->size = UINT64_MAX;
	if (a->seen[VERIFY_ANCHOR_TSQ])
		in.request = piece(&a->part[VERIFY_ANCHOR_TSQ]);
	if (!a->seen[VERIFY_ANCHOR_TSR])
		bad = "has no .tsr";
	else if (a->seen[VERIFY_ANCHOR_NOTE]) {
		in.data = piece(&a->part[VERIFY_ANCHOR_NOTE]);
		bad = checkpoint_bad(v, a, &ret->size);
	} else if (a->seen[VERIFY_ANCHOR_CONSIST])
		bad = "has no .note";
	else
		in.data = piece(&v->kept[VERIFY_STATEMENT]);
	if (bad != NULL) {
		verify_int_no(v, VERIFY_EXISTED_BEFORE, "proofs/anchors/%04"
		    PRIu64 " %s", a->number, bad);
		return SQ_OK;
	}
	e = tsp_check(&in, &ret->t, &own);
	if (e == SQ_ENOMEM)
		return e;
	if (e == SQ_EUSAGE)
		return err_why(why, e, "%s: %s", v->o->roots, own.text);
	if (e != SQ_OK)
		verify_int_no(v, VERIFY_EXISTED_BEFORE, "proofs/anchors/%04"
		    PRIu64 ".tsr: %s", a->number, own.text);
	*ret_good = e == SQ_OK;
	return SQ_OK;
}

/*
 * The earliest time at which all items are vouched for by somebody trusted:
 * for each item the first token that covers it, of these the last.
 */
static size_t
covered(struct verify *v, const struct said *s, size_t n,
    const struct said **ret)
{
	const struct said *first, *last = NULL;
	size_t some = 0;

	for (size_t i = 0; i < v->n_item; i++) {
		first = NULL;
		for (size_t k = 0; k < n; k++)
			if (s[k].t.trusted && v->item[i].index < s[k].size &&
			    (first == NULL || s[k].t.unix_time <
			    first->t.unix_time))
				first = &s[k];
		if (first == NULL)
			continue;
		some++;
		if (last == NULL || first->t.unix_time > last->t.unix_time)
			last = first;
	}
	*ret = last;
	return some;
}

/* Put it into words. */
static void
conclude(struct verify *v, const struct said *s, size_t n, bool system)
{
	const enum verify_claim c = VERIFY_EXISTED_BEFORE;
	const char *whose = system ? ", by this computer's own list" : "";
	const struct said *last;
	size_t some = covered(v, s, n, &last);

	if (n == 0)
		verify_int_set(v, c, v->o->roots != NULL ? VERIFY_NOT_CHECKED :
		    VERIFY_UNKNOWN, v->o->roots != NULL ? "there is no time "
		    "stamp in the bundle to check" :
		    "no time stamp: the device's claim only");
	else if (some > 0 && some == v->n_item) {
		v->existed = last->t.unix_time;
		verify_int_set(v, c, VERIFY_YES, "%s (time-stamp authority: "
		    "%s%s), all %zu items", last->t.time, last->t.who, whose,
		    some);
	} else if (some > 0)
		verify_int_set(v, c, VERIFY_UNKNOWN, "%zu of %zu items: %s "
		    "(time-stamp authority: %s%s); no time stamp covers the "
		    "others", some, v->n_item, last->t.time, last->t.who,
		    whose);
	else if (s[0].t.trusted)
		verify_int_set(v, c, VERIFY_UNKNOWN, "the log was stamped at "
		    "%s (%s), but every item of this bundle is younger",
		    s[0].t.time, s[0].t.who);
	else if (v->o->roots != NULL)
		verify_int_no(v, c, "stamped at %s by an authority that your "
		    "roots do not vouch for: %s", s[0].t.time, s[0].t.who);
	else
		verify_int_set(v, c, VERIFY_UNKNOWN, "stamped at %s by an "
		    "unknown authority (%s); to judge it, get its root by "
		    "another way and give it with --roots", s[0].t.time,
		    s[0].t.who);
}

/* see verify_int.h */
enum sq_err
verify_time_judge(struct verify *v, struct why *why)
{
	struct bytes_buf roots = { 0 };
	struct said *said = calloc(v->n_anchor + 1, sizeof(*said));
	bool system, good;
	size_t n = 0;
	enum sq_err e = SQ_OK;

	if (said == NULL)
		return SQ_ENOMEM;
	/* where nothing was stamped nobody is asked for his list */
	if (v->n_anchor == 0 && v->o->roots == NULL) {
		conclude(v, said, 0, false);
		goto out;
	}
	if ((e = roots_read(v->o->roots, &roots, &system, why)) != SQ_OK)
		goto out;
	for (size_t i = 0; i < v->n_anchor; i++) {
		if ((e = judge_one(v, &v->anchor[i], &roots, &said[n], &good,
		    why)) != SQ_OK)
			goto out;
		n += good;
	}
	conclude(v, said, n, system);
out:
	bytes_free(&roots);
	free(said);
	return e;
}
