/*
 * What a record is: every type, field, kind, tier and vocabulary, as one table
 * (FORMAT.md section 9), and a record as a value.  Prompts, checks, search,
 * redaction, CSV columns, the report and the screens are all drawn from it.
 */
#ifndef SQ_VAULT_RECORD_MODEL_H
#define SQ_VAULT_RECORD_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/err.h"

#define MODEL_REF_MAX 32	/* "T-12", "T-12@1f3c", with NUL */
#define MODEL_ID_HEX 33		/* a 128-bit record id in hex, with NUL */
#define MODEL_ROOT_HEX 65
#define MODEL_TIME_MAX 40	/* RFC 3339 */
#define MODEL_LANG_MAX 36	/* a BCP 47 tag, with NUL */
#define MODEL_TYPES_MAX 32	/* more types than the table will have */

enum model_kind {
	MODEL_TEXT,		/* free text with a language tag */
	MODEL_LINE,		/* a string without language: number, address */
	MODEL_DATE,		/* EDTF level 1 */
	MODEL_TIME,		/* RFC 3339 */
	MODEL_INT,
	MODEL_BOOL,
	MODEL_TERM,		/* one of a vocabulary */
	MODEL_REF,		/* another record */
	MODEL_LANG,		/* a BCP 47 tag as the value itself */
	MODEL_HASH,		/* SHA-256, 64 hexadecimal digits */
	MODEL_AGE,		/* an age recipient, or "scrypt" */
	MODEL_POINT,		/* latitude,longitude in decimal degrees */
	MODEL_BYTES		/* base64, made by programs; not searched */
};

/* Confidentiality tiers; profiles are sets of them (BUNDLE.md). */
enum model_tier {
	MODEL_PUBLIC = 0,
	MODEL_TEAM = 1,
	MODEL_RECIPIENT = 2,
	MODEL_IDENTITY = 3,
	MODEL_CONTACT = 4
};

struct model_term {
	const char *term;	/* what is stored: stable, English */
	const char *code;	/* HURIDOCS code, or "" */
	const char *label;
};

struct model_vocab {
	const char *name;
	int list;		/* HURIDOCS list of its codes; 0: our own */
	const struct model_term *term;	/* ends with a NULL term */
};

/* Flags of a field. */
#define MODEL_REQUIRED	0x01u
#define MODEL_LIST	0x02u	/* may be given more than once */
#define MODEL_TITLE	0x04u	/* stands for the record in lists */
#define MODEL_BODY	0x08u	/* what follows the blank line of --from */
/* a person's or place's name: FTS column name */
#define MODEL_NAME	0x10u
#define MODEL_AUTO	0x20u	/* set by the program, never prompted for */
/* of all with this flag at least one is required */
#define MODEL_ONE_OF	0x40u
/* the attached file's own bytes tell it too; a yes: they show a person */
#define MODEL_INSIDE	0x80u
/*
 * Whose consent counts at export (MODEL_REF): the record goes only with those
 * it belongs to; of those it concerns a refusal binds.  BUNDLE.md section 5.
 */
#define MODEL_OWNER	0x100u
#define MODEL_VOICE	0x200u
/* not searched: numbers and proofs that the program keeps */
#define MODEL_MUTE	0x1000u

struct model_field {
	const char *name;
	const char *label;
	enum model_kind kind;
	enum model_tier tier;
	unsigned flags;
	const struct model_vocab *vocab;	/* MODEL_TERM */
	/* MODEL_REF: prefixes allowed, "PT"; "*": any */
	const char *refs;
	/* a field without which this one may not be set, or NULL */
	const char *needs;
};

struct model_type {
	const char *name;	/* "testimony" */
	char prefix;		/* 'T' */
	const char *label;
	/* the _kind of its entries: revision, consent ... */
	const char *kind;
	const struct model_field *field;	/* ends with a NULL name */
};

/** model_types(ret_n): all types, in the order of the table.  Static. */
const struct model_type *model_types(size_t *ret_n);

/** model_type(name): a type by its name, or NULL. */
const struct model_type *model_type(const char *name);

/** model_article(type): "a" or "an", as the name of the type asks.  Static. */
const char *model_article(const struct model_type *type);

/** model_type_of(prefix): a type by the letter of its references, or NULL. */
const struct model_type *model_type_of(char prefix);

/** model_field(type, name): a field of the type, or NULL. */
const struct model_field *model_field(const struct model_type *type,
    const char *name);

/**
 * model_by_hand(type):
 * May a person add one?  Not where the title is MODEL_AUTO: bundles and stamps
 * are recorded by the commands that make them.
 */
bool model_by_hand(const struct model_type *type);

/** model_flagged(type, flag): the first field with ${flag}, or NULL. */
const struct model_field *model_flagged(const struct model_type *type,
    unsigned flag);

/**
 * model_term(vocab, s):
 * The term whose term, code or label is ${s}, or NULL.  Terms and labels in
 * any case of ASCII letters; the stored term wins over a label or a code.
 */
const struct model_term *model_term(const struct model_vocab *vocab,
    const char *s);

/**
 * model_kind_name(kind):
 * "text", "date" ... as "types" prints them.  Static.
 */
const char *model_kind_name(enum model_kind kind);

/* --- what a user hands in ----------------------------------------------- */

struct model_input {
	char *name;
	char *lang;		/* NULL: none was given */
	char *value;
};

struct model_inputs {
	struct model_input *v;
	size_t n;
	size_t cap;
};

/**
 * model_inputs_add(in, name, lang, value):
 * Append copies; ${lang} may be NULL.
 */
enum sq_err model_inputs_add(struct model_inputs *in, const char *name,
    const char *lang, const char *value);

/** model_inputs_free(in): wipe and free; empty again. */
void model_inputs_free(struct model_inputs *in);

/**
 * model_check(type, in, ret_value, ret_lang, why):
 * Check one value against its field's kind and vocabulary and write its stored
 * form (a term for a code, a normalised date or tag) to ${*ret_value}; the
 * caller frees.  References are checked by form only.  SQ_EUSAGE for an empty
 * value, SQ_EREFUSED else, with a sentence that names the field and what is
 * allowed.  ${ret_lang} (at least MODEL_LANG_MAX) gets the tag, "und" if none.
 */
enum sq_err model_check(const struct model_type *type,
    const struct model_input *in, char **ret_value,
    char ret_lang[MODEL_LANG_MAX], struct why *why);

/**
 * model_complete(type, has, arg, why):
 * SQ_OK if ${has} says of every required field, and of one of those with
 * MODEL_ONE_OF, that the record has it, and of every field that it has what
 * that one needs; else SQ_EREFUSED with a sentence that names the first field
 * missing.  Works on inputs and on records alike.
 */
enum sq_err model_complete(const struct model_type *type,
    bool (*has)(void *arg, const struct model_field *f), void *arg,
    struct why *why);

/* --- a record as a value ------------------------------------------------ */

struct record_value {
	char *text;		/* as shown: a reference for MODEL_REF */
	bool erased, withheld;	/* then text says so, raw and lang are NULL */
	char *raw;		/* MODEL_REF: the record id in hex; else NULL */
	char *lang;		/* MODEL_TEXT only, else NULL */
};

struct record_field {
	const struct model_field *def;
	struct record_value *v;
	size_t n;
};

struct record {
	const struct model_type *type;
	char ref[MODEL_REF_MAX];
	char id[MODEL_ID_HEX];
	char entry[MODEL_ROOT_HEX];	/* root of this revision */
	uint64_t index;			/* in the log */
	unsigned rev;			/* from 1 */
	/* the revisions it follows */
	char (*parent)[MODEL_ROOT_HEX];
	size_t n_parent;
	/* the log it was written in, if that is another one; or "" */
	char log[MODEL_ID_HEX];
	char time[MODEL_TIME_MAX];
	char *actor;
	char *reason;			/* or NULL */
	char *kind;			/* _kind of the entry */
	char source[MODEL_REF_MAX];	/* imported from; "": typed */
	uint64_t row;			/* of it */
	bool newest;
	struct record_field *field;	/* in the order of the table */
	size_t n;
};

/** model_record_field(r, name): a field that the record has, or NULL. */
const struct record_field *model_record_field(const struct record *r,
    const char *name);

/** model_record_first(r, name): the first value's text of a field, or NULL. */
const char *model_record_first(const struct record *r, const char *name);

/** model_record_title(r): what stands for the record in a list; never NULL. */
const char *model_record_title(const struct record *r);

/** model_record_free(r): wipe and free what it holds; empty again. */
void model_record_free(struct record *r);

#endif
