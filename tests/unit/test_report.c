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
	const struct report_value v = { s, lang };
	const struct report_field f[] = { { "Summary", &v, 1 },
	    { "Witness", NULL, 0 } };
	const struct report_item it = { 1, s, s, s, lang, "ab", 7, f, 2, &s,
	    1 };
	struct statement st = statement(s);
	struct bytes_buf b = { 0 };
	char *html;

	OK(report_begin(&st, &b));
	OK(report_item(&it, &b));
	OK(report_section("Left out", &s, 1, &b));
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
	char *html = page("hello", "en");

	(void)state;
	assert_int_equal(count(html, "default-src 'none'; style-src "
	    "'unsafe-inline'"), 1);
	assert_int_equal(count(html, "<script"), 0);
	assert_int_equal(count(html, "verified"), 0);
	assert_int_equal(count(html, "http:"), 0);
	assert_int_equal(count(html, "https:"), 0);
	assert_int_equal(count(html, "url("), 0);
	assert_int_equal(count(html, " src="), 0);
	assert_int_equal(count(html, " href="), 0);
	assert_int_equal(count(html, "\">withheld</span></td>"), 1);
	assert_int_equal(count(html, "<section"), count(html, "</section>"));
	assert_int_equal(count(html, "<bdi lang=\"en\" dir=\"auto\">hello"),
	    2);
	assert_non_null(strstr(html, "A4"));
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
	html = page("\x01\x1b[31m\xC3\x28", "en");
	assert_null(strchr(html, '\x1b'));
	assert_null(strchr(html, '\x01'));
	assert_true(bytes_utf8(html, strlen(html)));
	free(html);
	free(plain);
}

static void
test_direction(void **state)
{
	static const char *const rtl[] = { "kk-Arab", "ug-Arab", "ug", "ar" };
	static const char *const ltr[] = { "kk-Cyrl", "kk-Latn", "ug-Latn",
	    "zh-Hans", "arn" };
	char *html;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		html = page("x", rtl[i]);
		assert_int_equal(count(html, "dir=\"rtl\""), 2);
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
}

static void
test_readme(void **state)
{
	size_t n;
	const char *text = readme_text(&n);

	(void)state;
	assert_true(n > 4000 && text[n - 1] == '\n');
	assert_true(bytes_utf8(text, n));
	assert_null(memmem(text, n, "  \n", 3));
	assert_non_null(memmem(text, n, "Get-FileHash", 12));
	assert_non_null(memmem(text, n, "shasum -a 256", 13));
	assert_non_null(memmem(text, n, "СНАЧАЛА ПРОЧТИТЕ", 30));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cells),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_page),
		cmocka_unit_test(test_escape),
		cmocka_unit_test(test_direction),
		cmocka_unit_test(test_readme)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
