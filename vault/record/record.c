/*
 * Composing entries and reading them back; see record.h.
 *
 * Invariants:
 * (1) A value enters an entry only through model_check.
 * (2) What is read comes from entries whose root was recomputed and whose
 *     record chain is the one in heads (log_of_record): the newest is the
 *     newest.
 * (3) "There is no such record" is said only after record_audit.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/bytes.h"
#include "vault/record/lookup.h"
#include "vault/record/record.h"

/* see record.h */
const char *
record_name(const struct model_field *def)
{
	return strcmp(def->name, "about") == 0 ? "_about" : def->name;
}

/* The name that value ${i} of a field has in an entry. */
static enum sq_err
name_of(const struct model_field *def, size_t i,
    char out[ENTRY_MAX_NAME + 1])
{
	if ((def->flags & MODEL_LIST) != 0)
		return entry_element(out, ENTRY_MAX_NAME + 1,
		    record_name(def), i);
	if (i > 0)
		return SQ_ENOENT;
	(void)snprintf(out, ENTRY_MAX_NAME + 1, "%s", record_name(def));
	return SQ_OK;
}

/* see record.h */
const struct entry_field *
record_value(const struct entry *en, const struct model_field *def, size_t i)
{
	char name[ENTRY_MAX_NAME + 1];

	return name_of(def, i, name) == SQ_OK ? entry_find(en, name) : NULL;
}

/* see record.h */
void
record_draft_free(struct record_draft *d)
{
	entry_free(&d->en);
	free(d->ids);
	memset(d, 0, sizeof(*d));
}

/* see record.h */
void
record_at_free(struct record_at *at)
{
	entry_free(&at->en);
}

/* see record.h */
bool
record_is(const struct record_at *at, const uint8_t id[LOG_RECORD_ID])
{
	char hex[MODEL_ID_HEX];
	char *s = entry_str(&at->en, "_record");
	bool is;

	bytes_hex(hex, id, LOG_RECORD_ID);
	is = s != NULL && strcmp(s, hex) == 0;
	free(s);
	return is;
}

/* --- composing ---------------------------------------------------------- */

/* Note a record id that the draft names, once. */
static enum sq_err
draft_names(struct record_draft *d, const uint8_t id[LOG_RECORD_ID],
    struct why *why)
{
	void *p;

	for (size_t i = 0; i < d->n_ids; i++)
		if (memcmp(d->ids[i], id, LOG_RECORD_ID) == 0)
			return SQ_OK;
	if (d->n_ids > RECORD_ABOUT_MAX)
		return err_why(why, SQ_ELIMIT,
		    "one entry can be about at most %d records; split it",
		    RECORD_ABOUT_MAX);
	if ((d->n_ids & (d->n_ids - 1)) == 0) {
		p = realloc(d->ids, (d->n_ids ? 2 * d->n_ids : 1) *
		    sizeof(*d->ids));
		if (p == NULL)
			return SQ_ENOMEM;
		d->ids = p;
	}
	memcpy(d->ids[d->n_ids++], id, LOG_RECORD_ID);
	return SQ_OK;
}

/* Resolve the reference that a user gave for a field. */
static enum sq_err
add_ref(struct record_ctx *cx, struct record_draft *d,
    const struct model_field *f, const char *name, const char *ref,
    struct why *why)
{
	uint8_t id[LOG_RECORD_ID];
	char hex[MODEL_ID_HEX];
	enum sq_err e;

	if ((e = record_find(cx, ref, id, why)) != SQ_OK)
		return e == SQ_EDAMAGE ? e : err_more(why, SQ_EREFUSED, "%s",
		    f->name);
	if (strcmp(f->name, "about") == 0 &&
	    (e = draft_names(d, id, why)) != SQ_OK)
		return e;
	bytes_hex(hex, id, sizeof(id));
	return entry_add_str(&d->en, name, hex);
}

/* Add one checked value to the draft under an entry name. */
static enum sq_err
add_value(struct record_ctx *cx, struct record_draft *d,
    const struct model_field *f, const char *name,
    const struct model_input *in, struct why *why)
{
	char lang[MODEL_LANG_MAX];
	char *v = NULL;
	enum sq_err e;

	if ((e = model_check(d->type, in, &v, lang, why)) != SQ_OK)
		goto out;
	switch (f->kind) {
	case MODEL_TEXT:
		e = entry_add_text(&d->en, name, lang, v);
		break;
	case MODEL_INT:
		e = entry_add_int(&d->en, name, strtoll(v, NULL, 10));
		break;
	case MODEL_BOOL:
		e = entry_add_bool(&d->en, name, strcmp(v, "true") == 0);
		break;
	case MODEL_REF:
		e = add_ref(cx, d, f, name, v, why);
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
		e = entry_add_str(&d->en, name, v);
		break;
	}
out:
	free(v);
	return e;
}

/* Copy a field of the base revision, each value under a fresh salt. */
static enum sq_err
copy_base(struct record_draft *d, const struct model_field *f,
    const struct record_at *base, struct why *why)
{
	const struct entry_field *ef;
	char name[ENTRY_MAX_NAME + 1];
	uint8_t id[LOG_RECORD_ID];
	size_t put = 0;		/* elements without a gap */
	char *s;
	enum sq_err e;

	for (size_t i = 0; (ef = record_value(&base->en, f, i)) != NULL; i++) {
		if (ef->form != ENTRY_OPEN)
			continue;	/* erased: stays erased, not copied */
		if ((e = name_of(f, put++, name)) != SQ_OK ||
		    (e = entry_add(&d->en, name, ef->value,
		    ef->value_len)) != SQ_OK)
			return e;
		if (strcmp(f->name, "about") != 0)
			continue;
		s = entry_value_str(ef);
		e = s == NULL ? SQ_EDAMAGE : bytes_unhex(id, sizeof(id), s);
		free(s);
		if (e != SQ_OK)
			return SQ_EDAMAGE;
		if ((e = draft_names(d, id, why)) != SQ_OK)
			return e;
	}
	return SQ_OK;
}

static bool
is_unset(const struct record_make *mk, const char *name)
{
	for (size_t i = 0; i < mk->n_unset; i++)
		if (strcmp(mk->unset[i], name) == 0)
			return true;
	return false;
}

/* Add the values given for one field, or else those of the base. */
static enum sq_err
add_field(struct record_ctx *cx, struct record_draft *d,
    const struct model_field *f, const struct record_make *mk,
    struct why *why)
{
	char name[ENTRY_MAX_NAME + 1];
	size_t given = 0;
	enum sq_err e;

	for (size_t i = 0; mk->in != NULL && i < mk->in->n; i++) {
		const struct model_input *in = &mk->in->v[i];

		if (strcmp(in->name, f->name) != 0)
			continue;
		if ((f->flags & MODEL_LIST) == 0 && given > 0)
			return err_why(why, SQ_EUSAGE, "%s: given twice, but "
			    "it holds one value", f->name);
		if ((e = name_of(f, given, name)) == SQ_OK)
			e = add_value(cx, d, f, name, in, why);
		if (e != SQ_OK)
			return e;
		given++;
	}
	if (given == 0 && mk->base != NULL && !is_unset(mk, f->name))
		return copy_base(d, f, mk->base, why);
	return SQ_OK;
}

/* Does the draft, sorted by now, hold a value of this field? */
static bool
draft_has(void *arg, const struct model_field *f)
{
	const struct record_draft *d = arg;
	char name[ENTRY_MAX_NAME + 1];

	(void)snprintf(name, sizeof(name), "%s%s", record_name(f),
	    (f->flags & MODEL_LIST) != 0 ? "[00000]" : "");
	return entry_find(&d->en, name) != NULL;
}

/* Every name that the user gave is a field of the type. */
static enum sq_err
check_names(const struct record_make *mk, struct why *why)
{
	const char *bad = NULL;

	for (size_t i = 0; mk->in != NULL && i < mk->in->n && bad == NULL; i++)
		if (model_field(mk->type, mk->in->v[i].name) == NULL)
			bad = mk->in->v[i].name;
	for (size_t i = 0; i < mk->n_unset && bad == NULL; i++)
		if (model_field(mk->type, mk->unset[i]) == NULL)
			bad = mk->unset[i];
	if (bad == NULL)
		return SQ_OK;
	return err_why(why, SQ_EUSAGE, "%s: %s %s has no such field; see: "
	    "sandyq types %s", bad, model_article(mk->type), mk->type->name,
	    mk->type->name);
}

/* The next number of a type's references. */
static enum sq_err
next_num(struct record_ctx *cx, const struct model_type *type,
    int64_t *ret_num)
{
	struct db_st *st;
	bool row;
	enum sq_err e;

	if ((e = db_use(log_db(cx->lg), DB_RECORD_MAX_NUM, &st)) != SQ_OK)
		return e;
	db_bind_int(st, 1, type->prefix);
	if ((e = db_step(st, &row)) != SQ_OK)
		return e;
	*ret_num = row ? db_int(st, 0) + 1 : 1;
	db_reset(st);
	return SQ_OK;
}

/* A new record: its id and number; a revision: those of its base. */
static enum sq_err
identify(struct record_ctx *cx, struct record_draft *d,
    const struct record_make *mk, struct why *why)
{
	uint8_t id[LOG_RECORD_ID];
	char *s = NULL;
	enum sq_err e;

	if (mk->base == NULL) {
		if ((e = record_audit(cx, why)) != SQ_OK)
			return e;
		bytes_random(id, sizeof(id));
		if ((e = next_num(cx, mk->type, &d->num)) != SQ_OK)
			return e;
		(void)snprintf(d->ref, sizeof(d->ref), "%c-%lld",
		    mk->type->prefix, (long long)d->num);
		d->rev = 1;
		return draft_names(d, id, why);
	}
	d->rev = mk->base->rev + 1;
	if ((s = entry_str(&mk->base->en, "_record")) == NULL ||
	    bytes_unhex(id, sizeof(id), s) != SQ_OK) {
		free(s);
		return SQ_EDAMAGE;
	}
	free(s);
	if ((s = entry_str(&mk->base->en, "_ref")) == NULL)
		return SQ_EDAMAGE;
	(void)snprintf(d->ref, sizeof(d->ref), "%s", s);
	free(s);
	return draft_names(d, id, why);
}

/* The roots that this entry follows, as an array of hex strings. */
static enum sq_err
add_parents(struct record_draft *d, const struct record_make *mk)
{
	char hex[16][MODEL_ROOT_HEX];
	const char *list[16];
	size_t n = 0;

	if (mk->base != NULL)
		bytes_hex(hex[n++], mk->base->root, ENTRY_ROOT);
	for (size_t i = 0; i < mk->n_parents && n < 16; i++)
		bytes_hex(hex[n++], mk->parents[i], ENTRY_ROOT);
	for (size_t i = 0; i < n; i++)
		list[i] = hex[i];
	return entry_add_strs(&d->en, "_parents", list, n);
}

/* The entry's own fields, FORMAT.md section 8. */
static enum sq_err
add_own(struct record_ctx *cx, struct record_draft *d,
    const struct record_make *mk)
{
	char hex[MODEL_ID_HEX];
	enum sq_err e;

	bytes_hex(hex, d->ids[0], LOG_RECORD_ID);
	if ((e = entry_add_str(&d->en, "_log", cx->log_id)) != SQ_OK ||
	    (e = entry_add_str(&d->en, "_kind", mk->kind != NULL ?
	    mk->kind : mk->type->kind)) != SQ_OK ||
	    (e = entry_add_str(&d->en, "_record", hex)) != SQ_OK ||
	    (e = entry_add_str(&d->en, "_type", mk->type->name)) != SQ_OK ||
	    (e = entry_add_str(&d->en, "_ref", d->ref)) != SQ_OK ||
	    (e = entry_add_str(&d->en, "_time", cx->time)) != SQ_OK ||
	    (e = entry_add_str(&d->en, "_actor", cx->actor)) != SQ_OK ||
	    (e = add_parents(d, mk)) != SQ_OK)
		return e;
	if (mk->reason != NULL && (e = entry_add_str(&d->en, "_reason",
	    mk->reason)) != SQ_OK)
		return e;
	if (mk->source == NULL)
		return SQ_OK;
	bytes_hex(hex, mk->source, LOG_RECORD_ID);
	if ((e = entry_add_str(&d->en, "_source", hex)) == SQ_OK)
		e = entry_add_int(&d->en, "_row", (int64_t)mk->row);
	return e;
}

/* see record.h */
enum sq_err
record_compose(struct record_ctx *cx, const struct record_make *mk,
    struct record_draft *ret, struct why *why)
{
	struct record_draft d = { .type = mk->type };
	enum sq_err e;

	if (why != NULL)
		why->text[0] = '\0';
	if ((e = check_names(mk, why)) != SQ_OK ||
	    (e = identify(cx, &d, mk, why)) != SQ_OK)
		goto out;
	if ((e = add_own(cx, &d, mk)) != SQ_OK) {
		if (e == SQ_EFORMAT)
			e = err_why(why, SQ_EREFUSED, "the reason or the "
			    "label is not valid UTF-8");
		goto out;
	}
	for (const struct model_field *f = mk->type->field; f->name; f++)
		if ((e = add_field(cx, &d, f, mk, why)) != SQ_OK) {
			if (e == SQ_ELIMIT && why != NULL &&
			    why->text[0] == '\0')
				err_why(why, e, "%s: too large; an entry "
				    "holds 16 MiB and 4,096 fields in all",
				    f->name);
			goto out;
		}
	if ((e = entry_sort(&d.en)) != SQ_OK ||
	    (e = model_complete(mk->type, draft_has, &d, why)) != SQ_OK)
		goto out;
	*ret = d;
	return SQ_OK;		/* transferred */
out:
	record_draft_free(&d);
	return e;
}

/* see record.h */
enum sq_err
record_derive(struct record_ctx *cx, const struct record_draft *d,
    const struct record_at *base, uint64_t index)
{
	int64_t rid;
	enum sq_err e;

	if ((e = record_project(cx, d, base, index, &rid)) != SQ_OK)
		return e;
	if (base != NULL && ((e = record_index(cx, rid, &base->en, d->type,
	    false)) != SQ_OK || (e = lookup_index(cx, rid, &base->en, d->type,
	    false)) != SQ_OK || (e = record_days(cx, rid, &base->en, d->type,
	    false)) != SQ_OK))
		return e;
	if ((e = record_index(cx, rid, &d->en, d->type, true)) != SQ_OK ||
	    (e = lookup_index(cx, rid, &d->en, d->type, true)) != SQ_OK ||
	    (e = record_days(cx, rid, &d->en, d->type, true)) != SQ_OK)
		return e;
	return base == NULL ? SQ_OK : record_unlearn(cx, &base->en, d->type);
}

/* see record.h */
enum sq_err
record_store(struct record_ctx *cx, const struct record_draft *d,
    const struct record_at *base, uint64_t *ret_index,
    uint8_t root[ENTRY_ROOT], struct why *why)
{
	enum sq_err e;

	if ((e = log_append(cx->lg, &d->en,
	    (const uint8_t (*)[LOG_RECORD_ID])d->ids, d->n_ids, ret_index,
	    root)) == SQ_OK)
		e = record_derive(cx, d, base, *ret_index);
	/* a row of a record, link or word that cannot be there yet */
	if (e == SQ_EEXIST)
		e = SQ_EDAMAGE;
	if (e != SQ_OK && why != NULL && why->text[0] == '\0')
		err_why(why, e, "%s not saved: %s", d->ref,
		    db_why(log_db(cx->lg)));
	return e;
}
