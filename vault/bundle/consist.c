#include <inttypes.h>
#include <string.h>

#include "vault/bundle/consist.h"

static const char head[] = "sandyq-consistency/v1";

/* see consist.h */
enum sq_err
consist_emit(const struct consist *c, struct bytes_buf *out)
{
	if (c->proof.n > MERKLE_PROOF_MAX)
		return SQ_ELIMIT;
	bytes_putf(out, "%s\n%" PRIu64 "\n", head, c->old_size);
	bytes_put_b64(out, c->old_root, MERKLE_LEN, true);
	bytes_putf(out, "\n%" PRIu64 "\n", c->new_size);
	for (size_t i = 0; i < c->proof.n; i++) {
		bytes_put_b64(out, c->proof.hash[i], MERKLE_LEN, true);
		bytes_puts(out, "\n");
	}
	return bytes_done(out);
}

/* The next line as a number; its one spelling is checked by emitting it. */
static bool
number(const char **p, size_t *left, uint64_t *ret)
{
	const char *s;
	uint64_t v = 0;
	size_t n;

	if (!bytes_line(p, left, &s, &n) || n == 0 || n > 18)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		v = 10 * v + (uint64_t)(s[i] - '0');
	}
	*ret = v;
	return true;
}

/* The next line as a hash. */
static bool
hash(const char **p, size_t *left, uint8_t out[MERKLE_LEN])
{
	uint8_t buf[MERKLE_LEN];
	const char *s;
	size_t n, got;

	if (!bytes_line(p, left, &s, &n) || bytes_unb64(buf, sizeof(buf), s, n,
	    true, &got) != SQ_OK || got != sizeof(buf))
		return false;
	memcpy(out, buf, sizeof(buf));
	return true;
}

/* see consist.h */
enum sq_err
consist_parse(const char *p, size_t n, struct consist *ret)
{
	struct bytes_buf again = { 0 };
	struct consist c = { 0 };
	const char *at = p, *s;
	size_t left = n, len;
	enum sq_err e = SQ_EFORMAT;

	if (n > CONSIST_MAX || !bytes_line(&at, &left, &s, &len) ||
	    !number(&at, &left, &c.old_size) ||
	    !hash(&at, &left, c.old_root) ||
	    !number(&at, &left, &c.new_size))
		goto out;
	while (left > 0)
		if (c.proof.n == MERKLE_PROOF_MAX ||
		    !hash(&at, &left, c.proof.hash[c.proof.n++]))
			goto out;
	if ((e = consist_emit(&c, &again)) != SQ_OK)
		goto out;
	if (again.len != n || memcmp(again.p, p, n) != 0)
		e = SQ_EFORMAT;
	else
		*ret = c;
out:
	bytes_free(&again);
	return e;
}
