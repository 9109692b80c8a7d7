/*
 * The table: every type and field of MODEL.md that this version knows.
 *
 * How the tiers were chosen, since they decide what leaves:
 *  - 0 is for what says nothing about anybody: kinds, pseudonyms.  A date or
 *    a place at any precision is not among it.
 *  - 1 is the team's own judgement and housekeeping; it leaves only with full.
 *  - 2 is what a lawyer works with: accounts, their circumstances, statuses.
 *    References are 2, for they leave as opaque ids.
 *  - 3 is whatever tells who somebody is: names of anyone, numbers, date and
 *    place of birth, an occupation, where exactly a recording was made.
 *  - 4 is how to reach somebody, as a whole type.
 * A date and a region are needed to plead anything, hence 2; what is narrower
 * than a region is 3.  Free text may name people all the same: --withhold.
 */
#include <string.h>
#include <strings.h>

#include "vault/record/model.h"
#include "vault/record/model_vocab.h"

/* Short for the rows below. */
#define TEXT(name, label, tier, flags) \
	{ name, label, MODEL_TEXT, tier, flags, NULL, NULL }
#define LINE(name, label, tier, flags) \
	{ name, label, MODEL_LINE, tier, flags, NULL, NULL }
#define OTHER(name, label, kind, tier, flags) \
	{ name, label, kind, tier, flags, NULL, NULL }
#define TERM(name, label, tier, flags, vocab) \
	{ name, label, MODEL_TERM, tier, flags, &model_vocab_##vocab, NULL }
#define REF(name, label, tier, flags, refs) \
	{ name, label, MODEL_REF, tier, flags, NULL, refs }
#define END \
	{ NULL, NULL, MODEL_TEXT, MODEL_PUBLIC, 0, NULL, NULL }

#define PUBLIC MODEL_PUBLIC
#define TEAM MODEL_TEAM
#define RECIP MODEL_RECIPIENT
#define IDENT MODEL_IDENTITY
#define CONTACT MODEL_CONTACT

#define REQ MODEL_REQUIRED
#define LIST MODEL_LIST
#define TITLE MODEL_TITLE
#define BODY MODEL_BODY
#define NAME MODEL_NAME
#define AUTO MODEL_AUTO
#define ONE_OF MODEL_ONE_OF

static const struct model_field case_fields[] = {
	TEXT("title", "Title", RECIP, REQ | TITLE),
	TERM("status", "Status", TEAM, 0, case_status),
	TERM("priority", "Priority", TEAM, 0, priority),
	REF("item", "What is exported together", RECIP, LIST, "*"),
	TEXT("notes", "Notes", TEAM, BODY),
	END
};

/*
 * A person may be known by a pseudonym only, hence neither name is required
 * alone.  Sex, ethnicity and religion do not tell who it is and are often the
 * reason of what was done: 2.
 */
static const struct model_field person_fields[] = {
	TERM("kind", "Kind", PUBLIC, 0, person_kind),
	LINE("pseudonym", "Pseudonym", PUBLIC, ONE_OF | NAME),
	TEXT("name", "Full name", IDENT, ONE_OF | LIST | TITLE | NAME),
	TEXT("given_name", "Given name", IDENT, LIST | NAME),
	TEXT("family_name", "Family name", IDENT, LIST | NAME),
	TEXT("patronymic", "Patronymic or father's name", IDENT, LIST | NAME),
	TEXT("nickname", "Nickname", IDENT, LIST | NAME),
	TEXT("document_name", "Name in Chinese documents", IDENT, LIST | NAME),
	LINE("prc_id", "PRC resident identity number", IDENT, LIST),
	LINE("prc_passport", "PRC passport", IDENT, LIST),
	LINE("kz_iin", "IIN of Kazakhstan", IDENT, LIST),
	LINE("kz_passport", "Passport of Kazakhstan", IDENT, LIST),
	LINE("residence_permit", "Residence permit", IDENT, LIST),
	LINE("other_id", "Other number", IDENT, LIST),
	TERM("sex", "Sex", RECIP, 0, sex),
	OTHER("birth_date", "Date of birth", MODEL_DATE, IDENT, 0),
	TEXT("birthplace", "Place of birth", IDENT, 0),
	TERM("ethnicity", "Ethnicity", RECIP, LIST, ethnicity),
	OTHER("language", "Languages", MODEL_LANG, RECIP, LIST),
	TEXT("religion", "Religion", RECIP, 0),
	TERM("civil_status", "Civil status", RECIP, 0, civil_status),
	TEXT("occupation", "Occupation", IDENT, LIST),
	TERM("citizenship", "Citizenship or residence", RECIP, LIST,
	    citizenship),
	TEXT("notes", "Notes", TEAM, BODY),
	END
};

/* A compartment of its own: nothing of it leaves below full. */
static const struct model_field contact_fields[] = {
	REF("person", "Person", CONTACT, REQ, "P"),
	TERM("kind", "Kind", CONTACT, 0, contact_kind),
	LINE("value", "Number or address", CONTACT, REQ | TITLE),
	REF("via", "Through whom", CONTACT, 0, "P"),
	TERM("safe_to_call", "Safe to call?", CONTACT, 0, safe),
	TEXT("safe_hours", "Safe hours", CONTACT, 0),
	OTHER("language", "Languages", MODEL_LANG, CONTACT, LIST),
	TEXT("next_of_kin", "Next of kin or emergency contact", CONTACT,
	    LIST | NAME),
	OTHER("last_checked", "Last checked", MODEL_DATE, CONTACT, 0),
	TEXT("notes", "Notes", CONTACT, BODY),
	END
};

static const struct model_field testimony_fields[] = {
	TEXT("summary", "Summary", RECIP, ONE_OF | TITLE),
	REF("witness", "Witness", RECIP, 0, "P"),
	REF("subject", "Persons it is about", RECIP, LIST, "P"),
	TEXT("interviewer", "Interviewer", IDENT, LIST | NAME),
	TEXT("interpreter", "Interpreter", IDENT, LIST | NAME),
	TEXT("others_present", "Others present", IDENT, LIST | NAME),
	OTHER("date", "Date of the interview", MODEL_DATE, RECIP, 0),
	TEXT("place", "Town or region of the interview, no address", RECIP, 0),
	TERM("setting", "Setting", RECIP, 0, setting),
	OTHER("language", "Languages spoken", MODEL_LANG, RECIP, LIST),
	TERM("source_connection", "Connection of the witness", RECIP, LIST,
	    connection),
	TERM("how_known", "How the witness knows", RECIP, LIST, how_known),
	TEXT("how_known_text", "How the witness knows, in words", RECIP, 0),
	TERM("first_account", "First detailed account?", RECIP, 0,
	    first_account),
	TEXT("earlier_account", "Earlier accounts: to whom, when, recorded?",
	    RECIP, LIST),
	TERM("form", "Form", RECIP, LIST, form),
	TEXT("text", "Account", RECIP, ONE_OF | BODY),
	TEXT("transcript", "Transcript", RECIP, LIST),
	TEXT("translation", "Translation", RECIP, LIST),
	TEXT("translator", "Translator", IDENT, LIST | NAME),
	TEXT("credibility_notes", "Notes on credibility", TEAM, 0),
	TERM("reliability", "Reliability", RECIP, 0, reliability),
	TERM("corroboration", "Corroboration", RECIP, 0, corroboration),
	TEXT("welfare_notes", "Welfare: distress, breaks, support", TEAM, 0),
	END
};

/* What was agreed binds whoever receives, hence 2 and not 1. */
static const struct model_field consent_fields[] = {
	REF("about", "What it is given for", RECIP, REQ | LIST, "TMKP"),
	TERM("scope", "Scope", RECIP, REQ | TITLE, scope),
	TERM("decision", "Decision", RECIP, REQ, decision),
	REF("given_by", "Given by", RECIP, 0, "P"),
	TEXT("conditions", "Conditions", RECIP, 0),
	OTHER("until", "Valid until", MODEL_DATE, RECIP, 0),
	TERM("how_given", "How it was given", RECIP, 0, how_given),
	OTHER("given_language", "Language it was given in", MODEL_LANG, RECIP,
	    0),
	TEXT("interpreter", "Interpreter", IDENT, NAME),
	TERM("explained", "What was explained", RECIP, LIST, explained),
	TERM("capacity", "Capacity", RECIP, 0, capacity),
	TEXT("guardian", "Guardian", IDENT, NAME),
	TEXT("taken_by", "Taken by", IDENT, NAME),
	OTHER("date", "Date", MODEL_DATE, RECIP, 0),
	REF("evidence", "Recording or form of it", RECIP, LIST, "M"),
	TEXT("reason", "Reason, of a withdrawal above all", TEAM, 0),
	TEXT("effect", "Effect on bundles already issued", TEAM, 0),
	END
};

/* One row per assertion, never overwritten: a timeline with its sources. */
static const struct model_field status_fields[] = {
	REF("person", "Person", RECIP, REQ, "P"),
	TERM("status", "Status", RECIP, REQ | TITLE, status),
	OTHER("as_of", "As of", MODEL_DATE, RECIP, 0),
	TEXT("place", "Place", RECIP, 0),
	REF("source", "Source", RECIP, LIST, "TM"),
	TEXT("source_text", "Source, in words", RECIP, 0),
	TERM("reliability", "Reliability", RECIP, 0, reliability),
	TEXT("notes", "Notes", TEAM, BODY),
	END
};

static const struct model_field relationship_fields[] = {
	REF("person", "Person", RECIP, REQ, "P"),
	TERM("kind", "Is", RECIP, REQ | TITLE, relationship),
	REF("other", "Of whom", RECIP, REQ, "P"),
	TERM("certainty", "Certainty", RECIP, 0, certainty),
	REF("source", "Source", RECIP, LIST, "TM"),
	TEXT("notes", "Notes", TEAM, BODY),
	END
};

/*
 * Original name, hash and size are 2: without them the lawyer cannot show
 * what was received.  A serial, a folder or a spot of recording is 3.
 */
static const struct model_field media_fields[] = {
	TERM("kind", "Kind", PUBLIC, 0, media_kind),
	LINE("original_name", "Original file name", RECIP, ONE_OF | TITLE),
	REF("about", "Belongs to", RECIP, LIST, "*"),
	OTHER("sha256", "SHA-256", MODEL_HASH, RECIP, AUTO),
	OTHER("size", "Size in bytes", MODEL_INT, RECIP, AUTO),
	LINE("mime", "Media type", PUBLIC, 0),
	LINE("url", "URL", RECIP, ONE_OF),
	OTHER("file_time", "File last changed", MODEL_TIME, RECIP, AUTO),
	OTHER("captured_at", "Captured at", MODEL_TIME, RECIP, 0),
	TERM("capture", "Captured as", RECIP, 0, capture),
	LINE("tool", "Application or tool", RECIP, 0),
	TEXT("collector", "Collected by", IDENT, LIST | NAME),
	TEXT("collector_role", "In what capacity", RECIP, 0),
	LINE("device", "Device and serial number", IDENT, 0),
	OTHER("date", "Date of recording, as stated", MODEL_DATE, RECIP, 0),
	LINE("embedded_date", "Date of recording, as embedded", RECIP, 0),
	LINE("embedded_place", "Place of recording, as embedded", IDENT, 0),
	TEXT("place", "Place of recording", IDENT, 0),
	TEXT("acquired_from", "Acquired from", IDENT, NAME),
	TERM("acquired_how", "Acquired how", RECIP, 0, acquired_how),
	TERM("generation", "Generation", RECIP, 0, generation),
	LINE("location", "Where the original is kept", IDENT, 0),
	TERM("copy_type", "Kind of copy", RECIP, 0, copy_type),
	REF("derived_from", "Made from", RECIP, 0, "M"),
	TEXT("derived_how", "What was done", RECIP, 0),
	TEXT("rights", "Rights", RECIP, 0),
	OTHER("graphic", "Graphic?", MODEL_BOOL, RECIP, 0),
	OTHER("shows_faces", "Shows faces?", MODEL_BOOL, RECIP, 0),
	OTHER("shows_children", "Shows children?", MODEL_BOOL, RECIP, 0),
	OTHER("language", "Languages", MODEL_LANG, RECIP, LIST),
	OTHER("duration", "Duration in seconds", MODEL_INT, RECIP, 0),
	TEXT("restriction", "Security restriction", TEAM, 0),
	TEXT("notes", "Notes", TEAM, BODY),
	END
};

static const struct model_field custody_fields[] = {
	TERM("action", "Action", RECIP, REQ | TITLE, action),
	REF("about", "What it concerns", RECIP, LIST, "*"),
	LINE("object", "Object", RECIP, 0),
	OTHER("sha256", "SHA-256", MODEL_HASH, RECIP, 0),
	OTHER("size", "Size in bytes", MODEL_INT, RECIP, AUTO),
	OTHER("commitment", "Commitment of the sealed object", MODEL_HASH,
	    TEAM, AUTO),
	OTHER("tags", "Hash over its tags", MODEL_HASH, TEAM, AUTO),
	OTHER("time", "Time, as claimed", MODEL_TIME, RECIP, 0),
	TEXT("place", "Place", IDENT, 0),
	LINE("device", "Device", IDENT, 0),
	TEXT("counterparty", "Received from or handed to", IDENT, NAME),
	TEXT("note", "Note", RECIP, BODY),
	END
};

/* Who else got what is nobody's business but the team's: 1, names 3. */
static const struct model_field bundle_fields[] = {
	LINE("bundle", "Bundle", TEAM, REQ | TITLE | AUTO),
	REF("recipient", "Recipient", TEAM, REQ | AUTO, "R"),
	LINE("recipient_name", "Name of the recipient", IDENT, NAME | AUTO),
	OTHER("recipient_key", "Key of the recipient", MODEL_AGE, IDENT, AUTO),
	TEXT("purpose", "Purpose", TEAM, AUTO),
	TERM("profile", "Profile", TEAM, REQ | AUTO, profile),
	REF("about", "What it holds", TEAM, LIST | AUTO, "*"),
	REF("consent", "Consent it rests on", TEAM, LIST | AUTO, "N"),
	LINE("withheld", "Withheld fields", TEAM, LIST | AUTO),
	LINE("disclosed", "Fields disclosed beyond the profile", TEAM,
	    LIST | AUTO),
	LINE("left_out", "Left out, and why", TEAM, LIST | AUTO),
	OTHER("manifest_sha256", "SHA-256 of the tag manifest", MODEL_HASH,
	    TEAM, AUTO),
	OTHER("statement_sha256", "SHA-256 of the statement", MODEL_HASH, TEAM,
	    AUTO),
	OTHER("log_size", "Size of the log", MODEL_INT, TEAM, AUTO),
	OTHER("log_root", "Root of the log", MODEL_HASH, TEAM, AUTO),
	LINE("path", "File", IDENT, AUTO),
	END
};

static const struct model_field recipient_fields[] = {
	LINE("name", "Name", IDENT, REQ | TITLE | NAME),
	LINE("org", "Organisation", IDENT, NAME),
	OTHER("key", "age recipient, or scrypt", MODEL_AGE, IDENT, REQ),
	TEXT("note", "Note", TEAM, BODY),
	END
};

static const struct model_type types[] = {
	{ "case", 'C', "Case", "revision", case_fields },
	{ "person", 'P', "Person", "revision", person_fields },
	{ "contact", 'K', "Contact", "revision", contact_fields },
	{ "testimony", 'T', "Testimony", "revision", testimony_fields },
	{ "consent", 'N', "Consent", "consent", consent_fields },
	{ "status", 'S', "Status", "revision", status_fields },
	{ "relationship", 'L', "Relationship", "revision",
	    relationship_fields },
	{ "media", 'M', "Media", "revision", media_fields },
	{ "custody", 'Y', "Custody event", "custody", custody_fields },
	{ "bundle", 'B', "Bundle", "export", bundle_fields },
	{ "recipient", 'R', "Recipient", "revision", recipient_fields }
};

#define NTYPES (sizeof(types) / sizeof(types[0]))

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
	}
	return "";
}
