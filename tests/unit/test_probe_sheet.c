/*
 * Sheets through sandyq-probe: what is read, and that changed bytes end in a
 * refusal or in cells, never in anything else.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>
#include <zlib.h>

#include "crypto/bytes.h"
#include "vault/probe_sheet.h"

#define MUTATIONS 40

/* An archive of stored members, as small as workbooks come. */
static void
zip(struct bytes_buf *out, const char *const (*member)[2], size_t n)
{
	struct bytes_buf dir = { 0 };
	size_t at;

	for (size_t i = 0; i < n; i++) {
		const char *name = member[i][0], *text = member[i][1];
		uint16_t len = (uint16_t)strlen(name);
		uint32_t size = (uint32_t)strlen(text);
		uint32_t crc = (uint32_t)crc32(0, (const Bytef *)text, size);
		uint8_t fix[26] = { 20 };

		memcpy(fix + 10, &crc, 4);
		memcpy(fix + 14, &size, 4);
		memcpy(fix + 18, &size, 4);
		memcpy(fix + 22, &len, 2);
		at = out->len;
		bytes_put(out, "PK\3\4", 4);
		bytes_put(out, fix, sizeof(fix));
		bytes_puts(out, name);
		bytes_puts(out, text);
		bytes_put(&dir, "PK\1\2\24\0", 6);
		bytes_put(&dir, fix, sizeof(fix));
		bytes_put(&dir, "\0\0\0\0\0\0\0\0\0\0", 10);
		bytes_put(&dir, (uint32_t[]){ (uint32_t)at }, 4);
		bytes_puts(&dir, name);
	}
	at = out->len;
	bytes_put(out, dir.p, dir.len);
	bytes_put(out, "PK\5\6\0\0\0\0", 8);
	bytes_put(out, (uint16_t[]){ (uint16_t)n, (uint16_t)n }, 4);
	bytes_put(out, (uint32_t[]){ (uint32_t)dir.len, (uint32_t)at }, 8);
	bytes_put(out, "\0\0", 2);
	bytes_free(&dir);
	assert_int_equal(bytes_done(out), SQ_OK);
}

static void
workbook(struct bytes_buf *out)
{
	static const char *const m[][2] = {
		{ "xl/workbook.xml", "<workbook><sheets><sheet name=\"A\" "
		    "r:id=\"x\"/></sheets></workbook>" },
		{ "xl/_rels/workbook.xml.rels", "<R><Relationship Id=\"x\" "
		    "Target=\"worksheets/s.xml\"/></R>" },
		{ "xl/styles.xml", "<s><cellXfs><xf numFmtId=\"0\"/><xf "
		    "numFmtId=\"14\"/></cellXfs></s>" },
		{ "xl/sharedStrings.xml", "<sst><si><t>name</t></si><si><t>"
		    "\xd0\x95\xd1\x80</t></si></sst>" },
		{ "xl/worksheets/s.xml", "<w><sheetData><row r=\"1\"><c "
		    "r=\"A1\" t=\"s\"><v>0</v></c></row><row r=\"5\"><c "
		    "r=\"B5\" s=\"1\"><v>43171</v></c><c r=\"C5\" t=\"s\"><v>"
		    "1</v></c></row></sheetData></w>" }
	};

	zip(out, m, sizeof(m) / sizeof(m[0]));
}

/* Read bytes as a sheet. */
static enum sq_err
read_it(const void *p, size_t n, struct probe_sheet *ret, struct why *why)
{
	int fd = memfd_create("sheet", MFD_CLOEXEC);
	enum sq_err e;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, p, n), (ssize_t)n);
	e = probe_sheet_read(fd, NULL, NULL, NULL, ret, why);
	(void)close(fd);
	return e;
}

static void
cells(void **state)
{
	static const char csv[] = "a;b\r\n\"x;\"\"y\"\"\nz\";\t2\r\n\r\n;;\n"
	    "\\\x01;last";
	struct probe_sheet s;
	struct bytes_buf b = { 0 };
	struct why why = { "" };

	(void)state;
	assert_int_equal(read_it(csv, sizeof(csv) - 1, &s, &why), SQ_OK);
	assert_string_equal(s.delimiter, ";");
	assert_string_equal(s.encoding, "utf-8");
	assert_true(s.sure);
	assert_int_equal(s.n, 3);
	assert_string_equal(s.row[1].cell[0], "x;\"y\"\nz");
	assert_string_equal(s.row[1].cell[1], "\t2");
	/* a backslash is one, another control character is none */
	assert_string_equal(s.row[2].cell[0], "\\");
	assert_string_equal(s.row[2].cell[1], "last");
	probe_sheet_free(&s);
	workbook(&b);
	if (read_it(b.p, b.len, &s, &why) != SQ_OK)
		fail_msg("%s", why.text);
	assert_string_equal(s.format, "xlsx");
	assert_string_equal(s.sheet, "A");
	assert_int_equal(s.n, 2);
	assert_int_equal(s.row[1].number, 5);
	assert_int_equal(s.row[1].n, 3);
	assert_string_equal(s.row[1].cell[0], "");
	assert_string_equal(s.row[1].cell[1], "2018-03-12");
	assert_string_equal(s.row[1].cell[2], "\xd0\x95\xd1\x80");
	probe_sheet_free(&s);
	bytes_free(&b);
}

/* Seeded: each change is read, or refused in words; the child never dies. */
static void
changed(void **state)
{
	struct bytes_buf b = { 0 };
	struct probe_sheet s;
	struct why why;
	uint32_t r = 20261125;
	uint8_t *p;
	size_t n;
	enum sq_err e;

	(void)state;
	workbook(&b);
	p = malloc(b.len);
	assert_non_null(p);
	for (unsigned i = 0; i < MUTATIONS; i++) {
		memcpy(p, b.p, b.len);
		n = b.len;
		for (unsigned k = 0; k < 1 + i % 5; k++) {
			r = r * 1664525u + 1013904223u;
			p[(r >> 8) % n] = (uint8_t)(r >> 24);
		}
		if (i % 7 == 6)
			n = (r >> 4) % n;
		why.text[0] = '\0';
		e = read_it(p, n, &s, &why);
		assert_true(e == SQ_OK || e == SQ_EREFUSED);
		/* what it says of one that died or talked nonsense */
		assert_null(strstr(why.text, "made to do harm"));
		if (e == SQ_OK)
			probe_sheet_free(&s);
		else
			assert_true(why.text[0] != '\0');
	}
	free(p);
	bytes_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells),
		cmocka_unit_test(changed)
	};

	return cmocka_run_group_tests_name("sheets", tests, NULL, NULL);
}
