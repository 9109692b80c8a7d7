/*
 * Deriving the projections anew from an entry that is in the log already, by
 * the same way as when it was written.  See record.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/bytes.h"
#include "vault/record/record.h"

/* Which record and type an entry says it is of. */
static enum sq_err
read_own(const struct entry *en, const char *record, struct record_draft *d)
{
	char *type = entry_str(en, "_type"), *ref = entry_str(en, "_ref");
	enum sq_err e = SQ_EDAMAGE;

	if (type == NULL || ref == NULL || strlen(ref) >= sizeof(d->ref) ||
	    bytes_unhex(d->ids[0], LOG_RECORD_ID, record) != SQ_OK)
		goto out;
	(void)snprintf(d->ref, sizeof(d->ref), "%s", ref);
	d->type = model_type(type);
	e = d->type == NULL ? SQ_EUNSUPPORTED : SQ_OK;
out:
	free(type);
	free(ref);
	return e;
}

/* The revision that stands in the table so far. */
static enum sq_err
read_base(struct record_ctx *cx, int64_t rid, struct record_at *base,
    struct why *why)
{
	struct db_st *st;
	bool row;
	enum sq_err e;

	if ((e = db_use(log_db(cx->lg), DB_RECORD_LATEST, &st)) != SQ_OK)
		return e;
	db_bind_int(st, 1, rid);
	if ((e = db_step(st, &row)) != SQ_OK)
		return e;
	if (!row)
		return SQ_EDAMAGE;
	base->index = (uint64_t)db_int(st, 0);
	base->rev = (unsigned)db_int(st, 1);
	db_reset(st);
	return log_get(cx->lg, base->index, &base->en, base->root, why);
}

/* see record.h */
enum sq_err
record_replay(struct record_ctx *cx, const struct entry *en, uint64_t index,
    struct why *why)
{
	uint8_t id[1][LOG_RECORD_ID];
	struct record_draft d = { .en = *en, .ids = id, .n_ids = 1, .rev = 1 };
	struct record_at base = { 0 };
	char *record = entry_str(en, "_record");
	bool follows = false;
	int64_t rid;
	enum sq_err e;

	if (record == NULL)	/* entry 0, and others of no record */
		return SQ_OK;
	if ((e = read_own(en, record, &d)) != SQ_OK)
		goto out;
	if ((e = record_rid(cx, id[0], &rid)) == SQ_OK) {
		follows = true;
		if ((e = read_base(cx, rid, &base, why)) != SQ_OK)
			goto out;
		d.rev = base.rev + 1;
	} else if (e != SQ_ENOENT || (e = record_number(cx, d.type->prefix,
	    en, &d.num)) != SQ_OK)
		goto out;
	e = record_derive(cx, &d, follows ? &base : NULL, index);
out:
	free(record);
	record_at_free(&base);
	if (e == SQ_EEXIST)	/* a second record of one reference */
		e = SQ_EDAMAGE;
	if (e != SQ_OK && why != NULL && why->text[0] == '\0')
		return err_why(why, e, "entry %llu does not say what record "
		    "it is of, or cannot be indexed: %s",
		    (unsigned long long)index, db_why(log_db(cx->lg)));
	return e;
}

/* see record.h */
enum sq_err
record_amend(struct record_ctx *cx, const struct entry *was,
    const struct entry *is, uint64_t index, struct why *why)
{
	uint8_t id[1][LOG_RECORD_ID];
	struct record_draft d = { .en = *is, .ids = id, .n_ids = 1 };
	struct record_at base = { .en = *was }, now = { 0 };
	char *record = entry_str(is, "_record");
	int64_t rid;
	enum sq_err e = SQ_EDAMAGE;

	if (record == NULL || (e = read_own(is, record, &d)) != SQ_OK ||
	    (e = record_rid(cx, id[0], &rid)) != SQ_OK ||
	    (e = read_base(cx, rid, &now, why)) != SQ_OK)
		goto out;
	d.rev = now.rev;
	if (now.index == index)
		e = record_derive(cx, &d, &base, index);
out:
	free(record);
	record_at_free(&now);
	if (e == SQ_ENOENT)
		e = SQ_EDAMAGE;
	if (e != SQ_OK && why != NULL && why->text[0] == '\0')
		err_why(why, e, "entry %llu cannot be indexed anew: %s",
		    (unsigned long long)index, db_why(log_db(cx->lg)));
	return e;
}
