/*
 * Files whose last record was erased: deleted after the transaction that says
 * so, or at the next opening.  See vault_int.h.
 */
#include <stdlib.h>
#include <string.h>

#include "vault/vault_int.h"

/* see vault_int.h */
enum sq_err
vault_erase_files(struct vault *v, struct why *why)
{
	const size_t cap = (size_t)VAULT_ERASE_FILES * OBJECT_ID;
	struct blob_store bs;
	uint8_t *list;
	size_t n = 0;
	bool gone = true;
	enum sq_err e;

	if ((list = malloc(cap)) == NULL)
		return SQ_ENOMEM;
	e = db_meta_get(v->db, VAULT_ERASE_META, list, cap, &n);
	if (e != SQ_OK || n < OBJECT_ID) {
		free(list);
		return e == SQ_ENOENT ? SQ_OK : e;
	}
	vault_blobs(v, &bs);
	for (size_t i = 0; i + OBJECT_ID <= n; i += OBJECT_ID) {
		blob_drop(&bs, list + i);
		gone &= blob_gone(&bs, list + i);
	}
	free(list);
	if (!gone)
		return err_why(why, SQ_EIO, "what was erased is erased, but a "
		    "file of it could not be deleted; it is tried again when "
		    "the vault is opened");
	if ((e = vault_begin(v, why)) != SQ_OK)
		return e;
	if ((e = db_meta_set(v->db, VAULT_ERASE_META, "", 0)) != SQ_OK) {
		vault_abort(v);
		return err_why(why, e, "not saved: %s", db_why(v->db));
	}
	return vault_commit(v, why);
}

/* see vault_erase.h */
void
vault_erased_free(struct vault_erased *x)
{
	free(x->others);
	memset(x, 0, sizeof(*x));
}
