/*
 * Targets of vault/bundle/: what a stranger's bundle is made of.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "vault/bundle/bag.h"
#include "vault/bundle/card.h"
#include "vault/bundle/consist.h"
#include "vault/bundle/csv.h"
#include "vault/bundle/recall.h"
#include "vault/bundle/receipt.h"
#include "vault/bundle/rotation.h"
#include "vault/bundle/statement.h"
#include "vault/bundle/tar.h"

static void
tar(const uint8_t *p, size_t n)
{
	struct fuzz_in in = { p, n, n > 0 ? 1 + p[0] * 7u : 0 };
	struct tar_reader *r = NULL;
	const char *path = NULL;
	static uint8_t buf[4096];
	uint64_t size, sum;
	size_t got;

	if (tar_read_new(fuzz_read, &in, &r) != SQ_OK)
		abort();
	while (tar_read_next(r, &path, &size, NULL) == SQ_OK && path != NULL) {
		FUZZ_MUST(tar_path_ok(path));
		for (sum = 0; tar_read_data(r, buf, sizeof(buf), &got) ==
		    SQ_OK && got > 0; sum += got)
			FUZZ_MUST(got <= sizeof(buf));
		FUZZ_MUST(sum <= size);
	}
	tar_read_free(r);
}

/* A manifest that is read is written as the same bytes. */
static void
bag(const uint8_t *p, size_t n)
{
	struct bytes_buf out = { 0 };
	struct bag_list l = { 0 };
	uint64_t bytes, files;

	if (bag_parse((const char *)p, n, &l, NULL) == SQ_OK) {
		FUZZ_MUST(bag_emit(&l, &out) == SQ_OK);
		fuzz_same(&out, p, n);
	}
	(void)bag_oxum((const char *)p, n, &bytes, &files);
	bag_free(&l);
	bytes_free(&out);
}

static void
statement(const uint8_t *p, size_t n)
{
	struct bytes_buf out = { 0 };
	struct statement st = { 0 };

	if (statement_parse((const char *)p, n, &st, NULL) == SQ_OK) {
		FUZZ_MUST(statement_emit(&st, &out) == SQ_OK);
		fuzz_same(&out, p, n);
	}
	statement_free(&st);
	bytes_free(&out);
}

static void
card(const uint8_t *p, size_t n)
{
	struct bytes_buf out = { 0 };
	struct card c;

	if (card_parse((const char *)p, n, &c, NULL) == SQ_OK)
		FUZZ_MUST(card_emit(&c, &out) == SQ_OK);
	bytes_free(&out);
}

/* A page that is taken for a card gives the keys that make it. */
static void
page(const uint8_t *p, size_t n)
{
	struct bytes_buf lines = { 0 };
	struct card c, d;

	if (card_page_parse((const char *)p, n, &c, NULL) == SQ_OK) {
		FUZZ_MUST(card_lines(&c, &lines) == SQ_OK);
		FUZZ_MUST(card_parse((const char *)lines.p, lines.len, &d,
		    NULL) == SQ_OK);
		FUZZ_MUST(memcmp(c.ssh, d.ssh, sizeof(c.ssh)) == 0);
	}
	bytes_free(&lines);
}

/* What is read is kept as it was, and vouched for by nobody else's key. */
static void
rotation(const uint8_t *p, size_t n)
{
	struct rotation r;

	if (rotation_parse((const char *)p, n, &r) != SQ_OK)
		return;
	fuzz_same(&r.note, p, n);
	FUZZ_MUST(rotation_vouched(&r, &r.new) == SQ_ENOENT);
	(void)rotation_vouched(&r, &r.old);
	rotation_free(&r);
}

static void
receipt(const uint8_t *p, size_t n)
{
	struct receipt r;

	if (receipt_parse((const char *)p, n, &r) == SQ_OK)
		FUZZ_MUST(r.note + r.text < n);
}

static void
notice(const uint8_t *p, size_t n)
{
	struct bytes_buf out = { 0 };
	struct recall r = { .n_record = 0 };

	if (recall_parse((const char *)p, n, &r, NULL) == SQ_OK) {
		FUZZ_MUST(recall_emit(&r, &out) == SQ_OK);
		fuzz_same(&out, p, n);
	}
	recall_free(&r);
	bytes_free(&out);
}

static void
consist(const uint8_t *p, size_t n)
{
	struct bytes_buf out = { 0 };
	struct consist c;

	if (consist_parse((const char *)p, n, &c) == SQ_OK) {
		FUZZ_MUST(consist_emit(&c, &out) == SQ_OK);
		fuzz_same(&out, p, n);
	}
	bytes_free(&out);
}

static enum sq_err
row(void *arg, char *const *cell, size_t n)
{
	struct bytes_buf *out = arg;

	FUZZ_MUST(n >= 1 && n <= CSV_CELLS_MAX);
	for (size_t i = 0; i < n; i++) {
		bytes_put(out, cell[i], strlen(cell[i]));
		bytes_put_u8(out, i + 1 < n ? 1 : 2);
	}
	return SQ_OK;
}

/* Feed in pieces of ${step}: the rows, and how it ended. */
static enum sq_err
rows(const uint8_t *p, size_t n, size_t step, struct bytes_buf *out)
{
	struct csv_reader r;
	enum sq_err e = SQ_OK;

	csv_read_init(&r, row, out);
	for (size_t at = 0; at < n && e == SQ_OK; at += step)
		e = csv_read_add(&r, p + at, n - at < step ? n - at : step);
	if (e == SQ_OK)
		e = csv_read_end(&r);
	csv_read_free(&r);
	return e;
}

/* However the bytes arrive, the rows are the same. */
static void
csv(const uint8_t *p, size_t n)
{
	struct bytes_buf a = { 0 }, b = { 0 };
	enum sq_err e = rows(p, n, n + 1, &a);

	FUZZ_MUST(rows(p, n, n > 0 ? 1 + p[0] % 5u : 1, &b) == e);
	if (e == SQ_OK)
		fuzz_same(&b, a.p, a.len);
	bytes_free(&a);
	bytes_free(&b);
}

const struct fuzz_target fuzz_bundle[] = {
	{ "tar", tar, 65536 },
	{ "bag", bag, 16384 },
	{ "statement", statement, 16384 },
	{ "card", card, 8192 },
	{ "page", page, 32768 },
	{ "rotation", rotation, ROTATION_MAX },
	{ "receipt", receipt, 8192 },
	{ "recall", notice, 16384 },
	{ "consist", consist, 8192 },
	{ "csv", csv, 16384 },
	{ NULL, NULL, 0 }
};
