/*
 * A receipt: the recipient of a bundle signs the checkpoint that came with it
 * (C2SP tlog-cosignature), so that the vault can show who saw which log, and
 * cannot later show him another one.  Text, one form only:
 *
 *	sandyq-receipt/v1
 *	<verifier key of the cosigner>
 *	<empty line>
 *	<the checkpoint, a signed note, with the cosignature as its last line>
 *
 * The key is made for this alone, from the age identity of the recipient, whose
 * public half is its name.  Pure.
 */
#ifndef SQ_VAULT_BUNDLE_RECEIPT_H
#define SQ_VAULT_BUNDLE_RECEIPT_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/bytes.h"
#include "crypto/err.h"
#include "crypto/note.h"
#include "crypto/secret.h"

struct receipt {
	struct note_key cosigner;	/* its name: age1... */
	uint64_t time;			/* of the cosignature, as claimed */
	size_t note;			/* where the note begins */
	size_t text;			/* length of its signed text */
};

/**
 * receipt_make(identity, time, note, n, out):
 * Append the receipt of the signed note of ${n} bytes, which was checked.
 */
enum sq_err receipt_make(const struct secret *identity, uint64_t time,
    const char *note, size_t n, struct bytes_buf *out);

/**
 * receipt_is(p, n): does it begin like a receipt?
 */
bool receipt_is(const char *p, size_t n);

/**
 * receipt_parse(p, n, ret):
 * Read it and verify the cosignature; the signature of the log is left to
 * note_check.  SQ_EFORMAT, SQ_EAUTH.
 */
enum sq_err receipt_parse(const char *p, size_t n, struct receipt *ret);

#endif
