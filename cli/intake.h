/*
 * The questions of an interview and the answers given so far, as one document
 * that is kept as a draft after each answer.
 */
#ifndef SQ_CLI_INTAKE_H
#define SQ_CLI_INTAKE_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "cli/cmd.h"

#define INTAKE_CARRY	0x01u	/* kept from one interview to the next */
#define INTAKE_NEW	0x02u	/* only of a witness who is new */
#define INTAKE_CONSENT	0x04u	/* a scope of consent: y n c a */
#define INTAKE_FILES	0x08u	/* paths of recordings */
#define INTAKE_WITNESS	0x10u	/* a name, or a reference */

struct intake_q {
	const char *key;	/* in the draft */
	const char *ask;
	const char *type;	/* of the record it becomes a field of */
	const char *field;
	unsigned flags;
};

extern const struct intake_q intake_q[];	/* ends with a NULL key */

/** intake_known(doc): is the witness of this interview known by reference? */
bool intake_known(const json_t *doc);

/** intake_get(doc, key, i): answer ${i} to a question, or NULL. */
const char *intake_get(const json_t *doc, const char *key, size_t i);

/** intake_set(doc, key, value): the answer; NULL: none.  False: no memory. */
bool intake_set(json_t *doc, const char *key, const char *value);

/** intake_add(doc, key, value): a further answer of a list. */
bool intake_add(json_t *doc, const char *key, const char *value);

/**
 * intake_check(c, q, value):
 * Is it an answer to the question?  SQ_EREFUSED says what would be.
 */
enum sq_err intake_check(struct cli *c, const struct intake_q *q,
    const char *value);

/** intake_next(doc): the document of the next interview: what is carried. */
json_t *intake_next(const json_t *doc);

/**
 * intake_store(c, doc, next, person, ret):
 * Save the interview; ${next} becomes the draft in the same transaction.
 */
enum sq_err intake_store(struct cli *c, const json_t *doc, const json_t *next,
    char person[MODEL_REF_MAX], char ret[MODEL_REF_MAX]);

#endif
