/*
 * What the files of the exporter share, and nobody else includes.
 */
#ifndef SQ_VAULT_BUNDLE_EXPORT_INT_H
#define SQ_VAULT_BUNDLE_EXPORT_INT_H

#include "vault/bundle/export.h"

/* The events of one item as lines for the report. */
struct export_events {
	char **line;
	size_t n;
};

struct export_data {
	const struct export_in *in;
	struct export_files *files;
	struct export_events *event;	/* one for each item */
	uint64_t withheld;
	enum sq_err e;			/* the first failure of a name */
	struct why *why;
};

/**
 * export_int_pseudonym(x, id, out):
 * How another record is named in what people read: its reference if it is in
 * the bundle, else a name that is the same in every bundle to this recipient
 * and another in those to others.  At most 32 bytes with the NUL.  A failure is
 * kept in x->e.
 */
void export_int_pseudonym(struct export_data *x,
    const uint8_t id[LOG_RECORD_ID], char *out);

/**
 * export_int_events(x):
 * Write custody.csv and consents.csv and fill x->event: every entry that names
 * an item, in the order of the log.
 */
enum sq_err export_int_events(struct export_data *x);

/**
 * export_int_title(type, out, cap):
 * The entry's name of the field that stands for a record of ${type} in lists;
 * "" if there is none.
 */
void export_int_title(const struct model_type *type, char *out, size_t cap);

/**
 * export_int_left_why(x, i):
 * Why record ${i} of those left stayed.  The reason tells what somebody
 * decided, so it is told only to whom decisions are told.
 */
const char *export_int_left_why(const struct export_data *x, size_t i);

/** export_int_report(x, st): write report.html. */
enum sq_err export_int_report(struct export_data *x,
    const struct statement *st);

#endif
