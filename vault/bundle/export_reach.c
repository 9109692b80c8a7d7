#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/bundle/export_consent.h"
#include "vault/bundle/export_reach.h"

/* Where a record stands, or would; ids are random: their bytes are the hash. */
static struct export_reached **
place_of(struct export_reach *r, const uint8_t id[LOG_RECORD_ID])
{
	size_t at = ((size_t)id[0] | (size_t)id[1] << 8 |
	    (size_t)id[2] << 16) & (r->cap_seen - 1);

	while (r->seen[at] != NULL && memcmp(r->seen[at]->id, id,
	    LOG_RECORD_ID) != 0)
		at = (at + 1) & (r->cap_seen - 1);
	return &r->seen[at];
}

/* The place of a record, with room for it. */
static enum sq_err
find_place(struct export_reach *r, const uint8_t id[LOG_RECORD_ID],
    struct export_reached ***ret)
{
	struct export_reached **old = r->seen, **more;
	size_t n = r->cap_seen;

	if (2 * r->n_seen >= n) {
		more = calloc(n == 0 ? 1024 : 2 * n, sizeof(*more));
		if (more == NULL)
			return SQ_ENOMEM;
		r->seen = more;
		r->cap_seen = n == 0 ? 1024 : 2 * n;
		for (size_t i = 0; i < n; i++)
			if (old[i] != NULL)
				*place_of(r, old[i]->id) = old[i];
		free(old);
	}
	*ret = place_of(r, id);
	return SQ_OK;
}

static enum sq_err concerns(struct export_reach *r,
    const uint8_t id[LOG_RECORD_ID], unsigned depth,
    struct export_reached **ret);

/* Does a field of the record lead to what the decision is about? */
static enum sq_err
field_concerns(struct export_reach *r, const struct entry *en,
    const struct model_field *f, unsigned depth, bool *ret)
{
	const struct entry_field *ef;
	uint8_t id[LOG_RECORD_ID];
	struct export_reached *s;
	char *hex;
	enum sq_err e = SQ_OK;

	for (size_t i = 0; e == SQ_OK && !*ret &&
	    (ef = record_value(en, f, i)) != NULL; i++) {
		hex = entry_value_str(ef);
		if (hex != NULL && bytes_unhex(id, sizeof(id), hex) == SQ_OK &&
		    (e = concerns(r, id, depth + 1, &s)) == SQ_OK)
			*ret = s->concerns;
		free(hex);
	}
	return e;
}

/* A record that is being looked at. */
struct look {
	struct export_reach *r;
	struct export_reached *s;
	unsigned depth;
};

/* One of its revisions: whom an earlier one named is told as well. */
static enum sq_err
revision(void *arg, const struct record_at *at)
{
	struct look *l = arg;
	const struct model_type *type;
	char *name, *ref;
	enum sq_err e = SQ_OK;

	if (!record_is(at, l->s->id))
		return SQ_OK;
	name = entry_str(&at->en, "_type");
	if ((ref = entry_str(&at->en, "_ref")) != NULL)
		(void)snprintf(l->s->ref, sizeof(l->s->ref), "%s", ref);
	type = name == NULL ? NULL : model_type(name);
	for (const struct model_field *f = type == NULL ? NULL : type->field;
	    f != NULL && f->name != NULL && e == SQ_OK && !l->s->concerns &&
	    l->depth < EXPORT_DEPTH_MAX; f++)
		if ((f->flags & (MODEL_OWNER | MODEL_VOICE)) != 0)
			e = field_concerns(l->r, &at->en, f, l->depth,
			    &l->s->concerns);
	free(name);
	free(ref);
	return e;
}

/* Look at a record once; ${ret} stays with the walk. */
static enum sq_err
concerns(struct export_reach *r, const uint8_t id[LOG_RECORD_ID],
    unsigned depth, struct export_reached **ret)
{
	struct export_reached *s, **found;
	enum sq_err e;

	if ((e = find_place(r, id, &found)) != SQ_OK)
		return e;
	if ((*ret = *found) != NULL)
		return SQ_OK;
	if ((s = calloc(1, sizeof(*s))) == NULL)
		return SQ_ENOMEM;
	memcpy(s->id, id, LOG_RECORD_ID);
	*found = *ret = s;
	r->n_seen++;
	return record_each(r->cx, id, revision, &(struct look){ .r = r,
	    .s = s, .depth = depth }, r->why);
}

/* see export_reach.h */
enum sq_err
export_reach_from(struct export_reach *r, const uint8_t id[LOG_RECORD_ID])
{
	struct export_reached *s;
	enum sq_err e;

	if ((e = concerns(r, id, EXPORT_DEPTH_MAX, &s)) == SQ_OK)
		s->concerns = true;
	return e;
}

/* see export_reach.h */
enum sq_err
export_reach_ask(struct export_reach *r, const uint8_t id[LOG_RECORD_ID],
    const struct export_reached **ret)
{
	struct export_reached *s;
	enum sq_err e;

	if ((e = concerns(r, id, 0, &s)) == SQ_OK)
		*ret = s;
	return e;
}

/* see export_reach.h */
void
export_reach_free(struct export_reach *r)
{
	for (size_t i = 0; i < r->cap_seen; i++)
		free(r->seen[i]);
	free(r->seen);
	memset(r, 0, sizeof(*r));
}
