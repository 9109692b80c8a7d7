#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/fsio.h"
#include "vault/store/db_int.h"

/*
 * Bad pages.  When a page does not authenticate, SQLCipher 4.6 hands SQLite
 * zeros in its place, notes an error in the pager and lets the statement go
 * on: of an overflow page the zeros arrive as data.  The noted error lasts
 * until the last page is given back, and while it lasts every other read
 * fails.  Hence:
 *
 * (1) A statement, the anchor, is kept in the middle of its run while the
 *     database is open, so that the noted error cannot vanish unseen.
 * (2) After each step of a reading statement, and before COMMIT, a second
 *     statement, the probe, reads one page.  If it fails, so does the step.
 * (3) Outside a transaction the anchor is then let go and taken anew, so that
 *     what is undamaged can still be read.
 * (4) A failure inside a writing transaction leaves a pager that may hold a
 *     journal it will not play back under an exclusive lock.  After the
 *     rollback nothing more is done through this connection: the next opening
 *     finds the journal.
 * (5) When a change is rolled back, SQLite looks at the pages that are in use
 *     before SQLCipher has decrypted them.  Once in thousands what it sees
 *     there makes sense, is believed, and a sound page is called damaged.
 *     Hence the anchor is let go before, and all pages are forgotten after.
 */

static const char *const sql[] = {
#define SQL(name, text) [DB_##name] = text,
#include "vault/store/sql.h"
#undef SQL
};

/* see db_int.h */
enum sq_err
db_wrap(sqlite3 *h, struct db **ret)
{
	struct db *db = calloc(1, sizeof(*db));

	if (db == NULL) {
		(void)sqlite3_close(h);
		return SQ_ENOMEM;
	}
	db->h = h;
	for (size_t i = 0; i < DB_STMT_COUNT; i++)
		db->st[i].db = db;
	*ret = db;
	return SQ_OK;
}

/* What a code of SQLite means here. */
static enum sq_err
meaning(struct db *db, int rc)
{
	int no;

	switch (rc & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return SQ_OK;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return SQ_EDAMAGE;
	case SQLITE_FULL:
		return SQ_ENOSPC;
	case SQLITE_NOMEM:
		return SQ_ENOMEM;
	case SQLITE_READONLY:
		return SQ_EREADONLY;
	case SQLITE_CONSTRAINT:
		return SQ_EEXIST;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return SQ_EBUSY;
	case SQLITE_TOOBIG:
		return SQ_ELIMIT;
	case SQLITE_IOERR:
		if (rc == SQLITE_IOERR_NOMEM)
			return SQ_ENOMEM;
		if (rc == SQLITE_IOERR_SHORT_READ)
			return SQ_EDAMAGE;
		no = sqlite3_system_errno(db->h);
		return no == ENOSPC || no == EDQUOT ? SQ_ENOSPC : SQ_EIO;
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return SQ_EIO;
	default:
		return SQ_EINTERNAL;
	}
}

/* see db_int.h */
enum sq_err
db_fail(struct db *db, int rc)
{
	enum sq_err e = meaning(db, rc);

	(void)snprintf(db->text, sizeof(db->text), "%s",
	    sqlite3_errmsg(db->h));
	/* what follows a failed write says nothing of the pages */
	if (e == SQ_EDAMAGE && (db->hurt == SQ_EIO || db->hurt == SQ_ENOSPC))
		e = db->hurt;
	if (db->tx && (e == SQ_EDAMAGE || e == SQ_EIO || e == SQ_ENOSPC))
		db->hurt = e;
	return e;
}

/* see db.h */
const char *
db_why(struct db *db)
{
	return db->text;
}

/* The statement, prepared. */
static enum sq_err
prepare(struct db *db, enum db_stmt which)
{
	struct db_st *st = &db->st[which];
	int rc;

	if (st->s != NULL)
		return SQ_OK;
	rc = sqlite3_prepare_v3(db->h, sql[which], -1,
	    SQLITE_PREPARE_PERSISTENT, &st->s, NULL);
	if (rc == SQLITE_ERROR && db->outdated) {
		(void)snprintf(db->text, sizeof(db->text), "the vault is of "
		    "an earlier version and lacks this index; open it once "
		    "where it can be written");
		return SQ_EUNSUPPORTED;
	}
	if (rc != SQLITE_OK)
		return db_fail(db, rc);
	st->writes = !sqlite3_stmt_readonly(st->s);
	return SQ_OK;
}

/* Does the pager still answer?  SQLITE_ROW; never after a bad page. */
static int
probe(struct db *db)
{
	sqlite3_stmt *s = db->st[DB_PROBE].s;
	int rc = sqlite3_step(s);

	(void)sqlite3_reset(s);
	return rc;
}

/* see db_int.h */
enum sq_err
db_anchor(struct db *db)
{
	sqlite3_stmt *s;
	enum sq_err e;
	int rc;

	if ((e = prepare(db, DB_ANCHOR)) != SQ_OK ||
	    (e = prepare(db, DB_PROBE)) != SQ_OK)
		return e;
	s = db->st[DB_ANCHOR].s;
	(void)sqlite3_reset(s);
	if ((rc = sqlite3_step(s)) != SQLITE_ROW) {
		e = rc == SQLITE_DONE ? SQ_EDAMAGE : db_fail(db, rc);
		(void)sqlite3_reset(s);
		return e == SQ_EINTERNAL ? SQ_EDAMAGE : e;
	}
	db->anchored = true;
	return SQ_OK;
}

static void
unanchor(struct db *db)
{
	(void)sqlite3_reset(db->st[DB_ANCHOR].s);
	db->anchored = false;
}

/*
 * A page did not authenticate: (3) or (4) above.  But where a disk failed the
 * pager answers no more either, and that is no evidence against the pages.
 */
static enum sq_err
bad_page(struct db *db, int rc)
{
	enum sq_err e = meaning(db, rc);

	unanchor(db);
	if (db->hurt == SQ_EIO || db->hurt == SQ_ENOSPC)
		return db->hurt;
	if (e == SQ_EIO || e == SQ_ENOSPC || e == SQ_ENOMEM)
		return db_fail(db, rc);
	(void)snprintf(db->text, sizeof(db->text),
	    "a page of the database does not authenticate");
	if (db->tx)
		db->hurt = SQ_EDAMAGE;
	return SQ_EDAMAGE;
}

/* see db.h */
enum sq_err
db_use(struct db *db, enum db_stmt which, struct db_st **ret)
{
	struct db_st *st = &db->st[which];
	enum sq_err e;

	if (db->dead != SQ_OK)
		return db->dead;
	if (db->hurt != SQ_OK)
		return db->hurt;
	if (!db->anchored && (e = db_anchor(db)) != SQ_OK)
		return e;
	if ((e = prepare(db, which)) != SQ_OK)
		return e;
	(void)sqlite3_reset(st->s);
	(void)sqlite3_clear_bindings(st->s);
	st->bad = false;
	*ret = st;
	return SQ_OK;
}

/* see db.h */
void
db_bind_int(struct db_st *st, int i, int64_t v)
{
	if (sqlite3_bind_int64(st->s, i, v) != SQLITE_OK)
		st->bad = true;
}

/* see db.h */
void
db_bind_blob(struct db_st *st, int i, const void *p, size_t n)
{
	/* a NULL pointer would bind NULL, not an empty value */
	if (sqlite3_bind_blob64(st->s, i, n == 0 ? "" : p, n,
	    SQLITE_STATIC) != SQLITE_OK)
		st->bad = true;
}

/* see db.h */
void
db_bind_text(struct db_st *st, int i, const char *s, size_t n)
{
	if (sqlite3_bind_text64(st->s, i, n == 0 ? "" : s, n, SQLITE_STATIC,
	    SQLITE_UTF8) != SQLITE_OK)
		st->bad = true;
}

/* see db.h */
enum sq_err
db_step(struct db_st *st, bool *ret_row)
{
	struct db *db = st->db;
	enum sq_err e = SQ_OK;
	int rc, seen;

	*ret_row = false;
	if (st->bad || (st->writes && !db->tx)) {
		(void)snprintf(db->text, sizeof(db->text), "%s",
		    st->bad ? "a value could not be bound" :
		    "a change outside a transaction");
		(void)sqlite3_reset(st->s);
		return SQ_EINTERNAL;
	}
	rc = sqlite3_step(st->s);
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		e = db_fail(db, rc);
	/* SQLCipher's complaint about a page is the plain SQLITE_ERROR */
	if ((e == SQ_EINTERNAL || e == SQ_EDAMAGE ||
	    (e == SQ_OK && !st->writes)) && (seen = probe(db)) != SQLITE_ROW)
		e = bad_page(db, seen);
	if (e != SQ_OK || rc == SQLITE_DONE)
		(void)sqlite3_reset(st->s);
	*ret_row = e == SQ_OK && rc == SQLITE_ROW;
	return e;
}

/* see db.h */
enum sq_err
db_run(struct db_st *st)
{
	bool row;
	enum sq_err e = db_step(st, &row);

	if (e == SQ_OK && row)
		(void)sqlite3_reset(st->s);
	return e;
}

/* see db.h */
void
db_reset(struct db_st *st)
{
	if (st != NULL)
		(void)sqlite3_reset(st->s);
}

/* see db.h */
int64_t
db_int(struct db_st *st, int col)
{
	return sqlite3_column_int64(st->s, col);
}

/* see db.h */
const void *
db_blob(struct db_st *st, int col, size_t *ret_n)
{
	const void *p = sqlite3_column_blob(st->s, col);

	*ret_n = (size_t)sqlite3_column_bytes(st->s, col);
	return p;
}

/* see db.h */
const char *
db_text(struct db_st *st, int col, size_t *ret_n)
{
	const unsigned char *p = sqlite3_column_text(st->s, col);

	*ret_n = (size_t)sqlite3_column_bytes(st->s, col);
	return p == NULL ? "" : (const char *)p;
}

/* see db.h */
int64_t
db_last_id(struct db *db)
{
	return sqlite3_last_insert_rowid(db->h);
}

/*
 * SQLite makes the journal when it needs one, and goes on if the folder cannot
 * be synced: a cut could then leave pages half written and nothing to undo them
 * with.  So it is there before, or nothing is begun.
 */
static enum sq_err
journal_ready(struct db *db)
{
	uint64_t size;
	struct why why = { "" };
	enum sq_err e = fsio_size(db->dirfd, DB_JOURNAL, &size, &why);

	if (e == SQ_ENOENT)
		e = fsio_create(db->dirfd, DB_JOURNAL, "", 0, &why);
	if (e != SQ_OK)
		(void)snprintf(db->text, sizeof(db->text), "%.*s",
		    (int)sizeof(db->text) - 1, why.text);
	return e;
}

/* see db.h */
enum sq_err
db_begin(struct db *db)
{
	struct db_st *st;
	enum sq_err e;

	if (db->tx)
		return SQ_EINTERNAL;
	if ((e = journal_ready(db)) != SQ_OK ||
	    (e = db_use(db, DB_BEGIN, &st)) != SQ_OK)
		return e;
	st->writes = false;
	if ((e = db_run(st)) == SQ_OK)
		db->tx = true;
	return e;
}

/* see db.h */
enum sq_err
db_commit(struct db *db)
{
	struct db_st *st;
	enum sq_err e;
	int seen;

	if (!db->tx)
		return SQ_EINTERNAL;
	if ((e = db_use(db, DB_COMMIT, &st)) != SQ_OK)
		goto out;
	if ((seen = probe(db)) != SQLITE_ROW) {
		e = bad_page(db, seen);
		goto out;
	}
	st->writes = false;
	if ((e = db_run(st)) == SQ_OK)
		db->tx = false;
out:
	if (e != SQ_OK)
		db_rollback(db);
	return e;
}

/* see db.h */
void
db_rollback(struct db *db)
{
	int rc = SQLITE_DONE;
	bool sound;

	if (!db->tx)
		return;
	for (size_t i = 0; i < DB_STMT_COUNT; i++)
		if (i != DB_ANCHOR && db->st[i].s != NULL)
			(void)sqlite3_reset(db->st[i].s);
	if (db->hurt != SQ_OK)
		db->dead = db->hurt;
	sound = db->dead == SQ_OK && db->anchored &&
	    probe(db) == SQLITE_ROW;
	if (sound)
		unanchor(db);
	if (!sqlite3_get_autocommit(db->h)) {
		if (prepare(db, DB_ROLLBACK) != SQ_OK)
			rc = SQLITE_ERROR;
		else
			rc = sqlite3_step(db->st[DB_ROLLBACK].s);
		if (rc != SQLITE_DONE && db->dead == SQ_OK)
			db->dead = SQ_EIO;
		(void)sqlite3_reset(db->st[DB_ROLLBACK].s);
	}
	if (sound)		/* (5) */
		(void)sqlite3_db_release_memory(db->h);
	/* a full disk met in COMMIT is undone with nothing left behind */
	if (db->dead == SQ_ENOSPC && rc == SQLITE_DONE && db->anchored &&
	    probe(db) == SQLITE_ROW)
		db->dead = SQ_OK;
	db->tx = false;
	db->hurt = SQ_OK;
}

/* see db.h */
void
db_close(struct db *db)
{
	if (db == NULL)
		return;
	db_rollback(db);
	for (size_t i = 0; i < DB_STMT_COUNT; i++)
		(void)sqlite3_finalize(db->st[i].s);
	(void)sqlite3_close(db->h);
	secret_wipe(db, sizeof(*db));
	free(db);
}

/* see db.h */
enum sq_err
db_meta_get(struct db *db, const char *key, void *out, size_t cap,
    size_t *ret_n)
{
	struct db_st *st;
	const void *p;
	size_t n;
	bool row;
	enum sq_err e;

	if ((e = db_use(db, DB_META_GET, &st)) != SQ_OK)
		return e;
	db_bind_text(st, 1, key, strlen(key));
	if ((e = db_step(st, &row)) != SQ_OK)
		return e;
	if (!row)
		return SQ_ENOENT;
	p = db_blob(st, 0, &n);
	if (n > cap)
		e = SQ_ELIMIT;
	else if (n > 0)
		memcpy(out, p, n);
	if (e == SQ_OK)
		*ret_n = n;
	db_reset(st);
	return e;
}

/* see db.h */
enum sq_err
db_meta_set(struct db *db, const char *key, const void *p, size_t n)
{
	struct db_st *st;
	enum sq_err e;

	if ((e = db_use(db, DB_META_SET, &st)) != SQ_OK)
		return e;
	db_bind_text(st, 1, key, strlen(key));
	db_bind_blob(st, 2, p, n);
	return db_run(st);
}
