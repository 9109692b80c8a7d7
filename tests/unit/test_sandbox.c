/*
 * The sandbox, by trying to get out of it: each attempt in a child of its own,
 * as whoever runs the tests and, where that is root, as nobody too.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cmocka.h>

#include "vault/fsio.h"
#include "vault/sandbox.h"

#define NOBODY 65534
#define NO_SANDBOX 77

static char root[64], in[96], out[96];
static int terminal = -1;

static int
make_file(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0600);

	if (fd < 0)
		return errno;
	(void)close(fd);
	return 0;
}

static const char *
at(const char *dir, const char *name)
{
	static char path[256];

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

/* --- attempts: each returns 0 if it worked, or errno -------------------- */

static int
write_inside(void)
{
	return make_file(at(in, "new"));
}

static int
move_inside(void)
{
	char from[256];

	(void)snprintf(from, sizeof(from), "%s/sub/a", in);
	return rename(from, at(in, "b")) == 0 ? 0 : errno;
}

static int
write_outside(void)
{
	return make_file(at(out, "new"));
}

static int
change_outside(void)
{
	int fd = open(at(out, "old"), O_WRONLY);

	if (fd < 0)
		return errno;
	(void)close(fd);
	return 0;
}

static int
truncate_outside(void)
{
	return truncate(at(out, "old"), 0) == 0 ? 0 : errno;
}

static int
delete_outside(void)
{
	return unlink(at(out, "old")) == 0 ? 0 : errno;
}

static int
folder_outside(void)
{
	return mkdir(at(out, "folder"), 0700) == 0 ? 0 : errno;
}

static int
move_outside(void)
{
	char from[256];

	(void)snprintf(from, sizeof(from), "%s/sub/a", in);
	return rename(from, at(out, "b")) == 0 ? 0 : errno;
}

static int
read_outside(void)
{
	int fd = open(at(out, "old"), O_RDONLY);

	if (fd < 0)
		return errno;
	(void)close(fd);
	return 0;
}

static int
run_shell(void)
{
	(void)execl("/bin/sh", "sh", "-c", "exit 0", (char *)NULL);
	return errno;
}

static int
talk(int family)
{
	int fd = socket(family, SOCK_STREAM, 0);

	if (fd < 0)
		return errno;
	(void)close(fd);
	return 0;
}

static int
talk_inet(void)
{
	return talk(AF_INET);
}

static int
talk_inet6(void)
{
	return talk(AF_INET6);
}

static int
talk_unix(void)
{
	return talk(AF_UNIX);
}

/* A byte of input that the shell behind the program would run. */
static int
type_at_terminal(void)
{
	unsigned long ask = TIOCSTI;

	(void)setsid();
	(void)ioctl(terminal, TIOCSCTTY, 0);
	/* the kernel looks at half of the argument only */
	if (syscall(SYS_ioctl, terminal, ask | 1ul << 40, "x") == 0)
		return 0;
	return ioctl(terminal, TIOCSTI, "x") == 0 ? 0 : errno;
}

static int
mark_outside(void)
{
	return setxattr(at(out, "old"), "user.leak", "x", 1, 0) == 0 ? 0 :
	    errno;
}

static int
trace_parent(void)
{
	return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) == 0 ? 0 : errno;
}

/* --- trying ------------------------------------------------------------- */

/* What came of ${attempt}, inside (${closed}) or outside of the sandbox. */
static int
attempt(int (*fn)(void), bool closed, bool nobody)
{
	const char *path[] = { in };
	struct sandbox s;
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		if (nobody && (setgid(NOBODY) != 0 || setuid(NOBODY) != 0))
			_exit(99);
		if (closed) {
			sandbox_close(path, 1, NULL, &s);
			if (!s.files || !s.network)
				_exit(NO_SANDBOX);
		}
		_exit(fn());
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
renew(void)
{
	char cmd[1024];

	(void)snprintf(cmd, sizeof(cmd), "rm -rf %s && mkdir -p %s/sub %s && "
	    "echo a >%s/sub/a && echo old >%s/old && chmod -R a+rwX %s",
	    root, in, out, in, out, root);
	assert_int_equal(system(cmd), 0);
}

/*
 * It works outside of the sandbox, so that the test can fail; inside it comes
 * to ${want}.
 */
static void
holds(int (*fn)(void), int want)
{
	int got;

	for (int nobody = 0; nobody <= (geteuid() == 0); nobody++) {
		renew();
		assert_int_equal(attempt(fn, false, nobody), 0);
		renew();
		got = attempt(fn, true, nobody);
		if (got == NO_SANDBOX) {
			print_message("skipped: this kernel has no Landlock "
			    "or no seccomp\n");
			skip();
		}
		assert_int_equal(got, want);
	}
}

#define CASE(name, want) \
	static void \
	test_##name(void **state) \
	{ \
		(void)state; \
		holds(name, want); \
	}

CASE(write_inside, 0)
CASE(move_inside, 0)
CASE(read_outside, 0)
CASE(write_outside, EACCES)
CASE(change_outside, EACCES)
CASE(truncate_outside, EACCES)
CASE(delete_outside, EACCES)
CASE(folder_outside, EACCES)
CASE(move_outside, EACCES)
CASE(run_shell, EACCES)
CASE(talk_inet, EPERM)
CASE(talk_inet6, EPERM)
CASE(talk_unix, EPERM)

/* Not all file systems keep such marks: only that it fails here. */
static void
test_mark_outside(void **state)
{
	int got;

	(void)state;
	renew();
	got = attempt(mark_outside, true, false);
	if (got != NO_SANDBOX)
		assert_int_equal(got, EPERM);
}

/* A system may refuse it to all, and then there is nothing to hold. */
static void
test_type_at_terminal(void **state)
{
	int up = posix_openpt(O_RDWR | O_NOCTTY), got;

	(void)state;
	assert_true(up >= 0 && unlockpt(up) == 0);
	terminal = open(ptsname(up), O_RDWR | O_NOCTTY);
	assert_true(terminal >= 0);
	got = attempt(type_at_terminal, true, false);
	if (got != NO_SANDBOX)
		assert_int_equal(got, EPERM);
	if (attempt(type_at_terminal, false, false) != 0)
		print_message("no program may do it on this system\n");
	(void)close(terminal);
	(void)close(up);
}

/* A debugger can be refused by the system anyway: only that it fails here. */
static void
test_trace_parent(void **state)
{
	(void)state;
	renew();
	assert_int_not_equal(attempt(trace_parent, true, false), 0);
}

/* Of a path that is not there yet, the folder that it will lie in. */
static void
test_new_path(void **state)
{
	char path[256];
	const char *list[] = { path };
	struct sandbox s;
	int status = -1;
	pid_t pid;

	(void)state;
	renew();
	(void)snprintf(path, sizeof(path), "%s/made.later", in);
	if ((pid = fork()) == 0) {
		sandbox_close(list, 1, NULL, &s);
		_exit(!s.files ? 0 : make_file(path) != 0 ? 1 :
		    make_file(at(out, "x")) == 0 ? 2 : 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

/* A program that was named may be started, and is in the sandbox as well. */
static void
test_named_program(void **state)
{
	char script[512];
	const char *list[] = { in };
	struct sandbox s;
	int status = -1;
	pid_t pid;

	(void)state;
	renew();
	(void)snprintf(script, sizeof(script), "exec 2>/dev/null; echo x "
	    ">%s/x || exit 3; echo x >%s/x && exit 4; exit 0", in, out);
	if ((pid = fork()) == 0) {
		sandbox_close(list, 1, "/bin/sh", &s);
		if (!s.files)
			_exit(0);
		(void)execl("/bin/sh", "sh", "-c", script, (char *)NULL);
		_exit(5);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static int
begin(void **state)
{
	const char *tmp = getenv("TMPDIR");

	(void)state;
	(void)snprintf(root, sizeof(root), "%s/sandyq-box.XXXXXX",
	    tmp != NULL && strlen(tmp) < 40 ? tmp : "/tmp");
	if (mkdtemp(root) == NULL || fsio_init() != SQ_OK)
		return -1;
	(void)snprintf(in, sizeof(in), "%s/in", root);
	(void)snprintf(out, sizeof(out), "%s/out", root);
	return 0;
}

static int
end(void **state)
{
	char cmd[128];

	(void)state;
	(void)snprintf(cmd, sizeof(cmd), "rm -rf %s", root);
	return system(cmd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_write_inside),
		cmocka_unit_test(test_move_inside),
		cmocka_unit_test(test_read_outside),
		cmocka_unit_test(test_write_outside),
		cmocka_unit_test(test_change_outside),
		cmocka_unit_test(test_truncate_outside),
		cmocka_unit_test(test_delete_outside),
		cmocka_unit_test(test_folder_outside),
		cmocka_unit_test(test_move_outside),
		cmocka_unit_test(test_run_shell),
		cmocka_unit_test(test_talk_inet),
		cmocka_unit_test(test_talk_inet6),
		cmocka_unit_test(test_talk_unix),
		cmocka_unit_test(test_trace_parent),
		cmocka_unit_test(test_mark_outside),
		cmocka_unit_test(test_type_at_terminal),
		cmocka_unit_test(test_new_path),
		cmocka_unit_test(test_named_program),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
