/*
 * Two numbers and what stands around them.  All arithmetic is in whole units
 * of 10^-7 degree, a centimetre, so that what was written is what is kept.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "vault/record/model_point.h"

#define UNIT 10000000LL		/* of a degree */
#define DECIMALS 7

/* One number on its way. */
struct half {
	int64_t v;		/* in units, not negative */
	int decimals;		/* as written */
	bool minus, sexagesimal;
};

static bool
skip(const char **s, const char *what)
{
	size_t n = strlen(what);

	if (strncmp(*s, what, n) != 0)
		return false;
	*s += n;
	return true;
}

static void
blanks(const char **s)
{
	*s += strspn(*s, " \t");
}

/* Digits and perhaps decimals, as units of ${of}; false if there are none. */
static bool
number(const char **s, int64_t of, int64_t *ret, int *decimals)
{
	size_t n = strspn(*s, "0123456789");
	int64_t v = 0, scale = of;

	if (n == 0 || n > 3)
		return false;
	for (size_t i = 0; i < n; i++)
		v = v * 10 + (*(*s)++ - '0');
	v *= of;
	*decimals = 0;
	if (**s == '.' && strspn(*s + 1, "0123456789") > 0)
		for ((*s)++; **s >= '0' && **s <= '9'; (*s)++) {
			if (*decimals == DECIMALS)
				continue;
			scale /= 10;
			v += scale * (**s - '0');
			(*decimals)++;
		}
	*ret = v;
	return true;
}

/* Minutes and seconds behind the degrees; false if they are none. */
static bool
sexagesimal(const char **s, struct half *h)
{
	int64_t m = 0, sec = 0;
	int d;

	blanks(s);
	h->sexagesimal = true;
	if (**s < '0' || **s > '9')
		return true;
	if (!number(s, UNIT, &m, &d) || m >= 60 * UNIT ||
	    !(skip(s, "'") || skip(s, "′") || skip(s, "’")))
		return false;
	blanks(s);
	if (**s >= '0' && **s <= '9' && (!number(s, UNIT, &sec, &d) ||
	    sec >= 60 * UNIT || !(skip(s, "\"") || skip(s, "″") ||
	    skip(s, "''") || skip(s, "”"))))
		return false;
	/* a minute is 1,855 metres, a second 31; five decimals are one */
	h->v = (h->v + m / 60 + sec / 3600 + 50) / 100 * 100;
	h->decimals = 5;
	return true;
}

/* A number with its sign or hemisphere, which is one of ${plus} and ${neg}. */
static bool
half(const char **s, char plus, char neg, struct half *h)
{
	blanks(s);
	h->minus = **s == '-';
	if (**s == '-' || **s == '+')
		(*s)++;
	if (!number(s, UNIT, &h->v, &h->decimals))
		return false;
	if ((skip(s, "°") || skip(s, "º")) && h->decimals == 0 &&
	    !sexagesimal(s, h))
		return false;
	blanks(s);
	if (**s == neg || **s == plus) {
		if (h->minus)
			return false;
		h->minus = **s == neg;
		(*s)++;
	} else if (h->sexagesimal)
		return false;
	return true;
}

static void
emit(const struct half *h, char *out, size_t cap)
{
	int64_t frac = h->v % UNIT, unit = UNIT;
	size_t n;

	(void)snprintf(out, cap, "%s%lld%s", h->minus && h->v != 0 ? "-" : "",
	    (long long)(h->v / UNIT), h->decimals > 0 ? "." : "");
	n = strlen(out);
	for (int i = 0; i < h->decimals && n + 1 < cap; i++) {
		unit /= 10;
		out[n++] = (char)('0' + frac / unit % 10);
	}
	out[n] = '\0';
}

/* see model_point.h */
enum sq_err
model_point_parse(const char *s, char out[MODEL_POINT_MAX])
{
	struct half lat = { 0 }, lon = { 0 };
	size_t n;

	blanks(&s);
	(void)skip(&s, "geo:");
	if (!half(&s, 'N', 'S', &lat))
		return SQ_EREFUSED;
	blanks(&s);
	if (*s == ',' || *s == ';')
		s++;
	if (!half(&s, 'E', 'W', &lon))
		return SQ_EREFUSED;
	(void)skip(&s, "/");
	blanks(&s);
	if (*s != '\0' || lat.v > 90 * UNIT || lon.v > 180 * UNIT)
		return SQ_EREFUSED;
	emit(&lat, out, MODEL_POINT_MAX);
	n = strlen(out);
	out[n++] = ',';
	emit(&lon, out + n, MODEL_POINT_MAX - n);
	return SQ_OK;
}
