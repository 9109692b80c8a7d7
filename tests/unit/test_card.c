/*
 * The key card: what is printed comes back; a damaged one is no card.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/bundle_check.h"

/* Put an edited card before the reader. */
static enum sq_err
edited(const struct bytes_buf *b, const char *from, const char *to)
{
	struct bytes_buf c = { 0 };
	struct card got;
	struct why why = { "" };
	uint8_t *p = memmem(b->p, b->len, from, strlen(from));
	enum sq_err e;

	assert_non_null(p);
	bytes_put(&c, b->p, (size_t)(p - b->p));
	bytes_puts(&c, to);
	p += strlen(from);
	bytes_put(&c, p, (size_t)(b->p + b->len - p));
	e = card_parse((const char *)c.p, c.len, &got, &why);
	assert_true((e == SQ_OK) == (why.text[0] == '\0'));
	bytes_free(&c);
	return e;
}

static void
test_round(void **state)
{
	struct mk *b = mk_new();
	struct bytes_buf out = { 0 };
	struct card got;

	(void)state;
	OK(card_emit(&b->card, &out));
	OK(card_parse((const char *)out.p, out.len, &got, NULL));
	assert_string_equal(got.log, b->card.log);
	assert_string_equal(got.date, b->card.date);
	assert_memory_equal(got.note.pk, b->card.note.pk, SIGN_PK);
	assert_string_equal(got.note.name, b->card.note.name);
	assert_memory_equal(&got.minisign, &b->card.minisign,
	    sizeof(got.minisign));
	assert_memory_equal(got.ssh, b->card.ssh, SIGN_PK);

	/* what mail and other systems do to a text */
	OK(edited(&out, "log: ", "\n> see\nlog: "));
	OK(edited(&out, "\ndate: ", "\r\ndate: "));
	OK(edited(&out, "\nlog: ", "\n\n\nlog: "));
	bytes_free(&out);
	mk_free(b);
}

static void
test_damaged(void **state)
{
	static const char *const v[][2] = { { "vkey: ", "Vkey: " },
	    { "minisign: ", "minisign " }, { "ssh: ", "" },
	    { "log: ", "log:" }, { "log: ", "log: 0" },
	    { "log: 00", "log: 0g" }, { "date: ", "dat: " },
	    { "vkey: sandyq/", "vkey: sandyk/" },
	    { "minisign: RW", "minisign: R" },
	    { "ssh: ssh-ed25519", "ssh: ssh-rsa" },
	    { "vkey: ", "vkey: x\nvkey: " },
	    { "\nHow", "\nssh: ssh-ed25519 AAAA\nHow" },
	    { "\nHow", "\nlog: 00112233445566778899aabbccddeeff\nHow" } };
	struct mk *b = mk_new();
	struct bytes_buf out = { 0 };
	struct card got;

	(void)state;
	OK(card_emit(&b->card, &out));
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		if (edited(&out, v[i][0], v[i][1]) != SQ_EFORMAT)
			fail_msg("accepted: %s for %s", v[i][1], v[i][0]);
	}
	assert_int_equal(card_parse("", 0, &got, NULL), SQ_EFORMAT);
	assert_int_equal(card_parse("\0", 1, &got, NULL), SQ_EFORMAT);
	bytes_free(&out);
	mk_free(b);
}

/* The line of a recovery key, which need not be there. */
static void
test_recovery(void **state)
{
	static const char *const bad[] = { "recovery: \n",
	    "recovery: 0\n", "recovery: %s0\n", "recovery: x%s\n",
	    "recovery: %s\nrecovery: %s\n", "recovery:    \r\n" };
	struct mk *b = mk_new();
	struct bytes_buf out = { 0 };
	struct card got;
	char line[64 + 12], with[400];

	(void)state;
	b->card.has_recovery = true;
	memset(b->card.recovery, 0x5a, sizeof(b->card.recovery));
	OK(card_lines(&b->card, &out));
	OK(card_parse((const char *)out.p, out.len, &got, NULL));
	assert_true(got.has_recovery);
	assert_memory_equal(got.recovery, b->card.recovery, SIGN_PK);
	memset(line, 0, sizeof(line));
	for (unsigned i = 0; i < 64; i++)
		line[i] = i % 2 == 0 ? '5' : 'a';
	(void)snprintf(with, sizeof(with), "recovery: %s \r\n", line);
	OK(edited(&out, "recovery: ", with));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		/* what was the line becomes text */
		int n = snprintf(with, sizeof(with), bad[i], line, line);

		(void)snprintf(with + n, sizeof(with) - (size_t)n, "was: ");
		if (edited(&out, "recovery: ", with) != SQ_EFORMAT)
			fail_msg("accepted: %s", bad[i]);
	}
	bytes_free(&out);
	mk_free(b);
}

/* What mail adds behind a line does no harm; what is too long is no key. */
static void
test_ends(void **state)
{
	static const char *const key[] = { "log: ", "date: ", "vkey: ",
	    "minisign: ", "ssh: " };
	struct mk *b = mk_new();
	struct bytes_buf out = { 0 };
	struct card got;
	char with[700];
	size_t n;

	(void)state;
	OK(card_emit(&b->card, &out));
	for (size_t i = 0; i < sizeof(key) / sizeof(key[0]); i++) {
		n = strlen(key[i]);
		memcpy(with, key[i], n);
		memset(with + n, 'a', sizeof(with) - n - 1);
		with[sizeof(with) - 1] = '\0';
		/* the date is only shown */
		if (i != 1 && edited(&out, key[i], with) != SQ_EFORMAT)
			fail_msg("accepted: a long %s", key[i]);
		/* nothing but spaces behind the name */
		(void)snprintf(with + n, sizeof(with) - n, "  \r\nwas: ");
		if (edited(&out, key[i], with) != SQ_EFORMAT)
			fail_msg("accepted: an empty %s", key[i]);
	}
	OK(edited(&out, "\ndate: ", "  \r\ndate: "));
	/* the last line need not be ended */
	n = out.len - 1;
	OK(card_parse((const char *)out.p, n, &got, NULL));
	bytes_free(&out);
	mk_free(b);
}

/* Every byte of a key line: refused, or seen as another key. */
static void
test_flip(void **state)
{
	struct mk *b = mk_new();
	struct bytes_buf out = { 0 };
	struct card got;
	unsigned other = 0;

	(void)state;
	OK(card_emit(&b->card, &out));
	for (size_t i = 0; i < out.len; i++) {
		out.p[i] ^= 1;
		if (card_parse((const char *)out.p, out.len, &got, NULL) ==
		    SQ_OK && (memcmp(got.note.pk, b->card.note.pk, SIGN_PK) ||
		    memcmp(&got.minisign, &b->card.minisign,
		    sizeof(got.minisign)) || memcmp(got.ssh, b->card.ssh,
		    SIGN_PK)))
			other++;
		out.p[i] ^= 1;
	}
	assert_true(other > 0);
	bytes_free(&out);
	mk_free(b);
}

/* The words stand for the key: another key has other words. */
static void
test_words(void **state)
{
	struct mk *b = mk_new();
	struct bytes_buf x = { 0 }, y = { 0 };
	const char *p, *q;
	size_t n;

	(void)state;
	OK(card_emit(&b->card, &x));
	b->card.ssh[0] ^= 1;
	OK(card_emit(&b->card, &y));
	bytes_put_u8(&x, 0);
	bytes_put_u8(&y, 0);
	p = strstr((char *)x.p, "\n    SHA256:");
	q = strstr((char *)y.p, "\n    SHA256:");
	assert_non_null(p);
	assert_non_null(q);
	assert_string_not_equal(strchr(p + 1, '\n'), strchr(q + 1, '\n'));
	assert_int_equal(p - (char *)x.p, q - (char *)y.p);
	n = (size_t)(strstr((char *)x.p, "ssh: ") - (char *)x.p);
	assert_memory_equal(x.p, y.p, n);
	bytes_free(&x);
	bytes_free(&y);
	mk_free(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_recovery),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_flip),
		cmocka_unit_test(test_words)
	};

	return cmocka_run_group_tests(tests, ck_setup, ck_teardown);
}
