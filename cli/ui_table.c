#include <stdlib.h>
#include <string.h>

#include "cli/ui.h"
#include "cli/ui_table.h"
#include "cli/ui_text.h"

#define GAP 2			/* columns between two cells */
#define NARROW 18		/* the wide column is never cut below */

struct ui_table {
	size_t n, wide;
	bool aligned, wrap;
	size_t width[UI_TABLE_MAX];
	char **cell;		/* escaped, row after row */
	size_t cells, cap;
};

/*
 * Marks stand in kept cells as these two bytes, which no escaped text holds,
 * and become escape codes on the way out.
 */
#define MARK_ON 0x0eu
#define MARK_OFF 0x0fu

/* Keep a cell for later, escaped. */
static bool
keep(struct ui_table *t, size_t col, const char *text)
{
	struct bytes_buf b = { 0 };
	size_t cap, w;
	char **grown;

	if (t->cells == t->cap) {
		cap = t->cap == 0 ? 64 : 2 * t->cap;
		grown = realloc(t->cell, cap * sizeof(*grown));
		if (grown == NULL)
			return false;
		t->cell = grown;
		t->cap = cap;
	}
	if (text != NULL)
		ui_text_escape(text, strlen(text), false, &b);
	if ((t->cell[t->cells] = bytes_str(&b)) == NULL)
		return false;
	w = ui_text_width(t->cell[t->cells], strlen(t->cell[t->cells]));
	if (w > t->width[col])
		t->width[col] = w;
	t->cells++;
	return true;
}

/* see ui_table.h */
struct ui_table *
ui_table_new(size_t n, const char *const *head, size_t wide)
{
	struct ui_table *t = calloc(1, sizeof(*t));

	if (t == NULL || n > UI_TABLE_MAX) {
		free(t);
		return NULL;
	}
	t->n = n;
	t->wide = wide;
	t->aligned = ui_terminal();
	if (t->aligned)
		ui_table_row(t, head);
	return t;
}

/* see ui_table.h */
void
ui_table_wrap(struct ui_table *t)
{
	if (t != NULL)
		t->wrap = true;
}

/* A text with its marks; escaped, but for them. */
static char *
marked(const char *s, const unsigned (*mark)[2], size_t n)
{
	struct bytes_buf b = { 0 };
	size_t k = 0, len;
	unsigned at = 0;

	for (; *s != '\0'; s += len, at++) {
		for (len = 1; ((unsigned char)s[len] & 0xc0) == 0x80; len++)
			continue;
		if (k < n && at == mark[k][0])
			bytes_put_u8(&b, MARK_ON);
		ui_text_escape(s, len, false, &b);
		if (k < n && at + 1 == mark[k][0] + mark[k][1]) {
			bytes_put_u8(&b, MARK_OFF);
			k++;
		}
	}
	return bytes_str(&b);
}

/* see ui_table.h */
void
ui_table_marked(struct ui_table *t, const char *const *cell, size_t col,
    const unsigned (*mark)[2], size_t n)
{
	char **at, *text;

	ui_table_row(t, cell);
	if (t == NULL || !t->aligned || t->cells < t->n)
		return;
	at = &t->cell[t->cells - t->n + col];
	if ((text = marked(cell[col], mark, n)) == NULL) {
		ui_doc(NULL);
		return;
	}
	free(*at);
	*at = text;
}

/* A line on its way out: marks as escape codes, none left open. */
static void
unmark(struct bytes_buf *line, struct bytes_buf *out)
{
	bool on = false;

	for (size_t i = 0; i < line->len; i++) {
		uint8_t c = line->p[i];

		if (c == MARK_ON || (c == MARK_OFF && on)) {
			on = c == MARK_ON;
			bytes_puts(out, on ? "\x1b[1m" : "\x1b[22m");
		} else if (c != MARK_OFF)
			bytes_put_u8(out, c);
	}
	if (on)
		bytes_puts(out, "\x1b[22m");
}

/* see ui_table.h */
void
ui_table_row(struct ui_table *t, const char *const *cell)
{
	struct bytes_buf b = { 0 };

	if (t == NULL)
		return;
	if (t->aligned) {
		for (size_t i = 0; i < t->n; i++)
			if (!keep(t, i, cell[i]))
				ui_doc(NULL);
		return;
	}
	for (size_t i = 0; i < t->n; i++) {
		if (i > 0)
			bytes_puts(&b, "\t");
		if (cell[i] != NULL)
			ui_text_escape(cell[i], strlen(cell[i]), false, &b);
	}
	bytes_puts(&b, "\n");
	if (bytes_done(&b) == SQ_OK)
		ui_out(b.p, b.len);
	else
		ui_doc(NULL);
	bytes_free(&b);
}

/* One cell of one line; what did not fit stays in ${*s}. */
static void
cell_line(const struct ui_table *t, size_t col, const char **s,
    struct bytes_buf *b)
{
	size_t len = strlen(*s), n = len, w = ui_text_width(*s, len);

	if (w > t->width[col] && t->wrap) {
		n = ui_text_piece(*s, len, t->width[col]);
		w = ui_text_width(*s, n);
		ui_text_isolate(*s, n, b);
	} else if (w > t->width[col]) {
		n = ui_text_cut(*s, len, t->width[col] - 1);
		w = ui_text_width(*s, n) + 1;
		ui_text_isolate(*s, n, b);
		bytes_puts(b, "…");
		/* what is cut within a mark ends it */
		bytes_put_u8(b, MARK_OFF);
		n = len;
	} else
		ui_text_isolate(*s, len, b);
	*s += n;
	for (; col + 1 < t->n && w < t->width[col] + GAP; w++)
		bytes_puts(b, " ");
}

/* One aligned row, of as many lines as its longest cell needs. */
static void
row(const struct ui_table *t, char *const *cell, struct bytes_buf *b)
{
	const char *left[UI_TABLE_MAX];
	struct bytes_buf line = { 0 };
	bool more = true;

	for (size_t i = 0; i < t->n; i++)
		left[i] = cell[i];
	while (more) {
		more = false;
		for (size_t i = 0; i < t->n; i++) {
			cell_line(t, i, &left[i], &line);
			more |= *left[i] != '\0';
		}
		while (line.len > 0 && line.p[line.len - 1] == ' ')
			line.len--;
		unmark(&line, b);
		bytes_puts(b, "\n");
		line.len = 0;
	}
	b->bad = b->bad || line.bad;
	bytes_free(&line);
}

/*
 * Make it fit: no column but the wide one takes more than a third, and the
 * wide one takes what is left.
 */
static void
fit(struct ui_table *t, size_t room)
{
	size_t sum = 0;

	for (size_t i = 0; i < t->n; i++)
		sum += t->width[i] + (i > 0 ? GAP : 0);
	if (sum <= room)
		return;
	for (size_t i = 0; i < t->n; i++) {
		if (i == t->wide || t->width[i] <= room / 3 ||
		    t->width[i] <= NARROW)
			continue;
		sum -= t->width[i];
		t->width[i] = room / 3 > NARROW ? room / 3 : NARROW;
		sum += t->width[i];
	}
	sum -= t->width[t->wide];
	if (room < sum + NARROW)
		t->width[t->wide] = NARROW;
	else if (t->width[t->wide] > room - sum)
		t->width[t->wide] = room - sum;
}

/* see ui_table.h */
void
ui_table_end(struct ui_table *t)
{
	struct bytes_buf b = { 0 };

	if (t == NULL)
		return;
	fit(t, ui_columns());
	/* a header alone says nothing */
	for (size_t i = 0; t->cells > t->n && i + t->n <= t->cells; i += t->n)
		row(t, t->cell + i, &b);
	if (bytes_done(&b) == SQ_OK)
		ui_out(b.p, b.len);
	else
		ui_doc(NULL);
	bytes_free(&b);
	for (size_t i = 0; i < t->cells; i++)
		free(t->cell[i]);
	free(t->cell);
	free(t);
}
