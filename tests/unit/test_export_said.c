/*
 * Export through its public door: what is said to whom, field by field of the
 * model, and that what was not to be said is in no byte of the bundle.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/unit/export_help.h"
#include "vault/record/model.h"

/* --- what is said: every field of the model, every profile ---------------- */

struct mark {
	char ref[16];		/* the record it stands in */
	const struct model_type *type;
	const struct model_field *f;
	char text[80];		/* "": not to be looked for */
};

static struct mark marks[800];
static size_t n_marks;

/* A value of a field of this kind, found nowhere else where possible. */
static void
mark_value(struct mark *m, char *out, size_t cap)
{
	unsigned k = (unsigned)n_marks;
	uint8_t sum[DIGEST_LEN];
	char hex[DIGEST_HEX];

	switch (m->f->kind) {
	case MODEL_TEXT:
	case MODEL_LINE:
		(void)snprintf(m->text, sizeof(m->text), "mark%uof%s%s", k,
		    m->type->name, m->f->name);
		break;
	case MODEL_DATE:
		(void)snprintf(m->text, sizeof(m->text), "%04u-03-04",
		    1000 + k);
		break;
	case MODEL_TIME:
		(void)snprintf(m->text, sizeof(m->text),
		    "%04u-03-04T05:06:07Z", 1000 + k);
		break;
	case MODEL_INT:
		(void)snprintf(m->text, sizeof(m->text), "%llu",
		    700000000000ull + k);
		break;
	case MODEL_HASH:
		digest_sha256(sum, &k, sizeof(k));
		bytes_hex(hex, sum, sizeof(sum));
		(void)snprintf(m->text, sizeof(m->text), "%s", hex);
		break;
	case MODEL_BOOL:
		(void)snprintf(out, cap, "yes");
		return;
	case MODEL_TERM:
		/* the one decision that lets the others go */
		(void)snprintf(out, cap, "%s", strcmp(m->f->name, "scope") ==
		    0 ? "share" : strcmp(m->f->name, "decision") == 0 ? "yes" :
		    m->f->vocab->term[0].term);
		return;
	case MODEL_LANG:
		(void)snprintf(out, cap, "kk-Cyrl");
		return;
	case MODEL_REF:
		(void)snprintf(out, cap, "%c-1", m->f->refs[0] == '*' ? 'P' :
		    m->f->refs[0]);
		return;
	case MODEL_POINT:
		(void)snprintf(m->text, sizeof(m->text), "4.5%u,81.25%u", k,
		    k);
		break;
	case MODEL_BYTES:
		(void)snprintf(out, cap, "AAAA");
		return;
	case MODEL_AGE:
		(void)snprintf(out, cap, "scrypt");
		return;
	}
	(void)snprintf(out, cap, "%s", m->text);
}

/* A record of the type with every field, two values where it takes a list. */
static void
mark_record(const struct model_type *t)
{
	struct model_inputs in = { 0 };
	char value[96];
	size_t from = n_marks;

	for (const struct model_field *f = t->field; f->name != NULL; f++)
		for (int i = 0; i < (f->flags & MODEL_LIST ? 2 : 1); i++) {
			struct mark *m = &marks[n_marks];

			/* of custody the program's own, never by hand */
			if (t->prefix == 'Y' && (f->flags & MODEL_AUTO) != 0)
				continue;
			assert_true(n_marks++ < 800);
			memset(m, 0, sizeof(*m));
			m->type = t;
			m->f = f;
			mark_value(m, value, sizeof(value));
			if (strcmp(f->name, "until") == 0) {
				(void)snprintf(value, sizeof(value),
				    "%04u-03-04", 5000 + (unsigned)n_marks);
				memcpy(m->text, value, 11);
			}
			OK(model_inputs_add(&in, f->name, f->kind ==
			    MODEL_TEXT ? "en" : NULL, value));
		}
	OK(vault_add(door_v, t->name, &in, "markofreason", &door_made,
	    &door_why));
	model_inputs_free(&in);
	for (size_t i = from; i < n_marks; i++)
		(void)snprintf(marks[i].ref, sizeof(marks[0].ref), "%.15s",
		    door_made.ref);
}

static bool
opens(const char *profile, enum model_tier tier)
{
	switch (tier) {
	case MODEL_PUBLIC:
		return true;
	case MODEL_RECIPIENT:
		return strcmp(profile, "public") != 0;
	case MODEL_IDENTITY:
		return strcmp(profile, "court") == 0 ||
		    strcmp(profile, "full") == 0;
	case MODEL_TEAM:
	case MODEL_CONTACT:
		return strcmp(profile, "full") == 0;
	}
	return false;
}

/* Every field of every item is open exactly as ${profile} says. */
static void
check_profile(const char *profile)
{
	static const struct {
		const char *name;
		int tier;		/* -1: always */
	} own[] = { { "_log", -1 }, { "_kind", -1 }, { "_record", -1 },
	    { "_type", -1 }, { "_parents", -1 }, { "_ref", -1 },
	    { "_time", MODEL_RECIPIENT }, { "_actor", MODEL_IDENTITY },
	    { "_reason", MODEL_TEAM } };
	char name[80];
	bool open;

	for (size_t i = 0; i < n_marks; i++) {
		const struct mark *m = &marks[i];

		(void)snprintf(name, sizeof(name), "%s%s",
		    strcmp(m->f->name, "about") == 0 ? "_about" : m->f->name,
		    m->f->flags & MODEL_LIST ? i > 0 && marks[i - 1].f ==
		    m->f && m->f->kind != MODEL_REF ? "[00001]" : "[00000]" :
		    "");
		open = opens(profile, m->f->tier);
		if (open_in(m->ref, name) != open)
			fail_msg("%s: %s.%s is %s", profile, m->ref, name,
			    open ? "withheld" : "open");
		if (m->text[0] != '\0' && in_tar(m->text) != open)
			fail_msg("%s: «%s» of %s.%s %s", profile, m->text,
			    m->ref, name, open ? "is missing" : "leaked");
		if (i > 0 && strcmp(marks[i - 1].ref, m->ref) == 0)
			continue;
		for (size_t k = 0; k < sizeof(own) / sizeof(own[0]); k++)
			assert_int_equal(open_in(m->ref, own[k].name),
			    own[k].tier < 0 || opens(profile,
			    (enum model_tier)own[k].tier));
	}
	assert_int_equal(in_tar("markofreason"), strcmp(profile, "full") ==
	    0);
	/* who wrote it is an identity */
	assert_int_equal(in_tar("Aigul"), opens(profile, MODEL_IDENTITY));
}

static void
test_profiles(void **state)
{
	static const char *const profiles[] = { "public", "lawyer", "court",
	    "full" };
	const char *refs[MODEL_TYPES_MAX];
	struct vault_export o = { .refs = refs, .to = "R-2" };
	const struct model_type *t;
	size_t n;

	(void)state;
	start();
	n_marks = 0;
	t = model_types(&n);
	/* what others refer to */
	door_add("person", "pseudonym", "base");
	door_add("testimony", "summary", "base");
	door_add("media", "original_name", "base");
	door_add("event", "title", "base");
	door_add("act", "victim", "P-1", "kind", "other");
	door_add("detention", "person", "P-1", "form", "other");
	door_add("place", "name", "base");
	door_add("source", "title", "base");
	agree("P-1");
	agree("T-1");
	agree("M-1");
	EXPORT(.refs = { "P-1" }, .purpose = "baseforms");
	for (size_t i = 0; i < n; i++) {
		if (!model_by_hand(&t[i]))
			continue;
		mark_record(&t[i]);
		refs[o.n_refs] = strdup(door_made.ref);
		if (strchr("PTKM", t[i].prefix) != NULL)
			agree(refs[o.n_refs]);
		o.n_refs++;
	}
	assert_true(n_marks > 150);
	for (size_t p = 0; p < 4; p++) {
		o.profile = profiles[p];
		OK(door_export(&o));
		if (door_x.n_left != 0)
			fail_msg("%s: %s", door_x.left[0].ref,
			    door_x.left[0].why);
		door_verify(door_x.path, "r2.key", NULL);
		free(tar);
		tar = door_tar(door_x.path, "r2.key", NULL, &tar_n);
		check_profile(profiles[p]);
		/* a name that is withheld is hidden in public alone */
		assert_int_equal(in_tar("\"leaf\""), p == 0);
		assert_int_equal(in_tar("\"vc\""), p == 1 || p == 2);
		assert_int_equal(in_file("withheld.txt", "pseudonym"), 0);
		assert_int_equal(in_file("withheld.txt", "birth_date"),
		    p == 1);
		if (p == 0)
			assert_false(in_tar("welfare_notes"));
	}
	for (size_t i = 0; i < o.n_refs; i++)
		free((char *)(uintptr_t)refs[i]);
}

/* The record of an earlier export: to whom, what for. */
static void
test_profile_of_bundles(void **state)
{
	(void)state;
	start();
	door_add("person", "pseudonym", "A");
	agree("P-1");
	EXPORT(.refs = { "P-1" }, .to = "R-2", .purpose = "markofpurpose");
	EXPORT(.refs = { "B-1", "P-1" }, .profile = "lawyer");
	assert_false(in_tar("markofpurpose"));
	assert_false(in_tar("Lawyer Two"));
	assert_false(open_in("B-1", "_about[00000]"));
	assert_false(open_in("B-1", "recipient"));
	EXPORT(.refs = { "B-1", "P-1" }, .profile = "full");
	assert_true(in_tar("markofpurpose"));
	assert_true(in_tar("Lawyer Two"));
}

/* --- exceptions ----------------------------------------------------------- */

static void
two_testimonies(void)
{
	start();
	door_add("person", "pseudonym", "A", "name", "Nameone", "name",
	    "Nametwo", "notes", "notesofp");
	agree("P-1");
	door_add("testimony", "summary", "sumone", "text", "textone",
	    "interviewer", "Interone", "welfare_notes", "welfareone");
	door_add("testimony", "summary", "sumtwo", "text", "texttwo",
	    "interviewer", "Intertwo", "welfare_notes", "welfaretwo");
	agree("T-1");
	agree("T-2");
}

static void
test_withhold(void **state)
{
	(void)state;
	two_testimonies();
	EXPORT(.refs = { "T-1", "T-2", "P-1" });
	assert_true(in_tar("textone") && in_tar("texttwo"));
	EXPORT(.refs = { "T-1", "T-2", "P-1" }, .withhold = { "T-1.text" });
	assert_true(!in_tar("textone") && in_tar("texttwo"));
	assert_false(open_in("T-1", "text"));
	assert_true(open_in("T-2", "text"));
	assert_true(in_file("withheld.txt", "text"));
	EXPORT(.refs = { "T-1", "T-2", "P-1" }, .withhold = { "t-2.text" });
	assert_true(in_tar("textone") && !in_tar("texttwo"));
	EXPORT(.refs = { "T-1", "T-2", "P-1" },
	    .withhold = { "testimony.text" });
	assert_true(!in_tar("textone") && !in_tar("texttwo"));
	EXPORT(.refs = { "T-1", "T-2", "P-1" },
	    .withhold = { "text", "summary" });
	assert_true(!in_tar("textone") && !in_tar("texttwo"));
	assert_true(!in_tar("sumone") && !in_tar("sumtwo"));
	/* a list goes as a whole */
	EXPORT(.refs = { "P-1" }, .profile = "court", .withhold = { "name" });
	assert_true(!in_tar("Nameone") && !in_tar("Nametwo"));
	EXPORT(.refs = { "P-1" }, .profile = "court");
	assert_true(in_tar("Nameone") && in_tar("Nametwo"));
	/* the entry's own */
	EXPORT(.refs = { "P-1" }, .profile = "court", .withhold = { "_actor",
	    "_time" });
	assert_false(in_tar("Aigul"));
	assert_false(open_in("P-1", "_time"));
	assert_true(in_file("report.html", "time withheld"));
}

static void
test_disclose(void **state)
{
	(void)state;
	two_testimonies();
	EXPORT(.refs = { "T-1", "T-2" }, .disclose = { "T-1.welfare_notes" });
	assert_true(in_tar("welfareone") && !in_tar("welfaretwo"));
	EXPORT(.refs = { "T-1", "T-2" }, .disclose = { "interviewer" });
	assert_true(in_tar("Interone") && in_tar("Intertwo"));
	/* withholding beats disclosing, in any form and order */
	EXPORT(.refs = { "T-1", "T-2" }, .disclose = { "T-1.welfare_notes" },
	    .withhold = { "welfare_notes" });
	assert_true(!in_tar("welfareone") && !in_tar("welfaretwo"));
	EXPORT(.refs = { "T-1", "T-2" }, .disclose = { "welfare_notes" },
	    .withhold = { "T-1.welfare_notes" });
	assert_true(!in_tar("welfareone") && in_tar("welfaretwo"));
	EXPORT(.refs = { "P-1" }, .profile = "public",
	    .disclose = { "person.name" });
	assert_true(in_tar("Nameone") && in_tar("Nametwo"));
	/* what it was is in the log */
	assert_string_equal(door_value("B-5", 0, "disclosed"), "person.name");
	assert_string_equal(door_value("B-5", 0, "profile"), "public");
	assert_string_equal(door_value("B-4", 0, "withheld"),
	    "T-1.welfare_notes");
}

/* A slip would leak. */
static void
test_typos(void **state)
{
	static const char *const bad[] = { "txt", "testimony.txt", "T-1.txt",
	    "testimoni.text", "T-3.text", "T-11.text", "T-01.text",
	    "T-.text", "T-x.text", "X-1.text", "P-1.text", "T-1.", ".text",
	    "T-1", "", "T-1.text.more", "text[00000]", "name[00001]",
	    "Testimony.text", "_kind", "_record", "_log", "_type", "_parents",
	    "_about", "T-1._record", "testimony", " text", "text ",
	    "P-2.name" };

	(void)state;
	two_testimonies();
	door_add("person", "pseudonym", "not in this export");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		REFUSED(SQ_EUSAGE, .refs = { "T-1", "T-2", "P-1" },
		    .withhold = { bad[i] });
		REFUSED(SQ_EUSAGE, .refs = { "T-1", "T-2", "P-1" },
		    .disclose = { bad[i] });
	}
	/* one that stays is named by right */
	door_share("T-2", "no");
	EXPORT(.refs = { "T-1", "T-2" }, .withhold = { "T-2.text" });
}

/* --- what the tables say of others ---------------------------------------- */

static void
test_other_records(void **state)
{
	static const char hash[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

	(void)state;
	start();
	door_add("person", "pseudonym", "A", "name", "Secretname");
	door_add("testimony", "summary", "one", "witness", "P-1");
	door_add("testimony", "summary", "two", "witness", "P-1");
	door_add("media", "about", "T-1", "about", "T-2", "original_name",
	    "both.mp4", "sha256", hash);
	door_add("custody", "action", "received", "about", "T-1", "about",
	    "T-2", "note", "noteofboth", "object", "objectofboth");
	door_add("custody", "action", "viewed", "about", "T-1", "note",
	    "noteofone", "place", "placeofone");
	agree("T-1");
	door_share("T-2", "withdrawn");
	EXPORT(.refs = { "T-1", "T-2" });
	assert_int_equal(items(), 1);
	assert_true(in_file("custody.csv", "noteofone"));
	assert_false(in_tar("placeofone"));	/* tier 3 */
	/* nothing of what stayed, nor of what concerns it too */
	assert_false(in_tar(hash));
	assert_false(in_tar("both.mp4"));
	assert_false(in_tar("noteofboth"));
	assert_false(in_tar("objectofboth"));
	assert_false(in_tar("Secretname"));
	assert_false(in_tar("P-1"));		/* a pseudonym instead */
	assert_true(in_file("withheld.txt", "T-2"));
	assert_true(in_file("withheld.txt", "withdrawn"));
	assert_false(in_file("consents.csv", "withdrawn"));
	/* who decided what is no business of the public */
	EXPORT(.refs = { "T-1", "T-2" }, .profile = "public");
	assert_false(in_tar("withdrawn"));
	assert_true(in_file("withheld.txt", "T-2: may not be shared"));
	EXPORT(.refs = { "T-1", "T-2" }, .withhold = { "consent.decision" });
	assert_false(in_tar("withdrawn"));
	/* the identity profile tells names of what is in it, no others */
	EXPORT(.refs = { "T-1" }, .profile = "court");
	assert_true(in_tar("placeofone"));
	assert_false(in_tar("Secretname"));
	/* both may go: then it is said */
	agree("T-2");
	EXPORT(.refs = { "T-1", "T-2" });
	assert_true(in_tar(hash));
	assert_true(in_file("custody.csv", "noteofboth"));
}

/* The pseudonym of P-1 in the report. */
static void
pseudonym(char out[16])
{
	char *s = door_text(tar, tar_n, "bag/data/report.html");
	char *p = strstr(s, ">Witness<");

	assert_non_null(p);
	p = strstr(p, "P-");
	assert_non_null(p);
	(void)snprintf(out, 16, "%.*s", (int)strcspn(p, "<"), p);
	free(s);
}

static void
test_pseudonyms(void **state)
{
	char a[16], b[16], c[16];

	(void)state;
	start();
	door_add("person", "pseudonym", "A", "name", "Secretname");
	agree("P-1");
	door_add("testimony", "summary", "one", "witness", "P-1");
	agree("T-1");
	EXPORT(.refs = { "T-1" });
	pseudonym(a);
	door_edit("T-1", "summary", "one again");
	EXPORT(.refs = { "T-1" });
	pseudonym(b);
	assert_string_equal(a, b);
	EXPORT(.refs = { "T-1" }, .to = "R-2");
	pseudonym(c);
	assert_string_not_equal(a, c);
	assert_string_not_equal(a, "P-1");
	EXPORT(.refs = { "T-1", "P-1" });
	pseudonym(a);
	assert_string_equal(a, "P-1");
}

/* When somebody else got something is told in the full profile alone. */
static void
test_exports_to_others(void **state)
{
	(void)state;
	start();
	door_add("testimony", "summary", "one");
	agree("T-1");
	EXPORT(.refs = { "T-1" }, .to = "R-2");
	EXPORT(.refs = { "T-1" });
	assert_true(in_file("custody.csv", "recorded"));
	assert_false(in_file("custody.csv", "exported"));
	assert_false(in_file("report.html", "exported"));
	assert_true(in_file("withheld.txt", "Exports to others"));
	EXPORT(.refs = { "T-1" }, .profile = "court");
	assert_false(in_file("custody.csv", "exported"));
	EXPORT(.refs = { "T-1" }, .profile = "full");
	assert_true(in_file("custody.csv", "exported"));
	assert_false(in_file("withheld.txt", "Exports to others"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_profiles),
		cmocka_unit_test(test_profile_of_bundles),
		cmocka_unit_test(test_withhold),
		cmocka_unit_test(test_disclose),
		cmocka_unit_test(test_typos),
		cmocka_unit_test(test_other_records),
		cmocka_unit_test(test_pseudonyms),
		cmocka_unit_test(test_exports_to_others)
	};
	int rc;

	door_start();
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	free(tar);
	vault_exported_free(&door_x);
	door_end();
	return rc;
}
