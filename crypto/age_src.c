/*
 * The bytes of an age file.  Armor (RFC 7468, strict): lines of exactly 64
 * columns, the last one shorter or as long, canonical padded base64, white
 * space only before the first and after the last line.
 */
#include <string.h>

#include "crypto/age_int.h"

#define ARMOR_BEGIN "-----BEGIN AGE ENCRYPTED FILE-----"
#define ARMOR_END "-----END AGE ENCRYPTED FILE-----"
#define ARMOR_BLANK 1024	/* white space around it, at most */
#define END_OF_FILE (-1)

/* Ask the reader for more; at its end eof is set and raw is empty. */
static enum sq_err
refill(struct age_src *src)
{
	enum sq_err e;

	if (src->eof || src->pos < src->len)
		return SQ_OK;
	src->pos = src->len = 0;
	if ((e = src->read(src->arg, src->raw, sizeof(src->raw),
	    &src->len)) != SQ_OK)
		return e;
	if (src->len > sizeof(src->raw))
		return SQ_EINTERNAL;
	src->eof = src->len == 0;
	return SQ_OK;
}

/* Look at the next raw byte without taking it. */
static enum sq_err
peek(struct age_src *src, int *ret_c)
{
	enum sq_err e;

	if ((e = refill(src)) != SQ_OK)
		return e;
	*ret_c = src->pos < src->len ? src->raw[src->pos] : END_OF_FILE;
	return SQ_OK;
}

/* Take the next raw byte. */
static enum sq_err
next(struct age_src *src, int *ret_c)
{
	enum sq_err e;

	if ((e = peek(src, ret_c)) == SQ_OK && *ret_c != END_OF_FILE)
		src->pos++;
	return e;
}

static bool
blank(int c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Skip white space; *ret_last is the last of it (LF if there was none). */
static enum sq_err
skip_blank(struct age_src *src, int *ret_last)
{
	enum sq_err e;
	int c;

	*ret_last = '\n';
	for (size_t n = 0;; n++) {
		if ((e = peek(src, &c)) != SQ_OK)
			return e;
		if (!blank(c))
			return SQ_OK;
		if (n == ARMOR_BLANK)
			return SQ_EFORMAT;
		*ret_last = c;
		src->pos++;
	}
}

/*
 * Read one line of at most 64 columns into out, without LF or CR LF, or what
 * is left at the end of the file.  *ret_lf says whether a line end was there.
 */
static enum sq_err
armor_line(struct age_src *src, char out[AGE_ARMOR_COLS + 1], size_t *ret_n,
    bool *ret_lf)
{
	enum sq_err e;
	size_t n = 0;
	int c;

	for (;;) {
		if ((e = next(src, &c)) != SQ_OK)
			return e;
		if (c == '\n' || c == END_OF_FILE)
			break;
		if (n == AGE_ARMOR_COLS + 1)
			return SQ_EFORMAT;
		out[n++] = (char)c;
	}
	*ret_lf = c == '\n';
	if (*ret_lf && n > 0 && out[n - 1] == '\r')
		n--;
	if (n > AGE_ARMOR_COLS)
		return SQ_EFORMAT;
	*ret_n = n;
	return SQ_OK;
}

static bool
is_line(const char *line, size_t n, const char *s)
{
	return n == strlen(s) && memcmp(line, s, n) == 0;
}

/* After END: nothing but white space, and the end of the file. */
static enum sq_err
armor_end(struct age_src *src)
{
	enum sq_err e;
	int c;

	if ((e = skip_blank(src, &c)) != SQ_OK)
		return e;
	if ((e = peek(src, &c)) != SQ_OK)
		return e;
	if (c != END_OF_FILE)
		return SQ_EFORMAT;
	src->ended = true;
	return SQ_OK;
}

/* Decode the next armor line, or notice END. */
static enum sq_err
armor_next(struct age_src *src)
{
	char s[AGE_ARMOR_COLS + 1];
	enum sq_err e;
	size_t n;
	bool lf;

	if ((e = armor_line(src, s, &n, &lf)) != SQ_OK)
		return e;
	if (is_line(s, n, ARMOR_END))
		return armor_end(src);
	if (!lf || n == 0 || src->last_line)
		return SQ_EFORMAT;
	src->line_pos = 0;
	if ((e = bytes_unb64(src->line, sizeof(src->line), s, n, true,
	    &src->line_len)) != SQ_OK)
		return e;
	src->last_line = src->line_len < AGE_ARMOR_LINE;
	return SQ_OK;
}

/* A binary file starts with "age-"; anything else can only be armor. */
static enum sq_err
recognise(struct age_src *src)
{
	char s[AGE_ARMOR_COLS + 1];
	enum sq_err e;
	size_t n;
	bool lf;
	int c;

	if ((e = peek(src, &c)) != SQ_OK)
		return e;
	if (!blank(c) && c != '-')
		return SQ_OK;
	if ((e = skip_blank(src, &c)) != SQ_OK)
		return e;
	if (c != '\n')
		return SQ_EFORMAT;
	if ((e = armor_line(src, s, &n, &lf)) != SQ_OK)
		return e;
	if (!lf || !is_line(s, n, ARMOR_BEGIN))
		return SQ_EFORMAT;
	src->armored = true;
	return SQ_OK;
}

/* see age_int.h */
enum sq_err
age_src_init(struct age_src *src, age_read_fn *read, void *arg)
{
	memset(src, 0, sizeof(*src));
	src->read = read;
	src->arg = arg;
	return src->failed = recognise(src);
}

/* Take up to n bytes from whatever is buffered; 0 at the end. */
static enum sq_err
some(struct age_src *src, uint8_t *p, size_t n, size_t *ret)
{
	enum sq_err e;
	size_t have;

	if (src->armored) {
		while (src->line_pos == src->line_len && !src->ended)
			if ((e = armor_next(src)) != SQ_OK)
				return e;
		have = src->line_len - src->line_pos;
		*ret = n < have ? n : have;
		memcpy(p, src->line + src->line_pos, *ret);
		src->line_pos += *ret;
		return SQ_OK;
	}
	/* a whole chunk goes straight to its place */
	if (src->pos == src->len && n >= sizeof(src->raw) && !src->eof) {
		if ((e = src->read(src->arg, p, n, ret)) != SQ_OK)
			return e;
		src->eof = *ret == 0;
		return *ret <= n ? SQ_OK : SQ_EINTERNAL;
	}
	if ((e = refill(src)) != SQ_OK)
		return e;
	have = src->len - src->pos;
	*ret = n < have ? n : have;
	memcpy(p, src->raw + src->pos, *ret);
	src->pos += *ret;
	return SQ_OK;
}

/* see age_int.h */
enum sq_err
age_src_get(struct age_src *src, uint8_t *p, size_t n, size_t *ret)
{
	size_t got;

	*ret = 0;
	while (src->failed == SQ_OK && *ret < n) {
		got = 0;
		src->failed = some(src, p + *ret, n - *ret, &got);
		if (src->failed != SQ_OK || got == 0)
			break;
		*ret += got;
	}
	return src->failed;
}
