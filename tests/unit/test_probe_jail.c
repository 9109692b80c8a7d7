/*
 * The jail of sandyq-probe, tried from inside and looked at from outside.
 *
 * From inside: a shim put before libmagic attacks at the moment the first
 * bytes of the file are parsed, as a file that takes the parser over would.
 * It must die of it.  From outside: the trace of the system calls shows that
 * after the first read of the file nothing else is opened, made or started.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <sys/wait.h>

#include "tests/unit/probe_help.h"

static struct media m;
static char dir[4096];
static char program[4096 + 32];
static char says[4096];			/* what it printed in attempt() */

/* One case of the shim each; what is not refused is told as the type. */
static const char shim[] =
    "#define _GNU_SOURCE\n"
    "#include <errno.h>\n"
    "#include <fcntl.h>\n"
    "#include <signal.h>\n"
    "#include <stdlib.h>\n"
    "#include <string.h>\n"
    "#include <sys/mman.h>\n"
    "#include <sys/socket.h>\n"
    "#include <sys/syscall.h>\n"
    "#include <unistd.h>\n"
    "static const char *deed = \"\";\n"
    "static char page[8192];\n"
    "__attribute__((constructor)) static void start(void)\n"
    "{ if (getenv(\"DEED\")) deed = strdup(getenv(\"DEED\")); }\n"
    "static int is(const char *s) { return strcmp(deed, s) == 0; }\n"
    "const char *magic_buffer(void *c, const void *p, unsigned long n)\n"
    "{\n"
    "	(void)c; (void)p; (void)n;\n"
    "	if (is(\"open\")) open(\"/etc/passwd\", O_RDONLY);\n"
    "	if (is(\"openat\")) openat(AT_FDCWD, \"x\", O_CREAT, 0600);\n"
    "	if (is(\"socket\")) socket(AF_INET, SOCK_STREAM, 0);\n"
    "	if (is(\"fork\")) fork();\n"
    "	if (is(\"exec\")) execl(\"/bin/sh\", \"sh\", NULL);\n"
    "	if (is(\"kill\")) kill(getppid(), SIGTERM);\n"
    "	if (is(\"dup\")) dup(0);\n"
    "	if (is(\"stat\")) access(\"/etc/passwd\", R_OK);\n"
    "	if (is(\"ptrace\")) syscall(SYS_ptrace, 0, 0, 0, 0);\n"
    "	if (is(\"prctl\")) syscall(SYS_prctl, 4, 1, 0, 0, 0);\n"
    "	if (is(\"limit\")) syscall(SYS_prlimit64, 0, 9, 0, 0);\n"
    "	if (is(\"code\")) mmap(0, 4096, PROT_READ | PROT_EXEC,\n"
    "	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);\n"
    "	if (is(\"recode\")) mprotect((void *)(((unsigned long)page + 4095)\n"
    "	    & ~4095UL), 4096, PROT_READ | PROT_WRITE | PROT_EXEC);\n"
    "	if (is(\"back\")) write(0, \"x\", 1);\n"
    "	if (is(\"other\")) read(5, page, 1);\n"
    "	if (is(\"wait\")) pause();\n"
    "	if (is(\"spin\")) for (;;) page[0]++;\n"
    "	if (is(\"memory\")) return malloc(600UL << 20) ? \"a/got\" :\n"
    "	    \"a/refused\";\n"
    "	if (is(\"stderr\")) return write(2, \"x\", 1) < 0 &&\n"
    "	    errno == EBADF ? \"a/refused\" : \"a/got\";\n"
    "	return \"a/nothing\";\n"
    "}\n";

static void
put_sample(void)
{
	char path[4096 + 32];
	FILE *f;

	media_mov(&m);
	snprintf(path, sizeof(path), "%s/sample", dir);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(m.p, 1, m.n, f), m.n);
	assert_int_equal(fclose(f), 0);
}

static int
prepare(void **state)
{
	char path[4096 + 32], cmd[3 * 4096];
	FILE *f;

	(void)state;
	put_sample();
	snprintf(path, sizeof(path), "%s/shim.c", dir);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(shim, f);
	assert_int_equal(fclose(f), 0);
	snprintf(cmd, sizeof(cmd), "cd '%s' && cc -w -shared -fPIC -o shim.so "
	    "shim.c", dir);
	assert_int_equal(system(cmd), 0);
	return 0;
}

/* Run the program with the shim doing ${deed}; how it ended, as a shell has. */
static int
attempt(const char *deed)
{
	char cmd[4 * 4096];
	size_t n;
	FILE *f;
	int rc;

	/* the shell's own words about the death are not wanted */
	snprintf(cmd, sizeof(cmd), "cd '%s' && { { DEED=%s LD_PRELOAD="
	    "./shim.so '%s' <sample; echo \"rc $?\" >out; } 2>/dev/null "
	    "| cat; cat out; }", dir, deed, program);
	f = popen(cmd, "r");
	assert_non_null(f);
	n = fread(says, 1, sizeof(says) - 1, f);
	says[n] = '\0';
	assert_int_equal(pclose(f), 0);
	assert_non_null(strstr(says, "rc "));
	rc = atoi(strstr(says, "rc ") + 3);
	return rc > 128 ? rc - 128 : -rc;
}

/* The shim is in place: else all that follows would prove nothing. */
static void
shim_is_asked(void **state)
{
	(void)state;
	assert_int_equal(attempt("nothing"), 0);
	assert_non_null(strstr(says, "mime\ta/nothing\n"));
}

static void
each_attempt_is_death(void **state)
{
	static const char *const deed[] = { "open", "openat", "socket",
	    "fork", "exec", "kill", "dup", "stat", "ptrace", "prctl", "limit",
	    "code", "recode", "back", "other", "wait" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(deed) / sizeof(deed[0]); i++) {
		if (attempt(deed[i]) != SIGSYS)
			fail_msg("%s: %s", deed[i], says);
		assert_null(strstr(says, "mime"));
	}
}

static void
memory_and_complaints_are_refused(void **state)
{
	(void)state;
	assert_int_equal(attempt("memory"), 0);
	assert_non_null(strstr(says, "mime\ta/refused\n"));
	assert_int_equal(attempt("stderr"), 0);
	assert_non_null(strstr(says, "mime\ta/refused\n"));
}

/*
 * Two that never end, at the same time: one that computes is ended by its own
 * limit of 10 seconds, one that sleeps by ours of 15.
 */
static void
endless_ones_are_ended(void **state)
{
	struct answer a;
	FILE *asker;
	int sig;

	(void)state;
	help_script(dir, "printf 'mime\\tvideo/mp4\\n'; exec sleep 100");
	asker = help_begin(dir);
	sig = attempt("spin");
	assert_true(sig == SIGKILL || sig == SIGXCPU);
	help_end(asker, &a);
	assert_int_equal(a.e, SQ_OK);
	assert_string_equal(a.r.mime, "video/mp4");
	assert_false(a.r.whole);
}

/* The line of a trace is a call of one of ${names} ("" at the end). */
static bool
is_call(const char *line, const char *const *names)
{
	for (; **names != '\0'; names++) {
		if (strncmp(line, *names, strlen(*names)) == 0)
			return true;
	}
	return false;
}

static void
trace_shows_nothing_after_the_first_read(void **state)
{
	static const char *const first[] = { "read(0,", "pread64(0,", "" };
	static const char *const after[] = { "read(0,", "pread64(0,",
	    "write(1,", "brk(", "mmap(", "munmap(", "mremap(", "madvise(",
	    "mprotect(", "futex(", "getrandom(", "clock_gettime(", "time(",
	    "gettimeofday(", "exit_group(", "+++ exited with 0", "" };
	char cmd[4 * 4096], line[4096];
	bool jailed = false, nnp = false;
	int reads = 0;
	FILE *f;

	(void)state;
	snprintf(cmd, sizeof(cmd), "cd '%s' && strace -f -o log '%s' <sample "
	    "2>/dev/null | cat >out && grep -q mime out", dir, program);
	if (system(cmd) != 0)
		skip();			/* tracing is forbidden here */
	snprintf(cmd, sizeof(cmd), "%s/log", dir);
	f = fopen(cmd, "r");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f) != NULL) {
		char *call = line + strspn(line, "0123456789 ");

		if (strncmp(call, "prctl(PR_SET_NO_NEW_PRIVS, 1", 28) == 0)
			nnp = true;
		if (strstr(call, "SECCOMP_SET_MODE_FILTER, ") != NULL ||
		    strncmp(call, "prctl(PR_SET_SECCOMP", 20) == 0)
			jailed = true;
		if (is_call(call, first) && reads++ == 0)
			assert_true(jailed && nnp);
		if (reads > 0 && !is_call(call, after))
			fail_msg("after the first read: %s", call);
		assert_null(strstr(call, "fork("));
		assert_int_not_equal(strncmp(call, "clone", 5), 0);
		assert_null(strstr(call, "socket("));
		assert_null(strstr(call, "O_WRONLY"));
		assert_null(strstr(call, "O_RDWR"));
		assert_null(strstr(call, "O_CREAT"));
	}
	assert_true(reads > 0);
	fclose(f);
}

int
main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(shim_is_asked),
		cmocka_unit_test(each_attempt_is_death),
		cmocka_unit_test(memory_and_complaints_are_refused),
		cmocka_unit_test(trace_shows_nothing_after_the_first_read),
		cmocka_unit_test(endless_ones_are_ended),
	};
	char self[4096];
	int rc;

	if (argc == 2 && strcmp(argv[1], "--ask") == 0)
		return help_answer();
	help_self(self);
	snprintf(program, sizeof(program), "%.*s/sandyq-probe",
	    (int)(strrchr(self, '/') - self), self);
	help_dir(dir);
	rc = cmocka_run_group_tests(tests, prepare, NULL);
	help_dir_drop(dir);
	return rc;
}
