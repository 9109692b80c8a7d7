#include <string.h>

#include "crypto/bech32.h"
#include "crypto/bytes.h"
#include "crypto/share.h"

#define HRP "sandyqshare"
#define VERSION 1
#define RAW (4 + SHARE_SET + SHARE_LOG + SHAMIR_LEN)
#define GROUP 4

_Static_assert(RAW == 48, "docs/FORMAT.md section 18");

/* see share.h */
enum sq_err
share_text(const struct share *s, struct secret **ret)
{
	struct bytes_buf raw = { 0 }, text = { 0 }, out = { 0 };
	enum sq_err e;

	bytes_put_u8(&raw, VERSION);
	bytes_put_u8(&raw, (uint8_t)s->need);
	bytes_put_u8(&raw, (uint8_t)s->of);
	bytes_put_u8(&raw, (uint8_t)s->x);
	bytes_put(&raw, s->set, SHARE_SET);
	bytes_put(&raw, s->log, SHARE_LOG);
	bytes_put(&raw, secret_cbytes(s->y), SHAMIR_LEN);
	if ((e = bytes_done(&raw)) != SQ_OK)
		goto out;
	bech32_encode(HRP, raw.p, raw.len, &text);
	if ((e = bytes_done(&text)) != SQ_OK)
		goto out;
	for (size_t i = 0; i < text.len; i++) {
		if (i > sizeof(HRP) - 1 && (i - sizeof(HRP)) % GROUP == 0)
			bytes_put_u8(&out, ' ');
		bytes_put_u8(&out, text.p[i]);
	}
	if ((e = bytes_done(&out)) == SQ_OK)
		e = secret_copy(out.p, out.len, ret);
out:
	bytes_free(&raw);
	bytes_free(&text);
	bytes_free(&out);
	return e;
}

/* The characters that count, in lower case; 0 if there are too many. */
static size_t
strip(const uint8_t *p, size_t n, char out[SHARE_MAX])
{
	size_t len = 0;

	for (size_t i = 0; i < n; i++) {
		if (p[i] == ' ' || p[i] == '\t' || p[i] == '\n' ||
		    p[i] == '\r' || p[i] == '-')
			continue;
		if (len == SHARE_MAX)
			return 0;
		out[len++] = (char)(p[i] >= 'A' && p[i] <= 'Z' ?
		    p[i] - 'A' + 'a' : p[i]);
	}
	return len;
}

/* Is it within the bounds that split keeps? */
static bool
sane(const struct share *s)
{
	return s->need >= 2 && s->need <= s->of && s->of <= SHAMIR_MAX &&
	    s->x >= 1 && s->x <= s->of;
}

/* see share.h */
enum sq_err
share_parse(const uint8_t *p, size_t n, struct share *ret, struct why *why)
{
	struct share s = { .y = NULL };
	struct secret *raw = NULL, *text = NULL;
	struct bytes_rd r;
	size_t len;
	unsigned version;
	enum sq_err e;

	if ((e = secret_new(SHARE_MAX, &text)) != SQ_OK ||
	    (e = secret_new(RAW, &raw)) != SQ_OK ||
	    (e = secret_new(SHAMIR_LEN, &s.y)) != SQ_OK)
		goto out;
	len = strip(p, n, (char *)secret_bytes(text));
	if (len < sizeof(HRP) || memcmp(secret_cbytes(text), HRP "1",
	    sizeof(HRP)) != 0) {
		e = err_why(why, SQ_EFORMAT, "this is no share: a share begins "
		    "with " HRP "1");
		goto out;
	}
	if (bech32_decode(HRP, (const char *)secret_cbytes(text), len,
	    secret_bytes(raw), RAW) != SQ_OK) {
		e = err_why(why, SQ_EAUTH, "the share is not typed as it is "
		    "printed: a character is wrong, missing or too many");
		goto out;
	}
	bytes_rd_init(&r, secret_cbytes(raw), RAW);
	version = bytes_rd_u8(&r);
	s.need = bytes_rd_u8(&r);
	s.of = bytes_rd_u8(&r);
	s.x = bytes_rd_u8(&r);
	bytes_rd_copy(&r, s.set, SHARE_SET);
	bytes_rd_copy(&r, s.log, SHARE_LOG);
	bytes_rd_copy(&r, secret_bytes(s.y), SHAMIR_LEN);
	if ((e = bytes_rd_done(&r)) != SQ_OK)
		goto out;
	if (version != VERSION)
		e = err_why(why, SQ_EUNSUPPORTED, "the share is of version %u, "
		    "which this program does not know", version);
	else if (!sane(&s))
		e = err_why(why, SQ_EFORMAT, "the share is no share: number "
		    "%u of %u, of which %u are needed", s.x, s.of, s.need);
	if (e != SQ_OK)
		goto out;
	*ret = s;
	s.y = NULL;		/* transferred */
out:
	secret_free(text);
	secret_free(raw);
	secret_free(s.y);
	return e;
}

/* see share.h */
void
share_free(struct share *s)
{
	secret_free(s->y);
	memset(s, 0, sizeof(*s));
}

/* Do they belong together, each once, and are there enough? */
static enum sq_err
together(const struct share *s, unsigned n, struct why *why)
{
	if (n == 0 || n > SHAMIR_MAX)
		return err_why(why, SQ_EREFUSED, "no shares were given, or too "
		    "many");
	for (unsigned i = 0; i < n; i++)
		for (unsigned j = 0; j < i; j++) {
			if (memcmp(s[i].log, s[j].log, SHARE_LOG) != 0)
				return err_why(why, SQ_EREFUSED, "share %u and "
				    "share %u are of two vaults", s[j].x,
				    s[i].x);
			if (memcmp(s[i].set, s[j].set, SHARE_SET) != 0 ||
			    s[i].need != s[j].need || s[i].of != s[j].of)
				return err_why(why, SQ_EREFUSED, "share %u and "
				    "share %u are of two sets: one was "
				    "replaced when the vault was shared out "
				    "again", s[j].x, s[i].x);
			if (s[i].x == s[j].x)
				return err_why(why, SQ_EREFUSED, "share %u is "
				    "given twice", s[i].x);
		}
	if (n < s[0].need)
		return err_why(why, SQ_EREFUSED, "%u shares are given, %u are "
		    "needed", n, s[0].need);
	return SQ_OK;
}

/* Do the shares but number ${out} lie on one polynomial? */
static enum sq_err
agree(const struct share *s, unsigned n, unsigned out, bool *ret)
{
	const struct secret *y[SHAMIR_MAX];
	uint8_t x[SHAMIR_MAX];
	struct secret *v;
	unsigned k = 0;
	enum sq_err e;

	*ret = true;
	for (unsigned i = 0; i < n; i++) {
		if (i == out)
			continue;
		if (k < s[0].need) {
			x[k] = (uint8_t)s[i].x;
			y[k++] = s[i].y;
			continue;
		}
		if ((e = shamir_value(x, y, k, (uint8_t)s[i].x, &v)) != SQ_OK)
			return e;
		*ret &= secret_eq(v, s[i].y);
		secret_free(v);
	}
	return SQ_OK;
}

/* Of more shares than are needed: which one do the others disprove? */
static enum sq_err
disprove(const struct share *s, unsigned n, struct why *why)
{
	bool fits;
	enum sq_err e;

	if ((e = agree(s, n, n, &fits)) != SQ_OK || fits)
		return e;
	/* without one, at least one more than needed must agree */
	for (unsigned i = 0; i < n && n > s[0].need + 1; i++) {
		if ((e = agree(s, n, i, &fits)) != SQ_OK)
			return e;
		if (fits)
			return err_why(why, SQ_EREFUSED, "share %u is wrong: "
			    "the others agree without it", s[i].x);
	}
	return err_why(why, SQ_EREFUSED, "the shares do not agree: at least "
	    "one of them is wrong; give others");
}

/* see share.h */
enum sq_err
share_join(const struct share *s, unsigned n, struct secret **ret,
    struct why *why)
{
	const struct secret *y[SHAMIR_MAX];
	uint8_t x[SHAMIR_MAX];
	enum sq_err e;

	if ((e = together(s, n, why)) != SQ_OK ||
	    (e = disprove(s, n, why)) != SQ_OK)
		return e;
	for (unsigned i = 0; i < s[0].need; i++) {
		x[i] = (uint8_t)s[i].x;
		y[i] = s[i].y;
	}
	return shamir_value(x, y, s[0].need, 0, ret);
}
