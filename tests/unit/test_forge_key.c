/*
 * Forgeries by somebody who has one key: the recipient's age key, or the
 * signing key of one format.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/forge.h"

#define REPORT "bundle/bag/data/report.html"
#define SIGNERS "bundle/trust/allowed_signers"

/* --- the age key alone -------------------------------------------------- */

static void
add_file(struct forge *f)
{
	mk_puts(f->b, "bundle/bag/data/extra.txt", "x");
}

static void
alter_report(struct forge *f)
{
	forge_words(f->b, REPORT, "html", "HTML");
}

static void
alter_readme(struct forge *f)
{
	mk_find(f->b, "bundle/READ-ME-FIRST.txt")->p[100] ^= 1;
}

static void
add_fetch(struct forge *f)
{
	mk_puts(f->b, "bundle/bag/fetch.txt",
	    "http://example.org/x - data/x\n");
}

static void
drop_sshsig(struct forge *f)
{
	mk_del(f->b, FORGE_SSHSIG);
}

/* One of the two signatures is by a key of his own. */
static void
own_sshsig(struct forge *f)
{
	struct mk *own = mk_new();

	forge_take(own, f->b, "bundle/STATEMENT.txt");
	mk_sign(own);
	forge_take(f->b, own, FORGE_SSHSIG);
	mk_free(own);
}

static void
own_minisig(struct forge *f)
{
	struct mk *own = mk_new();

	forge_take(own, f->b, "bundle/STATEMENT.txt");
	mk_sign(own);
	forge_take(f->b, own, FORGE_MINISIG);
	mk_free(own);
}

/* All keys are his own, and only the card tells. */
static void
own_keys(struct forge *f)
{
	f->send = f->old;
	f->card = true;
	strcpy(f->old->st.recipient, f->b->recipient);
	mk_keys(f->old);
	mk_all(f->old);
}

static void
sealed_on(struct forge *f)
{
	f->to = f->co;
}

static void
sealed_to_both(struct forge *f)
{
	f->both = true;
}

static void
sealed_to_passphrase(struct forge *f)
{
	f->pass = true;
}

static void
drop_csv(struct forge *f)
{
	mk_del(f->b, FORGE_CSV);
}

static void
drop_item(struct forge *f)
{
	mk_del(f->b, mk_item(2, "record.json"));
	mk_del(f->b, mk_proof(2));
	mk_bag(f->b);
}

static void
alter_csv(struct forge *f)
{
	forge_words(f->b, FORGE_CSV, "T-2", "T-9");
	mk_bag(f->b);
}

static void
drop_proof(struct forge *f)
{
	mk_del(f->b, mk_proof(2));
}

static void
swap_proofs(struct forge *f)
{
	struct bytes_buf *x = mk_find(f->b, mk_proof(1)),
	    *y = mk_find(f->b, mk_proof(2)), t = *x;

	*x = *y;
	*y = t;
}

static void
shift_index(struct forge *f)
{
	forge_words(f->b, mk_proof(2), "index 3\n", "index 2\n");
}

static void
drop_checkpoint(struct forge *f)
{
	mk_del(f->b, FORGE_CHECKPOINT);
}

static void
drop_consistency(struct forge *f)
{
	forge_previous(f->b);
	mk_del(f->b, FORGE_CONSIST);
}

static void
other_size(struct forge *f)
{
	forge_previous(f->b);
	forge_words(f->b, FORGE_CONSIST, "v1\n3\n", "v1\n2\n");
}

static void
cut_consistency(struct forge *f)
{
	struct bytes_buf *x;

	forge_previous(f->b);
	x = mk_find(f->b, FORGE_CONSIST);
	x->len -= 45;		/* its last hash */
}

static void
add_consistency(struct forge *f)
{
	mk_puts(f->b, FORGE_CONSIST, "sandyq-consistency/v1\n");
}

/* --- the key of one format ---------------------------------------------- */

/* Lines behind the statement, signed with one key. */
static void
longer(struct forge *f, bool ssh)
{
	bytes_puts(mk_find(f->b, "bundle/STATEMENT.txt"), "purpose: \"\"\n");
	forge_sign(f->b, ssh);
}

static void
ssh_longer(struct forge *f)
{
	longer(f, true);
}

static void
minisign_longer(struct forge *f)
{
	longer(f, false);
}

/* A line more in what the recipient would copy to his own. */
static void
ssh_signers(struct forge *f)
{
	forge_sign(f->b, true);
	mk_puts(f->b, SIGNERS, "vault ssh-ed25519 AAAA\n");
}

static void
note_file(struct forge *f)
{
	add_file(f);
	mk_proofs(f->b);
}

/* The statement says another purpose. */
static void
other_purpose(struct forge *f, bool ssh)
{
	free(f->b->st.purpose);
	f->b->st.purpose = strdup("press");
	mk_statement(f->b);
	forge_sign(f->b, ssh);
}

static void
ssh_purpose(struct forge *f)
{
	other_purpose(f, true);
}

static void
minisign_purpose(struct forge *f)
{
	other_purpose(f, false);
}

/* The statement is not touched, but minisign shows another date. */
static void
minisign_comment(struct forge *f)
{
	struct bytes_buf *text = mk_find(f->b, "bundle/STATEMENT.txt");
	struct bytes_buf out = { 0 };
	char comment[256];
	uint8_t hash[64];

	digest_blake2b(hash, sizeof(hash), NULL,
	    (struct digest_part[]){ { text->p, text->len } }, 1);
	(void)snprintf(comment, sizeof(comment), STATEMENT_COMMENT,
	    f->b->st.bundle, "2020-01-01T00:00:00Z", f->b->st.log,
	    f->b->st.log_size);
	OK(minisig_make(&f->b->card.minisign, f->b->minisign, hash, comment,
	    &out));
	mk_move(f->b, FORGE_MINISIG, &out);
}

/* The note key is the vault's, the other two are his own. */
static void
note_alone(struct forge *f)
{
	struct secret *note = f->old->note;
	struct card card = f->old->card;
	char vkey[sizeof(f->old->st.key_note)];

	f->send = f->old;
	f->card = true;
	f->old->note = NULL;
	memcpy(vkey, f->old->st.key_note, sizeof(vkey));
	mk_keys(f->old);
	secret_free(f->old->note);
	f->old->note = note;
	f->old->card.note = card.note;
	memcpy(f->old->st.key_note, vkey, sizeof(vkey));
	strcpy(f->old->st.recipient, f->b->recipient);
	mk_all(f->old);
}

static void
ssh_sealed_on(struct forge *f)
{
	forge_sign(f->b, true);
	sealed_on(f);
}

static void
ssh_recipient(struct forge *f)
{
	strcpy(f->b->st.recipient, f->co->recipient);
	mk_statement(f->b);
	forge_sign(f->b, true);
}

static void
minisign_to_passphrase(struct forge *f)
{
	forge_sign(f->b, false);
	sealed_to_passphrase(f);
}

static void
note_to_both(struct forge *f)
{
	mk_proofs(f->b);
	sealed_to_both(f);
}

static void
ssh_items(struct forge *f)
{
	f->b->st.items = 3;
	mk_statement(f->b);
	forge_sign(f->b, true);
}

static void
minisign_attachments(struct forge *f)
{
	f->b->st.attachments = 1;
	mk_statement(f->b);
	forge_sign(f->b, false);
}

static void
note_csv(struct forge *f)
{
	alter_csv(f);
	mk_proofs(f->b);
}

/* A checkpoint over other words than the statement's. */
static void
note_root(struct forge *f)
{
	f->b->st.log_root[3] ^= 1;
	mk_proofs(f->b);
}

static void
note_size(struct forge *f)
{
	f->b->st.log_size = 8;
	mk_proofs(f->b);
}

/* Checkpoint and proofs of a log that he made up. */
static void
note_fork(struct forge *f)
{
	memset(f->b->root[0], 0x77, ENTRY_ROOT);
	mk_tree(f->b);
	OK(merkle_root(&f->b->store, f->b->size, f->b->st.log_root));
	mk_proofs(f->b);
}

/* The proof that a log extends another, of one that he made up. */
static void
from_kin(struct forge *f, uint64_t size, int entry)
{
	struct mk *k = forge_kin(f->b);

	forge_previous(f->b);
	k->size = size;
	k->previous = 3;
	memset(k->root[entry], 0x77, ENTRY_ROOT);
	mk_all(k);
	forge_take(f->b, k, FORGE_CONSIST);
	mk_free(k);
}

static void
note_other_past(struct forge *f)
{
	from_kin(f, 5, 0);
}

static void
note_other_future(struct forge *f)
{
	from_kin(f, 5, 4);
}

static void
note_longer_log(struct forge *f)
{
	from_kin(f, 7, 6);
}

static const struct forgery all[] = {
	{ VERIFY_INTACT, FORGE_AGE, "a file added", add_file, "nuyyyuu-",
	    "extra.txt" },
	{ VERIFY_INTACT, FORGE_AGE, "the report altered", alter_report,
	    "nuyyyuu-", "report.html" },
	{ VERIFY_INTACT, FORGE_AGE, "READ-ME-FIRST altered", alter_readme,
	    "nuyyyuu-", "READ-ME-FIRST" },
	{ VERIFY_INTACT, FORGE_AGE, "a file to be fetched", add_fetch,
	    "nuyyyuu-", "fetch.txt" },
	{ VERIFY_SIGNED_BY, FORGE_AGE, "a signature left out", drop_sshsig,
	    "-n------", "STATEMENT.txt.sig is missing" },
	{ VERIFY_SIGNED_BY, FORGE_AGE, "an SSH signature of his own",
	    own_sshsig, "-n------", "STATEMENT.txt.sig" },
	{ VERIFY_SIGNED_BY, FORGE_AGE, "a minisign signature of his own",
	    own_minisig, "-n------", "STATEMENT.txt.minisig" },
	{ VERIFY_SIGNED_BY, FORGE_AGE, "all keys his own", own_keys,
	    "ynyyyuu-", "NOT the keys of your key card" },
	{ VERIFY_ADDRESSED_TO, FORGE_AGE, "sealed on to another", sealed_on,
	    "yunyyuu-", "another recipient" },
	{ VERIFY_ADDRESSED_TO, FORGE_AGE, "sealed to one more",
	    sealed_to_both, "yunyyuu-", "more than one" },
	{ VERIFY_ADDRESSED_TO, FORGE_AGE, "sealed to a passphrase",
	    sealed_to_passphrase, "yunyyuu-", "another recipient" },
	{ VERIFY_COMPLETE, FORGE_AGE, "items.csv left out", drop_csv,
	    "nuynyuu-", "items.csv" },
	{ VERIFY_COMPLETE, FORGE_AGE, "an item left out", drop_item,
	    "nuynyuu-", "" },
	{ VERIFY_COMPLETE, FORGE_AGE, "items.csv altered", alter_csv,
	    "nuynyuu-", "000002" },
	{ VERIFY_DISCLOSED, FORGE_AGE, "a proof left out", drop_proof,
	    "yuyynuu-", "000002" },
	{ VERIFY_DISCLOSED, FORGE_AGE, "two proofs exchanged", swap_proofs,
	    "yuyynuu-", "00000" },
	{ VERIFY_DISCLOSED, FORGE_AGE, "a proof for another place",
	    shift_index, "yuyynuu-", "000002" },
	{ VERIFY_DISCLOSED, FORGE_AGE, "the checkpoint left out",
	    drop_checkpoint, "yuyynuu-", "checkpoint" },
	{ VERIFY_SAME_HISTORY, FORGE_AGE, "the proof left out",
	    drop_consistency, "yuyyynu-", "missing" },
	{ VERIFY_SAME_HISTORY, FORGE_AGE, "a proof from another size",
	    other_size, "yuyyynu-", "does not prove" },
	{ VERIFY_SAME_HISTORY, FORGE_AGE, "a proof cut short",
	    cut_consistency, "yuyyynu-", "does not prove" },
	{ VERIFY_SAME_HISTORY, FORGE_AGE, "a proof where none is asked for",
	    add_consistency, "yuyyynu-", "names no bundle before" },

	{ VERIFY_INTACT, FORGE_ONE, "SSH: a longer statement", ssh_longer,
	    "n-------", "STATEMENT.txt" },
	{ VERIFY_INTACT, FORGE_ONE, "minisign: a longer statement",
	    minisign_longer, "n-------", "STATEMENT.txt" },
	{ VERIFY_INTACT, FORGE_ONE, "SSH: another signer to copy",
	    ssh_signers, "nuyyyuu-", "allowed_signers" },
	{ VERIFY_INTACT, FORGE_ONE, "note: a file, and a new checkpoint",
	    note_file, "nuyyyuu-", "extra.txt" },
	{ VERIFY_SIGNED_BY, FORGE_ONE, "SSH: another purpose", ssh_purpose,
	    "-n------", "STATEMENT.txt.minisig" },
	{ VERIFY_SIGNED_BY, FORGE_ONE, "minisign: another purpose",
	    minisign_purpose, "-n------", "STATEMENT.txt.sig" },
	{ VERIFY_SIGNED_BY, FORGE_ONE, "minisign: another date in its comment",
	    minisign_comment, "-n------", "trusted comment" },
	{ VERIFY_SIGNED_BY, FORGE_ONE, "note: the other keys his own",
	    note_alone, "ynyyyuu-", "NOT the keys of your key card" },
	{ VERIFY_ADDRESSED_TO, FORGE_ONE, "SSH: signed again and sealed on",
	    ssh_sealed_on, "yunyyuu-", "another recipient" },
	{ VERIFY_ADDRESSED_TO, FORGE_ONE, "SSH: another recipient",
	    ssh_recipient, "-nn-----", "another recipient" },
	{ VERIFY_ADDRESSED_TO, FORGE_ONE,
	    "minisign: signed again, to a passphrase", minisign_to_passphrase,
	    "yunyyuu-", "another recipient" },
	{ VERIFY_ADDRESSED_TO, FORGE_ONE, "note: signed again, to one more",
	    note_to_both, "yunyyuu-", "more than one" },
	{ VERIFY_COMPLETE, FORGE_ONE, "SSH: another number of items",
	    ssh_items, "-n-n----", "" },
	{ VERIFY_COMPLETE, FORGE_ONE, "minisign: another number of files",
	    minisign_attachments, "-n-n----", "" },
	{ VERIFY_COMPLETE, FORGE_ONE, "note: items.csv altered", note_csv,
	    "nuynyuu-", "000002" },
	{ VERIFY_DISCLOSED, FORGE_ONE, "note: another root", note_root,
	    "yuyynuu-", "another log, size or root" },
	{ VERIFY_DISCLOSED, FORGE_ONE, "note: another size", note_size,
	    "yuyynuu-", "another log, size or root" },
	{ VERIFY_DISCLOSED, FORGE_ONE, "note: a log made up, with proofs",
	    note_fork, "yuyynuu-", "another log, size or root" },
	{ VERIFY_SAME_HISTORY, FORGE_ONE, "note: another past made up",
	    note_other_past, "yuyyynu-", "does not prove" },
	{ VERIFY_SAME_HISTORY, FORGE_ONE, "note: another future made up",
	    note_other_future, "yuyyynu-", "does not prove" },
	{ VERIFY_SAME_HISTORY, FORGE_ONE, "note: a longer log made up",
	    note_longer_log, "yuyyynu-", "does not prove" }
};

static void
test_forge_key(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		forge_one(&all[i], NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forge_key)
	};

	return cmocka_run_group_tests(tests, ck_setup, ck_teardown);
}
