/*
 * Forgeries by somebody who got a bundle of the same vault, and by the vault
 * as it was before, which has all its keys and an older state.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/forge.h"

#define REPORT "bundle/bag/data/report.html"
#define BAGINFO "bundle/bag/bag-info.txt"
#define MANIFEST "bundle/bag/manifest-sha256.txt"
#define TAGS "bundle/bag/tagmanifest-sha256.txt"

/* Take one file over, from the other recipient's bundle or the older one. */
#define TAKE(name, path) \
	static void \
	co_##name(struct forge *f) \
	{ \
		forge_take(f->b, f->co, path); \
	} \
	static void \
	old_##name(struct forge *f) \
	{ \
		forge_take(f->b, f->old, path); \
	}

TAKE(report, REPORT)
TAKE(baginfo, BAGINFO)
TAKE(manifest, MANIFEST)
TAKE(tags, TAGS)
TAKE(minisig, FORGE_MINISIG)
TAKE(sshsig, FORGE_SSHSIG)
TAKE(checkpoint, FORGE_CHECKPOINT)
TAKE(proof, mk_proof(1))

static void
co_signatures(struct forge *f)
{
	co_minisig(f);
	co_sshsig(f);
}

static void
co_sealed_on(struct forge *f)
{
	f->send = f->co;
}

static void
co_to_both(struct forge *f)
{
	f->send = f->co;
	f->to = f->co;
	f->both = true;
}

static void
co_to_passphrase(struct forge *f)
{
	f->send = f->co;
	f->pass = true;
}

static void
co_csv(struct forge *f)
{
	forge_take(f->b, f->co, FORGE_CSV);
}

static void
co_csv_bag(struct forge *f)
{
	co_csv(f);
	mk_bag(f->b);
}

/* What he did not get is taken from what the other got. */
static void
co_without(struct forge *f)
{
	mk_del(f->b, mk_item(2, "record.json"));
	mk_del(f->b, mk_proof(2));
	co_csv(f);
	co_manifest(f);
}

static void
co_proofs(struct forge *f)
{
	co_proof(f);
	co_checkpoint(f);
}

static void
co_consistency(struct forge *f)
{
	forge_previous(f->b);
	forge_take(f->b, f->co, FORGE_CONSIST);
}

static void
co_unasked(struct forge *f)
{
	forge_take(f->b, f->co, FORGE_CONSIST);
}

static void
co_sizes(struct forge *f)
{
	co_consistency(f);
	forge_words(f->b, FORGE_CONSIST, "v1\n2\n", "v1\n3\n");
}

/* --- the vault as it was before ----------------------------------------- */

static void
old_signatures(struct forge *f)
{
	old_minisig(f);
	old_sshsig(f);
}

/* Keys that are not those of the card: the vault changed them since. */
static void
old_keys(struct forge *f)
{
	f->send = f->old;
	f->card = true;
	strcpy(f->old->st.recipient, f->b->recipient);
	mk_keys(f->old);
	mk_all(f->old);
}

static void
old_sealed_on(struct forge *f)
{
	f->send = f->old;
}

static void
old_to_both(struct forge *f)
{
	f->send = f->old;
	f->both = true;
}

static void
old_for_passphrase(struct forge *f)
{
	strcpy(f->old->st.recipient, "-");
	mk_resign(f->old);
	f->send = f->old;
}

static void
old_csv(struct forge *f)
{
	forge_take(f->b, f->old, FORGE_CSV);
	mk_resign(f->b);
}

static void
old_items(struct forge *f)
{
	f->b->st.items = f->old->st.items;
	mk_resign(f->b);
}

static void
old_attachments(struct forge *f)
{
	f->b->st.attachments = 1;
	mk_resign(f->b);
}

/* The older text of a record, under the root of the newer one. */
static void
old_text(struct forge *f)
{
	forge_words(f->b, mk_item(1, "record.json"), "Ghulja", "Urumqi");
	mk_resign(f->b);
}

/* The older head is signed as if it were that of now. */
static void
old_root(struct forge *f)
{
	memcpy(f->b->st.log_root, f->old->st.log_root, MERKLE_LEN);
	mk_resign(f->b);
}

/*
 * The victim saw b; the vault was set back, went on otherwise, and makes a
 * bundle of ${size} entries that names the log of b as the one before, or none.
 */
static void
fork_at(struct forge *f, uint64_t size, uint64_t previous)
{
	forge_saw(f, f->b);
	memset(f->old->root[4], 0x77, ENTRY_ROOT);
	strcpy(f->old->st.recipient, f->b->recipient);
	f->old->size = size;
	f->old->previous = previous;
	mk_all(f->old);
	f->send = f->old;
}

static void
two_histories(struct forge *f)
{
	fork_at(f, 5, 0);
}

static void
other_extended(struct forge *f)
{
	fork_at(f, 6, 5);
}

/* It says the root that the victim saw, and cannot prove it. */
static void
said_extended(struct forge *f)
{
	char was[64], is[64];
	struct bytes_buf b = { 0 };

	fork_at(f, 6, 5);
	bytes_put_b64(&b, f->old->st.previous_root, MERKLE_LEN, true);
	(void)snprintf(was, sizeof(was), "%.*s", (int)b.len, (char *)b.p);
	bytes_free(&b);
	bytes_put_b64(&b, f->b->st.log_root, MERKLE_LEN, true);
	(void)snprintf(is, sizeof(is), "%.*s", (int)b.len, (char *)b.p);
	bytes_free(&b);
	forge_words(f->old, FORGE_CONSIST, was, is);
	memcpy(f->old->st.previous_root, f->b->st.log_root, MERKLE_LEN);
	mk_resign(f->old);
}

static void
left_unproved(struct forge *f)
{
	fork_at(f, 6, 5);
	memcpy(f->old->st.previous_root, f->b->st.log_root, MERKLE_LEN);
	mk_resign(f->old);
	mk_del(f->old, FORGE_CONSIST);
}

static const struct forgery all[] = {
	{ VERIFY_INTACT, FORGE_CO, "his own report", co_report, "nuyyyuu-",
	    "report.html" },
	{ VERIFY_INTACT, FORGE_CO, "his own bag-info.txt", co_baginfo,
	    "nuyyyuu-", "bag-info.txt" },
	{ VERIFY_INTACT, FORGE_CO, "his own manifest", co_manifest,
	    "nuyyyuu-", "manifest" },
	{ VERIFY_INTACT, FORGE_CO, "his own tag manifest", co_tags,
	    "nuyyyuu-", "tagmanifest" },
	{ VERIFY_SIGNED_BY, FORGE_CO, "the minisign signature of his own",
	    co_minisig, "-n------", "STATEMENT.txt.minisig" },
	{ VERIFY_SIGNED_BY, FORGE_CO, "the SSH signature of his own",
	    co_sshsig, "-n------", "STATEMENT.txt.sig" },
	{ VERIFY_SIGNED_BY, FORGE_CO, "both signatures of his own",
	    co_signatures, "-n------", "STATEMENT.txt.minisig" },
	{ VERIFY_ADDRESSED_TO, FORGE_CO, "his own, sealed on", co_sealed_on,
	    "yunyyuu-", "another recipient" },
	{ VERIFY_ADDRESSED_TO, FORGE_CO, "his own, sealed to both",
	    co_to_both, "yunyyuu-", "more than one" },
	{ VERIFY_ADDRESSED_TO, FORGE_CO, "his own, to a passphrase",
	    co_to_passphrase, "yunyyuu-", "another recipient" },
	{ VERIFY_COMPLETE, FORGE_CO, "his own items.csv", co_csv,
	    "nuynyuu-", "items.csv" },
	{ VERIFY_COMPLETE, FORGE_CO, "his own items.csv, manifests redone",
	    co_csv_bag, "nuynyuu-", "items.csv" },
	{ VERIFY_COMPLETE, FORGE_CO, "without what he did not get",
	    co_without, "nuynyuu-", "" },
	{ VERIFY_DISCLOSED, FORGE_CO, "his own checkpoint", co_checkpoint,
	    "yuyynuu-", "another log, size or root" },
	{ VERIFY_DISCLOSED, FORGE_CO, "the proof of his own item", co_proof,
	    "yuyynuu-", "000001" },
	{ VERIFY_DISCLOSED, FORGE_CO, "his own proof and checkpoint",
	    co_proofs, "yuyynuu-", "" },
	{ VERIFY_SAME_HISTORY, FORGE_CO, "his own proof", co_consistency,
	    "yuyyynu-", "does not prove" },
	{ VERIFY_SAME_HISTORY, FORGE_CO, "his own, where none is asked for",
	    co_unasked, "yuyyynu-", "names no bundle before" },
	{ VERIFY_SAME_HISTORY, FORGE_CO, "his own, of another size",
	    co_sizes, "yuyyynu-", "does not prove" },

	{ VERIFY_INTACT, FORGE_OLD, "the older report", old_report,
	    "nuyyyuu-", "report.html" },
	{ VERIFY_INTACT, FORGE_OLD, "the older bag-info.txt", old_baginfo,
	    "nuyyyuu-", "bag-info.txt" },
	{ VERIFY_INTACT, FORGE_OLD, "the older manifest", old_manifest,
	    "nuyyyuu-", "manifest" },
	{ VERIFY_INTACT, FORGE_OLD, "the older tag manifest", old_tags,
	    "nuyyyuu-", "tagmanifest" },
	{ VERIFY_SIGNED_BY, FORGE_OLD, "the older minisign signature",
	    old_minisig, "-n------", "STATEMENT.txt.minisig" },
	{ VERIFY_SIGNED_BY, FORGE_OLD, "the older SSH signature",
	    old_sshsig, "-n------", "STATEMENT.txt.sig" },
	{ VERIFY_SIGNED_BY, FORGE_OLD, "both older signatures",
	    old_signatures, "-n------", "STATEMENT.txt.minisig" },
	{ VERIFY_SIGNED_BY, FORGE_OLD, "keys that are no longer the vault's",
	    old_keys, "ynyyyuu-", "NOT the keys of your key card" },
	{ VERIFY_ADDRESSED_TO, FORGE_OLD, "an older bundle for another",
	    old_sealed_on, "yunyyuu-", "another recipient" },
	{ VERIFY_ADDRESSED_TO, FORGE_OLD, "an older bundle, to one more",
	    old_to_both, "yunyyuu-", "more than one" },
	{ VERIFY_ADDRESSED_TO, FORGE_OLD, "an older one for a passphrase",
	    old_for_passphrase, "yunyyuu-", "another recipient" },
	{ VERIFY_COMPLETE, FORGE_OLD, "the older items.csv, signed", old_csv,
	    "yuynyuu-", "" },
	{ VERIFY_COMPLETE, FORGE_OLD, "the older number of items, signed",
	    old_items, "yuynyuu-", "" },
	{ VERIFY_COMPLETE, FORGE_OLD, "a file that is not there, signed",
	    old_attachments, "yuynyuu-", "" },
	{ VERIFY_DISCLOSED, FORGE_OLD, "the older checkpoint",
	    old_checkpoint, "yuyynuu-", "another log, size or root" },
	{ VERIFY_DISCLOSED, FORGE_OLD, "the older proof of an item",
	    old_proof, "yuyynuu-", "000001" },
	{ VERIFY_DISCLOSED, FORGE_OLD, "an older text, signed", old_text,
	    "yuyynuu-", "000001" },
	{ VERIFY_DISCLOSED, FORGE_OLD, "the older root, signed", old_root,
	    "yuyynuu-", "" },
	{ VERIFY_SAME_HISTORY, FORGE_OLD, "another log of the same size",
	    two_histories, "yyyyynu-", "TWO HISTORIES" },
	{ VERIFY_SAME_HISTORY, FORGE_OLD, "another log, extended",
	    other_extended, "yyyyynu-", "TWO HISTORIES" },
	{ VERIFY_SAME_HISTORY, FORGE_OLD, "said to extend what was seen",
	    said_extended, "yyyyynu-", "does not prove" },
	{ VERIFY_SAME_HISTORY, FORGE_OLD, "said so, and the proof left out",
	    left_unproved, "yyyyynu-", "missing" }
};

static void
test_forge_vault(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		forge_one(&all[i], NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forge_vault)
	};

	return cmocka_run_group_tests(tests, ck_setup, ck_teardown);
}
