/*
 * Drafts of certificates for courts: text with blanks, filled with what the
 * bundle says and with a table of hashes, for a qualified person to check,
 * complete and sign.  Unsigned.  Pure.
 */
#ifndef SQ_VAULT_BUNDLE_CERTIFICATE_H
#define SQ_VAULT_BUNDLE_CERTIFICATE_H

#include <stddef.h>

#include "crypto/bytes.h"
#include "crypto/err.h"
#include "vault/bundle/statement.h"

/**
 * certificate_name(i):
 * File name of draft ${i} below data/certificates/; NULL after the last.
 */
const char *certificate_name(size_t i);

/**
 * certificate_emit(i, st, table, n, out):
 * Draft ${i} with the ${n} bytes of ${table} as its annex.  Of ${st} only what
 * is known before the bag is sealed is used.
 */
enum sq_err certificate_emit(size_t i, const struct statement *st,
    const uint8_t *table, size_t n, struct bytes_buf *out);

/**
 * certificate_line(item, ref, name, size, out):
 * The line of the annex that says what the next hash is of; ${name} (UTF-8, or
 * NULL) is what the file was called.
 */
void certificate_line(size_t item, const char *ref, const char *name,
    uint64_t size, struct bytes_buf *out);

#endif
