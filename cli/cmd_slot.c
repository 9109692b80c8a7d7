#include <stdio.h>

#include "cli/cmd.h"
#include "cli/dispatch.h"
#include "cli/pass.h"
#include "cli/session.h"
#include "cli/ui.h"
#include "cli/view.h"
#include "vault/vault.h"

enum { NEWPASS, LABEL };

const struct opts_def cmd_slot_opts[] = {
	{ "new-passphrase-file", 0, OPTS_TEXT, "F", "the new passphrase" },
	OPTS_END
};

const struct opts_def cmd_slot_add_opts[] = {
	{ "new-passphrase-file", 0, OPTS_TEXT, "F", "the new passphrase" },
	{ "label", 0, OPTS_TEXT, "WHO", "who it belongs to" },
	OPTS_END
};

static const char *
kind_name(enum keyslot_kind kind)
{
	switch (kind) {
	case KEYSLOT_PASSPHRASE:
		return "passphrase";
	case KEYSLOT_RECOVERY:
		return "recovery";
	case KEYSLOT_TRUSTEES:
		return "trustees";
	case KEYSLOT_TOKEN:
		return "token";
	}
	return "unknown";
}

static void
row(void *arg, const struct vault_slot *s)
{
	struct view_rows *rows = arg;
	char n[16];

	if (view_rows_json(rows)) {
		view_rows_add(rows, json_pack("{s:i,s:s,s:o,s:b}", "slot",
		    (int)s->index, "kind", kind_name(s->kind), "label",
		    ui_str(s->label), "current", (int)s->current));
		return;
	}
	(void)snprintf(n, sizeof(n), "%u", s->index);
	ui_table_row(rows->table, (const char *const[]){ n,
	    kind_name(s->kind), s->label, s->current ? "current" : "" });
}

/* see cmd.h */
enum sq_err
cmd_slot_list(struct cli *c, const struct opts *o)
{
	static const char *const head[] = { "SLOT", "KIND", "WHO", "" };
	struct view_rows rows;
	enum sq_err e;

	(void)o;
	if ((e = session_open(c)) != SQ_OK)
		return e;
	view_rows_begin(&rows, 4, head, 2);
	e = vault_slots(c->vault, row, &rows, &c->why);
	view_rows_end(&rows, e == SQ_OK);
	return e;
}

/* The new passphrase, from a file or typed twice. */
static enum sq_err
new_pass(struct cli *c, const struct opts *o, struct secret **ret)
{
	if (o->value[NEWPASS] != NULL)
		return vault_read_pass(o->value[NEWPASS], -1, ret, &c->why);
	return pass_new("the vault", ret, &c->why);
}

/* Is there a way to get one?  Asked before the vault is unlocked. */
static enum sq_err
can_ask(struct cli *c, const struct opts *o)
{
	if (o->value[NEWPASS] == NULL && !pass_terminal())
		return dispatch_usage(c, "no new passphrase: there is no "
		    "terminal to ask at; give --new-passphrase-file");
	return SQ_OK;
}

static void
put(unsigned index)
{
	if (ui_json())
		ui_doc(json_pack("{s:i}", "slot", (int)index));
	else
		ui_line("%u", index);
}

/* see cmd.h */
enum sq_err
cmd_slot_add(struct cli *c, const struct opts *o)
{
	struct secret *pass = NULL;
	unsigned index = 0;
	enum sq_err e;

	if ((e = can_ask(c, o)) != SQ_OK || (e = session_open(c)) != SQ_OK)
		return e;
	e = new_pass(c, o, &pass);
	if (e == SQ_OK)
		e = vault_slot_add(c->vault, o->value[LABEL], pass,
		    KEYSLOT_PASSPHRASE, &index, &c->why);
	if (e == SQ_OK)
		put(index);
	secret_free(pass);
	return e;
}

static void
find_current(void *arg, const struct vault_slot *s)
{
	if (s->current)
		*(unsigned *)arg = s->index;
}

/* see cmd.h */
enum sq_err
cmd_slot_change(struct cli *c, const struct opts *o)
{
	struct secret *pass = NULL;
	unsigned index = 0;
	enum sq_err e;

	if ((e = can_ask(c, o)) != SQ_OK || (e = session_open(c)) != SQ_OK)
		return e;
	e = new_pass(c, o, &pass);
	if (e == SQ_OK)
		e = vault_slot_change(c->vault, pass, &c->why);
	if (e == SQ_OK)
		e = vault_slots(c->vault, find_current, &index, &c->why);
	if (e == SQ_OK) {
		put(index);
		ui_note("note: the old passphrase still opens every older copy "
		    "of this vault");
	}
	secret_free(pass);
	return e;
}

/* see cmd.h */
enum sq_err
cmd_slot_remove(struct cli *c, const struct opts *o)
{
	uint64_t n = 0;
	enum sq_err e;

	e = opts_number("slot", o->arg[0], 1, KEYSLOT_COUNT, &n, &c->why);
	if (e != SQ_OK || (e = session_open(c)) != SQ_OK)
		return e;
	e = vault_slot_remove(c->vault, (unsigned)n, &c->why);
	if (e == SQ_OK)
		put((unsigned)n);
	return e;
}
