#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/opts.h"
#include "cli/shell.h"
#include "cli/ui_text.h"

/* Escape n bytes and compare. */
static void
escaped(const char *p, size_t n, bool lines, const char *want)
{
	struct bytes_buf b = { 0 };
	char *s;

	ui_text_escape(p, n, lines, &b);
	s = bytes_str(&b);
	assert_non_null(s);
	assert_string_equal(s, want);
	free(s);
}

/* Every hostile character of its kind is shown, all others pass. */
static void
hostile_is_shown(void **state)
{
	char one[3] = { 0 };

	(void)state;
	for (int c = 0; c < 0x20; c++) {
		char want[8] = "\\x0?";

		one[0] = (char)c;
		want[2] = "01"[c / 16];
		want[3] = "0123456789abcdef"[c % 16];
		escaped(one, 1, false, want);
	}
	escaped("\x7f", 1, false, "\\x7f");
	escaped("a\nb", 3, true, "a\nb");
	escaped("\xc2\x80\xc2\x9f\xc2\xa0", 6, false,
	    "\\xc2\\x80\\xc2\\x9f\xc2\xa0");
	escaped("\xe2\x80\xa7\xe2\x80\xa8\xe2\x80\xae\xe2\x80\xaf", 12, false,
	    "\xe2\x80\xa7\\xe2\\x80\\xa8\\xe2\\x80\\xae\xe2\x80\xaf");
	escaped("\xe2\x81\xa5\xe2\x81\xa6\xe2\x81\xa9\xe2\x81\xaa", 12, false,
	    "\xe2\x81\xa5\\xe2\\x81\\xa6\\xe2\\x81\\xa9\xe2\x81\xaa");
	escaped("Тұр 吐 تۇر", strlen("Тұр 吐 تۇر"), false, "Тұр 吐 تۇر");
	/* not UTF-8: lone, overlong, surrogate, cut */
	escaped("\x80", 1, false, "\\x80");
	escaped("\xc0\xaf", 2, false, "\\xc0\\xaf");
	escaped("\xed\xa0\x80", 3, false, "\\xed\\xa0\\x80");
	escaped("a\xe5\x90", 3, false, "a\\xe5\\x90");
}

static void
json_stays_json(void **state)
{
	static const char in[] = "{\"a\":\"\xc2\x9b\xe2\x80\xae\x7f é\"}";
	struct bytes_buf b = { 0 };
	char *s;

	(void)state;
	ui_text_json(in, strlen(in), &b);
	s = bytes_str(&b);
	assert_non_null(s);
	assert_string_equal(s, "{\"a\":\"\\u009b\\u202e\\u007f é\"}");
	free(s);
}

static void
widths(void **state)
{
	static const struct {
		const char *s;
		size_t width;
	} t[] = {
		{ "", 0 }, { "abc", 3 }, { "Тұрғанбай", 9 },
		{ "吐尔干巴依", 10 }, { "e\xcc\x81", 1 }, { "تۇر", 3 }
	};

	(void)state;
	/* the marks of a table take no column */
	assert_int_equal(ui_text_width("a\x0e" "b\x0f" "c", 5), 3);
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		assert_int_equal(ui_text_width(t[i].s, strlen(t[i].s)),
		    t[i].width);
	/* a wide character is never halved, a combining one never cut off */
	assert_int_equal(ui_text_cut("吐尔", 6, 3), 3);
	assert_int_equal(ui_text_cut("吐尔", 6, 4), 6);
	assert_int_equal(ui_text_cut("e\xcc\x81x", 4, 1), 3);
	assert_int_equal(ui_text_cut("abc", 3, 0), 0);
}

/* One line into words, against what sh makes of it. */
static void
words(void **state)
{
	static const struct {
		const char *line;
		int n;
		const char *word[4];
	} t[] = {
		{ "", 0, { NULL } },
		{ "  # all of it", 0, { NULL } },
		{ "a  b\tc", 3, { "a", "b", "c" } },
		{ "'a b'c\"d e\"", 1, { "a bcd e" } },
		{ "''", 1, { "" } },
		{ "a\\ b \\'", 2, { "a b", "'" } },
		{ "\"a\\\"b\\\\c\\d\"", 1, { "a\"b\\c\\d" } },
		{ "'a\\b' x#y", 2, { "a\\b", "x#y" } }
	};
	struct why why;
	char **list;
	int n;

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		list = NULL;
		assert_int_equal(shell_words(t[i].line, &list, &n, &why),
		    SQ_OK);
		assert_int_equal(n, t[i].n);
		for (int k = 0; k < n; k++)
			assert_string_equal(list[k], t[i].word[k]);
		shell_words_free(list, n);
	}
	assert_int_equal(shell_words("'a", &list, &n, &why), SQ_EUSAGE);
	assert_int_equal(shell_words("a \"b", &list, &n, &why), SQ_EUSAGE);
}

static void
options(void **state)
{
	static const struct opts_def def[] = {
		{ "flag", 'f', OPTS_FLAG, NULL, "" },
		{ "one", 'o', OPTS_TEXT, "X", "" },
		{ "many", 0, OPTS_LIST, "X", "" },
		OPTS_END
	};
	char w[][12] = { "a", "--many=1", "-oX", "--many", "2", "-f", "--",
	    "-z" };
	char *argv[8];
	struct opts o;
	struct why why;

	(void)state;
	for (int i = 0; i < 8; i++)
		argv[i] = w[i];
	assert_int_equal(opts_parse(def, 8, argv, &o, &why), SQ_OK);
	assert_int_equal(o.n, 2);
	assert_string_equal(o.arg[1], "-z");
	assert_non_null(o.value[0]);
	assert_string_equal(o.value[1], "X");
	assert_int_equal(o.list[2].n, 2);
	assert_string_equal(o.list[2].v[1], "2");
	opts_free(&o);
	assert_int_equal(opts_parse(NULL, 2, argv, &o, &why), SQ_EUSAGE);
	opts_free(&o);
	argv[0] = w[4];
	argv[1] = w[3];
	assert_int_equal(opts_parse(def, 2, argv, &o, &why), SQ_EUSAGE);
	opts_free(&o);
}

/* What turns the line around stands between isolates, nothing else does. */
static void
isolated(void **state)
{
	static const struct {
		const char *text, *want;
	} v[] = {
		{ "", "" }, { "plain", "plain" }, { "Тұр 吐", "Тұр 吐" },
		{ "تۇر", "\xe2\x81\xa8تۇر\xe2\x81\xa9" },
		{ "a تۇر", "\xe2\x81\xa8" "a تۇر\xe2\x81\xa9" },
		{ "2018-يىلى", "\xe2\x81\xa8" "2018-يىلى\xe2\x81\xa9" },
		{ "שלום", "\xe2\x81\xa8שלום\xe2\x81\xa9" } };
	struct bytes_buf b = { 0 };
	char *s;

	(void)state;
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		ui_text_isolate(v[i].text, strlen(v[i].text), &b);
		s = bytes_str(&b);
		assert_string_equal(s, v[i].want);
		/* and the isolates take no column */
		assert_int_equal(ui_text_width(s, strlen(s)),
		    ui_text_width(v[i].text, strlen(v[i].text)));
		free(s);
	}
}

static void
pieces(void **state)
{
	static const struct {
		const char *text;
		size_t width, want;
	} v[] = {
		{ "one two", 7, 7 }, { "one two", 6, 4 }, { "one,two", 5, 4 },
		{ "abcdefgh", 3, 3 }, { "a bcdefghijkl", 10, 2 },
		{ "bcdefghijkl", 10, 10 }, { "a 吐尔干巴依", 7, 8 },
		{ "吐尔干巴依", 5, 6 }, { "吐尔干巴依", 1, 15 },
		{ "", 3, 0 } };

	(void)state;
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++)
		assert_int_equal(ui_text_piece(v[i].text, strlen(v[i].text),
		    v[i].width), v[i].want);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(isolated),
		cmocka_unit_test(pieces),
		cmocka_unit_test(hostile_is_shown),
		cmocka_unit_test(json_stays_json),
		cmocka_unit_test(widths),
		cmocka_unit_test(words),
		cmocka_unit_test(options),
	};

	(void)setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests_name("cli_text", tests, NULL, NULL);
}
