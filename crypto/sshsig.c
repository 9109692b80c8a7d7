#include <string.h>

#include "crypto/digest.h"
#include "crypto/sshsig.h"

#define MAGIC "SSHSIG"
#define COLUMNS 70		/* of armor, as ssh-keygen writes it */
#define ARMOR_MAX 16384		/* a post-quantum signature fits */
#define NS_MAX 255
#define HASH_MAX 64

static const char type_ed25519[] = "ssh-ed25519";
static const char armor_head[] = "-----BEGIN SSH SIGNATURE-----\n";
static const char armor_tail[] = "-----END SSH SIGNATURE-----\n";

/* A string inside a blob. */
struct str {
	const uint8_t *p;
	size_t n;
};

static struct str
rd_str(struct bytes_rd *r)
{
	struct str s;

	s.n = bytes_rd_u32be(r);
	s.p = bytes_rd_ref(r, s.n);
	if (s.p == NULL)
		s.n = 0;
	return s;
}

static void
put_str(struct bytes_buf *b, const void *p, size_t n)
{
	bytes_put_u32be(b, (uint32_t)n);
	bytes_put(b, p, n);
}

static bool
str_is(struct str s, const char *word)
{
	return s.n == strlen(word) && memcmp(s.p, word, s.n) == 0;
}

/* Append the blob of a public key or of a bare signature. */
static void
put_typed(struct bytes_buf *b, const uint8_t *p, size_t n)
{
	put_str(b, type_ed25519, sizeof(type_ed25519) - 1);
	put_str(b, p, n);
}

/* The n bytes inside such a blob. */
static enum sq_err
get_typed(struct str blob, uint8_t *out, size_t n)
{
	struct bytes_rd r;
	struct str type, s;

	bytes_rd_init(&r, blob.p, blob.n);
	type = rd_str(&r);
	if (r.bad)
		return SQ_EFORMAT;
	if (!str_is(type, type_ed25519))
		return SQ_EUNSUPPORTED;
	s = rd_str(&r);
	if (bytes_rd_done(&r) != SQ_OK || s.n != n)
		return SQ_EFORMAT;
	memcpy(out, s.p, n);
	return SQ_OK;
}

/* True if s has no control characters and is UTF-8. */
static bool
plain(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] < 0x20 || s[i] == 0x7F)
			return false;
	return bytes_utf8(s, n);
}

/* see sshsig.h */
enum sq_err
sshsig_pub(const uint8_t pk[SIGN_PK], const char *comment,
    struct bytes_buf *out)
{
	struct bytes_buf b = { 0 };
	enum sq_err e;

	if (!plain(comment, strlen(comment)))
		return SQ_EFORMAT;
	put_typed(&b, pk, SIGN_PK);
	if ((e = bytes_done(&b)) == SQ_OK) {
		bytes_puts(out, type_ed25519);
		bytes_puts(out, " ");
		bytes_put_b64(out, b.p, b.len, true);
		if (comment[0] != '\0')
			bytes_puts(out, " ");
		bytes_puts(out, comment);
		bytes_puts(out, "\n");
		e = bytes_done(out);
	}
	bytes_free(&b);
	return e;
}

/* see sshsig.h */
enum sq_err
sshsig_pub_parse(const char *p, size_t n, uint8_t pk[SIGN_PK])
{
	const char *sp, *end;
	uint8_t blob[128];
	size_t len;

	if (n > 0 && p[n - 1] == '\n')
		n--;
	if (n == 0 || !plain(p, n) || (sp = memchr(p, ' ', n)) == NULL)
		return SQ_EFORMAT;
	if (!str_is((struct str){ (const uint8_t *)p, (size_t)(sp - p) },
	    type_ed25519))
		return sp - p > 4 && (memcmp(p, "ssh-", 4) == 0 ||
		    memcmp(p, "sk-", 3) == 0 || memcmp(p, "ecds", 4) == 0) ?
		    SQ_EUNSUPPORTED : SQ_EFORMAT;
	n -= (size_t)(++sp - p);
	if ((end = memchr(sp, ' ', n)) != NULL)
		n = (size_t)(end - sp);
	if (bytes_unb64(blob, sizeof(blob), sp, n, true, &len) != SQ_OK ||
	    get_typed((struct str){ blob, len }, pk, SIGN_PK) != SQ_OK)
		return SQ_EFORMAT;
	return SQ_OK;
}

/* see sshsig.h */
enum sq_err
sshsig_fingerprint(const uint8_t pk[SIGN_PK], struct bytes_buf *out)
{
	struct bytes_buf b = { 0 };
	uint8_t h[DIGEST_LEN];
	enum sq_err e;

	put_typed(&b, pk, SIGN_PK);
	if ((e = bytes_done(&b)) == SQ_OK) {
		digest_sha256(h, b.p, b.len);
		bytes_puts(out, "SHA256:");
		bytes_put_b64(out, h, sizeof(h), false);
		e = bytes_done(out);
	}
	bytes_free(&b);
	return e;
}

/*
 * Append what is signed: the namespace and the digest of the message, never
 * the message itself.  SQ_EUNSUPPORTED for a hash not known here.
 */
static enum sq_err
signed_text(struct str ns, struct str hash, const void *msg, size_t n,
    struct bytes_buf *out)
{
	struct digest *d = NULL;
	uint8_t h[HASH_MAX];
	bool wide = str_is(hash, "sha512");
	enum sq_err e;

	if (!wide && !str_is(hash, "sha256"))
		return SQ_EUNSUPPORTED;
	if ((e = digest_new(wide ? DIGEST_SHA512 : DIGEST_SHA256,
	    &d)) != SQ_OK || (e = digest_add(d, msg, n)) != SQ_OK ||
	    (e = digest_end(d, h)) != SQ_OK)
		goto out;
	bytes_puts(out, MAGIC);
	put_str(out, ns.p, ns.n);
	put_str(out, "", 0);
	put_str(out, hash.p, hash.n);
	put_str(out, h, wide ? 64 : 32);
	e = bytes_done(out);
out:
	digest_free(d);
	return e;
}

/* Append blob in its armor. */
static enum sq_err
put_armor(const struct bytes_buf *blob, struct bytes_buf *out)
{
	struct bytes_buf b = { 0 };
	size_t n;

	bytes_put_b64(&b, blob->p, blob->len, true);
	bytes_puts(out, armor_head);
	for (size_t i = 0; i < b.len; i += n) {
		n = b.len - i < COLUMNS ? b.len - i : COLUMNS;
		bytes_put(out, b.p + i, n);
		bytes_puts(out, "\n");
	}
	bytes_puts(out, armor_tail);
	out->bad = out->bad || b.bad;
	bytes_free(&b);
	return bytes_done(out);
}

/* see sshsig.h */
enum sq_err
sshsig_make(const struct secret *seed, const char *ns, const void *msg,
    size_t n, struct bytes_buf *out)
{
	struct bytes_buf text = { 0 }, blob = { 0 }, b = { 0 };
	struct str name = { (const uint8_t *)ns, strlen(ns) };
	struct str hash = { (const uint8_t *)"sha512", 6 };
	uint8_t pk[SIGN_PK], sig[SIGN_SIG];
	enum sq_err e;

	if (name.n == 0 || name.n > NS_MAX || !plain(ns, name.n))
		return SQ_EFORMAT;
	if ((e = sign_public(seed, pk)) != SQ_OK ||
	    (e = signed_text(name, hash, msg, n, &text)) != SQ_OK ||
	    (e = sign_make(seed, text.p, text.len, sig)) != SQ_OK)
		goto out;
	bytes_puts(&blob, MAGIC);
	bytes_put_u32be(&blob, 1);
	put_typed(&b, pk, sizeof(pk));
	put_str(&blob, b.p, b.len);
	put_str(&blob, ns, name.n);
	put_str(&blob, "", 0);
	put_str(&blob, hash.p, hash.n);
	b.len = 0;
	put_typed(&b, sig, sizeof(sig));
	put_str(&blob, b.p, b.len);
	if ((e = bytes_done(&b)) == SQ_OK && (e = bytes_done(&blob)) == SQ_OK)
		e = put_armor(&blob, out);
out:
	bytes_free(&text);
	bytes_free(&blob);
	bytes_free(&b);
	return e;
}

/* Undo the armor: full lines of 70, one last that may be shorter, no more. */
static enum sq_err
get_armor(const char *s, size_t n, struct bytes_buf *out)
{
	size_t head = sizeof(armor_head) - 1, tail = sizeof(armor_tail) - 1;
	uint8_t blob[ARMOR_MAX];
	char text[ARMOR_MAX];
	size_t len = 0, w, got;

	if (n > ARMOR_MAX)
		return SQ_ELIMIT;
	if (n < head + tail || memcmp(s, armor_head, head) != 0 ||
	    memcmp(s + n - tail, armor_tail, tail) != 0)
		return SQ_EFORMAT;
	s += head;
	n -= head + tail;
	while (n > 0) {
		w = n > COLUMNS ? COLUMNS : n - 1;
		if (w == 0 || s[w] != '\n')
			return SQ_EFORMAT;
		memcpy(text + len, s, w);
		len += w;
		s += w + 1;
		n -= w + 1;
	}
	if (bytes_unb64(blob, sizeof(blob), text, len, true, &got) != SQ_OK)
		return SQ_EFORMAT;
	bytes_put(out, blob, got);
	return bytes_done(out);
}

/* Take a blob apart, and say what was signed over it, by whom and how. */
static enum sq_err
get_blob(const struct bytes_buf *blob, uint8_t pk[SIGN_PK], struct str *ns,
    struct str *hash, uint8_t sig[SIGN_SIG])
{
	struct str key, reserved, bare;
	struct bytes_rd r;
	const uint8_t *magic;
	uint32_t version;
	enum sq_err e;

	bytes_rd_init(&r, blob->p, blob->len);
	magic = bytes_rd_ref(&r, sizeof(MAGIC) - 1);
	version = bytes_rd_u32be(&r);
	if (r.bad || memcmp(magic, MAGIC, sizeof(MAGIC) - 1) != 0)
		return SQ_EFORMAT;
	if (version != 1)
		return SQ_EUNSUPPORTED;
	key = rd_str(&r);
	*ns = rd_str(&r);
	reserved = rd_str(&r);
	*hash = rd_str(&r);
	bare = rd_str(&r);
	if (bytes_rd_done(&r) != SQ_OK || ns->n == 0 || reserved.n != 0)
		return SQ_EFORMAT;
	if ((e = get_typed(key, pk, SIGN_PK)) != SQ_OK)
		return e;
	/* an Ed25519 key with another kind of signature is not a form */
	return get_typed(bare, sig, SIGN_SIG) == SQ_OK ? SQ_OK : SQ_EFORMAT;
}

/* see sshsig.h */
enum sq_err
sshsig_check(const char *sig, size_t nsig, const char *ns, const void *msg,
    size_t n, uint8_t ret_pk[SIGN_PK])
{
	struct bytes_buf blob = { 0 }, text = { 0 };
	uint8_t pk[SIGN_PK], raw[SIGN_SIG];
	struct str name, hash;
	enum sq_err e;

	if ((e = get_armor(sig, nsig, &blob)) != SQ_OK ||
	    (e = get_blob(&blob, pk, &name, &hash, raw)) != SQ_OK)
		goto out;
	if (!str_is(name, ns)) {
		e = SQ_EAUTH;
		goto out;
	}
	if ((e = signed_text(name, hash, msg, n, &text)) != SQ_OK ||
	    (e = sign_check(pk, text.p, text.len, raw)) != SQ_OK)
		goto out;
	memcpy(ret_pk, pk, SIGN_PK);
out:
	bytes_free(&blob);
	bytes_free(&text);
	return e;
}
