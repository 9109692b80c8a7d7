#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cmd_export.h"
#include "cli/dispatch.h"
#include "cli/out.h"
#include "cli/pass.h"
#include "cli/session.h"
#include "cli/ui.h"
#include "cli/watch.h"

enum { TO, PROFILE, WITHHOLD, DISCLOSE, CONFIRM, PURPOSE, DIR, NEWPASS };

const struct opts_def cmd_export_opts[] = {
	{ "to", 0, OPTS_TEXT, "NAME", "a recipient, by name or reference" },
	{ "profile", 0, OPTS_TEXT, "full|lawyer|court|public",
	    "what leaves (lawyer)" },
	{ "withhold", 0, OPTS_LIST, "F",
	    "keep a field back: FIELD, TYPE.FIELD, REF.FIELD" },
	{ "disclose", 0, OPTS_LIST, "F", "let a field leave all the same" },
	{ "confirm", 0, OPTS_LIST, "N=REASON",
	    "the conditions of decision N are met, and why" },
	{ "purpose", 0, OPTS_TEXT, "TEXT", "what for, stated in the bundle" },
	{ "output", 'o', OPTS_TEXT, "DIR", "the folder to write to" },
	{ "new-passphrase-file", 0, OPTS_TEXT, "F",
	    "the passphrase of a passphrase recipient" },
	OPTS_END
};

/* see cmd_export.h */
enum sq_err
cmd_export_pass(struct cli *c, const char *to, const char *file,
    struct secret **ret)
{
	bool needed = false;
	enum sq_err e;

	e = vault_recipient_kind(c->vault, to, &needed, &c->why);
	if (e != SQ_OK)
		return e;
	if (!needed && file != NULL)
		return dispatch_usage(c, "%s has a key, so no passphrase is "
		    "needed", to);
	if (!needed)
		return SQ_OK;
	if (file != NULL)
		return vault_read_pass(file, -1, ret, &c->why);
	if (!pass_terminal())
		return dispatch_usage(c, "no passphrase for the bundle: give "
		    "--new-passphrase-file");
	return pass_new("the bundle", ret, &c->why);
}

/* Each decision that asks for a confirmation, in its own words. */
static void
say_conditions(const struct vault_exported *x)
{
	for (size_t i = 0; i < x->n_condition; i++) {
		const struct vault_condition *c = &x->condition[i];

		ui_note("%s %s: %s", c->ref, c->ask ? "asks to be asked each "
		    "time" : "agrees on conditions", c->words != NULL ?
		    c->words : "(nothing more was written down)");
		if (c->reason != NULL)
			ui_note("%s confirmed by you: %s", c->ref, c->reason);
		else
			ui_note("if it is so, say why: --confirm %s=REASON",
			    c->ref);
	}
}

/* A list of {"ref","reason"}: what stayed, or left without identity. */
static json_t *
left_json(const struct vault_exported *x, bool identity)
{
	json_t *list = json_array();

	for (size_t i = 0; i < x->n_left; i++)
		if (x->left[i].identity == identity &&
		    json_array_append_new(list, json_pack("{s:o,s:o}", "ref",
		    ui_str(x->left[i].ref), "reason",
		    ui_str(x->left[i].why))) != 0)
			ui_doc(NULL);
	return list;
}

/* The answer. */
static void
put_bundle(const struct vault_exported *x)
{
	bool files = false;

	for (size_t i = 0; i < x->n_left; i++) {
		ui_note("%s: %s: %s", x->left[i].identity ? "under a "
		    "pseudonym only (read its text: a name in it stays)" :
		    "left out", x->left[i].ref, x->left[i].why);
		files |= x->left[i].file;
	}
	if (files)
		ui_note("note: --disclose REF.file lets a file go all the "
		    "same, with everything in it");
	if (ui_json())
		ui_doc(json_pack("{s:o,s:s,s:o,s:o,s:o,s:o,s:o}", "path",
		    ui_str(x->path), "bundle", x->bundle, "items",
		    ui_num(x->items), "attachments", ui_num(x->attachments),
		    "withheld", ui_num(x->withheld), "left_out",
		    left_json(x, false), "pseudonym_only",
		    left_json(x, true)));
	else {
		ui_line("%s", x->path);
		if (ui_person())
			ui_note("%" PRIu64 " %s, %" PRIu64 " %s, %" PRIu64
			    " %s withheld", x->items, ui_many(x->items,
			    "item", "items"), x->attachments,
			    ui_many(x->attachments, "attachment",
			    "attachments"), x->withheld, ui_many(x->withheld,
			    "field", "fields"));
	}
}

/* see cmd_export.h */
void
cmd_export_put(const struct vault_exported *x, enum sq_err e)
{
	say_conditions(x);
	if (e == SQ_OK)
		put_bundle(x);
}

/* see cmd_export.h */
enum sq_err
cmd_export_profile(struct cli *c, const char *s)
{
	static const char *const profiles[] = { "full", "lawyer", "court",
	    "public" };
	bool known = s == NULL;

	for (int i = 0; i < 4 && !known; i++)
		known = strcmp(s, profiles[i]) == 0;
	return known ? SQ_OK : dispatch_usage(c, "there is no profile \"%s\": "
	    "full, lawyer, court or public", s);
}

/* see cmd.h */
enum sq_err
cmd_export(struct cli *c, const struct opts *o)
{
	char *dir = NULL;
	struct secret *pass = NULL;
	struct vault_exported x = { 0 };
	enum sq_err e;

	if ((e = cmd_export_profile(c, o->value[PROFILE])) != SQ_OK)
		return e;
	if (o->value[TO] == NULL)
		return dispatch_usage(c, "--to NAME says who it is for");
	if ((e = out_path(c, o->value[DIR], &dir)) != SQ_OK ||
	    (e = session_open(c)) != SQ_OK ||
	    (e = cmd_export_pass(c, o->value[TO], o->value[NEWPASS],
	    &pass)) != SQ_OK)
		goto out;
	watch_begin();
	e = vault_export(c->vault, &(struct vault_export){ .refs = o->arg,
	    .n_refs = o->n, .to = o->value[TO], .passphrase = pass,
	    .profile = o->value[PROFILE], .withhold = o->list[WITHHOLD].v,
	    .n_withhold = o->list[WITHHOLD].n,
	    .disclose = o->list[DISCLOSE].v,
	    .n_disclose = o->list[DISCLOSE].n,
	    .confirm = o->list[CONFIRM].v, .n_confirm = o->list[CONFIRM].n,
	    .purpose = o->value[PURPOSE],
	    .dir = dir, .progress = watch_progress }, &x, &c->why);
	watch_end();
	cmd_export_put(&x, e);
out:
	vault_exported_free(&x);
	secret_free(pass);
	free(dir);
	return e;
}
