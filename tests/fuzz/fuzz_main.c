/*
 * libFuzzer's two doors.  The target is named by $SANDYQ_FUZZ.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/fuzz/fuzz.h"

static const struct fuzz_target *target;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *name = getenv("SANDYQ_FUZZ");

	(void)argc;
	(void)argv;
	if (secret_init() != SQ_OK)
		abort();
	target = name != NULL ? fuzz_find(name) : NULL;
	if (target == NULL) {
		fprintf(stderr, "fuzz: SANDYQ_FUZZ must name a target\n");
		exit(2);
	}
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (n <= target->max)
		target->fn(p, n);
	return 0;
}
