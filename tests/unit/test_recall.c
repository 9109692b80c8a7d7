/*
 * A recall notice, and what one of its two signing keys alone could say.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/bundle_check.h"
#include "vault/bundle/recall.h"

/* Write the notice, signed with these keys, and what minisign shows. */
static void
write_notice(struct mk *b, const struct recall *r, const char *comment,
    const char *ns)
{
	struct bytes_buf text = { 0 }, mini = { 0 }, ssh = { 0 };
	uint8_t hash[64];

	OK(recall_emit(r, &text));
	digest_blake2b(hash, sizeof(hash), NULL,
	    (struct digest_part[]){ { text.p, text.len } }, 1);
	OK(minisig_make(&b->card.minisign, b->minisign, hash, comment, &mini));
	OK(sshsig_make(b->ssh, ns, text.p, text.len, &ssh));
	assert_int_equal(peer_run(ck_dir, "mkdir -p n"), 0);
	peer_write(ck_path("n"), RECALL_TEXT, text.p, text.len);
	peer_write(ck_path("n"), RECALL_MINISIG, mini.p, mini.len);
	peer_write(ck_path("n"), RECALL_SSHSIG, ssh.p, ssh.len);
	bytes_free(&text);
	bytes_free(&mini);
	bytes_free(&ssh);
}

/* A notice of one record and one bundle. */
static void
fill(const struct mk *b, struct recall *r)
{
	static const uint8_t statement[DIGEST_LEN] = { 1 };

	memset(r, 0, sizeof(*r));
	strcpy(r->scope, "share");
	strcpy(r->recipient, "-");
	strcpy(r->notice, "0123456789abcdef0123456789abcdef");
	strcpy(r->created, "2026-03-14T10:22:07Z");
	strcpy(r->log, b->log);
	strcpy(r->program, "sandyq test");
	OK(card_names(&b->card, &r->key));
	OK(recall_record(r, "T-1", "00112233445566778899aabbccddeeff"));
	OK(recall_bundle(r, b->st.bundle, statement));
}

static void
test_comment(void **state)
{
	struct mk *b = mk_new();
	struct recall r;
	struct verify_opts o = { .path = ck_path("n") };
	char good[256], bad[256];

	(void)state;
	fill(b, &r);
	(void)snprintf(good, sizeof(good), RECALL_COMMENT, r.notice,
	    r.created, r.log);
	(void)snprintf(bad, sizeof(bad), RECALL_COMMENT, r.notice,
	    "2020-01-01T00:00:00Z", r.log);
	write_notice(b, &r, good, RECALL_NS);
	ck_verify("as it is made", &o, "yu------");
	write_notice(b, &r, bad, RECALL_NS);
	ck_verify("minisign shows another date", &o, "-n------");
	write_notice(b, &r, good, STATEMENT_NS);
	ck_verify("signed as a statement", &o, "-n------");
	recall_free(&r);
	mk_free(b);
}

/* --- a text that is not of the form --------------------------------------- */

#define LONG40 "0123456789012345678901234567890123456789"
#define ID "00112233445566778899aabbccddeeff"

/* The reader refuses the text, and says so. */
static void
refused(const char *name, const char *p, size_t n, enum sq_err want,
    const char *says)
{
	struct recall r;
	struct why why = { "" };
	enum sq_err e = recall_parse(p, n, &r, &why);

	if (e != want)
		fail_msg("%s: error %d", name, (int)e);
	if (strstr(why.text, says) == NULL)
		fail_msg("%s: «%s», not «%s»", name, why.text, says);
}

static const struct {
	const char *name, *from, *to;
} form[] = {
	{ "another version", "/v1\n", "/v2\n" },
	{ "a letter behind the version", "/v1\n", "/v1x\n" },
	{ "a word behind the version", "/v1\n", "/v1 or so\n" },
	{ "no notice", "\nnotice: ", "\nNotice: " },
	{ "a short notice", "\nnotice: 0", "\nnotice: " },
	{ "a long notice", "\nnotice: ", "\nnotice: 0" },
	{ "a notice in capitals", "abcdef", "ABCDEF" },
	{ "no date", "\ncreated: ", "\ncreate: " },
	{ "an empty date", "2026-03-14T10:22:07Z", "" },
	{ "a date with a space", "14T10", "14 10" },
	{ "a date behind a space", "created: ", "created:  " },
	{ "a date with a tab", "14T10", "14\t10" },
	{ "a date that is not ASCII", "14T10", "14\xC3\xA4""10" },
	{ "a long date", "created: ", "created: " LONG40 },
	{ "no log", "\nlog: ", "\nlog:" },
	{ "a long log", "\nlog: ", "\nlog: 0" },
	{ "a log not in hex", "\nlog: ", "\nlog: g" },
	{ "no note key", "\nkey-note: ", "\nkey-not: " },
	{ "a note key behind a space", "key-note: ", "key-note:  " },
	{ "no minisign key", "\nkey-minisign: ", "\nminisign: " },
	{ "a minisign key behind a space", "key-minisign: ",
	    "key-minisign:  " },
	{ "no ssh key", "\nkey-ssh: ", "\nssh: " },
	{ "an ssh key behind a space", "key-ssh: ", "key-ssh:  " },
	{ "no recipient", "\nrecipient: ", "\nfor: " },
	{ "an empty recipient", "recipient: -", "recipient: " },
	{ "two recipients", "recipient: -", "recipient: - -" },
	{ "no scope", "\nscope: ", "\nscop: " },
	{ "an empty scope", "scope: share", "scope: " },
	{ "a scope of two words", "scope: share", "scope: a share" },
	{ "a long scope", "scope: share", "scope: " LONG40 },
	{ "no record", "record: T-1 " ID "\n", "" },
	{ "a record without an id", "T-1 " ID, "T-1" },
	{ "a record without a reference", "T-1 " ID, " " ID },
	{ "a long reference", "T-1 ", LONG40 " " },
	{ "a long id", "T-1 ", "T-1 0" },
	{ "a short id", "T-1 0", "T-1 " },
	{ "an id not in hex", "T-1 0", "T-1 g" },
	{ "an id and more", ID "\nbundle", ID " x\nbundle" },
	{ "a long record", "T-1", LONG40 LONG40 LONG40 },
	{ "a record behind the bundles", "\nprogram: ",
	    "\nrecord: T-2 " ID "\nprogram: " },
	{ "a bundle without a statement", " 0100", "0100" },
	{ "a bundle of half a statement", " 0100", " 01" },
	{ "a statement not in hex", " 0100", " 0x00" },
	{ "a long bundle", "\nbundle: ", "\nbundle: 0" },
	{ "a bundle of another word", "\nbundle: ", "\nbundel: " },
	{ "no program", "\nprogram: ", "\nby: " },
	{ "an empty program", "sandyq test\n", "\n" },
	{ "a program behind a space", "sandyq test\n",
	    " sandyq test\n" },
	{ "two spaces", "sandyq test\n", "sandyq  test\n" },
	{ "a space at the end", "sandyq test\n", "sandyq test \n" },
	{ "a long program", "sandyq test\n", LONG40 LONG40 "\n" },
	{ "another last sentence", "the court to", "you to" },
	{ "an end of line of another system", "share\n", "share\r\n" },
};

static void
test_forms(void **state)
{
	struct mk *b = mk_new();
	struct bytes_buf text = { 0 }, out = { 0 };
	struct recall r;
	uint8_t *p;

	(void)state;
	fill(b, &r);
	OK(recall_emit(&r, &text));
	recall_free(&r);
	OK(recall_parse((char *)text.p, text.len, &r, NULL));
	for (size_t i = 0; i < sizeof(form) / sizeof(form[0]); i++) {
		p = memmem(text.p, text.len, form[i].from,
		    strlen(form[i].from));
		if (p == NULL)
			fail_msg("%s: no such text", form[i].name);
		bytes_put(&out, text.p, (size_t)(p - text.p));
		bytes_puts(&out, form[i].to);
		p += strlen(form[i].from);
		bytes_put(&out, p, (size_t)(text.p + text.len - p));
		refused(form[i].name, (char *)out.p, out.len, SQ_EFORMAT,
		    RECALL_TEXT " is not of the form it must have");
		bytes_free(&out);
	}
	bytes_free(&text);
	recall_free(&r);
	mk_free(b);
}

/* Cut anywhere, with a NUL anywhere, with more behind: it is no notice. */
static void
test_cut(void **state)
{
	static char large[RECALL_MAX + 1];
	struct mk *b = mk_new();
	struct bytes_buf text = { 0 };
	struct recall r;
	uint8_t was;

	(void)state;
	fill(b, &r);
	OK(recall_emit(&r, &text));
	for (size_t i = 0; i < text.len; i++) {
		refused("cut", (char *)text.p, i, SQ_EFORMAT, "the form");
		was = text.p[i];
		text.p[i] = 0;
		refused("a NUL", (char *)text.p, text.len, SQ_EFORMAT,
		    "the form");
		text.p[i] = was;
	}
	bytes_puts(&text, "\n");
	refused("a line more", (char *)text.p, text.len, SQ_EFORMAT,
	    "the form");
	refused("large", large, sizeof(large), SQ_ELIMIT, "is too large");
	bytes_free(&text);
	recall_free(&r);
	mk_free(b);
}

/* What has no place in a notice is not written into one. */
static void
test_values(void **state)
{
	static const uint8_t statement[DIGEST_LEN] = { 2 };
	struct mk *b = mk_new();
	struct bytes_buf out = { 0 };
	struct recall r;

	(void)state;
	for (int i = 0; i < 4; i++) {
		fill(b, &r);
		switch (i) {
		case 0: r.n_record = 0; break;
		case 1: r.n_bundle = 0; break;
		case 2: strcpy(r.bundle[0].bundle, "xyz"); break;
		case 3: OK(recall_record(&r, "T-2", "xyz")); break;
		}
		if (recall_emit(&r, &out) != SQ_EFORMAT || out.len != 0)
			fail_msg("case %d", i);
		recall_free(&r);
	}
	fill(b, &r);
	assert_int_equal(recall_record(&r, LONG40, ID), SQ_EFORMAT);
	assert_int_equal(recall_record(&r, "T-2", ID "0"), SQ_EFORMAT);
	assert_int_equal(recall_bundle(&r, ID "0", statement), SQ_EFORMAT);
	assert_int_equal(r.n_record, 1);
	assert_int_equal(r.n_bundle, 1);
	/* as many as there are come back in their order */
	OK(recall_record(&r, "T-2", ID));
	OK(recall_record(&r, "T-3", ID));
	OK(recall_emit(&r, &out));
	recall_free(&r);
	OK(recall_parse((char *)out.p, out.len, &r, NULL));
	assert_int_equal(r.n_record, 3);
	assert_string_equal(r.record[2].ref, "T-3");
	recall_free(&r);
	bytes_free(&out);
	mk_free(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_comment),
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_values),
	};

	return cmocka_run_group_tests(tests, ck_setup, ck_teardown);
}
