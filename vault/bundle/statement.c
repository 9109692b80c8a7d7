#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "vault/bundle/statement.h"

/*
 * The reader checks each value's form and then that writing the result gives
 * the same bytes: so there is one spelling of each statement, and a value can
 * neither end its line nor begin another.
 */

#define ITEMS_MAX 1000000
#define HEX 64

static const char first[] = "evidence-bundle/v1\n";
static const char closing[] =
    "This statement does not assert that the content is true.\n";

/* --- the form of values ------------------------------------------------- */

/* True if s is n digits of lower-case hexadecimal. */
static bool
is_hex(const char *s, size_t n)
{
	return strlen(s) == n && strspn(s, "0123456789abcdef") == n;
}

/* True if s matches a pattern in which 0 stands for any digit. */
static bool
matches(const char *s, const char *pattern)
{
	for (; *pattern != '\0'; s++, pattern++)
		if (*pattern == '0' ? *s < '0' || *s > '9' : *s != *pattern)
			return false;
	return true;
}

/* True for RFC 3339 with a T, and Z or an offset. */
static bool
is_time(const char *s)
{
	static const char day[] = "0000-00-00T00:00:00";

	if (strlen(s) < sizeof(day) || !matches(s, day))
		return false;
	s += sizeof(day) - 1;
	if (*s == '.') {
		s++;
		if (strspn(s, "0123456789") == 0)
			return false;
		s += strspn(s, "0123456789");
	}
	if (*s == 'Z')
		return s[1] == '\0';
	return (*s == '+' || *s == '-') && strlen(s) == 6 &&
	    matches(s + 1, "00:00");
}

/* True if s is at least one printable ASCII character, no white space. */
static bool
is_word(const char *s)
{
	if (*s == '\0')
		return false;
	for (; *s != '\0'; s++)
		if (*s <= ' ' || *s > '~')
			return false;
	return true;
}

/* As is_word, with single spaces inside allowed. */
static bool
is_words(const char *s)
{
	size_t n = strlen(s);

	if (n == 0 || s[0] == ' ' || s[n - 1] == ' ')
		return false;
	for (; *s != '\0'; s++)
		if (*s < ' ' || *s > '~')
			return false;
	return true;
}

/* True if s begins with head and the rest has n characters of the set. */
static bool
is_tagged(const char *s, const char *head, size_t n, const char *set)
{
	size_t len = strlen(head);

	return strncmp(s, head, len) == 0 && strlen(s) == len + n &&
	    strspn(s + len, set) == n;
}

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"
#define BASE64 UPPER LOWER DIGITS "+/"

/* Check every value; the name of the first bad one goes to *ret. */
static bool
good(const struct statement *st, const char **ret)
{
	const struct {
		const char *key;
		bool ok;
	} v[] = {
		{ "bundle", is_hex(st->bundle, 32) },
		{ "created", is_time(st->created) },
		{ "log", is_hex(st->log, 32) },
		{ "key-note", is_word(st->key_note) },
		{ "key-minisign", is_tagged(st->key_minisign, "", 56,
		    BASE64) },
		{ "key-ssh", is_tagged(st->key_ssh, "SHA256:", 43, BASE64) },
		{ "recipient", strcmp(st->recipient, "-") == 0 ||
		    is_tagged(st->recipient, "age1", 58, LOWER DIGITS) },
		{ "recipient-name", st->recipient_name != NULL &&
		    bytes_utf8(st->recipient_name,
		    strlen(st->recipient_name)) },
		{ "purpose", st->purpose != NULL &&
		    bytes_utf8(st->purpose, strlen(st->purpose)) },
		{ "profile", is_word(st->profile) &&
		    strspn(st->profile, LOWER "-") == strlen(st->profile) },
		{ "items", st->items <= ITEMS_MAX },
		{ "attachments", st->attachments <= ITEMS_MAX },
		{ "bytes", st->bytes <= INT64_MAX },
		{ "log-origin", is_tagged(st->log_origin, "sandyq/", 32,
		    DIGITS "abcdef") &&
		    strcmp(st->log_origin + 7, st->log) == 0 },
		{ "log-size", st->log_size >= 1 &&
		    st->log_size <= INT64_MAX },
		{ "previous-size", !st->has_previous ||
		    (st->previous_size >= 1 &&
		    st->previous_size <= st->log_size) },
		{ "opens", st->opens[0] == '\0' || is_hex(st->opens, 32) },
		{ "program", is_words(st->program) }
	};

	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++)
		if (!v[i].ok) {
			*ret = v[i].key;
			return false;
		}
	return true;
}

/* --- writing ------------------------------------------------------------ */

/* The next code point of valid UTF-8. */
static uint32_t
code_point(const unsigned char **p)
{
	uint32_t c = *(*p)++;
	unsigned more = c < 0x80 ? 0 : c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;

	if (more > 0)
		c &= 0x3Fu >> more;
	while (more-- > 0)
		c = c << 6 | (*(*p)++ & 0x3Fu);
	return c;
}

/* Append s as a JSON string of printable ASCII alone. */
static void
put_ascii_json(struct bytes_buf *out, const char *s)
{
	const unsigned char *p = (const unsigned char *)s;
	uint32_t c;

	bytes_puts(out, "\"");
	while (*p != 0) {
		c = code_point(&p);
		if (c == '"' || c == '\\')
			bytes_putf(out, "\\%c", (char)c);
		else if (c >= ' ' && c <= '~')
			bytes_put_u8(out, (uint8_t)c);
		else if (c < 0x10000)
			bytes_putf(out, "\\u%04" PRIx32, c);
		else
			bytes_putf(out, "\\u%04" PRIx32 "\\u%04" PRIx32,
			    0xD800 + ((c - 0x10000) >> 10),
			    0xDC00 + ((c - 0x10000) & 0x3FF));
	}
	bytes_puts(out, "\"\n");
}

static void
put_hash(struct bytes_buf *out, const uint8_t hash[DIGEST_LEN])
{
	bytes_put_hex(out, hash, DIGEST_LEN);
	bytes_puts(out, "\n");
}

/* see statement.h */
enum sq_err
statement_emit(const struct statement *st, struct bytes_buf *out)
{
	const char *bad;

	if (!good(st, &bad))
		return SQ_EFORMAT;
	bytes_puts(out, first);
	bytes_putf(out, "bundle: %s\ncreated: %s\nlog: %s\n", st->bundle,
	    st->created, st->log);
	bytes_putf(out, "key-note: %s\nkey-minisign: %s\nkey-ssh: %s\n",
	    st->key_note, st->key_minisign, st->key_ssh);
	bytes_putf(out, "recipient: %s\nrecipient-name: ", st->recipient);
	put_ascii_json(out, st->recipient_name);
	bytes_puts(out, "purpose: ");
	put_ascii_json(out, st->purpose);
	bytes_putf(out, "profile: %s\nitems: %" PRIu64 "\nattachments: %"
	    PRIu64 "\nbytes: %" PRIu64 "\n", st->profile, st->items,
	    st->attachments, st->bytes);
	bytes_puts(out, "SHA256 (bag/tagmanifest-sha256.txt) = ");
	put_hash(out, st->tagmanifest);
	bytes_puts(out, "SHA256 (READ-ME-FIRST.txt) = ");
	put_hash(out, st->readme);
	bytes_putf(out, "log-origin: %s\nlog-size: %" PRIu64 "\nlog-root: ",
	    st->log_origin, st->log_size);
	put_hash(out, st->log_root);
	if (st->has_previous) {
		bytes_putf(out, "previous-size: %" PRIu64
		    "\nprevious-root: ", st->previous_size);
		put_hash(out, st->previous_root);
	} else {
		bytes_puts(out, "previous-size: -\nprevious-root: -\n");
	}
	if (st->opens[0] != '\0') {
		bytes_putf(out, "opens: %s\nopens-statement: ", st->opens);
		put_hash(out, st->opens_statement);
	}
	bytes_putf(out, "program: %s\n", st->program);
	bytes_puts(out, closing);
	return bytes_done(out);
}

/* --- reading ------------------------------------------------------------ */

static const char poor[] = "there was no memory";

struct text {
	const char *p;
	size_t left;
	const char *bad;	/* the first line that is not as it must be */
};

/* Read the fixed text s. */
static void
rd_fixed(struct text *t, const char *s, const char *what)
{
	size_t n = strlen(s);

	if (t->bad != NULL)
		return;
	if (t->left < n || memcmp(t->p, s, n) != 0) {
		t->bad = what;
		return;
	}
	t->p += n;
	t->left -= n;
}

/* Read "key" and the value up to LF, which is not in the value. */
static const char *
rd_value(struct text *t, const char *key, size_t *ret_n)
{
	const char *p, *lf;

	rd_fixed(t, key, key);
	if (t->bad != NULL)
		return NULL;
	p = t->p;
	if (t->left == 0 || (lf = memchr(p, '\n', t->left)) == NULL ||
	    memchr(p, '\0', (size_t)(lf - p)) != NULL) {
		t->bad = key;
		return NULL;
	}
	*ret_n = (size_t)(lf - p);
	t->p = lf + 1;
	t->left -= *ret_n + 1;
	return p;
}

static void
rd_string(struct text *t, const char *key, char *out, size_t cap)
{
	size_t n;
	const char *p = rd_value(t, key, &n);

	if (p == NULL)
		return;
	if (n >= cap) {
		t->bad = key;
		return;
	}
	memcpy(out, p, n);
	out[n] = '\0';
}

static void
rd_number(struct text *t, const char *key, uint64_t *ret)
{
	size_t n;
	const char *p = rd_value(t, key, &n);
	uint64_t v = 0;

	if (p == NULL)
		return;
	if (n == 0 || n > 19)
		t->bad = key;
	for (size_t i = 0; i < n && t->bad == NULL; i++) {
		if (p[i] < '0' || p[i] > '9')
			t->bad = key;
		v = 10 * v + (uint64_t)(p[i] - '0');
	}
	*ret = v;
}

static void
rd_hash(struct text *t, const char *key, uint8_t out[DIGEST_LEN])
{
	char hex[HEX + 1];

	memset(hex, 0, sizeof(hex));
	rd_string(t, key, hex, sizeof(hex));
	if (t->bad == NULL && bytes_unhex(out, DIGEST_LEN, hex) != SQ_OK)
		t->bad = key;
}

/* The value of the four hexadecimal digits at p, or -1. */
static int32_t
u_escape(const char *p, const char *end)
{
	uint8_t b[2];
	char hex[5] = "";

	if (end - p < 6 || p[0] != '\\' || p[1] != 'u')
		return -1;
	memcpy(hex, p + 2, 4);
	if (bytes_unhex(b, 2, hex) != SQ_OK)
		return -1;
	return b[0] << 8 | b[1];
}

/* Append a code point as UTF-8. */
static void
put_utf8(struct bytes_buf *out, uint32_t c)
{
	if (c < 0x80) {
		bytes_put_u8(out, (uint8_t)c);
		return;
	}
	if (c < 0x800) {
		bytes_put_u8(out, (uint8_t)(0xC0 | c >> 6));
	} else {
		if (c < 0x10000) {
			bytes_put_u8(out, (uint8_t)(0xE0 | c >> 12));
		} else {
			bytes_put_u8(out, (uint8_t)(0xF0 | c >> 18));
			bytes_put_u8(out, (uint8_t)(0x80 | (c >> 12 & 0x3F)));
		}
		bytes_put_u8(out, (uint8_t)(0x80 | (c >> 6 & 0x3F)));
	}
	bytes_put_u8(out, (uint8_t)(0x80 | (c & 0x3F)));
}

/* Decode one escape at *p; false if it is none.  Canon is checked later. */
static bool
unescape(const char **p, const char *end, struct bytes_buf *out)
{
	int32_t c, low;

	if (end - *p >= 2 && ((*p)[1] == '"' || (*p)[1] == '\\')) {
		bytes_put(out, *p + 1, 1);
		*p += 2;
		return true;
	}
	if ((c = u_escape(*p, end)) <= 0)
		return false;
	*p += 6;
	if (c >= 0xD800 && c < 0xDC00) {
		if ((low = u_escape(*p, end)) < 0xDC00 || low > 0xDFFF)
			return false;
		*p += 6;
		c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
	}
	put_utf8(out, (uint32_t)c);
	return true;
}

static void
rd_json(struct text *t, const char *key, char **ret)
{
	struct bytes_buf b = { 0 };
	const char *p, *end;
	size_t n;

	if ((p = rd_value(t, key, &n)) == NULL)
		return;
	end = p + n;
	if (n < 2 || *p++ != '"' || *--end != '"')
		t->bad = key;
	while (t->bad == NULL && p < end) {
		if (*p != '\\')
			bytes_put(&b, p++, 1);
		else if (!unescape(&p, end, &b))
			t->bad = key;
	}
	if (t->bad == NULL && (*ret = bytes_str(&b)) == NULL)
		t->bad = poor;
	bytes_free(&b);
}

/* Read all lines in their order. */
static void
rd_all(struct text *t, struct statement *st)
{
	rd_fixed(t, first, "evidence-bundle/v1");
	rd_string(t, "bundle: ", st->bundle, sizeof(st->bundle));
	rd_string(t, "created: ", st->created, sizeof(st->created));
	rd_string(t, "log: ", st->log, sizeof(st->log));
	rd_string(t, "key-note: ", st->key_note, sizeof(st->key_note));
	rd_string(t, "key-minisign: ", st->key_minisign,
	    sizeof(st->key_minisign));
	rd_string(t, "key-ssh: ", st->key_ssh, sizeof(st->key_ssh));
	rd_string(t, "recipient: ", st->recipient, sizeof(st->recipient));
	rd_json(t, "recipient-name: ", &st->recipient_name);
	rd_json(t, "purpose: ", &st->purpose);
	rd_string(t, "profile: ", st->profile, sizeof(st->profile));
	rd_number(t, "items: ", &st->items);
	rd_number(t, "attachments: ", &st->attachments);
	rd_number(t, "bytes: ", &st->bytes);
	rd_hash(t, "SHA256 (bag/tagmanifest-sha256.txt) = ", st->tagmanifest);
	rd_hash(t, "SHA256 (READ-ME-FIRST.txt) = ", st->readme);
	rd_string(t, "log-origin: ", st->log_origin, sizeof(st->log_origin));
	rd_number(t, "log-size: ", &st->log_size);
	rd_hash(t, "log-root: ", st->log_root);
	st->has_previous = t->left < 16 ||
	    memcmp(t->p, "previous-size: -", 16) != 0;
	if (st->has_previous) {
		rd_number(t, "previous-size: ", &st->previous_size);
		rd_hash(t, "previous-root: ", st->previous_root);
	} else {
		rd_fixed(t, "previous-size: -\nprevious-root: -\n",
		    "previous-size: ");
	}
	if (t->left >= 7 && memcmp(t->p, "opens: ", 7) == 0) {
		rd_string(t, "opens: ", st->opens, sizeof(st->opens));
		rd_hash(t, "opens-statement: ", st->opens_statement);
	}
	rd_string(t, "program: ", st->program, sizeof(st->program));
	rd_fixed(t, closing, "closing line");
	if (t->bad == NULL && t->left > 0)
		t->bad = "end";
}

/* see statement.h */
enum sq_err
statement_parse(const char *p, size_t n, struct statement *ret,
    struct why *why)
{
	struct text t = { p, n, NULL };
	struct bytes_buf again = { 0 };
	struct statement st;
	enum sq_err e = SQ_OK;

	memset(&st, 0, sizeof(st));
	if (n > STATEMENT_MAX)
		return err_why(why, SQ_ELIMIT, "STATEMENT.txt is too large");
	rd_all(&t, &st);
	if (t.bad == NULL && good(&st, &t.bad) &&
	    (e = statement_emit(&st, &again)) == SQ_OK &&
	    (again.len != n || memcmp(again.p, p, n) != 0))
		t.bad = "spelling";
	if (t.bad == poor)
		e = SQ_ENOMEM;
	else if (e == SQ_OK && t.bad != NULL)
		e = err_why(why, SQ_EFORMAT, "STATEMENT.txt is not of the "
		    "form it must have, at \"%.*s\"",
		    (int)strcspn(t.bad, ":"), t.bad);
	if (e == SQ_OK) {
		*ret = st;
		memset(&st, 0, sizeof(st));	/* transferred */
	}
	bytes_free(&again);
	statement_free(&st);
	return e;
}

/* see statement.h */
void
statement_free(struct statement *st)
{
	free(st->recipient_name);
	free(st->purpose);
	memset(st, 0, sizeof(*st));
}
