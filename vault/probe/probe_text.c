/*
 * Characters: which encoding a file is in, and what it says in it.  A mark at
 * its beginning or good UTF-8 is certain; between the others the bytes decide,
 * and then it is said that this is a guess.
 */
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "vault/probe/probe_int.h"
#include "vault/probe/probe_sheet.h"

#define SAMPLE (1u << 20)	/* bytes looked at to find out */
#define RAW (64 * 1024)
#define LINES 20		/* rows looked at for the delimiter */

static struct {
	const char *name, *iconv;
	iconv_t cd;
} known[] = {
	{ "utf-8", "UTF-8", (iconv_t)-1 },
	{ "utf-16le", "UTF-16LE", (iconv_t)-1 },
	{ "utf-16be", "UTF-16BE", (iconv_t)-1 },
	{ "gb18030", "GB18030", (iconv_t)-1 },
	{ "windows-1251", "CP1251", (iconv_t)-1 },
	{ "kz-1048", "RK1048", (iconv_t)-1 },
	{ "koi8-r", "KOI8-R", (iconv_t)-1 },
	{ "windows-1252", "CP1252", (iconv_t)-1 },
	{ "windows-1254", "CP1254", (iconv_t)-1 }
};

#define NKNOWN (sizeof(known) / sizeof(known[0]))

static iconv_t now;
static uint64_t off;
static char raw[RAW];
static size_t n_raw;

/* see probe_sheet.h */
bool
probe_text_load(void)
{
	for (size_t i = 0; i < NKNOWN; i++) {
		char in[] = "a\0b\0", *p = in, out[16], *q = out;
		size_t n = 4, m = sizeof(out);

		known[i].cd = iconv_open("UTF-8", known[i].iconv);
		/* some tables are only loaded when they are first used */
		if (known[i].cd != (iconv_t)-1) {
			(void)iconv(known[i].cd, &p, &n, &q, &m);
			(void)iconv(known[i].cd, NULL, NULL, NULL, NULL);
		}
	}
	return known[0].cd != (iconv_t)-1;
}

/* --- decoding ----------------------------------------------------------- */

/* The mark of a byte order; its length. */
static size_t
mark(const char **ret)
{
	uint8_t b[4] = { 0 };
	size_t n = probe_in_read(0, b, sizeof(b));

	*ret = NULL;
	if (n >= 3 && memcmp(b, "\xef\xbb\xbf", 3) == 0) {
		*ret = "utf-8";
		return 3;
	}
	if (n >= 2 && memcmp(b, "\xff\xfe", 2) == 0)
		*ret = "utf-16le";
	else if (n >= 2 && memcmp(b, "\xfe\xff", 2) == 0)
		*ret = "utf-16be";
	else if (n >= 4 && memcmp(b, "\x84\x31\x95\x33", 4) == 0) {
		*ret = "gb18030";
		return 4;
	}
	return *ret == NULL ? 0 : 2;
}

/* see probe_sheet.h */
bool
probe_text_open(const char *encoding)
{
	const char *marked;

	for (size_t i = 0; i < NKNOWN; i++) {
		if (strcmp(known[i].name, encoding) != 0)
			continue;
		now = known[i].cd;
		off = mark(&marked);
		if (marked == NULL || strcmp(marked, encoding) != 0)
			off = 0;
		n_raw = 0;
		return now != (iconv_t)-1;
	}
	return false;
}

/* see probe_sheet.h */
size_t
probe_text_read(char *out, size_t cap)
{
	char *p, *q = out;
	size_t got, left = cap, r;

	for (;;) {
		got = probe_in_read(off, raw + n_raw, sizeof(raw) - n_raw);
		off += got;
		n_raw += got;
		if (n_raw == 0)
			return 0;
		p = raw;
		got = n_raw;
		r = iconv(now, &p, &got, &q, &left);
		memmove(raw, p, got);
		/* bytes that did not move at the end of the file are half */
		if (r == (size_t)-1 && q == out && got == n_raw)
			probe_row_refuse("it is not in this encoding, or cut "
			    "off; name another with --encoding");
		n_raw = got;
		if (q > out)
			return (size_t)(q - out);
	}
}

/* --- finding out -------------------------------------------------------- */

/* Good UTF-8, but that its last character may be cut? */
static bool
is_utf8(const uint8_t *p, size_t n, bool cut)
{
	size_t i = 0, len;

	while (i < n) {
		len = p[i] < 0x80 ? 1 : probe_out_utf8(p + i, n - i);
		if (len == 0 && cut && n - i < 4)
			return true;
		if (len == 0)
			return false;
		i += len;
	}
	return true;
}

/*
 * May good UTF-8 be UTF-16 all the same?  Latin letters have a zero beside
 * them, every other one; Cyrillic ones a 4, which no text holds.  A zero here
 * and there is damage, of which the reader of cells speaks.
 */
static bool
is_wide(const uint8_t *p, size_t n)
{
	size_t zero = 0, low = 0;

	for (size_t i = 0; i < n; i++) {
		zero += p[i] == 0;
		low += p[i] > 0 && p[i] < 9;
	}
	return zero > 0 && (zero > n / 4 || low > 0);
}

/*
 * No mark and no UTF-8.  Latin digits and commas in UTF-16 have a zero beside
 * them; of Cyrillic letters in one byte nearly all are above 0xDF, of the bytes
 * of Chinese hardly any more than a fifth.
 */
static const char *
guess(const uint8_t *p, size_t n)
{
	size_t zero[2] = { 0, 0 }, high = 0, upper = 0;

	for (size_t i = 0; i < n; i++) {
		zero[i % 2] += p[i] == 0;
		high += p[i] >= 0x80;
		upper += p[i] >= 0xe0;
	}
	if (zero[1] > n / 50 && zero[1] > 8 * zero[0])
		return "utf-16le";
	if (zero[0] > n / 50 && zero[0] > 8 * zero[1])
		return "utf-16be";
	return 2 * upper > high ? "windows-1251" : "gb18030";
}

static const char *
find_encoding(bool *ret_sure)
{
	static uint8_t sample[SAMPLE];
	const char *marked;
	size_t n;

	*ret_sure = true;
	(void)mark(&marked);
	if (marked != NULL)
		return marked;
	n = probe_in_read(0, sample, sizeof(sample));
	if (is_utf8(sample, n, n == sizeof(sample)) && !is_wide(sample, n))
		return "utf-8";
	*ret_sure = false;
	return guess(sample, n);
}

/* What parts the cells: what most rows have the same number of. */
static char
find_delimiter(const char *p, size_t n)
{
	static const char which[] = ",;\t|";
	unsigned best = 0;
	char is = ',';

	for (size_t k = 0; which[k] != '\0'; k++) {
		unsigned here = 0, first = 0, same = 0, lines = 0;
		bool quoted = false;

		for (size_t i = 0; i < n && lines < LINES; i++) {
			quoted ^= p[i] == '"';
			here += p[i] == which[k] && !quoted;
			if (p[i] != '\n' || quoted)
				continue;
			first = lines == 0 ? here : first;
			same += here > 0 && here == first;
			lines++;
			here = 0;
		}
		if (lines == 0) {
			first = here;
			same = here > 0;
		}
		if (same * 100 + (first < 99 ? first : 99) > best &&
		    first > 0) {
			best = same * 100 + (first < 99 ? first : 99);
			is = which[k];
		}
	}
	return is;
}

/* --- cells -------------------------------------------------------------- */

static struct {
	char cell[PROBE_CELL_MAX];
	size_t n;
	bool quoted, was_quoted;
	bool quote_open;	/* a quote was met in quotes */
	bool row, cr;
	uint64_t number;
	char delimiter;
} csv;

static void
put(char c)
{
	if (c == '\0')
		probe_row_refuse("a cell holds a NUL byte: the file is "
		    "damaged, or no sheet");
	if (csv.n == sizeof(csv.cell))
		probe_row_refuse("a cell holds more than a megabyte: is a "
		    "quotation mark missing?");
	csv.cell[csv.n++] = c;
}

static void
begin_row(void)
{
	if (!csv.row)
		probe_row_begin(++csv.number);
	csv.row = true;
}

static void
end_cell(void)
{
	begin_row();
	probe_row_cell(csv.cell, csv.n);
	csv.n = 0;
	csv.quoted = csv.was_quoted = csv.quote_open = false;
}

static void
end_row(void)
{
	end_cell();
	probe_row_end();
	csv.row = false;
}

/* One character outside of quotation marks; they only count at the start. */
static void
plain(char c)
{
	if (c == csv.delimiter)
		end_cell();
	else if (c == '\n') {
		if (!csv.cr || csv.n > 0 || csv.row)
			end_row();
	} else if (c == '\r')
		end_row();
	else if (c == '"' && csv.n == 0 && !csv.was_quoted)
		csv.quoted = csv.was_quoted = true;
	else
		put(c);
	csv.cr = c == '\r';
}

static void
take(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!csv.quoted) {
			plain(p[i]);
			continue;
		}
		if (csv.quote_open) {
			/* two are one; one alone ends it */
			csv.quote_open = false;
			if (p[i] == '"') {
				put('"');
				continue;
			}
			csv.quoted = false;
			plain(p[i]);
		} else if (p[i] == '"')
			csv.quote_open = true;
		else if (p[i] != '\r')
			put(p[i]);
	}
}

/* see probe_sheet.h */
_Noreturn void
probe_text_tell(const struct probe_sheet_ask *ask)
{
	static char text[4 * RAW];
	const char *encoding = ask->encoding;
	char delimiter[2] = "";
	bool sure = true;
	size_t n;

	if (encoding == NULL)
		encoding = find_encoding(&sure);
	if (!probe_text_open(encoding))
		probe_row_refuse("this encoding is not known here");
	n = probe_text_read(text, sizeof(text));
	csv.delimiter = ask->delimiter != NULL ? ask->delimiter[0] :
	    find_delimiter(text, n);
	delimiter[0] = csv.delimiter;
	probe_row_info("format", "text");
	probe_row_info("encoding", encoding);
	probe_row_info("sure", sure ? "yes" : "no");
	probe_row_info("delimiter", delimiter);
	for (; n > 0; n = probe_text_read(text, sizeof(text)))
		take(text, n);
	if (csv.quoted && !csv.quote_open)
		probe_row_refuse("a quotation mark is opened and never "
		    "closed");
	if (csv.n > 0 || csv.row || csv.was_quoted)
		end_row();
	probe_row_done();
}
