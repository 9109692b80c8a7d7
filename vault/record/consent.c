#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/record/consent.h"
#include "vault/record/text.h"

struct latest {
	const uint8_t *id;
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

	/* a decision is not about itself */
	if (!entry_is(&at->en, "_kind", "consent") || record_is(at, l->id) ||
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
	struct latest l = { .id = id, .scope = scope };
	enum sq_err e;

	if ((e = record_each(cx, id, look, &l, why)) == SQ_OK)
		*ret = l.d;
	return e;
}

/*
 * Is ${today} past the EDTF date ${until}?  Of a year or month its last day
 * counts; what cannot be understood is past.
 */
static bool
is_past(const char *until, const char *today)
{
	char day[9];
	unsigned end;

	if (strlen(today) < 10 || !text_edtf_end(until, &end))
		return true;
	(void)snprintf(day, sizeof(day), "%.4s%.2s%.2s", today, today + 5,
	    today + 8);
	return strtoul(day, NULL, 10) > end;
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
