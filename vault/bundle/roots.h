/*
 * Whose time stamps are believed: the roots a person names, or else the list
 * that the operating system keeps, where it is at a known place.
 */
#ifndef SQ_VAULT_BUNDLE_ROOTS_H
#define SQ_VAULT_BUNDLE_ROOTS_H

#include <stdbool.h>

#include "crypto/bytes.h"
#include "crypto/err.h"

/**
 * roots_read(path, out, ret_system, why):
 * Append the certificates of file ${path}; NULL: those of the system, if there
 * are any (${*ret_system} is then true, else nothing was appended).  An
 * unreadable ${path} is an error, an unreadable list of the system is none.
 */
enum sq_err roots_read(const char *path, struct bytes_buf *out,
    bool *ret_system, struct why *why);

#endif
