/*
 * report.html: what of each item is shown to people, taken from the redacted
 * entries alone.  See export_int.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/bundle/export_int.h"
#include "vault/bundle/report.h"

#define DATA "bundle/bag/data/"

/* One value as the report shows it; the caller frees what is returned. */
static char *
shown(struct export_data *x, const struct model_field *f,
    const struct entry_field *ef, char **ret_lang)
{
	uint8_t id[LOG_RECORD_ID];
	char buf[64];
	char *s, *t = NULL;
	int64_t v;
	bool yes;

	*ret_lang = NULL;
	if (f->kind == MODEL_TEXT && entry_text(ef, ret_lang, &t))
		return t;
	if (f->kind == MODEL_INT && entry_value_int(ef, &v)) {
		(void)snprintf(buf, sizeof(buf), "%lld", (long long)v);
		return strdup(buf);
	}
	if (f->kind == MODEL_BOOL && entry_value_bool(ef, &yes))
		return strdup(yes ? "yes" : "no");
	s = entry_value_str(ef);
	if (f->kind != MODEL_REF || s == NULL ||
	    bytes_unhex(id, sizeof(id), s) != SQ_OK)
		return s;
	free(s);
	export_int_pseudonym(x, id, buf);
	return strdup(buf);
}

struct shown_field {
	struct report_field rf;
	struct report_value *v;
	char **text, **lang;
	size_t n;
};

/* Room for one more value. */
static enum sq_err
grow_field(struct shown_field *sf)
{
	size_t cap = sf->n == 0 ? 4 : 2 * sf->n;
	void *v, *text, *lang;

	if ((sf->n & (sf->n - 1)) != 0 || (sf->n > 0 && sf->n < 4))
		return SQ_OK;
	if ((v = realloc(sf->v, cap * sizeof(*sf->v))) != NULL)
		sf->v = v;
	if ((text = realloc(sf->text, cap * sizeof(*sf->text))) != NULL)
		sf->text = text;
	if ((lang = realloc(sf->lang, cap * sizeof(*sf->lang))) != NULL)
		sf->lang = lang;
	return v == NULL || text == NULL || lang == NULL ? SQ_ENOMEM : SQ_OK;
}

/* All values of one field of the table; none if the record has no such. */
static enum sq_err
show_field(struct export_data *x, const struct entry *en,
    const struct model_field *f, struct shown_field *sf, bool *ret_any)
{
	const struct entry_field *ef;
	char name[ENTRY_MAX_NAME + 1];
	enum sq_err e;

	*ret_any = false;
	for (size_t i = 0;; i++) {
		if ((f->flags & MODEL_LIST) == 0 && i > 0)
			break;
		if (f->flags & MODEL_LIST)
			(void)entry_element(name, sizeof(name),
			    record_name(f), i);
		else
			(void)snprintf(name, sizeof(name), "%s",
			    record_name(f));
		if ((ef = entry_find(en, name)) == NULL)
			break;
		*ret_any = true;
		if (ef->form != ENTRY_OPEN)
			continue;
		if ((e = grow_field(sf)) != SQ_OK)
			return e;
		sf->text[sf->n] = shown(x, f, ef, &sf->lang[sf->n]);
		sf->v[sf->n].text = sf->text[sf->n] == NULL ? "" :
		    sf->text[sf->n];
		sf->v[sf->n].lang = sf->lang[sf->n];
		sf->n++;
	}
	sf->rf.label = f->label;
	sf->rf.v = sf->v;
	sf->rf.n = sf->n;
	return SQ_OK;
}

static void
free_field(struct shown_field *sf)
{
	for (size_t i = 0; i < sf->n; i++) {
		free(sf->text[i]);
		free(sf->lang[i]);
	}
	free(sf->v);
	free(sf->text);
	free(sf->lang);
	free(sf);
}

/* One item of the report, with its events. */
static enum sq_err
report_one(struct export_data *x, size_t i, struct bytes_buf *b)
{
	const struct export_item *it = &x->in->plan->item[i];
	struct shown_field *sf[96] = { NULL };
	struct report_field rf[96];
	struct report_item ri = { .number = i + 1, .ref = it->ref,
	    .type = it->type->label, .index = it->at.index, .field = rf };
	char title[ENTRY_MAX_NAME + 1], root[65];
	char *t = NULL, *lang = NULL;
	size_t n = 0;
	bool any;
	enum sq_err e;

	bytes_hex(root, it->at.root, ENTRY_ROOT);
	ri.entry = root;
	export_int_title(it->type, title, sizeof(title));
	if (!entry_text(entry_find(&it->at.en, title), &lang, &t))
		t = entry_str(&it->at.en, title);
	ri.title = t;
	ri.lang = lang;
	for (const struct model_field *f = it->type->field;
	    f->name != NULL && n < 96; f++) {
		if ((sf[n] = calloc(1, sizeof(*sf[n]))) == NULL) {
			e = SQ_ENOMEM;
			goto out;
		}
		if ((e = show_field(x, &it->at.en, f, sf[n], &any)) != SQ_OK)
			goto out;
		if (!any) {
			free_field(sf[n]);
			sf[n] = NULL;
			continue;
		}
		rf[n] = sf[n]->rf;
		n++;
	}
	ri.n_field = n;
	ri.custody = (const char *const *)x->event[i].line;
	ri.n_custody = x->event[i].n;
	e = report_item(&ri, b);
out:
	for (size_t k = 0; k < 96; k++)
		if (sf[k] != NULL)
			free_field(sf[k]);
	free(t);
	free(lang);
	return e;
}

/* see export_int.h */
enum sq_err
export_int_report(struct export_data *x, const struct statement *st)
{
	const struct export_plan *p = x->in->plan;
	struct bytes_buf *b;
	char **line;
	size_t len;
	enum sq_err e;

	if ((line = calloc(p->n_left + 1, sizeof(*line))) == NULL)
		return SQ_ENOMEM;
	for (size_t i = 0; i < p->n_left; i++) {
		len = strlen(p->left[i].ref) +
		    strlen(export_int_left_why(x, i)) + 3;
		if ((line[i] = malloc(len)) != NULL)
			(void)snprintf(line[i], len, "%s: %s", p->left[i].ref,
			    export_int_left_why(x, i));
	}
	if ((e = export_file(x->files, DATA "report.html", &b)) != SQ_OK ||
	    (e = report_begin(st, b)) != SQ_OK)
		goto out;
	for (size_t i = 0; i < p->n && e == SQ_OK; i++)
		e = report_one(x, i, b);
	if (e == SQ_OK)
		e = report_section("Left out, and why",
		    (const char *const *)line, p->n_left, b);
	if (e == SQ_OK)
		e = report_end(st, b);
out:
	for (size_t i = 0; i < p->n_left; i++)
		free(line[i]);
	free(line);
	return e;
}

