/*
 * Text: Unicode normalisation and the forms in which text is indexed and
 * searched (the only home of ICU beside names.c), BCP 47 tags and EDTF dates.
 */
#ifndef SQ_VAULT_RECORD_TEXT_H
#define SQ_VAULT_RECORD_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/bytes.h"
#include "crypto/err.h"
#include "crypto/secret.h"

/** text_nfc(s, ret): ${s} in NFC as a new string; SQ_EFORMAT unless UTF-8. */
enum sq_err text_nfc(const char *s, char **ret);

/**
 * text_nfc_pass(in, ret, ret_changed):
 * A passphrase in NFC, 1 to 1,024 bytes, all scratch memory wiped; SQ_EREFUSED
 * if empty, too long or not UTF-8.
 */
enum sq_err text_nfc_pass(const struct secret *in, struct secret **ret,
    bool *ret_changed);

/**
 * text_index(s, n, out):
 * Append the form that goes into the full-text index: a run of Han characters
 * becomes its overlapping pairs and its last character alone, parted by spaces
 * (AB BC C), so that any characters in a row are found; all else as it is, but
 * letters with combining marks in NFC.  Independent of the ICU version.
 */
enum sq_err text_index(const char *s, size_t n, struct bytes_buf *out);

/**
 * text_fold(s, out):
 * Append the comparison form: case-folded, diacritics of Latin, Cyrillic and
 * Greek removed as unicode61 does with remove_diacritics 2.
 */
enum sq_err text_fold(const char *s, struct bytes_buf *out);

/**
 * text_lang(s, out):
 * Canonical form of a well-formed BCP 47 tag (RFC 5646: kk-Cyrl, zh-Hans);
 * SQ_EREFUSED.
 */
enum sq_err text_lang(const char *s, char out[36]);

/**
 * text_edtf(s, ret):
 * A valid EDTF level 1 date or interval (ISO 8601-2; real calendar days; start
 * not after end) in canonical form; SQ_EREFUSED.
 */
enum sq_err text_edtf(const char *s, char **ret);

/**
 * text_edtf_begin(s, ret_day):
 * The first day, as the number YYYYMMDD, that  may mean; 0 where the start
 * is open or unknown.  False unless  came from text_edtf.
 */
bool text_edtf_begin(const char *s, unsigned *ret_day);

/**
 * text_edtf_end(s, ret_day):
 * The day, as the number YYYYMMDD, on which what ${s} says has ended for
 * certain not yet: the last one of a plain date or of an interval's end, the
 * first one where digits are left open, the start's where the end is unknown,
 * UINT_MAX where it is open (..).  False unless ${s} came from text_edtf.
 */
bool text_edtf_end(const char *s, unsigned *ret_day);

/**
 * text_edtf_span(s, ret_first, ret_last):
 * The first and the last day, as numbers YYYYMMDD, that what ${s} says may
 * mean: 0 and 99999999 where an end is open or unknown.  False unless ${s} is
 * in the form of text_edtf.
 */
bool text_edtf_span(const char *s, unsigned *ret_first, unsigned *ret_last);

/**
 * text_time(s):
 * SQ_OK for an RFC 3339 date-time with real values, capital T and Z and no leap
 * second; else SQ_EREFUSED.
 */
enum sq_err text_time(const char *s);

/**
 * text_char(p, n, ret_c):
 * Decode the character at ${p}, of ${n} > 0 bytes; its length.  A byte that is
 * no UTF-8 counts as one character U+FFFD.
 */
size_t text_char(const uint8_t *p, size_t n, uint32_t *ret_c);

/** text_char_put(out, c): append ${c} as UTF-8. */
void text_char_put(struct bytes_buf *out, uint32_t c);

/** text_char_han(c): true for the Han characters that are indexed in pairs. */
bool text_char_han(uint32_t c);

#endif
