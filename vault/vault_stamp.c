/*
 * Time stamps through the facade: what is carried to an authority, and what
 * comes home.  FORMAT.md section 15.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/note.h"
#include "crypto/tsp.h"
#include "vault/bundle/roots.h"
#include "vault/fsio.h"
#include "vault/vault_int.h"

/* Add a field of kind bytes. */
static enum sq_err
add_bytes(struct model_inputs *in, const char *name,
    const struct bytes_buf *b)
{
	struct bytes_buf text = { 0 };
	char *s;
	enum sq_err e;

	bytes_put_b64(&text, b->p, b->len, true);
	if ((s = bytes_str(&text)) == NULL)
		return SQ_ENOMEM;
	e = model_inputs_add(in, name, NULL, s);
	free(s);
	return e;
}

static enum sq_err
add_hash(struct model_inputs *in, const char *name,
    const uint8_t hash[DIGEST_LEN])
{
	char hex[DIGEST_HEX];

	bytes_hex(hex, hash, DIGEST_LEN);
	return model_inputs_add(in, name, NULL, hex);
}

/* --- asking ------------------------------------------------------------- */

/* What is stamped: the checkpoint as it stands. */
static enum sq_err
over_checkpoint(struct vault *v, struct model_inputs *in,
    uint8_t hash[DIGEST_LEN], struct why *why)
{
	struct bytes_buf note = { 0 };
	uint8_t root[MERKLE_LEN];
	char size[24];
	enum sq_err e;

	(void)snprintf(size, sizeof(size), "%llu",
	    (unsigned long long)log_size(v->lg));
	if ((e = vault_checkpoint(v, &note, why)) == SQ_OK &&
	    (e = log_root(v->lg, root)) == SQ_OK &&
	    (e = model_inputs_add(in, "log_size", NULL, size)) == SQ_OK &&
	    (e = add_hash(in, "log_root", root)) == SQ_OK)
		e = add_bytes(in, "note", &note);
	if (e == SQ_OK)
		digest_sha256(hash, note.p, note.len);
	bytes_free(&note);
	return e;
}

struct wanted {
	const char *id;			/* of the bundle, 32 hex digits */
	char ref[MODEL_REF_MAX];
	char sha256[DIGEST_HEX];
};

/* Is this the bundle?  Then keep the hash of its statement. */
static enum sq_err
is_bundle(void *arg, const struct record *r)
{
	struct wanted *w = arg;
	const char *id = model_record_first(r, "bundle");
	const char *sha = model_record_first(r, "statement_sha256");

	if (id == NULL || sha == NULL || (strcmp(id, w->id) != 0 &&
	    strcasecmp(r->ref, w->id) != 0))
		return SQ_OK;
	(void)snprintf(w->ref, sizeof(w->ref), "%s", r->ref);
	(void)snprintf(w->sha256, sizeof(w->sha256), "%s", sha);
	return SQ_OK;
}

/* What is stamped: the statement of a bundle that left. */
static enum sq_err
over_bundle(struct vault *v, const char *bundle, struct model_inputs *in,
    uint8_t hash[DIGEST_LEN], struct why *why)
{
	struct wanted w = { .id = bundle };
	enum sq_err e;

	if ((e = vault_list(v, "bundle", 0, is_bundle, &w, why)) != SQ_OK)
		return e;
	if (w.ref[0] == '\0')
		return err_why(why, SQ_ENOENT, "there is no bundle «%s»; see: "
		    "sandyq list bundle", bundle);
	if (bytes_unhex(hash, DIGEST_LEN, w.sha256) != SQ_OK)
		return SQ_EDAMAGE;
	return model_inputs_add(in, "about", NULL, w.ref);
}

/* see vault_stamp.h */
enum sq_err
vault_stamp_request(struct vault *v, const char *bundle, const char *path,
    struct vault_stamp *ret, struct why *why)
{
	struct bytes_buf der = { 0 };
	struct fsio_out *out = NULL;
	struct model_inputs in = { 0 };
	struct record_make mk = { .type = model_type("stamp"), .in = &in };
	struct vault_made made;
	uint8_t hash[DIGEST_LEN];
	enum sq_err e;

	memset(ret, 0, sizeof(*ret));
	if ((e = bundle == NULL ? over_checkpoint(v, &in, hash, why) :
	    over_bundle(v, bundle, &in, hash, why)) != SQ_OK ||
	    (e = tsp_request(hash, &der)) != SQ_OK ||
	    (e = model_inputs_add(&in, "state", NULL, "requested")) !=
	    SQ_OK || (e = add_hash(&in, "sha256", hash)) != SQ_OK ||
	    (e = add_bytes(&in, "request", &der)) != SQ_OK ||
	    (e = fsio_out_new(path, &out, why)) != SQ_OK ||
	    (e = fsio_out_write(out, der.p, der.len)) != SQ_OK ||
	    (e = fsio_out_sync(out, why)) != SQ_OK ||
	    (e = vault_put(v, &mk, &made, why)) != SQ_OK)
		goto out;
	if ((e = fsio_out_end(out, why)) != SQ_OK) {
		err_more(why, e, "the request is in the vault, but its file "
		    "could not be finished; ask for another");
		goto out;
	}
	memcpy(ret->ref, made.ref, sizeof(ret->ref));
	bytes_hex(ret->sha256, hash, sizeof(hash));
out:
	fsio_out_free(out);
	bytes_free(&der);
	model_inputs_free(&in);
	return e;
}

/* --- taking home -------------------------------------------------------- */

struct homecoming {
	struct bytes_buf answer, roots;
	bool system;			/* the roots are the system's */
	struct record_at req;		/* the request that it answers */
	struct tsp_token token;
};

static struct tsp_bytes
piece(const struct bytes_buf *b)
{
	return (struct tsp_bytes){ b->p, b->len };
}

/* One stamp of the vault: the request that is answered, or the answer again. */
static enum sq_err
look_at(struct homecoming *h, struct record_at *at, bool *ret_is,
    struct why *why)
{
	struct bytes_buf b = { 0 };
	struct tsp_bytes request, answer = piece(&h->answer);
	char *state = entry_str(&at->en, "state");
	char *ref = entry_str(&at->en, "_ref");
	enum sq_err e;

	*ret_is = false;
	if (state == NULL || ref == NULL)
		e = SQ_EDAMAGE;
	else if (strcmp(state, "stamped") == 0) {
		e = record_bytes(&at->en, "token", &b);
		if (e == SQ_OK && b.len == h->answer.len &&
		    memcmp(b.p, h->answer.p, b.len) == 0)
			e = err_why(why, SQ_EEXIST, "this answer was filed "
			    "already, as %s", ref);
	} else if ((e = record_bytes(&at->en, "request", &b)) == SQ_OK) {
		request = piece(&b);
		e = tsp_answers(&request, &answer);
		*ret_is = e == SQ_OK;
		if (e == SQ_ENOENT)
			e = SQ_OK;
		else if (e == SQ_EREFUSED)
			err_why(why, e, "the time-stamp authority did not "
			    "grant it");
		else if (e != SQ_OK)
			err_why(why, e, "this is not the answer of a "
			    "time-stamp authority, whole and with nothing "
			    "behind it");
	}
	bytes_free(&b);
	free(state);
	free(ref);
	return e;
}

/* Find the request; SQ_EREFUSED if this vault made none such. */
static enum sq_err
find_request(struct vault *v, struct homecoming *h, struct why *why)
{
	uint8_t (*ids)[LOG_RECORD_ID] = NULL;
	struct record_at at;
	bool found = false, is;
	size_t n = 0;
	enum sq_err e;

	if ((e = record_audit(&v->cx, why)) != SQ_OK ||
	    (e = record_list(&v->cx, model_type("stamp"), 0, &ids, &n)) !=
	    SQ_OK)
		return e;
	for (size_t i = 0; i < n && e == SQ_OK; i++) {
		memset(&at, 0, sizeof(at));
		if ((e = record_newest(&v->cx, ids[i], &at, why)) == SQ_OK &&
		    (e = look_at(h, &at, &is, why)) == SQ_OK && is &&
		    !found) {
			h->req = at;		/* transferred */
			found = true;
		} else
			record_at_free(&at);
	}
	free(ids);
	if (e == SQ_OK && !found)
		e = err_why(why, SQ_EREFUSED, "it answers no request that "
		    "this vault made: not its hash, or not its nonce");
	return e;
}

/* Hold the answer against what was asked. */
static enum sq_err
check(struct homecoming *h, const char *roots, struct why *why)
{
	struct bytes_buf note = { 0 }, request = { 0 };
	struct tsp_in in = { .token = piece(&h->answer),
	    .roots = piece(&h->roots) };
	char *sha = entry_str(&h->req.en, "sha256");
	uint8_t hash[DIGEST_LEN];
	enum sq_err e;

	if (sha == NULL || bytes_unhex(hash, sizeof(hash), sha) != SQ_OK)
		e = SQ_EDAMAGE;
	else if ((e = record_bytes(&h->req.en, "note", &note)) == SQ_ENOENT)
		e = SQ_OK;
	free(sha);
	if (e == SQ_OK && (e = record_bytes(&h->req.en, "request",
	    &request)) == SQ_OK) {
		in.data = piece(&note);
		in.sha256 = hash;
		in.request = piece(&request);
		e = tsp_check(&in, &h->token, why);
		if (e != SQ_OK && e != SQ_ENOMEM)
			e = err_more(why, e, "the time stamp is not filed");
	}
	if (e == SQ_OK && roots != NULL && !h->token.trusted)
		e = err_why(why, SQ_EREFUSED, "the time stamp is not filed: "
		    "no certificate in %s vouches for %s", roots,
		    h->token.who);
	bytes_free(&note);
	bytes_free(&request);
	return e;
}

/* A field of the request that the answer repeats, if it is there. */
static enum sq_err
repeat(struct vault *v, const struct homecoming *h, const char *from,
    const char *name, struct model_inputs *in)
{
	const struct entry_field *f = entry_find(&h->req.en, from);
	char *s, ref[MODEL_ID_HEX];
	uint8_t id[LOG_RECORD_ID];
	int64_t n;
	enum sq_err e;

	if (f == NULL)
		return SQ_OK;
	if (entry_value_int(f, &n)) {
		(void)snprintf(ref, sizeof(ref), "%lld", (long long)n);
		return model_inputs_add(in, name, NULL, ref);
	}
	if ((s = entry_value_str(f)) == NULL)
		return SQ_EDAMAGE;
	if (strcmp(name, "about") == 0)
		e = bytes_unhex(id, sizeof(id), s) != SQ_OK ? SQ_EDAMAGE :
		    record_ref(&v->cx, id, ref);
	else
		e = SQ_OK;
	if (e == SQ_OK)
		e = model_inputs_add(in, name, NULL, strcmp(name, "about") ==
		    0 ? ref : s);
	free(s);
	return e;
}

/* Append the entry of the answer. */
static enum sq_err
file(struct vault *v, const struct homecoming *h, const char *roots,
    struct vault_made *ret, struct why *why)
{
	static const char *const same[][2] = { { "_about[00000]", "about" },
	    { "log_size", "log_size" }, { "log_root", "log_root" },
	    { "sha256", "sha256" }, { "note", "note" },
	    { "request", "request" } };
	struct model_inputs in = { 0 };
	struct record_make mk = { .type = model_type("stamp"), .in = &in,
	    .parents = &h->req.root, .n_parents = 1 };
	enum sq_err e;

	e = model_inputs_add(&in, "state", NULL, "stamped");
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]) && e == SQ_OK;
	    i++)
		e = repeat(v, h, same[i][0], same[i][1], &in);
	if (e == SQ_OK && (e = add_bytes(&in, "token", &h->answer)) ==
	    SQ_OK && (e = model_inputs_add(&in, "time", NULL,
	    h->token.time)) == SQ_OK && h->token.who[0] != '\0')
		e = model_inputs_add(&in, "authority", NULL, h->token.who);
	if (e == SQ_OK && roots != NULL)
		e = add_bytes(&in, "chain", &h->roots);
	if (e == SQ_OK)
		e = vault_put(v, &mk, ret, why);
	model_inputs_free(&in);
	return e;
}

/* see vault_stamp.h */
enum sq_err
vault_stamp_import(struct vault *v, const char *answer, const char *roots,
    struct vault_stamp *ret, struct why *why)
{
	struct homecoming h;
	struct vault_made made;
	char *sha;
	enum sq_err e;

	memset(ret, 0, sizeof(*ret));
	memset(&h, 0, sizeof(h));
	if ((e = fsio_path_read(answer, TSP_MAX, &h.answer, why)) != SQ_OK ||
	    (e = roots_read(roots, &h.roots, &h.system, why)) != SQ_OK ||
	    (e = find_request(v, &h, why)) != SQ_OK ||
	    (e = check(&h, roots, why)) != SQ_OK ||
	    (e = file(v, &h, roots, &made, why)) != SQ_OK)
		goto out;
	memcpy(ret->ref, made.ref, sizeof(ret->ref));
	(void)snprintf(ret->time, sizeof(ret->time), "%s", h.token.time);
	(void)snprintf(ret->authority, sizeof(ret->authority), "%s",
	    h.token.who);
	(void)snprintf(ret->doubt, sizeof(ret->doubt), "%s", h.token.doubt);
	ret->trusted = h.token.trusted;
	if ((sha = entry_str(&h.req.en, "sha256")) != NULL)
		(void)snprintf(ret->sha256, sizeof(ret->sha256), "%s", sha);
	free(sha);
out:
	record_at_free(&h.req);
	bytes_free(&h.answer);
	bytes_free(&h.roots);
	return e;
}
