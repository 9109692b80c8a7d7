/*
 * What db.c and db_open.c share, and nobody else includes.
 */
#ifndef SQ_VAULT_STORE_DB_INT_H
#define SQ_VAULT_STORE_DB_INT_H

#define SQLITE_HAS_CODEC 1	/* declares sqlite3_key */
#include <sqlite3.h>

#include "vault/store/db.h"

struct db_st {
	struct db *db;
	sqlite3_stmt *s;	/* NULL until first used */
	bool writes;
	bool bad;		/* a binding failed */
};

struct db {
	sqlite3 *h;
	int dirfd;		/* the vault's folder, the vault's to close */
	bool anchored;		/* the anchor holds a read transaction */
	bool tx;		/* inside db_begin */
	bool outdated;		/* a projection is missing or of old form */
	enum sq_err hurt;	/* a failure inside this transaction */
	enum sq_err dead;	/* not SQ_OK: must be closed and opened */
	char text[256];		/* what SQLite said of the last failure */
	struct db_st st[DB_STMT_COUNT];
};

/** db_anchor(db): from now on notice every page that does not authenticate. */
enum sq_err db_anchor(struct db *db);

/** db_fail(db, rc): note what SQLite says and turn its code into ours. */
enum sq_err db_fail(struct db *db, int rc);

/** db_not_opened(db, e, why): a failure while it is opened, in words. */
enum sq_err db_not_opened(struct db *db, enum sq_err e, struct why *why);

/** db_schema_make(db): all tables, in an empty database. */
enum sq_err db_schema_make(struct db *db);

/**
 * db_schema_check(db, why):
 * What the database holds is what this build makes, or an earlier one did
 * (then it is outdated); else SQ_EUNSUPPORTED.
 */
enum sq_err db_schema_check(struct db *db, struct why *why);

/** db_wrap(h, ret): a struct db around an open handle; closes it on failure. */
enum sq_err db_wrap(sqlite3 *h, struct db **ret);

#endif
