/*
 * Dates as people write them, terms in any language, columns and cells.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "vault/record/model_label.h"
#include "vault/record/sheet.h"

static struct why why;

static void
is(const char *s, enum sheet_order order, const char *want)
{
	char *got = NULL;
	enum sq_err e;

	why.text[0] = '\0';
	e = sheet_date(s, order, &got, &why);
	if (e != SQ_OK)
		fail_msg("«%s»: %s", s, why.text);
	if (strcmp(got, want) != 0)
		fail_msg("«%s»: %s, not %s", s, got, want);
	free(got);
}

static void
isnt(const char *s, const char *part)
{
	char *got = NULL;

	why.text[0] = '\0';
	if (sheet_date(s, SHEET_ASK, &got, &why) != SQ_EREFUSED)
		fail_msg("«%s» was taken for %s", s, got);
	assert_null(got);
	if (strstr(why.text, part) == NULL)
		fail_msg("«%s»: %s", s, why.text);
}

static void
dates(void **state)
{
	(void)state;
	is("2018-03-12", SHEET_ASK, "2018-03-12");
	is("2018-03~", SHEET_ASK, "2018-03~");
	is("2017/2018", SHEET_ASK, "2017/2018");
	is("12.03.2018", SHEET_ASK, "2018-03-12");
	is("12.03.2018 г.", SHEET_ASK, "2018-03-12");
	is("03.2018", SHEET_ASK, "2018-03");
	is("2018/3/12", SHEET_ASK, "2018-03-12");
	is("2018.3.2", SHEET_ASK, "2018-03-02");
	is("2018年3月12日", SHEET_ASK, "2018-03-12");
	is("2018年3月", SHEET_ASK, "2018-03");
	is("2018年", SHEET_ASK, "2018");
	is("约2018年", SHEET_ASK, "2018~");
	is("43171", SHEET_ASK, "2018-03-12");
	is("36526", SHEET_ASK, "2000-01-01");
	is("12 марта 2018 года", SHEET_ASK, "2018-03-12");
	is("Март 2018", SHEET_ASK, "2018-03");
	is("12 наурыз 2018 ж.", SHEET_ASK, "2018-03-12");
	is("2018 жылғы 12 НАУРЫЗ", SHEET_ASK, "2018-03-12");
	is("қыркүйек 2017", SHEET_ASK, "2017-09");
	is("March 12, 2018", SHEET_ASK, "2018-03-12");
	is("около 2017", SHEET_ASK, "2017~");
	is("Около 2017 г.", SHEET_ASK, "2017~");
	is("шамамен 2017", SHEET_ASK, "2017~");
	is("2017?", SHEET_ASK, "2017?");
	is("с 2017", SHEET_ASK, "2017/..");
	is("2017-2018", SHEET_ASK, "2017/2018");
	is("2017–2018", SHEET_ASK, "2017/2018");
	is("25/12/2018", SHEET_ASK, "2018-12-25");
	is("12/25/2018", SHEET_ASK, "2018-12-25");
	is("03/04/2018", SHEET_DMY, "2018-04-03");
	is("03/04/2018", SHEET_MDY, "2018-03-04");
	is("04/04/2018", SHEET_ASK, "2018-04-04");
	is("2018-03-12T00:00:00", SHEET_ASK, "2018-03-12");
	is("2018-03-12 14:30", SHEET_ASK, "2018-03-12");
	isnt("03/04/2018", "could be either");
	isnt("03-04-2018", "could be either");
	isnt("12.03.18", "write four");
	isnt("31.02.2018", "is not a date");
	isnt("12 маркта 2018", "is not a date");
	isnt("99999", "is not a date");
	isnt("yesterday", "is not a date");
	isnt("2018 2019 2020 2021", "is not a date");
	isnt("12", "is not a date");
	isnt("", "is not a date");
}

static void
term(const char *type, const char *field, const char *s, const char *want)
{
	const char *got = NULL;

	assert_int_equal(sheet_term(model_field(model_type(type), field)->
	    vocab, s, &got, &why), want == NULL ? SQ_EREFUSED : SQ_OK);
	if (want != NULL)
		assert_string_equal(got, want);
}

static void
terms(void **state)
{
	(void)state;
	term("person", "sex", "male", "male");
	term("person", "sex", "02", "female");
	term("person", "sex", "Женский", "female");
	term("person", "sex", "ЖЕН", "female");
	term("person", "sex", "女", "female");
	term("person", "sex", "Әйел", "female");
	term("person", "sex", "вода", NULL);
	term("person", "ethnicity", "ҚАЗАҚ", "kazakh");
	term("status", "status", "in a CAMP", "camp");
	term("act", "kind", "030101", "arrest");
	term("act", "kind", "Пытки", "torture");
	term("person", "sex", "ئەر", "male");
	term("person", "sex", "ئايال", "female");
	term("person", "sex", " نامەلۇم ", "unknown");
	/* keyboards of Arabic and Persian, marks of direction */
	term("person", "sex", "\u200fئايال\u200e", "female");
	term("person", "sex", "ئه\u200cر", "male");
	term("person", "ethnicity", "تاجیک", "tajik");
	term("person", "ethnicity", "تاجيك", "tajik");
	term("person", "ethnicity", "قىرغـىز", "kyrgyz");
	term("person", "sex", "سۇ", NULL);
}

static void
either(void **state)
{
	unsigned n[2] = { 0 };

	(void)state;
	assert_true(sheet_date_either("03/04/2017", n));
	assert_int_equal(n[0], 3);
	assert_int_equal(n[1], 4);
	assert_true(sheet_date_either("about 12-11-2017", n));
	assert_int_equal(n[0], 12);
	assert_false(sheet_date_either("03.04.2017", n));
	assert_false(sheet_date_either("13/04/2017", n));
	assert_false(sheet_date_either("04/13/2017", n));
	assert_false(sheet_date_either("04/04/2017", n));
	assert_false(sheet_date_either("2017-03-04", n));
	assert_false(sheet_date_either("03/04/17", n));
	assert_false(sheet_date_either("", n));
	assert_false(sheet_date_either("somewhere", n));
}

/* Each word of a label, as somebody writes it, is that very term. */
static void
means(const struct model_vocab *v, const char *list, const char *term)
{
	const char *got = NULL;
	char word[128];
	size_t n;

	if (list == NULL || *list == '\0')
		fail_msg("%s %s has no label", v->name, term);
	for (; *list != '\0'; list += n + (list[n] == '|')) {
		n = strcspn(list, "|");
		(void)snprintf(word, sizeof(word), "%.*s", (int)n, list);
		if (sheet_term(v, word, &got, &why) != SQ_OK ||
		    strcmp(got, term) != 0)
			fail_msg("%s: «%s» is %s, not %s", v->name, word,
			    got, term);
	}
}

static const struct model_label *
label_of(const struct model_vocab *v, const char *term)
{
	const struct model_label *l;

	for (size_t p = 0; (l = model_labels(p)) != NULL; p++)
		for (; l->vocab != NULL; l++)
			if (strcmp(l->vocab, v->name) == 0 &&
			    strcmp(l->term, term) == 0)
				return l;
	fail_msg("%s: %s is in no language", v->name, term);
	return NULL;
}

/* All that a sheet can say is said in Russian, Kazakh, Chinese and Uyghur. */
static void
labels(void **state)
{
	/* set by the program, never by a row */
	static const char *const own[] = { "action", "profile", "stamp" };
	const struct model_label *l;
	size_t n, seen = 0;
	bool skip;
	const struct model_type *t = model_types(&n);

	(void)state;
	for (size_t i = 0; i < n; i++)
		for (const struct model_field *f = t[i].field; f->name != NULL;
		    f++) {
			skip = f->vocab == NULL;
			for (size_t k = 0; k < 3 && !skip; k++)
				skip = strcmp(own[k], f->vocab->name) == 0;
			for (const struct model_term *m = skip ? NULL :
			    f->vocab->term; m != NULL && m->term != NULL;
			    m++, seen++) {
				l = label_of(f->vocab, m->term);
				means(f->vocab, l->ru, m->term);
				means(f->vocab, l->kk, m->term);
				means(f->vocab, l->zh, m->term);
				means(f->vocab, l->ug, m->term);
			}
		}
	assert_true(seen > 350);
}

/* Headings, maps, lists, a formula made harmless. */
static void
columns(void **state)
{
	char *head[] = { (char *)"Имя", (char *)"name.zh-Hans",
	    (char *)"Дата рождения", (char *)"Ref", (char *)"colour",
	    (char *)"пол" };
	const char *map[] = { "notes=colour" }, *bad[] = { "colour=пол" };
	struct sheet_column c[6];
	const struct model_type *t = model_type("person");
	char *cell[] = { (char *)"Ерлан; Yerlan", (char *)"叶尔兰",
	    (char *)"12.03.1975", (char *)"", (char *)"'=1+1", (char *)"м" };
	struct model_inputs in = { 0 };

	(void)state;
	assert_int_equal(sheet_map(t, head, 6, map, 1, c, &why), SQ_OK);
	assert_string_equal(c[0].field->name, "name");
	assert_string_equal(c[1].field->name, "name");
	assert_string_equal(c[1].lang, "zh-Hans");
	assert_string_equal(c[2].field->name, "birth_date");
	assert_true(c[3].ref);
	assert_string_equal(c[4].field->name, "notes");
	assert_string_equal(c[5].field->name, "sex");
	assert_int_equal(sheet_row(t, c, 6, cell, 6, SHEET_ASK, &in, &why),
	    SQ_OK);
	assert_int_equal(in.n, 6);
	assert_string_equal(in.v[0].value, "Ерлан");
	assert_string_equal(in.v[1].value, "Yerlan");
	assert_string_equal(in.v[2].lang, "zh-Hans");
	assert_string_equal(in.v[3].value, "1975-03-12");
	assert_string_equal(in.v[4].value, "=1+1");
	assert_string_equal(in.v[5].value, "male");
	model_inputs_free(&in);
	cell[2] = (char *)"03/04/1975";
	assert_int_equal(sheet_row(t, c, 6, cell, 6, SHEET_ASK, &in, &why),
	    SQ_EREFUSED);
	assert_memory_equal(why.text, "birth_date: ", 12);
	model_inputs_free(&in);
	assert_int_equal(sheet_map(t, head, 6, bad, 1, c, &why), SQ_EUSAGE);
	/* two columns of one field that takes one value */
	head[4] = (char *)"sex";
	assert_int_equal(sheet_map(t, head, 6, NULL, 0, c, &why), SQ_EUSAGE);
	assert_non_null(strstr(why.text, "two columns are sex"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates),
		cmocka_unit_test(either),
		cmocka_unit_test(terms),
		cmocka_unit_test(labels),
		cmocka_unit_test(columns)
	};

	return cmocka_run_group_tests_name("sheet", tests, NULL, NULL);
}
