#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/peer.h"

struct peer {
	pid_t pid;
	clockid_t clock;
	FILE *to, *from;
	char *line;
	size_t cap;
};

static void
die(const char *what)
{
	fprintf(stderr, "bench: %s\n", what);
	exit(1);
}

/* CPU=1: processor time instead, for a machine that others use as well. */
static bool
cpu(void)
{
	return getenv("CPU") != NULL;
}

static double
read_clock(clockid_t c)
{
	struct timespec t;

	(void)clock_gettime(c, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

double
peer_now(void)
{
	return read_clock(cpu() ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC);
}

static pid_t
start(const char *const *argv, int in, int out)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (pid > 0)
		return pid;
	if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0)
		_exit(126);
	(void)execv(argv[0], (char *const *)(const void *)argv);
	_exit(127);
}

double
peer_run(const char *const *argv)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), status;
	struct rusage ru;
	double t = peer_now();
	pid_t pid;

	if (null < 0)
		die("/dev/null");
	pid = start(argv, null, null);
	if (wait4(pid, &status, 0, &ru) != pid || status != 0) {
		for (; *argv != NULL; argv++)
			fprintf(stderr, "%s ", *argv);
		die("failed");
	}
	t = peer_now() - t;
	if (cpu())
		t = (double)(ru.ru_utime.tv_sec + ru.ru_stime.tv_sec) +
		    (double)(ru.ru_utime.tv_usec + ru.ru_stime.tv_usec) / 1e6;
	(void)close(null);
	return t;
}

struct peer *
peer_new(const char *const *argv)
{
	struct peer *p = calloc(1, sizeof(*p));
	int a[2], b[2];

	if (p == NULL || pipe2(a, O_CLOEXEC) != 0 || pipe2(b, O_CLOEXEC) != 0)
		die("pipe");
	p->pid = start(argv, a[0], b[1]);
	(void)close(a[0]);
	(void)close(b[1]);
	p->to = fdopen(a[1], "w");
	p->from = fdopen(b[0], "r");
	if (p->to == NULL || p->from == NULL)
		die("pipe");
	p->clock = CLOCK_MONOTONIC;
	if (cpu() && clock_getcpuclockid(p->pid, &p->clock) != 0)
		die("no clock");
	return p;
}

const char *
peer_ask(struct peer *p, const char *line, double *ret_s)
{
	double t = read_clock(p->clock);

	if (fprintf(p->to, "%s\n", line) < 0 || fflush(p->to) != 0 ||
	    getline(&p->line, &p->cap, p->from) <= 0)
		die("the shell ended");
	if (ret_s != NULL)
		*ret_s = read_clock(p->clock) - t;
	if (strncmp(p->line, "{\"error\"", 8) == 0 ||
	    (p->line[0] != '{' && p->line[0] != '[')) {
		fprintf(stderr, "%.200s\n%s", line, p->line);
		die("the shell refused");
	}
	return p->line;
}

void
peer_free(struct peer *p)
{
	(void)fclose(p->to);
	(void)fclose(p->from);
	(void)waitpid(p->pid, NULL, 0);
	free(p->line);
	free(p);
}
