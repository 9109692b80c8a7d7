/*
 * The table of links, backwards: what names a record.  See record.h.
 */
#include <stdlib.h>
#include <string.h>

#include "vault/record/record.h"

/* see record.h */
enum sq_err
record_naming(struct record_ctx *cx, const uint8_t id[LOG_RECORD_ID],
    char type, uint8_t (**ret)[LOG_RECORD_ID], size_t *ret_n)
{
	uint8_t (*ids)[LOG_RECORD_ID] = NULL;
	size_t n = 0, len;
	struct db_st *st;
	const void *p;
	void *q;
	bool row;
	enum sq_err e;

	if ((e = db_use(log_db(cx->lg), DB_LINK_OF, &st)) != SQ_OK)
		return e;
	db_bind_blob(st, 1, id, LOG_RECORD_ID);
	db_bind_int(st, 2, type);
	while ((e = db_step(st, &row)) == SQ_OK && row) {
		p = db_blob(st, 0, &len);
		if (len != LOG_RECORD_ID)
			e = SQ_EDAMAGE;
		else if ((n & (n - 1)) == 0) {
			q = realloc(ids, (n ? 2 * n : 1) * sizeof(*ids));
			e = q == NULL ? SQ_ENOMEM : SQ_OK;
			ids = q == NULL ? ids : q;
		}
		if (e != SQ_OK)
			break;
		memcpy(ids[n++], p, len);
	}
	db_reset(st);
	if (e != SQ_OK) {
		free(ids);
		return e;
	}
	*ret = ids;
	*ret_n = n;
	return SQ_OK;
}
