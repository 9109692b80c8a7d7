/*
 * C2SP signed notes, tlog-checkpoint and tlog-proof@v1.  Text formats, strict:
 * one form only, LF, no control characters.
 */
#ifndef SQ_CRYPTO_NOTE_H
#define SQ_CRYPTO_NOTE_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/bytes.h"
#include "crypto/err.h"
#include "crypto/merkle.h"
#include "crypto/secret.h"
#include "crypto/sign.h"

#define NOTE_MAX_BYTES (1u << 20)
#define NOTE_NAME_MAX 255
#define NOTE_VKEY_MAX 384

struct note_key {		/* a verifier key: name+hash+base64(alg|pk) */
	char name[NOTE_NAME_MAX + 1];
	uint8_t alg;		/* 0x01 Ed25519; 0x04 cosignature/v1 */
	uint8_t hash[4];
	uint8_t pk[SIGN_PK];
};

struct note_checkpoint {	/* tlog-checkpoint: origin, size, root */
	char origin[NOTE_NAME_MAX + 1];
	uint64_t size;
	uint8_t root[MERKLE_LEN];
};

/** note_key(name, pk, ret): key hash = SHA-256(name|LF|0x01|pk)[:4]. */
enum sq_err note_key(const char *name, const uint8_t pk[SIGN_PK],
    struct note_key *ret);

/** note_vkey(key, out): append the vkey text form, no LF. */
enum sq_err note_vkey(const struct note_key *key, struct bytes_buf *out);

/** note_vkey_parse(s, ret): read a vkey; the hash must fit. */
enum sq_err note_vkey_parse(const char *s, struct note_key *ret);

/** note_sign(name, seed, text, n, out): append text, blank line, signature. */
enum sq_err note_sign(const char *name, const struct secret *seed,
    const char *text, size_t n, struct bytes_buf *out);

/**
 * note_also(name, seed, note, n, out):
 * Append the signed note of ${n} bytes and one more signature of its text.
 */
enum sq_err note_also(const char *name, const struct secret *seed,
    const char *note, size_t n, struct bytes_buf *out);

/**
 * note_check(note, n, key, ret_text_len):
 * Find the signature of ${key} among the signatures of the note and verify it.
 * SQ_EFORMAT, SQ_EAUTH (bad signature of this key), SQ_ENOENT (no signature of
 * this key).  ${ret_text_len}: the signed text is the first so many bytes.
 */
enum sq_err note_check(const char *note, size_t n, const struct note_key *key,
    size_t *ret_text_len);

/* C2SP tlog-cosignature, cosignature/v1: who saw a checkpoint signs it too. */

/** note_cosigner(name, pk, ret): as note_key, for the key of a cosigner. */
enum sq_err note_cosigner(const char *name, const uint8_t pk[SIGN_PK],
    struct note_key *ret);

/** note_cosigner_parse(s, ret): as note_vkey_parse, for a cosigner's. */
enum sq_err note_cosigner_parse(const char *s, struct note_key *ret);

/**
 * note_cosign(name, seed, time, note, n, out):
 * Append the signed note of ${n} bytes and, in one more line, the cosignature
 * of ${time} (seconds since 1970).  The note is not checked: do that first.
 */
enum sq_err note_cosign(const char *name, const struct secret *seed,
    uint64_t time, const char *note, size_t n, struct bytes_buf *out);

/**
 * note_cosign_check(note, n, key, ret_text_len, ret_time):
 * As note_check, of a cosignature; when it was made goes to *ret_time.
 */
enum sq_err note_cosign_check(const char *note, size_t n,
    const struct note_key *key, size_t *ret_text_len, uint64_t *ret_time);

/** note_checkpoint_emit(cp, out): append the checkpoint text (unsigned). */
enum sq_err note_checkpoint_emit(const struct note_checkpoint *cp,
    struct bytes_buf *out);

/**
 * note_checkpoint_parse(text, n, ret):
 * Read the signed text of a checkpoint.
 */
enum sq_err note_checkpoint_parse(const char *text, size_t n,
    struct note_checkpoint *ret);

/**
 * note_proof_emit(index, proof, checkpoint, n, out):
 * Append a tlog-proof@v1 for leaf ${index}: header, index, hashes, blank line
 * and the signed checkpoint of ${n} bytes.
 */
enum sq_err note_proof_emit(uint64_t index, const struct merkle_proof *proof,
    const char *checkpoint, size_t n, struct bytes_buf *out);

/**
 * note_proof_parse(p, n, ret_index, ret_proof, ret_note):
 * Read a tlog-proof@v1 (an "extra" line is accepted and skipped); *ret_note is
 * the offset of the checkpoint within ${p}.
 */
enum sq_err note_proof_parse(const char *p, size_t n, uint64_t *ret_index,
    struct merkle_proof *ret_proof, size_t *ret_note);

#endif
