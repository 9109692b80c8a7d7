#include <stdint.h>
#include <string.h>

#include "crypto/bech32.h"
#include "crypto/secret.h"

#define SUM 6			/* characters of checksum */

static const char charset[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool
is_upper(const char *hrp)
{
	for (; *hrp != '\0'; hrp++)
		if (lower(*hrp) != *hrp)
			return true;
	return false;
}

/* One step of the BCH code: multiply by x, add v, reduce. */
static uint32_t
poly(uint32_t c, uint32_t v)
{
	static const uint32_t gen[5] = {
		0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3
	};
	uint32_t top = c >> 25;

	c = (c & 0x1ffffff) << 5 ^ v;
	for (int i = 0; i < 5; i++)
		if (top >> i & 1)
			c ^= gen[i];
	return c;
}

/* The checksum's state after the human-readable part of n characters. */
static uint32_t
poly_hrp(const char *hrp, size_t n)
{
	uint32_t c = 1;

	for (size_t i = 0; i < n; i++)
		c = poly(c, (uint32_t)lower(hrp[i]) >> 5);
	c = poly(c, 0);
	for (size_t i = 0; i < n; i++)
		c = poly(c, (uint32_t)lower(hrp[i]) & 31);
	return c;
}

/* The value of a character, or -1; upper says which case is right. */
static int
value(char c, bool upper)
{
	const char *at;

	if (c == '\0' || (c >= 'a' && c <= 'z' && upper) ||
	    (c >= 'A' && c <= 'Z' && !upper))
		return -1;
	if ((at = strchr(charset, lower(c))) == NULL)
		return -1;
	return (int)(at - charset);
}

/* Append one character of five bits and count it in the checksum. */
static void
put(struct bytes_buf *out, uint32_t *c, uint32_t v, bool upper)
{
	char ch = charset[v & 31];

	if (upper && ch >= 'a' && ch <= 'z')
		ch = (char)(ch - 'a' + 'A');
	bytes_put(out, &ch, 1);
	*c = poly(*c, v & 31);
}

/* see bech32.h */
void
bech32_encode(const char *hrp, const void *p, size_t n, struct bytes_buf *out)
{
	const uint8_t *b = p;
	bool upper = is_upper(hrp);
	uint32_t c = poly_hrp(hrp, strlen(hrp)), acc = 0, sum;
	unsigned bits = 0;

	bytes_puts(out, hrp);
	bytes_puts(out, "1");
	for (size_t i = 0; i < n; i++) {
		acc = acc << 8 | b[i];
		for (bits += 8; bits >= 5; bits -= 5)
			put(out, &c, acc >> (bits - 5), upper);
	}
	if (bits > 0)
		put(out, &c, acc << (5 - bits), upper);
	sum = c;
	for (int i = 0; i < SUM; i++)
		sum = poly(sum, 0);
	for (int i = SUM - 1; i >= 0; i--)
		put(out, &c, (sum ^ 1) >> 5 * i, upper);
}

/* see bech32.h */
enum sq_err
bech32_decode(const char *hrp, const char *s, size_t len, void *out, size_t n)
{
	size_t nhrp = strlen(hrp), chars = (n * 8 + 4) / 5, done = 0;
	uint32_t c = poly_hrp(hrp, nhrp), acc = 0;
	bool upper = is_upper(hrp);
	unsigned bits = 0;
	uint8_t *b = out;
	int v;

	if (len != nhrp + 1 + chars + SUM || memcmp(s, hrp, nhrp) != 0 ||
	    s[nhrp] != '1')
		goto bad;
	s += nhrp + 1;
	for (size_t i = 0; i < chars + SUM; i++) {
		if ((v = value(s[i], upper)) < 0)
			goto bad;
		c = poly(c, (uint32_t)v);
		if (i >= chars)
			continue;
		acc = acc << 5 | (uint32_t)v;
		if ((bits += 5) >= 8) {
			bits -= 8;
			b[done++] = (uint8_t)(acc >> bits);
		}
	}
	/* what is left over of the last character must be zero bits */
	if (c != 1 || (acc & ((1u << bits) - 1)) != 0)
		goto bad;
	return SQ_OK;
bad:
	secret_wipe(out, n);
	return SQ_EFORMAT;
}

/* see bech32.h */
bool
bech32_check(const char *s, size_t len)
{
	size_t nhrp = len;
	uint32_t c;
	int v;

	while (nhrp > 0 && s[nhrp - 1] != '1')
		nhrp--;
	if (nhrp < 2 || len - nhrp < SUM)
		return false;
	for (size_t i = 0; i < nhrp; i++)
		if (s[i] < '!' || s[i] > '~' || lower(s[i]) != s[i])
			return false;
	c = poly_hrp(s, nhrp - 1);
	for (size_t i = nhrp; i < len; i++) {
		if ((v = value(s[i], false)) < 0)
			return false;
		c = poly(c, (uint32_t)v);
	}
	return c == 1;
}
