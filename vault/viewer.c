#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <unistd.h>

#include "vault/viewer.h"

#define WORDS 4
#define SHOWN 3			/* the descriptor that it gets */

/* With what keeps them from remembering where they stopped. */
static const char *const known[][WORDS] = {
	{ "mpv", "--no-resume-playback", "--save-position-on-quit=no", NULL },
	{ "vlc", "--no-one-instance", "--play-and-exit", NULL },
	{ "ffplay", "-hide_banner", "-autoexit", NULL },
};

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

/* see viewer.h */
enum sq_err
viewer_start(const char *player, int dir, int fd, bool stream,
    pid_t *ret_pid, struct why *why)
{
	const char *const named[WORDS] = { player, NULL };
	int e;

	if (player != NULL) {
		if ((e = spawn(named, dir, fd, stream, ret_pid)) == 0)
			return SQ_OK;
		return err_why(why, SQ_EREFUSED, "%s could not be started: "
		    "%s", player, strerror(e));
	}
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (spawn(known[i], dir, fd, stream, ret_pid) == 0)
			return SQ_OK;
	return err_why(why, SQ_EREFUSED, "neither mpv nor vlc nor ffplay is "
	    "here; name a program in SANDYQ_PLAYER");
}

/* see viewer.h */
bool
viewer_wait(pid_t pid)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, old;
	int status = -1;
	bool ended = true;

	(void)sigemptyset(&ignore.sa_mask);
	(void)sigaction(SIGINT, &ignore, &old);
	while (ended && waitpid(pid, &status, 0) < 0)
		ended = errno == EINTR;
	(void)sigaction(SIGINT, &old, NULL);
	return ended && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
