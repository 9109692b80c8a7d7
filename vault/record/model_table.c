/*
 * The table: people, what they tell, what they agreed to, what was received
 * and what became of it.  What happened is in model_table_facts.c.
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
#include "vault/record/model_table.h"

const struct model_field model_table_case[] = {
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
const struct model_field model_table_person[] = {
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
	TEXT("residence", "Where they lived: village, town", IDENT, LIST),
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
const struct model_field model_table_contact[] = {
	REF("person", "Person", CONTACT, REQ | VOICE, "P"),
	TERM("kind", "Kind", CONTACT, 0, contact_kind),
	LINE("value", "Number or address", CONTACT, REQ | TITLE),
	REF("via", "Through whom", CONTACT, VOICE, "P"),
	TERM("safe_to_call", "Safe to call?", CONTACT, 0, safe),
	TEXT("safe_hours", "Safe hours", CONTACT, 0),
	OTHER("language", "Languages", MODEL_LANG, CONTACT, LIST),
	TEXT("next_of_kin", "Next of kin or emergency contact", CONTACT,
	    LIST | NAME),
	OTHER("last_checked", "Last checked", MODEL_DATE, CONTACT, 0),
	TEXT("notes", "Notes", CONTACT, BODY),
	END
};

const struct model_field model_table_testimony[] = {
	TEXT("summary", "Summary", RECIP, ONE_OF | TITLE),
	REF("witness", "Witness", RECIP, VOICE, "P"),
	REF("subject", "Persons it is about", RECIP, LIST | VOICE, "P"),
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
const struct model_field model_table_consent[] = {
	REF("about", "What it is given for", RECIP, REQ | LIST | OWNER,
	    "TMKP"),
	TERM("scope", "Scope", RECIP, REQ | TITLE, scope),
	TERM("decision", "Decision", RECIP, REQ, decision),
	REF("recipient", "For these recipients alone", TEAM, LIST, "R"),
	REF("given_by", "Given by", RECIP, VOICE, "P"),
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

/*
 * Original name, hash and size are 2: without them the lawyer cannot show
 * what was received.  A serial, a folder or a spot of recording is 3.
 */
const struct model_field model_table_media[] = {
	TERM("kind", "Kind", PUBLIC, 0, media_kind),
	LINE("original_name", "Original file name", RECIP, ONE_OF | TITLE),
	REF("about", "Belongs to", RECIP, LIST | OWNER, "*"),
	OTHER("sha256", "SHA-256", MODEL_HASH, RECIP, AUTO | INSIDE),
	OTHER("size", "Size in bytes", MODEL_INT, RECIP, AUTO | INSIDE),
	LINE("mime", "Media type", PUBLIC, INSIDE),
	LINE("url", "URL", RECIP, ONE_OF),
	OTHER("file_time", "File last changed", MODEL_TIME, RECIP, AUTO),
	OTHER("captured_at", "Captured at", MODEL_TIME, RECIP, 0),
	TERM("capture", "Captured as", RECIP, 0, capture),
	LINE("tool", "Application or tool", RECIP, 0),
	TEXT("collector", "Collected by", IDENT, LIST | NAME),
	TEXT("collector_role", "In what capacity", RECIP, 0),
	LINE("device", "Device and serial number", IDENT, INSIDE),
	OTHER("date", "Date of recording, as stated", MODEL_DATE, RECIP, 0),
	LINE("embedded_date", "Date of recording, as embedded", RECIP, INSIDE),
	LINE("embedded_place", "Place of recording, as embedded", IDENT,
	    INSIDE),
	TEXT("place", "Place of recording", IDENT, 0),
	TEXT("acquired_from", "Acquired from", IDENT, NAME),
	TERM("acquired_how", "Acquired how", RECIP, 0, acquired_how),
	TERM("generation", "Generation", RECIP, 0, generation),
	LINE("location", "Where the original is kept", IDENT, 0),
	TERM("copy_type", "Kind of copy", RECIP, 0, copy_type),
	REF("derived_from", "Made from", RECIP, OWNER, "M"),
	TEXT("derived_how", "What was done", RECIP, 0),
	TEXT("rights", "Rights", RECIP, 0),
	OTHER("graphic", "Graphic?", MODEL_BOOL, RECIP, 0),
	OTHER("shows_faces", "Shows faces?", MODEL_BOOL, RECIP, INSIDE),
	OTHER("shows_children", "Shows children?", MODEL_BOOL, RECIP, INSIDE),
	OTHER("language", "Languages", MODEL_LANG, RECIP, LIST),
	OTHER("duration", "Duration in seconds", MODEL_INT, RECIP, INSIDE),
	TEXT("restriction", "Security restriction", TEAM, 0),
	TEXT("notes", "Notes", TEAM, BODY),
	END
};

const struct model_field model_table_custody[] = {
	TERM("action", "Action", RECIP, REQ | TITLE, action),
	REF("about", "What it concerns", RECIP, LIST | OWNER, "*"),
	LINE("object", "Object", RECIP, 0),
	OTHER("sha256", "SHA-256", MODEL_HASH, RECIP, 0),
	OTHER("size", "Size in bytes", MODEL_INT, RECIP, AUTO),
	OTHER("commitment", "Commitment of the sealed object", MODEL_HASH,
	    TEAM, AUTO),
	OTHER("tags", "Hash over its tags", MODEL_HASH, TEAM, AUTO),
	OTHER("entry", "Revision it is about", MODEL_HASH, RECIP, AUTO),
	LINE("setting", "Setting", TEAM, AUTO | MUTE),
	LINE("value", "Its value", TEAM, AUTO | MUTE),
	LINE("erased", "What was erased", TEAM, LIST | AUTO | MUTE),
	LINE("unlinked", "Files deleted with it", TEAM, LIST | AUTO | MUTE),
	LINE("bundle", "Bundle it came in", TEAM, AUTO),
	LINE("log", "Log it came from", TEAM, AUTO),
	LINE("signer", "Keys that signed it", TEAM, LIST | AUTO | MUTE),
	LINE("known", "How the keys are known", TEAM, AUTO | MUTE),
	OTHER("checkpoint", "Its signed checkpoint", MODEL_BYTES, TEAM, AUTO),
	LINE("merged", "Entries taken in", TEAM, LIST | AUTO | MUTE),
	OTHER("time", "Time, as claimed", MODEL_TIME, RECIP, 0),
	TEXT("place", "Place", IDENT, 0),
	LINE("device", "Device", IDENT, 0),
	TEXT("counterparty", "Received from or handed to", IDENT, NAME),
	TEXT("note", "Note", RECIP, BODY),
	END
};

/* Who else got what is nobody's business but the team's: 1, names 3. */
const struct model_field model_table_bundle[] = {
	LINE("bundle", "Bundle", TEAM, REQ | TITLE | AUTO),
	REF("recipient", "Recipient", TEAM, REQ | AUTO, "R"),
	LINE("recipient_name", "Name of the recipient", IDENT, NAME | AUTO),
	OTHER("recipient_key", "Key of the recipient", MODEL_AGE, IDENT, AUTO),
	TEXT("purpose", "Purpose", TEAM, AUTO),
	TERM("profile", "Profile", TEAM, REQ | AUTO, profile),
	REF("about", "What it holds", TEAM, LIST | AUTO, "*"),
	REF("consent", "Consent it rests on", TEAM, LIST | AUTO, "N"),
	LINE("confirmed", "Conditions confirmed, and why", TEAM, LIST | AUTO),
	LINE("withheld", "Withheld fields", TEAM, LIST | AUTO),
	LINE("disclosed", "Fields disclosed beyond the profile", TEAM,
	    LIST | AUTO),
	LINE("opens", "Bundle whose fields it opens", TEAM, AUTO),
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

const struct model_field model_table_recipient[] = {
	LINE("name", "Name", IDENT, REQ | TITLE | NAME),
	LINE("org", "Organisation", IDENT, NAME),
	OTHER("key", "age recipient, or scrypt", MODEL_AGE, IDENT, REQ),
	TEXT("note", "Note", TEAM, BODY),
	END
};
