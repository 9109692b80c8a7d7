/*
 * Cosignatures (C2SP tlog-cosignature) of foreign hands, and receipts: what was
 * made verifies, and any change of it does not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "crypto/age.h"
#include "tests/unit/peer.h"
#include "tests/unit/vec.h"
#include "vault/bundle/receipt.h"

#define SELF "tlog-selfmade/"
#define WITNESS "witness.invalid/lawyer-a+4fcf9c5d+" \
	"BI7d66FyA45oYFzJ8eEhtbWPFgLr8NCO/5x4DalVYLcn"

/* The note inside a tlog-proof, or the file itself. */
static const char *
note_of(const char *p, size_t *n)
{
	const char *at = strstr(p, "vault.invalid/3f9c1e07\n");

	if (at == NULL)
		return p;
	*n -= (size_t)(at - p);
	return at;
}

/* One file: does the witness vouch for it? */
static enum sq_err
witness(const char *name, uint64_t *ret_time)
{
	struct note_key key;
	char path[256], *p;
	const char *note;
	size_t n, text;
	enum sq_err e;

	(void)snprintf(path, sizeof(path), SELF "%s", name);
	p = peer_read(vec_path(path), &n);
	assert_int_equal(note_cosigner_parse(WITNESS, &key), SQ_OK);
	note = note_of(p, &n);
	e = note_cosign_check(note, n, &key, &text, ret_time);
	free(p);
	return e;
}

static void
test_foreign(void **state)
{
	static const char *const good[] = { "proofs/checkpoint-1",
	    "proofs/checkpoint-2", "proofs/checkpoint-7",
	    "proofs/checkpoint-8", "proofs/checkpoint-13",
	    "proofs/i3-n13.tlog-proof" };
	static const char *const bad[] = {
	    "negative/16-cosig-timestamp-changed",
	    "negative/17-cosig-by-log-key-type1", "negative/19-root-replaced",
	    "negative/14-crlf" };
	uint64_t time = 0;
	enum sq_err e;

	(void)state;
	vec_need(SELF "vkeys.txt");
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		e = witness(good[i], &time);
		vec_said("tlog-cosignature", good[i], "accepted",
		    e == SQ_OK ? "accepted" : "rejected");
		assert_int_equal(e, SQ_OK);
		assert_true(time > 1600000000 && time < 2000000000);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		e = witness(bad[i], &time);
		vec_said("tlog-cosignature", bad[i], "rejected",
		    e == SQ_OK ? "accepted" : "rejected");
		assert_int_not_equal(e, SQ_OK);
	}
}

/* A note of a log of our own. */
static void
make_note(const struct secret *seed, struct bytes_buf *out)
{
	struct note_checkpoint cp = { .origin = "sandyq/x", .size = 7 };
	struct bytes_buf text = { 0 };

	memset(cp.root, 5, sizeof(cp.root));
	assert_int_equal(note_checkpoint_emit(&cp, &text), SQ_OK);
	assert_int_equal(note_sign(cp.origin, seed, (char *)text.p, text.len,
	    out), SQ_OK);
	bytes_free(&text);
}

static void
test_receipt(void **state)
{
	struct secret *seed = NULL, *id = NULL, *other = NULL;
	struct bytes_buf note = { 0 }, b = { 0 }, c = { 0 };
	char name[AGE_RECIPIENT_MAX];
	uint8_t pk[SIGN_PK];
	struct note_key log;
	struct receipt r;
	size_t text, held = 0;

	(void)state;
	assert_int_equal(secret_random(32, &seed), SQ_OK);
	assert_int_equal(age_keygen(&id), SQ_OK);
	assert_int_equal(age_keygen(&other), SQ_OK);
	assert_int_equal(age_public(id, name), SQ_OK);
	make_note(seed, &note);
	assert_int_equal(receipt_make(id, 1767225600, (char *)note.p,
	    note.len, &b), SQ_OK);
	assert_true(receipt_is((char *)b.p, b.len));
	assert_false(receipt_is((char *)note.p, note.len));
	assert_int_equal(receipt_parse((char *)b.p, b.len, &r), SQ_OK);
	assert_string_equal(r.cosigner.name, name);
	assert_int_equal(r.time, 1767225600);
	/* the note is in it as it was, and still the log's */
	assert_memory_equal(b.p + r.note, note.p, note.len);
	assert_int_equal(sign_public(seed, pk), SQ_OK);
	assert_int_equal(note_key("sandyq/x", pk, &log), SQ_OK);
	assert_int_equal(note_check((char *)b.p + r.note, b.len - r.note,
	    &log, &text), SQ_OK);
	assert_int_equal(text, r.text);
	/* the same each time, another one by another hand */
	assert_int_equal(receipt_make(id, 1767225600, (char *)note.p,
	    note.len, &c), SQ_OK);
	assert_int_equal(b.len, c.len);
	assert_memory_equal(b.p, c.p, b.len);
	bytes_free(&c);
	assert_int_equal(receipt_make(other, 1767225600, (char *)note.p,
	    note.len, &c), SQ_OK);
	assert_memory_not_equal(b.p, c.p, b.len);
	/* no byte of the text or of the cosignature can change; the log's own
	 * signature is checked elsewhere */
	for (size_t i = 0; i < b.len; i++) {
		b.p[i] ^= 1;
		held += receipt_parse((char *)b.p, b.len, &r) == SQ_OK;
		b.p[i] ^= 1;
	}
	assert_in_range(held, 0, 100);
	for (size_t i = 0; i < b.len; i++)
		assert_int_not_equal(receipt_parse((char *)b.p, i, &r),
		    SQ_OK);
	bytes_free(&note);
	bytes_free(&b);
	bytes_free(&c);
	secret_free(seed);
	secret_free(id);
	secret_free(other);
}

/* A key of one kind is no key of the other. */
static void
test_kinds(void **state)
{
	struct note_key key;
	uint8_t pk[SIGN_PK] = { 1 };
	uint64_t time;
	size_t text;

	(void)state;
	assert_int_equal(note_vkey_parse(WITNESS, &key), SQ_EUNSUPPORTED);
	assert_int_equal(note_cosigner_parse(WITNESS, &key), SQ_OK);
	assert_int_equal(note_check("x\n\n", 3, &key, &text), SQ_EINTERNAL);
	assert_int_equal(note_key("a", pk, &key), SQ_OK);
	assert_int_equal(note_cosign_check("x\n\n", 3, &key, &text, &time),
	    SQ_EINTERNAL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_foreign),
		cmocka_unit_test(test_receipt),
		cmocka_unit_test(test_kinds),
	};

	if (secret_init() != SQ_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
