#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/digest.h"
#include "crypto/sshsig.h"
#include "tests/unit/peer.h"
#include "tests/unit/vec.h"

#define LEN(a) (sizeof(a) / sizeof((a)[0]))
#define DIR "sshsig-openssh/"
#define NS "evidence-bundle@sandyq"

static char *
read_vec(const char *name, size_t *ret_n)
{
	char rel[512];

	(void)snprintf(rel, sizeof(rel), DIR "%s", name);
	return peer_read(vec_path(rel), ret_n);
}

/* Ed25519 is verified, each other type is named as not supported. */
static void
openssh_cases(void **state)
{
	static const struct {
		const char *name;
		enum sq_err want;
	} cases[] = {
		{ "ed25519", SQ_OK },
		{ "rsa", SQ_EUNSUPPORTED },
		{ "ecdsa", SQ_EUNSUPPORTED },
		{ "ed25519_sk", SQ_EUNSUPPORTED },
		{ "ecdsa_sk", SQ_EUNSUPPORTED },
		{ "ecdsa_sk_webauthn", SQ_EUNSUPPORTED },
		{ "mldsa44-ed25519", SQ_EUNSUPPORTED },
	};
	char name[64], ns[64], *p, *msg, *nsp;
	uint8_t pk[SIGN_PK], want[SIGN_PK];
	size_t n, nmsg, nns;
	enum sq_err e;

	(void)state;
	vec_need(DIR "signed-data");
	msg = read_vec("signed-data", &nmsg);
	nsp = read_vec("namespace", &nns);
	(void)snprintf(ns, sizeof(ns), "%.*s", (int)strcspn(nsp, "\n"), nsp);
	for (size_t i = 0; i < LEN(cases); i++) {
		(void)snprintf(name, sizeof(name), "%s.sig", cases[i].name);
		p = read_vec(name, &n);
		e = sshsig_check(p, n, ns, msg, nmsg, pk);
		vec_took("sshsig", name, true, e == SQ_OK);
		if (e != cases[i].want)
			fail_msg("%s: %s", name, err_str(e));
		if (e == SQ_OK) {
			assert_int_equal(sshsig_check(p, n, "file", msg, nmsg,
			    pk), SQ_EAUTH);
			assert_int_equal(sshsig_check(p, n, ns, msg, nmsg - 1,
			    pk), SQ_EAUTH);
		}
		free(p);
		(void)snprintf(name, sizeof(name), "%s.pub", cases[i].name);
		p = read_vec(name, &n);
		e = sshsig_pub_parse(p, n, want);
		if (e != cases[i].want)
			fail_msg("%s: %s", name, err_str(e));
		if (e == SQ_OK)
			assert_memory_equal(pk, want, SIGN_PK);
		free(p);
	}
	free(msg);
	free(nsp);
}

/* Every byte of the armored text counts; cut anywhere it is nothing. */
static void
flips(void **state)
{
	struct secret *seed = vec_fill(5, SIGN_SEED);
	struct bytes_buf sig = { 0 };
	uint8_t pk[SIGN_PK], got[SIGN_PK];

	(void)state;
	assert_int_equal(sign_public(seed, pk), SQ_OK);
	assert_int_equal(sshsig_make(seed, NS, "message", 7, &sig), SQ_OK);
	assert_int_equal(sshsig_check((char *)sig.p, sig.len, NS, "message",
	    7, got), SQ_OK);
	assert_memory_equal(pk, got, SIGN_PK);
	for (size_t i = 0; i < sig.len; i++) {
		for (int v = 1; v < 256; v++) {
			sig.p[i] ^= (uint8_t)v;
			if (sshsig_check((char *)sig.p, sig.len, NS,
			    "message", 7, got) == SQ_OK)
				fail_msg("byte %zu ^ %02x", i, (unsigned)v);
			sig.p[i] ^= (uint8_t)v;
		}
		assert_int_not_equal(sshsig_check((char *)sig.p, i, NS,
		    "message", 7, got), SQ_OK);
	}
	bytes_puts(&sig, "\n");
	assert_int_equal(sshsig_check((char *)sig.p, sig.len, NS, "message",
	    7, got), SQ_EFORMAT);
	bytes_free(&sig);
	secret_free(seed);
}

static void
put_str(struct bytes_buf *b, const void *p, size_t n)
{
	bytes_put_u32be(b, (uint32_t)n);
	bytes_put(b, p, n);
}

/* What a forger may vary in the blob, the signature being right for it. */
struct forge {
	uint32_t version;
	const char *ns, *reserved, *hash, *key_type, *sig_type;
	const char *trailing;
};

/* Make the armored signature of "message" with those parts. */
static void
make_forge(const struct secret *seed, const struct forge *f,
    struct bytes_buf *out)
{
	struct bytes_buf text = { 0 }, blob = { 0 }, b = { 0 };
	uint8_t pk[SIGN_PK], sig[SIGN_SIG], h[64];
	struct digest *d = NULL;
	bool wide = strcmp(f->hash, "sha256") != 0;

	assert_int_equal(sign_public(seed, pk), SQ_OK);
	assert_int_equal(digest_new(wide ? DIGEST_SHA512 : DIGEST_SHA256, &d),
	    SQ_OK);
	assert_int_equal(digest_add(d, "message", 7), SQ_OK);
	assert_int_equal(digest_end(d, h), SQ_OK);
	digest_free(d);
	bytes_puts(&text, "SSHSIG");
	put_str(&text, f->ns, strlen(f->ns));
	put_str(&text, f->reserved, strlen(f->reserved));
	put_str(&text, f->hash, strlen(f->hash));
	put_str(&text, h, wide ? 64 : 32);
	assert_int_equal(sign_make(seed, text.p, text.len, sig), SQ_OK);
	bytes_puts(&blob, "SSHSIG");
	bytes_put_u32be(&blob, f->version);
	put_str(&b, f->key_type, strlen(f->key_type));
	put_str(&b, pk, sizeof(pk));
	put_str(&blob, b.p, b.len);
	put_str(&blob, f->ns, strlen(f->ns));
	put_str(&blob, f->reserved, strlen(f->reserved));
	put_str(&blob, f->hash, strlen(f->hash));
	b.len = 0;
	put_str(&b, f->sig_type, strlen(f->sig_type));
	put_str(&b, sig, sizeof(sig));
	put_str(&blob, b.p, b.len);
	bytes_puts(&blob, f->trailing);
	b.len = 0;
	bytes_put_b64(&b, blob.p, blob.len, true);
	out->len = 0;
	bytes_puts(out, "-----BEGIN SSH SIGNATURE-----\n");
	for (size_t i = 0; i < b.len; i += 70) {
		bytes_put(out, b.p + i, b.len - i < 70 ? b.len - i : 70);
		bytes_puts(out, "\n");
	}
	bytes_puts(out, "-----END SSH SIGNATURE-----\n");
	bytes_free(&text);
	bytes_free(&blob);
	bytes_free(&b);
}

/* Validly signed, and yet each is refused for what it says of itself. */
static void
forged_parts(void **state)
{
#define ED "ssh-ed25519"
	static const struct {
		struct forge f;
		enum sq_err want;
	} cases[] = {
		{ { 1, NS, "", "sha512", ED, ED, "" }, SQ_OK },
		{ { 1, NS, "", "sha256", ED, ED, "" }, SQ_OK },
		{ { 2, NS, "", "sha512", ED, ED, "" }, SQ_EUNSUPPORTED },
		{ { 1, NS, "", "sha1", ED, ED, "" }, SQ_EUNSUPPORTED },
		{ { 1, NS, "", "SHA512", ED, ED, "" }, SQ_EUNSUPPORTED },
		{ { 1, "file", "", "sha512", ED, ED, "" }, SQ_EAUTH },
		{ { 1, NS "x", "", "sha512", ED, ED, "" }, SQ_EAUTH },
		{ { 1, "", "", "sha512", ED, ED, "" }, SQ_EFORMAT },
		{ { 1, NS, "x", "sha512", ED, ED, "" }, SQ_EFORMAT },
		{ { 1, NS, "", "sha512", "ssh-rsa", ED, "" },
		    SQ_EUNSUPPORTED },
		{ { 1, NS, "", "sha512", ED, "rsa-sha2-512", "" },
		    SQ_EFORMAT },
		{ { 1, NS, "", "sha512", ED, ED, "x" }, SQ_EFORMAT },
	};
	struct secret *seed = vec_fill(5, SIGN_SEED);
	struct bytes_buf b = { 0 };
	uint8_t pk[SIGN_PK];
	enum sq_err e;

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		make_forge(seed, &cases[i].f, &b);
		e = sshsig_check((char *)b.p, b.len, NS, "message", 7, pk);
		if (e != cases[i].want)
			fail_msg("case %zu: %s", i, err_str(e));
	}
	bytes_free(&b);
	secret_free(seed);
}

static void
refusals(void **state)
{
	struct secret *seed = vec_fill(5, SIGN_SEED);
	struct bytes_buf b = { 0 };
	uint8_t pk[SIGN_PK];
	char *big;

	(void)state;
	assert_int_equal(sign_public(seed, pk), SQ_OK);
	assert_int_equal(sshsig_make(seed, "", "m", 1, &b), SQ_EFORMAT);
	assert_int_equal(sshsig_make(seed, "a\nb", "m", 1, &b), SQ_EFORMAT);
	assert_int_equal(sshsig_pub(pk, "a\nb", &b), SQ_EFORMAT);
	assert_int_equal(b.len, 0);
	assert_int_equal(sshsig_check("", 0, NS, "m", 1, pk), SQ_EFORMAT);
	big = malloc(100000);
	assert_non_null(big);
	memset(big, 'A', 100000);
	assert_int_equal(sshsig_check(big, 100000, NS, "m", 1, pk),
	    SQ_ELIMIT);
	free(big);
	assert_int_equal(sshsig_pub_parse("", 0, pk), SQ_EFORMAT);
	assert_int_equal(sshsig_pub_parse("ssh-ed25519", 11, pk), SQ_EFORMAT);
	assert_int_equal(sshsig_pub_parse("ssh-ed25519 AAAA", 16, pk),
	    SQ_EFORMAT);
	assert_int_equal(sshsig_pub_parse("hello world", 11, pk), SQ_EFORMAT);
	secret_free(seed);
	bytes_free(&b);
}

/* Lines that nearly are the key. */
static void
key_lines(void **state)
{
	static const struct {
		const char *line;
		enum sq_err want;
	} cases[] = {
		{ "\n", SQ_EFORMAT },
		{ "ssh-ed25519 ", SQ_EFORMAT },
		{ "ssh-ed25519 AAAA\x7F", SQ_EFORMAT },
		{ "ssh-ed25519\tAAAA", SQ_EFORMAT },
		{ "ssh-ed25519 \xFF", SQ_EFORMAT },
		{ "ssh-ed25519 !!!!", SQ_EFORMAT },
		{ "ssh-ed25519 AAAAC3N comment", SQ_EFORMAT },
		{ "rsa AAAA", SQ_EFORMAT },
		{ "ssh- AAAA", SQ_EFORMAT },
		{ "dsa-old AAAA", SQ_EFORMAT },
		{ "ssh-rsa AAAA", SQ_EUNSUPPORTED },
		{ "ecdsa-sha2-nistp256 AAAA", SQ_EUNSUPPORTED },
		{ "sk-ssh-ed25519@openssh.com AAAA", SQ_EUNSUPPORTED },
	};
	uint8_t pk[SIGN_PK];
	enum sq_err e;

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		e = sshsig_pub_parse(cases[i].line, strlen(cases[i].line),
		    pk);
		if (e != cases[i].want)
			fail_msg("%s: %s", cases[i].line, err_str(e));
	}
}

/* Keys of the right type with other bytes than a key has. */
static void
key_blobs(void **state)
{
	static const struct {
		size_t key, more;
		enum sq_err want;
	} cases[] = {
		{ SIGN_PK, 0, SQ_OK },
		{ SIGN_PK - 1, 0, SQ_EFORMAT },
		{ SIGN_PK + 1, 0, SQ_EFORMAT },
		{ 0, 0, SQ_EFORMAT },
		{ SIGN_PK, 1, SQ_EFORMAT },
	};
	static const uint8_t pk[SIGN_PK + 1];
	uint8_t got[SIGN_PK];
	struct bytes_buf b = { 0 }, line = { 0 };

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		b.len = line.len = 0;
		put_str(&b, "ssh-ed25519", 11);
		put_str(&b, pk, cases[i].key);
		bytes_put(&b, "x", cases[i].more);
		bytes_puts(&line, "ssh-ed25519 ");
		bytes_put_b64(&line, b.p, b.len, true);
		if (sshsig_pub_parse((char *)line.p, line.len, got) !=
		    cases[i].want)
			fail_msg("case %zu", i);
	}
	bytes_free(&b);
	bytes_free(&line);
}

/* Armor around what is none, and lines of it that are none. */
static void
armors(void **state)
{
#define HEAD "-----BEGIN SSH SIGNATURE-----\n"
#define TAIL "-----END SSH SIGNATURE-----\n"
	static const char *const bad[] = {
		HEAD TAIL,
		HEAD "\n" TAIL,
		HEAD "U1NIU0lH\n\n" TAIL,
		HEAD "U1NIU0lH" TAIL,
		HEAD "U1NI\nU0lH\n" TAIL,
		HEAD "U1NIU0l\n" TAIL,
		/* SSHSIG and no version; SSHSIH, version 1, and nothing */
		HEAD "U1NIU0lH\n" TAIL,
		HEAD "U1NIU0lIAAAAAQ==\n" TAIL,
		HEAD "U1NIU0lHAAAAAQ==\n" TAIL,
	};
	uint8_t pk[SIGN_PK];

	(void)state;
	for (size_t i = 0; i < LEN(bad); i++)
		if (sshsig_check(bad[i], strlen(bad[i]), NS, "m", 1, pk) !=
		    SQ_EFORMAT)
			fail_msg("%s", bad[i]);
}

/* What cannot be signed, or not by this. */
static void
unsignable(void **state)
{
	struct secret *seed = vec_fill(5, SIGN_SEED), *brief = vec_fill(5, 31);
	struct bytes_buf b = { 0 };
	char ns[257];

	(void)state;
	memset(ns, 'a', sizeof(ns));
	ns[256] = '\0';
	assert_int_equal(sshsig_make(seed, ns, "m", 1, &b), SQ_EFORMAT);
	assert_int_equal(sshsig_make(seed, "\xFF", "m", 1, &b), SQ_EFORMAT);
	assert_int_equal(sshsig_make(seed, "a\x7F", "m", 1, &b), SQ_EFORMAT);
	assert_int_equal(sshsig_make(brief, NS, "m", 1, &b), SQ_EINTERNAL);
	assert_int_equal(b.len, 0);
	ns[255] = '\0';
	assert_int_equal(sshsig_make(seed, ns, "m", 1, &b), SQ_OK);
	bytes_free(&b);
	secret_free(seed);
	secret_free(brief);
}

/* True if ssh-keygen is here and can sign. */
static bool
have_keygen(const char *dir)
{
	if (peer_run(dir, "ssh-keygen -q -t ed25519 -N '' -C c -f id") == 0)
		return true;
	print_message("skipped: no ssh-keygen here\n");
	return false;
}

/* ssh-keygen takes ours, in our namespace only, and names our key alike. */
static void
keygen_takes_ours(void **state)
{
	struct secret *seed = vec_fill(6, SIGN_SEED);
	struct bytes_buf b = { 0 };
	uint8_t pk[SIGN_PK], got[SIGN_PK];
	const char *dir = peer_dir();
	char path[128], *out, *print;
	size_t n;

	(void)state;
	if (!have_keygen(dir)) {
		peer_done(dir);
		secret_free(seed);
		skip();
	}
	assert_int_equal(sign_public(seed, pk), SQ_OK);
	assert_int_equal(sshsig_pub(pk, "vault key", &b), SQ_OK);
	assert_int_equal(sshsig_pub_parse((char *)b.p, b.len, got), SQ_OK);
	assert_memory_equal(pk, got, SIGN_PK);
	peer_write(dir, "k.pub", b.p, b.len);
	b.len = 0;
	bytes_puts(&b, "vault ");
	assert_int_equal(sshsig_pub(pk, "", &b), SQ_OK);
	peer_write(dir, "allowed", b.p, b.len);
	b.len = 0;
	assert_int_equal(sshsig_make(seed, NS, "message", 7, &b), SQ_OK);
	peer_write(dir, "m.sig", b.p, b.len);
	peer_write(dir, "m", "message", 7);
	assert_int_equal(peer_run(dir, "ssh-keygen -Y verify -f allowed "
	    "-I vault -n " NS " -s m.sig < m"), 0);
	assert_int_not_equal(peer_run(dir, "ssh-keygen -Y verify -f allowed "
	    "-I vault -n file -s m.sig < m"), 0);
	assert_int_not_equal(peer_run(dir, "ssh-keygen -Y verify -f allowed "
	    "-I vault -n " NS " -s m.sig < allowed"), 0);
	assert_int_equal(peer_run(dir, "ssh-keygen -lf k.pub"), 0);
	(void)snprintf(path, sizeof(path), "%s/out", dir);
	out = peer_read(path, &n);
	b.len = 0;
	assert_int_equal(sshsig_fingerprint(pk, &b), SQ_OK);
	print = bytes_str(&b);
	assert_non_null(strstr(out, print));
	free(print);
	free(out);
	peer_done(dir);
	secret_free(seed);
}

/* And we take what ssh-keygen makes, in either hash, in our namespace only. */
static void
we_take_keygen(void **state)
{
	static const char *const hashes[] = { "sha512", "sha256" };
	const char *dir = peer_dir();
	char path[128], cmd[256], *sig, *pub;
	uint8_t pk[SIGN_PK], got[SIGN_PK];
	size_t n, np;

	(void)state;
	if (!have_keygen(dir)) {
		peer_done(dir);
		skip();
	}
	peer_write(dir, "m", "message", 7);
	(void)snprintf(path, sizeof(path), "%s/id.pub", dir);
	pub = peer_read(path, &np);
	assert_int_equal(sshsig_pub_parse(pub, np, pk), SQ_OK);
	(void)snprintf(path, sizeof(path), "%s/m.sig", dir);
	for (size_t i = 0; i < LEN(hashes); i++) {
		(void)snprintf(cmd, sizeof(cmd), "rm -f m.sig && ssh-keygen "
		    "-Y sign -f id -n " NS " -O hashalg=%s m", hashes[i]);
		assert_int_equal(peer_run(dir, cmd), 0);
		sig = peer_read(path, &n);
		assert_int_equal(sshsig_check(sig, n, NS, "message", 7, got),
		    SQ_OK);
		assert_memory_equal(pk, got, SIGN_PK);
		assert_int_equal(sshsig_check(sig, n, "file", "message", 7,
		    got), SQ_EAUTH);
		assert_int_equal(sshsig_check(sig, n, NS, "messagf", 7, got),
		    SQ_EAUTH);
		free(sig);
	}
	free(pub);
	peer_done(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(openssh_cases),
		cmocka_unit_test(flips),
		cmocka_unit_test(forged_parts),
		cmocka_unit_test(refusals),
		cmocka_unit_test(key_lines),
		cmocka_unit_test(key_blobs),
		cmocka_unit_test(armors),
		cmocka_unit_test(unsignable),
		cmocka_unit_test(keygen_takes_ours),
		cmocka_unit_test(we_take_keygen),
	};

	return cmocka_run_group_tests(tests, vec_setup, NULL);
}
