#include <stdlib.h>
#include <string.h>

#include "crypto/entry_int.h"
#include "crypto/secret.h"

/*
 * Canonical values: writing strings, recognising a canonical value without
 * building a tree, and reading values back.  A string of RFC 8785 has exactly
 * one spelling: the two-letter escapes where there is one, \u00xx in lower case
 * for the other control characters, everything else as it is.
 */

static const char short_escape[] = "\"\"\\\\\bb\ff\nn\rr\tt";

/* The letter after the backslash that stands for c, or 0. */
static char
escape_of(char c)
{
	for (const char *p = short_escape; *p != '\0'; p += 2)
		if (p[0] == c)
			return p[1];
	return '\0';
}

/* The character that the letter after a backslash stands for, or 0. */
static char
unescape_of(char c)
{
	for (const char *p = short_escape; *p != '\0'; p += 2)
		if (p[1] == c)
			return p[0];
	return '\0';
}

/* see entry.h */
enum sq_err
entry_put_string(struct bytes_buf *out, const char *s, size_t n)
{
	size_t from = 0;
	char esc;

	if (!bytes_utf8(s, n))
		return SQ_EFORMAT;
	bytes_put_u8(out, '"');
	for (size_t i = 0; i < n; i++) {
		if ((unsigned char)s[i] >= 0x20 && s[i] != '"' &&
		    s[i] != '\\')
			continue;
		bytes_put(out, s + from, i - from);
		from = i + 1;
		if ((esc = escape_of(s[i])) != '\0')
			bytes_put(out, (char[]){ '\\', esc }, 2);
		else
			bytes_putf(out, "\\u%04x", (unsigned char)s[i]);
	}
	bytes_put(out, s + from, n - from);
	bytes_put_u8(out, '"');
	return bytes_done(out);
}

/* A lower-case hexadecimal digit's value, or -1. */
static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/*
 * The control character written as \u00xx at p (which points at the u), or 0
 * if this is not its canonical spelling.
 */
static char
long_escape(const char *p, size_t n)
{
	int hi, lo;

	if (n < 5 || memcmp(p, "u00", 3) != 0)
		return '\0';
	hi = hex_digit(p[3]);
	lo = hex_digit(p[4]);
	if (hi < 0 || hi > 1 || lo < 0 || escape_of((char)(16 * hi + lo)) != 0)
		return '\0';
	return (char)(16 * hi + lo);
}

#define EACH(b) (UINT64_C(0x0101010101010101) * (b))

/* Is there a quote, a backslash or a control byte among these eight? */
static inline bool
special(const char *p)
{
	uint64_t x, q, b, c;

	memcpy(&x, p, sizeof(x));
	q = x ^ EACH('"');
	b = x ^ EACH('\\');
	/* a byte that is zero, or below 0x20, borrows into its high bit */
	q = (q - EACH(1)) & ~q;
	b = (b - EACH(1)) & ~b;
	c = (x - EACH(0x20)) & ~x;
	return ((q | b | c) & EACH(0x80)) != 0;
}

/* Length of the canonical string at p, quotes included, or 0. */
static size_t
span_string(const char *p, size_t n)
{
	size_t i;

	if (n == 0 || p[0] != '"')
		return 0;
	for (i = 1; i < n && p[i] != '"'; i++) {
		if (n - i > 8 && !special(p + i)) {
			i += 7;
			continue;
		}
		if ((unsigned char)p[i] < 0x20)
			return 0;
		if (p[i] != '\\')
			continue;
		if (++i < n && unescape_of(p[i]) != '\0')
			continue;
		if (i >= n || long_escape(p + i, n - i) == '\0')
			return 0;
		i += 4;
	}
	return i < n ? i + 1 : 0;
}

/* Length of the canonical integer at p, or 0. */
static size_t
span_int(const char *p, size_t n)
{
	size_t i = n > 0 && p[0] == '-', from = i;
	int64_t v = 0;

	for (; i < n && p[i] >= '0' && p[i] <= '9'; i++)
		if ((v = 10 * v + (p[i] - '0')) > ENTRY_INT_MAX)
			return 0;
	/* no leading zero, no minus zero, no fraction or exponent */
	if (i == from || (p[from] == '0' && (i > from + 1 || from > 0)) ||
	    (i < n && (p[i] == '.' || p[i] == 'e' || p[i] == 'E')))
		return 0;
	return i;
}

/* Length of the key at p, quotes included, or 0: [a-z0-9_]+ */
static size_t
span_key(const char *p, size_t n)
{
	size_t i = 1;

	if (n == 0 || p[0] != '"')
		return 0;
	while (i < n && ((p[i] >= 'a' && p[i] <= 'z') || p[i] == '_' ||
	    (p[i] >= '0' && p[i] <= '9')))
		i++;
	return i > 1 && i < n && p[i] == '"' ? i + 1 : 0;
}

static size_t span_value(const char *, size_t, unsigned);

/* Length of the array at p, or 0. */
static size_t
span_array(const char *p, size_t n, unsigned depth)
{
	size_t i = 1, len;

	if (n > 1 && p[1] == ']')
		return 2;
	for (;;) {
		if ((len = span_value(p + i, n - i, depth)) == 0)
			return 0;
		i += len;
		if (i >= n || (p[i] != ',' && p[i] != ']'))
			return 0;
		if (p[i++] == ']')
			return i;
	}
}

/* As strcmp, of two keys of the given lengths, closing quote excluded. */
static int
key_cmp(const char *a, size_t na, const char *b, size_t nb)
{
	int c = memcmp(a, b, na < nb ? na : nb);

	return c != 0 ? c : (na > nb) - (na < nb);
}

/* Length of the object at p with strictly ascending keys, or 0. */
static size_t
span_object(const char *p, size_t n, unsigned depth)
{
	const char *last = NULL;
	size_t i = 1, len, nlast = 0;

	if (n > 1 && p[1] == '}')
		return 2;
	for (;;) {
		if ((len = span_key(p + i, n - i)) == 0 || (last != NULL &&
		    key_cmp(last, nlast, p + i + 1, len - 2) >= 0))
			return 0;
		last = p + i + 1;
		nlast = len - 2;
		i += len;
		if (i >= n || p[i++] != ':' ||
		    (len = span_value(p + i, n - i, depth)) == 0)
			return 0;
		i += len;
		if (i >= n || (p[i] != ',' && p[i] != '}'))
			return 0;
		if (p[i++] == '}')
			return i;
	}
}

/* Length of the canonical value at p inside depth containers, or 0. */
static size_t
span_value(const char *p, size_t n, unsigned depth)
{
	if (n == 0)
		return 0;
	switch (p[0]) {
	case '"':
		return span_string(p, n);
	case '[':
		return depth < ENTRY_MAX_DEPTH ?
		    span_array(p, n, depth + 1) : 0;
	case '{':
		return depth < ENTRY_MAX_DEPTH ?
		    span_object(p, n, depth + 1) : 0;
	case 't':
		return n >= 4 && memcmp(p, "true", 4) == 0 ? 4 : 0;
	case 'f':
		return n >= 5 && memcmp(p, "false", 5) == 0 ? 5 : 0;
	default:
		return span_int(p, n);
	}
}

/* see entry_int.h */
size_t
entry_int_span(const char *p, size_t n)
{
	return span_value(p, n, 0);
}

/* see entry_int.h */
bool
entry_int_canonical(const char *p, size_t n)
{
	return n > 0 && span_value(p, n, 0) == n && bytes_utf8(p, n);
}

/* Decode the canonical string of n bytes (quotes included) at p. */
static char *
decode(const char *p, size_t n)
{
	char *s = malloc(n);
	size_t len = 0;

	if (s == NULL)
		err_no_memory();	/* NULL is: it is not there */
	for (size_t i = 1; i < n - 1; i++) {
		if (p[i] != '\\') {
			s[len++] = p[i];
		} else if (p[++i] == 'u') {
			s[len++] = long_escape(p + i, n - i);
			i += 4;
		} else {
			s[len++] = unescape_of(p[i]);
		}
	}
	s[len] = '\0';
	return s;
}

/*
 * Find the two strings of a text value inside it.  True if it is one.
 */
static bool
text_parts(const struct entry_field *f, const char **lang, size_t *nlang,
    const char **text, size_t *ntext)
{
	static const char open[] = "{\"lang\":", mid[] = ",\"text\":";
	const char *p, *end;

	if (f == NULL || f->form != ENTRY_OPEN)
		return false;
	p = f->value;
	end = p + f->value_len;
	if (strncmp(p, open, sizeof(open) - 1) != 0)
		return false;
	p += sizeof(open) - 1;
	if ((*nlang = span_string(p, (size_t)(end - p))) == 0)
		return false;
	*lang = p;
	p += *nlang;
	if (strncmp(p, mid, sizeof(mid) - 1) != 0)
		return false;
	p += sizeof(mid) - 1;
	if ((*ntext = span_string(p, (size_t)(end - p))) == 0)
		return false;
	*text = p;
	p += *ntext;
	return end - p == 1 && *p == '}';
}

/* see entry.h */
bool
entry_text(const struct entry_field *f, char **ret_lang, char **ret_text)
{
	const char *lang, *text;
	size_t nlang, ntext;

	if (!text_parts(f, &lang, &nlang, &text, &ntext))
		return false;
	if (ret_lang != NULL)
		*ret_lang = decode(lang, nlang);
	if (ret_text != NULL)
		*ret_text = decode(text, ntext);
	return true;
}

/* see entry.h */
char *
entry_value_str(const struct entry_field *f)
{
	char *s = NULL;

	if (f == NULL || f->form != ENTRY_OPEN)
		return NULL;
	if (f->value[0] == '"')
		return decode(f->value, f->value_len);
	return entry_text(f, NULL, &s) ? s : NULL;
}

/* see entry.h */
char *
entry_str(const struct entry *en, const char *name)
{
	return entry_value_str(entry_find(en, name));
}

/* see entry.h */
bool
entry_value_int(const struct entry_field *f, int64_t *ret_v)
{
	if (f == NULL || f->form != ENTRY_OPEN ||
	    span_int(f->value, f->value_len) != f->value_len)
		return false;
	*ret_v = strtoll(f->value, NULL, 10);
	return true;
}

/* see entry.h */
bool
entry_value_bool(const struct entry_field *f, bool *ret_v)
{
	if (f == NULL || f->form != ENTRY_OPEN ||
	    (f->value[0] != 't' && f->value[0] != 'f'))
		return false;
	*ret_v = f->value[0] == 't';
	return true;
}

/* How many elements the canonical array of strings at p has, or -1. */
static int
count_strs(const char *p, size_t n)
{
	size_t i = 1, len;
	int count = 0;

	if (p[0] != '[')
		return -1;
	while (i < n && p[i] != ']') {
		if ((len = span_string(p + i, n - i)) == 0)
			return -1;
		i += len;
		if (p[i] == ',')
			i++;
		count++;
	}
	return count;
}

/* see entry.h */
enum sq_err
entry_value_strs(const struct entry_field *f, char ***ret_list, size_t *ret_n)
{
	char **list = NULL;
	const char *p;
	size_t n, len;
	int count;

	if (f == NULL || f->form != ENTRY_OPEN)
		return SQ_ENOENT;
	if ((count = count_strs(f->value, f->value_len)) < 0)
		return SQ_EFORMAT;
	if (count > 0 &&
	    (list = calloc((size_t)count, sizeof(*list))) == NULL)
		return SQ_ENOMEM;
	p = f->value + 1;
	for (n = 0; n < (size_t)count; n++) {
		len = span_string(p,
		    f->value_len - (size_t)(p - f->value));
		list[n] = decode(p, len);
		p += len + 1;
	}
	*ret_list = list;
	*ret_n = n;
	return SQ_OK;
}

/* see entry.h */
void
entry_free_strs(char **list, size_t n)
{
	for (size_t i = 0; list != NULL && i < n; i++) {
		if (list[i] != NULL)
			secret_wipe(list[i], strlen(list[i]));
		free(list[i]);
	}
	free(list);
}
