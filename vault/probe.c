/*
 * Starting and watching sandyq-probe.  Rules, in the order they matter:
 *
 * (1) Nothing of ours reaches the child: posix_spawn never copies this
 *     process's memory, all descriptors but two are closed, the environment
 *     is empty.
 * (2) It cannot keep us: 15 seconds by the kernel's clock, then SIGKILL.
 * (3) It cannot fill us: a bounded number of bytes is read.
 * (4) It is not believed: one line out of form and none of them counts.
 * (5) It cannot fail us: whatever it does, the caller goes on.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crypto/bytes.h"
#include "vault/probe.h"
#include "vault/probe_int.h"

#ifndef PROBE_PATH
#define PROBE_PATH "/usr/local/libexec/sandyq/sandyq-probe"
#endif
#define NAME "sandyq-probe"
#define SECONDS_MAX 15
#define ARGS_MAX 4
#define LINES_MAX 64
#define TEXT_MAX (LINES_MAX * (16 + PROBE_VALUE_MAX))

/* --- what it says ------------------------------------------------------- */

static bool
made_of(const char *s, const char *set)
{
	return s[strspn(s, set)] == '\0';
}

/* type/subtype */
static bool
is_mime(const char *s)
{
	const char *slash = strchr(s, '/');

	return slash != NULL && slash != s && slash[1] != '\0' &&
	    strchr(slash + 1, '/') == NULL && strlen(s) < 128 &&
	    made_of(s, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/.+-_");
}

/* The form of ${s} is a beginning of ${form}, in which 0 is any digit. */
static bool
is_form(const char *s, const char *form)
{
	size_t i;

	for (i = 0; s[i] != '\0'; i++) {
		if (form[i] == '0' ? s[i] < '0' || s[i] > '9' :
		    s[i] != form[i])
			return false;
	}
	return true;
}

static bool
is_created(const char *s)
{
	size_t n = strlen(s);

	if (n == 4 || n == 7 || n == 10 || n == 19)
		return is_form(s, "0000-00-00T00:00:00");
	if (n == 20)
		return is_form(s, "0000-00-00T00:00:00Z");
	return n == 25 && (is_form(s, "0000-00-00T00:00:00+00:00") ||
	    is_form(s, "0000-00-00T00:00:00-00:00"));
}

static bool
is_seconds(const char *s)
{
	size_t n = strspn(s, "0123456789");

	return n > 0 && n <= 12 && (s[n] == '\0' ||
	    (strlen(s + n) == 4 && is_form(s + n, ".000")));
}

static bool
is_place(const char *s)
{
	/* ISO 6709 may end in the name of its reference system */
	return strlen(s) < 128 && strspn(s, "+-0123456789") > 0 &&
	    made_of(s, "+-0123456789.,/ :_ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz");
}

static bool
is_text(const char *s)
{
	(void)s;
	return true;
}

static bool
is_pixels(const char *s)
{
	return strlen(s) <= 7 && made_of(s, "0123456789");
}

static const struct {
	const char *key;
	size_t at;
	bool (*ok)(const char *);
} keys[] = {
	{ "mime", offsetof(struct probe_result, mime), is_mime },
	{ "created", offsetof(struct probe_result, created), is_created },
	{ "duration", offsetof(struct probe_result, duration), is_seconds },
	{ "gps", offsetof(struct probe_result, gps), is_place },
	{ "device", offsetof(struct probe_result, device), is_text },
	{ "width", offsetof(struct probe_result, width), is_pixels },
	{ "height", offsetof(struct probe_result, height), is_pixels },
};

/* UTF-8 without control characters, of a length that fits. */
static bool
is_clean(const uint8_t *p, size_t n)
{
	size_t i;

	if (n == 0 || n > PROBE_VALUE_MAX || !bytes_utf8(p, n))
		return false;
	for (i = 0; i < n; i++) {
		if (p[i] < 0x20 || p[i] == 0x7f ||
		    (p[i] == 0xc2 && p[i + 1] < 0xa0))
			return false;
	}
	return true;
}

/* One line, without its end, into its field. */
static bool
take_line(const uint8_t *p, size_t n, struct probe_result *r)
{
	const uint8_t *tab = memchr(p, '\t', n);
	size_t i, klen, vlen;
	char *field;

	if (tab == NULL)
		return false;
	klen = (size_t)(tab - p);
	vlen = n - klen - 1;
	if (!is_clean(tab + 1, vlen))
		return false;
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (strlen(keys[i].key) != klen ||
		    memcmp(keys[i].key, p, klen) != 0)
			continue;
		field = (char *)r + keys[i].at;
		if (field[0] != '\0')
			return false;		/* said before */
		memcpy(field, tab + 1, vlen);
		field[vlen] = '\0';
		return keys[i].ok(field);
	}
	return false;
}

/* see (4); a last line without its end was cut off and says nothing */
static bool
take(const uint8_t *p, size_t n, struct probe_result *r)
{
	const uint8_t *end;
	size_t lines = 0;

	while (n > 0 && (end = memchr(p, '\n', n)) != NULL) {
		if (++lines > LINES_MAX ||
		    !take_line(p, (size_t)(end - p), r))
			return false;
		n -= (size_t)(end - p) + 1;
		p = end + 1;
	}
	return n == 0 || !r->whole;
}

/* --- the child ---------------------------------------------------------- */

/* Where the running program lies, with the probe's name in place of its own. */
static bool
beside(char path[PROBE_PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", path,
	    PROBE_PATH_MAX - sizeof(NAME) - 1);
	char *slash;

	if (n <= 0 || (size_t)n >= PROBE_PATH_MAX - sizeof(NAME) - 1)
		return false;
	path[n] = '\0';
	if ((slash = strrchr(path, '/')) == NULL)
		return false;
	memcpy(slash + 1, NAME, sizeof(NAME));
	return true;
}

/* Above the three that the child's own take the place of. */
static int
high(int fd)
{
	return fcntl(fd, F_DUPFD_CLOEXEC, 3);
}

/* see (1): ${in} becomes 0, ${out} becomes 1, and nothing else is open */
static int
spawn(const char *path, char *const *args, int in, int out, pid_t *ret_pid)
{
	static char name[] = NAME;
	char *argv[ARGS_MAX + 2] = { name }, *envp[] = { NULL };
	posix_spawn_file_actions_t acts;
	posix_spawnattr_t attr;
	sigset_t none, all;
	int e;

	for (size_t i = 0; args[i] != NULL && i < ARGS_MAX; i++)
		argv[i + 1] = args[i];
	if ((e = posix_spawn_file_actions_init(&acts)) != 0)
		return e;
	if ((e = posix_spawnattr_init(&attr)) != 0) {
		posix_spawn_file_actions_destroy(&acts);
		return e;
	}
	sigemptyset(&none);
	sigfillset(&all);
	if ((e = posix_spawn_file_actions_adddup2(&acts, in, 0)) == 0 &&
	    (e = posix_spawn_file_actions_adddup2(&acts, out, 1)) == 0 &&
	    (e = posix_spawn_file_actions_addclosefrom_np(&acts, 2)) == 0 &&
	    (e = posix_spawnattr_setsigmask(&attr, &none)) == 0 &&
	    (e = posix_spawnattr_setsigdefault(&attr, &all)) == 0 &&
	    (e = posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK |
	    POSIX_SPAWN_SETSIGDEF)) == 0)
		e = posix_spawn(ret_pid, path, &acts, &attr, argv, envp);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&acts);
	return e;
}

/* see probe.h */
void
probe_program(char path[PROBE_PATH_MAX])
{
	if (!beside(path) || access(path, X_OK) != 0)
		(void)snprintf(path, PROBE_PATH_MAX, "%s", PROBE_PATH);
}

static int
start(char *const *args, int in, int out, pid_t *ret_pid)
{
	char path[PROBE_PATH_MAX];

	probe_program(path);
	return spawn(path, args, in, out, ret_pid);
}

/* A descriptor that becomes readable when the time is over; or -1. */
static int
alarm_new(unsigned seconds)
{
	struct itimerspec t = { { 0, 0 }, { (time_t)seconds, 0 } };
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);

	if (fd >= 0 && timerfd_settime(fd, 0, &t, NULL) != 0) {
		(void)close(fd);
		fd = -1;
	}
	return fd;
}

/* see probe_int.h */
size_t
probe_hear(const struct probe_child *c, uint8_t *p, size_t max)
{
	struct pollfd fds[2] = { { c->pipe, POLLIN, 0 },
	    { c->timer, POLLIN, 0 } };
	ssize_t n;

	for (;;) {
		if (poll(fds, 2, -1) < 0) {
			if (errno == EINTR)
				continue;
			return 0;
		}
		if (fds[1].revents != 0)
			return 0;
		n = read(c->pipe, p, max);
		if (n < 0 && errno == EINTR)
			continue;
		return n <= 0 ? 0 : (size_t)n;
	}
}

/*
 * See (2).  A child that closed its end is on its way out, where the signal
 * changes nothing, or pretends to be.
 */
static bool
finish(pid_t pid)
{
	int status = -1;

	(void)kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return false;
	}
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Open the pipe, above what the child takes for its own; -1 in both if not. */
static void
open_pipe(int ret[2])
{
	int fds[2];

	ret[0] = ret[1] = -1;
	if (pipe2(fds, O_CLOEXEC) != 0)
		return;
	ret[0] = high(fds[0]);
	ret[1] = high(fds[1]);
	(void)close(fds[0]);
	(void)close(fds[1]);
}

static void
shut(int fd)
{
	if (fd >= 0)
		(void)close(fd);
}

/* see probe_int.h */
enum sq_err
probe_start(int fd, char *const *args, unsigned seconds,
    struct probe_child *ret, struct why *why)
{
	int in, ends[2], e;
	enum sq_err rc = SQ_ECANNOT;

	ret->pid = -1;
	open_pipe(ends);
	in = high(fd);
	ret->pipe = ends[0];
	ret->timer = alarm_new(seconds);
	if (in < 0 || ret->timer < 0 || ends[0] < 0 || ends[1] < 0)
		err_why(why, rc, "sandyq-probe was not asked: %s",
		    strerror(errno));
	else if ((e = start(args, in, ends[1], &ret->pid)) != 0)
		err_why(why, rc, "sandyq-probe could not be started (%s), so "
		    "what the file says is not known; it belongs beside "
		    "sandyq or at %s", strerror(e), PROBE_PATH);
	else
		rc = SQ_OK;
	shut(in);
	shut(ends[1]);
	if (rc != SQ_OK) {
		shut(ret->pipe);
		shut(ret->timer);
	}
	return rc;
}

/* see probe_int.h */
bool
probe_end(struct probe_child *c)
{
	bool whole = finish(c->pid);

	shut(c->pipe);
	shut(c->timer);
	return whole;
}

/* see probe.h */
enum sq_err
probe_run(int fd, struct probe_result *ret, struct why *why)
{
	char *args[] = { NULL };
	struct probe_child c;
	uint8_t *text;
	size_t n = 0, got;
	enum sq_err e;

	memset(ret, 0, sizeof(*ret));
	if ((text = malloc(TEXT_MAX)) == NULL)
		return SQ_ECANNOT;
	if ((e = probe_start(fd, args, SECONDS_MAX, &c, why)) == SQ_OK) {
		while (n < TEXT_MAX && (got = probe_hear(&c, text + n,
		    TEXT_MAX - n)) > 0)
			n += got;
		ret->whole = probe_end(&c);
		if (!take(text, n, ret))
			memset(ret, 0, sizeof(*ret));
	}
	free(text);
	return e;
}
