/*
 * The two doors of the verifier: who a bundle is from and for, what is
 * remembered, folders opened by stock tools, opening, and the stock commands
 * that READ-ME-FIRST names.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/bundle_check.h"

/* Write the reader's identity and the sealed bundle; options that open it. */
static struct verify_opts
sealed(struct mk *b)
{
	struct verify_opts o = { 0 };

	ck_bundle("as made", b, GOOD);
	o.path = ck_path("b.age");
	o.identity = ck_path("id");
	o.now = "2026-04-01T08:00:00Z";
	return o;
}

static void
write_card(const struct card *c, const char *name)
{
	struct bytes_buf out = { 0 };

	OK(card_emit(c, &out));
	peer_write(ck_dir, name, out.p, out.len);
	bytes_free(&out);
}

static void
test_trust(void **state)
{
	struct mk *b = mk_new(), *thief = mk_new();
	struct verify_opts o = sealed(b);

	(void)state;
	write_card(&b->card, "card");
	o.trust = ck_path("card");
	ck_verify("own card", &o, "yyyyyuu-");
	peer_write(ck_dir, "no-card", "hello\n", 6);
	o.trust = ck_path("no-card");
	assert_int_equal(verify_bundle(&o, &(struct verify_report){ 0 },
	    NULL), SQ_EUSAGE);
	o.trust = ck_path("absent");
	assert_int_equal(verify_bundle(&o, &(struct verify_report){ 0 },
	    NULL), SQ_ENOENT);

	/* the same bundle made by other keys for the same reader */
	strcpy(thief->st.recipient, b->recipient);
	mk_resign(thief);
	strcpy(thief->recipient, b->recipient);
	secret_free(thief->reader);
	OK(secret_copy(secret_cbytes(b->reader), 32, &thief->reader));
	o = sealed(thief);
	o.trust = ck_path("card");
	ck_verify("resigned by other keys", &o, "ynyyyuu-");
	mk_free(b);
	mk_free(thief);
}

/* Each key of the card alone must count. */
static void
test_trust_each(void **state)
{
	struct mk *b = mk_new();
	struct verify_opts o = sealed(b);
	struct card c;

	(void)state;
	for (int i = 0; i < 4; i++) {
		c = b->card;
		if (i == 0)
			c.log[5] = c.log[5] == 'f' ? 'e' : 'f';
		else if (i == 1)
			OK(note_key(b->card.note.name, b->card.ssh, &c.note));
		else if (i == 2)
			minisig_key(b->card.ssh, &c.minisign);
		else
			memcpy(c.ssh, b->card.note.pk, SIGN_PK);
		write_card(&c, "card");
		o.trust = ck_path("card");
		ck_verify("one key of the card differs", &o, "ynyyyuu-");
	}
	mk_free(b);
}

/* The bundle after a change, with the memory of those before. */
static void
remembered(const char *name, struct mk *b, const char *memory,
    const char *want)
{
	struct verify_opts o;

	mk_all(b);
	o = sealed(b);
	o.remember = memory;
	o.now = "2026-05-01T08:00:00Z";
	ck_verify(name, &o, want);
}

static void
test_remember(void **state)
{
	struct mk *b = mk_new();
	struct verify_opts o = sealed(b);
	char *text, *memory = strdup(ck_path("memory"));
	size_t n;

	(void)state;
	o.remember = memory;
	ck_verify("first seen", &o, GOOD);
	ck_verify("seen again", &o, "yyyyyyu-");

	/* the log grows, and the next bundle proves it */
	b->previous = 5;
	b->size = 7;
	remembered("extends", b, memory, "yyyyyyu-");
	text = peer_read(memory, &n);
	assert_non_null(strstr(text, " 7 "));
	assert_non_null(strstr(text, "2026-04-01T08:00:00Z "
	    "2026-05-01T08:00:00Z"));
	free(text);

	/* an older one, and one that skips: neither moves the memory */
	b->previous = 0;
	b->size = 6;
	remembered("older", b, memory, "yyyyyuu-");
	b->previous = 6;
	b->size = 8;
	remembered("skips", b, memory, "yyyyyuu-");
	text = peer_read(memory, &n);
	assert_non_null(strstr(text, " 7 "));
	free(text);

	/* the same length, another past */
	memset(b->root[0], 0x77, ENTRY_ROOT);
	b->previous = 0;
	b->size = 7;
	remembered("two histories", b, memory, "yyyyynu-");
	b->previous = 7;
	b->size = 8;
	remembered("extends another history", b, memory, "yyyyynu-");

	/* other keys for a known log */
	mk_keys(b);
	remembered("keys changed", b, memory, "ynyyynu-");
	mk_free(b);

	peer_write(ck_dir, "memory", "sandyq-remember/v1\nx\n", 21);
	assert_int_equal(verify_bundle(&o, &(struct verify_report){ 0 },
	    NULL), SQ_EUSAGE);
	free(memory);
}

static void
test_address(void **state)
{
	struct mk *b = mk_new();
	struct verify_opts o = sealed(b);
	struct secret *other = NULL, *pass = NULL;
	struct verify_report r;

	(void)state;
	OK(age_keygen(&other));
	ck_identity(other, "id2");
	o.identity = ck_path("id2");
	ck_verify("not sealed to this identity", &o, "--n-----");
	o.identity = NULL;
	assert_int_equal(verify_bundle(&o, &r, NULL), SQ_EUSAGE);
	peer_write(ck_dir, "b.age", "age-encryption.org/v9\n", 22);
	o.identity = ck_path("id2");
	ck_verify("no age file", &o, "n-------");
	o.path = ck_path("absent");
	assert_int_equal(verify_bundle(&o, &r, NULL), SQ_ENOENT);
	OK(secret_copy((const uint8_t *)"x", 1, &pass));
	secret_free(pass);
	secret_free(other);
	mk_free(b);
}

static void
test_passphrase(void **state)
{
	struct mk *b = mk_new();
	struct bytes_buf tar = { 0 }, age = { 0 };
	struct secret *pass = NULL, *wrong = NULL;
	struct verify_opts o = { 0 };
	struct verify_report r;
	struct age_writer *w = NULL;

	(void)state;
	OK(secret_copy((const uint8_t *)"open", 4, &pass));
	OK(secret_copy((const uint8_t *)"shut", 4, &wrong));
	for (int i = 0; i < 2; i++) {
		mk_tar(b, &tar);
		OK(age_seal_new(NULL, pass, 2, mk_buf_write, &age, &w));
		OK(age_seal_add(w, tar.p, tar.len));
		OK(age_seal_end(w));
		age_seal_free(w);
		peer_write(ck_dir, "p.age", age.p, age.len);
		o.path = ck_path("p.age");
		o.passphrase = pass;
		ck_verify("passphrase", &o, i == 0 ? "yunyyuu-" : GOOD);
		o.passphrase = wrong;
		assert_int_equal(verify_bundle(&o, &r, NULL), SQ_EPASS);
		bytes_free(&tar);
		bytes_free(&age);
		strcpy(b->st.recipient, "-");
		mk_resign(b);
	}
	secret_free(pass);
	secret_free(wrong);
	mk_free(b);
}

static void
test_roots(void **state)
{
	struct mk *b = mk_new();
	struct verify_opts o = sealed(b);
	struct verify_report r;
	char got[VERIFY_CLAIMS + 1];

	(void)state;
	/* it is there, but there is nothing to hold it against */
	o.roots = "README.md";
	assert_int_equal(verify_bundle(&o, &r, NULL), SQ_ECANNOT);
	ck_letters(&r, got);
	assert_string_equal(got, "yuyyyu--");
	o.roots = "no-such-roots.pem";
	assert_int_equal(verify_bundle(&o, &r, NULL), SQ_ENOENT);
	mk_free(b);
}

/* In items.csv the first item gets a file and a hash. */
static void
name_file(struct mk *b, const char *file, const char *hex)
{
	struct bytes_buf *csv = mk_find(b, "bundle/bag/data/items.csv");
	struct bytes_buf out = { 0 };
	const char *s = (const char *)csv->p, *p, *rest;

	p = memmem(s, csv->len, "\n000001,", 8);
	assert_non_null(p);
	p = memmem(p, csv->len - (size_t)(p - s), "\"a, \"\"b\"\"\",", 11);
	assert_non_null(p);
	p += 11;
	rest = memchr(p, '\n', csv->len - (size_t)(p - s));
	assert_non_null(rest);
	bytes_put(&out, s, (size_t)(p - s));
	bytes_putf(&out, "%s,,,,%s,,", file, hex);
	bytes_put(&out, rest, csv->len - (size_t)(rest - s));
	mk_move(b, "bundle/bag/data/items.csv", &out);
	mk_resign(b);
}

static void
test_attachment(void **state)
{
	struct mk *b = mk_new();
	uint8_t h[DIGEST_LEN];
	char hex[DIGEST_HEX], keep;

	(void)state;
	digest_sha256(h, "film", 4);
	bytes_hex(hex, h, sizeof(h));
	keep = hex[0];
	OK(entry_add_str(&b->item[0], "sha256", hex));
	OK(entry_add_int(&b->item[0], "size", 4));
	OK(entry_sort(&b->item[0]));
	mk_all(b);
	mk_puts(b, mk_item(1, "original.mp4"), "film");
	b->st.attachments = 1;
	name_file(b, "", hex);
	ck_bundle("not named in items.csv", b, "yuynyuu-");

	/* "T-1,testimony,root,title,," gets its file */
	name_file(b, "items/000001/original.mp4", hex);
	ck_bundle("attachment", b, GOOD);
	name_file(b, "items/000001/original.mov", hex);
	ck_bundle("named otherwise", b, "yuynyuu-");
	name_file(b, "items/000001/original.mp4", "");
	ck_bundle("its hash not in items.csv", b, "yuynyuu-");
	hex[0] = hex[0] == 'a' ? 'b' : 'a';
	name_file(b, "items/000001/original.mp4", hex);
	ck_bundle("another hash in items.csv", b, "yuynyuu-");
	hex[0] = keep;
	name_file(b, "items/000001/original.mp4", hex);
	mk_puts(b, mk_item(1, "original.mp4"), "fi1m");
	mk_resign(b);
	ck_bundle("another attachment, signed", b, "yuyynuu-");
	mk_puts(b, mk_item(1, "original.mp4"), "film");
	mk_puts(b, mk_item(1, "original.txt"), "film");
	b->st.attachments = 2;
	mk_resign(b);
	ck_bundle("two attachments of one item", b, "nuynyuu-");
	mk_del(b, mk_item(1, "original.mp4"));
	mk_del(b, mk_item(1, "original.txt"));
	mk_puts(b, mk_item(1, "original.exe"), "film");
	b->st.attachments = 1;
	mk_resign(b);
	ck_bundle("an extension that is not in the list", b, "nuynyuu-");
	mk_del(b, mk_item(1, "original.exe"));
	b->st.attachments = 0;
	mk_resign(b);
	ck_bundle("attachment dropped", b, "yuynyuu-");
	mk_free(b);
}

/* What stock tools make of a sealed bundle: b.tar, and bundle/ in dir. */
static void
stock_open(const char *dir)
{
	char cmd[512];

	(void)snprintf(cmd, sizeof(cmd), "rm -rf %s && mkdir %s && age -d -i "
	    "id -o b.tar b.age && tar xf b.tar -C %s && rm b.tar", dir, dir,
	    dir);
	assert_int_equal(peer_run(ck_dir, cmd), 0);
}

static void
test_folder(void **state)
{
	struct mk *b = mk_new();
	struct verify_opts o = sealed(b);

	(void)state;
	o.identity = NULL;
	stock_open("f");
	o.path = ck_path("f");
	ck_verify("folder", &o, "yu-yyuu-");
	o.path = ck_path("f/bundle");
	ck_verify("folder bundle", &o, "yu-yyuu-");
	assert_int_equal(peer_run(ck_dir, "touch f/bundle/bag/data/more"), 0);
	ck_verify("file added", &o, "nu-yyuu-");
	assert_int_equal(peer_run(ck_dir, "rm f/bundle/bag/data/more && "
	    "touch f/bundle/.hidden"), 0);
	ck_verify("hidden file added", &o, "n-------");
	assert_int_equal(peer_run(ck_dir, "rm f/bundle/.hidden && cd f/bundle"
	    " && mv STATEMENT.txt ../s && ln -s ../s STATEMENT.txt"), 0);
	ck_verify("a link", &o, "n-------");
	assert_int_equal(peer_run(ck_dir, "cd f/bundle && mv ../s "
	    "STATEMENT.txt && echo >> bag/data/report.html"), 0);
	ck_verify("file altered", &o, "nu-yyuu-");
	o.path = ck_dir;
	ck_verify("not a bundle", &o, "n-------");
	mk_free(b);
}

static void
test_open(void **state)
{
	struct mk *b = mk_new();
	struct verify_opts o = sealed(b);
	struct verify_report r;
	struct why why;
	struct bytes_buf *x;

	(void)state;
	OK(verify_open(&o, ck_path("opened"), &r, &why));
	stock_open("g");
	assert_int_equal(peer_run(ck_dir, "diff -r opened g && "
	    "test ! -e opened.part"), 0);
	assert_int_equal(peer_run(ck_dir, "test -z \"$(find opened -perm "
	    "/077)\""), 0);
	assert_int_equal(verify_open(&o, ck_path("opened"), &r, &why),
	    SQ_EEXIST);

	x = mk_find(b, mk_item(1, "record.json"));
	x->p[x->len - 3] ^= 1;
	ck_bundle("altered", b, "nuyynuu-");
	assert_int_equal(verify_open(&o, ck_path("opened2"), &r, &why),
	    SQ_EAUTH);
	assert_int_equal(peer_run(ck_dir, "test ! -e opened2 && "
	    "test ! -e opened2.part"), 0);
	mk_free(b);
}

/* Only what the signatures reach is ever written: a folder that changes. */
struct change {
	int left;
};

static void
change_later(void *arg, uint64_t done, uint64_t of)
{
	struct change *c = arg;

	if (done == of && c->left-- == 0)
		assert_int_equal(peer_run(ck_dir, "printf x | dd of=f/bundle/"
		    "bag/data/report.html conv=notrunc"), 0);
}

static void
test_open_race(void **state)
{
	struct mk *b = mk_new();
	struct verify_opts o = sealed(b);
	struct verify_report r;
	struct change c = { 0 };
	struct why why;

	(void)state;
	stock_open("f");
	o.identity = NULL;
	o.path = ck_path("f");
	o.progress = change_later;
	o.arg = &c;
	assert_int_equal(verify_open(&o, ck_path("opened3"), &r, &why),
	    SQ_EAUTH);
	assert_int_equal(peer_run(ck_dir, "test ! -e opened3 && "
	    "test ! -e opened3.part"), 0);
	mk_free(b);
}

/* The commands of READ-ME-FIRST, as they stand there. */
static void
test_stock(void **state)
{
	static const char *const cmd[] = {
		"age -d -i my-key.txt -o b.tar FILE.age && tar xf b.tar && "
		    "cd bundle",
		"ssh-keygen -Y verify -f ../MY-OWN-allowed_signers -I vault "
		    "-n evidence-bundle@sandyq -s proofs/STATEMENT.txt.sig < "
		    "STATEMENT.txt",
		"minisign -VHm STATEMENT.txt -x proofs/STATEMENT.txt.minisig "
		    "-p ../MY-OWN-sandyq.pub",
		"sha256sum -c STATEMENT.txt",
		"cd bag && sha256sum -c --quiet tagmanifest-sha256.txt && "
		    "sha256sum -c --quiet manifest-sha256.txt",
		"find data -type f | LC_ALL=C sort | diff - <(cut -c67- "
		    "manifest-sha256.txt | LC_ALL=C sort)"
	};
	struct mk *b = mk_new();
	struct verify_opts o = sealed(b);
	struct bytes_buf script = { 0 };
	const char *text;
	size_t n;

	(void)state;
	(void)o;
	text = readme_text(&n);
	bytes_puts(&script, "set -e\n");
	for (size_t i = 0; i < sizeof(cmd) / sizeof(cmd[0]); i++) {
		assert_non_null(memmem(text, n, cmd[i], strlen(cmd[i])));
		bytes_puts(&script, cmd[i]);
		bytes_puts(&script, i == 0 ? "\ncp trust/allowed_signers "
		    "../MY-OWN-allowed_signers\ncp trust/sandyq.pub "
		    "../MY-OWN-sandyq.pub\n" : "\n");
	}
	peer_write(ck_dir, "stock.sh", script.p, script.len);
	bytes_free(&script);
	assert_int_equal(peer_run(ck_dir, "rm -rf s && mkdir s && cd s && cp "
	    "../id my-key.txt && cp ../b.age FILE.age && bash ../stock.sh"),
	    0);
	mk_free(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_trust),
		cmocka_unit_test(test_trust_each),
		cmocka_unit_test(test_remember),
		cmocka_unit_test(test_address),
		cmocka_unit_test(test_passphrase),
		cmocka_unit_test(test_roots),
		cmocka_unit_test(test_attachment),
		cmocka_unit_test(test_folder),
		cmocka_unit_test(test_open),
		cmocka_unit_test(test_open_race),
		cmocka_unit_test(test_stock)
	};

	return cmocka_run_group_tests(tests, ck_setup, ck_teardown);
}
