#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/dispatch.h"
#include "cli/session.h"
#include "cli/ui.h"
#include "cli/view.h"
#include "vault/vault.h"

/* The origin, size and root of a checkpoint are its first three lines. */
static json_t *
head_json(const struct bytes_buf *b, const char *words)
{
	const char *p = (const char *)b->p, *end = p + b->len, *nl;
	const char *at[3] = { "", "", "" };
	size_t len[3] = { 0, 0, 0 };
	char size[24];

	for (int i = 0; i < 3 && p < end; i++, p = nl + 1) {
		nl = memchr(p, '\n', (size_t)(end - p));
		if (nl == NULL)
			break;
		at[i] = p;
		len[i] = (size_t)(nl - p);
	}
	(void)snprintf(size, sizeof(size), "%.*s", (int)(len[1] < 20 ?
	    len[1] : 20), at[1]);
	return json_pack("{s:s%,s:o,s:s%,s:s,s:s%}", "origin", at[0], len[0],
	    "size", ui_num(strtoull(size, NULL, 10)), "root", at[2], len[2],
	    "words", words, "checkpoint", (const char *)b->p, b->len);
}

/* see cmd.h */
enum sq_err
cmd_log_head(struct cli *c, const struct opts *o)
{
	struct vault_status st;
	struct bytes_buf b = { 0 };
	enum sq_err e;

	(void)o;
	if ((e = session_open(c)) != SQ_OK)
		return e;
	e = vault_checkpoint(c->vault, &b, &c->why);
	if (e == SQ_OK && ui_json())
		e = vault_status(c->vault, &st, &c->why);
	if (e == SQ_OK && ui_json())
		ui_doc(head_json(&b, st.words));
	else if (e == SQ_OK)
		ui_text(b.p, b.len);
	bytes_free(&b);
	return e;
}

static enum sq_err
row(void *arg, const struct vault_entry *en)
{
	struct view_rows *rows = arg;
	char index[24];

	if (view_rows_json(rows)) {
		view_rows_add(rows, json_pack(
		    "{s:o,s:s,s:o,s:o,s:o,s:o,s:o}", "index",
		    ui_num(en->index), "entry", en->root, "kind",
		    ui_str(en->kind), "type", ui_str(en->type), "ref",
		    ui_str(en->ref), "time", ui_str(en->time), "actor",
		    ui_str(en->actor)));
		return SQ_OK;
	}
	(void)snprintf(index, sizeof(index), "%" PRIu64, en->index);
	ui_table_row(rows->table, (const char *const[]){ index, en->kind,
	    en->ref, en->time, en->actor, en->root });
	return SQ_OK;
}

/* see cmd.h */
enum sq_err
cmd_log_list(struct cli *c, const struct opts *o)
{
	static const char *const head[] = { "ENTRY", "KIND", "REF", "TIME",
	    "BY", "ROOT" };
	struct view_rows rows;
	enum sq_err e;

	(void)o;
	if ((e = session_open(c)) != SQ_OK)
		return e;
	view_rows_begin(&rows, 6, head, 5);
	e = vault_log(c->vault, row, &rows, &c->why);
	view_rows_end(&rows, e == SQ_OK);
	return e;
}

/* A proof as it is, or in an object beside the number that was asked for. */
static enum sq_err
put(struct bytes_buf *b, const char *key, uint64_t n, enum sq_err e)
{
	if (e == SQ_OK && ui_json())
		ui_doc(json_pack("{s:o,s:s%}", key, ui_num(n), "proof",
		    b->p == NULL ? "" : (const char *)b->p, b->len));
	else if (e == SQ_OK)
		ui_text(b->p, b->len);
	bytes_free(b);
	return e;
}

/* see cmd.h */
enum sq_err
cmd_log_proof(struct cli *c, const struct opts *o)
{
	struct bytes_buf b = { 0 };
	uint64_t n = 0;
	enum sq_err e;

	e = opts_number("entry", o->arg[0], 0, INT64_MAX, &n, &c->why);
	if (e != SQ_OK || (e = session_open(c)) != SQ_OK)
		return e;
	e = vault_log_proof(c->vault, n, &b, &c->why);
	return put(&b, "index", n, e);
}

/* see cmd.h */
enum sq_err
cmd_log_consistency(struct cli *c, const struct opts *o)
{
	struct bytes_buf b = { 0 };
	uint64_t n = 0;
	enum sq_err e;

	e = opts_number("size", o->arg[0], 1, INT64_MAX, &n, &c->why);
	if (e != SQ_OK || (e = session_open(c)) != SQ_OK)
		return e;
	e = vault_log_consistency(c->vault, n, &b, &c->why);
	return put(&b, "old", n, e);
}

enum { LOST, REASON };
const struct opts_def cmd_log_seen_opts[] = {
	{ "lost", 0, OPTS_FLAG, NULL, "the newest checkpoint is lost" },
	{ "reason", 0, OPTS_TEXT, "TEXT", "why, kept in the log" },
	OPTS_END
};

/* see cmd.h */
enum sq_err
cmd_log_seen(struct cli *c, const struct opts *o)
{
	bool lost = o->value[LOST] != NULL;
	uint64_t size = 0;
	enum sq_err e;

	if (lost != (o->n == 0) || lost != (o->value[REASON] != NULL))
		return dispatch_usage(c, "give the file of a checkpoint, or "
		    "--lost and --reason TEXT");
	if ((e = session_open(c)) != SQ_OK)
		return e;
	e = lost ? vault_log_lost(c->vault, o->value[REASON], &c->why) :
	    vault_log_seen(c->vault, o->arg[0], &size, &c->why);
	if (e != SQ_OK)
		return e;
	if (ui_json() && lost)
		ui_doc(json_pack("{s:b}", "lost", 1));
	else if (ui_json())
		ui_doc(json_pack("{s:o}", "size", ui_num(size)));
	else if (lost)
		ui_line("lost; the vault signs again");
	else
		ui_line("the log extends those %" PRIu64 " entries", size);
	return SQ_OK;
}

/* see cmd.h */
enum sq_err
cmd_log_receipt(struct cli *c, const struct opts *o)
{
	char recipient[MODEL_REF_MAX];
	struct vault_made made;
	enum sq_err e;

	if ((e = session_open(c)) != SQ_OK || (e = vault_log_receipt(c->vault,
	    o->arg[0], &made, recipient, &c->why)) != SQ_OK)
		return e;
	if (ui_json())
		ui_doc(json_pack("{s:s,s:s}", "ref", made.ref, "recipient",
		    recipient));
	else
		ui_line("%s", made.ref);
	return SQ_OK;
}
