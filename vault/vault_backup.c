/*
 * Backing the vault up into a folder, on this disk or another medium.
 *
 * Invariants, in the order a crash can interrupt them:
 *
 * (1) What is backed up was checked: an unsound vault replaces no backup.
 * (2) Objects come first.  They are write-once, so the backup's older
 *     database never misses or mistakes one.
 * (3) Database, header and STATE are written to next.part, read back from the
 *     medium, and become the backup by one rename, of next.part to next.
 *     Before it the backup is the earlier one; after it what lies in next
 *     counts before what lies beside it, file by file, for whoever restores.
 * (4) Then each file is moved out of next over the older one.  What a crash
 *     leaves in next is moved by the next backup, after each file proved by
 *     its key that it is this vault's; such a folder does not open as a vault.
 * (5) Last go the objects that were erased: no database names them now.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/vault_backup_int.h"

/* --- where to ------------------------------------------------------------ */

static const char *
base_name(const char *path, size_t *ret_n)
{
	size_t n = strlen(path), at;

	while (n > 1 && path[n - 1] == '/')
		n--;
	for (at = n; at > 0 && path[at - 1] != '/';)
		at--;
	*ret_n = n - at;
	return path + at;
}

/* see vault_backup_int.h */
bool
vault_backup_is(int fd)
{
	return fsio_exists(fd, HEADER_NAME) || fsio_exists(fd, HEADER_NAME2) ||
	    fsio_exists(fd, DB_NAME) || fsio_exists(fd, BACKUP_NEXT);
}

/* see vault_backup_int.h */
enum sq_err
vault_backup_place(const struct vault_backup *o, char **ret, struct why *why)
{
	struct fsio_medium m;
	const char *base;
	size_t n, len;
	enum sq_err e;
	int fd;

	if (!fsio_path_exists(o->dest)) {
		*ret = strdup(o->dest);
		return *ret == NULL ? SQ_ENOMEM : SQ_OK;
	}
	if ((e = fsio_path_open_dir(o->dest, &fd, why)) != SQ_OK)
		return e;
	if (vault_backup_is(fd)) {
		*ret = strdup(o->dest);
	} else {
		base = base_name(o->path, &n);
		for (len = strlen(o->dest); len > 1 &&
		    o->dest[len - 1] == '/'; )
			len--;
		if (asprintf(ret, "%.*s/%.*s", (int)len, o->dest, (int)n,
		    base) < 0)
			*ret = NULL;
	}
	e = *ret == NULL ? SQ_ENOMEM : fsio_medium(fd, &m, why);
	fsio_close(fd);
	return e;
}

/* --- what is there -------------------------------------------------------- */

/* The older database of the backup: does it begin as this log does? */
static enum sq_err
begins_alike(struct vault *v, int fd, bool *ret, struct why *why)
{
	uint8_t here[32], there[32];
	struct db *db = NULL;
	struct log *lg = NULL;
	enum sq_err e, back;

	e = db_open(fd, v->k.db, v->k.salt, true, &db, why);
	if (e == SQ_OK && (e = log_new(db, &lg)) == SQ_OK &&
	    (e = log_root(v->lg, here)) == SQ_OK)
		e = log_root_at(lg, log_size(v->lg), there);
	if (e == SQ_OK)
		*ret = bytes_eq(here, there, sizeof(here));
	log_free(lg);
	db_close(db);
	/* SQLite opens our own journal by its bare name */
	back = fsio_dir_enter(v->dirfd);
	return e != SQ_OK ? e : back;
}

/* see vault_backup_int.h */
enum sq_err
vault_backup_judge(struct vault *v, int fd, struct state *ret,
    struct why *why)
{
	struct state_pair pair;
	uint8_t root[32];
	bool alike = false;
	enum db_journal j;
	int i;
	enum sq_err e;

	if ((e = db_journal(fd, &j, why)) != SQ_OK)
		return e;
	if (j != DB_JOURNAL_NONE)
		return err_why(why, SQ_EREFUSED, "somebody worked in the "
		    "backup as in a vault, and was cut off; open it once, or "
		    "choose another folder");
	state_load(fd, v->k.state, v->hdr.vault_id, &pair);
	if (pair.e[0] != SQ_OK && pair.e[1] != SQ_OK)
		return err_why(why, SQ_EREFUSED, "both STATE records of the "
		    "backup are damaged; keep it, and choose another folder");
	i = pair.e[0] != SQ_OK || (pair.e[1] == SQ_OK &&
	    pair.s[1].seq > pair.s[0].seq);
	*ret = pair.s[i];
	if (ret->log_size <= log_size(v->lg)) {
		e = log_root_at(v->lg, ret->log_size, root);
		if (e != SQ_OK || bytes_eq(root, ret->log_root, sizeof(root)))
			return e;
	} else if ((e = begins_alike(v, fd, &alike, why)) != SQ_OK)
		return err_more(why, SQ_EREFUSED, "the backup's database");
	if (alike)
		return err_why(why, SQ_EREFUSED, "the backup is newer than "
		    "this vault: it has %llu entries, the vault %llu; to go "
		    "on with it, restore it, or choose another folder",
		    (unsigned long long)ret->log_size,
		    (unsigned long long)log_size(v->lg));
	return err_why(why, SQ_EREFUSED, "the backup is another history of "
	    "this vault: both were worked in; keep both, and choose another "
	    "folder");
}

/* Whose is it, by its header? */
static enum sq_err
check_owner(struct vault *v, int fd, struct why *why)
{
	struct header_pair *pair = calloc(1, sizeof(*pair));
	bool ours = false, theirs = false;
	enum sq_err e;

	if (pair == NULL)
		return SQ_ENOMEM;
	if ((e = header_load(fd, pair, why)) != SQ_OK)
		e = err_more(why, SQ_EREFUSED, "no header of the backup can "
		    "be read; keep it, and choose another folder");
	for (int i = 0; i < 2 && e == SQ_OK; i++) {
		if (pair->e[i] != SQ_OK)
			continue;
		theirs |= memcmp(pair->h[i].vault_id, v->hdr.vault_id,
		    sizeof(v->hdr.vault_id)) != 0;
		ours |= header_mac_ok(&pair->h[i], v->k.hdr);
	}
	if (e == SQ_OK && (theirs || !ours))
		e = err_why(why, SQ_EREFUSED, "what is there is another vault, "
		    "or this one before it was sealed anew (rekey); nothing "
		    "was written");
	free(pair);
	return e;
}

/* --- changing over ------------------------------------------------------- */

/* see vault_backup_int.h */
const char *const vault_backup_set[VAULT_BACKUP_SET] = { HEADER_NAME,
    HEADER_NAME2, DB_NAME, "STATE.0", "STATE.1" };

/* Does a file that was left in next prove to be this vault's? */
static enum sq_err
prove(struct vault *v, int next, const char *name, struct why *why)
{
	struct bytes_buf b = { 0 };
	struct header h;
	struct state st;
	uint8_t salt[16];
	unsigned copy = strcmp(name, "STATE.1") == 0;
	enum sq_err e;

	if (strcmp(name, DB_NAME) == 0) {
		e = fsio_peek(next, name, 0, salt, sizeof(salt), why);
		if (e == SQ_OK && !bytes_eq(salt, secret_cbytes(v->k.salt),
		    sizeof(salt)))
			e = SQ_EAUTH;
	} else if ((e = fsio_read(next, name, HEADER_LEN, &b, why)) != SQ_OK)
		;
	else if (strncmp(name, "STATE", 5) == 0)
		e = b.len != STATE_LEN ? SQ_EFORMAT : state_open(v->k.state,
		    v->hdr.vault_id, copy, b.p, &st);
	else if (b.len != HEADER_LEN)
		e = SQ_EFORMAT;
	else if ((e = header_parse(b.p, &h, why)) == SQ_OK &&
	    !header_mac_ok(&h, v->k.hdr))
		e = SQ_EAUTH;
	bytes_free(&b);
	if (e == SQ_EAUTH || e == SQ_EFORMAT || e == SQ_EDAMAGE)
		return err_why(why, SQ_EREFUSED, "%s in the folder " BACKUP_NEXT
		    " of the backup is not of this vault; look at that folder, "
		    "and move it away", name);
	return e;
}

/* Move what lies in next to its place, as far as it lies there. */
static enum sq_err
change_over(struct vault *v, int fd, struct why *why)
{
	enum sq_err e = SQ_OK;
	int next;

	if (!fsio_exists(fd, BACKUP_NEXT))
		return SQ_OK;
	if ((e = fsio_subdir(fd, BACKUP_NEXT, &next, why)) != SQ_OK)
		return e;
	for (int i = 0; i < VAULT_BACKUP_SET && e == SQ_OK; i++)
		if (fsio_exists(next, vault_backup_set[i]))
			e = prove(v, next, vault_backup_set[i], why);
	for (int i = 0; i < VAULT_BACKUP_SET && e == SQ_OK; i++)
		if (fsio_exists(next, vault_backup_set[i]))
			e = fsio_rename(next, vault_backup_set[i], fd,
			    vault_backup_set[i], true, why);
	fsio_close(next);
	if (e == SQ_OK)
		e = fsio_rmdir(fd, BACKUP_NEXT, why);
	return e != SQ_OK ? e : fsio_sync_dir(fd, why);
}

/* Write one file and read it back from the medium. */
static enum sq_err
put(int from, const char *name, int to, struct why *why)
{
	enum sq_err e;

	fsio_drop(to, name);	/* of a run that was cut off */
	if ((e = fsio_copy(from, name, to, name, why)) != SQ_OK)
		return e;
	return fsio_same_file(from, name, to, name, why);
}

/* see vault_backup_int.h */
enum sq_err
vault_backup_put(int from, int to, struct why *why)
{
	int next = -1;
	enum sq_err e = SQ_OK;

	/* what a cut left in next counts before what lies beside it */
	if (fsio_exists(from, BACKUP_NEXT))
		e = fsio_subdir(from, BACKUP_NEXT, &next, why);
	for (int i = 0; i < VAULT_BACKUP_SET && e == SQ_OK; i++)
		e = put(next >= 0 && fsio_exists(next, vault_backup_set[i]) ?
		    next : from, vault_backup_set[i], to, why);
	fsio_close(next);
	return e;
}

/* Database, header and STATE of the backup become those of the vault. */
static enum sq_err
replace(struct vault *v, int fd, struct why *why)
{
	int part = -1;
	enum sq_err e;

	if ((e = fsio_mkdir(fd, BACKUP_PART, why)) != SQ_OK ||
	    (e = fsio_subdir(fd, BACKUP_PART, &part, why)) != SQ_OK ||
	    (e = vault_backup_put(v->dirfd, part, why)) != SQ_OK ||
	    (e = fsio_sync_dir(part, why)) != SQ_OK)
		goto out;
	if ((e = fsio_rename(fd, BACKUP_PART, fd, BACKUP_NEXT, false, why)) ==
	    SQ_OK)
		e = change_over(v, fd, why);
out:
	fsio_close(part);
	return e;
}

/* --- all of it ----------------------------------------------------------- */

/* see vault_backup_int.h */
enum sq_err
vault_backup_sound(struct vault *v, struct why *why)
{
	enum sq_err e;

	if ((e = db_integrity(v->db, why)) != SQ_OK ||
	    (e = log_audit(v->lg, NULL, NULL, why)) != SQ_OK)
		return err_more(why, e, "the vault is not sound, and was not "
		    "backed up");
	return SQ_OK;
}

/* Is there room for what is missing? */
static enum sq_err
check_room(const struct vault_copy *c, int fd, uint64_t db, struct why *why)
{
	struct fsio_medium m;
	uint64_t need = db + ((uint64_t)1 << 20);
	enum sq_err e;

	if ((e = fsio_medium(fd, &m, why)) != SQ_OK)
		return e;
	for (size_t i = 0; i < c->n; i++)
		if ((i == 0 || memcmp(c->list[i].info.id,
		    c->list[i - 1].info.id, OBJECT_ID) != 0) &&
		    blob_has(&c->to, &c->list[i].info, NULL) == SQ_ENOENT)
			need += object_file_len(c->list[i].info.size);
	if (need > m.room)
		return err_why(why, SQ_ENOSPC, "there is not enough room: "
		    "%llu MiB are needed, %llu MiB are free; nothing was "
		    "changed", (unsigned long long)(need >> 20),
		    (unsigned long long)(m.room >> 20));
	return SQ_OK;
}

/* Open the folder of the backup, new (as .part) or old, and judge it. */
static enum sq_err
open_dest(struct vault *v, struct backup *b, struct why *why)
{
	struct state st;
	int parent = -1;
	enum sq_err e;

	b->is_new = !fsio_path_exists(b->path);
	if (b->is_new) {
		if ((e = fsio_path_parent(b->path, &parent, why)) != SQ_OK)
			return e;
		if (fsio_inside(parent, v->dirfd))
			e = err_why(why, SQ_EREFUSED, "%s lies in the vault "
			    "itself", b->path);
		fsio_close(parent);
		if (e != SQ_OK || (e = fsio_tree_again(b->path, &b->fd,
		    why)) != SQ_OK)
			return e;
		e = fsio_medium(b->fd, &b->m, why);
	} else
		e = fsio_medium_open(b->path, &b->fd, &b->m, why);
	if (e != SQ_OK)
		return e;
	if (fsio_inside(b->fd, v->dirfd))
		return err_why(why, SQ_EREFUSED, "%s is the vault itself",
		    b->path);
	if ((e = fsio_lock(b->fd, VAULT_LOCK, &b->lock, why)) != SQ_OK)
		return err_more(why, e, "%s", b->path);
	if (b->is_new)
		return SQ_OK;
	if ((e = change_over(v, b->fd, why)) == SQ_OK &&
	    (e = check_owner(v, b->fd, why)) == SQ_OK)
		e = vault_backup_judge(v, b->fd, &st, why);
	return e == SQ_OK ? e : err_more(why, e, "%s", b->path);
}

static enum sq_err
copy_all(struct vault *v, const struct vault_backup *o, struct backup *b,
    struct vault_copy *c, struct why *why)
{
	struct vault_bound *list = NULL;
	uint64_t size = 0;
	enum sq_err e;

	vault_blobs(v, &c->from);
	c->to = c->from;
	c->to.dirfd = b->fd;
	c->full = o->full;
	c->file_max = b->m.file_max;
	c->progress = o->progress;
	c->found = o->found;
	c->arg = c->found_arg = o->arg;
	if ((e = vault_bound_all(v, &list, &c->n, why)) != SQ_OK ||
	    (e = fsio_mkdir(b->fd, "store", why)) != SQ_OK ||
	    (e = fsio_mkdir(b->fd, VAULT_RECOVER, why)) != SQ_OK ||
	    (e = fsio_size(v->dirfd, DB_NAME, &size, why)) != SQ_OK)
		goto out;
	c->list = list;
	if ((e = check_room(c, b->fd, size, why)) == SQ_OK &&
	    (e = vault_copy_objects(c, why)) == SQ_OK)
		e = b->is_new ? vault_backup_put(v->dirfd, b->fd, why) :
		    replace(v, b->fd, why);
	if (e == SQ_OK && !b->is_new)
		e = vault_erase_copy(v, &c->to, list, c->n, why);
out:
	c->list = NULL;
	free(list);
	return e;
}

/* see vault_backup.h */
enum sq_err
vault_backup(struct vault *v, const struct vault_backup *o,
    struct vault_backed *ret, struct why *why)
{
	struct backup b = { .fd = -1, .lock = -1 };
	struct vault_copy c = { .n = 0 };
	char note[192];
	enum sq_err e;

	memset(ret, 0, sizeof(*ret));
	if (v->as_is)
		return err_why(why, SQ_EREFUSED, "the vault is older than its "
		    "own record; it is not backed up");
	if ((e = vault_backup_sound(v, why)) != SQ_OK ||
	    (e = vault_backup_place(o, &b.path, why)) != SQ_OK ||
	    (e = open_dest(v, &b, why)) != SQ_OK ||
	    (e = copy_all(v, o, &b, &c, why)) != SQ_OK)
		goto out;
	if (b.is_new && (e = fsio_tree_end(b.path, b.fd, why)) != SQ_OK)
		goto out;
	ret->entries = log_size(v->lg);
	ret->objects = c.n;
	ret->copied = c.copied;
	ret->bytes = c.bytes;
	ret->bad = c.bad;
	ret->mended = c.mended;
	ret->bare = b.m.bare;
	ret->same_disk = fsio_same_medium(b.fd, v->dirfd);
	(void)snprintf(note, sizeof(note), "%llu entries, %zu attachments",
	    (unsigned long long)ret->entries, c.n);
	if (!v->readonly)
		e = vault_event(v, "backed-up", note, VAULT_MARK_BACKUP, why);
	ret->path = b.path;
	b.path = NULL;		/* transferred */
	if (e == SQ_OK && c.bad > 0)
		e = err_why(why, SQ_EDAMAGE, "backed up, but for %llu "
		    "attachments that are missing or altered in the vault "
		    "itself", (unsigned long long)c.bad);
out:
	fsio_close(b.lock);
	fsio_close(b.fd);
	free(b.path);
	return e;
}
