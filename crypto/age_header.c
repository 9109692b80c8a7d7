#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/age_int.h"

#define COLS 64			/* a full line of a stanza's body */
#define COLS_BYTES 48		/* and what it decodes to */
#define ARGS_KEPT 3

/* One stanza while it is parsed; the arguments point into the header. */
struct stanza {
	const char *arg[ARGS_KEPT];
	size_t len[ARGS_KEPT];
	size_t n_arg;
	uint8_t body[AGE_BODY];
	size_t n_body;		/* of the whole body, kept or not */
};

/* Kinds that exist and that this build cannot open. */
static const char *const lacking[] = {
	"mlkem768x25519", "p256tag", "mlkem768p256tag", "piv-p256",
	"ssh-ed25519", "ssh-rsa"
};

/* Append one line, its LF included. */
static enum sq_err
read_line(struct age_src *src, struct bytes_buf *ret)
{
	enum sq_err e;
	uint8_t c = 0;
	size_t n;

	while (c != '\n') {
		if (ret->len >= AGE_HEADER_MAX)
			return SQ_ELIMIT;
		if ((e = age_src_get(src, &c, 1, &n)) != SQ_OK)
			return e;
		if (n == 0)
			return SQ_EFORMAT;
		bytes_put_u8(ret, c);
		if (ret->bad)
			return SQ_ENOMEM;
	}
	return SQ_OK;
}

/* see age_int.h */
enum sq_err
age_header_read(struct age_src *src, struct bytes_buf *ret)
{
	uint8_t v[sizeof(AGE_VERSION_LINE) - 1];
	enum sq_err e;
	size_t at, n;

	/* the first line alone decides, before a megabyte is searched for LF */
	if ((e = age_src_get(src, v, sizeof(v), &n)) != SQ_OK)
		return e;
	if (n != sizeof(v) || memcmp(v, AGE_VERSION_LINE, n) != 0)
		return SQ_EFORMAT;
	bytes_put(ret, v, n);
	do {
		at = ret->len;
		if ((e = read_line(src, ret)) != SQ_OK)
			return e;
	} while (ret->len - at < 3 || memcmp(ret->p + at, "---", 3) != 0);
	return bytes_done(ret);
}

/* The next line without its LF; false when no LF is left. */
static bool
next_line(struct bytes_rd *r, const char **ret_s, size_t *ret_n)
{
	const uint8_t *lf;

	if (r->left == 0 || (lf = memchr(r->p, '\n', r->left)) == NULL)
		return false;
	*ret_n = (size_t)(lf - r->p);
	*ret_s = (const char *)bytes_rd_ref(r, *ret_n + 1);
	return true;
}

/* "-> " and one or more arguments of visible ASCII, one space between. */
static enum sq_err
parse_args(const char *s, size_t n, struct stanza *st)
{
	size_t from, i;

	if (n < 4 || memcmp(s, "-> ", 3) != 0)
		return SQ_EFORMAT;
	for (i = from = 3; i <= n; i++) {
		if (i < n && s[i] >= '!' && s[i] <= '~')
			continue;
		if ((i < n && s[i] != ' ') || i == from)
			return SQ_EFORMAT;
		if (st->n_arg < ARGS_KEPT) {
			st->arg[st->n_arg] = s + from;
			st->len[st->n_arg] = i - from;
		}
		st->n_arg++;
		from = i + 1;
	}
	return SQ_OK;
}

/* Lines of 64 columns and a shorter one, perhaps empty. */
static enum sq_err
parse_body(struct bytes_rd *r, struct stanza *st)
{
	uint8_t line[COLS_BYTES];
	size_t n, got, room;
	const char *s;
	enum sq_err e;

	do {
		if (!next_line(r, &s, &n) || n > COLS)
			return SQ_EFORMAT;
		if ((e = bytes_unb64(line, sizeof(line), s, n, false,
		    &got)) != SQ_OK)
			return e;
		if (st->n_body < sizeof(st->body)) {
			room = sizeof(st->body) - st->n_body;
			memcpy(st->body + st->n_body, line,
			    got < room ? got : room);
		}
		st->n_body += got;
	} while (n == COLS);
	return SQ_OK;
}

static bool
is_kind(const struct stanza *st, const char *kind)
{
	return st->len[0] == strlen(kind) &&
	    memcmp(st->arg[0], kind, st->len[0]) == 0;
}

/* Decode argument i to exactly n bytes. */
static enum sq_err
arg_bytes(const struct stanza *st, size_t i, uint8_t *out, size_t n)
{
	size_t got;

	if (bytes_unb64(out, n, st->arg[i], st->len[i], false,
	    &got) != SQ_OK || got != n)
		return SQ_EFORMAT;
	return SQ_OK;
}

static enum sq_err
take_x25519(const struct stanza *st, struct age_header *h)
{
	struct age_x25519 *x;
	size_t cap;

	if (st->n_arg != 2 || st->n_body != AGE_BODY)
		return SQ_EFORMAT;
	if (h->n_x == h->cap_x) {
		cap = h->cap_x == 0 ? 4 : 2 * h->cap_x;
		if ((x = reallocarray(h->x, cap, sizeof(*x))) == NULL)
			return SQ_ENOMEM;
		h->x = x;
		h->cap_x = cap;
	}
	x = &h->x[h->n_x];
	memcpy(x->body, st->body, AGE_BODY);
	h->n_x++;
	return arg_bytes(st, 1, x->share, AGE_KEY);
}

/* [1-9][0-9]*; a number too long to mean anything is UINT_MAX. */
static enum sq_err
parse_log_n(const char *s, size_t n, unsigned *ret)
{
	unsigned v = 0;

	if (n == 0 || s[0] == '0')
		return SQ_EFORMAT;
	for (size_t i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return SQ_EFORMAT;
		if (i < 9)
			v = 10 * v + (unsigned)(s[i] - '0');
	}
	*ret = n > 9 ? UINT_MAX : v;
	return SQ_OK;
}

static enum sq_err
take_scrypt(const struct stanza *st, struct age_header *h)
{
	enum sq_err e;

	if (h->scrypt || st->n_arg != 3 || st->n_body != AGE_BODY)
		return SQ_EFORMAT;
	h->scrypt = true;
	memcpy(h->body, st->body, AGE_BODY);
	if ((e = arg_bytes(st, 1, h->salt, AGE_SALT)) != SQ_OK)
		return e;
	return parse_log_n(st->arg[2], st->len[2], &h->log_n);
}

/* Parse the stanza whose first line is s, and keep what we can use. */
static enum sq_err
parse_stanza(struct bytes_rd *r, const char *s, size_t n,
    struct age_header *h)
{
	struct stanza st = { .n_arg = 0 };
	enum sq_err e;

	if ((e = parse_args(s, n, &st)) != SQ_OK)
		return e;
	if ((e = parse_body(r, &st)) != SQ_OK)
		return e;
	h->n_stanza++;
	if (is_kind(&st, "X25519"))
		return take_x25519(&st, h);
	if (is_kind(&st, "scrypt"))
		return take_scrypt(&st, h);
	for (size_t i = 0; i < sizeof(lacking) / sizeof(lacking[0]); i++)
		h->lacking |= is_kind(&st, lacking[i]);
	return SQ_OK;
}

/* "--- " and the MAC; nothing may follow within the header. */
static enum sq_err
parse_mac(const struct bytes_rd *r, const char *s, size_t n,
    struct age_header *h)
{
	size_t got;

	if (n < 4 || s[3] != ' ' || r->left != 0)
		return SQ_EFORMAT;
	if (bytes_unb64(h->mac, sizeof(h->mac), s + 4, n - 4, false,
	    &got) != SQ_OK || got != sizeof(h->mac))
		return SQ_EFORMAT;
	return SQ_OK;
}

/* see age_int.h */
enum sq_err
age_header_parse(const uint8_t *p, size_t n, struct age_header *ret,
    struct why *why)
{
	size_t nv = sizeof(AGE_VERSION_LINE) - 1, len;
	struct bytes_rd r;
	const char *s;
	enum sq_err e;

	memset(ret, 0, sizeof(*ret));
	if (n < nv || memcmp(p, AGE_VERSION_LINE, nv) != 0)
		return err_why(why, SQ_EFORMAT, "not an age v1 file");
	bytes_rd_init(&r, p + nv, n - nv);
	for (;;) {
		if (!next_line(&r, &s, &len))
			return err_why(why, SQ_EFORMAT,
			    "the age header is cut short");
		if (len >= 3 && memcmp(s, "---", 3) == 0)
			break;
		if ((e = parse_stanza(&r, s, len, ret)) != SQ_OK)
			return err_why(why, e, "recipient %zu in the age "
			    "header is malformed", ret->n_stanza + 1);
	}
	ret->mac_len = (size_t)((const uint8_t *)s - p) + 3;
	if (parse_mac(&r, s, len, ret) != SQ_OK)
		return err_why(why, SQ_EFORMAT,
		    "the last line of the age header is malformed");
	if (ret->n_stanza == 0)
		return err_why(why, SQ_EFORMAT,
		    "the age header names no recipient");
	/* a passphrase vouches for the sender only if nothing else opens it */
	if (ret->scrypt && ret->n_stanza != 1)
		return err_why(why, SQ_EFORMAT, "the age header mixes a "
		    "passphrase with other recipients");
	return SQ_OK;
}

/* see age_int.h */
void
age_header_free(struct age_header *h)
{
	free(h->x);
	memset(h, 0, sizeof(*h));
}

/* see age_int.h */
enum sq_err
age_header_mac(const struct secret *file_key, const void *p, size_t n,
    uint8_t mac[DIGEST_LEN])
{
	struct secret *key = NULL;
	enum sq_err e;

	if ((e = digest_hkdf256(file_key, "", 0, "header", 6, DIGEST_LEN,
	    &key)) == SQ_OK)
		digest_hmac256(mac, key, p, n);
	secret_free(key);
	return e;
}
