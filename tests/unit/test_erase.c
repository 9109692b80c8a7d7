/*
 * Erasure by right of the witness: what is erased is nowhere in the database,
 * seen with its key, page by page; and log, other fields and older bundles
 * still prove themselves.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>

#include <cmocka.h>

#include <openssl/evp.h>
#include <signal.h>

#include "tests/unit/raw_help.h"
#include "vault/record/text.h"

#define PAGE 4096
#define RESERVE 80		/* of a page: IV 16, MAC 64 */

/* --- the database, decrypted --- */

/* Decrypt every page of vault.db, free ones too, as one who has the key. */
static uint8_t *
pages(size_t *ret_n)
{
	EVP_CIPHER_CTX *cx = EVP_CIPHER_CTX_new();
	uint8_t *p = door_read(door_in("vault.db"), ret_n), *out;
	int got;

	assert_non_null(cx);
	assert_non_null(p);
	assert_int_equal(*ret_n % PAGE, 0);
	out = calloc(1, *ret_n + 1);
	assert_non_null(out);
	for (size_t at = 0; at < *ret_n; at += PAGE) {
		size_t skip = at == 0 ? 16 : 0;

		assert_int_equal(EVP_DecryptInit_ex(cx, EVP_aes_256_cbc(),
		    NULL, secret_cbytes(door_v->k.db), p + at + PAGE -
		    RESERVE), 1);
		EVP_CIPHER_CTX_set_padding(cx, 0);
		assert_int_equal(EVP_DecryptUpdate(cx, out + at + skip, &got,
		    p + at + skip, (int)(PAGE - RESERVE - skip)), 1);
	}
	EVP_CIPHER_CTX_free(cx);
	free(p);
	return out;
}

static bool
on_a_page(const char *what)
{
	size_t n;
	uint8_t *p = pages(&n);
	bool has = door_has(p, n, what);

	free(p);
	return has;
}

/* Words as they are typed, and as the index of words has them. */
static const char *const words[] = { "Zhqaxat", "zhqaxat", "Ымғолжан",
    "ымғолжан", "吐尔", "干巴", "qvundisclosed", "ۋاپبەرگەن" };
#define NWORDS (sizeof(words) / sizeof(words[0]))

static void
tell(const char *title)
{
	door_add("testimony", "summary.kk", title, "text.kk",
	    "Zhqaxat told of Ымғолжан, in 吐尔干巴依, qvundisclosed ۋاپبەرگەن",
	    "interviewer", "Zhqaxat", "interviewer", "second", "place",
	    "the market town");
}

static void
all_there(bool there)
{
	for (size_t i = 0; i < NWORDS; i++)
		if (on_a_page(words[i]) != there)
			fail_msg("«%s» %s", words[i], there ?
			    "is not found: this test proves nothing" :
			    "is still there");
}

/* --- erasing --- */

static struct vault_erased x;

static enum sq_err
erase(const char *ref, const char *field, bool attachments)
{
	struct vault_erase o = { .ref = ref, .fields = &field,
	    .n_fields = field != NULL, .attachments = attachments,
	    .reason = "asked for by the witness" };

	vault_erased_free(&x);
	door_why.text[0] = '\0';
	return vault_erase(door_v, &o, &x, &door_why);
}

static char found[256];

static void
finding(void *arg, const struct vault_found *f)
{
	(void)arg;
	if (strcmp(f->severity, "damage") == 0)
		(void)snprintf(found, sizeof(found), "%s %s", f->what,
		    f->where);
}

static enum sq_err
check(void)
{
	found[0] = '\0';
	door_why.text[0] = '\0';
	return vault_check(door_v, true, NULL, finding, NULL, &door_why);
}

static enum sq_err
count_hit(void *arg, const struct vault_hit *h)
{
	(void)h;
	++*(unsigned *)arg;
	return SQ_OK;
}

static unsigned
hits(const char *query)
{
	unsigned n = 0;

	OK(vault_search(door_v, query, NULL, 0, count_hit, &n, &door_why));
	return n;
}

static void
test_words_gone(void **state)
{
	uint64_t before;

	(void)state;
	door_new();
	tell("Zhqaxat, first");
	door_edit("T-1", "summary", "Zhqaxat, second");
	door_edit("T-1", "summary", "Ымғолжан, third");
	tell("the other");
	door_edit("T-2", "text", "nothing of it", "interviewer", "none");
	door_add("media", "original_name", "a.txt", "about", "T-1");
	OK(erase("T-2", NULL, false));
	door_close();
	door_open();
	all_there(true);
	assert_int_equal(hits("Zhqaxat"), 1);
	before = door_entries();
	OK(erase("T-1", NULL, false));
	assert_int_equal(x.entries, 3);
	assert_int_equal(x.n_others, 1);
	assert_string_equal(x.others[0], "M-1");
	assert_int_equal(door_entries(), before + 1);
	all_there(false);
	door_close();
	door_open();
	all_there(false);
	assert_int_equal(hits("Zhqaxat"), 0);
	assert_int_equal(hits("吐尔干"), 0);
	for (unsigned rev = 1; rev <= 3; rev++) {
		assert_string_equal(door_value("T-1", rev, "summary"),
		    "«erased»");
		assert_string_equal(door_value("T-1", rev, "place"),
		    "«erased»");
	}
	OK(check());
	/* it can be told anew */
	door_edit("T-1", "summary", "no names");
	assert_string_equal(door_value("T-1", 0, "summary"), "no names");
	assert_string_equal(door_value("T-1", 0, "text"), "");
	OK(check());
}

static void
test_one_field(void **state)
{
	struct record r;

	(void)state;
	door_new();
	tell("kept");
	OK(erase("T-1", "text", false));
	assert_int_equal(x.values, 1);
	assert_string_equal(door_value("T-1", 0, "summary"), "kept");
	assert_string_equal(door_value("T-1", 0, "text"), "«erased»");
	assert_int_equal(hits("kept"), 1);
	assert_int_equal(hits("qvundisclosed"), 0);
	OK(erase("T-1", "interviewer", false));
	assert_int_equal(x.values, 2);
	all_there(false);
	/* a list that was erased leaves no gap in its successor */
	door_edit("T-1", "place", "elsewhere");
	OK(vault_show(door_v, "T-1", 0, &r, &door_why));
	assert_null(model_record_field(&r, "interviewer"));
	model_record_free(&r);
	OK(check());
}

static void
test_twice(void **state)
{
	uint64_t before;

	(void)state;
	door_new();
	tell("once");
	OK(erase("T-1", NULL, false));
	before = door_entries();
	OK(erase("T-1", NULL, false));
	assert_int_equal(x.values, 0);
	assert_string_equal(x.entry, "");
	assert_int_equal(door_entries(), before);
}

static void
test_refused(void **state)
{
	struct vault_erase no = { .ref = "T-1" };
	struct door_hash h;

	(void)state;
	door_new();
	tell("stays");
	door_add("media", "original_name", "a", "about", "T-1");
	h = door_hash();
	vault_erased_free(&x);
	ERR(vault_erase(door_v, &no, &x, &door_why), SQ_EUSAGE);
	ERR(erase("T-9", NULL, false), SQ_ENOENT);
	ERR(erase("T-1", "nonsense", false), SQ_EUSAGE);
	ERR(erase("M-1", "about", false), SQ_EREFUSED);
	ERR(erase("M-1", "sha256", false), SQ_EREFUSED);
	ERR(erase("T-1", "text", true), SQ_EUSAGE);
	door_same(&h);
}

/* --- links --- */

static void
test_links(void **state)
{
	(void)state;
	door_new();
	door_add("person", "name", "Zhqaxat Ымғолжан 吐尔干巴依");
	door_add("testimony", "summary", "s", "witness", "P-1");
	door_add("contact", "person", "P-1", "value", "qvundisclosed");
	door_add("case", "title", "ۋاپبەرگەن", "item", "T-1", "item", "P-1");
	OK(erase("P-1", NULL, false));
	assert_int_equal(x.n_others, 3);
	assert_string_equal(door_value("T-1", 0, "witness"), "P-1");
	assert_string_equal(door_value("P-1", 0, "name"), "«erased»");
	OK(erase("C-1", NULL, false));
	assert_string_equal(door_value("C-1", 0, "item"), "«erased»");
	OK(erase("K-1", NULL, false));
	all_there(false);
	/* nothing names T-1 any more */
	OK(erase("T-1", NULL, false));
	assert_int_equal(x.n_others, 0);
	OK(check());
}

/* What a person wrote into custody events is named, and can go as well. */
static void
test_custody(void **state)
{
	(void)state;
	door_new();
	door_add("testimony", "summary", "s");
	door_add("custody", "action", "handed-over", "about", "T-1");
	door_add("custody", "action", "received", "about", "T-1",
	    "counterparty", "Zhqaxat Ымғолжан 吐尔干巴依", "note",
	    "qvundisclosed ۋاپبەرگەن");
	OK(erase("T-1", NULL, false));
	assert_int_equal(x.n_others, 1);
	assert_string_equal(x.others[0], "Y-2");
	OK(erase("Y-2", NULL, false));
	all_there(false);
	OK(erase("T-1", NULL, false));
	assert_int_equal(x.n_others, 0);
	OK(check());
}

/* It can be asked before anybody is. */
static void
test_may(void **state)
{
	struct vault_erase o = { .ref = "T-1", .reason = "asked for" };
	static const char *const bad[] = { "nonsense" };

	(void)state;
	door_new();
	door_add("testimony", "summary", "s");
	OK(vault_erase_may(door_v, &o, &door_why));
	o.fields = bad;
	o.n_fields = 1;
	ERR(vault_erase_may(door_v, &o, &door_why), SQ_EUSAGE);
	o.ref = "T-7";
	ERR(vault_erase_may(door_v, &o, &door_why), SQ_ENOENT);
	assert_string_equal(door_value("T-1", 0, "summary"), "s");
}

/* --- files --- */

static void
attached(void *arg, const struct vault_attached *a)
{
	(void)snprintf(arg, MODEL_REF_MAX, "%s", a->ref);
}

static void
attach(const char *ref, const char *name, const char *text)
{
	static char path[192], media[MODEL_REF_MAX];
	const char *const paths[] = { path };
	struct vault_attach o = { .ref = ref, .paths = paths, .n = 1 };

	(void)snprintf(path, sizeof(path), "%s", door_at(name));
	door_write(path, text, strlen(text));
	OK(vault_attach(door_v, &o, attached, media, &door_why));
}

/* The path of the only object, or of none. */
static const char *
object(void)
{
	static char path[192];
	struct dirent *d, *f;
	DIR *top = opendir(door_in("store")), *sub;

	path[0] = '\0';
	while ((d = readdir(top)) != NULL) {
		char dir[120];

		(void)snprintf(dir, sizeof(dir), "%s/%.64s",
		    door_in("store"), d->d_name);
		if (d->d_name[0] == '.' || (sub = opendir(dir)) == NULL)
			continue;
		while ((f = readdir(sub)) != NULL)
			if (f->d_name[0] != '.')
				(void)snprintf(path, sizeof(path), "%s/%.64s",
				    dir, f->d_name);
		(void)closedir(sub);
	}
	(void)closedir(top);
	return path;
}

static enum sq_err
drop(void *arg, const uint8_t *p, size_t n)
{
	(void)arg;
	(void)p;
	(void)n;
	return SQ_OK;
}

static void
test_shared_file(void **state)
{
	(void)state;
	door_new();
	tell("one");
	tell("two");
	attach("T-1", "f", "the same content");
	attach("T-2", "f", "the same content");
	OK(erase("M-1", NULL, false));
	assert_int_equal(x.files, 0);
	assert_string_not_equal(object(), "");
	ERR(vault_cat(door_v, "M-1", 0, UINT64_MAX, drop, NULL, &door_why),
	    SQ_ENOENT);
	OK(vault_cat(door_v, "M-2", 0, UINT64_MAX, drop, NULL, &door_why));
	OK(check());
	/* the same content is found by what binds it still */
	attach("T-1", "g", "the same content");
	OK(vault_cat(door_v, "M-3", 0, UINT64_MAX, drop, NULL, &door_why));
	OK(erase("M-3", NULL, false));
	OK(erase("T-2", NULL, true));
	assert_int_equal(x.files, 1);
	assert_string_equal(object(), "");
	OK(check());
	/* and is stored anew where nothing binds it */
	attach("T-1", "h", "the same content");
	assert_string_not_equal(object(), "");
	OK(vault_cat(door_v, "M-4", 0, UINT64_MAX, drop, NULL, &door_why));
	OK(check());
}

/* A crash between the saving and the deleting: finished at the next opening. */
static void
test_file_left(void **state)
{
	char sql[128];
	uint8_t *p;
	char path[192];
	sqlite3 *db;
	size_t n;

	(void)state;
	door_new();
	tell("one");
	attach("T-1", "f", "to be deleted");
	(void)snprintf(path, sizeof(path), "%s", object());
	p = door_read(path, &n);
	OK(erase("M-1", NULL, false));
	assert_string_equal(object(), "");
	door_write(path, p, n);
	free(p);
	(void)snprintf(sql, sizeof(sql),
	    "UPDATE meta SET value = x'%s' WHERE key = 'unlink'",
	    strrchr(path, '/') + 1);
	db = raw_open();
	raw_run(db, sql);
	raw_close(db);
	assert_string_equal(object(), "");
	OK(check());
}

/* Killed at any point: all of it or nothing of it. */
static void
test_killed(void **state)
{
	static const unsigned seed[] = { 2000, 8000, 14000, 18000, 22000,
	    26000, 30000, 40000, 60000, 100000 };
	unsigned whole = 0;
	pid_t child;
	int rc;

	(void)state;
	for (size_t i = 0; i < sizeof(seed) / sizeof(seed[0]); i++) {
		door_new();
		tell("one");
		attach("T-1", "f", "to be deleted");
		door_close();
		if ((child = door_fork()) == 0) {
			if (door_try_open(door_pass, 0) != SQ_OK)
				_exit(1);
			(void)erase("T-1", NULL, true);
			_exit(0);
		}
		(void)usleep(seed[i]);
		(void)kill(child, SIGKILL);
		assert_int_equal(waitpid(child, &rc, 0), child);
		door_open();
		if (strcmp(door_value("T-1", 0, "summary"), "one") == 0) {
			OK(vault_cat(door_v, "M-1", 0, UINT64_MAX, drop, NULL,
			    &door_why));
			whole++;
		} else {
			all_there(false);
			assert_string_equal(object(), "");
		}
		OK(check());
	}
	print_message("of %zu kills %u before the commit\n", sizeof(seed) /
	    sizeof(seed[0]), whole);
}

/* --- bundles --- */

static void
test_bundles(void **state)
{
	const char *refs[] = { "T-1" };
	struct vault_export o = { .refs = refs, .n_refs = 1, .to = "R-1",
	    .profile = "full" };
	char old[192], *s;
	uint8_t *tar;
	size_t n;

	(void)state;
	door_new();
	tell("in the bundle");
	door_recipient("counsel", "k.key");
	door_share("T-1", "yes");
	OK(door_export(&o));
	(void)snprintf(old, sizeof(old), "%s", door_x.path);
	door_verify(old, "k.key", NULL);
	OK(erase("T-1", "text", false));
	/* the older one still proves itself, the later one carries vc */
	door_verify(old, "k.key", NULL);
	OK(door_export(&o));
	door_verify(door_x.path, "k.key", NULL);
	tar = door_tar(door_x.path, "k.key", NULL, &n);
	s = door_text(tar, n, "bag/data/items/000001/record.json");
	assert_non_null(strstr(s, "{\"name\":\"text\",\"vc\":\""));
	assert_null(strstr(s, "qvundisclosed"));
	assert_non_null(strstr(s, "in the bundle"));
	for (size_t i = 0; i < NWORDS; i++)
		if (i > 1)
			assert_false(door_has(tar, n, words[i]));
	free(s);
	free(tar);
	vault_exported_free(&door_x);
}

/* --- gaps --- */

/* A value missing that no entry names. */
static void
test_gap_is_damage(void **state)
{
	struct entry en = { 0 };
	uint8_t root[ENTRY_ROOT];

	(void)state;
	door_new();
	tell("one");
	OK(vault_begin(door_v, &door_why));
	OK(log_get(door_v->lg, 1, &en, root, &door_why));
	OK(entry_erase(&en, "text"));
	OK(log_erase(door_v->lg, 1, &en, &door_why));
	entry_free(&en);
	OK(vault_commit(door_v, &door_why));
	ERR(check(), SQ_EDAMAGE);
	assert_string_equal(found, "gap entry 1 text");
}

/* An older page put back: the value is there again. */
static void
test_put_back_is_damage(void **state)
{
	struct bytes_buf was = { 0 };
	struct entry en = { 0 };
	uint8_t root[ENTRY_ROOT];
	sqlite3_stmt *st;
	sqlite3 *db;

	(void)state;
	door_new();
	tell("one");
	OK(log_get(door_v->lg, 1, &en, root, &door_why));
	OK(entry_emit(&en, &was));
	entry_free(&en);
	OK(erase("T-1", "text", false));
	OK(check());
	db = raw_open();
	assert_int_equal(sqlite3_prepare_v2(db, "UPDATE entry SET body = ? "
	    "WHERE idx = 1", -1, &st, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_bind_blob(st, 1, was.p, (int)was.len, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_step(st), SQLITE_DONE);
	(void)sqlite3_finalize(st);
	raw_close(db);
	bytes_free(&was);
	ERR(check(), SQ_EDAMAGE);
	assert_string_equal(found, "unerased entry 1 text");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words_gone),
		cmocka_unit_test(test_one_field),
		cmocka_unit_test(test_twice),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_custody),
		cmocka_unit_test(test_may),
		cmocka_unit_test(test_shared_file),
		cmocka_unit_test(test_file_left),
		cmocka_unit_test(test_killed),
		cmocka_unit_test(test_bundles),
		cmocka_unit_test(test_gap_is_damage),
		cmocka_unit_test(test_put_back_is_damage),
	};
	int failed;

	door_start();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	vault_erased_free(&x);
	door_end();
	return failed;
}
