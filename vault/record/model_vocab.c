/*
 * Vocabularies of the table of types.  What is stored is the term, in English
 * in every locale; the code is that of the HURIDOCS micro-thesaurus whose
 * number stands with the vocabulary (pairs of digits, trailing 00 left off),
 * empty where the list has no term of just that meaning or its code was not
 * ascertained.  No term is ever renamed or taken out: records hold it.
 */
#include "vault/record/model_vocab.h"

/* A vocabulary: its terms are static, only the head is seen outside. */
#define VOCAB(name, list) \
	const struct model_vocab model_vocab_##name = \
	    { #name, list, term_##name }

static const struct model_term term_case_status[] = {
	{ "active", "01", "active" },
	{ "pending", "02", "pending" },
	{ "not-active", "", "not active" },
	{ NULL, NULL, NULL }
};
VOCAB(case_status, 43);

static const struct model_term term_priority[] = {
	{ "urgent", "01", "urgent" },
	{ "high", "02", "high priority" },
	{ "priority", "", "priority" },
	{ "low", "", "low priority" },
	{ "rejected", "", "rejected" },
	{ NULL, NULL, NULL }
};
VOCAB(priority, 46);

static const struct model_term term_person_kind[] = {
	{ "individual", "01", "one person" },
	{ "family", "02", "family" },
	{ "group", "", "group or organisation" },
	{ "unidentified", "", "person not identified" },
	{ NULL, NULL, NULL }
};
VOCAB(person_kind, 7);

static const struct model_term term_sex[] = {
	{ "male", "01", "male" },
	{ "female", "02", "female" },
	{ "other", "", "other" },
	{ "unknown", "", "not known" },
	{ NULL, NULL, NULL }
};
VOCAB(sex, 39);

/* List 13 of HURIDOCS as shipped has no Kazakh, Kyrgyz, Uzbek or Tajik,
 * hence a list of our own.
 */
static const struct model_term term_ethnicity[] = {
	{ "kazakh", "", "Kazakh" },
	{ "uyghur", "", "Uyghur" },
	{ "kyrgyz", "", "Kyrgyz" },
	{ "hui", "", "Hui (Dungan)" },
	{ "uzbek", "", "Uzbek" },
	{ "tatar", "", "Tatar" },
	{ "tajik", "", "Tajik" },
	{ "mongol", "", "Mongol" },
	{ "han", "", "Han" },
	{ "russian", "", "Russian" },
	{ "other", "", "other" },
	{ "unknown", "", "not known" },
	{ NULL, NULL, NULL }
};
VOCAB(ethnicity, 0);

static const struct model_term term_civil_status[] = {
	{ "single", "01", "never married" },
	{ "married", "02", "married" },
	{ "separated", "", "separated" },
	{ "divorced", "", "divorced" },
	{ "widowed", "", "widowed" },
	{ "other", "", "other" },
	{ "unknown", "", "not known" },
	{ NULL, NULL, NULL }
};
VOCAB(civil_status, 8);

static const struct model_term term_citizenship[] = {
	{ "kz", "", "citizen of Kazakhstan" },
	{ "kz-permit", "", "residence permit of Kazakhstan" },
	{ "prc", "", "citizen of the PRC" },
	{ "stateless", "", "stateless" },
	{ "other", "", "other" },
	{ "unknown", "", "not known" },
	{ NULL, NULL, NULL }
};
VOCAB(citizenship, 0);

static const struct model_term term_contact_kind[] = {
	{ "phone", "", "telephone" },
	{ "messenger", "", "messenger" },
	{ "email", "", "e-mail" },
	{ "home", "01", "home address" },
	{ "work", "02", "work address" },
	{ "alternative", "", "alternative address" },
	{ "previous", "", "previous or temporary address" },
	{ "intermediary", "", "through an intermediary" },
	{ NULL, NULL, NULL }
};
VOCAB(contact_kind, 40);

static const struct model_term term_safe[] = {
	{ "yes", "", "yes" },
	{ "abroad", "", "only from abroad" },
	{ "intermediary", "", "only by an intermediary" },
	{ "never", "", "never" },
	{ NULL, NULL, NULL }
};
VOCAB(safe, 0);

static const struct model_term term_setting[] = {
	{ "in-person", "", "in person" },
	{ "phone", "", "by telephone" },
	{ "video-call", "", "by video call" },
	{ "written", "", "in writing" },
	{ "open-letter", "", "open letter or petition" },
	{ NULL, NULL, NULL }
};
VOCAB(setting, 0);

static const struct model_term term_connection[] = {
	{ "victim", "0101", "victim" },
	{ "witness", "0102", "witness" },
	{ "perpetrator", "", "perpetrator" },
	{ "relative", "020101", "relative of the victim" },
	{ "colleague", "020102", "colleague of the victim" },
	{ "same-organisation", "020103", "member of the same organisation" },
	{ "relayed", "", "third party who relayed it" },
	{ "reporter", "", "reporter" },
	{ "lawyer", "", "lawyer" },
	{ "medical", "", "medical professional" },
	{ "ngo", "", "non-governmental organisation" },
	{ "other", "", "other" },
	{ NULL, NULL, NULL }
};
VOCAB(connection, 19);

static const struct model_term term_how_known[] = {
	{ "saw", "", "saw or lived through it" },
	{ "told-by-victim", "", "was told by the victim" },
	{ "told-by-other", "", "was told by a third person" },
	{ "document", "", "read it in a document" },
	{ "official-notice", "", "official notice" },
	{ "inferred", "", "inferred it" },
	{ NULL, NULL, NULL }
};
VOCAB(how_known, 0);

static const struct model_term term_first_account[] = {
	{ "first", "", "first detailed account" },
	{ "repeat", "", "told before" },
	{ "unknown", "", "not known" },
	{ NULL, NULL, NULL }
};
VOCAB(first_account, 0);

/* Terms of list 16, whose codes classify sources and wait for that type. */
static const struct model_term term_form[] = {
	{ "audio", "", "audio recording" },
	{ "video", "", "video recording" },
	{ "statement", "", "written statement" },
	{ "affidavit", "", "signed affidavit" },
	{ "letter", "", "letter" },
	{ "notes", "", "notes of the interviewer" },
	{ "other", "", "other" },
	{ NULL, NULL, NULL }
};
VOCAB(form, 0);

static const struct model_term term_reliability[] = {
	{ "highly-reliable", "01", "highly reliable" },
	{ "likely-reliable", "02", "likely reliable" },
	{ "unsure", "", "unsure" },
	{ "likely-unreliable", "", "likely unreliable" },
	{ "highly-unreliable", "", "highly unreliable" },
	{ "unknown", "", "not known" },
	{ NULL, NULL, NULL }
};
VOCAB(reliability, 42);

static const struct model_term term_corroboration[] = {
	{ "confirmed", "01", "confirmed" },
	{ "likely", "", "likely" },
	{ "possible", "", "possible" },
	{ "unlikely", "", "unlikely" },
	{ "unknown", "", "not known" },
	{ NULL, NULL, NULL }
};
VOCAB(corroboration, 41);

/* What a decision is about; each stands alone, none implies another. */
static const struct model_term term_scope[] = {
	{ "record", "", "record sound, video or photographs" },
	{ "store", "", "store" },
	{ "share", "", "share with the named lawyer or organisation" },
	{ "court", "", "submit to a court or UN body, with identity" },
	{ "court-pseudonym", "",
	    "submit to a court or UN body, with pseudonym" },
	{ "publish", "", "publish, with identity" },
	{ "publish-pseudonym", "", "publish, with pseudonym" },
	{ "research", "", "use for research" },
	{ "recontact", "", "be contacted again" },
	{ NULL, NULL, NULL }
};
VOCAB(scope, 0);

static const struct model_term term_decision[] = {
	{ "yes", "", "agreed" },
	{ "no", "", "refused" },
	{ "conditions", "", "agreed on conditions" },
	{ "ask", "", "ask each time" },
	{ "withdrawn", "", "withdrew" },
	{ NULL, NULL, NULL }
};
VOCAB(decision, 0);

static const struct model_term term_how_given[] = {
	{ "spoken", "", "spoken on the record" },
	{ "signed", "", "signature" },
	{ "thumbprint", "", "thumbprint" },
	{ "witnessed", "", "spoken before a witness" },
	{ NULL, NULL, NULL }
};
VOCAB(how_given, 0);

static const struct model_term term_explained[] = {
	{ "purpose", "", "the purpose" },
	{ "who", "", "who will see it" },
	{ "risks", "", "the risks" },
	{ "stop", "", "the right to stop" },
	{ "limits", "", "that what is handed over cannot be called back" },
	{ NULL, NULL, NULL }
};
VOCAB(explained, 0);

static const struct model_term term_capacity[] = {
	{ "able", "", "adult able to decide" },
	{ "support", "", "adult who needs support to decide" },
	{ "minor", "", "minor" },
	{ "unknown", "", "not known" },
	{ NULL, NULL, NULL }
};
VOCAB(capacity, 0);

static const struct model_term term_status[] = {
	{ "camp", "", "in a camp" },
	{ "pre-trial", "", "in pre-trial detention" },
	{ "prison", "020203", "sentenced, in prison" },
	{ "released-free", "", "released, free" },
	{ "released-restricted", "", "released under restrictions" },
	{ "forced-labour", "", "in forced labour" },
	{ "hospital", "", "in hospital" },
	{ "dead", "0101", "dead" },
	{ "missing", "", "missing" },
	{ "abroad", "", "abroad" },
	{ "unknown", "", "not known" },
	{ NULL, NULL, NULL }
};
VOCAB(status, 25);

static const struct model_term term_relationship[] = {
	{ "spouse", "010101", "spouse" },
	{ "sibling", "010102", "brother or sister" },
	{ "parent", "010103", "parent" },
	{ "child", "010104", "child" },
	{ "relative", "010105", "other relative" },
	{ "friend", "010201", "friend" },
	{ "neighbour", "", "neighbour" },
	{ "co-worker", "", "co-worker" },
	{ "employer", "", "employer" },
	{ "member", "", "member of the organisation" },
	{ "same-person", "", "the same person" },
	{ "duplicate", "", "duplicate of the record" },
	{ NULL, NULL, NULL }
};
VOCAB(relationship, 21);

static const struct model_term term_certainty[] = {
	{ "certain", "", "certain" },
	{ "probable", "", "probable" },
	{ "possible", "", "possible" },
	{ NULL, NULL, NULL }
};
VOCAB(certainty, 0);

static const struct model_term term_media_kind[] = {
	{ "video", "", "video" },
	{ "audio", "", "sound" },
	{ "photo", "", "photograph" },
	{ "document", "", "document or scan" },
	{ "web", "", "web page or post" },
	{ "data", "", "data file" },
	{ "other", "", "other" },
	{ NULL, NULL, NULL }
};
VOCAB(media_kind, 0);

static const struct model_term term_acquired_how[] = {
	{ "recorded", "", "recorded by ourselves" },
	{ "device", "", "handed over on a device" },
	{ "messenger", "", "received by messenger" },
	{ "download", "", "downloaded from a URL" },
	{ "scan", "", "scanned" },
	{ "other", "", "other" },
	{ NULL, NULL, NULL }
};
VOCAB(acquired_how, 0);

static const struct model_term term_generation[] = {
	{ "original", "", "original" },
	{ "copy", "", "copy" },
	{ "messenger-copy", "", "copy through a messenger" },
	{ "re-encode", "", "re-encoded" },
	{ "unknown", "", "not known" },
	{ NULL, NULL, NULL }
};
VOCAB(generation, 0);

static const struct model_term term_copy_type[] = {
	{ "evidentiary", "", "evidentiary copy" },
	{ "working", "", "working copy" },
	{ "redacted", "", "redacted copy" },
	{ "transcript", "", "transcript" },
	{ "subtitle", "", "subtitles" },
	{ "translation", "", "translation" },
	{ NULL, NULL, NULL }
};
VOCAB(copy_type, 0);

static const struct model_term term_capture[] = {
	{ "warc", "", "WARC" },
	{ "wacz", "", "WACZ" },
	{ "screenshot", "", "screenshot" },
	{ "page", "", "saved page" },
	{ "other", "", "other" },
	{ NULL, NULL, NULL }
};
VOCAB(capture, 0);

static const struct model_term term_action[] = {
	{ "received", "", "received" },
	{ "imported", "", "imported" },
	{ "hashed", "", "hashed" },
	{ "viewed", "", "viewed" },
	{ "played", "", "played" },
	{ "edited", "", "edited" },
	{ "redacted", "", "redacted" },
	{ "exported", "", "exported" },
	{ "extracted", "", "extracted as a plain file" },
	{ "handed-over", "", "handed over" },
	{ "copied", "", "copied to a device" },
	{ "merged", "", "merged" },
	{ "fixity-checked", "", "fixity checked" },
	{ "consent-changed", "", "consent changed" },
	{ "key-slot-changed", "", "key slot changed" },
	{ "backed-up", "", "backed up" },
	{ "rehearsed", "", "rehearsed: it would have worked" },
	{ "rekeyed", "", "sealed anew under another key" },
	{ "repaired", "", "repaired from a backup" },
	{ "recalled", "", "recall notice made" },
	{ "restored", "", "restored from an earlier copy" },
	{ "erased", "", "erased by right of the witness" },
	{ "setting-changed", "", "setting changed" },
	{ "deleted", "", "deleted (a tombstone stays)" },
	{ NULL, NULL, NULL }
};
VOCAB(action, 0);

static const struct model_term term_profile[] = {
	{ "full", "", "everything" },
	{ "lawyer", "", "lawyer" },
	{ "court", "", "court" },
	{ "public", "", "public" },
	{ NULL, NULL, NULL }
};
VOCAB(profile, 0);

static const struct model_term term_stamp[] = {
	{ "requested", "", "asked for" },
	{ "stamped", "", "stamped" },
	{ NULL, NULL, NULL }
};
VOCAB(stamp, 0);
