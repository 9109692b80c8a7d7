/*
 * proofs/keys/: every change of keys of the log, so that who trusts an earlier
 * card can follow.  See export.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/bundle/export.h"
#include "vault/bundle/rotation.h"

/* One of them, under the number of its epoch. */
static enum sq_err
put(const struct entry *en, struct export_files *l)
{
	struct bytes_buf *b;
	char path[64];
	int64_t epoch;
	enum sq_err e;

	if (!entry_value_int(entry_find(en, "epoch"), &epoch) || epoch < 1 ||
	    epoch > ROTATION_EPOCHS)
		return SQ_EDAMAGE;
	(void)snprintf(path, sizeof(path), "bundle/proofs/keys/%04lld.note",
	    (long long)epoch);
	if ((e = export_file(l, path, &b)) != SQ_OK)
		return e;
	e = record_bytes(en, "note", b);
	return e == SQ_ENOENT ? SQ_EDAMAGE : e;
}

/* see export.h */
enum sq_err
export_keys(const struct export_in *in, struct export_files *l,
    struct why *why)
{
	uint8_t (*ids)[LOG_RECORD_ID] = NULL;
	struct record_at at;
	size_t n = 0;
	enum sq_err e;

	if (in->epoch == 0)
		return SQ_OK;
	if ((e = record_audit(in->cx, why)) != SQ_OK ||
	    (e = record_list(in->cx, model_type("key"), 0, &ids, &n)) !=
	    SQ_OK)
		return e;
	if (n != in->epoch)
		e = err_why(why, SQ_EDAMAGE, "the log has %zu changes of keys "
		    "and the keys are of epoch %u", n, in->epoch);
	for (size_t i = 0; i < n && e == SQ_OK; i++) {
		memset(&at, 0, sizeof(at));
		if ((e = record_newest(in->cx, ids[i], &at, why)) == SQ_OK)
			e = put(&at.en, l);
		record_at_free(&at);
	}
	free(ids);
	return e;
}
