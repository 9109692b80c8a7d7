#include <stdarg.h>
#include <stdio.h>

#include "vault/bundle/verify_int.h"

/* What is said of a claim, below all that judges one. */

/* see verify.h */
const char *
verify_claim_name(enum verify_claim c)
{
	switch (c) {
	case VERIFY_INTACT:
		return "intact";
	case VERIFY_SIGNED_BY:
		return "signed-by";
	case VERIFY_ADDRESSED_TO:
		return "addressed-to";
	case VERIFY_COMPLETE:
		return "complete";
	case VERIFY_DISCLOSED:
		return "disclosed";
	case VERIFY_SAME_HISTORY:
		return "same-history";
	case VERIFY_EXISTED_BEFORE:
		return "existed-before";
	case VERIFY_CONTENT_TRUE:
		return "content-true";
	case VERIFY_CLAIMS:
		break;
	}
	return "";
}

/* see verify.h */
const char *
verify_result_name(enum verify_result r)
{
	switch (r) {
	case VERIFY_NOT_CHECKED:
		return "not-checked";
	case VERIFY_YES:
		return "yes";
	case VERIFY_NO:
		return "no";
	case VERIFY_UNKNOWN:
		return "unknown";
	}
	return "";
}

/* see verify_int.h */
enum sq_err
verify_int_had(enum sq_err e)
{
	if (e == SQ_ENOMEM || e == SQ_EINTERNAL)
		err_no_memory();
	return e;
}

/* see verify_int.h */
void
verify_int_no(struct verify *v, enum verify_claim c, const char *fmt, ...)
{
	struct verify_finding *f = &v->r->claim[c];
	va_list ap;

	if (f->result == VERIFY_NO)
		return;
	f->result = VERIFY_NO;
	va_start(ap, fmt);
	(void)vsnprintf(f->detail, sizeof(f->detail), fmt, ap);
	va_end(ap);
}

/* see verify_int.h */
void
verify_int_set(struct verify *v, enum verify_claim c,
    enum verify_result result, const char *fmt, ...)
{
	struct verify_finding *f = &v->r->claim[c];
	va_list ap;

	if (f->result == VERIFY_NO)
		return;
	f->result = result;
	va_start(ap, fmt);
	(void)vsnprintf(f->detail, sizeof(f->detail), fmt, ap);
	va_end(ap);
}
