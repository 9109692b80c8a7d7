/*
 * The targets without libFuzzer: over files, and over seeded changes of them.
 *
 *   fuzz_drive --list
 *   fuzz_drive TARGET CHANGES FILE...
 *
 * Prints one line: target, files, inputs tried.  A property that does not hold
 * ends it with a signal; the input is then in fuzz-TARGET.crash below TMPDIR.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"

static uint64_t state = 0x5a4e4459515f3031u;
static char crash[512];
static const uint8_t *now;
static size_t now_n;

/* xorshift64*: the same changes in every run. */
static uint64_t
next(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 0x2545f4914f6cdd1du;
}

static size_t
below(size_t n)
{
	return n == 0 ? 0 : (size_t)(next() % n);
}

static void
keep(int sig)
{
	FILE *f = fopen(crash, "wb");

	if (f != NULL) {
		(void)fwrite(now, 1, now_n, f);
		(void)fclose(f);
	}
	(void)signal(sig, SIG_DFL);
	(void)raise(sig);
}

/* One small change of the ${*n} bytes at ${p}, which has room for ${cap}. */
static void
change(uint8_t *p, size_t *n, size_t cap)
{
	static const char odd[] = "\0\xff\n\r\t \"\\[]{}:,-+./=09aZ\x7f\x80";
	size_t at = below(*n + 1), len = below(16) + 1, from;

	switch (next() % 7) {
	case 0:
		if (*n > 0)
			p[below(*n)] ^= (uint8_t)(1u << (next() % 8));
		break;
	case 1:
		if (*n > 0)
			p[below(*n)] = (uint8_t)odd[below(sizeof(odd) - 1)];
		break;
	case 2:			/* cut it short */
		*n = at;
		break;
	case 3:			/* take a piece out */
		if (at + len <= *n) {
			memmove(p + at, p + at + len, *n - at - len);
			*n -= len;
		}
		break;
	case 4:			/* repeat a piece */
		from = below(*n);
		if (from + len > *n)
			len = *n - from;
		if (*n + len <= cap) {
			memmove(p + from + len, p + from, *n - from);
			*n += len;
		}
		break;
	case 5:			/* another byte in between */
		if (*n < cap) {
			memmove(p + at + 1, p + at, *n - at);
			p[at] = (uint8_t)odd[below(sizeof(odd) - 1)];
			(*n)++;
		}
		break;
	default:		/* a number to its end */
		if (*n >= 8) {
			at = below(*n - 7);
			memset(p + at, next() % 2 ? 0xff : 0, 1 + below(8));
		}
	}
}

static unsigned long
file(const struct fuzz_target *t, const char *path, unsigned long changes)
{
	FILE *f = fopen(path, "rb");
	size_t cap = t->max, n;
	uint8_t *seed = malloc(cap), *p = malloc(cap);
	unsigned long i;

	if (f == NULL || seed == NULL || p == NULL) {
		fprintf(stderr, "fuzz: %s cannot be read\n", path);
		exit(2);
	}
	n = fread(seed, 1, cap, f);
	(void)fclose(f);
	now = seed;
	now_n = n;
	t->fn(seed, n);
	for (i = 0; i < changes; i++) {
		size_t m = n;

		memcpy(p, seed, n);
		for (uint64_t k = 1 + next() % 3; k > 0; k--)
			change(p, &m, cap);
		now = p;
		now_n = m;
		t->fn(p, m);
	}
	free(seed);
	free(p);
	return i + 1;
}

static void
say(const char *name)
{
	puts(name);
}

int
main(int argc, char **argv)
{
	static const int caught[] = { SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGABRT,
	    SIGALRM };
	const char *tmp = getenv("TMPDIR");
	const struct fuzz_target *t;
	unsigned long changes, tried = 0;

	if (argc == 2 && strcmp(argv[1], "--list") == 0) {
		fuzz_names(say);
		return 0;
	}
	if (argc < 3 || (t = fuzz_find(argv[1])) == NULL) {
		fprintf(stderr, "usage: fuzz_drive TARGET CHANGES FILE...\n");
		return 2;
	}
	changes = strtoul(argv[2], NULL, 10);
	(void)snprintf(crash, sizeof(crash), "%s/fuzz-%s.crash",
	    tmp != NULL ? tmp : "/tmp", t->name);
	if (secret_init() != SQ_OK)
		return 2;
	for (size_t i = 0; i < sizeof(caught) / sizeof(caught[0]); i++)
		(void)signal(caught[i], keep);
	for (int i = 3; i < argc; i++) {
		(void)alarm(60);	/* of work on one file: it hangs */
		tried += file(t, argv[i], changes);
	}
	printf("%s: %d files, %lu inputs\n", t->name, argc - 3, tried);
	return 0;
}
