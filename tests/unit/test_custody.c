/*
 * Custody through the doors of the vault: what is recorded by itself, what by
 * hand, and the gaps in a record's life.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>

#include <cmocka.h>

#include "tests/unit/raw_help.h"

static enum sq_err
view(const char *ref, bool played)
{
	door_why.text[0] = '\0';
	return vault_viewed(door_v, ref, NULL, played, &door_why);
}

/* How many entries a view of it adds. */
static uint64_t
adds(const char *ref)
{
	uint64_t before = door_entries();

	OK(view(ref, false));
	return door_entries() - before;
}

static void
records(void)
{
	door_new();
	door_add("person", "pseudonym", "A");
	door_add("testimony", "summary", "s", "witness", "P-1");
	door_add("contact", "person", "P-1", "value", "+7 700 000 00 00");
}

static void
test_viewed(void **state)
{
	struct record r;
	char entry[MODEL_ROOT_HEX];

	(void)state;
	records();
	OK(vault_show(door_v, "T-1", 0, &r, &door_why));
	memcpy(entry, r.entry, sizeof(entry));
	model_record_free(&r);
	assert_int_equal(adds("T-1"), 1);
	assert_string_equal(door_value("Y-1", 0, "action"), "viewed");
	assert_string_equal(door_value("Y-1", 0, "about"), "T-1");
	assert_string_equal(door_value("Y-1", 0, "entry"), entry);
	/* once while it is open, and again the next time */
	assert_int_equal(adds("T-1"), 0);
	assert_int_equal(adds("K-1"), 1);
	assert_int_equal(adds("P-1"), 0);
	door_close();
	door_open();
	assert_int_equal(adds("T-1"), 1);
}

static char value[64];

static void
note_setting(void *arg, const struct vault_setting *s)
{
	(void)arg;
	(void)snprintf(value, sizeof(value), "%s", s->value);
}

static void
test_setting(void **state)
{
	struct door_hash h;

	(void)state;
	records();
	OK(vault_set(door_v, "viewed", "person,person", &door_why));
	assert_int_equal(adds("T-1"), 0);
	assert_int_equal(adds("P-1"), 1);
	door_close();
	door_open();
	OK(vault_settings(door_v, note_setting, NULL, &door_why));
	assert_string_equal(value, "person");
	assert_int_equal(adds("T-1"), 0);
	OK(vault_set(door_v, "viewed", "none", &door_why));
	assert_int_equal(adds("P-1"), 0);
	OK(vault_set(door_v, "viewed", "all", &door_why));
	assert_int_equal(adds("T-1"), 1);
	h = door_hash();
	OK(vault_set(door_v, "viewed", "all", &door_why));
	ERR(vault_set(door_v, "viewed", "nothing", &door_why), SQ_EUSAGE);
	ERR(vault_set(door_v, "viewed", "", &door_why), SQ_EUSAGE);
	ERR(vault_set(door_v, "colour", "all", &door_why), SQ_EUSAGE);
	door_same(&h);
}

static void
test_read_only(void **state)
{
	struct door_hash h;

	(void)state;
	records();
	h = door_hash();
	vault_hold(door_v);
	ERR(view("T-1", false), SQ_EREADONLY);
	/* said once */
	OK(view("K-1", false));
	OK(view("T-1", false));
	door_same(&h);
}

static enum sq_err
by_hand(const char *ref, const char *action, const char *who)
{
	struct model_inputs in = { 0 };
	enum sq_err e;

	OK(model_inputs_add(&in, "action", NULL, action));
	OK(model_inputs_add(&in, "counterparty", NULL, who));
	OK(model_inputs_add(&in, "place", NULL, "Almaty"));
	door_why.text[0] = '\0';
	e = vault_custody(door_v, ref, &in, &door_made, &door_why);
	model_inputs_free(&in);
	return e;
}

static void
attached(void *arg, const struct vault_attached *a)
{
	(void)snprintf(arg, 65, "%s", a->sha256);
}

static void
test_by_hand(void **state)
{
	static const char *const own[] = { "hashed", "exported", "merged",
	    "erased", "setting-changed", "key-slot-changed", "restored" };
	char path[192], sha[65];
	const char *const paths[] = { path };
	struct vault_attach o = { .ref = "T-1", .paths = paths, .n = 1 };
	struct door_hash h;

	(void)state;
	records();
	(void)snprintf(path, sizeof(path), "%s", door_at("film"));
	door_write(path, "a film", 6);
	OK(vault_attach(door_v, &o, attached, sha, &door_why));
	OK(by_hand("M-1", "received", "the brother"));
	assert_string_equal(door_value(door_made.ref, 0, "counterparty"),
	    "the brother");
	assert_string_equal(door_value(door_made.ref, 0, "sha256"), sha);
	assert_string_equal(door_value(door_made.ref, 0, "size"), "6");
	assert_int_equal(strlen(door_value(door_made.ref, 0, "entry")), 64);
	OK(by_hand("T-1", "handed-over", "counsel"));
	h = door_hash();
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
		ERR(by_hand("T-1", own[i], "x"), SQ_EREFUSED);
		ERR(door_try_add("custody", "action", own[i], "about", "T-1",
		    NULL), SQ_EREFUSED);
	}
	ERR(door_try_add("custody", "action", "viewed", "merged", "1 x",
	    NULL), SQ_EREFUSED);
	door_same(&h);
}

/* --- gaps ----------------------------------------------------------------- */

static char gaps[128];
static unsigned rows;

static enum sq_err
row(void *arg, const struct record *r)
{
	(void)arg;
	(void)r;
	rows++;
	(void)snprintf(gaps + strlen(gaps), sizeof(gaps) - strlen(gaps), ".");
	return SQ_OK;
}

static void
gap(void *arg, const char *name, const char *text)
{
	(void)arg;
	assert_non_null(strstr(text, "gap"));
	(void)snprintf(gaps + strlen(gaps), sizeof(gaps) - strlen(gaps), "%s ",
	    name);
}

static const char *
life(const char *ref)
{
	gaps[0] = '\0';
	rows = 0;
	OK(vault_history(door_v, ref, row, gap, NULL, &door_why));
	return gaps;
}

/* An entry of the program's own, at a time of its own. */
static void
put_at(const char *time, const char *action)
{
	struct model_inputs in = { 0 };
	struct record_make mk = { .in = &in };

	mk.type = model_type("custody");
	OK(model_inputs_add(&in, "action", NULL, action));
	if (strcmp(action, "restored") != 0)
		OK(model_inputs_add(&in, "about", NULL, "T-1"));
	OK(vault_begin(door_v, &door_why));
	if (time != NULL)
		(void)snprintf(door_v->cx.time, sizeof(door_v->cx.time), "%s",
		    time);
	OK(vault_put_in(door_v, &mk, &door_made, &door_why));
	OK(vault_commit(door_v, &door_why));
	model_inputs_free(&in);
}

static void
test_gaps(void **state)
{
	const char *refs[] = { "T-1" };
	struct vault_export x = { .refs = refs, .n_refs = 1, .to = "R-1" };
	struct vault_erase o = { .ref = "T-1", .reason = "asked for" };
	const char *field = "place";
	struct vault_erased e;
	uint8_t *tar;
	size_t n;
	char *s;

	(void)state;
	records();
	assert_string_equal(life("T-1"), ".");
	put_at("2020-01-01T00:00:00Z", "viewed");
	assert_string_equal(life("T-1"), ".clock .");
	put_at(NULL, "restored");
	put_at(NULL, "viewed");
	assert_string_equal(life("T-1"), ".clock .restored .");
	assert_string_equal(life("P-1"), ".restored ");
	door_edit("T-1", "place", "a town");
	o.fields = &field;
	o.n_fields = 1;
	OK(vault_erase(door_v, &o, &e, &door_why));
	vault_erased_free(&e);
	assert_string_equal(life("T-1"), ".clock .restored .erased ..");
	/* and so in what leaves */
	door_share("T-1", "yes");
	(void)unlink(door_at("k.key"));
	door_recipient("counsel", "k.key");
	OK(door_export(&x));
	door_verify(door_x.path, "k.key", NULL);
	tar = door_tar(door_x.path, "k.key", NULL, &n);
	s = door_text(tar, n, "bag/data/custody.csv");
	assert_non_null(strstr(s, ",gap,,,,,\"gap: the device"));
	assert_non_null(strstr(s, ",gap,,,,,\"gap: the vault was"));
	assert_non_null(strstr(s, ",erased,"));
	free(s);
	free(tar);
	vault_exported_free(&door_x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_viewed),
		cmocka_unit_test(test_setting),
		cmocka_unit_test(test_read_only),
		cmocka_unit_test(test_by_hand),
		cmocka_unit_test(test_gaps),
	};
	int failed;

	door_start();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	door_end();
	return failed;
}
