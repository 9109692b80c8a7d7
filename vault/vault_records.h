/*
 * Records: what a person tells, kept as revisions that are never overwritten.
 * A part of vault.h.
 */
#ifndef SQ_VAULT_VAULT_RECORDS_H
#define SQ_VAULT_VAULT_RECORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/err.h"
#include "vault/record/model.h"

struct vault;

/* What a change made. */
struct vault_made {
	char ref[MODEL_REF_MAX];
	char id[MODEL_ID_HEX];
	char entry[MODEL_ROOT_HEX];
	uint64_t index;			/* in the log */
	unsigned rev;
};

/**
 * vault_add(v, type, in, reason, ret, why):
 * A new record; SQ_EREFUSED names the field and changes nothing.
 */
enum sq_err vault_add(struct vault *v, const char *type,
    const struct model_inputs *in, const char *reason,
    struct vault_made *ret, struct why *why);

/**
 * vault_add_from(v, type, p, n, more, reason, cb, arg, why):
 * Records from the bytes of a --from file (from.h), each with the fields of
 * ${more} added, all in one transaction: the failure of one undoes all.  ${cb}
 * hears each result after the commit.
 */
enum sq_err vault_add_from(struct vault *v, const char *type, const char *p,
    size_t n, const struct model_inputs *more, const char *reason,
    void (*cb)(void *arg, const struct vault_made *made), void *arg,
    struct why *why);

/**
 * vault_edit(v, ref, set, unset, n_unset, reason, ret, why):
 * A new revision: ${set} replaces whole fields, ${unset} drops them.
 */
enum sq_err vault_edit(struct vault *v, const char *ref,
    const struct model_inputs *set, const char *const *unset, size_t n_unset,
    const char *reason, struct vault_made *ret, struct why *why);

/**
 * vault_edit_join(v, ref, take, set, unset, n_unset, reason, ret, why):
 * As vault_edit; of a record with several newest revisions the new one follows
 * all of them.  Each field on which they differ must be in ${set} or ${unset},
 * or is taken from revision ${take} (0: from none, and SQ_EREFUSED names it).
 */
enum sq_err vault_edit_join(struct vault *v, const char *ref, unsigned take,
    const struct model_inputs *set, const char *const *unset, size_t n_unset,
    const char *reason, struct vault_made *ret, struct why *why);

/**
 * vault_show(v, ref, rev, ret, why):
 * A revision (0: the newest), its root recomputed and nothing newer missing.
 * Caller frees with model_record_free.
 */
enum sq_err vault_show(struct vault *v, const char *ref, unsigned rev,
    struct record *ret, struct why *why);

typedef enum sq_err vault_record_fn(void *arg, const struct record *r);

/**
 * vault_heads(v, ref, cb, arg, why):
 * If a record has several newest revisions, since two vaults revised it, hand
 * each to ${cb}, in the order in which this vault got them; else none.
 */
enum sq_err vault_heads(struct vault *v, const char *ref,
    vault_record_fn *cb, void *arg, struct why *why);

/** vault_heads_same(a, b, field): have both revisions the same in it? */
bool vault_heads_same(const struct record *a, const struct record *b,
    const char *field);

/**
 * vault_list(v, type, limit, cb, arg, why):
 * Newest revision of each record, newest record first; ${type} may be NULL,
 * ${limit} 0.
 */
enum sq_err vault_list(struct vault *v, const char *type, size_t limit,
    vault_record_fn *cb, void *arg, struct why *why);

/* A match in a snippet: where it begins and how long it is, in characters. */
struct vault_match {
	unsigned at, len;
};

#define VAULT_MARKS 16

struct vault_hit {
	char ref[MODEL_REF_MAX];
	const struct model_type *type;
	const char *title;
	const char *field;	/* name of the field that matched */
	const char *snippet;	/* plain text */
	struct vault_match mark[VAULT_MARKS];
	size_t n_mark;
	const char *why;	/* "name, other script, distance 0.08" */
	int64_t score;		/* higher is better */
};

/**
 * vault_search(v, query, type, limit, cb, arg, why):
 * Best first; ${limit} 0 means 20.  Words, "phrases", beginnings*, AND, OR,
 * NOT, names in any script, and the filters type: place: date: tier: consent:.
 */
enum sq_err vault_search(struct vault *v, const char *query,
    const char *type, size_t limit,
    enum sq_err (*cb)(void *arg, const struct vault_hit *hit), void *arg,
    struct why *why);

/**
 * vault_case(v, ref, add, refs, n, ret, why):
 * Put records into a case (or take them out): a new revision of the case.
 */
enum sq_err vault_case(struct vault *v, const char *ref, bool add,
    const char *const *refs, size_t n, struct vault_made *ret,
    struct why *why);

/** vault_consent(v, ref, in, ret, why): append a decision about ${ref}. */
enum sq_err vault_consent(struct vault *v, const char *ref,
    const struct model_inputs *in, struct vault_made *ret, struct why *why);

/**
 * vault_consents(v, ref, cb, arg, why):
 * Every decision about ${ref}, oldest first.
 */
enum sq_err vault_consents(struct vault *v, const char *ref,
    vault_record_fn *cb, void *arg, struct why *why);

/**
 * vault_reference(v, ref, file, url, in, ret, why):
 * A media record of ${ref} pointing at a file (SHA-256 and size are taken) or a
 * URL; exactly one of the two.
 */
enum sq_err vault_reference(struct vault *v, const char *ref,
    const char *file, const char *url, const struct model_inputs *in,
    struct vault_made *ret, struct why *why);

#endif
