/*
 * Changes of keys: who may vouch for whom, and that nothing of one can be
 * changed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "crypto/digest.h"
#include "vault/bundle/rotation.h"

#define LOG "00112233445566778899aabbccddeeff"

static struct secret *seed[4];		/* old, new, recovery, a thief's */
static struct card card[4];

static void
make_card(const struct secret *s, struct card *c)
{
	struct secret *k = NULL;
	uint8_t pk[SIGN_PK];

	memset(c, 0, sizeof(*c));
	(void)snprintf(c->log, sizeof(c->log), "%s", LOG);
	(void)snprintf(c->date, sizeof(c->date), "2026-01-01T00:00:00Z");
	assert_int_equal(sign_public(s, pk), SQ_OK);
	assert_int_equal(note_key("sandyq/" LOG, pk, &c->note), SQ_OK);
	assert_int_equal(sign_seed(s, "minisign", 0, &k), SQ_OK);
	assert_int_equal(sign_public(k, pk), SQ_OK);
	minisig_key(pk, &c->minisign);
	secret_free(k);
	k = NULL;
	assert_int_equal(sign_seed(s, "ssh", 0, &k), SQ_OK);
	assert_int_equal(sign_public(k, c->ssh), SQ_OK);
	secret_free(k);
}

static int
setup(void **state)
{
	uint8_t raw[32];

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		memset(raw, (int)i + 1, sizeof(raw));
		assert_int_equal(secret_copy(raw, 32, &seed[i]), SQ_OK);
		make_card(seed[i], &card[i]);
	}
	card[0].has_recovery = true;
	return sign_public(seed[2], card[0].recovery) == SQ_OK ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 4; i++)
		secret_free(seed[i]);
	return 0;
}

/* A change from card 0 to another, vouched for and made by these. */
static enum sq_err
change(const char *since, int by, int to, int signs, struct rotation *ret)
{
	struct rotation r;
	struct bytes_buf b = { 0 };
	enum sq_err e;

	memset(&r, 0, sizeof(r));
	r.epoch = 1;
	r.old = card[0];
	r.new = card[to];
	(void)snprintf(r.time, sizeof(r.time), "2026-02-01T00:00:00Z");
	(void)snprintf(r.since, sizeof(r.since), "%s", since);
	assert_int_equal(rotation_make(&r, seed[by], seed[signs], &b), SQ_OK);
	e = rotation_parse((char *)b.p, b.len, ret);
	bytes_free(&b);
	return e;
}

static enum sq_err
vouched(const char *since, int by, const struct card *from)
{
	struct rotation r;
	enum sq_err e;

	assert_int_equal(change(since, by, 1, 1, &r), SQ_OK);
	e = rotation_vouched(&r, from);
	rotation_free(&r);
	return e;
}

static void
test_ordinary(void **state)
{
	struct rotation r;

	(void)state;
	assert_int_equal(change("", 0, 1, 1, &r), SQ_OK);
	assert_int_equal(r.epoch, 1);
	assert_true(rotation_same(&r.old, &card[0]));
	assert_true(rotation_same(&r.new, &card[1]));
	assert_false(rotation_same(&r.new, &card[0]));
	assert_int_equal(rotation_vouched(&r, &card[0]), SQ_OK);
	/* it leads away from these keys alone */
	assert_int_equal(rotation_vouched(&r, &card[1]), SQ_ENOENT);
	assert_int_equal(rotation_vouched(&r, &card[3]), SQ_ENOENT);
	rotation_free(&r);
	/* by somebody who holds another key */
	assert_int_equal(vouched("", 3, &card[0]), SQ_EAUTH);
	/* the recovery key vouches after a compromise only */
	assert_int_equal(vouched("", 2, &card[0]), SQ_EAUTH);
}

static void
test_compromise(void **state)
{
	const char *since = "2026-01-15T00:00:00Z";
	struct card none = card[0];

	(void)state;
	assert_int_equal(vouched(since, 2, &card[0]), SQ_OK);
	/* the thief holds the old key, and it does not do */
	assert_int_equal(vouched(since, 0, &card[0]), SQ_EAUTH);
	assert_int_equal(vouched(since, 3, &card[0]), SQ_EAUTH);
	none.has_recovery = false;
	assert_int_equal(vouched(since, 2, &none), SQ_ECANNOT);
	none.has_recovery = true;
	none.recovery[0] ^= 1;
	assert_int_equal(vouched(since, 2, &none), SQ_EAUTH);
}

/* Whoever is named as new must have signed. */
static void
test_new_must_sign(void **state)
{
	struct rotation r;

	(void)state;
	assert_int_equal(change("", 0, 1, 3, &r), SQ_EAUTH);
	assert_int_equal(change("", 0, 0, 0, &r), SQ_EFORMAT);
}

static void
test_flip(void **state)
{
	struct rotation r, got;
	struct bytes_buf b = { 0 };
	size_t held = 0;

	(void)state;
	assert_int_equal(change("", 0, 1, 1, &r), SQ_OK);
	bytes_put(&b, r.note.p, r.note.len);
	for (size_t i = 0; i < b.len; i++) {
		b.p[i] ^= 1;
		if (rotation_parse((char *)b.p, b.len, &got) == SQ_OK) {
			held += rotation_vouched(&got, &card[0]) == SQ_OK;
			rotation_free(&got);
		}
		b.p[i] ^= 1;
	}
	assert_int_equal(held, 0);
	for (size_t i = 0; i < b.len; i++)
		assert_int_not_equal(rotation_parse((char *)b.p, i, &got),
		    SQ_OK);
	bytes_free(&b);
	rotation_free(&r);
}

/* A change in which ${to} stands for ${from}, signed again by the new key. */
static enum sq_err
respelt(const char *from, const char *to)
{
	struct rotation r, got;
	struct bytes_buf text = { 0 }, note = { 0 };
	const char *p, *end;
	enum sq_err e;

	assert_int_equal(change("", 0, 1, 1, &r), SQ_OK);
	bytes_put_u8(&r.note, 0);
	end = strstr((char *)r.note.p, "\n\n");
	p = strstr((char *)r.note.p, from);
	assert_true(end != NULL && p != NULL && p < end);
	bytes_put(&text, r.note.p, (size_t)(p - (char *)r.note.p));
	bytes_puts(&text, to);
	p += strlen(from);
	bytes_put(&text, p, (size_t)(end + 1 - p));
	assert_int_equal(note_sign("sandyq/" LOG, seed[1], (char *)text.p,
	    text.len, &note), SQ_OK);
	e = rotation_parse((char *)note.p, note.len, &got);
	if (e == SQ_OK)
		rotation_free(&got);
	bytes_free(&text);
	bytes_free(&note);
	rotation_free(&r);
	return e;
}

static void
test_forms(void **state)
{
	static const char *const v[][2] = { { "epoch: 1", "epoch: 0" },
	    { "epoch: 1", "epoch: 01" }, { "epoch: 1", "epoch: 1 " },
	    { "epoch: 1", "epoch: 999999" }, { "epoch: 1", "epoch: x" },
	    { "epoch: 1", "epoch:" }, { "epoch: 1", "Epoch: 1" },
	    { "epoch: 1", "epoch: 12345678901" }, { "log: 0", "log: 1" },
	    { "log: 0", "log: " },
	    { "compromised-since: -", "compromised-since: " },
	    { "old-vkey: ", "old-vkey: x" }, { "new-ssh: ", "new-ssh:  " },
	    { "new-minisign: ", "new-minisign: RW" },
	    { "epoch: 1\n", "epoch: 1\nepoch: 1\n" },
	    { "epoch: 1\n", "epoch: 1\nmore: 1\n" } };
	static char large[70000];
	struct rotation got;

	(void)state;
	assert_int_equal(respelt("epoch: 1", "epoch: 1"), SQ_OK);
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++)
		if (respelt(v[i][0], v[i][1]) != SQ_EFORMAT)
			fail_msg("accepted: %s", v[i][1]);
	assert_int_equal(rotation_parse("", 0, &got), SQ_EFORMAT);
	assert_int_equal(rotation_parse("a\0b", 3, &got), SQ_EFORMAT);
	memset(large, 'a', sizeof(large));
	assert_int_equal(rotation_parse(large, sizeof(large), &got),
	    SQ_EFORMAT);
	rotation_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ordinary),
		cmocka_unit_test(test_compromise),
		cmocka_unit_test(test_new_must_sign),
		cmocka_unit_test(test_flip),
		cmocka_unit_test(test_forms),
	};

	if (secret_init() != SQ_OK)
		return 1;
	return cmocka_run_group_tests(tests, setup, teardown);
}
