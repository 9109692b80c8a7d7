/*
 * Revisions that no other follows.  See record.h.
 */
#include <stdlib.h>
#include <string.h>

#include "crypto/bytes.h"
#include "vault/record/record.h"

struct finding {
	const uint8_t *id;
	struct record_heads h;
};

/* What it follows is no head any more. */
static enum sq_err
drop_parents(struct record_heads *h, const struct entry *en)
{
	char **list = NULL;
	uint8_t root[ENTRY_ROOT];
	size_t n = 0;
	enum sq_err e;

	e = entry_value_strs(entry_find(en, "_parents"), &list, &n);
	if (e != SQ_OK)
		return e == SQ_ENOMEM ? e : SQ_EDAMAGE;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; bytes_unhex(root, sizeof(root), list[i]) ==
		    SQ_OK && k < h->n; k++)
			if (memcmp(h->root[k], root, sizeof(root)) == 0) {
				h->n--;
				memmove(h->root[k], h->root[k + 1],
				    (h->n - k) * sizeof(*h->root));
				memmove(&h->rev[k], &h->rev[k + 1],
				    (h->n - k) * sizeof(*h->rev));
				break;
			}
	entry_free_strs(list, n);
	return SQ_OK;
}

/* In the order of the log: a merge puts what is followed first. */
static enum sq_err
look(void *arg, const struct record_at *at)
{
	struct finding *f = arg;
	void *p;
	enum sq_err e;

	if (!record_is(at, f->id))
		return SQ_OK;
	if ((e = drop_parents(&f->h, &at->en)) != SQ_OK)
		return e;
	p = realloc(f->h.root, (f->h.n + 1) * sizeof(*f->h.root));
	if (p == NULL)
		return SQ_ENOMEM;
	f->h.root = p;
	p = realloc(f->h.rev, (f->h.n + 1) * sizeof(*f->h.rev));
	if (p == NULL)
		return SQ_ENOMEM;
	f->h.rev = p;
	memcpy(f->h.root[f->h.n], at->root, ENTRY_ROOT);
	f->h.rev[f->h.n++] = at->rev;
	return SQ_OK;
}

/* see record.h */
enum sq_err
record_heads(struct record_ctx *cx, const uint8_t id[LOG_RECORD_ID],
    struct record_heads *ret, struct why *why)
{
	struct finding f = { .id = id };
	enum sq_err e;

	if ((e = record_each(cx, id, look, &f, why)) != SQ_OK)
		record_heads_free(&f.h);
	*ret = f.h;
	return e;
}

/* see record.h */
void
record_heads_free(struct record_heads *h)
{
	free(h->root);
	free(h->rev);
	memset(h, 0, sizeof(*h));
}
