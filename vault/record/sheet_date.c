/*
 * Dates as people write them.  The text is cut into numbers, names of months
 * and marks; what is not understood is refused, never guessed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/bytes.h"
#include "vault/record/sheet.h"
#include "vault/record/text.h"

/* Names by month; folded before they are compared. */
static const char *const months[12] = {
	"january|jan|январь|января|янв|қаңтар|қаң|yanvar|ocak",
	"february|feb|февраль|февраля|фев|ақпан|ақп|şubat",
	"march|mar|март|марта|мар|наурыз|нау|mart",
	"april|apr|апрель|апреля|апр|сәуір|сәу|nisan",
	"may|май|мая|мамыр|мам|mayıs",
	"june|jun|июнь|июня|июн|маусым|мау|haziran",
	"july|jul|июль|июля|июл|шілде|шіл|temmuz",
	"august|aug|август|августа|авг|тамыз|там|ağustos",
	"september|sep|sept|сентябрь|сентября|сен|сент|қыркүйек|қыр|eylül",
	"october|oct|октябрь|октября|окт|қазан|қаз|ekim",
	"november|nov|ноябрь|ноября|ноя|қараша|қар|kasım",
	"december|dec|декабрь|декабря|дек|желтоқсан|жел|aralık"
};

static const char about[] = "about|circa|ca|c|approx|approximately|около|ок|"
    "примерно|приблизительно|шамамен|约|大约|大概|左右|yaklaşık";
static const char since[] = "since|from|с|бастап|自|从";
static const char nothing[] = "г|год|года|году|ж|жыл|жылы|жылғы|жылдың|of|the|"
    "in|в|st|nd|rd|th|年|月|日|号";

/* Is ${word}, folded already, one of the words parted by bars? */
static bool
one_of(const char *word, size_t n, const char *list)
{
	struct bytes_buf b = { 0 };
	size_t len;
	bool is;

	for (; *list != '\0'; list += len + (list[len] == '|')) {
		len = strcspn(list, "|");
		char one[64];

		(void)snprintf(one, sizeof(one), "%.*s", (int)len, list);
		b.len = 0;
		if (text_fold(one, &b) != SQ_OK)
			break;
		is = b.len == n && memcmp(b.p, word, n) == 0;
		if (is) {
			bytes_free(&b);
			return true;
		}
	}
	bytes_free(&b);
	return false;
}

/* What was found in the text. */
struct parts {
	unsigned num[6];
	size_t digits[6];	/* of each number */
	char mark[6];		/* what stands behind it: . / - y m d, or 0 */
	size_t n;
	unsigned month;		/* by name; 0: none */
	size_t month_at;	/* numbers before it */
	bool about, since, doubt, range;
};

/* A word that is no number. */
static bool
word(const char *s, size_t n, struct parts *p)
{
	if (one_of(s, n, about))
		p->about = true;
	else if (one_of(s, n, since))
		p->since = true;
	else if (!one_of(s, n, nothing)) {
		for (unsigned m = 0; m < 12; m++)
			if (one_of(s, n, months[m])) {
				if (p->month != 0)
					return false;
				p->month = m + 1;
				p->month_at = p->n;
				return true;
			}
		return false;
	}
	return true;
}

/* A Chinese sign behind a number, or a word of them; its length. */
static size_t
sign(const char *s, struct parts *p)
{
	static const struct {
		const char *sign;
		char mark;
	} signs[] = { { "年", 'y' }, { "月", 'm' }, { "日", 'd' },
	    { "号", 'd' }, { "大约", '~' }, { "大概", '~' }, { "约", '~' },
	    { "左右", '~' }, { "–", '-' }, { "—", '-' } };

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		size_t n = strlen(signs[i].sign);

		if (strncmp(s, signs[i].sign, n) != 0)
			continue;
		if (signs[i].mark == '~')
			p->about = true;
		else if (p->n > 0)
			p->mark[p->n - 1] = signs[i].mark;
		return n;
	}
	return 0;
}

/* Cut the text into its parts; false if something in it is not known. */
static bool
cut(const char *s, struct parts *p)
{
	size_t n;

	while (*s != '\0') {
		if (strchr(" \t,", *s) != NULL) {
			s++;
		} else if (*s >= '0' && *s <= '9') {
			n = strspn(s, "0123456789");
			if (n > 5 || p->n == 6)
				return false;
			p->num[p->n] = (unsigned)strtoul(s, NULL, 10);
			p->digits[p->n++] = n;
			s += n;
		} else if (strchr("./-", *s) != NULL) {
			if (p->n > 0 && p->mark[p->n - 1] == 0)
				p->mark[p->n - 1] = *s;
			s++;
		} else if (*s == '~') {
			p->about = true;
			s++;
		} else if (*s == '?') {
			p->doubt = true;
			s++;
		} else if ((n = sign(s, p)) > 0) {
			s += n;
		} else {
			n = strcspn(s, " \t,./-~?0123456789");
			if (n == 0 || !word(s, n, p))
				return false;
			s += n;
		}
	}
	return p->n > 0;
}

static bool
is_year(const struct parts *p, size_t i)
{
	return p->digits[i] == 4 && p->num[i] >= 1000;
}

/* Year, month and day from three numbers, or two, or one. */
static enum sq_err
numbers(const struct parts *p, enum sheet_order order, unsigned ymd[3],
    struct why *why)
{
	unsigned a, b;

	memset(ymd, 0, 3 * sizeof(*ymd));
	if (p->n == 1 && is_year(p, 0)) {
		ymd[0] = p->num[0];
		return SQ_OK;
	}
	if (p->n == 2 && (is_year(p, 0) || is_year(p, 1))) {
		ymd[0] = p->num[is_year(p, 0) ? 0 : 1];
		ymd[1] = p->num[is_year(p, 0) ? 1 : 0];
		return SQ_OK;
	}
	if (p->n != 3)
		return SQ_EREFUSED;
	if (is_year(p, 0)) {
		memcpy(ymd, p->num, 3 * sizeof(*ymd));
		return SQ_OK;
	}
	if (!is_year(p, 2))
		return p->digits[2] == 2 || p->digits[0] == 2 ? err_why(why,
		    SQ_EREFUSED, "the year has two digits; write four") :
		    SQ_EREFUSED;
	a = p->num[0];
	b = p->num[1];
	ymd[0] = p->num[2];
	/* with full stops the day comes first wherever these are used */
	if (p->mark[0] == '.' || order == SHEET_DMY || a == b || a > 12)
		ymd[1] = b, ymd[2] = a;
	else if (order == SHEET_MDY || b > 12)
		ymd[1] = a, ymd[2] = b;
	else
		return err_why(why, SQ_EREFUSED, "day and month could be "
		    "either; say which with --dates dmy or --dates mdy");
	return SQ_OK;
}

/* Day, year and a month by its name. */
static enum sq_err
named(const struct parts *p, unsigned ymd[3])
{
	memset(ymd, 0, 3 * sizeof(*ymd));
	ymd[1] = p->month;
	if (p->n == 1 && is_year(p, 0)) {
		ymd[0] = p->num[0];
		return SQ_OK;
	}
	if (p->n != 2 || is_year(p, 0) == is_year(p, 1))
		return SQ_EREFUSED;
	ymd[0] = p->num[is_year(p, 0) ? 0 : 1];
	ymd[2] = p->num[is_year(p, 0) ? 1 : 0];
	return SQ_OK;
}

static void
emit(const struct parts *p, const unsigned ymd[3], char *out, size_t cap)
{
	size_t n;

	(void)snprintf(out, cap, "%04u", ymd[0]);
	n = strlen(out);
	if (ymd[1] > 0)
		(void)snprintf(out + n, cap - n, "-%02u", ymd[1]);
	n = strlen(out);
	if (ymd[2] > 0)
		(void)snprintf(out + n, cap - n, "-%02u", ymd[2]);
	n = strlen(out);
	(void)snprintf(out + n, cap - n, "%s%s", p->about && p->doubt ? "%" :
	    p->about ? "~" : p->doubt ? "?" : "", p->since ? "/.." : "");
}

/* A day counted from the end of 1899, as programs keep it. */
static bool
serial(const char *s, char *out, size_t cap)
{
	static const unsigned len[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30,
	    31, 30, 31 };
	unsigned long d;
	unsigned y = 1900, m = 0, days;

	if (strlen(s) != 5 || s[strspn(s, "0123456789")] != '\0')
		return false;
	d = strtoul(s, NULL, 10);
	if (d < 10000 || d > 73050)
		return false;
	d -= 2;			/* from 1900-01-01, less a day that never was */
	for (;; y++) {
		days = y % 4 == 0 && (y % 100 != 0 || y % 400 == 0) ? 366 :
		    365;
		if (d < days)
			break;
		d -= days;
	}
	for (;; m++) {
		unsigned l = len[m] + (m == 1 && days == 366);

		if (d < l)
			break;
		d -= l;
	}
	(void)snprintf(out, cap, "%04u-%02u-%02lu", y, m + 1, d + 1);
	return true;
}

/* Two years with a dash: from the one to the other. */
static bool
years(const struct parts *p, char *out, size_t cap)
{
	if (p->n != 2 || p->month != 0 || !is_year(p, 0) || !is_year(p, 1) ||
	    p->mark[0] != '-')
		return false;
	(void)snprintf(out, cap, "%04u%s/%04u%s", p->num[0], p->about ? "~" :
	    "", p->num[1], p->about ? "~" : "");
	return true;
}

/* A day with a time of day behind it, as programs write it. */
static bool
timed(const char *s, char *out, size_t cap)
{
	size_t n = strlen(s);

	if (n < 16 || (s[10] != 'T' && s[10] != ' ') || s[13] != ':' ||
	    s[11 + strspn(s + 11, "0123456789:.Z+")] != '\0')
		return false;
	(void)snprintf(out, cap, "%.10s", s);
	return true;
}

/* see sheet.h */
enum sq_err
sheet_date(const char *s, enum sheet_order order, char **ret, struct why *why)
{
	struct bytes_buf folded = { 0 };
	struct parts p = { .n = 0 };
	unsigned ymd[3];
	char *flat = NULL, out[48] = "";
	enum sq_err e = SQ_OK;

	if (text_edtf(s, ret) == SQ_OK)
		return SQ_OK;
	if (why != NULL)
		why->text[0] = '\0';
	s += strspn(s, " \t");
	if (timed(s, out, sizeof(out)) || serial(s, out, sizeof(out)))
		goto out;
	if ((e = text_fold(s, &folded)) != SQ_OK ||
	    (flat = bytes_str(&folded)) == NULL) {
		e = SQ_ENOMEM;
		goto out;
	}
	if (strlen(flat) > 128 || !cut(flat, &p))
		e = SQ_EREFUSED;
	else if (years(&p, out, sizeof(out)))
		goto out;
	else if ((e = p.month != 0 ? named(&p, ymd) : numbers(&p, order, ymd,
	    why)) == SQ_OK)
		emit(&p, ymd, out, sizeof(out));
out:
	free(flat);
	if (e == SQ_OK)
		e = text_edtf(out, ret);
	if (e == SQ_EREFUSED && (why == NULL || why->text[0] == '\0'))
		e = err_why(why, e, "«%.40s» is not a date that is "
		    "understood; write 2018-03-12, 2018-03, 2018 or 2018~",
		    s);
	return e;
}

/* see sheet.h */
bool
sheet_date_either(const char *s, unsigned ret[2])
{
	static const enum sheet_order order[] = { SHEET_ASK, SHEET_DMY,
	    SHEET_MDY };
	char *edtf = NULL;
	bool ok[3] = { false };

	for (size_t i = 0; i < 3 && !ok[0]; i++) {
		ok[i] = sheet_date(s, order[i], &edtf, NULL) == SQ_OK;
		if (i == 1 && ok[i] && sscanf(edtf, "%*4u-%2u-%2u", &ret[1],
		    &ret[0]) != 2)
			ok[i] = false;
		free(edtf);
		edtf = NULL;
	}
	return !ok[0] && ok[1] && ok[2];
}
