#include <errno.h>
#include <inttypes.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/ui.h"
#include "cli/ui_text.h"
#include "crypto/secret.h"

static struct {
	const char *prog;
	bool json, quiet;
	bool out_tty, err_tty;
	bool nomem;		/* something could not be built */
	bool armed, shown;	/* progress: alarm set; a line stands there */
	uint64_t seconds;	/* since the first progress of a command */
} ui;

static volatile sig_atomic_t ticked;

/* What waits to be written; wiped as soon as it was. */
static char waiting[16384];

static void
no_memory(void)
{
	ui_fail(err_exit(SQ_ENOMEM), "there is not enough memory; what was "
	    "acknowledged is saved, and nothing else was done");
}

/* see ui.h */
void
ui_init(const char *prog)
{
	ui.prog = prog;
	ui.out_tty = isatty(STDOUT_FILENO) == 1;
	(void)setvbuf(stdout, waiting, ui.out_tty ? _IOLBF : _IOFBF,
	    sizeof(waiting));
	ui.err_tty = isatty(STDERR_FILENO) == 1;
	if (setlocale(LC_CTYPE, "") == NULL ||
	    strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		(void)setlocale(LC_CTYPE, "C.UTF-8");
	/* a reader that goes away is an error to report, not a death */
	(void)signal(SIGPIPE, SIG_IGN);
	err_on_no_memory(no_memory);
}

/* see ui.h */
void
ui_mode(bool json, bool quiet)
{
	ui.json = json;
	ui.quiet = quiet;
}

/* see ui.h */
bool
ui_json(void)
{
	return ui.json;
}

/* see ui.h */
bool
ui_terminal(void)
{
	return ui.out_tty && !ui.json;
}

/* see ui.h */
bool
ui_person(void)
{
	return ui.err_tty && !ui.quiet;
}

/* see ui.h */
size_t
ui_columns(void)
{
	struct winsize w;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) != 0 || w.ws_col == 0)
		return 80;
	return w.ws_col;
}

/* Take back a line of progress, so that what follows stands alone. */
static void
clear_progress(void)
{
	if (ui.shown)
		(void)fputs("\r\x1b[K", stderr);
	ui.shown = false;
}

/* see ui.h */
void
ui_out(const void *p, size_t n)
{
	clear_progress();
	if (n > 0)
		(void)fwrite(p, 1, n, stdout);
}

/* Format and escape; ${head} is put before. */
static void
speak(FILE *to, const char *head, const char *end, const char *fmt,
    va_list ap)
{
	struct bytes_buf b = { 0 };
	char *s = NULL;

	clear_progress();
	if (vasprintf(&s, fmt, ap) < 0) {
		ui.nomem = true;
		return;
	}
	bytes_puts(&b, head);
	ui_text_escape(s, strlen(s), false, &b);
	bytes_puts(&b, end);
	if (bytes_done(&b) == SQ_OK)
		(void)fwrite(b.p, 1, b.len, to);
	else
		ui.nomem = true;
	bytes_free(&b);
	free(s);
}

/* see ui.h */
void
ui_line(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	speak(stdout, "", "\n", fmt, ap);
	va_end(ap);
}

/* see ui.h */
void
ui_text(const void *p, size_t n)
{
	struct bytes_buf b = { 0 };

	ui_text_escape(p, n, true, &b);
	if (bytes_done(&b) == SQ_OK)
		ui_out(b.p, b.len);
	else
		ui.nomem = true;
	bytes_free(&b);
}

/* Write a document, compact, to ${to}. */
static void
put_doc(FILE *to, json_t *doc)
{
	struct bytes_buf b = { 0 };
	char *s = doc == NULL ? NULL : json_dumps(doc, JSON_COMPACT);

	json_decref(doc);
	clear_progress();
	if (s != NULL)
		ui_text_json(s, strlen(s), &b);
	bytes_puts(&b, "\n");
	if (s == NULL || bytes_done(&b) != SQ_OK)
		ui.nomem = true;
	else
		(void)fwrite(b.p, 1, b.len, to);
	bytes_free(&b);
	free(s);
}

/* see ui.h */
void
ui_doc(json_t *doc)
{
	if (doc == NULL)
		ui.nomem = true;
	else
		put_doc(stdout, doc);
}

/* see ui.h */
json_t *
ui_str(const char *s)
{
	struct bytes_buf b = { 0 };
	json_t *j;
	char *t;

	if (s == NULL)
		return json_null();
	if ((j = json_string(s)) != NULL)
		return j;
	ui_text_escape(s, strlen(s), true, &b);
	t = bytes_str(&b);
	j = t == NULL ? NULL : json_string(t);
	free(t);
	return j;
}

/* see ui.h */
json_t *
ui_num(uint64_t n)
{
	return json_integer(n > INT64_MAX ? INT64_MAX : (json_int_t)n);
}

/* see ui.h */
const char *
ui_many(uint64_t n, const char *one, const char *more)
{
	return n == 1 ? one : more;
}

/* see ui.h */
void
ui_note(const char *fmt, ...)
{
	va_list ap;

	if (ui.quiet)
		return;
	va_start(ap, fmt);
	speak(stderr, "", "\n", fmt, ap);
	va_end(ap);
}

/* see ui.h */
void
ui_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	speak(stderr, "WARNING: ", "\n", fmt, ap);
	va_end(ap);
}

/* see ui.h */
void
ui_ask(const char *fmt, ...)
{
	va_list ap;

	(void)fflush(stdout);
	va_start(ap, fmt);
	speak(stderr, "", "", fmt, ap);
	va_end(ap);
	(void)fflush(stderr);
}

/* see ui.h */
void
ui_fail(int code, const char *text)
{
	struct bytes_buf b = { 0 };

	/* the two streams keep their order where they meet */
	(void)fflush(stdout);
	if (ui.json) {
		put_doc(stderr, json_pack("{s:{s:i,s:o}}", "error", "exit",
		    code, "message", ui_str(text)));
		return;
	}
	clear_progress();
	bytes_putf(&b, "%s: ", ui.prog);
	ui_text_escape(text, strlen(text), false, &b);
	bytes_puts(&b, "\n");
	if (bytes_done(&b) == SQ_OK)
		(void)fwrite(b.p, 1, b.len, stderr);
	bytes_free(&b);
}

static void
tick(int sig)
{
	(void)sig;
	ticked = 1;
}

/* Is it time for a line of progress? */
static bool
due(void)
{
	struct sigaction sa = { .sa_handler = tick, .sa_flags = SA_RESTART };

	if (!ui.err_tty || ui.json || ui.quiet)
		return false;
	if (!ui.armed) {
		ticked = 0;
		ui.seconds = 0;
		(void)sigaction(SIGALRM, &sa, NULL);
		(void)alarm(1);
		ui.armed = true;
	}
	if (!ticked)
		return false;
	ticked = 0;
	ui.seconds++;
	(void)alarm(1);
	return true;
}

/* see ui.h */
void
ui_progress(void *arg, uint64_t done, uint64_t of)
{
	const char *what = arg;

	if (!due())
		return;
	if (of > 0)
		(void)fprintf(stderr, "\r%s %.0f %%\x1b[K", what,
		    100.0 * (double)done / (double)of);
	else
		(void)fprintf(stderr, "\r%s %" PRIu64 "\x1b[K", what, done);
	(void)fflush(stderr);
	ui.shown = true;
}

/* "0:12" of what is left at this rate. */
static void
left(char out[24], uint64_t done, uint64_t of, double rate)
{
	double s = of > done && rate > 0 ? (double)(of - done) / rate : 0;
	unsigned n = s < 1e7 ? (unsigned)(s + 0.5) : 0;

	(void)snprintf(out, 24, "%u:%02u", n / 60, n % 60);
}

/* see ui.h */
void
ui_transfer(const struct ui_transfer *t)
{
	struct bytes_buf b = { 0 };
	char one[24], all[24];
	double rate;
	size_t n;

	if (!due())
		return;
	rate = (double)t->all_done / (double)ui.seconds;
	left(one, t->done, t->of, rate);
	left(all, t->all_done, t->all_of, rate);
	ui_text_escape(t->name, strlen(t->name), false, &b);
	n = bytes_done(&b) == SQ_OK ? ui_text_cut(b.p, b.len, 30) : 0;
	(void)fprintf(stderr, "\r%.*s %.1f of %.1f MB, %.0f MB/s, %s left",
	    (int)n, n > 0 ? (const char *)b.p : "", (double)t->done / 1e6,
	    (double)t->of / 1e6, rate / 1e6, one);
	if (t->files > 1)
		(void)fprintf(stderr, "; %" PRIu64 " of %" PRIu64 ", %.0f %%, "
		    "%s left", t->file, t->files, t->all_of == 0 ? 100.0 :
		    100.0 * (double)t->all_done / (double)t->all_of, all);
	(void)fputs("\x1b[K", stderr);
	(void)fflush(stderr);
	ui.shown = true;
	bytes_free(&b);
}

/* see ui.h */
enum sq_err
ui_bytes(const void *p, size_t n)
{
	clear_progress();
	errno = 0;
	if (fwrite(p, 1, n, stdout) == n && fflush(stdout) == 0)
		return SQ_OK;
	return errno == EPIPE ? SQ_EREFUSED : SQ_EIO;
}

/* see ui.h */
void
ui_erase(void)
{
	clear_progress();
	if (ui.out_tty && !ui_json())
		(void)fputs("\x1b[H\x1b[2J\x1b[3J", stdout);
	(void)fflush(stdout);
}

/* see ui.h */
enum sq_err
ui_flush(struct why *why)
{
	bool nomem = ui.nomem;

	clear_progress();
	if (ui.armed)
		(void)alarm(0);
	ui.armed = false;
	ui.nomem = false;
	errno = 0;
	if (fflush(stdout) != 0 || ferror(stdout) != 0)
		return err_why(why, SQ_EIO, "the output could not be written%s"
		    "%s", errno != 0 ? ": " : "",
		    errno != 0 ? strerror(errno) : "");
	secret_wipe(waiting, sizeof(waiting));
	if (nomem)
		return err_why(why, SQ_ENOMEM, "out of memory for the output");
	return SQ_OK;
}

/* see ui.h */
enum sq_err
ui_close(struct why *why)
{
	enum sq_err e = ui_flush(why);

	if (fclose(stdout) != 0 && e == SQ_OK)
		e = err_why(why, SQ_EIO, "the output could not be written: %s",
		    strerror(errno));
	return e;
}
