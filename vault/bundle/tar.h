/*
 * The strict subset of ustar that a bundle is (BUNDLE.md): regular files only,
 * sorted paths, fixed owner, mode and time, base-256 size from 8 GiB on, two
 * zero blocks and zero padding at the end.  What the reader does not expect is
 * an error, not a guess.
 */
#ifndef SQ_VAULT_BUNDLE_TAR_H
#define SQ_VAULT_BUNDLE_TAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/age.h"
#include "crypto/err.h"

#define TAR_BLOCK 512
#define TAR_PATH_MAX 100

/**
 * tar_path_ok(path):
 * Components [a-z0-9][a-z0-9._-]*, at most 100 bytes, no dot-dot;
 * READ-ME-FIRST.txt and STATEMENT.txt* allowed.
 */
bool tar_path_ok(const char *path);

/**
 * tar_padme(n):
 * ${n} rounded up by the Padme rule, then to a multiple of 512.
 */
uint64_t tar_padme(uint64_t n);

struct tar_writer;

/**
 * tar_write_new(write, arg, mtime, ret):
 * Start an archive; each member has the Unix time ${mtime}.
 */
enum sq_err tar_write_new(age_write_fn *write, void *arg, uint64_t mtime,
    struct tar_writer **ret);

/**
 * tar_write_file(w, path, size):
 * Begin a member; paths must ascend; SQ_EINTERNAL if the one before is short.
 */
enum sq_err tar_write_file(struct tar_writer *w, const char *path,
    uint64_t size);

/** tar_write_data(w, p, n): the next bytes of the member. */
enum sq_err tar_write_data(struct tar_writer *w, const void *p, size_t n);

/** tar_write_end(w): end the archive and pad it to tar_padme of its length. */
enum sq_err tar_write_end(struct tar_writer *w);

/** tar_write_free(w): NULL is fine. */
void tar_write_free(struct tar_writer *w);

struct tar_reader;

/** tar_read_new(read, arg, ret): read an archive from ${read}. */
enum sq_err tar_read_new(age_read_fn *read, void *arg,
    struct tar_reader **ret);

/**
 * tar_read_next(r, ret_path, ret_size, why):
 * The next member (path valid until the next call), or *ret_path = NULL at the
 * end, when all padding was checked and the input is at its end.  SQ_EFORMAT
 * for anything outside the subset, out of order, or twice.
 */
enum sq_err tar_read_next(struct tar_reader *r, const char **ret_path,
    uint64_t *ret_size, struct why *why);

/**
 * tar_read_data(r, p, n, ret):
 * Up to ${n} bytes of the member; 0 at its end. Unread data is skipped by
 * tar_read_next.
 */
enum sq_err tar_read_data(struct tar_reader *r, void *p, size_t n,
    size_t *ret);

/** tar_read_free(r): NULL is fine. */
void tar_read_free(struct tar_reader *r);

#endif
