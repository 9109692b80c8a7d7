/*
 * STATEMENT.txt: one spelling, no way for a typed text to break a line.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vault/bundle/consist.h"
#include "vault/bundle/statement.h"

#define OK(x) assert_int_equal(x, SQ_OK)

static void
fill(struct statement *st)
{
	static const char key[] = "RWQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	    "AAAAAAAAAAAAAA";

	memset(st, 0, sizeof(*st));
	strcpy(st->bundle, "fedcba98765432100123456789abcdef");
	strcpy(st->created, "2026-03-14T10:22:07+05:00");
	strcpy(st->log, "00112233445566778899aabbccddeeff");
	strcpy(st->key_note, "sandyq/x+01020304+AbCd");
	strcpy(st->key_minisign, key);
	memcpy(st->key_ssh, "SHA256:", 7);
	memset(st->key_ssh + 7, 'k', 43);
	memcpy(st->recipient, "age1", 4);
	memset(st->recipient + 4, 'q', 58);
	st->recipient_name = strdup("Office of counsel");
	st->purpose = strdup("");
	strcpy(st->profile, "lawyer");
	st->items = 2;
	st->bytes = 12345;
	memset(st->tagmanifest, 0xAB, 32);
	memset(st->readme, 0xCD, 32);
	strcpy(st->log_origin, "sandyq/00112233445566778899aabbccddeeff");
	st->log_size = 5;
	memset(st->log_root, 0xEF, 32);
	strcpy(st->program, "sandyq 0.1");
}

static void
name(struct statement *st, const char *s)
{
	free(st->recipient_name);
	st->recipient_name = s == NULL ? NULL : strdup(s);
}

static enum sq_err
parse(const struct bytes_buf *b, struct statement *ret)
{
	struct why why;

	return statement_parse((const char *)b->p, b->len, ret, &why);
}

static void
test_text(void **state)
{
	static const char want[] = "evidence-bundle/v1\n"
	    "bundle: fedcba98765432100123456789abcdef\n"
	    "created: 2026-03-14T10:22:07+05:00\n"
	    "log: 00112233445566778899aabbccddeeff\n";
	struct bytes_buf b = { 0 };
	struct statement st;
	unsigned lines = 0;

	(void)state;
	fill(&st);
	OK(statement_emit(&st, &b));
	assert_memory_equal(b.p, want, sizeof(want) - 1);
	for (size_t i = 0; i < b.len; i++) {
		assert_true(b.p[i] == '\n' || (b.p[i] >= ' ' &&
		    b.p[i] <= '~'));
		lines += b.p[i] == '\n';
	}
	assert_int_equal(lines, 23);
	statement_free(&st);
	bytes_free(&b);
}

/* Whatever a person types comes back, and adds no line. */
static void
test_typed(void **state)
{
	static const char *const v[] = { "", "a\nitems: 9", "a\r\nb",
	    "\"", "\\", "\"\\u0041", "\\n", "a\tb", "\x1b[31m", "\x7f",
	    "\xD2\x9B\xD0\xB0\xD0\xBC\xD0\xB0", "\xE5\x90\x90",
	    "\xF0\x9F\x98\x80", "\xE2\x80\xAE", "\xEF\xBF\xBF",
	    "\xF4\x8F\xBF\xBF", "x\"\npurpose: \"y",
	    "This statement does not assert that the content is true.\n" };
	struct bytes_buf b = { 0 };
	struct statement st, got;
	unsigned lines;

	(void)state;
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		fill(&st);
		name(&st, v[i]);
		free(st.purpose);
		st.purpose = strdup(v[i]);
		OK(statement_emit(&st, &b));
		lines = 0;
		for (size_t k = 0; k < b.len; k++) {
			assert_true(b.p[k] == '\n' || (b.p[k] >= ' ' &&
			    b.p[k] <= '~'));
			lines += b.p[k] == '\n';
		}
		assert_int_equal(lines, 23);
		OK(parse(&b, &got));
		assert_string_equal(got.recipient_name, v[i]);
		assert_string_equal(got.purpose, v[i]);
		assert_int_equal(got.items, 2);
		statement_free(&got);
		statement_free(&st);
		bytes_free(&b);
	}
}

static void
test_values(void **state)
{
	struct bytes_buf b = { 0 };
	struct statement st;

	(void)state;
	for (int i = 0; i < 40; i++) {
		fill(&st);
		switch (i) {
		case 0: st.bundle[3] = 'G'; break;
		case 1: st.bundle[3] = '\0'; break;
		case 2: strcpy(st.created, "2026-03-14 10:22:07Z"); break;
		case 3: strcpy(st.created, "2026-03-14T10:22:07"); break;
		case 4: strcpy(st.created, "2026-03-14T10:22:07Z\nx"); break;
		case 5: st.log[0] = 'f'; break;
		case 6: strcpy(st.key_note, "a b"); break;
		case 7: strcpy(st.key_note, "a\nb"); break;
		case 8: st.key_minisign[0] = '!'; break;
		case 9: st.key_ssh[0] = 's'; break;
		case 10: strcpy(st.recipient, "age1x"); break;
		case 11: strcpy(st.recipient, ""); break;
		case 12: name(&st, "\xC3\x28"); break;
		case 13: name(&st, "\xED\xA0\x80"); break;
		case 14: strcpy(st.profile, "Lawyer"); break;
		case 15: strcpy(st.profile, ""); break;
		case 16: st.items = 1000001; break;
		case 17: strcpy(st.log_origin, "other/0011"); break;
		case 18: st.log_size = 0; break;
		case 19: st.has_previous = 1; st.previous_size = 6; break;
		case 20: st.has_previous = 1; break;
		case 21: strcpy(st.program, "x\n"); break;
		case 22: strcpy(st.program, ""); break;
		case 23: strcpy(st.program, " x"); break;
		case 24: strcpy(st.program, "x "); break;
		case 25: strcpy(st.program, "\x7f"); break;
		case 26: strcpy(st.created, "2026-03-14T10:22:07.Z"); break;
		case 27: strcpy(st.created, "2026-03-14T10:22:07.5"); break;
		case 28: strcpy(st.created, "2026-03-14T10:22:07+5:00"); break;
		case 29: strcpy(st.created, "2026-03-14T10:22:07*05:00"); break;
		case 30: strcpy(st.created, "2026-03-14T10:22:07-0x:00"); break;
		case 31: name(&st, NULL); break;
		case 32: free(st.purpose); st.purpose = NULL; break;
		case 33: free(st.purpose); st.purpose = strdup("\xff"); break;
		case 34: st.log_size = (uint64_t)INT64_MAX + 1; break;
		case 35: st.bytes = (uint64_t)INT64_MAX + 1; break;
		case 36: st.attachments = 1000001; break;
		case 37: strcpy(st.opens, "x"); break;
		case 38: strcpy(st.key_note, ""); break;
		case 39: strcpy(st.key_note, "a\x7f"); break;
		}
		if (statement_emit(&st, &b) != SQ_EFORMAT)
			fail_msg("case %d", i);
		assert_int_equal(b.len, 0);
		statement_free(&st);
	}
}

/* Every change of a byte is refused or means something else. */
static void
flip_each(const struct statement *st)
{
	struct bytes_buf b = { 0 }, again = { 0 };
	struct statement got;
	unsigned accepted = 0;

	OK(statement_emit(st, &b));
	for (size_t i = 0; i < b.len; i++)
		for (unsigned bit = 0; bit < 8; bit++) {
			b.p[i] ^= (uint8_t)(1u << bit);
			if (parse(&b, &got) == SQ_OK) {
				OK(statement_emit(&got, &again));
				assert_int_equal(again.len, b.len);
				assert_memory_equal(again.p, b.p, b.len);
				accepted++;
				statement_free(&got);
				bytes_free(&again);
			}
			b.p[i] ^= (uint8_t)(1u << bit);
		}
	assert_true(accepted > 0);
	for (size_t i = 0; i < b.len; i++) {
		struct bytes_buf cut = { b.p, i, b.cap, false };

		assert_int_not_equal(parse(&cut, &got), SQ_OK);
	}
	bytes_puts(&b, "\n");
	assert_int_equal(parse(&b, &got), SQ_EFORMAT);
	bytes_free(&b);
}

static void
test_flip(void **state)
{
	struct statement st;

	(void)state;
	fill(&st);
	name(&st, "a\"\xF0\x9F\x98\x80");
	flip_each(&st);
	st.has_previous = 1;
	st.previous_size = 3;
	flip_each(&st);
	statement_free(&st);
}

/* Other spellings of the same meaning. */
static void
test_spelling(void **state)
{
	static const char *const v[][2] = { { "\"Office", "\"\\u004fffice" },
	    { "items: 2", "items: 02" }, { "items: 2", "items: +2" },
	    { "items: 2", "items:  2" }, { "items: 2", "Items: 2" },
	    { "items: 2\n", "items: 2\r\n" }, { "abab", "ABab" },
	    { "items: 2\n", "items: 2\nitems: 2\n" },
	    { "items: 2\nattachments: 0\n", "attachments: 0\nitems: 2\n" },
	    { "previous-size: -", "previous-size: 0" },
	    { "evidence-bundle/v1", "evidence-bundle/v2" },
	    { "not assert", "assert" }, { "\"Office", "\"\\/Office" },
	    { "\"Office", "\"\\ud800Office" },
	    { "\"Office", "\"\\u0000Office" },
	    { "items: 2", "items: 18446744073709551618" },
	    { "items: 2", "items: " }, { "items: 2", "items: /" },
	    { "items: 2", "items: 2:" }, { "\"Office", "Office" },
	    { "counsel\"", "counsel" }, { "counsel\"", "counsel\\\"" },
	    { "counsel\"", "counsel\\\\\\\"" },
	    { "\"Office of counsel\"", "\"" }, { "\"Office of counsel\"", "" },
	    { "counsel\"", "counsel\\\"\"x" } };
	struct bytes_buf b = { 0 }, c = { 0 };
	struct statement st, got;
	uint8_t *p;

	(void)state;
	fill(&st);
	OK(statement_emit(&st, &b));
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		p = memmem(b.p, b.len, v[i][0], strlen(v[i][0]));
		assert_non_null(p);
		bytes_put(&c, b.p, (size_t)(p - b.p));
		bytes_puts(&c, v[i][1]);
		p += strlen(v[i][0]);
		bytes_put(&c, p, (size_t)(b.p + b.len - p));
		if (parse(&c, &got) != SQ_EFORMAT)
			fail_msg("accepted: %s", v[i][1]);
		bytes_free(&c);
	}
	bytes_free(&b);
	statement_free(&st);
}

static void
test_consist(void **state)
{
	struct consist c = { .old_size = 3, .new_size = 7 }, got;
	struct bytes_buf b = { 0 };

	(void)state;
	c.proof.n = 2;
	memset(c.proof.hash, 0x5A, sizeof(c.proof.hash));
	OK(consist_emit(&c, &b));
	OK(consist_parse((const char *)b.p, b.len, &got));
	assert_int_equal(got.old_size, 3);
	assert_int_equal(got.new_size, 7);
	assert_int_equal(got.proof.n, 2);
	for (size_t i = 0; i < b.len; i++)
		assert_int_equal(consist_parse((const char *)b.p, i, &got),
		    i + 45 == b.len || i + 90 == b.len ? SQ_OK : SQ_EFORMAT);
	bytes_puts(&b, "\n");
	assert_int_equal(consist_parse((const char *)b.p, b.len, &got),
	    SQ_EFORMAT);
	bytes_free(&b);
	c.proof.n = MERKLE_PROOF_MAX;
	OK(consist_emit(&c, &b));
	OK(consist_parse((const char *)b.p, b.len, &got));
	bytes_put_b64(&b, c.old_root, MERKLE_LEN, true);
	bytes_puts(&b, "\n");
	assert_int_equal(consist_parse((const char *)b.p, b.len, &got),
	    SQ_EFORMAT);
	bytes_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_typed),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_flip),
		cmocka_unit_test(test_spelling),
		cmocka_unit_test(test_consist)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
