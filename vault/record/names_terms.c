/*
 * What a key is looked up by: of each word the classes of its consonants, in
 * which the scripts agree, and the same with any one of them missing, so that
 * two words meet that differ by one sound added, lost or changed.  Two words
 * are besides taken as one, in either order, for Chinese is often written
 * without a dot between them.
 */
#include <stdlib.h>
#include <string.h>

#include "vault/record/names_int.h"

/* Sounds and the class each belongs to; vowels, y and w belong to none. */
static const char sounds[] = "pbfPBFtdTDkqghKGHsxzSXZCcjJQVlrLRmMnN";
static const char class[] =  "bbbbbbddddkkkkkkksssssssjjjjjllllmmnn";

#define CLASSES_MAX 24
#define READINGS 4

struct classes {
	char s[CLASSES_MAX + 1];
	size_t n;
};

static void
classes_of(const char *s, size_t n, struct classes *c)
{
	const char *at;

	c->n = 0;
	for (size_t i = 0; i < n && c->n < CLASSES_MAX; i++)
		if ((at = strchr(sounds, s[i])) != NULL)
			c->s[c->n++] = class[at - sounds];
	if (c->n == 0)
		c->s[c->n++] = 'a';	/* nothing but vowels */
}

/* Append a term unless it is there. */
static void
term_put(struct bytes_buf *b, const char *s, size_t n)
{
	const char *p = (const char *)b->p;

	for (size_t at = 0, len; at < b->len; at += len + 1) {
		for (len = 0; at + len < b->len && p[at + len] != ' '; len++)
			continue;
		if (len == n && memcmp(p + at, s, n) == 0)
			return;
	}
	if (b->len > 0)
		bytes_put_u8(b, ' ');
	bytes_put(b, s, n);
}

/* A word of classes and, if it has at least ${min}, those of one fewer. */
static void
terms_put(const struct classes *c, size_t min, struct bytes_buf *exact,
    struct bytes_buf *near)
{
	char s[CLASSES_MAX];

	term_put(exact, c->s, c->n);
	if (c->n < min)
		return;
	for (size_t i = 0; i < c->n; i++) {
		memcpy(s, c->s, i);
		memcpy(s + i, c->s + i + 1, c->n - i - 1);
		term_put(near, s, c->n - 1);
	}
}

/* The readings of the words of a key. */
struct parsed {
	struct {
		struct classes v[READINGS];
		size_t n;
		bool minor;
	} part[NAMES_PARTS];
	size_t n;
};

/*
 * A reading's classes.  What Chinese ends with n may end with m, which no
 * syllable of Mandarin does: Ibrahim is Yibulayin.
 */
static void
take_reading(const char *s, size_t len, struct classes *v, size_t *n)
{
	if (*n == READINGS)
		return;
	classes_of(s, len, &v[(*n)++]);
	if (len == 0 || s[len - 1] != 'N' || *n == READINGS)
		return;
	v[*n] = v[*n - 1];
	v[*n].s[v[*n].n - 1] = 'm';
	(*n)++;
}

static void
parse(const char *key, size_t n, struct parsed *p)
{
	size_t len;

	p->n = 0;
	for (size_t at = 0; at < n && p->n < NAMES_PARTS; p->n++) {
		p->part[p->n].minor = key[at] == '-';
		p->part[p->n].n = 0;
		do {
			at++;
			for (len = 0; at + len < n && key[at + len] != ' ' &&
			    key[at + len] != '/'; len++)
				continue;
			take_reading(key + at, len, p->part[p->n].v,
			    &p->part[p->n].n);
			at += len;
		} while (at < n && key[at] == '/');
		at++;
	}
}

/* Both words as one, of all their readings. */
static void
join(const struct parsed *p, size_t a, size_t b, struct bytes_buf *exact,
    struct bytes_buf *near)
{
	struct classes c;

	for (size_t i = 0; i < p->part[a].n; i++)
		for (size_t k = 0; k < p->part[b].n; k++) {
			const struct classes *x = &p->part[a].v[i];
			const struct classes *y = &p->part[b].v[k];

			c.n = x->n + y->n > CLASSES_MAX ? CLASSES_MAX :
			    x->n + y->n;
			memcpy(c.s, x->s, x->n);
			memcpy(c.s + x->n, y->s, c.n - x->n);
			terms_put(&c, 4, exact, near);
		}
}

static enum sq_err
take(struct bytes_buf *exact, struct bytes_buf *near, struct names_group *g)
{
	g->exact = bytes_str(exact);
	g->near = bytes_str(near);
	exact->len = near->len = 0;
	return g->exact == NULL || g->near == NULL ? SQ_ENOMEM : SQ_OK;
}

/* see names.h */
enum sq_err
names_terms(const char *key, size_t n, struct names_terms *ret)
{
	struct names_terms t = { .n = 0 };
	struct bytes_buf exact = { 0 }, near = { 0 };
	struct parsed p;
	enum sq_err e = SQ_OK;

	parse(key, n, &p);
	for (size_t i = 0; i < p.n && e == SQ_OK; i++) {
		/* a title is looked up only where there is nothing else */
		if (p.part[i].minor && p.n > 1)
			continue;
		for (size_t k = 0; k < p.part[i].n; k++)
			terms_put(&p.part[i].v[k], 3, &exact, &near);
		e = take(&exact, &near, &t.part[t.n++]);
	}
	for (size_t i = 0; i < p.n; i++)
		for (size_t k = i + 1; k < p.n && k < i + 3; k++) {
			if (p.part[i].minor || p.part[k].minor)
				continue;
			join(&p, i, k, &exact, &near);
			join(&p, k, i, &exact, &near);
		}
	if (e == SQ_OK)
		e = take(&exact, &near, &t.whole);
	bytes_free(&exact);
	bytes_free(&near);
	if (e != SQ_OK) {
		names_terms_free(&t);
		return e;
	}
	*ret = t;
	return SQ_OK;		/* transferred */
}

/* see names.h */
void
names_terms_free(struct names_terms *t)
{
	for (size_t i = 0; i < t->n; i++) {
		free(t->part[i].exact);
		free(t->part[i].near);
	}
	free(t->whole.exact);
	free(t->whole.near);
	memset(t, 0, sizeof(*t));
}
