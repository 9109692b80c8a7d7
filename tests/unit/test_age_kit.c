/*
 * The age test kit of C2SP's CCTV, each file its own case: what it expects is
 * what we answer, and what leaves before a payload failure is a prefix of what
 * may.  And X25519 against Project Wycheproof.
 */
#include <dirent.h>
#include <stdio.h>

#include <jansson.h>
#include <zlib.h>

#include "tests/unit/age_help.h"

#include "crypto/age_int.h"
#include "crypto/digest.h"
#include "crypto/stream.h"
#include "tests/unit/vec.h"

#define FOLDER "vectors/age-testkit"

struct vector {
	char expect[32];
	char payload[65];
	char file_key[65];
	char pass[64];
	char ids[1024];		/* identity lines */
	bool zlib;
	bool hybrid;
	uint8_t *p;
	size_t n;
};

static void
shared_path(char *out, size_t cap, const char *folder, const char *name)
{
	const char *shared = getenv("SHARED");

	(void)snprintf(out, cap, "%s/%s/%s",
	    shared == NULL ? "../shared" : shared, folder, name);
}

static uint8_t *
slurp(const char *path, size_t *ret_n)
{
	FILE *f = fopen(path, "rb");
	struct bytes_buf b = { 0 };
	uint8_t buf[4096];
	size_t n;

	assert_non_null(f);
	while ((n = fread(buf, 1, sizeof(buf), f)) > 0)
		bytes_put(&b, buf, n);
	(void)fclose(f);
	*ret_n = b.len;
	return (uint8_t *)bytes_str(&b);
}

static void
set(char *out, size_t cap, const char *line, const char *key)
{
	size_t n = strlen(key);

	if (strncmp(line, key, n) == 0)
		(void)snprintf(out, cap, "%s", line + n);
}

/* Split the vector's own lines from the age file after the empty line. */
static void
vector_load(const char *name, struct vector *v)
{
	char path[512], *s, *lf, comp[16] = "";
	uint8_t *all, *raw;
	size_t n, used;
	uLongf cap = 64ul << 20;

	memset(v, 0, sizeof(*v));
	shared_path(path, sizeof(path), FOLDER, name);
	all = slurp(path, &n);
	for (s = (char *)all; *s != '\n'; s = lf + 1) {
		lf = strchr(s, '\n');
		assert_non_null(lf);
		*lf = '\0';
		set(v->expect, sizeof(v->expect), s, "expect: ");
		set(v->payload, sizeof(v->payload), s, "payload: ");
		set(v->file_key, sizeof(v->file_key), s, "file key: ");
		set(v->pass, sizeof(v->pass), s, "passphrase: ");
		set(comp, sizeof(comp), s, "compressed: ");
		if (strncmp(s, "identity: ", 10) == 0) {
			used = strlen(v->ids);
			(void)snprintf(v->ids + used, sizeof(v->ids) - used,
			    "%s\n", s + 10);
		}
	}
	used = (size_t)(s + 1 - (char *)all);
	v->hybrid = strncmp(name, "hybrid", 6) == 0;
	if (strcmp(comp, "zlib") == 0) {
		raw = malloc(cap);
		assert_non_null(raw);
		assert_int_equal(uncompress(raw, &cap, all + used,
		    (uLong)(n - used)), Z_OK);
		v->p = raw;
		v->n = cap;
	} else {
		assert_string_equal(comp, "");
		v->n = n - used;
		v->p = malloc(v->n + 1);
		assert_non_null(v->p);
		memcpy(v->p, all + used, v->n);
	}
	free(all);
}

/*
 * All plaintext that may ever leave this file: chunk after chunk that holds as
 * either kind, with the file key that the vector names; a reader of our own
 * that does not know what the library's does.
 */
static void
may_leave(const struct vector *v, struct bytes_buf *out)
{
	struct secret *fk = NULL, *key = NULL;
	uint8_t k[16], nonce[12], *pt = malloc(STREAM_CHUNK);
	const uint8_t *p, *end = v->p + v->n;
	bool final = false;
	size_t n;

	assert_non_null(pt);
	assert_int_equal(bytes_unhex(k, sizeof(k), v->file_key), SQ_OK);
	assert_int_equal(secret_copy(k, sizeof(k), &fk), SQ_OK);
	p = memmem(v->p, v->n, "\n--- ", 5);
	assert_non_null(p);
	p = memchr(p + 1, '\n', (size_t)(end - p - 1));
	assert_non_null(p++);
	assert_int_equal(digest_hkdf256(fk, p, 16, "payload", 7, 32, &key),
	    SQ_OK);
	p += 16;
	for (uint8_t i = 0; p < end && !final; p += n, i++) {
		n = (size_t)(end - p) < STREAM_SEALED ? (size_t)(end - p) :
		    STREAM_SEALED;
		memset(nonce, 0, sizeof(nonce));
		nonce[10] = i;
		final = n < STREAM_SEALED ||
		    aead_open(key, nonce, NULL, 0, p, n, pt) != SQ_OK;
		nonce[11] = 1;
		if (final && (n < 16 || aead_open(key, nonce, NULL, 0, p, n,
		    pt) != SQ_OK))
			break;
		bytes_put(out, pt, n - 16);
	}
	secret_free(fk);
	secret_free(key);
	free(pt);
}

static void
hash_is(const struct bytes_buf *b, const char *hex)
{
	uint8_t h[DIGEST_LEN];
	char s[DIGEST_HEX];

	digest_sha256(h, b->p, b->len);
	bytes_hex(s, h, sizeof(h));
	assert_string_equal(s, hex);
}

/* What is released before a payload failure is a prefix of what may be. */
static void
check_prefix(const struct vector *v, const struct bytes_buf *out)
{
	struct bytes_buf all = { 0 };

	if (v->p[0] == 'a') {
		may_leave(v, &all);
		hash_is(&all, v->payload);
		assert_true(out->len <= all.len);
		if (out->len > 0)
			assert_memory_equal(out->p, all.p, out->len);
	} else {
		/* in armor: the one such vector; nothing leaves */
		assert_int_equal(out->len, 0);
	}
	bytes_free(&all);
}

static void
check(const struct vector *v, const struct age_keys *keys, size_t step)
{
	struct bytes_buf out = { 0 };
	enum sq_err e;
	bool late;

	e = mem_open(keys, v->p, v->n, step, &out, &late);
	if (strcmp(v->expect, "success") == 0) {
		assert_int_equal(e, SQ_OK);
		hash_is(&out, v->payload);
	} else if (strcmp(v->expect, "no match") == 0) {
		assert_int_equal(e, SQ_EPASS);
		assert_false(late);
	} else if (strcmp(v->expect, "HMAC failure") == 0) {
		assert_int_equal(e, SQ_EAUTH);
		assert_false(late);
	} else if (strcmp(v->expect, "header failure") == 0) {
		assert_true(e == SQ_EFORMAT || e == SQ_ELIMIT);
		assert_false(late);
	} else if (strcmp(v->expect, "armor failure") == 0) {
		assert_int_equal(e, SQ_EFORMAT);
		assert_int_equal(out.len, 0);
	} else {
		assert_string_equal(v->expect, "payload failure");
		assert_true(e == SQ_EAUTH || e == SQ_EFORMAT);
		assert_true(late);
		check_prefix(v, &out);
	}
	bytes_free(&out);
}

/* Hybrid: neither the identity nor a file for it alone is for this build. */
static void
check_hybrid(const char *name, const struct vector *v)
{
	struct secret **list = NULL, *other = NULL;
	struct age_keys keys = { .identity = &other, .n_identity = 1 };
	struct bytes_buf out = { 0 };
	size_t n = 0;
	bool late;
	enum sq_err e, want = SQ_EUNSUPPORTED;

	assert_int_equal(age_identity_parse(v->ids, strlen(v->ids), &list,
	    &n), SQ_EUNSUPPORTED);
	assert_null(list);
	/* broken for every reader; and one with a stanza for somebody else */
	if (strcmp(name, "hybrid_x25519_arg") == 0 ||
	    strcmp(name, "hybrid_not_canonical_body") == 0)
		want = SQ_EFORMAT;
	if (strcmp(name, "hybrid_and_x25519") == 0)
		want = SQ_EPASS;
	assert_int_equal(age_keygen(&other), SQ_OK);
	e = mem_open(&keys, v->p, v->n, 0, &out, &late);
	assert_int_equal(e, want);
	assert_int_equal(out.len, 0);
	secret_free(other);
}

static void
test_vector(void **state)
{
	const char *name = *state;
	struct age_keys keys = { 0 };
	struct secret *pass = NULL;
	struct vector v;

	vector_load(name, &v);
	if (v.hybrid) {
		check_hybrid(name, &v);
	} else {
		if (v.ids[0] != '\0')
			assert_int_equal(age_identity_parse(v.ids,
			    strlen(v.ids), &keys.identity, &keys.n_identity),
			    SQ_OK);
		if (v.pass[0] != '\0')
			keys.passphrase = pass = secret_str(v.pass);
		check(&v, &keys, 0);
		check(&v, &keys, 1021);
		if (v.n < 100000)
			check(&v, &keys, 1);
	}
	vec_said("age", name, v.expect, v.hybrid ? "not supported" :
	    v.expect);
	free_identities(keys.identity, keys.n_identity);
	secret_free(pass);
	free(v.p);
}

/* One Wycheproof case: the shared secret, or a refusal where it is zero. */
static void
wycheproof_one(json_t *t)
{
	const char *want = json_string_value(json_object_get(t, "shared"));
	struct secret *scalar = NULL, *shared = NULL;
	uint8_t k[32], point[32], out[32];
	enum sq_err e;

	assert_int_equal(bytes_unhex(k, 32, json_string_value(
	    json_object_get(t, "private"))), SQ_OK);
	assert_int_equal(bytes_unhex(point, 32, json_string_value(
	    json_object_get(t, "public"))), SQ_OK);
	assert_int_equal(bytes_unhex(out, 32, want), SQ_OK);
	assert_int_equal(secret_copy(k, 32, &scalar), SQ_OK);
	e = age_wrap_dh(scalar, point, &shared);
	if (bytes_zero(out, 32)) {
		assert_int_equal(e, SQ_EFORMAT);
		assert_null(shared);
	} else {
		assert_int_equal(e, SQ_OK);
		assert_memory_equal(secret_cbytes(shared), out, 32);
	}
	secret_free(scalar);
	secret_free(shared);
}

static void
test_wycheproof(void **state)
{
	char path[512];
	json_t *doc, *group, *t;
	size_t i, j, n = 0;

	(void)state;
	shared_path(path, sizeof(path), "vectors/wycheproof",
	    "x25519_test.json");
	if ((doc = json_load_file(path, 0, NULL)) == NULL)
		skip();
	json_array_foreach(json_object_get(doc, "testGroups"), i, group)
		json_array_foreach(json_object_get(group, "tests"), j, t) {
			wycheproof_one(t);
			n++;
			vec_took_id("x25519", "wycheproof/x25519_test.json",
			    n, true, true);
		}
	assert_int_equal(n, 518);
	json_decref(doc);
}

static int
wanted(const struct dirent *d)
{
	return d->d_name[0] != '.' && strcmp(d->d_name, "SOURCE") != 0;
}

static void
test_kit_absent(void **state)
{
	(void)state;
	skip();
}

int
main(void)
{
	struct CMUnitTest tests[256] = { cmocka_unit_test(test_wycheproof) };
	struct dirent **list = NULL;
	size_t n = 1;
	char path[512];
	int found, rc;

	if (secret_init() != SQ_OK)
		return 1;
	shared_path(path, sizeof(path), FOLDER, "");
	found = scandir(path, &list, wanted, alphasort);
	if (found <= 0)
		tests[n++] = (struct CMUnitTest)
		    cmocka_unit_test(test_kit_absent);
	for (int i = 0; i < found && n < 256; i++)
		tests[n++] = (struct CMUnitTest){ list[i]->d_name,
		    test_vector, NULL, NULL, list[i]->d_name };
	rc = _cmocka_run_group_tests("age_kit", tests, n, NULL, NULL);
	for (int i = 0; i < found; i++)
		free(list[i]);
	free(list);
	return rc;
}
