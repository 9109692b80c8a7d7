/*
 * Members of a ZIP archive, as far as workbooks need them: the directory at
 * the end of the file, stored and deflated members, no encryption, no volumes,
 * no 64-bit sizes.  What comes out is counted over the whole file, so that a
 * small file cannot become a large one.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <zlib.h>

#include "vault/probe/probe_int.h"
#include "vault/probe/probe_sheet.h"

#define END_LEN 22
#define END_LOOK (END_LEN + 65535)
#define ENTRY_LEN 46
#define LOCAL_LEN 30
#define NAME_LEN 128
#define MEMBERS_MAX 10000

struct probe_zip {
	uint64_t off, left;		/* packed bytes to come */
	uint64_t size, out;		/* of the content: stated, so far */
	uint32_t crc, sum;
	bool deflated, ended;
	z_stream z;
	uint8_t in[64 * 1024];
};

static uint64_t inflated;		/* of all members */

static unsigned
u16(const uint8_t *p)
{
	return (unsigned)p[0] | (unsigned)p[1] << 8;
}

static uint32_t
u32(const uint8_t *p)
{
	return (uint32_t)u16(p) | (uint32_t)u16(p + 2) << 16;
}

/* see probe_sheet.h */
bool
probe_zip_is(void)
{
	uint8_t b[4];

	return probe_in_read(0, b, 4) == 4 && memcmp(b, "PK\3\4", 4) == 0;
}

/* Where the directory is and how many members it has. */
static bool
directory(uint64_t *ret_off, unsigned *ret_n)
{
	static uint8_t tail[END_LOOK];
	uint64_t size = probe_in_size(), from;
	size_t n;

	from = size > END_LOOK ? size - END_LOOK : 0;
	n = probe_in_read(from, tail, sizeof(tail));
	for (size_t i = n < END_LEN ? 0 : n - END_LEN + 1; i-- > 0; ) {
		if (memcmp(tail + i, "PK\5\6", 4) != 0)
			continue;
		*ret_n = u16(tail + i + 10);
		*ret_off = u32(tail + i + 16);
		return *ret_off < size && *ret_n <= MEMBERS_MAX;
	}
	return false;
}

/* Ready to read the member that this entry of the directory describes. */
static struct probe_zip *
member(const uint8_t e[ENTRY_LEN])
{
	uint8_t local[LOCAL_LEN];
	uint64_t at = u32(e + 42);
	struct probe_zip *z;

	if ((u16(e + 8) & 1) != 0)
		probe_row_refuse("it is encrypted; save it without a "
		    "password");
	if (u16(e + 10) != 0 && u16(e + 10) != 8)
		probe_row_refuse("it is packed in a way that is not known "
		    "here");
	if (probe_in_read(at, local, sizeof(local)) != sizeof(local) ||
	    memcmp(local, "PK\3\4", 4) != 0)
		probe_row_refuse("it is damaged: a member is not where it "
		    "should be");
	if ((z = calloc(1, sizeof(*z))) == NULL)
		probe_row_refuse("out of memory");
	z->off = at + LOCAL_LEN + u16(local + 26) + u16(local + 28);
	z->left = u32(e + 20);
	z->size = u32(e + 24);
	z->crc = u32(e + 16);
	z->deflated = u16(e + 10) == 8;
	if (z->deflated && inflateInit2(&z->z, -MAX_WBITS) != Z_OK)
		probe_row_refuse("out of memory");
	return z;
}

/* see probe_sheet.h */
struct probe_zip *
probe_zip_open(const char *name)
{
	uint8_t e[ENTRY_LEN];
	char is[NAME_LEN];
	uint64_t off = 0;
	unsigned n = 0, len;

	if (!directory(&off, &n))
		probe_row_refuse("it is a damaged or cut-off archive");
	for (unsigned i = 0; i < n; i++) {
		if (probe_in_read(off, e, sizeof(e)) != sizeof(e) ||
		    memcmp(e, "PK\1\2", 4) != 0)
			probe_row_refuse("its directory is damaged");
		len = u16(e + 28);
		if (len < sizeof(is) && probe_in_read(off + ENTRY_LEN, is,
		    len) == len) {
			is[len] = '\0';
			if (strcasecmp(is, name) == 0)
				return member(e);
		}
		off += ENTRY_LEN + len + u16(e + 30) + u16(e + 32);
	}
	return NULL;
}

/* The next packed bytes. */
static size_t
packed(struct probe_zip *z, void *p, size_t n)
{
	if (n > z->left)
		n = (size_t)z->left;
	if (n > 0 && probe_in_read(z->off, p, n) != n)
		probe_row_refuse("it is cut off");
	z->off += n;
	z->left -= n;
	return n;
}

static size_t
inflated_bytes(struct probe_zip *z, uint8_t *p, size_t n)
{
	int r = Z_OK;

	z->z.next_out = p;
	z->z.avail_out = (uInt)n;
	while (z->z.avail_out == n && !z->ended) {
		if (z->z.avail_in == 0) {
			z->z.next_in = z->in;
			z->z.avail_in = (uInt)packed(z, z->in,
			    sizeof(z->in));
		}
		r = inflate(&z->z, Z_NO_FLUSH);
		z->ended = r == Z_STREAM_END;
		if (r != Z_OK && r != Z_STREAM_END)
			probe_row_refuse("it is damaged: it cannot be "
			    "unpacked");
	}
	return n - z->z.avail_out;
}

/* see probe_sheet.h */
size_t
probe_zip_read(struct probe_zip *z, void *p, size_t n)
{
	size_t got = z->deflated ? inflated_bytes(z, p, n) : packed(z, p, n);

	inflated += got;
	z->out += got;
	if (inflated > PROBE_INFLATED_MAX)
		probe_row_refuse("unpacked it is larger than a gigabyte; "
		    "divide it");
	z->sum = (uint32_t)crc32(z->sum, p, (uInt)got);
	if (got == 0 && (z->out != z->size || z->sum != z->crc))
		probe_row_refuse("it is damaged: a checksum does not hold");
	return got;
}

/* see probe_sheet.h */
void
probe_zip_close(struct probe_zip *z)
{
	if (z == NULL)
		return;
	if (z->deflated)
		(void)inflateEnd(&z->z);
	free(z);
}
