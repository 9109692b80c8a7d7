/*
 * A header put back over what is there, after a change of slots that failed:
 * what is it already is left alone, what is not becomes it, and a header that
 * this program may not write is not written.
 */
#include <sys/stat.h>

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "crypto/bytes.h"
#include "vault/fsio.h"
#include "vault/store/header.h"

static char dir[] = "/tmp/sandyq-test-back.XXXXXX";
static int dirfd = -1;
static struct secret *k_hdr;
static struct header good;
static uint8_t image[HEADER_LEN];
static struct why why;

static void
put(const char *name, const void *p, size_t n)
{
	(void)unlinkat(dirfd, name, 0);
	if (p != NULL)
		assert_int_equal(fsio_create(dirfd, name, p, n, &why), SQ_OK);
}

static bool
is_good(const char *name)
{
	struct bytes_buf b = { 0 };
	bool is = fsio_read(dirfd, name, HEADER_LEN, &b, NULL) == SQ_OK &&
	    b.len == HEADER_LEN && memcmp(b.p, image, HEADER_LEN) == 0;

	bytes_free(&b);
	return is;
}

static struct timespec
written(const char *name)
{
	struct stat st;

	assert_int_equal(fstatat(dirfd, name, &st, 0), 0);
	return st.st_mtim;
}

static void
test_same(void **state)
{
	struct timespec a, b;

	(void)state;
	put(HEADER_NAME, image, HEADER_LEN);
	put(HEADER_NAME2, image, HEADER_LEN);
	a = written(HEADER_NAME);
	assert_int_equal(header_put_back(dirfd, &good, k_hdr, &why), SQ_OK);
	b = written(HEADER_NAME);
	assert_true(a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec);
	assert_true(is_good(HEADER_NAME) && is_good(HEADER_NAME2));
}

static void
test_other(void **state)
{
	uint8_t other[HEADER_LEN];

	(void)state;
	memcpy(other, image, HEADER_LEN);
	for (int which = 1; which < 4; which++) {
		other[2000] ^= 1;
		put(HEADER_NAME, which & 1 ? other : image, HEADER_LEN);
		put(HEADER_NAME2, which & 2 ? other : image, HEADER_LEN);
		assert_int_equal(header_put_back(dirfd, &good, k_hdr, &why),
		    SQ_OK);
		assert_true(is_good(HEADER_NAME) && is_good(HEADER_NAME2));
	}
}

/* It writes in place: what is not there, or of another size, is told. */
static void
test_sizes(void **state)
{
	(void)state;
	put(HEADER_NAME, image, HEADER_LEN);
	put(HEADER_NAME2, image, 100);
	assert_int_not_equal(header_put_back(dirfd, &good, k_hdr, &why),
	    SQ_OK);
	assert_true(is_good(HEADER_NAME));
	put(HEADER_NAME2, NULL, 0);
	assert_int_not_equal(header_put_back(dirfd, &good, k_hdr, &why),
	    SQ_OK);
	put(HEADER_NAME2, image, HEADER_LEN);
	put(HEADER_NAME, NULL, 0);
	assert_int_not_equal(header_put_back(dirfd, &good, k_hdr, &why),
	    SQ_OK);
	assert_true(is_good(HEADER_NAME2));
}

static void
test_version(void **state)
{
	struct header h = good;
	uint8_t p[HEADER_LEN];

	(void)state;
	put(HEADER_NAME, image, HEADER_LEN);
	put(HEADER_NAME2, image, HEADER_LEN);
	h.major++;
	assert_int_equal(header_emit(&h, k_hdr, p), SQ_EINTERNAL);
	assert_int_equal(header_store(dirfd, &h, k_hdr, &why), SQ_EINTERNAL);
	assert_int_equal(header_put_back(dirfd, &h, k_hdr, &why),
	    SQ_EINTERNAL);
	assert_true(is_good(HEADER_NAME) && is_good(HEADER_NAME2));
}

/* Rightly summed, by a newer program or against the format. */
static void
test_forms(void **state)
{
	struct header h, got;
	uint8_t p[HEADER_LEN];

	(void)state;
	for (int i = 0; i < 4; i++) {
		h = good;
		switch (i) {
		case 0: h.min_reader = 99; break;
		case 1: h.flags = 1; break;
		case 2: h.set_a.id = 7; break;
		case 3: h.has_b = true; h.set_b = good.set_a;
			h.set_b.id = 7; break;
		}
		assert_int_equal(header_emit(&h, k_hdr, p), SQ_OK);
		if (header_parse(p, &got, &why) != SQ_EUNSUPPORTED)
			fail_msg("case %d", i);
	}
	h = good;
	h.set_a.passes = 1;
	assert_int_equal(header_emit(&h, k_hdr, p), SQ_OK);
	assert_int_equal(header_parse(p, &got, &why), SQ_ELIMIT);
}

static int
setup(void **state)
{
	struct kdf_set set = { .id = KDF_ARGON2ID, .kib = KDF_MIN_KIB,
	    .passes = KDF_MIN_PASSES, .lanes = 4 };

	(void)state;
	if (secret_init() != SQ_OK || fsio_init() != SQ_OK ||
	    mkdtemp(dir) == NULL || secret_random(32, &k_hdr) != SQ_OK)
		return -1;
	dirfd = open(dir, O_RDONLY | O_DIRECTORY);
	header_new(&set, &good);
	return dirfd < 0 || header_emit(&good, k_hdr, image) != SQ_OK;
}

static int
teardown(void **state)
{
	(void)state;
	(void)unlinkat(dirfd, HEADER_NAME, 0);
	(void)unlinkat(dirfd, HEADER_NAME2, 0);
	(void)close(dirfd);
	secret_free(k_hdr);
	return rmdir(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_other),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_version),
		cmocka_unit_test(test_forms)
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
