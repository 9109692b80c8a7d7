/*
 * What the targets share.  See fuzz.h.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"

static const struct fuzz_target *const list[] = { fuzz_crypto, fuzz_bundle,
    fuzz_vault };

/* see fuzz.h */
enum sq_err
fuzz_read(void *arg, uint8_t *p, size_t n, size_t *ret)
{
	struct fuzz_in *in = arg;

	if (in->step != 0 && n > in->step)
		n = in->step;
	if (n > in->n)
		n = in->n;
	if (n > 0)
		memcpy(p, in->p, n);
	in->p += n;
	in->n -= n;
	*ret = n;
	return SQ_OK;
}

/* see fuzz.h */
char *
fuzz_text(const uint8_t *p, size_t n)
{
	char *s = malloc(n + 1);

	if (s == NULL)
		abort();
	if (n > 0)
		memcpy(s, p, n);
	s[n] = '\0';
	return s;
}

/* see fuzz.h */
struct secret *
fuzz_key(uint8_t byte)
{
	struct secret *s = NULL;
	uint8_t b[32];

	memset(b, byte, sizeof(b));
	if (secret_copy(b, sizeof(b), &s) != SQ_OK)
		abort();
	return s;
}

/* see fuzz.h */
void
fuzz_same(const struct bytes_buf *out, const void *p, size_t n)
{
	FUZZ_MUST(!out->bad && out->len == n &&
	    (n == 0 || memcmp(out->p, p, n) == 0));
}

/* see fuzz.h */
const struct fuzz_target *
fuzz_find(const char *name)
{
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		for (const struct fuzz_target *t = list[i]; t->name; t++)
			if (strcmp(t->name, name) == 0)
				return t;
	return NULL;
}

/* see fuzz.h */
void
fuzz_names(void (*cb)(const char *name))
{
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		for (const struct fuzz_target *t = list[i]; t->name; t++)
			cb(t->name);
}
