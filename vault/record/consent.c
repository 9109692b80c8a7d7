#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/record/consent.h"

struct latest {
	const char *scope;
	struct consent_decision d;
};

static bool
entry_is(const struct entry *en, const char *name, const char *want)
{
	char *s = entry_str(en, name);
	bool is = s != NULL && strcmp(s, want) == 0;

	free(s);
	return is;
}

static void
copy_str(const struct entry *en, const char *name, char *out, size_t cap)
{
	char *s = entry_str(en, name);

	(void)snprintf(out, cap, "%s", s == NULL ? "" : s);
	free(s);
}

/* Called in the order of the log: the last one that fits stays. */
static enum sq_err
look(void *arg, const struct record_at *at)
{
	struct latest *l = arg;

	if (!entry_is(&at->en, "_kind", "consent") ||
	    !entry_is(&at->en, "scope", l->scope))
		return SQ_OK;
	l->d.any = true;
	copy_str(&at->en, "decision", l->d.decision, sizeof(l->d.decision));
	copy_str(&at->en, "until", l->d.until, sizeof(l->d.until));
	copy_str(&at->en, "_ref", l->d.ref, sizeof(l->d.ref));
	memcpy(l->d.root, at->root, ENTRY_ROOT);
	return SQ_OK;
}

/* see consent.h */
enum sq_err
consent_latest(struct record_ctx *cx, const uint8_t id[LOG_RECORD_ID],
    const char *scope, struct consent_decision *ret, struct why *why)
{
	struct latest l = { .scope = scope };
	enum sq_err e;

	if ((e = record_each(cx, id, look, &l, why)) == SQ_OK)
		*ret = l.d;
	return e;
}

/*
 * Is ${today} past the EDTF date ${until}?  Only plain dates end a consent by
 * themselves; of a year or month its last day counts, because a longer string
 * with the same beginning compares greater: 2026-11 covers 2026-11-30.
 */
static bool
is_past(const char *until, const char *today)
{
	size_t n = strspn(until, "0123456789-");

	return n >= 4 && strncmp(today, until, n) > 0;
}

/* see consent.h */
bool
consent_allows(const struct consent_decision *d, const char *today,
    char *reason, size_t cap)
{
	if (!d->any)
		(void)snprintf(reason, cap, "no consent to share is recorded");
	else if (strcmp(d->decision, "yes") != 0)
		(void)snprintf(reason, cap, "the latest decision on sharing, "
		    "%s, is «%s»", d->ref, d->decision);
	else if (d->until[0] != '\0' && is_past(d->until, today))
		(void)snprintf(reason, cap, "the consent to share, %s, ended "
		    "on %s", d->ref, d->until);
	else
		return true;
	return false;
}
