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

/* --- folders -------------------------------------------------------------- */

static char change[256];	/* a command, run when reading has begun */

static void
change_now(void *arg, uint64_t done, uint64_t of)
{
	int *begun = arg;

	(void)done;
	(void)of;
	if (++*begun == 2)
		assert_int_equal(peer_run(ck_dir, change), 0);
}

/* A folder in which ${cmd} is done before, or while it is read. */
static void
folder(const char *cmd, bool before, const char *said)
{
	struct mk *b = mk_new();
	struct verify_opts o = { 0 };
	struct verify_report r;
	struct why why = { "" };
	struct bytes_buf tar = { 0 };
	enum sq_err e;
	int begun = 0;

	mk_tar(b, &tar);
	peer_write(ck_dir, "b.tar", tar.p, tar.len);
	bytes_free(&tar);
	assert_int_equal(peer_run(ck_dir, "rm -rf f && mkdir f && tar xf "
	    "b.tar -C f"), 0);
	if (before)
		assert_int_equal(peer_run(ck_dir, cmd), 0);
	(void)snprintf(change, sizeof(change), "%s", before ? "true" : cmd);
	o.path = ck_path("f");
	o.progress = change_now;
	o.arg = &begun;
	e = verify_bundle(&o, &r, &why);
	if (said == NULL) {
		assert_int_equal(e, SQ_OK);
	} else if (e != SQ_EAUTH && e != SQ_EFORMAT) {
		fail_msg("%s: error %d", cmd, (int)e);
	} else {
		assert_int_equal(r.claim[VERIFY_INTACT].result, VERIFY_NO);
		if (strstr(r.claim[VERIFY_INTACT].detail, said) == NULL)
			fail_msg("%s: %s", cmd,
			    r.claim[VERIFY_INTACT].detail);
	}
	mk_free(b);
}

static void
test_folder(void **state)
{
	(void)state;
	folder("true", true, NULL);
	/* the folder named is the bundle itself */
	folder("mv f g && mv g/bundle f && rm -r g", true, NULL);
	folder("printf x >>f/bundle/trust/sandyq.pub", false,
	    "changed while it was read");
	folder(": >f/bundle/trust/sandyq.pub", false,
	    "changed while it was read");
	folder("n=$(printf '%0200d' 0); mkdir f/bundle/$n && "
	    ": >f/bundle/$n/$n", true, "a path too long for a bundle");
	folder(": >'f/bundle/a\\b'", true, "not a name that a bundle may "
	    "have");
	folder("mkfifo f/bundle/pipe", true, "pipe");
	folder("ln -s STATEMENT.txt f/bundle/link", true, "link");
	folder("rm -r f/bundle/*", true, "");
	folder("rm -r f/bundle", true, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_look),
		cmocka_unit_test(test_pass),
		cmocka_unit_test(test_folder)
	};

	return cmocka_run_group_tests(tests, ck_setup, ck_teardown);
}
