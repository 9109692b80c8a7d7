/*
 * Merging: two vaults that exchange bundles of profile full, both ways, over
 * and over, with revisions on both sides, forged and cut off.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>

#include <cmocka.h>

#include <signal.h>

#include "tests/unit/raw_help.h"

/* --- two vaults ----------------------------------------------------------- */

static char other_path[96];

/* The vault that is open, and the one that is not, change places. */
static void
swap(void)
{
	char path[sizeof(door_path)];

	door_close();
	memcpy(path, door_path, sizeof(path));
	memcpy(door_path, other_path, sizeof(path));
	memcpy(other_path, path, sizeof(path));
	door_open();
}

/* Two new vaults; the first is open, each knows the other as R-1. */
static void
two_vaults(void)
{
	(void)snprintf(door_path, sizeof(door_path), "%s/w.sandyq", door_dir);
	door_new();
	(void)unlink(door_at("a.key"));
	door_recipient("first", "a.key");
	(void)snprintf(other_path, sizeof(other_path), "%s", door_path);
	(void)snprintf(door_path, sizeof(door_path), "%s/v.sandyq", door_dir);
	door_new();
	(void)unlink(door_at("b.key"));
	door_recipient("second", "b.key");
}

static char sent[192];
static bool with_card;		/* whoever receives has the sender's card */

/* The key card of the vault that is open. */
static void
write_card(void)
{
	struct bytes_buf b = { 0 };

	OK(vault_key_card(door_v, NULL, &b, &door_why));
	(void)unlink(door_at("card.txt"));
	door_write(door_at("card.txt"), b.p, b.len);
	bytes_free(&b);
}

/* Export ${refs} (parted by spaces) of the open vault, profile full. */
static void
send(const char *refs, const char *profile)
{
	static char word[4][16];
	const char *list[4];
	struct vault_export o = { .refs = list, .to = "R-1",
	    .profile = profile };
	int n = sscanf(refs, "%15s %15s %15s %15s", word[0], word[1], word[2],
	    word[3]);

	for (int i = 0; i < n; i++)
		list[i] = word[i];
	o.n_refs = (size_t)n;
	OK(door_export(&o));
	(void)snprintf(sent, sizeof(sent), "%s", door_x.path);
	write_card();
}

static struct vault_merged got;

static enum sq_err
receive_from(const char *path, const char *key)
{
	static char id[192], card[192];
	struct vault_merge in = { .path = path, .identity = id,
	    .trust = with_card ? card : NULL };

	(void)snprintf(id, sizeof(id), "%s", door_at(key));
	(void)snprintf(card, sizeof(card), "%s", door_at("card.txt"));
	vault_merge_free(&got);
	door_why.text[0] = '\0';
	return vault_merge(door_v, &in, &got, &door_why);
}

/* The key of whoever is not open now. */
static const char *
key(void)
{
	return strstr(door_path, "/v.") != NULL ? "a.key" : "b.key";
}

static enum sq_err
receive(void)
{
	return receive_from(sent, key());
}

static unsigned findings;

static void
finding(void *arg, const struct vault_found *f)
{
	(void)arg;
	if (strcmp(f->severity, "damage") == 0) {
		findings++;
		print_error("%s %s\n", f->what, f->where);
	}
}

/* Nothing of the vault is damaged, and it opens again. */
static void
sound(void)
{
	OK(vault_check(door_v, true, NULL, finding, NULL, &door_why));
	door_close();
	door_open();
	assert_null(vault_note(door_v, 0));
}

/* T-1 of the other vault, as this one calls it. */
static const char *
foreign(const char *ref)
{
	static char name[4][MODEL_REF_MAX];
	static unsigned i;

	i = (i + 1) % 4;
	(void)snprintf(name[i], sizeof(name[0]), "%s@%.4s", ref, got.log);
	return name[i];
}

/* --- taking in ------------------------------------------------------------ */

static void
test_comes_whole(void **state)
{
	char root[MODEL_ROOT_HEX];
	struct record r;
	uint64_t before;

	(void)state;
	two_vaults();
	door_add("testimony", "summary", "mine", "text", "own words");
	swap();
	door_add("testimony", "summary", "one", "text.kk", "Алыстан келген");
	door_edit("T-1", "summary", "two");
	door_share("T-1", "yes");
	OK(vault_show(door_v, "T-1", 0, &r, &door_why));
	memcpy(root, r.entry, sizeof(root));
	model_record_free(&r);
	send("T-1", "full");
	swap();
	OK(receive());
	assert_int_equal(got.entries, 3);	/* two revisions, a decision */
	assert_int_equal(got.conflicts, 0);
	assert_false(got.trusted);
	/* it keeps its id, and is told from ours */
	OK(vault_show(door_v, foreign("T-1"), 0, &r, &door_why));
	assert_string_equal(r.ref, foreign("T-1"));
	assert_string_equal(r.entry, root);
	assert_int_equal(r.rev, 2);
	assert_string_equal(r.log, got.log);
	model_record_free(&r);
	assert_string_equal(door_value("T-1", 0, "summary"), "mine");
	assert_string_equal(door_value(foreign("T-1"), 1, "summary"), "one");
	sound();
	/* once more: nothing changes */
	before = door_entries();
	OK(receive());
	assert_int_equal(got.entries, 0);
	assert_int_equal(got.known, 3);
	assert_int_equal(door_entries(), before);
	/* our numbers go on from ours */
	door_add("testimony", "summary", "next");
	assert_string_equal(door_made.ref, "T-2");
}

static enum sq_err
count_hit(void *arg, const struct vault_hit *h)
{
	assert_non_null(strchr(h->ref, '@'));
	++*(unsigned *)arg;
	return SQ_OK;
}

static enum sq_err
count_record(void *arg, const struct record *r)
{
	(void)r;
	++*(unsigned *)arg;
	return SQ_OK;
}

static unsigned gaps;

static void
note_gap(void *arg, const char *name, const char *text)
{
	(void)arg;
	(void)text;
	gaps += strcmp(name, "foreign") == 0;
}

static void
test_is_found(void **state)
{
	unsigned n = 0;

	(void)state;
	two_vaults();
	door_add("person", "name", "Somebody");
	swap();
	door_add("person", "name", "Қарлығаш");
	door_share("P-1", "yes");
	send("P-1", "full");
	swap();
	OK(receive());
	OK(vault_search(door_v, "Қарлығаш", NULL, 0, count_hit, &n,
	    &door_why));
	assert_int_equal(n, 1);
	n = 0;
	OK(vault_list(door_v, "person", 0, count_record, &n, &door_why));
	assert_int_equal(n, 2);
	n = gaps = 0;
	OK(vault_history(door_v, foreign("P-1"), count_record, note_gap, &n,
	    &door_why));
	assert_int_equal(n, 3);		/* revision, decision, merged */
	assert_int_equal(gaps, 1);
	/* it can be named, put into a case, and revised */
	door_add("case", "title", "c", "item", foreign("P-1"));
	assert_string_equal(door_value("C-1", 0, "item"), foreign("P-1"));
	door_edit(foreign("P-1"), "name", "Қарлығаш Б.");
	assert_string_equal(door_made.ref, "P-1");
	OK(vault_rebuild(door_v, &door_why));
	assert_string_equal(door_value(foreign("P-1"), 0, "name"),
	    "Қарлығаш Б.");
	sound();
}

/* --- both ways ------------------------------------------------------------ */

static void
test_back_and_forth(void **state)
{
	(void)state;
	two_vaults();
	door_add("testimony", "summary", "first");
	door_share("T-1", "yes");
	send("T-1", "full");
	swap();
	OK(receive());
	door_edit(foreign("T-1"), "summary", "second");
	door_edit(foreign("T-1"), "place", "a village");
	send(foreign("T-1"), "full");
	door_verify(sent, "a.key", NULL);
	swap();
	with_card = true;
	OK(receive());
	with_card = false;
	assert_true(got.trusted);
	assert_int_equal(got.entries, 2);
	assert_int_equal(got.conflicts, 0);
	assert_string_equal(door_value("T-1", 0, "summary"), "second");
	assert_string_equal(door_value("T-1", 0, "place"), "a village");
	sound();
}

static enum sq_err
two(void *arg, const struct record *r)
{
	unsigned *n = arg;
	const char *s = model_record_first(r, "summary");

	assert_string_equal(s, *n == 0 ? "here" : "there");
	++*n;
	return SQ_OK;
}

static void
test_two_heads(void **state)
{
	const char *refs[] = { "T-1" };
	struct vault_export o = { .refs = refs, .n_refs = 1, .to = "R-1" };
	struct model_inputs none = { 0 };
	struct record r;
	unsigned n = 0;

	(void)state;
	two_vaults();
	door_add("testimony", "summary", "first", "place", "p");
	door_share("T-1", "yes");
	send("T-1", "full");
	swap();
	OK(receive());
	door_edit(foreign("T-1"), "summary", "there");
	send(foreign("T-1"), "full");
	swap();
	door_edit("T-1", "summary", "here");
	with_card = true;
	OK(receive());
	with_card = false;
	assert_int_equal(got.conflicts, 1);
	assert_string_equal(got.conflict[0], "T-1");
	OK(vault_heads(door_v, "T-1", two, &n, &door_why));
	assert_int_equal(n, 2);
	/* neither goes for the other */
	ERR(door_export(&o), SQ_EREFUSED);
	door_says("joined");
	/* what differs must be decided */
	ERR(door_try_edit("T-1", "place", "q", NULL), SQ_EREFUSED);
	door_says("summary");
	ERR(vault_edit_join(door_v, "T-1", 9, &none, NULL, 0, NULL,
	    &door_made, &door_why), SQ_EUSAGE);
	OK(vault_edit_join(door_v, "T-1", 2, &none, NULL, 0, NULL,
	    &door_made, &door_why));
	assert_string_equal(door_value("T-1", 0, "summary"), "here");
	OK(vault_show(door_v, "T-1", 0, &r, &door_why));
	assert_int_equal(r.n_parent, 2);
	model_record_free(&r);
	n = 0;
	OK(vault_heads(door_v, "T-1", two, &n, &door_why));
	assert_int_equal(n, 0);
	sound();
	/* and the other side gets what joins them, without a conflict */
	send("T-1", "full");
	swap();
	with_card = true;
	OK(receive());
	with_card = false;
	assert_int_equal(got.conflicts, 0);
	assert_string_equal(door_value(foreign("T-1"), 0, "summary"), "here");
	sound();
}

/* A copy of this very vault that was written to: a fork of one log. */
static void
test_copy_of_our_own(void **state)
{
	char cmd[320];

	(void)state;
	two_vaults();
	door_add("testimony", "summary", "first");
	door_share("T-1", "yes");
	door_close();
	door_remove(other_path);
	(void)snprintf(cmd, sizeof(cmd), "cp -r '%s' '%s'", door_path,
	    other_path);
	assert_int_equal(system(cmd), 0);
	swap();
	door_edit("T-1", "summary", "there");
	door_add("testimony", "summary", "only there");
	door_share("T-2", "yes");
	send("T-1 T-2", "full");
	swap();
	door_edit("T-1", "summary", "here");
	door_add("testimony", "summary", "only here");
	OK(receive_from(sent, "b.key"));
	assert_true(got.trusted);
	assert_int_equal(got.conflicts, 1);
	assert_string_equal(door_value("T-2", 0, "summary"), "only here");
	sound();
}

/* --- consent, files, erasure --- */

static void
test_withdrawal_comes_along(void **state)
{
	const char *refs[1];
	struct vault_export o = { .refs = refs, .n_refs = 1, .to = "R-1",
	    .profile = "full" };

	(void)state;
	two_vaults();
	door_add("testimony", "summary", "s");
	door_share("T-1", "yes");
	send("T-1", "full");
	swap();
	OK(receive());
	refs[0] = foreign("T-1");
	OK(door_export(&o));
	/* withdrawn here, while there it was confirmed once more */
	door_share(foreign("T-1"), "withdrawn");
	swap();
	door_share("T-1", "yes");
	send("T-1", "full");
	swap();
	/* of what is here already, whoever wrote it, no stranger speaks */
	ERR(receive(), SQ_EREFUSED);
	door_says("here already");
	with_card = true;
	OK(receive());
	with_card = false;
	assert_int_equal(got.entries, 1);
	refs[0] = foreign("T-1");
	ERR(door_export(&o), SQ_EREFUSED);
}

/* Whom nobody vouches for must not speak of what is ours. */
static void
test_stranger_leaves_ours(void **state)
{
	const char *refs[] = { "T-1" };
	struct vault_export o = { .refs = refs, .n_refs = 1, .to = "R-1",
	    .profile = "court" };
	struct door_hash h;

	(void)state;
	for (int i = 0; i < 2; i++) {
		two_vaults();
		door_add("testimony", "summary", "first");
		door_share("T-1", "yes");
		door_add("consent", "about", "T-1", "scope", "court",
		    "decision", "no");
		send("T-1", "full");
		swap();
		OK(receive());
		if (i == 0)	/* a decision that answers the one of ours */
			door_add("consent", "about", foreign("T-1"), "scope",
			    "court", "decision", "yes");
		else
			door_edit(foreign("T-1"), "summary", "forged");
		send(foreign("T-1"), "full");
		swap();
		h = door_hash();
		ERR(receive(), SQ_EREFUSED);
		door_says("T-1");
		door_says("unknown");
		door_same(&h);
		assert_string_equal(door_value("T-1", 0, "summary"), "first");
		ERR(door_export(&o), SQ_EREFUSED);
		/* with the card it is believed */
		with_card = true;
		OK(receive());
		with_card = false;
		sound();
		door_close();
		door_remove(door_path);
		door_remove(other_path);
	}
}

static void
attached(void *arg, const struct vault_attached *a)
{
	(void)arg;
	(void)a;
}

static void
attach(const char *ref, const char *name, size_t n)
{
	static char path[192];
	const char *const paths[] = { path };
	struct vault_attach o = { .ref = ref, .paths = paths, .n = 1 };
	char *p = malloc(n);

	for (size_t i = 0; i < n; i++)
		p[i] = (char)(i * 7 + i / 251 + (unsigned char)name[0]);
	(void)snprintf(path, sizeof(path), "%s", door_at(name));
	door_write(path, p, n);
	free(p);
	OK(vault_attach(door_v, &o, attached, NULL, &door_why));
}

struct sum {
	uint64_t n, sum;
};

static enum sq_err
add_up(void *arg, const uint8_t *p, size_t n)
{
	struct sum *s = arg;

	for (size_t i = 0; i < n; i++)
		s->sum = s->sum * 31 + p[i];
	s->n += n;
	return SQ_OK;
}

static void
test_attachments(void **state)
{
	struct sum there = { 0 }, here = { 0 };

	(void)state;
	two_vaults();
	swap();
	door_add("testimony", "summary", "s");
	door_share("T-1", "yes");
	attach("T-1", "big", 3000000);
	attach("T-1", "small", 10);
	OK(vault_cat(door_v, "M-1", 0, UINT64_MAX, add_up, &there,
	    &door_why));
	send("T-1", "full");
	swap();
	door_add("testimony", "summary", "mine");
	attach("T-1", "small", 10);		/* here already */
	OK(receive());
	assert_int_equal(got.files, 2);
	OK(vault_cat(door_v, foreign("M-1"), 0, UINT64_MAX, add_up, &here,
	    &door_why));
	assert_int_equal(here.n, there.n);
	assert_int_equal(here.sum, there.sum);
	OK(vault_cat(door_v, foreign("M-2"), 0, UINT64_MAX, add_up, &here,
	    &door_why));
	sound();
	OK(receive());
	assert_int_equal(got.entries, 0);
	assert_int_equal(got.files, 0);
	sound();
}

static void
test_erased_stays_erased(void **state)
{
	struct vault_erase o = { .reason = "asked for" };
	struct vault_erased x;
	char ref[MODEL_REF_MAX];

	(void)state;
	two_vaults();
	swap();
	door_add("testimony", "summary", "to be forgotten");
	door_share("T-1", "yes");
	send("T-1", "full");
	swap();
	OK(receive());
	(void)snprintf(ref, sizeof(ref), "%s", foreign("T-1"));
	o.ref = ref;
	OK(vault_erase(door_v, &o, &x, &door_why));
	vault_erased_free(&x);
	swap();
	door_edit("T-1", "summary", "told again there");
	send("T-1", "full");
	swap();
	OK(receive());
	assert_int_equal(got.left, 1);
	assert_string_equal(door_value(ref, 0, "summary"), "«erased»");
	sound();
}

/* --- refused --- */

static void
test_refused(void **state)
{
	struct door_hash h;
	uint8_t *p;
	size_t n;

	(void)state;
	two_vaults();
	swap();
	door_add("testimony", "summary", "s");
	door_share("T-1", "yes");
	attach("T-1", "f", 70000);
	send("T-1", "lawyer");
	swap();
	h = door_hash();
	ERR(receive(), SQ_EREFUSED);
	door_says("profile");
	door_same(&h);
	swap();
	send("T-1", "full");
	swap();
	/* not addressed to us */
	ERR(receive_from(sent, "b.key"), SQ_EAUTH);
	/* a byte altered anywhere */
	p = door_read(sent, &n);
	for (size_t at = n / 2; at < n; at += n / 7) {
		p[at] ^= 1;
		door_write(door_at("bad.age"), p, n);
		p[at] ^= 1;
		if (receive_from(door_at("bad.age"), key()) == SQ_OK)
			fail_msg("byte %zu altered, and merged", at);
	}
	door_write(door_at("bad.age"), p, n / 2);
	assert_int_not_equal(receive_from(door_at("bad.age"), key()), SQ_OK);
	free(p);
	door_same(&h);
	OK(receive());
}

/* --- cut off --- */

static void
test_killed(void **state)
{
	static const unsigned after[] = { 3000, 9000, 15000, 20000, 25000,
	    30000, 40000, 60000 };
	unsigned none = 0;
	pid_t child;
	int rc;

	(void)state;
	two_vaults();
	swap();
	door_add("testimony", "summary", "s");
	door_share("T-1", "yes");
	attach("T-1", "f", 700000);
	send("T-1", "full");
	swap();
	for (size_t i = 0; i < sizeof(after) / sizeof(after[0]); i++) {
		uint64_t before = door_entries();
		bool was = got.entries > 0;

		(void)was;
		door_close();
		if ((child = door_fork()) == 0) {
			if (door_try_open(door_pass, 0) != SQ_OK)
				_exit(1);
			(void)receive();
			_exit(0);
		}
		(void)usleep(after[i]);
		(void)kill(child, SIGKILL);
		assert_int_equal(waitpid(child, &rc, 0), child);
		door_open();
		none += door_entries() == before;
		OK(vault_check(door_v, true, NULL, finding, NULL,
		    &door_why));
	}
	print_message("%u of %zu runs changed nothing\n", none,
	    sizeof(after) / sizeof(after[0]));
	OK(receive());
	assert_string_equal(door_value(foreign("T-1"), 0, "summary"), "s");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_comes_whole),
		cmocka_unit_test(test_is_found),
		cmocka_unit_test(test_back_and_forth),
		cmocka_unit_test(test_two_heads),
		cmocka_unit_test(test_copy_of_our_own),
		cmocka_unit_test(test_withdrawal_comes_along),
		cmocka_unit_test(test_stranger_leaves_ours),
		cmocka_unit_test(test_attachments),
		cmocka_unit_test(test_erased_stays_erased),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_killed),
	};
	int failed;

	(void)signal(SIGPIPE, SIG_IGN);
	door_start();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	vault_merge_free(&got);
	vault_exported_free(&door_x);
	door_end();
	return failed;
}
