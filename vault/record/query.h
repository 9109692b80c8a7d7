/*
 * A search as a person typed it, parted into words and filters:
 *
 *   type:person  place:Ürümchi  place:"New Town"  date:2017..2018  2017..
 *   tier:identity  consent:share  consent:none  consent:publish=withdrawn
 */
#ifndef SQ_VAULT_RECORD_QUERY_H
#define SQ_VAULT_RECORD_QUERY_H

#include <stdbool.h>
#include <stddef.h>

#include "crypto/err.h"
#include "vault/record/model.h"

#define QUERY_FILTERS 8

enum query_key {
	QUERY_TYPE,
	QUERY_PLACE,
	QUERY_DATE,
	QUERY_TIER,
	QUERY_CONSENT
};

struct query_filter {
	enum query_key key;
	char *value;
	const struct model_type *type;	/* QUERY_TYPE */
	unsigned first, last;		/* QUERY_DATE: days, YYYYMMDD */
	int tier;			/* QUERY_TIER */
	char *decision;			/* QUERY_CONSENT; NULL: yes */
};

struct query {
	char *words;			/* what is left for text_terms_read */
	bool any;			/* is there a word at all? */
	struct query_filter v[QUERY_FILTERS];
	size_t n;
};

/**
 * query_read(s, ret, why):
 * Part ${s}.  SQ_EUSAGE with a sentence for a filter that makes no sense.
 * ${ret} is freed with query_free in any case.
 */
enum sq_err query_read(const char *s, struct query *ret, struct why *why);

/** query_free(q): wipe and free; empty again. */
void query_free(struct query *q);

#endif
