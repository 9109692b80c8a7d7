#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/digest.h"
#include "crypto/note.h"

/*
 * The text of a note and its signatures are parted by the last empty line.
 * A signature line is EM DASH, space, key name, space, base64 of four bytes of
 * key hash and the signature.
 */

#define ALG_ED25519 0x01
#define ALG_COSIGN 0x04		/* C2SP tlog-cosignature */
#define TIME_LEN 8		/* of a cosignature, before it */

static const char dash[] = "\xE2\x80\x94 ";

/* True if the n bytes may be a key name: no space, no plus, no control. */
static bool
name_ok(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)p[i] <= 0x20 || p[i] == '+' ||
		    p[i] == 0x7F)
			return false;
	return n > 0 && n <= NOTE_NAME_MAX;
}

/* True if the bytes are UTF-8 without control characters other than LF. */
static bool
text_ok(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)p[i] < 0x20 && p[i] != '\n')
			return false;
	return bytes_utf8(p, n);
}

/* A key of either kind. */
static enum sq_err
make_key(const char *name, uint8_t alg, const uint8_t pk[SIGN_PK],
    struct note_key *ret)
{
	const uint8_t sep[2] = { '\n', alg };
	uint8_t h[DIGEST_LEN];
	size_t n = strlen(name);

	if (!name_ok(name, n) || !bytes_utf8(name, n))
		return SQ_EFORMAT;
	memset(ret, 0, sizeof(*ret));
	memcpy(ret->name, name, n);
	ret->alg = alg;
	memcpy(ret->pk, pk, SIGN_PK);
	digest_sha256v(h, (struct digest_part[]){ { name, n },
	    { sep, sizeof(sep) }, { pk, SIGN_PK } }, 3);
	memcpy(ret->hash, h, sizeof(ret->hash));
	return SQ_OK;
}

/* see note.h */
enum sq_err
note_key(const char *name, const uint8_t pk[SIGN_PK], struct note_key *ret)
{
	return make_key(name, ALG_ED25519, pk, ret);
}

/* see note.h */
enum sq_err
note_cosigner(const char *name, const uint8_t pk[SIGN_PK],
    struct note_key *ret)
{
	return make_key(name, ALG_COSIGN, pk, ret);
}

/* see note.h */
enum sq_err
note_vkey(const struct note_key *key, struct bytes_buf *out)
{
	uint8_t k[1 + SIGN_PK] = { key->alg };

	memcpy(k + 1, key->pk, SIGN_PK);
	bytes_puts(out, key->name);
	bytes_puts(out, "+");
	bytes_put_hex(out, key->hash, sizeof(key->hash));
	bytes_puts(out, "+");
	bytes_put_b64(out, k, sizeof(k), true);
	return bytes_done(out);
}

/* Read the text of a key of one kind. */
static enum sq_err
parse_key(const char *s, uint8_t alg, struct note_key *ret)
{
	char name[NOTE_NAME_MAX + 1] = { 0 }, hex[9] = { 0 };
	uint8_t hash[4], k[NOTE_VKEY_MAX];
	const char *plus = strchr(s, '+');
	size_t n;
	enum sq_err e;

	if (strlen(s) > NOTE_VKEY_MAX || plus == NULL ||
	    plus - s > NOTE_NAME_MAX || strlen(plus) < 10 || plus[9] != '+')
		return SQ_EFORMAT;
	memcpy(name, s, (size_t)(plus - s));
	memcpy(hex, plus + 1, 8);
	if (bytes_unhex(hash, sizeof(hash), hex) != SQ_OK ||
	    bytes_unb64(k, sizeof(k), plus + 10, strlen(plus + 10), true,
	    &n) != SQ_OK || n == 0)
		return SQ_EFORMAT;
	if (k[0] != alg)
		return SQ_EUNSUPPORTED;
	if (n != 1 + SIGN_PK)
		return SQ_EFORMAT;
	if ((e = make_key(name, alg, k + 1, ret)) != SQ_OK)
		return e;
	return bytes_eq(hash, ret->hash, sizeof(hash)) ? SQ_OK : SQ_EFORMAT;
}

/* see note.h */
enum sq_err
note_vkey_parse(const char *s, struct note_key *ret)
{
	return parse_key(s, ALG_ED25519, ret);
}

/* see note.h */
enum sq_err
note_cosigner_parse(const char *s, struct note_key *ret)
{
	return parse_key(s, ALG_COSIGN, ret);
}

/* Append a signature line. */
static void
put_line(const struct note_key *key, const uint8_t *sig, size_t n,
    struct bytes_buf *out)
{
	bytes_puts(out, dash);
	bytes_puts(out, key->name);
	bytes_puts(out, " ");
	bytes_put_b64(out, sig, n, true);
	bytes_puts(out, "\n");
}

/* see note.h */
enum sq_err
note_sign(const char *name, const struct secret *seed, const char *text,
    size_t n, struct bytes_buf *out)
{
	uint8_t pk[SIGN_PK], sig[4 + SIGN_SIG];
	struct note_key key;
	enum sq_err e;

	if (n > NOTE_MAX_BYTES / 2)
		return SQ_ELIMIT;
	if (n == 0 || text[n - 1] != '\n' || !text_ok(text, n))
		return SQ_EFORMAT;
	if ((e = sign_make_pk(seed, text, n, pk, sig + 4)) != SQ_OK ||
	    (e = note_key(name, pk, &key)) != SQ_OK)
		return e;
	memcpy(sig, key.hash, sizeof(key.hash));
	bytes_put(out, text, n);
	bytes_puts(out, "\n");
	put_line(&key, sig, sizeof(sig), out);
	return bytes_done(out);
}

/* The length of the signed text with its last LF, or 0 if there is none. */
static size_t
text_len(const char *note, size_t n)
{
	for (size_t i = n; i-- > 1;)
		if (note[i] == '\n' && note[i - 1] == '\n')
			return i;
	return 0;
}

/* What a cosigner signs: when, and the text. */
static enum sq_err
cosigned(uint64_t time, const char *text, size_t n, struct bytes_buf *out)
{
	bytes_putf(out, "cosignature/v1\ntime %" PRIu64 "\n", time);
	bytes_put(out, text, n);
	return bytes_done(out);
}

/* Verify the bytes behind the key hash; of a cosignature also its time. */
static enum sq_err
check_sig(const struct note_key *key, const uint8_t *sig, size_t n,
    const char *text, size_t ntext, uint64_t *ret_time)
{
	struct bytes_buf msg = { 0 };
	uint64_t time = 0;
	enum sq_err e;

	if (key->alg == ALG_ED25519)
		return n != SIGN_SIG ? SQ_EAUTH :
		    sign_check(key->pk, text, ntext, sig);
	if (n != TIME_LEN + SIGN_SIG)
		return SQ_EAUTH;
	for (size_t i = 0; i < TIME_LEN; i++)
		time = time << 8 | sig[i];
	if ((e = cosigned(time, text, ntext, &msg)) == SQ_OK)
		e = sign_check(key->pk, msg.p, msg.len, sig + TIME_LEN);
	bytes_free(&msg);
	*ret_time = time;
	return e;
}

/*
 * Read the signature line of n bytes (LF excluded).  *ret_ours is true if it
 * is of this key and verifies over the text; buf has room for n bytes.
 */
static enum sq_err
check_line(const char *line, size_t n, const struct note_key *key,
    const char *text, size_t ntext, uint8_t *buf, bool *ret_ours,
    uint64_t *ret_time)
{
	const char *name = line + sizeof(dash) - 1, *b64;
	size_t nname, len;

	*ret_ours = false;
	if (n < sizeof(dash) || memcmp(line, dash, sizeof(dash) - 1) != 0)
		return SQ_EFORMAT;
	n -= sizeof(dash) - 1;
	b64 = memchr(name, ' ', n);
	if (b64 == NULL)
		return SQ_EFORMAT;
	nname = (size_t)(b64++ - name);
	if (!name_ok(name, nname) || bytes_unb64(buf, n, b64,
	    n - nname - 1, true, &len) != SQ_OK || len < 5)
		return SQ_EFORMAT;
	if (strlen(key->name) != nname ||
	    memcmp(key->name, name, nname) != 0 ||
	    memcmp(key->hash, buf, sizeof(key->hash)) != 0)
		return SQ_OK;
	*ret_ours = true;
	return check_sig(key, buf + 4, len - 4, text, ntext, ret_time);
}

/* Find the one signature of the key and verify it. */
static enum sq_err
check_note(const char *note, size_t n, const struct note_key *key,
    size_t *ret_text_len, uint64_t *ret_time)
{
	const char *p, *end = note + n, *lf;
	bool found = false, ours;
	enum sq_err e = SQ_OK;
	uint8_t *buf;
	size_t ntext;

	if (n > NOTE_MAX_BYTES)
		return SQ_ELIMIT;
	if (n == 0 || note[n - 1] != '\n' || !text_ok(note, n) ||
	    (ntext = text_len(note, n)) == 0 || ntext + 1 >= n)
		return SQ_EFORMAT;
	if ((buf = malloc(n)) == NULL)
		return SQ_ENOMEM;
	/* every line is looked at: rubbish after a good signature is refused */
	for (p = note + ntext + 1; e == SQ_OK && p < end; p = lf + 1) {
		lf = memchr(p, '\n', (size_t)(end - p));
		e = check_line(p, (size_t)(lf - p), key, note, ntext, buf,
		    &ours, ret_time);
		/* two signatures of one key: one form only */
		if (e == SQ_OK && ours && found)
			e = SQ_EFORMAT;
		found = found || ours;
	}
	free(buf);
	if (e != SQ_OK)
		return e;
	if (!found)
		return SQ_ENOENT;
	*ret_text_len = ntext;
	return SQ_OK;
}

/* see note.h */
enum sq_err
note_check(const char *note, size_t n, const struct note_key *key,
    size_t *ret_text_len)
{
	uint64_t time;

	return key->alg != ALG_ED25519 ? SQ_EINTERNAL :
	    check_note(note, n, key, ret_text_len, &time);
}

/* see note.h */
enum sq_err
note_cosign_check(const char *note, size_t n, const struct note_key *key,
    size_t *ret_text_len, uint64_t *ret_time)
{
	return key->alg != ALG_COSIGN ? SQ_EINTERNAL :
	    check_note(note, n, key, ret_text_len, ret_time);
}

/* see note.h */
enum sq_err
note_cosign(const char *name, const struct secret *seed, uint64_t time,
    const char *note, size_t n, struct bytes_buf *out)
{
	uint8_t pk[SIGN_PK], sig[4 + TIME_LEN + SIGN_SIG];
	struct bytes_buf msg = { 0 };
	struct note_key key;
	size_t len = text_len(note, n);
	enum sq_err e;

	if (len == 0)
		return SQ_EFORMAT;
	if ((e = cosigned(time, note, len, &msg)) != SQ_OK ||
	    (e = sign_make_pk(seed, msg.p, msg.len, pk,
	    sig + 4 + TIME_LEN)) != SQ_OK ||
	    (e = note_cosigner(name, pk, &key)) != SQ_OK)
		goto out;
	memcpy(sig, key.hash, sizeof(key.hash));
	for (size_t i = 0; i < TIME_LEN; i++)
		sig[4 + i] = (uint8_t)(time >> (8 * (TIME_LEN - 1 - i)));
	bytes_put(out, note, n);
	put_line(&key, sig, sizeof(sig), out);
	e = bytes_done(out);
out:
	bytes_free(&msg);
	return e;
}

/* see note.h */
enum sq_err
note_also(const char *name, const struct secret *seed, const char *note,
    size_t n, struct bytes_buf *out)
{
	uint8_t pk[SIGN_PK], sig[4 + SIGN_SIG];
	struct note_key key;
	size_t len = text_len(note, n);
	enum sq_err e;

	if (len == 0)
		return SQ_EFORMAT;
	if ((e = sign_make_pk(seed, note, len, pk, sig + 4)) != SQ_OK ||
	    (e = note_key(name, pk, &key)) != SQ_OK)
		return e;
	memcpy(sig, key.hash, sizeof(key.hash));
	bytes_put(out, note, n);
	put_line(&key, sig, sizeof(sig), out);
	return bytes_done(out);
}
