/*
 * Erasing by right of the witness: values and salts go from every revision,
 * names and commitments stay, and with them roots, log and proofs.  See
 * vault_erase.h and FORMAT.md section 17.
 *
 * One transaction rewrites the entries in place, makes the projections of them
 * anew and appends the entry that says what was erased; it also notes which
 * files lost their last record.  They are deleted after COMMIT and STATE; what
 * a crash left of them is deleted at the next opening.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/vault_int.h"

#define OBJECTS_MAX VAULT_ERASE_FILES
#define TARGETS_MAX 1000
#define LINES 1500		/* entries listed in one erase entry */

struct target {
	uint8_t id[LOG_RECORD_ID];
	char ref[MODEL_REF_MAX];
	const struct model_type *type;
};

struct eraser {
	struct vault *v;
	const struct vault_erase *o;
	struct why *why;
	struct target *t;
	size_t n_t;
	struct model_inputs lines;	/* "erased" of the entries */
	uint8_t (*gone)[OBJECT_ID];	/* bound by what was erased */
	bool *kept;			/* and by something else */
	size_t n_gone;
	uint64_t entries, values;
};

/* --- what may go --------------------------------------------------------- */

/* The name of a field as a person writes it. */
static void
base_name(const char *name, char *out, size_t cap)
{
	(void)snprintf(out, cap, "%.*s", (int)strcspn(name, "["), name);
	if (strcmp(out, "_reason") == 0)
		(void)snprintf(out, cap, "reason");
}

/* Of what the program records itself only what people wrote may go. */
static bool
may_go(const struct model_type *type, const char *base)
{
	static const char *const bundle[] = { "recipient_name",
	    "recipient_key", "purpose", "path", "reason" };
	const struct model_field *f = model_field(type, base);

	if (strcmp(base, "about") == 0 || base[0] == '_')
		return false;
	if (type->prefix == 'B') {
		for (size_t i = 0; i < sizeof(bundle) / sizeof(*bundle); i++)
			if (strcmp(bundle[i], base) == 0)
				return true;
		return false;
	}
	if (type->prefix == 'Y' && f != NULL)
		return (f->flags & (MODEL_AUTO | MODEL_TITLE)) == 0;
	return true;
}

/* Each field that was named exists, and can be erased alone. */
static enum sq_err
check_fields(const struct vault_erase *o, const struct model_type *type,
    struct why *why)
{
	for (size_t i = 0; i < o->n_fields; i++) {
		const char *f = o->fields[i];

		if (model_field(type, f) == NULL && strcmp(f, "reason") != 0)
			return err_why(why, SQ_EUSAGE, "%s: a %s has no such "
			    "field; see: sandyq types %s", f, type->name,
			    type->name);
		if (!may_go(type, f))
			return err_why(why, SQ_EREFUSED, "%s: the log stands "
			    "on it; it cannot be erased", f);
		if (type->prefix == 'M' && (strcmp(f, "sha256") == 0 ||
		    strcmp(f, "size") == 0))
			return err_why(why, SQ_EREFUSED, "%s: it goes with "
			    "the file; erase %s without --field", f, o->ref);
	}
	return SQ_OK;
}

/* Is this entry field one of those to erase? */
static bool
takes(const struct eraser *x, const struct model_type *type, const char *name)
{
	char base[ENTRY_MAX_NAME + 1];

	if (name[0] == '_' && strcmp(name, "_reason") != 0)
		return false;
	base_name(name, base, sizeof(base));
	if (!may_go(type, base))
		return false;
	for (size_t i = 0; i < x->o->n_fields; i++)
		if (strcmp(x->o->fields[i], base) == 0)
			return true;
	return x->o->n_fields == 0;
}

/* --- which records ------------------------------------------------------- */

static enum sq_err
add_target(struct eraser *x, const uint8_t id[LOG_RECORD_ID], const char *ref,
    const struct model_type *type)
{
	void *p;

	if (x->n_t == TARGETS_MAX)
		return err_why(x->why, SQ_ELIMIT, "more than %d attachments; "
		    "erase them one by one first", TARGETS_MAX);
	if ((p = realloc(x->t, (x->n_t + 1) * sizeof(*x->t))) == NULL)
		return SQ_ENOMEM;
	x->t = p;
	memcpy(x->t[x->n_t].id, id, LOG_RECORD_ID);
	(void)snprintf(x->t[x->n_t].ref, MODEL_REF_MAX, "%.31s", ref);
	x->t[x->n_t++].type = type;
	return SQ_OK;
}

/* A media record that belongs to the first target and to nothing else. */
static enum sq_err
media_of(void *arg, const struct record_at *at)
{
	struct eraser *x = arg;
	struct record_at new = { 0 };
	uint8_t id[LOG_RECORD_ID];
	char ref[MODEL_ID_HEX], hex[MODEL_ID_HEX];
	char *type = entry_str(&at->en, "_type");
	char *s = entry_str(&at->en, "_record"), *about = NULL;
	enum sq_err e = SQ_OK;

	if (type == NULL || s == NULL || strcmp(type, "media") != 0 ||
	    bytes_unhex(id, sizeof(id), s) != SQ_OK)
		goto out;
	for (size_t i = 0; i < x->n_t; i++)
		if (memcmp(x->t[i].id, id, sizeof(id)) == 0)
			goto out;
	if ((e = record_newest(&x->v->cx, id, &new, x->why)) != SQ_OK)
		goto out;
	bytes_hex(hex, x->t[0].id, LOG_RECORD_ID);
	about = entry_str(&new.en, "_about[00000]");
	if (about != NULL && strcmp(about, hex) == 0 &&
	    entry_find(&new.en, "_about[00001]") == NULL &&
	    (e = record_ref(&x->v->cx, id, ref)) == SQ_OK)
		e = add_target(x, id, ref, model_type("media"));
out:
	record_at_free(&new);
	free(type);
	free(s);
	free(about);
	return e;
}

static enum sq_err
find_targets(struct eraser *x)
{
	const char *ref = x->o->ref;
	const struct model_type *type;
	uint8_t id[LOG_RECORD_ID];
	enum sq_err e;

	if (x->o->attachments && x->o->n_fields > 0)
		return err_why(x->why, SQ_EUSAGE, "attachments go as a whole: "
		    "give either --field or --attachments");
	if ((e = record_find(&x->v->cx, ref, id, x->why)) != SQ_OK)
		return e;
	type = model_type_of(ref[0] >= 'a' ? (char)(ref[0] - 32) : ref[0]);
	if (type == NULL || (!model_by_hand(type) && type->prefix != 'B'))
		return err_why(x->why, SQ_EREFUSED, "%s: a %s holds nothing "
		    "of a witness; it stays", ref, type == NULL ? "record" :
		    type->name);
	if ((e = check_fields(x->o, type, x->why)) != SQ_OK ||
	    (e = add_target(x, id, ref, type)) != SQ_OK)
		return e;
	return x->o->attachments ? record_each(&x->v->cx, id, media_of, x,
	    x->why) : SQ_OK;
}

/* --- one entry ----------------------------------------------------------- */

/* Remember an object whose binding goes. */
static enum sq_err
note_gone(struct eraser *x, const struct entry *en)
{
	struct blob_info b;
	void *p;

	if (vault_object_of(en, &b) != SQ_OK)
		return SQ_OK;
	for (size_t i = 0; i < x->n_gone; i++)
		if (memcmp(x->gone[i], b.id, OBJECT_ID) == 0)
			return SQ_OK;
	if (x->n_gone == OBJECTS_MAX)
		return err_why(x->why, SQ_ELIMIT, "more than %d files; erase "
		    "in parts", OBJECTS_MAX);
	p = realloc(x->gone, (x->n_gone + 1) * sizeof(*x->gone));
	if (p == NULL)
		return SQ_ENOMEM;
	x->gone = p;
	memcpy(x->gone[x->n_gone++], b.id, OBJECT_ID);
	return SQ_OK;
}

/* Erase what is to go from a copy of the entry; the names go to ${line}. */
static enum sq_err
strip(struct eraser *x, const struct target *t, struct entry *en,
    struct bytes_buf *line)
{
	static const char *const binding[] = { "commitment", "object",
	    "sha256", "size", "tags" };
	struct record_at at = { .en = *en };
	bool own = record_is(&at, t->id), hit;
	char *kind = entry_str(en, "_kind");
	bool object = !own && x->o->n_fields == 0 && kind != NULL &&
	    strcmp(kind, "object") == 0;
	enum sq_err e = SQ_OK;

	free(kind);
	if (object)
		e = note_gone(x, en);
	for (size_t i = 0; i < en->n && e == SQ_OK; i++) {
		const char *name = en->fields[i].name;

		hit = own && takes(x, t->type, name);
		for (size_t k = 0; object && k < 5; k++)
			hit |= strcmp(name, binding[k]) == 0;
		if (!hit || en->fields[i].form == ENTRY_ERASED)
			continue;
		if ((e = entry_erase(en, name)) != SQ_OK)
			break;
		bytes_putf(line, " %s", name);
		x->values++;
	}
	return e == SQ_OK ? bytes_done(line) : e;
}

/* Rewrite entry ${index} without what is to go. */
static enum sq_err
erase_in(struct eraser *x, const struct target *t, uint64_t index)
{
	struct entry was = { 0 }, is = { 0 };
	struct bytes_buf line = { 0 };
	uint8_t root[ENTRY_ROOT];
	uint64_t before = x->values;
	char *s = NULL;
	enum sq_err e;

	bytes_putf(&line, "%llu", (unsigned long long)index);
	if ((e = log_get(x->v->lg, index, &was, root, x->why)) != SQ_OK ||
	    (e = entry_copy(&was, &is)) != SQ_OK ||
	    (e = strip(x, t, &is, &line)) != SQ_OK || x->values == before)
		goto out;
	x->entries++;
	if ((s = bytes_str(&line)) == NULL) {
		e = SQ_ENOMEM;
		goto out;
	}
	if ((e = model_inputs_add(&x->lines, "erased", NULL, s)) == SQ_OK &&
	    (e = log_erase(x->v->lg, index, &is, x->why)) == SQ_OK)
		e = record_amend(&x->v->cx, &was, &is, index, x->why);
out:
	entry_free(&was);
	entry_free(&is);
	bytes_free(&line);
	free(s);
	return e;
}

static enum sq_err
erase_target(struct eraser *x, const struct target *t)
{
	uint64_t *index = NULL;
	size_t n = 0;
	enum sq_err e;

	if ((e = log_of_record(x->v->lg, t->id, &index, &n, x->why)) != SQ_OK)
		return e;
	for (size_t i = 0; i < n && e == SQ_OK; i++)
		e = erase_in(x, t, index[i]);
	free(index);
	return e;
}

/* --- objects ------------------------------------------------------------- */

/* One row of object: to another binding, or away. */
static enum sq_err
row_of(struct eraser *x, size_t i, uint64_t index)
{
	struct db_st *st;
	enum sq_err e;

	if ((e = db_use(x->v->db, x->kept[i] ? DB_OBJECT_MOVE :
	    DB_OBJECT_DROP, &st)) != SQ_OK)
		return e;
	db_bind_blob(st, 1, x->gone[i], OBJECT_ID);
	if (x->kept[i])
		db_bind_int(st, 2, (int64_t)index);
	return db_run(st);
}

/* Does this entry bind an object that is to go? */
static enum sq_err
note_kept(void *arg, uint64_t index, const struct entry *en)
{
	struct eraser *x = arg;
	struct blob_info b;
	enum sq_err e = SQ_OK;

	if (vault_object_of(en, &b) != SQ_OK)
		return SQ_OK;
	for (size_t i = 0; i < x->n_gone && e == SQ_OK; i++)
		if (!x->kept[i] && memcmp(x->gone[i], b.id, OBJECT_ID) == 0) {
			x->kept[i] = true;
			e = row_of(x, i, index);
		}
	return e;
}

/* Which of the objects something else binds still: read the whole log. */
static enum sq_err
look_for_others(struct eraser *x)
{
	enum sq_err e;

	if (x->n_gone == 0)
		return SQ_OK;
	if ((x->kept = calloc(x->n_gone, sizeof(*x->kept))) == NULL)
		return SQ_ENOMEM;
	e = log_each(x->v->lg, note_kept, x, x->why);
	for (size_t i = 0; i < x->n_gone && e == SQ_OK; i++)
		if (!x->kept[i])
			e = row_of(x, i, 0);
	return e;
}

/* Note in the database which files are to go. */
static enum sq_err
note_files(struct eraser *x, uint64_t *ret_files)
{
	struct bytes_buf b = { 0 };
	enum sq_err e;

	*ret_files = 0;
	for (size_t i = 0; i < x->n_gone; i++)
		if (!x->kept[i]) {
			bytes_put(&b, x->gone[i], OBJECT_ID);
			++*ret_files;
		}
	e = *ret_files == 0 ? SQ_OK : bytes_done(&b);
	if (e == SQ_OK && *ret_files > 0)
		e = db_meta_set(x->v->db, VAULT_ERASE_META, b.p, b.len);
	bytes_free(&b);
	return e;
}

/* --- the entry that says so ---------------------------------------------- */

static enum sq_err
add_files(const struct eraser *x, struct model_inputs *in)
{
	char hex[2 * OBJECT_ID + 1];
	enum sq_err e = SQ_OK;

	for (size_t i = 0; i < x->n_gone && e == SQ_OK; i++) {
		if (x->kept[i])
			continue;
		bytes_hex(hex, x->gone[i], OBJECT_ID);
		e = model_inputs_add(in, "unlinked", NULL, hex);
	}
	return e;
}

/* As many entries as it takes: one holds 4,096 fields. */
static enum sq_err
log_erasure(struct eraser *x, struct vault_erased *ret)
{
	struct model_inputs in = { 0 };
	struct record_make mk = { .in = &in, .kind = "erase",
	    .reason = x->o->reason };
	struct vault_made made;
	size_t at = 0;
	enum sq_err e = SQ_OK;

	mk.type = model_type("custody");
	while (at < x->lines.n && e == SQ_OK) {
		e = model_inputs_add(&in, "action", NULL, "erased");
		for (size_t i = 0; i < x->n_t && e == SQ_OK; i++)
			e = model_inputs_add(&in, "about", NULL, x->t[i].ref);
		if (at == 0 && e == SQ_OK)
			e = add_files(x, &in);
		for (size_t i = 0; i < LINES && at < x->lines.n && e == SQ_OK;
		    i++)
			e = model_inputs_add(&in, "erased", NULL,
			    x->lines.v[at++].value);
		if (e == SQ_OK && (e = vault_put_in(x->v, &mk, &made,
		    x->why)) == SQ_OK)
			memcpy(ret->entry, made.entry, sizeof(ret->entry));
		model_inputs_free(&in);
	}
	return e;
}

/* Everything within the transaction. */
static enum sq_err
run(struct eraser *x, struct vault_erased *ret)
{
	enum sq_err e = SQ_OK;

	for (size_t i = 0; i < x->n_t && e == SQ_OK; i++)
		e = erase_target(x, &x->t[i]);
	if (e == SQ_OK && (e = look_for_others(x)) == SQ_OK &&
	    (e = log_erasure(x, ret)) == SQ_OK)
		e = note_files(x, &ret->files);
	if (e != SQ_OK && x->why != NULL && x->why->text[0] == '\0')
		err_why(x->why, e, "not erased: %s", db_why(x->v->db));
	return e;
}

static void
eraser_free(struct eraser *x)
{
	model_inputs_free(&x->lines);
	free(x->t);
	free(x->gone);
	free(x->kept);
}

/* see vault_erase.h */
enum sq_err
vault_erase_may(struct vault *v, const struct vault_erase *o, struct why *why)
{
	struct eraser x = { .v = v, .o = o, .why = why };
	enum sq_err e = find_targets(&x);

	eraser_free(&x);
	return e;
}

/* see vault_erase.h */
enum sq_err
vault_erase(struct vault *v, const struct vault_erase *o,
    struct vault_erased *ret, struct why *why)
{
	struct eraser x = { .v = v, .o = o, .why = why };
	enum sq_err e;

	memset(ret, 0, sizeof(*ret));
	if (o->reason == NULL || o->reason[0] == '\0')
		return err_why(why, SQ_EUSAGE, "--reason TEXT says why; it is "
		    "kept, what is erased is not");
	if ((e = find_targets(&x)) != SQ_OK || (e = vault_begin(v, why)) !=
	    SQ_OK)
		goto out;
	if ((e = run(&x, ret)) != SQ_OK || x.values == 0)
		vault_abort(v);
	else if ((e = vault_commit(v, why)) == SQ_OK && ret->files > 0)
		e = vault_erase_files(v, why);
	ret->entries = x.entries;
	ret->values = x.values;
	if (e == SQ_OK)
		e = vault_erase_others(v, x.t[0].id, ret, why);
out:
	eraser_free(&x);
	if (e != SQ_OK)
		vault_erased_free(ret);
	return e;
}
