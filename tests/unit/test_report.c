/*
 * What a person reads of a bundle: tables that no spreadsheet computes, a page
 * that runs nothing and loads nothing, and READ-ME-FIRST.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "vault/bundle/csv.h"
#include "vault/bundle/readme.h"
#include "vault/bundle/report.h"

#define OK(x) assert_int_equal(x, SQ_OK)

/* --- tables -------------------- */

static void
cell(const char *s, const char *want)
{
	struct bytes_buf b = { 0 };
	char *got;

	csv_cell(&b, s);
	got = bytes_str(&b);
	assert_string_equal(got, want);
	free(got);
}

static void
test_cells(void **state)
{
	(void)state;
	cell(NULL, "");
	cell("", "");
	cell("plain", "plain");
	cell("a,b", "\"a,b\"");
	cell("a\"b", "\"a\"\"b\"");
	cell("a\nb", "\"a\nb\"");
	cell(" a", "\" a\"");
	cell("=1+1", "\"'=1+1\"");
	cell("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\"");
	cell("+7701", "\"'+7701\"");
	cell("-1", "\"'-1\"");
	cell("@SUM(A1)", "\"'@SUM(A1)\"");
	cell("\tx", "\"'\tx\"");
	cell("\r=1", "\"'\r=1\"");
	cell("|calc", "\"'|calc\"");
	cell("\xEF\xBC\x9D" "1", "\"'\xEF\xBC\x9D" "1\"");
	cell("a=1", "a=1");
}

struct rows {
	unsigned n;
	char last[3][64];
};

static enum sq_err
keep_row(void *arg, char *const *c, size_t n)
{
	struct rows *r = arg;

	r->n++;
	assert_int_equal(n, 3);
	for (size_t i = 0; i < 3; i++)
		(void)snprintf(r->last[i], sizeof(r->last[i]), "%s", c[i]);
	return SQ_OK;
}

static enum sq_err
read_csv(const char *s, size_t n, struct rows *r)
{
	struct csv_reader in;
	enum sq_err e = SQ_OK;

	memset(r, 0, sizeof(*r));
	csv_read_init(&in, keep_row, r);
	for (size_t i = 0; i < n && e == SQ_OK; i++)
		e = csv_read_add(&in, s + i, 1);
	if (e == SQ_OK)
		e = csv_read_end(&in);
	csv_read_free(&in);
	return e;
}

static void
test_rows(void **state)
{
	static const char *const v[][3] = { { "a", "b", "c" }, { "", "", "" },
	    { "a,\"b\"", "x\ny", " " }, { "\"", "\"\"", "," } };
	static const char *const bad[] = { "a,b,c", "a,\"b,c\n", "a,b\"b,c\n",
	    "\"a\"b,b,c\n", "a,b,c\r\n", "a,b,c\n\"" };
	struct bytes_buf b = { 0 };
	struct rows r;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		csv_row(&b, v[i], 3);
		OK(read_csv((const char *)b.p, b.len, &r));
		assert_int_equal(r.n, 1);
		for (size_t k = 0; k < 3; k++)
			assert_string_equal(r.last[k], v[i][k]);
		bytes_free(&b);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (read_csv(bad[i], strlen(bad[i]), &r) != SQ_EFORMAT)
			fail_msg("accepted: %s", bad[i]);
	assert_int_equal(read_csv("a,\0,c\n", 6, &r), SQ_EFORMAT);
	OK(read_csv("", 0, &r));
	for (int i = 0; i < 40; i++)
		bytes_puts(&b, "x,");
	assert_int_equal(read_csv((const char *)b.p, b.len, &r), SQ_ELIMIT);
	bytes_free(&b);
}

/* --- the page -------------------- */

static struct statement
statement(const char *typed)
{
	struct statement st;

	memset(&st, 0, sizeof(st));
	st.recipient_name = strdup(typed);
	st.purpose = strdup(typed);
	st.items = 1;
	return st;
}

/* The page about one item in which every text is s. */
static char *
page(const char *s, const char *lang)
{
	const struct report_value v = { .text = s, .lang = lang, .more = s,
	    .item = 1 };
	const struct report_field f[] = {
	    { .label = "Summary", .v = &v, .n = 1 },
	    { .label = "Key", .place = REPORT_CODE, .v = &v, .n = 1 },
	    { .label = "Spoken", .place = REPORT_TONGUE, .v = &v, .n = 1 },
	    { .label = "Account", .place = REPORT_ORIGINAL, .v = &v, .n = 1 },
	    { .label = "In English", .place = REPORT_BESIDE, .v = &v, .n = 1 },
	    { .label = "Witness", .n_held = 1, .why = s },
	    { .label = "Place", .n_erased = 1 },
	    { .label = "Device", .n = 0 } };
	const struct report_file file = { .path = "items/000001/original.jpg",
	    .name = s, .mime = s, .size = s, .sha256 = s, .image = true };
	const struct report_event ev = { .time = s, .action = s, .actor = s,
	    .object = s, .sha256 = s, .place = s, .note = s, .index = 7 };
	const struct report_item it = { .number = 1, .ref = s, .type = s,
	    .title = s, .lang = lang, .entry = "ab", .index = 7, .field = f,
	    .n_field = 8, .file = &file, .event = &ev, .n_event = 1 };
	const uint64_t one = 1;
	const struct report_fact fact = { .ask = REPORT_WHO, .label = "Name",
	    .v = v, .item = &one, .n = 1 };
	const size_t left[REPORT_ASKS] = { 0 };
	const struct card card = { .log = "ab" };
	struct statement st = statement(s);
	struct bytes_buf b = { 0 };
	char *html;

	OK(report_begin(&st, &card, &b));
	OK(report_facts(&fact, 1, left, &it, 1, &b));
	OK(report_item(&it, &b));
	OK(report_left(&s, 1, &b));
	OK(report_end(&st, &b));
	html = bytes_str(&b);
	assert_non_null(html);
	statement_free(&st);
	return html;
}

/* How often t occurs in s, in any case. */
static unsigned
count(const char *s, const char *t)
{
	unsigned n = 0;

	for (; (s = strcasestr(s, t)) != NULL; s += strlen(t))
		n++;
	return n;
}

static void
test_page(void **state)
{
	char *html = page("hello", "en"), *p = html;

	(void)state;
	assert_int_equal(count(html, "default-src 'none'; style-src "
	    "'unsafe-inline'; img-src 'self'; "), 1);
	assert_int_equal(count(html, "<script"), 0);
	assert_int_equal(count(html, "verified"), 0);
	assert_int_equal(count(html, "http:"), 0);
	assert_int_equal(count(html, "https:"), 0);
	assert_int_equal(count(html, "url("), 0);
	/* the only thing loaded lies beside the page */
	assert_int_equal(count(html, " src="), 1);
	assert_int_equal(count(html, " src=\"items/000001/original.jpg\""), 1);
	/* links lead to places on the page */
	for (; (p = strstr(p, " href=")) != NULL; p++)
		assert_memory_equal(p, " href=\"#item-1\"", 15);
	assert_int_equal(count(html, " id=\"item-1\""), 1);
	assert_int_equal(count(html, "\">withheld: hello</p>"), 1);
	assert_int_equal(count(html, "\">erased by right"), 1);
	assert_int_equal(count(html, "\">not recorded</p>"), 1);
	assert_int_equal(count(html, "<section"), count(html, "</section>"));
	assert_int_equal(count(html, "<div"), count(html, "</div>"));
	assert_int_equal(count(html, "<bdi"), count(html, "</bdi>"));
	assert_int_equal(count(html, "class=\"pair\""), 1);
	assert_int_equal(count(html, "<div class=\"t\" lang=\"en\" dir="
	    "\"auto\">hello</div>"), 2);
	assert_non_null(strstr(html, "size: A4"));
	/* the words of a key of zeros, as the key card has them */
	assert_int_equal(count(html, "<tr class=\"words\">"), 3);
	free(html);
}

/* Every byte that a text may hold, in every place: nothing becomes markup. */
static void
test_escape(void **state)
{
	static const char *const v[] = { "<script>alert(1)</script>",
	    "\"><img src=x onerror=alert(1)>", "' onmouseover='x",
	    "</bdi></td></table>", "<!--", "]]>", "&lt;b&gt;", "<a href=x>",
	    "<meta http-equiv=refresh content=0>" };
	char *plain, *html;

	(void)state;
	plain = page("hello", "en");
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		html = page(v[i], "en");
		assert_int_equal(count(html, "<"), count(plain, "<"));
		assert_int_equal(count(html, ">"), count(plain, ">"));
		assert_int_equal(count(html, "\""), count(plain, "\""));
		free(html);
		html = page("hello", v[i]);
		assert_int_equal(count(html, "<"), count(plain, "<"));
		assert_int_equal(count(html, "\""), count(plain, "\""));
		free(html);
	}
	/* a name that would turn round: its controls are shown */
	html = page("photo\xE2\x80\xAEgpj.exe", "en");
	assert_null(strstr(html, "\xE2\x80\xAE"));
	assert_non_null(strstr(html, "photo[U+202E]gpj.exe"));
	free(html);
	html = page("a\xE2\x81\xA6" "b\xE2\x80\x8C", "ug-Arab");
	assert_non_null(strstr(html, "a[U+2066]b\xE2\x80\x8C"));
	free(html);
	html = page("\x01\x1b[31m\xC3\x28", "en");
	assert_null(strchr(html, '\x1b'));
	assert_null(strchr(html, '\x01'));
	assert_true(bytes_utf8(html, strlen(html)));
	free(html);
	free(plain);
}

/* A hole in the tale of an item has no time and no entry of its own. */
static void
test_gap(void **state)
{
	const struct report_event ev[] = {
	    { .action = "received", .index = 41 },
	    { .action = "gap", .note = "nothing is said of two months" } };
	const struct report_item it = { .number = 1, .ref = "M-1",
	    .type = "Media", .entry = "ab", .event = ev, .n_event = 2 };
	struct bytes_buf b = { 0 };
	char *html;

	(void)state;
	OK(report_item(&it, &b));
	html = bytes_str(&b);
	assert_int_equal(count(html, "time withheld"), 1);
	assert_int_equal(count(html, "<tr><td>41</td>"), 1);
	assert_int_equal(count(html, "<tr><td></td><td></td><td><p>"
	    "<bdi dir=\"auto\">a gap</bdi>"), 1);
	assert_int_equal(count(html, "nothing is said of two months"), 1);
	free(html);
}

static void
test_direction(void **state)
{
	static const char *const rtl[] = { "kk-Arab", "ug-Arab", "ug", "ar" };
	static const char *const ltr[] = { "kk-Cyrl", "kk-Latn", "ug-Latn",
	    "zh-Hans", "arn" };
	char *html;

	(void)state;
	/* title twice, a fact, a value, two texts */
	for (size_t i = 0; i < 4; i++) {
		html = page("x", rtl[i]);
		assert_int_equal(count(html, "dir=\"rtl\""), 6);
		free(html);
	}
	for (size_t i = 0; i < 5; i++) {
		html = page("x", ltr[i]);
		assert_int_equal(count(html, "dir=\"rtl\""), 0);
		free(html);
	}
	html = page("x", "und");
	assert_int_equal(count(html, "lang=\"und\""), 0);
	free(html);
	html = page("kk-Arab", "kk-Cyrl");
	assert_non_null(strstr(html, "<small>Kazakh (Cyrillic)</small>"));
	assert_non_null(strstr(html, "Kazakh (Arabic script) <small>kk-Arab"));
	free(html);
	html = page("x", "kk-Cyrl-x-mine");
	assert_non_null(strstr(html, "<small>kk-Cyrl-x-mine</small>"));
	free(html);
}

/* How often a text stands in READ-ME-FIRST. */
static unsigned
in_readme(const char *s)
{
	size_t n;
	const char *text = readme_text(&n), *end = text + n;
	unsigned found = 0;

	for (; (text = memmem(text, (size_t)(end - text), s, strlen(s))) !=
	    NULL; text++)
		found++;
	return found;
}

static void
test_readme(void **state)
{
	static const char *const once[] = { "(Terminal, zsh)",
	    "(PowerShell)", "LINUX (bash)", "1. ENGLISH\n", "3. РУССКИЙ\n",
	    "4. ҚАЗАҚША\n", "5. 中文\n", "6. ئۇيغۇرچە\n",
	    "    sha256sum -c STATEMENT.txt\n",
	    "    shasum -a 256 -c STATEMENT.txt\n" };
	size_t n;
	const char *text = readme_text(&n);
	char step[8];

	(void)state;
	assert_true(n > 4000 && text[n - 1] == '\n');
	assert_true(bytes_utf8(text, n));
	assert_null(memmem(text, n, "  \n", 3));
	assert_null(memmem(text, n, "verified", 8));
	for (size_t i = 0; i < sizeof(once) / sizeof(once[0]); i++)
		if (in_readme(once[i]) != 1)
			fail_msg("not once: %s", once[i]);
	/* each language says all that the others say */
	assert_int_equal(in_readme("    sandyq-verify FILE.age"), 15);
	assert_int_equal(in_readme(" --with EARLIER.age\n"), 5);
	assert_int_equal(in_readme(" --receipt RECEIPT.txt\n"), 5);
	assert_int_equal(in_readme("EARLIER-STATEMENT.txt"), 8);
	assert_int_equal(in_readme("proofs/keys"), 5);
	assert_int_equal(in_readme("«-i my-key.txt»") +
	    in_readme("“-i my-key.txt”") + in_readme("\"-i my-key.txt\""), 5);
	assert_int_equal(in_readme("--ignore-missing"), 5);
	assert_int_equal(in_readme("docs/BUNDLE.md"), 5);
	for (int i = 1; i <= 8; i++) {
		(void)snprintf(step, sizeof(step), "\n(%d)", i);
		/* five languages, three systems */
		assert_int_equal(in_readme(step), i == 2 || i == 3 || i == 6 ?
		    7 : 8);
	}
	assert_int_equal(in_readme("openssl ts -verify -data 0001.note"), 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cells),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_page),
		cmocka_unit_test(test_escape),
		cmocka_unit_test(test_gap),
		cmocka_unit_test(test_direction),
		cmocka_unit_test(test_readme)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
