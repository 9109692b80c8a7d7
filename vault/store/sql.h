/*
 * Every statement of the vault, and nothing else: SQL(name, "text").  Included
 * several times by vault/store/db.h and db*.c, hence without a guard.  Sections
 * by table.  SCHEMA_* are run in this order by db_create.
 *
 * The rule of changes.  meta and entry are the evidence and never change.  All
 * other tables are projections: what they hold follows from the entries, read
 * in order, and is derived in one place that both writing and vault_rebuild
 * pass through (record_derive; of attachments vault_object_note).  Hence:
 *
 * - A new table or index: SCHEMA_* at the end of the list, DROP_* and PROVE_*
 *   for a table at the end of those, and record_derive fills it.  So a vault
 *   made before is recognised by what it lacks, and at its first opening where
 *   it can be written all projections are made anew in one transaction.
 * - A column more or less: change the SCHEMA_* of its table, and put the old
 *   text of each statement that changed below as SQL_OLD(name, "text"), with
 *   the CREATE TABLE before the CREATE INDEX on it: it stays there for ever.
 * - A table that is given up: its SCHEMA_* become SQL_OLD, its DROP_* stays.
 */

#ifndef SQL_OLD
#define SQL_OLD(name, text)
#endif

/* --- settings: set after opening, then read back and compared ----------- */

#ifndef SQL_PRAGMA
#define SQL_PRAGMA(name, set, get, value)
#endif
#define SQL_SET(name, to, value) \
	SQL_PRAGMA(#name, "PRAGMA " #name " = " #to, "PRAGMA " #name, #value)
#define SQL_IS(name, value) SQL_PRAGMA(#name, NULL, "PRAGMA " #name, #value)

/* after the key: earlier it does not silence SQLCipher */
SQL_SET(cipher_log_level, NONE, NONE)
SQL_IS(cipher_page_size, 4096)
SQL_IS(cipher_use_hmac, 1)
SQL_IS(cipher_hmac_algorithm, HMAC_SHA512)
SQL_SET(locking_mode, EXCLUSIVE, exclusive)
SQL_SET(cell_size_check, ON, 1)
SQL_SET(trusted_schema, OFF, 0)
SQL_SET(temp_store, MEMORY, 2)
SQL_SET(mmap_size, 0, 0)
SQL_SET(auto_vacuum, 0, 0)
SQL_SET(journal_mode, TRUNCATE, truncate)
SQL_SET(synchronous, EXTRA, 3)
SQL_SET(secure_delete, ON, 1)
SQL_SET(foreign_keys, ON, 1)
SQL_SET(cache_size, -65536, -65536)
/*
 * 256 MiB: below that a full disk is met in COMMIT alone, and undone there.
 * Not 65536: SQLite takes the low byte for a boolean.
 */
SQL_SET(cache_spill, 65535, 65535)
SQL_IS(page_size, 4096)

#undef SQL_IS
#undef SQL_SET
#undef SQL_PRAGMA

/* --- schema ------------------------------------------------------------- */

SQL(SCHEMA_META,
    "CREATE TABLE meta(key TEXT NOT NULL PRIMARY KEY, value BLOB NOT NULL)"
    " STRICT, WITHOUT ROWID")
SQL(SCHEMA_ENTRY,
    "CREATE TABLE entry(idx INTEGER PRIMARY KEY, root BLOB NOT NULL,"
    " body BLOB NOT NULL) STRICT")
SQL(SCHEMA_ENTRY_ROOT, "CREATE UNIQUE INDEX entry_root ON entry(root)")
/* id = level << 56 | index of a perfect subtree, levels from 1 */
SQL(SCHEMA_NODE,
    "CREATE TABLE node(id INTEGER PRIMARY KEY, hash BLOB NOT NULL) STRICT")
SQL(SCHEMA_ABOUT,
    "CREATE TABLE about(record BLOB NOT NULL, idx INTEGER NOT NULL,"
    " PRIMARY KEY(record, idx)) STRICT, WITHOUT ROWID")
SQL(SCHEMA_HEAD,
    "CREATE TABLE head(bucket INTEGER NOT NULL, record BLOB NOT NULL,"
    " c BLOB NOT NULL, PRIMARY KEY(bucket, record)) STRICT, WITHOUT ROWID")
SQL(SCHEMA_BUCKET,
    "CREATE TABLE bucket(k INTEGER PRIMARY KEY, hash BLOB NOT NULL) STRICT")
SQL(SCHEMA_RECORD,
    "CREATE TABLE record(rid INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE,"
    " type INTEGER NOT NULL, num INTEGER NOT NULL, latest INTEGER NOT NULL,"
    " rev INTEGER NOT NULL, title TEXT NOT NULL) STRICT")
SQL(SCHEMA_RECORD_NUM, "CREATE INDEX record_num ON record(type, num)")
SQL(SCHEMA_LINK,
    "CREATE TABLE link(src INTEGER NOT NULL, field TEXT NOT NULL,"
    " dst BLOB NOT NULL, PRIMARY KEY(src, field, dst)) STRICT, WITHOUT ROWID")
SQL(SCHEMA_LINK_DST, "CREATE INDEX link_dst ON link(dst)")
/* attachments: a projection of the entries of kind object; key finds the same
 * content again (FORMAT.md section 14) */
SQL(SCHEMA_OBJECT,
    "CREATE TABLE object(id BLOB NOT NULL PRIMARY KEY, key BLOB NOT NULL,"
    " idx INTEGER NOT NULL, size INTEGER NOT NULL) STRICT, WITHOUT ROWID")
SQL(SCHEMA_OBJECT_KEY, "CREATE INDEX object_key ON object(key)")
SQL(SCHEMA_FTS,
    "CREATE VIRTUAL TABLE fts USING fts5(kind, title, name, text,"
    " content='', tokenize=\"unicode61 remove_diacritics 2\")")
/* without it an erased word stays in the index */
SQL(SCHEMA_FTS_ERASE,
    "INSERT INTO fts(fts, rank) VALUES('secure-delete', 1)")
/* a match in a name or title weighs more than one in a long text */
SQL(SCHEMA_FTS_RANK, "INSERT INTO fts(fts, rank)"
    " VALUES('rank', 'bm25(0.0, 4.0, 6.0, 1.0)')")

/* names: terms of their sounds, by which records are looked up, and keys, by
 * which they are compared (docs/NAMES.md) */
SQL(SCHEMA_SOUND,
    "CREATE VIRTUAL TABLE sound USING fts5(terms, content='', detail=none,"
    " columnsize=0, tokenize='ascii')")
SQL(SCHEMA_SOUND_ERASE,
    "INSERT INTO sound(sound, rank) VALUES('secure-delete', 1)")
SQL(SCHEMA_NAME,
    "CREATE TABLE name(rid INTEGER PRIMARY KEY, type INTEGER NOT NULL,"
    " keys TEXT NOT NULL) STRICT")
/* every word of the index of words by its folded form (NAMES.md), so that a
 * search finds its spellings in other alphabets */
SQL(SCHEMA_SPELLING,
    "CREATE TABLE spelling(fold TEXT NOT NULL, word TEXT NOT NULL,"
    " PRIMARY KEY(fold, word)) STRICT, WITHOUT ROWID")
/* dates as the first and last day, YYYYMMDD, that they may mean */
SQL(SCHEMA_DAY,
    "CREATE TABLE day(first INTEGER NOT NULL, last INTEGER NOT NULL,"
    " rid INTEGER NOT NULL, PRIMARY KEY(first, last, rid))"
    " STRICT, WITHOUT ROWID")

/* --- forms of projections that earlier versions made: SQL_OLD ----------- */

#undef SQL_OLD

/* --- every projection there ever was, to make them anew ----------------- */

SQL(DROP_NODE, "DROP TABLE IF EXISTS node")
SQL(DROP_ABOUT, "DROP TABLE IF EXISTS about")
SQL(DROP_HEAD, "DROP TABLE IF EXISTS head")
SQL(DROP_BUCKET, "DROP TABLE IF EXISTS bucket")
SQL(DROP_RECORD, "DROP TABLE IF EXISTS record")
SQL(DROP_LINK, "DROP TABLE IF EXISTS link")
SQL(DROP_OBJECT, "DROP TABLE IF EXISTS object")
SQL(DROP_FTS, "DROP TABLE IF EXISTS fts")
SQL(DROP_SOUND, "DROP TABLE IF EXISTS sound")
SQL(DROP_NAME, "DROP TABLE IF EXISTS name")
SQL(DROP_SPELLING, "DROP TABLE IF EXISTS spelling")
SQL(DROP_DAY, "DROP TABLE IF EXISTS day")

/* --- what every projection holds, to be compared with what it should ----- */

SQL(WORDS_MAKE, "CREATE VIRTUAL TABLE temp.fts_word"
    " USING fts5vocab('main', 'fts', 'instance');"
    "CREATE VIRTUAL TABLE temp.sound_word"
    " USING fts5vocab('main', 'sound', 'instance')")
SQL(WORDS_DROP, "DROP TABLE temp.fts_word; DROP TABLE temp.sound_word")
SQL(PROVE_NODE, "SELECT * FROM node ORDER BY id")
SQL(PROVE_ABOUT, "SELECT * FROM about ORDER BY record, idx")
SQL(PROVE_HEAD, "SELECT * FROM head ORDER BY bucket, record")
SQL(PROVE_BUCKET, "SELECT * FROM bucket ORDER BY k")
SQL(PROVE_RECORD, "SELECT * FROM record ORDER BY rid")
SQL(PROVE_LINK, "SELECT * FROM link ORDER BY src, field, dst")
SQL(PROVE_OBJECT, "SELECT * FROM object ORDER BY id")
SQL(PROVE_FTS, "SELECT * FROM temp.fts_word")
SQL(PROVE_SOUND, "SELECT * FROM temp.sound_word")
SQL(PROVE_NAME, "SELECT * FROM name ORDER BY 1, 2, 3")

/* --- the database as a whole -------------------------------------------- */

SQL(BEGIN, "BEGIN IMMEDIATE")
SQL(COMMIT, "COMMIT")
SQL(ROLLBACK, "ROLLBACK")
SQL(SCHEMA_OF, "SELECT type, name, tbl_name, COALESCE(sql, '')"
    " FROM sqlite_schema ORDER BY type, name")
SQL(CIPHER_CHECK, "PRAGMA cipher_integrity_check")
SQL(INTEGRITY_CHECK, "PRAGMA integrity_check(1)")
/* held open for as long as the database is: see db.c */
SQL(ANCHOR, "SELECT 1 FROM sqlite_schema")
SQL(PROBE, "SELECT 1 FROM sqlite_schema LIMIT 1")
/* both indexes of words: 2 */
SQL(FTS_ERASES, "SELECT SUM(v = 1) FROM (SELECT v FROM fts_config"
    " WHERE k = 'secure-delete' UNION ALL SELECT v FROM sound_config"
    " WHERE k = 'secure-delete')")

/* --- meta --------------------------------------------------------------- */

SQL(META_GET, "SELECT value FROM meta WHERE key = ?")
SQL(META_ALL, "SELECT key, value FROM meta ORDER BY key")
SQL(META_SET, "INSERT INTO meta(key, value) VALUES(?1, ?2)"
    " ON CONFLICT(key) DO UPDATE SET value = ?2")

/* --- entry -------------------------------------------------------------- */

SQL(ENTRY_SIZE, "SELECT COALESCE(MAX(idx) + 1, 0) FROM entry")
SQL(ENTRY_COUNT, "SELECT COUNT(*) FROM entry")
SQL(ENTRY_ADD, "INSERT INTO entry(idx, root, body) VALUES(?, ?, ?)")
SQL(ENTRY_REWRITE, "UPDATE entry SET body = ?2 WHERE idx = ?1")
SQL(ENTRY_GET, "SELECT root, body FROM entry WHERE idx = ?")
SQL(ENTRY_ROOT_OF, "SELECT root FROM entry WHERE idx = ?")
SQL(ENTRY_INDEX_OF, "SELECT idx FROM entry WHERE root = ?")

/* --- node --------------------------------------------------------------- */

SQL(NODE_ADD, "INSERT INTO node(id, hash) VALUES(?, ?)")
SQL(NODE_GET, "SELECT hash FROM node WHERE id = ?")
SQL(NODE_COUNT, "SELECT COUNT(*) FROM node")
SQL(NODE_CLEAR, "DELETE FROM node")

/* --- about -------------------------------------------------------------- */

SQL(ABOUT_ADD, "INSERT INTO about(record, idx) VALUES(?, ?)")
SQL(ABOUT_OF, "SELECT a.idx, e.root FROM about a LEFT JOIN entry e"
    " ON e.idx = a.idx WHERE a.record = ? ORDER BY a.idx")
SQL(ABOUT_ALL, "SELECT a.record, a.idx, e.root FROM about a"
    " LEFT JOIN entry e ON e.idx = a.idx ORDER BY a.record, a.idx")
SQL(ABOUT_COUNT, "SELECT COUNT(*) FROM about")
SQL(ABOUT_CLEAR, "DELETE FROM about")

/* --- head and bucket ---------------------------------------------------- */

SQL(HEAD_SET, "INSERT INTO head(bucket, record, c) VALUES(?1, ?2, ?3)"
    " ON CONFLICT(bucket, record) DO UPDATE SET c = ?3")
SQL(HEAD_BUCKET, "SELECT record, c FROM head WHERE bucket = ?"
    " ORDER BY record")
SQL(HEAD_COUNT, "SELECT COUNT(*) FROM head")
SQL(HEAD_CLEAR, "DELETE FROM head")
SQL(BUCKET_ALL, "SELECT k, hash FROM bucket ORDER BY k")
SQL(BUCKET_SET, "INSERT INTO bucket(k, hash) VALUES(?1, ?2)"
    " ON CONFLICT(k) DO UPDATE SET hash = ?2")
SQL(BUCKET_CLEAR, "DELETE FROM bucket")

/* --- record ------------------------------------------------------------- */

SQL(RECORD_ADD, "INSERT INTO record(id, type, num, latest, rev, title)"
    " VALUES(?, ?, ?, ?, ?, ?)")
SQL(RECORD_SET, "UPDATE record SET latest = ?2, rev = ?3, title = ?4"
    " WHERE rid = ?1")
/* above 2^30: records of other logs, see record_ref.c */
SQL(RECORD_MAX_NUM, "SELECT COALESCE(MAX(num), 0) FROM record"
    " WHERE type = ? AND num < 1073741824")
SQL(RECORD_BY_NUM, "SELECT id FROM record WHERE type = ? AND num = ?")
SQL(RECORD_BY_ID, "SELECT rid, type, num FROM record WHERE id = ?")
SQL(RECORD_LATEST, "SELECT latest, rev FROM record WHERE rid = ?")
SQL(RECORD_BY_RID, "SELECT id FROM record WHERE rid = ?")
/* through the index of numbers, on purpose: see record_audit */
SQL(RECORD_ALL_IDS, "SELECT id, type, num FROM record INDEXED BY record_num"
    " ORDER BY type, num")
SQL(RECORD_LIST, "SELECT id, rid FROM record ORDER BY rid DESC LIMIT ?")
SQL(RECORD_LIST_TYPE, "SELECT id, rid FROM record WHERE type = ?2"
    " ORDER BY rid DESC LIMIT ?1")
SQL(RECORD_RIDS, "SELECT rid FROM record WHERE type = ? ORDER BY rid")
SQL(RECORD_TITLED, "SELECT latest FROM record WHERE type = ? AND title = ?"
    " ORDER BY num")
SQL(RECORD_COUNTS, "SELECT type, COUNT(*) FROM record GROUP BY type")

/* --- link --------------------------------------------------------------- */

SQL(LINK_ADD, "INSERT OR IGNORE INTO link(src, field, dst) VALUES(?, ?, ?)")
SQL(LINK_DROP, "DELETE FROM link WHERE src = ?")
/* a hint: what it finds is read from its own entry */
SQL(LINK_OF, "SELECT DISTINCT r.id FROM link l JOIN record r ON r.rid = l.src"
    " WHERE l.dst = ? AND r.type = ? ORDER BY r.rid")
SQL(LINK_TO, "SELECT DISTINCT r.id FROM link l JOIN record r"
    " ON r.rid = l.src WHERE l.dst = ? ORDER BY r.type, r.num")

/* --- fts ---------------------------------------------------------------- */

SQL(FTS_ADD, "INSERT INTO fts(rowid, kind, title, name, text)"
    " VALUES(?, ?, ?, ?, ?)")
SQL(FTS_DROP, "INSERT INTO fts(fts, rowid, kind, title, name, text)"
    " VALUES('delete', ?, ?, ?, ?, ?)")
/* in the order of rowids, as the lists of the index keep them */
SQL(FTS_OF_KIND, "SELECT rowid FROM fts WHERE fts MATCH ? ORDER BY rowid")
SQL(FTS_FIND, "SELECT rowid, CAST(rank * -1000 AS INTEGER) FROM fts"
    " WHERE fts MATCH ? ORDER BY rank LIMIT ?")
/* ranking reads a row for each hit: of very many only the newest */
SQL(FTS_FIND_NEW, "SELECT r, CAST(score * -1000 AS INTEGER) FROM"
    " (SELECT rowid AS r, rank AS score FROM fts WHERE fts MATCH ?1"
    " ORDER BY rowid DESC LIMIT ?3) ORDER BY score, r LIMIT ?2")

/* --- object ------------------------------------------------------------ */

SQL(OBJECT_ADD, "INSERT INTO object(id, key, idx, size) VALUES(?, ?, ?, ?)")
SQL(OBJECT_MOVE, "UPDATE object SET idx = ?2 WHERE id = ?1")
SQL(OBJECT_DROP, "DELETE FROM object WHERE id = ?")
SQL(OBJECT_BY_KEY, "SELECT idx FROM object WHERE key = ?"
    " ORDER BY idx DESC LIMIT 1")

/* --- sound and name ----------------------------------------------------- */

SQL(SOUND_ADD, "INSERT INTO sound(rowid, terms) VALUES(?, ?)")
SQL(SOUND_DROP, "INSERT INTO sound(sound, rowid, terms)"
    " VALUES('delete', ?, ?)")
SQL(SOUND_FIND, "SELECT rowid FROM sound WHERE sound MATCH ? LIMIT ?")
SQL(NAME_ADD, "INSERT INTO name(rid, type, keys) VALUES(?, ?, ?)")
SQL(NAME_DROP, "DELETE FROM name WHERE rid = ?")
SQL(NAME_GET, "SELECT type, keys FROM name WHERE rid = ?")

/* --- spelling ----------------------------------------------------------- */

SQL(SPELLING_ADD, "INSERT OR IGNORE INTO spelling(fold, word) VALUES(?, ?)")
SQL(SPELLING_DROP, "DELETE FROM spelling WHERE fold = ? AND word = ?")
SQL(SPELLING_OF, "SELECT word FROM spelling WHERE fold = ? AND word <> ?"
    " LIMIT ?")
SQL(FTS_HAS, "SELECT 1 FROM fts WHERE fts MATCH ? LIMIT 1")

/* --- day ---------------------------------------------------------------- */

SQL(DAY_ADD, "INSERT OR IGNORE INTO day(first, last, rid) VALUES(?, ?, ?)")
SQL(DAY_DROP, "DELETE FROM day WHERE first = ? AND last = ? AND rid = ?")
SQL(DAY_WITHIN, "SELECT rid FROM day WHERE first <= ?2 AND last >= ?1")

/* --- filters of a search ------------------------------------------------ */

SQL(FILTER_WORDS, "SELECT rowid FROM fts WHERE fts MATCH ?")
SQL(FILTER_LINKED, "SELECT src FROM link WHERE dst = ?")
SQL(FILTER_DECIDED, "SELECT DISTINCT r.rid FROM link l, record r, record n"
    " WHERE l.field = 'about' AND r.id = l.dst AND n.rid = l.src"
    " AND n.type = ?")
SQL(FILTER_ALL, "SELECT rid FROM record ORDER BY rid DESC")
SQL(FILTER_TYPE, "SELECT rid FROM record WHERE type = ? ORDER BY num DESC")
SQL(FTS_RANKED, "SELECT rowid, CAST(rank * -1000 AS INTEGER) FROM fts"
    " WHERE fts MATCH ? ORDER BY rank")
