/*
 * What the entry_*.c files share among themselves; nobody else includes it.
 */
#ifndef SQ_CRYPTO_ENTRY_INT_H
#define SQ_CRYPTO_ENTRY_INT_H

#include <stdbool.h>
#include <stddef.h>

#include "crypto/bytes.h"
#include "crypto/entry.h"
#include "crypto/err.h"

#define ENTRY_INT_MAX INT64_C(9007199254740991)		/* 2^53 - 1 */

/**
 * entry_int_span(p, n):
 * How many of the ${n} bytes at ${p} are one canonical value, or 0 if they do
 * not begin with one.  Does not look at whether the bytes are UTF-8.
 */
size_t entry_int_span(const char *p, size_t n);

/**
 * entry_int_canonical(p, n):
 * True if all ${n} bytes are one canonical value.
 */
bool entry_int_canonical(const char *p, size_t n);

/** entry_int_name(p, n): true if the ${n} bytes may be the name of a field. */
bool entry_int_name(const char *p, size_t n);

/** entry_int_fixed(name): true if the field ${name} must always be open. */
bool entry_int_fixed(const char *name);

/**
 * entry_int_append(en, form, name, nname, value, n, ret_f):
 * Append a field with copies of ${name} (NULL: hidden) and ${value} (NULL
 * unless open), limits checked first; salt or hash is for the caller to fill.
 */
enum sq_err entry_int_append(struct entry *en, enum entry_form form,
    const char *name, size_t nname, const char *value, size_t n,
    struct entry_field **ret_f);

/**
 * entry_int_ascending(en):
 * SQ_OK if there are fields and their names strictly ascend, hidden ones
 * aside; else SQ_EFORMAT.
 */
enum sq_err entry_int_ascending(const struct entry *en);

#endif
