/*
 * The same history as before: checkpoints of this log that others hold, put
 * before it again.  A log that does not extend one of them was rolled back or
 * forked, and signs nothing more until somebody says in words that this is so.
 * A vault that was restored from a copy is in the same state until it has been
 * shown its newest checkpoint: it cannot know what it signed since the copy.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "crypto/note.h"
#include "vault/bundle/receipt.h"
#include "vault/fsio.h"
#include "vault/vault_int.h"

#define FORKED UINT64_MAX	/* entries that no checkpoint has */

/* A checkpoint that somebody brought. */
struct brought {
	struct bytes_buf file;
	const char *note;
	size_t n;
	bool receipt;
	struct receipt r;
	struct note_checkpoint cp;
};

/* --- not to be believed yet --------------------------------------------- */

/* see vault_int.h */
enum sq_err
vault_seen_load(struct vault *v, struct why *why)
{
	uint8_t raw[8];
	struct bytes_rd r;
	size_t n;
	enum sq_err e;

	e = db_meta_get(v->db, "restored", raw, sizeof(raw), &n);
	if (e == SQ_ENOENT)
		return SQ_OK;
	if (e != SQ_OK || n != sizeof(raw))
		return err_why(why, e == SQ_OK ? SQ_EDAMAGE : e, "it cannot "
		    "be read whether the vault was restored");
	bytes_rd_init(&r, raw, n);
	v->restored = bytes_rd_u64(&r);
	if (v->restored != 0)
		vault_say(v, "the vault was restored from a copy or put back: "
		    "it signs nothing until it was shown its newest "
		    "checkpoint; see: sandyq log seen --help");
	return SQ_OK;
}

/* see vault_int.h */
void
vault_seen_doubt(struct vault *v)
{
	if (v->restored == 0)
		v->restored = log_size(v->lg);
	v->restored_new = true;
}

/* see vault_int.h */
enum sq_err
vault_seen_save(struct vault *v)
{
	uint8_t raw[8];
	enum sq_err e;

	if (!v->restored_new)
		return SQ_OK;
	bytes_le64(raw, v->restored);
	if ((e = db_meta_set(v->db, "restored", raw, sizeof(raw))) == SQ_OK)
		v->restored_new = false;
	return e;
}

/* see vault_int.h */
enum sq_err
vault_seen_may_sign(const struct vault *v, struct why *why)
{
	if (v->as_is)
		return err_why(why, SQ_EROLLBACK, "the vault is older than "
		    "its own record: it does not sign a checkpoint");
	if (v->restored == FORKED)
		return err_why(why, SQ_EREFUSED, "this vault was shown a "
		    "checkpoint of another history than its own; it signs "
		    "nothing until somebody says that the other is lost: "
		    "sandyq log seen --lost --reason TEXT");
	if (v->restored != 0)
		return err_why(why, SQ_EREFUSED, "the vault was restored from "
		    "a copy of %llu entries, or put back: until it was shown "
		    "the newest checkpoint that anybody holds it signs "
		    "nothing, or it might sign a second history; see: sandyq "
		    "log seen --help", (unsigned long long)v->restored);
	return SQ_OK;
}

/* --- what was brought --------------------------------------------------- */

/* The checkpoint in a folder that open wrote, or the file itself. */
static enum sq_err
read_path(const char *path, struct bytes_buf *out, struct why *why)
{
	static const char *const in[] = { "bundle/proofs/checkpoint",
	    "proofs/checkpoint" };
	char name[1024];

	if (!fsio_path_is_dir(path))
		return fsio_path_read(path, NOTE_MAX_BYTES, out, why);
	for (size_t i = 0; i < 2; i++)
		if (snprintf(name, sizeof(name), "%s/%s", path, in[i]) <
		    (int)sizeof(name) && fsio_path_read(name, NOTE_MAX_BYTES,
		    out, NULL) == SQ_OK)
			return SQ_OK;
	return err_why(why, SQ_ENOENT, "%s is not a bundle that was opened",
	    path);
}

static enum sq_err
bring(struct vault *v, const char *path, struct brought *b, struct why *why)
{
	const char *p;
	size_t text = 0;
	enum sq_err e;

	if ((e = read_path(path, &b->file, why)) != SQ_OK)
		return e;
	p = (const char *)b->file.p;
	b->note = p;
	b->n = b->file.len;
	b->receipt = receipt_is(p, b->n);
	if (b->receipt) {
		if (receipt_parse(p, b->n, &b->r) != SQ_OK)
			return err_why(why, SQ_EAUTH, "%s: the receipt does "
			    "not hold", path);
		b->note = p + b->r.note;
		b->n -= b->r.note;
	}
	e = vault_key_note(v, b->note, b->n, &text);
	if (e == SQ_ENOENT || e == SQ_EAUTH)
		return err_why(why, SQ_EAUTH, "%s: no key of this vault "
		    "signed that checkpoint", path);
	if (e != SQ_OK || note_checkpoint_parse(b->note, text, &b->cp) !=
	    SQ_OK || strncmp(b->cp.origin, "sandyq/", 7) != 0 ||
	    strcmp(b->cp.origin + 7, v->cx.log_id) != 0 || b->cp.size == 0)
		return err_why(why, e == SQ_ENOMEM ? e : SQ_EFORMAT, "%s is "
		    "not a checkpoint of this log, nor a receipt, nor an "
		    "opened bundle", path);
	return SQ_OK;
}

/*
 * From now on nothing is signed until a checkpoint of at least so many entries
 * was shown; that is kept where it can be.
 */
static void
doubt(struct vault *v, uint64_t least)
{
	if (v->readonly || v->restored >= least ||
	    vault_begin(v, NULL) != SQ_OK)
		return;
	v->restored = least;
	v->restored_new = true;
	(void)vault_commit(v, NULL);
}

/* Is the log an extension of what was brought? */
static enum sq_err
compare(struct vault *v, const struct brought *b, struct why *why)
{
	unsigned long long size = b->cp.size, have = log_size(v->lg);
	uint8_t root[MERKLE_LEN];
	enum sq_err e;

	if (size > have) {
		doubt(v, b->cp.size);
		return err_why(why, SQ_EROLLBACK, "THIS VAULT WAS ROLLED "
		    "BACK: it has %llu entries, and signed a checkpoint of "
		    "%llu.  Look for the newest copy of it; if there is none, "
		    "say so: sandyq log seen --lost --reason TEXT", have,
		    size);
	}
	if ((e = log_root_at(v->lg, b->cp.size, root)) != SQ_OK)
		return err_why(why, e, "the log cannot be read");
	if (!bytes_eq(root, b->cp.root, MERKLE_LEN)) {
		doubt(v, FORKED);
		return err_why(why, SQ_EROLLBACK, "TWO HISTORIES: the first "
		    "%llu entries of this vault are not those of the "
		    "checkpoint that was signed; it was restored from an "
		    "older copy and went on from there", size);
	}
	return SQ_OK;
}

/* Log that the doubt is over, and why. */
static enum sq_err
settle(struct vault *v, const char *note, const char *reason,
    struct why *why)
{
	struct model_inputs in = { 0 };
	struct record_make mk = { .in = &in, .reason = reason,
	    .type = model_type("custody") };
	uint64_t was = v->restored;
	struct vault_made made;
	enum sq_err e;

	if ((e = model_inputs_add(&in, "action", NULL, "restored")) ==
	    SQ_OK && (e = model_inputs_add(&in, "note", "en", note)) ==
	    SQ_OK) {
		v->restored = 0;
		v->restored_new = true;
		e = vault_put(v, &mk, &made, why);
		if (e != SQ_OK && e != SQ_EUNSURE)
			v->restored = was;
	}
	model_inputs_free(&in);
	return e;
}

/* A checkpoint that the log extends ends the doubt, if it is new enough. */
static enum sq_err
believe(struct vault *v, const struct brought *b, struct why *why)
{
	char note[160];

	if (v->restored == 0)
		return SQ_OK;
	if (v->restored == FORKED)
		return vault_seen_may_sign(v, why);
	if (b->cp.size < v->restored)
		return err_why(why, SQ_EREFUSED, "that checkpoint, of %llu "
		    "entries, is older than the copy that was restored (%llu "
		    "entries): show the newest that anybody holds",
		    (unsigned long long)b->cp.size,
		    (unsigned long long)v->restored);
	(void)snprintf(note, sizeof(note), "The vault was shown a checkpoint "
	    "of %llu entries, and its log extends it.",
	    (unsigned long long)b->cp.size);
	return settle(v, note, NULL, why);
}

/* see vault_stamp.h */
enum sq_err
vault_log_seen(struct vault *v, const char *path, uint64_t *ret_size,
    struct why *why)
{
	struct brought b;
	enum sq_err e;

	memset(&b, 0, sizeof(b));
	if ((e = bring(v, path, &b, why)) == SQ_OK &&
	    (e = compare(v, &b, why)) == SQ_OK)
		e = believe(v, &b, why);
	*ret_size = b.cp.size;
	bytes_free(&b.file);
	return e;
}

/* see vault_stamp.h */
enum sq_err
vault_log_lost(struct vault *v, const char *reason, struct why *why)
{
	char note[160];

	if (v->restored == 0)
		return err_why(why, SQ_EREFUSED, "nothing is in doubt: the "
		    "vault was not restored from a copy");
	(void)snprintf(note, sizeof(note), "The newest checkpoint is lost: "
	    "what else was signed than the %llu entries before this one is "
	    "not known.", (unsigned long long)log_size(v->lg));
	return settle(v, note, reason, why);
}

/* --- receipts ----------------------------------------------------------- */

struct known {
	const struct brought *b;
	const char *vkey;
	char ref[MODEL_REF_MAX];	/* of the recipient */
	char other[MODEL_REF_MAX];	/* a receipt by another key of theirs */
	char same[MODEL_REF_MAX];	/* this receipt, filed already */
};

/* Is this the recipient whose key made the receipt? */
static enum sq_err
is_recipient(void *arg, const struct record *r)
{
	struct known *k = arg;
	const char *key = model_record_first(r, "key");

	if (key != NULL && strcmp(key, k->b->r.cosigner.name) == 0)
		(void)snprintf(k->ref, sizeof(k->ref), "%s", r->ref);
	return SQ_OK;
}

/* One receipt of before. */
static enum sq_err
is_receipt(void *arg, const struct record *r)
{
	struct known *k = arg;
	const char *by = model_record_first(r, "cosigner");
	const char *root = model_record_first(r, "log_root");
	char hex[DIGEST_HEX];
	size_t len = strlen(k->b->r.cosigner.name);

	if (by == NULL || root == NULL)
		return SQ_OK;
	bytes_hex(hex, k->b->cp.root, MERKLE_LEN);
	if (strcmp(by, k->vkey) != 0) {
		if (strncmp(by, k->vkey, len) == 0 && by[len] == '+')
			(void)snprintf(k->other, sizeof(k->other), "%s",
			    r->ref);
	} else if (strcmp(root, hex) == 0)
		(void)snprintf(k->same, sizeof(k->same), "%s", r->ref);
	return SQ_OK;
}

/* Who signed it, and was it filed already? */
static enum sq_err
recognise(struct vault *v, struct known *k, struct why *why)
{
	enum sq_err e;

	if ((e = vault_list(v, "recipient", 0, is_recipient, k, why)) !=
	    SQ_OK || (e = vault_list(v, "receipt", 0, is_receipt, k, why)) !=
	    SQ_OK)
		return e;
	if (k->ref[0] == '\0')
		return err_why(why, SQ_EREFUSED, "the receipt is by %s, and "
		    "no recipient of this vault has that key",
		    k->b->r.cosigner.name);
	if (k->other[0] != '\0')
		return err_why(why, SQ_EREFUSED, "THE KEY OF THE RECEIPT HAS "
		    "CHANGED: %s has another one of the same recipient; ask "
		    "them, by another way, why", k->other);
	if (k->same[0] != '\0')
		return err_why(why, SQ_EEXIST, "this receipt was filed "
		    "already, as %s", k->same);
	return SQ_OK;
}

/* The fields of its record. */
static enum sq_err
receipt_fields(const struct known *k, struct model_inputs *in)
{
	const struct brought *b = k->b;
	struct bytes_buf text = { 0 };
	char size[24], root[DIGEST_HEX], when[MODEL_TIME_MAX], *s;
	time_t t = (time_t)b->r.time;
	struct tm tm;
	enum sq_err e;

	(void)snprintf(size, sizeof(size), "%llu",
	    (unsigned long long)b->cp.size);
	bytes_hex(root, b->cp.root, MERKLE_LEN);
	bytes_put_b64(&text, b->note, b->n, true);
	if ((s = bytes_str(&text)) == NULL)
		return SQ_ENOMEM;
	if ((e = model_inputs_add(in, "cosigner", NULL, k->vkey)) == SQ_OK &&
	    (e = model_inputs_add(in, "about", NULL, k->ref)) == SQ_OK &&
	    (e = model_inputs_add(in, "log_size", NULL, size)) == SQ_OK &&
	    (e = model_inputs_add(in, "log_root", NULL, root)) == SQ_OK)
		e = model_inputs_add(in, "note", NULL, s);
	if (e == SQ_OK && b->r.time > 0 && b->r.time < 253402300800 &&
	    gmtime_r(&t, &tm) != NULL && strftime(when, sizeof(when),
	    "%Y-%m-%dT%H:%M:%SZ", &tm) > 0)
		e = model_inputs_add(in, "time", NULL, when);
	free(s);
	return e;
}

/* see vault_stamp.h */
enum sq_err
vault_log_receipt(struct vault *v, const char *path, struct vault_made *ret,
    char recipient[MODEL_REF_MAX], struct why *why)
{
	struct brought b;
	struct bytes_buf text = { 0 };
	struct model_inputs in = { 0 };
	struct record_make mk = { .in = &in, .type = model_type("receipt") };
	struct known k = { .b = &b };
	char *vkey = NULL;
	enum sq_err e;

	memset(&b, 0, sizeof(b));
	if ((e = bring(v, path, &b, why)) != SQ_OK)
		goto out;
	if (!b.receipt) {
		e = err_why(why, SQ_EREFUSED, "%s is not a receipt; to show a "
		    "checkpoint: sandyq log seen", path);
		goto out;
	}
	if ((e = note_vkey(&b.r.cosigner, &text)) != SQ_OK ||
	    (vkey = bytes_str(&text)) == NULL) {
		e = SQ_ENOMEM;
		goto out;
	}
	k.vkey = vkey;
	if ((e = recognise(v, &k, why)) != SQ_OK ||
	    (e = compare(v, &b, why)) != SQ_OK ||
	    (e = believe(v, &b, why)) != SQ_OK ||
	    (e = receipt_fields(&k, &in)) != SQ_OK ||
	    (e = vault_put(v, &mk, ret, why)) != SQ_OK)
		goto out;
	memcpy(recipient, k.ref, sizeof(k.ref));
out:
	model_inputs_free(&in);
	bytes_free(&text);
	bytes_free(&b.file);
	free(vkey);
	return e;
}
