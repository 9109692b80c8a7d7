/*
 * Mending the vault from a backup: a header of which no copy can be read, and
 * objects that are missing or altered.  What is replaced is moved to
 * recover/<n>/, never deleted, and a report of what was done lies there; it
 * names objects by their ids alone.  See vault_backup.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/fsio.h"
#include "vault/vault_int.h"

/* Move what there is of both header copies to recover/<n>/. */
static enum sq_err
set_aside(int fd, struct why *why)
{
	static const char *const copy[2] = { HEADER_NAME, HEADER_NAME2 };
	static const char report[] = "Neither copy of the header could be "
	    "read. They were moved here, as far as they\nwere there; those of "
	    "a backup were put in their place.\n";
	char name[16];
	int dir = -1;
	enum sq_err e;

	if ((e = vault_copy_aside(fd, name, &dir, why)) != SQ_OK)
		return e;
	for (int i = 0; i < 2 && e == SQ_OK; i++)
		if (fsio_exists(fd, copy[i]))
			e = fsio_rename(fd, copy[i], dir, copy[i], false, why);
	if (e == SQ_OK)
		e = fsio_create(dir, "REPORT", report, sizeof(report) - 1,
		    why);
	fsio_close(dir);
	return e;
}

/* Does the header of the backup belong to this folder? */
static enum sq_err
belongs(int fd, const struct secret *master, const struct header *h,
    struct why *why)
{
	struct vault_keys k = { .master = NULL };
	struct state_pair pair;
	uint8_t first[16];
	enum sq_err e;

	if ((e = secret_copy(secret_cbytes(master), secret_len(master),
	    &k.master)) != SQ_OK || (e = vault_keys_derive(&k, why)) != SQ_OK)
		goto out;
	state_load(fd, k.state, h->vault_id, &pair);
	e = fsio_peek(fd, DB_NAME, 0, first, sizeof(first), why);
	if (e == SQ_OK && ((pair.e[0] != SQ_OK && pair.e[1] != SQ_OK) ||
	    !bytes_eq(first, secret_cbytes(k.salt), sizeof(first))))
		e = err_why(why, SQ_EREFUSED, "the backup is of another vault; "
		    "nothing was changed");
out:
	vault_keys_free(&k);
	return e;
}

/* see vault_backup.h */
enum sq_err
vault_repair_header(const char *path, const char *backup,
    const struct secret *pass, struct why *why)
{
	struct header_pair *pair = calloc(2, sizeof(*pair));
	struct keyslot slot = { 0 };
	struct vault_keys k = { .master = NULL };
	struct fsio_medium m;
	int fd = -1, from = -1, lock = -1, copy = 0;
	enum sq_err e;

	if (pair == NULL)
		return SQ_ENOMEM;
	if ((e = fsio_dir_open(path, &fd, why)) != SQ_OK ||
	    (e = fsio_lock(fd, VAULT_LOCK, &lock, why)) != SQ_OK)
		goto out;
	if (header_load(fd, &pair[0], NULL) == SQ_OK) {
		e = err_why(why, SQ_EREFUSED, "a copy of the header can be "
		    "read: it is not replaced");
		goto out;
	}
	if ((e = fsio_medium_open(backup, &from, &m, why)) != SQ_OK ||
	    (e = header_load(from, &pair[1], why)) != SQ_OK ||
	    (e = vault_unlock_with(&pair[1], pass, &slot, &copy, why)) !=
	    SQ_OK || (e = belongs(fd, slot.master, &pair[1].h[copy], why)) !=
	    SQ_OK)
		goto out;
	k.master = slot.master;
	slot.master = NULL;	/* transferred */
	if ((e = vault_keys_derive(&k, why)) == SQ_OK &&
	    (e = set_aside(fd, why)) == SQ_OK)
		e = header_store(fd, &pair[1].h[copy], k.hdr, why);
out:
	vault_keys_free(&k);
	secret_free(slot.master);
	fsio_close(lock);
	fsio_close(from);
	fsio_close(fd);
	free(pair);
	return e;
}

/* --- objects ---------------------------------------------------------- */

/* What is to be mended: what is missing or altered here. */
static enum sq_err
find_bad(struct vault *v, const struct vault_bound *all, size_t n,
    const struct vault_backup *o, struct vault_bound *ret, size_t *ret_n,
    struct bytes_buf *report, struct why *why)
{
	struct blob_store bs;
	char hex[2 * OBJECT_ID + 1];
	enum sq_err e;

	vault_blobs(v, &bs);
	*ret_n = 0;
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && memcmp(all[i].info.id, all[i - 1].info.id,
		    OBJECT_ID) == 0)
			continue;
		e = blob_check(&bs, &all[i].info, o->full, NULL, NULL, why);
		if (e == SQ_OK)
			continue;
		if (e != SQ_ENOENT && e != SQ_EDAMAGE)
			return e;
		bytes_hex(hex, all[i].info.id, OBJECT_ID);
		bytes_putf(report, "%s was %s.\n", hex, e == SQ_ENOENT ?
		    "missing" : "altered");
		ret[(*ret_n)++] = all[i];
	}
	return SQ_OK;
}

/* Write the report into a folder of its own in recover/. */
static enum sq_err
put_report(struct vault *v, struct bytes_buf *b, struct why *why)
{
	char name[16];
	int dir = -1;
	enum sq_err e;

	if ((e = bytes_done(b)) != SQ_OK ||
	    (e = vault_copy_aside(v->dirfd, name, &dir, why)) != SQ_OK)
		return e;
	e = fsio_create(dir, "REPORT", b->p, b->len, why);
	fsio_close(dir);
	return e;
}

/* Copy them from the backup, and say what came of it. */
static enum sq_err
mend(struct vault *v, const struct vault_backup *o, int from,
    const struct vault_bound *bad, size_t n, struct vault_backed *ret,
    struct bytes_buf *report, struct why *why)
{
	struct vault_copy c = { .list = bad, .n = n, .full = true,
	    .file_max = UINT64_MAX, .progress = o->progress, .arg = o->arg,
	    .found = o->found, .found_arg = o->arg };
	char note[160];
	enum sq_err e;

	vault_blobs(v, &c.to);
	c.from = c.to;
	c.from.dirfd = from;
	e = vault_copy_objects(&c, why);
	ret->copied = c.copied;
	ret->mended = c.mended;
	ret->bad = c.bad;
	bytes_putf(report, "%llu were copied from a backup; %llu are not whole "
	    "there either. What was\naltered and could be replaced lies in the "
	    "folder with the number before this one's.\n",
	    (unsigned long long)c.copied, (unsigned long long)c.bad);
	if (e != SQ_OK || (e = put_report(v, report, why)) != SQ_OK)
		return e;
	(void)snprintf(note, sizeof(note), "%llu attachments repaired from a "
	    "backup", (unsigned long long)c.copied);
	return c.copied == 0 ? SQ_OK : vault_event(v, "repaired", note, NULL,
	    why);
}

/* see vault_backup.h */
enum sq_err
vault_repair(struct vault *v, const struct vault_backup *o,
    struct vault_backed *ret, struct why *why)
{
	struct bytes_buf report = { 0 };
	struct vault_bound *all = NULL, *bad = NULL;
	struct fsio_medium m;
	size_t n = 0, n_bad = 0;
	int from = -1;
	enum sq_err e;

	memset(ret, 0, sizeof(*ret));
	if (v->readonly)
		return err_why(why, SQ_EREADONLY, "the vault is only read");
	if ((e = fsio_medium_open(o->dest, &from, &m, why)) != SQ_OK ||
	    (e = vault_bound_all(v, &all, &n, why)) != SQ_OK)
		goto out;
	if ((bad = calloc(n + 1, sizeof(*bad))) == NULL) {
		e = SQ_ENOMEM;
		goto out;
	}
	if ((e = find_bad(v, all, n, o, bad, &n_bad, &report, why)) == SQ_OK &&
	    n_bad > 0)
		e = mend(v, o, from, bad, n_bad, ret, &report, why);
	ret->objects = n_bad;
out:
	bytes_free(&report);
	free(all);
	free(bad);
	fsio_close(from);
	return e;
}
