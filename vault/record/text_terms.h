/*
 * A search as a person typed it, in terms: turned into an FTS5 expression, and
 * found again in texts.
 *
 *   word  word*  "words in a row"   all of them, in any order
 *   a OR b c                        a, or both b and c
 *   a NOT b                         a without b
 *
 * AND may stand between two terms and says no more than its absence.  The
 * three words are operators in capitals and outside quotes only.
 */
#ifndef SQ_VAULT_RECORD_TEXT_TERMS_H
#define SQ_VAULT_RECORD_TEXT_TERMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/bytes.h"
#include "crypto/err.h"

#define TEXT_TERMS_MAX 32
#define TEXT_QUERY_MAX 4096

struct text_term {
	const char *s;		/* inside text; holds no double quote */
	size_t n;
	bool prefix;
	bool quoted;		/* as it stands, in no other spelling */
	bool not;
	unsigned group;		/* of the alternatives of OR, from 0 */
	char *other;		/* other spellings, parted by spaces; or NULL */
};

struct text_terms {
	char *text;		/* the search in NFC */
	struct text_term v[TEXT_TERMS_MAX];
	size_t n;
};

/**
 * text_terms_read(q, ret, why):
 * Split ${q}; terms without a letter or digit are dropped, and none may be
 * left.  SQ_EUSAGE with a sentence if it is not UTF-8, beyond the limits above,
 * or if an operator has nothing to stand between.  ${ret} is freed with
 * text_terms_free in any case.
 */
enum sq_err text_terms_read(const char *q, struct text_terms *ret,
    struct why *why);

/** text_terms_free(t): wipe and free. */
void text_terms_free(struct text_terms *t);

/**
 * text_terms_query(t, out):
 * Append the FTS5 expression, of the columns title, name and text: each term
 * between quotes, a Han run as a phrase of its pairs.  Nothing that a person
 * types can be FTS5 syntax by accident.
 */
enum sq_err text_terms_query(const struct text_terms *t,
    struct bytes_buf *out);

/**
 * text_terms_prefixes(t):
 * Does every alternative begin with the beginning of a word (word*, or one Han
 * character) and nothing else?  Then there may be very many hits.
 */
bool text_terms_prefixes(const struct text_terms *t);

struct text_sought;

/**
 * text_sought_new(t, ret):
 * Terms made ready for finding them in texts: those that are not excluded.
 * Free with text_sought_free.
 */
enum sq_err text_sought_new(const struct text_terms *t,
    struct text_sought **ret);

/** text_sought_free(s): NULL is fine. */
void text_sought_free(struct text_sought *s);

/** text_sought_words(s): how many terms are looked for. */
unsigned text_sought_words(const struct text_sought *s);

/* What was found in a text. */
struct text_found {
	char *snippet;		/* the caller frees */
	unsigned hits;		/* terms that occur */
	bool phrase;		/* one of them in quotes */
	bool other;		/* one of them in another spelling only */
};

/**
 * text_sought_in(s, text, max_chars, ret):
 * A stretch of about ${max_chars} characters of ${text} around its first match
 * of any term, plain, line breaks as spaces, "…" where cut.  Without a match
 * the snippet is the beginning of the text.
 */
enum sq_err text_sought_in(const struct text_sought *s, const char *text,
    size_t max_chars, struct text_found *ret);

/* A match within a snippet: characters, not bytes. */
struct text_mark {
	unsigned at, len;
};

/**
 * text_sought_marks(s, snippet, marks, max, ret_n):
 * Where the terms stand in it, in order, none within another.
 */
enum sq_err text_sought_marks(const struct text_sought *s,
    const char *snippet, struct text_mark *marks, size_t max, size_t *ret_n);

/* A word of a text: as the index folds it, and as it was written. */
struct text_word {
	const char *s, *raw;
	size_t n, n_raw;
};

/**
 * text_words(s, n, cb, arg):
 * Call ${cb} with every word of what text_index made; not with Chinese.
 */
enum sq_err text_words(const char *s, size_t n,
    enum sq_err (*cb)(void *arg, const struct text_word *w), void *arg);

#endif
