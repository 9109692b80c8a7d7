/*
 * Attachments through the doors of the vault: what is acknowledged is there,
 * what is stopped or refused never was, at every call of the progress.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>

#include <cmocka.h>

#include "tests/unit/door.h"

#define BIG ((size_t)3 << 20)

static uint8_t big[BIG];

struct heard {
	unsigned n, linked, moved;
	char ref[16][MODEL_REF_MAX];
	char name[16][64];
	unsigned calls, stop_at;	/* of progress; 0: never */
};

static void
hear(void *arg, const struct vault_attached *a)
{
	struct heard *h = arg;

	assert_true(h->n < 16);
	(void)snprintf(h->ref[h->n], MODEL_REF_MAX, "%s", a->ref);
	(void)snprintf(h->name[h->n++], 64, "%s", a->name);
	h->linked += a->linked;
	h->moved += a->moved;
}

static bool
watch(void *arg, const struct vault_progress *p)
{
	struct heard *h = arg;

	assert_true(p->all_done <= p->all_of);
	assert_true(p->done <= p->of);
	return ++h->calls != h->stop_at;
}

/* ${names} are of files below the folder of the test. */
static enum sq_err
attach(const char *const *names, size_t n, bool move, struct heard *h)
{
	char room[4][192];
	const char *paths[4];
	struct vault_attach o = { .ref = "T-1", .paths = paths, .n = n,
	    .move = move, .progress = watch, .arg = h };

	for (size_t i = 0; i < n; i++) {
		(void)snprintf(room[i], sizeof(room[i]), "%s",
		    door_at(names[i]));
		paths[i] = room[i];
	}
	h->n = h->linked = h->moved = h->calls = 0;
	door_why.text[0] = '\0';
	return vault_attach(door_v, &o, hear, h, &door_why);
}

struct got {
	uint8_t *p;
	size_t n;
};

static enum sq_err
take(void *arg, const uint8_t *p, size_t n)
{
	struct got *g = arg;

	g->p = realloc(g->p, g->n + n + 1);
	assert_non_null(g->p);
	memcpy(g->p + g->n, p, n);
	g->n += n;
	return SQ_OK;
}

static void
holds(const char *ref, const uint8_t *p, size_t n)
{
	struct got g = { NULL, 0 };

	OK(vault_cat(door_v, ref, 0, UINT64_MAX, take, &g, &door_why));
	assert_int_equal(g.n, n);
	if (n > 0)
		assert_memory_equal(g.p, p, n);
	free(g.p);
}

static unsigned findings;

static void
found(void *arg, const struct vault_found *f)
{
	(void)arg;
	(void)f;
	findings++;
}

static enum sq_err
check(bool full)
{
	findings = 0;
	door_why.text[0] = '\0';
	return vault_check(door_v, full, NULL, found, NULL, &door_why);
}

static int
begin(void **state)
{
	(void)state;
	door_start();
	door_new();
	door_add("testimony", "summary", "An account");
	for (size_t i = 0; i < BIG; i++)
		big[i] = (uint8_t)(i * 2654435761u >> 13);
	door_write(door_at("big"), big, BIG);
	door_write(door_at("small"), "small", 5);
	door_write(door_at("empty"), "", 0);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	door_end();
	return 0;
}

static void
in_and_out(void **state)
{
	const char *paths[] = { "big", "small", "empty" };
	struct heard h = { .stop_at = 0 };

	(void)state;
	OK(attach(paths, 3, false, &h));
	assert_int_equal(h.n, 3);
	assert_int_equal(h.linked, 0);
	holds(h.ref[0], big, BIG);
	holds(h.ref[1], (const uint8_t *)"small", 5);
	holds(h.ref[2], big, 0);
	OK(check(true));
	assert_int_equal(findings, 0);
	/* and after it was closed */
	door_open();
	holds(h.ref[0], big, BIG);
	OK(check(false));
}

/* Stopped at each call of the progress in turn: nothing of it is left. */
static void
stopped_anywhere(void **state)
{
	const char *paths[] = { "small", "big", "empty" };
	struct heard h = { .stop_at = 1 };
	struct door_hash before;
	unsigned stops = 0;

	(void)state;
	before = door_hash();
	while (attach(paths, 3, true, &h) == SQ_EREFUSED) {
		door_says("stopped");
		assert_int_equal(h.n, 0);
		/* an empty folder, store/new, is no content */
		if (stops++ == 0)
			before = door_hash();
		door_same(&before);
		h.stop_at++;
	}
	assert_true(stops >= 3);
	/* the one that went through had all of it, and moved it */
	assert_int_equal(h.n, 3);
	assert_int_equal(h.moved, 3);
	assert_int_not_equal(access(door_at("big"), F_OK), 0);
	holds(h.ref[1], big, BIG);
	OK(check(true));
}

static void
linked_once(void **state)
{
	const char *two[] = { "big", "twin" }, *one[] = { "big" };
	struct heard h = { .stop_at = 0 };

	(void)state;
	door_write(door_at("twin"), big, BIG);
	OK(attach(two, 2, false, &h));
	assert_int_equal(h.linked, 1);
	assert_string_not_equal(h.ref[0], h.ref[1]);
	OK(attach(one, 1, false, &h));
	assert_int_equal(h.linked, 1);
	assert_string_equal(h.ref[0], "M-1");
	holds("M-2", big, BIG);
}

/* A source that is another file by the time it is saved stays. */
static bool
swap(void *arg, const struct vault_progress *p)
{
	struct heard *h = arg;

	if (p->file == 2 && h->calls++ == 0) {
		assert_int_equal(unlink(door_at("small")), 0);
		door_write(door_at("small"), "other", 5);
	}
	return true;
}

static void
moved_only_if_the_same(void **state)
{
	const char *paths[2] = { door_at("small"), door_at("empty") };
	struct heard h = { .stop_at = 0 };
	struct vault_attach o = { .ref = "T-1", .paths = paths, .n = 2,
	    .move = true, .progress = swap, .arg = &h };

	(void)state;
	door_why.text[0] = '\0';
	ERR(vault_attach(door_v, &o, hear, &h, &door_why), SQ_EREFUSED);
	door_says("changed since");
	assert_int_equal(h.n, 2);
	assert_int_equal(h.moved, 1);
	assert_int_equal(access(door_at("small"), F_OK), 0);
	holds(h.ref[0], (const uint8_t *)"small", 5);
}

/* What a source is replaced by while another is read. */
static enum { LINK, FIFO, FOLDER, GONE, REPLACEMENTS } by;

static bool
replace(void *arg, const struct vault_progress *p)
{
	struct heard *h = arg;
	const char *path = door_at("small");

	if (p->file != 1 || h->calls++ > 0)
		return true;
	assert_int_equal(unlink(path), 0);
	if (by == LINK)
		assert_int_equal(symlink(door_at("big"), path), 0);
	else if (by == FIFO)
		assert_int_equal(mkfifo(path, 0600), 0);
	else if (by == FOLDER)
		assert_int_equal(mkdir(path, 0700), 0);
	return true;
}

/* Refused, nothing stored, nothing read that was not named. */
static void
replaced_by_something_else(void **state)
{
	char room[2][192];
	const char *paths[2] = { room[0], room[1] };
	struct heard h = { .stop_at = 0 };
	struct vault_attach o = { .ref = "T-1", .paths = paths, .n = 2,
	    .move = true, .progress = replace, .arg = &h };
	struct door_hash before;

	(void)state;
	(void)snprintf(room[0], sizeof(room[0]), "%s", door_at("big"));
	(void)snprintf(room[1], sizeof(room[1]), "%s", door_at("small"));
	for (by = LINK; by < REPLACEMENTS; by++) {
		h.n = h.calls = 0;
		door_why.text[0] = '\0';
		before = door_hash();
		assert_int_not_equal(vault_attach(door_v, &o, hear, &h,
		    &door_why), SQ_OK);
		door_says("small");
		assert_int_equal(h.n, 0);
		if (by > LINK)		/* store/new is made by the first */
			door_same(&before);
		assert_int_equal(access(door_at("big"), F_OK), 0);
		OK(check(true));
		door_remove(door_at("small"));
		door_write(door_at("small"), "small", 5);
	}
}

/* With --move a damaged object is not enough to delete a source for. */
static void
moved_only_for_a_whole_one(void **state)
{
	const char *paths[] = { "big" };
	struct heard h = { .stop_at = 0 };
	char find[256], file[256];
	FILE *p;
	int c;

	(void)state;
	OK(attach(paths, 1, false, &h));
	(void)snprintf(find, sizeof(find), "find %s/store -type f",
	    door_path);
	p = popen(find, "r");
	assert_non_null(p);
	assert_non_null(fgets(file, sizeof(file), p));
	file[strcspn(file, "\n")] = '\0';
	(void)pclose(p);
	p = fopen(file, "r+b");
	assert_non_null(p);
	assert_int_equal(fseek(p, 100000, SEEK_SET), 0);
	c = fgetc(p);
	assert_int_equal(fseek(p, 100000, SEEK_SET), 0);
	assert_int_not_equal(fputc(c ^ 1, p), EOF);
	(void)fclose(p);
	OK(attach(paths, 1, true, &h));
	assert_int_equal(h.linked, 0);
	holds(h.ref[0], big, BIG);
	ERR(check(true), SQ_EDAMAGE);
	assert_int_equal(findings, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(in_and_out, begin, end),
		cmocka_unit_test_setup_teardown(stopped_anywhere, begin, end),
		cmocka_unit_test_setup_teardown(linked_once, begin, end),
		cmocka_unit_test_setup_teardown(moved_only_if_the_same, begin,
		    end),
		cmocka_unit_test_setup_teardown(replaced_by_something_else,
		    begin, end),
		cmocka_unit_test_setup_teardown(moved_only_for_a_whole_one,
		    begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
