/*
 * report.html: the bundle as a page that a person reads and prints.  Static
 * HTML, no script, nothing loaded from anywhere, every text escaped.  It never
 * says «verified»: it says how to check.  Pure: text in, bytes out.
 *
 * Order of calls: report_begin, report_item for each item, any number of
 * report_section, report_end.
 */
#ifndef SQ_VAULT_BUNDLE_REPORT_H
#define SQ_VAULT_BUNDLE_REPORT_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/bytes.h"
#include "crypto/err.h"
#include "vault/bundle/statement.h"

struct report_value {
	const char *text;	/* UTF-8, any bytes escaped */
	const char *lang;	/* BCP 47 tag, "und", or NULL: no language */
};

struct report_field {
	const char *label;	/* of the model table */
	const struct report_value *v;
	size_t n;		/* 0: the field is shown as «withheld» */
};

struct report_item {
	uint64_t number;	/* 1 ... */
	const char *ref;	/* "T-12" */
	const char *type;	/* label of the type: "Testimony" */
	const char *title;	/* or NULL */
	const char *lang;	/* of the title, or NULL */
	const char *entry;	/* root, hex */
	uint64_t index;		/* in the log */
	const struct report_field *field;
	size_t n_field;
	const char *const *custody;	/* one line of text per event */
	size_t n_custody;
};

/**
 * report_begin(st, out):
 * The head and the title page.  Of ${st} only what is known before the bag is
 * sealed is used: not tagmanifest, not bytes.
 */
enum sq_err report_begin(const struct statement *st, struct bytes_buf *out);

/** report_item(it, out): one item. */
enum sq_err report_item(const struct report_item *it, struct bytes_buf *out);

/**
 * report_section(title, lines, n, out):
 * A heading and a list: what was withheld and why, what was left out.  Nothing
 * if ${n} is 0.
 */
enum sq_err report_section(const char *title, const char *const *lines,
    size_t n, struct bytes_buf *out);

/** report_end(st, out): how to check, what the page cannot say, the end. */
enum sq_err report_end(const struct statement *st, struct bytes_buf *out);

#endif
