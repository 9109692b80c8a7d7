/*
 * The key card: the public keys of a vault as one page of text, handed over in
 * person, without which nobody has a key of their own to compare.  Pure.
 */
#ifndef SQ_VAULT_BUNDLE_CARD_H
#define SQ_VAULT_BUNDLE_CARD_H

#include <stdbool.h>
#include <stddef.h>

#include "crypto/bytes.h"
#include "crypto/err.h"
#include "crypto/minisig.h"
#include "crypto/note.h"

struct card {
	char log[33];			/* log id, hex */
	char date[MINISIG_COMMENT_MAX];	/* when it was made, RFC 3339 */
	struct note_key note;
	struct minisig_key minisign;
	uint8_t ssh[SIGN_PK];
	bool has_recovery;		/* not on the cards in bundles */
	uint8_t recovery[SIGN_PK];	/* vouches after a compromise */
};

/* The public keys as a signed text names them, BUNDLE.md section 9. */
struct card_names {
	char note[400];			/* the verifier key of the log */
	char minisign[128];		/* base64 line of the public key */
	char ssh[128];			/* SHA256:... fingerprint */
};

/** card_names(c, ret): these names of the keys of a card. */
enum sq_err card_names(const struct card *c, struct card_names *ret);

/**
 * card_emit(c, out):
 * Append the card: what it is, the three keys whole (vkey, minisign public
 * key, ssh public key line), each with its fingerprint in words as well
 * (crypto/words: the first 8 words of SHA-256 of the key), and how to use it:
 * lines "vkey:", "minisign:", "ssh:" are what a program reads.
 */
enum sq_err card_emit(const struct card *c, struct bytes_buf *out);

/**
 * card_parse(p, n, ret, why):
 * Read a card; text around the key lines is ignored, a key line that is
 * missing, twice or malformed is SQ_EFORMAT.
 */
enum sq_err card_parse(const char *p, size_t n, struct card *ret,
    struct why *why);

/**
 * card_words(pk, out):
 * Append the eight words of a public key's fingerprint, single spaces between
 * them.
 */
void card_words(const uint8_t pk[SIGN_PK], struct bytes_buf *out);

enum card_form { CARD_TEXT, CARD_SVG, CARD_HTML };

/* The code on a page, made by qr_path of what card_lines gives. */
struct card_code {
	const char *path;
	size_t n;
	unsigned side;
};

/**
 * card_lines(c, out):
 * Append the lines that a program reads: five, and of a card with a recovery
 * key a sixth.
 */
enum sq_err card_lines(const struct card *c, struct bytes_buf *out);

/**
 * card_page(c, kind, code, out):
 * Append the card as one page of A4, SVG or HTML: the same keys, each with its
 * fingerprint in words and in hexadecimal, and the code.
 */
enum sq_err card_page(const struct card *c, enum card_form kind,
    const struct card_code *code, struct bytes_buf *out);

/**
 * card_page_parse(p, n, ret, why):
 * Read a card in any of its forms.  A page must be, byte for byte, what
 * card_page makes of the keys in it: so nothing else is on it for the eye than
 * what the program compares.  Of its code only the place and the form are
 * checked.  SQ_EFORMAT.
 */
enum sq_err card_page_parse(const char *p, size_t n, struct card *ret,
    struct why *why);

/* Files under trust/, derived from the keys alone: what is in them is checked
 * to be exactly this, and still not believed. */

/** card_allowed_signers(c, out): the line for ssh-keygen -Y verify -I vault. */
enum sq_err card_allowed_signers(const struct card *c, struct bytes_buf *out);

#endif
