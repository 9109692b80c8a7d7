/*
 * Travelling with a vault that its holder truthfully cannot open: every
 * passphrase is taken away, after a backup elsewhere was rehearsed.  See
 * vault.h.
 */
#include "vault/vault_int.h"

#define TRAVEL_BEHIND 3u	/* entries about the backup itself */

/* see vault_trustees.h */
enum sq_err
vault_travel(struct vault *v, const struct vault_backup *o,
    struct vault_backed *ret, struct why *why)
{
	struct vault_backup look = *o;
	enum sq_err e;

	if (v->readonly)
		return err_why(why, SQ_EREADONLY, "the vault is only read");
	/* of the backup nothing may be missing: soon there is no way back */
	if ((e = vault_backup_test(v, &look, ret, why)) != SQ_OK)
		return err_more(why, e, "the backup would not do; nothing was "
		    "changed");
	/* the rehearsal itself is one entry more */
	if (ret->entries + TRAVEL_BEHIND < log_size(v->lg))
		return err_why(why, SQ_EREFUSED, "the backup lacks the newest "
		    "%llu entries; nothing was changed; first: sandyq backup",
		    (unsigned long long)(log_size(v->lg) - ret->entries));
	return vault_slots_leave(v, "travel: every passphrase was taken away, "
	    "the recovery sheet and trustees stay", why);
}
