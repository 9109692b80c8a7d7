/*
 * What the files of text.h share: characters.  Included by text*.c only.
 */
#ifndef SQ_VAULT_RECORD_TEXT_INT_H
#define SQ_VAULT_RECORD_TEXT_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vault/record/text.h"

/**
 * text_char(p, n, ret_c):
 * Decode the character at ${p}, of ${n} > 0 bytes; its length.  A byte that is
 * no UTF-8 counts as one character U+FFFD.
 */
size_t text_char(const uint8_t *p, size_t n, uint32_t *ret_c);

/** text_char_put(out, c): append ${c} as UTF-8. */
void text_char_put(struct bytes_buf *out, uint32_t c);

/** text_char_han(c): true for the Han characters that are indexed in pairs. */
bool text_char_han(uint32_t c);

/** text_char_word(c): true if unicode61 makes ${c} part of a word. */
bool text_char_word(uint32_t c);

/** text_char_mark(c): true if unicode61 drops ${c} inside a word. */
bool text_char_mark(uint32_t c);

/** text_char_fold(c): as unicode61 folds it, with remove_diacritics 2. */
uint32_t text_char_fold(uint32_t c);

/** text_char_compose(base, mark): the character of both, or 0. */
uint32_t text_char_compose(uint32_t base, uint32_t mark);

#endif
