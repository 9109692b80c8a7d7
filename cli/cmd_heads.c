#include <stdio.h>
#include <string.h>

#include "cli/cmd_heads.h"
#include "cli/ui.h"
#include "cli/view.h"
#include "vault/vault.h"

/* The newest revisions of a record that two vaults revised. */
struct heads {
	size_t n;
	json_t *list;
};

static enum sq_err
note_head(void *arg, const struct record *r)
{
	struct heads *h = arg;

	h->n++;
	if (h->list != NULL && json_array_append_new(h->list, view_json(r)) !=
	    0)
		ui_doc(NULL);
	return SQ_OK;
}

/* Where a head differs from the one that was shown. */
static enum sq_err
tell_head(void *arg, const struct record *r)
{
	const struct record *shown = arg;
	const struct record_field *f;
	char name[96];

	if (strcmp(r->entry, shown->entry) == 0)
		return SQ_OK;
	ui_pairf("also newest", "rev %u, %s, %s%s%s", r->rev, r->time,
	    r->actor != NULL ? r->actor : "", r->log[0] != '\0' ?
	    ", vault " : "", r->log);
	for (const struct model_field *d = r->type->field; d->name != NULL;
	    d++) {
		if (vault_heads_same(r, shown, d->name))
			continue;
		f = model_record_field(r, d->name);
		(void)snprintf(name, sizeof(name), "rev %u: %s", r->rev,
		    ui_terminal() ? d->label : d->name);
		if (f == NULL)
			ui_pair(name, "-");
		for (size_t i = 0; f != NULL && i < f->n; i++)
			ui_pair(name, f->v[i].text);
	}
	return SQ_OK;
}

/* see cmd_heads.h */
enum sq_err
cmd_heads_show(struct cli *c, const struct record *r, json_t *doc)
{
	struct heads h = { .n = 0 };
	struct record shown = *r;
	enum sq_err e;

	if (doc != NULL)
		h.list = json_array();
	e = vault_heads(c->vault, r->ref, note_head, &h, &c->why);
	if (e == SQ_OK && h.n > 1 && doc != NULL)
		return json_object_set_new(doc, "heads", h.list) == 0 ? e :
		    SQ_ENOMEM;
	json_decref(h.list);
	if (e != SQ_OK || h.n < 2)
		return e;
	e = vault_heads(c->vault, r->ref, tell_head, &shown, &c->why);
	ui_note("note: %s has %zu newest revisions; join them with edit",
	    r->ref, h.n);
	return e;
}
