#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "vault/bundle/verify_int.h"

/*
 * Changes of keys: a bundle carries all of its log, and the memory keeps those
 * that were seen.  From the keys that are trusted (a card, or the memory) a
 * chain of them may lead forward to the keys that signed the bundle, each step
 * vouched for by the keys before it, or after a compromise by the recovery key;
 * or backward, for a bundle of before, since new keys say which ones they
 * replaced.
 */

static enum sq_err
push(struct verify_rotations *l, const struct rotation *r)
{
	size_t cap;
	void *p;

	if (l->n == l->cap) {
		cap = l->cap == 0 ? 8 : 2 * l->cap;
		if ((p = realloc(l->v, cap * sizeof(*l->v))) == NULL)
			return SQ_ENOMEM;
		l->v = p;
		l->cap = cap;
	}
	l->v[l->n++] = *r;
	return SQ_OK;
}

/* see verify_int.h */
enum sq_err
verify_keys_add(struct verify_rotations *l, const char *p, size_t n)
{
	struct rotation r;
	enum sq_err e;

	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].note.len == n &&
		    memcmp(l->v[i].note.p, p, n) == 0)
			return SQ_OK;
	if ((e = rotation_parse(p, n, &r)) == SQ_OK &&
	    (e = push(l, &r)) != SQ_OK)
		rotation_free(&r);
	return e;
}

/* see verify_int.h */
void
verify_keys_free(struct verify_rotations *l)
{
	for (size_t i = 0; i < l->n; i++)
		rotation_free(&l->v[i]);
	free(l->v);
	memset(l, 0, sizeof(*l));
}

/* see verify_int.h */
enum sq_err
verify_keys_part(struct verify *v)
{
	struct verify_rotations *l = &v->rotations;
	const struct rotation *r, *before;
	enum sq_err e;

	e = verify_keys_add(l, (const char *)v->body.p, v->body.len);
	if (e == SQ_ENOMEM)
		return e;
	r = l->n == 0 ? NULL : &l->v[l->n - 1];
	before = l->n < 2 ? NULL : &l->v[l->n - 2];
	if (e != SQ_OK)
		verify_int_no(v, VERIFY_SIGNED_BY, "%s is not a change of "
		    "keys, or its signature does not hold", v->path + 7);
	else if (strcmp(r->new.log, v->st.log) != 0 || r->epoch != v->number)
		verify_int_no(v, VERIFY_SIGNED_BY, "%s is of another log or "
		    "epoch", v->path + 7);
	else if (r->epoch != l->n)
		verify_int_no(v, VERIFY_SIGNED_BY, "%s: an epoch before it is "
		    "missing", v->path + 7);
	else if (before != NULL && !rotation_same(&before->new, &r->old))
		verify_int_no(v, VERIFY_SIGNED_BY, "%s does not follow the "
		    "keys of the epoch before it", v->path + 7);
	return SQ_OK;
}

/* The keys that signed this bundle. */
static void
keys_of(const struct verify *v, struct card *c)
{
	memset(c, 0, sizeof(*c));
	memcpy(c->log, v->st.log, sizeof(c->log));
	c->note = v->note;
	c->minisign = v->minisign;
	memcpy(c->ssh, v->ssh, SIGN_PK);
}

/* see verify_int.h */
void
verify_keys_end(struct verify *v)
{
	const struct verify_rotations *l = &v->rotations;
	struct card c;

	keys_of(v, &c);
	if (v->signatures && l->n > 0 && !rotation_same(&l->v[l->n - 1].new,
	    &c))
		verify_int_no(v, VERIFY_SIGNED_BY, "proofs/keys/ does not end "
		    "with the keys that signed: their epoch is unknown");
}

/* The change that leads away from these keys: by the recovery key first. */
static const struct rotation *
forward(const struct verify_known *k, const struct verify *v,
    const struct card *from)
{
	const struct verify_rotations *l[] = { &k->rotations, &v->rotations };
	const struct rotation *found = NULL;

	for (size_t s = 0; s < 2; s++)
		for (size_t i = 0; i < l[s]->n; i++) {
			const struct rotation *r = &l[s]->v[i];

			if (verify_int_had(rotation_vouched(r, from)) ==
			    SQ_OK &&
			    (found == NULL || (found->since[0] == '\0' &&
			    r->since[0] != '\0')))
				found = r;
		}
	return found;
}

/* The change that led to these keys, by their own word. */
static const struct rotation *
backward(const struct verify_known *k, const struct verify *v,
    const struct card *to)
{
	const struct verify_rotations *l[] = { &k->rotations, &v->rotations };

	for (size_t s = 0; s < 2; s++)
		for (size_t i = 0; i < l[s]->n; i++)
			if (rotation_same(&l[s]->v[i].new, to))
				return &l[s]->v[i];
	return NULL;
}

/* Carry the recovery key along: it outlives the others. */
static void
step(struct card *at, const struct card *to)
{
	bool has = at->has_recovery;
	uint8_t pk[SIGN_PK];

	memcpy(pk, at->recovery, SIGN_PK);
	*at = *to;
	at->has_recovery = has;
	memcpy(at->recovery, pk, SIGN_PK);
}

/* see verify_int.h */
enum verify_path
verify_keys_path(const struct verify *v, const struct verify_known *k,
    const struct card *from, const struct rotation **ret)
{
	const struct rotation *r;
	struct card want, at = *from;

	*ret = NULL;
	keys_of(v, &want);
	if (strcmp(from->log, v->st.log) != 0)
		return VERIFY_PATH_NONE;
	for (uint32_t i = 0; i < ROTATION_EPOCHS; i++) {
		if (rotation_same(&at, &want)) {
			/* known, but perhaps replaced since, for a reason */
			r = forward(k, v, &at);
			if (r != NULL && r->since[0] != '\0') {
				*ret = r;
				return VERIFY_PATH_BACK;
			}
			return i == 0 ? VERIFY_PATH_SAME : VERIFY_PATH_ON;
		}
		if ((r = forward(k, v, &at)) == NULL)
			break;
		*ret = r;
		step(&at, &r->new);
	}
	at = *from;
	*ret = NULL;
	for (uint32_t i = 0; i < ROTATION_EPOCHS; i++) {
		if ((r = backward(k, v, &at)) == NULL)
			break;
		if (*ret == NULL || r->since[0] != '\0')
			*ret = r;
		step(&at, &r->old);
		if (rotation_same(&at, &want))
			return VERIFY_PATH_BACK;
	}
	*ret = NULL;
	return VERIFY_PATH_NONE;
}

/* see verify_int.h */
bool
verify_keys_in_time(const struct verify *v, const struct rotation *r)
{
	struct tm tm = { .tm_sec = 0 };

	if (r->since[0] == '\0')
		return true;
	return strptime(r->since, "%Y-%m-%dT%H:%M:%SZ", &tm) != NULL &&
	    v->existed != 0 && v->existed < (int64_t)timegm(&tm);
}
