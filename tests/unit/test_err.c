#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/err.h"

/* Every code has its own sentence and an exit code of sandyq(1). */
static void
codes_speak(void **state)
{
	(void)state;
	for (int e = SQ_OK; e <= SQ_EINTERNAL; e++) {
		assert_string_not_equal(err_str((enum sq_err)e),
		    "unknown error");
		assert_in_range(err_exit((enum sq_err)e), 0, 5);
		for (int o = SQ_OK; o < e; o++)
			assert_string_not_equal(err_str((enum sq_err)e),
			    err_str((enum sq_err)o));
	}
	assert_int_equal(err_exit(SQ_EPASS), 4);
	assert_int_equal(err_exit(SQ_EDAMAGE), 5);
	assert_int_equal(err_exit(SQ_EROLLBACK), 5);
}

/* The detail of the lower layer stays behind that of the higher one. */
static void
details_chain(void **state)
{
	struct why why = { "" };

	(void)state;
	assert_int_equal(err_why(&why, SQ_EIO, "page %d", 7), SQ_EIO);
	assert_string_equal(why.text, "page 7");
	assert_int_equal(err_more(&why, SQ_EIO, "vault"), SQ_EIO);
	assert_string_equal(why.text, "vault: page 7");
	assert_int_equal(err_why(NULL, SQ_EIO, "x"), SQ_EIO);
	assert_int_equal(err_more(NULL, SQ_EIO, "x"), SQ_EIO);
}

/* A detail longer than its place is cut, never written beyond it. */
static void
details_are_bounded(void **state)
{
	char big[2 * sizeof(struct why)];
	struct why why = { "" };

	(void)state;
	memset(big, 'x', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	(void)err_why(&why, SQ_EIO, "%s", big);
	assert_int_equal(strlen(why.text), sizeof(why.text) - 1);
	(void)err_more(&why, SQ_EIO, "%s", big);
	assert_int_equal(strlen(why.text), sizeof(why.text) - 1);
	(void)err_more(&why, SQ_EIO, "short");
	assert_int_equal(strlen(why.text), sizeof(why.text) - 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_speak),
		cmocka_unit_test(details_chain),
		cmocka_unit_test(details_are_bounded),
	};

	return cmocka_run_group_tests_name("err", tests, NULL, NULL);
}
