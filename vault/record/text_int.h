/*
 * What the files of text.h share: characters.  Included by text*.c only.
 */
#ifndef SQ_VAULT_RECORD_TEXT_INT_H
#define SQ_VAULT_RECORD_TEXT_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vault/record/text.h"

/** text_char_word(c): true if unicode61 makes ${c} part of a word. */
bool text_char_word(uint32_t c);

/** text_char_mark(c): true if unicode61 drops ${c} inside a word. */
bool text_char_mark(uint32_t c);

/** text_char_fold(c): as unicode61 folds it, with remove_diacritics 2. */
uint32_t text_char_fold(uint32_t c);

/** text_char_compose(base, mark): the character of both, or 0. */
uint32_t text_char_compose(uint32_t base, uint32_t mark);

#endif
