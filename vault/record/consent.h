/*
 * Consent: what the people concerned decided, as the decisions of each scope
 * say that nothing has superseded.  Decisions are entries about a record, so
 * that its chain proves that none is missing; each names in _parents those
 * that it answers.
 */
#ifndef SQ_VAULT_RECORD_CONSENT_H
#define SQ_VAULT_RECORD_CONSENT_H

#include <stdbool.h>

#include "crypto/err.h"
#include "vault/record/record.h"

struct consent_decision {
	/* yes, no, conditions, ask, withdrawn; "" if it was erased */
	char decision[32];
	char until[64];			/* EDTF, or "" */
	char ref[MODEL_REF_MAX];	/* of the consent record */
	char *conditions;		/* or NULL */
	uint8_t root[ENTRY_ROOT];
};

struct consent_set {
	struct consent_decision *v;
	size_t n;
};

/**
 * consent_standing(cx, id, scope, to, ret, why):
 * The decisions of ${scope} about a record that no later one answers, directly
 * or through others: one, unless two laptops decided apart; none if nobody
 * did.  ${to} (a recipient's record id): only those that hold for this
 * recipient; NULL: all.  Caller frees with consent_free.
 */
enum sq_err consent_standing(struct record_ctx *cx,
    const uint8_t id[LOG_RECORD_ID], const char *scope,
    const uint8_t *to, struct consent_set *ret, struct why *why);

/** consent_free(s): free what it holds; empty again. */
void consent_free(struct consent_set *s);

enum consent_word {
	CONSENT_YES,
	CONSENT_IF,		/* on conditions, or to be asked each time */
	CONSENT_NO		/* no, withdrawn, ended, erased */
};

/**
 * consent_says(d, today):
 * What a decision says on ${today} (YYYY-MM-DD).
 */
enum consent_word consent_says(const struct consent_decision *d,
    const char *today);

/**
 * consent_why(d, scope, today, out, cap):
 * In a few words, why it is not a plain yes.
 */
void consent_why(const struct consent_decision *d, const char *scope,
    const char *today, char *out, size_t cap);

#endif
