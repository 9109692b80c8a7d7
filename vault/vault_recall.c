/*
 * A consent that was withdrawn, and the bundles that left before: which carry
 * what it was about, and a signed notice for each recipient.  The notice is
 * logged before its folder gets its name.  See vault_consent.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/digest.h"
#include "vault/bundle/export_reach.h"
#include "vault/bundle/profile.h"
#include "vault/bundle/recall.h"
#include "vault/fsio.h"
#include "vault/record/same.h"
#include "vault/vault_int.h"

/* see vault_consent.h */
void
vault_carriers_free(struct vault_carriers *c)
{
	for (size_t i = 0; i < c->n; i++) {
		free(c->v[i].name);
		free(c->v[i].file);
		free(c->v[i].notice);
	}
	free(c->v);
	memset(c, 0, sizeof(*c));
}

/* What a carrier holds, and who got it. */
struct held {
	uint8_t to[LOG_RECORD_ID];
	uint8_t statement[DIGEST_LEN];
	const struct export_reached **record;		/* ends with a NULL */
};

struct recall_walk {
	struct vault *v;
	struct record decision;
	const char *scope, *said;
	struct export_reach reach;
	struct vault_carriers *ret;
	struct held *held;		/* of each carrier */
	struct why *why;
};

/* What the decision is about concerns itself, and whoever is the same. */
static enum sq_err
begin_seen(struct recall_walk *w)
{
	const struct record_field *f = model_record_field(&w->decision,
	    "about");
	uint8_t id[LOG_RECORD_ID], (*who)[LOG_RECORD_ID];
	struct same s = { NULL, 0, 0 };
	size_t n;
	enum sq_err e = same_load(w->reach.cx, &s, w->why);

	for (size_t i = 0; f != NULL && i < f->n && e == SQ_OK; i++) {
		if ((e = bytes_unhex(id, sizeof(id), f->v[i].raw)) != SQ_OK ||
		    (e = same_as(&s, id, &who, &n)) != SQ_OK)
			break;
		for (size_t k = 0; k < n && e == SQ_OK; k++)
			e = export_reach_from(&w->reach, who[k]);
		free(who);
	}
	same_free(&s);
	return e;
}

/* --- the bundles -------------------------------------------------------- */

/* Is the decision about this recipient (among others, or all)? */
static bool
is_for(const struct record *decision, const char *to_hex)
{
	const struct record_field *f = model_record_field(decision,
	    "recipient");

	for (size_t i = 0; f != NULL && i < f->n; i++)
		if (strcmp(f->v[i].raw, to_hex) == 0)
			return true;
	return f == NULL;
}

/* Make room for one more carrier. */
static enum sq_err
grow(struct recall_walk *w)
{
	size_t n = w->ret->n, cap = n == 0 ? 1 : 2 * n;
	void *p;

	if ((n & (n - 1)) != 0)
		return SQ_OK;
	if ((p = realloc(w->ret->v, cap * sizeof(*w->ret->v))) == NULL)
		return SQ_ENOMEM;
	w->ret->v = p;
	if ((p = realloc(w->held, cap * sizeof(*w->held))) == NULL)
		return SQ_ENOMEM;
	w->held = p;
	return SQ_OK;
}

/* A bundle as a carrier of these records. */
static enum sq_err
add_carrier(struct recall_walk *w, const struct record *b,
    const struct export_reached ***records)
{
	const struct record_field *to = model_record_field(b, "recipient");
	const struct profile *p;
	const char *s;
	struct vault_carrier *c;
	struct held *h;
	enum sq_err e;

	if (to == NULL || (s = model_record_first(b, "statement_sha256")) ==
	    NULL)
		return SQ_EDAMAGE;
	if ((e = grow(w)) != SQ_OK)
		return e;
	c = &w->ret->v[w->ret->n];
	h = &w->held[w->ret->n];
	memset(c, 0, sizeof(*c));
	if (bytes_unhex(h->to, LOG_RECORD_ID, to->v[0].raw) != SQ_OK ||
	    bytes_unhex(h->statement, DIGEST_LEN, s) != SQ_OK)
		return SQ_EDAMAGE;
	memcpy(c->ref, b->ref, sizeof(c->ref));
	memcpy(c->time, b->time, sizeof(c->time));
	(void)snprintf(c->to, sizeof(c->to), "%.31s", to->v[0].text);
	s = model_record_first(b, "bundle");
	(void)snprintf(c->bundle, sizeof(c->bundle), "%.32s", s == NULL ? "" :
	    s);
	s = model_record_first(b, "profile");
	(void)snprintf(c->profile, sizeof(c->profile), "%.15s", s == NULL ?
	    "" : s);
	p = profile_find(c->profile);
	c->reached = p != NULL && profile_reached(p, w->scope) &&
	    is_for(&w->decision, to->v[0].raw);
	s = model_record_first(b, "recipient_name");
	c->name = strdup(s == NULL ? "" : s);
	s = model_record_first(b, "path");
	c->file = strdup(s == NULL ? "" : s);
	h->record = *records;
	w->ret->n++;
	*records = NULL;		/* transferred */
	return c->name == NULL || c->file == NULL ? SQ_ENOMEM : SQ_OK;
}

/* Does one bundle carry any of it? */
static enum sq_err
look_at_bundle(struct recall_walk *w, const struct record *b)
{
	const struct record_field *f = model_record_field(b, "about");
	uint8_t id[LOG_RECORD_ID];
	const struct export_reached **list, *s;
	size_t n = 0;
	enum sq_err e = SQ_OK;

	if (f == NULL)
		return SQ_OK;
	if ((list = calloc(f->n + 1, sizeof(*list))) == NULL)
		return SQ_ENOMEM;
	for (size_t i = 0; i < f->n && e == SQ_OK; i++)
		if ((e = bytes_unhex(id, sizeof(id), f->v[i].raw)) == SQ_OK &&
		    (e = export_reach_ask(&w->reach, id, &s)) == SQ_OK &&
		    s->concerns)
			list[n++] = s;
	if (e == SQ_OK && n > 0)
		e = add_carrier(w, b, &list);
	free(list);
	return e;
}

static enum sq_err
find_bundles(struct recall_walk *w)
{
	uint8_t (*ids)[LOG_RECORD_ID] = NULL;
	struct record_at at;
	struct record b;
	size_t n = 0;
	enum sq_err e;

	if ((e = record_audit(&w->v->cx, w->why)) != SQ_OK ||
	    (e = record_list(&w->v->cx, model_type("bundle"), 0, &ids, &n)) !=
	    SQ_OK)
		return e;
	/* oldest first */
	for (size_t i = n; i-- > 0 && e == SQ_OK;) {
		memset(&at, 0, sizeof(at));
		memset(&b, 0, sizeof(b));
		if ((e = record_get(&w->v->cx, ids[i], 0, &at, w->why)) ==
		    SQ_OK && (e = record_read(&w->v->cx, &at, &b, w->why)) ==
		    SQ_OK)
			e = look_at_bundle(w, &b);
		record_at_free(&at);
		model_record_free(&b);
	}
	free(ids);
	return e;
}

/* --- a notice ----------------------------------------------------------- */

/* Name a record in the notice, once. */
static enum sq_err
name_record(struct recall *r, const struct export_reached *s)
{
	char hex[MODEL_ID_HEX];

	bytes_hex(hex, s->id, LOG_RECORD_ID);
	for (size_t i = r->n_record; i-- > 0;)
		if (strcmp(r->record[i].id, hex) == 0)
			return SQ_OK;
	return recall_record(r, s->ref, hex);
}

/* Is carrier ${i} called back from the same recipient as ${first}? */
static bool
same_to(const struct recall_walk *w, size_t i, size_t first)
{
	return w->ret->v[i].reached && memcmp(w->held[i].to,
	    w->held[first].to, LOG_RECORD_ID) == 0;
}

/* The text of the notice for the recipient of carrier ${first}. */
static enum sq_err
compose(struct recall_walk *w, size_t first, const struct card *card,
    struct recall *r)
{
	struct record_at at = { .index = 0 };
	uint8_t id[16];
	char *key = NULL;
	enum sq_err e;

	bytes_random(id, sizeof(id));
	bytes_hex(r->notice, id, sizeof(id));
	vault_now(r->created);
	memcpy(r->log, card->log, sizeof(r->log));
	(void)snprintf(r->scope, sizeof(r->scope), "%s", w->scope);
	(void)snprintf(r->program, sizeof(r->program), "sandyq 0.1");
	if ((e = card_names(card, &r->key)) != SQ_OK ||
	    (e = record_newest(&w->v->cx, w->held[first].to, &at, w->why)) !=
	    SQ_OK)
		return e;
	if ((key = entry_str(&at.en, "key")) == NULL)
		e = SQ_EDAMAGE;
	else
		(void)snprintf(r->recipient, sizeof(r->recipient), "%s",
		    strcmp(key, "scrypt") == 0 ? "-" : key);
	free(key);
	record_at_free(&at);
	for (size_t i = first; i < w->ret->n && e == SQ_OK; i++) {
		if (!same_to(w, i, first))
			continue;
		e = recall_bundle(r, w->ret->v[i].bundle,
		    w->held[i].statement);
		for (const struct export_reached **s = w->held[i].record;
		    *s != NULL && e == SQ_OK; s++)
			e = name_record(r, *s);
	}
	return e;
}

static enum sq_err
put_file(int fd, const char *name, const struct bytes_buf *b,
    struct why *why)
{
	struct fsio_out *out = NULL;
	enum sq_err e;

	if ((e = fsio_at_out(fd, name, &out, why)) == SQ_OK &&
	    (e = fsio_out_write(out, b->p, b->len)) == SQ_OK)
		e = fsio_out_end(out, why);
	fsio_out_free(out);
	return e;
}

/* Record the notice: without this entry its folder gets no name. */
static enum sq_err
log_notice(struct recall_walk *w, size_t first, const struct recall *r,
    const struct bytes_buf *text)
{
	const struct vault_carrier *c = &w->ret->v[first];
	const struct record_field *about = model_record_field(&w->decision,
	    "about");
	struct model_inputs in = { 0 };
	struct record_make mk = { .in = &in };
	struct vault_made made;
	uint8_t sum[DIGEST_LEN];
	char hex[DIGEST_HEX];
	enum sq_err e;

	mk.type = model_type("custody");
	digest_sha256(sum, text->p, text->len);
	bytes_hex(hex, sum, sizeof(sum));
	if ((e = model_inputs_add(&in, "action", NULL, "recalled")) !=
	    SQ_OK || (e = model_inputs_add(&in, "object", NULL, r->notice)) !=
	    SQ_OK || (e = model_inputs_add(&in, "sha256", NULL, hex)) !=
	    SQ_OK || (e = model_inputs_add(&in, "counterparty", NULL,
	    c->name)) != SQ_OK ||
	    (e = model_inputs_add(&in, "about", NULL, c->to)) != SQ_OK ||
	    (e = model_inputs_add(&in, "about", NULL, w->decision.ref)) !=
	    SQ_OK)
		goto out;
	for (size_t i = 0; about != NULL && i < about->n && e == SQ_OK; i++)
		e = model_inputs_add(&in, "about", NULL, about->v[i].text);
	if (e == SQ_OK)
		e = vault_put(w->v, &mk, &made, w->why);
out:
	model_inputs_free(&in);
	return e;
}

/* One notice in a folder of its own, for all bundles of one recipient. */
static enum sq_err
notify(struct recall_walk *w, size_t first, const char *dir)
{
	struct bytes_buf text = { 0 }, mini = { 0 }, ssh = { 0 };
	struct recall r;
	struct card card;
	char *path = NULL;
	int fd = -1;
	enum sq_err e;

	memset(&r, 0, sizeof(r));
	if ((e = vault_card(w->v, &card)) != SQ_OK ||
	    (e = compose(w, first, &card, &r)) != SQ_OK ||
	    (e = recall_emit(&r, &text)) != SQ_OK ||
	    (e = recall_sign(w->v->seed, w->v->epoch, &card, &r, &text, &mini,
	    &ssh)) != SQ_OK)
		goto out;
	if (asprintf(&path, "%s%srecall-%.16s", dir == NULL ? "" : dir,
	    dir == NULL ? "" : "/", r.notice) < 0) {
		path = NULL;
		e = SQ_ENOMEM;
		goto out;
	}
	if ((e = fsio_tree_new(path, &fd, w->why)) != SQ_OK)
		goto out;
	if ((e = put_file(fd, RECALL_TEXT, &text, w->why)) == SQ_OK &&
	    (e = put_file(fd, RECALL_MINISIG, &mini, w->why)) == SQ_OK &&
	    (e = put_file(fd, RECALL_SSHSIG, &ssh, w->why)) == SQ_OK &&
	    (e = log_notice(w, first, &r, &text)) == SQ_OK)
		e = fsio_tree_end(path, fd, w->why);
	if (e != SQ_OK && e != SQ_EUNSURE)
		fsio_tree_drop(path);
	for (size_t i = first; i < w->ret->n && e == SQ_OK; i++)
		if (same_to(w, i, first) &&
		    (w->ret->v[i].notice = strdup(path)) == NULL)
			e = SQ_ENOMEM;
out:
	fsio_close(fd);
	free(path);
	recall_free(&r);
	bytes_free(&text);
	bytes_free(&mini);
	bytes_free(&ssh);
	return e;
}

/* see vault_consent.h */
enum sq_err
vault_recall(struct vault *v, const char *decision, const char *dir,
    struct vault_carriers *ret, struct why *why)
{
	struct recall_walk w = { .v = v, .ret = ret, .why = why,
	    .reach = { .cx = &v->cx, .why = why } };
	enum sq_err e;

	memset(ret, 0, sizeof(*ret));
	if ((e = vault_show(v, decision, 0, &w.decision, why)) != SQ_OK)
		return e;
	w.scope = model_record_first(&w.decision, "scope");
	w.said = model_record_first(&w.decision, "decision");
	if (w.decision.type->prefix != 'N' || w.scope == NULL ||
	    w.said == NULL) {
		e = err_why(why, SQ_EUSAGE, "%s is not a decision", decision);
		goto out;
	}
	if ((e = begin_seen(&w)) != SQ_OK || (e = find_bundles(&w)) != SQ_OK)
		goto out;
	if (strcmp(w.said, "withdrawn") != 0 && strcmp(w.said, "no") != 0)
		goto out;
	for (size_t i = 0; i < ret->n && e == SQ_OK; i++)
		if (ret->v[i].reached && ret->v[i].notice == NULL)
			e = notify(&w, i, dir);
out:
	for (size_t i = 0; i < ret->n; i++)
		free(w.held[i].record);
	free(w.held);
	export_reach_free(&w.reach);
	model_record_free(&w.decision);
	return e;
}
