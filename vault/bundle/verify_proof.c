#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "crypto/sshsig.h"
#include "vault/bundle/consist.h"
#include "vault/bundle/verify_int.h"

/* The comment is not signed: only the one our writer writes is accepted. */
static const char untrusted[] = "untrusted comment: signature from sandyq\n";

/* see verify_int.h */
enum sq_err
verify_proof_statement(struct verify *v)
{
	const struct bytes_buf *b = &v->kept[VERIFY_STATEMENT];
	struct why why = { "" };
	enum sq_err e;

	e = statement_parse((const char *)b->p, b->len, &v->st, &why);
	if (e != SQ_OK) {
		if (e != SQ_ENOMEM)
			verify_int_no(v, VERIFY_INTACT, "%s", why.text);
		return e;
	}
	v->has_st = true;
	if (note_vkey_parse(v->st.key_note, &v->note) != SQ_OK)
		memset(&v->note, 0, sizeof(v->note));
	if (v->st.items > VERIFY_ITEMS_MAX)
		verify_int_no(v, VERIFY_INTACT, "too many items");
	return SQ_OK;
}

/* The checkpoint as the statement's key signed it, or why not. */
static const char *
checkpoint_bad(struct verify *v)
{
	const struct bytes_buf *b = &v->kept[VERIFY_CHECKPOINT];
	struct note_checkpoint cp;
	const char *text = (const char *)b->p;
	size_t n;

	if (strcmp(v->note.name, v->st.log_origin) != 0)
		return "the statement's key-note is not a key of its log";
	switch (verify_int_had(note_check(text, b->len, &v->note, &n))) {
	case SQ_OK:
		break;
	case SQ_ENOENT:
		return "proofs/checkpoint is not signed by the log's key";
	case SQ_EAUTH:
		return "the signature of proofs/checkpoint does not hold";
	default:
		return "proofs/checkpoint is not a signed note";
	}
	if (note_checkpoint_parse(text, n, &cp) != SQ_OK)
		return "proofs/checkpoint is not a checkpoint";
	if (strcmp(cp.origin, v->st.log_origin) != 0 ||
	    cp.size != v->st.log_size ||
	    memcmp(cp.root, v->st.log_root, MERKLE_LEN) != 0)
		return "proofs/checkpoint is not the statement's: another "
		    "log, size or root";
	return NULL;
}

/* see verify_int.h */
enum sq_err
verify_proof_checkpoint(struct verify *v)
{
	const char *bad = checkpoint_bad(v);

	v->checkpoint = true;
	if (bad != NULL)
		verify_int_no(v, VERIFY_DISCLOSED, "%s", bad);
	return SQ_OK;
}

/* The minisign signature, or why it does not hold. */
static const char *
minisig_bad(struct verify *v)
{
	const struct bytes_buf *sig = &v->kept[VERIFY_MINISIG];
	const struct bytes_buf *text = &v->kept[VERIFY_STATEMENT];
	char said[MINISIG_COMMENT_MAX + 1], want[MINISIG_COMMENT_MAX + 1];
	uint8_t hash[64];

	if (!v->seen[VERIFY_MINISIG])
		return "proofs/STATEMENT.txt.minisig is missing";
	if (minisig_pub_parse(v->st.key_minisign, strlen(v->st.key_minisign),
	    &v->minisign) != SQ_OK)
		return "the statement's key-minisign is not a key";
	digest_blake2b(hash, sizeof(hash), NULL,
	    (struct digest_part[]){ { text->p, text->len } }, 1);
	switch (verify_int_had(minisig_check((const char *)sig->p, sig->len,
	    &v->minisign, hash, said))) {
	case SQ_OK:
		break;
	case SQ_ENOENT:
		return "proofs/STATEMENT.txt.minisig is of another key than "
		    "the statement names";
	case SQ_EAUTH:
		return "the signature proofs/STATEMENT.txt.minisig does not "
		    "hold";
	default:
		return "proofs/STATEMENT.txt.minisig is not a prehashed "
		    "minisign signature";
	}
	/* minisign prints it as trusted; one key alone could say anything */
	(void)snprintf(want, sizeof(want), STATEMENT_COMMENT, v->st.bundle,
	    v->st.created, v->st.log, v->st.log_size);
	if (strcmp(said, want) != 0)
		return "the trusted comment of proofs/STATEMENT.txt.minisig "
		    "does not say what the statement says";
	return sig->len < sizeof(untrusted) - 1 || memcmp(sig->p, untrusted,
	    sizeof(untrusted) - 1) != 0 ? "proofs/STATEMENT.txt.minisig "
	    "carries a comment that nobody signed" : NULL;
}

/* The SSH signature, or why it does not hold. */
static const char *
sshsig_bad(struct verify *v)
{
	const struct bytes_buf *sig = &v->kept[VERIFY_SSHSIG];
	const struct bytes_buf *text = &v->kept[VERIFY_STATEMENT];
	struct bytes_buf print = { 0 };
	const char *bad = NULL;

	if (!v->seen[VERIFY_SSHSIG])
		return "proofs/STATEMENT.txt.sig is missing";
	switch (verify_int_had(sshsig_check((const char *)sig->p, sig->len,
	    STATEMENT_NS, text->p, text->len, v->ssh))) {
	case SQ_OK:
		break;
	case SQ_EAUTH:
		return "the signature proofs/STATEMENT.txt.sig does not hold";
	default:
		return "proofs/STATEMENT.txt.sig is not an Ed25519 SSH "
		    "signature";
	}
	if (verify_int_had(sshsig_fingerprint(v->ssh, &print)) != SQ_OK ||
	    print.len != strlen(v->st.key_ssh) ||
	    memcmp(print.p, v->st.key_ssh, print.len) != 0)
		bad = "proofs/STATEMENT.txt.sig is of another key than the "
		    "statement names";
	bytes_free(&print);
	return bad;
}

/* see verify_int.h: a note verifies as a legacy minisign file */
const char *
verify_proof_keys_bad(const struct verify *v)
{
	return memcmp(v->note.pk, v->minisign.pk, SIGN_PK) == 0 ||
	    memcmp(v->note.pk, v->ssh, SIGN_PK) == 0 ||
	    memcmp(v->minisign.pk, v->ssh, SIGN_PK) == 0 ?
	    "one key signs in two formats" : NULL;
}

/*
 * What is under trust/ is not signed and not believed; so that it is no place
 * to put anything either, it must be exactly what the keys above give.
 */
static enum sq_err
check_trust_files(struct verify *v)
{
	struct {
		enum verify_kind kind;
		const char *name;
		struct bytes_buf want;
	} f[] = { { VERIFY_CARD, "key-card.txt", { 0 } },
	    { VERIFY_SIGNERS, "allowed_signers", { 0 } },
	    { VERIFY_PUB, "sandyq.pub", { 0 } } };
	const struct bytes_buf *got;
	struct card c;
	enum sq_err e;

	memset(&c, 0, sizeof(c));
	memcpy(c.log, v->st.log, sizeof(c.log));
	memcpy(c.date, v->st.created, sizeof(v->st.created));
	c.note = v->note;
	c.minisign = v->minisign;
	memcpy(c.ssh, v->ssh, SIGN_PK);
	if ((e = card_emit(&c, &f[0].want)) != SQ_OK ||
	    (e = card_allowed_signers(&c, &f[1].want)) != SQ_OK ||
	    (e = minisig_pub_emit(&c.minisign, &f[2].want)) != SQ_OK)
		goto out;
	for (size_t i = 0; i < 3; i++) {
		got = &v->kept[f[i].kind];
		if (v->seen[f[i].kind] && (got->len != f[i].want.len ||
		    memcmp(got->p, f[i].want.p, got->len) != 0))
			verify_int_no(v, VERIFY_INTACT, "trust/%s is not what "
			    "the keys that signed give", f[i].name);
	}
out:
	for (size_t i = 0; i < 3; i++)
		bytes_free(&f[i].want);
	return e;
}

/* see verify_int.h */
enum sq_err
verify_proof_signatures(struct verify *v)
{
	const char *bad;

	if ((bad = minisig_bad(v)) == NULL &&
	    (bad = sshsig_bad(v)) == NULL)
		bad = verify_proof_keys_bad(v);
	if (bad != NULL) {
		verify_int_no(v, VERIFY_SIGNED_BY, "%s", bad);
		return SQ_OK;
	}
	v->signatures = true;
	if (v->note.name[0] == '\0') {
		verify_int_no(v, VERIFY_SIGNED_BY,
		    "the statement's key-note is not a key");
		return SQ_OK;
	}
	return check_trust_files(v);
}

/* see verify_int.h */
enum sq_err
verify_proof_history(struct verify *v, bool *ret_held)
{
	const struct bytes_buf *b = &v->kept[VERIFY_CONSISTENCY];
	struct consist c;

	*ret_held = false;
	if (!v->st.has_previous) {
		if (v->seen[VERIFY_CONSISTENCY])
			verify_int_no(v, VERIFY_SAME_HISTORY,
			    "proofs/consistency.txt is there, but the "
			    "statement names no bundle before");
		return SQ_OK;
	}
	if (!v->seen[VERIFY_CONSISTENCY])
		verify_int_no(v, VERIFY_SAME_HISTORY,
		    "proofs/consistency.txt is missing");
	else if (verify_int_had(consist_parse((const char *)b->p, b->len,
	    &c)) != SQ_OK)
		verify_int_no(v, VERIFY_SAME_HISTORY, "proofs/consistency.txt"
		    " is not of the form it must have");
	else if (c.old_size != v->st.previous_size ||
	    c.new_size != v->st.log_size || memcmp(c.old_root,
	    v->st.previous_root, MERKLE_LEN) != 0 ||
	    merkle_consist_check(c.old_size, c.old_root, c.new_size,
	    v->st.log_root, &c.proof) != SQ_OK)
		verify_int_no(v, VERIFY_SAME_HISTORY, "proofs/consistency.txt"
		    " does not prove that the log extends the one of %" PRIu64
		    " entries", v->st.previous_size);
	else
		*ret_held = true;
	return SQ_OK;
}
