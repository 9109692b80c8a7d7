/*
 * The three forms of add --from: a text of "field: value" lines and a body, a
 * JSON object, and JSON Lines.  Pure: bytes in, inputs out.
 */
#ifndef SQ_VAULT_RECORD_FROM_H
#define SQ_VAULT_RECORD_FROM_H

#include <stddef.h>

#include "crypto/err.h"
#include "vault/record/model.h"

/**
 * from_parse(type, p, n, cb, arg, why):
 * Recognise the form (first character '{': JSON, several objects: JSON Lines)
 * and call ${cb} with the inputs of each record in turn; a failure of ${cb}
 * ends it.  SQ_EREFUSED or SQ_EUSAGE name the line and what is wrong.  A UTF-8
 * byte-order mark is skipped; CR LF is read as LF; anything not UTF-8 is
 * refused.  "field.lang: value" sets a language; JSON: {"name": "value"},
 * {"name": ["a", "b"]}, {"name": [{"value": ..., "lang": ...}]}, also below
 * "fields", beside which what show --json prints is passed over.  The last line
 * end of a body is not part of it; "text.ru:" with nothing behind it says what
 * language the body is in.  Only field names and repetitions are checked here,
 * values with model_check; records before a bad one have been handed over.
 */
enum sq_err from_parse(const struct model_type *type, const char *p, size_t n,
    enum sq_err (*cb)(void *arg, struct model_inputs *in), void *arg,
    struct why *why);

#endif
