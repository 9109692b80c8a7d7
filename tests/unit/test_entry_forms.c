/*
 * Entries that no reader of ours would let in, made by hand or too large: each
 * function says so by itself, and nothing is changed or left behind.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/entry.h"
#include "crypto/secret.h"

#define LEN(a) (sizeof(a) / sizeof((a)[0]))
#define BEYOND ((int64_t)9007199254740992)	/* 2^53 */

/* An open field around ${value}, which is not copied. */
static struct entry_field
open_field(const char *value)
{
	struct entry_field f = { .form = ENTRY_OPEN,
	    .name = (char *)(uintptr_t)"a",
	    .value = (char *)(uintptr_t)value, .value_len = strlen(value) };

	return f;
}

/* --- what is read out of a value ----------------------------------------- */

/* Nearly {"lang":...,"text":...}. */
static void
test_no_text(void **state)
{
	static const char *const no[] = {
		"{}", "[]", "1", "{\"lang\":1}", "{\"lang\":\"kk\"}",
		"{\"lang\":1,\"text\":\"a\"}",
		"{\"lang\":\"kk\",\"t\":\"a\"}",
		"{\"lang\":\"kk\",\"text\":1}",
		"{\"lang\":\"kk\",\"text\":\"a\",\"x\":1}",
		"{\"lang\":\"kk\",\"text\":\"a\"]",
		/* longer, or cut: no reader would let these in */
		"{\"lang\":\"kk\",\"text\":\"a\"}}",
		"{\"lang\":", "{\"lang\":\"kk\",\"text\":",
		"{\"lang\":\"kk\",\"text\":\"a\"",
	};
	char mark[] = "as it was", *lang, *text;
	struct entry_field f;

	(void)state;
	for (size_t i = 0; i < LEN(no); i++) {
		f = open_field(no[i]);
		lang = text = mark;
		if (entry_text(&f, &lang, &text) || lang != mark ||
		    text != mark)
			fail_msg("%s", no[i]);
		assert_null(entry_value_str(&f));
	}
	/* one of the two alone, as asked */
	f = open_field("{\"lang\":\"kk\",\"text\":\"a\"}");
	assert_true(entry_text(&f, &lang, NULL));
	assert_string_equal(lang, "kk");
	free(lang);
	assert_true(entry_text(&f, NULL, &text));
	assert_string_equal(text, "a");
	free(text);
}

/* A number, a boolean, a list: of nothing, of what is closed, of another. */
static void
test_kinds(void **state)
{
	struct entry_field closed = { .form = ENTRY_WITHHELD,
	    .name = (char *)(uintptr_t)"a" }, f;
	char **list = NULL;
	size_t n = 7;
	int64_t v = 7;
	bool b = true;

	(void)state;
	assert_false(entry_value_int(NULL, &v));
	assert_false(entry_value_int(&closed, &v));
	assert_false(entry_value_bool(NULL, &b));
	assert_false(entry_value_bool(&closed, &b));
	assert_int_equal(entry_value_strs(&closed, &list, &n), SQ_ENOENT);
	f = open_field("1");
	assert_false(entry_value_bool(&f, &b));
	assert_int_equal(entry_value_strs(&f, &list, &n), SQ_EFORMAT);
	f = open_field("true");
	assert_false(entry_value_int(&f, &v));
	assert_true(v == 7 && b && n == 7 && list == NULL);
	f = open_field("false");
	assert_true(entry_value_bool(&f, &b));
	assert_false(b);
	/* cut behind its first bracket it is as good as empty */
	f = open_field("[");
	assert_int_equal(entry_value_strs(&f, &list, &n), SQ_OK);
	assert_int_equal(n, 0);
	assert_null(list);
}

/* A list that was never made, and one with a hole. */
static void
test_hole(void **state)
{
	char **list = calloc(2, sizeof(*list));

	(void)state;
	entry_free_strs(NULL, 3);
	assert_non_null(list);
	list[1] = strdup("a");
	entry_free_strs(list, 2);
}

/* Escapes whose spelling is not the one, and what they are not taken for. */
static void
test_escapes(void **state)
{
	static const char *const no[] = { "\"\\u00/0\"", "\"\\u00:0\"",
	    "\"\\u000/\"", "\"\\u000g\"", "\"\\u000F\"", "\"\\u00g0\"",
	    "\"\\u0020\"", "\"\\u0\"", "\"\\u00", "\"\\u0000\"",
	    "\"\\u0008\"", "\"\\u0022\"", "\"\\u01ff\"" };
	struct entry en = { 0 };

	(void)state;
	for (size_t i = 0; i < LEN(no); i++)
		if (entry_add(&en, "a", no[i], strlen(no[i])) != SQ_EFORMAT)
			fail_msg("%s", no[i]);
	assert_int_equal(en.n, 0);
	assert_int_equal(entry_add(&en, "a", "\"\\u001f\"", 8), SQ_OK);
	entry_free(&en);
}

/* --- limits -------------------------------------------------------------- */

/* Lengths beyond the limit are refused before a byte is looked at. */
static void
test_limits(void **state)
{
	char name[ENTRY_MAX_NAME + 2], out[300];
	const char *const wrong[] = { "a", "\xFF", "b" };
	struct bytes_buf b = { 0 };
	struct entry en = { 0 };
	uint8_t root[ENTRY_ROOT];
	uint64_t index;

	(void)state;
	assert_int_equal(entry_add(&en, "a", "1", ENTRY_MAX_BYTES + 1),
	    SQ_ELIMIT);
	assert_int_equal(entry_add(&en, "a", "1", 0), SQ_EFORMAT);
	assert_int_equal(entry_add_int(&en, "a", BEYOND), SQ_ELIMIT);
	assert_int_equal(entry_add_int(&en, "a", -BEYOND), SQ_ELIMIT);
	assert_int_equal(entry_add_strs(&en, "a", wrong, 3), SQ_EFORMAT);
	assert_int_equal(entry_canon("1", ENTRY_MAX_BYTES + 1, &b),
	    SQ_ELIMIT);
	assert_int_equal(en.n, 0);
	assert_int_equal(entry_parse(root, (size_t)1 << 30, &en), SQ_ELIMIT);
	assert_int_equal(entry_parse_json(root, 2 * ENTRY_MAX_BYTES + 1, &en,
	    root, &index), SQ_ELIMIT);
	assert_int_equal(en.n, 0);
	memset(name, 'a', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(entry_element(out, sizeof(out), name, 0),
	    SQ_ELIMIT);
	name[ENTRY_MAX_NAME - 7] = '\0';
	assert_int_equal(entry_element(out, sizeof(out), name, 0), SQ_OK);
	assert_int_equal(b.len, 0);
}

/* A number of an entry that no number of JSON can be; and none at all. */
static void
test_index(void **state)
{
	uint8_t root[ENTRY_ROOT] = { 0 };
	struct bytes_buf b = { 0 };
	struct entry en = { 0 };

	(void)state;
	assert_int_equal(entry_sort(&en), SQ_EFORMAT);
	assert_int_equal(entry_emit(&en, &b), SQ_EFORMAT);
	assert_int_equal(entry_emit_json(&en, root, 0, &b), SQ_EFORMAT);
	assert_int_equal(entry_add_int(&en, "b", 1), SQ_OK);
	assert_int_equal(entry_sort(&en), SQ_OK);
	assert_int_equal(entry_emit_json(&en, root, (uint64_t)BEYOND, &b),
	    SQ_ELIMIT);
	assert_int_equal(b.len, 0);
	/* out of order */
	assert_int_equal(entry_add_int(&en, "a", 1), SQ_OK);
	assert_int_equal(entry_emit(&en, &b), SQ_EFORMAT);
	assert_int_equal(entry_emit_json(&en, root, 0, &b), SQ_EFORMAT);
	assert_int_equal(b.len, 0);
	assert_int_equal(entry_sort(&en), SQ_OK);
	assert_int_equal(entry_emit_json(&en, root, (uint64_t)BEYOND - 1, &b),
	    SQ_OK);
	bytes_free(&b);
	entry_free(&en);
}

/* One field more than fit, in the text of a record. */
static void
test_many(void **state)
{
	uint8_t root[ENTRY_ROOT] = { 0 };
	struct bytes_buf b = { 0 };
	struct entry en = { 0 };
	uint64_t index = 7;

	(void)state;
	bytes_puts(&b, "{\"entry\":\"");
	bytes_put_hex(&b, root, sizeof(root));
	bytes_puts(&b, "\",\"index\":0,\"fields\":[");
	for (int i = 0; i <= ENTRY_MAX_FIELDS; i++) {
		bytes_puts(&b, i > 0 ? ",{\"leaf\":\"" : "{\"leaf\":\"");
		bytes_put_hex(&b, root, sizeof(root));
		bytes_puts(&b, "\"}");
	}
	bytes_puts(&b, "]}");
	assert_int_equal(entry_parse_json(b.p, b.len, &en, root, &index),
	    SQ_ELIMIT);
	assert_int_equal(en.n, 0);
	assert_null(en.fields);
	assert_int_equal(index, 7);
	bytes_free(&b);
}

/* --- a form that this version does not have ------------------------------ */

/* An entry of one field of that form. */
static void
with_form(struct entry *en, enum entry_form form)
{
	memset(en, 0, sizeof(*en));
	assert_int_equal(entry_add_int(en, "a", 1), SQ_OK);
	en->fields[0].form = form;
}

/* Nothing is computed of it, nothing of it is written, and it stays. */
static void
test_sealed(void **state)
{
	static const enum entry_form form[] = { ENTRY_SEALED,
	    (enum entry_form)0 };
	uint8_t out[32];
	struct bytes_buf b = { 0 };
	struct entry en, copy;

	(void)state;
	for (size_t i = 0; i < LEN(form); i++) {
		with_form(&en, form[i]);
		assert_int_equal(entry_vc(&en.fields[0], out), SQ_EINTERNAL);
		assert_int_equal(entry_leaf(&en.fields[0], out),
		    SQ_EINTERNAL);
		assert_int_equal(entry_root(&en, out), SQ_EINTERNAL);
		assert_int_equal(entry_withhold(&en, "a"), SQ_EINTERNAL);
		assert_int_equal(entry_erase(&en, "a"), SQ_EINTERNAL);
		assert_int_equal(entry_hide(&en, "a"), SQ_EINTERNAL);
		assert_int_equal(en.fields[0].form, form[i]);
		assert_string_equal(en.fields[0].value, "1");
		assert_int_equal(entry_copy(&en, &copy), SQ_OK);
		assert_int_equal(copy.fields[0].form, form[i]);
		entry_free(&copy);
		entry_free(&en);
	}
	with_form(&en, ENTRY_SEALED);
	assert_int_equal(entry_emit(&en, &b), SQ_EINTERNAL);
	assert_int_equal(b.len, 0);
	entry_free(&en);
	/* of a hidden leaf there is no commitment, and no stored form */
	with_form(&en, ENTRY_OPEN);
	assert_int_equal(entry_hide(&en, "a"), SQ_OK);
	assert_int_equal(entry_vc(&en.fields[0], out), SQ_EINTERNAL);
	assert_int_equal(entry_emit(&en, &b), SQ_EINTERNAL);
	assert_int_equal(entry_copy(&en, &copy), SQ_OK);
	assert_null(copy.fields[0].name);
	assert_memory_equal(copy.fields[0].hash, en.fields[0].hash, 32);
	entry_free(&copy);
	entry_free(&en);
}

/* What must stay open cannot be closed in any way, whichever it is. */
static void
test_fixed(void **state)
{
	static const char *const fixed[] = { "_log", "_kind", "_record",
	    "_type", "_parents" };
	struct entry en = { 0 };

	(void)state;
	for (size_t i = 0; i < LEN(fixed); i++)
		assert_int_equal(entry_add_int(&en, fixed[i], 1), SQ_OK);
	assert_int_equal(entry_sort(&en), SQ_OK);
	for (size_t i = 0; i < LEN(fixed); i++) {
		assert_int_equal(entry_withhold(&en, fixed[i]), SQ_EREFUSED);
		assert_int_equal(entry_erase(&en, fixed[i]), SQ_EREFUSED);
		assert_int_equal(entry_hide(&en, fixed[i]), SQ_EREFUSED);
		assert_int_equal(entry_find(&en, fixed[i])->form, ENTRY_OPEN);
	}
	entry_free(&en);
}

/* A copy keeps to the limits, whoever made what is copied. */
static void
test_copy(void **state)
{
	char name[ENTRY_MAX_NAME + 2];
	struct entry_field f = open_field("1");
	struct entry from = { &f, 1, 1, 0 }, to = { .n = 7 };

	(void)state;
	memset(name, 'a', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	f.name = name;
	assert_int_equal(entry_copy(&from, &to), SQ_ELIMIT);
	f.name[ENTRY_MAX_NAME] = '\0';
	f.value_len = ENTRY_MAX_BYTES + 1;
	assert_int_equal(entry_copy(&from, &to), SQ_ELIMIT);
	assert_int_equal(to.n, 7);	/* untouched */
	/* and an empty name stays one */
	f.name[0] = '\0';
	f.value_len = 1;
	assert_int_equal(entry_copy(&from, &to), SQ_OK);
	assert_string_equal(to.fields[0].name, "");
	entry_free(&to);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_text),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_hole),
		cmocka_unit_test(test_escapes),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_index),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_sealed),
		cmocka_unit_test(test_fixed),
		cmocka_unit_test(test_copy),
	};

	if (secret_init() != SQ_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
