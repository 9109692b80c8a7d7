/*
 * What the files of vault_facts.h share: records found by whom they name.
 */
#ifndef SQ_VAULT_VAULT_FACTS_INT_H
#define SQ_VAULT_VAULT_FACTS_INT_H

#include "vault/vault_int.h"

/* A set of record ids. */
struct vault_facts_ids {
	uint8_t (*id)[LOG_RECORD_ID];	/* ascending */
	size_t n, cap;
};

/* Records, read. */
struct vault_facts_found {
	struct record *r;
	size_t n, cap;
};

/** vault_facts_id(s, id): put ${id} into the set.  Caller frees s->id. */
enum sq_err vault_facts_id(struct vault_facts_ids *s,
    const uint8_t id[LOG_RECORD_ID]);

/** vault_facts_has(s, id): is it in the set? */
bool vault_facts_has(const struct vault_facts_ids *s,
    const uint8_t id[LOG_RECORD_ID]);

/** vault_facts_names(en, field, id): whom a field names; false: nobody. */
bool vault_facts_names(const struct entry *en, const char *field,
    uint8_t id[LOG_RECORD_ID]);

/**
 * vault_facts_collect(v, type, field, of, ret, why):
 * Every record of ${type} whose newest revision names one of ${of} (NULL: any)
 * in ${field}, oldest first, appended.  Free with vault_facts_free.
 */
enum sq_err vault_facts_collect(struct vault *v, const char *type,
    const char *field, const struct vault_facts_ids *of,
    struct vault_facts_found *ret, struct why *why);

/** vault_facts_free(f): wipe and free. */
void vault_facts_free(struct vault_facts_found *f);

/**
 * vault_facts_person(v, ref, ret_id, why):
 * The id of a person; SQ_EUSAGE for a reference to something else.
 */
enum sq_err vault_facts_person(struct vault *v, const char *ref,
    uint8_t ret_id[LOG_RECORD_ID], struct why *why);

/**
 * vault_same_all(v, who, why):
 * Put into the set whoever is said to be the same as somebody in it, directly
 * or through others.
 */
enum sq_err vault_same_all(struct vault *v, struct vault_facts_ids *who,
    struct why *why);

#endif
