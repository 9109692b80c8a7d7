/*
 * Copies of the whole vault: backup, restoring and rehearsing.  A part of
 * vault.h.
 */
#ifndef SQ_VAULT_VAULT_BACKUP_H
#define SQ_VAULT_VAULT_BACKUP_H

#include <stdbool.h>
#include <stdint.h>

#include "crypto/err.h"
#include "crypto/secret.h"

struct vault;
struct vault_progress;

/* As vault_progress_fn of vault_media.h. */
typedef bool vault_backup_fn(void *arg, const struct vault_progress *p);

struct vault_backup {
	const char *path;	/* of the vault, as the user named it */
	const char *dest;	/* a backup, a folder to make one in, or new */
	bool full;		/* read every byte that is there already */
	vault_backup_fn *progress;	/* or NULL */
	/* hears of each attachment that cannot be copied; or NULL */
	void (*found)(void *arg, const char *ref, enum sq_err e);
	void *arg;		/* of both */
};

struct vault_backed {
	char *path;		/* of the backup; the caller frees */
	uint64_t entries;	/* that it now holds */
	uint64_t objects, copied, bytes;
	uint64_t bad;		/* could not be copied */
	uint64_t mended;	/* were altered in the backup, now are not */
	bool bare;		/* the medium keeps no access rights */
	bool same_disk;		/* it lies on the disk of the vault */
};

/**
 * vault_backup(v, o, ret, why):
 * Bring a backup up to date, or make one: the vault is checked, new objects are
 * copied and verified there, then database, header and STATE change over at
 * once.  Until then the backup is the earlier one, whole.  Logged.  SQ_EREFUSED
 * names a backup that is of another vault, newer, or another history.
 * SQ_EDAMAGE: done, but for objects that were not whole in the vault itself.
 */
enum sq_err vault_backup(struct vault *v, const struct vault_backup *o,
    struct vault_backed *ret, struct why *why);

/**
 * vault_backup_test(v, o, ret, why):
 * Rehearse: is the backup o->dest one of this vault, would it open with the
 * passphrase in use, is all of it there (o->full: every byte)?  Logged.
 */
enum sq_err vault_backup_test(struct vault *v, const struct vault_backup *o,
    struct vault_backed *ret, struct why *why);

struct vault_restore {
	const char *src, *dest;
	const struct secret *passphrase;	/* one that opens the backup */
	vault_backup_fn *progress;		/* or NULL */
	void (*found)(void *arg, const char *ref, enum sq_err e);
	void *arg;		/* of both */
	bool damaged;		/* restore what is whole if not all is */
};

/**
 * vault_restore(o, ret, why):
 * Make a new vault folder of a backup: everything is copied, read back and
 * checked before it appears under its name.  SQ_EEXIST if anything is there.
 * SQ_EDAMAGE: nothing was restored (o->damaged: all that is whole was).
 */
enum sq_err vault_restore(const struct vault_restore *o,
    struct vault_backed *ret, struct why *why);

struct vault_rekey {
	const char *path;		/* of the new vault */
	const struct secret *passphrase;	/* of the new vault */
	const char *label;		/* who; NULL: as in the old one */
	uint32_t kib, passes, lanes;	/* 0: chosen for this machine */
	vault_backup_fn *progress;	/* or NULL */
	void *arg;
};

/**
 * vault_rekey(v, o, ret, why):
 * Make a new vault under a new master key, with the same log: every entry is
 * verified and copied, every attachment opened, verified and sealed anew, its
 * new binding logged.  The old one is only read.  What was cut off goes on
 * when the same path and passphrase are given.  Nothing appears at o->path
 * before all of it is there and was checked.
 */
enum sq_err vault_rekey(struct vault *v, const struct vault_rekey *o,
    struct vault_backed *ret, struct why *why);

/**
 * vault_repair(v, o, ret, why):
 * Mend from the backup o->dest what is missing or altered of attachments
 * (o->full: every byte is looked at).  What is replaced is moved to recover/,
 * with a report; nothing is deleted.  Logged.  ${ret}: objects were bad,
 * copied are mended, bad are not whole in the backup either.
 */
enum sq_err vault_repair(struct vault *v, const struct vault_backup *o,
    struct vault_backed *ret, struct why *why);

/**
 * vault_repair_header(path, backup, pass, why):
 * For a vault of which no copy of the header can be read: put those of a
 * backup in their place, if ${pass} opens it and its keys fit this folder.
 * Whether they are the newest ones opening decides.
 */
enum sq_err vault_repair_header(const char *path, const char *backup,
    const struct secret *pass, struct why *why);

#endif
