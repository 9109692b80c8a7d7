/*
 * Bundles made to be merged, of profile full, by a vault that holds all its
 * keys and lies: about what its entries are, whose they are, and whose log it
 * is.  Each is refused as what it is, and nothing of the vault changes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/bundle_check.h"
#undef OK
#include "tests/unit/door.h"

#define OTHER "0123456789abcdef0123456789abcdef"

static char ours[33];			/* the log that is open */
static char record_id[MODEL_ID_HEX];	/* of its T-1 */

/* The first item anew: whose it says it is, of what record and type. */
static void
item(struct mk *b, const char *log, const char *record, const char *type)
{
	struct entry *en = &b->item[0];

	entry_free(en);
	OK(entry_add_str(en, "_log", log));
	OK(entry_add_str(en, "_kind", "revision"));
	OK(entry_add_str(en, "_record", record));
	OK(entry_add_str(en, "_type", type));
	OK(entry_add_str(en, "_ref", "T-1"));
	OK(entry_add_str(en, "_time", "2026-03-14T10:22:07Z"));
	OK(entry_add_str(en, "_actor", "Aigul"));
	OK(entry_add_strs(en, "_parents", NULL, 0));
	OK(entry_add_text(en, "summary", "en", "forged"));
	OK(entry_add_str(en, "witness", OTHER));
	OK(entry_sort(en));
}

/* That item alone, nothing of it withheld, all steps made. */
static void
whole(struct mk *b)
{
	struct bytes_buf out = { 0 };

	mk_del(b, mk_item(2, "record.json"));
	mk_del(b, mk_proof(2));
	b->items = 1;
	strcpy(b->st.profile, "full");
	mk_all(b);
	OK(entry_emit_json(&b->item[0], b->root[b->index[0]], b->index[0],
	    &out));
	mk_move(b, mk_item(1, "record.json"), &out);
	mk_resign(b);
}

static void
honest(struct mk *b)
{
	item(b, b->log, OTHER, "testimony");
	whole(b);
}

/* Every signature holds, but the words are not those of the root. */
static void
other_words(struct mk *b)
{
	struct bytes_buf *x;
	uint8_t *p;

	honest(b);
	x = mk_find(b, mk_item(1, "record.json"));
	p = memmem(x->p, x->len, "forged", 6);
	assert_non_null(p);
	memcpy(p, "honest", 6);
	mk_resign(b);
}

/* The root of another entry of that log, with its proof. */
static void
other_root(struct mk *b)
{
	struct bytes_buf out = { 0 };

	honest(b);
	OK(entry_emit_json(&b->item[0], b->root[2], 2, &out));
	mk_move(b, mk_item(1, "record.json"), &out);
	mk_resign(b);
}

static void
of_our_log(struct mk *b)
{
	item(b, ours, OTHER, "testimony");
	whole(b);
}

static void
of_our_record(struct mk *b)
{
	item(b, b->log, record_id, "testimony");
	whole(b);
}

static void
of_another_type(struct mk *b)
{
	struct bytes_buf out = { 0 }, *csv;
	uint8_t *p;

	item(b, b->log, record_id, "person");
	whole(b);
	csv = mk_find(b, "bundle/bag/data/items.csv");
	p = memmem(csv->p, csv->len, "testimony", 9);
	assert_non_null(p);
	bytes_put(&out, csv->p, (size_t)(p - csv->p));
	bytes_puts(&out, "person");
	bytes_put(&out, p + 9, csv->len - (size_t)(p + 9 - csv->p));
	mk_move(b, "bundle/bag/data/items.csv", &out);
	mk_resign(b);
}

static void
of_no_record(struct mk *b)
{
	item(b, b->log, "not a record", "testimony");
	whole(b);
}

/* The log of this very vault, by other keys: a fork that was made up. */
static void
our_log_itself(struct mk *b)
{
	strcpy(b->log, ours);
	strcpy(b->card.log, ours);
	strcpy(b->st.log, ours);
	(void)snprintf(b->st.log_origin, sizeof(b->st.log_origin),
	    "sandyq/%s", ours);
	mk_keys(b);
	honest(b);
}

static void
not_in_full(struct mk *b)
{
	honest(b);
	strcpy(b->st.profile, "lawyer");
	mk_resign(b);
}

static void
unproven(struct mk *b)
{
	honest(b);
	mk_del(b, mk_proof(1));
}

/* Merge what a forger made; the vault must not change. */
static void
refused(const char *name, void (*how)(struct mk *), enum sq_err want,
    const char *say)
{
	struct mk *b = mk_new();
	struct bytes_buf tar = { 0 }, age = { 0 };
	struct vault_merge in = { .path = ck_path("b.age"),
	    .identity = ck_path("id") };
	struct vault_merged got = { .entries = 0 };
	struct door_hash h = door_hash();
	enum sq_err e;

	how(b);
	mk_tar(b, &tar);
	mk_seal(b->recipient, tar.p, tar.len, &age);
	peer_write(ck_dir, "b.age", age.p, age.len);
	ck_identity(b->reader, "id");
	door_why.text[0] = '\0';
	e = vault_merge(door_v, &in, &got, &door_why);
	if (e != want || strstr(door_why.text, say) == NULL)
		fail_msg("%s: error %d: %s", name, (int)e, door_why.text);
	if (want != SQ_OK)
		door_same(&h);
	else
		assert_int_equal(got.entries, 1);
	vault_merge_free(&got);
	bytes_free(&tar);
	bytes_free(&age);
	mk_free(b);
}

static void
test_forged(void **state)
{
	static const struct {
		const char *name;
		void (*how)(struct mk *);
		enum sq_err want;
		const char *say;
	} v[] = {
		{ "other words under a root", other_words, SQ_EAUTH,
		    "000001" },
		{ "the root of another entry", other_root, SQ_EAUTH,
		    "000001" },
		{ "without its proof", unproven, SQ_EAUTH, "000001" },
		{ "an entry of our log", of_our_log, SQ_EAUTH,
		    "written in this vault" },
		{ "a revision of our record", of_our_record, SQ_EREFUSED,
		    "signer is unknown" },
		{ "our record of another type", of_another_type, SQ_EAUTH,
		    "with the id of T-1" },
		{ "of no record", of_no_record, SQ_EAUTH,
		    "what record it is of" },
		{ "our own log by other keys", our_log_itself, SQ_EAUTH,
		    "never had" },
		{ "not in full", not_in_full, SQ_EREFUSED, "profile full" },
		/* without this one the others would show nothing */
		{ "as it is", honest, SQ_OK, "" }
	};
	struct vault_status st;
	struct record r;

	(void)state;
	door_new();
	door_add("testimony", "summary", "ours");
	OK(vault_status(door_v, &st, &door_why));
	memcpy(ours, st.log_id, sizeof(ours));
	OK(vault_show(door_v, "T-1", 0, &r, &door_why));
	memcpy(record_id, r.id, sizeof(record_id));
	model_record_free(&r);
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++)
		refused(v[i].name, v[i].how, v[i].want, v[i].say);
	assert_string_equal(door_value("T-1", 0, "summary"), "ours");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forged)
	};
	void *none = NULL;
	int failed;

	if (ck_setup(&none) != 0)
		return 1;
	door_start();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	door_end();
	(void)ck_teardown(&none);
	return failed;
}
