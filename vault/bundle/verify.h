/*
 * The recipient's side: check a bundle and open it, without a vault, a
 * database or trust in anything the bundle says of itself.  BUNDLE.md, "The
 * verifier".
 */
#ifndef SQ_VAULT_BUNDLE_VERIFY_H
#define SQ_VAULT_BUNDLE_VERIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/age.h"
#include "crypto/err.h"

enum verify_claim {		/* in the order they are printed */
	VERIFY_INTACT,
	VERIFY_SIGNED_BY,
	VERIFY_ADDRESSED_TO,
	VERIFY_COMPLETE,
	VERIFY_DISCLOSED,
	VERIFY_SAME_HISTORY,
	VERIFY_EXISTED_BEFORE,
	VERIFY_CONTENT_TRUE,
	VERIFY_CLAIMS
};

enum verify_result {
	VERIFY_NOT_CHECKED,
	VERIFY_YES,
	VERIFY_NO,
	VERIFY_UNKNOWN
};

struct verify_finding {
	enum verify_result result;
	char detail[640];	/* may hold text of the bundle: escape it */
};

struct verify_report {
	struct verify_finding claim[VERIFY_CLAIMS];
	uint64_t files, bytes, items;
};

struct verify_opts {
	/* a sealed bundle, or a folder opened by tools */
	const char *path;
	const char *identity;	/* file of age identities, or NULL */
	const struct secret *passphrase;	/* or NULL */
	const char *trust;	/* key card file, or NULL */
	const char *remember;	/* file of remembered keys, or NULL */
	const char *roots;	/* PEM; without a token in the bundle: exit 2 */
	/* the earlier bundle whose fields this one opens, or NULL */
	const char *with;
	const char *receipt;	/* new file for a receipt, or NULL */
	const char *now;	/* RFC 3339, for both */
	void (*progress)(void *arg, uint64_t done, uint64_t of);
	void *arg;
};

/**
 * verify_bundle(o, ret, why):
 * Check everything and fill ${ret} with a result for each claim.  SQ_OK: every
 * asked check passed.  SQ_EAUTH or SQ_EFORMAT: a check failed (the claims and
 * ${why} say which; altered, truncated, forged or wrongly addressed input is
 * always one of these).  SQ_EPASS: the bundle passphrase is wrong.  SQ_ECANNOT,
 * SQ_EUNSUPPORTED: a required check could not run.  SQ_EUSAGE, SQ_ENOENT: the
 * caller's paths are off.
 */
enum sq_err verify_bundle(const struct verify_opts *o,
    struct verify_report *ret, struct why *why);

/**
 * verify_open(o, out, ret, why):
 * verify_bundle; only if it passed, write the content to the new folder
 * ${out}, as tar would: ${out}/bundle/..., hashing every byte again against
 * what was verified.  On any failure nothing of it is left.  The two passes
 * need a file: standard input is SQ_EUSAGE.
 */
enum sq_err verify_open(const struct verify_opts *o, const char *out,
    struct verify_report *ret, struct why *why);

/**
 * verify_look(path, ret_bundle, why):
 * Does what lies there look like a bundle: a folder, or a file that age sealed?
 * Only its first bytes are read; standard input ("-") never does.
 */
enum sq_err verify_look(const char *path, bool *ret_bundle, struct why *why);

/**
 * verify_read_pass(path, fd, ret, why):
 * The passphrase of a bundle or file: the first line of file ${path}, or of
 * descriptor ${fd} when ${path} is NULL, as it is (never normalised: age's are
 * not).  SQ_EUSAGE for an empty line.  The caller frees.
 */
enum sq_err verify_read_pass(const char *path, int fd, struct secret **ret,
    struct why *why);

/** verify_claim_name(c): "signed-by" ...  Static. */
const char *verify_claim_name(enum verify_claim c);

/** verify_result_name(r): "yes", "no", "unknown", "not-checked".  Static. */
const char *verify_result_name(enum verify_result r);

#endif
