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

static void
test_comment(void **state)
{
	static const uint8_t statement[DIGEST_LEN] = { 1 };
	struct mk *b = mk_new();
	struct recall r = { .scope = "share", .recipient = "-" };
	struct verify_opts o = { .path = ck_path("n") };
	char good[256], bad[256];

	(void)state;
	strcpy(r.notice, "0123456789abcdef0123456789abcdef");
	strcpy(r.created, "2026-03-14T10:22:07Z");
	strcpy(r.log, b->log);
	strcpy(r.program, "sandyq test");
	OK(card_names(&b->card, &r.key));
	OK(recall_record(&r, "T-1", "00112233445566778899aabbccddeeff"));
	OK(recall_bundle(&r, b->st.bundle, statement));
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_comment)
	};

	return cmocka_run_group_tests(tests, ck_setup, ck_teardown);
}
