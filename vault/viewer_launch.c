/*
 * The launcher: a child without keys that starts viewers.  It closes all but
 * its two pipes and what a viewer needs, so that nothing of a vault that is
 * opened later can reach a viewer but what is sent.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vault/fsio.h"
#include "vault/viewer_int.h"

#define WORDS 4
#define SHOWN 3			/* the descriptor that a viewer gets */
#define HIGH 100u

/* With what keeps them from remembering where they stopped. */
static const char *const known[][WORDS] = {
	{ "mpv", "--no-resume-playback", "--save-position-on-quit=no", NULL },
	{ "vlc", "--no-one-instance", "--play-and-exit", NULL },
	{ "ffplay", "-hide_banner", "-autoexit", NULL },
};

/* see viewer_int.h */
bool
viewer_get(int fd, void *p, size_t n)
{
	uint8_t *at = p;
	ssize_t k;

	while (n > 0) {
		k = read(fd, at, n);
		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0)
			return false;
		at += k;
		n -= (size_t)k;
	}
	return true;
}

/* --- starting ----------------------------------------------------------- */

static int
spawn(const char *const *words, int dir, int fd, bool stream, pid_t *ret_pid)
{
	const char *argv[WORDS + 2];
	posix_spawn_file_actions_t acts;
	posix_spawnattr_t attr;
	sigset_t none, all;
	size_t n = 0;
	int e;

	while (n < WORDS && words[n] != NULL) {
		argv[n] = words[n];
		n++;
	}
	argv[n++] = stream ? "-" : "/proc/self/fd/3";
	argv[n] = NULL;
	if ((e = posix_spawn_file_actions_init(&acts)) != 0)
		return e;
	if ((e = posix_spawnattr_init(&attr)) != 0) {
		posix_spawn_file_actions_destroy(&acts);
		return e;
	}
	(void)sigemptyset(&none);
	(void)sigfillset(&all);
	if ((e = posix_spawn_file_actions_addfchdir_np(&acts, dir)) == 0 &&
	    (e = posix_spawn_file_actions_adddup2(&acts, fd, stream ?
	    STDIN_FILENO : SHOWN)) == 0 &&
	    (e = posix_spawn_file_actions_addclosefrom_np(&acts, stream ?
	    SHOWN : SHOWN + 1)) == 0 &&
	    (e = posix_spawnattr_setsigmask(&attr, &none)) == 0 &&
	    (e = posix_spawnattr_setsigdefault(&attr, &all)) == 0 &&
	    (e = posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK |
	    POSIX_SPAWN_SETSIGDEF)) == 0)
		e = posix_spawnp(ret_pid, argv[0], &acts, &attr,
		    (char *const *)(const void *)argv, environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&acts);
	return e;
}

/* The viewer named, or the first there is; false with the reason. */
static bool
start(const char *player, int dir, int fd, bool stream, pid_t *ret_pid,
    struct viewer_answer *a)
{
	const char *const named[WORDS] = { player, NULL };
	int e;

	a->kind = VIEWER_NONE;
	if (player != NULL) {
		if ((e = spawn(named, dir, fd, stream, ret_pid)) == 0)
			return true;
		(void)snprintf(a->text, sizeof(a->text), "%.160s could not be "
		    "started: %s", player, strerror(e));
		return false;
	}
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (spawn(known[i], dir, fd, stream, ret_pid) == 0)
			return true;
	(void)snprintf(a->text, sizeof(a->text), "neither mpv nor vlc nor "
	    "ffplay is here; name a program in SANDYQ_PLAYER");
	return false;
}

static void
until_end(pid_t pid, struct viewer_answer *a)
{
	int status = -1;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return;
	a->kind = WIFEXITED(status) && WEXITSTATUS(status) == 0 ?
	    VIEWER_WELL : VIEWER_BADLY;
}

/* --- one showing -------------------------------------------------------- */

/*
 * Take the content into ${fd} (-1: nowhere) until its end, and say how that
 * was; ${*ret_open}: the other side is still there.  When ${fd} takes no more
 * the answer ${early} is sent at once and the rest is dropped.
 */
static uint32_t
take(int from, int *fd, bool *ret_open, bool (*early)(void *arg), void *arg)
{
	static uint8_t buf[VIEWER_PIECE];
	uint32_t len;

	while ((*ret_open = viewer_get(from, &len, sizeof(len)))) {
		if (len == VIEWER_END || len == VIEWER_DROP)
			return len;
		if (len > VIEWER_PIECE || !viewer_get(from, buf, len))
			break;
		if (*fd >= 0 && fsio_fd_write(fd, buf, len) != SQ_OK) {
			fsio_close(*fd);
			*fd = -1;
			if (!early(arg))
				break;
		}
	}
	*ret_open = false;
	return VIEWER_DROP;
}

struct showing {
	int to;
	pid_t pid;
	struct viewer_answer answer;
	bool sent;
};

static bool
reply(struct showing *s)
{
	s->sent = true;
	return fsio_fd_write(&s->to, (uint8_t *)&s->answer,
	    sizeof(s->answer)) == SQ_OK;
}

/* It takes no more: of a stream, it was closed; of memory, there is none. */
static bool
early(void *arg)
{
	struct showing *s = arg;

	if (s->pid > 0)
		until_end(s->pid, &s->answer);
	else
		(void)snprintf(s->answer.text, sizeof(s->answer.text),
		    "there is not enough memory for showing it");
	s->pid = -1;
	return reply(s);
}

static bool
show_stream(struct showing *s, const char *player, int dir, int from)
{
	int ends[2] = { -1, -1 };
	bool open;

	if (pipe2(ends, O_CLOEXEC) != 0 ||
	    !start(player, dir, ends[0], true, &s->pid, &s->answer)) {
		fsio_close(ends[1]);
		ends[1] = -1;
		if (!reply(s))
			return false;
	}
	fsio_close(ends[0]);
	(void)take(from, &ends[1], &open, early, s);
	fsio_close(ends[1]);
	if (s->pid > 0)
		until_end(s->pid, &s->answer);
	return (s->sent || reply(s)) && open;
}

static bool
show_whole(struct showing *s, const char *player, int dir, int from)
{
	struct why why = { "" };
	int fd = -1;
	bool open;
	uint32_t how;

	if (fsio_memory_new(&fd, &why) != SQ_OK && !early(s))
		return false;
	how = take(from, &fd, &open, early, s);
	if (open && how == VIEWER_END && fd >= 0) {
		if (fsio_memory_seal(fd, &why) == SQ_OK && start(player, dir,
		    fd, false, &s->pid, &s->answer))
			until_end(s->pid, &s->answer);
	} else if (open && !s->sent)
		s->answer.kind = VIEWER_BADLY;
	fsio_close(fd);
	return (s->sent || reply(s)) && open;
}

/* Above what a viewer gets, and above all that is closed. */
static int
high(int fd)
{
	int up = fcntl(fd, F_DUPFD_CLOEXEC, HIGH);

	return up < 0 ? fd : up;
}

/* see viewer_int.h */
int
viewer_launch(int dir, const char *player, int from, int to)
{
	struct viewer_ask ask;
	struct showing s;
	bool on = true;

	dir = high(dir);
	from = high(from);
	to = high(to);
	(void)close_range(SHOWN, HIGH - 1, 0);
	/* Ctrl-C is for the viewer; the end of the pipe is the end */
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGPIPE, SIG_IGN);
	while (on && viewer_get(from, &ask, sizeof(ask))) {
		memset(&s, 0, sizeof(s));
		s.to = to;
		on = (ask.stream != 0 ? show_stream : show_whole)(&s, player,
		    dir, from);
	}
	return 0;
}
