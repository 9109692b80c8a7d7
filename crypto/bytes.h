/*
 * Bytes: bounded cursors for reading and writing formats, a growing buffer,
 * hexadecimal and base64, and the only source of randomness.  Integers are
 * little-endian unless the name says be.
 */
#ifndef SQ_CRYPTO_BYTES_H
#define SQ_CRYPTO_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/err.h"

/* A reading cursor.  Errors are sticky: check once, with bytes_rd_done. */
struct bytes_rd {
	const uint8_t *p;
	size_t left;
	bool bad;
};

/* A growing buffer.  Errors (out of memory) are sticky as well. */
struct bytes_buf {
	uint8_t *p;
	size_t len;
	size_t cap;
	bool bad;
};

/** bytes_rd_init(r, p, len): read from the ${len} bytes at ${p}. */
void bytes_rd_init(struct bytes_rd *r, const void *p, size_t len);

/** bytes_rd_u8(r) and its kin: the next integer; 0 once bad. */
uint8_t bytes_rd_u8(struct bytes_rd *r);
uint16_t bytes_rd_u16(struct bytes_rd *r);
uint32_t bytes_rd_u32(struct bytes_rd *r);
uint64_t bytes_rd_u64(struct bytes_rd *r);
uint32_t bytes_rd_u32be(struct bytes_rd *r);

/** bytes_rd_copy(r, out, n): the next ${n} bytes; zeros once bad. */
void bytes_rd_copy(struct bytes_rd *r, void *out, size_t n);

/**
 * bytes_rd_ref(r, n):
 * A pointer to the next ${n} bytes inside the input, or NULL once bad.
 */
const uint8_t *bytes_rd_ref(struct bytes_rd *r, size_t n);

/**
 * bytes_rd_done(r):
 * SQ_OK if all was read and nothing failed, else SQ_EFORMAT.
 */
enum sq_err bytes_rd_done(const struct bytes_rd *r);

/** bytes_put(b, p, n) and its kin: append; sets bad when memory runs out. */
void bytes_put(struct bytes_buf *b, const void *p, size_t n);
void bytes_put_u8(struct bytes_buf *b, uint8_t v);
void bytes_put_u16(struct bytes_buf *b, uint16_t v);
void bytes_put_u32(struct bytes_buf *b, uint32_t v);
void bytes_put_u64(struct bytes_buf *b, uint64_t v);
void bytes_put_u32be(struct bytes_buf *b, uint32_t v);

/** bytes_puts(b, s): append the string ${s} without its NUL. */
void bytes_puts(struct bytes_buf *b, const char *s);

/** bytes_putf(b, fmt, ...): append formatted text. */
void bytes_putf(struct bytes_buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/** bytes_put_hex(b, p, n): append ${n} bytes as 2 * ${n} lower-case digits. */
void bytes_put_hex(struct bytes_buf *b, const void *p, size_t n);

/**
 * bytes_str(b):
 * NUL-terminate (not counted in len) and return the buffer as a string that
 * the caller frees; ${b} is left empty.  NULL if ${b} was bad.
 */
char *bytes_str(struct bytes_buf *b);

/** bytes_done(b): SQ_OK, or SQ_ENOMEM if any append failed. */
enum sq_err bytes_done(const struct bytes_buf *b);

/** bytes_free(b): wipe and free; ${b} is empty and usable again. */
void bytes_free(struct bytes_buf *b);

/** bytes_le16(out, v) and its kin: store an integer little-endian. */
void bytes_le16(uint8_t out[2], uint16_t v);
void bytes_le32(uint8_t out[4], uint32_t v);
void bytes_le64(uint8_t out[8], uint64_t v);

/** bytes_hex(out, p, n): ${n} bytes as lower-case digits and a NUL. */
void bytes_hex(char *out, const void *p, size_t n);

/**
 * bytes_unhex(out, n, s):
 * Exactly 2 * ${n} lower-case hexadecimal digits of ${s}, then its end.
 * SQ_EFORMAT otherwise (${out} is then undefined).
 */
enum sq_err bytes_unhex(void *out, size_t n, const char *s);

/**
 * bytes_put_b64(b, p, n, padded):
 * Append standard base64 (RFC 4648 section 4), with or without padding.
 */
void bytes_put_b64(struct bytes_buf *b, const void *p, size_t n, bool padded);

/**
 * bytes_unb64(out, cap, s, len, padded, ret_n):
 * Decode canonical base64 (no white space, zero trailing bits, padding exactly
 * as ${padded} says) of at most ${cap} bytes; else SQ_EFORMAT.
 */
enum sq_err bytes_unb64(void *out, size_t cap, const char *s, size_t len,
    bool padded, size_t *ret_n);

/**
 * bytes_line(p, left, ret, ret_n):
 * Take the next line, which must end in LF, off the ${*left} bytes at ${*p}:
 * it has ${*ret_n} bytes without its LF.  False, and nothing taken, if there
 * is none.
 */
bool bytes_line(const char **p, size_t *left, const char **ret,
    size_t *ret_n);

/** bytes_eq(a, b, n): compare in constant time. */
bool bytes_eq(const void *a, const void *b, size_t n);

/** bytes_zero(p, n): true if all ${n} bytes are zero, in constant time. */
bool bytes_zero(const void *p, size_t n);

/** bytes_random(p, n): fill with randomness of the operating system. */
void bytes_random(void *p, size_t n);

/** bytes_uniform(n): a uniform integer in [0, n). */
uint32_t bytes_uniform(uint32_t n);

/**
 * bytes_utf8(p, n):
 * True if the bytes are valid UTF-8 (no NUL, no surrogates).
 */
bool bytes_utf8(const void *p, size_t n);

/**
 * bytes_padme(n):
 * ${n} rounded up by the Padme rule (PURBs, PETS 2019, section 4): at most 12 %
 * more, so that a length tells only O(log log n) bits.
 */
uint64_t bytes_padme(uint64_t n);

#endif
