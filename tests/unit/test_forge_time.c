/*
 * Forgeries of the time: each starts from a bundle whose log was stamped by an
 * authority that the victim's roots vouch for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/stat.h>

#include "tests/unit/forge.h"

#define AT(part) "bundle/proofs/anchors/0001." part
#define NOTE AT("note")
#define TSQ AT("tsq")
#define TSR AT("tsr")
#define CONSIST AT("consistency")

static char top[512];

/* Run tests/tsa.sh with these words. */
static void
tsa(const char *words)
{
	char cmd[1200];

	(void)snprintf(cmd, sizeof(cmd), "sh '%s/tests/tsa.sh' tsa %s", top,
	    words);
	assert_int_equal(peer_run(ck_dir, cmd), 0);
}

/* Put a file of ck_dir into a bundle. */
static void
put_file(struct mk *b, const char *path, const char *name)
{
	size_t n;
	char *p = peer_read(ck_path(name), &n);

	mk_put(b, path, p, n);
	free(p);
}

/* Ask an authority for a stamp over these bytes: the files q and r. */
static void
ask(const struct bytes_buf *data, const char *who)
{
	char words[64];

	peer_write(ck_dir, "d", data->p, data->len);
	assert_int_equal(peer_run(ck_dir, "openssl ts -query -data d -sha256 "
	    "-cert -out q"), 0);
	(void)snprintf(words, sizeof(words), "stamp %s ../q ../r", who);
	tsa(words);
}

/* The checkpoint of k, stamped, with the proof to a log of ${size}. */
static void
anchor(struct mk *b, struct mk *k, uint64_t size)
{
	struct bytes_buf out = { 0 };
	struct consist c = { .old_size = k->st.log_size, .new_size = size };

	ask(&k->checkpoint, "tsa");
	mk_put(b, NOTE, k->checkpoint.p, k->checkpoint.len);
	put_file(b, TSQ, "q");
	put_file(b, TSR, "r");
	memcpy(c.old_root, k->st.log_root, MERKLE_LEN);
	if (c.old_size < size)
		OK(merkle_consist(&b->store, c.old_size, size, &c.proof));
	OK(consist_emit(&c, &out));
	mk_move(b, CONSIST, &out);
}

static void
begin(struct forge *f)
{
	f->roots = true;
	anchor(f->b, f->b, f->b->size);
}

/* The good ones: without them a forgery shows nothing. */
static void
test_honest(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct forge f = { .b = mk_new() };
		struct verify_report r;
		struct why why = { "" };
		char got[VERIFY_CLAIMS + 1];

		f.old = forge_kin(f.b);
		f.co = f.old;
		forge_small(f.old, f.b->st.bundle, 4, 0);
		f.send = f.to = f.b;
		f.roots = true;
		anchor(f.b, i == 0 ? f.b : f.old, f.b->size);
		if (forge_verify(&f, f.send, &r, &why) != SQ_OK)
			fail_msg("honest: %s", why.text);
		ck_letters(&r, got);
		assert_string_equal(got, "yuyyyuy-");
		mk_free(f.b);
		mk_free(f.old);
	}
}

/* --- the age key alone -------------------------------------------------- */

static void
other_bytes(struct forge *f)
{
	ask(mk_find(f->b, "bundle/READ-ME-FIRST.txt"), "tsa");
	put_file(f->b, TSR, "r");
	put_file(f->b, TSQ, "q");
}

static void
other_authority(struct forge *f)
{
	ask(&f->b->checkpoint, "tsa2");
	put_file(f->b, TSR, "r");
	put_file(f->b, TSQ, "q");
}

static void
other_nonce(struct forge *f)
{
	ask(&f->b->checkpoint, "tsa");
	put_file(f->b, TSR, "r");
}

/* Another year in the token, everything else as it was signed. */
static void
redate(struct forge *f)
{
	struct bytes_buf *x = mk_find(f->b, TSR);
	uint8_t *p = memmem(x->p, x->len, "\x18\x0f" "20", 4);

	assert_non_null(p);
	memcpy(p + 4, "19", 2);
}

/* What the authority stated, signed by one who may not. */
static void
not_critical(struct forge *f)
{
	(void)f;
	tsa("forge noncrit ../r ../t");
	put_file(f->b, TSR, "t");
}

static void
bytes_behind(struct forge *f)
{
	bytes_puts(mk_find(f->b, TSR), "x");
}

static void
without_token(struct forge *f)
{
	mk_del(f->b, TSR);
}

/* --- the key of one format ---------------------------------------------- */

static void
note_fork(struct forge *f)
{
	memset(f->old->root[0], 0x77, ENTRY_ROOT);
	f->old->size = 5;
	mk_all(f->old);
	anchor(f->b, f->old, 5);
}

/* A longer log than the statement's would cover what is yet to come. */
static void
note_longer(struct forge *f)
{
	f->old->size = 8;
	mk_all(f->old);
	anchor(f->b, f->old, 8);
}

static void
note_origin(struct forge *f)
{
	f->old->size = 5;
	mk_all(f->old);
	memset(f->old->st.log_origin + 7, 'f', 32);
	mk_checkpoint(f->old);
	anchor(f->b, f->old, 5);
}

/* The statement that he signs with SSH alone is not what was stamped. */
static void
ssh_statement(struct forge *f)
{
	struct bytes_buf text = { 0 };

	free(f->old->st.purpose);
	f->old->st.purpose = strdup("press");
	OK(statement_emit(&f->old->st, &text));
	ask(&text, "tsa");
	bytes_free(&text);
	put_file(f->b, "bundle/proofs/anchors/0002.tsr", "r");
}

/* --- another recipient -------------------------------------------------- */

static void
co_statement(struct forge *f)
{
	ask(mk_find(f->co, "bundle/STATEMENT.txt"), "tsa");
	put_file(f->b, "bundle/proofs/anchors/0002.tsr", "r");
}

static void
co_proof(struct forge *f)
{
	struct bytes_buf out = { 0 };
	struct consist c = { .old_size = 5, .new_size = 6 };

	OK(merkle_root(&f->co->store, 5, c.old_root));
	OK(merkle_consist(&f->co->store, 5, 6, &c.proof));
	OK(consist_emit(&c, &out));
	mk_move(f->b, CONSIST, &out);
}

static void
co_checkpoint(struct forge *f)
{
	mk_put(f->b, NOTE, f->co->checkpoint.p, f->co->checkpoint.len);
}

static void
co_token(struct forge *f)
{
	ask(&f->co->checkpoint, "tsa");
	put_file(f->b, TSR, "r");
	put_file(f->b, TSQ, "q");
}

/* --- the vault as it was before ----------------------------------------- */

static void
old_statement(struct forge *f)
{
	ask(mk_find(f->old, "bundle/STATEMENT.txt"), "tsa");
	put_file(f->b, "bundle/proofs/anchors/0002.tsr", "r");
}

/* It was set back, and went on another way than the one stamped. */
static void
old_fork(struct forge *f)
{
	memset(f->old->root[2], 0x77, ENTRY_ROOT);
	mk_all(f->old);
	anchor(f->b, f->old, 5);
}

static void
old_proof(struct forge *f)
{
	anchor(f->b, f->old, 4);
}

static void
old_redated(struct forge *f)
{
	anchor(f->b, f->old, 5);
	redate(f);
}

/* The token of then, as if it had stamped the checkpoint of now. */
static void
old_token(struct forge *f)
{
	ask(&f->old->checkpoint, "tsa");
	put_file(f->b, TSR, "r");
	put_file(f->b, TSQ, "q");
}

#define C VERIFY_EXISTED_BEFORE
#define W "yuyyyun-"

static const struct forgery all[] = {
	{ C, FORGE_AGE, "a token over other bytes", other_bytes, W,
	    "other bytes" },
	{ C, FORGE_AGE, "a token of an authority that nobody vouches for",
	    other_authority, W, "do not vouch" },
	{ C, FORGE_AGE, "a token with another nonce", other_nonce, W,
	    "another request" },
	{ C, FORGE_AGE, "a token with another year", redate, W, "0001.tsr" },
	{ C, FORGE_AGE, "a token signed by one who may not", not_critical, W,
	    "0001.tsr" },
	{ C, FORGE_AGE, "a token with a byte behind it", bytes_behind, W,
	    "behind" },
	{ C, FORGE_AGE, "a token left out", without_token, W, "has no .tsr" },
	{ C, FORGE_ONE, "note: another log, stamped", note_fork, W,
	    "does not prove" },
	{ C, FORGE_ONE, "note: a longer log, stamped", note_longer, W,
	    "does not prove" },
	{ C, FORGE_ONE, "note: another origin, stamped", note_origin, W,
	    "no key of this log" },
	{ C, FORGE_ONE, "SSH: another statement, stamped", ssh_statement, W,
	    "other bytes" },
	{ C, FORGE_CO, "the token of his own statement", co_statement, W,
	    "0002.tsr: it stamps other bytes" },
	{ C, FORGE_CO, "the proof of his own", co_proof, W,
	    "does not prove" },
	{ C, FORGE_CO, "the checkpoint of his own", co_checkpoint, W,
	    "does not prove" },
	{ C, FORGE_CO, "the token of his own checkpoint", co_token, W,
	    "other bytes" },
	{ C, FORGE_OLD, "the token of the older statement", old_statement, W,
	    "0002.tsr: it stamps other bytes" },
	{ C, FORGE_OLD, "another past, stamped", old_fork, W,
	    "does not prove" },
	{ C, FORGE_OLD, "an older proof", old_proof, W, "does not prove" },
	{ C, FORGE_OLD, "an older token, made older still", old_redated, W,
	    "0001.tsr" },
	{ C, FORGE_OLD, "the older token for the newer log", old_token, W,
	    "other bytes" }
};

static void
test_forge_time(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		forge_one(&all[i], begin);
}

static int
setup(void **state)
{
	if (ck_setup(state) != 0 || getcwd(top, sizeof(top)) == NULL)
		return 1;
	return mkdir(ck_path("tsa"), 0700) != 0 || (tsa("make"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_honest),
		cmocka_unit_test(test_forge_time)
	};

	return cmocka_run_group_tests(tests, setup, ck_teardown);
}
