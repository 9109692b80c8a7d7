/*
 * People found by name: how often the right one, how soon, and what two plain
 * full-text indexes find.  Prints a table and asserts nothing.
 *
 *   bench_names SANDYQ FOLDER PEOPLE QUERIES [DEV]
 *
 * DEV is a table of people and the spellings of their names, each of whom is
 * put among the others and asked for by every other spelling.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/peer.h"
#include "tests/bench/people.h"
#include "tests/bench/plain.h"

#define TOP 10
#define SEED 20241107
#define AGAIN 50		/* one in so many is recorded twice */
#define SURE 4

static const double sure[SURE] = { 0.02, 0.04, 0.08, 0.12 };

struct bench {
	const char *sandyq, *dir;
	size_t n;
	uint64_t *who;		/* of P-(i + 1) */
	char **name;
	int *script;
	struct people *people;
	struct peer *shell;
	struct plain *word, *tri;
	char vault[512], pass[512];
};

struct tally {
	size_t n, first, ten, said[SURE], right[SURE];
	double *ms;
};

static void *
must(void *p)
{
	if (p == NULL) {
		perror("bench_names");
		exit(1);
	}
	return p;
}

/* --- the vault ---------------------------------------------------------- */

static void
begin(struct bench *b)
{
	const char *init[] = { b->sandyq, "--vault", b->vault,
	    "--passphrase-file", b->pass, "init", "--kdf-memory", "64",
	    "--kdf-passes", "3", "--kdf-lanes", "4", NULL };
	const char *shell[] = { b->sandyq, "--vault", b->vault,
	    "--passphrase-file", b->pass, "--json", "--quiet", "shell", "--out",
	    b->dir, NULL };
	char path[600];
	FILE *f;

	(void)snprintf(b->vault, sizeof(b->vault), "%s/v.sandyq", b->dir);
	(void)snprintf(b->pass, sizeof(b->pass), "%s/pass", b->dir);
	f = must(fopen(b->pass, "w"));
	fputs("correct horse battery staple\n", f);
	(void)fclose(f);
	(void)peer_run(init);
	b->shell = peer_new(shell);
	(void)snprintf(path, sizeof(path), "%s/word.db", b->dir);
	b->word = plain_names_new(path, false);
	(void)snprintf(path, sizeof(path), "%s/tri.db", b->dir);
	b->tri = plain_names_new(path, true);
}

static void
add(struct bench *b, FILE *f, size_t i, const char *name)
{
	fprintf(f, "{\"name\":\"%s\"}\n", name);
	plain_add(b->word, name, "");
	plain_add(b->tri, name, "");
	b->name[i] = must(strdup(name));
}

/* All people, in batches of 50,000; the dev set first. */
static void
fill(struct bench *b, char *const *dev, size_t n_dev)
{
	char name[PEOPLE_NAME], path[600], line[700];
	struct people_one one, again;
	double s, all = 0;
	FILE *f = NULL;

	(void)snprintf(path, sizeof(path), "%s/p.jsonl", b->dir);
	(void)snprintf(line, sizeof(line), "add person --from %s", path);
	plain_begin(b->word);
	plain_begin(b->tri);
	memset(&again, 0, sizeof(again));
	for (size_t i = 0; i < b->n; i++) {
		if (i % 50000 == 0)
			f = must(fopen(path, "w"));
		if (i < n_dev) {
			add(b, f, i, dev[i]);
			continue;
		}
		if (i % AGAIN == 1 && i > n_dev)
			one = again;
		else
			people_next(b->people, &one);
		again = one;
		b->who[i] = one.who;
		b->script[i] = people_write(b->people, &one, i % AGAIN == 1 ?
		    b->script[i - 1] : -1, name);
		add(b, f, i, name);
		if (i % 50000 == 49999 || i + 1 == b->n) {
			(void)fclose(f);
			(void)peer_ask(b->shell, line, &s);
			all += s;
		}
	}
	plain_commit(b->word);
	plain_commit(b->tri);
	printf("%-9zu people added                          %8.1f s\n", b->n,
	    all);
	(void)fflush(stdout);
}

/* --- asking ------------------------------------------------------------- */

/* The references of an answer, as indexes; how many. */
static size_t
refs(const char *json, size_t out[TOP], double far[TOP])
{
	size_t n = 0;

	for (const char *p = json; n < TOP &&
	    (p = strstr(p, "\"ref\":\"P-")) != NULL; n++) {
		const char *d, *next;

		p += 9;
		out[n] = strtoul(p, NULL, 10) - 1;
		next = strstr(p, "\"ref\":\"P-");
		d = strstr(p, "distance ");
		far[n] = d != NULL && (next == NULL || d < next) ?
		    strtod(d + 9, NULL) : 1;
	}
	return n;
}

/* Who is right: whoever has that name. */
static void
count(const struct bench *b, struct tally *t, const size_t *at, size_t n,
    uint64_t who, size_t only)
{
	for (size_t i = 0; i < n; i++)
		if (only != SIZE_MAX ? at[i] == only : b->who[at[i]] == who) {
			t->first += i == 0;
			t->ten++;
			break;
		}
	t->n++;
}

/* A quoted line of the shell; a name holds neither quote nor backslash. */
static size_t
ask(struct bench *b, const char *name, double *ms, size_t at[TOP],
    double far[TOP])
{
	char line[PEOPLE_NAME + 64];
	const char *json;
	double s;
	size_t n;

	(void)snprintf(line, sizeof(line), "search --limit %d \"%s\"", TOP,
	    name);
	json = peer_ask(b->shell, line, &s);
	*ms = s * 1e3;
	n = refs(json, at, far);
	return n;
}

static int
cmp(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void
row(const char *what, const struct tally *t)
{
	printf("%-28s %6zu  recall@1 %6.2f %%  recall@10 %6.2f %%", what, t->n,
	    t->n == 0 ? 0 : 100.0 * (double)t->first / (double)t->n,
	    t->n == 0 ? 0 : 100.0 * (double)t->ten / (double)t->n);
	if (t->ms != NULL && t->n > 0) {
		qsort(t->ms, t->n, sizeof(*t->ms), cmp);
		printf("  p50 %6.2f ms  p99 %6.2f ms", t->ms[t->n / 2],
		    t->ms[(size_t)(0.99 * (double)(t->n - 1))]);
	}
	printf("\n");
	(void)fflush(stdout);
}

/* Everything that is counted while asking. */
struct counts {
	struct tally all, word, tri, by[8];
};

/* Ask for one person by another paper. */
static void
ask_one(struct bench *b, struct counts *c, size_t i,
    const struct people_one *one, const char *had)
{
	char name[PEOPLE_NAME];
	int s = people_write(b->people, one, b->script[i], name);
	size_t was = c->all.ten, first = c->all.first, at[TOP], n;
	double far[TOP];

	n = ask(b, name, &c->all.ms[c->all.n], at, far);
	count(b, &c->all, at, n, one->who, SIZE_MAX);
	c->by[s].n++;
	c->by[s].ten += c->all.ten - was;
	c->by[s].first += c->all.first - first;
	if (getenv("SHOW") != NULL && c->all.first == first)
		printf("# %s\t%s\t%s\n", name, had, n > 0 ?
		    b->name[at[0]] : "");
	/* said to be the same person, in another record */
	for (size_t k = 0; k < n; k++)
		for (int j = 0; j < SURE; j++)
			if (at[k] != i && far[k] <= sure[j]) {
				c->all.said[j]++;
				c->all.right[j] += b->who[at[k]] == one->who;
			}
	n = plain_names_find(b->word, name, at, &c->word.ms[c->word.n]);
	count(b, &c->word, at, n, one->who, SIZE_MAX);
	n = plain_names_find(b->tri, name, at, &c->tri.ms[c->tri.n]);
	count(b, &c->tri, at, n, one->who, SIZE_MAX);
}

static void
report(const struct counts *c)
{
	char name[64];

	row("sandyq search", &c->all);
	for (int s = 0; s < 7; s++)
		if (c->by[s].n > 0) {
			(void)snprintf(name, sizeof(name), "  asked in %s",
			    people_script(s));
			row(name, &c->by[s]);
		}
	for (int j = 0; j < SURE; j++)
		printf("another record within %.2f   %6zu  precision %6.2f "
		    "%%\n", sure[j], c->all.said[j], c->all.said[j] == 0 ? 0 :
		    100.0 * (double)c->all.right[j] / (double)c->all.said[j]);
	row("FTS5 unicode61", &c->word);
	row("FTS5 trigram", &c->tri);
}

/* Ask for people of the vault by other papers of theirs. */
static void
others(struct bench *b, size_t queries, size_t n_dev)
{
	struct counts c = { .all = { .n = 0 } };
	struct people *again = people_new(SEED);
	struct people_one one, last;
	char name[PEOPLE_NAME];
	size_t step = (b->n - n_dev) / queries;

	step = step == 0 ? 1 : step;
	c.all.ms = must(calloc(queries, sizeof(double)));
	c.word.ms = must(calloc(queries, sizeof(double)));
	c.tri.ms = must(calloc(queries, sizeof(double)));
	memset(&last, 0, sizeof(last));
	/* the same people as in fill; what is asked comes of another seed */
	for (size_t i = n_dev; i < b->n && c.all.n < queries; i++) {
		if (i % AGAIN == 1 && i > n_dev)
			one = last;
		else
			people_next(again, &one);
		last = one;
		(void)people_write(again, &one, i % AGAIN == 1 ?
		    b->script[i - 1] : -1, name);
		if ((i - n_dev) % step == 0)
			ask_one(b, &c, i, &one, name);
	}
	report(&c);
	free(c.all.ms);
	free(c.word.ms);
	free(c.tri.ms);
	people_free(again);
}

/* --- the dev set -------------------------------------------------------- */

#define DEV_MAX 64
#define DEV_NAMES 32

/* A line's names, the fields parted by tabs and semicolons. */
static size_t
dev_read(const char *path, char *names[DEV_MAX][DEV_NAMES], size_t *n)
{
	FILE *f = fopen(path, "r");
	char line[4096], *p;
	size_t k = 0;

	while (f != NULL && k < DEV_MAX && fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#' || (p = strchr(line, '\t')) == NULL)
			continue;
		n[k] = 0;
		for (p = strtok(p, "\t;"); p != NULL && n[k] < DEV_NAMES;
		    p = strtok(NULL, "\t;"))
			names[k][n[k]++] = must(strdup(p));
		k++;
	}
	if (f != NULL)
		(void)fclose(f);
	return k;
}

static void
dev_ask(struct bench *b, char *names[DEV_MAX][DEV_NAMES], const size_t *n,
    size_t k)
{
	struct tally t = { .ms = must(calloc(DEV_MAX * DEV_NAMES,
	    sizeof(double))) };
	struct tally word = { 0 }, tri = { 0 };
	size_t at[TOP], got;
	double far[TOP], ms;

	for (size_t i = 0; i < k; i++)
		for (size_t j = 1; j < n[i]; j++) {
			got = ask(b, names[i][j], &t.ms[t.n], at, far);
			count(b, &t, at, got, 0, i);
			got = plain_names_find(b->word, names[i][j], at, &ms);
			count(b, &word, at, got, 0, i);
			got = plain_names_find(b->tri, names[i][j], at, &ms);
			count(b, &tri, at, got, 0, i);
		}
	row("dev set, sandyq search", &t);
	row("dev set, FTS5 unicode61", &word);
	row("dev set, FTS5 trigram", &tri);
	free(t.ms);
}

int
main(int argc, char **argv)
{
	static char *names[DEV_MAX][DEV_NAMES], *dev[DEV_MAX];
	static size_t n[DEV_MAX];
	struct bench b = { .n = 0 };
	size_t k = 0;

	if (argc < 5) {
		fputs("usage: see bench_names.c\n", stderr);
		return 3;
	}
	b.sandyq = argv[1];
	b.dir = argv[2];
	b.n = strtoul(argv[3], NULL, 10);
	b.who = must(calloc(b.n, sizeof(*b.who)));
	b.name = must(calloc(b.n, sizeof(*b.name)));
	b.script = must(calloc(b.n, sizeof(*b.script)));
	b.people = people_new(SEED);
	if (argc > 5)
		k = dev_read(argv[5], names, n);
	for (size_t i = 0; i < k; i++)
		dev[i] = names[i][0];
	begin(&b);
	fill(&b, dev, k);
	others(&b, strtoul(argv[4], NULL, 10), k);
	if (k > 0)
		dev_ask(&b, names, n, k);
	peer_free(b.shell);
	plain_free(b.word);
	plain_free(b.tri);
	people_free(b.people);
	return 0;
}
