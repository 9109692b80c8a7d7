/*
 * Help for the tests of the probe: files in memory, and a folder in which a
 * copy of the running test stands beside a program that plays sandyq-probe.
 */
#ifndef SQ_PROBE_HELP_H
#define SQ_PROBE_HELP_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/media_make.h"
#include "vault/probe.h"

/* What a copy of the test wrote to its standard output. */
struct answer {
	enum sq_err e;
	struct probe_result r;
	struct why why;
};

/* A file that has no name, with these bytes. */
static inline int
help_file(const void *p, size_t n)
{
	int fd = memfd_create("sample", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, p, n), (ssize_t)n);
	return fd;
}

/* The real program asked about these bytes. */
static inline void
help_ask(const void *p, size_t n, struct probe_result *r)
{
	struct why why = { "" };
	int fd = help_file(p, n);

	assert_int_equal(lseek(fd, 7, SEEK_SET), 7);
	assert_int_equal(probe_run(fd, r, &why), SQ_OK);
	assert_int_equal(lseek(fd, 0, SEEK_CUR), 7);
	close(fd);
}

/* Put a program that plays sandyq-probe into ${dir}: a shell script. */
static inline void
help_script(const char *dir, const char *text)
{
	char path[4096 + 32];
	FILE *f;

	snprintf(path, sizeof(path), "%s/sandyq-probe", dir);
	unlink(path);
	f = fopen(path, "w");
	assert_non_null(f);
	fprintf(f, "#!/bin/sh\n%s\n", text);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, 0755), 0);
}

/* Where the running test lies. */
static inline void
help_self(char path[4096])
{
	ssize_t n = readlink("/proc/self/exe", path, 4095);

	assert_true(n > 0);
	path[n] = '\0';
}

/* A new folder beside the test, with a copy of the test as "asker". */
static inline void
help_dir(char dir[4096])
{
	char self[4096], path[4096 + 32];

	help_self(self);
	snprintf(dir, 4096, "%.*s/probe.XXXXXX",
	    (int)(strrchr(self, '/') - self), self);
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/asker", dir);
	assert_int_equal(link(self, path), 0);
}

static inline void
help_dir_drop(const char *dir)
{
	static const char *const names[] = { "asker", "sandyq-probe", "sample",
	    "log", "shim.c", "shim.so", "out" };
	char path[4096 + 32];
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		unlink(path);
	}
	rmdir(dir);
}

/* Begin asking as "asker --ask", which answers with a struct answer. */
static inline FILE *
help_begin(const char *dir)
{
	char cmd[4096 + 64];
	FILE *f;

	snprintf(cmd, sizeof(cmd), "exec '%s/asker' --ask", dir);
	f = popen(cmd, "r");
	assert_non_null(f);
	return f;
}

static inline void
help_end(FILE *f, struct answer *a)
{
	assert_int_equal(fread(a, sizeof(*a), 1, f), 1);
	assert_int_equal(pclose(f), 0);
}

/* What "asker --ask" does: descriptors that must not be handed on, and so. */
static inline int
help_answer(void)
{
	static struct answer a;
	int fd, i;

	fd = memfd_create("sample", MFD_CLOEXEC);
	if (fd < 0 || write(fd, "sample", 6) != 6)
		return 1;
	for (i = 0; i < 20; i++) {
		if (dup(2) < 0)
			return 1;
	}
	setenv("SECRET", "in the environment", 1);
	a.e = probe_run(fd, &a.r, &a.why);
	return fwrite(&a, sizeof(a), 1, stdout) == 1 ? 0 : 1;
}

#endif
