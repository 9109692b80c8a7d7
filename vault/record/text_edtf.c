/*
 * EDTF level 1 (ISO 8601-2) dates of the years 0000 to 9999, and RFC 3339
 * times.  Pure.  Level 1 as its specification reads: X only from the right and
 * not in an interval, a qualification only of a whole date.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/bytes.h"
#include "vault/record/text.h"

/* A date as numbers YYYYMMDD, the first and last day it may mean. */
struct span {
	unsigned first;
	unsigned last;
	bool masked;		/* has an X */
};

static unsigned
days_in(unsigned y, unsigned m)
{
	if (m == 2)
		return y % 4 == 0 && (y % 100 != 0 || y % 400 == 0) ? 29 : 28;
	return m == 4 || m == 6 || m == 9 || m == 11 ? 30 : 31;
}

/* n digits; Xs from the right make lo and hi differ.  False else. */
static bool
number(const char *s, size_t n, unsigned *lo, unsigned *hi)
{
	bool masked = false;

	*lo = *hi = 0;
	for (size_t i = 0; i < n; i++) {
		*lo *= 10;
		*hi *= 10;
		if (s[i] == 'X') {
			masked = true;
			*hi += 9;
		} else if (s[i] >= '0' && s[i] <= '9' && !masked) {
			*lo += (unsigned)(s[i] - '0');
			*hi += (unsigned)(s[i] - '0');
		} else {
			return false;
		}
	}
	return true;
}

/* MM-DD, MM or a season behind a year that is the same in lo and hi. */
static bool
month_day(const char *s, size_t n, unsigned year, struct span *d)
{
	unsigned lo, hi, day, day_hi, days = 31;

	if (n != 2 && (n != 5 || s[2] != '-'))
		return false;
	if (memcmp(s, "XX", 2) == 0) {
		/* a day in an unknown month: only unknown as well */
		d->masked = true;
		return n == 2 || memcmp(s + 3, "XX", 2) == 0;
	}
	if (!number(s, 2, &lo, &hi) || lo != hi || lo == 0)
		return false;
	/* a season, 21 to 24, may be any day of its year */
	if (lo > 12 && (n != 2 || lo < 21 || lo > 24))
		return false;
	d->first = year * 10000 + lo * 100 + 1;
	if (lo <= 12)
		days = days_in(year, lo);
	d->last = year * 10000 + lo * 100 + days;
	if (lo > 12) {
		d->first = year * 10000 + 101;
		d->last = year * 10000 + 1231;
	}
	if (n == 2)
		return true;
	if (memcmp(s + 3, "XX", 2) == 0) {
		d->masked = true;
		return true;
	}
	if (!number(s + 3, 2, &day, &day_hi) || day != day_hi || day == 0 ||
	    day > days)
		return false;
	d->first = d->last = year * 10000 + lo * 100 + day;
	return true;
}

/* One date of n characters, with or without its qualification. */
static bool
date(const char *s, size_t n, struct span *d)
{
	unsigned lo, hi;

	if (n > 4 && strchr("?~%", s[n - 1]) != NULL)
		n--;
	/* not XXXX, not 1XXX: level 1 leaves open a decade or a century */
	if (n < 4 || !number(s, 4, &lo, &hi) || hi - lo > 99)
		return false;
	d->masked = lo != hi;
	d->first = lo * 10000 + 101;
	d->last = hi * 10000 + 1231;
	if (n == 4)
		return true;
	return !d->masked && s[4] == '-' && month_day(s + 5, n - 5, lo, d);
}

/* start/end, either possibly ".." (open) or nothing (unknown). */
static bool
interval(const char *s, const char *slash)
{
	struct span a = { 0, 0, false }, b = { 0, 99999999, false };
	size_t na = (size_t)(slash - s), nb = strlen(slash + 1);
	bool date_a = na != 0 && !(na == 2 && memcmp(s, "..", 2) == 0);
	bool date_b = nb != 0 && strcmp(slash + 1, "..") != 0;

	/* of two ends one must say something */
	if (!date_a && !date_b)
		return false;
	if (date_a && (!date(s, na, &a) || a.masked))
		return false;
	if (date_b && (!date(slash + 1, nb, &b) || b.masked))
		return false;
	return a.first <= b.last;
}

/* Older drafts wrote "open" and "unknown". */
static void
end_put(struct bytes_buf *b, const char *s, size_t n)
{
	if (n == 4 && memcmp(s, "open", 4) == 0)
		bytes_puts(b, "..");
	else if (n == 7 && memcmp(s, "unknown", 7) == 0)
		return;
	else
		for (size_t i = 0; i < n; i++)
			bytes_put_u8(b, s[i] == 'x' ? 'X' : (uint8_t)s[i]);
}

/* see text.h */
enum sq_err
text_edtf(const char *s, char **ret)
{
	struct bytes_buf b = { 0 };
	struct span d;
	size_t n = strlen(s);
	const char *slash;
	char *out;
	bool ok;

	while (n > 0 && s[n - 1] == ' ')
		n--;
	while (n > 0 && *s == ' ')
		s++, n--;
	if (n == 0 || n > 64)
		return SQ_EREFUSED;
	slash = memchr(s, '/', n);
	end_put(&b, s, slash == NULL ? n : (size_t)(slash - s));
	if (slash != NULL) {
		bytes_put_u8(&b, '/');
		end_put(&b, slash + 1, n - (size_t)(slash + 1 - s));
	}
	if ((out = bytes_str(&b)) == NULL)
		return SQ_ENOMEM;
	slash = strchr(out, '/');
	ok = slash == NULL ? date(out, strlen(out), &d) :
	    interval(out, slash);
	if (!ok) {
		free(out);
		return SQ_EREFUSED;
	}
	*ret = out;
	return SQ_OK;
}

/* see text.h */
bool
text_edtf_begin(const char *s, unsigned *ret_day)
{
	size_t n = strcspn(s, "/");
	struct span d = { 0, 0, false };

	if (s[n] == '/' && (n == 0 || strncmp(s, "..", 2) == 0)) {
		*ret_day = 0;
		return true;
	}
	if (!date(s, n, &d))
		return false;
	*ret_day = d.first;
	return true;
}

/* see text.h */
bool
text_edtf_end(const char *s, unsigned *ret_day)
{
	const char *slash = strchr(s, '/');
	struct span d = { 0, 0, false };
	size_t n = strlen(s);

	if (slash != NULL && strcmp(slash + 1, "..") == 0) {
		*ret_day = UINT_MAX;
		return true;
	}
	if (slash != NULL && slash[1] == '\0')
		n = (size_t)(slash - s);
	else if (slash != NULL) {
		s = slash + 1;
		n = strlen(s);
	}
	if (!date(s, n, &d))
		return false;
	*ret_day = d.masked ? d.first : d.last;
	return true;
}

/* see text.h */
bool
text_edtf_span(const char *s, unsigned *ret_first, unsigned *ret_last)
{
	const char *slash = strchr(s, '/');
	struct span a = { 0, 0, false }, b = { 0, 99999999, false };
	size_t n = slash == NULL ? strlen(s) : (size_t)(slash - s);

	if (slash == NULL) {
		if (!date(s, n, &a))
			return false;
		b = a;
	} else {
		if (n > 0 && strncmp(s, "..", 2) != 0 && !date(s, n, &a))
			return false;
		if (slash[1] != '\0' && strcmp(slash + 1, "..") != 0 &&
		    !date(slash + 1, strlen(slash + 1), &b))
			return false;
	}
	*ret_first = a.first;
	*ret_last = b.last;
	return true;
}

/* Two digits at s in [lo, hi]. */
static bool
two(const char *s, unsigned lo, unsigned hi)
{
	unsigned v, w;

	return number(s, 2, &v, &w) && v == w && v >= lo && v <= hi;
}

/* see text.h */
enum sq_err
text_time(const char *s)
{
	struct span d = { 0, 0, false };
	size_t n = strlen(s);

	if (n < 20 || !date(s, 10, &d) || d.masked || d.first != d.last ||
	    s[10] != 'T' || !two(s + 11, 0, 23) || s[13] != ':' ||
	    !two(s + 14, 0, 59) || s[16] != ':' || !two(s + 17, 0, 59))
		return SQ_EREFUSED;
	s += 19;
	if (*s == '.') {
		n = strspn(s + 1, "0123456789");
		if (n == 0 || n > 9)
			return SQ_EREFUSED;
		s += 1 + n;
	}
	if (strcmp(s, "Z") == 0)
		return SQ_OK;
	if ((*s == '+' || *s == '-') && strlen(s) == 6 && two(s + 1, 0, 23) &&
	    s[3] == ':' && two(s + 4, 0, 59))
		return SQ_OK;
	return SQ_EREFUSED;
}
