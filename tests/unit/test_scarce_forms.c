/*
 * Memory runs out at the n-th request while entries, notes and signatures are
 * made and read, for every n: each time it is said, or what came of it is
 * right; and nothing half made is handed out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "crypto/digest.h"
#include "crypto/entry.h"
#include "crypto/minisig.h"
#include "crypto/note.h"
#include "crypto/sshsig.h"

#define SCARCE_LIBC

#include "tests/unit/scarce.h"
#include "tests/unit/vec.h"

static struct secret *seed;
static uint8_t pk[SIGN_PK], hash[64];

static int
setup(void **state)
{
	if (vec_setup(state) != 0)
		return -1;
	seed = vec_fill(7, SIGN_SEED);
	return sign_public(seed, pk) == SQ_OK ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	secret_free(seed);
	return 0;
}

/* --- entries ------------------------------------------------------------- */

/* More fields than there is room for at first. */
static enum sq_err
fill(struct entry *en)
{
	static const char *const list[] = { "a", "b" };
	/* its last bracket is what its buffer has no room for */
	static const char *const wide[] = { "0123456789012345678901234567890"
	    "123456789012345678901234567890" };
	static const char json[] = "{\"b\":[1,true],\"a\":\"\\u0041\"}";
	struct bytes_buf b = { 0 };
	char name[32];
	enum sq_err e;

	if ((e = entry_add_str(en, "str", "what was said")) != SQ_OK ||
	    (e = entry_add_text(en, "text", "kk", "a")) != SQ_OK ||
	    (e = entry_add_strs(en, "strs", list, 2)) != SQ_OK ||
	    (e = entry_add_strs(en, "wide", wide, 1)) != SQ_OK ||
	    (e = entry_canon(json, strlen(json), &b)) != SQ_OK ||
	    (e = entry_add(en, "canon", (char *)b.p, b.len)) != SQ_OK)
		goto out;
	for (size_t i = 0; e == SQ_OK && i < 20; i++)
		if ((e = entry_element(name, sizeof(name), "e", i)) == SQ_OK)
			e = entry_add_int(en, name, (int64_t)i);
out:
	bytes_free(&b);
	return e;
}

/* The root, by way of either form; both must give the same. */
static enum sq_err
there_and_back(struct entry *en, uint8_t root[ENTRY_ROOT])
{
	uint8_t said[ENTRY_ROOT], again[ENTRY_ROOT];
	struct entry copy = { 0 }, bin = { 0 }, text = { 0 };
	struct bytes_buf b = { 0 }, j = { 0 };
	uint64_t index;
	enum sq_err e;

	if ((e = entry_sort(en)) != SQ_OK ||
	    (e = entry_root(en, root)) != SQ_OK ||
	    (e = entry_copy(en, &copy)) != SQ_OK ||
	    (e = entry_erase(&copy, "str")) != SQ_OK ||
	    (e = entry_emit(&copy, &b)) != SQ_OK ||
	    (e = entry_parse(b.p, b.len, &bin)) != SQ_OK ||
	    (e = entry_hide(&bin, "text")) != SQ_OK ||
	    (e = entry_emit_json(&bin, root, 3, &j)) != SQ_OK ||
	    (e = entry_parse_json(j.p, j.len, &text, said, &index)) != SQ_OK) {
		/* what failed to be read left nothing */
		assert_true(text.n == 0 && text.fields == NULL);
		goto out;
	}
	if ((e = entry_root(&text, again)) != SQ_OK)
		goto out;
	assert_memory_equal(root, said, sizeof(said));
	assert_memory_equal(root, again, sizeof(again));
	assert_int_equal(index, 3);
out:
	entry_free(&copy);
	entry_free(&bin);
	entry_free(&text);
	bytes_free(&b);
	bytes_free(&j);
	return e;
}

static bool
work_entry(void)
{
	uint8_t root[ENTRY_ROOT];
	struct entry en = { 0 };
	bool ok = fill(&en) == SQ_OK && there_and_back(&en, root) == SQ_OK;

	entry_free(&en);
	return ok;
}

/* Either the whole of what it must be, or nothing. */
static bool
canon(const char *in, const char *want)
{
	struct bytes_buf b = { 0 };
	bool ok = entry_canon(in, strlen(in), &b) == SQ_OK;

	if (ok) {
		assert_int_equal(b.len, strlen(want));
		assert_memory_equal(b.p, want, b.len);
	} else
		assert_int_equal(b.len, 0);
	bytes_free(&b);
	return ok;
}

static bool
work_canon(void)
{
	return canon("[{\"b\":1,\"a\":[\"x\"]},\"y\",-7,false]",
	    "[{\"a\":[\"x\"],\"b\":1},\"y\",-7,false]");
}

static bool
work_number(void)
{
	return canon(" 7", "7");
}

static void
test_entries(void **state)
{
	(void)state;
	starve("an entry", work_entry);
	starve("a canonical value", work_canon);
	starve("a number", work_number);
}

/* --- values -------------------------------------------------------------- */

enum { DONE, ENDED, TOLD, RICH };	/* ENDED: by err_no_memory */

/* Read three values in a child whose request number ${n} fails. */
static int
values(const struct entry *en, long n)
{
	char **list = NULL, *s, *lang = NULL, *text = NULL;
	size_t got = 0;
	enum sq_err e;
	bool ok;

	err_on_no_memory(scarce_count);
	scarce_left = n;
	s = entry_str(en, "str");
	ok = entry_text(entry_find(en, "text"), &lang, &text);
	e = entry_value_strs(entry_find(en, "strs"), &list, &got);
	n = scarce_left;
	scarce_left = -1;
	/* NULL would be: it is not there */
	assert_string_equal(s, "what was said");
	assert_true(ok);
	assert_string_equal(lang, "kk");
	assert_string_equal(text, "a");
	assert_true(e == SQ_OK ? got == 2 : e == SQ_ENOMEM && list == NULL);
	if (e == SQ_OK)
		assert_string_equal(list[1], "b");
	free(s);
	free(lang);
	free(text);
	entry_free_strs(list, got);
	scarce_count();
	return n >= 0 ? RICH : e == SQ_OK ? DONE : TOLD;
}

/* Nothing that is there is ever said not to be. */
static void
test_values(void **state)
{
	struct entry en = { 0 };
	unsigned told = 0;
	long n = 0;
	int st;
	pid_t pid;

	(void)state;
	assert_int_equal(fill(&en), SQ_OK);
	assert_int_equal(entry_sort(&en), SQ_OK);
	for (; n < 100; n++) {
		(void)fflush(NULL);
		if ((pid = fork()) == 0)
			_exit(values(&en, n));
		assert_int_equal(waitpid(pid, &st, 0), pid);
		assert_true(WIFEXITED(st));
		if (WEXITSTATUS(st) == RICH)
			break;
		assert_true(WEXITSTATUS(st) == ENDED ||
		    WEXITSTATUS(st) == TOLD);
		told += WEXITSTATUS(st) == TOLD;
	}
	/* three strings, a list and its two */
	assert_true(n == 0 || (n == 6 && told == 1));
	entry_free(&en);
}

/* --- notes and signatures ------------------------------------------------- */

static bool
work_sign(void)
{
	uint8_t got[SIGN_PK], sig[SIGN_SIG];

	if (sign_public(seed, got) != SQ_OK ||
	    sign_make(seed, "m", 1, sig) != SQ_OK)
		return false;
	assert_memory_equal(got, pk, sizeof(pk));
	assert_int_equal(sign_check(pk, "m", 1, sig), SQ_OK);
	return true;
}

static bool
work_note(void)
{
	struct bytes_buf a = { 0 }, b = { 0 }, c = { 0 };
	struct note_key log, also, w;
	uint64_t time = 0;
	size_t text = 0;
	bool ok;

	assert_int_equal(note_key("log", pk, &log), SQ_OK);
	assert_int_equal(note_key("also", pk, &also), SQ_OK);
	assert_int_equal(note_cosigner("w", pk, &w), SQ_OK);
	ok = note_sign("log", seed, "a\n", 2, &a) == SQ_OK &&
	    note_also("also", seed, (char *)a.p, a.len, &b) == SQ_OK &&
	    note_cosign("w", seed, 9, (char *)b.p, b.len, &c) == SQ_OK &&
	    note_check((char *)c.p, c.len, &log, &text) == SQ_OK &&
	    note_check((char *)c.p, c.len, &also, &text) == SQ_OK &&
	    note_cosign_check((char *)c.p, c.len, &w, &text, &time) == SQ_OK;
	if (ok) {
		assert_int_equal(text, 2);
		assert_int_equal(time, 9);
	}
	bytes_free(&a);
	bytes_free(&b);
	bytes_free(&c);
	return ok;
}

/* A note over another text is one, however little memory there is. */
static bool
work_note_forged(void)
{
	struct bytes_buf a = { 0 };
	struct note_key w;
	uint64_t time = 0;
	size_t text = 0;
	enum sq_err e;

	assert_int_equal(note_cosigner("w", pk, &w), SQ_OK);
	if (note_cosign("w", seed, 9, "a\n\n", 3, &a) != SQ_OK) {
		bytes_free(&a);
		return false;
	}
	a.p[0] = 'b';
	e = note_cosign_check((char *)a.p, a.len, &w, &text, &time);
	assert_int_not_equal(e, SQ_OK);
	assert_int_equal(text, 0);
	bytes_free(&a);
	return e == SQ_EAUTH;
}

static bool
work_proof(void)
{
	struct note_checkpoint cp = { .origin = "o", .size = 1 }, got;
	struct merkle_proof proof = { .n = 3 }, again;
	struct bytes_buf a = { 0 }, b = { 0 };
	uint64_t index;
	size_t at;
	bool ok;

	memset(cp.root, 5, sizeof(cp.root));
	ok = note_checkpoint_emit(&cp, &a) == SQ_OK &&
	    note_proof_emit(9, &proof, (char *)a.p, a.len, &b) == SQ_OK;
	if (ok) {
		assert_int_equal(note_proof_parse((char *)b.p, b.len, &index,
		    &again, &at), SQ_OK);
		assert_int_equal(note_checkpoint_parse((char *)b.p + at,
		    b.len - at, &got), SQ_OK);
		assert_memory_equal(&got, &cp, sizeof(cp));
		assert_int_equal(again.n, 3);
	}
	bytes_free(&a);
	bytes_free(&b);
	return ok;
}

static bool
work_minisig(void)
{
	struct bytes_buf pub = { 0 }, sig = { 0 };
	char said[MINISIG_COMMENT_MAX + 1] = "";
	struct minisig_key key, got;
	bool ok;

	minisig_key(pk, &key);
	ok = minisig_pub_emit(&key, &pub) == SQ_OK &&
	    minisig_pub_parse((char *)pub.p, pub.len, &got) == SQ_OK &&
	    minisig_make(&key, seed, hash, "a comment", &sig) == SQ_OK &&
	    minisig_check((char *)sig.p, sig.len, &got, hash, said) == SQ_OK;
	assert_string_equal(said, ok ? "a comment" : "");
	bytes_free(&pub);
	bytes_free(&sig);
	return ok;
}

static bool
work_sshsig(void)
{
	struct bytes_buf pub = { 0 }, sig = { 0 }, print = { 0 };
	uint8_t got[SIGN_PK] = { 0 }, of[SIGN_PK] = { 0 };
	bool ok = sshsig_pub(pk, "c", &pub) == SQ_OK &&
	    sshsig_pub_parse((char *)pub.p, pub.len, of) == SQ_OK &&
	    sshsig_fingerprint(pk, &print) == SQ_OK &&
	    sshsig_make(seed, "ns", "m", 1, &sig) == SQ_OK &&
	    sshsig_check((char *)sig.p, sig.len, "ns", "m", 1, got) == SQ_OK;

	if (ok) {
		assert_memory_equal(of, pk, sizeof(pk));
		assert_memory_equal(got, pk, sizeof(pk));
		assert_int_equal(print.len, 7 + 43);
	} else
		assert_true(bytes_zero(got, sizeof(got)));
	bytes_free(&pub);
	bytes_free(&sig);
	bytes_free(&print);
	return ok;
}

static void
test_signatures(void **state)
{
	(void)state;
	starve("a signature", work_sign);
	starve("a note", work_note);
	starve("a forged note", work_note_forged);
	starve("a checkpoint and a proof", work_proof);
	starve("minisign", work_minisig);
	starve("ssh", work_sshsig);
}

/* --- digests ------------------------------------------------------------- */

static bool
work_digest(void)
{
	static const enum digest_alg alg[] = { DIGEST_SHA256, DIGEST_SHA512,
	    DIGEST_BLAKE2B_512 };
	static uint8_t want[3][64];
	uint8_t out[64] = { 0 };
	struct digest *d;
	enum sq_err e = SQ_OK;

	for (size_t i = 0; e == SQ_OK && i < 3; i++) {
		d = NULL;
		if ((e = digest_new(alg[i], &d)) == SQ_OK &&
		    (e = digest_add(d, "m", 1)) == SQ_OK &&
		    (e = digest_end(d, out)) == SQ_OK) {
			if (bytes_zero(want[i], 64))
				memcpy(want[i], out, 64);
			assert_memory_equal(out, want[i], 64);
		}
		digest_free(d);
	}
	return e == SQ_OK;
}

static bool
work_keys(void)
{
	const struct digest_part part = { "x", 1 };
	struct secret *a = NULL, *b = NULL;
	bool ok = digest_blake2b_key(seed, &part, 1, &a) == SQ_OK &&
	    digest_hkdf256(seed, "s", 1, "i", 1, 40, &b) == SQ_OK;

	assert_true(ok || b == NULL);
	secret_free(a);
	secret_free(b);
	return ok;
}

static void
test_digests(void **state)
{
	(void)state;
	starve("three digests", work_digest);
	starve("two keys", work_keys);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_entries),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_signatures),
		cmocka_unit_test(test_digests),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
