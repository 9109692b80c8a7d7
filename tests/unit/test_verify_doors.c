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
#include "tests/unit/take_help.h"

/* --- does it look like one? ---------------------------------------------- */

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

/* --- passphrases --------------------------------------------------------- */

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

/* --- the memory of earlier bundles --------------------------------------- */

#define LOG "ffeeddccbbaa99887766554433221100"	/* another one */
#define HEX LOG LOG
#define DATES " 2026-04-01T08:00:00Z 2026-05-01T08:00:00Z "
#define LONG "0123456789012345678901234567890123456789"

static const char *const not_one[] = {
	"", "sandyq-remember/v2\n", "sandyq-remember/v1",
	"sandyq-remember/v1\nx\n",
	"sandyq-remember/v1\n\n",
	/* a line that is not ended, or has a word less or more */
	"sandyq-remember/v1\n" LOG DATES HEX " " HEX " " HEX " 7 " HEX,
	"sandyq-remember/v1\n" LOG DATES HEX " " HEX " " HEX " 7\n",
	"sandyq-remember/v1\n" LOG DATES HEX " " HEX " " HEX " 7 " HEX
	    " x\n",
	"sandyq-remember/v1\n" LOG "  " HEX "\n",
	"sandyq-remember/v1\n" LOG DATES LONG LONG LONG "\n",
	/* each word in turn */
	"sandyq-remember/v1\n0" LOG DATES HEX " " HEX " " HEX " 7 " HEX
	    "\n",
	"sandyq-remember/v1\nxfeeddccbbaa99887766554433221100" DATES
	    HEX " " HEX " " HEX " 7 " HEX "\n",
	"sandyq-remember/v1\n" LOG DATES LOG " " HEX " " HEX " 7 " HEX
	    "\n",
	"sandyq-remember/v1\n" LOG DATES HEX " " LOG " " HEX " 7 " HEX
	    "\n",
	"sandyq-remember/v1\n" LOG DATES HEX " " HEX " " LOG " 7 " HEX
	    "\n",
	"sandyq-remember/v1\n" LOG DATES HEX " " HEX " " HEX " 7 " LOG
	    "\n",
	"sandyq-remember/v1\n" LOG DATES HEX " " HEX " " HEX " 7x "
	    HEX "\n",
	"sandyq-remember/v1\n" LOG DATES HEX " " HEX " " HEX " 0 " HEX
	    "\n",
	"sandyq-remember/v1\n" LOG DATES HEX " " HEX " " HEX
	    " 1234567890123456789 " HEX "\n",
	/* a change of keys that is none, or none of base64 */
	"sandyq-remember/v1\nrotation\n",
	"sandyq-remember/v1\nrotation " LOG "\n",
	"sandyq-remember/v1\nrotation " LOG " \n",
	"sandyq-remember/v1\nrotation " LOG " !!!!\n",
	"sandyq-remember/v1\nrotation " LOG " YWJj",
};
static const char *const one[] = {
	"sandyq-remember/v1\n",
	"sandyq-remember/v1\n" LOG DATES HEX " " HEX " " HEX " 7 " HEX
	    "\n",
	/* of another log, and one that leads nowhere */
	"sandyq-remember/v1\nrotation " LOG " YWJj\n",
};

static void
test_memory(void **state)
{
	struct mk *b = mk_new();
	struct verify_opts o = { .now = "2099-01-01T00:00:00Z" };
	struct verify_report r;
	struct why why = { "" };
	char *was;
	size_t n;

	(void)state;
	ck_seal(b, &o);
	o.remember = ck_path("memory");
	for (size_t i = 0; i < sizeof(not_one) / sizeof(not_one[0]); i++) {
		peer_write(ck_dir, "memory", not_one[i], strlen(not_one[i]));
		if (verify_bundle(&o, &r, &why) != SQ_EUSAGE)
			fail_msg("taken for a memory: %zu: %s", i, not_one[i]);
		/* it is left as it was */
		was = peer_read(o.remember, &n);
		assert_int_equal(n, strlen(not_one[i]));
		assert_memory_equal(was, not_one[i], n);
		free(was);
	}
	for (size_t i = 0; i < sizeof(one) / sizeof(one[0]); i++) {
		peer_write(ck_dir, "memory", one[i], strlen(one[i]));
		ck_verify(one[i], &o, GOOD);
		was = peer_read(o.remember, &n);
		assert_true(n > strlen(one[i]));
		assert_memory_equal(was, one[i], strlen(one[i]));
		free(was);
		/* and is a memory of this log from now on */
		ck_verify(one[i], &o, "yyyyyyu-");
	}
	/* a path that cannot be written is told, after the answer */
	o.remember = "/proc/self/nothing/memory";
	assert_int_not_equal(verify_bundle(&o, &r, &why), SQ_OK);
	assert_int_equal(r.claim[VERIFY_INTACT].result, VERIFY_YES);
	mk_free(b);
}

/* --- folders ------------------------------------------------------------- */

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

/* The bundle as a folder. */
static void
lay(const struct mk *b)
{
	struct bytes_buf tar = { 0 };

	mk_tar(b, &tar);
	peer_write(ck_dir, "b.tar", tar.p, tar.len);
	bytes_free(&tar);
	assert_int_equal(peer_run(ck_dir, "rm -rf f && mkdir f && tar xf "
	    "b.tar -C f"), 0);
}

/* A folder in which ${cmd} is done before, or while it is read. */
static void
folder(const char *cmd, bool before, const char *said)
{
	struct mk *b = mk_new();
	struct verify_opts o = { 0 };
	struct verify_report r;
	struct why why = { "" };
	enum sq_err e;
	int begun = 0;

	lay(b);
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

/* --- between two readings ------------------------------------------------ */

static enum sq_err
ready(void *arg, const struct verify_taken *t, struct why *why)
{
	(void)arg;
	(void)t;
	(void)why;
	/* all checks have passed; now somebody is at the folder */
	assert_int_equal(peer_run(ck_dir, change), 0);
	return SQ_OK;
}

static void
test_take_race(void **state)
{
	static const char *const cmd[] = {
		"rm f/bundle/bag/data/items/000002/record.json",
		"rm f/bundle/trust/*",
		"touch f/bundle/zzz",
		"mv f/bundle/bag/data/items/000001 f/bundle/bag/data/items/"
		    "000003",
		"printf x >>f/bundle/bag/data/items/000001/record.json",
		"printf x | dd of=f/bundle/bag/data/items/000001/record.json "
		    "bs=1 seek=40 conv=notrunc 2>/dev/null",
		"printf x | dd of=f/bundle/bag/data/report.html conv=notrunc "
		    "2>/dev/null",
		"ln -sf /dev/null f/bundle/STATEMENT.txt",
		"rm -r f"
	};
	struct take none = { .wanted = false };
	const struct verify_take_files f = { .ready = ready,
	    .begin = take_begin, .data = take_data, .end = take_end,
	    .arg = &none };
	struct mk *b = mk_new();
	struct verify_opts o = { 0 };
	struct verify_report r;
	struct verify_taken t;
	struct why why;
	enum sq_err e;

	(void)state;
	for (size_t i = 0; i < sizeof(cmd) / sizeof(cmd[0]); i++) {
		lay(b);
		(void)snprintf(change, sizeof(change), "%s", cmd[i]);
		o.path = ck_path("f");
		why.text[0] = '\0';
		e = verify_take(&o, &f, &t, &r, &why);
		if (e == SQ_OK || why.text[0] == '\0')
			fail_msg("not noticed: %s (%d)", cmd[i], (int)e);
		verify_take_free(&t);
	}
	/* undisturbed it is taken */
	lay(b);
	(void)snprintf(change, sizeof(change), "true");
	OK(verify_take(&o, &f, &t, &r, &why));
	assert_int_equal(t.n, 2);
	verify_take_free(&t);
	mk_free(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_look),
		cmocka_unit_test(test_pass),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_folder),
		cmocka_unit_test(test_take_race)
	};

	return cmocka_run_group_tests(tests, ck_setup, ck_teardown);
}
