#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/digest.h"
#include "crypto/note.h"
#include "tests/unit/peer.h"
#include "tests/unit/vec.h"

#define LEN(a) (sizeof(a) / sizeof((a)[0]))
#define SELF "tlog-selfmade/"
#define REAL "tlog-proofbundle/tests/fixtures/anchors/markovian_log/"
#define LIVE "tlog-proofbundle/tests/fixtures/checkpoint/"
#define LOG_VKEY "vault.invalid/3f9c1e07+d0ccd891+" \
    "AXv58gJjmyvapl/luQS2SxIfDs+FBcJn/qypDNMxo+4l"

static char *
read_vec(const char *folder, const char *name, size_t *ret_n)
{
	char rel[512];

	(void)snprintf(rel, sizeof(rel), "%s%s", folder, name);
	return peer_read(vec_path(rel), ret_n);
}

/*
 * What a verifier does with a proof: signature of the log, origin, size and
 * inclusion of the leaf.
 */
static enum sq_err
accept(const char *p, size_t n, const struct note_key *key,
    const char *origin, const uint8_t leaf[32], uint64_t *index)
{
	struct merkle_proof proof;
	struct note_checkpoint cp;
	size_t at, text;
	enum sq_err e;

	if ((e = note_proof_parse(p, n, index, &proof, &at)) != SQ_OK ||
	    (e = note_check(p + at, n - at, key, &text)) != SQ_OK ||
	    (e = note_checkpoint_parse(p + at, text, &cp)) != SQ_OK)
		return e;
	if (strcmp(cp.origin, origin) != 0)
		return SQ_EAUTH;
	return merkle_include_check(leaf, *index, cp.size, &proof, cp.root);
}

/* The leaf hashes of the self-made log. */
static void
self_leaves(uint8_t leaf[13][32])
{
	json_t *j = vec_json(SELF "log.json"), *list;
	const char *s;
	size_t n;

	list = json_object_get(j, "leaf_hashes_b64");
	assert_int_equal(json_array_size(list), 13);
	for (size_t i = 0; i < 13; i++) {
		s = json_string_value(json_array_get(list, i));
		assert_int_equal(bytes_unb64(leaf[i], 32, s, strlen(s), true,
		    &n), SQ_OK);
		assert_int_equal(n, 32);
	}
	json_decref(j);
}

static void
self_proofs(void **state)
{
	static const unsigned sizes[] = { 1, 7, 8, 13 };
	uint8_t leaf[13][32];
	struct note_key key;
	char name[64], *p;
	uint64_t index;
	size_t n, seen = 0;

	(void)state;
	vec_need(SELF "log.json");
	self_leaves(leaf);
	assert_int_equal(note_vkey_parse(LOG_VKEY, &key), SQ_OK);
	for (size_t s = 0; s < LEN(sizes); s++) {
		for (unsigned i = 0; i < sizes[s]; i++, seen++) {
			(void)snprintf(name, sizeof(name),
			    "proofs/i%u-n%u.tlog-proof", i, sizes[s]);
			p = read_vec(SELF, name, &n);
			assert_int_equal(accept(p, n, &key, key.name, leaf[i],
			    &index), SQ_OK);
			assert_int_equal(index, i);
			vec_took("tlog", name, true, true);
			/* and for no other leaf */
			assert_int_equal(accept(p, n, &key, key.name,
			    leaf[(i + 1) % 13], &index), SQ_EAUTH);
			free(p);
		}
	}
	p = read_vec(SELF, "proofs/extra-i3-n13.tlog-proof", &n);
	assert_int_equal(accept(p, n, &key, key.name, leaf[3], &index),
	    SQ_OK);
	free(p);
	assert_int_equal(seen + 1, 30);
}

static void
self_checkpoints(void **state)
{
	static const unsigned sizes[] = { 0, 1, 2, 7, 8, 13 };
	struct bytes_buf b = { 0 };
	struct note_checkpoint cp;
	struct note_key key;
	char name[64], *p;
	size_t n, text;

	(void)state;
	vec_need(SELF "log.json");
	assert_int_equal(note_vkey_parse(LOG_VKEY, &key), SQ_OK);
	for (size_t s = 0; s < LEN(sizes); s++) {
		(void)snprintf(name, sizeof(name), "proofs/checkpoint-%u",
		    sizes[s]);
		p = read_vec(SELF, name, &n);
		assert_int_equal(note_check(p, n, &key, &text), SQ_OK);
		assert_int_equal(note_checkpoint_parse(p, text, &cp), SQ_OK);
		assert_int_equal(cp.size, sizes[s]);
		vec_took("tlog", name, true, true);
		assert_string_equal(cp.origin, key.name);
		b.len = 0;
		assert_int_equal(note_checkpoint_emit(&cp, &b), SQ_OK);
		assert_int_equal(b.len, text);
		assert_memory_equal(b.p, p, text);
		free(p);
	}
	bytes_free(&b);
}

/* Each forgery of negative.tsv; 16 and 17 concern the witness, see below. */
static void
self_negative(void **state)
{
	static const struct {
		const char *name;
		enum sq_err want;
	} cases[] = {
		{ "01-index-off-by-one", SQ_EAUTH },
		{ "02-index-leading-zero", SQ_EFORMAT },
		{ "03-index-beyond-size", SQ_EAUTH },
		{ "04-header-wrong", SQ_EFORMAT },
		{ "05-proof-missing-line", SQ_EAUTH },
		{ "06-proof-extra-line", SQ_EAUTH },
		{ "07-proof-short-hash", SQ_EFORMAT },
		{ "08-bad-log-signature", SQ_EAUTH },
		{ "09-unknown-log-key", SQ_ENOENT },
		{ "10-size-leading-zero", SQ_EFORMAT },
		{ "11-wrong-origin", SQ_EAUTH },
		{ "12-no-blank-line-before-signature", SQ_EFORMAT },
		{ "13-hyphen-instead-of-emdash", SQ_EFORMAT },
		{ "14-crlf", SQ_EFORMAT },
		{ "15-no-final-newline", SQ_EFORMAT },
		/*
		 * These two are refused only by a policy that requires the
		 * witness; the signature of the log holds, and that is all
		 * that is read here.
		 */
		{ "16-cosig-timestamp-changed", SQ_OK },
		{ "17-cosig-by-log-key-type1", SQ_OK },
		{ "18-empty-proof-multi-leaf", SQ_EAUTH },
		{ "19-root-replaced", SQ_EAUTH },
		{ "20-control-char", SQ_EFORMAT },
	};
	uint8_t leaf[13][32];
	struct note_key key;
	uint64_t index;
	enum sq_err e;
	size_t n;
	char *p;

	(void)state;
	vec_need(SELF "log.json");
	self_leaves(leaf);
	assert_int_equal(note_vkey_parse(LOG_VKEY, &key), SQ_OK);
	for (size_t i = 0; i < LEN(cases); i++) {
		p = read_vec(SELF "negative/", cases[i].name, &n);
		e = accept(p, n, &key, key.name, leaf[3], &index);
		vec_took("tlog", cases[i].name, false, e == SQ_OK);
		if (e != cases[i].want)
			fail_msg("%s: %s", cases[i].name, err_str(e));
		free(p);
	}
}

/* Nothing that a single changed byte makes of a proof is accepted. */
static void
self_flips(void **state)
{
	uint8_t leaf[13][32];
	struct note_key key;
	uint64_t index;
	size_t n, end;
	char *p;

	(void)state;
	vec_need(SELF "log.json");
	self_leaves(leaf);
	assert_int_equal(note_vkey_parse(LOG_VKEY, &key), SQ_OK);
	p = read_vec(SELF, "proofs/i3-n13.tlog-proof", &n);
	/* the witness line behind may be of any key: it stops before */
	end = (size_t)(strstr(p, "\xE2\x80\x94 witness") - p);
	for (size_t i = 0; i < end; i++) {
		for (int v = 1; v < 256; v++) {
			p[i] = (char)(p[i] ^ v);
			if (accept(p, n, &key, key.name, leaf[3],
			    &index) == SQ_OK)
				fail_msg("byte %zu ^ %02x", i, (unsigned)v);
			p[i] = (char)(p[i] ^ v);
		}
		assert_int_not_equal(accept(p, i, &key, key.name, leaf[3],
		    &index), SQ_OK);
	}
	free(p);
}

/* A real proof of a public log, with keys that did not come from that log. */
static void
real_proof(void **state)
{
	static const char vkey[] = "markovianprotocol.com/log+0302c6c8+"
	    "ATkpOWo95UuEiW2EhNZAol4f0CS8hMluJfPcTSzrr03v";
	uint8_t leaf[32];
	struct note_checkpoint cp;
	struct note_key key;
	char *p, *raw;
	uint64_t index;
	size_t n, nraw, text;

	(void)state;
	vec_need(REAL "proof_7271/proof_7271.tlog-proof");
	p = read_vec(REAL, "proof_7271/proof_7271.tlog-proof", &n);
	raw = read_vec(REAL, "proof_7271/leaf_7271.raw", &nraw);
	assert_int_equal(note_vkey_parse(vkey, &key), SQ_OK);
	merkle_leaf(leaf, raw, nraw);
	assert_int_equal(accept(p, n, &key, key.name, leaf, &index), SQ_OK);
	assert_int_equal(index, 7271);
	raw[365] ^= 1;
	merkle_leaf(leaf, raw, nraw);
	assert_int_equal(accept(p, n, &key, key.name, leaf, &index),
	    SQ_EAUTH);
	free(p);
	free(raw);
	p = read_vec(REAL, "checkpoint_7397/checkpoint_7397.txt", &n);
	assert_int_equal(note_check(p, n, &key, &text), SQ_OK);
	assert_int_equal(note_checkpoint_parse(p, text, &cp), SQ_OK);
	assert_int_equal(cp.size, 7397);
	free(p);
}

/* The demonstration proof: its keys are not published, its form is read. */
static void
example_proof(void **state)
{
	struct merkle_proof proof;
	struct note_checkpoint cp;
	struct note_key key;
	uint64_t index;
	size_t n, at, text;
	char *p;

	(void)state;
	vec_need("tlog-proofbundle/examples/example.tlog-proof");
	p = read_vec("tlog-proofbundle/examples/", "example.tlog-proof", &n);
	assert_int_equal(note_proof_parse(p, n, &index, &proof, &at), SQ_OK);
	assert_int_equal(index, 2);
	assert_int_equal(proof.n, 1);
	assert_int_equal(note_vkey_parse(LOG_VKEY, &key), SQ_OK);
	assert_int_equal(note_check(p + at, n - at, &key, &text), SQ_ENOENT);
	text = (size_t)(strstr(p + at, "\n\n") - (p + at)) + 1;
	assert_int_equal(note_checkpoint_parse(p + at, text, &cp), SQ_OK);
	assert_string_equal(cp.origin, "example.com/demo-log");
	assert_int_equal(cp.size, 3);
	free(p);
}

/* Checkpoints of two large public logs. */
static void
live_checkpoints(void **state)
{
	static const char sumdb[] = "sum.golang.org+033de0ae+"
	    "Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
	/* SubjectPublicKeyInfo of trusted_root.json: Ed25519 as well */
	static const char rekor[] =
	    "MCowBQYDK2VwAyEAt8rlp1knGwjfbcXAYPYAkn0XiLz1x8O4t0YkEhie244=";
	struct note_checkpoint cp;
	struct note_key key;
	uint8_t spki[64];
	size_t n, text;
	char *p;

	(void)state;
	vec_need(LIVE "sumdb_latest.txt");
	p = read_vec(LIVE, "sumdb_latest.txt", &n);
	assert_int_equal(note_vkey_parse(sumdb, &key), SQ_OK);
	assert_int_equal(note_check(p, n, &key, &text), SQ_OK);
	assert_int_equal(note_checkpoint_parse(p, text, &cp), SQ_OK);
	assert_string_equal(cp.origin, "go.sum database tree");
	assert_int_equal(cp.size, 57389448);
	free(p);
	assert_int_equal(bytes_unb64(spki, sizeof(spki), rekor,
	    strlen(rekor), true, &n), SQ_OK);
	assert_int_equal(n, 44);
	assert_int_equal(note_key("log2025-1.rekor.sigstore.dev", spki + 12,
	    &key), SQ_OK);
	p = read_vec(LIVE, "rekor_v2_checkpoint.txt", &n);
	assert_int_equal(note_check(p, n, &key, &text), SQ_OK);
	assert_int_equal(note_checkpoint_parse(p, text, &cp), SQ_OK);
	assert_int_equal(cp.size, 22578297);
	p[30] ^= 1;
	assert_int_not_equal(note_check(p, n, &key, &text), SQ_OK);
	free(p);
}

static void
vkeys(void **state)
{
	static const char *const bad[] = {
		"", "+", "a", "a+d0ccd891", "a+d0ccd891+", "a+d0ccd891+AA==",
		/* another name or hash than the key's */
		"vault.invalid/3f9c1e08+d0ccd891+"
		    "AXv58gJjmyvapl/luQS2SxIfDs+FBcJn/qypDNMxo+4l",
		"vault.invalid/3f9c1e07+d0ccd892+"
		    "AXv58gJjmyvapl/luQS2SxIfDs+FBcJn/qypDNMxo+4l",
		"vault.invalid/3f9c1e07+D0CCD891+"
		    "AXv58gJjmyvapl/luQS2SxIfDs+FBcJn/qypDNMxo+4l",
		"+d0ccd891+AXv58gJjmyvapl/luQS2SxIfDs+FBcJn/qypDNMxo+4l",
		LOG_VKEY "\n", " " LOG_VKEY, LOG_VKEY "=",
	};
	struct bytes_buf b = { 0 };
	struct note_key key;

	(void)state;
	assert_int_equal(note_vkey_parse(LOG_VKEY, &key), SQ_OK);
	assert_int_equal(note_vkey(&key, &b), SQ_OK);
	assert_int_equal(b.len, strlen(LOG_VKEY));
	assert_memory_equal(b.p, LOG_VKEY, b.len);
	for (size_t i = 0; i < LEN(bad); i++)
		if (note_vkey_parse(bad[i], &key) == SQ_OK)
			fail_msg("%s", bad[i]);
	/* a witness key makes another kind of signature */
	assert_int_equal(note_vkey_parse("witness.invalid/lawyer-a+4fcf9c5d+"
	    "BI7d66FyA45oYFzJ8eEhtbWPFgLr8NCO/5x4DalVYLcn", &key),
	    SQ_EUNSUPPORTED);
	bytes_free(&b);
}

/* The reference implementation's own seed gives its own note, to the byte. */
static void
sign_as_they_do(void **state)
{
	json_t *j;
	struct vec seed;
	struct secret *s;
	struct bytes_buf b = { 0 };
	size_t n, text, first;
	char *p;

	(void)state;
	vec_need(SELF "log.json");
	j = vec_json(SELF "log.json");
	seed = vec_hex(j, "log_seed_hex");
	s = vec_secret(seed.p, seed.n);
	p = read_vec(SELF, "proofs/checkpoint-13", &n);
	text = (size_t)(strstr(p, "\n\n") - p) + 1;
	assert_int_equal(note_sign("vault.invalid/3f9c1e07", s, p, text, &b),
	    SQ_OK);
	first = (size_t)(strchr(p + text + 1, '\n') - p) + 1;
	assert_int_equal(b.len, first);
	assert_memory_equal(b.p, p, first);
	bytes_free(&b);
	secret_free(s);
	vec_free(&seed);
	json_decref(j);
	free(p);
}

/* Sign, then everything that may stand around a signature and may not. */
static void
notes(void **state)
{
	struct secret *seed = vec_fill(7, SIGN_SEED);
	struct secret *other = vec_fill(8, SIGN_SEED);
	struct bytes_buf b = { 0 }, c = { 0 };
	uint8_t pk[SIGN_PK];
	struct note_key key;
	size_t text, one;

	(void)state;
	assert_int_equal(sign_public(seed, pk), SQ_OK);
	assert_int_equal(note_key("sandyq/x", pk, &key), SQ_OK);
	assert_int_equal(note_sign("sandyq/x", seed, "a\n\nb\n", 5, &b),
	    SQ_OK);
	assert_int_equal(note_check((char *)b.p, b.len, &key, &text), SQ_OK);
	assert_int_equal(text, 5);
	one = b.len;
	/* a second signer's line before or behind ours is fine */
	assert_int_equal(note_sign("sandyq/y", other, "a\n\nb\n", 5, &c),
	    SQ_OK);
	bytes_put(&b, c.p + 6, c.len - 6);
	assert_int_equal(note_check((char *)b.p, b.len, &key, &text), SQ_OK);
	/* ours twice is not, nor rubbish, nor an empty line */
	c.len = 0;
	bytes_put(&c, b.p + 6, one - 6);
	bytes_put(&b, c.p, c.len);
	assert_int_equal(note_check((char *)b.p, b.len, &key, &text),
	    SQ_EFORMAT);
	b.len = one;
	bytes_puts(&b, "rubbish\n");
	assert_int_equal(note_check((char *)b.p, b.len, &key, &text),
	    SQ_EFORMAT);
	b.len = one;
	bytes_puts(&b, "\n");
	assert_int_equal(note_check((char *)b.p, b.len, &key, &text),
	    SQ_EFORMAT);
	/* another key under our name, ours under another name: not ours */
	c.len = 0;
	assert_int_equal(note_sign("sandyq/x", other, "a\n", 2, &c), SQ_OK);
	assert_int_equal(note_check((char *)c.p, c.len, &key, &text),
	    SQ_ENOENT);
	c.len = 0;
	assert_int_equal(note_sign("sandyq/y", seed, "a\n", 2, &c), SQ_OK);
	assert_int_equal(note_check((char *)c.p, c.len, &key, &text),
	    SQ_ENOENT);
	bytes_free(&b);
	bytes_free(&c);
	secret_free(seed);
	secret_free(other);
}

/* What cannot be signed. */
static void
unsignable(void **state)
{
	struct secret *seed = vec_fill(7, SIGN_SEED);
	struct bytes_buf c = { 0 };

	(void)state;
	assert_int_equal(note_sign("sandyq/x", seed, "", 0, &c), SQ_EFORMAT);
	assert_int_equal(note_sign("sandyq/x", seed, "a", 1, &c), SQ_EFORMAT);
	assert_int_equal(note_sign("x", seed, "a\t\n", 3, &c), SQ_EFORMAT);
	assert_int_equal(note_sign("x", seed, "\xFF\n", 2, &c), SQ_EFORMAT);
	assert_int_equal(note_sign("x y", seed, "a\n", 2, &c), SQ_EFORMAT);
	assert_int_equal(note_sign("x+y", seed, "a\n", 2, &c), SQ_EFORMAT);
	assert_int_equal(note_sign("", seed, "a\n", 2, &c), SQ_EFORMAT);
	assert_int_equal(c.len, 0);
	bytes_free(&c);
	secret_free(seed);
}

static void
checkpoint_forms(void **state)
{
#define ROOT "Vi/mGLZf/U1Hq2SKjk/w31CHpB0Zo9OUrgpGCQfq0IA=\n"
#define NONE "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
	static const struct {
		const char *text;
		bool ok;
	} cases[] = {
		{ "o\n1\n" ROOT, true },
		{ "o\n0\n" NONE, true },
		{ "o\n9223372036854775807\n" ROOT, true },
		{ "o\n9223372036854775808\n" ROOT, false },
		{ "o\n18446744073709551617\n" ROOT, false },
		{ "o\n0\n" ROOT, false },
		/* size one with an empty root */
		{ "o\n1\n" NONE, false },
		{ "o\n1\n\n", false },
		{ "o\n1\nVi/m\n", false },
		{ "o\n01\n" ROOT, false },
		{ "o\n+1\n" ROOT, false },
		{ "o\n-1\n" ROOT, false },
		{ "o\n 1\n" ROOT, false },
		{ "o\n\n" ROOT, false },
		{ "\n1\n" ROOT, false },
		{ "o\n1\n" ROOT "extension\n", false },
		{ "o\n1\n" ROOT "\n", false },
		{ "o\n1\nVi/mGLZf/U1Hq2SKjk/w31CHpB0Zo9OUrgpGCQfq0IB=\n",
		    false },
		{ "o\n1\nVi/mGLZf/U1Hq2SKjk/w31CHpB0Zo9OUrgpGCQfq0IA\n",
		    false },
		{ "", false },
	};
	struct note_checkpoint cp;

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++)
		if ((note_checkpoint_parse(cases[i].text,
		    strlen(cases[i].text), &cp) == SQ_OK) != cases[i].ok)
			fail_msg("%s", cases[i].text);
}

/* Sixty-four hashes are read, sixty-five are not. */
static void
proof_limit(void **state)
{
	struct merkle_proof proof = { 0 }, got;
	struct bytes_buf b = { 0 };
	uint64_t index;
	size_t at;

	(void)state;
	proof.n = MERKLE_PROOF_MAX;
	memset(proof.hash, 0x5A, sizeof(proof.hash));
	assert_int_equal(note_proof_emit(9, &proof, "x\n", 2, &b), SQ_OK);
	assert_int_equal(note_proof_parse((char *)b.p, b.len, &index, &got,
	    &at), SQ_OK);
	assert_int_equal(got.n, MERKLE_PROOF_MAX);
	assert_memory_equal(got.hash, proof.hash, sizeof(got.hash));
	assert_int_equal(b.len - at, 2);
	b.len = at - 1;
	bytes_puts(&b, "WlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlo=\n\nx\n");
	assert_int_equal(note_proof_parse((char *)b.p, b.len, &index, &got,
	    &at), SQ_ELIMIT);
	proof.n++;
	assert_int_equal(note_proof_emit(9, &proof, "x\n", 2, &b), SQ_ELIMIT);
	bytes_free(&b);
}

#define HEAD "c2sp.org/tlog-proof@v1\n"

static const struct {
	const char *name, *text;
	enum sq_err want;
} form[] = {
	{ "no hash", HEAD "index 0\n\n", SQ_OK },
	{ "the largest index", HEAD "index 9223372036854775807\n\n",
	    SQ_OK },
	{ "three bytes more", HEAD "extra QUJD\nindex 0\n\n", SQ_OK },
	{ "five bytes more", HEAD "extra QUJDQUI=\nindex 0\n\n",
	    SQ_OK },
	{ "nothing", "", SQ_EFORMAT },
	{ "a head alone", HEAD, SQ_EFORMAT },
	{ "a long head", "x" HEAD "index 0\n\n", SQ_EFORMAT },
	{ "an index beyond", HEAD "index 9223372036854775808\n\n",
	    SQ_EFORMAT },
	{ "twenty digits", HEAD "index 10000000000000000000\n\n",
	    SQ_EFORMAT },
	{ "no digit", HEAD "index \n\n", SQ_EFORMAT },
	{ "a zero before", HEAD "index 01\n\n", SQ_EFORMAT },
	{ "below zero", HEAD "index -1\n\n", SQ_EFORMAT },
	{ "a letter", HEAD "index 1a\n\n", SQ_EFORMAT },
	{ "a short line", HEAD "ind\n\n", SQ_EFORMAT },
	{ "nothing more", HEAD "extra \nindex 0\n\n", SQ_EFORMAT },
	{ "more that is no base64", HEAD "extra Q!JDQUJD\nindex 0\n\n",
	    SQ_EFORMAT },
	{ "an end in the middle", HEAD "extra QUI=QUJD\nindex 0\n\n",
	    SQ_EFORMAT },
	{ "more that is cut", HEAD "extra QUJDQU\nindex 0\n\n",
	    SQ_EFORMAT },
	{ "more with loose bits", HEAD "extra QUJ=\nindex 0\n\n",
	    SQ_EFORMAT },
	{ "more alone", HEAD "extra QUJD\n", SQ_EFORMAT },
	{ "more twice", HEAD "extra QUJD\nextra QUJD\nindex 0\n\n",
	    SQ_EFORMAT },
	{ "a short hash", HEAD "index 0\nQUJD\n\n", SQ_EFORMAT },
	{ "a hash in words", HEAD "index 0\nhash\n\n", SQ_EFORMAT },
	{ "no empty line", HEAD "index 0\n", SQ_EFORMAT },
};

/* What a proof may look like, and what nearly looks like one. */
static void
proof_forms(void **state)
{
	static char large[NOTE_MAX_BYTES + 1];
	struct merkle_proof got = { 0 };
	struct bytes_buf b = { 0 };
	uint64_t index;
	size_t at;

	(void)state;
	for (size_t i = 0; i < LEN(form); i++)
		if (note_proof_parse(form[i].text, strlen(form[i].text), &index,
		    &got, &at) != form[i].want)
			fail_msg("%s", form[i].name);
	assert_int_equal(note_proof_parse(large, sizeof(large), &index, &got,
	    &at), SQ_ELIMIT);
	assert_int_equal(note_proof_emit((uint64_t)INT64_MAX + 1, &got, "x\n",
	    2, &b), SQ_ELIMIT);
	bytes_free(&b);
}

/* A checkpoint that nobody could read is not written. */
static void
checkpoint_values(void **state)
{
	static const char *const origin[] = { "", "a\nb", "a\x7f", "\xC3\x28",
	    "\t" };
	struct note_checkpoint cp = { .size = 1 };
	struct bytes_buf b = { 0 };
	uint8_t none[DIGEST_LEN];

	(void)state;
	for (size_t i = 0; i < LEN(origin); i++) {
		strcpy(cp.origin, origin[i]);
		if (note_checkpoint_emit(&cp, &b) != SQ_EFORMAT)
			fail_msg("origin %zu", i);
	}
	strcpy(cp.origin, "o");
	digest_sha256(none, "", 0);
	/* a tree with a leaf has not the root of the empty one, or reversed */
	memcpy(cp.root, none, sizeof(none));
	assert_int_equal(note_checkpoint_emit(&cp, &b), SQ_EFORMAT);
	cp.size = 0;
	assert_int_equal(note_checkpoint_emit(&cp, &b), SQ_OK);
	cp.root[0] ^= 1;
	assert_int_equal(note_checkpoint_emit(&cp, &b), SQ_EFORMAT);
	cp.size = (uint64_t)INT64_MAX + 1;
	assert_int_equal(note_checkpoint_emit(&cp, &b), SQ_EFORMAT);
	cp.size = INT64_MAX;
	assert_int_equal(note_checkpoint_emit(&cp, &b), SQ_OK);
	bytes_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(self_proofs),
		cmocka_unit_test(self_checkpoints),
		cmocka_unit_test(self_negative),
		cmocka_unit_test(self_flips),
		cmocka_unit_test(real_proof),
		cmocka_unit_test(example_proof),
		cmocka_unit_test(live_checkpoints),
		cmocka_unit_test(vkeys),
		cmocka_unit_test(sign_as_they_do),
		cmocka_unit_test(notes),
		cmocka_unit_test(unsignable),
		cmocka_unit_test(checkpoint_forms),
		cmocka_unit_test(proof_limit),
		cmocka_unit_test(proof_forms),
		cmocka_unit_test(checkpoint_values),
	};

	return cmocka_run_group_tests(tests, vec_setup, NULL);
}
