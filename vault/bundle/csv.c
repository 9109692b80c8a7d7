#include <string.h>

#include "vault/bundle/csv.h"

enum { START, PLAIN, QUOTED, QUOTE };	/* where in a cell the reader is */

/* True if a spreadsheet would compute the cell instead of showing it. */
static bool
formula(const char *s)
{
	/* = + - @ in their full-width forms, which some programs accept */
	static const char *const wide[] = { "\xEF\xBC\x9D", "\xEF\xBC\x8B",
	    "\xEF\xBC\x8D", "\xEF\xBC\xA0" };

	if (s[0] != '\0' && strchr("=+-@\t\r\n|%", s[0]) != NULL)
		return true;
	for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
		if (strncmp(s, wide[i], 3) == 0)
			return true;
	return false;
}

/* see csv.h */
void
csv_cell(struct bytes_buf *out, const char *s)
{
	bool quote;
	size_t n;

	if (s == NULL || *s == '\0')
		return;
	n = strlen(s);
	quote = strpbrk(s, ",\"\r\n\t;") != NULL || s[0] == ' ' ||
	    s[n - 1] == ' ' || formula(s);
	if (quote)
		bytes_puts(out, "\"");
	if (formula(s))
		bytes_puts(out, "'");
	for (; *s != '\0'; s++) {
		if (*s == '"')
			bytes_puts(out, "\"");
		bytes_put(out, s, 1);
	}
	if (quote)
		bytes_puts(out, "\"");
}

/* see csv.h */
void
csv_row(struct bytes_buf *out, const char *const *cells, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			bytes_puts(out, ",");
		csv_cell(out, cells[i]);
	}
	bytes_puts(out, "\n");
}

/* see csv.h */
void
csv_read_init(struct csv_reader *r, csv_row_fn *row, void *arg)
{
	memset(r, 0, sizeof(*r));
	r->row = row;
	r->arg = arg;
}

/* End the present cell. */
static enum sq_err
cell_end(struct csv_reader *r)
{
	if (r->n == CSV_CELLS_MAX - 1)
		return SQ_ELIMIT;
	bytes_put_u8(&r->text, 0);
	r->start[++r->n] = r->text.len;
	r->state = START;
	return bytes_done(&r->text);
}

/* End the present row: hand it over and begin anew. */
static enum sq_err
row_end(struct csv_reader *r)
{
	char *cell[CSV_CELLS_MAX];
	enum sq_err e;

	if ((e = cell_end(r)) != SQ_OK)
		return e;
	for (size_t i = 0; i < r->n; i++)
		cell[i] = (char *)r->text.p + r->start[i];
	e = r->row(r->arg, cell, r->n);
	r->text.len = 0;
	r->n = 0;
	return e;
}

/* One byte more. */
static enum sq_err
take(struct csv_reader *r, char c)
{
	if (c == '\0' || r->text.len > CSV_ROW_MAX)
		return c == '\0' ? SQ_EFORMAT : SQ_ELIMIT;
	if (r->state == QUOTED) {
		if (c == '"')
			r->state = QUOTE;
		else
			bytes_put(&r->text, &c, 1);
		return bytes_done(&r->text);
	}
	if (c == ',')
		return cell_end(r);
	if (c == '\n')
		return row_end(r);
	if (c == '"' && r->state != PLAIN) {
		if (r->state == QUOTE)
			bytes_put(&r->text, &c, 1);
		r->state = QUOTED;
		return bytes_done(&r->text);
	}
	if (c == '"' || c == '\r' || r->state == QUOTE)
		return SQ_EFORMAT;
	r->state = PLAIN;
	bytes_put(&r->text, &c, 1);
	return bytes_done(&r->text);
}

/* see csv.h */
enum sq_err
csv_read_add(struct csv_reader *r, const void *p, size_t n)
{
	const char *s = p;
	enum sq_err e = SQ_OK;

	for (size_t i = 0; i < n && e == SQ_OK; i++)
		e = take(r, s[i]);
	return e;
}

/* see csv.h */
enum sq_err
csv_read_end(struct csv_reader *r)
{
	return r->state == START && r->n == 0 && r->text.len == 0 ? SQ_OK :
	    SQ_EFORMAT;
}

/* see csv.h */
void
csv_read_free(struct csv_reader *r)
{
	bytes_free(&r->text);
	memset(r, 0, sizeof(*r));
}
