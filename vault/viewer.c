/*
 * See viewer.h.  Over the pipe to the launcher goes, for each showing: a
 * struct ask, then the content as a 32-bit length and so many bytes, again and
 * again, and at the end a length of END or DROP.
 * Back comes one struct answer: at the end, or as soon as no more is wanted.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vault/fsio.h"
#include "vault/viewer.h"
#include "vault/viewer_int.h"


struct viewer {
	pid_t pid;
	int to, from;
	bool answered;		/* it wants no more */
	struct viewer_answer answer;
};

/* --- our side ----------------------------------------------------------- */

/* see viewer.h */
enum sq_err
viewer_new(int dir, const char *player, struct viewer **ret, struct why *why)
{
	struct viewer *w = calloc(1, sizeof(*w));
	int to[2] = { -1, -1 }, from[2] = { -1, -1 };

	if (w == NULL)
		return SQ_ENOMEM;
	w->to = w->from = -1;
	if (pipe2(to, O_CLOEXEC) == 0 && pipe2(from, O_CLOEXEC) == 0)
		w->pid = fork();
	else
		w->pid = -1;
	if (w->pid == 0)
		_exit(viewer_launch(dir, player, to[0], from[1]));
	fsio_close(to[0]);
	fsio_close(from[1]);
	w->to = to[1];
	w->from = from[0];
	if (w->pid < 0) {
		viewer_free(w);
		return err_why(why, SQ_EIO, "no program can be started for "
		    "showing: %s", strerror(errno));
	}
	*ret = w;
	return SQ_OK;
}

static enum sq_err
gone(struct why *why)
{
	return err_why(why, SQ_EIO, "what starts the viewer has ended");
}

/* see viewer.h */
enum sq_err
viewer_begin(struct viewer *w, bool stream, struct why *why)
{
	struct viewer_ask ask = { stream ? 1u : 0u };

	w->answered = false;
	if (fsio_fd_write(&w->to, (uint8_t *)&ask, sizeof(ask)) != SQ_OK)
		return gone(why);
	return SQ_OK;
}

/* Wait for the answer, or only look whether it is there. */
static bool
hear(struct viewer *w, bool wait)
{
	struct pollfd p = { w->from, POLLIN, 0 };

	if (!w->answered && (wait || poll(&p, 1, 0) > 0))
		w->answered = viewer_get(w->from, &w->answer,
		    sizeof(w->answer));
	return w->answered;
}

/* see viewer.h */
enum sq_err
viewer_give(void *arg, const uint8_t *p, size_t n)
{
	struct viewer *w = arg;
	uint32_t len;
	enum sq_err e;

	for (; n > 0; p += len, n -= len) {
		if (hear(w, false))
			return SQ_EREFUSED;
		len = n < VIEWER_PIECE ? (uint32_t)n : VIEWER_PIECE;
		if ((e = fsio_fd_write(&w->to, (uint8_t *)&len,
		    sizeof(len))) != SQ_OK ||
		    (e = fsio_fd_write(&w->to, p, len)) != SQ_OK)
			return e;
	}
	return SQ_OK;
}

/* see viewer.h */
enum sq_err
viewer_end(struct viewer *w, bool whole, bool *ret_well, struct why *why)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, old;
	uint32_t end = whole ? VIEWER_END : VIEWER_DROP;
	bool told;

	(void)sigemptyset(&ignore.sa_mask);
	(void)sigaction(SIGINT, &ignore, &old);
	told = fsio_fd_write(&w->to, (uint8_t *)&end, sizeof(end)) == SQ_OK &&
	    hear(w, true);
	(void)sigaction(SIGINT, &old, NULL);
	if (!told)
		return gone(why);
	if (w->answer.kind == VIEWER_NONE) {
		w->answer.text[sizeof(w->answer.text) - 1] = '\0';
		return err_why(why, SQ_EREFUSED, "%s", w->answer.text);
	}
	*ret_well = w->answer.kind == VIEWER_WELL;
	return SQ_OK;
}

/* see viewer.h */
void
viewer_free(struct viewer *w)
{
	if (w == NULL)
		return;
	fsio_close(w->to);
	fsio_close(w->from);
	while (w->pid > 0 && waitpid(w->pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	free(w);
}
