/*
 * The page around the items: its head, the cover, the summary, what was left
 * out, how to check.  See report.h.
 */
#include <inttypes.h>
#include <string.h>

#include "vault/bundle/profile.h"
#include "vault/bundle/report_int.h"

/*
 * A policy that runs nothing and loads nothing but what lies in the folders
 * below the page: the attached images.
 */
static const char head[] =
    "<!DOCTYPE html>\n"
    "<html lang=\"en\">\n"
    "<head>\n"
    "<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
    "'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'\">\n"
    "<meta name=\"referrer\" content=\"no-referrer\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n"
    "<title>Bundle of evidence</title>\n";

/* Fonts are those of the reader's system, each script with its own. */
static const char style[] =
    "<style>\n"
    "body { font: 11pt/1.5 \"Noto Serif\", Charter, Georgia, Cambria, "
    "\"Times New Roman\", \"Noto Naskh Arabic\", \"Noto Serif CJK SC\", "
    "serif; max-width: 50em; margin: 2.5em auto; padding: 0 1.25em; color: "
    "#1a1a1a; background: #fff; }\n"
    "h1 { font-size: 1.9em; font-weight: 600; line-height: 1.2; margin: 0 "
    "0 .3em; }\n"
    "h2 { font-size: 1.3em; font-weight: 600; line-height: 1.35; margin: "
    "2em 0 .6em; border-top: 1px solid #888; padding-top: .7em; }\n"
    "h3 { font-size: 1em; font-weight: 600; margin: 1.5em 0 .4em; }\n"
    ".for { font-size: 1.2em; margin: 0 0 1.6em; }\n"
    "table { border-collapse: collapse; width: 100%; }\n"
    "th, td { text-align: start; vertical-align: top; padding: .3em .8em "
    ".3em 0; border-bottom: 1px solid #e2e2e2; overflow-wrap: break-word; "
    "}\n"
    "th { font-weight: normal; color: #5a5a5a; }\n"
    "th[scope=row] { width: 30%; }\n"
    "td p, .pair p { margin: 0 0 .2em; }\n"
    ".t { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0 0 "
    ".9em; orphans: 3; widows: 3; }\n"
    ".pair { display: grid; grid-template-columns: 1fr 1fr; gap: 0 1.8em; }\n"
    ".many { display: grid; grid-template-columns: 1fr 1fr; gap: .1em "
    "1.2em; }\n"
    "@media (max-width: 36em) { .pair, .many { grid-template-columns: 1fr; "
    "} th[scope=row] { width: 38%; } }\n"
    "[dir=rtl], :lang(ug-Arab), :lang(kk-Arab) { font-family: \"Noto Naskh "
    "Arabic\", \"UKIJ Tuz\", \"Microsoft Uighur\", \"Geeza Pro\", "
    "\"Arabic Typesetting\", \"Times New Roman\", serif; line-height: "
    "1.85; }\n"
    ":lang(zh) { font-family: \"Noto Serif CJK SC\", \"Source Han Serif "
    "SC\", \"Songti SC\", SimSun, \"Noto Sans CJK SC\", serif; }\n"
    "code { font: .82em/1.45 \"Noto Sans Mono\", \"DejaVu Sans Mono\", "
    "Menlo, Consolas, monospace; overflow-wrap: anywhere; }\n"
    "small { color: #666; font-size: .8em; }\n"
    ".held { color: #6b6b6b; font-style: italic; }\n"
    "img { display: block; max-width: 100%; max-height: 18em; margin: .8em "
    "0; border: 1px solid #ccc; }\n"
    "a { color: inherit; text-decoration-color: #aaa; }\n"
    ".narrow { width: 1%; white-space: nowrap; }\n"
    ".events { table-layout: fixed; } .events code { font-size: .75em; }\n";

/* On paper: A4, nothing torn apart that belongs together. */
static const char paper[] =
    "@media print { body { margin: 0; padding: 0; max-width: none; "
    "font-size: 10pt; } .cover { break-after: page; } h1, h2, h3 { "
    "break-after: avoid; } tr, .file, li, h2, h3 { break-inside: avoid; } "
    ".long { break-inside: auto; } thead { display: table-header-group; } "
    "a { text-decoration: none; } }\n"
    "@page { size: A4; margin: 20mm 18mm 22mm; @bottom-right { content: "
    "counter(page) \" / \" counter(pages); font-size: 8pt; color: #666; } "
    "@bottom-left { font-size: 8pt; color: #666; content: \"Bundle ";

/* A public key, whole or as its fingerprint, and its words. */
static void
put_key(struct bytes_buf *out, const char *label, const char *key,
    const uint8_t pk[SIGN_PK])
{
	bytes_puts(out, "<tr class=\"words\"><th scope=\"row\">");
	report_text(out, label);
	bytes_puts(out, "</th><td>");
	card_words(pk, out);
	bytes_puts(out, "<br><code>");
	report_text(out, key);
	bytes_puts(out, "</code></td></tr>\n");
}

/* see report.h */
enum sq_err
report_begin(const struct statement *st, const struct card *card,
    struct bytes_buf *out)
{
	const struct profile *p = profile_find(st->profile);

	bytes_puts(out, head);
	bytes_puts(out, style);
	bytes_puts(out, paper);
	bytes_putf(out, "%.16s\"; } }\n</style>\n</head>\n<body>\n"
	    "<header class=\"cover\">\n<h1>Bundle of evidence</h1>\n"
	    "<p class=\"for\">for ", st->bundle);
	report_text_plain(out, st->recipient_name);
	bytes_puts(out, "</p>\n<table>\n");
	if (st->purpose[0] != '\0')
		report_text_row(out, "Purpose", st->purpose);
	report_text_row(out, "Made (the device's clock)", st->created);
	bytes_putf(out, "<tr><th scope=\"row\">Items</th><td>%" PRIu64
	    "</td></tr>\n", st->items);
	report_text_row(out, "Profile", p == NULL ? st->profile : p->says);
	report_text_code(out, "Bundle", st->bundle);
	report_text_code(out, "Vault (its log)", st->log);
	bytes_putf(out, "<tr><th scope=\"row\">Entries in the log</th><td>%"
	    PRIu64 "</td></tr>\n", st->log_size);
	report_text_code(out, "Sealed to", strcmp(st->recipient, "-") == 0 ?
	    "a passphrase" : st->recipient);
	report_text_row(out, "Program", st->program);
	bytes_puts(out, "</table>\n<h3>The keys of the vault, in words</h3>\n"
	    "<table>\n");
	put_key(out, "SSH signature", st->key_ssh, card->ssh);
	put_key(out, "minisign signature", st->key_minisign,
	    card->minisign.pk);
	put_key(out, "Log", st->key_note, card->note.pk);
	bytes_puts(out, "</table>\n"
	    "<p>Compare these words with the key card that somebody you know "
	    "gave you.  Keys that came with a bundle prove nothing by "
	    "themselves.</p>\n"
	    "<p>This page shows what the files of the bundle say.  Showing "
	    "it checks nothing: how to check is at its end and in "
	    "READ-ME-FIRST.txt.  Where it says "
	    "<span class=\"held\">withheld</span>, a value was left out; its "
	    "hash stands in record.json and binds it to the same entry, so "
	    "that it can be opened to you later.</p>\n"
	    "<p>Dates may have marks: ~ about, ? uncertain, % both, X a digit "
	    "that is not known, .. open.  Times end in Z for UTC and are "
	    "those of the device's clock unless said otherwise.</p>\n"
	    "</header>\n");
	return bytes_done(out);
}

/* --- the summary -------------------------------------------------------- */

/* Links to the items where a fact stands. */
static void
put_items(struct bytes_buf *out, const struct report_fact *f,
    const struct report_item *it, size_t n_it)
{
	for (size_t i = 0; i < f->n; i++) {
		if (f->item[i] == 0 || f->item[i] > n_it)
			continue;
		bytes_putf(out, "%s<a href=\"#item-%" PRIu64 "\">",
		    i > 0 ? ", " : "", f->item[i]);
		report_text(out, it[f->item[i] - 1].ref);
		bytes_puts(out, "</a>");
	}
}

/* The lines of one question. */
static void
put_facts(struct bytes_buf *out, const char *title, enum report_ask ask,
    const struct report_fact *f, size_t n, size_t left,
    const struct report_item *it, size_t n_it)
{
	size_t lines = 0;

	bytes_putf(out, "<h3>%s</h3>\n", title);
	for (size_t i = 0; i < n; i++) {
		if (f[i].ask != ask)
			continue;
		bytes_puts(out, lines++ == 0 ? "<table>\n" : "");
		bytes_puts(out, "<tr><th scope=\"row\">");
		report_text(out, f[i].label);
		bytes_puts(out, "</th><td>");
		report_text_line(out, &f[i].v);
		bytes_puts(out, "</td><td class=\"narrow\">");
		put_items(out, &f[i], it, n_it);
		bytes_puts(out, "</td></tr>\n");
	}
	bytes_puts(out, lines > 0 ? "</table>\n" : "<p class=\"held\">Nothing "
	    "is said of this, or it is withheld.</p>\n");
	if (left > 0)
		bytes_putf(out, "<p>and %zu more, in the items</p>\n", left);
}

/* The items themselves, as a table of contents. */
static void
put_contents(struct bytes_buf *out, const struct report_item *it, size_t n)
{
	bytes_puts(out, "<h3>What</h3>\n<table>\n");
	for (size_t i = 0; i < n; i++) {
		const struct report_value title = { .text = it[i].title,
		    .lang = it[i].lang };

		bytes_putf(out, "<tr><td class=\"narrow\">%" PRIu64 "</td>"
		    "<td class=\"narrow\"><a href=\"#item-%" PRIu64 "\">",
		    it[i].number, it[i].number);
		report_text(out, it[i].ref);
		bytes_puts(out, "</a></td><td class=\"narrow\">");
		report_text(out, it[i].type);
		bytes_puts(out, "</td><td>");
		if (it[i].title != NULL && it[i].title[0] != '\0')
			report_text_line(out, &title);
		bytes_puts(out, "</td></tr>\n");
	}
	bytes_puts(out, "</table>\n");
}

/* see report.h */
enum sq_err
report_facts(const struct report_fact *f, size_t n,
    const size_t left[REPORT_ASKS], const struct report_item *it, size_t n_it,
    struct bytes_buf *out)
{
	bytes_puts(out, "<section>\n<h2>Summary</h2>\n");
	put_facts(out, "Who", REPORT_WHO, f, n, left[REPORT_WHO], it, n_it);
	put_contents(out, it, n_it);
	put_facts(out, "When", REPORT_WHEN, f, n, left[REPORT_WHEN], it,
	    n_it);
	put_facts(out, "Where", REPORT_WHERE, f, n, left[REPORT_WHERE], it,
	    n_it);
	bytes_puts(out, "</section>\n");
	return bytes_done(out);
}

/* --- the end ------------------------------------------------------------ */

/* see report.h */
enum sq_err
report_left(const char *const *lines, size_t n, struct bytes_buf *out)
{
	bytes_puts(out, "<section>\n<h2>Left out, and why</h2>\n");
	if (n == 0)
		bytes_puts(out, "<p>Of what was chosen for this bundle, no "
		    "record was left out.</p>\n");
	else
		bytes_puts(out, "<ul>\n");
	for (size_t i = 0; i < n; i++) {
		bytes_puts(out, "<li>");
		report_text_plain(out, lines[i]);
		bytes_puts(out, "</li>\n");
	}
	bytes_puts(out, n == 0 ? "" : "</ul>\n");
	bytes_puts(out, "<p>The fields that are withheld are named in each "
	    "item and in <code>withheld.txt</code>.</p>\n</section>\n");
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
	    "<code>STATEMENT.txt</code>, which carries the signatures; from "
	    "it every file, this page too, is reached by its SHA-256.  Trust "
	    "comes from your own copy of the key card, never from the keys "
	    "that came with the bundle.</p>\n"
	    "<p>A hash in this page is computed anew with <code>sha256sum "
	    "FILE</code> on Linux, <code>shasum -a 256 FILE</code> on macOS "
	    "and <code>Get-FileHash FILE</code> in PowerShell.</p>\n"
	    "<h2>What lies beside this page</h2>\n"
	    "<p><code>items/</code>: each record as it was signed, and its "
	    "attached file.  <code>items.csv</code>, <code>custody.csv</code>, "
	    "<code>consents.csv</code>: tables.  <code>loadfile/items.dat</code>: "
	    "the same for litigation software (Concordance delimiters, "
	    "UTF-8).  <code>certificates/</code>: drafts, unsigned, for a "
	    "qualified person to check, fill and sign.  "
	    "<code>withheld.txt</code>: what is not here.</p>\n"
	    "<h2>What cannot be seen here</h2>\n"
	    "<p>Whether the content is true; later revisions; who held the "
	    "device; whether its clock was right.  There is no time stamp of "
	    "another party unless <code>proofs/anchors/</code> holds one.  Two "
	    "recipients who compare their bundles can see that an entry is "
	    "the same one.</p>\n<p><small>Bundle <code>");
	report_text(out, st->bundle);
	bytes_puts(out, "</code></small></p>\n</section>\n</body>\n</html>\n");
	return bytes_done(out);
}
