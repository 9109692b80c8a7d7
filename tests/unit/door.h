/*
 * For tests of whole vaults through their public doors: a folder in memory, a
 * vault in it, records by name and value, the bytes of everything on disk, and
 * bundles taken apart.  Include after cmocka.h.
 *
 * Everything is real but Argon2id: its one function is answered here, at once,
 * from the same inputs.  The KDF has its own tests.
 */
#ifndef SQ_TESTS_DOOR_H
#define SQ_TESTS_DOOR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>
#include <sys/wait.h>

#include <argon2.h>
#include <dirent.h>
#include <unistd.h>

#include "crypto/age.h"
#include "crypto/bytes.h"
#include "crypto/digest.h"
#include "crypto/secret.h"
#include "vault/bundle/seal.h"
#include "vault/bundle/verify.h"
#include "vault/fsio.h"
#include "vault/vault.h"

#define DOOR static __attribute__((unused))
#define OK(x) door_ok((x), #x, __FILE__, __LINE__)
#define ERR(x, want) door_err((x), (want), #x, __FILE__, __LINE__)

static char door_dir[64];	/* of everything */
static char door_path[96];	/* of the vault */
static struct secret *door_pass;
static struct vault *door_v;
static struct why door_why;

DOOR void
door_ok(enum sq_err e, const char *what, const char *file, int line)
{
	if (e == SQ_OK)
		return;
	print_error("%s: error %d: %s\n", what, e, door_why.text);
	_fail(file, line);
}

/* It failed as it should, with a sentence. */
DOOR void
door_err(enum sq_err e, enum sq_err want, const char *what, const char *file,
    int line)
{
	if (e == want && door_why.text[0] != '\0' &&
	    strchr(door_why.text, '\n') == NULL)
		return;
	print_error("%s: error %d, not %d: %s\n", what, e, want,
	    door_why.text);
	_fail(file, line);
}

/* The sentence has this in it. */
DOOR void
door_says(const char *what)
{
	if (strstr(door_why.text, what) == NULL)
		fail_msg("«%s» is not in «%s»", what, door_why.text);
}

/* --- Argon2id, at once ---------------------------------------------------- */

int
argon2_ctx(argon2_context *c, argon2_type type)
{
	const uint32_t cost[3] = { c->m_cost, c->t_cost, c->lanes };
	const struct digest_part part[] = {
		{ c->pwd, c->pwdlen }, { c->salt, c->saltlen },
		{ cost, sizeof(cost) }
	};

	if (type != Argon2_id || c->outlen != 32)
		return ARGON2_INCORRECT_PARAMETER;
	digest_blake2b(c->out, 32, NULL, part, 3);
	return ARGON2_OK;
}

/* --- files ---------------------------------------------------------------- */

DOOR struct secret *
door_secret(const char *s)
{
	struct secret *r = NULL;

	OK(secret_copy((const uint8_t *)s, strlen(s), &r));
	return r;
}

/* A path below the folder of this test, in one of eight static places. */
DOOR const char *
door_at(const char *name)
{
	static char path[8][192];
	static unsigned i;

	i = (i + 1) % 8;
	(void)snprintf(path[i], sizeof(path[0]), "%s/%s", door_dir, name);
	return path[i];
}

DOOR const char *
door_in(const char *name)
{
	char rel[96];

	(void)snprintf(rel, sizeof(rel), "v.sandyq/%s", name);
	return door_at(rel);
}

/* A whole file, with a NUL behind it; NULL if it is not there. */
DOOR uint8_t *
door_read(const char *path, size_t *ret_n)
{
	FILE *f = fopen(path, "rb");
	struct stat st;
	uint8_t *p;

	*ret_n = 0;
	if (f == NULL)
		return NULL;
	assert_int_equal(fstat(fileno(f), &st), 0);
	p = malloc((size_t)st.st_size + 1);
	assert_non_null(p);
	*ret_n = fread(p, 1, (size_t)st.st_size, f);
	p[*ret_n] = 0;
	(void)fclose(f);
	return p;
}

DOOR void
door_write(const char *path, const void *p, size_t n)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(p, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, 0600), 0);
}

DOOR void
door_remove(const char *path)
{
	char sub[512];
	struct dirent *d;
	DIR *dir;

	if (unlink(path) == 0 || (dir = opendir(path)) == NULL)
		return;
	while ((d = readdir(dir)) != NULL) {
		if (strcmp(d->d_name, ".") == 0 ||
		    strcmp(d->d_name, "..") == 0)
			continue;
		(void)snprintf(sub, sizeof(sub), "%s/%s", path, d->d_name);
		door_remove(sub);
	}
	(void)closedir(dir);
	(void)rmdir(path);
}

/* Names and bytes of all below a folder, as one hash. */
DOOR void
door_hash_add(struct bytes_buf *b, const char *path)
{
	struct dirent **list;
	uint8_t sum[DIGEST_LEN], *p;
	char sub[512];
	struct stat st;
	size_t n;
	int k = scandir(path, &list, NULL, alphasort);

	assert_true(k >= 0);
	for (int i = 0; i < k; i++) {
		const char *name = list[i]->d_name;

		(void)snprintf(sub, sizeof(sub), "%s/%s", path, name);
		if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0 &&
		    lstat(sub, &st) == 0) {
			bytes_puts(b, sub);
			if (S_ISDIR(st.st_mode))
				door_hash_add(b, sub);
			else if ((p = door_read(sub, &n)) != NULL) {
				digest_sha256(sum, p, n);
				bytes_put(b, sum, sizeof(sum));
				free(p);
			}
		}
		free(list[i]);
	}
	free(list);
}

struct door_hash {
	uint8_t sum[DIGEST_LEN];
};

/* Everything in the vault's folder. */
DOOR struct door_hash
door_hash(void)
{
	struct bytes_buf b = { 0 };
	struct door_hash h;

	door_hash_add(&b, door_path);
	digest_sha256(h.sum, b.p, b.len);
	bytes_free(&b);
	return h;
}

DOOR void
door_same(const struct door_hash *a)
{
	struct door_hash b = door_hash();

	assert_memory_equal(a->sum, b.sum, sizeof(b.sum));
}

/* How many names a folder holds. */
DOOR unsigned
door_count(const char *path)
{
	struct dirent *d;
	unsigned n = 0;
	DIR *dir = opendir(path);

	assert_non_null(dir);
	while ((d = readdir(dir)) != NULL)
		n += strcmp(d->d_name, ".") != 0 &&
		    strcmp(d->d_name, "..") != 0;
	(void)closedir(dir);
	return n;
}

/* --- the vault ------------------------------------------------------------ */

DOOR void
door_start(void)
{
	struct stat st;

	(void)snprintf(door_dir, sizeof(door_dir), "%s/sandyq-door.XXXXXX",
	    stat("/dev/shm", &st) == 0 && access("/dev/shm", W_OK) == 0 ?
	    "/dev/shm" : "/tmp");
	assert_non_null(mkdtemp(door_dir));
	(void)snprintf(door_path, sizeof(door_path), "%s/v.sandyq", door_dir);
	OK(secret_init());
	OK(fsio_init());
	door_pass = door_secret("six words that nobody ever guessed");
}

DOOR void
door_end(void)
{
	vault_close(door_v);
	door_v = NULL;
	secret_free(door_pass);
	assert_int_equal(chdir("/"), 0);
	door_remove(door_dir);
}

DOOR enum sq_err
door_try_open(const struct secret *pass, unsigned flags)
{
	door_why.text[0] = '\0';
	vault_close(door_v);
	door_v = NULL;
	return vault_open(door_path, pass, flags, &door_v, &door_why);
}

DOOR void
door_open(void)
{
	OK(door_try_open(door_pass, 0));
}

DOOR void
door_close(void)
{
	vault_close(door_v);
	door_v = NULL;
}

/* A child, which shares what is secret: the vault is closed before. */
DOOR pid_t
door_fork(void)
{
	door_close();
	return fork();
}

DOOR enum sq_err
door_init(void)
{
	struct vault_init in = { .path = door_path, .passphrase = door_pass,
	    .label = "Aigul", .kib = 65536, .passes = 3, .lanes = 4 };
	char log_id[33];
	uint32_t kib;

	door_why.text[0] = '\0';
	return vault_init(&in, log_id, &kib, &door_why);
}

/* A new vault, open; what was there before is gone. */
DOOR void
door_new(void)
{
	door_close();
	assert_int_equal(chdir(door_dir), 0);
	door_remove(door_path);
	OK(door_init());
	door_open();
}

/* Is there a note that says this? */
DOOR bool
door_noted(const char *what)
{
	for (unsigned i = 0; vault_note(door_v, i) != NULL; i++)
		if (strstr(vault_note(door_v, i), what) != NULL)
			return true;
	return false;
}

DOOR uint64_t
door_entries(void)
{
	struct vault_status st;

	OK(vault_status(door_v, &st, &door_why));
	return st.entries;
}

/* --- records -------------------------------------------------------------- */

/* "name", "value", ... NULL; "name.lang" sets the language. */
DOOR void
door_fields(struct model_inputs *in, va_list ap)
{
	const char *name, *dot;
	char base[64];

	while ((name = va_arg(ap, const char *)) != NULL) {
		dot = strchr(name, '.');
		(void)snprintf(base, sizeof(base), "%.*s",
		    (int)strcspn(name, "."), name);
		OK(model_inputs_add(in, base, dot == NULL ? NULL : dot + 1,
		    va_arg(ap, const char *)));
	}
}

static struct vault_made door_made;

DOOR enum sq_err
door_try_add(const char *type, ...)
{
	struct model_inputs in = { 0 };
	enum sq_err e;
	va_list ap;

	va_start(ap, type);
	door_fields(&in, ap);
	va_end(ap);
	door_why.text[0] = '\0';
	e = vault_add(door_v, type, &in, NULL, &door_made, &door_why);
	model_inputs_free(&in);
	return e;
}

#define door_add(...) OK(door_try_add(__VA_ARGS__, NULL))

DOOR enum sq_err
door_try_edit(const char *ref, ...)
{
	struct model_inputs in = { 0 };
	enum sq_err e;
	va_list ap;

	va_start(ap, ref);
	door_fields(&in, ap);
	va_end(ap);
	door_why.text[0] = '\0';
	e = vault_edit(door_v, ref, &in, NULL, 0, "put right", &door_made,
	    &door_why);
	model_inputs_free(&in);
	return e;
}

#define door_edit(...) OK(door_try_edit(__VA_ARGS__, NULL))

DOOR enum sq_err
door_unset(const char *ref, const char *field)
{
	struct model_inputs in = { 0 };

	door_why.text[0] = '\0';
	return vault_edit(door_v, ref, &in, &field, 1, NULL, &door_made,
	    &door_why);
}

/* A decision about sharing. */
DOOR void
door_share(const char *ref, const char *decision)
{
	struct model_inputs in = { 0 };

	OK(model_inputs_add(&in, "scope", NULL, "share"));
	OK(model_inputs_add(&in, "decision", NULL, decision));
	OK(vault_consent(door_v, ref, &in, &door_made, &door_why));
	model_inputs_free(&in);
}

/* The record's value, or "" if it has none; valid until the next call. */
DOOR const char *
door_value(const char *ref, unsigned rev, const char *field)
{
	static char *keep;
	struct record r;
	const char *s;

	OK(vault_show(door_v, ref, rev, &r, &door_why));
	s = model_record_first(&r, field);
	free(keep);
	keep = strdup(s == NULL ? "" : s);
	model_record_free(&r);
	return keep;
}

DOOR void
door_made_none(void *arg, const struct vault_made *m)
{
	size_t *n = arg;

	(void)m;
	if (n != NULL)
		++*n;
}

DOOR enum sq_err
door_batch(const char *type, const char *text, size_t *ret_n)
{
	door_why.text[0] = '\0';
	return vault_add_from(door_v, type, text, strlen(text), NULL, NULL,
	    door_made_none, ret_n, &door_why);
}

/* --- bundles -------------------------------------------------------------- */

/* An identity file and a recipient with its key. */
DOOR void
door_recipient(const char *name, const char *file)
{
	char key[AGE_RECIPIENT_MAX];

	OK(seal_keygen(door_at(file), "2026-01-01T00:00:00Z", key,
	    &door_why));
	door_add("recipient", "name", name, "key", key);
}

static struct vault_exported door_x;
static char door_out[80];	/* where bundles go */

DOOR enum sq_err
door_export(struct vault_export *o)
{
	vault_exported_free(&door_x);
	(void)snprintf(door_out, sizeof(door_out), "%s/out", door_dir);
	(void)mkdir(door_out, 0700);
	if (o->dir == NULL)
		o->dir = door_out;
	door_why.text[0] = '\0';
	return vault_export(door_v, o, &door_x, &door_why);
}

/* The tar of a bundle that the identity in ${file} opens. */
DOOR uint8_t *
door_tar(const char *bundle, const char *file, const struct secret *pass,
    size_t *ret_n)
{
	struct age_keys keys = { .passphrase = pass };
	uint8_t *p;

	if (file != NULL)
		OK(seal_identities(door_at(file), &keys.identity,
		    &keys.n_identity, &door_why));
	(void)unlink(door_at("b.tar"));
	OK(seal_open_file(bundle, &keys, door_at("b.tar"), &door_why));
	seal_identities_free(keys.identity, keys.n_identity);
	p = door_read(door_at("b.tar"), ret_n);
	assert_non_null(p);
	(void)unlink(door_at("b.tar"));
	return p;
}

/* A member of a tar, its path below bundle/; NULL if it is not there. */
DOOR const char *
door_member(const uint8_t *tar, size_t n, const char *path, size_t *ret_n)
{
	char full[160];
	size_t size, at = 0;

	(void)snprintf(full, sizeof(full), "bundle/%s", path);
	while (at + 512 <= n && tar[at] != 0) {
		size = strtoul((const char *)tar + at + 124, NULL, 8);
		if (strncmp((const char *)tar + at, full, 100) == 0) {
			*ret_n = size;
			return (const char *)tar + at + 512;
		}
		at += 512 + (size + 511) / 512 * 512;
	}
	*ret_n = 0;
	return NULL;
}

/* As a new string. */
DOOR char *
door_text(const uint8_t *tar, size_t n, const char *path)
{
	size_t len;
	const char *p = door_member(tar, n, path, &len);

	if (p == NULL)
		fail_msg("no %s in the bundle", path);
	return strndup(p, len);
}

/* The verifier says yes. */
DOOR void
door_verify(const char *bundle, const char *file, const struct secret *pass)
{
	struct verify_opts o = { .path = bundle, .passphrase = pass };
	static struct verify_report r;
	char id[192];

	if (file != NULL) {
		(void)snprintf(id, sizeof(id), "%s", door_at(file));
		o.identity = id;
	}
	OK(verify_bundle(&o, &r, &door_why));
	for (int c = 0; c < VERIFY_CLAIMS; c++)
		assert_int_not_equal(r.claim[c].result, VERIFY_NO);
	assert_int_equal(r.claim[VERIFY_INTACT].result, VERIFY_YES);
	assert_int_equal(r.claim[VERIFY_COMPLETE].result, VERIFY_YES);
	assert_int_equal(r.claim[VERIFY_DISCLOSED].result, VERIFY_YES);
	assert_int_equal(r.claim[VERIFY_ADDRESSED_TO].result, VERIFY_YES);
}

/* Is ${what} anywhere in ${n} bytes? */
DOOR bool
door_has(const void *p, size_t n, const char *what)
{
	return memmem(p, n, what, strlen(what)) != NULL;
}

#endif
