#include <stddef.h>

#include "crypto/shamir.h"

/*
 * The field is that of AES (FIPS 197, section 4).  Every operation takes the
 * same steps whatever the values: no look-up, no branch.
 */

/* see shamir.h */
uint8_t
shamir_mul(uint8_t a, uint8_t b)
{
	unsigned x = a, p = 0;

	for (unsigned i = 0; i < 8; i++) {
		p ^= x & (0u - ((unsigned)b >> i & 1u));
		x = x << 1 ^ (0x11bu & (0u - (x >> 7 & 1u)));
	}
	return (uint8_t)p;
}

/* see shamir.h */
uint8_t
shamir_inv(uint8_t a)
{
	uint8_t r = 1, square = a;

	/* a^254, 254 = 11111110 in binary */
	for (unsigned i = 1; i < 8; i++) {
		square = shamir_mul(square, square);
		r = shamir_mul(r, square);
	}
	return r;
}

/* see shamir.h */
enum sq_err
shamir_split(const struct secret *s, unsigned k, unsigned n,
    const struct secret *coeffs, struct secret *ret[])
{
	const uint8_t *c = secret_cbytes(coeffs), *p = secret_cbytes(s);
	enum sq_err e = SQ_OK;
	uint8_t *y, v;

	for (unsigned i = 0; i < n && i < SHAMIR_MAX; i++)
		ret[i] = NULL;
	if (k < 2 || k > n || n > SHAMIR_MAX || secret_len(s) != SHAMIR_LEN ||
	    secret_len(coeffs) != (size_t)(k - 1) * SHAMIR_LEN)
		return SQ_EUSAGE;
	for (unsigned i = 0; i < n && e == SQ_OK; i++) {
		if ((e = secret_new(SHAMIR_LEN, &ret[i])) != SQ_OK)
			break;
		y = secret_bytes(ret[i]);
		for (size_t b = 0; b < SHAMIR_LEN; b++) {
			/* Horner, from the highest power down */
			v = 0;
			for (unsigned j = k - 1; j > 0; j--)
				v = shamir_mul(v ^ c[(j - 1) * SHAMIR_LEN + b],
				    (uint8_t)(i + 1));
			y[b] = v ^ p[b];
		}
	}
	for (unsigned i = 0; i < n && e != SQ_OK; i++) {
		secret_free(ret[i]);
		ret[i] = NULL;
	}
	return e;
}

/* see shamir.h */
enum sq_err
shamir_value(const uint8_t x[], const struct secret *const y[], unsigned k,
    uint8_t at, struct secret **ret)
{
	struct secret *s = NULL;
	uint8_t *p, w;
	enum sq_err e;

	if (k < 2 || k > SHAMIR_MAX)
		return SQ_EUSAGE;
	for (unsigned i = 0; i < k; i++) {
		if (x[i] == 0 || x[i] > SHAMIR_MAX ||
		    secret_len(y[i]) != SHAMIR_LEN)
			return SQ_EUSAGE;
		for (unsigned j = 0; j < i; j++)
			if (x[i] == x[j])
				return SQ_EUSAGE;
	}
	if ((e = secret_new(SHAMIR_LEN, &s)) != SQ_OK)
		return e;
	p = secret_bytes(s);
	for (size_t b = 0; b < SHAMIR_LEN; b++)
		p[b] = 0;
	for (unsigned i = 0; i < k; i++) {
		/* Lagrange: the x are public, only y is not */
		w = 1;
		for (unsigned j = 0; j < k; j++)
			if (j != i)
				w = shamir_mul(w, shamir_mul(at ^ x[j],
				    shamir_inv(x[i] ^ x[j])));
		for (size_t b = 0; b < SHAMIR_LEN; b++)
			p[b] ^= shamir_mul(w, secret_cbytes(y[i])[b]);
	}
	*ret = s;
	return SQ_OK;		/* transferred */
}
