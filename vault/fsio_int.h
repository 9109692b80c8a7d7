/*
 * What the files of fsio share, and nobody else includes.
 */
#ifndef SQ_VAULT_FSIO_INT_H
#define SQ_VAULT_FSIO_INT_H

#include <stdbool.h>
#include <stddef.h>

#include "crypto/bytes.h"
#include "crypto/err.h"

/** fsio_fail(why, verb, name): turn errno into an error and a sentence. */
enum sq_err fsio_fail(struct why *why, const char *verb, const char *name);

/** fsio_part_left(path, why): SQ_EEXIST, PATH.part is in the way. */
enum sq_err fsio_part_left(const char *path, struct why *why);

/**
 * fsio_put(fd, p, n):
 * Write all, through short writes and EINTR; false: errno.
 */
bool fsio_put(int fd, const void *p, size_t n);

/**
 * fsio_take(fd, max, out, why, name):
 * Append all that is left of ${fd}; SQ_ELIMIT beyond ${max}.
 */
enum sq_err fsio_take(int fd, size_t max, struct bytes_buf *out,
    struct why *why, const char *name);

/**
 * fsio_sync(fd):
 * Fsync; false: errno.  Never tried twice (fsync lies the second time).
 */
bool fsio_sync(int fd);

/**
 * fsio_open_at(dirfd, name, flags, ret_fd, why):
 * Open a regular file with one link that is ours, no link followed; SQ_EDAMAGE
 * otherwise.
 */
enum sq_err fsio_open_at(int dirfd, const char *name, int flags, int *ret_fd,
    struct why *why);

/**
 * fsio_move(from, name, to, toname):
 * Rename that never replaces; false: errno.
 */
bool fsio_move(int from, const char *name, int to, const char *toname);

/**
 * fsio_parent(path, ret_fd, base, cap, why):
 * Open the folder that holds a typed ${path}; its last part goes to ${base}.
 */
enum sq_err fsio_parent(const char *path, int *ret_fd, char *base, size_t cap,
    struct why *why);

/**
 * fsio_descend(dirfd, relpath, make, ret_fd, base, cap, why):
 * Open the folder of ${relpath} below ${dirfd} (making what is missing if
 * ${make}), its last part to ${base}; no links, no dot-dot.
 */
enum sq_err fsio_descend(int dirfd, const char *relpath, bool make,
    int *ret_fd, char *base, size_t cap, struct why *why);

#endif
