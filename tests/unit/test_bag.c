/*
 * Manifests, Payload-Oxum, and the BagIt conformance suite through the door of
 * the verifier.  Ours is stricter than BagIt: said by name below.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/bundle_check.h"
#include "tests/unit/vec.h"

#define HASH "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"

static enum sq_err
parse(const char *s)
{
	struct bag_list l = { 0 };
	enum sq_err e = bag_parse(s, strlen(s), &l, NULL);

	bag_free(&l);
	return e;
}

static void
test_round(void **state)
{
	struct bag_list l = { 0 }, m = { 0 };
	struct bytes_buf out = { 0 };
	uint8_t h[DIGEST_LEN];

	(void)state;
	digest_sha256(h, "hello", 5);
	OK(bag_add(&l, "data/a", h, 5));
	OK(bag_add(&l, "data/b", h, 5));
	assert_int_equal(bag_add(&l, "data/b", h, 5), SQ_EFORMAT);
	assert_int_equal(bag_add(&l, "data/aa", h, 5), SQ_EFORMAT);
	OK(bag_emit(&l, &out));
	OK(bag_parse((const char *)out.p, out.len, &m, NULL));
	assert_int_equal(m.n, 2);
	assert_non_null(bag_find(&m, "data/b"));
	assert_memory_equal(bag_find(&m, "data/a")->sha256, h, sizeof(h));
	assert_null(bag_find(&m, "data/c"));
	bag_free(&l);
	bag_free(&m);
	assert_null(bag_find(&m, "data/a"));
	bytes_free(&out);
}

static void
test_parse(void **state)
{
	static const char *const bad[] = { HASH "  data/a",
	    HASH " data/a\n", HASH " *data/a\n", HASH "   data/a\n",
	    HASH "\tdata/a\n", HASH "  \n", "\n", HASH "  data/a\r\n",
	    HASH "  /data/a\n", HASH "  data/../a\n", HASH "  data//a\n",
	    HASH "  ./data/a\n", HASH "  data/A\n", HASH "  data/%0a\n",
	    HASH "  data/a\n\n", "\xEF\xBB\xBF" HASH "  data/a\n",
	    "X" HASH "  data/a\n", HASH "  data/b\n" HASH "  data/a\n",
	    HASH "  data/a\n" HASH "  data/a\n",
	    ("2CF24DBA5FB0A30E26E83B2AC5B9E29E1B161E5C1FA7425E73043362938B9824"
	    "  data/a\n") };

	(void)state;
	OK(parse(""));
	OK(parse(HASH "  data/a\n"));
	OK(parse(HASH "  data/a\n" HASH "  data/b\n"));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (parse(bad[i]) != SQ_EFORMAT)
			fail_msg("accepted: %s", bad[i]);
}

static void
test_oxum(void **state)
{
	static const char *const bad[] = { "", "Payload-Oxum: 1.2",
	    "Payload-Oxum: 1.2\nPayload-Oxum: 1.2\n", "Payload-Oxum: 1\n",
	    "Payload-Oxum: 1.\n", "Payload-Oxum: .2\n",
	    "Payload-Oxum: 01.2\n", "Payload-Oxum: 1.2 \n",
	    "Payload-Oxum:  1.2\n", "payload-oxum: 1.2\n",
	    "Payload-Oxum: -1.2\n", "Payload-Oxum: 1.2.3\n",
	    "Payload-Oxum: 99999999999999999999.1\n" };
	struct bytes_buf out = { 0 };
	uint64_t bytes, files;

	(void)state;
	OK(bag_info(3, 12345678901, "2026-03-14", "ab", &out));
	OK(bag_oxum((const char *)out.p, out.len, &bytes, &files));
	assert_true(bytes == 12345678901);
	assert_int_equal(files, 3);
	bytes_free(&out);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (bag_oxum(bad[i], strlen(bad[i]), &bytes, &files) !=
		    SQ_EFORMAT)
			fail_msg("accepted: %s", bad[i]);
}

/* --- the conformance suite -------------------- */

static const char suite[] = "bagit-conformance-suite/v1.0/";

/* Lay out a signed folder around a bag of the suite, as bundle/ in dir. */
static void
lay_out(struct mk *b, const char *bag, const char *dir)
{
	static const char *const of_bag[] = {
	    "bundle/bag/tagmanifest-sha256.txt", "bundle/STATEMENT.txt",
	    "bundle/proofs/STATEMENT.txt.sig",
	    "bundle/proofs/STATEMENT.txt.minisig" };
	char cmd[4096], tag[256], *p;
	size_t n;

	(void)snprintf(cmd, sizeof(cmd), "rm -rf '%s/%s' && mkdir -p "
	    "'%s/%s/bundle/proofs' && cp -r '%s%s' '%s/%s/bundle/bag'",
	    ck_dir, dir, ck_dir, dir, vec_path(suite), bag, ck_dir, dir);
	assert_int_equal(system(cmd), 0);
	(void)snprintf(tag, sizeof(tag), "%s/%s/%s", ck_dir, dir, of_bag[0]);
	if (access(tag, R_OK) == 0) {
		p = peer_read(tag, &n);
		digest_sha256(b->st.tagmanifest, p, n);
		free(p);
	}
	mk_statement(b);
	mk_sign(b);
	for (size_t i = 1; i < 4; i++) {
		(void)snprintf(cmd, sizeof(cmd), "%s/%s", ck_dir, dir);
		peer_write(cmd, of_bag[i], mk_find(b, of_bag[i])->p,
		    mk_find(b, of_bag[i])->len);
	}
	(void)snprintf(cmd, sizeof(cmd), "%s/%s", ck_dir, dir);
	peer_write(cmd, "bundle/READ-ME-FIRST.txt", mk_find(b,
	    "bundle/READ-ME-FIRST.txt")->p, mk_find(b,
	    "bundle/READ-ME-FIRST.txt")->len);
}

/* Verify the folder; what is said of «intact» goes to detail. */
static enum verify_result
intact(const char *dir, char detail[640])
{
	struct verify_opts o = { .path = ck_path(dir) };
	struct verify_report r;

	(void)verify_bundle(&o, &r, NULL);
	memcpy(detail, r.claim[VERIFY_INTACT].detail, 640);
	return r.claim[VERIFY_INTACT].result;
}

static void
test_suite(void **state)
{
	/* the fault, or what ours refuses before it comes to the fault */
	static const struct {
		const char *bag;
		const char *said;
	} v[] = {
		{ "valid/basicBag", "manifest of another algorithm" },
		{ "invalid/notAllManifestsListAllFiles",
		    "data/missingFromManifest.txt: not a name" },
		{ "invalid/same-filename-listed-twice-with-the-same-hash",
		    "data/README: not a name" },
		{ "invalid/same-filename-listed-twice-with-different-hashes",
		    "data/README: not a name" },
		{ "invalid/bagit-with-invalid-whitespace",
		    "data/README: not a name" }
	};
	struct mk *b;
	char detail[640], cmd[256];

	(void)state;
	vec_need("bagit-conformance-suite/README.md");
	b = mk_new();
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		lay_out(b, v[i].bag, "suite");
		assert_int_equal(intact("suite", detail), VERIFY_NO);
		if (strstr(detail, v[i].said) == NULL)
			fail_msg("%s: %s", v[i].bag, detail);
		(void)snprintf(cmd, sizeof(cmd), "cd suite/bundle/bag && cd "
		    "data && for f in *; do mv $f new && mv new "
		    "$(echo $f | tr A-Z a-z); done");
		assert_int_equal(peer_run(ck_dir, cmd), 0);
		assert_int_equal(intact("suite", detail), VERIFY_NO);
	}
	mk_free(b);
}

/*
 * Every bag of the suite, as a bundle.  Ours is one profile of BagIt 1.0, so
 * all of them are refused: what is stated to be invalid because it is, the
 * others because a bundle has one spelling.
 */
static void
test_suite_all(void **state)
{
	struct mk *b;
	char line[1024], cmd[2048], detail[640], *at, *lf;
	FILE *f;

	(void)state;
	vec_need("bagit-conformance-suite/README.md");
	b = mk_new();
	(void)snprintf(cmd, sizeof(cmd), "cd '%s' && find . -name bagit.txt "
	    "! -path '*/data/*' | sort", vec_path("bagit-conformance-suite"));
	f = popen(cmd, "r");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f) != NULL) {
		if ((lf = strstr(line, "/bagit.txt")) == NULL)
			continue;
		*lf = '\0';
		(void)snprintf(cmd, sizeof(cmd), "../%s", line + 2);
		lay_out(b, cmd, "suite");
		assert_int_equal(intact("suite", detail), VERIFY_NO);
		at = strstr(line, "/valid/");
		vec_took("bagit", line + 2, at != NULL ||
		    strstr(line, "/warning/") != NULL, false);
	}
	assert_int_equal(pclose(f), 0);
	mk_free(b);
}

/* The one valid bag of the suite, with our manifests, is good. */
static void
test_suite_good(void **state)
{
	struct mk *b;
	char path[2048], *p;
	size_t n;
	static const char *const gone[] = { "bundle/bag/data/items.csv",
	    "bundle/bag/data/report.html" };

	(void)state;
	vec_need("bagit-conformance-suite/README.md");
	b = mk_new();
	for (unsigned i = 1; i <= 2; i++) {
		mk_del(b, mk_item(i, "record.json"));
		mk_del(b, mk_proof(i));
	}
	mk_del(b, gone[0]);
	mk_del(b, gone[1]);
	(void)snprintf(path, sizeof(path), "%svalid/basicBag/data/hello.txt",
	    vec_path(suite));
	p = peer_read(path, &n);
	mk_put(b, "bundle/bag/data/hello.txt", p, n);
	free(p);
	b->st.items = 0;
	mk_resign(b);
	/* good as a bag; as a bundle it has no list of items */
	ck_bundle("the valid bag", b, "yuynyuu-");
	mk_free(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round),
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_oxum),
		cmocka_unit_test(test_suite),
		cmocka_unit_test(test_suite_all),
		cmocka_unit_test(test_suite_good)
	};

	return cmocka_run_group_tests(tests, ck_setup, ck_teardown);
}
