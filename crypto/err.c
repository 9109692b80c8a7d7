#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "crypto/err.h"

/* see err.h */
const char *
err_str(enum sq_err e)
{
	switch (e) {
	case SQ_OK:
		return "done";
	case SQ_ENOMEM:
		return "out of memory";
	case SQ_EUSAGE:
		return "not understood";
	case SQ_EREFUSED:
		return "refused";
	case SQ_ENOENT:
		return "not found";
	case SQ_EEXIST:
		return "exists already";
	case SQ_EPASS:
		return "passphrase is incorrect";
	case SQ_EFORMAT:
		return "not in the expected format";
	case SQ_EAUTH:
		return "altered, forged or damaged: a check does not hold";
	case SQ_ELIMIT:
		return "larger than the format allows";
	case SQ_EUNSUPPORTED:
		return "not supported by this build";
	case SQ_EDAMAGE:
		return "damage or alteration found in the vault";
	case SQ_EROLLBACK:
		return "the vault is older than its own record";
	case SQ_EBUSY:
		return "in use by another process";
	case SQ_EREADONLY:
		return "read-only";
	case SQ_ENOSPC:
		return "no space left on the disk";
	case SQ_EIO:
		return "input or output failed";
	case SQ_EUNSURE:
		return "written, but it is not certain to survive a power cut";
	case SQ_ECANNOT:
		return "a required check could not be run";
	case SQ_EINTERNAL:
		return "internal error";
	}
	return "unknown error";
}

/* see err.h */
enum sq_err
err_why(struct why *why, enum sq_err e, const char *fmt, ...)
{
	va_list ap;

	if (why == NULL)
		return e;
	va_start(ap, fmt);
	(void)vsnprintf(why->text, sizeof(why->text), fmt, ap);
	va_end(ap);
	return e;
}

/* see err.h */
enum sq_err
err_more(struct why *why, enum sq_err e, const char *fmt, ...)
{
	char old[sizeof(why->text)];
	va_list ap;
	size_t n;

	if (why == NULL)
		return e;
	memcpy(old, why->text, sizeof(old));
	va_start(ap, fmt);
	(void)vsnprintf(why->text, sizeof(why->text), fmt, ap);
	va_end(ap);
	n = strlen(why->text);
	if (old[0] != '\0')
		(void)snprintf(why->text + n, sizeof(why->text) - n, ": %s",
		    old);
	return e;
}

static void (*say_no_memory)(void);

/* see err.h */
void
err_on_no_memory(void (*say)(void))
{
	say_no_memory = say;
}

/* see err.h */
void
err_no_memory(void)
{
	if (say_no_memory != NULL)
		say_no_memory();
	_exit(1);
}

/* see err.h */
int
err_exit(enum sq_err e)
{
	switch (e) {
	case SQ_OK:
		return 0;
	case SQ_ENOMEM:
	case SQ_EREFUSED:
	case SQ_ENOENT:
	case SQ_EEXIST:
	case SQ_EFORMAT:
	case SQ_EAUTH:
	case SQ_ELIMIT:
	case SQ_EBUSY:
	case SQ_EREADONLY:
	case SQ_ENOSPC:
	case SQ_EIO:
	case SQ_EUNSURE:
	case SQ_EINTERNAL:
		return 1;
	case SQ_EUNSUPPORTED:
	case SQ_ECANNOT:
		return 2;
	case SQ_EUSAGE:
		return 3;
	case SQ_EPASS:
		return 4;
	case SQ_EDAMAGE:
	case SQ_EROLLBACK:
		return 5;
	}
	return 1;
}
