#include <stdlib.h>
#include <string.h>

#include "cli/ui.h"
#include "cli/ui_table.h"
#include "cli/ui_text.h"

#define GAP 2			/* columns between two cells */
#define NARROW 12		/* the wide column is never cut below */

struct ui_table {
	size_t n, wide;
	bool aligned;
	size_t width[UI_TABLE_MAX];
	char **cell;		/* escaped, row after row */
	size_t cells, cap;
};

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

/* One aligned row; ${*b} is a buffer to build it in. */
static void
row(const struct ui_table *t, char *const *cell, struct bytes_buf *b)
{
	size_t n, w;

	for (size_t i = 0; i < t->n; i++) {
		n = strlen(cell[i]);
		w = ui_text_width(cell[i], n);
		if (w > t->width[i]) {
			n = ui_text_cut(cell[i], n, t->width[i] - 1);
			w = ui_text_width(cell[i], n) + 1;
			bytes_put(b, cell[i], n);
			bytes_puts(b, "…");
		} else
			bytes_put(b, cell[i], n);
		for (; i + 1 < t->n && w < t->width[i] + GAP; w++)
			bytes_puts(b, " ");
	}
	bytes_puts(b, "\n");
}

/* see ui_table.h */
void
ui_table_end(struct ui_table *t)
{
	struct bytes_buf b = { 0 };
	size_t sum = 0, room = ui_columns();

	if (t == NULL)
		return;
	for (size_t i = 0; i < t->n; i++)
		sum += t->width[i] + (i > 0 ? GAP : 0);
	if (sum > room) {
		sum -= t->width[t->wide];
		t->width[t->wide] = room > sum + NARROW ? room - sum : NARROW;
	}
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
