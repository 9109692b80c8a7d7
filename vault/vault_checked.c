/*
 * When an attachment was last found whole: the newest entry of its chain that
 * says so, a fixity check or the one that bound it when it was read back.  See
 * vault.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/vault_int.h"

static bool
is(const struct entry *en, const char *name, const char *want)
{
	char *s = entry_str(en, name), *lang = NULL, *text = NULL;
	bool same;

	if (s == NULL && entry_text(entry_find(en, name), &lang, &text))
		s = text;
	same = s != NULL && strcmp(s, want) == 0;
	free(s);
	free(lang);
	return same;
}

static enum sq_err
newest(void *arg, const struct record_at *at)
{
	struct vault_checked *c = arg;
	bool bound = is(&at->en, "_kind", "object");
	char *time;

	if (!bound && !is(&at->en, "action", "fixity-checked"))
		return SQ_OK;
	time = entry_str(&at->en, "_time");
	(void)snprintf(c->time, sizeof(c->time), "%s", time == NULL ? "" :
	    time);
	free(time);
	c->full = bound || is(&at->en, "note", "every byte");
	return SQ_OK;
}

/* see vault_media.h */
enum sq_err
vault_checked(struct vault *v, const char *ref, struct vault_checked *ret,
    struct why *why)
{
	uint8_t id[LOG_RECORD_ID];
	struct blob_info b;
	enum sq_err e;

	memset(ret, 0, sizeof(*ret));
	if ((e = record_find(&v->cx, ref, id, why)) != SQ_OK)
		return e;
	if ((e = vault_object_of_media(v, id, &b, why)) != SQ_OK)
		return e == SQ_ENOENT ? SQ_OK : e;
	return record_each(&v->cx, id, newest, ret, why);
}
