#include <sched.h>
#include <signal.h>

#include "vault/thread.h"

/* see thread.h */
enum sq_err
thread_start(pthread_t *ret, void *(*fn)(void *), void *arg)
{
	const struct sched_param flat = { .sched_priority = 0 };
	sigset_t all, old;
	int bad, plain = sched_getscheduler(0);

	/*
	 * The new thread inherits both.  A helper woken for each batch took
	 * the processor from the thread that had just handed it over: an
	 * attach of 1 GiB lost a quarter of a second.  Where the policy is
	 * refused, all is merely slower.
	 */
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &old);
	if (plain == SCHED_OTHER)
		(void)sched_setscheduler(0, SCHED_BATCH, &flat);
	bad = pthread_create(ret, NULL, fn, arg);
	if (plain == SCHED_OTHER)
		(void)sched_setscheduler(0, plain, &flat);
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
	return bad == 0 ? SQ_OK : SQ_ENOMEM;
}
