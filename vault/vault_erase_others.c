/*
 * Who else speaks of what was erased: what other records say of it stays until
 * they are erased too, so whoever erases is told which they are.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/vault_int.h"

#define OTHERS_MAX 100

/* Does a custody event say anything that a person wrote? */
static bool
says(const struct entry *en)
{
	static const char *const said[] = { "counterparty", "device", "note",
	    "place" };

	for (size_t i = 0; i < en->n; i++)
		for (size_t k = 0; k < sizeof(said) / sizeof(said[0]); k++)
			if (en->fields[i].form == ENTRY_OPEN &&
			    strcmp(en->fields[i].name, said[k]) == 0)
				return true;
	return false;
}

/* One that names it; bundles and the program's own events say nothing. */
static enum sq_err
add_other(struct vault *v, const uint8_t id[LOG_RECORD_ID],
    struct vault_erased *ret, struct why *why)
{
	struct record_at at = { .index = 0 };
	char ref[MODEL_ID_HEX];
	bool is = true;
	enum sq_err e;

	if ((e = record_ref(&v->cx, id, ref)) != SQ_OK || ref[0] == 'B')
		return e;
	if (ref[0] == 'Y') {
		if ((e = record_newest(&v->cx, id, &at, why)) != SQ_OK)
			return e;
		is = says(&at.en);
		record_at_free(&at);
	}
	if (is)
		(void)snprintf(ret->others[ret->n_others++], MODEL_REF_MAX,
		    "%.31s", ref);
	return SQ_OK;
}

/* see vault_erase_int.h */
enum sq_err
vault_erase_others(struct vault *v, const uint8_t id[LOG_RECORD_ID],
    struct vault_erased *ret, struct why *why)
{
	uint8_t other[LOG_RECORD_ID];
	struct db_st *st;
	const void *p;
	size_t n;
	bool row;
	enum sq_err e;

	if ((ret->others = calloc(OTHERS_MAX, sizeof(*ret->others))) == NULL)
		return SQ_ENOMEM;
	if ((e = db_use(v->db, DB_LINK_TO, &st)) != SQ_OK)
		return e;
	db_bind_blob(st, 1, id, LOG_RECORD_ID);
	while ((e = db_step(st, &row)) == SQ_OK && row &&
	    ret->n_others < OTHERS_MAX) {
		if ((p = db_blob(st, 0, &n)) == NULL || n != sizeof(other)) {
			e = SQ_EDAMAGE;
			break;
		}
		memcpy(other, p, sizeof(other));
		if ((e = add_other(v, other, ret, why)) != SQ_OK)
			break;
	}
	db_reset(st);
	return e;
}

/* see vault_erase.h */
void
vault_erased_free(struct vault_erased *x)
{
	free(x->others);
	memset(x, 0, sizeof(*x));
}
