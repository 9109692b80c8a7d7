/*
 * Forgeries of a bundle by the one who holds all its keys and lies, each by
 * its name, and each must fail on exactly the claim that it is about.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/bundle_check.h"

static void
item_twice(struct mk *b)
{
	struct bytes_buf *x;

	b->items = 3;
	b->index[2] = 3;
	OK(entry_copy(&b->item[1], &b->item[2]));
	mk_all(b);
	x = mk_find(b, mk_item(2, "record.json"));
	mk_put(b, mk_item(3, "record.json"), x->p, x->len);
	mk_resign(b);
}

static void
sign_other_manifest(struct mk *b)
{
	mk_puts(b, "bundle/bag/manifest-sha512.txt", "");
	mk_resign(b);
}

static void
sign_strange_file(struct mk *b)
{
	mk_puts(b, mk_item(1, "note.txt"), "x");
	mk_resign(b);
}

/* Change "Ghulja" in the first record to another place of its length. */
static void
sign_alter(struct mk *b)
{
	struct bytes_buf *r = mk_find(b, mk_item(1, "record.json"));
	uint8_t *p = memmem(r->p, r->len, "Ghulja", 6);

	assert_non_null(p);
	memcpy(p, "Urumqi", 6);
	mk_resign(b);
}

/* Exchange the salts of two fields of the first record. */
static void
swap_salts(struct mk *b)
{
	struct bytes_buf *r = mk_find(b, mk_item(1, "record.json"));
	uint8_t *x = memmem(r->p, r->len, "\"salt\":\"", 8), *y, t[32];

	assert_non_null(x);
	x += 8;
	y = memmem(x, r->len - (size_t)(x - r->p), "\"salt\":\"", 8);
	assert_non_null(y);
	y += 8;
	memcpy(t, x, 32);
	memcpy(x, y, 32);
	memcpy(y, t, 32);
	mk_resign(b);
}

/* The whole field "summary" of one record in the place of the other's. */
static void
move_field(struct mk *b)
{
	struct entry en = { 0 };
	struct bytes_buf out = { 0 };

	OK(entry_copy(&b->item[0], &en));
	for (size_t i = 0; i < en.n; i++)
		if (strcmp(en.fields[i].name, "summary") == 0) {
			struct entry_field t = en.fields[i];

			en.fields[i] = b->item[1].fields[i];
			b->item[1].fields[i] = t;
		}
	OK(entry_emit_json(&en, b->root[b->index[0]], b->index[0], &out));
	mk_move(b, mk_item(1, "record.json"), &out);
	entry_free(&en);
	mk_resign(b);
}

static void
duplicate_key(struct mk *b)
{
	struct bytes_buf *r = mk_find(b, mk_item(1, "record.json"));
	struct bytes_buf out = { 0 };

	bytes_puts(&out, "{\"index\":1,");
	bytes_put(&out, r->p + 1, r->len - 1);
	mk_move(b, mk_item(1, "record.json"), &out);
	mk_resign(b);
}

/* A withheld field's hash is another one. */
static void
alter_withheld(struct mk *b)
{
	struct bytes_buf *r = mk_find(b, mk_item(1, "record.json"));
	uint8_t *p = memmem(r->p, r->len, "\"vc\":\"", 6);

	assert_non_null(p);
	p[6] = p[6] == '0' ? '1' : '0';
	mk_resign(b);
}

/* An entry of another log, put into this one's tree. */
static void
foreign_entry(struct mk *b)
{
	entry_free(&b->item[0]);
	b->log[0] = 'f';
	mk_entry(b, 0, "T-1", "one");
	b->log[0] = '0';
	mk_all(b);
}

/* An entry that does not say what it is: its parents are left out. */
static void
without_parents(struct mk *b)
{
	struct entry *en = &b->item[0];

	for (size_t i = 0; i < en->n; i++)
		if (strcmp(en->fields[i].name, "_parents") == 0)
			memcpy(en->fields[i].name, "_pbrents", 8);
	assert_int_equal(entry_sort(en), SQ_OK);
	mk_all(b);
}

static void
csv_lies(struct mk *b)
{
	struct bytes_buf *x = mk_find(b, "bundle/bag/data/items.csv");

	memcpy(memmem(x->p, x->len, "T-2", 3), "T-9", 3);
	mk_resign(b);
}

static void
counts_lie(struct mk *b)
{
	b->st.items = 3;
	mk_resign(b);
}

static void
attachments_lie(struct mk *b)
{
	b->st.attachments = 1;
	mk_resign(b);
}

static void
bytes_lie(struct mk *b)
{
	b->st.bytes++;
	mk_statement(b);
	mk_sign(b);
}

static void
one_key(struct mk *b)
{
	struct bytes_buf out = { 0 };

	secret_free(b->ssh);
	OK(secret_copy(secret_cbytes(b->minisign), SIGN_SEED, &b->ssh));
	OK(sign_public(b->ssh, b->card.ssh));
	OK(sshsig_fingerprint(b->card.ssh, &out));
	(void)snprintf(b->st.key_ssh, sizeof(b->st.key_ssh), "%.*s",
	    (int)out.len, (const char *)out.p);
	bytes_free(&out);
	mk_resign(b);
}

static void
other_namespace(struct mk *b)
{
	struct bytes_buf out = { 0 },
	    *text = mk_find(b, "bundle/STATEMENT.txt");

	OK(sshsig_make(b->ssh, "file", text->p, text->len, &out));
	mk_move(b, "bundle/proofs/STATEMENT.txt.sig", &out);
}

static void
longer_statement(struct mk *b)
{
	struct bytes_buf *text = mk_find(b, "bundle/STATEMENT.txt");

	bytes_puts(text, "recipient: -\n");
	mk_sign(b);
}

/* A tree of one entry whose head is that of no entries. */
static void
empty_root(struct mk *b)
{
	static const char none[] =
	    "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
	struct bytes_buf text = { 0 }, out = { 0 };

	b->st.log_size = 1;
	digest_sha256(b->st.log_root, "", 0);
	mk_resign(b);
	bytes_putf(&text, "%s\n1\n%s\n", b->st.log_origin, none);
	OK(note_sign(b->st.log_origin, b->note, (const char *)text.p,
	    text.len, &out));
	bytes_free(&text);
	mk_move(b, "bundle/proofs/checkpoint", &out);
}

static void
other_root(struct mk *b)
{
	b->st.log_root[0] ^= 1;
	mk_resign(b);
}

static void
false_history(struct mk *b)
{
	b->previous = 3;
	mk_all(b);
	b->st.previous_root[0] ^= 1;
	mk_resign(b);
}

static void
no_history(struct mk *b)
{
	b->previous = 3;
	mk_all(b);
	mk_del(b, "bundle/proofs/consistency.txt");
}

/* A good one, which must not fall with the bad. */
static void
good_history(struct mk *b)
{
	b->previous = 3;
	mk_all(b);
}

/* Made for another, who passed it on. */
static void
for_another(struct mk *b)
{
	struct secret *id = NULL;

	OK(age_keygen(&id));
	OK(age_public(id, b->st.recipient));
	secret_free(id);
	mk_resign(b);
}

static void
for_passphrase(struct mk *b)
{
	strcpy(b->st.recipient, "-");
	mk_resign(b);
}

static void
test_signer(void **state)
{
	static const struct {
		const char *name;
		void (*how)(struct mk *);
		const char *want;
	} v[] = {
		{ "item twice", item_twice, "yuynyuu-" },
		{ "manifest of another algorithm, signed",
		    sign_other_manifest, "nuyyyuu-" },
		{ "strange file in an item, signed", sign_strange_file,
		    "nuyyyuu-" },
		{ "field altered, signed", sign_alter, "yuyynuu-" },
		{ "salts swapped", swap_salts, "yuyynuu-" },
		{ "field moved between records", move_field, "yuyynuu-" },
		{ "record.json with a duplicate key", duplicate_key,
		    "yuyynuu-" },
		{ "hash of a withheld field altered", alter_withheld,
		    "yuyynuu-" },
		/* merged: said, and in the log all the same */
		{ "entry of another log", foreign_entry, "yuyyyuu-" },
		{ "item without its parents", without_parents, "yuyynuu-" },
		{ "items.csv lies", csv_lies, "yuynyuu-" },
		{ "number of items lies", counts_lie, "yuynyuu-" },
		{ "number of attachments lies", attachments_lie,
		    "yuynyuu-" },
		{ "number of bytes lies", bytes_lie, "nuyyyuu-" },
		{ "one key in two formats", one_key, "-n------" },
		{ "another namespace", other_namespace, "-n------" },
		{ "text after the statement", longer_statement, "n-------" },
		{ "one entry, empty root", empty_root, "yuyynuu-" },
		{ "another root", other_root, "yuyynuu-" },
		{ "false history", false_history, "yuyyynu-" },
		{ "history without its proof", no_history, "yuyyynu-" },
		{ "good history", good_history, GOOD },
		{ "made for another and passed on", for_another, "yunyyuu-" },
		{ "made for a passphrase and passed on", for_passphrase,
		    "yunyyuu-" }
	};

	(void)state;
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++)
		ck_forge(v[i].name, v[i].how, v[i].want);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_signer)
	};

	return cmocka_run_group_tests(tests, ck_setup, ck_teardown);
}
