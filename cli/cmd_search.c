#include <stdlib.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/dispatch.h"
#include "cli/session.h"
#include "cli/ui.h"
#include "cli/view.h"
#include "crypto/bytes.h"
#include "vault/vault.h"

enum { TYPE, LIMIT };

const struct opts_def cmd_search_opts[] = {
	{ "type", 0, OPTS_TEXT, "T", "only records of this type" },
	{ "limit", 0, OPTS_TEXT, "N", "at most N hits (20)" },
	OPTS_END
};

/* Where the matches stand: [[at, length], ...]. */
static json_t *
marks(const struct vault_hit *h)
{
	json_t *a = json_array();

	for (size_t i = 0; i < h->n_mark; i++)
		(void)json_array_append_new(a, json_pack("[i,i]",
		    (int)h->mark[i].at, (int)h->mark[i].len));
	return a;
}

static enum sq_err
row(void *arg, const struct vault_hit *h)
{
	struct view_rows *rows = arg;
	unsigned mark[VAULT_MARKS][2];

	for (size_t i = 0; i < h->n_mark; i++) {
		mark[i][0] = h->mark[i].at;
		mark[i][1] = h->mark[i].len;
	}
	if (view_rows_json(rows))
		view_rows_add(rows, json_pack("{s:o,s:s,s:o,s:o,s:o,s:I,"
		    "s:o,s:s}",
		    "ref", ui_str(h->ref), "type", h->type->name,
		    "title", ui_str(h->title), "field", ui_str(h->field),
		    "snippet", ui_str(h->snippet), "score",
		    (json_int_t)h->score, "match", marks(h), "why", h->why));
	else
		ui_table_marked(rows->table, (const char *const[]){ h->ref,
		    h->type->name, h->title, h->snippet, h->why }, 3,
		    (const unsigned (*)[2])mark, h->n_mark);
	return SQ_OK;
}

/* The words of the query as one: quotes were the shell's business. */
static char *
join(const struct opts *o)
{
	struct bytes_buf b = { 0 };

	for (size_t i = 0; i < o->n; i++)
		bytes_putf(&b, "%s%s", i > 0 ? " " : "", o->arg[i]);
	return bytes_str(&b);
}

/* see cmd.h */
enum sq_err
cmd_search(struct cli *c, const struct opts *o)
{
	static const char *const head[] = { "REF", "TYPE", "TITLE", "TEXT",
	    "WHY" };
	const char *type = o->value[TYPE];
	struct view_rows rows;
	uint64_t limit = 0;
	char *query;
	enum sq_err e;

	if (type != NULL && model_type(type) == NULL)
		return dispatch_usage(c, "there is no type \"%s\" (sandyq "
		    "types lists them)", type);
	e = opts_num(cmd_search_opts, o, LIMIT, 1, UINT32_MAX, &limit,
	    &c->why);
	if (e != SQ_OK || (e = session_open(c)) != SQ_OK)
		return e;
	if ((query = join(o)) == NULL)
		return SQ_ENOMEM;
	/* why is for people; scripts have it in JSON */
	view_rows_begin(&rows, ui_terminal() ? 5 : 4, head, 3);
	e = vault_search(c->vault, query, type, (size_t)limit, row, &rows,
	    &c->why);
	view_rows_end(&rows, e == SQ_OK);
	secret_wipe(query, strlen(query));
	free(query);
	return e;
}
