/*
 * The schema: made, recognised, and made anew.  See db.h and the rule at the
 * head of sql.h.
 *
 * What a database holds is compared row by row with what this build makes: a
 * row that is neither made by it nor by an earlier one is refused, and so is a
 * database without the evidence.  A projection that is missing or of an earlier
 * form only makes the database outdated.
 */
#include <stdlib.h>
#include <string.h>

#include "crypto/bytes.h"
#include "vault/store/db_int.h"

#define META_SCHEMA "schema"
#define SCHEMA_VERSION "1"

struct named {
	const char *name, *text;
};

static const struct named sql[] = {
#define SQL(name, text) { #name, text },
#include "vault/store/sql.h"
#undef SQL
};

static const struct named old[] = {
#define SQL(name, text)
#define SQL_OLD(name, text) { #name, text },
#include "vault/store/sql.h"
#undef SQL
	{ NULL, NULL }
};

/* A row of sqlite_schema. */
struct row {
	struct bytes_buf text;	/* all its columns */
	bool evidence;		/* of meta or entry, which are no projection */
};

struct rows {
	struct row *v;
	size_t n, cap;
};

static void
rows_free(struct rows *r)
{
	for (size_t i = 0; i < r->n; i++)
		bytes_free(&r->v[i].text);
	free(r->v);
}

static bool
rows_have(const struct rows *r, const struct row *row)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->v[i].text.len == row->text.len &&
		    memcmp(r->v[i].text.p, row->text.p, row->text.len) == 0)
			return true;
	return false;
}

static bool
is_evidence(const char *table)
{
	return strcmp(table, "meta") == 0 || strcmp(table, "entry") == 0;
}

/* Add what the database holds. */
static enum sq_err
rows_read(struct db *db, struct rows *r)
{
	struct db_st *st;
	struct row *row;
	const char *p;
	size_t n;
	bool more;
	enum sq_err e;

	if ((e = db_use(db, DB_SCHEMA_OF, &st)) != SQ_OK)
		return e;
	while ((e = db_step(st, &more)) == SQ_OK && more) {
		if (r->n == r->cap) {
			r->cap = r->cap == 0 ? 64 : 2 * r->cap;
			row = reallocarray(r->v, r->cap, sizeof(*row));
			if (row == NULL) {
				e = SQ_ENOMEM;
				break;
			}
			r->v = row;
		}
		row = &r->v[r->n++];
		memset(row, 0, sizeof(*row));
		for (int col = 0; col < 4; col++) {
			p = db_text(st, col, &n);
			bytes_put_u32(&row->text, (uint32_t)n);
			bytes_put(&row->text, p, n);
		}
		row->evidence = is_evidence(db_text(st, 2, &n));
		if ((e = bytes_done(&row->text)) != SQ_OK)
			break;
	}
	db_reset(st);
	return e;
}

/* Run every statement whose name begins with ${prefix}. */
static enum sq_err
run_all(struct db *db, const char *prefix, bool projections)
{
	size_t len = strlen(prefix);
	int rc;

	for (size_t i = 0; i < sizeof(sql) / sizeof(*sql); i++) {
		if (strncmp(sql[i].name, prefix, len) != 0 ||
		    strcmp(sql[i].name, "SCHEMA_OF") == 0)
			continue;
		if (projections && (strcmp(sql[i].name, "SCHEMA_META") == 0 ||
		    strncmp(sql[i].name, "SCHEMA_ENTRY", 12) == 0))
			continue;
		rc = sqlite3_exec(db->h, sql[i].text, NULL, NULL, NULL);
		if (rc != SQLITE_OK)
			return db_fail(db, rc);
	}
	return SQ_OK;
}

/* Add the rows of the schema of this build, or of earlier ones. */
static enum sq_err
rows_known(bool of_old, struct rows *r)
{
	sqlite3 *h = NULL;
	struct db *db = NULL;
	enum sq_err e;
	int rc;

	if (sqlite3_open_v2(":memory:", &h, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_MEMORY, NULL) != SQLITE_OK) {
		(void)sqlite3_close(h);
		return SQ_ENOMEM;
	}
	if ((e = db_wrap(h, &db)) != SQ_OK)
		return e;
	if (!of_old)
		e = run_all(db, "SCHEMA_", false);
	for (size_t i = 0; of_old && e == SQ_OK && old[i].name != NULL; i++) {
		rc = sqlite3_exec(db->h, old[i].text, NULL, NULL, NULL);
		if (rc != SQLITE_OK)
			e = db_fail(db, rc);
	}
	/* an empty database has no row for the anchor to stand on */
	if (e == SQ_OK && (!of_old || old[0].name != NULL))
		e = rows_read(db, r);
	db_close(db);
	return e;
}

/* Is every row known, and all evidence there?  Are the projections? */
static enum sq_err
compare(const struct rows *found, const struct rows *own,
    const struct rows *before, bool *ret_old)
{
	*ret_old = false;
	for (size_t i = 0; i < found->n; i++) {
		if (rows_have(own, &found->v[i]))
			continue;
		if (found->v[i].evidence || !rows_have(before, &found->v[i]))
			return SQ_EUNSUPPORTED;
		*ret_old = true;
	}
	for (size_t i = 0; i < own->n; i++) {
		if (rows_have(found, &own->v[i]))
			continue;
		if (own->v[i].evidence)
			return SQ_EUNSUPPORTED;
		*ret_old = true;
	}
	return SQ_OK;
}

/* The indexes of words forget what is taken out of them. */
static enum sq_err
check_erases(struct db *db, struct why *why)
{
	struct db_st *st;
	bool row;
	enum sq_err e;

	if ((e = db_use(db, DB_FTS_ERASES, &st)) != SQ_OK ||
	    (e = db_step(st, &row)) != SQ_OK)
		return db_not_opened(db, e, why);
	if (!row || db_int(st, 0) != 2)
		e = err_why(why, SQ_EDAMAGE, "the index of words is not set to"
		    " erase what is removed from it");
	db_reset(st);
	return e;
}

/* see db_int.h */
enum sq_err
db_schema_make(struct db *db)
{
	enum sq_err e = run_all(db, "SCHEMA_", false);

	if (e != SQ_OK)
		return e;
	return db_meta_set(db, META_SCHEMA, SCHEMA_VERSION,
	    strlen(SCHEMA_VERSION));
}

/* see db_int.h */
enum sq_err
db_schema_check(struct db *db, struct why *why)
{
	struct rows found = { 0 }, own = { 0 }, before = { 0 };
	char version[8] = "";
	size_t n;
	enum sq_err e;

	if ((e = rows_known(false, &own)) != SQ_OK ||
	    (e = rows_known(true, &before)) != SQ_OK) {
		e = err_why(why, e, "cannot make the schema");
		goto out;
	}
	if ((e = rows_read(db, &found)) != SQ_OK) {
		e = db_not_opened(db, e, why);
		goto out;
	}
	if ((e = compare(&found, &own, &before, &db->outdated)) != SQ_OK) {
		e = err_why(why, e, "the tables in %s are not those that this "
		    "version makes, nor those of an earlier one: it is of a "
		    "later version, or was altered", DB_NAME);
		goto out;
	}
	e = db_meta_get(db, META_SCHEMA, version, sizeof(version) - 1, &n);
	if (e != SQ_OK && e != SQ_ENOENT && e != SQ_ELIMIT)
		e = db_not_opened(db, e, why);
	else if (e != SQ_OK || strcmp(version, SCHEMA_VERSION) != 0)
		e = err_why(why, SQ_EUNSUPPORTED,
		    "%s says that it has schema '%s'", DB_NAME, version);
	else if (!db->outdated)
		e = check_erases(db, why);
out:
	rows_free(&found);
	rows_free(&own);
	rows_free(&before);
	return e;
}

/* see db.h */
bool
db_outdated(const struct db *db)
{
	return db->outdated;
}

/* see db.h */
enum sq_err
db_remake(struct db *db)
{
	enum sq_err e, e2;

	if (!db->tx || db->dead != SQ_OK || db->hurt != SQ_OK)
		return SQ_EINTERNAL;
	/* no table is dropped while a statement runs, and the anchor does */
	for (size_t i = 0; i < DB_STMT_COUNT; i++)
		(void)sqlite3_reset(db->st[i].s);
	db->anchored = false;
	if ((e = run_all(db, "DROP_", false)) == SQ_OK)
		e = run_all(db, "SCHEMA_", true);
	/* of a page that did not authenticate meanwhile it hears now */
	if ((e2 = db_anchor(db)) != SQ_OK) {
		db->hurt = e2;
		return e2;
	}
	if (e == SQ_OK)
		db->outdated = false;
	return e;
}

/* Every column of every row that a statement yields. */
static enum sq_err
hash_rows(struct db *db, enum db_stmt which, uint8_t out[DIGEST_LEN])
{
	struct digest *d = NULL;
	struct db_st *st = NULL;
	uint8_t len[8];
	const void *p;
	size_t n;
	bool row;
	enum sq_err e;

	if ((e = digest_new(DIGEST_SHA256, &d)) != SQ_OK ||
	    (e = db_use(db, which, &st)) != SQ_OK)
		goto out;
	while ((e = db_step(st, &row)) == SQ_OK && row)
		for (int i = 0; i < sqlite3_column_count(st->s) &&
		    e == SQ_OK; i++) {
			p = db_blob(st, i, &n);
			bytes_le64(len, n);
			if ((e = digest_add(d, len, sizeof(len))) == SQ_OK)
				e = digest_add(d, n == 0 ? len : p, n);
		}
	db_reset(st);
	if (e == SQ_OK)
		e = digest_end(d, out);
out:
	digest_free(d);
	return e;
}

/* see db.h */
enum sq_err
db_tables(struct db *db, struct db_tables *ret)
{
	enum sq_err e = SQ_OK;
	int rc;

	ret->n = 0;
	if (!db->tx)
		return SQ_EINTERNAL;
	/* the words of the index, whatever pieces it keeps them in */
	rc = sqlite3_exec(db->h, sql[DB_WORDS_MAKE].text, NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		return db_fail(db, rc);
	for (size_t i = 0; i < DB_STMT_COUNT && e == SQ_OK; i++) {
		if (strncmp(sql[i].name, "PROVE_", 6) != 0)
			continue;
		if (ret->n == DB_TABLES_MAX)
			return SQ_ELIMIT;
		ret->name[ret->n] = sql[i].name + 6;
		e = hash_rows(db, (enum db_stmt)i, ret->hash[ret->n]);
		ret->n++;
	}
	(void)sqlite3_exec(db->h, sql[DB_WORDS_DROP].text, NULL, NULL, NULL);
	return e;
}
