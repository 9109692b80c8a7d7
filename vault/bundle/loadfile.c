#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "vault/bundle/loadfile.h"

#define QUOTE "\xC3\xBE"		/* U+00FE */
#define SEPARATOR "\x14"
#define LINE_END "\xC2\xAE"		/* U+00AE, inside a cell */

static const char *const columns[LOADFILE_CELLS] = { "BEGDOC", "ENDDOC",
    "PARENTID", "CUSTODIAN", "COLLECTEDBY", "DOCTYPE", "REFERENCE", "TITLE",
    "DOCDATE", "DATESTATED", "DATERECORDED", "TIMERECORDED", "FILENAME",
    "FILEEXT", "MIMETYPE", "FILESIZE", "SHA256", "NATIVELINK", "RECORDLINK",
    "ENTRY" };

/* see loadfile.h */
void
loadfile_head(struct bytes_buf *out)
{
	bytes_puts(out, "\xEF\xBB\xBF");
	loadfile_row(columns, out);
}

/* True if s begins with the two bytes of t. */
static bool
begins(const char *s, const char *t)
{
	return s[0] == t[0] && s[1] == t[1];
}

/* One cell between its quotes. */
static void
put_cell(struct bytes_buf *out, const char *s)
{
	bytes_puts(out, QUOTE);
	for (; s != NULL && *s != '\0'; s++) {
		if (begins(s, QUOTE)) {
			bytes_puts(out, "th");
			s++;
		} else if (begins(s, LINE_END)) {
			bytes_puts(out, "(R)");
			s++;
		} else if (*s == '\n')
			bytes_puts(out, LINE_END);
		else if (*s == '\r' && s[1] == '\n')
			continue;
		else if ((unsigned char)*s < 0x20 || *s == 0x7F)
			bytes_puts(out, " ");
		else
			bytes_put(out, s, 1);
	}
	bytes_puts(out, QUOTE);
}

/* see loadfile.h */
void
loadfile_row(const char *const cells[LOADFILE_CELLS], struct bytes_buf *out)
{
	for (size_t i = 0; i < LOADFILE_CELLS; i++) {
		bytes_puts(out, i > 0 ? SEPARATOR : "");
		put_cell(out, cells[i]);
	}
	bytes_puts(out, "\r\n");
}

/* see loadfile.h */
void
loadfile_number(const char *bundle, size_t item,
    char out[LOADFILE_NUMBER_MAX])
{
	(void)snprintf(out, LOADFILE_NUMBER_MAX, "SQ-%.8s-%06zu", bundle,
	    item);
}

/* see loadfile.h */
void
loadfile_date(const char *edtf, char out[9])
{
	static const char form[] = "dddd-dd-dd";
	size_t n = 0;

	for (size_t i = 0; i < sizeof(form) - 1; i++) {
		if (form[i] == 'd' && edtf[i] >= '0' && edtf[i] <= '9')
			out[n++] = edtf[i];
		else if (form[i] == 'd' || edtf[i] != '-') {
			out[0] = '\0';
			return;
		}
	}
	out[n] = '\0';
	/* an interval, an uncertain day: no day to sort by */
	if (edtf[10] != '\0' && edtf[10] != 'T')
		out[0] = '\0';
}
