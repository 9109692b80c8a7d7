/*
 * The part of vault_int.h that is about erasing: what goes with it, what stays,
 * and whether the log says of all that is missing why.  Comes with
 * vault_int.h, never alone.
 */
#ifndef SQ_VAULT_VAULT_ERASE_INT_H
#define SQ_VAULT_VAULT_ERASE_INT_H

#include "vault/record/record.h"
#include "vault/vault.h"

#define VAULT_ERASE_META "unlink"	/* objects to delete */
#define VAULT_ERASE_FILES 4000

/**
 * vault_erase_files(v, why):
 * Delete the files whose last record was erased, if there are any left.
 */
enum sq_err vault_erase_files(struct vault *v, struct why *why);

/**
 * vault_erase_others(v, id, ret, why):
 * The records that name ${id} and say something of it, into ${ret->others}.
 */
enum sq_err vault_erase_others(struct vault *v,
    const uint8_t id[LOG_RECORD_ID], struct vault_erased *ret,
    struct why *why);

/* Values, as "INDEX NAME". */
struct vault_names {
	char **v;
	size_t n, cap;
};

/* Values that are missing, and those that erase entries name. */
struct vault_gaps {
	struct vault_names missing, named;
};

/** vault_erased_gather(v, g, why): find both in the whole log. */
enum sq_err vault_erased_gather(struct vault *v, struct vault_gaps *g,
    struct why *why);

/**
 * vault_erased_judge(g, cb, arg):
 * ${cb} hears of each value that is missing without an erase entry ("gap"),
 * and of each there in spite of one ("unerased"); vault_erased_end(g) frees.
 */
void vault_erased_judge(struct vault_gaps *g, void (*cb)(void *arg,
    const char *what, const char *where), void *arg);
void vault_erased_end(struct vault_gaps *g);

#endif
