/*
 * Indexes made anew: what comes out is what was written, whatever was there
 * before; a vault of an earlier version is made whole when it opens; and no
 * evidence is touched.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>

#include <cmocka.h>

#include "tests/unit/raw_help.h"

static const char *const words[] = { "Тұрғанбай", "pseud", "吐尔干", "rope",
    "corrected", "rain", NULL };

struct seen {
	struct bytes_buf tables, hits;
};

static enum sq_err
hit(void *arg, const struct vault_hit *h)
{
	struct bytes_buf *b = arg;

	bytes_puts(b, h->ref);
	bytes_put_u8(b, ' ');
	return SQ_OK;
}

/* Every row of every plain table, and what is found. */
static void
look(struct seen *s)
{
	sqlite3_stmt *list, *st;
	sqlite3 *db;
	char q[256];

	memset(s, 0, sizeof(*s));
	for (size_t i = 0; words[i] != NULL; i++) {
		OK(vault_search(door_v, words[i], NULL, 20, hit, &s->hits,
		    &door_why));
		bytes_put_u8(&s->hits, '\n');
	}
	db = raw_open();
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT name FROM "
	    "pragma_table_list WHERE type = 'table' AND schema = 'main' AND "
	    "name NOT LIKE 'sqlite%' ORDER BY name", -1, &list, NULL),
	    SQLITE_OK);
	while (sqlite3_step(list) == SQLITE_ROW) {
		(void)snprintf(q, sizeof(q), "SELECT * FROM %s",
		    (const char *)sqlite3_column_text(list, 0));
		bytes_puts(&s->tables, q);
		assert_int_equal(sqlite3_prepare_v2(db, q, -1, &st, NULL),
		    SQLITE_OK);
		while (sqlite3_step(st) == SQLITE_ROW)
			for (int i = 0; i < sqlite3_column_count(st); i++)
				bytes_put(&s->tables,
				    sqlite3_column_blob(st, i),
				    (size_t)sqlite3_column_bytes(st, i));
		(void)sqlite3_finalize(st);
	}
	(void)sqlite3_finalize(list);
	raw_close(db);
	OK(bytes_done(&s->tables));
	OK(bytes_done(&s->hits));
}

static void
drop(struct seen *s)
{
	bytes_free(&s->tables);
	bytes_free(&s->hits);
}

static void
same(const struct seen *a)
{
	struct seen b;

	look(&b);
	assert_int_equal(a->hits.len, b.hits.len);
	assert_memory_equal(a->hits.p, b.hits.p, b.hits.len);
	assert_int_equal(a->tables.len, b.tables.len);
	assert_memory_equal(a->tables.p, b.tables.p, b.tables.len);
	drop(&b);
}

static void
nobody(void *arg, const struct vault_attached *a)
{
	(void)arg;
	(void)a;
}

/* Persons, revisions, a case, a decision, one content attached twice. */
static void
fill(void)
{
	char path[192];
	const char *const paths[] = { path };
	struct vault_attach o = { .ref = "T-1", .paths = paths, .n = 1 };

	(void)snprintf(path, sizeof(path), "%s", door_at("rain.txt"));
	door_new();
	door_add("person", "pseudonym", "pseud A", "name.kk-Cyrl",
	    "Тұрғанбай");
	door_add("person", "pseudonym", "pseud B", "name.zh-Hans",
	    "吐尔干巴依");
	door_add("testimony", "summary.en", "a rope in the rain", "witness",
	    "P-1");
	door_edit("T-1", "summary.en", "corrected: a chain");
	door_edit("P-2", "pseudonym", "pseud C");
	door_share("T-1", "yes");
	door_share("T-1", "no");
	door_write(path, "content of the rain", 19);
	OK(vault_attach(door_v, &o, nobody, NULL, &door_why));
	door_add("testimony", "summary.en", "another");
	o.ref = "T-2";
	OK(vault_attach(door_v, &o, nobody, NULL, &door_why));
}

static void
test_same(void **state)
{
	struct seen before;

	(void)state;
	fill();
	look(&before);
	OK(vault_rebuild(door_v, &door_why));
	same(&before);
	OK(door_try_open(door_pass, VAULT_REBUILD));
	assert_true(door_noted("index rebuilt"));
	same(&before);
	/* and it goes on as before */
	door_edit("T-2", "summary.en", "another, corrected");
	drop(&before);
	look(&before);
	OK(vault_rebuild(door_v, &door_why));
	same(&before);
	drop(&before);
}

/* Run ${sql} behind the program's back; then it opens and is as it was. */
static void
mended(const char *sql, unsigned flags)
{
	struct seen before;
	sqlite3 *db;

	fill();
	look(&before);
	db = raw_open();
	raw_run(db, sql);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	if (flags != 0)
		ERR(door_try_open(door_pass, 0), SQ_EDAMAGE);
	OK(door_try_open(door_pass, flags));
	assert_true(door_noted("index rebuilt"));
	same(&before);
	door_open();
	assert_null(vault_note(door_v, 0));
	drop(&before);
}

static void
test_earlier(void **state)
{
	(void)state;
	mended("DROP TABLE link", 0);
	mended("DROP TABLE fts", 0);
	mended("DROP TABLE object", 0);
	mended("DROP INDEX record_num", 0);
	mended("DROP TABLE record", 0);
	mended("DROP TABLE bucket; DROP TABLE head", 0);
	mended("DROP TABLE node; DROP TABLE about; DROP TABLE link", 0);
}

static void
test_damaged(void **state)
{
	(void)state;
	mended("DELETE FROM bucket", VAULT_REBUILD);
	mended("UPDATE bucket SET hash = zeroblob(32)", VAULT_REBUILD);
	mended("DELETE FROM node", VAULT_REBUILD);
}

/* Damage that is met only when it is read. */
static void
test_damaged_unread(void **state)
{
	static const char *const sql[] = {
		"DELETE FROM about",
		"DELETE FROM head",
		"DELETE FROM record WHERE num = 1",
		"INSERT INTO link(src, field, dst) VALUES(1, 'x', zeroblob(16))",
		"UPDATE object SET key = zeroblob(32)",
		"INSERT INTO fts(fts) VALUES('delete-all')",
		"UPDATE record SET title = 'a lie'",
	};
	struct seen before;
	sqlite3 *db;

	(void)state;
	for (size_t i = 0; i < sizeof(sql) / sizeof(*sql); i++) {
		fill();
		look(&before);
		db = raw_open();
		raw_run(db, sql[i]);
		raw_close(db);
		OK(vault_rebuild(door_v, &door_why));
		same(&before);
		drop(&before);
	}
}

/* Refused, and not one byte changed. */
static void
refused(const char *sql, unsigned flags, enum sq_err want, const char *says)
{
	struct door_hash before;
	sqlite3 *db;

	fill();
	db = raw_open();
	raw_run(db, sql);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	door_write(door_in("vault.db-journal"), "", 0);
	before = door_hash();
	ERR(door_try_open(door_pass, flags), want);
	door_says(says);
	door_same(&before);
}

static void
test_refused(void **state)
{
	static const char tables[] = "the tables in vault.db are not";

	(void)state;
	refused("CREATE TABLE extra(x)", 0, SQ_EUNSUPPORTED, tables);
	refused("ALTER TABLE link ADD COLUMN extra INTEGER", 0,
	    SQ_EUNSUPPORTED, tables);
	refused("ALTER TABLE entry ADD COLUMN extra INTEGER", VAULT_REBUILD,
	    SQ_EUNSUPPORTED, tables);
	refused("DROP INDEX entry_root", VAULT_REBUILD, SQ_EUNSUPPORTED,
	    tables);
	refused("CREATE TRIGGER t AFTER INSERT ON link BEGIN "
	    "DELETE FROM entry; END", 0, SQ_EUNSUPPORTED, tables);
	refused("CREATE VIEW v AS SELECT * FROM entry; DROP TABLE link", 0,
	    SQ_EUNSUPPORTED, tables);
	/* of altered evidence no index is made */
	refused("UPDATE entry SET root = zeroblob(32) WHERE idx = 2",
	    VAULT_REBUILD, SQ_EDAMAGE, "entry 2");
	refused("UPDATE entry SET body = (SELECT body FROM entry WHERE idx = 1)"
	    " WHERE idx = 2; DROP TABLE link", 0, SQ_EDAMAGE, "entry 2");
	refused("DELETE FROM entry WHERE idx = 3; DROP TABLE fts", 0,
	    SQ_EDAMAGE, "missing");
	refused("DELETE FROM entry WHERE idx = (SELECT MAX(idx) FROM entry);"
	    "DROP TABLE fts", 0, SQ_EROLLBACK, "older than its own record");
}

/* What may not be written is read as far as it goes. */
static void
test_held(void **state)
{
	struct door_hash before;
	struct seen after;
	sqlite3 *db;
	struct bytes_buf n = { 0 };

	(void)state;
	fill();
	look(&after);
	db = raw_open();
	raw_run(db, "DROP TABLE fts");
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	door_write(door_in("vault.db-journal"), "", 0);
	before = door_hash();
	OK(door_try_open(door_pass, VAULT_READ | VAULT_HOLD));
	assert_true(door_noted("an earlier version"));
	assert_string_equal(door_value("T-1", 0, "summary"),
	    "corrected: a chain");
	ERR(vault_search(door_v, "rope", NULL, 9, hit, &n, &door_why),
	    SQ_EUNSUPPORTED);
	door_says("where it can be written");
	ERR(door_try_open(door_pass, VAULT_READ | VAULT_HOLD | VAULT_REBUILD),
	    SQ_EREADONLY);
	door_same(&before);
	OK(door_try_open(door_pass, VAULT_READ));
	assert_true(door_noted("index rebuilt"));
	same(&after);
	drop(&after);
}

/* --- check --full ----------------------------------------------------- */

struct told {
	char what[16][24], where[16][64];
	unsigned n;
};

static void
found(void *arg, const struct vault_found *f)
{
	struct told *t = arg;

	if (strcmp(f->severity, "damage") != 0 || t->n == 16)
		return;
	(void)snprintf(t->what[t->n], 24, "%s", f->what);
	(void)snprintf(t->where[t->n++], 64, "%.63s", f->where);
}

/* The check finds this, there, and after it the vault is as it was. */
static void
finds(const char *what, const char *where)
{
	struct told t = { .n = 0 };

	ERR(vault_check(door_v, true, NULL, found, &t, &door_why), SQ_EDAMAGE);
	for (unsigned i = 0; i < t.n; i++)
		if (strcmp(t.what[i], what) == 0 &&
		    strcmp(t.where[i], where) == 0)
			return;
	fail_msg("no finding «%s» «%s», but %u others, first «%s» «%s»", what,
	    where, t.n, t.what[0], t.where[0]);
}

/* Each table of the projections changed a little: named by the full check. */
static void
test_check_tables(void **state)
{
	static const struct {
		const char *sql, *where;
	} t[] = {
		{ "UPDATE record SET title = 'a lie' WHERE rid = 1", "RECORD" },
		{ "UPDATE record SET latest = 1 WHERE rid = 3", "RECORD" },
		{ "DELETE FROM link WHERE src = 3", "LINK" },
		{ "INSERT INTO link(src, field, dst) VALUES(1, 'x', "
		    "zeroblob(16))", "LINK" },
		{ "UPDATE object SET key = zeroblob(32)", "OBJECT" },
		{ "DELETE FROM object", "OBJECT" },
		{ "INSERT INTO fts(fts, rowid, kind, title, name, text) VALUES("
		    "'delete', 1, 'person', '', '', '')", "FTS" },
		{ "INSERT INTO fts(rowid, kind, title, name, text) VALUES(1, "
		    "'', 'lie', '', '')", "FTS" },
		{ "UPDATE name SET keys = 'x'", "NAME" },
	};
	struct told none = { .n = 0 };
	struct seen before;
	sqlite3 *db;

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(*t); i++) {
		fill();
		OK(vault_check(door_v, true, NULL, found, &none, &door_why));
		assert_int_equal(none.n, 0);
		look(&before);
		db = raw_open();
		raw_run(db, t[i].sql);
		raw_close(db);
		finds("index", t[i].where);
		/* told, not mended */
		finds("index", t[i].where);
		OK(vault_rebuild(door_v, &door_why));
		same(&before);
		drop(&before);
	}
}

/* Pins and headers that were changed under the open vault. */
static void
test_check_pins(void **state)
{
	static const char *const name[] = { "HEADER", "HEADER.2", "STATE.0",
	    "STATE.1" };
	uint8_t *p;
	size_t n;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		fill();
		p = door_read(door_in(name[i]), &n);
		p[n / 2] ^= 1;
		door_write(door_in(name[i]), p, n);
		finds(i < 2 ? "header" : "state", name[i]);
		free(p);
		assert_int_equal(unlink(door_in(name[i])), 0);
		finds(i < 2 ? "header" : "state", name[i]);
	}
}

static int
setup(void **state)
{
	(void)state;
	door_start();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	door_end();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_earlier),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_damaged_unread),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_held),
		cmocka_unit_test(test_check_tables),
		cmocka_unit_test(test_check_pins),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
