/*
 * Travelling with a vault that its holder truthfully cannot open: every
 * passphrase is taken away, after a backup elsewhere was rehearsed.  See
 * vault.h.
 */
#include <stdlib.h>
#include <string.h>

#include "vault/vault_int.h"

/* Is entry ${index} about backups alone, and nothing that could be missed? */
static enum sq_err
about_backup(struct vault *v, uint64_t index, bool *ret, struct why *why)
{
	struct entry en = { 0 };
	uint8_t root[ENTRY_ROOT];
	char *type = NULL, *action = NULL;
	enum sq_err e;

	*ret = false;
	if ((e = log_get(v->lg, index, &en, root, why)) == SQ_OK) {
		type = entry_str(&en, "_type");
		action = entry_str(&en, "action");
		*ret = type != NULL && action != NULL &&
		    strcmp(type, "custody") == 0 &&
		    (strcmp(action, "backed-up") == 0 ||
		    strcmp(action, "rehearsed") == 0);
	}
	free(type);
	free(action);
	entry_free(&en);
	return e;
}

/* see vault_trustees.h */
enum sq_err
vault_travel(struct vault *v, const struct vault_backup *o,
    struct vault_backed *ret, struct why *why)
{
	struct vault_backup look = *o;
	bool same;
	enum sq_err e;

	if (v->readonly)
		return err_why(why, SQ_EREADONLY, "the vault is only read");
	/* of the backup nothing may be missing: soon there is no way back */
	if ((e = vault_backup_test(v, &look, ret, why)) != SQ_OK)
		return err_more(why, e, "the backup would not do; nothing was "
		    "changed");
	/* that it was made and rehearsed are entries more */
	for (uint64_t i = ret->entries; i < log_size(v->lg); i++) {
		if ((e = about_backup(v, i, &same, why)) != SQ_OK)
			return e;
		if (!same)
			return err_why(why, SQ_EREFUSED, "the backup lacks the "
			    "newest %llu entries; nothing was changed; first: "
			    "sandyq backup", (unsigned long long)(log_size(
			    v->lg) - ret->entries));
	}
	return vault_slots_leave(v, "travel: every passphrase was taken away, "
	    "the recovery sheet and trustees stay", why);
}
