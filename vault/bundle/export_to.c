/*
 * To whom: the recipient's record, and the last checkpoint it was given.  See
 * export.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/bundle/export.h"

/* see export.h */
void
export_to_free(struct export_to *t)
{
	free(t->name);
	memset(t, 0, sizeof(*t));
}

/* The recipient in a verified entry, if it is called ${name}. */
static enum sq_err
read_to(struct record_ctx *cx, const struct record_at *at,
    const uint8_t id[LOG_RECORD_ID], struct export_to *t)
{
	char *key = entry_str(&at->en, "key");
	enum sq_err e = SQ_EDAMAGE;

	memset(t, 0, sizeof(*t));
	if (key == NULL || record_shown(cx, &at->en, t->ref) != SQ_OK ||
	    (t->name = entry_str(&at->en, "name")) == NULL)
		goto out;
	memcpy(t->id, id, LOG_RECORD_ID);
	(void)snprintf(t->age, sizeof(t->age), "%s",
	    strcmp(key, "scrypt") == 0 ? "-" : key);
	e = SQ_OK;
out:
	free(key);
	if (e != SQ_OK)
		export_to_free(t);
	return e;
}

/* Called for each bundle about the recipient, oldest first: the last stays. */
static enum sq_err
last_bundle(void *arg, const struct record_at *at)
{
	struct export_to *t = arg;
	char hex[MODEL_ID_HEX];
	char *type = entry_str(&at->en, "_type");
	char *to = entry_str(&at->en, "recipient");
	char *root = entry_str(&at->en, "log_root");
	int64_t size;

	bytes_hex(hex, t->id, LOG_RECORD_ID);
	if (type != NULL && strcmp(type, "bundle") == 0 && to != NULL &&
	    strcmp(to, hex) == 0 && root != NULL &&
	    entry_value_int(entry_find(&at->en, "log_size"), &size) &&
	    bytes_unhex(t->previous_root, 32, root) == SQ_OK) {
		t->has_previous = true;
		t->previous_size = (uint64_t)size;
	}
	free(type);
	free(to);
	free(root);
	return SQ_OK;
}

/* Look for the one recipient of this name. */
static enum sq_err
by_name(struct record_ctx *cx, const char *name, struct export_to *ret,
    struct why *why)
{
	uint8_t (*ids)[LOG_RECORD_ID] = NULL;
	struct export_to found = { .name = NULL }, t;
	size_t n = 0;
	enum sq_err e;

	if ((e = record_audit(cx, why)) != SQ_OK ||
	    (e = record_list(cx, model_type_of('R'), 0, &ids, &n)) != SQ_OK)
		return e;
	for (size_t i = 0; i < n && e == SQ_OK; i++) {
		struct record_at at = { .index = 0 };

		if ((e = record_get(cx, ids[i], 0, &at, why)) == SQ_OK)
			e = read_to(cx, &at, ids[i], &t);
		record_at_free(&at);
		if (e != SQ_OK)
			break;
		if (strcmp(t.name, name) != 0) {
			export_to_free(&t);
		} else if (found.name != NULL) {
			e = err_why(why, SQ_EUSAGE, "both %s and %s are "
			    "called «%s»; name the recipient by its "
			    "reference", t.ref, found.ref, name);
			export_to_free(&t);
		} else
			found = t;
	}
	free(ids);
	if (e == SQ_OK && found.name == NULL)
		e = err_why(why, SQ_ENOENT, "there is no recipient «%s»; see: "
		    "sandyq recipient list", name);
	if (e != SQ_OK) {
		export_to_free(&found);
		return e;
	}
	*ret = found;
	return SQ_OK;
}

/* see export.h */
enum sq_err
export_to_find(struct record_ctx *cx, const char *name,
    struct export_to *ret, struct why *why)
{
	struct record_at at = { .index = 0 };
	uint8_t id[LOG_RECORD_ID];
	enum sq_err e;

	if ((name[0] == 'R' || name[0] == 'r') && name[1] == '-' &&
	    name[2] != '\0' && name[2 + strspn(name + 2, "0123456789")] ==
	    '\0') {
		if ((e = record_find(cx, name, id, why)) == SQ_OK &&
		    (e = record_get(cx, id, 0, &at, why)) == SQ_OK)
			e = read_to(cx, &at, id, ret);
		record_at_free(&at);
	} else
		e = by_name(cx, name, ret, why);
	if (e != SQ_OK)
		return e;
	if ((e = record_each(cx, ret->id, last_bundle, ret, why)) != SQ_OK)
		export_to_free(ret);
	return e;
}
