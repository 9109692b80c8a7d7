/*
 * The files of a bundle while it is in memory.  See export.h.
 */
#include <stdlib.h>
#include <string.h>

#include "vault/bundle/export.h"

/* see export.h */
enum sq_err
export_file(struct export_files *l, const char *path, struct bytes_buf **ret)
{
	size_t cap;
	void *p;

	if (l->n == l->cap) {
		cap = l->cap ? 2 * l->cap : 64;
		if ((p = realloc(l->v, cap * sizeof(*l->v))) == NULL)
			return SQ_ENOMEM;
		l->v = p;
		l->cap = cap;
	}
	memset(&l->v[l->n], 0, sizeof(l->v[0]));
	if ((l->v[l->n].path = strdup(path)) == NULL)
		return SQ_ENOMEM;
	*ret = &l->v[l->n++].body;
	return SQ_OK;
}

/* see export.h */
void
export_files_free(struct export_files *l)
{
	for (size_t i = 0; i < l->n; i++) {
		free(l->v[i].path);
		bytes_free(&l->v[i].body);
	}
	free(l->v);
	memset(l, 0, sizeof(*l));
}
