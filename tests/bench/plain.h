/*
 * What the program is held against: plain SQLCipher with the same kind of key,
 * the same settings and the same full-text index, and nothing else.
 */
#ifndef SQ_TESTS_BENCH_PLAIN_H
#define SQ_TESTS_BENCH_PLAIN_H

#include <stdbool.h>
#include <stddef.h>

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

/** plain_names_new(path, trigram): a new index of names alone. */
struct plain *plain_names_new(const char *path, bool trigram);

/**
 * plain_names_find(p, name, out, ret_ms):
 * The first ten that have any word, or any three characters, of a name: their
 * numbers from 0, in the order of plain_add; how many.
 */
size_t plain_names_find(struct plain *p, const char *name, size_t out[10],
    double *ret_ms);

/** plain_argon2(kib, passes, lanes): bare Argon2id with as many threads. */
void plain_argon2(unsigned kib, unsigned passes, unsigned lanes);

#endif
