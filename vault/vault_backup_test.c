/*
 * Rehearsing a backup: the folder is opened as whoever restores it would, with
 * the keys of the open vault, and nothing in it is written.  See
 * vault_backup.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/vault_backup_int.h"

/* Would the passphrase that opened the vault open the backup? */
static enum sq_err
same_slot(struct vault *v, int fd, struct why *why)
{
	struct header_pair *pair = calloc(1, sizeof(*pair));
	enum sq_err e;

	if (pair == NULL)
		return SQ_ENOMEM;
	if ((e = header_load(fd, pair, why)) != SQ_OK)
		goto out;
	e = SQ_EREFUSED;
	for (int i = 0; i < 2 && e != SQ_OK; i++)
		if (pair->e[i] == SQ_OK &&
		    header_mac_ok(&pair->h[i], v->k.hdr) &&
		    memcmp(&pair->h[i].set_a, &v->hdr.set_a,
		    sizeof(v->hdr.set_a)) == 0 &&
		    memcmp(pair->h[i].slot[v->slot], v->hdr.slot[v->slot],
		    KEYSLOT_LEN) == 0)
			e = SQ_OK;
	if (e != SQ_OK)
		err_why(why, e, "the passphrase in use does not open the "
		    "backup: it is another vault's, or the key slots were "
		    "changed since; back up again");
out:
	free(pair);
	return e;
}

/* Its database, page by page, and its log, entry by entry. */
static enum sq_err
check_db(struct vault *v, int fd, const struct state *st, struct why *why)
{
	uint8_t root[32], heads[32];
	struct db *db = NULL;
	struct log *lg = NULL;
	enum sq_err e, back;

	if ((e = db_open(fd, v->k.db, v->k.salt, true, &db, why)) == SQ_OK &&
	    (e = db_integrity(db, why)) == SQ_OK &&
	    (e = log_new(db, &lg)) == SQ_OK &&
	    (e = log_audit(lg, NULL, NULL, why)) == SQ_OK)
		e = log_root(lg, root);
	if (e == SQ_OK) {
		log_heads(lg, heads);
		if (log_size(lg) != st->log_size ||
		    !bytes_eq(root, st->log_root, sizeof(root)) ||
		    !bytes_eq(heads, st->heads, sizeof(heads)))
			e = err_why(why, SQ_EDAMAGE, "its database is not the "
			    "one that its STATE pins");
	}
	log_free(lg);
	db_close(db);
	back = fsio_dir_enter(v->dirfd);
	return e != SQ_OK ? e : back;
}

struct look {
	const struct vault_backup *o;
	struct vault_progress p;
	uint64_t before;
};

static bool
tell(void *arg, uint64_t done)
{
	struct look *l = arg;

	l->p.done = done;
	l->p.all_done = l->before + done;
	return l->o->progress == NULL || l->o->progress(l->o->arg, &l->p);
}

/* Its objects, as far as its own log goes. */
static enum sq_err
check_objects(struct vault *v, int fd, const struct vault_backup *o,
    uint64_t entries, struct vault_backed *ret, struct why *why)
{
	struct look l = { .o = o };
	struct vault_bound *b = NULL;
	struct blob_store bs;
	enum sq_err e;
	size_t n = 0;

	vault_blobs(v, &bs);
	bs.dirfd = fd;
	if ((e = vault_bound_all(v, &b, &n, why)) != SQ_OK)
		return e;
	for (size_t i = 0; i < n; i++)
		l.p.all_of += b[i].info.size;
	l.p.files = n;
	for (size_t i = 0; i < n && e == SQ_OK; i++) {
		l.p.name = b[i].ref;
		l.p.file = i + 1;
		l.p.of = b[i].info.size;
		if (b[i].index < entries) {
			ret->objects++;
			e = blob_check(&bs, &b[i].info, o->full, tell, &l,
			    why);
		}
		if (e == SQ_ENOENT || e == SQ_EDAMAGE) {
			ret->bad++;
			if (o->found != NULL)
				o->found(o->arg, b[i].ref, e);
			e = SQ_OK;
		}
		l.before += b[i].info.size;
	}
	free(b);
	return e;
}

/* see vault_backup.h */
enum sq_err
vault_backup_test(struct vault *v, const struct vault_backup *o,
    struct vault_backed *ret, struct why *why)
{
	struct fsio_medium m;
	struct state st;
	char note[192], *path = NULL;
	int fd = -1, lock = -1;
	enum sq_err e;

	memset(ret, 0, sizeof(*ret));
	if ((e = vault_backup_place(o, &path, why)) != SQ_OK ||
	    (e = fsio_medium_open(path, &fd, &m, why)) != SQ_OK ||
	    (e = fsio_lock(fd, VAULT_LOCK, &lock, why)) != SQ_OK)
		goto out;
	if (fsio_exists(fd, BACKUP_NEXT))
		e = err_why(why, SQ_EREFUSED, "the last backup was cut off; "
		    "back up again");
	if (e != SQ_OK || (e = same_slot(v, fd, why)) != SQ_OK ||
	    (e = vault_backup_judge(v, fd, &st, why)) != SQ_OK ||
	    (e = check_db(v, fd, &st, why)) != SQ_OK ||
	    (e = check_objects(v, fd, o, st.log_size, ret, why)) != SQ_OK)
		goto out;
	ret->entries = st.log_size;
	ret->bare = m.bare;
	ret->same_disk = fsio_same_medium(fd, v->dirfd);
	if (ret->bad > 0) {
		e = err_why(why, SQ_EDAMAGE, "%llu attachments of the backup "
		    "are missing or altered; back up again: what is whole in "
		    "the vault is then mended there",
		    (unsigned long long)ret->bad);
		goto out;
	}
	(void)snprintf(note, sizeof(note), "a backup of %llu entries opens, "
	    "%s", (unsigned long long)st.log_size, o->full ? "every byte" :
	    "tags and lengths");
	if (!v->readonly)
		e = vault_event(v, "rehearsed", note, VAULT_MARK_BACKUP_TEST,
		    why);
	if (e == SQ_OK) {
		ret->path = path;
		path = NULL;	/* transferred */
	}
out:
	free(path);
	fsio_close(lock);
	fsio_close(fd);
	return e;
}
