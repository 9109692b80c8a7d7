/*
 * Who a bundle is for, as one table: what of a record leaves (tiers), on whose
 * decision (scope of consent), and how the cover says it.  docs/BUNDLE.md.
 */
#ifndef SQ_BUNDLE_PROFILE_H
#define SQ_BUNDLE_PROFILE_H

#include <stdbool.h>

#include "vault/record/model.h"

struct profile {
	const char *name;
	unsigned tiers;			/* bit n: tier n of enum model_tier */
	const char *scope;		/* of the decisions it rests on */
	const char *pseudonym;		/* the scope that hides who; or NULL */
	bool full;			/* history and decisions go along */
	const char *says;		/* in a sentence, for the cover */
};

/** profile_find(name): the profile, or NULL if there is none of that name. */
const struct profile *profile_find(const char *name);

/** profile_shows(p, tier): does what is of ${tier} leave? */
bool profile_shows(const struct profile *p, enum model_tier tier);

/**
 * profile_reached(p, scope):
 * Does a decision on ${scope} bear on bundles of this profile?  One on
 * recording or storing at all bears on each.
 */
bool profile_reached(const struct profile *p, const char *scope);

#endif
