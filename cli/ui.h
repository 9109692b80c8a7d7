/*
 * The one door to the terminal.  Whatever a record, a file or a person's words
 * contain is escaped here; plain output is tab-separated, one document of JSON
 * with --json, an aligned table on a terminal.
 */
#ifndef SQ_CLI_UI_H
#define SQ_CLI_UI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "crypto/bytes.h"
#include "crypto/err.h"

/**
 * ui_init(prog):
 * First call: the locale, the kind of each stream, no death by SIGPIPE.
 */
void ui_init(const char *prog);

/** ui_mode(json, quiet): as the global options say. */
void ui_mode(bool json, bool quiet);

/** ui_json(): is the answer a JSON document? */
bool ui_json(void);

/** ui_terminal(): is standard output a terminal, and the answer not JSON? */
bool ui_terminal(void);

/** ui_person(): is standard error a terminal, so that someone reads along? */
bool ui_person(void);

/** ui_columns(): width of the terminal, 80 if unknown. */
size_t ui_columns(void);

/** ui_out(p, n): write ${n} bytes that are safe already to standard output. */
void ui_out(const void *p, size_t n);

/** ui_line(fmt, ...): a line of output, escaped as a whole. */
void ui_line(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/** ui_text(p, n): a text of several lines, escaped but for its line ends. */
void ui_text(const void *p, size_t n);

/**
 * ui_pair(name, value):
 * A row of a name and a value; aligned on a terminal, where line ends of the
 * value are kept and long lines broken.
 */
void ui_pair(const char *name, const char *value);

/**
 * ui_pair_note(name, value, note):
 * The same; on a terminal ${note} (plain ASCII, or NULL) stands behind the
 * value.
 */
void ui_pair_note(const char *name, const char *value, const char *note);

/** ui_pairf(name, fmt, ...): the same with a formatted value. */
void ui_pairf(const char *name, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/**
 * ui_doc(doc):
 * Print the one document of a command and free it; NULL: memory ran out, which
 * ui_flush reports.
 */
void ui_doc(json_t *doc);

/**
 * ui_str(s):
 * A JSON string of any bytes: what is not UTF-8 is escaped first; NULL gives
 * null.
 */
json_t *ui_str(const char *s);

/** ui_num(n): a JSON integer. */
json_t *ui_num(uint64_t n);

/** ui_many(n, one, more): the word for so many. */
const char *ui_many(uint64_t n, const char *one, const char *more);

/** ui_note(fmt, ...): a line on standard error, unless --quiet. */
void ui_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/** ui_warn(fmt, ...): a line on standard error, whatever was asked for. */
void ui_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/** ui_ask(fmt, ...): a prompt on standard error, without an end of line. */
void ui_ask(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/** ui_fail(code, text): the error of a command, as a line or as JSON. */
void ui_fail(int code, const char *text);

/**
 * ui_progress(arg, done, of):
 * A line of progress on a terminal, when it takes longer than a second; ${arg}
 * is a const char * that names it.
 */
void ui_progress(void *arg, uint64_t done, uint64_t of);

/* How far a long command has come. */
struct ui_transfer {
	const char *name;		/* of the file at work */
	uint64_t done, of;		/* bytes of it */
	uint64_t all_done, all_of;	/* bytes of everything */
	uint64_t file, files;		/* from 1 */
};

/**
 * ui_transfer(t):
 * Once a second a line of progress, as ui_progress: bytes, rate and time left,
 * of the file and of all.
 */
void ui_transfer(const struct ui_transfer *t);

/**
 * ui_bytes(p, n):
 * Write content to standard output as it is.  SQ_EREFUSED: the reader has gone;
 * SQ_EIO.
 */
enum sq_err ui_bytes(const void *p, size_t n);

/**
 * ui_erase():
 * Erase what the terminal shows, and what it keeps of what it showed.  Nothing
 * where standard output is no terminal, or JSON.
 */
void ui_erase(void);

/** ui_flush(why): is everything written? */
enum sq_err ui_flush(struct why *why);

/** ui_close(why): as ui_flush, once, at the end. */
enum sq_err ui_close(struct why *why);

#endif
