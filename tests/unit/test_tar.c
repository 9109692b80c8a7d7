/*
 * The strict ustar subset: what we write, other programs read; whatever they
 * or a forger write otherwise, we refuse.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/peer.h"
#include "vault/bundle/tar.h"

#define OK(x) assert_int_equal(x, SQ_OK)

static char dir[] = "/tmp/sandyq-tar.XXXXXX";

static enum sq_err
to_buf(void *arg, const uint8_t *p, size_t n)
{
	bytes_put(arg, p, n);
	return bytes_done(arg);
}

/* A reader over memory that hands out odd pieces. */
struct input {
	const uint8_t *p;
	size_t left;
};

static enum sq_err
from_buf(void *arg, uint8_t *p, size_t n, size_t *ret)
{
	struct input *in = arg;
	size_t part = n > 300 ? 300 : n;

	part = part > in->left ? in->left : part;
	memcpy(p, in->p, part);
	in->p += part;
	in->left -= part;
	*ret = part;
	return SQ_OK;
}

/* Read all of it; SQ_OK and the number of members, or the failure. */
static enum sq_err
read_all(const void *p, size_t n, unsigned *ret_members)
{
	struct input in = { p, n };
	struct tar_reader *r = NULL;
	const char *path;
	uint8_t buf[1000];
	uint64_t size;
	size_t got, sum;
	struct why why;
	enum sq_err e;

	OK(tar_read_new(from_buf, &in, &r));
	*ret_members = 0;
	while ((e = tar_read_next(r, &path, &size, &why)) == SQ_OK &&
	    path != NULL) {
		(*ret_members)++;
		for (sum = 0; (e = tar_read_data(r, buf, sizeof(buf),
		    &got)) == SQ_OK && got > 0; sum += got)
			;
		if (e != SQ_OK)
			break;
		assert_int_equal(sum, size);
	}
	tar_read_free(r);
	return e;
}

/* Three members: empty, a block exactly, and two kilobytes and a bit. */
static void
sample(struct bytes_buf *out)
{
	static const struct {
		const char *path;
		size_t n;
	} m[] = { { "bundle/READ-ME-FIRST.txt", 0 }, { "bundle/bag/a", 512 },
	    { "bundle/bag/b", 2050 } };
	struct tar_writer *w = NULL;
	char text[2050];

	memset(text, 'x', sizeof(text));
	OK(tar_write_new(to_buf, out, 1700000000, &w));
	for (size_t i = 0; i < 3; i++) {
		OK(tar_write_file(w, m[i].path, m[i].n));
		OK(tar_write_data(w, text, m[i].n));
	}
	OK(tar_write_end(w));
	tar_write_free(w);
}

static void
test_paths(void **state)
{
	static const char *const good[] = { "a", "a/b", "0", "a.b-c_d",
	    "bundle/STATEMENT.txt", "bundle/proofs/STATEMENT.txt.sig",
	    "bundle/READ-ME-FIRST.txt", "a..b" };
	static const char *const bad[] = { "", "/", "/a", "a/", "a//b", ".",
	    "..", "a/..", "../a", "a/./b", ".a", "-a", "_a", "A", "a b",
	    "a\\b", "a\n", "caf\xC3\xA9", "STATEMENT.txt.x", "READ-ME",
	    "C:a" };
	char path[103];

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		if (!tar_path_ok(good[i]))
			fail_msg("refused: %s", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (tar_path_ok(bad[i]))
			fail_msg("accepted: %s", bad[i]);
	memset(path, 'a', sizeof(path));
	path[101] = '\0';
	assert_false(tar_path_ok(path));
	path[100] = '\0';
	assert_true(tar_path_ok(path));
}

static void
test_padme(void **state)
{
	/* from the paper: 11 of every length in between go to few lengths */
	static const uint64_t v[][2] = { { 0, 0 }, { 1, 512 }, { 512, 512 },
	    { 513, 1024 }, { 9000, 9216 }, { 100001, 100352 },
	    { 1000000, 1015808 }, { 1048576, 1048576 },
	    { 1048577, 1081344 } };

	(void)state;
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++)
		assert_int_equal(tar_padme(v[i][0]), v[i][1]);
	for (uint64_t n = 1000; n < 1u << 22; n += 997) {
		assert_true(tar_padme(n) >= n);
		assert_true(tar_padme(n) <= n + n / 8 + 512);
		assert_int_equal(tar_padme(n) % 512, 0);
	}
}

static void
test_round(void **state)
{
	struct bytes_buf out = { 0 };
	unsigned n;

	(void)state;
	sample(&out);
	assert_int_equal(out.len, tar_padme(out.len));
	OK(read_all(out.p, out.len, &n));
	assert_int_equal(n, 3);
	bytes_free(&out);
}

static void
test_writer(void **state)
{
	struct bytes_buf out = { 0 };
	struct tar_writer *w = NULL;

	(void)state;
	OK(tar_write_new(to_buf, &out, 0, &w));
	OK(tar_write_file(w, "b", 2));
	assert_int_equal(tar_write_data(w, "xyz", 3), SQ_EINTERNAL);
	assert_int_equal(tar_write_file(w, "c", 0), SQ_EINTERNAL);
	assert_int_equal(tar_write_end(w), SQ_EINTERNAL);
	OK(tar_write_data(w, "xy", 2));
	assert_int_equal(tar_write_file(w, "b", 0), SQ_EINTERNAL);
	assert_int_equal(tar_write_file(w, "a", 0), SQ_EINTERNAL);
	assert_int_equal(tar_write_file(w, "c/../d", 0), SQ_EFORMAT);
	assert_int_equal(tar_write_file(w, "c", (uint64_t)INT64_MAX + 1),
	    SQ_EFORMAT);
	OK(tar_write_end(w));
	tar_write_free(w);
	tar_write_free(NULL);
	bytes_free(&out);
	/* a time that twelve octal digits do not hold */
	w = NULL;
	assert_int_equal(tar_write_new(to_buf, &out, (uint64_t)1 << 33, &w),
	    SQ_ELIMIT);
	assert_null(w);
}

/* Takes so many bytes, and then no more. */
static enum sq_err
to_little(void *arg, const uint8_t *p, size_t n)
{
	size_t *room = arg;

	(void)p;
	if (n > *room)
		return SQ_EIO;
	*room -= n;
	return SQ_OK;
}

/* The disk is full at any byte: told by the call that met it. */
static void
test_full(void **state)
{
	struct tar_writer *w = NULL;
	size_t room, met = 0;
	bool done = false;

	(void)state;
	for (size_t most = 0; !done; most += 256) {
		room = most;
		OK(tar_write_new(to_little, &room, 0, &w));
		done = tar_write_file(w, "a", 700) == SQ_OK &&
		    tar_write_data(w, dir, 7) == SQ_OK;
		for (unsigned i = 0; i < 99 && done; i++)
			done = tar_write_data(w, dir, 7) == SQ_OK;
		done = done && tar_write_file(w, "b", 0) == SQ_OK &&
		    tar_write_end(w) == SQ_OK;
		met += !done;
		tar_write_free(w);
		assert_true(most < 65536);
	}
	assert_true(met > 4);
}

/* Make the checksum of a header right again. */
static void
resum(uint8_t *h)
{
	unsigned sum = 0;

	memset(h + 148, ' ', 8);
	for (size_t i = 0; i < 512; i++)
		sum += h[i];
	(void)snprintf((char *)h + 148, 8, "%06o", sum);
}

/* One deviation of the second header (at 512), with a good checksum. */
struct deviation {
	const char *name;
	size_t at;
	const char *bytes;
	size_t n;
};

static void
test_headers(void **state)
{
	static const struct deviation v[] = {
		{ "hard link", 156, "1", 1 },
		{ "symbolic link", 156, "2", 1 },
		{ "character device", 156, "3", 1 },
		{ "block device", 156, "4", 1 },
		{ "directory", 156, "5", 1 },
		{ "fifo", 156, "6", 1 },
		{ "contiguous file", 156, "7", 1 },
		{ "old regular file", 156, "\0", 1 },
		{ "PAX header", 156, "x", 1 },
		{ "PAX global header", 156, "g", 1 },
		{ "GNU long name", 156, "L", 1 },
		{ "GNU long link", 156, "K", 1 },
		{ "GNU sparse", 156, "S", 1 },
		{ "absolute", 0, "/undle/bag/a", 12 },
		{ "dot-dot", 0, "bundle/../aa", 12 },
		{ "upper case", 0, "bundle/bag/A", 12 },
		{ "earlier than the one before", 0, "a\0ndle/bag/a", 12 },
		{ "same as the one before", 0, "bundle/READ-ME-FIRST.txt",
		    24 },
		{ "behind the name", 90, "x", 1 },
		{ "no name", 0, "\0", 1 },
		{ "mode", 100, "0000644", 7 },
		{ "uid", 108, "0000001", 7 },
		{ "gid", 116, "0000001", 7 },
		{ "size with spaces", 124, "       1000 ", 12 },
		{ "size in base-256 below 8 GiB", 124,
		    "\x80\0\0\0\0\0\0\0\0\0\x02\0", 12 },
		{ "size larger than the file", 124, "00000010000", 11 },
		{ "size of 2^63", 124, "\x80\0\0\0\x80\0\0\0\0\0\0\0", 12 },
		{ "size negative", 124,
		    "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 12 },
		{ "another time", 136, "00000000001", 11 },
		{ "link name", 157, "x", 1 },
		{ "magic of GNU", 257, "ustar  ", 8 },
		{ "no magic", 257, "\0\0\0\0\0", 5 },
		{ "version", 263, "01", 2 },
		{ "user name", 265, "root", 4 },
		{ "group name", 297, "root", 4 },
		{ "device number", 329, "0000001", 7 },
		{ "prefix", 345, "x", 1 },
		{ "behind the prefix", 505, "x", 1 }
	};
	struct bytes_buf out = { 0 };
	unsigned n;

	(void)state;
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		sample(&out);
		memcpy(out.p + 512 + v[i].at, v[i].bytes, v[i].n);
		resum(out.p + 512);
		if (read_all(out.p, out.len, &n) != SQ_EFORMAT)
			fail_msg("accepted: %s", v[i].name);
		assert_true(n < 3);
		bytes_free(&out);
	}
}

static void
test_every_byte(void **state)
{
	struct bytes_buf out = { 0 };
	unsigned n;

	(void)state;
	sample(&out);
	for (size_t i = 0; i < out.len; i++) {
		bool data = (i >= 1024 && i < 1536) || (i >= 2048 &&
		    i < 4098);

		out.p[i] ^= 0x40;
		if ((read_all(out.p, out.len, &n) == SQ_OK) != data)
			fail_msg("byte %zu", i);
		out.p[i] ^= 0x40;
	}
	bytes_free(&out);
}

static void
test_ends(void **state)
{
	struct bytes_buf out = { 0 };
	unsigned n;
	size_t len;

	(void)state;
	sample(&out);
	len = out.len;
	for (size_t i = 0; i < len; i++)
		if (read_all(out.p, i, &n) == SQ_OK)
			fail_msg("accepted when cut at %zu", i);
	bytes_puts(&out, "x");
	assert_int_equal(read_all(out.p, out.len, &n), SQ_EFORMAT);
	out.p[len] = 0;
	assert_int_equal(read_all(out.p, out.len, &n), SQ_EFORMAT);
	out.len = len;
	for (int i = 0; i < 512; i++)
		bytes_put(&out, "", 1);
	assert_int_equal(read_all(out.p, out.len, &n), SQ_EFORMAT);
	bytes_free(&out);
	assert_int_equal(read_all("", 0, &n), SQ_EFORMAT);
}

/* 8 GiB - 1 is octal, 8 GiB is base-256; only the headers are made. */
static void
test_large(void **state)
{
	struct bytes_buf out = { 0 };
	struct tar_writer *w = NULL;
	struct tar_reader *r = NULL;
	struct input in;
	const char *path;
	uint64_t size;

	(void)state;
	for (int i = 0; i < 2; i++) {
		const uint64_t want = 8589934591u + (uint64_t)i;

		OK(tar_write_new(to_buf, &out, 0, &w));
		OK(tar_write_file(w, "a", want));
		assert_int_equal(out.p[124], i == 0 ? '7' : 0x80);
		in.p = out.p;
		in.left = out.len;
		OK(tar_read_new(from_buf, &in, &r));
		OK(tar_read_next(r, &path, &size, NULL));
		assert_true(size == want);
		assert_int_equal(tar_read_next(r, &path, &size, NULL),
		    SQ_EFORMAT);
		peer_write(dir, i == 0 ? "octal.tar" : "base.tar", out.p,
		    out.len);
		tar_read_free(r);
		tar_write_free(w);
		bytes_free(&out);
	}
	/* the archives are cut: both programs list the member, then complain */
	(void)peer_run(dir, "tar tvf base.tar > gnu 2>&1");
	OK(peer_run(dir, "grep -q 8589934592 gnu"));
	(void)peer_run(dir, "bsdtar tvf base.tar > bsd 2>&1");
	OK(peer_run(dir, "grep -q 8589934592 bsd"));
}

static void
test_peers(void **state)
{
	static const char *const theirs[] = {
		"tar cf t.tar --format=ustar x", "tar cf t.tar --format=gnu x",
		"tar cf t.tar --format=pax x",
		"bsdtar cf t.tar --format=ustar x", "bsdtar cf t.tar x" };
	struct bytes_buf out = { 0 };
	char path[64], *p;
	unsigned n;
	size_t len;

	(void)state;
	sample(&out);
	peer_write(dir, "s.tar", out.p, out.len);
	bytes_free(&out);
	assert_int_equal(peer_run(dir, "mkdir a b && tar xf s.tar -C a && "
	    "bsdtar xf s.tar -C b && diff -r a b"), 0);
	assert_int_equal(peer_run(dir, "test $(find a -type f | wc -l) = 3 &&"
	    " test $(wc -c < a/bundle/bag/b) = 2050 && test -e "
	    "a/bundle/READ-ME-FIRST.txt"), 0);
	(void)snprintf(path, sizeof(path), "%s/t.tar", dir);
	for (size_t i = 0; i < sizeof(theirs) / sizeof(theirs[0]); i++) {
		assert_int_equal(peer_run(dir, "echo x > x"), 0);
		assert_int_equal(peer_run(dir, theirs[i]), 0);
		p = peer_read(path, &len);
		assert_int_equal(read_all(p, len, &n), SQ_EFORMAT);
		free(p);
	}
}

static int
setup(void **state)
{
	(void)state;
	return mkdtemp(dir) == NULL;
}

static int
teardown(void **state)
{
	char cmd[64];

	(void)state;
	(void)snprintf(cmd, sizeof(cmd), "rm -rf '%s'", dir);
	return system(cmd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_padme),
		cmocka_unit_test(test_round),
		cmocka_unit_test(test_writer),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_every_byte),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_large),
		cmocka_unit_test(test_peers)
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
