/*
 * proofs/anchors/: the time stamps that say something about the items of a
 * bundle.  Of each item the first checkpoint stamped after it was written, from
 * every authority that answered, and the newest of all.  See export.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/bundle/consist.h"
#include "vault/bundle/export.h"

#define ANCHORS_MAX 999		/* 0001 to 0999; a verifier takes 1,000 */

struct anchor {
	uint64_t size;			/* of the log that was stamped */
	uint64_t index;			/* of its entry: oldest first */
	bool wanted;
	struct bytes_buf note, request, token, chain;
};

struct anchors {
	struct anchor *v;
	size_t n;
};

static void
anchors_free(struct anchors *l)
{
	for (size_t i = 0; i < l->n; i++) {
		bytes_free(&l->v[i].note);
		bytes_free(&l->v[i].request);
		bytes_free(&l->v[i].token);
		bytes_free(&l->v[i].chain);
	}
	free(l->v);
}

/* Is it an answer about a checkpoint?  Then read it. */
static enum sq_err
read_stamp(const struct record_at *at, struct anchor *a, bool *ret_is)
{
	char *state = entry_str(&at->en, "state");
	int64_t size;
	enum sq_err e;

	*ret_is = false;
	if (state == NULL || strcmp(state, "stamped") != 0 ||
	    entry_find(&at->en, "note") == NULL) {
		free(state);
		return SQ_OK;
	}
	free(state);
	if (!entry_value_int(entry_find(&at->en, "log_size"), &size) ||
	    size <= 0)
		return SQ_EDAMAGE;
	a->size = (uint64_t)size;
	a->index = at->index;
	if ((e = record_bytes(&at->en, "note", &a->note)) != SQ_OK ||
	    (e = record_bytes(&at->en, "request", &a->request)) != SQ_OK ||
	    (e = record_bytes(&at->en, "token", &a->token)) != SQ_OK)
		return e == SQ_ENOENT ? SQ_EDAMAGE : e;
	if ((e = record_bytes(&at->en, "chain", &a->chain)) == SQ_ENOENT)
		e = SQ_OK;
	*ret_is = e == SQ_OK;
	return e;
}

static int
anchor_cmp(const void *a, const void *b)
{
	const struct anchor *x = a, *y = b;

	if (x->size != y->size)
		return x->size < y->size ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

/* All stamped checkpoints of the vault, the smallest log first. */
static enum sq_err
load(const struct export_in *in, struct anchors *l, struct why *why)
{
	uint8_t (*ids)[LOG_RECORD_ID] = NULL;
	struct record_at at;
	size_t n = 0;
	bool is;
	enum sq_err e;

	if ((e = record_audit(in->cx, why)) != SQ_OK ||
	    (e = record_list(in->cx, model_type("stamp"), 0, &ids, &n)) !=
	    SQ_OK)
		return e;
	if ((l->v = calloc(n + 1, sizeof(*l->v))) == NULL)
		e = SQ_ENOMEM;
	for (size_t i = 0; i < n && e == SQ_OK; i++) {
		memset(&at, 0, sizeof(at));
		if ((e = record_newest(in->cx, ids[i], &at, why)) == SQ_OK) {
			e = read_stamp(&at, &l->v[l->n], &is);
			l->n += e != SQ_OK || is;
		}
		record_at_free(&at);
	}
	free(ids);
	if (e == SQ_OK && l->n > 1)
		qsort(l->v, l->n, sizeof(*l->v), anchor_cmp);
	return e;
}

/* Choose what this bundle needs; returns how many. */
static size_t
choose(const struct export_in *in, struct anchors *l)
{
	const struct export_plan *p = in->plan;
	size_t wanted = 0, k;

	for (size_t i = 0; i <= p->n && l->n > 0; i++) {
		/* after the items, the newest of all */
		for (k = 0; i < p->n && k < l->n &&
		    l->v[k].size <= p->item[i].at.index;)
			k++;
		if (i == p->n)
			k = l->n - 1;
		if (k == l->n || l->v[k].wanted)
			continue;
		for (size_t j = 0; j < l->n; j++)
			if (l->v[j].size == l->v[k].size)
				l->v[j].wanted = true;
	}
	for (k = 0; k < l->n; k++) {
		if (wanted == ANCHORS_MAX)
			l->v[k].wanted = false;
		wanted += l->v[k].wanted;
	}
	return wanted;
}

/* One file of an anchor. */
static enum sq_err
put(struct export_files *l, size_t number, const char *what,
    const struct bytes_buf *from)
{
	struct bytes_buf *b;
	char path[64];
	enum sq_err e;

	(void)snprintf(path, sizeof(path), "bundle/proofs/anchors/%04zu.%s",
	    number, what);
	if ((e = export_file(l, path, &b)) != SQ_OK)
		return e;
	bytes_put(b, from->p, from->len);
	return bytes_done(b);
}

/* The four files of one. */
static enum sq_err
put_anchor(const struct export_in *in, const struct statement *st,
    const struct anchor *a, size_t number, struct export_files *l)
{
	struct bytes_buf proof = { 0 };
	struct consist c = { .old_size = a->size, .new_size = st->log_size };
	enum sq_err e;

	if ((e = log_root_at(in->cx->lg, a->size, c.old_root)) == SQ_OK &&
	    (e = log_consist(in->cx->lg, a->size, &c.proof)) == SQ_OK &&
	    (e = consist_emit(&c, &proof)) == SQ_OK &&
	    (e = put(l, number, "consistency", &proof)) == SQ_OK &&
	    (e = put(l, number, "note", &a->note)) == SQ_OK &&
	    (e = put(l, number, "tsq", &a->request)) == SQ_OK)
		e = put(l, number, "tsr", &a->token);
	bytes_free(&proof);
	return e;
}

/* trust/tsa-chain.pem: each chain once. */
static enum sq_err
put_chains(const struct anchors *l, struct export_files *files)
{
	struct bytes_buf *b = NULL;
	enum sq_err e;

	for (size_t i = 0; i < l->n; i++) {
		const struct bytes_buf *c = &l->v[i].chain;

		if (!l->v[i].wanted || c->len == 0 || (b != NULL &&
		    memmem(b->p, b->len, c->p, c->len) != NULL))
			continue;
		if (b == NULL && (e = export_file(files,
		    "bundle/trust/tsa-chain.pem", &b)) != SQ_OK)
			return e;
		if (b->len + c->len <= NOTE_MAX_BYTES)
			bytes_put(b, c->p, c->len);
	}
	return b == NULL ? SQ_OK : bytes_done(b);
}

/* see export.h */
enum sq_err
export_anchors(const struct export_in *in, const struct statement *st,
    struct export_files *files, struct why *why)
{
	struct anchors l = { NULL, 0 };
	size_t number = 0;
	enum sq_err e;

	if ((e = load(in, &l, why)) != SQ_OK || choose(in, &l) == 0)
		goto out;
	for (size_t i = 0; i < l.n && e == SQ_OK; i++)
		if (l.v[i].wanted)
			e = put_anchor(in, st, &l.v[i], ++number, files);
	if (e == SQ_OK)
		e = put_chains(&l, files);
out:
	anchors_free(&l);
	return e;
}
