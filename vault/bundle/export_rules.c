/*
 * What of a record is said to whom: profiles are sets of tiers, exceptions
 * name fields.  See export.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/bundle/export.h"
#include "vault/bundle/profile.h"

/*
 * Tiers of the entry's own fields.  Who wrote it is an identity; why it was
 * revised is the team's; the others are needed to check anything at all.
 */
static const struct {
	const char *name;
	enum model_tier tier;
	bool always;
} own[] = {
	{ "_log", MODEL_PUBLIC, true },
	{ "_kind", MODEL_PUBLIC, true },
	{ "_record", MODEL_PUBLIC, true },
	{ "_type", MODEL_PUBLIC, true },
	{ "_parents", MODEL_PUBLIC, true },
	{ "_ref", MODEL_PUBLIC, true },
	{ "_time", MODEL_RECIPIENT, false },
	{ "_actor", MODEL_IDENTITY, false },
	{ "_reason", MODEL_TEAM, false },
	{ "_source", MODEL_RECIPIENT, false },
	{ "_row", MODEL_RECIPIENT, false }
};

/* Not a field, but named like one: the bytes of what is attached. */
static const char file_name[] = "file";

#define NOWN (sizeof(own) / sizeof(own[0]))

/* The name of a field as a person writes it: without element number. */
static void
base_name(const char *name, char *out, size_t cap)
{
	(void)snprintf(out, cap, "%.*s", (int)strcspn(name, "["), name);
	if (strcmp(out, "_about") == 0)
		(void)snprintf(out, cap, "about");
}

/* Can ${field} be withheld or disclosed in records of ${type} (NULL: any)? */
static bool
names_field(const struct model_type *type, const char *field)
{
	const struct model_type *t;
	size_t n;

	for (size_t i = 0; i < NOWN; i++)
		if (strcmp(own[i].name, field) == 0)
			return !own[i].always;
	if (strcmp(field, file_name) == 0)
		return type == NULL || type->prefix == 'M';
	if (type != NULL)
		return model_field(type, field) != NULL;
	t = model_types(&n);
	for (size_t i = 0; i < n; i++)
		if (model_field(&t[i], field) != NULL)
			return true;
	return false;
}

static enum sq_err
check_one(const char *opt, const char *arg, struct why *why)
{
	const struct model_type *type = NULL;
	const char *dot = strchr(arg, '.');
	char head[64];

	if (dot != NULL) {
		(void)snprintf(head, sizeof(head), "%.*s", (int)(dot - arg),
		    arg);
		type = strchr(head, '-') != NULL ?
		    model_type_of(head[0] >= 'a' ? (char)(head[0] - 32) :
		    head[0]) : model_type(head);
		if (type == NULL)
			return err_why(why, SQ_EUSAGE, "%s %s: «%s» is "
			    "neither a record type nor a reference", opt, arg,
			    head);
		arg = dot + 1;
	}
	if (names_field(type, arg))
		return SQ_OK;
	return err_why(why, SQ_EUSAGE, "%s %s: there is no such field%s%s "
	    "that could be withheld; see: sandyq types", opt, arg,
	    type == NULL ? "" : " in a ", type == NULL ? "" : type->name);
}

/* see export.h */
enum sq_err
export_rules_check(const struct export_rules *r, struct why *why)
{
	enum sq_err e;

	if (profile_find(r->profile) == NULL)
		return err_why(why, SQ_EUSAGE, "--profile «%s» is not one of "
		    "public, lawyer, court, full", r->profile);
	for (size_t i = 0; i < r->n_withhold; i++)
		if ((e = check_one("--withhold", r->withhold[i], why)) !=
		    SQ_OK)
			return e;
	for (size_t i = 0; i < r->n_disclose; i++)
		if ((e = check_one("--disclose", r->disclose[i], why)) !=
		    SQ_OK)
			return e;
	return SQ_OK;
}

/* Is the part of ${arg} before the dot a record of the plan? */
static bool
fits(const char *arg, const struct export_plan *p)
{
	const char *dot = strchr(arg, '.');
	size_t n = dot == NULL ? 0 : (size_t)(dot - arg);

	if (memchr(arg, '-', n) == NULL)
		return true;	/* FIELD or TYPE.FIELD */
	for (size_t i = 0; i < p->n; i++)
		if (strlen(p->item[i].ref) == n &&
		    strncasecmp(p->item[i].ref, arg, n) == 0)
			return true;
	for (size_t i = 0; i < p->n_left; i++)
		if (strlen(p->left[i].ref) == n &&
		    strncasecmp(p->left[i].ref, arg, n) == 0)
			return true;
	return false;
}

/* see export.h */
enum sq_err
export_rules_fit(const struct export_rules *r, const struct export_plan *p,
    struct why *why)
{
	const char *bad = NULL;

	for (size_t i = 0; i < r->n_withhold && bad == NULL; i++)
		if (!fits(r->withhold[i], p))
			bad = r->withhold[i];
	for (size_t i = 0; i < r->n_disclose && bad == NULL; i++)
		if (!fits(r->disclose[i], p))
			bad = r->disclose[i];
	if (bad == NULL)
		return SQ_OK;
	return err_why(why, SQ_EUSAGE, "«%s» names a record that this export "
	    "does not hold; nothing was exported", bad);
}

/* Does one of the exceptions name this field of this record? */
static bool
named(const char *const *list, size_t n, const struct model_type *type,
    const char *ref, const char *field)
{
	char full[320];

	for (size_t i = 0; i < n; i++) {
		if (strcmp(list[i], field) == 0)
			return true;
		(void)snprintf(full, sizeof(full), "%s.%s", type->name, field);
		if (strcmp(list[i], full) == 0)
			return true;
		(void)snprintf(full, sizeof(full), "%s.%s", ref, field);
		if (strcasecmp(list[i], full) == 0)
			return true;
	}
	return false;
}

static bool
has_tier(const struct export_rules *r, enum model_tier tier)
{
	const struct profile *p = profile_find(r->profile);

	return p != NULL && profile_shows(p, tier);
}

/* Is the file of a record let go by name? */
static bool
file_disclosed(const struct export_rules *r, const struct model_type *type,
    const char *ref)
{
	return type->prefix == 'M' &&
	    !named(r->withhold, r->n_withhold, type, ref, file_name) &&
	    named(r->disclose, r->n_disclose, type, ref, file_name);
}

/* Without these two nothing would tie a file to its record. */
static bool
binds_file(const struct model_field *f)
{
	return f != NULL && (f->flags & MODEL_INSIDE) != 0 &&
	    (f->flags & MODEL_AUTO) != 0;
}

/* The tier of an entry field; -1: always open, whatever is asked. */
static int
tier_of(const struct model_type *type, const char *base)
{
	const struct model_field *f = model_field(type, base);

	for (size_t i = 0; i < NOWN; i++)
		if (strcmp(own[i].name, base) == 0)
			return own[i].always ? -1 : (int)own[i].tier;
	/* unknown: as the strictest */
	return f == NULL ? MODEL_CONTACT : (int)f->tier;
}

/* see export.h */
bool
export_rules_said(const struct export_rules *r, bool pseudonym,
    const struct model_type *type, const char *ref, const char *name)
{
	char base[ENTRY_MAX_NAME + 1];

	base_name(name, base, sizeof(base));
	return (!pseudonym || tier_of(type, base) < MODEL_IDENTITY) &&
	    export_rules_open(r, type, ref, name);
}

/* see export.h */
bool
export_rules_open(const struct export_rules *r, const struct model_type *type,
    const char *ref, const char *name)
{
	char base[ENTRY_MAX_NAME + 1];
	const struct model_field *f;
	int tier;

	base_name(name, base, sizeof(base));
	if ((tier = tier_of(type, base)) < 0)
		return true;
	f = model_field(type, base);
	if (named(r->withhold, r->n_withhold, type, ref, base))
		return false;
	if (named(r->disclose, r->n_disclose, type, ref, base) ||
	    (binds_file(f) && file_disclosed(r, type, ref)))
		return true;
	return !r->only && has_tier(r, (enum model_tier)tier);
}

/* Does this field, if it is there, keep the file back? */
static bool
keeps_back(const struct export_rules *r, const struct model_type *type,
    const char *ref, const struct entry *en, const struct model_field *f)
{
	const struct entry_field *ef = entry_find(en, f->name);
	bool yes;

	if ((f->flags & MODEL_INSIDE) == 0 || ef == NULL)
		return false;
	if (f->kind == MODEL_BOOL)
		return (!entry_value_bool(ef, &yes) || yes) &&
		    !has_tier(r, MODEL_IDENTITY);
	return !export_rules_open(r, type, ref, f->name);
}

/* see export.h */
enum sq_err
export_rules_file(const struct export_rules *r, bool pseudonym,
    const struct model_type *type, const char *ref, const struct entry *en,
    bool *ret, char *why, size_t cap)
{
	struct bytes_buf b = { 0 };
	const char *sep = "its file stays: it tells ";
	char *text;

	*ret = false;
	if (named(r->withhold, r->n_withhold, type, ref, file_name)) {
		(void)snprintf(why, cap, "its file stays: it was withheld");
		return SQ_OK;
	}
	if (file_disclosed(r, type, ref)) {
		*ret = true;
		return SQ_OK;
	}
	if (pseudonym) {
		(void)snprintf(why, cap, "its file stays: it may show whom "
		    "only a pseudonym may stand for");
		return SQ_OK;
	}
	if (!has_tier(r, MODEL_RECIPIENT)) {
		(void)snprintf(why, cap, "its file stays: the profile %s "
		    "holds none", r->profile);
		return SQ_OK;
	}
	*ret = true;
	for (const struct model_field *f = type->field; f->name != NULL; f++) {
		if (!keeps_back(r, type, ref, en, f))
			continue;
		/* that it shows somebody may be withheld as well */
		bytes_putf(&b, "%s%s", sep, f->kind != MODEL_BOOL ||
		    export_rules_open(r, type, ref, f->name) ? f->name :
		    "what is withheld");
		sep = ", ";
		*ret = false;
	}
	if (*ret)
		return SQ_OK;
	bytes_puts(&b, ", which this profile does not");
	if ((text = bytes_str(&b)) == NULL)
		return SQ_ENOMEM;
	(void)snprintf(why, cap, "%s", text);
	free(text);
	return SQ_OK;
}

/* see export.h */
enum sq_err
export_rules_apply(const struct export_rules *r, bool pseudonym,
    const struct model_type *type, const char *ref, struct entry *en,
    uint64_t *ret_withheld)
{
	bool hide = r->hide || strcmp(r->profile, "public") == 0;
	char **name;
	size_t n = 0;
	enum sq_err e = SQ_OK;

	/* names first: hiding takes them away while we look */
	if ((name = calloc(en->n + 1, sizeof(*name))) == NULL)
		return SQ_ENOMEM;
	for (size_t i = 0; i < en->n; i++)
		if (!export_rules_said(r, pseudonym, type, ref,
		    en->fields[i].name) &&
		    (name[n++] = strdup(en->fields[i].name)) == NULL)
			e = SQ_ENOMEM;
	for (size_t i = 0; i < n && e == SQ_OK; i++)
		e = hide ? entry_hide(en, name[i]) :
		    entry_withhold(en, name[i]);
	for (size_t i = 0; i < n; i++)
		free(name[i]);
	free(name);
	if (e == SQ_OK)
		*ret_withheld += n;
	return e;
}
