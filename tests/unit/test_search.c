/*
 * Search through its public door: what is found, in which order, shown how,
 * and that words edited out are gone from the index.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/unit/raw_help.h"

/* --- asking --------------------------------------------------------------- */

static struct hits {
	size_t n;
	struct {
		char ref[MODEL_REF_MAX];
		char type[16], field[32], title[128], snippet[512];
		int64_t score;
	} h[64];
} found;

static enum sq_err
one_hit(void *arg, const struct vault_hit *h)
{
	struct hits *f = arg;
	size_t i = f->n++;

	assert_true(i < 64);
	(void)snprintf(f->h[i].ref, sizeof(f->h[0].ref), "%s", h->ref);
	(void)snprintf(f->h[i].type, sizeof(f->h[0].type), "%s",
	    h->type->name);
	(void)snprintf(f->h[i].field, sizeof(f->h[0].field), "%s", h->field);
	(void)snprintf(f->h[i].title, sizeof(f->h[0].title), "%s", h->title);
	(void)snprintf(f->h[i].snippet, sizeof(f->h[0].snippet), "%s",
	    h->snippet);
	f->h[i].score = h->score;
	return SQ_OK;
}

static enum sq_err
try_search(const char *query, const char *type, size_t limit)
{
	memset(&found, 0, sizeof(found));
	door_why.text[0] = '\0';
	return vault_search(door_v, query, type, limit, one_hit, &found,
	    &door_why);
}

/* These and no others, in any order. */
static void
finds(const char *query, const char *refs)
{
	char list[256] = "", want[256];
	char *r;
	size_t n = 0;

	OK(try_search(query, NULL, 0));
	for (size_t i = 0; i < found.n; i++)
		(void)snprintf(list + strlen(list), sizeof(list) -
		    strlen(list), "%s ", found.h[i].ref);
	(void)snprintf(want, sizeof(want), "%s", refs);
	for (r = strtok(want, " "); r != NULL; r = strtok(NULL, " "), n++) {
		char one[40];
		char all[260];

		(void)snprintf(one, sizeof(one), " %s ", r);
		(void)snprintf(all, sizeof(all), " %s", list);
		if (strstr(all, one) == NULL)
			fail_msg("«%s» finds %s, not %s", query, list, r);
	}
	if (n != found.n)
		fail_msg("«%s» finds %s, not just %s", query, list, refs);
}

/* --- what is found -------------------------------------------------------- */

static void
test_where(void **state)
{
	(void)state;
	door_new();
	door_add("person", "name", "Gulbahar Jelilova", "nickname", "Gul",
	    "pseudonym", "Witness Seven", "notes", "speaks fluently");
	door_add("testimony", "summary", "Fifteen months in Urumqi", "text",
	    "They took the phone at the border.\nThen the cell.",
	    "interviewer", "Serik", "welfare_notes", "needed a break",
	    "translation.ru", "Забрали телефон на границе");
	door_add("media", "original_name", "border-crossing.mp4", "url",
	    "https://example.org/watch");
	door_add("case", "title", "Border cases", "item", "T-1");
	finds("jelilova", "P-1");
	finds("GUL", "P-1");
	finds("witness seven", "P-1");
	finds("fluently", "P-1");
	finds("urumqi months", "T-1");
	finds("phone", "T-1");
	finds("serik", "T-1");
	finds("break", "T-1");
	finds("телефон", "T-1");
	finds("border", "T-1 M-1 C-1");
	finds("mp4", "M-1");
	finds("example", "M-1");
	finds("nowhere", "");
	finds("phone nowhere", "");
	/* whole words, unless asked for a beginning */
	finds("fift", "");
	finds("fift*", "T-1");
	finds("jelil*", "P-1");
	/* but a surname by what stands before -ova, as names are */
	finds("jelil", "P-1");
	finds("bord* cross*", "M-1");
	/* phrases */
	finds("\"fifteen months\"", "T-1");
	finds("\"months fifteen\"", "");
	finds("\"the border\" cell", "T-1");
	/* not the type itself, nor a field's name or language */
	finds("testimony", "");
	finds("person", "");
	finds("summary", "");
	finds("ru", "");
}

static void
test_letters(void **state)
{
	(void)state;
	door_new();
	door_add("person", "name", "Éva Şahin-Öztürk");
	door_add("person", "name.kk-Cyrl", "Әлихан Бөкейханов");
	door_add("person", "name.ug-Arab", "گۈلباھار");
	door_add("person", "name", "E\xcc\x81mile");	/* decomposed */
	finds("eva", "P-1");
	finds("ÉVA", "P-1");
	finds("sahin", "P-1");
	finds("öztürk", "P-1");
	finds("ozturk", "P-1");
	finds("әлихан", "P-2");
	finds("ӘЛИХАН", "P-2");
	finds("бөкей*", "P-2");
	finds("گۈلباھار", "P-3");
	finds("émile", "P-4");
	finds("emile", "P-4");
}

static void
test_chinese(void **state)
{
	(void)state;
	door_new();
	door_add("testimony", "text.zh-Hans", "我在乌鲁木齐的再教育营里，三个月。");
	door_add("person", "pseudonym", "A", "document_name.zh-Hans",
	    "古丽巴哈尔");
	door_add("person", "pseudonym", "B", "document_name.zh-Hans", "李");
	door_add("testimony", "summary", "Camp 教育 and ABC乌鲁DEF");
	finds("乌鲁木齐", "T-1");
	finds("木齐", "T-1");
	finds("再教", "T-1");
	finds("教育", "T-1 T-2");
	finds("教育营", "T-1");
	finds("营教", "");
	finds("齐木", "");
	finds("乌齐", "");
	/* one character alone, also at the end of a run */
	finds("营", "T-1");
	finds("月", "T-1");
	finds("尔", "P-1");
	finds("李", "P-2");
	finds("古丽巴哈尔", "P-1");
	finds("乌鲁", "T-1 T-2");
	finds("camp 教育", "T-2");
	finds("\"三个月\"", "T-1");
}

static void
test_type_and_limit(void **state)
{
	struct bytes_buf b = { 0 };
	char *s;

	(void)state;
	door_new();
	for (int i = 0; i < 30; i++)
		bytes_putf(&b, "{\"summary\":\"camp number %d\"}\n", i);
	s = bytes_str(&b);
	OK(door_batch("testimony", s, NULL));
	free(s);
	door_add("person", "pseudonym", "camp doctor");
	OK(try_search("camp", NULL, 0));
	assert_int_equal(found.n, 20);
	OK(try_search("camp", NULL, 7));
	assert_int_equal(found.n, 7);
	OK(try_search("camp", NULL, 60));
	assert_int_equal(found.n, 31);
	OK(try_search("camp", "person", 0));
	assert_int_equal(found.n, 1);
	assert_string_equal(found.h[0].type, "person");
	OK(try_search("camp", "media", 0));
	assert_int_equal(found.n, 0);
	/* all words of the query, whatever the type */
	OK(try_search("camp doctor", "testimony", 0));
	assert_int_equal(found.n, 0);
	ERR(try_search("camp", "camp", 0), SQ_EUSAGE);
}

static void
test_order(void **state)
{
	(void)state;
	door_new();
	door_add("testimony", "summary", "Something else", "text", "In a long "
	    "account, among very many other words that say nothing of it, the "
	    "name Sairagul is mentioned once, and then again other words.");
	door_add("testimony", "summary", "Sairagul speaks", "text",
	    "An account of some length that does not repeat it at all.");
	door_add("person", "name", "Sairagul");
	OK(try_search("sairagul", NULL, 0));
	assert_int_equal(found.n, 3);
	assert_string_equal(found.h[2].ref, "T-1");
	for (size_t i = 0; i + 1 < found.n; i++)
		assert_true(found.h[i].score >= found.h[i + 1].score);
	for (size_t i = 0; i < found.n; i++) {
		assert_non_null(strstr(found.h[i].snippet, "Sairagul"));
		assert_null(strchr(found.h[i].snippet, '\n'));
	}
	assert_string_equal(found.h[2].field, "text");
	assert_string_equal(found.h[2].title, "Something else");
	assert_non_null(strstr(found.h[2].snippet, "…"));
	assert_true(strlen(found.h[2].snippet) < 200);
}

/* A snippet is text as it stands, control bytes and markup and all. */
static void
test_snippet_plain(void **state)
{
	(void)state;
	door_new();
	door_add("testimony", "text", "line one\nline <b>two</b> & \"three\"\t"
	    "findme\nline four");
	OK(try_search("findme", NULL, 0));
	assert_int_equal(found.n, 1);
	assert_string_equal(found.h[0].snippet,
	    "line one line <b>two</b> & \"three\" findme line four");
}

/* --- what was edited ------------------------------------------------------ */

static void
test_edit(void **state)
{
	(void)state;
	door_new();
	door_add("testimony", "summary", "zebraquux lives", "text",
	    "the xylophonist of 乌鲁木齐", "place", "Kuldzha");
	finds("zebraquux", "T-1");
	door_edit("T-1", "summary", "renamed");
	finds("zebraquux", "");
	finds("renamed", "T-1");
	finds("xylophonist", "T-1");
	door_edit("T-1", "text", "of 北京");
	finds("xylophonist", "");
	finds("乌鲁", "");
	finds("北京", "T-1");
	OK(door_unset("T-1", "place"));
	finds("kuldzha", "");
	/* back and forth many times: the index keeps pace */
	for (int i = 0; i < 30; i++)
		door_edit("T-1", "summary", i % 2 ? "evenword" : "oddword");
	finds("evenword", "T-1");
	finds("oddword", "");
	door_open();
	finds("evenword", "T-1");
	finds("oddword", "");
}

/* Not only not found: not there. */
static void
test_edit_erases(void **state)
{
	static const char *const gone[] = { "zebraquux", "xylophonist",
	    "kuldzhatown", "乌鲁", "木齐" };
	struct bytes_buf b = { 0 };
	sqlite3 *db;
	char sql[128], *s;

	(void)state;
	door_new();
	for (int i = 0; i < 300; i++)
		bytes_putf(&b, "{\"summary\":\"other %d\",\"text\":\"filler "
		    "word%d and zany yurt kumis\"}\n", i, i);
	s = bytes_str(&b);
	OK(door_batch("testimony", s, NULL));
	free(s);
	door_add("testimony", "summary", "zebraquux lives", "text",
	    "the xylophonist of 乌鲁木齐", "place", "Kuldzhatown");
	db = raw_open();
	raw_run(db, "CREATE VIRTUAL TABLE temp.vocab USING fts5vocab(main, "
	    "fts, row)");
	for (size_t i = 0; i < 5; i++) {
		(void)snprintf(sql, sizeof(sql), "SELECT count(*) FROM "
		    "temp.vocab WHERE term = '%s'", gone[i]);
		assert_int_equal(raw_int(db, sql), 1);
	}
	assert_true(raw_has(db, "SELECT block FROM fts_data", "braquux"));
	assert_true(raw_has(db, "SELECT block FROM fts_data", "ylophonist"));
	raw_run(db, "DROP TABLE temp.vocab");
	raw_close(db);
	door_edit("T-301", "summary", "renamed", "text", "another", "place",
	    "elsewhere");
	db = raw_open();
	raw_run(db, "CREATE VIRTUAL TABLE temp.vocab USING fts5vocab(main, "
	    "fts, row)");
	for (size_t i = 0; i < 5; i++) {
		(void)snprintf(sql, sizeof(sql), "SELECT count(*) FROM "
		    "temp.vocab WHERE term = '%s'", gone[i]);
		if (raw_int(db, sql) != 0)
			fail_msg("%s is still there", gone[i]);
	}
	assert_false(raw_has(db, "SELECT block FROM fts_data", "braquux"));
	assert_false(raw_has(db, "SELECT block FROM fts_data", "ylophonist"));
	assert_false(raw_has(db, "SELECT block FROM fts_data", "dzhatown"));
	raw_run(db, "INSERT INTO fts(fts) VALUES('integrity-check')");
	raw_run(db, "DROP TABLE temp.vocab");
	raw_close(db);
	/* what was refused is in no index either */
	ERR(door_try_edit("T-301", "summary", "neverword", "date", "soon",
	    NULL), SQ_EREFUSED);
	finds("neverword", "");
	finds("renamed", "T-301");
}

/* --- queries that mean harm ----------------------------------------------- */

static void
test_hostile(void **state)
{
	static const char *const q[] = { "", " ", "\"", "\"\"", "*", "**",
	    "a*b", "* a", "AND", "OR", "NOT", "a AND", "AND a", "a OR b",
	    "a NOT b", "NEAR(a b)", "NEAR(a b, 2)", "title:a", "title : a",
	    "{title}:a", "{title name} : a", "-title:a", "^a", "a^", "+a",
	    "a + b", "a - b", "(a", "a)", "()", "((a))", "\"a", "a\"",
	    "\"a\"\"b\"", "\"a\"*", "a\"b\"c", "'a'", "'; DROP TABLE fts; --",
	    "a;b", "fts", "rank", "rowid:1", "kind:person", "kind : person",
	    "\\", "\\\"", "%", "_", "a\tb", "a\nb", "\x01", "\x7f", "a\x01"
	    "b", "😀", "😀 a", "\xe2\x80\xae" "a", "\xcc\x81", "a\xcc\x81",
	    "\xff", "a\xff", "\xe4\xb9", "乌\xff", "\"乌鲁\"*", "乌*", "* 乌",
	    "a\"*\"b", "\"*\"", "\"^\" a", "{", "}", "{a}", ":", "a:",
	    ":a", ",", "a,b", "<a>", "[a]", "a\xc2\xa0" "b", "%s%n%x" };
	char *many, *at;

	(void)state;
	door_new();
	door_add("person", "pseudonym", "a", "notes", "b c rank fts");
	door_add("testimony", "text", "a b 乌鲁");
	for (size_t i = 0; i < sizeof(q) / sizeof(q[0]); i++) {
		enum sq_err e = try_search(q[i], NULL, 0);

		if (e != SQ_OK && (e != SQ_EUSAGE ||
		    door_why.text[0] == '\0'))
			fail_msg("«%s»: error %d: %s", q[i], e,
			    door_why.text);
		e = try_search(q[i], "person", 0);
		assert_true(e == SQ_OK || e == SQ_EUSAGE);
		for (size_t k = 0; k < found.n; k++)
			assert_string_equal(found.h[k].type, "person");
	}
	/* words of FTS5's own are words here */
	finds("rank", "P-1");
	finds("a NOT b", "");
	finds("NEAR", "");
	many = malloc(100000);
	assert_non_null(many);
	for (at = many; at < many + 64; )
		at += sprintf(at, "a ");
	OK(try_search(many, NULL, 0));
	for (; at < many + 90000; )
		at += sprintf(at, "a ");
	ERR(try_search(many, NULL, 0), SQ_EUSAGE);
	memset(many, 'a', 99999);
	many[99999] = '\0';
	ERR(try_search(many, NULL, 0), SQ_EUSAGE);
	many[4000] = '\0';
	OK(try_search(many, NULL, 0));
	free(many);
}

/* An index that names what the log does not have is damage, and said. */
static void
test_index_of_nothing(void **state)
{
	sqlite3 *db;

	(void)state;
	door_new();
	door_add("person", "pseudonym", "quiet");
	db = raw_open();
	raw_run(db, "INSERT INTO fts(rowid, kind, title, name, text) "
	    "VALUES(77, 'person', 'ghostword', '', '')");
	raw_close(db);
	ERR(try_search("ghostword", NULL, 0), SQ_EDAMAGE);
	ERR(try_search("quiet", NULL, 0), SQ_EDAMAGE);
	assert_string_equal(door_value("P-1", 0, "pseudonym"), "quiet");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_where),
		cmocka_unit_test(test_letters),
		cmocka_unit_test(test_chinese),
		cmocka_unit_test(test_type_and_limit),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_snippet_plain),
		cmocka_unit_test(test_edit),
		cmocka_unit_test(test_edit_erases),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_index_of_nothing)
	};
	int rc;

	door_start();
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	door_end();
	return rc;
}
