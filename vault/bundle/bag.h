/*
 * BagIt 1.0 (RFC 8493) with SHA-256, as a bundle uses it: manifests as text,
 * pure.  Lines are "hash, two spaces, path", so that sha256sum -c reads them.
 */
#ifndef SQ_VAULT_BUNDLE_BAG_H
#define SQ_VAULT_BUNDLE_BAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/bytes.h"
#include "crypto/digest.h"
#include "crypto/err.h"

#define BAG_TXT "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

struct bag_file {
	char *path;		/* relative to the bag, "data/items.csv" */
	uint8_t sha256[DIGEST_LEN];
	uint64_t size;
};

struct bag_list {		/* ascending by path */
	struct bag_file *v;
	size_t n;
	size_t cap;
};

/** bag_add(l, path, sha256, size): append; paths must ascend (SQ_EFORMAT). */
enum sq_err bag_add(struct bag_list *l, const char *path,
    const uint8_t sha256[DIGEST_LEN], uint64_t size);

/** bag_find(l, path): binary search, or NULL. */
const struct bag_file *bag_find(const struct bag_list *l, const char *path);

/** bag_emit(l, out): the manifest text. */
enum sq_err bag_emit(const struct bag_list *l, struct bytes_buf *out);

/**
 * bag_parse(p, n, ret, why):
 * Read a manifest strictly: lower-case hash, two spaces, good path, ascending,
 * unique.  sizes are 0.
 */
enum sq_err bag_parse(const char *p, size_t n, struct bag_list *ret,
    struct why *why);

/**
 * bag_info(files, bytes, date, bundle, out):
 * bag-info.txt with an exact Payload-Oxum; ${date} is YYYY-MM-DD, ${bundle} the
 * id of the bundle.
 */
enum sq_err bag_info(uint64_t files, uint64_t bytes, const char *date,
    const char *bundle, struct bytes_buf *out);

/**
 * bag_oxum(p, n, ret_bytes, ret_files):
 * The Payload-Oxum of a bag-info.txt; SQ_EFORMAT if absent, twice or malformed.
 */
enum sq_err bag_oxum(const char *p, size_t n, uint64_t *ret_bytes,
    uint64_t *ret_files);

/** bag_free(l): free; empty again. */
void bag_free(struct bag_list *l);

#define BAG_ORIGINAL_MAX 40

/**
 * bag_original_ext(name, mime):
 * The extension of an attachment in a bundle: that of its own name if it is in
 * the list of BUNDLE.md section 3, else that of its media type, else "bin".
 * Either may be NULL.  Static.
 */
const char *bag_original_ext(const char *name, const char *mime);

/** bag_original_ok(ext): is it in that list? */
bool bag_original_ok(const char *ext);

/** bag_original(item, ext, out): its path below data/, as items.csv has it. */
void bag_original(uint64_t item, const char *ext, char out[BAG_ORIGINAL_MAX]);

#endif
