/*
 * Changing the keys of the log: a new identity, vouched for by the old keys, or
 * after a compromise by the recovery signing key, which waits on paper.
 * FORMAT.md section 6, BUNDLE.md section 13.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "crypto/words.h"
#include "vault/bundle/rotation.h"
#include "vault/vault_int.h"

/* see vault_int.h */
enum sq_err
vault_rotate_load(struct vault *v)
{
	uint8_t raw[4];
	struct bytes_rd r;
	size_t n;
	enum sq_err e;

	e = db_meta_get(v->db, "epoch", raw, sizeof(raw), &n);
	if (e == SQ_ENOENT)
		return SQ_OK;
	if (e != SQ_OK || n != sizeof(raw))
		return e == SQ_OK ? SQ_EDAMAGE : e;
	bytes_rd_init(&r, raw, n);
	v->epoch = bytes_rd_u32(&r);
	return SQ_OK;
}

/* see vault_int.h */
enum sq_err
vault_rotate_recovery(struct vault *v, uint8_t pk[SIGN_PK], struct why *why)
{
	struct entry en = { 0 };
	uint8_t root[ENTRY_ROOT];
	char *s;
	enum sq_err e;

	if ((e = log_get(v->lg, 0, &en, root, why)) != SQ_OK)
		return e;
	s = entry_str(&en, "key_recovery");
	if (s == NULL || bytes_unhex(pk, SIGN_PK, s) != SQ_OK)
		e = err_why(why, SQ_EDAMAGE, "entry 0 names no recovery key");
	free(s);
	entry_free(&en);
	return e;
}

/* --- the changes so far ------------------------------------------------- */

struct tried {
	const char *note;
	size_t n, text;
	enum sq_err e;
};

/* Was the note signed by the keys that this change replaced? */
static enum sq_err
try_old(void *arg, const struct record *r)
{
	struct tried *t = arg;
	const char *s = model_record_first(r, "note");
	size_t len = s == NULL ? 0 : strlen(s), n;
	uint8_t raw[ROTATION_MAX];
	struct rotation rot;

	if (t->e != SQ_ENOENT || s == NULL || bytes_unb64(raw, sizeof(raw), s,
	    len, true, &n) != SQ_OK || rotation_parse((char *)raw, n, &rot) !=
	    SQ_OK)
		return SQ_OK;
	t->e = note_check(t->note, t->n, &rot.old.note, &t->text);
	rotation_free(&rot);
	return SQ_OK;
}

/* see vault_int.h */
enum sq_err
vault_key_note(struct vault *v, const char *note, size_t n,
    size_t *ret_text_len)
{
	struct tried t = { .note = note, .n = n };
	struct card c;
	enum sq_err e;

	if ((e = vault_card(v, &c)) != SQ_OK)
		return e;
	t.e = note_check(note, n, &c.note, &t.text);
	if (t.e == SQ_ENOENT && v->epoch > 0 && (e = vault_list(v, "key", 0,
	    try_old, &t, NULL)) != SQ_OK)
		return e;
	*ret_text_len = t.text;
	return t.e;
}

struct was {
	const struct card *c;
	bool ours, compromised;
};

/* A change that replaced these keys, or one after it. */
static enum sq_err
try_was(void *arg, const struct record *r)
{
	struct was *w = arg;
	const char *s = model_record_first(r, "note");
	uint8_t raw[ROTATION_MAX];
	struct rotation rot;
	size_t n;

	if (s == NULL || bytes_unb64(raw, sizeof(raw), s, strlen(s), true,
	    &n) != SQ_OK || rotation_parse((char *)raw, n, &rot) != SQ_OK)
		return SQ_OK;
	if (rotation_same(&rot.old, w->c)) {
		w->ours = true;
		w->compromised = rot.since[0] != '\0';
	}
	rotation_free(&rot);
	return SQ_OK;
}

/* see vault_int.h */
enum sq_err
vault_rotate_was(struct vault *v, const struct card *c, struct why *why)
{
	struct was w = { .c = c };
	struct card own;
	enum sq_err e;

	if ((e = vault_card(v, &own)) != SQ_OK || rotation_same(&own, c) ||
	    (v->epoch > 0 && (e = vault_list(v, "key", 0, try_was, &w,
	    why)) != SQ_OK))
		return e;
	if (w.compromised)
		return err_why(why, SQ_EREFUSED, "it is signed with keys of "
		    "this vault that were compromised and replaced");
	return w.ours ? SQ_OK : err_why(why, SQ_EAUTH, "it says that it is of "
	    "this vault, and is signed with keys that this vault never had");
}

/* --- one more ----------------------------------------------------------- */

/* What a change is made of. */
struct change {
	struct rotation r;
	struct secret *seed;		/* the new identity */
	struct secret *by;		/* who vouches */
	struct secret *note;		/* the new note key */
	struct bytes_buf text;
};

/* The recovery key from the words on paper. */
static enum sq_err
from_paper(struct vault *v, const struct secret *typed, struct change *c,
    struct why *why)
{
	uint8_t pk[SIGN_PK], want[SIGN_PK];
	enum sq_err e;

	if ((e = words_key_parse((const char *)secret_cbytes(typed),
	    secret_len(typed), &c->by, why)) != SQ_OK)
		return e == SQ_ENOMEM ? e : SQ_EPASS;
	if ((e = sign_public(c->by, pk)) != SQ_OK ||
	    (e = vault_rotate_recovery(v, want, why)) != SQ_OK)
		return e;
	return bytes_eq(pk, want, SIGN_PK) ? SQ_OK : err_why(why, SQ_EPASS,
	    "these words are a recovery key, but of another vault");
}

/* New keys, and the statement about them. */
static enum sq_err
prepare(struct vault *v, const struct vault_rotate *o, struct change *c,
    struct why *why)
{
	uint32_t epoch = v->epoch + 1;
	enum sq_err e;

	if (epoch > ROTATION_EPOCHS)
		return err_why(why, SQ_ELIMIT, "the keys were changed too "
		    "often");
	c->r.epoch = epoch;
	vault_now(c->r.time);
	if (o->since != NULL)
		(void)snprintf(c->r.since, sizeof(c->r.since), "%s",
		    o->since);
	if (o->since != NULL)
		e = from_paper(v, o->recovery, c, why);
	else
		e = sign_seed(v->seed, "note", v->epoch, &c->by);
	if (e == SQ_OK && (e = secret_random(32, &c->seed)) == SQ_OK &&
	    (e = sign_seed(c->seed, "note", epoch, &c->note)) == SQ_OK &&
	    (e = vault_card(v, &c->r.old)) == SQ_OK &&
	    (e = vault_key_card_of(v, c->seed, epoch, &c->r.new)) == SQ_OK)
		e = rotation_make(&c->r, c->by, c->note, &c->text);
	return e;
}

/* The entry that says so. */
static enum sq_err
put_entry(struct vault *v, const struct vault_rotate *o,
    const struct change *c, struct vault_made *ret, struct why *why)
{
	struct model_inputs in = { 0 };
	struct record_make mk = { .type = model_type("key"), .in = &in,
	    .reason = o->reason };
	struct bytes_buf b = { 0 };
	char num[16], *note = NULL, *vkey = NULL;
	enum sq_err e = SQ_ENOMEM;

	(void)snprintf(num, sizeof(num), "%u", c->r.epoch);
	bytes_put_b64(&b, c->text.p, c->text.len, true);
	if ((note = bytes_str(&b)) != NULL && note_vkey(&c->r.new.note, &b) ==
	    SQ_OK && (vkey = bytes_str(&b)) != NULL &&
	    (e = model_inputs_add(&in, "key_note", NULL, vkey)) == SQ_OK &&
	    (e = model_inputs_add(&in, "epoch", NULL, num)) == SQ_OK &&
	    (e = model_inputs_add(&in, "note", NULL, note)) == SQ_OK &&
	    (o->since == NULL || (e = model_inputs_add(&in,
	    "compromised_since", NULL, o->since)) == SQ_OK))
		e = vault_put_in(v, &mk, ret, why);
	model_inputs_free(&in);
	free(note);
	free(vkey);
	return e;
}

/* Entry, new identity, epoch: in one transaction, signed by the new keys. */
static enum sq_err
apply(struct vault *v, const struct vault_rotate *o, struct change *c,
    struct vault_made *ret, struct why *why)
{
	struct secret *old = v->seed;
	uint8_t raw[4];
	enum sq_err e;

	if ((e = vault_begin(v, why)) != SQ_OK)
		return e;
	bytes_le32(raw, c->r.epoch);
	if ((e = put_entry(v, o, c, ret, why)) != SQ_OK ||
	    (e = vault_key_wrap(v, "identity", c->seed)) != SQ_OK ||
	    (e = db_meta_set(v->db, "epoch", raw, sizeof(raw))) != SQ_OK) {
		vault_abort(v);
		return e;
	}
	v->seed = c->seed;
	v->epoch++;
	secret_free(v->note_seed);
	v->note_seed = NULL;
	e = vault_commit(v, why);
	if (e == SQ_OK || e == SQ_EUNSURE) {
		secret_free(old);
		c->seed = NULL;		/* transferred */
		return e;
	}
	v->seed = old;
	v->epoch--;
	secret_free(v->note_seed);
	v->note_seed = NULL;
	return e;
}

/* see vault_keys.h */
enum sq_err
vault_key_rotate(struct vault *v, const struct vault_rotate *o,
    struct vault_made *ret, struct why *why)
{
	struct change c;
	struct tm tm = { .tm_sec = 0 };
	const char *end;
	enum sq_err e;

	memset(&c, 0, sizeof(c));
	if ((o->since == NULL) != (o->recovery == NULL))
		return err_why(why, SQ_EUSAGE, "after a compromise the old "
		    "keys vouch for nothing: the recovery key on paper does");
	if (o->since != NULL && ((end = strptime(o->since,
	    "%Y-%m-%dT%H:%M:%SZ", &tm)) == NULL || *end != '\0'))
		return err_why(why, SQ_EUSAGE, "write the time as "
		    "2026-03-14T09:00:00Z, in UTC");
	if ((e = vault_seen_may_sign(v, why)) != SQ_OK)
		return e;
	if (why != NULL)
		why->text[0] = '\0';
	if ((e = prepare(v, o, &c, why)) == SQ_OK)
		e = apply(v, o, &c, ret, why);
	if (e != SQ_OK && why != NULL && why->text[0] == '\0')
		err_why(why, e, "the keys could not be changed");
	secret_free(c.seed);
	secret_free(c.by);
	secret_free(c.note);
	bytes_free(&c.text);
	return e;
}

/* --- the recovery signing key leaves ------------------------------------ */

/* see vault_keys.h */
enum sq_err
vault_recovery_key(struct vault *v, enum sq_err (*take)(void *arg,
    const struct secret *words), void *arg, struct why *why)
{
	struct model_inputs in = { 0 };
	struct record_make mk = { .type = model_type("custody"), .in = &in };
	struct secret *seed = NULL, *words = NULL;
	struct vault_made made;
	uint8_t raw[128];
	size_t n;
	enum sq_err e;

	if (db_meta_get(v->db, "recovery", raw, sizeof(raw), &n) == SQ_OK &&
	    n == 1)
		return err_why(why, SQ_ENOENT, "the recovery signing key has "
		    "left the vault already: it is on the sheet that was made "
		    "then");
	if ((e = vault_key_unwrap(v, "recovery", &seed)) != SQ_OK)
		return err_why(why, e, "the recovery signing key cannot be "
		    "unwrapped");
	if ((e = words_key(seed, &words)) != SQ_OK ||
	    (e = model_inputs_add(&in, "action", NULL, "key-slot-changed")) !=
	    SQ_OK || (e = model_inputs_add(&in, "note", "en", "The recovery "
	    "signing key was written to a sheet and taken out of the vault."))
	    != SQ_OK || (e = vault_begin(v, why)) != SQ_OK)
		goto out;
	/* out of our hands before it is forgotten */
	if ((e = take(arg, words)) != SQ_OK ||
	    (e = vault_put_in(v, &mk, &made, why)) != SQ_OK ||
	    (e = db_meta_set(v->db, "recovery", "", 1)) != SQ_OK) {
		vault_abort(v);
		goto out;
	}
	e = vault_commit(v, why);
out:
	model_inputs_free(&in);
	secret_free(seed);
	secret_free(words);
	return e;
}
