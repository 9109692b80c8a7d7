#include <stdlib.h>
#include <string.h>

#include "crypto/age_int.h"
#include "crypto/bech32.h"

#define HRP_RECIPIENT "age"
#define HRP_IDENTITY "AGE-SECRET-KEY-"

_Static_assert(AGE_RECIPIENT_MAX == sizeof(HRP_RECIPIENT "1") + 52 + 6,
    "age1, 52 characters, 6 of checksum, NUL");

/* see age.h */
enum sq_err
age_keygen(struct secret **ret_identity)
{
	return secret_random(AGE_KEY, ret_identity);
}

/* see age.h */
enum sq_err
age_public(const struct secret *identity, char out[AGE_RECIPIENT_MAX])
{
	struct bytes_buf b = { 0 };
	uint8_t point[AGE_KEY];
	enum sq_err e;

	if ((e = age_wrap_public(identity, point)) != SQ_OK)
		return e;
	bech32_encode(HRP_RECIPIENT, point, sizeof(point), &b);
	bytes_put_u8(&b, 0);
	if ((e = bytes_done(&b)) == SQ_OK && b.len != AGE_RECIPIENT_MAX)
		e = SQ_EINTERNAL;
	if (e == SQ_OK)
		memcpy(out, b.p, b.len);
	bytes_free(&b);
	return e;
}

/* see age.h */
enum sq_err
age_identity_emit(const struct secret *identity, struct bytes_buf *out)
{
	if (secret_len(identity) != AGE_KEY)
		return SQ_EINTERNAL;
	bech32_encode(HRP_IDENTITY, secret_cbytes(identity), AGE_KEY, out);
	return bytes_done(out);
}

static bool
starts(const char *s, size_t n, const char *with)
{
	size_t len = strlen(with);

	return n >= len && memcmp(s, with, len) == 0;
}

/* Identities, and files of them, that exist and that we cannot use. */
static bool
foreign_identity(const char *s, size_t n)
{
	return starts(s, n, "AGE-SECRET-KEY-PQ-1") ||
	    starts(s, n, "AGE-PLUGIN-") ||
	    starts(s, n, "age-encryption.org/") ||
	    starts(s, n, "-----BEGIN ");
}

static enum sq_err
parse_identity(const char *s, size_t n, struct secret **ret)
{
	struct secret *id = NULL;
	enum sq_err e;

	if (foreign_identity(s, n))
		return SQ_EUNSUPPORTED;
	if ((e = secret_new(AGE_KEY, &id)) != SQ_OK)
		return e;
	if ((e = bech32_decode(HRP_IDENTITY, s, n, secret_bytes(id),
	    AGE_KEY)) != SQ_OK) {
		secret_free(id);
		return e;
	}
	*ret = id;
	return SQ_OK;
}

/* Append an identity to the list, which takes it over. */
static enum sq_err
append(struct secret ***list, size_t *n, struct secret *id)
{
	struct secret **l;

	if ((l = reallocarray(*list, *n + 1, sizeof(**list))) == NULL) {
		secret_free(id);
		return SQ_ENOMEM;
	}
	l[(*n)++] = id;
	*list = l;
	return SQ_OK;
}

/* see age.h */
enum sq_err
age_identity_parse(const char *p, size_t n, struct secret ***ret_list,
    size_t *ret_n)
{
	struct secret **list = NULL, *id;
	size_t n_list = 0, len, end;
	enum sq_err e = SQ_OK;
	const char *lf;

	for (; n > 0 && e == SQ_OK; p += len, n -= len) {
		lf = memchr(p, '\n', n);
		len = lf == NULL ? n : (size_t)(lf - p) + 1;
		end = lf == NULL ? n : len - 1;
		if (end > 0 && p[end - 1] == '\r')
			end--;
		if (end == 0 || p[0] == '#')
			continue;
		if ((e = parse_identity(p, end, &id)) == SQ_OK)
			e = append(&list, &n_list, id);
	}
	if (e == SQ_OK && n_list == 0)
		e = SQ_EFORMAT;
	if (e == SQ_OK) {
		*ret_list = list;
		*ret_n = n_list;
		return SQ_OK;	/* transferred */
	}
	while (n_list > 0)
		secret_free(list[--n_list]);
	free(list);
	return e;
}

/*
 * Recipients of other kinds: the human-readable part of a plugin's is age1NAME,
 * so that a second 1 stands in it.  The post-quantum and tagged ones are told
 * by name, even if mistyped: no correction of them would help.
 */
static bool
foreign_recipient(const char *s)
{
	size_t n = strlen(s);

	return starts(s, n, "age1pq1") || starts(s, n, "age1tag1") ||
	    starts(s, n, "age1tagpq1") || starts(s, n, "ssh-ed25519 ") ||
	    starts(s, n, "ssh-rsa ") ||
	    (starts(s, n, "age1") && strchr(s + 4, '1') != NULL &&
	    bech32_check(s, n));
}

/* see age_int.h */
enum sq_err
age_recipient_parse(const char *s, uint8_t point[AGE_KEY])
{
	struct secret *one = NULL, *shared = NULL;
	enum sq_err e;

	if (foreign_recipient(s))
		return SQ_EUNSUPPORTED;
	if ((e = bech32_decode(HRP_RECIPIENT, s, strlen(s), point,
	    AGE_KEY)) != SQ_OK)
		return e;
	/* a point of low order gives zero with any scalar */
	if ((e = secret_random(AGE_KEY, &one)) != SQ_OK)
		return e;
	e = age_wrap_dh(one, point, &shared);
	secret_free(one);
	secret_free(shared);
	return e;
}

/* see age.h */
enum sq_err
age_recipient_check(const char *s)
{
	uint8_t point[AGE_KEY];

	return age_recipient_parse(s, point);
}
