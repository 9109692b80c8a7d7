/*
 * Attachments on disk: what is put comes out, whole and in ranges; what was
 * altered, cut, lengthened, swapped or lost does not, and not one altered byte
 * is handed to a writer; what fails leaves nothing.
 */
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "crypto/bytes.h"
#include "vault/store/blob.h"

/* Sanitizers keep shadow memory of their own. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#define SANITIZED (__has_feature(address_sanitizer) || \
    __has_feature(thread_sanitizer))
#else
#define SANITIZED 0
#endif

static char top[] = "/tmp/sandyq-test-blob.XXXXXX";
static int topfd = -1;
static const uint8_t vault_a[16] = "vault a, 16 byte";
static const uint8_t vault_b[16] = "vault b, 16 byte";
static struct secret *k_blob, *k_other;
static struct blob_store bs;
static struct why why;

static int
setup(void **state)
{
	(void)state;
	if (mkdtemp(top) == NULL || chdir(top) != 0 ||
	    secret_init() != SQ_OK || fsio_init() != SQ_OK ||
	    secret_random(32, &k_blob) != SQ_OK ||
	    secret_random(32, &k_other) != SQ_OK)
		return -1;
	(void)signal(SIGXFSZ, SIG_IGN);
	topfd = open(top, O_RDONLY | O_DIRECTORY);
	return topfd < 0;
}

static void
empty(int fd)
{
	char cmd[256];

	(void)fd;
	(void)snprintf(cmd, sizeof(cmd), "rm -rf %s/* %s/.??*", top, top);
	assert_int_equal(system(cmd), 0);
}

/* Each test begins with an empty vault folder. */
static int
clean(void **state)
{
	(void)state;
	empty(topfd);
	if (bs.dirfd > 0)
		(void)close(bs.dirfd);
	if (mkdir("v", 0700) != 0)
		return -1;
	bs.dirfd = open("v", O_RDONLY | O_DIRECTORY);
	bs.k_blob = k_blob;
	bs.vault_id = vault_a;
	why.text[0] = '\0';
	return bs.dirfd < 0;
}

static int
teardown(void **state)
{
	(void)state;
	empty(topfd);
	(void)close(topfd);
	if (chdir("/") != 0)
		return -1;
	secret_free(k_blob);
	secret_free(k_other);
	return rmdir(top);
}

static uint8_t *
content(size_t n, unsigned seed)
{
	uint8_t *p = malloc(n + 1);
	uint32_t x = seed * 2654435761u + 1;

	assert_non_null(p);
	for (size_t i = 0; i < n; i++) {
		x = x * 1664525u + 1013904223u;
		p[i] = (uint8_t)(x >> 24);
	}
	return p;
}

static void
spill(const char *name, const uint8_t *p, size_t n)
{
	FILE *f = fopen(name, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(p, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

static enum sq_err
put_file(const char *name, struct blob_info *ret)
{
	struct fsio_in *in = NULL;
	enum sq_err e = fsio_in_regular(name, &in, &why);

	if (e == SQ_OK)
		e = blob_put(&bs, in, NULL, NULL, ret, &why);
	fsio_in_close(in);
	return e;
}

/* Put and settle n bytes. */
static struct blob_info
keep(const uint8_t *p, size_t n)
{
	struct blob_info info;

	spill("src", p, n);
	assert_int_equal(put_file("src", &info), SQ_OK);
	assert_int_equal(blob_settle(&bs, &info, 1, &why), SQ_OK);
	assert_int_equal(unlink("src"), 0);
	return info;
}

static enum sq_err
collect(void *arg, const uint8_t *p, size_t n)
{
	bytes_put(arg, p, n);
	return SQ_OK;
}

static enum sq_err
get(const struct blob_info *info, uint64_t off, uint64_t len,
    struct bytes_buf *out)
{
	return blob_get(&bs, info, off, len, collect, out, NULL, NULL, &why);
}

static const char *
path_of(const struct blob_info *info)
{
	static char path[100];
	char hex[33];

	bytes_hex(hex, info->id, 16);
	(void)snprintf(path, sizeof(path), "v/store/%.2s/%s", hex, hex);
	return path;
}

struct count {
	size_t placed, fresh, bad;
	uint64_t bytes;
};

static enum sq_err
tally(void *arg, const uint8_t id[OBJECT_ID], uint64_t bytes, bool fresh)
{
	struct count *c = arg;

	(void)id;
	c->bad += bytes == UINT64_MAX;
	*(fresh ? &c->fresh : &c->placed) += 1;
	c->bytes += bytes;
	return SQ_OK;
}

static struct count
counted(void)
{
	struct count c = { 0 };

	assert_int_equal(blob_each(&bs, tally, &c, &why), SQ_OK);
	return c;
}

static void
nothing_left(void)
{
	struct count c = counted();

	assert_int_equal(c.placed + c.fresh, 0);
}

static void
round_trips(void **state)
{
	static const size_t sizes[] = { 0, 1, 15, 16, 4079, 4080, 4081, 65519,
	    65520, 65521, 65535, 65536, 65537, 131056, 131057, 3 * 65536 + 5,
	    524287, 524288, 524289, 1048560, 1048576, 1048577, 5242880,
	    5242880 + 77, 9 * 1048576 + 1 };

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		size_t n = sizes[i];
		uint8_t *p = content(n, (unsigned)i), sum[32];
		struct blob_info info = keep(p, n);
		struct bytes_buf b = { 0 };
		struct stat st;

		digest_sha256(sum, p, n);
		assert_int_equal(info.size, n);
		assert_memory_equal(info.sha256, sum, 32);
		assert_int_equal(stat(path_of(&info), &st), 0);
		assert_int_equal(st.st_size, object_file_len(n));
		assert_int_equal(st.st_mode & 07777, 0600);
		assert_int_equal(get(&info, 0, UINT64_MAX, &b), SQ_OK);
		assert_int_equal(b.len, n);
		if (n > 0)
			assert_memory_equal(b.p, p, n);
		assert_int_equal(blob_check(&bs, &info, false, NULL, NULL,
		    &why), SQ_OK);
		assert_int_equal(blob_check(&bs, &info, true, NULL, NULL,
		    &why), SQ_OK);
		bytes_free(&b);
		free(p);
	}
	assert_int_equal(counted().placed, sizeof(sizes) / sizeof(sizes[0]));
	assert_int_equal(counted().fresh, 0);
}

/* The bytes of the file are those of docs/FORMAT.md section 14. */
static void
bytes_as_specified(void **state)
{
	static const size_t sizes[] = { 0, 70000, 600000, 2000000 };

	(void)state;
	for (size_t k = 0; k < 4; k++) {
		size_t n = sizes[k];
		uint8_t *p = content(n, 5), commit[32], sum[32];
		struct blob_info info = keep(p, n);
		uint64_t plain = object_plain_len(n), at = 0, take;
		struct bytes_buf f = { 0 }, tags = { 0 };
		struct object *o;
		uint8_t *pt = malloc((size_t)plain), ct[OBJECT_SEALED];

		assert_non_null(pt);
		assert_int_equal(fsio_path_read(path_of(&info), SIZE_MAX, &f,
		    &why), SQ_OK);
		memcpy(pt, p, n);
		object_pad(n, n, pt + n, (size_t)plain - n);
		assert_int_equal(object_new(k_blob, vault_a, info.id, f.p,
		    &o), SQ_OK);
		object_commit(o, commit);
		assert_memory_equal(commit, f.p + 24, 32);
		assert_memory_equal(commit, info.commit, 32);
		bytes_puts(&tags, "sandyq/tags/1");
		for (uint64_t i = 0; at < plain; i++, at += take) {
			take = plain - at < 65536 ? plain - at : 65536;
			assert_int_equal(object_seal(o, i, at + take == plain,
			    pt + at, (size_t)take, ct), SQ_OK);
			assert_memory_equal(ct, f.p + 56 + i * 65552,
			    (size_t)take + 16);
			bytes_put(&tags, ct + take, 16);
		}
		digest_sha256(sum, tags.p, tags.len);
		assert_memory_equal(sum, info.tags, 32);
		object_free(o);
		bytes_free(&f);
		bytes_free(&tags);
		free(pt);
		free(p);
	}
}

static void
ranges(void **state)
{
	static const uint64_t edge[] = { 0, 1, 65535, 65536, 65537, 131072,
	    524287, 524288, 524289, 1048575, 1048576, 1200000 - 1, 1200000 };
	const size_t n = sizeof(edge) / sizeof(edge[0]), size = 1200000;
	uint8_t *p = content(size, 3);
	struct blob_info info = keep(p, size);
	struct bytes_buf b = { 0 };

	(void)state;
	for (size_t i = 0; i < n; i++)
		for (size_t j = i; j < n; j++) {
			uint64_t len = edge[j] - edge[i];

			assert_int_equal(get(&info, edge[i], len, &b), SQ_OK);
			assert_int_equal(b.len, len);
			if (len > 0)
				assert_memory_equal(b.p, p + edge[i],
				    (size_t)len);
			bytes_free(&b);
		}
	/* cut at the end, refused behind it */
	assert_int_equal(get(&info, size - 5, 500, &b), SQ_OK);
	assert_int_equal(b.len, 5);
	bytes_free(&b);
	assert_int_equal(get(&info, 7, UINT64_MAX, &b), SQ_OK);
	assert_int_equal(b.len, size - 7);
	bytes_free(&b);
	assert_int_equal(get(&info, size + 1, 1, &b), SQ_EREFUSED);
	assert_int_equal(get(&info, UINT64_MAX, UINT64_MAX, &b), SQ_EREFUSED);
	assert_int_equal(b.len, 0);
	free(p);
}

/* All offsets and lengths around one edge between chunks. */
static void
ranges_brute_force(void **state)
{
	uint8_t *p = content(65600, 4);
	struct blob_info info = keep(p, 65600);
	struct bytes_buf b = { 0 };

	(void)state;
	for (uint64_t off = 65526; off < 65546; off++)
		for (uint64_t len = 0; len < 40; len++) {
			assert_int_equal(get(&info, off, len, &b), SQ_OK);
			assert_int_equal(b.len, len);
			if (len > 0)
				assert_memory_equal(b.p, p + off,
				    (size_t)len);
			bytes_free(&b);
		}
	free(p);
}

/* What was released is the beginning of the content, and no more. */
static void
only_true(const struct bytes_buf *b, const uint8_t *p, uint64_t upto)
{
	assert_true(b->len <= upto);
	if (b->len > 0)
		assert_memory_equal(b->p, p, b->len);
}

static void
flip(int fd, off_t at, uint8_t mask)
{
	uint8_t c;

	assert_int_equal(pread(fd, &c, 1, at), 1);
	c ^= mask;
	assert_int_equal(pwrite(fd, &c, 1, at), 1);
}

static void
every_bit_of_a_small_one(void **state)
{
	uint8_t *p = content(100, 6);
	struct blob_info info = keep(p, 100);
	bool all = getenv("TAMPER_ALL") != NULL;
	int fd = open(path_of(&info), O_RDWR);
	struct bytes_buf b = { 0 };

	(void)state;
	assert_true(fd >= 0);
	for (off_t at = 0; at < 56 + 4096 + 16; at++)
		for (unsigned bit = 0; bit < 8; bit++) {
			if (!all && at > 80 && at < 4140 &&
			    bit != (unsigned)at % 8)
				continue;
			flip(fd, at, (uint8_t)(1u << bit));
			if (get(&info, 0, UINT64_MAX, &b) != SQ_EDAMAGE ||
			    b.len != 0 || get(&info, 5, 1, &b) != SQ_EDAMAGE ||
			    b.len != 0)
				fail_msg("byte %ld, bit %u", (long)at, bit);
			flip(fd, at, (uint8_t)(1u << bit));
		}
	(void)close(fd);
	free(p);
}

/* In each chunk and at each edge of a large one, read by two threads. */
static void
altered_large(void **state)
{
	const size_t size = 3000000;
	uint8_t *p = content(size, 7);
	struct blob_info info = keep(p, size);
	off_t len = (off_t)object_file_len(size);
	int fd = open(path_of(&info), O_RDWR);
	struct bytes_buf b = { 0 };
	uint64_t chunk;

	(void)state;
	assert_true(fd >= 0);
	for (off_t at = 0; at < len; at += at < 100 ? 9 : 65552 / 3 - 1) {
		flip(fd, at, 0x20);
		chunk = at < 56 ? 0 : (uint64_t)(at - 56) / 65552;
		assert_int_equal(get(&info, 0, UINT64_MAX, &b), SQ_EDAMAGE);
		only_true(&b, p, at < 56 ? 0 : chunk * 65536);
		bytes_free(&b);
		assert_int_equal(blob_check(&bs, &info, true, NULL, NULL,
		    &why), SQ_EDAMAGE);
		assert_non_null(strstr(why.text, strrchr(path_of(&info),
		    '/') + 1));
		/* a range elsewhere is still good: the head is not altered */
		if (at >= 56 && chunk > 0) {
			assert_int_equal(get(&info, 0, 65536, &b), SQ_OK);
			only_true(&b, p, 65536);
			bytes_free(&b);
		}
		flip(fd, at, 0x20);
	}
	/* a tag alone: the quick check sees it */
	flip(fd, 56 + 65536, 1);
	assert_int_equal(blob_check(&bs, &info, false, NULL, NULL, &why),
	    SQ_EDAMAGE);
	flip(fd, 56 + 65536, 1);
	assert_int_equal(blob_check(&bs, &info, true, NULL, NULL, &why),
	    SQ_OK);
	(void)close(fd);
	free(p);
}

static void
cut_at_every_length(void **state)
{
	uint8_t *p = content(100, 8);
	struct blob_info info = keep(p, 100);
	struct bytes_buf f = { 0 }, b = { 0 };

	(void)state;
	assert_int_equal(fsio_path_read(path_of(&info), SIZE_MAX, &f, &why),
	    SQ_OK);
	for (size_t n = f.len; n-- > 0;) {
		assert_int_equal(truncate(path_of(&info), (off_t)n), 0);
		assert_int_equal(get(&info, 0, UINT64_MAX, &b), SQ_EDAMAGE);
		assert_int_equal(get(&info, 0, 1, &b), SQ_EDAMAGE);
		assert_int_equal(blob_check(&bs, &info, false, NULL, NULL,
		    &why), SQ_EDAMAGE);
		assert_int_equal(b.len, 0);
	}
	bytes_free(&f);
	free(p);
}

static void
trailing_bytes_and_lost_chunks(void **state)
{
	const size_t size = 131057;	/* three chunks */
	uint8_t *p = content(size, 9);
	struct blob_info info = keep(p, size);
	off_t len = (off_t)object_file_len(size);
	struct bytes_buf b = { 0 };

	(void)state;
	static const off_t by[] = { 1, 16, 4096, 65552, -1, -16, -4112,
	    -65552 };

	for (size_t i = 0; i < sizeof(by) / sizeof(by[0]); i++) {
		assert_int_equal(truncate(path_of(&info), len + by[i]), 0);
		assert_int_equal(get(&info, 0, UINT64_MAX, &b), SQ_EDAMAGE);
		assert_int_equal(blob_check(&bs, &info, false, NULL, NULL,
		    &why), SQ_EDAMAGE);
		assert_int_equal(b.len, 0);
	}
	free(p);
}

/* Move n bytes of one file to a place of another. */
static void
graft(const char *from, off_t src, const char *to, off_t dst, size_t n)
{
	int in = open(from, O_RDONLY), out = open(to, O_WRONLY);
	uint8_t *p = malloc(n);

	assert_true(in >= 0 && out >= 0 && p != NULL);
	assert_int_equal(pread(in, p, n, src), n);
	assert_int_equal(pwrite(out, p, n, dst), n);
	(void)close(in);
	(void)close(out);
	free(p);
}

static void
swapped(void **state)
{
	const size_t size = 131057;
	uint8_t *p = content(size, 10), *q = content(size, 11);
	struct blob_info a = keep(p, size), c = keep(q, size), other;
	struct bytes_buf b = { 0 };
	char first[100];

	(void)state;
	(void)snprintf(first, sizeof(first), "%s", path_of(&a));
	/* a chunk of another object, then its head as well, then all of it */
	graft(path_of(&c), 56 + 65552, first, 56 + 65552, 65552);
	assert_int_equal(get(&a, 0, UINT64_MAX, &b), SQ_EDAMAGE);
	only_true(&b, p, 65536);
	bytes_free(&b);
	assert_int_equal(get(&a, 65536, 1, &b), SQ_EDAMAGE);
	graft(path_of(&c), 0, first, 0, 56);
	assert_int_equal(get(&a, 0, UINT64_MAX, &b), SQ_EDAMAGE);
	assert_int_equal(rename(path_of(&c), first), 0);
	assert_int_equal(get(&a, 0, UINT64_MAX, &b), SQ_EDAMAGE);
	assert_int_equal(get(&c, 0, UINT64_MAX, &b), SQ_ENOENT);
	assert_int_equal(b.len, 0);
	/* the same object under another vault or key */
	a = keep(p, size);
	bs.vault_id = vault_b;
	assert_int_equal(get(&a, 0, UINT64_MAX, &b), SQ_EDAMAGE);
	bs.vault_id = vault_a;
	bs.k_blob = k_other;
	assert_int_equal(get(&a, 0, UINT64_MAX, &b), SQ_EDAMAGE);
	bs.k_blob = k_blob;
	/* an entry with another commitment, size or hash */
	other = a;
	other.commit[3] ^= 1;
	assert_int_equal(get(&other, 0, 1, &b), SQ_EDAMAGE);
	other = a;
	other.size++;
	assert_int_equal(get(&other, 0, UINT64_MAX, &b), SQ_EDAMAGE);
	other.size = UINT64_MAX;
	assert_int_equal(get(&other, 0, UINT64_MAX, &b), SQ_EDAMAGE);
	bytes_free(&b);
	other = a;
	other.tags[0] ^= 1;
	assert_int_equal(get(&other, 0, UINT64_MAX, &b), SQ_EDAMAGE);
	assert_int_equal(blob_check(&bs, &other, false, NULL, NULL, &why),
	    SQ_EDAMAGE);
	other = a;
	other.sha256[31] ^= 1;
	assert_int_equal(blob_check(&bs, &other, true, NULL, NULL, &why),
	    SQ_EDAMAGE);
	bytes_free(&b);
	free(p);
	free(q);
}

static void
missing_and_replaced(void **state)
{
	uint8_t *p = content(1000, 12);
	struct blob_info info = keep(p, 1000), none = info;
	struct bytes_buf b = { 0 };
	char path[100], aside[120];

	(void)state;
	none.id[5] ^= 1;
	assert_int_equal(get(&none, 0, 1, &b), SQ_ENOENT);
	assert_int_equal(blob_check(&bs, &none, true, NULL, NULL, &why),
	    SQ_ENOENT);
	assert_non_null(strstr(why.text, "missing"));
	(void)snprintf(path, sizeof(path), "%s", path_of(&info));
	assert_int_equal(rename(path, "aside"), 0);
	(void)snprintf(aside, sizeof(aside), "%s/aside", top);
	assert_int_equal(symlink(aside, path), 0);
	assert_int_equal(get(&info, 0, 1, &b), SQ_EDAMAGE);
	assert_int_equal(counted().bad, 1);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(link("aside", path), 0);
	assert_int_equal(get(&info, 0, 1, &b), SQ_EDAMAGE);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(get(&info, 0, 1, &b), SQ_EDAMAGE);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(get(&info, 0, 1, &b), SQ_EDAMAGE);
	assert_int_equal(b.len, 0);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(rename("aside", path), 0);
	assert_int_equal(get(&info, 0, 1000, &b), SQ_OK);
	assert_memory_equal(b.p, p, 1000);
	bytes_free(&b);
	free(p);
}

struct poke {
	const char *name;
	uint64_t at;		/* when so much was read */
	int how;
	bool done;
};

static bool
poke(void *arg, uint64_t done)
{
	struct poke *k = arg;
	FILE *f;

	if (k->done || done < k->at)
		return true;
	k->done = true;
	switch (k->how) {
	case 0:				/* the same bytes, written again */
		f = fopen(k->name, "r+");
		assert_non_null(f);
		assert_int_equal(fputc('x', f), 'x');
		assert_int_equal(fclose(f), 0);
		break;
	case 1:
		f = fopen(k->name, "a");
		assert_non_null(f);
		assert_int_equal(fputc('x', f), 'x');
		assert_int_equal(fclose(f), 0);
		break;
	case 2:
		assert_int_equal(truncate(k->name, 10), 0);
		break;
	case 3:
		return false;
	}
	return true;
}

static void
changed_while_read(void **state)
{
	static const size_t sizes[] = { 1000, 2000000 };
	struct blob_info info;
	struct fsio_in *in;

	(void)state;
	for (size_t i = 0; i < 2; i++)
		for (int how = 0; how < 4; how++) {
			struct poke k = { "src", sizes[i] / 2, how, false };
			uint8_t *p = content(sizes[i], 13);

			spill("src", p, sizes[i]);
			(void)usleep(5000);	/* the tick of times */
			assert_int_equal(fsio_in_open("src", &in, &why),
			    SQ_OK);
			assert_int_equal(blob_put(&bs, in, poke, &k, &info,
			    &why), SQ_EREFUSED);
			assert_true(k.done);
			assert_non_null(strstr(why.text, how == 3 ? "stopped" :
			    "changed"));
			fsio_in_close(in);
			free(p);
			nothing_left();
		}
}

static void
sources(void **state)
{
	struct fsio_in *in = NULL;
	struct fsio_mark m;
	struct blob_info info;
	struct bytes_buf b = { 0 };
	uint8_t *p = content(700000, 14);
	int fds[2];
	pid_t pid;

	(void)state;
	assert_int_equal(mkfifo("fifo", 0600), 0);
	assert_int_equal(mkdir("dir", 0700), 0);
	assert_int_equal(fsio_in_regular("fifo", &in, &why), SQ_EREFUSED);
	assert_int_equal(fsio_in_regular("dir", &in, &why), SQ_EREFUSED);
	assert_int_equal(fsio_in_regular("/dev/null", &in, &why),
	    SQ_EREFUSED);
	assert_int_equal(fsio_in_regular("none", &in, &why), SQ_ENOENT);
	assert_null(in);
	/* a pipe has no size and cannot be seen to change */
	assert_int_equal(pipe(fds), 0);
	if ((pid = fork()) == 0) {
		for (size_t at = 0; at < 700000; at += 1000)
			if (write(fds[1], p + at, 1000) != 1000)
				_exit(1);
		_exit(0);
	}
	(void)close(fds[1]);
	assert_int_equal(dup2(fds[0], STDIN_FILENO), STDIN_FILENO);
	(void)close(fds[0]);
	assert_int_equal(fsio_in_open("-", &in, &why), SQ_OK);
	assert_int_equal(fsio_in_mark(in, &m), SQ_OK);
	assert_false(m.regular);
	assert_int_equal(blob_put(&bs, in, NULL, NULL, &info, &why), SQ_OK);
	fsio_in_close(in);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(blob_settle(&bs, &info, 1, &why), SQ_OK);
	assert_int_equal(get(&info, 0, UINT64_MAX, &b), SQ_OK);
	assert_int_equal(b.len, 700000);
	assert_memory_equal(b.p, p, b.len);
	bytes_free(&b);
	free(p);
}

static enum sq_err
no_room(void *arg, const uint8_t *p, size_t n)
{
	size_t *left = arg;

	(void)p;
	if (n > *left)
		return SQ_ENOSPC;
	*left -= n;
	return SQ_OK;
}

static bool
stop_at(void *arg, uint64_t done)
{
	return done < *(uint64_t *)arg;
}

static bool
rising(void *arg, uint64_t done)
{
	uint64_t *last = arg;

	assert_true(done >= *last);
	*last = done;
	return true;
}

static void
writers_and_progress(void **state)
{
	const size_t size = 4000000;
	uint8_t *p = content(size, 15);
	struct blob_info info = keep(p, size), again;
	struct fsio_in *in;
	size_t left = 1000000;
	uint64_t last = 0, at = 2000000;

	(void)state;
	assert_int_equal(blob_get(&bs, &info, 0, UINT64_MAX, no_room, &left,
	    NULL, NULL, &why), SQ_ENOSPC);
	left = SIZE_MAX;
	assert_int_equal(blob_get(&bs, &info, 0, UINT64_MAX, no_room, &left,
	    stop_at, &at, &why), SQ_EREFUSED);
	assert_true(SIZE_MAX - left < 3000000);
	assert_int_equal(blob_get(&bs, &info, 0, UINT64_MAX, no_room, &left,
	    rising, &last, &why), SQ_OK);
	assert_int_equal(last, size);
	last = 0;
	assert_int_equal(blob_check(&bs, &info, false, rising, &last, &why),
	    SQ_OK);
	assert_int_equal(blob_check(&bs, &info, true, stop_at, &at, &why),
	    SQ_EREFUSED);
	at = 100000;
	assert_int_equal(blob_check(&bs, &info, false, stop_at, &at, &why),
	    SQ_EREFUSED);
	last = 0;
	spill("src", p, size);
	assert_int_equal(fsio_in_open("src", &in, &why), SQ_OK);
	assert_int_equal(blob_put(&bs, in, rising, &last, &again, &why),
	    SQ_OK);
	assert_int_equal(last, size);
	fsio_in_close(in);
	blob_drop(&bs, again.id);
	assert_int_equal(counted().fresh, 0);
	assert_int_equal(counted().placed, 1);
	blob_drop(&bs, info.id);
	nothing_left();
	blob_drop(&bs, info.id);	/* gone already */
	free(p);
}

static void
many_at_once(void **state)
{
	static struct blob_info info[300];
	struct bytes_buf b = { 0 };

	(void)state;
	for (size_t i = 0; i < 300; i++) {
		uint8_t *p = content(i * 41, (unsigned)i);

		spill("src", p, i * 41);
		assert_int_equal(put_file("src", &info[i]), SQ_OK);
		free(p);
	}
	assert_int_equal(counted().fresh, 300);
	assert_int_equal(get(&info[7], 0, 1, &b), SQ_ENOENT);
	assert_int_equal(blob_settle(&bs, info, 300, &why), SQ_OK);
	assert_int_equal(counted().fresh, 0);
	assert_int_equal(counted().placed, 300);
	for (size_t i = 0; i < 300; i++) {
		uint8_t *p = content(i * 41, (unsigned)i);

		assert_int_equal(get(&info[i], 0, UINT64_MAX, &b), SQ_OK);
		assert_int_equal(b.len, i * 41);
		if (i > 0)
			assert_memory_equal(b.p, p, b.len);
		bytes_free(&b);
		free(p);
	}
	assert_int_equal(blob_settle(&bs, info, 0, &why), SQ_OK);
}

/* One of a batch was altered on its way to the disk: all are removed. */
static void
settle_rereads(void **state)
{
	static const off_t where[] = { 3, 30, 60, 4160 };
	struct blob_info info[8];
	char path[100], hex[33];
	int fd;

	(void)state;
	for (size_t k = 0; k < 8; k++) {
		size_t n = k % 2 == 0 ? 8 : 2;

		for (size_t i = 0; i < n; i++) {
			uint8_t *p = content(100 + i, (unsigned)i);

			spill("src", p, 100 + i);
			assert_int_equal(put_file("src", &info[i]), SQ_OK);
			assert_false(info[i].reread);
			free(p);
		}
		bytes_hex(hex, info[1].id, 16);
		(void)snprintf(path, sizeof(path), "v/store/new/%s", hex);
		assert_true((fd = open(path, O_RDWR)) >= 0);
		flip(fd, where[k / 2], 4);
		(void)close(fd);
		assert_int_equal(blob_settle(&bs, info, n, &why), SQ_EIO);
		assert_non_null(strstr(why.text, "reads back"));
		nothing_left();
	}
}

static void
settle_is_all_or_nothing(void **state)
{
	struct blob_info info[9];
	char path[100], hex[33];
	uint8_t *p = content(900000, 16);

	(void)state;
	spill("src", p, 900000);
	for (size_t i = 0; i < 9; i++)
		assert_int_equal(put_file("src", &info[i]), SQ_OK);
	/* something is in the last one's place already: it stays */
	bytes_hex(hex, info[8].id, 16);
	(void)snprintf(path, sizeof(path), "v/store/%.2s", hex);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(mkdir(path_of(&info[8]), 0700), 0);
	assert_int_equal(blob_settle(&bs, info, 9, &why), SQ_EEXIST);
	assert_int_equal(counted().placed, 1);
	assert_int_equal(counted().bad, 1);
	assert_int_equal(counted().fresh, 0);
	assert_int_equal(rmdir(path_of(&info[8])), 0);
	/* one is gone before it is settled */
	for (size_t i = 0; i < 9; i++)
		assert_int_equal(put_file("src", &info[i]), SQ_OK);
	blob_drop(&bs, info[4].id);
	assert_int_not_equal(blob_settle(&bs, info, 9, &why), SQ_OK);
	nothing_left();
	free(p);
}

static void
leftovers_are_listed(void **state)
{
	uint8_t *p = content(5000, 17);
	struct blob_info a = keep(p, 5000), b;
	struct count c;

	(void)state;
	spill("src", p, 5000);
	assert_int_equal(put_file("src", &b), SQ_OK);
	/* names that are no object's */
	spill("v/store/new/note", p, 5);
	spill("v/store/README", p, 5);
	assert_int_equal(mkdir("v/store/zz", 0700), 0);
	assert_int_equal(symlink("/etc/passwd",
	    "v/store/new/0123456789abcdef0123456789abcdef"), 0);
	c = counted();
	assert_int_equal(c.placed, 1);
	assert_int_equal(c.fresh, 2);
	assert_int_equal(c.bad, 1);
	blob_drop(&bs, b.id);
	assert_int_equal(counted().fresh, 1);
	assert_int_equal(blob_check(&bs, &a, true, NULL, NULL, &why), SQ_OK);
	free(p);
}

/* The disk is full, at any point: nothing is left, and it is said. */
static void
full_disk(void **state)
{
	static const rlim_t at[] = { 0, 50, 4096, 60000, 600000, 1048576,
	    2500000, 3000000 };
	struct rlimit old, now;
	struct blob_info info;
	uint8_t *p = content(3000000, 18);
	struct fsio_in *in;
	enum sq_err e;

	(void)state;
	spill("src", p, 3000000);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	for (size_t i = 0; i < 16; i++) {
		/* every other time through a pipe: no room is set aside */
		FILE *cat = i % 2 == 0 ? NULL : popen("cat src", "r");

		if (cat != NULL)
			assert_true(dup2(fileno(cat), STDIN_FILENO) == 0);
		assert_int_equal(fsio_in_open(cat != NULL ? "-" : "src", &in,
		    &why), SQ_OK);
		now = old;
		now.rlim_cur = at[i / 2];
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &now), 0);
		e = blob_put(&bs, in, NULL, NULL, &info, &why);
		assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
		fsio_in_close(in);
		if (cat != NULL) {
			assert_non_null(freopen("/dev/null", "r", stdin));
			(void)pclose(cat);
		}
		assert_int_equal(e, SQ_ENOSPC);
		assert_non_null(strstr(why.text, "File too large"));
		nothing_left();
	}
	free(p);
}

static void
sparse(void **state)
{
	struct blob_info info;
	struct bytes_buf b = { 0 };
	struct rusage ru;

	(void)state;
	spill("src", (const uint8_t *)"x", 1);
	assert_int_equal(truncate("src", 64 << 20), 0);
	assert_int_equal(put_file("src", &info), SQ_OK);
	assert_int_equal(info.size, 64 << 20);
	assert_int_equal(blob_settle(&bs, &info, 1, &why), SQ_OK);
	assert_int_equal(blob_check(&bs, &info, true, NULL, NULL, &why),
	    SQ_OK);
	assert_int_equal(get(&info, (64 << 20) - 1, 1, &b), SQ_OK);
	assert_int_equal(b.len, 1);
	assert_int_equal(b.p[0], 0);
	bytes_free(&b);
	assert_int_equal(getrusage(RUSAGE_SELF, &ru), 0);
	if (!SANITIZED)
		assert_true(ru.ru_maxrss < 64 << 10);	/* KiB */
}

/* Two puts of the same bytes share nothing that can be seen. */
static void
fresh_each_time(void **state)
{
	uint8_t *p = content(100, 19);
	struct blob_info a = keep(p, 100), b = keep(p, 100);

	(void)state;
	assert_memory_equal(a.sha256, b.sha256, 32);
	assert_memory_not_equal(a.id, b.id, 16);
	assert_memory_not_equal(a.commit, b.commit, 32);
	assert_memory_not_equal(a.tags, b.tags, 32);
	free(p);
}

int
main(void)
{
#define CASE(f) cmocka_unit_test_setup(f, clean)
	const struct CMUnitTest tests[] = {
		CASE(sparse),	/* first: it looks at the peak of memory */
		CASE(round_trips),
		CASE(bytes_as_specified),
		CASE(ranges),
		CASE(ranges_brute_force),
		CASE(every_bit_of_a_small_one),
		CASE(altered_large),
		CASE(cut_at_every_length),
		CASE(trailing_bytes_and_lost_chunks),
		CASE(swapped),
		CASE(missing_and_replaced),
		CASE(changed_while_read),
		CASE(sources),
		CASE(writers_and_progress),
		CASE(many_at_once),
		CASE(settle_rereads),
		CASE(settle_is_all_or_nothing),
		CASE(leftovers_are_listed),
		CASE(full_disk),
		CASE(fresh_each_time),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
