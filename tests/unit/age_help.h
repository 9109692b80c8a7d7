/*
 * For the tests of age: files in memory, read in steps of any size.
 */
#ifndef SQ_TESTS_AGE_HELP_H
#define SQ_TESTS_AGE_HELP_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/age.h"
#include "crypto/bytes.h"

struct mem {
	const uint8_t *p;
	size_t n;
	size_t step;		/* at most so many bytes at once; 0: all */
	size_t fail_at;		/* SQ_EIO once so many are left; 0: never */
};

static inline enum sq_err
mem_read(void *arg, uint8_t *p, size_t n, size_t *ret)
{
	struct mem *m = arg;

	if (m->fail_at != 0 && m->n <= m->fail_at)
		return SQ_EIO;
	if (n > m->n)
		n = m->n;
	if (m->step != 0 && n > m->step)
		n = m->step;
	if (n > 0)
		memcpy(p, m->p, n);
	m->p += n;
	m->n -= n;
	*ret = n;
	return SQ_OK;
}

static inline enum sq_err
mem_write(void *arg, const uint8_t *p, size_t n)
{
	struct bytes_buf *b = arg;

	bytes_put(b, p, n);
	return bytes_done(b);
}

/*
 * Open the file at p and collect its plaintext in out, also what is released
 * before a failure.  *ret_late says that the header was good.
 */
static inline enum sq_err
mem_open(const struct age_keys *keys, const void *p, size_t n, size_t step,
    struct bytes_buf *out, bool *ret_late)
{
	struct mem m = { .p = p, .n = n, .step = step };
	struct age_reader *r = NULL;
	struct why why = { "" };
	uint8_t buf[5000];
	enum sq_err e;
	size_t got;

	*ret_late = false;
	if ((e = age_open_new(keys, mem_read, &m, &r, &why)) != SQ_OK) {
		assert_null(r);
		return e;
	}
	*ret_late = true;
	for (;;) {
		e = age_open_get(r, buf, sizeof(buf), &got);
		if (e != SQ_OK) {
			assert_int_equal(got, 0);
			/* and it stays so */
			assert_int_equal(age_open_get(r, buf, sizeof(buf),
			    &got), e);
		}
		if (e != SQ_OK || got == 0)
			break;
		bytes_put(out, buf, got);
	}
	age_open_free(r);
	return e;
}

/* Seal n bytes in pieces of at most step. */
static inline enum sq_err
mem_seal(const char *recipient, const struct secret *pass, unsigned log_n,
    const void *p, size_t n, size_t step, struct bytes_buf *out)
{
	struct age_writer *w = NULL;
	const uint8_t *b = p;
	size_t take;
	enum sq_err e;

	if ((e = age_seal_new(recipient, pass, log_n, mem_write, out,
	    &w)) != SQ_OK) {
		assert_null(w);
		return e;
	}
	for (; n > 0 && e == SQ_OK; b += take, n -= take) {
		take = step == 0 || n < step ? n : step;
		e = age_seal_add(w, b, take);
	}
	if (e == SQ_OK)
		e = age_seal_end(w);
	age_seal_free(w);
	return e;
}

static inline struct secret *
secret_str(const char *s)
{
	struct secret *ret = NULL;

	assert_int_equal(secret_copy((const uint8_t *)s, strlen(s), &ret),
	    SQ_OK);
	return ret;
}

static inline void
free_identities(struct secret **list, size_t n)
{
	while (n > 0)
		secret_free(list[--n]);
	free(list);
}

#endif
