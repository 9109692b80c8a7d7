#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "vault/bundle/bag.h"
#include "vault/bundle/tar.h"

#define HEX 64			/* digits of a hash */

static const char oxum[] = "Payload-Oxum: ";

/* see bag.h */
enum sq_err
bag_add(struct bag_list *l, const char *path,
    const uint8_t sha256[DIGEST_LEN], uint64_t size)
{
	struct bag_file *v;
	size_t cap;

	if (l->n > 0 && strcmp(l->v[l->n - 1].path, path) >= 0)
		return SQ_EFORMAT;
	if (l->n == l->cap) {
		cap = l->cap == 0 ? 64 : 2 * l->cap;
		if (cap > SIZE_MAX / sizeof(*v) ||
		    (v = realloc(l->v, cap * sizeof(*v))) == NULL)
			return SQ_ENOMEM;
		l->v = v;
		l->cap = cap;
	}
	v = &l->v[l->n];
	if ((v->path = strdup(path)) == NULL)
		return SQ_ENOMEM;
	memcpy(v->sha256, sha256, DIGEST_LEN);
	v->size = size;
	l->n++;
	return SQ_OK;
}

static int
cmp(const void *key, const void *file)
{
	return strcmp(key, ((const struct bag_file *)file)->path);
}

/* see bag.h */
const struct bag_file *
bag_find(const struct bag_list *l, const char *path)
{
	return l->n == 0 ? NULL :
	    bsearch(path, l->v, l->n, sizeof(*l->v), cmp);
}

/* see bag.h */
enum sq_err
bag_emit(const struct bag_list *l, struct bytes_buf *out)
{
	for (size_t i = 0; i < l->n; i++) {
		bytes_put_hex(out, l->v[i].sha256, DIGEST_LEN);
		bytes_puts(out, "  ");
		bytes_puts(out, l->v[i].path);
		bytes_puts(out, "\n");
	}
	return bytes_done(out);
}

/* One manifest line without its LF. */
static enum sq_err
line_parse(const char *p, size_t n, struct bag_list *l)
{
	char hex[HEX + 1] = "", path[TAR_PATH_MAX + 1] = "";
	uint8_t hash[DIGEST_LEN];

	if (n < HEX + 3 || n > HEX + 2 + TAR_PATH_MAX ||
	    memcmp(p + HEX, "  ", 2) != 0 || memchr(p, '\0', n) != NULL)
		return SQ_EFORMAT;
	memcpy(hex, p, HEX);
	memcpy(path, p + HEX + 2, n - HEX - 2);
	if (bytes_unhex(hash, sizeof(hash), hex) != SQ_OK ||
	    !tar_path_ok(path))
		return SQ_EFORMAT;
	return bag_add(l, path, hash, 0);
}

/* see bag.h */
enum sq_err
bag_parse(const char *p, size_t n, struct bag_list *ret, struct why *why)
{
	struct bag_list l = { 0 };
	enum sq_err e = SQ_OK;
	const char *lf;
	size_t at = 1;

	for (; n > 0; at++) {
		if ((lf = memchr(p, '\n', n)) == NULL) {
			e = err_why(why, SQ_EFORMAT,
			    "the last line is not ended");
			goto out;
		}
		if ((e = line_parse(p, (size_t)(lf - p), &l)) != SQ_OK) {
			e = err_why(why, e, "line %zu is not a hash, two "
			    "spaces and a path later than the one before", at);
			goto out;
		}
		n -= (size_t)(lf - p) + 1;
		p = lf + 1;
	}
	*ret = l;
	memset(&l, 0, sizeof(l));	/* transferred */
out:
	bag_free(&l);
	return e;
}

/* see bag.h */
enum sq_err
bag_info(uint64_t files, uint64_t bytes, const char *date, const char *bundle,
    struct bytes_buf *out)
{
	bytes_putf(out, "Bagging-Date: %s\nExternal-Identifier: %s\n"
	    "%s%" PRIu64 ".%" PRIu64 "\n", date, bundle, oxum, bytes, files);
	return bytes_done(out);
}

/* Decimal digits without leading zeros; moves *p past them. */
static bool
number(const char **p, const char *end, uint64_t *ret)
{
	const char *s = *p;
	uint64_t v = 0;

	for (; *p < end && **p >= '0' && **p <= '9'; (*p)++) {
		if (*p - s >= 19)
			return false;
		v = 10 * v + (uint64_t)(**p - '0');
	}
	*ret = v;
	return *p > s && (*s != '0' || *p - s == 1);
}

/* see bag.h */
enum sq_err
bag_oxum(const char *p, size_t n, uint64_t *ret_bytes, uint64_t *ret_files)
{
	const char *end = p + n, *lf;
	uint64_t bytes = 0, files = 0;
	bool seen = false;

	for (; p < end; p = lf + 1) {
		if ((lf = memchr(p, '\n', (size_t)(end - p))) == NULL)
			return SQ_EFORMAT;
		if ((size_t)(lf - p) < sizeof(oxum) - 1 ||
		    memcmp(p, oxum, sizeof(oxum) - 1) != 0)
			continue;
		p += sizeof(oxum) - 1;
		if (seen || !number(&p, lf, &bytes) || p == lf ||
		    *p++ != '.' || !number(&p, lf, &files) || p != lf)
			return SQ_EFORMAT;
		seen = true;
	}
	if (!seen)
		return SQ_EFORMAT;
	*ret_bytes = bytes;
	*ret_files = files;
	return SQ_OK;
}

/* see bag.h */
void
bag_free(struct bag_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i].path);
	free(l->v);
	memset(l, 0, sizeof(*l));
}
