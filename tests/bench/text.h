/*
 * Invented testimonies, the same for the same seed: Kazakh, Russian, English
 * and Chinese words whose frequencies follow Zipf's law, so that there are
 * words of a handful of records and words of a tenth of all.
 */
#ifndef SQ_TESTS_BENCH_TEXT_H
#define SQ_TESTS_BENCH_TEXT_H

#include <stddef.h>
#include <stdint.h>

struct text_doc {
	char *title;
	char *text;		/* about 2,000 bytes */
	const char *lang;
};

struct text;

/** text_new(seed): a source of documents. */
struct text *text_new(uint64_t seed);

/** text_free(t): NULL is fine. */
void text_free(struct text *t);

/** text_next(t, d): the next document; the caller frees title and text. */
void text_next(struct text *t, struct text_doc *d);

/**
 * text_pick(t, lo, hi, want, out):
 * Up to ${want} words that occur in ${lo} to ${hi} of the documents so far,
 * spread evenly over those that do; returns how many.  Not in Chinese, which
 * plain FTS5 would have to be asked for in another way.
 */
size_t text_pick(const struct text *t, unsigned lo, unsigned hi, size_t want,
    const char **out);

/** text_pairs(s): ${s} with each run of Han as pairs, as sandyq indexes it. */
char *text_pairs(const char *s);

#endif
