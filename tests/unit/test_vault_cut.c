/*
 * A vault cut off: what a crash leaves is made by stopping the program at
 * every single write and sync, one after the other, and a full disk by
 * refusing every byte from the nth call on.  Then as a small disk does it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <sys/mman.h>
#include <sys/resource.h>

#include <errno.h>
#include <signal.h>

#include "tests/unit/vault_help.h"

/* --- every write and sync of the program passes here ---------------------- */

enum fault { COUNT, KILL, FULL };

static struct fault_at {
	bool armed;
	enum fault mode;
	long nth, seen;
	bool acked;		/* the change was acknowledged */
	enum sq_err e;
	struct why why;
} *at;				/* shared with the child */

/* May this call go on?  Bytes that would make the file grow: ${grows}. */
static bool
goes_on(int fd, bool grows, const void *p, size_t n, off_t off)
{
	if (at == NULL || !at->armed || fd == 2)
		return true;
	at->seen++;
	if (at->mode == KILL && at->seen == at->nth) {
		/* torn in the middle */
		if (p != NULL && off >= 0)
			(void)syscall(SYS_pwrite64, fd, p, n / 2, off);
		else if (p != NULL)
			(void)syscall(SYS_write, fd, p, n / 2);
		(void)kill(getpid(), SIGKILL);
	}
	if (at->mode == FULL && at->seen >= at->nth && grows) {
		errno = ENOSPC;
		return false;
	}
	return true;
}

static bool
grows(int fd, off_t end)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && end > st.st_size;
}

ssize_t
write(int fd, const void *p, size_t n)
{
	off_t now = at != NULL && at->armed ? lseek(fd, 0, SEEK_CUR) : 0;

	if (!goes_on(fd, at != NULL && at->armed &&
	    grows(fd, now + (off_t)n), p, n, -1))
		return -1;
	return syscall(SYS_write, fd, p, n);
}

ssize_t
pwrite64(int fd, const void *p, size_t n, off64_t off)
{
	if (!goes_on(fd, at != NULL && at->armed &&
	    grows(fd, off + (off_t)n), p, n, off))
		return -1;
	return syscall(SYS_pwrite64, fd, p, n, off);
}

int
ftruncate64(int fd, off64_t n)
{
	(void)goes_on(fd, false, NULL, 0, 0);
	return (int)syscall(SYS_ftruncate, fd, n);
}

int
fsync(int fd)
{
	(void)goes_on(fd, false, NULL, 0, 0);
	return (int)syscall(SYS_fsync, fd);
}

int
fdatasync(int fd)
{
	(void)goes_on(fd, false, NULL, 0, 0);
	return (int)syscall(SYS_fdatasync, fd);
}

int
renameat(int from, const char *a, int to, const char *b)
{
	(void)goes_on(from, false, NULL, 0, 0);
	return (int)syscall(SYS_renameat2, from, a, to, b, 0);
}

int
renameat2(int from, const char *a, int to, const char *b, unsigned flags)
{
	(void)goes_on(from, false, NULL, 0, 0);
	return (int)syscall(SYS_renameat2, from, a, to, b, flags);
}

/* --- at every write and sync ---------------------------------------------- */

static enum sq_err
op_add(void)
{
	return door_try_add("testimony", "summary", "the new one", "text",
	    "and all that was said", "place", "Almaty", NULL);
}

static enum sq_err
op_edit(void)
{
	return door_try_edit("T-1", "text", "told again", NULL);
}

static enum sq_err
op_batch(void)
{
	struct bytes_buf b = { 0 };
	enum sq_err e;
	char *s;

	for (int i = 0; i < 20; i++)
		bytes_putf(&b, "{\"pseudonym\":\"B%d\",\"notes\":\"%0400d\"}\n",
		    i, i);
	s = bytes_str(&b);
	e = door_batch("person", s, NULL);
	free(s);
	return e;
}

static enum sq_err
op_slot(void)
{
	struct secret *p = door_secret("the new passphrase");
	enum sq_err e = vault_slot_change(door_v, p, &door_why);

	secret_free(p);
	return e;
}

static enum sq_err
op_export(void)
{
	struct vault_export o = { .refs = (const char *[]){ "P-1" },
	    .n_refs = 1, .to = "R-1", .profile = "full" };

	return door_export(&o);
}

static const struct op {
	const char *name;
	enum sq_err (*run)(void);
	unsigned entries;	/* that it adds */
	long kill, full;	/* every call, or one in so many */
} ops[] = {
	{ "add", op_add, 1, 1, 3 }, { "edit", op_edit, 1, 4, 4 },
	{ "batch", op_batch, 20, 4, 4 }, { "slot", op_slot, 1, 1, 2 },
	{ "export", op_export, 1, 4, 4 }
};
#define NOPS (sizeof(ops) / sizeof(ops[0]))
#define BASE 5u			/* entries before */

static void
ops_vault(struct image *im)
{
	door_remove(door_at("l.key"));
	door_new();
	door_add("testimony", "summary", "first", "text", "told once");
	door_add("person", "pseudonym", "A");
	door_share("P-1", "yes");
	door_recipient("L", "l.key");
	door_close();
	keep(im);
}

/*
 * Run one op in a child that stops at the nth write or sync.  In mode FULL it
 * is tried again with space freed, in the same session, if it was refused for
 * want of space.
 */
static void
run_at(const struct op *op, enum fault mode, long nth)
{
	pid_t child;
	int rc;

	memset(at, 0, sizeof(*at));
	at->mode = mode;
	at->nth = nth;
	if ((child = door_fork()) == 0) {
		if (door_try_open(door_pass, 0) != SQ_OK)
			_exit(1);
		at->armed = true;
		at->e = op->run();
		at->acked = at->e == SQ_OK;
		at->armed = false;
		at->why = door_why;
		if (mode == FULL && at->e == SQ_ENOSPC &&
		    op->run != op_slot && op->run() != SQ_OK) {
			fprintf(stderr, "again: %s\n", door_why.text);
			_exit(3);
		}
		vault_close(door_v);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &rc, 0), child);
	if (mode == KILL)
		assert_true(WIFSIGNALED(rc) && WTERMSIG(rc) == SIGKILL);
	else
		assert_true(WIFEXITED(rc) && WEXITSTATUS(rc) == 0);
}

/* Open after op, by whichever passphrase is in force. */
static bool
open_after(const struct op *op)
{
	struct secret *p;
	enum sq_err e = door_try_open(door_pass, 0);

	if (op->run != op_slot || e != SQ_EPASS) {
		OK(e);
		return false;
	}
	p = door_secret("the new passphrase");
	OK(door_try_open(p, 0));
	/* as it was, for the checks that follow */
	secret_free(p);
	return true;
}

/* DOOR_ALL=1 in the environment: all of them; fewer where each is slow. */
static long
every(long n)
{
#ifdef __SANITIZE_ADDRESS__
	n *= 5;
#endif
	return getenv("DOOR_ALL") != NULL ? 1 : n;
}

/* Files in the folder of bundles whose name ends so. */
static unsigned
bundles(const char *end)
{
	DIR *dir = opendir(door_out);
	struct dirent *d;
	unsigned n = 0;
	size_t len;

	while (dir != NULL && (d = readdir(dir)) != NULL) {
		len = strlen(d->d_name);
		n += len > strlen(end) &&
		    strcmp(d->d_name + len - strlen(end), end) == 0;
	}
	if (dir != NULL)
		(void)closedir(dir);
	return n;
}

static void
op_crash(const struct op *op)
{
	struct image im;
	uint64_t n;
	long calls;
	bool newpass;

	ops_vault(&im);
	run_at(op, COUNT, 0);
	assert_true(at->acked);
	calls = at->seen;
	assert_true(calls > 4);
	for (long i = 1; i <= calls; i += every(op->kill)) {
		put(&im, ALL);
		run_at(op, KILL, i);
		if (getenv("DOOR_VERBOSE") != NULL)
			print_message("%s: call %ld\n", op->name, i);
		newpass = open_after(op);
		n = door_entries();
		if (n != BASE && n != BASE + op->entries)
			fail_msg("%s, call %ld: %llu entries", op->name, i,
			    (unsigned long long)n);
		assert_string_equal(door_value("P-1", 0, "pseudonym"), "A");
		if (op->run == op_edit)
			assert_string_equal(door_value("T-1", 0, "text"),
			    n == BASE ? "told once" : "told again");
		if (!newpass)
			sound(n);
		/* no bundle without its entry in the log */
		if (op->run == op_export && n == BASE)
			assert_int_equal(bundles(".age"), 0);
		door_close();
		door_remove(door_out);
	}
	print_message("%s: stopped at 1 in %ld of %ld calls\n", op->name,
	    every(op->kill), calls);
	door_remove(door_at("l.key"));
	drop(&im);
}

static void
test_crash_add(void **state)
{
	(void)state;
	op_crash(&ops[0]);
}

static void
test_crash_edit(void **state)
{
	(void)state;
	op_crash(&ops[1]);
}

static void
test_crash_batch(void **state)
{
	(void)state;
	op_crash(&ops[2]);
}

static void
test_crash_slot(void **state)
{
	(void)state;
	op_crash(&ops[3]);
}

static void
test_crash_export(void **state)
{
	(void)state;
	op_crash(&ops[4]);
}

/* The disk is full from the nth call on. */
static void
op_full(const struct op *op)
{
	struct image im;
	uint64_t n;
	long calls;
	unsigned refused = 0;
	bool newpass;

	ops_vault(&im);
	run_at(op, COUNT, 0);
	calls = at->seen;
	for (long i = 1; i <= calls; i += every(op->full)) {
		door_remove(door_out);
		put(&im, ALL);
		run_at(op, FULL, i);
		newpass = open_after(op);
		n = door_entries();
		if (at->e == SQ_ENOSPC) {
			refused++;
			assert_true(at->why.text[0] != '\0');
			/* it was tried again with space: once, not twice */
			assert_int_equal(n, BASE + (op->run == op_slot ? 0 :
			    op->entries));
			if (newpass)
				fail_msg("call %ld: refused, but the new "
				    "passphrase is in force: %s", i,
				    at->why.text);
			assert_null(vault_note(door_v, 0));
		} else if (at->e == SQ_OK)
			assert_int_equal(n, BASE + op->entries);
		else
			assert_int_equal(at->e, SQ_EUNSURE);
		if (!newpass)
			sound(n);
		door_close();
		/* nothing half made */
		assert_int_equal(bundles(".part"), 0);
	}
	assert_true(refused > 0);
	print_message("%s: %u of %ld refused\n", op->name, refused, calls);
	door_remove(door_at("l.key"));
	door_remove(door_out);
	drop(&im);
}

static void
test_full_add(void **state)
{
	(void)state;
	op_full(&ops[0]);
}

static void
test_full_batch(void **state)
{
	(void)state;
	op_full(&ops[2]);
}

static void
test_full_slot(void **state)
{
	(void)state;
	op_full(&ops[3]);
}

static void
test_full_export(void **state)
{
	(void)state;
	op_full(&ops[4]);
}

/* A disk that is really full, and then is not. */
static int
tmpfs_child(void)
{
	char fill[8192], where[192];
	uint64_t n;
	int fd;

	(void)snprintf(where, sizeof(where), "%s", door_at("small"));
	if (mkdir(where, 0700) != 0 ||
	    mount("none", where, "tmpfs", 0, "size=2m,mode=700") != 0)
		return SKIPPED;
	(void)snprintf(door_path, sizeof(door_path), "%.60s/v.sandyq", where);
	CHECK(door_init() == SQ_OK);
	CHECK(door_try_open(door_pass, 0) == SQ_OK);
	CHECK(door_try_add("person", "pseudonym", "A", NULL) == SQ_OK);
	n = door_entries();
	memset(fill, 'x', sizeof(fill));
	fd = open(door_at("small/fill"), O_WRONLY | O_CREAT, 0600);
	while (syscall(SYS_write, fd, fill, sizeof(fill)) > 0)
		;
	CHECK(op_add() == SQ_ENOSPC);
	CHECK(strstr(door_why.text, "not saved") != NULL);
	CHECK(op_batch() == SQ_ENOSPC);
	CHECK(door_entries() == n);
	CHECK(op_slot() == SQ_ENOSPC);
	CHECK(ftruncate64(fd, 0) == 0);
	CHECK(door_try_open(door_pass, 0) == SQ_OK);
	CHECK(vault_note(door_v, 0) == NULL);
	CHECK(door_entries() == n);
	CHECK(op_add() == SQ_OK);
	CHECK(op_batch() == SQ_OK);
	CHECK(door_entries() == n + 21);
	vault_close(door_v);
	return 0;
}

static void
test_full_tmpfs(void **state)
{
	(void)state;
	door_close();
	in_child(tmpfs_child);
}

/* A limit on the size of files, as a quota sets one. */
static void
test_full_limit(void **state)
{
	struct rlimit old, lim;
	struct stat st;
	uint64_t n;

	(void)state;
	door_new();
	n = door_entries();
	assert_int_equal(stat(door_in("vault.db"), &st), 0);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	lim = old;
	lim.rlim_cur = (rlim_t)st.st_size;
	(void)signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &lim), 0);
	while (op_batch() == SQ_OK)
		n += 20;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_true(door_why.text[0] != '\0');
	print_message("beyond the limit: %s\n", door_why.text);
	door_open();
	assert_int_equal(door_entries(), n);
	sound(n);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_crash_add),
		cmocka_unit_test(test_crash_edit),
		cmocka_unit_test(test_crash_batch),
		cmocka_unit_test(test_crash_slot),
		cmocka_unit_test(test_crash_export),
		cmocka_unit_test(test_full_add),
		cmocka_unit_test(test_full_batch),
		cmocka_unit_test(test_full_slot),
		cmocka_unit_test(test_full_export),
		cmocka_unit_test(test_full_tmpfs),
		cmocka_unit_test(test_full_limit)
	};
	int rc;

	at = mmap(NULL, sizeof(*at), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	door_start();
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	door_end();
	return rc;
}
