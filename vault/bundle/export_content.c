/*
 * Attachments on their way into a bundle: which go, and their bytes, one pass
 * from the sealed object to the writer with nothing kept.  Their size and
 * SHA-256 are in the manifest before; if the bytes disagree, the export fails.
 * See export.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/bundle/export.h"

/* Does the record state what its object holds? */
static bool
agrees(const struct export_item *it)
{
	char hex[DIGEST_HEX];
	char *s = entry_str(&it->at.en, "sha256");
	int64_t size;
	bool same;

	bytes_hex(hex, it->object.sha256, DIGEST_LEN);
	same = s != NULL && strcmp(s, hex) == 0 &&
	    entry_value_int(entry_find(&it->at.en, "size"), &size) &&
	    size >= 0 && (uint64_t)size == it->object.size;
	free(s);
	return same;
}

/* The extension says no more of a name than may be said. */
static void
choose_ext(struct export_item *it, const struct export_rules *r)
{
	char *name = NULL, *mime = NULL;

	if (export_rules_open(r, it->type, it->ref, "original_name"))
		name = entry_str(&it->at.en, "original_name");
	if (export_rules_open(r, it->type, it->ref, "mime"))
		mime = entry_str(&it->at.en, "mime");
	it->ext = bag_original_ext(name, mime);
	free(name);
	free(mime);
}

/* see export.h */
enum sq_err
export_content_plan(struct export_plan *p, const struct export_rules *rules)
{
	struct export_item *it;
	char why[256];
	enum sq_err e = SQ_OK;

	for (it = p->item; it < p->item + p->n && e == SQ_OK; it++) {
		if (!it->file)
			continue;
		e = export_rules_file(rules, it->pseudonym, it->type,
		    it->ref, &it->at.en, &it->file, why, sizeof(why));
		if (e == SQ_OK && it->file && !agrees(it)) {
			it->file = false;
			(void)snprintf(why, sizeof(why), "its file stays: its "
			    "record does not state the file's SHA-256 and "
			    "size");
		}
		if (e == SQ_OK && !it->file)
			e = export_plan_file(p, it->ref, why);
		choose_ext(it, rules);
	}
	return e;
}

/* see export.h */
void
export_content_new(const struct export_in *in, struct why *why,
    struct export_content *ret)
{
	*ret = (struct export_content){ .in = in, .why = why };
	for (size_t i = 0; i < in->plan->n; i++)
		if (in->plan->item[i].file) {
			ret->p.files++;
			ret->p.all_of += in->plan->item[i].object.size;
		}
}

struct stream {
	struct digest *hash;
	age_write_fn *write;
	void *arg;
};

static enum sq_err
pass_on(void *arg, const uint8_t *p, size_t n)
{
	struct stream *s = arg;
	enum sq_err e = digest_add(s->hash, p, n);

	return e != SQ_OK ? e : s->write(s->arg, p, n);
}

static bool
tell(void *arg, uint64_t done)
{
	struct export_content *x = arg;

	x->p.done = done;
	x->p.all_done = x->before + done;
	return x->in->progress == NULL || x->in->progress(x->in->arg, &x->p);
}

/* see export.h */
enum sq_err
export_content_write(struct export_content *x, const struct export_item *it,
    age_write_fn *write, void *arg)
{
	struct stream s = { .write = write, .arg = arg };
	uint8_t sum[DIGEST_LEN];
	enum sq_err e;

	if ((e = digest_new(DIGEST_SHA256, &s.hash)) != SQ_OK)
		return e;
	x->p.name = it->ref;
	x->p.of = it->object.size;
	x->p.file++;
	e = blob_get(x->in->blobs, &it->object, 0, UINT64_MAX, pass_on, &s,
	    tell, x, x->why);
	if (e == SQ_OK && (e = digest_end(s.hash, sum)) == SQ_OK &&
	    !bytes_eq(sum, it->object.sha256, sizeof(sum)))
		e = err_why(x->why, SQ_EDAMAGE, "its SHA-256 is not the one "
		    "that its record states");
	digest_free(s.hash);
	x->before += it->object.size;
	if (e == SQ_EREFUSED)
		return err_why(x->why, e, "stopped; nothing was exported");
	if (e == SQ_EDAMAGE || e == SQ_ENOENT)
		e = err_more(x->why, SQ_EDAMAGE, "the file of %s (--withhold "
		    "%s.file exports without it)", it->ref, it->ref);
	return e;
}
