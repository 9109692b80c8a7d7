/*
 * Export through the facade: the bundle is made and synced under a temporary
 * name, then the export is logged and pinned, and only then does the file get
 * its name: nothing leaves that the log does not know.  See vault_export.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/bundle/export.h"
#include "vault/fsio.h"
#include "vault/vault_int.h"

#define LEFT_LINES 64
#define OWN_FIELDS 16		/* of an entry, and some to spare */

/* see vault_export.h */
void
vault_exported_free(struct vault_exported *x)
{
	for (size_t i = 0; i < x->n_left; i++)
		free(x->left[i].why);
	free(x->left);
	for (size_t i = 0; i < x->n_condition; i++) {
		free(x->condition[i].words);
		free(x->condition[i].reason);
	}
	free(x->condition);
	free(x->path);
	memset(x, 0, sizeof(*x));
}

/* see vault_export.h */
enum sq_err
vault_recipient_kind(struct vault *v, const char *name, bool *ret_pass,
    struct why *why)
{
	struct export_to to = { .name = NULL };
	enum sq_err e;

	if ((e = export_to_find(&v->cx, name, &to, why)) == SQ_OK)
		*ret_pass = strcmp(to.age, "-") == 0;
	export_to_free(&to);
	return e;
}

/* Where the bundle will stand: sixteen random hex digits tell nothing. */
static char *
new_path(const char *dir)
{
	uint8_t id[8];
	char hex[17];
	size_t len = (dir == NULL ? 0 : strlen(dir)) + 32;
	char *path = malloc(len);

	bytes_random(id, sizeof(id));
	bytes_hex(hex, id, sizeof(id));
	if (path != NULL)
		(void)snprintf(path, len, "%s%s%s.age", dir == NULL ? "" :
		    dir, dir == NULL ? "" : "/", hex);
	return path;
}

static enum sq_err
add_hex(struct model_inputs *in, const char *name, const uint8_t *p, size_t n)
{
	char hex[65];

	bytes_hex(hex, p, n);
	return model_inputs_add(in, name, NULL, hex);
}

/* The fields of the entry that records this export. */
static enum sq_err
log_fields(const struct vault_export *o, const struct export_in *x,
    const struct export_result *r, struct model_inputs *in)
{
	char num[24], line[320];
	enum sq_err e;

	(void)snprintf(num, sizeof(num), "%llu",
	    (unsigned long long)r->log_size);
	if ((e = model_inputs_add(in, "bundle", NULL, r->bundle)) != SQ_OK ||
	    (e = model_inputs_add(in, "recipient", NULL, x->to->ref)) !=
	    SQ_OK ||
	    (e = model_inputs_add(in, "about", NULL, x->to->ref)) != SQ_OK ||
	    (e = model_inputs_add(in, "recipient_name", NULL, x->to->name)) !=
	    SQ_OK ||
	    (e = model_inputs_add(in, "recipient_key", NULL,
	    strcmp(x->to->age, "-") == 0 ? "scrypt" : x->to->age)) != SQ_OK ||
	    (e = model_inputs_add(in, "profile", NULL, x->rules->profile)) !=
	    SQ_OK ||
	    (e = add_hex(in, "manifest_sha256", r->tagmanifest, 32)) !=
	    SQ_OK ||
	    (e = add_hex(in, "statement_sha256", r->statement, 32)) !=
	    SQ_OK ||
	    (e = model_inputs_add(in, "log_size", NULL, num)) != SQ_OK ||
	    (e = add_hex(in, "log_root", r->log_root, 32)) != SQ_OK)
		return e;
	if (o->purpose != NULL && *o->purpose != '\0' &&
	    (e = model_inputs_add(in, "purpose", NULL, o->purpose)) != SQ_OK)
		return e;
	for (size_t i = 0; i < x->plan->n; i++)
		if ((e = model_inputs_add(in, "about", NULL,
		    x->plan->item[i].ref)) != SQ_OK)
			return e;
	for (size_t i = 0; i < o->n_withhold; i++)
		if ((e = model_inputs_add(in, "withheld", NULL,
		    o->withhold[i])) != SQ_OK)
			return e;
	for (size_t i = 0; i < o->n_disclose; i++)
		if ((e = model_inputs_add(in, "disclosed", NULL,
		    o->disclose[i])) != SQ_OK)
			return e;
	if (x->opens != NULL && (e = model_inputs_add(in, "opens", NULL,
	    x->opens->bundle)) != SQ_OK)
		return e;
	/* an entry holds 4,096 fields: many left out are counted */
	for (size_t i = 0; i < x->plan->n_left && i < LEFT_LINES; i++) {
		if (i + 1 < LEFT_LINES || i + 1 == x->plan->n_left)
			(void)snprintf(line, sizeof(line), "%s: %s",
			    x->plan->left[i].ref, x->plan->left[i].why);
		else
			(void)snprintf(line, sizeof(line), "and %zu more",
			    x->plan->n_left - i);
		if ((e = model_inputs_add(in, "left_out", NULL, line)) !=
		    SQ_OK)
			return e;
	}
	return SQ_OK;
}

/* Record the export: without this entry no file gets its name. */
static enum sq_err
log_export(struct vault *v, const struct vault_export *o,
    const struct export_in *x, const struct export_result *r,
    const char *path, struct why *why)
{
	const char *name = strrchr(path, '/');
	struct model_inputs in = { 0 };
	struct record_make mk = { .in = &in };
	struct vault_made made;
	enum sq_err e;

	mk.type = model_type("bundle");
	if ((e = log_fields(o, x, r, &in)) == SQ_OK &&
	    (e = model_inputs_add(&in, "path", NULL, name == NULL ? path :
	    name + 1)) == SQ_OK && (e = vault_gate_log(x->gate,
	    ENTRY_MAX_FIELDS - OWN_FIELDS - in.n, &in)) == SQ_OK)
		e = vault_put(v, &mk, &made, why);
	model_inputs_free(&in);
	return e;
}

/* Why something stayed, or left without identity. */
static enum sq_err
told_left(const struct export_plan *p, struct vault_exported *ret)
{
	if ((ret->left = calloc(p->n_left + 1, sizeof(*ret->left))) == NULL)
		return SQ_ENOMEM;
	for (size_t i = 0; i < p->n_left; i++) {
		(void)snprintf(ret->left[i].ref, MODEL_REF_MAX, "%s",
		    p->left[i].ref);
		ret->left[i].file = p->left[i].what ==
		    EXPORT_STAYS_FILE;
		ret->left[i].identity = p->left[i].what ==
		    EXPORT_STAYS_IDENTITY;
		if ((ret->left[i].why = strdup(p->left[i].why)) == NULL)
			return SQ_ENOMEM;
		ret->n_left++;
	}
	return SQ_OK;
}

/* What the caller is told. */
static enum sq_err
result_of(const struct export_in *x, const struct export_result *r,
    struct vault_exported *ret)
{
	enum sq_err e;

	(void)snprintf(ret->bundle, sizeof(ret->bundle), "%s", r->bundle);
	ret->items = x->plan->n;
	ret->withheld = r->withheld;
	ret->attachments = r->attachments;
	if ((e = told_left(x->plan, ret)) != SQ_OK)
		return e;
	return vault_gate_told(x->gate, ret);
}

/* The objects of the media, as the log binds them. */
static enum sq_err
find_files(struct vault *v, struct export_plan *p, struct why *why)
{
	enum sq_err e = SQ_OK;

	for (size_t i = 0; i < p->n && e == SQ_OK; i++) {
		if (p->item[i].type->prefix != 'M')
			continue;
		e = vault_object_of_media(v, p->item[i].id,
		    &p->item[i].object, why);
		p->item[i].file = e == SQ_OK;
		if (e == SQ_ENOENT)
			e = SQ_OK;
	}
	return e;
}

static bool
told(void *arg, const struct export_progress *p)
{
	const struct vault_export *o = arg;

	return o->progress(o->arg, &(struct vault_progress){ .name = p->name,
	    .done = p->done, .of = p->of, .all_done = p->all_done,
	    .all_of = p->all_of, .file = p->file, .files = p->files });
}

/* Build, log, name. */
static enum sq_err
run(struct vault *v, const struct vault_export *o, struct export_in *x,
    struct vault_exported *ret, struct why *why)
{
	struct fsio_out *out = NULL;
	struct export_result r;
	enum sq_err e;

	if ((ret->path = new_path(o->dir)) == NULL)
		return SQ_ENOMEM;
	if ((e = fsio_out_new(ret->path, &out, why)) != SQ_OK)
		return e;
	if ((e = export_write(x, fsio_out_write, out, &r, why)) != SQ_OK ||
	    (e = result_of(x, &r, ret)) != SQ_OK ||
	    (e = fsio_out_sync(out, why)) != SQ_OK ||
	    (e = log_export(v, o, x, &r, ret->path, why)) != SQ_OK)
		goto out;
	if ((e = fsio_out_end(out, why)) != SQ_OK)
		err_more(why, e, "the export is in the log, but its file "
		    "could not be finished; export again");
out:
	fsio_out_free(out);
	return e;
}

/* What goes, as the gate and the rules let it. */
static enum sq_err
plan_it(struct vault *v, const struct vault_export *o, struct export_in *x,
    struct export_gate *g, struct vault_exported *ret, struct why *why)
{
	enum sq_err e;

	if ((e = vault_gate(v, o, x->to->id, x->now, g, why)) != SQ_OK)
		return e;
	g->alone = x->opens != NULL;
	e = export_plan_make(g, o->refs, o->n_refs, x->plan, why);
	if (e == SQ_EREFUSED)
		(void)vault_gate_told(g, ret);
	if (e != SQ_OK || (e = export_consent_used(g)) != SQ_OK ||
	    (e = export_rules_fit(x->rules, x->plan, why)) != SQ_OK)
		return e;
	if (x->opens != NULL)
		return export_disclose_plan(&v->cx, x->opens, x->rules,
		    x->plan, why);
	if ((e = find_files(v, x->plan, why)) != SQ_OK)
		return e;
	return export_content_plan(x->plan, x->rules);
}

/* see vault_int.h */
enum sq_err
vault_export_as(struct vault *v, const struct vault_export *o,
    const struct export_opens *opens, bool hide, struct vault_exported *ret,
    struct why *why)
{
	struct export_rules rules = { o->profile == NULL ? "lawyer" :
	    o->profile, o->withhold, o->n_withhold, o->disclose,
	    o->n_disclose, opens != NULL, hide };
	struct export_plan plan = { .item = NULL };
	struct export_gate gate = { .cx = NULL };
	struct export_to to = { .name = NULL };
	struct bytes_buf note = { 0 };
	struct card card;
	char now[MODEL_TIME_MAX];
	struct export_in x = { .cx = &v->cx, .seed = v->seed,
	    .epoch = v->epoch, .card = &card, .rules = &rules,
	    .history = strcmp(rules.profile, "full") == 0 &&
	    opens == NULL, .opens = opens,
	    .plan = &plan, .gate = &gate, .to = &to,
	    .passphrase = o->passphrase, .purpose = o->purpose, .now = now,
	    .progress = o->progress == NULL ? NULL : told };
	struct vault_export asked = *o;
	struct blob_store blobs;
	enum sq_err e;

	memset(ret, 0, sizeof(*ret));
	vault_now(now);
	vault_blobs(v, &blobs);
	x.blobs = &blobs;
	x.arg = &asked;
	if (v->readonly)
		return err_why(why, SQ_EREADONLY, "an export is logged, and "
		    "this vault is open read-only");
	if ((e = export_rules_check(&rules, why)) != SQ_OK ||
	    (e = export_to_find(&v->cx, o->to, &to, why)) != SQ_OK)
		goto out;
	if (strcmp(to.age, "-") == 0 && o->passphrase == NULL) {
		e = err_why(why, SQ_EUSAGE, "%s takes bundles by passphrase; "
		    "give one with --new-passphrase-file", to.ref);
		goto out;
	}
	if ((e = plan_it(v, o, &x, &gate, ret, why)) != SQ_OK ||
	    (e = vault_card(v, &card)) != SQ_OK ||
	    (e = vault_checkpoint(v, &note, why)) != SQ_OK)
		goto out;
	(void)snprintf(card.date, sizeof(card.date), "%s", now);
	x.checkpoint = (const char *)note.p;
	x.n_checkpoint = note.len;
	e = run(v, o, &x, ret, why);
out:
	export_plan_free(&plan);
	export_to_free(&to);
	export_consent_free(&gate);
	bytes_free(&note);
	if (e != SQ_OK) {
		free(ret->path);
		ret->path = NULL;
	}
	return e;
}

/* see vault_export.h */
enum sq_err
vault_export(struct vault *v, const struct vault_export *o,
    struct vault_exported *ret, struct why *why)
{
	return vault_export_as(v, o, NULL, false, ret, why);
}
