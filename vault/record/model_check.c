/*
 * What a user hands in, checked against the table, and records as values.  A
 * refusal names the field, the value and what is allowed; values are shown cut
 * to what fits a sentence.  Text that is evidence is never changed: only bytes
 * that no text has are refused.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "crypto/age.h"
#include "crypto/bytes.h"
#include "crypto/secret.h"
#include "vault/record/model.h"
#include "vault/record/model_point.h"
#include "vault/record/text.h"

#define INT_MAX_JSON 9007199254740991LL	/* 2^53 - 1, FORMAT.md section 8 */
#define SHOWN 64			/* bytes of a value in a sentence */

/* The value as a sentence shows it: whole characters, cut with an ellipsis. */
static const char *
shown(const char *s, char out[SHOWN + 4])
{
	size_t n = strlen(s);

	if (n > SHOWN) {
		for (n = SHOWN; n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80; )
			n--;
		memcpy(out, s, n);
		memcpy(out + n, "…", sizeof("…"));
		return out;
	}
	memcpy(out, s, n + 1);
	return out;
}

static enum sq_err
give(const char *s, char **ret)
{
	return (*ret = strdup(s)) == NULL ? SQ_ENOMEM : SQ_OK;
}

/* Text and lines: bytes that no text has, by their place. */
static enum sq_err
check_text(const struct model_field *f, const char *s, char **ret,
    struct why *why)
{
	bool lines = f->kind == MODEL_TEXT;

	for (size_t i = 0; s[i] != '\0'; i++) {
		unsigned char c = (unsigned char)s[i];

		if ((c >= 0x20 && c != 0x7f) ||
		    (lines && (c == '\n' || c == '\t')))
			continue;
		if (c == '\n')
			return err_why(why, SQ_EREFUSED, "%s: is one line, but "
			    "has a line break at byte %zu", f->name, i + 1);
		return err_why(why, SQ_EREFUSED, "%s: control character 0x%02x"
		    " at byte %zu; allowed are %s", f->name, c, i + 1, lines ?
		    "text, line breaks and tabs" : "text without control "
		    "characters");
	}
	return give(s, ret);
}

static enum sq_err
check_date(const struct model_field *f, const char *s, char **ret,
    struct why *why)
{
	char v[SHOWN + 4];
	enum sq_err e = text_edtf(s, ret);

	if (e == SQ_EREFUSED)
		return err_why(why, e, "%s: «%s» is not a date; write 2017, "
		    "2017-10, 2017-10-05, 2017-10~ or 2017-10/..", f->name,
		    shown(s, v));
	return e;
}

static enum sq_err
check_int(const struct model_field *f, const char *s, char **ret,
    struct why *why)
{
	size_t zeros = strspn(s, "0"), n = strlen(s);
	char v[SHOWN + 4], canon[24];
	long long i;

	if (strspn(s, "0123456789") != n || n - zeros > 16)
		goto refuse;
	if ((i = strtoll(s, NULL, 10)) > INT_MAX_JSON)
		goto refuse;
	(void)snprintf(canon, sizeof(canon), "%lld", i);
	return give(canon, ret);
refuse:
	return err_why(why, SQ_EREFUSED, "%s: «%s» is not a whole number from "
	    "0 to %lld", f->name, shown(s, v), INT_MAX_JSON);
}

static enum sq_err
check_bool(const struct model_field *f, const char *s, char **ret,
    struct why *why)
{
	char v[SHOWN + 4];

	if (strcasecmp(s, "yes") == 0 || strcasecmp(s, "true") == 0)
		return give("true", ret);
	if (strcasecmp(s, "no") == 0 || strcasecmp(s, "false") == 0)
		return give("false", ret);
	return err_why(why, SQ_EREFUSED, "%s: «%s» is not one of yes, no",
	    f->name, shown(s, v));
}

static enum sq_err
check_term(const struct model_field *f, const char *s, char **ret,
    struct why *why)
{
	const struct model_term *t = model_term(f->vocab, s);
	struct bytes_buf b = { 0 };
	char v[SHOWN + 4], *all;
	enum sq_err e;

	if (t != NULL)
		return give(t->term, ret);
	for (t = f->vocab->term; t->term != NULL; t++) {
		if (b.len > 0)
			bytes_puts(&b, ", ");
		bytes_puts(&b, t->term);
	}
	if ((all = bytes_str(&b)) == NULL)
		return SQ_ENOMEM;
	e = err_why(why, SQ_EREFUSED, "%s: «%s» is not one of %s", f->name,
	    shown(s, v), all);
	free(all);
	return e;
}

/* A reference's form: T-12, or T-12@1f3c of another vault. */
static bool
ref_form(const char *s)
{
	size_t n;

	if (s[0] == '\0' || s[1] != '-' || s[2] < '1' || s[2] > '9')
		return false;
	n = strspn(s + 2, "0123456789");
	if (n > 15)
		return false;
	s += 2 + n;
	return *s == '\0' || (*s == '@' && strlen(s) >= 5 &&
	    strlen(s) <= 8 && strspn(s + 1, "0123456789abcdef") ==
	    strlen(s + 1));
}

static enum sq_err
check_ref(const struct model_field *f, const char *s, char **ret,
    struct why *why)
{
	bool any = strcmp(f->refs, "*") == 0;
	struct bytes_buf b = { 0 };
	char v[SHOWN + 4], *all, prefix;
	enum sq_err e;

	prefix = *s >= 'a' && *s <= 'z' ? (char)(*s - 32) : *s;
	if (prefix != '\0' && ref_form(s) &&
	    (any ? model_type_of(prefix) != NULL :
	    strchr(f->refs, prefix) != NULL)) {
		if ((e = give(s, ret)) == SQ_OK)
			**ret = prefix;
		return e;
	}
	for (const char *p = f->refs; !any && *p != '\0'; p++)
		bytes_putf(&b, "%s%s", b.len == 0 ? "" : p[1] != '\0' ? ", " :
		    " or ", model_type_of(*p)->name);
	if ((all = bytes_str(&b)) == NULL)
		return SQ_ENOMEM;
	e = err_why(why, SQ_EREFUSED, "%s: «%s» is not a reference to a %s; "
	    "write one such as %c-1", f->name, shown(s, v),
	    any ? "record" : all, any ? 'T' : f->refs[0]);
	free(all);
	return e;
}

static enum sq_err
check_hash(const struct model_field *f, const char *s, char **ret,
    struct why *why)
{
	char v[SHOWN + 4];
	enum sq_err e;

	if (strlen(s) != 64 || strspn(s, "0123456789abcdefABCDEF") != 64)
		return err_why(why, SQ_EREFUSED, "%s: «%s» is not a SHA-256; "
		    "write 64 hexadecimal digits", f->name, shown(s, v));
	if ((e = give(s, ret)) != SQ_OK)
		return e;
	for (char *p = *ret; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'F')
			*p = (char)(*p + 32);
	return SQ_OK;
}

static enum sq_err
check_age(const struct model_field *f, const char *s, char **ret,
    struct why *why)
{
	char v[SHOWN + 4];
	enum sq_err e;

	if (strcmp(s, "scrypt") == 0)
		return give(s, ret);
	/* a mistake that must not be repeated on the screen */
	if (strncasecmp(s, "AGE-SECRET-KEY-", 15) == 0)
		return err_why(why, SQ_EREFUSED, "%s: this is a secret key, "
		    "which belongs to its owner alone; give its public half, "
		    "age1 and 58 characters", f->name);
	e = age_recipient_check(s);
	if (e == SQ_OK)
		return give(s, ret);
	if (e == SQ_EUNSUPPORTED)
		return err_why(why, SQ_EREFUSED, "%s: «%s» is a kind of age "
		    "recipient not supported by this build; use age1 and 58 "
		    "characters", f->name, shown(s, v));
	return err_why(why, SQ_EREFUSED, "%s: «%s» is not an age recipient; "
	    "write age1 and 58 characters, or scrypt", f->name, shown(s, v));
}

static enum sq_err
check_point(const struct model_field *f, const char *s, char **ret,
    struct why *why)
{
	char v[SHOWN + 4], point[MODEL_POINT_MAX];

	if (model_point_parse(s, point) == SQ_OK)
		return give(point, ret);
	return err_why(why, SQ_EREFUSED, "%s: «%s» are not coordinates; write "
	    "latitude and longitude in degrees, such as 43.9168,81.3241",
	    f->name, shown(s, v));
}

/* Canonical base64. */
static enum sq_err
check_bytes(const struct model_field *f, const char *s, char **ret,
    struct why *why)
{
	size_t n = strlen(s), got;
	uint8_t *raw = malloc(n);
	enum sq_err e;

	if (raw == NULL)
		return SQ_ENOMEM;
	e = bytes_unb64(raw, n, s, n, true, &got);
	free(raw);
	if (e != SQ_OK)
		return err_why(why, SQ_EREFUSED, "%s: this is not base64",
		    f->name);
	return give(s, ret);
}

/* By kind; languages of text have been dealt with. */
static enum sq_err
check_kind(const struct model_field *f, const char *s, char **ret,
    struct why *why)
{
	char v[SHOWN + 4], lang[MODEL_LANG_MAX];

	switch (f->kind) {
	case MODEL_TEXT:
	case MODEL_LINE:
		return check_text(f, s, ret, why);
	case MODEL_DATE:
		return check_date(f, s, ret, why);
	case MODEL_TIME:
		if (text_time(s) == SQ_OK)
			return give(s, ret);
		return err_why(why, SQ_EREFUSED, "%s: «%s» is not a time; "
		    "write 2017-10-05T14:30:00Z or 2017-10-05T14:30:00+06:00",
		    f->name, shown(s, v));
	case MODEL_INT:
		return check_int(f, s, ret, why);
	case MODEL_BOOL:
		return check_bool(f, s, ret, why);
	case MODEL_TERM:
		return check_term(f, s, ret, why);
	case MODEL_REF:
		return check_ref(f, s, ret, why);
	case MODEL_LANG:
		if (text_lang(s, lang) == SQ_OK)
			return give(lang, ret);
		return err_why(why, SQ_EREFUSED, "%s: «%s» is not a language "
		    "tag; write kk-Cyrl, kk-Latn, kk-Arab, ug-Arab, zh-Hans, "
		    "ru or en", f->name, shown(s, v));
	case MODEL_HASH:
		return check_hash(f, s, ret, why);
	case MODEL_AGE:
		return check_age(f, s, ret, why);
	case MODEL_POINT:
		return check_point(f, s, ret, why);
	case MODEL_BYTES:
		return check_bytes(f, s, ret, why);
	}
	return SQ_EINTERNAL;
}

/* see model.h */
enum sq_err
model_check(const struct model_type *type, const struct model_input *in,
    char **ret_value, char ret_lang[MODEL_LANG_MAX], struct why *why)
{
	const struct model_field *f = model_field(type, in->name);
	char v[SHOWN + 4], lang[MODEL_LANG_MAX] = "und", *value = NULL;
	enum sq_err e;

	if (!bytes_utf8(in->name, strlen(in->name)) || f == NULL)
		return err_why(why, SQ_EREFUSED, "%s %s has no field «%s»; see "
		    "types %s", model_article(type), type->name,
		    shown(in->name, v), type->name);
	if (in->value[strspn(in->value, " \t\r\n")] == '\0')
		return err_why(why, SQ_EUSAGE, "%s: the value is empty",
		    f->name);
	if (!bytes_utf8(in->value, strlen(in->value)))
		return err_why(why, SQ_EREFUSED, "%s: the value is not UTF-8 "
		    "text", f->name);
	if (in->lang != NULL && f->kind != MODEL_TEXT)
		return err_why(why, SQ_EREFUSED, "%s: takes no language tag",
		    f->name);
	if (in->lang != NULL && text_lang(in->lang, lang) != SQ_OK)
		return err_why(why, SQ_EREFUSED, "%s: «%s» is not a language "
		    "tag; write %s.kk-Cyrl, %s.zh-Hans or %s.ru", f->name,
		    shown(in->lang, v), f->name, f->name, f->name);
	if ((e = check_kind(f, in->value, &value, why)) != SQ_OK)
		return e;
	*ret_value = value;
	memcpy(ret_lang, lang, MODEL_LANG_MAX);
	return SQ_OK;
}

/* Is this one there if it must be, and what it needs if it is? */
static enum sq_err
field_complete(const struct model_type *type, const struct model_field *f,
    bool (*has)(void *arg, const struct model_field *f), void *arg,
    struct why *why)
{
	const struct model_field *n;

	if ((f->flags & MODEL_REQUIRED) != 0 && !has(arg, f))
		return err_why(why, SQ_EREFUSED, "%s: %s %s needs it (%s)",
		    f->name, model_article(type), type->name, f->label);
	if (f->needs == NULL || !has(arg, f))
		return SQ_OK;
	n = model_field(type, f->needs);
	if (n != NULL && has(arg, n))
		return SQ_OK;
	return err_why(why, SQ_EREFUSED, "%s (%s) needs %s as well (%s)",
	    f->name, f->label, f->needs, n == NULL ? "" : n->label);
}

/* see model.h */
enum sq_err
model_complete(const struct model_type *type,
    bool (*has)(void *arg, const struct model_field *f), void *arg,
    struct why *why)
{
	const struct model_field *f;
	struct bytes_buf b = { 0 };
	bool some = false;
	enum sq_err e;
	char *names;

	for (f = type->field; f->name != NULL; f++) {
		if ((e = field_complete(type, f, has, arg, why)) != SQ_OK) {
			bytes_free(&b);
			return e;
		}
		if ((f->flags & MODEL_ONE_OF) == 0)
			continue;
		some = some || has(arg, f);
		bytes_putf(&b, "%s%s", b.len > 0 ? " or " : "", f->name);
	}
	if (some || b.len == 0) {
		bytes_free(&b);
		return SQ_OK;
	}
	if ((names = bytes_str(&b)) == NULL)
		return SQ_ENOMEM;
	e = err_why(why, SQ_EREFUSED, "%s: %s %s needs one of them", names,
	    model_article(type), type->name);
	free(names);
	return e;
}
