/*
 * Files whose last record was erased: deleted after the transaction that says
 * so, or at the next opening; and from each copy that is brought up to date.
 * See vault_int.h, vault_copy_int.h.
 */
#include <stdlib.h>
#include <string.h>

#include "vault/vault_int.h"

/* see vault_erase_int.h */
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

static bool
is_bound(const struct vault_bound *list, size_t n,
    const uint8_t id[OBJECT_ID])
{
	for (size_t i = 0; i < n; i++)
		if (memcmp(list[i].info.id, id, OBJECT_ID) == 0)
			return true;
	return false;
}

/* see vault_copy_int.h */
enum sq_err
vault_erase_copy(struct vault *v, const struct blob_store *bs,
    const struct vault_bound *list, size_t n, struct why *why)
{
	struct entry en;
	uint8_t root[ENTRY_ROOT], id[OBJECT_ID];
	char name[ENTRY_MAX_NAME + 1], *kind, *s;
	bool erase;
	enum sq_err e = SQ_OK;

	for (uint64_t i = 0; i < log_size(v->lg) && e == SQ_OK; i++) {
		memset(&en, 0, sizeof(en));
		if ((e = log_get(v->lg, i, &en, root, why)) != SQ_OK)
			break;
		kind = entry_str(&en, "_kind");
		erase = kind != NULL && strcmp(kind, "erase") == 0;
		free(kind);
		for (size_t k = 0; erase && entry_element(name, sizeof(name),
		    "unlinked", k) == SQ_OK && (s = entry_str(&en, name)) !=
		    NULL; k++) {
			if (bytes_unhex(id, sizeof(id), s) == SQ_OK &&
			    !is_bound(list, n, id))
				blob_drop(bs, id);
			free(s);
		}
		entry_free(&en);
	}
	return e;
}
