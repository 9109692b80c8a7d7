/*
 * The life of a vault: made, opened, changed, put back, read-only, busy.
 * Through the public doors alone.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/unit/vault_help.h"

/* --- making and opening --------------------------------------------------- */

static void
test_init(void **state)
{
	struct vault_init in = { .path = door_path, .passphrase = door_pass,
	    .kib = 65536, .passes = 3, .lanes = 1 };
	struct secret *empty = NULL, *bad = door_secret("\xff\xfe no text");
	char log_id[33], label[80];
	struct door_hash h;
	struct stat st;
	uint32_t kib;

	(void)state;
	door_new();
	door_close();
	h = door_hash();
	ERR(door_init(), SQ_EEXIST);
	door_same(&h);
	door_remove(door_path);
	in.kib = 1024;
	ERR(vault_init(&in, log_id, &kib, &door_why), SQ_EUSAGE);
	in.kib = 65536;
	in.passes = 2;
	ERR(vault_init(&in, log_id, &kib, &door_why), SQ_EUSAGE);
	in.passes = 3;
	in.lanes = 9;
	ERR(vault_init(&in, log_id, &kib, &door_why), SQ_EUSAGE);
	in.lanes = 1;
	memset(label, 'x', 65);
	label[65] = '\0';
	in.label = label;
	ERR(vault_init(&in, log_id, &kib, &door_why), SQ_EUSAGE);
	in.label = "\xc3\x28";
	ERR(vault_init(&in, log_id, &kib, &door_why), SQ_EUSAGE);
	in.label = NULL;
	in.passphrase = bad;
	ERR(vault_init(&in, log_id, &kib, &door_why), SQ_EREFUSED);
	OK(secret_new(1, &empty));
	secret_shorten(empty, 0);
	in.passphrase = empty;
	ERR(vault_init(&in, log_id, &kib, &door_why), SQ_EREFUSED);
	secret_free(empty);
	secret_free(bad);
	/* nothing of all that was left */
	assert_int_equal(door_count(door_dir), 0);
	in.passphrase = door_pass;
	label[64] = '\0';
	in.label = label;
	OK(vault_init(&in, log_id, &kib, &door_why));
	assert_int_equal(strlen(log_id), 32);
	assert_int_equal(kib, 65536);
	assert_int_equal(stat(door_path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	for (int i = 0; i < FILES; i++) {
		assert_int_equal(stat(door_in(name_of[i]), &st), 0);
		assert_int_equal(st.st_mode & 07777, 0600);
	}
	door_open();
	assert_null(vault_note(door_v, 0));
	assert_false(vault_readonly(door_v));
}

static void
test_open_refused(void **state)
{
	struct secret *wrong = door_secret("six words that nobody ever guess");
	struct door_hash h;

	(void)state;
	door_new();
	door_add("person", "pseudonym", "A");
	door_close();
	h = door_hash();
	ERR(door_try_open(wrong, 0), SQ_EPASS);
	secret_free(wrong);
	wrong = door_secret("\xff");
	ERR(door_try_open(wrong, 0), SQ_EPASS);
	secret_free(wrong);
	assert_int_equal(chmod(door_path, 0750), 0);
	ERR(door_try_open(door_pass, 0), SQ_EREFUSED);
	assert_int_equal(chmod(door_path, 0700), 0);
	door_same(&h);
	door_open();
	door_close();
	door_same(&h);		/* opening writes nothing */
	door_remove(door_path);
	ERR(door_try_open(door_pass, 0), SQ_ENOENT);
	assert_int_equal(mkdir(door_path, 0700), 0);
	assert_int_not_equal(door_try_open(door_pass, 0), SQ_OK);
	assert_true(door_why.text[0] != '\0');
	assert_int_equal(rmdir(door_path), 0);	/* nothing was made in it */
}

static void
test_status(void **state)
{
	struct vault_status a, b;
	struct vault_peek p;

	(void)state;
	door_new();
	OK(vault_status(door_v, &a, &door_why));
	assert_int_equal(a.entries, 1);
	assert_int_equal(a.records, 0);
	assert_int_equal(a.slots, 1);
	assert_false(a.recovery);
	assert_string_equal(a.actor, "Aigul");
	assert_int_equal(strlen(a.head), 64);
	door_add("person", "pseudonym", "A");
	door_add("testimony", "summary", "S");
	OK(vault_status(door_v, &b, &door_why));
	assert_int_equal(b.entries, 3);
	assert_int_equal(b.records, 2);
	assert_int_equal(b.by_type[1], 1);
	assert_int_equal(b.by_type[3], 1);
	assert_string_not_equal(a.head, b.head);
	assert_string_not_equal(a.words, b.words);
	assert_string_equal(a.log_id, b.log_id);
	door_close();
	door_open();
	OK(vault_status(door_v, &a, &door_why));
	assert_string_equal(a.head, b.head);
	assert_string_equal(a.words, b.words);
	OK(vault_peek(door_path, &p, &door_why));
	assert_true(p.busy && !p.hot_journal);
	assert_true(p.header_ok[0] && p.header_ok[1] && p.state_ok[0] &&
	    p.state_ok[1]);
	assert_int_equal(p.kib, 65536);
	assert_int_equal(p.db_bytes % 4096, 0);
	door_close();
	OK(vault_peek(door_path, &p, &door_why));
	assert_false(p.busy);
}

/* Each commit rewrites exactly one STATE record, the two in turn. */
static void
test_state_turns(void **state)
{
	struct image a, b;
	int last = -1;

	(void)state;
	door_new();
	keep(&a);
	for (int i = 0; i < 4; i++) {
		bool c0, c1;

		door_add("person", "pseudonym", "A");
		keep(&b);
		c0 = memcmp(a.p[2], b.p[2], a.n[2]) != 0;
		c1 = memcmp(a.p[3], b.p[3], a.n[3]) != 0;
		assert_true(c0 != c1);
		assert_int_not_equal(last, c1);
		last = c1;
		assert_memory_equal(a.p[0], b.p[0], a.n[0]);
		drop(&a);
		a = b;
	}
	/* what is refused changes nothing at all */
	ERR(door_try_add("person", "sex", "perhaps", NULL), SQ_EREFUSED);
	keep(&b);
	for (int i = 0; i < FILES; i++)
		assert_true(a.n[i] == b.n[i] &&
		    memcmp(a.p[i], b.p[i], a.n[i]) == 0);
	drop(&a);
	drop(&b);
}

/* --- cut off and put back ------------------------------------------------- */

static void
test_cut_before_state(void **state)
{
	struct image old;

	(void)state;
	door_new();
	door_add("person", "pseudonym", "A");
	door_close();
	keep(&old);
	door_open();
	door_add("testimony", "summary", "the last word");
	door_close();
	put(&old, STATES);
	door_open();
	assert_true(door_noted("cut off"));
	assert_string_equal(door_value("T-1", 0, "summary"), "the last word");
	sound(3);
	/* only the record that was to be written is the old one: the same */
	door_close();
	drop(&old);
	keep(&old);
	door_open();
	door_add("person", "pseudonym", "B");
	door_close();
	put(&old, STATES);
	OK(door_try_open(door_pass, VAULT_READ));
	assert_true(door_noted("cut off"));
	sound(5);
	drop(&old);
}

/* One STATE record torn by the cut, the other good. */
static void
test_cut_torn_state(void **state)
{
	struct image old, now;

	(void)state;
	for (int torn = 2; torn <= 3; torn++) {
		door_new();
		door_add("person", "pseudonym", "A");
		door_close();
		keep(&old);
		door_open();
		door_add("person", "pseudonym", "B");
		door_close();
		keep(&now);
		put(&old, STATES);
		/* the one that this commit rewrites */
		if (memcmp(old.p[torn], now.p[torn], now.n[torn]) != 0) {
			memset(now.p[torn] + 100, 0, 300);
			door_write(door_in(name_of[torn]), now.p[torn],
			    now.n[torn]);
			door_open();
			assert_true(door_noted("cut off"));
			sound(3);
		}
		drop(&old);
		drop(&now);
	}
}

static void
test_rolled_back(void **state)
{
	struct image old, older;
	struct bytes_buf note = { 0 };
	struct door_hash h;

	(void)state;
	door_new();
	door_add("person", "pseudonym", "A");
	door_close();
	keep(&older);
	door_open();
	door_add("person", "pseudonym", "B");
	door_close();
	keep(&old);
	door_open();
	door_add("person", "pseudonym", "C");
	door_close();
	/* the database one commit older, then STATE two commits older */
	put(&old, DATABASE);
	h = door_hash();
	ERR(door_try_open(door_pass, 0), SQ_EROLLBACK);
	ERR(door_try_open(door_pass, VAULT_READ), SQ_EROLLBACK);
	door_same(&h);
	OK(door_try_open(door_pass, VAULT_AS_IS));
	assert_true(vault_readonly(door_v));
	assert_non_null(vault_note(door_v, 0));
	assert_string_equal(door_value("P-2", 0, "pseudonym"), "B");
	ERR(door_try_add("person", "pseudonym", "D", NULL), SQ_EREADONLY);
	door_same(&h);
	OK(vault_accept(door_v, "the disk was restored", &door_why));
	ERR(vault_accept(door_v, "again", &door_why), SQ_EREFUSED);
	/* it may have signed more than it knows of: it signs nothing now */
	ERR(vault_checkpoint(door_v, &note, &door_why), SQ_EREFUSED);
	assert_int_equal(note.len, 0);
	door_close();
	door_open();
	assert_non_null(vault_note(door_v, 0));
	ERR(vault_checkpoint(door_v, &note, &door_why), SQ_EREFUSED);
	OK(vault_log_lost(door_v, "nobody has a newer one", &door_why));
	ERR(vault_log_lost(door_v, "again", &door_why), SQ_EREFUSED);
	OK(vault_checkpoint(door_v, &note, &door_why));
	bytes_free(&note);
	sound(5);
	/* the acceptance stands in the log */
	assert_string_equal(door_value("Y-1", 0, "action"), "restored");
	door_close();
	put(&older, STATES);
	ERR(door_try_open(door_pass, 0), SQ_EROLLBACK);
	drop(&old);
	drop(&older);
}

static void
test_nothing_to_accept(void **state)
{
	(void)state;
	door_new();
	ERR(vault_accept(door_v, "why not", &door_why), SQ_EREFUSED);
	assert_int_equal(door_entries(), 1);
	/* as it is, but it is good: no note, and writable */
	OK(door_try_open(door_pass, VAULT_AS_IS));
	door_add("person", "pseudonym", "A");
}

/* --- slots ---------------------------------------------------------------- */

struct slots {
	unsigned n, current, recovery;
};

static void
count_slot(void *arg, const struct vault_slot *s)
{
	struct slots *c = arg;

	c->n++;
	c->current += s->current;
	c->recovery += s->kind == KEYSLOT_RECOVERY;
}

static void
test_slots(void **state)
{
	struct secret *second = door_secret("второй пароль"), *p;
	struct slots c = { 0 };
	unsigned index, more;

	(void)state;
	door_new();
	OK(vault_slot_add(door_v, "Berik", second, KEYSLOT_PASSPHRASE, &index,
	    &door_why));
	OK(vault_slots(door_v, count_slot, &c, &door_why));
	assert_true(c.n == 2 && c.current == 1 && c.recovery == 0);
	OK(door_try_open(second, 0));
	door_add("person", "pseudonym", "by the second");
	ERR(vault_slot_remove(door_v, index, &door_why), SQ_EREFUSED);
	ERR(vault_slot_remove(door_v, 0, &door_why), SQ_EUSAGE);
	ERR(vault_slot_remove(door_v, 9, &door_why), SQ_EUSAGE);
	door_open();
	OK(vault_slot_remove(door_v, index, &door_why));
	ERR(door_try_open(second, 0), SQ_EPASS);
	door_open();
	/* all eight, then none is free */
	for (int i = 0; i < 7; i++) {
		char s[24];

		(void)snprintf(s, sizeof(s), "pass %d", i);
		p = door_secret(s);
		OK(vault_slot_add(door_v, s, p, KEYSLOT_PASSPHRASE, &more,
		    &door_why));
		secret_free(p);
	}
	ERR(vault_slot_add(door_v, "x", second, KEYSLOT_PASSPHRASE, &more,
	    &door_why), SQ_EREFUSED);
	OK(vault_slot_change(door_v, second, &door_why));
	ERR(door_try_open(door_pass, 0), SQ_EPASS);
	OK(door_try_open(second, 0));
	p = door_secret("pass 6");
	OK(door_try_open(p, 0));
	secret_free(p);
	secret_free(second);
}

static void
test_slot_cut(void **state)
{
	struct secret *next = door_secret("the next passphrase");
	struct slots c = { 0 };
	struct image old;

	(void)state;
	door_new();
	door_add("person", "pseudonym", "A");
	door_close();
	keep(&old);
	door_open();
	OK(vault_slot_change(door_v, next, &door_why));
	door_close();
	/* the header was written, the rest was not */
	put(&old, STATES | DATABASE);
	ERR(door_try_open(door_pass, 0), SQ_EPASS);
	OK(door_try_open(next, 0));
	assert_true(door_noted("key slots was cut off"));
	ERR(vault_slots(door_v, count_slot, &c, &door_why), SQ_ECANNOT);
	assert_int_equal(c.current, 1);
	/* pinned now: the older header is refused */
	door_close();
	OK(door_try_open(next, 0));
	assert_null(vault_note(door_v, 0));
	OK(vault_slot_change(door_v, door_pass, &door_why));
	memset(&c, 0, sizeof(c));
	OK(vault_slots(door_v, count_slot, &c, &door_why));
	assert_int_equal(c.n, 1);
	door_open();
	door_close();
	put(&old, HEADERS);
	ERR(door_try_open(door_pass, 0), SQ_EROLLBACK);
	drop(&old);
	secret_free(next);
}

/* One copy of the header damaged, or the older of a cut write. */
static void
test_header_mended(void **state)
{
	struct secret *next = door_secret("the next passphrase");
	struct image old, now;

	(void)state;
	for (int copy = 0; copy < 2; copy++) {
		door_new();
		door_close();
		keep(&old);
		door_write(door_in(name_of[copy]), old.p[copy], 1000);
		door_open();
		assert_true(door_noted("mended"));
		door_close();
		drop(&old);
		keep(&old);
		assert_memory_equal(old.p[0], old.p[1], 4096);
		door_open();
		OK(vault_slot_change(door_v, next, &door_why));
		door_close();
		keep(&now);
		door_write(door_in(name_of[copy]), old.p[copy], old.n[copy]);
		OK(door_try_open(next, 0));
		assert_true(door_noted("mended"));
		door_close();
		ERR(door_try_open(door_pass, 0), SQ_EPASS);
		/* and by the passphrase that was taken away */
		door_write(door_in(name_of[copy]), old.p[copy], old.n[copy]);
		ERR(door_try_open(door_pass, 0), SQ_EDAMAGE);
		OK(door_try_open(next, 0));
		drop(&old);
		drop(&now);
	}
	secret_free(next);
}

static void
upper(char *s)
{
	for (; *s != '\0'; s++)
		if (*s >= 'a' && *s <= 'z')
			*s = (char)(*s - 32);
}

static void
test_recovery(void **state)
{
	struct secret *code = NULL, *again = NULL, *typed;
	struct vault_status st;
	char text[512], form[1024], *to;
	uint64_t before;
	unsigned word = 0;

	(void)state;
	door_new();
	OK(vault_recovery_new(door_v, &code, &door_why));
	(void)snprintf(text, sizeof(text), "%.*s", (int)secret_len(code),
	    (const char *)secret_cbytes(code));
	before = door_entries();
	/* capitals, hyphens, line breaks and the numbers of the groups */
	to = form;
	for (char *w = strtok(text, " "); w != NULL; w = strtok(NULL, " ")) {
		if (word % 4 == 0)
			to += sprintf(to, "\n  %u. ", word / 4 + 1);
		to += sprintf(to, "%s%s", w, word++ % 4 == 3 ? "" : "-");
	}
	upper(form);
	typed = door_secret(form);
	OK(vault_recovery_test(door_v, typed, &door_why));
	assert_int_equal(door_entries(), before + 1);
	ERR(vault_recovery_test(door_v, door_pass, &door_why), SQ_EPASS);
	assert_int_equal(door_entries(), before + 1);
	OK(vault_status(door_v, &st, &door_why));
	assert_true(st.recovery);
	/* it opens, as printed and as typed */
	OK(door_try_open(code, 0));
	OK(door_try_open(typed, 0));
	door_add("person", "pseudonym", "after all");
	/* not itself the hand that replaces it */
	ERR(vault_recovery_new(door_v, &again, &door_why), SQ_EREFUSED);
	ERR(vault_slot_change(door_v, door_pass, &door_why), SQ_EREFUSED);
	door_open();
	OK(vault_recovery_new(door_v, &again, &door_why));
	ERR(door_try_open(code, 0), SQ_EPASS);
	OK(door_try_open(again, 0));
	OK(vault_status(door_v, &st, &door_why));
	assert_int_equal(st.slots, 2);
	door_open();
	ERR(vault_recovery_test(door_v, typed, &door_why), SQ_EPASS);
	secret_free(typed);
	secret_free(code);
	secret_free(again);
}

/* --- who else is there ---------------------------------------------------- */

static void
test_busy(void **state)
{
	int to[2], from[2], rc;
	struct door_hash h;
	char c = 0, pid[24];
	pid_t child;

	(void)state;
	door_new();
	door_close();
	h = door_hash();
	assert_int_equal(pipe(to), 0);
	assert_int_equal(pipe(from), 0);
	if ((child = door_fork()) == 0) {
		if (door_try_open(door_pass, 0) != SQ_OK ||
		    write(from[1], "x", 1) != 1 || read(to[0], &c, 1) != 1)
			_exit(1);
		vault_close(door_v);
		_exit(0);
	}
	assert_int_equal(read(from[0], &c, 1), 1);
	ERR(door_try_open(door_pass, 0), SQ_EBUSY);
	(void)snprintf(pid, sizeof(pid), "%d", (int)child);
	door_says(pid);
	door_same(&h);
	assert_int_equal(write(to[1], "x", 1), 1);
	assert_int_equal(waitpid(child, &rc, 0), child);
	assert_true(WIFEXITED(rc) && WEXITSTATUS(rc) == 0);
	door_open();
	for (int i = 0; i < 2; i++) {
		(void)close(to[i]);
		(void)close(from[i]);
	}
}

static enum sq_err
no_record(void *arg, const struct record *r)
{
	unsigned *n = arg;

	(void)r;
	++*n;
	return SQ_OK;
}

static int
readonly_child(void)
{
	struct secret *p = door_secret("another");
	struct vault_export o = { .refs = (const char *[]){ "P-1" },
	    .n_refs = 1, .to = "R-1", .profile = "full" };
	struct record r;
	unsigned n = 0, index;

	if (mount(door_path, door_path, NULL, MS_BIND, NULL) != 0 ||
	    mount(NULL, door_path, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY,
	    NULL) != 0)
		return SKIPPED;
	CHECK(door_try_open(door_pass, 0) == SQ_EREADONLY);
	CHECK(strstr(door_why.text, "cannot be written") != NULL);
	CHECK(door_try_open(door_pass, VAULT_READ) == SQ_OK);
	CHECK(vault_readonly(door_v));
	CHECK(vault_show(door_v, "P-1", 0, &r, &door_why) == SQ_OK);
	model_record_free(&r);
	CHECK(vault_list(door_v, NULL, 0, no_record, &n, &door_why) ==
	    SQ_OK);
	CHECK(n == 2);
	CHECK(door_try_add("person", "pseudonym", "B", NULL) ==
	    SQ_EREADONLY);
	CHECK(door_try_edit("P-1", "pseudonym", "B", NULL) == SQ_EREADONLY);
	CHECK(vault_slot_add(door_v, "x", p, KEYSLOT_PASSPHRASE, &index,
	    &door_why) == SQ_EREADONLY);
	CHECK(vault_slot_change(door_v, p, &door_why) == SQ_EREADONLY);
	CHECK(door_export(&o) == SQ_EREADONLY);
	CHECK(door_count(door_out) == 0);
	vault_close(door_v);
	secret_free(p);
	return 0;
}

static void
test_readonly(void **state)
{
	struct door_hash h;

	(void)state;
	door_new();
	door_add("person", "pseudonym", "A");
	door_recipient("L", "l.key");
	door_close();
	h = door_hash();
	in_child(readonly_child);
	door_same(&h);
	door_remove(door_at("l.key"));
	door_remove(door_out);
	if (geteuid() == 0)
		return;
	/* the same for a folder that merely may not be written */
	assert_int_equal(chmod(door_path, 0500), 0);
	ERR(door_try_open(door_pass, 0), SQ_EREADONLY);
	OK(door_try_open(door_pass, VAULT_READ));
	assert_string_equal(door_value("P-1", 0, "pseudonym"), "A");
	ERR(door_try_add("person", "pseudonym", "B", NULL), SQ_EREADONLY);
	door_close();
	assert_int_equal(chmod(door_path, 0700), 0);
	door_same(&h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_init),
		cmocka_unit_test(test_open_refused),
		cmocka_unit_test(test_status),
		cmocka_unit_test(test_state_turns),
		cmocka_unit_test(test_cut_before_state),
		cmocka_unit_test(test_cut_torn_state),
		cmocka_unit_test(test_rolled_back),
		cmocka_unit_test(test_nothing_to_accept),
		cmocka_unit_test(test_slots),
		cmocka_unit_test(test_slot_cut),
		cmocka_unit_test(test_header_mended),
		cmocka_unit_test(test_recovery),
		cmocka_unit_test(test_busy),
		cmocka_unit_test(test_readonly)
	};
	int rc;

	door_start();
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	door_end();
	return rc;
}
