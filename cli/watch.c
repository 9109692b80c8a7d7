#include <signal.h>

#include "cli/ui.h"
#include "cli/watch.h"

static const int ending[] = { SIGHUP, SIGINT, SIGTERM };
#define NENDING (sizeof(ending) / sizeof(ending[0]))

static volatile sig_atomic_t stopped;
static struct sigaction before[NENDING];
static sigset_t mask;

static void
on_signal(int sig)
{
	stopped = sig;
}

/* see watch.h */
void
watch_begin(void)
{
	struct sigaction sa = { .sa_handler = on_signal,
	    .sa_flags = SA_RESTART };
	sigset_t mine;

	stopped = 0;
	(void)sigemptyset(&sa.sa_mask);
	(void)sigemptyset(&mine);
	for (size_t i = 0; i < NENDING; i++) {
		(void)sigaddset(&mine, ending[i]);
		(void)sigaction(ending[i], &sa, &before[i]);
		/* nohup and the like stay as they were asked for */
		if (before[i].sa_handler == SIG_IGN)
			(void)sigaction(ending[i], &before[i], NULL);
	}
	/* the shell holds them back while a command runs */
	(void)sigprocmask(SIG_UNBLOCK, &mine, &mask);
}

/* see watch.h */
bool
watch_progress(void *arg, const struct vault_progress *p)
{
	char sealing[] = "sealing";

	(void)arg;
	if (p->name == NULL) {
		ui_progress(sealing, p->done, p->of);
		return stopped == 0;
	}
	ui_transfer(&(struct ui_transfer){ .name = p->name, .done = p->done,
	    .of = p->of, .all_done = p->all_done, .all_of = p->all_of,
	    .file = p->file, .files = p->files });
	return stopped == 0;
}

/* see watch.h */
void
watch_end(void)
{
	/* what was done must still be told: a late signal is too late */
	if (sigismember(&mask, SIGINT) != 1)
		return;
	/* the shell, which holds them back while a command runs */
	(void)sigprocmask(SIG_SETMASK, &mask, NULL);
	for (size_t i = 0; i < NENDING; i++)
		(void)sigaction(ending[i], &before[i], NULL);
	if (stopped != 0 && stopped != SIGINT)
		(void)raise((int)stopped);
}
