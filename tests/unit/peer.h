/*
 * For unit tests that talk to foreign programs: whole files in and out of a
 * temporary folder, and commands.  Include after cmocka.h.
 */
#ifndef SQ_TESTS_PEER_H
#define SQ_TESTS_PEER_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define PEER_UNUSED __attribute__((unused))

/* A whole file, NUL-terminated, of *ret_n bytes; fails the test without it. */
PEER_UNUSED static char *
peer_read(const char *path, size_t *ret_n)
{
	FILE *f = fopen(path, "rb");
	char *p;
	long n;

	if (f == NULL)
		fail_msg("cannot read %s", path);
	assert_int_equal(fseek(f, 0, SEEK_END), 0);
	n = ftell(f);
	assert_true(n >= 0);
	rewind(f);
	p = calloc(1, (size_t)n + 1);
	assert_non_null(p);
	*ret_n = fread(p, 1, (size_t)n, f);
	assert_int_equal(*ret_n, n);
	(void)fclose(f);
	return p;
}

/* Write dir/name. */
PEER_UNUSED static void
peer_write(const char *dir, const char *name, const void *p, size_t n)
{
	char path[1024];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(p, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

/* The exit status of a shell command run inside dir, silently. */
PEER_UNUSED static int
peer_run(const char *dir, const char *cmd)
{
	char line[2048];
	int r;

	(void)snprintf(line, sizeof(line), "cd '%s' && { %s; } >out 2>&1",
	    dir, cmd);
	r = system(line);
	return WIFEXITED(r) ? WEXITSTATUS(r) : -1;
}

/* A new temporary folder, its name in static memory. */
PEER_UNUSED static const char *
peer_dir(void)
{
	static char dir[64];

	(void)strcpy(dir, "/tmp/sandyq-test-XXXXXX");
	assert_non_null(mkdtemp(dir));
	return dir;
}

/* Remove it with all that is in it. */
PEER_UNUSED static void
peer_done(const char *dir)
{
	assert_int_equal(strncmp(dir, "/tmp/sandyq-test-", 17), 0);
	assert_int_equal(peer_run(dir, "rm -rf \"$PWD\""), 0);
}

#endif
