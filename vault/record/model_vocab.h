/*
 * The vocabularies of the table, and of nothing else: what the
 * other layers need of them they find through their fields.
 */
#ifndef SQ_VAULT_RECORD_MODEL_VOCAB_H
#define SQ_VAULT_RECORD_MODEL_VOCAB_H

#include "vault/record/model.h"

extern const struct model_vocab model_vocab_case_status;
extern const struct model_vocab model_vocab_priority;
extern const struct model_vocab model_vocab_person_kind;
extern const struct model_vocab model_vocab_sex;
extern const struct model_vocab model_vocab_ethnicity;
extern const struct model_vocab model_vocab_civil_status;
extern const struct model_vocab model_vocab_citizenship;
extern const struct model_vocab model_vocab_contact_kind;
extern const struct model_vocab model_vocab_safe;
extern const struct model_vocab model_vocab_setting;
extern const struct model_vocab model_vocab_connection;
extern const struct model_vocab model_vocab_how_known;
extern const struct model_vocab model_vocab_first_account;
extern const struct model_vocab model_vocab_form;
extern const struct model_vocab model_vocab_reliability;
extern const struct model_vocab model_vocab_corroboration;
extern const struct model_vocab model_vocab_scope;
extern const struct model_vocab model_vocab_decision;
extern const struct model_vocab model_vocab_how_given;
extern const struct model_vocab model_vocab_explained;
extern const struct model_vocab model_vocab_capacity;
extern const struct model_vocab model_vocab_status;
extern const struct model_vocab model_vocab_relationship;
extern const struct model_vocab model_vocab_certainty;
extern const struct model_vocab model_vocab_media_kind;
extern const struct model_vocab model_vocab_acquired_how;
extern const struct model_vocab model_vocab_generation;
extern const struct model_vocab model_vocab_copy_type;
extern const struct model_vocab model_vocab_capture;
extern const struct model_vocab model_vocab_action;
extern const struct model_vocab model_vocab_profile;
extern const struct model_vocab model_vocab_stamp;

/* model_vocab_acts.c */
extern const struct model_vocab model_vocab_act_kind;
extern const struct model_vocab model_vocab_method;
extern const struct model_vocab model_vocab_confession;
extern const struct model_vocab model_vocab_involvement;
extern const struct model_vocab model_vocab_perpetrator_kind;
extern const struct model_vocab model_vocab_detention_form;
extern const struct model_vocab model_vocab_legal_basis;
extern const struct model_vocab model_vocab_court_kind;
extern const struct model_vocab model_vocab_understood;
extern const struct model_vocab model_vocab_counsel;
extern const struct model_vocab model_vocab_outside_contact;
extern const struct model_vocab model_vocab_medical;
extern const struct model_vocab model_vocab_body_region;
extern const struct model_vocab model_vocab_consistency;
extern const struct model_vocab model_vocab_place_kind;
extern const struct model_vocab model_vocab_datum;
extern const struct model_vocab model_vocab_source_kind;

#endif
