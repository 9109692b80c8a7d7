/*
 * A vault's files and its log while what they stand on fails at every place:
 * told, never as an alarm about the evidence; and afterwards everything opens,
 * with all of an act in it or nothing.
 */
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
#include "tests/unit/failing.h"
#include "vault/fsio.h"
#include "vault/store/header.h"
#include "vault/store/log.h"
#include "vault/store/state.h"

#define ENTRIES 9
#define RECORDS 3
#define OLD 5			/* a size that the log once had */

static struct secret *key, *salt, *master, *k_hdr, *pass;
static char dir[] = "/tmp/sandyq-test-failing.XXXXXX";
static int dirfd = -1;
static struct why why;
static struct header good;
static uint8_t rec[RECORDS][LOG_RECORD_ID];
static const uint8_t id[16] = "a vault's own id";

/* Nothing that fails may look like evidence that was touched. */
static bool
alarm_raised(enum sq_err e)
{
	return e == SQ_EDAMAGE || e == SQ_EAUTH || e == SQ_EROLLBACK ||
	    e == SQ_EPASS || e == SQ_EFORMAT;
}

/* --- the log -------------------------------------------------------------- */

static enum sq_err
compose(struct entry *en, unsigned i)
{
	char hex[2 * LOG_RECORD_ID + 1], text[32];
	enum sq_err e;

	memset(en, 0, sizeof(*en));
	(void)snprintf(text, sizeof(text), "said %u", i);
	bytes_hex(hex, rec[i % RECORDS], LOG_RECORD_ID);
	if ((e = entry_add_str(en, "_record", hex)) == SQ_OK &&
	    (e = entry_add_str(en, "_kind", "revision")) == SQ_OK &&
	    (e = entry_add_text(en, "statement", "kk", text)) == SQ_OK) {
		bytes_hex(hex, rec[(i + 1) % RECORDS], LOG_RECORD_ID);
		e = entry_add_str(en, "_about[00000]", hex);
	}
	return e == SQ_OK ? entry_sort(en) : e;
}

static enum sq_err
append(struct log *lg, unsigned i)
{
	uint8_t (*ids)[LOG_RECORD_ID] = NULL;
	uint8_t root[ENTRY_ROOT];
	struct entry en;
	uint64_t index;
	size_t n;
	enum sq_err e;

	if ((e = compose(&en, i)) == SQ_OK &&
	    (e = log_ids(&en, &ids, &n)) == SQ_OK)
		e = log_append(lg, &en, (const uint8_t (*)[LOG_RECORD_ID])ids,
		    n, &index, root);
	free(ids);
	entry_free(&en);
	return e;
}

/* One act: entries ${from} to ${to}; all of them or, undone, none. */
static enum sq_err
act(struct log *lg, unsigned from, unsigned to)
{
	enum sq_err e = db_begin(log_db(lg));

	for (unsigned i = from; i < to && e == SQ_OK; i++)
		e = append(lg, i);
	if (e == SQ_OK)
		e = log_settle(lg);
	if (e == SQ_OK)
		e = db_commit(log_db(lg));
	if (e != SQ_OK) {
		db_rollback(log_db(lg));
		(void)log_reload(lg);
	}
	return e;
}

static enum sq_err
see_entry(void *arg, uint64_t index, const struct entry *en)
{
	(void)index;
	*(size_t *)arg += entry_find(en, "_kind") != NULL;
	return SQ_OK;
}

static enum sq_err
see_record(void *arg, const uint8_t record[LOG_RECORD_ID])
{
	(void)record;
	++*(size_t *)arg;
	return SQ_OK;
}

/* Everything that is asked of a log of ${size} entries. */
static enum sq_err
ask(struct log *lg, uint64_t size, bool *ret_right)
{
	uint8_t (*roots)[ENTRY_ROOT] = NULL;
	uint8_t root[ENTRY_ROOT], now[MERKLE_LEN], old[MERKLE_LEN];
	struct merkle_proof proof;
	uint64_t *list = NULL, index = 0;
	size_t entries = 0, records = 0, n = 0;
	enum sq_err e;

	*ret_right = false;
	if ((e = log_root(lg, now)) == SQ_OK &&
	    (e = log_root_at(lg, OLD, old)) == SQ_OK &&
	    (e = log_each(lg, see_entry, &entries, &why)) == SQ_OK &&
	    (e = log_records(lg, see_record, &records, &why)) == SQ_OK &&
	    (e = log_of_record(lg, rec[1], &list, &n, &why)) == SQ_OK &&
	    (e = log_root_of(lg, 2, root)) == SQ_OK &&
	    (e = log_index_of(lg, root, &index)) == SQ_OK &&
	    (e = log_include(lg, 2, &proof)) == SQ_OK &&
	    (e = log_consist(lg, OLD, &proof)) == SQ_OK &&
	    (e = log_roots(lg, &roots, &why)) == SQ_OK &&
	    (e = log_audit(lg, NULL, NULL, &why)) == SQ_OK)
		*ret_right = entries == size && records == RECORDS &&
		    n == 2 * size / RECORDS && index == 2 &&
		    memcmp(roots[2], root, sizeof(root)) == 0;
	free(list);
	free(roots);
	return e;
}

static enum sq_err
fresh(struct db **ret_db, struct log **ret_lg)
{
	enum sq_err e;

	(void)unlinkat(dirfd, DB_NAME, 0);
	(void)unlinkat(dirfd, DB_JOURNAL, 0);
	if ((e = db_create(dirfd, key, salt, ret_db, &why)) == SQ_OK)
		e = log_new(*ret_db, ret_lg);
	return e;
}

/* What lies on the disk, asked by a program to which nothing happens. */
static enum failing_end
judge(enum sq_err e, bool right, bool made)
{
	struct db *db = NULL;
	struct log *lg = NULL;
	uint64_t size = 0;
	bool whole = false;

	failing_stop();
	if (e == SQ_OK && !right)
		return FAILING_WRONG;
	if (alarm_raised(e))
		return FAILING_WRONG;
	if (!made)
		return FAILING_TOLD;
	if (db_open(dirfd, key, salt, false, &db, &why) == SQ_OK &&
	    log_new(db, &lg) == SQ_OK) {
		size = log_size(lg);
		whole = size == 0 || (ask(lg, size, &whole) == SQ_OK && whole);
	}
	log_free(lg);
	db_close(db);
	/* acts of six and of three entries */
	if (!whole || (size != 0 && size != 6 && size != ENTRIES) ||
	    (e == SQ_OK && size != ENTRIES))
		return FAILING_WRONG;
	return e == SQ_OK ? FAILING_DONE : FAILING_TOLD;
}

static enum failing_end
work_log(void)
{
	struct db *db = NULL;
	struct log *lg = NULL;
	bool right = false, made;
	enum sq_err e = fresh(&db, &lg);

	made = e == SQ_OK;
	if (e == SQ_OK && (e = act(lg, 0, 6)) == SQ_OK &&
	    (e = act(lg, 6, ENTRIES)) == SQ_OK)
		e = ask(lg, ENTRIES, &right);
	log_free(lg);
	db_close(db);
	return judge(e, right, made);
}

/* What can be derived is derived anew, as after damage. */
static enum failing_end
work_rebuild(void)
{
	struct db *db = NULL;
	struct log *lg = NULL, *again = NULL;
	bool right = false, made;
	enum sq_err e = fresh(&db, &lg);

	made = e == SQ_OK;
	if (e == SQ_OK && (e = act(lg, 0, 6)) == SQ_OK)
		e = act(lg, 6, ENTRIES);
	log_free(lg);
	if (e == SQ_OK && (e = db_begin(db)) == SQ_OK &&
	    (e = log_recover(db, &again, &why)) == SQ_OK &&
	    (e = log_rebuild(again, &why)) == SQ_OK &&
	    (e = log_settle(again)) == SQ_OK && (e = db_commit(db)) == SQ_OK)
		e = ask(again, ENTRIES, &right);
	if (e != SQ_OK && db != NULL)
		db_rollback(db);
	log_free(again);
	db_close(db);
	return judge(e, right, made);
}

/* By right of the witness: a value goes, its place and the root stay. */
static enum failing_end
work_erase(void)
{
	struct db *db = NULL;
	struct log *lg = NULL;
	uint8_t root[ENTRY_ROOT];
	struct entry en = { 0 };
	bool right = false, made;
	enum sq_err e = fresh(&db, &lg);

	made = e == SQ_OK;
	if (e == SQ_OK && (e = act(lg, 0, 6)) == SQ_OK &&
	    (e = act(lg, 6, ENTRIES)) == SQ_OK &&
	    (e = log_get(lg, 4, &en, root, &why)) == SQ_OK &&
	    (e = entry_erase(&en, "statement")) == SQ_OK &&
	    (e = db_begin(db)) == SQ_OK &&
	    (e = log_erase(lg, 4, &en, &why)) == SQ_OK &&
	    (e = db_commit(db)) == SQ_OK)
		e = ask(lg, ENTRIES, &right);
	if (e != SQ_OK && db != NULL)
		db_rollback(db);
	entry_free(&en);
	log_free(lg);
	db_close(db);
	return judge(e, right, made);
}

/* --- STATE ---------------------------------------------------------------- */

static enum sq_err
root_at(void *arg, uint64_t size, uint8_t root[32])
{
	(void)arg;
	memset(root, (int)size, 32);
	return SQ_OK;
}

static enum failing_end
work_state(void)
{
	struct state st = { .seq = 40, .generation = 7 };
	struct state_found f = { .generation = 8, .root_at = root_at };
	struct state_pair pair;
	struct state newest = { 0 };
	enum state_verdict v;
	enum sq_err e;

	(void)unlinkat(dirfd, "STATE.0", 0);
	(void)unlinkat(dirfd, "STATE.1", 0);
	if ((e = state_init(dirfd, key, id, &st, &why)) == SQ_OK) {
		st.generation++;
		e = state_pin(dirfd, key, id, &st, &why);
	}
	failing_stop();
	state_load(dirfd, key, id, &pair);
	v = state_judge(&pair, &f, &newest);
	if (alarm_raised(e))
		return FAILING_WRONG;
	if (e != SQ_OK)
		return FAILING_TOLD;
	return v == STATE_GOOD && newest.generation == 8 ? FAILING_DONE :
	    FAILING_WRONG;
}

/* --- HEADER --------------------------------------------------------------- */

/* Written, written over, read, and opened by its passphrase. */
static enum failing_end
work_header(void)
{
	struct header h = good;
	struct header_pair pair;
	struct keyslot slot = { 0 };
	bool right = false;
	int copy = -1;
	enum sq_err e;

	if ((e = header_store(dirfd, &h, k_hdr, &why)) == SQ_OK) {
		h.generation++;
		if ((e = header_put_back(dirfd, &h, k_hdr, &why)) == SQ_OK &&
		    (e = header_load(dirfd, &pair, &why)) == SQ_OK)
			e = header_unlock(&pair, pass, &slot, &copy, &why);
	}
	if (e == SQ_OK)
		right = secret_eq(slot.master, master);
	secret_free(slot.master);
	failing_stop();
	if (e == SQ_OK)
		return right ? FAILING_DONE : FAILING_WRONG;
	/* a key that could not be derived is not a wrong passphrase */
	return e == SQ_EPASS ? FAILING_WRONG : FAILING_TOLD;
}

/* --- all of them ---------------------------------------------------------- */

static void
test_log(void **state)
{
	(void)state;
	failing_try("a log", work_log);
	failing_try("a log built anew", work_rebuild);
	failing_try("a value erased", work_erase);
}

static void
test_files(void **state)
{
	(void)state;
	failing_try("STATE", work_state);
	failing_try("HEADER", work_header);
}

static int
setup_header(void)
{
	struct kdf_set set = { .id = KDF_ARGON2ID, .kib = KDF_MIN_KIB,
	    .passes = KDF_MIN_PASSES, .lanes = 4 };
	struct keyslot slot = { .kind = KEYSLOT_PASSPHRASE };
	struct keyslot_ctx ctx;
	struct secret *ikm = NULL;
	int rc = -1;

	if (secret_random(32, &master) != SQ_OK ||
	    secret_copy((const uint8_t *)"six words", 9, &pass) != SQ_OK ||
	    kdf_subkey(master, KDF_USE_HDR, &k_hdr) != SQ_OK)
		return -1;
	header_new(&set, &good);
	slot.master = master;
	slot.generation = good.generation;
	header_ctx(&good, 0, 0, &ctx);
	if (kdf_derive(&good.set_a, pass, &ikm) == SQ_OK &&
	    keyslot_make(&ctx, ikm, &slot, good.slot[0]) == SQ_OK)
		rc = 0;
	secret_free(ikm);
	return rc;
}

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
	    secret_random(16, &salt) == SQ_OK ? setup_header() : -1;
}

static int
teardown(void **state)
{
	char cmd[64];

	(void)state;
	(void)snprintf(cmd, sizeof(cmd), "rm -rf '%s'", dir);
	return system(cmd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_log),
		cmocka_unit_test(test_files)
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
