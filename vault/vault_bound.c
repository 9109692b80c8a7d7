/*
 * The objects that the log binds: what must lie in store/.  A media record may
 * be bound anew (vault_rekey.c): its newest binding counts, as FORMAT.md
 * section 14 says.  See vault_copy_int.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/vault_int.h"

struct gather {
	struct vault *v;
	struct vault_bound *b;
	size_t n, cap;
};

static int
by_media(const void *a, const void *b)
{
	const struct vault_bound *x = a, *y = b;
	int c = memcmp(x->media, y->media, LOG_RECORD_ID);

	return c != 0 ? c : x->index < y->index ? -1 : x->index > y->index;
}

static int
by_object(const void *a, const void *b)
{
	const struct vault_bound *x = a, *y = b;
	int c = memcmp(x->info.id, y->info.id, OBJECT_ID);

	return c != 0 ? c : x->index < y->index ? -1 : x->index > y->index;
}

static enum sq_err
keep(void *arg, uint64_t index, const struct entry *en)
{
	struct gather *g = arg;
	struct vault_bound *b;
	char *about;
	size_t cap;
	void *p;
	enum sq_err e;

	if (g->n == g->cap) {
		cap = g->cap ? 2 * g->cap : 64;
		if ((p = realloc(g->b, cap * sizeof(*g->b))) == NULL)
			return SQ_ENOMEM;
		g->b = p;
		g->cap = cap;
	}
	b = &g->b[g->n];
	memset(b, 0, sizeof(*b));
	if ((e = vault_object_of(en, &b->info)) != SQ_OK)
		return e == SQ_ENOENT ? SQ_OK : e;
	b->index = index;
	if ((about = entry_str(en, "_about[00000]")) == NULL ||
	    bytes_unhex(b->media, sizeof(b->media), about) != SQ_OK)
		memcpy(b->media, b->info.id, sizeof(b->media));
	free(about);
	record_ref(&g->v->cx, b->media, b->ref);
	g->n++;
	return SQ_OK;
}

/* Of each media record only the newest binding. */
static void
newest(struct gather *g)
{
	size_t n = 0;

	if (g->n > 0)
		qsort(g->b, g->n, sizeof(*g->b), by_media);
	for (size_t i = 0; i < g->n; i++)
		if (i + 1 == g->n || memcmp(g->b[i].media, g->b[i + 1].media,
		    LOG_RECORD_ID) != 0)
			g->b[n++] = g->b[i];
	g->n = n;
	if (n > 0)
		qsort(g->b, n, sizeof(*g->b), by_object);
}

/* see vault_copy_int.h */
enum sq_err
vault_bound_all(struct vault *v, struct vault_bound **ret, size_t *ret_n,
    struct why *why)
{
	struct gather g = { .v = v };
	enum sq_err e;

	if ((e = log_each(v->lg, keep, &g, why)) != SQ_OK) {
		free(g.b);
		return e;
	}
	newest(&g);
	*ret = g.b;
	*ret_n = g.n;
	return SQ_OK;		/* transferred */
}

/* see vault_copy_int.h */
const struct vault_bound *
vault_bound_find(const struct vault_bound *b, size_t n,
    const uint8_t id[OBJECT_ID])
{
	size_t lo = 0, hi = n, mid;
	int c;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if ((c = memcmp(b[mid].info.id, id, OBJECT_ID)) == 0)
			return &b[mid];
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

static enum sq_err
add_hex(struct model_inputs *in, const char *name, const uint8_t *p)
{
	char hex[2 * DIGEST_LEN + 1];

	bytes_hex(hex, p, DIGEST_LEN);
	return model_inputs_add(in, name, NULL, hex);
}

/* see vault_copy_int.h */
enum sq_err
vault_bound_add(struct vault *v, const char *ref, const struct blob_info *b,
    bool fresh, struct why *why)
{
	struct model_inputs in = { 0 };
	struct record_make mk = { .in = &in, .kind = "object" };
	struct vault_made made;
	char id[2 * OBJECT_ID + 1], size[24];
	enum sq_err e;

	mk.type = model_type("custody");
	bytes_hex(id, b->id, OBJECT_ID);
	(void)snprintf(size, sizeof(size), "%llu",
	    (unsigned long long)b->size);
	if ((e = model_inputs_add(&in, "action", NULL, "hashed")) == SQ_OK &&
	    (e = model_inputs_add(&in, "about", NULL, ref)) == SQ_OK &&
	    (e = model_inputs_add(&in, "object", NULL, id)) == SQ_OK &&
	    (e = add_hex(&in, "commitment", b->commit)) == SQ_OK &&
	    (e = add_hex(&in, "tags", b->tags)) == SQ_OK &&
	    (e = add_hex(&in, "sha256", b->sha256)) == SQ_OK &&
	    (e = model_inputs_add(&in, "size", NULL, size)) == SQ_OK)
		e = vault_put_in(v, &mk, &made, why);
	if (e == SQ_OK && fresh)
		e = vault_object_note(v, b, made.index);
	model_inputs_free(&in);
	return e;
}
