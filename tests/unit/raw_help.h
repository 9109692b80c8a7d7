/*
 * For tests that look, as one who has the key, at what the database holds or
 * change it behind the program's back: SQLCipher itself, with the keys of the
 * vault that door.h opened.  The vault is closed meanwhile.
 */
#ifndef SQ_TESTS_RAW_HELP_H
#define SQ_TESTS_RAW_HELP_H

#define SQLITE_HAS_CODEC 1
#include <sqlcipher/sqlite3.h>

#include "tests/unit/door.h"
#include "vault/vault_int.h"

DOOR sqlite3 *
raw_open(void)
{
	char key[128] = "x'", *to = key + 2;
	sqlite3 *db;

	bytes_hex(to, secret_cbytes(door_v->k.db), 32);
	bytes_hex(to + 64, secret_cbytes(door_v->k.salt), 16);
	(void)strcpy(to + 96, "'");
	door_close();
	assert_int_equal(sqlite3_open(door_in("vault.db"), &db), SQLITE_OK);
	assert_int_equal(sqlite3_key(db, key, (int)strlen(key)), SQLITE_OK);
	return db;
}

DOOR void
raw_close(sqlite3 *db)
{
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	door_open();
}

DOOR void
raw_run(sqlite3 *db, const char *sql)
{
	char *msg = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &msg) != SQLITE_OK)
		fail_msg("%s: %s", sql, msg);
}

DOOR int64_t
raw_int(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *st;
	int64_t v;

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	v = sqlite3_column_int64(st, 0);
	(void)sqlite3_finalize(st);
	return v;
}

/* Is it anywhere in the first column, bytes as they stand? */
DOOR bool
raw_has(sqlite3 *db, const char *sql, const char *what)
{
	sqlite3_stmt *st;
	bool has = false;

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL),
	    SQLITE_OK);
	while (sqlite3_step(st) == SQLITE_ROW)
		has |= door_has(sqlite3_column_blob(st, 0),
		    (size_t)sqlite3_column_bytes(st, 0), what);
	(void)sqlite3_finalize(st);
	return has;
}

#endif
