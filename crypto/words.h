/*
 * Words: the list of 7,776 from which passphrases and recovery codes are
 * drawn (12.9 bits each).  A recovery code is written on paper and typed back
 * years later by someone under pressure, so each group of words carries a
 * check, and reading it forgives what does not matter.
 */
#ifndef SQ_CRYPTO_WORDS_H
#define SQ_CRYPTO_WORDS_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/err.h"
#include "crypto/secret.h"

#define WORDS_COUNT 7776u
#define WORDS_LONGEST 9		/* letters of the longest word */
#define WORDS_PASS_MAX 32u	/* words of a generated passphrase */

#define WORDS_GROUPS 5u		/* groups of a recovery code */
#define WORDS_GROUP 4u		/* words of a group, the last its check */
#define WORDS_SHEET (WORDS_GROUPS * WORDS_GROUP)

/** words_get(i): word number ${i}, from 0, in byte order; NULL past the end. */
const char *words_get(uint32_t i);

/** words_find(s, n): the number of the word of ${n} bytes at ${s}, or -1. */
int32_t words_find(const char *s, size_t n);

/**
 * words_passphrase(n, ret):
 * ${n} random words (1 to WORDS_PASS_MAX) joined by one space, without a NUL.
 */
enum sq_err words_passphrase(unsigned n, struct secret **ret);

/**
 * words_sheet_new(ret_code):
 * A new recovery code in canonical form: 20 words in lower case joined by one
 * space, without a NUL; 15 of them are random, 193 bits.  The fourth word of
 * group g (1 to 5) is the check of the three before it: word number
 *   BLAKE2b-256("sandyq/recovery/1" | u8 g | the three joined by spaces),
 *   its first 8 bytes as a big-endian integer, mod 7776.
 * The canonical form is the passphrase of the recovery slot.
 */
enum sq_err words_sheet_new(struct secret **ret_code);

/**
 * words_sheet_parse(s, n, ret_code, why):
 * Read a recovery code as a person typed it and return its canonical form.
 * Forgiven: case, any white space, hyphens and commas between words, and the
 * numbers of the groups ("1.", "2)") if they are right.  Not forgiven: a word
 * that is not in the list or does not fit; ${why} (may be NULL) then names the
 * group, but never repeats a word.  SQ_EFORMAT, or SQ_ELIMIT for absurdly long
 * input.  A wrong group passes with probability 1/7776.
 */
enum sq_err words_sheet_parse(const char *s, size_t n,
    struct secret **ret_code, struct why *why);

/**
 * words_key(key, ret_words), words_key_parse(s, n, ret_key, why):
 * A 32-byte key as 25 words joined by one space, in five groups of which the
 * fifth word is the check (FORMAT.md section 12), and back; case, numbers and
 * what stands between the words are forgiven.  ${why} names the group that does
 * not fit, never a word.  SQ_EFORMAT, SQ_ELIMIT.
 */
enum sq_err words_key(const struct secret *key, struct secret **ret_words);
enum sq_err words_key_parse(const char *s, size_t n, struct secret **ret_key,
    struct why *why);

#endif
