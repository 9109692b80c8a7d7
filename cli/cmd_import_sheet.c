#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/cmd_import.h"
#include "cli/dispatch.h"
#include "cli/out.h"
#include "cli/session.h"
#include "cli/ui.h"
#include "cli/view.h"
#include "vault/vault.h"

#define ALIKE_LOOKED 500	/* new persons that are compared at once */
#define ALIKE_TOLD 10

/* One import on its way. */
struct sheet {
	struct cli *c;
	const struct opts *o;
	struct vault_sheet *s;
	struct vault_import in;
	const char **map;		/* of a kept map, and --map */
	struct record kept;		/* the map that is used */
	char encoding[32];		/* stated, kept or confirmed; or "" */
	struct view_rows rows;		/* of a dry run */
	bool rows_begun;
	json_t *refused, *similar;
	struct bytes_buf csv;		/* the refused rows */
	uint64_t count[4];
	char (*ref)[MODEL_REF_MAX];	/* new persons */
	size_t n_ref;
	unsigned told;
};

static const char *const did[] = { "create", "update", "nothing new",
    "refused" };

/* --- before ------------------------------------------------------------- */

/* A kept map that is looked for. */
struct find {
	struct sheet *x;
	const char *name;
	struct record *ret;
};

static enum sq_err
find_map(void *arg, const struct record *r)
{
	struct find *f = arg;
	const char *is = model_record_first(r, "name");

	if (f->ret->ref[0] != '\0' || is == NULL || strcmp(is, f->name) != 0)
		return SQ_OK;
	return vault_show(f->x->c->vault, r->ref, 0, f->ret, &f->x->c->why);
}

/* The map that is used; none if none is. */
static enum sq_err
load_map(struct sheet *x)
{
	struct find f = { x, x->o->value[CMD_IMPORT_USE_MAP], &x->kept };
	enum sq_err e;

	if (f.name == NULL || x->kept.ref[0] != '\0')
		return SQ_OK;
	e = vault_list(x->c->vault, "map", 0, find_map, &f, &x->c->why);
	if (e == SQ_OK && x->kept.ref[0] == '\0')
		e = err_why(&x->c->why, SQ_ENOENT, "no map «%s» is kept; "
		    "sandyq list map", f.name);
	return e;
}

/* Read the file as ${encoding}, or as it seems to be. */
static enum sq_err
read_as(struct sheet *x, const char *encoding, struct vault_sheet_info *ret)
{
	const struct opts *o = x->o;
	enum sq_err e;

	vault_sheet_free(x->s);
	x->s = NULL;
	e = vault_sheet_read(o->arg[0], encoding,
	    o->value[CMD_IMPORT_DELIMITER], o->value[CMD_IMPORT_SHEET], &x->s,
	    &x->c->why);
	if (e == SQ_OK)
		vault_sheet_info(x->s, ret);
	return e;
}

/*
 * The file in its encoding: as it is stated, or as the file itself leaves no
 * doubt; else as the map in use remembers, else as somebody confirms a guess.
 */
static enum sq_err
read_sheet(struct sheet *x)
{
	const char *stated = x->o->value[CMD_IMPORT_ENCODING], *kept = NULL;
	struct vault_sheet_info info;
	enum sq_err e = read_as(x, stated, &info), e_map;

	if (stated == NULL && e == SQ_OK && info.sure)
		return SQ_OK;
	/* what is refused may be read by what the map says */
	if (stated == NULL && x->o->value[CMD_IMPORT_USE_MAP] != NULL &&
	    (e == SQ_OK || e == SQ_EREFUSED)) {
		if ((e_map = session_open(x->c)) != SQ_OK ||
		    (e_map = load_map(x)) != SQ_OK)
			return e_map;
		kept = model_record_first(&x->kept, "encoding");
	}
	if (kept != NULL && (e = read_as(x, kept, &info)) != SQ_OK)
		return err_more(&x->c->why, e, "the map says that the "
		    "encoding is %.31s", kept);
	if (e != SQ_OK)
		return e;
	if (kept != NULL)
		cmd_import_tell_encoding(&info, "known from the map to be");
	else if (stated == NULL && (e = cmd_import_ask_encoding(x->c,
	    &info, x->o->value[CMD_IMPORT_DRY] != NULL)) != SQ_OK)
		return e;
	(void)snprintf(x->encoding, sizeof(x->encoding), "%s", info.encoding);
	return SQ_OK;
}

/* The options, and what a kept map says where they say nothing. */
static enum sq_err
settle(struct sheet *x)
{
	const struct opts *o = x->o;
	const struct opts_list *given = &o->list[CMD_IMPORT_MAP];
	const struct record_field *f = NULL;
	size_t n = 0;
	enum sq_err e;

	if ((e = load_map(x)) != SQ_OK)
		return e;
	x->in.type = o->value[CMD_IMPORT_TYPE];
	x->in.match = o->value[CMD_IMPORT_MATCH];
	x->in.dates = o->value[CMD_IMPORT_DATES];
	if (o->value[CMD_IMPORT_USE_MAP] != NULL) {
		f = model_record_field(&x->kept, "map");
		if (x->in.type == NULL)
			x->in.type = model_record_first(&x->kept, "type");
		if (x->in.match == NULL)
			x->in.match = model_record_first(&x->kept, "match");
		if (x->in.dates == NULL)
			x->in.dates = model_record_first(&x->kept, "dates");
	}
	if (x->in.type == NULL)
		return dispatch_usage(x->c, "--type TYPE is missing: what are "
		    "the rows records of? (sandyq types lists them)");
	x->map = calloc((f == NULL ? 0 : f->n) + given->n + 1,
	    sizeof(*x->map));
	if (x->map == NULL)
		return SQ_ENOMEM;
	for (size_t i = 0; f != NULL && i < f->n; i++)
		x->map[n++] = f->v[i].text;
	for (size_t i = 0; i < given->n; i++)
		x->map[n++] = given->v[i];
	x->in.map = x->map;
	x->in.n_map = n;
	x->in.dry = o->value[CMD_IMPORT_DRY] != NULL;
	x->in.reason = o->value[CMD_IMPORT_REASON];
	return SQ_OK;
}

static void
column(void *arg, const char *head, const char *field)
{
	(void)arg;
	if (*field != '\0')
		ui_note("column «%s»: %s", head, field);
	else
		ui_note("column «%s» is left out; --map FIELD=COLUMN takes "
		    "it", head);
}

/* --- meanwhile ---------------------------------------------------------- */

static void
refuse(struct sheet *x, const struct vault_imported *r)
{
	char num[24];

	if (x->csv.len == 0)
		vault_sheet_line(x->s, 0, "sandyq: reason", &x->csv);
	vault_sheet_line(x->s, r->i, r->why, &x->csv);
	if (x->refused != NULL && json_array_append_new(x->refused,
	    json_pack("{s:o,s:o}", "row", ui_num(r->row), "why",
	    ui_str(r->why))) != 0)
		ui_doc(NULL);
	else if (x->refused == NULL && !x->in.dry) {
		(void)snprintf(num, sizeof(num), "%llu",
		    (unsigned long long)r->row);
		ui_table_row(x->rows.table, (const char *const[]){ "refused",
		    num, r->why });
	}
}

static enum sq_err
row(void *arg, const struct vault_imported *r)
{
	struct sheet *x = arg;
	char num[24];
	void *p;

	x->count[r->did]++;
	if (r->did == VAULT_IMPORT_REFUSED)
		refuse(x, r);
	if (r->did == VAULT_IMPORT_CREATED && x->n_ref < ALIKE_LOOKED &&
	    strcmp(x->in.type, "person") == 0) {
		p = realloc(x->ref, (x->n_ref + 1) * sizeof(*x->ref));
		if (p == NULL)
			return SQ_ENOMEM;
		x->ref = p;
		(void)snprintf(x->ref[x->n_ref++], MODEL_REF_MAX, "%s",
		    r->ref);
	}
	if (!x->in.dry)
		return SQ_OK;
	(void)snprintf(num, sizeof(num), "%llu", (unsigned long long)r->row);
	if (view_rows_json(&x->rows))
		view_rows_add(&x->rows, json_pack("{s:o,s:s,s:s,s:o,s:o}",
		    "row", ui_num(r->row), "what", did[r->did], "ref", r->ref,
		    "title", ui_str(r->title), "why", ui_str(r->why)));
	else
		ui_table_row(x->rows.table, (const char *const[]){ num,
		    did[r->did], r->ref, r->title, r->why == NULL ? "" :
		    r->why });
	return SQ_OK;
}

/* --- after -------------------------------------------------------------- */

static enum sq_err
alike(void *arg, const struct vault_alike *a)
{
	struct sheet *x = arg;

	if (x->similar != NULL && json_array_append_new(x->similar,
	    json_pack("{s:s,s:s,s:i,s:o}", "ref", a->a, "similar", a->b,
	    "score", (int)a->score, "reasons", ui_str(a->reasons))) != 0)
		ui_doc(NULL);
	else if (x->similar == NULL && x->told < ALIKE_TOLD)
		ui_note("%s may be the same person as %s (%s): %s", a->a,
		    a->b, a->name_b, a->reasons);
	x->told++;
	return SQ_OK;
}

/* Who of the new persons may be known already?  Never in the way. */
static void
look_alike(struct sheet *x)
{
	const char *name = "persons compared";
	struct why why;

	for (size_t i = 0; i < x->n_ref; i++) {
		(void)vault_alike(x->c->vault, x->ref[i], alike, x, &why);
		ui_progress(&name, i + 1, x->n_ref);
	}
	if (x->told > ALIKE_TOLD)
		ui_note("and %u more; all of them: sandyq dup", x->told -
		    ALIKE_TOLD);
	if (x->n_ref == ALIKE_LOOKED)
		ui_note("only the first %u new persons were compared; all: "
		    "sandyq dup", ALIKE_LOOKED);
}

/* Keep the map for the next sheet of this kind. */
static enum sq_err
keep_map(struct sheet *x)
{
	struct model_inputs in = { 0 };
	struct record old = { 0 };	/* of the same name */
	struct find f = { x, x->o->value[CMD_IMPORT_SAVE_MAP], &old };
	struct vault_made made;
	enum sq_err e;

	if ((e = vault_list(x->c->vault, "map", 0, find_map, &f,
	    &x->c->why)) != SQ_OK ||
	    (e = model_inputs_add(&in, "name", NULL, f.name)) != SQ_OK ||
	    (e = model_inputs_add(&in, "type", NULL, x->in.type)) != SQ_OK)
		goto out;
	if (x->in.match != NULL && (e = model_inputs_add(&in, "match", NULL,
	    x->in.match)) != SQ_OK)
		goto out;
	if (x->in.dates != NULL && (e = model_inputs_add(&in, "dates", NULL,
	    x->in.dates)) != SQ_OK)
		goto out;
	if (x->encoding[0] != '\0' && (e = model_inputs_add(&in, "encoding",
	    NULL, x->encoding)) != SQ_OK)
		goto out;
	for (size_t i = 0; i < x->in.n_map; i++)
		if ((e = model_inputs_add(&in, "map", NULL, x->map[i])) !=
		    SQ_OK)
			goto out;
	e = old.ref[0] != '\0' ? vault_edit(x->c->vault, old.ref, &in, NULL, 0,
	    NULL, &made, &x->c->why) : vault_add(x->c->vault, "map",
	    &in, NULL, &made, &x->c->why);
	if (e == SQ_OK)
		ui_note("the map is kept as «%s», %s", f.name, made.ref);
out:
	model_record_free(&old);
	model_inputs_free(&in);
	return e;
}

/* The counts, as a line or as the document. */
static void
answer(struct sheet *x, const struct vault_made *source)
{
	json_t *doc;

	if (!ui_json()) {
		ui_line("created %llu, updated %llu, unchanged %llu, refused "
		    "%llu%s%s", (unsigned long long)x->count[0],
		    (unsigned long long)x->count[1],
		    (unsigned long long)x->count[2],
		    (unsigned long long)x->count[3], source->ref[0] != '\0' ?
		    ", source " : "", source->ref);
		return;
	}
	doc = json_pack("{s:o,s:o,s:o,s:O,s:s,s:b}", "created",
	    ui_num(x->count[0]), "updated", ui_num(x->count[1]), "unchanged",
	    ui_num(x->count[2]), "refused", x->refused, "source", source->ref,
	    "dry_run", x->in.dry);
	if (doc != NULL && x->in.dry && json_object_set(doc, "rows",
	    x->rows.doc) != 0)
		ui_doc(NULL);
	if (doc != NULL && json_array_size(x->similar) > 0 &&
	    json_object_set(doc, "similar", x->similar) != 0)
		ui_doc(NULL);
	ui_doc(doc);
}

static void
progress(void *arg, uint64_t done, uint64_t of)
{
	const char *name = "rows";

	(void)arg;
	ui_progress(&name, done, of);
}

/* The work, with the vault open. */
static enum sq_err
run(struct sheet *x, const char *refused)
{
	static const char *const head[] = { "ROW", "WHAT", "REF", "TITLE",
	    "WHY NOT" }, *const less[] = { "", "ROW", "WHY" };
	struct vault_made source;
	enum sq_err e;

	if ((e = settle(x)) != SQ_OK || (e = vault_import_columns(x->s,
	    &x->in, column, x, &x->c->why)) != SQ_OK ||
	    (e = cmd_import_ask_dates(x->c,
	    x->s, &x->in)) != SQ_OK)
		return e;
	x->in.progress = progress;
	view_rows_begin(&x->rows, x->in.dry ? 5 : 3, x->in.dry ? head : less,
	    x->in.dry ? 4 : 2);
	x->rows_begun = true;
	e = vault_import(x->c->vault, x->s, &x->in, row, x, &source,
	    &x->c->why);
	if (x->rows.table != NULL)
		view_rows_end(&x->rows, e == SQ_OK);
	if (e != SQ_OK)
		return e;
	if (refused != NULL && x->csv.len > 0) {
		if ((e = vault_write(refused, x->csv.p, x->csv.len,
		    &x->c->why)) != SQ_OK)
			return e;
		ui_note("the refused rows are in %s, as plain text: mend them "
		    "there and import it; then delete it", refused);
	}
	if (!x->in.dry && source.ref[0] != '\0')
		look_alike(x);
	if (!x->in.dry && x->o->value[CMD_IMPORT_SAVE_MAP] != NULL &&
	    (e = keep_map(x)) != SQ_OK)
		return e;
	answer(x, &source);
	if (x->in.dry)
		ui_note("a dry run: nothing was saved");
	else if (x->count[3] > 0 && x->count[0] + x->count[1] + x->count[2] ==
	    0)
		e = err_why(&x->c->why, SQ_EREFUSED, "no row could be taken; "
		    "nothing was saved");
	return e;
}

/* see cmd_import.h */
enum sq_err
cmd_import_sheet(struct cli *c, const struct opts *o)
{
	struct sheet x = { .c = c, .o = o };
	char *refused = NULL;
	enum sq_err e = SQ_OK;

	if (o->value[CMD_IMPORT_REFUSED] != NULL && (e = out_path(c,
	    o->value[CMD_IMPORT_REFUSED], &refused)) != SQ_OK)
		return e;
	if ((e = read_sheet(&x)) != SQ_OK || (e = session_open(c)) != SQ_OK)
		goto out;
	if (ui_json()) {
		x.refused = json_array();
		x.similar = json_array();
	}
	e = run(&x, refused);
out:
	if (x.rows_begun && x.rows.doc != NULL)
		json_decref(x.rows.doc);
	json_decref(x.refused);
	json_decref(x.similar);
	bytes_free(&x.csv);
	model_record_free(&x.kept);
	vault_sheet_free(x.s);
	free(x.map);
	free(x.ref);
	free(refused);
	return e;
}
