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
	const char *ru, *kk, *zh;
};

/** model_labels(ret_n): all of them.  Static. */
const struct model_label *model_labels(size_t *ret_n);

/**
 * model_label_field(name):
 * What a column of this field is called, parted by bars, or NULL.  Static.
 */
const char *model_label_field(const char *name);

#endif
