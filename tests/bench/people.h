/*
 * Invented people, the same for the same seed, with the naming habits of
 * Uyghurs, Kazakhs, Russians, Turks, Hui and others, and their names as papers
 * in other scripts have them.  The spellings are made by tables of their own,
 * which know nothing of vault/record/names.c, so that it is measured fairly.
 */
#ifndef SQ_TESTS_BENCH_PEOPLE_H
#define SQ_TESTS_BENCH_PEOPLE_H

#include <stdbool.h>
#include <stdint.h>

#define PEOPLE_NAME 256		/* bytes of a name, with NUL */

struct people;

/* A person: whose name is made of these parts, the same for homonyms. */
struct people_one {
	uint64_t who;		/* the same for the same name */
	unsigned lang;
	char given[64], family[64];	/* in the sounds of people.c */
};

/** people_new(seed): a source of people. */
struct people *people_new(uint64_t seed);

/** people_free(p): NULL is fine. */
void people_free(struct people *p);

/** people_next(p, one): the next person. */
void people_next(struct people *p, struct people_one *one);

/**
 * people_write(p, one, not_script, out):
 * The name as one paper has it, in a script other than ${not_script} (-1: any);
 * returns which.  Papers are careless: see people.c.
 */
int people_write(struct people *p, const struct people_one *one,
    int not_script, char out[PEOPLE_NAME]);

/** people_script(s): what a script of people_write is called. */
const char *people_script(int s);

/** people_below(p, n): a number below ${n}. */
unsigned people_below(struct people *p, unsigned n);

#endif
