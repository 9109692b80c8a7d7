/*
 * What a piece of work stands on fails, one call after another: memory, the
 * libraries, and every function of the lower layers that may.  Each place that
 * calls one of them is tried at its first and at its last call, in a child of
 * its own.  The work must then say that it failed, or be done rightly; under
 * ASan it also must leave nothing behind.  Programs test_failing_*.c are linked
 * so that those calls come here (failing.pl, Makefile).
 */
#ifndef SQ_TESTS_FAILING_H
#define SQ_TESTS_FAILING_H

#include <stdbool.h>

enum failing_end {
	FAILING_DONE,		/* done, and rightly */
	FAILING_TOLD,		/* it said that it failed, and left nothing */
	FAILING_WRONG		/* done wrongly, or half */
};

/* The kernel keeps no secrets: they lie where sodium_malloc puts them. */
extern bool failing_old_kernel;

/**
 * failing_turn(place):
 *
 * Called by what stands before a function that may fail, with the place that
 * it was called from: is it this call that fails?
 */
bool failing_turn(const void *place);

/** failing_stop(): from here on nothing fails: what the work did is judged. */
void failing_stop(void);

/**
 * failing_try(name, work):
 *
 * Do ${work} undisturbed in a child, which must be FAILING_DONE; then once for
 * each place and turn, or, unless FAILING_ALL is set, for some of them, always
 * the same.  Fails the test if one ends as it must not, or if none was told.
 */
void failing_try(const char *name, enum failing_end (*work)(void));

#endif
