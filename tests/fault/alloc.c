/*
 * Memory that runs out on purpose: LD_PRELOAD=$B/alloc.so with
 *	ALLOC=NTH		the nth allocation fails, once; NTH+: that and
 *				all that follow; 0: only count
 *	ALLOC_OUT=FILE		gets «hit N OBJECT» when it happens, with the
 *				program or library that asked; «crash N OBJECT»
 *				if it dies of it, and where; «calls N» at the
 *				end; for 0 «counted N STACK» at each, where
 *				equal STACKs asked at the same place
 * Of a program named sandyq alone, the libraries' allocations with its own:
 * malloc, calloc, realloc, the aligned ones, and anonymous mmap, of which
 * secrets are made.  The C library's own are not seen.
 */
#include <sys/mman.h>
#include <sys/syscall.h>

#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEEP 24
#define PLACE 8			/* calls that make a place */

extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t n);
extern void *__libc_memalign(size_t to, size_t n);

static bool armed, from;
static long nth;
static atomic_long seen;
static int told = -1;
static _Thread_local bool inside;	/* what follows is our own doing */

static void
tell(const char *what, long n, const char *where)
{
	char line[128];
	int len = snprintf(line, sizeof(line), "%s %ld %.64s\n", what, n,
	    where);

	if (told != -1 && len > 0)
		(void)syscall(SYS_write, told, line, (size_t)len);
}

/* The program or library that called, past the C library and this. */
static const char *
object(void)
{
	void *at[DEEP];
	Dl_info d;
	const char *name = "";
	int n = backtrace(at, DEEP);

	for (int i = 0; i < n; i++) {
		/* the program has a realloc of its own, for all: wipe.c */
		if (dladdr(at[i], &d) == 0 || d.dli_fname == NULL ||
		    (d.dli_sname != NULL && strcmp(d.dli_sname,
		    "realloc") == 0))
			continue;
		name = strrchr(d.dli_fname, '/');
		name = name == NULL ? d.dli_fname : name + 1;
		if (strcmp(name, "alloc.so") != 0 &&
		    strncmp(name, "libc.so", 7) != 0)
			break;
	}
	return name;
}

static void
crashed(int sig)
{
	(void)signal(sig, SIG_DFL);
	armed = false;
	tell("crash", nth, object());
	(void)raise(sig);
}

/* Where it was asked for; where the program was loaded does not matter. */
static uint64_t
stack(void)
{
	void *at[DEEP];
	uint64_t h = 14695981039346656037u;
	int n = backtrace(at, DEEP);

	for (int i = 2; i < n && i < PLACE; i++)
		h = (h ^ (uintptr_t)at[i]) * 1099511628211u;
	return h;
}

static bool
fails(void)
{
	long n;
	bool hit;
	char where[32];

	if (!armed || inside)
		return false;
	inside = true;
	n = atomic_fetch_add(&seen, 1) + 1;
	hit = nth > 0 && (from ? n >= nth : n == nth);
	if (hit && n == nth)
		tell("hit", n, object());
	else if (nth == 0) {
		(void)snprintf(where, sizeof(where), "%016jx",
		    (uintmax_t)stack());
		tell("counted", n, where);
	}
	inside = false;
	if (hit)
		errno = ENOMEM;
	return hit;
}

static void __attribute__((constructor))
from_environment(void)
{
	const char *s = getenv("ALLOC"), *out = getenv("ALLOC_OUT");
	char *end;

	if (s == NULL || strcmp(program_invocation_short_name, "sandyq") != 0)
		return;
	if (out != NULL)
		told = (int)syscall(SYS_openat, AT_FDCWD, out, O_WRONLY |
		    O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	nth = strtol(s, &end, 10);
	from = *end == '+';
	inside = true;
	(void)stack();		/* the unwinder is loaded now */
	inside = false;
	(void)signal(SIGSEGV, crashed);
	(void)signal(SIGABRT, crashed);
	armed = true;
}

static void __attribute__((destructor))
tell_calls(void)
{
	if (armed)
		tell("calls", seen, "");
	armed = false;
}

#define INSTEAD_OF(name) __asm__(name) __attribute__((visibility("default")))

void *alloc_malloc(size_t) INSTEAD_OF("malloc");
void *alloc_calloc(size_t, size_t) INSTEAD_OF("calloc");
void *alloc_realloc(void *, size_t) INSTEAD_OF("realloc");
int alloc_posix_memalign(void **, size_t, size_t)
    INSTEAD_OF("posix_memalign");
void *alloc_aligned(size_t, size_t) INSTEAD_OF("aligned_alloc");
void *alloc_mmap(void *, size_t, int, int, int, off_t) INSTEAD_OF("mmap");
void *alloc_mmap64(void *, size_t, int, int, int, off_t)
    INSTEAD_OF("mmap64");

void *
alloc_malloc(size_t n)
{
	return fails() ? NULL : __libc_malloc(n);
}

void *
alloc_calloc(size_t n, size_t size)
{
	return fails() ? NULL : __libc_calloc(n, size);
}

void *
alloc_realloc(void *p, size_t n)
{
	return n != 0 && fails() ? NULL : __libc_realloc(p, n);
}

int
alloc_posix_memalign(void **ret, size_t to, size_t n)
{
	void *p = fails() ? NULL : __libc_memalign(to, n);

	if (p == NULL)
		return ENOMEM;
	*ret = p;
	return 0;
}

void *
alloc_aligned(size_t to, size_t n)
{
	return fails() ? NULL : __libc_memalign(to, n);
}

void *
alloc_mmap(void *at, size_t n, int prot, int flags, int fd, off_t off)
{
	if ((flags & MAP_ANONYMOUS) && fails())
		return MAP_FAILED;
	return (void *)syscall(SYS_mmap, at, n, prot, flags, fd, off);
}

void *
alloc_mmap64(void *at, size_t n, int prot, int flags, int fd, off_t off)
{
	return alloc_mmap(at, n, prot, flags, fd, off);
}
