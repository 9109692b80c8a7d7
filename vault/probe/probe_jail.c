/*
 * The jail of sandyq-probe.  Media files are hostile input and the libraries
 * that read them are large; what they may do when they are taken over is
 * decided here: read descriptor 0, write to descriptor 1, compute within
 * limits of memory and time.  Anything else and the kernel ends the process.
 */
#include <errno.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "vault/probe/probe_int.h"

#define MEMORY_MAX ((rlim_t)512 << 20)

/* see probe_int.h */
bool
probe_jail_shut(void)
{
	return close_range(2, ~0U, 0) == 0;
}

static bool
limit(int what, rlim_t max)
{
	struct rlimit r = { max, max };

	return setrlimit((__rlimit_resource_t)what, &r) == 0;
}

/* Calls that need no look at what they are asked. */
static bool
allow_plain(scmp_filter_ctx ctx)
{
	static const int calls[] = {
		SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap),
		SCMP_SYS(madvise), SCMP_SYS(futex), SCMP_SYS(exit),
		SCMP_SYS(exit_group), SCMP_SYS(rt_sigreturn),
		SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
		SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday),
		SCMP_SYS(time), SCMP_SYS(getrandom), SCMP_SYS(getpid),
		SCMP_SYS(gettid), SCMP_SYS(sched_yield),
		SCMP_SYS(restart_syscall)
	};
	size_t i;

	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		if (seccomp_rule_add(ctx, SCMP_ACT_ALLOW, calls[i], 0) != 0)
			return false;
	}
	return true;
}

/* Allow ${call} if its argument ${arg}, under ${mask}, is ${value}. */
static bool
allow_if(scmp_filter_ctx ctx, uint32_t act, int call, unsigned arg,
    uint64_t mask, uint64_t value)
{
	struct scmp_arg_cmp cmp = { arg, SCMP_CMP_MASKED_EQ, mask, value };

	return seccomp_rule_add_array(ctx, act, call, 1, &cmp) == 0;
}

/* Calls allowed on one descriptor, or without the right to execute. */
static bool
allow_some(scmp_filter_ctx ctx)
{
	static const int in[] = { SCMP_SYS(read), SCMP_SYS(pread64),
	    SCMP_SYS(lseek), SCMP_SYS(fstat) };
	static const int map[] = { SCMP_SYS(mmap), SCMP_SYS(mprotect) };
	size_t i;

	for (i = 0; i < sizeof(in) / sizeof(in[0]); i++) {
		if (!allow_if(ctx, SCMP_ACT_ALLOW, in[i], 0, UINT32_MAX, 0))
			return false;
	}
	for (i = 0; i < sizeof(map) / sizeof(map[0]); i++) {
		if (!allow_if(ctx, SCMP_ACT_ALLOW, map[i], 2, PROT_EXEC, 0))
			return false;
	}
	/* a library's last words go nowhere, but are no crime */
	return allow_if(ctx, SCMP_ACT_ALLOW, SCMP_SYS(write), 0, UINT32_MAX,
	    1) && allow_if(ctx, SCMP_ACT_ERRNO(EBADF), SCMP_SYS(write), 0,
	    UINT32_MAX, 2);
}

/* see probe_int.h */
bool
probe_jail_enter(unsigned seconds)
{
	scmp_filter_ctx ctx;
	bool ok;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 ||
	    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0)
		return false;
	if (!limit(RLIMIT_AS, MEMORY_MAX) || !limit(RLIMIT_CPU, seconds) ||
	    !limit(RLIMIT_FSIZE, 0) || !limit(RLIMIT_NOFILE, 0) ||
	    !limit(RLIMIT_CORE, 0) || !limit(RLIMIT_NPROC, 0))
		return false;
	if ((ctx = seccomp_init(SCMP_ACT_KILL_PROCESS)) == NULL)
		return false;
	ok = allow_plain(ctx) && allow_some(ctx) && seccomp_load(ctx) == 0;
	seccomp_release(ctx);
	return ok;
}
