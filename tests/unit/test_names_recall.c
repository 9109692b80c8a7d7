/*
 * Names found as other papers spell them: people whose names are pairs of
 * tests/vectors/names.tsv, each written in one script, are asked for in all
 * of them.  Seeded; the limits are what was measured, less a little.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "vault/record/names.h"

#define NAMES 200
#define SPELLINGS 6
#define PEOPLE 1500
#define QUERIES 500

enum { LATIN, CYRILLIC, CHINESE, PINYIN, ARABIC, SCRIPTS };

static struct {
	char *v[SCRIPTS][SPELLINGS];
	unsigned n[SCRIPTS];
} name[NAMES];
static unsigned names;

static struct {
	unsigned a, b;
	char *key;
	struct names_terms terms;
} person[PEOPLE];

static unsigned
below(unsigned n)
{
	static uint64_t state = 20261127;

	state = state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)((state >> 33) % n);
}

static int
read_names(void **state)
{
	char line[1024], *at, *cell, *one;
	FILE *f = fopen("tests/vectors/names.tsv", "r");

	(void)state;
	assert_non_null(f);
	while (fgets(line, sizeof(line), f) != NULL && names < NAMES) {
		if (line[0] == '#')
			continue;
		line[strcspn(line, "\n")] = '\0';
		at = line;
		for (int s = 0; s < SCRIPTS; s++) {
			cell = strsep(&at, "\t");
			while (cell != NULL && (one = strsep(&cell, ";")) !=
			    NULL && name[names].n[s] < SPELLINGS)
				name[names].v[s][name[names].n[s]++] =
				    strdup(one);
			assert_true(name[names].n[s] > 0);
		}
		names++;
	}
	(void)fclose(f);
	assert_true(names > 100);
	return 0;
}

static int
free_all(void **state)
{
	(void)state;
	for (unsigned i = 0; i < names; i++)
		for (int s = 0; s < SCRIPTS; s++)
			for (unsigned k = 0; k < name[i].n[s]; k++)
				free(name[i].v[s][k]);
	for (unsigned i = 0; i < PEOPLE; i++) {
		names_terms_free(&person[i].terms);
		free(person[i].key);
	}
	return 0;
}

/* The key of two names as a paper in that script has them. */
static char *
key(unsigned a, unsigned b, int s)
{
	char text[256];
	struct bytes_buf out = { 0 };

	(void)snprintf(text, sizeof(text), "%s%s%s",
	    name[a].v[s][below(name[a].n[s])], s != CHINESE ? " " :
	    below(5) > 0 ? "·" : "", name[b].v[s][below(name[b].n[s])]);
	assert_int_equal(names_key(text, strlen(text), &out), SQ_OK);
	return bytes_str(&out);
}

static bool
taken(unsigned n, unsigned a, unsigned b)
{
	for (unsigned i = 0; i < n; i++)
		if ((person[i].a == a && person[i].b == b) ||
		    (person[i].a == b && person[i].b == a))
			return true;
	return false;
}

static void
make_people(void)
{
	unsigned a, b;

	for (unsigned i = 0; i < PEOPLE; i++) {
		do {
			a = below(names);
			b = below(names);
		} while (taken(i, a, b));
		person[i].a = a;
		person[i].b = b;
		person[i].key = key(a, b, (int)below(SCRIPTS));
		assert_non_null(person[i].key);
		assert_int_equal(names_terms(person[i].key,
		    strlen(person[i].key), &person[i].terms), SQ_OK);
	}
}

/* Have two lists of terms, parted by spaces, one in common? */
static bool
meet(const char *a, const char *b)
{
	size_t n, m;

	for (; *a != '\0'; a += n + (a[n] == ' ')) {
		n = strcspn(a, " ");
		for (const char *p = b; *p != '\0'; p += m + (p[m] == ' '))
			if ((m = strcspn(p, " ")) == n && n > 0 &&
			    memcmp(p, a, n) == 0)
				return true;
	}
	return false;
}

static bool
groups_meet(const struct names_group *a, const struct names_group *b)
{
	return meet(a->exact, b->exact) || meet(a->exact, b->near) ||
	    meet(a->near, b->exact) || meet(a->near, b->near);
}

/* Would the index offer one for the other? */
static bool
offered(const struct names_terms *q, const struct names_terms *d)
{
	if (groups_meet(&q->whole, &d->whole))
		return true;
	for (size_t i = 0; i < q->n; i++) {
		if (groups_meet(&q->part[i], &d->whole))
			return true;
		for (size_t k = 0; k < d->n; k++)
			if (groups_meet(&q->part[i], &d->part[k]) ||
			    groups_meet(&q->whole, &d->part[k]))
				return true;
	}
	return false;
}

/* How many others are nearer to ${q} than person ${i}. */
static unsigned
nearer(const char *q, unsigned i)
{
	struct names_match m, other;
	unsigned n = 0;

	names_compare(q, strlen(q), person[i].key, strlen(person[i].key), &m);
	for (unsigned k = 0; k < PEOPLE; k++) {
		names_compare(q, strlen(q), person[k].key,
		    strlen(person[k].key), &other);
		n += k != i && other.distance < m.distance;
	}
	return n;
}

static void
test_recall(void **state)
{
	struct names_terms t;
	unsigned first = 0, ten = 0, i, n;
	char *q;

	(void)state;
	make_people();
	for (unsigned k = 0; k < QUERIES; k++) {
		i = below(PEOPLE);
		q = key(person[i].a, person[i].b, (int)below(SCRIPTS));
		assert_int_equal(names_terms(q, strlen(q), &t), SQ_OK);
		n = nearer(q, i);
		first += n == 0 && offered(&t, &person[i].terms);
		ten += n < 10 && offered(&t, &person[i].terms);
		names_terms_free(&t);
		free(q);
	}
	print_message("# first %u, among ten %u of %u\n", first, ten, QUERIES);
	assert_true(first * 1000 >= QUERIES * 985);
	assert_true(ten * 1000 >= QUERIES * 996);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_recall)
	};

	return cmocka_run_group_tests(tests, read_names, free_all);
}
