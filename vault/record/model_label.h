/*
 * What terms and fields are called in the languages of those who fill in
 * sheets.  Only read, to recognise what somebody wrote.
 */
#ifndef SQ_VAULT_RECORD_MODEL_LABEL_H
#define SQ_VAULT_RECORD_MODEL_LABEL_H

#include <stddef.h>

/* Words of one term, several parted by bars. */
struct model_label {
	const char *vocab, *term;
	const char *ru, *kk, *zh, *ug;
};

/* By the kind of what they are said of; each ends with a row of NULL. */
extern const struct model_label model_label_people[], model_label_facts[],
    model_label_media[];

/** model_labels(part): the tables, from 0; NULL: no more.  Static. */
const struct model_label *model_labels(size_t part);

/**
 * model_label_field(name):
 * What a column of this field is called, parted by bars, or NULL.  Static.
 */
const char *model_label_field(const char *name);

#endif
