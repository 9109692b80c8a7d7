/*
 * Checking the vault: the log against itself, the tables against the log,
 * every object against the entry that binds it.  Nothing is changed or
 * deleted; what was found is told.  See vault_media.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/fsio.h"
#include "vault/store/blob.h"
#include "vault/vault_int.h"

struct checker {
	struct vault *v;
	bool full;
	vault_progress_fn *progress;
	void (*cb)(void *arg, const struct vault_found *f);
	void *arg;
	struct why *why;
	struct blob_store bs;
	struct vault_bound *b;
	size_t n;
	struct vault_gaps gaps;
	uint64_t damage;
	uint64_t before;		/* bytes of the objects so far */
	struct vault_progress p;
};

static void
find(struct checker *c, const char *what, const char *where, bool damage)
{
	struct vault_found f = { .what = what,
	    .severity = damage ? "damage" : "note" };

	(void)snprintf(f.where, sizeof(f.where), "%s", where);
	c->damage += damage;
	c->cb(c->arg, &f);
}

/* A value that is missing, or there again, and no entry says why. */
static void
gap(void *arg, const char *what, const char *where)
{
	char text[MODEL_REF_MAX + 48];

	(void)snprintf(text, sizeof(text), "entry %.70s", where);
	find(arg, what, text, true);
}

static bool
tell(void *arg, uint64_t done)
{
	struct checker *c = arg;

	c->p.done = done;
	c->p.all_done = c->before + done;
	return c->progress == NULL || c->progress(c->arg, &c->p);
}

static enum sq_err
check_objects(struct checker *c)
{
	enum sq_err e;

	c->p.files = c->n;
	for (size_t i = 0; i < c->n; i++) {
		c->p.name = c->b[i].ref;
		c->p.file = i + 1;
		c->p.of = c->b[i].info.size;
		/* shared by several records: once is enough */
		if (i > 0 && memcmp(c->b[i].info.id, c->b[i - 1].info.id,
		    OBJECT_ID) == 0)
			continue;
		e = blob_check(&c->bs, &c->b[i].info, c->full, tell, c,
		    c->why);
		if (e == SQ_ENOENT)
			find(c, "missing", c->b[i].ref, true);
		else if (e == SQ_EDAMAGE)
			find(c, "altered", c->b[i].ref, true);
		else if (e != SQ_OK)
			return e;
		c->before += c->b[i].info.size;
	}
	return SQ_OK;
}

static enum sq_err
stray(void *arg, const uint8_t id[OBJECT_ID], uint64_t bytes, bool fresh)
{
	struct checker *c = arg;
	char hex[2 * OBJECT_ID + 1];

	(void)bytes;
	bytes_hex(hex, id, OBJECT_ID);
	if (fresh)
		find(c, "unfinished", hex, false);
	else if (vault_bound_find(c->b, c->n, id) == NULL)
		find(c, "orphan", hex, false);
	return SQ_OK;
}

/* --- all of it ------------------------------------------------------- */

/* Both copies of header and STATE: is each what it should be? */
static void
check_pins(struct checker *c)
{
	static const char *const half[2] = { HEADER_NAME ".new",
	    HEADER_NAME2 ".new" };
	struct header_pair *pair = calloc(1, sizeof(*pair));
	struct state_pair st;
	char where[16];

	if (pair != NULL)
		(void)header_load(c->v->dirfd, pair, NULL);
	for (int i = 0; i < 2 && pair != NULL; i++)
		if (pair->e[i] != SQ_OK ||
		    !header_mac_ok(&pair->h[i], c->v->k.hdr) ||
		    pair->h[i].generation != c->v->hdr.generation)
			find(c, "header", i == 0 ? HEADER_NAME :
			    HEADER_NAME2, true);
	free(pair);
	/* what a change of it left that was cut off; the next one removes it */
	for (int i = 0; i < 2; i++)
		if (fsio_exists(c->v->dirfd, half[i]))
			find(c, "unfinished", half[i], false);
	state_load(c->v->dirfd, c->v->k.state, c->v->hdr.vault_id, &st);
	for (int i = 0; i < 2; i++) {
		(void)snprintf(where, sizeof(where), "STATE.%d", i);
		if (st.e[i] != SQ_OK || st.s[i].seq + 1 < c->v->state.seq)
			find(c, "state", where, true);
	}
}

/* Are the tables what the entries give?  Derived anew, and not kept. */
static enum sq_err
check_derived(struct checker *c)
{
	struct why w = { "" };
	const char *which = "";
	enum sq_err e;

	if (c->v->readonly) {
		find(c, "not compared", "indexes: the vault is only read",
		    false);
		return SQ_OK;
	}
	e = vault_rebuild_compare(c->v, &which, &w);
	if (e == SQ_EDAMAGE)
		find(c, "index", which[0] != '\0' ? which : w.text, true);
	return e == SQ_EDAMAGE ? SQ_OK : e;
}

/* The records of the log, the tables, the pages of the database. */
static enum sq_err
check_log(struct checker *c)
{
	struct why w = { "" };
	enum sq_err e;

	if ((e = db_integrity(c->v->db, &w)) == SQ_EDAMAGE)
		find(c, "database", w.text, true);
	else if (e != SQ_OK)
		return e;
	if ((e = log_audit(c->v->lg, NULL, NULL, &w)) == SQ_EDAMAGE)
		find(c, "log", w.text, true);
	else if (e != SQ_OK)
		return e;
	c->v->cx.audited = false;
	if ((e = record_audit(&c->v->cx, &w)) == SQ_EDAMAGE) {
		find(c, "records", w.text, true);
		e = SQ_OK;
	}
	return e;
}

/* Log that the objects were found whole, so that each knows since when. */
static enum sq_err
log_fixity(struct checker *c)
{
	struct model_inputs in = { 0 };
	struct record_make mk = { .in = &in };
	struct vault_made made;
	size_t at = 0;
	enum sq_err e = SQ_OK;

	if (c->v->readonly)
		return SQ_OK;
	mk.type = model_type("custody");
	do {
		model_inputs_free(&in);
		if ((e = model_inputs_add(&in, "action", NULL,
		    "fixity-checked")) == SQ_OK)
			e = model_inputs_add(&in, "note", "en", c->full ?
			    "every byte" : "tags and lengths");
		for (size_t k = 0; k < RECORD_ABOUT_MAX - 1 && at < c->n &&
		    e == SQ_OK; k++, at++)
			e = model_inputs_add(&in, "about", NULL,
			    c->b[at].ref);
		if (e == SQ_OK)
			e = vault_put(c->v, &mk, &made, c->why);
	} while (e == SQ_OK && at < c->n);
	model_inputs_free(&in);
	return e;
}

/* see vault_media.h */
enum sq_err
vault_check(struct vault *v, bool full, vault_progress_fn *progress,
    void (*cb)(void *arg, const struct vault_found *f), void *arg,
    struct why *why)
{
	struct checker c = { .v = v, .full = full, .progress = progress,
	    .cb = cb, .arg = arg, .why = why };
	enum sq_err e;

	vault_blobs(v, &c.bs);
	check_pins(&c);
	/* before the indexes: of a gap they cannot agree with the entries */
	if ((e = check_log(&c)) != SQ_OK || (c.damage == 0 &&
	    (e = vault_erased_gather(v, &c.gaps, why)) != SQ_OK))
		goto out;
	vault_erased_judge(&c.gaps, gap, &c);
	if (full && c.damage == 0 && (e = check_derived(&c)) != SQ_OK)
		goto out;
	if (c.damage == 0 &&
	    (e = vault_bound_all(v, &c.b, &c.n, why)) != SQ_OK)
		goto out;
	for (size_t i = 0; i < c.n; i++)
		c.p.all_of += c.b[i].info.size;
	if ((e = check_objects(&c)) != SQ_OK ||
	    (e = blob_each(&c.bs, stray, &c, why)) != SQ_OK)
		goto out;
	if (c.damage > 0)
		e = err_why(why, SQ_EDAMAGE, "%llu findings of damage",
		    (unsigned long long)c.damage);
	else
		e = log_fixity(&c);
out:
	vault_erased_end(&c.gaps);
	free(c.b);
	return e;
}

static enum sq_err
count(void *arg, const char *name)
{
	size_t *n = arg;

	(void)name;
	++*n;
	return SQ_OK;
}

/* see vault_int.h */
void
vault_unfinished(struct vault *v)
{
	int store = -1, fresh = -1;
	size_t n = 0;

	if (!v->readonly && vault_erase_files(v, NULL) != SQ_OK)
		vault_say(v, "a file of an erased record could not be "
		    "deleted; it is tried again at the next opening");

	if (fsio_subdir(v->dirfd, "store", &store, NULL) == SQ_OK &&
	    fsio_subdir(store, "new", &fresh, NULL) == SQ_OK)
		(void)fsio_each(fresh, count, &n);
	fsio_close(fresh);
	fsio_close(store);
	if (n > 0)
		vault_say(v, "an attach was cut off: %zu unfinished files lie "
		    "in store/new; nothing that was acknowledged is missing; "
		    "sandyq check names them", n);
}
