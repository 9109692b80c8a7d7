/*
 * What the files of vault_backup share, and nobody else includes.
 */
#ifndef SQ_VAULT_VAULT_BACKUP_INT_H
#define SQ_VAULT_VAULT_BACKUP_INT_H

#include "vault/fsio.h"
#include "vault/vault_int.h"

#define BACKUP_NEXT "next"
#define BACKUP_PART "next.part"

/* A backup that is being written or looked at. */
struct backup {
	char *path;
	int fd, lock;
	struct fsio_medium m;
	bool is_new;		/* built as PATH.part */
};

/* Everything of a vault but its objects. */
#define VAULT_BACKUP_SET 5
extern const char *const vault_backup_set[VAULT_BACKUP_SET];

/** vault_backup_is(fd): is this folder a vault, or was it to become one? */
bool vault_backup_is(int fd);

/**
 * vault_backup_place(o, ret, why):
 * What o->dest means: an existing backup, a folder with one in it under the
 * vault's name (there, or to be made), or a name for a new one.  Caller frees.
 */
enum sq_err vault_backup_place(const struct vault_backup *o, char **ret,
    struct why *why);

/**
 * vault_backup_put(from, to, why):
 * Copy the set into an open folder, each file read back from the medium.  What
 * a cut backup left in ${from}/next counts before what lies beside it.
 */
enum sq_err vault_backup_put(int from, int to, struct why *why);

/**
 * vault_backup_judge(v, fd, ret, why):
 * Is the log of the backup the beginning of this vault's, or the same?  Else
 * SQ_EREFUSED says whether it is newer or another history.  ${ret}: its STATE.
 */
enum sq_err vault_backup_judge(struct vault *v, int fd, struct state *ret,
    struct why *why);

/** vault_backup_sound(v, why): is the vault fit to be copied? */
enum sq_err vault_backup_sound(struct vault *v, struct why *why);

#endif
