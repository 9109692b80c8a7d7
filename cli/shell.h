/*
 * The shell: unlock once, then the same commands, a line each.
 */
#ifndef SQ_CLI_SHELL_H
#define SQ_CLI_SHELL_H

#include "cli/cmd.h"

/**
 * shell_run(c, idle):
 * Run lines until the input ends, "exit", or a signal; lock after ${idle}
 * seconds without a line.  Returns the failure of the last command that
 * failed, SQ_OK if none did; what failed was told already.
 */
enum sq_err shell_run(struct cli *c, unsigned idle);

/**
 * shell_words(line, ret, ret_n, why):
 * Split a line as a shell splits simple words: '...', "...", backslash, and #
 * for a comment.  SQ_EUSAGE for an open quote.  The caller frees with
 * shell_words_free.
 */
enum sq_err shell_words(const char *line, char ***ret, int *ret_n,
    struct why *why);

/** shell_words_free(word, n): wipe and free; NULL is fine. */
void shell_words_free(char **word, int n);

#endif
