/*
 * Fields as words: name=VALUE, name.zh-Hans=VALUE, name=@FILE, name=@@x.
 */
#ifndef SQ_CLI_FIELDS_H
#define SQ_CLI_FIELDS_H

#include "cli/cmd.h"

/**
 * fields_parse(c, type, word, n, ret):
 * Append the fields of ${n} words to ${ret}.  SQ_EUSAGE for a word that is no
 * field, a field that ${type} has not, an empty value.  The caller frees with
 * model_inputs_free, also on failure.
 */
enum sq_err fields_parse(struct cli *c, const struct model_type *type,
    const char *const *word, size_t n, struct model_inputs *ret);

/**
 * fields_type(c, ref, ret):
 * The type that a reference is of, by its letter; SQ_EUSAGE if it has not the
 * form of one.
 */
enum sq_err fields_type(struct cli *c, const char *ref,
    const struct model_type **ret);

#endif
