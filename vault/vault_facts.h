/*
 * What is claimed about a person, put side by side and never merged: the
 * timeline, the accounts of a witness, who may be the same.  A part of
 * vault.h.
 */
#ifndef SQ_VAULT_VAULT_FACTS_H
#define SQ_VAULT_VAULT_FACTS_H

#include <stdbool.h>
#include <stddef.h>

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

#endif
