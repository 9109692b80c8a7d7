/*
 * For the reference programs beside this: bytes, hashes and trees, straight
 * from docs/FORMAT.md and docs/BUNDLE.md.  Nothing of crypto/ or vault/ is
 * used, so that an error there is not repeated here.
 */
#ifndef SQ_TESTS_REF_H
#define SQ_TESTS_REF_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <argon2.h>
#include <sodium.h>

#define REF __attribute__((unused)) static

struct buf {
	uint8_t p[65536];
	size_t n;
};

REF void
die(const char *what)
{
	fprintf(stderr, "reference: %s\n", what);
	exit(1);
}

REF void
put(struct buf *b, const void *p, size_t n)
{
	if (n > sizeof(b->p) - b->n)
		die("buffer too small");
	memcpy(b->p + b->n, p, n);
	b->n += n;
}

REF void
say(struct buf *b, const char *s)
{
	put(b, s, strlen(s));
}

/* An integer of n bytes, little-endian. */
REF void
le(struct buf *b, uint64_t v, int n)
{
	for (; n > 0; n--, v >>= 8)
		put(b, (uint8_t[]){ (uint8_t)v }, 1);
}

/* The string of SSH: u32 big-endian and bytes. */
REF void
str(struct buf *b, const void *p, size_t n)
{
	for (int i = 24; i >= 0; i -= 8)
		put(b, (uint8_t[]){ (uint8_t)(n >> i) }, 1);
	put(b, p, n);
}

REF uint64_t
rd(const uint8_t *p, int n)
{
	uint64_t v = 0;

	while (n-- > 0)
		v = v << 8 | p[n];
	return v;
}

REF void
sha(uint8_t out[32], const struct buf *b)
{
	crypto_hash_sha256(out, b->p, b->n);
}

REF void
b2(uint8_t *out, size_t n, const uint8_t *key, const struct buf *b)
{
	crypto_generichash(out, n, b->p, b->n, key, key == NULL ? 0 : 32);
}

REF void
hex(char *out, const void *p, size_t n)
{
	sodium_bin2hex(out, 2 * n + 1, p, n);
}

REF void
put_hex(struct buf *b, const void *p, size_t n)
{
	char s[513];

	hex(s, p, n);
	say(b, s);
}

REF void
b64(struct buf *b, const void *p, size_t n, bool padded)
{
	char s[1024];

	sodium_bin2base64(s, sizeof(s), p, n, padded ?
	    sodium_base64_VARIANT_ORIGINAL :
	    sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
	say(b, s);
}

/* n bytes that follow from a name, where real ones are random. */
REF void
det(void *out, size_t n, const char *name)
{
	uint8_t block[64], *p = out;
	struct buf b = { .n = 0 };
	size_t part;

	for (uint64_t i = 0; n > 0; i++, p += part, n -= part) {
		b.n = 0;
		say(&b, "test vector ");
		say(&b, name);
		le(&b, i, 8);
		b2(block, sizeof(block), NULL, &b);
		part = n < sizeof(block) ? n : sizeof(block);
		memcpy(p, block, part);
	}
}

/* --- the tree, as RFC 6962 section 2.1 defines it ----------------------- */

REF void
node(uint8_t out[32], const uint8_t l[32], const uint8_t r[32])
{
	struct buf b = { .n = 0 };

	le(&b, 1, 1);
	put(&b, l, 32);
	put(&b, r, 32);
	sha(out, &b);
}

/* The largest power of two below n. */
REF size_t
split(size_t n)
{
	size_t k = 1;

	while (2 * k < n)
		k *= 2;
	return k;
}

REF void
head(uint8_t out[32], uint8_t (*leaf)[32], size_t n)
{
	uint8_t l[32], r[32];
	size_t k;

	if (n == 1) {
		memcpy(out, leaf[0], 32);
		return;
	}
	k = split(n);
	head(l, leaf, k);
	head(r, leaf + k, n - k);
	node(out, l, r);
}

struct proof {
	uint8_t h[64][32];
	size_t n;
};

REF void
path(struct proof *p, size_t m, uint8_t (*leaf)[32], size_t n)
{
	size_t k;

	if (n == 1)
		return;
	k = split(n);
	if (m < k) {
		path(p, m, leaf, k);
		head(p->h[p->n++], leaf + k, n - k);
	} else {
		path(p, m - k, leaf + k, n - k);
		head(p->h[p->n++], leaf, k);
	}
}

REF void
subproof(struct proof *p, size_t m, uint8_t (*leaf)[32], size_t n, bool whole)
{
	size_t k;

	if (m == n) {
		if (!whole)
			head(p->h[p->n++], leaf, n);
		return;
	}
	k = split(n);
	if (m <= k) {
		subproof(p, m, leaf, k, whole);
		head(p->h[p->n++], leaf + k, n - k);
	} else {
		subproof(p, m - k, leaf + k, n - k, false);
		head(p->h[p->n++], leaf, k);
	}
}

/* --- entries ------------------------------------------------------------ */

REF void
vc_of(uint8_t out[32], const uint8_t salt[16], const char *value, size_t n)
{
	struct buf b = { .n = 0 };

	say(&b, "sandyq/value/1");
	put(&b, salt, 16);
	put(&b, value, n);
	sha(out, &b);
}

REF void
leaf_of(uint8_t out[32], const char *name, size_t n, const uint8_t vc[32])
{
	struct buf b = { .n = 0 };

	le(&b, 0, 1);
	say(&b, "sandyq/field/1");
	le(&b, n, 2);
	put(&b, name, n);
	put(&b, vc, 32);
	sha(out, &b);
}

REF void
root_of(uint8_t out[32], uint8_t (*leaf)[32], size_t n)
{
	struct buf b = { .n = 0 };
	uint8_t h[32];

	head(h, leaf, n);
	say(&b, "sandyq/root/1");
	le(&b, n, 4);
	put(&b, h, 32);
	sha(out, &b);
}

/* Leaf of the log. */
REF void
log_leaf_of(uint8_t out[32], const uint8_t root[32])
{
	struct buf b = { .n = 0 };

	le(&b, 0, 1);
	say(&b, "sandyq/entry/1\n");
	put(&b, root, 32);
	sha(out, &b);
}

/* --- heads -------------------------------------------------------------- */

struct chain {
	uint8_t id[16], c[32];
	unsigned bucket;
};

struct chains {
	struct chain v[256];
	size_t n;
};

/* Entry number index names the record id. */
REF void
chain_step(struct chains *ch, const uint8_t id[16], uint64_t index,
    const uint8_t root[32])
{
	struct buf b = { .n = 0 };
	uint8_t h[32];
	size_t i = 0;

	while (i < ch->n && memcmp(ch->v[i].id, id, 16) != 0)
		i++;
	if (i == ch->n) {
		if (ch->n == 256)
			die("too many records");
		memset(&ch->v[i], 0, sizeof(ch->v[i]));
		memcpy(ch->v[i].id, id, 16);
		crypto_hash_sha256(h, id, 16);
		ch->v[i].bucket = (unsigned)(h[0] * 256 + h[1]) / 16;
		ch->n++;
	}
	say(&b, "sandyq/chain/1");
	put(&b, ch->v[i].c, 32);
	le(&b, index, 8);
	put(&b, root, 32);
	sha(ch->v[i].c, &b);
}

REF int
chain_cmp(const void *x, const void *y)
{
	return memcmp(((const struct chain *)x)->id,
	    ((const struct chain *)y)->id, 16);
}

REF void
heads_of(struct chains *ch, uint8_t out[32])
{
	crypto_hash_sha256_state st;
	struct buf b;
	uint8_t h[32];

	qsort(ch->v, ch->n, sizeof(ch->v[0]), chain_cmp);
	crypto_hash_sha256_init(&st);
	crypto_hash_sha256_update(&st, (const uint8_t *)"sandyq/heads/1", 14);
	for (unsigned k = 0; k < 4096; k++) {
		b.n = 0;
		say(&b, "sandyq/bucket/1");
		for (size_t i = 0; i < ch->n; i++)
			if (ch->v[i].bucket == k) {
				put(&b, ch->v[i].id, 16);
				put(&b, ch->v[i].c, 32);
			}
		sha(h, &b);
		crypto_hash_sha256_update(&st, h, 32);
	}
	crypto_hash_sha256_final(&st, out);
}

/* --- keys --------------------------------------------------------------- */

REF void
argon(uint8_t ikm[32], const char *pass, const uint8_t set[48])
{
	if (argon2id_hash_raw((uint32_t)rd(set + 40, 4),
	    (uint32_t)rd(set + 36, 4), (uint32_t)rd(set + 44, 4), pass,
	    strlen(pass), set, 32, ikm, 32) != ARGON2_OK)
		die("argon2");
}

REF void
subkey(uint8_t *out, size_t n, const uint8_t master[32], uint64_t id)
{
	uint8_t salt[16] = { 0 }, personal[16] = "sandyq01";

	salt[0] = (uint8_t)id;
	crypto_generichash_blake2b_salt_personal(out, n, NULL, 0, master, 32,
	    salt, personal);
}

REF void
xseal(uint8_t *ct, uint8_t tag[16], const uint8_t *pt, size_t n,
    const struct buf *ad, const uint8_t nonce[24], const uint8_t key[32])
{
	crypto_aead_xchacha20poly1305_ietf_encrypt_detached(ct, tag, NULL, pt,
	    n, ad->p, ad->n, NULL, nonce, key);
}

REF bool
xopen(uint8_t *pt, const uint8_t *ct, size_t n, const uint8_t tag[16],
    const struct buf *ad, const uint8_t nonce[24], const uint8_t key[32])
{
	return crypto_aead_xchacha20poly1305_ietf_decrypt_detached(pt, NULL,
	    ct, n, tag, ad->p, ad->n, nonce, key) == 0;
}

REF void
seed_of(uint8_t out[32], const uint8_t s[32], const char *use)
{
	struct buf b = { .n = 0 };

	say(&b, "sandyq/identity/1/");
	say(&b, use);
	le(&b, 0, 4);
	b2(out, 32, s, &b);
}

/* --- words -------------------------------------------------------------- */

REF char words[7776][16];

/* crypto/words.inc is a plain list: one quoted word a line. */
REF void
words_load(void)
{
	FILE *f = fopen("crypto/words.inc", "r");
	char line[64], *p;
	size_t n = 0;

	if (f == NULL)
		die("crypto/words.inc: run this from the repository's root");
	while (n < 7776 && fgets(line, sizeof(line), f) != NULL)
		if ((p = strchr(line, '"')) != NULL) {
			p[1 + strcspn(p + 1, "\"")] = '\0';
			snprintf(words[n++], 16, "%.15s", p + 1);
		}
	fclose(f);
	if (n != 7776)
		die("crypto/words.inc: not 7,776 words");
}

#endif
