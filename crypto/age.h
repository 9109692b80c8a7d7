/*
 * age v1 files (C2SP age.md): X25519 and scrypt recipients, exactly one when
 * writing.  Bytes in, bytes out: callbacks read and write, no file is known
 * here.  Strict as BUNDLE.md, "age details", says.
 */
#ifndef SQ_CRYPTO_AGE_H
#define SQ_CRYPTO_AGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/bytes.h"
#include "crypto/err.h"
#include "crypto/secret.h"

#define AGE_RECIPIENT_MAX 63	/* age1... is 62 characters */
#define AGE_HEADER_MAX (1u << 20)
#define AGE_LOGN_READ 22
#define AGE_LOGN_WRITE 18

/*
 * A reader: fill up to ${n} bytes and say in *ret how many; 0 is the end.
 * A writer: take all ${n} bytes.
 */
typedef enum sq_err age_read_fn(void *arg, uint8_t *p, size_t n, size_t *ret);
typedef enum sq_err age_write_fn(void *arg, const uint8_t *p, size_t n);

/* What opens a file: identities (32-byte X25519 secrets) or a passphrase. */
struct age_keys {
	struct secret **identity;
	size_t n_identity;
	const struct secret *passphrase;	/* or NULL */
	unsigned max_log_n;			/* 0: AGE_LOGN_READ */
};

/** age_keygen(ret_identity): a new X25519 secret. */
enum sq_err age_keygen(struct secret **ret_identity);

/** age_public(identity, out): its recipient string age1..., NUL-terminated. */
enum sq_err age_public(const struct secret *identity,
    char out[AGE_RECIPIENT_MAX]);

/** age_identity_emit(identity, out): append AGE-SECRET-KEY-1... without LF. */
enum sq_err age_identity_emit(const struct secret *identity,
    struct bytes_buf *out);

/**
 * age_identity_parse(p, n, ret_list, ret_n):
 * Read an identity file: one key a line, # comments and empty lines allowed.
 * The caller frees each secret and the list.  SQ_EUNSUPPORTED for plugin or
 * hybrid identities.
 */
enum sq_err age_identity_parse(const char *p, size_t n,
    struct secret ***ret_list, size_t *ret_n);

/**
 * age_recipient_check(s):
 * SQ_OK if ${s} is a usable X25519 recipient; SQ_EUNSUPPORTED for age1pq1...,
 * age1tag1..., plugins; SQ_EFORMAT else (mixed case, checksum, low order).
 */
enum sq_err age_recipient_check(const char *s);

struct age_writer;
struct age_reader;

/**
 * age_seal_new(recipient, passphrase, log_n, write, arg, ret):
 * Start a file to the X25519 ${recipient} or (when that is NULL) to
 * ${passphrase} with scrypt work factor ${log_n} (at most AGE_LOGN_WRITE), and
 * write its header.
 */
enum sq_err age_seal_new(const char *recipient,
    const struct secret *passphrase, unsigned log_n, age_write_fn *write,
    void *arg, struct age_writer **ret);

/** age_seal_add(w, p, n): take ${n} bytes of plaintext. */
enum sq_err age_seal_add(struct age_writer *w, const void *p, size_t n);

/** age_seal_end(w): seal the final chunk.  Without it the file is not one. */
enum sq_err age_seal_end(struct age_writer *w);

/** age_seal_free(w): wipe and free; NULL is fine. */
void age_seal_free(struct age_writer *w);

/**
 * age_open_new(keys, read, arg, ret, why):
 * Read and authenticate the header.  SQ_EFORMAT header failure, SQ_EAUTH
 * header MAC failure, SQ_EPASS no identity (or not the passphrase) matches,
 * SQ_EUNSUPPORTED only stanzas of a kind this build lacks, SQ_ELIMIT a work
 * factor above the bound.  Strictly armored input is recognised and read.
 */
enum sq_err age_open_new(const struct age_keys *keys, age_read_fn *read,
    void *arg, struct age_reader **ret, struct why *why);

/**
 * age_open_get(r, p, n, ret):
 * As age_read_fn: authenticated plaintext only.  0 bytes: the end, with the
 * final chunk verified and nothing after it.  SQ_EAUTH or SQ_EFORMAT: the
 * payload is altered or cut; armor errors are SQ_EFORMAT.
 */
enum sq_err age_open_get(struct age_reader *r, uint8_t *p, size_t n,
    size_t *ret);

/**
 * age_open_by(r):
 * Which identity opened it: index into keys->identity, or SIZE_MAX for the
 * passphrase.
 */
size_t age_open_by(const struct age_reader *r);

/**
 * age_open_stanzas(r):
 * How many stanzas the header has, of kinds unknown to us as well: more than
 * one means that somebody else may be able to open the file too.
 */
size_t age_open_stanzas(const struct age_reader *r);

/** age_open_free(r): wipe and free; NULL is fine. */
void age_open_free(struct age_reader *r);

#endif
