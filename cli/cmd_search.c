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

#define SAME_LOOKED 50		/* persons found whose links are looked up */

struct found {
	struct view_rows rows;
	char person[SAME_LOOKED][MODEL_REF_MAX];
	size_t n;
	const char *at;			/* whose links are told */
	json_t *same;
};

static enum sq_err
row(void *arg, const struct vault_hit *h)
{
	struct found *f = arg;
	struct view_rows *rows = &f->rows;
	unsigned mark[VAULT_MARKS][2];

	if (h->type->prefix == 'P' && f->n < SAME_LOOKED)
		memcpy(f->person[f->n++], h->ref, MODEL_REF_MAX);
	rows->n++;
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

static enum sq_err
same(void *arg, const struct vault_same *s)
{
	struct found *f = arg;

	if (f->same == NULL)
		ui_note("%s says that %s and %s are the same person%s%s",
		    s->link, f->at, s->person, s->certainty[0] != '\0' ?
		    ", " : "", s->certainty);
	else if (json_array_append_new(f->same, json_pack("{s:s,s:s,s:s}",
	    "person", s->person, "certainty", s->certainty, "link",
	    s->link)) != 0)
		ui_doc(NULL);
	return SQ_OK;
}

/* Of persons found: who is said to be the same, as notes or members "same". */
static enum sq_err
tell_same(struct cli *c, struct found *f)
{
	json_t *hit;
	size_t k;
	enum sq_err e = SQ_OK;

	for (size_t i = 0; i < f->n && e == SQ_OK; i++) {
		f->at = f->person[i];
		f->same = view_rows_json(&f->rows) ? json_array() : NULL;
		e = vault_same_as(c->vault, f->at, same, f, &c->why);
		json_array_foreach(f->rows.doc, k, hit)
			if (json_array_size(f->same) > 0 && strcmp(f->at,
			    json_string_value(json_object_get(hit, "ref"))) ==
			    0 && json_object_set(hit, "same", f->same) != 0)
				ui_doc(NULL);
		json_decref(f->same);
	}
	return e;
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
	struct found f = { .n = 0 };
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
	view_rows_begin(&f.rows, ui_terminal() ? 5 : 4, head, 3);
	e = vault_search(c->vault, query, type, (size_t)limit, row, &f,
	    &c->why);
	if (e == SQ_OK)
		e = tell_same(c, &f);
	view_rows_end(&f.rows, e == SQ_OK);
	if (e == SQ_OK && f.rows.n == 0 && ui_terminal())
		ui_note("nothing found; every word must occur, and word* "
		    "stands for any ending");
	secret_wipe(query, strlen(query));
	free(query);
	return e;
}
