/*
 * report.html, put together: cover, summary, items, what was left out, how to
 * check.  See export_int.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/bundle/export_int.h"

#define DATA "bundle/bag/data/"

/* A field that is open, kept by the page; or NULL. */
static const char *
optional(struct export_page *p, const struct entry *en, const char *name)
{
	char *s = entry_str(en, name);

	return s == NULL ? NULL : export_page_keep(p, s);
}

/* The attached file beside the record; the page keeps its texts. */
static void
file_of(const struct export_item *it, size_t i, struct export_page *p,
    struct report_file *ret)
{
	static const char *const image[] = { "bmp", "gif", "jpeg", "jpg",
	    "png", "webp" };
	char path[BAG_ORIGINAL_MAX], size[24];

	bag_original(i + 1, it->ext, path);
	(void)snprintf(size, sizeof(size), "%llu",
	    (unsigned long long)it->object.size);
	ret->path = export_page_keep(p, strdup(path));
	ret->size = export_page_keep(p, strdup(size));
	ret->name = optional(p, &it->at.en, "original_name");
	ret->mime = optional(p, &it->at.en, "mime");
	ret->sha256 = optional(p, &it->at.en, "sha256");
	for (size_t k = 0; k < sizeof(image) / sizeof(image[0]); k++)
		ret->image |= strcmp(image[k], it->ext) == 0;
}

/* One item, with its events. */
static enum sq_err
put_item(struct export_data *x, size_t i, struct export_page *p,
    struct bytes_buf *b)
{
	const struct export_item *it = &x->in->plan->item[i];
	struct report_item ri = { .number = i + 1, .ref = it->ref,
	    .type = it->type->label, .index = it->at.index,
	    .event = x->event[i].v, .n_event = x->event[i].n };
	struct report_file file = { .path = NULL };
	char root[65], *title, *lang;
	enum sq_err e;

	if ((e = export_page(x, i, p)) != SQ_OK)
		return e;
	if (it->file) {
		file_of(it, i, p, &file);
		ri.file = &file;
		if (p->e != SQ_OK)
			return p->e;
	}
	bytes_hex(root, it->at.root, ENTRY_ROOT);
	ri.entry = root;
	ri.field = p->field;
	ri.n_field = p->n;
	ri.n_hidden = p->n_hidden;
	export_page_title(it, &title, &lang);
	ri.title = title;
	ri.lang = lang;
	e = report_item(&ri, b);
	free(title);
	free(lang);
	return e;
}

/* The records that stayed, each with its reason. */
static enum sq_err
put_left(struct export_data *x, struct bytes_buf *b)
{
	const struct export_plan *p = x->in->plan;
	struct export_page keep = { 0 };
	const char **line;
	char buf[MODEL_REF_MAX + 320];
	enum sq_err e;

	if ((line = calloc(p->n_left + 1, sizeof(*line))) == NULL)
		return SQ_ENOMEM;
	for (size_t i = 0; i < p->n_left; i++) {
		(void)snprintf(buf, sizeof(buf), "%s%s: %s", p->left[i].ref,
		    p->left[i].what == EXPORT_STAYS_IDENTITY ? ", without "
		    "what tells who somebody is" : "",
		    export_int_left_why(x, i));
		line[i] = export_page_keep(&keep, strdup(buf));
	}
	e = keep.e == SQ_OK ? report_left(line, p->n_left, b) : keep.e;
	export_page_free(&keep);
	free(line);
	return e;
}

/* see export_int.h */
enum sq_err
export_report(struct export_data *x, const struct statement *st)
{
	struct export_page page = { 0 };
	struct bytes_buf *b;
	enum sq_err e;

	if ((e = export_file(x->files, DATA "report.html", &b)) != SQ_OK ||
	    (e = report_begin(st, x->in->card, b)) != SQ_OK ||
	    (e = export_facts(x, b)) != SQ_OK)
		return e;
	for (size_t i = 0; i < x->in->plan->n && e == SQ_OK; i++)
		e = put_item(x, i, &page, b);
	export_page_free(&page);
	if (e == SQ_OK && (e = put_left(x, b)) == SQ_OK)
		e = report_end(st, b);
	return e;
}
