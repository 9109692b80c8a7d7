/*
 * READ-ME-FIRST.txt: what a bundle is, how to open and check it with stock
 * tools on Linux, Windows and macOS; in English, Russian, Kazakh, Chinese and
 * Uyghur.  One fixed text.
 */
#ifndef SQ_VAULT_BUNDLE_README_H
#define SQ_VAULT_BUNDLE_README_H

#include <stddef.h>

/** readme_text(ret_n): the text and its length in bytes.  Static. */
const char *readme_text(size_t *ret_n);

#endif
