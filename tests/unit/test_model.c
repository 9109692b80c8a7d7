#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/bytes.h"
#include "crypto/secret.h"
#include "vault/record/model.h"

/* --- the table --- */

static bool
name_ok(const char *s)
{
	return *s >= 'a' && *s <= 'z' &&
	    s[strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

/* The types and letters that short references and entries rely on. */
static void
types_are_pinned(void **state)
{
	static const struct {
		const char *name;
		char prefix;
		const char *kind;
	} pin[] = {
		{ "case", 'C', "revision" }, { "person", 'P', "revision" },
		{ "contact", 'K', "revision" },
		{ "testimony", 'T', "revision" }, { "consent", 'N', "consent" },
		{ "event", 'E', "revision" }, { "act", 'A', "revision" },
		{ "involvement", 'V', "revision" },
		{ "detention", 'D', "revision" },
		{ "injury", 'I', "revision" },
		{ "status", 'S', "revision" },
		{ "relationship", 'L', "revision" },
		{ "place", 'G', "revision" },
		{ "media", 'M', "revision" }, { "source", 'Q', "revision" },
		{ "map", 'W', "revision" },
		{ "custody", 'Y', "custody" },
		{ "bundle", 'B', "export" }, { "recipient", 'R', "revision" },
		{ "stamp", 'Z', "checkpoint" },
		{ "receipt", 'U', "checkpoint" }, { "key", 'X', "key" }
	};
	const struct model_type *t;
	size_t n;

	(void)state;
	t = model_types(&n);
	assert_int_equal(n, sizeof(pin) / sizeof(pin[0]));
	for (size_t i = 0; i < n; i++) {
		assert_string_equal(t[i].name, pin[i].name);
		assert_int_equal(t[i].prefix, pin[i].prefix);
		assert_string_equal(t[i].kind, pin[i].kind);
		assert_ptr_equal(model_type(pin[i].name), &t[i]);
		assert_ptr_equal(model_type_of(pin[i].prefix), &t[i]);
	}
	assert_null(model_type("events"));
	assert_null(model_type("Case"));
	assert_null(model_type_of('H'));
	assert_null(model_type_of('c'));
}

static unsigned
flagged(const struct model_type *t, unsigned flag)
{
	unsigned n = 0;

	for (const struct model_field *f = t->field; f->name != NULL; f++)
		n += (f->flags & flag) != 0;
	return n;
}

/* Each row is whole: names, labels, what its kind needs and nothing else. */
static void
rows_are_well_formed(void **state)
{
	const struct model_type *t;
	size_t n;

	(void)state;
	t = model_types(&n);
	for (size_t i = 0; i < n; i++) {
		assert_true(flagged(&t[i], MODEL_TITLE) == 1);
		assert_true(flagged(&t[i], MODEL_BODY) <= 1);
		for (const struct model_field *f = t[i].field; f->name != NULL;
		    f++) {
			assert_true(name_ok(f->name));
			assert_true(strlen(f->name) < 64);
			assert_true(f->label[0] != '\0');
			assert_ptr_equal(model_field(&t[i], f->name), f);
			assert_int_equal(f->kind == MODEL_TERM,
			    f->vocab != NULL);
			assert_int_equal(f->kind == MODEL_REF,
			    f->refs != NULL);
			if (f->needs != NULL)
				assert_non_null(model_field(&t[i], f->needs));
			if ((f->flags & MODEL_BODY) != 0)
				assert_int_equal(f->kind, MODEL_TEXT);
			if (f->refs == NULL || strcmp(f->refs, "*") == 0)
				continue;
			for (const char *p = f->refs; *p != '\0'; p++)
				assert_non_null(model_type_of(*p));
		}
	}
}

/* A term or code means one thing in its vocabulary, whatever its case. */
static void
terms_are_unique(void **state)
{
	const struct model_type *t;
	size_t n;

	(void)state;
	t = model_types(&n);
	for (size_t i = 0; i < n; i++)
		for (const struct model_field *f = t[i].field; f->name != NULL;
		    f++) {
			const struct model_term *a, *b;

			if (f->vocab == NULL)
				continue;
			for (a = f->vocab->term; a->term != NULL; a++) {
				assert_ptr_equal(model_term(f->vocab, a->term),
				    a);
				assert_ptr_equal(model_term(f->vocab,
				    a->label), a);
				if (a->code[0] != '\0') {
					assert_ptr_equal(model_term(f->vocab,
					    a->code), a);
					assert_true(f->vocab->list > 0);
				}
				for (b = f->vocab->term; b < a; b++) {
					assert_string_not_equal(a->term,
					    b->term);
					assert_string_not_equal(a->label,
					    b->label);
				}
			}
		}
}

static void
vocab_is(const char *type, const char *field, const char *const *term)
{
	const struct model_term *t =
	    model_field(model_type(type), field)->vocab->term;
	size_t i;

	for (i = 0; term[i] != NULL; i++)
		assert_string_equal(t[i].term, term[i]);
	assert_null(t[i].term);
}

/* The words of sandyq(1) that scripts write. */
static void
consent_words_are_pinned(void **state)
{
	static const char *const scope[] = { "record", "store", "share",
	    "court", "court-pseudonym", "publish", "publish-pseudonym",
	    "research", "recontact", NULL };
	static const char *const decision[] = { "yes", "no", "conditions",
	    "ask", "withdrawn", NULL };
	static const char *const profile[] = { "full", "lawyer", "court",
	    "public", NULL };

	(void)state;
	vocab_is("consent", "scope", scope);
	vocab_is("consent", "decision", decision);
	vocab_is("bundle", "profile", profile);
}

struct pin {
	const char *type, *field;
	enum model_tier tier;
};

static const struct pin facts[] = {
	{ "person", "residence", MODEL_IDENTITY },
	{ "act", "other_witness", MODEL_IDENTITY },
	{ "involvement", "perpetrator_text", MODEL_IDENTITY },
	{ "detention", "cell", MODEL_IDENTITY },
	{ "detention", "case_number", MODEL_IDENTITY },
	{ "injury", "examiner", MODEL_IDENTITY },
	{ "place", "name", MODEL_IDENTITY },
	{ "place", "village", MODEL_IDENTITY },
	{ "place", "township", MODEL_IDENTITY },
	{ "place", "coordinates", MODEL_IDENTITY },
	{ "place", "admin_code", MODEL_IDENTITY },
	{ "source", "author", MODEL_IDENTITY },
	{ "source", "access", MODEL_TEAM },
};

static void
pinned(const struct pin *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert_int_equal(model_field(model_type(p[i].type),
		    p[i].field)->tier, p[i].tier);
}

/* What must not leave with a profile by a slip in the table. */
static void
tiers_protect_people(void **state)
{
	static const char *const identity[] = { "name", "given_name",
	    "family_name", "patronymic", "nickname", "document_name", "prc_id",
	    "prc_passport", "kz_iin", "kz_passport", "residence_permit",
	    "other_id", "birth_date", "birthplace", NULL };
	static const struct pin pin[] = {
		{ "person", "pseudonym", MODEL_PUBLIC },
		{ "person", "notes", MODEL_TEAM },
		{ "testimony", "summary", MODEL_RECIPIENT },
		{ "testimony", "text", MODEL_RECIPIENT },
		{ "testimony", "witness", MODEL_RECIPIENT },
		{ "testimony", "interviewer", MODEL_IDENTITY },
		{ "testimony", "interpreter", MODEL_IDENTITY },
		{ "testimony", "others_present", MODEL_IDENTITY },
		{ "testimony", "credibility_notes", MODEL_TEAM },
		{ "testimony", "welfare_notes", MODEL_TEAM },
		{ "media", "collector", MODEL_IDENTITY },
		{ "media", "device", MODEL_IDENTITY },
		{ "media", "place", MODEL_IDENTITY },
		{ "consent", "taken_by", MODEL_IDENTITY },
		{ "case", "notes", MODEL_TEAM },
	};
	const struct model_type *t;
	size_t n;

	(void)state;
	for (size_t i = 0; identity[i] != NULL; i++)
		assert_int_equal(model_field(model_type("person"),
		    identity[i])->tier, MODEL_IDENTITY);
	pinned(pin, sizeof(pin) / sizeof(pin[0]));
	pinned(facts, sizeof(facts) / sizeof(facts[0]));
	t = model_types(&n);
	for (size_t i = 0; i < n; i++)
		for (const struct model_field *f = t[i].field; f->name != NULL;
		    f++) {
			if (t[i].prefix == 'K')
				assert_int_equal(f->tier, MODEL_CONTACT);
			if ((f->flags & MODEL_NAME) != 0 &&
			    strcmp(f->name, "pseudonym") != 0)
				assert_true(f->tier >= MODEL_IDENTITY);
			/* free text and dates are never public */
			if (f->kind == MODEL_TEXT || f->kind == MODEL_DATE ||
			    f->kind == MODEL_TIME || f->kind == MODEL_REF)
				assert_true(f->tier >= MODEL_TEAM);
		}
}

/* --- checks --- */

static struct why why;

static enum sq_err
check(const char *type, const char *name, const char *lang, const char *value,
    char **ret, char ret_lang[MODEL_LANG_MAX])
{
	char n[64], l[64], *v = strdup(value);
	struct model_input in = { n, NULL, v };
	enum sq_err e;

	strcpy(n, name);
	if (lang != NULL) {
		strcpy(l, lang);
		in.lang = l;
	}
	why.text[0] = '\0';
	e = model_check(model_type(type), &in, ret, ret_lang, &why);
	free(v);
	return e;
}

static void
stored(const char *type, const char *name, const char *value, const char *want)
{
	char lang[MODEL_LANG_MAX], *v = NULL;

	assert_int_equal(check(type, name, NULL, value, &v, lang), SQ_OK);
	assert_string_equal(v, want);
	assert_string_equal(lang, "und");
	free(v);
}

/* Refused: nothing is written, the sentence begins with the field. */
static void
refused(const char *type, const char *name, const char *value,
    const char *part)
{
	char lang[MODEL_LANG_MAX] = "was", *v = lang;

	assert_int_equal(check(type, name, NULL, value, &v, lang),
	    SQ_EREFUSED);
	assert_ptr_equal(v, lang);
	assert_string_equal(lang, "was");
	assert_non_null(strstr(why.text, part));
	if (model_field(model_type(type), name) != NULL)
		assert_memory_equal(why.text, name, strlen(name));
}

static void
values_are_stored(void **state)
{
	(void)state;
	stored("testimony", "text", "  as typed\n\tand kept  \n",
	    "  as typed\n\tand kept  \n");
	/* not normalised: evidence stays as it was typed */
	stored("testimony", "text", "и\xcc\x86", "и\xcc\x86");
	stored("testimony", "date", "2017-10~", "2017-10~");
	stored("testimony", "date", "201x", "201X");
	stored("testimony", "language", "KK-cyrl", "kk-Cyrl");
	stored("testimony", "witness", "P-1", "P-1");
	stored("testimony", "witness", "p-12@1f3c", "P-12@1f3c");
	stored("case", "item", "N-999999", "N-999999");
	stored("consent", "decision", "Yes", "yes");
	stored("consent", "decision", "agreed", "yes");
	stored("person", "sex", "02", "female");
	stored("media", "size", "007", "7");
	stored("media", "size", "0", "0");
	stored("media", "size", "9007199254740991", "9007199254740991");
	stored("media", "graphic", "YES", "true");
	stored("media", "graphic", "false", "false");
	stored("media", "captured_at", "2017-10-05T14:30:00+06:00",
	    "2017-10-05T14:30:00+06:00");
	stored("media", "sha256", "E3B0C44298FC1C149AFBF4C8996FB92427AE41E464"
	    "9B934CA495991B7852B855", "e3b0c44298fc1c149afbf4c8996fb92427ae41"
	    "e4649b934ca495991b7852b855");
	stored("recipient", "key", "scrypt", "scrypt");
	stored("recipient", "key", "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye"
	    "869xeexvn73equnujwj", "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzry"
	    "e869xeexvn73equnujwj");
	stored("person", "name", "吐尔干巴依", "吐尔干巴依");
}

/* Coordinates in the ways that people and devices write them. */
static void
points_are_stored(void **state)
{
	(void)state;
	stored("place", "coordinates", "43.9168,81.3241", "43.9168,81.3241");
	stored("place", "coordinates", " 43.9168 ; 81.3241 ",
	    "43.9168,81.3241");
	stored("place", "coordinates", "43.9 81", "43.9,81");
	stored("place", "coordinates", "geo:43.9168,81.3241",
	    "43.9168,81.3241");
	stored("place", "coordinates", "+43.9168+081.3241/",
	    "43.9168,81.3241");
	stored("place", "coordinates", "-0.5,-120.10", "-0.5,-120.10");
	stored("place", "coordinates", "-0,0", "0,0");
	stored("place", "coordinates", "43.91680000999,81",
	    "43.9168000,81");
	stored("place", "coordinates", "43.9°N, 81.32°E", "43.9,81.32");
	stored("place", "coordinates", "43°55'0\"N 81°19'27\"E",
	    "43.91667,81.32417");
	stored("place", "coordinates", "43° 55′ S, 81° 19′ W",
	    "-43.91667,-81.31667");
	stored("place", "coordinates", "90,180", "90,180");
	refused("place", "coordinates", "81.3241", "latitude and longitude");
	refused("place", "coordinates", "91,81", "are not coordinates");
	refused("place", "coordinates", "90.0000001,81", "not coordinates");
	refused("place", "coordinates", "43.9,180.1", "not coordinates");
	refused("place", "coordinates", "43.9,81.3,5", "not coordinates");
	refused("place", "coordinates", "43°55'81°19'", "not coordinates");
	refused("place", "coordinates", "43°61'N 81°19'E", "not coordinates");
	refused("place", "coordinates", "-43.9°N 81.3°E", "not coordinates");
	refused("place", "coordinates", "1e2,3", "not coordinates");
	refused("place", "coordinates", "Ghulja", "not coordinates");
}

static void
values_are_refused(void **state)
{
	(void)state;
	refused("testimony", "date", "2017-13", "date: «2017-13» is not a "
	    "date; write 2017, 2017-10, 2017-10-05, 2017-10~ or 2017-10/..");
	refused("consent", "decision", "maybe", "decision: «maybe» is not one "
	    "of yes, no, conditions, ask, withdrawn");
	refused("testimony", "nothing", "x", "no field «nothing»");
	refused("testimony", "text", "bell \a", "0x07 at byte 6");
	refused("testimony", "text", "del \x7f", "0x7f at byte 5");
	refused("testimony", "text", "cr \r\n", "0x0d at byte 4");
	refused("testimony", "text", "esc \x1b[2J", "0x1b at byte 5");
	refused("testimony", "text", "\xff", "UTF-8");
	refused("testimony", "text", "\xed\xa0\x80", "UTF-8");
	refused("testimony", "text", "\xc0\xaf", "UTF-8");
	refused("person", "prc_id", "two\nlines", "line break at byte 4");
	refused("person", "prc_id", "a\tb", "0x09");
	refused("testimony", "witness", "T-1", "reference to a person");
	refused("testimony", "witness", "P-0", "such as P-1");
	refused("testimony", "witness", "P-01", "such as P-1");
	refused("testimony", "witness", "P1", "such as P-1");
	refused("testimony", "witness", "P-1@1f3", "such as P-1");
	refused("testimony", "witness", "P-1@1F3C", "such as P-1");
	refused("testimony", "witness", "P-1 ", "such as P-1");
	refused("testimony", "witness", "P-1234567890123456", "such as P-1");
	refused("status", "source", "P-1",
	    "testimony, media or source");
	refused("case", "item", "H-1", "reference to a record");
	refused("case", "item", "-1", "reference to a record");
	refused("media", "size", "-1", "whole number");
	refused("media", "size", "1.5", "whole number");
	refused("media", "size", "0x10", "whole number");
	refused("media", "size", "9007199254740992", "whole number");
	refused("media", "size", "99999999999999999999999", "whole number");
	refused("media", "graphic", "maybe", "yes, no");
	refused("media", "sha256", "abc", "64 hexadecimal digits");
	refused("media", "captured_at", "2017-10-05", "not a time");
	refused("testimony", "language", "kazakh", "language tag");
	refused("recipient", "key", "age1abc", "age recipient");
	/* one character changed: the checksum of the recipient finds it */
	refused("recipient", "key", "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzry"
	    "e869xeexvn73equnujwq", "age recipient");
}

static void
empty_is_usage(void **state)
{
	char lang[MODEL_LANG_MAX], *v = NULL;

	(void)state;
	assert_int_equal(check("person", "name", NULL, "", &v, lang),
	    SQ_EUSAGE);
	assert_int_equal(check("person", "name", NULL, " \n\t ", &v, lang),
	    SQ_EUSAGE);
	assert_null(v);
}

static void
languages_are_for_text(void **state)
{
	char lang[MODEL_LANG_MAX], *v = NULL;

	(void)state;
	assert_int_equal(check("person", "name", "zh-hans", "x", &v, lang),
	    SQ_OK);
	assert_string_equal(lang, "zh-Hans");
	free(v);
	v = NULL;
	assert_int_equal(check("person", "name", "kazakh", "x", &v, lang),
	    SQ_EREFUSED);
	assert_non_null(strstr(why.text, "«kazakh» is not a language tag"));
	assert_int_equal(check("person", "sex", "ru", "male", &v, lang),
	    SQ_EREFUSED);
	assert_non_null(strstr(why.text, "no language tag"));
	assert_null(v);
}

/* A value longer than a sentence is cut at a character, not inside one. */
static void
long_values_are_cut(void **state)
{
	char lang[MODEL_LANG_MAX], big[4001], *v = NULL;

	(void)state;
	for (size_t i = 0; i < 4000; i += 2)
		memcpy(big + i, "ж", 2);
	for (size_t skip = 0; skip < 2; skip++) {
		big[4000] = '\0';
		big[0] = 'x';
		big[1] = skip == 0 ? 'x' : 'y';
		assert_int_equal(check("testimony", "date", NULL,
		    big + skip, &v, lang), SQ_EREFUSED);
		assert_true(strlen(why.text) < 200);
		assert_non_null(strstr(why.text, "ж…»"));
		assert_true(bytes_utf8(why.text, strlen(why.text)));
	}
	assert_null(v);
}

/* --- completeness, inputs and records --- */

static bool
has_in(void *arg, const struct model_field *f)
{
	const char *const *have = arg;

	for (; *have != NULL; have++)
		if (strcmp(*have, f->name) == 0)
			return true;
	return false;
}

static void
required_fields_are_missed(void **state)
{
	const char *none[] = { NULL }, *pseudonym[] = { "pseudonym", NULL },
	    *name[] = { "name", NULL }, *scope[] = { "about", "scope", NULL },
	    *text[] = { "text", NULL };

	(void)state;
	assert_int_equal(model_complete(model_type("person"), has_in, none,
	    &why), SQ_EREFUSED);
	assert_string_equal(why.text, "pseudonym or name: a person needs one "
	    "of them");
	assert_int_equal(model_complete(model_type("person"), has_in,
	    pseudonym, &why), SQ_OK);
	assert_int_equal(model_complete(model_type("person"), has_in, name,
	    &why), SQ_OK);
	assert_int_equal(model_complete(model_type("consent"), has_in, scope,
	    &why), SQ_EREFUSED);
	assert_memory_equal(why.text, "decision:", 9);
	assert_int_equal(model_complete(model_type("testimony"), has_in, text,
	    &why), SQ_OK);
	assert_int_equal(model_complete(model_type("testimony"), has_in, none,
	    &why), SQ_EREFUSED);
}

static void
inputs_are_copies(void **state)
{
	struct model_inputs in = { NULL, 0, 0 };
	char name[] = "name", lang[] = "ru", value[] = "x";

	(void)state;
	for (int i = 0; i < 100; i++)
		assert_int_equal(model_inputs_add(&in, name, i % 2 == 0 ? lang :
		    NULL, value), SQ_OK);
	name[0] = lang[0] = value[0] = '!';
	assert_int_equal(in.n, 100);
	assert_string_equal(in.v[98].name, "name");
	assert_string_equal(in.v[98].lang, "ru");
	assert_string_equal(in.v[98].value, "x");
	assert_null(in.v[99].lang);
	model_inputs_free(&in);
	assert_int_equal(in.n, 0);
	assert_null(in.v);
	model_inputs_free(&in);
}

/* A record with a title, without one, and without anything. */
static void
records_have_titles(void **state)
{
	const struct model_type *t = model_type("person");
	struct record r = { .type = t };

	(void)state;
	assert_string_equal(model_record_title(&r), "");
	assert_null(model_record_first(&r, "name"));
	r.field = calloc(1, sizeof(*r.field));
	r.field[0].def = model_field(t, "pseudonym");
	r.field[0].v = calloc(1, sizeof(*r.field[0].v));
	r.field[0].v[0].text = strdup("Witness 4");
	r.field[0].n = 1;
	r.n = 1;
	assert_string_equal(model_record_title(&r), "Witness 4");
	assert_string_equal(model_record_first(&r, "pseudonym"), "Witness 4");
	assert_null(model_record_field(&r, "name"));
	model_record_free(&r);
	assert_null(r.field);
	model_record_free(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types_are_pinned),
		cmocka_unit_test(rows_are_well_formed),
		cmocka_unit_test(terms_are_unique),
		cmocka_unit_test(consent_words_are_pinned),
		cmocka_unit_test(tiers_protect_people),
		cmocka_unit_test(values_are_stored),
		cmocka_unit_test(points_are_stored),
		cmocka_unit_test(values_are_refused),
		cmocka_unit_test(empty_is_usage),
		cmocka_unit_test(languages_are_for_text),
		cmocka_unit_test(long_values_are_cut),
		cmocka_unit_test(required_fields_are_missed),
		cmocka_unit_test(inputs_are_copies),
		cmocka_unit_test(records_have_titles),
	};

	if (secret_init() != SQ_OK)
		return 1;
	return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}
