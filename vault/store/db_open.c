#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "crypto/bytes.h"
#include "vault/fsio.h"
#include "vault/store/db_int.h"

#define KEY_LEN 32
#define SALT_LEN 16
#define KEY_TEXT (2 + 2 * (KEY_LEN + SALT_LEN) + 1)
#define WAL "vault.db-wal"
#define SHM "vault.db-shm"
#define VFS "sandyq"
#define VALUE_MAX ((int)64 << 20)	/* no cell is ever larger */

/* A setting: how to set it (or NULL), read it, and what it must then be. */
struct setting {
	const char *name, *set, *get, *value;
};

static const struct setting settings[] = {
#define SQL(name, text)
#define SQL_PRAGMA(name, set, get, value) { name, set, get, value },
#include "vault/store/sql.h"
#undef SQL
};

/*
 * The bare name stays bare, so that the journal and the syncing of the folder
 * go to the working directory, which is the vault's folder even after it was
 * renamed or another folder was put in its place.
 */
static int
full_path(sqlite3_vfs *vfs, const char *name, int cap, char *out)
{
	(void)vfs;
	if (strcmp(name, DB_NAME) != 0 || cap <= (int)strlen(name))
		return SQLITE_CANTOPEN;
	(void)snprintf(out, (size_t)cap, "%s", name);
	return SQLITE_OK;
}

/* Register the shim; once is enough. */
static enum sq_err
vfs_ready(void)
{
	static sqlite3_vfs shim;
	const sqlite3_vfs *base;

	if (sqlite3_initialize() != SQLITE_OK)
		return SQ_EINTERNAL;
	if (sqlite3_vfs_find(VFS) != NULL)
		return SQ_OK;
	if ((base = sqlite3_vfs_find(NULL)) == NULL)
		return SQ_EINTERNAL;
	shim = *base;
	shim.pNext = NULL;
	shim.zName = VFS;
	shim.xFullPathname = full_path;
	return sqlite3_vfs_register(&shim, 0) == SQLITE_OK ? SQ_OK :
	    SQ_EINTERNAL;
}

/* Hand the key over as x'KEY SALT' in hexadecimal. */
static enum sq_err
give_key(struct db *db, const struct secret *key, const struct secret *salt)
{
	struct secret *text = NULL;
	char *p;
	enum sq_err e;
	int rc;

	if (secret_len(key) != KEY_LEN || secret_len(salt) != SALT_LEN)
		return SQ_EINTERNAL;
	if ((e = secret_new(KEY_TEXT + 1, &text)) != SQ_OK)
		return e;
	p = (char *)secret_bytes(text);
	p[0] = 'x';
	p[1] = '\'';
	bytes_hex(p + 2, secret_cbytes(key), KEY_LEN);
	bytes_hex(p + 2 + 2 * KEY_LEN, secret_cbytes(salt), SALT_LEN);
	p[KEY_TEXT - 1] = '\'';
	rc = sqlite3_key(db->h, p, KEY_TEXT);
	secret_free(text);
	return rc == SQLITE_OK ? SQ_OK : db_fail(db, rc);
}

/* Run one statement; its first value, as text, goes to out. */
static enum sq_err
one_value(struct db *db, const char *text, char *out, size_t cap)
{
	sqlite3_stmt *s = NULL;
	const unsigned char *v = NULL;
	enum sq_err e = SQ_OK;
	int rc = sqlite3_prepare_v2(db->h, text, -1, &s, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(s);
	if (rc == SQLITE_ROW)
		v = sqlite3_column_text(s, 0);
	else if (rc != SQLITE_DONE)
		e = db_fail(db, rc);
	(void)snprintf(out, cap, "%s", v == NULL ? "" : (const char *)v);
	(void)sqlite3_finalize(s);
	return e;
}

/* see db_int.h */
enum sq_err
db_not_opened(struct db *db, enum sq_err e, struct why *why)
{
	if (e == SQ_EDAMAGE)
		return err_why(why, e, "%s does not open with this vault's key:"
		    " it is damaged, or is another vault's (%s)", DB_NAME,
		    db_why(db));
	return err_why(why, e, "%s: %s", DB_NAME, db_why(db));
}

static enum sq_err
set_all(struct db *db, struct why *why)
{
	char got[64];
	const struct setting *s;
	enum sq_err e;

	for (size_t i = 0; i < sizeof(settings) / sizeof(*settings); i++) {
		s = &settings[i];
		if (s->set != NULL &&
		    (e = one_value(db, s->set, got, sizeof(got))) != SQ_OK)
			return db_not_opened(db, e, why);
		if ((e = one_value(db, s->get, got, sizeof(got))) != SQ_OK)
			return db_not_opened(db, e, why);
		if (strcmp(got, s->value) != 0)
			return err_why(why, SQ_EINTERNAL, "the database keeps"
			    " %s at '%s' instead of '%s'", s->name, got,
			    s->value);
	}
	return SQ_OK;
}

static enum sq_err
set_flags(struct db *db, struct why *why)
{
	static const struct {
		int op, to;
		const char *name;
	} flag[] = {
		{ SQLITE_DBCONFIG_DEFENSIVE, 1, "DEFENSIVE" },
		{ SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, "TRUSTED_SCHEMA" },
		{ SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, "LOAD_EXTENSION" },
		{ SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, "TRIGGER" },
		{ SQLITE_DBCONFIG_ENABLE_VIEW, 0, "VIEW" },
		{ SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0, "WRITABLE_SCHEMA" },
	};
	int got;

	for (size_t i = 0; i < sizeof(flag) / sizeof(*flag); i++)
		if (sqlite3_db_config(db->h, flag[i].op, flag[i].to, &got) !=
		    SQLITE_OK || got != flag[i].to)
			return err_why(why, SQ_EINTERNAL,
			    "the database does not take the setting %s",
			    flag[i].name);
	(void)sqlite3_limit(db->h, SQLITE_LIMIT_ATTACHED, 0);
	(void)sqlite3_limit(db->h, SQLITE_LIMIT_LENGTH, VALUE_MAX);
	if (sqlite3_limit(db->h, SQLITE_LIMIT_ATTACHED, -1) != 0 ||
	    sqlite3_limit(db->h, SQLITE_LIMIT_LENGTH, -1) != VALUE_MAX)
		return err_why(why, SQ_EINTERNAL,
		    "the database does not take its limits");
	return SQ_OK;
}

/* Open the bare name in the working directory and make everything right. */
static enum sq_err
open_bare(const struct secret *key, const struct secret *salt, bool readonly,
    struct db **ret, struct why *why)
{
	int flags = SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_PRIVATECACHE |
	    SQLITE_OPEN_EXRESCODE |
	    (readonly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
	sqlite3 *h = NULL;
	struct db *db = NULL;
	enum sq_err e;
	int rc;

	if ((e = vfs_ready()) != SQ_OK)
		return err_why(why, e, "SQLite does not start");
	if ((rc = sqlite3_open_v2(DB_NAME, &h, flags, VFS)) != SQLITE_OK) {
		(void)sqlite3_close(h);
		return err_why(why, SQ_EIO, "cannot open %s: %s", DB_NAME,
		    sqlite3_errstr(rc));
	}
	if ((e = db_wrap(h, &db)) != SQ_OK)
		return e;
	if ((e = give_key(db, key, salt)) != SQ_OK)
		e = err_why(why, e, "SQLCipher does not take the key");
	if (e == SQ_OK)
		e = set_all(db, why);
	if (e == SQ_OK)
		e = set_flags(db, why);
	/* SQLite falls back to reading alone without a word */
	if (e == SQ_OK && !readonly && sqlite3_db_readonly(h, "main") != 0)
		e = err_why(why, SQ_EREADONLY, "%s cannot be written",
		    DB_NAME);
	if (e != SQ_OK) {
		db_close(db);
		return e;
	}
	*ret = db;
	return SQ_OK;
}

/* see db.h */
enum sq_err
db_create(int dirfd, const struct secret *key, const struct secret *salt,
    struct db **ret, struct why *why)
{
	struct db *db = NULL;
	enum sq_err e;

	/* by us, so that the mode never depends on the umask */
	if ((e = fsio_create(dirfd, DB_NAME, "", 0, why)) != SQ_OK)
		return e;
	if (fsio_dir_enter(dirfd) != SQ_OK)
		return err_why(why, SQ_EIO, "cannot enter the vault's folder");
	if ((e = open_bare(key, salt, false, &db, why)) != SQ_OK)
		return e;
	db->dirfd = dirfd;
	if (sqlite3_exec(db->h, "BEGIN", NULL, NULL, NULL) != SQLITE_OK)
		e = db_fail(db, sqlite3_errcode(db->h));
	db->tx = e == SQ_OK;
	if (e == SQ_OK)
		e = db_schema_make(db);
	if (e == SQ_OK)
		e = db_commit(db);
	if (e == SQ_OK) {
		e = db_schema_check(db, why);
	} else {
		(void)err_why(why, e, "cannot make %s: %s", DB_NAME,
		    db_why(db));
	}
	if (e != SQ_OK) {
		db_close(db);
		return e;
	}
	*ret = db;
	return SQ_OK;
}

static enum sq_err
cut(uint64_t size, struct why *why)
{
	return err_why(why, SQ_EDAMAGE, DB_NAME " is cut: %" PRIu64
	    " bytes are not a whole number of pages", size);
}

/* The file itself, before SQLite may touch it. */
static enum sq_err
check_file(int dirfd, const struct secret *salt, bool *ret_hot,
    struct why *why)
{
	uint8_t first[SALT_LEN];
	enum db_journal j;
	uint64_t size;
	enum sq_err e = fsio_size(dirfd, DB_NAME, &size, why);

	if (e == SQ_ENOENT)
		return err_why(why, SQ_EDAMAGE, "%s is missing", DB_NAME);
	if (e != SQ_OK || (e = db_journal(dirfd, &j, why)) != SQ_OK)
		return e;
	if (j == DB_JOURNAL_REFUSED)
		return err_why(why, SQ_EDAMAGE, "beside %s lies a journal that"
		    " this program does not write", DB_NAME);
	/* a page cut off while it was appended goes with the playback */
	*ret_hot = j == DB_JOURNAL_HOT;
	if (size == 0 || (size % DB_PAGE != 0 && !*ret_hot))
		return cut(size, why);
	e = fsio_peek(dirfd, DB_NAME, 0, first, sizeof(first), why);
	if (e != SQ_OK)
		return e;
	/* SQLCipher itself does not look at these bytes */
	if (secret_len(salt) != SALT_LEN ||
	    !bytes_eq(first, secret_cbytes(salt), SALT_LEN))
		return err_why(why, SQ_EDAMAGE, "%s does not begin as this"
		    " vault's database does: it is damaged or another"
		    " vault's", DB_NAME);
	return SQ_OK;
}

/* see db.h */
enum sq_err
db_open(int dirfd, const struct secret *key, const struct secret *salt,
    bool readonly, struct db **ret, struct why *why)
{
	struct db *db = NULL;
	uint64_t size;
	bool hot = false;
	enum sq_err e;

	if ((e = check_file(dirfd, salt, &hot, why)) != SQ_OK)
		return e;
	if (fsio_dir_enter(dirfd) != SQ_OK)
		return err_why(why, SQ_EIO, "cannot enter the vault's folder");
	if ((e = open_bare(key, salt, readonly, &db, why)) != SQ_OK)
		return e;
	if ((e = db_schema_check(db, why)) == SQ_OK && hot &&
	    (e = fsio_size(dirfd, DB_NAME, &size, why)) == SQ_OK &&
	    size % DB_PAGE != 0)
		e = cut(size, why);
	if (e != SQ_OK) {
		db_close(db);
		return e;
	}
	db->dirfd = dirfd;
	*ret = db;
	return SQ_OK;
}

/* Is there a file of that name with anything in it? */
static enum sq_err
content(int dirfd, const char *name, uint64_t *ret_size, struct why *why)
{
	struct why w;
	enum sq_err e = fsio_size(dirfd, name, ret_size, &w);

	if (e == SQ_ENOENT) {
		*ret_size = 0;
		return SQ_OK;
	}
	return e == SQ_OK ? e : err_why(why, e, "%s", w.text);
}

/* see db.h */
enum sq_err
db_journal(int dirfd, enum db_journal *ret, struct why *why)
{
	static const uint8_t super[8] = { 0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1,
	    0x63, 0xd7 };
	uint64_t wal, shm, size;
	uint8_t last[8];
	enum sq_err e;

	if ((e = content(dirfd, WAL, &wal, why)) != SQ_OK ||
	    (e = content(dirfd, SHM, &shm, why)) != SQ_OK ||
	    (e = content(dirfd, DB_JOURNAL, &size, why)) != SQ_OK)
		return e;
	if (wal > 0 || shm > 0) {
		*ret = DB_JOURNAL_REFUSED;
		return SQ_OK;
	}
	*ret = size == 0 ? DB_JOURNAL_NONE : DB_JOURNAL_HOT;
	if (size < sizeof(last))
		return SQ_OK;
	e = fsio_peek(dirfd, DB_JOURNAL, size - sizeof(last), last,
	    sizeof(last), why);
	if (e == SQ_OK && memcmp(last, super, sizeof(super)) == 0)
		*ret = DB_JOURNAL_REFUSED;
	return e;
}

/* see db.h */
enum sq_err
db_integrity(struct db *db, struct why *why)
{
	struct db_st *st;
	const char *p;
	size_t n;
	bool row;
	enum sq_err e;

	if ((e = db_use(db, DB_CIPHER_CHECK, &st)) != SQ_OK ||
	    (e = db_step(st, &row)) != SQ_OK)
		return err_why(why, e, "%s: %s", DB_NAME, db_why(db));
	if (row) {
		p = db_text(st, 0, &n);
		e = err_why(why, SQ_EDAMAGE, "%s: %s", DB_NAME, p);
		db_reset(st);
		return e;
	}
	if ((e = db_use(db, DB_INTEGRITY_CHECK, &st)) != SQ_OK ||
	    (e = db_step(st, &row)) != SQ_OK)
		return err_why(why, e, "%s: %s", DB_NAME, db_why(db));
	p = row ? db_text(st, 0, &n) : "no answer";
	if (strcmp(p, "ok") != 0) {
		/* SQLite puts a heading on a line of its own before it */
		if (strrchr(p, '\n') != NULL)
			p = strrchr(p, '\n') + 1;
		e = err_why(why, SQ_EDAMAGE, "%s: %s", DB_NAME, p);
	}
	db_reset(st);
	return e;
}
