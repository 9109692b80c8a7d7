/*
 * For the tests of export: one call that exports, asks the verifier and takes
 * the bundle apart, one that wants a refusal and nothing changed, and what is
 * in the bundle.
 */
#ifndef SQ_TESTS_EXPORT_HELP_H
#define SQ_TESTS_EXPORT_HELP_H

#include <jansson.h>
#include <time.h>

#include "tests/unit/door.h"

/* --- exporting ------------------------------------------------------------ */

struct want {
	const char *refs[8];	/* ends with NULL */
	const char *to;		/* NULL: R-1 */
	const char *profile;
	const char *withhold[8], *disclose[8];
	const char *purpose;
	const struct secret *pass;
};

DOOR size_t
count(const char *const *list)
{
	size_t n = 0;

	while (n < 8 && list[n] != NULL)
		n++;
	return n;
}

DOOR enum sq_err
try_export(const struct want *w)
{
	struct vault_export o = { .refs = w->refs, .n_refs = count(w->refs),
	    .to = w->to == NULL ? "R-1" : w->to, .profile = w->profile,
	    .withhold = w->withhold, .n_withhold = count(w->withhold),
	    .disclose = w->disclose, .n_disclose = count(w->disclose),
	    .purpose = w->purpose, .passphrase = w->pass };

	return door_export(&o);
}

static uint8_t *tar;
static size_t tar_n;

/* Export, check by the verifier, take apart. */
DOOR void
export_ok(const struct want *w)
{
	const char *key = w->pass != NULL ? NULL : w->to != NULL &&
	    strcmp(w->to, "R-2") == 0 ? "r2.key" : "r1.key";
	struct stat st;

	OK(try_export(w));
	assert_int_equal(stat(door_x.path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	door_verify(door_x.path, key, w->pass);
	free(tar);
	tar = door_tar(door_x.path, key, w->pass, &tar_n);
	(void)unlink(door_x.path);
}

/* Refused, and nothing is written or logged. */
DOOR void
export_refused(const struct want *w, enum sq_err want)
{
	struct door_hash h = door_hash();

	ERR(try_export(w), want);
	door_same(&h);
	assert_int_equal(door_count(door_out), 0);
	assert_null(door_x.path);
}

#define EXPORT(...) export_ok(&(struct want){ __VA_ARGS__ })
#define REFUSED(e, ...) export_refused(&(struct want){ __VA_ARGS__ }, (e))

DOOR bool
in_tar(const char *what)
{
	return door_has(tar, tar_n, what);
}

DOOR bool
in_file(const char *path, const char *what)
{
	char full[128];
	size_t n;
	const char *p;

	(void)snprintf(full, sizeof(full), "bag/data/%s", path);
	p = door_member(tar, tar_n, full, &n);
	if (p == NULL)
		fail_msg("no %s", path);
	return door_has(p, n, what);
}

/* record.json of one item. */
DOOR json_t *
item_json(unsigned item)
{
	char path[64];
	json_t *j;
	size_t n;
	const char *p;

	(void)snprintf(path, sizeof(path), "bag/data/items/%06u/record.json",
	    item);
	if ((p = door_member(tar, tar_n, path, &n)) == NULL)
		return NULL;
	j = json_loadb(p, n, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(j);
	return j;
}

/* The item that is this record, from items.csv; 0: none. */
DOOR unsigned
item_of(const char *ref)
{
	char *csv = door_text(tar, tar_n, "bag/data/items.csv"), key[40];
	const char *p;
	unsigned item = 0;

	(void)snprintf(key, sizeof(key), ",%s,", ref);
	if ((p = strstr(csv, key)) != NULL && p - csv >= 6)
		item = (unsigned)strtoul(p - 6, NULL, 10);
	free(csv);
	return item;
}

DOOR unsigned
items(void)
{
	json_t *j;
	unsigned n = 0;

	while ((j = item_json(n + 1)) != NULL) {
		json_decref(j);
		n++;
	}
	return n;
}

/* Is a field of a record open in its record.json? */
DOOR bool
open_in(const char *ref, const char *field)
{
	json_t *j = item_json(item_of(ref)), *f;
	bool is = false;
	size_t i;

	assert_non_null(j);
	json_array_foreach(json_object_get(j, "fields"), i, f)
		if (json_is_string(json_object_get(f, "name")) &&
		    strcmp(json_string_value(json_object_get(f, "name")),
		    field) == 0)
			is = json_object_get(f, "value") != NULL &&
			    json_object_get(f, "salt") != NULL;
	json_decref(j);
	return is;
}

DOOR void
start(void)
{
	door_remove(door_at("r1.key"));
	door_remove(door_at("r2.key"));
	door_remove(door_at("out"));
	door_new();
	door_recipient("Lawyer One", "r1.key");
	door_recipient("Lawyer Two", "r2.key");
}

/* A day so many from today, YYYY-MM-DD. */
DOOR const char *
day(int from_today)
{
	static char out[4][16];
	static unsigned k;
	time_t t = time(NULL) + (time_t)from_today * 86400;
	struct tm tm;

	k = (k + 1) % 4;
	(void)gmtime_r(&t, &tm);
	(void)strftime(out[k], sizeof(out[0]), "%Y-%m-%d", &tm);
	return out[k];
}

DOOR void
decide(const char *ref, const char *scope, const char *decision,
    const char *until)
{
	struct model_inputs in = { 0 };

	OK(model_inputs_add(&in, "scope", NULL, scope));
	OK(model_inputs_add(&in, "decision", NULL, decision));
	if (until != NULL)
		OK(model_inputs_add(&in, "until", NULL, until));
	OK(vault_consent(door_v, ref, &in, &door_made, &door_why));
	model_inputs_free(&in);
}

/* Yes to everything that an export may be asked for. */
DOOR void
agree(const char *ref)
{
	decide(ref, "share", "yes", NULL);
	decide(ref, "court", "yes", NULL);
	decide(ref, "publish", "yes", NULL);
}

#endif
