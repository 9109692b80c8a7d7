/*
 * A search as a person typed it, in terms: shared by text_search.c (which asks
 * FTS5) and text_snippet.c (which finds them again in the text).
 */
#ifndef SQ_VAULT_RECORD_TEXT_TERMS_H
#define SQ_VAULT_RECORD_TEXT_TERMS_H

#include <stdbool.h>
#include <stddef.h>

#include "crypto/err.h"

#define TEXT_TERMS_MAX 32
#define TEXT_QUERY_MAX 4096

struct text_term {
	const char *s;		/* inside text; holds no double quote */
	size_t n;
	bool prefix;
};

struct text_terms {
	char *text;		/* the search in NFC */
	struct text_term v[TEXT_TERMS_MAX];
	size_t n;
};

/**
 * text_terms_parse(q, ret):
 * Split ${q} at white space and double quotes; terms without a letter or digit
 * are dropped.  SQ_EFORMAT unless UTF-8, SQ_ELIMIT beyond the limits above.
 * ${ret} is freed with text_terms_free in any case.
 */
enum sq_err text_terms_parse(const char *q, struct text_terms *ret);

/** text_terms_free(t): wipe and free. */
void text_terms_free(struct text_terms *t);

#endif
