/*
 * Names across scripts: what is one name comes near, what is another stays
 * away, in every language and by rule, not by list.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "vault/record/names.h"

static char *
key(const char *s)
{
	struct bytes_buf b = { 0 };
	char *k;

	assert_int_equal(names_key(s, strlen(s), &b), SQ_OK);
	k = bytes_str(&b);
	assert_non_null(k);
	return k;
}

static struct names_match
compare(const char *a, const char *b)
{
	struct names_match m, back;
	char *x = key(a), *y = key(b);

	names_compare(x, strlen(x), y, strlen(y), &m);
	names_compare(y, strlen(y), x, strlen(x), &back);
	/* there and back is the same way */
	if (m.distance != back.distance || m.reasons != back.reasons)
		fail_msg("%s, %s: %u and back %u", a, b, m.distance,
		    back.distance);
	free(x);
	free(y);
	return m;
}

static unsigned
apart(const char *a, const char *b)
{
	return compare(a, b).distance;
}

static void
close_by(const char *a, const char *b, unsigned max)
{
	unsigned d = apart(a, b);

	if (d > max)
		fail_msg("%s, %s: %u apart, more than %u", a, b, d, max);
}

static void
apart_by(const char *a, const char *b)
{
	unsigned d = apart(a, b);

	if (d <= NAMES_NEAR)
		fail_msg("%s, %s: only %u apart", a, b, d);
}

static void
folds(const char *s, const char *to)
{
	struct bytes_buf b = { 0 };
	char *got;

	assert_int_equal(names_fold(s, strlen(s), &b), SQ_OK);
	got = bytes_str(&b);
	assert_string_equal(got, to);
	free(got);
}

/* Every spelling of a word of one language folds to the same. */
static void
test_fold(void **state)
{
	static const char *const same[][5] = {
		/* Kazakh: Cyrillic, 2021, 2018, Arabic */
		{ "Қазақстан", "Qazaqstan", "qazaqstan", "قازاقستان" },
		{ "түрме", "türme", "túrme", "ٴتۇرمە" },
		{ "шекара", "şekara", "shekara", "شەكارا" },
		{ "ауылы", "auyly", "aýyly", "اۋىلى" },
		{ "жұмыс", "jūmys", "zhumys", "جۇمىس" },
		{ "ғылым", "ğylym", "ǵylym", "عىلىم" },
		{ "өңір", "öñır", "óńir", "ٴوڭىر" },
		{ "Әлихан", "Älihan", "Álıhan", "ٴاليحان" },
		{ "бақыт", "baqyt", "baqıt", "باقىت" },
		/* Uyghur: Arabic, ULY, Cyrillic */
		{ "ئۇيغۇر", "Uyghur", "уйғур" },
		{ "مەكتەپ", "mektep", "мәктәп" },
		{ "تۈرمە", "türme", "түрмә" },
		{ "خەلق", "xelq", "хәлқ", "khelq" },
		{ "چاقماق", "chaqmaq", "чақмақ" },
		{ "ئۆمەر", "ömer", "өмәр" },
		{ "جۇڭغار", "junggar", "җуңғар" },
		{ "ژۇرنال", "zhurnal", "журнал" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		struct bytes_buf b = { 0 };
		char *first;

		assert_int_equal(names_fold(same[i][0], strlen(same[i][0]),
		    &b), SQ_OK);
		first = bytes_str(&b);
		for (size_t k = 1; k < 5 && same[i][k] != NULL; k++)
			folds(same[i][k], first);
		free(first);
	}
	folds("Камп у реки", "kamp u raki");
	folds("阿里木·吐尔干", "阿里木 吐尔干");
	folds("…", "");
	folds("", "");
}

/* One person's name as different papers have it. */
static void
test_scripts(void **state)
{
	static const char *const same[][6] = {
		{ "Нұрлан Қасымбек", "Nūrlan Qasymbek", "Nurlan Kasymbek",
		    "نۇرلان قاسىمبەك", "努尔兰·哈斯木别克", "Нурлан Касымбек" },
		{ "Айгүл Жақсылық", "Aigül Jaqsylyq", "Aigul Zhaksylyk",
		    "ايگۇل جاقسىلىق", "阿依古丽·加克斯勒克", "Айгуль Жаксылык" },
		{ "Ғалымжан Өтеген", "Ğalymjan Ötegen", "Galymzhan Otegen",
		    "عالىمجان وتەگەن", "哈勒木江·吾铁根", "Галымжан Отеген" },
		{ "ئابدۇرەھىم ئوبۇل", "Abdurehim Obul", "Абдуреһим Обул",
		    "阿不都热依木·吾布力", "Abudureyimu Wubuli",
		    "Абдурехим Обул" },
		{ "مەرھابا قۇربان", "Merhaba Qurban", "Мәрһаба Қурбан",
		    "买尔哈巴·库尔班", "Maierhaba Kuerban", "Мархаба Курбан" },
		{ "پەرىدە ھەسەن", "Peride Hesen", "Пәридә Һәсән",
		    "帕丽达·艾山", "Pälidä Häsän", "Парида Хасан" },
		{ "شۆھرەت زاكىر", "Shöhret Zakir", "Шөһрәт Закир",
		    "雪克来提·扎克尔", "Xuekelaiti Zhakeer", "Шохрат Закир" },
		{ "يۈسۈپ خاس", "Yüsüp Xas", "Йүсүп Хас", "玉素甫·哈斯",
		    "Yusufu Hasi", "Юсуп Хас" },
		{ "Çağatay Koçak", "Chagatay Kochak", "Чагатай Кочак",
		    "察哈台·科恰克", "چاغاتاي قوچاق", "Chaghatay Qochaq" },
		{ "Cemile Şahin", "Jemile Shahin", "Джемиле Шахин",
		    "杰米拉·沙欣", "جەمىلە شاھىن", "Җемилә Шаһин" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		for (size_t j = 0; j < 6; j++)
			for (size_t k = j + 1; k < 6; k++)
				close_by(same[i][j], same[i][k], NAMES_NEAR);
	/* none of them is another of them */
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		for (size_t m = 0; m < i; m++)
			for (size_t j = 0; j < 6; j++)
				for (size_t k = 0; k < 6; k++)
					apart_by(same[i][j], same[m][k]);
}

/* Two spellings of one alphabet's language are as good as the same. */
static void
test_alphabets(void **state)
{
	(void)state;
	close_by("Тұрғанбай", "Turğanbai", 30);
	close_by("Тұрғанбай", "Turganbay", 30);
	close_by("Тұрғанбай", "تۇرغانباي", 10);
	close_by("Жүсіп", "Jüsıp", 10);
	close_by("Жүсіп", "Zhusip", 10);
	close_by("Жүсіп", "Yusup", 220);
	close_by("Ыбырайым", "Ibraim", 200);
	close_by("مۇھەممەت", "Muhemmet", 10);
	close_by("Muhemmet", "Muhammad", 150);
	close_by("Muhammad", "Мухаммед", 60);
	close_by("Xeyrinisa", "Khayrinisa", 60);
	close_by("ⱪurban", "Qurban", 0);
	close_by("Dilshat Reshit", "Dilxat Raxit", 130);
	close_by("Abdul-Hamid", "Abdulhamid", 20);
	close_by("Gül Bahar", "Gülbahar", 20);
	close_by("Ma'mur", "Mamur", 0);
	close_by("QURBAN", "qurban", 0);
	close_by("Ｑｕｒｂａｎ", "Qurban", 0);
	close_by("İlham", "Ilham", 0);
	close_by("محمد", "Muhammad", 260);
}

/* Chinese merges sounds; Chinese names are read as names. */
static void
test_chinese(void **state)
{
	static const char *const surname[][2] = {
		{ "单志强", "Shan Zhiqiang" }, { "解国庆", "Xie Guoqing" },
		{ "仇建华", "Qiu Jianhua" }, { "曾小红", "Zeng Xiaohong" },
		{ "尉迟敬德", "Yuchi Jingde" }, { "区伟明", "Ou Weiming" },
		{ "查良镛", "Zha Liangyong" }, { "任志明", "Ren Zhiming" },
		{ "欧阳修文", "Ouyang Xiuwen" }, { "朴成", "Piao Cheng" },
		{ "王小明", "Wáng Xiǎomíng" }, { "吕秀兰", "Lü Xiulan" },
		{ "陈建国", "Chen Jian'guo" }, { "陈建国", "Jianguo Chen" },
		{ "陈建国", "Чэнь Цзяньго" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(surname) / sizeof(surname[0]); i++)
		close_by(surname[i][0], surname[i][1], i == 14 ? 250 : 60);
	/* the same characters elsewhere have their common reading */
	close_by("阿里木·曾", "阿里木曾", 60);
	/* one person, two transcribers, with and without the dot */
	close_by("买买提·吐尔逊", "麦麦提·图尔荪", 60);
	close_by("买买提·吐尔逊", "买买提吐尔逊", 60);
	close_by("买买提•吐尔逊", "买买提・吐尔逊", 0);
	close_by("阿不都热合曼", "阿卜杜热赫曼", 120);
	close_by("若孜", "肉孜", 80);
	/* rare characters are read by ICU */
	close_by("龘", "Da", 60);
}

/* Order, missing words, endings, titles. */
static void
test_parts(void **state)
{
	struct names_match m;

	(void)state;
	m = compare("Nurlan Qasymbek", "Қасымбек Нұрлан");
	assert_true(m.distance < 60 && (m.reasons & NAMES_SWAPPED) != 0);
	m = compare("Nurlan Qasymbek", "Нұрлан");
	assert_true(m.distance < 200 && (m.reasons & NAMES_MISSING) != 0);
	m = compare("努尔兰哈斯木别克", "Nurlan Qasymbek");
	assert_true(m.distance < 120 && (m.reasons & NAMES_JOINED) != 0 &&
	    (m.reasons & NAMES_SCRIPT) != 0);
	m = compare("Касымбеков Нурлан", "Nurlan Qasymbek");
	assert_true(m.distance < 100);
	m = compare("Нұрлан Қасымбекұлы", "Nurlan Qasymbek");
	assert_true(m.distance < 80);
	close_by("Нұрлан Қасымбек ұлы", "Nurlan Qasymbek", 80);
	close_by("Нурлан Касымбекович", "Nurlan Qasymbek", 80);
	close_by("Әсел Бекқызы", "Асель Бек", 120);
	close_by("加里洛娃", "Jelil", 160);
	close_by("Mehmet Haji", "Mehmet", 60);
	close_by("Memet Qari Hajim", "مەمەت", 90);
	close_by("Tursun Axun", "Турсун-ахун", 60);
	close_by("Tursunjan", "Турсунжан", 30);
	close_by("Alptekin oğlu Can", "Alptekin Jan", 80);
}

/* Who shares a word, or a few sounds, is another. */
static void
test_others(void **state)
{
	(void)state;
	apart_by("Nurlan Qasymbek", "Nurlan Jaqsylyq");
	apart_by("Nurlan Qasymbek", "Айгүл Қасымбек");
	apart_by("努尔兰·哈斯木别克", "Nurbek Qasymova");
	apart_by("Merhaba Qurban", "Меркит Турбан");
	apart_by("Alim", "Akim");
	apart_by("Salim", "Karim");
	apart_by("", "Alim");
	apart_by("Alim", "…");
	apart_by("王小明", "李国强");
	assert_int_equal(apart("Qurban", "Qurban"), 0);
}

/* Any bytes at all. */
static void
test_hostile(void **state)
{
	static const char *const s[] = { "", " ", "\xff\xfe", "\xd2", "····",
	    "-", "=", "/", "a/b=c -d", "\x01\x02", "😀😀", "ਕਰਮ", "ქართული",
	    "Ελένη", "カザフ", "\xef\xbf\xbd", "ﷺ", "٠١٢٣", "ſ", "ß", "ŉ",
	    "\xe2\x80\x8d", "1234", "a1b2" };
	char longest[9000], many[4000];

	(void)state;
	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	for (size_t i = 0; i + 2 < sizeof(many); i += 2)
		memcpy(many + i, "b ", 3);
	for (size_t i = 0; i < sizeof(s) / sizeof(s[0]); i++) {
		for (size_t k = 0; k < sizeof(s) / sizeof(s[0]); k++)
			(void)compare(s[i], s[k]);
		(void)compare(s[i], longest);
		(void)compare(s[i], many);
	}
	assert_int_equal(apart(many, many), 0);
}

/* A key of letters is printable and on one line. */
static void
test_key(void **state)
{
	char *k = key("Әсел\nБек\tقۇربان 买买提 d'Arc/=-+");

	(void)state;
	for (const char *p = k; *p != '\0'; p++)
		assert_true(*p >= 0x20 && *p < 0x7f);
	free(k);
	k = key("… 12");
	assert_string_equal(k, "");
	free(k);
}

/* The terms of two spellings overlap, or search cannot find them. */
static bool
meet(const struct names_group *a, const struct names_group *b)
{
	const char *lists[2] = { a->exact, a->near };

	for (int i = 0; i < 2; i++)
		for (const char *p = lists[i]; *p != '\0'; ) {
			char pat[64], in[4096];
			size_t n = strcspn(p, " ");

			(void)snprintf(pat, sizeof(pat), " %.*s ", (int)n, p);
			(void)snprintf(in, sizeof(in), " %s %s ", b->exact,
			    b->near);
			if (strstr(in, pat) != NULL)
				return true;
			p += n + (p[n] == ' ');
		}
	return false;
}

static void
test_terms(void **state)
{
	static const char *const pair[][2] = {
		{ "Қасымбек", "哈斯木别克" }, { "Qurban", "库尔班" },
		{ "ئابدۇرەھىم", "阿不都热依木" }, { "Шөһрәт", "雪克来提" },
		{ "Rahile", "热依拉" }, { "Mahmut", "买合木提" },
		{ "Isa", "艾沙" },
	};
	struct names_terms a, b;

	(void)state;
	for (size_t i = 0; i < sizeof(pair) / sizeof(pair[0]); i++) {
		char *x = key(pair[i][0]), *y = key(pair[i][1]);

		assert_int_equal(names_terms(x, strlen(x), &a), SQ_OK);
		assert_int_equal(names_terms(y, strlen(y), &b), SQ_OK);
		assert_int_equal(a.n, 1);
		if (!meet(&a.part[0], &b.part[0]))
			fail_msg("%s and %s have no term in common",
			    pair[i][0], pair[i][1]);
		names_terms_free(&a);
		names_terms_free(&b);
		free(x);
		free(y);
	}
	assert_int_equal(names_terms("", 0, &a), SQ_OK);
	assert_int_equal(a.n, 0);
	names_terms_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fold),
		cmocka_unit_test(test_scripts),
		cmocka_unit_test(test_alphabets),
		cmocka_unit_test(test_chinese),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_key),
		cmocka_unit_test(test_terms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
