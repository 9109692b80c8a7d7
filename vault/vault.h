/*
 * The vault: the one door of everything that needs one.  A command of the
 * command line is one call here.  Nothing is printed; what happened is a
 * return code, a result, and a sentence in struct why.  This header is its
 * life, from making to closing; the headers it includes are what it does
 * meanwhile, one for each kind of thing, and come with it.
 */
#ifndef SQ_VAULT_VAULT_H
#define SQ_VAULT_VAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/bytes.h"
#include "crypto/err.h"
#include "crypto/kdf.h"
#include "crypto/keyslot.h"
#include "crypto/secret.h"
#include "vault/record/model.h"
#include "vault/sandbox.h"
#include "vault/vault_backup.h"
#include "vault/vault_consent.h"
#include "vault/vault_custody.h"
#include "vault/vault_erase.h"
#include "vault/vault_export.h"
#include "vault/vault_facts.h"
#include "vault/vault_import.h"
#include "vault/vault_intake.h"
#include "vault/vault_merge.h"
#include "vault/vault_keys.h"
#include "vault/vault_media.h"
#include "vault/vault_records.h"
#include "vault/vault_stamp.h"
#include "vault/vault_trustees.h"

#define VAULT_WORDS_MAX 64	/* four words of the log head */
#define VAULT_NOTES_MAX 8

struct vault;

/* --- the program and its surroundings ----------------------------------- */

/**
 * vault_now(out):
 * The device's clock, RFC 3339 in UTC.  SANDYQ has no other clock.
 */
void vault_now(char out[MODEL_TIME_MAX]);

/**
 * vault_harden():
 * Umask 077, no core dumps, not dumpable, no new privileges, memory locks,
 * working directory remembered.  First call of main.
 */
enum sq_err vault_harden(void);

/**
 * vault_shut(path, n, ret):
 * Close the sandbox (sandbox.h): from now on only the ${n} paths are written to
 * and only sandyq-probe is started.
 */
void vault_shut(const char *const *path, size_t n, struct sandbox *ret);

/**
 * vault_viewer(player, ret, why):
 * The launcher of viewers (viewer.h), for vault_play, which starts ${player}
 * (NULL: one of those known) and nothing else; to be made before any vault is
 * opened and before vault_shut.  The caller frees with vault_viewer_free.
 */
enum sq_err vault_viewer(const char *player, struct viewer **ret,
    struct why *why);
/** vault_viewer_free(w): end it; NULL is fine. */
void vault_viewer_free(struct viewer *w);

/**
 * vault_find(ret_path, why):
 * The only *.sandyq folder of the working directory. Caller frees.
 */
enum sq_err vault_find(char **ret_path, struct why *why);

/** vault_around(path): does ${path} lie, or would it, in a vault's folder? */
bool vault_around(const char *path);

/**
 * vault_read(path, max, out, why):
 * Append a file a user named ("-": standard input).
 */
enum sq_err vault_read(const char *path, size_t max, struct bytes_buf *out,
    struct why *why);

/**
 * vault_read_pass(path, fd, ret, why):
 * A passphrase: the first line of file ${path}, or of descriptor ${fd} when
 * ${path} is NULL.  An empty line is SQ_EUSAGE.
 */
enum sq_err vault_read_pass(const char *path, int fd, struct secret **ret,
    struct why *why);

/**
 * vault_write_can(path, why):
 * Would vault_write be let make this file?  For what must not be begun if not.
 */
enum sq_err vault_write_can(const char *path, struct why *why);

/**
 * vault_write(path, p, n, why):
 * Write a new file 0600, whole or not at all, never over another.
 */
enum sq_err vault_write(const char *path, const void *p, size_t n,
    struct why *why);

/* --- life of a vault ---------------------------------------------------- */

struct vault_init {
	const char *path;
	const struct secret *passphrase;
	/* who: goes into slot and log; NULL: "owner" */
	const char *label;
	uint32_t kib, passes, lanes;	/* 0: chosen for this machine */
};

/**
 * vault_init(in, log_id, ret_kib, why):
 * Make a vault.  SQ_EEXIST if anything stands at the path; on any failure
 * nothing is left there.  ${ret_kib}: the Argon2 memory that was taken, so that
 * the caller can say when it is less than 1 GiB.
 */
enum sq_err vault_init(const struct vault_init *in, char log_id[33],
    uint32_t *ret_kib, struct why *why);

/* reading is enough: a read-only medium is fine */
#define VAULT_READ	0x01u
/* open read-only even if older than its record */
#define VAULT_AS_IS	0x02u
/* make no index anew, even if it is of an earlier version */
#define VAULT_HOLD	0x04u
/* make all indexes anew, even if they are damaged */
#define VAULT_REBUILD	0x08u

/**
 * vault_open(path, pass, flags, ret, why):
 * Unlock.  SQ_EPASS, SQ_EBUSY (another process), SQ_ENOENT (no vault there),
 * SQ_EDAMAGE, SQ_EROLLBACK (only VAULT_AS_IS goes on, read-only),
 * SQ_EUNSUPPORTED (newer format).  Nothing was changed on failure, save that an
 * interrupted transaction may have been finished or undone.  Of a vault that an
 * earlier version wrote the indexes are made anew, unless it is only read.
 */
enum sq_err vault_open(const char *path, const struct secret *pass,
    unsigned flags, struct vault **ret, struct why *why);

/**
 * vault_rebuild(v, why):
 * Make all indexes anew from the verified entries, in one transaction; nothing
 * of the evidence changes.  SQ_EDAMAGE, and nothing was changed, if pages of
 * the database or entries are damaged.
 */
enum sq_err vault_rebuild(struct vault *v, struct why *why);

/** vault_close(v): close the database and wipe all keys; NULL is fine. */
void vault_close(struct vault *v);

/** vault_note(v, i): the i-th thing to tell the user after opening, or NULL. */
const char *vault_note(const struct vault *v, unsigned i);

/** vault_readonly(v): opened read-only? */
bool vault_readonly(const struct vault *v);
/** vault_hold(v): from now on nothing of the vault is changed. */
void vault_hold(struct vault *v);

/**
 * vault_accept(v, reason, why):
 * Take a vault opened with VAULT_AS_IS as it is: logged, pinned, writable from
 * now on.
 */
enum sq_err vault_accept(struct vault *v, const char *reason,
    struct why *why);

/* What can be known without a passphrase. */
struct vault_peek {
	unsigned major, minor;
	uint64_t db_bytes;
	uint64_t store_bytes, store_files;	/* by vault_peek_store only */
	char changed[MODEL_TIME_MAX];	/* newest change of STATE or vault.db */
	bool header_ok[2], state_ok[2];	/* checksums only */
	bool hot_journal, busy;
	uint32_t kib, passes, lanes;
};

/** vault_peek(path, ret, why): as above; needs no key and changes nothing. */
enum sq_err vault_peek(const char *path, struct vault_peek *ret,
    struct why *why);
/**
 * vault_peek_store(path, p, why):
 * Count the files of the store of the vault ${path} and their bytes into
 * ${p}: a look at each of them, hence not part of every opening.
 */
enum sq_err vault_peek_store(const char *path, struct vault_peek *p,
    struct why *why);

struct vault_status {
	char log_id[33];
	uint64_t entries, records, slots;
	uint64_t by_type[MODEL_TYPES_MAX];	/* as model_types */
	char saved[MODEL_TIME_MAX];	/* last commit, the device's claim */
	char head[MODEL_ROOT_HEX];	/* log root */
	char words[VAULT_WORDS_MAX];	/* four words of it */
	bool memory_locked, swap;	/* keys could reach swap? */
	bool keys_hidden;		/* root cannot read the keys */
	bool hibernate;			/* all memory could reach the disk? */
	bool recovery;			/* a recovery slot exists */
	bool trustees;			/* and a slot of trustees */
	/* when each was last done, "" if never */
	char backup[MODEL_TIME_MAX], backup_test[MODEL_TIME_MAX];
	char recovery_test[MODEL_TIME_MAX], trustees_test[MODEL_TIME_MAX];
	uint64_t since_backup;		/* entries that no backup holds */
	char actor[KEYSLOT_LABEL + 1];	/* label of the slot that opened it */
};

/** vault_status(v, ret, why): counts and the line to compare. */
enum sq_err vault_status(struct vault *v, struct vault_status *ret,
    struct why *why);

#endif
