/*
 * See sandbox.h.  The numbers are those of the kernel's interface
 * (Documentation/userspace-api/landlock.rst), written out because the headers
 * of an older system lack the newer ones.
 */
#include <errno.h>
#include <seccomp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "vault/fsio.h"
#include "vault/sandbox.h"

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

#define ASK_VERSION 1u
#define BENEATH 1		/* a rule about a folder and all below it */

#define FS_EXECUTE	(1ull << 0)
#define FS_WRITE_FILE	(1ull << 1)
#define FS_REMOVE_DIR	(1ull << 4)
#define FS_REMOVE_FILE	(1ull << 5)
#define FS_MAKE_CHAR	(1ull << 6)
#define FS_MAKE_DIR	(1ull << 7)
#define FS_MAKE_REG	(1ull << 8)
#define FS_MAKE_SOCK	(1ull << 9)
#define FS_MAKE_FIFO	(1ull << 10)
#define FS_MAKE_BLOCK	(1ull << 11)
#define FS_MAKE_SYM	(1ull << 12)
#define FS_REFER	(1ull << 13)	/* interface 2 */
#define FS_TRUNCATE	(1ull << 14)	/* 3 */
#define NET_TCP		3ull		/* 4: bind and connect */
#define SCOPE_ABSTRACT	1ull		/* 6: sockets without a name */
#define SCOPE_SIGNAL	2ull		/* and signals to others */
#define TERM_PASTE	0x541cu		/* TIOCLINUX: the console's own */

/* What changes something; reading is not handled, hence allowed. */
#define FS_CHANGES (FS_WRITE_FILE | FS_REMOVE_DIR | FS_REMOVE_FILE | \
    FS_MAKE_CHAR | FS_MAKE_DIR | FS_MAKE_REG | FS_MAKE_SOCK | FS_MAKE_FIFO | \
    FS_MAKE_BLOCK | FS_MAKE_SYM | FS_REFER)
/* What is done in a folder that may be written. */
#define FS_WORK (FS_WRITE_FILE | FS_REMOVE_DIR | FS_REMOVE_FILE | \
    FS_MAKE_DIR | FS_MAKE_REG | FS_REFER)

struct ruleset {
	uint64_t fs, net, scoped;
};

struct rule {
	uint64_t allowed;
	int32_t parent;
} __attribute__((packed));

/* --- Landlock ----------------------------------------------------------- */

static void
allow(int ruleset, int fd, uint64_t what)
{
	struct rule r = { what, fd };

	if (fd >= 0)
		(void)syscall(SYS_landlock_add_rule, ruleset, BENEATH, &r, 0);
	fsio_close(fd);
}

/* A file that is there, for one thing alone. */
static void
allow_file(int ruleset, const char *path, uint64_t what)
{
	allow(ruleset, fsio_path_mark(path, false), what);
}

/* A folder, or the one that the path lies in. */
static void
allow_folder(int ruleset, const char *path, uint64_t what)
{
	int fd = fsio_path_mark(path, true);
	char *up, *slash;

	if (fd < 0 && (up = strdup(path)) != NULL) {
		for (size_t n = strlen(up); n > 1 && up[n - 1] == '/'; n--)
			up[n - 1] = '\0';
		if ((slash = strrchr(up, '/')) != NULL)
			slash[slash == up ? 1 : 0] = '\0';
		fd = fsio_path_mark(slash == NULL ? "." : up, true);
		free(up);
	}
	allow(ruleset, fd, what);
}

static void
close_files(const char *const *path, size_t n, const char *run,
    struct sandbox *ret)
{
	static const char *const loader[] = { "/lib64/ld-linux-x86-64.so.2",
	    "/lib/ld-linux-aarch64.so.1", "/lib/ld-linux.so.2" };
	struct ruleset set = { FS_CHANGES | FS_EXECUTE, 0, 0 };
	size_t len = sizeof(set.fs);
	uint64_t work = FS_WORK;
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, ASK_VERSION);
	int fd;

	/* version 1 forbids every move from one folder to another */
	if (abi < 2)
		return;
	if (abi >= 3) {
		set.fs |= FS_TRUNCATE;
		work |= FS_TRUNCATE;
	}
	if (abi >= 4) {
		set.net = NET_TCP;
		len = 2 * sizeof(set.fs);
	}
	if (abi >= 6) {
		set.scoped = SCOPE_ABSTRACT | SCOPE_SIGNAL;
		len = sizeof(set);
	}
	fd = (int)syscall(SYS_landlock_create_ruleset, &set, len, 0);
	if (fd < 0)
		return;
	for (size_t i = 0; i < n; i++)
		allow_folder(fd, path[i], work);
	allow_file(fd, "/dev/tty", FS_WRITE_FILE);
	allow_file(fd, "/dev/null", FS_WRITE_FILE);
	if (run != NULL) {
		allow_file(fd, run, FS_EXECUTE);
		for (size_t i = 0; i < sizeof(loader) / sizeof(loader[0]); i++)
			allow_file(fd, loader[i], FS_EXECUTE);
	}
	ret->files = syscall(SYS_landlock_restrict_self, fd, 0) == 0;
	ret->landlock = ret->files ? (unsigned)abi : 0;
	fsio_close(fd);
}

/* --- seccomp ------------------------------------------------------------ */

/*
 * A request to the terminal is 32 bits of a 64-bit argument.  These two put
 * into its input what the shell behind us would then run.
 */
static bool
close_terminal(scmp_filter_ctx ctx)
{
	static const uint32_t asks[] = { TIOCSTI, TERM_PASTE };
	bool ok = true;

	for (size_t i = 0; ok && i < sizeof(asks) / sizeof(asks[0]); i++)
		ok = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM),
		    SCMP_SYS(ioctl), 1, SCMP_A1(SCMP_CMP_MASKED_EQ,
		    UINT32_MAX, asks[i])) == 0;
	return ok;
}

static bool
close_calls(void)
{
	/*
	 * Ways to speak to others, into other processes, and around this;
	 * all else is left, since libraries ask for new calls every year.
	 */
	static const int calls[] = { SCMP_SYS(socket), SCMP_SYS(socketpair),
		SCMP_SYS(connect), SCMP_SYS(bind), SCMP_SYS(listen),
		SCMP_SYS(accept), SCMP_SYS(accept4), SCMP_SYS(sendto),
		SCMP_SYS(sendmsg), SCMP_SYS(sendmmsg), SCMP_SYS(recvfrom),
		SCMP_SYS(recvmsg), SCMP_SYS(recvmmsg),
		SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev),
		SCMP_SYS(pidfd_getfd), SCMP_SYS(kcmp),
		SCMP_SYS(io_uring_setup), SCMP_SYS(io_uring_enter),
		SCMP_SYS(io_uring_register), SCMP_SYS(bpf),
		SCMP_SYS(perf_event_open), SCMP_SYS(userfaultfd),
		SCMP_SYS(keyctl), SCMP_SYS(add_key), SCMP_SYS(request_key),
		SCMP_SYS(open_by_handle_at), SCMP_SYS(mount),
		SCMP_SYS(umount2), SCMP_SYS(pivot_root), SCMP_SYS(chroot),
		SCMP_SYS(unshare), SCMP_SYS(setns), SCMP_SYS(fsopen),
		SCMP_SYS(move_mount), SCMP_SYS(init_module),
		SCMP_SYS(finit_module), SCMP_SYS(kexec_load),
		SCMP_SYS(setxattr), SCMP_SYS(lsetxattr), SCMP_SYS(fsetxattr),
		SCMP_SYS(removexattr), SCMP_SYS(lremovexattr),
		SCMP_SYS(fremovexattr),	/* Landlock knows none of these */
#ifndef __SANITIZE_ADDRESS__	/* whose leak finder looks at itself so */
		SCMP_SYS(ptrace),
#endif
	};
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
	bool ok = ctx != NULL;

	for (size_t i = 0; ok && i < sizeof(calls) / sizeof(calls[0]); i++)
		ok = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), calls[i],
		    0) == 0;
	ok = ok && close_terminal(ctx) && seccomp_load(ctx) == 0;
	if (ctx != NULL)
		seccomp_release(ctx);
	return ok;
}

/* see sandbox.h */
void
sandbox_close(const char *const *path, size_t n, const char *run,
    struct sandbox *ret)
{
	memset(ret, 0, sizeof(*ret));
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return;
	close_files(path, n, run, ret);
	ret->network = close_calls();
}
