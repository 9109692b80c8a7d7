/*
 * One item as the report shows it: its redacted entry as labels and values.
 * What is not open in the entry cannot be shown by mistake: it is not there.
 * See export_int.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/bundle/export_int.h"

/* see export_int.h */
char *
export_page_keep(struct export_page *p, char *s)
{
	size_t cap = p->cap_own == 0 ? 64 : 2 * p->cap_own;
	void *grown;

	if (s != NULL && p->n_own == p->cap_own) {
		if ((grown = realloc(p->own, cap * sizeof(*p->own))) == NULL) {
			free(s);
			s = NULL;
		} else {
			p->own = grown;
			p->cap_own = cap;
		}
	}
	if (s == NULL) {
		p->e = SQ_ENOMEM;
		return "";
	}
	return p->own[p->n_own++] = s;
}

/* Room for one more value; NULL if memory ran out. */
static struct report_value *
more(struct export_page *p)
{
	size_t cap = p->cap_v == 0 ? 64 : 2 * p->cap_v;
	void *grown;

	if (p->n_v == p->cap_v) {
		if ((grown = realloc(p->v, cap * sizeof(*p->v))) == NULL) {
			p->e = SQ_ENOMEM;
			return NULL;
		}
		p->v = grown;
		p->cap_v = cap;
	}
	memset(&p->v[p->n_v], 0, sizeof(*p->v));
	return &p->v[p->n_v++];
}

/* Begin a field; NULL if the table has more than fit. */
static struct report_field *
begin(struct export_page *p, const char *label, const struct model_field *f)
{
	struct report_field *rf;

	if (p->n == EXPORT_PAGE_MAX)
		return NULL;
	rf = &p->field[p->n];
	memset(rf, 0, sizeof(*rf));
	rf->label = label;
	p->first[p->n] = p->n_v;
	p->def[p->n++] = f;
	return rf;
}

/* Where a field of the table stands on the page. */
static enum report_place
place_of(const struct model_type *t, const struct model_field *f)
{
	if (f->kind == MODEL_HASH || f->kind == MODEL_AGE)
		return REPORT_CODE;
	if (f->kind == MODEL_LANG)
		return REPORT_TONGUE;
	if (t->prefix != 'T')
		return REPORT_ROW;
	if (strcmp(f->name, "text") == 0 || strcmp(f->name, "transcript") == 0)
		return REPORT_ORIGINAL;
	return strcmp(f->name, "translation") == 0 ? REPORT_BESIDE :
	    REPORT_ROW;
}

/*
 * Is it said of this field that it was not recorded?  Of what a court asks
 * first: who, when, where, how, original or copy.
 */
static bool
is_asked(const struct model_type *t, const struct model_field *f)
{
	static const char *const media[] = { "original_name", "mime", "size",
	    "sha256", "captured_at", "collector", "collector_role", "place",
	    "device", "tool", "acquired_from", "acquired_how", "generation",
	    "derived_from" };
	static const char *const testimony[] = { "witness", "interviewer",
	    "date", "place", "setting", "language", "how_known" };
	const char *const *list = t->prefix == 'M' ? media :
	    t->prefix == 'T' ? testimony : NULL;
	size_t n = t->prefix == 'M' ? sizeof(media) / sizeof(media[0]) :
	    sizeof(testimony) / sizeof(testimony[0]);

	for (size_t i = 0; list != NULL && i < n; i++)
		if (strcmp(list[i], f->name) == 0)
			return true;
	return false;
}

/* see export_int.h */
void
export_page_title(const struct export_item *it, char **ret, char **ret_lang)
{
	const struct model_field *f = model_flagged(it->type, MODEL_TITLE);
	const struct model_term *term;
	char name[ENTRY_MAX_NAME + 1];

	*ret = *ret_lang = NULL;
	export_int_title(it->type, name, sizeof(name));
	if (!entry_text(entry_find(&it->at.en, name), ret_lang, ret))
		*ret = entry_str(&it->at.en, name);
	if (*ret != NULL && f->kind == MODEL_TERM &&
	    (term = model_term(f->vocab, *ret)) != NULL) {
		free(*ret);
		*ret = strdup(term->label);
	}
	if (*ret == NULL && it->type->prefix == 'P')
		*ret = entry_str(&it->at.en, "pseudonym");
}

/* A reference: to an item with what it is called, or a pseudonym. */
static void
put_ref(struct export_page *p, struct report_value *v, char *hex)
{
	const struct export_plan *plan = p->x->in->plan;
	const struct export_item *it;
	uint8_t id[LOG_RECORD_ID];
	char name[64], *title, *lang;

	if (bytes_unhex(id, sizeof(id), hex) != SQ_OK) {
		v->text = export_page_keep(p, hex);
		return;
	}
	free(hex);
	export_int_pseudonym(p->x, id, name);
	v->text = export_page_keep(p, strdup(name));
	if ((it = export_plan_find(plan, id)) == NULL)
		return;
	v->item = (uint64_t)(it - plan->item) + 1;
	export_page_title(it, &title, &lang);
	if (title != NULL)
		v->more = export_page_keep(p, title);
	free(lang);
}

/* One open value. */
static void
put_value(struct export_page *p, const struct model_field *f,
    const struct entry_field *ef)
{
	struct report_value *v = more(p);
	const struct model_term *term;
	char buf[32], *s = NULL, *lang = NULL;
	int64_t n;
	bool yes;

	if (v == NULL)
		return;
	v->text = "";
	if (f->kind == MODEL_TEXT && entry_text(ef, &lang, &s)) {
		v->lang = export_page_keep(p, lang);
		v->text = export_page_keep(p, s);
		return;
	}
	if (f->kind == MODEL_INT && entry_value_int(ef, &n)) {
		(void)snprintf(buf, sizeof(buf), "%lld", (long long)n);
		v->text = export_page_keep(p, strdup(buf));
		return;
	}
	if (f->kind == MODEL_BOOL && entry_value_bool(ef, &yes)) {
		v->text = yes ? "yes" : "no";
		return;
	}
	if ((s = entry_value_str(ef)) == NULL)
		return;
	if (f->kind == MODEL_REF) {
		put_ref(p, v, s);
		return;
	}
	v->text = export_page_keep(p, s);
	if (f->kind == MODEL_TERM && (term = model_term(f->vocab, s)) != NULL)
		v->text = term->label;
}

/* Why a field is not told. */
static const char *
why_held(const struct export_page *p, const struct model_field *f)
{
	const struct export_rules *r = p->x->in->rules;
	struct export_rules plain = { .profile = r->profile };
	const struct export_item *it = p->it;

	if (!export_rules_open(&plain, it->type, it->ref, record_name(f)))
		return "not in this profile";
	return export_rules_said(&plain, it->pseudonym, it->type, it->ref,
	    record_name(f)) ? "by decision of the sender" :
	    "to be shared under a pseudonym only";
}

/* All values of one field of the table. */
static void
put_field(struct export_page *p, const struct model_field *f)
{
	const struct entry *en = &p->it->at.en;
	const struct entry_field *ef;
	struct report_field *rf = begin(p, f->label, f);
	size_t i;

	if (rf == NULL)
		return;
	rf->place = place_of(p->it->type, f);
	for (i = 0; (ef = record_value(en, f, i)) != NULL; i++) {
		if (ef->form == ENTRY_OPEN) {
			put_value(p, f, ef);
			rf->n++;
		} else if (ef->form == ENTRY_ERASED)
			rf->n_erased++;
		else
			rf->n_held++;
	}
	if (rf->n_held > 0)
		rf->why = why_held(p, f);
	/* under the public profile absent and hidden look the same */
	if (i == 0 && (p->n_hidden > 0 || !is_asked(p->it->type, f)))
		p->n--;
}

/* A value of the entry itself. */
static void
put_own(struct export_page *p, const char *label, const char *name)
{
	const struct entry_field *ef = entry_find(&p->it->at.en, name);
	struct report_field *rf;
	struct report_value *v;
	char *s = NULL, *lang = NULL;

	if (ef == NULL || (rf = begin(p, label, NULL)) == NULL)
		return;
	if (ef->form != ENTRY_OPEN) {
		rf->n_held = 1;
		rf->why = "not in this profile";
		return;
	}
	if ((v = more(p)) == NULL)
		return;
	if (entry_text(ef, &lang, &s))
		v->lang = export_page_keep(p, lang);
	else
		s = entry_value_str(ef);
	v->text = export_page_keep(p, s);
	rf->n = 1;
}

/* A file that is described, and is not here. */
static void
put_absent(struct export_page *p)
{
	struct report_value *v;

	if (p->it->type->prefix != 'M' || p->it->file ||
	    begin(p, "The file itself", NULL) == NULL || (v = more(p)) == NULL)
		return;
	v->text = "is not in this bundle";
	p->field[p->n - 1].n = 1;
}

/* When the hash of the item was first written down, and by what. */
static void
put_hashed(struct export_page *p, size_t i)
{
	const struct export_events *ev = &p->x->event[i];
	char *sum = entry_str(&p->it->at.en, "sha256"), buf[160];
	struct report_value *v;
	size_t k;

	for (k = 0; k < ev->n && sum != NULL; k++)
		if (ev->v[k].sha256 != NULL &&
		    strcmp(ev->v[k].sha256, sum) == 0)
			break;
	if (sum != NULL && k < ev->n && begin(p, "First hashed", NULL) !=
	    NULL && (v = more(p)) != NULL) {
		(void)snprintf(buf, sizeof(buf), "%.40s, by the program, in "
		    "entry %llu of the log (%.40s)", ev->v[k].time == NULL ?
		    "time withheld" : ev->v[k].time,
		    (unsigned long long)ev->v[k].index, ev->v[k].action);
		v->text = export_page_keep(p, strdup(buf));
		p->field[p->n - 1].n = 1;
	}
	free(sum);
}

/* see export_int.h */
enum sq_err
export_page(struct export_data *x, size_t i, struct export_page *p)
{
	export_page_free(p);
	p->x = x;
	p->it = &x->in->plan->item[i];
	for (size_t k = 0; k < p->it->at.en.n; k++)
		if (p->it->at.en.fields[k].form == ENTRY_HIDDEN)
			p->n_hidden++;
	for (const struct model_field *f = p->it->type->field;
	    f->name != NULL; f++)
		put_field(p, f);
	put_absent(p);
	put_hashed(p, i);
	put_own(p, "Written down (the device's clock)", "_time");
	put_own(p, "Written down by", "_actor");
	put_own(p, "Reason of this revision", "_reason");
	for (size_t k = 0; k < p->n; k++)
		p->field[k].v = p->v + p->first[k];
	return p->e;
}

/* see export_int.h */
void
export_page_free(struct export_page *p)
{
	for (size_t i = 0; i < p->n_own; i++)
		free(p->own[i]);
	free(p->own);
	free(p->v);
	memset(p, 0, sizeof(*p));
}
