/*
 * The lines of a sheet on descriptor 1, gathered and written in large pieces.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "vault/probe/probe_int.h"
#include "vault/probe/probe_sheet.h"

static uint8_t buf[256 * 1024];
static size_t at;
static size_t cells;		/* of the row at work */
static uint64_t rows;
static bool words;		/* does the row hold any? */
static uint64_t number;
static size_t empty;		/* cells held back: they may be the last */

static void
flush(void)
{
	if (!probe_out_write(buf, at))
		_exit(3);
	at = 0;
}

static void
put(const void *p, size_t n)
{
	const uint8_t *s = p;
	size_t part;

	while (n > 0) {
		if (at == sizeof(buf))
			flush();
		part = n < sizeof(buf) - at ? n : sizeof(buf) - at;
		memcpy(buf + at, s, part);
		at += part;
		s += part;
		n -= part;
	}
}

static void
put_str(const char *s)
{
	put(s, strlen(s));
}

/* Text in which nothing can be taken for the end of a cell. */
static void
put_text(const uint8_t *p, size_t n)
{
	static const char hex[] = "0123456789ABCDEF";
	char esc[4] = { '\\', 'x' };
	size_t from = 0;

	for (size_t i = 0; i < n; i++) {
		if (p[i] >= 0x20 && p[i] != 0x7f && p[i] != '\\')
			continue;
		put(p + from, i - from);
		esc[2] = hex[p[i] >> 4];
		esc[3] = hex[p[i] & 15];
		put(esc, sizeof(esc));
		from = i + 1;
	}
	put(p + from, n - from);
}

/* see probe_sheet.h */
void
probe_row_info(const char *key, const char *value)
{
	put_str("I\t");
	put_str(key);
	put_str("\t");
	put_text((const uint8_t *)value, strlen(value));
	put_str("\n");
}

/* see probe_sheet.h */
void
probe_row_begin(uint64_t n)
{
	if (n > PROBE_ROWS_MAX)
		probe_row_refuse("it has more than 1,048,576 rows; divide it");
	number = n;
	cells = empty = 0;
	words = false;
}

/* The head of a row, once it has a word. */
static void
begin(void)
{
	char head[32];

	if (words)
		return;
	words = true;
	(void)snprintf(head, sizeof(head), "R\t%llu",
	    (unsigned long long)number);
	put_str(head);
}

/* see probe_sheet.h */
void
probe_row_cell(const void *p, size_t n)
{
	if (++cells > PROBE_CELLS_MAX)
		probe_row_refuse("a row has more than 1,024 cells");
	if (n > PROBE_CELL_MAX)
		probe_row_refuse("a cell holds more than a megabyte");
	if (n == 0) {
		empty++;
		return;
	}
	begin();
	for (; empty > 0; empty--)
		put_str("\t");
	put_str("\t");
	put_text(p, n);
}

/* see probe_sheet.h */
void
probe_row_end(void)
{
	if (!words)
		return;
	put_str("\n");
	rows++;
	words = false;
}

/* see probe_sheet.h */
_Noreturn void
probe_row_refuse(const char *why)
{
	/* whatever was begun is ended first */
	if (words)
		put_str("\n");
	put_str("X\t");
	put_text((const uint8_t *)why, strlen(why));
	put_str("\n");
	flush();
	_exit(0);
}

/* see probe_sheet.h */
_Noreturn void
probe_row_done(void)
{
	char tail[32];

	(void)snprintf(tail, sizeof(tail), "Z\t%llu\n",
	    (unsigned long long)rows);
	put_str(tail);
	flush();
	_exit(0);
}
