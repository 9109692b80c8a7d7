/*
 * items.csv, record.json and the proofs of a bundle, malformed in every way by
 * somebody who holds the keys and signs it all anew: each falls on the claim
 * that it breaks, and the report says how.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/bundle_check.h"

#define ITEMS "bundle/bag/data/items.csv"
#define COLS 12
#define LONG65 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define LONG600 LONG65 LONG65 LONG65 LONG65 LONG65 LONG65 LONG65 LONG65 \
	LONG65 LONG65

/* Seal and verify; ${claim} must be no, and say so. */
static void
refused(const char *name, struct mk *b, enum verify_claim claim,
    const char *says)
{
	struct verify_opts o = { 0 };
	struct verify_report r;
	struct why why = { "" };
	enum sq_err e;

	ck_seal(b, &o);
	e = verify_bundle(&o, &r, &why);
	if (err_exit(e) != 1)
		fail_msg("%s: error %d (%s)", name, (int)e, why.text);
	if (r.claim[claim].result != VERIFY_NO)
		fail_msg("%s: the claim stands: %s", name,
		    r.claim[claim].detail);
	if (strstr(r.claim[claim].detail, says) == NULL)
		fail_msg("%s: «%s», not «%s»", name, r.claim[claim].detail,
		    says);
}

/* A member of the bundle with ${from} replaced by ${to}, of any length. */
static void
replace(struct mk *b, const char *path, const char *from, const char *to)
{
	struct bytes_buf *r = mk_find(b, path), out = { 0 };
	uint8_t *p = memmem(r->p, r->len, from, strlen(from));

	if (p == NULL)
		fail_msg("no %s in %.*s", from, (int)r->len, (char *)r->p);
	bytes_put(&out, r->p, (size_t)(p - r->p));
	bytes_puts(&out, to);
	bytes_put(&out, p + strlen(from), r->len - (size_t)(p - r->p) -
	    strlen(from));
	mk_move(b, path, &out);
}

/* --- items.csv ------------------------------------------------------------ */

/* The table of the bundle, its cell (row from 1) another; NULL: as it is. */
static void
table(struct mk *b, size_t row, size_t col, const char *value, size_t cols)
{
	struct bytes_buf csv = { 0 };
	char number[16], root[65];

	bytes_puts(&csv, CSV_ITEMS);
	for (size_t i = 0; i < b->items; i++) {
		const char *cell[COLS + 1] = { number, i == 0 ? "T-1" :
		    "T-2", "testimony", root, "a", "", "", "", "", "", "", "",
		    "" };

		(void)snprintf(number, sizeof(number), "%06zu", i + 1);
		bytes_hex(root, b->root[b->index[i]], ENTRY_ROOT);
		if (value != NULL && row == i + 1)
			cell[col] = value;
		csv_row(&csv, cell, row == i + 1 ? cols : COLS);
	}
	mk_move(b, ITEMS, &csv);
	mk_resign(b);
}

static void
test_cells(void **state)
{
	static const struct {
		const char *name;
		size_t row, col;
		const char *value;
		size_t cols;
		const char *says;
	} v[] = {
		{ "a column too few", 1, 0, NULL, 11, "line 2 is not of" },
		{ "a column too many", 2, 0, NULL, 13, "line 3 is not of" },
		{ "no number", 1, 0, "", 12, "line 2 is not of item 1" },
		{ "another's number", 1, 0, "000002", 12, "line 2 is not" },
		{ "a number twice", 2, 0, "000001", 12, "line 3 is not" },
		{ "a number in words", 1, 0, "one", 12, "line 2 is not" },
		{ "a signed number", 1, 0, "+00001", 12, "line 2 is not" },
		{ "a long number", 1, 0, "00000001", 12, "line 2 is not" },
		{ "a number and more", 1, 0, "1 ", 12, "line 2 is not" },
		{ "a long reference", 1, 1, LONG600, 12, "line 2 is not" },
		{ "a long type", 1, 2, LONG600, 12, "line 2 is not" },
		{ "a long file", 1, 5, LONG600, 12, "line 2 is not" },
		{ "a long size", 1, 8, LONG600, 12, "line 2 is not" },
		{ "a long SHA-256", 1, 9, LONG65, 12, "line 2 is not" },
		{ "no entry", 1, 3, "", 12, "item 000001 has no entry" },
		{ "half an entry", 1, 3, "00", 12, "item 000001 has no" },
		{ "an entry not in hex", 2, 3, LONG65, 12,
		    "item 000002 has no entry" },
		{ "another's reference", 2, 1, "T-1", 12,
		    "does not agree with item 000002" },
		{ "no reference", 1, 1, "", 12, "not agree with item 000001" },
		{ "another type", 1, 2, "person", 12, "not agree with item" },
		{ "a file that is not there", 1, 5, "original.mp4", 12,
		    "item 000001: the attachment that items.csv names" },
		{ "a size of no file", 1, 8, "5", 12, "not agree with item" },
		{ "a SHA-256 of no file", 2, 9, "ab", 12, "not agree with" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		struct mk *b = mk_new();

		table(b, v[i].row, v[i].col, v[i].value, v[i].cols);
		refused(v[i].name, b, VERIFY_COMPLETE, v[i].says);
		mk_free(b);
	}
}

/* As it is made here, nothing is wrong: the cases above can be told by it. */
static void
test_untouched(void **state)
{
	struct mk *b = mk_new();

	(void)state;
	table(b, 0, 0, NULL, COLS);
	ck_bundle("untouched", b, GOOD);
	mk_free(b);
}

/* The text of items.csv, replaced by what ${how} makes of it. */
static void
whole(const char *name, const char *text, const char *says)
{
	struct mk *b = mk_new();

	mk_puts(b, ITEMS, text);
	mk_resign(b);
	refused(name, b, VERIFY_COMPLETE, says);
	mk_free(b);
}

static void
test_tables(void **state)
{
	static char many[400 * 16];

	(void)state;
	whole("empty", "", "items.csv");
	whole("head alone", CSV_ITEMS, "items.csv");
	whole("another head", "item,ref,type\n", "its columns");
	whole("no head", "000001,T-1,testimony,00,,,,,,,,\n", "its columns");
	whole("an open quote", CSV_ITEMS "000001,\"T-1", "items.csv");
	whole("a quote in a cell", CSV_ITEMS "000001,T\"-1,,,,,,,,,,\n",
	    "items.csv");
	whole("after a quote", CSV_ITEMS "000001,\"T\"-1,,,,,,,,,,\n",
	    "items.csv");
	whole("no end of line", CSV_ITEMS "000001,T-1", "items.csv");
	memset(many, ',', sizeof(many) - 2);
	many[sizeof(many) - 2] = '\n';
	whole("thousands of columns", many, "items.csv");
}

/* --- record.json ---------------------------------------------------------- */

/* So in record 2; signed anew. */
static void
edit(struct mk *b, const char *from, const char *to)
{
	replace(b, mk_item(2, "record.json"), from, to);
	mk_resign(b);
}

static void
test_records(void **state)
{
	static const struct {
		const char *name, *from, *to;
	} v[] = {
		{ "another number in the log", "\"index\":", "\"index\":1" },
		{ "a negative number", "\"index\":", "\"index\":-" },
		{ "a number as text", "\"index\":", "\"index\":\"\"," },
		{ "a member unknown", "\"index\":", "\"more\":1,\"index\":" },
		{ "a member twice", "\"index\":", "\"index\":0,\"index\":" },
		{ "fields that are none", "\"fields\":[", "\"fields\":[1," },
		{ "an empty field", "\"fields\":[", "\"fields\":[{}," },
		{ "a list in a list", "\"fields\":[", "\"fields\":[[]," },
		{ "no fields", "\"fields\":", "\"field\":" },
		{ "a short salt", "\"salt\":\"", "\"salt\":\"00" },
		{ "a salt in words", "\"salt\":\"", "\"salt\":\"salt" },
		{ "a salt that is none", "\"salt\":\"", "\"salt\":1,\"x\":\"" },
		{ "no name", "\"name\":\"summary\"", "\"name\":\"\"" },
		{ "a name with a space", "\"name\":\"summary\"",
		    "\"name\":\"sum mary\"" },
		{ "a name that is none", "\"name\":\"summary\"", "\"name\":7" },
		{ "a name twice", "\"name\":\"summary\"",
		    "\"name\":\"_type\"" },
		{ "a word in the middle", "{", "{what" },
		{ "text before", "{", "x{" },
		{ "a NUL written out", "\"two\"", "\"\\u0000\"" },
		{ "half a surrogate", "\"two\"", "\"\\ud800\"" },
		{ "bytes that are no text", "\"two\"", "\"\xff\xfe\"" },
		{ "a value of another kind", "\"two\"", "2" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		struct mk *b = mk_new();

		edit(b, v[i].from, v[i].to);
		refused(v[i].name, b, VERIFY_DISCLOSED, "item 000002");
		mk_free(b);
	}
}

/* Field ${name} of record 2 as ${form}, "leaf" or "vc", by its own hash. */
static void
closed(struct mk *b, const char *name, const char *form)
{
	const struct entry_field *f = entry_find(&b->item[1], name);
	struct bytes_buf *r = mk_find(b, mk_item(2, "record.json"));
	bool leaf = strcmp(form, "leaf") == 0;
	char start[64], field[256], to[256], hex[65];
	uint8_t h[32], *p, *end;

	assert_non_null(f);
	OK(leaf ? entry_leaf(f, h) : entry_vc(f, h));
	bytes_hex(hex, h, sizeof(h));
	(void)snprintf(start, sizeof(start), "{\"name\":\"%s\"", name);
	p = memmem(r->p, r->len, start, strlen(start));
	assert_non_null(p);
	end = memchr(p, '}', r->len - (size_t)(p - r->p));
	assert_non_null(end);
	(void)snprintf(field, sizeof(field), "%.*s", (int)(end + 1 - p),
	    (const char *)p);
	if (leaf)
		(void)snprintf(to, sizeof(to), "{\"leaf\":\"%s\"}", hex);
	else
		(void)snprintf(to, sizeof(to), "{\"name\":\"%s\","
		    "\"vc\":\"%s\"}", name, hex);
	edit(b, field, to);
}

/* What a record is must be open: hidden or withheld, it is told. */
static void
test_hides_itself(void **state)
{
	static const char *const name[] = { "_kind", "_log", "_parents",
	    "_record", "_type" };

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		struct mk *b = mk_new();

		closed(b, name[i], "leaf");
		refused(name[i], b, VERIFY_DISCLOSED, "item 000002 hides");
		mk_free(b);
		b = mk_new();
		closed(b, name[i], "vc");
		refused(name[i], b, VERIFY_DISCLOSED, "item 000002: "
		    "record.json is not of the form");
		mk_free(b);
	}
}

/* --- proofs --------------------------------------------------------------- */

static void
proof_edit(const char *name, const char *from, const char *to)
{
	struct mk *b = mk_new();

	replace(b, mk_proof(2), from, to);
	refused(name, b, VERIFY_DISCLOSED, "000002");
	mk_free(b);
}

static void
test_proofs(void **state)
{
	(void)state;
	proof_edit("another word first", "c2sp.org/tlog-proof@v1", "proof");
	proof_edit("another version", "tlog-proof@v1", "tlog-proof@v2");
	proof_edit("no index", "\nindex ", "\nindicis ");
	proof_edit("an index in words", "\nindex ", "\nindex two");
	proof_edit("an index beyond the log", "\nindex ", "\nindex 9");
	proof_edit("an index with a zero before", "\nindex ", "\nindex 0");
	proof_edit("a line more", "\nindex ", "\nextra\nindex ");
	proof_edit("an empty line more", "\n\n", "\n\n\n");
	proof_edit("no note", "\n\n", "\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_untouched),
		cmocka_unit_test(test_cells),
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_records),
		cmocka_unit_test(test_hides_itself),
		cmocka_unit_test(test_proofs),
	};

	return cmocka_run_group_tests(tests, ck_setup, ck_teardown);
}
