/*
 * For unit tests: something that is asked for again and again is refused once,
 * at the n-th time, for every n until the work is done without a refusal.
 * Include after cmocka.h.
 *
 *	#define SCARCE_LIBC	before: memory of the C library is refused;
 *				else the test asks scarce_now() where it counts
 *	starve("a name", work);
 *
 * Under AddressSanitizer, whose memory it is then, nothing is refused.
 */
#ifndef SQ_TESTS_SCARCE_H
#define SQ_TESTS_SCARCE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#define SCARCE_UNUSED __attribute__((unused))
#define SCARCE_MANY 20000

static atomic_long scarce_left = -1;	/* until one is refused; -1: never */

/* True once: now. */
SCARCE_UNUSED static bool
scarce_now(void)
{
	return scarce_left >= 0 && atomic_fetch_sub(&scarce_left, 1) == 0;
}

#if defined(SCARCE_LIBC) && !defined(__SANITIZE_ADDRESS__)
void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);
void *__libc_memalign(size_t to, size_t n);

void *
malloc(size_t n)
{
	return scarce_now() ? NULL : __libc_malloc(n);
}

void *
calloc(size_t n, size_t size)
{
	return scarce_now() ? NULL : __libc_calloc(n, size);
}

void *
realloc(void *p, size_t n)
{
	return scarce_now() ? NULL : __libc_realloc(p, n);
}

void *
aligned_alloc(size_t to, size_t n)
{
	return scarce_now() ? NULL : __libc_memalign(to, n);
}
#endif

/* of a build that counts branches */
extern void __gcov_dump(void) __attribute__((weak));

/* Of a child before it ends: the branches that it took count as well. */
SCARCE_UNUSED static void
scarce_count(void)
{
	if (__gcov_dump != NULL)
		__gcov_dump();
}

/*
 * Do ${work} until nothing of it is refused any more; it returns whether it
 * said that it is done, and asserts itself that it is done rightly.
 */
SCARCE_UNUSED static void
starve(const char *name, bool (*work)(void))
{
	unsigned failed = 0;
	bool done = false;
	long n = 0;

	/* what is made once and kept is made before */
	scarce_left = -1;
	assert_true(work());
	for (; n < SCARCE_MANY; n++) {
		scarce_left = n;
		done = work();
		if (scarce_left >= 0)
			break;		/* there was no n-th request */
		failed += !done;
	}
	scarce_left = -1;
	assert_true(n < SCARCE_MANY && done);
	print_message("%s: %ld requests, %u failures told\n", name, n, failed);
	/* where something was asked for, some of the failures must show */
	assert_true(n == 0 || failed > 0);
}

#endif
