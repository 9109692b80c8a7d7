/*
 * Interviews taken one after the other, with a draft that outlives whatever
 * interrupts them.  A part of vault.h.
 */
#ifndef SQ_VAULT_VAULT_INTAKE_H
#define SQ_VAULT_VAULT_INTAKE_H

#include <stddef.h>

#include "crypto/bytes.h"
#include "crypto/err.h"
#include "vault/record/model.h"

struct vault;
struct vault_made;

#define VAULT_DRAFT_MAX ((size_t)8 << 20)

enum vault_draft {
	VAULT_DRAFT,		/* of an interview */
	VAULT_DRAFT_LINE	/* what is being typed for it */
};

/**
 * vault_draft_save(v, which, p, n, why):
 * Keep a draft: sealed with the database, in one transaction, durable when it
 * returns; the one before is gone.  ${n} 0: none is kept.
 */
enum sq_err vault_draft_save(struct vault *v, enum vault_draft which,
    const void *p, size_t n, struct why *why);

/**
 * vault_draft_load(v, which, out, why):
 * Append the draft; SQ_ENOENT: none is kept.
 */
enum sq_err vault_draft_load(struct vault *v, enum vault_draft which,
    struct bytes_buf *out, struct why *why);

/* One interview. */
struct vault_intake {
	const struct model_inputs *person;	/* NULL: known, or nobody */
	const struct model_inputs *testimony;
	/* decisions, without "about" and "given_by" */
	const struct model_inputs *consent;
	size_t n_consent;
	/* what is kept then; "@TESTIMONY@" in it becomes the reference */
	const char *draft;
};

/**
 * vault_intake(v, in, ret_person, ret, why):
 * The witness, if new, the testimony, and the decisions about it, in one
 * transaction that also replaces the draft: cut off, all of it is there or
 * none.  ret_person->ref is "" if no person was made.
 */
enum sq_err vault_intake(struct vault *v, const struct vault_intake *in,
    struct vault_made *ret_person, struct vault_made *ret, struct why *why);

#endif
