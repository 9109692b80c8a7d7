#include <inttypes.h>
#include <string.h>

#include "vault/store/log_int.h"

/* see log.h */
enum sq_err
log_erase(struct log *lg, uint64_t index, const struct entry *en,
    struct why *why)
{
	uint8_t root[ENTRY_ROOT], own[ENTRY_ROOT];
	struct db_st *st;
	enum sq_err e;

	/* what is left must still be the entry that the log holds */
	if ((e = log_root_of(lg, index, root)) != SQ_OK ||
	    (e = entry_root(en, own)) != SQ_OK)
		return err_why(why, e, "entry %" PRIu64 " cannot be read",
		    index);
	if (memcmp(root, own, ENTRY_ROOT) != 0)
		return err_why(why, SQ_EINTERNAL, "entry %" PRIu64 " would "
		    "not be the same", index);
	lg->buf.len = 0;
	if ((e = entry_emit(en, &lg->buf)) == SQ_OK &&
	    (e = bytes_done(&lg->buf)) == SQ_OK &&
	    (e = db_use(lg->db, DB_ENTRY_REWRITE, &st)) == SQ_OK) {
		db_bind_int(st, 1, (int64_t)index);
		db_bind_blob(st, 2, lg->buf.p, lg->buf.len);
		e = db_run(st);
	}
	/* nothing of testimony stays in the scratch */
	bytes_free(&lg->buf);
	return e == SQ_OK ? e : err_why(why, e, "entry %" PRIu64 " could not "
	    "be rewritten: %s", index, db_why(lg->db));
}
