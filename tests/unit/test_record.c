/*
 * Records through their public doors: every type and kind of field there and
 * back, edits, refusals that change nothing, limits, batches, numbering, and
 * tables that do not hold what the log holds.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/unit/export_help.h"
#include "tests/unit/raw_help.h"
#include "vault/record/model.h"

/* --- there and back ------------------------------------------------------- */

/* A value of this kind, as given and as it is read back. */
static const struct sample {
	enum model_kind kind;
	const char *given[2], *read[2];
} samples[] = {
	{ MODEL_TEXT, { "Ол «айтты»: \"жоқ\"\\ \n\t 没有 </b>",
	    " leading and trailing " },
	    { "Ол «айтты»: \"жоқ\"\\ \n\t 没有 </b>",
	    " leading and trailing " } },
	{ MODEL_LINE, { "+7 701 000 00 00; \"a\" 没有 \xf0\x9f\x98\x80", "-" },
	    { "+7 701 000 00 00; \"a\" 没有 \xf0\x9f\x98\x80", "-" } },
	{ MODEL_DATE, { "2017-10~", "2017-10/.." },
	    { "2017-10~", "2017-10/.." } },
	{ MODEL_TIME, { "2018-02-28T23:59:59.5+06:00",
	    "2020-02-29T00:00:00Z" },
	    { "2018-02-28T23:59:59.5+06:00", "2020-02-29T00:00:00Z" } },
	{ MODEL_INT, { "9007199254740991", "000" },
	    { "9007199254740991", "0" } },
	{ MODEL_BOOL, { "yes", "FALSE" }, { "true", "false" } },
	{ MODEL_LANG, { "KK-cyrl", "zh-hans" }, { "kk-Cyrl", "zh-Hans" } },
	{ MODEL_HASH, { "ABCDEFabcdef0123456789abcdef0123456789abcdef0123"
	    "456789abcdef0123", "00000000000000000000000000000000000000000000"
	    "00000000000000000000" },
	    { "abcdefabcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	    "0123", "0000000000000000000000000000000000000000000000000000000"
	    "000000000" } },
	{ MODEL_AGE, { "scrypt", "scrypt" }, { "scrypt", "scrypt" } },
	{ MODEL_POINT, { "43.2389,76.8897", "-1,2" },
	    { "43.2389,76.8897", "-1,2" } }
};

static void
sample_of(const struct model_field *f, int i, char given[160],
    char read[160])
{
	const struct model_term *t;
	size_t n = 0;

	if (f->kind == MODEL_TERM) {
		for (t = f->vocab->term; t->term != NULL; t++)
			n++;
		/*
		 * the last one, by its label; the first one by its term, as
		 * for what was done with a thing, most of which the program
		 * alone records
		 */
		if (strcmp(f->name, "action") == 0)
			n = 1;
		t = &f->vocab->term[i == 0 ? n - 1 : 0];
		t = model_term(f->vocab, i == 0 ? t->label : t->term);
		(void)snprintf(given, 160, "%s", i == 0 ? t->label : t->term);
		(void)snprintf(read, 160, "%s", t->term);
		return;
	}
	if (f->kind == MODEL_REF) {
		char c = f->refs[0] == '*' ? 'P' : f->refs[0];

		(void)snprintf(given, 160, "%c-%d", i == 0 ? c : c + 32,
		    i + 1);
		(void)snprintf(read, 160, "%c-%d", c, i + 1);
		return;
	}
	for (size_t k = 0; k < sizeof(samples) / sizeof(samples[0]); k++)
		if (samples[k].kind == f->kind) {
			(void)snprintf(given, 160, "%s", samples[k].given[i]);
			(void)snprintf(read, 160, "%s", samples[k].read[i]);
			return;
		}
	fail_msg("no sample for %s", f->name);
}

static void
base_records(void)
{
	door_new();
	for (int i = 0; i < 2; i++) {
		door_add("person", "pseudonym", "base");
		door_add("testimony", "summary", "base");
		door_add("media", "original_name", "base");
		door_add("recipient", "name", "base", "key", "scrypt");
		door_add("consent", "about", "T-1", "scope", "share",
		    "decision", "yes");
	}
	/* behind those above, whose places in the log are counted on */
	for (int i = 0; i < 2; i++) {
		door_add("place", "name", "base");
		door_add("source", "title", "base");
		door_add("event", "title", "base");
		door_add("act", "victim", "P-1", "kind", "arrest");
		door_add("detention", "person", "P-1", "form", "camp");
	}
}

/* Of custody the program's own fields are never written by hand. */
static bool
by_program(const struct model_type *t, const struct model_field *f)
{
	return t->prefix == 'Y' && (f->flags & MODEL_AUTO) != 0;
}

static void
check_values(const struct record *r, const struct model_type *t)
{
	char given[160], read[160];

	for (const struct model_field *f = t->field; f->name; f++) {
		const struct record_field *rf = model_record_field(r,
		    f->name);

		if (by_program(t, f))
			continue;
		if (rf == NULL)
			fail_msg("%s has no %s", r->ref, f->name);
		assert_int_equal(rf->n, f->flags & MODEL_LIST ? 2 : 1);
		for (size_t i = 0; i < rf->n; i++) {
			sample_of(f, (int)i, given, read);
			assert_string_equal(rf->v[i].text, read);
			assert_int_equal(rf->v[i].raw != NULL,
			    f->kind == MODEL_REF);
			if (f->kind == MODEL_TEXT)
				assert_string_equal(rf->v[i].lang,
				    i == 0 ? "kk-Cyrl" : "und");
			else
				assert_null(rf->v[i].lang);
		}
	}
}

static void
test_there_and_back(void **state)
{
	const struct model_type *t;
	char given[160], read[160];
	struct record r;
	size_t n;

	(void)state;
	base_records();
	t = model_types(&n);
	for (size_t k = 0; k < n; k++) {
		struct model_inputs in = { 0 };

		if (!model_by_hand(&t[k]))
			continue;
		for (const struct model_field *f = t[k].field; f->name; f++)
			for (int i = 0; !by_program(&t[k], f) &&
			    i < (f->flags & MODEL_LIST ? 2 : 1); i++) {
				sample_of(f, i, given, read);
				OK(model_inputs_add(&in, f->name,
				    f->kind == MODEL_TEXT && i == 0 ?
				    "KK-cyrl" : NULL, given));
			}
		OK(vault_add(door_v, t[k].name, &in, "why", &door_made,
		    &door_why));
		model_inputs_free(&in);
		assert_int_equal(door_made.ref[0], t[k].prefix);
		assert_int_equal(door_made.rev, 1);
		OK(vault_show(door_v, door_made.ref, 0, &r, &door_why));
		assert_ptr_equal(r.type, &t[k]);
		assert_string_equal(r.id, door_made.id);
		assert_string_equal(r.entry, door_made.entry);
		assert_string_equal(r.actor, "Aigul");
		assert_string_equal(r.reason, "why");
		assert_string_equal(r.kind, t[k].kind);
		assert_true(r.newest);
		check_values(&r, &t[k]);
		model_record_free(&r);
		/* again after closing */
		door_open();
		OK(vault_show(door_v, door_made.ref, 1, &r, &door_why));
		check_values(&r, &t[k]);
		model_record_free(&r);
	}
	ERR(door_try_add("bundle", "bundle", "x", NULL), SQ_EREFUSED);
	ERR(door_batch("bundle", "{\"bundle\":\"x\"}\n", NULL), SQ_EREFUSED);
	ERR(door_try_add("comet", "title", "x", NULL), SQ_EUSAGE);
}

/* --- editing -------------------------------------------------------------- */

/* The salt of a field of the newest revision, as a full bundle tells it. */
static void
salt(const char *ref, const char *field, char out[40])
{
	json_t *j, *f;
	size_t i;

	out[0] = '\0';
	EXPORT(.refs = { ref }, .to = "R-2", .profile = "full");
	/* the record, and the decision about it */
	for (unsigned n = 1; n <= 2; n++) {
		j = item_json(n);
		json_array_foreach(json_object_get(j, "fields"), i, f)
			if (strcmp(json_string_value(json_object_get(f,
			    "name")), field) == 0)
				(void)snprintf(out, 40, "%s",
				    json_string_value(json_object_get(f,
				    "salt")));
		json_decref(j);
	}
}

static void
test_edit(void **state)
{
	char before[40], after[40];
	struct record r;
	const struct record_field *f;

	(void)state;
	door_remove(door_at("r1.key"));
	door_remove(door_at("r2.key"));
	door_new();
	door_recipient("one", "r1.key");
	door_recipient("two", "r2.key");
	door_add("person", "pseudonym", "A", "name", "One", "name", "Two",
	    "name", "Three", "sex", "female", "notes.ru", "заметки");
	door_share("P-1", "yes");
	salt("P-1", "pseudonym", before);
	assert_int_equal(strlen(before), 32);
	/* a list is replaced as a whole, the rest is kept */
	door_edit("P-1", "name", "Four", "name.zh-Hans", "五");
	assert_int_equal(door_made.rev, 2);
	assert_string_equal(door_made.ref, "P-1");
	OK(vault_show(door_v, "P-1", 0, &r, &door_why));
	assert_int_equal(r.rev, 2);
	f = model_record_field(&r, "name");
	assert_int_equal(f->n, 2);
	assert_string_equal(f->v[0].text, "Four");
	assert_string_equal(f->v[1].lang, "zh-Hans");
	assert_string_equal(model_record_first(&r, "pseudonym"), "A");
	assert_string_equal(model_record_first(&r, "notes"), "заметки");
	assert_string_equal(model_record_field(&r, "notes")->v[0].lang, "ru");
	assert_string_equal(r.reason, "put right");
	model_record_free(&r);
	/* an unchanged value has a salt of its own each time */
	salt("P-1", "pseudonym", after);
	assert_int_equal(strlen(after), 32);
	assert_string_not_equal(before, after);
	/* dropped */
	OK(door_unset("P-1", "name"));
	assert_string_equal(door_value("P-1", 0, "name"), "");
	assert_string_equal(door_value("P-1", 1, "name"), "One");
	assert_string_equal(door_value("P-1", 2, "name"), "Four");
	OK(door_unset("P-1", "sex"));
	/* dropping what it has not got is a revision all the same */
	OK(door_unset("P-1", "religion"));
	assert_int_equal(door_made.rev, 5);
	ERR(vault_show(door_v, "P-1", 6, &r, &door_why), SQ_ENOENT);
	ERR(vault_show(door_v, "P-2", 0, &r, &door_why), SQ_ENOENT);
	ERR(vault_show(door_v, "P", 0, &r, &door_why), SQ_EUSAGE);
	ERR(vault_show(door_v, "", 0, &r, &door_why), SQ_EUSAGE);
	ERR(vault_show(door_v, "P-1x", 0, &r, &door_why), SQ_EUSAGE);
	ERR(vault_show(door_v, "P-99999999999999999999", 0, &r, &door_why),
	    SQ_EUSAGE);
	/* small letters are as good */
	assert_string_equal(door_value("p-1", 0, "pseudonym"), "A");
}

static void
test_events_not_edited(void **state)
{
	struct door_hash h;

	(void)state;
	base_records();
	door_add("custody", "action", "viewed", "about", "T-1");
	h = door_hash();
	ERR(door_try_edit("N-1", "decision", "no", NULL), SQ_EREFUSED);
	ERR(door_try_edit("Y-1", "note", "no", NULL), SQ_EREFUSED);
	ERR(door_unset("N-1", "scope"), SQ_EREFUSED);
	door_same(&h);
}

/* --- refusals change nothing ---------------------------------------------- */

static void
test_refusals(void **state)
{
	struct door_hash h;
	uint64_t n;

	(void)state;
	base_records();
	h = door_hash();
	n = door_entries();
	ERR(door_try_add("person", "pseudonym", "A", "colour", "red", NULL),
	    SQ_EUSAGE);
	door_says("colour");
	ERR(door_try_add("person", "pseudonym", "A", "pseudonym", "B", NULL),
	    SQ_EUSAGE);
	door_says("pseudonym");
	ERR(door_try_add("person", "pseudonym", "", NULL), SQ_EUSAGE);
	door_says("pseudonym");
	ERR(door_try_add("person", "notes", "nobody", NULL), SQ_EREFUSED);
	ERR(door_try_add("testimony", "place", "x", NULL), SQ_EREFUSED);
	ERR(door_try_add("consent", "about", "T-1", "scope", "share", NULL),
	    SQ_EREFUSED);
	door_says("decision");
	ERR(door_try_add("consent", "scope", "share", "decision", "yes",
	    NULL), SQ_EREFUSED);
	door_says("about");
	ERR(door_try_add("consent", "about", "T-1", "scope", "everything",
	    "decision", "yes", NULL), SQ_EREFUSED);
	door_says("publish");		/* what is allowed */
	ERR(door_try_add("person", "pseudonym", "A", "birth_date",
	    "2017-02-30", NULL), SQ_EREFUSED);
	door_says("birth_date");
	ERR(door_try_add("person", "pseudonym", "A", "language", "x", NULL),
	    SQ_EREFUSED);
	ERR(door_try_add("person", "pseudonym", "A\x01", NULL), SQ_EREFUSED);
	ERR(door_try_add("person", "pseudonym", "A\nB", NULL), SQ_EREFUSED);
	ERR(door_try_add("person", "pseudonym", "\xff", NULL), SQ_EREFUSED);
	ERR(door_try_add("person", "pseudonym.ru", "A", NULL), SQ_EREFUSED);
	ERR(door_try_add("person", "name.1x!", "A", NULL), SQ_EREFUSED);
	ERR(door_try_add("media", "original_name", "a", "size", "-1", NULL),
	    SQ_EREFUSED);
	ERR(door_try_add("media", "original_name", "a", "size",
	    "9007199254740992", NULL), SQ_EREFUSED);
	door_same(&h);
	assert_int_equal(door_entries(), n);
	/* and the next one gets the next number */
	door_add("person", "pseudonym", "C");
	assert_string_equal(door_made.ref, "P-3");
}

static void
test_refused_edits(void **state)
{
	struct door_hash h;

	(void)state;
	base_records();
	h = door_hash();
	/* references: not there, of a kind that is not meant, no reference */
	ERR(door_try_add("testimony", "summary", "x", "witness", "P-3", NULL),
	    SQ_EREFUSED);
	door_says("witness");
	ERR(door_try_add("testimony", "summary", "x", "witness", "T-1", NULL),
	    SQ_EREFUSED);
	ERR(door_try_add("testimony", "summary", "x", "witness", "Anna",
	    NULL), SQ_EREFUSED);
	ERR(door_try_add("testimony", "summary", "x", "witness", "P-1@12ab",
	    NULL), SQ_EREFUSED);
	ERR(door_try_edit("P-1", "colour", "red", NULL), SQ_EUSAGE);
	ERR(door_try_edit("P-1", "sex", "x", NULL), SQ_EREFUSED);
	ERR(door_try_edit("P-1", "sex", "", NULL), SQ_EUSAGE);
	ERR(door_try_edit("P-1", "pseudonym", "B", "sex", "x", NULL),
	    SQ_EREFUSED);
	ERR(door_unset("P-1", "pseudonym"), SQ_EREFUSED);
	ERR(door_unset("P-1", "colour"), SQ_EUSAGE);
	ERR(door_unset("R-1", "key"), SQ_EREFUSED);
	ERR(door_try_edit("P-9", "pseudonym", "B", NULL), SQ_ENOENT);
	door_same(&h);
	assert_string_equal(door_value("P-1", 0, "pseudonym"), "base");
}

static void
test_bad_reason(void **state)
{
	struct model_inputs in = { 0 };
	struct door_hash h;

	(void)state;
	door_new();
	h = door_hash();
	OK(model_inputs_add(&in, "pseudonym", NULL, "A"));
	ERR(vault_add(door_v, "person", &in, "\xff", &door_made, &door_why),
	    SQ_EREFUSED);
	door_same(&h);
	OK(vault_add(door_v, "person", &in, NULL, &door_made, &door_why));
	model_inputs_free(&in);
}

/* --- limits --------------------------------------------------------------- */

/* A person with so many languages. */
static enum sq_err
many_fields(size_t n)
{
	struct model_inputs in = { 0 };
	enum sq_err e;

	OK(model_inputs_add(&in, "pseudonym", NULL, "A"));
	for (size_t i = 0; i < n; i++)
		OK(model_inputs_add(&in, "language", NULL, "ru"));
	door_why.text[0] = '\0';
	e = vault_add(door_v, "person", &in, NULL, &door_made, &door_why);
	model_inputs_free(&in);
	return e;
}

static void
test_limit_fields(void **state)
{
	struct door_hash h;
	struct record r;

	(void)state;
	door_new();
	h = door_hash();
	ERR(many_fields(5000), SQ_ELIMIT);
	door_says("4,096");
	ERR(many_fields(4088), SQ_ELIMIT);
	door_same(&h);
	/* eight of the entry's own, nine with a reason, and the pseudonym */
	OK(many_fields(4086));
	OK(vault_show(door_v, "P-1", 0, &r, &door_why));
	assert_int_equal(model_record_field(&r, "language")->n, 4086);
	model_record_free(&r);
	/* full: it can be revised, but nothing more goes in */
	door_edit("P-1", "pseudonym", "B");
	h = door_hash();
	ERR(door_try_edit("P-1", "sex", "male", NULL), SQ_ELIMIT);
	door_same(&h);
}

static void
test_limit_bytes(void **state)
{
	size_t n = (size_t)16 << 20;
	struct model_inputs in = { 0 };
	struct door_hash h;
	struct record r;
	char *s = malloc(n + 1);

	(void)state;
	door_new();
	h = door_hash();
	assert_non_null(s);
	memset(s, 'a', n);
	s[n] = '\0';
	OK(model_inputs_add(&in, "text", NULL, s));
	ERR(vault_add(door_v, "testimony", &in, NULL, &door_made, &door_why),
	    SQ_ELIMIT);
	door_says("text");
	model_inputs_free(&in);
	door_same(&h);
	n -= 4096;
	s[n] = '\0';
	OK(model_inputs_add(&in, "text", NULL, s));
	OK(vault_add(door_v, "testimony", &in, NULL, &door_made, &door_why));
	model_inputs_free(&in);
	OK(vault_show(door_v, "T-1", 0, &r, &door_why));
	assert_int_equal(strlen(model_record_first(&r, "text")), n);
	model_record_free(&r);
	free(s);
	/* two texts that are too large together only */
	ERR(door_try_edit("T-1", "place", door_value("T-1", 0, "text"),
	    NULL), SQ_ELIMIT);
}

static void
test_limit_about(void **state)
{
	struct bytes_buf b = { 0 };
	struct model_inputs in = { 0 };
	struct door_hash h;
	size_t n = 0;
	char ref[16], *s;

	(void)state;
	door_new();
	for (int i = 0; i < 4001; i++)
		bytes_putf(&b, "{\"pseudonym\":\"%d\"}\n", i);
	s = bytes_str(&b);
	OK(door_batch("person", s, &n));
	free(s);
	assert_int_equal(n, 4001);
	OK(model_inputs_add(&in, "action", NULL, "viewed"));
	for (int i = 1; i <= 4001; i++) {
		(void)snprintf(ref, sizeof(ref), "P-%d", i);
		OK(model_inputs_add(&in, "about", NULL, ref));
	}
	h = door_hash();
	ERR(vault_add(door_v, "custody", &in, NULL, &door_made, &door_why),
	    SQ_ELIMIT);
	door_says("4000");
	door_same(&h);
	free(in.v[--in.n].name);
	free(in.v[in.n].value);
	OK(vault_add(door_v, "custody", &in, NULL, &door_made, &door_why));
	model_inputs_free(&in);
	door_open();
	n = 0;
	assert_string_equal(door_value("Y-1", 0, "about"), "P-1");
}

/* --- batches, numbers, order ---------------------------------------------- */

static char *
batch_of(int n, int bad)
{
	struct bytes_buf b = { 0 };

	for (int i = 1; i <= n; i++)
		bytes_putf(&b, "{\"summary\":\"uniqueword%d\",\"date\":"
		    "\"%s\"}\n", i, i == bad ? "soon" : "2017-10");
	return bytes_str(&b);
}

static enum sq_err
count_record(void *arg, const struct record *r)
{
	unsigned *n = arg;

	(void)r;
	++*n;
	return SQ_OK;
}

static enum sq_err
count_hit(void *arg, const struct vault_hit *hit)
{
	unsigned *n = arg;

	(void)hit;
	++*n;
	return SQ_OK;
}

static void
test_batch(void **state)
{
	struct door_hash h;
	unsigned listed = 0, hits = 0;
	size_t n = 0;
	char *s;

	(void)state;
	door_new();
	door_add("testimony", "summary", "before");
	h = door_hash();
	s = batch_of(1000, 500);
	ERR(door_batch("testimony", s, &n), SQ_EREFUSED);
	door_says("500");
	door_says("date");
	free(s);
	assert_int_equal(n, 0);
	assert_int_equal(door_entries(), 2);
	door_same(&h);
	/* nothing of it in this session either */
	OK(vault_list(door_v, NULL, 0, count_record, &listed, &door_why));
	assert_int_equal(listed, 1);
	OK(vault_search(door_v, "uniqueword7", NULL, 0, count_hit, &hits,
	    &door_why));
	assert_int_equal(hits, 0);
	s = batch_of(1000, 0);
	OK(door_batch("testimony", s, &n));
	free(s);
	assert_int_equal(n, 1000);
	assert_string_equal(door_value("T-2", 0, "summary"), "uniqueword1");
	assert_string_equal(door_value("T-1001", 0, "summary"),
	    "uniqueword1000");
	door_add("testimony", "summary", "after");
	assert_string_equal(door_made.ref, "T-1002");
	/* one that names a record of the same batch */
	OK(door_batch("media", "{\"original_name\":\"a\"}\n"
	    "{\"original_name\":\"b\",\"derived_from\":\"M-1\"}\n", NULL));
	assert_string_equal(door_value("M-2", 0, "derived_from"), "M-1");
	ERR(door_batch("media", "{\"original_name\":\"c\",\"derived_from\":"
	    "\"M-4\"}\n{\"original_name\":\"d\"}\n", NULL), SQ_EREFUSED);
	door_add("media", "original_name", "e");
	assert_string_equal(door_made.ref, "M-3");
}

static struct order {
	unsigned n;
	uint64_t index[16];
	char what[16][64];
} order;

static enum sq_err
note_order(void *arg, const struct record *r)
{
	struct order *o = arg;

	assert_true(o->n < 16);
	o->index[o->n] = r->index;
	(void)snprintf(o->what[o->n++], sizeof(o->what[0]), "%s %s %u%s",
	    r->ref, r->kind, r->rev, r->newest ? " newest" : "");
	return SQ_OK;
}

static void
test_history(void **state)
{
	static const char *const want[] = { "T-1 revision 1",
	    "N-1 consent 1", "T-1 revision 2", "M-1 revision 2",
	    "Y-1 custody 2", "N-2 consent 2", "T-1 revision 3 newest" };

	(void)state;
	door_new();
	door_add("testimony", "summary", "one");
	door_share("T-1", "yes");
	door_edit("T-1", "summary", "two");
	door_add("person", "pseudonym", "not about it");
	door_add("media", "about", "T-1", "original_name", "a");
	door_add("custody", "action", "viewed", "about", "T-1");
	door_share("T-1", "no");
	door_edit("T-1", "summary", "three");
	memset(&order, 0, sizeof(order));
	OK(vault_history(door_v, "T-1", note_order, NULL, &order,
	    &door_why));
	assert_int_equal(order.n, 7);
	for (unsigned i = 0; i < 7; i++) {
		assert_string_equal(order.what[i], want[i]);
		assert_true(i == 0 || order.index[i] > order.index[i - 1]);
	}
	memset(&order, 0, sizeof(order));
	OK(vault_consents(door_v, "T-1", note_order, &order, &door_why));
	assert_int_equal(order.n, 2);
	memset(&order, 0, sizeof(order));
	OK(vault_list(door_v, NULL, 0, note_order, &order, &door_why));
	assert_int_equal(order.n, 6);
	memset(&order, 0, sizeof(order));
	OK(vault_list(door_v, "testimony", 0, note_order, &order,
	    &door_why));
	assert_string_equal(order.what[0], "T-1 revision 3 newest");
	ERR(vault_list(door_v, "nothing", 0, note_order, &order, &door_why),
	    SQ_EUSAGE);
}

static void
test_reference(void **state)
{
	struct model_inputs in = { 0 };
	struct door_hash h;

	(void)state;
	base_records();
	door_write(door_at("in.bin"), "abc", 3);
	OK(vault_reference(door_v, "T-1", door_at("in.bin"), NULL, &in,
	    &door_made, &door_why));
	assert_string_equal(door_value(door_made.ref, 0, "sha256"),
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015"
	    "ad");
	assert_string_equal(door_value(door_made.ref, 0, "size"), "3");
	assert_string_equal(door_value(door_made.ref, 0, "original_name"),
	    "in.bin");
	assert_string_equal(door_value(door_made.ref, 0, "about"), "T-1");
	OK(vault_reference(door_v, "T-1", NULL, "https://example.org/x", &in,
	    &door_made, &door_why));
	assert_string_equal(door_value(door_made.ref, 0, "url"),
	    "https://example.org/x");
	h = door_hash();
	ERR(vault_reference(door_v, "T-1", NULL, NULL, &in, &door_made,
	    &door_why), SQ_EUSAGE);
	ERR(vault_reference(door_v, "T-9", NULL, "https://a", &in, &door_made,
	    &door_why), SQ_ENOENT);
	assert_int_not_equal(vault_reference(door_v, "T-1", door_at("none"),
	    NULL, &in, &door_made, &door_why), SQ_OK);
	/* what was measured is not given by hand as well */
	OK(model_inputs_add(&in, "sha256", NULL, "ba7816bf8f01cfea414140de5da"
	    "e2223b00361a396177a9cb410ff61f20015ae"));
	ERR(vault_reference(door_v, "T-1", door_at("in.bin"), NULL, &in,
	    &door_made, &door_why), SQ_EUSAGE);
	door_same(&h);
	model_inputs_free(&in);
}

static void
test_case(void **state)
{
	const char *two[] = { "T-1", "P-1" }, *twice[] = { "T-1", "t-1" };
	const char *bad[] = { "T-2", "T-9" };
	struct vault_made made;
	struct record r;
	struct door_hash h;

	(void)state;
	base_records();
	door_add("case", "title", "C");
	OK(vault_case(door_v, "C-1", true, two, 2, &made, &door_why));
	OK(vault_case(door_v, "C-1", true, twice, 2, &made, &door_why));
	OK(vault_show(door_v, "C-1", 0, &r, &door_why));
	assert_int_equal(model_record_field(&r, "item")->n, 2);
	model_record_free(&r);
	h = door_hash();
	ERR(vault_case(door_v, "C-1", true, bad, 2, &made, &door_why),
	    SQ_EREFUSED);
	ERR(vault_case(door_v, "C-1", false, bad, 1, &made, &door_why),
	    SQ_ENOENT);
	ERR(vault_case(door_v, "T-1", true, two, 2, &made, &door_why),
	    SQ_EUSAGE);
	door_same(&h);
	OK(vault_case(door_v, "C-1", false, two, 2, &made, &door_why));
	assert_string_equal(door_value("C-1", 0, "item"), "");
	assert_string_equal(door_value("C-1", 0, "title"), "C");
}

/* --- tables that lie ------------------------------------------------------ */

/* Behind the program's back, with the key; then what each door says. */
static void
lie(const char *sql)
{
	sqlite3 *db;

	base_records();
	db = raw_open();
	raw_run(db, sql);
	raw_close(db);
}

static void
test_missing_rows(void **state)
{
	unsigned n = 0;
	struct record r;
	struct model_inputs in = { 0 };

	(void)state;
	lie("DELETE FROM record WHERE type = 84 AND num = 2");
	ERR(vault_list(door_v, NULL, 0, count_record, &n, &door_why),
	    SQ_EDAMAGE);
	assert_int_equal(n, 0);
	ERR(vault_show(door_v, "T-2", 0, &r, &door_why), SQ_EDAMAGE);
	ERR(door_try_add("testimony", "summary", "x", NULL), SQ_EDAMAGE);
	assert_string_equal(door_value("T-1", 0, "summary"), "base");
	/* a number that is not there yet: not believed either */
	lie("UPDATE record SET num = 7 WHERE type = 84 AND num = 2");
	assert_int_not_equal(vault_show(door_v, "T-2", 0, &r, &door_why),
	    SQ_OK);
	/* two rows exchanged: the entry says who it is */
	lie("UPDATE record SET num = 3 - num WHERE type = 84");
	ERR(vault_show(door_v, "T-2", 0, &r, &door_why), SQ_EDAMAGE);
	ERR(door_try_edit("T-1", "summary", "x", NULL), SQ_EDAMAGE);
	/* a link of the chain taken out */
	lie("DELETE FROM about WHERE idx = 5");
	n = 0;
	ERR(vault_consents(door_v, "T-1", count_record, &n, &door_why),
	    SQ_EDAMAGE);
	ERR(vault_show(door_v, "T-1", 0, &r, &door_why), SQ_EDAMAGE);
	OK(model_inputs_add(&in, "scope", NULL, "share"));
	OK(model_inputs_add(&in, "decision", NULL, "no"));
	assert_int_not_equal(vault_consent(door_v, "T-1", &in, &door_made,
	    &door_why), SQ_OK);
	model_inputs_free(&in);
	/* an entry altered */
	lie("UPDATE entry SET body = (SELECT body FROM entry WHERE idx = 2) "
	    "WHERE idx = 1");
	ERR(vault_show(door_v, "P-1", 0, &r, &door_why), SQ_EDAMAGE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_edit),
		cmocka_unit_test(test_events_not_edited),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_refused_edits),
		cmocka_unit_test(test_bad_reason),
		cmocka_unit_test(test_limit_fields),
		cmocka_unit_test(test_limit_bytes),
		cmocka_unit_test(test_limit_about),
		cmocka_unit_test(test_batch),
		cmocka_unit_test(test_history),
		cmocka_unit_test(test_reference),
		cmocka_unit_test(test_case),
		cmocka_unit_test(test_missing_rows)
	};
	int rc;

	door_start();
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	free(tar);
	vault_exported_free(&door_x);
	door_end();
	return rc;
}
