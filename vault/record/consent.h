/*
 * Consent: what the people concerned decided, as the newest decision of each
 * scope says.  Decisions are entries about a record, so that its chain proves
 * that none is missing.
 */
#ifndef SQ_VAULT_RECORD_CONSENT_H
#define SQ_VAULT_RECORD_CONSENT_H

#include <stdbool.h>

#include "crypto/err.h"
#include "vault/record/record.h"

struct consent_decision {
	bool any;			/* a decision of that scope exists */
	/* yes, no, conditions, ask, withdrawn */
	char decision[32];
	char until[64];			/* EDTF, or "" */
	char ref[MODEL_REF_MAX];	/* of the consent record */
	uint8_t root[ENTRY_ROOT];
};

/**
 * consent_latest(cx, id, scope, ret, why):
 * The newest decision of ${scope} about a record.
 */
enum sq_err consent_latest(struct record_ctx *cx,
    const uint8_t id[LOG_RECORD_ID], const char *scope,
    struct consent_decision *ret, struct why *why);

/**
 * consent_allows(d, today, reason, cap):
 * Is it a yes that still holds on ${today} (YYYY-MM-DD)?  If not, ${reason}
 * says why in a few words.
 */
bool consent_allows(const struct consent_decision *d, const char *today,
    char *reason, size_t cap);

#endif
