#include <stdio.h>
#include <string.h>

#include "crypto/digest.h"
#include "crypto/sshsig.h"
#include "vault/bundle/recall.h"
#include "vault/bundle/seal.h"
#include "vault/bundle/verify_int.h"
#include "vault/fsio.h"

/*
 * A recall notice, as it comes: a folder with three files.  The claims that a
 * bundle makes of its items are not asked.
 */

/* Read one file of the folder. */
static enum sq_err
read_file(int fd, const char *name, struct bytes_buf *out)
{
	struct fsio_in *in = NULL;
	uint8_t buf[4096];
	size_t n;
	enum sq_err e;

	if ((e = fsio_at_in(fd, name, &in, NULL)) != SQ_OK)
		return e;
	while ((e = fsio_in_read(in, buf, sizeof(buf), &n)) == SQ_OK &&
	    n > 0 && (e = out->len + n > RECALL_MAX ? SQ_ELIMIT : SQ_OK) ==
	    SQ_OK)
		bytes_put(out, buf, n);
	fsio_in_close(in);
	return e == SQ_OK ? bytes_done(out) : e;
}

/* see verify_int.h */
enum sq_err
verify_recall_is(const char *path, bool *ret, struct why *why)
{
	struct fsio_in *in = NULL;
	enum sq_err e;
	int fd;

	*ret = false;
	if (strcmp(path, "-") == 0 || !fsio_path_is_dir(path))
		return SQ_OK;
	if ((e = fsio_path_open_dir(path, &fd, why)) != SQ_OK)
		return e;
	e = fsio_at_in(fd, RECALL_TEXT, &in, why);
	*ret = e == SQ_OK;
	fsio_in_close(in);
	fsio_close(fd);
	/* what stands there and is no file is left to what reads bundles */
	return e == SQ_ENOENT || e == SQ_EREFUSED ? SQ_OK : e;
}

/* Do both signatures hold, with the keys that the notice names? */
static const char *
signatures_bad(const struct recall *r, const struct bytes_buf *text,
    const struct bytes_buf *mini, const struct bytes_buf *ssh,
    struct card *c)
{
	const struct digest_part part = { text->p, text->len };
	struct card_names again;
	char said[MINISIG_COMMENT_MAX + 1], want[MINISIG_COMMENT_MAX + 1];
	uint8_t hash[64];

	memset(c, 0, sizeof(*c));
	memcpy(c->log, r->log, sizeof(c->log));
	digest_blake2b(hash, sizeof(hash), NULL, &part, 1);
	if (note_vkey_parse(r->key.note, &c->note) != SQ_OK ||
	    strncmp(c->note.name, "sandyq/", 7) != 0 ||
	    strcmp(c->note.name + 7, r->log) != 0)
		return "its key-note is not a key of its log";
	if (minisig_pub_parse(r->key.minisign, strlen(r->key.minisign),
	    &c->minisign) != SQ_OK ||
	    verify_int_had(minisig_check((const char *)mini->p, mini->len,
	    &c->minisign, hash, said)) != SQ_OK)
		return "the signature " RECALL_MINISIG " does not hold";
	(void)snprintf(want, sizeof(want), RECALL_COMMENT, r->notice,
	    r->created, r->log);
	if (strcmp(said, want) != 0)
		return "the trusted comment of " RECALL_MINISIG " does not "
		    "say what the notice says";
	if (verify_int_had(sshsig_check((const char *)ssh->p, ssh->len,
	    RECALL_NS, text->p, text->len, c->ssh)) != SQ_OK)
		return "the signature " RECALL_SSHSIG " does not hold";
	if (verify_int_had(card_names(c, &again)) != SQ_OK ||
	    strcmp(again.ssh, r->key.ssh) != 0)
		return RECALL_SSHSIG " is of another key than the notice "
		    "names";
	return NULL;
}

/* Is it for one of these identities? */
static enum sq_err
judge_address(struct verify *v, const struct recall *r, struct why *why)
{
	struct age_keys keys = { NULL, 0, NULL, 0 };
	char mine[AGE_RECIPIENT_MAX];
	bool is = false;
	enum sq_err e;

	if (v->o->identity == NULL) {
		verify_int_set(v, VERIFY_ADDRESSED_TO, VERIFY_NOT_CHECKED,
		    "a notice is not sealed; give your identity (-i) to see "
		    "whether it is for you");
		return SQ_OK;
	}
	e = seal_identities(v->o->identity, &keys.identity, &keys.n_identity,
	    why);
	for (size_t i = 0; i < keys.n_identity && e == SQ_OK; i++)
		if ((e = age_public(keys.identity[i], mine)) == SQ_OK)
			is |= strcmp(mine, r->recipient) == 0;
	seal_identities_free(keys.identity, keys.n_identity);
	if (e != SQ_OK)
		return e == SQ_EFORMAT ? SQ_EUSAGE : e;
	if (is)
		verify_int_set(v, VERIFY_ADDRESSED_TO, VERIFY_YES, "you (%s)",
		    r->recipient);
	else
		verify_int_no(v, VERIFY_ADDRESSED_TO, "the notice is for "
		    "somebody else");
	return SQ_OK;
}

/* What the three files say. */
static enum sq_err
judge(struct verify *v, const struct recall *r, const struct bytes_buf *text,
    const struct bytes_buf *mini, const struct bytes_buf *ssh,
    struct verify_known *k, struct why *why)
{
	struct card c;
	const char *bad = signatures_bad(r, text, mini, ssh, &c);
	enum sq_err e;

	v->note = c.note;
	v->minisign = c.minisign;
	memcpy(v->ssh, c.ssh, SIGN_PK);
	if (bad == NULL)
		bad = verify_proof_keys_bad(v);
	if (bad != NULL) {
		verify_int_no(v, VERIFY_SIGNED_BY, "%s", bad);
		return SQ_OK;
	}
	verify_int_set(v, VERIFY_INTACT, VERIFY_YES, "a recall notice of %s, "
	    "on %s: %zu records, %zu bundles, first %.8s", r->created,
	    r->scope, r->n_record, r->n_bundle, r->bundle[0].bundle);
	if ((e = judge_address(v, r, why)) != SQ_OK)
		return e;
	v->signatures = true;
	memcpy(v->st.log, r->log, sizeof(v->st.log));
	memcpy(v->st.key_ssh, r->key.ssh, sizeof(v->st.key_ssh));
	verify_trust_signer(v, k);
	return SQ_OK;
}

/* The claims that are about the items of a bundle. */
static void
say_rest(struct verify *v)
{
	for (int c = VERIFY_COMPLETE; c < VERIFY_CONTENT_TRUE; c++)
		(void)snprintf(v->r->claim[c].detail,
		    sizeof(v->r->claim[c].detail),
		    "a recall notice, not a bundle");
}

/* Is it what was sent that is at fault, and not this machine? */
static bool
theirs(enum sq_err e)
{
	return e == SQ_ENOENT || e == SQ_EREFUSED || e == SQ_EFORMAT ||
	    e == SQ_ELIMIT;
}

/* see verify_int.h */
enum sq_err
verify_recall(struct verify *v, struct verify_known *k, struct why *why)
{
	struct bytes_buf text = { 0 }, mini = { 0 }, ssh = { 0 };
	struct recall r;
	struct why own = { "" };
	int fd = -1;
	enum sq_err e;

	memset(&r, 0, sizeof(r));
	if ((e = fsio_path_open_dir(v->o->path, &fd, why)) != SQ_OK)
		return e;
	say_rest(v);
	if ((e = read_file(fd, RECALL_TEXT, &text)) != SQ_OK ||
	    (e = recall_parse((const char *)text.p, text.len, &r, &own)) !=
	    SQ_OK) {
		if (theirs(e))
			verify_int_no(v, VERIFY_INTACT, "%s",
			    own.text[0] != '\0' ? own.text : err_str(e));
	} else if ((e = read_file(fd, RECALL_MINISIG, &mini)) != SQ_OK ||
	    (e = read_file(fd, RECALL_SSHSIG, &ssh)) != SQ_OK) {
		if (theirs(e))
			verify_int_no(v, VERIFY_SIGNED_BY, "a signature is "
			    "missing: " RECALL_MINISIG " or " RECALL_SSHSIG);
	} else {
		e = judge(v, &r, &text, &mini, &ssh, k, why);
		goto out;
	}
	e = theirs(e) ? SQ_OK : e;
out:
	fsio_close(fd);
	recall_free(&r);
	bytes_free(&text);
	bytes_free(&mini);
	bytes_free(&ssh);
	return e;
}
