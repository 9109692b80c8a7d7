/*
 * What the files of the report share, and nobody else includes: text on its
 * way into HTML.
 */
#ifndef SQ_VAULT_BUNDLE_REPORT_INT_H
#define SQ_VAULT_BUNDLE_REPORT_INT_H

#include "vault/bundle/report.h"

/**
 * report_text(out, s):
 * Append text for an element or an attribute.  Control characters and bytes
 * that are not UTF-8, at which a browser would guess, are shown as a question
 * mark in a box; controls of direction, which could turn a file name round,
 * by their number.
 */
void report_text(struct bytes_buf *out, const char *s);

/**
 * report_text_line(out, v):
 * Append a value inside a line of whatever direction, isolated; what it stands
 * for and a link to its item go with it.
 */
void report_text_line(struct bytes_buf *out, const struct report_value *v);

/** report_text_plain(out, s): the same of a text without a language. */
void report_text_plain(struct bytes_buf *out, const char *s);

/** report_text_block(out, v): append a text as paragraphs of its own. */
void report_text_block(struct bytes_buf *out, const struct report_value *v);

/** report_text_row(out, label, value): a row of a table. */
void report_text_row(struct bytes_buf *out, const char *label,
    const char *value);

/** report_text_code(out, label, value): one compared letter by letter. */
void report_text_code(struct bytes_buf *out, const char *label,
    const char *value);

/**
 * report_text_lang(out, tag):
 * Append what a tag says in words, "Kazakh (Cyrillic)", or the tag itself.
 */
void report_text_lang(struct bytes_buf *out, const char *tag);

#endif
