/*
 * See fault.h.  The C library's names are given as assembler labels, so that
 * none of its headers' inlines and macros stands in between.
 */
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "tests/fault/fault.h"

struct fault *fault;

/* see fault.h */
void
fault_new(void)
{
	void *p = mmap(NULL, sizeof(*fault), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		abort();
	fault = p;
}

/* see fault.h */
void
fault_arm(enum fault_kind kind, long nth, bool from)
{
	fault->kind = kind;
	fault->nth = nth;
	fault->from = from;
	fault->seen = 0;
	fault->hit = false;
	fault->call[0] = '\0';
	fault->armed = true;
}

/* see fault.h */
void
fault_disarm(void)
{
	fault->armed = false;
}

/* see fault.h */
const char *
fault_name(enum fault_kind kind)
{
	static const char *const name[FAULT_KINDS] = { "count", "EIO",
	    "ENOSPC", "EINTR", "short", "kill" };

	return name[kind];
}

/* --- the script's way --------------------------------------------------- */

static int told = -1;		/* kept open: the program shuts itself in */
static const char *only;	/* NULL, or part of the calls that count */

/* One line into FAULT_OUT, past the calls that are counted. */
static void
tell(const char *what, long n, const char *call)
{
	char line[96];
	int len = snprintf(line, sizeof(line), "%s %ld %s\n", what, n, call);

	if (told != -1 && len > 0)
		(void)syscall(SYS_write, told, line, (size_t)len);
}

static void __attribute__((destructor))
tell_calls(void)
{
	if (fault != NULL && fault->armed)
		tell("calls", fault->seen, "");
}

static void __attribute__((constructor))
from_environment(void)
{
	const char *s = getenv("FAULT"), *out = getenv("FAULT_OUT"), *comma;
	char *end;
	long nth;

	if (s == NULL || (comma = strchr(s, ',')) == NULL ||
	    strcmp(program_invocation_short_name, "sandyq") != 0)
		return;
	if (out != NULL)
		told = (int)syscall(SYS_openat, AT_FDCWD, out, O_WRONLY |
		    O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	only = getenv("FAULT_ONLY");
	nth = strtol(comma + 1, &end, 10);
	for (enum fault_kind k = FAULT_COUNT; k < FAULT_KINDS; k++)
		if (strlen(fault_name(k)) == (size_t)(comma - s) &&
		    strncasecmp(s, fault_name(k), (size_t)(comma - s)) == 0) {
			fault_new();
			fault_arm(k, nth, *end == '+');
		}
}

/* --- the decision ------------------------------------------------------- */

static bool
counts(int fd)
{
	struct stat st;

	return fault != NULL && fault->armed && fd > 2 &&
	    fstat(fd, &st) == 0 && (S_ISREG(st.st_mode) ||
	    S_ISDIR(st.st_mode));
}

/* Is this the call?  Only asked of calls that count. */
static bool
hits(const char *call)
{
	long seen;

	if (only != NULL && strstr(call, only) == NULL)
		return false;
	seen = atomic_fetch_add(&fault->seen, 1) + 1;
	if (fault->kind == FAULT_COUNT)
		tell("counted", seen, call);
	if (fault->kind == FAULT_COUNT || (fault->from ? seen < fault->nth :
	    seen != fault->nth))
		return false;
	if (!atomic_exchange(&fault->hit, true)) {
		(void)snprintf(fault->call, sizeof(fault->call), "%s", call);
		tell("hit", seen, call);
	}
	return true;
}

/* A call that is no write: true if it must fail now, with errno set. */
static bool
fails(bool counted, const char *call)
{
	if (!counted || !hits(call))
		return false;
	switch (fault->kind) {
	case FAULT_KILL:
		(void)kill(getpid(), SIGKILL);
		return false;
	case FAULT_EIO:
		errno = EIO;
		return true;
	case FAULT_ENOSPC:
		errno = ENOSPC;
		return true;
	case FAULT_EINTR:
		errno = EINTR;
		return true;
	case FAULT_COUNT:
	case FAULT_SHORT:
	case FAULT_KINDS:
		break;
	}
	return false;
}

/* How much of a write of n bytes is made; -1: it fails. */
static ssize_t
part(int fd, const void *p, size_t n, off_t off, const char *call)
{
	if (!counts(fd) || !hits(call))
		return (ssize_t)n;
	switch (fault->kind) {
	case FAULT_KILL:
		if (off >= 0)
			(void)syscall(SYS_pwrite64, fd, p, n / 2, off);
		else
			(void)syscall(SYS_write, fd, p, n / 2);
		(void)kill(getpid(), SIGKILL);
		break;
	case FAULT_SHORT:
		return (ssize_t)(n > 1 ? n / 2 : n);
	case FAULT_EIO:
		errno = EIO;
		return -1;
	case FAULT_ENOSPC:
		errno = ENOSPC;
		return -1;
	case FAULT_EINTR:
		errno = EINTR;
		return -1;
	case FAULT_COUNT:
	case FAULT_KINDS:
		break;
	}
	return (ssize_t)n;
}

/* --- the calls ---------------------------------------------------------- */

#define INSTEAD_OF(name) __asm__(name) __attribute__((visibility("default")))

ssize_t fault_write(int, const void *, size_t) INSTEAD_OF("write");
ssize_t fault_pwrite(int, const void *, size_t, off_t) INSTEAD_OF("pwrite");
ssize_t fault_pwrite64(int, const void *, size_t, off_t)
    INSTEAD_OF("pwrite64");
int fault_fsync(int) INSTEAD_OF("fsync");
int fault_fdatasync(int) INSTEAD_OF("fdatasync");
int fault_syncfs(int) INSTEAD_OF("syncfs");
int fault_ftruncate(int, off_t) INSTEAD_OF("ftruncate");
int fault_ftruncate64(int, off_t) INSTEAD_OF("ftruncate64");
int fault_fallocate(int, int, off_t, off_t) INSTEAD_OF("fallocate");
int fault_fallocate64(int, int, off_t, off_t) INSTEAD_OF("fallocate64");
int fault_rename(const char *, const char *) INSTEAD_OF("rename");
int fault_renameat(int, const char *, int, const char *)
    INSTEAD_OF("renameat");
int fault_renameat2(int, const char *, int, const char *, unsigned)
    INSTEAD_OF("renameat2");
int fault_linkat(int, const char *, int, const char *, int)
    INSTEAD_OF("linkat");
int fault_unlink(const char *) INSTEAD_OF("unlink");
int fault_unlinkat(int, const char *, int) INSTEAD_OF("unlinkat");
int fault_rmdir(const char *) INSTEAD_OF("rmdir");
int fault_mkdir(const char *, mode_t) INSTEAD_OF("mkdir");
int fault_mkdirat(int, const char *, mode_t) INSTEAD_OF("mkdirat");
int fault_open(const char *, int, unsigned) INSTEAD_OF("open");
int fault_open64(const char *, int, unsigned) INSTEAD_OF("open64");
int fault_openat(int, const char *, int, unsigned) INSTEAD_OF("openat");
int fault_openat64(int, const char *, int, unsigned) INSTEAD_OF("openat64");
int fault_open_2(const char *, int) INSTEAD_OF("__open_2");
int fault_open64_2(const char *, int) INSTEAD_OF("__open64_2");
int fault_openat_2(int, const char *, int) INSTEAD_OF("__openat_2");
int fault_openat64_2(int, const char *, int) INSTEAD_OF("__openat64_2");

ssize_t
fault_write(int fd, const void *p, size_t n)
{
	ssize_t m = part(fd, p, n, -1, "write");

	return m < 0 ? -1 : syscall(SYS_write, fd, p, (size_t)m);
}

ssize_t
fault_pwrite(int fd, const void *p, size_t n, off_t off)
{
	ssize_t m = part(fd, p, n, off, "pwrite");

	return m < 0 ? -1 : syscall(SYS_pwrite64, fd, p, (size_t)m, off);
}

ssize_t
fault_pwrite64(int fd, const void *p, size_t n, off_t off)
{
	return fault_pwrite(fd, p, n, off);
}

/* For scripts: which file it is of. */
static const char *
of(const char *call, int fd)
{
	static _Thread_local char text[sizeof(fault->call)];
	char link[32], path[256];
	const char *name;
	ssize_t n;

	(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	if (told == -1 || (n = readlink(link, path, sizeof(path) - 1)) <= 0)
		return call;
	path[n] = '\0';
	name = strrchr(path, '/');
	(void)snprintf(text, sizeof(text), "%s %.32s", call, name == NULL ?
	    path : name + 1);
	return text;
}

int
fault_fsync(int fd)
{
	return fails(counts(fd), of("fsync", fd)) ? -1 :
	    (int)syscall(SYS_fsync, fd);
}

int
fault_fdatasync(int fd)
{
	return fails(counts(fd), of("fdatasync", fd)) ? -1 :
	    (int)syscall(SYS_fdatasync, fd);
}

int
fault_syncfs(int fd)
{
	return fails(counts(fd), "syncfs") ? -1 : (int)syscall(SYS_syncfs, fd);
}

int
fault_ftruncate(int fd, off_t n)
{
	return fails(counts(fd), "ftruncate") ? -1 :
	    (int)syscall(SYS_ftruncate, fd, n);
}

int
fault_ftruncate64(int fd, off_t n)
{
	return fault_ftruncate(fd, n);
}

int
fault_fallocate(int fd, int mode, off_t off, off_t n)
{
	return fails(counts(fd), "fallocate") ? -1 :
	    (int)syscall(SYS_fallocate, fd, mode, off, n);
}

int
fault_fallocate64(int fd, int mode, off_t off, off_t n)
{
	return fault_fallocate(fd, mode, off, n);
}

static bool
armed(void)
{
	return fault != NULL && fault->armed;
}

int
fault_rename(const char *a, const char *b)
{
	return fault_renameat2(AT_FDCWD, a, AT_FDCWD, b, 0);
}

int
fault_renameat(int from, const char *a, int to, const char *b)
{
	return fault_renameat2(from, a, to, b, 0);
}

int
fault_renameat2(int from, const char *a, int to, const char *b, unsigned flags)
{
	return fails(armed(), "rename") ? -1 :
	    (int)syscall(SYS_renameat2, from, a, to, b, flags);
}

int
fault_linkat(int from, const char *a, int to, const char *b, int flags)
{
	return fails(armed(), "link") ? -1 :
	    (int)syscall(SYS_linkat, from, a, to, b, flags);
}

int
fault_unlink(const char *path)
{
	return fault_unlinkat(AT_FDCWD, path, 0);
}

int
fault_unlinkat(int fd, const char *path, int flags)
{
	return fails(armed(), "unlink") ? -1 :
	    (int)syscall(SYS_unlinkat, fd, path, flags);
}

int
fault_rmdir(const char *path)
{
	return fault_unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

int
fault_mkdir(const char *path, mode_t mode)
{
	return fault_mkdirat(AT_FDCWD, path, mode);
}

int
fault_mkdirat(int fd, const char *path, mode_t mode)
{
	return fails(armed(), "mkdir") ? -1 :
	    (int)syscall(SYS_mkdirat, fd, path, mode);
}

int
fault_openat(int fd, const char *path, int flags, unsigned mode)
{
	bool writes = (flags & O_ACCMODE) != O_RDONLY || (flags & O_CREAT);

	return fails(armed() && writes && strncmp(path, "/dev/", 5) != 0 &&
	    strncmp(path, "/proc/", 6) != 0, "open") ? -1 :
	    (int)syscall(SYS_openat, fd, path, flags, mode);
}

int
fault_openat64(int fd, const char *path, int flags, unsigned mode)
{
	return fault_openat(fd, path, flags, mode);
}

int
fault_open(const char *path, int flags, unsigned mode)
{
	return fault_openat(AT_FDCWD, path, flags, mode);
}

int
fault_open64(const char *path, int flags, unsigned mode)
{
	return fault_openat(AT_FDCWD, path, flags, mode);
}

int
fault_open_2(const char *path, int flags)
{
	return fault_openat(AT_FDCWD, path, flags, 0);
}

int
fault_open64_2(const char *path, int flags)
{
	return fault_openat(AT_FDCWD, path, flags, 0);
}

int
fault_openat_2(int fd, const char *path, int flags)
{
	return fault_openat(fd, path, flags, 0);
}

int
fault_openat64_2(int fd, const char *path, int flags)
{
	return fault_openat(fd, path, flags, 0);
}
