/*
 * For the tamper tests: a vault with a scripted history whose files are kept
 * after every step, and everything the program answers about it, so that any
 * mixture of those files can be put before the program and its answers held
 * against the true ones.
 *
 * Everything is real but Argon2id: these tests are linked with
 * --wrap=kdf_derive, and the same salt, costs and passphrase give the key
 * that was derived the first time.
 */
#ifndef SQ_TESTS_TAMPER_H
#define SQ_TESTS_TAMPER_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <setjmp.h>
#include <cmocka.h>

#include <sys/stat.h>

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include "crypto/age.h"
#include "crypto/bytes.h"
#include "crypto/kdf.h"
#include "crypto/secret.h"
#include "vault/bundle/seal.h"
#include "vault/vault.h"

#define TM static __attribute__((unused))
#define OK(x) assert_int_equal((x), SQ_OK)

#define FILES 5
static const char *const file_name[FILES] = { "HEADER", "HEADER.2",
    "STATE.0", "STATE.1", "vault.db" };
enum { F_HEADER, F_HEADER2, F_STATE0, F_STATE1, F_DB };
#define DB_PAGE_LEN 4096

/* --- Argon2id, once for each passphrase ---------------------------------- */

enum sq_err __real_kdf_derive(const struct kdf_set *set,
    const struct secret *pass, struct secret **ret);
enum sq_err __wrap_kdf_derive(const struct kdf_set *set,
    const struct secret *pass, struct secret **ret);

static unsigned tm_kdf;			/* how often it was asked */

enum sq_err
__wrap_kdf_derive(const struct kdf_set *set, const struct secret *pass,
    struct secret **ret)
{
	static struct {
		uint8_t set[KDF_SET_LEN];
		struct secret *pass, *ikm;
	} memo[64];
	static size_t n;
	uint8_t raw[KDF_SET_LEN];
	enum sq_err e;

	tm_kdf++;
	/* as the real one does before anything else */
	if ((e = kdf_check(set)) != SQ_OK)
		return e;
	kdf_emit(set, raw);
	for (size_t i = 0; i < n; i++)
		if (memcmp(raw, memo[i].set, sizeof(raw)) == 0 &&
		    secret_eq(pass, memo[i].pass))
			return secret_copy(secret_cbytes(memo[i].ikm),
			    secret_len(memo[i].ikm), ret);
	if ((e = __real_kdf_derive(set, pass, ret)) != SQ_OK || n == 64)
		return e;
	memcpy(memo[n].set, raw, sizeof(raw));
	if (secret_copy(secret_cbytes(pass), secret_len(pass),
	    &memo[n].pass) == SQ_OK && secret_copy(secret_cbytes(*ret),
	    secret_len(*ret), &memo[n].ikm) == SQ_OK)
		n++;
	return SQ_OK;
}

/* --- files --------------------------------------------------------------- */

struct image {
	uint8_t *p[FILES];
	size_t n[FILES];	/* SIZE_MAX: not there */
};

static char tm_dir[64];		/* of everything */
static char tm_vault[96];

TM void
tm_start(void)
{
	struct stat st;

	(void)snprintf(tm_dir, sizeof(tm_dir), "%s/sandyq-tamper.XXXXXX",
	    stat("/dev/shm", &st) == 0 && access("/dev/shm", W_OK) == 0 ?
	    "/dev/shm" : "/tmp");
	assert_non_null(mkdtemp(tm_dir));
	(void)snprintf(tm_vault, sizeof(tm_vault), "%s/v.sandyq", tm_dir);
	OK(secret_init());
}

/* Remove a name, and what is in it when it is a folder. */
TM void
tm_remove(const char *path)
{
	char sub[512];
	struct dirent *d;
	DIR *dir;

	if (unlink(path) == 0 || (dir = opendir(path)) == NULL)
		return;
	while ((d = readdir(dir)) != NULL) {
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") ==
		    0)
			continue;
		(void)snprintf(sub, sizeof(sub), "%s/%s", path, d->d_name);
		tm_remove(sub);
	}
	(void)closedir(dir);
	(void)rmdir(path);
}

TM void
tm_stop(void)
{
	tm_remove(tm_dir);
}

TM const char *
tm_path(const char *name)
{
	static char path[8][256];
	static unsigned turn;
	char *p = path[turn++ % 8];

	(void)snprintf(p, sizeof(path[0]), "%s/%s", tm_vault, name);
	return p;
}

TM void
tm_write(const char *path, const void *p, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, p, n), (ssize_t)n);
	(void)close(fd);
}

TM uint8_t *
tm_read(const char *path, size_t *ret_n)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	uint8_t *p;

	*ret_n = SIZE_MAX;
	if (fd < 0)
		return NULL;
	assert_int_equal(fstat(fd, &st), 0);
	p = malloc((size_t)st.st_size + 1);
	assert_non_null(p);
	assert_int_equal(read(fd, p, (size_t)st.st_size), st.st_size);
	(void)close(fd);
	*ret_n = (size_t)st.st_size;
	return p;
}

/* Keep the files as they now are. */
TM void
tm_keep(struct image *im)
{
	for (int i = 0; i < FILES; i++)
		im->p[i] = tm_read(tm_path(file_name[i]), &im->n[i]);
}

TM void
tm_drop(struct image *im)
{
	for (int i = 0; i < FILES; i++)
		free(im->p[i]);
	memset(im, 0, sizeof(*im));
}

/* Nothing in the folder but these files, an empty LOCK and empty folders. */
TM void
tm_put(const struct image *im)
{
	char sub[512];
	struct dirent *d;
	DIR *dir = opendir(tm_vault);

	assert_non_null(dir);
	while ((d = readdir(dir)) != NULL) {
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") ==
		    0 || strcmp(d->d_name, "LOCK") == 0)
			continue;
		(void)snprintf(sub, sizeof(sub), "%s/%s", tm_vault,
		    d->d_name);
		tm_remove(sub);
	}
	(void)closedir(dir);
	for (int i = 0; i < FILES; i++)
		if (im->n[i] != SIZE_MAX)
			tm_write(tm_path(file_name[i]), im->p[i], im->n[i]);
	(void)mkdir(tm_path("store"), 0700);
	(void)mkdir(tm_path("recover"), 0700);
}

/* --- answers ------------------------------------------------------------- */

struct answer {
	char name[48];
	enum sq_err e;
	char *text;
	struct why why;
};

#define ANSWERS_MAX 48
struct answers {
	struct answer a[ANSWERS_MAX];
	size_t n;
};

TM void
tm_answers_free(struct answers *as)
{
	for (size_t i = 0; i < as->n; i++)
		free(as->a[i].text);
	memset(as, 0, sizeof(*as));
}

/* What the callbacks write to. */
struct said {
	FILE *f;
	char *text;
	size_t len;
};

TM struct said *
said_new(void)
{
	struct said *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	s->f = open_memstream(&s->text, &s->len);
	assert_non_null(s->f);
	return s;
}

TM void
said_end(struct answers *as, struct said *s, enum sq_err e,
    const struct why *why, const char *fmt, ...)
{
	struct answer *a = &as->a[as->n++];
	va_list ap;

	assert_true(as->n < ANSWERS_MAX);
	va_start(ap, fmt);
	(void)vsnprintf(a->name, sizeof(a->name), fmt, ap);
	va_end(ap);
	(void)fclose(s->f);
	a->e = e;
	a->text = s->text;
	a->why = *why;
	free(s);
}

TM enum sq_err
say_record(void *arg, const struct record *r)
{
	struct said *s = arg;

	fprintf(s->f, "%s %s %s #%llu rev %u%s %s %s %s\n", r->ref, r->id,
	    r->entry, (unsigned long long)r->index, r->rev, r->newest ?
	    " newest" : "", r->time, r->actor ? r->actor : "-", r->reason ?
	    r->reason : "-");
	for (size_t i = 0; i < r->n; i++)
		for (size_t k = 0; k < r->field[i].n; k++)
			fprintf(s->f, "  %s: %s\n", r->field[i].def->name,
			    r->field[i].v[k].text);
	return SQ_OK;
}

TM enum sq_err
say_hit(void *arg, const struct vault_hit *h)
{
	struct said *s = arg;

	fprintf(s->f, "%s %s %s %s\n", h->ref, h->title, h->field,
	    h->snippet);
	return SQ_OK;
}

TM enum sq_err
say_entry(void *arg, const struct vault_entry *en)
{
	struct said *s = arg;

	fprintf(s->f, "%llu %s %s %s %s %s\n", (unsigned long long)en->index,
	    en->root, en->kind, en->type, en->ref, en->actor);
	return SQ_OK;
}

TM void
say_slot(void *arg, const struct vault_slot *sl)
{
	struct said *s = arg;

	fprintf(s->f, "%u %d %s %d\n", sl->index, sl->kind, sl->label,
	    sl->current);
}

static const char *const ask_show[] = { "T-1", "T-2", "T-3", "P-1", "P-190",
    "M-1", "M-2", "C-1", "R-1", "N-1", "N-3", NULL };
static const char *const ask_chain[] = { "T-1", "T-2", "M-2", "P-1", NULL };
static const char *const ask_search[] = { "burning", "latestword", "oldword",
    "newword", "withdrawnword", "person*", "P 17", "camp", NULL };

TM void
ask_status(struct vault *v, struct answers *as)
{
	struct said *s = said_new();
	struct why why = { "" };
	struct vault_status st;
	enum sq_err e;

	if ((e = vault_status(v, &st, &why)) == SQ_OK) {
		fprintf(s->f, "%s %llu %llu %s %s\n", st.log_id,
		    (unsigned long long)st.entries,
		    (unsigned long long)st.records, st.head, st.words);
		for (int i = 0; i < 32; i++)
			fprintf(s->f, "%llu ",
			    (unsigned long long)st.by_type[i]);
	}
	said_end(as, s, e, &why, "status");
	s = said_new();
	why.text[0] = '\0';
	e = vault_slots(v, say_slot, s, &why);
	said_end(as, s, e, &why, "slot list");
	s = said_new();
	why.text[0] = '\0';
	e = vault_log(v, say_entry, s, &why);
	said_end(as, s, e, &why, "log list");
}

TM void
ask_records(struct vault *v, struct answers *as)
{
	struct record r;
	struct said *s;
	struct why why = { "" };
	enum sq_err e;

	for (size_t i = 0; ask_show[i] != NULL; i++) {
		s = said_new();
		why.text[0] = '\0';
		memset(&r, 0, sizeof(r));
		e = vault_show(v, ask_show[i], 0, &r, &why);
		if (e == SQ_OK)
			(void)say_record(s, &r);
		model_record_free(&r);
		said_end(as, s, e, &why, "show %s", ask_show[i]);
	}
	for (size_t i = 0; ask_chain[i] != NULL; i++) {
		s = said_new();
		why.text[0] = '\0';
		e = vault_history(v, ask_chain[i], say_record, NULL, s, &why);
		said_end(as, s, e, &why, "history %s", ask_chain[i]);
		s = said_new();
		why.text[0] = '\0';
		e = vault_consents(v, ask_chain[i], say_record, s, &why);
		said_end(as, s, e, &why, "consent show %s", ask_chain[i]);
	}
	for (size_t i = 0; ask_search[i] != NULL; i++) {
		s = said_new();
		why.text[0] = '\0';
		e = vault_search(v, ask_search[i], NULL, 300, say_hit, s,
		    &why);
		said_end(as, s, e, &why, "search %s", ask_search[i]);
	}
}

TM void
ask_lists(struct vault *v, struct answers *as)
{
	static const struct {
		const char *type;
		size_t limit;
	} q[] = { { NULL, 0 }, { NULL, 3 }, { "testimony", 0 },
	    { "consent", 1 }, { "person", 5 } };
	struct why why;
	struct said *s;
	enum sq_err e;

	for (size_t i = 0; i < sizeof(q) / sizeof(q[0]); i++) {
		s = said_new();
		why.text[0] = '\0';
		e = vault_list(v, q[i].type, q[i].limit, say_record, s, &why);
		said_end(as, s, e, &why, "list %s %zu", q[i].type ?
		    q[i].type : "all", q[i].limit);
	}
}

/*
 * What an export would send: who goes, who is left out, and every byte of the
 * items' records.  The vault is changed by it (the export is logged).
 */
TM void
ask_export(struct vault *v, struct answers *as, const char *ref,
    const struct secret *identity)
{
	const char *refs[1] = { ref };
	struct vault_export o = { .refs = refs, .n_refs = 1, .to = "R-1",
	    .profile = "lawyer", .dir = tm_dir };
	struct secret *ids[1];
	struct age_keys keys = { .identity = ids, .n_identity = 1 };
	struct vault_exported x;
	struct said *s = said_new();
	struct why why = { "" };
	char tar[128];
	uint8_t *p, *q;
	size_t n;
	enum sq_err e;

	ids[0] = (struct secret *)(uintptr_t)identity;
	(void)snprintf(tar, sizeof(tar), "%s/out.tar", tm_dir);
	(void)unlink(tar);
	if ((e = vault_export(v, &o, &x, &why)) == SQ_OK) {
		fprintf(s->f, "%llu items, %llu withheld\n",
		    (unsigned long long)x.items,
		    (unsigned long long)x.withheld);
		for (size_t i = 0; i < x.n_left; i++)
			fprintf(s->f, "left %s: %s\n", x.left[i].ref,
			    x.left[i].why);
		OK(seal_open_file(x.path, &keys, tar, &why));
		p = tm_read(tar, &n);
		assert_non_null(p);
		/* every member between the items and the manifest */
		for (q = p; q + 1024 <= p + n; q += 512)
			if (strncmp((char *)q, "bundle/bag/data/items", 21) ==
			    0 || strncmp((char *)q,
			    "bundle/bag/data/consents.csv", 28) == 0)
				fprintf(s->f, "%.100s\n%.*s\n", (char *)q,
				    (int)strtoul((char *)q + 124, NULL, 8),
				    (char *)q + 512);
		free(p);
		(void)unlink(x.path);
	}
	(void)unlink(tar);
	vault_exported_free(&x);
	said_end(as, s, e, &why, "export %s", ref);
}

/* --- the history --------------------------------------------------------- */

#define STEPS_MAX 24
struct history {
	struct secret *pass, *identity;
	struct image at[STEPS_MAX];
	const char *what[STEPS_MAX];
	size_t n;
	struct answers truth;
};

TM struct secret *
tm_secret(const char *s)
{
	struct secret *r;

	OK(secret_copy((const uint8_t *)s, strlen(s), &r));
	return r;
}

TM struct vault *
tm_open(const struct secret *pass)
{
	struct vault *v = NULL;
	struct why why = { "" };

	if (vault_open(tm_vault, pass, 0, &v, &why) != SQ_OK)
		fail_msg("the vault does not open: %s", why.text);
	return v;
}

/* name, value, name, value ... NULL */
TM void
tm_fields(struct model_inputs *in, va_list ap)
{
	const char *name;

	while ((name = va_arg(ap, const char *)) != NULL)
		OK(model_inputs_add(in, name, NULL, va_arg(ap,
		    const char *)));
}

TM void
tm_add(struct vault *v, const char *type, ...)
{
	struct model_inputs in = { 0 };
	struct vault_made made;
	struct why why = { "" };
	va_list ap;

	va_start(ap, type);
	tm_fields(&in, ap);
	va_end(ap);
	if (vault_add(v, type, &in, NULL, &made, &why) != SQ_OK)
		fail_msg("add %s: %s", type, why.text);
	model_inputs_free(&in);
}

TM void
tm_edit(struct vault *v, const char *ref, ...)
{
	struct model_inputs in = { 0 };
	struct vault_made made;
	struct why why = { "" };
	va_list ap;

	va_start(ap, ref);
	tm_fields(&in, ap);
	va_end(ap);
	if (vault_edit(v, ref, &in, NULL, 0, "corrected", &made, &why) !=
	    SQ_OK)
		fail_msg("edit %s: %s", ref, why.text);
	model_inputs_free(&in);
}

TM void
tm_step(struct history *h, const char *what)
{
	assert_true(h->n < STEPS_MAX);
	h->what[h->n] = what;
	tm_keep(&h->at[h->n++]);
}

/* About ${n} bytes of text, each line another, with a word at both ends. */
TM char *
tm_long(size_t n, const char *word)
{
	char *s = malloc(n + 128);
	size_t len;

	assert_non_null(s);
	len = (size_t)sprintf(s, "%s was the first word.\n", word);
	for (unsigned i = 0; len < n; i++)
		len += (size_t)sprintf(s + len, "On day %u in the camp we "
		    "counted %u lights.\n", i, i * 7919u % 1000u);
	(void)sprintf(s + len, "%s was the last.", word);
	return s;
}

TM void
no_made(void *arg, const struct vault_made *m)
{
	(void)arg;
	(void)m;
}

TM void
tm_people(struct vault *v, unsigned from, unsigned n)
{
	struct bytes_buf b = { 0 };
	struct why why = { "" };

	for (unsigned i = from; i < from + n; i++)
		bytes_putf(&b, "{\"pseudonym\":\"P %u\",\"name\":\"Person "
		    "Number %u\",\"notes\":\"note %u of somebody who was "
		    "in camp %u for %u months\"}\n", i, i, i, i % 7,
		    i % 31);
	if (vault_add_from(v, "person", (char *)b.p, b.len, NULL, NULL,
	    no_made, NULL, &why) != SQ_OK)
		fail_msg("people: %s", why.text);
	bytes_free(&b);
}

/* Ask everything that does not change the vault, and then exports. */
TM void
tm_ask(struct vault *v, const struct history *h, struct answers *as)
{
	ask_status(v, as);
	ask_lists(v, as);
	ask_records(v, as);
	ask_export(v, as, "C-1", h->identity);
}

TM void
tm_create(struct history *h)
{
	struct vault_init in = { .path = tm_vault, .label = "first owner",
	    .kib = 65536, .passes = 3, .lanes = 4 };
	char log_id[33];
	uint32_t kib;
	struct why why = { "" };

	h->pass = tm_secret("correct horse battery staple");
	in.passphrase = h->pass;
	OK(age_keygen(&h->identity));
	if (vault_init(&in, log_id, &kib, &why) != SQ_OK)
		fail_msg("init: %s", why.text);
	tm_step(h, "init");
}

/* A vault as it grows: every step leaves its files in the history. */
TM void
tm_history(struct history *h)
{
	char key[AGE_RECIPIENT_MAX];
	struct vault *v;
	char *text;

	memset(h, 0, sizeof(*h));
	tm_create(h);
	v = tm_open(h->pass);
	tm_people(v, 1, 1);
	tm_step(h, "a person");
	text = tm_long(30000, "burning");
	tm_add(v, "testimony", "summary", "First account", "witness", "P-1",
	    "text", text, NULL);
	free(text);
	tm_step(h, "a long testimony");
	tm_add(v, "testimony", "summary", "Second account", "text",
	    "withdrawnword and nothing else", NULL);
	tm_step(h, "a second testimony");
	tm_add(v, "media", "about", "T-1", "original_name", "one.mp4", NULL);
	tm_step(h, "media of the first");
	tm_add(v, "consent", "about", "T-1", "scope", "share", "decision",
	    "yes", NULL);
	tm_add(v, "consent", "about", "T-2", "scope", "share", "decision",
	    "yes", NULL);
	tm_step(h, "both may be shared");
	OK(age_public(h->identity, key));
	tm_add(v, "recipient", "name", "Lawyer", "key", key, NULL);
	tm_add(v, "case", "title", "The case", "item", "T-1", "item", "T-2",
	    "item", "P-1", NULL);
	tm_step(h, "a case and a recipient");
	tm_people(v, 2, 189);
	tm_step(h, "many persons");
	text = tm_long(30000, "oldword");
	tm_edit(v, "T-1", "text", text, NULL);
	free(text);
	tm_step(h, "the long one edited");
	tm_add(v, "media", "about", "T-2", "original_name", "two.mp4", NULL);
	tm_step(h, "media of the second");
	text = tm_long(34000, "newword");
	tm_edit(v, "T-1", "text", text, NULL);
	free(text);
	tm_step(h, "the long one edited again");
	tm_add(v, "consent", "about", "T-2", "scope", "share", "decision",
	    "withdrawn", NULL);
	tm_step(h, "the second withdrawn");
	tm_edit(v, "P-1", "name", "Person Renamed", "notes",
	    "a far longer note than before, so that the row moves", NULL);
	tm_step(h, "a person edited");
	tm_add(v, "testimony", "summary", "Third account", "text",
	    "the latestword", NULL);
	tm_step(h, "the newest testimony");
	tm_ask(v, h, &h->truth);
	vault_close(v);
	tm_put(&h->at[h->n - 1]);
}

TM void
tm_history_free(struct history *h)
{
	for (size_t i = 0; i < h->n; i++)
		tm_drop(&h->at[i]);
	tm_answers_free(&h->truth);
	secret_free(h->pass);
	secret_free(h->identity);
}

/* --- judging ------------------------------------------------------------- */

struct count {
	unsigned cases;
	unsigned closed;	/* did not open, said so */
	unsigned mended;	/* opened, all true */
	unsigned some;		/* opened, some answers refused, none false */
	unsigned missed;	/* of those, searches that found less */
	unsigned bad;
};

TM bool
one_sentence(const struct why *why)
{
	/* an empty one is filled from err_str by whoever shows it */
	return strchr(why->text, '\n') == NULL;
}

/*
 * The known limit (search.h): the index of words is a projection, and a part
 * of it put back can make a search find less, though never something false,
 * and never without the newest record, whose whole type would be incomplete.
 */
TM bool
found_less(const struct answer *got, const struct answer *want)
{
	const char *p = got->text, *end;
	char line[4096];

	if (got->e != SQ_OK || strncmp(got->name, "search ", 7) != 0 ||
	    strcmp(got->name, "search latestword") == 0)
		return false;
	for (; (end = strchr(p, '\n')) != NULL; p = end + 1) {
		(void)snprintf(line, sizeof(line), "%.*s", (int)(end + 1 - p),
		    p);
		if (strstr(want->text, line) == NULL)
			return false;
	}
	return true;
}

/* True if an answer is true, or refused with the exit code of damage. */
TM bool
tm_true(const struct answer *got, const struct answer *want,
    const char *label, bool *ret_refused, bool *ret_missed)
{
	if (got->e == want->e && strcmp(got->text, want->text) == 0)
		return true;
	*ret_refused = true;
	if (got->e != SQ_OK && err_exit(got->e) == 5 &&
	    one_sentence(&got->why) && strncmp(got->text, want->text,
	    strlen(got->text)) == 0)
		return true;
	if (found_less(got, want)) {
		*ret_missed = true;
		return true;
	}
	fprintf(stderr, "FALSE %s: %s: error %d (exit %d) «%s»\n", label,
	    got->name, got->e, err_exit(got->e), got->why.text);
	if (getenv("TAMPER_VERBOSE") != NULL)
		fprintf(stderr, "--- got\n%.3000s\n--- want\n%.3000s\n",
		    got->text, want->text);
	return false;
}

/* Open what is in the folder and hold every answer against the truth. */
TM void
tm_judge(const struct history *h, struct count *c, const char *fmt, ...)
{
	struct answers as = { .n = 0 };
	struct vault *v = NULL;
	struct why why = { "" };
	bool refused = false, missed = false, good = true;
	char label[160];
	va_list ap;
	enum sq_err e;

	va_start(ap, fmt);
	(void)vsnprintf(label, sizeof(label), fmt, ap);
	va_end(ap);
	c->cases++;
	if ((e = vault_open(tm_vault, h->pass, 0, &v, &why)) != SQ_OK) {
		c->closed++;
		if (err_exit(e) != 5 || !one_sentence(&why)) {
			c->bad++;
			fprintf(stderr, "WRONG %s: error %d (exit %d) «%s»\n",
			    label, e, err_exit(e), why.text);
		}
		return;
	}
	tm_ask(v, h, &as);
	vault_close(v);
	assert_int_equal(as.n, h->truth.n);
	for (size_t i = 0; i < as.n; i++)
		good &= tm_true(&as.a[i], &h->truth.a[i], label, &refused,
		    &missed);
	c->missed += missed;
	if (!good)
		c->bad++;
	else if (refused)
		c->some++;
	else
		c->mended++;
	tm_answers_free(&as);
}

/*
 * A family's name begins with the IDs of the hazards that it owns: each gets
 * the line of which docs/RELIABILITY.md is made.
 */
TM void
tm_report(const char *family, const struct count *c)
{
	char id[5];
	int n;

	for (const char *s = family; sscanf(s, "%4[A-Z0-9],%n", id, &n) == 1 &&
	    strlen(id) > 2; s += n + 1)
		print_message("# HAZARD\t%s\t%s\t%u\t%u\n", id, family,
		    c->cases, c->cases - c->bad);
	fprintf(stderr, "tamper: %s: %u cases: %u did not open and said why, "
	    "%u opened whole and true, %u refused what was touched (in %u a "
	    "search found less); false answers: %u\n", family, c->cases,
	    c->closed, c->mended, c->some, c->missed, c->bad);
	assert_int_equal(c->bad, 0);
}

/* Every bit (make tamper), or one in many (make test)? */
TM bool
tm_all(void)
{
	return getenv("TAMPER_ALL") != NULL;
}

#endif
