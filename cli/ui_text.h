/*
 * Text at the door: hostile characters made visible, and how many columns of a
 * terminal a text takes.  Pure.
 */
#ifndef SQ_CLI_UI_TEXT_H
#define SQ_CLI_UI_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "crypto/bytes.h"

/**
 * ui_text_escape(p, n, lines, out):
 * Append the text with every control byte (C0, DEL, C1), every character that
 * turns the direction of text around (U+202A-202E, U+2066-2069), the line and
 * paragraph separators and every byte that is not UTF-8 as \xNN.  With
 * ${lines} a line feed stays one.
 */
void ui_text_escape(const void *p, size_t n, bool lines,
    struct bytes_buf *out);

/**
 * ui_text_json(p, n, out):
 * Append a JSON document with the same characters as \uNNNN (below U+0020 they
 * are already).
 */
void ui_text_json(const void *p, size_t n, struct bytes_buf *out);

/**
 * ui_text_width(p, n):
 * Columns of an escaped text: wide characters take two, combining ones none.
 */
size_t ui_text_width(const void *p, size_t n);

/**
 * ui_text_cut(p, n, width):
 * How many bytes of an escaped text fit into ${width} columns.
 */
size_t ui_text_cut(const void *p, size_t n, size_t width);

/**
 * ui_text_piece(p, n, width):
 * How many bytes of an escaped text stand on a line of ${width} columns:
 * broken between wide characters, behind a space or comma, or else wherever
 * the column ends.
 */
size_t ui_text_piece(const char *p, size_t n, size_t width);

/**
 * ui_text_isolate(p, n, out):
 * Append an escaped text to a line; one that holds letters written from right
 * to left between U+2068 and U+2069, so that it turns nothing around it.
 */
void ui_text_isolate(const void *p, size_t n, struct bytes_buf *out);

#endif
