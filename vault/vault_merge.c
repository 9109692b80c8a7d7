/*
 * Merging a bundle of another vault, or of a copy of this one.  See
 * vault_merge.h and FORMAT.md section 20.
 *
 * The bundle is verified first; read again, its attachments are sealed into
 * store/new/ and its entries kept; only when every byte was the one that was
 * verified do the objects get their places and the entries their transaction.
 * A crash before COMMIT leaves what an attach that was cut off leaves.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/note.h"
#include "crypto/sshsig.h"
#include "vault/bundle/rotation.h"
#include "vault/bundle/verify_take.h"
#include "vault/vault_merge_int.h"

#define ABOUT 1500		/* records, and entries, in one entry */

/* --- may it be taken in? ------------------------------------------------- */

/* Once the bundle is known to hold: is it for us, and whose is it? */
static enum sq_err
ready(void *arg, const struct verify_taken *t, struct why *why)
{
	struct importer *m = arg;
	struct bytes_buf b = { 0 };
	struct card own;
	enum sq_err e;

	if (strcmp(t->profile, "full") != 0)
		return err_why(why, SQ_EREFUSED, "the bundle is of profile "
		    "«%s», which leaves things out; to be merged it must be "
		    "exported with --profile full", t->profile);
	memcpy(m->ret->bundle, t->bundle, sizeof(m->ret->bundle));
	memcpy(m->ret->log, t->card.log, sizeof(m->ret->log));
	if ((e = sshsig_fingerprint(t->card.ssh, &b)) == SQ_OK)
		(void)snprintf(m->ret->signer, sizeof(m->ret->signer), "%.*s",
		    (int)b.len, (const char *)b.p);
	bytes_free(&b);
	if (e != SQ_OK || (e = vault_card(m->v, &own)) != SQ_OK)
		return e;
	m->own = strcmp(t->card.log, own.log) == 0;
	if (m->own && (e = vault_rotate_was(m->v, &t->card, why)) != SQ_OK)
		return err_more(why, e, "the bundle");
	/* keys that were replaced may be in the hands of who left */
	m->ret->trusted = t->trusted || (m->own &&
	    rotation_same(&t->card, &own));
	return SQ_OK;
}

/* What an entry says of itself. */
static bool
is(const struct entry *en, const char *name, const char *want)
{
	char *s = entry_str(en, name);
	bool same = s != NULL && strcmp(s, want) == 0;

	free(s);
	return same;
}

/*
 * Revisions, decisions and custody events come along; what a log keeps of
 * itself (objects, erasures, exports, keys) has its meaning there alone.
 */
static bool
comes(const struct entry *en)
{
	char *type = entry_str(en, "_type"), *kind = entry_str(en, "_kind");
	const struct model_type *t = type == NULL ? NULL : model_type(type);
	bool yes = t != NULL && kind != NULL && strcmp(t->kind, kind) == 0 &&
	    (strcmp(kind, "revision") == 0 || strcmp(kind, "consent") == 0 ||
	    strcmp(kind, "custody") == 0);

	free(type);
	free(kind);
	return yes;
}

/* A record that is here must be of the type that the entry says. */
static enum sq_err
fits(struct importer *m, const struct verify_taken_item *it,
    uint8_t id[LOG_RECORD_ID])
{
	char *s = entry_str(&it->en, "_record"), ref[MODEL_ID_HEX];
	char *type = entry_str(&it->en, "_type");
	bool here;
	enum sq_err e = SQ_EAUTH;

	if (s == NULL || type == NULL || bytes_unhex(id, LOG_RECORD_ID, s) !=
	    SQ_OK) {
		err_why(m->why, e, "item %06llu does not say what record it "
		    "is of", (unsigned long long)it->number);
		goto out;
	}
	if (is(&it->en, "_log", m->v->cx.log_id) && !m->own) {
		err_why(m->why, e, "item %06llu says that it was written in "
		    "this vault, which does not know it",
		    (unsigned long long)it->number);
		goto out;
	}
	if ((e = record_is_here(&m->v->cx, id, &here, m->why)) != SQ_OK ||
	    !here || (e = record_ref(&m->v->cx, id, ref)) != SQ_OK)
		goto out;
	if (ref[0] != model_type(type)->prefix)
		e = err_why(m->why, SQ_EAUTH, "item %06llu is a %s with the "
		    "id of %s", (unsigned long long)it->number, type, ref);
out:
	free(s);
	free(type);
	return e;
}

/*
 * A signer whom nobody vouches for speaks of no record that was here before,
 * whoever wrote it: neither a revision of it, nor a decision about it, nor
 * what belongs to it.  That it names the same log proves nothing.
 */
static enum sq_err
leaves_ours(struct importer *m, const struct verify_taken_item *it,
    const uint8_t (*ids)[LOG_RECORD_ID], size_t n)
{
	struct record_at at = { .index = 0 };
	char ref[MODEL_ID_HEX];
	bool here, before;
	enum sq_err e = SQ_OK;

	for (size_t i = 0; i < n && !m->ret->trusted && e == SQ_OK; i++) {
		e = record_is_here(&m->v->cx, ids[i], &here, m->why);
		if (e != SQ_OK || !here)
			continue;
		e = record_get(&m->v->cx, ids[i], 1, &at, m->why);
		before = e == SQ_OK && at.index < m->began;
		record_at_free(&at);
		if (before && (e = record_ref(&m->v->cx, ids[i], ref)) == SQ_OK)
			e = err_why(m->why, SQ_EREFUSED, "item %06llu speaks "
			    "of %.31s, a record that is here already, and its "
			    "signer is unknown; give the key card of that vault with "
			    "--trust", (unsigned long long)it->number, ref);
	}
	return e;
}

/* Of a record that was erased here nothing comes back by the side door. */
static enum sq_err
note_erase(void *arg, const struct record_at *at)
{
	bool *erased = arg;

	*erased |= is(&at->en, "_kind", "erase");
	return SQ_OK;
}

static enum sq_err
was_erased(struct importer *m, const struct verify_taken_item *it,
    bool *ret)
{
	uint8_t id[LOG_RECORD_ID];
	char *s = entry_str(&it->en, "_record");
	enum sq_err e = SQ_ENOENT;

	*ret = false;
	if (s != NULL && bytes_unhex(id, sizeof(id), s) == SQ_OK)
		e = record_each(&m->v->cx, id, note_erase, ret, m->why);
	free(s);
	return e == SQ_ENOENT ? SQ_OK : e;
}

/* --- taking in ----------------------------------------------------------- */

/* One entry, inside the transaction, under the root it has. */
static enum sq_err
take_one(struct importer *m, const struct verify_taken_item *it)
{
	uint8_t (*ids)[LOG_RECORD_ID] = NULL;
	uint8_t id[LOG_RECORD_ID], root[ENTRY_ROOT];
	uint64_t index;
	size_t n = 0;
	bool stays;
	enum sq_err e;

	if ((e = log_index_of(m->v->lg, it->root, &index)) != SQ_ENOENT) {
		m->ret->known += e == SQ_OK;
		return e;
	}
	if ((e = was_erased(m, it, &stays)) != SQ_OK)
		return e;
	if (stays || !comes(&it->en)) {
		m->ret->left++;
		return SQ_OK;
	}
	if ((e = fits(m, it, id)) != SQ_OK)
		return e;
	if ((e = log_ids(&it->en, &ids, &n)) == SQ_OK &&
	    (e = leaves_ours(m, it, (const uint8_t (*)[LOG_RECORD_ID])ids,
	    n)) == SQ_OK && (e = log_append(m->v->lg, &it->en,
	    (const uint8_t (*)[LOG_RECORD_ID])ids, n, &index, root)) == SQ_OK)
		e = record_replay(&m->v->cx, &it->en, index, m->why);
	free(ids);
	if (e == SQ_EFORMAT)
		return err_why(m->why, SQ_EAUTH, "item %06llu does not say "
		    "which records it names", (unsigned long long)it->number);
	if (e == SQ_OK)
		e = vault_merge_int_note(m, it, id);
	return e;
}

/* A key of the other vault, as a line. */
static enum sq_err
add_key(struct model_inputs *in, struct bytes_buf *b, enum sq_err e)
{
	char *s = e == SQ_OK ? bytes_str(b) : NULL;

	if (e == SQ_OK)
		e = s == NULL ? SQ_ENOMEM : model_inputs_add(in, "signer",
		    NULL, s);
	free(s);
	bytes_free(b);
	return e;
}

/* Where it came from: the same in each entry that says so. */
static enum sq_err
add_source(struct importer *m, const struct verify_taken *t,
    struct model_inputs *in)
{
	struct bytes_buf b = { 0 };
	char hex[65], *s;
	enum sq_err e;

	bytes_hex(hex, t->statement, sizeof(t->statement));
	if ((e = model_inputs_add(in, "action", NULL, "merged")) != SQ_OK ||
	    (e = model_inputs_add(in, "sha256", NULL, hex)) != SQ_OK ||
	    (e = model_inputs_add(in, "bundle", NULL, t->bundle)) != SQ_OK ||
	    (e = model_inputs_add(in, "log", NULL, t->card.log)) != SQ_OK ||
	    (e = model_inputs_add(in, "known", NULL, t->trusted ?
	    "key card" : m->ret->trusted ? "this vault's own keys" :
	    "unknown signer")) != SQ_OK ||
	    (e = add_key(in, &b, note_vkey(&t->card.note, &b))) != SQ_OK ||
	    (e = add_key(in, &b, minisig_pub_line(&t->card.minisign, &b))) !=
	    SQ_OK || (e = add_key(in, &b, sshsig_fingerprint(t->card.ssh,
	    &b))) != SQ_OK)
		return e;
	bytes_put_b64(&b, t->checkpoint.p, t->checkpoint.len, true);
	if ((s = bytes_str(&b)) == NULL)
		return SQ_ENOMEM;
	e = model_inputs_add(in, "checkpoint", NULL, s);
	free(s);
	return e;
}

/* The entries that say what was merged, and with which proofs. */
static enum sq_err
log_merge(struct importer *m, const struct verify_taken *t)
{
	struct model_inputs in = { 0 };
	struct record_make mk = { .in = &in, .kind = "imported" };
	struct vault_made made;
	char ref[MODEL_ID_HEX];
	size_t at = 0, line = 0;
	enum sq_err e = SQ_OK;

	mk.type = model_type("custody");
	while ((at < m->n_id || line < m->lines.n) && e == SQ_OK) {
		e = add_source(m, t, &in);
		for (size_t i = 0; i < ABOUT && at < m->n_id && e == SQ_OK;
		    i++) {
			e = record_ref(&m->v->cx, m->id[at++], ref);
			if (e == SQ_OK)
				e = model_inputs_add(&in, "about", NULL, ref);
		}
		for (size_t i = 0; i < ABOUT && line < m->lines.n &&
		    e == SQ_OK; i++)
			e = model_inputs_add(&in, "merged", NULL,
			    m->lines.v[line++].value);
		if (e == SQ_OK)
			e = vault_put_in(m->v, &mk, &made, m->why);
		model_inputs_free(&in);
	}
	return e;
}

/* Everything within the transaction. */
static enum sq_err
run(struct importer *m, const struct verify_taken *t)
{
	enum sq_err e = SQ_OK;

	for (size_t i = 0; i < t->n && e == SQ_OK; i++)
		e = take_one(m, &t->item[i]);
	if (e == SQ_OK)
		e = vault_merge_int_bind(m);
	if (e == SQ_OK)
		e = log_merge(m, t);
	if (e == SQ_OK)
		e = vault_merge_int_conflicts(m);
	if (e == SQ_EEXIST)
		e = SQ_EDAMAGE;
	if (e != SQ_OK && m->why != NULL && m->why->text[0] == '\0')
		err_why(m->why, e, "not merged: %s", db_why(m->v->db));
	return e;
}

/* The objects get their places, the entries their transaction. */
static enum sq_err
save(struct importer *m, const struct verify_taken *t)
{
	const uint64_t objects = m->v->state.objects;
	const uint64_t bytes = m->v->state.bytes;
	enum sq_err e;

	if ((e = vault_merge_int_settle(m)) != SQ_OK ||
	    (e = vault_begin(m->v, m->why)) != SQ_OK)
		return e;
	m->began = log_size(m->v->lg);
	if (m->why != NULL)
		m->why->text[0] = '\0';
	if ((e = run(m, t)) != SQ_OK || m->ret->entries == 0)
		vault_abort(m->v);
	else
		e = vault_commit(m->v, m->why);
	if (m->ret->entries == 0 || (e != SQ_OK && e != SQ_EUNSURE)) {
		m->v->state.objects = objects;
		m->v->state.bytes = bytes;
	} else
		m->saved = true;
	return e;
}

/* see vault_merge.h */
enum sq_err
vault_merge(struct vault *v, const struct vault_merge *o,
    struct vault_merged *ret, struct why *why)
{
	struct importer m = { .v = v, .ret = ret, .why = why };
	const struct verify_take_files files = { .ready = ready,
	    .begin = vault_merge_int_begin, .data = vault_merge_int_data,
	    .end = vault_merge_int_end, .arg = &m };
	struct verify_opts vo = { .path = o->path, .identity = o->identity,
	    .passphrase = o->passphrase, .trust = o->trust,
	    .progress = o->progress, .arg = o->arg };
	struct verify_report *report;
	struct verify_taken t = { .n = 0 };
	enum sq_err e = SQ_ENOMEM;

	memset(ret, 0, sizeof(*ret));
	if (v->readonly)
		return err_why(why, SQ_EREADONLY, "the vault is open "
		    "read-only");
	vault_blobs(v, &m.bs);
	if ((report = calloc(1, sizeof(*report))) == NULL)
		return e;
	e = verify_take(&vo, &files, &t, report, why);
	/* what a stranger sent is never damage of a vault of ours */
	if (e == SQ_EDAMAGE || e == SQ_EROLLBACK)
		e = SQ_EAUTH;
	if (e == SQ_OK)
		e = save(&m, &t);
	vault_merge_int_free(&m);
	verify_take_free(&t);
	free(report);
	if (e != SQ_OK)
		vault_merge_free(ret);
	return e;
}

/* see vault_merge.h */
void
vault_merge_free(struct vault_merged *x)
{
	free(x->conflict);
	memset(x, 0, sizeof(*x));
}
