/*
 * What the files of vault_import.h share.
 */
#ifndef SQ_VAULT_VAULT_IMPORT_INT_H
#define SQ_VAULT_VAULT_IMPORT_INT_H

#include "vault/probe_sheet.h"
#include "vault/vault_int.h"

struct vault_sheet {
	struct probe_sheet cells;
	char *name;
	char sha256[65];
	uint64_t size;
};

struct vault_import_key {
	char *value;
	uint8_t id[LOG_RECORD_ID];
	bool many;		/* several records have it */
};

/* The records of a type by the value of one field. */
struct vault_import_keys {
	struct vault_import_key *v;
	size_t n, cap;
};

/**
 * vault_import_keys_load(v, type, field, ret, why):
 * Every value of ${field} in the newest revisions.  Free with
 * vault_import_keys_free.
 */
enum sq_err vault_import_keys_load(struct vault *v,
    const struct model_type *type, const char *field,
    struct vault_import_keys *ret, struct why *why);

/** vault_import_keys_find(k, value): or NULL. */
struct vault_import_key *vault_import_keys_find(
    const struct vault_import_keys *k, const char *value);

/** vault_import_keys_free(k): wipe and free. */
void vault_import_keys_free(struct vault_import_keys *k);

/* Values met before. */
struct vault_import_seen {
	char **v;		/* open addressing */
	size_t n, cap;
};

/**
 * vault_import_see(s, value, ret_first):
 * Remember a value; was it not met before?  Free with vault_import_unsee.
 */
enum sq_err vault_import_see(struct vault_import_seen *s, const char *value,
    bool *ret_first);

/** vault_import_unsee(s): wipe and free. */
void vault_import_unsee(struct vault_import_seen *s);

#endif
