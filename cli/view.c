#include <stdlib.h>
#include <string.h>

#include "cli/ui.h"
#include "cli/view.h"

/* One value as its kind. */
static json_t *
value_json(const struct model_field *def, const struct record_value *v)
{
	json_t *o = json_object(), *j;

	if (def->kind == MODEL_INT)
		j = json_integer((json_int_t)strtoll(v->text, NULL, 10));
	else if (def->kind == MODEL_BOOL)
		j = json_boolean(v->text[0] == 't' || v->text[0] == 'y');
	else
		j = ui_str(v->text);
	if (json_object_set_new(o, "value", j) != 0 ||
	    (def->kind == MODEL_TEXT && json_object_set_new(o, "lang",
	    ui_str(v->lang != NULL ? v->lang : "und")) != 0)) {
		json_decref(o);
		return NULL;
	}
	return o;
}

/* The fields of a record: arrays by name. */
static json_t *
fields_json(const struct record *r)
{
	json_t *all = json_object(), *list;
	int bad = all == NULL;

	for (size_t i = 0; i < r->n && !bad; i++) {
		list = json_array();
		for (size_t k = 0; k < r->field[i].n; k++)
			bad |= json_array_append_new(list,
			    value_json(r->field[i].def, &r->field[i].v[k]));
		bad |= json_object_set_new(all, r->field[i].def->name, list);
	}
	if (bad) {
		json_decref(all);
		return NULL;
	}
	return all;
}

/* see view.h */
json_t *
view_json(const struct record *r)
{
	json_t *o = json_pack("{s:o,s:o,s:o,s:i,s:o,s:o,s:o}",
	    "ref", ui_str(r->ref), "id", ui_str(r->id),
	    "type", ui_str(r->type->name), "rev", (int)r->rev,
	    "entry", ui_str(r->entry), "time", ui_str(r->time),
	    "actor", ui_str(r->actor));

	if (o == NULL)
		return NULL;
	if (r->source[0] != '\0' && json_object_set_new(o, "from",
	    json_pack("{s:s,s:o}", "source", r->source, "row",
	    ui_num(r->row))) != 0) {
		json_decref(o);
		return NULL;
	}
	if ((r->reason != NULL && json_object_set_new(o, "reason",
	    ui_str(r->reason)) != 0) ||
	    json_object_set_new(o, "fields", fields_json(r)) != 0) {
		json_decref(o);
		return NULL;
	}
	return o;
}

/* A line for each value: name, or name.lang, as a person would type it. */
static void
value_line(const struct model_field *def, const struct record_value *v)
{
	char name[MODEL_LANG_MAX + 64];

	if (ui_terminal())
		ui_pair_note(def->label, v->text,
		    v->lang != NULL && strcmp(v->lang, "und") != 0 ?
		    v->lang : NULL);
	else {
		(void)snprintf(name, sizeof(name), "%s%s%s", def->name,
		    v->lang != NULL && strcmp(v->lang, "und") != 0 ? "." : "",
		    v->lang != NULL && strcmp(v->lang, "und") != 0 ?
		    v->lang : "");
		ui_pair(name, v->text);
	}
}

/* see view.h */
void
view_record(const struct record *r)
{
	if (ui_json()) {
		ui_doc(view_json(r));
		return;
	}
	ui_pair("ref", r->ref);
	ui_pair("id", r->id);
	ui_pair("type", r->type->name);
	ui_pairf("rev", "%u", r->rev);
	ui_pair("entry", r->entry);
	ui_pair("time", r->time);
	ui_pair("actor", r->actor != NULL ? r->actor : "");
	if (r->reason != NULL)
		ui_pair("reason", r->reason);
	if (r->source[0] != '\0')
		ui_pairf("from", "%s row %llu", r->source,
		    (unsigned long long)r->row);
	for (size_t i = 0; i < r->n; i++)
		for (size_t k = 0; k < r->field[i].n; k++)
			value_line(r->field[i].def, &r->field[i].v[k]);
}

/* see view.h */
json_t *
view_made_json(const struct vault_made *m)
{
	return json_pack("{s:s,s:s,s:s}", "ref", m->ref, "id", m->id,
	    "entry", m->entry);
}

/* see view.h */
void
view_made(const struct vault_made *m)
{
	if (ui_json())
		ui_doc(view_made_json(m));
	else
		ui_line("%s", m->ref);
}

/* see view.h */
void
view_rows_begin(struct view_rows *v, size_t n, const char *const *head,
    size_t wide)
{
	v->doc = NULL;
	v->table = NULL;
	v->n = 0;
	if (ui_json())
		v->doc = json_array();
	else
		v->table = ui_table_new(n, head, wide);
	if (v->doc == NULL && v->table == NULL)
		ui_doc(NULL);
}

/* see view.h */
bool
view_rows_json(const struct view_rows *v)
{
	return v->table == NULL;
}

/* see view.h */
void
view_rows_add(struct view_rows *v, json_t *object)
{
	if (json_array_append_new(v->doc, object) != 0)
		ui_doc(NULL);
}

/* see view.h */
void
view_rows_end(struct view_rows *v, bool print)
{
	if (v->table != NULL)
		ui_table_end(v->table);
	else if (print && v->doc != NULL)
		ui_doc(v->doc);
	else
		json_decref(v->doc);
	v->doc = NULL;
	v->table = NULL;
}
