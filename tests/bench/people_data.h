/*
 * Elements of names and the tables that write them; see people.c.
 */
#ifndef SQ_TESTS_BENCH_PEOPLE_DATA_H
#define SQ_TESTS_BENCH_PEOPLE_DATA_H

/*
 * Elements are written in one letter a sound: a E(ä) e i I(dull i) o O u U,
 * b p m f d t n l g k q G(gh) h(kh) H j c(ch) x(sh) z s r y w v N(ng) C(ts).
 */
struct people_lang {
	const char *const *man, *const *woman;	/* whole given names */
	const char *const *first, *const *last;	/* joined: one of each */
	const char *const *family;		/* NULL: as given names */
};

/** people_langs: Uyghur, Kazakh, Russian, Turkish; ends with nothing. */
extern const struct people_lang people_langs[];

/* A letter in each alphabet. */
struct people_letter {
	char c;
	const char *ug_arab, *ug_latn, *ug_cyrl, *kk_cyrl, *kk_latn, *kk_arab;
	const char *ru, *en, *tr;
};

extern const struct people_letter people_letters[];

/* A row of the Chinese table: a consonant before each vowel, and alone. */
struct people_row {
	char c;
	/* alternatives are single characters in a row */
	const char *a, *e, *i, *o, *u, *an, *in, *un, *alone;
};

extern const struct people_row people_rows[];

/* Surnames and given names of Hui and Han: a character and its pinyin. */
struct people_char {
	const char *c, *py, *ru;
};

extern const struct people_char people_surnames[], people_chars[];

#endif
