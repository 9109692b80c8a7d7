#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "cli/cmd.h"
#include "cli/dispatch.h"
#include "cli/pass.h"
#include "cli/session.h"
#include "cli/ui.h"
#include "vault/vault.h"

enum { FIELD, REASON, ATTACHMENTS, YES };

const struct opts_def cmd_erase_opts[] = {
	{ "field", 0, OPTS_LIST, "FIELD", "this field alone" },
	{ "reason", 0, OPTS_TEXT, "TEXT", "why; this is kept" },
	{ "attachments", 0, OPTS_FLAG, NULL,
	    "also the attachments that belong to it alone" },
	{ "yes", 0, OPTS_FLAG, NULL, "do not ask" },
	OPTS_END
};

/* Nobody erases by a slip of a finger. */
static enum sq_err
confirm(struct cli *c, const char *ref)
{
	struct secret *s = NULL;
	bool same;
	enum sq_err e;

	if (!pass_terminal())
		return dispatch_usage(c, "erasing cannot be undone, and there "
		    "is no terminal to ask at; to go on all the same, add "
		    "--yes");
	ui_warn("what is erased is gone from every revision; older backups "
	    "and bundles still hold it");
	if ((e = pass_typed("Type the reference to erase it: ", &s,
	    &c->why)) != SQ_OK)
		return e;
	same = s != NULL && secret_len(s) == strlen(ref) &&
	    strncasecmp((const char *)secret_cbytes(s), ref, strlen(ref)) ==
	    0;
	secret_free(s);
	return same ? SQ_OK : err_why(&c->why, SQ_EREFUSED, "that was not %s; "
	    "nothing was erased", ref);
}

static void
put(const struct vault_erased *x, const char *ref)
{
	json_t *list = ui_json() ? json_array() : NULL;

	for (size_t i = 0; i < x->n_others; i++)
		if (list == NULL)
			ui_note("%s names it; what it says stays, until it is "
			    "erased too", x->others[i]);
		else if (json_array_append_new(list, ui_str(x->others[i])) !=
		    0)
			ui_doc(NULL);
	if (list != NULL)
		ui_doc(json_pack("{s:o,s:o,s:o,s:o,s:o,s:o}", "ref",
		    ui_str(ref), "entry", x->entry[0] == '\0' ? json_null() :
		    ui_str(x->entry), "entries", ui_num(x->entries), "values",
		    ui_num(x->values), "files", ui_num(x->files), "others",
		    list));
	else if (x->values == 0)
		ui_line("%s: nothing is left to erase", ref);
	else
		ui_line("%s: erased %" PRIu64 " %s in %" PRIu64 " %s, and %"
		    PRIu64 " %s", ref, x->values, ui_many(x->values, "value",
		    "values"), x->entries, ui_many(x->entries, "entry",
		    "entries"), x->files, ui_many(x->files, "file", "files"));
}

/* see cmd.h */
enum sq_err
cmd_erase(struct cli *c, const struct opts *o)
{
	struct vault_erase in = { .ref = o->arg[0],
	    .fields = o->list[FIELD].v, .n_fields = o->list[FIELD].n,
	    .attachments = o->value[ATTACHMENTS] != NULL,
	    .reason = o->value[REASON] };
	struct vault_erased x;
	enum sq_err e;

	if (in.reason == NULL || in.reason[0] == '\0')
		return dispatch_usage(c, "--reason TEXT says why; it is kept, "
		    "so write nothing into it that is to be forgotten");
	if ((e = session_open(c)) != SQ_OK ||
	    (e = vault_erase_may(c->vault, &in, &c->why)) != SQ_OK ||
	    (o->value[YES] == NULL && (e = confirm(c, in.ref)) != SQ_OK))
		return e;
	if ((e = vault_erase(c->vault, &in, &x, &c->why)) != SQ_OK)
		return e;
	put(&x, in.ref);
	vault_erased_free(&x);
	return SQ_OK;
}
