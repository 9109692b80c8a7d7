/*
 * Fuzzing: every parser of foreign bytes as a target.  A target is called with
 * any bytes and must neither crash, nor hang, nor accept what it would write
 * in another way.  fuzz_main.c runs one under libFuzzer; fuzz_drive.c runs
 * them over files and seeded changes of them, with any compiler.
 */
#ifndef SQ_TESTS_FUZZ_FUZZ_H
#define SQ_TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/bytes.h"
#include "crypto/secret.h"

struct fuzz_target {
	const char *name;
	void (*fn)(const uint8_t *p, size_t n);
	size_t max;		/* bytes of input that make sense */
};

/* A property that must hold whatever the input is. */
#define FUZZ_MUST(cond) \
	do { \
		if (!(cond)) \
			__builtin_trap(); \
	} while (0)

/* Bytes to read from, as age_read_fn wants them. */
struct fuzz_in {
	const uint8_t *p;
	size_t n;
	size_t step;		/* at most so many at once; 0: all */
};

/** fuzz_read(arg, p, n, ret): age_read_fn over a struct fuzz_in. */
enum sq_err fuzz_read(void *arg, uint8_t *p, size_t n, size_t *ret);

/** fuzz_text(p, n): a copy with a NUL behind it; the caller frees. */
char *fuzz_text(const uint8_t *p, size_t n);

/** fuzz_key(byte): a 32-byte secret of that byte; the caller frees. */
struct secret *fuzz_key(uint8_t byte);

/** fuzz_same(out, p, n): the ${n} bytes of ${out} are those of ${p}. */
void fuzz_same(const struct bytes_buf *out, const void *p, size_t n);

/* The targets, by the layer they look at; each list ends with a NULL name. */
extern const struct fuzz_target fuzz_crypto[], fuzz_bundle[], fuzz_vault[];

/** fuzz_find(name): a target by its name, or NULL. */
const struct fuzz_target *fuzz_find(const char *name);

/** fuzz_names(cb): hear of every target. */
void fuzz_names(void (*cb)(const char *name));

#endif
