#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "crypto/bytes.h"
#include "vault/record/model_vocab.h"
#include "vault/record/query.h"
#include "vault/record/text.h"

static const struct {
	const char *name;
	enum query_key key;
} keys[] = {
	{ "type:", QUERY_TYPE }, { "place:", QUERY_PLACE },
	{ "date:", QUERY_DATE }, { "tier:", QUERY_TIER },
	{ "consent:", QUERY_CONSENT }
};

static bool
space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* --- one filter --------------------------------------------------------- */

/* One end of a range: a date, or nothing for an open one. */
static bool
range_end(const char *s, size_t n, bool last, unsigned *ret)
{
	char part[65], *edtf = NULL;
	unsigned a, b;
	bool ok;

	*ret = last ? 99999999 : 0;
	if (n == 0)
		return true;
	if (n >= sizeof(part))
		return false;
	memcpy(part, s, n);
	part[n] = '\0';
	if (text_edtf(part, &edtf) != SQ_OK)
		return false;
	ok = text_edtf_span(edtf, &a, &b);
	*ret = last ? b : a;
	free(edtf);
	return ok;
}

/* 2017, 2017-10, 2017..2018, 2017.., 2017/2018 and so on. */
static bool
range(const char *s, unsigned *first, unsigned *last)
{
	const char *dots = strstr(s, "..");
	size_t n = strlen(s);

	if (n == 0 || strcmp(s, "..") == 0)
		return false;
	if (dots == NULL || memchr(s, '/', n) != NULL)
		return range_end(s, n, false, first) &&
		    range_end(s, n, true, last);
	return range_end(s, (size_t)(dots - s), false, first) &&
	    range_end(dots + 2, strlen(dots + 2), true, last) &&
	    *first <= *last;
}

static int
tier_of(const char *s)
{
	static const char *const name[] = { "public", "team", "recipient",
	    "identity", "contact" };

	for (int i = 0; i < 5; i++)
		if (strcasecmp(s, name[i]) == 0 || (s[0] == '0' + i &&
		    s[1] == '\0'))
			return i;
	return -1;
}

/* consent: none, a scope, or scope=decision. */
static enum sq_err
consent_of(struct query_filter *f, struct why *why)
{
	char *eq = strchr(f->value, '=');
	const struct model_type *t = model_type("consent");
	const struct model_term *term;

	if (strcasecmp(f->value, "none") == 0)
		return SQ_OK;
	if (eq != NULL) {
		*eq = '\0';
		term = model_term(model_field(t, "decision")->vocab, eq + 1);
		if (term == NULL)
			return err_why(why, SQ_EUSAGE, "consent:%s=%s: a "
			    "decision is yes, no, conditions, ask or "
			    "withdrawn", f->value, eq + 1);
		if ((f->decision = strdup(term->term)) == NULL)
			return SQ_ENOMEM;
	}
	if ((term = model_term(model_field(t, "scope")->vocab, f->value)) ==
	    NULL)
		return err_why(why, SQ_EUSAGE, "consent:%s is neither «none» "
		    "nor a scope; see: sandyq types consent", f->value);
	free(f->value);
	f->value = strdup(term->term);
	return f->value == NULL ? SQ_ENOMEM : SQ_OK;
}

/* Understand the value of a filter. */
static enum sq_err
understand(struct query_filter *f, struct why *why)
{
	if (f->value[0] == '\0')
		return err_why(why, SQ_EUSAGE, "%s needs a value right behind "
		    "the colon", keys[f->key].name);
	switch (f->key) {
	case QUERY_TYPE:
		if ((f->type = model_type(f->value)) == NULL)
			return err_why(why, SQ_EUSAGE, "there is no type "
			    "«%s»; see: sandyq types", f->value);
		return SQ_OK;
	case QUERY_DATE:
		if (!range(f->value, &f->first, &f->last))
			return err_why(why, SQ_EUSAGE, "date:%s is not a "
			    "date or range; write 2017, 2017-10, "
			    "2017-10-03, 2017..2018 or 2017..", f->value);
		return SQ_OK;
	case QUERY_TIER:
		if ((f->tier = tier_of(f->value)) < 0)
			return err_why(why, SQ_EUSAGE, "tier:%s is not a "
			    "tier; there are public, team, recipient, "
			    "identity and contact, or 0 to 4", f->value);
		return SQ_OK;
	case QUERY_CONSENT:
		return consent_of(f, why);
	case QUERY_PLACE:
		return SQ_OK;
	}
	return SQ_EINTERNAL;
}

static enum sq_err
filter_add(struct query *q, enum query_key key, const char *s, size_t n,
    struct why *why)
{
	struct query_filter *f = &q->v[q->n];

	if (q->n == QUERY_FILTERS)
		return err_why(why, SQ_EUSAGE, "a search takes at most %d "
		    "filters", QUERY_FILTERS);
	*f = (struct query_filter){ .key = key, .value = strndup(s, n) };
	if (f->value == NULL)
		return SQ_ENOMEM;
	q->n++;
	return understand(f, why);
}

/* --- the whole ---------------------------------------------------------- */

/* A range of years or dates on its own is a filter: 2017..2018. */
static bool
bare_range(const char *s, size_t n)
{
	char part[65];
	unsigned a, b;

	if (n < 6 || n >= sizeof(part) ||
	    strspn(s, "0123456789-.~?%X") < n)
		return false;
	memcpy(part, s, n);
	part[n] = '\0';
	return strstr(part, "..") != NULL && range(part, &a, &b);
}

/* A filter at ${s}?  Its length, or 0; with ${e}, what is wrong with it. */
static size_t
filter_at(struct query *q, const char *s, enum sq_err *e, struct why *why)
{
	size_t n = strcspn(s, " \t\n\v\f\r\""), len, at;

	if (bare_range(s, n)) {
		*e = filter_add(q, QUERY_DATE, s, n, why);
		return n;
	}
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		at = strlen(keys[i].name);
		if (strncasecmp(s, keys[i].name, at) != 0)
			continue;
		if (s[at] == '"') {
			len = strcspn(s + at + 1, "\"");
			*e = filter_add(q, keys[i].key, s + at + 1, len, why);
			return at + 1 + len + (s[at + 1 + len] == '"');
		}
		*e = filter_add(q, keys[i].key, s + at, n - at, why);
		return n;
	}
	return 0;
}

/* see query.h */
enum sq_err
query_read(const char *s, struct query *ret, struct why *why)
{
	struct bytes_buf words = { 0 };
	enum sq_err e = SQ_OK;
	size_t n, quoted;

	memset(ret, 0, sizeof(*ret));
	while (*s != '\0' && e == SQ_OK) {
		if (space(*s)) {
			s++;
			continue;
		}
		if ((n = filter_at(ret, s, &e, why)) == 0) {
			quoted = *s == '"';
			n = quoted ? 1 + strcspn(s + 1, "\"") : strcspn(s,
			    " \t\n\v\f\r\"");
			n += quoted && s[n] == '"';
			bytes_puts(&words, ret->any ? " " : "");
			bytes_put(&words, s, n);
			ret->any = true;
		}
		s += n;
	}
	ret->words = bytes_str(&words);
	return e == SQ_OK && ret->words == NULL ? SQ_ENOMEM : e;
}

/* see query.h */
void
query_free(struct query *q)
{
	if (q->words != NULL)
		secret_wipe(q->words, strlen(q->words));
	free(q->words);
	for (size_t i = 0; i < q->n; i++) {
		if (q->v[i].value != NULL)
			secret_wipe(q->v[i].value, strlen(q->v[i].value));
		free(q->v[i].value);
		free(q->v[i].decision);
	}
	memset(q, 0, sizeof(*q));
}
