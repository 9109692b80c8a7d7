#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "cli/pass.h"

#define TTY "/dev/tty"
#define LINE 1024		/* bytes of a passphrase */
#define REPEATS 5		/* of a new passphrase that was mistyped */

static const int signals[] = { SIGALRM, SIGHUP, SIGINT, SIGPIPE, SIGQUIT,
    SIGTERM, SIGTSTP, SIGTTIN, SIGTTOU };

#define NSIGNALS (sizeof(signals) / sizeof(signals[0]))

static volatile sig_atomic_t caught;

static void
on_signal(int sig)
{
	caught = sig;
}

static int
open_tty(void)
{
	return open(TTY, O_RDWR | O_NOCTTY | O_CLOEXEC);
}

/* see pass.h */
bool
pass_terminal(void)
{
	int fd = open_tty();

	if (fd < 0)
		return false;
	(void)close(fd);
	return true;
}

/* Write all of it; a terminal that is gone shows at the next read. */
static void
put(int fd, const void *text, size_t n)
{
	const char *p = text;
	ssize_t got;

	while (n > 0) {
		got = write(fd, p, n);
		if (got < 0 && errno == EINTR && caught == 0)
			continue;
		if (got <= 0)
			return;
		p += got;
		n -= (size_t)got;
	}
}

/*
 * Bytes up to the end of the line into ${s}.  SQ_ECANNOT: a signal came in
 * between; what was typed until then is lost.
 */
static enum sq_err
collect(int fd, struct secret *s, size_t *ret_n)
{
	uint8_t *p = secret_bytes(s);
	size_t n = 0;
	ssize_t got;
	uint8_t c = 0;
	enum sq_err e = SQ_OK;

	for (;;) {
		got = read(fd, &c, 1);
		if (got < 0 && errno == EINTR && caught == 0)
			continue;
		if (got < 0) {
			e = caught != 0 ? SQ_ECANNOT : SQ_EIO;
			break;
		}
		if (got == 0 || c == '\n' || c == '\r')
			break;
		if (n < secret_len(s))
			p[n] = c;
		n++;
	}
	secret_wipe(&c, sizeof(c));
	*ret_n = n;
	if (e == SQ_OK && n > secret_len(s))
		e = SQ_ELIMIT;
	return e;
}

/* One attempt: echo off, signals held, a line, everything as it was. */
static enum sq_err
attempt(int fd, const char *prompt, bool echo, struct secret *s,
    size_t *ret_n)
{
	struct sigaction sa = { .sa_handler = on_signal }, old[NSIGNALS];
	struct termios before, silent;
	sigset_t listen, mask;
	enum sq_err e;

	(void)sigemptyset(&sa.sa_mask);
	(void)sigemptyset(&listen);
	caught = 0;
	for (size_t i = 0; i < NSIGNALS; i++) {
		(void)sigaction(signals[i], &sa, &old[i]);
		(void)sigaddset(&listen, signals[i]);
	}
	/* the shell holds some of them back */
	(void)sigprocmask(SIG_UNBLOCK, &listen, &mask);
	if (tcgetattr(fd, &before) != 0) {
		e = SQ_EIO;
		goto out;
	}
	silent = before;
	silent.c_lflag |= ICANON;
	if (!echo)
		silent.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
	/* what was typed ahead was not meant for this prompt */
	(void)tcsetattr(fd, TCSAFLUSH, &silent);
	put(fd, prompt, strlen(prompt));
	e = collect(fd, s, ret_n);
	if (!echo)
		put(fd, "\n", 1);
	(void)tcsetattr(fd, TCSAFLUSH, &before);
out:
	(void)sigprocmask(SIG_SETMASK, &mask, NULL);
	for (size_t i = 0; i < NSIGNALS; i++)
		(void)sigaction(signals[i], &old[i], NULL);
	return e;
}

/* A line, asked again after the program was stopped and continued. */
static enum sq_err
line(const char *prompt, bool echo, struct secret **ret, struct why *why)
{
	struct secret *s = NULL;
	size_t n = 0;
	int fd = open_tty(), sig;
	enum sq_err e;

	if (fd < 0)
		return err_why(why, SQ_EUSAGE, "there is no terminal to ask "
		    "at");
	if ((e = secret_new(LINE, &s)) != SQ_OK)
		goto out;
	do {
		e = attempt(fd, prompt, echo, s, &n);
		if ((sig = caught) != 0)
			(void)raise(sig);
	} while (e == SQ_ECANNOT && (sig == SIGTSTP || sig == SIGTTIN ||
	    sig == SIGTTOU));
	if (e == SQ_ECANNOT)
		e = err_why(why, SQ_EREFUSED, "interrupted");
	else if (e == SQ_ELIMIT)
		e = err_why(why, SQ_EREFUSED, "longer than %d bytes", LINE);
	else if (e == SQ_EIO)
		(void)err_why(why, e, "the terminal could not be read");
	if (e != SQ_OK)
		goto out;
	if (n > 0) {
		secret_shorten(s, n);
		*ret = s;
		s = NULL;	/* transferred */
	} else
		*ret = NULL;
out:
	secret_free(s);
	(void)close(fd);
	return e;
}

/* see pass.h */
enum sq_err
pass_typed(const char *prompt, struct secret **ret, struct why *why)
{
	return line(prompt, true, ret, why);
}

/* see pass.h */
enum sq_err
pass_read(const char *prompt, struct secret **ret, struct why *why)
{
	struct secret *s = NULL;
	enum sq_err e = line(prompt, false, &s, why);

	if (e == SQ_OK && s == NULL)
		return err_why(why, SQ_EUSAGE, "no passphrase was typed");
	if (e == SQ_OK)
		*ret = s;
	return e;
}

/* see pass.h */
enum sq_err
pass_new(const char *what, struct secret **ret, struct why *why)
{
	struct secret *a = NULL, *b = NULL;
	char prompt[160];
	enum sq_err e = SQ_OK;

	for (int i = 0; i < REPEATS; i++) {
		(void)snprintf(prompt, sizeof(prompt), "%sNew passphrase for "
		    "%s: ", i > 0 ? "These were not the same. " : "", what);
		if ((e = pass_read(prompt, &a, why)) != SQ_OK)
			goto out;
		e = pass_read("The same once more: ", &b, why);
		if (e != SQ_OK && e != SQ_EUSAGE)
			goto out;
		if (e == SQ_OK && secret_eq(a, b)) {
			*ret = a;
			a = NULL;	/* transferred */
			goto out;
		}
		secret_free(a);
		secret_free(b);
		a = b = NULL;
	}
	e = err_why(why, SQ_EREFUSED, "the two were never the same");
out:
	secret_free(a);
	secret_free(b);
	return e;
}

/* see pass.h */
enum sq_err
pass_show(const char *head, const struct secret *s, struct why *why)
{
	int fd = open_tty();

	if (fd < 0)
		return err_why(why, SQ_EUSAGE, "there is no terminal to show "
		    "this on");
	caught = 0;
	put(fd, head, strlen(head));
	put(fd, secret_cbytes(s), secret_len(s));
	put(fd, "\n", 1);
	(void)close(fd);
	return SQ_OK;
}

/* see pass.h */
bool
pass_yes(const char *question)
{
	struct secret *s = NULL;
	bool yes;

	if (pass_typed(question, &s, NULL) != SQ_OK || s == NULL)
		return false;
	yes = secret_cbytes(s)[0] == 'y' || secret_cbytes(s)[0] == 'Y';
	secret_free(s);
	return yes;
}
