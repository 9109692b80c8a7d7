/*
 * Members that a bundle must not have, by their names: each alone makes it
 * false, even where whoever added it repeats every unsigned list, or signs.
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_texts)
	};

	return cmocka_run_group_tests(tests, ck_setup, ck_teardown);
}
