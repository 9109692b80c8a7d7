/*
 * Forgeries of a bundle by someone who has no signing key, each by its name,
 * and each must fail on exactly the claim that it is about.  Such a thief can
 * open the bundle, change it, redo every unsigned list and seal it again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/bundle_check.h"

static void
nothing(struct mk *b)
{
	(void)b;
}

static void
drop_item(struct mk *b)
{
	mk_del(b, mk_item(2, "record.json"));
	mk_del(b, mk_proof(2));
}

static void
drop_item_fix_bag(struct mk *b)
{
	drop_item(b);
	mk_bag(b);
}

static void
drop_item_fix_statement(struct mk *b)
{
	drop_item_fix_bag(b);
	b->st.items = 1;
	mk_statement(b);
}

static void
add_to_data(struct mk *b)
{
	mk_puts(b, "bundle/bag/data/extra.txt", "x");
}

static void
add_to_item(struct mk *b)
{
	mk_puts(b, mk_item(1, "note.txt"), "x");
}

static void
add_to_bag(struct mk *b)
{
	mk_puts(b, "bundle/bag/extra.txt", "x");
}

static void
add_on_top(struct mk *b)
{
	mk_puts(b, "bundle/extra.txt", "x");
}

static void
add_outside(struct mk *b)
{
	mk_puts(b, "extra.txt", "x");
}

static void
add_to_proofs(struct mk *b)
{
	mk_puts(b, "bundle/proofs/extra", "x");
}

static void
add_proof(struct mk *b)
{
	mk_puts(b, mk_proof(3), "x");
}

static void
add_to_trust(struct mk *b)
{
	mk_puts(b, "bundle/trust/extra", "x");
}

static void
drop_tagmanifest(struct mk *b)
{
	mk_del(b, "bundle/bag/tagmanifest-sha256.txt");
}

static void
drop_manifest(struct mk *b)
{
	mk_del(b, "bundle/bag/manifest-sha256.txt");
}

static void
drop_statement(struct mk *b)
{
	mk_del(b, "bundle/STATEMENT.txt");
}

static void
drop_signature(struct mk *b)
{
	mk_del(b, "bundle/proofs/STATEMENT.txt.sig");
}

static void
drop_checkpoint(struct mk *b)
{
	mk_del(b, "bundle/proofs/checkpoint");
}

static void
drop_proof(struct mk *b)
{
	mk_del(b, mk_proof(1));
}

static void
drop_items_csv(struct mk *b)
{
	mk_del(b, "bundle/bag/data/items.csv");
}

static void
other_manifest(struct mk *b)
{
	mk_puts(b, "bundle/bag/manifest-sha512.txt", "");
}

static void
fetch(struct mk *b)
{
	mk_puts(b, "bundle/bag/fetch.txt", "http://example.org/x - data/x\n");
}

/* Change "Ghulja" in the first record to another place of its length. */
static void
alter(struct mk *b)
{
	struct bytes_buf *r = mk_find(b, mk_item(1, "record.json"));
	uint8_t *p = memmem(r->p, r->len, "Ghulja", 6);

	assert_non_null(p);
	memcpy(p, "Urumqi", 6);
}

static void
alter_fix_bag(struct mk *b)
{
	alter(b);
	mk_bag(b);
}

static void
alter_fix_all(struct mk *b)
{
	alter_fix_bag(b);
	mk_statement(b);
}

static void
alter_readme(struct mk *b)
{
	mk_find(b, "bundle/READ-ME-FIRST.txt")->p[100] ^= 1;
}

static void
swap_proofs(struct mk *b)
{
	struct bytes_buf *x = mk_find(b, mk_proof(1)),
	    *y = mk_find(b, mk_proof(2)), t = *x;

	*x = *y;
	*y = t;
}

static void
shift_index(struct mk *b)
{
	struct bytes_buf *x = mk_find(b, mk_proof(1));
	uint8_t *p = memmem(x->p, x->len, "index 1\n", 8);

	assert_non_null(p);
	p[6] = '0';
}

/* "extra" lines are allowed by the format, but here nobody signed them. */
static void
extra_line(struct mk *b)
{
	struct bytes_buf *x = mk_find(b, mk_proof(1)), out = { 0 };
	const uint8_t *lf = memchr(x->p, '\n', x->len);
	size_t n = (size_t)(lf - x->p) + 1;

	bytes_put(&out, x->p, n);
	bytes_puts(&out, "extra AAAA\n");
	bytes_put(&out, x->p + n, x->len - n);
	mk_move(b, mk_proof(1), &out);
}

static void
comment(struct mk *b)
{
	struct bytes_buf *x = mk_find(b,
	    "bundle/proofs/STATEMENT.txt.minisig");

	memcpy(memmem(x->p, x->len, "sandyq", 6), "nobody", 6);
}

static void
other_card(struct mk *b)
{
	struct mk *other = mk_new();
	struct bytes_buf *x = mk_find(other, "bundle/trust/key-card.txt");

	mk_put(b, "bundle/trust/key-card.txt", x->p, x->len);
	mk_free(other);
}

/* One of the two signatures is of the thief's key. */
static void
one_signature(struct mk *b, bool ssh)
{
	struct mk *other = mk_new();
	struct bytes_buf *text = mk_find(b, "bundle/STATEMENT.txt"), *x;
	const char *path = ssh ? "bundle/proofs/STATEMENT.txt.sig" :
	    "bundle/proofs/STATEMENT.txt.minisig";

	mk_put(other, "bundle/STATEMENT.txt", text->p, text->len);
	mk_sign(other);
	x = mk_find(other, path);
	mk_put(b, path, x->p, x->len);
	mk_free(other);
}

static void
other_ssh(struct mk *b)
{
	one_signature(b, true);
}

static void
other_minisig(struct mk *b)
{
	one_signature(b, false);
}

/* A checkpoint of the same text by another log's key. */
static void
other_log(struct mk *b)
{
	struct secret *own = b->note;
	struct secret *thief = NULL;

	OK(secret_random(SIGN_SEED, &thief));
	b->note = thief;
	mk_proofs(b);
	b->note = own;
	secret_free(thief);
}

static void
with_consistency(struct mk *b)
{
	mk_puts(b, "bundle/proofs/consistency.txt", "x");
}

static void
test_thief(void **state)
{
	static const struct {
		const char *name;
		void (*how)(struct mk *);
		const char *want;
	} v[] = {
		{ "nothing forged", nothing, GOOD },
		{ "item dropped", drop_item, "nuynyuu-" },
		{ "item dropped, bag redone", drop_item_fix_bag, "nuynyuu-" },
		{ "item dropped, statement redone", drop_item_fix_statement,
		    "-n-n----" },
		{ "file added under data", add_to_data, "nuyyyuu-" },
		{ "file added to an item", add_to_item, "nuyyyuu-" },
		{ "file added to the bag", add_to_bag, "nuyyyuu-" },
		{ "file added on top", add_on_top, "nuyyyuu-" },
		{ "file added outside", add_outside, "nuyyyuu-" },
		{ "file added to proofs", add_to_proofs, "nuyyyuu-" },
		{ "proof of no item added", add_proof, "nuyyyuu-" },
		{ "file added to trust", add_to_trust, "nuyyyuu-" },
		{ "tag manifest deleted", drop_tagmanifest, "nuyyyuu-" },
		{ "manifest deleted", drop_manifest, "nuyyyuu-" },
		{ "statement deleted", drop_statement, "n-------" },
		{ "signature deleted", drop_signature, "-n------" },
		{ "checkpoint deleted", drop_checkpoint, "yuyynuu-" },
		{ "proof deleted", drop_proof, "yuyynuu-" },
		{ "items.csv deleted", drop_items_csv, "nuynyuu-" },
		{ "manifest of another algorithm", other_manifest,
		    "nuyyyuu-" },
		{ "fetch.txt", fetch, "nuyyyuu-" },
		{ "field altered", alter, "nuyynuu-" },
		{ "field altered, bag redone", alter_fix_bag, "nuyynuu-" },
		{ "field altered, statement redone", alter_fix_all,
		    "-n--n---" },
		{ "READ-ME altered", alter_readme, "nuyyyuu-" },
		{ "proofs of two items swapped", swap_proofs, "yuyynuu-" },
		{ "index of a proof shifted", shift_index, "yuyynuu-" },
		{ "extra line in a proof", extra_line, "yuyynuu-" },
		{ "unsigned comment", comment, "-n------" },
		{ "another key card in trust", other_card, "nuyyyuu-" },
		{ "SSH signature of another key", other_ssh, "-n------" },
		{ "minisign signature of another key", other_minisig,
		    "-n------" },
		{ "checkpoint of another log", other_log, "yuyynuu-" },
		{ "consistency without a bundle before", with_consistency,
		    "yuyyynu-" }
	};

	(void)state;
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++)
		ck_forge(v[i].name, v[i].how, v[i].want);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_thief)
	};

	return cmocka_run_group_tests(tests, ck_setup, ck_teardown);
}
