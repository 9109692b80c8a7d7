/*
 * Keys whose making and using fails at every place: age files, slots, sheets,
 * shares, signatures, cards and changes of keys.  Told, or done rightly.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "crypto/aead.h"
#include "crypto/digest.h"
#include "crypto/keyslot.h"
#include "crypto/share.h"
#include "crypto/sshsig.h"
#include "crypto/words.h"
#include "tests/unit/age_help.h"
#include "tests/unit/failing.h"
#include "vault/bundle/qr.h"
#include "vault/bundle/receipt.h"
#include "vault/bundle/rotation.h"

#define LOG "00112233445566778899aabbccddeeff"
#define ORIGIN "sandyq/" LOG

static struct secret *seed[3];	/* old, new, recovery */
static struct secret *pass, *identity;
static struct card card[2];
static char recipient[AGE_RECIPIENT_MAX];
static char said[70000];	/* more than a chunk */

/* A failure that was told, if nothing was returned with it; done otherwise. */
static enum failing_end
ended(enum sq_err e, bool right, bool nothing)
{
	failing_stop();
	if (e == SQ_OK)
		return right ? FAILING_DONE : FAILING_WRONG;
	return nothing ? FAILING_TOLD : FAILING_WRONG;
}

static bool
same(const struct secret *a, const struct secret *b)
{
	return a != NULL && b != NULL && secret_eq(a, b);
}

/* --- age ------------------------------------------------------------------ */

static enum failing_end
seal_and_open(const char *to, const struct secret *by)
{
	struct age_keys keys = { .identity = &identity,
	    .n_identity = to != NULL, .passphrase = by };
	struct bytes_buf file = { 0 }, out = { 0 };
	bool late, right;
	enum sq_err e = mem_seal(to, by, 1, said, sizeof(said), 0, &file);

	if (e == SQ_OK)
		e = mem_open(&keys, file.p, file.len, 0, &out, &late);
	if (e == SQ_OK)
		e = bytes_done(&out);
	right = out.len == sizeof(said) && memcmp(out.p, said, out.len) == 0;
	/* what leaves before a failure is a part of what was sealed */
	late = out.len <= sizeof(said) && (out.len == 0 ||
	    memcmp(out.p, said, out.len) == 0);
	bytes_free(&file);
	bytes_free(&out);
	return ended(e, right, late);
}

static enum failing_end
work_age_key(void)
{
	return seal_and_open(recipient, NULL);
}

static enum failing_end
work_age_pass(void)
{
	return seal_and_open(NULL, pass);
}

static enum failing_end
work_identity(void)
{
	struct secret *new = NULL, **list = NULL;
	struct bytes_buf b = { 0 };
	char name[AGE_RECIPIENT_MAX];
	size_t n = 0;
	enum sq_err e;
	bool right = false;

	if ((e = age_keygen(&new)) == SQ_OK &&
	    (e = age_public(new, name)) == SQ_OK &&
	    (e = age_identity_emit(new, &b)) == SQ_OK &&
	    (e = age_identity_parse((char *)b.p, b.len, &list, &n)) == SQ_OK)
		right = n == 1 && same(list[0], new);
	free_identities(list, n);
	bytes_free(&b);
	secret_free(new);
	return ended(e, right, n == 0);
}

/* --- slots, sheets and shares --------------------------------------------- */

static enum failing_end
work_slot(void)
{
	struct keyslot slot = { .master = seed[0], .kind = KEYSLOT_RECOVERY,
	    .label = "sheet" }, got = { 0 };
	struct keyslot_ctx ctx = { .index = 3 };
	struct secret *ikm = NULL, *sub = NULL;
	struct kdf_set set = { .id = KDF_ARGON2ID, .kib = KDF_MIN_KIB,
	    .passes = KDF_MIN_PASSES, .lanes = 1 };
	uint8_t b[KEYSLOT_LEN];
	enum sq_err e;
	bool right, nothing;

	if ((e = kdf_derive(&set, pass, &ikm)) == SQ_OK &&
	    (e = keyslot_make(&ctx, ikm, &slot, b)) == SQ_OK &&
	    (e = keyslot_open(&ctx, ikm, b, &got)) == SQ_OK)
		e = kdf_subkey(got.master, KDF_USE_DB, &sub);
	right = same(got.master, seed[0]) && sub != NULL;
	nothing = sub == NULL;
	secret_free(sub);
	secret_free(got.master);
	secret_free(ikm);
	return ended(e, right, nothing);
}

static enum failing_end
work_words(void)
{
	struct secret *code = NULL, *again = NULL, *words = NULL, *key = NULL;
	struct why why = { "" };
	enum sq_err e;
	bool right;

	if ((e = words_sheet_new(&code)) == SQ_OK &&
	    (e = words_sheet_parse((const char *)secret_cbytes(code),
	    secret_len(code), &again, &why)) == SQ_OK &&
	    (e = words_key(seed[0], &words)) == SQ_OK)
		e = words_key_parse((const char *)secret_cbytes(words),
		    secret_len(words), &key, &why);
	right = same(code, again) && same(key, seed[0]);
	failing_stop();
	secret_free(again);
	secret_free(key);
	again = key = NULL;
	/* what was written down can be typed back, whatever failed later */
	if ((code != NULL && words_sheet_parse((const char *)secret_cbytes(
	    code), secret_len(code), &again, &why) != SQ_OK) ||
	    (words != NULL && words_key_parse((const char *)secret_cbytes(
	    words), secret_len(words), &key, &why) != SQ_OK))
		return FAILING_WRONG;
	secret_free(code);
	secret_free(again);
	secret_free(words);
	secret_free(key);
	return ended(e, right, !right);
}

/* A set of three, typed back, two of them joined, and one too many. */
static enum failing_end
work_shares(void)
{
	struct secret *coeffs = NULL, *y[3] = { NULL }, *text[3] = { NULL };
	struct secret *joined = NULL;
	struct share s[3], got[3];
	struct why why = { "" };
	bool right;
	enum sq_err e;

	memset(s, 0, sizeof(s));
	memset(got, 0, sizeof(got));
	if ((e = secret_random(SHAMIR_LEN, &coeffs)) == SQ_OK)
		e = shamir_split(seed[0], 2, 3, coeffs, y);
	for (unsigned i = 0; i < 3 && e == SQ_OK; i++) {
		s[i] = (struct share){ .need = 2, .of = 3, .x = i + 1,
		    .y = y[i] };
		if ((e = share_text(&s[i], &text[i])) == SQ_OK)
			e = share_parse(secret_cbytes(text[i]),
			    secret_len(text[i]), &got[i], &why);
	}
	if (e == SQ_OK)
		e = share_join(got, 3, &joined, &why);
	right = same(joined, seed[0]);
	for (unsigned i = 0; i < 3; i++) {
		secret_free(text[i]);
		secret_free(y[i]);
		share_free(&got[i]);
	}
	secret_free(coeffs);
	secret_free(joined);
	return ended(e, right, joined == NULL);
}

/* --- signatures ----------------------------------------------------------- */

static enum failing_end
work_signatures(void)
{
	char trusted[MINISIG_COMMENT_MAX + 1];
	struct bytes_buf mini = { 0 }, ssh = { 0 }, note = { 0 };
	uint8_t hash[64], pk[SIGN_PK] = { 0 };
	struct digest *d = NULL;
	struct minisig_key key;
	struct note_key nkey;
	size_t n = 0;
	enum sq_err e;

	if ((e = sign_public(seed[0], pk)) != SQ_OK)
		goto out;
	minisig_key(pk, &key);
	if ((e = digest_new(DIGEST_BLAKE2B_512, &d)) == SQ_OK &&
	    (e = digest_add(d, said, sizeof(said))) == SQ_OK &&
	    (e = digest_end(d, hash)) == SQ_OK &&
	    (e = minisig_make(&key, seed[0], hash, "c", &mini)) == SQ_OK &&
	    (e = minisig_check((char *)mini.p, mini.len, &key, hash,
	    trusted)) == SQ_OK &&
	    (e = sshsig_make(seed[0], "file", said, 9, &ssh)) == SQ_OK &&
	    (e = sshsig_check((char *)ssh.p, ssh.len, "file", said, 9,
	    pk)) == SQ_OK &&
	    (e = note_key(ORIGIN, pk, &nkey)) == SQ_OK &&
	    (e = note_sign(ORIGIN, seed[0], "said\n", 5, &note)) == SQ_OK)
		e = note_check((char *)note.p, note.len, &nkey, &n);
out:
	digest_free(d);
	bytes_free(&mini);
	bytes_free(&ssh);
	bytes_free(&note);
	return ended(e, n == 5, true);
}

/* --- cards, changes of keys, receipts ------------------------------------- */

static enum sq_err
make_card(const struct secret *s, struct card *c)
{
	struct secret *k = NULL;
	uint8_t pk[SIGN_PK];
	enum sq_err e;

	memset(c, 0, sizeof(*c));
	(void)snprintf(c->log, sizeof(c->log), "%s", LOG);
	(void)snprintf(c->date, sizeof(c->date), "2026-01-01T00:00:00Z");
	if ((e = sign_public(s, pk)) != SQ_OK ||
	    (e = note_key(ORIGIN, pk, &c->note)) != SQ_OK ||
	    (e = sign_seed(s, "minisign", 0, &k)) != SQ_OK ||
	    (e = sign_public(k, pk)) != SQ_OK)
		goto out;
	minisig_key(pk, &c->minisign);
	secret_free(k);
	k = NULL;
	if ((e = sign_seed(s, "ssh", 0, &k)) == SQ_OK)
		e = sign_public(k, c->ssh);
out:
	secret_free(k);
	return e;
}

static enum failing_end
work_card(void)
{
	struct bytes_buf b = { 0 }, page = { 0 }, signers = { 0 };
	struct bytes_buf lines = { 0 }, path = { 0 };
	struct card_code code = { 0 };
	struct card_names names;
	struct card c = card[0], got, shown;
	struct why why = { "" };
	bool made = false;
	enum sq_err e;

	memset(&got, 0, sizeof(got));
	memset(&shown, 0, sizeof(shown));
	if ((e = make_card(seed[0], &got)) == SQ_OK &&
	    (e = card_names(&c, &names)) == SQ_OK &&
	    (e = card_emit(&c, &b)) == SQ_OK &&
	    (e = card_parse((char *)b.p, b.len, &got, &why)) == SQ_OK &&
	    (e = card_lines(&c, &lines)) == SQ_OK &&
	    (e = qr_path(lines.p, lines.len, &code.side, &path)) == SQ_OK)
		code = (struct card_code){ .path = (const char *)path.p,
		    .n = path.len, .side = code.side };
	if (e == SQ_OK && (e = card_page(&c, CARD_HTML, &code, &page)) ==
	    SQ_OK &&
	    (made = true) &&
	    (e = card_page_parse((char *)page.p, page.len, &shown, &why)) ==
	    SQ_OK)
		e = card_allowed_signers(&c, &signers);
	failing_stop();
	/* a page that was made is whole, whatever failed later */
	if (made && card_page_parse((char *)page.p, page.len, &shown, &why) !=
	    SQ_OK)
		return FAILING_WRONG;
	bytes_free(&b);
	bytes_free(&page);
	bytes_free(&signers);
	bytes_free(&lines);
	bytes_free(&path);
	return ended(e, rotation_same(&shown, &c) && rotation_same(&got, &c),
	    true);
}

static enum failing_end
change(const char *since, unsigned by)
{
	struct rotation r, got;
	struct bytes_buf b = { 0 };
	enum sq_err e;
	bool right = false, nothing;

	memset(&r, 0, sizeof(r));
	memset(&got, 0, sizeof(got));
	r.epoch = 1;
	r.old = card[0];
	r.new = card[1];
	(void)snprintf(r.time, sizeof(r.time), "2026-02-01T00:00:00Z");
	(void)snprintf(r.since, sizeof(r.since), "%s", since);
	if ((e = rotation_make(&r, seed[by], seed[1], &b)) == SQ_OK &&
	    (e = rotation_parse((char *)b.p, b.len, &got)) == SQ_OK &&
	    (e = rotation_vouched(&got, &card[0])) == SQ_OK)
		right = rotation_same(&got.new, &card[1]);
	nothing = !right;
	rotation_free(&got);
	bytes_free(&b);
	return ended(e, right, nothing);
}

static enum failing_end
work_change(void)
{
	return change("", 0);
}

static enum failing_end
work_compromise(void)
{
	return change("2026-01-15T00:00:00Z", 2);
}

static enum failing_end
work_receipt(void)
{
	struct bytes_buf note = { 0 }, out = { 0 };
	struct receipt r;
	enum sq_err e;

	memset(&r, 0, sizeof(r));
	if ((e = note_sign(ORIGIN, seed[0], ORIGIN "\n1\nAAAA\n",
	    sizeof(ORIGIN) - 1 + 8, &note)) == SQ_OK &&
	    (e = receipt_make(identity, 1773483727, (char *)note.p, note.len,
	    &out)) == SQ_OK)
		e = receipt_parse((char *)out.p, out.len, &r);
	bytes_free(&note);
	bytes_free(&out);
	return ended(e, r.time == 1773483727, true);
}

/* --- all of them ---------------------------------------------------------- */

static void
test_keys(void **state)
{
	static const struct {
		const char *name;
		enum failing_end (*work)(void);
	} all[] = {
		{ "an age file to a key", work_age_key },
		{ "an age file to a passphrase", work_age_pass },
		{ "an age identity", work_identity },
		{ "a slot", work_slot },
		{ "sheets in words", work_words },
		{ "shares", work_shares },
		{ "signatures", work_signatures },
		{ "a card", work_card },
		{ "a change of keys", work_change },
		{ "a change after a compromise", work_compromise },
		{ "a receipt", work_receipt }
	};

	failing_old_kernel = *state != NULL;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		failing_try(all[i].name, all[i].work);
	failing_old_kernel = false;
}

static int
setup(void **state)
{
	uint8_t raw[32];

	(void)state;
	if (secret_init() != SQ_OK ||
	    secret_copy((const uint8_t *)"two words", 9, &pass) != SQ_OK ||
	    age_keygen(&identity) != SQ_OK ||
	    age_public(identity, recipient) != SQ_OK)
		return -1;
	for (size_t i = 0; i < sizeof(said); i++)
		said[i] = (char)(i % 251);
	for (unsigned i = 0; i < 3; i++) {
		memset(raw, (int)i + 1, sizeof(raw));
		if (secret_copy(raw, 32, &seed[i]) != SQ_OK ||
		    (i < 2 && make_card(seed[i], &card[i]) != SQ_OK))
			return -1;
	}
	card[0].has_recovery = true;
	return sign_public(seed[2], card[0].recovery) == SQ_OK ? 0 : -1;
}

int
main(void)
{
	static bool old = true;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys),
		cmocka_unit_test_prestate(test_keys, &old)
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
