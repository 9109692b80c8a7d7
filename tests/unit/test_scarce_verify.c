/*
 * Memory runs out at the n-th request of a verification, for every n until it
 * is done without: each time it says that it could not be done, or says what
 * is true of the bundle; of a forged one never that it is whole.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <cmocka.h>

#define SCARCE_LIBC

#include "tests/unit/bundle_check.h"
#include "tests/unit/scarce.h"

enum { DONE, TOLD, WRONG, RICH };	/* RICH: there was no such request */

/* One verification in a child, whose request number ${n} fails. */
static int
once(long n, const char *want)
{
	struct verify_opts o = { 0 };
	struct verify_report r;
	struct why why = { "" };
	char got[VERIFY_CLAIMS + 1];
	enum sq_err e;
	bool rich;

	o.path = ck_path("b.age");
	o.identity = ck_path("id");
	scarce_left = n;
	e = verify_bundle(&o, &r, &why);
	rich = scarce_left >= 0;
	scarce_left = -1;
	ck_letters(&r, got);
	if (e == SQ_OK && strchr(want, 'n') == NULL && strcmp(got, want) == 0)
		return rich ? RICH : DONE;
	if (e != SQ_OK && strchr(want, 'n') != NULL && rich)
		return RICH;
	/* never good of what is forged, never half of what is told */
	return e == SQ_OK ? WRONG : TOLD;
}

/*
 * Verify what is sealed already, poorer every time.  Where nothing can be told
 * the program itself ends with 1: err_no_memory.
 */
static void
poor(const char *name, const char *want)
{
	unsigned told = 0;
	int st = 0;
	long n = 0;
	pid_t pid;

	for (; n < 100000; n++) {
		(void)fflush(NULL);
		if ((pid = fork()) == 0) {
			st = once(n, want);
			scarce_count();
			_exit(st);
		}
		assert_int_equal(waitpid(pid, &st, 0), pid);
		if (!WIFEXITED(st) || WEXITSTATUS(st) == WRONG ||
		    WEXITSTATUS(st) > RICH)
			fail_msg("%s, request %ld: %#x", name, n,
			    (unsigned)st);
		if (WEXITSTATUS(st) == RICH)
			break;
		told += WEXITSTATUS(st) == TOLD;
	}
	print_message("%s: %ld requests, %u failures told\n", name, n, told);
	assert_true(n < 100000 && (n == 0 || told > 0));
}

static void
test_whole(void **state)
{
	struct mk *b = mk_new();

	(void)state;
	ck_bundle("whole", b, GOOD);
	poor("whole", GOOD);
	mk_free(b);
}

/* A word of a record is another: by its signer, so that it is read on. */
static void
test_forged(void **state)
{
	struct mk *b = mk_new();
	struct bytes_buf *r = mk_find(b, mk_item(2, "record.json"));
	uint8_t *p = memmem(r->p, r->len, "\"two\"", 5);

	(void)state;
	assert_non_null(p);
	memcpy(p, "\"six\"", 5);
	mk_resign(b);
	ck_bundle("forged", b, "yuyynuu-");
	poor("forged", "yuyynuu-");
	mk_free(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_forged),
	};

	return cmocka_run_group_tests(tests, ck_setup, ck_teardown);
}
