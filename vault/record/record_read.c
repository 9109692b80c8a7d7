/*
 * Reading records back from verified entries; see record.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/bytes.h"
#include "vault/record/record.h"
#include "vault/record/spelling.h"

/* Load log entry ${index} into ${at}. */
static enum sq_err
at_load(struct record_ctx *cx, uint64_t index, struct record_at *at,
    struct why *why)
{
	at->index = index;
	return log_get(cx->lg, index, &at->en, at->root, why);
}

/*
 * An export or a consent may name thousands of records, and then stands in the
 * chain of each: such entries are kept once they were verified, or walking all
 * those records would cost the square of their number.
 */
#define LONG_FIELDS 64		/* shorter ones are not worth it */
#define KEPT 64
#define KEPT_FIELDS 100000	/* all of them together */

struct record_cache {
	struct record_at at[KEPT];
	size_t fields;
};

static void
forget(struct record_ctx *cx)
{
	if (cx->cache == NULL)
		return;
	for (size_t i = 0; i < KEPT; i++)
		record_at_free(&cx->cache->at[i]);
	free(cx->cache);
	cx->cache = NULL;
}

/* see record.h */
void
record_forget(struct record_ctx *cx)
{
	/* a walk may have borrowed from it; roots are compared anyway */
	if (cx->walking == 0)
		forget(cx);
}

/* see record.h */
void
record_reset(struct record_ctx *cx)
{
	record_forget(cx);
	spelling_reset(cx);
}

/* Where an entry is kept, or NULL. */
static struct record_at *
kept(struct record_ctx *cx, uint64_t index)
{
	struct record_at *k;
	uint8_t root[ENTRY_ROOT];

	if (cx->cache == NULL)
		return NULL;
	k = &cx->cache->at[index % KEPT];
	/* still the one that the log, and so the chain, has in this place? */
	return k->en.n > 0 && k->index == index &&
	    log_root_of(cx->lg, index, root) == SQ_OK &&
	    memcmp(root, k->root, sizeof(root)) == 0 ? k : NULL;
}

/* Keep a verified entry if it is long; true if ${at} is now borrowed. */
static bool
keep(struct record_ctx *cx, const struct record_at *at)
{
	struct record_at *k;

	/* within another walk nothing may go that it has borrowed */
	if (at->en.n < LONG_FIELDS || cx->walking > 1)
		return false;
	if (cx->cache != NULL && cx->cache->fields + at->en.n > KEPT_FIELDS)
		forget(cx);
	if (cx->cache == NULL &&
	    (cx->cache = calloc(1, sizeof(*cx->cache))) == NULL)
		return false;
	k = &cx->cache->at[at->index % KEPT];
	cx->cache->fields += at->en.n - k->en.n;
	record_at_free(k);
	*k = *at;
	return true;
}

/* As at_load, but ${at} may borrow what is kept; ${ret_own}: it does not. */
static enum sq_err
at_borrow(struct record_ctx *cx, uint64_t index, struct record_at *at,
    bool *ret_own, struct why *why)
{
	struct record_at *k = kept(cx, index);
	enum sq_err e;

	*ret_own = false;
	if (k != NULL) {
		*at = *k;
		return SQ_OK;
	}
	if ((e = at_load(cx, index, at, why)) == SQ_OK)
		*ret_own = !keep(cx, at);
	return e;
}

/* see record.h */
enum sq_err
record_each(struct record_ctx *cx, const uint8_t id[LOG_RECORD_ID],
    enum sq_err (*cb)(void *arg, const struct record_at *at), void *arg,
    struct why *why)
{
	struct record_at at;
	uint64_t *index = NULL;
	size_t n = 0;
	unsigned rev = 0;
	bool own;
	enum sq_err e;

	if ((e = log_of_record(cx->lg, id, &index, &n, why)) != SQ_OK)
		return e;
	cx->walking++;
	for (size_t i = 0; i < n && e == SQ_OK; i++) {
		memset(&at, 0, sizeof(at));
		if ((e = at_borrow(cx, index[i], &at, &own, why)) != SQ_OK)
			break;
		if (record_is(&at, id))
			rev++;
		at.rev = rev;
		at.newest = i + 1 == n;
		e = cb(arg, &at);
		if (own)
			record_at_free(&at);
	}
	cx->walking--;
	free(index);
	return e;
}

/* What record_get looks for while walking the entries of a record. */
struct wanted {
	const uint8_t *id;
	unsigned rev;		/* 0: the newest */
	unsigned seen;		/* revisions so far */
	struct record_at at;
	bool found;
};

static enum sq_err
want(void *arg, const struct record_at *at)
{
	struct wanted *w = arg;
	enum sq_err e;

	if (!record_is(at, w->id))
		return SQ_OK;
	w->seen++;
	if (w->rev != 0 && w->rev != w->seen)
		return SQ_OK;
	record_at_free(&w->at);
	w->at = *at;
	memset(&w->at.en, 0, sizeof(w->at.en));
	if ((e = entry_copy(&at->en, &w->at.en)) != SQ_OK)
		return e;
	w->found = true;
	return SQ_OK;
}

/* see record.h */
enum sq_err
record_get(struct record_ctx *cx, const uint8_t id[LOG_RECORD_ID],
    unsigned rev, struct record_at *ret, struct why *why)
{
	struct wanted w = { .id = id, .rev = rev };
	enum sq_err e;

	if ((e = record_each(cx, id, want, &w, why)) != SQ_OK) {
		record_at_free(&w.at);
		if (e == SQ_ENOENT)
			e = err_why(why, SQ_EDAMAGE, "a record that the "
			    "tables name is not in the log");
		return e;
	}
	if (!w.found) {
		record_at_free(&w.at);
		return err_why(why, SQ_ENOENT, "there is no revision %u; the "
		    "newest is %u", rev, w.seen);
	}
	w.at.newest = w.at.rev == w.seen;
	*ret = w.at;
	return SQ_OK;		/* transferred */
}

/* see record.h */
enum sq_err
record_newest(struct record_ctx *cx, const uint8_t id[LOG_RECORD_ID],
    struct record_at *ret, struct why *why)
{
	struct record_at at = { 0 };
	uint64_t *index = NULL;
	size_t n = 0;
	bool own = false;
	enum sq_err e;

	if ((e = log_of_record(cx->lg, id, &index, &n, why)) != SQ_OK)
		return e == SQ_ENOENT ? err_why(why, SQ_EDAMAGE, "a record "
		    "that the tables name is not in the log") : e;
	while (e == SQ_OK && !own && n-- > 0) {
		record_at_free(&at);
		if ((e = at_load(cx, index[n], &at, why)) == SQ_OK)
			own = record_is(&at, id);
	}
	free(index);
	if (e == SQ_OK && !own)
		e = err_why(why, SQ_EDAMAGE, "a record has no entry of its "
		    "own");
	if (e != SQ_OK) {
		record_at_free(&at);
		return e;
	}
	at.newest = true;
	*ret = at;
	return SQ_OK;		/* transferred */
}

/* --- an entry as fields of the model ------------------------------------ */

/* One value of an entry field, as text. */
static enum sq_err
read_value(struct record_ctx *cx, const struct model_field *f,
    const struct entry_field *ef, struct record_value *v)
{
	char ref[MODEL_ID_HEX], num[24];
	uint8_t id[LOG_RECORD_ID];
	int64_t i;
	bool b;
	enum sq_err e;

	switch (f->kind) {
	case MODEL_TEXT:
		return entry_text(ef, &v->lang, &v->text) ? SQ_OK : SQ_EDAMAGE;
	case MODEL_INT:
		if (!entry_value_int(ef, &i))
			return SQ_EDAMAGE;
		(void)snprintf(num, sizeof(num), "%lld", (long long)i);
		v->text = strdup(num);
		break;
	case MODEL_BOOL:
		if (!entry_value_bool(ef, &b))
			return SQ_EDAMAGE;
		v->text = strdup(b ? "true" : "false");
		break;
	case MODEL_REF:
		if ((v->raw = entry_value_str(ef)) == NULL ||
		    bytes_unhex(id, sizeof(id), v->raw) != SQ_OK)
			return SQ_EDAMAGE;
		if ((e = record_ref(cx, id, ref)) != SQ_OK)
			return e;
		v->text = strdup(ref);
		break;
	case MODEL_LINE:
	case MODEL_DATE:
	case MODEL_TIME:
	case MODEL_TERM:
	case MODEL_LANG:
	case MODEL_HASH:
	case MODEL_AGE:
	case MODEL_POINT:
	case MODEL_BYTES:
		if ((v->text = entry_value_str(ef)) == NULL)
			return SQ_EDAMAGE;
		break;
	}
	return v->text == NULL ? SQ_ENOMEM : SQ_OK;
}

/* What is not there any more is said, so that it does not seem empty. */
static enum sq_err
read_gone(const struct entry_field *ef, struct record_value *v)
{
	v->erased = ef->form == ENTRY_ERASED;
	v->withheld = !v->erased;
	v->text = strdup(v->erased ? "«erased»" :
	    "«withheld»");
	return v->text == NULL ? SQ_ENOMEM : SQ_OK;
}

/* All values of one field of the table. */
static enum sq_err
read_field(struct record_ctx *cx, const struct entry *en,
    const struct model_field *f, struct record_field *rf)
{
	const struct entry_field *ef;
	void *p;
	enum sq_err e;

	rf->def = f;
	for (size_t i = 0; (ef = record_value(en, f, i)) != NULL; i++) {
		if ((rf->n & (rf->n - 1)) == 0) {
			p = realloc(rf->v, (rf->n ? 2 * rf->n : 1) *
			    sizeof(*rf->v));
			if (p == NULL)
				return SQ_ENOMEM;
			rf->v = p;
		}
		memset(&rf->v[rf->n++], 0, sizeof(*rf->v));
		e = ef->form != ENTRY_OPEN ?
		    read_gone(ef, &rf->v[rf->n - 1]) :
		    read_value(cx, f, ef, &rf->v[rf->n - 1]);
		if (e != SQ_OK)
			return e;
	}
	return SQ_OK;
}

/* The revisions that an entry follows. */
static enum sq_err
read_parents(const struct entry *en, struct record *r)
{
	char **list = NULL;
	size_t n = 0;
	enum sq_err e;

	e = entry_value_strs(entry_find(en, "_parents"), &list, &n);
	if (e != SQ_OK)
		return e == SQ_ENOMEM ? e : SQ_EDAMAGE;
	if (n > 0 && (r->parent = calloc(n, sizeof(*r->parent))) == NULL)
		e = SQ_ENOMEM;
	for (size_t i = 0; i < n && e == SQ_OK; i++)
		(void)snprintf(r->parent[r->n_parent++], MODEL_ROOT_HEX, "%s",
		    list[i]);
	entry_free_strs(list, n);
	return e;
}

/* What an imported revision was taken from: a file, and a row of it. */
static enum sq_err
read_source(struct record_ctx *cx, const struct entry *en, struct record *r)
{
	char *hex = entry_str(en, "_source"), from[MODEL_ID_HEX];
	uint8_t id[LOG_RECORD_ID];
	int64_t row = 0;
	enum sq_err e = SQ_OK;

	if (hex != NULL && (bytes_unhex(id, sizeof(id), hex) != SQ_OK ||
	    !entry_value_int(entry_find(en, "_row"), &row) || row < 0))
		e = SQ_EDAMAGE;
	else if (hex != NULL && (e = record_ref(cx, id, from)) == SQ_OK) {
		(void)snprintf(r->source, sizeof(r->source), "%.31s", from);
		r->row = (uint64_t)row;
	}
	free(hex);
	return e;
}

/* What is the entry's own: reference, time, actor, reason, log. */
static enum sq_err
read_own(struct record_ctx *cx, const struct record_at *at, struct record *r)
{
	const struct entry *en = &at->en;
	char *ref = entry_str(en, "_ref"), *id = entry_str(en, "_record");
	char *time = entry_str(en, "_time"), *log = entry_str(en, "_log");
	enum sq_err e = SQ_EDAMAGE;

	if (ref == NULL || id == NULL || log == NULL)
		goto out;
	if ((e = read_parents(en, r)) != SQ_OK)
		goto out;
	if (strcmp(log, cx->log_id) != 0)
		(void)snprintf(r->log, sizeof(r->log), "%s", log);
	if ((e = record_ref_own(cx, id, ref, r->ref)) != SQ_OK)
		goto out;
	(void)snprintf(r->id, sizeof(r->id), "%s", id);
	(void)snprintf(r->time, sizeof(r->time), "%s", time == NULL ? "" :
	    time);
	bytes_hex(r->entry, at->root, ENTRY_ROOT);
	r->actor = entry_str(en, "_actor");
	r->reason = entry_str(en, "_reason");
	r->kind = entry_str(en, "_kind");
	r->index = at->index;
	r->rev = at->rev;
	r->newest = at->newest;
out:
	free(ref);
	free(id);
	free(time);
	free(log);
	return e;
}

/* see record.h */
enum sq_err
record_read(struct record_ctx *cx, const struct record_at *at,
    struct record *ret, struct why *why)
{
	struct record r = { 0 };
	char *type = entry_str(&at->en, "_type");
	size_t n = 0;
	enum sq_err e = SQ_EUNSUPPORTED;

	if (type == NULL || (r.type = model_type(type)) == NULL) {
		err_why(why, e, "entry %llu is of a type that this version "
		    "does not know", (unsigned long long)at->index);
		goto out;
	}
	while (r.type->field[n].name != NULL)
		n++;
	if ((r.field = calloc(n + 1, sizeof(*r.field))) == NULL) {
		e = SQ_ENOMEM;
		goto out;
	}
	if ((e = read_own(cx, at, &r)) != SQ_OK ||
	    (e = read_source(cx, &at->en, &r)) != SQ_OK)
		goto out;
	for (size_t i = 0; i < n && e == SQ_OK; i++) {
		e = read_field(cx, &at->en, &r.type->field[i],
		    &r.field[r.n]);
		if (e != SQ_OK || r.field[r.n].n > 0)
			r.n++;	/* counted on failure too: it is freed */
	}
out:
	free(type);
	if (e != SQ_OK) {
		if (e == SQ_EDAMAGE)
			err_why(why, e, "entry %llu does not hold what its "
			    "type says", (unsigned long long)at->index);
		model_record_free(&r);
		return e;
	}
	*ret = r;
	return SQ_OK;		/* transferred */
}

/* see record.h */
enum sq_err
record_bytes(const struct entry *en, const char *name, struct bytes_buf *out)
{
	char *s = entry_str(en, name);
	size_t len = s == NULL ? 0 : strlen(s), n;
	uint8_t *raw = malloc(len + 1);
	enum sq_err e = SQ_ENOENT;

	if (raw == NULL)
		e = SQ_ENOMEM;
	else if (s != NULL) {
		if (bytes_unb64(raw, len, s, len, true, &n) != SQ_OK)
			e = SQ_EDAMAGE;
		else {
			bytes_put(out, raw, n);
			e = bytes_done(out);
		}
	}
	free(raw);
	free(s);
	return e;
}
