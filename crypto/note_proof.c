#include <inttypes.h>
#include <string.h>

#include "crypto/digest.h"
#include "crypto/note.h"

static const char proof_head[] = "c2sp.org/tlog-proof@v1";
static const char proof_index[] = "index ";
static const char proof_extra[] = "extra ";

/* Decimal without leading zeros, below 2^63. */
static bool
number(const char *s, size_t n, uint64_t *ret)
{
	uint64_t v = 0;

	if (n == 0 || n > 19 || (s[0] == '0' && n > 1))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		v = 10 * v + (uint64_t)(s[i] - '0');
	}
	*ret = v;
	return v <= INT64_MAX;
}

/* One hash of exactly 32 bytes in base64. */
static bool
hash_line(const char *s, size_t n, uint8_t out[MERKLE_LEN])
{
	uint8_t buf[MERKLE_LEN];
	size_t got;

	if (bytes_unb64(buf, sizeof(buf), s, n, true, &got) != SQ_OK ||
	    got != sizeof(buf))
		return false;
	memcpy(out, buf, sizeof(buf));
	return true;
}

/* True if the n bytes may be an origin. */
static bool
origin_ok(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)p[i] < 0x20 || p[i] == 0x7F)
			return false;
	return n > 0 && n <= NOTE_NAME_MAX && bytes_utf8(p, n);
}

/* True if a tree of this size may have this head. */
static bool
head_ok(const struct note_checkpoint *cp)
{
	uint8_t none[DIGEST_LEN];

	digest_sha256(none, "", 0);
	return cp->size <= INT64_MAX &&
	    (cp->size == 0) == (memcmp(cp->root, none, sizeof(none)) == 0);
}

/* see note.h */
enum sq_err
note_checkpoint_emit(const struct note_checkpoint *cp, struct bytes_buf *out)
{
	if (!origin_ok(cp->origin, strlen(cp->origin)) || !head_ok(cp))
		return SQ_EFORMAT;
	bytes_putf(out, "%s\n%" PRIu64 "\n", cp->origin, cp->size);
	bytes_put_b64(out, cp->root, sizeof(cp->root), true);
	bytes_puts(out, "\n");
	return bytes_done(out);
}

/* see note.h */
enum sq_err
note_checkpoint_parse(const char *text, size_t n, struct note_checkpoint *ret)
{
	struct note_checkpoint cp = { 0 };
	const char *s;
	size_t len;

	if (!bytes_line(&text, &n, &s, &len) || !origin_ok(s, len))
		return SQ_EFORMAT;
	memcpy(cp.origin, s, len);
	if (!bytes_line(&text, &n, &s, &len) || !number(s, len, &cp.size) ||
	    !bytes_line(&text, &n, &s, &len) || !hash_line(s, len, cp.root) ||
	    n != 0 || !head_ok(&cp))
		return SQ_EFORMAT;
	*ret = cp;
	return SQ_OK;
}

/* see note.h */
enum sq_err
note_proof_emit(uint64_t index, const struct merkle_proof *proof,
    const char *checkpoint, size_t n, struct bytes_buf *out)
{
	if (index > INT64_MAX || proof->n > MERKLE_PROOF_MAX)
		return SQ_ELIMIT;
	bytes_putf(out, "%s\n%s%" PRIu64 "\n", proof_head, proof_index,
	    index);
	for (size_t i = 0; i < proof->n; i++) {
		bytes_put_b64(out, proof->hash[i], MERKLE_LEN, true);
		bytes_puts(out, "\n");
	}
	bytes_puts(out, "\n");
	bytes_put(out, checkpoint, n);
	return bytes_done(out);
}

/* True if the line begins with word; then it is cut off. */
static bool
word(const char **s, size_t *n, const char *w)
{
	size_t len = strlen(w);

	if (*n < len || memcmp(*s, w, len) != 0)
		return false;
	*s += len;
	*n -= len;
	return true;
}

/* True if the n bytes are canonical base64 of at least one byte. */
static bool
extra_ok(const char *s, size_t n)
{
	uint8_t buf[3];
	size_t got;

	if (n == 0)
		return false;
	for (; n > 4; s += 4, n -= 4)
		if (bytes_unb64(buf, sizeof(buf), s, 4, true, &got) != SQ_OK ||
		    got != 3)
			return false;
	return bytes_unb64(buf, sizeof(buf), s, n, true, &got) == SQ_OK;
}

/* see note.h */
enum sq_err
note_proof_parse(const char *p, size_t n, uint64_t *ret_index,
    struct merkle_proof *ret_proof, size_t *ret_note)
{
	struct merkle_proof proof = { 0 };
	const char *at = p, *s;
	size_t left = n, len;
	uint64_t index;

	if (n > NOTE_MAX_BYTES)
		return SQ_ELIMIT;
	if (!bytes_line(&at, &left, &s, &len) ||
	    len != sizeof(proof_head) - 1 ||
	    memcmp(s, proof_head, len) != 0 ||
	    !bytes_line(&at, &left, &s, &len))
		return SQ_EFORMAT;
	if (word(&s, &len, proof_extra) &&
	    (!extra_ok(s, len) || !bytes_line(&at, &left, &s, &len)))
		return SQ_EFORMAT;
	if (!word(&s, &len, proof_index) || !number(s, len, &index))
		return SQ_EFORMAT;
	for (;;) {
		if (!bytes_line(&at, &left, &s, &len))
			return SQ_EFORMAT;
		if (len == 0)
			break;
		if (proof.n == MERKLE_PROOF_MAX)
			return SQ_ELIMIT;
		if (!hash_line(s, len, proof.hash[proof.n++]))
			return SQ_EFORMAT;
	}
	*ret_index = index;
	*ret_proof = proof;
	*ret_note = (size_t)(at - p);
	return SQ_OK;
}
