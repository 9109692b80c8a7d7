/*
 * The table, second part: what happened, where, and who says so.  Each row is
 * the claim of its sources, never a truth about a person: a second source that
 * says otherwise is a second record, and both stand.
 *
 * Tiers as in model_table.c.  The name of a facility somebody was held in is
 * what is pleaded, hence 2 in the words of a detention; that of a place record
 * is 3, for it may be a home.  A cell, a file number, an examiner: 3.
 */
#include "vault/record/model_table.h"

/* Who says it, and what is thought of that. */
#define SOURCES \
	REF("source", "Source", RECIP, LIST | OWNER, "TMQ"), \
	TEXT("source_text", "Source, in words", RECIP, 0), \
	TERM("reliability", "Reliability", RECIP, 0, reliability), \
	TERM("corroboration", "Corroboration", RECIP, 0, corroboration), \
	TEXT("notes", "Notes", TEAM, 0)

/* Where, in words and as a record. */
#define WHERE \
	TEXT("place", "Town or region, no address", RECIP, 0), \
	REF("site", "Place, its record", RECIP, 0, "G")

const struct model_field model_table_event[] = {
	TEXT("title", "Title", RECIP, REQ | TITLE),
	OTHER("date", "When", MODEL_DATE, RECIP, 0),
	WHERE,
	REF("part_of", "Part of", RECIP, LIST, "E"),
	REF("follows", "Follows", RECIP, LIST, "E"),
	REF("caused_by", "Caused by", RECIP, LIST, "E"),
	TEXT("description", "What happened", RECIP, BODY),
	SOURCES,
	END
};

/* One act, one victim: who else it was done to has an act of their own. */
const struct model_field model_table_act[] = {
	REF("event", "Event", RECIP, 0, "E"),
	REF("victim", "To whom it was done", RECIP, REQ | OWNER, "P"),
	TERM("kind", "What was done", RECIP, REQ | TITLE, act_kind),
	TERM("method", "How", RECIP, LIST, method),
	OTHER("date", "When", MODEL_DATE, RECIP, 0),
	WHERE,
	TEXT("description", "What happened", RECIP, BODY),
	TEXT("stated_reason", "Reason, as it was given", RECIP, 0),
	TEXT("suspected_reason", "Reason, as it is suspected", RECIP, 0),
	TEXT("asked", "What was asked or told", RECIP, 0),
	TEXT("object", "Weapons or objects used", RECIP, LIST),
	TERM("confession", "Confession on paper", RECIP, 0, confession),
	TEXT("other_witness", "Who else saw it", IDENT, LIST | NAME),
	TEXT("physical_effect", "What it did to the body", RECIP, 0),
	TEXT("psychological_effect", "What it did to the mind", RECIP, 0),
	TERM("victim_status", "The victim in the end", RECIP, 0, status),
	SOURCES,
	END
};

/* One alleged perpetrator of one act, so that each has its own source. */
const struct model_field model_table_involvement[] = {
	REF("act", "Act", RECIP, REQ | OWNER, "A"),
	REF("perpetrator", "Alleged perpetrator", RECIP, ONE_OF, "P"),
	TEXT("perpetrator_text", "Who, in words: rank, name, unit", IDENT,
	    ONE_OF | NAME),
	TERM("degree", "Degree of involvement", RECIP, REQ | TITLE,
	    involvement),
	TERM("kind", "Belongs to", RECIP, LIST, perpetrator_kind),
	SOURCES,
	END
};

/* One stay in one place; a transfer is the end of one and begins another. */
const struct model_field model_table_detention[] = {
	REF("person", "Who was held", RECIP, REQ | OWNER, "P"),
	REF("act", "The act it is part of", RECIP, OWNER, "A"),
	TERM("form", "Form", RECIP, REQ | TITLE, detention_form),
	REF("facility", "Facility, its record", RECIP, 0, "G"),
	TEXT("facility_text", "Facility, in words", RECIP, 0),
	OTHER("entered", "Entered", MODEL_DATE, RECIP, 0),
	OTHER("left", "Left", MODEL_DATE, RECIP, 0),
	REF("previous", "Transferred from, the stay before", RECIP, 0, "D"),
	TEXT("transfer", "Transfers: when, from where, to where", RECIP,
	    LIST),
	TEXT("circumstances", "What led up to it", RECIP, 0),
	TERM("legal_basis", "Legal basis", RECIP, 0, legal_basis),
	TEXT("charge", "Charge", RECIP, LIST),
	TERM("court_kind", "Kind of court", RECIP, 0, court_kind),
	TEXT("court", "Court", RECIP, 0),
	LINE("case_number", "Number of the judgment or file", IDENT, 0),
	TEXT("sentence", "Sentence, in words", RECIP, 0),
	OTHER("sentence_months", "Sentence in months", MODEL_INT, RECIP, 0),
	TERM("understood", "Language of the proceedings understood?", RECIP,
	    0, understood),
	TERM("counsel", "Legal counsel", RECIP, LIST, counsel),
	TERM("outside_contact", "Contact with the outside", RECIP, LIST,
	    outside_contact),
	LINE("cell", "Number of the cell", IDENT, 0),
	OTHER("cell_persons", "Persons in the cell", MODEL_INT, RECIP, 0),
	TEXT("cell_text", "Size, light, cameras of the cell", RECIP, 0),
	TEXT("routine", "Daily routine", RECIP, 0),
	TEXT("labour", "Labour", RECIP, 0),
	TERM("medical", "Medical attention", RECIP, LIST, medical),
	TEXT("medical_text", "Medical attention, in words", RECIP, 0),
	TEXT("release", "How it ended", RECIP, 0),
	TEXT("release_conditions", "Conditions of release", RECIP, 0),
	TEXT("description", "What it was like", RECIP, BODY),
	SOURCES,
	END
};

/* How far a finding agrees with the account is for an examiner to say. */
const struct model_field model_table_injury[] = {
	REF("person", "Whose", RECIP, REQ | OWNER, "P"),
	REF("act", "Of which act", RECIP, LIST | OWNER, "A"),
	TEXT("finding", "Injury or finding", RECIP, REQ | TITLE),
	TERM("body_region", "Part of the body", RECIP, LIST, body_region),
	OTHER("date", "Since when", MODEL_DATE, RECIP, 0),
	TEXT("description", "Description", RECIP, BODY),
	REF("photo", "Photographs", RECIP, LIST | VOICE, "M"),
	TEXT("examiner", "Examined by", IDENT, NAME),
	TEXT("examiner_role", "Profession of the examiner", RECIP, 0),
	OTHER("examined", "Date of the examination", MODEL_DATE, RECIP, 0),
	{ "consistency", "Degree of consistency, set by the examiner",
	    MODEL_TERM, RECIP, 0, &model_vocab_consistency, NULL, "examiner" },
	SOURCES,
	END
};

/* One row per assertion, never overwritten: a timeline with its sources. */
const struct model_field model_table_status[] = {
	REF("person", "Person", RECIP, REQ | OWNER, "P"),
	TERM("status", "Status", RECIP, REQ | TITLE, status),
	OTHER("as_of", "As of", MODEL_DATE, RECIP, 0),
	TEXT("place", "Place", RECIP, 0),
	REF("site", "Place, its record", RECIP, 0, "G"),
	REF("source", "Source", RECIP, LIST | OWNER, "TMQ"),
	TEXT("source_text", "Source, in words", RECIP, 0),
	TERM("reliability", "Reliability", RECIP, 0, reliability),
	TEXT("notes", "Notes", TEAM, BODY),
	END
};

const struct model_field model_table_relationship[] = {
	REF("person", "Person", RECIP, REQ | OWNER, "P"),
	TERM("kind", "Is", RECIP, REQ | TITLE, relationship),
	REF("other", "Of whom", RECIP, REQ | OWNER, "P"),
	TERM("certainty", "Certainty", RECIP, 0, certainty),
	TEXT("why", "What it rests on", RECIP, 0),
	REF("source", "Source", RECIP, LIST | OWNER, "TMQ"),
	TEXT("notes", "Notes", TEAM, BODY),
	END
};

/* Names in several scripts, each value with its language tag. */
const struct model_field model_table_place[] = {
	TEXT("name", "Name", IDENT, REQ | LIST | TITLE | NAME),
	TERM("kind", "Kind", RECIP, 0, place_kind),
	TEXT("country", "Country", RECIP, LIST),
	TEXT("region", "Province or autonomous region", RECIP, LIST),
	TEXT("prefecture", "Prefecture or oblast", RECIP, LIST),
	TEXT("county", "County, district or city", RECIP, LIST),
	TEXT("township", "Township", IDENT, LIST | NAME),
	TEXT("village", "Village or street", IDENT, LIST | NAME),
	REF("parent", "Lies in", RECIP, 0, "G"),
	LINE("admin_code", "Administrative code", IDENT, 0),
	OTHER("coordinates", "Coordinates", MODEL_POINT, IDENT, 0),
	{ "precision", "Coordinates right within, in metres", MODEL_INT,
	    IDENT, 0, NULL, NULL, "coordinates" },
	{ "datum", "Map the coordinates are from", MODEL_TERM, IDENT, 0,
	    &model_vocab_datum, NULL, "coordinates" },
	REF("source", "Source", RECIP, LIST | OWNER, "TMQ"),
	TEXT("source_text", "Source, in words", RECIP, 0),
	TEXT("notes", "Notes", TEAM, BODY),
	END
};

/* A document, list or database that is not itself kept here. */
const struct model_field model_table_source[] = {
	TEXT("title", "Title", RECIP, REQ | TITLE),
	TERM("kind", "Kind", RECIP, 0, source_kind),
	TEXT("author", "Author", IDENT, LIST | NAME),
	TEXT("publisher", "Publisher", RECIP, 0),
	OTHER("date", "Date", MODEL_DATE, RECIP, 0),
	LINE("url", "URL", RECIP, 0),
	LINE("locator", "Entry, page or time in it", RECIP, LIST),
	LINE("original_name", "Name of the file", RECIP, 0),
	OTHER("sha256", "SHA-256 of the file", MODEL_HASH, RECIP, 0),
	OTHER("size", "Size of the file in bytes", MODEL_INT, RECIP, 0),
	REF("media", "The file, if it is kept here", RECIP, LIST | VOICE, "M"),
	REF("part_of", "Part of", RECIP, 0, "Q"),
	OTHER("language", "Languages", MODEL_LANG, RECIP, LIST),
	TERM("reliability", "Reliability", RECIP, 0, reliability),
	TEXT("access", "Conditions of access", TEAM, 0),
	TEXT("notes", "Notes", TEAM, BODY),
	END
};

/* How the columns of a sheet become fields: kept for the next of its kind. */
const struct model_field model_table_map[] = {
	LINE("name", "Name", TEAM, REQ | TITLE),
	LINE("type", "Type of the records", TEAM, REQ),
	LINE("map", "FIELD=COLUMN", TEAM, LIST),
	LINE("match", "Field that a record is found by", TEAM, 0),
	LINE("dates", "Order of day and month", TEAM, 0),
	LINE("encoding", "Encoding of the sheet", TEAM, 0),
	TEXT("notes", "Notes", TEAM, BODY),
	END
};
