#include <stdlib.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/dispatch.h"
#include "cli/fields.h"
#include "cli/form.h"
#include "cli/out.h"
#include "cli/session.h"
#include "cli/ui.h"
#include "cli/view.h"
#include "vault/vault.h"

enum { DIR };

const struct opts_def cmd_consent_opts[] = {
	{ "output", 'o', OPTS_TEXT, "DIR",
	    "where recall notices go, if there are any" },
	OPTS_END
};

/* The bundles that carry it, as JSON. */
static json_t *
carriers_json(const struct vault_carriers *l)
{
	json_t *list = json_array(), *o;

	for (size_t i = 0; i < l->n; i++) {
		const struct vault_carrier *c = &l->v[i];

		o = json_pack("{s:s,s:s,s:s,s:o,s:s,s:s,s:o,s:b}", "ref",
		    c->ref, "bundle", c->bundle, "to", c->to, "name",
		    ui_str(c->name), "time", c->time, "profile", c->profile,
		    "file", ui_str(c->file), "recalled", c->reached);
		if (o != NULL && c->notice != NULL)
			(void)json_object_set_new(o, "notice",
			    ui_str(c->notice));
		if (json_array_append_new(list, o) != 0)
			ui_doc(NULL);
	}
	return list;
}

/* The same as lines: what is out there, and what to hand to whom. */
static void
put_carriers(const struct vault_carriers *l)
{
	static const char *const head[] = { "BUNDLE", "TO", "NAME", "TIME",
	    "PROFILE", "FILE", "NOTICE" };
	struct ui_table *t = ui_table_new(7, head, 6);

	for (size_t i = 0; i < l->n; i++)
		ui_table_row(t, (const char *const[]){ l->v[i].ref,
		    l->v[i].to, l->v[i].name, l->v[i].time, l->v[i].profile,
		    l->v[i].file, l->v[i].notice == NULL ? "" :
		    l->v[i].notice });
	ui_table_end(t);
	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].notice != NULL) {
			ui_note("bring each recipient the folder named behind "
			    "the bundle: it asks them to stop");
			break;
		}
}

/* Say who holds it, and write the notices. */
static enum sq_err
recall(struct cli *c, const char *decision, const char *dir,
    const struct vault_made *made)
{
	struct vault_carriers l = { 0 };
	json_t *doc;
	enum sq_err e = vault_recall(c->vault, decision, dir, &l, &c->why);

	if (e != SQ_OK && made != NULL)
		err_more(&c->why, e, "%s is recorded, but not every recall "
		    "notice could be written; again with consent recall %s",
		    decision, decision);
	if (ui_json()) {
		doc = made == NULL ? json_object() : view_made_json(made);
		if (doc == NULL || json_object_set_new(doc, "carriers",
		    carriers_json(&l)) != 0)
			ui_doc(NULL);
		if (e == SQ_OK)
			ui_doc(doc);
		else
			json_decref(doc);
	} else {
		if (made != NULL)
			view_made(made);
		put_carriers(&l);
	}
	vault_carriers_free(&l);
	return e;
}

/* Is it a decision that calls back what left before? */
static bool
calls_back(const struct model_inputs *in)
{
	const struct model_field *f = model_field(model_type("consent"),
	    "decision");
	const struct model_term *t;

	for (size_t i = 0; i < in->n; i++)
		if (strcmp(in->v[i].name, "decision") == 0 &&
		    (t = model_term(f->vocab, in->v[i].value)) != NULL)
			return strcmp(t->term, "no") == 0 ||
			    strcmp(t->term, "withdrawn") == 0;
	return false;
}

/* see cmd.h */
enum sq_err
cmd_consent(struct cli *c, const struct opts *o)
{
	const struct model_type *type = model_type("consent");
	struct model_inputs in = { 0 };
	struct vault_made made;
	char *dir = NULL;
	enum sq_err e;

	if (o->n == 1 && !form_wanted())
		return dispatch_usage(c, "no decision: write scope=S "
		    "decision=D (sandyq types consent lists both)");
	if ((e = fields_parse(c, type, o->arg + 1, o->n - 1, &in)) != SQ_OK)
		goto out;
	/* the sandbox must know before it closes where notices may go */
	if (!c->shell && (o->n == 1 || calls_back(&in)) &&
	    (e = out_path(c, o->value[DIR], &dir)) != SQ_OK)
		goto out;
	if ((e = session_open(c)) != SQ_OK)
		goto out;
	if (o->n == 1 && (e = form_fill(c, type, "about", &in)) != SQ_OK)
		goto out;
	e = vault_consent(c->vault, o->arg[0], &in, &made, &c->why);
	if (e != SQ_OK)
		goto out;
	if (!calls_back(&in))
		view_made(&made);
	else if (!c->shell || (e = out_path(c, o->value[DIR], &dir)) == SQ_OK)
		e = recall(c, made.ref, dir, &made);
	else {
		/* whatever can be written: the decision is what counts */
		view_made(&made);
		err_more(&c->why, e, "%s is recorded; who holds it: consent "
		    "recall %s", made.ref, made.ref);
	}
out:
	free(dir);
	model_inputs_free(&in);
	return e;
}

/* see cmd.h */
enum sq_err
cmd_consent_recall(struct cli *c, const struct opts *o)
{
	char *dir = NULL;
	enum sq_err e;

	if ((e = out_path(c, o->value[DIR], &dir)) == SQ_OK &&
	    (e = session_open(c)) == SQ_OK)
		e = recall(c, o->arg[0], dir, NULL);
	free(dir);
	return e;
}

static enum sq_err
row(void *arg, const struct record *r)
{
	struct view_rows *rows = arg;

	if (view_rows_json(rows))
		view_rows_add(rows, view_json(r));
	else
		ui_table_row(rows->table, (const char *const[]){ r->ref,
		    model_record_first(r, "scope"),
		    model_record_first(r, "decision"),
		    model_record_first(r, "until"),
		    model_record_first(r, "conditions"), r->time });
	return SQ_OK;
}

/* see cmd.h */
enum sq_err
cmd_consent_show(struct cli *c, const struct opts *o)
{
	static const char *const head[] = { "REF", "SCOPE", "DECISION",
	    "UNTIL", "CONDITIONS", "TIME" };
	struct view_rows rows;
	enum sq_err e;

	if ((e = session_open(c)) != SQ_OK)
		return e;
	view_rows_begin(&rows, 6, head, 4);
	e = vault_consents(c->vault, o->arg[0], row, &rows, &c->why);
	view_rows_end(&rows, e == SQ_OK);
	return e;
}
