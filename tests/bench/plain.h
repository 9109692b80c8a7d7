/*
 * What the program is held against: plain SQLCipher with the same kind of key,
 * the same settings and the same full-text index, and nothing else.
 */
#ifndef SQ_TESTS_BENCH_PLAIN_H
#define SQ_TESTS_BENCH_PLAIN_H

#include <stdbool.h>

struct plain;

/** plain_new(path, create): open it; any failure ends the program. */
struct plain *plain_new(const char *path, bool create);

/** plain_free(p): close it. */
void plain_free(struct plain *p);

/** plain_begin(p), plain_commit(p): one transaction. */
void plain_begin(struct plain *p);
void plain_commit(struct plain *p);

/** plain_add(p, title, text): one row, and its words into the index. */
void plain_add(struct plain *p, const char *title, const char *text);

/**
 * plain_search(p, match):
 * Print the first twenty by rank, with title and snippet(), as one line.
 */
void plain_search(struct plain *p, const char *match);

/** plain_argon2(kib, passes, lanes): bare Argon2id with as many threads. */
void plain_argon2(unsigned kib, unsigned passes, unsigned lanes);

#endif
