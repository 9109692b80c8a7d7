/*
 * report.html: the bundle as a page that a person reads and prints.  Static
 * HTML, no script, nothing loaded but the images that lie beside it in the
 * bundle, every text escaped and isolated in its own direction.  It never says
 * «verified»: it says how to check.  Pure: text in, bytes out.
 *
 * Order of calls: report_begin, report_facts, report_item for each item,
 * report_left, report_end.
 */
#ifndef SQ_VAULT_BUNDLE_REPORT_H
#define SQ_VAULT_BUNDLE_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/bytes.h"
#include "crypto/err.h"
#include "vault/bundle/card.h"
#include "vault/bundle/statement.h"

struct report_value {
	const char *text;	/* UTF-8, any bytes escaped */
	const char *lang;	/* BCP 47 tag, "und", or NULL: no language */
	const char *more;	/* what the text stands for, or NULL */
	uint64_t item;		/* the item it names, or 0 */
};

/* Where a field stands on the page. */
enum report_place {
	REPORT_ROW,		/* a row of the table */
	REPORT_CODE,		/* the same, to be compared letter by letter */
	REPORT_TONGUE,		/* the same, a language tag */
	REPORT_ORIGINAL,	/* a text, on the left */
	REPORT_BESIDE		/* its translation, on the right */
};

struct report_field {
	const char *label;	/* of the model table */
	enum report_place place;
	const struct report_value *v;
	size_t n;
	size_t n_held, n_erased;	/* values that are not shown */
	const char *why;	/* why they are held, or NULL */
};

/* One event of custody; NULL where it is not told or was not given. */
struct report_event {
	const char *time, *action, *actor, *object, *sha256, *place, *note;
	uint64_t index;		/* in the log */
};

/* The file that lies beside the record. */
struct report_file {
	const char *path;	/* from the page: "items/000001/original.jpg" */
	const char *name, *mime, *size, *sha256;	/* or NULL */
	bool image;		/* a browser shows it */
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
	size_t n_hidden;	/* fields whose very names are not told */
	const struct report_file *file;	/* or NULL */
	const struct report_event *event;
	size_t n_event;
};

enum report_ask { REPORT_WHO, REPORT_WHEN, REPORT_WHERE, REPORT_ASKS };

/* One line of the summary. */
struct report_fact {
	enum report_ask ask;
	const char *label;
	struct report_value v;
	const uint64_t *item;	/* where it stands */
	size_t n;
};

/**
 * report_begin(st, card, out):
 * The head and the cover.  Of ${st} only what is known before the bag is
 * sealed is used: not tagmanifest, not bytes.
 */
enum sq_err report_begin(const struct statement *st, const struct card *card,
    struct bytes_buf *out);

/**
 * report_facts(f, n, left, it, n_it, out):
 * The summary: who, what (the items: number, ref, type, title, lang are used),
 * when and where; ${left}[ask] further lines found no room.
 */
enum sq_err report_facts(const struct report_fact *f, size_t n,
    const size_t left[REPORT_ASKS], const struct report_item *it, size_t n_it,
    struct bytes_buf *out);

/** report_item(it, out): one item. */
enum sq_err report_item(const struct report_item *it, struct bytes_buf *out);

/**
 * report_left(lines, n, out):
 * What was left out, and why; says so if nothing was.
 */
enum sq_err report_left(const char *const *lines, size_t n,
    struct bytes_buf *out);

/** report_end(st, out): how to check, what the page cannot say, the end. */
enum sq_err report_end(const struct statement *st, struct bytes_buf *out);

#endif
