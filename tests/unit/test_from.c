#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/bytes.h"
#include "crypto/secret.h"
#include "vault/record/from.h"

/* What was handed over, a line per value and one per record. */
static struct bytes_buf got;
static struct why why;
static enum sq_err answer;

static enum sq_err
take(void *arg, struct model_inputs *in)
{
	(void)arg;
	for (size_t i = 0; i < in->n; i++)
		bytes_putf(&got, "%s[%s]=%s|", in->v[i].name,
		    in->v[i].lang == NULL ? "" : in->v[i].lang,
		    in->v[i].value);
	bytes_puts(&got, ";");
	return answer;
}

static enum sq_err
parse_n(const char *type, const char *s, size_t n)
{
	char *copy = malloc(n + (n == 0));
	enum sq_err e;

	/* exactly as long as it is, so that a read beyond it is seen */
	assert_non_null(copy);
	memcpy(copy, s, n);
	bytes_free(&got);
	why.text[0] = '\0';
	e = from_parse(model_type(type), copy, n, take, NULL, &why);
	free(copy);
	return e;
}

static void
reads(const char *type, const char *s, const char *want)
{
	enum sq_err e = parse_n(type, s, strlen(s));
	char *all;

	if (e != SQ_OK)
		fail_msg("%s: %s", s, why.text);
	assert_non_null(all = bytes_str(&got));
	assert_string_equal(all, want);
	free(all);
}

/* Refused with this in the sentence, and nothing handed over. */
static void
refuses(const char *type, const char *s, enum sq_err want, const char *part)
{
	enum sq_err e = parse_n(type, s, strlen(s));

	if (e != want || strstr(why.text, part) == NULL)
		fail_msg("%s: %d: %s", s, (int)e, why.text);
	assert_int_equal(got.len, 0);
}

#define LINES "a\r\na\r\na\r\na\r\na\r\na\r\na\r\na\r\na\r\na\r\n"
#define READ "a\na\na\na\na\na\na\na\na\na\n"
#define READ1 "a\na\na\na\na\na\na\na\na\na"

static void
text_is_read(void **state)
{
	(void)state;
	reads("testimony", "summary: A day\nwitness: P-1\n\nIt was\n\ncold.\n",
	    "summary[]=A day|witness[]=P-1|text[]=It was\n\ncold.|;");
	/* byte-order mark, CR LF, languages, lists, colons in values */
	reads("testimony", "\xef\xbb\xbfsummary.ru: День: первый\r\n"
	    "interviewer.kk-Cyrl:Айгүл \r\ninterviewer: B\r\n\r\nодин\r\nдва",
	    "summary[ru]=День: первый|interviewer[kk-Cyrl]=Айгүл|"
	    "interviewer[]=B|text[]=один\nдва|;");
	reads("testimony", "\nonly a body\n", "text[]=only a body|;");
	reads("testimony", " \nbody", "text[]=body|;");
	reads("testimony", "summary: x", "summary[]=x|;");
	reads("testimony", "summary: x\n\n", "summary[]=x|;");
	reads("testimony", "summary: x\n\n \n\n", "summary[]=x|;");
	/* the body is kept as it is, but for its last line end */
	reads("testimony", "summary: x\n\n  a\t\n\n",
	    "summary[]=x|text[]=  a\t\n|;");
	reads("testimony", "summary: x\ntext.ug-Arab:\n\nبۇ",
	    "summary[]=x|text[ug-Arab]=بۇ|;");
	reads("person", "pseudonym: W 4\nname.zh-Hans: 吐尔干巴依\nname: T\n",
	    "pseudonym[]=W 4|name[zh-Hans]=吐尔干巴依|name[]=T|;");
	/* more line ends of two bytes than the text has room to spare: wiping
	 * it as long as the file was wrote past its end */
	reads("testimony", "summary: x\r\n\r\n" LINES LINES LINES LINES,
	    "summary[]=x|text[]=" READ READ READ READ1 "|;");
	/* not JSON, although a brace is in it */
	reads("testimony", "summary: {\"a\": 1}\n",
	    "summary[]={\"a\": 1}|;");
}

static void
bad_lines_are_named(void **state)
{
	(void)state;
	refuses("testimony", "summary: x\nnonsense\n\nb", SQ_EREFUSED,
	    "line 2: is not of the form «field: value»");
	refuses("testimony", "It was cold: very.\n", SQ_EREFUSED, "line 1:");
	refuses("testimony", ": x\n", SQ_EREFUSED, "line 1:");
	refuses("testimony", "\xef\xbb\xbfsummary: x\r\nsumary: y\r\n",
	    SQ_EREFUSED, "line 2: a testimony has no field «sumary»");
	refuses("testimony", "summary: x\ndate:\n", SQ_EUSAGE,
	    "line 2: date: the value is empty");
	refuses("testimony", "summary: x\ndate: \t \n", SQ_EUSAGE, "line 2:");
	refuses("testimony", "date: 2017\nsummary: x\ndate: 2018\n",
	    SQ_EREFUSED, "line 3: date is given twice");
	refuses("testimony", "date: 2017\ndate.ru: 2018\n", SQ_EREFUSED,
	    "line 2: date is given twice");
	refuses("testimony", "text: x\n\nbody", SQ_EREFUSED,
	    "line 3: text is given twice");
	refuses("testimony", "summary: x\ntext.ru:\n", SQ_EUSAGE,
	    "but no body");
	refuses("testimony", "text:\n\nbody", SQ_EUSAGE, "line 1:");
	refuses("consent", "scope: share\n\nbody", SQ_EREFUSED,
	    "a consent has no field for a body");
	refuses("testimony", "", SQ_EUSAGE, "line 1:");
	refuses("testimony", "\xef\xbb\xbf", SQ_EUSAGE, "line 1:");
	refuses("testimony", " \r\n\t\n", SQ_EUSAGE, "line 1:");
	refuses("testimony", "summary: \xff\n", SQ_EREFUSED, "UTF-8");
	refuses("testimony", "summary: \xed\xa0\x80\n", SQ_EREFUSED, "UTF-8");
	assert_int_equal(parse_n("testimony", "summary: a\0b\n", 13),
	    SQ_EREFUSED);
	/* UTF-16 as some editors save it */
	assert_int_equal(parse_n("testimony", "\xff\xfes\0u\0", 6),
	    SQ_EREFUSED);
}

static void
json_is_read(void **state)
{
	(void)state;
	reads("person", "{\"name\": \"A\"}", "name[]=A|;");
	reads("person", " \n{\"name\": [\"A\", \"B\"], \"sex\": \"male\"}\n",
	    "name[]=A|name[]=B|sex[]=male|;");
	reads("person", "{\"name\": [{\"value\": \"A\", \"lang\": \"ru\"}, "
	    "{\"value\": \"B\"}], \"name.kk-Cyrl\": \"C\"}",
	    "name[ru]=A|name[]=B|name[kk-Cyrl]=C|;");
	reads("person", "{\"name\": {\"lang\": \"ru\", \"value\": \"A\"}}",
	    "name[ru]=A|;");
	reads("media", "{\"url\": \"u\", \"size\": 12, \"graphic\": true, "
	    "\"shows_faces\": false}",
	    "url[]=u|size[]=12|graphic[]=true|shows_faces[]=false|;");
	/* as show --json prints it */
	reads("person", "{\"ref\":\"P-1\",\"id\":\"00\",\"type\":\"person\","
	    "\"rev\":1,\"entry\":\"00\",\"time\":\"t\",\"actor\":\"a\","
	    "\"fields\":{\"name\":[{\"value\":\"A\",\"lang\":\"und\"}]}}",
	    "name[und]=A|;");
	reads("testimony", "\xef\xbb\xbf{\"text\": \"a\\r\\nb\\u0416\"}\r\n",
	    "text[]=a\nbЖ|;");
	reads("person", "{\"name\": []  , \"pseudonym\": \"W\"}",
	    "pseudonym[]=W|;");
}

static void
json_lines_are_read(void **state)
{
	(void)state;
	reads("person", "{\"name\":\"A\"}\n{\"name\":\"B\"}\r\n\n"
	    "{\"name\":\n \"C\"}", "name[]=A|;name[]=B|;name[]=C|;");
	reads("person", "{\"name\":\"Ж\"}{\"name\":\"吐\"}",
	    "name[]=Ж|;name[]=吐|;");
}

static void
bad_json_is_named(void **state)
{
	(void)state;
	refuses("person", "{", SQ_EREFUSED, "line 1:");
	refuses("person", "{}", SQ_EUSAGE, "nothing in it");
	refuses("person", "{\"fields\": {}}", SQ_EUSAGE, "nothing in it");
	refuses("person", "{\"fields\": []}", SQ_EREFUSED, "not an object");
	refuses("person", "{\"nam\": \"A\"}", SQ_EREFUSED, "no field «nam»");
	refuses("person", "{\"name\": \"A\", \"name\": \"B\"}", SQ_EREFUSED,
	    "line 1:");
	refuses("person", "{\"sex\": [\"male\", \"female\"]}", SQ_EREFUSED,
	    "sex is given twice");
	refuses("person", "{\"sex\": \"male\", \"sex.ru\": \"male\"}",
	    SQ_EREFUSED, "sex is given twice");
	refuses("person", "{\"name\": null}", SQ_EREFUSED, "name:");
	refuses("person", "{\"name\": 1.5}", SQ_EREFUSED, "name:");
	refuses("person", "{\"name\": [[\"A\"]]}", SQ_EREFUSED, "name:");
	refuses("person", "{\"name\": {\"value\": \"A\", \"x\": \"y\"}}",
	    SQ_EREFUSED, "name:");
	refuses("person", "{\"name\": {\"value\": {\"value\": \"A\"}}}",
	    SQ_EREFUSED, "name:");
	refuses("person", "{\"name\": {\"lang\": \"ru\"}}", SQ_EREFUSED,
	    "name:");
	refuses("person", "{\"name\": {\"value\": \"A\", \"lang\": 1}}",
	    SQ_EREFUSED, "name:");
	refuses("person", "{\"name.ru\": {\"value\": \"A\", \"lang\": \"ru\"}"
	    "}", SQ_EREFUSED, "name:");
	refuses("person", "{\"type\": \"case\", \"fields\": {\"name\": "
	    "\"A\"}}", SQ_EREFUSED, "«type»");
	refuses("person", "{\"name\": \"A\", \"fields\": {\"name\": \"B\"}}",
	    SQ_EREFUSED, "«name»");
	refuses("person", "{\"name\": \"a\\u0000b\"}", SQ_EREFUSED, "line 1:");
	refuses("person", "{\"name\": \"\\ud800\"}", SQ_EREFUSED, "line 1:");
	/* the line of the second record, and of the place inside it */
	assert_int_equal(parse_n("person", "{\"name\":\"A\"}\n\n{\"nam\":1}",
	    23), SQ_EREFUSED);
	assert_non_null(strstr(why.text, "line 3"));
	assert_int_equal(parse_n("person", "{\"name\":\"A\"}\n{\"name\":\n\n"
	    "oops}", 28), SQ_EREFUSED);
	assert_non_null(strstr(why.text, "line 4"));
	assert_int_equal(parse_n("person", "{\"name\":\"A\"} garbage", 20),
	    SQ_EREFUSED);
	assert_int_equal(parse_n("person", "{\"name\":\"A\"}\n[]", 15),
	    SQ_EREFUSED);
}

/* What the callback says ends it, with its words behind the line's. */
static void
a_refusal_ends_it(void **state)
{
	(void)state;
	answer = SQ_EDAMAGE;
	assert_int_equal(parse_n("person", "{\"name\":\"A\"}\n"
	    "{\"name\":\"B\"}", 25), SQ_EDAMAGE);
	assert_non_null(strstr(why.text, "line 1"));
	assert_memory_equal(got.p, "name[]=A|;", got.len);
	answer = SQ_OK;
}

/* Depth is refused, not recursed into; size is no danger. */
static void
large_inputs_are_harmless(void **state)
{
	const size_t n = (size_t)1 << 20;
	char *s = malloc(n + 64);

	(void)state;
	assert_non_null(s);
	memset(s, '[', n);
	memcpy(s, "{\"name\":", 8);
	assert_int_equal(parse_n("person", s, n), SQ_EREFUSED);
	for (size_t i = 0; i + 5 <= n; i += 5)
		memcpy(s + i, "{\"a\":", 5);
	assert_int_equal(parse_n("person", s, n), SQ_EREFUSED);
	memset(s, 'x', n);
	assert_int_equal(parse_n("testimony", s, n), SQ_EREFUSED);
	memcpy(s, "summary: y\n\n", 12);
	assert_int_equal(parse_n("testimony", s, n), SQ_OK);
	memset(s, '\n', n);
	assert_int_equal(parse_n("testimony", s, n), SQ_EUSAGE);
	memset(s, ':', n);
	assert_int_equal(parse_n("testimony", s, n), SQ_EREFUSED);
	free(s);
}

/* Any byte changed, or any part cut off, is read or refused, no more. */
static void
flipped_bytes_are_harmless(void **state)
{
	static const char *const seed[] = {
	    "summary.ru: День\r\nwitness: P-1\r\ntext.kk:\r\n\r\nодин\r\nдва",
	    "{\"fields\":{\"name\":[{\"value\":\"Ж\",\"lang\":\"ru\"},\"B\"]"
	    ",\"sex\":\"male\"},\"type\":\"person\"}\n{\"name\":\"\\u0416\"}"
	};
	static const char *const type[] = { "testimony", "person" };
	char s[256];
	size_t n;

	(void)state;
	for (size_t k = 0; k < 2; k++) {
		n = strlen(seed[k]);
		for (size_t i = 0; i < n; i++) {
			for (unsigned c = 0; c < 256; c++) {
				memcpy(s, seed[k], n);
				s[i] = (char)c;
				(void)parse_n(type[k], s, n);
			}
			(void)parse_n(type[k], seed[k], i);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_read),
		cmocka_unit_test(bad_lines_are_named),
		cmocka_unit_test(json_is_read),
		cmocka_unit_test(json_lines_are_read),
		cmocka_unit_test(bad_json_is_named),
		cmocka_unit_test(a_refusal_ends_it),
		cmocka_unit_test(large_inputs_are_harmless),
		cmocka_unit_test(flipped_bytes_are_harmless),
	};
	int rc;

	if (secret_init() != SQ_OK)
		return 1;
	rc = cmocka_run_group_tests_name("from", tests, NULL, NULL);
	bytes_free(&got);
	return rc;
}
