/*
 * STATEMENT.txt: the one signed file of a bundle: ASCII, LF, fixed order.
 * BUNDLE.md.  Text that a person typed is an ASCII-escaped JSON string, so that
 * it can neither break a line nor inject one.
 */
#ifndef SQ_VAULT_BUNDLE_STATEMENT_H
#define SQ_VAULT_BUNDLE_STATEMENT_H

#include <inttypes.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/bytes.h"
#include "crypto/digest.h"
#include "crypto/err.h"

#define STATEMENT_NS "evidence-bundle@sandyq"
#define STATEMENT_MAX 65536
/* the comment that minisign signs: bundle, created, log, log_size */
#define STATEMENT_COMMENT "bundle %s created %s log %s size %" PRIu64

struct statement {
	char bundle[33];		/* 128 random bits, hex */
	char created[40];		/* RFC 3339 */
	char log[33];			/* log id, hex */
	char key_note[400];		/* the vkey of the log */
	char key_minisign[128];		/* base64 line of the public key */
	char key_ssh[128];		/* SHA256:... fingerprint */
	char recipient[96];		/* age1... or "-" */
	char *recipient_name;		/* UTF-8 */
	char *purpose;
	char profile[16];
	uint64_t items;
	uint64_t attachments;
	uint64_t bytes;			/* of the payload, data/ */
	uint8_t tagmanifest[DIGEST_LEN];
	uint8_t readme[DIGEST_LEN];
	char log_origin[64];
	uint64_t log_size;
	uint8_t log_root[DIGEST_LEN];
	int has_previous;
	uint64_t previous_size;
	uint8_t previous_root[DIGEST_LEN];
	/* the earlier bundle whose fields it opens; "": none */
	char opens[33];
	uint8_t opens_statement[DIGEST_LEN];
	char program[64];		/* "sandyq 0.1" */
};

/** statement_emit(st, out): append the text. */
enum sq_err statement_emit(const struct statement *st, struct bytes_buf *out);

/**
 * statement_parse(p, n, ret, why):
 * Read it strictly: emitting the result gives the same bytes.  Caller frees
 * with statement_free.
 */
enum sq_err statement_parse(const char *p, size_t n, struct statement *ret,
    struct why *why);

/** statement_free(st): free what it owns; empty again. */
void statement_free(struct statement *st);

#endif
