/*
 * What the files of the exporter share, and nobody else includes.
 */
#ifndef SQ_VAULT_BUNDLE_EXPORT_INT_H
#define SQ_VAULT_BUNDLE_EXPORT_INT_H

#include "vault/bundle/export.h"
#include "vault/bundle/report.h"

/* The events of one item for the report; their text is owned. */
struct export_events {
	struct report_event *v;
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
 * export_int_history(x, i):
 * In profile full the earlier revisions of item ${i}, under the same rules.
 */
enum sq_err export_int_history(struct export_data *x, size_t i);

/**
 * export_int_events(x):
 * Write custody.csv and consents.csv and fill x->event: every entry that names
 * an item, in the order of the log.
 */
enum sq_err export_int_events(struct export_data *x);

/** export_int_events_free(x): free x->event. */
void export_int_events_free(struct export_data *x);

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

/* --- what people read --------------------------------------------------- */

#define EXPORT_PAGE_MAX 96

/* One item as labels and values, drawn from its redacted entry. */
struct export_page {
	struct export_data *x;
	const struct export_item *it;
	struct report_field field[EXPORT_PAGE_MAX];
	const struct model_field *def[EXPORT_PAGE_MAX];	/* or NULL */
	size_t first[EXPORT_PAGE_MAX];	/* its first value in v */
	size_t n, n_hidden;
	struct report_value *v;
	size_t n_v, cap_v;
	char **own;			/* the text of it all */
	size_t n_own, cap_own;
	enum sq_err e;			/* the first failure */
};

/**
 * export_page(x, i, p):
 * Fill ${p} (zeroed, or used before) with item ${i}.  Free with
 * export_page_free.
 */
enum sq_err export_page(struct export_data *x, size_t i,
    struct export_page *p);

/**
 * export_page_keep(p, s):
 * Let ${p} own ${s} (malloced) and return it; "" if ${s} is NULL or memory ran
 * out, which p->e then says.
 */
char *export_page_keep(struct export_page *p, char *s);

/**
 * export_page_title(it, ret, ret_lang):
 * What the record is called, as far as it is told; NULL if it is not.  Caller
 * frees both.
 */
void export_page_title(const struct export_item *it, char **ret,
    char **ret_lang);

/** export_page_free(p): free what it holds; zeroed. */
void export_page_free(struct export_page *p);

/** export_facts(x, out): append the summary. */
enum sq_err export_facts(struct export_data *x, struct bytes_buf *out);

/**
 * export_papers(x, st):
 * Write loadfile/items.dat and the drafts below certificates/, after the
 * items.
 */
enum sq_err export_papers(struct export_data *x, const struct statement *st);

/** export_report(x, st): write report.html. */
enum sq_err export_report(struct export_data *x, const struct statement *st);

#endif
