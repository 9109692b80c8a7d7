#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/words.h"
#include "vault/bundle/card.h"
#include "vault/bundle/qr.h"

/*
 * The key card as one page.  Everything on it is a line of text at a place, and
 * the code; units are tenths of a millimetre of A4.
 */

#define CARD_WORDS 8
#define PAGE_MAX 65536
#define LEFT 150u
#define LINES 6			/* of card_lines; the last may be absent */

static const struct qr_place place = { 1350, 2050, 600 };

static const char svg_head[] =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"210mm\" "
    "height=\"297mm\" viewBox=\"0 0 2100 2970\">\n"
    "<rect width=\"2100\" height=\"2970\" fill=\"#fff\"/>\n";
static const char svg_tail[] = "</svg>\n";
static const char html_head[] =
    "<!DOCTYPE html>\n"
    "<html lang=\"en\"><head><meta charset=\"utf-8\">"
    "<title>Sandyq key card</title>"
    "<meta http-equiv=\"Content-Security-Policy\" "
    "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    "<style>@page{size:A4;margin:0}body{margin:0}"
    "body>svg{display:block;max-width:100%;height:auto}</style>"
    "</head><body>\n";
static const char html_tail[] = "</body></html>\n";

static const char *const intro[] = {
    "With these three public keys you can tell whether a bundle comes from "
    "this vault.",
    "Take the card from the hand of a person you know, or read the words to "
    "each other over a telephone.",
    "A card that came in the same message as the bundle proves nothing."
};
static const char *const use[] = {
    "sandyq-verify FILE.age -i MY-KEY --trust THIS-CARD",
    "The code holds the lines above that begin with log, date,",
    "vkey, minisign, ssh and recovery."
};

/* A line of text; nothing in it needs an escape. */
static void
text(struct bytes_buf *out, unsigned y, unsigned size, bool mono,
    const char *p, size_t n)
{
	bytes_putf(out, "<text x=\"%u\" y=\"%u\" font-size=\"%u\" "
	    "font-family=\"%s\" xml:space=\"preserve\">", LEFT, y, size, mono ?
	    "monospace" : "sans-serif");
	bytes_put(out, p, n);
	bytes_puts(out, "</text>\n");
}

/* Append the SHA-256 of a key in groups of eight digits. */
static void
put_hex(struct bytes_buf *out, const uint8_t pk[SIGN_PK])
{
	uint8_t h[DIGEST_LEN];

	digest_sha256(h, pk, SIGN_PK);
	for (size_t i = 0; i < DIGEST_LEN; i += 4) {
		bytes_puts(out, i == 0 ? "" : " ");
		bytes_put_hex(out, h + i, 4);
	}
}

/* The fingerprint of a key: words, then the same hash in hexadecimal. */
static void
fingerprint(struct bytes_buf *out, unsigned y, const uint8_t pk[SIGN_PK])
{
	struct bytes_buf b = { 0 };
	uint8_t h[DIGEST_LEN];
	uint32_t v;

	digest_sha256(h, pk, SIGN_PK);
	for (size_t i = 0; i < CARD_WORDS; i++) {
		v = (uint32_t)h[4 * i] << 24 | (uint32_t)h[4 * i + 1] << 16 |
		    (uint32_t)h[4 * i + 2] << 8 | h[4 * i + 3];
		bytes_putf(&b, "%s%s", i == 0 ? "" : " ",
		    words_get(v % WORDS_COUNT));
	}
	text(out, y, 46, false, (const char *)b.p, b.len);
	/* a page without its fingerprint is none */
	out->bad = out->bad || b.bad;
	bytes_free(&b);
	put_hex(&b, pk);
	text(out, y + 55, 34, true, (const char *)b.p, b.len);
	out->bad = out->bad || b.bad;
	bytes_free(&b);
}

/* The page as SVG. */
static enum sq_err
put_svg(const struct card *c, const struct card_code *code,
    struct bytes_buf *out)
{
	static const unsigned at[LINES] = { 560, 620, 780, 1120, 1460,
	    1740 };
	const uint8_t *const key[LINES] = { NULL, NULL, c->note.pk,
	    c->minisign.pk, c->ssh, NULL };
	struct bytes_buf lines = { 0 };
	const char *p, *lf;
	unsigned n;
	enum sq_err e;

	if ((e = card_lines(c, &lines)) != SQ_OK)
		goto out;
	bytes_puts(out, svg_head);
	text(out, 260, 90, false, "SANDYQ KEY CARD", 15);
	for (unsigned i = 0; i < 3; i++)
		text(out, 350 + 50 * i, 36, false, intro[i], strlen(intro[i]));
	p = (const char *)lines.p;
	n = c->has_recovery ? LINES : LINES - 1;
	for (unsigned i = 0; i < n; i++, p = lf + 1) {
		if ((lf = memchr(p, '\n', lines.len - (size_t)(p -
		    (const char *)lines.p))) == NULL) {
			e = SQ_EINTERNAL;
			goto out;
		}
		text(out, at[i], 30, true, p, (size_t)(lf - p));
		if (key[i] != NULL)
			fingerprint(out, at[i] + 75, key[i]);
	}
	for (unsigned i = 0; i < 3; i++)
		text(out, 2100 + 50 * i, 34, i == 0, use[i], strlen(use[i]));
	if ((e = qr_svg_of(code->path, code->n, code->side, &place, out)) ==
	    SQ_OK)
		bytes_puts(out, svg_tail);
out:
	bytes_free(&lines);
	return e == SQ_OK ? bytes_done(out) : e;
}

/* The text, and behind it the fingerprints in hexadecimal as well. */
static enum sq_err
put_text(const struct card *c, struct bytes_buf *out)
{
	enum sq_err e;

	if ((e = card_emit(c, out)) != SQ_OK)
		return e;
	bytes_puts(out, "\nThe same fingerprints in hexadecimal:\n"
	    "  vkey\n    ");
	put_hex(out, c->note.pk);
	bytes_puts(out, "\n  minisign\n    ");
	put_hex(out, c->minisign.pk);
	bytes_puts(out, "\n  ssh\n    ");
	put_hex(out, c->ssh);
	bytes_puts(out, "\n");
	if (c->has_recovery) {
		bytes_puts(out, "\nThis key vouches for new ones if these "
		    "are ever stolen:\nrecovery: ");
		bytes_put_hex(out, c->recovery, SIGN_PK);
		bytes_puts(out, "\n");
	}
	return bytes_done(out);
}

/* see card.h */
enum sq_err
card_page(const struct card *c, enum card_form kind,
    const struct card_code *code, struct bytes_buf *out)
{
	enum sq_err e;

	if (kind == CARD_TEXT)
		return put_text(c, out);
	if (kind == CARD_HTML)
		bytes_puts(out, html_head);
	if ((e = put_svg(c, code, out)) != SQ_OK)
		return e;
	if (kind == CARD_HTML)
		bytes_puts(out, html_tail);
	return bytes_done(out);
}

/* The five lines out of the text elements of a page. */
static enum sq_err
read_lines(const char *p, struct bytes_buf *out)
{
	static const char *const key[LINES] = { "log: ", "date: ", "vkey: ",
	    "minisign: ", "ssh: ", "recovery: " };
	char mark[32];
	const char *at, *end;

	for (size_t i = 0; i < LINES; i++) {
		(void)snprintf(mark, sizeof(mark), "\">%s", key[i]);
		if (i == LINES - 1 && strstr(p, mark) == NULL)
			break;
		if ((at = strstr(p, mark)) == NULL ||
		    (end = strstr(at, "</text>")) == NULL)
			return SQ_EFORMAT;
		bytes_put(out, at + 2, (size_t)(end - at) - 2);
		bytes_puts(out, "\n");
	}
	return bytes_done(out);
}

/* The code: path data and nothing else, of a square that a code can have. */
static enum sq_err
read_code(const char *p, struct card_code *ret)
{
	const char *at = strstr(p, "viewBox=\"-4 -4 ");
	char *end;
	unsigned long all;

	if (at == NULL)
		return SQ_EFORMAT;
	all = strtoul(at + 15, &end, 10);
	if (all < 29 || all > 185 || (at = strstr(at, "<path d=\"")) == NULL)
		return SQ_EFORMAT;
	ret->side = (unsigned)all - 8;
	ret->path = at + 9;
	ret->n = strspn(ret->path, "Mhvz0123456789 -");
	return SQ_OK;
}

/* see card.h */
enum sq_err
card_page_parse(const char *p, size_t n, struct card *ret, struct why *why)
{
	struct bytes_buf lines = { 0 }, again = { 0 };
	struct card_code code;
	enum card_form kind;
	char *s = NULL;
	enum sq_err e = SQ_EFORMAT;

	if (n > 14 && memcmp(p, "<!DOCTYPE html", 14) == 0)
		kind = CARD_HTML;
	else if (n > 5 && memcmp(p, "<svg ", 5) == 0)
		kind = CARD_SVG;
	else
		return card_parse(p, n, ret, why);
	if (n <= PAGE_MAX && (s = strndup(p, n)) == NULL)
		return SQ_ENOMEM;
	if (s == NULL || strlen(s) != n || read_lines(s, &lines) != SQ_OK ||
	    read_code(s, &code) != SQ_OK)
		goto out;
	if ((e = card_parse((const char *)lines.p, lines.len, ret, why)) !=
	    SQ_OK || (e = card_page(ret, kind, &code, &again)) != SQ_OK)
		goto out;
	if (again.len != n || memcmp(again.p, p, n) != 0)
		e = SQ_EFORMAT;
out:
	if (e == SQ_EFORMAT)
		err_why(why, e, "this page is not a key card as Sandyq makes "
		    "it: take the text form, or type the five lines of it");
	bytes_free(&lines);
	bytes_free(&again);
	free(s);
	return e;
}
