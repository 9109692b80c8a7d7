/*
 * What is put before the verifier and is no bundle, and how it is told what
 * opens one: odd files, passphrases, folders that change while they are read.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "tests/unit/bundle_check.h"

/* --- does it look like one? ----------------------------------------------- */

static void
looks(const char *name, bool want)
{
	struct why why = { "" };
	bool got = !want;

	OK(verify_look(name[0] == '-' ? name : ck_path(name), &got, &why));
	if (got != want)
		fail_msg("%s looks %slike a bundle", name, got ? "" : "un");
}

static void
test_look(void **state)
{
	static const char age[] = "age-encryption.org/v1\n-> X25519 a\n";
	static const char armor[] = "-----BEGIN AGE ENCRYPTED FILE-----\nYWdl";

	(void)state;
	peer_write(ck_dir, "age", age, sizeof(age) - 1);
	peer_write(ck_dir, "armor", armor, sizeof(armor) - 1);
	peer_write(ck_dir, "half-age", age, 12);
	peer_write(ck_dir, "half-armor", armor, 20);
	peer_write(ck_dir, "text", "a letter about a bundle, longer than a "
	    "header of age would be", 61);
	peer_write(ck_dir, "empty", "", 0);
	assert_int_equal(mkdir(ck_path("folder"), 0700), 0);
	assert_int_equal(mkfifo(ck_path("pipe"), 0600), 0);
	looks("age", true);
	looks("armor", true);
	looks("folder", true);
	looks("half-age", false);
	looks("half-armor", false);
	looks("text", false);
	looks("empty", false);
	looks("pipe", false);
	looks("absent", false);
	looks("-", false);
}

/* --- passphrases ---------------------------------------------------------- */

static void
pass_is(const char *said, size_t n, enum sq_err want)
{
	struct secret *s = NULL;
	struct why why = { "" };
	int fd;

	peer_write(ck_dir, "pass", said, n);
	assert_int_equal(verify_read_pass(ck_path("pass"), -1, &s, &why), want);
	if (want == SQ_OK) {
		assert_int_equal(secret_len(s), strcspn(said, "\n"));
		assert_memory_equal(secret_cbytes(s), said, secret_len(s));
	} else {
		assert_null(s);
		assert_int_not_equal(why.text[0], '\0');
	}
	secret_free(s);
	s = NULL;
	/* from a descriptor it is the same */
	fd = open(ck_path("pass"), O_RDONLY);
	assert_int_equal(verify_read_pass(NULL, fd, &s, &why), want);
	assert_true((s != NULL) == (want == SQ_OK));
	secret_free(s);
	(void)close(fd);
}

static void
test_pass(void **state)
{
	struct secret *s = NULL;
	struct why why = { "" };
	char most[1100];

	(void)state;
	memset(most, 'a', sizeof(most));
	pass_is("two words\n", 10, SQ_OK);
	pass_is("two words", 9, SQ_OK);
	pass_is(" as it is \nnot this\n", 20, SQ_OK);
	pass_is("", 0, SQ_EUSAGE);
	pass_is("\n", 1, SQ_EUSAGE);
	pass_is(most, sizeof(most), SQ_EREFUSED);
	most[1024] = '\n';
	pass_is(most, 1025, SQ_OK);
	assert_int_equal(verify_read_pass(ck_path("absent"), -1, &s, &why),
	    SQ_ENOENT);
	assert_int_not_equal(verify_read_pass(ck_path("folder"), -1, &s,
	    &why), SQ_OK);
	assert_null(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_look),
		cmocka_unit_test(test_pass)
	};

	return cmocka_run_group_tests(tests, ck_setup, ck_teardown);
}
