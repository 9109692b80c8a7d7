/*
 * Sheets: a table of another program, read row by row.  Called as
 *
 *	sandyq-probe sheet ENCODING DELIMITER SHEET
 *
 * («-» each: to be found out), the program writes lines to descriptor 1,
 *
 *	I TAB key TAB value LF		format encoding sure delimiter sheet
 *	R TAB row TAB cell TAB cell ...	LF	row: its number, from 1
 *	X TAB words LF			it cannot be read, and why; the last
 *	Z TAB rows LF			all of it was read; the last
 *
 * with cells in UTF-8, control characters and backslashes in them as \xNN.
 * vault/probe_sheet.h starts it and reads these lines with suspicion.
 */
#ifndef SQ_VAULT_PROBE_PROBE_SHEET_H
#define SQ_VAULT_PROBE_PROBE_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROBE_CELLS_MAX 1024		/* of a row */
#define PROBE_CELL_MAX (1u << 20)	/* bytes of a cell */
#define PROBE_ROWS_MAX 1048576u
#define PROBE_INFLATED_MAX ((uint64_t)1 << 30)	/* of all parts of a file */

/* What was asked for; NULL: find out. */
struct probe_sheet_ask {
	const char *encoding, *delimiter, *sheet;
};

/** probe_sheet_load(): make ready what decodes; before the jail. */
bool probe_sheet_load(void);

/** probe_sheet_tell(ask): read the file and write it; ends the process. */
_Noreturn void probe_sheet_tell(const struct probe_sheet_ask *ask);

/* --- what it writes ----------------------------------------------------- */

/** probe_row_info(key, value): an I line. */
void probe_row_info(const char *key, const char *value);

/** probe_row_begin(number): a new row. */
void probe_row_begin(uint64_t number);

/**
 * probe_row_cell(p, n):
 * The next cell of it.  ${p} is UTF-8.
 */
void probe_row_cell(const void *p, size_t n);

/** probe_row_end(): the row is whole; one without a word is left out. */
void probe_row_end(void);

/** probe_row_refuse(words): an X line, and the end of the process. */
_Noreturn void probe_row_refuse(const char *words);

/** probe_row_done(): a Z line, and the end of the process. */
_Noreturn void probe_row_done(void);

/* --- its parts ---------------------------------------------------------- */

/** probe_text_load(): make ready the encodings; before the jail. */
bool probe_text_load(void);

/** probe_text_tell(ask): a file of characters. */
_Noreturn void probe_text_tell(const struct probe_sheet_ask *ask);

/**
 * probe_text_open(encoding):
 * Begin to decode the file: "utf-8", "utf-16le", ...; false: not known here.
 */
bool probe_text_open(const char *encoding);

/**
 * probe_text_read(out, cap):
 * The next characters in UTF-8, whole; 0 at the end.  Refuses what is not of
 * the encoding.
 */
size_t probe_text_read(char *out, size_t cap);

/** probe_xlsx_tell(ask): a workbook. */
_Noreturn void probe_xlsx_tell(const struct probe_sheet_ask *ask);

struct probe_zip;		/* a member of the archive being read */

/** probe_zip_is(): does the file begin as an archive? */
bool probe_zip_is(void);

/**
 * probe_zip_open(name):
 * Begin to read the member ${name} (any case); NULL if there is none.  Refuses
 * what is encrypted or packed in another way than deflate.
 */
struct probe_zip *probe_zip_open(const char *name);

/**
 * probe_zip_read(z, p, n):
 * The next bytes; 0 at the end, where length and checksum were compared.
 */
size_t probe_zip_read(struct probe_zip *z, void *p, size_t n);

/** probe_zip_close(z): NULL is fine. */
void probe_zip_close(struct probe_zip *z);

/**
 * probe_date_serial(serial, from1904, out, cap):
 * The day (and the time of day, if there is one) that a number of a workbook
 * stands for: "2018-03-12", "2018-03-12T14:30:00".  False if it is none.
 */
bool probe_date_serial(double serial, bool from1904, char *out, size_t cap);

#endif
