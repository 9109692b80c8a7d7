/*
 * A vault made of a backup.  It is built as DEST.part: database, header and
 * STATE are copied and read back, opened there with the passphrase like any
 * vault, checked, and then every object is copied and verified where it lies.
 * Only what stood all that gets the name DEST.  Nothing in the backup is
 * written.  See vault_backup.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/vault_backup_int.h"

/* The vault that is being made, by the path of its folder so far. */
static enum sq_err
open_part(const struct vault_restore *o, struct vault **ret, struct why *why)
{
	char *part = NULL;
	size_t n = strlen(o->dest);
	enum sq_err e;

	while (n > 1 && o->dest[n - 1] == '/')
		n--;
	if (asprintf(&part, "%.*s.part", (int)n, o->dest) < 0)
		return SQ_ENOMEM;
	e = vault_open(part, o->passphrase, 0, ret, why);
	free(part);
	return e;
}

/* Everything that is not an object. */
static enum sq_err
copy_set(int src, int to, struct why *why)
{
	enum db_journal j;
	enum sq_err e;

	if ((e = db_journal(src, &j, why)) != SQ_OK)
		return e;
	if (j == DB_JOURNAL_REFUSED)
		return err_why(why, SQ_EDAMAGE, "a journal lies beside the "
		    "backup's database that this program did not write");
	if (!fsio_exists(src, HEADER_NAME) && !fsio_exists(src, HEADER_NAME2) &&
	    !fsio_exists(src, BACKUP_NEXT))
		return err_why(why, SQ_ENOENT, "there is no backup there");
	if ((e = fsio_mkdir(to, "store", why)) != SQ_OK ||
	    (e = fsio_mkdir(to, VAULT_RECOVER, why)) != SQ_OK ||
	    (e = vault_backup_put(src, to, why)) != SQ_OK)
		return e;
	/* of a folder that was worked in: it is played back in the copy */
	if (j == DB_JOURNAL_HOT && !fsio_exists(src, BACKUP_NEXT))
		e = fsio_copy(src, DB_JOURNAL, to, DB_JOURNAL, why);
	return e;
}

/* Its objects, verified where they arrive. */
static enum sq_err
copy_objects(const struct vault_restore *o, struct vault *v, int src,
    struct vault_backed *ret, struct why *why)
{
	struct vault_copy c = { .progress = o->progress, .arg = o->arg,
	    .found = o->found, .found_arg = o->arg, .file_max = UINT64_MAX };
	struct vault_bound *list = NULL;
	enum sq_err e;

	vault_blobs(v, &c.to);
	c.from = c.to;
	c.from.dirfd = src;
	if ((e = vault_bound_all(v, &list, &c.n, why)) != SQ_OK)
		return e;
	c.list = list;
	e = vault_copy_objects(&c, why);
	ret->objects = c.n;
	ret->copied = c.copied;
	ret->bytes = c.bytes;
	ret->bad = c.bad;
	free(list);
	if (e == SQ_OK && c.bad > 0 && !o->damaged)
		e = err_why(why, SQ_EDAMAGE, "%llu attachments are missing or "
		    "altered in the backup; nothing was restored; try another "
		    "backup, or take what is whole with --damaged",
		    (unsigned long long)c.bad);
	return e;
}

/* Say in the vault itself what it is made of. */
static enum sq_err
mark(struct vault *v, const struct vault_backed *b, struct why *why)
{
	char note[192];

	(void)snprintf(note, sizeof(note), "The vault was restored from a "
	    "backup of %llu entries%s.", (unsigned long long)b->entries,
	    b->bad > 0 ? "; attachments that were damaged there are missing" :
	    "");
	/*
	 * A restored vault may be older than what was signed since: it signs
	 * nothing until it was shown its newest checkpoint.
	 */
	vault_seen_doubt(v);
	return vault_event(v, "restored", note, NULL, why);
}

static enum sq_err
fill(const struct vault_restore *o, int src, struct vault_backed *ret,
    struct why *why)
{
	struct vault *v = NULL;
	enum sq_err e;

	if ((e = open_part(o, &v, why)) != SQ_OK)
		return e;
	ret->entries = log_size(v->lg);
	if ((e = db_integrity(v->db, why)) == SQ_OK &&
	    (e = log_audit(v->lg, NULL, NULL, why)) == SQ_OK &&
	    (e = record_audit(&v->cx, why)) == SQ_OK &&
	    (e = copy_objects(o, v, src, ret, why)) == SQ_OK)
		e = mark(v, ret, why);
	vault_close(v);
	return e;
}

/* A stick with a backup in it is not the backup. */
static enum sq_err
look(const char *src, struct why *why)
{
	enum sq_err e;
	bool is;
	int fd;

	if ((e = fsio_path_open_dir(src, &fd, why)) != SQ_OK)
		return e;
	is = vault_backup_is(fd);
	fsio_close(fd);
	if (is)
		return SQ_OK;
	return err_why(why, SQ_ENOENT, "there is no backup there: %s is not "
	    "the folder of a vault; name the folder that backup named, such "
	    "as %s/vault.sandyq", src, src);
}

/* see vault_backup.h */
enum sq_err
vault_restore(const struct vault_restore *o, struct vault_backed *ret,
    struct why *why)
{
	struct fsio_medium m;
	int src = -1, lock = -1, to = -1;
	bool begun = false;
	enum sq_err e;

	memset(ret, 0, sizeof(*ret));
	if ((e = look(o->src, why)) != SQ_OK ||
	    (e = fsio_medium_open(o->src, &src, &m, why)) != SQ_OK ||
	    (e = fsio_lock(src, VAULT_LOCK, &lock, why)) != SQ_OK ||
	    (e = fsio_tree_again(o->dest, &to, why)) != SQ_OK)
		goto out;
	begun = true;
	if ((e = fsio_dir_private(to, o->dest, why)) != SQ_OK)
		goto out;
	/* what a run that was cut off left is verified or copied again, and
	 * must meet no journal */
	fsio_drop(to, DB_JOURNAL);
	if (fsio_inside(to, src))
		e = err_why(why, SQ_EREFUSED, "%s lies in the backup itself",
		    o->dest);
	if (e != SQ_OK || (e = copy_set(src, to, why)) != SQ_OK ||
	    (e = fill(o, src, ret, why)) != SQ_OK)
		goto out;
	ret->same_disk = fsio_same_medium(src, to);
	e = fsio_tree_end(o->dest, to, why);
	begun = e != SQ_OK && e != SQ_EUNSURE;
	if (e == SQ_OK && (ret->path = strdup(o->dest)) == NULL)
		e = SQ_ENOMEM;
	if (e == SQ_OK && ret->bad > 0)
		e = err_why(why, SQ_EDAMAGE, "restored, but for %llu "
		    "attachments that are missing or altered in the backup",
		    (unsigned long long)ret->bad);
out:
	fsio_close(lock);
	fsio_close(src);
	fsio_close(to);
	if (begun)
		fsio_tree_drop(o->dest);
	return e;
}
