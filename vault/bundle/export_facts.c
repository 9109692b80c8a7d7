/*
 * The summary of the report: who, when and where, gathered from what the items
 * show; each thing once, with the items where it stands.  See export_int.h.
 */
#include <stdlib.h>
#include <string.h>

#include "vault/bundle/export_int.h"

#define FACTS_MAX 200		/* lines of one question */
#define ITEMS_MAX 12		/* items named beside a line */

struct facts {
	struct report_fact f[REPORT_ASKS * FACTS_MAX];
	uint64_t item[REPORT_ASKS * FACTS_MAX][ITEMS_MAX];
	size_t n, of[REPORT_ASKS], left[REPORT_ASKS];
};

/* Which question a field answers; REPORT_ASKS: none. */
static enum report_ask
asks(const struct model_field *f)
{
	static const char *const where[] = { "place", "embedded_place",
	    "birthplace" };
	static const char *const not_when[] = { "birth_date", "last_checked",
	    "file_time", "until" };

	if (f == NULL)
		return REPORT_ASKS;
	for (size_t i = 0; i < sizeof(where) / sizeof(where[0]); i++)
		if (strcmp(where[i], f->name) == 0)
			return REPORT_WHERE;
	if ((f->flags & MODEL_NAME) != 0 ||
	    (f->kind == MODEL_REF && strcmp(f->refs, "P") == 0))
		return REPORT_WHO;
	for (size_t i = 0; i < sizeof(not_when) / sizeof(not_when[0]); i++)
		if (strcmp(not_when[i], f->name) == 0)
			return REPORT_ASKS;
	return f->kind == MODEL_DATE || f->kind == MODEL_TIME ||
	    strcmp(f->name, "embedded_date") == 0 ? REPORT_WHEN : REPORT_ASKS;
}

static bool
same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* The same thing said before, or NULL. */
static struct report_fact *
said(struct facts *fs, enum report_ask ask, const char *label,
    const struct report_value *v)
{
	for (size_t i = 0; i < fs->n; i++)
		if (fs->f[i].ask == ask && same(fs->f[i].label, label) &&
		    same(fs->f[i].v.text, v->text) &&
		    same(fs->f[i].v.lang, v->lang))
			return &fs->f[i];
	return NULL;
}

/* A copy that the page of all keeps. */
static const char *
copy(struct export_page *all, const char *s)
{
	return s == NULL ? NULL : export_page_keep(all, strdup(s));
}

/* One value of a field of item ${number}. */
static void
add(struct facts *fs, struct export_page *all, enum report_ask ask,
    const char *label, const struct report_value *v, uint64_t number)
{
	struct report_fact *f = said(fs, ask, label, v);
	size_t at;

	if (f == NULL) {
		if (fs->of[ask] == FACTS_MAX) {
			fs->left[ask]++;
			return;
		}
		fs->of[ask]++;
		f = &fs->f[fs->n++];
		f->ask = ask;
		f->label = label;
		f->v = (struct report_value){ .text = copy(all, v->text),
		    .lang = copy(all, v->lang), .more = copy(all, v->more),
		    .item = v->item };
	}
	at = (size_t)(f - fs->f);
	f->item = fs->item[at];
	if (f->n < ITEMS_MAX && (f->n == 0 || f->item[f->n - 1] != number))
		fs->item[at][f->n++] = number;
}

/* What one item says. */
static void
add_item(struct facts *fs, struct export_page *all,
    const struct export_page *p, uint64_t number)
{
	for (size_t i = 0; i < p->n; i++) {
		enum report_ask ask = asks(p->def[i]);

		if (ask == REPORT_ASKS || p->field[i].place != REPORT_ROW)
			continue;
		for (size_t k = 0; k < p->field[i].n; k++)
			add(fs, all, ask, p->field[i].label, &p->field[i].v[k],
			    number);
	}
}

/* see export_int.h */
enum sq_err
export_facts(struct export_data *x, struct bytes_buf *out)
{
	const struct export_plan *plan = x->in->plan;
	struct export_page all = { 0 }, page = { 0 };
	struct report_item *it = calloc(plan->n + 1, sizeof(*it));
	struct facts *fs = calloc(1, sizeof(*fs));
	char *title, *lang;
	enum sq_err e = it == NULL || fs == NULL ? SQ_ENOMEM : SQ_OK;

	for (size_t i = 0; i < plan->n && e == SQ_OK; i++) {
		if ((e = export_page(x, i, &page)) != SQ_OK)
			break;
		add_item(fs, &all, &page, i + 1);
		export_page_title(&plan->item[i], &title, &lang);
		it[i] = (struct report_item){ .number = i + 1,
		    .ref = plan->item[i].ref,
		    .type = plan->item[i].type->label };
		if (title != NULL)
			it[i].title = export_page_keep(&all, title);
		if (lang != NULL)
			it[i].lang = export_page_keep(&all, lang);
	}
	if (e == SQ_OK)
		e = all.e;
	if (e == SQ_OK)
		e = report_facts(fs->f, fs->n, fs->left, it, plan->n, out);
	export_page_free(&page);
	export_page_free(&all);
	free(it);
	free(fs);
	return e;
}
