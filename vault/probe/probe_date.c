/*
 * Dates as cameras and containers write them, brought to one form:
 *
 *	2019:05:06 07:08:09		EXIF, its zone in another field
 *	2021-03-04 05:06:07 UTC		MediaInfo, since 23.03
 *	UTC 2021-03-04 05:06:07		MediaInfo, before
 *	2021-03-04T11:06:07+0600	Apple, with its zone
 *	2021, 2021-03, 2021-03-04	tags of sound
 */
#include <stdio.h>
#include <string.h>

#include "vault/probe/probe_int.h"
#include "vault/probe/probe_sheet.h"

/* Two or four digits at *s, at most ${max}; -1 if there are none. */
static int
number(const char **s, int width, int min, int max)
{
	int i, v = 0;

	for (i = 0; i < width; i++) {
		if (**s < '0' || **s > '9')
			return -1;
		v = v * 10 + (*(*s)++ - '0');
	}
	return v < min || v > max ? -1 : v;
}

static bool
skip(const char **s, const char *set)
{
	if (**s == '\0' || strchr(set, **s) == NULL)
		return false;
	(*s)++;
	return true;
}

/* The rest of a date: nothing, Z, UTC, +0600, +06:00, +06; false if other. */
static bool
zone_of(const char *s, char out[8])
{
	int h, m = 0;
	char sign;

	out[0] = '\0';
	while (*s == ' ')
		s++;
	if (*s == '\0')
		return true;
	if (strcmp(s, "Z") == 0 || strcmp(s, "UTC") == 0) {
		memcpy(out, "Z", 2);
		return true;
	}
	if (*s != '+' && *s != '-')
		return false;
	sign = *s++;
	if ((h = number(&s, 2, 0, 15)) < 0)
		return false;
	(void)skip(&s, ":");
	if (*s != '\0' && (m = number(&s, 2, 0, 59)) < 0)
		return false;
	while (*s == ' ')
		s++;
	snprintf(out, 8, "%c%02d:%02d", sign, h, m);
	return *s == '\0';
}

/* The time of day and the zone at ${s}, appended to the ten of ${out}. */
static bool
time_of(const char *s, const char *zone, bool utc, char out[32])
{
	char z[8];
	int h, m, sec;

	if ((h = number(&s, 2, 0, 23)) < 0 || !skip(&s, ":") ||
	    (m = number(&s, 2, 0, 59)) < 0 || !skip(&s, ":") ||
	    (sec = number(&s, 2, 0, 60)) < 0)
		return false;
	if (skip(&s, ".")) {
		while (*s >= '0' && *s <= '9')
			s++;
	}
	if (!zone_of(s, z))
		return false;
	if (z[0] == '\0' && utc)
		memcpy(z, "Z", 2);
	if (z[0] == '\0' && zone != NULL && !zone_of(zone, z))
		z[0] = '\0';
	snprintf(out + 10, 22, "T%02d:%02d:%02d%s", h, m, sec, z);
	/* the zero of the containers' clock: it was never set */
	return strcmp(out, "1904-01-01T00:00:00Z") != 0;
}

/* see probe_int.h */
bool
probe_date_norm(const char *s, const char *zone, char out[32])
{
	bool utc = strncmp(s, "UTC ", 4) == 0;
	int y, m, d;

	if (utc)
		s += 4;
	if ((y = number(&s, 4, 1, 9999)) < 0)
		return false;
	snprintf(out, 32, "%04d", y);
	if (*s == '\0')
		return true;
	if (!skip(&s, ":-") || (m = number(&s, 2, 1, 12)) < 0)
		return false;
	snprintf(out, 32, "%04d-%02d", y, m);
	if (*s == '\0')
		return true;
	if (!skip(&s, ":-") || (d = number(&s, 2, 1, 31)) < 0)
		return false;
	snprintf(out, 32, "%04d-%02d-%02d", y, m, d);
	if (*s == '\0')
		return true;
	return skip(&s, " T") && time_of(s, zone, utc, out);
}

/* Days since 1970-01-01 as a date; years begin in March while it counts. */
static void
civil(int64_t days, int64_t *y, unsigned *m, unsigned *d)
{
	int64_t era, doe, yoe, doy, mp;

	days += 719468;
	era = days / 146097;
	doe = days - era * 146097;
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	mp = (5 * doy + 2) / 153;
	*d = (unsigned)(doy - (153 * mp + 2) / 5 + 1);
	*m = (unsigned)(mp < 10 ? mp + 3 : mp - 9);
	*y = yoe + era * 400 + (*m <= 2);
}

/* see probe_sheet.h */
bool
probe_date_serial(double serial, bool from1904, char *out, size_t cap)
{
	unsigned m, d, s;
	int64_t days, y;

	if (!(serial >= 1 && serial < 2958466))
		return false;
	days = (int64_t)serial;
	s = (unsigned)((serial - (double)days) * 86400 + 0.5);
	/* 1900 is taken for a leap year, so that days before March are off */
	days += from1904 ? -24107 : days < 60 ? -25568 : -25569;
	civil(days, &y, &m, &d);
	if (s == 0 || s >= 86400)
		(void)snprintf(out, cap, "%04lld-%02u-%02u", (long long)y, m,
		    d);
	else
		(void)snprintf(out, cap, "%04lld-%02u-%02uT%02u:%02u:%02u",
		    (long long)y, m, d, s / 3600, s / 60 % 60, s % 60);
	return true;
}
