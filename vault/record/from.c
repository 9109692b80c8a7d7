/*
 * The three forms of add --from.  Every refusal names the line, so that a
 * file of ten thousand records can be mended.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "crypto/bytes.h"
#include "crypto/secret.h"
#include "vault/record/from.h"

/* What show --json prints beside the fields, and what stands for nothing. */
static const char *const beside[] = {
	"ref", "id", "rev", "entry", "time", "actor", "kind", "reason", "index",
	"title", "newest", "from", NULL
};

/* One file being read. */
struct from {
	const struct model_type *type;
	struct model_inputs in;
	size_t line;
	enum sq_err (*cb)(void *arg, struct model_inputs *in);
	void *arg;
	struct why *why;
};

/* Add a value with CR LF as LF. */
static enum sq_err
add(struct from *f, const char *name, const char *lang, const char *value)
{
	char *copy, *to;
	enum sq_err e;

	if (strchr(value, '\r') == NULL)
		return model_inputs_add(&f->in, name, lang, value);
	if ((copy = strdup(value)) == NULL)
		return SQ_ENOMEM;
	for (to = copy; *value != '\0'; value++)
		if (value[0] != '\r' || value[1] != '\n')
			*to++ = *value;
	*to = '\0';
	e = model_inputs_add(&f->in, name, lang, copy);
	secret_wipe(copy, strlen(copy));
	free(copy);
	return e;
}

/* The field of that name, which must not have a value yet unless a list. */
static enum sq_err
field_of(struct from *f, const char *name, const struct model_field **ret)
{
	const struct model_field *d = model_field(f->type, name);

	if (d == NULL)
		return err_why(f->why, SQ_EREFUSED, "line %zu: %s %s has no "
		    "field «%.64s»; see types %s", f->line,
		    model_article(f->type), f->type->name,
		    name, f->type->name);
	for (size_t i = 0; i < f->in.n && (d->flags & MODEL_LIST) == 0; i++)
		if (strcmp(f->in.v[i].name, d->name) == 0)
			return err_why(f->why, SQ_EREFUSED, "line %zu: %s is "
			    "given twice, but takes one value", f->line, name);
	*ret = d;
	return SQ_OK;
}

/* Hand a record over and begin the next. */
static enum sq_err
hand_over(struct from *f, size_t line)
{
	enum sq_err e = f->cb(f->arg, &f->in);

	model_inputs_free(&f->in);
	return e == SQ_OK ? e : err_more(f->why, e, "record at line %zu",
	    line);
}

/* --- "field: value" ----------------------------------------------------- */

/*
 * One line, cut in place.  "text.ru:" with nothing behind it, of the body
 * field only, is the language of the body.
 */
static enum sq_err
header_line(struct from *f, char *s, const struct model_field *body,
    const char **ret_lang)
{
	const struct model_field *d = NULL;
	char *colon = strchr(s, ':'), *lang, *value, *end;
	enum sq_err e;

	if (colon == NULL || colon == s || strcspn(s, " \t") <
	    (size_t)(colon - s))
		return err_why(f->why, SQ_EREFUSED, "line %zu: is not of the "
		    "form «field: value»; the body begins behind an empty "
		    "line", f->line);
	*colon = '\0';
	value = colon + 1;
	value += strspn(value, " \t");
	for (end = value + strlen(value); end > value &&
	    (end[-1] == ' ' || end[-1] == '\t'); )
		*--end = '\0';
	if ((lang = strchr(s, '.')) != NULL)
		*lang++ = '\0';
	if ((e = field_of(f, s, &d)) != SQ_OK)
		return e;
	if (*value == '\0' && d == body && lang != NULL && *ret_lang == NULL) {
		*ret_lang = lang;
		return SQ_OK;
	}
	if (*value == '\0')
		return err_why(f->why, SQ_EUSAGE, "line %zu: %s: the value is "
		    "empty", f->line, s);
	return add(f, d->name, lang, value);
}

/* What follows the empty line, but its last line end. */
static enum sq_err
body_of(struct from *f, char *s, const struct model_field *body,
    const char *lang)
{
	const struct model_field *d;
	size_t n = strlen(s);
	enum sq_err e;

	if (n > 0 && s[n - 1] == '\n')
		s[n - 1] = '\0';
	if (s[strspn(s, " \t\n")] == '\0')
		return lang == NULL ? SQ_OK : err_why(f->why, SQ_EUSAGE,
		    "line %zu: a language of the body is given, but no body",
		    f->line);
	if (body == NULL)
		return err_why(f->why, SQ_EREFUSED, "line %zu: %s %s has no "
		    "field for a body", f->line, model_article(f->type),
		    f->type->name);
	if ((e = field_of(f, body->name, &d)) != SQ_OK)
		return e;
	return add(f, body->name, lang, s);
}

static enum sq_err
parse_text(struct from *f, char *s)
{
	const struct model_field *body = model_flagged(f->type, MODEL_BODY);
	const char *lang = NULL;
	char *next;
	enum sq_err e;

	for (f->line = 1; *s != '\0'; s = next, f->line++) {
		next = s + strcspn(s, "\n");
		if (*next == '\n')
			*next++ = '\0';
		if (s[strspn(s, " \t")] == '\0') {
			s = next;
			f->line++;
			break;
		}
		if ((e = header_line(f, s, body, &lang)) != SQ_OK)
			return e;
	}
	if ((e = body_of(f, s, body, lang)) != SQ_OK)
		return e;
	if (f->in.n == 0)
		return err_why(f->why, SQ_EUSAGE, "line 1: there is nothing "
		    "in it");
	return hand_over(f, 1);
}

/* --- JSON --------------------------------------------------------------- */

/* One value: a string, or what a string can say as well. */
static enum sq_err
json_scalar(struct from *f, const char *name, const char *lang,
    const json_t *v)
{
	char num[24];

	if (json_is_string(v))
		return add(f, name, lang, json_string_value(v));
	if (json_is_boolean(v))
		return add(f, name, lang, json_is_true(v) ? "true" : "false");
	if (json_is_integer(v)) {
		(void)snprintf(num, sizeof(num), "%" JSON_INTEGER_FORMAT,
		    json_integer_value(v));
		return add(f, name, lang, num);
	}
	return err_why(f->why, SQ_EREFUSED, "record at line %zu: %s: a value "
	    "is a string, an integer, true, false, or {\"value\": …, "
	    "\"lang\": …}", f->line, name);
}

/* {"value": ..., "lang": ...} or a bare value. */
static enum sq_err
json_value(struct from *f, const char *key, const json_t *v)
{
	const struct model_field *d = NULL;
	const json_t *value, *lang;
	char name[64], *dot;
	enum sq_err e;

	if (strlen(key) >= sizeof(name))
		return err_why(f->why, SQ_EREFUSED, "record at line %zu: %s %s "
		    "has no field «%.40s…»", f->line,
		    model_article(f->type), f->type->name, key);
	memcpy(name, key, strlen(key) + 1);
	if ((dot = strchr(name, '.')) != NULL)
		*dot++ = '\0';
	if ((e = field_of(f, name, &d)) != SQ_OK)
		return e;
	if (!json_is_object(v))
		return json_scalar(f, d->name, dot, v);
	value = json_object_get(v, "value");
	lang = json_object_get(v, "lang");
	if (value == NULL || (lang != NULL && !json_is_string(lang)) ||
	    json_object_size(v) != (lang != NULL ? 2u : 1u) ||
	    (lang != NULL && dot != NULL))
		return err_why(f->why, SQ_EREFUSED, "record at line %zu: %s: "
		    "an object here is {\"value\": …, \"lang\": …}", f->line,
		    name);
	return json_scalar(f, d->name, lang == NULL ? dot :
	    json_string_value(lang), value);
}

static enum sq_err
json_fields(struct from *f, json_t *fields)
{
	const char *key;
	json_t *v, *element;
	size_t i;
	enum sq_err e;

	json_object_foreach(fields, key, v) {
		if (!json_is_array(v)) {
			if ((e = json_value(f, key, v)) != SQ_OK)
				return e;
			continue;
		}
		json_array_foreach(v, i, element)
			if ((e = json_value(f, key, element)) != SQ_OK)
				return e;
	}
	return SQ_OK;
}

/* The object of fields: the record itself, or below "fields". */
static enum sq_err
json_find(struct from *f, json_t *record, json_t **ret)
{
	json_t *fields = json_object_get(record, "fields"), *v;
	const char *key;
	size_t i;

	*ret = record;
	if (fields == NULL)
		return SQ_OK;
	if (!json_is_object(fields))
		return err_why(f->why, SQ_EREFUSED, "record at line %zu: "
		    "\"fields\" is not an object", f->line);
	json_object_foreach(record, key, v) {
		if (v == fields)
			continue;
		if (strcmp(key, "type") == 0 && json_is_string(v) &&
		    strcmp(json_string_value(v), f->type->name) == 0)
			continue;
		for (i = 0; beside[i] != NULL; i++)
			if (strcmp(key, beside[i]) == 0)
				break;
		if (beside[i] == NULL)
			return err_why(f->why, SQ_EREFUSED, "record at line "
			    "%zu: «%.64s» does not belong beside \"fields\" "
			    "of a %s", f->line, key, f->type->name);
	}
	*ret = fields;
	return SQ_OK;
}

static enum sq_err
json_record(struct from *f, json_t *record)
{
	json_t *fields;
	enum sq_err e;

	if (!json_is_object(record))
		return err_why(f->why, SQ_EREFUSED, "line %zu: is not a JSON "
		    "object", f->line);
	if ((e = json_find(f, record, &fields)) != SQ_OK)
		return e;
	if ((e = json_fields(f, fields)) != SQ_OK)
		return e;
	if (f->in.n == 0)
		return err_why(f->why, SQ_EUSAGE, "record at line %zu: there "
		    "is nothing in it", f->line);
	return hand_over(f, f->line);
}

static size_t
lines(const char *p, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += p[i] == '\n';
	return count;
}

static enum sq_err
parse_json(struct from *f, const char *p, size_t n)
{
	json_error_t je;
	json_t *record;
	enum sq_err e;
	size_t blank, used;

	for (f->line = 1; ; f->line += lines(p, used), p += used, n -= used) {
		for (blank = 0; blank < n &&
		    strchr(" \t\r\n", p[blank]) != NULL; )
			blank++;
		f->line += lines(p, blank);
		p += blank;
		n -= blank;
		if (n == 0)
			return SQ_OK;
		record = json_loadb(p, n, JSON_REJECT_DUPLICATES |
		    JSON_DISABLE_EOF_CHECK, &je);
		if (record == NULL)
			return err_why(f->why, SQ_EREFUSED, "line %zu: not "
			    "JSON as it should be: %s", f->line +
			    (je.line > 0 ? (size_t)je.line - 1 : 0), je.text);
		e = json_record(f, record);
		json_decref(record);
		if (e != SQ_OK)
			return e;
		used = (size_t)je.position;
	}
}

/* see from.h */
enum sq_err
from_parse(const struct model_type *type, const char *p, size_t n,
    enum sq_err (*cb)(void *arg, struct model_inputs *in), void *arg,
    struct why *why)
{
	struct from f = { .type = type, .cb = cb, .arg = arg, .why = why };
	struct bytes_buf b = { 0 };
	size_t blank, from, i, len = 0;
	char *text = NULL;
	enum sq_err e;

	if (!bytes_utf8(p, n))
		return err_why(why, SQ_EREFUSED, "the file is not UTF-8 text");
	if (n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) {
		p += 3;
		n -= 3;
	}
	for (blank = 0; blank < n && strchr(" \t\r\n", p[blank]) != NULL; )
		blank++;
	if (blank == n)
		return err_why(why, SQ_EUSAGE, "line 1: there is nothing in "
		    "it");
	if (p[blank] == '{') {
		e = parse_json(&f, p, n);
		goto out;
	}
	for (from = i = 0; i < n; i++)
		if (p[i] == '\r' && i + 1 < n && p[i + 1] == '\n') {
			bytes_put(&b, p + from, i - from);
			from = i + 1;
		}
	bytes_put(&b, p + from, n - from);
	len = b.len;
	if ((text = bytes_str(&b)) == NULL)
		return SQ_ENOMEM;
	e = parse_text(&f, text);
out:
	if (text != NULL)
		secret_wipe(text, len);
	free(text);
	model_inputs_free(&f.in);
	return e;
}
