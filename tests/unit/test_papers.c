/*
 * The load file, read back by a parser of its own, and the drafts of
 * certificates.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/bundle/certificate.h"
#include "vault/bundle/loadfile.h"

#define OK(x) assert_int_equal(x, SQ_OK)

/* --- a reader, as an importer is one: delimiters and nothing else --------- */

struct dat {
	char cell[8][LOADFILE_CELLS][256];
	size_t rows, bad;
};

/* Take a character of UTF-8; its bytes in out. */
static const char *
take(const char *s, char out[5])
{
	size_t n = (unsigned char)*s < 0x80 ? 1 : (unsigned char)*s < 0xE0 ?
	    2 : (unsigned char)*s < 0xF0 ? 3 : 4;

	memcpy(out, s, n);
	out[n] = '\0';
	return s + n;
}

static void
read_dat(const char *s, struct dat *d)
{
	char c[5];
	size_t col = 0;
	bool open = false;

	memset(d, 0, sizeof(*d));
	assert_memory_equal(s, "\xEF\xBB\xBF", 3);
	for (s += 3; *s != '\0';) {
		char *cell = d->cell[d->rows][col];

		s = take(s, c);
		if (strcmp(c, "\xC3\xBE") == 0)
			open = !open;
		else if (open)
			(void)snprintf(cell + strlen(cell), 256 -
			    strlen(cell), "%s", strcmp(c, "\xC2\xAE") == 0 ?
			    "\n" : c);
		else if (c[0] == '\x14')
			col++;
		else if (c[0] == '\r') {
			assert_int_equal(*s++, '\n');
			d->bad += col != LOADFILE_CELLS - 1;
			col = 0;
			d->rows++;
		} else
			d->bad++;
		assert_true(col < LOADFILE_CELLS && d->rows < 8);
	}
	assert_false(open);
	assert_int_equal(col, 0);
}

static void
test_loadfile(void **state)
{
	static const char *const v[][2] = {
		{ "plain", "plain" }, { "", "" },
		{ "Сәуле, \"x\"", "Сәуле, \"x\"" },
		{ "two\nlines", "two\nlines" }, { "a\r\nb", "a\nb" },
		{ "a\x14" "b", "a b" }, { "\xC3\xBE", "th" },
		{ "x\xC2\xAEy", "x(R)y" }, { "tab\there", "tab here" },
		{ "\xC3\xBF\xC2\xAF", "\xC3\xBF\xC2\xAF" },
		{ "ئابلەت 吐尔干", "ئابلەت 吐尔干" } };
	const char *cell[LOADFILE_CELLS] = { NULL };
	struct bytes_buf b = { 0 };
	static struct dat d;
	char *s;

	(void)state;
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		loadfile_head(&b);
		cell[0] = cell[7] = cell[LOADFILE_CELLS - 1] = v[i][0];
		loadfile_row(cell, &b);
		s = bytes_str(&b);
		read_dat(s, &d);
		free(s);
		assert_int_equal(d.rows, 2);
		assert_int_equal(d.bad, 0);
		assert_string_equal(d.cell[0][0], "BEGDOC");
		assert_string_equal(d.cell[0][16], "SHA256");
		assert_string_equal(d.cell[0][17], "NATIVELINK");
		assert_string_equal(d.cell[1][0], v[i][1]);
		assert_string_equal(d.cell[1][7], v[i][1]);
		assert_string_equal(d.cell[1][1], "");
		assert_string_equal(d.cell[1][LOADFILE_CELLS - 1], v[i][1]);
	}
}

static void
test_dates(void **state)
{
	static const char *const v[][2] = {
		{ "2017-10-03", "20171003" },
		{ "2017-10-03T11:00:00Z", "20171003" }, { "2017-10", "" },
		{ "2017", "" }, { "", "" }, { "2017-10-03~", "" },
		{ "2017-10-03/2017-11-01", "" }, { "2017-XX-03", "" },
		{ "../2017-10-03", "" } };
	char out[9], number[LOADFILE_NUMBER_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		loadfile_date(v[i][0], out);
		assert_string_equal(out, v[i][1]);
	}
	loadfile_number("8c3cb70cc868cf0f37627ac03b368b55", 7, number);
	assert_string_equal(number, "SQ-8c3cb70c-000007");
}

/* --- certificates --------------------------------------------------------- */

static void
test_certificates(void **state)
{
	static const struct {
		const char *name, *says;
	} v[] = {
		{ "us-fre-902-14.txt", "I declare under penalty of perjury "
		    "under the laws of the United States of\nAmerica that the "
		    "foregoing is true and correct." },
		{ "in-bsa-63-4.txt", "PART B\n(To be filled by the Expert)" },
		{ "gb-crimpr-16.txt", "I shall be liable to prosecution if I "
		    "have wilfully\nstated in it anything which I know to be "
		    "false, or do not believe to be true." },
		{ "generic.txt", "to the best of my knowledge and belief" }
	};
	const struct statement st = { .bundle = "b0b0", .log = "1061",
	    .created = "2026-11-25T22:51:34Z", .program = "sandyq 0.1",
	    .items = 37, .log_size = 90210 };
	struct bytes_buf b = { 0 }, table = { 0 };
	size_t n = 0;
	char *s, *t;

	(void)state;
	certificate_line(3, "M-1", "a\nb\xE2\x80\xAEgpj.exe", 12, &table);
	t = bytes_str(&table);
	assert_string_equal(t, "Item 000003, M-1, 12 bytes, original name: "
	    "a?b?gpj.exe\n");
	for (size_t i = 0; certificate_name(i) != NULL; i++, n++) {
		OK(certificate_emit(i, &st, (const uint8_t *)t, strlen(t),
		    &b));
		s = bytes_str(&b);
		assert_memory_equal(s, "DRAFT.  NOT SIGNED.", 19);
		assert_non_null(strstr(s, "qualified person"));
		assert_non_null(strstr(s, "b0b0"));
		assert_non_null(strstr(s, "2026-11-25T22:51:34Z"));
		assert_non_null(strstr(s, "1061"));
		assert_non_null(strstr(s, t));
		assert_null(strpbrk(s, "{}"));
		for (size_t k = 0; k < sizeof(v) / sizeof(v[0]); k++)
			if (strcmp(v[k].name, certificate_name(i)) == 0)
				assert_non_null(strstr(s, v[k].says));
		free(s);
	}
	assert_int_equal(n, sizeof(v) / sizeof(v[0]));
	assert_int_equal(certificate_emit(n, &st, NULL, 0, &b),
	    SQ_EINTERNAL);
	free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_loadfile),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_certificates)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
