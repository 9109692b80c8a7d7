/*
 * The verifier while what it stands on fails at every place: with a key card,
 * a memory of earlier bundles, keys that changed, fields opened later, recall
 * notices, receipts; opening a bundle and taking it in.  Told, or the truth:
 * never an alarm about the evidence, and nothing half is left.
 */
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "tests/unit/door.h"
#include "tests/unit/failing.h"
#include "tests/unit/take_help.h"
#include "vault/vault_consent.h"
#include "vault/vault_keys.h"
#include "vault/vault_media.h"

#define NOW "2099-05-01T08:00:00Z"	/* after all that is made here */

/* What the vault made: see make. */
static char first[192], later[192], opened[192], told[192], cards[2][192];
static char identity[192], memory[2][192], memory_now[192];

/* --- making -------------------------------------------------------------- */

static void
place(char at[192], const char *name)
{
	(void)snprintf(at, 192, "%s", door_at(name));
}

/* Export or disclose into a folder of its own. */
static void
send(const char *bundle, const char *name, char at[192])
{
	const char *refs[] = { "T-1", "M-1" }, *text[] = { "T-1.text" };
	struct vault_export o = { .refs = refs, .n_refs = 2, .to = "R-1" };
	struct vault_exported x = { .path = NULL };
	char dir[192];

	place(dir, name);
	assert_int_equal(mkdir(dir, 0700), 0);
	o.dir = dir;
	if (bundle != NULL) {
		o.disclose = text;
		o.n_disclose = 1;
		OK(vault_disclose(door_v, bundle, &o, &x, &door_why));
	} else {
		o.withhold = text;
		o.n_withhold = 1;
		OK(vault_export(door_v, &o, &x, &door_why));
	}
	(void)snprintf(at, 192, "%s", x.path);
	vault_exported_free(&x);
}

static void
write_card(char at[192], const char *name)
{
	struct bytes_buf b = { 0 };

	place(at, name);
	OK(vault_key_card(door_v, NULL, &b, &door_why));
	door_write(at, b.p, b.len);
	bytes_free(&b);
}

static void
heard(void *arg, const struct vault_attached *a)
{
	(void)arg;
	(void)a;
}

static void
attach(void)
{
	char file[192];
	const char *paths[] = { file };
	struct vault_attach o = { .ref = "T-1", .paths = paths, .n = 1 };
	uint8_t bytes[3000];

	place(file, "photo");
	memset(bytes, 'p', sizeof(bytes));
	door_write(file, bytes, sizeof(bytes));
	OK(vault_attach(door_v, &o, heard, NULL, &door_why));
}

/* What is known of the log after a bundle more. */
static void
remember(const char *bundle, char at[192], const char *name)
{
	struct verify_opts o = { .path = bundle, .identity = identity,
	    .remember = at, .now = NOW };
	struct verify_report r;

	place(at, name);
	OK(verify_bundle(&o, &r, &door_why));
}

static void
make(void)
{
	struct vault_rotate change = { .reason = "a colleague left" };
	struct vault_carriers c = { 0 };
	struct vault_made made;
	char pattern[208];
	glob_t found;

	door_new();
	door_recipient("Counsel", "r1.key");
	place(identity, "r1.key");
	place(memory_now, "memory.now");
	door_add("testimony", "summary", "one", "text", "Said aloud");
	attach();
	door_share("T-1", "yes");
	door_share("M-1", "yes");
	write_card(cards[0], "card-1");
	send(NULL, "first", first);
	send("B-1", "opened", opened);
	remember(opened, memory[0], "memory-1");
	door_edit("T-1", "summary", "two");
	OK(vault_key_rotate(door_v, &change, &made, &door_why));
	write_card(cards[1], "card-2");
	send(NULL, "later", later);
	remember(later, memory[1], "memory-2");
	door_share("T-1", "withdrawn");
	place(told, "told");
	assert_int_equal(mkdir(told, 0700), 0);
	OK(vault_recall(door_v, door_made.ref, told, &c, &door_why));
	vault_carriers_free(&c);
	(void)snprintf(pattern, sizeof(pattern), "%s/recall-*", told);
	assert_int_equal(glob(pattern, 0, NULL, &found), 0);
	(void)snprintf(told, sizeof(told), "%s", found.gl_pathv[0]);
	globfree(&found);
	door_close();
}

/* --- judging ------------------------------------------------------------- */

/* The claims as letters must be as they are undisturbed, or it was told. */
static enum failing_end
judge(enum sq_err e, const struct verify_report *r, const char *want)
{
	failing_stop();
	if (e != SQ_OK)
		return FAILING_TOLD;
	for (int c = 0; c < VERIFY_CLAIMS; c++)
		if ("-ynu"[r->claim[c].result] != want[c]) {
			print_error("claim %d: %s\n", c, r->claim[c].detail);
			return FAILING_WRONG;
		}
	return FAILING_DONE;
}

/* A failure must not be taken for a forgery. */
static bool
alarm_raised(enum sq_err e, const struct verify_report *r)
{
	for (int c = 0; c < VERIFY_CLAIMS; c++)
		if (r->claim[c].result == VERIFY_NO)
			return true;
	return e == SQ_EAUTH || e == SQ_EFORMAT;
}

static enum failing_end
verified(struct verify_opts *o, const char *want)
{
	struct verify_report r;
	enum sq_err e;

	if (o->identity == NULL)
		o->identity = identity;
	o->now = NOW;
	e = verify_bundle(o, &r, &door_why);
	return alarm_raised(e, &r) ? FAILING_WRONG : judge(e, &r, want);
}

/* --- work ---------------------------------------------------------------- */

static enum failing_end
work_card(void)
{
	struct verify_opts o = { .path = first, .trust = cards[0] };

	return verified(&o, "yyyyyuu-");
}

/* The keys changed since the card was given. */
static enum failing_end
work_old_card(void)
{
	struct verify_opts o = { .path = later, .trust = cards[0] };

	return verified(&o, "yyyyyuu-");
}

/* With a memory, which is then written anew or as it was. */
static enum failing_end
remembered(const char *bundle, const char *from, const char *want)
{
	struct verify_opts o = { .path = bundle, .remember = memory_now };
	enum failing_end end;
	uint8_t *was, *is;
	size_t n, m;

	was = door_read(from, &n);
	door_write(memory_now, was, n);
	end = verified(&o, want);
	is = door_read(memory_now, &m);
	if (end == FAILING_TOLD && (m < n || memcmp(is, was, n) != 0) &&
	    memmem(is, m, "sandyq", 6) == NULL)
		end = FAILING_WRONG;
	free(was);
	free(is);
	return end;
}

/* It knows the log from before its keys changed. */
static enum failing_end
work_memory(void)
{
	return remembered(later, memory[0], "yyyyyyu-");
}

/* It knows the log after that, and a bundle of before comes. */
static enum failing_end
work_earlier(void)
{
	return remembered(first, memory[1], "yyyyyuu-");
}

static enum failing_end
work_with(void)
{
	struct verify_opts o = { .path = opened, .with = first };

	return verified(&o, "yuyyyuu-");
}

static enum failing_end
work_recall(void)
{
	struct verify_opts o = { .path = told };

	return verified(&o, "yuy-----");
}

/* A receipt is there with the answer, or not at all. */
static enum failing_end
work_receipt(void)
{
	char path[192];
	struct verify_opts o = { .path = first, .receipt = path };
	enum failing_end end;

	place(path, "receipt");
	end = verified(&o, "yuyyyuu-");
	if ((access(path, F_OK) == 0) != (end == FAILING_DONE))
		end = FAILING_WRONG;
	(void)unlink(path);
	return end;
}

/* Everything, or nothing but what a kill would leave as well. */
static enum failing_end
work_open(void)
{
	struct verify_opts o = { .path = first, .identity = identity };
	struct verify_report r;
	char dir[192], part[200];
	enum failing_end end;
	enum sq_err e;

	place(dir, "content");
	(void)snprintf(part, sizeof(part), "%s.part", dir);
	e = verify_open(&o, dir, &r, &door_why);
	end = judge(e, &r, "yuyyyuu-");
	if ((access(dir, F_OK) == 0) != (e == SQ_OK) ||
	    access(part, F_OK) == 0)
		end = FAILING_WRONG;
	door_remove(dir);
	door_remove(part);
	return end;
}

/* --- taking in ----------------------------------------------------------- */

static enum sq_err
take_ready(void *arg, const struct verify_taken *t, struct why *why)
{
	(void)arg;
	(void)t;
	(void)why;
	return SQ_OK;
}

static enum failing_end
work_take(void)
{
	struct take got = { .wanted = true };
	const struct verify_take_files f = { .ready = take_ready,
	    .begin = take_begin, .data = take_data, .end = take_end,
	    .arg = &got };
	struct verify_opts o = { .path = later, .identity = identity };
	struct verify_taken t = { .n = 0 };
	struct verify_report r;
	enum sq_err e = verify_take(&o, &f, &t, &r, &door_why);
	bool right = t.n >= 2 && got.seen == 3000;

	verify_take_free(&t);
	if (e == SQ_OK && !right)
		return FAILING_WRONG;
	return judge(e, &r, "yuyyyuu-");
}

/* --- all of them --------------------------------------------------------- */

static void
test_verify(void **state)
{
	(void)state;
	failing_try("a bundle and a card", work_card);
	failing_try("keys newer than the card", work_old_card);
	failing_try("a memory of the log", work_memory);
	failing_try("a memory of later", work_earlier);
	failing_try("fields opened later", work_with);
	failing_try("a receipt", work_receipt);
}

static void
test_content(void **state)
{
	(void)state;
	failing_try("a bundle opened", work_open);
	failing_try("a bundle taken in", work_take);
	failing_try("a recall notice", work_recall);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verify),
		cmocka_unit_test(test_content)
	};
	int rc;

	door_start();
	make();
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	door_end();
	return rc;
}
