/*
 * Is every value that is missing one that an erase entry names, and is every
 * value gone that one names?  A gap that no entry explains is damage; a value
 * that is there again came from an older page put back.  See vault_int.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/vault_int.h"

static enum sq_err
put(struct vault_names *l, uint64_t index, const char *name, size_t n)
{
	char *s, **p;
	size_t cap;

	if (l->n == l->cap) {
		cap = l->cap ? 2 * l->cap : 64;
		if ((p = realloc(l->v, cap * sizeof(*p))) == NULL)
			return SQ_ENOMEM;
		l->v = p;
		l->cap = cap;
	}
	if ((s = malloc(n + 24)) == NULL)
		return SQ_ENOMEM;
	(void)snprintf(s, n + 24, "%llu %.*s", (unsigned long long)index,
	    (int)n, name);
	l->v[l->n++] = s;
	return SQ_OK;
}

/* One line of an erase entry: an index, and names behind it. */
static enum sq_err
line(struct vault_gaps *g, const char *s)
{
	char *end;
	uint64_t index = strtoull(s, &end, 10);
	size_t n;
	enum sq_err e = SQ_OK;

	while (*end == ' ' && e == SQ_OK) {
		n = strcspn(++end, " ");
		e = put(&g->named, index, end, n);
		end += n;
	}
	return e;
}

/* Take in one entry of the log. */
static enum sq_err
note(void *arg, uint64_t index, const struct entry *en)
{
	struct vault_gaps *g = arg;
	char *kind = entry_str(en, "_kind"), *s;
	char name[ENTRY_MAX_NAME + 1];
	bool erase = kind != NULL && strcmp(kind, "erase") == 0;
	enum sq_err e = SQ_OK;

	free(kind);
	for (size_t i = 0; i < en->n && e == SQ_OK; i++)
		if (en->fields[i].form == ENTRY_ERASED)
			e = put(&g->missing, index, en->fields[i].name,
			    strlen(en->fields[i].name));
	for (size_t i = 0; erase && e == SQ_OK && entry_element(name,
	    sizeof(name), "erased", i) == SQ_OK && (s = entry_str(en, name)) !=
	    NULL; i++) {
		e = line(g, s);
		free(s);
	}
	return e;
}

/* see vault_erase_int.h */
enum sq_err
vault_erased_gather(struct vault *v, struct vault_gaps *g, struct why *why)
{
	return log_each(v->lg, note, g, why);
}

static int
cmp(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
sort(struct vault_names *l)
{
	if (l->n > 1)
		qsort(l->v, l->n, sizeof(*l->v), cmp);
}

static bool
has(const struct vault_names *l, char *s)
{
	return l->n > 0 && bsearch(&s, l->v, l->n, sizeof(*l->v), cmp) != NULL;
}

/* see vault_erase_int.h */
void
vault_erased_judge(struct vault_gaps *g, void (*cb)(void *arg,
    const char *what, const char *where), void *arg)
{
	sort(&g->missing);
	sort(&g->named);
	for (size_t i = 0; i < g->missing.n; i++)
		if (!has(&g->named, g->missing.v[i]))
			cb(arg, "gap", g->missing.v[i]);
	for (size_t i = 0; i < g->named.n; i++)
		if (!has(&g->missing, g->named.v[i]))
			cb(arg, "unerased", g->named.v[i]);
}

static void
drop(struct vault_names *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i]);
	free(l->v);
}

/* see vault_erase_int.h */
void
vault_erased_end(struct vault_gaps *g)
{
	drop(&g->missing);
	drop(&g->named);
	memset(g, 0, sizeof(*g));
}
