/*
 * References: what a person types and reads for a record.  A record of this
 * log is T-12; one that was merged is T-12@1f3c, with the first digits of the
 * log it was written in.  Its number in the table carries those digits, so
 * that (type, number) stays unique.  See record.h and FORMAT.md section 20.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/bytes.h"
#include "vault/record/record.h"

#define NUM_BITS 30		/* numbers below 2^30 */
#define NUM_MAX 1000000000
#define DIGITS_MIN 4
#define DIGITS_MAX 7

/* The number of a foreign record: a one and the digits, then its number. */
static int64_t
foreign_num(uint64_t digits, unsigned n_digits, int64_t num)
{
	return (int64_t)(((uint64_t)1 << 4 * n_digits | digits) << NUM_BITS) |
	    num;
}

/* A number of the table as a reference. */
static void
ref_text(char prefix, int64_t num, char *out, size_t cap)
{
	uint64_t code = (uint64_t)num >> NUM_BITS;
	int n = 0;

	num &= ((int64_t)1 << NUM_BITS) - 1;
	for (uint64_t c = code; c > 1; c >>= 4)
		n++;
	if (code == 0)
		(void)snprintf(out, cap, "%c-%lld", prefix, (long long)num);
	else
		(void)snprintf(out, cap, "%c-%lld@%0*llx", prefix,
		    (long long)num, n, (unsigned long long)(code ^
		    (uint64_t)1 << 4 * n));
}

/* The digits behind "@", at the end of a reference. */
static bool
ref_digits(const char *p, int64_t *num)
{
	size_t n = strspn(p, "0123456789abcdefABCDEF");

	if (n < DIGITS_MIN || n > DIGITS_MAX || p[n] != '\0')
		return false;
	*num = foreign_num(strtoull(p, NULL, 16), (unsigned)n, *num);
	return true;
}

/* Split "T-12", any case of the letter, or "T-12@1f3c". */
static enum sq_err
ref_split(const char *ref, const struct model_type **ret_type,
    int64_t *ret_num, struct why *why)
{
	const char *p = ref;
	int64_t n = 0;
	char c = ref[0];

	if (c >= 'a' && c <= 'z')
		c = (char)(c - 'a' + 'A');
	if ((*ret_type = c == '\0' ? NULL : model_type_of(c)) != NULL &&
	    p[1] == '-' && p[2] >= '1' && p[2] <= '9') {
		for (p += 2; *p >= '0' && *p <= '9' && n < 1000000000; p++)
			n = n * 10 + (*p - '0');
		*ret_num = n;
		if (n < NUM_MAX && (*p == '\0' || (*p == '@' &&
		    ref_digits(p + 1, ret_num))))
			return SQ_OK;
	}
	return err_why(why, SQ_EUSAGE, "«%s» is not a reference; a reference "
	    "is a letter, a hyphen and a number, like T-12", ref);
}

/* see record.h */
enum sq_err
record_find(struct record_ctx *cx, const char *ref,
    uint8_t ret_id[LOG_RECORD_ID], struct why *why)
{
	const struct model_type *type;
	struct db_st *st;
	const void *p;
	size_t n;
	int64_t num = 0;
	bool row;
	enum sq_err e;

	if ((e = ref_split(ref, &type, &num, why)) != SQ_OK ||
	    (e = db_use(log_db(cx->lg), DB_RECORD_BY_NUM, &st)) != SQ_OK)
		return e;
	db_bind_int(st, 1, type->prefix);
	db_bind_int(st, 2, num);
	if ((e = db_step(st, &row)) != SQ_OK)
		return e;
	if (!row) {
		if ((e = record_audit(cx, why)) != SQ_OK)
			return e;
		return err_why(why, SQ_ENOENT, "there is no %s %s",
		    type->name, ref);
	}
	p = db_blob(st, 0, &n);
	if (n == LOG_RECORD_ID)
		memcpy(ret_id, p, n);
	db_reset(st);
	return n == LOG_RECORD_ID ? SQ_OK : SQ_EDAMAGE;
}

/* see record.h */
enum sq_err
record_is_here(struct record_ctx *cx, const uint8_t id[LOG_RECORD_ID],
    bool *ret, struct why *why)
{
	struct record_at at = { 0 };
	uint64_t *index = NULL;
	size_t n = 0;
	enum sq_err e;

	*ret = false;
	if ((e = log_of_record(cx->lg, id, &index, &n, why)) == SQ_ENOENT)
		return SQ_OK;
	for (size_t i = 0; i < n && e == SQ_OK && !*ret; i++) {
		e = log_get(cx->lg, index[i], &at.en, at.root, why);
		if (e == SQ_OK)
			*ret = record_is(&at, id);
		record_at_free(&at);
	}
	free(index);
	return e;
}

/* The table does not hold this id: may that be? */
static enum sq_err
not_known(struct record_ctx *cx, const uint8_t id[LOG_RECORD_ID])
{
	bool here;
	enum sq_err e = record_is_here(cx, id, &here, NULL);

	return e != SQ_OK ? e : here ? SQ_EDAMAGE : SQ_OK;
}

/* see record.h */
enum sq_err
record_ref(struct record_ctx *cx, const uint8_t id[LOG_RECORD_ID],
    char out[MODEL_ID_HEX])
{
	struct db_st *st;
	bool row = false;
	enum sq_err e;

	bytes_hex(out, id, LOG_RECORD_ID);
	if ((e = db_use(log_db(cx->lg), DB_RECORD_BY_ID, &st)) != SQ_OK)
		return e;
	db_bind_blob(st, 1, id, LOG_RECORD_ID);
	if ((e = db_step(st, &row)) != SQ_OK)
		return e;
	if (!row)
		return not_known(cx, id);
	ref_text((char)db_int(st, 1), db_int(st, 2), out, MODEL_ID_HEX);
	db_reset(st);
	return SQ_OK;
}

/* see record.h */
enum sq_err
record_shown(struct record_ctx *cx, const struct entry *en,
    char out[MODEL_REF_MAX])
{
	char *id = entry_str(en, "_record"), *ref = entry_str(en, "_ref");
	enum sq_err e = SQ_ENOENT;

	out[0] = '\0';
	if (id != NULL && ref != NULL)
		e = record_ref_own(cx, id, ref, out);
	free(id);
	free(ref);
	return e;
}

/* see record.h */
enum sq_err
record_ref_own(struct record_ctx *cx, const char *id, const char *ref,
    char out[MODEL_REF_MAX])
{
	uint8_t raw[LOG_RECORD_ID];
	char text[MODEL_ID_HEX];
	enum sq_err e;

	if (bytes_unhex(raw, sizeof(raw), id) != SQ_OK)
		return SQ_EDAMAGE;
	if ((e = record_ref(cx, raw, text)) != SQ_OK)
		return e;
	/* the table never says more than the digits */
	if (strcspn(text, "@") != strlen(ref) ||
	    memcmp(text, ref, strlen(ref)) != 0)
		return SQ_EDAMAGE;
	(void)snprintf(out, MODEL_REF_MAX, "%.31s", text);
	return SQ_OK;
}

/* Is this number of a type free? */
static enum sq_err
is_free(struct record_ctx *cx, char prefix, int64_t num, bool *ret)
{
	struct db_st *st;
	bool row;
	enum sq_err e;

	if ((e = db_use(log_db(cx->lg), DB_RECORD_BY_NUM, &st)) != SQ_OK)
		return e;
	db_bind_int(st, 1, prefix);
	db_bind_int(st, 2, num);
	if ((e = db_step(st, &row)) != SQ_OK)
		return e;
	*ret = !row;
	db_reset(st);
	return SQ_OK;
}

/* see record.h */
enum sq_err
record_number(struct record_ctx *cx, char prefix, const struct entry *en,
    int64_t *ret_num)
{
	char *ref = entry_str(en, "_ref"), *log = entry_str(en, "_log");
	char *id = entry_str(en, "_record"), again[MODEL_REF_MAX] = "";
	char digits[DIGITS_MAX + 1];
	const char *from;
	int64_t num = 0;
	bool own, free_num = false;
	enum sq_err e = SQ_EDAMAGE;

	if (ref == NULL || log == NULL || id == NULL)
		goto out;
	if (strlen(ref) > 2 && strlen(ref) < 13)
		num = strtoll(ref + 2, NULL, 10);
	ref_text(prefix, num, again, sizeof(again));
	if (num <= 0 || num >= NUM_MAX || strcmp(again, ref) != 0)
		goto out;
	*ret_num = num;
	own = strcmp(log, cx->log_id) == 0;
	/* a second record of this log and number: of a copy of the vault */
	if (own && (e = is_free(cx, prefix, num, &free_num)) != SQ_OK)
		goto out;
	from = own ? id : log;
	for (unsigned n = DIGITS_MIN; !free_num && n <= DIGITS_MAX; n++) {
		(void)snprintf(digits, sizeof(digits), "%.*s", (int)n, from);
		*ret_num = foreign_num(strtoull(digits, NULL, 16), n, num);
		if ((e = is_free(cx, prefix, *ret_num, &free_num)) != SQ_OK)
			goto out;
	}
	e = free_num ? SQ_OK : SQ_ELIMIT;
out:
	free(ref);
	free(log);
	free(id);
	return e;
}
