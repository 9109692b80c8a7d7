/*
 * Sealed files on disk, and Debian's age and age-keygen as the other side:
 * each opens what the other sealed, and a failure leaves no file.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/peer.h"

#include "vault/bundle/seal.h"
#include "vault/fsio.h"

#define CREATED "2026-06-01T10:22:07Z"

static const char *dir;
static char my_public[AGE_RECIPIENT_MAX];
static struct why why;

/* The path of a name in the folder; a few at a time. */
static const char *
in(const char *name)
{
	static char path[4][256];
	static int i;

	i = (i + 1) % 4;
	(void)snprintf(path[i], sizeof(path[i]), "%s/%s", dir, name);
	return path[i];
}

static bool
exists(const char *name)
{
	struct stat st;

	return lstat(in(name), &st) == 0;
}

static void
gone(const char *name)
{
	if (exists(name))
		assert_int_equal(unlink(in(name)), 0);
}

/* A file of n bytes that do not repeat early. */
static void
plain(const char *name, size_t n)
{
	uint8_t *p = malloc(n + 1);
	uint32_t x = 88172645u;

	assert_non_null(p);
	for (size_t i = 0; i < n; i++) {
		x = x * 1664525u + 1013904223u;
		p[i] = (uint8_t)(x >> 24);
	}
	peer_write(dir, name, p, n);
	free(p);
}

static void
same(const char *a, const char *b)
{
	size_t na, nb;
	char *pa = peer_read(in(a), &na), *pb = peer_read(in(b), &nb);

	assert_int_equal(na, nb);
	assert_memory_equal(pa, pb, na);
	free(pa);
	free(pb);
}

static struct secret *
pass_of(const char *s)
{
	struct secret *ret = NULL;

	assert_int_equal(secret_copy((const uint8_t *)s, strlen(s), &ret),
	    SQ_OK);
	return ret;
}

/* Open with an identity file. */
static enum sq_err
unseal(const char *file, const char *identity, const char *out)
{
	struct age_keys keys = { 0 };
	enum sq_err e;

	assert_int_equal(seal_identities(in(identity), &keys.identity,
	    &keys.n_identity, &why), SQ_OK);
	e = seal_open_file(in(file), &keys, in(out), &why);
	seal_identities_free(keys.identity, keys.n_identity);
	return e;
}

/* Open it, expect this failure, and that it leaves nothing. */
static void
unseal_fails(const char *file, const char *identity, enum sq_err want)
{
	gone("x");
	why.text[0] = '\0';
	assert_int_equal(unseal(file, identity, "x"), want);
	assert_false(exists("x"));
	assert_false(exists("x.part"));
	assert_string_not_equal(why.text, "");
}

static void
test_keygen(void **state)
{
	char again[AGE_RECIPIENT_MAX], *p;
	struct stat st;
	size_t n;

	(void)state;
	assert_int_equal(stat(in("me"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(seal_key_public(in("me"), again, &why), SQ_OK);
	assert_string_equal(again, my_public);
	p = peer_read(in("me"), &n);
	assert_int_equal(strncmp(p, "# created: " CREATED "\n# public key: "
	    "age1", 29 + sizeof(CREATED) - 1), 0);
	assert_int_equal(p[n - 1], '\n');
	free(p);
	/* never over an existing file */
	assert_int_equal(seal_keygen(in("me"), CREATED, again, &why),
	    SQ_EEXIST);
	assert_int_equal(seal_key_public(in("me"), again, &why), SQ_OK);
	assert_string_equal(again, my_public);
}

static void
test_identity_trouble(void **state)
{
	char rcpt[AGE_RECIPIENT_MAX];
	struct secret **list = NULL;
	size_t n = 0;

	(void)state;
	assert_int_equal(peer_run(dir, "cat me me >two; echo no >bad; echo "
	    "AGE-PLUGIN-X-1QQ >plugin"), 0);
	assert_int_equal(seal_key_public(in("two"), rcpt, &why), SQ_EREFUSED);
	assert_int_equal(seal_key_public(in("bad"), rcpt, &why), SQ_EFORMAT);
	assert_int_equal(seal_key_public(in("plugin"), rcpt, &why),
	    SQ_EUNSUPPORTED);
	assert_int_equal(seal_key_public(in("none"), rcpt, &why), SQ_ENOENT);
	assert_int_equal(seal_identities(in("two"), &list, &n, &why), SQ_OK);
	assert_int_equal(n, 2);
	seal_identities_free(list, n);
	seal_identities_free(NULL, 0);
}

static void
test_round_trip(void **state)
{
	static const size_t sizes[] = { 0, 1, 65536, 262144, 262145, 900000 };
	struct stat st;

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		plain("p", sizes[i]);
		gone("s");
		gone("o");
		assert_int_equal(seal_file(in("p"), my_public, NULL, in("s"),
		    &why), SQ_OK);
		assert_int_equal(unseal("s", "me", "o"), SQ_OK);
		same("p", "o");
		assert_int_equal(stat(in("o"), &st), 0);
		assert_int_equal(st.st_mode & 07777, 0600);
		assert_false(exists("s.part"));
		assert_false(exists("o.part"));
	}
}

static void
test_never_overwrites(void **state)
{
	(void)state;
	plain("p", 10);
	gone("s");
	assert_int_equal(seal_file(in("p"), my_public, NULL, in("s"), &why),
	    SQ_OK);
	peer_write(dir, "keep", "keep", 4);
	assert_int_equal(seal_file(in("p"), my_public, NULL, in("keep"),
	    &why), SQ_EEXIST);
	assert_int_equal(unseal("s", "me", "keep"), SQ_EEXIST);
	assert_int_equal(peer_run(dir, "test \"$(cat keep)\" = keep"), 0);
	assert_false(exists("keep.part"));
	/* not over a link to nowhere either */
	assert_int_equal(peer_run(dir, "ln -s nowhere link"), 0);
	assert_int_equal(unseal("s", "me", "link"), SQ_EEXIST);
	assert_false(exists("nowhere"));
}

static void
test_bad_recipients(void **state)
{
	(void)state;
	plain("p", 10);
	gone("s");
	assert_int_equal(seal_file(in("p"), "age1qqqq", NULL, in("s"), &why),
	    SQ_EREFUSED);
	assert_int_equal(seal_file(in("p"), "age1pq1qqqq", NULL, in("s"),
	    &why), SQ_EUNSUPPORTED);
	assert_non_null(strstr(why.text, "not supported by this build"));
	assert_int_equal(seal_file(in("none"), my_public, NULL, in("s"),
	    &why), SQ_ENOENT);
	assert_false(exists("s"));
	assert_false(exists("s.part"));
}

/* Altered in the second half, cut, lengthened, not age: nothing is left. */
static void
test_broken_files(void **state)
{
	(void)state;
	plain("p", 200000);
	gone("s");
	assert_int_equal(seal_file(in("p"), my_public, NULL, in("s"), &why),
	    SQ_OK);
	assert_int_equal(peer_run(dir, "cp s b && printf X | dd of=b bs=1 "
	    "seek=150000 conv=notrunc"), 0);
	unseal_fails("b", "me", SQ_EAUTH);
	assert_int_equal(peer_run(dir, "head -c -1 s >b"), 0);
	unseal_fails("b", "me", SQ_EAUTH);
	assert_int_equal(peer_run(dir, "head -c 131288 s >b"), 0);
	unseal_fails("b", "me", SQ_EAUTH);
	assert_int_equal(peer_run(dir, "head -c 100 s >b"), 0);
	unseal_fails("b", "me", SQ_EFORMAT);
	assert_int_equal(peer_run(dir, "cat s >b; echo >>b"), 0);
	unseal_fails("b", "me", SQ_EAUTH);
	unseal_fails("p", "me", SQ_EFORMAT);
	assert_int_equal(peer_run(dir, ": >b"), 0);
	unseal_fails("b", "me", SQ_EFORMAT);
	/* not for this key: not a wrong passphrase */
	assert_int_equal(peer_run(dir, "rm -f other; age-keygen -o other"), 0);
	unseal_fails("s", "other", SQ_EREFUSED);
}

/* What age seals to our key, in both of its forms, we open; and the reverse. */
static void
test_peer_key(void **state)
{
	static const size_t sizes[] = { 0, 1, 65535, 65536, 65537, 131072,
	    500000 };
	char cmd[256];

	(void)state;
	for (size_t i = 0; i < 7; i++) {
		plain("p", sizes[i]);
		gone("o");
		(void)snprintf(cmd, sizeof(cmd), "age -r %s <p >t", my_public);
		assert_int_equal(peer_run(dir, cmd), 0);
		assert_int_equal(unseal("t", "me", "o"), SQ_OK);
		same("p", "o");
		gone("o");
		(void)snprintf(cmd, sizeof(cmd), "age -a -r %s <p >t",
		    my_public);
		assert_int_equal(peer_run(dir, cmd), 0);
		assert_int_equal(unseal("t", "me", "o"), SQ_OK);
		same("p", "o");
		gone("s");
		assert_int_equal(seal_file(in("p"), my_public, NULL, in("s"),
		    &why), SQ_OK);
		assert_int_equal(peer_run(dir, "age -d -i me s >q && "
		    "cmp p q"), 0);
	}
}

/* Several recipients, SSH among them: we find our stanza. */
static void
test_peer_many(void **state)
{
	char cmd[512];

	(void)state;
	plain("p", 1000);
	gone("o");
	assert_int_equal(peer_run(dir, "rm -f k1 k2 ssh ssh.pub && "
	    "age-keygen -o k1 && age-keygen -o k2 && "
	    "ssh-keygen -q -t ed25519 -N '' -f ssh"), 0);
	(void)snprintf(cmd, sizeof(cmd), "age -r $(age-keygen -y k1) -R "
	    "ssh.pub -r %s -r $(age-keygen -y k2) <p >t", my_public);
	assert_int_equal(peer_run(dir, cmd), 0);
	assert_int_equal(unseal("t", "me", "o"), SQ_OK);
	same("p", "o");
	assert_int_equal(peer_run(dir, "age -R ssh.pub <p >t"), 0);
	unseal_fails("t", "me", SQ_EUNSUPPORTED);
}

/* Identity files go both ways, and the public halves agree. */
static void
test_peer_identity(void **state)
{
	char rcpt[AGE_RECIPIENT_MAX], cmd[256];

	(void)state;
	assert_int_equal(peer_run(dir, "rm -f theirs; age-keygen -o theirs"),
	    0);
	assert_int_equal(seal_key_public(in("theirs"), rcpt, &why), SQ_OK);
	(void)snprintf(cmd, sizeof(cmd), "test %s = $(age-keygen -y theirs)",
	    rcpt);
	assert_int_equal(peer_run(dir, cmd), 0);
	(void)snprintf(cmd, sizeof(cmd), "test %s = $(age-keygen -y me)",
	    my_public);
	assert_int_equal(peer_run(dir, cmd), 0);
	plain("p", 70000);
	gone("s");
	assert_int_equal(seal_file(in("p"), rcpt, NULL, in("s"), &why),
	    SQ_OK);
	assert_int_equal(peer_run(dir, "age -d -i theirs s >q && cmp p q"), 0);
}

/* age wants a terminal for passphrases: script(1) gives it one. */
static void
test_peer_passphrase(void **state)
{
	struct secret *pass = pass_of("six words and a chest");
	struct secret *wrong = pass_of("six words and a chess");
	struct age_keys keys = { .passphrase = pass };

	(void)state;
	if (peer_run(dir, "command -v script") != 0) {
		secret_free(pass);
		secret_free(wrong);
		skip();
	}
	plain("p", 70000);
	gone("s");
	gone("t");
	gone("o");
	assert_int_equal(peer_run(dir, "(echo 'six words and a chest'; "
	    "echo 'six words and a chest'; sleep 2) | "
	    "script -qec 'age -p -o t p' /dev/null; test -s t"), 0);
	assert_int_equal(seal_open_file(in("t"), &keys, in("o"), &why),
	    SQ_OK);
	same("p", "o");
	keys.passphrase = wrong;
	gone("o");
	assert_int_equal(seal_open_file(in("t"), &keys, in("o"), &why),
	    SQ_EPASS);
	assert_false(exists("o"));
	assert_int_equal(seal_file(in("p"), NULL, pass, in("s"), &why),
	    SQ_OK);
	gone("q");
	assert_int_equal(peer_run(dir, "(echo 'six words and a chest'; "
	    "sleep 2) | script -qec 'age -d -o q s' /dev/null; cmp p q"), 0);
	secret_free(pass);
	secret_free(wrong);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keygen),
		cmocka_unit_test(test_identity_trouble),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_never_overwrites),
		cmocka_unit_test(test_bad_recipients),
		cmocka_unit_test(test_broken_files),
		cmocka_unit_test(test_peer_key),
		cmocka_unit_test(test_peer_many),
		cmocka_unit_test(test_peer_identity),
		cmocka_unit_test(test_peer_passphrase),
	};
	int rc;

	if (secret_init() != SQ_OK || fsio_init() != SQ_OK)
		return 1;
	dir = peer_dir();
	if (seal_keygen(in("me"), CREATED, my_public, &why) != SQ_OK)
		return 1;
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	peer_done(dir);
	return rc;
}
