/*
 * Vocabularies of what happened: acts, detentions, findings, places, sources.
 * The rules are those of model_vocab.c.
 */
#include "vault/record/model_vocab.h"

/* A vocabulary: its terms are static, only the head is seen outside. */
#define VOCAB(name, list) \
	const struct model_vocab model_vocab_##name = \
	    { #name, list, term_##name }

static const struct model_term term_act_kind[] = {
	{ "arrest", "030101", "arrest" },
	{ "detention", "030102", "detention or imprisonment" },
	{ "disappearance", "", "enforced disappearance" },
	{ "abduction", "", "abduction" },
	{ "house-arrest", "030105", "house arrest" },
	{ "mass-roundup", "030107", "mass round-up" },
	{ "torture", "", "torture" },
	{ "rape", "", "rape" },
	{ "sexual-assault", "", "sexual assault" },
	{ "assault", "", "physical assault" },
	{ "threats", "", "threats against the victim" },
	{ "threats-family", "", "threats against the family" },
	{ "surveillance", "020103", "surveillance" },
	{ "denial-of-needs", "3601",
	    "denial of food, shelter, medical care or dignity" },
	{ "denial-of-justice", "3501",
	    "denial of counsel, fair trial or interpreter" },
	{ "sterilisation", "080101", "enforced sterilisation" },
	{ "contraception", "080102", "enforced contraception" },
	{ "abortion", "080103", "enforced abortion" },
	{ "religion", "110101", "restriction of religion" },
	{ "forced-labour", "", "forced labour" },
	{ "travel", "0501", "restriction of travel, documents taken" },
	{ "separation", "",
	    "family separated, child placed in an institution" },
	{ "search", "040101", "search or raid" },
	{ "death-in-custody", "01010601", "death in custody" },
	{ "other", "", "other" },
	{ "unknown", "", "not known" },
	{ NULL, NULL, NULL }
};
VOCAB(act_kind, 4);

static const struct model_term term_method[] = {
	{ "beating", "", "beating" },
	{ "electric-shock", "", "electric shock" },
	{ "posture", "", "forced standing, sitting or posture" },
	{ "suspension", "", "suspension" },
	{ "tiger-chair", "", "tiger chair" },
	{ "restraint", "", "shackles or other restraint" },
	{ "isolation", "", "isolation" },
	{ "no-sleep", "", "deprivation of sleep" },
	{ "no-food", "", "deprivation of food" },
	{ "no-water", "", "deprivation of water" },
	{ "no-medicine", "", "deprivation of medicine" },
	{ "forced-medication", "", "forced medication" },
	{ "injection", "", "injections" },
	{ "blindfold", "", "blindfold or hood" },
	{ "overcrowding", "", "overcrowding" },
	{ "nakedness", "", "nakedness" },
	{ "cold-or-heat", "", "cold or heat" },
	{ "noise-or-light", "", "noise or light" },
	{ "threats", "", "threats" },
	{ "humiliation", "", "humiliation" },
	{ "other", "", "other" },
	{ NULL, NULL, NULL }
};
VOCAB(method, 5);

static const struct model_term term_confession[] = {
	{ "forced", "", "forced to sign" },
	{ "refused", "", "refused to sign" },
	{ "not-understood", "", "signed without understanding" },
	{ "voluntary", "", "signed voluntarily" },
	{ "not-asked", "", "not asked to sign" },
	{ "unknown", "", "not known" },
	{ NULL, NULL, NULL }
};
VOCAB(confession, 36);

static const struct model_term term_involvement[] = {
	{ "carried-out", "", "carried it out" },
	{ "ordered", "", "ordered it" },
	{ "planned", "", "planned it" },
	{ "present", "", "was present" },
	{ "accomplice", "", "passive accomplice" },
	{ "failed-to-prevent", "", "failed to prevent it" },
	{ "suspected", "", "suspected of it" },
	{ "unknown", "", "not known" },
	{ NULL, NULL, NULL }
};
VOCAB(involvement, 18);

static const struct model_term term_perpetrator_kind[] = {
	{ "police", "010104", "police" },
	{ "prison-official", "010105", "prison officials" },
	{ "armed-forces", "010103", "armed forces" },
	{ "intelligence", "010106", "intelligence service" },
	{ "local-official", "", "local officials" },
	{ "national-official", "", "national officials" },
	{ "judiciary", "", "judges or prosecutors" },
	{ "guard", "", "guards of a facility" },
	{ "teacher", "", "teachers of a facility" },
	{ "medical", "", "medical staff" },
	{ "work-team", "", "work team in the village" },
	{ "employer", "", "employer" },
	{ "other", "", "other" },
	{ "unknown", "", "not known" },
	{ NULL, NULL, NULL }
};
VOCAB(perpetrator_kind, 24);

/* Camps, prisons, custody and the softer forms stand apart. */
static const struct model_term term_detention_form[] = {
	{ "police-custody", "", "police custody" },
	{ "pre-trial", "", "pre-trial detention centre" },
	{ "camp", "", "re-education camp, «training centre»" },
	{ "prison", "", "prison" },
	{ "hospital", "", "hospital or psychiatric hospital" },
	{ "forced-labour", "", "forced labour placement" },
	{ "house-arrest", "", "house arrest" },
	{ "exit-ban", "", "documents taken, ban on leaving" },
	{ "other", "", "other" },
	{ "unknown", "", "not known" },
	{ NULL, NULL, NULL }
};
VOCAB(detention_form, 0);

static const struct model_term term_legal_basis[] = {
	{ "administrative", "", "administrative detention" },
	{ "special-law", "", "emergency or special law" },
	{ "political-charge", "", "criminal charge, political" },
	{ "religious-charge", "", "criminal charge, religious" },
	{ "other-charge", "", "criminal charge, other" },
	{ "sentence", "", "sentence of a court" },
	{ "none-stated", "", "none was stated" },
	{ "unknown", "", "not known" },
	{ NULL, NULL, NULL }
};
VOCAB(legal_basis, 29);

static const struct model_term term_court_kind[] = {
	{ "none", "", "no court" },
	{ "ordinary", "", "ordinary court" },
	{ "military", "", "military court" },
	{ "special", "", "special court" },
	{ "other", "", "other" },
	{ "unknown", "", "not known" },
	{ NULL, NULL, NULL }
};
VOCAB(court_kind, 32);

static const struct model_term term_understood[] = {
	{ "yes", "", "yes" },
	{ "partly", "", "partly" },
	{ "interpreted", "", "through an interpreter" },
	{ "no", "", "no" },
	{ "no-proceedings", "", "there were no proceedings" },
	{ "unknown", "", "not known" },
	{ NULL, NULL, NULL }
};
VOCAB(understood, 33);

static const struct model_term term_counsel[] = {
	{ "none-allowed", "", "none was allowed" },
	{ "before-statement", "", "before the statement" },
	{ "after-statement", "", "after the statement" },
	{ "state-appointed", "", "appointed by the state" },
	{ "chosen", "", "chosen by the person or family" },
	{ "unknown", "", "not known" },
	{ NULL, NULL, NULL }
};
VOCAB(counsel, 31);

static const struct model_term term_outside_contact[] = {
	{ "acknowledged", "", "capture acknowledged" },
	{ "denied", "", "capture denied" },
	{ "place-told", "", "place disclosed" },
	{ "place-hidden", "", "place not disclosed" },
	{ "family", "", "family allowed" },
	{ "no-family", "", "family not allowed" },
	{ "lawyer", "", "lawyer allowed" },
	{ "no-lawyer", "", "lawyer not allowed" },
	{ "others", "", "others allowed" },
	{ "none", "", "none at all" },
	{ "unknown", "", "not known" },
	{ NULL, NULL, NULL }
};
VOCAB(outside_contact, 30);

static const struct model_term term_medical[] = {
	{ "given", "", "given when needed" },
	{ "late", "", "given late or too little" },
	{ "refused", "", "refused" },
	{ "forced", "", "forced on the person" },
	{ "examined", "", "examined on entry or release" },
	{ "not-needed", "", "not needed" },
	{ "unknown", "", "not known" },
	{ NULL, NULL, NULL }
};
VOCAB(medical, 37);

static const struct model_term term_body_region[] = {
	{ "head", "", "head" },
	{ "face", "", "face" },
	{ "eyes", "", "eyes" },
	{ "ears", "", "ears" },
	{ "mouth", "", "mouth or teeth" },
	{ "neck", "", "neck" },
	{ "chest", "", "chest" },
	{ "back", "", "back" },
	{ "abdomen", "", "abdomen" },
	{ "pelvis", "", "pelvis or genitals" },
	{ "arms", "", "arms" },
	{ "hands", "", "hands" },
	{ "legs", "", "legs" },
	{ "feet", "", "feet" },
	{ "skin", "", "skin" },
	{ "mind", "", "mind" },
	{ "whole", "", "whole body" },
	{ "other", "", "other" },
	{ NULL, NULL, NULL }
};
VOCAB(body_region, 0);

/* The degrees of the Istanbul Protocol (2022). */
static const struct model_term term_consistency[] = {
	{ "not-consistent", "", "not consistent with" },
	{ "consistent", "", "consistent with" },
	{ "highly-consistent", "", "highly consistent with" },
	{ "typical", "", "typical of" },
	{ "diagnostic", "", "diagnostic of" },
	{ NULL, NULL, NULL }
};
VOCAB(consistency, 0);

static const struct model_term term_place_kind[] = {
	{ "settlement", "", "village, town or city" },
	{ "home", "", "home" },
	{ "police-station", "", "police station" },
	{ "prison", "", "prison or detention centre" },
	{ "court", "", "court" },
	{ "camp", "0902", "concentration or labour camp" },
	{ "school", "", "school" },
	{ "hospital", "", "hospital" },
	{ "worship", "", "place of worship" },
	{ "factory", "", "factory" },
	{ "border", "", "border crossing" },
	{ "checkpoint", "", "checkpoint" },
	{ "office", "", "office of an authority" },
	{ "other", "", "other" },
	{ "unknown", "", "not known" },
	{ NULL, NULL, NULL }
};
VOCAB(place_kind, 17);

/* Maps made in the PRC are shifted by hundreds of metres. */
static const struct model_term term_datum[] = {
	{ "wgs84", "", "GPS, most maps (WGS 84)" },
	{ "gcj02", "", "maps of the PRC (GCJ-02)" },
	{ "bd09", "", "Baidu maps (BD-09)" },
	{ "unknown", "", "not known" },
	{ NULL, NULL, NULL }
};
VOCAB(datum, 0);

static const struct model_term term_source_kind[] = {
	{ "interview", "", "interview" },
	{ "statement", "", "written statement" },
	{ "letter", "", "letter or petition" },
	{ "court-record", "", "court record" },
	{ "official-document", "", "official document" },
	{ "leaked-document", "", "leaked document" },
	{ "media-report", "", "report in the media" },
	{ "ngo-report", "", "report of an organisation" },
	{ "database", "", "database" },
	{ "spreadsheet", "", "spreadsheet" },
	{ "post", "", "post in a social network" },
	{ "recording", "", "recording" },
	{ "photograph", "", "photograph" },
	{ "other", "", "other" },
	{ NULL, NULL, NULL }
};
VOCAB(source_kind, 16);
