/*
 * What is left in the memory of the program when it is locked, and at its
 * end: the whole of it is searched, from outside, for the passphrase, the keys
 * and what the records said.  While the vault is open they are found: the
 * search can find.  Needs root, or a system where one may look into one's own
 * non-dumpable children: nobody else can (test_closed proves it).
 */
#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/filter.h>
#include <linux/seccomp.h>

#include <cmocka.h>

#include "crypto/bytes.h"
#include "crypto/kdf.h"
#include "crypto/secret.h"
#include "vault/fsio.h"
#include "vault/store/header.h"

#define PASS "quartz lantern meadow"
#define SOUGHT_MAX 24
#define NOBODY 65534

static char root[64], prog[4096];
static bool denied;		/* the program gets no memfd_secret */

/* What is looked for. */
static struct {
	const char *what;
	uint8_t p[80];
	size_t n;
	unsigned found;
} sought[SOUGHT_MAX];
static unsigned n_sought;

static void
seek(const char *what, const void *p, size_t n)
{
	assert_true(n_sought < SOUGHT_MAX && n <= sizeof(sought[0].p));
	sought[n_sought].what = what;
	memcpy(sought[n_sought].p, p, n);
	sought[n_sought].n = n;
	n_sought++;
}

/* --- looking ------------------------------------------------------------ */

static void
look_at(const uint8_t *p, size_t n, const char *where, bool say)
{
	const uint8_t *at;

	for (unsigned i = 0; i < n_sought; i++)
		for (at = p; (at = memmem(at, n - (size_t)(at - p),
		    sought[i].p, sought[i].n)) != NULL; at++) {
			sought[i].found++;
			if (say)
				print_message("%s is in %s", sought[i].what,
				    where);
		}
}

/* Search all memory of ${pid}; how many things were found, or -1. */
static int
search(pid_t pid, bool say)
{
	char path[64], line[512], perms[8];
	unsigned long long from, to;
	uint8_t *buf;
	int mem, found = 0;
	FILE *maps;

	for (unsigned i = 0; i < n_sought; i++)
		sought[i].found = 0;
	(void)snprintf(path, sizeof(path), "/proc/%d/mem", (int)pid);
	mem = open(path, O_RDONLY);
	(void)snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
	maps = fopen(path, "r");
	if (mem < 0 || maps == NULL)
		return -1;
	while (fgets(line, sizeof(line), maps) != NULL) {
		ssize_t got;

		if (sscanf(line, "%llx-%llx %7s", &from, &to, perms) != 3 ||
		    perms[0] != 'r')
			continue;
		buf = malloc((size_t)(to - from));
		assert_non_null(buf);
		got = pread(mem, buf, (size_t)(to - from), (off_t)from);
		if (got > 0)
			look_at(buf, (size_t)got, line, say);
		free(buf);
	}
	(void)fclose(maps);
	(void)close(mem);
	for (unsigned i = 0; i < n_sought; i++)
		found += sought[i].found > 0;
	return found;
}

/* --- the program, talked to --------------------------------------------- */

struct talk {
	pid_t pid;
	bool terminal;
	FILE *to, *from;
};

static void
put_file(const char *name, const char *text)
{
	FILE *f = fopen(name, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

/* As on a kernel before 5.14: memfd_secret is not there. */
static void
deny(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		    offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_memfd_secret, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = { 4, code };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0)
		_exit(126);
}

static void
become(void)
{
	if (denied)
		deny();
	(void)execl(prog, prog, "--json", "--vault", "v.sandyq",
	    "--passphrase-file", "pw", "shell", (char *)NULL);
	_exit(127);
}

/* On a terminal, where the line editor works. */
static void
start_terminal(struct talk *t)
{
	int fd;

	t->terminal = true;
	t->pid = forkpty(&fd, NULL, NULL, NULL);
	if (t->pid == 0) {
		(void)setenv("TERM", "xterm", 1);
		become();
	}
	assert_true(t->pid > 0);
	t->to = fdopen(fd, "w");
	t->from = fdopen(dup(fd), "r");
	assert_non_null(t->to);
	assert_non_null(t->from);
}

static void
start(struct talk *t, bool traced)
{
	int to[2], from[2];

	t->terminal = false;
	assert_int_equal(pipe2(to, O_CLOEXEC), 0);
	assert_int_equal(pipe2(from, O_CLOEXEC), 0);
	t->pid = fork();
	if (t->pid == 0) {
		(void)dup2(to[0], 0);
		(void)dup2(from[1], 1);
		if (traced)
			(void)raise(SIGSTOP);
		become();
	}
	assert_true(t->pid > 0);
	(void)close(to[0]);
	(void)close(from[1]);
	t->to = fdopen(to[1], "w");
	t->from = fdopen(from[0], "r");
	assert_non_null(t->to);
	assert_non_null(t->from);
}

/* A command, and its one line of an answer. */
static void
ask(struct talk *t, const char *line, const char *has)
{
	static char answer[65536];

	assert_true(fprintf(t->to, "%s\n", line) > 0);
	assert_int_equal(fflush(t->to), 0);
	do	/* a terminal says again what was typed */
		assert_non_null(fgets(answer, sizeof(answer), t->from));
	while (t->terminal && strchr("[{", answer[strspn(answer,
	    "\r\n ")]) == NULL);
	if (strstr(answer, has) == NULL)
		fail_msg("%s: %s", line, answer);
}

static void
work(struct talk *t)
{
	ask(t, "add testimony --from t.txt", "\"ref\":\"T-");
	ask(t, "add person name=Plumtreelane sex=female", "\"ref\":\"P-");
	ask(t, "show T-1", "Marblewhistle");
	ask(t, "search marblewhistle", "T-1");
	ask(t, "list", "P-1");
	ask(t, "history T-1", "T-1");
	ask(t, "edit T-1 place=Sundialgarden", "T-1");
	ask(t, "show P-1", "Plumtreelane");
}

/* --- cases -------------------------------------------------------------- */

static int
begin(void **state)
{
	const char *tmp = getenv("TMPDIR"), *p = getenv("SANDYQ");
	struct header_pair pair;
	struct keyslot slot = { 0 };
	struct secret *pass = NULL, *key = NULL;
	struct why why;
	char hex[65], cmd[8192];
	int dir = -1, copy;

	(void)state;
	if (p == NULL || realpath(p, prog) == NULL)
		return 0;
	(void)snprintf(root, sizeof(root), "%s/sandyq-mem.XXXXXX",
	    tmp != NULL && strlen(tmp) < 40 ? tmp : "/tmp");
	/* where it lies, another user may not be let in */
	if (mkdtemp(root) == NULL || chdir(root) != 0 ||
	    snprintf(cmd, sizeof(cmd), "cp %s sandyq", prog) < 0 ||
	    system(cmd) != 0 || realpath("sandyq", prog) == NULL ||
	    secret_init() != SQ_OK || fsio_init() != SQ_OK)
		return -1;
	put_file("pw", PASS "\n");
	put_file("t.txt", "place: Ulgi\n\nMarblewhistle was what they said.\n");
	(void)snprintf(cmd, sizeof(cmd), "%s --quiet --vault v.sandyq "
	    "--passphrase-file pw init --kdf-memory 64 --kdf-passes 3 "
	    "--kdf-lanes 1 >/dev/null", prog);
	if (system(cmd) != 0 || fsio_dir_open("v.sandyq", &dir, &why) !=
	    SQ_OK || header_load(dir, &pair, &why) != SQ_OK ||
	    secret_copy((const uint8_t *)PASS, strlen(PASS), &pass) != SQ_OK ||
	    header_unlock(&pair, pass, &slot, &copy, &why) != SQ_OK)
		return -1;
	fsio_close(dir);
	seek("the passphrase", PASS, strlen(PASS));
	seek("the master key", secret_cbytes(slot.master), 32);
	for (int use = 1; use <= 7; use++) {
		if (kdf_subkey(slot.master, (enum kdf_use)use, &key) != SQ_OK)
			return -1;
		if (use == 1)
			bytes_hex(hex, secret_cbytes(key), 32);
		seek("a sub-key", secret_cbytes(key), secret_len(key));
		secret_free(key);
	}
	seek("the database key in hex", hex, 64);
	/* as typed, and in the form the word index has of it */
	seek("a testimony", "Marblewhistle", 13);
	seek("a word looked for", "marblewhistle", 13);
	seek("a name", "Plumtreelane", 12);
	seek("a place", "Sundialgarden", 13);
	secret_free(pass);
	secret_free(slot.master);
	return 0;
}

static int
end(void **state)
{
	char cmd[128];

	(void)state;
	if (root[0] == '\0')
		return 0;
	(void)snprintf(cmd, sizeof(cmd), "rm -rf %s", root);
	return chdir("/") == 0 && system(cmd) == 0 ? 0 : -1;
}

static void
need(bool root_too)
{
	if (prog[0] == '\0') {
		print_message("skipped: SANDYQ names no program\n");
		skip();
	}
	if (root_too && geteuid() != 0) {
		print_message("skipped: only root may look\n");
		skip();
	}
#ifdef __SANITIZE_ADDRESS__
	print_message("skipped: the sanitizer keeps what was freed\n");
	skip();
#endif
}

/* Are the program's secrets where the kernel itself cannot look? */
static bool
beyond(void)
{
	int fd = denied ? -1 : (int)syscall(SYS_memfd_secret, O_CLOEXEC);

	if (fd >= 0)
		(void)close(fd);
	return fd >= 0;
}

static void
locks(struct talk *t)
{
	int found;

	work(t);
	/* it can be found: at the least keys, and what was shown */
	found = search(t->pid, false);
	assert_true(found > 2);
	assert_int_equal(sought[1].found > 0, !beyond());
	ask(t, "lock", "locked");
	found = search(t->pid, true);
	assert_int_equal(found, 0);
	(void)fclose(t->to);
	(void)fclose(t->from);
	assert_int_equal(waitpid(t->pid, NULL, 0), t->pid);
}

static void
test_locked(void **state)
{
	struct talk t;

	(void)state;
	need(true);
	start(&t, false);
	locks(&t);
}

static void
test_locked_terminal(void **state)
{
	struct talk t;

	(void)state;
	need(true);
	start_terminal(&t);
	locks(&t);
}

/* Where keys lie in memory that can be looked at, they are wiped as well. */
static void
test_locked_plain(void **state)
{
	struct talk t;

	(void)state;
	need(true);
	denied = true;
	start(&t, false);
	locks(&t);
	denied = false;
}

/* Root looks at the running program, and does not see the master key. */
static void
test_open_beyond(void **state)
{
	struct talk t;

	(void)state;
	need(true);
	if (!beyond()) {
		print_message("skipped: the kernel has no memfd_secret\n");
		skip();
	}
	start(&t, false);
	work(&t);
	assert_true(search(t.pid, false) > 2);
	assert_int_equal(sought[1].found, 0);
	(void)fclose(t.to);
	(void)fclose(t.from);
	assert_int_equal(waitpid(t.pid, NULL, 0), t.pid);
}

/* Stopped by the kernel on its way out, when nothing of it runs any more. */
static void
test_ended(void **state)
{
	struct talk t;
	int status, found = -1;

	(void)state;
	need(true);
	start(&t, true);
	assert_int_equal(waitpid(t.pid, &status, WUNTRACED), t.pid);
	assert_int_equal(ptrace(PTRACE_SEIZE, t.pid, NULL,
	    (void *)(uintptr_t)PTRACE_O_TRACEEXIT), 0);
	assert_int_equal(kill(t.pid, SIGCONT), 0);
	assert_true(fprintf(t.to, "show T-1\nsearch marblewhistle\n"
	    "show P-1\nexit\n") > 0);
	assert_int_equal(fclose(t.to), 0);
	while (waitpid(t.pid, &status, __WALL) == t.pid && WIFSTOPPED(status)) {
		if (status >> 8 == (SIGTRAP | PTRACE_EVENT_EXIT << 8)) {
			found = search(t.pid, true);
			(void)ptrace(PTRACE_CONT, t.pid, NULL, NULL);
		} else if (status >> 16 == PTRACE_EVENT_STOP)
			(void)ptrace(PTRACE_CONT, t.pid, NULL, NULL);
		else
			(void)ptrace(PTRACE_CONT, t.pid, NULL,
			    (void *)(uintptr_t)WSTOPSIG(status));
	}
	(void)fclose(t.from);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_int_equal(found, 0);
}

/* Another process of the same user, who is not root, sees nothing. */
static void
test_closed(void **state)
{
	struct talk t;
	char path[64], cmd[128];
	pid_t pid, plain;
	int status;

	(void)state;
	need(false);
	if (geteuid() != 0) {
		print_message("skipped: who is not root cannot make himself "
		    "two\n");
		skip();
	}
	(void)snprintf(cmd, sizeof(cmd), "chown -R %d %s", NOBODY, root);
	assert_int_equal(system(cmd), 0);
	if ((pid = fork()) == 0) {
		if (setgid(NOBODY) != 0 || setuid(NOBODY) != 0)
			_exit(9);
		/* one's own child that is not closed can be read */
		if ((plain = fork()) == 0) {
			(void)execl("/bin/sleep", "sleep", "60",
			    (char *)NULL);
			_exit(127);
		}
		(void)usleep(200000);
		(void)snprintf(path, sizeof(path), "/proc/%d/mem", (int)plain);
		status = open(path, O_RDONLY);
		(void)kill(plain, SIGKILL);
		if (status < 0)
			_exit(8);
		start(&t, false);
		ask(&t, "list", "T-1");
		(void)snprintf(path, sizeof(path), "/proc/%d/mem",
		    (int)t.pid);
		status = open(path, O_RDONLY) >= 0 ? 1 :
		    ptrace(PTRACE_ATTACH, t.pid, NULL, NULL) == 0 ? 2 : 0;
		(void)fclose(t.to);
		_exit(status);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_locked),
		cmocka_unit_test(test_locked_terminal),
		cmocka_unit_test(test_locked_plain),
		cmocka_unit_test(test_open_beyond),
		cmocka_unit_test(test_ended),
		cmocka_unit_test(test_closed),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
