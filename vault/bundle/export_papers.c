/*
 * What a lawyer's software imports and what a qualified person signs: the load
 * file and the drafts of certificates.  Drawn, as all tables, from the redacted
 * entries.  See export_int.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/digest.h"
#include "vault/bundle/certificate.h"
#include "vault/bundle/export_int.h"
#include "vault/bundle/loadfile.h"

#define DATA "bundle/bag/data/"

/* --- the load file ------------------------------------------------------ */

/* The first of several fields that is disclosed, kept by ${p}. */
static const char *
first_said(struct export_page *p, const struct entry *en,
    const char *const *names)
{
	char *s = NULL;

	for (; *names != NULL && s == NULL; names++)
		s = entry_str(en, *names);
	return s == NULL ? "" : export_page_keep(p, s);
}

/* One field, or "". */
static const char *
said(struct export_page *p, const struct entry *en, const char *name)
{
	return first_said(p, en, (const char *const[]){ name, NULL });
}

/* The number of the item to which a file belongs, or "". */
static void
parent(const struct export_data *x, const struct statement *st,
    const struct export_item *it, char out[LOADFILE_NUMBER_MAX])
{
	const struct export_item *of = NULL;
	uint8_t id[LOG_RECORD_ID];
	char *s = it->type->prefix == 'M' ? entry_str(&it->at.en,
	    "_about[00000]") : NULL;

	out[0] = '\0';
	if (s != NULL && bytes_unhex(id, sizeof(id), s) == SQ_OK)
		of = export_plan_find(x->in->plan, id);
	if (of != NULL)
		loadfile_number(st->bundle,
		    (size_t)(of - x->in->plan->item) + 1, out);
	free(s);
}

/* The cells that tell when: stated, and written down. */
static void
put_times(struct export_page *p, const struct entry *en,
    const char *cell[LOADFILE_CELLS])
{
	static const char *const at[] = { "captured_at", "date", "as_of",
	    NULL };
	char *day = export_page_keep(p, calloc(1, 9)),
	    *wrote = export_page_keep(p, calloc(1, 9));
	const char *time = said(p, en, "_time");

	cell[9] = first_said(p, en, at);
	if (p->e != SQ_OK)
		return;
	loadfile_date(cell[9], day);
	loadfile_date(time, wrote);
	cell[8] = day;
	cell[10] = wrote;
	cell[11] = strchr(time, 'T') == NULL ? "" : strchr(time, 'T') + 1;
}

/* The cells that tell which file: its name, type, size, hash and place. */
static void
put_file(struct export_page *p, const struct export_item *it, size_t i,
    const char *cell[LOADFILE_CELLS])
{
	const struct entry *en = &it->at.en;
	const char *dot;
	char buf[64];
	int64_t size;

	cell[12] = said(p, en, "original_name");
	dot = strrchr(cell[12], '.');
	cell[13] = dot == NULL ? "" : dot + 1;
	cell[14] = said(p, en, "mime");
	cell[16] = said(p, en, "sha256");
	if (it->type->prefix == 'M' &&
	    entry_value_int(entry_find(en, "size"), &size)) {
		(void)snprintf(buf, sizeof(buf), "%lld", (long long)size);
		cell[15] = export_page_keep(p, strdup(buf));
	}
	if (it->file) {
		(void)snprintf(buf, sizeof(buf), "items\\%06zu\\original.%.16s",
		    i + 1, it->ext);
		cell[17] = export_page_keep(p, strdup(buf));
	}
	(void)snprintf(buf, sizeof(buf), "items\\%06zu\\record.json", i + 1);
	cell[18] = export_page_keep(p, strdup(buf));
}

/* One item of the load file. */
static enum sq_err
put_row(const struct export_data *x, const struct statement *st, size_t i,
    struct bytes_buf *b)
{
	static const char *const by[] = { "collector[00000]", "interviewer",
	    "interviewer[00000]", "_actor", NULL };
	const struct export_item *it = &x->in->plan->item[i];
	const char *cell[LOADFILE_CELLS] = { NULL };
	char number[LOADFILE_NUMBER_MAX], of[LOADFILE_NUMBER_MAX], root[65],
	    vault[24];
	struct export_page p = { 0 };
	char *title, *lang;
	enum sq_err e;

	loadfile_number(st->bundle, i + 1, number);
	parent(x, st, it, of);
	(void)snprintf(vault, sizeof(vault), "vault %.8s", st->log);
	bytes_hex(root, it->at.root, ENTRY_ROOT);
	export_page_title(it, &title, &lang);
	cell[0] = cell[1] = number;
	cell[2] = of;
	cell[3] = vault;
	cell[4] = first_said(&p, &it->at.en, by);
	cell[5] = it->type->label;
	cell[6] = it->ref;
	cell[7] = title;
	put_times(&p, &it->at.en, cell);
	put_file(&p, it, i, cell);
	cell[19] = root;
	loadfile_row(cell, b);
	e = p.e == SQ_OK ? bytes_done(b) : p.e;
	free(title);
	free(lang);
	export_page_free(&p);
	return e;
}

static enum sq_err
loadfile(struct export_data *x, const struct statement *st)
{
	struct bytes_buf *b;
	enum sq_err e;

	if ((e = export_file(x->files, DATA "loadfile/items.dat", &b)) !=
	    SQ_OK)
		return e;
	loadfile_head(b);
	for (size_t i = 0; i < x->in->plan->n && e == SQ_OK; i++)
		e = put_row(x, st, i, b);
	return e;
}

/* --- certificates ------------------------------------------------------- */

/* Hash and size of a file; of an attachment, what the log says. */
static void
sum_of(const struct export_file *f, uint8_t sum[DIGEST_LEN], uint64_t *ret)
{
	if (f->of != NULL) {
		memcpy(sum, f->of->object.sha256, DIGEST_LEN);
		*ret = f->of->object.size;
		return;
	}
	digest_sha256(sum, f->body.p, f->body.len);
	*ret = f->body.len;
}

/* The hash of every file of the items, as sha256sum reads it. */
static enum sq_err
table(const struct export_data *x, struct bytes_buf *out)
{
	static const char items[] = DATA "items/";
	const struct export_file *f;
	const struct export_item *it;
	uint8_t sum[DIGEST_LEN];
	uint64_t size;
	size_t item;
	char *name;

	for (size_t i = 0; i < x->files->n; i++) {
		f = &x->files->v[i];
		if (strncmp(f->path, items, strlen(items)) != 0)
			continue;
		item = strtoul(f->path + strlen(items), NULL, 10);
		if (item == 0 || item > x->in->plan->n)
			return SQ_EINTERNAL;
		it = &x->in->plan->item[item - 1];
		name = strstr(f->path, "/original.") == NULL ? NULL :
		    entry_str(&it->at.en, "original_name");
		sum_of(f, sum, &size);
		certificate_line(item, it->ref, name, size, out);
		free(name);
		bytes_put_hex(out, sum, sizeof(sum));
		bytes_putf(out, "  %s\n", f->path + strlen(DATA));
	}
	return bytes_done(out);
}

/* see export_int.h */
enum sq_err
export_papers(struct export_data *x, const struct statement *st)
{
	struct bytes_buf t = { 0 }, *b;
	char path[80];
	enum sq_err e;

	if ((e = loadfile(x, st)) != SQ_OK || (e = table(x, &t)) != SQ_OK)
		goto out;
	for (size_t i = 0; certificate_name(i) != NULL && e == SQ_OK; i++) {
		(void)snprintf(path, sizeof(path), DATA "certificates/%s",
		    certificate_name(i));
		if ((e = export_file(x->files, path, &b)) == SQ_OK)
			e = certificate_emit(i, st, t.p, t.len, b);
	}
out:
	bytes_free(&t);
	return e;
}
