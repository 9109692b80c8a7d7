/*
 * The log: proofs as the standard has them, and nothing that was deleted,
 * replaced or put back from an older copy goes unnoticed.
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

#define SQLITE_HAS_CODEC 1
#include <sqlite3.h>

#include "crypto/bytes.h"
#include "crypto/digest.h"
#include "vault/fsio.h"
#include "vault/store/log.h"

#define RECORDS 5
#define ENTRIES 23

static struct secret *key, *salt;
static char dir[] = "/tmp/sandyq-test-log.XXXXXX";
static int dirfd = -1;
static struct why why;
static uint8_t rec[RECORDS][LOG_RECORD_ID];

/* The newest pinned state, as STATE would hold it. */
struct pin {
	uint64_t size;
	uint8_t root[MERKLE_LEN], heads[32];
};

static int
setup(void **state)
{
	(void)state;
	if (secret_init() != SQ_OK || fsio_init() != SQ_OK ||
	    mkdtemp(dir) == NULL)
		return -1;
	dirfd = open(dir, O_RDONLY | O_DIRECTORY);
	for (unsigned i = 0; i < RECORDS; i++)
		memset(rec[i], (int)(0x11 * (i + 1)), LOG_RECORD_ID);
	return dirfd >= 0 && secret_random(32, &key) == SQ_OK &&
	    secret_random(16, &salt) == SQ_OK ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	(void)unlinkat(dirfd, DB_NAME, 0);
	(void)unlinkat(dirfd, DB_JOURNAL, 0);
	secret_free(key);
	secret_free(salt);
	(void)close(dirfd);
	assert_int_equal(chdir("/"), 0);
	return rmdir(dir);
}

static struct db *
create(void)
{
	struct db *db = NULL;

	(void)unlinkat(dirfd, DB_NAME, 0);
	(void)unlinkat(dirfd, DB_JOURNAL, 0);
	assert_int_equal(db_create(dirfd, key, salt, &db, &why), SQ_OK);
	return db;
}

/* An entry about record ${r}, and about ${also} unless that is negative. */
static void
compose(struct entry *en, unsigned r, int also, const char *text)
{
	char hex[2 * LOG_RECORD_ID + 1];

	memset(en, 0, sizeof(*en));
	bytes_hex(hex, rec[r], LOG_RECORD_ID);
	assert_int_equal(entry_add_str(en, "_record", hex), SQ_OK);
	assert_int_equal(entry_add_str(en, "_kind", "revision"), SQ_OK);
	assert_int_equal(entry_add_text(en, "statement", "kk", text), SQ_OK);
	if (also >= 0) {
		bytes_hex(hex, rec[also], LOG_RECORD_ID);
		assert_int_equal(entry_add_str(en, "_about[00000]", hex),
		    SQ_OK);
	}
	assert_int_equal(entry_sort(en), SQ_OK);
}

static enum sq_err
append(struct log *lg, unsigned r, int also, const char *text)
{
	uint8_t (*ids)[LOG_RECORD_ID];
	uint8_t root[ENTRY_ROOT];
	struct entry en;
	uint64_t index;
	size_t n;
	enum sq_err e;

	compose(&en, r, also, text);
	assert_int_equal(log_ids(&en, &ids, &n), SQ_OK);
	e = log_append(lg, &en, (const uint8_t (*)[LOG_RECORD_ID])ids, n,
	    &index, root);
	if (e == SQ_OK)
		assert_int_equal(index, log_size(lg) - 1);
	free(ids);
	entry_free(&en);
	return e;
}

static void
pin_of(struct log *lg, struct pin *pin)
{
	pin->size = log_size(lg);
	assert_int_equal(log_root(lg, pin->root), SQ_OK);
	log_heads(lg, pin->heads);
}

static void
commit(struct log *lg)
{
	assert_int_equal(log_settle(lg), SQ_OK);
	assert_int_equal(db_commit(log_db(lg)), SQ_OK);
}

/* A vault of ENTRIES entries, one commit each; the last page images. */
static void
fill(struct pin *pin)
{
	struct db *db = create();
	struct log *lg;
	char text[3000];

	assert_int_equal(log_new(db, &lg), SQ_OK);
	for (unsigned i = 0; i < ENTRIES; i++) {
		(void)memset(text, 'a' + (int)(i % 26), sizeof(text) - 1);
		text[sizeof(text) - 1] = '\0';
		assert_int_equal(db_begin(db), SQ_OK);
		assert_int_equal(append(lg, i % RECORDS,
		    i % 3 == 0 ? (int)((i + 1) % RECORDS) : -1, text), SQ_OK);
		commit(lg);
	}
	pin_of(lg, pin);
	log_free(lg);
	db_close(db);
}

/*
 * Use the vault as show, list and export do.  SQ_OK only if everything that
 * belongs to it was seen; altered text is never seen.
 */
static enum sq_err
use(const struct pin *pin, bool audit)
{
	struct db *db = NULL;
	struct log *lg = NULL;
	struct pin now;
	struct entry en;
	uint64_t *list;
	uint8_t root[ENTRY_ROOT];
	size_t n, seen = 0;
	char *s;
	enum sq_err e;

	if ((e = db_open(dirfd, key, salt, false, &db, &why)) != SQ_OK)
		return e;
	if ((e = log_new(db, &lg)) != SQ_OK) {
		db_close(db);
		return e;
	}
	now.size = log_size(lg);
	e = log_root(lg, now.root);
	log_heads(lg, now.heads);
	if (e == SQ_OK && (now.size != pin->size ||
	    memcmp(now.root, pin->root, MERKLE_LEN) != 0 ||
	    memcmp(now.heads, pin->heads, 32) != 0))
		e = SQ_EROLLBACK;
	for (unsigned r = 0; r < RECORDS && e == SQ_OK; r++) {
		if ((e = log_of_record(lg, rec[r], &list, &n, &why)) != SQ_OK)
			break;
		for (size_t i = 0; i < n && e == SQ_OK; i++) {
			e = log_get(lg, list[i], &en, root, &why);
			if (e != SQ_OK)
				break;
			s = entry_str(&en, "statement");
			assert_non_null(s);
			assert_int_equal(strlen(s), 2999);
			assert_int_equal(s[0], 'a' + (int)(list[i] % 26));
			assert_int_equal(s[2998], s[0]);
			seen++;
			free(s);
			entry_free(&en);
		}
		free(list);
	}
	if (e == SQ_OK)
		assert_int_equal(seen, ENTRIES + (ENTRIES + 2) / 3);
	if (e == SQ_OK && audit)
		e = log_audit(lg, NULL, NULL, &why);
	log_free(lg);
	db_close(db);
	return e;
}

static void
proofs_are_those_of_the_standard(void **state)
{
	struct db *db = create();
	struct log *lg;
	struct merkle_proof proof;
	uint8_t leaf[70][MERKLE_LEN], root[MERKLE_LEN], own[MERKLE_LEN];
	uint8_t r[ENTRY_ROOT];
	char text[16];

	(void)state;
	assert_int_equal(log_new(db, &lg), SQ_OK);
	assert_int_equal(log_root(lg, root), SQ_OK);
	merkle_head(own, NULL, 0);
	assert_memory_equal(root, own, MERKLE_LEN);
	assert_int_equal(db_begin(db), SQ_OK);
	for (unsigned n = 0; n < 70; n++) {
		(void)snprintf(text, sizeof(text), "%u", n);
		assert_int_equal(append(lg, n % RECORDS, -1, text), SQ_OK);
		assert_int_equal(log_root_of(lg, n, r), SQ_OK);
		log_leaf(leaf[n], r);
		assert_int_equal(log_root(lg, root), SQ_OK);
		merkle_head(own, (const uint8_t (*)[MERKLE_LEN])leaf, n + 1);
		assert_memory_equal(root, own, MERKLE_LEN);
		for (unsigned i = 0; i <= n; i++) {
			assert_int_equal(log_include(lg, i, &proof), SQ_OK);
			assert_int_equal(merkle_include_check(leaf[i], i,
			    n + 1, &proof, root), SQ_OK);
			assert_int_equal(log_root_at(lg, i + 1, own), SQ_OK);
			assert_int_equal(log_consist(lg, i + 1, &proof), 0);
			assert_int_equal(merkle_consist_check(i + 1, own,
			    n + 1, root, &proof), SQ_OK);
		}
	}
	assert_int_equal(log_include(lg, 70, &proof), SQ_ENOENT);
	assert_int_equal(log_root_at(lg, 71, own), SQ_ENOENT);
	commit(lg);
	log_free(lg);
	/* and the same from the disk */
	assert_int_equal(log_new(db, &lg), SQ_OK);
	assert_int_equal(log_root(lg, own), SQ_OK);
	assert_memory_equal(root, own, MERKLE_LEN);
	assert_int_equal(log_audit(lg, NULL, NULL, &why), SQ_OK);
	log_free(lg);
	db_close(db);
}

/* The definitions of FORMAT.md section 11, computed here a second time. */
static void
heads_are_as_the_format_says(void **state)
{
	static uint8_t all[LOG_BUCKETS][32];
	uint8_t b[512], c[32] = { 0 }, h[32], heads[32];
	struct db *db = create();
	struct log *lg;
	uint64_t *list;
	size_t n, at;

	(void)state;
	assert_int_equal(log_new(db, &lg), SQ_OK);
	assert_int_equal(db_begin(db), SQ_OK);
	assert_int_equal(append(lg, 0, -1, "one"), SQ_OK);
	assert_int_equal(append(lg, 1, 0, "two"), SQ_OK);
	assert_int_equal(append(lg, 0, -1, "three"), SQ_OK);
	commit(lg);
	for (size_t k = 0; k < LOG_BUCKETS; k++)
		digest_sha256(all[k], "sandyq/bucket/1", 15);
	for (unsigned r = 0; r < 2; r++) {
		assert_int_equal(log_of_record(lg, rec[r], &list, &n, &why),
		    SQ_OK);
		assert_int_equal(n, r == 0 ? 3 : 1);
		memset(c, 0, sizeof(c));
		for (size_t i = 0; i < n; i++) {
			memcpy(b, "sandyq/chain/1", 14);
			memcpy(b + 14, c, 32);
			bytes_le64(b + 46, list[i]);
			assert_int_equal(log_root_of(lg, list[i], b + 54), 0);
			digest_sha256(c, b, 86);
		}
		free(list);
		digest_sha256(h, rec[r], LOG_RECORD_ID);
		at = ((size_t)h[0] << 8 | h[1]) >> 4;
		memcpy(b, "sandyq/bucket/1", 15);
		memcpy(b + 15, rec[r], 16);
		memcpy(b + 31, c, 32);
		digest_sha256(all[at], b, 63);
	}
	{
		const struct digest_part parts[] = {
			{ "sandyq/heads/1", 14 }, { all, sizeof(all) }
		};

		digest_sha256v(heads, parts, 2);
	}
	log_heads(lg, h);
	assert_memory_equal(h, heads, 32);
	log_free(lg);
	db_close(db);
}

static void
rolls_back(void **state)
{
	struct db *db = create();
	struct log *lg;
	struct pin before, after;
	uint64_t *list;
	size_t n;

	(void)state;
	assert_int_equal(log_new(db, &lg), SQ_OK);
	assert_int_equal(db_begin(db), SQ_OK);
	for (unsigned i = 0; i < 6; i++)
		assert_int_equal(append(lg, i % RECORDS, -1, "x"), SQ_OK);
	commit(lg);
	pin_of(lg, &before);
	for (unsigned settled = 0; settled < 2; settled++) {
		assert_int_equal(db_begin(db), SQ_OK);
		for (unsigned i = 0; i < 3; i++)
			assert_int_equal(append(lg, i, -1, "y"), SQ_OK);
		if (settled)
			assert_int_equal(log_settle(lg), SQ_OK);
		db_rollback(db);
		assert_int_equal(log_reload(lg), SQ_OK);
		pin_of(lg, &after);
		assert_memory_equal(&before, &after, sizeof(before));
		assert_int_equal(log_of_record(lg, rec[0], &list, &n, &why),
		    SQ_OK);
		assert_int_equal(n, 2);
		free(list);
		assert_int_equal(log_audit(lg, NULL, NULL, &why), SQ_OK);
	}
	log_free(lg);
	db_close(db);
}

static void
an_entry_stands_once(void **state)
{
	struct db *db = create();
	struct log *lg;
	struct entry en;
	uint8_t root[ENTRY_ROOT], again[ENTRY_ROOT];
	uint64_t index, at;
	static const uint8_t none[ENTRY_ROOT];

	(void)state;
	assert_int_equal(log_new(db, &lg), SQ_OK);
	compose(&en, 1, -1, "once");
	assert_int_equal(db_begin(db), SQ_OK);
	/* ids that the entry does not name, or not all of them */
	assert_int_equal(log_append(lg, &en, (const uint8_t (*)[16])&rec[2], 1,
	    &index, root), SQ_EINTERNAL);
	assert_int_equal(log_append(lg, &en, NULL, 0, &index, root),
	    SQ_EINTERNAL);
	assert_int_equal(log_append(lg, &en, (const uint8_t (*)[16])&rec[1], 1,
	    &index, root), SQ_OK);
	assert_int_equal(log_append(lg, &en, (const uint8_t (*)[16])&rec[1], 1,
	    &at, again), SQ_EEXIST);
	assert_int_equal(append(lg, 2, -1, "another"), SQ_OK);
	commit(lg);
	assert_int_equal(log_size(lg), 2);
	assert_int_equal(log_index_of(lg, root, &at), SQ_OK);
	assert_int_equal(at, index);
	assert_int_equal(log_index_of(lg, none, &at), SQ_ENOENT);
	assert_int_equal(log_get(lg, 2, &en, root, &why), SQ_ENOENT);
	assert_int_equal(log_audit(lg, NULL, NULL, &why), SQ_OK);
	entry_free(&en);
	log_free(lg);
	db_close(db);
}

static enum sq_err
count_record(void *arg, const uint8_t id[LOG_RECORD_ID])
{
	unsigned *bits = arg;

	for (unsigned r = 0; r < RECORDS; r++)
		if (memcmp(id, rec[r], LOG_RECORD_ID) == 0)
			*bits ^= 1u << r;
	return SQ_OK;
}

static void
lists_every_record_once(void **state)
{
	struct pin pin;
	struct db *db;
	struct log *lg;
	unsigned bits = 0;
	uint64_t *list;
	size_t n;
	static const uint8_t unknown[LOG_RECORD_ID] = { 9 };

	(void)state;
	fill(&pin);
	assert_int_equal(use(&pin, true), SQ_OK);
	assert_int_equal(db_open(dirfd, key, salt, false, &db, &why), SQ_OK);
	assert_int_equal(log_new(db, &lg), SQ_OK);
	assert_int_equal(log_records(lg, count_record, &bits, &why), SQ_OK);
	assert_int_equal(bits, (1u << RECORDS) - 1);
	assert_int_equal(log_of_record(lg, unknown, &list, &n, &why),
	    SQ_ENOENT);
	log_free(lg);
	db_close(db);
}

/* Change the database as somebody who has the key, around our rules. */
static void
raw(const char *sql)
{
	char p[256], text[100] = "x'";
	sqlite3 *h;

	(void)snprintf(p, sizeof(p), "%s/%s", dir, DB_NAME);
	bytes_hex(text + 2, secret_cbytes(key), 32);
	bytes_hex(text + 66, secret_cbytes(salt), 16);
	text[98] = '\'';
	assert_int_equal(sqlite3_open(p, &h), SQLITE_OK);
	assert_int_equal(sqlite3_key(h, text, 99), SQLITE_OK);
	assert_int_equal(sqlite3_exec(h, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_not_equal(sqlite3_changes(h), 0);
	assert_int_equal(sqlite3_close(h), SQLITE_OK);
}

static const struct tamper {
	const char *name, *sql;
	bool found_in_use;	/* not only by the audit */
	bool rebuilt;		/* log_recover brings everything back */
} tampers[] = {
	{ "the newest entry deleted", "DELETE FROM entry WHERE idx = 22",
	    true, false },
	{ "an entry deleted", "DELETE FROM entry WHERE idx = 7", true, false },
	{ "the first entry deleted", "DELETE FROM entry WHERE idx = 0", true,
	    false },
	{ "two bodies exchanged", "UPDATE entry SET body = (SELECT body FROM"
	    " entry WHERE idx = 9) WHERE idx = 4", true, false },
	{ "an entry replaced by another", "UPDATE entry SET root = x'00', body"
	    " = (SELECT body FROM entry WHERE idx = 9) WHERE idx = 4", true,
	    false },
	{ "a byte of a body changed", "UPDATE entry SET body ="
	    " CAST(replace(CAST(body AS TEXT), 'ddd', 'ddz') AS BLOB)"
	    " WHERE idx = 3", true, false },
	{ "an empty body", "UPDATE entry SET body = x'' WHERE idx = 3", true,
	    false },
	{ "an entry added", "INSERT INTO entry SELECT 23, zeroblob(32), body"
	    " FROM entry WHERE idx = 3", true, false },
	{ "a link deleted", "DELETE FROM about WHERE idx = 22", true, true },
	{ "an older link deleted", "DELETE FROM about WHERE idx = 4", true,
	    true },
	{ "a link moved", "UPDATE about SET idx = 5 WHERE idx = 3", true,
	    true },
	{ "a link added", "INSERT INTO about SELECT record, 20 FROM about"
	    " WHERE idx = 4 LIMIT 1", true, true },
	{ "a link of an unknown record", "INSERT INTO about VALUES"
	    "(zeroblob(16), 4)", false, true },
	{ "a link to no entry", "INSERT INTO about SELECT record, 99 FROM about"
	    " WHERE idx = 4 LIMIT 1", true, true },
	{ "a chain deleted", "DELETE FROM head WHERE bucket = (SELECT"
	    " MAX(bucket) FROM head)", true, true },
	{ "a chain altered", "UPDATE head SET c = zeroblob(32) WHERE bucket ="
	    " (SELECT MIN(bucket) FROM head)", true, true },
	{ "a chain cut", "UPDATE head SET c = x'00' WHERE bucket ="
	    " (SELECT MIN(bucket) FROM head)", true, true },
	{ "a chain of an unknown record", "INSERT INTO head VALUES(0,"
	    " zeroblob(16), zeroblob(32))", false, true },
	{ "a bucket deleted", "DELETE FROM bucket WHERE k = (SELECT MIN(k)"
	    " FROM bucket)", true, true },
	{ "a bucket altered", "UPDATE bucket SET hash = zeroblob(32) WHERE k ="
	    " (SELECT MIN(k) FROM bucket)", true, true },
	{ "a bucket too many", "INSERT INTO bucket VALUES(9999, zeroblob(32))",
	    true, true },
	{ "a bucket cut", "UPDATE bucket SET hash = x'00' WHERE k ="
	    " (SELECT MIN(k) FROM bucket)", true, true },
	{ "a hash of the tree deleted", "DELETE FROM node WHERE id ="
	    " 72057594037927936 + 1", false, true },
	{ "a hash of the tree altered", "UPDATE node SET hash = zeroblob(32)"
	    " WHERE id = 72057594037927936 + 2", false, true },
	{ "the edge of the tree altered", "UPDATE node SET hash ="
	    " zeroblob(32) WHERE id = 72057594037927936 * 4", true, true },
	{ "the edge of the tree deleted", "DELETE FROM node WHERE id ="
	    " 72057594037927936 * 4", true, true },
	{ "the edge of the tree cut", "UPDATE node SET hash = x'00'"
	    " WHERE id = 72057594037927936 * 4", true, true },
	{ "a hash too many", "INSERT INTO node VALUES(5, zeroblob(32))", false,
	    true },
	{ "a link of half a record", "INSERT INTO about VALUES(x'00', 4)",
	    false, true },
	{ "a link of more than a record", "INSERT INTO about VALUES("
	    "zeroblob(17), 4)", false, true },
	{ "a link behind all others", "INSERT INTO about VALUES("
	    "CAST(x'ffffffffffffffffffffffffffffffff' AS BLOB), 4)", false,
	    true },
	{ "a chain of half a record", "INSERT INTO head VALUES(0, x'00',"
	    " zeroblob(32))", false, true },
	{ "a bucket before the first", "INSERT INTO bucket VALUES(-1,"
	    " zeroblob(32))", true, true },
	{ "every link gone", "DELETE FROM about", true, true },
	{ "every chain gone", "DELETE FROM head", true, true },
	{ "every bucket gone", "DELETE FROM bucket", true, true },
	{ "the whole tree gone", "DELETE FROM node", true, true },
	{ "everything gone", "DELETE FROM entry", true, false },
};

static void
tampering_is_noticed(void **state)
{
	const struct tamper *t = *state;
	struct pin pin, now;
	struct db *db;
	struct log *lg = NULL;
	enum sq_err e;

	fill(&pin);
	assert_int_equal(use(&pin, true), SQ_OK);
	raw(t->sql);
	e = use(&pin, false);
	assert_true(e == SQ_EDAMAGE || e == SQ_EROLLBACK ||
	    (e == SQ_OK && !t->found_in_use));
	e = use(&pin, true);
	assert_true(e == SQ_EDAMAGE || e == SQ_EROLLBACK);
	assert_int_equal(db_open(dirfd, key, salt, false, &db, &why), SQ_OK);
	assert_int_equal(db_begin(db), SQ_OK);
	e = log_recover(db, &lg, &why);
	if (e == SQ_OK) {
		pin_of(lg, &now);
		commit(lg);
		if (t->rebuilt)
			assert_memory_equal(&pin, &now, sizeof(pin));
		else	/* what remains is not what was pinned */
			assert_memory_not_equal(pin.root, now.root, 32);
	} else {
		assert_false(t->rebuilt);
		assert_int_equal(e, SQ_EDAMAGE);
		db_rollback(db);
	}
	log_free(lg);
	db_close(db);
	if (t->rebuilt)
		assert_int_equal(use(&pin, true), SQ_OK);
}

static struct bytes_buf
slurp(void)
{
	struct bytes_buf b = { 0 };

	assert_int_equal(fsio_read(dirfd, DB_NAME, 1u << 30, &b, &why), SQ_OK);
	return b;
}

static void
spit(const void *p, size_t n)
{
	(void)unlinkat(dirfd, DB_NAME, 0);
	assert_int_equal(fsio_create(dirfd, DB_NAME, p, n, &why), SQ_OK);
}

/* One more entry, about record 1, as a withdrawal would be. */
static void
add_one(struct pin *pin, char c)
{
	struct db *db;
	struct log *lg;
	char text[3000];

	memset(text, c, sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(db_open(dirfd, key, salt, false, &db, &why), SQ_OK);
	assert_int_equal(log_new(db, &lg), SQ_OK);
	assert_int_equal(db_begin(db), SQ_OK);
	assert_int_equal(append(lg, 1, -1, text), SQ_OK);
	commit(lg);
	pin_of(lg, pin);
	log_free(lg);
	db_close(db);
}

/*
 * F2: each page of the copy before an append put back by itself.  SQLCipher's
 * own checks pass; whoever looks at record 1 must not miss its newest entry.
 */
static void
an_old_page_is_noticed(void **state)
{
	struct bytes_buf old, new;
	struct pin pin;
	size_t changed = 0, noticed = 0;
	enum sq_err e;

	(void)state;
	fill(&pin);
	old = slurp();
	add_one(&pin, 'x');
	new = slurp();
	for (size_t at = 0; at < old.len; at += DB_PAGE) {
		struct bytes_buf mix = { 0 };
		struct db *db = NULL;
		struct log *lg = NULL;
		struct pin now;
		uint64_t *list = NULL;
		size_t n = 0;

		if (memcmp(old.p + at, new.p + at, DB_PAGE) == 0)
			continue;
		changed++;
		bytes_put(&mix, new.p, new.len);
		memcpy(mix.p + at, old.p + at, DB_PAGE);
		spit(mix.p, mix.len);
		bytes_free(&mix);
		e = db_open(dirfd, key, salt, false, &db, &why);
		if (e == SQ_OK)
			e = log_new(db, &lg);
		if (e == SQ_OK) {
			now.size = log_size(lg);
			log_heads(lg, now.heads);
			e = log_root(lg, now.root);
			if (e == SQ_OK && (now.size != pin.size ||
			    memcmp(now.root, pin.root, 32) != 0 ||
			    memcmp(now.heads, pin.heads, 32) != 0))
				e = SQ_EROLLBACK;
		}
		if (e == SQ_OK)
			e = log_of_record(lg, rec[1], &list, &n, &why);
		if (e == SQ_OK) {
			/* then this page hid nothing */
			assert_int_equal(list[n - 1], ENTRIES);
			e = log_audit(lg, NULL, NULL, &why);
		}
		noticed += e != SQ_OK;
		free(list);
		log_free(lg);
		db_close(db);
	}
	/* entry, node, about, head, bucket and index pages changed at least */
	assert_true(changed >= 5);
	assert_true(noticed >= 5);
	bytes_free(&old);
	bytes_free(&new);
}

/*
 * The same pages put back, and then work goes on: what is stale must not be
 * taken over into new heads, where nobody could ever notice it again.
 */
static void
an_old_page_is_not_taken_over(void **state)
{
	struct bytes_buf old, new;
	struct pin pin;
	enum sq_err e;

	(void)state;
	fill(&pin);
	old = slurp();
	add_one(&pin, 'x');
	new = slurp();
	/* each pair of pages: link and chain must go back together */
	for (size_t a = 0; a < old.len; a += DB_PAGE)
		for (size_t b = a; b < old.len; b += DB_PAGE) {
			struct bytes_buf mix = { 0 };
			struct db *db = NULL;
			struct log *lg = NULL;
			uint64_t *list;
			uint8_t heads[32];
			size_t n;

			if (memcmp(old.p + a, new.p + a, DB_PAGE) == 0 ||
			    memcmp(old.p + b, new.p + b, DB_PAGE) == 0)
				continue;
			bytes_put(&mix, new.p, new.len);
			memcpy(mix.p + a, old.p + a, DB_PAGE);
			memcpy(mix.p + b, old.p + b, DB_PAGE);
			spit(mix.p, mix.len);
			bytes_free(&mix);
			e = db_open(dirfd, key, salt, false, &db, &why);
			if (e == SQ_OK)
				e = log_new(db, &lg);
			if (e == SQ_OK) {
				log_heads(lg, heads);
				if (memcmp(heads, pin.heads, 32) != 0)
					e = SQ_EROLLBACK;
			}
			if (e == SQ_OK)
				e = db_begin(db);
			if (e == SQ_OK)
				e = append(lg, 1, -1, "later");
			if (e == SQ_OK)
				e = log_settle(lg);
			if (e == SQ_OK)
				e = db_commit(db);
			if (e == SQ_OK && log_of_record(lg, rec[1], &list, &n,
			    &why) == SQ_OK) {
				/* whole: the withdrawal and what came later */
				assert_true(n >= 2);
				assert_int_equal(list[n - 2], ENTRIES);
				free(list);
			}
			log_free(lg);
			db_close(db);
			(void)unlinkat(dirfd, DB_JOURNAL, 0);
		}
	bytes_free(&old);
	bytes_free(&new);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(proofs_are_those_of_the_standard),
		cmocka_unit_test(heads_are_as_the_format_says),
		cmocka_unit_test(rolls_back),
		cmocka_unit_test(an_entry_stands_once),
		cmocka_unit_test(lists_every_record_once),
		cmocka_unit_test(an_old_page_is_noticed),
		cmocka_unit_test(an_old_page_is_not_taken_over),
	};
	struct CMUnitTest forged[sizeof(tampers) / sizeof(*tampers)];
	int bad;

	memset(forged, 0, sizeof(forged));
	for (size_t i = 0; i < sizeof(tampers) / sizeof(*tampers); i++) {
		forged[i].name = tampers[i].name;
		forged[i].test_func = tampering_is_noticed;
		forged[i].initial_state = (void *)(uintptr_t)&tampers[i];
	}
	if (setup(NULL) != 0)
		return 1;
	bad = cmocka_run_group_tests(tests, NULL, NULL);
	bad += cmocka_run_group_tests(forged, NULL, NULL);
	return bad + (teardown(NULL) != 0);
}
