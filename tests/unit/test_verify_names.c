/*
 * Members that a bundle must not have, by their names, and papers that are not
 * what they must be: each alone makes it false, even where whoever did it
 * repeats every unsigned list, or signs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/bundle_check.h"

#define ITEMS "bundle/bag/data/items/"
#define PROOFS "bundle/proofs/"

/* With a member of this name, which says ${text}. */
static void
with(const char *path, const char *text, bool resigned)
{
	struct mk *b = mk_new();
	struct verify_opts o = { 0 };
	struct verify_report r;
	struct why why = { "" };
	unsigned said = 0;
	enum sq_err e;

	mk_puts(b, path, text);
	if (resigned)
		mk_resign(b);
	ck_seal(b, &o);
	e = verify_bundle(&o, &r, &why);
	for (int c = 0; c < VERIFY_CLAIMS; c++)
		said += r.claim[c].result == VERIFY_NO;
	if ((e != SQ_EAUTH && e != SQ_EFORMAT) || said == 0)
		fail_msg("%s%s: error %d", path, resigned ? ", resigned" : "",
		    (int)e);
	mk_free(b);
}

static void
test_names(void **state)
{
	static const char *const path[] = {
		/* items that are not numbered as items are */
		ITEMS "000000/record.json", ITEMS "00000x/record.json",
		ITEMS "000003/record.json", ITEMS "000003/record.jso",
		ITEMS "000003/record.json5", ITEMS "00003/record.json",
		ITEMS "0000003/record.json", ITEMS "000001/record/json",
		ITEMS "000001",
		ITEMS "000000/original.bin",
		/* proofs, changes of keys and anchors of no such number */
		PROOFS "items/000000.tlog-proof",
		PROOFS "items/00000a.tlog-proof",
		PROOFS "items/000009.tlog-proof",
		PROOFS "items/000001.tlog-proof2",
		PROOFS "items/000001/tlog-proof",
		PROOFS "keys/0000.note", PROOFS "keys/000x.note",
		PROOFS "keys/0001.nota", PROOFS "keys/0001.notes",
		PROOFS "keys/0001.note", PROOFS "keys/0002.note",
		PROOFS "anchors/0000.note", PROOFS "anchors/00x1.tsq",
		PROOFS "anchors/0001.tsr", PROOFS "anchors/0001.tsrx",
		PROOFS "anchors/0001.consistency", PROOFS "anchors/0001",
		PROOFS "other", "bundle/bag/manifest-md5.txt",
		"bundle/bag/tagmanifest-sha512.txt", "bundle/bag/fetch.txt",
		"bundle/bag/data.txt", "bundle", "bundl/x"
	};

	(void)state;
	for (size_t i = 0; i < sizeof(path) / sizeof(path[0]); i++) {
		with(path[i], "x\n", false);
		with(path[i], "x\n", true);
	}
}

/* Texts that are as they must be to the byte. */
static void
test_texts(void **state)
{
	static const struct {
		const char *path, *text;
	} v[] = {
		{ "bundle/bag/bagit.txt", "" },
		{ "bundle/bag/bagit.txt", "BagIt-Version: 0.97\n"
		    "Tag-File-Character-Encoding: UTF-8\n" },
		{ "bundle/bag/bagit.txt", "BagIt-Version: 1.0\n"
		    "Tag-File-Character-Encoding: UTF-9\n" },
		{ "bundle/bag/bag-info.txt", "" },
		{ "bundle/bag/bag-info.txt", "Payload-Oxum: 1.2.3\n" },
		{ "bundle/bag/bag-info.txt", "Payload-Oxum: 0.0\n" },
		{ "bundle/bag/data/items.csv", "" },
		{ "bundle/bag/data/items.csv", "a,b\n" },
		{ "bundle/bag/data/items.csv", "\"" },
		{ "bundle/bag/tagmanifest-sha256.txt", "" },
		{ "bundle/bag/manifest-sha256.txt", "x\n" },
		{ "bundle/READ-ME-FIRST.txt", "call this number" },
		{ "bundle/trust/allowed_signers", "" },
		{ "bundle/trust/sandyq.pub", "" },
		{ "bundle/proofs/checkpoint", "" }
	};
	struct mk *b;
	struct bytes_buf *m;

	(void)state;
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		struct verify_opts o = { 0 };
		struct verify_report r;
		struct why why = { "" };
		enum sq_err e;

		b = mk_new();
		m = mk_find(b, v[i].path);
		if (m == NULL)
			fail_msg("no member %s", v[i].path);
		m->len = 0;
		bytes_puts(m, v[i].text);
		ck_seal(b, &o);
		e = verify_bundle(&o, &r, &why);
		if (e != SQ_EAUTH && e != SQ_EFORMAT)
			fail_msg("%s, \"%s\": error %d", v[i].path, v[i].text,
			    (int)e);
		mk_free(b);
	}
}

/* --- signatures, and what the statement says of keys ---------------------- */

static void
swap_text(struct mk *b, const char *path, const char *from, const char *to)
{
	struct bytes_buf *m = mk_find(b, path);
	uint8_t *p;

	assert_non_null(m);
	assert_int_equal(strlen(from), strlen(to));
	assert_non_null(p = memmem(m->p, m->len, from, strlen(from)));
	memcpy(p, to, strlen(to));
}

static void
note_is_no_key(struct mk *b)
{
	strcpy(b->st.key_note, "sandyq/x+01020304+AbCd");
	mk_resign(b);
}

static void
note_of_another_log(struct mk *b)
{
	/* a key, and named so, but not of this log */
	b->st.key_note[8] = b->st.key_note[8] == 'f' ? 'e' : 'f';
	mk_resign(b);
}

static void
minisign_is_no_key(struct mk *b)
{
	memset(b->st.key_minisign, 'A', 56);
	mk_resign(b);
}

static void
minisign_of_another(struct mk *b)
{
	struct minisig_key key = b->card.minisign;
	struct bytes_buf out = { 0 };

	key.id[0] ^= 1;
	OK(minisig_pub_emit(&key, &out));
	(void)snprintf(b->st.key_minisign, sizeof(b->st.key_minisign),
	    "%.56s", strchr((const char *)out.p, '\n') + 1);
	bytes_free(&out);
	mk_resign(b);
}

static void
no_minisign(struct mk *b)
{
	mk_del(b, PROOFS "STATEMENT.txt.minisig");
}

static void
minisign_is_text(struct mk *b)
{
	mk_puts(b, PROOFS "STATEMENT.txt.minisig", "signed\n");
}

static void
minisign_comment(struct mk *b)
{
	swap_text(b, PROOFS "STATEMENT.txt.minisig", "untrusted comment: ",
	    "untrusted commend: ");
}

static void
ssh_is_text(struct mk *b)
{
	mk_puts(b, PROOFS "STATEMENT.txt.sig", "signed\n");
}

static void
ssh_of_another(struct mk *b)
{
	b->st.key_ssh[20] = b->st.key_ssh[20] == 'x' ? 'y' : 'x';
	mk_resign(b);
}

static void
checkpoint_is_text(struct mk *b)
{
	mk_puts(b, PROOFS "checkpoint", "signed\n");
}

static void
checkpoint_of_nothing(struct mk *b)
{
	struct bytes_buf out = { 0 };

	/* rightly signed, and no checkpoint */
	OK(note_sign(b->st.log_origin, b->note, "said\n", 5, &out));
	mk_move(b, PROOFS "checkpoint", &out);
}

static void
card_of_another_date(struct mk *b)
{
	swap_text(b, "bundle/trust/key-card.txt", "\ndate: 2", "\ndate: 3");
}

static void
signers_for_another(struct mk *b)
{
	swap_text(b, "bundle/trust/allowed_signers", "vault ", "valut ");
}

static void
consistency_is_text(struct mk *b)
{
	b->previous = 3;
	mk_all(b);
	mk_puts(b, PROOFS "consistency.txt", "it extends\n");
}

static void
test_papers(void **state)
{
	static const struct {
		const char *name;
		void (*how)(struct mk *b);
	} v[] = {
		{ "key-note is no key", note_is_no_key },
		{ "key-note of another log", note_of_another_log },
		{ "key-minisign is no key", minisign_is_no_key },
		{ "key-minisign of another", minisign_of_another },
		{ "no minisign signature", no_minisign },
		{ "a minisign signature of text", minisign_is_text },
		{ "its comment, which nobody signed", minisign_comment },
		{ "an SSH signature of text", ssh_is_text },
		{ "key-ssh of another", ssh_of_another },
		{ "a checkpoint of text", checkpoint_is_text },
		{ "a signed note that is no checkpoint",
		    checkpoint_of_nothing },
		{ "a key card of another date", card_of_another_date },
		{ "allowed_signers for another", signers_for_another },
		{ "a proof of text", consistency_is_text }
	};

	(void)state;
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		struct mk *b = mk_new();
		struct verify_opts o = { 0 };
		struct verify_report r;
		struct why why = { "" };
		enum sq_err e;

		v[i].how(b);
		ck_seal(b, &o);
		e = verify_bundle(&o, &r, &why);
		if (e != SQ_EAUTH && e != SQ_EFORMAT)
			fail_msg("%s: error %d", v[i].name, (int)e);
		mk_free(b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_papers)
	};

	return cmocka_run_group_tests(tests, ck_setup, ck_teardown);
}
