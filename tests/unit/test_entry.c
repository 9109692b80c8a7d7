#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/entry.h"
#include "crypto/merkle.h"
#include "crypto/secret.h"
#include "crypto/digest.h"

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

/* Expect the canonical form of in to be out, or a refusal when out is NULL. */
static void
canon(const char *in, size_t n, const char *out)
{
	struct bytes_buf b = { 0 };
	struct entry en = { 0 };
	enum sq_err e;

	bytes_puts(&b, "before");
	e = entry_canon(in, n, &b);
	if (out == NULL) {
		if (e != SQ_EFORMAT)
			fail_msg("not refused: %s", in);
		/* and the strict scanner refuses it as well */
		assert_int_equal(entry_add(&en, "x", in, n), SQ_EFORMAT);
		assert_int_equal(b.len, 6);
	} else {
		if (e != SQ_OK || b.len != 6 + strlen(out) ||
		    memcmp(b.p + 6, out, strlen(out)) != 0)
			fail_msg("%s gave %.*s", in, (int)b.len,
			    (char *)b.p);
		/* the scanner takes exactly the canonical spelling */
		assert_int_equal(entry_add(&en, "x", out, strlen(out)), SQ_OK);
		assert_int_equal(entry_add(&en, "x", in, n),
		    n == strlen(out) && memcmp(in, out, n) == 0 ?
		    SQ_OK : SQ_EFORMAT);
	}
	entry_free(&en);
	bytes_free(&b);
}

static const struct {
	const char *in, *out;
} good[] = {
	{ "\"\"", "\"\"" },
	{ "\"a\"", "\"a\"" },
	{ " \"a\"", "\"a\"" },
	{ "\"a\" ", "\"a\"" },
	{ "\"a\"\n", "\"a\"" },
	{ "\"\\u0061\"", "\"a\"" },
	{ "\"\\/\"", "\"/\"" },
	{ "\"/\"", "\"/\"" },
	{ "\"\\\"\\\\\"", "\"\\\"\\\\\"" },
	{ "\"\\b\\f\\n\\r\\t\"", "\"\\b\\f\\n\\r\\t\"" },
	{ "\"\\u0008\\u000c\\u000A\\u000d\\u0009\"", "\"\\b\\f\\n\\r\\t\"" },
	{ "\"\\u0001\\u001F\"", "\"\\u0001\\u001f\"" },
	{ "\"\\u000b\"", "\"\\u000b\"" },
	{ "\"\x7f\"", "\"\x7f\"" },
	{ "\"\\u007f\"", "\"\x7f\"" },
	{ "\"\\u0080\\u2028\\u2029\"",
	    "\"\xC2\x80\xE2\x80\xA8\xE2\x80\xA9\"" },
	{ "\"\\uD83D\\uDE00\"", "\"\xF0\x9F\x98\x80\"" },
	{ "\"\xF0\x9F\x98\x80\"", "\"\xF0\x9F\x98\x80\"" },
	{ "\"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\"",
	    "\"\xE2\x82\xAC$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"" },
	{ "\"\xD2\x9B\xD0\xB0\xD0\xB7\xD0\xB0\xD2\x9B\"",
	    "\"\xD2\x9B\xD0\xB0\xD0\xB7\xD0\xB0\xD2\x9B\"" },
	{ "\"\xEF\xBF\xBE\xEF\xBF\xBF\"", "\"\xEF\xBF\xBE\xEF\xBF\xBF\"" },
	{ "0", "0" },
	{ "1", "1" },
	{ "-1", "-1" },
	{ "10", "10" },
	{ "9007199254740991", "9007199254740991" },
	{ "-9007199254740991", "-9007199254740991" },
	{ "true", "true" },
	{ "false", "false" },
	{ "[]", "[]" },
	{ "{}", "{}" },
	{ " [ 1 , \"-0\" , true ] ", "[1,\"-0\",true]" },
	{ "[3,1,2]", "[3,1,2]" },
	{ "[[],[[]],{}]", "[[],[[]],{}]" },
	{ "{\"b\":1,\"a\":2}", "{\"a\":2,\"b\":1}" },
	{ "{\"a_\":1,\"a\":2,\"a0\":3,\"_\":4,\"9\":5,\"10\":6}",
	    "{\"10\":6,\"9\":5,\"_\":4,\"a\":2,\"a0\":3,\"a_\":1}" },
	{ "{\"text\":\"x\",\"lang\":\"kk-Cyrl\"}",
	    "{\"lang\":\"kk-Cyrl\",\"text\":\"x\"}" },
	{ "{\"\\u0061\":{\"z\":[],\"y\":{}}}", "{\"a\":{\"y\":{},\"z\":[]}}" },
	{ "{\"a\":\"-0 null 1.5\"}", "{\"a\":\"-0 null 1.5\"}" },
	{ "[\"\\\\\",-1,\"\\\"-0\"]", "[\"\\\\\",-1,\"\\\"-0\"]" },
};

static const char *const bad[] = {
	"", " ", "null", "[null]", "{\"a\":null}", "-0", "[-0]",
	"{\"a\":-0}", "1.0", "1e3", "1E3", "0.5", "-0.0", "1.", "01", "-01",
	"+1", "-", "--1", "0x1", "NaN", "Infinity", "1e400",
	"9007199254740992", "-9007199254740992", "18446744073709551616",
	"9223372036854775807", "99999999999999999999999999999999",
	"\"", "\"a", "a\"", "'a'", "\"a\"b", "\"a\"\"b\"", "1 2", "1,",
	"\"\\u0000\"", "\"a\\u0000b\"", "\"\\ud800\"", "\"\\udc00\\ud800\"",
	"\"\\ud800x\"", "\"\\x41\"", "\"\\a\"", "\"\\u12\"", "\"\\",
	"\"\\u", "\"\\u0", "\"\x01\"", "\"\n\"", "\"\t\"",
	"\"\x80\"", "\"\xC0\x80\"", "\"\xED\xA0\x80\"", "\"\xF4\x90\x80\x80\"",
	"\"\xE2\x82\"", "\"\xFF\"", "\"\xC3\"",
	"{\"a\":1,\"a\":1}", "{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}",
	"[{\"a\":{\"b\":1,\"b\":2}}]", "{\"b\":1,\"a\":1,\"b\":1}",
	"{\"\":1}", "{\"A\":1}", "{\"a b\":1}", "{\"a-b\":1}",
	"{\"\xC3\xA9\":1}",
	"{\"a\\n\":1}", "{\"a.b\":1}", "{a:1}", "{\"a\"}", "{\"a\":}",
	"{\"a\":1,}", "{,}", "[1,]", "[,1]", "[1 2]", "[", "]", "{", "}", "[}",
	"{]", "[1", "{\"a\":1", "{\"a\":1]", "tru", "True", "truex", "fals",
	"[true", "// x\n1", "/**/1", "\xEF\xBB\xBF\x31",
};

static void
test_canon(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(good); i++)
		canon(good[i].in, strlen(good[i].in), good[i].out);
	for (size_t i = 0; i < LEN(bad); i++)
		canon(bad[i], strlen(bad[i]), NULL);
	canon("\"a\0b\"", 5, NULL);
	canon("1\0", 2, NULL);
	canon("\0", 1, NULL);
}

/* Sixteen containers are fine, of either kind; seventeen are not. */
static void
test_depth(void **state)
{
	char s[512];

	(void)state;
	for (int depth = 15; depth <= 18; depth++) {
		for (int kind = 0; kind < 2; kind++) {
			s[0] = '\0';
			for (int i = 0; i < depth; i++)
				strcat(s, kind ? "{\"k\":" : "[");
			strcat(s, "1");
			for (int i = 0; i < depth; i++)
				strcat(s, kind ? "}" : "]");
			canon(s, strlen(s), depth <= ENTRY_MAX_DEPTH ?
			    s : NULL);
		}
	}
}

/* A hundred thousand opening brackets neither crash nor pass. */
static void
test_depth_bomb(void **state)
{
	struct bytes_buf b = { 0 };
	struct entry en = { 0 };
	char *s = malloc(100000);

	(void)state;
	assert_non_null(s);
	memset(s, '[', 100000);
	assert_int_equal(entry_canon(s, 100000, &b), SQ_EFORMAT);
	assert_int_equal(entry_add(&en, "x", s, 100000), SQ_EFORMAT);
	bytes_free(&b);
	free(s);
}

/* Every byte that a string may hold comes back as it went in. */
static void
test_strings(void **state)
{
	struct bytes_buf b = { 0 };
	struct entry en = { 0 };
	char all[128], *s;

	(void)state;
	for (int i = 1; i < 128; i++)
		all[i - 1] = (char)i;
	all[127] = '\0';
	assert_int_equal(entry_add_str(&en, "s", all), SQ_OK);
	assert_int_equal(entry_add_text(&en, "t", "kk-\"\n", all), SQ_OK);
	s = entry_str(&en, "s");
	assert_string_equal(s, all);
	free(s);
	s = entry_str(&en, "t");
	assert_string_equal(s, all);
	free(s);
	/* both are what entry_canon makes of them */
	for (size_t i = 0; i < 2; i++) {
		b.len = 0;
		assert_int_equal(entry_canon(en.fields[i].value,
		    en.fields[i].value_len, &b), SQ_OK);
		assert_int_equal(b.len, en.fields[i].value_len);
		assert_memory_equal(b.p, en.fields[i].value, b.len);
	}
	assert_int_equal(entry_add_str(&en, "u", "\xFF"), SQ_EFORMAT);
	assert_int_equal(entry_add_text(&en, "u", "kk", "\xED\xA0\x80"),
	    SQ_EFORMAT);
	assert_int_equal(entry_add_text(&en, "u", "\xC0", "x"), SQ_EFORMAT);
	assert_int_equal(en.n, 2);
	bytes_free(&b);
	entry_free(&en);
}

static void
test_accessors(void **state)
{
	const char *const list[] = { "a", "", "\"x\n" };
	struct entry en = { 0 };
	char *lang, *text, **strs;
	int64_t v;
	size_t n;
	bool b;

	(void)state;
	assert_int_equal(entry_add_text(&en, "t", "ug-Arab", "x\ty"), SQ_OK);
	assert_int_equal(entry_add_int(&en, "i", -9007199254740991), SQ_OK);
	assert_int_equal(entry_add_bool(&en, "b", true), SQ_OK);
	assert_int_equal(entry_add_strs(&en, "l", list, 3), SQ_OK);
	assert_int_equal(entry_add_strs(&en, "e", NULL, 0), SQ_OK);
	assert_int_equal(entry_add(&en, "m", "[\"a\",1]", 7), SQ_OK);
	assert_int_equal(entry_add(&en, "o",
	    "{\"lang\":\"a\",\"text\":\"b\",\"x\":1}", 29), SQ_OK);
	assert_int_equal(entry_sort(&en), SQ_OK);
	assert_true(entry_text(entry_find(&en, "t"), &lang, &text));
	assert_string_equal(lang, "ug-Arab");
	assert_string_equal(text, "x\ty");
	free(lang);
	free(text);
	assert_false(entry_text(entry_find(&en, "o"), &lang, &text));
	assert_false(entry_text(entry_find(&en, "i"), &lang, &text));
	assert_false(entry_text(NULL, &lang, &text));
	assert_null(entry_value_str(entry_find(&en, "o")));
	assert_null(entry_value_str(NULL));
	assert_null(entry_str(&en, "none"));
	assert_true(entry_value_int(entry_find(&en, "i"), &v));
	assert_true(v == -9007199254740991);
	assert_false(entry_value_int(entry_find(&en, "b"), &v));
	assert_true(entry_value_bool(entry_find(&en, "b"), &b));
	assert_true(b);
	assert_false(entry_value_bool(entry_find(&en, "t"), &b));
	assert_int_equal(entry_value_strs(entry_find(&en, "l"), &strs, &n),
	    SQ_OK);
	assert_int_equal(n, 3);
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(strs[i], list[i]);
	entry_free_strs(strs, n);
	assert_int_equal(entry_value_strs(entry_find(&en, "e"), &strs, &n),
	    SQ_OK);
	assert_int_equal(n, 0);
	assert_null(strs);
	assert_int_equal(entry_value_strs(entry_find(&en, "m"), &strs, &n),
	    SQ_EFORMAT);
	assert_int_equal(entry_value_strs(entry_find(&en, "t"), &strs, &n),
	    SQ_EFORMAT);
	assert_int_equal(entry_value_strs(NULL, &strs, &n), SQ_ENOENT);
	/* nothing is read out of a field that is no longer open */
	assert_int_equal(entry_withhold(&en, "t"), SQ_OK);
	assert_null(entry_str(&en, "t"));
	assert_false(entry_text(entry_find(&en, "t"), &lang, &text));
	entry_free(&en);
}

static void
test_names(void **state)
{
	static const char *const ok[] = { "a", "_log", "a9", "x[00000]",
		"names[99999]", "a.b", "a.b[00001]" };
	static const char *const no[] = { "", "A", "a b", "a\"", "a\\", "a\n",
		"[00000]", "a[0000]", "a[000000]", "a[0000x]", "a[00000",
		"a[00000]x", "a[00000][00000]", "\xC3\xA9", "a]", "a[]" };
	struct entry en = { 0 };
	char name[300];

	(void)state;
	for (size_t i = 0; i < LEN(ok); i++)
		assert_int_equal(entry_add_bool(&en, ok[i], true), SQ_OK);
	for (size_t i = 0; i < LEN(no); i++)
		if (entry_add_bool(&en, no[i], true) != SQ_EFORMAT)
			fail_msg("name %s", no[i]);
	assert_int_equal(entry_sort(&en), SQ_OK);
	for (size_t i = 0; i < LEN(ok); i++)
		assert_non_null(entry_find(&en, ok[i]));
	assert_null(entry_find(&en, "aa"));
	memset(name, 'a', sizeof(name));
	name[ENTRY_MAX_NAME] = '\0';
	assert_int_equal(entry_add_bool(&en, name, true), SQ_OK);
	name[ENTRY_MAX_NAME] = 'a';
	name[ENTRY_MAX_NAME + 1] = '\0';
	assert_int_equal(entry_add_bool(&en, name, true), SQ_ELIMIT);
	assert_int_equal(entry_element(name, sizeof(name), "x", 42), SQ_OK);
	assert_string_equal(name, "x[00042]");
	assert_int_equal(entry_element(name, 8, "x", 42), SQ_ELIMIT);
	assert_int_equal(entry_element(name, sizeof(name), "x", 100000),
	    SQ_ELIMIT);
	entry_free(&en);
}

static void
test_field_limit(void **state)
{
	struct entry en = { 0 }, back;
	struct bytes_buf b = { 0 };
	uint8_t root[32], again[32];
	char name[32];

	(void)state;
	for (size_t i = 0; i < ENTRY_MAX_FIELDS; i++) {
		assert_int_equal(entry_element(name, sizeof(name), "e",
		    ENTRY_MAX_FIELDS - 1 - i), SQ_OK);
		assert_int_equal(entry_add_int(&en, name, (int)i), SQ_OK);
	}
	assert_int_equal(entry_add_int(&en, "z", 1), SQ_ELIMIT);
	/* no salt twice, none forgotten */
	for (size_t i = 0; i < 1024; i++) {
		assert_false(bytes_zero(en.fields[i].salt, ENTRY_SALT));
		for (size_t j = 0; j < i; j++)
			if (memcmp(en.fields[i].salt, en.fields[j].salt,
			    ENTRY_SALT) == 0)
				fail_msg("salts %zu and %zu", i, j);
	}
	assert_int_equal(entry_sort(&en), SQ_OK);
	assert_int_equal(entry_root(&en, root), SQ_OK);
	assert_int_equal(entry_emit(&en, &b), SQ_OK);
	assert_int_equal(entry_parse(b.p, b.len, &back), SQ_OK);
	assert_int_equal(entry_root(&back, again), SQ_OK);
	assert_memory_equal(root, again, 32);
	entry_free(&back);
	/* one field more, well formed, is one too many */
	bytes_put(&b, "\x01\x01\x00z0123456789abcdef\x01\x00\x00\x00" "1", 25);
	assert_int_equal(entry_parse(b.p, b.len, &back), SQ_ELIMIT);
	assert_int_equal(back.n, 0);
	bytes_free(&b);
	entry_free(&en);
}

static void
test_byte_limit(void **state)
{
	struct entry en = { 0 }, back;
	struct bytes_buf b = { 0 };
	char *s = malloc(ENTRY_MAX_BYTES + 1);
	uint8_t root[32], again[32];

	(void)state;
	assert_non_null(s);
	memset(s, 'a', ENTRY_MAX_BYTES);
	/* "s" and two quotes are three bytes */
	s[ENTRY_MAX_BYTES - 2] = '\0';
	assert_int_equal(entry_add_str(&en, "s", s), SQ_ELIMIT);
	assert_int_equal(en.n, 0);
	s[ENTRY_MAX_BYTES - 3] = '\0';
	assert_int_equal(entry_add_str(&en, "s", s), SQ_OK);
	assert_int_equal(entry_add_bool(&en, "t", true), SQ_ELIMIT);
	assert_int_equal(entry_root(&en, root), SQ_OK);
	assert_int_equal(entry_emit(&en, &b), SQ_OK);
	assert_int_equal(entry_parse(b.p, b.len, &back), SQ_OK);
	assert_int_equal(entry_root(&back, again), SQ_OK);
	assert_memory_equal(root, again, 32);
	entry_free(&back);
	/* a withheld field of another name no longer fits; its name counts */
	bytes_put(&b, "\x02\x01\x00t0123456789abcdef0123456789abcdef", 36);
	assert_int_equal(entry_parse(b.p, b.len, &back), SQ_ELIMIT);
	bytes_free(&b);
	assert_int_equal(entry_withhold(&en, "s"), SQ_OK);
	assert_int_equal(entry_add_bool(&en, "t", true), SQ_OK);
	entry_free(&en);
	free(s);
}

static void
sample(struct entry *en)
{
	memset(en, 0, sizeof(*en));
	assert_int_equal(entry_add_str(en, "_kind", "revision"), SQ_OK);
	assert_int_equal(entry_add_strs(en, "_parents", NULL, 0), SQ_OK);
	assert_int_equal(entry_add_text(en, "text", "kk-Cyrl",
	    "\xD0\xB0\n\"b\"\x01"), SQ_OK);
	assert_int_equal(entry_add_int(en, "count", 37), SQ_OK);
	assert_int_equal(entry_add_bool(en, "safe", false), SQ_OK);
	assert_int_equal(entry_add(en, "m", "{\"a\":[1,\"x\"],\"b\":{}}", 20),
	    SQ_OK);
	assert_int_equal(entry_add_str(en, "list[00000]", "one"), SQ_OK);
	assert_int_equal(entry_add_str(en, "list[00001]", "two"), SQ_OK);
	assert_int_equal(entry_sort(en), SQ_OK);
}

/* The root, written out once more from the words of the specification. */
static void
test_root_by_hand(void **state)
{
	struct entry en = { 0 };
	uint8_t vc[32], leaf[2][32], head[32], want[32], got[32];
	uint8_t buf[128];

	(void)state;
	assert_int_equal(entry_add_str(&en, "ab", "x"), SQ_OK);
	assert_int_equal(entry_add_int(&en, "c", 7), SQ_OK);
	for (size_t i = 0; i < 2; i++) {
		size_t n = strlen(en.fields[i].name);

		memset(en.fields[i].salt, (int)i + 1, 16);
		memcpy(buf, "sandyq/value/1", 14);
		memset(buf + 14, (int)i + 1, 16);
		memcpy(buf + 30, i == 0 ? "\"x\"" : "7", i == 0 ? 3 : 1);
		digest_sha256(vc, buf, i == 0 ? 33 : 31);
		buf[0] = 0;
		memcpy(buf + 1, "sandyq/field/1", 14);
		buf[15] = (uint8_t)n;
		buf[16] = 0;
		memcpy(buf + 17, en.fields[i].name, n);
		memcpy(buf + 17 + n, vc, 32);
		digest_sha256(leaf[i], buf, 17 + n + 32);
	}
	buf[0] = 1;
	memcpy(buf + 1, leaf, 64);
	digest_sha256(head, buf, 65);
	memcpy(buf, "sandyq/root/1\x02\0\0\0", 17);
	memcpy(buf + 17, head, 32);
	digest_sha256(want, buf, 49);
	assert_int_equal(entry_root(&en, got), SQ_OK);
	assert_memory_equal(want, got, 32);
	entry_free(&en);
}

static bool
contains(const struct bytes_buf *b, const void *p, size_t n)
{
	return memmem(b->p, b->len, p, n) != NULL;
}

static void
test_withhold(void **state)
{
	struct entry en, full;
	struct bytes_buf b = { 0 };
	uint8_t root[32], got[32], salt[16];
	size_t before;

	(void)state;
	sample(&en);
	assert_int_equal(entry_root(&en, root), SQ_OK);
	assert_int_equal(entry_copy(&en, &full), SQ_OK);
	assert_int_equal(entry_root(&full, got), SQ_OK);
	assert_memory_equal(root, got, 32);
	memcpy(salt, entry_find(&en, "count")->salt, 16);
	before = en.bytes;
	assert_int_equal(entry_withhold(&en, "count"), SQ_OK);
	assert_int_equal(en.bytes, before - 2);
	assert_int_equal(entry_withhold(&en, "count"), SQ_OK);
	assert_int_equal(entry_erase(&en, "list[00000]"), SQ_OK);
	assert_int_equal(entry_withhold(&en, "list[00000]"), SQ_OK);
	assert_int_equal(entry_find(&en, "list[00000]")->form, ENTRY_ERASED);
	assert_int_equal(entry_root(&en, got), SQ_OK);
	assert_memory_equal(root, got, 32);
	assert_int_equal(entry_emit(&en, &b), SQ_OK);
	assert_false(contains(&b, salt, 16));
	assert_false(contains(&b, "one", 3));
	assert_true(contains(&b, "two", 3));
	entry_free(&en);
	assert_int_equal(entry_parse(b.p, b.len, &en), SQ_OK);
	assert_int_equal(entry_find(&en, "list[00000]")->form, ENTRY_ERASED);
	assert_int_equal(entry_find(&en, "count")->form, ENTRY_WITHHELD);
	assert_int_equal(entry_root(&en, got), SQ_OK);
	assert_memory_equal(root, got, 32);
	assert_int_equal(entry_erase(&en, "count"), SQ_OK);
	assert_int_equal(entry_find(&en, "count")->form, ENTRY_ERASED);
	assert_int_equal(entry_withhold(&en, "none"), SQ_ENOENT);
	assert_int_equal(entry_erase(&en, "none"), SQ_ENOENT);
	assert_int_equal(entry_hide(&en, "none"), SQ_ENOENT);
	assert_int_equal(entry_withhold(&en, "_kind"), SQ_EREFUSED);
	assert_int_equal(entry_erase(&en, "_parents"), SQ_EREFUSED);
	assert_int_equal(entry_hide(&en, "_kind"), SQ_EREFUSED);
	entry_free(&en);
	entry_free(&full);
	bytes_free(&b);
}

/* Whatever is hidden, the root stays and the named are still found. */
static void
test_hide(void **state)
{
	struct entry full, en;
	struct bytes_buf b = { 0 };
	uint8_t root[32], got[32], said[32];
	uint64_t index;
	const char *name;

	(void)state;
	sample(&full);
	assert_int_equal(entry_root(&full, root), SQ_OK);
	for (unsigned mask = 0; mask < 1U << full.n; mask++) {
		assert_int_equal(entry_copy(&full, &en), SQ_OK);
		for (size_t i = 0; i < full.n; i++) {
			name = full.fields[i].name;
			if ((mask >> i & 1) != 0 && name[0] != '_')
				assert_int_equal(entry_hide(&en, name), SQ_OK);
		}
		assert_int_equal(entry_root(&en, got), SQ_OK);
		assert_memory_equal(root, got, 32);
		for (size_t i = 0; i < full.n; i++) {
			name = full.fields[i].name;
			assert_int_equal(entry_find(&en, name) == NULL,
			    (mask >> i & 1) != 0 && name[0] != '_');
		}
		b.len = 0;
		assert_int_equal(entry_emit_json(&en, root, 3, &b), SQ_OK);
		entry_free(&en);
		assert_int_equal(entry_parse_json(b.p, b.len, &en, said,
		    &index), SQ_OK);
		assert_int_equal(entry_root(&en, got), SQ_OK);
		assert_memory_equal(root, got, 32);
		entry_free(&en);
	}
	assert_int_equal(entry_hide(&full, "m"), SQ_OK);
	assert_int_equal(entry_sort(&full), SQ_EFORMAT);
	assert_int_not_equal(entry_emit(&full, &b), SQ_OK);
	bytes_free(&b);
	entry_free(&full);
}

static void
test_order(void **state)
{
	static const char one[] = "\x02\x01\x00" "b"
	    "0123456789abcdef0123456789abcdef";
	struct entry en = { 0 };
	uint8_t root[32], buf[2 * (sizeof(one) - 1)];
	size_t n = sizeof(one) - 1;

	(void)state;
	assert_int_equal(entry_root(&en, root), SQ_EFORMAT);
	assert_int_equal(entry_parse((const uint8_t *)"", 0, &en), SQ_EFORMAT);
	assert_int_equal(entry_add_int(&en, "b", 1), SQ_OK);
	assert_int_equal(entry_add_int(&en, "a", 1), SQ_OK);
	assert_int_equal(entry_root(&en, root), SQ_EFORMAT);
	assert_int_equal(entry_sort(&en), SQ_OK);
	assert_int_equal(entry_root(&en, root), SQ_OK);
	assert_int_equal(entry_add_int(&en, "b", 2), SQ_OK);
	assert_int_equal(entry_root(&en, root), SQ_EFORMAT);
	assert_int_equal(entry_sort(&en), SQ_EFORMAT);
	entry_free(&en);
	/* the same in the stored form */
	memcpy(buf, one, n);
	memcpy(buf + n, one, n);
	assert_int_equal(entry_parse(buf, 2 * n, &en), SQ_EFORMAT);
	buf[n + 3] = 'a';
	assert_int_equal(entry_parse(buf, 2 * n, &en), SQ_EFORMAT);
	buf[n + 3] = 'c';
	assert_int_equal(entry_parse(buf, 2 * n, &en), SQ_OK);
	entry_free(&en);
	buf[0] = ENTRY_SEALED;
	assert_int_equal(entry_parse(buf, 2 * n, &en), SQ_EUNSUPPORTED);
	buf[0] = ENTRY_HIDDEN;
	assert_int_equal(entry_parse(buf, 2 * n, &en), SQ_EFORMAT);
	/* what must be open cannot be stored closed */
	assert_int_equal(entry_parse((const uint8_t *)"\x02\x04\x00_log"
	    "0123456789abcdef0123456789abcdef", 39, &en), SQ_EFORMAT);
}

/*
 * Any single changed bit, and any inverted byte, of the stored form is refused
 * or gives another root.  (Withheld and erased differ in two bits and have the
 * same root: which it is, the log's erase entries say.)
 */
static void
test_stored_flips(void **state)
{
	struct entry en, back;
	struct bytes_buf b = { 0 };
	uint8_t root[32], got[32];

	(void)state;
	sample(&en);
	assert_int_equal(entry_withhold(&en, "text"), SQ_OK);
	assert_int_equal(entry_erase(&en, "safe"), SQ_OK);
	assert_int_equal(entry_root(&en, root), SQ_OK);
	assert_int_equal(entry_emit(&en, &b), SQ_OK);
	for (size_t i = 0; i < b.len; i++) {
		for (int bit = 0; bit < 9; bit++) {
			uint8_t x = (uint8_t)(bit == 8 ? 0xFF : 1 << bit);

			b.p[i] ^= x;
			if (entry_parse(b.p, b.len, &back) == SQ_OK) {
				assert_int_equal(entry_root(&back, got),
				    SQ_OK);
				assert_memory_not_equal(root, got, 32);
			} else {
				assert_int_equal(back.n, 0);
			}
			entry_free(&back);
			b.p[i] ^= x;
		}
		/* and cut short there, unless exactly between two fields */
		if (entry_parse(b.p, i, &back) == SQ_OK) {
			assert_int_equal(entry_root(&back, got), SQ_OK);
			assert_memory_not_equal(root, got, 32);
		}
		entry_free(&back);
	}
	bytes_put_u8(&b, 0);
	assert_int_not_equal(entry_parse(b.p, b.len, &back), SQ_OK);
	bytes_free(&b);
	entry_free(&en);
}

/* Read record.json and say whether it stands: the root it states is its own. */
static bool
stands(const void *p, size_t n, uint64_t *index, uint8_t said[32])
{
	struct entry en;
	uint8_t got[32];
	bool ok;

	if (entry_parse_json(p, n, &en, said, index) != SQ_OK) {
		assert_int_equal(en.n, 0);
		return false;
	}
	ok = entry_root(&en, got) == SQ_OK && memcmp(got, said, 32) == 0;
	entry_free(&en);
	return ok;
}

static void
test_json_flips(void **state)
{
	struct entry en;
	struct bytes_buf b = { 0 };
	uint8_t root[32], said[32];
	uint64_t index;
	size_t from, to;
	const char *p;

	(void)state;
	sample(&en);
	assert_int_equal(entry_withhold(&en, "text"), SQ_OK);
	assert_int_equal(entry_erase(&en, "safe"), SQ_OK);
	assert_int_equal(entry_hide(&en, "list[00001]"), SQ_OK);
	assert_int_equal(entry_root(&en, root), SQ_OK);
	assert_int_equal(entry_emit_json(&en, root, 1234, &b), SQ_OK);
	assert_true(stands(b.p, b.len, &index, said));
	assert_int_equal(index, 1234);
	assert_memory_equal(said, root, 32);
	p = memmem(b.p, b.len, "1234", 4);
	from = (size_t)(p - (char *)b.p);
	to = from + 4;
	for (size_t i = 0; i < b.len; i++) {
		for (int v = 1; v < 256; v++) {
			b.p[i] ^= (uint8_t)v;
			/* the index is bound by the proof, not by the entry */
			if (stands(b.p, b.len, &index, said) &&
			    (i < from || i >= to || index == 1234))
				fail_msg("byte %zu ^ %02x stands", i,
				    (unsigned)v);
			b.p[i] ^= (uint8_t)v;
		}
		assert_false(stands(b.p, i, &index, said));
	}
	bytes_puts(&b, "\n");
	assert_false(stands(b.p, b.len, &index, said));
	bytes_free(&b);
	entry_free(&en);
}

/* Each one spelling that a loose JSON reader would take as the same. */
static const struct {
	const char *fmt;
	bool ok;
} forms[] = {
	{ "{\"entry\":\"%s\",\"index\":0,\"fields\":[{\"name\":\"a\","
	    "\"salt\":\"%s\",\"value\":1}]}", true },
	{ "{\"entry\":\"%s\",\"index\":0,\"fields\":[{\"name\":\"a\","
	    "\"salt\":\"%s\",\"value\":1.0}]}", false },
	{ "{\"entry\":\"%s\",\"index\":0,\"fields\":[{\"name\":\"a\","
	    "\"salt\":\"%s\",\"value\":null}]}", false },
	{ "{\"entry\":\"%s\",\"index\":0,\"fields\":[{\"name\":\"a\","
	    "\"salt\":\"%s\",\"value\":}]}", false },
	{ "{\"entry\":\"%s\",\"index\":0,\"fields\":[{\"name\":\"a\","
	    "\"salt\":\"%s\",\"value\":\"\\u0061\"}]}", false },
	{ "{\"entry\":\"%s\",\"index\":00,\"fields\":[{\"name\":\"a\","
	    "\"salt\":\"%s\",\"value\":1}]}", false },
	{ "{\"entry\":\"%s\",\"index\":-1,\"fields\":[{\"name\":\"a\","
	    "\"salt\":\"%s\",\"value\":1}]}", false },
	{ "{\"entry\":\"%s\",\"index\":1e0,\"fields\":[{\"name\":\"a\","
	    "\"salt\":\"%s\",\"value\":1}]}", false },
	{ "{\"entry\":\"%s\",\"index\":9007199254740992,\"fields\":"
	    "[{\"name\":\"a\",\"salt\":\"%s\",\"value\":1}]}", false },
	{ "{\"entry\":\"%s\",\"index\":0,\"fields\":[{\"salt\":\"%s\","
	    "\"name\":\"a\",\"value\":1}]}", false },
	{ "{\"entry\":\"%s\",\"index\":0,\"fields\":[{\"name\":\"a\","
	    "\"salt\":\"%s\",\"value\":1,\"x\":1}]}", false },
	{ "{\"entry\":\"%s\",\"index\":0,\"fields\":[{\"name\":\"a\","
	    "\"salt\":\"%s\",\"value\":1,\"value\":1}]}", false },
	{ "{\"entry\":\"%s\",\"index\":0,\"fields\":[{\"name\":\"a\","
	    "\"salt\":\"%s\",\"value\":1}],\"x\":1}", false },
	{ "{\"entry\":\"%s\",\"index\":0,\"fields\":[{\"name\":\"a\","
	    "\"salt\":\"%s\",\"value\":1},]}", false },
	{ "{\"entry\":\"%s\",\"index\":0,\"fields\":[{\"name\":\"A\","
	    "\"salt\":\"%s\",\"value\":1}]}", false },
	{ "{\"entry\":\"%s\",\"index\":0,\"fields\":[{\"name\":\"a\","
	    "\"salt\":\"%.31s\",\"value\":1}]}", false },
	{ "{\"entry\":\"%s\",\"index\":0, \"fields\":[{\"name\":\"a\","
	    "\"salt\":\"%s\",\"value\":1}]}", false },
	{ "{\"entry\":\"%s\",\"index\":0,\"fields\":[{\"name\":\"_log\","
	    "\"vc\":\"%s0123456789abcdef0123456789abcdef\"}]}", false },
	{ "{\"entry\":\"%s\",\"index\":0,\"fields\":[{\"name\":\"log\","
	    "\"vc\":\"%s0123456789abcdef0123456789abcdef\"}]}", true },
	{ "{\"entry\":\"%s\",\"index\":0,\"fields\":[]}", false },
	{ "", false },
};

static void
test_json_forms(void **state)
{
	static const char root[] = "0123456789abcdef0123456789abcdef"
	    "0123456789abcdef0123456789abcdef";
	static const char salt[] = "0123456789abcdef0123456789abcdef";
	struct entry en;
	uint8_t said[32];
	uint64_t index;
	char s[512];
	int n;

	(void)state;
	for (size_t i = 0; i < LEN(forms); i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		n = snprintf(s, sizeof(s), forms[i].fmt, root, salt);
#pragma GCC diagnostic pop
		if ((entry_parse_json((uint8_t *)s, (size_t)n, &en, said,
		    &index) == SQ_OK) != forms[i].ok)
			fail_msg("%s", s);
		entry_free(&en);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_canon),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_depth_bomb),
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_accessors),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_field_limit),
		cmocka_unit_test(test_byte_limit),
		cmocka_unit_test(test_root_by_hand),
		cmocka_unit_test(test_withhold),
		cmocka_unit_test(test_hide),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_stored_flips),
		cmocka_unit_test(test_json_flips),
		cmocka_unit_test(test_json_forms),
	};

	if (secret_init() != SQ_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
