/*
 * A disk that fails in the middle of a long transaction, when pages go to it
 * before the end: whatever is asked then, it is a failed disk, never a page
 * that somebody touched; and afterwards everything from before is there.
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

#include "crypto/secret.h"
#include "tests/fault/fault.h"
#include "vault/fsio.h"
#include "vault/store/db.h"

#define BODY ((size_t)200000)
#define BODIES 60		/* more than the cache holds */

static struct secret *key, *salt;
static char dir[] = "/tmp/sandyq-test-fdb.XXXXXX";
static int dirfd = -1;
static struct why why;
static uint8_t body[BODY];

/* Add body ${i}. */
static enum sq_err
add(struct db *db, int i)
{
	struct db_st *st;
	uint8_t root[32];
	enum sq_err e;

	if ((e = db_use(db, DB_ENTRY_ADD, &st)) != SQ_OK)
		return e;
	memset(root, i, sizeof(root));
	db_bind_int(st, 1, i);
	db_bind_blob(st, 2, root, sizeof(root));
	db_bind_blob(st, 3, body, sizeof(body));
	return db_run(st);
}

/* Read body ${i}. */
static enum sq_err
get(struct db *db, int i, bool *ret_row)
{
	struct db_st *st;
	size_t n;
	enum sq_err e;

	*ret_row = false;
	if ((e = db_use(db, DB_ENTRY_GET, &st)) != SQ_OK)
		return e;
	db_bind_int(st, 1, i);
	if ((e = db_step(st, ret_row)) == SQ_OK && *ret_row) {
		(void)db_blob(st, 1, &n);
		assert_int_equal(n, BODY);
	}
	db_reset(st);
	return e;
}

/* A disk that fails is what it is. */
static void
told(enum sq_err e)
{
	if (e != SQ_OK && e != SQ_EIO)
		fail_msg("a failed disk is error %d", (int)e);
}

/* One transaction, its call number ${nth} failing; false: there was none. */
static bool
disturbed(long nth, bool from)
{
	struct db *db = NULL;
	enum sq_err e = SQ_OK;
	bool row, hit;

	assert_int_equal(db_open(dirfd, key, salt, false, &db, &why), SQ_OK);
	assert_int_equal(db_begin(db), SQ_OK);
	fault_arm(FAULT_EIO, nth, from);
	for (int i = 1; i < BODIES; i++) {
		if (e == SQ_OK)
			told(e = add(db, i));
		/* also after a failure, as a careless caller would */
		told(get(db, i, &row));
		told(get(db, 0, &row));
	}
	if (e == SQ_OK)
		told(e = db_commit(db));
	else
		db_rollback(db);
	hit = fault->hit;
	fault_disarm();
	db_close(db);
	/* all of it, or nothing */
	assert_int_equal(db_open(dirfd, key, salt, false, &db, &why), SQ_OK);
	assert_int_equal(get(db, 0, &row), SQ_OK);
	assert_true(row);
	assert_int_equal(get(db, 1, &row), SQ_OK);
	assert_true(row == (e == SQ_OK));
	assert_int_equal(get(db, BODIES - 1, &row), SQ_OK);
	assert_true(row == (e == SQ_OK));
	db_close(db);
	return hit && e != SQ_OK;
}

static void
fresh(void)
{
	struct db *db = NULL;

	(void)unlinkat(dirfd, DB_NAME, 0);
	(void)unlinkat(dirfd, DB_JOURNAL, 0);
	assert_int_equal(db_create(dirfd, key, salt, &db, &why), SQ_OK);
	assert_int_equal(db_begin(db), SQ_OK);
	assert_int_equal(add(db, 0), SQ_OK);
	assert_int_equal(db_commit(db), SQ_OK);
	db_close(db);
}

static void
test_long(void **state)
{
	unsigned met = 0;

	(void)state;
	/* the first calls one by one, then ever further apart */
	for (long nth = 1; nth < 4000; nth += 1 + nth / 8)
		for (int from = 0; from < 2; from++) {
			fresh();
			met += disturbed(nth, from);
		}
	print_message("%u failures met\n", met);
	assert_true(met > 20);
}

static int
setup(void **state)
{
	(void)state;
	fault_new();
	if (secret_init() != SQ_OK || fsio_init() != SQ_OK ||
	    mkdtemp(dir) == NULL)
		return -1;
	dirfd = open(dir, O_RDONLY | O_DIRECTORY);
	memset(body, 0x5a, sizeof(body));
	return dirfd >= 0 && secret_random(32, &key) == SQ_OK &&
	    secret_random(16, &salt) == SQ_OK ? 0 : -1;
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
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_long) };

	return cmocka_run_group_tests(tests, setup, teardown);
}
