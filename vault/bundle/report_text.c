/*
 * Text on its way into the report: escaped, with its language, isolated in its
 * direction.  See report_int.h.
 */
#include <inttypes.h>
#include <string.h>

#include "vault/bundle/report_int.h"

/* True if what follows s is to be read as text by a browser. */
static bool
plain(unsigned char c)
{
	return (c >= 0x20 && c != 0x7F) || c == '\n' || c == '\t';
}

/*
 * The length and number of a control of direction or of a line end that
 * browsers disagree about: U+2028 to U+202E and U+2066 to U+2069.
 */
static size_t
turning(const char *s, unsigned *ret)
{
	const unsigned char *p = (const unsigned char *)s;
	unsigned c;

	if (p[0] != 0xE2 || p[1] < 0x80 || p[1] > 0x81 || p[2] < 0x80)
		return 0;
	c = 0x2000 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
	*ret = c;
	return (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) ?
	    3 : 0;
}

/* see report_int.h */
void
report_text(struct bytes_buf *out, const char *s)
{
	static const struct {
		char c;
		const char *as;
	} entity[] = { { '<', "&lt;" }, { '>', "&gt;" }, { '&', "&amp;" },
	    { '"', "&quot;" }, { '\'', "&#39;" } };
	bool utf8 = bytes_utf8(s, strlen(s));
	unsigned c = 0;
	size_t i;

	for (; *s != '\0'; s++) {
		for (i = 0; i < 5 && entity[i].c != *s; i++)
			;
		if (i < 5)
			bytes_puts(out, entity[i].as);
		else if (!plain((unsigned char)*s) ||
		    (!utf8 && (unsigned char)*s > 0x7F))
			bytes_puts(out, "\xEF\xBF\xBD");
		else if (utf8 && turning(s, &c) > 0) {
			bytes_putf(out, "[U+%04X]", c);
			s += 2;
		} else
			bytes_put(out, s, 1);
	}
}

/* --- languages ---------------------------------------------------------- */

static const struct {
	const char *tag, *name;
} tongues[] = {
	{ "ar", "Arabic" }, { "bo", "Tibetan" }, { "de", "German" },
	{ "dng", "Dungan" }, { "en", "English" }, { "fa", "Persian" },
	{ "fr", "French" }, { "kk", "Kazakh" }, { "ky", "Kyrgyz" },
	{ "mn", "Mongolian" }, { "ru", "Russian" }, { "tg", "Tajik" },
	{ "tr", "Turkish" }, { "tt", "Tatar" }, { "ug", "Uyghur" },
	{ "ur", "Urdu" }, { "uz", "Uzbek" }, { "zh", "Chinese" }
}, scripts[] = {
	{ "Arab", "Arabic script" }, { "Cyrl", "Cyrillic" },
	{ "Hans", "simplified" }, { "Hant", "traditional" },
	{ "Latn", "Latin" }, { "Mong", "Mongolian script" }
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* True if the n characters at s are t. */
static bool
same(const char *s, size_t n, const char *t)
{
	return strlen(t) == n && memcmp(s, t, n) == 0;
}

/* see report_int.h */
void
report_text_lang(struct bytes_buf *out, const char *tag)
{
	size_t n = strcspn(tag, "-"), i, k = COUNT(scripts);

	for (i = 0; i < COUNT(tongues); i++)
		if (same(tag, n, tongues[i].tag))
			break;
	if (tag[n] == '-')
		for (k = 0; k < COUNT(scripts); k++)
			if (same(tag + n + 1, strlen(tag + n + 1),
			    scripts[k].tag))
				break;
	if (i == COUNT(tongues) || (tag[n] == '-' && k == COUNT(scripts))) {
		report_text(out, tag);
		return;
	}
	bytes_puts(out, tongues[i].name);
	if (tag[n] == '-')
		bytes_putf(out, " (%s)", scripts[k].name);
}

/* True if the tag names a text written from right to left. */
static bool
right_to_left(const char *lang)
{
	static const char *const tongue[] = { "ar", "ug", "fa", "ur", "he",
	    "ps", "sd", "ckb", "yi", "dv" };
	size_t n = strcspn(lang, "-");

	if (strstr(lang, "-Arab") != NULL || strstr(lang, "-Hebr") != NULL)
		return true;
	if (strstr(lang, "-Latn") != NULL || strstr(lang, "-Cyrl") != NULL)
		return false;
	for (size_t i = 0; i < COUNT(tongue); i++)
		if (same(lang, n, tongue[i]))
			return true;
	return false;
}

/* True if the tag says something. */
static bool
known(const char *lang)
{
	return lang != NULL && *lang != '\0' && strcmp(lang, "und") != 0;
}

/* The attributes of a text in this language. */
static void
put_attributes(struct bytes_buf *out, const char *lang)
{
	if (known(lang)) {
		bytes_puts(out, " lang=\"");
		report_text(out, lang);
		bytes_puts(out, "\"");
	}
	bytes_puts(out, known(lang) && right_to_left(lang) ?
	    " dir=\"rtl\"" : " dir=\"auto\"");
}

/* The language in small letters, for people who do not see it. */
static void
put_tongue(struct bytes_buf *out, const char *lang)
{
	if (!known(lang))
		return;
	bytes_puts(out, " <small>");
	report_text_lang(out, lang);
	bytes_puts(out, "</small>");
}

/* see report_int.h */
void
report_text_line(struct bytes_buf *out, const struct report_value *v)
{
	if (v->item > 0)
		bytes_putf(out, "<a href=\"#item-%" PRIu64 "\">", v->item);
	bytes_puts(out, "<bdi");
	put_attributes(out, v->lang);
	bytes_puts(out, ">");
	report_text(out, v->text);
	bytes_puts(out, "</bdi>");
	if (v->item > 0)
		bytes_puts(out, "</a>");
	if (v->more != NULL && v->more[0] != '\0') {
		bytes_puts(out, " (");
		report_text_plain(out, v->more);
		bytes_puts(out, ")");
	}
	put_tongue(out, v->lang);
}

/* see report_int.h */
void
report_text_plain(struct bytes_buf *out, const char *s)
{
	bytes_puts(out, "<bdi dir=\"auto\">");
	report_text(out, s);
	bytes_puts(out, "</bdi>");
}

/* see report_int.h */
void
report_text_block(struct bytes_buf *out, const struct report_value *v)
{
	bytes_puts(out, "<div class=\"t\"");
	put_attributes(out, v->lang);
	bytes_puts(out, ">");
	report_text(out, v->text);
	bytes_puts(out, "</div>\n");
}

/* see report_int.h */
void
report_text_row(struct bytes_buf *out, const char *label, const char *value)
{
	bytes_puts(out, "<tr><th scope=\"row\">");
	report_text(out, label);
	bytes_puts(out, "</th><td>");
	report_text_plain(out, value);
	bytes_puts(out, "</td></tr>\n");
}

/* see report_int.h */
void
report_text_code(struct bytes_buf *out, const char *label, const char *value)
{
	bytes_puts(out, "<tr><th scope=\"row\">");
	report_text(out, label);
	bytes_puts(out, "</th><td><code>");
	report_text(out, value);
	bytes_puts(out, "</code></td></tr>\n");
}
