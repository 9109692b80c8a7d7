/*
 * What the two sides of the viewer's pipe share, and nobody else includes.
 */
#ifndef SQ_VAULT_VIEWER_INT_H
#define SQ_VAULT_VIEWER_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VIEWER_PIECE 65536u	/* bytes of content at once, at most */
#define VIEWER_END 0u		/* in place of a length: it was all */
#define VIEWER_DROP UINT32_MAX	/* something failed: do not show it */

struct viewer_ask {
	uint32_t stream;
};

enum { VIEWER_NONE, VIEWER_BADLY, VIEWER_WELL };

struct viewer_answer {
	uint32_t kind;
	char text[252];		/* of VIEWER_NONE */
};

/** viewer_get(fd, p, n): exactly ${n} bytes; false at the end. */
bool viewer_get(int fd, void *p, size_t n);

/**
 * viewer_launch(dir, player, from, to):
 * The life of the launcher, until ${from} ends; its exit code.  What to start
 * was said before the fork and never comes through the pipe: who takes the
 * other side over must not choose it.
 */
int viewer_launch(int dir, const char *player, int from, int to);

#endif
