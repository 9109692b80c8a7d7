/*
 * Forgeries, each by its name: who made it, out of what he had, and the one
 * claim that it must fall on, while every other claim stands as it honestly
 * should.  A forger starts from the bundle that the vault made (b) and has one
 * of the same vault for somebody else (co), or one of an older state (old).
 * tests/forgeries.sh counts what these programs say.  Include after cmocka.h.
 */
#ifndef SQ_TESTS_FORGE_H
#define SQ_TESTS_FORGE_H

#include "tests/unit/bundle_check.h"

#define FORGE_MINISIG "bundle/proofs/STATEMENT.txt.minisig"
#define FORGE_SSHSIG "bundle/proofs/STATEMENT.txt.sig"
#define FORGE_CHECKPOINT "bundle/proofs/checkpoint"
#define FORGE_CONSIST "bundle/proofs/consistency.txt"
#define FORGE_CSV "bundle/bag/data/items.csv"

enum forge_who {
	FORGE_AGE,		/* has the age key of the recipient alone */
	FORGE_ONE,		/* the signing key of one format */
	FORGE_CO,		/* a bundle of the same vault, made for him */
	FORGE_OLD		/* the vault itself as it was before */
};

struct forge {
	struct mk *b, *co, *old;
	struct mk *send;	/* what is sent: b, if nobody says else */
	struct mk *to;		/* whose reader gets it */
	bool card;		/* who has the key card of b */
	bool memory;		/* and remembers what forge_saw showed */
	bool pass;		/* sealed to a passphrase */
	bool both;		/* sealed to another reader as well */
	bool roots;		/* existed-before is asked for */
};

struct forgery {
	enum verify_claim claim;
	enum forge_who who;
	const char *name;
	void (*how)(struct forge *);
	const char *want;
	const char *say;	/* in the words about the claim */
};

/* Another bundle of the vault of b: its keys and entries, its own reader. */
MK struct mk *
forge_kin(const struct mk *b)
{
	struct mk *k = mk_new();
	const struct secret *from[] = { b->note, b->minisign, b->ssh };
	struct secret **to[] = { &k->note, &k->minisign, &k->ssh };

	for (size_t i = 0; i < 3; i++) {
		secret_free(*to[i]);
		OK(secret_copy(secret_cbytes(from[i]), SIGN_SEED, to[i]));
	}
	k->card = b->card;
	memcpy(k->st.key_note, b->st.key_note, sizeof(k->st.key_note));
	memcpy(k->st.key_minisign, b->st.key_minisign,
	    sizeof(k->st.key_minisign));
	memcpy(k->st.key_ssh, b->st.key_ssh, sizeof(k->st.key_ssh));
	memcpy(k->root, b->root, sizeof(k->root));
	for (unsigned i = 0; i < 2; i++) {
		entry_free(&k->item[i]);
		OK(entry_copy(&b->item[i], &k->item[i]));
	}
	return k;
}

/* Its first item alone, in a log of that size. */
MK void
forge_small(struct mk *k, const char *id, uint64_t size, uint64_t previous)
{
	mk_del(k, mk_item(2, "record.json"));
	mk_del(k, mk_proof(2));
	k->items = 1;
	k->size = size;
	k->previous = previous;
	strcpy(k->st.bundle, id);
	mk_all(k);
	mk_puts(k, "bundle/bag/data/report.html", "<!DOCTYPE html>\n\n");
	mk_resign(k);
}

/* --- what a forger does ------------------------------------------------- */

/* A file of another bundle in the place of this one's. */
MK void
forge_take(struct mk *to, struct mk *from, const char *path)
{
	const struct bytes_buf *x = mk_find(from, path);

	assert_non_null(x);
	mk_put(to, path, x->p, x->len);
}

/* Other words of the same length in one file. */
MK void
forge_words(struct mk *b, const char *path, const char *is, const char *will)
{
	struct bytes_buf *x = mk_find(b, path);
	uint8_t *p = memmem(x->p, x->len, is, strlen(is));

	assert_non_null(p);
	assert_int_equal(strlen(is), strlen(will));
	memcpy(p, will, strlen(will));
}

/* Sign the statement as it is now, with one of the two keys. */
MK void
forge_sign(struct mk *b, bool ssh)
{
	const char *path = ssh ? FORGE_MINISIG : FORGE_SSHSIG;
	struct bytes_buf *x = mk_find(b, path), keep = { 0 };

	bytes_put(&keep, x->p, x->len);
	mk_sign(b);
	mk_move(b, path, &keep);
}

/* A bundle that has one before it. */
MK void
forge_previous(struct mk *b)
{
	b->previous = 3;
	mk_all(b);
}

/* --- what the victim does ----------------------------------------------- */

MK void
forge_write(const struct forge *f, struct mk *send)
{
	struct bytes_buf tar = { 0 }, age = { 0 };
	struct secret *pass = NULL;
	struct age_writer *w = NULL;
	char cmd[512];

	mk_tar(send, &tar);
	if (f->both) {
		peer_write(ck_dir, "b.tar", tar.p, tar.len);
		(void)snprintf(cmd, sizeof(cmd), "age -r %s -r %s -o b.age "
		    "b.tar", f->to->recipient, f->to == f->b ?
		    f->co->recipient : f->b->recipient);
		assert_int_equal(peer_run(ck_dir, cmd), 0);
	} else if (f->pass) {
		OK(secret_copy((const uint8_t *)"open", 4, &pass));
		OK(age_seal_new(NULL, pass, 2, mk_buf_write, &age, &w));
		OK(age_seal_add(w, tar.p, tar.len));
		OK(age_seal_end(w));
		age_seal_free(w);
		secret_free(pass);
		peer_write(ck_dir, "b.age", age.p, age.len);
	} else {
		mk_seal(f->to->recipient, tar.p, tar.len, &age);
		peer_write(ck_dir, "b.age", age.p, age.len);
	}
	bytes_free(&tar);
	bytes_free(&age);
}

MK enum sq_err
forge_verify(const struct forge *f, struct mk *send, struct verify_report *r,
    struct why *why)
{
	struct verify_opts o = { .path = ck_path("b.age"),
	    .now = "2026-04-01T08:00:00Z" };
	struct bytes_buf card = { 0 };
	struct secret *pass = NULL;
	enum sq_err e;

	forge_write(f, send);
	ck_identity(f->to->reader, "id");
	if (f->pass) {
		OK(secret_copy((const uint8_t *)"open", 4, &pass));
		o.passphrase = pass;
	} else
		o.identity = ck_path("id");
	if (f->card) {
		OK(card_emit(&f->b->card, &card));
		peer_write(ck_dir, "card", card.p, card.len);
		bytes_free(&card);
		o.trust = ck_path("card");
	}
	if (f->memory)
		o.remember = ck_path("memory");
	if (f->roots)
		o.roots = ck_path("tsa/root.pem");
	e = verify_bundle(&o, r, why);
	secret_free(pass);
	return e;
}

/* The victim saw this one before, and remembers it. */
MK void
forge_saw(struct forge *f, struct mk *seen)
{
	struct verify_report r;
	struct why why = { "" };

	(void)unlink(ck_path("memory"));
	f->memory = true;
	if (forge_verify(f, seen, &r, &why) != SQ_OK)
		fail_msg("the honest bundle fails: %s", why.text);
}

/* Say what was shown, for tests/forgeries.sh. */
MK void
forge_tell(const struct forgery *y)
{
	static const char *const who[] = { "age key", "one format",
	    "co-recipient", "older vault" };
	const char *first = strchr(y->want, 'n');
	bool exact = first == y->want + y->claim && first[1] != '\0' &&
	    strchr(first + 1, 'n') == NULL;

	if (getenv("FORGERIES") != NULL)
		printf("forgery\t%s\t%s\t%s\t%s\n", verify_claim_name(y->claim),
		    who[y->who], exact ? "exact" : "nearest", y->name);
}

/* One forgery, in bundles of its own, made ready by begin (or NULL). */
MK void
forge_one(const struct forgery *y, void (*begin)(struct forge *))
{
	struct forge f = { .b = mk_new() };
	struct verify_report r;
	struct why why = { "" };
	char got[VERIFY_CLAIMS + 1];
	enum sq_err e;

	f.co = forge_kin(f.b);
	f.old = forge_kin(f.b);
	forge_small(f.co, "0123456789abcdef0000000000000000", 6, 2);
	forge_small(f.old, "fedcba98765432100000000000000000", 4, 0);
	f.send = f.to = f.b;
	if (begin != NULL)
		begin(&f);
	y->how(&f);
	e = forge_verify(&f, f.send, &r, &why);
	ck_letters(&r, got);
	if (strcmp(got, y->want) != 0)
		fail_msg("%s: %s, not %s (%s)", y->name, got, y->want,
		    why.text);
	if (err_exit(e) != 1)
		fail_msg("%s: exit %d", y->name, err_exit(e));
	if (strstr(r.claim[y->claim].detail, y->say) == NULL)
		fail_msg("%s: says: %s", y->name, r.claim[y->claim].detail);
	forge_tell(y);
	mk_free(f.b);
	mk_free(f.co);
	mk_free(f.old);
}

#endif
