/*
 * The part of vault_int.h that is about copies: which objects the log binds,
 * carrying them from folder to folder, and what was done for safety.  Comes
 * with vault_int.h, never alone.
 */
#ifndef SQ_VAULT_VAULT_COPY_INT_H
#define SQ_VAULT_VAULT_COPY_INT_H

#include <stdbool.h>
#include <stdint.h>

#include "vault/store/blob.h"
#include "vault/store/log.h"
#include "vault/vault.h"

/* An object that the log binds, and the media record it belongs to. */
struct vault_bound {
	struct blob_info info;
	uint8_t media[LOG_RECORD_ID];
	uint64_t index;			/* of the entry that binds it */
	char ref[MODEL_ID_HEX];		/* of the media record */
};

/**
 * vault_bound_all(v, ret, ret_n, why):
 * Every object that must be there, by its id, once for each media record that
 * it belongs to; from the whole log, each root recomputed.  The caller frees.
 */
enum sq_err vault_bound_all(struct vault *v, struct vault_bound **ret,
    size_t *ret_n, struct why *why);

/**
 * vault_bound_add(v, ref, b, fresh, why):
 * Log, inside a transaction, that media ${ref} is held by object ${b};
 * ${fresh}: by one that was not bound before.
 */
enum sq_err vault_bound_add(struct vault *v, const char *ref,
    const struct blob_info *b, bool fresh, struct why *why);

/** vault_bound_find(b, n, id): one of them, or NULL. */
const struct vault_bound *vault_bound_find(const struct vault_bound *b,
    size_t n, const uint8_t id[OBJECT_ID]);

/* Objects to be copied between two folders of one vault. */
struct vault_copy {
	struct blob_store from, to;
	const struct vault_bound *list;
	size_t n;
	bool full;		/* read what is there already, every byte */
	uint64_t file_max;	/* that the medium holds */
	vault_progress_fn *progress;	/* or NULL */
	void *arg;
	/* hears of what is missing or altered where it lies; or NULL */
	void (*found)(void *arg, const char *ref, enum sq_err e);
	void *found_arg;
	/* what came of it */
	uint64_t copied, bytes, bad;
	uint64_t mended;	/* was there, altered, and lies aside now */
};

/**
 * vault_copy_objects(o, why):
 * Copy what is not there yet, verified where it arrives.  What cannot be
 * copied is counted in o->bad and the rest is copied: SQ_OK all the same.
 */
enum sq_err vault_copy_objects(struct vault_copy *o, struct why *why);

/**
 * vault_copy_aside(dirfd, name, ret_fd, why):
 * Make and open the next recover/N of a folder; ${name}: N.
 */
enum sq_err vault_copy_aside(int dirfd, char name[16], int *ret_fd,
    struct why *why);

/* When something was last done, and how many entries the log then had. */
struct vault_mark {
	uint64_t time, entries;
};

#define VAULT_MARK_BACKUP "backup"
#define VAULT_MARK_BACKUP_TEST "backup-test"
#define VAULT_MARK_RECOVERY "recovery-test"
#define VAULT_MARK_TRUSTEES "trustees-test"

/**
 * vault_event_in(v, action, note, mark, why):
 * Log, inside a transaction, what was done for the vault's safety; ${mark} (or
 * NULL) is remembered for vault_event_last.
 */
enum sq_err vault_event_in(struct vault *v, const char *action,
    const char *note, const char *mark, struct why *why);

/** vault_event(v, action, note, mark, why): the same as a change of its own. */
enum sq_err vault_event(struct vault *v, const char *action,
    const char *note, const char *mark, struct why *why);

/** vault_event_last(v, mark, ret): false if it was never done. */
bool vault_event_last(struct vault *v, const char *mark,
    struct vault_mark *ret);

/**
 * vault_erase_copy(v, bs, list, n, why):
 * Delete from a copy of the store what erasing deleted from the vault's own;
 * never one of the ${n} objects that are bound.
 */
enum sq_err vault_erase_copy(struct vault *v, const struct blob_store *bs,
    const struct vault_bound *list, size_t n, struct why *why);

#endif
