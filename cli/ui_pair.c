/*
 * A name and a value: tab-separated for programs; for people in two columns,
 * long values broken at the width of the terminal.  See ui.h.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/ui.h"
#include "cli/ui_text.h"

#define NAME 28			/* columns of the names */
#define INDENT (NAME + 2)
#define ROOM_MIN 24		/* columns of the values at least */

/*
 * One line of a value, in as many lines of the terminal as it needs; returns
 * the columns of the last.
 */
static size_t
put_line(struct bytes_buf *b, const char *s, size_t len, size_t room)
{
	size_t n, shown;
	bool whole = true;

	/* a hash or an address is copied: it stays in one piece */
	for (size_t i = 0; i < len; i++)
		whole &= s[i] > ' ' && s[i] < 0x7f;
	for (;;) {
		n = whole ? len : ui_text_piece(s, len, room);
		for (shown = n; shown > 0 && n < len && s[shown - 1] == ' ';
		    shown--)
			continue;
		ui_text_isolate(s, shown, b);
		if (n == len)
			return ui_text_width(s, n);
		bytes_putf(b, "\n%*s", INDENT, "");
		s += n;
		len -= n;
	}
}

/* The value and the note behind it, for people. */
static void
put_value(struct bytes_buf *b, const char *value, const char *note)
{
	size_t columns = ui_columns(), room, n, last;

	room = columns < INDENT + ROOM_MIN ? ROOM_MIN : columns - INDENT;
	for (;; value += n + 1) {
		n = strcspn(value, "\n");
		last = put_line(b, value, n, room);
		if (value[n] == '\0')
			break;
		bytes_putf(b, "\n%*s", value[n + 1] == '\n' ? 0 : INDENT, "");
	}
	if (note == NULL)
		return;
	if (last + strlen(note) + 4 > room)
		bytes_putf(b, "\n%*s", INDENT, "");
	else
		bytes_puts(b, "  ");
	bytes_putf(b, "\xC2\xB7 %s", note);
}

/* see ui.h */
void
ui_pair_note(const char *name, const char *value, const char *note)
{
	struct bytes_buf b = { 0 }, safe = { 0 };
	bool tty = ui_terminal();
	size_t w = strlen(name);
	char *s;

	ui_text_escape(value, strlen(value), tty, &safe);
	s = bytes_str(&safe);
	bytes_puts(&b, name);
	if (!tty)
		bytes_puts(&b, "\t");
	else if (w > NAME)
		bytes_putf(&b, "\n%*s", INDENT, "");
	else
		bytes_putf(&b, "%*s", (int)(INDENT - w), "");
	if (s != NULL && tty)
		put_value(&b, s, note);
	else if (s != NULL)
		bytes_puts(&b, s);
	bytes_puts(&b, "\n");
	if (s != NULL && bytes_done(&b) == SQ_OK)
		ui_out(b.p, b.len);
	else
		ui_doc(NULL);
	bytes_free(&b);
	free(s);
}

/* see ui.h */
void
ui_pair(const char *name, const char *value)
{
	ui_pair_note(name, value, NULL);
}

/* see ui.h */
void
ui_pairf(const char *name, const char *fmt, ...)
{
	va_list ap;
	char *s = NULL;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&s, fmt, ap);
	va_end(ap);
	if (n < 0) {
		ui_doc(NULL);
		return;
	}
	ui_pair(name, s);
	free(s);
}
