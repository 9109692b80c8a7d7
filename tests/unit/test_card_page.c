/*
 * The key card as a page: what is printed is what a program reads, byte for
 * byte; whatever else stands on it for the eye, it is no card.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/bundle_check.h"
#include "vault/bundle/qr.h"

static struct mk *b;
static struct bytes_buf page[3], path;

static int
setup(void **state)
{
	struct bytes_buf lines = { 0 };
	struct card_code code;

	(void)state;
	b = mk_new();
	OK(card_lines(&b->card, &lines));
	OK(qr_path(lines.p, lines.len, &code.side, &path));
	code.path = (const char *)path.p;
	code.n = path.len;
	for (int k = CARD_TEXT; k <= CARD_HTML; k++)
		OK(card_page(&b->card, (enum card_form)k, &code, &page[k]));
	bytes_free(&lines);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	for (int k = CARD_TEXT; k <= CARD_HTML; k++)
		bytes_free(&page[k]);
	bytes_free(&path);
	mk_free(b);
	return 0;
}

static void
test_round(void **state)
{
	struct card got;

	(void)state;
	for (int k = CARD_TEXT; k <= CARD_HTML; k++) {
		memset(&got, 0, sizeof(got));
		OK(card_page_parse((const char *)page[k].p, page[k].len, &got,
		    NULL));
		assert_string_equal(got.log, b->card.log);
		assert_string_equal(got.date, b->card.date);
		assert_memory_equal(got.note.pk, b->card.note.pk, SIGN_PK);
		assert_memory_equal(got.ssh, b->card.ssh, SIGN_PK);
		assert_memory_equal(&got.minisign, &b->card.minisign,
		    sizeof(got.minisign));
	}
}

/* Put a page with one thing replaced before the reader. */
static enum sq_err
edited(int k, const char *from, const char *to)
{
	const struct bytes_buf *p = &page[k];
	struct bytes_buf c = { 0 };
	uint8_t *at = memmem(p->p, p->len, from, strlen(from));
	struct why why = { "" };
	struct card got;
	enum sq_err e;

	assert_non_null(at);
	bytes_put(&c, p->p, (size_t)(at - p->p));
	bytes_puts(&c, to);
	at += strlen(from);
	bytes_put(&c, at, (size_t)(p->p + p->len - at));
	e = card_page_parse((const char *)c.p, c.len, &got, &why);
	assert_true((e == SQ_OK) == (why.text[0] == '\0'));
	bytes_free(&c);
	return e;
}

static void
test_edited(void **state)
{
	static const char *const v[][2] = {
	    { "SANDYQ KEY CARD", "SANDYQ KEY CARD OF ANOTHER" },
	    { "a telephone.", "no telephone." },
	    { "log: ", "log:  " }, { "date: 2", "date 2" },
	    { "vkey: ", "vkey: x" }, { "minisign: ", "" },
	    { "y=\"780\"", "y=\"3000\"" },	/* off the page */
	    { "font-size=\"46\"", "font-size=\"1\"" },
	    { "</svg>\n</", "<script>x()</script></svg>\n</" },
	    { "<path d=\"", "<path fill=\"#fff\" d=\"" },
	    { "<path d=\"", "<path d=\"X" },
	    { "\"/></svg>", "\"/><text>other</text></svg>" },
	    { "viewBox=\"-4 -4 ", "viewBox=\"-4 -4 9" },
	    { "<text x=\"150\" y=\"560\"", "<text x=\"150\" y=\"1\">log: x"
	    "</text><text x=\"150\" y=\"560\"" } };

	(void)state;
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++)
		if (edited(CARD_HTML, v[i][0], v[i][1]) == SQ_OK)
			fail_msg("accepted: %s for %s", v[i][1], v[i][0]);
}

/* The words and the digits of a key are of this key. */
static void
test_fingerprint(void **state)
{
	struct bytes_buf hex = { 0 };
	uint8_t h[DIGEST_LEN];

	(void)state;
	digest_sha256(h, b->card.ssh, SIGN_PK);
	for (size_t i = 0; i < DIGEST_LEN; i += 4) {
		bytes_puts(&hex, i == 0 ? "" : " ");
		bytes_put_hex(&hex, h + i, 4);
	}
	for (int k = CARD_TEXT; k <= CARD_HTML; k++)
		assert_non_null(memmem(page[k].p, page[k].len, hex.p,
		    hex.len));
	bytes_put_u8(&hex, 0);
	assert_int_not_equal(edited(CARD_SVG, (const char *)hex.p,
	    "00000000"), SQ_OK);
	bytes_free(&hex);
}

/* Every byte: refused, or (in the code alone) of no meaning to the reader. */
static void
test_flip(void **state)
{
	struct bytes_buf *p = &page[CARD_SVG];
	struct card got;
	size_t held = 0;

	(void)state;
	for (size_t i = 0; i < p->len; i++) {
		p->p[i] ^= 1;
		if (card_page_parse((const char *)p->p, p->len, &got, NULL) ==
		    SQ_OK) {
			held++;
			assert_memory_equal(got.ssh, b->card.ssh, SIGN_PK);
		}
		p->p[i] ^= 1;
	}
	assert_true(held <= path.len);
	for (size_t i = 0; i < p->len; i += 7)
		assert_int_not_equal(card_page_parse((const char *)p->p, i,
		    &got, NULL), SQ_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round),
		cmocka_unit_test(test_edited),
		cmocka_unit_test(test_fingerprint),
		cmocka_unit_test(test_flip),
	};

	if (secret_init() != SQ_OK)
		return 1;
	return cmocka_run_group_tests(tests, setup, teardown);
}
