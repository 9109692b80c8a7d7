#include <string.h>

#include "vault/bundle/profile.h"

#define T(tier) (1u << MODEL_##tier)

static const struct profile profiles[] = {
	{ "public", T(PUBLIC), "publish", "publish-pseudonym", false,
	    "public: what says nothing about anybody" },
	{ "lawyer", T(PUBLIC) | T(RECIPIENT), "share", NULL, false,
	    "lawyer: accounts and their circumstances; without names, "
	    "numbers, contacts and the team's notes" },
	{ "court", T(PUBLIC) | T(RECIPIENT) | T(IDENTITY), "court",
	    "court-pseudonym", false,
	    "court: accounts, circumstances and identities; without contacts "
	    "and the team's notes" },
	{ "full", T(PUBLIC) | T(TEAM) | T(RECIPIENT) | T(IDENTITY) |
	    T(CONTACT), "share", NULL, true,
	    "full: everything that was recorded" }
};

/* see profile.h */
const struct profile *
profile_find(const char *name)
{
	for (size_t i = 0; i < sizeof(profiles) / sizeof(profiles[0]); i++)
		if (strcmp(profiles[i].name, name) == 0)
			return &profiles[i];
	return NULL;
}

/* see profile.h */
bool
profile_shows(const struct profile *p, enum model_tier tier)
{
	return (p->tiers >> tier & 1) != 0;
}

/* see profile.h */
bool
profile_reached(const struct profile *p, const char *scope)
{
	return strcmp(scope, p->scope) == 0 || (p->pseudonym != NULL &&
	    strcmp(scope, p->pseudonym) == 0) ||
	    strcmp(scope, "record") == 0 || strcmp(scope, "store") == 0;
}
