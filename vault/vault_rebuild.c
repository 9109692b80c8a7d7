/*
 * Everything that is derived from the log, made anew from the log: subtree
 * hashes, links, chains, buckets, the tables by which records and contents
 * are found, the index of words.  See vault.h and the rule in store/sql.h.
 *
 * No evidence is written: the generation, the entries and so the pinned root
 * and heads stay what they were.  A rebuild is therefore one transaction and
 * nothing more, and a cut in it leaves what was there before.
 */
#include <string.h>

#include "vault/vault_int.h"

/* One entry: its record, and the object that it binds first. */
static enum sq_err
replay(struct vault *v, uint64_t index, struct why *why)
{
	struct blob_info info;
	struct entry en = { 0 };
	uint8_t root[ENTRY_ROOT];
	enum sq_err e;

	if ((e = log_get(v->lg, index, &en, root, why)) != SQ_OK)
		return e;
	if ((e = record_replay(&v->cx, &en, index, why)) == SQ_OK &&
	    (e = vault_object_of(&en, &info)) == SQ_OK)
		e = vault_object_note(v, &info, index);
	entry_free(&en);
	/* of no object, or of one that was bound before */
	return e == SQ_ENOENT || e == SQ_EEXIST ? SQ_OK : e;
}

/* see vault_int.h */
enum sq_err
vault_rebuild_in(struct vault *v, struct why *why)
{
	enum sq_err e;

	/* what is of this log and what of another depends on it */
	if ((e = vault_log_named(v, why)) != SQ_OK)
		return e;
	record_reset(&v->cx);
	log_free(v->lg);
	v->lg = NULL;
	v->cx.lg = NULL;
	v->cx.audited = v->cx.indexed = false;
	if ((e = db_remake(v->db)) != SQ_OK)
		return err_why(why, e, "the indexes cannot be made anew: %s",
		    db_why(v->db));
	if ((e = log_recover(v->db, &v->lg, why)) != SQ_OK)
		return e;
	v->cx.lg = v->lg;
	if (why != NULL)
		why->text[0] = '\0';
	for (uint64_t i = 0; i < log_size(v->lg) && e == SQ_OK; i++)
		e = replay(v, i, why);
	return e;
}

/* The log must come out as it was pinned. */
static enum sq_err
compare(struct vault *v, struct why *why)
{
	uint8_t root[32], heads[32];
	enum sq_err e;

	if ((e = log_root(v->lg, root)) != SQ_OK)
		return e;
	log_heads(v->lg, heads);
	if (log_size(v->lg) != v->state.log_size ||
	    !bytes_eq(root, v->state.log_root, sizeof(root)) ||
	    !bytes_eq(heads, v->state.heads, sizeof(heads)))
		return err_why(why, SQ_EDAMAGE, "the entries do not give the "
		    "log that was pinned; nothing was changed");
	return SQ_OK;
}

/* Back to what is on the disk; where that fails nothing more is written. */
static enum sq_err
undo(struct vault *v, enum sq_err e, struct why *why)
{
	enum sq_err r = SQ_EINTERNAL;

	db_rollback(v->db);
	if (v->lg == NULL || (r = log_reload(v->lg)) != SQ_OK) {
		v->stopped = true;
		if (e == SQ_OK)
			e = err_why(why, r, "the log could not be read again: "
			    "%s", db_why(v->db));
	}
	v->cx.audited = v->cx.indexed = false;
	return e;
}

/* see vault.h */
enum sq_err
vault_rebuild(struct vault *v, struct why *why)
{
	enum sq_err e;

	if ((e = db_integrity(v->db, why)) != SQ_OK ||
	    (e = vault_begin(v, why)) != SQ_OK)
		return e;
	if ((e = vault_rebuild_in(v, why)) == SQ_OK &&
	    (e = compare(v, why)) == SQ_OK &&
	    (e = db_commit(v->db)) != SQ_OK)
		err_why(why, e, "the indexes were not made anew: %s",
		    db_why(v->db));
	return e == SQ_OK ? e : undo(v, e, why);
}

/* see vault_int.h */
enum sq_err
vault_rebuild_compare(struct vault *v, const char **ret_which,
    struct why *why)
{
	struct db_tables before, after;
	enum sq_err e;

	*ret_which = "";
	if ((e = vault_begin(v, why)) != SQ_OK)
		return e;
	if ((e = db_tables(v->db, &before)) == SQ_OK &&
	    (e = vault_rebuild_in(v, why)) == SQ_OK &&
	    (e = compare(v, why)) == SQ_OK)
		e = db_tables(v->db, &after);
	e = undo(v, e, why);
	for (size_t i = 0; i < before.n && e == SQ_OK; i++)
		if (!bytes_eq(before.hash[i], after.hash[i], DIGEST_LEN)) {
			*ret_which = before.name[i];
			e = SQ_EDAMAGE;
		}
	return e;
}
