/*
 * What hears of a bundle's attachments while it is taken in: it wants all of
 * them or none, and counts their bytes.
 */
#ifndef SQ_TESTS_TAKE_HELP_H
#define SQ_TESTS_TAKE_HELP_H

#include "vault/bundle/verify_take.h"

struct take {
	bool wanted;
	size_t seen;		/* bytes */
};

static inline enum sq_err
take_begin(void *arg, uint64_t number, const uint8_t root[ENTRY_ROOT],
    const uint8_t sha256[DIGEST_LEN], uint64_t size, bool *ret_wanted)
{
	const struct take *t = arg;

	(void)number;
	(void)root;
	(void)sha256;
	(void)size;
	*ret_wanted = t->wanted;
	return SQ_OK;
}

static inline enum sq_err
take_data(void *arg, const uint8_t *p, size_t n)
{
	struct take *t = arg;

	(void)p;
	t->seen += n;
	return SQ_OK;
}

static inline enum sq_err
take_end(void *arg)
{
	(void)arg;
	return SQ_OK;
}

#endif
