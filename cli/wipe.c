/*
 * Memory that is given back is wiped first: ours, and that of every library,
 * for what a record says passes through many hands (JSON, the database's
 * pages, Unicode, the line editor), and none of them can be asked to forget.
 * The two functions take the place of libc's in the finished programs; there
 * is no header, since everybody calls them already.
 *
 * The sanitizers have their own, which must stay.
 */
#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif

#ifndef __SANITIZE_ADDRESS__
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

/* glibc's own, which it keeps for this */
extern void __libc_free(void *p);

void
free(void *p)
{
	if (p != NULL)
		explicit_bzero(p, malloc_usable_size(p));
	__libc_free(p);
}

/* Never lets libc move a block: it would leave the old one as it was. */
void *
realloc(void *p, size_t n)
{
	size_t old;
	void *q;

	if (p == NULL)
		return malloc(n);
	if (n == 0) {
		free(p);
		return NULL;
	}
	old = malloc_usable_size(p);
	if (n <= old)
		return p;
	if ((q = malloc(n)) == NULL)
		return NULL;
	memcpy(q, p, old);
	free(p);
	return q;
}
#else
/* a file must say something */
extern int wipe_is_not_here;
#endif
