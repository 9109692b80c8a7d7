/*
 * What the two sides of the viewer's pipe share, and nobody else includes.
 */
#ifndef SQ_VAULT_VIEWER_INT_H
#define SQ_VAULT_VIEWER_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VIEWER_NAME_MAX 4096u
#define VIEWER_END 0u		/* in place of a length: it was all */
#define VIEWER_DROP UINT32_MAX	/* something failed: do not show it */

struct viewer_ask {
	uint32_t stream;
	uint32_t len;		/* of the name that follows; 0: none */
};

enum { VIEWER_NONE, VIEWER_BADLY, VIEWER_WELL };

struct viewer_answer {
	uint32_t kind;
	char text[252];		/* of VIEWER_NONE */
};

/** viewer_get(fd, p, n): exactly ${n} bytes; false at the end. */
bool viewer_get(int fd, void *p, size_t n);

/**
 * viewer_launch(dir, from, to):
 * The life of the launcher, until ${from} ends; its exit code.
 */
int viewer_launch(int dir, int from, int to);

#endif
