/*
 * The database: opens only what is whole and ours, hands out nothing from a
 * page that does not authenticate, keeps its settings, and stays silent.
 */
#include <sys/stat.h>

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "crypto/bytes.h"
#include "vault/fsio.h"
#include "vault/store/db_int.h"

#define BIG 20000

static struct secret *key, *salt, *other;
static char dir[] = "/tmp/sandyq-test-db.XXXXXX";
static int dirfd = -1;
static struct why why;

static void
path_of(char out[256], const char *name)
{
	(void)snprintf(out, 256, "%s/%s", dir, name);
}

static void
drop(const char *name)
{
	(void)unlinkat(dirfd, name, 0);
	(void)unlinkat(dirfd, name, AT_REMOVEDIR);
}

static struct bytes_buf
slurp(const char *name)
{
	struct bytes_buf b = { 0 };

	assert_int_equal(fsio_read(dirfd, name, 1u << 30, &b, &why), SQ_OK);
	return b;
}

static void
spit(const char *name, const void *p, size_t n)
{
	drop(name);
	assert_int_equal(fsio_create(dirfd, name, p, n, &why), SQ_OK);
}

static void
put(struct db *db, const char *k, const void *p, size_t n)
{
	assert_int_equal(db_begin(db), SQ_OK);
	assert_int_equal(db_meta_set(db, k, p, n), SQ_OK);
	assert_int_equal(db_commit(db), SQ_OK);
}

/* A long body, in a table where the way to a row leads over no other. */
static void
put_body(struct db *db, const void *p, size_t n)
{
	struct db_st *st;

	assert_int_equal(db_begin(db), SQ_OK);
	assert_int_equal(db_use(db, DB_ENTRY_ADD, &st), SQ_OK);
	db_bind_int(st, 1, 0);
	db_bind_blob(st, 2, "root", 4);
	db_bind_blob(st, 3, p, n);
	assert_int_equal(db_run(st), SQ_OK);
	assert_int_equal(db_commit(db), SQ_OK);
}

static enum sq_err
get_body(struct db *db)
{
	struct db_st *st;
	const uint8_t *p;
	size_t n;
	bool row;
	enum sq_err e;

	if ((e = db_use(db, DB_ENTRY_GET, &st)) != SQ_OK)
		return e;
	db_bind_int(st, 1, 0);
	if ((e = db_step(st, &row)) != SQ_OK)
		return e;
	assert_true(row);
	p = db_blob(st, 1, &n);
	assert_int_equal(n, BIG);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(p[i], 0xA5);
	db_reset(st);
	return SQ_OK;
}

/* A database with long values in overflow pages; its bytes. */
static struct bytes_buf
fresh(void)
{
	static uint8_t big[BIG];
	struct db *db;

	drop(DB_NAME);
	drop(DB_JOURNAL);
	memset(big, 0xA5, sizeof(big));
	assert_int_equal(db_create(dirfd, key, salt, &db, &why), SQ_OK);
	put(db, "big", big, sizeof(big));
	put(db, "small", "hello", 5);
	put_body(db, big, sizeof(big));
	db_close(db);
	return slurp(DB_NAME);
}

static int
setup(void **state)
{
	(void)state;
	if (secret_init() != SQ_OK || fsio_init() != SQ_OK ||
	    mkdtemp(dir) == NULL)
		return -1;
	dirfd = open(dir, O_RDONLY | O_DIRECTORY);
	return dirfd >= 0 && secret_random(32, &key) == SQ_OK &&
	    secret_random(32, &other) == SQ_OK &&
	    secret_random(16, &salt) == SQ_OK ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	drop(DB_NAME);
	drop(DB_JOURNAL);
	secret_free(key);
	secret_free(other);
	secret_free(salt);
	(void)close(dirfd);
	assert_int_equal(chdir("/"), 0);
	return rmdir(dir);
}

static enum sq_err
try_open(bool readonly)
{
	struct db *db = NULL;
	enum sq_err e = db_open(dirfd, key, salt, readonly, &db, &why);

	assert_true((e == SQ_OK) == (db != NULL));
	db_close(db);
	return e;
}

static void
keeps_what_was_committed(void **state)
{
	struct bytes_buf b = fresh();
	struct db *db;
	char out[16];
	size_t n;

	(void)state;
	bytes_free(&b);
	assert_int_equal(db_open(dirfd, key, salt, false, &db, &why), SQ_OK);
	assert_int_equal(db_meta_get(db, "small", out, sizeof(out), &n), 0);
	assert_int_equal(n, 5);
	assert_memory_equal(out, "hello", 5);
	assert_int_equal(db_meta_get(db, "small", out, 4, &n), SQ_ELIMIT);
	assert_int_equal(db_meta_get(db, "none", out, 4, &n), SQ_ENOENT);
	assert_int_equal(db_begin(db), SQ_OK);
	assert_int_equal(db_meta_set(db, "small", "other", 5), SQ_OK);
	db_rollback(db);
	assert_int_equal(db_meta_get(db, "small", out, sizeof(out), &n), 0);
	assert_memory_equal(out, "hello", 5);
	assert_int_equal(db_integrity(db, &why), SQ_OK);
	db_close(db);
}

static void
refuses_a_change_outside_a_transaction(void **state)
{
	struct bytes_buf b = fresh();
	struct db *db;

	(void)state;
	bytes_free(&b);
	assert_int_equal(db_open(dirfd, key, salt, false, &db, &why), SQ_OK);
	assert_int_equal(db_meta_set(db, "a", "b", 1), SQ_EINTERNAL);
	db_close(db);
	assert_int_equal(db_open(dirfd, key, salt, true, &db, &why), SQ_OK);
	assert_int_not_equal(db_begin(db) == SQ_OK ?
	    db_meta_set(db, "a", "b", 1) : SQ_EREADONLY, SQ_OK);
	db_close(db);
}

static void
is_0600_under_any_umask(void **state)
{
	struct bytes_buf b;
	struct stat st;
	char p[256];
	mode_t old = umask(0);

	(void)state;
	b = fresh();
	(void)umask(old);
	bytes_free(&b);
	path_of(p, DB_NAME);
	assert_int_equal(stat(p, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	path_of(p, DB_JOURNAL);
	if (stat(p, &st) == 0) {
		assert_int_equal(st.st_mode & 0777, 0600);
		assert_int_equal(st.st_size, 0);
	}
}

static void
is_never_created_nor_empty(void **state)
{
	struct bytes_buf b = fresh();

	(void)state;
	drop(DB_NAME);
	assert_int_equal(try_open(false), SQ_EDAMAGE);
	assert_int_equal(faccessat(dirfd, DB_NAME, F_OK, 0), -1);
	spit(DB_NAME, "", 0);		/* F6 */
	assert_int_equal(try_open(false), SQ_EDAMAGE);
	spit(DB_NAME, b.p, b.len);
	assert_int_equal(try_open(false), SQ_OK);
	bytes_free(&b);
}

/* Open and read everything: an error, or the very bytes that were put. */
static enum sq_err
read_all(void)
{
	static uint8_t out[BIG];
	struct db *db = NULL;
	size_t n = 0;
	enum sq_err e;

	e = db_open(dirfd, key, salt, false, &db, &why);
	if (e != SQ_OK)
		return e;
	e = db_meta_get(db, "big", out, sizeof(out), &n);
	if (e == SQ_OK) {
		assert_int_equal(n, BIG);
		for (size_t i = 0; i < BIG; i++)
			assert_int_equal(out[i], 0xA5);
		e = db_meta_get(db, "small", out, sizeof(out), &n);
		if (e == SQ_OK)
			assert_memory_equal(out, "hello", 5);
	}
	if (e == SQ_OK)
		e = get_body(db);
	if (e == SQ_OK)
		e = db_integrity(db, &why);
	db_close(db);
	return e;
}

static void
notices_truncation_everywhere(void **state)
{
	struct bytes_buf b = fresh();

	(void)state;
	assert_int_equal(read_all(), SQ_OK);
	for (size_t n = 0; n < b.len; n += DB_PAGE / 2) {
		spit(DB_NAME, b.p, n);
		assert_int_equal(read_all(), SQ_EDAMAGE);
	}
	for (size_t n = 1; n < 40; n++) {
		spit(DB_NAME, b.p, b.len - n);
		assert_int_equal(read_all(), SQ_EDAMAGE);
	}
	bytes_put(&b, "x", 1);
	spit(DB_NAME, b.p, b.len);
	assert_int_equal(read_all(), SQ_EDAMAGE);
	b.len--;
	spit(DB_NAME, b.p, b.len);
	assert_int_equal(read_all(), SQ_OK);
	bytes_free(&b);
}

/* F1: also the last overflow page of a row, which SQLCipher lets pass. */
static void
hands_out_nothing_from_a_bad_page(void **state)
{
	struct bytes_buf b = fresh();
	static const size_t at[] = { 0, 15, 16, 17, 100, 2000, 3999, 4000,
	    4015, 4016, 4050, 4095 };

	(void)state;
	for (size_t page = 0; page < b.len / DB_PAGE; page++)
		for (size_t i = 0; i < sizeof(at) / sizeof(*at); i++) {
			b.p[page * DB_PAGE + at[i]] ^= 0x10;
			spit(DB_NAME, b.p, b.len);
			assert_int_equal(read_all(), SQ_EDAMAGE);
			b.p[page * DB_PAGE + at[i]] ^= 0x10;
		}
	bytes_free(&b);
}

/* Damage the page of the file in which the last part of the body stands. */
static size_t
overflow_page(struct bytes_buf *b)
{
	uint8_t out[16];
	struct db *db;
	size_t n;
	enum sq_err e;

	for (size_t page = b->len / DB_PAGE - 1; page > 1; page--) {
		b->p[page * DB_PAGE + 50] ^= 1;
		spit(DB_NAME, b->p, b->len);
		db = NULL;
		e = db_open(dirfd, key, salt, false, &db, &why);
		if (e == SQ_OK && get_body(db) == SQ_EDAMAGE &&
		    db_meta_get(db, "small", out, sizeof(out), &n) == SQ_OK) {
			db_close(db);
			return page;
		}
		db_close(db);
		b->p[page * DB_PAGE + 50] ^= 1;
	}
	return 0;
}

static void
still_reads_what_is_whole(void **state)
{
	struct bytes_buf b = fresh();
	uint8_t out[16];
	struct db *db;
	size_t n;

	(void)state;
	assert_int_not_equal(overflow_page(&b), 0);
	assert_int_equal(db_open(dirfd, key, salt, false, &db, &why), SQ_OK);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(get_body(db), SQ_EDAMAGE);
		assert_int_equal(db_meta_get(db, "small", out, 16, &n), SQ_OK);
		assert_memory_equal(out, "hello", 5);
	}
	db_close(db);
	bytes_free(&b);
}

/* A bad page met while changing things: nothing is committed over it. */
static void
commits_nothing_after_a_bad_page(void **state)
{
	struct bytes_buf b = fresh(), after;
	uint8_t out[16];
	struct db *db;
	size_t n;

	(void)state;
	assert_int_not_equal(overflow_page(&b), 0);
	assert_int_equal(db_open(dirfd, key, salt, false, &db, &why), SQ_OK);
	assert_int_equal(db_begin(db), SQ_OK);
	assert_int_equal(db_meta_set(db, "small", "HELLO", 5), SQ_OK);
	assert_int_equal(get_body(db), SQ_EDAMAGE);
	assert_int_equal(db_meta_set(db, "more", "x", 1), SQ_EDAMAGE);
	assert_int_equal(db_commit(db), SQ_EDAMAGE);
	assert_int_equal(db_begin(db), SQ_EDAMAGE);
	db_close(db);
	/* what lies there now opens, and says what it said before */
	assert_int_equal(db_open(dirfd, key, salt, false, &db, &why), SQ_OK);
	assert_int_equal(db_meta_get(db, "small", out, 16, &n), SQ_OK);
	assert_memory_equal(out, "hello", 5);
	db_close(db);
	after = slurp(DB_NAME);
	assert_int_equal(after.len, b.len);
	assert_memory_equal(after.p, b.p, b.len);
	bytes_free(&after);
	bytes_free(&b);
}

static void
knows_its_own_salt(void **state)
{
	struct bytes_buf b = fresh();

	(void)state;
	for (size_t bit = 0; bit < 128; bit++) {	/* TM13 */
		b.p[bit / 8] ^= (uint8_t)(1 << bit % 8);
		spit(DB_NAME, b.p, b.len);
		assert_int_equal(try_open(false), SQ_EDAMAGE);
		b.p[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	bytes_free(&b);
}

static void
refuses_a_wrong_key(void **state)
{
	struct bytes_buf b = fresh();
	struct db *db = NULL;

	(void)state;
	assert_int_equal(db_open(dirfd, other, salt, false, &db, &why),
	    SQ_EDAMAGE);
	assert_null(db);
	bytes_free(&b);
}

static void
refuses_what_stands_in_its_place(void **state)
{
	struct bytes_buf b = fresh();
	char p[256], q[256];

	(void)state;
	path_of(p, DB_NAME);
	path_of(q, "aside");
	assert_int_equal(rename(p, q), 0);
	assert_int_equal(symlink("aside", p), 0);
	assert_int_equal(try_open(false), SQ_EDAMAGE);
	drop(DB_NAME);
	assert_int_equal(link(q, p), 0);
	assert_int_equal(try_open(false), SQ_EDAMAGE);
	drop(DB_NAME);
	assert_int_equal(mkfifo(p, 0600), 0);
	assert_int_equal(try_open(false), SQ_EDAMAGE);
	drop(DB_NAME);
	assert_int_equal(mkdir(p, 0700), 0);
	assert_int_equal(try_open(false), SQ_EDAMAGE);
	drop(DB_NAME);
	assert_int_equal(rename(q, p), 0);
	assert_int_equal(try_open(false), SQ_OK);
	bytes_free(&b);
}

static void
refuses_foreign_journals(void **state)
{
	static const uint8_t super[] = "xxxxxxxx\xd9\xd5\x05\xf9\x20\xa1\x63"
	    "\xd7";
	struct bytes_buf b = fresh();
	enum db_journal j;

	(void)state;
	assert_int_equal(db_journal(dirfd, &j, &why), SQ_OK);
	assert_int_equal(j, DB_JOURNAL_NONE);
	spit(DB_JOURNAL, "something", 9);
	assert_int_equal(db_journal(dirfd, &j, &why), SQ_OK);
	assert_int_equal(j, DB_JOURNAL_HOT);
	spit(DB_JOURNAL, "x", 1);
	assert_int_equal(db_journal(dirfd, &j, &why), SQ_OK);
	assert_int_equal(j, DB_JOURNAL_HOT);
	spit(DB_JOURNAL, super, sizeof(super) - 1);
	assert_int_equal(db_journal(dirfd, &j, &why), SQ_OK);
	assert_int_equal(j, DB_JOURNAL_REFUSED);
	assert_int_equal(try_open(false), SQ_EDAMAGE);
	drop(DB_JOURNAL);
	spit("vault.db-wal", "wal", 3);		/* F4 */
	assert_int_equal(db_journal(dirfd, &j, &why), SQ_OK);
	assert_int_equal(j, DB_JOURNAL_REFUSED);
	assert_int_equal(try_open(false), SQ_EDAMAGE);
	drop("vault.db-wal");
	spit("vault.db-shm", "shm", 3);
	assert_int_equal(try_open(false), SQ_EDAMAGE);
	drop("vault.db-shm");
	assert_int_equal(try_open(false), SQ_OK);
	bytes_free(&b);
}

/* Open the file as somebody who has the key but not our rules. */
static sqlite3 *
raw_open(void)
{
	char p[256], text[100] = "x'";
	sqlite3 *h;

	path_of(p, DB_NAME);
	bytes_hex(text + 2, secret_cbytes(key), 32);
	bytes_hex(text + 66, secret_cbytes(salt), 16);
	text[98] = '\'';
	assert_int_equal(sqlite3_open(p, &h), SQLITE_OK);
	assert_int_equal(sqlite3_key(h, text, 99), SQLITE_OK);
	return h;
}

static void
raw(const char *sql)
{
	sqlite3 *h = raw_open();

	assert_int_equal(sqlite3_exec(h, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(h), SQLITE_OK);
}

static void
refuses_another_schema(void **state)
{
	static const char *const hostile[] = {
		"CREATE TABLE more(a)",
		"CREATE VIEW v AS SELECT 1",
		"CREATE TRIGGER t AFTER INSERT ON entry BEGIN DELETE FROM meta;"
		" END",
		"DROP INDEX entry_root",
		"ALTER TABLE record ADD COLUMN more TEXT",
		"UPDATE meta SET value = CAST('2' AS BLOB)"
		" WHERE key = 'schema'",
		"DELETE FROM meta WHERE key = 'schema'",
		"INSERT INTO fts(fts, rank) VALUES('secure-delete', 0)",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(hostile) / sizeof(*hostile); i++) {
		struct bytes_buf b = fresh();

		bytes_free(&b);
		assert_int_equal(try_open(false), SQ_OK);
		raw(hostile[i]);
		assert_int_not_equal(try_open(false), SQ_OK);
	}
}

/* With our rules off the same file would be kept in another mode. */
static void
undoes_a_mode_that_was_left(void **state)
{
	struct bytes_buf b = fresh();
	char out[16];
	struct db *db;
	size_t n;

	(void)state;
	bytes_free(&b);
	raw("PRAGMA journal_mode=WAL; UPDATE meta SET value ="
	    " CAST('HELLO' AS BLOB) WHERE key = 'small'");
	if (db_open(dirfd, key, salt, false, &db, &why) == SQ_OK) {
		assert_int_equal(db_meta_get(db, "small", out, 16, &n), SQ_OK);
		put(db, "small", "again", 5);
		db_close(db);
	}
	assert_int_equal(faccessat(dirfd, "vault.db-wal", F_OK, 0), -1);
}

/* What SQLite itself says of a setting. */
static const char *
pragma(struct db *db, const char *name)
{
	static char got[64];
	char text[64];
	sqlite3_stmt *s;

	(void)snprintf(text, sizeof(text), "PRAGMA %s", name);
	assert_int_equal(sqlite3_prepare_v2(db->h, text, -1, &s, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	(void)snprintf(got, sizeof(got), "%s",
	    (const char *)sqlite3_column_text(s, 0));
	(void)sqlite3_finalize(s);
	return got;
}

/*
 * PW2: what makes a commit durable is so after making, and after every
 * opening, whatever the file was left at; TM12: no automatic vacuum.
 */
static void
durable_settings_read_back(void **state)
{
	struct bytes_buf b = fresh();
	struct db *db;

	(void)state;
	bytes_free(&b);
	for (int i = 0; i < 6; i++) {
		if (i == 2)
			raw("PRAGMA journal_mode=DELETE");
		if (i == 4)
			raw("PRAGMA journal_mode=PERSIST");
		assert_int_equal(db_open(dirfd, key, salt, i % 2 == 1, &db,
		    &why), SQ_OK);
		assert_string_equal(pragma(db, "journal_mode"), "truncate");
		assert_string_equal(pragma(db, "synchronous"), "3");
		assert_string_equal(pragma(db, "auto_vacuum"), "0");
		assert_string_equal(pragma(db, "locking_mode"), "exclusive");
		assert_string_equal(pragma(db, "secure_delete"), "1");
		if (i % 2 == 0)
			put(db, "small", "again", 5);
		assert_string_equal(pragma(db, "journal_mode"), "truncate");
		assert_string_equal(pragma(db, "synchronous"), "3");
		db_close(db);
	}
	print_message("PW2: 6 openings\n");
}

/* The journal is there, and the folder knows it, before it is needed. */
static void
journal_before_it_is_needed(void **state)
{
	struct bytes_buf b = fresh();
	struct db *db;
	struct stat st;

	(void)state;
	bytes_free(&b);
	drop("vault.db-journal");
	assert_int_equal(db_open(dirfd, key, salt, false, &db, &why), SQ_OK);
	assert_int_equal(faccessat(dirfd, "vault.db-journal", F_OK, 0), -1);
	assert_int_equal(db_begin(db), SQ_OK);
	assert_int_equal(fstatat(dirfd, "vault.db-journal", &st, 0), 0);
	assert_true(st.st_size == 0 && (st.st_mode & 0777) == 0600);
	db_rollback(db);
	db_close(db);
}

/* MS6: a damaged database says nothing on descriptors 1 and 2. */
static void
stays_silent(void **state)
{
	struct bytes_buf b = fresh();
	char p[256];
	struct stat st;
	int was[2], fd;

	(void)state;
	path_of(p, "said");
	(void)fflush(NULL);
	was[0] = dup(1);
	was[1] = dup(2);
	fd = open(p, O_RDWR | O_CREAT | O_TRUNC, 0600);
	(void)dup2(fd, 1);
	(void)dup2(fd, 2);
	for (size_t page = 0; page < b.len / DB_PAGE; page++) {
		b.p[page * DB_PAGE + 77] ^= 1;
		(void)unlinkat(dirfd, DB_NAME, 0);
		if (fsio_create(dirfd, DB_NAME, b.p, b.len, NULL) == SQ_OK)
			(void)read_all();
		b.p[page * DB_PAGE + 77] ^= 1;
	}
	(void)fflush(NULL);
	(void)dup2(was[0], 1);
	(void)dup2(was[1], 2);
	(void)close(was[0]);
	(void)close(was[1]);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_size, 0);
	(void)close(fd);
	drop("said");
	bytes_free(&b);
}

/* RS4: the folder is renamed while the vault is open. */
static void
follows_its_folder(void **state)
{
	struct bytes_buf b = fresh();
	char moved[64], out[16];
	struct db *db;
	size_t n;

	(void)state;
	bytes_free(&b);
	(void)snprintf(moved, sizeof(moved), "%s.moved", dir);
	assert_int_equal(db_open(dirfd, key, salt, false, &db, &why), SQ_OK);
	assert_int_equal(rename(dir, moved), 0);
	assert_int_equal(mkdir(dir, 0700), 0);
	put(db, "small", "moved", 5);
	db_close(db);
	/* rmdir succeeds only if nothing was written to the impostor */
	assert_int_equal(rmdir(dir), 0);
	assert_int_equal(rename(moved, dir), 0);
	assert_int_equal(db_open(dirfd, key, salt, false, &db, &why), SQ_OK);
	assert_int_equal(db_meta_get(db, "small", out, 16, &n), SQ_OK);
	assert_memory_equal(out, "moved", 5);
	db_close(db);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_what_was_committed),
		cmocka_unit_test(refuses_a_change_outside_a_transaction),
		cmocka_unit_test(is_0600_under_any_umask),
		cmocka_unit_test(is_never_created_nor_empty),
		cmocka_unit_test(notices_truncation_everywhere),
		cmocka_unit_test(hands_out_nothing_from_a_bad_page),
		cmocka_unit_test(still_reads_what_is_whole),
		cmocka_unit_test(commits_nothing_after_a_bad_page),
		cmocka_unit_test(knows_its_own_salt),
		cmocka_unit_test(refuses_a_wrong_key),
		cmocka_unit_test(refuses_what_stands_in_its_place),
		cmocka_unit_test(refuses_foreign_journals),
		cmocka_unit_test(refuses_another_schema),
		cmocka_unit_test(undoes_a_mode_that_was_left),
		cmocka_unit_test(durable_settings_read_back),
		cmocka_unit_test(journal_before_it_is_needed),
		cmocka_unit_test(stays_silent),
		cmocka_unit_test(follows_its_folder),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
