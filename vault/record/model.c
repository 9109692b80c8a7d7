/*
 * The types, and finding one's way in the table.  Its rows are in
 * model_table.c and model_table_facts.c.
 */
#include <string.h>
#include <strings.h>

#include "vault/record/model_table.h"

static const struct model_type types[] = {
	{ "case", 'C', "Case", "revision", model_table_case },
	{ "person", 'P', "Person", "revision", model_table_person },
	{ "contact", 'K', "Contact", "revision", model_table_contact },
	{ "testimony", 'T', "Testimony", "revision", model_table_testimony },
	{ "consent", 'N', "Consent", "consent", model_table_consent },
	{ "event", 'E', "Event", "revision", model_table_event },
	{ "act", 'A', "Act", "revision", model_table_act },
	{ "involvement", 'V', "Involvement of a perpetrator", "revision",
	    model_table_involvement },
	{ "detention", 'D', "Detention", "revision", model_table_detention },
	{ "injury", 'I', "Injury or finding", "revision",
	    model_table_injury },
	{ "status", 'S', "Status", "revision", model_table_status },
	{ "relationship", 'L', "Relationship", "revision",
	    model_table_relationship },
	{ "place", 'G', "Place", "revision", model_table_place },
	{ "media", 'M', "Media", "revision", model_table_media },
	{ "source", 'Q', "Source", "revision", model_table_source },
	{ "map", 'W', "Map of a sheet", "revision", model_table_map },
	{ "custody", 'Y', "Custody event", "custody", model_table_custody },
	{ "bundle", 'B', "Bundle", "export", model_table_bundle },
	{ "recipient", 'R', "Recipient", "revision", model_table_recipient },
	{ "stamp", 'Z', "Time stamp", "checkpoint", model_table_stamp },
	{ "receipt", 'U', "Receipt", "checkpoint", model_table_receipt },
	{ "key", 'X', "Change of keys", "key", model_table_key }
};

#define NTYPES (sizeof(types) / sizeof(types[0]))
_Static_assert(NTYPES <= MODEL_TYPES_MAX, "callers count by type");

/* see model.h */
const struct model_type *
model_types(size_t *ret_n)
{
	*ret_n = NTYPES;
	return types;
}

/* see model.h */
const struct model_type *
model_type(const char *name)
{
	for (size_t i = 0; i < NTYPES; i++)
		if (strcmp(types[i].name, name) == 0)
			return &types[i];
	return NULL;
}

/* see model.h */
const struct model_type *
model_type_of(char prefix)
{
	for (size_t i = 0; i < NTYPES; i++)
		if (types[i].prefix == prefix)
			return &types[i];
	return NULL;
}

/* see model.h */
const char *
model_article(const struct model_type *type)
{
	return strchr("aeiou", type->name[0]) != NULL ? "an" : "a";
}

/* see model.h */
const struct model_field *
model_field(const struct model_type *type, const char *name)
{
	for (const struct model_field *f = type->field; f->name != NULL; f++)
		if (strcmp(f->name, name) == 0)
			return f;
	return NULL;
}

/* see model.h */
const struct model_field *
model_flagged(const struct model_type *type, unsigned flag)
{
	for (const struct model_field *f = type->field; f->name != NULL; f++)
		if ((f->flags & flag) != 0)
			return f;
	return NULL;
}

/* see model.h */
bool
model_by_hand(const struct model_type *type)
{
	return (model_flagged(type, MODEL_TITLE)->flags & MODEL_AUTO) == 0;
}

/* see model.h */
const struct model_term *
model_term(const struct model_vocab *vocab, const char *s)
{
	const struct model_term *t;

	for (t = vocab->term; t->term != NULL; t++)
		if (strcasecmp(t->term, s) == 0)
			return t;
	for (t = vocab->term; t->term != NULL; t++)
		if (strcasecmp(t->label, s) == 0 ||
		    (t->code[0] != '\0' && strcmp(t->code, s) == 0))
			return t;
	return NULL;
}

/* see model.h */
const char *
model_kind_name(enum model_kind kind)
{
	switch (kind) {
	case MODEL_TEXT:
		return "text";
	case MODEL_LINE:
		return "line";
	case MODEL_DATE:
		return "date";
	case MODEL_TIME:
		return "time";
	case MODEL_INT:
		return "integer";
	case MODEL_BOOL:
		return "boolean";
	case MODEL_TERM:
		return "term";
	case MODEL_REF:
		return "reference";
	case MODEL_LANG:
		return "language";
	case MODEL_HASH:
		return "sha256";
	case MODEL_AGE:
		return "age";
	case MODEL_BYTES:
		return "bytes";
	case MODEL_POINT:
		return "point";
	}
	return "";
}
