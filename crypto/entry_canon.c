#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "crypto/entry_int.h"

/*
 * Any JSON in, canonical form out.  jansson only parses: its escapes, its key
 * order and its integers are not those of RFC 8785.
 */

static enum sq_err put_value(struct bytes_buf *, const json_t *, unsigned);

/* True if a number is written as minus zero, which an integer cannot keep. */
static bool
minus_zero(const char *p, size_t n)
{
	bool in = false;

	for (size_t i = 0; i < n; i++) {
		if (in && p[i] == '\\')
			i++;
		else if (p[i] == '"')
			in = !in;
		else if (!in && p[i] == '-' && i + 1 < n && p[i + 1] == '0')
			return true;
	}
	return false;
}

static bool
key_ok(const char *key)
{
	return key[0] != '\0' && strspn(key,
	    "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(key);
}

static int
cmp_key(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Write the members of o in the order of their keys. */
static enum sq_err
put_object(struct bytes_buf *out, const json_t *o, unsigned depth)
{
	size_t n = json_object_size(o), i = 0;
	const char **keys = calloc(n + 1, sizeof(*keys));
	enum sq_err e = SQ_OK;
	void *it;

	if (keys == NULL)
		return SQ_ENOMEM;
	/* jansson wants it mutable to iterate, and changes nothing */
	for (it = json_object_iter((json_t *)(uintptr_t)o); it != NULL;
	    it = json_object_iter_next((json_t *)(uintptr_t)o, it))
		keys[i++] = json_object_iter_key(it);
	qsort(keys, n, sizeof(*keys), cmp_key);
	bytes_put_u8(out, '{');
	for (i = 0; e == SQ_OK && i < n; i++) {
		if (!key_ok(keys[i])) {
			e = SQ_EFORMAT;
			break;
		}
		bytes_puts(out, i > 0 ? ",\"" : "\"");
		bytes_puts(out, keys[i]);
		bytes_puts(out, "\":");
		e = put_value(out, json_object_get(o, keys[i]), depth);
	}
	bytes_put_u8(out, '}');
	free(keys);
	return e;
}

static enum sq_err
put_array(struct bytes_buf *out, const json_t *a, unsigned depth)
{
	enum sq_err e = SQ_OK;

	bytes_put_u8(out, '[');
	for (size_t i = 0; e == SQ_OK && i < json_array_size(a); i++) {
		if (i > 0)
			bytes_put_u8(out, ',');
		e = put_value(out, json_array_get(a, i), depth);
	}
	bytes_put_u8(out, ']');
	return e;
}

static enum sq_err
put_integer(struct bytes_buf *out, json_int_t v)
{
	if (v > ENTRY_INT_MAX || v < -ENTRY_INT_MAX)
		return SQ_EFORMAT;
	bytes_putf(out, "%" JSON_INTEGER_FORMAT, v);
	return SQ_OK;
}

/* Write v, which is inside depth containers. */
static enum sq_err
put_value(struct bytes_buf *out, const json_t *v, unsigned depth)
{
	switch (json_typeof(v)) {
	case JSON_OBJECT:
		return depth < ENTRY_MAX_DEPTH ?
		    put_object(out, v, depth + 1) : SQ_EFORMAT;
	case JSON_ARRAY:
		return depth < ENTRY_MAX_DEPTH ?
		    put_array(out, v, depth + 1) : SQ_EFORMAT;
	case JSON_STRING:
		return entry_put_string(out, json_string_value(v),
		    json_string_length(v));
	case JSON_INTEGER:
		return put_integer(out, json_integer_value(v));
	case JSON_TRUE:
		bytes_puts(out, "true");
		return SQ_OK;
	case JSON_FALSE:
		bytes_puts(out, "false");
		return SQ_OK;
	case JSON_REAL:
	case JSON_NULL:
		return SQ_EFORMAT;
	}
	return SQ_EFORMAT;
}

/* see entry.h */
enum sq_err
entry_canon(const char *json, size_t n, struct bytes_buf *out)
{
	struct bytes_buf b = { 0 };
	enum sq_err e;
	json_t *v;

	if (n > ENTRY_MAX_BYTES)
		return SQ_ELIMIT;
	/* jansson takes a NUL byte for the end of its input */
	if (!bytes_utf8(json, n) || minus_zero(json, n))
		return SQ_EFORMAT;
	v = json_loadb(json, n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY,
	    NULL);
	if (v == NULL)
		return SQ_EFORMAT;
	if ((e = put_value(&b, v, 0)) == SQ_OK &&
	    (e = bytes_done(&b)) == SQ_OK) {
		bytes_put(out, b.p, b.len);
		e = bytes_done(out);
	}
	json_decref(v);
	bytes_free(&b);
	return e;
}
