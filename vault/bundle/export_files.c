/*
 * The files of a bundle: in memory, but for attachments.  See export.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/bundle/export.h"
#include "vault/bundle/tar.h"

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
enum sq_err
export_file_original(struct export_files *l, uint64_t item,
    const struct export_item *it)
{
	char rel[BAG_ORIGINAL_MAX], path[TAR_PATH_MAX + 1];
	struct bytes_buf *b;
	enum sq_err e;

	bag_original(item, it->ext, rel);
	(void)snprintf(path, sizeof(path), "bundle/bag/data/%s", rel);
	if ((e = export_file(l, path, &b)) == SQ_OK)
		l->v[l->n - 1].of = it;
	return e;
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
