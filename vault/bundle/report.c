#include <inttypes.h>
#include <string.h>

#include "vault/bundle/report.h"

static const char head[] =
    "<!DOCTYPE html>\n"
    "<html lang=\"en\">\n"
    "<head>\n"
    "<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
    "'none'; style-src 'unsafe-inline'\">\n"
    "<meta name=\"referrer\" content=\"no-referrer\">\n"
    "<title>Bundle of evidence</title>\n"
    "<style>\n"
    "@page { size: A4; margin: 18mm; }\n"
    "body { font: 11pt/1.45 serif; max-width: 46em; margin: 2em auto; "
    "padding: 0 1em; color: #111; background: #fff; }\n"
    "h1 { font-size: 1.6em; } h2 { font-size: 1.25em; border-top: 1px solid "
    "#999; padding-top: .6em; } h3 { font-size: 1em; }\n"
    "table { border-collapse: collapse; width: 100%; } th, td { text-align: "
    "start; vertical-align: top; padding: .25em .5em; border-bottom: 1px "
    "solid #ddd; }\n"
    "th { width: 30%; font-weight: normal; color: #444; }\n"
    "td p { margin: 0 0 .5em; white-space: pre-wrap; overflow-wrap: "
    "anywhere; }\n"
    "code { font-size: .85em; overflow-wrap: anywhere; } .held { color: "
    "#777; font-style: italic; } small { color: #555; }\n"
    "@media print { body { margin: 0; max-width: none; } h2 { break-after: "
    "avoid; } tr { break-inside: avoid; } section { break-before: page; } }\n"
    "</style>\n"
    "</head>\n"
    "<body>\n";

/* True if what follows s is to be read as text by a browser. */
static bool
plain(unsigned char c)
{
	return c >= 0x20 || c == '\n' || c == '\t';
}

/*
 * Append text for an element or an attribute.  Control characters and bytes
 * that are not UTF-8 would be guessed at by the browser: they are shown as a
 * question mark in a box.
 */
static void
put_text(struct bytes_buf *out, const char *s)
{
	static const struct {
		char c;
		const char *as;
	} entity[] = { { '<', "&lt;" }, { '>', "&gt;" }, { '&', "&amp;" },
	    { '"', "&quot;" }, { '\'', "&#39;" } };
	bool utf8 = bytes_utf8(s, strlen(s));
	size_t i;

	for (; *s != '\0'; s++) {
		for (i = 0; i < 5 && entity[i].c != *s; i++)
			;
		if (i < 5)
			bytes_puts(out, entity[i].as);
		else if (!plain((unsigned char)*s) || *s == 0x7F ||
		    (!utf8 && (unsigned char)*s > 0x7F))
			bytes_puts(out, "\xEF\xBF\xBD");
		else
			bytes_put(out, s, 1);
	}
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
	for (size_t i = 0; i < sizeof(tongue) / sizeof(tongue[0]); i++)
		if (strlen(tongue[i]) == n && memcmp(tongue[i], lang, n) == 0)
			return true;
	return false;
}

/* Append a text in an element of its own, isolated in its direction. */
static void
put_lang(struct bytes_buf *out, const char *s, const char *lang)
{
	bool known = lang != NULL && *lang != '\0' &&
	    strcmp(lang, "und") != 0;

	bytes_puts(out, "<bdi");
	if (known) {
		bytes_puts(out, " lang=\"");
		put_text(out, lang);
		bytes_puts(out, "\"");
	}
	bytes_puts(out, known && right_to_left(lang) ? " dir=\"rtl\">" :
	    " dir=\"auto\">");
	put_text(out, s);
	bytes_puts(out, "</bdi>");
}

/* Append a row of a table whose value is plain text. */
static void
put_row(struct bytes_buf *out, const char *label, const char *value)
{
	bytes_puts(out, "<tr><th>");
	put_text(out, label);
	bytes_puts(out, "</th><td>");
	put_lang(out, value, NULL);
	bytes_puts(out, "</td></tr>\n");
}

/* As put_row, of something a person compares letter by letter. */
static void
put_code(struct bytes_buf *out, const char *label, const char *value)
{
	bytes_puts(out, "<tr><th>");
	put_text(out, label);
	bytes_puts(out, "</th><td><code>");
	put_text(out, value);
	bytes_puts(out, "</code></td></tr>\n");
}

/* see report.h */
enum sq_err
report_begin(const struct statement *st, struct bytes_buf *out)
{
	bytes_puts(out, head);
	bytes_puts(out, "<h1>Bundle of evidence</h1>\n<table>\n");
	put_row(out, "For", st->recipient_name);
	if (st->purpose[0] != '\0')
		put_row(out, "Purpose", st->purpose);
	bytes_putf(out, "<tr><th>Items</th><td>%" PRIu64 "</td></tr>\n",
	    st->items);
	put_row(out, "Made (the device's clock)", st->created);
	put_row(out, "Profile", st->profile);
	put_code(out, "Bundle", st->bundle);
	put_code(out, "Log", st->log);
	bytes_putf(out, "<tr><th>Entries in the log</th><td>%" PRIu64
	    "</td></tr>\n", st->log_size);
	put_code(out, "Recipient's key", st->recipient);
	put_code(out, "Signing key (SSH)", st->key_ssh);
	put_code(out, "Signing key (minisign)", st->key_minisign);
	put_code(out, "Key of the log", st->key_note);
	put_row(out, "Program", st->program);
	bytes_puts(out, "</table>\n"
	    "<p>This page only shows what the files of the bundle say.  It "
	    "has not been checked by being shown: how to check is at its end "
	    "and in READ-ME-FIRST.txt.  Where a field is marked "
	    "<span class=\"held\">withheld</span>, its value was left out; "
	    "its hash is in record.json and binds it to the same entry.</p>\n");
	return bytes_done(out);
}

/* One field of an item. */
static void
put_field(struct bytes_buf *out, const struct report_field *f)
{
	bytes_puts(out, "<tr><th>");
	put_text(out, f->label);
	bytes_puts(out, "</th><td>");
	if (f->n == 0)
		bytes_puts(out, "<span class=\"held\">withheld</span>");
	for (size_t i = 0; i < f->n; i++) {
		bytes_puts(out, "<p>");
		put_lang(out, f->v[i].text, f->v[i].lang);
		if (f->v[i].lang != NULL && strcmp(f->v[i].lang, "und") != 0) {
			bytes_puts(out, " <small>");
			put_text(out, f->v[i].lang);
			bytes_puts(out, "</small>");
		}
		bytes_puts(out, "</p>");
	}
	bytes_puts(out, "</td></tr>\n");
}

/* A list of lines of text. */
static void
put_list(struct bytes_buf *out, const char *const *line, size_t n)
{
	bytes_puts(out, "<ul>\n");
	for (size_t i = 0; i < n; i++) {
		bytes_puts(out, "<li>");
		put_lang(out, line[i], NULL);
		bytes_puts(out, "</li>\n");
	}
	bytes_puts(out, "</ul>\n");
}

/* see report.h */
enum sq_err
report_item(const struct report_item *it, struct bytes_buf *out)
{
	bytes_putf(out, "<section>\n<h2>%" PRIu64 ". ", it->number);
	put_text(out, it->ref);
	bytes_puts(out, " \xC2\xB7 ");
	put_text(out, it->type);
	if (it->title != NULL && it->title[0] != '\0') {
		bytes_puts(out, ": ");
		put_lang(out, it->title, it->lang);
	}
	bytes_puts(out, "</h2>\n<table>\n");
	for (size_t i = 0; i < it->n_field; i++)
		put_field(out, &it->field[i]);
	bytes_putf(out, "<tr><th>Entry %" PRIu64 " of the log</th><td><code>",
	    it->index);
	put_text(out, it->entry);
	bytes_putf(out, "</code></td></tr>\n<tr><th>Files</th><td><code>"
	    "data/items/%06" PRIu64 "/</code></td></tr>\n</table>\n",
	    it->number);
	if (it->n_custody > 0) {
		bytes_puts(out, "<h3>Custody</h3>\n");
		put_list(out, it->custody, it->n_custody);
	}
	bytes_puts(out, "</section>\n");
	return bytes_done(out);
}

/* see report.h */
enum sq_err
report_section(const char *title, const char *const *lines, size_t n,
    struct bytes_buf *out)
{
	if (n == 0)
		return bytes_done(out);
	bytes_puts(out, "<section>\n<h2>");
	put_text(out, title);
	bytes_puts(out, "</h2>\n");
	put_list(out, lines, n);
	bytes_puts(out, "</section>\n");
	return bytes_done(out);
}

/* see report.h */
enum sq_err
report_end(const struct statement *st, struct bytes_buf *out)
{
	bytes_puts(out, "<section>\n<h2>How to check</h2>\n"
	    "<p>With the program: <code>sandyq-verify FILE.age -i MY-KEY "
	    "--trust MY-OWN-KEY-CARD</code>.  With stock tools alone: the "
	    "commands in READ-ME-FIRST.txt.  Both begin with "
	    "<code>STATEMENT.txt</code>, which carries the signature; trust "
	    "comes from your own copy of the key card, never from the keys "
	    "that came with the bundle.</p>\n"
	    "<h2>What cannot be seen here</h2>\n"
	    "<p>Whether the content is true; later revisions; who held the "
	    "device; whether its clock was right.  There is no time stamp of "
	    "another party unless <code>proofs/anchors/</code> holds one.  Two "
	    "recipients who compare their bundles can see that an entry is "
	    "the same one.</p>\n<p><small>Bundle <code>");
	put_text(out, st->bundle);
	bytes_puts(out, "</code></small></p>\n</section>\n</body>\n</html>\n");
	return bytes_done(out);
}
