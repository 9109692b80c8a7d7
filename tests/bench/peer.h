/*
 * The program under measure: run once, or spoken to through a pipe.
 */
#ifndef SQ_TESTS_BENCH_PEER_H
#define SQ_TESTS_BENCH_PEER_H

struct peer;

/** peer_now(): seconds, for differences; with CPU=1 of processor time. */
double peer_now(void);

/** peer_run(argv): run to its end, output thrown away; seconds. */
double peer_run(const char *const *argv);

/** peer_new(argv): start a shell; any failure ends the program. */
struct peer *peer_new(const char *const *argv);

/**
 * peer_ask(p, line, ret_s):
 * Write a command, read the one line that answers it; how long that took.
 * Valid until the next call.  An error in answer ends the program.
 */
const char *peer_ask(struct peer *p, const char *line, double *ret_s);

/** peer_free(p): end the shell. */
void peer_free(struct peer *p);

#endif
