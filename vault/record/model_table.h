/*
 * What the files of the table share: short words for its rows, and the rows of
 * each type.  Included by model.c and model_table*.c alone.
 */
#ifndef SQ_VAULT_RECORD_MODEL_TABLE_H
#define SQ_VAULT_RECORD_MODEL_TABLE_H

#include "vault/record/model.h"
#include "vault/record/model_vocab.h"

#define TEXT(name, label, tier, flags) \
	{ name, label, MODEL_TEXT, tier, flags, NULL, NULL, NULL }
#define LINE(name, label, tier, flags) \
	{ name, label, MODEL_LINE, tier, flags, NULL, NULL, NULL }
#define OTHER(name, label, kind, tier, flags) \
	{ name, label, kind, tier, flags, NULL, NULL, NULL }
#define TERM(name, label, tier, flags, vocab) \
	{ name, label, MODEL_TERM, tier, flags, &model_vocab_##vocab, NULL, \
	    NULL }
#define REF(name, label, tier, flags, refs) \
	{ name, label, MODEL_REF, tier, flags, NULL, refs, NULL }
#define END \
	{ NULL, NULL, MODEL_TEXT, MODEL_PUBLIC, 0, NULL, NULL, NULL }

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
#define MUTE MODEL_MUTE
#define ONE_OF MODEL_ONE_OF
#define INSIDE MODEL_INSIDE
#define OWNER MODEL_OWNER
#define VOICE MODEL_VOICE

extern const struct model_field model_table_case[], model_table_person[],
    model_table_contact[], model_table_testimony[], model_table_consent[],
    model_table_event[], model_table_act[], model_table_involvement[],
    model_table_detention[], model_table_injury[], model_table_status[],
    model_table_relationship[], model_table_place[], model_table_media[],
    model_table_source[], model_table_map[],
    model_table_custody[], model_table_bundle[],
    model_table_recipient[], model_table_stamp[],
    model_table_receipt[], model_table_key[];

#endif
