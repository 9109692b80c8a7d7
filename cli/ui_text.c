#include <stdint.h>
#include <wchar.h>

#include "cli/ui_text.h"

/* The character at p and its length; 0 if the bytes are not UTF-8. */
static size_t
decode(const uint8_t *p, size_t n, uint32_t *ret)
{
	static const uint8_t mask[5] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	size_t len = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	uint32_t c;

	if (p[0] == 0) {
		*ret = 0;
		return 1;
	}
	if (len > n || !bytes_utf8(p, len))
		return 0;
	c = p[0] & mask[len];
	for (size_t i = 1; i < len; i++)
		c = c << 6 | (p[i] & 0x3f);
	*ret = c;
	return len;
}

/* Would it act on the terminal, or on how the text around it is read? */
static bool
hostile(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c <= 0x9f) ||
	    (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/* see ui_text.h */
void
ui_text_escape(const void *text, size_t n, bool lines, struct bytes_buf *out)
{
	const uint8_t *p = text;
	size_t len;
	uint32_t c;

	for (; n > 0; p += len, n -= len) {
		len = decode(p, n, &c);
		if (len > 0 && (!hostile(c) || (lines && c == '\n'))) {
			bytes_put(out, p, len);
			continue;
		}
		if (len == 0)
			len = 1;
		for (size_t i = 0; i < len; i++)
			bytes_putf(out, "\\x%02x", (unsigned)p[i]);
	}
}

/* see ui_text.h */
void
ui_text_json(const void *text, size_t n, struct bytes_buf *out)
{
	const uint8_t *p = text;
	size_t len;
	uint32_t c;

	for (; n > 0; p += len, n -= len) {
		len = decode(p, n, &c);
		if (len > 0 && c >= 0x7f && hostile(c))
			bytes_putf(out, "\\u%04x", (unsigned)c);
		else
			bytes_put(out, p, len > 0 ? len : 1);
		if (len == 0)
			len = 1;
	}
}

/*
 * Columns of one character; what the C library does not know takes one.  A
 * control byte in an escaped text is a mark of the tables, which takes none.
 */
static size_t
columns(uint32_t c)
{
	int w = wcwidth((wchar_t)c);

	return c < 0x20 ? 0 : w < 0 ? 1 : (size_t)w;
}

/* see ui_text.h */
size_t
ui_text_width(const void *text, size_t n)
{
	const uint8_t *p = text;
	size_t len, width = 0;
	uint32_t c;

	for (; n > 0; p += len, n -= len) {
		if ((len = decode(p, n, &c)) > 0)
			width += columns(c);
		else
			len = 1;
	}
	return width;
}

/* see ui_text.h */
size_t
ui_text_cut(const void *text, size_t n, size_t width)
{
	const uint8_t *p = text;
	size_t len, at = 0, used = 0;
	uint32_t c;

	for (; at < n; at += len) {
		if ((len = decode(p + at, n - at, &c)) == 0)
			return at;
		used += columns(c);
		if (used > width)
			return at;
	}
	return at;
}

/* see ui_text.h */
size_t
ui_text_piece(const char *p, size_t n, size_t width)
{
	size_t fits = ui_text_cut(p, n, width), at;
	uint32_t c = 0;

	/* between Chinese characters a line may end */
	if (fits == n || (decode((const uint8_t *)p + fits, n - fits, &c) >
	    0 && columns(c) == 2 && fits > 0))
		return fits;
	for (at = fits; at > 0; at--)
		if (p[at - 1] == ' ' || p[at - 1] == ',')
			return at;
	return fits > 0 ? fits : n;
}

/* A letter of a script that runs from right to left? */
static bool
right_to_left(uint32_t c)
{
	return (c >= 0x0590 && c <= 0x08ff) || (c >= 0xfb1d && c <= 0xfdff) ||
	    (c >= 0xfe70 && c <= 0xfefc) || (c >= 0x10800 && c <= 0x10fff) ||
	    (c >= 0x1e800 && c <= 0x1efff);
}

/* see ui_text.h */
void
ui_text_isolate(const void *text, size_t n, struct bytes_buf *out)
{
	const uint8_t *p = text;
	size_t len;
	uint32_t c = 0;

	for (size_t at = 0; at < n && !right_to_left(c); at += len)
		if ((len = decode(p + at, n - at, &c)) == 0)
			len = 1;
	if (right_to_left(c))
		bytes_puts(out, "\xe2\x81\xa8");
	bytes_put(out, text, n);
	if (right_to_left(c))
		bytes_puts(out, "\xe2\x81\xa9");
}
