/*
 * One item of the report: its fields, originals and translations side by side,
 * its file, its custody.  See report.h.
 */
#include <inttypes.h>
#include <string.h>

#include "vault/bundle/report_int.h"
#include "vault/record/model.h"

#define LONG 300		/* bytes from which a value is a text */

/* What stands where a value does not. */
static void
put_held(struct bytes_buf *out, const struct report_field *f)
{
	if (f->n_held > 0) {
		bytes_puts(out, "<p class=\"held\">");
		if (f->n > 0 || f->n_held > 1)
			bytes_putf(out, "%zu %s", f->n_held, f->n > 0 ?
			    "more " : "");
		bytes_puts(out, "withheld");
		if (f->why != NULL && f->why[0] != '\0') {
			bytes_puts(out, ": ");
			report_text(out, f->why);
		}
		bytes_puts(out, "</p>");
	}
	if (f->n_erased > 0)
		bytes_puts(out, "<p class=\"held\">erased by right of the "
		    "person concerned</p>");
	if (f->n + f->n_held + f->n_erased == 0)
		bytes_puts(out, "<p class=\"held\">not recorded</p>");
}

/* One value in the cell of a table. */
static void
put_value(struct bytes_buf *out, const struct report_field *f,
    const struct report_value *v)
{
	if (f->place == REPORT_CODE) {
		bytes_puts(out, "<p><code>");
		report_text(out, v->text);
		bytes_puts(out, "</code></p>");
	} else if (f->place == REPORT_TONGUE) {
		bytes_puts(out, "<p>");
		report_text_lang(out, v->text);
		bytes_puts(out, " <small>");
		report_text(out, v->text);
		bytes_puts(out, "</small></p>");
	} else if (strlen(v->text) > LONG || strchr(v->text, '\n') != NULL)
		report_text_block(out, v);
	else {
		bytes_puts(out, "<p>");
		report_text_line(out, v);
		bytes_puts(out, "</p>");
	}
}

/* A field as a row; several short values stand side by side. */
static void
put_row(struct bytes_buf *out, const struct report_field *f)
{
	bool text = false, many = f->n > 1 && f->place == REPORT_ROW;

	for (size_t i = 0; i < f->n; i++)
		text |= strlen(f->v[i].text) > LONG;
	bytes_putf(out, "<tr%s><th scope=\"row\">", text ?
	    " class=\"long\"" : "");
	report_text(out, f->label);
	bytes_puts(out, "</th><td>");
	bytes_puts(out, many ? "<div class=\"many\">" : "");
	for (size_t i = 0; i < f->n; i++)
		put_value(out, f, &f->v[i]);
	bytes_puts(out, many ? "</div>" : "");
	put_held(out, f);
	bytes_puts(out, "</td></tr>\n");
}

/* A text under its own small heading. */
static void
put_text(struct bytes_buf *out, const struct report_field *f)
{
	for (size_t i = 0; i < f->n; i++) {
		bytes_puts(out, "<h3>");
		report_text(out, f->label);
		if (f->v[i].lang != NULL && f->v[i].lang[0] != '\0' &&
		    strcmp(f->v[i].lang, "und") != 0) {
			bytes_puts(out, " <small>");
			report_text_lang(out, f->v[i].lang);
			bytes_puts(out, "</small>");
		}
		bytes_puts(out, "</h3>\n");
		report_text_block(out, &f->v[i]);
	}
	if (f->n_held + f->n_erased == 0)
		return;
	bytes_puts(out, "<h3>");
	report_text(out, f->label);
	bytes_puts(out, "</h3>\n");
	put_held(out, f);
}

/* One side of the originals and translations. */
static size_t
put_side(struct bytes_buf *out, const struct report_item *it,
    enum report_place side)
{
	size_t n = 0;

	for (size_t i = 0; i < it->n_field; i++)
		if (it->field[i].place == side)
			n++;
	if (out == NULL || n == 0)
		return n;
	bytes_puts(out, "<div>\n");
	for (size_t i = 0; i < it->n_field; i++)
		if (it->field[i].place == side)
			put_text(out, &it->field[i]);
	bytes_puts(out, "</div>\n");
	return n;
}

/* Originals on the left, what was made of them on the right. */
static void
put_texts(struct bytes_buf *out, const struct report_item *it)
{
	size_t left = put_side(NULL, it, REPORT_ORIGINAL),
	    right = put_side(NULL, it, REPORT_BESIDE);

	if (left + right == 0)
		return;
	bytes_puts(out, left > 0 && right > 0 ? "<div class=\"pair\">\n" :
	    "<div>\n");
	(void)put_side(out, it, REPORT_ORIGINAL);
	(void)put_side(out, it, REPORT_BESIDE);
	bytes_puts(out, "</div>\n");
}

/* The attached file, and the image itself where a browser shows it. */
static void
put_file(struct bytes_buf *out, const struct report_file *f)
{
	if (f == NULL)
		return;
	bytes_puts(out, "<div class=\"file\">\n<h3>Attached file</h3>\n"
	    "<table>\n");
	report_text_code(out, "In this bundle", f->path);
	if (f->name != NULL)
		report_text_row(out, "Original name", f->name);
	if (f->mime != NULL)
		report_text_row(out, "Type", f->mime);
	if (f->size != NULL)
		report_text_row(out, "Size in bytes", f->size);
	if (f->sha256 != NULL)
		report_text_code(out, "SHA-256", f->sha256);
	bytes_puts(out, "</table>\n");
	if (f->image) {
		bytes_puts(out, "<img loading=\"eager\" alt=\"The attached "
		    "image, made small.\" src=\"");
		report_text(out, f->path);
		bytes_puts(out, "\">\n");
	}
	bytes_puts(out, "</div>\n");
}

/* A value of an event on a line of its own, with a word before it. */
static void
put_said(struct bytes_buf *out, const char *before, const char *s)
{
	if (s == NULL || s[0] == '\0')
		return;
	bytes_puts(out, "<p>");
	bytes_puts(out, before);
	report_text_plain(out, s);
	bytes_puts(out, "</p>");
}

/* What an event is called among people. */
static const char *
action_says(const char *action)
{
	static const struct {
		const char *action, *says;
	} ours[] = {
		{ "gap", "a gap" },
		{ "media-added", "a file was added" },
		{ "named", "named in another record" }
	};
	const struct model_type *t = model_type("custody");
	const struct model_field *f = t == NULL ? NULL :
	    model_field(t, "action");
	const struct model_term *term = f == NULL ? NULL :
	    model_term(f->vocab, action);

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (strcmp(ours[i].action, action) == 0)
			return ours[i].says;
	return term == NULL ? action : term->label;
}

/* The cells of entry and time; a gap has neither. */
static void
put_when(struct bytes_buf *out, const struct report_event *ev)
{
	if (strcmp(ev->action, "gap") == 0) {
		bytes_puts(out, "<tr><td></td><td></td><td>");
		return;
	}
	bytes_putf(out, "<tr><td>%" PRIu64 "</td><td>", ev->index);
	report_text_plain(out, ev->time != NULL ? ev->time :
	    "time withheld");
	bytes_puts(out, "</td><td>");
}

/* What happened, in order. */
static void
put_events(struct bytes_buf *out, const struct report_event *ev, size_t n)
{
	bytes_puts(out, "<h3>Custody</h3>\n");
	if (n == 0) {
		bytes_puts(out, "<p class=\"held\">No event is told.</p>\n");
		return;
	}
	bytes_puts(out, "<table class=\"events\">\n<colgroup><col style=\""
	    "width: 11%\"><col style=\"width: 25%\"><col style=\"width: 27%"
	    "\"><col></colgroup>\n<thead><tr><th>Entry</th><th>Time</th>"
	    "<th>What, who, where</th><th>Of what</th></tr></thead>\n"
	    "<tbody>\n");
	for (size_t i = 0; i < n; i++) {
		put_when(out, &ev[i]);
		put_said(out, "", action_says(ev[i].action));
		put_said(out, "by ", ev[i].actor);
		put_said(out, "at ", ev[i].place);
		bytes_puts(out, "</td><td>");
		put_said(out, "", ev[i].object);
		if (ev[i].sha256 != NULL && ev[i].sha256[0] != '\0') {
			bytes_puts(out, "<p><code>");
			report_text(out, ev[i].sha256);
			bytes_puts(out, "</code></p>");
		}
		put_said(out, "", ev[i].note);
		bytes_puts(out, "</td></tr>\n");
	}
	bytes_puts(out, "</tbody>\n</table>\n");
}

/* see report.h */
enum sq_err
report_item(const struct report_item *it, struct bytes_buf *out)
{
	const struct report_value title = { .text = it->title,
	    .lang = it->lang };

	bytes_putf(out, "<section>\n<h2 id=\"item-%" PRIu64 "\">%" PRIu64
	    ". ", it->number, it->number);
	report_text(out, it->ref);
	bytes_puts(out, " \xC2\xB7 ");
	report_text(out, it->type);
	if (it->title != NULL && it->title[0] != '\0') {
		bytes_puts(out, ": ");
		report_text_line(out, &title);
	}
	bytes_puts(out, "</h2>\n<table>\n");
	for (size_t i = 0; i < it->n_field; i++)
		if (it->field[i].place <= REPORT_TONGUE)
			put_row(out, &it->field[i]);
	if (it->n_hidden > 0)
		bytes_putf(out, "<tr><th scope=\"row\">Hidden</th><td "
		    "class=\"held\">%zu fields, without their names</td></tr>"
		    "\n", it->n_hidden);
	bytes_putf(out, "<tr><th scope=\"row\">Entry %" PRIu64 " of the log"
	    "</th><td><code>", it->index);
	report_text(out, it->entry);
	bytes_putf(out, "</code></td></tr>\n<tr><th scope=\"row\">Record"
	    "</th><td><code>items/%06" PRIu64 "/record.json</code></td></tr>\n"
	    "</table>\n", it->number);
	put_texts(out, it);
	put_file(out, it->file);
	put_events(out, it->event, it->n_event);
	bytes_puts(out, "</section>\n");
	return bytes_done(out);
}
