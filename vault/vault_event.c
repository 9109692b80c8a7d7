/*
 * What was done for the vault's own safety: an entry of the log that says it,
 * and a mark by which status knows when it was last done.  See
 * vault_copy_int.h.
 */
#include <string.h>

#include "vault/vault_int.h"

#define MARK_LEN 16

/* see vault_copy_int.h */
enum sq_err
vault_event_in(struct vault *v, const char *action, const char *note,
    const char *mark, struct why *why)
{
	struct model_inputs in = { 0 };
	struct record_make mk = { .in = &in };
	struct vault_made made;
	uint8_t raw[MARK_LEN];
	enum sq_err e;

	mk.type = model_type("custody");
	if ((e = model_inputs_add(&in, "action", NULL, action)) == SQ_OK &&
	    (e = model_inputs_add(&in, "note", "en", note)) == SQ_OK)
		e = vault_put_in(v, &mk, &made, why);
	model_inputs_free(&in);
	if (e != SQ_OK || mark == NULL)
		return e;
	bytes_le64(raw, vault_seconds());
	bytes_le64(raw + 8, log_size(v->lg));
	if ((e = db_meta_set(v->db, mark, raw, sizeof(raw))) != SQ_OK)
		return err_why(why, e, "not saved: %s", db_why(v->db));
	return SQ_OK;
}

/* see vault_copy_int.h */
enum sq_err
vault_event(struct vault *v, const char *action, const char *note,
    const char *mark, struct why *why)
{
	enum sq_err e;

	if ((e = vault_begin(v, why)) != SQ_OK)
		return e;
	if ((e = vault_event_in(v, action, note, mark, why)) != SQ_OK) {
		vault_abort(v);
		return e;
	}
	return vault_commit(v, why);
}

/* see vault_copy_int.h */
bool
vault_event_last(struct vault *v, const char *mark, struct vault_mark *ret)
{
	uint8_t raw[MARK_LEN];
	struct bytes_rd r;
	size_t n;

	memset(ret, 0, sizeof(*ret));
	if (db_meta_get(v->db, mark, raw, sizeof(raw), &n) != SQ_OK ||
	    n != sizeof(raw))
		return false;
	bytes_rd_init(&r, raw, n);
	ret->time = bytes_rd_u64(&r);
	ret->entries = bytes_rd_u64(&r);
	return true;
}
