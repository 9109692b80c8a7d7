/*
 * The projections: the tables record and link and the full-text index, by
 * which records are found.  Nothing here is believed: what is found is read
 * from the log.  See record.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/bytes.h"
#include "vault/record/record.h"

/* --- finding ------------------------------------------------------------ */

/* see record.h */
enum sq_err
record_rid(struct record_ctx *cx, const uint8_t id[LOG_RECORD_ID],
    int64_t *ret)
{
	struct db_st *st;
	bool row;
	enum sq_err e;

	if ((e = db_use(log_db(cx->lg), DB_RECORD_BY_ID, &st)) != SQ_OK)
		return e;
	db_bind_blob(st, 1, id, LOG_RECORD_ID);
	if ((e = db_step(st, &row)) != SQ_OK)
		return e;
	if (!row)
		return SQ_ENOENT;
	*ret = db_int(st, 0);
	db_reset(st);
	return SQ_OK;
}

/* see record.h */
enum sq_err
record_of_rid(struct record_ctx *cx, int64_t rid,
    uint8_t ret_id[LOG_RECORD_ID])
{
	struct db_st *st;
	const void *p;
	size_t n;
	bool row;
	enum sq_err e;

	if ((e = db_use(log_db(cx->lg), DB_RECORD_BY_RID, &st)) != SQ_OK)
		return e;
	db_bind_int(st, 1, rid);
	if ((e = db_step(st, &row)) != SQ_OK)
		return e;
	if (!row)
		return SQ_ENOENT;
	p = db_blob(st, 0, &n);
	if (n == LOG_RECORD_ID)
		memcpy(ret_id, p, n);
	db_reset(st);
	return n == LOG_RECORD_ID ? SQ_OK : SQ_EDAMAGE;
}

/* see record.h */
enum sq_err
record_list(struct record_ctx *cx, const struct model_type *type,
    size_t limit, uint8_t (**ret)[LOG_RECORD_ID], size_t *ret_n)
{
	uint8_t (*ids)[LOG_RECORD_ID] = NULL;
	size_t n = 0, cap = 0, len;
	struct db_st *st;
	const void *p;
	int64_t last = INT64_MAX;
	bool row;
	enum sq_err e;

	if ((e = db_use(log_db(cx->lg), type == NULL ? DB_RECORD_LIST :
	    DB_RECORD_LIST_TYPE, &st)) != SQ_OK)
		return e;
	db_bind_int(st, 1, limit == 0 ? -1 : (int64_t)limit);
	if (type != NULL)
		db_bind_int(st, 2, type->prefix);
	while ((e = db_step(st, &row)) == SQ_OK && row) {
		p = db_blob(st, 0, &len);
		/* a page put back can make a row come twice */
		if (len != LOG_RECORD_ID || db_int(st, 1) >= last) {
			e = SQ_EDAMAGE;
			break;
		}
		last = db_int(st, 1);
		if (n == cap) {
			void *q = realloc(ids, (cap = cap ? 2 * cap : 64) *
			    sizeof(*ids));

			if (q == NULL) {
				e = SQ_ENOMEM;
				break;
			}
			ids = q;
		}
		memcpy(ids[n++], p, len);
	}
	db_reset(st);
	if (e != SQ_OK) {
		free(ids);
		return e;
	}
	*ret = ids;
	*ret_n = n;
	return SQ_OK;
}

/* --- auditing ----------------------------------------------------------- */

struct audit {
	uint8_t (*id)[LOG_RECORD_ID];
	size_t n, cap;
};

static enum sq_err
audit_put(void *arg, const uint8_t id[LOG_RECORD_ID])
{
	struct audit *a = arg;
	size_t cap;
	void *p;

	if (a->n == a->cap) {
		cap = a->cap ? 2 * a->cap : 1024;
		if ((p = realloc(a->id, cap * sizeof(*a->id))) == NULL)
			return SQ_ENOMEM;
		a->id = p;
		a->cap = cap;
	}
	memcpy(a->id[a->n++], id, LOG_RECORD_ID);
	return SQ_OK;
}

static int
id_cmp(const void *a, const void *b)
{
	return memcmp(a, b, LOG_RECORD_ID);
}

/*
 * Read the ids of the record table through the index of numbers, so that an
 * index page put back to hide the newest record is noticed.
 */
static enum sq_err
audit_table(struct record_ctx *cx, struct audit *a)
{
	struct db_st *st;
	const void *p;
	int64_t type = 0, num = 0;
	size_t n;
	bool row, after;
	enum sq_err e;

	if ((e = db_use(log_db(cx->lg), DB_RECORD_ALL_IDS, &st)) != SQ_OK)
		return e;
	while ((e = db_step(st, &row)) == SQ_OK && row) {
		p = db_blob(st, 0, &n);
		/* out of order, a look-up could miss what this scan meets */
		after = db_int(st, 1) > type || (db_int(st, 1) == type &&
		    db_int(st, 2) > num);
		type = db_int(st, 1);
		num = db_int(st, 2);
		if (n != LOG_RECORD_ID || !after)
			e = SQ_EDAMAGE;
		else
			e = audit_put(a, p);
		if (e != SQ_OK) {
			db_reset(st);
			return e;
		}
	}
	return e;
}

/*
 * Both lists sorted: does the table hold each record of the log, and nothing
 * else?  A record that lies in another vault may be named without having an
 * entry of its own here.
 */
static enum sq_err
only_named(struct record_ctx *cx, const struct audit *log,
    const struct audit *table, bool *ret_same, struct why *why)
{
	size_t k = 0;
	bool own;
	enum sq_err e;

	*ret_same = true;
	for (size_t i = 0; i < log->n && *ret_same; i++) {
		if (k < table->n && memcmp(log->id[i], table->id[k],
		    LOG_RECORD_ID) == 0) {
			k++;
			continue;
		}
		if ((e = record_is_here(cx, log->id[i], &own, why)) != SQ_OK)
			return e;
		*ret_same = !own;
	}
	*ret_same &= k == table->n;
	return SQ_OK;
}

/* see record.h */
enum sq_err
record_audit(struct record_ctx *cx, struct why *why)
{
	struct audit log = { 0 }, table = { 0 };
	bool same;
	enum sq_err e;

	if (cx->audited)
		return SQ_OK;
	if ((e = log_records(cx->lg, audit_put, &log, why)) != SQ_OK ||
	    (e = audit_table(cx, &table)) != SQ_OK)
		goto out;
	if (log.n > 0)
		qsort(log.id, log.n, sizeof(*log.id), id_cmp);
	if (table.n > 0)
		qsort(table.id, table.n, sizeof(*table.id), id_cmp);
	if ((e = only_named(cx, &log, &table, &same, why)) != SQ_OK)
		goto out;
	if (!same) {
		e = err_why(why, SQ_EDAMAGE, "the table of records does not "
		    "hold what the log holds (%zu of %zu records): pages of "
		    "the database were altered or put back", table.n, log.n);
		goto out;
	}
	cx->audited = true;
out:
	free(log.id);
	free(table.id);
	return e;
}

/* --- keeping up to date ------------------------------------------------- */

/* What stands for the entry in lists: its title field, cut to a line. */
static void
title_of(const struct entry *en, const struct model_type *type, char *out,
    size_t cap)
{
	const struct model_field *f = model_flagged(type, MODEL_TITLE);
	char *s;

	out[0] = '\0';
	if (f == NULL || (s = entry_value_str(record_value(en, f, 0))) == NULL)
		return;
	(void)snprintf(out, cap, "%s", s);
	/* cut on a character, not inside one */
	for (size_t n = strlen(out); n > 0 && !bytes_utf8(out, n); n--)
		out[n - 1] = '\0';
	free(s);
}

/* One row of link for each reference in the entry. */
static enum sq_err
put_links(struct record_ctx *cx, int64_t rid, const struct entry *en,
    const struct model_type *type)
{
	const struct model_field *f;
	uint8_t id[LOG_RECORD_ID];
	char base[ENTRY_MAX_NAME + 1];
	struct db_st *st;
	enum sq_err e;

	for (size_t i = 0; i < en->n; i++) {
		const struct entry_field *ef = &en->fields[i];
		char *s;

		(void)snprintf(base, sizeof(base), "%.*s",
		    (int)strcspn(ef->name, "["), ef->name);
		f = model_field(type, strcmp(base, "_about") == 0 ? "about" :
		    base);
		if (f == NULL || f->kind != MODEL_REF ||
		    (s = entry_value_str(ef)) == NULL)
			continue;
		e = bytes_unhex(id, sizeof(id), s);
		free(s);
		if (e != SQ_OK ||
		    (e = db_use(log_db(cx->lg), DB_LINK_ADD, &st)) != SQ_OK)
			return e;
		db_bind_int(st, 1, rid);
		db_bind_text(st, 2, f->name, strlen(f->name));
		db_bind_blob(st, 3, id, sizeof(id));
		if ((e = db_run(st)) != SQ_OK)
			return e;
	}
	return SQ_OK;
}

/* see record.h */
enum sq_err
record_project(struct record_ctx *cx, const struct record_draft *d,
    const struct record_at *base, uint64_t index, int64_t *ret_rid)
{
	char title[256];
	struct db_st *st;
	enum sq_err e;

	title_of(&d->en, d->type, title, sizeof(title));
	if (base == NULL) {
		if ((e = db_use(log_db(cx->lg), DB_RECORD_ADD, &st)) != SQ_OK)
			return e;
		db_bind_blob(st, 1, d->ids[0], LOG_RECORD_ID);
		db_bind_int(st, 2, d->type->prefix);
		db_bind_int(st, 3, d->num);
	} else {
		if ((e = record_rid(cx, d->ids[0], ret_rid)) != SQ_OK ||
		    (e = db_use(log_db(cx->lg), DB_LINK_DROP, &st)) != SQ_OK)
			return e == SQ_ENOENT ? SQ_EDAMAGE : e;
		db_bind_int(st, 1, *ret_rid);
		if ((e = db_run(st)) != SQ_OK ||
		    (e = db_use(log_db(cx->lg), DB_RECORD_SET, &st)) != SQ_OK)
			return e;
		db_bind_int(st, 1, *ret_rid);
	}
	db_bind_int(st, base == NULL ? 4 : 2, (int64_t)index);
	db_bind_int(st, base == NULL ? 5 : 3, d->rev);
	db_bind_text(st, base == NULL ? 6 : 4, title, strlen(title));
	if ((e = db_run(st)) != SQ_OK)
		return e;
	if (base == NULL)
		*ret_rid = db_last_id(log_db(cx->lg));
	return put_links(cx, *ret_rid, &d->en, d->type);
}
