#include <limits.h>

#include "cli/cmd.h"
#include "cli/cmd_dup.h"
#include "cli/cmd_heads.h"
#include "cli/session.h"
#include "cli/ui.h"
#include "cli/view.h"
#include "vault/vault.h"

const struct opts_def cmd_show_opts[] = {
	{ "rev", 0, OPTS_TEXT, "N", "an earlier revision" },
	OPTS_END
};

static enum sq_err
same(void *arg, const struct vault_same *s)
{
	json_t *list = arg;

	if (list == NULL)
		ui_pairf("same", "%s (%s%s%s)", s->person, s->certainty,
		    s->certainty[0] != '\0' ? ", " : "", s->link);
	else if (json_array_append_new(list, json_pack("{s:s,s:s,s:s}",
	    "person", s->person, "certainty", s->certainty, "link",
	    s->link)) != 0)
		ui_doc(NULL);
	return SQ_OK;
}

/* When the attachment of a media record was last found whole. */
static enum sq_err
checked(struct cli *c, const struct record *r, json_t *doc)
{
	struct vault_checked k;
	enum sq_err e = vault_checked(c->vault, r->ref, &k, &c->why);

	if (e != SQ_OK || k.time[0] == '\0')
		return e;
	if (doc == NULL)
		ui_pairf("last_checked", "%s (%s)", k.time, k.full ?
		    "every byte" : "tags and lengths");
	else if (json_object_set_new(doc, "last_checked", json_pack(
	    "{s:s,s:b}", "time", k.time, "full", k.full)) != 0)
		e = SQ_ENOMEM;
	return e;
}

/* A record, and of a person who is said to be the same. */
static enum sq_err
show(struct cli *c, const struct record *r)
{
	json_t *doc, *list;
	enum sq_err e = SQ_OK;

	if (!ui_json()) {
		view_record(r);
		if (r->newest && (e = cmd_heads_show(c, r, NULL)) != SQ_OK)
			return e;
		if (r->type->prefix == 'M')
			return checked(c, r, NULL);
		if (r->type->prefix == 'P')
			cmd_dup_doubts(r, NULL);
		return r->type->prefix == 'P' ? vault_same_as(c->vault,
		    r->ref, same, NULL, &c->why) : SQ_OK;
	}
	doc = view_json(r);
	if (doc != NULL && r->newest && (e = cmd_heads_show(c, r, doc)) !=
	    SQ_OK) {
		json_decref(doc);
		return e;
	}
	if (doc != NULL && r->type->prefix == 'P') {
		cmd_dup_doubts(r, doc);
		list = json_array();
		e = vault_same_as(c->vault, r->ref, same, list, &c->why);
		if (json_array_size(list) == 0)
			json_decref(list);
		else if (json_object_set_new(doc, "same", list) != 0)
			e = SQ_ENOMEM;
	}
	if (doc != NULL && r->type->prefix == 'M')
		e = checked(c, r, doc);
	if (e == SQ_OK)
		ui_doc(doc);
	else
		json_decref(doc);
	return e;
}

/* see cmd.h */
enum sq_err
cmd_show(struct cli *c, const struct opts *o)
{
	struct record r = { 0 };
	uint64_t rev = 0;
	enum sq_err e;

	e = opts_num(cmd_show_opts, o, 0, 1, UINT_MAX, &rev, &c->why);
	if (e != SQ_OK || (e = session_open(c)) != SQ_OK)
		return e;
	e = vault_show(c->vault, o->arg[0], (unsigned)rev, &r, &c->why);
	if (e == SQ_OK && (e = show(c, &r)) == SQ_OK)
		e = session_viewed(c, o->arg[0], r.entry, false);
	model_record_free(&r);
	return e;
}
