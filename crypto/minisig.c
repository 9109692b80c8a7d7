#include <string.h>

#include "crypto/minisig.h"

/*
 * A signature file:
 *   untrusted comment: ...
 *   base64("ED" | key id 8 | signature of the BLAKE2b-512 of the file 64)
 *   trusted comment: ...
 *   base64(signature of (signature above | trusted comment) 64)
 */

#define ID_LEN 8
#define SIG_LEN (2 + ID_LEN + SIGN_SIG)
#define PUB_LEN (2 + ID_LEN + SIGN_PK)

static const char untrusted_word[] = "untrusted comment: ";
static const char trusted_word[] = "trusted comment: ";

/* As line, of a line that begins with word, which is cut off. */
static bool
comment(const char **p, size_t *left, const char *word, const char **ret,
    size_t *ret_n)
{
	size_t len = strlen(word);

	if (!bytes_line(p, left, ret, ret_n) || *ret_n < len ||
	    memcmp(*ret, word, len) != 0)
		return false;
	*ret += len;
	*ret_n -= len;
	return *ret_n <= MINISIG_COMMENT_MAX;
}

/* Decode a line to exactly n bytes. */
static bool
decode(uint8_t *out, size_t n, const char *s, size_t len)
{
	size_t got;

	return bytes_unb64(out, n, s, len, true, &got) == SQ_OK && got == n;
}

/* True if a trusted comment is UTF-8 without control characters save TAB. */
static bool
trusted_ok(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (((unsigned char)s[i] < 0x20 && s[i] != '\t') ||
		    s[i] == 0x7F)
			return false;
	return bytes_utf8(s, n);
}

/* see minisig.h */
void
minisig_key(const uint8_t pk[SIGN_PK], struct minisig_key *ret)
{
	uint8_t h[DIGEST_LEN];

	digest_blake2b(h, sizeof(h), NULL,
	    (struct digest_part[]){ { pk, SIGN_PK } }, 1);
	memcpy(ret->id, h, ID_LEN);
	memcpy(ret->pk, pk, SIGN_PK);
}

/* see minisig.h */
enum sq_err
minisig_pub_line(const struct minisig_key *key, struct bytes_buf *out)
{
	uint8_t b[PUB_LEN] = { 'E', 'd' };

	memcpy(b + 2, key->id, ID_LEN);
	memcpy(b + 2 + ID_LEN, key->pk, SIGN_PK);
	bytes_put_b64(out, b, sizeof(b), true);
	return bytes_done(out);
}

/* see minisig.h */
enum sq_err
minisig_pub_emit(const struct minisig_key *key, struct bytes_buf *out)
{
	enum sq_err e;

	bytes_puts(out, untrusted_word);
	bytes_puts(out, "minisign public key ");
	/* minisign shows the id as a little-endian number */
	for (size_t i = ID_LEN; i-- > 0;)
		bytes_putf(out, "%02X", key->id[i]);
	bytes_puts(out, "\n");
	if ((e = minisig_pub_line(key, out)) != SQ_OK)
		return e;
	bytes_puts(out, "\n");
	return bytes_done(out);
}

/* see minisig.h */
enum sq_err
minisig_pub_parse(const char *p, size_t n, struct minisig_key *ret)
{
	uint8_t b[PUB_LEN];
	const char *s;
	size_t len;

	if (n >= sizeof(untrusted_word) - 1 && memcmp(p, untrusted_word,
	    sizeof(untrusted_word) - 1) == 0 &&
	    !comment(&p, &n, untrusted_word, &s, &len))
		return SQ_EFORMAT;
	if (n > 0 && p[n - 1] == '\n')
		n--;
	if (!decode(b, sizeof(b), p, n) || memcmp(b, "Ed", 2) != 0)
		return SQ_EFORMAT;
	memcpy(ret->id, b + 2, ID_LEN);
	memcpy(ret->pk, b + 2 + ID_LEN, SIGN_PK);
	return SQ_OK;
}

/* What the second signature covers. */
static enum sq_err
global_text(const uint8_t sig[SIGN_SIG], const char *trusted, size_t n,
    struct bytes_buf *out)
{
	bytes_put(out, sig, SIGN_SIG);
	bytes_put(out, trusted, n);
	return bytes_done(out);
}

/* see minisig.h */
enum sq_err
minisig_make(const struct minisig_key *key, const struct secret *seed,
    const uint8_t hash[64], const char *trusted, struct bytes_buf *out)
{
	uint8_t b[SIG_LEN] = { 'E', 'D' }, global[SIGN_SIG];
	struct bytes_buf text = { 0 };
	size_t n = strlen(trusted);
	enum sq_err e;

	if (n > MINISIG_COMMENT_MAX)
		return SQ_ELIMIT;
	if (!trusted_ok(trusted, n))
		return SQ_EFORMAT;
	memcpy(b + 2, key->id, ID_LEN);
	if ((e = sign_make(seed, hash, 64, b + 2 + ID_LEN)) != SQ_OK ||
	    (e = global_text(b + 2 + ID_LEN, trusted, n, &text)) != SQ_OK ||
	    (e = sign_make(seed, text.p, text.len, global)) != SQ_OK)
		goto out;
	bytes_puts(out, untrusted_word);
	bytes_puts(out, "signature from sandyq\n");
	bytes_put_b64(out, b, sizeof(b), true);
	bytes_puts(out, "\n");
	bytes_puts(out, trusted_word);
	bytes_puts(out, trusted);
	bytes_puts(out, "\n");
	bytes_put_b64(out, global, sizeof(global), true);
	bytes_puts(out, "\n");
	e = bytes_done(out);
out:
	bytes_free(&text);
	return e;
}

/* see minisig.h */
enum sq_err
minisig_check(const char *sig, size_t n, const struct minisig_key *key,
    const uint8_t hash[64], char trusted[MINISIG_COMMENT_MAX + 1])
{
	uint8_t b[SIG_LEN], global[SIGN_SIG];
	struct bytes_buf text = { 0 };
	const char *s, *t;
	size_t len, nt;
	enum sq_err e;

	if (!comment(&sig, &n, untrusted_word, &s, &len) ||
	    !bytes_line(&sig, &n, &s, &len) || !decode(b, sizeof(b), s, len) ||
	    memcmp(b, "ED", 2) != 0 ||
	    !comment(&sig, &n, trusted_word, &t, &nt) || !trusted_ok(t, nt) ||
	    !bytes_line(&sig, &n, &s, &len) ||
	    !decode(global, sizeof(global), s, len) || n != 0)
		return SQ_EFORMAT;
	if (memcmp(b + 2, key->id, ID_LEN) != 0)
		return SQ_ENOENT;
	if ((e = sign_check(key->pk, hash, 64, b + 2 + ID_LEN)) != SQ_OK ||
	    (e = global_text(b + 2 + ID_LEN, t, nt, &text)) != SQ_OK ||
	    (e = sign_check(key->pk, text.p, text.len, global)) != SQ_OK)
		goto out;
	if (trusted != NULL) {
		memcpy(trusted, t, nt);
		trusted[nt] = '\0';
	}
out:
	bytes_free(&text);
	return e;
}
