#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <argon2.h>
#define SQLITE_HAS_CODEC 1
#include <sqlite3.h>

#include "tests/bench/peer.h"
#include "tests/bench/plain.h"

enum { BEGIN, COMMIT, ADD, INDEX, FIND, STMTS };

static const char *const sql[STMTS] = {
	"BEGIN IMMEDIATE", "COMMIT",
	"INSERT INTO rec(kind, title, name, text)"
	    " VALUES('testimony', ?, '', ?)",
	"INSERT INTO fts(rowid, kind, title, name, text)"
	    " VALUES(last_insert_rowid(), 'testimony', ?, '', ?)",
	"SELECT rowid, rank, title, snippet(fts, -1, '', '', '…', 12)"
	    " FROM fts WHERE fts MATCH ? ORDER BY rank LIMIT 20",
};

static const char settings[] =
    "PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;"
    "PRAGMA locking_mode = EXCLUSIVE; PRAGMA mmap_size = 0;"
    "PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = EXTRA;"
    "PRAGMA secure_delete = ON;";

static const char schema[] =
    "CREATE TABLE rec(id INTEGER PRIMARY KEY, kind TEXT, title TEXT,"
    " name TEXT, text TEXT);"
    "CREATE VIRTUAL TABLE fts USING fts5(kind, title, name, text,"
    " content='rec', content_rowid='id',"
    " tokenize=\"unicode61 remove_diacritics 2\");"
    "INSERT INTO fts(fts, rank) VALUES('secure-delete', 1);"
    "INSERT INTO fts(fts, rank) VALUES('rank', 'bm25(0.0, 4.0, 6.0, 1.0)');";

struct plain {
	bool trigram;		/* of names */
	sqlite3 *h;
	sqlite3_stmt *s[STMTS];
};

static void
must(struct plain *p, int rc)
{
	if (rc == SQLITE_OK || rc == SQLITE_ROW || rc == SQLITE_DONE)
		return;
	fprintf(stderr, "bench: plain SQLCipher: %s\n", sqlite3_errmsg(p->h));
	exit(1);
}

struct plain *
plain_new(const char *path, bool create)
{
	struct plain *p = calloc(1, sizeof(*p));
	char key[128];

	if (p == NULL)
		abort();
	(void)snprintf(key, sizeof(key), "x'%064d%032d'", 7, 9);
	must(p, sqlite3_open(path, &p->h));
	must(p, sqlite3_key(p->h, key, (int)strlen(key)));
	must(p, sqlite3_exec(p->h, settings, NULL, NULL, NULL));
	if (create)
		must(p, sqlite3_exec(p->h, schema, NULL, NULL, NULL));
	for (int i = 0; i < STMTS; i++)
		must(p, sqlite3_prepare_v3(p->h, sql[i], -1,
		    SQLITE_PREPARE_PERSISTENT, &p->s[i], NULL));
	return p;
}

void
plain_free(struct plain *p)
{
	for (int i = 0; i < STMTS; i++)
		(void)sqlite3_finalize(p->s[i]);
	(void)sqlite3_close(p->h);
	free(p);
}

static void
run(struct plain *p, int which)
{
	must(p, sqlite3_step(p->s[which]));
	must(p, sqlite3_reset(p->s[which]));
}

void
plain_begin(struct plain *p)
{
	run(p, BEGIN);
}

void
plain_commit(struct plain *p)
{
	run(p, COMMIT);
}

void
plain_add(struct plain *p, const char *title, const char *text)
{
	for (int i = ADD; i <= INDEX; i++) {
		must(p, sqlite3_bind_text(p->s[i], 1, title, -1,
		    SQLITE_STATIC));
		must(p, sqlite3_bind_text(p->s[i], 2, text, -1,
		    SQLITE_STATIC));
		run(p, i);
	}
}

void
plain_search(struct plain *p, const char *match)
{
	sqlite3_stmt *s = p->s[FIND];
	int rc;

	putchar('[');
	must(p, sqlite3_bind_text(s, 1, match, -1, SQLITE_STATIC));
	while ((rc = sqlite3_step(s)) == SQLITE_ROW)
		printf("{%lld,%f,\"%s\",\"%s\"}",
		    sqlite3_column_int64(s, 0), sqlite3_column_double(s, 1),
		    (const char *)sqlite3_column_text(s, 2),
		    (const char *)sqlite3_column_text(s, 3));
	must(p, rc);
	must(p, sqlite3_reset(s));
	printf("]\n");
	(void)fflush(stdout);
}

void
plain_argon2(unsigned kib, unsigned passes, unsigned lanes)
{
	static uint8_t out[32], pwd[] = "correct horse", salt[16];
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	argon2_context c = { .out = out, .outlen = 32, .pwd = pwd,
	    .pwdlen = sizeof(pwd) - 1, .salt = salt, .saltlen = 16,
	    .t_cost = passes, .m_cost = kib, .lanes = lanes,
	    .version = ARGON2_VERSION_13 };

	c.threads = cores > 0 && cores < (long)lanes ? (uint32_t)cores : lanes;
	if (argon2_ctx(&c, Argon2_id) != ARGON2_OK)
		exit(1);
}

/* --- names -------------------------------------------------------------- */

/* The same, but for names: of whole words, or of any three characters. */
struct plain *
plain_names_new(const char *path, bool trigram)
{
	struct plain *p = calloc(1, sizeof(*p));
	char key[128];

	if (p == NULL)
		abort();
	(void)snprintf(key, sizeof(key), "x'%064d%032d'", 7, 9);
	must(p, sqlite3_open(path, &p->h));
	must(p, sqlite3_key(p->h, key, (int)strlen(key)));
	must(p, sqlite3_exec(p->h, settings, NULL, NULL, NULL));
	must(p, sqlite3_exec(p->h, "CREATE TABLE rec(id INTEGER PRIMARY KEY,"
	    " kind TEXT, title TEXT, name TEXT, text TEXT)", NULL, NULL, NULL));
	must(p, sqlite3_exec(p->h, trigram ? "CREATE VIRTUAL TABLE fts USING"
	    " fts5(kind, title, name, text, content='', tokenize='trigram')" :
	    "CREATE VIRTUAL TABLE fts USING fts5(kind, title, name, text,"
	    " content='', tokenize=\"unicode61 remove_diacritics 2\")", NULL,
	    NULL, NULL));
	for (int i = 0; i < STMTS; i++)
		must(p, sqlite3_prepare_v3(p->h, i == FIND ? "SELECT rowid"
		    " FROM fts WHERE fts MATCH ? ORDER BY rank LIMIT 10" :
		    sql[i], -1, SQLITE_PREPARE_PERSISTENT, &p->s[i], NULL));
	p->trigram = trigram;
	return p;
}

/* Characters of UTF-8 from s on, as bytes; fewer at the end. */
static size_t
some_chars(const char *s, unsigned n)
{
	size_t k = 0;

	while (n-- > 0 && s[k] != '\0')
		for (k++; (s[k] & 0xc0) == 0x80; k++)
			continue;
	return k;
}

/* Any of the words, or any three characters, of the name. */
static void
match_of(const struct plain *p, const char *name, char *out, size_t cap)
{
	size_t n = 0, len;

	out[0] = '\0';
	while (*name != '\0' && n + 64 < cap) {
		len = p->trigram ? some_chars(name, 3) : strcspn(name, " ");
		if (len > 0 && len < 200)
			n += (size_t)snprintf(out + n, cap - n, "%s\"%.*s\"",
			    n > 0 ? " OR " : "", (int)len, name);
		name += p->trigram ? some_chars(name, 1) : len +
		    (name[len] == ' ');
	}
}

size_t
plain_names_find(struct plain *p, const char *name, size_t out[10],
    double *ret_ms)
{
	sqlite3_stmt *s = p->s[FIND];
	double from = peer_now();
	char match[8192];
	size_t n = 0;
	int rc;

	match_of(p, name, match, sizeof(match));
	must(p, sqlite3_bind_text(s, 1, match, -1, SQLITE_STATIC));
	while ((rc = sqlite3_step(s)) == SQLITE_ROW)
		out[n++] = (size_t)sqlite3_column_int64(s, 0) - 1;
	must(p, rc);
	must(p, sqlite3_reset(s));
	*ret_ms = (peer_now() - from) * 1e3;
	return n;
}
