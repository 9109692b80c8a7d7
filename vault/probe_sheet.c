/*
 * See probe_sheet.h; the lines are those of vault/probe/probe_sheet.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/bytes.h"
#include "crypto/secret.h"
#include "vault/probe_int.h"
#include "vault/probe_sheet.h"

#define SECONDS_MAX 120
#define LINE_MAX ((size_t)8 << 20)
#define CELLS_MAX 1024
#define ROWS_MAX 1048576u

struct reader {
	struct probe_sheet *s;
	char *line;
	size_t n, cap;
	size_t cap_row, cap_block;
	uint64_t last;		/* number of the row before */
	bool done;
	char refused[512];
};

/* see probe_sheet.h */
void
probe_sheet_free(struct probe_sheet *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->row[i].cell);
	for (size_t i = 0; i < s->n_block; i++)
		free(s->block[i]);
	free(s->row);
	free(s->block);
	memset(s, 0, sizeof(*s));
}

static int
hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ?
	    c - 'A' + 10 : -1;
}

/* \xNN in place: line ends and tabs, and a backslash; the others go. */
static bool
unescape(char *s)
{
	char *to = s;
	int hi, lo, c;

	for (; *s != '\0'; s++) {
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			return false;
		if (*s != '\\') {
			*to++ = *s;
			continue;
		}
		if (s[1] != 'x' || (hi = hex(s[2])) < 0 ||
		    (lo = hex(s[3])) < 0)
			return false;
		c = hi * 16 + lo;
		if (c == '\\' || c == '\n' || c == '\t')
			*to++ = (char)c;
		else if (c >= 0x20 && c != 0x7f)
			return false;
		s += 3;
	}
	*to = '\0';
	return true;
}

/* Cut the next field off; NULL at the end. */
static char *
field(char **rest)
{
	char *s = *rest, *tab;

	if (s == NULL)
		return NULL;
	tab = strchr(s, '\t');
	*rest = tab == NULL ? NULL : tab + 1;
	if (tab != NULL)
		*tab = '\0';
	return s;
}

static bool
number(const char *s, uint64_t max, uint64_t *ret)
{
	if (s == NULL || *s < '1' || *s > '9' || strlen(s) > 9 ||
	    s[strspn(s, "0123456789")] != '\0')
		return false;
	*ret = strtoull(s, NULL, 10);
	return *ret <= max;
}

static bool
take_info(struct probe_sheet *s, char *rest)
{
	char *key = field(&rest), *value = field(&rest);

	if (key == NULL || value == NULL || rest != NULL || !unescape(value))
		return false;
	if (strcmp(key, "format") == 0)
		(void)snprintf(s->format, sizeof(s->format), "%.15s", value);
	else if (strcmp(key, "encoding") == 0)
		(void)snprintf(s->encoding, sizeof(s->encoding), "%.31s",
		    value);
	else if (strcmp(key, "delimiter") == 0)
		(void)snprintf(s->delimiter, sizeof(s->delimiter), "%.15s",
		    value);
	else if (strcmp(key, "sheet") == 0)
		(void)snprintf(s->sheet, sizeof(s->sheet), "%.250s", value);
	else if (strcmp(key, "sure") == 0)
		s->sure = strcmp(value, "yes") == 0;
	else
		return false;
	return true;
}

/* A block of the size of the line holds its cells. */
static enum sq_err
take_row(struct reader *r, char *rest)
{
	struct probe_sheet *s = r->s;
	struct probe_sheet_row *row;
	size_t cap, n = 1;
	char *block;
	void *p;
	uint64_t num;

	if (!number(field(&rest), ROWS_MAX, &num) || num <= r->last ||
	    rest == NULL)
		return SQ_EFORMAT;
	r->last = num;
	for (const char *c = rest; *c != '\0'; c++)
		n += *c == '\t';
	if (n > CELLS_MAX)
		return SQ_EFORMAT;
	if (s->n == r->cap_row) {
		cap = r->cap_row ? 2 * r->cap_row : 256;
		if ((p = realloc(s->row, cap * sizeof(*s->row))) == NULL)
			return SQ_ENOMEM;
		s->row = p;
		r->cap_row = cap;
		if ((p = realloc(s->block, cap * sizeof(*s->block))) == NULL)
			return SQ_ENOMEM;
		s->block = p;
	}
	s->bytes += strlen(rest) + n * sizeof(char *) + 64;
	if (s->bytes > PROBE_SHEET_BYTES)
		return SQ_ELIMIT;
	if ((block = strdup(rest)) == NULL)
		return SQ_ENOMEM;
	s->block[s->n_block++] = block;
	row = &s->row[s->n];
	row->number = num;
	row->n = 0;
	if ((row->cell = calloc(n, sizeof(*row->cell))) == NULL)
		return SQ_ENOMEM;
	s->n++;
	for (char *at = block; at != NULL; )
		if (!unescape(row->cell[row->n++] = field(&at)))
			return SQ_EFORMAT;
	return SQ_OK;
}

/* One line without its end. */
static enum sq_err
take_line(struct reader *r)
{
	char *rest = r->line, *kind;

	if (r->done || memchr(r->line, '\0', r->n) != NULL ||
	    !bytes_utf8(r->line, r->n))
		return SQ_EFORMAT;
	r->line[r->n] = '\0';
	kind = field(&rest);
	if (rest == NULL || strlen(kind) != 1)
		return SQ_EFORMAT;
	switch (kind[0]) {
	case 'I':
		return take_info(r->s, rest) ? SQ_OK : SQ_EFORMAT;
	case 'R':
		return take_row(r, rest);
	case 'X':
		if (!unescape(rest))
			return SQ_EFORMAT;
		(void)snprintf(r->refused, sizeof(r->refused), "%.500s", rest);
		r->done = true;
		return SQ_OK;
	case 'Z':
		r->done = true;
		return strtoull(rest, NULL, 10) == r->s->n ? SQ_OK :
		    SQ_EFORMAT;
	default:
		return SQ_EFORMAT;
	}
}

static enum sq_err
put(struct reader *r, const uint8_t *p, size_t n)
{
	size_t cap = r->cap;
	char *q;

	if (r->n + n + 1 > cap) {
		while (cap < r->n + n + 1)
			cap = cap ? 2 * cap : 65536;
		if (cap > 2 * LINE_MAX)
			return SQ_EFORMAT;
		if ((q = realloc(r->line, cap)) == NULL)
			return SQ_ENOMEM;
		r->line = q;
		r->cap = cap;
	}
	memcpy(r->line + r->n, p, n);
	r->n += n;
	return SQ_OK;
}

static enum sq_err
take(struct reader *r, const uint8_t *p, size_t n)
{
	const uint8_t *end;
	enum sq_err e = SQ_OK;

	while (n > 0 && e == SQ_OK) {
		end = memchr(p, '\n', n);
		if ((e = put(r, p, end == NULL ? n : (size_t)(end - p))) !=
		    SQ_OK || end == NULL)
			return e;
		e = take_line(r);
		r->n = 0;
		n -= (size_t)(end - p) + 1;
		p = end + 1;
	}
	return e;
}

/* see probe_sheet.h */
enum sq_err
probe_sheet_read(int fd, const char *encoding, const char *delimiter,
    const char *sheet, struct probe_sheet *ret, struct why *why)
{
	char word[] = "sheet", none[] = "-", *copy[3] = { NULL };
	const char *given[3] = { encoding, delimiter, sheet };
	char *args[5] = { word, none, none, none, NULL };
	struct reader r = { .s = ret };
	struct probe_child c;
	static uint8_t buf[65536];
	size_t n;
	bool whole;
	enum sq_err e = SQ_OK;

	memset(ret, 0, sizeof(*ret));
	ret->sure = true;
	for (size_t i = 0; i < 3; i++)
		if (given[i] != NULL) {
			if ((copy[i] = strdup(given[i])) == NULL)
				e = SQ_ENOMEM;
			args[i + 1] = copy[i];
		}
	if (e != SQ_OK || (e = probe_start(fd, args, SECONDS_MAX, &c, why)) !=
	    SQ_OK)
		goto out;
	while (e == SQ_OK && (n = probe_hear(&c, buf, sizeof(buf))) > 0)
		e = take(&r, buf, n);
	secret_wipe(buf, sizeof(buf));
	whole = probe_end(&c);
	if (e == SQ_OK && r.refused[0] != '\0')
		e = err_why(why, SQ_EREFUSED, "%s", r.refused);
	else if (e == SQ_ELIMIT)
		e = err_why(why, e, "it holds more than 256 megabytes; divide "
		    "it");
	else if (e == SQ_EFORMAT || (e == SQ_OK && (!whole || !r.done)))
		e = err_why(why, SQ_EREFUSED, "it could not be read to its "
		    "end: damaged, or made to do harm");
out:
	for (size_t i = 0; i < 3; i++)
		free(copy[i]);
	free(r.line);
	if (e != SQ_OK)
		probe_sheet_free(ret);
	return e;
}
