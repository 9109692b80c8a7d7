/*
 * Consent: who holds what was agreed to once, and calling it back.  A part of
 * vault.h.
 */
#ifndef SQ_VAULT_VAULT_CONSENT_H
#define SQ_VAULT_VAULT_CONSENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/err.h"
#include "vault/record/model.h"

struct vault;

/* A bundle that carries what a decision is about, or what belongs to it. */
struct vault_carrier {
	char ref[MODEL_REF_MAX];	/* B-3 */
	char bundle[33];
	char to[MODEL_REF_MAX];		/* */
	char *name;			/* of the recipient */
	char *file;			/* name of the .age file, or "" */
	char profile[16];
	char time[MODEL_TIME_MAX];
	bool reached;			/* by the scope of the decision */
	char *notice;			/* folder of the notice, or NULL */
};

struct vault_carriers {
	struct vault_carrier *v;
	size_t n;
};

/**
 * vault_recall(v, decision, dir, ret, why):
 * Every bundle that carries what ${decision} (N-5) is about.  If it is a no or
 * a withdrawal, a signed notice for each recipient that it reaches, in a new
 * folder of its own below ${dir} (NULL: the working folder), each logged.  On
 * failure ${ret} still names the bundles.  Caller frees with
 * vault_carriers_free.
 */
enum sq_err vault_recall(struct vault *v, const char *decision,
    const char *dir, struct vault_carriers *ret, struct why *why);

/** vault_carriers_free(c): free what it holds; empty again. */
void vault_carriers_free(struct vault_carriers *c);

#endif
