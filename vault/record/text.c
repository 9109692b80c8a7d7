/*
 * The home of ICU: normalisation and the properties of characters.  What the
 * full-text index depends on is either stable across versions of Unicode (NFC
 * of assigned characters) or not taken from ICU at all (Han ranges).
 */
#include <stdlib.h>
#include <string.h>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "crypto/bytes.h"
#include "vault/record/text_int.h"

#define PASS_MAX 1024

static const UNormalizer2 *
nfc(void)
{
	UErrorCode u = U_ZERO_ERROR;
	const UNormalizer2 *n = unorm2_getNFCInstance(&u);

	return U_SUCCESS(u) ? n : NULL;
}

/*
 * NFC of UTF-8 by way of UTF-16 scratch buffers of the caller's making, so
 * that a passphrase never lies in memory that is not wiped.  NFC grows text at
 * most threefold in either form.
 */
static enum sq_err
normalise(const char *s, size_t n, UChar *a, UChar *b, int32_t cap, char *out,
    int32_t out_cap, int32_t *ret_n)
{
	UErrorCode u = U_ZERO_ERROR;
	const UNormalizer2 *norm = nfc();
	int32_t na, nb;

	if (norm == NULL)
		return SQ_EINTERNAL;
	(void)u_strFromUTF8(a, cap, &na, s, (int32_t)n, &u);
	if (U_FAILURE(u))
		return SQ_EFORMAT;
	nb = unorm2_normalize(norm, a, na, b, cap, &u);
	if (U_FAILURE(u))
		return SQ_EINTERNAL;
	(void)u_strToUTF8(out, out_cap, ret_n, b, nb, &u);
	return U_FAILURE(u) ? SQ_EINTERNAL : SQ_OK;
}

/* see text.h */
enum sq_err
text_nfc(const char *s, char **ret)
{
	size_t n = strlen(s), cap;
	enum sq_err e = SQ_ENOMEM;
	UChar *a = NULL, *b = NULL;
	char *out = NULL;
	int32_t got = 0;

	if (!bytes_utf8(s, n))
		return SQ_EFORMAT;
	if (n > INT32_MAX / 16)
		return SQ_ELIMIT;
	cap = 3 * n + 1;
	if ((a = malloc(cap * sizeof(*a))) == NULL ||
	    (b = malloc(cap * sizeof(*b))) == NULL ||
	    (out = malloc(3 * cap)) == NULL)
		goto out;
	if ((e = normalise(s, n, a, b, (int32_t)cap, out, (int32_t)(3 * cap),
	    &got)) != SQ_OK)
		goto out;
	out[got] = '\0';
	*ret = out;
	out = NULL;		/* transferred */
out:
	if (a != NULL)
		secret_wipe(a, cap * sizeof(*a));
	if (b != NULL)
		secret_wipe(b, cap * sizeof(*b));
	if (out != NULL)
		secret_wipe(out, 3 * cap);
	free(a);
	free(b);
	free(out);
	return e;
}

/* see text.h */
enum sq_err
text_nfc_pass(const struct secret *in, struct secret **ret, bool *ret_changed)
{
	const size_t cap = 3 * PASS_MAX + 1;
	struct secret *a = NULL, *b = NULL, *out = NULL;
	size_t n = secret_len(in);
	int32_t got = 0;
	enum sq_err e;

	if (n == 0 || n > PASS_MAX || !bytes_utf8(secret_cbytes(in), n))
		return SQ_EREFUSED;
	if ((e = secret_new(cap * sizeof(UChar), &a)) != SQ_OK ||
	    (e = secret_new(cap * sizeof(UChar), &b)) != SQ_OK ||
	    (e = secret_new(3 * cap, &out)) != SQ_OK)
		goto out;
	e = normalise((const char *)secret_cbytes(in), n,
	    (UChar *)(void *)secret_bytes(a), (UChar *)(void *)secret_bytes(b),
	    (int32_t)cap, (char *)secret_bytes(out), (int32_t)(3 * cap), &got);
	if (e != SQ_OK)
		goto out;
	if (got <= 0 || got > PASS_MAX) {
		e = SQ_EREFUSED;
		goto out;
	}
	secret_shorten(out, (size_t)got);
	*ret_changed = !secret_eq(in, out);
	*ret = out;
	out = NULL;		/* transferred */
out:
	secret_free(a);
	secret_free(b);
	secret_free(out);
	return e;
}

/* see text.h */
size_t
text_char(const uint8_t *p, size_t n, uint32_t *ret_c)
{
	size_t len = p[0] < 0x80 ? 1 : p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;

	if (len == 1) {
		*ret_c = p[0];
		return 1;
	}
	if (len > n || !bytes_utf8(p, len)) {
		*ret_c = 0xfffd;
		return 1;
	}
	*ret_c = len == 2 ? p[0] & 0x1fu : len == 3 ? p[0] & 0xfu : p[0] & 7u;
	for (size_t i = 1; i < len; i++)
		*ret_c = *ret_c << 6 | (p[i] & 0x3fu);
	return len;
}

/* see text.h */
void
text_char_put(struct bytes_buf *out, uint32_t c)
{
	if (c < 0x80) {
		bytes_put_u8(out, (uint8_t)c);
		return;
	}
	if (c < 0x800) {
		bytes_put_u8(out, (uint8_t)(0xc0 | c >> 6));
	} else {
		if (c < 0x10000) {
			bytes_put_u8(out, (uint8_t)(0xe0 | c >> 12));
		} else {
			bytes_put_u8(out, (uint8_t)(0xf0 | c >> 18));
			bytes_put_u8(out, (uint8_t)(0x80 | (c >> 12 & 0x3f)));
		}
		bytes_put_u8(out, (uint8_t)(0x80 | (c >> 6 & 0x3f)));
	}
	bytes_put_u8(out, (uint8_t)(0x80 | (c & 0x3f)));
}

/*
 * see text.h.  Script Han of UAX 24, as whole blocks and planes, so that
 * it never changes with a version of Unicode; the radicals (symbols, no
 * letters) are left out.
 */
bool
text_char_han(uint32_t c)
{
	if (c < 0x3005)
		return false;
	return c == 0x3005 || c == 0x3007 || (c >= 0x3021 && c <= 0x3029) ||
	    (c >= 0x3038 && c <= 0x303b) || (c >= 0x3400 && c <= 0x4dbf) ||
	    (c >= 0x4e00 && c <= 0x9fff) || (c >= 0xf900 && c <= 0xfaff) ||
	    (c >= 0x20000 && c <= 0x3ffff);
}

/* see text_int.h */
bool
text_char_word(uint32_t c)
{
	if (c < 0x80)
		return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
		    (c >= 'a' && c <= 'z');
	return (U_MASK(u_charType((UChar32)c)) &
	    (U_GC_L_MASK | U_GC_N_MASK)) != 0;
}

/* see text_int.h */
bool
text_char_mark(uint32_t c)
{
	/* exactly these, found by asking SQLite for each */
	return (c >= 768 && c <= 780 && c != 773) || c == 783 || c == 785 ||
	    c == 795 || (c >= 803 && c <= 808) || c == 813 || c == 814 ||
	    c == 816 || c == 817;
}

/* see text_int.h */
uint32_t
text_char_fold(uint32_t c)
{
	const UNormalizer2 *norm;
	UChar d[8];
	UErrorCode u;
	uint32_t f, base;
	int32_t n;

	if (c < 0x80)
		return c >= 'A' && c <= 'Z' ? c + 32 : c;
	f = c == 0x130 ? 'i' : (uint32_t)u_foldCase((UChar32)c,
	    U_FOLD_CASE_DEFAULT);
	/* only Latin letters have their marks taken off */
	if (f < 0xc0 || (f >= 0x250 && f < 0x1e00) || f >= 0x1f00 ||
	    (norm = nfc()) == NULL)
		return f;
	for (base = f; base >= 0x80; base = d[0]) {
		u = U_ZERO_ERROR;
		n = unorm2_getRawDecomposition(norm, (UChar32)base, d, 8, &u);
		if (U_FAILURE(u) || n <= 1)
			return f;
	}
	return base;
}

/* see text_int.h */
uint32_t
text_char_compose(uint32_t base, uint32_t mark)
{
	const UNormalizer2 *norm = nfc();
	UChar32 c;

	if (norm == NULL || mark < 0x300)
		return 0;
	c = unorm2_composePair(norm, (UChar32)base, (UChar32)mark);
	return c < 0 ? 0 : (uint32_t)c;
}

/* see text.h */
enum sq_err
text_fold(const char *s, struct bytes_buf *out)
{
	char *norm = NULL;
	size_t n, at;
	enum sq_err e;
	uint32_t c;

	if ((e = text_nfc(s, &norm)) != SQ_OK)
		return e;
	n = strlen(norm);
	for (at = 0; at < n; ) {
		at += text_char((const uint8_t *)norm + at, n - at, &c);
		if (!text_char_mark(c))
			text_char_put(out, text_char_fold(c));
	}
	secret_wipe(norm, n);
	free(norm);
	return bytes_done(out);
}
