/*
 * How far a decision reaches: the records that belong to what it is about, or
 * that concern it, through any number of others.  The same references count
 * as at the gate (export_consent.h).
 */
#ifndef SQ_VAULT_BUNDLE_EXPORT_REACH_H
#define SQ_VAULT_BUNDLE_EXPORT_REACH_H

#include <stdbool.h>

#include "vault/record/record.h"

/* A record that was asked about. */
struct export_reached {
	uint8_t id[LOG_RECORD_ID];
	char ref[MODEL_REF_MAX];
	bool concerns;
};

struct export_reach {
	struct record_ctx *cx;
	struct why *why;
	struct export_reached **seen;	/* open addressing */
	size_t n_seen, cap_seen;
};

/** export_reach_from(r, id): the decision is about this record; first. */
enum sq_err export_reach_from(struct export_reach *r,
    const uint8_t id[LOG_RECORD_ID]);

/**
 * export_reach_ask(r, id, ret):
 * Is this record concerned?  ${*ret} lasts until export_reach_free.
 */
enum sq_err export_reach_ask(struct export_reach *r,
    const uint8_t id[LOG_RECORD_ID], const struct export_reached **ret);

/** export_reach_free(r): free what it holds. */
void export_reach_free(struct export_reach *r);

#endif
