/*
 * What is claimed about a person, put side by side and never merged: the
 * timeline, the accounts of a witness, who may be the same.  A part of
 * vault.h.
 */
#ifndef SQ_VAULT_VAULT_FACTS_H
#define SQ_VAULT_VAULT_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/err.h"
#include "vault/record/model.h"

struct vault;
struct vault_made;

/* One claim on the timeline. */
struct vault_fact {
	const char *date;	/* EDTF; NULL: none is stated */
	/* event, status, entered, left, act, did, injury */
	const char *role;
	const struct record *r;
	/* of an act: who is said to have been involved, each with its source */
	const struct record *const *by;
	size_t n_by;
};

/**
 * vault_timeline(v, ref, same, cb, arg, why):
 * Every status, detention, act and injury of a person, and every act that this
 * person is said to have been involved in, or every act of an event: in the
 * order of their dates, those without one last.  Two claims of the same thing
 * stand one after the other, each with its own source.  ${same}: also those of
 * records linked as the same person.  SQ_EUSAGE if ${ref} is of another type.
 */
enum sq_err vault_timeline(struct vault *v, const char *ref, bool same,
    enum sq_err (*cb)(void *arg, const struct vault_fact *f), void *arg,
    struct why *why);

/**
 * vault_accounts(v, ref, cb, arg, why):
 * Every testimony of this witness, and of records linked as the same person,
 * in the order of their dates.
 */
enum sq_err vault_accounts(struct vault *v, const char *ref,
    enum sq_err (*cb)(void *arg, const struct record *r), void *arg,
    struct why *why);

/**
 * vault_accounts_before(v, ref, ret, last, why):
 * How many testimonies a witness gave, and the newest: for a warning before a
 * further one, not a proof.  ${last} is "" if there are none.
 */
enum sq_err vault_accounts_before(struct vault *v, const char *ref,
    size_t *ret, char last[MODEL_REF_MAX], struct why *why);

/* A link of two persons. */
struct vault_same {
	char person[MODEL_REF_MAX];	/* the other one */
	char link[MODEL_REF_MAX];	/* the relationship that says so */
	char certainty[32];		/* "" if none is stated */
};

/**
 * vault_same_as(v, ref, cb, arg, why):
 * Whom a person is said to be the same as, by links in either direction.
 */
enum sq_err vault_same_as(struct vault *v, const char *ref,
    enum sq_err (*cb)(void *arg, const struct vault_same *s), void *arg,
    struct why *why);

/**
 * vault_same(v, a, b, certainty, reason, ret, why):
 * Say that two persons are the same: a relationship, nothing is merged.
 * SQ_EEXIST if a link says so already.  ${certainty} and ${reason} may be NULL.
 */
enum sq_err vault_same(struct vault *v, const char *a, const char *b,
    const char *certainty, const char *reason, struct vault_made *ret,
    struct why *why);

/* Two persons who may be the same. */
struct vault_alike {
	char a[MODEL_REF_MAX], b[MODEL_REF_MAX];
	const char *name_a, *name_b;
	unsigned score;		/* of 1000 */
	const char *reasons;	/* in words, also those that speak against */
};

/**
 * vault_alike(v, ref, cb, arg, why):
 * Who may be the same as person ${ref} (a), the likeliest first; who is linked
 * as the same already is left out.  What is found rests on indexes: it may miss
 * somebody.
 */
enum sq_err vault_alike(struct vault *v, const char *ref,
    enum sq_err (*cb)(void *arg, const struct vault_alike *x), void *arg,
    struct why *why);

/**
 * vault_alike_all(v, limit, progress, cb, arg, why):
 * The same over all persons: each pair once, the likeliest ${limit} first.
 * ${progress} (may be NULL) hears how many persons are done.
 */
enum sq_err vault_alike_all(struct vault *v, size_t limit,
    void (*progress)(void *arg, uint64_t done, uint64_t of),
    enum sq_err (*cb)(void *arg, const struct vault_alike *x), void *arg,
    struct why *why);

/**
 * vault_doubts(r, cb, arg):
 * What in the identity numbers of a person is wrong or does not agree with the
 * other fields: a sentence for each number, said and never refused.
 */
void vault_doubts(const struct record *r,
    void (*cb)(void *arg, const char *text), void *arg);

#endif
