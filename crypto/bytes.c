#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "crypto/bytes.h"

/* see bytes.h */
void
bytes_rd_init(struct bytes_rd *r, const void *p, size_t len)
{
	r->p = p;
	r->left = len;
	r->bad = false;
}

/* see bytes.h */
const uint8_t *
bytes_rd_ref(struct bytes_rd *r, size_t n)
{
	const uint8_t *p = r->p;

	if (r->bad || n > r->left) {
		r->bad = true;
		return NULL;
	}
	if (n > 0)
		r->p += n;
	r->left -= n;
	return p;
}

/* see bytes.h */
void
bytes_rd_copy(struct bytes_rd *r, void *out, size_t n)
{
	const uint8_t *p = bytes_rd_ref(r, n);

	if (n == 0)
		return;
	if (p == NULL)
		memset(out, 0, n);
	else
		memcpy(out, p, n);
}

/* Read an n-byte little-endian integer. */
static uint64_t
rd_le(struct bytes_rd *r, size_t n)
{
	const uint8_t *p = bytes_rd_ref(r, n);
	uint64_t v = 0;

	if (p == NULL)
		return 0;
	while (n-- > 0)
		v = v << 8 | p[n];
	return v;
}

/* see bytes.h */
uint8_t
bytes_rd_u8(struct bytes_rd *r)
{
	return (uint8_t)rd_le(r, 1);
}

/* see bytes.h */
uint16_t
bytes_rd_u16(struct bytes_rd *r)
{
	return (uint16_t)rd_le(r, 2);
}

/* see bytes.h */
uint32_t
bytes_rd_u32(struct bytes_rd *r)
{
	return (uint32_t)rd_le(r, 4);
}

/* see bytes.h */
uint64_t
bytes_rd_u64(struct bytes_rd *r)
{
	return rd_le(r, 8);
}

/* see bytes.h */
uint32_t
bytes_rd_u32be(struct bytes_rd *r)
{
	const uint8_t *p = bytes_rd_ref(r, 4);

	if (p == NULL)
		return 0;
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

/* see bytes.h */
enum sq_err
bytes_rd_done(const struct bytes_rd *r)
{
	return r->bad || r->left != 0 ? SQ_EFORMAT : SQ_OK;
}

/*
 * Make room for n more bytes.  The old block is wiped, not handed back by
 * realloc as it is: buffers hold testimony.
 */
static bool
reserve(struct bytes_buf *b, size_t n)
{
	size_t cap;
	uint8_t *p;

	if (b->bad || n > SIZE_MAX / 4 - b->len) {
		b->bad = true;
		return false;
	}
	if (n <= b->cap - b->len)
		return true;
	cap = b->cap < 64 ? 64 : b->cap;
	while (cap < b->len + n)
		cap *= 2;
	if ((p = malloc(cap)) == NULL) {
		b->bad = true;
		return false;
	}
	if (b->len > 0)
		memcpy(p, b->p, b->len);
	if (b->p != NULL) {
		sodium_memzero(b->p, b->cap);
		free(b->p);
	}
	b->p = p;
	b->cap = cap;
	return true;
}

/* see bytes.h */
void
bytes_put(struct bytes_buf *b, const void *p, size_t n)
{
	if (n == 0 || !reserve(b, n))
		return;
	memcpy(b->p + b->len, p, n);
	b->len += n;
}

/* see bytes.h */
void
bytes_put_u8(struct bytes_buf *b, uint8_t v)
{
	bytes_put(b, &v, 1);
}

/* see bytes.h */
void
bytes_put_u16(struct bytes_buf *b, uint16_t v)
{
	uint8_t p[2];

	bytes_le16(p, v);
	bytes_put(b, p, sizeof(p));
}

/* see bytes.h */
void
bytes_put_u32(struct bytes_buf *b, uint32_t v)
{
	uint8_t p[4];

	bytes_le32(p, v);
	bytes_put(b, p, sizeof(p));
}

/* see bytes.h */
void
bytes_put_u64(struct bytes_buf *b, uint64_t v)
{
	uint8_t p[8];

	bytes_le64(p, v);
	bytes_put(b, p, sizeof(p));
}

/* see bytes.h */
void
bytes_put_u32be(struct bytes_buf *b, uint32_t v)
{
	uint8_t p[4] = { (uint8_t)(v >> 24), (uint8_t)(v >> 16),
	    (uint8_t)(v >> 8), (uint8_t)v };

	bytes_put(b, p, sizeof(p));
}

/* see bytes.h */
void
bytes_puts(struct bytes_buf *b, const char *s)
{
	bytes_put(b, s, strlen(s));
}

/* see bytes.h */
void
bytes_putf(struct bytes_buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0 || !reserve(b, (size_t)n + 1)) {
		b->bad = true;
		return;
	}
	va_start(ap, fmt);
	(void)vsnprintf((char *)b->p + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
}

/* see bytes.h */
void
bytes_put_hex(struct bytes_buf *b, const void *p, size_t n)
{
	if (n > SIZE_MAX / 8 || !reserve(b, 2 * n + 1)) {
		b->bad = true;
		return;
	}
	bytes_hex((char *)b->p + b->len, p, n);
	b->len += 2 * n;
}

/* see bytes.h */
char *
bytes_str(struct bytes_buf *b)
{
	char *s;

	bytes_put_u8(b, 0);
	if (b->bad) {
		bytes_free(b);
		return NULL;
	}
	s = (char *)b->p;
	memset(b, 0, sizeof(*b));
	return s;
}

/* see bytes.h */
enum sq_err
bytes_done(const struct bytes_buf *b)
{
	return b->bad ? SQ_ENOMEM : SQ_OK;
}

/* see bytes.h */
void
bytes_free(struct bytes_buf *b)
{
	if (b->p != NULL) {
		sodium_memzero(b->p, b->cap);
		free(b->p);
	}
	memset(b, 0, sizeof(*b));
}

/* see bytes.h */
void
bytes_le16(uint8_t out[2], uint16_t v)
{
	out[0] = (uint8_t)v;
	out[1] = (uint8_t)(v >> 8);
}

/* see bytes.h */
void
bytes_le32(uint8_t out[4], uint32_t v)
{
	for (int i = 0; i < 4; i++)
		out[i] = (uint8_t)(v >> 8 * i);
}

/* see bytes.h */
void
bytes_le64(uint8_t out[8], uint64_t v)
{
	for (int i = 0; i < 8; i++)
		out[i] = (uint8_t)(v >> 8 * i);
}

/* see bytes.h */
void
bytes_hex(char *out, const void *p, size_t n)
{
	(void)sodium_bin2hex(out, 2 * n + 1, p, n);
}

/* see bytes.h */
enum sq_err
bytes_unhex(void *out, size_t n, const char *s)
{
	uint8_t *p = out;
	size_t got;

	if (strlen(s) != 2 * n || strspn(s, "0123456789abcdef") != 2 * n)
		return SQ_EFORMAT;
	if (n == 0)
		return SQ_OK;
	if (sodium_hex2bin(p, n, s, 2 * n, NULL, &got, NULL) != 0 || got != n)
		return SQ_EFORMAT;
	return SQ_OK;
}

static int
b64_variant(bool padded)
{
	return padded ? sodium_base64_VARIANT_ORIGINAL :
	    sodium_base64_VARIANT_ORIGINAL_NO_PADDING;
}

/* see bytes.h */
void
bytes_put_b64(struct bytes_buf *b, const void *p, size_t n, bool padded)
{
	size_t len = sodium_base64_encoded_len(n, b64_variant(padded));

	if (!reserve(b, len))
		return;
	(void)sodium_bin2base64((char *)b->p + b->len, len, p, n,
	    b64_variant(padded));
	b->len += len - 1;
}

/* see bytes.h */
enum sq_err
bytes_unb64(void *out, size_t cap, const char *s, size_t len, bool padded,
    size_t *ret_n)
{
	const char *end;
	uint8_t high = 0;
	size_t n;

	/* libsodium takes 0xAB for '+' and 0xAF for '/' where char is signed */
	for (size_t i = 0; i < len; i++)
		high |= (uint8_t)s[i];
	if ((high & 0x80) != 0)
		return SQ_EFORMAT;
	if (sodium_base642bin(out, cap, s, len, NULL, &n, &end,
	    b64_variant(padded)) != 0 || end != s + len)
		return SQ_EFORMAT;
	*ret_n = n;
	return SQ_OK;
}

/* see bytes.h */
bool
bytes_line(const char **p, size_t *left, const char **ret, size_t *ret_n)
{
	const char *lf = *left == 0 ? NULL : memchr(*p, '\n', *left);

	if (lf == NULL)
		return false;
	*ret = *p;
	*ret_n = (size_t)(lf - *p);
	*left -= *ret_n + 1;
	*p = lf + 1;
	return true;
}

/* see bytes.h */
bool
bytes_eq(const void *a, const void *b, size_t n)
{
	return sodium_memcmp(a, b, n) == 0;
}

/* see bytes.h */
bool
bytes_zero(const void *p, size_t n)
{
	return sodium_is_zero(p, n) == 1;
}

/* see bytes.h */
void
bytes_random(void *p, size_t n)
{
	randombytes_buf(p, n);
}

/* see bytes.h */
uint32_t
bytes_uniform(uint32_t n)
{
	return randombytes_uniform(n);
}

/* Length of the UTF-8 sequence at p (at most n bytes), or 0 if invalid. */
static size_t
utf8_len(const uint8_t *p, size_t n)
{
	size_t len = p[0] < 0x80 ? 1 : p[0] < 0xC2 ? 0 : p[0] < 0xE0 ? 2 :
	    p[0] < 0xF0 ? 3 : p[0] < 0xF5 ? 4 : 0;

	if (len == 0 || len > n || p[0] == 0)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((p[i] & 0xC0) != 0x80)
			return 0;
	/* overlong, surrogates, beyond U+10FFFF (RFC 3629 section 4) */
	if ((p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F) ||
	    (p[0] == 0xF0 && p[1] < 0x90) || (p[0] == 0xF4 && p[1] > 0x8F))
		return 0;
	return len;
}

/* see bytes.h */
bool
bytes_utf8(const void *p, size_t n)
{
	const uint8_t *s = p;
	size_t len;

	for (; n > 0; s += len, n -= len) {
		/* most text: two-byte letters and ASCII */
		if (n > 1 && s[0] >= 0xC2 && s[0] < 0xE0 &&
		    (s[1] & 0xC0) == 0x80)
			len = 2;
		else if (s[0] < 0x80 && s[0] != 0)
			len = 1;
		else if ((len = utf8_len(s, n)) == 0)
			return false;
	}
	return true;
}

/* see bytes.h */
uint64_t
bytes_padme(uint64_t n)
{
	unsigned e = 0, s = 0;
	uint64_t mask;

	while (n >> e > 1)
		e++;
	while (e >> s > 0)
		s++;
	mask = ((uint64_t)1 << (e - s)) - 1;
	return (n + mask) & ~mask;
}
