/*
 * Checking the vault: the log against itself, the tables against the log,
 * every object against the entry that binds it.  Nothing is changed or
 * deleted; what was found is told.  See vault.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/fsio.h"
#include "vault/store/blob.h"
#include "vault/vault_int.h"

/* One object that the log knows, and a media record that it belongs to. */
struct bound {
	struct blob_info info;
	char ref[MODEL_ID_HEX];
};

struct checker {
	struct vault *v;
	bool full;
	vault_progress_fn *progress;
	void (*cb)(void *arg, const struct vault_found *f);
	void *arg;
	struct why *why;
	struct blob_store bs;
	struct bound *b;
	size_t n, cap;
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

/* --- the objects that the log binds ---------------------------------- */

static int
bound_cmp(const void *a, const void *b)
{
	const struct bound *x = a, *y = b;

	return memcmp(x->info.id, y->info.id, OBJECT_ID);
}

static enum sq_err
keep(struct checker *c, const struct entry *en)
{
	struct blob_info info;
	uint8_t id[LOG_RECORD_ID];
	char *about;
	size_t cap;
	void *p;
	enum sq_err e;

	if ((e = vault_object_of(en, &info)) != SQ_OK)
		return e == SQ_ENOENT ? SQ_OK : e;
	if (c->n == c->cap) {
		cap = c->cap ? 2 * c->cap : 64;
		if ((p = realloc(c->b, cap * sizeof(*c->b))) == NULL)
			return SQ_ENOMEM;
		c->b = p;
		c->cap = cap;
	}
	memset(&c->b[c->n], 0, sizeof(c->b[0]));
	c->b[c->n].info = info;
	if ((about = entry_str(en, "_about[00000]")) != NULL &&
	    bytes_unhex(id, sizeof(id), about) == SQ_OK)
		record_ref(&c->v->cx, id, c->b[c->n].ref);
	free(about);
	c->n++;
	c->p.all_of += info.size;
	return SQ_OK;
}

/* Read the whole log for the entries of kind object. */
static enum sq_err
gather(struct checker *c)
{
	struct entry en;
	uint8_t root[ENTRY_ROOT];
	enum sq_err e = SQ_OK;

	for (uint64_t i = 0; i < log_size(c->v->lg) && e == SQ_OK; i++) {
		memset(&en, 0, sizeof(en));
		if ((e = log_get(c->v->lg, i, &en, root, c->why)) == SQ_OK)
			e = keep(c, &en);
		entry_free(&en);
	}
	return e;
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
		if (i > 0 && bound_cmp(&c->b[i], &c->b[i - 1]) == 0)
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
	struct bound key;
	char hex[2 * OBJECT_ID + 1];

	(void)bytes;
	memcpy(key.info.id, id, OBJECT_ID);
	bytes_hex(hex, id, OBJECT_ID);
	if (fresh)
		find(c, "unfinished", hex, false);
	else if (c->n == 0 || bsearch(&key, c->b, c->n, sizeof(*c->b),
	    bound_cmp) == NULL)
		find(c, "orphan", hex, false);
	return SQ_OK;
}

/* --- all of it ------------------------------------------------------- */

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

/* see vault.h */
enum sq_err
vault_check(struct vault *v, bool full, vault_progress_fn *progress,
    void (*cb)(void *arg, const struct vault_found *f), void *arg,
    struct why *why)
{
	struct checker c = { .v = v, .full = full, .progress = progress,
	    .cb = cb, .arg = arg, .why = why };
	enum sq_err e;

	vault_blobs(v, &c.bs);
	if ((e = check_log(&c)) != SQ_OK)
		goto out;
	if (c.damage == 0 && (e = gather(&c)) != SQ_OK)
		goto out;
	if (c.n > 0)
		qsort(c.b, c.n, sizeof(*c.b), bound_cmp);
	if ((e = check_objects(&c)) != SQ_OK ||
	    (e = blob_each(&c.bs, stray, &c, why)) != SQ_OK)
		goto out;
	if (c.damage > 0)
		e = err_why(why, SQ_EDAMAGE, "%llu findings of damage",
		    (unsigned long long)c.damage);
	else
		e = log_fixity(&c);
out:
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
