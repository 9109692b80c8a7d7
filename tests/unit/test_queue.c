/*
 * Bytes from thread to thread: in order, whole, in pieces of any size; and how
 * a failure or an early end of either side comes through.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vault/bundle/queue.h"

#define OK(x) assert_int_equal((x), SQ_OK)

static uint64_t seed;

static size_t
next(size_t bound)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (size_t)(seed >> 33) % bound;
}

/* One side: byte i of the stream is i mod 251. */
struct side {
	uint64_t at, fail_at, end;
	unsigned slow;
};

static enum sq_err
take(void *arg, const uint8_t *p, size_t n)
{
	struct side *s = arg;

	for (size_t i = 0; i < n; i++, s->at++)
		if (p[i] != s->at % 251)
			return SQ_EINTERNAL;
	if (s->slow > 0)
		(void)usleep(s->slow);
	return s->at >= s->fail_at ? SQ_ENOSPC : SQ_OK;
}

static enum sq_err
give(void *arg, uint8_t *p, size_t n, size_t *ret)
{
	struct side *s = arg;
	size_t i;

	n = n > 1000 && s->at % 3 == 0 ? n / 3 : n;
	for (i = 0; i < n && s->at < s->end && s->at < s->fail_at; i++)
		p[i] = (uint8_t)(s->at++ % 251);
	*ret = i;
	if (s->slow > 0)
		(void)usleep(s->slow);
	return i == 0 && s->at == s->fail_at ? SQ_EAUTH : SQ_OK;
}

static enum sq_err
put_all(struct queue *q, uint64_t n, size_t most)
{
	static uint8_t buf[700000];
	uint64_t at = 0;
	size_t take_n;
	enum sq_err e = SQ_OK;

	while (at < n && e == SQ_OK) {
		take_n = 1 + next(most);
		take_n = n - at < take_n ? (size_t)(n - at) : take_n;
		for (size_t i = 0; i < take_n; i++)
			buf[i] = (uint8_t)((at + i) % 251);
		e = queue_put(q, buf, take_n);
		at += take_n;
	}
	return e == SQ_OK ? queue_end(q) : e;
}

static void
test_out(void **state)
{
	static const uint64_t length[] = { 0, 1, 262143, 262144, 262145,
	    QUEUE_BYTES, 3 * QUEUE_BYTES, 3 * QUEUE_BYTES + 17 };
	struct queue *q;

	(void)state;
	for (size_t i = 0; i < sizeof(length) / sizeof(length[0]); i++)
		for (unsigned slow = 0; slow < 2; slow++) {
			struct side s = { .fail_at = UINT64_MAX,
			    .slow = slow * 100 };

			OK(queue_out(take, &s, &q));
			OK(put_all(q, length[i], i % 2 ? 1000 : 700000));
			assert_int_equal(s.at, length[i]);
			queue_free(q);
		}
}

/* A disk that is full: the caller hears of it, and nothing hangs. */
static void
test_out_fails(void **state)
{
	struct queue *q;

	(void)state;
	for (uint64_t at = 1; at < 4 * QUEUE_BYTES; at += 700001) {
		struct side s = { .fail_at = at };

		OK(queue_out(take, &s, &q));
		assert_int_equal(put_all(q, 5 * QUEUE_BYTES, 100000),
		    SQ_ENOSPC);
		queue_free(q);
	}
	/* whole blocks, ended while the ring is full */
	for (int i = 0; i < 200; i++) {
		struct side s = { .fail_at = UINT64_MAX, .slow = 1 };

		OK(queue_out(take, &s, &q));
		OK(put_all(q, QUEUE_BYTES + QUEUE_BYTES / 8, 700000));
		assert_int_equal(s.at, QUEUE_BYTES + QUEUE_BYTES / 8);
		queue_free(q);
	}
	/* given up half-way */
	for (int i = 0; i < 20; i++) {
		struct side s = { .fail_at = UINT64_MAX, .slow = 50 };
		uint8_t b[3000] = { 0 };

		for (size_t k = 0; k < sizeof(b); k++)
			b[k] = (uint8_t)(k % 251);
		OK(queue_out(take, &s, &q));
		OK(queue_put(q, b, sizeof(b)));
		queue_free(q);
	}
}

static void
test_in(void **state)
{
	static const uint64_t length[] = { 0, 1, 262144, 262145, 500000,
	    3 * QUEUE_BYTES };
	static uint8_t buf[700000];
	struct queue *q;

	(void)state;
	for (size_t i = 0; i < sizeof(length) / sizeof(length[0]); i++)
		for (unsigned end = 0; end < 3; end++) {
			struct side s = { .fail_at = end == 1 ? length[i] :
			    UINT64_MAX, .end = end == 1 ? UINT64_MAX :
			    length[i], .slow = end == 2 ? 100 : 0 };
			struct side t = { .fail_at = UINT64_MAX };
			size_t got = 1;
			enum sq_err e = SQ_OK;

			OK(queue_in(give, &s, &q));
			while (got > 0 && (e = queue_get(q, buf, 1 +
			    next(sizeof(buf) - 1), &got)) == SQ_OK)
				OK(take(&t, buf, got));
			assert_int_equal(e, end == 1 ? SQ_EAUTH : SQ_OK);
			assert_int_equal(t.at, length[i]);
			/* and so again */
			assert_int_equal(queue_get(q, buf, 9, &got), e);
			assert_int_equal(got, 0);
			queue_free(q);
		}
	/* given up half-way */
	for (int i = 0; i < 20; i++) {
		struct side s = { .fail_at = UINT64_MAX, .end = UINT64_MAX };
		size_t got;

		OK(queue_in(give, &s, &q));
		if (i % 2)
			OK(queue_get(q, buf, 100, &got));
		queue_free(q);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_out),
		cmocka_unit_test(test_out_fails),
		cmocka_unit_test(test_in)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
