/*
 * Export through its public door: who may leave, and to whom.  Every bundle
 * made here is also taken apart, and the verifier says yes to it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/unit/export_help.h"

/* --- who may leave -------------------------------------------------------- */

static void
may(bool yes, const char *ref)
{
	if (yes) {
		EXPORT(.refs = { ref });
		assert_int_equal(door_x.items, 1);
		assert_int_equal(door_x.n_left, 0);
	} else {
		REFUSED(SQ_EREFUSED, .refs = { ref });
		door_says("nothing may leave");
		door_says(ref);
	}
}

static void
test_consent(void **state)
{
	static const char *const decisions[] = { "no", "conditions", "ask",
	    "withdrawn" };

	(void)state;
	start();
	door_add("testimony", "summary", "one");
	may(false, "T-1");
	/* other scopes say nothing about sharing */
	decide("T-1", "store", "yes", NULL);
	decide("T-1", "publish", "yes", NULL);
	decide("T-1", "court", "yes", NULL);
	may(false, "T-1");
	decide("T-1", "share", "yes", NULL);
	may(true, "T-1");
	decide("T-1", "publish", "no", NULL);
	decide("T-1", "store", "withdrawn", NULL);
	may(true, "T-1");
	/* the latest wins, in both directions */
	for (size_t i = 0; i < 4; i++) {
		decide("T-1", "share", decisions[i], NULL);
		may(false, "T-1");
		decide("T-1", "share", "yes", NULL);
		may(true, "T-1");
	}
	/* about two at once */
	door_add("testimony", "summary", "two");
	door_add("consent", "about", "T-1", "about", "T-2", "scope", "share",
	    "decision", "no");
	may(false, "T-1");
	may(false, "T-2");
	/* a term by its label or in capitals is the same scope */
	decide("T-2", "SHARE", "Yes", NULL);
	may(true, "T-2");
	may(false, "T-1");
}

static void
test_consent_until(void **state)
{
	char year[16], month[16], buf[64];

	(void)state;
	start();
	door_add("testimony", "summary", "one");
	decide("T-1", "share", "yes", day(-1));
	may(false, "T-1");
	decide("T-1", "share", "yes", day(0));
	may(true, "T-1");
	decide("T-1", "share", "yes", day(1));
	may(true, "T-1");
	(void)snprintf(year, sizeof(year), "%.4s", day(0));
	decide("T-1", "share", "yes", year);
	may(true, "T-1");
	(void)snprintf(month, sizeof(month), "%.7s", day(0));
	decide("T-1", "share", "yes", month);
	may(true, "T-1");
	decide("T-1", "share", "yes", "2019");
	may(false, "T-1");
	decide("T-1", "share", "yes", "2019-12~");
	may(false, "T-1");
	/* what is not a plain date ends no later for that */
	decide("T-1", "share", "yes", "../2019");
	may(false, "T-1");
	decide("T-1", "share", "yes", "201X");
	may(false, "T-1");
	decide("T-1", "share", "yes", "2019-XX");
	may(false, "T-1");
	decide("T-1", "share", "yes", "2018/2019-05");
	may(false, "T-1");
	decide("T-1", "share", "yes", "2019/");
	may(false, "T-1");
	decide("T-1", "share", "yes", "2018-22");
	may(false, "T-1");
	(void)snprintf(buf, sizeof(buf), "2018/%s", day(2));
	decide("T-1", "share", "yes", buf);
	may(true, "T-1");
	decide("T-1", "share", "yes", "2018/..");
	may(true, "T-1");
	/* a term that ended does not revive the yes before it */
	decide("T-1", "share", "yes", NULL);
	decide("T-1", "share", "yes", "2019");
	may(false, "T-1");
}

/* The first parent of the newest decision in the history of a record. */
static enum sq_err
note_entry(void *arg, const struct record *r)
{
	char (*roots)[MODEL_ROOT_HEX] = arg;

	if (strcmp(r->kind, "consent") == 0) {
		memcpy(roots[0], roots[1], MODEL_ROOT_HEX);
		memcpy(roots[1], r->entry, MODEL_ROOT_HEX);
	}
	return SQ_OK;
}

/* A decision names the one of its scope that it answers, however added. */
static void
test_consent_parents(void **state)
{
	char roots[2][MODEL_ROOT_HEX];
	json_t *j, *f;
	size_t i;

	(void)state;
	for (int how = 0; how < 3; how++) {
		bool found = false;

		start();
		door_add("testimony", "summary", "one");
		door_share("T-1", "yes");
		if (how == 0)
			decide("T-1", "Share", "yes", NULL);
		else if (how == 1)
			door_add("consent", "about", "T-1", "scope", "share",
			    "decision", "yes");
		else
			OK(door_batch("consent", "{\"about\":[\"T-1\"],"
			    "\"scope\":\"share\",\"decision\":\"no\"}\n"
			    "{\"about\":[\"T-1\"],\"scope\":\"share\","
			    "\"decision\":\"yes\"}\n", NULL));
		memset(roots, 0, sizeof(roots));
		OK(vault_consents(door_v, "T-1", note_entry, roots,
		    &door_why));
		EXPORT(.refs = { how < 2 ? door_made.ref : "N-3" },
		    .profile = "full");
		j = item_json(1);
		json_array_foreach(json_object_get(j, "fields"), i, f) {
			const char *name = json_string_value(
			    json_object_get(f, "name"));
			json_t *v = json_object_get(f, "value");

			if (strcmp(name, "_parents") != 0)
				continue;
			found = true;
			assert_int_equal(json_array_size(v), 1);
			assert_string_equal(json_string_value(
			    json_array_get(v, 0)), roots[0]);
		}
		assert_true(found);
		json_decref(j);
	}
}

static void
test_persons(void **state)
{
	(void)state;
	start();
	door_add("person", "pseudonym", "A", "name", "Aigul");
	/* nothing leaves on silence */
	REFUSED(SQ_EREFUSED, .refs = { "P-1" });
	door_share("P-1", "no");
	REFUSED(SQ_EREFUSED, .refs = { "P-1" });
	agree("P-1");
	EXPORT(.refs = { "P-1" });
	door_add("contact", "person", "P-1", "value", "+7 701 000 00 00");
	REFUSED(SQ_EREFUSED, .refs = { "K-1" }, .profile = "full");
	agree("K-1");
	EXPORT(.refs = { "K-1" }, .profile = "full");
	assert_true(in_tar("+7 701 000 00 00"));
	EXPORT(.refs = { "K-1" }, .profile = "court");
	assert_false(in_tar("+7 701 000 00 00"));
	door_share("K-1", "withdrawn");
	REFUSED(SQ_EREFUSED, .refs = { "K-1" }, .profile = "full");
	/* the picture of a person who said no */
	door_add("media", "about", "P-1", "original_name", "p.jpg");
	EXPORT(.refs = { "M-1" });
	door_share("P-1", "no");
	REFUSED(SQ_EREFUSED, .refs = { "M-1" });
}

static void
test_media(void **state)
{
	(void)state;
	start();
	door_add("testimony", "summary", "one");
	door_add("testimony", "summary", "two");
	door_add("media", "about", "T-1", "original_name", "one.mp4");
	door_add("media", "about", "T-1", "about", "T-2", "original_name",
	    "both.mp4");
	door_share("T-1", "yes");
	/* with T-1 goes what is its alone */
	EXPORT(.refs = { "T-1" });
	assert_int_equal(items(), 2);
	assert_true(item_of("M-1") > 0);
	assert_int_equal(item_of("M-2"), 0);
	assert_int_equal(door_x.n_left, 1);
	assert_string_equal(door_x.left[0].ref, "M-2");
	assert_non_null(strstr(door_x.left[0].why, "T-2"));
	/* named directly: no way around */
	REFUSED(SQ_EREFUSED, .refs = { "M-2" });
	REFUSED(SQ_EREFUSED, .refs = { "M-2", "T-2" });
	EXPORT(.refs = { "M-1", "M-2" });
	assert_int_equal(items(), 1);
	door_share("T-2", "yes");
	EXPORT(.refs = { "M-2" });
	/* its own no counts as well */
	door_share("M-1", "no");
	EXPORT(.refs = { "T-1" });
	assert_int_equal(item_of("M-1"), 0);
	assert_true(item_of("M-2") > 0);
	/* taken from T-2 by an edit: it was filed wrongly, and T-2 is asked
	 * no more (but a person would be: test_gate) */
	door_share("T-2", "withdrawn");
	door_edit("M-2", "about", "T-1");
	EXPORT(.refs = { "T-1" });
	assert_true(item_of("M-2") > 0);
	door_edit("M-2", "about", "T-2");
	EXPORT(.refs = { "T-1" });
	assert_int_equal(item_of("M-2"), 0);
}

/* Copies, cuttings, media of media. */
static void
test_media_derived(void **state)
{
	(void)state;
	start();
	door_add("testimony", "summary", "one");
	door_add("media", "about", "T-1", "original_name", "one.mp4");
	door_add("media", "derived_from", "M-1", "original_name", "cut.mp4");
	door_add("media", "derived_from", "M-2", "original_name", "cut2.mp4");
	door_add("media", "about", "M-1", "original_name", "subtitles.srt");
	for (int i = 1; i <= 4; i++) {
		char ref[16];

		(void)snprintf(ref, sizeof(ref), "M-%d", i);
		REFUSED(SQ_EREFUSED, .refs = { ref });
	}
	door_share("T-1", "yes");
	EXPORT(.refs = { "M-1", "M-2", "M-3", "M-4" });
	assert_int_equal(items(), 4);
	EXPORT(.refs = { "T-1" });
	assert_true(item_of("M-4") > 0);
	/* the original may not leave: nor may its cuttings */
	door_share("M-1", "no");
	REFUSED(SQ_EREFUSED, .refs = { "M-3" });
	REFUSED(SQ_EREFUSED, .refs = { "M-4" });
	/* in a circle */
	door_edit("M-1", "derived_from", "M-3");
	door_share("M-1", "yes");
	REFUSED(SQ_EREFUSED, .refs = { "M-2" });
	door_says("too many steps");
}

/* What happened to a testimony that may not leave is part of it. */
static void
test_events_of_refused(void **state)
{
	(void)state;
	start();
	door_add("testimony", "summary", "one");
	door_add("custody", "action", "received", "about", "T-1", "note",
	    "from her brother");
	REFUSED(SQ_EREFUSED, .refs = { "Y-1" });
	door_share("T-1", "no");
	REFUSED(SQ_EREFUSED, .refs = { "Y-1", "N-1" });
	door_share("T-1", "yes");
	EXPORT(.refs = { "Y-1", "N-1" });
	assert_int_equal(items(), 2);
}

static void
test_case(void **state)
{
	struct vault_made made;
	const char *refs[2] = { "T-1", "T-2" };

	(void)state;
	start();
	door_add("testimony", "summary", "one", "text", "words of one");
	door_add("testimony", "summary", "two", "text", "words of two");
	door_add("person", "pseudonym", "A");
	door_add("media", "about", "T-2", "original_name", "two.mp4");
	door_add("case", "title", "The case", "item", "P-1");
	OK(vault_case(door_v, "C-1", true, refs, 2, &made, &door_why));
	door_share("T-1", "yes");
	door_share("P-1", "yes");
	EXPORT(.refs = { "C-1" });
	assert_int_equal(items(), 3);	/* C-1, T-1, P-1 */
	assert_int_equal(door_x.items, 3);
	assert_int_equal(door_x.n_left, 2);	/* T-2 and its media */
	assert_true(in_tar("words of one"));
	assert_false(in_tar("words of two"));
	assert_false(in_tar("two.mp4"));
	/* named twice, and within the case: once */
	EXPORT(.refs = { "C-1", "T-1", "C-1" });
	assert_int_equal(items(), 3);
	/* nothing left but the case itself */
	door_share("P-1", "no");
	door_share("T-1", "no");
	REFUSED(SQ_EREFUSED, .refs = { "C-1" });
	OK(vault_case(door_v, "C-1", false, refs, 1, &made, &door_why));
	door_share("P-1", "yes");
	EXPORT(.refs = { "C-1" });
	assert_int_equal(items(), 2);
	REFUSED(SQ_ENOENT, .refs = { "T-9" });
	REFUSED(SQ_EUSAGE, .refs = { "nonsense" });
	REFUSED(SQ_EUSAGE, .refs = { NULL });
	REFUSED(SQ_ENOENT, .refs = { "P-1" }, .to = "Nobody");
	REFUSED(SQ_ENOENT, .refs = { "P-1" }, .to = "R-9");
	REFUSED(SQ_EUSAGE, .refs = { "P-1" }, .profile = "friends");
}

/* --- to whom -------------------------------------------------------------- */

static void
test_second(void **state)
{
	char root[80], *s, *again;
	uint64_t size;

	(void)state;
	start();
	door_add("person", "pseudonym", "A");
	door_share("P-1", "yes");
	size = door_entries();
	EXPORT(.refs = { "P-1" }, .purpose = "the first");
	assert_int_equal(door_entries(), size + 1);
	s = door_text(tar, tar_n, "STATEMENT.txt");
	assert_non_null(strstr(s, "\nprevious-size: -\n"));
	assert_non_null(strstr(s, "\npurpose: \"the first\"\n"));
	assert_null(memmem(tar, tar_n, "consistency.txt", 15));
	(void)snprintf(root, sizeof(root), "%.*s", (int)strcspn(strstr(s,
	    "log-root: ") + 10, "\n"), strstr(s, "log-root: ") + 10);
	free(s);
	/* the entry of the log says what went where */
	assert_string_equal(door_value("B-1", 0, "recipient"), "R-1");
	assert_string_equal(door_value("B-1", 0, "recipient_name"),
	    "Lawyer One");
	assert_string_equal(door_value("B-1", 0, "purpose"), "the first");
	assert_string_equal(door_value("B-1", 0, "log_root"), root);
	assert_string_equal(door_value("B-1", 0, "bundle"), door_x.bundle);
	/* another recipient has no past here */
	EXPORT(.refs = { "P-1" }, .to = "R-2");
	s = door_text(tar, tar_n, "STATEMENT.txt");
	assert_non_null(strstr(s, "\nprevious-size: -\n"));
	free(s);
	/* and this one the head that it was given */
	EXPORT(.refs = { "P-1" });
	s = door_text(tar, tar_n, "STATEMENT.txt");
	again = strstr(s, "previous-root: ");
	assert_non_null(again);
	assert_memory_equal(again + 15, root, strlen(root));
	free(s);
	s = door_text(tar, tar_n, "proofs/consistency.txt");
	free(s);
	/* by name as well as by reference */
	EXPORT(.refs = { "P-1" }, .to = "Lawyer One");
	door_add("recipient", "name", "Lawyer One", "key", "scrypt");
	REFUSED(SQ_EUSAGE, .refs = { "P-1" }, .to = "Lawyer One");
	door_says("R-3");
	EXPORT(.refs = { "P-1" });
}

static void
test_passphrase(void **state)
{
	struct secret *p = door_secret("for this bundle alone");
	bool kind;

	(void)state;
	start();
	door_add("person", "pseudonym", "A");
	door_share("P-1", "yes");
	door_add("recipient", "name", "By word", "key", "scrypt");
	OK(vault_recipient_kind(door_v, "By word", &kind, &door_why));
	assert_true(kind);
	OK(vault_recipient_kind(door_v, "R-1", &kind, &door_why));
	assert_false(kind);
	REFUSED(SQ_EUSAGE, .refs = { "P-1" }, .to = "By word");
	EXPORT(.refs = { "P-1" }, .to = "By word", .pass = p);
	assert_int_equal(items(), 1);
	assert_true(in_tar("recipient: -\n"));
	/* the passphrase is in no byte of it, nor of the log */
	assert_false(in_tar("for this bundle alone"));
	secret_free(p);
}

static void
test_hostile_names(void **state)
{
	static const char *const name =
	    "O'Neil \"the\" <b>\\n</b> & Söhne\xe2\x80\xae, =1+1";
	static const char *const purpose =
	    "court\nlog-size: 99\r\"quoted\"\t<script>alert(1)</script>";
	char *s;
	unsigned lines = 0;

	(void)state;
	start();
	door_add("person", "pseudonym", "=cmd|' /C calc'!A0");
	door_share("P-1", "yes");
	door_add("recipient", "name", name, "key", "scrypt");
	ERR(door_try_add("recipient", "name", "two\nlines", "key", "scrypt",
	    NULL), SQ_EREFUSED);
	door_edit("R-1", "name", name);
	/* a carriage return is no text: refused before anything leaves */
	REFUSED(SQ_EREFUSED, .refs = { "P-1" }, .purpose = purpose);
	EXPORT(.refs = { "P-1" }, .purpose =
	    "court\nlog-size: 99\n\"quoted\"\t<script>alert(1)</script>",
	    .profile = "full");
	s = door_text(tar, tar_n, "STATEMENT.txt");
	for (char *p = s; *p != '\0'; p++) {
		assert_true(*p == '\n' || (*p >= 0x20 && *p < 0x7f));
		lines += strncmp(p, "\nlog-size:", 10) == 0;
	}
	assert_int_equal(lines, 1);
	free(s);
	assert_false(in_file("report.html", "<script"));
	assert_false(in_file("report.html", "<b>"));
	assert_true(in_file("report.html", "&lt;script"));
	assert_string_equal(door_value("B-1", 0, "recipient_name"), name);
}

static void
test_failures(void **state)
{
	struct vault_export o = { .refs = (const char *[]){ "P-1" },
	    .n_refs = 1, .to = "R-1" };
	struct door_hash h;
	char dir[192];

	(void)state;
	start();
	door_add("person", "pseudonym", "A");
	door_share("P-1", "yes");
	h = door_hash();
	(void)snprintf(dir, sizeof(dir), "%s", door_at("not/there"));
	o.dir = dir;
	assert_int_not_equal(door_export(&o), SQ_OK);
	assert_true(door_why.text[0] != '\0');
	door_same(&h);
	(void)snprintf(dir, sizeof(dir), "%s", door_at("r1.key"));
	assert_int_not_equal(door_export(&o), SQ_OK);
	door_same(&h);
	/* a purpose that is no text: found when the log entry is made */
	o.dir = NULL;
	o.purpose = "\xff\xfe";
	assert_int_not_equal(door_export(&o), SQ_OK);
	assert_true(door_why.text[0] != '\0');
	door_same(&h);
	assert_int_equal(door_count(door_out), 0);
	/* the working directory, where no folder is named */
	o.purpose = NULL;
	EXPORT(.refs = { "P-1" });
}

/* --- many ----------------------------------------------------------------- */

static void
test_thousand(void **state)
{
	struct bytes_buf b = { 0 };
	struct model_inputs in = { 0 };
	char num[16], *s;

	(void)state;
	start();
	for (int i = 1; i <= 1000; i++)
		bytes_putf(&b, "{\"summary\":\"number %d\",\"text\":\"words "
		    "%d\"}\n", i, i);
	s = bytes_str(&b);
	OK(door_batch("testimony", s, NULL));
	free(s);
	OK(model_inputs_add(&in, "title", NULL, "All of them"));
	for (int i = 1; i <= 1000; i++) {
		(void)snprintf(num, sizeof(num), "T-%d", i);
		OK(model_inputs_add(&in, "item", NULL, num));
		if (i % 10 != 0)
			bytes_putf(&b, "%s\"%s\"", b.len == 0 ?
			    "{\"scope\":\"share\",\"decision\":\"yes\","
			    "\"about\":[" : ",", num);
	}
	bytes_puts(&b, "]}\n");
	s = bytes_str(&b);
	OK(door_batch("consent", s, NULL));
	free(s);
	OK(vault_add(door_v, "case", &in, NULL, &door_made, &door_why));
	model_inputs_free(&in);
	EXPORT(.refs = { "C-1" });
	assert_int_equal(door_x.items, 901);
	assert_int_equal(door_x.n_left, 100);
	assert_int_equal(items(), 901);
	/* the report names every item of the case */
	assert_true(in_file("report.html", ">T-999<"));
	s = door_text(tar, tar_n, "bag/data/withheld.txt");
	assert_non_null(strstr(s, "T-1000: no consent"));
	assert_non_null(strstr(s, "T-10: no consent"));
	free(s);
	/* the log says that there were more than it lists */
	{
		struct record r;
		const struct record_field *f;

		OK(vault_show(door_v, "B-1", 0, &r, &door_why));
		f = model_record_field(&r, "left_out");
		assert_int_equal(f->n, 64);
		assert_string_equal(f->v[63].text, "and 37 more");
		f = model_record_field(&r, "about");
		assert_int_equal(f->n, 902);
		model_record_free(&r);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_consent),
		cmocka_unit_test(test_consent_until),
		cmocka_unit_test(test_consent_parents),
		cmocka_unit_test(test_persons),
		cmocka_unit_test(test_media),
		cmocka_unit_test(test_media_derived),
		cmocka_unit_test(test_events_of_refused),
		cmocka_unit_test(test_case),
		cmocka_unit_test(test_second),
		cmocka_unit_test(test_passphrase),
		cmocka_unit_test(test_hostile_names),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_thousand)
	};
	int rc;

	door_start();
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	free(tar);
	vault_exported_free(&door_x);
	door_end();
	return rc;
}
