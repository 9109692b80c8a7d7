#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include <histedit.h>

#include "cli/ui.h"
#include "cli/ui_edit.h"
#include "crypto/bytes.h"
#include "crypto/secret.h"

static const int ending[] = { SIGHUP, SIGINT, SIGTERM };

/* An entry holds 16 MiB; what goes on beyond that is no command. */
#define LINE_LONGEST ((size_t)32 << 20)

#define NENDING (sizeof(ending) / sizeof(ending[0]))

static struct {
	EditLine *el;
	const char *prompt;
	void (*take)(void *arg, const char *line, size_t n);
	void *arg;
	bool fresh;		/* a key was pressed that nobody heard of */
	unsigned seconds;
	enum ui_edit_got got;	/* why the last read came back empty */
	int copy[2];		/* a pipe to look ahead with; 0: none */
	sigset_t mask;		/* as it was before */
	struct sigaction old[NENDING];
} edit;

static volatile sig_atomic_t ended;

static void
on_signal(int sig)
{
	ended = sig;
}

/* see ui_edit.h */
enum ui_edit_got
ui_edit_wait(unsigned seconds)
{
	struct pollfd p = { .fd = STDIN_FILENO, .events = POLLIN };
	struct timespec t = { .tv_sec = (time_t)seconds };
	sigset_t none;
	int n;

	(void)sigemptyset(&none);
	for (;;) {
		/* signals arrive here and nowhere else: none is missed */
		n = ppoll(&p, 1, seconds > 0 ? &t : NULL, &none);
		if (ended != 0)
			return UI_EDIT_SIGNAL;
		if (n == 0)
			return UI_EDIT_IDLE;
		if (n > 0)
			return UI_EDIT_LINE;
		if (errno != EINTR)
			return UI_EDIT_END;
	}
}

/* One byte of standard input, waited for. */
static bool
byte(unsigned char *ret)
{
	edit.got = ui_edit_wait(edit.seconds);
	if (edit.got != UI_EDIT_LINE)
		return false;
	if (read(STDIN_FILENO, ret, 1) == 1)
		return true;
	edit.got = UI_EDIT_END;
	return false;
}

/* If the hand rests, tell what it has typed. */
static void
tell(EditLine *el)
{
	struct pollfd p = { .fd = STDIN_FILENO, .events = POLLIN };
	const LineInfo *l;

	if (edit.take == NULL || !edit.fresh || poll(&p, 1, 0) != 0)
		return;
	edit.fresh = false;
	l = el_line(el);
	edit.take(edit.arg, l->buffer, (size_t)(l->lastchar - l->buffer));
}

/* One character for libedit. */
static int
character(EditLine *el, wchar_t *ret)
{
	mbstate_t state;
	unsigned char c;
	char one;
	size_t n = (size_t)-2;

	tell(el);
	edit.fresh = true;
	memset(&state, 0, sizeof(state));
	while (n == (size_t)-2) {
		if (!byte(&c))
			return 0;
		one = (char)c;
		n = mbrtowc(ret, &one, 1, &state);
	}
	if (n == (size_t)-1)
		*ret = L'?';
	return 1;
}

static char *
get_prompt(EditLine *el)
{
	static char text[256];

	(void)el;
	(void)snprintf(text, sizeof(text), "%s", edit.prompt);
	return text;
}

/* see ui_edit.h */
void
ui_edit_begin(const char *prog)
{
	struct sigaction sa = { .sa_handler = on_signal };
	sigset_t hold;

	ended = 0;
	edit.got = UI_EDIT_LINE;
	(void)sigemptyset(&sa.sa_mask);
	(void)sigemptyset(&hold);
	for (size_t i = 0; i < NENDING; i++) {
		(void)sigaddset(&hold, ending[i]);
		(void)sigaction(ending[i], &sa, &edit.old[i]);
	}
	(void)sigprocmask(SIG_BLOCK, &hold, &edit.mask);
	if (isatty(STDIN_FILENO) != 1 && pipe2(edit.copy, O_CLOEXEC) != 0)
		edit.copy[0] = edit.copy[1] = 0;
	if (isatty(STDIN_FILENO) != 1 || isatty(STDERR_FILENO) != 1)
		return;
	edit.prompt = "";
	if ((edit.el = el_init(prog, stdin, stderr, stderr)) == NULL)
		return;
	(void)el_set(edit.el, EL_EDITOR, "emacs");
	(void)el_set(edit.el, EL_PROMPT, get_prompt);
	(void)el_set(edit.el, EL_GETCFN, character);
}

/* see ui_edit.h */
void
ui_edit_end(void)
{
	if (edit.el != NULL)
		el_end(edit.el);
	edit.el = NULL;
	if (edit.copy[1] != 0) {
		(void)close(edit.copy[0]);
		(void)close(edit.copy[1]);
	}
	edit.copy[0] = edit.copy[1] = 0;
	for (size_t i = 0; i < NENDING; i++)
		(void)sigaction(ending[i], &edit.old[i], NULL);
	(void)sigprocmask(SIG_SETMASK, &edit.mask, NULL);
}

/* Look at what comes next, of a pipe or a file, without taking it. */
static size_t
peek(unsigned char *p, size_t cap)
{
	off_t at = lseek(STDIN_FILENO, 0, SEEK_CUR);
	ssize_t n;

	if (at >= 0)
		n = pread(STDIN_FILENO, p, cap, at);
	else if (edit.copy[1] != 0 && (n = tee(STDIN_FILENO, edit.copy[1],
	    cap, SPLICE_F_NONBLOCK)) > 0)
		n = read(edit.copy[0], p, (size_t)n);
	else
		n = 0;
	return n < 0 ? 0 : (size_t)n;
}

/* Take what is there of the line, up to its end. */
static bool
piece(struct bytes_buf *b, bool *ret_end)
{
	unsigned char buf[4096];
	const unsigned char *nl;
	size_t n, want;
	bool ok = false;

	edit.got = ui_edit_wait(edit.seconds);
	if (edit.got != UI_EDIT_LINE)
		return false;
	if ((n = peek(buf, sizeof(buf))) == 0)
		n = 1;
	else if ((nl = memchr(buf, '\n', n)) != NULL)
		n = (size_t)(nl - buf) + 1;
	for (want = n; want > 0; want -= n) {
		ssize_t got = read(STDIN_FILENO, buf, want);

		if (got <= 0) {
			edit.got = UI_EDIT_END;
			goto out;
		}
		n = (size_t)got;
		*ret_end = buf[n - 1] == '\n';
		bytes_put(b, buf, n - *ret_end);
	}
	ok = true;
out:
	secret_wipe(buf, sizeof(buf));
	return ok;
}

/* A line and not a byte more, so that a command may read what comes after. */
static char *
plain(void)
{
	struct bytes_buf b = { 0 };
	bool end = false;

	while (!end && piece(&b, &end))
		if (b.len > LINE_LONGEST) {
			edit.got = UI_EDIT_END;
			bytes_free(&b);
			return NULL;
		}
	if (edit.got == UI_EDIT_END && b.len > 0)
		edit.got = UI_EDIT_LINE;
	if (edit.got != UI_EDIT_LINE) {
		bytes_free(&b);
		return NULL;
	}
	return bytes_str(&b);
}

/* see ui_edit.h */
void
ui_edit_typed(void (*take)(void *arg, const char *line, size_t n), void *arg)
{
	edit.take = take;
	edit.arg = arg;
	edit.fresh = false;
}

/* see ui_edit.h */
void
ui_edit_start(const char *text)
{
	if (edit.el != NULL)
		el_push(edit.el, text);
}

/* see ui_edit.h */
enum ui_edit_got
ui_edit_line(const char *prompt, unsigned seconds, char **ret)
{
	const char *s;
	int n = 0;

	edit.prompt = prompt;
	edit.seconds = seconds;
	if (edit.el == NULL) {
		*ret = plain();
		if (*ret == NULL && edit.got == UI_EDIT_LINE)
			edit.got = UI_EDIT_END;
		return edit.got;
	}
	s = el_gets(edit.el, &n);
	if (s == NULL || n <= 0) {
		*ret = NULL;
		if (edit.got == UI_EDIT_LINE)
			edit.got = UI_EDIT_END;
		return edit.got;
	}
	*ret = strndup(s, strcspn(s, "\n"));
	return *ret == NULL ? UI_EDIT_END : UI_EDIT_LINE;
}
