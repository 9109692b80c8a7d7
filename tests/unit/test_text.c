#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sqlcipher/sqlite3.h>

#include "crypto/secret.h"
#include "vault/record/text.h"
#include "vault/record/text_terms.h"

/* --- normalisation and folding --- */

static void
nfc_is(const char *in, const char *want)
{
	char *got = NULL;

	assert_int_equal(text_nfc(in, &got), SQ_OK);
	assert_string_equal(got, want);
	free(got);
}

static void
nfc_composes(void **state)
{
	char *got = NULL;

	(void)state;
	nfc_is("", "");
	nfc_is("abc", "abc");
	nfc_is("и\xcc\x86", "й");
	nfc_is("e\xcc\x81", "é");
	nfc_is("ي\xd9\x94", "ئ");
	nfc_is("吐尔干巴依", "吐尔干巴依");
	/* composition exclusions grow the text */
	nfc_is("\xf0\x9d\x85\xa0", "\xf0\x9d\x85\x98\xf0\x9d\x85\xa5"
	    "\xf0\x9d\x85\xae");
	assert_int_equal(text_nfc("\xff", &got), SQ_EFORMAT);
	assert_int_equal(text_nfc("\xed\xa0\x80", &got), SQ_EFORMAT);
	assert_int_equal(text_nfc("\xe4\xb8", &got), SQ_EFORMAT);
	assert_null(got);
}

static enum sq_err
pass(const char *s, size_t n, struct secret **ret, bool *changed)
{
	struct secret *in = NULL;
	enum sq_err e;

	assert_int_equal(secret_copy((const uint8_t *)s, n, &in), SQ_OK);
	e = text_nfc_pass(in, ret, changed);
	secret_free(in);
	return e;
}

static void
passphrases_are_normalised(void **state)
{
	struct secret *out = NULL;
	char big[1025];
	bool changed = true;

	(void)state;
	assert_int_equal(pass("six words", 9, &out, &changed), SQ_OK);
	assert_false(changed);
	assert_int_equal(secret_len(out), 9);
	assert_memory_equal(secret_cbytes(out), "six words", 9);
	secret_free(out);
	out = NULL;
	assert_int_equal(pass("и\xcc\x86", 4, &out, &changed), SQ_OK);
	assert_true(changed);
	assert_int_equal(secret_len(out), 2);
	assert_memory_equal(secret_cbytes(out), "й", 2);
	secret_free(out);
	out = NULL;
	memset(big, 'x', sizeof(big));
	assert_int_equal(pass(big, 1024, &out, &changed), SQ_OK);
	secret_free(out);
	out = NULL;
	assert_int_equal(pass(big, 1025, &out, &changed), SQ_EREFUSED);
	assert_int_equal(pass("\xff", 1, &out, &changed), SQ_EREFUSED);
	assert_int_equal(pass("a\0b", 3, &out, &changed), SQ_EREFUSED);
	assert_null(out);
	/* 1,023 bytes that NFC makes longer than 1,024 */
	for (size_t i = 0; i + 4 <= 1024; i += 4)
		memcpy(big + i, "\xf0\x9d\x85\xa0", 4);
	assert_int_equal(pass(big, 1024, &out, &changed), SQ_EREFUSED);
	assert_null(out);
}

static void
fold_is(const char *in, const char *want)
{
	struct bytes_buf b = { 0 };
	char *got;

	assert_int_equal(text_fold(in, &b), SQ_OK);
	assert_non_null(got = bytes_str(&b));
	assert_string_equal(got, want);
	free(got);
}

static void
folding_is_that_of_the_index(void **state)
{
	struct bytes_buf b = { 0 };

	(void)state;
	fold_is("", "");
	fold_is("Tūrğanbäı", "turganbaı");
	fold_is("TURǴANBAI", "turganbai");
	fold_is("Ệệ", "ee");
	fold_is("ТҰРҒАНБАЙ", "тұрғанбай");
	fold_is("и\xcc\x86", "й");
	fold_is("Ё", "ё");
	fold_is("за\xcc\x81мок", "замок");
	fold_is("吐尔", "吐尔");
	fold_is("ئۇيغۇر", "ئۇيغۇر");
	assert_int_equal(text_fold("\xff", &b), SQ_EFORMAT);
	bytes_free(&b);
}

/* --- against FTS5 itself --- */

static sqlite3 *db;

static int
fts_open(void **state)
{
	(void)state;
	if (secret_init() != SQ_OK ||
	    sqlite3_open(":memory:", &db) != SQLITE_OK)
		return -1;
	return sqlite3_exec(db, "CREATE VIRTUAL TABLE fts USING fts5(kind,"
	    " title, name, text, content='', tokenize=\"unicode61"
	    " remove_diacritics 2\");"
	    "CREATE VIRTUAL TABLE v USING fts5vocab(fts, 'instance');",
	    NULL, NULL, NULL) == SQLITE_OK ? 0 : -1;
}

static int
fts_close(void **state)
{
	(void)state;
	return sqlite3_close(db) == SQLITE_OK ? 0 : -1;
}

/* A search as an expression of FTS5. */
static enum sq_err
query_of(const char *q, struct bytes_buf *out, struct why *why)
{
	struct text_terms t;
	enum sq_err e = text_terms_read(q, &t, why);

	if (e == SQ_OK)
		e = text_terms_query(&t, out);
	text_terms_free(&t);
	return e;
}

/* The stretch of a text around what is looked for. */
static enum sq_err
snippet_of(const char *text, const char *q, size_t max, char **ret,
    unsigned *ret_hits)
{
	struct text_found found = { .hits = 0 };
	struct text_sought *s = NULL;
	struct text_terms t;
	enum sq_err e = text_terms_read(q, &t, NULL);

	/* what cannot be looked for is found nowhere */
	if (e == SQ_EUSAGE) {
		t.n = 0;
		e = SQ_OK;
	}
	if (e == SQ_OK && (e = text_sought_new(&t, &s)) == SQ_OK)
		e = text_sought_in(s, text, max, &found);
	text_sought_free(s);
	text_terms_free(&t);
	*ret = found.snippet;
	*ret_hits = found.hits;
	return e;
}

/* How many rows of the table, which holds text alone, match the search. */
static int
rows(const char *query)
{
	struct bytes_buf b = { 0 };
	struct why why = { "" };
	sqlite3_stmt *st = NULL;
	int n = 0, rc;

	assert_int_equal(query_of(query, &b, &why), SQ_OK);
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT rowid FROM fts WHERE"
	    " fts MATCH ?", -1, &st, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_bind_text(st, 1, (const char *)b.p,
	    (int)b.len, SQLITE_STATIC), SQLITE_OK);
	while ((rc = sqlite3_step(st)) == SQLITE_ROW)
		n++;
	if (rc != SQLITE_DONE)
		fail_msg("%s: %.*s", sqlite3_errmsg(db), (int)b.len,
		    (const char *)b.p);
	(void)sqlite3_finalize(st);
	bytes_free(&b);
	return n;
}

/* The table with this one text in column text, and "testimony" in kind. */
static void
only(const char *text)
{
	struct bytes_buf b = { 0 };
	sqlite3_stmt *st = NULL;

	assert_int_equal(text_index(text, strlen(text), &b), SQ_OK);
	assert_int_equal(sqlite3_exec(db, "INSERT INTO fts(fts)"
	    " VALUES('delete-all')", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, "INSERT INTO fts(rowid, kind,"
	    " text) VALUES(1, 'testimony', ?)", -1, &st, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_bind_text(st, 1, (const char *)b.p,
	    (int)b.len, SQLITE_STATIC), SQLITE_OK);
	assert_int_equal(sqlite3_step(st), SQLITE_DONE);
	(void)sqlite3_finalize(st);
	bytes_free(&b);
}

static void
index_is(const char *in, const char *want)
{
	struct bytes_buf b = { 0 };
	char *got;

	assert_int_equal(text_index(in, strlen(in), &b), SQ_OK);
	assert_non_null(got = bytes_str(&b));
	assert_string_equal(got, want);
	free(got);
}

static void
han_is_indexed_in_pairs(void **state)
{
	(void)state;
	index_is("", "");
	index_is("plain text", "plain text");
	index_is("吐", " 吐 ");
	index_is("吐尔", " 吐尔 尔 ");
	index_is("吐尔干", " 吐尔 尔干 干 ");
	index_is("2017年在乌鲁木齐 x", "2017 年在 在乌 乌鲁 鲁木 木齐 齐  x");
	index_is("乌，鲁", " 乌 ， 鲁 ");
	index_is("\xf0\xa0\x80\x80\xf0\xa0\x80\x81", " \xf0\xa0\x80\x80"
	    "\xf0\xa0\x80\x81 \xf0\xa0\x80\x81 ");
	index_is("и\xcc\x86", "й");
	/* what is no UTF-8 passes through */
	index_is("a\xffz", "a\xffz");
	index_is("\xe4\xb8", "\xe4\xb8");
	index_is("и\xcc\x86\xff", "и\xcc\x86\xff");
}

static void
chinese_is_found(void **state)
{
	(void)state;
	only("我叫吐尔干巴依，2017年在乌鲁木齐被带走。新疆");
	assert_int_equal(rows("吐尔干巴依"), 1);
	assert_int_equal(rows("尔干"), 1);
	assert_int_equal(rows("巴依"), 1);
	assert_int_equal(rows("乌鲁木齐"), 1);
	assert_int_equal(rows("2017年"), 1);
	assert_int_equal(rows("2017年在乌"), 1);
	assert_int_equal(rows("\"木齐 被\""), 0);
	assert_int_equal(rows("\"带走 新疆\""), 1);
	assert_int_equal(rows("带走。新疆"), 1);
	assert_int_equal(rows("带走。"), 1);
	/* between scripts punctuation counts as little as between words */
	assert_int_equal(rows("依2017"), 1);
	/* each single character, the last of a run too */
	assert_int_equal(rows("吐"), 1);
	assert_int_equal(rows("干"), 1);
	assert_int_equal(rows("依"), 1);
	assert_int_equal(rows("疆"), 1);
	assert_int_equal(rows("依*"), 1);
	/* not what is only near */
	assert_int_equal(rows("吐干"), 0);
	assert_int_equal(rows("带走新疆"), 0);
	assert_int_equal(rows("尔吐"), 0);
	assert_int_equal(rows("2017在"), 0);
	assert_int_equal(rows("喀"), 0);
	only("x吐y");
	assert_int_equal(rows("x吐y"), 1);
	assert_int_equal(rows("吐y"), 1);
	assert_int_equal(rows("x吐"), 1);
	assert_int_equal(rows("xy"), 0);
}

static void
words_are_found(void **state)
{
	(void)state;
	only("Тұрғанбай Қасым, Тургунбаев; Turğanbaı TURSUN, قازاق ئۇيغۇر "
	    "don't detention-centre и\xcc\x86од ёлка");
	assert_int_equal(rows("тұрғанбай"), 1);
	assert_int_equal(rows("ТҰРҒАНБАЙ қасым"), 1);
	assert_int_equal(rows("қасым тұрғанбай"), 1);
	assert_int_equal(rows("\"қасым тұрғанбай\""), 0);
	assert_int_equal(rows("\"тұрғанбай қасым\""), 1);
	assert_int_equal(rows("\"тұрғанбай қасым"), 1);
	assert_int_equal(rows("turganbaı"), 1);
	assert_int_equal(rows("turs*"), 1);
	assert_int_equal(rows("turs"), 0);
	assert_int_equal(rows("tu* ту* т*"), 1);
	assert_int_equal(rows("قازاق"), 1);
	assert_int_equal(rows("ئۇيغۇر"), 1);
	assert_int_equal(rows("ئۇي*"), 1);
	assert_int_equal(rows("don't"), 1);
	assert_int_equal(rows("detention-centre"), 1);
	assert_int_equal(rows("centre-detention"), 0);
	assert_int_equal(rows("йод"), 1);
	assert_int_equal(rows("и\xcc\x86од"), 1);
	assert_int_equal(rows("ё\u043bка"), 1);
	/* words in which there is nothing to find do not spoil the others */
	assert_int_equal(rows("!!! tursun -- …"), 1);
	/* the kind column is not searched by what a person types */
	assert_int_equal(rows("қасым"), 1);
	assert_int_equal(rows("testimony"), 0);
}

/* Each of these is FTS5 syntax unquoted; here they are words or nothing. */
static void
searches_are_never_syntax(void **state)
{
	static const char *const none[] = { "NEAR", "NEAR(tursun kasym)",
	    "NEAR(tursun kasym, 5)", "kind:tursun", "kind : testimony",
	    "{kind}:testimony", "{kind} : testimony", "-kind:tursun",
	    "tursun + nothing", "tursun AND (nothing", "^nothing",
	    "\"tursun\"nothing", "tursun\"nothing", "tursun;nothing",
	    "rank:tursun", "fts:tursun", "tursun') OR_1=1 --",
	    "nothing OR 1=1 --", "nothing OR {kind} : (testimony",
	    "nothing OR kind:testimony", NULL };
	static const char *const found[] = { "tursun*", "(tursun)", "^tursun",
	    "+tursun", "-tursun", "tursun:", "{tursun}", "\"tursun\"",
	    "\"tursun", "tursun\"", "\"\"tursun", "tursun\"\"", "tursun**",
	    "*tursun", "'tursun'", "tursun,", "tursun\\", "[tursun]",
	    "tursun\t\n kasym", "tursun\x01", "\"\" \"\" tursun",
	    "@tursun#", "tursun%", "tursun;", "“tursun”", "«tursun»", NULL };

	(void)state;
	only("Tursun Kasym");
	for (size_t i = 0; none[i] != NULL; i++)
		if (rows(none[i]) != 0)
			fail_msg("found: %s", none[i]);
	for (size_t i = 0; found[i] != NULL; i++)
		if (rows(found[i]) != 1)
			fail_msg("not found: %s", found[i]);
	only("and or not near kind");
	assert_int_equal(rows("\"AND OR NOT NEAR\" kind"), 1);
	assert_int_equal(rows("and or not NEAR kind"), 1);
}

/* AND, OR and NOT mean what they say, and nothing without their words. */
static void
operators_mean_what_they_say(void **state)
{
	static const char *const no[] = { "AND", "OR", "NOT", "tursun AND",
	    "AND tursun", "OR tursun", "tursun OR", "NOT tursun",
	    "tursun OR NOT kasym", "tursun AND OR kasym", "tursun NOT",
	    "tursun NOT AND kasym", "tursun OR …", "tursun OR OR kasym",
	    NULL };
	static const char *const yes[] = { "tursun AND kasym",
	    "tursun OR nothing", "nothing OR tursun", "tursun NOT nothing",
	    "nothing OR nobody OR kasym", "nothing kasym OR tursun",
	    "tursun AND NOT nothing", "tursun NOT nothing NOT nobody",
	    "\"tursun\" OR \"nothing\"", "nothing NOT tursun OR kasym",
	    "tur* NOT \"kasym tursun\"", NULL };
	static const char *const none[] = { "tursun NOT kasym",
	    "nothing OR tursun nobody", "tursun NOT \"tursun kasym\"",
	    "tursun NOT nothing NOT kasym", "tursun NOT kas*",
	    "nothing NOT nobody", "tursun AND NOT kasym OR nothing", NULL };
	struct bytes_buf b = { 0 };
	struct why why;

	(void)state;
	only("Tursun Kasym");
	for (size_t i = 0; no[i] != NULL; i++) {
		why.text[0] = '\0';
		if (query_of(no[i], &b, &why) != SQ_EUSAGE ||
		    why.text[0] == '\0')
			fail_msg("not refused: %s", no[i]);
	}
	for (size_t i = 0; yes[i] != NULL; i++)
		if (rows(yes[i]) != 1)
			fail_msg("not found: %s", yes[i]);
	for (size_t i = 0; none[i] != NULL; i++)
		if (rows(none[i]) != 0)
			fail_msg("found: %s", none[i]);
	bytes_free(&b);
}

/* Every single byte and pair of special characters keeps FTS5 content. */
static void
searches_never_fail(void **state)
{
	static const char odd[] = "\"*()^+-:{},;'\\ANDORNT.&|<>=~!@#$%[]/ \t";
	char q[8];
	struct bytes_buf b = { 0 };
	struct why why;

	(void)state;
	only("Tursun Kasym");
	for (size_t i = 0; odd[i] != '\0'; i++)
		for (size_t k = 0; odd[k] != '\0'; k++) {
			(void)snprintf(q, sizeof(q), "a%c%cb", odd[i], odd[k]);
			(void)rows(q);
			(void)snprintf(q, sizeof(q), "%c%c", odd[i], odd[k]);
			b.len = 0;
			if (query_of(q, &b, &why) == SQ_OK)
				(void)rows(q);
		}
	bytes_free(&b);
}

static void
empty_searches_are_usage(void **state)
{
	static const char *const empty[] = { "", " ", "\"", "\"\"", "* *",
	    "!!!", "\" \"", "()", "…", "\xff", "\xe4\xb8", NULL };
	struct bytes_buf b = { 0 };
	struct why why;
	char big[5000];

	(void)state;
	for (size_t i = 0; empty[i] != NULL; i++) {
		why.text[0] = '\0';
		assert_int_equal(query_of(empty[i], &b, &why), SQ_EUSAGE);
		assert_true(why.text[0] != '\0');
		assert_int_equal(b.len, 0);
	}
	memset(big, 'a', sizeof(big));
	big[4999] = '\0';
	assert_int_equal(query_of(big, &b, &why), SQ_EUSAGE);
	for (size_t i = 0; i < 80; i += 2)
		memcpy(big + i, "a ", 2);
	big[64] = '\0';
	assert_int_equal(query_of(big, &b, &why), SQ_OK);
	b.len = 0;
	memcpy(big + 64, "a ", 3);
	assert_int_equal(query_of(big, &b, &why), SQ_EUSAGE);
	bytes_free(&b);
}

/* Every letter up to U+2FFF folds as FTS5 folds it, as far as it knows it. */
static void
folding_agrees_with_fts5(void **state)
{
	char text[16], *got;
	struct bytes_buf c = { 0 }, b = { 0 };
	sqlite3_stmt *st = NULL;
	unsigned known = 0, differ = 0;

	(void)state;
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT term FROM v WHERE"
	    " col = 'text'", -1, &st, NULL), SQLITE_OK);
	for (unsigned u = 0xc0; u < 0x2000; u++) {
		(void)snprintf(text, sizeof(text), "%c%c%cx",
		    (int)(0xe0 | u >> 12), (int)(0x80 | (u >> 6 & 63)),
		    (int)(0x80 | (u & 63)));
		if (u < 0x800)
			(void)snprintf(text, sizeof(text), "%c%cx",
			    (int)(0xc0 | u >> 6), (int)(0x80 | (u & 63)));
		only(text);
		assert_int_equal(sqlite3_step(st), SQLITE_ROW);
		b.len = c.len = 0;
		assert_int_equal(text_fold(text, &b), SQ_OK);
		bytes_puts(&c, (const char *)sqlite3_column_text(st, 0));
		/* a separator: nothing to compare */
		if (c.len > 1) {
			known++;
			got = (char *)b.p;
			differ += b.len != c.len ||
			    memcmp(got, c.p, c.len) != 0;
		}
		assert_int_equal(sqlite3_reset(st), SQLITE_OK);
	}
	(void)sqlite3_finalize(st);
	bytes_free(&b);
	bytes_free(&c);
	assert_true(known > 6000);
	/* letters newer than its tables, and what NFC itself changes */
	if (differ > 160)
		fail_msg("%u of %u differ", differ, known);
}

/* --- snippets --- */

static void
snippet_has(const char *text, const char *query, size_t max, unsigned hits,
    const char *part)
{
	char *got = NULL;
	unsigned n = 99;

	assert_int_equal(snippet_of(text, query, max, &got, &n), SQ_OK);
	if (n != hits || strstr(got, part) == NULL)
		fail_msg("%s: %u hits: %s", query, n, got);
	assert_true(bytes_utf8(got, strlen(got)));
	assert_true(strlen(got) <= 4 * max + 8);
	free(got);
}

static void
snippets_show_the_original(void **state)
{
	static const char kk[] = "Бұл ұзақ мәтін. Ол кісі Үрімжі қаласында "
	    "тұрған. ТҰРҒАНБАЙ Қасымұлы 2017 жылы ұсталды, содан бері хабар "
	    "жоқ. Отбасы оны іздеп жүр.";
	static const char lat[] = "Būl ūzaq mätın. Ol kısı Ürımjı qalasynda "
	    "tūrğan. Tūrğanbai Qasymūly 2017 jyly ūstaldy, sodan berı habar "
	    "joq. Otbasy ony ızdep jür.";
	static const char ar[] = "بۇل ۇزاق ماتىن. ول كىسى ءۇرىمجى قالاسىندا "
	    "تۇرعان. تۇرعانباي قاسىم ۇلى 2017 جىلى ۇستالدى، سودان بەرى حابار "
	    "جوق.";
	static const char ug[] = "بۇ ئۇزۇن تېكىست. ئۇ كىشى ئۈرۈمچىدە تۇراتتى. "
	    "تۇرغانباي 2017-يىلى تۇتۇلدى، شۇنىڭدىن بېرى خەۋەر يوق.";
	static const char zh[] = "这是一段很长的文字。他住在乌鲁木齐。吐尔干巴依"
	    "于2017年被带走，从此没有消息。家人一直在找他。";
	static const char ru[] = "Это длинный текст. Он жил в Урумчи. "
	    "Тургунба\xd0\xb8\xcc\x86 был задержан в 2017 году, с тех пор "
	    "известий нет. Семья его ищет.";

	(void)state;
	snippet_has(kk, "тұрғанбай", 40, 1, "ТҰРҒАНБАЙ");
	snippet_has(kk, "хабар отбасы жоқтық", 60, 2, "хабар");
	snippet_has(lat, "TURGANBAI", 40, 1, "Tūrğanbai");
	snippet_has(lat, "qasym*", 40, 1, "Qasymūly");
	snippet_has(lat, "qasym", 40, 0, "Būl");
	snippet_has(ar, "تۇرعانباي", 40, 1, "تۇرعانباي");
	snippet_has(ug, "تۇرغانباي", 40, 1, "تۇرغانباي");
	snippet_has(zh, "干巴", 16, 1, "吐尔干巴依");
	snippet_has(zh, "找", 16, 1, "找");
	snippet_has(zh, "2017年被", 16, 1, "2017年被带走");
	snippet_has(zh, "带走 消息 喀什", 30, 2, "带走");
	/* found with the letter composed, shown as it was typed */
	snippet_has(ru, "тургунбай", 40, 1, "Тургунба\xd0\xb8\xcc\x86");
	snippet_has(ru, "\"был задержан\"", 40, 1, "был задержан");
	snippet_has(ru, "\"задержан был\"", 40, 0, "Это");
}

static void
snippet_is(const char *text, const char *query, size_t max, const char *want)
{
	char *got = NULL;
	unsigned n;

	assert_int_equal(snippet_of(text, query, max, &got, &n), SQ_OK);
	assert_string_equal(got, want);
	free(got);
}

static void
snippets_are_cut_between_words(void **state)
{
	(void)state;
	snippet_is("", "x", 10, "");
	snippet_is("short", "x", 10, "short");
	snippet_is("one two three four five six seven", "five", 18,
	    "…three four five…");
	snippet_is("one two three four five six seven", "one", 13,
	    "one two…");
	snippet_is("one two three four five six seven", "seven", 13,
	    "…six seven");
	/* control characters are spaces, and only one of them */
	snippet_is("a\r\n\tb\x1b[2J \x7f c\xc2\x9b""d\xe2\x80\xa8""e", "b", 90,
	    "a b [2J c d e");
	snippet_is("\n\nx\n\n", "x", 90, "x");
	/* queries that ask for nothing, and text that is none */
	snippet_is("abc", "", 90, "abc");
	snippet_is("abc", "\xff", 90, "abc");
	snippet_is("a\xffz", "z", 90, "a\xef\xbf\xbdz");
	snippet_is("abc", "abc", 0, "…");
}

/* --- tags --- */

static void
tags_are_canonical(void **state)
{
	static const char *const good[][2] = {
		{ "kk", "kk" }, { "KK-CYRL", "kk-Cyrl" },
		{ "kk-latn-kz", "kk-Latn-KZ" }, { "kk-Arab-CN", "kk-Arab-CN" },
		{ "ug-arab", "ug-Arab" }, { "ZH-hans", "zh-Hans" },
		{ "zh-cmn-Hans-CN", "zh-cmn-Hans-CN" }, { "und", "und" },
		{ "es-419", "es-419" }, { "de-CH-1901", "de-CH-1901" },
		{ "sl-rozaj-biske-1994", "sl-rozaj-biske-1994" },
		{ "en-a-bbb-x-a-ccc", "en-a-bbb-x-a-ccc" },
		{ "kk-t-zh-hans", "kk-t-zh-hans" },
		{ "X-Whatever", "x-whatever" }, { "en-u-ca-gregory",
		    "en-u-ca-gregory" },
		{ "aaa-bbb-ccc-ddd-Abcd-EF-12345678",
		    "aaa-bbb-ccc-ddd-Abcd-EF-12345678" },
	};
	static const char *const bad[] = { "", "k", "kazakh", "russian", "-kk",
	    "kk-", "kk--Cyrl", "kk_Cyrl", "kk-Cyrillic-", "kk Cyrl", "12",
	    "kk-Cyr1", "en-a", "en-x", "x", "en-a-b", "en-a-bb-a-cc",
	    "de-1901-1901", "i-klingon", "sgn-BE-FR", "kk-Cyrl-Latn",
	    "en-abcdefghi", "қаз", "kk\n", "a-DE", "abcd",
	    "x-12345678-12345678-12345678-123456789", NULL };
	char out[36];

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		if (text_lang(good[i][0], out) != SQ_OK)
			fail_msg("refused: %s", good[i][0]);
		assert_string_equal(out, good[i][1]);
	}
	strcpy(out, "was");
	for (size_t i = 0; bad[i] != NULL; i++)
		if (text_lang(bad[i], out) != SQ_EREFUSED)
			fail_msg("taken: %s", bad[i]);
	assert_string_equal(out, "was");
}

/* --- dates --- */

static void
dates_are_read(void **state)
{
	static const char *const good[][2] = {
		{ "2017", "2017" }, { "0000", "0000" }, { "9999", "9999" },
		{ "2017-10", "2017-10" }, { "2017-10-05", "2017-10-05" },
		{ "2016-02-29", "2016-02-29" }, { "2000-02-29", "2000-02-29" },
		{ "2017-10~", "2017-10~" }, { "2017?", "2017?" },
		{ "2017-10-05%", "2017-10-05%" }, { "2017-XX", "2017-XX" },
		{ "2017-10-xx", "2017-10-XX" }, { "2017-XX-XX", "2017-XX-XX" },
		{ "201X", "201X" }, { "20XX", "20XX" }, { "201X~", "201X~" },
		{ "2017-21", "2017-21" }, { "2017-24?", "2017-24?" },
		{ "2017-10/2018-02", "2017-10/2018-02" },
		{ "2017-10/..", "2017-10/.." }, { "../2017", "../2017" },
		{ "2017/", "2017/" }, { "/2017", "/2017" },
		{ "2017/open", "2017/.." }, { "unknown/2017", "/2017" },
		{ "2017-10~/2018?", "2017-10~/2018?" },
		{ "2017/2017-01", "2017/2017-01" },
		{ "2017-10-05/2017-10-05", "2017-10-05/2017-10-05" },
		{ " 2017 ", "2017" },
	};
	static const char *const bad[] = { "", " ", "17", "217", "20177",
	    "2017-", "2017-1", "2017-00", "2017-13", "2017-20", "2017-25",
	    "2017-10-", "2017-10-5", "2017-10-00", "2017-10-32", "2017-09-31",
	    "2017-02-29", "1900-02-29", "2017-02-30", "2017-21-01",
	    "2017-XX-05", "2017-1X", "2017-10-0X", "XXXX", "2XXX", "20X7",
	    "201X-10", "20XX-XX", "2017~~", "2017~-10", "~2017", "2017-10 ~",
	    "?", "~", "2017/10", "2018/2017", "2017-10-06/2017-10-05",
	    "2017-11/2017-10", "/", "../..", "../", "/..", "..", "2017/2018/",
	    "2017//2018", "2017/2018/2019", "201X/2018", "2017-XX/2018",
	    "-2017", "Y12017", "05.10.2017", "10/05/2017", "2017.10.05",
	    "October 2017", "2017-10-05T10:00:00Z", "2017年", "２０１７",
	    "2017-10-05\n", "open", "unknown", "open/open", "2017\\2018",
	    "2017-10-05-01", "+2017", "0x11", "2017 - 2018", NULL };
	char *got;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		got = NULL;
		if (text_edtf(good[i][0], &got) != SQ_OK)
			fail_msg("refused: %s", good[i][0]);
		assert_string_equal(got, good[i][1]);
		free(got);
	}
	got = NULL;
	for (size_t i = 0; bad[i] != NULL; i++)
		if (text_edtf(bad[i], &got) != SQ_EREFUSED)
			fail_msg("taken: %s", bad[i]);
	assert_null(got);
}

static void
times_are_read(void **state)
{
	static const char *const good[] = { "2017-10-05T14:30:00Z",
	    "2017-10-05T14:30:00+06:00", "2017-10-05T00:00:00-00:00",
	    "2016-02-29T23:59:59.123456789Z", "2017-10-05T14:30:00.1-11:30",
	    NULL };
	static const char *const bad[] = { "", "2017-10-05", "2017-10-05T14:30",
	    "2017-10-05T14:30:00", "2017-10-05 14:30:00Z",
	    "2017-10-05t14:30:00z", "2017-10-05T24:00:00Z",
	    "2017-10-05T23:60:00Z", "2017-10-05T23:59:60Z",
	    "2017-02-29T14:30:00Z", "2017-13-05T14:30:00Z",
	    "2017-10-XXT14:30:00Z", "2017-10-0~T14:30:00Z",
	    "2017-10-05T14:30:00.Z", "2017-10-05T14:30:00.1234567890Z",
	    "2017-10-05T14:30:00+24:00", "2017-10-05T14:30:00+06:60",
	    "2017-10-05T14:30:00+0600", "2017-10-05T14:30:00Zx",
	    "2017-10-05T1X:30:00Z", "2017-10-05T14:30:00,5Z", NULL };

	(void)state;
	for (size_t i = 0; good[i] != NULL; i++)
		if (text_time(good[i]) != SQ_OK)
			fail_msg("refused: %s", good[i]);
	for (size_t i = 0; bad[i] != NULL; i++)
		if (text_time(bad[i]) != SQ_EREFUSED)
			fail_msg("taken: %s", bad[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nfc_composes),
		cmocka_unit_test(passphrases_are_normalised),
		cmocka_unit_test(folding_is_that_of_the_index),
		cmocka_unit_test(han_is_indexed_in_pairs),
		cmocka_unit_test(chinese_is_found),
		cmocka_unit_test(words_are_found),
		cmocka_unit_test(searches_are_never_syntax),
		cmocka_unit_test(operators_mean_what_they_say),
		cmocka_unit_test(searches_never_fail),
		cmocka_unit_test(empty_searches_are_usage),
		cmocka_unit_test(folding_agrees_with_fts5),
		cmocka_unit_test(snippets_show_the_original),
		cmocka_unit_test(snippets_are_cut_between_words),
		cmocka_unit_test(tags_are_canonical),
		cmocka_unit_test(dates_are_read),
		cmocka_unit_test(times_are_read),
	};

	return cmocka_run_group_tests_name("text", tests, fts_open, fts_close);
}
