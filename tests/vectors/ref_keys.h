/*
 * For ref.c: the signing keys of the log that the vectors are about, and all
 * the texts that they appear as.  docs/BUNDLE.md section 9.
 */
#ifndef SQ_TESTS_REF_KEYS_H
#define SQ_TESTS_REF_KEYS_H

#include "tests/vectors/ref.h"

#define LOG_ID "00112233445566778899aabbccddeeff"
#define TIME "2026-01-02T03:04:05Z"

static uint8_t identity[32];

struct pair {
	uint8_t seed[32], pk[32], sk[64];
};

static struct pair note, mini, ssh;

static void
pair_make(struct pair *p, const char *use)
{
	seed_of(p->seed, identity, use);
	crypto_sign_seed_keypair(p->pk, p->sk, p->seed);
}

static void
key_hash(uint8_t out[4])
{
	struct buf b = { .n = 0 };
	uint8_t h[32];

	say(&b, "sandyq/" LOG_ID "\n");
	le(&b, 1, 1);
	put(&b, note.pk, 32);
	sha(h, &b);
	memcpy(out, h, 4);
}

static void
vkey(struct buf *out)
{
	uint8_t h[4], k[33] = { 1 };

	key_hash(h);
	memcpy(k + 1, note.pk, 32);
	say(out, "sandyq/" LOG_ID "+");
	put_hex(out, h, 4);
	say(out, "+");
	b64(out, k, 33, true);
}

static void
mini_id(uint8_t id[8])
{
	struct buf b = { .n = 0 };
	uint8_t h[32];

	put(&b, mini.pk, 32);
	b2(h, 32, NULL, &b);
	memcpy(id, h, 8);
}

static void
mini_key(struct buf *out)
{
	uint8_t k[42] = "Ed";

	mini_id(k + 2);
	memcpy(k + 10, mini.pk, 32);
	b64(out, k, 42, true);
}

static void
ssh_blob(struct buf *b)
{
	str(b, "ssh-ed25519", 11);
	str(b, ssh.pk, 32);
}

static void
ssh_key(struct buf *out)
{
	struct buf b = { .n = 0 };

	ssh_blob(&b);
	say(out, "ssh-ed25519 ");
	b64(out, b.p, b.n, true);
}

static void
ssh_print(struct buf *out)
{
	struct buf b = { .n = 0 };
	uint8_t h[32];

	ssh_blob(&b);
	sha(h, &b);
	say(out, "SHA256:");
	b64(out, h, 32, false);
}

static uint32_t
polymod(uint32_t c, unsigned v)
{
	static const uint32_t g[5] = { 0x3b6a57b2, 0x26508e6d, 0x1ea119fa,
	    0x3d4233dd, 0x2a1462b3 };
	uint32_t top = c >> 25;

	c = (c & 0x1ffffff) << 5 ^ v;
	for (int i = 0; i < 5; i++)
		if (top >> i & 1)
			c ^= g[i];
	return c;
}

/* Bech32 (BIP 173) of 32 bytes. */
static void
bech32(struct buf *out, const char *hrp, const uint8_t p[32])
{
	static const char set32[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
	uint32_t c = 1, acc = 0, bits = 0;
	uint8_t v[53] = { 0 };
	size_t n = 0;

	for (const char *s = hrp; *s != '\0'; s++)
		c = polymod(c, (unsigned char)*s >> 5);
	c = polymod(c, 0);
	for (const char *s = hrp; *s != '\0'; s++)
		c = polymod(c, *s & 31);
	for (int i = 0; i < 32; i++) {
		acc = acc << 8 | p[i];
		for (bits += 8; bits >= 5; bits -= 5)
			v[n++] = acc >> (bits - 5) & 31;
	}
	v[n++] = (uint8_t)(acc << (5 - bits) & 31);
	say(out, hrp);
	say(out, "1");
	for (size_t i = 0; i < n; i++) {
		c = polymod(c, v[i]);
		put(out, &set32[v[i]], 1);
	}
	for (int i = 0; i < 6; i++)
		c = polymod(c, 0);
	for (int i = 0; i < 6; i++)
		put(out, &set32[(c ^ 1) >> 5 * (5 - i) & 31], 1);
}

static void
card_words(struct buf *out, const uint8_t pk[32])
{
	uint8_t h[32];
	uint32_t v;

	crypto_hash_sha256(h, pk, 32);
	for (int i = 0; i < 8; i++) {
		v = (uint32_t)h[4 * i] << 24 | (uint32_t)h[4 * i + 1] << 16 |
		    (uint32_t)h[4 * i + 2] << 8 | h[4 * i + 3];
		say(out, i % 4 == 0 ? "    " : " ");
		say(out, words[v % 7776]);
		say(out, i % 4 == 3 ? "\n" : "");
	}
	say(out, "\n");
}

static void
card(struct buf *b)
{
	say(b, "SANDYQ KEY CARD\n\nWith these three public keys you can tell "
	    "whether a bundle comes from\nthis vault.  Take the card from the "
	    "hand of a person you know, or read\nthe words to each other over "
	    "a telephone.  A card that came in the same\nmessage as the "
	    "bundle proves nothing.\n\nlog: " LOG_ID "\ndate: " TIME
	    "\n\nvkey: ");
	vkey(b);
	say(b, "\n");
	card_words(b, note.pk);
	say(b, "minisign: ");
	mini_key(b);
	say(b, "\n");
	card_words(b, mini.pk);
	say(b, "ssh: ");
	ssh_key(b);
	say(b, "\n    ");
	ssh_print(b);
	say(b, "\n");
	card_words(b, ssh.pk);
	say(b, "How to use it:\n  sandyq-verify FILE.age -i MY-KEY --trust "
	    "THIS-CARD\nWith stock tools, keep your own copies of two files:\n"
	    "  allowed_signers:  vault namespaces=\"evidence-bundle@sandyq\" "
	    "and then the\n                    two words behind \"ssh:\" "
	    "above, in one line\n  sandyq.pub:       an untrusted comment "
	    "line, then the word behind\n                    \"minisign:\" "
	    "above\n");
}

static void
pub_file(struct buf *b)
{
	uint8_t id[8];
	char s[24];

	mini_id(id);
	say(b, "untrusted comment: minisign public key ");
	for (int i = 7; i >= 0; i--) {
		snprintf(s, sizeof(s), "%02X", id[i]);
		say(b, s);
	}
	say(b, "\n");
	mini_key(b);
	say(b, "\n");
}

static void
signers(struct buf *b)
{
	say(b, "vault namespaces=\"evidence-bundle@sandyq\" ");
	ssh_key(b);
	say(b, "\n");
}

#endif
