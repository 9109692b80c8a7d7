/*
 * age files of our own making: they come back whole, and no altered, cut,
 * lengthened or rearranged one ever does.
 */
#include <stdio.h>
#include <time.h>

#include "tests/unit/age_help.h"

#include "crypto/age_int.h"
#include "crypto/stream.h"

#define CHUNK STREAM_CHUNK
#define SEALED STREAM_SEALED

static struct secret *me;
static char my_public[AGE_RECIPIENT_MAX];
static struct age_keys my_keys = { .identity = &me, .n_identity = 1 };

/* Bytes that depend on the place, so that swapped chunks differ. */
static uint8_t *
sample(size_t n)
{
	uint8_t *p = malloc(n + 1);
	uint32_t x = 2463534242u;

	assert_non_null(p);
	for (size_t i = 0; i < n; i++) {
		x ^= x << 13;
		x ^= x >> 17;
		x ^= x << 5;
		p[i] = (uint8_t)x;
	}
	return p;
}

/* A file to us with n bytes of sample in it. */
static void
sealed(size_t n, struct bytes_buf *out)
{
	uint8_t *p = sample(n);

	assert_int_equal(mem_seal(my_public, NULL, 0, p, n, 0, out), SQ_OK);
	free(p);
}

static enum sq_err
open_it(const void *p, size_t n, struct bytes_buf *out)
{
	bool late;

	return mem_open(&my_keys, p, n, 0, out, &late);
}

/* Opening must fail, and what leaves before must be a prefix of sample. */
static enum sq_err
must_fail(const void *p, size_t n)
{
	struct bytes_buf out = { 0 };
	enum sq_err e = open_it(p, n, &out);
	uint8_t *s;

	assert_int_not_equal(e, SQ_OK);
	s = sample(out.len);
	if (out.len > 0)
		assert_memory_equal(out.p, s, out.len);
	free(s);
	bytes_free(&out);
	return e;
}

/* Where the payload starts: after the header and the nonce. */
static size_t
payload_at(const struct bytes_buf *f)
{
	const uint8_t *p = memmem(f->p, f->len, "\n--- ", 5);

	assert_non_null(p);
	p = memchr(p + 1, '\n', f->len - (size_t)(p + 1 - f->p));
	assert_non_null(p);
	return (size_t)(p + 1 - f->p) + AGE_NONCE;
}

/* The file with a piece of text put in before the first "needle". */
static void
insert(const struct bytes_buf *f, const char *needle, const char *text,
    struct bytes_buf *out)
{
	const uint8_t *at = memmem(f->p, f->len, needle, strlen(needle));

	assert_non_null(at);
	bytes_put(out, f->p, (size_t)(at - f->p));
	bytes_puts(out, text);
	bytes_put(out, at, f->len - (size_t)(at - f->p));
}

static void
round_trip(size_t n, size_t in_step, size_t out_step)
{
	struct bytes_buf f = { 0 }, out = { 0 };
	uint8_t *p = sample(n);
	size_t chunks = n == 0 ? 1 : (n + CHUNK - 1) / CHUNK;
	bool late;

	assert_int_equal(mem_seal(my_public, NULL, 0, p, n, in_step, &f),
	    SQ_OK);
	assert_int_equal(f.len, payload_at(&f) + n + chunks * AEAD_TAG);
	assert_int_equal(mem_open(&my_keys, f.p, f.len, out_step, &out,
	    &late), SQ_OK);
	assert_int_equal(out.len, n);
	if (n > 0)
		assert_memory_equal(out.p, p, n);
	bytes_free(&f);
	bytes_free(&out);
	free(p);
}

static void
test_sizes(void **state)
{
	static const size_t sizes[] = { 0, 1, 15, 16, 17, 4095, 4096, 65519,
	    65520, 65535, 65536, 65537, 65552, 65553, 131071, 131072, 131073,
	    196608, 1000003 };
	static const size_t steps[] = { 0, 1, 4096, 65536, 65537, 99991 };

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		for (size_t j = 0; j < sizeof(steps) / sizeof(steps[0]); j++)
			round_trip(sizes[i], steps[j],
			    steps[(i + j) % 6]);
}

static void
test_random_sizes(void **state)
{
	unsigned seed = 20260601;

	(void)state;
	srandom(seed);
	for (int i = 0; i < 60; i++)
		round_trip((size_t)random() % 300000,
		    1 + (size_t)random() % 70000,
		    1 + (size_t)random() % 70000);
}

/* Nothing repeats: key, nonce and share are new each time. */
static void
test_never_the_same(void **state)
{
	struct bytes_buf a = { 0 }, b = { 0 };
	size_t at, same = 0;

	(void)state;
	sealed(1000, &a);
	sealed(1000, &b);
	assert_int_equal(a.len, b.len);
	at = payload_at(&a);
	assert_memory_not_equal(a.p + at - 16, b.p + at - 16, 16);
	for (size_t i = at; i < a.len; i++)
		same += a.p[i] == b.p[i];
	assert_true(same < 50);
	bytes_free(&a);
	bytes_free(&b);
}

static void
test_passphrase(void **state)
{
	struct secret *right = secret_str("alty soz, bir kilt");
	struct secret *wrong = secret_str("alty soz, bir kilT");
	struct age_keys keys = { .passphrase = right };
	struct bytes_buf f = { 0 }, out = { 0 };
	bool late;

	(void)state;
	assert_int_equal(mem_seal(NULL, right, 4, "words", 5, 0, &f), SQ_OK);
	assert_int_equal(mem_open(&keys, f.p, f.len, 0, &out, &late), SQ_OK);
	assert_int_equal(out.len, 5);
	assert_memory_equal(out.p, "words", 5);
	keys.passphrase = wrong;
	assert_int_equal(mem_open(&keys, f.p, f.len, 0, &out, &late),
	    SQ_EPASS);
	assert_false(late);
	/* an identity does not help, and a passphrase not on a key's file */
	assert_int_equal(open_it(f.p, f.len, &out), SQ_EPASS);
	bytes_free(&f);
	sealed(5, &f);
	keys.passphrase = right;
	assert_int_equal(mem_open(&keys, f.p, f.len, 0, &out, &late),
	    SQ_EPASS);
	assert_int_equal(out.len, 5);
	bytes_free(&f);
	bytes_free(&out);
	secret_free(right);
	secret_free(wrong);
}

static void
test_which_identity(void **state)
{
	struct secret *list[3];
	struct age_keys keys = { .identity = list, .n_identity = 3 };
	struct age_reader *r = NULL;
	struct bytes_buf f = { 0 };
	struct mem m;

	(void)state;
	assert_int_equal(age_keygen(&list[0]), SQ_OK);
	assert_int_equal(age_keygen(&list[1]), SQ_OK);
	list[2] = me;
	sealed(3, &f);
	m = (struct mem){ .p = f.p, .n = f.len };
	assert_int_equal(age_open_new(&keys, mem_read, &m, &r, NULL), SQ_OK);
	assert_int_equal(age_open_by(r), 2);
	age_open_free(r);
	keys.n_identity = 2;
	r = NULL;
	m = (struct mem){ .p = f.p, .n = f.len };
	assert_int_equal(age_open_new(&keys, mem_read, &m, &r, NULL),
	    SQ_EPASS);
	assert_null(r);
	bytes_free(&f);
	secret_free(list[0]);
	secret_free(list[1]);
}

static void
test_bit_flips_key(void **state)
{
	struct bytes_buf f = { 0 };

	(void)state;
	sealed(33, &f);
	for (size_t i = 0; i < 8 * f.len; i++) {
		f.p[i / 8] ^= (uint8_t)(1 << i % 8);
		(void)must_fail(f.p, f.len);
		f.p[i / 8] ^= (uint8_t)(1 << i % 8);
	}
	bytes_free(&f);
}

static void
test_bit_flips_passphrase(void **state)
{
	struct secret *pass = secret_str("p");
	struct age_keys keys = { .passphrase = pass, .max_log_n = 9 };
	struct bytes_buf f = { 0 }, out = { 0 };
	bool late;

	(void)state;
	assert_int_equal(mem_seal(NULL, pass, 1, "x", 1, 0, &f), SQ_OK);
	for (size_t i = 0; i < 8 * f.len; i++) {
		f.p[i / 8] ^= (uint8_t)(1 << i % 8);
		assert_int_not_equal(mem_open(&keys, f.p, f.len, 0, &out,
		    &late), SQ_OK);
		assert_int_equal(out.len, 0);
		f.p[i / 8] ^= (uint8_t)(1 << i % 8);
	}
	bytes_free(&f);
	secret_free(pass);
}

/* Each length below the whole: small files everywhere, a large one widely. */
static void
test_truncation(void **state)
{
	static const size_t sizes[] = { 0, 1, 100 };
	struct bytes_buf f = { 0 };
	size_t at, edge;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		sealed(sizes[i], &f);
		for (size_t n = 0; n < f.len; n++)
			(void)must_fail(f.p, n);
		bytes_free(&f);
	}
	sealed(2 * CHUNK + 100, &f);
	at = payload_at(&f);
	for (size_t n = at; n < f.len; n += 997)
		(void)must_fail(f.p, n);
	for (size_t k = 0; k < 3; k++)
		for (size_t d = 0; d < 40; d++) {
			edge = at + k * SEALED + d - 20;
			if (edge < f.len)
				(void)must_fail(f.p, edge);
		}
	/* cut exactly between two chunks: the last is not marked final */
	assert_int_equal(must_fail(f.p, at + SEALED), SQ_EAUTH);
	assert_int_equal(must_fail(f.p, at + 2 * SEALED), SQ_EAUTH);
	bytes_free(&f);
}

static void
test_trailing_bytes(void **state)
{
	static const size_t sizes[] = { 0, 10, CHUNK - 1, CHUNK, CHUNK + 1 };
	static const size_t more[] = { 1, 15, 16, 17, SEALED, SEALED + 1 };
	struct bytes_buf f = { 0 };
	uint8_t *junk = sample(SEALED + 1);
	size_t len;

	(void)state;
	for (size_t i = 0; i < 5; i++)
		for (size_t j = 0; j < 6; j++) {
			sealed(sizes[i], &f);
			bytes_put(&f, junk, more[j]);
			(void)must_fail(f.p, f.len);
			bytes_free(&f);
		}
	/* the same file once more behind itself */
	sealed(10, &f);
	len = f.len;
	for (size_t i = 0; i < len; i++)
		bytes_put_u8(&f, f.p[i]);
	(void)must_fail(f.p, f.len);
	bytes_free(&f);
	free(junk);
}

/* Chunks left out, doubled, swapped, or brought from another file. */
static void
test_rearranged_chunks(void **state)
{
	struct bytes_buf f = { 0 }, g = { 0 }, t = { 0 };
	size_t at;

	(void)state;
	sealed(3 * CHUNK, &f);
	sealed(3 * CHUNK, &g);
	at = payload_at(&f);
	assert_int_equal(f.len, at + 3 * SEALED);

	bytes_put(&t, f.p, at);				/* first left out */
	bytes_put(&t, f.p + at + SEALED, 2 * SEALED);
	assert_int_equal(must_fail(t.p, t.len), SQ_EAUTH);
	t.len = at;					/* middle left out */
	bytes_put(&t, f.p + at, SEALED);
	bytes_put(&t, f.p + at + 2 * SEALED, SEALED);
	assert_int_equal(must_fail(t.p, t.len), SQ_EAUTH);
	t.len = at;					/* first doubled */
	bytes_put(&t, f.p + at, SEALED);
	bytes_put(&t, f.p + at, 3 * SEALED);
	assert_int_equal(must_fail(t.p, t.len), SQ_EAUTH);
	t.len = at;					/* final doubled */
	bytes_put(&t, f.p + at, 3 * SEALED);
	bytes_put(&t, f.p + at + 2 * SEALED, SEALED);
	assert_int_equal(must_fail(t.p, t.len), SQ_EAUTH);
	t.len = at;					/* swapped */
	bytes_put(&t, f.p + at + SEALED, SEALED);
	bytes_put(&t, f.p + at, SEALED);
	bytes_put(&t, f.p + at + 2 * SEALED, SEALED);
	assert_int_equal(must_fail(t.p, t.len), SQ_EAUTH);
	t.len = at;					/* from another file */
	bytes_put(&t, f.p + at, 2 * SEALED);
	bytes_put(&t, g.p + at + 2 * SEALED, SEALED);
	assert_int_equal(must_fail(t.p, t.len), SQ_EAUTH);
	t.len = 0;					/* header of another */
	bytes_put(&t, g.p, at);
	bytes_put(&t, f.p + at, 3 * SEALED);
	assert_int_equal(must_fail(t.p, t.len), SQ_EAUTH);
	bytes_free(&f);
	bytes_free(&g);
	bytes_free(&t);
}

static void
test_header_forgeries(void **state)
{
	struct bytes_buf f = { 0 }, t = { 0 };
	uint8_t *mac;

	(void)state;
	sealed(10, &f);
	insert(&f, "---", "-> stranger\n\n", &t);
	assert_int_equal(must_fail(t.p, t.len), SQ_EAUTH);
	bytes_free(&t);
	/* a stanza of our kind that is not for us: still not authenticated */
	insert(&f, "-> ", "-> X25519 TEiF0ypqr+bpvcqXNyCVJpL7OuwPdVwPL7KQEbF"
	    "DOCc\nhjabGXwSLQ9c3S6Lw2i+S2Tu2fiwQHHslbBN6B41FLE\n", &t);
	assert_int_equal(must_fail(t.p, t.len), SQ_EAUTH);
	bytes_free(&t);
	mac = memmem(f.p, f.len, "\n--- ", 5);
	assert_non_null(mac);
	mac[5] = mac[5] == 'A' ? 'B' : 'A';
	assert_int_equal(must_fail(f.p, f.len), SQ_EAUTH);
	bytes_free(&f);
}

/* Only the whole text of a header, seen by the parser alone. */
static enum sq_err
parse(const char *s, size_t n)
{
	struct age_header h;
	enum sq_err e = age_header_parse((const uint8_t *)s, n, &h, NULL);

	age_header_free(&h);
	return e;
}

#define V "age-encryption.org/v1\n"
#define SCRYPT(N) "-> scrypt rF0/NwblUHHTpgQgRpe5CQ " N "\n" \
    "gUjEymFKMVXQEKdMMHL24oYexjE3TIC0O0zGSqJ2aUY\n"
#define X25519 "-> X25519 TEiF0ypqr+bpvcqXNyCVJpL7OuwPdVwPL7KQEbFDOCc\n" \
    "hjabGXwSLQ9c3S6Lw2i+S2Tu2fiwQHHslbBN6B41FLE\n"
#define MAC "--- In/TcKP5wDKP14sufF74poPZcpaLVECmfDt0G+yMIs4\n"

static const struct {
	const char *s;
	enum sq_err e;
} rules[] = {
	{ V X25519 MAC, SQ_OK },
	{ V X25519 X25519 MAC, SQ_OK },
	{ V SCRYPT("10") MAC, SQ_OK },
	{ V SCRYPT("99999999999999999999999999") MAC, SQ_OK },
	{ V "-> x\n\n" MAC, SQ_OK },
	{ V "-> x y\nAA\n" MAC, SQ_OK },
	{ V MAC, SQ_EFORMAT },
	{ V X25519 SCRYPT("10") MAC, SQ_EFORMAT },
	{ V SCRYPT("10") X25519 MAC, SQ_EFORMAT },
	{ V SCRYPT("10") "-> x\n\n" MAC, SQ_EFORMAT },
	{ V SCRYPT("10") SCRYPT("10") MAC, SQ_EFORMAT },
	{ V SCRYPT("010") MAC, SQ_EFORMAT },
	{ V SCRYPT("0") MAC, SQ_EFORMAT },
	{ V SCRYPT("1x") MAC, SQ_EFORMAT },
	{ V SCRYPT("+1") MAC, SQ_EFORMAT },
	/* a body of another length: a file key of another length */
	{ V "-> X25519 TEiF0ypqr+bpvcqXNyCVJpL7OuwPdVwPL7KQEbFDOCc\n"
	    "hjabGXwSLQ9c3S6Lw2i+S2Tu2fiwQHHslbBN6B41FLEAAAAA\n"
	    MAC, SQ_EFORMAT },
	{ V "-> X25519 TEiF0ypqr+bpvcqXNyCVJpL7OuwPdVwPL7KQEbFDOCc\n"
	    "hjabGXwSLQ9c3S6Lw2i+S2Tu2fiwQHHslbBN6B41\n"
	    MAC, SQ_EFORMAT },
	{ V "-> scrypt rF0/NwblUHHTpgQgRpe5CQ 10\n"
	    "gUjEymFKMVXQEKdMMHL24oYexjE3TIC0O0zGSqJ2aUYAAAAA\n"
	    MAC, SQ_EFORMAT },
	{ V "-> x\nAB\n" MAC, SQ_EFORMAT },	/* trailing bits */
	{ V "-> x\nA\n" MAC, SQ_EFORMAT },
	{ V "-> x\nAA==\n" MAC, SQ_EFORMAT },
	{ V "-> x\n A\n" MAC, SQ_EFORMAT },
	{ V "->  x\n\n" MAC, SQ_EFORMAT },
	{ V "-> x \n\n" MAC, SQ_EFORMAT },
	{ V "-> x\ty\n\n" MAC, SQ_EFORMAT },
	{ V "-> \n\n" MAC, SQ_EFORMAT },
	{ V "->x\n\n" MAC, SQ_EFORMAT },
	{ V "-> x\x7f\n\n" MAC, SQ_EFORMAT },
	{ V "-> x\r\n\r\n" MAC, SQ_EFORMAT },
	{ V X25519 MAC "x", SQ_EFORMAT },
	{ V X25519 MAC MAC, SQ_EFORMAT },
	{ V X25519 "---\n", SQ_EFORMAT },
	{ V X25519 "----\n", SQ_EFORMAT },
	{ V X25519, SQ_EFORMAT },
	{ V X25519 "\n" MAC, SQ_EFORMAT },
	{ "age-encryption.org/v2\n" X25519 MAC, SQ_EFORMAT },
	{ "", SQ_EFORMAT },
};

static void
test_header_rules(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		assert_int_equal(parse(rules[i].s, strlen(rules[i].s)),
		    rules[i].e);
	/* and cut anywhere it is not one */
	for (size_t n = 0; n < strlen(V X25519 MAC); n++)
		assert_int_equal(parse(V X25519 MAC, n), SQ_EFORMAT);
}

/* A work factor of 2^23 would take 8 GiB: refused in no time. */
static void
test_work_factor(void **state)
{
	static const char *const files[] = { V SCRYPT("23") MAC,
	    V SCRYPT("30") MAC, V SCRYPT("64") MAC,
	    V SCRYPT("4294967297") MAC,
	    V SCRYPT("99999999999999999999999999") MAC };
	struct secret *pass = secret_str("password");
	struct age_keys keys = { .passphrase = pass };
	struct bytes_buf out = { 0 };
	clock_t before = clock();
	bool late;

	(void)state;
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(mem_open(&keys, files[i], strlen(files[i]),
		    0, &out, &late), SQ_ELIMIT);
	assert_true(clock() - before < CLOCKS_PER_SEC / 10);
	/* the caller's own bound */
	keys.max_log_n = 9;
	assert_int_equal(mem_open(&keys, V SCRYPT("10") MAC,
	    strlen(V SCRYPT("10") MAC), 0, &out, &late), SQ_ELIMIT);
	keys.max_log_n = 10;
	assert_int_not_equal(mem_open(&keys, V SCRYPT("10") MAC,
	    strlen(V SCRYPT("10") MAC), 0, &out, &late), SQ_ELIMIT);
	/* writing: 1 to 18 */
	assert_int_equal(mem_seal(NULL, pass, 19, "", 0, 0, &out), SQ_ELIMIT);
	assert_int_equal(mem_seal(NULL, pass, 0, "", 0, 0, &out), SQ_ELIMIT);
	assert_int_equal(out.len, 0);
	secret_free(pass);
}

/* A header without an end is given up at one megabyte. */
static void
test_header_limit(void **state)
{
	struct bytes_buf f = { 0 }, out = { 0 };
	struct mem m;
	struct age_reader *r = NULL;

	(void)state;
	bytes_puts(&f, V "-> ");
	while (f.len < 3 * AGE_HEADER_MAX)
		bytes_puts(&f, "aaaaaaaa");
	m = (struct mem){ .p = f.p, .n = f.len };
	assert_int_equal(age_open_new(&my_keys, mem_read, &m, &r, NULL),
	    SQ_ELIMIT);
	assert_true(m.n > AGE_HEADER_MAX);	/* the rest was not read */
	f.len = 0;
	bytes_puts(&f, V);
	while (f.len < 2 * AGE_HEADER_MAX)
		bytes_puts(&f, X25519);
	assert_int_equal(open_it(f.p, f.len, &out), SQ_ELIMIT);
	/* not an age file at all: seen at once */
	f.p[0] = 'b';
	m = (struct mem){ .p = f.p, .n = f.len };
	assert_int_equal(age_open_new(&my_keys, mem_read, &m, &r, NULL),
	    SQ_EFORMAT);
	assert_true(m.n > f.len - 10000);
	bytes_free(&f);
}

static void
test_other_kinds(void **state)
{
	static const char *const kinds[] = { "mlkem768x25519", "p256tag",
	    "mlkem768p256tag", "ssh-ed25519", "ssh-rsa", "piv-p256" };
	struct bytes_buf f = { 0 }, out = { 0 };

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		bytes_putf(&f, V "-> %s x\nAA\n" MAC, kinds[i]);
		assert_int_equal(open_it(f.p, f.len, &out), SQ_EUNSUPPORTED);
		bytes_free(&f);
	}
	assert_int_equal(open_it(V "-> x\n\n" MAC, strlen(V "-> x\n\n" MAC),
	    &out), SQ_EPASS);
}

static void
armor(const struct bytes_buf *f, const char *eol, struct bytes_buf *out)
{
	size_t n;

	bytes_putf(out, "-----BEGIN AGE ENCRYPTED FILE-----%s", eol);
	for (size_t i = 0; i < f->len; i += n) {
		n = f->len - i < 48 ? f->len - i : 48;
		bytes_put_b64(out, f->p + i, n, true);
		bytes_puts(out, eol);
	}
	bytes_putf(out, "-----END AGE ENCRYPTED FILE-----%s", eol);
}

static void
test_armor(void **state)
{
	static const size_t sizes[] = { 0, 1, 2, 3, 47, 48, CHUNK, 200000 };
	struct bytes_buf f = { 0 }, a = { 0 }, out = { 0 };

	(void)state;
	for (size_t i = 0; i < 8; i++) {
		sealed(sizes[i], &f);
		armor(&f, i % 2 ? "\n" : "\r\n", &a);
		assert_int_equal(open_it(a.p, a.len, &out), SQ_OK);
		assert_int_equal(out.len, sizes[i]);
		bytes_free(&out);
		bytes_free(&f);
		bytes_free(&a);
	}
}

/* Armor that strays from the one form is refused, wherever it strays. */
static void
test_armor_strict(void **state)
{
	struct bytes_buf f = { 0 }, a = { 0 }, t = { 0 }, out = { 0 };

	(void)state;
	sealed(100, &f);
	armor(&f, "\n", &a);
	for (size_t i = 0; i < a.len - 2; i++) {	/* cut */
		assert_int_not_equal(open_it(a.p, i, &out), SQ_OK);
		assert_int_equal(out.len, 0);
	}
	assert_int_equal(open_it(a.p, a.len - 1, &out), SQ_OK);
	bytes_free(&out);
	for (size_t i = 0; i < 8 * a.len - 8; i++) {	/* a bit flipped */
		a.p[i / 8] ^= (uint8_t)(1 << i % 8);
		assert_int_not_equal(open_it(a.p, a.len, &out), SQ_OK);
		a.p[i / 8] ^= (uint8_t)(1 << i % 8);
	}
	assert_int_equal(out.len, 0);
	bytes_put(&t, a.p, a.len);
	bytes_puts(&t, "x");
	assert_int_equal(open_it(t.p, t.len, &out), SQ_EFORMAT);
	bytes_free(&t);
	bytes_put(&t, a.p, a.len);
	bytes_put(&t, a.p, a.len);
	assert_int_equal(open_it(t.p, t.len, &out), SQ_EFORMAT);
	bytes_free(&t);
	insert(&a, "-----BEGIN", " ", &t);
	assert_int_equal(open_it(t.p, t.len, &out), SQ_EFORMAT);
	bytes_free(&t);
	insert(&a, "-----BEGIN", "mail\n", &t);
	assert_int_equal(open_it(t.p, t.len, &out), SQ_EFORMAT);
	bytes_free(&t);
	insert(&a, "-----END", "\n", &t);
	assert_int_equal(open_it(t.p, t.len, &out), SQ_EFORMAT);
	bytes_free(&t);
	insert(&a, "-----END", "AAAA\n", &t);
	assert_int_equal(open_it(t.p, t.len, &out), SQ_EFORMAT);
	bytes_free(&t);
	for (int i = 0; i < 1025; i++)			/* white space */
		bytes_puts(&t, "\n");
	bytes_put(&t, a.p, a.len);
	assert_int_equal(open_it(t.p, t.len, &out), SQ_EFORMAT);
	bytes_free(&t);
	assert_int_equal(out.len, 0);
	bytes_free(&a);
	bytes_free(&f);
}

/* What the reader and the writer report passes through unchanged. */
static enum sq_err
full_disk(void *arg, const uint8_t *p, size_t n)
{
	size_t *room = arg;

	(void)p;
	if (n > *room)
		return SQ_ENOSPC;
	*room -= n;
	return SQ_OK;
}

static void
test_io_errors(void **state)
{
	struct bytes_buf f = { 0 };
	struct age_writer *w = NULL;
	struct age_reader *r;
	uint8_t *p = sample(3 * CHUNK), buf[4096];
	size_t room, got;
	struct mem m;
	enum sq_err e;

	(void)state;
	sealed(2 * CHUNK, &f);
	for (size_t left = 1; left < f.len; left += 7919) {
		m = (struct mem){ .p = f.p, .n = f.len, .step = 512,
		    .fail_at = left };
		r = NULL;
		e = age_open_new(&my_keys, mem_read, &m, &r, NULL);
		for (got = 1; e == SQ_OK && got > 0;)
			e = age_open_get(r, buf, sizeof(buf), &got);
		assert_int_equal(e, SQ_EIO);
		age_open_free(r);
	}
	room = 50;
	assert_int_equal(age_seal_new(my_public, NULL, 0, full_disk, &room,
	    &w), SQ_ENOSPC);
	assert_null(w);
	room = 2 * CHUNK;
	assert_int_equal(age_seal_new(my_public, NULL, 0, full_disk, &room,
	    &w), SQ_OK);
	assert_int_equal(age_seal_add(w, p, 3 * CHUNK), SQ_ENOSPC);
	room = 1u << 30;		/* too late: a chunk is missing */
	assert_int_equal(age_seal_end(w), SQ_ENOSPC);
	age_seal_free(w);
	bytes_free(&f);
	free(p);
}

static void
test_usage(void **state)
{
	struct secret *pass = secret_str("p");
	struct age_writer *w = NULL;
	struct bytes_buf f = { 0 };

	(void)state;
	assert_int_equal(mem_seal(NULL, NULL, 0, "", 0, 0, &f), SQ_EUSAGE);
	assert_int_equal(mem_seal(my_public, pass, 1, "", 0, 0, &f),
	    SQ_EUSAGE);
	assert_int_equal(mem_seal("age1pq1x", NULL, 0, "", 0, 0, &f),
	    SQ_EUNSUPPORTED);
	assert_int_equal(mem_seal("age1x", NULL, 0, "", 0, 0, &f),
	    SQ_EFORMAT);
	assert_int_equal(f.len, 0);
	assert_int_equal(age_seal_new(my_public, NULL, 0, mem_write, &f, &w),
	    SQ_OK);
	assert_int_equal(age_seal_end(w), SQ_OK);
	assert_int_not_equal(age_seal_end(w), SQ_OK);
	age_seal_free(w);
	age_seal_free(NULL);
	age_open_free(NULL);
	bytes_free(&f);
	secret_free(pass);
}

static void
test_stream(void **state)
{
	struct secret *key = NULL;
	struct stream *s = NULL, *o = NULL;
	uint8_t *p = sample(CHUNK), *c = malloc(SEALED), *d = malloc(SEALED);

	(void)state;
	assert_non_null(c);
	assert_non_null(d);
	assert_int_equal(secret_random(32, &key), SQ_OK);
	assert_int_equal(stream_new(key, &s), SQ_OK);
	assert_int_equal(stream_new(key, &o), SQ_OK);
	assert_int_equal(stream_seal(s, p, 10, false, c), SQ_EINTERNAL);
	assert_int_equal(stream_seal(s, p, CHUNK, false, c), SQ_OK);
	assert_int_equal(stream_open(o, c, SEALED, true, d), SQ_EAUTH);
	assert_int_equal(stream_open(o, c, SEALED - 1, false, d),
	    SQ_EFORMAT);
	assert_int_equal(stream_open(o, c, 15, true, d), SQ_EFORMAT);
	assert_int_equal(stream_open(o, c, SEALED, false, d), SQ_OK);
	assert_memory_equal(d, p, CHUNK);
	/* an empty final chunk is only right when it is the first */
	assert_int_equal(stream_seal(s, p, 0, true, c), SQ_EINTERNAL);
	assert_int_equal(stream_open(o, c, 16, true, d), SQ_EFORMAT);
	assert_int_equal(stream_seal(s, p, 5, true, c), SQ_OK);
	assert_int_equal(stream_open(o, c, 21, true, d), SQ_OK);
	assert_int_equal(stream_seal(s, p, 5, true, c), SQ_EINTERNAL);
	assert_int_equal(stream_open(o, c, 21, true, d), SQ_EFORMAT);
	stream_free(s);
	stream_free(o);
	stream_free(NULL);
	secret_free(key);
	free(p);
	free(c);
	free(d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_random_sizes),
		cmocka_unit_test(test_never_the_same),
		cmocka_unit_test(test_passphrase),
		cmocka_unit_test(test_which_identity),
		cmocka_unit_test(test_bit_flips_key),
		cmocka_unit_test(test_bit_flips_passphrase),
		cmocka_unit_test(test_truncation),
		cmocka_unit_test(test_trailing_bytes),
		cmocka_unit_test(test_rearranged_chunks),
		cmocka_unit_test(test_header_forgeries),
		cmocka_unit_test(test_header_rules),
		cmocka_unit_test(test_work_factor),
		cmocka_unit_test(test_header_limit),
		cmocka_unit_test(test_other_kinds),
		cmocka_unit_test(test_armor),
		cmocka_unit_test(test_armor_strict),
		cmocka_unit_test(test_io_errors),
		cmocka_unit_test(test_usage),
		cmocka_unit_test(test_stream),
	};
	int rc;

	if (secret_init() != SQ_OK || age_keygen(&me) != SQ_OK ||
	    age_public(me, my_public) != SQ_OK)
		return 1;
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	secret_free(me);
	return rc;
}
