/*
 * The gate of an export, through its public door: whose decisions count, which
 * of them is asked for, what is confirmed, and what is stripped.  BUNDLE.md
 * section 5.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/unit/export_help.h"
#include "vault/record/consent.h"
#include "vault/vault_int.h"

static enum sq_err
try_confirm(const char *ref, const char *const *confirm, size_t n)
{
	struct vault_export o = { .refs = &ref, .n_refs = 1, .to = "R-1",
	    .confirm = confirm, .n_confirm = n };

	return door_export(&o);
}

static const char *
why_left(const char *ref)
{
	for (size_t i = 0; i < door_x.n_left; i++)
		if (strcmp(door_x.left[i].ref, ref) == 0)
			return door_x.left[i].why;
	return "";
}

/* --- conditions ----------------------------------------------------------- */

static void
test_conditions(void **state)
{
	static const char *const words = "only to a lawyer\nof her own city";
	const char *yes[] = { "N-1=told her on Monday, she nodded" };
	struct door_hash h;

	(void)state;
	start();
	door_add("testimony", "summary", "one");
	door_add("consent", "about", "T-1", "scope", "share", "decision",
	    "conditions", "conditions", words);
	h = door_hash();
	ERR(try_confirm("T-1", NULL, 0), SQ_EREFUSED);
	door_says("--confirm N-1");
	/* they are said aloud, whole */
	assert_int_equal(door_x.n_condition, 1);
	assert_string_equal(door_x.condition[0].ref, "N-1");
	assert_string_equal(door_x.condition[0].words, words);
	assert_null(door_x.condition[0].reason);
	assert_false(door_x.condition[0].ask);
	door_same(&h);
	OK(try_confirm("T-1", yes, 1));
	assert_int_equal(door_x.items, 1);
	assert_int_equal(door_x.n_condition, 1);
	assert_string_equal(door_x.condition[0].words, words);
	assert_string_equal(door_x.condition[0].reason,
	    "told her on Monday, she nodded");
	/* logged, and the recipient reads what it is bound to */
	assert_string_equal(door_value("B-1", 0, "confirmed"),
	    "N-1: told her on Monday, she nodded");
	assert_string_equal(door_value("B-1", 0, "consent"), "N-1");
	free(tar);
	tar = door_tar(door_x.path, "r1.key", NULL, &tar_n);
	assert_true(in_file("consents.csv", "only to a lawyer\nof her own"));
	assert_false(in_tar("nodded"));
	(void)unlink(door_x.path);
}

static void
test_ask(void **state)
{
	const char *both[] = { "N-1=she said yes today", "n-2=he too" };

	(void)state;
	start();
	door_add("testimony", "summary", "one");
	door_add("media", "original_name", "a.mp4", "about", "T-1");
	decide("T-1", "share", "ask", NULL);
	decide("M-1", "share", "conditions", NULL);
	ERR(try_confirm("T-1", NULL, 0), SQ_EREFUSED);
	assert_true(door_x.condition[0].ask);
	/* one is not the other */
	OK(try_confirm("T-1", both, 1));
	assert_int_equal(door_x.items, 1);
	assert_string_equal(why_left("M-1"), "agreed on conditions on share, "
	    "N-2, and nobody confirmed it");
	(void)unlink(door_x.path);
	OK(try_confirm("T-1", both, 2));
	assert_int_equal(door_x.items, 2);
	assert_string_equal(door_value("B-2", 0, "confirmed"),
	    "N-1: she said yes today");
	(void)unlink(door_x.path);
	/* a confirmation holds for its export alone */
	ERR(try_confirm("T-1", NULL, 0), SQ_EREFUSED);
}

/* A confirmation that goes nowhere is a slip; a no is not confirmed away. */
static void
test_confirm_slips(void **state)
{
	static const char *const bad[] = { "N-1", "N-1=", "N-1= ", "=why",
	    "T-1=why", "N-9=why", "N-2=why", "" };
	struct door_hash h;

	(void)state;
	start();
	door_add("testimony", "summary", "one");
	decide("T-1", "share", "yes", NULL);
	decide("T-1", "store", "conditions", NULL);
	h = door_hash();
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ERR(try_confirm("T-1", &bad[i], 1), SQ_EUSAGE);
		door_same(&h);
	}
	decide("T-1", "share", "no", NULL);
	ERR(try_confirm("T-1", (const char *[]){ "N-3=it is fine" }, 1),
	    SQ_EREFUSED);
	decide("T-1", "share", "conditions", day(-1));
	ERR(try_confirm("T-1", (const char *[]){ "N-4=it is fine" }, 1),
	    SQ_EREFUSED);
	door_says("ended on");
}

/* --- for whom ------------------------------------------------------------- */

static void
consent_for(const char *decision, const char *to)
{
	door_add("consent", "about", "T-1", "scope", "share", "decision",
	    decision, "recipient", to);
}

static void
test_recipient(void **state)
{
	(void)state;
	start();
	door_recipient("Lawyer Three", "r1.key2");
	door_add("testimony", "summary", "one");
	consent_for("yes", "R-1");
	EXPORT(.refs = { "T-1" });
	REFUSED(SQ_EREFUSED, .refs = { "T-1" }, .to = "R-2");
	door_says("no consent to share");
	/* a no to one leaves the other's yes as it is */
	consent_for("no", "R-2");
	EXPORT(.refs = { "T-1" });
	REFUSED(SQ_EREFUSED, .refs = { "T-1" }, .to = "R-2");
	door_says("«no»");
	/* a yes to all answers both */
	decide("T-1", "share", "yes", NULL);
	EXPORT(.refs = { "T-1" }, .to = "R-2");
	/* a withdrawal from all, and a yes to one after it */
	decide("T-1", "share", "withdrawn", NULL);
	REFUSED(SQ_EREFUSED, .refs = { "T-1" });
	consent_for("yes", "R-2");
	REFUSED(SQ_EREFUSED, .refs = { "T-1" });
	EXPORT(.refs = { "T-1" }, .to = "R-2");
	/* what was decided about others is told to nobody but full */
	assert_false(in_file("custody.csv", "R-1"));
	{
		char *s = door_text(tar, tar_n, "bag/data/consents.csv");
		unsigned lines = 0;

		for (const char *p = s; (p = strchr(p, '\n')) != NULL; p++)
			lines++;
		/* head, no to R-2, yes, withdrawn, yes to R-2 */
		assert_int_equal(lines, 5);
		free(s);
	}
	EXPORT(.refs = { "T-1" }, .to = "R-2", .profile = "full");
	{
		char *s = door_text(tar, tar_n, "bag/data/consents.csv");
		unsigned lines = 0;

		for (const char *p = s; (p = strchr(p, '\n')) != NULL; p++)
			lines++;
		assert_int_equal(lines, 6);
		free(s);
	}
}

/* --- whom it concerns ----------------------------------------------------- */

static void
test_voices(void **state)
{
	(void)state;
	start();
	door_add("person", "pseudonym", "A", "name", "Witnessname");
	door_add("person", "pseudonym", "B", "name", "Subjectname");
	door_add("testimony", "summary", "one", "witness", "P-1", "subject",
	    "P-2");
	/* persons' own yes is not the testimony's */
	agree("P-1");
	agree("P-2");
	REFUSED(SQ_EREFUSED, .refs = { "T-1" });
	agree("T-1");
	EXPORT(.refs = { "T-1" });
	/* the no of a person it is about binds, silence does not */
	decide("P-2", "share", "withdrawn", NULL);
	REFUSED(SQ_EREFUSED, .refs = { "T-1" });
	door_says("it concerns P-2");
	decide("P-2", "share", "yes", NULL);
	decide("P-1", "share", "no", NULL);
	REFUSED(SQ_EREFUSED, .refs = { "T-1" });
	door_says("it concerns P-1");
	/* and what was drawn from it, or belongs to it, stays too */
	door_add("media", "original_name", "a.mp4", "about", "T-1");
	door_add("status", "person", "P-2", "status", "camp", "source",
	    "T-1");
	agree("M-1");
	REFUSED(SQ_EREFUSED, .refs = { "M-1" });
	REFUSED(SQ_EREFUSED, .refs = { "S-1" });
	decide("P-1", "share", "yes", NULL);
	EXPORT(.refs = { "M-1", "S-1", "T-1" });
	assert_int_equal(items(), 3);
	/* both ends of a relationship */
	door_add("person", "pseudonym", "C");
	door_add("relationship", "person", "P-1", "kind", "spouse", "other",
	    "P-3");
	REFUSED(SQ_EREFUSED, .refs = { "L-1" });
	door_says("it belongs to P-3: no consent");
	decide("P-3", "share", "yes", NULL);
	EXPORT(.refs = { "L-1" });
	/* media of nobody, or of a case, needs a decision of its own */
	door_add("case", "title", "The case");
	door_add("media", "original_name", "b.mp4", "about", "C-1");
	REFUSED(SQ_EREFUSED, .refs = { "M-2" });
	decide("M-2", "share", "yes", NULL);
	EXPORT(.refs = { "M-2" });
}

/* Whom an earlier revision named keeps the no, and has no yes. */
static void
test_earlier(void **state)
{
	static const char *const unset[] = { "witness" };
	struct model_inputs none = { 0 };
	struct vault_carriers told = { 0 };

	(void)state;
	start();
	door_add("person", "pseudonym", "A");
	door_add("person", "pseudonym", "B");
	door_add("testimony", "summary", "one", "witness", "P-1");
	agree("T-1");
	door_edit("T-1", "witness", "P-2");
	EXPORT(.refs = { "T-1" });	/* silence does not count */
	decide("P-1", "share", "no", NULL);
	REFUSED(SQ_EREFUSED, .refs = { "T-1" });
	door_says("an earlier revision concerns P-1");
	OK(vault_edit(door_v, "T-1", &none, unset, 1, "taken out",
	    &door_made, &door_why));
	REFUSED(SQ_EREFUSED, .refs = { "T-1" });
	door_says("an earlier revision concerns P-1");
	/* and of whatever belongs to it */
	door_add("media", "original_name", "a.mp4", "about", "T-1");
	agree("M-1");
	REFUSED(SQ_EREFUSED, .refs = { "M-1" });
	decide("P-1", "share", "yes", NULL);
	EXPORT(.refs = { "M-1" });
	/* also where it was the person's own; a yes of then opens nothing */
	door_add("media", "original_name", "b.mp4", "about", "P-1");
	door_add("testimony", "summary", "two");
	door_edit("M-2", "about", "T-2");
	REFUSED(SQ_EREFUSED, .refs = { "M-2" });
	door_says("it belongs to T-2: no consent");
	/* and a withdrawal tells of the bundles that carry what was theirs */
	decide("P-1", "share", "withdrawn", NULL);
	OK(vault_recall(door_v, door_made.ref, door_dir, &told,
	    &door_why));
	assert_int_equal(told.n, 2);
	vault_carriers_free(&told);
}

/* --- with identity or without --------------------------------------------- */

static void
test_pseudonym_only(void **state)
{
	(void)state;
	start();
	door_add("person", "pseudonym", "W-1", "name", "Witnessname", "sex",
	    "female");
	door_add("testimony", "summary", "one", "witness", "P-1",
	    "interviewer", "Interviewname");
	decide("T-1", "court", "yes", NULL);
	decide("P-1", "court-pseudonym", "yes", NULL);
	/* to share is another thing */
	REFUSED(SQ_EREFUSED, .refs = { "T-1" });
	EXPORT(.refs = { "T-1", "P-1" }, .profile = "court");
	assert_int_equal(items(), 2);
	assert_false(in_tar("Witnessname"));
	assert_false(in_tar("Interviewname"));
	assert_true(in_tar("W-1") && in_tar("female"));
	assert_true(in_file("withheld.txt", "Without what tells who"));
	assert_true(in_file("withheld.txt", "P-1: no consent to court"));
	assert_true(in_file("withheld.txt", "T-1: it concerns P-1"));
	assert_int_equal(door_x.n_left, 2);
	assert_true(door_x.left[0].identity && door_x.left[1].identity);
	/* no exception opens what was not agreed to */
	EXPORT(.refs = { "T-1", "P-1" }, .profile = "court",
	    .disclose = { "name", "T-1.interviewer", "_actor" });
	assert_false(in_tar("Witnessname"));
	assert_false(in_tar("Interviewname"));
	assert_false(open_in("P-1", "_actor"));
	/* the other one alone: all of it */
	decide("P-1", "court", "yes", NULL);
	EXPORT(.refs = { "T-1", "P-1" }, .profile = "court");
	assert_true(in_tar("Witnessname") && in_tar("Interviewname"));
	/* an identity withdrawn leaves the pseudonym */
	decide("P-1", "court", "withdrawn", NULL);
	EXPORT(.refs = { "T-1", "P-1" }, .profile = "court");
	assert_false(in_tar("Witnessname"));
	decide("P-1", "court-pseudonym", "no", NULL);
	REFUSED(SQ_EREFUSED, .refs = { "T-1", "P-1" }, .profile = "court");
	/* the public, likewise */
	decide("T-1", "publish", "yes", NULL);
	decide("P-1", "publish-pseudonym", "yes", NULL);
	EXPORT(.refs = { "T-1", "P-1" }, .profile = "public",
	    .disclose = { "name" });
	assert_false(in_tar("Witnessname"));
	decide("P-1", "publish", "yes", NULL);
	EXPORT(.refs = { "T-1", "P-1" }, .profile = "public",
	    .disclose = { "name" });
	assert_true(in_tar("Witnessname"));
}

/* What an event of a stripped item says of people stays too. */
static void
test_pseudonym_events(void **state)
{
	(void)state;
	start();
	door_add("testimony", "summary", "one");
	door_add("custody", "action", "received", "about", "T-1", "place",
	    "Placename", "note", "noteofit");
	decide("T-1", "court-pseudonym", "yes", NULL);
	EXPORT(.refs = { "T-1" }, .profile = "court");
	assert_true(in_file("custody.csv", "noteofit"));
	assert_false(in_tar("Placename"));
	assert_false(in_tar("Aigul"));
	decide("T-1", "court", "yes", NULL);
	EXPORT(.refs = { "T-1" }, .profile = "court");
	assert_true(in_tar("Placename") && in_tar("Aigul"));
}

/* --- two laptops ---------------------------------------------------------- */

/* A decision about T-1 that answers only the roots named. */
static void
apart(const char *decision, const uint8_t (*parents)[ENTRY_ROOT], size_t n,
    uint8_t root[ENTRY_ROOT])
{
	struct model_inputs in = { 0 };
	struct record_make mk = { .in = &in, .parents = parents,
	    .n_parents = n };
	struct record_draft d = { 0 };
	uint64_t index;

	mk.type = model_type("consent");
	OK(model_inputs_add(&in, "about", NULL, "T-1"));
	OK(model_inputs_add(&in, "scope", NULL, "share"));
	OK(model_inputs_add(&in, "decision", NULL, decision));
	OK(vault_begin(door_v, &door_why));
	OK(record_compose(&door_v->cx, &mk, &d, &door_why));
	OK(record_store(&door_v->cx, &d, NULL, &index, root, &door_why));
	OK(vault_commit(door_v, &door_why));
	record_draft_free(&d);
	model_inputs_free(&in);
}

static void
test_concurrent(void **state)
{
	uint8_t first[1][ENTRY_ROOT], no[1][ENTRY_ROOT], yes[1][ENTRY_ROOT],
	    both[2][ENTRY_ROOT], r[ENTRY_ROOT];

	(void)state;
	start();
	door_add("testimony", "summary", "one");
	apart("yes", NULL, 0, first[0]);
	EXPORT(.refs = { "T-1" });
	/* withdrawn on one laptop, confirmed on the other: the stricter */
	apart("withdrawn", (const uint8_t (*)[ENTRY_ROOT])first, 1, no[0]);
	apart("yes", (const uint8_t (*)[ENTRY_ROOT])first, 1, yes[0]);
	REFUSED(SQ_EREFUSED, .refs = { "T-1" });
	door_says("«withdrawn»");
	/* a later yes that has not seen the withdrawal changes nothing */
	apart("yes", (const uint8_t (*)[ENTRY_ROOT])yes, 1, r);
	REFUSED(SQ_EREFUSED, .refs = { "T-1" });
	/* one that has, through another, does */
	memcpy(both[0], no[0], ENTRY_ROOT);
	memcpy(both[1], r, ENTRY_ROOT);
	apart("no", (const uint8_t (*)[ENTRY_ROOT])both, 2, no[0]);
	REFUSED(SQ_EREFUSED, .refs = { "T-1" });
	door_says("«no»");
	apart("yes", (const uint8_t (*)[ENTRY_ROOT])no, 1, r);
	EXPORT(.refs = { "T-1" });
	/* and what the command line appends answers all that stand */
	apart("withdrawn", (const uint8_t (*)[ENTRY_ROOT])first, 1, no[0]);
	REFUSED(SQ_EREFUSED, .refs = { "T-1" });
	decide("T-1", "share", "yes", NULL);
	EXPORT(.refs = { "T-1" });
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_conditions),
		cmocka_unit_test(test_ask),
		cmocka_unit_test(test_confirm_slips),
		cmocka_unit_test(test_recipient),
		cmocka_unit_test(test_voices),
		cmocka_unit_test(test_earlier),
		cmocka_unit_test(test_pseudonym_only),
		cmocka_unit_test(test_pseudonym_events),
		cmocka_unit_test(test_concurrent)
	};
	int rc;

	door_start();
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	free(tar);
	vault_exported_free(&door_x);
	door_end();
	return rc;
}
