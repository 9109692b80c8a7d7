/*
 * Settings of the vault, and the one that there is: of which types it is
 * recorded that a record was shown.  A setting is an entry of the log; the
 * meta table says where the newest one stands.  See vault_custody.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/vault_int.h"

#define VIEWED "viewed"
#define VIEWED_NEW "testimony,contact"	/* in a new vault */
#define META "setting-viewed"

/* --- reading ------------------------------------------------------------- */

static bool
is(const struct entry *en, const char *name, const char *want)
{
	char *s = entry_str(en, name);
	bool same = s != NULL && strcmp(s, want) == 0;

	free(s);
	return same;
}

/* The value, from the entry that the meta table leads to. */
static enum sq_err
load(struct vault *v, struct why *why)
{
	struct vault_views *w = &v->views;
	struct entry en = { 0 };
	uint8_t at[8], root[ENTRY_ROOT];
	struct bytes_rd r;
	char *s = NULL;
	size_t n;
	enum sq_err e;

	if (w->loaded)
		return SQ_OK;
	e = db_meta_get(v->db, META, at, sizeof(at), &n);
	if (e == SQ_ENOENT) {
		(void)snprintf(w->types, sizeof(w->types), VIEWED_NEW);
		w->loaded = true;
		return SQ_OK;
	}
	if (e == SQ_OK && n != sizeof(at))
		e = SQ_EDAMAGE;
	if (e == SQ_OK) {
		bytes_rd_init(&r, at, sizeof(at));
		e = log_get(v->lg, bytes_rd_u64(&r), &en, root, why);
	}
	if (e == SQ_OK && (!is(&en, "_kind", "setting") ||
	    !is(&en, "setting", VIEWED) ||
	    (s = entry_str(&en, "value")) == NULL ||
	    strlen(s) >= sizeof(w->types)))
		e = SQ_EDAMAGE;
	if (e == SQ_OK) {
		(void)snprintf(w->types, sizeof(w->types), "%s", s);
		w->loaded = w->set = true;
	} else if (why != NULL && why->text[0] == '\0')
		err_why(why, e, "the setting «" VIEWED "» could not be read");
	free(s);
	entry_free(&en);
	return e;
}

/* Is ${type} in a list "a,b"? */
static bool
listed(const char *list, const char *type)
{
	size_t n = strlen(type), len;

	if (strcmp(list, "all") == 0)
		return true;
	for (const char *p = list; *p != '\0'; p += len + (p[len] == ',')) {
		len = strcspn(p, ",");
		if (len == n && memcmp(p, type, n) == 0)
			return true;
	}
	return false;
}

/* see vault_custody.h */
enum sq_err
vault_settings(struct vault *v, void (*cb)(void *arg,
    const struct vault_setting *s), void *arg, struct why *why)
{
	struct vault_setting s = { .name = VIEWED, .about = "types of "
	    "records of which it is recorded that they were shown" };
	enum sq_err e;

	if ((e = load(v, why)) != SQ_OK)
		return e;
	s.value = v->views.types;
	s.set = v->views.set;
	cb(arg, &s);
	return SQ_OK;
}

/* --- changing ------------------------------------------------------------ */

/* "all", "none", or names of types; what is stored goes to ${out}. */
static enum sq_err
check_types(const char *value, char *out, size_t cap, struct why *why)
{
	const struct model_type *types;
	char name[64];
	size_t n, len, at = 0, total;

	types = model_types(&total);
	out[0] = '\0';
	if (strcmp(value, "all") == 0 || strcmp(value, "none") == 0) {
		(void)snprintf(out, cap, "%s", value);
		return SQ_OK;
	}
	for (const char *p = value; *p != '\0'; p += len) {
		len = strcspn(p, ",");
		(void)snprintf(name, sizeof(name), "%.*s", (int)len, p);
		for (n = 0; n < total; n++)
			if (strcmp(types[n].name, name) == 0)
				break;
		if (n == total || at + len + 2 > cap)
			return err_why(why, SQ_EUSAGE, "«%s» is not a type of "
			    "records; write all, none, or types parted by "
			    "commas: testimony,contact", name);
		if (!listed(out, name))
			at += (size_t)snprintf(out + at, cap - at, "%s%s",
			    at > 0 ? "," : "", name);
		len += p[len] == ',';
	}
	return at > 0 ? SQ_OK : err_why(why, SQ_EUSAGE, "no value: write all,"
	    " none, or types parted by commas");
}

/* The entry, inside a transaction, and where it stands. */
static enum sq_err
put(struct vault *v, const char *value, struct why *why)
{
	struct model_inputs in = { 0 };
	struct record_make mk = { .in = &in, .kind = "setting" };
	struct vault_made made;
	uint8_t at[8];
	enum sq_err e;

	mk.type = model_type("custody");
	if ((e = model_inputs_add(&in, "action", NULL, "setting-changed")) ==
	    SQ_OK && (e = model_inputs_add(&in, "setting", NULL, VIEWED)) ==
	    SQ_OK && (e = model_inputs_add(&in, "value", NULL, value)) ==
	    SQ_OK && (e = vault_put_in(v, &mk, &made, why)) == SQ_OK) {
		bytes_le64(at, made.index);
		if ((e = db_meta_set(v->db, META, at, sizeof(at))) != SQ_OK)
			err_why(why, e, "not saved: %s", db_why(v->db));
	}
	model_inputs_free(&in);
	return e;
}

/* see vault_custody.h */
enum sq_err
vault_set(struct vault *v, const char *name, const char *value,
    struct why *why)
{
	char types[sizeof(v->views.types)];
	enum sq_err e;

	if (strcmp(name, VIEWED) != 0)
		return err_why(why, SQ_EUSAGE, "there is no setting «%s»; "
		    "there is: " VIEWED, name);
	if ((e = check_types(value, types, sizeof(types), why)) != SQ_OK ||
	    (e = load(v, why)) != SQ_OK)
		return e;
	if (strcmp(types, v->views.types) == 0)
		return SQ_OK;
	if ((e = vault_begin(v, why)) != SQ_OK)
		return e;
	if ((e = put(v, types, why)) != SQ_OK) {
		vault_abort(v);
		return e;
	}
	if ((e = vault_commit(v, why)) == SQ_OK || e == SQ_EUNSURE) {
		memcpy(v->views.types, types, sizeof(types));
		v->views.set = true;
	}
	return e;
}

/* --- what was shown ------------------------------------------------------ */

/* Was this record shown, or played, since the vault was opened? */
static bool
seen(const struct vault_views *w, const uint8_t id[LOG_RECORD_ID],
    bool played)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->seen[i].played == played && memcmp(w->seen[i].id, id,
		    LOG_RECORD_ID) == 0)
			return true;
	return false;
}

static enum sq_err
note(struct vault_views *w, const uint8_t id[LOG_RECORD_ID], bool played)
{
	void *p = realloc(w->seen, (w->n + 1) * sizeof(*w->seen));

	if (p == NULL)
		return SQ_ENOMEM;
	w->seen = p;
	memcpy(w->seen[w->n].id, id, LOG_RECORD_ID);
	w->seen[w->n++].played = played;
	return SQ_OK;
}

/* see vault_custody.h */
enum sq_err
vault_viewed(struct vault *v, const char *ref, const char *entry, bool played,
    struct why *why)
{
	const struct model_type *type = model_type_of(ref[0] >= 'a' ?
	    (char)(ref[0] - 32) : ref[0]);
	uint8_t id[LOG_RECORD_ID];
	enum sq_err e;

	if ((e = load(v, why)) != SQ_OK ||
	    (e = record_find(&v->cx, ref, id, why)) != SQ_OK)
		return e;
	if (type == NULL || (!played && !listed(v->views.types, type->name)) ||
	    seen(&v->views, id, played))
		return SQ_OK;
	if (v->readonly) {
		if (v->as_is || v->views.told)
			return SQ_OK;
		v->views.told = true;
		return err_why(why, SQ_EREADONLY, "the vault is read-only: "
		    "that this was shown is not recorded");
	}
	if ((e = vault_custody_event(v, played ? "played" : "viewed", ref,
	    entry, why)) != SQ_OK)
		return e;
	return note(&v->views, id, played);
}
