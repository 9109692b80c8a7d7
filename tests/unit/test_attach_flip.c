/*
 * An attachment of three chunks, one bit of its object changed: whichever it
 * is, reading says damage, and what was handed out before is whole true
 * chunks, not one altered byte.  TAMPER_ALL=1: every bit, in some minutes;
 * else of every 211th byte one.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <setjmp.h>
#include <cmocka.h>

#include "crypto/object.h"
#include "tests/unit/door.h"

#define SIZE ((size_t)131057)
#define HEAD 56			/* before the first chunk */

static uint8_t content[SIZE];

struct got {
	size_t n;
	bool same;
};

static enum sq_err
compare(void *arg, const uint8_t *p, size_t n)
{
	struct got *g = arg;

	g->same &= g->n + n <= SIZE && memcmp(content + g->n, p, n) == 0;
	g->n += n;
	return SQ_OK;
}

static void
put(void *arg, const struct vault_attached *a)
{
	(void)arg;
	assert_int_equal(a->size, SIZE);
}

/* A vault with it, opened to be read alone; the descriptor of its object. */
static int
prepare(void)
{
	char path[128];
	const char *paths[] = { path };
	struct vault_attach o = { .ref = "T-1", .paths = paths, .n = 1 };
	FILE *f;

	for (size_t i = 0; i < SIZE; i++)
		content[i] = (uint8_t)(i * 2654435761u >> 13);
	door_new();
	door_add("testimony", "summary", "An account");
	(void)snprintf(path, sizeof(path), "%s", door_at("clip"));
	door_write(path, content, SIZE);
	OK(vault_attach(door_v, &o, put, NULL, &door_why));
	door_close();
	OK(door_try_open(door_pass, VAULT_READ));
	(void)snprintf(path, sizeof(path), "find %s -type f -path '*/store/*'",
	    door_dir);
	assert_non_null(f = popen(path, "r"));
	assert_int_equal(fscanf(f, "%127s", path), 1);
	(void)pclose(f);
	return open(path, O_RDWR);
}

static void
flip(int fd, off_t at, unsigned bit)
{
	uint8_t c;

	assert_int_equal(pread(fd, &c, 1, at), 1);
	c ^= (uint8_t)(1u << bit);
	assert_int_equal(pwrite(fd, &c, 1, at), 1);
}

static enum sq_err
read_it(struct got *g)
{
	g->n = 0;
	g->same = true;
	return vault_cat(door_v, "M-1", 0, UINT64_MAX, compare, g, &door_why);
}

static void
every_bit(void **state)
{
	bool all = getenv("TAMPER_ALL") != NULL;
	off_t len = (off_t)object_file_len(SIZE);
	int fd = prepare();
	size_t tried = 0, out = 0;
	struct got g;

	(void)state;
	assert_true(fd >= 0 && lseek(fd, 0, SEEK_END) == len);
	assert_int_equal(object_chunks(SIZE), 3);
	for (off_t at = 0; at < len; at += all ? 1 : 211)
		for (unsigned bit = 0; bit < 8; bit++) {
			size_t whole = at < HEAD ? 0 : (size_t)(at - HEAD) /
			    OBJECT_SEALED * OBJECT_CHUNK;

			if (!all && bit != (unsigned)at % 8)
				continue;
			flip(fd, at, bit);
			if (read_it(&g) != SQ_EDAMAGE || !g.same ||
			    g.n > whole)
				fail_msg("byte %ld, bit %u: %zu bytes out",
				    (long)at, bit, g.n);
			flip(fd, at, bit);
			tried++;
			out += g.n;
		}
	OK(read_it(&g));
	assert_true(g.same && g.n == SIZE);
	(void)close(fd);
	door_close();
	print_message("TM2: %zu bits changed, all refused; %zu true bytes "
	    "before that, no other\n", tried, out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(every_bit) };
	int rc;

	door_start();
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	door_end();
	return rc;
}
