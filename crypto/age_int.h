/*
 * Inside age: what age.c, age_src.c, age_header.c, age_wrap.c and age_key.c
 * share, and what their tests look at.  Nobody else includes this.
 */
#ifndef SQ_CRYPTO_AGE_INT_H
#define SQ_CRYPTO_AGE_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/aead.h"
#include "crypto/age.h"
#include "crypto/bytes.h"
#include "crypto/digest.h"

#define AGE_VERSION_LINE "age-encryption.org/v1\n"
#define AGE_KEY 32		/* an X25519 scalar or point, bytes */
#define AGE_FILE_KEY 16
#define AGE_BODY (AGE_FILE_KEY + AEAD_TAG)
#define AGE_SALT 16		/* of scrypt */
#define AGE_NONCE 16		/* before the payload */
#define AGE_ARMOR_COLS 64
#define AGE_ARMOR_LINE 48	/* what a full armor line decodes to */

/* Where a file's bytes come from, with the armor taken off if there is one. */
struct age_src {
	age_read_fn *read;
	void *arg;
	uint8_t raw[4096];
	size_t pos;
	size_t len;
	bool eof;		/* the reader said so */
	bool armored;
	uint8_t line[AGE_ARMOR_LINE];	/* one armor line, decoded */
	size_t line_pos;
	size_t line_len;
	bool last_line;		/* a short one was seen: only END may follow */
	bool ended;		/* END was seen */
	enum sq_err failed;	/* sticky */
};

struct age_x25519 {
	uint8_t share[AGE_KEY];
	uint8_t body[AGE_BODY];
};

/* A parsed header.  Stanzas of other kinds are counted, not kept. */
struct age_header {
	size_t n_stanza;
	struct age_x25519 *x;
	size_t n_x;
	size_t cap_x;
	bool scrypt;
	uint8_t salt[AGE_SALT];
	unsigned log_n;		/* UINT_MAX when it has too many digits */
	uint8_t body[AGE_BODY];
	bool lacking;		/* a kind that is known, but not to us */
	uint8_t mac[DIGEST_LEN];
	size_t mac_len;		/* how many bytes of the header it is over */
};

/**
 * age_src_init(src, read, arg):
 * Start; armor is recognised by its first line.
 */
enum sq_err age_src_init(struct age_src *src, age_read_fn *read, void *arg);

/**
 * age_src_get(src, p, n, ret):
 * Fill ${n} bytes; fewer only at the end.  SQ_EFORMAT for broken armor.
 */
enum sq_err age_src_get(struct age_src *src, uint8_t *p, size_t n,
    size_t *ret);

/**
 * age_header_read(src, ret):
 * Append to ${ret} the bytes of a header, through the line that starts with
 * "---", and nothing after it.  SQ_EFORMAT, or SQ_ELIMIT beyond
 * AGE_HEADER_MAX.
 */
enum sq_err age_header_read(struct age_src *src, struct bytes_buf *ret);

/**
 * age_header_parse(p, n, ret, why):
 * Parse all of it; every stanza of a kind we know must be well formed.  The
 * caller calls age_header_free also after a failure.
 */
enum sq_err age_header_parse(const uint8_t *p, size_t n,
    struct age_header *ret, struct why *why);

/** age_header_free(h): free what the parser allocated. */
void age_header_free(struct age_header *h);

/** age_header_mac(file_key, p, n, mac): the MAC over ${n} bytes of header. */
enum sq_err age_header_mac(const struct secret *file_key, const void *p,
    size_t n, uint8_t mac[DIGEST_LEN]);

/**
 * age_wrap_dh(scalar, point, ret_shared):
 * X25519.  SQ_EFORMAT if the shared secret is all zero (a low-order point).
 */
enum sq_err age_wrap_dh(const struct secret *scalar,
    const uint8_t point[AGE_KEY], struct secret **ret_shared);

/** age_wrap_public(scalar, point): the public half. */
enum sq_err age_wrap_public(const struct secret *scalar,
    uint8_t point[AGE_KEY]);

/** age_wrap_to_key(point, file_key, ret): wrap for an X25519 recipient. */
enum sq_err age_wrap_to_key(const uint8_t point[AGE_KEY],
    const struct secret *file_key, struct age_x25519 *ret);

/**
 * age_wrap_by_key(identity, point, x, ret_file_key):
 * The inverse; ${point} is the identity's public half.  SQ_EPASS: not for this
 * identity.  SQ_EFORMAT: the share is of low order.
 */
enum sq_err age_wrap_by_key(const struct secret *identity,
    const uint8_t point[AGE_KEY], const struct age_x25519 *x,
    struct secret **ret_file_key);

/** age_wrap_to_pass(pass, salt, log_n, file_key, body): wrap with scrypt. */
enum sq_err age_wrap_to_pass(const struct secret *pass,
    const uint8_t salt[AGE_SALT], unsigned log_n,
    const struct secret *file_key, uint8_t body[AGE_BODY]);

/**
 * age_wrap_by_pass(pass, h, ret_file_key):
 * The inverse.  SQ_EPASS: not this passphrase.  The caller bounds log_n.
 */
enum sq_err age_wrap_by_pass(const struct secret *pass,
    const struct age_header *h, struct secret **ret_file_key);

/** age_recipient_parse(s, point): as age_recipient_check, and the key. */
enum sq_err age_recipient_parse(const char *s, uint8_t point[AGE_KEY]);

#endif
