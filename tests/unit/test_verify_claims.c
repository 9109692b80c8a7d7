/*
 * A forgery is named by the item that it is about, and withheld values cannot
 * be guessed.  Who can forge what, and on which claim it falls, is in
 * test_forge_*.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/bundle_check.h"

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
		struct verify_report r;
		struct why why = { "" };
		bool named = false;

		if (i < 3)
			how[i](b);
		else
			dropped(b);
		ck_seal(b, &o);
		assert_int_equal(err_exit(verify_bundle(&o, &r, &why)), 1);
		for (int c = 0; c < VERIFY_CLAIMS; c++)
			named |= r.claim[c].result == VERIFY_NO &&
			    strstr(r.claim[c].detail, "000002") != NULL;
		if (!named)
			fail_msg("forgery %zu: item 000002 is not named: %s",
			    i, why.text);
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
		cmocka_unit_test(test_named),
		cmocka_unit_test(test_no_salts)
	};

	return cmocka_run_group_tests(tests, ck_setup, ck_teardown);
}
