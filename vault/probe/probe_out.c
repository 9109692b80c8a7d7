/*
 * Lines on descriptor 1, each written whole and at once, so that what was
 * learned stands even if the next library dies of the file.
 */
#include <string.h>
#include <unistd.h>

#include "vault/probe/probe_int.h"

static const char *const keys[] = {
	"mime", "created", "duration", "gps", "device", "width", "height"
};
static bool said[sizeof(keys) / sizeof(keys[0])];

/* see probe_int.h */
size_t
probe_out_utf8(const uint8_t *p, size_t n)
{
	static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t len, i;
	uint32_t c;

	if (p[0] < 0x80)
		return 1;
	len = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
	if (p[0] < 0xc2 || p[0] > 0xf4 || len > n)
		return 0;
	c = p[0] & (0x7fU >> len);
	for (i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	return len;
}

/* True if the character at ${p} may stand as it is. */
static bool
plain(const uint8_t *p, size_t len)
{
	if (len == 1)
		return p[0] >= 0x20 && p[0] != 0x7f && p[0] != '\\';
	/* U+0080 to U+009F are control characters too */
	return len > 1 && !(p[0] == 0xc2 && p[1] < 0xa0);
}

/* Append ${p} in its written form while there is room; the length. */
static size_t
escape(uint8_t *out, size_t max, const uint8_t *p, size_t n)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t i, j, len, at = 0;

	for (i = 0; i < n; i += len) {
		len = probe_out_utf8(p + i, n - i);
		if (plain(p + i, len)) {
			if (at + len > max)
				break;
			memcpy(out + at, p + i, len);
			at += len;
			continue;
		}
		if (len == 0)
			len = 1;
		if (at + 4 * len > max)
			break;
		for (j = 0; j < len; j++) {
			out[at++] = '\\';
			out[at++] = 'x';
			out[at++] = (uint8_t)hex[p[i + j] >> 4];
			out[at++] = (uint8_t)hex[p[i + j] & 15];
		}
	}
	return at;
}

static bool
blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0;
}

/* see probe_int.h */
bool
probe_out_write(const void *p, size_t n)
{
	const uint8_t *s = p;
	ssize_t w;

	for (; n > 0; s += w, n -= (size_t)w)
		if ((w = write(1, s, n)) <= 0)
			return false;
	return true;
}

/* see probe_int.h */
void
probe_out_say(const char *key, const void *value, size_t n)
{
	uint8_t line[16 + PROBE_VALUE_MAX + 2];
	const uint8_t *p = value;
	size_t k, at;

	for (k = 0; k < sizeof(keys) / sizeof(keys[0]); k++) {
		if (strcmp(keys[k], key) == 0)
			break;
	}
	if (k == sizeof(keys) / sizeof(keys[0]) || said[k])
		return;
	while (n > 0 && blank(p[n - 1]))
		n--;
	while (n > 0 && blank(*p)) {
		p++;
		n--;
	}
	if (n == 0)
		return;
	said[k] = true;
	at = strlen(key);
	memcpy(line, key, at);
	line[at++] = '\t';
	at += escape(line + at, PROBE_VALUE_MAX, p, n);
	line[at++] = '\n';
	if (!probe_out_write(line, at))
		_exit(3);
}

/* see probe_int.h */
void
probe_out_str(const char *key, const char *s)
{
	if (s != NULL)
		probe_out_say(key, s, strlen(s));
}
