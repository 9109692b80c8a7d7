/*
 * The vault: lifecycle and the commit protocol; the one place where entry and
 * pin meet.  See vault.h.
 *
 * Saving.  Invariants, in the order a crash can interrupt them:
 *
 * (1) Entries, projections, heads and the signed checkpoint of one change are
 *     written in one transaction; its COMMIT is the moment they exist.
 * (2) STATE is pinned after COMMIT and before anything is acknowledged.  A cut
 *     in between leaves the database one generation newer than STATE, with a
 *     log that extends it: vault_db_open tells that from an older copy.
 * (3) If STATE cannot be written, nothing more is: the change is reported as
 *     stored but unsure, and writing stops until the vault is opened again.
 * (4) No key, plaintext or name is written outside the vault's folder.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>

#include "crypto/words.h"
#include "vault/fsio.h"
#include "vault/record/text.h"
#include "vault/vault_int.h"

/* see vault.h */
void
vault_now(char out[MODEL_TIME_MAX])
{
	time_t now = time(NULL);
	struct tm tm;

	(void)gmtime_r(&now, &tm);
	(void)strftime(out, MODEL_TIME_MAX, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

/* see vault_int.h */
uint64_t
vault_seconds(void)
{
	return (uint64_t)time(NULL);
}

/* see vault.h */
enum sq_err
vault_harden(void)
{
	const struct rlimit none = { 0, 0 };
	enum sq_err e;

	if (setrlimit(RLIMIT_CORE, &none) != 0 ||
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return SQ_EINTERNAL;
	if ((e = secret_init()) != SQ_OK)
		return e;
	return fsio_init();
}

/* see vault.h */
bool
vault_readonly(const struct vault *v)
{
	return v->readonly;
}

/* see vault.h */
void
vault_hold(struct vault *v)
{
	v->readonly = true;
}

/* see vault_int.h */
enum sq_err
vault_keys_derive(struct vault_keys *k, struct why *why)
{
	enum sq_err e;

	if ((e = kdf_subkey(k->master, KDF_USE_DB, &k->db)) != SQ_OK ||
	    (e = kdf_subkey(k->master, KDF_USE_DBSALT, &k->salt)) != SQ_OK ||
	    (e = kdf_subkey(k->master, KDF_USE_BLOB, &k->blob)) != SQ_OK ||
	    (e = kdf_subkey(k->master, KDF_USE_DEDUP, &k->dedup)) != SQ_OK ||
	    (e = kdf_subkey(k->master, KDF_USE_HDR, &k->hdr)) != SQ_OK ||
	    (e = kdf_subkey(k->master, KDF_USE_STATE, &k->state)) != SQ_OK ||
	    (e = kdf_subkey(k->master, KDF_USE_IDENTITY, &k->identity)) !=
	    SQ_OK)
		return err_why(why, e, "no locked memory for the keys");
	return SQ_OK;
}

/* see vault_int.h */
void
vault_keys_free(struct vault_keys *k)
{
	secret_free(k->master);
	secret_free(k->db);
	secret_free(k->salt);
	secret_free(k->blob);
	secret_free(k->hdr);
	secret_free(k->dedup);
	secret_free(k->state);
	secret_free(k->identity);
	memset(k, 0, sizeof(*k));
}

/* see vault.h */
void
vault_close(struct vault *v)
{
	if (v == NULL)
		return;
	record_reset(&v->cx);
	free(v->views.seen);
	log_free(v->lg);
	db_close(v->db);
	secret_free(v->seed), secret_free(v->note_seed);
	vault_keys_free(&v->k);
	fsio_close(v->lockfd);
	fsio_close(v->dirfd);
	secret_wipe(v, sizeof(*v));
	free(v);
}

/* --- the commit protocol ---------------------------------------------- */

/* see vault_int.h */
enum sq_err
vault_begin(struct vault *v, struct why *why)
{
	enum sq_err e;

	if (v->as_is)
		return err_why(why, SQ_EREADONLY, "the vault is older than "
		    "its own record and was opened read-only; to go on with "
		    "it as it is, run: sandyq accept --reason TEXT");
	if (v->readonly)
		return err_why(why, SQ_EREADONLY, "the vault's folder cannot "
		    "be written; nothing was changed");
	if (v->stopped)
		return err_why(why, SQ_EIO, "writing stopped after an earlier "
		    "failure; close the vault and open it again");
	vault_now(v->cx.time);
	record_forget(&v->cx);
	if ((e = db_begin(v->db)) != SQ_OK)
		return err_why(why, e, "could not begin to write: %s",
		    db_why(v->db));
	return SQ_OK;
}

/* see vault_int.h */
void
vault_abort(struct vault *v)
{
	db_rollback(v->db);
	if (log_reload(v->lg) != SQ_OK)
		v->stopped = true;
	v->cx.audited = v->cx.indexed = false;
	record_reset(&v->cx);
}

/* Everything of a change that goes into its transaction besides entries. */
static enum sq_err
commit_meta(struct vault *v)
{
	struct bytes_buf note = { 0 };
	uint8_t gen[8];
	enum sq_err e;

	bytes_le64(gen, v->generation + 1);
	if ((e = log_settle(v->lg)) == SQ_OK &&
	    (e = vault_sign_checkpoint(v, &note)) == SQ_OK &&
	    (e = vault_seen_save(v)) == SQ_OK &&
	    (e = db_meta_set(v->db, "checkpoint", note.p, note.len)) == SQ_OK)
		e = db_meta_set(v->db, "generation", gen, sizeof(gen));
	bytes_free(&note);
	return e;
}

/* Pin the database as it now is. */
static enum sq_err
pin(struct vault *v, struct why *why)
{
	struct state st = v->state;
	enum sq_err e;

	st.generation = v->generation;
	st.log_size = log_size(v->lg);
	if ((e = log_root(v->lg, st.log_root)) != SQ_OK)
		return e;
	log_heads(v->lg, st.heads);
	st.time = vault_seconds();
	st.header_generation = v->hdr.generation;
	memcpy(st.header_mac, v->hdr.mac, sizeof(st.header_mac));
	if ((e = state_pin(v->dirfd, v->k.state, v->hdr.vault_id, &st,
	    why)) == SQ_OK)
		v->state = st;
	return e;
}

/* see vault_int.h */
enum sq_err
vault_commit(struct vault *v, struct why *why)
{
	enum sq_err e;

	if ((e = commit_meta(v)) != SQ_OK) {
		e = e == SQ_EEXIST ? SQ_EDAMAGE : e;	/* cannot be there */
		err_why(why, e, "not saved: %s", db_why(v->db));
		vault_abort(v);
		return e;
	}
	if ((e = db_commit(v->db)) != SQ_OK) {
		e = e == SQ_EEXIST ? SQ_EDAMAGE : e;
		err_why(why, e, "not saved: %s", db_why(v->db));
		vault_abort(v);
		/* a failed sync leaves nobody sure of what the disk holds */
		if (e == SQ_ENOSPC && log_size(v->lg) == v->state.log_size)
			return e;
		v->stopped = true;
		return e == SQ_EDAMAGE ? e : err_more(why, SQ_EIO, "it is not "
		    "sure whether this is on the disk; open again and look");
	}
	v->generation++;
	if ((e = pin(v, why)) != SQ_OK) {
		v->stopped = true;
		return err_more(why, SQ_EUNSURE, "stored, but its pin could "
		    "not be written; close the vault, look at the disk, and "
		    "open it again before you rely on it");
	}
	return SQ_OK;
}

/* --- making a vault --------------------------------------------------- */

/* see vault_int.h */
enum sq_err
vault_new_costs(const struct vault_init *in, struct kdf_set *set,
    struct why *why)
{
	kdf_choose(vault_memory_kib(), set);
	if (in->kib != 0)
		set->kib = in->kib;
	if (in->passes != 0)
		set->passes = in->passes;
	if (in->lanes != 0)
		set->lanes = in->lanes;
	if (kdf_check(set) != SQ_OK)
		return err_why(why, SQ_EUSAGE, "the KDF costs must lie within "
		    "64 to 2048 MiB, 3 to 16 passes and 1 to 8 lanes");
	return SQ_OK;
}

/* see vault_int.h */
enum sq_err
vault_new_slot(struct vault *v, const struct vault_init *in,
    const struct secret *pass, struct why *why)
{
	struct keyslot slot = { .kind = KEYSLOT_PASSPHRASE };
	struct keyslot_ctx ctx;
	struct secret *ikm = NULL;
	enum sq_err e;

	v->slot = bytes_uniform(KEYSLOT_COUNT);
	v->slot_kind = slot.kind;
	(void)snprintf(v->actor, sizeof(v->actor), "%s",
	    in->label == NULL ? "owner" : in->label);
	slot.master = v->k.master;
	slot.index = (uint8_t)v->slot;
	slot.generation = v->hdr.generation;
	memcpy(slot.label, v->actor, sizeof(slot.label));
	if ((e = kdf_derive(&v->hdr.set_a, pass, &ikm)) != SQ_OK)
		return err_why(why, e, "Argon2id needs %u MiB of memory; "
		    "choose less with --kdf-memory", v->hdr.set_a.kib / 1024);
	header_ctx(&v->hdr, 0, v->slot, &ctx);
	e = keyslot_make(&ctx, ikm, &slot, v->hdr.slot[v->slot]);
	secret_free(ikm);
	return e;
}

/* Fill the new folder: lock, database with entry 0, header, state. */
static enum sq_err
fill(struct vault *v, struct why *why)
{
	struct vault_slot_table t = { .kind = { 0 } };
	enum sq_err e;

	if ((e = fsio_lock(v->dirfd, VAULT_LOCK, &v->lockfd, why)) != SQ_OK ||
	    (e = fsio_mkdir(v->dirfd, "store", why)) != SQ_OK ||
	    (e = fsio_mkdir(v->dirfd, VAULT_RECOVER, why)) != SQ_OK ||
	    (e = db_create(v->dirfd, v->k.db, v->k.salt, &v->db, why)) !=
	    SQ_OK || (e = log_new(v->db, &v->lg)) != SQ_OK)
		return e;
	v->cx.lg = v->lg;
	v->cx.actor = v->actor;
	vault_now(v->cx.time);
	t.kind[v->slot] = (uint8_t)v->slot_kind;
	memcpy(t.label[v->slot], v->actor, sizeof(t.label[0]));
	if ((e = header_store(v->dirfd, &v->hdr, v->k.hdr, why)) != SQ_OK ||
	    (e = db_begin(v->db)) != SQ_OK ||
	    (e = vault_identity_make(v, why)) != SQ_OK ||
	    (e = vault_slots_save(v, &t)) != SQ_OK ||
	    (e = vault_genesis(v, why)) != SQ_OK)
		return e;
	return vault_new_end(v, why);
}

/* see vault_int.h */
enum sq_err
vault_new_end(struct vault *v, struct why *why)
{
	enum sq_err e;

	if ((e = commit_meta(v)) != SQ_OK || (e = db_commit(v->db)) != SQ_OK)
		return e;
	v->state.generation = ++v->generation;
	v->state.log_size = log_size(v->lg);
	log_heads(v->lg, v->state.heads);
	v->state.time = vault_seconds();
	v->state.header_generation = v->hdr.generation;
	memcpy(v->state.header_mac, v->hdr.mac, sizeof(v->hdr.mac));
	if ((e = log_root(v->lg, v->state.log_root)) != SQ_OK)
		return e;
	return state_init(v->dirfd, v->k.state, v->hdr.vault_id, &v->state,
	    why);
}

/* see vault.h */
enum sq_err
vault_init(const struct vault_init *in, char log_id[33], uint32_t *ret_kib,
    struct why *why)
{
	struct vault *v = NULL;
	struct secret *pass = NULL;
	struct kdf_set set;
	bool changed, begun = false;
	int fd;
	enum sq_err e;

	if (in->label != NULL && (strlen(in->label) > KEYSLOT_LABEL ||
	    !bytes_utf8(in->label, strlen(in->label)) || *in->label == '\0'))
		return err_why(why, SQ_EUSAGE, "--label: 1 to %d bytes of "
		    "UTF-8", KEYSLOT_LABEL);
	if ((e = text_nfc_pass(in->passphrase, &pass, &changed)) != SQ_OK)
		return err_why(why, SQ_EREFUSED, "the passphrase must be 1 to "
		    "1,024 bytes of UTF-8 text");
	if ((v = calloc(1, sizeof(*v))) == NULL) {
		e = SQ_ENOMEM;
		goto out;
	}
	v->lockfd = v->dirfd = -1;
	if ((e = vault_new_costs(in, &set, why)) != SQ_OK ||
	    (e = fsio_tree_new(in->path, &fd, why)) != SQ_OK)
		goto out;
	begun = true;
	v->dirfd = fd;
	header_new(&set, &v->hdr);
	if ((e = fsio_dir_private(fd, in->path, why)) != SQ_OK ||
	    (e = secret_random(32, &v->k.master)) != SQ_OK ||
	    (e = vault_keys_derive(&v->k, why)) != SQ_OK ||
	    (e = vault_new_slot(v, in, pass, why)) != SQ_OK ||
	    (e = fill(v, why)) != SQ_OK)
		goto out;
	(void)snprintf(log_id, 33, "%s", v->cx.log_id);
	*ret_kib = set.kib;
	db_close(v->db);
	v->db = NULL;
	e = fsio_tree_end(in->path, v->dirfd, why);
	begun = e != SQ_OK;
out:
	vault_close(v);
	if (begun)
		fsio_tree_drop(in->path);
	secret_free(pass);
	return e;
}

/* --- opening one ------------------------------------------------------ */

/*
 * What a person typed, as it was sealed: the words of a recovery sheet in the
 * form of words.h, however they were written, else the text in NFC.
 */
static enum sq_err
typed_form(const struct secret *typed, struct secret **ret)
{
	bool changed;
	enum sq_err e = words_sheet_parse((const char *)secret_cbytes(typed),
	    secret_len(typed), ret, NULL);

	if (e == SQ_OK || e == SQ_ENOMEM)
		return e;
	return text_nfc_pass(typed, ret, &changed);
}

/* see vault_int.h */
enum sq_err
vault_unlock_with(const struct header_pair *pair, const struct secret *typed,
    struct keyslot *ret_slot, int *ret_copy, struct why *why)
{
	struct secret *pass = NULL;
	enum sq_err e;

	/* what cannot be a passphrase is wrong; what went wrong here is not */
	if ((e = typed_form(typed, &pass)) == SQ_EREFUSED)
		return err_why(why, SQ_EPASS, "the passphrase is incorrect");
	if (e != SQ_OK)
		return err_why(why, e, "the passphrase could not be tried: "
		    "%s", err_str(e));
	e = header_unlock(pair, pass, ret_slot, ret_copy, why);
	secret_free(pass);
	return e;
}

/* Read the header and try the passphrase on it. */
static enum sq_err
unlock(struct vault *v, const struct secret *typed, struct header_pair *pair,
    struct why *why)
{
	struct keyslot slot = { 0 };
	int copy = 0;
	enum sq_err e;

	if ((e = header_load(v->dirfd, pair, why)) != SQ_OK ||
	    (e = vault_unlock_with(pair, typed, &slot, &copy, why)) != SQ_OK)
		return e;
	v->k.master = slot.master;	/* transferred */
	v->slot = slot.index;
	v->slot_kind = slot.kind;
	memcpy(v->actor, slot.label, sizeof(v->actor));
	if ((e = vault_keys_derive(&v->k, why)) != SQ_OK)
		return e;
	/*
	 * The copy that opened counts, and STATE has the last word: were it
	 * the newer one that counts, an old copy put back in the place of
	 * the other would let a removed passphrase in.
	 */
	v->hdr = pair->h[copy];
	v->newer_header = pair->e[!copy] == SQ_OK &&
	    header_mac_ok(&pair->h[!copy], v->k.hdr) &&
	    pair->h[!copy].generation > v->hdr.generation;
	return SQ_OK;
}

/* see vault.h */
enum sq_err
vault_open(const char *path, const struct secret *pass, unsigned flags,
    struct vault **ret, struct why *why)
{
	struct vault *v;
	struct header_pair *pair = NULL;
	enum sq_err e;

	if ((v = calloc(1, sizeof(*v))) == NULL)
		return SQ_ENOMEM;
	v->dirfd = v->lockfd = -1;
	if ((pair = calloc(1, sizeof(*pair))) == NULL) {
		e = SQ_ENOMEM;
		goto out;
	}
	/* the header first: no lock is made in a folder that is no vault */
	if ((e = fsio_dir_open(path, &v->dirfd, why)) != SQ_OK ||
	    (e = header_load(v->dirfd, pair, why)) != SQ_OK ||
	    (e = fsio_lock(v->dirfd, VAULT_LOCK, &v->lockfd, why)) != SQ_OK)
		goto out;
	if (fsio_exists(v->dirfd, "next")) {
		e = err_why(why, SQ_EREFUSED, "%s is a backup, and the last "
		    "change to it was cut off: back up to it again, or "
		    "restore it", path);
		goto out;
	}
	v->readonly = !fsio_writable(v->dirfd);
	if (v->readonly && (flags & (VAULT_READ | VAULT_AS_IS)) == 0) {
		e = err_why(why, SQ_EREADONLY, "%s cannot be written; nothing "
		    "was changed", path);
		goto out;
	}
	if ((e = unlock(v, pass, pair, why)) != SQ_OK ||
	    (e = vault_db_open(v, pair, flags, why)) != SQ_OK ||
	    (e = vault_identity_load(v, why)) != SQ_OK)
		goto out;
	v->cx.lg = v->lg;
	v->cx.actor = v->actor;
	vault_now(v->cx.time);
	vault_unfinished(v);
	if (!secret_locked())
		vault_say(v, "memory could not be locked: keys may reach "
		    "swap; raise the limit (ulimit -l)");
	*ret = v;
	v = NULL;		/* transferred */
out:
	free(pair);
	vault_close(v);
	/* what is in a vault's place and no vault's any more is damage */
	return e == SQ_EFORMAT ? SQ_EDAMAGE : e;
}
