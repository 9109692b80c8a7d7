/*
 * Earlier revisions, for a vault that merges the bundle: only there does one
 * need to know what follows what.  See export_int.h.
 */
#include <stdio.h>

#include "vault/bundle/export_int.h"

struct walk {
	struct export_data *x;
	const struct export_item *it;
	size_t number, n;
};

static enum sq_err
one(void *arg, const struct record_at *at)
{
	struct walk *w = arg;
	struct entry en = { 0 };
	struct bytes_buf *b;
	char path[64];
	enum sq_err e;

	if (!record_is(at, w->it->id) || at->index >= w->it->at.index)
		return SQ_OK;
	(void)snprintf(path, sizeof(path), "bundle/bag/data/history/%06zu/"
	    "%04zu.json", w->number, ++w->n);
	if ((e = entry_copy(&at->en, &en)) == SQ_OK &&
	    (e = export_rules_apply(w->x->in->rules, w->it->pseudonym,
	    w->it->type, w->it->ref, &en, &w->x->withheld)) == SQ_OK &&
	    (e = export_file(w->x->files, path, &b)) == SQ_OK)
		e = entry_emit_json(&en, at->root, at->index, b);
	entry_free(&en);
	return e;
}

/* see export_int.h */
enum sq_err
export_int_history(struct export_data *x, size_t i)
{
	struct walk w = { .x = x, .it = &x->in->plan->item[i],
	    .number = i + 1 };

	if (!x->in->history)
		return SQ_OK;
	return record_each(x->in->cx, w.it->id, one, &w, x->why);
}
