/*
 * The database: the only caller of SQLite.  Statements are named in
 * vault/store/sql.h.  FORMAT.md section 7 has the settings; every one is
 * read back after opening.
 */
#ifndef SQ_VAULT_STORE_DB_H
#define SQ_VAULT_STORE_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/digest.h"
#include "crypto/err.h"
#include "crypto/secret.h"

#define DB_NAME "vault.db"
#define DB_JOURNAL "vault.db-journal"
#define DB_PAGE 4096

enum db_stmt {
#define SQL(name, text) DB_##name,
#include "vault/store/sql.h"
#undef SQL
	DB_STMT_COUNT
};

struct db;
struct db_st;			/* a prepared statement, borrowed from the db */

/**
 * db_create(dirfd, key, salt, ret, why):
 * ${dirfd} stays open, and the caller's, for as long as the database is.
 * Make vault.db with the schema.  ${key} is 32 bytes, ${salt} 16.
 */
enum sq_err db_create(int dirfd, const struct secret *key,
    const struct secret *salt, struct db **ret, struct why *why);

/**
 * db_open(dirfd, key, salt, readonly, ret, why):
 * ${dirfd} as above.
 * Open an existing database: never creates; size 0 or not a multiple of the
 * page is SQ_EDAMAGE; the first 16 bytes must be the derived salt; WAL files
 * are refused.  The caller has dealt with a hot journal (db_journal).
 */
enum sq_err db_open(int dirfd, const struct secret *key,
    const struct secret *salt, bool readonly, struct db **ret,
    struct why *why);

/**
 * db_outdated(db):
 * Was it written by an earlier version, so that a projection is missing or of
 * an earlier form?  Statements about it then fail with SQ_EUNSUPPORTED, until
 * db_remake.
 */
bool db_outdated(const struct db *db);

/**
 * db_remake(db):
 * Inside a transaction: drop every projection and make it anew, empty.  After
 * db_integrity only: where pages are used twice evidence would be written over.
 */
enum sq_err db_remake(struct db *db);

#define DB_TABLES_MAX 32

/* What every projection holds, as a hash. */
struct db_tables {
	const char *name[DB_TABLES_MAX];
	uint8_t hash[DB_TABLES_MAX][DIGEST_LEN];
	size_t n;
};

/**
 * db_tables(db, ret):
 * Read every projection through, inside a transaction, and hash what it holds.
 */
enum sq_err db_tables(struct db *db, struct db_tables *ret);

/** db_close(db): roll back what is open, close, wipe; NULL is fine. */
void db_close(struct db *db);

enum db_journal { DB_JOURNAL_NONE, DB_JOURNAL_HOT, DB_JOURNAL_REFUSED };

/**
 * db_journal(dirfd, ret, why):
 * Look at vault.db-journal: absent or empty, hot, or to be refused (it names a
 * super-journal).  A vault.db-wal or -shm with content is DB_JOURNAL_REFUSED.
 */
enum sq_err db_journal(int dirfd, enum db_journal *ret, struct why *why);

/**
 * db_integrity(db, why):
 * cipher_integrity_check and integrity_check; SQ_EDAMAGE with the first
 * finding.  Outside a transaction.
 */
enum sq_err db_integrity(struct db *db, struct why *why);

/**
 * db_begin(db), db_commit(db), db_rollback(db):
 * One transaction; commit is durable when it returns SQ_OK, and has rolled
 * back when it does not.  After damage or an I/O error inside a transaction,
 * or a full disk that could not be undone, the database must be closed and
 * opened again: every call then gives that error (nothing is tried twice: a
 * second fsync may lie).
 */
enum sq_err db_begin(struct db *db);
enum sq_err db_commit(struct db *db);
void db_rollback(struct db *db);

/**
 * db_why(db):
 * What SQLite said of the last failure; valid until the next call.
 */
const char *db_why(struct db *db);

/**
 * db_use(db, which, ret):
 * The prepared statement, reset and without bindings.  Borrowed: valid until
 * the same one is asked for again.
 */
enum sq_err db_use(struct db *db, enum db_stmt which, struct db_st **ret);

/**
 * db_bind_int(st, i, v) and its kin: bind parameter ${i} (from 1); blobs and
 * texts must stay until the statement is done.
 */
void db_bind_int(struct db_st *st, int i, int64_t v);
void db_bind_blob(struct db_st *st, int i, const void *p, size_t n);
void db_bind_text(struct db_st *st, int i, const char *s, size_t n);

/**
 * db_step(st, ret_row):
 * Run to the next row (true) or the end (false: already reset).  SQ_EDAMAGE
 * when SQLite reports corruption or a page read so far does not authenticate:
 * no row of it is handed out.  SQ_EEXIST for a value that must be unique,
 * SQ_ENOSPC, SQ_EIO; SQ_EINTERNAL for a change outside db_begin.
 */
enum sq_err db_step(struct db_st *st, bool *ret_row);

/** db_run(st): run a statement that yields no row. */
enum sq_err db_run(struct db_st *st);

/** db_reset(st): give the statement back early; NULL is fine. */
void db_reset(struct db_st *st);

/**
 * db_int(st, col), db_blob(...), db_text(...): columns from 0; pointers valid
 * until the next step.
 */
int64_t db_int(struct db_st *st, int col);
const void *db_blob(struct db_st *st, int col, size_t *ret_n);
const char *db_text(struct db_st *st, int col, size_t *ret_n);

/** db_last_id(db): rowid of the last insert. */
int64_t db_last_id(struct db *db);

/**
 * db_meta_get(db, key, out, cap, ret_n):
 * A value of the meta table; SQ_ENOENT if absent, SQ_ELIMIT if larger than
 * ${cap}.
 */
enum sq_err db_meta_get(struct db *db, const char *key, void *out, size_t cap,
    size_t *ret_n);

/** db_meta_set(db, key, p, n): set it, inside a transaction. */
enum sq_err db_meta_set(struct db *db, const char *key, const void *p,
    size_t n);

#endif
