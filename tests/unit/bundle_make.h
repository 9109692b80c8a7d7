/*
 * A small bundle, made in steps that a test can disturb: records, bag,
 * statement, proofs, signatures, seal.  Whoever repeats only the later steps
 * is a forger of that rank.  Include after cmocka.h.
 */
#ifndef SQ_TESTS_BUNDLE_MAKE_H
#define SQ_TESTS_BUNDLE_MAKE_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crypto/age.h"
#include "crypto/entry.h"
#include "crypto/merkle.h"
#include "crypto/sshsig.h"
#include "vault/bundle/bag.h"
#include "vault/bundle/card.h"
#include "vault/bundle/consist.h"
#include "vault/bundle/csv.h"
#include "vault/bundle/readme.h"
#include "vault/bundle/statement.h"
#include "vault/bundle/tar.h"
#include "vault/bundle/verify.h"

#define MK __attribute__((unused)) static
#define MK_LOG 8			/* entries in the log */
#define MK_MEMBERS 64
#define OK(x) assert_int_equal(x, SQ_OK)

struct mk_member {
	char path[TAR_PATH_MAX + 1];
	struct bytes_buf data;
};

struct mk {
	struct secret *note, *minisign, *ssh, *reader;
	char log[33];
	struct card card;
	struct entry item[4];		/* in full; copies are withheld from */
	uint64_t index[4];
	unsigned items;
	uint8_t root[MK_LOG][ENTRY_ROOT];	/* of every entry of the log */
	uint64_t size;
	uint64_t previous;		/* 0: no bundle before */
	struct merkle_store store;
	uint8_t tree[5][MK_LOG][MERKLE_LEN];
	bool known[5][MK_LOG];
	struct statement st;
	struct bytes_buf checkpoint;
	struct mk_member m[MK_MEMBERS];	/* ascending */
	unsigned n;
	char recipient[AGE_RECIPIENT_MAX];
};

/* --- members -------------------- */

MK struct bytes_buf *
mk_find(struct mk *b, const char *path)
{
	for (unsigned i = 0; i < b->n; i++)
		if (strcmp(b->m[i].path, path) == 0)
			return &b->m[i].data;
	return NULL;
}

MK void
mk_del(struct mk *b, const char *path)
{
	for (unsigned i = 0; i < b->n; i++)
		if (strcmp(b->m[i].path, path) == 0) {
			bytes_free(&b->m[i].data);
			memmove(&b->m[i], &b->m[i + 1],
			    (--b->n - i) * sizeof(b->m[0]));
			return;
		}
	fail_msg("no member %s", path);
}

/* Put a member in its place, over the one there. */
MK void
mk_put(struct mk *b, const char *path, const void *p, size_t n)
{
	struct bytes_buf data = { 0 }, *old = mk_find(b, path);
	unsigned i = b->n;

	bytes_put(&data, p, n);
	if (old != NULL) {
		bytes_free(old);
		*old = data;
		return;
	}
	assert_true(b->n < MK_MEMBERS);
	for (; i > 0 && strcmp(b->m[i - 1].path, path) > 0; i--)
		b->m[i] = b->m[i - 1];
	memset(&b->m[i], 0, sizeof(b->m[i]));
	(void)snprintf(b->m[i].path, sizeof(b->m[i].path), "%s", path);
	b->m[i].data = data;
	b->n++;
}

MK void
mk_puts(struct mk *b, const char *path, const char *s)
{
	mk_put(b, path, s, strlen(s));
}

/* As mk_put, and the buffer is freed. */
MK void
mk_move(struct mk *b, const char *path, struct bytes_buf *data)
{
	OK(bytes_done(data));
	mk_put(b, path, data->p, data->len);
	bytes_free(data);
}

MK const char *
mk_item(unsigned n, const char *name)
{
	static char path[2][TAR_PATH_MAX];
	static int turn;

	turn = !turn;
	(void)snprintf(path[turn], sizeof(path[turn]),
	    "bundle/bag/data/items/%06u/%s", n, name);
	return path[turn];
}

MK const char *
mk_proof(unsigned n)
{
	static char path[2][TAR_PATH_MAX];
	static int turn;

	turn = !turn;
	(void)snprintf(path[turn], sizeof(path[turn]),
	    "bundle/proofs/items/%06u.tlog-proof", n);
	return path[turn];
}

/* --- the log -------------------- */

MK enum sq_err
mk_get(void *arg, unsigned level, uint64_t index, uint8_t out[MERKLE_LEN])
{
	struct mk *b = arg;

	if (level > 4 || index >= MK_LOG || !b->known[level][index])
		return SQ_ENOENT;
	memcpy(out, b->tree[level][index], MERKLE_LEN);
	return SQ_OK;
}

MK enum sq_err
mk_set(void *arg, unsigned level, uint64_t index,
    const uint8_t hash[MERKLE_LEN])
{
	struct mk *b = arg;

	memcpy(b->tree[level][index], hash, MERKLE_LEN);
	b->known[level][index] = true;
	return SQ_OK;
}

/* The tree anew over all roots. */
MK void
mk_tree(struct mk *b)
{
	uint8_t data[15 + ENTRY_ROOT] = "sandyq/entry/1\n", leaf[MERKLE_LEN];

	memset(b->known, 0, sizeof(b->known));
	b->store = (struct merkle_store){ mk_get, mk_set, b };
	for (uint64_t i = 0; i < b->size; i++) {
		memcpy(data + 15, b->root[i], ENTRY_ROOT);
		merkle_leaf(leaf, data, sizeof(data));
		OK(merkle_append(&b->store, i, leaf));
	}
}

/* The checkpoint over what is in st, signed with the note key. */
MK void
mk_checkpoint(struct mk *b)
{
	struct note_checkpoint cp = { "", b->st.log_size, { 0 } };
	struct bytes_buf text = { 0 };

	(void)snprintf(cp.origin, sizeof(cp.origin), "%s", b->st.log_origin);
	memcpy(cp.root, b->st.log_root, MERKLE_LEN);
	OK(note_checkpoint_emit(&cp, &text));
	bytes_free(&b->checkpoint);
	OK(note_sign(cp.origin, b->note, (const char *)text.p, text.len,
	    &b->checkpoint));
	bytes_free(&text);
}

/* --- steps -------------------- */

/* One entry of the log that is an item. */
MK void
mk_entry(struct mk *b, unsigned i, const char *ref, const char *text)
{
	struct entry *en = &b->item[i];

	OK(entry_add_str(en, "_log", b->log));
	OK(entry_add_str(en, "_kind", "revision"));
	OK(entry_add_str(en, "_record", "0123456789abcdef0123456789abcdef"));
	OK(entry_add_str(en, "_type", "testimony"));
	OK(entry_add_str(en, "_ref", ref));
	OK(entry_add_strs(en, "_parents", NULL, 0));
	OK(entry_add_text(en, "summary", "kk-Cyrl", text));
	OK(entry_add_str(en, "place", "Ghulja"));
	OK(entry_add_str(en, "witness", "Aigul"));
	OK(entry_sort(en));
}

/* The members under data/ of one item. */
MK void
mk_record(struct mk *b, unsigned i)
{
	struct bytes_buf out = { 0 };
	struct entry en = { 0 };

	OK(entry_copy(&b->item[i], &en));
	OK(entry_withhold(&en, "witness"));
	if (i == 1)
		OK(entry_hide(&en, "place"));
	OK(entry_emit_json(&en, b->root[b->index[i]], b->index[i], &out));
	mk_move(b, mk_item(i + 1, "record.json"), &out);
	entry_free(&en);
}

/* Records, tables: step 1, the vault. */
MK void
mk_data(struct mk *b)
{
	struct bytes_buf csv = { 0 };
	char number[16], root[65];

	for (unsigned i = 0; i < b->items; i++)
		OK(entry_root(&b->item[i], b->root[b->index[i]]));
	mk_tree(b);
	bytes_puts(&csv, CSV_ITEMS);
	for (unsigned i = 0; i < b->items; i++) {
		mk_record(b, i);
		(void)snprintf(number, sizeof(number), "%06u", i + 1);
		bytes_hex(root, b->root[b->index[i]], ENTRY_ROOT);
		csv_row(&csv, (const char *[]){ number, i == 0 ? "T-1" :
		    i == 1 ? "T-2" : "T-3", "testimony", root, "a, \"b\"",
		    "", "", "", "", "", "", "" }, 12);
	}
	mk_move(b, "bundle/bag/data/items.csv", &csv);
	mk_puts(b, "bundle/bag/data/report.html", "<!DOCTYPE html>\n");
}

/* Manifests: step 2, anyone can repeat it. */
MK void
mk_bag(struct mk *b)
{
	struct bag_list data = { 0 }, tags = { 0 };
	struct bytes_buf out = { 0 };
	uint8_t h[DIGEST_LEN];
	uint64_t bytes = 0, files = 0;

	for (unsigned i = 0; i < b->n; i++) {
		if (strncmp(b->m[i].path, "bundle/bag/data/", 16) != 0)
			continue;
		digest_sha256(h, b->m[i].data.p, b->m[i].data.len);
		OK(bag_add(&data, b->m[i].path + 11, h, 0));
		bytes += b->m[i].data.len;
		files++;
	}
	OK(bag_emit(&data, &out));
	mk_move(b, "bundle/bag/manifest-sha256.txt", &out);
	OK(bag_info(files, bytes, "2026-03-14", b->st.bundle, &out));
	mk_move(b, "bundle/bag/bag-info.txt", &out);
	mk_puts(b, "bundle/bag/bagit.txt", BAG_TXT);
	for (unsigned i = 0; i < b->n; i++) {
		if (strncmp(b->m[i].path, "bundle/bag/", 11) != 0 ||
		    strncmp(b->m[i].path, "bundle/bag/data/", 16) == 0 ||
		    strstr(b->m[i].path, "/tagmanifest-sha256.") != NULL)
			continue;
		digest_sha256(h, b->m[i].data.p, b->m[i].data.len);
		OK(bag_add(&tags, b->m[i].path + 11, h, 0));
	}
	OK(bag_emit(&tags, &out));
	digest_sha256(b->st.tagmanifest, out.p, out.len);
	mk_move(b, "bundle/bag/tagmanifest-sha256.txt", &out);
	b->st.bytes = bytes;
	bag_free(&data);
	bag_free(&tags);
}

/* The statement's text: step 3, anyone can write it. */
MK void
mk_statement(struct mk *b)
{
	struct bytes_buf out = { 0 };

	OK(statement_emit(&b->st, &out));
	mk_move(b, "bundle/STATEMENT.txt", &out);
}

/* Checkpoint and proofs: step 4, wants the note key. */
MK void
mk_proofs(struct mk *b)
{
	struct bytes_buf out = { 0 };
	struct merkle_proof proof;
	struct consist c;

	mk_checkpoint(b);
	mk_put(b, "bundle/proofs/checkpoint", b->checkpoint.p,
	    b->checkpoint.len);
	for (unsigned i = 0; i < b->items; i++) {
		OK(merkle_include(&b->store, b->index[i], b->size, &proof));
		OK(note_proof_emit(b->index[i], &proof,
		    (const char *)b->checkpoint.p, b->checkpoint.len, &out));
		mk_move(b, mk_proof(i + 1), &out);
	}
	if (mk_find(b, "bundle/proofs/consistency.txt") != NULL)
		mk_del(b, "bundle/proofs/consistency.txt");
	if (b->previous == 0)
		return;
	memset(&c, 0, sizeof(c));
	c.old_size = b->previous;
	c.new_size = b->size;
	OK(merkle_root(&b->store, c.old_size, c.old_root));
	OK(merkle_consist(&b->store, c.old_size, b->size, &c.proof));
	OK(consist_emit(&c, &out));
	mk_move(b, "bundle/proofs/consistency.txt", &out);
}

/* Both signatures and trust/: step 5, wants those keys. */
MK void
mk_sign(struct mk *b)
{
	struct bytes_buf out = { 0 }, *text = mk_find(b,
	    "bundle/STATEMENT.txt");
	char comment[256];
	uint8_t hash[64];

	digest_blake2b(hash, sizeof(hash), NULL,
	    (struct digest_part[]){ { text->p, text->len } }, 1);
	(void)snprintf(comment, sizeof(comment), STATEMENT_COMMENT,
	    b->st.bundle, b->st.created, b->st.log, b->st.log_size);
	OK(minisig_make(&b->card.minisign, b->minisign, hash, comment, &out));
	mk_move(b, "bundle/proofs/STATEMENT.txt.minisig", &out);
	text = mk_find(b, "bundle/STATEMENT.txt");
	OK(sshsig_make(b->ssh, STATEMENT_NS, text->p, text->len, &out));
	mk_move(b, "bundle/proofs/STATEMENT.txt.sig", &out);
	OK(card_emit(&b->card, &out));
	mk_move(b, "bundle/trust/key-card.txt", &out);
	OK(card_allowed_signers(&b->card, &out));
	mk_move(b, "bundle/trust/allowed_signers", &out);
	OK(minisig_pub_emit(&b->card.minisign, &out));
	mk_move(b, "bundle/trust/sandyq.pub", &out);
}

/* What the statement says of log and counts, from the present state. */
MK void
mk_facts(struct mk *b)
{
	b->st.items = b->items;
	b->st.log_size = b->size;
	OK(merkle_root(&b->store, b->size, b->st.log_root));
	b->st.has_previous = b->previous > 0;
	b->st.previous_size = b->previous;
	if (b->previous > 0)
		OK(merkle_root(&b->store, b->previous, b->st.previous_root));
}

/* All steps: what the vault itself can do. */
MK void
mk_all(struct mk *b)
{
	mk_data(b);
	mk_bag(b);
	mk_facts(b);
	mk_statement(b);
	mk_proofs(b);
	mk_sign(b);
}

/* Manifests, statement and signatures: a change made by the signer. */
MK void
mk_resign(struct mk *b)
{
	mk_bag(b);
	mk_statement(b);
	mk_sign(b);
}

/* --- making and sealing -------------------- */

/* New keys; the statement names them. */
MK void
mk_keys(struct mk *b)
{
	struct bytes_buf out = { 0 };
	uint8_t pk[SIGN_PK];

	secret_free(b->note);
	secret_free(b->minisign);
	secret_free(b->ssh);
	OK(secret_random(SIGN_SEED, &b->note));
	OK(secret_random(SIGN_SEED, &b->minisign));
	OK(secret_random(SIGN_SEED, &b->ssh));
	OK(sign_public(b->note, pk));
	OK(note_key(b->st.log_origin, pk, &b->card.note));
	OK(sign_public(b->minisign, pk));
	minisig_key(pk, &b->card.minisign);
	OK(sign_public(b->ssh, b->card.ssh));
	OK(note_vkey(&b->card.note, &out));
	(void)snprintf(b->st.key_note, sizeof(b->st.key_note), "%.*s",
	    (int)out.len, (const char *)out.p);
	bytes_free(&out);
	OK(minisig_pub_emit(&b->card.minisign, &out));
	(void)snprintf(b->st.key_minisign, sizeof(b->st.key_minisign),
	    "%.56s", strchr((const char *)out.p, '\n') + 1);
	bytes_free(&out);
	OK(sshsig_fingerprint(b->card.ssh, &out));
	(void)snprintf(b->st.key_ssh, sizeof(b->st.key_ssh), "%.*s",
	    (int)out.len, (const char *)out.p);
	bytes_free(&out);
}

/* Two items in a log of five entries, for one reader. */
MK struct mk *
mk_new(void)
{
	struct mk *b = calloc(1, sizeof(*b));
	const char *text;
	size_t n;

	assert_non_null(b);
	OK(secret_init());
	OK(age_keygen(&b->reader));
	OK(age_public(b->reader, b->recipient));
	strcpy(b->log, "00112233445566778899aabbccddeeff");
	strcpy(b->card.log, b->log);
	strcpy(b->card.date, "2026-03-14T10:22:07Z");
	strcpy(b->st.bundle, "fedcba98765432100123456789abcdef");
	strcpy(b->st.created, b->card.date);
	strcpy(b->st.log, b->log);
	(void)snprintf(b->st.log_origin, sizeof(b->st.log_origin),
	    "sandyq/%s", b->log);
	strcpy(b->st.recipient, b->recipient);
	b->st.recipient_name = strdup("Office of counsel");
	b->st.purpose = strdup("court");
	strcpy(b->st.profile, "lawyer");
	strcpy(b->st.program, "sandyq test");
	mk_keys(b);
	text = readme_text(&n);
	digest_sha256(b->st.readme, text, n);
	mk_put(b, "bundle/READ-ME-FIRST.txt", text, n);
	b->size = 5;
	for (unsigned i = 0; i < MK_LOG; i++)
		memset(b->root[i], (int)i + 1, ENTRY_ROOT);
	b->items = 2;
	b->index[0] = 1;
	b->index[1] = 3;
	b->index[2] = 4;
	mk_entry(b, 0, "T-1", "\xD2\x9B\xD0\xB0\xD0\xBC\xD0\xB0");
	mk_entry(b, 1, "T-2", "two");
	mk_all(b);
	return b;
}

MK void
mk_free(struct mk *b)
{
	while (b->n > 0)
		bytes_free(&b->m[--b->n].data);
	for (unsigned i = 0; i < 4; i++)
		entry_free(&b->item[i]);
	statement_free(&b->st);
	bytes_free(&b->checkpoint);
	secret_free(b->note);
	secret_free(b->minisign);
	secret_free(b->ssh);
	secret_free(b->reader);
	free(b);
}

#endif
