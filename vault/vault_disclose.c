/*
 * Disclosure through the facade: the earlier bundle is found in the log, which
 * knows what it held.  See vault_export.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "vault/bundle/export.h"
#include "vault/vault_int.h"

#define ID_MIN 8		/* digits of a bundle id that are enough */

/* Is this the bundle that was meant? */
static bool
is_meant(const struct record *b, const char *name)
{
	const char *id = model_record_first(b, "bundle");

	return strcasecmp(b->ref, name) == 0 || (id != NULL &&
	    strlen(name) >= ID_MIN && strncasecmp(id, name, strlen(name)) ==
	    0);
}

/* Find it among all bundles; the caller frees the record. */
static enum sq_err
find_bundle(struct vault *v, const char *name, struct record *ret,
    struct why *why)
{
	uint8_t (*ids)[LOG_RECORD_ID] = NULL;
	struct record_at at;
	struct record b;
	size_t n = 0, hits = 0;
	enum sq_err e;

	memset(ret, 0, sizeof(*ret));
	if ((e = record_audit(&v->cx, why)) != SQ_OK ||
	    (e = record_list(&v->cx, model_type("bundle"), 0, &ids, &n)) !=
	    SQ_OK)
		return e;
	for (size_t i = 0; i < n && e == SQ_OK; i++) {
		memset(&at, 0, sizeof(at));
		memset(&b, 0, sizeof(b));
		if ((e = record_get(&v->cx, ids[i], 0, &at, why)) == SQ_OK &&
		    (e = record_read(&v->cx, &at, &b, why)) == SQ_OK &&
		    is_meant(&b, name) && hits++ == 0) {
			*ret = b;
			memset(&b, 0, sizeof(b));	/* transferred */
		}
		model_record_free(&b);
		record_at_free(&at);
	}
	free(ids);
	if (e == SQ_OK && hits == 0)
		e = err_why(why, SQ_ENOENT, "there is no bundle %s; give its "
		    "id, at least %d digits, or its reference such as B-1; "
		    "see: sandyq list bundle", name, ID_MIN);
	else if (e == SQ_OK && hits > 1)
		e = err_why(why, SQ_EUSAGE, "several bundles begin with %s; "
		    "give more digits", name);
	if (e != SQ_OK)
		model_record_free(ret);
	return e;
}

/* What the log says of it. */
static enum sq_err
read_opens(const struct record *b, struct export_opens *ret, struct why *why)
{
	const char *id = model_record_first(b, "bundle");
	const char *sum = model_record_first(b, "statement_sha256");
	const char *size = model_record_first(b, "log_size");
	const struct record_field *about = model_record_field(b, "about");

	memset(ret, 0, sizeof(*ret));
	if (id == NULL || strlen(id) != 32 || sum == NULL || size == NULL ||
	    about == NULL || bytes_unhex(ret->statement, 32, sum) != SQ_OK)
		return err_why(why, SQ_EDAMAGE, "the entry of %s does not say "
		    "what the bundle was", b->ref);
	memcpy(ret->bundle, id, sizeof(ret->bundle));
	ret->log_size = strtoull(size, NULL, 10);
	if ((ret->about = calloc(about->n + 1, sizeof(*ret->about))) == NULL)
		return SQ_ENOMEM;
	for (size_t i = 0; i < about->n; i++)
		(void)snprintf(ret->about[ret->n_about++], MODEL_ID_HEX,
		    "%.32s", about->v[i].raw);
	return SQ_OK;
}

/* The records of the fields, each once; the caller frees the strings. */
static enum sq_err
read_refs(const struct vault_export *o, char **refs, size_t *ret_n,
    struct why *why)
{
	const char *arg, *dot;
	bool had;

	*ret_n = 0;
	for (size_t i = 0; i < o->n_disclose; i++) {
		arg = o->disclose[i];
		dot = strchr(arg, '.');
		if (dot == NULL || dot - arg < 3 || arg[1] != '-' ||
		    dot - arg >= MODEL_REF_MAX)
			return err_why(why, SQ_EUSAGE, "--field %s: write it "
			    "as REF.FIELD, T-1.text", arg);
		had = false;
		for (size_t k = 0; k < *ret_n; k++)
			had |= strlen(refs[k]) == (size_t)(dot - arg) &&
			    strncasecmp(refs[k], arg, (size_t)(dot - arg)) ==
			    0;
		if (had)
			continue;
		if ((refs[*ret_n] = strndup(arg, (size_t)(dot - arg))) == NULL)
			return SQ_ENOMEM;
		++*ret_n;
	}
	return *ret_n > 0 ? SQ_OK : err_why(why, SQ_EUSAGE, "--field "
	    "REF.FIELD says what to open");
}

/* see vault_export.h */
enum sq_err
vault_disclose(struct vault *v, const char *bundle,
    const struct vault_export *o, struct vault_exported *ret,
    struct why *why)
{
	struct vault_export as = *o;
	struct export_opens opens = { .n_about = 0 };
	struct record b;
	const char *profile;
	char **refs;
	size_t n = 0;
	enum sq_err e;

	memset(ret, 0, sizeof(*ret));
	if ((e = find_bundle(v, bundle, &b, why)) != SQ_OK)
		return e;
	if ((refs = calloc(o->n_disclose + 1, sizeof(*refs))) == NULL) {
		model_record_free(&b);
		return SQ_ENOMEM;
	}
	if ((e = read_refs(o, refs, &n, why)) != SQ_OK ||
	    (e = read_opens(&b, &opens, why)) != SQ_OK)
		goto out;
	profile = model_record_first(&b, "profile");
	as.refs = (const char *const *)refs;
	as.n_refs = n;
	as.withhold = NULL;
	as.n_withhold = 0;
	if (as.profile == NULL)
		as.profile = profile;
	e = vault_export_as(v, &as, &opens, profile != NULL &&
	    strcmp(profile, "public") == 0, ret, why);
out:
	for (size_t i = 0; i < n; i++)
		free(refs[i]);
	free(refs);
	free(opens.about);
	model_record_free(&b);
	return e;
}
