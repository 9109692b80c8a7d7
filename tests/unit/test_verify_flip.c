/*
 * Every byte of a small bundle, altered: sealed, and opened, altered and
 * sealed again by somebody with only the recipient's public key.  None may be
 * accepted.  The bundle lies in memory files, and the work is shared among
 * processes: it is some tens of thousands of verifications.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/mman.h>
#include <sys/wait.h>

#include "tests/unit/bundle_check.h"

#define WORKERS 2

/* A sanitizer sees in each seventh byte what it would see in all. */
#ifdef __SANITIZE_ADDRESS__
#define STEP 7
#else
#define STEP 1
#endif

/* READ-ME is long and one hash: a short one makes the same point. */
static void
shorten(struct mk *b)
{
	static const char text[] = "read me\n";

	mk_puts(b, "bundle/READ-ME-FIRST.txt", text);
	digest_sha256(b->st.readme, text, sizeof(text) - 1);
	b->previous = 3;
	mk_all(b);
}

/* Verify the bytes; true if they pass. */
static bool
passes(const struct bytes_buf *age, int fd, struct verify_opts *o)
{
	struct verify_report r;

	assert_int_equal(ftruncate(fd, 0), 0);
	assert_int_equal(pwrite(fd, age->p, age->len, 0), age->len);
	return verify_bundle(o, &r, NULL) == SQ_OK;
}

/* Alter each byte that is this worker's; count what passes. */
static int
work(struct mk *b, unsigned worker, struct bytes_buf *text, bool seal)
{
	struct bytes_buf age = { 0 };
	struct verify_opts o = { 0 };
	char path[64];
	int fd = memfd_create("bundle", 0), accepted = 0;

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	o.path = path;
	o.identity = ck_path("id");
	for (size_t i = worker; i < text->len && accepted < 100;
	    i += WORKERS * STEP) {
		text->p[i] ^= (uint8_t)(1u << i % 8);
		if (seal)
			mk_seal(b->recipient, text->p, text->len, &age);
		if (passes(seal ? &age : text, fd, &o)) {
			(void)fprintf(stderr, "byte %zu accepted\n", i);
			accepted++;
		}
		text->p[i] ^= (uint8_t)(1u << i % 8);
		bytes_free(&age);
	}
	/* and unaltered it does pass: the loop above could see it */
	if (seal)
		mk_seal(b->recipient, text->p, text->len, &age);
	if (!passes(seal ? &age : text, fd, &o))
		accepted = 101;
	bytes_free(&age);
	(void)close(fd);
	return accepted;
}

static void
flip_all(bool seal)
{
	struct mk *b = mk_new();
	struct bytes_buf tar = { 0 }, age = { 0 };
	pid_t pid[WORKERS];
	int status;

	shorten(b);
	ck_identity(b->reader, "id");
	mk_tar(b, &tar);
	mk_seal(b->recipient, tar.p, tar.len, &age);
	for (unsigned w = 0; w < WORKERS; w++)
		if ((pid[w] = fork()) == 0)
			_exit(work(b, w, seal ? &tar : &age, seal));
	for (unsigned w = 0; w < WORKERS; w++) {
		assert_int_equal(waitpid(pid[w], &status, 0), pid[w]);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 0);
	}
	bytes_free(&tar);
	bytes_free(&age);
	mk_free(b);
}

static void
test_sealed(void **state)
{
	(void)state;
	flip_all(false);
}

static void
test_opened(void **state)
{
	(void)state;
	flip_all(true);
}

/* Cut at each length near block ends, and with something behind. */
static void
test_cut(void **state)
{
	struct mk *b = mk_new();
	struct bytes_buf tar = { 0 }, age = { 0 };
	struct verify_opts o = { 0 };
	char path[64];
	int fd = memfd_create("bundle", 0);
	size_t n;

	(void)state;
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	ck_identity(b->reader, "id");
	o.path = path;
	o.identity = ck_path("id");
	mk_tar(b, &tar);
	for (n = 0; n < tar.len; n += 512) {
		mk_seal(b->recipient, tar.p, n, &age);
		assert_false(passes(&age, fd, &o));
		bytes_free(&age);
	}
	bytes_put(&tar, "\0", 1);
	mk_seal(b->recipient, tar.p, tar.len, &age);
	assert_false(passes(&age, fd, &o));
	bytes_free(&age);
	mk_seal(b->recipient, tar.p, tar.len - 1, &age);
	assert_true(passes(&age, fd, &o));
	for (n = age.len; age.len > 0; age.len -= age.len > 997 ? 997 :
	    age.len) {
		assert_int_equal(passes(&age, fd, &o), age.len == n);
	}
	age.len = n;
	bytes_put(&age, "x", 1);
	assert_false(passes(&age, fd, &o));
	bytes_free(&tar);
	bytes_free(&age);
	(void)close(fd);
	mk_free(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_sealed),
		cmocka_unit_test(test_opened)
	};

	return cmocka_run_group_tests(tests, ck_setup, ck_teardown);
}
