/*
 * A workbook (ECMA-376): which sheet, the texts it shares, which numbers are
 * dates, and the cells, each part streamed through expat.  A document type,
 * with which entities would come, ends it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <expat.h>

#include "vault/probe/probe_int.h"
#include "vault/probe/probe_sheet.h"

#define TEXTS_MAX (256u << 20)	/* bytes of all shared texts */
#define STYLES_MAX 65536
#define PATH_LEN 256

struct xlsx {
	const char *want;		/* a sheet by name or number; or NULL */
	unsigned sheets;		/* seen so far */
	char rid[64], title[128], target[PATH_LEN];
	bool found, from1904;
	/* shared texts: where each begins */
	char *text;
	size_t n_text, cap_text;
	size_t *begin;
	size_t n_begin, cap_begin;
	/* numbers that are dates: by format, by style */
	unsigned date_format[256];
	size_t n_date_format;
	bool style[STYLES_MAX];
	size_t n_style;
	bool in_xfs, in_si, in_text, skip;
	/* the cell at work */
	char type[16];
	unsigned column, next;
	size_t style_of;
	bool in_value;
	char cell[PROBE_CELL_MAX];
	size_t n;
	uint64_t row;
	bool row_open;
};

static struct xlsx x;

static bool
is(const char *name, const char *what)
{
	const char *colon = strrchr(name, ':');

	return strcmp(colon == NULL ? name : colon + 1, what) == 0;
}

static const char *
attr(const char **a, const char *name)
{
	for (; a[0] != NULL; a += 2)
		if (strcmp(a[0], name) == 0)
			return a[1];
	return "";
}

static void
doctype(void *arg, const char *name, const char *sys, const char *pub,
    int internal)
{
	(void)arg, (void)name, (void)sys, (void)pub, (void)internal;
	probe_row_refuse("it declares a document type, which no workbook "
	    "needs: it was made to do harm");
}

/* Send a member through expat; false if there is none of that name. */
static bool
parse(const char *member, XML_StartElementHandler start,
    XML_EndElementHandler end, XML_CharacterDataHandler text)
{
	struct probe_zip *z = probe_zip_open(member);
	XML_Parser p;
	size_t n;
	void *buf;

	if (z == NULL)
		return false;
	if ((p = XML_ParserCreate(NULL)) == NULL)
		probe_row_refuse("out of memory");
	XML_SetElementHandler(p, start, end);
	XML_SetCharacterDataHandler(p, text);
	XML_SetStartDoctypeDeclHandler(p, doctype);
	do {
		if ((buf = XML_GetBuffer(p, 65536)) == NULL)
			probe_row_refuse("out of memory");
		n = probe_zip_read(z, buf, 65536);
		if (XML_ParseBuffer(p, (int)n, n == 0) != XML_STATUS_OK)
			probe_row_refuse("it is damaged: a part of it is not "
			    "XML as it should be");
	} while (n > 0);
	XML_ParserFree(p);
	probe_zip_close(z);
	return true;
}

/* --- which sheet -------------------------------------------------------- */

static void
book_start(void *arg, const char *name, const char **a)
{
	char number[16];

	(void)arg;
	if (is(name, "workbookPr"))
		x.from1904 = strcmp(attr(a, "date1904"), "1") == 0 ||
		    strcmp(attr(a, "date1904"), "true") == 0;
	if (!is(name, "sheet") || x.found)
		return;
	(void)snprintf(number, sizeof(number), "%u", ++x.sheets);
	if (x.want != NULL && strcmp(x.want, attr(a, "name")) != 0 &&
	    strcmp(x.want, number) != 0)
		return;
	x.found = true;
	(void)snprintf(x.rid, sizeof(x.rid), "%s", attr(a, "r:id"));
	(void)snprintf(x.title, sizeof(x.title), "%.100s", attr(a, "name"));
}

static void
rels_start(void *arg, const char *name, const char **a)
{
	const char *t;

	(void)arg;
	if (!is(name, "Relationship") || strcmp(attr(a, "Id"), x.rid) != 0)
		return;
	t = attr(a, "Target");
	(void)snprintf(x.target, sizeof(x.target), "%s%s", *t == '/' ? "" :
	    "xl/", *t == '/' ? t + 1 : t);
}

/* --- which numbers are dates -------------------------------------------- */

/* Does a format of one's own show a day, month or year? */
static bool
shows_date(const char *f)
{
	bool quoted = false, bracket = false;

	for (; *f != '\0'; f++) {
		if (*f == '"')
			quoted = !quoted;
		else if (*f == '[' || *f == ']')
			bracket = *f == '[';
		else if (*f == '\\' && f[1] != '\0')
			f++;
		else if (!quoted && !bracket && strchr("yYdD", *f) != NULL)
			return true;
	}
	return false;
}

/* Numbers that every program knows for dates; 27 to 58 in East Asia. */
static bool
is_date_format(unsigned id)
{
	if ((id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 36) ||
	    (id >= 50 && id <= 58))
		return true;
	for (size_t i = 0; i < x.n_date_format; i++)
		if (x.date_format[i] == id)
			return true;
	return false;
}

static void
styles_start(void *arg, const char *name, const char **a)
{
	(void)arg;
	if (is(name, "numFmt") && x.n_date_format < 256 &&
	    shows_date(attr(a, "formatCode")))
		x.date_format[x.n_date_format++] =
		    (unsigned)strtoul(attr(a, "numFmtId"), NULL, 10);
	else if (is(name, "cellXfs"))
		x.in_xfs = true;
	else if (is(name, "xf") && x.in_xfs && x.n_style < STYLES_MAX)
		x.style[x.n_style++] = is_date_format((unsigned)strtoul(
		    attr(a, "numFmtId"), NULL, 10));
}

static void
styles_end(void *arg, const char *name)
{
	(void)arg;
	if (is(name, "cellXfs"))
		x.in_xfs = false;
}

/* --- shared texts ------------------------------------------------------- */

static void
text_room(size_t n)
{
	size_t cap = x.cap_text;
	char *p;

	if (x.n_text + n > TEXTS_MAX)
		probe_row_refuse("its texts are larger than 256 megabytes");
	if (x.n_text + n <= cap)
		return;
	while (cap < x.n_text + n)
		cap = cap ? 2 * cap : 65536;
	if ((p = realloc(x.text, cap)) == NULL)
		probe_row_refuse("out of memory");
	x.text = p;
	x.cap_text = cap;
}

static void
shared_start(void *arg, const char *name, const char **a)
{
	size_t *p, cap = x.cap_begin;

	(void)arg, (void)a;
	if (is(name, "t"))
		x.in_text = !x.skip;
	else if (is(name, "rPh"))
		x.skip = true;		/* how it is pronounced */
	if (!is(name, "si"))
		return;
	if (x.n_begin == cap) {
		cap = cap ? 2 * cap : 1024;
		if ((p = realloc(x.begin, cap * sizeof(*p))) == NULL)
			probe_row_refuse("out of memory");
		x.begin = p;
		x.cap_begin = cap;
	}
	x.begin[x.n_begin++] = x.n_text;
}

static void
shared_end(void *arg, const char *name)
{
	(void)arg;
	if (is(name, "t"))
		x.in_text = false;
	else if (is(name, "rPh"))
		x.skip = false;
}

static void
shared_text(void *arg, const char *s, int n)
{
	(void)arg;
	if (!x.in_text || n <= 0)
		return;
	text_room((size_t)n);
	memcpy(x.text + x.n_text, s, (size_t)n);
	x.n_text += (size_t)n;
}

/* --- cells -------------------------------------------------------------- */

/* "AB12": the column from 0. */
static unsigned
column_of(const char *ref)
{
	unsigned n = 0;

	for (; *ref >= 'A' && *ref <= 'Z' && n < 100000; ref++)
		n = n * 26 + (unsigned)(*ref - 'A') + 1;
	return n == 0 ? x.next : n - 1;
}

static void
give(const char *p, size_t n)
{
	if (x.column >= PROBE_CELLS_MAX)
		probe_row_refuse("a row has more than 1,024 cells");
	for (; x.next < x.column; x.next++)
		probe_row_cell("", 0);
	if (x.next == x.column) {
		probe_row_cell(p, n);
		x.next++;
	}
}

/* The cell is whole: what does it say? */
static void
cell_done(void)
{
	char out[32], *end;
	size_t i, from, to;
	double d;

	x.cell[x.n < sizeof(x.cell) ? x.n : sizeof(x.cell) - 1] = '\0';
	if (strcmp(x.type, "s") == 0 && x.n > 0) {
		i = strtoul(x.cell, NULL, 10);
		if (i >= x.n_begin)
			probe_row_refuse("it is damaged: a text is missing");
		from = x.begin[i];
		to = i + 1 < x.n_begin ? x.begin[i + 1] : x.n_text;
		give(x.text + from, to - from);
		return;
	}
	if (strcmp(x.type, "b") == 0 && x.n == 1) {
		give(x.cell[0] == '1' ? "true" : "false",
		    x.cell[0] == '1' ? 4 : 5);
		return;
	}
	if ((x.type[0] == '\0' || strcmp(x.type, "n") == 0) &&
	    x.style_of < x.n_style && x.style[x.style_of] && x.n > 0) {
		d = strtod(x.cell, &end);
		if (*end == '\0' && probe_date_serial(d, x.from1904, out,
		    sizeof(out))) {
			give(out, strlen(out));
			return;
		}
	}
	give(x.cell, x.n);
}

static void
sheet_start(void *arg, const char *name, const char **a)
{
	unsigned long row;

	(void)arg;
	if (is(name, "row")) {
		row = strtoul(attr(a, "r"), NULL, 10);
		if (row != 0 && row <= x.row)
			probe_row_refuse("it is damaged: its rows are out of "
			    "order");
		x.row = row != 0 ? row : x.row + 1;
		x.row_open = true;
		x.next = 0;
		probe_row_begin(x.row);
	} else if (is(name, "c")) {
		x.column = column_of(attr(a, "r"));
		x.style_of = strtoul(attr(a, "s"), NULL, 10);
		(void)snprintf(x.type, sizeof(x.type), "%.15s", attr(a, "t"));
		x.n = 0;
	} else if (is(name, "v") || is(name, "t"))
		x.in_value = !x.skip;
	else if (is(name, "rPh"))
		x.skip = true;
}

static void
sheet_end(void *arg, const char *name)
{
	(void)arg;
	if (is(name, "v") || is(name, "t"))
		x.in_value = false;
	else if (is(name, "rPh"))
		x.skip = false;
	else if (is(name, "c") && x.row_open)
		cell_done();
	else if (is(name, "row")) {
		probe_row_end();
		x.row_open = false;
	}
}

static void
sheet_text(void *arg, const char *s, int n)
{
	(void)arg;
	if (!x.in_value || n <= 0)
		return;
	if (x.n + (size_t)n >= sizeof(x.cell))
		probe_row_refuse("a cell holds more than a megabyte");
	memcpy(x.cell + x.n, s, (size_t)n);
	x.n += (size_t)n;
}

/* see probe_sheet.h */
_Noreturn void
probe_xlsx_tell(const struct probe_sheet_ask *ask)
{
	x.want = ask->sheet;
	if (!parse("xl/workbook.xml", book_start, NULL, NULL))
		probe_row_refuse("it is an archive, but no workbook (.xlsx)");
	if (!x.found)
		probe_row_refuse("it has no sheet of that name or number");
	(void)parse("xl/_rels/workbook.xml.rels", rels_start, NULL, NULL);
	if (x.target[0] == '\0')
		probe_row_refuse("it is damaged: its sheet is not there");
	probe_row_info("format", "xlsx");
	probe_row_info("sheet", x.title);
	(void)parse("xl/styles.xml", styles_start, styles_end, NULL);
	(void)parse("xl/sharedStrings.xml", shared_start, shared_end,
	    shared_text);
	x.skip = false;
	if (!parse(x.target, sheet_start, sheet_end, sheet_text))
		probe_row_refuse("it is damaged: its sheet is not there");
	probe_row_done();
}
