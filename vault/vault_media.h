/*
 * Attachments: files sealed into the vault, streamed, shown, written out and
 * checked.  A part of vault.h.
 */
#ifndef SQ_VAULT_VAULT_MEDIA_H
#define SQ_VAULT_VAULT_MEDIA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/err.h"
#include "vault/record/model.h"

struct vault;
struct viewer;

/* How far an attach, extract, check or export has come. */
struct vault_progress {
	/* of the file at work; NULL: done and of count records */
	const char *name;
	uint64_t done, of;		/* bytes of it; of is 0 if unknown */
	uint64_t all_done, all_of;	/* bytes of everything */
	uint64_t file, files;		/* from 1 */
};

/* False asks to stop: what is not yet acknowledged is undone. */
typedef bool vault_progress_fn(void *arg, const struct vault_progress *p);

struct vault_attach {
	const char *ref;		/* what the files belong to */
	const char *const *paths;	/* files and folders */
	size_t n;
	bool move;		/* delete each source once it is saved */
	bool dry_run;			/* only say what would be done */
	vault_progress_fn *progress;	/* or NULL */
	void (*note)(void *arg, const char *text);	/* or NULL */
	void *arg;			/* of both */
};

struct vault_attached {
	char ref[MODEL_REF_MAX];	/* of its record; dry run: "" */
	char sha256[65];		/* "" in a dry run */
	uint64_t size;
	const char *name;		/* original name; dry run: its path */
	bool linked;		/* the content was in the vault already */
	bool moved;			/* the source is gone */
};

/**
 * vault_attach(v, o, cb, arg, why):
 * Hash and seal files into the vault as media records of o->ref.  ${cb} hears
 * of each file when it is saved: sealed, synced, re-read, logged and pinned.
 * SQ_EREFUSED if a source changed while it was read, or progress asked to
 * stop.  On failure what was not acknowledged is not there.
 */
enum sq_err vault_attach(struct vault *v, const struct vault_attach *o,
    void (*cb)(void *arg, const struct vault_attached *a), void *arg,
    struct why *why);

/* Takes bytes that were authenticated, in order. */
typedef enum sq_err vault_write_fn(void *arg, const uint8_t *p, size_t n);

/**
 * vault_cat(v, ref, offset, length, write, arg, why):
 * Hand the content of media ${ref} (${length} UINT64_MAX: to its end) to
 * ${write}; nothing unauthenticated is handed over.
 */
enum sq_err vault_cat(struct vault *v, const char *ref, uint64_t offset,
    uint64_t length, vault_write_fn *write, void *arg, struct why *why);

/**
 * vault_play(v, w, ref, ret_well, why):
 * Show media ${ref} through the launcher ${w}, from memory or through a pipe,
 * never a plain file, until it ends; ${*ret_well}: it ended well.
 */
enum sq_err vault_play(struct vault *v, struct viewer *w, const char *ref,
    bool *ret_well, struct why *why);

/**
 * vault_extract(v, refs, n, dir, progress, cb, arg, why):
 * Write attachments as plain files into the folder ${dir}, under their names
 * (made safe, never over another file).  ${cb} hears each path.  Logged.
 */
enum sq_err vault_extract(struct vault *v, const char *const *refs, size_t n,
    const char *dir, vault_progress_fn *progress,
    void (*cb)(void *arg, const char *ref, const char *path), void *arg,
    struct why *why);

struct vault_found {
	const char *what;		/* "altered", "missing", "orphan" ... */
	char where[MODEL_REF_MAX + 64];
	const char *severity;		/* "damage", "note" */
};

/**
 * vault_check(v, full, progress, cb, arg, why):
 * Hold the log, the tables and every object against each other; quick reads
 * tags and lengths, full every byte.  ${cb} hears each finding.  A check that
 * found no damage is logged as a fixity check.  SQ_EDAMAGE if there is any.
 */
enum sq_err vault_check(struct vault *v, bool full, vault_progress_fn *progress,
    void (*cb)(void *arg, const struct vault_found *f), void *arg,
    struct why *why);

struct vault_checked {
	char time[MODEL_TIME_MAX];	/* "": it holds no attachment */
	bool full;			/* every byte, else tags and lengths */
};

/**
 * vault_checked(v, ref, ret, why):
 * When the attachment of media ${ref} was last found whole: by a check, or when
 * it was read back on its way in.
 */
enum sq_err vault_checked(struct vault *v, const char *ref,
    struct vault_checked *ret, struct why *why);

#endif
