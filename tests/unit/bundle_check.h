/*
 * A made bundle, sealed into a file and put before the verifier.  A result is
 * written as eight letters, one for each claim in their order: y n u -, so
 * that a forgery can state exactly which claim must fail.
 */
#ifndef SQ_TESTS_BUNDLE_CHECK_H
#define SQ_TESTS_BUNDLE_CHECK_H

#include "tests/unit/bundle_make.h"
#include "tests/unit/peer.h"
#include "vault/fsio.h"

#define GOOD "yuyyyuu-"		/* nothing wrong, nothing to compare with */

static char ck_dir[] = "/tmp/sandyq-verify.XXXXXX";

MK char *
ck_path(const char *name)
{
	static char path[32][128];
	static unsigned turn;
	char *p = path[turn++ % 32];

	(void)snprintf(p, sizeof(path[0]), "%s/%s", ck_dir, name);
	return p;
}

MK enum sq_err
mk_buf_write(void *arg, const uint8_t *p, size_t n)
{
	bytes_put(arg, p, n);
	return bytes_done(arg);
}

/* The archive of all members. */
MK void
mk_tar(const struct mk *b, struct bytes_buf *out)
{
	struct tar_writer *w = NULL;

	OK(tar_write_new(mk_buf_write, out, 1773483727, &w));
	for (unsigned i = 0; i < b->n; i++) {
		OK(tar_write_file(w, b->m[i].path, b->m[i].data.len));
		OK(tar_write_data(w, b->m[i].data.p, b->m[i].data.len));
	}
	OK(tar_write_end(w));
	tar_write_free(w);
}

/* Seal any bytes to the recipient. */
MK void
mk_seal(const char *recipient, const void *p, size_t n, struct bytes_buf *out)
{
	struct age_writer *w = NULL;

	OK(age_seal_new(recipient, NULL, 0, mk_buf_write, out, &w));
	OK(age_seal_add(w, p, n));
	OK(age_seal_end(w));
	age_seal_free(w);
}

/* Write the reader's identity file. */
MK void
ck_identity(const struct secret *identity, const char *name)
{
	struct bytes_buf out = { 0 };

	OK(age_identity_emit(identity, &out));
	bytes_puts(&out, "\n");
	peer_write(ck_dir, name, out.p, out.len);
	bytes_free(&out);
}

/* The letters of a report. */
MK void
ck_letters(const struct verify_report *r, char out[VERIFY_CLAIMS + 1])
{
	for (int i = 0; i < VERIFY_CLAIMS; i++)
		out[i] = "-ynu"[r->claim[i].result];
	out[VERIFY_CLAIMS] = '\0';
}

/* Verify ${o} and compare; the exit code must be what the letters say. */
MK void
ck_verify(const char *name, const struct verify_opts *o, const char *want)
{
	struct verify_report r;
	struct why why = { "" };
	char got[VERIFY_CLAIMS + 1];
	enum sq_err e = verify_bundle(o, &r, &why);

	ck_letters(&r, got);
	if (strcmp(got, want) != 0)
		fail_msg("%s: %s, not %s (%s)", name, got, want, why.text);
	if (err_exit(e) != (strchr(want, 'n') != NULL))
		fail_msg("%s: %s, but error %d", name, got, (int)e);
	for (int i = 0; i < VERIFY_CLAIMS; i++)
		if (r.claim[i].result == VERIFY_NO &&
		    r.claim[i].detail[0] == '\0')
			fail_msg("%s: claim %d without a word", name, i);
}

/* Seal ${b} to its reader; ${o}, zeroed, is for verifying it. */
MK void
ck_seal(struct mk *b, struct verify_opts *o)
{
	struct bytes_buf tar = { 0 }, age = { 0 };

	mk_tar(b, &tar);
	mk_seal(b->recipient, tar.p, tar.len, &age);
	peer_write(ck_dir, "b.age", age.p, age.len);
	ck_identity(b->reader, "id");
	o->path = ck_path("b.age");
	o->identity = ck_path("id");
	bytes_free(&tar);
	bytes_free(&age);
}

/* Seal ${b} to its reader and verify it. */
MK void
ck_bundle(const char *name, struct mk *b, const char *want)
{
	struct verify_opts o = { 0 };

	ck_seal(b, &o);
	ck_verify(name, &o, want);
}

/* Run one forgery on a bundle of its own. */
MK void
ck_forge(const char *name, void (*how)(struct mk *), const char *want)
{
	struct mk *b = mk_new();

	how(b);
	ck_bundle(name, b, want);
	mk_free(b);
}

MK int
ck_setup(void **state)
{
	(void)state;
	return secret_init() != SQ_OK || fsio_init() != SQ_OK ||
	    mkdtemp(ck_dir) == NULL;
}

MK int
ck_teardown(void **state)
{
	char cmd[64];

	(void)state;
	(void)snprintf(cmd, sizeof(cmd), "rm -rf '%s'", ck_dir);
	return system(cmd);
}

#endif
