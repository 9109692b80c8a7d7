/*
 * The gate: may a record leave, as far as everyone it concerns decided?  Who
 * that is stands in the table of types (MODEL_OWNER, MODEL_VOICE), and which
 * decision is asked for in the profile.  BUNDLE.md section 5.
 */
#ifndef SQ_VAULT_BUNDLE_EXPORT_CONSENT_H
#define SQ_VAULT_BUNDLE_EXPORT_CONSENT_H

#include <stdbool.h>

#include "vault/record/consent.h"
#include "vault/record/record.h"
#include "vault/record/same.h"

/* How far the decisions go, the stricter first. */
enum export_say {
	EXPORT_REFUSED,
	EXPORT_SILENT,		/* nobody decided: as a no, but where a no
				 * alone counts */
	EXPORT_PSEUDONYM,	/* but not what tells who somebody is */
	EXPORT_IDENTITY,
	EXPORT_NOBODY		/* it concerns nobody: the team's own */
};

/* What the exporter confirms of a decision that asks for it. */
struct export_confirm {
	char ref[MODEL_REF_MAX];	/* of the decision, N-3 */
	const char *reason;		/* borrowed */
	bool used;
};

/* A decision that asks for it, as it was met. */
struct export_condition {
	char ref[MODEL_REF_MAX];
	char decision[32];		/* conditions, or ask */
	char *words;			/* or NULL: not written down */
	const char *reason;		/* NULL: nobody confirmed it */
};

/* Steps from a record to those it belongs to, and from them on: media of media
 * of media ... */
#define EXPORT_DEPTH_MAX 16

struct export_gate {
	struct record_ctx *cx;
	const char *today;		/* RFC 3339 */
	const uint8_t *to;		/* record id of the recipient */
	const char *scope, *pseudonym;	/* the second may be NULL */
	struct export_confirm *confirm;
	size_t n_confirm;
	struct export_condition *condition;
	size_t n_condition;
	char (*basis)[MODEL_REF_MAX];	/* decisions it rests on */
	size_t n_basis, cap_basis;
	bool full;			/* profile full: decisions go too */
	unsigned asked;			/* records, for one item */
	struct same same;		/* read when it is first needed */
	bool same_known;
	bool alone;			/* only what is named, no media */
	struct why *why;
};

struct export_verdict {
	enum export_say say;
	char reason[256];		/* of anything but all of it */
	char ask[MODEL_REF_MAX];	/* a decision that wants confirming */
};

/**
 * export_consent_gate(g, profile):
 * Set the scopes that a profile asks for; SQ_EINTERNAL if there is no such.
 */
enum sq_err export_consent_gate(struct export_gate *g, const char *profile);

/**
 * export_consent_judge(g, id, at, type, ret):
 * How far may this record go?  Never EXPORT_SILENT: silence is refused.
 */
enum sq_err export_consent_judge(struct export_gate *g,
    const uint8_t id[LOG_RECORD_ID], const struct record_at *at,
    const struct model_type *type, struct export_verdict *ret);

/**
 * export_consent_used(g):
 * Was each confirmation asked for?  One that was not is a slip: SQ_EUSAGE.
 */
enum sq_err export_consent_used(const struct export_gate *g);

/** export_consent_free(g): free what the gate gathered. */
void export_consent_free(struct export_gate *g);

#endif
