/*
 * Attaching, disturbed at every call that changes a file: the vault opens,
 * what was there is whole, each new file is whole or absent, what was
 * acknowledged is there, no source is gone that is not in the vault, and doing
 * it again completes it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/unit/fault_help.h"

#define BIG ((size_t)700001)	/* more than a batch: the threads are in it */
#define OLD ((size_t)200000)

static uint8_t big[BIG], old[OLD];

static struct source {
	const char *name;	/* below src/ */
	const uint8_t *p;
	size_t n;
} source[] = {
	{ "big.mp4", big, BIG }, { "sub/second", big + 1, 66000 },
	{ "sub/small.txt", big + 2, 5 }, { "zero", big, 0 }
};

#define FOLDER (sizeof(source) / sizeof(source[0]))

static size_t n_source;		/* of this case */
static bool move, folder;

static void
put(void *arg, const struct vault_attached *a)
{
	(void)arg;
	(void)a;
}

static bool
there(const struct source *s)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "src/%s", s->name);
	return access(door_at(path), F_OK) == 0;
}

static enum sq_err
attach(const char *ref, const char *path, struct why *why)
{
	char name[192];
	const char *paths[] = { name };
	struct vault_attach o = { .ref = ref, .paths = paths, .n = 1,
	    .move = move };

	(void)snprintf(name, sizeof(name), "%s", door_at(path));
	return vault_attach(door_v, &o, put, NULL, why);
}

static enum sq_err
op(struct why *why)
{
	size_t left = 0;

	for (size_t i = 0; i < n_source; i++)
		left += there(&source[i]);
	if (move && left == 0)
		return SQ_OK;	/* all are moved already */
	return attach("T-1", folder ? "src" : "src/big.mp4", why);
}

static void
prepare(void)
{
	bool keep = move;

	door_new();
	door_add("testimony", "summary", "An account");
	door_write(door_at("old.mov"), old, OLD);
	move = false;
	OK(attach("T-1", "old.mov", &door_why));
	move = keep;
	door_close();
	door_remove(door_at("src"));
	(void)mkdir(door_at("src"), 0700);
	(void)mkdir(door_at("src/sub"), 0700);
	for (size_t i = 0; i < n_source; i++) {
		char path[64];

		(void)snprintf(path, sizeof(path), "src/%s", source[i].name);
		door_write(door_at(path), source[i].p, source[i].n);
	}
}

struct got {
	const uint8_t *want;
	size_t n, at;
	bool same;
};

static enum sq_err
compare(void *arg, const uint8_t *p, size_t n)
{
	struct got *g = arg;

	g->same &= g->at + n <= g->n && memcmp(g->want + g->at, p, n) == 0;
	g->at += n;
	return SQ_OK;
}

/* Is there a media record of this number, and is it whole? */
static bool
whole(unsigned number, const uint8_t *p, size_t n)
{
	struct got g = { .want = p, .n = n, .same = true };
	char ref[16];
	enum sq_err e;

	(void)snprintf(ref, sizeof(ref), "M-%u", number);
	e = vault_cat(door_v, ref, 0, UINT64_MAX, compare, &g, &door_why);
	if (e == SQ_ENOENT)
		return false;
	if (e != SQ_OK || !g.same || g.at != n)
		fail_msg("%s: %s is not whole: %s", fault_where, ref,
		    door_why.text);
	return true;
}

static void
found(void *arg, const struct vault_found *f)
{
	(void)arg;
	if (strcmp(f->severity, "damage") == 0)
		fail_msg("%s: %s %s", fault_where, f->what, f->where);
}

static void
hold(int said)
{
	size_t in = 0, i;

	if (!whole(1, old, OLD))
		fail_msg("%s: the old attachment is gone", fault_where);
	for (i = 0; i < n_source && whole((unsigned)i + 2, source[i].p,
	    source[i].n); i++)
		in++;
	for (; i < n_source + 4; i++)
		if (whole((unsigned)i + 2, NULL, 0))
			fail_msg("%s: more than was attached", fault_where);
	/* one group, one transaction: all of it or nothing */
	if (in != 0 && in != n_source)
		fail_msg("%s: a part of a transaction", fault_where);
	if (said == SQ_OK && in != n_source)
		fail_msg("%s: acknowledged and not there", fault_where);
	if (said > 0 && said != SQ_EUNSURE && in != 0 && !move &&
	    strstr(fault_answer->why.text, "not sure") == NULL)
		fail_msg("%s: refused and there: %s", fault_where,
		    fault_answer->why.text);
	for (i = 0; i < n_source; i++)
		if (!there(&source[i]) && (in == 0 || !move))
			fail_msg("%s: %s is nowhere", fault_where,
			    source[i].name);
	if (vault_check(door_v, true, NULL, found, NULL, &door_why) != SQ_OK)
		fail_msg("%s: check: %s", fault_where, door_why.text);
}

static void
single(void **state)
{
	static const struct fault_case c = { "attach", prepare, op, hold };

	(void)state;
	n_source = 1;
	move = folder = false;
	fault_everywhere(&c);
}

static void
of_a_folder(void **state)
{
	static const struct fault_case c = { "attach of a folder", prepare,
	    op, hold };

	(void)state;
	n_source = FOLDER;
	move = false;
	folder = true;
	fault_everywhere(&c);
}

static void
moving(void **state)
{
	static const struct fault_case c = { "attach --move", prepare, op,
	    hold };

	(void)state;
	n_source = FOLDER;
	move = folder = true;
	fault_everywhere(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(single),
		cmocka_unit_test(of_a_folder),
		cmocka_unit_test(moving)
	};
	int rc;

	for (size_t i = 0; i < BIG; i++)
		big[i] = (uint8_t)(i * 2654435761u >> 13);
	for (size_t i = 0; i < OLD; i++)
		old[i] = (uint8_t)(i * 2246822519u >> 15);
	door_start();
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	door_end();
	return rc;
}
