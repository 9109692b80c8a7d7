/*
 * Notes, cosignatures and their keys that are off in one way; what no key can
 * sign; and a note that several sign.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/note.h"
#include "tests/unit/vec.h"

#define LEN(a) (sizeof(a) / sizeof((a)[0]))
#define LINE(name, b64) "a\n\n\xE2\x80\x94 " name " " b64 "\n"

static struct secret *seed, *other, *brief;
static struct note_key log_key, cosigner;

static int
setup(void **state)
{
	uint8_t pk[SIGN_PK];

	if (vec_setup(state) != 0)
		return -1;
	seed = vec_fill(7, SIGN_SEED);
	other = vec_fill(8, SIGN_SEED);
	brief = vec_fill(7, SIGN_SEED - 1);
	assert_int_equal(sign_public(seed, pk), SQ_OK);
	assert_int_equal(note_key("log", pk, &log_key), SQ_OK);
	assert_int_equal(sign_public(other, pk), SQ_OK);
	assert_int_equal(note_cosigner("witness", pk, &cosigner), SQ_OK);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	secret_free(seed);
	secret_free(other);
	secret_free(brief);
	return 0;
}

/* --- keys ---------------------------------------------------------------- */

/* A name of n letters, in static memory. */
static const char *
letters(size_t n)
{
	static char s[1024];

	assert_in_range(n, 0, sizeof(s) - 1);
	memset(s, 'a', n);
	s[n] = '\0';
	return s;
}

static void
test_names(void **state)
{
	static const char *const bad[] = { "", "a b", "a+b", "a\x7F", "a\n",
	    "\xFF", "\xC3\x28" };
	const uint8_t pk[SIGN_PK] = { 1 };
	struct note_key key = { .alg = 77 };

	(void)state;
	for (size_t i = 0; i < LEN(bad); i++)
		if (note_key(bad[i], pk, &key) != SQ_EFORMAT ||
		    note_cosigner(bad[i], pk, &key) != SQ_EFORMAT)
			fail_msg("name %zu", i);
	assert_int_equal(note_key(letters(NOTE_NAME_MAX + 1), pk, &key),
	    SQ_EFORMAT);
	assert_int_equal(key.alg, 77);
	assert_int_equal(note_key(letters(NOTE_NAME_MAX), pk, &key), SQ_OK);
	assert_string_equal(key.name, letters(NOTE_NAME_MAX));
}

/* The text of a key with so many bytes behind the number of its kind. */
static void
put_key(struct bytes_buf *b, const char *name, size_t n)
{
	uint8_t k[64] = { 1 };

	b->len = 0;
	bytes_puts(b, name);
	bytes_puts(b, "+01020304+");
	bytes_put_b64(b, k, 1 + n, true);
	bytes_put_u8(b, 0);
	assert_int_equal(bytes_done(b), SQ_OK);
}

static void
test_texts(void **state)
{
	const uint8_t raw[1 + SIGN_PK + 1] = { 1, 5 }, *pk = raw + 1;
	struct bytes_buf b = { 0 };
	struct note_key key;

	(void)state;
	assert_int_equal(note_vkey_parse(letters(NOTE_VKEY_MAX + 1), &key),
	    SQ_EFORMAT);
	put_key(&b, letters(NOTE_NAME_MAX + 1), SIGN_PK);
	assert_int_equal(note_vkey_parse((char *)b.p, &key), SQ_EFORMAT);
	put_key(&b, letters(NOTE_NAME_MAX + 20), 0);
	assert_int_equal(note_vkey_parse((char *)b.p, &key), SQ_EFORMAT);
	for (size_t n = 0; n <= 40; n++) {
		put_key(&b, "log", n);
		/* of the right length, but the hash is not its own */
		assert_int_equal(note_vkey_parse((char *)b.p, &key),
		    SQ_EFORMAT);
		assert_int_equal(note_cosigner_parse((char *)b.p, &key),
		    SQ_EUNSUPPORTED);
	}
	/* its own hash, and a byte behind the key */
	assert_int_equal(note_key("log", pk, &key), SQ_OK);
	for (size_t n = 0; n < 2; n++) {
		b.len = 0;
		bytes_puts(&b, "log+");
		bytes_put_hex(&b, key.hash, sizeof(key.hash));
		bytes_puts(&b, "+");
		bytes_put_b64(&b, raw, 1 + SIGN_PK + n, true);
		bytes_put_u8(&b, 0);
		assert_int_equal(note_vkey_parse((char *)b.p, &key),
		    n == 0 ? SQ_OK : SQ_EFORMAT);
	}
	bytes_free(&b);
}

/* --- notes --------------------------------------------------------------- */

static const struct {
	const char *name, *note;
	enum sq_err want;
} form[] = {
	{ "nothing", "", SQ_EFORMAT },
	{ "no line", "a", SQ_EFORMAT },
	{ "no signature", "a\n\n", SQ_EFORMAT },
	{ "no empty line", "a\n\xE2\x80\x94 log AAAAAAAA\n", SQ_EFORMAT },
	{ "a control character", "a\x01\n\n", SQ_EFORMAT },
	{ "not UTF-8", "\xFF\n\n\xE2\x80\x94 x AAAAAAAA\n", SQ_EFORMAT },
	{ "a short line", "a\n\n\xE2\x80\x94\n", SQ_EFORMAT },
	{ "another dash", "a\n\n\xE2\x80\x93 x AAAAAAAA\n", SQ_EFORMAT },
	{ "a dash alone", "a\n\n\xE2\x80\x94 \n", SQ_EFORMAT },
	{ "a name alone", "a\n\n\xE2\x80\x94 log\n", SQ_EFORMAT },
	{ "no name", LINE("", "AAAAAAAA"), SQ_EFORMAT },
	{ "no base64", LINE("log", "AAAAAAA"), SQ_EFORMAT },
	{ "four bytes", LINE("log", "AAAAAA=="), SQ_EFORMAT },
	{ "five bytes of another", LINE("log", "AAAAAAA="), SQ_ENOENT },
	{ "a name with a plus", LINE("l+g", "AAAAAAA="), SQ_EFORMAT },
};

static void
test_forms(void **state)
{
	static char large[NOTE_MAX_BYTES + 1];
	uint64_t time = 7;
	size_t text = 7;

	(void)state;
	for (size_t i = 0; i < LEN(form); i++)
		if (note_check(form[i].note, strlen(form[i].note), &log_key,
		    &text) != form[i].want || note_cosign_check(form[i].note,
		    strlen(form[i].note), &cosigner, &text, &time) !=
		    form[i].want)
			fail_msg("%s", form[i].name);
	assert_int_equal(note_check(large, sizeof(large), &log_key, &text),
	    SQ_ELIMIT);
	/* a key of one kind does not judge the other */
	assert_int_equal(note_check("", 0, &cosigner, &text), SQ_EINTERNAL);
	assert_int_equal(note_cosign_check("", 0, &log_key, &text, &time),
	    SQ_EINTERNAL);
	assert_true(text == 7 && time == 7);
}

/* Check a note by the key, of whichever kind that is. */
static enum sq_err
check(const struct bytes_buf *b, const struct note_key *key)
{
	uint64_t time;
	size_t text;

	return key == &log_key ?
	    note_check((char *)b->p, b->len, key, &text) :
	    note_cosign_check((char *)b->p, b->len, key, &text, &time);
}

/* A signature that holds, cut short everywhere and with a byte behind it. */
static void
test_lengths(void **state)
{
	const struct note_key *const key[] = { &log_key, &cosigner };
	uint8_t sig[4 + 8 + SIGN_SIG + 1] = { 0 };
	struct bytes_buf b = { 0 };
	size_t len, head, n;

	(void)state;
	for (size_t i = 0; i < LEN(key); i++) {
		b.len = 0;
		assert_int_equal(i == 0 ? note_sign("log", seed, "a\n", 2,
		    &b) : note_cosign("witness", other, 9, "a\n\n", 3, &b),
		    SQ_OK);
		assert_int_equal(check(&b, key[i]), SQ_OK);
		head = 3 + 4 + strlen(key[i]->name) + 1;
		assert_int_equal(bytes_unb64(sig, sizeof(sig), (char *)b.p +
		    head, b.len - head - 1, true, &len), SQ_OK);
		for (n = 5; n <= len + 1; n++) {
			b.len = head;
			bytes_put_b64(&b, sig, n, true);
			bytes_puts(&b, "\n");
			assert_int_equal(check(&b, key[i]), n == len ? SQ_OK :
			    SQ_EAUTH);
		}
	}
	bytes_free(&b);
}

/* --- signing ------------------------------------------------------------- */

static void
test_unsignable(void **state)
{
	static char large[NOTE_MAX_BYTES / 2 + 1];
	struct bytes_buf b = { 0 };

	(void)state;
	assert_int_equal(note_sign("log", seed, large, sizeof(large), &b),
	    SQ_ELIMIT);
	assert_int_equal(note_sign("log", brief, "a\n", 2, &b),
	    SQ_EINTERNAL);
	/* what is no note has nothing that could be signed as well */
	assert_int_equal(note_cosign("w", other, 1, "a\n", 2, &b),
	    SQ_EFORMAT);
	assert_int_equal(note_also("w", other, "a\n", 2, &b), SQ_EFORMAT);
	assert_int_equal(note_cosign("w", brief, 1, "a\n\n", 3, &b),
	    SQ_EINTERNAL);
	assert_int_equal(note_also("w", brief, "a\n\n", 3, &b),
	    SQ_EINTERNAL);
	assert_int_equal(note_cosign("w w", other, 1, "a\n\n", 3, &b),
	    SQ_EFORMAT);
	assert_int_equal(note_also("w w", other, "a\n\n", 3, &b),
	    SQ_EFORMAT);
	assert_int_equal(b.len, 0);
}

/* Three hands under one text: each is found, over the same bytes. */
static void
test_hands(void **state)
{
	struct bytes_buf a = { 0 }, b = { 0 }, c = { 0 };
	struct note_key also;
	uint64_t time = 0;
	size_t text;

	(void)state;
	assert_int_equal(note_key("also", cosigner.pk, &also), SQ_OK);
	assert_int_equal(note_sign("log", seed, "a\nb\n", 4, &a), SQ_OK);
	assert_int_equal(note_also("also", other, (char *)a.p, a.len, &b),
	    SQ_OK);
	assert_int_equal(note_cosign("witness", other, 0x0102030405060708,
	    (char *)b.p, b.len, &c), SQ_OK);
	assert_int_equal(note_check((char *)c.p, c.len, &log_key, &text),
	    SQ_OK);
	assert_int_equal(text, 4);
	assert_int_equal(note_check((char *)c.p, c.len, &also, &text), SQ_OK);
	assert_int_equal(note_cosign_check((char *)c.p, c.len, &cosigner,
	    &text, &time), SQ_OK);
	assert_true(time == 0x0102030405060708);
	/* none of the three is there before it signed */
	assert_int_equal(note_check((char *)a.p, a.len, &also, &text),
	    SQ_ENOENT);
	assert_int_equal(note_cosign_check((char *)b.p, b.len, &cosigner,
	    &text, &time), SQ_ENOENT);
	/* and none holds over another text */
	c.p[0] = 'x';
	assert_int_equal(note_check((char *)c.p, c.len, &log_key, &text),
	    SQ_EAUTH);
	assert_int_equal(note_check((char *)c.p, c.len, &also, &text),
	    SQ_EAUTH);
	assert_int_equal(note_cosign_check((char *)c.p, c.len, &cosigner,
	    &text, &time), SQ_EAUTH);
	bytes_free(&a);
	bytes_free(&b);
	bytes_free(&c);
}

/* --- checkpoints --------------------------------------------------------- */

#define ROOT "Vi/mGLZf/U1Hq2SKjk/w31CHpB0Zo9OUrgpGCQfq0IA=\n"

static void
test_checkpoints(void **state)
{
	static const char *const bad[] = { "o\n", "o\n1", "o\n1\n",
	    "o\n1\nVi/m", "o\x7F\n1\n" ROOT, "\xFF\n1\n" ROOT };
	struct note_checkpoint cp = { .size = 7 };
	struct bytes_buf b = { 0 };

	(void)state;
	for (size_t i = 0; i < LEN(bad); i++)
		if (note_checkpoint_parse(bad[i], strlen(bad[i]), &cp) !=
		    SQ_EFORMAT)
			fail_msg("%s", bad[i]);
	assert_int_equal(cp.size, 7);
	for (size_t n = NOTE_NAME_MAX; n <= NOTE_NAME_MAX + 1; n++) {
		b.len = 0;
		bytes_puts(&b, letters(n));
		bytes_puts(&b, "\n1\n" ROOT);
		assert_int_equal(note_checkpoint_parse((char *)b.p, b.len,
		    &cp), n == NOTE_NAME_MAX ? SQ_OK : SQ_EFORMAT);
	}
	assert_string_equal(cp.origin, letters(NOTE_NAME_MAX));
	bytes_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_unsignable),
		cmocka_unit_test(test_hands),
		cmocka_unit_test(test_checkpoints),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
