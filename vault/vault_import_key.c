/*
 * Records by a key: read once from verified entries, then found in memory.
 */
#include <stdlib.h>
#include <string.h>

#include "vault/vault_import_int.h"

static int
cmp(const void *a, const void *b)
{
	return strcmp(((const struct vault_import_key *)a)->value,
	    ((const struct vault_import_key *)b)->value);
}

static enum sq_err
put(struct vault_import_keys *k, char *value,
    const uint8_t id[LOG_RECORD_ID])
{
	size_t cap = k->cap;
	void *p;

	if (k->n == cap) {
		cap = cap ? 2 * cap : 256;
		if ((p = realloc(k->v, cap * sizeof(*k->v))) == NULL) {
			free(value);
			return SQ_ENOMEM;
		}
		k->v = p;
		k->cap = cap;
	}
	k->v[k->n] = (struct vault_import_key){ .value = value };
	memcpy(k->v[k->n++].id, id, LOG_RECORD_ID);
	return SQ_OK;
}

/* All values of the field in one entry. */
static enum sq_err
put_entry(struct vault_import_keys *k, const struct entry *en,
    const char *field, bool list, const uint8_t id[LOG_RECORD_ID])
{
	char name[ENTRY_MAX_NAME + 1];
	char *s;
	enum sq_err e = SQ_OK;

	for (size_t i = 0; e == SQ_OK; i++) {
		if (!list)
			s = i > 0 ? NULL : entry_str(en, field);
		else if ((e = entry_element(name, sizeof(name), field, i)) !=
		    SQ_OK)
			return e;
		else
			s = entry_str(en, name);
		if (s == NULL)
			break;
		e = put(k, s, id);
	}
	return e;
}

/* see vault_import_int.h */
enum sq_err
vault_import_keys_load(struct vault *v, const struct model_type *type,
    const char *field, struct vault_import_keys *ret, struct why *why)
{
	const struct model_field *f = model_field(type, field);
	bool list = f != NULL && (f->flags & MODEL_LIST) != 0;
	uint8_t (*ids)[LOG_RECORD_ID] = NULL;
	struct record_at at = { 0 };
	size_t n = 0, to = 0;
	enum sq_err e;

	if ((e = record_audit(&v->cx, why)) != SQ_OK ||
	    (e = record_list(&v->cx, type, 0, &ids, &n)) != SQ_OK)
		return e;
	for (size_t i = 0; i < n && e == SQ_OK; i++) {
		if ((e = record_newest(&v->cx, ids[i], &at, why)) == SQ_OK)
			e = put_entry(ret, &at.en, f == NULL ? "_ref" : field,
			    list, ids[i]);
		record_at_free(&at);
	}
	free(ids);
	if (e != SQ_OK || ret->n == 0)
		return e;
	qsort(ret->v, ret->n, sizeof(*ret->v), cmp);
	for (size_t i = 1; i < ret->n; i++) {
		if (strcmp(ret->v[to].value, ret->v[i].value) != 0) {
			ret->v[++to] = ret->v[i];
			continue;
		}
		ret->v[to].many = ret->v[to].many || memcmp(ret->v[to].id,
		    ret->v[i].id, LOG_RECORD_ID) != 0;
		free(ret->v[i].value);
	}
	ret->n = to + 1;
	return SQ_OK;
}

/* see vault_import_int.h */
struct vault_import_key *
vault_import_keys_find(const struct vault_import_keys *k, const char *value)
{
	struct vault_import_key want = { .value = (char *)(uintptr_t)value };

	return k->n == 0 ? NULL : bsearch(&want, k->v, k->n, sizeof(*k->v),
	    cmp);
}

/* see vault_import_int.h */
void
vault_import_keys_free(struct vault_import_keys *k)
{
	for (size_t i = 0; i < k->n; i++) {
		secret_wipe(k->v[i].value, strlen(k->v[i].value));
		free(k->v[i].value);
	}
	free(k->v);
	memset(k, 0, sizeof(*k));
}

/* FNV-1a; whoever chooses values to collide only slows his own import. */
static size_t
place(const struct vault_import_seen *s, const char *value)
{
	uint64_t h = 14695981039346656037u;
	size_t at;

	for (const char *p = value; *p != '\0'; p++)
		h = (h ^ (unsigned char)*p) * 1099511628211u;
	at = (size_t)h & (s->cap - 1);
	while (s->v[at] != NULL && strcmp(s->v[at], value) != 0)
		at = (at + 1) & (s->cap - 1);
	return at;
}

static enum sq_err
grow(struct vault_import_seen *s)
{
	struct vault_import_seen old = *s;

	s->cap = old.cap ? 2 * old.cap : 1024;
	if ((s->v = calloc(s->cap, sizeof(*s->v))) == NULL) {
		*s = old;
		return SQ_ENOMEM;
	}
	for (size_t i = 0; i < old.cap; i++)
		if (old.v[i] != NULL)
			s->v[place(s, old.v[i])] = old.v[i];
	free(old.v);
	return SQ_OK;
}

/* see vault_import_int.h */
enum sq_err
vault_import_see(struct vault_import_seen *s, const char *value,
    bool *ret_first)
{
	size_t at;
	enum sq_err e;

	if (2 * s->n >= s->cap && (e = grow(s)) != SQ_OK)
		return e;
	at = place(s, value);
	*ret_first = s->v[at] == NULL;
	if (!*ret_first)
		return SQ_OK;
	if ((s->v[at] = strdup(value)) == NULL)
		return SQ_ENOMEM;
	s->n++;
	return SQ_OK;
}

/* see vault_import_int.h */
void
vault_import_unsee(struct vault_import_seen *s)
{
	for (size_t i = 0; i < s->cap; i++) {
		if (s->v[i] != NULL)
			secret_wipe(s->v[i], strlen(s->v[i]));
		free(s->v[i]);
	}
	free(s->v);
	memset(s, 0, sizeof(*s));
}
