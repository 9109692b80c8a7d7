/*
 * Rows: tab-separated without a header, or an aligned table when standard
 * output is a terminal.
 */
#ifndef SQ_CLI_UI_TABLE_H
#define SQ_CLI_UI_TABLE_H

#include <stddef.h>

#define UI_TABLE_MAX 10		/* columns */

struct ui_table;

/**
 * ui_table_new(n, head, wide):
 * Begin a table of ${n} columns with these titles (seen on a terminal only).
 * Column ${wide} is cut when a row would not fit the terminal, and each other
 * to a third of it.  NULL when memory runs out; the other functions then do
 * nothing.
 */
struct ui_table *ui_table_new(size_t n, const char *const *head,
    size_t wide);

/**
 * ui_table_wrap(t):
 * Let what does not fit go on in the next line instead of cutting it, where
 * every word counts.
 */
void ui_table_wrap(struct ui_table *t);

/** ui_table_row(t, cell): a row of as many cells; NULL is an empty one. */
void ui_table_row(struct ui_table *t, const char *const *cell);

/**
 * ui_table_marked(t, cell, col, mark, n):
 * A row with parts of one cell set off on a terminal: ${mark} is where each
 * begins and how long it is, in characters, in order.
 */
void ui_table_marked(struct ui_table *t, const char *const *cell, size_t col,
    const unsigned (*mark)[2], size_t n);

/** ui_table_end(t): print what was kept back and free; NULL is fine. */
void ui_table_end(struct ui_table *t);

#endif
