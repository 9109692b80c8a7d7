/*
 * What of an entry goes into the index of words, with their spellings, and
 * into the index of dates; see record.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/bytes.h"
#include "vault/record/record.h"
#include "vault/record/spelling.h"
#include "vault/record/text.h"

/* The columns of the index. */
struct columns {
	struct bytes_buf title, name, text;
};

static void
columns_free(struct columns *c)
{
	bytes_free(&c->title);
	bytes_free(&c->name);
	bytes_free(&c->text);
}

/* The field of the model that a field of an entry belongs to, or NULL. */
static const struct model_field *
field_of(const struct model_type *type, const struct entry_field *ef)
{
	char base[ENTRY_MAX_NAME + 1];

	(void)snprintf(base, sizeof(base), "%.*s",
	    (int)strcspn(ef->name, "["), ef->name);
	return model_field(type, base);
}

/* Append one value of the entry to the column it is searched in. */
static enum sq_err
column_put(const struct entry_field *ef, const struct model_field *f,
    struct columns *c)
{
	struct bytes_buf *col = f->flags & MODEL_TITLE ? &c->title :
	    f->flags & MODEL_NAME ? &c->name : &c->text;
	char *s;
	enum sq_err e;

	if ((f->kind != MODEL_TEXT && f->kind != MODEL_LINE) ||
	    (f->flags & MODEL_MUTE) != 0)
		return SQ_OK;
	if ((s = entry_value_str(ef)) == NULL)
		return SQ_OK;
	e = text_index(s, strlen(s), col);
	bytes_put_u8(col, '\n');
	free(s);
	return e;
}

static enum sq_err
columns_of(const struct entry *en, const struct model_type *type,
    struct columns *c)
{
	const struct model_field *f;
	enum sq_err e = SQ_OK;

	for (size_t i = 0; i < en->n && e == SQ_OK; i++)
		if ((f = field_of(type, &en->fields[i])) != NULL)
			e = column_put(&en->fields[i], f, c);
	if (e == SQ_OK && (e = bytes_done(&c->title)) == SQ_OK &&
	    (e = bytes_done(&c->name)) == SQ_OK)
		e = bytes_done(&c->text);
	return e;
}

static enum sq_err
spellings(struct record_ctx *cx, const struct columns *c,
    enum sq_err (*fn)(struct record_ctx *cx, const char *s, size_t n))
{
	enum sq_err e;

	if ((e = fn(cx, (const char *)c->title.p, c->title.len)) == SQ_OK &&
	    (e = fn(cx, (const char *)c->name.p, c->name.len)) == SQ_OK)
		e = fn(cx, (const char *)c->text.p, c->text.len);
	return e;
}

/* see record.h */
enum sq_err
record_index(struct record_ctx *cx, int64_t rid, const struct entry *en,
    const struct model_type *type, bool add)
{
	struct columns c = { .title = { 0 } };
	struct db_st *st;
	enum sq_err e;

	if ((e = columns_of(en, type, &c)) != SQ_OK ||
	    (e = db_use(log_db(cx->lg), add ? DB_FTS_ADD : DB_FTS_DROP,
	    &st)) != SQ_OK)
		goto out;
	db_bind_int(st, 1, rid);
	db_bind_text(st, 2, type->name, strlen(type->name));
	db_bind_text(st, 3, (const char *)c.title.p, c.title.len);
	db_bind_text(st, 4, (const char *)c.name.p, c.name.len);
	db_bind_text(st, 5, (const char *)c.text.p, c.text.len);
	if ((e = db_run(st)) == SQ_OK && add)
		e = spellings(cx, &c, spelling_learn);
out:
	columns_free(&c);
	return e;
}

/* see record.h */
enum sq_err
record_unlearn(struct record_ctx *cx, const struct entry *en,
    const struct model_type *type)
{
	struct columns c = { .title = { 0 } };
	enum sq_err e;

	if ((e = columns_of(en, type, &c)) == SQ_OK)
		e = spellings(cx, &c, spelling_forget);
	columns_free(&c);
	return e;
}

/* see record.h */
enum sq_err
record_days(struct record_ctx *cx, int64_t rid, const struct entry *en,
    const struct model_type *type, bool add)
{
	const struct model_field *f;
	unsigned first, last;
	struct db_st *st;
	enum sq_err e = SQ_OK;
	char *s;

	for (size_t i = 0; i < en->n && e == SQ_OK; i++) {
		if ((f = field_of(type, &en->fields[i])) == NULL ||
		    f->kind != MODEL_DATE ||
		    (s = entry_value_str(&en->fields[i])) == NULL)
			continue;
		if (text_edtf_span(s, &first, &last) &&
		    (e = db_use(log_db(cx->lg), add ? DB_DAY_ADD :
		    DB_DAY_DROP, &st)) == SQ_OK) {
			db_bind_int(st, 1, first);
			db_bind_int(st, 2, last);
			db_bind_int(st, 3, rid);
			e = db_run(st);
		}
		free(s);
	}
	return e;
}
