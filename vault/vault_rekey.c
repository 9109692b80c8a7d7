/*
 * A new vault under a new master key, with the same log.  See vault_backup.h.
 *
 * (1) The old vault is only read.
 * (2) NEW.part first becomes a whole vault of its own: header, every entry,
 *     the identity wrapped anew, projections derived, STATE.  If that is cut
 *     off it is thrown away; STATE.1 is written last and tells by its length.
 * (3) Then it is opened like any vault, and object after object is sealed
 *     anew, settled, bound by a new entry and pinned.  If that is cut off, it
 *     is opened again with its passphrase, by the ordinary rules, and what is
 *     not bound anew yet is what is left to do: no marker of progress exists
 *     that could be forged.
 * (4) The name NEW appears when all of it was checked.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/fsio.h"
#include "vault/record/text.h"
#include "vault/vault_int.h"

#define GROUP_BYTES ((uint64_t)64 << 20)
#define GROUP_FILES 64u

struct rekey {
	struct vault *v, *w;		/* the old one, the new one */
	const struct vault_rekey *o;
	char *part;
	struct vault_bound *b;		/* of the new one */
	size_t n;
	struct blob_store from, to;
	struct blob_info group[GROUP_FILES];
	size_t of[GROUP_FILES];		/* which of b it was */
	size_t n_group;
	uint64_t bytes;
	struct vault_progress p;
	uint64_t before;
	struct vault_backed *ret;
	struct why *why;
};

/* --- (2) a vault without objects -------------------------------------- */

/* Every entry, verified here and stored there. */
static enum sq_err
copy_entries(struct vault *v, struct vault *w, struct why *why)
{
	struct bytes_buf b = { 0 };
	struct entry en = { 0 };
	uint8_t root[ENTRY_ROOT];
	struct db_st *st;
	enum sq_err e = SQ_OK;

	for (uint64_t i = 0; i < log_size(v->lg) && e == SQ_OK; i++) {
		b.len = 0;
		if ((e = log_get(v->lg, i, &en, root, why)) != SQ_OK)
			break;
		if ((e = entry_emit(&en, &b)) == SQ_OK &&
		    (e = bytes_done(&b)) == SQ_OK &&
		    (e = db_use(w->db, DB_ENTRY_ADD, &st)) == SQ_OK) {
			db_bind_int(st, 1, (int64_t)i);
			db_bind_blob(st, 2, root, sizeof(root));
			db_bind_blob(st, 3, b.p, b.len);
			e = db_run(st);
		}
		entry_free(&en);
	}
	bytes_free(&b);
	return e;
}

/* The log must come out the same. */
static enum sq_err
same_log(struct vault *v, struct vault *w, struct why *why)
{
	uint8_t a[32], b[32], heads_a[32], heads_b[32];
	enum sq_err e;

	if ((e = log_root(v->lg, a)) != SQ_OK || (e = log_root(w->lg, b)) !=
	    SQ_OK)
		return e;
	log_heads(v->lg, heads_a);
	log_heads(w->lg, heads_b);
	return log_size(v->lg) == log_size(w->lg) && bytes_eq(a, b, 32) &&
	    bytes_eq(heads_a, heads_b, 32) ? SQ_OK : err_why(why, SQ_EDAMAGE,
	    "the entries did not give the same log; nothing was made");
}

/* Database, header, STATE of the new vault, in its folder. */
static enum sq_err
fill(struct rekey *r, struct vault *w)
{
	struct vault_slot_table t = { .kind = { 0 } };
	char note[128];
	enum sq_err e;

	if ((e = fsio_lock(w->dirfd, VAULT_LOCK, &w->lockfd, r->why)) !=
	    SQ_OK || (e = fsio_mkdir(w->dirfd, "store", r->why)) != SQ_OK ||
	    (e = fsio_mkdir(w->dirfd, VAULT_RECOVER, r->why)) != SQ_OK ||
	    (e = db_create(w->dirfd, w->k.db, w->k.salt, &w->db, r->why)) !=
	    SQ_OK ||
	    (e = header_store(w->dirfd, &w->hdr, w->k.hdr, r->why)) != SQ_OK)
		return e;
	w->cx.actor = w->actor;
	vault_now(w->cx.time);
	t.kind[w->slot] = (uint8_t)w->slot_kind;
	memcpy(t.label[w->slot], w->actor, sizeof(t.label[0]));
	if ((e = db_begin(w->db)) != SQ_OK ||
	    (e = vault_identity_carry(r->v, w)) != SQ_OK ||
	    (e = vault_slots_save(w, &t)) != SQ_OK ||
	    (e = copy_entries(r->v, w, r->why)) != SQ_OK ||
	    (e = vault_rebuild_in(w, r->why)) != SQ_OK ||
	    (e = same_log(r->v, w, r->why)) != SQ_OK)
		return e;
	(void)snprintf(note, sizeof(note), "The vault was sealed anew under "
	    "another key, with %llu entries.",
	    (unsigned long long)log_size(w->lg));
	if ((e = vault_event_in(w, "rekeyed", note, NULL, r->why)) != SQ_OK)
		return e;
	return vault_new_end(w, r->why);
}

static enum sq_err
make(struct rekey *r, int fd, const struct secret *pass)
{
	struct vault_init in = { .label = r->o->label != NULL ? r->o->label :
	    r->v->actor, .kib = r->o->kib, .passes = r->o->passes,
	    .lanes = r->o->lanes };
	struct vault *w = calloc(1, sizeof(*w));
	struct kdf_set set;
	enum sq_err e;

	if (w == NULL) {
		fsio_close(fd);
		return SQ_ENOMEM;
	}
	w->lockfd = -1;
	w->dirfd = fd;
	if ((e = vault_new_costs(&in, &set, r->why)) != SQ_OK)
		goto out;
	header_new(&set, &w->hdr);
	if ((e = secret_random(32, &w->k.master)) == SQ_OK &&
	    (e = vault_keys_derive(&w->k, r->why)) == SQ_OK &&
	    (e = vault_new_slot(w, &in, pass, r->why)) == SQ_OK)
		e = fill(r, w);
out:
	vault_close(w);
	return e;
}

/* NEW.part as a whole vault: made, or found as it was left. */
static enum sq_err
begin(struct rekey *r)
{
	struct secret *pass = NULL;
	uint64_t size;
	bool whole, changed;
	int fd;
	enum sq_err e;

	if ((e = fsio_tree_again(r->o->path, &fd, r->why)) != SQ_OK)
		return e;
	if (fsio_inside(fd, r->v->dirfd))
		e = err_why(r->why, SQ_EREFUSED, "%s lies in the vault "
		    "itself", r->o->path);
	else
		e = fsio_dir_private(fd, r->o->path, r->why);
	if (e != SQ_OK) {
		fsio_close(fd);
		fsio_tree_drop(r->o->path);
		return e;
	}
	whole = fsio_size(fd, "STATE.1", &size, NULL) == SQ_OK &&
	    size == STATE_LEN;
	if (!whole) {
		fsio_close(fd);
		fsio_tree_drop(r->o->path);
		if ((e = fsio_tree_new(r->o->path, &fd, r->why)) != SQ_OK)
			return e;
		if ((e = text_nfc_pass(r->o->passphrase, &pass, &changed)) !=
		    SQ_OK) {
			fsio_close(fd);
			e = err_why(r->why, SQ_EREFUSED, "the passphrase must "
			    "be 1 to 1,024 bytes of UTF-8 text");
		} else
			e = make(r, fd, pass);
		secret_free(pass);
		if (e != SQ_OK)
			fsio_tree_drop(r->o->path);
	} else
		fsio_close(fd);
	if (e == SQ_OK)
		e = vault_open(r->part, r->o->passphrase, 0, &r->w, r->why);
	if (e == SQ_OK && strcmp(r->w->cx.log_id, r->v->cx.log_id) != 0)
		return err_why(r->why, SQ_EREFUSED, "%s is of another vault; "
		    "choose another name", r->part);
	return e == SQ_OK || !whole ? e : err_more(r->why, e, "%s was left by "
	    "an earlier run: give its passphrase, or remove it", r->part);
}

/* --- (3) the objects -------------------------------------------------- */

static bool
tell(void *arg, uint64_t done)
{
	struct rekey *r = arg;

	r->p.done = done;
	r->p.all_done = r->before + done;
	return r->o->progress == NULL || r->o->progress(r->o->arg, &r->p);
}

/* Settle a group and bind each of it to all its media records. */
static enum sq_err
settle(struct rekey *r)
{
	struct vault *w = r->w;
	const struct vault_bound *b;
	enum sq_err e;

	if (r->n_group == 0)
		return SQ_OK;
	if ((e = blob_settle(&r->to, r->group, r->n_group, r->why)) != SQ_OK ||
	    (e = vault_begin(w, r->why)) != SQ_OK)
		return e;
	for (size_t g = 0; g < r->n_group && e == SQ_OK; g++) {
		b = &r->b[r->of[g]];
		for (size_t i = r->of[g]; i < r->n && e == SQ_OK &&
		    memcmp(r->b[i].info.id, b->info.id, OBJECT_ID) == 0; i++)
			e = vault_bound_add(w, r->b[i].ref, &r->group[g],
			    i == r->of[g], r->why);
	}
	if (e != SQ_OK) {
		vault_abort(w);
		return e;
	}
	w->state.objects += r->n_group;
	for (size_t g = 0; g < r->n_group; g++)
		w->state.bytes += object_file_len(r->group[g].size);
	r->ret->copied += r->n_group;
	r->n_group = 0;
	r->bytes = 0;
	return vault_commit(w, r->why);
}

static enum sq_err
reseal_all(struct rekey *r)
{
	const struct vault_bound *b = r->b;
	enum sq_err e = SQ_OK;

	r->p.files = r->n;
	for (size_t i = 0; i < r->n; i++)
		r->p.all_of += b[i].info.size;
	for (size_t i = 0; i < r->n && e == SQ_OK; i++) {
		r->p.name = b[i].ref;
		r->p.file = i + 1;
		r->p.of = b[i].info.size;
		r->ret->objects++;
		if ((i == 0 || memcmp(b[i].info.id, b[i - 1].info.id,
		    OBJECT_ID) != 0) && blob_has(&r->to, &b[i].info, NULL) !=
		    SQ_OK) {
			r->of[r->n_group] = i;
			e = blob_reseal(&r->from, &b[i].info, &r->to, tell, r,
			    &r->group[r->n_group], r->why);
			if (e != SQ_OK)
				return err_more(r->why, e, "%s", b[i].ref);
			r->n_group++;
			r->bytes += b[i].info.size;
			r->ret->bytes += b[i].info.size;
		}
		r->before += b[i].info.size;
		if (r->n_group == GROUP_FILES || r->bytes >= GROUP_BYTES)
			e = settle(r);
	}
	return e == SQ_OK ? settle(r) : e;
}

/* What a cut left unbound in the folder that is being made is ours. */
static enum sq_err
sweep(void *arg, const uint8_t id[OBJECT_ID], uint64_t bytes, bool fresh)
{
	struct rekey *r = arg;

	(void)bytes;
	if (fresh || vault_bound_find(r->b, r->n, id) == NULL)
		blob_drop(&r->to, id);
	return SQ_OK;
}

/* --- (4) all of it ---------------------------------------------------- */

static enum sq_err
check(struct rekey *r)
{
	enum sq_err e;

	free(r->b);
	r->b = NULL;
	if ((e = db_integrity(r->w->db, r->why)) != SQ_OK ||
	    (e = log_audit(r->w->lg, NULL, NULL, r->why)) != SQ_OK ||
	    (e = record_audit(&r->w->cx, r->why)) != SQ_OK ||
	    (e = vault_bound_all(r->w, &r->b, &r->n, r->why)) != SQ_OK)
		return e;
	for (size_t i = 0; i < r->n && e == SQ_OK; i++)
		e = blob_check(&r->to, &r->b[i].info, false, NULL, NULL,
		    r->why);
	return e;
}

/* Does the new log begin with all of the old one? */
static enum sq_err
extends(struct rekey *r)
{
	uint8_t a[32], b[32];
	uint64_t size = log_size(r->v->lg);

	if (log_size(r->w->lg) > size && log_root(r->v->lg, a) == SQ_OK &&
	    log_root_at(r->w->lg, size, b) == SQ_OK && bytes_eq(a, b, 32))
		return SQ_OK;
	return err_why(r->why, SQ_EREFUSED, "%s was begun before the last "
	    "change of the vault; remove it and begin again", r->part);
}

static enum sq_err
run(struct rekey *r)
{
	enum sq_err e;

	if ((e = begin(r)) != SQ_OK || (e = extends(r)) != SQ_OK)
		return e;
	vault_blobs(r->v, &r->from);
	vault_blobs(r->w, &r->to);
	if ((e = vault_bound_all(r->w, &r->b, &r->n, r->why)) != SQ_OK ||
	    (e = blob_each(&r->to, sweep, r, r->why)) != SQ_OK ||
	    (e = reseal_all(r)) != SQ_OK || (e = check(r)) != SQ_OK)
		return e;
	r->ret->entries = log_size(r->w->lg);
	return SQ_OK;
}

/* see vault_backup.h */
enum sq_err
vault_rekey(struct vault *v, const struct vault_rekey *o,
    struct vault_backed *ret, struct why *why)
{
	struct rekey *r = calloc(1, sizeof(*r));
	size_t n = strlen(o->path);
	int fd = -1;
	enum sq_err e, back;

	memset(ret, 0, sizeof(*ret));
	if (r == NULL)
		return SQ_ENOMEM;
	*r = (struct rekey){ .v = v, .o = o, .ret = ret, .why = why };
	while (n > 1 && o->path[n - 1] == '/')
		n--;
	if (asprintf(&r->part, "%.*s.part", (int)n, o->path) < 0) {
		free(r);
		return SQ_ENOMEM;
	}
	if ((e = db_integrity(v->db, why)) == SQ_OK &&
	    (e = log_audit(v->lg, NULL, NULL, why)) == SQ_OK)
		e = run(r);
	vault_close(r->w);
	if (e == SQ_OK && (e = fsio_dir_open(r->part, &fd, why)) == SQ_OK)
		e = fsio_tree_end(o->path, fd, why);
	if (e == SQ_OK && (ret->path = strdup(o->path)) == NULL)
		e = SQ_ENOMEM;
	fsio_close(fd);
	/* SQLite opens our own journal by its bare name */
	back = fsio_dir_enter(v->dirfd);
	free(r->b);
	free(r->part);
	free(r);
	return e != SQ_OK ? e : back;
}
