/*
 * Entry: an immutable document of salted fields whose id is the Merkle root of
 * the fields.  FORMAT.md section 8.  The canonical value is RFC 8785 (JCS)
 * restricted to strings, integers below 2^53, booleans, arrays and objects.
 */
#ifndef SQ_CRYPTO_ENTRY_H
#define SQ_CRYPTO_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/bytes.h"
#include "crypto/err.h"

#define ENTRY_SALT 16
#define ENTRY_ROOT 32
#define ENTRY_MAX_BYTES ((size_t)16 << 20)
#define ENTRY_MAX_FIELDS 4096
#define ENTRY_MAX_NAME 255
#define ENTRY_MAX_DEPTH 16

enum entry_form {
	ENTRY_OPEN = 1,		/* salt and value */
	ENTRY_WITHHELD = 2,	/* name and vc */
	ENTRY_SEALED = 3,	/* reserved: refused by this version */
	ENTRY_ERASED = 4,	/* name and vc */
	ENTRY_HIDDEN = 5	/* leaf hash alone; only in bundles */
};

struct entry_field {
	enum entry_form form;
	char *name;		/* NULL when hidden */
	uint8_t salt[ENTRY_SALT];	/* open */
	char *value;		/* open: canonical JSON text, NUL-terminated */
	size_t value_len;
	uint8_t hash[32];	/* vc (withheld, erased) or leaf (hidden) */
};

struct entry {
	struct entry_field *fields;	/* ascending by name once sorted */
	size_t n;
	size_t cap;
	size_t bytes;			/* sum of names and values */
};

/**
 * entry_add(en, name, value, len):
 * Append an open field with a fresh random salt; ${value} is canonical JSON
 * (use entry_add_text and kin, or entry_canon first).  SQ_ELIMIT beyond the
 * limits above, SQ_EFORMAT if the value is not canonical or the name not
 * [a-z0-9_.]+ with or without [00000] behind it.
 */
enum sq_err entry_add(struct entry *en, const char *name, const char *value,
    size_t len);

/**
 * entry_add_str(en, name, s):
 * Append a JSON string value; SQ_EFORMAT unless UTF-8.
 */
enum sq_err entry_add_str(struct entry *en, const char *name, const char *s);

/** entry_add_text(en, name, lang, text): append {"lang":...,"text":...}. */
enum sq_err entry_add_text(struct entry *en, const char *name,
    const char *lang, const char *text);

/** entry_add_int(en, name, v): append an integer; SQ_ELIMIT beyond 2^53 - 1. */
enum sq_err entry_add_int(struct entry *en, const char *name, int64_t v);

/** entry_add_bool(en, name, v): append true or false. */
enum sq_err entry_add_bool(struct entry *en, const char *name, bool v);

/**
 * entry_element(out, cap, name, i):
 * The name of list element ${i}: name[00000].
 */
enum sq_err entry_element(char *out, size_t cap, const char *name, size_t i);

/**
 * entry_sort(en):
 * Order by name as bytes; SQ_EFORMAT if two are the same, or one is hidden.
 */
enum sq_err entry_sort(struct entry *en);

/** entry_find(en, name): the field, or NULL; needs sorted fields. */
const struct entry_field *entry_find(const struct entry *en, const char *name);

/**
 * entry_str(en, name):
 * The decoded string value of an open field as a new string (of a text value
 * its text), or NULL if absent, not open or not a string.  Caller frees.
 */
char *entry_str(const struct entry *en, const char *name);

/**
 * entry_value_str(f):
 * As entry_str, of the field ${f} (NULL is fine: then NULL).
 */
char *entry_value_str(const struct entry_field *f);

/**
 * entry_text(f, ret_lang, ret_text):
 * True if ${f} (may be NULL) is open and its value is {"lang":...,"text":...};
 * both strings are then new and the caller's.  False leaves them untouched.
 * Either may be NULL if not wanted.
 */
bool entry_text(const struct entry_field *f, char **ret_lang,
    char **ret_text);

/**
 * entry_value_int(f, ret_v) / entry_value_bool(f, ret_v):
 * True if ${f} (may be NULL) is open and its value is an integer (a boolean).
 */
bool entry_value_int(const struct entry_field *f, int64_t *ret_v);
bool entry_value_bool(const struct entry_field *f, bool *ret_v);

/**
 * entry_add_strs(en, name, list, n):
 * Append a JSON array of ${n} strings (${n} may be 0), as _parents is one.
 */
enum sq_err entry_add_strs(struct entry *en, const char *name,
    const char *const *list, size_t n);

/**
 * entry_value_strs(f, ret_list, ret_n):
 * Decode an open array of strings into new strings and a new list (NULL when
 * empty) that the caller frees with entry_free_strs.  SQ_ENOENT if ${f} is
 * NULL or not open, SQ_EFORMAT if it is anything else than such an array.
 */
enum sq_err entry_value_strs(const struct entry_field *f, char ***ret_list,
    size_t *ret_n);

/** entry_free_strs(list, n): wipe and free what entry_value_strs returned. */
void entry_free_strs(char **list, size_t n);

/** entry_copy(src, ret): a deep copy, which the caller frees. */
enum sq_err entry_copy(const struct entry *src, struct entry *ret);

/**
 * entry_withhold(en, name) / entry_erase(en, name):
 * Turn an open field into a withheld (erased) one: its commitment stays, value
 * and salt are wiped, the root is the same.  Withholding what is withheld or
 * erased already changes nothing; erasing what is withheld makes it erased.
 * SQ_ENOENT if there is no such field; SQ_EREFUSED for a name beginning with
 * an underscore that is always open (_log _kind _record _type _parents).
 */
enum sq_err entry_withhold(struct entry *en, const char *name);
enum sq_err entry_erase(struct entry *en, const char *name);

/**
 * entry_hide(en, name):
 * As entry_withhold, but nothing is left of the field except its leaf hash.
 * What is withheld or erased can be hidden as well.
 */
enum sq_err entry_hide(struct entry *en, const char *name);

/** entry_vc(f, out): the value commitment of ${f} (not of a hidden one). */
enum sq_err entry_vc(const struct entry_field *f, uint8_t out[32]);

/** entry_leaf(f, out): the leaf hash of ${f}. */
enum sq_err entry_leaf(const struct entry_field *f, uint8_t out[32]);

/**
 * entry_root(en, out):
 * The root over the fields in their present order; names must be strictly
 * ascending and unique (hidden leaves excepted): SQ_EFORMAT otherwise.
 */
enum sq_err entry_root(const struct entry *en, uint8_t out[ENTRY_ROOT]);

/**
 * entry_emit(en, out):
 * Append the stored form (docs/FORMAT.md section 8): for each field
 * u8 form | u16 name length | name, then for an open one salt | u32 value
 * length | value, for a withheld or erased one the 32 bytes of its vc.
 * SQ_EFORMAT unless sorted; SQ_EINTERNAL for a hidden one.
 */
enum sq_err entry_emit(const struct entry *en, struct bytes_buf *out);

/**
 * entry_parse(p, n, ret_en):
 * Read the stored form; bounds first, names must ascend and values be
 * canonical.  SQ_EFORMAT, SQ_ELIMIT or SQ_EUNSUPPORTED (a sealed field) leave
 * ${ret_en} empty.  The caller frees with entry_free.
 */
enum sq_err entry_parse(const uint8_t *p, size_t n, struct entry *ret_en);

/**
 * entry_emit_json(en, root, index, out):
 * Append record.json of BUNDLE.md: {"entry":...,"index":...,"fields":[...]},
 * without white space or a final LF.
 */
enum sq_err entry_emit_json(const struct entry *en,
    const uint8_t root[ENTRY_ROOT], uint64_t index, struct bytes_buf *out);

/**
 * entry_parse_json(p, n, ret_en, root, ret_index):
 * Read record.json strictly: exactly the bytes entry_emit_json writes and
 * nothing after; unknown, missing or duplicate members, wrong order, white
 * space or values that are not canonical are SQ_EFORMAT.  ${root} receives the
 * stated root; the caller compares it with entry_root.  An erased field reads
 * back as a withheld one: the text does not tell them apart.
 */
enum sq_err entry_parse_json(const uint8_t *p, size_t n, struct entry *ret_en,
    uint8_t root[ENTRY_ROOT], uint64_t *ret_index);

/** entry_free(en): wipe and free the fields; ${en} is empty again. */
void entry_free(struct entry *en);

/**
 * entry_canon(json, n, out):
 * Parse any JSON value (duplicates refused) and append its canonical form.
 * SQ_EFORMAT for floats (1.0 and 1e3 as well), minus zero, integers beyond
 * 2^53 - 1, null, \u0000, bad keys, too deep, or not UTF-8: ${out} is then as
 * it was.
 */
enum sq_err entry_canon(const char *json, size_t n, struct bytes_buf *out);

/** entry_put_string(out, s, n): append ${s} as a canonical JSON string. */
enum sq_err entry_put_string(struct bytes_buf *out, const char *s, size_t n);

#endif
