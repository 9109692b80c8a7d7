/*
 * Names across scripts: a name written in any of them becomes a folded form
 * and a phonetic key, and two keys have a distance that says how likely they
 * are the same name.  Pure.  The rules and where they come from are in
 * docs/NAMES.md; they may change from version to version, so that keys are
 * kept in projections only and never believed.
 */
#ifndef SQ_VAULT_RECORD_NAMES_H
#define SQ_VAULT_RECORD_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "crypto/bytes.h"
#include "crypto/err.h"

#define NAMES_PARTS 8		/* words of a name that count */

/**
 * names_fold(s, n, out):
 * Append the folded form of ${s}: every spelling of a word of Kazakh or Uyghur
 * in Cyrillic, Latin and Arabic letters becomes the same lower-case ASCII,
 * words parted by a space; of Chinese the characters.  Lossy on purpose.
 */
enum sq_err names_fold(const char *s, size_t n, struct bytes_buf *out);

/**
 * names_key(s, n, out):
 * Append the phonetic key of a name: printable ASCII without a line break,
 * words parted by a space, the readings of a word by a slash.  Nothing is
 * appended for what holds no letter.
 */
enum sq_err names_key(const char *s, size_t n, struct bytes_buf *out);

/*
 * What a name is looked up by.  The terms of an index and of a query overlap
 * where the names may be the same; [0] of a group are the exact ones.
 */
struct names_group {
	char *exact;		/* terms parted by spaces */
	char *near;		/* those with one sound missing */
};

struct names_terms {
	struct names_group part[NAMES_PARTS];	/* of each word */
	size_t n;
	struct names_group whole;	/* two words as one, in either order */
};

/**
 * names_terms(key, n, ret):
 * The terms of one key.  Free with names_terms_free.
 */
enum sq_err names_terms(const char *key, size_t n, struct names_terms *ret);

/** names_terms_free(t): empty again. */
void names_terms_free(struct names_terms *t);

/* Why two names are taken for the same, beside their distance. */
#define NAMES_SWAPPED	0x01u	/* the words stand in another order */
#define NAMES_MISSING	0x02u	/* one has words that the other lacks */
#define NAMES_JOINED	0x04u	/* words written as one */
#define NAMES_SCRIPT	0x08u	/* one in Chinese characters, one not */
#define NAMES_ENDING	0x10u	/* a patronymic ending or a title differs */

struct names_match {
	unsigned distance;	/* 0 the same name, 1000 nothing in common */
	unsigned missing;	/* so much of it for words that one lacks */
	unsigned reasons;	/* NAMES_* */
};

/* Above it two names are hardly the same. */
#define NAMES_NEAR 250u

/**
 * names_compare(a, na, b, nb, ret):
 * How far the names of two keys are apart.
 */
void names_compare(const char *a, size_t na, const char *b, size_t nb,
    struct names_match *ret);

#endif
