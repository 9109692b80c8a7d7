/*
 * Records as answers: the JSON object of a record, its plain lines, and rows.
 */
#ifndef SQ_CLI_VIEW_H
#define SQ_CLI_VIEW_H

#include <jansson.h>

#include "cli/ui_table.h"
#include "vault/record/model.h"
#include "vault/vault.h"

/**
 * view_json(r):
 * The object of --json: ref id type rev entry time actor fields; NULL when
 * memory runs out.
 */
json_t *view_json(const struct record *r);

/** view_record(r): print one record, in the form that was asked for. */
void view_record(const struct record *r);

/**
 * view_made(m):
 * Print what a change made: its reference, or {"ref","id","entry"}.
 */
void view_made(const struct vault_made *m);

/** view_made_json(m): that object. */
json_t *view_made_json(const struct vault_made *m);

/* A list of records being printed: an array, or a table. */
struct view_rows {
	json_t *doc;
	struct ui_table *table;
	size_t n;		/* rows, counted by who adds them */
};

/** view_rows_begin(v, n, head, wide): begin; as ui_table_new. */
void view_rows_begin(struct view_rows *v, size_t n, const char *const *head,
    size_t wide);

/** view_rows_json(v): is it an array? */
bool view_rows_json(const struct view_rows *v);

/** view_rows_add(v, object): append an object to the array. */
void view_rows_add(struct view_rows *v, json_t *object);

/**
 * view_rows_end(v, print):
 * The end; without ${print} nothing is shown of what was kept back.
 */
void view_rows_end(struct view_rows *v, bool print);

#endif
