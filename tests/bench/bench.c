/*
 * The program held against plain SQLCipher and bare Argon2id: ratios of times
 * taken in one run, pair by pair in turn.  Prints a table and asserts
 * nothing.  tests/bench/run.sh starts it.
 *
 *   bench measure SANDYQ VERIFY FOLDER BATCH LABEL
 *   bench argon2 KIB PASSES LANES
 *   bench plain DATABASE
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "tests/bench/peer.h"
#include "tests/bench/plain.h"
#include "tests/bench/text.h"

#define BATCHES 10
#define SINGLES 100
#define STARTS 15
#define EXPORTS 5
#define QUERIES 200

struct bench {
	const char *self, *sandyq, *verify, *dir;
	size_t batch;		/* records of one batch; BATCHES of them */
	const char *label;
	struct peer *shell;
	struct plain *plain;
	struct peer *other;	/* plain in a process of its own, to search */
	struct text *text;
	char vault[512], pass[512], path[512];
};

/* --- numbers ---------------------------------------------------------- */

static int
cmp(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The value below which the share q of them lie; sorts. */
static double
quantile(double *v, size_t n, double q)
{
	size_t at = (size_t)(q * (double)(n - 1));

	qsort(v, n, sizeof(*v), cmp);
	return v[at];
}

/* One line of the table. */
static void
row(const struct bench *b, const char *what, const char *stat, double ours,
    double theirs, const char *unit, const char *aim)
{
	printf("%-8s %-27s %-4s %9.2f %s", b->label, what, stat, ours, unit);
	if (theirs > 0)
		printf(" %9.2f %s %6.2f", theirs, unit, ours / theirs);
	else
		printf("%20s", "");
	printf("%s%s\n", *aim == '\0' ? "" : "  aim ", aim);
	(void)fflush(stdout);
}

static void
ratio(const struct bench *b, const char *what, const char *stat, double ours,
    double theirs, const char *aim)
{
	row(b, what, stat, ours * 1e3, theirs * 1e3, "ms", aim);
}

static void
alone(const struct bench *b, const char *what, const char *stat, double s,
    const char *aim)
{
	row(b, what, stat, s * 1e3, 0, "ms", aim);
}

/* --- setting up ------------------------------------------------------- */

static const char *
in_dir(struct bench *b, const char *name)
{
	(void)snprintf(b->path, sizeof(b->path), "%s/%s", b->dir, name);
	return b->path;
}

static FILE *
create(const char *path)
{
	FILE *f = fopen(path, "w");

	if (f == NULL) {
		perror(path);
		exit(1);
	}
	return f;
}

static void
begin(struct bench *b)
{
	const char *init[] = { b->sandyq, "--vault", b->vault,
	    "--passphrase-file", b->pass, "init", "--kdf-memory", "64",
	    "--kdf-passes", "3", "--kdf-lanes", "4", NULL };
	const char *shell[] = { b->sandyq, "--vault", b->vault,
	    "--passphrase-file", b->pass, "--json", "--quiet", "shell", "--out",
	    b->dir, NULL };
	FILE *f;

	(void)snprintf(b->vault, sizeof(b->vault), "%s/v.sandyq", b->dir);
	(void)snprintf(b->pass, sizeof(b->pass), "%s/pass", b->dir);
	f = create(b->pass);
	fputs("correct horse battery staple\n", f);
	(void)fclose(f);
	(void)peer_run(init);
	if (mkdir(in_dir(b, "out"), 0700) != 0)
		exit(1);
	b->shell = peer_new(shell);
	b->plain = plain_new(in_dir(b, "plain.db"), true);
	b->text = text_new(20240314);
}

static void
end(struct bench *b)
{
	struct stat st;
	char path[600];
	long long ours = -1, theirs = -1;

	peer_free(b->shell);
	plain_free(b->plain);
	text_free(b->text);
	(void)snprintf(path, sizeof(path), "%s/vault.db", b->vault);
	if (stat(path, &st) == 0)
		ours = (long long)st.st_size;
	if (stat(in_dir(b, "plain.db"), &st) == 0)
		theirs = (long long)st.st_size;
	row(b, "size of the database", "", (double)ours / 1e6,
	    (double)theirs / 1e6, "MB", "");
}

/* --- (2) batches ------------------------------------------------------ */

static void
doc_free(struct text_doc *d)
{
	free(d->title);
	free(d->text);
}

/* One batch into both; ours first or second in turn. */
static void
batch(struct bench *b, unsigned k, double *ours, double *theirs)
{
	struct text_doc *d = calloc(b->batch, sizeof(*d));
	char **title = calloc(b->batch, sizeof(*title)), line[700];
	char **text = calloc(b->batch, sizeof(*text));
	FILE *f = create(in_dir(b, "batch.jsonl"));
	double from;

	if (d == NULL || title == NULL || text == NULL)
		abort();
	for (size_t i = 0; i < b->batch; i++) {
		text_next(b->text, &d[i]);
		title[i] = text_pairs(d[i].title);
		text[i] = text_pairs(d[i].text);
		fprintf(f, "{\"summary\":\"%s\",\"text\":[{\"value\":\"%s\","
		    "\"lang\":\"%s\"}]}\n", d[i].title, d[i].text, d[i].lang);
	}
	(void)fclose(f);
	(void)snprintf(line, sizeof(line), "add testimony --from %s", b->path);
	for (unsigned turn = 0; turn < 2; turn++)
		if ((turn + k) % 2 == 0) {
			(void)peer_ask(b->shell, line, ours);
		} else {
			from = peer_now();
			plain_begin(b->plain);
			for (size_t i = 0; i < b->batch; i++)
				plain_add(b->plain, title[i], text[i]);
			plain_commit(b->plain);
			*theirs = peer_now() - from;
		}
	for (size_t i = 0; i < b->batch; i++) {
		doc_free(&d[i]);
		free(title[i]);
		free(text[i]);
	}
	(void)remove(b->path);
	free(d);
	free(title);
	free(text);
}

/* --- (3) one by one --------------------------------------------------- */

static void
singles(struct bench *b)
{
	double ours[SINGLES], theirs[SINGLES], from;
	char *line = malloc(16384), *text;
	struct text_doc d;

	if (line == NULL)
		abort();
	for (unsigned i = 0; i < SINGLES; i++) {
		text_next(b->text, &d);
		text = text_pairs(d.text);
		(void)snprintf(line, 16384, "add testimony \"summary=%s\" "
		    "\"text.%s=%s\"", d.title, d.lang, d.text);
		(void)peer_ask(b->shell, line, &ours[i]);
		from = peer_now();
		plain_begin(b->plain);
		plain_add(b->plain, d.title, text);
		plain_commit(b->plain);
		theirs[i] = peer_now() - from;
		free(text);
		doc_free(&d);
	}
	ratio(b, "one durable transaction", "p50",
	    quantile(ours, SINGLES, 0.5), quantile(theirs, SINGLES, 0.5),
	    "1.5");
	free(line);
}

/* --- (1) unlock to first record --------------------------------------- */

static void
starts(struct bench *b, const char *what)
{
	const char *show[] = { b->sandyq, "--vault", b->vault,
	    "--passphrase-file", b->pass, "show", "T-1", NULL };
	const char *kdf[] = { b->self, "argon2", "65536", "3", "4", NULL };
	const char *shell[] = { b->sandyq, "--vault", b->vault,
	    "--passphrase-file", b->pass, "--json", "--quiet", "shell", "--out",
	    b->dir, NULL };
	double ours[STARTS], theirs[STARTS], more[STARTS];

	peer_free(b->shell);
	for (unsigned i = 0; i < STARTS; i++) {
		ours[i] = peer_run(show);
		theirs[i] = peer_run(kdf);
		more[i] = ours[i] - theirs[i];
	}
	b->shell = peer_new(shell);
	ratio(b, what, "p50", quantile(ours, STARTS, 0.5),
	    quantile(theirs, STARTS, 0.5), "");
	alone(b, "... beyond bare Argon2id", "p50",
	    quantile(more, STARTS, 0.5), "30 ms");
}

/* --- (4) search ------------------------------------------------------- */

/* Both ways to ask for one word. */
static void
ask(struct bench *b, const char *word, bool prefix, double *ours,
    double *theirs)
{
	char line[160], match[160];

	(void)snprintf(line, sizeof(line), "search --limit 20 %s%s", word,
	    prefix ? "*" : "");
	(void)snprintf(match, sizeof(match), "{title name text} : (\"%s\"%s)",
	    word, prefix ? " *" : "");
	(void)peer_ask(b->shell, line, ours);
	(void)peer_ask(b->other, match, theirs);
}

static void
searches(struct bench *b, const char *what, const char **word, size_t n,
    bool prefix)
{
	double ours[QUERIES], theirs[QUERIES];

	if (n == 0)
		return;
	for (unsigned pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < n; i++)
			ask(b, word[i], prefix, &ours[i], &theirs[i]);
	ratio(b, what, "p50", quantile(ours, n, 0.5),
	    quantile(theirs, n, 0.5), "1.3");
	ratio(b, what, "p99", quantile(ours, n, 0.99),
	    quantile(theirs, n, 0.99), "1.3");
}

/* Two letters each, no pair twice. */
static size_t
prefixes(const char **word, size_t n, char (*out)[8], const char **ret)
{
	size_t k = 0, len, j;

	for (size_t i = 0; i < n; i++) {
		for (len = 1; (word[i][len] & 0xc0) == 0x80; len++)
			continue;
		for (len++; (word[i][len] & 0xc0) == 0x80; len++)
			continue;
		(void)snprintf(out[k], 8, "%.*s", (int)len, word[i]);
		for (j = 0; j < k && strcmp(out[j], out[k]) != 0; j++)
			continue;
		ret[k] = out[k];
		k += j == k;
	}
	return k;
}

static void
all_searches(struct bench *b)
{
	unsigned all = (unsigned)b->batch * BATCHES;
	char db[700];
	const char *plain[] = { b->self, "plain", db, NULL };
	const char *word[QUERIES], *two[QUERIES];
	char pair[QUERIES][8];
	size_t n;

	(void)snprintf(db, sizeof(db), "%s", in_dir(b, "plain.db"));
	plain_free(b->plain);
	b->other = peer_new(plain);
	n = text_pick(b->text, 1, 9, QUERIES, word);
	searches(b, "search, rare word", word, n, false);
	n = text_pick(b->text, all / 10 - all / 50, all / 10 + all / 50,
	    QUERIES, word);
	searches(b, "search, word in a tenth", word, n, false);
	n = text_pick(b->text, 2, all, QUERIES, word);
	searches(b, "search, two letters*", two, prefixes(word, n, pair, two),
	    true);
	peer_free(b->other);
	b->plain = plain_new(db, false);
}

/* --- (5) export and verify -------------------------------------------- */

/* The text of a member of a one-line answer. */
static void
member(const char *json, const char *name, char *out, size_t cap)
{
	char key[64];
	const char *p;

	(void)snprintf(key, sizeof(key), "\"%s\":\"", name);
	if ((p = strstr(json, key)) == NULL)
		abort();
	p += strlen(key);
	(void)snprintf(out, cap, "%.*s", (int)strcspn(p, "\""), p);
}

/* A case of a tenth of a batch, every witness agreeing, and a recipient. */
static void
make_case(struct bench *b)
{
	char line[1200], key[128];
	FILE *f;

	f = create(in_dir(b, "case.json"));
	fprintf(f, "{\"title\":\"District files\",\"item\":[");
	for (size_t i = 1; i <= b->batch / 10; i++)
		fprintf(f, "%s\"T-%zu\"", i > 1 ? "," : "", i);
	fprintf(f, "]}\n");
	(void)fclose(f);
	(void)snprintf(line, sizeof(line), "add case --from %s", b->path);
	(void)peer_ask(b->shell, line, NULL);
	f = create(in_dir(b, "consent.jsonl"));
	for (size_t i = 1; i <= b->batch / 10; i++)
		fprintf(f, "{\"about\":\"T-%zu\",\"scope\":\"share\","
		    "\"decision\":\"yes\"}\n", i);
	(void)fclose(f);
	(void)snprintf(line, sizeof(line), "add consent --from %s", b->path);
	(void)peer_ask(b->shell, line, NULL);
	(void)snprintf(line, sizeof(line), "key new -o %s",
	    in_dir(b, "lawyer.key"));
	member(peer_ask(b->shell, line, NULL), "recipient", key, sizeof(key));
	(void)snprintf(line, sizeof(line), "recipient add Counsel %s", key);
	(void)peer_ask(b->shell, line, NULL);
}

static void
exports(struct bench *b)
{
	double out[EXPORTS], in[EXPORTS];
	char line[700], path[700], id[700];
	struct stat st;
	const char *verify[] = { b->verify, path, "-i", id, NULL };

	make_case(b);
	(void)snprintf(id, sizeof(id), "%s/lawyer.key", b->dir);
	(void)snprintf(line, sizeof(line), "export C-1 --to Counsel -o %s/out",
	    b->dir);
	for (unsigned i = 0; i < EXPORTS; i++) {
		member(peer_ask(b->shell, line, &out[i]), "path", path,
		    sizeof(path));
		in[i] = peer_run(verify);
	}
	if (stat(path, &st) == 0)
		row(b, "bundle of the case", "", (double)st.st_size / 1e6, 0,
		    "MB", "");
	alone(b, "export of a case", "p50", quantile(out, EXPORTS, 0.5),
	    "1000 ms");
	alone(b, "verify of it", "p50", quantile(in, EXPORTS, 0.5),
	    "1000 ms");
}

static void
measure(struct bench *b)
{
	double ours[BATCHES], theirs[BATCHES];

	begin(b);
	for (unsigned k = 0; k < BATCHES; k++) {
		batch(b, k, &ours[k], &theirs[k]);
		if (k == 0) {
			ratio(b, "first batch", "", ours[0], theirs[0], "2");
			starts(b, "start to show, one batch");
			singles(b);
			exports(b);
		}
		if (k == BATCHES - 1)
			ratio(b, "tenth batch", "", ours[k], theirs[k], "2");
	}
	ratio(b, "batch", "p50", quantile(ours, BATCHES, 0.5),
	    quantile(theirs, BATCHES, 0.5), "2");
	singles(b);
	all_searches(b);
	starts(b, "start to show, all");
	end(b);
}

/* Answer searches until input ends, as the shell does. */
static void
answer(const char *path)
{
	struct plain *p = plain_new(path, false);
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;

	while ((n = getline(&line, &cap, stdin)) > 0) {
		line[n - 1] = '\0';
		plain_search(p, line);
	}
	free(line);
	plain_free(p);
}

int
main(int argc, char **argv)
{
	struct bench b = { .self = argv[0] };

	if (argc == 5 && strcmp(argv[1], "argon2") == 0) {
		plain_argon2((unsigned)strtoul(argv[2], NULL, 10),
		    (unsigned)strtoul(argv[3], NULL, 10),
		    (unsigned)strtoul(argv[4], NULL, 10));
		return 0;
	}
	if (argc == 3 && strcmp(argv[1], "plain") == 0) {
		answer(argv[2]);
		return 0;
	}
	if (argc != 7 || strcmp(argv[1], "measure") != 0) {
		fputs("usage: see bench.c\n", stderr);
		return 3;
	}
	b.sandyq = argv[2];
	b.verify = argv[3];
	b.dir = argv[4];
	b.batch = strtoul(argv[5], NULL, 10);
	b.label = argv[6];
	measure(&b);
	return 0;
}
