/*
 * Our own vectors, tests/vectors/: made by a reference writer that shares no
 * code with the program, from docs/FORMAT.md and docs/BUNDLE.md.  Reading them
 * gives what they say, and writing gives the same bytes.
 */
#include <sys/stat.h>

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "crypto/age.h"
#include "crypto/aead.h"
#include "crypto/digest.h"
#include "crypto/entry.h"
#include "crypto/kdf.h"
#include "crypto/minisig.h"
#include "crypto/sshsig.h"
#include "crypto/words.h"
#include "tests/unit/vec.h"
#include "vault/bundle/card.h"
#include "vault/bundle/consist.h"
#include "vault/bundle/csv.h"
#include "vault/bundle/export_int.h"
#include "vault/bundle/statement.h"
#include "vault/bundle/tar.h"
#include "vault/fsio.h"
#include "vault/record/text.h"
#include "vault/store/header.h"
#include "vault/store/log_int.h"
#include "vault/store/state.h"

static json_t *doc;
static struct why why;
static int home = -1;		/* the repository: databases move us */

/* Read tests/vectors/NAME.json into doc. */
static void
load(const char *name)
{
	char path[64];
	json_error_t err;

	(void)snprintf(path, sizeof(path), "tests/vectors/%s.json", name);
	if ((doc = json_load_file(path, 0, &err)) == NULL)
		fail_msg("%s: %s", path, err.text);
}

static int
unload(void **state)
{
	(void)state;
	json_decref(doc);
	doc = NULL;
	return 0;
}

static const char *
text(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	if (s == NULL)
		fail_msg("no %s", key);
	return s;
}

static uint64_t
number(const json_t *o, const char *key)
{
	assert_true(json_is_integer(json_object_get(o, key)));
	return (uint64_t)json_integer_value(json_object_get(o, key));
}

/* The member is the hexadecimal form of these bytes. */
static void
is_hex(const json_t *o, const char *key, const void *p, size_t n)
{
	struct vec v = vec_hex(o, key);

	assert_int_equal(v.n, n);
	assert_memory_equal(v.p, p, n);
	vec_free(&v);
}

/* The member is this text. */
static void
is_text(const json_t *o, const char *key, struct bytes_buf *b)
{
	char *s = bytes_str(b);

	assert_non_null(s);
	assert_string_equal(s, text(o, key));
	free(s);
}

static struct secret *
secret_of(const json_t *o, const char *key)
{
	struct vec v = vec_hex(o, key);
	struct secret *s = vec_secret(v.p, v.n);

	vec_free(&v);
	return s;
}

static struct secret *
pass_of(const char *s)
{
	return vec_secret(s, strlen(s));
}

/* A set, its key, and the keys of a master key. */
static void
test_keys(void **state)
{
	struct secret *typed, *nfc = NULL, *ikm = NULL, *master, *k = NULL;
	struct kdf_set set;
	struct vec raw;
	uint8_t again[KDF_SET_LEN];
	const json_t *one;
	bool changed;
	size_t i;

	(void)state;
	load("keys");
	typed = pass_of(text(doc, "typed"));
	assert_int_equal(text_nfc_pass(typed, &nfc, &changed), SQ_OK);
	assert_true(changed);
	assert_int_equal(secret_len(nfc), strlen(text(doc, "nfc")));
	assert_memory_equal(secret_cbytes(nfc), text(doc, "nfc"),
	    secret_len(nfc));
	raw = vec_hex(doc, "set");
	assert_int_equal(raw.n, KDF_SET_LEN);
	assert_int_equal(kdf_parse(raw.p, &set), SQ_OK);
	kdf_emit(&set, again);
	assert_memory_equal(again, raw.p, KDF_SET_LEN);
	assert_int_equal(kdf_derive(&set, nfc, &ikm), SQ_OK);
	is_hex(doc, "ikm", secret_cbytes(ikm), secret_len(ikm));
	master = secret_of(doc, "master");
	assert_int_equal(json_array_size(json_object_get(doc, "subkeys")), 7);
	json_array_foreach(json_object_get(doc, "subkeys"), i, one) {
		assert_int_equal(kdf_subkey(master, (enum kdf_use)number(one,
		    "id"), &k), SQ_OK);
		is_hex(one, "key", secret_cbytes(k), secret_len(k));
		secret_free(k);
	}
	vec_free(&raw);
	secret_free(typed);
	secret_free(nfc);
	secret_free(ikm);
	secret_free(master);
}

/* Every slot of the header opens with its passphrase and holds what it says. */
static void
test_header(void **state)
{
	struct header_pair *pair = calloc(1, sizeof(*pair));
	struct secret *pass, *master, *k_hdr = NULL;
	struct vec raw;
	struct keyslot slot;
	uint8_t again[HEADER_LEN];
	const json_t *one;
	size_t i;
	int copy;

	(void)state;
	load("header");
	assert_non_null(pair);
	raw = vec_hex(doc, "header");
	assert_int_equal(raw.n, HEADER_LEN);
	assert_int_equal(header_parse(raw.p, &pair->h[0], &why), SQ_OK);
	pair->h[1] = pair->h[0];
	pair->same = true;
	master = secret_of(doc, "master");
	json_array_foreach(json_object_get(doc, "slots"), i, one) {
		memset(&slot, 0, sizeof(slot));
		pass = pass_of(text(one, "passphrase"));
		assert_int_equal(header_unlock(pair, pass, &slot, &copy,
		    &why), SQ_OK);
		assert_true(secret_eq(slot.master, master));
		assert_int_equal(slot.kind, number(one, "kind"));
		assert_int_equal(slot.index, number(one, "index"));
		assert_int_equal(slot.generation, number(doc, "generation"));
		assert_string_equal(slot.label, text(one, "label"));
		is_hex(one, "slot", pair->h[0].slot[slot.index], KEYSLOT_LEN);
		secret_free(slot.master);
		secret_free(pass);
	}
	assert_int_equal(i, 3);
	pass = pass_of("First passphrase");
	assert_int_equal(header_unlock(pair, pass, &slot, &copy, &why),
	    SQ_EPASS);
	assert_int_equal(kdf_subkey(master, KDF_USE_HDR, &k_hdr), SQ_OK);
	assert_int_equal(header_emit(&pair->h[0], k_hdr, again), SQ_OK);
	assert_memory_equal(again, raw.p, HEADER_LEN);
	vec_free(&raw);
	secret_free(pass);
	secret_free(master);
	secret_free(k_hdr);
	free(pair);
}

static void
test_state(void **state)
{
	struct vec id, raw;
	struct secret *key;
	struct state st;
	const json_t *one;
	size_t i;

	(void)state;
	load("state");
	key = secret_of(doc, "key");
	id = vec_hex(doc, "vault_id");
	json_array_foreach(json_object_get(doc, "copies"), i, one) {
		raw = vec_hex(one, "record");
		assert_int_equal(raw.n, STATE_LEN);
		assert_int_equal(state_open(key, id.p, (unsigned)number(one,
		    "copy"), raw.p, &st), SQ_OK);
		assert_int_equal(state_open(key, id.p, (unsigned)(1 - number(
		    one, "copy")), raw.p, &st), SQ_EAUTH);
		assert_int_equal(st.seq, number(one, "seq"));
		assert_int_equal(st.generation, number(one, "generation"));
		assert_int_equal(st.log_size, number(one, "log_size"));
		assert_int_equal(st.objects, number(one, "objects"));
		assert_int_equal(st.bytes, number(one, "bytes"));
		assert_int_equal(st.time, number(one, "time"));
		assert_int_equal(st.header_generation,
		    number(one, "header_generation"));
		is_hex(one, "log_root", st.log_root, 32);
		is_hex(one, "heads", st.heads, 32);
		is_hex(one, "header_mac", st.header_mac, 32);
		vec_free(&raw);
	}
	assert_int_equal(i, 2);
	vec_free(&id);
	secret_free(key);
}

/* The seed and public key of one use; the seed is the caller's. */
static struct secret *
one_key(const struct secret *identity, const char *use, uint8_t pk[SIGN_PK])
{
	const json_t *o = json_object_get(doc, use);
	struct secret *seed = NULL;

	assert_int_equal(sign_seed(identity, use, 0, &seed), SQ_OK);
	is_hex(o, "seed", secret_cbytes(seed), secret_len(seed));
	if (strcmp(use, "age") == 0)
		return seed;
	assert_int_equal(sign_public(seed, pk), SQ_OK);
	is_hex(o, "public", pk, SIGN_PK);
	secret_free(seed);
	return NULL;
}

/* What meta holds of the identity opens with K_identity alone. */
static void
check_wrapped(const struct secret *identity)
{
	struct secret *master = secret_of(doc, "master"), *k = NULL;
	struct vec w = vec_hex(doc, "wrapped");
	uint8_t out[32];
	char ad[96];
	int n = snprintf(ad, sizeof(ad), "sandyq/wrap/1/identity/%s",
	    text(doc, "log"));

	assert_int_equal(w.n, 72);
	assert_int_equal(kdf_subkey(master, KDF_USE_IDENTITY, &k), SQ_OK);
	assert_int_equal(aead_xopen(k, w.p, ad, (size_t)n, w.p + 24, 32,
	    w.p + 56, out), SQ_OK);
	assert_memory_equal(out, secret_cbytes(identity), 32);
	vec_free(&w);
	secret_free(master);
	secret_free(k);
}

static void
test_identity(void **state)
{
	struct secret *identity, *age;
	struct bytes_buf b = { 0 };
	struct card c = { .log = "" }, again;
	char name[64], recipient[AGE_RECIPIENT_MAX];
	uint8_t pk[SIGN_PK];

	(void)state;
	load("identity");
	identity = secret_of(doc, "identity");
	(void)snprintf(name, sizeof(name), "sandyq/%s", text(doc, "log"));
	(void)snprintf(c.log, sizeof(c.log), "%s", text(doc, "log"));
	(void)snprintf(c.date, sizeof(c.date), "%s", text(doc, "date"));
	assert_null(one_key(identity, "note", pk));
	assert_int_equal(note_key(name, pk, &c.note), SQ_OK);
	assert_null(one_key(identity, "minisign", pk));
	minisig_key(pk, &c.minisign);
	assert_null(one_key(identity, "ssh", c.ssh));
	age = one_key(identity, "age", pk);
	assert_int_equal(age_public(age, recipient), SQ_OK);
	assert_string_equal(recipient, text(json_object_get(doc, "age"),
	    "public"));
	assert_int_equal(note_vkey(&c.note, &b), SQ_OK);
	is_text(doc, "key_note", &b);
	assert_int_equal(minisig_pub_line(&c.minisign, &b), SQ_OK);
	is_text(doc, "key_minisign", &b);
	assert_int_equal(sshsig_fingerprint(c.ssh, &b), SQ_OK);
	is_text(doc, "key_ssh", &b);
	assert_int_equal(card_emit(&c, &b), SQ_OK);
	assert_int_equal(card_parse((char *)b.p, b.len, &again, &why), SQ_OK);
	assert_memory_equal(again.ssh, c.ssh, SIGN_PK);
	is_text(doc, "key_card", &b);
	assert_int_equal(minisig_pub_emit(&c.minisign, &b), SQ_OK);
	is_text(doc, "sandyq_pub", &b);
	assert_int_equal(card_allowed_signers(&c, &b), SQ_OK);
	is_text(doc, "allowed_signers", &b);
	check_wrapped(identity);
	secret_free(age);
	secret_free(identity);
}

/* One form of the entry: stored and as record.json. */
static void
check_form(const json_t *form, const uint8_t root[ENTRY_ROOT])
{
	static const char names[] = "?owsehx";
	const char *js = text(form, "json"), *what = text(form, "fields");
	struct bytes_buf b = { 0 };
	struct entry en = { 0 };
	uint8_t stated[ENTRY_ROOT], own[ENTRY_ROOT];
	struct vec raw;
	uint64_t index;

	assert_int_equal(entry_parse_json((const uint8_t *)js, strlen(js),
	    &en, stated, &index), SQ_OK);
	assert_int_equal(index, 6);
	assert_memory_equal(stated, root, ENTRY_ROOT);
	assert_int_equal(entry_root(&en, own), SQ_OK);
	assert_memory_equal(own, root, ENTRY_ROOT);
	assert_int_equal(entry_emit_json(&en, root, index, &b), SQ_OK);
	is_text(form, "json", &b);
	entry_free(&en);
	if (json_object_get(form, "stored") == NULL)
		return;
	raw = vec_hex(form, "stored");
	assert_int_equal(entry_parse(raw.p, raw.n, &en), SQ_OK);
	assert_int_equal(en.n, strlen(what));
	for (size_t i = 0; i < en.n; i++)
		assert_int_equal(what[i], en.fields[i].form == ENTRY_ERASED ?
		    'e' : names[en.fields[i].form]);
	assert_int_equal(entry_root(&en, own), SQ_OK);
	assert_memory_equal(own, root, ENTRY_ROOT);
	assert_int_equal(entry_emit(&en, &b), SQ_OK);
	assert_int_equal(b.len, raw.n);
	assert_memory_equal(b.p, raw.p, raw.n);
	bytes_free(&b);
	assert_int_equal(entry_emit_json(&en, root, index, &b), SQ_OK);
	is_text(form, "json", &b);
	entry_free(&en);
	vec_free(&raw);
}

static void
test_entry(void **state)
{
	const json_t *f;
	struct entry en = { 0 };
	struct vec root, raw;
	uint8_t h[32];
	size_t i;

	(void)state;
	load("entry");
	root = vec_hex(doc, "root");
	json_array_foreach(json_object_get(doc, "forms"), i, f)
		check_form(f, root.p);
	assert_int_equal(i, 3);
	raw = vec_hex(json_array_get(json_object_get(doc, "forms"), 0),
	    "stored");
	assert_int_equal(entry_parse(raw.p, raw.n, &en), SQ_OK);
	json_array_foreach(json_object_get(doc, "fields"), i, f) {
		assert_string_equal(en.fields[i].name, text(f, "name"));
		assert_string_equal(en.fields[i].value, text(f, "value"));
		is_hex(f, "salt", en.fields[i].salt, ENTRY_SALT);
		assert_int_equal(entry_vc(&en.fields[i], h), SQ_OK);
		is_hex(f, "vc", h, 32);
		assert_int_equal(entry_leaf(&en.fields[i], h), SQ_OK);
		is_hex(f, "leaf", h, 32);
	}
	assert_int_equal(i, en.n);
	entry_free(&en);
	vec_free(&root);
	vec_free(&raw);
}

static void
test_canonical(void **state)
{
	const json_t *one;
	const char *s;
	size_t i;

	(void)state;
	load("entry");
	json_array_foreach(json_object_get(doc, "canonical"), i, one) {
		struct bytes_buf b = { 0 };
		char *got;

		s = json_string_value(json_array_get(one, 0));
		assert_int_equal(entry_canon(s, strlen(s), &b), SQ_OK);
		got = bytes_str(&b);
		assert_string_equal(got,
		    json_string_value(json_array_get(one, 1)));
		free(got);
	}
	assert_true(i > 0);
	json_array_foreach(json_object_get(doc, "refused"), i, one) {
		struct bytes_buf b = { 0 };

		s = json_string_value(one);
		if (entry_canon(s, strlen(s), &b) != SQ_EFORMAT)
			fail_msg("accepted: %s", s);
		assert_int_equal(b.len, 0);
		bytes_free(&b);
	}
	assert_true(i > 0);
}

/* A database in a new folder, for the log. */
/* Of the database: it stays open as long as that is. */
static int folder;

static struct db *
database(char *dir)
{
	struct secret *key = vec_fill(1, 32), *salt = vec_fill(2, 16);
	struct db *db = NULL;

	assert_non_null(mkdtemp(dir));
	folder = open(dir, O_RDONLY | O_DIRECTORY);
	assert_true(folder >= 0);
	assert_int_equal(db_create(folder, key, salt, &db, &why), SQ_OK);
	secret_free(key);
	secret_free(salt);
	return db;
}

static void
remove_database(const char *dir)
{
	assert_int_equal(chdir(dir), 0);
	(void)unlink(DB_NAME);
	(void)unlink(DB_JOURNAL);
	(void)close(folder);
	assert_int_equal(fchdir(home), 0);
	assert_int_equal(rmdir(dir), 0);
}

/* Append one entry of the vector and compare what the log then is. */
static void
append(struct log *lg, const json_t *f)
{
	uint8_t (*ids)[LOG_RECORD_ID] = NULL;
	struct vec raw = vec_hex(f, "stored");
	struct entry en = { 0 };
	uint8_t h[32];
	uint64_t index;
	size_t n;

	assert_int_equal(entry_parse(raw.p, raw.n, &en), SQ_OK);
	assert_int_equal(log_ids(&en, &ids, &n), SQ_OK);
	assert_int_equal(log_append(lg, &en,
	    (const uint8_t (*)[LOG_RECORD_ID])ids, n, &index, h), SQ_OK);
	is_hex(f, "root", h, 32);
	log_leaf(h, h);
	is_hex(f, "leaf", h, 32);
	assert_int_equal(log_settle(lg), SQ_OK);
	assert_int_equal(log_root(lg, h), SQ_OK);
	is_hex(f, "log_root", h, 32);
	log_heads(lg, h);
	is_hex(f, "heads", h, 32);
	free(ids);
	entry_free(&en);
	vec_free(&raw);
}

/* Proofs and checkpoint of the finished log, byte for byte. */
static void
check_proofs(struct log *lg)
{
	struct secret *seed = secret_of(doc, "note_seed");
	struct note_checkpoint cp = { .size = log_size(lg) };
	struct bytes_buf b = { 0 }, note = { 0 };
	struct merkle_proof p;
	struct consist c;
	const char *s;

	(void)snprintf(cp.origin, sizeof(cp.origin), "sandyq/%s",
	    text(doc, "log"));
	assert_int_equal(log_root(lg, cp.root), SQ_OK);
	assert_int_equal(note_checkpoint_emit(&cp, &b), SQ_OK);
	assert_int_equal(note_sign(cp.origin, seed, (char *)b.p, b.len,
	    &note), SQ_OK);
	bytes_free(&b);
	for (uint64_t i = 0; i < cp.size; i++) {
		assert_int_equal(log_include(lg, i, &p), SQ_OK);
		assert_int_equal(note_proof_emit(i, &p, (char *)note.p,
		    note.len, &b), SQ_OK);
		s = json_string_value(json_array_get(json_object_get(doc,
		    "proofs"), i));
		assert_int_equal(b.len, strlen(s));
		assert_memory_equal(b.p, s, b.len);
		bytes_free(&b);
		memset(&c, 0, sizeof(c));
		c.old_size = i + 1;
		c.new_size = cp.size;
		assert_int_equal(log_root_at(lg, i + 1, c.old_root), SQ_OK);
		assert_int_equal(log_consist(lg, i + 1, &c.proof), SQ_OK);
		assert_int_equal(consist_emit(&c, &b), SQ_OK);
		s = json_string_value(json_array_get(json_object_get(doc,
		    "consistency"), i));
		assert_int_equal(b.len, strlen(s));
		assert_memory_equal(b.p, s, b.len);
		bytes_free(&b);
	}
	is_text(doc, "checkpoint", &note);
	secret_free(seed);
}

static void
test_log(void **state)
{
	char dir[] = "/tmp/sandyq-test-vectors.XXXXXX";
	const json_t *f;
	struct log *lg = NULL;
	struct db *db;
	struct vec id;
	size_t i;

	(void)state;
	load("log");
	db = database(dir);
	assert_int_equal(log_new(db, &lg), SQ_OK);
	assert_int_equal(db_begin(db), SQ_OK);
	json_array_foreach(json_object_get(doc, "entries"), i, f)
		append(lg, f);
	assert_int_equal(i, 7);
	json_array_foreach(json_object_get(doc, "chains"), i, f) {
		id = vec_hex(f, "record");
		assert_int_equal(log_bucket_of(id.p), number(f, "bucket"));
		is_hex(f, "c", log_bucket_find(&lg->bucket[log_bucket_of(
		    id.p)], id.p)->c, 32);
		vec_free(&id);
	}
	assert_int_equal(i, 3);
	check_proofs(lg);
	assert_int_equal(log_audit(lg, NULL, NULL, &why), SQ_OK);
	log_free(lg);
	db_close(db);
	remove_database(dir);
}

static void
test_recovery(void **state)
{
	const char *code, *s;
	struct secret *got = NULL;
	const json_t *one;
	size_t i;

	(void)state;
	load("recovery");
	code = text(doc, "code");
	json_array_foreach(json_object_get(doc, "accepted"), i, one) {
		s = json_string_value(one);
		assert_int_equal(words_sheet_parse(s, strlen(s), &got, &why),
		    SQ_OK);
		assert_int_equal(secret_len(got), strlen(code));
		assert_memory_equal(secret_cbytes(got), code, strlen(code));
		secret_free(got);
	}
	assert_int_equal(i, 3);
	json_array_foreach(json_object_get(doc, "refused"), i, one) {
		s = json_string_value(one);
		assert_int_equal(words_sheet_parse(s, strlen(s), &got, &why),
		    SQ_EFORMAT);
	}
	assert_int_equal(i, 3);
}

/* One statement: read, written again, signed and checked. */
static void
check_statement(const json_t *o, const struct secret *mini,
    const struct secret *ssh)
{
	const char *s = text(o, "statement");
	char trusted[256];
	struct bytes_buf b = { 0 };
	struct minisig_key key;
	struct statement st;
	uint8_t hash[64], pk[SIGN_PK], by[SIGN_PK];

	assert_int_equal(statement_parse(s, strlen(s), &st, &why), SQ_OK);
	assert_string_equal(st.recipient_name, text(doc, "recipient_name"));
	assert_string_equal(st.purpose, "");
	assert_int_equal(statement_emit(&st, &b), SQ_OK);
	is_text(o, "statement", &b);
	digest_blake2b(hash, sizeof(hash), NULL,
	    (struct digest_part[]){ { s, strlen(s) } }, 1);
	assert_int_equal(sign_public(mini, pk), SQ_OK);
	minisig_key(pk, &key);
	(void)snprintf(trusted, sizeof(trusted),
	    "bundle %s created %s log %s size %llu", st.bundle, st.created,
	    st.log, (unsigned long long)st.log_size);
	assert_int_equal(minisig_make(&key, mini, hash, trusted, &b), SQ_OK);
	is_text(o, "minisig", &b);
	assert_int_equal(sshsig_make(ssh, STATEMENT_NS, s, strlen(s), &b),
	    SQ_OK);
	is_text(o, "sshsig", &b);
	assert_int_equal(minisig_check(text(o, "minisig"),
	    strlen(text(o, "minisig")), &key, hash, NULL), SQ_OK);
	assert_int_equal(sshsig_check(text(o, "sshsig"),
	    strlen(text(o, "sshsig")), STATEMENT_NS, s, strlen(s), by), SQ_OK);
	assert_int_equal(sign_public(ssh, pk), SQ_OK);
	assert_memory_equal(by, pk, SIGN_PK);
	statement_free(&st);
}

static void
test_statement(void **state)
{
	struct secret *mini, *ssh;
	const json_t *o;
	size_t i;

	(void)state;
	load("statement");
	mini = secret_of(doc, "minisign_seed");
	ssh = secret_of(doc, "ssh_seed");
	json_array_foreach(json_object_get(doc, "statements"), i, o)
		check_statement(o, mini, ssh);
	assert_int_equal(i, 2);
	secret_free(mini);
	secret_free(ssh);
}

/* The record is a person in the tables, and not in the bundle. */
static void
check_pseudonym(const json_t *o)
{
	char dir[] = "/tmp/sandyq-test-vectors.XXXXXX", out[32];
	struct export_plan plan = { .item = NULL };
	struct export_to to = { .age = "" };
	struct record_ctx cx = { .lg = NULL };
	struct export_in in = { .cx = &cx, .plan = &plan, .to = &to };
	struct export_data x = { .in = &in };
	struct vec id = vec_hex(o, "record"), r = vec_hex(o, "recipient");
	struct db *db = database(dir);
	struct db_st *st;

	memcpy(to.id, r.p, LOG_RECORD_ID);
	(void)snprintf(to.age, sizeof(to.age), "%s", text(o, "key"));
	assert_int_equal(log_new(db, &cx.lg), SQ_OK);
	assert_int_equal(db_begin(db), SQ_OK);
	assert_int_equal(db_use(db, DB_RECORD_ADD, &st), SQ_OK);
	db_bind_blob(st, 1, id.p, LOG_RECORD_ID);
	db_bind_int(st, 2, 'P');
	for (int i = 3; i < 6; i++)
		db_bind_int(st, i, 1);
	db_bind_text(st, 6, "", 0);
	assert_int_equal(db_run(st), SQ_OK);
	export_int_pseudonym(&x, id.p, out);
	assert_string_equal(out, text(o, "is"));
	log_free(cx.lg);
	db_close(db);
	remove_database(dir);
	vec_free(&id);
	vec_free(&r);
}

static void
test_small(void **state)
{
	const json_t *one;
	size_t i;

	(void)state;
	load("small");
	json_array_foreach(json_object_get(doc, "padme"), i, one)
		assert_int_equal(tar_padme((uint64_t)json_integer_value(
		    json_array_get(one, 0))), json_integer_value(
		    json_array_get(one, 1)));
	assert_true(i > 0);
	json_array_foreach(json_object_get(doc, "cells"), i, one) {
		struct bytes_buf b = { 0 };
		char *s;

		csv_cell(&b, json_string_value(json_array_get(one, 0)));
		s = bytes_str(&b);
		assert_string_equal(s, json_string_value(json_array_get(one,
		    1)));
		free(s);
	}
	assert_true(i > 0);
	check_pseudonym(json_object_get(doc, "pseudonym"));
}

static int
setup(void **state)
{
	(void)state;
	home = open(".", O_RDONLY | O_DIRECTORY);
	return home >= 0 && secret_init() == SQ_OK && fsio_init() == SQ_OK ?
	    0 : -1;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_keys, unload),
		cmocka_unit_test_teardown(test_header, unload),
		cmocka_unit_test_teardown(test_state, unload),
		cmocka_unit_test_teardown(test_identity, unload),
		cmocka_unit_test_teardown(test_entry, unload),
		cmocka_unit_test_teardown(test_canonical, unload),
		cmocka_unit_test_teardown(test_log, unload),
		cmocka_unit_test_teardown(test_recovery, unload),
		cmocka_unit_test_teardown(test_statement, unload),
		cmocka_unit_test_teardown(test_small, unload)
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
