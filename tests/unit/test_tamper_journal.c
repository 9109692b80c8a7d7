/*
 * What lies beside the database: forged, foreign, cut and stale journals,
 * names that look like work in progress, and things that are no files at all.
 */
#include "tests/unit/tamper.h"

#define SECTOR 512

static struct history h;

static const struct image *
last(void)
{
	return &h.at[h.n - 1];
}

static const uint8_t magic[8] = { 0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63,
    0xd7 };

static void
be32(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 24);
	p[1] = (uint8_t)(v >> 16);
	p[2] = (uint8_t)(v >> 8);
	p[3] = (uint8_t)v;
}

/*
 * A rollback journal as SQLite writes it, made without any key: its header,
 * and pages first..last of an old file with the checksums they need.
 */
static uint8_t *
forge(const uint8_t *db, size_t first, size_t pages, size_t total,
    size_t *ret_n)
{
	uint8_t *j = calloc(1, SECTOR + pages * (DB_PAGE_LEN + 8)), *p;
	uint32_t nonce = 0x12345678, sum;

	assert_non_null(j);
	memcpy(j, magic, 8);
	be32(j + 8, (uint32_t)pages);
	be32(j + 12, nonce);
	be32(j + 16, (uint32_t)total);
	be32(j + 20, SECTOR);
	be32(j + 24, DB_PAGE_LEN);
	p = j + SECTOR;
	for (size_t i = first; i < first + pages; i++) {
		be32(p, (uint32_t)i + 1);
		memcpy(p + 4, db + i * DB_PAGE_LEN, DB_PAGE_LEN);
		sum = nonce;
		for (int k = DB_PAGE_LEN - 200; k > 0; k -= 200)
			sum += p[4 + k];
		be32(p + 4 + DB_PAGE_LEN, sum);
		p += DB_PAGE_LEN + 8;
	}
	*ret_n = (size_t)(p - j);
	return j;
}

/* Are vault.db and a file beside it still, byte for byte, what was put? */
static bool
untouched(const char *name, const uint8_t *p, size_t n)
{
	size_t got;
	uint8_t *f = tm_read(tm_path(name), &got);
	bool same = got == n && (n == 0 || memcmp(f, p, n) == 0);

	free(f);
	f = tm_read(tm_path("vault.db"), &got);
	same = same && got == last()->n[F_DB] &&
	    memcmp(f, last()->p[F_DB], got) == 0;
	free(f);
	return same;
}

static bool
folder_empty(const char *name)
{
	DIR *d = opendir(tm_path(name));
	unsigned n = 0;

	assert_non_null(d);
	while (readdir(d) != NULL)
		n++;
	(void)closedir(d);
	return n == 2;
}

/* The attack itself must be one: SQLite alone would be rolled back by it. */
static void
old_journal(void **state)
{
	struct count c = { 0 };
	uint8_t *j;
	size_t n, pages;

	(void)state;
	for (size_t s = 0; s + 1 < h.n; s++) {
		pages = h.at[s].n[F_DB] / DB_PAGE_LEN;
		j = forge(h.at[s].p[F_DB], 0, pages, pages, &n);
		tm_put(last());
		tm_write(tm_path("vault.db-journal"), j, n);
		tm_judge(&h, &c, "journal of step %zu (%s)", s, h.what[s]);
		assert_true(untouched("vault.db-journal", j, n));
		assert_true(folder_empty("recover"));
		free(j);
	}
	tm_report("TM6, a forged journal of an old copy", &c);
	assert_int_equal(c.closed, c.cases);
}

/* With both STATEs of that time it is the vault as a whole: it opens. */
static void
forgery_is_real(void **state)
{
	size_t s = h.n - 2, n, pages = h.at[s].n[F_DB] / DB_PAGE_LEN;
	uint8_t *j = forge(h.at[s].p[F_DB], 0, pages, pages, &n);
	struct image im = h.at[s];
	struct record r = { 0 };
	struct vault *v;

	(void)state;
	im.p[F_DB] = last()->p[F_DB];
	im.n[F_DB] = last()->n[F_DB];
	tm_put(&im);
	tm_write(tm_path("vault.db-journal"), j, n);
	v = tm_open(h.pass);
	assert_int_equal(vault_show(v, "T-3", 0, &r, NULL), SQ_ENOENT);
	assert_non_null(vault_note(v, 0));
	vault_close(v);
	free(j);
}

/* One page alone, through a journal instead of in its place. */
static void
page_journal(void **state)
{
	struct count c = { 0 };
	size_t n, s, pages = last()->n[F_DB] / DB_PAGE_LEN;
	uint8_t *j;

	(void)state;
	for (s = tm_all() ? 0 : h.n - 3; s + 1 < h.n; s++)
		for (size_t p = 0; p < h.at[s].n[F_DB] / DB_PAGE_LEN; p++) {
			if (memcmp(h.at[s].p[F_DB] + p * DB_PAGE_LEN,
			    last()->p[F_DB] + p * DB_PAGE_LEN, DB_PAGE_LEN) ==
			    0)
				continue;
			j = forge(h.at[s].p[F_DB], p, 1, pages, &n);
			tm_put(last());
			tm_write(tm_path("vault.db-journal"), j, n);
			tm_judge(&h, &c, "page %zu of step %zu", p + 1, s);
			free(j);
		}
	tm_report("TM6, one old page by way of a journal", &c);
}

/* Not a journal, a piece of one, or one that changes nothing. */
static void
odd_journals(void **state)
{
	static const size_t cut[] = { 1, 7, 8, 12, 16, 20, 27, 28, 511, 512,
	    513, 516, 517, 4095, 4096, 4619, 4620, 4621, 8000, 20000 };
	struct count c = { 0 };
	size_t n, pages = h.at[3].n[F_DB] / DB_PAGE_LEN;
	uint8_t *j = forge(h.at[3].p[F_DB], 0, pages, pages, &n);
	uint8_t *junk = malloc(20000);

	(void)state;
	assert_non_null(junk);
	for (size_t i = 0; i < sizeof(cut) / sizeof(cut[0]); i++) {
		bytes_random(junk, 20000);
		for (int kind = 0; kind < 4; kind++) {
			if (kind == 1)
				memset(junk, 0, 20000);
			if (kind == 2)
				memcpy(junk, magic, 8);
			tm_put(last());
			tm_write(tm_path("vault.db-journal"), kind == 3 ? j :
			    junk, cut[i]);
			tm_judge(&h, &c, "%s, %zu bytes", kind == 0 ? "junk" :
			    kind == 1 ? "zeros" : kind == 2 ? "a magic and "
			    "zeros" : "a forged one cut", cut[i]);
		}
	}
	free(junk);
	free(j);
	tm_report("TM6, pieces of journals and junk", &c);
}

/* The pages of another vault, in the right form. */
static void
foreign_journal(void **state)
{
	struct count c = { 0 };
	uint8_t *db = malloc(20 * DB_PAGE_LEN), *j;
	size_t n;

	(void)state;
	assert_non_null(db);
	bytes_random(db, 20 * DB_PAGE_LEN);
	for (size_t first = 0; first < 20; first += 5) {
		j = forge(db, first, 5, last()->n[F_DB] / DB_PAGE_LEN, &n);
		tm_put(last());
		tm_write(tm_path("vault.db-journal"), j, n);
		tm_judge(&h, &c, "pages %zu to %zu", first + 1, first + 5);
		assert_true(untouched("vault.db-journal", j, n));
		free(j);
	}
	/* and one that only cuts the file */
	for (uint32_t total = 0; total < 40; total += 3) {
		j = forge(last()->p[F_DB], 0, 1, total, &n);
		tm_put(last());
		tm_write(tm_path("vault.db-journal"), j, n);
		tm_judge(&h, &c, "a file of %u pages", total);
		assert_true(untouched("vault.db-journal", j, n) || c.mended >
		    0);
		free(j);
	}
	free(db);
	tm_report("TM6, journal of another database, or that cuts it", &c);
}

/* A super-journal's name at the end can make SQLite skip playback. */
static void
super_journal(void **state)
{
	static const char *const name[] = { "/nowhere/vault.db-mj1", "x",
	    "vault.db-mjABCDEF12" };
	struct count c = { 0 };
	uint8_t *j, *with;
	size_t n, len, pages = h.at[5].n[F_DB] / DB_PAGE_LEN;
	uint32_t sum;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		j = forge(h.at[5].p[F_DB], 0, pages, pages, &n);
		len = strlen(name[i]);
		with = calloc(1, n + len + 32);
		assert_non_null(with);
		memcpy(with, j, n);
		be32(with + n, 0x40000000u / DB_PAGE_LEN + 1);
		memcpy(with + n + 4, name[i], len);
		sum = 0;
		for (size_t k = 0; k < len; k++)
			sum += (uint8_t)name[i][k];
		be32(with + n + 4 + len, (uint32_t)len);
		be32(with + n + 8 + len, sum);
		memcpy(with + n + 12 + len, magic, 8);
		tm_put(last());
		tm_write(tm_path("vault.db-journal"), with, n + len + 20);
		tm_judge(&h, &c, "super-journal %s", name[i]);
		assert_true(untouched("vault.db-journal", with, n + len +
		    20));
		free(with);
		free(j);
	}
	tm_report("TM6, a super-journal's name", &c);
	assert_int_equal(c.closed, c.cases);
}

static void
wal(void **state)
{
	static const char *const name[] = { "vault.db-wal", "vault.db-shm" };
	static const size_t len[] = { 0, 1, 32, 4152, 32768 };
	struct count c = { 0 };
	uint8_t *junk = malloc(32768);

	(void)state;
	assert_non_null(junk);
	bytes_random(junk, 32768);
	memcpy(junk, "\x37\x7f\x06\x82\x00\x2d\xe2\x18\x00\x00\x10\x00", 12);
	for (size_t i = 0; i < 2; i++)
		for (size_t k = 0; k < 5; k++) {
			tm_put(last());
			tm_write(tm_path(name[i]), junk, len[k]);
			tm_judge(&h, &c, "%s of %zu bytes", name[i], len[k]);
			if (len[k] > 0)
				assert_true(untouched(name[i], junk, len[k]));
		}
	free(junk);
	tm_report("TM6, a -wal or -shm beside it", &c);
	assert_int_equal(c.closed, 8);
}

/* Names that only ever stand for a moment: what they hold is not believed. */
static void
in_progress(void **state)
{
	static const struct {
		const char *name;
		int file;
	} plant[] = {
		{ "HEADER.new", F_HEADER }, { "HEADER.2.new", F_HEADER2 },
		{ "STATE.0.new", F_STATE0 }, { "STATE.1.new", F_STATE1 },
		{ "put-back", F_DB }, { "vault.db.new", F_DB },
		{ "vault.db (conflict).db", F_DB }
	};
	struct count c = { 0 };
	struct vault *v;
	struct why why = { "" };

	(void)state;
	for (size_t i = 0; i < sizeof(plant) / sizeof(plant[0]); i++) {
		tm_put(last());
		tm_write(tm_path(plant[i].name), h.at[4].p[plant[i].file],
		    h.at[4].n[plant[i].file]);
		tm_judge(&h, &c, "%s planted", plant[i].name);
	}
	tm_put(last());
	(void)mkdir(tm_path("recover/1"), 0700);
	tm_write(tm_path("recover/1/vault.db"), h.at[4].p[F_DB],
	    h.at[4].n[F_DB]);
	tm_write(tm_path("recover/1/vault.db-journal"), "x", 1);
	tm_judge(&h, &c, "copies planted in recover/");
	assert_int_equal(access(tm_path("recover/1/vault.db"), F_OK), 0);
	tm_report("TM7, DL3, work in progress that never was", &c);
	assert_int_equal(c.mended, c.cases);

	/* and they are not in the way of the real ones */
	tm_put(last());
	for (size_t i = 0; i < 5; i++)
		tm_write(tm_path(plant[i].name), "junk", 4);
	v = tm_open(h.pass);
	if (vault_slot_change(v, h.pass, &why) != SQ_OK)
		fail_msg("%s", why.text);
	vault_close(v);
	v = tm_open(h.pass);
	vault_close(v);
}

/* --- no files at all ----------------------------------------------------- */

enum { LINK, DANGLING, FIFO, FOLDER, HARD, LOOP, OWNER, KINDS };
static const char *const kind_name[KINDS] = { "link", "dangling link",
    "fifo", "folder", "hard link", "looping link", "another owner" };

static bool
plant(const char *name, int kind)
{
	const char *path = tm_path(name);
	char aside[256], other[300];
	bool is_dir = strcmp(name, "store") == 0 || strcmp(name, "recover") ==
	    0;

	(void)snprintf(aside, sizeof(aside), "%.100s/aside", tm_dir);
	(void)snprintf(other, sizeof(other), "%s.2", aside);
	tm_remove(aside);
	tm_remove(other);
	if (kind == HARD && (is_dir || access(path, F_OK) != 0))
		return false;
	if (kind == OWNER)
		return !is_dir && access(path, F_OK) == 0 && geteuid() == 0 &&
		    chown(path, 65534, 65534) == 0;
	if (kind == HARD)
		return link(path, other) == 0;
	if (rename(path, aside) != 0)
		tm_write(aside, "", 0);
	switch (kind) {
	case LINK:
		return symlink(aside, path) == 0;
	case DANGLING:
		return symlink("nowhere", path) == 0;
	case LOOP:
		return symlink(name, path) == 0;
	case FIFO:
		return mkfifo(path, 0600) == 0;
	default:
		return !is_dir && mkdir(path, 0700) == 0;
	}
}

/* In the place of each file, each thing that is none. */
static void
no_files(void **state)
{
	static const char *const name[] = { "HEADER", "HEADER.2", "STATE.0",
	    "STATE.1", "vault.db", "LOCK", "vault.db-journal",
	    "vault.db-wal", "vault.db-shm", "store", "recover" };
	struct count c = { 0 };
	unsigned closed;

	(void)state;
	for (size_t i = 0; i < sizeof(name) / sizeof(name[0]); i++)
		for (int k = 0; k < KINDS; k++) {
			tm_remove(tm_path("LOCK"));
			tm_put(last());
			tm_write(tm_path("LOCK"), "", 0);
			if (!plant(name[i], k))
				continue;
			closed = c.closed;
			tm_judge(&h, &c, "%s: %s", name[i], kind_name[k]);
			/* even where the content is the true one */
			if (strcmp(name[i], "vault.db") == 0 ||
			    strcmp(name[i], "LOCK") == 0)
				assert_int_equal(c.closed, closed + 1);
			tm_remove(tm_path(name[i]));
		}
	tm_report("RS3, no regular file in a file's place", &c);
}

/* The folder itself a link, a file, open to others, or of somebody else. */
static void
no_folder(void **state)
{
	char aside[128], real[sizeof(tm_vault)];
	struct vault *v = NULL;
	struct why why = { "" };

	(void)state;
	tm_remove(tm_path("LOCK"));
	tm_put(last());
	memcpy(real, tm_vault, sizeof(real));
	(void)snprintf(aside, sizeof(aside), "%.90s/l.sandyq", tm_dir);
	tm_remove(aside);
	assert_int_equal(symlink(real, aside), 0);
	assert_int_equal(err_exit(vault_open(aside, h.pass, 0, &v, &why)), 1);
	strcat(aside, "/");
	assert_int_equal(err_exit(vault_open(aside, h.pass, 0, &v, &why)), 1);
	assert_int_equal(err_exit(vault_open(tm_path("HEADER"), h.pass, 0, &v,
	    &why)), 1);
	assert_int_equal(chmod(tm_vault, 0750), 0);
	assert_int_equal(err_exit(vault_open(tm_vault, h.pass, 0, &v, &why)),
	    1);
	assert_int_equal(chmod(tm_vault, 0700), 0);
	v = tm_open(h.pass);
	vault_close(v);
}

static int
start(void **state)
{
	(void)state;
	tm_start();
	tm_history(&h);
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	tm_history_free(&h);
	tm_stop();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(old_journal),
		cmocka_unit_test(forgery_is_real),
		cmocka_unit_test(page_journal),
		cmocka_unit_test(odd_journals),
		cmocka_unit_test(foreign_journal),
		cmocka_unit_test(super_journal),
		cmocka_unit_test(wal),
		cmocka_unit_test(in_progress),
		cmocka_unit_test(no_files),
		cmocka_unit_test(no_folder)
	};

	cmocka_set_test_filter(getenv("TAMPER_ONLY"));
	return cmocka_run_group_tests_name("tamper: journals", tests, start,
	    stop);
}
