/*
 * The hazards that no matrix is for: how the database is opened, memory that
 * fails, keys with zeros behind them, a folder exchanged under the program,
 * what a refusal gives away.
 */
#define SQLITE_HAS_CODEC 1
#include <sqlcipher/sqlite3.h>

#include <sys/syscall.h>
#include <sys/wait.h>

#include <signal.h>

#include "crypto/digest.h"
#include "crypto/object.h"
#include "tests/unit/tamper.h"

static struct secret *pass;

static void
hazard(const char *id, const char *what, unsigned cases, unsigned held)
{
	print_message("# HAZARD\t%s\t%s\t%u\t%u\n", id, what, cases, held);
	assert_int_equal(held, cases);
	assert_true(cases > 0);
}

static void
fresh(void)
{
	struct vault_init in = { .path = tm_vault, .kib = 65536,
	    .passes = 3, .lanes = 4 };
	char log_id[33];
	uint32_t kib;
	struct vault *v;

	in.passphrase = pass;
	tm_remove(tm_vault);
	OK(vault_init(&in, log_id, &kib, NULL));
	v = tm_open(pass);
	tm_add(v, "testimony", "text", "the first", NULL);
	vault_close(v);
}

/* --- how the database is opened ------------------------------------------ */

static sqlite3 *inner;

/* SQLite hands every connection that is made to this one. */
static int
hand(sqlite3 *db, const char **msg, const void *api)
{
	(void)msg;
	(void)api;
	if (inner == NULL)	/* the vault's; others are in memory */
		inner = db;
	return SQLITE_OK;
}

static bool
pragma_is(const char *name, const char *want)
{
	char sql[64];
	sqlite3_stmt *st;
	bool same;

	(void)snprintf(sql, sizeof(sql), "PRAGMA %s", name);
	assert_int_equal(sqlite3_prepare_v2(inner, sql, -1, &st, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	same = strcmp((const char *)sqlite3_column_text(st, 0), want) == 0;
	if (!same)
		print_message("# %s is %s, not %s\n", name,
		    sqlite3_column_text(st, 0), want);
	(void)sqlite3_finalize(st);
	return same;
}

static void
modes(void **state)
{
	static const char *const want[][2] = {
		{ "journal_mode", "truncate" }, { "synchronous", "3" },
		{ "locking_mode", "exclusive" }, { "mmap_size", "0" },
		{ "temp_store", "2" }, { "secure_delete", "1" },
		{ "trusted_schema", "0" }, { "cell_size_check", "1" }
	};
	unsigned held = 0, vacuum = 0, n = sizeof(want) / sizeof(want[0]);

	(void)state;
	assert_int_equal(sqlite3_auto_extension((void (*)(void))hand),
	    SQLITE_OK);
	for (int again = 0; again < 3; again++) {
		struct vault *v;

		fresh();
		inner = NULL;
		v = tm_open(pass);
		for (unsigned i = 0; i < n; i++)
			held += pragma_is(want[i][0], want[i][1]);
		vacuum += pragma_is("auto_vacuum", "0");
		vault_close(v);
	}
	sqlite3_reset_auto_extension();
	hazard("PW2", "modes read back from the open database", 3 * n, held);
	hazard("TM12", "auto_vacuum is 0 when opened", 3, vacuum);
}

/* --- memory that fails --------------------------------------------------- */

static struct {
	bool before;		/* what is sealed, or else what was sealed */
	int in;			/* calls until then; < 0: never */
	size_t bit;
} fails = { .in = -1 };

enum sq_err __real_object_seal(const struct object *o, uint64_t index,
    bool final, const void *pt, size_t n, uint8_t *out);
enum sq_err __wrap_object_seal(const struct object *o, uint64_t index,
    bool final, const void *pt, size_t n, uint8_t *out);

enum sq_err
__wrap_object_seal(const struct object *o, uint64_t index, bool final,
    const void *pt, size_t n, uint8_t *out)
{
	static uint8_t copy[1 << 20];
	size_t at = fails.bit / 8 % n;
	uint8_t bit = (uint8_t)(1u << fails.bit % 8);
	enum sq_err e;

	if (fails.in < 0 || fails.in-- > 0)
		return __real_object_seal(o, index, final, pt, n, out);
	if (fails.before) {
		assert_true(n <= sizeof(copy));
		memcpy(copy, pt, n);
		copy[at] ^= bit;
		return __real_object_seal(o, index, final, copy, n, out);
	}
	e = __real_object_seal(o, index, final, pt, n, out);
	out[at] ^= bit;
	return e;
}

static void
none(void *arg, const struct vault_attached *a)
{
	(void)arg;
	(void)a;
}

static void
damage(void *arg, const struct vault_found *f)
{
	unsigned *n = arg;

	*n += strcmp(f->severity, "damage") == 0;
}

/* Take in and delete the source, with one bit changed on the way. */
static bool
survives(const uint8_t *p, size_t n, bool before, int chunk, size_t bit)
{
	char src[96];
	const char *paths[] = { src };
	struct vault_attach o = { .ref = "T-1", .paths = paths, .n = 1,
	    .move = true };
	struct vault *v = tm_open(pass);
	struct why why = { "" };
	unsigned bad = 0;
	enum sq_err e;
	bool there;

	(void)snprintf(src, sizeof(src), "%s/film", tm_dir);
	tm_write(src, p, n);
	fails.before = before;
	fails.bit = bit;
	fails.in = chunk;
	e = vault_attach(v, &o, none, NULL, &why);
	fails.in = -1;
	there = access(src, F_OK) == 0;
	(void)vault_check(v, true, NULL, damage, &bad, NULL);
	vault_close(v);
	if (e != SQ_OK && there && bad == 0)
		return true;
	print_message("# %s sealing, chunk %d, bit %zu: error %d, source %s, "
	    "%u damages: %s\n", before ? "before" : "after", chunk, bit, e,
	    there ? "there" : "gone", bad, why.text);
	return false;
}

static void
memory_fails(void **state)
{
	static uint8_t film[3 * 65536 + 100];
	unsigned cases[2] = { 0 }, held[2] = { 0 };
	size_t step = tm_all() ? 65536 / 5 * 8 + 3 : 65536 / 2 * 8 + 3;

	(void)state;
	fresh();
	for (size_t i = 0; i < sizeof(film); i++)
		film[i] = (uint8_t)(i * 2654435761u >> 13);
	for (int before = 0; before < 2; before++)
		for (int chunk = 0; chunk < 3; chunk++)
			for (size_t bit = (size_t)chunk; bit < 65536 * 8;
			    bit += step) {
				film[0]++;	/* never known content */
				cases[before]++;
				held[before] += survives(film, sizeof(film),
				    before, chunk, bit);
			}
	hazard("PW9", "a bit changed between hash and sealing", cases[1],
	    held[1]);
	hazard("PW9", "a bit changed between sealing and disk", cases[0],
	    held[0]);
}

/* --- keys ---------------------------------------------------------------- */

static void
zeros_behind(void **state)
{
	uint8_t typed[128] = { 0 };
	struct secret *p;
	struct vault *v = NULL;
	unsigned held = 0;
	size_t n = secret_len(pass);

	(void)state;
	fresh();
	memcpy(typed, secret_cbytes(pass), n);
	for (size_t more = 1; more <= 48; more++) {
		OK(secret_copy(typed, n + more, &p));
		if (vault_open(tm_vault, p, 0, &v, NULL) != SQ_OK)
			held++;
		else
			vault_close(v);
		secret_free(p);
	}
	hazard("TM11", "the passphrase with zeros behind it", 48, held);
}

/* What a refusal says, and how much work it was. */
struct refusal {
	enum sq_err e;
	unsigned kdf;
	struct why why;
};

static struct refusal
refused(const char *typed)
{
	struct secret *p = tm_secret(typed);
	struct refusal r = { .why = { "" } };
	struct vault *v = NULL;

	tm_kdf = 0;
	r.e = vault_open(tm_vault, p, 0, &v, &r.why);
	r.kdf = tm_kdf;
	secret_free(p);
	return r;
}

static void
one_refusal(void **state)
{
	struct secret *other = tm_secret("another person's");
	struct refusal a, b;
	struct vault *v;
	unsigned index = 0, cases = 0, held = 0;
	uint8_t *head;
	size_t n;

	(void)state;
	fresh();
	a = refused("never anybody's");
	assert_int_equal(a.e, SQ_EPASS);
	v = tm_open(pass);
	OK(vault_slot_add(v, "other", other, KEYSLOT_PASSPHRASE, &index,
	    NULL));
	OK(vault_slot_remove(v, index, NULL));
	vault_close(v);
	/* a passphrase whose slot is gone; then slot after slot damaged */
	for (int slot = -1; slot < 8; slot++) {
		for (int i = 0; i < 2 && slot >= 0; i++) {
			head = tm_read(tm_path(file_name[i]), &n);
			head[0x80 + slot * 256 + 100] ^= 1;
			digest_blake2b(head + 0xFE0, 32, NULL,
			    &(const struct digest_part){ head, 0xFE0 }, 1);
			tm_write(tm_path(file_name[i]), head, n);
			free(head);
		}
		b = refused("another person's");
		cases++;
		held += b.e == a.e && b.kdf == a.kdf && strcmp(b.why.text,
		    a.why.text) == 0;
	}
	secret_free(other);
	hazard("MS8", "one sentence and as much work for every refusal",
	    cases, held);
}

/* --- the folder exchanged ------------------------------------------------ */

static unsigned
entries(bool check)
{
	struct vault *v = tm_open(pass);
	struct vault_status st;
	unsigned bad = 0;

	OK(vault_status(v, &st, NULL));
	if (check)		/* which is logged */
		OK(vault_check(v, true, NULL, damage, &bad, NULL));
	assert_int_equal(bad, 0);
	vault_close(v);
	return (unsigned)st.entries;
}

static void __attribute__((noreturn))
exchange(const char *a, const char *b)
{
	for (;;)
		(void)syscall(SYS_renameat2, AT_FDCWD, a, AT_FDCWD, b,
		    1u << 1 /* RENAME_EXCHANGE */);
}

/* Whichever of the two it was, it was that one from beginning to end. */
static void
exchanged(void **state)
{
	char two[128];
	struct vault *v;
	struct model_inputs in = { 0 };
	struct vault_made made;
	unsigned before, after, done = 0, n = tm_all() ? 400 : 60, i;
	pid_t pid;

	(void)state;
	(void)snprintf(two, sizeof(two), "%s/two.sandyq", tm_dir);
	tm_remove(two);
	fresh();
	assert_int_equal(rename(tm_vault, two), 0);
	fresh();
	before = entries(false);
	OK(model_inputs_add(&in, "pseudonym", NULL, "A"));
	assert_true((pid = fork()) >= 0);
	if (pid == 0)
		exchange(tm_vault, two);
	for (i = 0; i < n; i++) {
		if (vault_open(tm_vault, pass, 0, &v, NULL) != SQ_OK)
			continue;
		done += vault_add(v, "person", &in, NULL, &made, NULL) ==
		    SQ_OK;
		vault_close(v);
	}
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
	after = entries(true);
	assert_int_equal(syscall(SYS_renameat2, AT_FDCWD, tm_vault, AT_FDCWD,
	    two, 1u << 1), 0);
	after += entries(true);
	model_inputs_free(&in);
	print_message("# of %u times %u were done\n", n, done);
	assert_true(done > 0);
	hazard("RS4", "two folders exchanged all the while", n,
	    after == 2 * before + done ? n : 0);
}

static int
start(void **state)
{
	(void)state;
	tm_start();
	pass = tm_secret("correct horse battery staple");
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	secret_free(pass);
	tm_stop();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(modes),
		cmocka_unit_test(memory_fails),
		cmocka_unit_test(zeros_behind),
		cmocka_unit_test(one_refusal),
		cmocka_unit_test(exchanged)
	};

	cmocka_set_test_filter(getenv("TAMPER_ONLY"));
	return cmocka_run_group_tests_name("tamper: the rest", tests, start,
	    stop);
}
