/*
 * A recall notice: the small signed text that tells a recipient that consent
 * was withdrawn, of which records and in which bundles.  BUNDLE.md section 14.
 */
#ifndef SQ_VAULT_BUNDLE_RECALL_H
#define SQ_VAULT_BUNDLE_RECALL_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/bytes.h"
#include "crypto/digest.h"
#include "crypto/err.h"
#include "crypto/secret.h"
#include "vault/bundle/card.h"

#define RECALL_NS "recall-notice@sandyq"
#define RECALL_MAX ((size_t)1 << 20)
/* the comment that minisign signs: notice, created, log */
#define RECALL_COMMENT "recall %s created %s log %s"
#define RECALL_TEXT "RECALL.txt"
#define RECALL_MINISIG "RECALL.txt.minisig"
#define RECALL_SSHSIG "RECALL.txt.sig"

struct recall_record {
	char ref[32];			/* T-12 */
	char id[33];			/* its record id */
};

struct recall_bundle {
	char bundle[33];
	uint8_t statement[DIGEST_LEN];	/* SHA-256 of its STATEMENT.txt */
};

struct recall {
	char notice[33];		/* 128 random bits, hex */
	char created[40];		/* RFC 3339 */
	char log[33];
	struct card_names key;
	char recipient[96];		/* age1... or "-" */
	char scope[24];			/* what was withdrawn */
	struct recall_record *record;
	size_t n_record;
	struct recall_bundle *bundle;
	size_t n_bundle;
	char program[64];
};

/** recall_record(r, ref, id): append a record. */
enum sq_err recall_record(struct recall *r, const char *ref, const char *id);

/** recall_bundle(r, bundle, statement): append a bundle. */
enum sq_err recall_bundle(struct recall *r, const char *bundle,
    const uint8_t statement[DIGEST_LEN]);

/** recall_emit(r, out): append the text; SQ_EFORMAT if a value is none. */
enum sq_err recall_emit(const struct recall *r, struct bytes_buf *out);

/**
 * recall_parse(p, n, ret, why):
 * Read it strictly: emitting the result gives the same bytes.  Caller frees
 * with recall_free.
 */
enum sq_err recall_parse(const char *p, size_t n, struct recall *ret,
    struct why *why);

/**
 * recall_sign(seed, epoch, card, r, text, mini, ssh):
 * Both signatures over the text, with the keys that sign bundles.
 */
enum sq_err recall_sign(const struct secret *seed, uint32_t epoch,
    const struct card *card, const struct recall *r,
    const struct bytes_buf *text, struct bytes_buf *mini,
    struct bytes_buf *ssh);

/** recall_free(r): free what it owns; empty again. */
void recall_free(struct recall *r);

#endif
