/*
 * Targets of crypto/: formats that come from outside.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/age.h"
#include "crypto/bech32.h"
#include "crypto/entry.h"
#include "crypto/keyslot.h"
#include "crypto/minisig.h"
#include "crypto/note.h"
#include "crypto/object.h"
#include "crypto/share.h"
#include "crypto/sshsig.h"
#include "crypto/tsp.h"
#include "crypto/words.h"
#include "tests/fuzz/fuzz.h"

/* The identity of the golden bundles, so that some inputs open. */
static struct secret *
golden(void)
{
	static uint8_t key[32];
	static bool known;
	struct secret **list = NULL, *s = NULL;
	char text[256];
	size_t n, k = 0;
	FILE *f;

	if (!known) {
		f = fopen("tests/vectors/golden/identity.txt", "r");
		if (f == NULL)
			abort();
		n = fread(text, 1, sizeof(text), f);
		(void)fclose(f);
		if (age_identity_parse(text, n, &list, &k) != SQ_OK || k != 1)
			abort();
		memcpy(key, secret_cbytes(list[0]), sizeof(key));
		secret_free(list[0]);
		free(list);
		known = true;
	}
	if (secret_copy(key, sizeof(key), &s) != SQ_OK)
		abort();
	return s;
}

static void
age(const uint8_t *p, size_t n)
{
	struct secret *id = golden(), *pass = NULL;
	struct fuzz_in in = { p, n, n > 0 ? 1 + p[0] : 0 };
	struct age_keys keys = { &id, 1, NULL, 4 };
	struct age_reader *r = NULL;
	static uint8_t buf[65536];
	size_t got;

	if (secret_copy((const uint8_t *)"password", 8, &pass) != SQ_OK)
		abort();
	keys.passphrase = pass;
	if (age_open_new(&keys, fuzz_read, &in, &r, NULL) == SQ_OK)
		while (age_open_get(r, buf, sizeof(buf), &got) == SQ_OK &&
		    got > 0)
			FUZZ_MUST(got <= sizeof(buf));
	age_open_free(r);
	secret_free(id);
	secret_free(pass);
}

static void
age_identity(const uint8_t *p, size_t n)
{
	struct secret **list = NULL;
	struct bytes_buf out = { 0 };
	char *s = fuzz_text(p, n);
	char pub[AGE_RECIPIENT_MAX];
	size_t k = 0;

	if (age_identity_parse(s, n, &list, &k) == SQ_OK)
		for (size_t i = 0; i < k; i++) {
			FUZZ_MUST(age_public(list[i], pub) == SQ_OK);
			FUZZ_MUST(age_recipient_check(pub) == SQ_OK);
			FUZZ_MUST(age_identity_emit(list[i], &out) == SQ_OK);
			secret_free(list[i]);
		}
	free(list);
	(void)age_recipient_check(s);
	(void)bech32_check(s, n);
	bytes_free(&out);
	free(s);
}

/* What is read is written again as the same bytes. */
static void
entry(const uint8_t *p, size_t n)
{
	struct bytes_buf out = { 0 };
	struct entry en = { 0 };
	uint8_t root[ENTRY_ROOT];

	if (entry_parse(p, n, &en) == SQ_OK) {
		FUZZ_MUST(entry_root(&en, root) == SQ_OK);
		FUZZ_MUST(entry_emit(&en, &out) == SQ_OK);
		fuzz_same(&out, p, n);
	}
	entry_free(&en);
	bytes_free(&out);
}

static void
record_json(const uint8_t *p, size_t n)
{
	struct bytes_buf out = { 0 };
	struct entry en = { 0 };
	uint8_t stated[ENTRY_ROOT], root[ENTRY_ROOT];
	uint64_t index;

	if (entry_parse_json(p, n, &en, stated, &index) == SQ_OK) {
		(void)entry_root(&en, root);
		FUZZ_MUST(entry_emit_json(&en, stated, index, &out) == SQ_OK);
		fuzz_same(&out, p, n);
	}
	entry_free(&en);
	bytes_free(&out);
}

/* Canonical form is a fixed point. */
static void
canon(const uint8_t *p, size_t n)
{
	struct bytes_buf a = { 0 }, b = { 0 };

	if (entry_canon((const char *)p, n, &a) == SQ_OK) {
		FUZZ_MUST(entry_canon((char *)a.p, a.len, &b) == SQ_OK);
		fuzz_same(&b, a.p, a.len);
	}
	bytes_free(&a);
	bytes_free(&b);
}

static void
minisig(const uint8_t *p, size_t n)
{
	struct bytes_buf out = { 0 };
	struct minisig_key key = { { 0 }, { 0 } };
	char trusted[MINISIG_COMMENT_MAX + 1];
	uint8_t hash[64] = { 0 };

	(void)minisig_check((const char *)p, n, &key, hash, trusted);
	if (minisig_pub_parse((const char *)p, n, &key) == SQ_OK)
		FUZZ_MUST(minisig_pub_emit(&key, &out) == SQ_OK);
	bytes_free(&out);
}

static void
sshsig(const uint8_t *p, size_t n)
{
	struct bytes_buf out = { 0 };
	uint8_t pk[SIGN_PK];

	(void)sshsig_check((const char *)p, n, "evidence-bundle@sandyq", "x", 1,
	    pk);
	if (sshsig_pub_parse((const char *)p, n, pk) == SQ_OK)
		FUZZ_MUST(sshsig_fingerprint(pk, &out) == SQ_OK);
	bytes_free(&out);
}

static void
note(const uint8_t *p, size_t n)
{
	struct bytes_buf out = { 0 };
	struct note_key key = { "x", 1, { 0 }, { 0 } };
	struct note_checkpoint cp;
	char *s = fuzz_text(p, n);
	size_t len;

	(void)note_check(s, n, &key, &len);
	if (note_vkey_parse(s, &key) == SQ_OK) {
		FUZZ_MUST(note_vkey(&key, &out) == SQ_OK);
		fuzz_same(&out, s, strlen(s));
	}
	out.len = 0;
	if (note_checkpoint_parse(s, n, &cp) == SQ_OK)
		FUZZ_MUST(note_checkpoint_emit(&cp, &out) == SQ_OK);
	bytes_free(&out);
	free(s);
}

static void
tlog_proof(const uint8_t *p, size_t n)
{
	struct merkle_proof proof;
	uint64_t index;
	size_t at;

	if (note_proof_parse((const char *)p, n, &index, &proof, &at) == SQ_OK)
		FUZZ_MUST(at <= n && proof.n <= MERKLE_PROOF_MAX);
}

static void
slot(const uint8_t *p, size_t n)
{
	struct secret *ikm = fuzz_key(0x42);
	struct keyslot_ctx cx = { { 0 }, 1, { 0 }, { 0 }, 0 };
	struct keyslot s = { 0 };

	if (n >= KEYSLOT_LEN)
		FUZZ_MUST(keyslot_open(&cx, ikm, p, &s) != SQ_OK);
	secret_free(ikm);
}

/* No chunk opens, and the padding is what would be written. */
static void
object(const uint8_t *p, size_t n)
{
	static uint8_t pt[OBJECT_SEALED], pad[4096];
	struct secret *key = fuzz_key(0x42);
	struct bytes_rd rd;
	struct object *o = NULL;
	uint8_t id[OBJECT_ID] = { 0 }, vault[16] = { 0 };
	uint64_t content, pos;

	bytes_rd_init(&rd, p, n);
	content = bytes_rd_u64(&rd);
	pos = bytes_rd_u64(&rd);
	if (n < 16 + OBJECT_SALT || content > OBJECT_MAX) {
		secret_free(key);
		return;
	}
	FUZZ_MUST(object_plain_len(content) >= content + OBJECT_TRAILER);
	if (pos <= object_plain_len(content) - sizeof(pad) && pos >= content) {
		object_pad(content, pos, pad, sizeof(pad));
		FUZZ_MUST(object_pad_ok(content, pos, pad, sizeof(pad)));
	}
	FUZZ_MUST(object_new(key, vault, id, p + 16, &o) == SQ_OK);
	p += 16 + OBJECT_SALT;
	n -= 16 + OBJECT_SALT;
	if (n > AEAD_TAG && n <= OBJECT_SEALED)
		FUZZ_MUST(object_open(o, 0, true, p, n, pt) != SQ_OK);
	object_free(o);
	secret_free(key);
}

/* A sheet as somebody typed it: the code it gives reads as itself. */
static void
sheet(const uint8_t *p, size_t n)
{
	struct secret *a = NULL, *b = NULL;

	if (words_sheet_parse((const char *)p, n, &a, NULL) == SQ_OK) {
		FUZZ_MUST(words_sheet_parse((const char *)secret_cbytes(a),
		    secret_len(a), &b, NULL) == SQ_OK);
		FUZZ_MUST(secret_eq(a, b));
	}
	secret_free(a);
	secret_free(b);
}

/* A share as somebody typed it: what it gives is written the same again. */
static void
share(const uint8_t *p, size_t n)
{
	struct share a = { .need = 0 }, b = { .need = 0 };
	struct secret *text = NULL;

	if (share_parse(p, n, &a, NULL) == SQ_OK) {
		FUZZ_MUST(a.need >= 1 && a.need <= a.of && a.x >= 1 &&
		    a.x <= a.of);
		FUZZ_MUST(share_text(&a, &text) == SQ_OK &&
		    share_parse(secret_cbytes(text), secret_len(text), &b,
		    NULL) == SQ_OK);
		FUZZ_MUST(b.need == a.need && b.of == a.of && b.x == a.x &&
		    secret_eq(a.y, b.y));
	}
	secret_free(text);
	share_free(&a);
	share_free(&b);
}

/* Never trusted by a root that is not one; the request reads as it should. */
static void
tsp(const uint8_t *p, size_t n)
{
	static const char data[] = "hello";
	struct tsp_in in = { .data = { data, sizeof(data) - 1 },
	    .token = { p, n }, .chain = { p, n } };
	uint8_t hash[DIGEST_LEN];
	struct tsp_token t;

	if (tsp_check(&in, &t, NULL) == SQ_OK)
		FUZZ_MUST(!t.trusted && t.time[0] != '\0');
	(void)tsp_request_of(p, n, hash);
}

const struct fuzz_target fuzz_crypto[] = {
	{ "age", age, 262144 },
	{ "age-identity", age_identity, 8192 },
	{ "entry", entry, 65536 },
	{ "record-json", record_json, 65536 },
	{ "canon", canon, 16384 },
	{ "minisig", minisig, 4096 },
	{ "sshsig", sshsig, 4096 },
	{ "note", note, 8192 },
	{ "tlog-proof", tlog_proof, 16384 },
	{ "slot", slot, KEYSLOT_LEN },
	{ "object", object, 16384 },
	{ "share", share, SHARE_MAX },
	{ "sheet", sheet, 2048 },
	{ "tsp", tsp, 16384 },
	{ NULL, NULL, 0 }
};
