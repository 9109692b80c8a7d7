/*
 * The identity of a log: its signing keys, entry 0, the signed checkpoint, the
 * key card, and the proofs of the log.  FORMAT.md sections 6 and 10.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/aead.h"
#include "crypto/age.h"
#include "crypto/minisig.h"
#include "crypto/note.h"
#include "crypto/sshsig.h"
#include "vault/bundle/card.h"
#include "vault/bundle/consist.h"
#include "vault/bundle/qr.h"
#include "vault/vault_int.h"

#define WRAP_LABEL "sandyq/wrap/1"
#define WRAP_LEN (AEAD_XNONCE + 32 + AEAD_TAG)

/* see vault_int.h */
enum sq_err
vault_key_wrap(struct vault *v, const char *use, const struct secret *s)
{
	uint8_t out[WRAP_LEN];
	char ad[96];
	int n;
	enum sq_err e;

	n = snprintf(ad, sizeof(ad), WRAP_LABEL "/%s/%s", use, v->cx.log_id);
	bytes_random(out, AEAD_XNONCE);
	if ((e = aead_xseal(v->k.identity, out, ad, (size_t)n,
	    secret_cbytes(s), secret_len(s), out + AEAD_XNONCE,
	    out + AEAD_XNONCE + 32)) != SQ_OK)
		return e;
	return db_meta_set(v->db, use, out, sizeof(out));
}

/* see vault_int.h */
enum sq_err
vault_key_unwrap(struct vault *v, const char *use, struct secret **ret)
{
	uint8_t in[WRAP_LEN];
	struct secret *s = NULL;
	char ad[96];
	size_t len;
	int n;
	enum sq_err e;

	n = snprintf(ad, sizeof(ad), WRAP_LABEL "/%s/%s", use, v->cx.log_id);
	if ((e = db_meta_get(v->db, use, in, sizeof(in), &len)) != SQ_OK)
		return e;
	if (len != sizeof(in))
		return SQ_EDAMAGE;
	if ((e = secret_new(32, &s)) != SQ_OK)
		return e;
	if ((e = aead_xopen(v->k.identity, in, ad, (size_t)n,
	    in + AEAD_XNONCE, 32, in + AEAD_XNONCE + 32, secret_bytes(s))) !=
	    SQ_OK) {
		secret_free(s);
		return SQ_EDAMAGE;
	}
	/* whoever holds the identity must know its epoch: one without the
	 * other signs with keys that nobody has seen */
	if (strcmp(use, "identity") == 0 && (e = vault_rotate_load(v)) !=
	    SQ_OK) {
		secret_free(s);
		return e;
	}
	*ret = s;
	return SQ_OK;		/* transferred */
}

/* see vault_int.h */
enum sq_err
vault_identity_make(struct vault *v, struct why *why)
{
	struct secret *recovery = NULL;
	uint8_t id[16];
	enum sq_err e;

	bytes_random(id, sizeof(id));
	bytes_hex(v->cx.log_id, id, sizeof(id));
	/*
	 * The recovery signing key waits here, wrapped, until a sheet is
	 * printed that carries it; only its public half enters the log.
	 */
	if ((e = db_meta_set(v->db, "log", id, sizeof(id))) != SQ_OK ||
	    (e = secret_random(32, &v->seed)) != SQ_OK ||
	    (e = secret_random(SIGN_SEED, &recovery)) != SQ_OK ||
	    (e = vault_key_wrap(v, "identity", v->seed)) != SQ_OK ||
	    (e = vault_key_wrap(v, "recovery", recovery)) != SQ_OK)
		err_why(why, e, "the identity could not be stored: %s",
		    db_why(v->db));
	secret_free(recovery);
	return e;
}

/* see vault_int.h */
enum sq_err
vault_log_named(struct vault *v, struct why *why)
{
	uint8_t id[16];
	size_t n;

	if (db_meta_get(v->db, "log", id, sizeof(id), &n) != SQ_OK ||
	    n != sizeof(id))
		return err_why(why, SQ_EDAMAGE, "the database does not name "
		    "its log");
	bytes_hex(v->cx.log_id, id, sizeof(id));
	return SQ_OK;
}

/* see vault_int.h */
enum sq_err
vault_identity_load(struct vault *v, struct why *why)
{
	enum sq_err e;

	if ((e = vault_log_named(v, why)) != SQ_OK)
		return e;
	if ((e = vault_key_unwrap(v, "identity", &v->seed)) != SQ_OK)
		return err_why(why, e == SQ_ENOMEM ? e : SQ_EDAMAGE,
		    "the identity of the log cannot be unwrapped");
	return vault_seen_load(v, why);
}

/* One row of meta, wrapped anew if it is a wrapped secret. */
static enum sq_err
carry(struct vault *from, struct vault *to, const char *key, const void *p,
    size_t n)
{
	static const char *const own[] = { "schema", "slots", "generation",
	    "checkpoint" };
	struct secret *s = NULL;
	enum sq_err e;

	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
		if (strcmp(key, own[i]) == 0)
			return SQ_OK;
	if (n != WRAP_LEN || vault_key_unwrap(from, key, &s) != SQ_OK)
		return db_meta_set(to->db, key, p, n);
	e = vault_key_wrap(to, key, s);
	secret_free(s);
	return e;
}

/* see vault_int.h */
enum sq_err
vault_identity_carry(struct vault *from, struct vault *to)
{
	struct bytes_buf value = { 0 };
	struct db_st *st;
	const char *key;
	const void *p;
	char name[64];
	size_t n;
	bool row;
	enum sq_err e;

	memcpy(to->cx.log_id, from->cx.log_id, sizeof(to->cx.log_id));
	if ((e = db_use(from->db, DB_META_ALL, &st)) != SQ_OK)
		return e;
	while ((e = db_step(st, &row)) == SQ_OK && row) {
		key = db_text(st, 0, &n);
		(void)snprintf(name, sizeof(name), "%s", key);
		p = db_blob(st, 1, &n);
		value.len = 0;
		bytes_put(&value, p, n);
		if ((e = bytes_done(&value)) != SQ_OK ||
		    (e = carry(from, to, name, value.p, value.len)) != SQ_OK)
			break;
	}
	db_reset(st);
	bytes_free(&value);
	return e == SQ_OK ? vault_identity_load(to, NULL) : e;
}

/* The origin of this log's checkpoints, also the name of its note key. */
static void
origin(const struct vault *v, char out[64])
{
	(void)snprintf(out, 64, "sandyq/%s", v->cx.log_id);
}

/* see vault_int.h */
enum sq_err
vault_key_card_of(struct vault *v, const struct secret *seed, uint32_t epoch,
    struct card *c)
{
	struct secret *note = NULL, *mini = NULL, *ssh = NULL;
	uint8_t pk[SIGN_PK];
	char name[64];
	enum sq_err e;

	memset(c, 0, sizeof(*c));
	origin(v, name);
	(void)snprintf(c->log, sizeof(c->log), "%s", v->cx.log_id);
	vault_now(c->date);
	if ((e = sign_seed(seed, "note", epoch, &note)) != SQ_OK ||
	    (e = sign_seed(seed, "minisign", epoch, &mini)) != SQ_OK ||
	    (e = sign_seed(seed, "ssh", epoch, &ssh)) != SQ_OK ||
	    (e = sign_public(note, pk)) != SQ_OK ||
	    (e = note_key(name, pk, &c->note)) != SQ_OK ||
	    (e = sign_public(mini, pk)) != SQ_OK)
		goto out;
	minisig_key(pk, &c->minisign);
	e = sign_public(ssh, c->ssh);
out:
	secret_free(note);
	secret_free(mini);
	secret_free(ssh);
	return e;
}

/* see vault_int.h */
enum sq_err
vault_card(struct vault *v, struct card *c)
{
	return vault_key_card_of(v, v->seed, v->epoch, c);
}

/* see vault_keys.h */
enum sq_err
vault_key_card(struct vault *v, const char *form, struct bytes_buf *out,
    struct why *why)
{
	enum card_form kind = form == NULL ? CARD_TEXT :
	    strcmp(form, "svg") == 0 ? CARD_SVG :
	    strcmp(form, "html") == 0 ? CARD_HTML : CARD_TEXT;
	struct bytes_buf lines = { 0 }, path = { 0 };
	struct card_code code = { NULL, 0, 0 };
	struct card c;
	enum sq_err e;

	if ((e = vault_card(v, &c)) == SQ_OK &&
	    (e = vault_rotate_recovery(v, c.recovery, why)) == SQ_OK)
		c.has_recovery = true;
	if (e == SQ_OK && kind != CARD_TEXT &&
	    (e = card_lines(&c, &lines)) == SQ_OK && (e = qr_path(lines.p,
	    lines.len, &code.side, &path)) == SQ_OK) {
		code.path = (const char *)path.p;
		code.n = path.len;
	}
	if (e == SQ_OK)
		e = card_page(&c, kind, &code, out);
	bytes_free(&lines);
	bytes_free(&path);
	return e == SQ_OK ? e : err_why(why, e, "the key card could not be "
	    "made");
}

/* Add the public keys of epoch 0 to entry 0. */
static enum sq_err
genesis_keys(struct vault *v, struct entry *en)
{
	struct bytes_buf b = { 0 };
	struct secret *s = NULL;
	struct card c;
	uint8_t pk[SIGN_PK];
	char age[AGE_RECIPIENT_MAX], hex[2 * SIGN_PK + 1];
	char *vkey = NULL, *mini = NULL, *ssh = NULL;
	enum sq_err e;

	if ((e = vault_card(v, &c)) != SQ_OK ||
	    (e = note_vkey(&c.note, &b)) != SQ_OK)
		goto out;
	vkey = bytes_str(&b);
	if ((e = sshsig_fingerprint(c.ssh, &b)) != SQ_OK)
		goto out;
	ssh = bytes_str(&b);
	bytes_put_hex(&b, c.minisign.pk, SIGN_PK);
	mini = bytes_str(&b);
	if (vkey == NULL || ssh == NULL || mini == NULL) {
		e = SQ_ENOMEM;
		goto out;
	}
	if ((e = sign_seed(v->seed, "age", v->epoch, &s)) != SQ_OK ||
	    (e = age_public(s, age)) != SQ_OK)
		goto out;
	secret_free(s);
	s = NULL;
	if ((e = vault_key_unwrap(v, "recovery", &s)) != SQ_OK ||
	    (e = sign_public(s, pk)) != SQ_OK)
		goto out;
	bytes_hex(hex, pk, sizeof(pk));
	if ((e = entry_add_str(en, "key_note", vkey)) == SQ_OK &&
	    (e = entry_add_str(en, "key_minisign", mini)) == SQ_OK &&
	    (e = entry_add_str(en, "key_ssh", ssh)) == SQ_OK &&
	    (e = entry_add_str(en, "key_age", age)) == SQ_OK)
		e = entry_add_str(en, "key_recovery", hex);
out:
	bytes_free(&b);
	secret_free(s);
	free(vkey);
	free(mini);
	free(ssh);
	return e;
}

/* see vault_int.h */
enum sq_err
vault_genesis(struct vault *v, struct why *why)
{
	struct entry en = { 0 };
	uint8_t root[ENTRY_ROOT];
	uint64_t index;
	enum sq_err e;

	if ((e = entry_add_str(&en, "_log", v->cx.log_id)) == SQ_OK &&
	    (e = entry_add_str(&en, "_kind", "genesis")) == SQ_OK &&
	    (e = entry_add_strs(&en, "_parents", NULL, 0)) == SQ_OK &&
	    (e = entry_add_str(&en, "_time", v->cx.time)) == SQ_OK &&
	    (e = entry_add_str(&en, "_actor", v->actor)) == SQ_OK &&
	    (e = entry_add_int(&en, "format", 1)) == SQ_OK &&
	    (e = genesis_keys(v, &en)) == SQ_OK &&
	    (e = entry_sort(&en)) == SQ_OK)
		e = log_append(v->lg, &en, NULL, 0, &index, root);
	entry_free(&en);
	if (e != SQ_OK)
		err_why(why, e, "entry 0 could not be written: %s",
		    db_why(v->db));
	return e;
}

/* see vault_int.h */
enum sq_err
vault_sign_checkpoint(struct vault *v, struct bytes_buf *out)
{
	struct note_checkpoint cp;
	struct bytes_buf text = { 0 };
	enum sq_err e;

	memset(&cp, 0, sizeof(cp));
	origin(v, cp.origin);
	cp.size = log_size(v->lg);
	if ((e = log_root(v->lg, cp.root)) == SQ_OK &&
	    (e = note_checkpoint_emit(&cp, &text)) == SQ_OK &&
	    (v->note_seed != NULL ||
	    (e = sign_seed(v->seed, "note", v->epoch, &v->note_seed)) ==
	    SQ_OK))
		e = note_sign(cp.origin, v->note_seed, (const char *)text.p,
		    text.len, out);
	bytes_free(&text);
	return e;
}

/* see vault_keys.h */
enum sq_err
vault_checkpoint(struct vault *v, struct bytes_buf *out, struct why *why)
{
	enum sq_err e;

	if ((e = vault_seen_may_sign(v, why)) != SQ_OK)
		return e;
	if ((e = vault_sign_checkpoint(v, out)) != SQ_OK)
		return err_why(why, e, "the checkpoint could not be signed");
	return SQ_OK;
}

/* see vault_keys.h */
enum sq_err
vault_log_proof(struct vault *v, uint64_t index, struct bytes_buf *out,
    struct why *why)
{
	struct merkle_proof proof;
	struct bytes_buf cp = { 0 };
	struct entry en = { 0 };
	uint8_t root[ENTRY_ROOT];
	enum sq_err e;

	if (index >= log_size(v->lg))
		return err_why(why, SQ_ENOENT, "the log has %llu entries, 0 "
		    "to %llu", (unsigned long long)log_size(v->lg),
		    (unsigned long long)log_size(v->lg) - 1);
	if ((e = log_get(v->lg, index, &en, root, why)) != SQ_OK ||
	    (e = log_include(v->lg, index, &proof)) != SQ_OK ||
	    (e = vault_checkpoint(v, &cp, why)) != SQ_OK)
		goto out;
	e = note_proof_emit(index, &proof, (const char *)cp.p, cp.len, out);
out:
	entry_free(&en);
	bytes_free(&cp);
	return e;
}

/* see vault_keys.h */
enum sq_err
vault_log_consistency(struct vault *v, uint64_t old, struct bytes_buf *out,
    struct why *why)
{
	struct consist c;
	enum sq_err e;

	if (old == 0 || old > log_size(v->lg))
		return err_why(why, SQ_ENOENT, "consistency is proved from a "
		    "size between 1 and %llu",
		    (unsigned long long)log_size(v->lg));
	memset(&c, 0, sizeof(c));
	c.old_size = old;
	c.new_size = log_size(v->lg);
	if ((e = log_root_at(v->lg, old, c.old_root)) != SQ_OK ||
	    (e = log_consist(v->lg, old, &c.proof)) != SQ_OK)
		return err_why(why, e, "the proof could not be made");
	return consist_emit(&c, out);
}

/* One entry of the log for a reader, if it is the one that belongs there. */
static enum sq_err
log_line(struct vault *v, uint64_t i, const uint8_t want[ENTRY_ROOT],
    struct vault_entry *ret, struct why *why)
{
	struct entry en = { 0 };
	uint8_t root[ENTRY_ROOT];
	char *s[4];
	enum sq_err e;

	if ((e = log_get(v->lg, i, &en, root, why)) != SQ_OK)
		return e;
	if (!bytes_eq(root, want, ENTRY_ROOT)) {
		entry_free(&en);
		return err_why(why, SQ_EDAMAGE, "entry %llu changed while the "
		    "log was read", (unsigned long long)i);
	}
	s[0] = entry_str(&en, "_kind");
	s[1] = entry_str(&en, "_type");
	s[2] = entry_str(&en, "_ref");
	s[3] = entry_str(&en, "_time");
	ret->index = i;
	bytes_hex(ret->root, root, sizeof(root));
	(void)snprintf(ret->kind, sizeof(ret->kind), "%s", s[0] ? s[0] : "");
	(void)snprintf(ret->type, sizeof(ret->type), "%s", s[1] ? s[1] : "");
	(void)snprintf(ret->ref, sizeof(ret->ref), "%s", s[2] ? s[2] : "");
	(void)snprintf(ret->time, sizeof(ret->time), "%s", s[3] ? s[3] : "");
	ret->actor = entry_str(&en, "_actor");
	for (size_t k = 0; k < 4; k++)
		free(s[k]);
	entry_free(&en);
	return SQ_OK;
}

/* see vault_keys.h */
enum sq_err
vault_log(struct vault *v,
    enum sq_err (*cb)(void *arg, const struct vault_entry *en), void *arg,
    struct why *why)
{
	uint8_t (*root)[ENTRY_ROOT] = NULL;
	struct vault_entry le;
	enum sq_err e;

	/* an entry of another past, whole in itself, must not be shown */
	if ((e = log_roots(v->lg, &root, why)) != SQ_OK)
		return e;
	for (uint64_t i = 0; i < log_size(v->lg) && e == SQ_OK; i++) {
		memset(&le, 0, sizeof(le));
		if ((e = log_line(v, i, root[i], &le, why)) == SQ_OK)
			e = cb(arg, &le);
		free(le.actor);
	}
	free(root);
	return e;
}
