/*
 * Which forger fails on which claim.  The four who have something: the age key
 * of a recipient alone, the key of one signing format alone, another recipient
 * of the same vault, an older state of the vault.  Where each is tried:
 *
 *	claim		age key		one format	co-recipient	older
 *	intact		verify_thief	here (signed)	verify_thief	-
 *	signed-by	verify_thief	here		verify_thief	verify
 *	addressed-to	here		here (signed)	here, 51	-
 *	complete	verify_thief	verify_signer	verify_thief	here
 *	disclosed	here, thief	here		here		here
 *	same-history	verify_thief	verify_signer	-		verify
 *	existed-before	verify_time and the tests of stamps
 *	content-true	is never yes
 *
 * (signed): such a forger must change the statement, and falls on signed-by.
 * And each altered item is named by its number.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/bundle_check.h"

/* --- one signing key ------------------------------------------------------ */

/* The SSH key alone: a changed statement, the old minisign signature. */
static void
ssh_key_alone(struct mk *b)
{
	struct bytes_buf old = { 0 }, *sig;

	sig = mk_find(b, "bundle/proofs/STATEMENT.txt.minisig");
	bytes_put(&old, sig->p, sig->len);
	b->st.items = 3;
	mk_statement(b);
	mk_sign(b);
	mk_move(b, "bundle/proofs/STATEMENT.txt.minisig", &old);
}

static void
minisign_key_alone(struct mk *b)
{
	struct bytes_buf old = { 0 }, *sig;

	sig = mk_find(b, "bundle/proofs/STATEMENT.txt.sig");
	bytes_put(&old, sig->p, sig->len);
	strcpy(b->st.recipient, "-");
	mk_statement(b);
	mk_sign(b);
	mk_move(b, "bundle/proofs/STATEMENT.txt.sig", &old);
}

/* The note key alone: a checkpoint of a log that it made up. */
static void
note_key_alone(struct mk *b)
{
	uint8_t root[MERKLE_LEN];

	memcpy(root, b->st.log_root, sizeof(root));
	b->st.log_root[3] ^= 1;
	mk_proofs(b);
	memcpy(b->st.log_root, root, sizeof(root));
}

/* --- an older vault ------------------------------------------------------- */

/* Checkpoint and proofs of the log as it was one entry before. */
static void
older_proofs(struct mk *b)
{
	struct statement now = b->st;

	b->size = b->st.log_size = 4;
	OK(merkle_root(&b->store, 4, b->st.log_root));
	mk_proofs(b);
	b->st.log_size = now.log_size;
	memcpy(b->st.log_root, now.log_root, sizeof(now.log_root));
	b->size = 5;
}

/* Signed by all keys, but of the items one is of the state before. */
static void
older_item(struct mk *b)
{
	b->items = 1;
	mk_data(b);
	b->items = 2;
	mk_resign(b);
}

/* --- another recipient ---------------------------------------------------- */

/* Sealed on, by one who got it, to another: nothing else is changed. */
static void
sealed_on(struct mk *b)
{
	secret_free(b->reader);
	OK(age_keygen(&b->reader));
	OK(age_public(b->reader, b->recipient));
}

/* The proof of one item for the other. */
static void
proof_of_other(struct mk *b)
{
	struct bytes_buf *x = mk_find(b, mk_proof(1));
	struct bytes_buf *y = mk_find(b, mk_proof(2));
	struct bytes_buf copy = { 0 };

	bytes_put(&copy, x->p, x->len);
	mk_put(b, mk_proof(1), y->p, y->len);
	mk_move(b, mk_proof(2), &copy);
}

static void
test_forgers(void **state)
{
	static const struct {
		const char *name;
		void (*how)(struct mk *);
		const char *want;
	} v[] = {
		{ "the SSH key alone", ssh_key_alone, "-n-n----" },
		{ "the minisign key alone", minisign_key_alone, "-nn-----" },
		{ "the note key alone", note_key_alone, "yuyynuu-" },
		{ "proofs of an older log", older_proofs, "yuyynuu-" },
		{ "tables of an older state", older_item, "yuynyuu-" },
		{ "sealed on to another", sealed_on, "yunyyuu-" },
		{ "the proof of another item", proof_of_other, "yuyynuu-" }
	};

	(void)state;
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++)
		ck_forge(v[i].name, v[i].how, v[i].want);
}

/* --- by name -------------------------------------------------------------- */

/* Exchange two words of the second record. */
static void
change(struct mk *b, const char *from, const char *to)
{
	struct bytes_buf *r = mk_find(b, mk_item(2, "record.json"));
	uint8_t *p = memmem(r->p, r->len, from, strlen(from));

	assert_non_null(p);
	memcpy(p, to, strlen(to));
	mk_resign(b);
}

static void
changed(struct mk *b)
{
	change(b, "\"two\"", "\"six\"");
}

static void
renamed(struct mk *b)
{
	change(b, "\"name\":\"summary\"", "\"name\":\"summery\"");
}

/* Record 1 in the place of record 2. */
static void
swapped(struct mk *b)
{
	struct bytes_buf *x = mk_find(b, mk_item(1, "record.json"));

	mk_put(b, mk_item(2, "record.json"), x->p, x->len);
	mk_resign(b);
}

static void
dropped(struct mk *b)
{
	mk_del(b, mk_item(2, "record.json"));
	mk_del(b, mk_proof(2));
	mk_puts(b, mk_item(2, "note.txt"), "x");
	mk_resign(b);
}

static void
test_named(void **state)
{
	static void (*const how[])(struct mk *) = { changed, renamed,
	    swapped };
	struct verify_opts o = { 0 };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct mk *b = mk_new();
		struct bytes_buf tar = { 0 }, age = { 0 };
		struct verify_report r;
		struct why why = { "" };
		bool named = false;

		if (i < 3)
			how[i](b);
		else
			dropped(b);
		mk_tar(b, &tar);
		mk_seal(b->recipient, tar.p, tar.len, &age);
		peer_write(ck_dir, "b.age", age.p, age.len);
		ck_identity(b->reader, "id");
		o.path = ck_path("b.age");
		o.identity = ck_path("id");
		assert_int_equal(err_exit(verify_bundle(&o, &r, &why)), 1);
		for (int c = 0; c < VERIFY_CLAIMS; c++)
			named |= r.claim[c].result == VERIFY_NO &&
			    strstr(r.claim[c].detail, "000002") != NULL;
		if (!named)
			fail_msg("forgery %zu: item 000002 is not named: %s",
			    i, why.text);
		bytes_free(&tar);
		bytes_free(&age);
		mk_free(b);
	}
}

/* --- guesses -------------------------------------------------------------- */

/* The salt of a withheld or hidden field is nowhere, as bytes or digits. */
static void
test_no_salts(void **state)
{
	static const struct {
		unsigned item;
		const char *name;
		bool there;
	} v[] = { { 0, "witness", false }, { 1, "witness", false },
	    { 1, "place", false }, { 0, "place", true } };
	struct mk *b = mk_new();
	struct bytes_buf tar = { 0 };
	char hex[2 * ENTRY_SALT + 1];

	(void)state;
	mk_tar(b, &tar);
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		const struct entry_field *f = entry_find(&b->item[v[i].item],
		    v[i].name);

		assert_non_null(f);
		bytes_hex(hex, f->salt, ENTRY_SALT);
		assert_int_equal(memmem(tar.p, tar.len, hex, strlen(hex)) !=
		    NULL, v[i].there);
		assert_null(memmem(tar.p, tar.len, f->salt, ENTRY_SALT));
	}
	bytes_free(&tar);
	mk_free(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forgers),
		cmocka_unit_test(test_named),
		cmocka_unit_test(test_no_salts)
	};

	return cmocka_run_group_tests(tests, ck_setup, ck_teardown);
}
