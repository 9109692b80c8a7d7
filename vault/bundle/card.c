#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/sshsig.h"
#include "crypto/words.h"
#include "vault/bundle/card.h"
#include "vault/bundle/statement.h"

#define CARD_WORDS 8
#define RECOVERY "recovery: "

static const char intro[] =
    "SANDYQ KEY CARD\n"
    "\n"
    "With these three public keys you can tell whether a bundle comes from\n"
    "this vault.  Take the card from the hand of a person you know, or read\n"
    "the words to each other over a telephone.  A card that came in the same\n"
    "message as the bundle proves nothing.\n"
    "\n";
static const char use[] =
    "How to use it:\n"
    "  sandyq-verify FILE.age -i MY-KEY --trust THIS-CARD\n"
    "With stock tools, keep your own copies of two files:\n"
    "  allowed_signers:  vault namespaces=\"" STATEMENT_NS "\" and then the\n"
    "                    two words behind \"ssh:\" above, in one line\n"
    "  sandyq.pub:       an untrusted comment line, then the word behind\n"
    "                    \"minisign:\" above\n";

/* Word i of a key's fingerprint. */
static const char *
word(const uint8_t h[DIGEST_LEN], size_t i)
{
	uint32_t v = (uint32_t)h[4 * i] << 24 | (uint32_t)h[4 * i + 1] << 16 |
	    (uint32_t)h[4 * i + 2] << 8 | h[4 * i + 3];

	return words_get(v % WORDS_COUNT);
}

/* see card.h */
void
card_words(const uint8_t pk[SIGN_PK], struct bytes_buf *out)
{
	uint8_t h[DIGEST_LEN];

	digest_sha256(h, pk, SIGN_PK);
	for (size_t i = 0; i < CARD_WORDS; i++) {
		bytes_puts(out, i == 0 ? "" : " ");
		bytes_puts(out, word(h, i));
	}
}

/* Append the words of a key's fingerprint, four in a line. */
static void
put_words(struct bytes_buf *out, const uint8_t pk[SIGN_PK])
{
	uint8_t h[DIGEST_LEN];

	digest_sha256(h, pk, SIGN_PK);
	for (size_t i = 0; i < CARD_WORDS; i++) {
		bytes_puts(out, i % 4 == 0 ? "    " : " ");
		bytes_puts(out, word(h, i));
		if (i % 4 == 3)
			bytes_puts(out, "\n");
	}
	bytes_puts(out, "\n");
}

/* Append the ssh public key without a comment or LF. */
static enum sq_err
put_ssh(struct bytes_buf *out, const uint8_t pk[SIGN_PK])
{
	struct bytes_buf b = { 0 };
	enum sq_err e;

	if ((e = sshsig_pub(pk, "", &b)) == SQ_OK) {
		while (b.len > 0 && (b.p[b.len - 1] == '\n' ||
		    b.p[b.len - 1] == ' '))
			b.len--;
		bytes_put(out, b.p, b.len);
		e = bytes_done(out);
	}
	bytes_free(&b);
	return e;
}

/* Append the base64 line of a minisign key, without LF. */
static enum sq_err
put_minisign(struct bytes_buf *out, const struct minisig_key *key)
{
	struct bytes_buf b = { 0 };
	const uint8_t *lf;
	enum sq_err e;

	if ((e = minisig_pub_emit(key, &b)) == SQ_OK) {
		if ((lf = memchr(b.p, '\n', b.len)) == NULL)
			e = SQ_EINTERNAL;
		else
			bytes_put(out, lf + 1,
			    (size_t)(b.p + b.len - lf) - 2);
	}
	bytes_free(&b);
	return e != SQ_OK ? e : bytes_done(out);
}

/* see card.h */
enum sq_err
card_lines(const struct card *c, struct bytes_buf *out)
{
	enum sq_err e;

	bytes_putf(out, "log: %s\ndate: %s\nvkey: ", c->log, c->date);
	if ((e = note_vkey(&c->note, out)) != SQ_OK)
		return e;
	bytes_puts(out, "\nminisign: ");
	if ((e = put_minisign(out, &c->minisign)) != SQ_OK)
		return e;
	bytes_puts(out, "\nssh: ");
	if ((e = put_ssh(out, c->ssh)) != SQ_OK)
		return e;
	bytes_puts(out, "\n");
	if (c->has_recovery) {
		bytes_puts(out, RECOVERY);
		bytes_put_hex(out, c->recovery, SIGN_PK);
		bytes_puts(out, "\n");
	}
	return bytes_done(out);
}

/* see card.h */
enum sq_err
card_emit(const struct card *c, struct bytes_buf *out)
{
	enum sq_err e;

	bytes_puts(out, intro);
	bytes_putf(out, "log: %s\ndate: %s\n\n", c->log, c->date);
	bytes_puts(out, "vkey: ");
	if ((e = note_vkey(&c->note, out)) != SQ_OK)
		return e;
	bytes_puts(out, "\n");
	put_words(out, c->note.pk);
	bytes_puts(out, "minisign: ");
	if ((e = put_minisign(out, &c->minisign)) != SQ_OK)
		return e;
	bytes_puts(out, "\n");
	put_words(out, c->minisign.pk);
	bytes_puts(out, "ssh: ");
	if ((e = put_ssh(out, c->ssh)) != SQ_OK)
		return e;
	bytes_puts(out, "\n    ");
	if ((e = sshsig_fingerprint(c->ssh, out)) != SQ_OK)
		return e;
	bytes_puts(out, "\n");
	put_words(out, c->ssh);
	bytes_puts(out, use);
	return bytes_done(out);
}

/* The one line that begins with key; its value goes to out. */
static enum sq_err
value_of(const char *p, size_t n, const char *key, char *out, size_t cap,
    struct why *why)
{
	size_t len = strlen(key), got;
	const char *lf;
	int seen = 0;

	for (; n > 0; n -= got, p += got) {
		lf = memchr(p, '\n', n);
		got = lf == NULL ? n : (size_t)(lf - p) + 1;
		if (got < len || memcmp(p, key, len) != 0)
			continue;
		len = lf == NULL ? got : got - 1;
		while (len > 0 && (p[len - 1] == '\r' || p[len - 1] == ' '))
			len--;
		if (seen++ > 0 || len < strlen(key) ||
		    len - strlen(key) >= cap)
			break;
		len -= strlen(key);
		memcpy(out, p + strlen(key), len);
		out[len] = '\0';
		len = strlen(key);
	}
	if (seen != 1 || n > 0)
		return err_why(why, SQ_EFORMAT, "the key card has no line, or "
		    "more than one, that begins with \"%s\"", key);
	return SQ_OK;
}

/* The recovery key, which a card may have. */
static enum sq_err
read_recovery(const char *p, size_t n, struct card *c, struct why *why)
{
	char hex[2 * SIGN_PK + 1];

	if (memmem(p, n, "\n" RECOVERY, strlen(RECOVERY) + 1) == NULL)
		return SQ_OK;
	if (value_of(p, n, RECOVERY, hex, sizeof(hex), why) != SQ_OK ||
	    bytes_unhex(c->recovery, SIGN_PK, hex) != SQ_OK)
		return err_why(why, SQ_EFORMAT, "the \"recovery:\" of the "
		    "key card is not 64 digits");
	c->has_recovery = true;
	return SQ_OK;
}

/* see card.h */
enum sq_err
card_parse(const char *p, size_t n, struct card *ret, struct why *why)
{
	char note[NOTE_VKEY_MAX + 1], mini[128], ssh[256];
	struct card c;
	enum sq_err e;

	memset(&c, 0, sizeof(c));
	if (n > 0 && memchr(p, '\0', n) != NULL)
		return err_why(why, SQ_EFORMAT, "this is not a key card");
	if ((e = value_of(p, n, "log: ", c.log, sizeof(c.log), why)) !=
	    SQ_OK || (e = value_of(p, n, "date: ", c.date, sizeof(c.date),
	    why)) != SQ_OK || (e = value_of(p, n, "vkey: ", note,
	    sizeof(note), why)) != SQ_OK || (e = value_of(p, n, "minisign: ",
	    mini, sizeof(mini), why)) != SQ_OK || (e = value_of(p, n, "ssh: ",
	    ssh, sizeof(ssh), why)) != SQ_OK)
		return e;
	if (strlen(c.log) != 32 || strspn(c.log, "0123456789abcdef") != 32)
		return err_why(why, SQ_EFORMAT,
		    "the \"log:\" of the key card is not 32 digits");
	if (note_vkey_parse(note, &c.note) != SQ_OK)
		return err_why(why, SQ_EFORMAT,
		    "the \"vkey:\" of the key card is not a key");
	if (minisig_pub_parse(mini, strlen(mini), &c.minisign) != SQ_OK)
		return err_why(why, SQ_EFORMAT,
		    "the \"minisign:\" of the key card is not a key");
	if (sshsig_pub_parse(ssh, strlen(ssh), c.ssh) != SQ_OK)
		return err_why(why, SQ_EFORMAT,
		    "the \"ssh:\" of the key card is not a key");
	if ((e = read_recovery(p, n, &c, why)) != SQ_OK)
		return e;
	*ret = c;
	return SQ_OK;
}

/* see card.h */
enum sq_err
card_allowed_signers(const struct card *c, struct bytes_buf *out)
{
	enum sq_err e;

	bytes_puts(out, "vault namespaces=\"" STATEMENT_NS "\" ");
	if ((e = put_ssh(out, c->ssh)) != SQ_OK)
		return e;
	bytes_puts(out, "\n");
	return bytes_done(out);
}

/* Move a text from a buffer into a field. */
static enum sq_err
keep(struct bytes_buf *b, char *out, size_t cap)
{
	char *s = bytes_str(b);
	int n;

	if (s == NULL)
		return SQ_ENOMEM;
	n = snprintf(out, cap, "%s", s);
	free(s);
	return n < 0 || (size_t)n >= cap ? SQ_EINTERNAL : SQ_OK;
}

/* see card.h */
enum sq_err
card_names(const struct card *c, struct card_names *ret)
{
	struct bytes_buf b = { 0 };
	enum sq_err e;

	if ((e = note_vkey(&c->note, &b)) == SQ_OK)
		e = keep(&b, ret->note, sizeof(ret->note));
	if (e == SQ_OK && (e = minisig_pub_line(&c->minisign, &b)) == SQ_OK)
		e = keep(&b, ret->minisign, sizeof(ret->minisign));
	if (e == SQ_OK && (e = sshsig_fingerprint(c->ssh, &b)) == SQ_OK)
		e = keep(&b, ret->ssh, sizeof(ret->ssh));
	bytes_free(&b);
	return e;
}
