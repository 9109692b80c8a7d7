#include <inttypes.h>
#include <stdlib.h>

#include "cli/cmd.h"
#include "cli/dispatch.h"
#include "cli/out.h"
#include "cli/pass.h"
#include "cli/session.h"
#include "cli/ui.h"
#include "cli/ui_table.h"
#include "cli/watch.h"
#include "vault/vault.h"

enum { FULL, REBUILD, REPAIR, FROM };

const struct opts_def cmd_check_opts[] = {
	{ "full", 0, OPTS_FLAG, NULL, "read every byte of every attachment" },
	{ "rebuild", 0, OPTS_FLAG, NULL, "first make all indexes anew from the "
	    "log" },
	{ "repair", 0, OPTS_FLAG, NULL, "first mend what is missing or altered "
	    "from a backup" },
	{ "from", 0, OPTS_TEXT, "BACKUP", "that backup" },
	OPTS_END
};

struct answer {
	struct ui_table *table;
	json_t *list;
};

static void
put(void *arg, const struct vault_found *f)
{
	struct answer *x = arg;

	if (x->list == NULL)
		ui_table_row(x->table, (const char *const[]){ f->what,
		    f->where, f->severity });
	else if (json_array_append_new(x->list, json_pack("{s:o,s:o,s:o}",
	    "what", ui_str(f->what), "where", ui_str(f->where), "severity",
	    ui_str(f->severity))) != 0)
		ui_doc(NULL);
}

static void
bad(void *arg, const char *ref, enum sq_err e)
{
	(void)arg;
	ui_warn("in the backup the attachment of %s is %s too", ref,
	    e == SQ_ENOENT ? "missing" : "altered");
}

/*
 * Open a vault that is to be repaired: if no copy of its header can be read,
 * those of the backup are put in their place first.
 */
static enum sq_err
open_repair(struct cli *c, const char *from)
{
	struct secret *pass = NULL;
	struct vault_peek p;
	char *path = NULL;
	enum sq_err e;

	if ((e = session_path(c, &path)) != SQ_OK)
		return e;
	e = vault_peek(path, &p, &c->why);
	if (e != SQ_EDAMAGE && e != SQ_EFORMAT && e != SQ_ENOENT) {
		free(path);
		return session_open(c);
	}
	out_shut(c, path);
	if (session_has_pass(c))
		e = session_pass(c, &pass);
	else if (pass_terminal())
		e = pass_read("Passphrase of the vault: ", &pass, &c->why);
	else
		e = err_why(&c->why, SQ_EUSAGE, "no passphrase: there is no "
		    "terminal to ask at");
	if (e == SQ_OK && (e = vault_repair_header(path, from, pass,
	    &c->why)) == SQ_OK) {
		ui_note("note: both copies of the header were put back from "
		    "the backup; the damaged ones lie in recover/");
		e = session_open_with(c, pass, 0);
	}
	secret_free(pass);
	free(path);
	return e;
}

/* Mend from a backup, and say what was mended. */
static enum sq_err
repair(struct cli *c, const char *from, bool full)
{
	struct vault_backup o = { .dest = from, .full = full,
	    .progress = watch_progress, .found = bad };
	struct vault_backed r = { .path = NULL };
	enum sq_err e;

	watch_begin();
	e = vault_repair(c->vault, &o, &r, &c->why);
	watch_end();
	if (e == SQ_OK && r.objects > 0)
		ui_note("note: of %" PRIu64 " attachments that were missing or "
		    "altered %" PRIu64 " were mended; a report lies in "
		    "recover/", r.objects, r.copied);
	return e;
}

/* Open the vault; its indexes are made anew while it opens, or after. */
static enum sq_err
open_for(struct cli *c, bool rebuild)
{
	enum sq_err e;

	if (c->vault != NULL)
		return rebuild ? vault_rebuild(c->vault, &c->why) : SQ_OK;
	c->rebuild = rebuild;
	e = session_open(c);
	c->rebuild = false;
	return e;
}

/* Repair or rebuild as asked, so that the vault is open for the check. */
static enum sq_err
prepare(struct cli *c, const struct opts *o)
{
	const char *from = o->value[FROM];
	bool rebuild = o->value[REBUILD] != NULL;
	enum sq_err e;

	if ((o->value[REPAIR] != NULL) != (from != NULL))
		return dispatch_usage(c, "--repair and --from BACKUP belong "
		    "together");
	if (from == NULL)
		return open_for(c, rebuild);
	if ((e = out_also(c, from)) != SQ_OK ||
	    (e = c->vault != NULL ? SQ_OK : open_repair(c, from)) != SQ_OK)
		return e;
	if (rebuild && (e = vault_rebuild(c->vault, &c->why)) != SQ_OK)
		return e;
	return repair(c, from, o->value[FULL] != NULL);
}

/* see cmd.h */
enum sq_err
cmd_check(struct cli *c, const struct opts *o)
{
	static const char *const head[] = { "WHAT", "WHERE", "SEVERITY" };
	struct answer x = { 0 };
	enum sq_err e;

	if ((e = prepare(c, o)) != SQ_OK)
		return e;
	if (ui_json())
		x.list = json_array();
	else
		x.table = ui_table_new(3, head, 1);
	ui_table_wrap(x.table);
	watch_begin();
	e = vault_check(c->vault, o->value[FULL] != NULL, watch_progress, put,
	    &x, &c->why);
	watch_end();
	ui_table_end(x.table);
	if (x.list != NULL && (e == SQ_OK || e == SQ_EDAMAGE))
		ui_doc(x.list);
	else
		json_decref(x.list);
	if (e == SQ_OK && ui_person())
		ui_note("no damage found");
	return e;
}
