#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/bytes.h"
#include "vault/bundle/tar.h"

/*
 * There is exactly one header for a given path, size and time: the writer
 * makes it, and the reader makes it again and compares all 512 bytes.  So
 * links, devices, owners, odd modes, PAX and GNU extensions, other spellings
 * of a number and wrong checksums all fail at the same place.
 */

#define SIZE_OCTAL_MAX 077777777777u	/* 8 GiB - 1 */
#define TIME_MAX 077777777777u

struct header {			/* POSIX ustar, as bytes */
	char name[100];
	char mode[8];
	char uid[8];
	char gid[8];
	char size[12];
	char mtime[12];
	char chksum[8];
	char typeflag;
	char linkname[100];
	char magic[6];
	char version[2];
	char uname[32];
	char gname[32];
	char devmajor[8];
	char devminor[8];
	char prefix[155];
	char zero[12];
};

_Static_assert(sizeof(struct header) == TAR_BLOCK, "ustar header");

struct tar_writer {
	age_write_fn *write;
	void *arg;
	uint64_t mtime;
	uint64_t total;		/* bytes written */
	uint64_t left;		/* of the present member */
	uint64_t size;
	char last[TAR_PATH_MAX + 1];
};

struct tar_reader {
	age_read_fn *read;
	void *arg;
	uint64_t mtime;
	uint64_t total;
	uint64_t left;
	uint64_t size;
	bool first;
	bool done;
	char last[TAR_PATH_MAX + 1];
};

/* True if the n bytes are one component of a path that a bundle may have. */
static bool
component_ok(const char *p, size_t n)
{
	static const char *const upper[] = { "READ-ME-FIRST.txt",
	    "STATEMENT.txt", "STATEMENT.txt.minisig", "STATEMENT.txt.sig" };

	for (size_t i = 0; i < sizeof(upper) / sizeof(upper[0]); i++)
		if (strlen(upper[i]) == n && memcmp(upper[i], p, n) == 0)
			return true;
	for (size_t i = 0; i < n; i++)
		if (!((p[i] >= 'a' && p[i] <= 'z') ||
		    (p[i] >= '0' && p[i] <= '9') ||
		    (i > 0 && (p[i] == '.' || p[i] == '_' || p[i] == '-'))))
			return false;
	return n > 0;
}

/* see tar.h */
bool
tar_path_ok(const char *path)
{
	size_t n = strlen(path), len;

	if (n > TAR_PATH_MAX)
		return false;
	for (;; path += len + 1) {
		len = strcspn(path, "/");
		if (!component_ok(path, len))
			return false;
		if (path[len] == '\0')
			return true;
	}
}

/* see tar.h */
uint64_t
tar_padme(uint64_t n)
{
	n = bytes_padme(n);
	return (n + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
}

/* Write v as cap - 1 octal digits and a NUL. */
static void
octal(char *out, size_t cap, uint64_t v)
{
	out[--cap] = '\0';
	while (cap-- > 0) {
		out[cap] = (char)('0' + (v & 7));
		v >>= 3;
	}
}

/* Make the only header for this member. */
static void
header_make(struct header *h, const char *path, uint64_t size, uint64_t mtime)
{
	const unsigned char *p = (const unsigned char *)h;
	uint64_t sum = 0, v = size;

	memset(h, 0, sizeof(*h));
	memcpy(h->name, path, strlen(path));
	octal(h->mode, sizeof(h->mode), 0600);
	octal(h->uid, sizeof(h->uid), 0);
	octal(h->gid, sizeof(h->gid), 0);
	octal(h->mtime, sizeof(h->mtime), mtime);
	if (size <= SIZE_OCTAL_MAX) {
		octal(h->size, sizeof(h->size), size);
	} else {
		for (size_t i = sizeof(h->size); i-- > 1; v >>= 8)
			h->size[i] = (char)(v & 0xFF);
		h->size[0] = (char)0x80;
	}
	h->typeflag = '0';
	memcpy(h->magic, "ustar", sizeof(h->magic));
	memcpy(h->version, "00", sizeof(h->version));
	octal(h->devmajor, sizeof(h->devmajor), 0);
	octal(h->devminor, sizeof(h->devminor), 0);
	memset(h->chksum, ' ', sizeof(h->chksum));
	for (size_t i = 0; i < sizeof(*h); i++)
		sum += p[i];
	octal(h->chksum, sizeof(h->chksum) - 1, sum);
}

/* How many zeros fill the last block of n bytes. */
static size_t
fill(uint64_t n)
{
	return (TAR_BLOCK - (size_t)(n % TAR_BLOCK)) % TAR_BLOCK;
}

/* --- writing ------------------------------------------------------------ */

static enum sq_err
put(struct tar_writer *w, const void *p, size_t n)
{
	w->total += n;
	return n == 0 ? SQ_OK : w->write(w->arg, p, n);
}

static enum sq_err
put_zeros(struct tar_writer *w, uint64_t n)
{
	static const uint8_t zero[8192];
	enum sq_err e = SQ_OK;
	size_t part;

	for (; n > 0 && e == SQ_OK; n -= part) {
		part = n < sizeof(zero) ? (size_t)n : sizeof(zero);
		e = put(w, zero, part);
	}
	return e;
}

/* see tar.h */
enum sq_err
tar_write_new(age_write_fn *write, void *arg, uint64_t mtime,
    struct tar_writer **ret)
{
	struct tar_writer *w;

	if (mtime > TIME_MAX)
		return SQ_ELIMIT;
	if ((w = calloc(1, sizeof(*w))) == NULL)
		return SQ_ENOMEM;
	w->write = write;
	w->arg = arg;
	w->mtime = mtime;
	*ret = w;
	return SQ_OK;
}

/* see tar.h */
enum sq_err
tar_write_file(struct tar_writer *w, const char *path, uint64_t size)
{
	struct header h;
	enum sq_err e;

	if (w->left != 0 || strcmp(w->last, path) >= 0)
		return SQ_EINTERNAL;
	if (!tar_path_ok(path) || size > INT64_MAX)
		return SQ_EFORMAT;
	if ((e = put_zeros(w, fill(w->size))) != SQ_OK)
		return e;
	header_make(&h, path, size, w->mtime);
	memcpy(w->last, path, strlen(path) + 1);
	w->left = w->size = size;
	return put(w, &h, sizeof(h));
}

/* see tar.h */
enum sq_err
tar_write_data(struct tar_writer *w, const void *p, size_t n)
{
	if (n > w->left)
		return SQ_EINTERNAL;
	w->left -= n;
	return put(w, p, n);
}

/* see tar.h */
enum sq_err
tar_write_end(struct tar_writer *w)
{
	enum sq_err e;

	if (w->left != 0)
		return SQ_EINTERNAL;
	if ((e = put_zeros(w, fill(w->size))) != SQ_OK ||
	    (e = put_zeros(w, 2 * TAR_BLOCK)) != SQ_OK)
		return e;
	return put_zeros(w, tar_padme(w->total) - w->total);
}

/* see tar.h */
void
tar_write_free(struct tar_writer *w)
{
	free(w);
}

/* --- reading ------------------------------------------------------------ */

/* see tar.h */
enum sq_err
tar_read_new(age_read_fn *read, void *arg, struct tar_reader **ret)
{
	struct tar_reader *r;

	if ((r = calloc(1, sizeof(*r))) == NULL)
		return SQ_ENOMEM;
	r->read = read;
	r->arg = arg;
	r->first = true;
	*ret = r;
	return SQ_OK;
}

/* Fill all n bytes, or SQ_EFORMAT if the input ends before. */
static enum sq_err
get(struct tar_reader *r, uint8_t *p, size_t n)
{
	enum sq_err e;
	size_t got;

	for (; n > 0; p += got, n -= got) {
		if ((e = r->read(r->arg, p, n, &got)) != SQ_OK)
			return e;
		if (got == 0)
			return SQ_EFORMAT;
		r->total += got;
	}
	return SQ_OK;
}

/* Say why nothing more could be read. */
static enum sq_err
no_more(enum sq_err e, struct why *why)
{
	return err_why(why, e, "%s", e == SQ_EFORMAT ?
	    "the archive ends too early" : e == SQ_EAUTH ?
	    "the sealed file is altered or cut" :
	    "the archive could not be read");
}

/* Read n bytes that must be zero. */
static enum sq_err
get_zeros(struct tar_reader *r, uint64_t n, struct why *why)
{
	uint8_t buf[8192];
	enum sq_err e;
	size_t part;

	for (; n > 0; n -= part) {
		part = n < sizeof(buf) ? (size_t)n : sizeof(buf);
		if ((e = get(r, buf, part)) != SQ_OK)
			return no_more(e, why);
		for (size_t i = 0; i < part; i++)
			if (buf[i] != 0)
				return err_why(why, SQ_EFORMAT, "padding of "
				    "the archive is not zero");
	}
	return SQ_OK;
}

/* After the second zero block: the padding, and nothing more. */
static enum sq_err
at_end(struct tar_reader *r, struct why *why)
{
	uint8_t more;
	enum sq_err e;
	size_t got;

	if ((e = get_zeros(r, TAR_BLOCK, why)) != SQ_OK ||
	    (e = get_zeros(r, tar_padme(r->total) - r->total, why)) != SQ_OK)
		return e;
	if ((e = r->read(r->arg, &more, 1, &got)) != SQ_OK)
		return err_why(why, e, "the end of the archive is altered");
	if (got != 0)
		return err_why(why, SQ_EFORMAT,
		    "something follows the end of the archive");
	r->done = true;
	return SQ_OK;
}

/* The value of an octal field; anything odd fails when compared. */
static uint64_t
octal_value(const char *p, size_t n)
{
	uint64_t v = 0;

	for (size_t i = 0; i < n && p[i] >= '0' && p[i] <= '7'; i++)
		v = v << 3 | (uint64_t)(p[i] - '0');
	return v;
}

/* The size a header states, in either spelling. */
static uint64_t
size_value(const char p[12])
{
	uint64_t v = 0;

	if ((unsigned char)p[0] != 0x80)
		return octal_value(p, 11);
	for (size_t i = 4; i < 12; i++)
		v = v << 8 | (unsigned char)p[i];
	return v;
}

/* Take a header in: good, and later than the one before. */
static enum sq_err
accept(struct tar_reader *r, const struct header *h, struct why *why)
{
	char path[TAR_PATH_MAX + 1] = "";
	struct header again;
	uint64_t size = size_value(h->size);

	memcpy(path, h->name, TAR_PATH_MAX);
	if (!tar_path_ok(path))
		return err_why(why, SQ_EFORMAT, "the archive holds a name "
		    "that a bundle may not have");
	if (h->typeflag != '0')
		return err_why(why, SQ_EFORMAT, "%s is not a plain file",
		    path);
	if (r->first)
		r->mtime = octal_value(h->mtime, 11);
	header_make(&again, path, size, r->mtime);
	if (memcmp(&again, h, sizeof(again)) != 0 || size > INT64_MAX)
		return err_why(why, SQ_EFORMAT, "the archive's header of %s "
		    "is not of the one form allowed", path);
	if (!r->first && strcmp(r->last, path) == 0)
		return err_why(why, SQ_EFORMAT, "%s is there twice", path);
	if (!r->first && strcmp(r->last, path) > 0)
		return err_why(why, SQ_EFORMAT, "%s is out of order", path);
	memcpy(r->last, path, sizeof(path));
	r->first = false;
	r->left = r->size = size;
	return SQ_OK;
}

/* Read past what is left of the present member. */
static enum sq_err
skip(struct tar_reader *r, struct why *why)
{
	uint8_t buf[8192];
	enum sq_err e;
	size_t part;

	for (; r->left > 0; r->left -= part) {
		part = r->left < sizeof(buf) ? (size_t)r->left : sizeof(buf);
		if ((e = get(r, buf, part)) != SQ_OK)
			return err_why(why, e, "the archive ends inside %s",
			    r->last);
	}
	return get_zeros(r, fill(r->size), why);
}

/* see tar.h */
enum sq_err
tar_read_next(struct tar_reader *r, const char **ret_path,
    uint64_t *ret_size, struct why *why)
{
	static const struct header zero;
	struct header h;
	enum sq_err e;

	if (!r->done && (e = skip(r, why)) != SQ_OK)
		return e;
	r->size = 0;
	if (!r->done) {
		if ((e = get(r, (uint8_t *)&h, sizeof(h))) != SQ_OK)
			return no_more(e, why);
		if (memcmp(&h, &zero, sizeof(h)) != 0) {
			if ((e = accept(r, &h, why)) != SQ_OK)
				return e;
			*ret_path = r->last;
			*ret_size = r->size;
			return SQ_OK;
		}
		if ((e = at_end(r, why)) != SQ_OK)
			return e;
	}
	*ret_path = NULL;
	*ret_size = 0;
	return SQ_OK;
}

/* see tar.h */
enum sq_err
tar_read_data(struct tar_reader *r, void *p, size_t n, size_t *ret)
{
	enum sq_err e;

	if (n > r->left)
		n = (size_t)r->left;
	if (n > 0 && (e = get(r, p, n)) != SQ_OK)
		return e;
	r->left -= n;
	*ret = n;
	return SQ_OK;
}

/* see tar.h */
void
tar_read_free(struct tar_reader *r)
{
	free(r);
}
